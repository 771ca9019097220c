//! The cluster as a whole, and what all its objects share.

use super::{Base64Bytes, NodeAvailability, SecretString, StringList, Timestamp};
use crate::codec::record;
use crate::model::Map;

record! {
    /// Version of an object of the cluster.
    ///
    /// It changes with each change of the object. An update names the version it was made from and is
    /// refused when the object has changed since; then read it again and start over.
    #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
    pub struct ObjectVersion {
        /// A number that only grows, though not by one.
        pub index: u64 = "Index",
    }
}

record! {
    /// A driver by its name, with options: for logs, networks, secrets, templates.
    #[derive(Clone, Default, PartialEq)]
    pub struct Driver {
        /// Name of the driver.
        pub name: String = "Name",
        /// Its options.
        pub options: Map<String> = "Options",
        ..unknown
    }
}

record! {
    /// The cluster, as a manager tells it.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct SwarmInspect {
        /// Id of the cluster.
        pub id: String = "ID",
        /// Its version, which an update must name.
        pub version: ObjectVersion = "Version",
        /// When it was made.
        pub created_at: Timestamp = "CreatedAt",
        /// When it was last changed.
        pub updated_at: Timestamp = "UpdatedAt",
        /// How it shall be. To change it: take, change, send back.
        pub spec: SwarmSpec = "Spec",
        /// Who signs the certificates of its nodes.
        pub tls_info: TlsInfo = "TLSInfo",
        /// Whether the root certificate is being replaced.
        pub root_rotation_in_progress: bool = "RootRotationInProgress",
        /// UDP port of the traffic between containers. Since API 1.40.
        pub data_path_port: u32 = "DataPathPort",
        /// Pools from which networks get their subnets, such as `10.0.0.0/8`.
        pub default_addr_pool: StringList = "DefaultAddrPool",
        /// Length of the prefix of subnets taken from the pools, such as 24.
        pub subnet_size: u32 = "SubnetSize",
        /// What a machine must show to join.
        pub join_tokens: JoinTokens = "JoinTokens",
    }
}

record! {
    /// The cluster, as `system().info` tells it: without the join tokens.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ClusterInfo {
        /// Id of the cluster.
        pub id: String = "ID",
        /// Its version, which an update must name.
        pub version: ObjectVersion = "Version",
        /// When it was made.
        pub created_at: Timestamp = "CreatedAt",
        /// When it was last changed.
        pub updated_at: Timestamp = "UpdatedAt",
        /// How it shall be. To change it: take, change, send back.
        pub spec: SwarmSpec = "Spec",
        /// Who signs the certificates of its nodes.
        pub tls_info: TlsInfo = "TLSInfo",
        /// Whether the root certificate is being replaced.
        pub root_rotation_in_progress: bool = "RootRotationInProgress",
        /// UDP port of the traffic between containers. Since API 1.40.
        pub data_path_port: u32 = "DataPathPort",
        /// Pools from which networks get their subnets, such as `10.0.0.0/8`.
        pub default_addr_pool: StringList = "DefaultAddrPool",
        /// Length of the prefix of subnets taken from the pools, such as 24.
        pub subnet_size: u32 = "SubnetSize",
    }
}

record! {
    /// What a machine must show to join the cluster. Who has one of these can join.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct JoinTokens {
        /// To join as a worker.
        pub worker: SecretString = "Worker",
        /// To join as a manager.
        pub manager: SecretString = "Manager",
    }
}

record! {
    /// Who signs the certificates in a cluster.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct TlsInfo {
        /// The root certificates by which others are checked, in PEM.
        pub trust_root: String = "TrustRoot",
        /// Subject of the issuer, in DER.
        pub cert_issuer_subject: Base64Bytes = "CertIssuerSubject",
        /// Public key of the issuer, in DER.
        pub cert_issuer_public_key: Base64Bytes = "CertIssuerPublicKey",
    }
}

record! {
    /// How a cluster shall be.
    #[derive(Clone, Default, PartialEq)]
    pub struct SwarmSpec {
        /// Name of the cluster; engines know only `default`.
        pub name: String = "Name",
        /// Labels of the cluster.
        pub labels: Map<String> = "Labels",
        /// How tasks are kept.
        pub orchestration: SwarmOrchestration = "Orchestration",
        /// How the managers agree.
        pub raft: SwarmRaft = "Raft",
        /// How the nodes report.
        pub dispatcher: SwarmDispatcher = "Dispatcher",
        /// How certificates are signed.
        pub ca_config: SwarmCaConfig = "CAConfig",
        /// What the managers encrypt.
        pub encryption_config: SwarmEncryptionConfig = "EncryptionConfig",
        /// What tasks have unless their service says otherwise.
        pub task_defaults: SwarmTaskDefaults = "TaskDefaults",
        ..unknown
    }
}

record! {
    /// How a cluster keeps tasks.
    #[derive(Clone, Default, PartialEq)]
    pub struct SwarmOrchestration {
        /// How many tasks that ended are remembered for each place of a service; negative means all.
        /// Missing in an update leaves it as it is.
        pub task_history_retention_limit: Option<i64> = "TaskHistoryRetentionLimit",
        ..unknown
    }
}

record! {
    /// How the managers of a cluster agree.
    #[derive(Clone, Default, PartialEq)]
    pub struct SwarmRaft {
        /// How many entries of the log lie between two snapshots.
        pub snapshot_interval: u64 = "SnapshotInterval",
        /// How many snapshots are kept beside the newest. Missing in an update leaves it as it is.
        pub keep_old_snapshots: Option<u64> = "KeepOldSnapshots",
        /// How many entries of the log are kept after a snapshot, for managers that lag behind.
        pub log_entries_for_slow_followers: u64 = "LogEntriesForSlowFollowers",
        /// After how many ticks without a word from the leader a manager stands for election; more than
        /// `heartbeat_tick`. A tick is one second.
        pub election_tick: i64 = "ElectionTick",
        /// After how many ticks the leader gives a sign of life.
        pub heartbeat_tick: i64 = "HeartbeatTick",
        ..unknown
    }
}

record! {
    /// How the nodes of a cluster report.
    #[derive(Clone, Default, PartialEq)]
    pub struct SwarmDispatcher {
        /// After how many nanoseconds a node gives a sign of life.
        pub heartbeat_period: i64 = "HeartbeatPeriod",
        ..unknown
    }
}

record! {
    /// How the certificates of a cluster are signed.
    #[derive(Clone, Default, PartialEq)]
    pub struct SwarmCaConfig {
        /// How many nanoseconds a node's certificate is good for.
        pub node_cert_expiry: i64 = "NodeCertExpiry",
        /// Certificate authorities outside the cluster that sign for it.
        pub external_cas: Vec<ExternalCa> = "ExternalCAs",
        /// Root certificate to sign with from now on, in PEM.
        pub signing_ca_cert: String = "SigningCACert" since 30,
        /// Its key, in PEM; never told.
        pub signing_ca_key: SecretString = "SigningCAKey" since 30,
        /// Another number than before makes the cluster make itself a new root certificate, unless one
        /// is given above.
        pub force_rotate: u64 = "ForceRotate" since 30,
        ..unknown
    }
}

record! {
    /// A certificate authority outside the cluster.
    #[derive(Clone, Default, PartialEq)]
    pub struct ExternalCa {
        /// Protocol it speaks; `cfssl` is the only one.
        pub protocol: String = "Protocol",
        /// Where it takes requests.
        pub url: String = "URL",
        /// Options of the protocol.
        pub options: Map<String> = "Options",
        /// Its root certificate, in PEM; empty means that of the cluster.
        pub ca_cert: String = "CACert",
        ..unknown
    }
}

record! {
    /// What the managers of a cluster encrypt.
    #[derive(Clone, Default, PartialEq)]
    pub struct SwarmEncryptionConfig {
        /// Whether a manager that starts is locked until somebody gives it the unlock key.
        pub auto_lock_managers: bool = "AutoLockManagers",
        ..unknown
    }
}

record! {
    /// What tasks have unless their service says otherwise.
    #[derive(Clone, Default, PartialEq)]
    pub struct SwarmTaskDefaults {
        /// Driver for their logs; missing leaves it to each engine.
        pub log_driver: Option<Driver> = "LogDriver",
        ..unknown
    }
}

record! {
    /// How a new cluster shall be made.
    #[derive(Clone, Default, PartialEq)]
    pub struct SwarmInitRequest {
        /// Where this manager listens for the others, as `address:port` or `interface:port`; empty
        /// means `0.0.0.0:2377`.
        pub listen_addr: String = "ListenAddr",
        /// Where the others reach it, written the same way; empty lets the engine find out.
        pub advertise_addr: String = "AdvertiseAddr",
        /// Address or interface for the traffic between containers; empty means the same.
        pub data_path_addr: String = "DataPathAddr" since 30,
        /// UDP port for that traffic, 1024 to 49151; 0 means 4789. Since API 1.40.
        pub data_path_port: u32 = "DataPathPort" since 40,
        /// Pools from which networks get their subnets, such as `10.0.0.0/8`; empty leaves it to the
        /// engine.
        pub default_addr_pool: StringList = "DefaultAddrPool" since 39,
        /// Whether to start over with this manager alone, from what it knows of the cluster.
        pub force_new_cluster: bool = "ForceNewCluster",
        /// Length of the prefix of subnets taken from the pools; 0 means 24.
        pub subnet_size: u32 = "SubnetSize" since 39,
        /// How the cluster shall be.
        pub spec: SwarmSpec = "Spec",
        /// Whether this manager is locked from its next start on. Goes together with
        /// [`SwarmEncryptionConfig::auto_lock_managers`], which does it for the cluster.
        pub auto_lock_managers: bool = "AutoLockManagers",
        /// Whether this manager takes tasks; empty means it does.
        pub availability: NodeAvailability = "Availability",
    }
}

record! {
    /// How this engine shall join a cluster.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct SwarmJoinRequest {
        /// Where it listens for managers once it is one, as `address:port` or `interface:port`; empty
        /// means `0.0.0.0:2377`.
        pub listen_addr: String = "ListenAddr",
        /// Where the others reach it, written the same way; empty lets the engine find out.
        pub advertise_addr: String = "AdvertiseAddr",
        /// Address or interface for the traffic between containers; empty means the same.
        pub data_path_addr: String = "DataPathAddr" since 30,
        /// Managers of the cluster. Must be given.
        pub remote_addrs: StringList = "RemoteAddrs",
        /// One of the [`JoinTokens`]; it decides whether the engine joins as worker or manager. Must be
        /// given.
        pub join_token: SecretString = "JoinToken",
        /// Whether the node takes tasks; empty means it does.
        pub availability: NodeAvailability = "Availability",
    }
}

record! {
    /// The key that unlocks a manager.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct SwarmUnlockRequest {
        /// The key, `SWMKEY-1-…`.
        pub unlock_key: SecretString = "UnlockKey",
    }
}

record! {
    /// The key that unlocks the managers of this cluster.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct SwarmUnlockkeyResponse {
        /// The key, `SWMKEY-1-…`; empty where managers are not locked.
        pub unlock_key: SecretString = "UnlockKey",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_stay_out_of_logs() {
        let secret = || SecretString::from("hunter2");
        let tokens = JoinTokens { worker: secret(), manager: secret() };
        let ca_config = SwarmCaConfig { signing_ca_key: secret(), ..Default::default() };
        let spec = SwarmSpec { ca_config, ..Default::default() };
        let swarm = SwarmInspect { join_tokens: tokens, spec, ..Default::default() };
        let join = SwarmJoinRequest {
            join_token: secret(),
            remote_addrs: ["a:2377"].into(),
            ..Default::default()
        };
        let unlock = SwarmUnlockRequest { unlock_key: secret() };
        let key = SwarmUnlockkeyResponse { unlock_key: secret() };
        let shown = format!("{swarm:?} {join:?} {unlock:?} {key:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(shown.contains("a:2377"), "{shown}");
    }
}
