//! Cluster volumes, which CSI plugins provide. Since API 1.42.

use super::{EmptyObject, ObjectVersion, StringList, Timestamp};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
    /// Number of nodes that may use a cluster volume at the same time.
    pub enum VolumeAccessScope {
        /// One node.
        Single = "single",
        /// Any number of nodes.
        Multi = "multi",
    }

    /// Sharing of a cluster volume between tasks.
    pub enum VolumeSharing {
        /// One task at a time.
        None = "none",
        /// Any number of tasks, all read-only.
        ReadOnly = "readonly",
        /// Any number of tasks, of which one may write.
        OneWriter = "onewriter",
        /// Any number of readers and writers.
        All = "all",
    }

    /// Availability of a cluster volume for tasks.
    pub enum VolumeAvailability {
        /// Available for new tasks.
        Active = "active",
        /// No new tasks are scheduled; tasks that use the volume keep running.
        Pause = "pause",
        /// No new tasks are scheduled; tasks that use the volume are stopped and rescheduled.
        Drain = "drain",
    }

    /// Publish state of a cluster volume on a node.
    pub enum VolumePublishState {
        /// Publishing is pending.
        PendingPublish = "pending-publish",
        /// Published on the node.
        Published = "published",
        /// Unpublishing is pending; the node has not confirmed it yet.
        PendingNodeUnpublish = "pending-node-unpublish",
        /// Unpublished on the node, but not yet by the controller plugin.
        PendingControllerUnpublish = "pending-controller-unpublish",
    }
}

record! {
    /// Cluster volume, as the swarm manages it.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ClusterVolume {
        /// ID of the volume in the swarm; accepted wherever the volume name is.
        pub id: String = "ID",
        /// Version of the object; required for an update.
        pub version: ObjectVersion = "Version",
        /// Creation time.
        pub created_at: Timestamp = "CreatedAt",
        /// Time of the last update.
        pub updated_at: Timestamp = "UpdatedAt",
        /// Desired configuration. For an update, modify it and send it back.
        pub spec: ClusterVolumeSpec = "Spec",
        /// State of the volume in the storage system.
        pub info: Option<ClusterVolumeInfo> = "Info",
        /// Publish state on each node where the volume is published, is being published or is being
        /// unpublished.
        pub publish_status: Vec<VolumePublishStatus> = "PublishStatus",
    }
}

record! {
    /// State of a cluster volume in the storage system.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ClusterVolumeInfo {
        /// Capacity in bytes; 0 if unknown.
        pub capacity_bytes: i64 = "CapacityBytes",
        /// Volume context that the plugin returned when it created the volume.
        pub volume_context: Map<String> = "VolumeContext",
        /// ID of the volume at the plugin; empty until the plugin has created the volume.
        pub volume_id: String = "VolumeID",
        /// Topology the volume is accessible from.
        pub accessible_topology: Vec<Topology> = "AccessibleTopology",
    }
}

record! {
    /// Publish state of a cluster volume on one node.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct VolumePublishStatus {
        /// ID of the node.
        pub node_id: String = "NodeID",
        /// Publish state.
        pub state: VolumePublishState = "State",
        /// Publish context that the plugin returned when it published the volume.
        pub publish_context: Map<String> = "PublishContext",
    }
}

record! {
    /// Desired configuration of a cluster volume.
    #[derive(Clone, Default, PartialEq)]
    pub struct ClusterVolumeSpec {
        /// Group of the volume. A service can request any volume of a group.
        pub group: String = "Group",
        /// Access mode of the volume.
        pub access_mode: Option<VolumeAccessMode> = "AccessMode",
        /// Topology the volume must be accessible from; `None` means everywhere.
        pub accessibility_requirements: Option<TopologyRequirement> = "AccessibilityRequirements",
        /// Desired capacity; `None` leaves it to the plugin.
        pub capacity_range: Option<CapacityRange> = "CapacityRange",
        /// Secrets passed to the plugin when it operates on the volume.
        pub secrets: Vec<VolumeSecret> = "Secrets",
        /// Availability for tasks; empty means `active`.
        pub availability: VolumeAvailability = "Availability",
        ..unknown
    }
}

record! {
    /// Access mode of a cluster volume.
    ///
    /// Exactly one of `mount_volume` and `block_volume` must be set.
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeAccessMode {
        /// Number of nodes that may use the volume at the same time; empty means one.
        pub scope: VolumeAccessScope = "Scope",
        /// Sharing between tasks; empty means none.
        pub sharing: VolumeSharing = "Sharing",
        /// Use the volume as a mounted file system.
        pub mount_volume: Option<VolumeTypeMount> = "MountVolume",
        /// Use the volume as a block device.
        pub block_volume: Option<EmptyObject> = "BlockVolume",
        ..unknown
    }
}

record! {
    /// Options of a cluster volume that is mounted as a file system.
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeTypeMount {
        /// File system type, such as `ext4`; empty leaves it to the plugin.
        pub fs_type: String = "FsType",
        /// Mount options.
        pub mount_flags: StringList = "MountFlags",
        ..unknown
    }
}

record! {
    /// Secret for the plugin of a cluster volume.
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeSecret {
        /// Name under which the plugin receives the secret.
        pub key: String = "Key",
        /// ID or name of the secret in the swarm.
        pub secret: String = "Secret",
        ..unknown
    }
}

record! {
    /// Topology that a cluster volume must be accessible from.
    #[derive(Clone, Default, PartialEq)]
    pub struct TopologyRequirement {
        /// Topologies of which at least one is required.
        pub requisite: Vec<Topology> = "Requisite",
        /// Preferred topologies, in descending order of preference.
        pub preferred: Vec<Topology> = "Preferred",
        ..unknown
    }
}

record! {
    /// Location in the cluster, as defined by a CSI plugin.
    #[derive(Clone, Default, PartialEq)]
    pub struct Topology {
        /// Topological segments, such as `zone` → `Z1`, `rack` → `R3`.
        pub segments: Map<String> = "Segments",
        ..unknown
    }
}

record! {
    /// Desired capacity of a cluster volume.
    #[derive(Clone, Default, PartialEq)]
    pub struct CapacityRange {
        /// Minimum in bytes; 0 means no minimum.
        pub required_bytes: i64 = "RequiredBytes",
        /// Maximum in bytes; 0 means no maximum.
        pub limit_bytes: i64 = "LimitBytes",
        ..unknown
    }
}
