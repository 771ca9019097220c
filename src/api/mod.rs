//! The operations of the Engine API, one file for each resource.
//!
//! An operation consists of an options struct, a function that builds the
//! [`Request`](crate::request::Request), and a method that makes the call. Fields of options have
//! the names of the engine's parameters in snake case. C programs use the engine's spelling.

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
pub(crate) mod reconnecting_events;
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
pub use build::context::*;
pub use build::*;
pub use configs::*;
#[cfg(feature = "websocket")]
pub use containers::websocket::*;
pub use containers::*;
pub use containers::{checkpoints::*, files::*, lifecycle::*, output::*, until_exit::*, usage::*};
pub use credentials::*;
pub use distribution::*;
pub use exec::*;
pub use images::transfer::*;
pub use images::*;
pub use networks::*;
pub use nodes::*;
pub use plugins::*;
pub use raw::*;
pub use reconnecting_events::*;
pub use secrets::*;
pub use services::*;
pub use session::*;
pub use swarm::*;
pub use system::*;
pub use tasks::*;
pub use volumes::*;
