//! The models against the records of the Engine API: no field is missing, none is misspelt.
//!
//! `data/properties.tsv` lists the records. What a model has is found out by letting it read from a
//! reader that answers every question and notes it down.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use dockline::ApiVersion;
use dockline::model::*;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, Expected, IntoDeserializer,
    MapAccess, SeqAccess, Visitor,
};

/// A field of a record, and of the records it refers to, by its path.
#[derive(Debug, Clone)]
struct Property {
    path: String,
    kind: &'static str,
    since: Option<ApiVersion>,
}

/// Lines of the list: path, type, record referred to, first version.
type Records =
    BTreeMap<&'static str, Vec<(&'static str, &'static str, &'static str, &'static str)>>;

fn records() -> Records {
    let mut records = Records::new();
    for line in include_str!("../data/properties.tsv").lines() {
        if line.starts_with('#') {
            continue;
        }
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or("");
        let record = cell();
        records.entry(record).or_default().push((cell(), cell(), cell(), cell()));
    }
    records
}

fn join(parent: &str, step: &str) -> String {
    match step {
        "." => parent.to_owned(),
        _ if parent.is_empty() || step.starts_with(['[', '{']) => format!("{parent}{step}"),
        _ => format!("{parent}.{step}"),
    }
}

/// All fields of a record; what it refers to is written out in its place.
fn properties(records: &Records, record: &str) -> Vec<Property> {
    fn walk(records: &Records, record: &str, parent: &Property, found: &mut Vec<Property>) {
        for &(path, kind, refers_to, since) in &records[record] {
            let since = since.parse().ok().or(parent.since);
            let property = Property { path: join(&parent.path, path), kind, since };
            if !refers_to.is_empty() {
                walk(records, refers_to, &property, found);
            }
            found.push(property);
        }
    }
    let root = Property { path: String::new(), kind: "object", since: None };
    let mut found = Vec::new();
    walk(records, record, &root, &mut found);
    found
}

/// What a model asks for at a place.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Asked {
    Bool,
    Signed(u8),
    Unsigned(u8),
    Float,
    Text,
    Array,
    Object,
    Anything,
}

impl Asked {
    fn fits(self, kind: &str) -> bool {
        match (kind, self) {
            (_, Asked::Anything) => true,
            ("boolean", asked) => asked == Asked::Bool,
            ("integer/uint64", asked) => asked == Asked::Unsigned(64),
            ("integer/uint32", asked) => matches!(asked, Asked::Unsigned(32..) | Asked::Signed(64)),
            ("integer/uint16", asked) => {
                matches!(asked, Asked::Unsigned(16..) | Asked::Signed(32..))
            }
            ("integer/uint8", asked) => matches!(asked, Asked::Unsigned(8..)),
            ("integer/int64", asked) => matches!(asked, Asked::Signed(64) | Asked::Unsigned(64)),
            ("integer", asked) => matches!(asked, Asked::Signed(64) | Asked::Unsigned(16..)),
            ("number", asked) => asked == Asked::Float,
            ("string", asked) => asked == Asked::Text,
            ("array", asked) => asked == Asked::Array,
            ("object", asked) => asked == Asked::Object,
            (other, _) => panic!("no such type: {other}"),
        }
    }
}

/// What was asked for, by path.
type Notes = RefCell<BTreeMap<String, Asked>>;

/// Answers every question, and notes it down.
#[derive(Clone)]
struct Interview<'a> {
    path: String,
    notes: &'a Notes,
    /// The members that could be asked for, by the path of the object.
    members: &'a BTreeMap<String, BTreeSet<String>>,
    /// Whether asking for anything at all means not to know the field.
    keeping: bool,
}

impl<'a> Interview<'a> {
    fn at(&self, step: &str) -> Interview<'a> {
        Interview { path: join(&self.path, step), keeping: false, ..self.clone() }
    }

    fn note(&self, asked: Asked) {
        self.notes.borrow_mut().insert(self.path.clone(), asked);
    }
}

macro_rules! answers {
    ($($method:ident: $asked:expr => $visit:ident($value:expr);)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.note($asked);
            visitor.$visit($value)
        }
    )*};
}

impl<'de> Deserializer<'de> for Interview<'_> {
    type Error = Error;

    answers! {
        deserialize_bool: Asked::Bool => visit_bool(false);
        deserialize_i8: Asked::Signed(8) => visit_i64(0);
        deserialize_i16: Asked::Signed(16) => visit_i64(0);
        deserialize_i32: Asked::Signed(32) => visit_i64(0);
        deserialize_i64: Asked::Signed(64) => visit_i64(0);
        deserialize_u8: Asked::Unsigned(8) => visit_u64(0);
        deserialize_u16: Asked::Unsigned(16) => visit_u64(0);
        deserialize_u32: Asked::Unsigned(32) => visit_u64(0);
        deserialize_u64: Asked::Unsigned(64) => visit_u64(0);
        deserialize_f32: Asked::Float => visit_f64(0.0);
        deserialize_f64: Asked::Float => visit_f64(0.0);
        deserialize_char: Asked::Text => visit_char(' ');
        deserialize_str: Asked::Text => visit_str("");
        deserialize_string: Asked::Text => visit_str("");
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if !self.keeping {
            self.note(Asked::Anything);
        }
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(Interview { keeping: false, ..self })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_tuple(1, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        self.note(Asked::Array);
        visitor.visit_seq(Elements { of: self, left: len })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.note(Asked::Object);
        let names = fields.iter().map(|name| (*name).to_owned()).collect();
        visitor.visit_map(Members { of: self, names, next: None, keeping: false })
    }

    /// A map, or a struct that keeps unknown fields: serde says no more than that it has none for
    /// sure. It is offered all that the list knows of.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.note(Asked::Object);
        let keeping = (&visitor as &dyn Expected).to_string().starts_with("struct ");
        let names = match self.members.get(&self.path) {
            Some(names) if keeping => names.iter().cloned().collect(),
            _ if keeping => Vec::new(),
            _ => vec!["{}".to_owned()],
        };
        visitor.visit_map(Members { of: self, names, next: None, keeping })
    }

    serde::forward_to_deserialize_any! {
        i128 u128 bytes byte_buf unit unit_struct tuple_struct enum identifier
    }
}

struct Elements<'a> {
    of: Interview<'a>,
    left: usize,
}

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        seed.deserialize(self.of.at("[]")).map(Some)
    }
}

struct Members<'a> {
    of: Interview<'a>,
    names: Vec<String>,
    next: Option<String>,
    keeping: bool,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        self.next = self.names.pop();
        let Some(name) = &self.next else { return Ok(None) };
        let name: StrDeserializer<'_, Error> = name.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let name = self.next.take().ok_or_else(|| Error::custom("a value before its name"))?;
        seed.deserialize(Interview { keeping: self.keeping, ..self.of.at(&name) })
    }
}

fn interview<T: DeserializeOwned>(properties: &[Property]) -> BTreeMap<String, Asked> {
    let mut members = BTreeMap::<String, BTreeSet<String>>::new();
    for Property { path, .. } in properties {
        let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
        let name = name.trim_end_matches(['[', ']', '{', '}']);
        members.entry(parent.to_owned()).or_default().insert(name.to_owned());
    }
    let notes = Notes::default();
    let root = Interview { path: String::new(), notes: &notes, members: &members, keeping: false };
    T::deserialize(root).expect("an interview fails nobody");
    notes.into_inner()
}

/// A record of the list, and the interview of its model.
type Model = (&'static str, fn(&[Property]) -> BTreeMap<String, Asked>);

macro_rules! models {
    ($($record:literal => $type:ty,)*) => {
        &[$(($record, interview::<$type> as _)),*]
    };
}

const MODELS: &[Model] = models! {
    "@BuildPrune.response" => BuildPruneResponse,
    "@ConfigList.response" => Vec<Config>,
    "@ContainerChanges.response" => Vec<FilesystemChange>,
    "@ContainerCreate.request" => ContainerCreateRequest,
    "@ContainerExec.request" => ContainerExecRequest,
    "@ContainerList.response" => Vec<ContainerSummary>,
    "@ContainerPrune.response" => ContainerPruneResponse,
    "@ContainerUpdate.request" => ContainerUpdateRequest,
    "@ExecInspect.response" => ExecInspectResponse,
    "@ExecStart.request" => ExecStartRequest,
    "@GetPluginPrivileges.response" => Vec<PluginPrivilege>,
    "@ImageAttestations.response" => Vec<AttestationStatement>,
    "@ImageDelete.response" => Vec<ImageDeleteResponseItem>,
    "@ImageHistory.response" => Vec<ImageHistoryResponseItem>,
    "@ImageList.response" => Vec<ImageSummary>,
    "@ImagePrune.response" => ImagePruneResponse,
    "@ImageSearch.response" => Vec<ImageSearchResult>,
    "@NetworkCreate.request" => NetworkCreateRequest,
    "@NetworkList.response" => Vec<NetworkSummary>,
    "@NetworkPrune.response" => NetworkPruneResponse,
    "@NodeList.response" => Vec<Node>,
    "@PluginList.response" => Vec<Plugin>,
    "@PluginPull.request" => Vec<PluginPrivilege>,
    "@PluginSet.request" => Vec<String>,
    "@PluginUpgrade.request" => Vec<PluginPrivilege>,
    "@SecretList.response" => Vec<Secret>,
    "@ServiceList.response" => Vec<Service>,
    "@SwarmInit.request" => SwarmInitRequest,
    "@SwarmInit.response" => String,
    "@SwarmJoin.request" => SwarmJoinRequest,
    "@SwarmUnlock.request" => SwarmUnlockRequest,
    "@SwarmUnlockkey.response" => SwarmUnlockkeyResponse,
    "@SystemDataUsage.response" => SystemDataUsage,
    "@TaskList.response" => Vec<Task>,
    "@VolumePrune.response" => VolumePruneResponse,
    "@VolumeUpdate.request" => VolumeUpdateRequest,
    "Address" => Address,
    "AttestationStatement" => AttestationStatement,
    "AuthConfig" => AuthConfig,
    "AuthResponse" => AuthResponse,
    "BuildCache" => BuildCache,
    "BuildCacheDiskUsage" => BuildCacheDiskUsage,
    "BuildIdentity" => BuildIdentity,
    "BuildInfo" => ProgressMessage,
    "ChangeType" => ChangeType,
    "ClusterInfo" => ClusterInfo,
    "ClusterVolume" => ClusterVolume,
    "ClusterVolumeSpec" => ClusterVolumeSpec,
    "Commit" => Commit,
    "Config" => Config,
    "ConfigReference" => ConfigReference,
    "ConfigSpec" => ConfigSpec,
    "ContainerBlkioStatEntry" => ContainerBlkioStatEntry,
    "ContainerBlkioStats" => ContainerBlkioStats,
    "ContainerCPUStats" => ContainerCpuStats,
    "ContainerCPUUsage" => ContainerCpuUsage,
    "ContainerConfig" => ContainerConfig,
    "ContainerCreateResponse" => ContainerCreateResponse,
    "ContainerInspectResponse" => ContainerInspectResponse,
    "ContainerMemoryStats" => ContainerMemoryStats,
    "ContainerNetworkStats" => ContainerNetworkStats,
    "ContainerPidsStats" => ContainerPidsStats,
    "ContainerState" => ContainerState,
    "ContainerStatsResponse" => ContainerStatsResponse,
    "ContainerStatus" => ContainerStatus,
    "ContainerStorageStats" => ContainerStorageStats,
    "ContainerSummary" => ContainerSummary,
    "ContainerThrottlingData" => ContainerThrottlingData,
    "ContainerTopResponse" => ContainerTopResponse,
    "ContainerUpdateResponse" => ContainerUpdateResponse,
    "ContainerWaitExitError" => ContainerWaitExitError,
    "ContainerWaitResponse" => ContainerWaitResponse,
    "ContainerdInfo" => ContainerdInfo,
    "ContainersDiskUsage" => ContainersDiskUsage,
    "CreateImageInfo" => ProgressMessage,
    "DeviceInfo" => DeviceInfo,
    "DeviceMapping" => DeviceMapping,
    "DeviceRequest" => DeviceRequest,
    "DistributionInspect" => DistributionInspect,
    "Driver" => Driver,
    "DriverData" => DriverData,
    "EndpointIPAMConfig" => EndpointIpamConfig,
    "EndpointPortConfig" => EndpointPortConfig,
    "EndpointResource" => EndpointResource,
    "EndpointSettings" => EndpointSettings,
    "EndpointSpec" => EndpointSpec,
    "EngineDescription" => EngineDescription,
    "ErrorDetail" => ErrorDetail,
    "EventActor" => EventActor,
    "EventMessage" => EventMessage,
    "FilesystemChange" => FilesystemChange,
    "FirewallInfo" => FirewallInfo,
    "GenericResources" => Vec<GenericResource>,
    "Health" => Health,
    "HealthConfig" => HealthConfig,
    "HealthcheckResult" => HealthcheckResult,
    "HostConfig" => HostConfig,
    "IDResponse" => IdResponse,
    "IPAM" => Ipam,
    "IPAMConfig" => IpamConfig,
    "IPAMStatus" => IpamStatus,
    "Identity" => Identity,
    "ImageConfig" => ImageConfig,
    "ImageDeleteResponseItem" => ImageDeleteResponseItem,
    "ImageHistoryResponseItem" => ImageHistoryResponseItem,
    "ImageID" => ImageId,
    "ImageInspect" => ImageInspect,
    "ImageManifestSummary" => ImageManifestSummary,
    "ImageSummary" => ImageSummary,
    "ImagesDiskUsage" => ImagesDiskUsage,
    "IndexInfo" => IndexInfo,
    "JoinTokens" => JoinTokens,
    "KnownSignerIdentity" => KnownSignerIdentity,
    "Limit" => Limit,
    "LocalNodeState" => LocalNodeState,
    "ManagerStatus" => ManagerStatus,
    "Mount" => Mount,
    "MountPoint" => MountPoint,
    "MountType" => MountType,
    "NRIInfo" => NriInfo,
    "Network" => NetworkInspect,
    "NetworkAttachment" => NetworkAttachment,
    "NetworkAttachmentConfig" => NetworkAttachmentConfig,
    "NetworkConnectRequest" => NetworkConnectRequest,
    "NetworkCreateResponse" => NetworkCreateResponse,
    "NetworkDisconnectRequest" => NetworkDisconnectRequest,
    "NetworkInspect" => NetworkInspect,
    "NetworkSettings" => NetworkSettings,
    "NetworkStatus" => NetworkStatus,
    "NetworkSummary" => NetworkSummary,
    "NetworkTaskInfo" => NetworkTaskInfo,
    "NetworkingConfig" => NetworkingConfig,
    "Node" => Node,
    "NodeDescription" => NodeDescription,
    "NodeSpec" => NodeSpec,
    "NodeState" => NodeState,
    "NodeStatus" => NodeStatus,
    "OCIDescriptor" => OciDescriptor,
    "OCIPlatform" => OciPlatform,
    "ObjectVersion" => ObjectVersion,
    "PeerInfo" => PeerInfo,
    "PeerNode" => PeerNode,
    "Platform" => Platform,
    "Plugin" => Plugin,
    "PluginDevice" => PluginDevice,
    "PluginEnv" => PluginEnv,
    "PluginMount" => PluginMount,
    "PluginPrivilege" => PluginPrivilege,
    "PluginsInfo" => PluginsInfo,
    "PortBinding" => PortBinding,
    "PortMap" => PortMap,
    "PortStatus" => PortStatus,
    "PortSummary" => PortSummary,
    "ProcessConfig" => ProcessConfig,
    "ProgressDetail" => ProgressDetail,
    "PullIdentity" => PullIdentity,
    "PushImageInfo" => ProgressMessage,
    "Reachability" => Reachability,
    "RegistryServiceConfig" => RegistryServiceConfig,
    "ResourceObject" => ResourceObject,
    "Resources" => ContainerUpdateRequest,
    "RestartPolicy" => RestartPolicy,
    "RootFSStorage" => RootFsStorage,
    "RootFSStorageSnapshot" => RootFsStorageSnapshot,
    "Runtime" => Runtime,
    "Secret" => Secret,
    "SecretSpec" => SecretSpec,
    "Service" => Service,
    "ServiceCreateResponse" => ServiceCreateResponse,
    "ServiceInfo" => ServiceInfo,
    "ServiceSpec" => ServiceSpec,
    "ServiceUpdateResponse" => ServiceUpdateResponse,
    "SignatureIdentity" => SignatureIdentity,
    "SignatureTimestamp" => SignatureTimestamp,
    "SignatureTimestampType" => SignatureTimestampType,
    "SignatureType" => SignatureType,
    "SignerIdentity" => SignerIdentity,
    "Storage" => Storage,
    "SubnetStatus" => SubnetStatus,
    "Swarm" => Swarm,
    "SwarmInfo" => SwarmInfo,
    "SwarmSpec" => SwarmSpec,
    "SystemInfo" => SystemInfo,
    "SystemVersion" => SystemVersion,
    "TLSInfo" => TlsInfo,
    "Task" => Task,
    "TaskSpec" => TaskSpec,
    "TaskState" => TaskState,
    "TaskStatus" => TaskStatus,
    "ThrottleDevice" => ThrottleDevice,
    "Topology" => Topology,
    "Volume" => Volume,
    "VolumeCreateRequest" => VolumeCreateRequest,
    "VolumeListResponse" => VolumeListResponse,
    "VolumesDiskUsage" => VolumesDiskUsage,
    "X-Docker-Container-Path-Stat" => ContainerPathStat,
};

/// Records without a model, and why.
const NO_MODEL: &[(&str, &str)] = &[
    ("@ContainerLogs.response", "a stream of frames"),
    ("@ImageBuild.request", "a tar"),
    ("@ImageCreate.request", "a tar"),
    ("@ImageGet.response", "a tar"),
    ("@ImageGetAll.response", "a tar"),
    ("@ImageLoad.request", "a tar"),
    ("@PluginCreate.request", "a tar"),
    ("@PutContainerArchive.request", "a tar"),
    ("@ServiceLogs.response", "a stream of frames"),
    ("@SystemPing.response", "text; what matters is in the headers"),
    ("@SystemPingHead.response", "text; what matters is in the headers"),
    ("@TaskLogs.response", "a stream of frames"),
    ("ErrorResponse", "becomes an Error"),
];

/// Fields of the definitions that no engine sends, by the end of their path, and why.
const NEVER_SENT: &[(&str, &str)] = &[
    ("Config.Interface.Types[].Prefix", "a type is text, such as docker.volumedriver/1.0"),
    ("Config.Interface.Types[].Capability", "a type is text"),
    ("Config.Interface.Types[].Version", "a type is text"),
    ("NetworkSummary.Containers", "no list of networks has it since 1.28"),
    ("@NetworkList.response.[].Containers", "no list of networks has it since 1.28"),
    ("ServiceCreateResponse.Warning", "it is called Warnings and is an array"),
];

#[test]
fn models_have_every_field_of_their_record() {
    let records = records();
    let mut faults = Vec::new();
    let mut excused = BTreeSet::new();
    for (record, interview) in MODELS {
        let properties = properties(&records, record);
        let notes = interview(&properties);
        for Property { path, kind, .. } in properties {
            let full = format!("{record}.{path}");
            let fault = match notes.get(&path) {
                None => format!("{full} is missing"),
                Some(asked) if !asked.fits(kind) => format!("{full} is {kind}, not {asked:?}"),
                Some(_) => continue,
            };
            match NEVER_SENT.iter().find(|(end, _)| full.ends_with(end)) {
                Some(excuse) => _ = excused.insert(excuse),
                None => faults.push(fault),
            }
        }
    }
    for fault in &faults {
        eprintln!("{fault}");
    }
    assert!(faults.is_empty(), "{} fields, see above", faults.len());
    assert_eq!(excused.len(), NEVER_SENT.len(), "only these excuses are needed: {excused:#?}");
}

#[test]
fn records_have_a_model() {
    let with_model = MODELS.iter().map(|it| it.0);
    let without = NO_MODEL.iter().map(|it| it.0);
    let known: Vec<&str> = with_model.chain(without).collect();
    let listed: Vec<&str> = records().into_keys().collect();
    let unknown: Vec<_> = listed.iter().filter(|record| !known.contains(record)).collect();
    assert!(unknown.is_empty(), "neither a model nor a reason for none: {unknown:?}");
    assert_eq!(known.len(), listed.len(), "a record is named twice, or is none");
}

/// Bodies, and the options in them that need a certain version.
const BODIES: &[(&str, &[(&str, ApiVersion)])] = &[
    ("@ContainerCreate.request", since::CONTAINER_CREATE),
    ("@ContainerExec.request", since::CONTAINER_EXEC),
    ("@ContainerUpdate.request", since::CONTAINER_UPDATE),
    ("@ExecStart.request", since::EXEC_START),
    ("@NetworkCreate.request", since::NETWORK_CREATE),
    ("@SwarmInit.request", since::SWARM_INIT),
    ("@SwarmJoin.request", since::SWARM_JOIN),
    ("ConfigSpec", since::CONFIG_SPEC),
    ("ContainerConfig", since::IMAGE_COMMIT),
    ("NetworkConnectRequest", since::NETWORK_CONNECT),
    ("NetworkDisconnectRequest", &[]),
    ("NodeSpec", &[]),
    ("SecretSpec", since::SECRET_SPEC),
    ("ServiceSpec", since::SERVICE_SPEC),
    ("SwarmSpec", since::SWARM_SPEC),
    ("VolumeCreateRequest", since::VOLUME_CREATE),
];

/// Where the list and the tables differ, by record and path, and why.
const DIFFERENT_SINCE: &[(&str, &str, &str)] = &[
    (
        "@ContainerCreate.request",
        "NetworkingConfig.EndpointsConfig{}.DNSNames",
        "an answer, which requests may hold and engines ignore",
    ),
    (
        "@ContainerCreate.request",
        "NetworkingConfig.EndpointsConfig{}.MacAddress",
        "before 1.44 it was an answer only",
    ),
    ("@ContainerUpdate.request", "PidsLimit", "before 1.40 it could not be updated"),
    (
        "NetworkConnectRequest",
        "EndpointConfig.DNSNames",
        "an answer, which requests may hold and engines ignore",
    ),
    ("NetworkConnectRequest", "EndpointConfig.MacAddress", "before 1.54 engines ignored it"),
    (
        "ServiceSpec",
        "TaskTemplate.ContainerSpec.Mounts[].BindOptions.NonRecursive",
        "services had it one version later than containers",
    ),
];

/// The version that the entry for this path, or for what it is part of, asks for.
fn needed(table: &[(&str, ApiVersion)], path: &str) -> Option<ApiVersion> {
    let covers = |entry: &str| match path.strip_prefix(entry) {
        Some(rest) => rest.is_empty() || rest.starts_with(['.', '[', '{']),
        None => false,
    };
    table.iter().filter(|(entry, _)| covers(entry)).map(|(_, since)| *since).max()
}

#[test]
fn newer_options_need_their_version() {
    const LISTED_SINCE: ApiVersion = ApiVersion::new(1, 39);
    let records = records();
    let mut faults = Vec::new();
    let mut excused = BTreeSet::new();
    for (record, table) in BODIES {
        let properties = properties(&records, record);
        for (entry, _) in *table {
            if !properties.iter().any(|property| property.path == *entry) {
                faults.push(format!("{record} has no {entry}"));
            }
        }
        for Property { path, since, .. } in &properties {
            let needed = needed(table, path).filter(|needed| *needed > LISTED_SINCE);
            if needed == *since {
                continue;
            }
            match DIFFERENT_SINCE.iter().find(|it| it.0 == *record && path.starts_with(it.1)) {
                Some(excuse) => _ = excused.insert(excuse),
                None => faults.push(format!("{record}: {path} since {since:?}, table {needed:?}")),
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert_eq!(excused.len(), DIFFERENT_SINCE.len(), "only these are needed: {excused:#?}");
}
