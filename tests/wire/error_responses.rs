//! Answers that say no: which error each is, and what it keeps of the engine's words.

use std::time::{Duration, Instant};

use crate::support::*;
use dockline::*;

/// Inspects a container against an engine that answers with this.
fn refused(response: Response) -> Error {
    let engine = FakeEngine::unix();
    engine.exchange("GET /v1.41/containers/web/json", response);
    let docker = speaking(&engine.host(), "1.41");
    let error = docker.containers().inspect("web", &Default::default()).unwrap_err();
    engine.finish();
    error
}

/// The engine's words in such an error.
fn words(response: Response) -> String {
    refused(response).api_error().expect("an API error").message.clone()
}

#[test]
fn each_status_is_its_error() {
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
        // No engine sends these where it is asked as here.
        (300, "Engine"),
        (302, "Engine"),
        (307, "Engine"),
    ] {
        let error = refused(Response::error(status, "in its own words"));
        assert_eq!(kind(&error), expected, "{status}");
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.operation(), "ContainerInspect");
        assert_eq!(error.errno(), None);
        let shown = format!("ContainerInspect: in its own words (status {status})");
        assert_eq!(error.to_string(), shown);
    }
}

/// Where the status does not tell, the engine's words do. They are those of engines from 17.06 on.
#[test]
fn words_of_swarms() {
    let no_swarm = "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm \
                    join\" to connect this node to swarm and try again.";
    let worker = "This node is not a swarm manager. Worker nodes can't be used to view or modify \
                  cluster state. Please run this command on a manager node or promote the current \
                  node to a manager.";
    let beginning = "This node is not a swarm manager. Manager is being prepared or has trouble \
                     connecting to the cluster.";
    let locked = "Swarm is encrypted and needs to be unlocked before it can be used. Please use \
                  \"docker swarm unlock\" to unlock it.";
    let taken = "This node is already part of a swarm. Use \"docker swarm leave\" to leave this \
                 swarm and join another one.";
    for words in [no_swarm, "This node is not part of a swarm"] {
        let error = refused(Response::error(503, words));
        assert!(
            matches!(&error, Error::NoSwarm(api_error) if api_error.message == words),
            "{error:?}"
        );
        assert_eq!((error.operation(), error.status()), ("ContainerInspect", Some(503)));
    }
    for words in [worker, beginning] {
        let error = refused(Response::error(503, words));
        assert!(matches!(&error, Error::NotManager(it) if it.message == words), "{error:?}");
        assert_eq!((error.operation(), error.status()), ("ContainerInspect", Some(503)));
    }
    let error = refused(Response::error(503, locked));
    assert!(matches!(&error, Error::SwarmLocked(it) if it.message == locked), "{error:?}");
    assert_eq!((error.operation(), error.status()), ("ContainerInspect", Some(503)));
    let error = refused(Response::error(503, taken));
    assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
    // The words alone mean nothing: an image may be called so.
    let error = refused(Response::error(404, "no such image: needs to be unlocked"));
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");

    let stale = "rpc error: code = Unknown desc = update out of sequence";
    for status in [400, 409, 500] {
        let error = refused(Response::error(status, stale));
        assert!(matches!(&error, Error::Conflict(it) if it.message == stale), "{error:?}");
        assert_eq!(error.status(), Some(status));
    }
}

#[test]
fn every_operation_names_itself() {
    let engine = Responder::unix(None, |_| Response::error(500, "no"));
    let docker = speaking(&engine.host(), "1.55");
    for operation in OPERATIONS {
        let error = operation.call(&docker).unwrap_err();
        assert_eq!((error.operation(), error.status()), (operation.id, Some(500)));
        let words = operation.api_error("no");
        assert_eq!(error.to_string(), format!("{}: {words} (status 500)", operation.id));
    }
    engine.finish();
}

/// A connection is good for the next call, whatever the response was.
#[test]
fn a_refusal_does_not_cost_the_connection() {
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
fn bodies() {
    for (body, expected) in [
        (&br#"{"message":"No such container: web"}"#[..], "No such container: web"),
        (b"{\"message\":\"No such container: web\"}\n", "No such container: web"),
        // Podman tells more.
        (br#"{"cause":"c","message":"m","response":404}"#, "m"),
        ("{\"message\":\"grö\\u00dfer\\n\"}".as_bytes(), "größer\n"),
        (b"page not found\n", "page not found"),
        (b"<html>\r\n<h1>404</h1>\r\n</html>\r\n", "<html>\r\n<h1>404</h1>\r\n</html>"),
        (b"{\"message\":", "{\"message\":"),
        (br#"{"error":"other shape"}"#, r#"{"error":"other shape"}"#),
        (b"[1]", "[1]"),
        (b"bad \xff byte", "bad \u{fffd} byte"),
        // Without words there is at least the status's own name.
        (b"", "Not Found"),
        (b" \n", "Not Found"),
        (br#"{"message":""}"#, "Not Found"),
    ] {
        let sized = Response::sized(404).then(body);
        let chunked = Response::chunked(404);
        let chunked = if body.is_empty() { chunked } else { chunked.then(body) };
        let until_close = Response::until_close(404).then(body);
        for response in [sized, chunked, until_close] {
            assert_eq!(words(response), expected);
        }
    }
    assert_eq!(words(Response::sized(404)), "Not Found");
    assert_eq!(words(Response::sized(499)), "the engine gave no reason");
}

/// As attach answers: text, typed as a stream, that ends with the connection.
#[test]
fn a_refused_attach() {
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

/// Of an endless explanation a part is read, and the connection is dropped.
#[test]
fn endless() {
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
        let begin = Instant::now();
        let error = docker.system().info().unwrap_err();
        assert!(begin.elapsed() < LATE, "{:?}", begin.elapsed());
        assert_eq!(error.status(), Some(502));
        let message = &error.api_error().unwrap().message;
        assert!(message.starts_with("no upstream no upstream"));
        assert!(message.len() <= 1024 * 1024, "{}", message.len());
        engine.finish();
    }
}

/// The status counts, though the explanation broke off.
#[test]
fn broken_off() {
    for response in
        [Response::sized(409).then("already").cut(), Response::chunked(409).then("already").cut()]
    {
        let error = refused(response);
        assert!(matches!(error, Error::Conflict(_)), "{error:?}");
        assert_eq!(error.api_error().unwrap().message, "already");
    }
}

#[test]
fn an_explanation_that_never_comes() {
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
fn redirects() {
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

// What is no refusal.

#[test]
fn any_2xx_is_good() {
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

/// Already started, already stopped: no error but a remark.
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
fn a_raw_response_is_handed_on_whole() {
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

/// Streams wait for ever, but not for the rest of a refusal.
#[test]
fn stalled() {
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
