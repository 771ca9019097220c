//! Making a container.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::{ContainerConfig, HostConfig, NetworkingConfig};

/// What container create takes. On the wire, the fields of `config` stand beside the other two.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContainerCreateRequest {
    /// What to run.
    #[serde(flatten)]
    pub config: ContainerConfig,
    /// What the host gives to it.
    pub host_config: HostConfig,
    /// The networks it joins.
    pub networking_config: NetworkingConfig,
}

impl From<ContainerConfig> for ContainerCreateRequest {
    fn from(config: ContainerConfig) -> Self {
        ContainerCreateRequest { config, ..ContainerCreateRequest::default() }
    }
}

/// All names that a request may use. A derived flattening reader would not know them, and a
/// misspelt option could not be told.
const FIELDS: &[&str] = &[
    "Hostname",
    "Domainname",
    "User",
    "AttachStdin",
    "AttachStdout",
    "AttachStderr",
    "ExposedPorts",
    "Tty",
    "OpenStdin",
    "StdinOnce",
    "Env",
    "Cmd",
    "Healthcheck",
    "ArgsEscaped",
    "Image",
    "Volumes",
    "WorkingDir",
    "Entrypoint",
    "NetworkDisabled",
    "MacAddress",
    "OnBuild",
    "Labels",
    "StopSignal",
    "StopTimeout",
    "Shell",
    "HostConfig",
    "NetworkingConfig",
];

impl<'de> Deserialize<'de> for ContainerCreateRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Request;

        impl<'de> Visitor<'de> for Request {
            type Value = ContainerCreateRequest;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("struct ContainerCreateRequest")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
                let mut request = ContainerCreateRequest::default();
                request.config = ContainerConfig::deserialize(MapAccessDeserializer::new(Rest {
                    members,
                    host_config: &mut request.host_config,
                    networking_config: &mut request.networking_config,
                }))?;
                Ok(request)
            }
        }

        deserializer.deserialize_struct("ContainerCreateRequest", FIELDS, Request)
    }
}

/// Takes out the two members that are structs of their own, and hands on the rest.
struct Rest<'a, A> {
    members: A,
    host_config: &'a mut HostConfig,
    networking_config: &'a mut NetworkingConfig,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Rest<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        while let Some(key) = self.members.next_key::<String>()? {
            match key.as_str() {
                "HostConfig" => *self.host_config = self.members.next_value()?,
                "NetworkingConfig" => *self.networking_config = self.members.next_value()?,
                _ => {
                    let key: StringDeserializer<A::Error> = key.into_deserializer();
                    return seed.deserialize(key).map(Some);
                }
            }
        }
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.members.next_value_seed(seed)
    }
}

/// Answer to container create.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerCreateResponse {
    /// The new container's id.
    pub id: String,
    /// What the engine did otherwise than asked.
    pub warnings: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::super::lenient::from_answer;
    use super::super::sparse::to_body;
    use super::*;

    const BODY: &str = r#"{"Cmd":["true"],"Image":"busybox","HostConfig":{"Memory":4096},"NetworkingConfig":{"EndpointsConfig":{"net":{}}}}"#;

    fn request() -> ContainerCreateRequest {
        ContainerCreateRequest {
            config: ContainerConfig {
                image: "busybox".into(),
                cmd: vec!["true".into()],
                ..ContainerConfig::default()
            },
            host_config: HostConfig { memory: 4096, ..HostConfig::default() },
            networking_config: NetworkingConfig {
                endpoints_config: [("net".to_owned(), Default::default())].into(),
            },
        }
    }

    #[test]
    fn one_flat_body() {
        assert_eq!(String::from_utf8(to_body(&request()).unwrap()).unwrap(), BODY);
        assert_eq!(to_body(&ContainerCreateRequest::default()).unwrap(), b"{}");
        let plain = serde_json::to_vec(&request()).unwrap();
        assert_eq!(from_answer::<ContainerCreateRequest>(&plain).unwrap(), request());
    }

    #[test]
    fn read_in_any_order_with_nulls_and_unknowns() {
        assert_eq!(from_answer::<ContainerCreateRequest>(BODY.as_bytes()).unwrap(), request());
        let other = br#"{"HostConfig":{"Memory":4096,"Binds":null},"New":{"a":[1]},"Cmd":["true"],
            "NetworkingConfig":{"EndpointsConfig":{"net":null}},"Env":null,"Image":"busybox"}"#;
        assert_eq!(from_answer::<ContainerCreateRequest>(other).unwrap(), request());
        let nulls = br#"{"HostConfig":null,"NetworkingConfig":null,"Image":null}"#;
        assert_eq!(from_answer::<ContainerCreateRequest>(nulls).unwrap(), Default::default());
    }

    #[test]
    fn errors_keep_their_path() {
        let path =
            |json: &str| from_answer::<ContainerCreateRequest>(json.as_bytes()).unwrap_err().path;
        assert_eq!(path(r#"{"HostConfig":{"Memory":"4 KiB"}}"#), "HostConfig.Memory");
        assert_eq!(path(r#"{"Image":"a","Cmd":"true"}"#), "Cmd");
    }

    #[test]
    fn the_names_are_those_of_the_fields() {
        let value = serde_json::to_value(ContainerCreateRequest::default()).unwrap();
        let mut written: Vec<&str> =
            value.as_object().unwrap().keys().map(String::as_str).collect();
        let mut listed = FIELDS.to_vec();
        written.sort_unstable();
        listed.sort_unstable();
        assert_eq!(written, listed);
    }
}
