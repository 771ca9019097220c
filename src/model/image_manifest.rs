//! The manifests behind an image's name: one per platform, and attestations.

use serde_json::Value;

use super::{Identity, OciDescriptor, OciPlatform, StringList};
use crate::codec::{record, string_enum};

string_enum! {
    /// What a manifest is for. Since API 1.47.
    pub enum ImageManifestKind {
        /// An image for one platform.
        Image = "image",
        /// Statements about an image.
        Attestation = "attestation",
        /// The engine cannot say.
        Unknown = "unknown",
    }
}

record! {
    /// One manifest behind an image's name. Since API 1.47.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ImageManifestSummary {
        /// Its digest.
        pub id: String = "ID",
        /// What it is.
        pub descriptor: OciDescriptor = "Descriptor",
        /// Whether all it refers to is here.
        pub available: bool = "Available",
        /// The room it takes here.
        pub size: ImageManifestSize = "Size",
        /// What it is for.
        pub kind: ImageManifestKind = "Kind",
        /// More, for the kind `image`.
        pub image_data: Option<ImageManifestImageData> = "ImageData",
        /// More, for the kind `attestation`.
        pub attestation_data: Option<ImageManifestAttestationData> = "AttestationData",
    }
}

record! {
    /// The room a manifest takes. Since API 1.47.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImageManifestSize {
        /// Bytes of everything, packed and unpacked.
        pub total: i64 = "Total",
        /// Bytes of what came from the registry, packed.
        pub content: i64 = "Content",
    }
}

record! {
    /// More about a manifest of an image. Since API 1.47.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ImageManifestImageData {
        /// The platform it is for.
        pub platform: OciPlatform = "Platform",
        /// Where it comes from, as far as that can be proved. Since API 1.54.
        pub identity: Option<Identity> = "Identity",
        /// Ids of containers that use it.
        pub containers: StringList = "Containers",
        /// The room it takes.
        pub size: ImageManifestImageSize = "Size",
    }
}

record! {
    /// The room an unpacked image takes. Since API 1.47.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImageManifestImageSize {
        /// Bytes of its files.
        pub unpacked: i64 = "Unpacked",
    }
}

record! {
    /// More about a manifest with statements. Since API 1.47.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImageManifestAttestationData {
        /// Digest of the manifest they are about.
        pub r#for: String = "For",
    }
}

record! {
    /// One statement about an image, such as how it was built. Since API 1.55.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct AttestationStatement {
        /// The content it stands in.
        pub descriptor: OciDescriptor = "Descriptor",
        /// URI of the kind of statement.
        pub predicate_type: String = "PredicateType",
        /// The statement itself, an in-toto record, where asked for.
        pub statement: Option<Value> = "Statement",
    }
}
