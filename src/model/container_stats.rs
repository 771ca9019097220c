//! Resource usage of containers.

use super::Timestamp;
use crate::codec::record;
use crate::model::Map;

record! {
    /// Sample of a container's resource usage.
    ///
    /// The available counters depend on the operating system and, on Linux, on the cgroup version.
    /// The engine omits unavailable counters and zeros; both are 0 here. The sample of a container
    /// that is not running contains only zeros, and its time is never.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ContainerStatsResponse {
        /// ID of the container.
        pub id: String = "id",
        /// Name of the container, with a leading `/`.
        pub name: String = "name",
        /// Operating system of the container. Since API 1.52.
        pub os_type: String = "os_type",
        /// Time of this sample.
        pub read: Timestamp = "read",
        /// Time of the previous sample; never in the first sample.
        pub preread: Timestamp = "preread",
        /// CPU usage up to this sample.
        pub cpu_stats: ContainerCpuStats = "cpu_stats",
        /// CPU usage up to the previous sample; empty in the first sample.
        pub precpu_stats: ContainerCpuStats = "precpu_stats",
        /// Memory usage.
        pub memory_stats: ContainerMemoryStats = "memory_stats",
        /// Network usage, by interface in the container.
        pub networks: Map<ContainerNetworkStats> = "networks",
        /// Number of processes and threads.
        pub pids_stats: ContainerPidsStats = "pids_stats",
        /// Block I/O usage. Linux only.
        pub blkio_stats: ContainerBlkioStats = "blkio_stats",
        /// Number of processors. Windows only.
        pub num_procs: u32 = "num_procs",
        /// Storage usage. Windows only.
        pub storage_stats: ContainerStorageStats = "storage_stats",
    }
}

impl ContainerStatsResponse {
    /// Returns the CPU usage between the previous sample and this one in percent, as `docker stats`
    /// shows it.
    ///
    /// 100 percent is one CPU, so the maximum is 100 times the number of CPUs. Returns `None` if
    /// there is no previous sample, no time between the two, or no number of CPUs, which Podman
    /// before 4.3 omits: set `cpu_stats.online_cpus`, such as to [`SystemInfo::ncpu`]. Linux only.
    ///
    /// [`SystemInfo::ncpu`]: crate::model::SystemInfo::ncpu
    pub fn cpu_percent(&self) -> Option<f64> {
        self.cpu_stats.percent_since(&self.precpu_stats)
    }

    /// Returns the CPU usage in percent since an earlier sample of the same container.
    ///
    /// Unlike [`cpu_percent`](ContainerStatsResponse::cpu_percent), it works with samples of
    /// [`stats_once`](crate::Containers::stats_once) with `one_shot`, which returns immediately.
    pub fn cpu_percent_since(&self, before: &ContainerStatsResponse) -> Option<f64> {
        self.cpu_stats.percent_since(&before.cpu_stats)
    }
}

impl ContainerCpuStats {
    fn percent_since(&self, before: &ContainerCpuStats) -> Option<f64> {
        let now = self;
        let used = now.cpu_usage.total_usage.checked_sub(before.cpu_usage.total_usage)?;
        let passed = now.system_cpu_usage.checked_sub(before.system_cpu_usage)?;
        let cpus = match now.online_cpus {
            0 => now.cpu_usage.percpu_usage.len() as f64,
            online => f64::from(online),
        };
        let comparable = passed > 0 && before.system_cpu_usage > 0 && cpus > 0.0;
        comparable.then(|| used as f64 / passed as f64 * cpus * 100.0)
    }
}

record! {
    /// CPU usage.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerCpuStats {
        /// CPU time of the container.
        pub cpu_usage: ContainerCpuUsage = "cpu_usage",
        /// CPU time of the host over all CPUs, in nanoseconds. Linux only.
        pub system_cpu_usage: u64 = "system_cpu_usage",
        /// Number of CPUs. Linux only.
        pub online_cpus: u32 = "online_cpus",
        /// CPU throttling. Linux only.
        pub throttling_data: ContainerThrottlingData = "throttling_data",
    }
}

record! {
    /// CPU time of a container: nanoseconds on Linux, units of 100 nanoseconds on Windows.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerCpuUsage {
        /// Total CPU time.
        pub total_usage: u64 = "total_usage",
        /// CPU time per CPU. cgroup v1 only.
        pub percpu_usage: Vec<u64> = "percpu_usage",
        /// CPU time in kernel mode.
        pub usage_in_kernelmode: u64 = "usage_in_kernelmode",
        /// CPU time in user mode.
        pub usage_in_usermode: u64 = "usage_in_usermode",
    }
}

record! {
    /// CPU throttling of a container. Linux only.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerThrottlingData {
        /// Number of scheduler periods.
        pub periods: u64 = "periods",
        /// Number of periods in which the container was throttled.
        pub throttled_periods: u64 = "throttled_periods",
        /// Total throttled time in nanoseconds.
        pub throttled_time: u64 = "throttled_time",
    }
}

record! {
    /// Memory usage of a container, in bytes.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerMemoryStats {
        /// Current usage including the page cache. Linux only.
        pub usage: u64 = "usage",
        /// Maximum usage recorded. cgroup v1 only.
        pub max_usage: u64 = "max_usage",
        /// Kernel counters by name. Linux only.
        pub stats: Map<u64> = "stats",
        /// Number of times the limit was hit. cgroup v1 only.
        pub failcnt: u64 = "failcnt",
        /// Memory limit; if there is none, the memory of the host or a huge number. Linux only.
        pub limit: u64 = "limit",
        /// Committed bytes. Windows only.
        pub commitbytes: u64 = "commitbytes",
        /// Peak committed bytes. Windows only.
        pub commitpeakbytes: u64 = "commitpeakbytes",
        /// Private working set. Windows only.
        pub privateworkingset: u64 = "privateworkingset",
    }
}

impl ContainerMemoryStats {
    /// Returns the usage in bytes without inactive page cache, as `docker stats` shows it. Linux
    /// only.
    pub fn used(&self) -> u64 {
        // cgroup v1 and cgroup v2, in this order.
        let inactive = ["total_inactive_file", "inactive_file"];
        let counters = inactive.iter().filter_map(|name| self.stats.get(*name));
        let droppable = counters.copied().find(|count| *count < self.usage);
        self.usage - droppable.unwrap_or(0)
    }

    /// Returns [`used`](ContainerMemoryStats::used) in percent of the limit, as `docker stats`
    /// shows it.
    ///
    /// Returns `None` if there is no limit, as for a container that is not running. Linux only.
    pub fn used_percent(&self) -> Option<f64> {
        (self.limit > 0).then(|| self.used() as f64 / self.limit as f64 * 100.0)
    }
}

record! {
    /// Usage of one network interface of a container.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerNetworkStats {
        /// Bytes received.
        pub rx_bytes: u64 = "rx_bytes",
        /// Packets received.
        pub rx_packets: u64 = "rx_packets",
        /// Receive errors. Linux only.
        pub rx_errors: u64 = "rx_errors",
        /// Incoming packets dropped.
        pub rx_dropped: u64 = "rx_dropped",
        /// Bytes sent.
        pub tx_bytes: u64 = "tx_bytes",
        /// Packets sent.
        pub tx_packets: u64 = "tx_packets",
        /// Send errors. Linux only.
        pub tx_errors: u64 = "tx_errors",
        /// Outgoing packets dropped.
        pub tx_dropped: u64 = "tx_dropped",
        /// ID of the endpoint. Windows only.
        pub endpoint_id: String = "endpoint_id",
        /// ID of the instance. Windows only.
        pub instance_id: String = "instance_id",
    }
}

record! {
    /// Number of processes and threads of a container. Linux only.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerPidsStats {
        /// Current number.
        pub current: u64 = "current",
        /// Maximum number; 0 or `u64::MAX` means unlimited.
        pub limit: u64 = "limit",
    }
}

record! {
    /// Block I/O usage of a container. Linux only.
    ///
    /// With cgroup v2 only `io_service_bytes_recursive` is available.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerBlkioStats {
        /// Bytes transferred.
        pub io_service_bytes_recursive: Vec<ContainerBlkioStatEntry> = "io_service_bytes_recursive",
        /// Operations completed. cgroup v1 only, like all fields below.
        pub io_serviced_recursive: Vec<ContainerBlkioStatEntry> = "io_serviced_recursive",
        /// Operations queued.
        pub io_queue_recursive: Vec<ContainerBlkioStatEntry> = "io_queue_recursive",
        /// Service time of operations in nanoseconds.
        pub io_service_time_recursive: Vec<ContainerBlkioStatEntry> = "io_service_time_recursive",
        /// Wait time of operations in nanoseconds.
        pub io_wait_time_recursive: Vec<ContainerBlkioStatEntry> = "io_wait_time_recursive",
        /// Operations merged.
        pub io_merged_recursive: Vec<ContainerBlkioStatEntry> = "io_merged_recursive",
        /// Device time in milliseconds.
        pub io_time_recursive: Vec<ContainerBlkioStatEntry> = "io_time_recursive",
        /// Sectors transferred.
        pub sectors_recursive: Vec<ContainerBlkioStatEntry> = "sectors_recursive",
    }
}

record! {
    /// Counter of one block device. Linux only.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerBlkioStatEntry {
        /// Major number of the device.
        pub major: u64 = "major",
        /// Minor number of the device.
        pub minor: u64 = "minor",
        /// Operation, such as `Read`, `write` or `Total`; the case depends on the cgroup version.
        pub op: String = "op",
        /// Value of the counter.
        pub value: u64 = "value",
    }
}

record! {
    /// Storage usage of a container. Windows only.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerStorageStats {
        /// Number of reads, normalized.
        pub read_count_normalized: u64 = "read_count_normalized",
        /// Bytes read.
        pub read_size_bytes: u64 = "read_size_bytes",
        /// Number of writes, normalized.
        pub write_count_normalized: u64 = "write_count_normalized",
        /// Bytes written.
        pub write_size_bytes: u64 = "write_size_bytes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::testing::decode_response;

    fn sample(json: &str) -> ContainerStatsResponse {
        decode_response(json.as_bytes()).unwrap()
    }

    #[test]
    fn reads_cgroup_v2() {
        let sample = sample(
            r#"{"read":"2026-11-23T13:47:06Z","preread":"2026-11-23T13:47:05Z",
                "pids_stats":{"current":3,"limit":18446744073709551615},
                "blkio_stats":{"io_service_bytes_recursive":[{"major":254,"minor":0,"op":"read","value":4096}],
                    "io_serviced_recursive":null,"io_queue_recursive":null},
                "cpu_stats":{"cpu_usage":{"total_usage":1500,"usage_in_kernelmode":500},
                    "system_cpu_usage":14000,"online_cpus":4,"throttling_data":{"periods":0}},
                "precpu_stats":{"cpu_usage":{"total_usage":500},"system_cpu_usage":10000,"online_cpus":4},
                "memory_stats":{"usage":1000,"stats":{"inactive_file":300,"anon":9},"limit":5000},
                "name":"/a","id":"b","networks":{"eth0":{"rx_bytes":7}},"num_procs":0,"storage_stats":{}}"#,
        );
        assert_eq!(sample.pids_stats.limit, u64::MAX);
        assert_eq!(sample.blkio_stats.io_service_bytes_recursive[0].value, 4096);
        assert_eq!(sample.blkio_stats.io_serviced_recursive, []);
        assert_eq!(sample.networks["eth0"].rx_bytes, 7);
        assert_eq!(sample.cpu_percent(), Some(100.0));
        assert_eq!(sample.memory_stats.used(), 700);
    }

    #[test]
    fn reads_cgroup_v1() {
        let sample = sample(
            r#"{"cpu_stats":{"cpu_usage":{"total_usage":2000,"percpu_usage":[1,2]},"system_cpu_usage":3000},
                "precpu_stats":{"cpu_usage":{"total_usage":1000},"system_cpu_usage":1000},
                "memory_stats":{"usage":100,"stats":{"total_inactive_file":40,"inactive_file":10}}}"#,
        );
        assert_eq!(sample.cpu_percent(), Some(100.0));
        assert_eq!(sample.memory_stats.used(), 60);
    }

    #[test]
    fn cpu_percent_since_an_earlier_sample() {
        let one_shot = |used: u64, system: u64| {
            sample(&format!(
                r#"{{"cpu_stats":{{"cpu_usage":{{"total_usage":{used}}},"system_cpu_usage":{system},"online_cpus":2}},
                    "precpu_stats":{{"cpu_usage":{{"total_usage":0}}}}}}"#
            ))
        };
        let (first, second) = (one_shot(100, 1000), one_shot(200, 1400));
        assert_eq!((first.cpu_percent(), second.cpu_percent()), (None, None));
        assert_eq!(second.cpu_percent_since(&first), Some(50.0));
        // The container was restarted, or the samples are in the wrong order.
        assert_eq!(first.cpu_percent_since(&second), None);
        assert_eq!(second.cpu_percent_since(&second), None);
    }

    #[test]
    fn cpu_percent_requires_a_previous_sample() {
        let first = sample(
            r#"{"cpu_stats":{"cpu_usage":{"total_usage":2000},"system_cpu_usage":3000,"online_cpus":1},
                "precpu_stats":{"cpu_usage":{"total_usage":0}}}"#,
        );
        assert_eq!(first.cpu_percent(), None);
        let stopped = sample(
            r#"{"read":"0001-01-01T00:00:00Z","cpu_stats":{"cpu_usage":{"total_usage":0}},
                "precpu_stats":{"cpu_usage":{"total_usage":9},"system_cpu_usage":9},"memory_stats":{}}"#,
        );
        assert!(stopped.read.is_never());
        assert_eq!((stopped.cpu_percent(), stopped.memory_stats.used()), (None, 0));
    }

    #[test]
    fn cpu_percent_requires_the_number_of_cpus() {
        let mut podman = sample(
            r#"{"cpu_stats":{"cpu_usage":{"total_usage":192517000},"system_cpu_usage":2518699606000,"cpu":0},
                "precpu_stats":{"cpu_usage":{"total_usage":92517000},"system_cpu_usage":2517699606000}}"#,
        );
        let cpu_stats = podman.precpu_stats.clone();
        let before = ContainerStatsResponse { cpu_stats, ..Default::default() };
        assert_eq!((podman.cpu_percent(), podman.cpu_percent_since(&before)), (None, None));
        // As `docker info` reports it.
        podman.cpu_stats.online_cpus = 2;
        assert_eq!(podman.cpu_percent(), Some(20.0));
        assert_eq!(podman.cpu_percent_since(&before), Some(20.0));
    }

    #[test]
    fn used_memory_is_never_negative() {
        let odd = ContainerMemoryStats {
            usage: 5,
            stats: [("inactive_file", 6u64)].into(),
            ..Default::default()
        };
        assert_eq!(odd.used(), 5);
    }
}
