//! The library, opened on a fake engine. Not as programs do, who leave the version to the
//! environment: tests pass whatever stands there.

use dockline::{Context, ContextBuilder, CredentialSource};

/// A context that finds out the engine's version.
pub fn negotiating(host: &str) -> Context {
    client(host).negotiate().build().unwrap()
}

/// A context that speaks this version and asks for none.
pub fn speaking(host: &str, version: &str) -> Context {
    client(host).api_version(version.parse().unwrap()).build().unwrap()
}

/// To set up more; it needs `negotiate()` or `api_version()`. The credentials of whoever runs the tests
/// are not for them.
pub fn client(host: &str) -> ContextBuilder {
    Context::builder().host(host).credentials(CredentialSource::None)
}
