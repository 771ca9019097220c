//! Services.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    NetworkAttachmentConfig, ObjectVersion, PortProtocol, Presence, TaskSpec, Timestamp, Unknown,
    words,
};

words! {
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

/// A service.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Service {
    /// Id of the service.
    #[serde(rename = "ID")]
    pub id: String,
    /// Its version, which an update must name.
    pub version: ObjectVersion,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What it shall be. To change it: take, change, send back.
    pub spec: ServiceSpec,
    /// What it was before the last update, to which a rollback goes back; missing before the first.
    pub previous_spec: Option<ServiceSpec>,
    /// Where it is reached.
    pub endpoint: Endpoint,
    /// How far its update is; missing before the first.
    pub update_status: Option<UpdateStatus>,
    /// How many tasks it has; in lists, where asked for with `status`. Since API 1.41.
    pub service_status: Option<ServiceStatus>,
    /// How often it has run; jobs only. Since API 1.41.
    pub job_status: Option<JobStatus>,
}

/// What a service shall be.
///
/// An update takes it whole: read the service, change its spec, send that. What is left out of it is
/// taken back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ServiceSpec {
    /// Name of the service; empty lets the engine make one up.
    pub name: String,
    /// Labels of the service; those of its containers stand in the task template.
    pub labels: BTreeMap<String, String>,
    /// What its tasks shall be.
    pub task_template: TaskSpec,
    /// How many tasks it has, and where; empty means one.
    pub mode: ServiceMode,
    /// How an update replaces its tasks; missing means one by one, and stop when one fails.
    pub update_config: Option<UpdateConfig>,
    /// How a rollback replaces its tasks; missing means as with an update.
    pub rollback_config: Option<UpdateConfig>,
    /// The networks its tasks are in. Until API 1.43; [`TaskSpec::networks`] does the same in all
    /// versions.
    pub networks: Vec<NetworkAttachmentConfig>,
    /// Where it is reached; missing means by name, and no ports.
    pub endpoint_spec: Option<EndpointSpec>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// How many tasks a service has, and where. One of the fields is there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ServiceMode {
    /// A number of tasks, anywhere.
    pub replicated: Option<ReplicatedService>,
    /// One on each node.
    pub global: Option<Presence>,
    /// A number of tasks that come to an end. Since API 1.41.
    pub replicated_job: Option<ReplicatedJob>,
    /// One on each node, which comes to an end. Since API 1.41.
    pub global_job: Option<Presence>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

impl ServiceMode {
    /// `replicas` tasks, anywhere.
    pub fn replicated(replicas: u64) -> ServiceMode {
        let replicated = ReplicatedService { replicas: Some(replicas), ..Default::default() };
        ServiceMode { replicated: Some(replicated), ..Default::default() }
    }

    /// One task on each node.
    pub fn global() -> ServiceMode {
        ServiceMode { global: Some(Presence::default()), ..Default::default() }
    }
}

/// A number of tasks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ReplicatedService {
    /// How many; missing means one, 0 means none.
    pub replicas: Option<u64>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// A number of tasks that come to an end. Since API 1.41.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ReplicatedJob {
    /// How many may run at a time; missing means one.
    pub max_concurrent: Option<u64>,
    /// How many must succeed; missing means as many as may run at a time.
    pub total_completions: Option<u64>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// How an update or a rollback replaces the tasks of a service.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct UpdateConfig {
    /// How many at a time; 0 means all.
    pub parallelism: u64,
    /// Nanoseconds to wait between them.
    pub delay: i64,
    /// What happens when it fails; empty means it stops.
    pub failure_action: UpdateFailureAction,
    /// Nanoseconds for which a new task is watched; 0 leaves it to the engine.
    pub monitor: i64,
    /// Which share of the tasks may fail, 0 to 1.
    pub max_failure_ratio: f64,
    /// In which order; empty means that the old one stops first.
    pub order: UpdateOrder,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// Where a service shall be reached.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EndpointSpec {
    /// How other containers reach it by its name; empty means by one address.
    pub mode: EndpointMode,
    /// Its ports that are open on nodes.
    pub ports: Vec<EndpointPortConfig>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// A port of a service that is open on nodes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EndpointPortConfig {
    /// A name for it.
    pub name: String,
    /// Its protocol; empty means TCP.
    pub protocol: PortProtocol,
    /// Port in the containers.
    pub target_port: u32,
    /// Port on the nodes; 0 lets the cluster choose.
    pub published_port: u32,
    /// On which nodes; empty means on all.
    pub publish_mode: PublishMode,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// Where a service is reached.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Endpoint {
    /// Where it shall be.
    pub spec: EndpointSpec,
    /// Its ports, with those the cluster chose.
    pub ports: Vec<EndpointPortConfig>,
    /// Its address in each network.
    #[serde(rename = "VirtualIPs")]
    pub virtual_ips: Vec<EndpointVirtualIp>,
}

/// Address of a service in a network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EndpointVirtualIp {
    /// Id of the network.
    #[serde(rename = "NetworkID")]
    pub network_id: String,
    /// The address, with the length of the subnet's prefix.
    pub addr: String,
}

/// How far an update of a service is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct UpdateStatus {
    /// How far.
    pub state: UpdateState,
    /// When it began; missing while it has not.
    pub started_at: Option<Timestamp>,
    /// When it was done; missing while it is not.
    pub completed_at: Option<Timestamp>,
    /// The same in words for a person.
    pub message: String,
}

/// How many tasks a service has. Since API 1.41.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ServiceStatus {
    /// How many run.
    pub running_tasks: u64,
    /// How many shall run.
    pub desired_tasks: u64,
    /// How many of a job have succeeded; 0 for other services.
    pub completed_tasks: u64,
}

/// How often a job has run. Since API 1.41.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct JobStatus {
    /// Grows with each run, though not by one. Tasks of that run have the same.
    pub job_iteration: ObjectVersion,
    /// When it last began to run.
    pub last_execution: Timestamp,
}

/// Answer to the making of a service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ServiceCreateResponse {
    /// Id of the new service.
    #[serde(rename = "ID")]
    pub id: String,
    /// What the engine warns of, such as an image that the registry does not know.
    pub warnings: Vec<String>,
}

/// Answer to the update of a service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ServiceUpdateResponse {
    /// What the engine warns of, such as an image that the registry does not know.
    pub warnings: Vec<String>,
}
