//! A container's place in networks, and its ports.

use super::StringList;
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
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
pub type PortMap = Map<Vec<PortBinding>>;

record! {
    /// An address of the host at which a port of a container is reached.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct PortBinding {
        /// Address of the host; empty for all.
        pub host_ip: String = "HostIp",
        /// Port of the host as text; empty for one that the engine picks. When asking, it may be a
        /// range, such as `8000-8010`, of which the engine picks one.
        pub host_port: String = "HostPort",
    }
}

record! {
    /// The networks a new container joins.
    #[derive(Clone, Default, PartialEq)]
    pub struct NetworkingConfig {
        /// By name or id of the network. More than one since API 1.44.
        pub endpoints_config: Map<EndpointSettings> = "EndpointsConfig",
    }
}

record! {
    /// A container's place in one network.
    ///
    /// Up to `gw_priority`, settings that the caller chooses; below, what the engine found, which it
    /// ignores in requests.
    #[derive(Clone, Default, PartialEq)]
    pub struct EndpointSettings {
        /// Addresses the caller chose.
        pub ipam_config: EndpointIpamConfig = "IPAMConfig",
        /// Other containers, as `name:alias`; an old way, use aliases.
        pub links: StringList = "Links",
        /// MAC address; empty while the container is not running. Can be chosen since API 1.44 when the
        /// container is created, and since API 1.54 when it is connected later.
        pub mac_address: String = "MacAddress" since 44,
        /// Further names of the container in this network. Below API 1.45 answers hold its short id too.
        pub aliases: StringList = "Aliases",
        /// Settings for the driver of the network.
        pub driver_opts: Map<String> = "DriverOpts",
        /// Which network the default gateway comes from: the one with the highest number. Since API
        /// 1.48.
        pub gw_priority: i64 = "GwPriority" since 48,
        /// Id of the network.
        pub network_id: String = "NetworkID",
        /// Id of this place; empty while the container is not running.
        pub endpoint_id: String = "EndpointID",
        /// IPv4 gateway.
        pub gateway: String = "Gateway",
        /// IPv4 address; empty while the container is not running.
        pub ip_address: String = "IPAddress",
        /// Length of the IPv4 network mask in bits.
        pub ip_prefix_len: i64 = "IPPrefixLen",
        /// IPv6 gateway.
        pub ipv6_gateway: String = "IPv6Gateway",
        /// Global IPv6 address.
        pub global_ipv6_address: String = "GlobalIPv6Address",
        /// Length of the IPv6 network mask in bits.
        pub global_ipv6_prefix_len: i64 = "GlobalIPv6PrefixLen",
        /// All names under which others in the network find the container. Since API 1.44.
        pub dns_names: StringList = "DNSNames",
    }
}

record! {
    /// Addresses for a container in one network, chosen by the caller.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct EndpointIpamConfig {
        /// IPv4 address.
        pub ipv4_address: String = "IPv4Address",
        /// IPv6 address.
        pub ipv6_address: String = "IPv6Address",
        /// Link-local addresses, IPv4 or IPv6.
        pub link_local_ips: StringList = "LinkLocalIPs",
    }
}
