//! What the tasks of a service shall be.

use super::{ContainerSpec, Driver, Platform, ResourceRequirements, StringList};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
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

record! {
    /// What the tasks of a service shall be.
    ///
    /// Of the three specs in it one is there: that of the container, in almost all cases.
    #[derive(Clone, Default, PartialEq)]
    pub struct TaskSpec {
        /// The plugin to run.
        pub plugin_spec: Option<PluginSpec> = "PluginSpec" since 31,
        /// The container to run.
        pub container_spec: Option<ContainerSpec> = "ContainerSpec",
        /// The plain container this stands for; told, never asked for.
        pub network_attachment_spec: Option<NetworkAttachmentSpec> = "NetworkAttachmentSpec",
        /// What each task may use and needs.
        pub resources: Option<ResourceRequirements> = "Resources",
        /// When a task that ended is replaced; missing means always, after 5 seconds.
        pub restart_policy: Option<TaskRestartPolicy> = "RestartPolicy",
        /// On which nodes tasks may be.
        pub placement: Option<Placement> = "Placement",
        /// Another number than before replaces all tasks, though nothing else has changed.
        pub force_update: u64 = "ForceUpdate" since 25,
        /// What it runs; empty means a container.
        pub runtime: TaskRuntime = "Runtime",
        /// The networks each task is in.
        pub networks: Vec<NetworkAttachmentConfig> = "Networks",
        /// Driver for the logs; missing means that of the cluster.
        pub log_driver: Option<Driver> = "LogDriver",
        ..unknown
    }
}

record! {
    /// A plugin that a service installs on nodes.
    ///
    /// The engine writes these fields in lower case and calls the third `privileges`, whatever its
    /// documentation says; both spellings are read.
    #[derive(Clone, Default, PartialEq)]
    pub struct PluginSpec {
        /// Name the plugin has on the nodes.
        pub name: String = "name" alias "Name",
        /// Where it is pulled from.
        pub remote: String = "remote" alias "Remote",
        /// What it is allowed to do.
        pub privileges: Vec<RuntimePrivilege> = "privileges" alias "PluginPrivilege" alias "Privileges",
        /// Whether it is only installed and does not run.
        pub disabled: bool = "disabled" alias "Disabled",
        /// Its settings, as `NAME=value`.
        pub env: StringList = "env" alias "Env",
        ..unknown
    }
}

record! {
    /// Something the plugin of a service is allowed to do.
    ///
    /// As [`PluginPrivilege`](super::PluginPrivilege), in lower case on the wire.
    #[derive(Clone, Default, PartialEq)]
    pub struct RuntimePrivilege {
        /// What it is about, such as `network` or `capabilities`.
        pub name: String = "name" alias "Name",
        /// The same in words for a person.
        pub description: String = "description" alias "Description",
        /// What is allowed of it, such as `host` or `CAP_SYS_ADMIN`.
        pub value: StringList = "value" alias "Value",
        ..unknown
    }
}

record! {
    /// The plain container that a task stands for, so that it may be in a cluster network.
    #[derive(Clone, Default, PartialEq)]
    pub struct NetworkAttachmentSpec {
        /// Id of the container.
        pub container_id: String = "ContainerID",
        ..unknown
    }
}

record! {
    /// When a task that ended is replaced.
    #[derive(Clone, Default, PartialEq)]
    pub struct TaskRestartPolicy {
        /// When; empty means always.
        pub condition: TaskRestartCondition = "Condition",
        /// Nanoseconds to wait before; missing means 5 seconds.
        pub delay: Option<i64> = "Delay",
        /// How often at most within `window`; missing and 0 mean any number.
        pub max_attempts: Option<u64> = "MaxAttempts",
        /// Nanoseconds within which attempts are counted; missing and 0 mean all of them.
        pub window: Option<i64> = "Window",
        ..unknown
    }
}

record! {
    /// On which nodes tasks may be.
    #[derive(Clone, Default, PartialEq)]
    pub struct Placement {
        /// Conditions all of which a node must meet, such as `node.role!=manager`,
        /// `node.labels.disk==ssd`, `engine.labels.zone==a`.
        pub constraints: StringList = "Constraints",
        /// How to spread tasks over the nodes, the weightiest first.
        pub preferences: Vec<PlacementPreference> = "Preferences",
        /// How many tasks a node may have at most; 0 means any number. Since API 1.40.
        pub max_replicas: u64 = "MaxReplicas" since 40,
        /// The platforms the image is for; empty means all. Clients fill it in from the registry.
        pub platforms: Vec<Platform> = "Platforms" since 30,
        ..unknown
    }
}

record! {
    /// How to spread tasks over the nodes.
    #[derive(Clone, Default, PartialEq)]
    pub struct PlacementPreference {
        /// Evenly over the values of a label.
        pub spread: Option<SpreadOver> = "Spread",
        ..unknown
    }
}

record! {
    /// The label over whose values tasks are spread.
    #[derive(Clone, Default, PartialEq)]
    pub struct SpreadOver {
        /// The label, such as `node.labels.datacenter`.
        pub spread_descriptor: String = "SpreadDescriptor",
        ..unknown
    }
}

record! {
    /// A network that tasks are in.
    #[derive(Clone, Default, PartialEq)]
    pub struct NetworkAttachmentConfig {
        /// Id or name of the network; engines tell its id.
        pub target: String = "Target",
        /// Names under which the service is found there, beside its own.
        pub aliases: StringList = "Aliases",
        /// Options for the network's driver.
        pub driver_opts: Map<String> = "DriverOpts",
        ..unknown
    }
}
