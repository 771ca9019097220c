//! Making a container.

use super::{ContainerConfig, HostConfig, NetworkingConfig, StringList};
use crate::codec::record;

record! {
    /// The body of container create. In JSON, the members of `config` stand beside the other two.
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerCreateRequest {
        /// What the host provides.
        pub host_config: HostConfig = "HostConfig",
        /// The networks the container joins.
        pub networking_config: NetworkingConfig = "NetworkingConfig",
        + /** What to run. */ config: ContainerConfig,
    }
}

impl From<ContainerConfig> for ContainerCreateRequest {
    fn from(config: ContainerConfig) -> Self {
        ContainerCreateRequest { config, ..ContainerCreateRequest::default() }
    }
}

record! {
    /// Answer to container create.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerCreateResponse {
        /// The new container's id.
        pub id: String = "Id",
        /// What the engine did otherwise than asked.
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
    fn one_flat_body() {
        assert_eq!(String::from_utf8(to_body(&request())).unwrap(), BODY);
        assert_eq!(to_body(&ContainerCreateRequest::default()), b"{}");
        let plain = serde_json::to_vec(&request()).unwrap();
        assert_eq!(decode_response::<ContainerCreateRequest>(&plain).unwrap(), request());
    }

    #[test]
    fn read_in_any_order_with_nulls_and_unknowns() {
        assert_eq!(decode_response::<ContainerCreateRequest>(BODY.as_bytes()).unwrap(), request());
        let other = br#"{"HostConfig":{"Memory":4096,"Binds":null},"New":{"a":[1]},"Cmd":["true"],
            "NetworkingConfig":{"EndpointsConfig":{"net":null}},"Env":null,"Image":"busybox"}"#;
        assert_eq!(decode_response::<ContainerCreateRequest>(other).unwrap(), request());
        let nulls = br#"{"HostConfig":null,"NetworkingConfig":null,"Image":null}"#;
        assert_eq!(decode_response::<ContainerCreateRequest>(nulls).unwrap(), Default::default());
    }
}
