//! Tasks: the single containers of services.

use super::{
    ConfigReference, Driver, EndpointPortConfig, GenericResource, ObjectVersion, StringList,
    TaskSpec, Timestamp,
};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
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

record! {
    /// A task.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Task {
        /// Id of the task.
        pub id: String = "ID",
        /// Its version.
        pub version: ObjectVersion = "Version",
        /// When it was made.
        pub created_at: Timestamp = "CreatedAt",
        /// When it last changed.
        pub updated_at: Timestamp = "UpdatedAt",
        /// Name of the task; mostly empty, its service and slot say who it is.
        pub name: String = "Name",
        /// Labels of the task.
        pub labels: Map<String> = "Labels",
        /// What it shall be.
        pub spec: TaskSpec = "Spec",
        /// Id of its service.
        pub service_id: String = "ServiceID",
        /// Its number within the service, from 1; 0 where there is one on each node.
        pub slot: i64 = "Slot",
        /// Id of its node; empty while it has none.
        pub node_id: String = "NodeID",
        /// What it got of the node's other resources.
        pub generic_resources: Vec<GenericResource> = "GenericResources",
        /// How far it is.
        pub status: TaskStatus = "Status",
        /// How far it shall be.
        pub desired_state: TaskState = "DesiredState",
        /// The run of the job it belongs to; jobs only. Since API 1.41.
        pub job_iteration: Option<ObjectVersion> = "JobIteration",
        /// The networks it is in.
        pub networks_attachments: Vec<NetworkAttachment> = "NetworksAttachments",
        /// The cluster volumes it has. Since API 1.42.
        pub volumes: Vec<VolumeAttachment> = "Volumes",
    }
}

record! {
    /// How far a task is.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct TaskStatus {
        /// Since when.
        pub timestamp: Timestamp = "Timestamp",
        /// How far.
        pub state: TaskState = "State",
        /// The same in words for a person.
        pub message: String = "Message",
        /// What went wrong; empty where nothing did.
        pub err: String = "Err",
        /// Its container; missing until there is one.
        pub container_status: Option<ContainerStatus> = "ContainerStatus",
        /// Its ports that are open on its node alone.
        pub port_status: Option<PortStatus> = "PortStatus",
    }
}

record! {
    /// The container of a task.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerStatus {
        /// Id of the container; empty until there is one.
        pub container_id: String = "ContainerID",
        /// Number of its main process on the node; 0 when it does not run.
        pub pid: i64 = "PID",
        /// Exit code of its main process; 0 also while it runs.
        pub exit_code: i64 = "ExitCode",
    }
}

record! {
    /// The ports of a task that are open on its node alone.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct PortStatus {
        /// The ports.
        pub ports: Vec<EndpointPortConfig> = "Ports",
    }
}

record! {
    /// A network that a task is in.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct NetworkAttachment {
        /// The network.
        pub network: SwarmNetwork = "Network",
        /// Addresses of the task there, with the length of the subnet's prefix.
        pub addresses: StringList = "Addresses",
    }
}

record! {
    /// A network as the cluster's managers hold it.
    ///
    /// The engine tells it inside of tasks, in another form than its own networks; its documentation
    /// says otherwise.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct SwarmNetwork {
        /// Id of the network.
        pub id: String = "ID",
        /// Its version.
        pub version: ObjectVersion = "Version",
        /// When it was made.
        pub created_at: Timestamp = "CreatedAt",
        /// When it last changed.
        pub updated_at: Timestamp = "UpdatedAt",
        /// What it shall be.
        pub spec: SwarmNetworkSpec = "Spec",
        /// Its driver, as it runs.
        pub driver_state: Driver = "DriverState",
        /// Its subnets, as they are.
        pub ipam_options: Option<SwarmIpamOptions> = "IPAMOptions",
    }
}

record! {
    /// What a network of the cluster shall be.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct SwarmNetworkSpec {
        /// Name of the network.
        pub name: String = "Name",
        /// Labels of the network.
        pub labels: Map<String> = "Labels",
        /// Its driver.
        pub driver_configuration: Option<Driver> = "DriverConfiguration",
        /// Whether it carries IPv6.
        pub ipv6_enabled: bool = "IPv6Enabled",
        /// Whether it has no way to the outside.
        pub internal: bool = "Internal",
        /// Whether plain containers may join it.
        pub attachable: bool = "Attachable",
        /// Whether it is the cluster's routing mesh.
        pub ingress: bool = "Ingress",
        /// Its subnets.
        pub ipam_options: Option<SwarmIpamOptions> = "IPAMOptions",
        /// The network whose configuration it took over.
        pub config_from: Option<ConfigReference> = "ConfigFrom",
        /// How far it reaches.
        pub scope: String = "Scope",
    }
}

record! {
    /// Subnets of a network of the cluster.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct SwarmIpamOptions {
        /// Driver that hands out the addresses.
        pub driver: Driver = "Driver",
        /// The subnets.
        pub configs: Vec<SwarmIpamConfig> = "Configs",
    }
}

record! {
    /// A subnet of a network of the cluster.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct SwarmIpamConfig {
        /// The subnet, such as `10.0.1.0/24`.
        pub subnet: String = "Subnet",
        /// The part of it from which addresses are handed out; empty means all of it.
        pub range: String = "Range",
        /// Address of the gateway.
        pub gateway: String = "Gateway",
    }
}

record! {
    /// A cluster volume that a task has. Since API 1.42.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct VolumeAttachment {
        /// Id of the volume.
        pub id: String = "ID",
        /// What the service asked for: name of the volume, or `group:` and a name.
        pub source: String = "Source",
        /// Where it is mounted in the container.
        pub target: String = "Target",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::testing::decode_response;

    /// Where the engine's documentation says otherwise.
    #[test]
    fn as_the_engine_tells_it() {
        let task: Task = decode_response(
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
