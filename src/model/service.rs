//! Swarm services.

use super::{
    EmptyObject, NetworkAttachmentConfig, ObjectVersion, PortProtocol, StringList, TaskSpec,
    Timestamp,
};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
    /// Action when an update or a rollback of a service fails.
    pub enum UpdateFailureAction {
        /// Continue the update.
        Continue = "continue",
        /// Pause the update.
        Pause = "pause",
        /// Roll back to the previous spec. Not available for a rollback.
        Rollback = "rollback",
    }

    /// Order of operations when an update replaces a task.
    pub enum UpdateOrder {
        /// The old task stops before the new one starts.
        StopFirst = "stop-first",
        /// The new task starts before the old one stops.
        StartFirst = "start-first",
    }

    /// State of a service update.
    pub enum UpdateState {
        /// In progress.
        Updating = "updating",
        /// Paused, because too many tasks failed.
        Paused = "paused",
        /// Completed.
        Completed = "completed",
        /// Rollback to the previous spec in progress.
        RollbackStarted = "rollback_started",
        /// Rollback paused, because too many tasks failed.
        RollbackPaused = "rollback_paused",
        /// Rollback completed.
        RollbackCompleted = "rollback_completed",
    }

    /// Mode by which other containers reach a service under its name.
    pub enum EndpointMode {
        /// One virtual IP address with load balancing over the tasks.
        Vip = "vip",
        /// DNS round robin: the addresses of all tasks.
        Dnsrr = "dnsrr",
    }

    /// Mode in which a port of a service is published on nodes.
    pub enum PublishMode {
        /// On all nodes, by the routing mesh.
        Ingress = "ingress",
        /// Only on nodes that run a task, which serves the port directly.
        Host = "host",
    }
}

record! {
    /// Service of a swarm.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Service {
        /// ID of the service.
        pub id: String = "ID",
        /// Version of the object; required for an update.
        pub version: ObjectVersion = "Version",
        /// Creation time.
        pub created_at: Timestamp = "CreatedAt",
        /// Time of the last update.
        pub updated_at: Timestamp = "UpdatedAt",
        /// Desired configuration. For an update, modify it and send it back.
        pub spec: ServiceSpec = "Spec",
        /// Spec before the last update, which a rollback restores; `None` before the first update.
        pub previous_spec: Option<ServiceSpec> = "PreviousSpec",
        /// Endpoint of the service.
        pub endpoint: ServiceEndpoint = "Endpoint",
        /// Status of the last update; `None` before the first update.
        pub update_status: Option<UpdateStatus> = "UpdateStatus",
        /// Number of tasks; in lists only with `status`. Since API 1.41.
        pub service_status: Option<ServiceStatus> = "ServiceStatus",
        /// Status of a job; `None` for other services. Since API 1.41.
        pub job_status: Option<JobStatus> = "JobStatus",
    }
}

record! {
    /// Desired configuration of a service.
    ///
    /// ServiceUpdate replaces the whole spec: read the service, modify its spec and send it back.
    /// Omitted fields are reset.
    #[derive(Clone, Default, PartialEq)]
    pub struct ServiceSpec {
        /// Name of the service; empty lets the engine generate one.
        pub name: String = "Name",
        /// Labels of the service; those of its containers are in the task template.
        pub labels: Map<String> = "Labels",
        /// Desired configuration of the tasks.
        pub task_template: TaskSpec = "TaskTemplate",
        /// Scheduling mode; empty means one replicated task.
        pub mode: ServiceMode = "Mode",
        /// Strategy of updates; `None` means one task at a time, pausing on failure.
        pub update_config: Option<UpdateConfig> = "UpdateConfig",
        /// Strategy of rollbacks; `None` means the same as for updates.
        pub rollback_config: Option<UpdateConfig> = "RollbackConfig" since 28,
        /// Networks of the tasks. Until API 1.43; use [`TaskSpec::networks`], which all versions
        /// support.
        pub networks: Vec<NetworkAttachmentConfig> = "Networks",
        /// Desired endpoint; `None` means a virtual IP address and no published ports.
        pub endpoint_spec: Option<EndpointSpec> = "EndpointSpec",
        ..unknown
    }
}

record! {
    /// Scheduling mode of a service. Exactly one of the fields is set.
    #[derive(Clone, Default, PartialEq)]
    pub struct ServiceMode {
        /// Fixed number of tasks.
        pub replicated: Option<ReplicatedService> = "Replicated",
        /// One task per node.
        pub global: Option<EmptyObject> = "Global",
        /// Fixed number of tasks that run to completion. Since API 1.41.
        pub replicated_job: Option<ReplicatedJob> = "ReplicatedJob" since 41,
        /// One task per node that runs to completion. Since API 1.41.
        pub global_job: Option<EmptyObject> = "GlobalJob" since 41,
        ..unknown
    }
}

impl ServiceMode {
    /// Creates the mode of a service with `replicas` tasks.
    pub fn replicated(replicas: u64) -> ServiceMode {
        let replicated = ReplicatedService { replicas: Some(replicas), ..Default::default() };
        ServiceMode { replicated: Some(replicated), ..Default::default() }
    }

    /// Creates the mode of a service with one task per node.
    pub fn global() -> ServiceMode {
        ServiceMode { global: Some(EmptyObject::default()), ..Default::default() }
    }
}

record! {
    /// Replicated service: a fixed number of tasks.
    #[derive(Clone, Default, PartialEq)]
    pub struct ReplicatedService {
        /// Number of tasks; `None` means one, 0 means none.
        pub replicas: Option<u64> = "Replicas",
        ..unknown
    }
}

record! {
    /// Replicated job: a fixed number of tasks that run to completion. Since API 1.41.
    #[derive(Clone, Default, PartialEq)]
    pub struct ReplicatedJob {
        /// Maximum number of tasks running at a time; `None` means one.
        pub max_concurrent: Option<u64> = "MaxConcurrent",
        /// Number of tasks that must complete; `None` means `max_concurrent`.
        pub total_completions: Option<u64> = "TotalCompletions",
        ..unknown
    }
}

record! {
    /// Strategy of an update or a rollback of a service.
    #[derive(Clone, Default, PartialEq)]
    pub struct UpdateConfig {
        /// Maximum number of tasks updated at a time; 0 means all.
        pub parallelism: u64 = "Parallelism",
        /// Delay between updates in nanoseconds.
        pub delay: i64 = "Delay",
        /// Action on failure; empty means `pause`.
        pub failure_action: UpdateFailureAction = "FailureAction",
        /// Time in nanoseconds for which a new task is monitored for failure; 0 means the engine's
        /// default.
        pub monitor: i64 = "Monitor" since 25,
        /// Tolerated ratio of failed tasks, 0 to 1.
        pub max_failure_ratio: f64 = "MaxFailureRatio" since 25,
        /// Order of operations; empty means `stop-first`.
        pub order: UpdateOrder = "Order",
        ..unknown
    }
}

record! {
    /// Desired endpoint of a service.
    #[derive(Clone, Default, PartialEq)]
    pub struct EndpointSpec {
        /// Mode by which other containers reach the service; empty means `vip`.
        pub mode: EndpointMode = "Mode",
        /// Published ports.
        pub ports: Vec<EndpointPortConfig> = "Ports",
        ..unknown
    }
}

record! {
    /// Published port of a service.
    #[derive(Clone, Default, PartialEq)]
    pub struct EndpointPortConfig {
        /// Name of the port.
        pub name: String = "Name",
        /// Protocol; empty means TCP.
        pub protocol: PortProtocol = "Protocol",
        /// Port in the containers.
        pub target_port: u32 = "TargetPort",
        /// Port on the nodes; 0 lets the swarm choose.
        pub published_port: u32 = "PublishedPort",
        /// Publish mode; empty means `ingress`.
        pub publish_mode: PublishMode = "PublishMode",
        ..unknown
    }
}

record! {
    /// Endpoint of a service.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ServiceEndpoint {
        /// Desired endpoint.
        pub spec: EndpointSpec = "Spec",
        /// Published ports, including those chosen by the swarm.
        pub ports: Vec<EndpointPortConfig> = "Ports",
        /// Virtual IP addresses, one per network.
        pub virtual_ips: Vec<EndpointVirtualIp> = "VirtualIPs",
    }
}

record! {
    /// Virtual IP address of a service in a network.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct EndpointVirtualIp {
        /// ID of the network.
        pub network_id: String = "NetworkID",
        /// IP address with prefix length.
        pub addr: String = "Addr",
    }
}

record! {
    /// Status of a service update.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct UpdateStatus {
        /// State of the update.
        pub state: UpdateState = "State",
        /// Start time; `None` before the start.
        pub started_at: Option<Timestamp> = "StartedAt",
        /// Completion time; `None` before the completion.
        pub completed_at: Option<Timestamp> = "CompletedAt",
        /// Human-readable message.
        pub message: String = "Message",
    }
}

record! {
    /// Number of tasks of a service. Since API 1.41.
    #[derive(Clone, Copy, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ServiceStatus {
        /// Number of running tasks.
        pub running_tasks: u64 = "RunningTasks",
        /// Desired number of running tasks.
        pub desired_tasks: u64 = "DesiredTasks",
        /// Number of completed tasks of a job; 0 for other services.
        pub completed_tasks: u64 = "CompletedTasks",
    }
}

record! {
    /// Status of a job. Since API 1.41.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct JobStatus {
        /// Iteration of the job. Increases with each run, but not by one. Tasks of the run have the
        /// same value.
        pub job_iteration: ObjectVersion = "JobIteration",
        /// Start time of the last run.
        pub last_execution: Timestamp = "LastExecution",
    }
}

record! {
    /// Response of ServiceCreate.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ServiceCreateResponse {
        /// ID of the new service.
        pub id: String = "ID",
        /// Warnings, such as an image that was not found in the registry.
        pub warnings: StringList = "Warnings",
    }
}

record! {
    /// Response of ServiceUpdate.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ServiceUpdateResponse {
        /// Warnings, such as an image that was not found in the registry.
        pub warnings: StringList = "Warnings",
    }
}
