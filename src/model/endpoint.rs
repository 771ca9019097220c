//! A container's place in networks, and its ports.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::words;

words! {
    /// A transport protocol.
    pub enum PortProtocol {
        /// TCP.
        Tcp = "tcp",
        /// UDP.
        Udp = "udp",
        /// SCTP.
        Sctp = "sctp",
    }
}

/// Where the ports of a container are published: by port and protocol, as `80/tcp`. An exposed
/// port that is not published has an empty list.
pub type PortMap = BTreeMap<String, Vec<PortBinding>>;

/// An address of the host at which a port of a container is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct PortBinding {
    /// Address of the host; empty for all.
    pub host_ip: String,
    /// Port of the host as text; empty for one that the engine picks. When asking, it may be a
    /// range, such as `8000-8010`, of which the engine picks one.
    pub host_port: String,
}

/// The networks a new container joins.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct NetworkingConfig {
    /// By name or id of the network. More than one since API 1.44.
    pub endpoints_config: BTreeMap<String, EndpointSettings>,
}

/// A container's place in one network.
///
/// Up to `gw_priority`, settings that the caller chooses; below, what the engine found, which it
/// ignores in requests.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EndpointSettings {
    /// Addresses the caller chose.
    #[serde(rename = "IPAMConfig")]
    pub ipam_config: EndpointIpamConfig,
    /// Other containers, as `name:alias`; an old way, use aliases.
    pub links: Vec<String>,
    /// MAC address; empty while the container is not running. Can be chosen since API 1.44 when the
    /// container is created, and since API 1.54 when it is connected later.
    pub mac_address: String,
    /// Further names of the container in this network. Below API 1.45 answers hold its short id too.
    pub aliases: Vec<String>,
    /// Settings for the driver of the network.
    pub driver_opts: BTreeMap<String, String>,
    /// Which network the default gateway comes from: the one with the highest number. Since API
    /// 1.48.
    pub gw_priority: i64,
    /// Id of the network.
    #[serde(rename = "NetworkID")]
    pub network_id: String,
    /// Id of this place; empty while the container is not running.
    #[serde(rename = "EndpointID")]
    pub endpoint_id: String,
    /// IPv4 gateway.
    pub gateway: String,
    /// IPv4 address; empty while the container is not running.
    #[serde(rename = "IPAddress")]
    pub ip_address: String,
    /// Length of the IPv4 network mask in bits.
    #[serde(rename = "IPPrefixLen")]
    pub ip_prefix_len: i64,
    /// IPv6 gateway.
    #[serde(rename = "IPv6Gateway")]
    pub ipv6_gateway: String,
    /// Global IPv6 address.
    #[serde(rename = "GlobalIPv6Address")]
    pub global_ipv6_address: String,
    /// Length of the IPv6 network mask in bits.
    #[serde(rename = "GlobalIPv6PrefixLen")]
    pub global_ipv6_prefix_len: i64,
    /// All names under which others in the network find the container. Since API 1.44.
    #[serde(rename = "DNSNames")]
    pub dns_names: Vec<String>,
}

/// Addresses for a container in one network, chosen by the caller.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EndpointIpamConfig {
    /// IPv4 address.
    #[serde(rename = "IPv4Address")]
    pub ipv4_address: String,
    /// IPv6 address.
    #[serde(rename = "IPv6Address")]
    pub ipv6_address: String,
    /// Link-local addresses, IPv4 or IPv6.
    #[serde(rename = "LinkLocalIPs")]
    pub link_local_ips: Vec<String>,
}
