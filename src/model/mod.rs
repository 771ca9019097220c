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

mod base64_bytes;
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

pub use crate::secret::SecretString;
pub use base64_bytes::*;
pub use build_cache::*;
pub use cluster_volume::*;
pub use config::*;
pub use container_config::*;
pub use container_create::*;
pub use container_files::*;
pub use container_inspect::*;
pub use container_spec::*;
pub use container_state::*;
pub use container_stats::*;
pub use container_summary::*;
pub use container_top::*;
pub use container_wait::*;
pub use descriptor::*;
pub use disk_usage::*;
pub use endpoint::*;
pub use event::*;
pub use exec::*;
pub use host_config::*;
pub use id_response::*;
pub use image_history::*;
pub use image_identity::*;
pub use image_inspect::*;
pub use image_manifest::*;
pub use image_summary::*;
pub use map::{Iter as MapIter, Map};
pub use mount::*;
pub use network::*;
pub use node::*;
pub use node_resources::*;
pub use plugin::*;
pub use progress::*;
pub use prune::*;
pub use registry::*;
pub use resources::*;
pub use secret::*;
pub use service::*;
pub use string_list::*;
pub use swarm::*;
pub use system_info::*;
pub use system_version::*;
pub use task::*;
pub use task_spec::*;
pub use timestamp::*;
pub use volume::*;

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
pub struct UnknownFields(pub BTreeMap<String, serde_json::Value>);

record! {
    /// An object of a spec that has no fields of its own: that it is there says all.
    #[derive(Clone, Default, PartialEq)]
    pub struct EmptyObject {
        ..unknown
    }
}
