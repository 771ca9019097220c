//! Containers in a list.

use super::{
    ContainerStateStatus, EndpointSettings, HealthStatus, MountPoint, OciDescriptor, PortProtocol,
    StringList,
};
use crate::codec::record;
use crate::model::Map;

record! {
    /// One container of a list.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ContainerSummary {
        /// Its id.
        pub id: String = "Id",
        /// Its names, each with a leading `/`; more than one where other containers link to it.
        pub names: StringList = "Names",
        /// The image as it was named when the container was made, or its id when that name has moved on.
        pub image: String = "Image",
        /// Id of the image.
        pub image_id: String = "ImageID",
        /// The manifest of the image that was picked for the platform; needs an image store that has
        /// several. Since API 1.48.
        pub image_manifest_descriptor: Option<OciDescriptor> = "ImageManifestDescriptor",
        /// The command as one text.
        pub command: String = "Command",
        /// When it was made, in seconds since 1970-01-01 UTC.
        pub created: i64 = "Created",
        /// Its ports, exposed and published.
        pub ports: Vec<PortSummary> = "Ports",
        /// Bytes it has written to its own files; only when sizes were asked for.
        pub size_rw: Option<i64> = "SizeRw",
        /// Bytes of all its files with those of the image; only when sizes were asked for.
        pub size_root_fs: Option<i64> = "SizeRootFs",
        /// Labels.
        pub labels: Map<String> = "Labels",
        /// Its state in a word.
        pub state: ContainerStateStatus = "State",
        /// Its state for people, such as `Up 5 minutes (healthy)`.
        pub status: String = "Status",
        /// A little of its host configuration.
        pub host_config: ContainerSummaryHostConfig = "HostConfig",
        /// The networks it is in.
        pub network_settings: ContainerSummaryNetworkSettings = "NetworkSettings",
        /// Its mounts.
        pub mounts: Vec<MountPoint> = "Mounts",
        /// Whether it is well. Since API 1.52; below, `status` tells it in words.
        pub health: Option<HealthSummary> = "Health",
    }
}

impl ContainerSummary {
    /// Its first name without the leading `/`.
    pub fn name(&self) -> Option<&str> {
        let first = self.names.first()?;
        Some(first.strip_prefix('/').unwrap_or(first))
    }
}

record! {
    /// A port of a container in a list. Called `Port` by the API up to 1.51.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PortSummary {
        /// Address of the host; empty when the port is not published.
        pub ip: String = "IP",
        /// Port in the container.
        pub private_port: u16 = "PrivatePort",
        /// Port of the host; 0 when the port is not published.
        pub public_port: u16 = "PublicPort",
        /// Its protocol.
        pub r#type: PortProtocol = "Type",
    }
}

record! {
    /// What a list tells of the host configuration.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ContainerSummaryHostConfig {
        /// The network: `bridge`, `host`, `none`, `container:` with an id, or the name of a network.
        pub network_mode: String = "NetworkMode",
        /// Notes for the runtime. Since API 1.46.
        pub annotations: Map<String> = "Annotations",
    }
}

record! {
    /// What a list tells of the networks.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ContainerSummaryNetworkSettings {
        /// The container's place in each network, by name.
        pub networks: Map<EndpointSettings> = "Networks",
    }
}

record! {
    /// Whether a container is well, in a list. Since API 1.52.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct HealthSummary {
        /// In a word.
        pub status: HealthStatus = "Status",
        /// Failed checks in a row.
        pub failing_streak: i64 = "FailingStreak",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::testing::decode_response;

    #[test]
    fn name_without_slash() {
        let container: ContainerSummary = decode_response(br#"{"Names":["/a","/b/a"]}"#).unwrap();
        assert_eq!(container.name(), Some("a"));
        assert_eq!(ContainerSummary::default().name(), None);
    }

    #[test]
    fn as_engines_write_it() {
        let json = br#"[{"Id":"4f6","Names":["/web"],"Image":"nginx","ImageID":"sha256:a","Command":"nginx -g",
            "Created":1795441625,"Ports":[{"IP":"0.0.0.0","PrivatePort":80,"PublicPort":8080,"Type":"tcp"},
            {"PrivatePort":443,"Type":"tcp"}],"Labels":{"a":"b"},"State":"running","Status":"Up 2 hours",
            "HostConfig":{"NetworkMode":"default"},"NetworkSettings":{"Networks":{"bridge":{"IPAMConfig":null,
            "Links":null,"Aliases":null,"IPAddress":"172.17.0.2","IPPrefixLen":16,"DriverOpts":null}}},
            "Mounts":[{"Type":"volume","Name":"v","Source":"","Destination":"/d","Driver":"local","Mode":"z",
            "RW":true,"Propagation":""}]}]"#;
        let list: Vec<ContainerSummary> = decode_response(json).unwrap();
        let web = &list[0];
        assert_eq!(web.image_id, "sha256:a");
        assert_eq!(web.state, ContainerStateStatus::Running);
        assert_eq!((web.ports[0].private_port, web.ports[0].public_port), (80, 8080));
        assert_eq!((web.ports[1].ip.as_str(), web.ports[1].public_port), ("", 0));
        assert_eq!(web.network_settings.networks["bridge"].ip_address, "172.17.0.2");
        assert_eq!((web.mounts[0].rw, web.mounts[0].destination.as_str()), (true, "/d"));
        assert_eq!((web.size_rw, &web.health), (None, &None));
    }
}
