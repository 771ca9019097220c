//! The machines of the cluster.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    ObjectVersion, Platform, ResourceObject, Timestamp, TlsInfo, Topology, Unknown, words,
};

words! {
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

/// A machine of the cluster.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Node {
    /// Id of the node.
    #[serde(rename = "ID")]
    pub id: String,
    /// Its version, which an update must name.
    pub version: ObjectVersion,
    /// When it joined.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// How it shall be. To change it: take, change, send back.
    pub spec: NodeSpec,
    /// What it says of itself.
    pub description: NodeDescription,
    /// Whether it is there.
    pub status: NodeStatus,
    /// How it does as a manager; missing for workers.
    pub manager_status: Option<ManagerStatus>,
}

/// How a node shall be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct NodeSpec {
    /// Name of the node; not that of the machine, and mostly empty.
    pub name: String,
    /// Labels of the node.
    pub labels: BTreeMap<String, String>,
    /// What it does.
    pub role: NodeRole,
    /// Whether it takes tasks.
    pub availability: NodeAvailability,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// What a node says of itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NodeDescription {
    /// Name of the machine.
    pub hostname: String,
    /// Its kind.
    pub platform: Platform,
    /// What it has.
    pub resources: ResourceObject,
    /// Its engine.
    pub engine: EngineDescription,
    /// Who signs the certificates it trusts.
    #[serde(rename = "TLSInfo")]
    pub tls_info: TlsInfo,
    /// The plugins for cluster volumes on it. Since API 1.42.
    #[serde(rename = "CSIInfo")]
    pub csi_info: Vec<NodeCsiInfo>,
}

/// The engine of a node.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EngineDescription {
    /// Its version, such as `28.5.2`.
    pub engine_version: String,
    /// Labels from its configuration.
    pub labels: BTreeMap<String, String>,
    /// Its plugins, with those built in.
    pub plugins: Vec<EnginePlugin>,
}

/// A plugin of a node's engine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EnginePlugin {
    /// What it is for: `Log`, `Network`, `Volume` …
    pub r#type: String,
    /// Name of the plugin.
    pub name: String,
}

/// A plugin for cluster volumes on a node. Since API 1.42.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NodeCsiInfo {
    /// Name of the plugin.
    pub plugin_name: String,
    /// What the plugin calls the node; not the node's id.
    #[serde(rename = "NodeID")]
    pub node_id: String,
    /// How many volumes the node can hold at most; 0 where the plugin does not say.
    pub max_volumes_per_node: i64,
    /// Where the node is, in the plugin's words.
    pub accessible_topology: Option<Topology>,
}

/// Whether a node is there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NodeStatus {
    /// Whether it is there.
    pub state: NodeState,
    /// Why it is not; mostly empty.
    pub message: String,
    /// Its address.
    pub addr: String,
}

/// How a node does as a manager.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ManagerStatus {
    /// Whether it leads.
    pub leader: bool,
    /// Whether the others reach it.
    pub reachability: Reachability,
    /// Where the others reach it, as `address:port`.
    pub addr: String,
}
