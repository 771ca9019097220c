//! How an engine and its host are set up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ClusterInfo, GenericResource, Isolation, Timestamp, words};

words! {
    /// What manages the cgroups of containers.
    pub enum CgroupDriver {
        /// The engine itself.
        Cgroupfs = "cgroupfs",
        /// Systemd.
        Systemd = "systemd",
        /// Nothing; rootless engines without cgroups. Since API 1.40.
        None = "none",
    }

    /// The version of the host's cgroups. Since API 1.41.
    pub enum CgroupVersion {
        /// Version 1.
        V1 = "1",
        /// Version 2.
        V2 = "2",
    }

    /// An engine's part in a swarm.
    pub enum LocalNodeState {
        /// None.
        Inactive = "inactive",
        /// It is joining.
        Pending = "pending",
        /// It is in.
        Active = "active",
        /// It could not join.
        Error = "error",
        /// It is in and waits to be unlocked.
        Locked = "locked",
    }
}

/// Answer to system info.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SystemInfo {
    /// Id of the engine, kept over restarts.
    #[serde(rename = "ID")]
    pub id: String,
    /// Number of containers.
    pub containers: i64,
    /// Number of containers that run.
    pub containers_running: i64,
    /// Number of containers that are paused.
    pub containers_paused: i64,
    /// Number of containers that do not run.
    pub containers_stopped: i64,
    /// Number of images.
    pub images: i64,
    /// The storage driver.
    pub driver: String,
    /// What the storage driver tells, as pairs of name and value.
    pub driver_status: Vec<Vec<String>>,
    /// Directory with the engine's data.
    pub docker_root_dir: String,
    /// What the engine can load, by kind.
    pub plugins: PluginsInfo,
    /// Whether memory can be limited.
    pub memory_limit: bool,
    /// Whether swap can be limited.
    pub swap_limit: bool,
    /// Whether kernel memory can be limited. Until API 1.41.
    pub kernel_memory: bool,
    /// Whether kernel memory for TCP buffers can be limited. Since API 1.40, until API 1.51.
    #[serde(rename = "KernelMemoryTCP")]
    pub kernel_memory_tcp: bool,
    /// Whether the scheduler's period can be set.
    pub cpu_cfs_period: bool,
    /// Whether CPU time per period can be limited.
    pub cpu_cfs_quota: bool,
    /// Whether CPU shares can be set.
    #[serde(rename = "CPUShares")]
    pub cpu_shares: bool,
    /// Whether containers can be bound to CPUs.
    #[serde(rename = "CPUSet")]
    pub cpu_set: bool,
    /// Whether the number of processes can be limited. Since API 1.40.
    pub pids_limit: bool,
    /// Whether the out-of-memory killer can be turned off.
    pub oom_kill_disable: bool,
    /// Whether the host forwards IPv4.
    #[serde(rename = "IPv4Forwarding")]
    pub ipv4_forwarding: bool,
    /// Whether bridged IPv4 traffic goes through the firewall. Until API 1.49.
    pub bridge_nf_iptables: bool,
    /// Whether bridged IPv6 traffic goes through the firewall. Until API 1.49.
    pub bridge_nf_ip6tables: bool,
    /// Whether the engine runs in debug mode.
    pub debug: bool,
    /// Open files of the engine; debug mode only.
    pub n_fd: i64,
    /// Goroutines of the engine; debug mode only.
    pub n_goroutines: i64,
    /// The host's clock.
    pub system_time: Timestamp,
    /// The default logging driver.
    pub logging_driver: String,
    /// What manages the cgroups of containers.
    pub cgroup_driver: CgroupDriver,
    /// The version of the host's cgroups. Since API 1.41.
    pub cgroup_version: CgroupVersion,
    /// Number of callers that listen to events.
    pub n_events_listener: i64,
    /// Version of the host's kernel.
    pub kernel_version: String,
    /// The host's operating system for people, such as `Debian GNU/Linux 12 (bookworm)`.
    pub operating_system: String,
    /// Version of the host's operating system. Since API 1.41.
    #[serde(rename = "OSVersion")]
    pub os_version: String,
    /// The host's operating system in Go's words.
    #[serde(rename = "OSType")]
    pub os_type: String,
    /// The host's CPU architecture as `uname` says it.
    pub architecture: String,
    /// Number of CPUs.
    #[serde(rename = "NCPU")]
    pub ncpu: i64,
    /// Memory of the host in bytes.
    pub mem_total: i64,
    /// URL of the default registry's index.
    pub index_server_address: String,
    /// How registries are reached.
    pub registry_config: Option<RegistryServiceConfig>,
    /// Resources the node offers to services.
    pub generic_resources: Vec<GenericResource>,
    /// Proxy for HTTP, passwords masked.
    pub http_proxy: String,
    /// Proxy for HTTPS, passwords masked.
    pub https_proxy: String,
    /// Hosts that are reached without a proxy, separated by commas.
    pub no_proxy: String,
    /// The host's name.
    pub name: String,
    /// Labels of the engine as `name=value`.
    pub labels: Vec<String>,
    /// Whether experimental features are on.
    pub experimental_build: bool,
    /// Version of the engine.
    pub server_version: String,
    /// Store of a classic Swarm. Until API 1.41.
    pub cluster_store: String,
    /// Address in a classic Swarm. Until API 1.41.
    pub cluster_advertise: String,
    /// Status of a classic Swarm, as pairs of name and value. Until API 1.40.
    pub system_status: Vec<Vec<String>>,
    /// Runtimes by name.
    pub runtimes: BTreeMap<String, Runtime>,
    /// The runtime used where none is named.
    pub default_runtime: String,
    /// The engine's part in a swarm.
    pub swarm: SwarmInfo,
    /// Whether containers go on while the engine is down.
    pub live_restore_enabled: bool,
    /// How containers are kept apart by default. Windows only.
    pub isolation: Isolation,
    /// The init program put into containers that ask for one.
    pub init_binary: String,
    /// The containerd in use.
    pub containerd_commit: Commit,
    /// The runc in use.
    pub runc_commit: Commit,
    /// The init program in use.
    pub init_commit: Commit,
    /// Security features in use, such as `name=seccomp,profile=builtin`.
    pub security_options: Vec<String>,
    /// The licence of the product.
    pub product_license: String,
    /// Where subnets for networks are taken from. Since API 1.41.
    pub default_address_pools: Vec<DefaultAddressPool>,
    /// What sets up the firewall. Since API 1.49.
    pub firewall_backend: Option<FirewallInfo>,
    /// Devices found that containers can ask for. Since API 1.50.
    pub discovered_devices: Vec<DeviceInfo>,
    /// Node Resource Interface plugins. Since API 1.53.
    #[serde(rename = "NRI")]
    pub nri: Option<NriInfo>,
    /// What is not as it should be with the host or the engine, for people.
    pub warnings: Vec<String>,
    /// Directories with descriptions of devices (CDI). Since API 1.44.
    #[serde(rename = "CDISpecDirs")]
    pub cdi_spec_dirs: Vec<String>,
    /// The containerd in use. Since API 1.46.
    pub containerd: Option<ContainerdInfo>,
}

/// What an engine can load, by kind. Plugins that are managed by the engine are not among them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PluginsInfo {
    /// Volume drivers.
    pub volume: Vec<String>,
    /// Network drivers.
    pub network: Vec<String>,
    /// Authorization plugins.
    pub authorization: Vec<String>,
    /// Logging drivers.
    pub log: Vec<String>,
}

/// How an engine reaches registries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RegistryServiceConfig {
    /// Networks whose registries may push layers that are not for distribution. Until API 1.48.
    #[serde(rename = "AllowNondistributableArtifactsCIDRs")]
    pub allow_nondistributable_artifacts_cidrs: Vec<String>,
    /// Registries to which layers may be pushed that are not for distribution. Until API 1.48.
    pub allow_nondistributable_artifacts_hostnames: Vec<String>,
    /// Networks whose registries may be reached without TLS.
    #[serde(rename = "InsecureRegistryCIDRs")]
    pub insecure_registry_cidrs: Vec<String>,
    /// Registries by name.
    pub index_configs: BTreeMap<String, IndexInfo>,
    /// Mirrors of the default registry.
    pub mirrors: Vec<String>,
}

/// One registry as an engine knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct IndexInfo {
    /// Its name, such as `docker.io`.
    pub name: String,
    /// Its mirrors.
    pub mirrors: Vec<String>,
    /// Whether it must be reached with TLS.
    pub secure: bool,
    /// Whether it is Docker's own.
    pub official: bool,
}

/// A program that runs containers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Runtime {
    /// The program; empty for a shim of containerd.
    pub path: String,
    /// Arguments it is given.
    pub runtime_args: Vec<String>,
    /// The shim of containerd; empty for a program.
    pub runtime_type: String,
    /// Settings for the shim.
    pub options: BTreeMap<String, Value>,
    /// What the program tells of itself, such as its features. Since API 1.44.
    pub status: BTreeMap<String, String>,
}

/// The commit a program was built from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Commit {
    /// The commit.
    #[serde(rename = "ID")]
    pub id: String,
    /// The commit that was expected. Until API 1.48.
    pub expected: String,
}

/// An engine's part in a swarm.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SwarmInfo {
    /// Its id as a node.
    #[serde(rename = "NodeID")]
    pub node_id: String,
    /// The address others reach it at.
    pub node_addr: String,
    /// Its part in a word.
    pub local_node_state: LocalNodeState,
    /// Whether it is a manager and can be asked about the swarm.
    pub control_available: bool,
    /// Why it could not join.
    pub error: String,
    /// The managers.
    pub remote_managers: Vec<PeerNode>,
    /// Number of nodes; managers only.
    pub nodes: i64,
    /// Number of managers; managers only.
    pub managers: i64,
    /// The swarm; managers only.
    pub cluster: Option<ClusterInfo>,
    /// What is not as it should be, for people.
    pub warnings: Vec<String>,
}

/// A manager of a swarm.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PeerNode {
    /// Its id as a node.
    #[serde(rename = "NodeID")]
    pub node_id: String,
    /// Its address and port.
    pub addr: String,
}

/// A range of addresses that subnets for networks are taken from. Since API 1.41.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DefaultAddressPool {
    /// The range, as `10.10.0.0/16`.
    pub base: String,
    /// Length of each subnet's mask in bits.
    pub size: i64,
}

/// What sets up the firewall. Since API 1.49.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct FirewallInfo {
    /// The driver, such as `iptables` or `nftables`.
    pub driver: String,
    /// What it tells, as pairs of name and value.
    pub info: Vec<Vec<String>>,
}

/// A device that containers can ask for. Since API 1.50.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DeviceInfo {
    /// Who found it, such as `cdi`.
    pub source: String,
    /// How it is asked for, such as `vendor.com/gpu=0`.
    #[serde(rename = "ID")]
    pub id: String,
}

/// Node Resource Interface plugins. Since API 1.53.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NriInfo {
    /// What is told of them, as pairs of name and value.
    pub info: Vec<Vec<String>>,
}

/// The containerd an engine uses. Since API 1.46.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerdInfo {
    /// Its socket.
    pub address: String,
    /// Its namespaces.
    pub namespaces: ContainerdNamespaces,
}

/// The namespaces an engine uses in containerd. Since API 1.46.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerdNamespaces {
    /// For containers.
    pub containers: String,
    /// For plugins.
    pub plugins: String,
}
