//! Networks.

use super::{EndpointSettings, StringList, Timestamp};
use crate::codec::record;
use crate::model::Map;

record! {
    /// A network, as in a list.
    ///
    /// The containers in it are told by [`NetworkInspect`] only.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct NetworkSummary {
        /// Name of the network. Names need not be unique; ids are.
        pub name: String = "Name",
        /// Id of the network.
        pub id: String = "Id",
        /// When it was made.
        pub created: Timestamp = "Created",
        /// How far it reaches: `local` for one machine, `swarm` for the cluster, `global`.
        pub scope: String = "Scope",
        /// Driver that runs it, such as `bridge`, `overlay`, `macvlan`, `host`, `null`.
        pub driver: String = "Driver",
        /// Whether it carries IPv4. Since API 1.48; missing before that, when every network carried it.
        pub enable_ipv4: Option<bool> = "EnableIPv4",
        /// Whether it carries IPv6.
        pub enable_ipv6: bool = "EnableIPv6",
        /// Its subnets and how addresses are handed out.
        pub ipam: Ipam = "IPAM",
        /// Whether it has no way to the outside.
        pub internal: bool = "Internal",
        /// Whether plain containers may join a cluster network, not services alone.
        pub attachable: bool = "Attachable",
        /// Whether it is the cluster's routing mesh.
        pub ingress: bool = "Ingress",
        /// The network whose configuration it took over.
        pub config_from: ConfigReference = "ConfigFrom",
        /// Whether it only holds a configuration for other networks and carries nothing itself.
        pub config_only: bool = "ConfigOnly",
        /// Options of the driver.
        pub options: Map<String> = "Options",
        /// Labels of the network.
        pub labels: Map<String> = "Labels",
        /// The other machines of an overlay network.
        pub peers: Vec<PeerInfo> = "Peers",
    }
}

record! {
    /// A network in full.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct NetworkInspect {
        /// Name of the network. Names need not be unique; ids are.
        pub name: String = "Name",
        /// Id of the network.
        pub id: String = "Id",
        /// When it was made.
        pub created: Timestamp = "Created",
        /// How far it reaches: `local` for one machine, `swarm` for the cluster, `global`.
        pub scope: String = "Scope",
        /// Driver that runs it, such as `bridge`, `overlay`, `macvlan`, `host`, `null`.
        pub driver: String = "Driver",
        /// Whether it carries IPv4. Since API 1.48; missing before that, when every network carried it.
        pub enable_ipv4: Option<bool> = "EnableIPv4",
        /// Whether it carries IPv6.
        pub enable_ipv6: bool = "EnableIPv6",
        /// Its subnets and how addresses are handed out.
        pub ipam: Ipam = "IPAM",
        /// Whether it has no way to the outside.
        pub internal: bool = "Internal",
        /// Whether plain containers may join a cluster network, not services alone.
        pub attachable: bool = "Attachable",
        /// Whether it is the cluster's routing mesh.
        pub ingress: bool = "Ingress",
        /// The network whose configuration it took over.
        pub config_from: ConfigReference = "ConfigFrom",
        /// Whether it only holds a configuration for other networks and carries nothing itself.
        pub config_only: bool = "ConfigOnly",
        /// Options of the driver.
        pub options: Map<String> = "Options",
        /// Labels of the network.
        pub labels: Map<String> = "Labels",
        /// The other machines of an overlay network.
        pub peers: Vec<PeerInfo> = "Peers",
        /// The running containers in it, by container id.
        pub containers: Map<EndpointResource> = "Containers",
        /// The services in a cluster network, by name. Only when asked for with `verbose`.
        pub services: Map<ServiceInfo> = "Services",
        /// What is in use of it now. Since API 1.52.
        pub status: Option<NetworkStatus> = "Status",
    }
}

record! {
    /// How addresses of a network are handed out.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct Ipam {
        /// Driver that hands them out; empty means `default`.
        pub driver: String = "Driver",
        /// One entry for each subnet. Empty in a request: the engine chooses.
        pub config: Vec<IpamConfig> = "Config",
        /// Options of that driver.
        pub options: Map<String> = "Options",
    }
}

record! {
    /// One subnet of a network.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct IpamConfig {
        /// The subnet, such as `172.20.0.0/16`.
        pub subnet: String = "Subnet",
        /// The part of it from which addresses are handed out, such as `172.20.10.0/24`; empty means
        /// all of it.
        pub ip_range: String = "IPRange",
        /// Address of the gateway.
        pub gateway: String = "Gateway",
        /// Addresses that are taken by others, by the name of their holder.
        pub auxiliary_addresses: Map<String> = "AuxiliaryAddresses",
    }
}

record! {
    /// The network that lends its configuration.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct ConfigReference {
        /// Name (not id) of a network made with `config_only`; empty where there is none.
        pub network: String = "Network",
    }
}

record! {
    /// Another machine of an overlay network.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PeerInfo {
        /// Its name, which contains its node id.
        pub name: String = "Name",
        /// Its address.
        pub ip: String = "IP",
    }
}

record! {
    /// A container in a network.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct EndpointResource {
        /// Name of the container.
        pub name: String = "Name",
        /// Id of its end of the connection.
        pub endpoint_id: String = "EndpointID",
        /// Its MAC address, such as `02:42:ac:13:00:02`.
        pub mac_address: String = "MacAddress",
        /// Its IPv4 address with the length of the subnet's prefix; empty where it has none.
        pub ipv4_address: String = "IPv4Address",
        /// Its IPv6 address with the length of the subnet's prefix; empty where it has none.
        pub ipv6_address: String = "IPv6Address",
    }
}

record! {
    /// A service in a cluster network.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ServiceInfo {
        /// Address under which the service is reached as a whole.
        pub vip: String = "VIP",
        /// Its ports, as text.
        pub ports: StringList = "Ports",
        /// Index of the kernel's load balancer for it on this machine.
        pub local_lb_index: i64 = "LocalLBIndex",
        /// The tasks behind it.
        pub tasks: Vec<NetworkTaskInfo> = "Tasks",
    }
}

record! {
    /// A task of a service in a cluster network.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct NetworkTaskInfo {
        /// Name of the task.
        pub name: String = "Name",
        /// Id of its end of the connection.
        pub endpoint_id: String = "EndpointID",
        /// Its address.
        pub endpoint_ip: String = "EndpointIP",
        /// What the driver says of it, such as the machine it is on (`Host IP`).
        pub info: Map<String> = "Info",
    }
}

record! {
    /// What is in use of a network. Since API 1.52.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct NetworkStatus {
        /// Its addresses.
        pub ipam: IpamStatus = "IPAM",
    }
}

record! {
    /// The addresses in use of a network. Since API 1.52.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct IpamStatus {
        /// By subnet, such as `172.16.0.0/16`.
        pub subnets: Map<SubnetStatus> = "Subnets",
    }
}

record! {
    /// The addresses in use of a subnet. Since API 1.52.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct SubnetStatus {
        /// How many are in use or reserved. `u64::MAX` also stands for more.
        pub ips_in_use: u64 = "IPsInUse",
        /// How many are left to be handed out. `u64::MAX` also stands for more.
        pub dynamic_ips_available: u64 = "DynamicIPsAvailable",
    }
}

record! {
    /// What a new network shall be.
    #[derive(Clone, Default, PartialEq)]
    pub struct NetworkCreateRequest {
        /// Name of the network. Must be given.
        pub name: String = "Name",
        /// Driver that runs it; empty means `bridge`.
        pub driver: String = "Driver",
        /// How far it shall reach: `local`, `swarm`, `global`; empty leaves it to the driver.
        pub scope: String = "Scope" since 30,
        /// Whether it has no way to the outside.
        pub internal: bool = "Internal",
        /// Whether plain containers may join a cluster network, not services alone.
        pub attachable: bool = "Attachable" since 25,
        /// Whether it is the cluster's routing mesh.
        pub ingress: bool = "Ingress" since 29,
        /// Whether it only holds a configuration for other networks.
        pub config_only: bool = "ConfigOnly" since 30,
        /// Take the configuration from that network.
        pub config_from: Option<ConfigReference> = "ConfigFrom" since 30,
        /// Subnets and how addresses are handed out; missing leaves it to the engine.
        pub ipam: Option<Ipam> = "IPAM",
        /// Whether it carries IPv4; missing leaves it to the engine, which says yes. Since API 1.48.
        pub enable_ipv4: Option<bool> = "EnableIPv4" since 48,
        /// Whether it carries IPv6; missing leaves it to the engine's configuration.
        pub enable_ipv6: Option<bool> = "EnableIPv6",
        /// Options of the driver.
        pub options: Map<String> = "Options",
        /// Labels of the network.
        pub labels: Map<String> = "Labels",
        /// Whether a name that is taken already is refused. Until API 1.45; from API 1.44 on it always
        /// is.
        pub check_duplicate: bool = "CheckDuplicate",
    }
}

record! {
    /// Answer to the making of a network.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct NetworkCreateResponse {
        /// Id of the new network.
        pub id: String = "Id",
        /// What the engine warns of; empty where it does not.
        pub warning: String = "Warning",
    }
}

record! {
    /// Which container shall join a network, and how.
    #[derive(Clone, Default, PartialEq)]
    pub struct NetworkConnectRequest {
        /// Id or name of the container. Must be given.
        pub container: String = "Container",
        /// Addresses, aliases and options it shall have there.
        pub endpoint_config: Option<EndpointSettings> = "EndpointConfig",
    }
}

record! {
    /// Which container shall leave a network.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct NetworkDisconnectRequest {
        /// Id or name of the container. Must be given.
        pub container: String = "Container",
        /// Whether to do it also when the container is stopped or cannot be found.
        pub force: bool = "Force",
    }
}

record! {
    /// The networks that were removed because nothing used them.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct NetworkPruneResponse {
        /// Their names.
        pub networks_deleted: StringList = "NetworksDeleted",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::testing::decode_response;
    use crate::codec::testing::to_body;

    #[test]
    fn of_all_versions() {
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
    fn no_to_ipv4_is_sent() {
        let request = NetworkCreateRequest {
            name: "n".into(),
            enable_ipv4: Some(false),
            ..Default::default()
        };
        assert_eq!(to_body(&request), br#"{"Name":"n","EnableIPv4":false}"#);
    }
}
