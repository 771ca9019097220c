//! What pruning set free.

use serde::{Deserialize, Serialize};

use super::ImageDeleteResponseItem;

/// Answer to container prune.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerPruneResponse {
    /// Ids of the containers that were deleted.
    pub containers_deleted: Vec<String>,
    /// Bytes set free.
    pub space_reclaimed: u64,
}

/// Answer to image prune.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImagePruneResponse {
    /// What was done.
    pub images_deleted: Vec<ImageDeleteResponseItem>,
    /// Bytes set free.
    pub space_reclaimed: u64,
}

/// Answer to build prune.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BuildPruneResponse {
    /// Ids of the cache records that were deleted.
    pub caches_deleted: Vec<String>,
    /// Bytes set free.
    pub space_reclaimed: u64,
}
