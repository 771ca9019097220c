//! What a container may use, and changing that later.

use super::{RestartPolicy, StringList};
use crate::codec::record;
use crate::model::Map;

record! {
    /// A device of the host, shown inside the container.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct DeviceMapping {
        /// The device on the host, such as `/dev/fuse`.
        pub path_on_host: String = "PathOnHost",
        /// Where it appears in the container.
        pub path_in_container: String = "PathInContainer",
        /// What is allowed, of `r` (read), `w` (write) and `m` (make nodes): `rwm`.
        pub cgroup_permissions: String = "CgroupPermissions",
    }
}

record! {
    /// Devices that a driver of the engine picks, such as GPUs. Since API 1.40.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct DeviceRequest {
        /// The driver, such as `nvidia` or `cdi`; empty for whichever fits.
        pub driver: String = "Driver",
        /// How many devices; -1 for all.
        pub count: i64 = "Count",
        /// Which devices, by the driver's own ids; instead of a count.
        pub device_ids: StringList = "DeviceIDs",
        /// What the devices must be able to do: one of the lists, and of that list everything, as in
        /// `[["gpu", "compute"]]`.
        pub capabilities: Vec<StringList> = "Capabilities",
        /// Settings for the driver.
        pub options: Map<String> = "Options",
    }
}

record! {
    /// A limit on how fast a device may be used.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct ThrottleDevice {
        /// The device on the host.
        pub path: String = "Path",
        /// Bytes or operations per second, as the list it stands in says.
        pub rate: u64 = "Rate",
    }
}

record! {
    /// The weight of a container at one device.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct WeightDevice {
        /// The device on the host.
        pub path: String = "Path",
        /// The weight, 10 to 1000.
        pub weight: u16 = "Weight",
    }
}

record! {
    /// A limit of the kernel on the processes of a container.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct Ulimit {
        /// The limit in the shell's such as `nofile`.
        pub name: String = "Name",
        /// The limit that holds; -1 for none.
        pub soft: i64 = "Soft",
        /// How far a process may raise it; -1 for no bound.
        pub hard: i64 = "Hard",
        ..unknown within specs
    }
}

record! {
    /// New limits for a container that exists.
    ///
    /// The definition of the API lists all the limits a container can be created with; engines change
    /// those of CPU, memory, block devices and the number of processes, and the restart policy.
    ///
    /// What is `None`, 0 or empty stays as it is. The lists of device limits are `Option`s: an empty
    /// list takes the limits away, from API 1.55; older engines ignore it.
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerUpdateRequest {
        /// Share of CPU time relative to other containers; 1024 is the usual one.
        pub cpu_shares: i64 = "CpuShares",
        /// Memory in bytes.
        pub memory: i64 = "Memory",
        /// The cgroup under which the container's own is made.
        pub cgroup_parent: String = "CgroupParent",
        /// Weight in the use of block devices, 10 to 1000.
        pub blkio_weight: u16 = "BlkioWeight",
        /// Weight per device.
        pub blkio_weight_device: Option<Vec<WeightDevice>> = "BlkioWeightDevice" since 55,
        /// Bytes per second read from a device.
        pub blkio_device_read_bps: Option<Vec<ThrottleDevice>> = "BlkioDeviceReadBps" since 55,
        /// Bytes per second written to a device.
        pub blkio_device_write_bps: Option<Vec<ThrottleDevice>> = "BlkioDeviceWriteBps" since 55,
        /// Reads per second from a device.
        pub blkio_device_read_iops: Option<Vec<ThrottleDevice>> = "BlkioDeviceReadIOps" since 55,
        /// Writes per second to a device.
        pub blkio_device_write_iops: Option<Vec<ThrottleDevice>> = "BlkioDeviceWriteIOps" since 55,
        /// Length of the scheduler's period in microseconds.
        pub cpu_period: i64 = "CpuPeriod",
        /// CPU time per period in microseconds.
        pub cpu_quota: i64 = "CpuQuota",
        /// Length of the real-time scheduler's period in microseconds.
        pub cpu_realtime_period: i64 = "CpuRealtimePeriod",
        /// Real-time CPU time per period in microseconds.
        pub cpu_realtime_runtime: i64 = "CpuRealtimeRuntime",
        /// CPUs that may be used, such as `0-2,7`.
        pub cpuset_cpus: String = "CpusetCpus",
        /// Memory nodes that may be used, such as `0,1`; NUMA only.
        pub cpuset_mems: String = "CpusetMems",
        /// Devices of the host.
        pub devices: Vec<DeviceMapping> = "Devices",
        /// Rules for the cgroup of devices, such as `c 13:* rwm`.
        pub device_cgroup_rules: StringList = "DeviceCgroupRules",
        /// Devices picked by a driver. Since API 1.40.
        pub device_requests: Vec<DeviceRequest> = "DeviceRequests" since 40,
        /// Limit of kernel memory in bytes. Until API 1.41.
        pub kernel_memory: i64 = "KernelMemory" until 41,
        /// Limit of kernel memory for TCP buffers in bytes. Since API 1.40, until API 1.51.
        pub kernel_memory_tcp: i64 = "KernelMemoryTCP" since 40 until 51,
        /// Memory in bytes that the kernel tries to get back to when it is short.
        pub memory_reservation: i64 = "MemoryReservation",
        /// Memory and swap together in bytes; -1 for any amount of swap.
        pub memory_swap: i64 = "MemorySwap",
        /// How readily the kernel swaps, 0 to 100.
        pub memory_swappiness: Option<i64> = "MemorySwappiness",
        /// CPUs in billionths: 1,500,000,000 is one and a half.
        pub nano_cpus: i64 = "NanoCpus" since 28,
        /// Whether the kernel's out-of-memory killer spares the container.
        pub oom_kill_disable: Option<bool> = "OomKillDisable",
        /// Whether an init process runs in the container.
        pub init: Option<bool> = "Init",
        /// How many processes there may be; 0 or -1 for any number.
        pub pids_limit: Option<i64> = "PidsLimit" since 40,
        /// Limits of the kernel on processes.
        pub ulimits: Vec<Ulimit> = "Ulimits",
        /// Number of CPUs. Windows only.
        pub cpu_count: i64 = "CpuCount",
        /// Percent of the CPUs. Windows only.
        pub cpu_percent: i64 = "CpuPercent",
        /// Operations per second at the system drive. Windows only.
        pub io_maximum_iops: u64 = "IOMaximumIOps",
        /// Bytes per second at the system drive. Windows only.
        pub io_maximum_bandwidth: u64 = "IOMaximumBandwidth",
        /// Disk space in bytes. Windows only. Until API 1.39.
        pub disk_quota: i64 = "DiskQuota" until 39,
        /// When the engine starts the container again.
        pub restart_policy: RestartPolicy = "RestartPolicy",
    }
}

record! {
    /// Answer to an update of a container.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerUpdateResponse {
        /// What the engine did otherwise than asked.
        pub warnings: StringList = "Warnings",
    }
}
