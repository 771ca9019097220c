//! Broken connections, before, in and after the response head; malformed responses, and servers that are not an
//! engine.

use crate::support::*;
use dockline::*;

fn list(docker: &Context) -> Result<Vec<dockline::model::ContainerSummary>> {
    docker.containers().list(&Default::default())
}

const LIST: &str = "GET /v1.41/containers/json";

/// Lists containers over a new connection to an engine that sends these bytes and closes.
fn list_with_response(bytes: impl AsRef<[u8]>) -> Result<Vec<dockline::model::ContainerSummary>> {
    let engine = FakeEngine::unix();
    engine.expect_request(Expected::new(LIST)).send(bytes).abort();
    let result = list(&speaking(&engine.host(), "1.41"));
    engine.finish();
    result
}

#[track_caller]
fn assert_disconnected<T: std::fmt::Debug>(result: Result<T>, expected: &str) {
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Disconnected { .. }), "{error:?}");
    assert!(error.to_string().contains(expected), "{error}");
}

#[track_caller]
fn assert_protocol<T: std::fmt::Debug>(result: Result<T>, expected: &str) {
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
    assert!(error.to_string().contains(expected), "{error}");
}

#[test]
fn closed_before_request() {
    let engine = FakeEngine::unix();
    engine.accept().abort();
    assert_disconnected(list(&speaking(&engine.host(), "1.41")), "ContainerList: ");
    engine.finish();
}

/// The engine may have executed the request, so it is not repeated.
#[test]
fn closed_before_head() {
    assert_disconnected(
        list_with_response(""),
        "ContainerList: the engine closed the connection before sending a response",
    );
}

#[test]
fn closed_in_head() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
    for end in 1..head.len() {
        assert_disconnected(
            list_with_response(&head[..end]),
            "ContainerList: the engine closed the connection before sending a response",
        );
    }
}

#[test]
fn closed_after_head() {
    for response in [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    ] {
        assert_disconnected(
            list_with_response(response),
            "ContainerList: the engine closed the connection in the middle of its response",
        );
    }
}

/// An error even if the truncated body is complete JSON.
#[test]
fn truncated_bodies() {
    let expected = "the engine closed the connection in the middle of its response";
    assert_disconnected(
        list_with_response("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[]"),
        expected,
    );
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n";
    assert_eq!(list_with_response(chunked).unwrap(), []);
    let body = chunked.len() - "2\r\n[]\r\n0\r\n\r\n".len();
    // The last chunk is followed by an empty line, which adds nothing.
    for end in body..chunked.len() - 2 {
        assert_disconnected(list_with_response(&chunked[..end]), expected);
    }
}

#[test]
fn truncated_streams() {
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n{\"Action\":\"start\"}\r\n\r\n0\r\n\r\n";
    let head = 47;
    assert_eq!(&chunked[head - 4..head], b"\r\n\r\n");
    for end in head..chunked.len() {
        let engine = FakeEngine::unix();
        let request = Expected::new("GET /v1.41/events");
        engine.expect_request(request).send(&chunked[..end]).abort();
        let docker = speaking(&engine.host(), "1.41");
        let mut events = docker.system().events(&Default::default()).unwrap();
        // Complete records are delivered.
        if end >= head + "14\r\n{\"Action\":\"start\"}".len() {
            assert_eq!(events.next().unwrap().unwrap().action, "start");
        }
        assert_disconnected(
            events.next().unwrap(),
            "SystemEvents: the engine closed the connection in the middle of its response",
        );
        assert!(events.next().is_none());
        engine.finish();
    }
}

#[test]
fn reset() {
    let engine = FakeEngine::tcp();
    engine.expect_request(Expected::new(LIST)).reset();
    let error = list(&speaking(&engine.host(), "1.41")).unwrap_err();
    assert!(matches!(error, Error::Disconnected { .. }), "{error:?}");
    assert_eq!(error.errno(), Some(libc::ECONNRESET), "{error}");
    engine.finish();
    let engine = FakeEngine::tcp();
    let gate = Gate::new();
    engine
        .expect_request(Expected::new("GET /v1.41/events"))
        .send(head(["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"]))
        .hold(&gate)
        .reset();
    let docker = speaking(&engine.host(), "1.41");
    let mut events = docker.system().events(&Default::default()).unwrap();
    gate.open();
    let error = events.next().unwrap().unwrap_err();
    assert!(matches!(error, Error::Disconnected { .. }), "{error:?}");
    assert_eq!(error.errno(), Some(libc::ECONNRESET), "{error}");
    engine.finish();
}

// Servers that are not an engine.

#[test]
fn rejects_other_protocols() {
    for bytes in [
        &b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"[..],
        // The first bytes of an HTTP/2 server.
        b"\x00\x00\x18\x04\x00\x00\x00\x00\x00\x00\x05\x00\x10\x00\x00",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/2.0 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent Length: 2\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n[]",
        b"\r\n\r\n\r\n\r\n",
        b"\0",
    ] {
        let error = list_with_response(bytes).unwrap_err();
        let expected = match &error {
            Error::Protocol { .. } => "is not valid HTTP/1.1",
            // Too short for a verdict.
            Error::Disconnected { .. } => "before sending a response",
            _ => panic!("{}: {error:?}", escape(bytes)),
        };
        assert!(error.to_string().contains(expected), "{}: {error}", escape(bytes));
    }
}

/// Response of Go's HTTP server to a request without TLS on a TLS port.
#[test]
fn tls_port() {
    let error = list_with_response(
        "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
    )
    .unwrap_err();
    assert!(matches!(error, Error::Tls { failure: TlsFailure::TlsExpected, .. }), "{error:?}");
    assert!(error.to_string().contains("the engine requires TLS"), "{error}");
}

#[test]
fn malformed_chunks() {
    for body in [
        "x\r\n[]\r\n0\r\n\r\n",
        "\r\n[]\r\n0\r\n\r\n",
        "-2\r\n[]\r\n0\r\n\r\n",
        "3\r\n[]\r\n0\r\n\r\n",
        "2\r\n[]0\r\n\r\n",
        "fffffffffffffffff\r\n[]\r\n0\r\n\r\n",
    ] {
        let head = head(["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"]);
        assert_protocol(
            list_with_response(format!("{head}{body}")),
            "ContainerList: the body of the response is malformed",
        );
        let engine = FakeEngine::unix();
        let request = Expected::new("GET /v1.41/containers/a/logs?stdout=1&stderr=1");
        engine
            .exchange("GET /v1.41/containers/a/json", Response::json("{\"Config\":{\"Tty\":true}}"))
            .expect_request(request)
            .send(format!("{head}{body}"))
            .abort();
        let docker = speaking(&engine.host(), "1.41");
        let mut logs = docker.containers().logs("a", &Default::default()).unwrap();
        let error = logs.find_map(|frame| frame.err()).expect(body);
        assert!(matches!(error, Error::Protocol { .. }), "{body:?}: {error:?}");
        assert!(error.to_string().contains("the body of the response is malformed"), "{error}");
        assert!(logs.next().is_none());
        engine.finish();
    }
}

#[test]
fn limits_size_of_head() {
    // The limit is 64 KiB.
    let large =
        format!("HTTP/1.1 200 OK\r\nX: {}\r\nContent-Length: 2\r\n\r\n[]", "x".repeat(60_000));
    assert_eq!(list_with_response(large).unwrap(), []);
    let larger =
        format!("HTTP/1.1 200 OK\r\nX: {}\r\nContent-Length: 2\r\n\r\n[]", "x".repeat(70_000));
    assert_protocol(list_with_response(larger), "longer than 64 KiB");
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(1000));
    assert_protocol(list_with_response(many), "ContainerList: ");
}

#[test]
fn rejects_endless_head() {
    for line in ["x".repeat(1000), "X: y\r\n".repeat(100)] {
        let engine = FakeEngine::unix();
        engine
            .expect_request(Expected::new(LIST))
            .send("HTTP/1.1 200 OK\r\nX: ")
            .send_until_closed(line);
        assert_protocol(list(&speaking(&engine.host(), "1.41")), "ContainerList: ");
        engine.finish();
    }
}

/// A connection with a malformed response is not used again.
#[test]
fn malformed_response_closes_connection() {
    let engine = FakeEngine::unix();
    engine
        .expect_request(Expected::new(LIST))
        .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n")
        .expect_close()
        .exchange(LIST, Response::json("[]"));
    let docker = speaking(&engine.host(), "1.41");
    list(&docker).unwrap_err();
    list(&docker).unwrap();
    engine.finish();
}

/// Nor is a connection that the response closes.
#[test]
fn honours_connection_close() {
    for response in [
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n[]",
        "HTTP/1.1 200 OK\r\nconnection: Close\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n[]",
    ] {
        let engine = FakeEngine::unix();
        engine
            .expect_request(Expected::new(LIST))
            .send(response)
            .expect_close()
            .exchange(LIST, Response::json("[]"));
        let docker = speaking(&engine.host(), "1.41");
        list(&docker).unwrap();
        list(&docker).unwrap();
        engine.finish();
    }
}

/// Unusual but valid HTTP.
#[test]
fn unusual_responses() {
    for response in [
        &b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"[..],
        b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nX:\r\nCONTENT-LENGTH:2  \r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nX: \xff\xfe\r\nContent-Length: 2\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0002\r\n[]\r\n000\r\nX: y\r\nZ:\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[\r\n1;a=\"b\"\r\n]\r\n0;c\r\n\r\n",
    ] {
        assert_eq!(list_with_response(response).unwrap(), [], "{}", escape(response));
        // As a stream.
        let engine = FakeEngine::unix();
        engine.expect_request(Expected::new("GET /v1.41/x")).send(response).abort();
        let docker = speaking(&engine.host(), "1.41");
        let request = RawRequest { path: "/x".into(), ..RawRequest::default() };
        let mut stream = docker.raw_stream(&request, None).unwrap();
        assert_eq!(std::io::read_to_string(&mut stream).unwrap(), "[]", "{}", escape(response));
        engine.finish();
    }
}

// Kept connections that the engine has closed since.

/// The close is detected before anything is sent, so any request may use a new connection.
#[test]
fn closed_while_idle() {
    let engine = FakeEngine::unix();
    let docker = speaking(&engine.host(), "1.41");
    engine.exchange(LIST, Response::json("[]")).close();
    list(&docker).unwrap();
    engine.sync();
    engine.exchange("POST /v1.41/containers/web/start", Response::empty(204)).close();
    docker.containers().start("web", &Default::default()).unwrap();
    engine.sync();
    engine.exchange("DELETE /v1.41/containers/web", Response::empty(204));
    docker.containers().delete("web", &Default::default()).unwrap();
    engine.finish();
}

/// Unsolicited bytes are not taken for the response to the next request.
#[test]
fn bytes_while_idle() {
    let engine = FakeEngine::unix();
    let docker = speaking(&engine.host(), "1.41");
    engine.exchange(LIST, Response::json("[]")).send("HTTP/1.1 408 Request Timeout\r\n\r\n");
    list(&docker).unwrap();
    engine.sync();
    engine.accept().exchange("POST /v1.41/containers/web/start", Response::empty(204));
    docker.containers().start("web", &Default::default()).unwrap();
    engine.finish();
}

/// Closed while the request is sent: the engine has not received it.
#[test]
fn retries_get_on_stale_connection() {
    for (line, response, call) in [
        (LIST, "[]", (|c| list(c).map(drop)) as fn(&Context) -> Result<()>),
        ("GET /v1.41/info", "{}", |c| c.system().info().map(drop)),
        ("GET /v1.41/events", "", |c| {
            c.system().events(&Default::default())?.try_for_each(|event| event.map(drop))
        }),
        ("HEAD /_ping", "", |c| c.system().ping().map(drop)),
    ] {
        let engine = FakeEngine::unix();
        engine
            .exchange(LIST, Response::json("[]"))
            .expect_request(Expected::new(line))
            .abort()
            .exchange(line, Response::json(response));
        let docker = speaking(&engine.host(), "1.41");
        list(&docker).unwrap();
        call(&docker).unwrap();
        let connections: Vec<usize> = engine.finish().iter().map(|r| r.connection).collect();
        assert_eq!(connections, [0, 0, 1], "{line}");
    }
}

#[test]
fn retries_get_only_once() {
    let engine = FakeEngine::unix();
    engine
        .exchange(LIST, Response::json("[]"))
        .expect_request(Expected::new(LIST))
        .abort()
        .expect_request(Expected::new(LIST))
        .abort();
    let docker = speaking(&engine.host(), "1.41");
    list(&docker).unwrap();
    assert_disconnected(list(&docker), "closed the connection before sending a response");
    engine.finish();
}

/// All kept connections may be stale, for instance behind a proxy.
#[test]
fn retries_on_new_connection() {
    let engine = FakeEngine::unix();
    let docker = speaking(&engine.host(), "1.41");
    std::thread::scope(|scope| {
        engine
            .expect_request(Expected::new(LIST))
            .accept()
            .expect_request(Expected::new(LIST))
            .reply(Response::json("[]"));
        let (done, first) = std::sync::mpsc::channel();
        for _ in 0..2 {
            let (docker, done) = (&docker, done.clone());
            scope.spawn(move || {
                list(docker).unwrap();
                done.send(()).unwrap();
            });
        }
        first.recv_timeout(LIMIT).unwrap();
        engine.on(0).reply(Response::json("[]"));
        first.recv_timeout(LIMIT).unwrap();
    });
    // The connection that has been idle for longest is used first.
    engine.on(1).expect_request(Expected::new(LIST)).abort().exchange(LIST, Response::json("[]"));
    list(&docker).unwrap();
    let connections: Vec<usize> = engine.finish().iter().map(|r| r.connection).collect();
    assert_eq!(connections, [0, 1, 1, 2]);
}

/// The engine may have received and executed the request.
#[test]
fn does_not_retry_other_methods() {
    for (line, call) in [
        (
            "POST /v1.41/containers/web/start",
            (|c| c.containers().start("web", &Default::default()).map(drop))
                as fn(&Context) -> Result<()>,
        ),
        ("POST /v1.41/containers/web/wait", |c| {
            c.containers().wait("web", &Default::default()).map(drop)
        }),
        ("DELETE /v1.41/containers/web", |c| c.containers().delete("web", &Default::default())),
    ] {
        let engine = FakeEngine::unix();
        engine.exchange(LIST, Response::json("[]")).expect_request(Expected::new(line)).abort();
        let docker = speaking(&engine.host(), "1.41");
        list(&docker).unwrap();
        assert_disconnected(call(&docker), "closed the connection before sending a response");
        engine.finish();
    }
}

/// The engine has begun its response, so it has received the request.
#[test]
fn does_not_retry_after_partial_response() {
    let engine = FakeEngine::unix();
    engine
        .exchange(LIST, Response::json("[]"))
        .expect_request(Expected::new(LIST))
        .send("HTTP/1.1 200")
        .abort();
    let docker = speaking(&engine.host(), "1.41");
    list(&docker).unwrap();
    assert_disconnected(list(&docker), "closed the connection before sending a response");
    engine.finish();
}
