//! Objects of the Engine API.
//!
//! The types are plain structs and enums without I/O. Fields have the names of the API in snake case.
//! Their documentation states the unit and the meaning of 0 and empty, and the API versions of fields
//! that do not exist in all versions from 1.39 to 1.56.
//!
//! # Optional fields
//!
//! A field is an [`Option`] only if absent differs from empty (`""`, 0, `false`, no items, or an
//! object of such fields):
//!
//! - in a request, if absent means the default and empty means none (`entrypoint`, `init`);
//! - in a request or a spec, if the presence of an object enables something (`healthcheck`,
//!   `update_config`, `bind_options`);
//! - in a response, if not every object has the field (`health`, `descriptor`, `swarm.cluster`).
//!
//! All other fields are plain, including objects that every response has (`state`, `host_config`,
//! `network_settings`). `.into()` converts a value to either kind of field:
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
//! Requests omit plain fields that are empty. They include every `Option` that is `Some`.
//!
//! # Reading responses
//!
//! Responses are read tolerantly:
//!
//! - `null`, missing and unknown fields are accepted.
//! - A value of the wrong type or out of range becomes the empty value, and
//!   [`CallResult::notes`](crate::CallResult::notes) reports it. Integers may be written as floats.
//! - Specs keep unknown fields in `unknown`, so that an update does not remove the settings of a newer
//!   engine.
//!
//! `serde::Deserialize`, for JSON from other sources, fails with values of the wrong type or out of
//! range.
//!
//! # Types of fields
//!
//! Strings with a fixed set of values, such as the state of a container, are enums. The variant `Other`
//! holds values of newer engines. Sets, which are objects with empty values in JSON
//! (`{"80/tcp": {}}`), are [`Map<Empty>`](Map).
//!
//! Types of responses are `#[non_exhaustive]`. Types of requests are not, so that they can be written
//! as literals; end those with `..Default::default()`, because new fields are added.

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
#[cfg(feature = "capi")]
pub(crate) use container_summary::own_name;
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
    /// Value of a map that is a set of its keys, such as `ExposedPorts`: an object without fields.
    #[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
    pub struct Empty {
    }
}

/// Fields of an object that this version of the library does not know, as JSON.
///
/// Specs keep the unknown fields of a response and send them back in an update, so that settings of a
/// newer engine are not lost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnknownFields(pub BTreeMap<String, serde_json::Value>);

impl UnknownFields {
    /// Adds a field for the reader, unless there is one with this name.
    pub(crate) fn push(&mut self, name: String) -> &mut serde_json::Value {
        self.0.entry(name).or_default()
    }
}

record! {
    /// Object without fields whose presence is the setting.
    #[derive(Clone, Default, PartialEq)]
    pub struct EmptyObject {
        ..unknown
    }
}
