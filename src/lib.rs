//! A blocking client library for the Docker Engine API.
#![deny(missing_docs)]
#![warn(rust_2018_idioms)]

mod api;
mod call;
mod cancel;
mod context;
mod endpoint;
mod error;
mod filters;
pub mod model;
mod moment;
mod outcome;
mod request;
mod result;
mod stream;
mod transport;
mod version;

pub use api::*;
pub use cancel::Cancel;
pub use context::{Context, ContextBuilder, Timeouts};
pub use endpoint::Endpoint;
pub use error::{Error, Refusal, Result};
pub use filters::Filters;
pub use moment::{Moment, ParseMomentError};
pub use outcome::Outcome;
pub use result::CallResult;
pub use stream::{Frame, Logs, Progress, Records, StdStream};
pub use version::{ApiVersion, ParseVersionError};
