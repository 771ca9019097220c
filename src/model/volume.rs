//! Volumes.

use super::{ClusterVolume, ClusterVolumeSpec, StringList, Timestamp};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
    /// Scope of a volume.
    pub enum VolumeScope {
        /// One host.
        Local = "local",
        /// All hosts of the cluster.
        Global = "global",
    }
}

record! {
    /// Volume.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Volume {
        /// Name of the volume.
        pub name: String = "Name",
        /// Volume driver.
        pub driver: String = "Driver",
        /// Mount point on the host.
        pub mountpoint: String = "Mountpoint",
        /// Creation time, possibly with a UTC offset; empty if the driver does not report it. Not
        /// in RFC 3339 format for cluster volumes; use [`ClusterVolume::created_at`] instead.
        pub created_at: Timestamp = "CreatedAt",
        /// Driver-specific status.
        pub status: Map<serde_json::Value> = "Status",
        /// Labels of the volume.
        pub labels: Map<String> = "Labels",
        /// Scope of the volume.
        pub scope: VolumeScope = "Scope",
        /// Cluster volume information; cluster volumes only. Since API 1.42.
        pub cluster_volume: Option<ClusterVolume> = "ClusterVolume",
        /// Driver options given at creation.
        pub options: Map<String> = "Options",
        /// Disk usage; only in the response of `system().data_usage`.
        pub usage_data: Option<VolumeUsageData> = "UsageData",
    }
}

record! {
    /// Disk usage of a volume.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct VolumeUsageData {
        /// Size in bytes; -1 if unknown, as for all drivers except `local`.
        pub size: i64 = "Size",
        /// Number of containers that use the volume; -1 if unknown.
        pub ref_count: i64 = "RefCount",
    }
}

record! {
    /// Response of VolumeList.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct VolumeListResponse {
        /// Volumes.
        pub volumes: Vec<Volume> = "Volumes",
        /// Errors of volume drivers; the list may then be incomplete.
        pub warnings: StringList = "Warnings",
    }
}

record! {
    /// Body of VolumeCreate.
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeCreateRequest {
        /// Name of the volume; empty lets the engine generate one.
        pub name: String = "Name",
        /// Volume driver; empty means `local`.
        pub driver: String = "Driver",
        /// Driver options.
        pub driver_opts: Map<String> = "DriverOpts",
        /// Labels of the volume.
        pub labels: Map<String> = "Labels",
        /// Spec of a cluster volume, provided by a CSI plugin. Since API 1.42.
        pub cluster_volume_spec: Option<ClusterVolumeSpec> = "ClusterVolumeSpec" since 42,
    }
}

record! {
    /// Body of VolumeUpdate, for cluster volumes. Since API 1.42.
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeUpdateRequest {
        /// Complete spec, taken from [`ClusterVolume::spec`] and modified. Engines only accept a
        /// change of `availability`.
        pub spec: Option<ClusterVolumeSpec> = "Spec",
    }
}

record! {
    /// Response of VolumePrune.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct VolumePruneResponse {
        /// Names of the unused volumes that were removed.
        pub volumes_deleted: StringList = "VolumesDeleted",
        /// Disk space reclaimed in bytes.
        pub space_reclaimed: u64 = "SpaceReclaimed",
    }
}
