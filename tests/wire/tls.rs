//! TLS: whom the library trusts, what it says when it does not, and faults on the way.

use dockline::*;

#[cfg(feature = "tls")]
mod errors;
#[cfg(feature = "tls")]
mod settings;
#[cfg(feature = "tls")]
mod streams;

#[cfg(not(feature = "tls"))]
#[test]
fn without_the_feature_an_error_names_it() {
    for (host, tls) in [("https://engine", None), ("tcp://engine", Some(Tls::default()))] {
        let builder = Context::builder().host(host);
        let builder = match tls {
            Some(tls) => builder.tls(tls),
            None => builder,
        };
        let error = builder.build().unwrap_err();
        assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
        assert!(error.to_string().contains("takes the feature `tls`"), "{error}");
    }
}

#[test]
fn settings_for_a_unix_socket_are_refused() {
    let settings = Context::builder().host("unix:///run/docker.sock").tls(Tls::default());
    let error = settings.build().unwrap_err();
    assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
    assert!(error.to_string().contains("TLS settings are given, and unix has no use"), "{error}");
}
