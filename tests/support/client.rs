//! Contexts for a fake engine. The API version does not come from the environment, so that the
//! tests do not depend on it.

use dockline::{Context, ContextBuilder, CredentialSource};

/// Opens a context that negotiates the API version.
pub fn negotiating(host: &str) -> Context {
    client(host).negotiate().build().unwrap()
}

/// Opens a context with a pinned API version.
pub fn speaking(host: &str, version: &str) -> Context {
    client(host).api_version(version.parse().unwrap()).build().unwrap()
}

/// Returns a builder that still needs `negotiate()` or `api_version()`. The credentials of the
/// current user are not used.
pub fn client(host: &str) -> ContextBuilder {
    Context::builder().host(host).credentials(CredentialSource::None)
}
