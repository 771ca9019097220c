//! Engine plugins.

use super::StringList;
use crate::codec::record;

record! {
    /// Plugin of the engine.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct Plugin {
        /// ID of the plugin.
        pub id: String = "Id",
        /// Name of the plugin, with a tag.
        pub name: String = "Name",
        /// Whether the plugin is enabled and running, not only installed.
        pub enabled: bool = "Enabled",
        /// Current settings.
        pub settings: PluginSettings = "Settings",
        /// Reference for pull and push.
        pub plugin_reference: String = "PluginReference",
        /// Configuration defined by the publisher.
        pub config: PluginConfig = "Config",
    }
}

record! {
    /// Current settings of a plugin.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginSettings {
        /// Mounts.
        pub mounts: Vec<PluginMount> = "Mounts",
        /// Environment variables as `NAME=value`.
        pub env: StringList = "Env",
        /// Command line arguments.
        pub args: StringList = "Args",
        /// Devices.
        pub devices: Vec<PluginDevice> = "Devices",
    }
}

record! {
    /// Configuration of a plugin as defined by its publisher.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginConfig {
        /// Description of the plugin.
        pub description: String = "Description",
        /// URL of the documentation.
        pub documentation: String = "Documentation",
        /// Interface between plugin and engine.
        pub interface: PluginInterface = "Interface",
        /// Entrypoint of the plugin.
        pub entrypoint: StringList = "Entrypoint",
        /// Working directory of the entrypoint.
        pub work_dir: String = "WorkDir",
        /// User that runs the entrypoint.
        pub user: PluginUser = "User",
        /// Network of the plugin.
        pub network: PluginNetwork = "Network",
        /// Linux-specific requirements.
        pub linux: PluginLinux = "Linux",
        /// Directory in the plugin whose mounts are propagated to the host.
        pub propagated_mount: String = "PropagatedMount",
        /// Whether the plugin uses the IPC namespace of the host.
        pub ipc_host: bool = "IpcHost",
        /// Whether the plugin uses the PID namespace of the host.
        pub pid_host: bool = "PidHost",
        /// Mounts.
        pub mounts: Vec<PluginMount> = "Mounts",
        /// Environment variables.
        pub env: Vec<PluginEnv> = "Env",
        /// Command line arguments.
        pub args: PluginArgs = "Args",
        /// Layers of the root file system.
        pub rootfs: Option<PluginRootfs> = "rootfs",
        /// Engine version that created the plugin. Until API 1.51.
        pub docker_version: String = "DockerVersion",
    }
}

record! {
    /// Interface between a plugin and the engine.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginInterface {
        /// Supported plugin interfaces, such as `docker.volumedriver/1.0`.
        pub types: StringList = "Types",
        /// File name of the socket.
        pub socket: String = "Socket",
        /// Protocol of the socket; empty or `moby.plugins.http/v1`.
        pub protocol_scheme: String = "ProtocolScheme",
    }
}

record! {
    /// User that runs a plugin.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginUser {
        /// User ID.
        pub uid: u32 = "UID",
        /// Group ID.
        pub gid: u32 = "GID",
    }
}

record! {
    /// Network of a plugin.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginNetwork {
        /// Network type: `host`, `none`, `bridge`.
        pub r#type: String = "Type",
    }
}

record! {
    /// Linux-specific requirements of a plugin.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginLinux {
        /// Capabilities, such as `CAP_SYS_ADMIN`.
        pub capabilities: StringList = "Capabilities",
        /// Whether the plugin has access to all devices of the host.
        pub allow_all_devices: bool = "AllowAllDevices",
        /// Devices.
        pub devices: Vec<PluginDevice> = "Devices",
    }
}

record! {
    /// Mount of a plugin.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginMount {
        /// Name of the mount in settings.
        pub name: String = "Name",
        /// Description of the mount.
        pub description: String = "Description",
        /// Names of the fields that can be set.
        pub settable: StringList = "Settable",
        /// Path on the host; empty if it must be set.
        pub source: String = "Source",
        /// Path in the plugin.
        pub destination: String = "Destination",
        /// Type of the mount, such as `bind`.
        pub r#type: String = "Type",
        /// Mount options.
        pub options: StringList = "Options",
    }
}

record! {
    /// Device of a plugin.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginDevice {
        /// Name of the device in settings.
        pub name: String = "Name",
        /// Description of the device.
        pub description: String = "Description",
        /// Names of the fields that can be set.
        pub settable: StringList = "Settable",
        /// Path of the device, such as `/dev/fuse`; empty if it must be set.
        pub path: String = "Path",
    }
}

record! {
    /// Environment variable of a plugin.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginEnv {
        /// Name of the variable.
        pub name: String = "Name",
        /// Description of the variable.
        pub description: String = "Description",
        /// Names of the fields that can be set.
        pub settable: StringList = "Settable",
        /// Default value.
        pub value: String = "Value",
    }
}

record! {
    /// Command line arguments of a plugin.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginArgs {
        /// Name of the arguments in settings.
        pub name: String = "Name",
        /// Description of the arguments.
        pub description: String = "Description",
        /// Names of the fields that can be set.
        pub settable: StringList = "Settable",
        /// Default arguments.
        pub value: StringList = "Value",
    }
}

record! {
    /// Layers of a plugin's root file system.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginRootfs {
        /// Type of the root file system: `layers`.
        pub r#type: String = "type",
        /// Digests of the layers, lowest first.
        pub diff_ids: StringList = "diff_ids",
    }
}

record! {
    /// Privilege that a plugin requires.
    ///
    /// `plugins().privileges` returns the list for the user to review; installing the plugin sends
    /// the granted ones.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct PluginPrivilege {
        /// Name of the privilege, such as `network` or `capabilities`.
        pub name: String = "Name",
        /// Description for users.
        pub description: String = "Description",
        /// Required values, such as `host` or `CAP_SYS_ADMIN`.
        pub value: StringList = "Value",
    }
}
