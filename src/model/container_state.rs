//! State and health of a container.

use super::Timestamp;
use crate::codec::{record, string_enum};

string_enum! {
    /// Status of a container.
    pub enum ContainerStateStatus {
        /// Created, never started.
        Created = "created",
        /// Running.
        Running = "running",
        /// Paused.
        Paused = "paused",
        /// Exited and about to be restarted.
        Restarting = "restarting",
        /// Being removed.
        Removing = "removing",
        /// Exited.
        Exited = "exited",
        /// Not running after a failed removal.
        Dead = "dead",
    }

    /// Health status of a container.
    pub enum HealthStatus {
        /// No health check is configured.
        None = "none",
        /// No result is available yet.
        Starting = "starting",
        /// The check succeeds.
        Healthy = "healthy",
        /// The configured number of consecutive checks has failed.
        Unhealthy = "unhealthy",
    }
}

record! {
    /// State of a container.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ContainerState {
        /// Status of the container.
        pub status: ContainerStateStatus = "Status",
        /// Whether the container has a process; also true if it is paused or restarting.
        pub running: bool = "Running",
        /// Whether the container is paused.
        pub paused: bool = "Paused",
        /// Whether the container is restarting.
        pub restarting: bool = "Restarting",
        /// Whether the process was killed because it ran out of memory.
        pub oom_killed: bool = "OOMKilled",
        /// Whether the removal of the container has failed.
        pub dead: bool = "Dead",
        /// Process ID on the host; 0 if the container is not running.
        pub pid: i64 = "Pid",
        /// Exit code of the last run; 0 before the first run and while the container is running.
        pub exit_code: i64 = "ExitCode",
        /// Error of the last failed start; empty if the start succeeded.
        pub error: String = "Error",
        /// Time of the last start; never if the container has not been started.
        pub started_at: Timestamp = "StartedAt",
        /// Time of the last exit; never if the container has not exited.
        pub finished_at: Timestamp = "FinishedAt",
        /// Health; `None` if no health check is configured.
        pub health: Option<Health> = "Health",
    }
}

record! {
    /// Health of a container.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Health {
        /// Health status.
        pub status: HealthStatus = "Status",
        /// Number of consecutive failures.
        pub failing_streak: i64 = "FailingStreak",
        /// Results of the last few checks, oldest first.
        pub log: Vec<HealthcheckResult> = "Log",
    }
}

record! {
    /// Result of one health check.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct HealthcheckResult {
        /// Start time.
        pub start: Timestamp = "Start",
        /// End time.
        pub end: Timestamp = "End",
        /// Exit code of the check: 0 healthy, 1 unhealthy; other values mean that the check itself
        /// failed.
        pub exit_code: i64 = "ExitCode",
        /// Output of the check.
        pub output: String = "Output",
    }
}
