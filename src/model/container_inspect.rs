//! Details of one container.

use super::{
    ContainerConfig, ContainerState, EndpointSettings, HostConfig, MountPoint, OciDescriptor,
    PortMap, StringList, Timestamp,
};
use crate::codec::record;
use crate::model::Map;

record! {
    /// Response of ContainerInspect.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ContainerInspectResponse {
        /// ID of the container.
        pub id: String = "Id",
        /// Creation time.
        pub created: Timestamp = "Created",
        /// Path of the command.
        pub path: String = "Path",
        /// Arguments of the command.
        pub args: StringList = "Args",
        /// State of the container.
        pub state: ContainerState = "State",
        /// ID of the image.
        pub image: String = "Image",
        /// Path on the host of the file mounted at `/etc/resolv.conf`.
        pub resolv_conf_path: String = "ResolvConfPath",
        /// Path on the host of the file mounted at `/etc/hostname`.
        pub hostname_path: String = "HostnamePath",
        /// Path on the host of the file mounted at `/etc/hosts`.
        pub hosts_path: String = "HostsPath",
        /// Path on the host of the log file; empty if the logging driver does not write one.
        pub log_path: String = "LogPath",
        /// Name of the container, with a leading `/`.
        pub name: String = "Name",
        /// Number of restarts by the engine.
        pub restart_count: i64 = "RestartCount",
        /// Storage driver.
        pub driver: String = "Driver",
        /// Operating system of the container.
        pub platform: String = "Platform",
        /// Image manifest chosen for the platform. Requires an image store that supports several
        /// manifests per image. Since API 1.48.
        pub image_manifest_descriptor: Option<OciDescriptor> = "ImageManifestDescriptor",
        /// SELinux mount label.
        pub mount_label: String = "MountLabel",
        /// SELinux process label.
        pub process_label: String = "ProcessLabel",
        /// AppArmor profile.
        pub app_armor_profile: String = "AppArmorProfile",
        /// IDs of exec instances in the container.
        pub exec_ids: StringList = "ExecIDs",
        /// Host configuration.
        pub host_config: HostConfig = "HostConfig",
        /// Storage driver data; absent since API 1.52 if `storage` is present.
        pub graph_driver: Option<DriverData> = "GraphDriver",
        /// Storage of the container in the image store. Since API 1.52.
        pub storage: Option<Storage> = "Storage",
        /// Bytes written to the writable layer; only if sizes were requested.
        pub size_rw: Option<i64> = "SizeRw",
        /// Total bytes of the root file system, including the image; only if sizes were requested.
        pub size_root_fs: Option<i64> = "SizeRootFs",
        /// Mounts.
        pub mounts: Vec<MountPoint> = "Mounts",
        /// Configuration that does not depend on the host.
        pub config: ContainerConfig = "Config",
        /// Networks and ports.
        pub network_settings: NetworkSettings = "NetworkSettings",
    }
}

impl ContainerInspectResponse {
    /// Returns the name of the storage driver or snapshotter, such as `overlay2` or `overlayfs`.
    ///
    /// The name comes from `storage` if present, otherwise from `graph_driver`.
    pub fn storage_name(&self) -> Option<&str> {
        let root_fs = self.storage.as_ref().and_then(|storage| storage.root_fs.as_ref());
        match root_fs.and_then(|root_fs| root_fs.snapshot.as_ref()) {
            Some(snapshot) => Some(&snapshot.name),
            None => self.graph_driver.as_ref().map(|driver| driver.name.as_str()),
        }
    }
}

record! {
    /// Networks and ports of a container.
    ///
    /// The fields from `bridge` on describe only the network called `bridge` and exist until API
    /// 1.51. Use `networks` instead, which all versions have.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct NetworkSettings {
        /// ID of the network namespace.
        pub sandbox_id: String = "SandboxID",
        /// Path of the network namespace file on the host.
        pub sandbox_key: String = "SandboxKey",
        /// Exposed and published ports.
        pub ports: PortMap = "Ports",
        /// Endpoints of the container, by network name.
        pub networks: Map<EndpointSettings> = "Networks",
        /// Name of the bridge on the host, if it is not the default one. Until API 1.51.
        pub bridge: String = "Bridge",
        /// Whether hairpin NAT is enabled, so that the container can reach itself by its published
        /// ports. Until API 1.51.
        pub hairpin_mode: bool = "HairpinMode",
        /// Link-local IPv6 address. Until API 1.51.
        pub link_local_ipv6_address: String = "LinkLocalIPv6Address",
        /// Prefix length of the link-local IPv6 address in bits. Until API 1.51.
        pub link_local_ipv6_prefix_len: i64 = "LinkLocalIPv6PrefixLen",
        /// Secondary IPv4 addresses. Until API 1.51.
        pub secondary_ip_addresses: Vec<Address> = "SecondaryIPAddresses",
        /// Secondary IPv6 addresses. Until API 1.51.
        pub secondary_ipv6_addresses: Vec<Address> = "SecondaryIPv6Addresses",
        /// ID of the endpoint. Until API 1.51.
        pub endpoint_id: String = "EndpointID",
        /// IPv4 gateway. Until API 1.51.
        pub gateway: String = "Gateway",
        /// Global IPv6 address. Until API 1.51.
        pub global_ipv6_address: String = "GlobalIPv6Address",
        /// Prefix length of the IPv6 network in bits. Until API 1.51.
        pub global_ipv6_prefix_len: i64 = "GlobalIPv6PrefixLen",
        /// IPv4 address. Until API 1.51.
        pub ip_address: String = "IPAddress",
        /// Prefix length of the IPv4 network in bits. Until API 1.51.
        pub ip_prefix_len: i64 = "IPPrefixLen",
        /// IPv6 gateway. Until API 1.51.
        pub ipv6_gateway: String = "IPv6Gateway",
        /// MAC address. Until API 1.51.
        pub mac_address: String = "MacAddress",
    }
}

impl NetworkSettings {
    /// Returns the IPv4 and IPv6 addresses of the container, ordered by network name. Empty while
    /// the container is not running.
    pub fn ip_addresses(&self) -> impl Iterator<Item = &str> {
        self.networks
            .values()
            .flat_map(|endpoint| [&endpoint.ip_address, &endpoint.global_ipv6_address])
            .filter(|address| !address.is_empty())
            .map(String::as_str)
    }
}

record! {
    /// Address with its prefix length. Until API 1.51.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct Address {
        /// IP address.
        pub addr: String = "Addr",
        /// Prefix length of the network in bits.
        pub prefix_len: i64 = "PrefixLen",
    }
}

record! {
    /// Data of the storage driver about a container or an image.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct DriverData {
        /// Name of the storage driver, such as `overlay2`.
        pub name: String = "Name",
        /// Driver-specific data, such as directories on the host.
        pub data: Map<String> = "Data",
    }
}

record! {
    /// Storage of a container in the image store. Since API 1.52.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct Storage {
        /// Storage of the root file system.
        pub root_fs: Option<RootFsStorage> = "RootFS",
    }
}

record! {
    /// Storage of a container's root file system. Since API 1.52.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct RootFsStorage {
        /// Snapshot that holds the root file system.
        pub snapshot: Option<RootFsStorageSnapshot> = "Snapshot",
    }
}

record! {
    /// Snapshot that holds a root file system. Since API 1.52.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct RootFsStorageSnapshot {
        /// Name of the snapshotter, such as `overlayfs`.
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
    fn storage_name_of_all_api_versions() {
        let old = r#"{"GraphDriver":{"Name":"overlay2","Data":null}}"#;
        assert_eq!(inspect(old).storage_name(), Some("overlay2"));
        let new = r#"{"Storage":{"RootFS":{"Snapshot":{"Name":"overlayfs"}}}}"#;
        assert_eq!(inspect(new).storage_name(), Some("overlayfs"));
        for none in ["{}", r#"{"GraphDriver":null,"Storage":{"RootFS":null}}"#] {
            assert_eq!(inspect(none).storage_name(), None);
        }
    }

    #[test]
    fn ip_addresses_of_all_networks() {
        let container = inspect(
            r#"{"NetworkSettings":{"IPAddress":"","Networks":{
                "b":{"IPAddress":"10.0.0.2","GlobalIPv6Address":"fd00::2"},
                "a":{"IPAddress":"172.17.0.2","GlobalIPv6Address":""},"c":null}}}"#,
        );
        let addresses: Vec<&str> = container.network_settings.ip_addresses().collect();
        assert_eq!(addresses, ["172.17.0.2", "10.0.0.2", "fd00::2"]);
    }

    #[test]
    fn reads_exposed_and_published_ports() {
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
