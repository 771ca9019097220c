//! Swarm tasks: the containers of services.

use super::{
    ConfigReference, Driver, EndpointPortConfig, GenericResource, ObjectVersion, StringList,
    TaskSpec, Timestamp,
};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
    /// State of a task, in the order of its life cycle.
    pub enum TaskState {
        /// Created.
        New = "new",
        /// Resources such as networks and ports are allocated.
        Allocated = "allocated",
        /// Waiting for a node.
        Pending = "pending",
        /// Assigned to a node.
        Assigned = "assigned",
        /// Accepted by the node.
        Accepted = "accepted",
        /// The node is pulling the image and creating the container.
        Preparing = "preparing",
        /// Ready to be started.
        Ready = "ready",
        /// Starting.
        Starting = "starting",
        /// Running.
        Running = "running",
        /// Completed successfully.
        Complete = "complete",
        /// Stopped on request.
        Shutdown = "shutdown",
        /// Exited with an error.
        Failed = "failed",
        /// Rejected by the node.
        Rejected = "rejected",
        /// To be removed.
        Remove = "remove",
        /// The node has been down for too long.
        Orphaned = "orphaned",
    }
}

record! {
    /// Task of a service.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Task {
        /// ID of the task.
        pub id: String = "ID",
        /// Version of the object.
        pub version: ObjectVersion = "Version",
        /// Creation time.
        pub created_at: Timestamp = "CreatedAt",
        /// Time of the last update.
        pub updated_at: Timestamp = "UpdatedAt",
        /// Name of the task; usually empty, because service and slot identify the task.
        pub name: String = "Name",
        /// Labels of the task.
        pub labels: Map<String> = "Labels",
        /// Desired configuration.
        pub spec: TaskSpec = "Spec",
        /// ID of the service.
        pub service_id: String = "ServiceID",
        /// Slot number within the service, starting at 1; 0 in services with one task per node.
        pub slot: i64 = "Slot",
        /// ID of the node; empty if the task is not assigned to one.
        pub node_id: String = "NodeID",
        /// User-defined resources of the node assigned to the task.
        pub generic_resources: Vec<GenericResource> = "GenericResources",
        /// Current status.
        pub status: TaskStatus = "Status",
        /// Desired state.
        pub desired_state: TaskState = "DesiredState",
        /// Iteration of the job that the task belongs to; jobs only. Since API 1.41.
        pub job_iteration: Option<ObjectVersion> = "JobIteration",
        /// Networks of the task.
        pub networks_attachments: Vec<NetworkAttachment> = "NetworksAttachments",
        /// Cluster volumes of the task. Since API 1.42.
        pub volumes: Vec<VolumeAttachment> = "Volumes",
    }
}

record! {
    /// Status of a task.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct TaskStatus {
        /// Time at which the task entered the state.
        pub timestamp: Timestamp = "Timestamp",
        /// State of the task.
        pub state: TaskState = "State",
        /// Human-readable message about the state.
        pub message: String = "Message",
        /// Error message; empty if there is none.
        pub err: String = "Err",
        /// Status of the container; `None` until it exists.
        pub container_status: Option<ContainerStatus> = "ContainerStatus",
        /// Ports published on the node of the task only.
        pub port_status: Option<PortStatus> = "PortStatus",
    }
}

record! {
    /// Container of a task.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerStatus {
        /// ID of the container; empty until it exists.
        pub container_id: String = "ContainerID",
        /// Process ID on the node; 0 if the container is not running.
        pub pid: i64 = "PID",
        /// Exit code of the container; 0 while it is running.
        pub exit_code: i64 = "ExitCode",
    }
}

record! {
    /// Ports of a task that are published on its node only.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct PortStatus {
        /// Published ports.
        pub ports: Vec<EndpointPortConfig> = "Ports",
    }
}

record! {
    /// Network of a task.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct NetworkAttachment {
        /// The network.
        pub network: SwarmNetwork = "Network",
        /// Addresses of the task in the network, with prefix length.
        pub addresses: StringList = "Addresses",
    }
}

record! {
    /// Network as stored by the swarm managers.
    ///
    /// Tasks contain networks in this format, which differs from
    /// [`NetworkInspect`](super::NetworkInspect). The API documentation describes it incorrectly.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct SwarmNetwork {
        /// ID of the network.
        pub id: String = "ID",
        /// Version of the object.
        pub version: ObjectVersion = "Version",
        /// Creation time.
        pub created_at: Timestamp = "CreatedAt",
        /// Time of the last update.
        pub updated_at: Timestamp = "UpdatedAt",
        /// Desired configuration.
        pub spec: SwarmNetworkSpec = "Spec",
        /// Driver and its state.
        pub driver_state: Driver = "DriverState",
        /// Current IP address management.
        pub ipam_options: Option<SwarmIpamOptions> = "IPAMOptions",
    }
}

record! {
    /// Desired configuration of a swarm network.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct SwarmNetworkSpec {
        /// Name of the network.
        pub name: String = "Name",
        /// Labels of the network.
        pub labels: Map<String> = "Labels",
        /// Driver and its options.
        pub driver_configuration: Option<Driver> = "DriverConfiguration",
        /// Whether IPv6 is enabled.
        pub ipv6_enabled: bool = "IPv6Enabled",
        /// Whether external access is disabled.
        pub internal: bool = "Internal",
        /// Whether containers outside of services can join the network.
        pub attachable: bool = "Attachable",
        /// Whether the network provides the routing mesh of the swarm.
        pub ingress: bool = "Ingress",
        /// IP address management.
        pub ipam_options: Option<SwarmIpamOptions> = "IPAMOptions",
        /// Network from which the configuration was taken.
        pub config_from: Option<ConfigReference> = "ConfigFrom",
        /// Scope of the network.
        pub scope: String = "Scope",
    }
}

record! {
    /// IP address management (IPAM) of a swarm network.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct SwarmIpamOptions {
        /// IPAM driver.
        pub driver: Driver = "Driver",
        /// Subnets.
        pub configs: Vec<SwarmIpamConfig> = "Configs",
    }
}

record! {
    /// Subnet of a swarm network.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct SwarmIpamConfig {
        /// Subnet in CIDR format, such as `10.0.1.0/24`.
        pub subnet: String = "Subnet",
        /// Range within the subnet from which addresses are allocated; empty means the whole
        /// subnet.
        pub range: String = "Range",
        /// Address of the gateway.
        pub gateway: String = "Gateway",
    }
}

record! {
    /// Cluster volume attached to a task. Since API 1.42.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct VolumeAttachment {
        /// ID of the volume.
        pub id: String = "ID",
        /// Source requested by the service: name of the volume, or `group:` followed by the name of
        /// a group.
        pub source: String = "Source",
        /// Path in the container.
        pub target: String = "Target",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::testing::decode_response;

    /// The format of real engines, which differs from the API documentation.
    #[test]
    fn reads_the_format_of_engines() {
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
