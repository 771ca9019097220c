//! Behaviour without the feature `tls`: connections use another module, and TLS fails.
#![cfg(not(feature = "tls"))]

mod support;

use dockline::*;
use support::*;

#[test]
fn tls_error_names_feature() {
    for (host, tls) in [("https://engine", None), ("tcp://engine", Some(Tls::default()))] {
        let builder = Context::builder().host(host);
        let builder = match tls {
            Some(tls) => builder.tls(tls),
            None => builder,
        };
        let error = builder.build().unwrap_err();
        assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
        assert!(error.to_string().contains("requires the feature `tls`"), "{error}");
    }
}

#[test]
fn calls_without_tls() {
    for engine in [FakeEngine::unix(), FakeEngine::tcp()] {
        engine.ping("1.41").exchange("GET /v1.41/info", Response::json(r#"{"ID":"x"}"#));
        let docker = negotiating(&engine.host());
        assert_eq!(docker.system().info().unwrap().id, "x");
        drop(docker);
        engine.finish();
    }
}

/// Uploads, streams and both directions of an upgraded connection.
#[test]
fn streams_without_tls() {
    for engine in [FakeEngine::unix(), FakeEngine::tcp()] {
        const LENGTH: u64 = 1_000_000;
        engine
            .exchange_for(
                Expected::new("POST /v1.41/images/create?fromSrc=-").chunked().pattern(LENGTH),
                Response::chunked(200),
            )
            .accept()
            .exchange("GET /v1.41/containers/web/export", Response::chunked(200).pattern(LENGTH));
        let docker = speaking(&engine.host(), "1.41");
        let options = ImageCreateOptions { from_src: "-".into(), ..Default::default() };
        let mut upload = Pattern::new(LENGTH);
        docker.images().create(&options, Some(&mut upload)).unwrap().finish().unwrap();
        let mut download = docker.containers().export("web").unwrap();
        assert_eq!(download.copy_to(&mut std::io::sink()).unwrap(), LENGTH);
        drop((download, docker));
        engine.finish();
    }
}
