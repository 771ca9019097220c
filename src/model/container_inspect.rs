//! All about one container.

use super::{
    ContainerConfig, ContainerState, EndpointSettings, HostConfig, MountPoint, OciDescriptor,
    PortMap, StringList, Timestamp,
};
use crate::codec::record;
use crate::model::Map;

record! {
    /// Answer to container inspect.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ContainerInspectResponse {
        /// Its id.
        pub id: String = "Id",
        /// When it was made.
        pub created: Timestamp = "Created",
        /// The command that is run.
        pub path: String = "Path",
        /// Its arguments.
        pub args: StringList = "Args",
        /// How it is.
        pub state: ContainerState = "State",
        /// Id of the image.
        pub image: String = "Image",
        /// File on the host behind `/etc/resolv.conf`.
        pub resolv_conf_path: String = "ResolvConfPath",
        /// File on the host behind `/etc/hostname`.
        pub hostname_path: String = "HostnamePath",
        /// File on the host behind `/etc/hosts`.
        pub hosts_path: String = "HostsPath",
        /// File on the host with its output; empty where the logging driver has none.
        pub log_path: String = "LogPath",
        /// Its name with a leading `/`.
        pub name: String = "Name",
        /// How often the engine has started it again.
        pub restart_count: i64 = "RestartCount",
        /// The storage driver.
        pub driver: String = "Driver",
        /// Its operating system.
        pub platform: String = "Platform",
        /// The manifest of the image that was picked for the platform; needs an image store that has
        /// several. Since API 1.48.
        pub image_manifest_descriptor: Option<OciDescriptor> = "ImageManifestDescriptor",
        /// SELinux label of its files.
        pub mount_label: String = "MountLabel",
        /// SELinux label of its process.
        pub process_label: String = "ProcessLabel",
        /// AppArmor profile of its process.
        pub app_armor_profile: String = "AppArmorProfile",
        /// Ids of the commands executed in it.
        pub exec_ids: StringList = "ExecIDs",
        /// What the host gives to it.
        pub host_config: HostConfig = "HostConfig",
        /// Where the storage driver keeps its files; missing since API 1.52 where that is told by
        /// `storage`.
        pub graph_driver: Option<DriverData> = "GraphDriver",
        /// Where the image store keeps its files. Since API 1.52.
        pub storage: Option<Storage> = "Storage",
        /// Bytes it has written to its own files; only when sizes were asked for.
        pub size_rw: Option<i64> = "SizeRw",
        /// Bytes of all its files with those of the image; only when sizes were asked for.
        pub size_root_fs: Option<i64> = "SizeRootFs",
        /// Its mounts.
        pub mounts: Vec<MountPoint> = "Mounts",
        /// What it runs.
        pub config: ContainerConfig = "Config",
        /// Its networks and ports.
        pub network_settings: NetworkSettings = "NetworkSettings",
    }
}

impl ContainerInspectResponse {
    /// What keeps its files, such as `overlay2` or `overlayfs`: the name in `storage` where there is
    /// one, and else in `graph_driver`.
    pub fn storage_name(&self) -> Option<&str> {
        let root_fs = self.storage.as_ref().and_then(|storage| storage.root_fs.as_ref());
        match root_fs.and_then(|root_fs| root_fs.snapshot.as_ref()) {
            Some(snapshot) => Some(&snapshot.name),
            None => self.graph_driver.as_ref().map(|driver| driver.name.as_str()),
        }
    }
}

record! {
    /// The networks and ports of a container.
    ///
    /// The fields from `bridge` on tell about the network called `bridge` alone. Until API 1.51; read
    /// `networks` instead, which every engine has.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct NetworkSettings {
        /// Id of the network namespace.
        pub sandbox_id: String = "SandboxID",
        /// File on the host that stands for the network namespace.
        pub sandbox_key: String = "SandboxKey",
        /// Its ports, exposed and published.
        pub ports: PortMap = "Ports",
        /// Its place in each network, by name.
        pub networks: Map<EndpointSettings> = "Networks",
        /// Name of the bridge on the host, where it is not the usual one. Until API 1.51.
        pub bridge: String = "Bridge",
        /// Whether it reaches itself by its published ports. Until API 1.51.
        pub hairpin_mode: bool = "HairpinMode",
        /// Link-local IPv6 address. Until API 1.51.
        pub link_local_ipv6_address: String = "LinkLocalIPv6Address",
        /// Length of that network's mask in bits. Until API 1.51.
        pub link_local_ipv6_prefix_len: i64 = "LinkLocalIPv6PrefixLen",
        /// Further IPv4 addresses. Until API 1.51.
        pub secondary_ip_addresses: Vec<Address> = "SecondaryIPAddresses",
        /// Further IPv6 addresses. Until API 1.51.
        pub secondary_ipv6_addresses: Vec<Address> = "SecondaryIPv6Addresses",
        /// Id of its place in the network. Until API 1.51.
        pub endpoint_id: String = "EndpointID",
        /// IPv4 gateway. Until API 1.51.
        pub gateway: String = "Gateway",
        /// Global IPv6 address. Until API 1.51.
        pub global_ipv6_address: String = "GlobalIPv6Address",
        /// Length of the IPv6 network mask in bits. Until API 1.51.
        pub global_ipv6_prefix_len: i64 = "GlobalIPv6PrefixLen",
        /// IPv4 address. Until API 1.51.
        pub ip_address: String = "IPAddress",
        /// Length of the IPv4 network mask in bits. Until API 1.51.
        pub ip_prefix_len: i64 = "IPPrefixLen",
        /// IPv6 gateway. Until API 1.51.
        pub ipv6_gateway: String = "IPv6Gateway",
        /// MAC address. Until API 1.51.
        pub mac_address: String = "MacAddress",
    }
}

impl NetworkSettings {
    /// The addresses of the container, IPv4 and IPv6, network by network in the order of their
    /// names. None while it is not running.
    pub fn ip_addresses(&self) -> impl Iterator<Item = &str> {
        self.networks
            .values()
            .flat_map(|endpoint| [&endpoint.ip_address, &endpoint.global_ipv6_address])
            .filter(|address| !address.is_empty())
            .map(String::as_str)
    }
}

record! {
    /// An address with its network. Until API 1.51.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct Address {
        /// The address.
        pub addr: String = "Addr",
        /// Length of the network mask in bits.
        pub prefix_len: i64 = "PrefixLen",
    }
}

record! {
    /// Where a storage driver keeps the files of a container or an image.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct DriverData {
        /// The driver, such as `overlay2`.
        pub name: String = "Name",
        /// What it tells, such as the directories on the host.
        pub data: Map<String> = "Data",
    }
}

record! {
    /// Where an image store keeps the files of a container. Since API 1.52.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct Storage {
        /// Its root file system.
        pub root_fs: Option<RootFsStorage> = "RootFS",
    }
}

record! {
    /// How the root file system of a container is kept. Since API 1.52.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct RootFsStorage {
        /// As a snapshot.
        pub snapshot: Option<RootFsStorageSnapshot> = "Snapshot",
    }
}

record! {
    /// A snapshot that holds a root file system. Since API 1.52.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct RootFsStorageSnapshot {
        /// The snapshotter, such as `overlayfs`.
        pub name: String = "Name",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::testing::decode_response;

    fn inspect(json: &str) -> ContainerInspectResponse {
        decode_response(json.as_bytes()).unwrap()
    }

    #[test]
    fn storage_by_either_name() {
        let old = r#"{"GraphDriver":{"Name":"overlay2","Data":null}}"#;
        assert_eq!(inspect(old).storage_name(), Some("overlay2"));
        let new = r#"{"Storage":{"RootFS":{"Snapshot":{"Name":"overlayfs"}}}}"#;
        assert_eq!(inspect(new).storage_name(), Some("overlayfs"));
        for none in ["{}", r#"{"GraphDriver":null,"Storage":{"RootFS":null}}"#] {
            assert_eq!(inspect(none).storage_name(), None);
        }
    }

    #[test]
    fn addresses_of_all_networks() {
        let container = inspect(
            r#"{"NetworkSettings":{"IPAddress":"","Networks":{
                "b":{"IPAddress":"10.0.0.2","GlobalIPv6Address":"fd00::2"},
                "a":{"IPAddress":"172.17.0.2","GlobalIPv6Address":""},"c":null}}}"#,
        );
        let addresses: Vec<&str> = container.network_settings.ip_addresses().collect();
        assert_eq!(addresses, ["172.17.0.2", "10.0.0.2", "fd00::2"]);
    }

    #[test]
    fn ports_exposed_and_published() {
        let container = inspect(
            r#"{"NetworkSettings":{"Ports":{"80/tcp":null,
                "81/udp":[{"HostIp":"::","HostPort":"8081"}]}}}"#,
        );
        let ports = &container.network_settings.ports;
        assert_eq!(ports["80/tcp"], []);
        assert_eq!(
            (ports["81/udp"][0].host_ip.as_str(), &*ports["81/udp"][0].host_port),
            ("::", "8081")
        );
    }
}
