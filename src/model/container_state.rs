//! How a container is: its state and its health.

use super::Timestamp;
use crate::codec::{record, string_enum};

string_enum! {
    /// The state of a container in a word.
    pub enum ContainerStateStatus {
        /// Made and never started.
        Created = "created",
        /// Its process runs.
        Running = "running",
        /// Its process is frozen.
        Paused = "paused",
        /// Its process ended and is being started again.
        Restarting = "restarting",
        /// It is being deleted.
        Removing = "removing",
        /// Its process ended.
        Exited = "exited",
        /// Deleting it failed half-way.
        Dead = "dead",
    }

    /// Whether a container is well, in a word.
    pub enum HealthStatus {
        /// There is no check.
        None = "none",
        /// Too early to say.
        Starting = "starting",
        /// The check succeeds.
        Healthy = "healthy",
        /// The check has failed as often as its configuration says.
        Unhealthy = "unhealthy",
    }
}

record! {
    /// The state of a container.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ContainerState {
        /// In a word.
        pub status: ContainerStateStatus = "Status",
        /// Whether it has a process; also true while paused or restarting.
        pub running: bool = "Running",
        /// Whether its process is frozen.
        pub paused: bool = "Paused",
        /// Whether it is being started again.
        pub restarting: bool = "Restarting",
        /// Whether the kernel killed its process for want of memory.
        pub oom_killed: bool = "OOMKilled",
        /// Whether deleting it failed half-way.
        pub dead: bool = "Dead",
        /// Id of its process on the host; 0 when there is none.
        pub pid: i64 = "Pid",
        /// Exit code of its last run; 0 while it runs and before.
        pub exit_code: i64 = "ExitCode",
        /// Why it could not be started; empty when it could.
        pub error: String = "Error",
        /// When it was last started; never, if it was not.
        pub started_at: Timestamp = "StartedAt",
        /// When its last run ended; never, if none has.
        pub finished_at: Timestamp = "FinishedAt",
        /// Whether it is well; `None` without a check.
        pub health: Option<Health> = "Health",
    }
}

record! {
    /// Whether a container is well.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Health {
        /// In a word.
        pub status: HealthStatus = "Status",
        /// Failed checks in a row.
        pub failing_streak: i64 = "FailingStreak",
        /// The last few checks, oldest first.
        pub log: Vec<HealthcheckResult> = "Log",
    }
}

record! {
    /// How one check went.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct HealthcheckResult {
        /// When it began.
        pub start: Timestamp = "Start",
        /// When it ended.
        pub end: Timestamp = "End",
        /// 0 well, 1 not well, others: the check itself failed.
        pub exit_code: i64 = "ExitCode",
        /// What it printed.
        pub output: String = "Output",
    }
}
