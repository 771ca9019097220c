//! Images in a list, and results of image removal.

use super::{ImageManifestSummary, OciDescriptor, StringList};
use crate::codec::record;
use crate::model::Map;

record! {
    /// Image in a list, as returned by ImageList.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ImageSummary {
        /// ID of the image.
        pub id: String = "Id",
        /// ID of the parent image, if the image was built by this engine.
        pub parent_id: String = "ParentId",
        /// Names with tags. Before API 1.43 an image without a tag has `<none>:<none>`.
        pub repo_tags: StringList = "RepoTags",
        /// Names with digests. Before API 1.43 an image without a digest has `<none>@<none>`.
        pub repo_digests: StringList = "RepoDigests",
        /// Creation time as a Unix timestamp in seconds.
        pub created: i64 = "Created",
        /// Size of all layers in bytes.
        pub size: i64 = "Size",
        /// Size shared with other images in bytes; -1 if not requested.
        pub shared_size: i64 = "SharedSize",
        /// Same as `size`. Until API 1.43.
        pub virtual_size: i64 = "VirtualSize",
        /// Labels.
        pub labels: Map<String> = "Labels",
        /// Number of containers that use the image; -1 if the engine did not count them.
        pub containers: i64 = "Containers",
        /// Manifests of the image; only if requested. Requires an image store that supports several
        /// manifests per image. Since API 1.47.
        pub manifests: Vec<ImageManifestSummary> = "Manifests",
        /// Descriptor that the image name refers to. Requires an image store that supports several
        /// manifests per image. Since API 1.48.
        pub descriptor: Option<OciDescriptor> = "Descriptor",
    }
}

record! {
    /// One step of ImageDelete or ImagePrune. Exactly one of the fields is set.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImageDeleteResponseItem {
        /// Reference that was untagged.
        pub untagged: String = "Untagged",
        /// ID of an image or layer that was deleted.
        pub deleted: String = "Deleted",
    }
}
