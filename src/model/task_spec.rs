//! Task configuration of a service.

use super::{ContainerSpec, Driver, Platform, ResourceRequirements, StringList};
use crate::codec::{record, string_enum};
use crate::model::Map;

string_enum! {
    /// Condition for restarting a task.
    pub enum TaskRestartCondition {
        /// Never.
        None = "none",
        /// If the task failed.
        OnFailure = "on-failure",
        /// Always.
        Any = "any",
    }

    /// Runtime of a task.
    pub enum TaskRuntime {
        /// Container, configured by [`TaskSpec::container_spec`].
        Container = "container",
        /// Engine plugin, configured by [`TaskSpec::plugin_spec`].
        Plugin = "plugin",
        /// Attachment of an existing container to a swarm network, see
        /// [`TaskSpec::network_attachment_spec`].
        Attachment = "attachment",
    }
}

record! {
    /// Desired configuration of the tasks of a service.
    ///
    /// One of the three specs for plugin, container and network attachment is set, usually that of
    /// the container.
    #[derive(Clone, Default, PartialEq)]
    pub struct TaskSpec {
        /// Plugin configuration.
        pub plugin_spec: Option<PluginSpec> = "PluginSpec" since 31,
        /// Container configuration.
        pub container_spec: Option<ContainerSpec> = "ContainerSpec",
        /// Network attachment of a container outside of services. Only in responses.
        pub network_attachment_spec: Option<NetworkAttachmentSpec> = "NetworkAttachmentSpec",
        /// Resource limits and reservations of each task.
        pub resources: Option<ResourceRequirements> = "Resources",
        /// Restart policy; `None` means always, after 5 seconds.
        pub restart_policy: Option<TaskRestartPolicy> = "RestartPolicy",
        /// Placement of tasks on nodes.
        pub placement: Option<Placement> = "Placement",
        /// Counter that forces an update of all tasks if changed, even if the rest of the spec is
        /// unchanged.
        pub force_update: u64 = "ForceUpdate" since 25,
        /// Runtime; empty means a container.
        pub runtime: TaskRuntime = "Runtime",
        /// Networks of each task.
        pub networks: Vec<NetworkAttachmentConfig> = "Networks",
        /// Logging driver; `None` means the default of the swarm.
        pub log_driver: Option<Driver> = "LogDriver",
        ..unknown
    }
}

record! {
    /// Plugin that a service installs on nodes.
    ///
    /// Engines write the field names in lower case and the third as `privileges`, unlike the API
    /// documentation. Both spellings are accepted.
    #[derive(Clone, Default, PartialEq)]
    pub struct PluginSpec {
        /// Name of the plugin on the nodes.
        pub name: String = "name" alias "Name",
        /// Remote reference from which the plugin is pulled.
        pub remote: String = "remote" alias "Remote",
        /// Privileges granted to the plugin.
        pub privileges: Vec<RuntimePrivilege> = "privileges" alias "PluginPrivilege" alias "Privileges",
        /// Whether the plugin is disabled after the installation.
        pub disabled: bool = "disabled" alias "Disabled",
        /// Settings as `NAME=value`.
        pub env: StringList = "env" alias "Env",
        ..unknown
    }
}

record! {
    /// Privilege granted to the plugin of a service.
    ///
    /// Like [`PluginPrivilege`](super::PluginPrivilege), but with JSON names in lower case.
    #[derive(Clone, Default, PartialEq)]
    pub struct RuntimePrivilege {
        /// Name of the privilege, such as `network` or `capabilities`.
        pub name: String = "name" alias "Name",
        /// Description for users.
        pub description: String = "description" alias "Description",
        /// Granted values, such as `host` or `CAP_SYS_ADMIN`.
        pub value: StringList = "value" alias "Value",
        ..unknown
    }
}

record! {
    /// Attachment of an existing container to a swarm network.
    #[derive(Clone, Default, PartialEq)]
    pub struct NetworkAttachmentSpec {
        /// ID of the container.
        pub container_id: String = "ContainerID",
        ..unknown
    }
}

record! {
    /// Restart policy of the tasks of a service.
    #[derive(Clone, Default, PartialEq)]
    pub struct TaskRestartPolicy {
        /// Restart condition; empty means always.
        pub condition: TaskRestartCondition = "Condition",
        /// Delay before a restart in nanoseconds; `None` means 5 seconds.
        pub delay: Option<i64> = "Delay",
        /// Maximum number of restarts within `window`; `None` and 0 mean unlimited.
        pub max_attempts: Option<u64> = "MaxAttempts",
        /// Window in nanoseconds in which restarts are counted; `None` and 0 mean unbounded.
        pub window: Option<i64> = "Window",
        ..unknown
    }
}

record! {
    /// Placement of tasks on nodes.
    #[derive(Clone, Default, PartialEq)]
    pub struct Placement {
        /// Constraints, all of which a node must satisfy, such as `node.role!=manager`,
        /// `node.labels.disk==ssd`, `engine.labels.zone==a`.
        pub constraints: StringList = "Constraints",
        /// Preferences for spreading tasks over nodes, in descending order of priority.
        pub preferences: Vec<PlacementPreference> = "Preferences",
        /// Maximum number of tasks per node; 0 means unlimited. Since API 1.40.
        pub max_replicas: u64 = "MaxReplicas" since 40,
        /// Platforms of the image; empty means all. Clients set this from the registry's data.
        pub platforms: Vec<Platform> = "Platforms" since 30,
        ..unknown
    }
}

record! {
    /// Preference for spreading tasks over nodes.
    #[derive(Clone, Default, PartialEq)]
    pub struct PlacementPreference {
        /// Spread evenly over the values of a label.
        pub spread: Option<SpreadOver> = "Spread",
        ..unknown
    }
}

record! {
    /// Label over whose values tasks are spread.
    #[derive(Clone, Default, PartialEq)]
    pub struct SpreadOver {
        /// Label, such as `node.labels.datacenter`.
        pub spread_descriptor: String = "SpreadDescriptor",
        ..unknown
    }
}

record! {
    /// Network that tasks are attached to.
    #[derive(Clone, Default, PartialEq)]
    pub struct NetworkAttachmentConfig {
        /// ID or name of the network; the ID in responses.
        pub target: String = "Target",
        /// Additional DNS names of the service in the network.
        pub aliases: StringList = "Aliases",
        /// Driver options.
        pub driver_opts: Map<String> = "DriverOpts",
        ..unknown
    }
}
