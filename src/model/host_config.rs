//! What the host gives to a container.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    DeviceMapping, DeviceRequest, Mount, PortMap, ThrottleDevice, Ulimit, WeightDevice, words,
};

words! {
    /// When the engine starts a container again.
    pub enum RestartPolicyName {
        /// Never; the default.
        No = "no",
        /// Whenever it ends, also when the engine starts.
        Always = "always",
        /// As `always`, but not when the engine starts and the container was stopped by hand.
        UnlessStopped = "unless-stopped",
        /// When its exit code is not 0.
        OnFailure = "on-failure",
    }

    /// Whether a container sees the host's cgroups. Since API 1.41.
    pub enum CgroupnsMode {
        /// It has a cgroup namespace of its own.
        Private = "private",
        /// It sees the host's.
        Host = "host",
    }

    /// How a container is kept apart. Windows only.
    pub enum Isolation {
        /// As the engine is set up.
        Default = "default",
        /// As a process of the host.
        Process = "process",
        /// In a virtual machine.
        HyperV = "hyperv",
    }
}

/// When and how often the engine starts a container again.
///
/// Between attempts it waits, at first 100 ms and then twice as long each time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct RestartPolicy {
    /// When.
    pub name: RestartPolicyName,
    /// How often at most, for `on-failure`; 0 for any number.
    pub maximum_retry_count: i64,
}

/// Where a container's output goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct LogConfig {
    /// The logging driver, such as `json-file`, `local`, `journald` or `none`, or a plugin; empty
    /// for the engine's default.
    pub r#type: String,
    /// Settings for the driver.
    pub config: BTreeMap<String, String>,
}

/// The part of a container's configuration that belongs to the host: limits, files, networks,
/// rights.
///
/// 0 and empty mean the engine's default, which is no limit for limits.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct HostConfig {
    /// Share of CPU time relative to other containers; 1024 is the usual one.
    pub cpu_shares: i64,
    /// Memory in bytes.
    pub memory: i64,
    /// The cgroup under which the container's own is made; a path that does not begin with `/` is
    /// below the engine's own cgroup.
    pub cgroup_parent: String,
    /// Weight in the use of block devices, 10 to 1000.
    pub blkio_weight: u16,
    /// Weight per device.
    pub blkio_weight_device: Vec<WeightDevice>,
    /// Bytes per second read from a device.
    pub blkio_device_read_bps: Vec<ThrottleDevice>,
    /// Bytes per second written to a device.
    pub blkio_device_write_bps: Vec<ThrottleDevice>,
    /// Reads per second from a device.
    #[serde(rename = "BlkioDeviceReadIOps")]
    pub blkio_device_read_iops: Vec<ThrottleDevice>,
    /// Writes per second to a device.
    #[serde(rename = "BlkioDeviceWriteIOps")]
    pub blkio_device_write_iops: Vec<ThrottleDevice>,
    /// Length of the scheduler's period in microseconds.
    pub cpu_period: i64,
    /// CPU time per period in microseconds.
    pub cpu_quota: i64,
    /// Length of the real-time scheduler's period in microseconds.
    pub cpu_realtime_period: i64,
    /// Real-time CPU time per period in microseconds.
    pub cpu_realtime_runtime: i64,
    /// CPUs that may be used, such as `0-2,7`.
    pub cpuset_cpus: String,
    /// Memory nodes that may be used, such as `0,1`; NUMA only.
    pub cpuset_mems: String,
    /// Devices of the host to show.
    pub devices: Vec<DeviceMapping>,
    /// Rules for the cgroup of devices, such as `c 13:* rwm`.
    pub device_cgroup_rules: Vec<String>,
    /// Devices that a driver picks. Since API 1.40.
    pub device_requests: Vec<DeviceRequest>,
    /// Limit of kernel memory in bytes. Until API 1.41.
    pub kernel_memory: i64,
    /// Limit of kernel memory for TCP buffers in bytes. Since API 1.40, until API 1.51.
    #[serde(rename = "KernelMemoryTCP")]
    pub kernel_memory_tcp: i64,
    /// Memory in bytes that the kernel tries to get back to when it is short.
    pub memory_reservation: i64,
    /// Memory and swap together in bytes; -1 for any amount of swap.
    pub memory_swap: i64,
    /// How readily the kernel swaps, 0 to 100; `None` for the host's setting, which some engines
    /// answer as -1.
    pub memory_swappiness: Option<i64>,
    /// CPUs in billionths: 1,500,000,000 is one and a half.
    pub nano_cpus: i64,
    /// Whether the kernel's out-of-memory killer spares the container; `None` for the default, and
    /// on hosts that cannot do it.
    pub oom_kill_disable: Option<bool>,
    /// Whether an init process passes on signals and reaps processes; `None` for the engine's
    /// setting.
    pub init: Option<bool>,
    /// How many processes there may be; 0 or -1 for any number, `None` for the default.
    pub pids_limit: Option<i64>,
    /// Limits of the kernel on processes.
    pub ulimits: Vec<Ulimit>,
    /// Number of CPUs. Windows only.
    pub cpu_count: i64,
    /// Percent of the CPUs. Windows only.
    pub cpu_percent: i64,
    /// Operations per second at the system drive. Windows only.
    #[serde(rename = "IOMaximumIOps")]
    pub io_maximum_iops: u64,
    /// Bytes per second at the system drive. Windows only.
    #[serde(rename = "IOMaximumBandwidth")]
    pub io_maximum_bandwidth: u64,
    /// Disk space in bytes. Windows only. Until API 1.39.
    pub disk_quota: i64,

    /// Files, directories and volumes as `source:target` or `source:target:options`. `mounts` says
    /// the same in fields.
    pub binds: Vec<String>,
    /// File on the caller's side that the id was written to. The engine only keeps it.
    #[serde(rename = "ContainerIDFile")]
    pub container_id_file: String,
    /// Where the output goes.
    pub log_config: LogConfig,
    /// The network: `bridge`, `host`, `none`, `container:` with a name or id, or the name of a
    /// network.
    pub network_mode: String,
    /// Ports to publish.
    pub port_bindings: PortMap,
    /// When the engine starts the container again.
    pub restart_policy: RestartPolicy,
    /// Whether the container is deleted when it ends.
    pub auto_remove: bool,
    /// Driver of volumes that `binds` makes.
    pub volume_driver: String,
    /// Containers whose volumes are mounted too, as `name` or `name:ro`.
    pub volumes_from: Vec<String>,
    /// Mounts.
    pub mounts: Vec<Mount>,
    /// First size of the terminal, `[rows, columns]`. On Linux since API 1.42.
    pub console_size: Option<[u64; 2]>,
    /// Notes for the runtime. Since API 1.43.
    pub annotations: BTreeMap<String, String>,
    /// Capabilities of the kernel beyond the usual ones, such as `NET_ADMIN`, or `ALL`.
    pub cap_add: Vec<String>,
    /// Usual capabilities to take away, or `ALL`.
    pub cap_drop: Vec<String>,
    /// All capabilities the container has. API 1.40 only, and refused by newer engines.
    pub capabilities: Vec<String>,
    /// Whether the container sees the host's cgroups. Since API 1.41.
    pub cgroupns_mode: CgroupnsMode,
    /// DNS servers.
    pub dns: Vec<String>,
    /// Options of the resolver, such as `ndots:2`.
    pub dns_options: Vec<String>,
    /// Domains searched for short names.
    pub dns_search: Vec<String>,
    /// Lines for `/etc/hosts`, as `name:address`; `host-gateway` stands for the host's address.
    pub extra_hosts: Vec<String>,
    /// Further groups of the process.
    pub group_add: Vec<String>,
    /// Who shares System V and POSIX memory: `none`, `private`, `shareable`, `container:` with a
    /// name or id, or `host`.
    pub ipc_mode: String,
    /// Cgroup of another container to join, as `container:` with a name or id.
    pub cgroup: String,
    /// Other containers, as `name:alias`; an old way, use networks.
    pub links: Vec<String>,
    /// How soon the out-of-memory killer takes this container, -1000 to 1000.
    pub oom_score_adj: i64,
    /// Whose processes are seen: empty for its own, `container:` with a name or id, or `host`.
    pub pid_mode: String,
    /// Whether the container may do nearly everything to the host.
    pub privileged: bool,
    /// Whether every exposed port is published on a port that the engine picks.
    pub publish_all_ports: bool,
    /// Whether the container's own files are read-only.
    pub readonly_rootfs: bool,
    /// Settings of security modules, such as `label=disable` or `seccomp=unconfined`.
    pub security_opt: Vec<String>,
    /// Settings of the storage driver, such as `size`.
    pub storage_opt: BTreeMap<String, String>,
    /// File systems in memory by path, with options of mount, such as `size=64m,noexec`.
    pub tmpfs: BTreeMap<String, String>,
    /// Whose host name: empty for its own, or `host`.
    #[serde(rename = "UTSMode")]
    pub uts_mode: String,
    /// Whose user ids: empty for the engine's setting, or `host`.
    pub userns_mode: String,
    /// Size of `/dev/shm` in bytes; 0 for 64 MiB.
    pub shm_size: i64,
    /// Settings of the kernel, such as `net.ipv4.ip_forward`.
    pub sysctls: BTreeMap<String, String>,
    /// The runtime, such as `runc`; empty for the engine's default.
    pub runtime: String,
    /// How the container is kept apart. Windows only.
    pub isolation: Isolation,
    /// Paths hidden from the container; `None` for the usual ones.
    pub masked_paths: Option<Vec<String>>,
    /// Paths that are read-only for the container; `None` for the usual ones.
    pub readonly_paths: Option<Vec<String>>,
}
