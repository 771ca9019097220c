//! Error messages that quote what was given, and what was received instead of what was expected.

use std::time::Duration;

use crate::support::*;
use dockline::*;

/// The message of an error of `call` if the engine sends `response`.
#[track_caller]
fn message<T: std::fmt::Debug>(
    request: &str,
    response: Response,
    call: impl FnOnce(&Context) -> Result<T>,
) -> String {
    let engine = FakeEngine::unix();
    engine.exchange(request, response);
    let error = call(&speaking(&engine.host(), "1.41")).unwrap_err();
    engine.finish();
    error.to_string()
}

const LIST: &str = "GET /v1.41/containers/json";

fn list(docker: &Context) -> Result<Vec<model::ContainerSummary>> {
    docker.containers().list(&Default::default())
}

#[test]
fn other_than_json() {
    let html = "<html><body>log in</body></html>";
    let long = "x".repeat(300);
    for (content_type, body, expected) in [
        ("text/html", html, format!("expected JSON, got text/html beginning with {html:?}")),
        ("", html, format!("expected JSON, got text beginning with {html:?}")),
        (
            "application/json",
            html,
            format!("expected JSON, got application/json beginning with {html:?}"),
        ),
        (
            "text/plain",
            "{ not JSON }",
            r#"expected JSON, got text/plain beginning with "{ not JSON }""#.to_owned(),
        ),
        (
            "text/plain",
            &long,
            format!("expected JSON, got text/plain beginning with {:?}…", "x".repeat(200)),
        ),
    ] {
        for chunked in [false, true] {
            let response = || {
                let response = if chunked { Response::chunked(200) } else { Response::sized(200) };
                match content_type {
                    "" => response.then(body),
                    _ => response.header("Content-Type", content_type).then(body),
                }
            };
            let got = message(LIST, response(), list);
            assert_eq!(got, format!("ContainerList: response: {expected}"));
            let got = message("POST /v1.41/containers/a/wait", response(), |docker| {
                docker.containers().wait("a", &Default::default())
            });
            assert_eq!(got, format!("ContainerWait: response: {expected}"));
        }
    }
    // The beginning of a secret is not shown.
    let html = Response::sized(200).header("Content-Type", "text/html").then("SWMKEY-1-a");
    let got = message("GET /v1.41/swarm/unlockkey", html, |docker| docker.swarm().unlockkey());
    assert_eq!(got, "SwarmUnlockkey: response: expected JSON, got text/html");
    // An interrupted copy of a proxy, after the head with status 200.
    let text = "copying response body from Docker: unexpected EOF";
    let cut = Response::chunked(200).header("Content-Type", "application/json").then(text);
    let got = message("POST /v1.41/containers/a/wait", cut, |docker| {
        docker.containers().wait("a", &Default::default())
    });
    assert!(got.ends_with(&format!("beginning with {text:?}")), "{got}");
    // Malformed JSON has a position.
    let got = message(LIST, Response::json(r#"[{"Id":"a"},{"Id":}]"#), list);
    assert_eq!(got, "ContainerList: response at \"[1].Id\": not valid JSON: expected value");
}

#[test]
fn redirects() {
    for status in [301, 302, 303, 307, 308] {
        let response =
            Response::sized(status).header("Location", "https://login.example/?next=%2F");
        let got = message(LIST, response, list);
        let expected = format!(
            "the redirect to \"https://login.example/?next=%2F\" is not followed (status {status})"
        );
        assert!(got.starts_with("ContainerList: ") && got.ends_with(&expected), "{got}");
    }
    let response = Response::sized(302).header("Location", &"x".repeat(300));
    let got = message(LIST, response, list);
    assert!(
        got.ends_with(&format!("to \"{}\"… is not followed (status 302)", "x".repeat(200))),
        "{got}"
    );
}

/// Responses to HEAD have no body, so the message is the request.
#[test]
fn head_responses() {
    let request = "HEAD /v1.41/containers/web/archive?path=/etc/no%20such";
    let got = message(request, Response::empty(404), |docker| {
        docker.containers().archive_info("web", "/etc/no such")
    });
    assert_eq!(
        got,
        "ContainerArchiveInfo: Not Found: HEAD /containers/web/archive?path=/etc/no%20such (status 404)"
    );
}

/// Calls that precede the caller's own fail as its own.
#[test]
fn the_operation_of_an_error() {
    let docker = negotiating("unix:///nowhere/docker.sock");
    let error = list(&docker).unwrap_err();
    assert!(error.to_string().starts_with("ContainerList: cannot connect to "), "{error}");
    let error = docker.volumes().prune(&Default::default()).unwrap_err();
    assert!(error.to_string().starts_with("VolumePrune: cannot connect to "), "{error}");
    let error = docker.containers().logs("a", &Default::default()).unwrap_err();
    assert!(error.to_string().starts_with("ContainerLogs: cannot connect to "), "{error}");
    let spec = model::ServiceSpec::default();
    let error = docker.services().create(&Default::default(), &spec).unwrap_err();
    assert!(error.to_string().starts_with("ServiceCreate: cannot connect to "), "{error}");
    // The ping itself.
    let error = docker.system().ping().unwrap_err();
    assert!(error.to_string().starts_with("SystemPing: cannot connect to "), "{error}");

    let engine = Responder::unix(None, |_| Response::error(500, "broken"));
    let error = list(&negotiating(&engine.host())).unwrap_err();
    assert_eq!(
        error.to_string(),
        "ContainerList: the API version cannot be negotiated: broken (status 500)"
    );
    assert_eq!(error.operation(), "ContainerList");

    // The inspect that determines the format of the output.
    let engine = Responder::unix(None, |_| Response::error(404, "No such container: a"));
    let docker = speaking(&engine.host(), "1.41");
    let error = docker.containers().logs("a", &Default::default()).unwrap_err();
    assert_eq!(error.to_string(), "ContainerLogs: No such container: a (status 404)");
}

/// The advice names the setting that holds the address.
#[test]
fn connect_errors_name_the_setting() {
    const TEST: &str = "messages::connect_errors_name_the_setting";
    if is_child() {
        let docker = Context::from_env().unwrap();
        println!("it said: {}", docker.system().ping().unwrap_err());
        return;
    }
    // A port that no process listens on.
    let port = FakeEngine::tcp().port();
    let refused = |shown: &str, setting: &str| {
        format!(
            "SystemPing: cannot connect to {shown}: Connection refused (os error 111): no process listens on this \
             port: start the engine with -H tcp://…, or check the port in {setting}"
        )
    };
    let ping = |host: &str| {
        let docker = client(host).api_version(ApiVersion::new(1, 41)).build().unwrap();
        docker.system().ping().unwrap_err().to_string()
    };
    for scheme in ["tcp", "http"] {
        let host = format!("{scheme}://127.0.0.1:{port}");
        assert_eq!(ping(&host), refused(&host, "the host set by the program"));
    }
    assert_eq!(
        ping("/nowhere/x.sock"),
        "SystemPing: cannot connect to unix:///nowhere/x.sock: No such file or directory (os error 2): no such \
         socket: start the engine, or check the address in the host set by the program"
    );
    let config = TempDir::new();
    config.write(
        "contexts/meta/web/meta.json",
        format!(r#"{{"Name":"web","Endpoints":{{"docker":{{"Host":"tcp://127.0.0.1:{port}"}}}}}}"#),
    );
    let host = format!("tcp://127.0.0.1:{port}");
    let http = format!("http://127.0.0.1:{port}");
    let named = "docker context \"web\", named by DOCKER_CONTEXT";
    for (variable, value, expected) in [
        ("DOCKER_HOST", &*host, refused(&host, "DOCKER_HOST")),
        ("DOCKER_HOST", &http, refused(&http, "DOCKER_HOST")),
        ("DOCKER_CONTEXT", "web", refused(&host, named)),
    ] {
        let mut command = this_test(TEST);
        for variable in [
            "DOCKER_HOST",
            "DOCKER_CONTEXT",
            "DOCKER_TLS_VERIFY",
            "DOCKER_TLS",
            "HTTP_PROXY",
            "http_proxy",
        ] {
            command.env_remove(variable);
        }
        command.env("DOCKER_CONFIG", config.path()).env(variable, value);
        let said = run(&mut command, Duration::from_secs(600)).success();
        assert!(said.contains(&format!("it said: {expected}\n")), "{said}");
    }
}
