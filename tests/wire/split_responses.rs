//! Responses split at every byte.

use crate::support::*;
use dockline::model::EventMessage;
use dockline::*;

/// Sends `response` to the same call repeatedly, split in two at every byte, and then byte by byte. Each round uses a
/// connection of its own, if the call keeps its connection.
fn split_at_every_byte<T: PartialEq + std::fmt::Debug>(
    line: &str,
    response: &[u8],
    keeps_connection: bool,
    expected: &T,
    call: impl Fn(&Context) -> T,
) {
    let engine = FakeEngine::unix();
    let docker = speaking(&engine.host(), "1.43");
    for at in 0..=response.len() {
        engine.expect_request(Expected::new(line));
        match at {
            0 => engine.send_bytewise(response),
            at => engine.send_split(response, at),
        };
        if keeps_connection {
            engine.drain();
        }
        assert_eq!(call(&docker), *expected, "split at {at}: {}", escape(&response[at..]));
    }
    engine.finish();
}

#[test]
fn json_with_content_length() {
    let response = Response::json(r#"[{"Id":"a","Names":["/ü"]},{"Id":"b"}]"#).to_bytes();
    let ids = ["a", "b"].map(String::from).to_vec();
    split_at_every_byte("GET /v1.43/containers/json", &response, false, &ids, |c| {
        let all = c.containers().list(&Default::default()).unwrap();
        all.into_iter().map(|container| container.id).collect()
    });
}

#[test]
fn chunked_json() {
    let mut response = Response::chunked(200)
        .then("[{\"Id\":")
        .then("\"a\"},{\"Id\":\"")
        .then("b\"}]\n")
        .header("Content-Type", "application/json")
        .to_bytes();
    // A chunk extension.
    let size = response.windows(5).position(|window| window == b"\r\n7\r\n").unwrap() + 3;
    response.splice(size..size, b";name=value".iter().copied());
    let ids = ["a", "b"].map(String::from).to_vec();
    split_at_every_byte("GET /v1.43/containers/json", &response, false, &ids, |c| {
        let all = c.containers().list(&Default::default()).unwrap();
        all.into_iter().map(|container| container.id).collect()
    });
}

#[test]
fn error_response() {
    let response = Response::error(404, "No such container: a").to_bytes();
    let message = "ContainerInspect: No such container: a (status 404)".to_owned();
    split_at_every_byte("GET /v1.43/containers/a/json", &response, false, &message, |c| {
        c.containers().inspect("a", &Default::default()).unwrap_err().to_string()
    });
}

#[test]
fn response_without_body() {
    let response = Response::empty(304).header("Docker-Experimental", "false").to_bytes();
    split_at_every_byte(
        "POST /v1.43/containers/a/start",
        &response,
        false,
        &Outcome::NotModified,
        |c| c.containers().start("a", &Default::default()).unwrap(),
    );
}

fn actions(events: Records<EventMessage>) -> Vec<String> {
    events.map(|event| event.unwrap().action).collect()
}

/// Records across chunks, chunks across records, and braces inside strings.
#[test]
fn chunked_events() {
    let response = Response::chunked(200)
        .header("Content-Type", "application/json")
        .then("{\"Action\":\"one\"}\n{\"Act")
        .then("ion\":\"t}w\\\"{o\"}")
        .then("\nnull\n")
        .then("{\"Action\":\"three\"}\n")
        .to_bytes();
    let expected = ["one", "t}w\"{o", "three"].map(String::from).to_vec();
    split_at_every_byte("GET /v1.43/events", &response, true, &expected, |c| {
        actions(c.system().events(&Default::default()).unwrap())
    });
}

#[test]
fn events_until_close() {
    let body = "{\"Action\":\"one\"}\n{\"Action\":\"two\"}\n";
    let response = Response::until_close(200).then(body).to_bytes();
    let expected = ["one", "two"].map(String::from).to_vec();
    let engine = FakeEngine::unix();
    let docker = speaking(&engine.host(), "1.43");
    for at in 1..=response.len() {
        engine.expect_request(Expected::new("GET /v1.43/events")).send_split(&response, at).close();
        assert_eq!(actions(docker.system().events(&Default::default()).unwrap()), expected);
    }
    engine.finish();
}

/// Standard output and standard error, each joined.
fn collect_output(logs: Logs) -> (String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    for frame in logs {
        let frame = frame.unwrap();
        assert!(!frame.data.is_empty());
        match frame.stream {
            StdStream::Stdout => out.extend(frame.data),
            StdStream::Stderr => err.extend(frame.data),
        }
    }
    (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

/// Frames across chunks, and chunks across frames.
#[test]
fn chunked_logs() {
    let frames = [
        frame(1, "first\n"),
        frame(2, "oh\n"),
        frame(1, ""),
        frame(0, "x"),
        frame(2, "\0\r\n0\r\n\r\n"),
        frame(1, "last"),
    ]
    .concat();
    let mut response =
        Response::chunked(200).header("Content-Type", "application/vnd.docker.multiplexed-stream");
    for chunk in frames.chunks(11) {
        response = response.then(chunk);
    }
    let response = response.to_bytes();
    let expected = ("first\nxlast".to_owned(), "oh\n\0\r\n0\r\n\r\n".to_owned());
    split_at_every_byte(
        "GET /v1.43/containers/a/logs?stdout=1&stderr=1",
        &response,
        true,
        &expected,
        |c| collect_output(c.containers().logs("a", &Default::default()).unwrap()),
    );
}

#[test]
fn chunked_tty_output() {
    let response = Response::chunked(200)
        .header("Content-Type", "application/vnd.docker.raw-stream")
        .then("login: ")
        .then("\x1b[1m\0\x01")
        .then("\r\n")
        .to_bytes();
    let expected = ("login: \x1b[1m\0\x01\r\n".to_owned(), String::new());
    split_at_every_byte(
        "GET /v1.43/containers/a/logs?stdout=1&stderr=1",
        &response,
        true,
        &expected,
        |c| collect_output(c.containers().logs("a", &Default::default()).unwrap()),
    );
}

/// Bytes after the response head belong to the stream.
#[test]
fn attach() {
    let mut response = head([
        "HTTP/1.1 101 UPGRADED",
        "Content-Type: application/vnd.docker.multiplexed-stream",
        "Connection: Upgrade",
        "Upgrade: tcp",
    ])
    .into_bytes();
    response.extend([frame(1, "out"), frame(2, "err")].concat());
    let expected = ("out".to_owned(), "err".to_owned());
    let engine = FakeEngine::unix();
    let docker = speaking(&engine.host(), "1.43");
    let line = "POST /v1.43/containers/a/attach?stream=1&stdin=1&stdout=1&stderr=1";
    for at in 1..=response.len() {
        engine.expect_request(Expected::new(line)).send_split(&response, at).close();
        let (logs, _input) = docker.containers().attach("a", &Default::default()).unwrap().split();
        assert_eq!(collect_output(logs), expected, "split at {at}");
    }
    engine.finish();
}

#[test]
fn wait() {
    let response = Response::chunked(200).then("{\"StatusCode\":").then("137}\n").to_bytes();
    split_at_every_byte("POST /v1.43/containers/a/wait", &response, true, &137, |c| {
        c.containers().wait("a", &Default::default()).unwrap().status_code
    });
}

#[test]
fn raw_stream() {
    for (response, keeps_connection) in [
        (Response::chunked(200).then("a\r\n").then("0\r\n\r\n").then("b"), true),
        (Response::sized(200).then("a\r\n0\r\n\r\nb"), true),
    ] {
        let response = response.to_bytes();
        split_at_every_byte(
            "GET /v1.43/x",
            &response,
            keeps_connection,
            &b"a\r\n0\r\n\r\nb".to_vec(),
            |c| {
                let request = RawRequest { path: "/x".into(), ..RawRequest::default() };
                let mut bytes = Vec::new();
                c.raw_stream(&request, None).unwrap().download().copy_to(&mut bytes).unwrap();
                bytes
            },
        );
    }
}

/// TCP does not preserve the segments, but nearly always delivers them as sent.
#[test]
fn over_tcp() {
    let response = Response::json(r#"{"ID":"x"}"#).to_bytes();
    let engine = FakeEngine::tcp();
    let docker = speaking(&engine.host(), "1.43");
    for at in 0..=response.len() {
        engine.expect_request(Expected::new("GET /v1.43/info")).send_split(&response, at);
        assert_eq!(docker.system().info().unwrap().id, "x");
    }
    engine.finish();
}
