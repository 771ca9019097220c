//! Images in a list, and what deleting them did.

use super::{ImageManifestSummary, OciDescriptor, StringList};
use crate::codec::record;
use crate::model::Map;

record! {
    /// One image of a list.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ImageSummary {
        /// Its id.
        pub id: String = "Id",
        /// Id of the image it was built on, where that was built here.
        pub parent_id: String = "ParentId",
        /// Its names with tags. Below API 1.43, an image without one has `<none>:<none>`.
        pub repo_tags: StringList = "RepoTags",
        /// Its names with digests. Below API 1.43, an image without one has `<none>@<none>`.
        pub repo_digests: StringList = "RepoDigests",
        /// When it was made, in seconds since 1970-01-01 UTC.
        pub created: i64 = "Created",
        /// Bytes of all its layers.
        pub size: i64 = "Size",
        /// Bytes that it shares with other images; -1 when not asked for.
        pub shared_size: i64 = "SharedSize",
        /// The same as `size`. Until API 1.43.
        pub virtual_size: i64 = "VirtualSize",
        /// Labels.
        pub labels: Map<String> = "Labels",
        /// Number of containers made from it; -1 when the engine did not count.
        pub containers: i64 = "Containers",
        /// Its manifests, where asked for; needs an image store that has several. Since API 1.47.
        pub manifests: Vec<ImageManifestSummary> = "Manifests",
        /// What its name stands for; needs an image store that has several manifests. Since API 1.48.
        pub descriptor: Option<OciDescriptor> = "Descriptor",
    }
}

record! {
    /// One thing that deleting images did: one of the two fields is set.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImageDeleteResponseItem {
        /// A name that was taken off.
        pub untagged: String = "Untagged",
        /// Id of an image or layer that was deleted.
        pub deleted: String = "Deleted",
    }
}
