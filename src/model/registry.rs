//! Registries: credentials, search, what a registry says of an image.

use super::{OciDescriptor, OciPlatform, SecretString};
use crate::codec::JsonType;
use crate::codec::record;
use crate::codec::write::{self, Written};
use crate::model::Map;
use crate::secret::SecretBytes;

record! {
    /// Credentials for a registry.
    ///
    /// Either `username` and `password`, or one of the tokens. `Debug` shows who and where, not the
    /// credentials.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct AuthConfig {
        /// The user's name.
        pub username: String = "username",
        /// The user's password, or a personal access token.
        pub password: SecretString = "password",
        /// `username:password` in base64, as it stands in the docker CLI's configuration file. Engines
        /// read the two fields instead.
        pub auth: SecretString = "auth",
        /// The user's address. Until API 1.51, and unused by registries of today.
        pub email: String = "email",
        /// The registry, such as `registry.example.com:5000`. Docker Hub, where images without a host in
        /// their name live, is `https://index.docker.io/v1/`.
        pub serveraddress: String = "serveraddress",
        /// Token that a former login returned; takes the place of name and password.
        pub identitytoken: SecretString = "identitytoken",
        /// Bearer token that goes to the registry as it is; takes the place of name and password.
        pub registrytoken: SecretString = "registrytoken",
    }
}

impl AuthConfig {
    /// Whether there is nothing in it that a registry could recognize: the call is anonymous.
    pub(crate) fn is_anonymous(&self) -> bool {
        [&self.password, &self.auth, &self.identitytoken, &self.registrytoken]
            .iter()
            .all(|secret| secret.is_empty())
            && self.username.is_empty()
    }

    /// As engines take it.
    pub(crate) fn to_json(&self) -> SecretBytes {
        self.to_body().json
    }

    /// As the body of a request.
    pub(crate) fn to_body(&self) -> Written {
        write::secret_body(self.view(), self.json_capacity())
    }

    /// Several, by their registries, as engines take them.
    pub(crate) fn map_to_json(map: &Map<AuthConfig>) -> SecretBytes {
        let capacity =
            map.iter().map(|(registry, auth)| 6 * registry.len() + 8 + auth.json_capacity()).sum();
        write::secret_body(map.view(), capacity).json
    }

    /// Bytes that its JSON takes at most: one becomes six at worst.
    fn json_capacity(&self) -> usize {
        let texts: [&str; 7] = [
            &self.username,
            &self.password,
            &self.auth,
            &self.email,
            &self.serveraddress,
            &self.identitytoken,
            &self.registrytoken,
        ];
        128 + texts.iter().map(|text| 6 * text.len()).sum::<usize>()
    }
}

record! {
    /// Answer to a check of credentials.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct AuthResponse {
        /// What the registry said, such as `Login Succeeded`.
        pub status: String = "Status",
        /// Token to use from now on instead of the password; empty where the registry gives none.
        pub identity_token: SecretString = "IdentityToken",
    }
}

record! {
    /// What a registry knows of an image, without pulling it.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct DistributionInspect {
        /// The manifest, or the list of manifests, that the name stands for now.
        pub descriptor: OciDescriptor = "Descriptor",
        /// The platforms it can be pulled for.
        pub platforms: Vec<OciPlatform> = "Platforms",
    }
}

record! {
    /// A repository found on Docker Hub.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImageSearchResult {
        /// The repository's name.
        pub name: String = "name",
        /// What its owner says of it.
        pub description: String = "description",
        /// How many users gave it a star.
        pub star_count: i64 = "star_count",
        /// Whether it is one of Docker's curated images.
        pub is_official: bool = "is_official",
        /// Whether Docker Hub built it; always false today.
        pub is_automated: bool = "is_automated",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_stay_out_of_logs() {
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
