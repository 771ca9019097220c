//! Swarm nodes.

use super::{ObjectVersion, Platform, ResourceObject, Timestamp, TlsInfo, Topology};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
    /// Role of a node.
    pub enum NodeRole {
        /// Worker, which runs tasks.
        Worker = "worker",
        /// Manager, which also manages the swarm.
        Manager = "manager",
    }

    /// Availability of a node for tasks.
    pub enum NodeAvailability {
        /// Accepts new tasks.
        Active = "active",
        /// Accepts no new tasks; existing tasks keep running.
        Pause = "pause",
        /// Accepts no new tasks; existing tasks move to other nodes.
        Drain = "drain",
    }

    /// State of a node.
    pub enum NodeState {
        /// Not known yet.
        Unknown = "unknown",
        /// Not reachable by the managers.
        Down = "down",
        /// Ready.
        Ready = "ready",
        /// Disconnected on its own request.
        Disconnected = "disconnected",
    }

    /// Reachability of a manager.
    pub enum Reachability {
        /// Not known yet.
        Unknown = "unknown",
        /// Not reachable from the other managers.
        Unreachable = "unreachable",
        /// Reachable.
        Reachable = "reachable",
    }
}

record! {
    /// Node of a swarm.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Node {
        /// ID of the node.
        pub id: String = "ID",
        /// Version of the object; required for an update.
        pub version: ObjectVersion = "Version",
        /// Time when the node joined.
        pub created_at: Timestamp = "CreatedAt",
        /// Time of the last update.
        pub updated_at: Timestamp = "UpdatedAt",
        /// Desired configuration. For an update, modify it and send it back.
        pub spec: NodeSpec = "Spec",
        /// Description reported by the node.
        pub description: NodeDescription = "Description",
        /// Current status.
        pub status: NodeStatus = "Status",
        /// Status as a manager; `None` for workers.
        pub manager_status: Option<ManagerStatus> = "ManagerStatus",
    }
}

record! {
    /// Desired configuration of a node.
    #[derive(Clone, Default, PartialEq)]
    pub struct NodeSpec {
        /// Name of the node; not the host name, and usually empty.
        pub name: String = "Name",
        /// Labels of the node.
        pub labels: Map<String> = "Labels",
        /// Role of the node.
        pub role: NodeRole = "Role",
        /// Availability for tasks.
        pub availability: NodeAvailability = "Availability",
        ..unknown
    }
}

record! {
    /// Description reported by a node.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct NodeDescription {
        /// Host name.
        pub hostname: String = "Hostname",
        /// Platform.
        pub platform: Platform = "Platform",
        /// Resources of the node.
        pub resources: ResourceObject = "Resources",
        /// Engine of the node.
        pub engine: EngineDescription = "Engine",
        /// TLS trust roots and issuer of the node.
        pub tls_info: TlsInfo = "TLSInfo",
        /// CSI plugins on the node. Since API 1.42.
        pub csi_info: Vec<NodeCsiInfo> = "CSIInfo",
    }
}

record! {
    /// Engine of a node.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct EngineDescription {
        /// Engine version, such as `28.5.2`.
        pub engine_version: String = "EngineVersion",
        /// Labels of the engine's configuration.
        pub labels: Map<String> = "Labels",
        /// Plugins, including the built-in ones.
        pub plugins: Vec<EnginePlugin> = "Plugins",
    }
}

record! {
    /// Plugin of a node's engine.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct EnginePlugin {
        /// Type of the plugin: `Log`, `Network`, `Volume` …
        pub r#type: String = "Type",
        /// Name of the plugin.
        pub name: String = "Name",
    }
}

record! {
    /// CSI plugin on a node. Since API 1.42.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct NodeCsiInfo {
        /// Name of the plugin.
        pub plugin_name: String = "PluginName",
        /// ID of the node as defined by the plugin, not the swarm's node ID.
        pub node_id: String = "NodeID",
        /// Maximum number of volumes on the node; 0 if the plugin does not report it.
        pub max_volumes_per_node: i64 = "MaxVolumesPerNode",
        /// Topology of the node as defined by the plugin.
        pub accessible_topology: Option<Topology> = "AccessibleTopology",
    }
}

record! {
    /// Status of a node.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct NodeStatus {
        /// State of the node.
        pub state: NodeState = "State",
        /// Reason if the node is not ready; usually empty.
        pub message: String = "Message",
        /// IP address of the node.
        pub addr: String = "Addr",
    }
}

record! {
    /// Status of a manager.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ManagerStatus {
        /// Whether the manager is the leader.
        pub leader: bool = "Leader",
        /// Reachability from the other managers.
        pub reachability: Reachability = "Reachability",
        /// Address for the other managers, as `address:port`.
        pub addr: String = "Addr",
    }
}
