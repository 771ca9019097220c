//! Connections that break: before, in and behind the head of a response; and what comes back when
//! something else than an engine answers.

use crate::support::*;
use dockline::*;

fn list(docker: &Context) -> Result<Vec<dockline::model::ContainerSummary>> {
    docker.containers().list(&Default::default())
}

const LIST: &str = "GET /v1.41/containers/json";

/// Lists containers on a fresh connection against an engine that answers with these bytes and then
/// closes.
fn listed(bytes: impl AsRef<[u8]>) -> Result<Vec<dockline::model::ContainerSummary>> {
    let engine = FakeEngine::unix();
    engine.expect_request(Expected::new(LIST)).send(bytes).abort();
    let result = list(&speaking(&engine.host(), "1.41"));
    engine.finish();
    result
}

#[track_caller]
fn assert_disconnected<T: std::fmt::Debug>(result: Result<T>, words: &str) {
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Disconnected { .. }), "{error:?}");
    assert!(error.to_string().contains(words), "{error}");
}

#[track_caller]
fn assert_protocol<T: std::fmt::Debug>(result: Result<T>, words: &str) {
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
    assert!(error.to_string().contains(words), "{error}");
}

#[test]
fn closed_before_the_request() {
    let engine = FakeEngine::unix();
    engine.accept().abort();
    assert_disconnected(list(&speaking(&engine.host(), "1.41")), "ContainerList: ");
    engine.finish();
}

/// The engine may have done it, so it is not asked again.
#[test]
fn closed_before_the_head() {
    assert_disconnected(
        listed(""),
        "ContainerList: the engine closed the connection before sending a response",
    );
}

#[test]
fn closed_in_the_head() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
    for end in 1..head.len() {
        assert_disconnected(
            listed(&head[..end]),
            "ContainerList: the engine closed the connection before sending a response",
        );
    }
}

#[test]
fn closed_behind_the_head() {
    for response in [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    ] {
        assert_disconnected(
            listed(response),
            "ContainerList: the engine closed the connection in the middle of its response",
        );
    }
}

/// Also where what came is whole JSON.
#[test]
fn truncated_bodies() {
    let words = "the engine closed the connection in the middle of its response";
    assert_disconnected(listed("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[]"), words);
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n";
    assert_eq!(listed(chunked).unwrap(), []);
    let body = chunked.len() - "2\r\n[]\r\n0\r\n\r\n".len();
    // Behind the last chunk an empty line follows that says nothing more.
    for end in body..chunked.len() - 2 {
        assert_disconnected(listed(&chunked[..end]), words);
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
        // What was whole is given.
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

// Something else than an engine.

#[test]
fn garbage() {
    for bytes in [
        &b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"[..],
        // What an HTTP/2 server says.
        b"\x00\x00\x18\x04\x00\x00\x00\x00\x00\x00\x05\x00\x10\x00\x00",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/2.0 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent Length: 2\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n[]",
        b"\r\n\r\n\r\n\r\n",
        b"\0",
    ] {
        let error = listed(bytes).unwrap_err();
        let told = match &error {
            Error::Protocol { .. } => "is not valid HTTP/1.1",
            // Too short to tell what it is.
            Error::Disconnected { .. } => "before sending a response",
            _ => panic!("{}: {error:?}", escape(bytes)),
        };
        assert!(error.to_string().contains(told), "{}: {error}", escape(bytes));
    }
}

/// Go's server says so when a TLS port is in_use to without TLS.
#[test]
fn a_tls_port() {
    let error =
        listed("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n")
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
            listed(format!("{head}{body}")),
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
fn a_huge_head() {
    // Up to 64 KiB are read.
    let large =
        format!("HTTP/1.1 200 OK\r\nX: {}\r\nContent-Length: 2\r\n\r\n[]", "x".repeat(60_000));
    assert_eq!(listed(large).unwrap(), []);
    let larger =
        format!("HTTP/1.1 200 OK\r\nX: {}\r\nContent-Length: 2\r\n\r\n[]", "x".repeat(70_000));
    assert_protocol(listed(larger), "longer than 64 KiB");
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(1000));
    assert_protocol(listed(many), "ContainerList: ");
}

#[test]
fn an_endless_head() {
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

/// The connection is not used again after any of these.
#[test]
fn a_broken_connection_is_left() {
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

/// Nor where the response says so.
#[test]
fn a_connection_that_is_to_be_closed() {
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

/// What else HTTP allows.
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
        assert_eq!(listed(response).unwrap(), [], "{}", escape(response));
        // And as a stream.
        let engine = FakeEngine::unix();
        engine.expect_request(Expected::new("GET /v1.41/x")).send(response).abort();
        let docker = speaking(&engine.host(), "1.41");
        let request = RawRequest { path: "/x".into(), ..RawRequest::default() };
        let mut stream = docker.raw_stream(&request, None).unwrap();
        assert_eq!(std::io::read_to_string(&mut stream).unwrap(), "[]", "{}", escape(response));
        engine.finish();
    }
}

// Connections that were kept, and that the engine has closed since.

/// It is seen before anything is sent, so this is good for any request.
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

/// What nobody asked for is no response to the next call.
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

/// Closed just when the request is sent: the engine never saw it.
#[test]
fn a_get_is_repeated_once() {
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
fn a_get_is_not_repeated_twice() {
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

/// All that were kept may be as stale as the one, behind a proxy for instance.
#[test]
fn a_get_is_repeated_on_a_fresh_connection() {
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
    // The one that has rested longest is taken first.
    engine.on(1).expect_request(Expected::new(LIST)).abort().exchange(LIST, Response::json("[]"));
    list(&docker).unwrap();
    let connections: Vec<usize> = engine.finish().iter().map(|r| r.connection).collect();
    assert_eq!(connections, [0, 1, 1, 2]);
}

/// The engine may have seen it and done it.
#[test]
fn others_are_not_repeated() {
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

/// It began to answer, so it saw the request.
#[test]
fn a_get_that_was_being_answered_is_not_repeated() {
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
