//! Volumes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ClusterVolume, ClusterVolumeSpec, Timestamp, words};

words! {
    /// How far a volume reaches.
    pub enum VolumeScope {
        /// One machine.
        Local = "local",
        /// All machines of the cluster.
        Global = "global",
    }
}

/// A volume.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Volume {
    /// Name of the volume.
    pub name: String,
    /// Driver that runs it.
    pub driver: String,
    /// Where it is mounted on the engine's machine.
    pub mountpoint: String,
    /// When it was made; the offset from UTC may be other than zero. Empty where the driver does
    /// not say. For cluster volumes it is no RFC 3339; [`ClusterVolume::created_at`] is.
    pub created_at: Timestamp,
    /// What the driver tells of it, in its own terms.
    pub status: BTreeMap<String, serde_json::Value>,
    /// Labels of the volume.
    pub labels: BTreeMap<String, String>,
    /// How far it reaches.
    pub scope: VolumeScope,
    /// What the cluster knows of it; cluster volumes only. Since API 1.42.
    pub cluster_volume: Option<ClusterVolume>,
    /// Options the driver got when the volume was made.
    pub options: BTreeMap<String, String>,
    /// Size and use; told by `system().data_usage` only.
    pub usage_data: Option<VolumeUsageData>,
}

/// Size and use of a volume.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct VolumeUsageData {
    /// Bytes on disk; -1 where that is not known, as for all drivers but `local`.
    pub size: i64,
    /// How many containers use it; -1 where that is not known.
    pub ref_count: i64,
}

/// The volumes of an engine.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct VolumeListResponse {
    /// The volumes.
    pub volumes: Vec<Volume>,
    /// What went wrong while the drivers were asked; the list may be incomplete then.
    pub warnings: Vec<String>,
}

/// What a new volume shall be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct VolumeCreateRequest {
    /// Name of the volume; empty lets the engine make one up.
    pub name: String,
    /// Driver that runs it; empty means `local`.
    pub driver: String,
    /// Options for the driver.
    pub driver_opts: BTreeMap<String, String>,
    /// Labels of the volume.
    pub labels: BTreeMap<String, String>,
    /// Make it a volume of the cluster, run by a CSI plugin. Since API 1.42.
    pub cluster_volume_spec: Option<ClusterVolumeSpec>,
}

/// What shall change of a cluster volume. Since API 1.42.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct VolumeUpdateRequest {
    /// The whole spec, as taken from [`ClusterVolume::spec`] and changed. Engines accept no other
    /// change than that of `availability`.
    pub spec: Option<ClusterVolumeSpec>,
}

/// The volumes that were removed because nothing used them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct VolumePruneResponse {
    /// Their names.
    pub volumes_deleted: Vec<String>,
    /// Bytes of disk that are free again.
    pub space_reclaimed: u64,
}
