//! Volumes of the cluster, run by CSI plugins. Since API 1.42.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ObjectVersion, Presence, Timestamp, Unknown, words};

words! {
    /// How many nodes may use a cluster volume at a time.
    pub enum VolumeAccessScope {
        /// One.
        Single = "single",
        /// Any number.
        Multi = "multi",
    }

    /// How tasks may share a cluster volume.
    pub enum VolumeSharing {
        /// One task at a time.
        None = "none",
        /// Any number of tasks, which only read.
        ReadOnly = "readonly",
        /// Any number of tasks, one of which writes.
        OneWriter = "onewriter",
        /// Any number of tasks, which read and write.
        All = "all",
    }

    /// Whether tasks may use a cluster volume now.
    pub enum VolumeAvailability {
        /// They may.
        Active = "active",
        /// Those that use it go on, no more are added.
        Pause = "pause",
        /// Those that use it are moved elsewhere, no more are added.
        Drain = "drain",
    }

    /// How far a cluster volume has come on its way to a node, or from it.
    pub enum VolumePublishState {
        /// It shall go there.
        PendingPublish = "pending-publish",
        /// It is there.
        Published = "published",
        /// It shall be taken away; the node has not yet let go of it.
        PendingNodeUnpublish = "pending-node-unpublish",
        /// The node has let go of it; the storage has not yet.
        PendingControllerUnpublish = "pending-controller-unpublish",
    }
}

/// What the cluster knows of a volume.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ClusterVolume {
    /// Its id in the cluster; good wherever its name is.
    #[serde(rename = "ID")]
    pub id: String,
    /// Its version, which an update must name.
    pub version: ObjectVersion,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What it shall be. To change it: take, change, send back.
    pub spec: ClusterVolumeSpec,
    /// What became of it in the storage.
    pub info: Option<ClusterVolumeInfo>,
    /// The nodes it is on, or on its way to.
    pub publish_status: Vec<VolumePublishStatus>,
}

/// What became of a cluster volume in the storage.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ClusterVolumeInfo {
    /// Its size in bytes; 0 where that is not known.
    pub capacity_bytes: i64,
    /// What the plugin told when it made it.
    pub volume_context: BTreeMap<String, String>,
    /// Its id at the plugin; empty until the plugin has made it.
    #[serde(rename = "VolumeID")]
    pub volume_id: String,
    /// Where it can be reached from.
    pub accessible_topology: Vec<Topology>,
}

/// How far a cluster volume has come on its way to one node.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct VolumePublishStatus {
    /// Id of the node.
    #[serde(rename = "NodeID")]
    pub node_id: String,
    /// How far.
    pub state: VolumePublishState,
    /// What the plugin told when it brought it there.
    pub publish_context: BTreeMap<String, String>,
}

/// What a cluster volume shall be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ClusterVolumeSpec {
    /// Group of volumes it belongs to. A service may ask for any volume of a group.
    pub group: String,
    /// How tasks use it.
    pub access_mode: Option<VolumeAccessMode>,
    /// Where it must be reached from; missing means everywhere.
    pub accessibility_requirements: Option<TopologyRequirement>,
    /// How large it shall be; missing leaves it to the plugin.
    pub capacity_range: Option<CapacityRange>,
    /// Secrets the plugin gets when it works on the volume.
    pub secrets: Vec<VolumeSecret>,
    /// Whether tasks may use it now; empty means active.
    pub availability: VolumeAvailability,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// How tasks use a cluster volume.
///
/// Either `mount_volume` or `block_volume` must be there, not both.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct VolumeAccessMode {
    /// How many nodes may use it at a time; empty means one.
    pub scope: VolumeAccessScope,
    /// How tasks may share it; empty means not at all.
    pub sharing: VolumeSharing,
    /// Use it as a file system.
    pub mount_volume: Option<VolumeTypeMount>,
    /// Use it as a block device.
    pub block_volume: Option<Presence>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// How a cluster volume is mounted as a file system.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct VolumeTypeMount {
    /// The file system, such as `ext4`; empty leaves it to the plugin.
    pub fs_type: String,
    /// Mount options.
    pub mount_flags: Vec<String>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// A secret for the plugin of a cluster volume.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct VolumeSecret {
    /// What the plugin calls it.
    pub key: String,
    /// Id or name of the secret in the cluster.
    pub secret: String,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// Where a cluster volume must be reached from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct TopologyRequirement {
    /// From one of these at least.
    pub requisite: Vec<Topology>,
    /// From these if possible, the first before the others.
    pub preferred: Vec<Topology>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// A place in the cluster, in the words of a CSI plugin.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Topology {
    /// Such as `zone` → `Z1`, `rack` → `R3`.
    pub segments: BTreeMap<String, String>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// How large a cluster volume shall be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct CapacityRange {
    /// Bytes at least; 0 means no lower bound.
    pub required_bytes: i64,
    /// Bytes at most; 0 means no upper bound.
    pub limit_bytes: i64,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}
