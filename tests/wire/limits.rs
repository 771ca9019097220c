//! Limits of what an engine or a proxy may send without end.

use crate::support::*;
use dockline::*;

/// Lists containers on an engine that sends this, and then `more` until the client closes the connection.
fn endless(head: impl AsRef<[u8]>, more: &str) -> Error {
    let engine = FakeEngine::unix();
    let more = more.repeat(64 * 1024 / more.len());
    engine
        .expect_request(Expected::new("GET /v1.42/containers/json"))
        .send(head)
        .send_until_closed(more);
    let docker = pinned(&engine, 42);
    let error = within(LIMIT, move || docker.containers().list(&Default::default()).unwrap_err());
    engine.finish();
    error
}

#[test]
fn limits_interim_responses() {
    for interim in [
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n",
        "HTTP/1.1 199 X\r\n\r\n",
    ] {
        let error = endless("", interim);
        assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
        let expected = "ContainerList: the head of the response is longer than 64 KiB";
        assert_eq!(error.to_string(), expected);
    }
    // A few do no harm, also on a connection that is used again, where all together are many.
    let engine = FakeEngine::unix();
    let interim = "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n".repeat(1000);
    for _ in 0..3 {
        engine
            .expect_request(Expected::new("GET /v1.42/containers/json"))
            .send(&interim)
            .reply(Response::json("[]"));
    }
    let docker = pinned(&engine, 42);
    for _ in 0..3 {
        assert_eq!(docker.containers().list(&Default::default()).unwrap().len(), 0);
    }
    assert!(engine.finish().iter().all(|request| request.connection == 0));
}

#[test]
fn limits_interim_responses_before_stream() {
    let engine = FakeEngine::unix();
    engine
        .expect_request(Expected::new("GET /v1.42/events"))
        .send_until_closed("HTTP/1.1 100 Continue\r\n\r\n".repeat(1000));
    let docker = pinned(&engine, 42);
    let error = within(LIMIT, move || docker.system().events(&Default::default()).unwrap_err());
    assert!(error.to_string().contains("the head of the response is longer"), "{error}");
    engine.finish();
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// Trailers of many lines, and of one line.
const TRAILERS: [&str; 2] = ["X-More: 1\r\n", "x"];

#[test]
fn limits_trailers_of_response() {
    for trailers in TRAILERS {
        let head = [CHUNKED.as_bytes(), &chunk("[]"), b"0\r\n"].concat();
        let error = endless(head, trailers);
        assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
        let expected = "ContainerList: the body of the response is malformed: the trailers are longer than 64 KiB";
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn limits_trailers_of_error_response() {
    let head = "HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nin us\r\n0\r\n";
    let error = endless(head, "X-More: 1\r\n");
    assert_eq!(error.to_string(), "ContainerList: in us (status 409)");
}

#[test]
fn limits_trailers_of_stream() {
    for trailers in TRAILERS {
        let engine = FakeEngine::unix();
        engine
            .expect_request(Expected::new("GET /v1.42/events"))
            .send([CHUNKED.as_bytes(), &chunk("{}"), b"0\r\n"].concat())
            .send_until_closed(trailers.repeat(4096));
        let docker = pinned(&engine, 42);
        let mut events = docker.system().events(&Default::default()).unwrap();
        events.next().unwrap().unwrap();
        let error = within(LIMIT, move || events.next().unwrap().unwrap_err());
        assert_eq!(
            error.to_string(),
            "SystemEvents: the body of the response is malformed: the trailers are longer than 64 KiB"
        );
        engine.finish();
    }
}

/// Wherever they are split, also within a line end.
#[test]
fn accepts_trailers() {
    let long = format!("X-Long: {}", "x".repeat(40_000));
    for trailers in ["", "X: 1\r\n", "X: 1\r\nY: 2\r\n", "X: 1\n", &format!("{long}\r\n")] {
        let body = [&chunk("{}")[..], b"0\r\n", trailers.as_bytes(), b"\r\n"].concat();
        let ends = if trailers.len() > 100 { body.len() - 3..body.len() } else { 1..body.len() };
        for at in ends {
            let engine = FakeEngine::unix();
            engine
                .expect_request(Expected::new("GET /v1.42/events"))
                .send(CHUNKED)
                .send_split(&body, at);
            let docker = pinned(&engine, 42);
            let events: Result<Vec<_>> =
                docker.system().events(&Default::default()).unwrap().collect();
            assert_eq!(events.unwrap().len(), 1, "{trailers:?} split at {at}");
            engine.finish();
        }
    }
}

/// A long body in many small chunks has more framing than content, but is in order.
#[test]
fn accepts_small_chunks() {
    let pieces = 60_000;
    let mut body = chunk("[");
    for number in 0..pieces {
        body.extend(chunk(if number == 0 { "{}" } else { ",{}" }));
    }
    body.extend(chunk("]"));
    body.extend(last_chunk());
    let engine = FakeEngine::unix();
    engine.expect_request(Expected::new("GET /v1.42/containers/json")).send(CHUNKED).send(body);
    let docker = pinned(&engine, 42);
    assert_eq!(docker.containers().list(&Default::default()).unwrap().len(), pieces);
    engine.finish();
}

#[test]
fn limits_whole_response() {
    let json = format!("[{{\"Id\":\"{}\"}}]", "x".repeat(989));
    assert_eq!(json.len(), 1000);
    for (limit, fits) in [(1000, true), (999, false), (0, false)] {
        for response in [Response::sized(200), Response::chunked(200), Response::until_close(200)] {
            let engine = FakeEngine::unix();
            engine.exchange("GET /v1.42/containers/json", response.then(&json));
            let docker = client(&engine.host())
                .api_version(ApiVersion::new(1, 42))
                .response_limit(limit)
                .build()
                .unwrap();
            let listed = docker.containers().list(&Default::default());
            if fits {
                assert_eq!(listed.unwrap().len(), 1);
            } else {
                let error = listed.unwrap_err();
                assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
                assert_eq!(
                    error.to_string(),
                    format!(
                        "ContainerList: the response is longer than {limit} bytes: raise the \
                         response limit of the context, or read it as a stream"
                    )
                );
            }
            engine.finish();
        }
    }
}

/// The rest of a response that is too long is not read.
#[test]
fn stops_reading_endless_response() {
    for (head, more) in [
        ("HTTP/1.1 200 OK\r\n\r\n", " ".repeat(4096).into_bytes()),
        (CHUNKED, chunk(" ".repeat(4096))),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\n", b" ".to_vec()),
    ] {
        let engine = FakeEngine::unix();
        engine
            .expect_request(Expected::new("GET /v1.42/info"))
            .send(head)
            .send_until_closed(more.repeat(16));
        let docker = client(&engine.host())
            .api_version(ApiVersion::new(1, 42))
            .response_limit(1_000_000)
            .build()
            .unwrap();
        let error = within(LIMIT, move || docker.system().info().unwrap_err());
        assert!(error.to_string().contains("is longer than 1000000 bytes"), "{error}");
        engine.finish();
    }
}

/// The wait for an exit code has a stream's connection, and a limit of its own.
#[test]
fn limits_response_of_wait() {
    let engine = FakeEngine::unix();
    engine
        .expect_request(Expected::new("POST /v1.42/containers/web/wait"))
        .send("HTTP/1.1 200 OK\r\n\r\n")
        .send_until_closed(" ".repeat(4096));
    let docker = pinned(&engine, 42);
    let error =
        within(LIMIT, move || docker.containers().wait("web", &Default::default()).unwrap_err());
    assert_eq!(error.to_string(), "ContainerWait: the response is longer than 1 MiB");
    engine.finish();
}

// The words of errors.

const SHOWN: usize = 4096;

#[test]
fn shortens_error_responses() {
    let words = "no ".repeat(100_000);
    let json = format!("{{\"message\":\"{words}\"}}");
    for (body, omitted) in [(&words, words.trim().len() - SHOWN), (&json, words.len() - SHOWN)] {
        let engine = FakeEngine::unix();
        engine.exchange("GET /v1.42/info", Response::sized(500).then(body));
        let error = pinned(&engine, 42).system().info().unwrap_err();
        let message = &error.api_error().unwrap().message;
        let end = format!("… ({omitted} more bytes)");
        assert_eq!(*message, words[..SHOWN].to_owned() + &end);
        engine.finish();
    }
    // Only the first MiB is read, which is then not JSON.
    let error = endless("HTTP/1.1 500 X\r\n\r\n{\"message\":\"", "x");
    let message = &error.api_error().unwrap().message;
    let end = format!("… ({} more bytes)", (1 << 20) - SHOWN);
    assert_eq!(*message, format!("{{\"message\":\"{}{end}", "x".repeat(SHOWN - 12)));
}

#[test]
fn shortens_errors_within_streams() {
    let words = "x".repeat(10_000);
    let end = "xxx… (5904 more bytes)";
    let engine = FakeEngine::unix();
    engine
        .exchange(
            "POST /v1.42/images/create?fromImage=x&tag=1",
            Response::chunked(200).then(format!("{{\"error\":\"{words}\"}}")),
        )
        .accept()
        .exchange(
            "GET /v1.42/containers/web/logs?stdout=1&stderr=1",
            Response::chunked(200)
                .header("Content-Type", "application/vnd.docker.multiplexed-stream")
                .then(frame(3, &words)),
        )
        .accept()
        .exchange(
            "POST /v1.42/containers/web/wait",
            Response::chunked(200).then(format!("{{\"Error\":{{\"Message\":\"{words}\"}}}}")),
        );
    let docker = pinned(&engine, 42);
    let options =
        ImageCreateOptions { from_image: "x".into(), tag: "1".into(), ..Default::default() };
    for error in [
        docker.images().create(&options, None).unwrap().finish().unwrap_err(),
        docker.containers().logs("web", &Default::default()).unwrap().next().unwrap().unwrap_err(),
        docker.containers().wait("web", &Default::default()).unwrap_err(),
    ] {
        let Error::Stream { message, .. } = error else { panic!("{error:?}") };
        assert!(message.ends_with(end), "{}", &message[SHOWN - 10..]);
        assert_eq!(message.len(), SHOWN + end.len() - 3);
    }
    engine.finish();
}
