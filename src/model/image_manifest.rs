//! Manifests of an image: one per platform, and attestations.

use serde_json::Value;

use super::{Identity, OciDescriptor, OciPlatform, StringList};
use crate::codec::{record, string_enum};

string_enum! {
    /// Kind of a manifest. Since API 1.47.
    pub enum ImageManifestKind {
        /// Image for one platform.
        Image = "image",
        /// Attestation about an image.
        Attestation = "attestation",
        /// Kind unknown to the engine.
        Unknown = "unknown",
    }
}

record! {
    /// Manifest of an image. Since API 1.47.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ImageManifestSummary {
        /// Digest of the manifest.
        pub id: String = "ID",
        /// Descriptor of the manifest.
        pub descriptor: OciDescriptor = "Descriptor",
        /// Whether all content the manifest refers to is available locally.
        pub available: bool = "Available",
        /// Disk usage of the manifest.
        pub size: ImageManifestSize = "Size",
        /// Kind of the manifest.
        pub kind: ImageManifestKind = "Kind",
        /// Image data; only for the kind `image`.
        pub image_data: Option<ImageManifestImageData> = "ImageData",
        /// Attestation data; only for the kind `attestation`.
        pub attestation_data: Option<ImageManifestAttestationData> = "AttestationData",
    }
}

record! {
    /// Disk usage of a manifest. Since API 1.47.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImageManifestSize {
        /// Total size in bytes, of compressed and uncompressed content.
        pub total: i64 = "Total",
        /// Size in bytes of the content in distributable form, usually compressed.
        pub content: i64 = "Content",
    }
}

record! {
    /// Image data of a manifest. Since API 1.47.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ImageManifestImageData {
        /// Platform of the image.
        pub platform: OciPlatform = "Platform",
        /// Verified origin of the image. Since API 1.54.
        pub identity: Option<Identity> = "Identity",
        /// IDs of the containers that use the image.
        pub containers: StringList = "Containers",
        /// Disk usage of the unpacked image.
        pub size: ImageManifestImageSize = "Size",
    }
}

record! {
    /// Disk usage of an unpacked image. Since API 1.47.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImageManifestImageSize {
        /// Size of the unpacked image in bytes.
        pub unpacked: i64 = "Unpacked",
    }
}

record! {
    /// Attestation data of a manifest. Since API 1.47.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImageManifestAttestationData {
        /// Digest of the image manifest that the attestation is about.
        pub r#for: String = "For",
    }
}

record! {
    /// Attestation statement about an image, such as its provenance. Since API 1.55.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct AttestationStatement {
        /// Descriptor of the content that holds the statement.
        pub descriptor: OciDescriptor = "Descriptor",
        /// URI of the predicate type.
        pub predicate_type: String = "PredicateType",
        /// The in-toto statement; only if requested.
        pub statement: Option<Value> = "Statement",
    }
}
