//! A blocking client library for the Docker Engine API.
#![deny(missing_docs)]
#![warn(rust_2018_idioms)]

mod error;
pub mod model;
mod outcome;
mod value;
mod version;

pub use error::{Error, Refusal, Result};
pub use outcome::Outcome;
pub use value::{Value, ValueError, ValueType};
pub use version::ApiVersion;
