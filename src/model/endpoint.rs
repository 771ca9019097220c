//! Network endpoints and ports of a container.

use super::StringList;
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
    /// Transport protocol.
    pub enum PortProtocol {
        /// TCP.
        Tcp = "tcp",
        /// UDP.
        Udp = "udp",
        /// SCTP.
        Sctp = "sctp",
    }
}

/// Published ports, by container port and protocol, such as `80/tcp`.
/// A port that is exposed but not published has an empty list.
pub type PortMap = Map<Vec<PortBinding>>;

record! {
    /// Host address and port on which a container port is published.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct PortBinding {
        /// Host IP address; empty means all addresses.
        pub host_ip: String = "HostIp",
        /// Host port as a string; empty lets the engine choose. A request may contain a range, such
        /// as `8000-8010`, from which the engine chooses a port.
        pub host_port: String = "HostPort",
    }
}

record! {
    /// Networks to connect a new container to.
    #[derive(Clone, Default, PartialEq)]
    pub struct NetworkingConfig {
        /// Endpoint settings, by network name or ID. More than one network since API 1.44.
        pub endpoints_config: Map<EndpointSettings> = "EndpointsConfig",
    }
}

record! {
    /// Endpoint of a container in one network.
    ///
    /// The fields up to `gw_priority` are settings. The fields below describe the running endpoint
    /// and are ignored in requests.
    #[derive(Clone, Default, PartialEq)]
    pub struct EndpointSettings {
        /// Static addresses.
        pub ipam_config: EndpointIpamConfig = "IPAMConfig",
        /// Links to other containers as `name:alias`. Legacy; use `aliases`.
        pub links: StringList = "Links",
        /// MAC address; empty while the container is not running. Can be set by ContainerCreate
        /// since API 1.44 and by NetworkConnect since API 1.54.
        pub mac_address: String = "MacAddress" since 44,
        /// Additional DNS names of the container in this network. Before API 1.45 responses include
        /// the short container ID.
        pub aliases: StringList = "Aliases",
        /// Driver options.
        pub driver_opts: Map<String> = "DriverOpts",
        /// Priority of the network for the default gateway; the highest number wins. Since API
        /// 1.48.
        pub gw_priority: i64 = "GwPriority" since 48,
        /// ID of the network.
        pub network_id: String = "NetworkID",
        /// ID of the endpoint; empty while the container is not running.
        pub endpoint_id: String = "EndpointID",
        /// IPv4 gateway.
        pub gateway: String = "Gateway",
        /// IPv4 address; empty while the container is not running.
        pub ip_address: String = "IPAddress",
        /// Prefix length of the IPv4 network in bits.
        pub ip_prefix_len: i64 = "IPPrefixLen",
        /// IPv6 gateway.
        pub ipv6_gateway: String = "IPv6Gateway",
        /// Global IPv6 address.
        pub global_ipv6_address: String = "GlobalIPv6Address",
        /// Prefix length of the IPv6 network in bits.
        pub global_ipv6_prefix_len: i64 = "GlobalIPv6PrefixLen",
        /// All DNS names of the container in this network. Since API 1.44.
        pub dns_names: StringList = "DNSNames",
    }
}

record! {
    /// Static addresses of a container in one network.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct EndpointIpamConfig {
        /// IPv4 address.
        pub ipv4_address: String = "IPv4Address",
        /// IPv6 address.
        pub ipv6_address: String = "IPv6Address",
        /// Link-local IPv4 or IPv6 addresses.
        pub link_local_ips: StringList = "LinkLocalIPs",
    }
}
