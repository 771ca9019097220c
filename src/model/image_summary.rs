//! Images in a list, and what deleting them did.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ImageManifestSummary, OciDescriptor};

/// One image of a list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageSummary {
    /// Its id.
    pub id: String,
    /// Id of the image it was built on, where that was built here.
    pub parent_id: String,
    /// Its names with tags. Below API 1.43, an image without one has `<none>:<none>`.
    pub repo_tags: Vec<String>,
    /// Its names with digests. Below API 1.43, an image without one has `<none>@<none>`.
    pub repo_digests: Vec<String>,
    /// When it was made, in seconds since 1970-01-01 UTC.
    pub created: i64,
    /// Bytes of all its layers.
    pub size: i64,
    /// Bytes that it shares with other images; -1 when not asked for.
    pub shared_size: i64,
    /// The same as `size`. Until API 1.43.
    pub virtual_size: i64,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Number of containers made from it; -1 when the engine did not count.
    pub containers: i64,
    /// Its manifests, where asked for; needs an image store that has several. Since API 1.47.
    pub manifests: Vec<ImageManifestSummary>,
    /// What its name stands for; needs an image store that has several manifests. Since API 1.48.
    pub descriptor: Option<OciDescriptor>,
}

/// One thing that deleting images did: one of the two fields is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageDeleteResponseItem {
    /// A name that was taken off.
    pub untagged: String,
    /// Id of an image or layer that was deleted.
    pub deleted: String,
}
