//! TLS: whom the library trusts, what it says when it does not, and faults on the way.

use dockline::*;

#[cfg(feature = "tls")]
mod errors;
#[cfg(feature = "tls")]
mod settings;
#[cfg(feature = "tls")]
mod streams;

#[test]
fn settings_for_a_unix_socket_are_refused() {
    let settings = Context::builder().host("unix:///run/docker.sock").tls(Tls::default());
    let error = settings.build().unwrap_err();
    assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
    assert!(
        error.to_string().contains("TLS settings are given, but unix:// does not use TLS"),
        "{error}"
    );
}
