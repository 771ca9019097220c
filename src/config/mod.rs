//! Which engine a context opens, and how it reaches it: the environment, the docker CLI's
//! configuration and contexts, endpoints, headers, proxies and TLS settings.

pub(crate) mod cli_defaults;
pub(crate) mod config_file;
mod context_store;
pub(crate) mod docker_context;
pub(crate) mod endpoint;
pub(crate) mod environment;
pub(crate) mod headers;
pub(crate) mod proxy;
pub(crate) mod resolve;
pub(crate) mod tls;

pub use docker_context::DockerContext;
pub use endpoint::Endpoint;
pub use resolve::EndpointSource;
pub use tls::{Pem, Tls, TlsFailure};
