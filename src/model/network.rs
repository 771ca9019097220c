//! Networks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{EndpointSettings, Timestamp};

/// A network, as in a list.
///
/// The containers in it are told by [`NetworkInspect`] only.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NetworkSummary {
    /// Name of the network. Names need not be unique; ids are.
    pub name: String,
    /// Id of the network.
    pub id: String,
    /// When it was made.
    pub created: Timestamp,
    /// How far it reaches: `local` for one machine, `swarm` for the cluster, `global`.
    pub scope: String,
    /// Driver that runs it, such as `bridge`, `overlay`, `macvlan`, `host`, `null`.
    pub driver: String,
    /// Whether it carries IPv4. Since API 1.48; missing before that, when every network carried it.
    #[serde(rename = "EnableIPv4")]
    pub enable_ipv4: Option<bool>,
    /// Whether it carries IPv6.
    #[serde(rename = "EnableIPv6")]
    pub enable_ipv6: bool,
    /// Its subnets and how addresses are handed out.
    #[serde(rename = "IPAM")]
    pub ipam: Ipam,
    /// Whether it has no way to the outside.
    pub internal: bool,
    /// Whether plain containers may join a cluster network, not services alone.
    pub attachable: bool,
    /// Whether it is the cluster's routing mesh.
    pub ingress: bool,
    /// The network whose configuration it took over.
    pub config_from: ConfigReference,
    /// Whether it only holds a configuration for other networks and carries nothing itself.
    pub config_only: bool,
    /// Options of the driver.
    pub options: BTreeMap<String, String>,
    /// Labels of the network.
    pub labels: BTreeMap<String, String>,
    /// The other machines of an overlay network.
    pub peers: Vec<PeerInfo>,
}

/// A network in full.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NetworkInspect {
    /// Name of the network. Names need not be unique; ids are.
    pub name: String,
    /// Id of the network.
    pub id: String,
    /// When it was made.
    pub created: Timestamp,
    /// How far it reaches: `local` for one machine, `swarm` for the cluster, `global`.
    pub scope: String,
    /// Driver that runs it, such as `bridge`, `overlay`, `macvlan`, `host`, `null`.
    pub driver: String,
    /// Whether it carries IPv4. Since API 1.48; missing before that, when every network carried it.
    #[serde(rename = "EnableIPv4")]
    pub enable_ipv4: Option<bool>,
    /// Whether it carries IPv6.
    #[serde(rename = "EnableIPv6")]
    pub enable_ipv6: bool,
    /// Its subnets and how addresses are handed out.
    #[serde(rename = "IPAM")]
    pub ipam: Ipam,
    /// Whether it has no way to the outside.
    pub internal: bool,
    /// Whether plain containers may join a cluster network, not services alone.
    pub attachable: bool,
    /// Whether it is the cluster's routing mesh.
    pub ingress: bool,
    /// The network whose configuration it took over.
    pub config_from: ConfigReference,
    /// Whether it only holds a configuration for other networks and carries nothing itself.
    pub config_only: bool,
    /// Options of the driver.
    pub options: BTreeMap<String, String>,
    /// Labels of the network.
    pub labels: BTreeMap<String, String>,
    /// The other machines of an overlay network.
    pub peers: Vec<PeerInfo>,
    /// The running containers in it, by container id.
    pub containers: BTreeMap<String, EndpointResource>,
    /// The services in a cluster network, by name. Only when asked for with `verbose`.
    pub services: BTreeMap<String, ServiceInfo>,
    /// What is in use of it now. Since API 1.52.
    pub status: Option<NetworkStatus>,
}

/// How addresses of a network are handed out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Ipam {
    /// Driver that hands them out; empty means `default`.
    pub driver: String,
    /// One entry for each subnet. Empty in a request: the engine chooses.
    pub config: Vec<IpamConfig>,
    /// Options of that driver.
    pub options: BTreeMap<String, String>,
}

/// One subnet of a network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct IpamConfig {
    /// The subnet, such as `172.20.0.0/16`.
    pub subnet: String,
    /// The part of it from which addresses are handed out, such as `172.20.10.0/24`; empty means
    /// all of it.
    #[serde(rename = "IPRange")]
    pub ip_range: String,
    /// Address of the gateway.
    pub gateway: String,
    /// Addresses that are taken by others, by the name of their holder.
    pub auxiliary_addresses: BTreeMap<String, String>,
}

/// The network that lends its configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ConfigReference {
    /// Name (not id) of a network made with `config_only`; empty where there is none.
    pub network: String,
}

/// Another machine of an overlay network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PeerInfo {
    /// Its name, which contains its node id.
    pub name: String,
    /// Its address.
    #[serde(rename = "IP")]
    pub ip: String,
}

/// A container in a network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EndpointResource {
    /// Name of the container.
    pub name: String,
    /// Id of its end of the connection.
    #[serde(rename = "EndpointID")]
    pub endpoint_id: String,
    /// Its MAC address, such as `02:42:ac:13:00:02`.
    pub mac_address: String,
    /// Its IPv4 address with the length of the subnet's prefix; empty where it has none.
    #[serde(rename = "IPv4Address")]
    pub ipv4_address: String,
    /// Its IPv6 address with the length of the subnet's prefix; empty where it has none.
    #[serde(rename = "IPv6Address")]
    pub ipv6_address: String,
}

/// A service in a cluster network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ServiceInfo {
    /// Address under which the service is reached as a whole.
    #[serde(rename = "VIP")]
    pub vip: String,
    /// Its ports, as text.
    pub ports: Vec<String>,
    /// Index of the kernel's load balancer for it on this machine.
    #[serde(rename = "LocalLBIndex")]
    pub local_lb_index: i64,
    /// The tasks behind it.
    pub tasks: Vec<NetworkTaskInfo>,
}

/// A task of a service in a cluster network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NetworkTaskInfo {
    /// Name of the task.
    pub name: String,
    /// Id of its end of the connection.
    #[serde(rename = "EndpointID")]
    pub endpoint_id: String,
    /// Its address.
    #[serde(rename = "EndpointIP")]
    pub endpoint_ip: String,
    /// What the driver says of it, such as the machine it is on (`Host IP`).
    pub info: BTreeMap<String, String>,
}

/// What is in use of a network. Since API 1.52.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NetworkStatus {
    /// Its addresses.
    #[serde(rename = "IPAM")]
    pub ipam: IpamStatus,
}

/// The addresses in use of a network. Since API 1.52.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct IpamStatus {
    /// By subnet, such as `172.16.0.0/16`.
    pub subnets: BTreeMap<String, SubnetStatus>,
}

/// The addresses in use of a subnet. Since API 1.52.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SubnetStatus {
    /// How many are in use or reserved. `u64::MAX` also stands for more.
    #[serde(rename = "IPsInUse")]
    pub ips_in_use: u64,
    /// How many are left to be handed out. `u64::MAX` also stands for more.
    #[serde(rename = "DynamicIPsAvailable")]
    pub dynamic_ips_available: u64,
}

/// What a new network shall be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct NetworkCreateRequest {
    /// Name of the network. Must be given.
    pub name: String,
    /// Driver that runs it; empty means `bridge`.
    pub driver: String,
    /// How far it shall reach: `local`, `swarm`, `global`; empty leaves it to the driver.
    pub scope: String,
    /// Whether it has no way to the outside.
    pub internal: bool,
    /// Whether plain containers may join a cluster network, not services alone.
    pub attachable: bool,
    /// Whether it is the cluster's routing mesh.
    pub ingress: bool,
    /// Whether it only holds a configuration for other networks.
    pub config_only: bool,
    /// Take the configuration from that network.
    pub config_from: Option<ConfigReference>,
    /// Subnets and how addresses are handed out; missing leaves it to the engine.
    #[serde(rename = "IPAM")]
    pub ipam: Option<Ipam>,
    /// Whether it carries IPv4; missing leaves it to the engine, which says yes. Since API 1.48.
    #[serde(rename = "EnableIPv4")]
    pub enable_ipv4: Option<bool>,
    /// Whether it carries IPv6; missing leaves it to the engine's configuration.
    #[serde(rename = "EnableIPv6")]
    pub enable_ipv6: Option<bool>,
    /// Options of the driver.
    pub options: BTreeMap<String, String>,
    /// Labels of the network.
    pub labels: BTreeMap<String, String>,
    /// Whether a name that is taken already is refused. Until API 1.45; from API 1.44 on it always
    /// is.
    pub check_duplicate: bool,
}

/// Answer to the making of a network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NetworkCreateResponse {
    /// Id of the new network.
    pub id: String,
    /// What the engine warns of; empty where it does not.
    pub warning: String,
}

/// Which container shall join a network, and how.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct NetworkConnectRequest {
    /// Id or name of the container. Must be given.
    pub container: String,
    /// Addresses, aliases and options it shall have there.
    pub endpoint_config: Option<EndpointSettings>,
}

/// Which container shall leave a network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct NetworkDisconnectRequest {
    /// Id or name of the container. Must be given.
    pub container: String,
    /// Whether to do it also when the container is stopped or cannot be found.
    pub force: bool,
}

/// The networks that were removed because nothing used them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NetworkPruneResponse {
    /// Their names.
    pub networks_deleted: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::super::lenient::from_answer;
    use super::super::sparse::to_body;
    use super::*;

    #[test]
    fn of_all_versions() {
        let old: NetworkInspect = from_answer(
            br#"{"Name":"bridge","EnableIPv6":false,"ConfigFrom":{"Network":""},"Labels":null,
                "IPAM":{"Driver":"default","Options":null,"Config":[{"Subnet":"172.17.0.0/16"}]},
                "Containers":{"c":{"Name":"web","IPv4Address":"172.17.0.2/16"}}}"#,
        )
        .unwrap();
        assert_eq!(old.enable_ipv4, None);
        assert_eq!(old.ipam.config[0].subnet, "172.17.0.0/16");
        assert_eq!(old.containers["c"].ipv4_address, "172.17.0.2/16");
        assert_eq!(old.status, None);
        let new: NetworkInspect = from_answer(
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
        assert_eq!(to_body(&request).unwrap(), br#"{"Name":"n","EnableIPv4":false}"#);
    }
}
