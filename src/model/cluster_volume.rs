//! Volumes of the cluster, run by CSI plugins. Since API 1.42.

use super::{EmptyObject, ObjectVersion, StringList, Timestamp};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
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

record! {
    /// What the cluster knows of a volume.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ClusterVolume {
        /// Its id in the cluster; good wherever its name is.
        pub id: String = "ID",
        /// Its version, which an update must name.
        pub version: ObjectVersion = "Version",
        /// When it was made.
        pub created_at: Timestamp = "CreatedAt",
        /// When it was last changed.
        pub updated_at: Timestamp = "UpdatedAt",
        /// What it shall be. To change it: take, change, send back.
        pub spec: ClusterVolumeSpec = "Spec",
        /// What became of it in the storage.
        pub info: Option<ClusterVolumeInfo> = "Info",
        /// The nodes it is on, or on its way to.
        pub publish_status: Vec<VolumePublishStatus> = "PublishStatus",
    }
}

record! {
    /// What became of a cluster volume in the storage.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ClusterVolumeInfo {
        /// Its size in bytes; 0 where that is not known.
        pub capacity_bytes: i64 = "CapacityBytes",
        /// What the plugin told when it made it.
        pub volume_context: Map<String> = "VolumeContext",
        /// Its id at the plugin; empty until the plugin has made it.
        pub volume_id: String = "VolumeID",
        /// Where it can be reached from.
        pub accessible_topology: Vec<Topology> = "AccessibleTopology",
    }
}

record! {
    /// How far a cluster volume has come on its way to one node.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct VolumePublishStatus {
        /// Id of the node.
        pub node_id: String = "NodeID",
        /// How far.
        pub state: VolumePublishState = "State",
        /// What the plugin told when it brought it there.
        pub publish_context: Map<String> = "PublishContext",
    }
}

record! {
    /// What a cluster volume shall be.
    #[derive(Clone, Default, PartialEq)]
    pub struct ClusterVolumeSpec {
        /// Group of volumes it belongs to. A service may ask for any volume of a group.
        pub group: String = "Group",
        /// How tasks use it.
        pub access_mode: Option<VolumeAccessMode> = "AccessMode",
        /// Where it must be reached from; missing means everywhere.
        pub accessibility_requirements: Option<TopologyRequirement> = "AccessibilityRequirements",
        /// How large it shall be; missing leaves it to the plugin.
        pub capacity_range: Option<CapacityRange> = "CapacityRange",
        /// Secrets the plugin gets when it works on the volume.
        pub secrets: Vec<VolumeSecret> = "Secrets",
        /// Whether tasks may use it now; empty means active.
        pub availability: VolumeAvailability = "Availability",
        ..unknown
    }
}

record! {
    /// How tasks use a cluster volume.
    ///
    /// Either `mount_volume` or `block_volume` must be there, not both.
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeAccessMode {
        /// How many nodes may use it at a time; empty means one.
        pub scope: VolumeAccessScope = "Scope",
        /// How tasks may share it; empty means not at all.
        pub sharing: VolumeSharing = "Sharing",
        /// Use it as a file system.
        pub mount_volume: Option<VolumeTypeMount> = "MountVolume",
        /// Use it as a block device.
        pub block_volume: Option<EmptyObject> = "BlockVolume",
        ..unknown
    }
}

record! {
    /// How a cluster volume is mounted as a file system.
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeTypeMount {
        /// The file system, such as `ext4`; empty leaves it to the plugin.
        pub fs_type: String = "FsType",
        /// Mount options.
        pub mount_flags: StringList = "MountFlags",
        ..unknown
    }
}

record! {
    /// A secret for the plugin of a cluster volume.
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeSecret {
        /// What the plugin calls it.
        pub key: String = "Key",
        /// Id or name of the secret in the cluster.
        pub secret: String = "Secret",
        ..unknown
    }
}

record! {
    /// Where a cluster volume must be reached from.
    #[derive(Clone, Default, PartialEq)]
    pub struct TopologyRequirement {
        /// From one of these at least.
        pub requisite: Vec<Topology> = "Requisite",
        /// From these if possible, the first before the others.
        pub preferred: Vec<Topology> = "Preferred",
        ..unknown
    }
}

record! {
    /// A place in the cluster, in the words of a CSI plugin.
    #[derive(Clone, Default, PartialEq)]
    pub struct Topology {
        /// Such as `zone` → `Z1`, `rack` → `R3`.
        pub segments: Map<String> = "Segments",
        ..unknown
    }
}

record! {
    /// How large a cluster volume shall be.
    #[derive(Clone, Default, PartialEq)]
    pub struct CapacityRange {
        /// Bytes at least; 0 means no lower bound.
        pub required_bytes: i64 = "RequiredBytes",
        /// Bytes at most; 0 means no upper bound.
        pub limit_bytes: i64 = "LimitBytes",
        ..unknown
    }
}
