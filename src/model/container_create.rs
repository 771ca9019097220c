//! Creation of containers.

use super::{ContainerConfig, HostConfig, NetworkingConfig, StringList};
use crate::codec::record;

record! {
    /// Body of ContainerCreate. In JSON, the members of `config` are at the top level.
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerCreateRequest {
        /// Host configuration.
        pub host_config: HostConfig = "HostConfig",
        /// Networks to connect the container to.
        pub networking_config: NetworkingConfig = "NetworkingConfig",
        + /** Configuration that does not depend on the host. */ config: ContainerConfig,
    }
}

impl From<ContainerConfig> for ContainerCreateRequest {
    fn from(config: ContainerConfig) -> Self {
        ContainerCreateRequest { config, ..ContainerCreateRequest::default() }
    }
}

record! {
    /// Response of ContainerCreate.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerCreateResponse {
        /// ID of the new container.
        pub id: String = "Id",
        /// Warnings, such as options that were ignored or adjusted.
        pub warnings: StringList = "Warnings",
    }
}

#[cfg(test)]
mod tests {
    use super::super::EndpointSettings;
    use super::*;
    use crate::codec::testing::decode_response;
    use crate::codec::testing::to_body;

    const BODY: &str = r#"{"Cmd":["true"],"Image":"busybox","HostConfig":{"Memory":4096},"NetworkingConfig":{"EndpointsConfig":{"net":{}}}}"#;

    fn request() -> ContainerCreateRequest {
        ContainerCreateRequest {
            config: ContainerConfig {
                image: "busybox".into(),
                cmd: ["true"].into(),
                ..ContainerConfig::default()
            },
            host_config: HostConfig { memory: 4096, ..HostConfig::default() },
            networking_config: NetworkingConfig {
                endpoints_config: [("net", EndpointSettings::default())].into(),
            },
        }
    }

    #[test]
    fn writes_a_flat_object() {
        assert_eq!(String::from_utf8(to_body(&request())).unwrap(), BODY);
        assert_eq!(to_body(&ContainerCreateRequest::default()), b"{}");
        let plain = serde_json::to_vec(&request()).unwrap();
        assert_eq!(decode_response::<ContainerCreateRequest>(&plain).unwrap(), request());
    }

    #[test]
    fn reads_any_order_null_and_unknown_fields() {
        assert_eq!(decode_response::<ContainerCreateRequest>(BODY.as_bytes()).unwrap(), request());
        let other = br#"{"HostConfig":{"Memory":4096,"Binds":null},"New":{"a":[1]},"Cmd":["true"],
            "NetworkingConfig":{"EndpointsConfig":{"net":null}},"Env":null,"Image":"busybox"}"#;
        assert_eq!(decode_response::<ContainerCreateRequest>(other).unwrap(), request());
        let nulls = br#"{"HostConfig":null,"NetworkingConfig":null,"Image":null}"#;
        assert_eq!(decode_response::<ContainerCreateRequest>(nulls).unwrap(), Default::default());
    }
}
