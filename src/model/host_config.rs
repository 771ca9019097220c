//! What the host gives to a container.

use super::{
    DeviceMapping, DeviceRequest, Mount, PortMap, StringList, ThrottleDevice, Ulimit, WeightDevice,
};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
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

record! {
    /// When and how often the engine starts a container again.
    ///
    /// Between attempts it waits, at first 100 ms and then twice as long each time.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct RestartPolicy {
        /// When.
        pub name: RestartPolicyName = "Name",
        /// How often at most, for `on-failure`; 0 for any number.
        pub maximum_retry_count: i64 = "MaximumRetryCount",
    }
}

record! {
    /// Where a container's output goes.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct LogConfig {
        /// The logging driver, such as `json-file`, `local`, `journald` or `none`, or a plugin; empty
        /// for the engine's default.
        pub r#type: String = "Type",
        /// Settings for the driver.
        pub config: Map<String> = "Config",
    }
}

record! {
    /// The part of a container's configuration that belongs to the host: limits, files, networks,
    /// rights.
    ///
    /// 0 and empty mean the engine's default, which is no limit for limits.
    #[derive(Clone, Default, PartialEq)]
    pub struct HostConfig {
        /// Share of CPU time relative to other containers; 1024 is the usual one.
        pub cpu_shares: i64 = "CpuShares",
        /// Memory in bytes.
        pub memory: i64 = "Memory",
        /// The cgroup under which the container's own is made; a path that does not begin with `/` is
        /// below the engine's own cgroup.
        pub cgroup_parent: String = "CgroupParent",
        /// Weight in the use of block devices, 10 to 1000.
        pub blkio_weight: u16 = "BlkioWeight",
        /// Weight per device.
        pub blkio_weight_device: Vec<WeightDevice> = "BlkioWeightDevice",
        /// Bytes per second read from a device.
        pub blkio_device_read_bps: Vec<ThrottleDevice> = "BlkioDeviceReadBps",
        /// Bytes per second written to a device.
        pub blkio_device_write_bps: Vec<ThrottleDevice> = "BlkioDeviceWriteBps",
        /// Reads per second from a device.
        pub blkio_device_read_iops: Vec<ThrottleDevice> = "BlkioDeviceReadIOps",
        /// Writes per second to a device.
        pub blkio_device_write_iops: Vec<ThrottleDevice> = "BlkioDeviceWriteIOps",
        /// Length of the scheduler's period in microseconds.
        pub cpu_period: i64 = "CpuPeriod",
        /// CPU time per period in microseconds.
        pub cpu_quota: i64 = "CpuQuota",
        /// Length of the real-time scheduler's period in microseconds.
        pub cpu_realtime_period: i64 = "CpuRealtimePeriod" since 25,
        /// Real-time CPU time per period in microseconds.
        pub cpu_realtime_runtime: i64 = "CpuRealtimeRuntime" since 25,
        /// CPUs that may be used, such as `0-2,7`.
        pub cpuset_cpus: String = "CpusetCpus",
        /// Memory nodes that may be used, such as `0,1`; NUMA only.
        pub cpuset_mems: String = "CpusetMems",
        /// Devices of the host to show.
        pub devices: Vec<DeviceMapping> = "Devices",
        /// Rules for the cgroup of devices, such as `c 13:* rwm`.
        pub device_cgroup_rules: StringList = "DeviceCgroupRules" since 28,
        /// Devices that a driver picks. Since API 1.40.
        pub device_requests: Vec<DeviceRequest> = "DeviceRequests" since 40,
        /// Limit of kernel memory in bytes. Until API 1.41.
        pub kernel_memory: i64 = "KernelMemory" until 41,
        /// Limit of kernel memory for TCP buffers in bytes. Since API 1.40, until API 1.51.
        pub kernel_memory_tcp: i64 = "KernelMemoryTCP" since 40 until 51,
        /// Memory in bytes that the kernel tries to get back to when it is short.
        pub memory_reservation: i64 = "MemoryReservation",
        /// Memory and swap together in bytes; -1 for any amount of swap.
        pub memory_swap: i64 = "MemorySwap",
        /// How readily the kernel swaps, 0 to 100; `None` for the host's setting, which some engines
        /// answer as -1.
        pub memory_swappiness: Option<i64> = "MemorySwappiness",
        /// CPUs in billionths: 1,500,000,000 is one and a half.
        pub nano_cpus: i64 = "NanoCpus" since 25,
        /// Whether the kernel's out-of-memory killer spares the container; `None` for the default, and
        /// on hosts that cannot do it.
        pub oom_kill_disable: Option<bool> = "OomKillDisable",
        /// Whether an init process passes on signals and reaps processes; `None` for the engine's
        /// setting.
        pub init: Option<bool> = "Init" since 25,
        /// How many processes there may be; 0 or -1 for any number, `None` for the default.
        pub pids_limit: Option<i64> = "PidsLimit",
        /// Limits of the kernel on processes.
        pub ulimits: Vec<Ulimit> = "Ulimits",
        /// Number of CPUs. Windows only.
        pub cpu_count: i64 = "CpuCount" since 25,
        /// Percent of the CPUs. Windows only.
        pub cpu_percent: i64 = "CpuPercent",
        /// Operations per second at the system drive. Windows only.
        pub io_maximum_iops: u64 = "IOMaximumIOps",
        /// Bytes per second at the system drive. Windows only.
        pub io_maximum_bandwidth: u64 = "IOMaximumBandwidth",
        /// Disk space in bytes. Windows only. Until API 1.39.
        pub disk_quota: i64 = "DiskQuota" until 39,

        /// Files, directories and volumes as `source:target` or `source:target:options`. `mounts` says
        /// the same in fields.
        pub binds: StringList = "Binds",
        /// File on the caller's side that the id was written to. The engine only keeps it.
        pub container_id_file: String = "ContainerIDFile",
        /// Where the output goes.
        pub log_config: LogConfig = "LogConfig",
        /// The network: `bridge`, `host`, `none`, `container:` with a name or id, or the name of a
        /// network.
        pub network_mode: String = "NetworkMode",
        /// Ports to publish.
        pub port_bindings: PortMap = "PortBindings",
        /// When the engine starts the container again.
        pub restart_policy: RestartPolicy = "RestartPolicy",
        /// Whether the container is deleted when it ends.
        pub auto_remove: bool = "AutoRemove" since 25,
        /// Driver of volumes that `binds` makes.
        pub volume_driver: String = "VolumeDriver",
        /// Containers whose volumes are mounted too, as `name` or `name:ro`.
        pub volumes_from: StringList = "VolumesFrom",
        /// Mounts.
        pub mounts: Vec<Mount> = "Mounts" since 25,
        /// First size of the terminal, `[rows, columns]`. On Linux since API 1.42.
        pub console_size: Option<[u64; 2]> = "ConsoleSize",
        /// Notes for the runtime. Since API 1.43.
        pub annotations: Map<String> = "Annotations" since 43,
        /// Capabilities of the kernel beyond the usual ones, such as `NET_ADMIN`, or `ALL`.
        pub cap_add: StringList = "CapAdd",
        /// Usual capabilities to take away, or `ALL`.
        pub cap_drop: StringList = "CapDrop",
        /// All capabilities the container has. API 1.40 only, and refused by newer engines.
        pub capabilities: StringList = "Capabilities" since 40 until 40,
        /// Whether the container sees the host's cgroups. Since API 1.41.
        pub cgroupns_mode: CgroupnsMode = "CgroupnsMode" since 41,
        /// DNS servers.
        pub dns: StringList = "Dns",
        /// Options of the resolver, such as `ndots:2`.
        pub dns_options: StringList = "DnsOptions",
        /// Domains searched for short names.
        pub dns_search: StringList = "DnsSearch",
        /// Lines for `/etc/hosts`, as `name:address`; `host-gateway` stands for the host's address.
        pub extra_hosts: StringList = "ExtraHosts",
        /// Further groups of the process.
        pub group_add: StringList = "GroupAdd",
        /// Who shares System V and POSIX memory: `none`, `private`, `shareable`, `container:` with a
        /// name or id, or `host`.
        pub ipc_mode: String = "IpcMode",
        /// Cgroup of another container to join, as `container:` with a name or id.
        pub cgroup: String = "Cgroup",
        /// Other containers, as `name:alias`; an old way, use networks.
        pub links: StringList = "Links",
        /// How soon the out-of-memory killer takes this container, -1000 to 1000.
        pub oom_score_adj: i64 = "OomScoreAdj",
        /// Whose processes are seen: empty for its own, `container:` with a name or id, or `host`.
        pub pid_mode: String = "PidMode",
        /// Whether the container may do nearly everything to the host.
        pub privileged: bool = "Privileged",
        /// Whether every exposed port is published on a port that the engine picks.
        pub publish_all_ports: bool = "PublishAllPorts",
        /// Whether the container's own files are read-only.
        pub readonly_rootfs: bool = "ReadonlyRootfs",
        /// Settings of security modules, such as `label=disable` or `seccomp=unconfined`.
        pub security_opt: StringList = "SecurityOpt",
        /// Settings of the storage driver, such as `size`.
        pub storage_opt: Map<String> = "StorageOpt",
        /// File systems in memory by path, with options of mount, such as `size=64m,noexec`.
        pub tmpfs: Map<String> = "Tmpfs",
        /// Whose host name: empty for its own, or `host`.
        pub uts_mode: String = "UTSMode",
        /// Whose user ids: empty for the engine's setting, or `host`.
        pub userns_mode: String = "UsernsMode",
        /// Size of `/dev/shm` in bytes; 0 for 64 MiB.
        pub shm_size: i64 = "ShmSize",
        /// Settings of the kernel, such as `net.ipv4.ip_forward`.
        pub sysctls: Map<String> = "Sysctls",
        /// The runtime, such as `runc`; empty for the engine's default.
        pub runtime: String = "Runtime",
        /// How the container is kept apart. Windows only.
        pub isolation: Isolation = "Isolation",
        /// Paths hidden from the container; `None` for the usual ones.
        pub masked_paths: Option<StringList> = "MaskedPaths",
        /// Paths that are read-only for the container; `None` for the usual ones.
        pub readonly_paths: Option<StringList> = "ReadonlyPaths",
    }
}
