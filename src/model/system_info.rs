//! System information about an engine and its host.

use serde_json::Value;

use super::{ClusterInfo, GenericResource, Isolation, StringList, Timestamp};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
    /// Cgroup driver.
    pub enum CgroupDriver {
        /// The engine manages the cgroups itself.
        Cgroupfs = "cgroupfs",
        /// systemd manages the cgroups.
        Systemd = "systemd",
        /// No cgroups are used; rootless engines without cgroup support. Since API 1.40.
        None = "none",
    }

    /// Cgroup version of the host. Since API 1.41.
    pub enum CgroupVersion {
        /// cgroup v1.
        V1 = "1",
        /// cgroup v2.
        V2 = "2",
    }

    /// State of an engine as a swarm node.
    pub enum LocalNodeState {
        /// Not part of a swarm.
        Inactive = "inactive",
        /// Joining a swarm.
        Pending = "pending",
        /// Active node of a swarm.
        Active = "active",
        /// Joining the swarm has failed.
        Error = "error",
        /// Node of a swarm that is waiting to be unlocked.
        Locked = "locked",
    }
}

record! {
    /// Response of SystemInfo.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct SystemInfo {
        /// ID of the engine, which persists across restarts.
        pub id: String = "ID",
        /// Number of containers.
        pub containers: i64 = "Containers",
        /// Number of running containers.
        pub containers_running: i64 = "ContainersRunning",
        /// Number of paused containers.
        pub containers_paused: i64 = "ContainersPaused",
        /// Number of stopped containers.
        pub containers_stopped: i64 = "ContainersStopped",
        /// Number of images.
        pub images: i64 = "Images",
        /// Storage driver.
        pub driver: String = "Driver",
        /// Status of the storage driver as pairs of name and value.
        pub driver_status: Vec<StringList> = "DriverStatus",
        /// Root directory of the engine's data.
        pub docker_root_dir: String = "DockerRootDir",
        /// Available plugins and built-in drivers, by type.
        pub plugins: PluginsInfo = "Plugins",
        /// Whether memory limits are supported.
        pub memory_limit: bool = "MemoryLimit",
        /// Whether swap limits are supported.
        pub swap_limit: bool = "SwapLimit",
        /// Whether kernel memory limits are supported. Until API 1.41.
        pub kernel_memory: bool = "KernelMemory",
        /// Whether kernel memory limits for TCP buffers are supported. Since API 1.40, until API
        /// 1.51.
        pub kernel_memory_tcp: bool = "KernelMemoryTCP",
        /// Whether the CFS scheduler period can be set.
        pub cpu_cfs_period: bool = "CpuCfsPeriod",
        /// Whether the CFS quota can be set.
        pub cpu_cfs_quota: bool = "CpuCfsQuota",
        /// Whether CPU shares can be set.
        pub cpu_shares: bool = "CPUShares",
        /// Whether containers can be restricted to a CPU set.
        pub cpu_set: bool = "CPUSet",
        /// Whether PID limits are supported. Since API 1.40.
        pub pids_limit: bool = "PidsLimit",
        /// Whether the OOM killer can be disabled.
        pub oom_kill_disable: bool = "OomKillDisable",
        /// Whether IPv4 forwarding is enabled on the host.
        pub ipv4_forwarding: bool = "IPv4Forwarding",
        /// Whether `bridge-nf-call-iptables` is enabled on the host. Until API 1.49.
        pub bridge_nf_iptables: bool = "BridgeNfIptables",
        /// Whether `bridge-nf-call-ip6tables` is enabled on the host. Until API 1.49.
        pub bridge_nf_ip6tables: bool = "BridgeNfIp6tables",
        /// Whether the engine runs in debug mode.
        pub debug: bool = "Debug",
        /// Number of open file descriptors of the engine; debug mode only.
        pub n_fd: i64 = "NFd",
        /// Number of goroutines of the engine; debug mode only.
        pub n_goroutines: i64 = "NGoroutines",
        /// Current time of the host.
        pub system_time: Timestamp = "SystemTime",
        /// Default logging driver.
        pub logging_driver: String = "LoggingDriver",
        /// Cgroup driver.
        pub cgroup_driver: CgroupDriver = "CgroupDriver",
        /// Cgroup version of the host. Since API 1.41.
        pub cgroup_version: CgroupVersion = "CgroupVersion",
        /// Number of event subscribers.
        pub n_events_listener: i64 = "NEventsListener",
        /// Kernel version of the host.
        pub kernel_version: String = "KernelVersion",
        /// Name of the host's operating system, such as `Debian GNU/Linux 12 (bookworm)`.
        pub operating_system: String = "OperatingSystem",
        /// Version of the host's operating system. Since API 1.41.
        pub os_version: String = "OSVersion",
        /// Operating system of the host as a `GOOS` value.
        pub os_type: String = "OSType",
        /// CPU architecture of the host as reported by `uname`.
        pub architecture: String = "Architecture",
        /// Number of CPUs.
        pub ncpu: i64 = "NCPU",
        /// Memory of the host in bytes.
        pub mem_total: i64 = "MemTotal",
        /// URL of the index server of the default registry.
        pub index_server_address: String = "IndexServerAddress",
        /// Registry configuration.
        pub registry_config: Option<RegistryServiceConfig> = "RegistryConfig",
        /// User-defined resources that the node offers to services.
        pub generic_resources: Vec<GenericResource> = "GenericResources",
        /// HTTP proxy; passwords are masked.
        pub http_proxy: String = "HttpProxy",
        /// HTTPS proxy; passwords are masked.
        pub https_proxy: String = "HttpsProxy",
        /// Comma-separated hosts that bypass the proxy.
        pub no_proxy: String = "NoProxy",
        /// Host name.
        pub name: String = "Name",
        /// Labels of the engine as `name=value`.
        pub labels: StringList = "Labels",
        /// Whether experimental features are enabled.
        pub experimental_build: bool = "ExperimentalBuild",
        /// Version of the engine.
        pub server_version: String = "ServerVersion",
        /// Store of a classic Swarm cluster. Until API 1.41.
        pub cluster_store: String = "ClusterStore",
        /// Advertised address in a classic Swarm cluster. Until API 1.41.
        pub cluster_advertise: String = "ClusterAdvertise",
        /// Status of a classic Swarm cluster as pairs of name and value. Until API 1.40.
        pub system_status: Vec<StringList> = "SystemStatus",
        /// Container runtimes by name.
        pub runtimes: Map<Runtime> = "Runtimes",
        /// Default container runtime.
        pub default_runtime: String = "DefaultRuntime",
        /// Swarm state of the engine.
        pub swarm: SwarmInfo = "Swarm",
        /// Whether live restore is enabled, which keeps containers running while the engine is
        /// down.
        pub live_restore_enabled: bool = "LiveRestoreEnabled",
        /// Default isolation technology. Windows only.
        pub isolation: Isolation = "Isolation",
        /// Name or path of the init binary.
        pub init_binary: String = "InitBinary",
        /// Commit of the containerd in use.
        pub containerd_commit: Commit = "ContainerdCommit",
        /// Commit of the runc in use.
        pub runc_commit: Commit = "RuncCommit",
        /// Commit of the init binary in use.
        pub init_commit: Commit = "InitCommit",
        /// Enabled security features, such as `name=seccomp,profile=builtin`.
        pub security_options: StringList = "SecurityOptions",
        /// Product license.
        pub product_license: String = "ProductLicense",
        /// Default address pools for networks. Since API 1.41.
        pub default_address_pools: Vec<DefaultAddressPool> = "DefaultAddressPools",
        /// Firewall backend. Since API 1.49.
        pub firewall_backend: Option<FirewallInfo> = "FirewallBackend",
        /// Discovered devices that containers can request. Since API 1.50.
        pub discovered_devices: Vec<DeviceInfo> = "DiscoveredDevices",
        /// Node Resource Interface (NRI) plugins. Since API 1.53.
        pub nri: Option<NriInfo> = "NRI",
        /// Human-readable warnings about the host or the engine.
        pub warnings: StringList = "Warnings",
        /// Directories with CDI (Container Device Interface) specifications. Since API 1.44.
        pub cdi_spec_dirs: StringList = "CDISpecDirs",
        /// Connection of the engine to containerd. Since API 1.46.
        pub containerd: Option<ContainerdInfo> = "Containerd",
    }
}

record! {
    /// Available plugins and built-in drivers, by type. Plugins managed by the engine are not
    /// included.
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
    /// Registry configuration of an engine.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct RegistryServiceConfig {
        /// Networks of registries that accept nondistributable layers. Until API 1.48.
        pub allow_nondistributable_artifacts_cidrs: StringList = "AllowNondistributableArtifactsCIDRs",
        /// Host names of registries that accept nondistributable layers. Until API 1.48.
        pub allow_nondistributable_artifacts_hostnames: StringList = "AllowNondistributableArtifactsHostnames",
        /// Networks of registries that may be accessed without TLS.
        pub insecure_registry_cidrs: StringList = "InsecureRegistryCIDRs",
        /// Registries by name.
        pub index_configs: Map<IndexInfo> = "IndexConfigs",
        /// Mirrors of the default registry.
        pub mirrors: StringList = "Mirrors",
    }
}

record! {
    /// Configuration of one registry.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct IndexInfo {
        /// Name of the registry, such as `docker.io`.
        pub name: String = "Name",
        /// Mirrors of the registry.
        pub mirrors: StringList = "Mirrors",
        /// Whether the registry requires TLS.
        pub secure: bool = "Secure",
        /// Whether the registry is Docker Hub.
        pub official: bool = "Official",
    }
}

record! {
    /// Container runtime.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Runtime {
        /// Path of the runtime binary; empty for a containerd shim.
        pub path: String = "path",
        /// Command line arguments of the runtime.
        pub runtime_args: StringList = "runtimeArgs",
        /// Type of the containerd shim; empty for a runtime binary.
        pub runtime_type: String = "runtimeType",
        /// Options of the shim.
        pub options: Map<Value> = "options",
        /// Status reported by the runtime, such as its features. Since API 1.44.
        pub status: Map<String> = "status",
    }
}

record! {
    /// Commit from which a program was built.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct Commit {
        /// ID of the commit.
        pub id: String = "ID",
        /// ID of the expected commit. Until API 1.48.
        pub expected: String = "Expected",
    }
}

record! {
    /// Swarm state of an engine.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct SwarmInfo {
        /// ID of the node.
        pub node_id: String = "NodeID",
        /// Address at which other nodes reach this node.
        pub node_addr: String = "NodeAddr",
        /// State of the node.
        pub local_node_state: LocalNodeState = "LocalNodeState",
        /// Whether the node is a manager that serves swarm requests.
        pub control_available: bool = "ControlAvailable",
        /// Error of the last failed join.
        pub error: String = "Error",
        /// Managers of the swarm.
        pub remote_managers: Vec<PeerNode> = "RemoteManagers",
        /// Number of nodes; managers only.
        pub nodes: i64 = "Nodes",
        /// Number of managers; managers only.
        pub managers: i64 = "Managers",
        /// Information about the swarm; managers only.
        pub cluster: Option<ClusterInfo> = "Cluster",
        /// Human-readable warnings.
        pub warnings: StringList = "Warnings",
    }
}

record! {
    /// Manager of a swarm.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PeerNode {
        /// ID of the node.
        pub node_id: String = "NodeID",
        /// Address as `address:port`.
        pub addr: String = "Addr",
    }
}

record! {
    /// Default address pool for networks. Since API 1.41.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct DefaultAddressPool {
        /// Address range in CIDR format, such as `10.10.0.0/16`.
        pub base: String = "Base",
        /// Prefix length of each subnet in bits.
        pub size: i64 = "Size",
    }
}

record! {
    /// Firewall backend of an engine. Since API 1.49.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct FirewallInfo {
        /// Driver, such as `iptables` or `nftables`.
        pub driver: String = "Driver",
        /// Driver-specific information as pairs of name and value.
        pub info: Vec<StringList> = "Info",
    }
}

record! {
    /// Device that containers can request. Since API 1.50.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct DeviceInfo {
        /// Source of the device, such as `cdi`.
        pub source: String = "Source",
        /// ID for requesting the device, such as `vendor.com/gpu=0`.
        pub id: String = "ID",
    }
}

record! {
    /// Node Resource Interface (NRI) plugins of an engine. Since API 1.53.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct NriInfo {
        /// Information as pairs of name and value.
        pub info: Vec<StringList> = "Info",
    }
}

record! {
    /// Connection of an engine to containerd. Since API 1.46.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerdInfo {
        /// Address of the containerd socket.
        pub address: String = "Address",
        /// Namespaces in containerd.
        pub namespaces: ContainerdNamespaces = "Namespaces",
    }
}

record! {
    /// Namespaces of an engine in containerd. Since API 1.46.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerdNamespaces {
        /// Namespace of containers.
        pub containers: String = "Containers",
        /// Namespace of plugins.
        pub plugins: String = "Plugins",
    }
}
