//! Host-dependent configuration of a container.

use super::{
    DeviceMapping, DeviceRequest, Mount, PortMap, StringList, ThrottleDevice, Ulimit, WeightDevice,
};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
    /// Restart policy of a container.
    pub enum RestartPolicyName {
        /// Never restart; the default.
        No = "no",
        /// Always restart, also when the engine starts.
        Always = "always",
        /// Like `always`, but does not restart at the start of the engine if the container was
        /// stopped before.
        UnlessStopped = "unless-stopped",
        /// Restart if the exit code is not 0.
        OnFailure = "on-failure",
    }

    /// Cgroup namespace mode. Since API 1.41.
    pub enum CgroupnsMode {
        /// A private cgroup namespace.
        Private = "private",
        /// The cgroup namespace of the host.
        Host = "host",
    }

    /// Isolation technology. Windows only.
    pub enum Isolation {
        /// The engine's default.
        Default = "default",
        /// Process isolation.
        Process = "process",
        /// Hyper-V isolation.
        HyperV = "hyperv",
    }
}

record! {
    /// Restart policy of a container.
    ///
    /// The engine waits before each restart, 100 ms at first and then twice as long each time.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct RestartPolicy {
        /// Restart condition.
        pub name: RestartPolicyName = "Name",
        /// Maximum number of retries for `on-failure`; 0 means unlimited.
        pub maximum_retry_count: i64 = "MaximumRetryCount",
    }
}

record! {
    /// Logging configuration of a container.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct LogConfig {
        /// Logging driver, such as `json-file`, `local`, `journald`, `none` or a plugin; empty
        /// means the engine's default.
        pub r#type: String = "Type",
        /// Driver options.
        pub config: Map<String> = "Config",
    }
}

record! {
    /// Host-dependent part of a container's configuration: resources, mounts, networks, privileges.
    ///
    /// 0 and empty mean the engine's default; for limits that is unlimited.
    #[derive(Clone, Default, PartialEq)]
    pub struct HostConfig {
        /// CPU shares, the weight relative to other containers; the default is 1024.
        pub cpu_shares: i64 = "CpuShares",
        /// Memory limit in bytes; 0 means unlimited.
        pub memory: i64 = "Memory",
        /// Parent cgroup of the container's cgroup. A path without a leading `/` is relative to the
        /// cgroup of the engine.
        pub cgroup_parent: String = "CgroupParent",
        /// Block I/O weight, 10 to 1000.
        pub blkio_weight: u16 = "BlkioWeight",
        /// Block I/O weight per device.
        pub blkio_weight_device: Vec<WeightDevice> = "BlkioWeightDevice",
        /// Maximum read rate per device in bytes per second.
        pub blkio_device_read_bps: Vec<ThrottleDevice> = "BlkioDeviceReadBps",
        /// Maximum write rate per device in bytes per second.
        pub blkio_device_write_bps: Vec<ThrottleDevice> = "BlkioDeviceWriteBps",
        /// Maximum read rate per device in operations per second.
        pub blkio_device_read_iops: Vec<ThrottleDevice> = "BlkioDeviceReadIOps",
        /// Maximum write rate per device in operations per second.
        pub blkio_device_write_iops: Vec<ThrottleDevice> = "BlkioDeviceWriteIOps",
        /// Length of a CFS scheduler period in microseconds.
        pub cpu_period: i64 = "CpuPeriod",
        /// CPU time per CFS scheduler period in microseconds.
        pub cpu_quota: i64 = "CpuQuota",
        /// Length of a real-time scheduler period in microseconds.
        pub cpu_realtime_period: i64 = "CpuRealtimePeriod" since 25,
        /// CPU time per real-time scheduler period in microseconds.
        pub cpu_realtime_runtime: i64 = "CpuRealtimeRuntime" since 25,
        /// CPUs the container may use, such as `0-2,7`.
        pub cpuset_cpus: String = "CpusetCpus",
        /// Memory nodes the container may use, such as `0,1`. NUMA systems only.
        pub cpuset_mems: String = "CpusetMems",
        /// Host devices to add to the container.
        pub devices: Vec<DeviceMapping> = "Devices",
        /// Device cgroup rules, such as `c 13:* rwm`.
        pub device_cgroup_rules: StringList = "DeviceCgroupRules" since 28,
        /// Requests for devices from device drivers. Since API 1.40.
        pub device_requests: Vec<DeviceRequest> = "DeviceRequests" since 40,
        /// Kernel memory limit in bytes. Until API 1.41.
        pub kernel_memory: i64 = "KernelMemory" until 41,
        /// Kernel memory limit for TCP buffers in bytes. Since API 1.40, until API 1.51.
        pub kernel_memory_tcp: i64 = "KernelMemoryTCP" since 40 until 51,
        /// Memory soft limit in bytes, which the kernel enforces when memory is scarce.
        pub memory_reservation: i64 = "MemoryReservation",
        /// Total memory limit (memory and swap) in bytes; -1 means unlimited swap.
        pub memory_swap: i64 = "MemorySwap",
        /// Swappiness, 0 to 100; `None` means the host's setting, which some engines return as -1.
        pub memory_swappiness: Option<i64> = "MemorySwappiness",
        /// CPU quota in units of 10⁻⁹ CPUs: 1,500,000,000 is one and a half CPUs.
        pub nano_cpus: i64 = "NanoCpus" since 25,
        /// Whether to disable the OOM killer for the container; `None` means the default. `None` in
        /// responses if the host does not support it.
        pub oom_kill_disable: Option<bool> = "OomKillDisable",
        /// Whether to run an init process that forwards signals and reaps processes; `None` means
        /// the engine's default.
        pub init: Option<bool> = "Init" since 25,
        /// Maximum number of processes; 0 or -1 means unlimited, `None` the default.
        pub pids_limit: Option<i64> = "PidsLimit",
        /// Resource limits (ulimits).
        pub ulimits: Vec<Ulimit> = "Ulimits",
        /// Number of usable CPUs. Windows only.
        pub cpu_count: i64 = "CpuCount" since 25,
        /// Usable percentage of the CPUs. Windows only.
        pub cpu_percent: i64 = "CpuPercent",
        /// Maximum I/O operations per second on the system drive. Windows only.
        pub io_maximum_iops: u64 = "IOMaximumIOps",
        /// Maximum I/O bytes per second on the system drive. Windows only.
        pub io_maximum_bandwidth: u64 = "IOMaximumBandwidth",
        /// Disk space limit in bytes. Windows only. Until API 1.39.
        pub disk_quota: i64 = "DiskQuota" until 39,

        /// Bind mounts and volumes as `source:target` or `source:target:options`. See also
        /// `mounts`.
        pub binds: StringList = "Binds",
        /// Path of the client-side file that holds the container ID. The engine only stores it.
        pub container_id_file: String = "ContainerIDFile",
        /// Logging configuration.
        pub log_config: LogConfig = "LogConfig",
        /// Network mode: `bridge`, `host`, `none`, `container:` followed by a name or ID, or the
        /// name of a network.
        pub network_mode: String = "NetworkMode",
        /// Ports to publish.
        pub port_bindings: PortMap = "PortBindings",
        /// Restart policy.
        pub restart_policy: RestartPolicy = "RestartPolicy",
        /// Whether the container is removed when it exits.
        pub auto_remove: bool = "AutoRemove" since 25,
        /// Driver of volumes that `binds` creates.
        pub volume_driver: String = "VolumeDriver",
        /// Containers whose volumes to mount, as `name` or `name:ro`.
        pub volumes_from: StringList = "VolumesFrom",
        /// Mounts.
        pub mounts: Vec<Mount> = "Mounts" since 25,
        /// Initial size of the terminal as `[rows, columns]`. On Linux since API 1.42.
        pub console_size: Option<[u64; 2]> = "ConsoleSize",
        /// Annotations for the container runtime. Since API 1.43.
        pub annotations: Map<String> = "Annotations" since 43,
        /// Capabilities to add to the default set, such as `NET_ADMIN`, or `ALL`.
        pub cap_add: StringList = "CapAdd",
        /// Capabilities to drop from the default set, or `ALL`.
        pub cap_drop: StringList = "CapDrop",
        /// Complete set of capabilities. API 1.40 only; newer engines reject it.
        pub capabilities: StringList = "Capabilities" since 40 until 40,
        /// Cgroup namespace mode. Since API 1.41.
        pub cgroupns_mode: CgroupnsMode = "CgroupnsMode" since 41,
        /// DNS servers.
        pub dns: StringList = "Dns",
        /// Resolver options, such as `ndots:2`.
        pub dns_options: StringList = "DnsOptions",
        /// DNS search domains.
        pub dns_search: StringList = "DnsSearch",
        /// Entries of `/etc/hosts` as `name:address`; the address `host-gateway` is replaced by
        /// that of the host.
        pub extra_hosts: StringList = "ExtraHosts",
        /// Additional groups of the process.
        pub group_add: StringList = "GroupAdd",
        /// IPC mode: `none`, `private`, `shareable`, `host`, or `container:` followed by a name or
        /// ID.
        pub ipc_mode: String = "IpcMode",
        /// Cgroup of another container to join, as `container:` followed by a name or ID.
        pub cgroup: String = "Cgroup",
        /// Links to other containers as `name:alias`. Legacy; use networks.
        pub links: StringList = "Links",
        /// OOM score adjustment, -1000 to 1000.
        pub oom_score_adj: i64 = "OomScoreAdj",
        /// PID mode: empty for a private namespace, `host`, or `container:` followed by a name or
        /// ID.
        pub pid_mode: String = "PidMode",
        /// Whether the container runs with extended privileges on the host.
        pub privileged: bool = "Privileged",
        /// Whether all exposed ports are published on host ports that the engine chooses.
        pub publish_all_ports: bool = "PublishAllPorts",
        /// Whether the root file system is mounted read-only.
        pub readonly_rootfs: bool = "ReadonlyRootfs",
        /// Security options, such as `label=disable` or `seccomp=unconfined`.
        pub security_opt: StringList = "SecurityOpt",
        /// Storage driver options, such as `size`.
        pub storage_opt: Map<String> = "StorageOpt",
        /// tmpfs mounts by path, with mount options such as `size=64m,noexec`.
        pub tmpfs: Map<String> = "Tmpfs",
        /// UTS mode: empty for a private namespace, or `host`.
        pub uts_mode: String = "UTSMode",
        /// User namespace mode: empty for the engine's default, or `host`.
        pub userns_mode: String = "UsernsMode",
        /// Size of `/dev/shm` in bytes; 0 means 64 MiB.
        pub shm_size: i64 = "ShmSize",
        /// Namespaced kernel parameters (sysctls), such as `net.ipv4.ip_forward`.
        pub sysctls: Map<String> = "Sysctls",
        /// Runtime, such as `runc`; empty means the engine's default.
        pub runtime: String = "Runtime",
        /// Isolation technology. Windows only.
        pub isolation: Isolation = "Isolation",
        /// Paths to mask in the container; `None` means the default paths.
        pub masked_paths: Option<StringList> = "MaskedPaths",
        /// Paths to make read-only in the container; `None` means the default paths.
        pub readonly_paths: Option<StringList> = "ReadonlyPaths",
    }
}
