//! What the tasks of a service shall be.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ContainerSpec, Driver, Platform, ResourceRequirements, Unknown, words};

words! {
    /// When a task that ended is replaced.
    pub enum TaskRestartCondition {
        /// Never.
        None = "none",
        /// When it failed.
        OnFailure = "on-failure",
        /// Always.
        Any = "any",
    }

    /// What a task runs.
    pub enum TaskRuntime {
        /// A container, from [`TaskSpec::container_spec`].
        Container = "container",
        /// A plugin of the engine, from [`TaskSpec::plugin_spec`].
        Plugin = "plugin",
        /// Nothing; it stands for a plain container in a cluster network, see
        /// [`TaskSpec::network_attachment_spec`].
        Attachment = "attachment",
    }
}

/// What the tasks of a service shall be.
///
/// Of the three specs in it one is there: that of the container, in almost all cases.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct TaskSpec {
    /// The plugin to run.
    pub plugin_spec: Option<PluginSpec>,
    /// The container to run.
    pub container_spec: Option<ContainerSpec>,
    /// The plain container this stands for; told, never asked for.
    pub network_attachment_spec: Option<NetworkAttachmentSpec>,
    /// What each task may use and needs.
    pub resources: Option<ResourceRequirements>,
    /// When a task that ended is replaced; missing means always, after 5 seconds.
    pub restart_policy: Option<TaskRestartPolicy>,
    /// On which nodes tasks may be.
    pub placement: Option<Placement>,
    /// Another number than before replaces all tasks, though nothing else has changed.
    pub force_update: u64,
    /// What it runs; empty means a container.
    pub runtime: TaskRuntime,
    /// The networks each task is in.
    pub networks: Vec<NetworkAttachmentConfig>,
    /// Driver for the logs; missing means that of the cluster.
    pub log_driver: Option<Driver>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// A plugin that a service installs on nodes.
///
/// The engine writes these fields in lower case and calls the third `privileges`, whatever its
/// documentation says; both spellings are read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "lowercase")]
pub struct PluginSpec {
    /// Name the plugin has on the nodes.
    #[serde(alias = "Name")]
    pub name: String,
    /// Where it is pulled from.
    #[serde(alias = "Remote")]
    pub remote: String,
    /// What it is allowed to do.
    #[serde(alias = "PluginPrivilege", alias = "Privileges")]
    pub privileges: Vec<RuntimePrivilege>,
    /// Whether it is only installed and does not run.
    #[serde(alias = "Disabled")]
    pub disabled: bool,
    /// Its settings, as `NAME=value`.
    #[serde(alias = "Env")]
    pub env: Vec<String>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// Something the plugin of a service is allowed to do.
///
/// As [`PluginPrivilege`](super::PluginPrivilege), in lower case on the wire.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "lowercase")]
pub struct RuntimePrivilege {
    /// What it is about, such as `network` or `capabilities`.
    #[serde(alias = "Name")]
    pub name: String,
    /// The same in words for a person.
    #[serde(alias = "Description")]
    pub description: String,
    /// What is allowed of it, such as `host` or `CAP_SYS_ADMIN`.
    #[serde(alias = "Value")]
    pub value: Vec<String>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// The plain container that a task stands for, so that it may be in a cluster network.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct NetworkAttachmentSpec {
    /// Id of the container.
    #[serde(rename = "ContainerID")]
    pub container_id: String,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// When a task that ended is replaced.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct TaskRestartPolicy {
    /// When; empty means always.
    pub condition: TaskRestartCondition,
    /// Nanoseconds to wait before; missing means 5 seconds.
    pub delay: Option<i64>,
    /// How often at most within `window`; missing and 0 mean any number.
    pub max_attempts: Option<u64>,
    /// Nanoseconds within which attempts are counted; missing and 0 mean all of them.
    pub window: Option<i64>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// On which nodes tasks may be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Placement {
    /// Conditions all of which a node must meet, such as `node.role!=manager`,
    /// `node.labels.disk==ssd`, `engine.labels.zone==a`.
    pub constraints: Vec<String>,
    /// How to spread tasks over the nodes, the weightiest first.
    pub preferences: Vec<PlacementPreference>,
    /// How many tasks a node may have at most; 0 means any number. Since API 1.40.
    pub max_replicas: u64,
    /// The platforms the image is for; empty means all. Clients fill it in from the registry.
    pub platforms: Vec<Platform>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// How to spread tasks over the nodes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct PlacementPreference {
    /// Evenly over the values of a label.
    pub spread: Option<SpreadOver>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// The label over whose values tasks are spread.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct SpreadOver {
    /// The label, such as `node.labels.datacenter`.
    pub spread_descriptor: String,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// A network that tasks are in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct NetworkAttachmentConfig {
    /// Id or name of the network; engines tell its id.
    pub target: String,
    /// Names under which the service is found there, beside its own.
    pub aliases: Vec<String>,
    /// Options for the network's driver.
    pub driver_opts: BTreeMap<String, String>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}
