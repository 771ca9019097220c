//! TLS errors of engines with `--tlsverify`.

use crate::helpers::PrivateEngine;
use crate::support::{Authority, within};
use dockline::{Context, Error, Tls, TlsFailure};

/// Returns the failure of the first call.
fn first_failure(host: &str, tls: Tls) -> TlsFailure {
    let docker = Context::builder().host(host).tls(tls).negotiate().build().unwrap();
    match docker.system().info() {
        Err(Error::Tls { failure, .. }) => failure,
        other => panic!("{other:?}"),
    }
}

#[test]
#[ignore = "needs root to start a private engine: scripts/engine run"]
fn reports_tls_failures() {
    for name in ["docker", "docker-next"] {
        let engine = PrivateEngine::start_with(&["--tls", "--engine", name]);
        let host = engine.setting("DOCKLINE_ENGINE_TLS").to_owned();
        let valid = engine.certificates();
        within(crate::helpers::LIMIT, move || {
            let other = Authority::new();

            let tls = Tls { ca: other.trusted().ca, ..valid.clone() };
            assert_eq!(first_failure(&host, tls), TlsFailure::UntrustedAuthority, "{name}");

            let tls = Tls { cert: None, key: None, ..valid.clone() };
            assert_eq!(first_failure(&host, tls), TlsFailure::ClientCertificateMissing, "{name}");

            let tls = Tls { ca: valid.ca.clone(), ..other.with_client_certificate() };
            assert_eq!(first_failure(&host, tls), TlsFailure::ClientCertificateRefused, "{name}");

            let docker = Context::open(&host).unwrap();
            let error = docker.system().info().unwrap_err();
            assert!(
                matches!(error, Error::Tls { failure: TlsFailure::TlsExpected, .. }),
                "{name}: {error:?}"
            );

            // Without verifying the engine's certificate, the call succeeds.
            let tls = Tls { ca: None, skip_verify: true, ..valid };
            let docker = Context::builder().host(&host).tls(tls).build().unwrap();
            docker.system().info().unwrap();
        });
    }
}
