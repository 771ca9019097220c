//! Resources of nodes and tasks.

use crate::codec::record;

record! {
    /// Resource limits and reservations of each task.
    #[derive(Clone, Default, PartialEq)]
    pub struct ResourceRequirements {
        /// Limits.
        pub limits: Option<Limit> = "Limits",
        /// Resources that a node must have available for the task.
        pub reservations: Option<ResourceObject> = "Reservations",
        /// Swap in bytes, only with a memory limit; -1 means unlimited, `None` as much as the
        /// memory limit. Since API 1.52.
        pub swap_bytes: Option<i64> = "SwapBytes" since 52,
        /// Swappiness, 0 to 100; -1 resets it, `None` means the node's default. Since API 1.52.
        pub memory_swappiness: Option<i64> = "MemorySwappiness" since 52,
        ..unknown
    }
}

record! {
    /// Resource limits of a task.
    #[derive(Clone, Default, PartialEq)]
    pub struct Limit {
        /// CPU limit in units of 10⁻⁹ CPUs; 0 means unlimited.
        pub nano_cpus: i64 = "NanoCPUs",
        /// Memory limit in bytes; 0 means unlimited.
        pub memory_bytes: i64 = "MemoryBytes",
        /// Limit of processes and threads; 0 means unlimited. Since API 1.41.
        pub pids: i64 = "Pids" since 41,
        /// Without effect. Until API 1.40.
        pub generic_resources: Vec<GenericResource> = "GenericResources" until 40,
        ..unknown
    }
}

record! {
    /// Resources of a node, or reserved for a task.
    #[derive(Clone, Default, PartialEq)]
    pub struct ResourceObject {
        /// CPUs in units of 10⁻⁹.
        pub nano_cpus: i64 = "NanoCPUs",
        /// Memory in bytes.
        pub memory_bytes: i64 = "MemoryBytes",
        /// User-defined resources.
        pub generic_resources: Vec<GenericResource> = "GenericResources",
        ..unknown
    }
}

record! {
    /// User-defined resource: a named one, or a number of them.
    #[derive(Clone, Default, PartialEq)]
    pub struct GenericResource {
        /// Named resource.
        pub named_resource_spec: Option<NamedResourceSpec> = "NamedResourceSpec",
        /// Number of resources.
        pub discrete_resource_spec: Option<DiscreteResourceSpec> = "DiscreteResourceSpec",
        ..unknown
    }
}

record! {
    /// User-defined resource identified by name.
    #[derive(Clone, Default, PartialEq)]
    pub struct NamedResourceSpec {
        /// Kind of the resource, such as `GPU`.
        pub kind: String = "Kind",
        /// Name of the resource, such as `UUID1`.
        pub value: String = "Value",
        ..unknown
    }
}

record! {
    /// User-defined resource that is counted.
    #[derive(Clone, Default, PartialEq)]
    pub struct DiscreteResourceSpec {
        /// Kind of the resource, such as `SSD`.
        pub kind: String = "Kind",
        /// Number of resources.
        pub value: i64 = "Value",
        ..unknown
    }
}

record! {
    /// Platform of a node or an image.
    #[derive(Clone, Default, PartialEq)]
    pub struct Platform {
        /// CPU architecture: as reported by the kernel for a node (`x86_64`), as a `GOARCH` value
        /// in a spec (`amd64`).
        pub architecture: String = "Architecture",
        /// Operating system: `linux`, `windows`.
        pub os: String = "OS",
        ..unknown
    }
}
