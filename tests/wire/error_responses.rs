//! Error responses: the error of each status, and the engine's message in it.

use std::time::{Duration, Instant};

use crate::support::*;
use dockline::*;

/// The error of a call that receives `response`.
fn inspect_error(response: Response) -> Error {
    let engine = FakeEngine::unix();
    engine.exchange("GET /v1.41/containers/web/json", response);
    let docker = speaking(&engine.host(), "1.41");
    let error = docker.containers().inspect("web", &Default::default()).unwrap_err();
    engine.finish();
    error
}

/// The engine's message in that error.
fn message_of(response: Response) -> String {
    inspect_error(response).api_error().expect("an API error").message.clone()
}

#[test]
fn maps_status_to_error() {
    let kind = |error: &Error| match error {
        Error::BadRequest(_) => "BadRequest",
        Error::Unauthorized(_) => "Unauthorized",
        Error::Forbidden(_) => "Forbidden",
        Error::NotFound(_) => "NotFound",
        Error::Conflict(_) => "Conflict",
        Error::Unavailable(_) => "Unavailable",
        Error::Engine(_) => "Engine",
        other => panic!("{other:?}"),
    };
    for (status, expected) in [
        (400, "BadRequest"),
        (401, "Unauthorized"),
        (402, "BadRequest"),
        (403, "Forbidden"),
        (404, "NotFound"),
        (405, "BadRequest"),
        (406, "BadRequest"),
        (408, "BadRequest"),
        (409, "Conflict"),
        (413, "BadRequest"),
        (418, "BadRequest"),
        (429, "BadRequest"),
        (499, "BadRequest"),
        (500, "Engine"),
        (501, "Unavailable"),
        (502, "Engine"),
        (503, "Unavailable"),
        (504, "Engine"),
        (599, "Engine"),
        // Engines do not send these in response to such requests.
        (300, "Engine"),
        (302, "Engine"),
        (307, "Engine"),
    ] {
        let error = inspect_error(Response::error(status, "a message"));
        assert_eq!(kind(&error), expected, "{status}");
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.operation(), "ContainerInspect");
        assert_eq!(error.errno(), None);
        let shown = format!("ContainerInspect: a message (status {status})");
        assert_eq!(error.to_string(), shown);
    }
}

/// If the status is ambiguous, the message decides. The messages are those of engines since 17.06.
#[test]
fn maps_swarm_messages_to_errors() {
    let no_swarm = "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm \
                    join\" to connect this node to swarm and try again.";
    let worker = "This node is not a swarm manager. Worker nodes can't be used to view or modify \
                  cluster state. Please run this command on a manager node or promote the current \
                  node to a manager.";
    let preparing = "This node is not a swarm manager. Manager is being prepared or has trouble \
                     connecting to the cluster.";
    let locked = "Swarm is encrypted and needs to be unlocked before it can be used. Please use \
                  \"docker swarm unlock\" to unlock it.";
    let already_member = "This node is already part of a swarm. Use \"docker swarm leave\" to leave this \
                 swarm and join another one.";
    for message in [no_swarm, "This node is not part of a swarm"] {
        let error = inspect_error(Response::error(503, message));
        assert!(
            matches!(&error, Error::NoSwarm(api_error) if api_error.message == message),
            "{error:?}"
        );
        assert_eq!((error.operation(), error.status()), ("ContainerInspect", Some(503)));
    }
    for message in [worker, preparing] {
        let error = inspect_error(Response::error(503, message));
        assert!(matches!(&error, Error::NotManager(it) if it.message == message), "{error:?}");
        assert_eq!((error.operation(), error.status()), ("ContainerInspect", Some(503)));
    }
    let error = inspect_error(Response::error(503, locked));
    assert!(matches!(&error, Error::SwarmLocked(it) if it.message == locked), "{error:?}");
    assert_eq!((error.operation(), error.status()), ("ContainerInspect", Some(503)));
    let error = inspect_error(Response::error(503, already_member));
    assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
    // With another status the same words do not count: an image may have such a name.
    let error = inspect_error(Response::error(404, "no such image: needs to be unlocked"));
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");

    let out_of_sequence = "rpc error: code = Unknown desc = update out of sequence";
    for status in [400, 409, 500] {
        let error = inspect_error(Response::error(status, out_of_sequence));
        assert!(
            matches!(&error, Error::Conflict(it) if it.message == out_of_sequence),
            "{error:?}"
        );
        assert_eq!(error.status(), Some(status));
    }
}

#[test]
fn names_operation() {
    let engine = Responder::unix(None, |_| Response::error(500, "no"));
    let docker = speaking(&engine.host(), "1.55");
    for operation in OPERATIONS {
        let error = operation.call(&docker).unwrap_err();
        assert_eq!((error.operation(), error.status()), (operation.id, Some(500)));
        let message = operation.api_error("no");
        assert_eq!(error.to_string(), format!("{}: {message} (status 500)", operation.id));
    }
    engine.finish();
}

/// An error response leaves the connection usable for the next call.
#[test]
fn keeps_connection_after_error_response() {
    let engine = FakeEngine::unix();
    engine
        .exchange("GET /v1.41/info", Response::error(500, "no"))
        .exchange("GET /v1.41/info", Response::text(404, "no"))
        .exchange("GET /v1.41/info", Response::chunked(503).then("no"))
        .exchange("POST /v1.41/containers/web/start", Response::empty(304))
        .exchange("GET /v1.41/info", Response::json("{}"));
    let docker = speaking(&engine.host(), "1.41");
    for status in [500, 404, 503] {
        assert_eq!(docker.system().info().unwrap_err().status(), Some(status));
    }
    docker.containers().start("web", &Default::default()).unwrap();
    docker.system().info().unwrap();
    assert!(engine.finish().iter().all(|request| request.connection == 0));
}

#[test]
fn extracts_message_from_body() {
    for (body, expected) in [
        (&br#"{"message":"No such container: web"}"#[..], "No such container: web"),
        (b"{\"message\":\"No such container: web\"}\n", "No such container: web"),
        // Podman adds fields.
        (br#"{"cause":"c","message":"m","response":404}"#, "m"),
        ("{\"message\":\"grö\\u00dfer\\n\"}".as_bytes(), "größer\n"),
        (b"no page\n", "no page"),
        (b"<html>\r\n<h1>404</h1>\r\n</html>\r\n", "<html>\r\n<h1>404</h1>\r\n</html>"),
        (b"{\"message\":", "{\"message\":"),
        (br#"{"error":"other shape"}"#, r#"{"error":"other shape"}"#),
        (b"[1]", "[1]"),
        (b"bad \xff byte", "bad \u{fffd} byte"),
        // Without a message, the status's reason phrase is used.
        (b"", "Not Found"),
        (b" \n", "Not Found"),
        (br#"{"message":""}"#, "Not Found"),
    ] {
        let sized = Response::sized(404).then(body);
        let chunked = Response::chunked(404);
        let chunked = if body.is_empty() { chunked } else { chunked.then(body) };
        let until_close = Response::until_close(404).then(body);
        for response in [sized, chunked, until_close] {
            assert_eq!(message_of(response), expected);
        }
    }
    assert_eq!(message_of(Response::sized(404)), "Not Found");
    assert_eq!(message_of(Response::sized(499)), "the engine gave no reason");
}

/// Response to attach: plain text with the type of a stream, delimited by the end of the connection.
#[test]
fn attach_error() {
    let engine = FakeEngine::unix();
    let line = "POST /v1.42/containers/web/attach?stream=1&stdin=1&stdout=1&stderr=1";
    let response = Response::until_close(404)
        .header("Content-Type", "application/vnd.docker.raw-stream")
        .then("No such container: web\r\n");
    engine.exchange(line, response);
    let docker = speaking(&engine.host(), "1.42");
    let error = docker.containers().attach("web", &Default::default()).unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    assert_eq!(error.to_string(), "ContainerAttach: No such container: web (status 404)");
    engine.finish();
}

/// An endless body is read up to a limit, and the connection is closed.
#[test]
fn limits_endless_error_body() {
    for head in [
        "HTTP/1.1 502 Bad Gateway\r\n\r\n",
        "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 9000000000000000000\r\n\r\n",
        "HTTP/1.1 502 Bad Gateway\r\nTransfer-Encoding: chunked\r\n\r\n",
    ] {
        let engine = FakeEngine::unix();
        let chunked = head.contains("chunked");
        let line = "no upstream ".repeat(1000);
        engine
            .expect_request(Expected::new("GET /v1.41/info"))
            .send(head)
            .send_until_closed(if chunked { chunk(&line) } else { line.into() });
        let docker = speaking(&engine.host(), "1.41");
        let start = Instant::now();
        let error = docker.system().info().unwrap_err();
        assert!(start.elapsed() < MAX_DELAY, "{:?}", start.elapsed());
        assert_eq!(error.status(), Some(502));
        let message = &error.api_error().unwrap().message;
        assert!(message.starts_with("no upstream no upstream"));
        assert!(message.len() < 4200, "{}", message.len());
        engine.finish();
    }
}

/// The status counts even if the body is truncated.
#[test]
fn truncated_error_body() {
    for response in
        [Response::sized(409).then("already").cut(), Response::chunked(409).then("already").cut()]
    {
        let error = inspect_error(response);
        assert!(matches!(error, Error::Conflict(_)), "{error:?}");
        assert_eq!(error.api_error().unwrap().message, "already");
    }
}

#[test]
fn error_body_times_out() {
    let engine = FakeEngine::unix();
    engine
        .expect_request(Expected::new("GET /v1.41/info"))
        .send("HTTP/1.1 409 Conflict\r\nContent-Length: 10\r\n\r\nwait")
        .expect_close();
    let timeouts = Timeouts { read: Some(Duration::from_secs(2)), ..Timeouts::default() };
    let docker = speaking(&engine.host(), "1.41").with_timeouts(timeouts);
    let error = docker.system().info().unwrap_err();
    assert_eq!(error.to_string(), "SystemInfo: wait (status 409)");
    engine.finish();
}

/// Redirects are not followed: they would turn a POST into a GET.
#[test]
fn redirects_are_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let engine = FakeEngine::unix();
        let response = Response::sized(status).header("Location", "/v1.41/containers/other/start");
        engine.exchange("POST /v1.41/containers/web/start", response);
        let docker = speaking(&engine.host(), "1.41");
        let error = docker.containers().start("web", &Default::default()).unwrap_err();
        assert_eq!(error.status(), Some(status));
        engine.finish();
    }
}

// Successes and redirects.

#[test]
fn any_2xx_is_success() {
    for status in [200, 201, 202, 204, 299] {
        let engine = FakeEngine::unix();
        let response = || match status {
            204 => Response::empty(204),
            status => Response::sized(status),
        };
        engine
            .exchange("POST /v1.41/containers/web/start", response())
            .exchange("DELETE /v1.41/containers/web", response())
            .exchange("POST /v1.41/containers/web/resize?h=1&w=2", response().header("X", "y"));
        let docker = speaking(&engine.host(), "1.41");
        let started = docker.containers().start("web", &Default::default()).unwrap();
        assert_eq!(started, Outcome::Done);
        docker.containers().delete("web", &Default::default()).unwrap();
        docker.containers().resize("web", 1, 2).unwrap();
        engine.finish();
    }
}

/// Already started or already stopped: success with a remark.
#[test]
fn not_modified() {
    let engine = FakeEngine::unix();
    engine
        .exchange("POST /v1.41/containers/web/start", Response::empty(304))
        .exchange("POST /v1.41/containers/web/stop?t=1", Response::empty(304))
        .exchange("GET /v1.41/x", Response::empty(304));
    let docker = speaking(&engine.host(), "1.41");
    let start = docker.containers().start("web", &Default::default());
    assert_eq!(start.unwrap(), Outcome::NotModified);
    let stop = ContainerStopOptions { t: Some(1), ..Default::default() };
    assert_eq!(docker.containers().stop("web", &stop).unwrap(), Outcome::NotModified);
    let raw = docker.raw(&RawRequest { path: "/x".into(), ..RawRequest::default() }).unwrap();
    assert_eq!((raw.status, raw.body), (304, Vec::new()));
    engine.finish();
}

#[test]
fn raw_response_is_complete() {
    let engine = FakeEngine::unix();
    let response = Response::sized(203).header("X-One", "1").header("X-One", "2").then("\0body");
    engine.exchange("GET /v1.41/x", response);
    let docker = speaking(&engine.host(), "1.41");
    let raw = docker.raw(&RawRequest { path: "/x".into(), ..RawRequest::default() }).unwrap();
    assert_eq!((raw.status, &raw.body[..]), (203, &b"\0body"[..]));
    let headers: Vec<(&str, &str)> =
        raw.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(headers, [("x-one", "1"), ("x-one", "2"), ("content-length", "5")]);
    engine.finish();
}

/// Streams have no read timeout; the body of an error response has one.
#[test]
fn error_body_of_stream_times_out() {
    let engine = FakeEngine::unix();
    engine
        .expect_request(Expected::new("GET /v1.41/events"))
        .send("HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\nno such")
        .drain();
    let timeouts = Timeouts { read: Some(Duration::from_secs(2)), ..Timeouts::default() };
    let docker = speaking(&engine.host(), "1.41").with_timeouts(timeouts);
    let error = within(LIMIT, move || docker.system().events(&Default::default()).unwrap_err());
    assert_eq!(error.to_string(), "SystemEvents: no such (status 404)");
    engine.finish();
}

/// A route that the engine does not have is not a missing object.
#[test]
fn missing_routes() {
    for (status, response) in [
        (404, Response::error(404, "page not found")),
        (404, Response::text(404, "page not found\n")),
        // Podman.
        (404, Response::text(404, "Not Found\n")),
        (405, Response::text(405, "Method Not Allowed\n")),
    ] {
        let error = inspect_error(response);
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
        assert_eq!(error.status(), Some(status));
        let text = error.to_string();
        assert!(text.starts_with("ContainerInspect: the engine does not have this operation: "));
    }
    for response in [
        Response::error(404, "No such container: web"),
        Response::error(404, "no such container: page not found"),
        // The text is not the engine's.
        Response::empty(404).header("Content-Length", "0"),
        Response::json_status(404, r#"{"message":""}"#),
    ] {
        let error = inspect_error(response);
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    }
    // A response to HEAD has no text.
    let engine = FakeEngine::unix();
    let head = "HEAD /v1.41/containers/web/archive?path=/x";
    engine.exchange(head, Response::empty(404).header("Content-Length", "10"));
    let docker = speaking(&engine.host(), "1.41");
    let error = docker.containers().archive_info("web", "/x").unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    engine.finish();
}

/// Engines before Docker 28 report credentials that a registry rejects with status 500.
#[test]
fn credentials_rejected_by_a_registry() {
    let texts = [
        "login attempt to http://127.0.0.1:5000/v2/ failed with status: 401 Unauthorized",
        "Get \"https://r.example.com/v2/\": unauthorized: incorrect username or password",
        "denied: requested access to the resource is denied",
        "pull access denied for a, repository does not exist",
    ];
    let registry_calls = [
        "SystemAuth",
        "ImageCreate",
        "ImagePush",
        "ImageSearch",
        "DistributionInspect",
        "GetPluginPrivileges",
        "PluginPull",
        "PluginPush",
        "PluginUpgrade",
    ];
    for text in texts {
        let engine = Responder::unix(None, move |_| Response::error(500, text));
        let docker = speaking(&engine.host(), "1.55");
        for operation in OPERATIONS {
            let error = operation.call(&docker).unwrap_err();
            assert_eq!(error.status(), Some(500), "{error}");
            if operation.api_error(text) != text {
                continue; // HEAD
            }
            assert_eq!(error.to_string(), format!("{}: {text} (status 500)", operation.id));
            if registry_calls.contains(&operation.id) {
                assert!(matches!(error, Error::Unauthorized(_)), "{error:?}");
            } else if operation.id.starts_with("Container") || operation.id.starts_with("Volume") {
                assert!(matches!(error, Error::Engine(_)), "{error:?}");
            }
        }
    }
    // Other failures of these calls.
    for (status, text) in [
        (500, "open /var/lib/docker/x: permission denied"),
        (500, "Get \"https://r.example.com/v2/\": no such host"),
        (502, "unauthorized"),
    ] {
        let engine = Responder::unix(None, move |_| Response::error(status, text));
        let docker = speaking(&engine.host(), "1.55");
        let error = docker.system().auth(&Default::default()).unwrap_err();
        assert!(matches!(error, Error::Engine(_)), "{error:?}");
    }
}
