//! What engines with `--tlsverify` say to those whom they do not let in, and we to them.

use crate::helpers::PrivateEngine;
use crate::support::{Authority, within};
use dockline::{Context, Error, Tls, TlsFailure};

/// What comes of the first call.
fn refused(host: &str, tls: Tls) -> TlsFailure {
    let docker = Context::builder().host(host).tls(tls).negotiate().build().unwrap();
    match docker.system().info() {
        Err(Error::Tls { failure, .. }) => failure,
        other => panic!("{other:?}"),
    }
}

#[test]
#[ignore = "needs root, for an engine of its own: scripts/engine run"]
fn who_is_not_let_in() {
    for name in ["docker", "docker-next"] {
        let engine = PrivateEngine::up_with(&["--tls", "--engine", name]);
        let host = engine.setting("DOCKLINE_ENGINE_TLS").to_owned();
        let right = engine.certificates();
        within(crate::helpers::LIMIT, move || {
            let other = Authority::new();

            let tls = Tls { ca: other.trusted().ca, ..right.clone() };
            assert_eq!(refused(&host, tls), TlsFailure::UntrustedAuthority, "{name}");

            let tls = Tls { cert: None, key: None, ..right.clone() };
            assert_eq!(refused(&host, tls), TlsFailure::ClientCertificateMissing, "{name}");

            let tls = Tls { ca: right.ca.clone(), ..other.trusted_and_shown() };
            assert_eq!(refused(&host, tls), TlsFailure::ClientCertificateRefused, "{name}");

            let docker = Context::open(&host).unwrap();
            let error = docker.system().info().unwrap_err();
            assert!(
                matches!(error, Error::Tls { failure: TlsFailure::TlsExpected, .. }),
                "{name}: {error:?}"
            );

            // And who does not ask for the engine's certificate.
            let tls = Tls { ca: None, skip_verify: true, ..right };
            let docker = Context::builder().host(&host).tls(tls).build().unwrap();
            docker.system().info().unwrap();
        });
    }
}
