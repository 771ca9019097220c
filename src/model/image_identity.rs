//! Where an image comes from, as far as that can be proved. Since API 1.53.

use super::{StringList, Timestamp};
use crate::codec::{record, string_enum};

string_enum! {
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

record! {
    /// Where an image comes from. Since API 1.53.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct Identity {
        /// Who signed it.
        pub signature: Vec<SignatureIdentity> = "Signature",
        /// Where it was pulled from.
        pub pull: Vec<PullIdentity> = "Pull",
        /// Which builds made it here.
        pub build: Vec<BuildIdentity> = "Build",
    }
}

record! {
    /// A build that made an image here. Since API 1.53.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct BuildIdentity {
        /// The build.
        pub r#ref: String = "Ref",
        /// When it was.
        pub created_at: Timestamp = "CreatedAt",
    }
}

record! {
    /// Where an image was pulled from. Since API 1.53.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PullIdentity {
        /// The repository.
        pub repository: String = "Repository",
    }
}

record! {
    /// A signature of an image. Since API 1.53.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct SignatureIdentity {
        /// The signer for people.
        pub name: String = "Name",
        /// When it was signed, and who vouches for that.
        pub timestamps: Vec<SignatureTimestamp> = "Timestamps",
        /// The signer, where the engine knows it.
        pub known_signer: KnownSignerIdentity = "KnownSigner",
        /// The image's name that was signed.
        pub docker_reference: String = "DockerReference",
        /// The signer's certificate.
        pub signer: Option<SignerIdentity> = "Signer",
        /// The format.
        pub signature_type: SignatureType = "SignatureType",
        /// Why it could not be verified; empty when it was.
        pub error: String = "Error",
        /// What is odd about it, for people.
        pub warnings: StringList = "Warnings",
    }
}

record! {
    /// When an image was signed, and who vouches for that. Since API 1.53.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct SignatureTimestamp {
        /// Who vouches.
        pub r#type: SignatureTimestampType = "Type",
        /// Where that can be looked up.
        pub uri: String = "URI",
        /// When it was signed.
        pub timestamp: Timestamp = "Timestamp",
    }
}

record! {
    /// What the certificate of a signer says. Since API 1.53.
    ///
    /// The fields are the extensions that Sigstore's certificate authority defines.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct SignerIdentity {
        /// Who issued the certificate.
        pub certificate_issuer: String = "CertificateIssuer",
        /// Whom it was issued to.
        pub subject_alternative_name: String = "SubjectAlternativeName",
        /// Who attested the signer's identity.
        pub issuer: String = "Issuer",
        /// The build instructions that signed.
        pub build_signer_uri: String = "BuildSignerURI",
        /// Their exact version.
        pub build_signer_digest: String = "BuildSignerDigest",
        /// Where the build ran: on the service's own machines or on others.
        pub runner_environment: String = "RunnerEnvironment",
        /// The source repository.
        pub source_repository_uri: String = "SourceRepositoryURI",
        /// Its exact version.
        pub source_repository_digest: String = "SourceRepositoryDigest",
        /// Its branch or tag.
        pub source_repository_ref: String = "SourceRepositoryRef",
        /// Its id, which stays when it is renamed.
        pub source_repository_identifier: String = "SourceRepositoryIdentifier",
        /// Its owner.
        pub source_repository_owner_uri: String = "SourceRepositoryOwnerURI",
        /// Its owner's id, which stays when the owner is renamed.
        pub source_repository_owner_identifier: String = "SourceRepositoryOwnerIdentifier",
        /// The build instructions at the top.
        pub build_config_uri: String = "BuildConfigURI",
        /// Their exact version.
        pub build_config_digest: String = "BuildConfigDigest",
        /// What started the build.
        pub build_trigger: String = "BuildTrigger",
        /// The run of the build.
        pub run_invocation_uri: String = "RunInvocationURI",
        /// Who could see the source repository when it was signed.
        pub source_repository_visibility_at_signing: String = "SourceRepositoryVisibilityAtSigning",
    }
}
