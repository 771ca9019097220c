//! Details of one image.

use super::{
    ContainerConfig, DriverData, Empty, HealthConfig, Identity, ImageManifestSummary,
    OciDescriptor, StringList, Timestamp,
};
use crate::codec::record;
use crate::model::Map;

record! {
    /// Response of ImageInspect.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ImageInspect {
        /// ID of the image.
        pub id: String = "Id",
        /// Descriptor that the image name refers to. Requires an image store that supports several
        /// manifests per image. Since API 1.48.
        pub descriptor: Option<OciDescriptor> = "Descriptor",
        /// Manifests of the image; only if requested. Requires an image store that supports several
        /// manifests per image. Since API 1.48.
        pub manifests: Vec<ImageManifestSummary> = "Manifests",
        /// Verified origin of the image. Since API 1.53.
        pub identity: Option<Identity> = "Identity",
        /// Names with tags.
        pub repo_tags: StringList = "RepoTags",
        /// Names with digests.
        pub repo_digests: StringList = "RepoDigests",
        /// ID of the parent image, if the image was built by this engine. Until API 1.51.
        pub parent: String = "Parent",
        /// Comment of the author.
        pub comment: String = "Comment",
        /// Creation time; never if the image does not contain it. Always set before API 1.44.
        pub created: Timestamp = "Created",
        /// ID of the container from which the image was committed. Until API 1.44.
        pub container: String = "Container",
        /// Configuration of that container. Until API 1.44.
        pub container_config: Option<ContainerConfig> = "ContainerConfig",
        /// Version of the engine that created the image. Until API 1.51.
        pub docker_version: String = "DockerVersion",
        /// Author of the image.
        pub author: String = "Author",
        /// Default configuration of containers.
        pub config: ImageConfig = "Config",
        /// CPU architecture as a `GOARCH` value.
        pub architecture: String = "Architecture",
        /// CPU variant, such as `v7`.
        pub variant: String = "Variant",
        /// Operating system as a `GOOS` value.
        pub os: String = "Os",
        /// Version of the operating system; used on Windows.
        pub os_version: String = "OsVersion",
        /// Size in bytes, including parts that other images share; of the requested or the engine's
        /// platform, if the image has several. The containerd image store counts the stored content
        /// (usually compressed) and the unpacked layers since API 1.56, and the content only before.
        pub size: i64 = "Size",
        /// Same as `size`. Until API 1.43.
        pub virtual_size: i64 = "VirtualSize",
        /// Storage driver data; `None` if the image store does not provide it.
        pub graph_driver: Option<DriverData> = "GraphDriver",
        /// Layers of the image.
        pub root_fs: ImageRootFs = "RootFS",
        /// Metadata that the engine keeps about the image.
        pub metadata: ImageMetadata = "Metadata",
    }
}

record! {
    /// Default configuration of the containers of an image.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ImageConfig {
        /// Host name. Until API 1.49, always empty.
        pub hostname: String = "Hostname",
        /// Domain name. Until API 1.49, always empty.
        pub domainname: String = "Domainname",
        /// User that runs the process: `name`, `name:group`, `uid` or `uid:gid`.
        pub user: String = "User",
        /// Unused. Until API 1.49, always false.
        pub attach_stdin: bool = "AttachStdin",
        /// Unused. Until API 1.49, always false.
        pub attach_stdout: bool = "AttachStdout",
        /// Unused. Until API 1.49, always false.
        pub attach_stderr: bool = "AttachStderr",
        /// Ports the process listens on, such as `80/tcp`.
        pub exposed_ports: Map<Empty> = "ExposedPorts",
        /// Unused. Until API 1.49, always false.
        pub tty: bool = "Tty",
        /// Unused. Until API 1.49, always false.
        pub open_stdin: bool = "OpenStdin",
        /// Unused. Until API 1.49, always false.
        pub stdin_once: bool = "StdinOnce",
        /// Environment variables as `NAME=value`.
        pub env: StringList = "Env",
        /// Command to run, or arguments of the entrypoint if there is one.
        pub cmd: StringList = "Cmd",
        /// Health check.
        pub healthcheck: Option<HealthConfig> = "Healthcheck",
        /// Whether the command is already escaped. Windows only.
        pub args_escaped: bool = "ArgsEscaped",
        /// Parent image. Until API 1.49, always empty.
        pub image: String = "Image",
        /// Paths at which anonymous volumes are mounted.
        pub volumes: Map<Empty> = "Volumes",
        /// Working directory of the command.
        pub working_dir: String = "WorkingDir",
        /// Entrypoint, which runs with `cmd` as its arguments.
        pub entrypoint: StringList = "Entrypoint",
        /// Unused. Until API 1.49, always false.
        pub network_disabled: bool = "NetworkDisabled",
        /// MAC address. Until API 1.49, always empty.
        pub mac_address: String = "MacAddress",
        /// `ONBUILD` instructions, which run in builds based on this image.
        pub on_build: StringList = "OnBuild",
        /// Labels.
        pub labels: Map<String> = "Labels",
        /// Signal that stops a container.
        pub stop_signal: String = "StopSignal",
        /// Timeout in seconds between the stop signal and `SIGKILL`. Until API 1.49.
        pub stop_timeout: Option<i64> = "StopTimeout",
        /// Shell for commands in shell form.
        pub shell: StringList = "Shell",
    }
}

record! {
    /// Layers of an image.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImageRootFs {
        /// Type of the root file system: `layers`.
        pub r#type: String = "Type",
        /// Digests of the uncompressed layers, lowest first.
        pub layers: StringList = "Layers",
    }
}

record! {
    /// Metadata that the engine keeps about an image.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImageMetadata {
        /// Time when the image was last tagged on this engine; never if it was not.
        pub last_tag_time: Timestamp = "LastTagTime",
    }
}
