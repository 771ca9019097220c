//! Verified origin of an image. Since API 1.53.

use super::{StringList, Timestamp};
use crate::codec::{record, string_enum};

string_enum! {
    /// Type of a signature timestamp. Since API 1.53.
    pub enum SignatureTimestampType {
        /// Transparency log.
        Tlog = "Tlog",
        /// Timestamp authority.
        TimestampAuthority = "TimestampAuthority",
    }

    /// Format of a signature. Since API 1.53.
    pub enum SignatureType {
        /// Sigstore bundle.
        BundleV03 = "bundle-v0.3",
        /// Legacy Sigstore format.
        SimpleSigningV1 = "simplesigning-v1",
    }

    /// Signer known to the engine. Since API 1.53.
    pub enum KnownSignerIdentity {
        /// Docker Hardened Images.
        Dhi = "DHI",
    }
}

record! {
    /// Verified origin of an image. Since API 1.53.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Identity {
        /// Signatures of the image.
        pub signature: Vec<SignatureIdentity> = "Signature",
        /// Repositories from which the image was pulled.
        pub pull: Vec<PullIdentity> = "Pull",
        /// Local builds that created the image.
        pub build: Vec<BuildIdentity> = "Build",
    }
}

record! {
    /// Local build that created an image. Since API 1.53.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct BuildIdentity {
        /// Reference of the build.
        pub r#ref: String = "Ref",
        /// Time of the build.
        pub created_at: Timestamp = "CreatedAt",
    }
}

record! {
    /// Repository from which an image was pulled. Since API 1.53.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PullIdentity {
        /// Name of the repository.
        pub repository: String = "Repository",
    }
}

record! {
    /// Signature of an image. Since API 1.53.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct SignatureIdentity {
        /// Human-readable name of the signer.
        pub name: String = "Name",
        /// Verified timestamps of the signature.
        pub timestamps: Vec<SignatureTimestamp> = "Timestamps",
        /// Signer, if it is known to the engine.
        pub known_signer: KnownSignerIdentity = "KnownSigner",
        /// Image reference that was signed.
        pub docker_reference: String = "DockerReference",
        /// Identity in the certificate of the signer.
        pub signer: Option<SignerIdentity> = "Signer",
        /// Format of the signature.
        pub signature_type: SignatureType = "SignatureType",
        /// Verification error; empty if the signature is valid.
        pub error: String = "Error",
        /// Human-readable warnings of the verification.
        pub warnings: StringList = "Warnings",
    }
}

record! {
    /// Verified timestamp of a signature. Since API 1.53.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct SignatureTimestamp {
        /// Type of the timestamp.
        pub r#type: SignatureTimestampType = "Type",
        /// URI of the transparency log or timestamp authority.
        pub uri: String = "URI",
        /// Time of the signature.
        pub timestamp: Timestamp = "Timestamp",
    }
}

record! {
    /// Identity in the certificate of a signer. Since API 1.53.
    ///
    /// The fields are the certificate extensions of Sigstore's certificate authority, Fulcio.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct SignerIdentity {
        /// Issuer of the certificate.
        pub certificate_issuer: String = "CertificateIssuer",
        /// Subject alternative name of the certificate.
        pub subject_alternative_name: String = "SubjectAlternativeName",
        /// Identity provider that authenticated the signer.
        pub issuer: String = "Issuer",
        /// URI of the build instructions that signed the image.
        pub build_signer_uri: String = "BuildSignerURI",
        /// Digest of the build instructions that signed the image.
        pub build_signer_digest: String = "BuildSignerDigest",
        /// Environment of the build: hosted by the platform or self-hosted.
        pub runner_environment: String = "RunnerEnvironment",
        /// URI of the source repository.
        pub source_repository_uri: String = "SourceRepositoryURI",
        /// Commit digest of the source.
        pub source_repository_digest: String = "SourceRepositoryDigest",
        /// Branch or tag of the source.
        pub source_repository_ref: String = "SourceRepositoryRef",
        /// Immutable ID of the source repository.
        pub source_repository_identifier: String = "SourceRepositoryIdentifier",
        /// URI of the owner of the source repository.
        pub source_repository_owner_uri: String = "SourceRepositoryOwnerURI",
        /// Immutable ID of the owner of the source repository.
        pub source_repository_owner_identifier: String = "SourceRepositoryOwnerIdentifier",
        /// URI of the top-level build instructions.
        pub build_config_uri: String = "BuildConfigURI",
        /// Digest of the top-level build instructions.
        pub build_config_digest: String = "BuildConfigDigest",
        /// Event that triggered the build.
        pub build_trigger: String = "BuildTrigger",
        /// URI of the build run.
        pub run_invocation_uri: String = "RunInvocationURI",
        /// Visibility of the source repository at the time of the signature.
        pub source_repository_visibility_at_signing: String = "SourceRepositoryVisibilityAtSigning",
    }
}
