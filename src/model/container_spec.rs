//! What the containers of a service shall be.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Data, HealthConfig, Isolation, Mount, Presence, Ulimit, Unknown, words};

words! {
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

/// What the containers of a service shall be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ContainerSpec {
    /// Name of the image. With a digest (`…@sha256:…`) all nodes are sure to run the same.
    pub image: String,
    /// Labels of the containers.
    pub labels: BTreeMap<String, String>,
    /// Program to run instead of the image's entrypoint.
    pub command: Vec<String>,
    /// Arguments instead of the image's.
    pub args: Vec<String>,
    /// Host name; may hold templates such as `{{.Node.Hostname}}`.
    pub hostname: String,
    /// Environment, as `NAME=value`; may hold templates.
    pub env: Vec<String>,
    /// Working directory; empty means the image's.
    pub dir: String,
    /// User, as name or number, with `:group` if need be; empty means the image's.
    pub user: String,
    /// More groups of that user.
    pub groups: Vec<String>,
    /// What the containers may do.
    pub privileges: Option<Privileges>,
    /// Whether they have a terminal.
    #[serde(rename = "TTY")]
    pub tty: bool,
    /// Whether their standard input stays open.
    pub open_stdin: bool,
    /// Whether they may only read their root file system.
    pub read_only: bool,
    /// Their mounts.
    pub mounts: Vec<Mount>,
    /// Signal that stops them, such as `SIGINT`; empty means the image's.
    pub stop_signal: String,
    /// Nanoseconds they have to stop before they are killed; missing means 10 seconds.
    pub stop_grace_period: Option<i64>,
    /// How their health is checked; missing means as the image says.
    #[serde(alias = "HealthCheck")]
    pub healthcheck: Option<HealthConfig>,
    /// More lines for `/etc/hosts`: `address name [alias…]`.
    pub hosts: Vec<String>,
    /// How they resolve names; missing means as the node says.
    #[serde(rename = "DNSConfig")]
    pub dns_config: Option<DnsConfig>,
    /// Secrets they get.
    pub secrets: Vec<SecretReference>,
    /// How readily the kernel kills them when memory runs out, -1000 to 1000. Since API 1.46.
    pub oom_score_adj: i64,
    /// Configs they get.
    pub configs: Vec<SwarmConfigReference>,
    /// How they are kept apart, on Windows.
    pub isolation: Isolation,
    /// Whether a small init is process 1, which reaps processes and passes on signals; missing means
    /// as the node says.
    pub init: Option<bool>,
    /// Kernel parameters of their namespaces. Since API 1.40.
    pub sysctls: BTreeMap<String, String>,
    /// Capabilities beyond the usual, such as `CAP_NET_ADMIN`. Since API 1.41.
    pub capability_add: Vec<String>,
    /// Capabilities to take away. Since API 1.41.
    pub capability_drop: Vec<String>,
    /// Limits for their processes. Since API 1.41.
    pub ulimits: Vec<Ulimit>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// What the containers of a service may do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Privileges {
    /// Account they run under, on Windows.
    pub credential_spec: Option<CredentialSpec>,
    /// Their labels for SELinux.
    #[serde(rename = "SELinuxContext")]
    pub selinux_context: Option<SelinuxContext>,
    /// Which system calls they may make. Since API 1.44.
    pub seccomp: Option<SeccompOpts>,
    /// How AppArmor confines them. Since API 1.44.
    pub app_armor: Option<AppArmorOpts>,
    /// Whether no program in them can gain rights, such as by the set-user-ID bit. Since API 1.44.
    pub no_new_privileges: bool,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// Account that containers run under, on Windows. One of the three fields says where it is written
/// down.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct CredentialSpec {
    /// Id of a config, which must stand among the configs with `runtime`. Since API 1.40.
    pub config: String,
    /// File name in the engine's folder `CredentialSpecs`.
    pub file: String,
    /// Value in the registry of Windows.
    pub registry: String,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// Labels for SELinux.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct SelinuxContext {
    /// Whether to do without.
    pub disable: bool,
    /// User label.
    pub user: String,
    /// Role label.
    pub role: String,
    /// Type label.
    pub r#type: String,
    /// Level label.
    pub level: String,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// Which system calls containers may make. Since API 1.44.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct SeccompOpts {
    /// Which; empty means those of the engine's profile.
    pub mode: SeccompMode,
    /// A profile of one's own, as JSON.
    pub profile: Data,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// How AppArmor confines containers. Since API 1.44.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct AppArmorOpts {
    /// Whether it does; empty means it does.
    pub mode: AppArmorMode,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// How containers resolve names.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DnsConfig {
    /// Addresses of name servers.
    pub nameservers: Vec<String>,
    /// Domains in which short names are looked for.
    pub search: Vec<String>,
    /// Options of the resolver, such as `ndots:3`.
    pub options: Vec<String>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// A secret that containers get.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct SecretReference {
    /// The file it becomes; missing where it is not for the containers themselves.
    pub file: Option<FileTarget>,
    /// Id of the secret.
    #[serde(rename = "SecretID")]
    pub secret_id: String,
    /// Name of the secret. It must be that of the id.
    pub secret_name: String,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// A config that containers get: as a file, or for their engine's use.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct SwarmConfigReference {
    /// The file it becomes.
    pub file: Option<FileTarget>,
    /// It is for the engine that makes the containers. Since API 1.40.
    pub runtime: Option<Presence>,
    /// Id of the config.
    #[serde(rename = "ConfigID")]
    pub config_id: String,
    /// Name of the config. It must be that of the id.
    pub config_name: String,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// The file that a secret or a config becomes in a container.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct FileTarget {
    /// Its name, below `/run/secrets` for a secret and below `/` for a config, or its whole path.
    pub name: String,
    /// Number of the user who owns it, as text.
    #[serde(rename = "UID")]
    pub uid: String,
    /// Number of the group that owns it, as text.
    #[serde(rename = "GID")]
    pub gid: String,
    /// Its permission bits, such as `0o444`. Always say them: without, nobody may read the file.
    pub mode: u32,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}
