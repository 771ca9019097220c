//! All about one container.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    ContainerConfig, ContainerState, EndpointSettings, HostConfig, MountPoint, OciDescriptor,
    PortMap, Timestamp,
};

/// Answer to container inspect.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerInspectResponse {
    /// Its id.
    pub id: String,
    /// When it was made.
    pub created: Timestamp,
    /// The command that is run.
    pub path: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// How it is.
    pub state: ContainerState,
    /// Id of the image.
    pub image: String,
    /// File on the host behind `/etc/resolv.conf`.
    pub resolv_conf_path: String,
    /// File on the host behind `/etc/hostname`.
    pub hostname_path: String,
    /// File on the host behind `/etc/hosts`.
    pub hosts_path: String,
    /// File on the host with its output; empty where the logging driver has none.
    pub log_path: String,
    /// Its name with a leading `/`.
    pub name: String,
    /// How often the engine has started it again.
    pub restart_count: i64,
    /// The storage driver.
    pub driver: String,
    /// Its operating system.
    pub platform: String,
    /// The manifest of the image that was picked for the platform; needs an image store that has
    /// several. Since API 1.48.
    pub image_manifest_descriptor: Option<OciDescriptor>,
    /// SELinux label of its files.
    pub mount_label: String,
    /// SELinux label of its process.
    pub process_label: String,
    /// AppArmor profile of its process.
    pub app_armor_profile: String,
    /// Ids of the commands executed in it.
    #[serde(rename = "ExecIDs")]
    pub exec_ids: Vec<String>,
    /// What the host gives to it.
    pub host_config: HostConfig,
    /// Where the storage driver keeps its files; missing since API 1.52 where that is told by
    /// `storage`.
    pub graph_driver: Option<DriverData>,
    /// Where the image store keeps its files. Since API 1.52.
    pub storage: Option<Storage>,
    /// Bytes it has written to its own files; only when sizes were asked for.
    pub size_rw: Option<i64>,
    /// Bytes of all its files with those of the image; only when sizes were asked for.
    pub size_root_fs: Option<i64>,
    /// Its mounts.
    pub mounts: Vec<MountPoint>,
    /// What it runs.
    pub config: ContainerConfig,
    /// Its networks and ports.
    pub network_settings: NetworkSettings,
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

/// The networks and ports of a container.
///
/// The fields from `bridge` on tell about the network called `bridge` alone. Until API 1.51; read
/// `networks` instead, which every engine has.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NetworkSettings {
    /// Id of the network namespace.
    #[serde(rename = "SandboxID")]
    pub sandbox_id: String,
    /// File on the host that stands for the network namespace.
    pub sandbox_key: String,
    /// Its ports, exposed and published.
    pub ports: PortMap,
    /// Its place in each network, by name.
    pub networks: BTreeMap<String, EndpointSettings>,
    /// Name of the bridge on the host, where it is not the usual one. Until API 1.51.
    pub bridge: String,
    /// Whether it reaches itself by its published ports. Until API 1.51.
    pub hairpin_mode: bool,
    /// Link-local IPv6 address. Until API 1.51.
    #[serde(rename = "LinkLocalIPv6Address")]
    pub link_local_ipv6_address: String,
    /// Length of that network's mask in bits. Until API 1.51.
    #[serde(rename = "LinkLocalIPv6PrefixLen")]
    pub link_local_ipv6_prefix_len: i64,
    /// Further IPv4 addresses. Until API 1.51.
    #[serde(rename = "SecondaryIPAddresses")]
    pub secondary_ip_addresses: Vec<Address>,
    /// Further IPv6 addresses. Until API 1.51.
    #[serde(rename = "SecondaryIPv6Addresses")]
    pub secondary_ipv6_addresses: Vec<Address>,
    /// Id of its place in the network. Until API 1.51.
    #[serde(rename = "EndpointID")]
    pub endpoint_id: String,
    /// IPv4 gateway. Until API 1.51.
    pub gateway: String,
    /// Global IPv6 address. Until API 1.51.
    #[serde(rename = "GlobalIPv6Address")]
    pub global_ipv6_address: String,
    /// Length of the IPv6 network mask in bits. Until API 1.51.
    #[serde(rename = "GlobalIPv6PrefixLen")]
    pub global_ipv6_prefix_len: i64,
    /// IPv4 address. Until API 1.51.
    #[serde(rename = "IPAddress")]
    pub ip_address: String,
    /// Length of the IPv4 network mask in bits. Until API 1.51.
    #[serde(rename = "IPPrefixLen")]
    pub ip_prefix_len: i64,
    /// IPv6 gateway. Until API 1.51.
    #[serde(rename = "IPv6Gateway")]
    pub ipv6_gateway: String,
    /// MAC address. Until API 1.51.
    pub mac_address: String,
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

/// An address with its network. Until API 1.51.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Address {
    /// The address.
    pub addr: String,
    /// Length of the network mask in bits.
    pub prefix_len: i64,
}

/// Where a storage driver keeps the files of a container or an image.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DriverData {
    /// The driver, such as `overlay2`.
    pub name: String,
    /// What it tells, such as the directories on the host.
    pub data: BTreeMap<String, String>,
}

/// Where an image store keeps the files of a container. Since API 1.52.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Storage {
    /// Its root file system.
    #[serde(rename = "RootFS")]
    pub root_fs: Option<RootFsStorage>,
}

/// How the root file system of a container is kept. Since API 1.52.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RootFsStorage {
    /// As a snapshot.
    pub snapshot: Option<RootFsStorageSnapshot>,
}

/// A snapshot that holds a root file system. Since API 1.52.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RootFsStorageSnapshot {
    /// The snapshotter, such as `overlayfs`.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::super::lenient::from_answer;
    use super::*;

    fn inspect(json: &str) -> ContainerInspectResponse {
        from_answer(json.as_bytes()).unwrap()
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
