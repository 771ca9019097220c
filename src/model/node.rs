//! The machines of the cluster.

use super::{ObjectVersion, Platform, ResourceObject, Timestamp, TlsInfo, Topology};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
    /// What a node does.
    pub enum NodeRole {
        /// It runs tasks.
        Worker = "worker",
        /// It also runs the cluster.
        Manager = "manager",
    }

    /// Whether a node takes tasks.
    pub enum NodeAvailability {
        /// It does.
        Active = "active",
        /// It keeps those it has and takes no more.
        Pause = "pause",
        /// It hands over those it has and takes no more.
        Drain = "drain",
    }

    /// Whether a node is there.
    pub enum NodeState {
        /// Nobody knows yet.
        Unknown = "unknown",
        /// It is gone.
        Down = "down",
        /// It is there.
        Ready = "ready",
        /// It has said that it goes.
        Disconnected = "disconnected",
    }

    /// Whether a manager can be reached by the others.
    pub enum Reachability {
        /// Nobody knows yet.
        Unknown = "unknown",
        /// It cannot.
        Unreachable = "unreachable",
        /// It can.
        Reachable = "reachable",
    }
}

record! {
    /// A machine of the cluster.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Node {
        /// Id of the node.
        pub id: String = "ID",
        /// Its version, which an update must name.
        pub version: ObjectVersion = "Version",
        /// When it joined.
        pub created_at: Timestamp = "CreatedAt",
        /// When it last changed.
        pub updated_at: Timestamp = "UpdatedAt",
        /// How it shall be. To change it: take, change, send back.
        pub spec: NodeSpec = "Spec",
        /// What it says of itself.
        pub description: NodeDescription = "Description",
        /// Whether it is there.
        pub status: NodeStatus = "Status",
        /// How it does as a manager; missing for workers.
        pub manager_status: Option<ManagerStatus> = "ManagerStatus",
    }
}

record! {
    /// How a node shall be.
    #[derive(Clone, Default, PartialEq)]
    pub struct NodeSpec {
        /// Name of the node; not that of the machine, and mostly empty.
        pub name: String = "Name",
        /// Labels of the node.
        pub labels: Map<String> = "Labels",
        /// What it does.
        pub role: NodeRole = "Role",
        /// Whether it takes tasks.
        pub availability: NodeAvailability = "Availability",
        ..unknown
    }
}

record! {
    /// What a node says of itself.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct NodeDescription {
        /// Name of the machine.
        pub hostname: String = "Hostname",
        /// Its kind.
        pub platform: Platform = "Platform",
        /// What it has.
        pub resources: ResourceObject = "Resources",
        /// Its engine.
        pub engine: EngineDescription = "Engine",
        /// Who signs the certificates it trusts.
        pub tls_info: TlsInfo = "TLSInfo",
        /// The plugins for cluster volumes on it. Since API 1.42.
        pub csi_info: Vec<NodeCsiInfo> = "CSIInfo",
    }
}

record! {
    /// The engine of a node.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct EngineDescription {
        /// Its version, such as `28.5.2`.
        pub engine_version: String = "EngineVersion",
        /// Labels from its configuration.
        pub labels: Map<String> = "Labels",
        /// Its plugins, with those built in.
        pub plugins: Vec<EnginePlugin> = "Plugins",
    }
}

record! {
    /// A plugin of a node's engine.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct EnginePlugin {
        /// What it is for: `Log`, `Network`, `Volume` …
        pub r#type: String = "Type",
        /// Name of the plugin.
        pub name: String = "Name",
    }
}

record! {
    /// A plugin for cluster volumes on a node. Since API 1.42.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct NodeCsiInfo {
        /// Name of the plugin.
        pub plugin_name: String = "PluginName",
        /// What the plugin calls the node; not the node's id.
        pub node_id: String = "NodeID",
        /// How many volumes the node can hold at most; 0 where the plugin does not say.
        pub max_volumes_per_node: i64 = "MaxVolumesPerNode",
        /// Where the node is, in the plugin's words.
        pub accessible_topology: Option<Topology> = "AccessibleTopology",
    }
}

record! {
    /// Whether a node is there.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct NodeStatus {
        /// Whether it is there.
        pub state: NodeState = "State",
        /// Why it is not; mostly empty.
        pub message: String = "Message",
        /// Its address.
        pub addr: String = "Addr",
    }
}

record! {
    /// How a node does as a manager.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ManagerStatus {
        /// Whether it leads.
        pub leader: bool = "Leader",
        /// Whether the others reach it.
        pub reachability: Reachability = "Reachability",
        /// Where the others reach it, as `address:port`.
        pub addr: String = "Addr",
    }
}
