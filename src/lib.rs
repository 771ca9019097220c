//! A blocking client library for the Docker Engine API.
//!
//! Plain calls over a plain socket: no async runtime, no threads of its own, no global state. It
//! speaks API 1.24 to 1.55 to Docker Engine, and to Podman as far as that speaks the same API.
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
//! A [`Context`] is one engine. Its calls are grouped by resource, as in `docker.containers().list(…)`,
//! and named as the Engine API names its operations. An operation takes an options struct, of which
//! `&Default::default()` leaves everything to the engine, and gives a struct of [`model`].
//!
//! # Which engine
//!
//! [`Context::from_env`] opens the one that the docker command would, by `DOCKER_HOST`, its contexts or
//! the default socket, and where there is none the sockets of other installations.
//! [`Context::endpoint`] and [`Context::endpoint_source`] tell what was chosen and why;
//! [`Context::builder`] decides otherwise.
//!
//! # Streams
//!
//! Answers that go on are iterators: events are [`Records`], output is [`Logs`], work in progress is
//! [`Progress`]. They read from the socket as you ask for more, in constant memory.
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
//! # Errors, time, threads
//!
//! An [`Error`] tells what happened to which operation, keeps the engine's own words, and has a
//! variant for each thing a program branches on. That a container runs already is no error but an
//! [`Outcome`]; an exit code is data.
//!
//! [`Timeouts`] are idle times, and streams have none unless asked. [`CancelToken`] ends a call from
//! another thread. A context is used by many threads at once; streams by one at a time.
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
//!     Ok(exit) => println!("ended with {}", exit.status_code),
//!     Err(Error::Cancelled { .. }) => println!("still running after five seconds"),
//!     Err(Error::NotFound(_)) => println!("no such container"),
//!     Err(error) => return Err(error),
//! }
//! # Ok::<(), dockline::Error>(())
//! ```
//!
//! # What goes over the wire
//!
//! [`ContextBuilder::on_result`] gives each call's raw request, response, URL and timing, with
//! credentials redacted.
//!
//! # Credentials
//!
//! Calls to registries carry the credentials that the docker command has for the user, unless they are
//! given others: see [`CredentialSource`], and [`Context::credentials`] for login and logout.
//!
//! # Features
//!
//! - `build-context`: builds from a directory ([`Images::build_directory`]) or from the text of a
//!   Dockerfile.
//! - `tls`: engines by TLS (see [`Tls`]): `https://`, and `tcp://` with certificates.
//! - `websocket`: attach to containers by websocket, for where nothing but HTTP gets through.
//! - `capi`: the C surface, for building `libdockline`; not for Rust users.
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

/// The programs in the README compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// And so do those of the page on connecting.
#[cfg(doctest)]
#[doc = include_str!("../docs/connecting.md")]
struct Connecting;
