//! TLS: verification, its errors, and transport faults.

use dockline::*;

#[cfg(feature = "tls")]
mod errors;
#[cfg(feature = "tls")]
mod settings;
#[cfg(feature = "tls")]
mod streams;

#[test]
fn rejects_settings_for_unix_socket() {
    let settings = Context::builder().host("unix:///run/docker.sock").tls(Tls::default());
    let error = settings.build().unwrap_err();
    assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
    assert!(
        error.to_string().contains("TLS settings are given, but unix:// does not use TLS"),
        "{error}"
    );
}
