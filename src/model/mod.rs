//! The objects of the Engine API.
//!
//! Plain structs without I/O. Fields have the engine's names in snake case; each documents its meaning
//! and unit, and its API versions unless they are 1.39 to 1.55.
//!
//! # What is an `Option`
//!
//! A field is plain, whether number, text, list, map or object, if absent means the same as empty:
//! `""`, 0, `false`, no items, an object of such fields. It is an [`Option`] if absent means something
//! else: "leave it to the engine" against "set it to nothing" in a request, or "there is none" in a
//! response. So objects that every response has are plain (`state`, `host_config`, `network_settings`),
//! and those that only some containers, images or engines have are options (`health`, `descriptor`,
//! `swarm.cluster`); in requests and specs, objects that switch something on by being there are options
//! (`healthcheck`, `update_config`, `bind_options`). `.into()` makes either of them of a value:
//!
//! ```
//! use dockline::model::{ContainerConfig, ContainerCreateRequest, HealthConfig, HostConfig};
//! let body = ContainerCreateRequest {
//!     config: ContainerConfig {
//!         image: "nginx".into(),
//!         cmd: ["nginx", "-g", "daemon off;"].into(),
//!         labels: [("app", "web")].into(),
//!         healthcheck: HealthConfig { test: ["CMD", "true"].into(), ..Default::default() }.into(),
//!         ..Default::default()
//!     },
//!     host_config: HostConfig { memory: 64 << 20, ..Default::default() }.into(),
//!     ..Default::default()
//! };
//! # assert_eq!(body.config.cmd.len(), 3);
//! ```
//!
//! In a request, plain fields with their empty value are left out; an `Option` that is `Some` is always
//! sent.
//!
//! # Reading responses
//!
//! `null`, missing and unknown members do not fail a call; specs keep unknown ones, so that an update
//! never drops what a newer engine holds. A value of the wrong type or out of range becomes the empty
//! value, with a note in the result of the call ([`CallResult::notes`](crate::CallResult::notes)); an
//! integer may be written as a float. `serde::Deserialize` of a model, for a program's own files, fails
//! with such values instead.
//!
//! Strings with known values, such as the state of a container, are enums with an `Other` for values of
//! newer engines. Sets, which the engine writes as maps with empty values, `{"80/tcp": {}}`, are
//! `Map<Empty>`.
//!
//! Models of responses are `#[non_exhaustive]`, since engines add to them. Models that callers fill are
//! not, so that they can be written as literals; end those with `..Default::default()`, since they grow
//! too.

use std::collections::BTreeMap;

mod build_cache;
mod cluster_volume;
mod config;
mod container_config;
mod container_create;
mod container_files;
mod container_inspect;
mod container_spec;
mod container_state;
mod container_stats;
mod container_summary;
mod container_top;
mod container_wait;
mod data;
mod descriptor;
mod disk_usage;
mod endpoint;
mod event;
mod exec;
mod host_config;
mod id_response;
mod image_history;
mod image_identity;
mod image_inspect;
mod image_manifest;
mod image_summary;
mod map;

use crate::codec::record;

mod mount;
mod network;
mod node;
mod node_resources;
mod plugin;
mod progress;
mod prune;
#[cfg(all(test, feature = "capi"))]
mod random_tests;
mod registry;
mod resources;
mod secret;
mod service;
#[cfg(test)]
mod spec_tests;
mod string_list;
mod swarm;
mod system_info;
mod system_version;
mod task;
mod task_spec;
mod timestamp;
mod volume;

pub use crate::secret::SecretText;
pub use build_cache::{BuildCache, BuildCacheType};
pub use cluster_volume::{
    CapacityRange, ClusterVolume, ClusterVolumeInfo, ClusterVolumeSpec, Topology,
    TopologyRequirement, VolumeAccessMode, VolumeAccessScope, VolumeAvailability,
    VolumePublishState, VolumePublishStatus, VolumeSecret, VolumeSharing, VolumeTypeMount,
};
pub use config::{Config, ConfigCreateResponse, ConfigSpec};
pub use container_config::{ContainerConfig, HealthConfig};
pub use container_create::{ContainerCreateRequest, ContainerCreateResponse};
pub use container_files::{ChangeType, ContainerPathStat, FilesystemChange};
pub use container_inspect::{
    Address, ContainerInspectResponse, DriverData, NetworkSettings, RootFsStorage,
    RootFsStorageSnapshot, Storage,
};
pub use container_spec::{
    AppArmorMode, AppArmorOpts, ContainerSpec, CredentialSpec, DnsConfig, FileTarget, Privileges,
    SeccompMode, SeccompOpts, SecretReference, SelinuxContext, SwarmConfigReference,
};
pub use container_state::{
    ContainerState, ContainerStateStatus, Health, HealthStatus, HealthcheckResult,
};
pub use container_stats::{
    ContainerBlkioStatEntry, ContainerBlkioStats, ContainerCpuStats, ContainerCpuUsage,
    ContainerMemoryStats, ContainerNetworkStats, ContainerPidsStats, ContainerStatsResponse,
    ContainerStorageStats, ContainerThrottlingData,
};
pub use container_summary::{
    ContainerSummary, ContainerSummaryHostConfig, ContainerSummaryNetworkSettings, HealthSummary,
    PortSummary,
};
pub use container_top::ContainerTopResponse;
pub use container_wait::{ContainerWaitExitError, ContainerWaitResponse};
pub use data::Data;
pub use descriptor::{OciDescriptor, OciPlatform};
pub use disk_usage::{
    BuildCacheDiskUsage, ContainersDiskUsage, DiskUsageTotal, ImagesDiskUsage, SystemDataUsage,
    VolumesDiskUsage,
};
pub use endpoint::{
    EndpointIpamConfig, EndpointSettings, NetworkingConfig, PortBinding, PortMap, PortProtocol,
};
pub use event::{EventActor, EventMessage, EventScope, EventType};
pub use exec::{ContainerExecRequest, ExecInspectResponse, ExecStartRequest, ProcessConfig};
pub use host_config::{
    CgroupnsMode, HostConfig, Isolation, LogConfig, RestartPolicy, RestartPolicyName,
};
pub use id_response::IdResponse;
pub use image_history::ImageHistoryResponseItem;
pub use image_identity::{
    BuildIdentity, Identity, KnownSignerIdentity, PullIdentity, SignatureIdentity,
    SignatureTimestamp, SignatureTimestampType, SignatureType, SignerIdentity,
};
pub use image_inspect::{ImageConfig, ImageInspect, ImageMetadata, ImageRootFs};
pub use image_manifest::{
    AttestationStatement, ImageManifestAttestationData, ImageManifestImageData,
    ImageManifestImageSize, ImageManifestKind, ImageManifestSize, ImageManifestSummary,
};
pub use image_summary::{ImageDeleteResponseItem, ImageSummary};
pub use map::{Iter as MapIter, Map};
pub use mount::{
    BindOptions, ImageOptions, Mount, MountPoint, MountPropagation, MountType, TmpfsOptions,
    VolumeDriverConfig, VolumeOptions,
};
pub use network::{
    ConfigReference, EndpointResource, Ipam, IpamConfig, IpamStatus, NetworkConnectRequest,
    NetworkCreateRequest, NetworkCreateResponse, NetworkDisconnectRequest, NetworkInspect,
    NetworkPruneResponse, NetworkStatus, NetworkSummary, NetworkTaskInfo, PeerInfo, ServiceInfo,
    SubnetStatus,
};
pub use node::{
    EngineDescription, EnginePlugin, ManagerStatus, Node, NodeAvailability, NodeCsiInfo,
    NodeDescription, NodeRole, NodeSpec, NodeState, NodeStatus, Reachability,
};
pub use node_resources::{
    DiscreteResourceSpec, GenericResource, Limit, NamedResourceSpec, Platform, ResourceObject,
    ResourceRequirements,
};
pub use plugin::{
    Plugin, PluginArgs, PluginConfig, PluginDevice, PluginEnv, PluginInterface, PluginLinux,
    PluginMount, PluginNetwork, PluginPrivilege, PluginRootfs, PluginSettings, PluginUser,
};
pub use progress::{ErrorDetail, ImageId, ProgressDetail, ProgressMessage, PushResult};
pub use prune::{BuildPruneResponse, ContainerPruneResponse, ImagePruneResponse};
pub use registry::{AuthConfig, AuthResponse, DistributionInspect, ImageSearchResult};
pub use resources::{
    ContainerUpdateRequest, ContainerUpdateResponse, DeviceMapping, DeviceRequest, ThrottleDevice,
    Ulimit, WeightDevice,
};
pub use secret::{Secret, SecretCreateResponse, SecretSpec};
pub use service::{
    EndpointMode, EndpointPortConfig, EndpointSpec, EndpointVirtualIp, JobStatus, PublishMode,
    ReplicatedJob, ReplicatedService, Service, ServiceCreateResponse, ServiceEndpoint, ServiceMode,
    ServiceSpec, ServiceStatus, ServiceUpdateResponse, UpdateConfig, UpdateFailureAction,
    UpdateOrder, UpdateState, UpdateStatus,
};
pub use string_list::StringList;
pub use swarm::{
    ClusterInfo, Driver, ExternalCa, JoinTokens, ObjectVersion, SwarmCaConfig, SwarmDispatcher,
    SwarmEncryptionConfig, SwarmInitRequest, SwarmInspect, SwarmJoinRequest, SwarmOrchestration,
    SwarmRaft, SwarmSpec, SwarmTaskDefaults, SwarmUnlockRequest, SwarmUnlockkeyResponse, TlsInfo,
};
pub use system_info::{
    CgroupDriver, CgroupVersion, Commit, ContainerdInfo, ContainerdNamespaces, DefaultAddressPool,
    DeviceInfo, FirewallInfo, IndexInfo, LocalNodeState, NriInfo, PeerNode, PluginsInfo,
    RegistryServiceConfig, Runtime, SwarmInfo, SystemInfo,
};
pub use system_version::{ComponentVersion, SystemVersion, SystemVersionPlatform};
pub use task::{
    ContainerStatus, NetworkAttachment, PortStatus, SwarmIpamConfig, SwarmIpamOptions,
    SwarmNetwork, SwarmNetworkSpec, Task, TaskState, TaskStatus, VolumeAttachment,
};
pub use task_spec::{
    NetworkAttachmentConfig, NetworkAttachmentSpec, Placement, PlacementPreference, PluginSpec,
    RuntimePrivilege, SpreadOver, TaskRestartCondition, TaskRestartPolicy, TaskRuntime, TaskSpec,
};
pub use timestamp::Timestamp;
pub use volume::{
    Volume, VolumeCreateRequest, VolumeListResponse, VolumePruneResponse, VolumeScope,
    VolumeUpdateRequest, VolumeUsageData,
};

record! {
    /// An object without fields: the value in maps of which only the keys say anything, such as
    /// `ExposedPorts`.
    #[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
    pub struct Empty {
    }
}

/// Fields of a newer engine that a model does not name, as JSON.
///
/// Models that are read, changed and sent back keep them, so that an update never drops what a
/// newer engine holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unknown(pub BTreeMap<String, serde_json::Value>);

record! {
    /// An object of a spec that has no fields of its own: that it is there says all.
    #[derive(Clone, Default, PartialEq)]
    pub struct Presence {
        ..unknown
    }
}
