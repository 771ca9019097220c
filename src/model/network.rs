//! Networks.

use super::{EndpointSettings, StringList, Timestamp};
use crate::codec::record;
use crate::model::Map;

record! {
    /// Network in a list, as returned by NetworkList.
    ///
    /// Only [`NetworkInspect`] includes the containers.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct NetworkSummary {
        /// Name of the network. Names may be ambiguous, IDs are unique.
        pub name: String = "Name",
        /// ID of the network.
        pub id: String = "Id",
        /// Creation time.
        pub created: Timestamp = "Created",
        /// Scope of the network: `local` for one host, `swarm` for the cluster, or `global`.
        pub scope: String = "Scope",
        /// Driver, such as `bridge`, `overlay`, `macvlan`, `host`, `null`.
        pub driver: String = "Driver",
        /// Whether IPv4 is enabled. Since API 1.48; absent before that, when it was always enabled.
        pub enable_ipv4: Option<bool> = "EnableIPv4",
        /// Whether IPv6 is enabled.
        pub enable_ipv6: bool = "EnableIPv6",
        /// IP address management.
        pub ipam: Ipam = "IPAM",
        /// Whether external access is disabled.
        pub internal: bool = "Internal",
        /// Whether containers outside of services can join a swarm network.
        pub attachable: bool = "Attachable",
        /// Whether the network provides the routing mesh of the swarm.
        pub ingress: bool = "Ingress",
        /// Network from which the configuration was taken.
        pub config_from: ConfigReference = "ConfigFrom",
        /// Whether the network is only a configuration for other networks and cannot be joined.
        pub config_only: bool = "ConfigOnly",
        /// Driver options.
        pub options: Map<String> = "Options",
        /// Labels of the network.
        pub labels: Map<String> = "Labels",
        /// Other hosts of an overlay network.
        pub peers: Vec<PeerInfo> = "Peers",
    }
}

record! {
    /// Response of NetworkInspect.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct NetworkInspect {
        /// Name of the network. Names may be ambiguous, IDs are unique.
        pub name: String = "Name",
        /// ID of the network.
        pub id: String = "Id",
        /// Creation time.
        pub created: Timestamp = "Created",
        /// Scope of the network: `local` for one host, `swarm` for the cluster, or `global`.
        pub scope: String = "Scope",
        /// Driver, such as `bridge`, `overlay`, `macvlan`, `host`, `null`.
        pub driver: String = "Driver",
        /// Whether IPv4 is enabled. Since API 1.48; absent before that, when it was always enabled.
        pub enable_ipv4: Option<bool> = "EnableIPv4",
        /// Whether IPv6 is enabled.
        pub enable_ipv6: bool = "EnableIPv6",
        /// IP address management.
        pub ipam: Ipam = "IPAM",
        /// Whether external access is disabled.
        pub internal: bool = "Internal",
        /// Whether containers outside of services can join a swarm network.
        pub attachable: bool = "Attachable",
        /// Whether the network provides the routing mesh of the swarm.
        pub ingress: bool = "Ingress",
        /// Network from which the configuration was taken.
        pub config_from: ConfigReference = "ConfigFrom",
        /// Whether the network is only a configuration for other networks and cannot be joined.
        pub config_only: bool = "ConfigOnly",
        /// Driver options.
        pub options: Map<String> = "Options",
        /// Labels of the network.
        pub labels: Map<String> = "Labels",
        /// Other hosts of an overlay network.
        pub peers: Vec<PeerInfo> = "Peers",
        /// Running containers in the network, by container ID.
        pub containers: Map<EndpointResource> = "Containers",
        /// Services in a swarm network, by name. Only with `verbose`.
        pub services: Map<ServiceInfo> = "Services",
        /// Current usage of the network. Since API 1.52.
        pub status: Option<NetworkStatus> = "Status",
    }
}

record! {
    /// IP address management (IPAM) of a network.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct Ipam {
        /// IPAM driver; empty means `default`.
        pub driver: String = "Driver",
        /// Subnets; empty in a request lets the engine choose.
        pub config: Vec<IpamConfig> = "Config",
        /// Driver options.
        pub options: Map<String> = "Options",
    }
}

record! {
    /// Subnet of a network.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct IpamConfig {
        /// Subnet in CIDR format, such as `172.20.0.0/16`.
        pub subnet: String = "Subnet",
        /// Range within the subnet from which addresses are allocated, such as `172.20.10.0/24`;
        /// empty means the whole subnet.
        pub ip_range: String = "IPRange",
        /// Address of the gateway.
        pub gateway: String = "Gateway",
        /// Reserved addresses by host name.
        pub auxiliary_addresses: Map<String> = "AuxiliaryAddresses",
    }
}

record! {
    /// Reference to a network that provides the configuration.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct ConfigReference {
        /// Name (not ID) of a network created with `config_only`; empty if there is none.
        pub network: String = "Network",
    }
}

record! {
    /// Other host of an overlay network.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PeerInfo {
        /// Name of the host, which includes its node ID.
        pub name: String = "Name",
        /// IP address of the host.
        pub ip: String = "IP",
    }
}

record! {
    /// Container in a network.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct EndpointResource {
        /// Name of the container.
        pub name: String = "Name",
        /// ID of the endpoint.
        pub endpoint_id: String = "EndpointID",
        /// MAC address, such as `02:42:ac:13:00:02`.
        pub mac_address: String = "MacAddress",
        /// IPv4 address with prefix length; empty if there is none.
        pub ipv4_address: String = "IPv4Address",
        /// IPv6 address with prefix length; empty if there is none.
        pub ipv6_address: String = "IPv6Address",
    }
}

record! {
    /// Service in a swarm network.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ServiceInfo {
        /// Virtual IP address of the service.
        pub vip: String = "VIP",
        /// Ports of the service as strings.
        pub ports: StringList = "Ports",
        /// Index of the service in the load balancer of this host.
        pub local_lb_index: i64 = "LocalLBIndex",
        /// Tasks of the service.
        pub tasks: Vec<NetworkTaskInfo> = "Tasks",
    }
}

record! {
    /// Task of a service in a swarm network.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct NetworkTaskInfo {
        /// Name of the task.
        pub name: String = "Name",
        /// ID of the endpoint.
        pub endpoint_id: String = "EndpointID",
        /// IP address of the endpoint.
        pub endpoint_ip: String = "EndpointIP",
        /// Driver-specific information, such as the address of the host (`Host IP`).
        pub info: Map<String> = "Info",
    }
}

record! {
    /// Current usage of a network. Since API 1.52.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct NetworkStatus {
        /// Usage of IP addresses.
        pub ipam: IpamStatus = "IPAM",
    }
}

record! {
    /// Usage of IP addresses in a network. Since API 1.52.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct IpamStatus {
        /// Usage by subnet, such as `172.16.0.0/16`.
        pub subnets: Map<SubnetStatus> = "Subnets",
    }
}

record! {
    /// Usage of IP addresses in a subnet. Since API 1.52.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct SubnetStatus {
        /// Number of addresses in use or reserved; saturates at `u64::MAX`.
        pub ips_in_use: u64 = "IPsInUse",
        /// Number of addresses available for allocation; saturates at `u64::MAX`.
        pub dynamic_ips_available: u64 = "DynamicIPsAvailable",
    }
}

record! {
    /// Body of NetworkCreate.
    #[derive(Clone, Default, PartialEq)]
    pub struct NetworkCreateRequest {
        /// Name of the network. Required.
        pub name: String = "Name",
        /// Driver; empty means `bridge`.
        pub driver: String = "Driver",
        /// Scope of the network: `local`, `swarm`, `global`; empty means the default of the driver.
        pub scope: String = "Scope" since 30,
        /// Whether to disable external access.
        pub internal: bool = "Internal",
        /// Whether containers outside of services can join a swarm network.
        pub attachable: bool = "Attachable" since 25,
        /// Whether the network provides the routing mesh of the swarm.
        pub ingress: bool = "Ingress" since 29,
        /// Whether the network is only a configuration for other networks.
        pub config_only: bool = "ConfigOnly" since 30,
        /// Network from which to take the configuration.
        pub config_from: Option<ConfigReference> = "ConfigFrom" since 30,
        /// IP address management; `None` leaves it to the engine.
        pub ipam: Option<Ipam> = "IPAM",
        /// Whether to enable IPv4; `None` means enabled. Since API 1.48.
        pub enable_ipv4: Option<bool> = "EnableIPv4" since 48,
        /// Whether to enable IPv6; `None` means the engine's default.
        pub enable_ipv6: Option<bool> = "EnableIPv6",
        /// Driver options.
        pub options: Map<String> = "Options",
        /// Labels of the network.
        pub labels: Map<String> = "Labels",
        /// Whether to reject a name that is already in use. Until API 1.45; always the case since
        /// API 1.44.
        pub check_duplicate: bool = "CheckDuplicate",
    }
}

record! {
    /// Response of NetworkCreate.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct NetworkCreateResponse {
        /// ID of the new network.
        pub id: String = "Id",
        /// Warning of the engine; empty if there is none.
        pub warning: String = "Warning",
    }
}

record! {
    /// Body of NetworkConnect.
    #[derive(Clone, Default, PartialEq)]
    pub struct NetworkConnectRequest {
        /// ID or name of the container. Required.
        pub container: String = "Container",
        /// Addresses, aliases and options of the new endpoint.
        pub endpoint_config: Option<EndpointSettings> = "EndpointConfig",
    }
}

record! {
    /// Body of NetworkDisconnect.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct NetworkDisconnectRequest {
        /// ID or name of the container. Required.
        pub container: String = "Container",
        /// Whether to disconnect a container that is stopped or does not exist any more.
        pub force: bool = "Force",
    }
}

record! {
    /// Response of NetworkPrune.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct NetworkPruneResponse {
        /// Names of the unused networks that were removed.
        pub networks_deleted: StringList = "NetworksDeleted",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::testing::decode_response;
    use crate::codec::testing::to_body;

    #[test]
    fn reads_networks_of_all_api_versions() {
        let old: NetworkInspect = decode_response(
            br#"{"Name":"bridge","EnableIPv6":false,"ConfigFrom":{"Network":""},"Labels":null,
                "IPAM":{"Driver":"default","Options":null,"Config":[{"Subnet":"172.17.0.0/16"}]},
                "Containers":{"c":{"Name":"web","IPv4Address":"172.17.0.2/16"}}}"#,
        )
        .unwrap();
        assert_eq!(old.enable_ipv4, None);
        assert_eq!(old.ipam.config[0].subnet, "172.17.0.0/16");
        assert_eq!(old.containers["c"].ipv4_address, "172.17.0.2/16");
        assert_eq!(old.status, None);
        let new: NetworkInspect = decode_response(
            br#"{"EnableIPv4":false,"Status":{"IPAM":{"Subnets":{"fd00::/64":
                {"IPsInUse":3,"DynamicIPsAvailable":18446744073709551615}}}}}"#,
        )
        .unwrap();
        assert_eq!(new.enable_ipv4, Some(false));
        let subnet = &new.status.unwrap().ipam.subnets["fd00::/64"];
        assert_eq!((subnet.ips_in_use, subnet.dynamic_ips_available), (3, u64::MAX));
    }

    #[test]
    fn sends_disabled_ipv4() {
        let request = NetworkCreateRequest {
            name: "n".into(),
            enable_ipv4: Some(false),
            ..Default::default()
        };
        assert_eq!(to_body(&request), br#"{"Name":"n","EnableIPv4":false}"#);
    }
}
