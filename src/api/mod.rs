//! The operations, one file for each resource.
//!
//! An operation is an options struct, a pure function from it to a [`Request`](crate::request::Request),
//! and a method that makes the call. Fields of options are named as the engine names its parameters,
//! in snake case; C gives them by the engine's own names.

pub(crate) mod build;
pub(crate) mod configs;
pub(crate) mod containers;
pub(crate) mod credentials;
pub(crate) mod distribution;
pub(crate) mod exec;
pub(crate) mod images;
pub(crate) mod networks;
pub(crate) mod nodes;
pub(crate) mod plugins;
pub(crate) mod raw;
pub(crate) mod resumed;
pub(crate) mod secrets;
pub(crate) mod services;
pub(crate) mod session;
pub(crate) mod swarm;
pub(crate) mod system;
pub(crate) mod tasks;
pub(crate) mod terminal;
pub(crate) mod update;
pub(crate) mod volumes;

#[cfg(feature = "build-context")]
pub use build::context::BuildContext;
pub use build::{
    Build, BuildOutput, BuildPruneOptions, Builder, BuilderVersion, Builds, ImageBuildOptions,
};
pub use configs::{ConfigListOptions, ConfigUpdateOptions, Configs};
pub use containers::checkpoints::{Checkpoint, CheckpointCreateOptions, CheckpointOptions};
pub use containers::files::{Archive, PutContainerArchiveOptions};
pub use containers::lifecycle::{
    ContainerKillOptions, ContainerRestartOptions, ContainerStartOptions, ContainerStopOptions,
    ContainerWaitOptions, WaitCondition, Waiting,
};
pub use containers::output::{ContainerAttachOptions, ContainerLogsOptions, Tail};
pub use containers::until_exit::UntilExit;
pub use containers::usage::{ContainerStatsOnceOptions, ContainerTopOptions};
#[cfg(feature = "websocket")]
pub use containers::websocket::ContainerAttachWebsocketOptions;
pub use containers::{
    ContainerCreateOptions, ContainerDeleteOptions, ContainerInspectOptions, ContainerListOptions,
    ContainerPruneOptions, Containers,
};
pub use credentials::{Credentials, FoundCredentials, Login};
pub use distribution::{Distribution, DistributionInspectOptions};
pub use exec::{Exec, ExecOutput, Execution};
pub use images::transfer::{
    ImageCreateOptions, ImageGetOptions, ImageLoadOptions, ImagePushOptions,
};
pub use images::{
    ImageAttestationsOptions, ImageCommitOptions, ImageDeleteOptions, ImageHistoryOptions,
    ImageInspectOptions, ImageListOptions, ImagePruneOptions, ImageSearchOptions, ImageTagOptions,
    Images,
};
pub use networks::{NetworkInspectOptions, NetworkListOptions, NetworkPruneOptions, Networks};
pub use nodes::{NodeDeleteOptions, NodeListOptions, NodeUpdateOptions, Nodes};
pub use plugins::{
    PluginDeleteOptions, PluginDisableOptions, PluginEnableOptions, PluginListOptions,
    PluginPrivilegesOptions, PluginPull, PluginPullOptions, PluginPushOptions,
    PluginUpgradeOptions, Plugins,
};
pub use raw::{RawAnswer, RawRequest, RawStream};
pub use resumed::ResumedEvents;
pub use secrets::{SecretListOptions, SecretUpdateOptions, Secrets};
pub use services::{
    Convergence, ConvergenceState, Converging, RegistryAuthFrom, ServiceCreateOptions,
    ServiceInspectOptions, ServiceListOptions, ServiceLogsOptions, ServiceUpdateOptions,
    ServiceWaitOptions, Services,
};
pub use session::{Session, SessionOptions};
pub use swarm::{Swarm, SwarmLeaveOptions, SwarmUpdateOptions};
pub use system::{DataUsageType, Ping, System, SystemDataUsageOptions, SystemEventsOptions};
pub use tasks::{TaskListOptions, Tasks};
pub use volumes::{
    VolumeDeleteOptions, VolumeListOptions, VolumePruneOptions, VolumeUpdateOptions, Volumes,
};
