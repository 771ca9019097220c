//! What pruning set free.

use super::{ImageDeleteResponseItem, StringList};
use crate::codec::record;

record! {
    /// Answer to container prune.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerPruneResponse {
        /// Ids of the containers that were deleted.
        pub containers_deleted: StringList = "ContainersDeleted",
        /// Bytes set free.
        pub space_reclaimed: u64 = "SpaceReclaimed",
    }
}

record! {
    /// Answer to image prune.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImagePruneResponse {
        /// What was done.
        pub images_deleted: Vec<ImageDeleteResponseItem> = "ImagesDeleted",
        /// Bytes set free.
        pub space_reclaimed: u64 = "SpaceReclaimed",
    }
}

record! {
    /// Answer to build prune.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct BuildPruneResponse {
        /// Ids of the cache records that were deleted.
        pub caches_deleted: StringList = "CachesDeleted",
        /// Bytes set free.
        pub space_reclaimed: u64 = "SpaceReclaimed",
    }
}
