//! Swarm configuration, and types shared by swarm objects.

use super::{Base64Bytes, NodeAvailability, SecretString, StringList, Timestamp};
use crate::codec::record;
use crate::model::Map;

record! {
    /// Version of a swarm object.
    ///
    /// Each change of the object changes the version. An update passes the version it is based on
    /// and fails if the object has changed in the meantime; then read the object again and retry.
    #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
    pub struct ObjectVersion {
        /// Version number. Increases with each change, but not by one.
        pub index: u64 = "Index",
    }
}

record! {
    /// Driver with options, for logs, networks, secrets or templates.
    #[derive(Clone, Default, PartialEq)]
    pub struct Driver {
        /// Name of the driver.
        pub name: String = "Name",
        /// Driver options.
        pub options: Map<String> = "Options",
        ..unknown
    }
}

record! {
    /// Response of SwarmInspect; managers only.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct SwarmInspect {
        /// ID of the swarm.
        pub id: String = "ID",
        /// Version of the object; required for an update.
        pub version: ObjectVersion = "Version",
        /// Creation time.
        pub created_at: Timestamp = "CreatedAt",
        /// Time of the last update.
        pub updated_at: Timestamp = "UpdatedAt",
        /// Desired configuration. For an update, modify it and send it back.
        pub spec: SwarmSpec = "Spec",
        /// TLS trust roots and issuer of the node certificates.
        pub tls_info: TlsInfo = "TLSInfo",
        /// Whether a rotation of the root CA certificate is in progress.
        pub root_rotation_in_progress: bool = "RootRotationInProgress",
        /// UDP port of the data path between containers. Since API 1.40.
        pub data_path_port: u32 = "DataPathPort",
        /// Address pools for subnets of networks, such as `10.0.0.0/8`.
        pub default_addr_pool: StringList = "DefaultAddrPool",
        /// Prefix length of subnets from the pools, such as 24.
        pub subnet_size: u32 = "SubnetSize",
        /// Tokens for joining the swarm.
        pub join_tokens: JoinTokens = "JoinTokens",
    }
}

record! {
    /// Swarm in the response of SystemInfo, without the join tokens.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ClusterInfo {
        /// ID of the swarm.
        pub id: String = "ID",
        /// Version of the object; required for an update.
        pub version: ObjectVersion = "Version",
        /// Creation time.
        pub created_at: Timestamp = "CreatedAt",
        /// Time of the last update.
        pub updated_at: Timestamp = "UpdatedAt",
        /// Desired configuration. For an update, modify it and send it back.
        pub spec: SwarmSpec = "Spec",
        /// TLS trust roots and issuer of the node certificates.
        pub tls_info: TlsInfo = "TLSInfo",
        /// Whether a rotation of the root CA certificate is in progress.
        pub root_rotation_in_progress: bool = "RootRotationInProgress",
        /// UDP port of the data path between containers. Since API 1.40.
        pub data_path_port: u32 = "DataPathPort",
        /// Address pools for subnets of networks, such as `10.0.0.0/8`.
        pub default_addr_pool: StringList = "DefaultAddrPool",
        /// Prefix length of subnets from the pools, such as 24.
        pub subnet_size: u32 = "SubnetSize",
    }
}

record! {
    /// Tokens for joining a swarm. Any engine that has a token can join.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct JoinTokens {
        /// Token for joining as a worker.
        pub worker: SecretString = "Worker",
        /// Token for joining as a manager.
        pub manager: SecretString = "Manager",
    }
}

record! {
    /// TLS trust roots and certificate issuer of a swarm.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct TlsInfo {
        /// Trusted root CA certificates in PEM format.
        pub trust_root: String = "TrustRoot",
        /// Subject of the issuer certificate in DER format.
        pub cert_issuer_subject: Base64Bytes = "CertIssuerSubject",
        /// Public key of the issuer certificate in DER format.
        pub cert_issuer_public_key: Base64Bytes = "CertIssuerPublicKey",
    }
}

record! {
    /// Desired configuration of a swarm.
    #[derive(Clone, Default, PartialEq)]
    pub struct SwarmSpec {
        /// Name of the swarm; engines support only `default`.
        pub name: String = "Name",
        /// Labels of the swarm.
        pub labels: Map<String> = "Labels",
        /// Orchestration settings.
        pub orchestration: SwarmOrchestration = "Orchestration",
        /// Raft settings of the managers.
        pub raft: SwarmRaft = "Raft",
        /// Dispatcher settings.
        pub dispatcher: SwarmDispatcher = "Dispatcher",
        /// CA settings.
        pub ca_config: SwarmCaConfig = "CAConfig",
        /// Encryption settings of the managers.
        pub encryption_config: SwarmEncryptionConfig = "EncryptionConfig",
        /// Defaults for tasks.
        pub task_defaults: SwarmTaskDefaults = "TaskDefaults",
        ..unknown
    }
}

record! {
    /// Orchestration settings of a swarm.
    #[derive(Clone, Default, PartialEq)]
    pub struct SwarmOrchestration {
        /// Number of terminated tasks kept per task slot; negative means all. `None` in an update
        /// leaves it unchanged.
        pub task_history_retention_limit: Option<i64> = "TaskHistoryRetentionLimit",
        ..unknown
    }
}

record! {
    /// Raft settings of the managers of a swarm.
    #[derive(Clone, Default, PartialEq)]
    pub struct SwarmRaft {
        /// Number of log entries between snapshots.
        pub snapshot_interval: u64 = "SnapshotInterval",
        /// Number of old snapshots kept in addition to the current one. `None` in an update leaves
        /// it unchanged.
        pub keep_old_snapshots: Option<u64> = "KeepOldSnapshots",
        /// Number of log entries kept after a snapshot, for slow followers.
        pub log_entries_for_slow_followers: u64 = "LogEntriesForSlowFollowers",
        /// Number of ticks without a heartbeat from the leader before a new election; must be
        /// greater than `heartbeat_tick`. A tick is one second.
        pub election_tick: i64 = "ElectionTick",
        /// Number of ticks between heartbeats of the leader.
        pub heartbeat_tick: i64 = "HeartbeatTick",
        ..unknown
    }
}

record! {
    /// Dispatcher settings of a swarm.
    #[derive(Clone, Default, PartialEq)]
    pub struct SwarmDispatcher {
        /// Interval of node heartbeats in nanoseconds.
        pub heartbeat_period: i64 = "HeartbeatPeriod",
        ..unknown
    }
}

record! {
    /// CA settings of a swarm.
    #[derive(Clone, Default, PartialEq)]
    pub struct SwarmCaConfig {
        /// Validity of node certificates in nanoseconds.
        pub node_cert_expiry: i64 = "NodeCertExpiry",
        /// External certificate authorities that sign node certificates.
        pub external_cas: Vec<ExternalCa> = "ExternalCAs",
        /// New signing root CA certificate in PEM format.
        pub signing_ca_cert: String = "SigningCACert" since 30,
        /// Private key of `signing_ca_cert` in PEM format; never returned.
        pub signing_ca_key: SecretString = "SigningCAKey" since 30,
        /// Counter that triggers a rotation of the root CA certificate if changed. The swarm
        /// generates the new certificate unless `signing_ca_cert` is set.
        pub force_rotate: u64 = "ForceRotate" since 30,
        ..unknown
    }
}

record! {
    /// External certificate authority.
    #[derive(Clone, Default, PartialEq)]
    pub struct ExternalCa {
        /// Protocol; only `cfssl` is supported.
        pub protocol: String = "Protocol",
        /// URL for signing requests.
        pub url: String = "URL",
        /// Protocol options.
        pub options: Map<String> = "Options",
        /// Root CA certificate in PEM format; empty means that of the swarm.
        pub ca_cert: String = "CACert",
        ..unknown
    }
}

record! {
    /// Encryption settings of the managers of a swarm.
    #[derive(Clone, Default, PartialEq)]
    pub struct SwarmEncryptionConfig {
        /// Whether a manager stays locked after a restart until it is unlocked with the unlock key.
        pub auto_lock_managers: bool = "AutoLockManagers",
        ..unknown
    }
}

record! {
    /// Defaults for tasks, used unless the service sets a value.
    #[derive(Clone, Default, PartialEq)]
    pub struct SwarmTaskDefaults {
        /// Logging driver; `None` means the default of each engine.
        pub log_driver: Option<Driver> = "LogDriver",
        ..unknown
    }
}

record! {
    /// Body of SwarmInit.
    #[derive(Clone, Default, PartialEq)]
    pub struct SwarmInitRequest {
        /// Address on which this manager listens for other managers, as `address:port` or
        /// `interface:port`; empty means `0.0.0.0:2377`.
        pub listen_addr: String = "ListenAddr",
        /// Address advertised to other nodes, in the same format; empty lets the engine detect it.
        pub advertise_addr: String = "AdvertiseAddr",
        /// Address or interface of the data path between containers; empty means the advertised
        /// address.
        pub data_path_addr: String = "DataPathAddr" since 30,
        /// UDP port of the data path, 1024 to 49151; 0 means 4789. Since API 1.40.
        pub data_path_port: u32 = "DataPathPort" since 40,
        /// Address pools for subnets of networks, such as `10.0.0.0/8`; empty means the engine's
        /// default.
        pub default_addr_pool: StringList = "DefaultAddrPool" since 39,
        /// Whether to create a new swarm from the current state, with this engine as its only
        /// manager.
        pub force_new_cluster: bool = "ForceNewCluster",
        /// Prefix length of subnets from the pools; 0 means 24.
        pub subnet_size: u32 = "SubnetSize" since 39,
        /// Desired configuration of the swarm.
        pub spec: SwarmSpec = "Spec",
        /// Whether this manager is locked after its next restart. Set together with
        /// [`SwarmEncryptionConfig::auto_lock_managers`], which applies to the whole swarm.
        pub auto_lock_managers: bool = "AutoLockManagers",
        /// Availability of this manager for tasks; empty means `active`.
        pub availability: NodeAvailability = "Availability",
    }
}

record! {
    /// Body of SwarmJoin.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct SwarmJoinRequest {
        /// Address on which the node listens for managers if it becomes one, as `address:port` or
        /// `interface:port`; empty means `0.0.0.0:2377`.
        pub listen_addr: String = "ListenAddr",
        /// Address advertised to other nodes, in the same format; empty lets the engine detect it.
        pub advertise_addr: String = "AdvertiseAddr",
        /// Address or interface of the data path between containers; empty means the advertised
        /// address.
        pub data_path_addr: String = "DataPathAddr" since 30,
        /// Addresses of managers of the swarm. Required.
        pub remote_addrs: StringList = "RemoteAddrs",
        /// One of the [`JoinTokens`], which determines whether the node joins as a worker or a
        /// manager. Required.
        pub join_token: SecretString = "JoinToken",
        /// Availability of the node for tasks; empty means `active`.
        pub availability: NodeAvailability = "Availability",
    }
}

record! {
    /// Body of SwarmUnlock.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct SwarmUnlockRequest {
        /// Unlock key, `SWMKEY-1-…`.
        pub unlock_key: SecretString = "UnlockKey",
    }
}

record! {
    /// Response of SwarmUnlockkey.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct SwarmUnlockkeyResponse {
        /// Unlock key, `SWMKEY-1-…`; empty if autolock is disabled.
        pub unlock_key: SecretString = "UnlockKey",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_redacts_secrets() {
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
