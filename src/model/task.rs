//! Tasks: the single containers of services.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    ConfigReference, Driver, EndpointPortConfig, GenericResource, ObjectVersion, TaskSpec,
    Timestamp, words,
};

words! {
    /// How far a task is, from first to last.
    pub enum TaskState {
        /// It was made.
        New = "new",
        /// Its networks and ports are set aside.
        Allocated = "allocated",
        /// It waits for a node.
        Pending = "pending",
        /// It has a node.
        Assigned = "assigned",
        /// The node has taken it.
        Accepted = "accepted",
        /// The node pulls its image and makes its container.
        Preparing = "preparing",
        /// It can be started.
        Ready = "ready",
        /// It is being started.
        Starting = "starting",
        /// It runs.
        Running = "running",
        /// It ended well.
        Complete = "complete",
        /// It was stopped.
        Shutdown = "shutdown",
        /// It ended badly.
        Failed = "failed",
        /// The node could not take it.
        Rejected = "rejected",
        /// It is to be removed.
        Remove = "remove",
        /// Its node has been gone for too long.
        Orphaned = "orphaned",
    }
}

/// A task.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Task {
    /// Id of the task.
    #[serde(rename = "ID")]
    pub id: String,
    /// Its version.
    pub version: ObjectVersion,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Name of the task; mostly empty, its service and slot say who it is.
    pub name: String,
    /// Labels of the task.
    pub labels: BTreeMap<String, String>,
    /// What it shall be.
    pub spec: TaskSpec,
    /// Id of its service.
    #[serde(rename = "ServiceID")]
    pub service_id: String,
    /// Its number within the service, from 1; 0 where there is one on each node.
    pub slot: i64,
    /// Id of its node; empty while it has none.
    #[serde(rename = "NodeID")]
    pub node_id: String,
    /// What it got of the node's other resources.
    pub generic_resources: Vec<GenericResource>,
    /// How far it is.
    pub status: TaskStatus,
    /// How far it shall be.
    pub desired_state: TaskState,
    /// The run of the job it belongs to; jobs only. Since API 1.41.
    pub job_iteration: Option<ObjectVersion>,
    /// The networks it is in.
    pub networks_attachments: Vec<NetworkAttachment>,
    /// The cluster volumes it has. Since API 1.42.
    pub volumes: Vec<VolumeAttachment>,
}

/// How far a task is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TaskStatus {
    /// Since when.
    pub timestamp: Timestamp,
    /// How far.
    pub state: TaskState,
    /// The same in words for a person.
    pub message: String,
    /// What went wrong; empty where nothing did.
    pub err: String,
    /// Its container; missing until there is one.
    pub container_status: Option<ContainerStatus>,
    /// Its ports that are open on its node alone.
    pub port_status: Option<PortStatus>,
}

/// The container of a task.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerStatus {
    /// Id of the container; empty until there is one.
    #[serde(rename = "ContainerID")]
    pub container_id: String,
    /// Number of its main process on the node; 0 when it does not run.
    #[serde(rename = "PID")]
    pub pid: i64,
    /// Exit code of its main process; 0 also while it runs.
    pub exit_code: i64,
}

/// The ports of a task that are open on its node alone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PortStatus {
    /// The ports.
    pub ports: Vec<EndpointPortConfig>,
}

/// A network that a task is in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NetworkAttachment {
    /// The network.
    pub network: SwarmNetwork,
    /// Addresses of the task there, with the length of the subnet's prefix.
    pub addresses: Vec<String>,
}

/// A network as the cluster's managers hold it.
///
/// The engine tells it inside of tasks, in another form than its own networks; its documentation
/// says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SwarmNetwork {
    /// Id of the network.
    #[serde(rename = "ID")]
    pub id: String,
    /// Its version.
    pub version: ObjectVersion,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// What it shall be.
    pub spec: SwarmNetworkSpec,
    /// Its driver, as it runs.
    pub driver_state: Driver,
    /// Its subnets, as they are.
    #[serde(rename = "IPAMOptions")]
    pub ipam_options: Option<SwarmIpamOptions>,
}

/// What a network of the cluster shall be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SwarmNetworkSpec {
    /// Name of the network.
    pub name: String,
    /// Labels of the network.
    pub labels: BTreeMap<String, String>,
    /// Its driver.
    pub driver_configuration: Option<Driver>,
    /// Whether it carries IPv6.
    #[serde(rename = "IPv6Enabled")]
    pub ipv6_enabled: bool,
    /// Whether it has no way to the outside.
    pub internal: bool,
    /// Whether plain containers may join it.
    pub attachable: bool,
    /// Whether it is the cluster's routing mesh.
    pub ingress: bool,
    /// Its subnets.
    #[serde(rename = "IPAMOptions")]
    pub ipam_options: Option<SwarmIpamOptions>,
    /// The network whose configuration it took over.
    pub config_from: Option<ConfigReference>,
    /// How far it reaches.
    pub scope: String,
}

/// Subnets of a network of the cluster.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SwarmIpamOptions {
    /// Driver that hands out the addresses.
    pub driver: Driver,
    /// The subnets.
    pub configs: Vec<SwarmIpamConfig>,
}

/// A subnet of a network of the cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SwarmIpamConfig {
    /// The subnet, such as `10.0.1.0/24`.
    pub subnet: String,
    /// The part of it from which addresses are handed out; empty means all of it.
    pub range: String,
    /// Address of the gateway.
    pub gateway: String,
}

/// A cluster volume that a task has. Since API 1.42.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct VolumeAttachment {
    /// Id of the volume.
    #[serde(rename = "ID")]
    pub id: String,
    /// What the service asked for: name of the volume, or `group:` and a name.
    pub source: String,
    /// Where it is mounted in the container.
    pub target: String,
}

#[cfg(test)]
mod tests {
    use super::super::lenient::from_answer;
    use super::*;

    /// Where the engine's documentation says otherwise.
    #[test]
    fn as_the_engine_tells_it() {
        let task: Task = from_answer(
            br#"{"ID":"t","Slot":2,
                "GenericResources":[{"DiscreteResourceSpec":{"Kind":"SSD","Value":3}}],
                "NetworksAttachments":[{"Addresses":["10.0.0.4/24"],"Network":{
                    "ID":"n","Version":{"Index":4},"CreatedAt":"2026-01-02T03:04:05Z",
                    "Spec":{"Name":"ingress","Labels":null,"DriverConfiguration":{},
                            "Ingress":true,"IPAMOptions":{"Driver":{}},"Scope":"swarm"},
                    "DriverState":{"Name":"overlay","Options":{"vxlanid_list":"4096"}},
                    "IPAMOptions":{"Driver":{"Name":"default"},
                                   "Configs":[{"Subnet":"10.0.0.0/24","Gateway":"10.0.0.1"}]}}}],
                "Volumes":[{"ID":"v","Source":"group:g","Target":"/v"}],
                "Status":{"State":"assigned","PortStatus":{}}}"#,
        )
        .unwrap();
        let discrete = task.generic_resources[0].discrete_resource_spec.as_ref().unwrap();
        assert_eq!((discrete.kind.as_str(), discrete.value), ("SSD", 3));
        let network = &task.networks_attachments[0].network;
        assert_eq!((network.id.as_str(), network.version.index), ("n", 4));
        assert_eq!((network.spec.name.as_str(), network.spec.ingress), ("ingress", true));
        assert_eq!(network.driver_state.name, "overlay");
        assert_eq!(network.ipam_options.as_ref().unwrap().configs[0].subnet, "10.0.0.0/24");
        assert_eq!(task.volumes[0].target, "/v");
        assert_eq!(task.status.state, TaskState::Assigned);
        assert_eq!(task.status.container_status, None);
        assert_eq!(task.job_iteration, None);
    }
}
