//! Plugins of the engine.

use serde::{Deserialize, Serialize};

/// A plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Plugin {
    /// Id of the plugin.
    pub id: String,
    /// Its name, with a tag.
    pub name: String,
    /// Whether it runs; otherwise it is only installed.
    pub enabled: bool,
    /// What of it can be set, as it is set.
    pub settings: PluginSettings,
    /// The name under which it is pulled and pushed.
    pub plugin_reference: String,
    /// What its maker says it is and needs.
    pub config: PluginConfig,
}

/// What of a plugin can be set, as it is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginSettings {
    /// Its mounts.
    pub mounts: Vec<PluginMount>,
    /// Its environment, as `NAME=value`.
    pub env: Vec<String>,
    /// Arguments of its program.
    pub args: Vec<String>,
    /// Its devices.
    pub devices: Vec<PluginDevice>,
}

/// What a plugin's maker says it is and needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginConfig {
    /// What it is for.
    pub description: String,
    /// Where its manual is.
    pub documentation: String,
    /// How the engine talks to it.
    pub interface: PluginInterface,
    /// Its program, with leading arguments.
    pub entrypoint: Vec<String>,
    /// Working directory of its program.
    pub work_dir: String,
    /// User its program runs as.
    pub user: PluginUser,
    /// Network it runs in.
    pub network: PluginNetwork,
    /// What it needs of Linux.
    pub linux: PluginLinux,
    /// Directory in it whose mounts the engine's machine sees too.
    pub propagated_mount: String,
    /// Whether it shares the machine's inter-process communication.
    pub ipc_host: bool,
    /// Whether it sees the machine's processes.
    pub pid_host: bool,
    /// Mounts it needs.
    pub mounts: Vec<PluginMount>,
    /// Its environment.
    pub env: Vec<PluginEnv>,
    /// Arguments of its program.
    pub args: PluginArgs,
    /// Layers of its file system.
    #[serde(rename = "rootfs")]
    pub rootfs: Option<PluginRootfs>,
    /// Version of the engine that made it. Until API 1.51.
    pub docker_version: String,
}

/// How the engine talks to a plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginInterface {
    /// What it can do, such as `docker.volumedriver/1.0`.
    pub types: Vec<String>,
    /// File name of its socket.
    pub socket: String,
    /// Protocol spoken there; empty or `moby.plugins.http/v1`.
    pub protocol_scheme: String,
}

/// User of a plugin's program.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PluginUser {
    /// Number of the user.
    #[serde(rename = "UID")]
    pub uid: u32,
    /// Number of the group.
    #[serde(rename = "GID")]
    pub gid: u32,
}

/// Network of a plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginNetwork {
    /// Kind of network: `host`, `none`, `bridge`.
    pub r#type: String,
}

/// What a plugin needs of Linux.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginLinux {
    /// Capabilities, such as `CAP_SYS_ADMIN`.
    pub capabilities: Vec<String>,
    /// Whether it may use every device of the machine.
    pub allow_all_devices: bool,
    /// Devices it uses.
    pub devices: Vec<PluginDevice>,
}

/// A mount of a plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginMount {
    /// Name of the mount, by which it is set.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Which of its fields may be set.
    pub settable: Vec<String>,
    /// Directory of the machine; empty where it must be set.
    pub source: String,
    /// Directory in the plugin.
    pub destination: String,
    /// Kind of mount, such as `bind`.
    pub r#type: String,
    /// Mount options.
    pub options: Vec<String>,
}

/// A device of a plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginDevice {
    /// Name of the device, by which it is set.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Which of its fields may be set.
    pub settable: Vec<String>,
    /// Its path, such as `/dev/fuse`; empty where it must be set.
    pub path: String,
}

/// An environment variable of a plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginEnv {
    /// Name of the variable.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Which of its fields may be set.
    pub settable: Vec<String>,
    /// Its value unless set otherwise.
    pub value: String,
}

/// Arguments of a plugin's program.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginArgs {
    /// Name of the arguments, by which they are set.
    pub name: String,
    /// What they are for.
    pub description: String,
    /// Which of the fields may be set.
    pub settable: Vec<String>,
    /// The arguments unless set otherwise.
    pub value: Vec<String>,
}

/// Layers of a plugin's file system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PluginRootfs {
    /// How it is made up: `layers`.
    pub r#type: String,
    /// Digests of the layers, lowest first.
    pub diff_ids: Vec<String>,
}

/// Something a plugin wants to be allowed.
///
/// Asked with `plugins().privileges`, shown to who decides, and sent back with the installation as
/// what was allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct PluginPrivilege {
    /// What it is about, such as `network` or `capabilities`.
    pub name: String,
    /// The same in words for a person.
    pub description: String,
    /// What it wants of it, such as `host` or `CAP_SYS_ADMIN`.
    pub value: Vec<String>,
}
