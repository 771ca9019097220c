//! What the containers of a service shall be.

use super::{Base64Bytes, EmptyObject, HealthConfig, Isolation, Mount, StringList, Ulimit};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
    /// Which system calls the containers of a service may make.
    pub enum SeccompMode {
        /// Those of the engine's profile.
        Default = "default",
        /// All.
        Unconfined = "unconfined",
        /// Those of [`SeccompOpts::profile`].
        Custom = "custom",
    }

    /// Whether AppArmor confines the containers of a service.
    pub enum AppArmorMode {
        /// By the engine's profile.
        Default = "default",
        /// Not at all.
        Disabled = "disabled",
    }
}

record! {
    /// What the containers of a service shall be.
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerSpec {
        /// Name of the image. With a digest (`…@sha256:…`) all nodes are sure to run the same.
        pub image: String = "Image",
        /// Labels of the containers.
        pub labels: Map<String> = "Labels",
        /// Program to run instead of the image's entrypoint.
        pub command: StringList = "Command",
        /// Arguments instead of the image's.
        pub args: StringList = "Args",
        /// Host name; may hold templates such as `{{.JsonType.Hostname}}`.
        pub hostname: String = "Hostname",
        /// Environment, as `NAME=value`; may hold templates.
        pub env: StringList = "Env",
        /// Working directory; empty means the image's.
        pub dir: String = "Dir",
        /// User, as name or number, with `:group` if need be; empty means the image's.
        pub user: String = "User",
        /// More groups of that user.
        pub groups: StringList = "Groups",
        /// What the containers may do.
        pub privileges: Option<Privileges> = "Privileges" since 29,
        /// Whether they have a terminal.
        pub tty: bool = "TTY" since 25,
        /// Whether their standard input stays open.
        pub open_stdin: bool = "OpenStdin",
        /// Whether they may only read their root file system.
        pub read_only: bool = "ReadOnly" since 28,
        /// Their mounts.
        pub mounts: Vec<Mount> = "Mounts",
        /// Signal that stops them, such as `SIGINT`; empty means the image's.
        pub stop_signal: String = "StopSignal",
        /// Nanoseconds they have to stop before they are killed; missing means 10 seconds.
        pub stop_grace_period: Option<i64> = "StopGracePeriod",
        /// How their health is checked; missing means as the image says.
        pub healthcheck: Option<HealthConfig> = "Healthcheck" alias "HealthCheck",
        /// More lines for `/etc/hosts`: `address name [alias…]`.
        pub hosts: StringList = "Hosts",
        /// How they resolve names; missing means as the node says.
        pub dns_config: Option<DnsConfig> = "DNSConfig" since 25,
        /// Secrets they get.
        pub secrets: Vec<SecretReference> = "Secrets",
        /// How readily the kernel kills them when memory runs out, -1000 to 1000. Since API 1.46.
        pub oom_score_adj: i64 = "OomScoreAdj" since 46,
        /// Configs they get.
        pub configs: Vec<SwarmConfigReference> = "Configs",
        /// How they are kept apart, on Windows.
        pub isolation: Isolation = "Isolation" since 35,
        /// Whether a small init is process 1, which reaps processes and passes on signals; missing means
        /// as the node says.
        pub init: Option<bool> = "Init",
        /// Kernel parameters of their namespaces. Since API 1.40.
        pub sysctls: Map<String> = "Sysctls" since 40,
        /// Capabilities beyond the usual, such as `CAP_NET_ADMIN`. Since API 1.41.
        pub capability_add: StringList = "CapabilityAdd" since 41,
        /// Capabilities to take away. Since API 1.41.
        pub capability_drop: StringList = "CapabilityDrop" since 41,
        /// Limits for their processes. Since API 1.41.
        pub ulimits: Vec<Ulimit> = "Ulimits" since 41,
        ..unknown
    }
}

record! {
    /// What the containers of a service may do.
    #[derive(Clone, Default, PartialEq)]
    pub struct Privileges {
        /// Account they run under, on Windows.
        pub credential_spec: Option<CredentialSpec> = "CredentialSpec",
        /// Their labels for SELinux.
        pub selinux_context: Option<SelinuxContext> = "SELinuxContext",
        /// Which system calls they may make. Since API 1.44.
        pub seccomp: Option<SeccompOpts> = "Seccomp" since 44,
        /// How AppArmor confines them. Since API 1.44.
        pub app_armor: Option<AppArmorOpts> = "AppArmor" since 44,
        /// Whether no program in them can gain rights, such as by the set-user-ID bit. Since API 1.44.
        pub no_new_privileges: bool = "NoNewPrivileges" since 44,
        ..unknown
    }
}

record! {
    /// Account that containers run under, on Windows. One of the three fields says where it is written
    /// down.
    #[derive(Clone, Default, PartialEq)]
    pub struct CredentialSpec {
        /// Id of a config, which must stand among the configs with `runtime`. Since API 1.40.
        pub config: String = "Config" since 40,
        /// File name in the engine's directory `CredentialSpecs`.
        pub file: String = "File",
        /// Value in the registry of Windows.
        pub registry: String = "Registry",
        ..unknown
    }
}

record! {
    /// Labels for SELinux.
    #[derive(Clone, Default, PartialEq)]
    pub struct SelinuxContext {
        /// Whether to do without.
        pub disable: bool = "Disable",
        /// User label.
        pub user: String = "User",
        /// Role label.
        pub role: String = "Role",
        /// Type label.
        pub r#type: String = "Type",
        /// Level label.
        pub level: String = "Level",
        ..unknown
    }
}

record! {
    /// Which system calls containers may make. Since API 1.44.
    #[derive(Clone, Default, PartialEq)]
    pub struct SeccompOpts {
        /// Which; empty means those of the engine's profile.
        pub mode: SeccompMode = "Mode",
        /// A profile of one's own, as JSON.
        pub profile: Base64Bytes = "Profile",
        ..unknown
    }
}

record! {
    /// How AppArmor confines containers. Since API 1.44.
    #[derive(Clone, Default, PartialEq)]
    pub struct AppArmorOpts {
        /// Whether it does; empty means it does.
        pub mode: AppArmorMode = "Mode",
        ..unknown
    }
}

record! {
    /// How containers resolve names.
    #[derive(Clone, Default, PartialEq)]
    pub struct DnsConfig {
        /// Addresses of name servers.
        pub nameservers: StringList = "Nameservers",
        /// Domains in which short names are looked for.
        pub search: StringList = "Search",
        /// Options of the resolver, such as `ndots:3`.
        pub options: StringList = "Options",
        ..unknown
    }
}

record! {
    /// A secret that containers get.
    #[derive(Clone, Default, PartialEq)]
    pub struct SecretReference {
        /// The file it becomes; missing where it is not for the containers themselves.
        pub file: Option<FileTarget> = "File",
        /// Id of the secret.
        pub secret_id: String = "SecretID",
        /// Name of the secret. It must be that of the id.
        pub secret_name: String = "SecretName",
        ..unknown
    }
}

record! {
    /// A config that containers get: as a file, or for their engine's use.
    #[derive(Clone, Default, PartialEq)]
    pub struct SwarmConfigReference {
        /// The file it becomes.
        pub file: Option<FileTarget> = "File",
        /// It is for the engine that makes the containers. Since API 1.40.
        pub runtime: Option<EmptyObject> = "Runtime" since 40,
        /// Id of the config.
        pub config_id: String = "ConfigID",
        /// Name of the config. It must be that of the id.
        pub config_name: String = "ConfigName",
        ..unknown
    }
}

record! {
    /// The file that a secret or a config becomes in a container.
    #[derive(Clone, Default, PartialEq)]
    pub struct FileTarget {
        /// Its name, below `/run/secrets` for a secret and below `/` for a config, or its whole path.
        pub name: String = "Name",
        /// Number of the user who owns it, as text.
        pub uid: String = "UID",
        /// Number of the group that owns it, as text.
        pub gid: String = "GID",
        /// Its permission bits, such as `0o444`. Always say them: without, nobody may read the file.
        pub mode: u32 = "Mode",
        ..unknown
    }
}
