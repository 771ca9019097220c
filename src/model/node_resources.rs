//! What nodes have and tasks need.

use crate::codec::record;

record! {
    /// What each task may use and needs.
    #[derive(Clone, Default, PartialEq)]
    pub struct ResourceRequirements {
        /// What it may use at most.
        pub limits: Option<Limit> = "Limits",
        /// What a node must have left for it.
        pub reservations: Option<ResourceObject> = "Reservations",
        /// Bytes of swap, only beside a limit of memory; -1 means any amount, missing means as much as
        /// the memory. Since API 1.52.
        pub swap_bytes: Option<i64> = "SwapBytes" since 52,
        /// How readily the kernel swaps it out, 0 to 100; -1 takes back what was set, missing leaves it
        /// to the node. Since API 1.52.
        pub memory_swappiness: Option<i64> = "MemorySwappiness" since 52,
        ..unknown
    }
}

record! {
    /// What a task may use at most.
    #[derive(Clone, Default, PartialEq)]
    pub struct Limit {
        /// Billionths of a CPU; 0 means any amount.
        pub nano_cpus: i64 = "NanoCPUs",
        /// Bytes of memory; 0 means any amount.
        pub memory_bytes: i64 = "MemoryBytes",
        /// Processes and threads; 0 means any number. Since API 1.41.
        pub pids: i64 = "Pids" since 41,
        /// Until API 1.40, where it had no effect.
        pub generic_resources: Vec<GenericResource> = "GenericResources" until 40,
        ..unknown
    }
}

record! {
    /// What a node has, or what a task needs of it.
    #[derive(Clone, Default, PartialEq)]
    pub struct ResourceObject {
        /// Billionths of a CPU.
        pub nano_cpus: i64 = "NanoCPUs",
        /// Bytes of memory.
        pub memory_bytes: i64 = "MemoryBytes",
        /// What else, by the names its owner gave it.
        pub generic_resources: Vec<GenericResource> = "GenericResources",
        ..unknown
    }
}

record! {
    /// Something a node has, by the name its owner gave it: a certain piece, or a number of them.
    #[derive(Clone, Default, PartialEq)]
    pub struct GenericResource {
        /// A certain piece.
        pub named_resource_spec: Option<NamedResourceSpec> = "NamedResourceSpec",
        /// A number of them.
        pub discrete_resource_spec: Option<DiscreteResourceSpec> = "DiscreteResourceSpec",
        ..unknown
    }
}

record! {
    /// A certain piece of something a node has.
    #[derive(Clone, Default, PartialEq)]
    pub struct NamedResourceSpec {
        /// What it is, such as `GPU`.
        pub kind: String = "Kind",
        /// Which one, such as `UUID1`.
        pub value: String = "Value",
        ..unknown
    }
}

record! {
    /// A number of something a node has.
    #[derive(Clone, Default, PartialEq)]
    pub struct DiscreteResourceSpec {
        /// What it is, such as `SSD`.
        pub kind: String = "Kind",
        /// How many.
        pub value: i64 = "Value",
        ..unknown
    }
}

record! {
    /// Kind of a machine.
    #[derive(Clone, Default, PartialEq)]
    pub struct Platform {
        /// CPU architecture: the machine's own word on a node (`x86_64`), Go's in a spec (`amd64`).
        pub architecture: String = "Architecture",
        /// Operating system: `linux`, `windows`.
        pub os: String = "OS",
        ..unknown
    }
}
