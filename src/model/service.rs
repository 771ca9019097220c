//! Services.

use super::{
    EmptyObject, NetworkAttachmentConfig, ObjectVersion, PortProtocol, StringList, TaskSpec,
    Timestamp,
};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
    /// What happens when an update or a rollback of a service fails.
    pub enum UpdateFailureAction {
        /// It goes on.
        Continue = "continue",
        /// It stops where it is.
        Pause = "pause",
        /// The service goes back to what it was. Not for a rollback itself.
        Rollback = "rollback",
    }

    /// In which order an update replaces a task.
    pub enum UpdateOrder {
        /// The old one stops, then the new one starts.
        StopFirst = "stop-first",
        /// The new one starts, then the old one stops.
        StartFirst = "start-first",
    }

    /// How far an update of a service is.
    pub enum UpdateState {
        /// It goes on.
        Updating = "updating",
        /// It has stopped, since too many tasks failed.
        Paused = "paused",
        /// It is done.
        Completed = "completed",
        /// The service goes back to what it was.
        RollbackStarted = "rollback_started",
        /// Going back has stopped, since too many tasks failed.
        RollbackPaused = "rollback_paused",
        /// The service is again what it was.
        RollbackCompleted = "rollback_completed",
    }

    /// How other containers reach a service by its name.
    pub enum EndpointMode {
        /// By one address, behind which its tasks take turns.
        Vip = "vip",
        /// By the addresses of all its tasks.
        Dnsrr = "dnsrr",
    }

    /// On which nodes a port of a service is open.
    pub enum PublishMode {
        /// On all.
        Ingress = "ingress",
        /// On those where a task runs, which serves it alone.
        Host = "host",
    }
}

record! {
    /// A service.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Service {
        /// Id of the service.
        pub id: String = "ID",
        /// Its version, which an update must name.
        pub version: ObjectVersion = "Version",
        /// When it was made.
        pub created_at: Timestamp = "CreatedAt",
        /// When it was last changed.
        pub updated_at: Timestamp = "UpdatedAt",
        /// What it shall be. To change it: take, change, send back.
        pub spec: ServiceSpec = "Spec",
        /// What it was before the last update, to which a rollback goes back; missing before the first.
        pub previous_spec: Option<ServiceSpec> = "PreviousSpec",
        /// Where it is reached.
        pub endpoint: ServiceEndpoint = "Endpoint",
        /// How far its update is; missing before the first.
        pub update_status: Option<UpdateStatus> = "UpdateStatus",
        /// How many tasks it has; in lists, where asked for with `status`. Since API 1.41.
        pub service_status: Option<ServiceStatus> = "ServiceStatus",
        /// How often it has run; jobs only. Since API 1.41.
        pub job_status: Option<JobStatus> = "JobStatus",
    }
}

record! {
    /// What a service shall be.
    ///
    /// An update takes it whole: read the service, change its spec, send that. What is left out of it is
    /// taken back.
    #[derive(Clone, Default, PartialEq)]
    pub struct ServiceSpec {
        /// Name of the service; empty lets the engine make one up.
        pub name: String = "Name",
        /// Labels of the service; those of its containers stand in the task template.
        pub labels: Map<String> = "Labels",
        /// What its tasks shall be.
        pub task_template: TaskSpec = "TaskTemplate",
        /// How many tasks it has, and where; empty means one.
        pub mode: ServiceMode = "Mode",
        /// How an update replaces its tasks; missing means one by one, and stop when one fails.
        pub update_config: Option<UpdateConfig> = "UpdateConfig",
        /// How a rollback replaces its tasks; missing means as with an update.
        pub rollback_config: Option<UpdateConfig> = "RollbackConfig" since 28,
        /// The networks its tasks are in. Until API 1.43; [`TaskSpec::networks`] does the same in all
        /// versions.
        pub networks: Vec<NetworkAttachmentConfig> = "Networks",
        /// Where it is reached; missing means by name, and no ports.
        pub endpoint_spec: Option<EndpointSpec> = "EndpointSpec",
        ..unknown
    }
}

record! {
    /// How many tasks a service has, and where. One of the fields is there.
    #[derive(Clone, Default, PartialEq)]
    pub struct ServiceMode {
        /// A number of tasks, anywhere.
        pub replicated: Option<ReplicatedService> = "Replicated",
        /// One on each node.
        pub global: Option<EmptyObject> = "Global",
        /// A number of tasks that come to an end. Since API 1.41.
        pub replicated_job: Option<ReplicatedJob> = "ReplicatedJob" since 41,
        /// One on each node, which comes to an end. Since API 1.41.
        pub global_job: Option<EmptyObject> = "GlobalJob" since 41,
        ..unknown
    }
}

impl ServiceMode {
    /// `replicas` tasks, anywhere.
    pub fn replicated(replicas: u64) -> ServiceMode {
        let replicated = ReplicatedService { replicas: Some(replicas), ..Default::default() };
        ServiceMode { replicated: Some(replicated), ..Default::default() }
    }

    /// One task on each node.
    pub fn global() -> ServiceMode {
        ServiceMode { global: Some(EmptyObject::default()), ..Default::default() }
    }
}

record! {
    /// A number of tasks.
    #[derive(Clone, Default, PartialEq)]
    pub struct ReplicatedService {
        /// How many; missing means one, 0 means none.
        pub replicas: Option<u64> = "Replicas",
        ..unknown
    }
}

record! {
    /// A number of tasks that come to an end. Since API 1.41.
    #[derive(Clone, Default, PartialEq)]
    pub struct ReplicatedJob {
        /// How many may run at a time; missing means one.
        pub max_concurrent: Option<u64> = "MaxConcurrent",
        /// How many must succeed; missing means as many as may run at a time.
        pub total_completions: Option<u64> = "TotalCompletions",
        ..unknown
    }
}

record! {
    /// How an update or a rollback replaces the tasks of a service.
    #[derive(Clone, Default, PartialEq)]
    pub struct UpdateConfig {
        /// How many at a time; 0 means all.
        pub parallelism: u64 = "Parallelism",
        /// Nanoseconds to wait between them.
        pub delay: i64 = "Delay",
        /// What happens when it fails; empty means it stops.
        pub failure_action: UpdateFailureAction = "FailureAction",
        /// Nanoseconds for which a new task is watched; 0 leaves it to the engine.
        pub monitor: i64 = "Monitor" since 25,
        /// Which share of the tasks may fail, 0 to 1.
        pub max_failure_ratio: f64 = "MaxFailureRatio" since 25,
        /// In which order; empty means that the old one stops first.
        pub order: UpdateOrder = "Order",
        ..unknown
    }
}

record! {
    /// Where a service shall be reached.
    #[derive(Clone, Default, PartialEq)]
    pub struct EndpointSpec {
        /// How other containers reach it by its name; empty means by one address.
        pub mode: EndpointMode = "Mode",
        /// Its ports that are open on nodes.
        pub ports: Vec<EndpointPortConfig> = "Ports",
        ..unknown
    }
}

record! {
    /// A port of a service that is open on nodes.
    #[derive(Clone, Default, PartialEq)]
    pub struct EndpointPortConfig {
        /// A name for it.
        pub name: String = "Name",
        /// Its protocol; empty means TCP.
        pub protocol: PortProtocol = "Protocol",
        /// Port in the containers.
        pub target_port: u32 = "TargetPort",
        /// Port on the nodes; 0 lets the cluster choose.
        pub published_port: u32 = "PublishedPort",
        /// On which nodes; empty means on all.
        pub publish_mode: PublishMode = "PublishMode",
        ..unknown
    }
}

record! {
    /// Where a service is reached.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ServiceEndpoint {
        /// Where it shall be.
        pub spec: EndpointSpec = "Spec",
        /// Its ports, with those the cluster chose.
        pub ports: Vec<EndpointPortConfig> = "Ports",
        /// Its address in each network.
        pub virtual_ips: Vec<EndpointVirtualIp> = "VirtualIPs",
    }
}

record! {
    /// Address of a service in a network.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct EndpointVirtualIp {
        /// Id of the network.
        pub network_id: String = "NetworkID",
        /// The address, with the length of the subnet's prefix.
        pub addr: String = "Addr",
    }
}

record! {
    /// How far an update of a service is.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct UpdateStatus {
        /// How far.
        pub state: UpdateState = "State",
        /// When it began; missing while it has not.
        pub started_at: Option<Timestamp> = "StartedAt",
        /// When it was done; missing while it is not.
        pub completed_at: Option<Timestamp> = "CompletedAt",
        /// The same in words for a person.
        pub message: String = "Message",
    }
}

record! {
    /// How many tasks a service has. Since API 1.41.
    #[derive(Clone, Copy, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ServiceStatus {
        /// How many run.
        pub running_tasks: u64 = "RunningTasks",
        /// How many shall run.
        pub desired_tasks: u64 = "DesiredTasks",
        /// How many of a job have succeeded; 0 for other services.
        pub completed_tasks: u64 = "CompletedTasks",
    }
}

record! {
    /// How often a job has run. Since API 1.41.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct JobStatus {
        /// Grows with each run, though not by one. Tasks of that run have the same.
        pub job_iteration: ObjectVersion = "JobIteration",
        /// When it last began to run.
        pub last_execution: Timestamp = "LastExecution",
    }
}

record! {
    /// Answer to the making of a service.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ServiceCreateResponse {
        /// Id of the new service.
        pub id: String = "ID",
        /// What the engine warns of, such as an image that the registry does not know.
        pub warnings: StringList = "Warnings",
    }
}

record! {
    /// Answer to the update of a service.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ServiceUpdateResponse {
        /// What the engine warns of, such as an image that the registry does not know.
        pub warnings: StringList = "Warnings",
    }
}
