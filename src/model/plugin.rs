//! Plugins of the engine.

use super::StringList;
use crate::codec::record;

record! {
    /// A plugin.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct Plugin {
        /// Id of the plugin.
        pub id: String = "Id",
        /// Its name, with a tag.
        pub name: String = "Name",
        /// Whether it runs; otherwise it is only installed.
        pub enabled: bool = "Enabled",
        /// What of it can be set, as it is set.
        pub settings: PluginSettings = "Settings",
        /// The name under which it is pulled and pushed.
        pub plugin_reference: String = "PluginReference",
        /// What its maker says it is and needs.
        pub config: PluginConfig = "Config",
    }
}

record! {
    /// What of a plugin can be set, as it is set.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginSettings {
        /// Its mounts.
        pub mounts: Vec<PluginMount> = "Mounts",
        /// Its environment, as `NAME=value`.
        pub env: StringList = "Env",
        /// Arguments of its program.
        pub args: StringList = "Args",
        /// Its devices.
        pub devices: Vec<PluginDevice> = "Devices",
    }
}

record! {
    /// What a plugin's maker says it is and needs.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginConfig {
        /// What it is for.
        pub description: String = "Description",
        /// Where its manual is.
        pub documentation: String = "Documentation",
        /// How the engine talks to it.
        pub interface: PluginInterface = "Interface",
        /// Its program, with leading arguments.
        pub entrypoint: StringList = "Entrypoint",
        /// Working directory of its program.
        pub work_dir: String = "WorkDir",
        /// User its program runs as.
        pub user: PluginUser = "User",
        /// Network it runs in.
        pub network: PluginNetwork = "Network",
        /// What it needs of Linux.
        pub linux: PluginLinux = "Linux",
        /// Directory in it whose mounts the engine's machine sees too.
        pub propagated_mount: String = "PropagatedMount",
        /// Whether it shares the machine's inter-process communication.
        pub ipc_host: bool = "IpcHost",
        /// Whether it sees the machine's processes.
        pub pid_host: bool = "PidHost",
        /// Mounts it needs.
        pub mounts: Vec<PluginMount> = "Mounts",
        /// Its environment.
        pub env: Vec<PluginEnv> = "Env",
        /// Arguments of its program.
        pub args: PluginArgs = "Args",
        /// Layers of its file system.
        pub rootfs: Option<PluginRootfs> = "rootfs",
        /// Version of the engine that made it. Until API 1.51.
        pub docker_version: String = "DockerVersion",
    }
}

record! {
    /// How the engine talks to a plugin.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginInterface {
        /// What it can do, such as `docker.volumedriver/1.0`.
        pub types: StringList = "Types",
        /// File name of its socket.
        pub socket: String = "Socket",
        /// Protocol spoken there; empty or `moby.plugins.http/v1`.
        pub protocol_scheme: String = "ProtocolScheme",
    }
}

record! {
    /// User of a plugin's program.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginUser {
        /// Number of the user.
        pub uid: u32 = "UID",
        /// Number of the group.
        pub gid: u32 = "GID",
    }
}

record! {
    /// Network of a plugin.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginNetwork {
        /// Kind of network: `host`, `none`, `bridge`.
        pub r#type: String = "Type",
    }
}

record! {
    /// What a plugin needs of Linux.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginLinux {
        /// Capabilities, such as `CAP_SYS_ADMIN`.
        pub capabilities: StringList = "Capabilities",
        /// Whether it may use every device of the machine.
        pub allow_all_devices: bool = "AllowAllDevices",
        /// Devices it uses.
        pub devices: Vec<PluginDevice> = "Devices",
    }
}

record! {
    /// A mount of a plugin.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginMount {
        /// Name of the mount, by which it is set.
        pub name: String = "Name",
        /// What it is for.
        pub description: String = "Description",
        /// Which of its fields may be set.
        pub settable: StringList = "Settable",
        /// Directory of the machine; empty where it must be set.
        pub source: String = "Source",
        /// Directory in the plugin.
        pub destination: String = "Destination",
        /// Kind of mount, such as `bind`.
        pub r#type: String = "Type",
        /// Mount options.
        pub options: StringList = "Options",
    }
}

record! {
    /// A device of a plugin.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginDevice {
        /// Name of the device, by which it is set.
        pub name: String = "Name",
        /// What it is for.
        pub description: String = "Description",
        /// Which of its fields may be set.
        pub settable: StringList = "Settable",
        /// Its path, such as `/dev/fuse`; empty where it must be set.
        pub path: String = "Path",
    }
}

record! {
    /// An environment variable of a plugin.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginEnv {
        /// Name of the variable.
        pub name: String = "Name",
        /// What it is for.
        pub description: String = "Description",
        /// Which of its fields may be set.
        pub settable: StringList = "Settable",
        /// Its value unless set otherwise.
        pub value: String = "Value",
    }
}

record! {
    /// Arguments of a plugin's program.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginArgs {
        /// Name of the arguments, by which they are set.
        pub name: String = "Name",
        /// What they are for.
        pub description: String = "Description",
        /// Which of the fields may be set.
        pub settable: StringList = "Settable",
        /// The arguments unless set otherwise.
        pub value: StringList = "Value",
    }
}

record! {
    /// Layers of a plugin's file system.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginRootfs {
        /// How it is made up: `layers`.
        pub r#type: String = "type",
        /// Digests of the layers, lowest first.
        pub diff_ids: StringList = "diff_ids",
    }
}

record! {
    /// Something a plugin wants to be allowed.
    ///
    /// Asked with `plugins().privileges`, shown to who decides, and sent back with the installation as
    /// what was allowed.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct PluginPrivilege {
        /// What it is about, such as `network` or `capabilities`.
        pub name: String = "Name",
        /// The same in words for a person.
        pub description: String = "Description",
        /// What it wants of it, such as `host` or `CAP_SYS_ADMIN`.
        pub value: StringList = "Value",
    }
}
