//! How an engine and its host are set up.

use serde_json::Value;

use super::{ClusterInfo, GenericResource, Isolation, StringList, Timestamp};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
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

record! {
    /// Answer to system info.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct SystemInfo {
        /// Id of the engine, kept over restarts.
        pub id: String = "ID",
        /// Number of containers.
        pub containers: i64 = "Containers",
        /// Number of containers that run.
        pub containers_running: i64 = "ContainersRunning",
        /// Number of containers that are paused.
        pub containers_paused: i64 = "ContainersPaused",
        /// Number of containers that do not run.
        pub containers_stopped: i64 = "ContainersStopped",
        /// Number of images.
        pub images: i64 = "Images",
        /// The storage driver.
        pub driver: String = "Driver",
        /// What the storage driver tells, as pairs of name and value.
        pub driver_status: Vec<StringList> = "DriverStatus",
        /// Directory with the engine's data.
        pub docker_root_dir: String = "DockerRootDir",
        /// What the engine can load, by kind.
        pub plugins: PluginsInfo = "Plugins",
        /// Whether memory can be limited.
        pub memory_limit: bool = "MemoryLimit",
        /// Whether swap can be limited.
        pub swap_limit: bool = "SwapLimit",
        /// Whether kernel memory can be limited. Until API 1.41.
        pub kernel_memory: bool = "KernelMemory",
        /// Whether kernel memory for TCP buffers can be limited. Since API 1.40, until API 1.51.
        pub kernel_memory_tcp: bool = "KernelMemoryTCP",
        /// Whether the scheduler's period can be set.
        pub cpu_cfs_period: bool = "CpuCfsPeriod",
        /// Whether CPU time per period can be limited.
        pub cpu_cfs_quota: bool = "CpuCfsQuota",
        /// Whether CPU shares can be set.
        pub cpu_shares: bool = "CPUShares",
        /// Whether containers can be bound to CPUs.
        pub cpu_set: bool = "CPUSet",
        /// Whether the number of processes can be limited. Since API 1.40.
        pub pids_limit: bool = "PidsLimit",
        /// Whether the out-of-memory killer can be turned off.
        pub oom_kill_disable: bool = "OomKillDisable",
        /// Whether the host forwards IPv4.
        pub ipv4_forwarding: bool = "IPv4Forwarding",
        /// Whether bridged IPv4 traffic goes through the firewall. Until API 1.49.
        pub bridge_nf_iptables: bool = "BridgeNfIptables",
        /// Whether bridged IPv6 traffic goes through the firewall. Until API 1.49.
        pub bridge_nf_ip6tables: bool = "BridgeNfIp6tables",
        /// Whether the engine runs in debug mode.
        pub debug: bool = "Debug",
        /// Open files of the engine; debug mode only.
        pub n_fd: i64 = "NFd",
        /// Goroutines of the engine; debug mode only.
        pub n_goroutines: i64 = "NGoroutines",
        /// The host's clock.
        pub system_time: Timestamp = "SystemTime",
        /// The default logging driver.
        pub logging_driver: String = "LoggingDriver",
        /// What manages the cgroups of containers.
        pub cgroup_driver: CgroupDriver = "CgroupDriver",
        /// The version of the host's cgroups. Since API 1.41.
        pub cgroup_version: CgroupVersion = "CgroupVersion",
        /// Number of callers that listen to events.
        pub n_events_listener: i64 = "NEventsListener",
        /// Version of the host's kernel.
        pub kernel_version: String = "KernelVersion",
        /// The host's operating system for people, such as `Debian GNU/Linux 12 (bookworm)`.
        pub operating_system: String = "OperatingSystem",
        /// Version of the host's operating system. Since API 1.41.
        pub os_version: String = "OSVersion",
        /// The host's operating system in Go's words.
        pub os_type: String = "OSType",
        /// The host's CPU architecture as `uname` says it.
        pub architecture: String = "Architecture",
        /// Number of CPUs.
        pub ncpu: i64 = "NCPU",
        /// Memory of the host in bytes.
        pub mem_total: i64 = "MemTotal",
        /// URL of the default registry's index.
        pub index_server_address: String = "IndexServerAddress",
        /// How registries are reached.
        pub registry_config: Option<RegistryServiceConfig> = "RegistryConfig",
        /// Resources the node offers to services.
        pub generic_resources: Vec<GenericResource> = "GenericResources",
        /// Proxy for HTTP, passwords masked.
        pub http_proxy: String = "HttpProxy",
        /// Proxy for HTTPS, passwords masked.
        pub https_proxy: String = "HttpsProxy",
        /// Hosts that are reached without a proxy, separated by commas.
        pub no_proxy: String = "NoProxy",
        /// The host's name.
        pub name: String = "Name",
        /// Labels of the engine as `name=value`.
        pub labels: StringList = "Labels",
        /// Whether experimental features are on.
        pub experimental_build: bool = "ExperimentalBuild",
        /// Version of the engine.
        pub server_version: String = "ServerVersion",
        /// Store of a classic Swarm. Until API 1.41.
        pub cluster_store: String = "ClusterStore",
        /// Address in a classic Swarm. Until API 1.41.
        pub cluster_advertise: String = "ClusterAdvertise",
        /// Status of a classic Swarm, as pairs of name and value. Until API 1.40.
        pub system_status: Vec<StringList> = "SystemStatus",
        /// Runtimes by name.
        pub runtimes: Map<Runtime> = "Runtimes",
        /// The runtime used where none is named.
        pub default_runtime: String = "DefaultRuntime",
        /// The engine's part in a swarm.
        pub swarm: SwarmInfo = "Swarm",
        /// Whether containers go on while the engine is down.
        pub live_restore_enabled: bool = "LiveRestoreEnabled",
        /// How containers are kept apart by default. Windows only.
        pub isolation: Isolation = "Isolation",
        /// The init program put into containers that ask for one.
        pub init_binary: String = "InitBinary",
        /// The containerd in use.
        pub containerd_commit: Commit = "ContainerdCommit",
        /// The runc in use.
        pub runc_commit: Commit = "RuncCommit",
        /// The init program in use.
        pub init_commit: Commit = "InitCommit",
        /// Security features in use, such as `name=seccomp,profile=builtin`.
        pub security_options: StringList = "SecurityOptions",
        /// The licence of the product.
        pub product_license: String = "ProductLicense",
        /// Where subnets for networks are taken from. Since API 1.41.
        pub default_address_pools: Vec<DefaultAddressPool> = "DefaultAddressPools",
        /// What sets up the firewall. Since API 1.49.
        pub firewall_backend: Option<FirewallInfo> = "FirewallBackend",
        /// Devices found that containers can ask for. Since API 1.50.
        pub discovered_devices: Vec<DeviceInfo> = "DiscoveredDevices",
        /// JsonType Resource Interface plugins. Since API 1.53.
        pub nri: Option<NriInfo> = "NRI",
        /// What is not as it should be with the host or the engine, for people.
        pub warnings: StringList = "Warnings",
        /// Directories with descriptions of devices (CDI). Since API 1.44.
        pub cdi_spec_dirs: StringList = "CDISpecDirs",
        /// The containerd in use. Since API 1.46.
        pub containerd: Option<ContainerdInfo> = "Containerd",
    }
}

record! {
    /// What an engine can load, by kind. Plugins that are managed by the engine are not among them.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PluginsInfo {
        /// Volume drivers.
        pub volume: StringList = "Volume",
        /// Network drivers.
        pub network: StringList = "Network",
        /// Authorization plugins.
        pub authorization: StringList = "Authorization",
        /// Logging drivers.
        pub log: StringList = "Log",
    }
}

record! {
    /// How an engine reaches registries.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct RegistryServiceConfig {
        /// Networks whose registries may push layers that are not for distribution. Until API 1.48.
        pub allow_nondistributable_artifacts_cidrs: StringList = "AllowNondistributableArtifactsCIDRs",
        /// Registries to which layers may be pushed that are not for distribution. Until API 1.48.
        pub allow_nondistributable_artifacts_hostnames: StringList = "AllowNondistributableArtifactsHostnames",
        /// Networks whose registries may be reached without TLS.
        pub insecure_registry_cidrs: StringList = "InsecureRegistryCIDRs",
        /// Registries by name.
        pub index_configs: Map<IndexInfo> = "IndexConfigs",
        /// Mirrors of the default registry.
        pub mirrors: StringList = "Mirrors",
    }
}

record! {
    /// One registry as an engine knows it.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct IndexInfo {
        /// Its name, such as `docker.io`.
        pub name: String = "Name",
        /// Its mirrors.
        pub mirrors: StringList = "Mirrors",
        /// Whether it must be reached with TLS.
        pub secure: bool = "Secure",
        /// Whether it is Docker's own.
        pub official: bool = "Official",
    }
}

record! {
    /// A program that runs containers.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Runtime {
        /// The program; empty for a shim of containerd.
        pub path: String = "path",
        /// Arguments it is given.
        pub runtime_args: StringList = "runtimeArgs",
        /// The shim of containerd; empty for a program.
        pub runtime_type: String = "runtimeType",
        /// Settings for the shim.
        pub options: Map<Value> = "options",
        /// What the program tells of itself, such as its features. Since API 1.44.
        pub status: Map<String> = "status",
    }
}

record! {
    /// The commit a program was built from.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct Commit {
        /// The commit.
        pub id: String = "ID",
        /// The commit that was expected. Until API 1.48.
        pub expected: String = "Expected",
    }
}

record! {
    /// An engine's part in a swarm.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct SwarmInfo {
        /// Its id as a node.
        pub node_id: String = "NodeID",
        /// The address others reach it at.
        pub node_addr: String = "NodeAddr",
        /// Its part in a word.
        pub local_node_state: LocalNodeState = "LocalNodeState",
        /// Whether it is a manager and can be asked about the swarm.
        pub control_available: bool = "ControlAvailable",
        /// Why it could not join.
        pub error: String = "Error",
        /// The managers.
        pub remote_managers: Vec<PeerNode> = "RemoteManagers",
        /// Number of nodes; managers only.
        pub nodes: i64 = "Nodes",
        /// Number of managers; managers only.
        pub managers: i64 = "Managers",
        /// The swarm; managers only.
        pub cluster: Option<ClusterInfo> = "Cluster",
        /// What is not as it should be, for people.
        pub warnings: StringList = "Warnings",
    }
}

record! {
    /// A manager of a swarm.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PeerNode {
        /// Its id as a node.
        pub node_id: String = "NodeID",
        /// Its address and port.
        pub addr: String = "Addr",
    }
}

record! {
    /// A range of addresses that subnets for networks are taken from. Since API 1.41.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct DefaultAddressPool {
        /// The range, as `10.10.0.0/16`.
        pub base: String = "Base",
        /// Length of each subnet's mask in bits.
        pub size: i64 = "Size",
    }
}

record! {
    /// What sets up the firewall. Since API 1.49.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct FirewallInfo {
        /// The driver, such as `iptables` or `nftables`.
        pub driver: String = "Driver",
        /// What it tells, as pairs of name and value.
        pub info: Vec<StringList> = "Info",
    }
}

record! {
    /// A device that containers can ask for. Since API 1.50.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct DeviceInfo {
        /// Who found it, such as `cdi`.
        pub source: String = "Source",
        /// How it is asked for, such as `vendor.com/gpu=0`.
        pub id: String = "ID",
    }
}

record! {
    /// JsonType Resource Interface plugins. Since API 1.53.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct NriInfo {
        /// What is told of them, as pairs of name and value.
        pub info: Vec<StringList> = "Info",
    }
}

record! {
    /// The containerd an engine uses. Since API 1.46.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerdInfo {
        /// Its socket.
        pub address: String = "Address",
        /// Its namespaces.
        pub namespaces: ContainerdNamespaces = "Namespaces",
    }
}

record! {
    /// The namespaces an engine uses in containerd. Since API 1.46.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerdNamespaces {
        /// For containers.
        pub containers: String = "Containers",
        /// For plugins.
        pub plugins: String = "Plugins",
    }
}
