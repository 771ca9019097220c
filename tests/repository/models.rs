//! The models against the records of the Engine API: no field is missing, none is misspelt, and each
//! is checked for the API versions that honour it.
//!
//! `data/properties.tsv` lists the records; the fields of a model are read from its table.

use std::collections::{BTreeMap, BTreeSet};

use dockline::codec::{JsonType, Kind, Scalar};
use dockline::model::*;

/// A field of a record, and of the records it refers to, by its path.
#[derive(Debug, Clone)]
struct Property {
    path: String,
    kind: &'static str,
    since: Option<u16>,
    until: Option<u16>,
}

/// Lines of the list: path, type, record referred to, first and last version.
type Records = BTreeMap<&'static str, Vec<[&'static str; 5]>>;

fn records() -> Records {
    let mut records = Records::new();
    for line in include_str!("../data/properties.tsv").lines() {
        if line.starts_with('#') {
            continue;
        }
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or("");
        let record = cell();
        records.entry(record).or_default().push([cell(), cell(), cell(), cell(), cell()]);
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
        let minor = |version: &str| version.strip_prefix("1.")?.parse().ok();
        for &[path, kind, refers_to, since, until] in &records[record] {
            let since = minor(since).or(parent.since);
            let until = minor(until).or(parent.until);
            let property = Property { path: join(&parent.path, path), kind, since, until };
            if !refers_to.is_empty() {
                walk(records, refers_to, &property, found);
            }
            found.push(property);
        }
    }
    let root = Property { path: String::new(), kind: "object", since: None, until: None };
    let mut found = Vec::new();
    walk(records, record, &root, &mut found);
    found
}

/// A field of a model, and the API versions that honour it.
#[derive(Debug, Clone, Copy)]
struct Field {
    kind: &'static Kind,
    since: u16,
    until: u16,
}

impl Field {
    fn fits(&self, kind: &str) -> bool {
        let accepts = |scalar| match self.kind {
            Kind::Leaf(new) => new().set(scalar).is_ok(),
            _ => false,
        };
        let bits = |bits: u32| match *self.kind {
            Kind::Integer(integer) => integer.bounds().1 >= (1 << bits) - 1,
            _ => accepts(Scalar::Uint(0)),
        };
        match (kind, self.kind) {
            (_, Kind::Any) => true,
            ("boolean", kind) => matches!(kind, Kind::Bool),
            ("integer/uint64", _) => bits(64),
            ("integer/uint32", _) => bits(32),
            ("integer" | "integer/uint16", _) => bits(16),
            ("integer/uint8", _) => bits(8),
            ("integer/int64", _) => bits(63),
            ("number", kind) => matches!(kind, Kind::Number),
            ("string", kind) => matches!(kind, Kind::Text) || accepts(Scalar::Text("")),
            ("array", kind) => matches!(kind, Kind::List(_) | Kind::Tree(_)),
            ("object", kind) => matches!(kind, Kind::Record(_) | Kind::Map(_)),
            (other, _) => panic!("no such type: {other}"),
        }
    }
}

/// All fields of a model, by their paths.
fn fields(kind: &'static Kind) -> BTreeMap<String, Field> {
    fn walk(path: &str, field: Field, found: &mut BTreeMap<String, Field>) {
        let mut part = |step: &str, kind| walk(&join(path, step), Field { kind, ..field }, found);
        match field.kind {
            Kind::Optional(kind) => return walk(path, Field { kind, ..field }, found),
            Kind::List(kind) => part("[]", kind),
            Kind::Map(kind) => part("{}", kind),
            Kind::Tree(_) => part("[]", &Kind::Any),
            Kind::Record(table) => {
                let base = table.base.iter().flat_map(|base| base.table.fields);
                for it in base.chain(table.fields) {
                    let since = field.since.max(it.since);
                    let until = field.until.min(it.until);
                    walk(&join(path, it.name()), Field { kind: &it.kind, since, until }, found);
                }
            }
            _ => {}
        }
        found.insert(path.to_owned(), field);
    }
    let mut found = BTreeMap::new();
    walk("", Field { kind, since: 0, until: u16::MAX }, &mut found);
    found
}

/// A record of the list, and the kind of its model.
type Model = (&'static str, &'static Kind);

macro_rules! models {
    ($($record:literal => $type:ty,)*) => {
        &[$(($record, <$type as JsonType>::KIND)),*]
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
    "Swarm" => SwarmInspect,
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
    for (record, model) in MODELS {
        let fields = fields(model);
        for Property { path, kind, .. } in properties(&records, record) {
            let full = format!("{record}.{path}");
            let fault = match fields.get(&path) {
                None => format!("{full} is missing"),
                Some(field) if !field.fits(kind) => {
                    format!("{full} is {kind}, not {:?}", field.kind)
                }
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

/// Records that are bodies of requests.
const BODIES: &[&str] = &[
    "@ContainerCreate.request",
    "@ContainerExec.request",
    "@ContainerUpdate.request",
    "@ExecStart.request",
    "@NetworkCreate.request",
    "@SwarmInit.request",
    "@SwarmJoin.request",
    "ConfigSpec",
    "ContainerConfig",
    "NetworkConnectRequest",
    "NetworkDisconnectRequest",
    "NodeSpec",
    "SecretSpec",
    "ServiceSpec",
    "SwarmSpec",
    "VolumeCreateRequest",
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
    ("@ContainerUpdate.request", "Blkio", "before 1.55 engines ignored lists of devices"),
    (
        "NetworkConnectRequest",
        "EndpointConfig.DNSNames",
        "an answer, which requests may hold and engines ignore",
    ),
    ("NetworkConnectRequest", "EndpointConfig.MacAddress", "before 1.54 engines ignored it"),
];

/// The same for the last version.
const DIFFERENT_UNTIL: &[(&str, &str, &str)] =
    &[("@NetworkCreate.request", "CheckDuplicate", "engines after 1.45 always check")];

fn model(record: &str) -> &'static Kind {
    let model = MODELS.iter().find(|it| it.0 == record);
    model.unwrap_or_else(|| panic!("{record} has no model")).1
}

/// Holds a version in the list against the one in the table, for each field of each body.
fn compare(
    different: &[(&str, &str, &str)],
    listed: fn(&Property) -> Option<u16>,
    in_table: fn(&Field) -> Option<u16>,
) {
    let records = records();
    let mut faults = Vec::new();
    let mut excused = BTreeSet::new();
    for record in BODIES {
        let fields = fields(model(record));
        for property in properties(&records, record) {
            let path = &property.path;
            let Some(field) = fields.get(path) else { continue };
            let (listed, in_table) = (listed(&property), in_table(field));
            if listed == in_table {
                continue;
            }
            match different.iter().find(|it| it.0 == *record && path.starts_with(it.1)) {
                Some(excuse) => _ = excused.insert(excuse),
                None => {
                    faults.push(format!("{record}: {path}: list {listed:?}, table {in_table:?}"))
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert_eq!(excused.len(), different.len(), "only these are needed: {excused:#?}");
}

#[test]
fn newer_options_need_their_version() {
    /// The list begins with the version after this one.
    const LISTED: u16 = 39;
    let in_table = |field: &Field| Some(field.since).filter(|it| *it > LISTED);
    compare(DIFFERENT_SINCE, |property| property.since, in_table);
}

#[test]
fn dropped_options_are_refused() {
    let in_table = |field: &Field| Some(field.until).filter(|it| *it < u16::MAX);
    compare(DIFFERENT_UNTIL, |property| property.until, in_table);
}
