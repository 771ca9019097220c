//! Responses of prune operations.

use super::{ImageDeleteResponseItem, StringList};
use crate::codec::record;

record! {
    /// Response of ContainerPrune.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerPruneResponse {
        /// IDs of the containers that were deleted.
        pub containers_deleted: StringList = "ContainersDeleted",
        /// Disk space reclaimed in bytes.
        pub space_reclaimed: u64 = "SpaceReclaimed",
    }
}

record! {
    /// Response of ImagePrune.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImagePruneResponse {
        /// Images that were untagged or deleted.
        pub images_deleted: Vec<ImageDeleteResponseItem> = "ImagesDeleted",
        /// Disk space reclaimed in bytes.
        pub space_reclaimed: u64 = "SpaceReclaimed",
    }
}

record! {
    /// Response of BuildPrune.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct BuildPruneResponse {
        /// IDs of the build cache records that were deleted.
        pub caches_deleted: StringList = "CachesDeleted",
        /// Disk space reclaimed in bytes.
        pub space_reclaimed: u64 = "SpaceReclaimed",
    }
}
