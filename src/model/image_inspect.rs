//! All about one image.

use super::{
    ContainerConfig, DriverData, Empty, HealthConfig, Identity, ImageManifestSummary,
    OciDescriptor, StringList, Timestamp,
};
use crate::codec::record;
use crate::model::Map;

record! {
    /// Answer to image inspect.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ImageInspect {
        /// Its id.
        pub id: String = "Id",
        /// What its name stands for; needs an image store that has several manifests. Since API 1.48.
        pub descriptor: Option<OciDescriptor> = "Descriptor",
        /// Its manifests, where asked for; needs an image store that has several. Since API 1.48.
        pub manifests: Vec<ImageManifestSummary> = "Manifests",
        /// Where it comes from, as far as that can be proved. Since API 1.53.
        pub identity: Option<Identity> = "Identity",
        /// Its names with tags.
        pub repo_tags: StringList = "RepoTags",
        /// Its names with digests.
        pub repo_digests: StringList = "RepoDigests",
        /// Id of the image it was built on, where that was built here. Until API 1.51.
        pub parent: String = "Parent",
        /// A note of who made it.
        pub comment: String = "Comment",
        /// When it was made; never, if the image does not tell. Below API 1.44 it always does.
        pub created: Timestamp = "Created",
        /// Id of the container it was committed from. Until API 1.44.
        pub container: String = "Container",
        /// Configuration of that container. Until API 1.44.
        pub container_config: Option<ContainerConfig> = "ContainerConfig",
        /// Version of the engine it was made with. Until API 1.51.
        pub docker_version: String = "DockerVersion",
        /// Who made it.
        pub author: String = "Author",
        /// What its containers run.
        pub config: ImageConfig = "Config",
        /// CPU architecture in Go's words.
        pub architecture: String = "Architecture",
        /// Variant of the CPU, such as `v7`.
        pub variant: String = "Variant",
        /// Operating system in Go's words.
        pub os: String = "Os",
        /// Version of the operating system; used by Windows.
        pub os_version: String = "OsVersion",
        /// Bytes of all its layers.
        pub size: i64 = "Size",
        /// The same as `size`. Until API 1.43.
        pub virtual_size: i64 = "VirtualSize",
        /// Where the storage driver keeps its files; `None` in image stores that have none.
        pub graph_driver: Option<DriverData> = "GraphDriver",
        /// Its layers.
        pub root_fs: ImageRootFs = "RootFS",
        /// What the engine knows of it that is not in the image.
        pub metadata: ImageMetadata = "Metadata",
    }
}

record! {
    /// What the containers of an image run, where they do not say otherwise.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ImageConfig {
        /// Host name. Until API 1.49, and always empty.
        pub hostname: String = "Hostname",
        /// Domain name. Until API 1.49, and always empty.
        pub domainname: String = "Domainname",
        /// Who runs the process: `name`, `name:group`, `uid` or `uid:gid`.
        pub user: String = "User",
        /// Until API 1.49, and always false.
        pub attach_stdin: bool = "AttachStdin",
        /// Until API 1.49, and always false.
        pub attach_stdout: bool = "AttachStdout",
        /// Until API 1.49, and always false.
        pub attach_stderr: bool = "AttachStderr",
        /// Ports the process listens on, as `80/tcp`.
        pub exposed_ports: Map<Empty> = "ExposedPorts",
        /// Until API 1.49, and always false.
        pub tty: bool = "Tty",
        /// Until API 1.49, and always false.
        pub open_stdin: bool = "OpenStdin",
        /// Until API 1.49, and always false.
        pub stdin_once: bool = "StdinOnce",
        /// Environment as `NAME=value`.
        pub env: StringList = "Env",
        /// The command, or the arguments where there is an entry point.
        pub cmd: StringList = "Cmd",
        /// How to find out whether a container is well.
        pub healthcheck: Option<HealthConfig> = "Healthcheck",
        /// Whether the command is escaped already. Windows only.
        pub args_escaped: bool = "ArgsEscaped",
        /// The image it was built on. Until API 1.49, and always empty.
        pub image: String = "Image",
        /// Paths that get an anonymous volume.
        pub volumes: Map<Empty> = "Volumes",
        /// Working directory of the command.
        pub working_dir: String = "WorkingDir",
        /// What is run, with `cmd` as its arguments.
        pub entrypoint: StringList = "Entrypoint",
        /// Until API 1.49, and always false.
        pub network_disabled: bool = "NetworkDisabled",
        /// MAC address. Until API 1.49, and always empty.
        pub mac_address: String = "MacAddress",
        /// Build instructions to run in images made from this one.
        pub on_build: StringList = "OnBuild",
        /// Labels.
        pub labels: Map<String> = "Labels",
        /// Signal that asks the process to stop.
        pub stop_signal: String = "StopSignal",
        /// Seconds between that signal and `SIGKILL`. Until API 1.49.
        pub stop_timeout: Option<i64> = "StopTimeout",
        /// Shell for commands given as text.
        pub shell: StringList = "Shell",
    }
}

record! {
    /// The layers of an image.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImageRootFs {
        /// How its files are put together: `layers`.
        pub r#type: String = "Type",
        /// Digests of the unpacked layers, lowest first.
        pub layers: StringList = "Layers",
    }
}

record! {
    /// What an engine knows of an image that is not in the image.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImageMetadata {
        /// When it last got a tag here; never, if it has none from here.
        pub last_tag_time: Timestamp = "LastTagTime",
    }
}
