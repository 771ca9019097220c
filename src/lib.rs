//! A blocking client for the Docker Engine API.
//!
//! A call sends one HTTP request and returns when its response has been read. There is no async runtime,
//! no background thread and no global state. dockline supports API 1.24 to 1.56 of Docker Engine, and
//! Podman's implementation of that API.
//!
//! ```no_run
//! use dockline::{ContainerListOptions, Context};
//!
//! fn main() -> dockline::Result<()> {
//!     let docker = Context::from_env()?;
//!     for container in docker.containers().list(&ContainerListOptions { all: true, ..Default::default() })? {
//!         println!("{:.12}  {}  {}", container.id, container.image, container.status);
//!     }
//!     Ok(())
//! }
//! ```
//!
//! A [`Context`] is a handle to one engine. Its operations are grouped by resource, as in
//! `docker.containers().list(…)`, and named after the operations of the Engine API. Each takes a struct of
//! options, whose default leaves all settings to the engine, and returns a struct of [`model`].
//!
//! # Choosing the engine
//!
//! [`Context::from_env`] opens the engine that the docker CLI would use: it reads `DOCKER_HOST`, the CLI's
//! contexts and the default socket. If none of them leads to an engine, it tries the sockets of Docker
//! Desktop, Colima, Podman and others. [`Context::open`] takes an address, and [`Context::builder`] takes
//! every setting. [`Context::endpoint_source`] returns the reason for the choice.
//!
//! # Streams
//!
//! Long responses are iterators: [`Logs`] for output, [`Records`] for events and statistics, [`Progress`]
//! for pulls, pushes and builds. Archives are a [`Download`], which implements [`Read`](std::io::Read);
//! attach and exec return a [`Duplex`]. All of them read from the socket on demand and need constant memory.
//! Dropping a stream closes its connection.
//!
//! ```no_run
//! # let docker = dockline::Context::from_env()?;
//! use dockline::{ContainerLogsOptions, StdStream};
//! let options = ContainerLogsOptions { follow: true, ..Default::default() };
//! for frame in docker.containers().logs("web", &options)? {
//!     let frame = frame?;
//!     match frame.stream {
//!         StdStream::Stdout => print!("{}", String::from_utf8_lossy(&frame.data)),
//!         StdStream::Stderr => eprint!("{}", String::from_utf8_lossy(&frame.data)),
//!     }
//! }
//! # Ok::<(), dockline::Error>(())
//! ```
//!
//! # Errors
//!
//! [`Error`] is one enum with a variant for each cause that a program may handle: not found, conflict,
//! timeout, no connection. It names the operation and keeps the engine's HTTP status and message. Invalid
//! input, and options that the engine is too old for, fail before anything is sent.
//!
//! Starting a container that already runs succeeds with [`Outcome::NotModified`]. An exit code other than 0
//! is data, not an error.
//!
//! # Timeouts and cancellation
//!
//! [`Timeouts`] are idle timeouts: by default, a call fails after 60 seconds without data. Streams, and calls
//! that take as long as their work, have none by default. [`Timeouts::deadline`] limits a whole call.
//!
//! A [`CancelToken`] ends calls and streams from another thread. Many threads may use one context at a time,
//! but only one may use a stream.
//!
//! ```no_run
//! # let docker = dockline::Context::from_env()?;
//! use dockline::{CancelToken, Error};
//! let cancel = CancelToken::new();
//! std::thread::spawn({
//!     let cancel = cancel.clone();
//!     move || { std::thread::sleep(std::time::Duration::from_secs(5)); cancel.cancel() }
//! });
//! match docker.with_cancel_token(&cancel).containers().wait("web", &Default::default()) {
//!     Ok(exit) => println!("exited with code {}", exit.status_code),
//!     Err(Error::Cancelled { .. }) => println!("still running after five seconds"),
//!     Err(Error::NotFound(_)) => println!("no such container"),
//!     Err(error) => return Err(error),
//! }
//! # Ok::<(), dockline::Error>(())
//! ```
//!
//! # Result callback
//!
//! [`ContextBuilder::on_result`] sets a callback that receives the raw request and response of each call,
//! with URL, times and byte counts. Credentials are redacted.
//!
//! # Registry credentials
//!
//! Calls that involve a registry send the credentials that `docker login` has stored for the user. See
//! [`CredentialSource`] for other sources, and [`Context::credentials`] for login and logout.
//!
//! # Features
//!
//! All features are off by default.
//!
//! - `tls`: connections to `https://`, and to `tcp://` with certificates; see [`Tls`].
//! - `build-context`: image builds from a directory ([`Images::build_directory`]) or from the text of a
//!   Dockerfile.
//! - `websocket`: attach over WebSocket, for proxies that do not pass the engine's own upgrade.
//! - `capi`: the C API of `libdockline`. Rust programs do not need it.
#![deny(missing_docs)]
#![warn(rust_2018_idioms)]

mod api;
mod call;
mod call_result;
mod cancel;
#[doc(hidden)]
pub mod codec;
mod config;
mod context;
mod credentials;
#[cfg(test)]
#[path = "../tests/endpoint_cases/mod.rs"]
mod endpoint_cases;
mod error;
#[cfg(feature = "capi")]
mod ffi;
mod filters;
pub mod model;
mod outcome;
mod request;
mod secret;
mod stream;
#[cfg(test)]
#[allow(dead_code)]
#[path = "../tests/support/temp.rs"]
mod temp;
mod time_bound;
mod transport;
mod value;
mod version;

pub use api::*;
pub use call_result::CallResult;
pub use cancel::CancelToken;
pub use config::{DockerContext, Endpoint, EndpointSource, Pem, Tls, TlsFailure};
pub use context::{Context, ContextBuilder, Timeouts};
pub use credentials::{CredentialSource, CredentialStore};
pub use error::{ApiError, Error, Result};
pub use filters::Filters;
pub use outcome::Outcome;
pub use stream::{Download, Duplex, Frame, Input, Logs, Progress, RawDuplex, Records, StdStream};
#[cfg(feature = "websocket")]
pub use stream::{WebSocketAttach, WebSocketInput, WebSocketOutput};
pub use time_bound::{ParseTimeBoundError, TimeBound};
pub use value::{Value, ValueError, ValueType};
pub use version::{ApiVersion, ParseVersionError};

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// Compiles the examples of docs/connecting.md.
#[cfg(doctest)]
#[doc = include_str!("../docs/connecting.md")]
struct Connecting;
