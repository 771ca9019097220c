//! What nodes have and tasks need.

use serde::{Deserialize, Serialize};

use super::Unknown;

/// What each task may use and needs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ResourceRequirements {
    /// What it may use at most.
    pub limits: Option<Limit>,
    /// What a node must have left for it.
    pub reservations: Option<ResourceObject>,
    /// Bytes of swap, only beside a limit of memory; -1 means any amount, missing means as much as
    /// the memory. Since API 1.52.
    pub swap_bytes: Option<i64>,
    /// How readily the kernel swaps it out, 0 to 100; -1 takes back what was set, missing leaves it
    /// to the node. Since API 1.52.
    pub memory_swappiness: Option<i64>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// What a task may use at most.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Limit {
    /// Billionths of a CPU; 0 means any amount.
    #[serde(rename = "NanoCPUs")]
    pub nano_cpus: i64,
    /// Bytes of memory; 0 means any amount.
    pub memory_bytes: i64,
    /// Processes and threads; 0 means any number. Since API 1.41.
    pub pids: i64,
    /// Until API 1.40, where it had no effect.
    pub generic_resources: Vec<GenericResource>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// What a node has, or what a task needs of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ResourceObject {
    /// Billionths of a CPU.
    #[serde(rename = "NanoCPUs")]
    pub nano_cpus: i64,
    /// Bytes of memory.
    pub memory_bytes: i64,
    /// What else, by the names its owner gave it.
    pub generic_resources: Vec<GenericResource>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// Something a node has, by the name its owner gave it: a certain piece, or a number of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GenericResource {
    /// A certain piece.
    pub named_resource_spec: Option<NamedResourceSpec>,
    /// A number of them.
    pub discrete_resource_spec: Option<DiscreteResourceSpec>,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// A certain piece of something a node has.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct NamedResourceSpec {
    /// What it is, such as `GPU`.
    pub kind: String,
    /// Which one, such as `UUID1`.
    pub value: String,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// A number of something a node has.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DiscreteResourceSpec {
    /// What it is, such as `SSD`.
    pub kind: String,
    /// How many.
    pub value: i64,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// Kind of a machine.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Platform {
    /// CPU architecture: the machine's own word on a node (`x86_64`), Go's in a spec (`amd64`).
    pub architecture: String,
    /// Operating system: `linux`, `windows`.
    #[serde(rename = "OS")]
    pub os: String,
    /// Fields of newer engines.
    #[serde(flatten)]
    pub unknown: Unknown,
}
