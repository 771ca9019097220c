//! Volumes.

use super::{ClusterVolume, ClusterVolumeSpec, StringList, Timestamp};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
    /// How far a volume reaches.
    pub enum VolumeScope {
        /// One machine.
        Local = "local",
        /// All machines of the cluster.
        Global = "global",
    }
}

record! {
    /// A volume.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Volume {
        /// Name of the volume.
        pub name: String = "Name",
        /// Driver that runs it.
        pub driver: String = "Driver",
        /// Where it is mounted on the engine's machine.
        pub mountpoint: String = "Mountpoint",
        /// When it was made; the offset from UTC may be other than zero. Empty where the driver does
        /// not say. For cluster volumes it is no RFC 3339; [`ClusterVolume::created_at`] is.
        pub created_at: Timestamp = "CreatedAt",
        /// What the driver tells of it, in its own terms.
        pub status: Map<serde_json::Value> = "Status",
        /// Labels of the volume.
        pub labels: Map<String> = "Labels",
        /// How far it reaches.
        pub scope: VolumeScope = "Scope",
        /// What the cluster knows of it; cluster volumes only. Since API 1.42.
        pub cluster_volume: Option<ClusterVolume> = "ClusterVolume",
        /// Options the driver got when the volume was made.
        pub options: Map<String> = "Options",
        /// Size and use; told by `system().data_usage` only.
        pub usage_data: Option<VolumeUsageData> = "UsageData",
    }
}

record! {
    /// Size and use of a volume.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct VolumeUsageData {
        /// Bytes on disk; -1 where that is not known, as for all drivers but `local`.
        pub size: i64 = "Size",
        /// How many containers use it; -1 where that is not known.
        pub ref_count: i64 = "RefCount",
    }
}

record! {
    /// The volumes of an engine.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct VolumeListResponse {
        /// The volumes.
        pub volumes: Vec<Volume> = "Volumes",
        /// What went wrong while the drivers were asked; the list may be incomplete then.
        pub warnings: StringList = "Warnings",
    }
}

record! {
    /// What a new volume shall be.
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeCreateRequest {
        /// Name of the volume; empty lets the engine make one up.
        pub name: String = "Name",
        /// Driver that runs it; empty means `local`.
        pub driver: String = "Driver",
        /// Options for the driver.
        pub driver_opts: Map<String> = "DriverOpts",
        /// Labels of the volume.
        pub labels: Map<String> = "Labels",
        /// Make it a volume of the cluster, run by a CSI plugin. Since API 1.42.
        pub cluster_volume_spec: Option<ClusterVolumeSpec> = "ClusterVolumeSpec" since 42,
    }
}

record! {
    /// What shall change of a cluster volume. Since API 1.42.
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeUpdateRequest {
        /// The whole spec, as taken from [`ClusterVolume::spec`] and changed. Engines accept no other
        /// change than that of `availability`.
        pub spec: Option<ClusterVolumeSpec> = "Spec",
    }
}

record! {
    /// The volumes that were removed because nothing used them.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct VolumePruneResponse {
        /// Their names.
        pub volumes_deleted: StringList = "VolumesDeleted",
        /// Bytes of disk that are free again.
        pub space_reclaimed: u64 = "SpaceReclaimed",
    }
}
