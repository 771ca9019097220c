//! Whether a registry accepts credentials, asked by a real engine.

use crate::helpers::{Container, is_podman, live, refused_by, shell};
use dockline::model::AuthConfig;
use dockline::{Context, Error};

/// A registry with a password, as far as a login sees of it, in a container that shares the engine's
/// network; there an engine needs no TLS.
fn registry(docker: &Context, port: u32) -> Container {
    let script = format!(
        "mkdir -p /www/v2; echo '{{}}' >/www/v2/index.html; echo '/:ann:hunter2?>' >/conf; \
         httpd -p 127.0.0.1:{port} -h /www -c /conf -r Registry && echo ready; exec sleep 1000"
    );
    let mut request = shell(&script);
    request.host_config.network_mode = "host".into();
    let container = Container::create(docker, &request);
    container.start();
    container.await_output("ready");
    container
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn good_and_bad_credentials() {
    live(|docker| {
        let port = 20_000 + std::process::id() % 10_000;
        let registry = registry(docker, port);
        let good = AuthConfig {
            username: "ann".into(),
            password: "hunter2?>".into(),
            serveraddress: format!("127.0.0.1:{port}"),
            ..Default::default()
        };
        if is_podman(docker) {
            // It logs in over TLS alone.
            let error = docker.system().auth(&good).unwrap_err();
            assert!(matches!(error, Error::Engine(_)), "{error}");
            return refused_by(&error, "HTTP response to HTTPS client");
        }
        let answer = docker.system().auth(&good).unwrap();
        assert_eq!(answer.status, "Login Succeeded");
        assert_eq!(answer.identity_token, "");

        let bad = AuthConfig { password: "hunter3".into(), ..good.clone() };
        let error = docker.system().auth(&bad).unwrap_err();
        // Some engines make a failure of their own of what a registry without tokens says.
        assert!(matches!(error, Error::Unauthorized(_) | Error::Engine(_)), "{error}");
        assert!(error.to_string().to_lowercase().contains("unauthorized"), "{error}");

        drop(registry);
        let error = docker.system().auth(&good).unwrap_err();
        assert!(matches!(error, Error::Engine(_)), "{error}");
        assert!(error.to_string().contains("refused"), "nobody is there: {error}");
    });
}
