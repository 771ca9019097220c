//! All about one image.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    ContainerConfig, DriverData, Empty, HealthConfig, Identity, ImageManifestSummary,
    OciDescriptor, Timestamp,
};

/// Answer to image inspect.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageInspect {
    /// Its id.
    pub id: String,
    /// What its name stands for; needs an image store that has several manifests. Since API 1.48.
    pub descriptor: Option<OciDescriptor>,
    /// Its manifests, where asked for; needs an image store that has several. Since API 1.48.
    pub manifests: Vec<ImageManifestSummary>,
    /// Where it comes from, as far as that can be proved. Since API 1.53.
    pub identity: Option<Identity>,
    /// Its names with tags.
    pub repo_tags: Vec<String>,
    /// Its names with digests.
    pub repo_digests: Vec<String>,
    /// Id of the image it was built on, where that was built here. Until API 1.51.
    pub parent: String,
    /// A note of who made it.
    pub comment: String,
    /// When it was made; never, if the image does not tell. Below API 1.44 it always does.
    pub created: Timestamp,
    /// Id of the container it was committed from. Until API 1.44.
    pub container: String,
    /// Configuration of that container. Until API 1.44.
    pub container_config: Option<ContainerConfig>,
    /// Version of the engine it was made with. Until API 1.51.
    pub docker_version: String,
    /// Who made it.
    pub author: String,
    /// What its containers run.
    pub config: ImageConfig,
    /// CPU architecture in Go's words.
    pub architecture: String,
    /// Variant of the CPU, such as `v7`.
    pub variant: String,
    /// Operating system in Go's words.
    pub os: String,
    /// Version of the operating system; used by Windows.
    pub os_version: String,
    /// Bytes of all its layers.
    pub size: i64,
    /// The same as `size`. Until API 1.43.
    pub virtual_size: i64,
    /// Where the storage driver keeps its files; `None` in image stores that have none.
    pub graph_driver: Option<DriverData>,
    /// Its layers.
    #[serde(rename = "RootFS")]
    pub root_fs: ImageRootFs,
    /// What the engine knows of it that is not in the image.
    pub metadata: ImageMetadata,
}

/// What the containers of an image run, where they do not say otherwise.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageConfig {
    /// Host name. Until API 1.49, and always empty.
    pub hostname: String,
    /// Domain name. Until API 1.49, and always empty.
    pub domainname: String,
    /// Who runs the process: `name`, `name:group`, `uid` or `uid:gid`.
    pub user: String,
    /// Until API 1.49, and always false.
    pub attach_stdin: bool,
    /// Until API 1.49, and always false.
    pub attach_stdout: bool,
    /// Until API 1.49, and always false.
    pub attach_stderr: bool,
    /// Ports the process listens on, as `80/tcp`.
    pub exposed_ports: BTreeMap<String, Empty>,
    /// Until API 1.49, and always false.
    pub tty: bool,
    /// Until API 1.49, and always false.
    pub open_stdin: bool,
    /// Until API 1.49, and always false.
    pub stdin_once: bool,
    /// Environment as `NAME=value`.
    pub env: Vec<String>,
    /// The command, or the arguments where there is an entry point.
    pub cmd: Vec<String>,
    /// How to find out whether a container is well.
    pub healthcheck: Option<HealthConfig>,
    /// Whether the command is escaped already. Windows only.
    pub args_escaped: bool,
    /// The image it was built on. Until API 1.49, and always empty.
    pub image: String,
    /// Paths that get an anonymous volume.
    pub volumes: BTreeMap<String, Empty>,
    /// Working directory of the command.
    pub working_dir: String,
    /// What is run, with `cmd` as its arguments.
    pub entrypoint: Vec<String>,
    /// Until API 1.49, and always false.
    pub network_disabled: bool,
    /// MAC address. Until API 1.49, and always empty.
    pub mac_address: String,
    /// Build instructions to run in images made from this one.
    pub on_build: Vec<String>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Signal that asks the process to stop.
    pub stop_signal: String,
    /// Seconds between that signal and `SIGKILL`. Until API 1.49.
    pub stop_timeout: Option<i64>,
    /// Shell for commands given as text.
    pub shell: Vec<String>,
}

/// The layers of an image.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageRootFs {
    /// How its files are put together: `layers`.
    pub r#type: String,
    /// Digests of the unpacked layers, lowest first.
    pub layers: Vec<String>,
}

/// What an engine knows of an image that is not in the image.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageMetadata {
    /// When it last got a tag here; never, if it has none from here.
    pub last_tag_time: Timestamp,
}
