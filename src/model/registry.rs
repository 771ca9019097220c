//! Registries: credentials, search, image information.

use super::{OciDescriptor, OciPlatform, SecretString};
use crate::codec::JsonType;
use crate::codec::record;
use crate::codec::write::{self, Written};
use crate::model::Map;
use crate::secret::SecretBytes;

record! {
    /// Credentials for a registry.
    ///
    /// Set `username` and `password`, or one of the tokens. `Debug` redacts the secrets and shows
    /// only user, email and registry.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct AuthConfig {
        /// User name.
        pub username: String = "username",
        /// Password or personal access token.
        pub password: SecretString = "password",
        /// `username:password` in base64, as in the docker CLI's configuration file. Engines read
        /// `username` and `password` instead.
        pub auth: SecretString = "auth",
        /// Email address. Until API 1.51, and unused by current registries.
        pub email: String = "email",
        /// Address of the registry, such as `registry.example.com:5000`. Docker Hub, the default
        /// for image names without a host, is `https://index.docker.io/v1/`.
        pub serveraddress: String = "serveraddress",
        /// Identity token returned by a previous login; replaces user name and password.
        pub identitytoken: SecretString = "identitytoken",
        /// Bearer token sent to the registry unchanged; replaces user name and password.
        pub registrytoken: SecretString = "registrytoken",
    }
}

impl AuthConfig {
    /// Returns whether no credentials are set, so that requests are anonymous.
    pub(crate) fn is_anonymous(&self) -> bool {
        [&self.password, &self.auth, &self.identitytoken, &self.registrytoken]
            .iter()
            .all(|secret| secret.is_empty())
            && self.username.is_empty()
    }

    /// Encodes the credentials as JSON for the engine.
    pub(crate) fn to_json(&self) -> SecretBytes {
        self.to_body().json
    }

    /// Encodes the credentials as a request body.
    pub(crate) fn to_body(&self) -> Written {
        write::secret_body(self.view(), self.json_capacity())
    }

    /// Encodes credentials by registry as JSON for the engine.
    pub(crate) fn map_to_json(map: &Map<AuthConfig>) -> SecretBytes {
        let capacity =
            map.iter().map(|(registry, auth)| 6 * registry.len() + 8 + auth.json_capacity()).sum();
        write::secret_body(map.view(), capacity).json
    }

    /// Upper bound of the JSON size; escaping expands a byte to at most six.
    fn json_capacity(&self) -> usize {
        let strings: [&str; 7] = [
            &self.username,
            &self.password,
            &self.auth,
            &self.email,
            &self.serveraddress,
            &self.identitytoken,
            &self.registrytoken,
        ];
        128 + strings.iter().map(|string| 6 * string.len()).sum::<usize>()
    }
}

record! {
    /// Response of SystemAuth.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct AuthResponse {
        /// Status message, such as `Login Succeeded`.
        pub status: String = "Status",
        /// Identity token to use instead of the password; empty if the registry does not issue one.
        pub identity_token: SecretString = "IdentityToken",
    }
}

record! {
    /// Response of DistributionInspect: information from the registry, without pulling the image.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct DistributionInspect {
        /// Descriptor of the manifest, or of the manifest list, that the name currently refers to.
        pub descriptor: OciDescriptor = "Descriptor",
        /// Platforms for which the image is available.
        pub platforms: Vec<OciPlatform> = "Platforms",
    }
}

record! {
    /// Search result: a repository on Docker Hub.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImageSearchResult {
        /// Name of the repository.
        pub name: String = "name",
        /// Description by the owner.
        pub description: String = "description",
        /// Number of stars.
        pub star_count: i64 = "star_count",
        /// Whether the image is a Docker Official Image.
        pub is_official: bool = "is_official",
        /// Whether the image is an automated build; always false on current Docker Hub.
        pub is_automated: bool = "is_automated",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_redacts_credentials() {
        let auth = AuthConfig {
            username: "ann".into(),
            password: "hunter2".into(),
            auth: "YW5uOmh1bnRlcjI=".into(),
            serveraddress: "registry.example.com".into(),
            identitytoken: "id-token".into(),
            registrytoken: "reg-token".into(),
            ..Default::default()
        };
        assert_eq!(
            format!("{auth:?}"),
            concat!(
                r#"AuthConfig { username: "ann", password: [redacted], auth: [redacted], email: "", "#,
                r#"serveraddress: "registry.example.com", identitytoken: [redacted], "#,
                "registrytoken: [redacted] }"
            )
        );
    }
}
