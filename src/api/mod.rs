//! The operations, one file for each resource.
//!
//! An operation is an options struct, a pure function from it to a [`Request`](crate::request::Request),
//! and a method that makes the call. Fields of options are named as the engine names its parameters,
//! in snake case; C gives them by the engine's own names.

pub(crate) mod raw;
pub(crate) mod system;

pub use raw::{RawAnswer, RawRequest, RawStream};
pub use system::{Ping, System};
