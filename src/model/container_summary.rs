//! Containers in a list.

use super::{
    ContainerStateStatus, EndpointSettings, HealthStatus, MountPoint, OciDescriptor, PortProtocol,
    StringList,
};
use crate::codec::record;
use crate::model::Map;

record! {
    /// Container in a list, as returned by ContainerList.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ContainerSummary {
        /// ID of the container.
        pub id: String = "Id",
        /// Names of the container, each with a leading `/`. Links from other containers add names.
        pub names: StringList = "Names",
        /// Image name given at creation, or the image ID if that name now refers to another image.
        pub image: String = "Image",
        /// ID of the image.
        pub image_id: String = "ImageID",
        /// Image manifest chosen for the platform. Requires an image store that supports several
        /// manifests per image. Since API 1.48.
        pub image_manifest_descriptor: Option<OciDescriptor> = "ImageManifestDescriptor",
        /// Command with its arguments as one string.
        pub command: String = "Command",
        /// Creation time as a Unix timestamp in seconds.
        pub created: i64 = "Created",
        /// Exposed and published ports.
        pub ports: Vec<PortSummary> = "Ports",
        /// Bytes written to the writable layer; only if sizes were requested.
        pub size_rw: Option<i64> = "SizeRw",
        /// Total bytes of the root file system, including the image; only if sizes were requested.
        pub size_root_fs: Option<i64> = "SizeRootFs",
        /// Labels.
        pub labels: Map<String> = "Labels",
        /// State of the container.
        pub state: ContainerStateStatus = "State",
        /// Human-readable status, such as `Up 5 minutes (healthy)`.
        pub status: String = "Status",
        /// Excerpt of the host configuration.
        pub host_config: ContainerSummaryHostConfig = "HostConfig",
        /// Excerpt of the network settings.
        pub network_settings: ContainerSummaryNetworkSettings = "NetworkSettings",
        /// Mounts.
        pub mounts: Vec<MountPoint> = "Mounts",
        /// Health. Since API 1.52; before that, only `status` contains it.
        pub health: Option<HealthSummary> = "Health",
    }
}

impl ContainerSummary {
    /// Returns the container's own name without the leading `/`, as `docker ps` shows it.
    ///
    /// The aliases that links give to the container, such as `/web/db`, are skipped. If there is
    /// nothing else, the first of them is returned.
    pub fn name(&self) -> Option<&str> {
        let name = own_name(self.names.iter(), |name| name)?;
        Some(name.strip_prefix('/').unwrap_or(name))
    }
}

/// The name without an inner slash, or else the first. `text` returns the text of a name.
pub(crate) fn own_name<T: Copy>(
    names: impl Iterator<Item = T>,
    text: impl Fn(&T) -> &str,
) -> Option<T> {
    let mut first = None;
    for name in names {
        let text = text(&name);
        if !text.strip_prefix('/').unwrap_or(text).contains('/') {
            return Some(name);
        }
        first.get_or_insert(name);
    }
    first
}

record! {
    /// Port of a container in a list. Named `Port` until API 1.51.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PortSummary {
        /// Host IP address; empty if the port is not published.
        pub ip: String = "IP",
        /// Port in the container.
        pub private_port: u16 = "PrivatePort",
        /// Port on the host; 0 if the port is not published.
        pub public_port: u16 = "PublicPort",
        /// Protocol of the port.
        pub r#type: PortProtocol = "Type",
    }
}

record! {
    /// Excerpt of the host configuration in a list of containers.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ContainerSummaryHostConfig {
        /// Network mode: `bridge`, `host`, `none`, `container:` followed by an ID, or the name of a
        /// network.
        pub network_mode: String = "NetworkMode",
        /// Annotations for the container runtime. Since API 1.46.
        pub annotations: Map<String> = "Annotations",
    }
}

record! {
    /// Excerpt of the network settings in a list of containers.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ContainerSummaryNetworkSettings {
        /// Endpoints of the container, by network name.
        pub networks: Map<EndpointSettings> = "Networks",
    }
}

record! {
    /// Health of a container in a list. Since API 1.52.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct HealthSummary {
        /// Health status.
        pub status: HealthStatus = "Status",
        /// Number of consecutive failures.
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
    fn name_is_not_the_alias_of_a_link() {
        for (names, expected) in [
            (r#"["/aweb/alias","/zdb"]"#, "zdb"),
            (r#"["/zdb","/aweb/alias"]"#, "zdb"),
            (r#"["/aweb/alias","/b/alias","zdb","/other"]"#, "zdb"),
            (r#"["/aweb/alias","/b/alias"]"#, "aweb/alias"),
            (r#"["/"]"#, ""),
        ] {
            let json = format!(r#"{{"Names":{names}}}"#);
            let container: ContainerSummary = decode_response(json.as_bytes()).unwrap();
            assert_eq!(container.name(), Some(expected), "{names}");
        }
    }

    #[test]
    fn reads_a_container_list() {
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
