//! The manifests behind an image's name: one per platform, and attestations.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Identity, OciDescriptor, OciPlatform, words};

words! {
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

/// One manifest behind an image's name. Since API 1.47.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageManifestSummary {
    /// Its digest.
    #[serde(rename = "ID")]
    pub id: String,
    /// What it is.
    pub descriptor: OciDescriptor,
    /// Whether all it refers to is here.
    pub available: bool,
    /// The room it takes here.
    pub size: ImageManifestSize,
    /// What it is for.
    pub kind: ImageManifestKind,
    /// More, for the kind `image`.
    pub image_data: Option<ImageManifestImageData>,
    /// More, for the kind `attestation`.
    pub attestation_data: Option<ImageManifestAttestationData>,
}

/// The room a manifest takes. Since API 1.47.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageManifestSize {
    /// Bytes of everything, packed and unpacked.
    pub total: i64,
    /// Bytes of what came from the registry, packed.
    pub content: i64,
}

/// More about a manifest of an image. Since API 1.47.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageManifestImageData {
    /// The platform it is for.
    pub platform: OciPlatform,
    /// Where it comes from, as far as that can be proved. Since API 1.54.
    pub identity: Option<Identity>,
    /// Ids of containers that use it.
    pub containers: Vec<String>,
    /// The room it takes.
    pub size: ImageManifestImageSize,
}

/// The room an unpacked image takes. Since API 1.47.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageManifestImageSize {
    /// Bytes of its files.
    pub unpacked: i64,
}

/// More about a manifest with statements. Since API 1.47.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageManifestAttestationData {
    /// Digest of the manifest they are about.
    pub r#for: String,
}

/// One statement about an image, such as how it was built. Since API 1.55.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AttestationStatement {
    /// The content it stands in.
    pub descriptor: OciDescriptor,
    /// URI of the kind of statement.
    pub predicate_type: String,
    /// The statement itself, an in-toto record, where asked for.
    pub statement: Option<Value>,
}
