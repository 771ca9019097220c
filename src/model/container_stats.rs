//! What a container uses.

use super::Timestamp;
use crate::codec::record;
use crate::model::Map;

record! {
    /// One sample of what a container uses.
    ///
    /// Engines leave out what their system does not count, and zeros: which counters there are depends
    /// on the operating system and, on Linux, on the version of the cgroups. A counter that is not there
    /// is 0 here. A container that does not run has a sample of zeros whose time is "never".
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ContainerStatsResponse {
        /// Id of the container.
        pub id: String = "id",
        /// Its name with a leading `/`.
        pub name: String = "name",
        /// Its operating system. Since API 1.52.
        pub os_type: String = "os_type",
        /// When this sample was taken.
        pub read: Timestamp = "read",
        /// When the sample before it was taken; never, for the first.
        pub preread: Timestamp = "preread",
        /// CPU time up to now.
        pub cpu_stats: ContainerCpuStats = "cpu_stats",
        /// CPU time up to the sample before; empty in the first.
        pub precpu_stats: ContainerCpuStats = "precpu_stats",
        /// Memory.
        pub memory_stats: ContainerMemoryStats = "memory_stats",
        /// Networks, by interface in the container.
        pub networks: Map<ContainerNetworkStats> = "networks",
        /// Processes and threads.
        pub pids_stats: ContainerPidsStats = "pids_stats",
        /// Block devices. Linux only.
        pub blkio_stats: ContainerBlkioStats = "blkio_stats",
        /// Number of processors. Windows only.
        pub num_procs: u32 = "num_procs",
        /// Storage. Windows only.
        pub storage_stats: ContainerStorageStats = "storage_stats",
    }
}

impl ContainerStatsResponse {
    /// CPU used between the sample before and this one, in percent of one CPU, so up to 100 per
    /// CPU: what `docker stats` shows. Linux only. `None` where there is no sample before, or no
    /// time between them.
    pub fn cpu_percent(&self) -> Option<f64> {
        self.cpu_stats.percent_since(&self.precpu_stats)
    }

    /// The same between a sample of the container that was kept and this one. With it two samples of
    /// [`stats_once`](crate::Containers::stats_once) with `one_shot` do, which cost no time.
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
        let known = passed > 0 && before.system_cpu_usage > 0;
        known.then(|| used as f64 / passed as f64 * cpus * 100.0)
    }
}

record! {
    /// CPU time of a container.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerCpuStats {
        /// The container's.
        pub cpu_usage: ContainerCpuUsage = "cpu_usage",
        /// The whole host's in nanoseconds, over all CPUs. Linux only.
        pub system_cpu_usage: u64 = "system_cpu_usage",
        /// Number of CPUs. Linux only.
        pub online_cpus: u32 = "online_cpus",
        /// How it was held back. Linux only.
        pub throttling_data: ContainerThrottlingData = "throttling_data",
    }
}

record! {
    /// CPU time of a container: nanoseconds on Linux, units of 100 nanoseconds on Windows.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerCpuUsage {
        /// All of it.
        pub total_usage: u64 = "total_usage",
        /// By CPU. Cgroups version 1 only.
        pub percpu_usage: Vec<u64> = "percpu_usage",
        /// In the kernel.
        pub usage_in_kernelmode: u64 = "usage_in_kernelmode",
        /// In programs.
        pub usage_in_usermode: u64 = "usage_in_usermode",
    }
}

record! {
    /// How a container was held back by its share of CPU time. Linux only.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerThrottlingData {
        /// Periods of the scheduler.
        pub periods: u64 = "periods",
        /// Periods in which it was held back.
        pub throttled_periods: u64 = "throttled_periods",
        /// For how long, in nanoseconds.
        pub throttled_time: u64 = "throttled_time",
    }
}

record! {
    /// Memory of a container, in bytes.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerMemoryStats {
        /// In use, with the files the kernel keeps in memory. Linux only.
        pub usage: u64 = "usage",
        /// The most there ever was in use. Cgroups version 1 only.
        pub max_usage: u64 = "max_usage",
        /// The counters of the kernel, by its names. Linux only.
        pub stats: Map<u64> = "stats",
        /// How often the limit was hit. Cgroups version 1 only.
        pub failcnt: u64 = "failcnt",
        /// The limit; without one, the host's memory or a huge number. Linux only.
        pub limit: u64 = "limit",
        /// Committed. Windows only.
        pub commitbytes: u64 = "commitbytes",
        /// The most there ever was committed. Windows only.
        pub commitpeakbytes: u64 = "commitpeakbytes",
        /// Private working set. Windows only.
        pub privateworkingset: u64 = "privateworkingset",
    }
}

impl ContainerMemoryStats {
    /// Bytes in use without files that the kernel can drop at once: what `docker stats` shows.
    /// Linux only.
    pub fn used(&self) -> u64 {
        // The first is the name in cgroups version 1, the second that in version 2.
        let inactive = ["total_inactive_file", "inactive_file"];
        let counters = inactive.iter().filter_map(|name| self.stats.get(*name));
        let droppable = counters.copied().find(|count| *count < self.usage);
        self.usage - droppable.unwrap_or(0)
    }

    /// [`used`](ContainerMemoryStats::used) in percent of the limit: what `docker stats` shows.
    /// Linux only. `None` without a limit, as of a container that does not run.
    pub fn used_percent(&self) -> Option<f64> {
        (self.limit > 0).then(|| self.used() as f64 / self.limit as f64 * 100.0)
    }
}

record! {
    /// One interface of a container.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerNetworkStats {
        /// Bytes received.
        pub rx_bytes: u64 = "rx_bytes",
        /// Packets received.
        pub rx_packets: u64 = "rx_packets",
        /// Errors in receiving. Linux only.
        pub rx_errors: u64 = "rx_errors",
        /// Packets dropped that came in.
        pub rx_dropped: u64 = "rx_dropped",
        /// Bytes sent.
        pub tx_bytes: u64 = "tx_bytes",
        /// Packets sent.
        pub tx_packets: u64 = "tx_packets",
        /// Errors in sending. Linux only.
        pub tx_errors: u64 = "tx_errors",
        /// Packets dropped that were to go out.
        pub tx_dropped: u64 = "tx_dropped",
        /// Id of the endpoint. Windows only.
        pub endpoint_id: String = "endpoint_id",
        /// Id of the instance. Windows only.
        pub instance_id: String = "instance_id",
    }
}

record! {
    /// Processes and threads of a container. Linux only.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerPidsStats {
        /// How many there are.
        pub current: u64 = "current",
        /// How many there may be; without a limit, 0 or the greatest number.
        pub limit: u64 = "limit",
    }
}

record! {
    /// What a container did with block devices. Linux only.
    ///
    /// Cgroups version 2 has the first list alone.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerBlkioStats {
        /// Bytes moved.
        pub io_service_bytes_recursive: Vec<ContainerBlkioStatEntry> = "io_service_bytes_recursive",
        /// Operations done. Cgroups version 1 only, as all below.
        pub io_serviced_recursive: Vec<ContainerBlkioStatEntry> = "io_serviced_recursive",
        /// Operations waiting.
        pub io_queue_recursive: Vec<ContainerBlkioStatEntry> = "io_queue_recursive",
        /// Nanoseconds that operations took.
        pub io_service_time_recursive: Vec<ContainerBlkioStatEntry> = "io_service_time_recursive",
        /// Nanoseconds that operations waited.
        pub io_wait_time_recursive: Vec<ContainerBlkioStatEntry> = "io_wait_time_recursive",
        /// Operations merged with others.
        pub io_merged_recursive: Vec<ContainerBlkioStatEntry> = "io_merged_recursive",
        /// Milliseconds that devices worked for it.
        pub io_time_recursive: Vec<ContainerBlkioStatEntry> = "io_time_recursive",
        /// Sectors moved.
        pub sectors_recursive: Vec<ContainerBlkioStatEntry> = "sectors_recursive",
    }
}

record! {
    /// One counter of one block device. Linux only.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerBlkioStatEntry {
        /// Major number of the device.
        pub major: u64 = "major",
        /// Minor number of the device.
        pub minor: u64 = "minor",
        /// What is counted, such as `Read`, `write` or `Total`: the case depends on the cgroups.
        pub op: String = "op",
        /// How much.
        pub value: u64 = "value",
    }
}

record! {
    /// What a container did with storage. Windows only.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerStorageStats {
        /// Reads.
        pub read_count_normalized: u64 = "read_count_normalized",
        /// Bytes read.
        pub read_size_bytes: u64 = "read_size_bytes",
        /// Writes.
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
    fn cgroups_version_2() {
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
    fn cgroups_version_1() {
        let sample = sample(
            r#"{"cpu_stats":{"cpu_usage":{"total_usage":2000,"percpu_usage":[1,2]},"system_cpu_usage":3000},
                "precpu_stats":{"cpu_usage":{"total_usage":1000},"system_cpu_usage":1000},
                "memory_stats":{"usage":100,"stats":{"total_inactive_file":40,"inactive_file":10}}}"#,
        );
        assert_eq!(sample.cpu_percent(), Some(100.0));
        assert_eq!(sample.memory_stats.used(), 60);
    }

    #[test]
    fn since_a_sample_that_was_kept() {
        let one_shot = |used: u64, system: u64| {
            sample(&format!(
                r#"{{"cpu_stats":{{"cpu_usage":{{"total_usage":{used}}},"system_cpu_usage":{system},"online_cpus":2}},
                    "precpu_stats":{{"cpu_usage":{{"total_usage":0}}}}}}"#
            ))
        };
        let (first, second) = (one_shot(100, 1000), one_shot(200, 1400));
        assert_eq!((first.cpu_percent(), second.cpu_percent()), (None, None));
        assert_eq!(second.cpu_percent_since(&first), Some(50.0));
        // The container was started anew, or they are the wrong way round.
        assert_eq!(first.cpu_percent_since(&second), None);
        assert_eq!(second.cpu_percent_since(&second), None);
    }

    #[test]
    fn without_a_sample_before() {
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
    fn used_memory_is_never_negative() {
        let odd = ContainerMemoryStats {
            usage: 5,
            stats: [("inactive_file", 6u64)].into(),
            ..Default::default()
        };
        assert_eq!(odd.used(), 5);
    }
}
