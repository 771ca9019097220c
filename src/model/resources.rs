//! Resources of a container, and updating them.

use super::{RestartPolicy, StringList};
use crate::codec::record;
use crate::model::Map;

record! {
    /// Host device mapped into a container.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct DeviceMapping {
        /// Path of the device on the host, such as `/dev/fuse`.
        pub path_on_host: String = "PathOnHost",
        /// Path of the device in the container.
        pub path_in_container: String = "PathInContainer",
        /// Cgroup permissions, any of `r` (read), `w` (write) and `m` (mknod), such as `rwm`.
        pub cgroup_permissions: String = "CgroupPermissions",
    }
}

record! {
    /// Request for devices from a device driver, such as GPUs. Since API 1.40.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct DeviceRequest {
        /// Driver, such as `nvidia` or `cdi`; empty selects it by the capabilities.
        pub driver: String = "Driver",
        /// Number of devices; -1 means all.
        pub count: i64 = "Count",
        /// Driver-specific device IDs, instead of a number.
        pub device_ids: StringList = "DeviceIDs",
        /// Required capabilities as an OR list of AND lists, such as `[["gpu", "compute"]]`.
        pub capabilities: Vec<StringList> = "Capabilities",
        /// Driver options.
        pub options: Map<String> = "Options",
    }
}

record! {
    /// Rate limit of a device.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct ThrottleDevice {
        /// Path of the device on the host.
        pub path: String = "Path",
        /// Bytes or operations per second, depending on the list.
        pub rate: u64 = "Rate",
    }
}

record! {
    /// Block I/O weight of a device.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct WeightDevice {
        /// Path of the device on the host.
        pub path: String = "Path",
        /// Weight, 10 to 1000.
        pub weight: u16 = "Weight",
    }
}

record! {
    /// Resource limit (ulimit) of the processes of a container.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct Ulimit {
        /// Name of the limit, such as `nofile`.
        pub name: String = "Name",
        /// Soft limit; -1 means unlimited.
        pub soft: i64 = "Soft",
        /// Hard limit, up to which a process may raise the soft limit; -1 means unlimited.
        pub hard: i64 = "Hard",
        ..unknown within specs
    }
}

record! {
    /// Body of ContainerUpdate: new resource limits of an existing container.
    ///
    /// The API definition lists all limits of ContainerCreate, but engines update only those of
    /// CPU, memory, block I/O and number of processes, and the restart policy.
    ///
    /// Fields that are `None`, 0 or empty remain unchanged. An empty list of device limits removes
    /// them since API 1.55; earlier engines ignore it.
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerUpdateRequest {
        /// CPU shares, the weight relative to other containers; the default is 1024.
        pub cpu_shares: i64 = "CpuShares",
        /// Memory limit in bytes.
        pub memory: i64 = "Memory",
        /// Parent cgroup of the container's cgroup.
        pub cgroup_parent: String = "CgroupParent",
        /// Block I/O weight, 10 to 1000.
        pub blkio_weight: u16 = "BlkioWeight",
        /// Block I/O weight per device.
        pub blkio_weight_device: Option<Vec<WeightDevice>> = "BlkioWeightDevice" since 55,
        /// Maximum read rate per device in bytes per second.
        pub blkio_device_read_bps: Option<Vec<ThrottleDevice>> = "BlkioDeviceReadBps" since 55,
        /// Maximum write rate per device in bytes per second.
        pub blkio_device_write_bps: Option<Vec<ThrottleDevice>> = "BlkioDeviceWriteBps" since 55,
        /// Maximum read rate per device in operations per second.
        pub blkio_device_read_iops: Option<Vec<ThrottleDevice>> = "BlkioDeviceReadIOps" since 55,
        /// Maximum write rate per device in operations per second.
        pub blkio_device_write_iops: Option<Vec<ThrottleDevice>> = "BlkioDeviceWriteIOps" since 55,
        /// Length of a CFS scheduler period in microseconds.
        pub cpu_period: i64 = "CpuPeriod",
        /// CPU time per CFS scheduler period in microseconds.
        pub cpu_quota: i64 = "CpuQuota",
        /// Length of a real-time scheduler period in microseconds.
        pub cpu_realtime_period: i64 = "CpuRealtimePeriod",
        /// CPU time per real-time scheduler period in microseconds.
        pub cpu_realtime_runtime: i64 = "CpuRealtimeRuntime",
        /// CPUs the container may use, such as `0-2,7`.
        pub cpuset_cpus: String = "CpusetCpus",
        /// Memory nodes the container may use, such as `0,1`. NUMA systems only.
        pub cpuset_mems: String = "CpusetMems",
        /// Host devices.
        pub devices: Vec<DeviceMapping> = "Devices",
        /// Device cgroup rules, such as `c 13:* rwm`.
        pub device_cgroup_rules: StringList = "DeviceCgroupRules",
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
        /// Swappiness, 0 to 100.
        pub memory_swappiness: Option<i64> = "MemorySwappiness",
        /// CPU quota in units of 10⁻⁹ CPUs: 1,500,000,000 is one and a half CPUs.
        pub nano_cpus: i64 = "NanoCpus" since 28,
        /// Whether to disable the OOM killer for the container.
        pub oom_kill_disable: Option<bool> = "OomKillDisable",
        /// Whether to run an init process in the container.
        pub init: Option<bool> = "Init",
        /// Maximum number of processes; 0 or -1 means unlimited.
        pub pids_limit: Option<i64> = "PidsLimit" since 40,
        /// Resource limits (ulimits).
        pub ulimits: Vec<Ulimit> = "Ulimits",
        /// Number of usable CPUs. Windows only.
        pub cpu_count: i64 = "CpuCount",
        /// Usable percentage of the CPUs. Windows only.
        pub cpu_percent: i64 = "CpuPercent",
        /// Maximum I/O operations per second on the system drive. Windows only.
        pub io_maximum_iops: u64 = "IOMaximumIOps",
        /// Maximum I/O bytes per second on the system drive. Windows only.
        pub io_maximum_bandwidth: u64 = "IOMaximumBandwidth",
        /// Disk space limit in bytes. Windows only. Until API 1.39.
        pub disk_quota: i64 = "DiskQuota" until 39,
        /// Restart policy.
        pub restart_policy: RestartPolicy = "RestartPolicy",
    }
}

record! {
    /// Response of ContainerUpdate.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerUpdateResponse {
        /// Warnings, such as options that were ignored or adjusted.
        pub warnings: StringList = "Warnings",
    }
}
