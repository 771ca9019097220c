//! Where an image comes from, as far as that can be proved. Since API 1.53.

use serde::{Deserialize, Serialize};

use super::{Timestamp, words};

words! {
    /// Who vouches that a signature was made at its time. Since API 1.53.
    pub enum SignatureTimestampType {
        /// A transparency log.
        Tlog = "Tlog",
        /// A timestamp authority.
        TimestampAuthority = "TimestampAuthority",
    }

    /// The format of a signature. Since API 1.53.
    pub enum SignatureType {
        /// A Sigstore bundle.
        BundleV03 = "bundle-v0.3",
        /// The older format of Sigstore.
        SimpleSigningV1 = "simplesigning-v1",
    }

    /// A signer that the engine knows. Since API 1.53.
    pub enum KnownSignerIdentity {
        /// Docker Hardened Images.
        Dhi = "DHI",
    }
}

/// Where an image comes from. Since API 1.53.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Identity {
    /// Who signed it.
    pub signature: Vec<SignatureIdentity>,
    /// Where it was pulled from.
    pub pull: Vec<PullIdentity>,
    /// Which builds made it here.
    pub build: Vec<BuildIdentity>,
}

/// A build that made an image here. Since API 1.53.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BuildIdentity {
    /// The build.
    pub r#ref: String,
    /// When it was.
    pub created_at: Timestamp,
}

/// Where an image was pulled from. Since API 1.53.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PullIdentity {
    /// The repository.
    pub repository: String,
}

/// A signature of an image. Since API 1.53.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SignatureIdentity {
    /// The signer for people.
    pub name: String,
    /// When it was signed, and who vouches for that.
    pub timestamps: Vec<SignatureTimestamp>,
    /// The signer, where the engine knows it.
    pub known_signer: KnownSignerIdentity,
    /// The image's name that was signed.
    pub docker_reference: String,
    /// The signer's certificate.
    pub signer: Option<SignerIdentity>,
    /// The format.
    pub signature_type: SignatureType,
    /// Why it could not be verified; empty when it was.
    pub error: String,
    /// What is odd about it, for people.
    pub warnings: Vec<String>,
}

/// When an image was signed, and who vouches for that. Since API 1.53.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SignatureTimestamp {
    /// Who vouches.
    pub r#type: SignatureTimestampType,
    /// Where that can be looked up.
    #[serde(rename = "URI")]
    pub uri: String,
    /// When it was signed.
    pub timestamp: Timestamp,
}

/// What the certificate of a signer says. Since API 1.53.
///
/// The fields are the extensions that Sigstore's certificate authority defines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SignerIdentity {
    /// Who issued the certificate.
    pub certificate_issuer: String,
    /// Whom it was issued to.
    pub subject_alternative_name: String,
    /// Who attested the signer's identity.
    pub issuer: String,
    /// The build instructions that signed.
    #[serde(rename = "BuildSignerURI")]
    pub build_signer_uri: String,
    /// Their exact version.
    pub build_signer_digest: String,
    /// Where the build ran: on the service's own machines or on others.
    pub runner_environment: String,
    /// The source repository.
    #[serde(rename = "SourceRepositoryURI")]
    pub source_repository_uri: String,
    /// Its exact version.
    pub source_repository_digest: String,
    /// Its branch or tag.
    pub source_repository_ref: String,
    /// Its id, which stays when it is renamed.
    pub source_repository_identifier: String,
    /// Its owner.
    #[serde(rename = "SourceRepositoryOwnerURI")]
    pub source_repository_owner_uri: String,
    /// Its owner's id, which stays when the owner is renamed.
    pub source_repository_owner_identifier: String,
    /// The build instructions at the top.
    #[serde(rename = "BuildConfigURI")]
    pub build_config_uri: String,
    /// Their exact version.
    pub build_config_digest: String,
    /// What started the build.
    pub build_trigger: String,
    /// The run of the build.
    #[serde(rename = "RunInvocationURI")]
    pub run_invocation_uri: String,
    /// Who could see the source repository when it was signed.
    pub source_repository_visibility_at_signing: String,
}
