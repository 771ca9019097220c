//! Container configuration of a service.

use super::{Base64Bytes, EmptyObject, HealthConfig, Isolation, Mount, StringList, Ulimit};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
    /// Seccomp mode for the containers of a service.
    pub enum SeccompMode {
        /// The engine's default profile.
        Default = "default",
        /// No seccomp filter.
        Unconfined = "unconfined",
        /// The profile in [`SeccompOpts::profile`].
        Custom = "custom",
    }

    /// AppArmor mode for the containers of a service.
    pub enum AppArmorMode {
        /// The engine's default profile.
        Default = "default",
        /// No AppArmor profile.
        Disabled = "disabled",
    }
}

record! {
    /// Container configuration of a service.
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerSpec {
        /// Image to run. A digest (`…@sha256:…`) ensures that all nodes run the same image.
        pub image: String = "Image",
        /// Labels of the containers.
        pub labels: Map<String> = "Labels",
        /// Command that replaces the entrypoint of the image.
        pub command: StringList = "Command",
        /// Arguments of the command; replace those of the image.
        pub args: StringList = "Args",
        /// Host name; may contain templates such as `{{.Node.Hostname}}`.
        pub hostname: String = "Hostname",
        /// Environment variables as `NAME=value`; may contain templates.
        pub env: StringList = "Env",
        /// Working directory; empty means that of the image.
        pub dir: String = "Dir",
        /// User name or ID, optionally followed by `:group`; empty means that of the image.
        pub user: String = "User",
        /// Additional groups of the user.
        pub groups: StringList = "Groups",
        /// Security options.
        pub privileges: Option<Privileges> = "Privileges" since 29,
        /// Whether to allocate a terminal.
        pub tty: bool = "TTY" since 25,
        /// Whether standard input stays open.
        pub open_stdin: bool = "OpenStdin",
        /// Whether the root file system is mounted read-only.
        pub read_only: bool = "ReadOnly" since 28,
        /// Mounts.
        pub mounts: Vec<Mount> = "Mounts",
        /// Signal that stops the containers, such as `SIGINT`; empty means that of the image.
        pub stop_signal: String = "StopSignal",
        /// Grace period in nanoseconds between the stop signal and `SIGKILL`; `None` means 10
        /// seconds.
        pub stop_grace_period: Option<i64> = "StopGracePeriod",
        /// Health check; `None` means that of the image.
        pub healthcheck: Option<HealthConfig> = "Healthcheck" alias "HealthCheck",
        /// Additional entries of `/etc/hosts`: `address name [alias…]`.
        pub hosts: StringList = "Hosts",
        /// DNS configuration; `None` means that of the node.
        pub dns_config: Option<DnsConfig> = "DNSConfig" since 25,
        /// Secrets to provide to the containers.
        pub secrets: Vec<SecretReference> = "Secrets",
        /// OOM score adjustment, -1000 to 1000. Since API 1.46.
        pub oom_score_adj: i64 = "OomScoreAdj" since 46,
        /// Configs to provide to the containers.
        pub configs: Vec<SwarmConfigReference> = "Configs",
        /// Isolation technology. Windows only.
        pub isolation: Isolation = "Isolation" since 35,
        /// Whether to run an init process (PID 1) that forwards signals and reaps processes; `None`
        /// means the node's default.
        pub init: Option<bool> = "Init",
        /// Namespaced kernel parameters (sysctls). Since API 1.40.
        pub sysctls: Map<String> = "Sysctls" since 40,
        /// Capabilities to add to the default set, such as `CAP_NET_ADMIN`. Since API 1.41.
        pub capability_add: StringList = "CapabilityAdd" since 41,
        /// Capabilities to drop from the default set. Since API 1.41.
        pub capability_drop: StringList = "CapabilityDrop" since 41,
        /// Resource limits (ulimits). Since API 1.41.
        pub ulimits: Vec<Ulimit> = "Ulimits" since 41,
        ..unknown
    }
}

record! {
    /// Security options for the containers of a service.
    #[derive(Clone, Default, PartialEq)]
    pub struct Privileges {
        /// Credential spec of a managed service account. Windows only.
        pub credential_spec: Option<CredentialSpec> = "CredentialSpec",
        /// SELinux labels.
        pub selinux_context: Option<SelinuxContext> = "SELinuxContext",
        /// Seccomp options. Since API 1.44.
        pub seccomp: Option<SeccompOpts> = "Seccomp" since 44,
        /// AppArmor options. Since API 1.44.
        pub app_armor: Option<AppArmorOpts> = "AppArmor" since 44,
        /// Whether processes are prevented from gaining privileges, such as by the set-user-ID bit.
        /// Since API 1.44.
        pub no_new_privileges: bool = "NoNewPrivileges" since 44,
        ..unknown
    }
}

record! {
    /// Credential spec of a managed service account. Windows only.
    ///
    /// One of the three fields holds the source of the spec.
    #[derive(Clone, Default, PartialEq)]
    pub struct CredentialSpec {
        /// ID of a config. The config must be listed in `configs` with `runtime` set. Since API
        /// 1.40.
        pub config: String = "Config" since 40,
        /// File name in the directory `CredentialSpecs` of the engine's data directory.
        pub file: String = "File",
        /// Value in the Windows registry.
        pub registry: String = "Registry",
        ..unknown
    }
}

record! {
    /// SELinux labels of a container.
    #[derive(Clone, Default, PartialEq)]
    pub struct SelinuxContext {
        /// Whether SELinux labeling is disabled.
        pub disable: bool = "Disable",
        /// SELinux user label.
        pub user: String = "User",
        /// SELinux role label.
        pub role: String = "Role",
        /// SELinux type label.
        pub r#type: String = "Type",
        /// SELinux level label.
        pub level: String = "Level",
        ..unknown
    }
}

record! {
    /// Seccomp options of a container. Since API 1.44.
    #[derive(Clone, Default, PartialEq)]
    pub struct SeccompOpts {
        /// Seccomp mode; empty means the engine's default profile.
        pub mode: SeccompMode = "Mode",
        /// Custom profile as JSON.
        pub profile: Base64Bytes = "Profile",
        ..unknown
    }
}

record! {
    /// AppArmor options of a container. Since API 1.44.
    #[derive(Clone, Default, PartialEq)]
    pub struct AppArmorOpts {
        /// AppArmor mode; empty means the engine's default profile.
        pub mode: AppArmorMode = "Mode",
        ..unknown
    }
}

record! {
    /// DNS configuration of a container.
    #[derive(Clone, Default, PartialEq)]
    pub struct DnsConfig {
        /// IP addresses of name servers.
        pub nameservers: StringList = "Nameservers",
        /// Search domains for host name lookup.
        pub search: StringList = "Search",
        /// Resolver options, such as `ndots:3`.
        pub options: StringList = "Options",
        ..unknown
    }
}

record! {
    /// Reference to a secret that containers receive.
    #[derive(Clone, Default, PartialEq)]
    pub struct SecretReference {
        /// File target in the container; `None` if the secret is not for the container itself.
        pub file: Option<FileTarget> = "File",
        /// ID of the secret.
        pub secret_id: String = "SecretID",
        /// Name of the secret; must match the ID.
        pub secret_name: String = "SecretName",
        ..unknown
    }
}

record! {
    /// Reference to a config that containers receive as a file, or that the runtime uses.
    #[derive(Clone, Default, PartialEq)]
    pub struct SwarmConfigReference {
        /// File target in the container.
        pub file: Option<FileTarget> = "File",
        /// Use by the container runtime instead of the container. Since API 1.40.
        pub runtime: Option<EmptyObject> = "Runtime" since 40,
        /// ID of the config.
        pub config_id: String = "ConfigID",
        /// Name of the config; must match the ID.
        pub config_name: String = "ConfigName",
        ..unknown
    }
}

record! {
    /// File of a secret or config in a container.
    #[derive(Clone, Default, PartialEq)]
    pub struct FileTarget {
        /// File name in `/run/secrets` for a secret, in `/` for a config; or an absolute path.
        pub name: String = "Name",
        /// User ID of the owner as a string.
        pub uid: String = "UID",
        /// Group ID of the owner as a string.
        pub gid: String = "GID",
        /// Permission bits, such as `0o444`. Always set them: with 0 the file is not readable by
        /// any user.
        pub mode: u32 = "Mode",
        ..unknown
    }
}
