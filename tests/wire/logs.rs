//! Container output: multiplexed frames, raw output of a terminal, and how the format is detected.

use crate::support::*;
use dockline::*;

const LOGS: &str = "containers/web/logs?stdout=1&stderr=1";
const ATTACH: &str = "containers/web/attach?stream=1&stdin=1&stdout=1&stderr=1";
/// Without an upgrade only output can be attached.
const ATTACH_OUTPUT: &str = "containers/web/attach?stream=1&stdout=1&stderr=1";
const MULTIPLEXED: &str = "application/vnd.docker.multiplexed-stream";
const RAW: &str = "application/vnd.docker.raw-stream";

fn frames(content_type: &str) -> Response {
    Response::chunked(200).header("Content-Type", content_type)
}

/// Reads logs that arrive as one chunk with these frames.
fn read(frames: impl AsRef<[u8]>) -> Vec<Result<Frame>> {
    read_from(self::frames(MULTIPLEXED).then(frames))
}

/// The same for frames that fail: the client closes before all is sent.
fn read_until_failure(frames: impl AsRef<[u8]>) -> Vec<Result<Frame>> {
    let frames = frames.as_ref().to_vec();
    let response = Response::takeover(200, move |conn| conn.send(&frames));
    read_from(response.header("Content-Type", MULTIPLEXED))
}

fn read_from(response: Response) -> Vec<Result<Frame>> {
    let engine = FakeEngine::unix();
    engine.exchange(&format!("GET /v1.42/{LOGS}"), response);
    let docker = speaking(&engine.host(), "1.42");
    let frames = docker.containers().logs("web", &Default::default()).unwrap().collect();
    engine.finish();
    frames
}

/// All bytes of each stream in order, and the error at the end.
fn collect_output(frames: Vec<Result<Frame>>) -> (Vec<u8>, Vec<u8>, Option<Error>) {
    let (mut out, mut err, mut end) = (Vec::new(), Vec::new(), None);
    for frame in frames {
        assert!(end.is_none(), "a frame after an error");
        match frame {
            Ok(frame) => {
                assert!(!frame.data.is_empty());
                match frame.stream {
                    StdStream::Stdout => out.extend(frame.data),
                    StdStream::Stderr => err.extend(frame.data),
                }
            }
            Err(error) => end = Some(error),
        }
    }
    (out, err, end)
}

#[test]
fn keeps_streams_and_order() {
    let sent = [frame(1, "a\n"), frame(2, "b\n"), frame(2, "c"), frame(1, "d"), frame(0, "e\n")];
    let received: Vec<_> = read(sent.concat()).into_iter().map(Result::unwrap).collect();
    let received: Vec<_> = received.iter().map(|frame| (frame.stream, &frame.data[..])).collect();
    use StdStream::{Stderr, Stdout};
    assert_eq!(
        received,
        [(Stdout, &b"a\n"[..]), (Stderr, b"b\n"), (Stderr, b"c"), (Stdout, b"d"), (Stdout, b"e\n")]
    );
}

#[test]
fn frames_of_any_length() {
    for length in [
        1,
        2,
        7,
        8,
        9,
        4096,
        16_384,
        49_151,
        49_152,
        49_153,
        65_535,
        65_536,
        65_537,
        1 << 20,
        5_000_001,
    ] {
        let payload = Pattern::bytes(length);
        let sent = [frame(2, &payload), frame(1, "x"), frame(1, &payload)].concat();
        let (out, err, end) = collect_output(read(&sent));
        assert!(err == payload && out[1..] == payload && out[0] == b'x', "{length}");
        assert!(end.is_none());
    }
}

#[test]
fn empty_frames() {
    let sent = [frame(1, ""), frame(2, ""), frame(1, "a"), frame(2, ""), frame(0, "")].concat();
    let frames = read(sent);
    assert_eq!(frames.len(), 1);
    assert_eq!(frames[0].as_ref().unwrap().data, b"a");
    assert!(read(frame(1, "")).is_empty());
    assert!(read_from(self::frames(MULTIPLEXED)).is_empty());
}

#[test]
fn many_short_frames() {
    let mut sent = Vec::new();
    for number in 0..50_000_u32 {
        sent.extend(frame(1 + (number % 2) as u8, number.to_string()));
    }
    for (number, frame) in read(sent).into_iter().enumerate() {
        let frame = frame.unwrap();
        assert_eq!(frame.data, number.to_string().as_bytes());
        assert_eq!(frame.stream == StdStream::Stderr, number % 2 == 1);
    }
}

/// Stream 3 carries an error of the engine and ends the output.
#[test]
fn error_frame_ends_output() {
    let message = "Error grabbing logs: unexpected EOF\n";
    let sent = [frame(1, "a"), frame(3, message), frame(1, "never")].concat();
    let (out, _, end) = collect_output(read_until_failure(sent));
    assert_eq!(out, b"a");
    let error = end.unwrap();
    assert!(matches!(error, Error::Stream { code: None, .. }), "{error:?}");
    assert_eq!(error.to_string(), "ContainerLogs: Error grabbing logs: unexpected EOF");
    // In pieces of any length, or truncated: the message has what was received.
    for (sent, message) in [
        (frame(3, ""), "".to_owned()),
        (frame(3, "x".repeat(1000)), "x".repeat(1000)),
        (frame(3, "cut off")[..11].to_vec(), "cut".to_owned()),
    ] {
        let pieces: Vec<Vec<u8>> = sent.chunks(5).map(<[u8]>::to_vec).collect();
        let response = Response::takeover(200, move |conn| {
            pieces.iter().try_for_each(|piece| conn.send(&chunk(piece)))?;
            conn.send(last_chunk())
        });
        let chunked = response.header("Transfer-Encoding", "chunked");
        let (_, _, end) = collect_output(read_from(chunked.header("Content-Type", MULTIPLEXED)));
        assert_eq!(end.unwrap().to_string(), format!("ContainerLogs: {message}"));
    }
}

#[test]
fn rejects_invalid_frames() {
    for bytes in [
        &b"plain text where frames should be"[..],
        &frame(4, "x"),
        &[1, 0, 0, 1, 0, 0, 0, 1, b'x'],
        &[frame(1, "a"), b"\nHTTP/1.1 ".to_vec()].concat(),
    ] {
        let (_, _, end) = collect_output(read_until_failure(bytes));
        let error = end.unwrap();
        assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
        assert!(error.to_string().contains("is not a multiplexed stream"), "{error}");
    }
}

/// The received part is delivered. Then the output fails, since the length of the frame shows that some is lost.
#[test]
fn delivers_truncated_last_frame_and_fails() {
    let sent = [frame(1, "first"), frame(2, "second")].concat();
    for end in 1..sent.len() {
        let (out, err, error) = collect_output(read(&sent[..end]));
        let part = |from: usize, to: usize| &sent[from.min(end)..to.min(end)];
        assert_eq!((&out[..], &err[..]), (part(8, 13), part(21, 27)));
        match error {
            None => assert_eq!(end, 13, "between two frames"),
            Some(error) => {
                assert!(matches!(error, Error::Disconnected { errno: None, .. }), "{error:?}");
                assert_eq!(
                    error.to_string(),
                    "ContainerLogs: the output ended in the middle of a frame: some of it is lost"
                );
                assert_ne!(end, 13);
            }
        }
    }
}

/// A rest that is shorter than a header, and cannot be the beginning of one.
#[test]
fn rejects_rest_that_is_not_a_header() {
    for rest in [&b"EOF!\n"[..], b"x", b"\x04", b"\x01\0x", b"\x01\0\0\x01", b"\x02\0\0x\0\0\0"] {
        let (out, _, error) = collect_output(read([&frame(1, "one\n"), rest].concat()));
        assert_eq!(out, b"one\n");
        let error = error.unwrap();
        assert!(matches!(error, Error::Protocol { .. }), "{rest:?}: {error:?}");
        assert!(error.to_string().contains("is not a multiplexed stream"), "{error}");
    }
    for rest in [&b"\x01"[..], b"\0\0\0", b"\x03\0\0\0", b"\x02\0\0\0\x07\0\0"] {
        let (out, _, error) = collect_output(read([&frame(1, "one\n"), rest].concat()));
        assert_eq!(out, b"one\n");
        assert!(matches!(error.unwrap(), Error::Disconnected { .. }), "{rest:?}");
    }
}

/// A lost connection is an error.
#[test]
fn lost_connection_in_frame() {
    for end in [0, 5, 8, 10, 13] {
        let sent = frame(1, "first");
        let response = frames(MULTIPLEXED);
        let response = if end > 0 { response.then(&sent[..end]) } else { response };
        let (out, _, error) = collect_output(read_from(response.cut()));
        assert_eq!(out, sent[8.min(end)..end]);
        let error = error.unwrap();
        assert!(matches!(error, Error::Disconnected { .. }), "{error:?}");
    }
}

/// Data is delivered when it arrives, even part of a frame.
#[test]
fn delivers_partial_frames() {
    let engine = FakeEngine::unix();
    let frames_sent = [frame(1, "one\n"), frame(1, "prompt> ")].concat();
    let (first, second) = frames_sent.split_at(12);
    let received = Gate::new();
    engine
        .expect_request(Expected::new(&format!("GET /v1.42/{LOGS}")))
        .send(frames(MULTIPLEXED).to_bytes().strip_suffix(last_chunk()).unwrap())
        .send(chunk(first))
        .hold(&received)
        .send(chunk(second))
        .expect_close();
    let docker = speaking(&engine.host(), "1.42");
    let mut logs = docker.containers().logs("web", &Default::default()).unwrap();
    assert_eq!(logs.next().unwrap().unwrap().data, b"one\n");
    received.open();
    assert_eq!(logs.next().unwrap().unwrap().data, b"prompt> ");
    drop(logs);
    engine.finish();
}

#[test]
fn next_frame_borrows() {
    let engine = Responder::unix(None, |_| {
        frames(MULTIPLEXED).then([frame(2, "abc"), frame(1, "d")].concat())
    });
    let docker = speaking(&engine.host(), "1.42");
    let mut logs = docker.containers().logs("web", &Default::default()).unwrap();
    assert_eq!(logs.next_frame().unwrap(), Some((StdStream::Stderr, &b"abc"[..])));
    assert_eq!(logs.next_frame().unwrap(), Some((StdStream::Stdout, &b"d"[..])));
    assert_eq!(logs.next_frame().unwrap(), None);
    assert_eq!(logs.next_frame().unwrap(), None);
}

// Terminal: no frames, even if the bytes look like them.

#[test]
fn tty_output() {
    let engine = FakeEngine::unix();
    let received = Gate::new();
    engine
        .expect_request(Expected::new(&format!("GET /v1.42/{LOGS}")))
        .send(frames(RAW).to_bytes().strip_suffix(last_chunk()).unwrap())
        .send(chunk("login: "))
        .hold(&received)
        .send(chunk(frame(2, "\x1b[0m")))
        .send(last_chunk())
        .expect_close();
    let docker = speaking(&engine.host(), "1.42");
    let mut logs = docker.containers().logs("web", &Default::default()).unwrap();
    assert!(logs.is_terminal());
    let prompt = logs.next().unwrap().unwrap();
    assert_eq!((prompt.stream, &prompt.data[..]), (StdStream::Stdout, &b"login: "[..]));
    received.open();
    let (out, err, end) = collect_output(logs.by_ref().collect());
    assert_eq!((out, err.len()), (frame(2, "\x1b[0m"), 0));
    assert!(end.is_none());
    engine.finish();
}

// Detection of the format.

/// Requests output from an engine of API 1.`minor`, whose container has a terminal or not. Returns whether the library
/// takes the output for raw, and the requests it made.
fn detect_tty(
    minor: u16,
    response: fn() -> Response,
    line: &str,
    tty: bool,
) -> (bool, Vec<String>) {
    let expected_path = line.split('?').next().unwrap().to_owned();
    let engine = Responder::unix(None, move |request| match &request.path()[7..] {
        "containers/web/json" => Response::json(format!("{{\"Config\":{{\"Tty\":{tty}}}}}")),
        path => {
            assert_eq!(path, expected_path);
            response()
        }
    });
    let docker = speaking(&engine.host(), &format!("1.{minor}"));
    let terminal = if line != LOGS {
        let options = ContainerAttachOptions { stdin: line == ATTACH, ..Default::default() };
        let attached = docker.containers().attach("web", &options).unwrap();
        attached.split().0.is_terminal()
    } else {
        docker.containers().logs("web", &Default::default()).unwrap().is_terminal()
    };
    let requests = engine.finish().into_iter();
    (terminal, requests.map(|r| format!("{} {}", r.method, &r.target[7..])).collect())
}

fn upgraded(content_type: &str) -> Response {
    Response::takeover(101, |_| Ok(()))
        .header("Content-Type", content_type)
        .header("Connection", "Upgrade")
        .header("Upgrade", "tcp")
}

/// Since API 1.42 the Content-Type distinguishes the formats.
#[test]
fn detects_tty_by_content_type() {
    let logs = format!("GET {LOGS}");
    let attach = format!("POST {ATTACH}");
    for minor in [42, 55] {
        // The container's configuration does not matter then and is not requested.
        for tty in [false, true] {
            let detected = detect_tty(minor, || frames(MULTIPLEXED), LOGS, tty);
            assert_eq!(detected, (false, vec![logs.clone()]));
            let detected = detect_tty(minor, || frames(RAW), LOGS, tty);
            assert_eq!(detected, (true, vec![logs.clone()]));
            let detected = detect_tty(minor, || upgraded(MULTIPLEXED), ATTACH, tty);
            assert_eq!(detected, (false, vec![attach.clone()]));
            let detected = detect_tty(minor, || upgraded(RAW), ATTACH, tty);
            assert_eq!(detected, (true, vec![attach.clone()]));
        }
    }
}

/// Older engines send the raw type for both formats, so the container is inspected first.
#[test]
fn detects_tty_by_inspecting_container() {
    let inspect = "GET containers/web/json".to_owned();
    for minor in [24, 41] {
        for tty in [false, true] {
            let detected = detect_tty(minor, || frames(RAW), LOGS, tty);
            assert_eq!(detected, (tty, vec![inspect.clone(), format!("GET {LOGS}")]));
            let detected = detect_tty(minor, || Response::chunked(200), LOGS, tty);
            assert_eq!(detected.0, tty);
            let detected = detect_tty(minor, || upgraded(RAW), ATTACH, tty);
            assert_eq!(detected, (tty, vec![inspect.clone(), format!("POST {ATTACH}")]));
        }
    }
}

/// Without a usable Content-Type, as behind proxies, or without an upgrade, the container is inspected.
#[test]
fn inspects_container_without_content_type() {
    let inspect = "GET containers/web/json".to_owned();
    for tty in [false, true] {
        let detected = detect_tty(44, || Response::chunked(200), LOGS, tty);
        assert_eq!(detected, (tty, vec![format!("GET {LOGS}"), inspect.clone()]));
        let detected = detect_tty(44, || frames("text/plain"), LOGS, tty);
        assert_eq!(detected.0, tty);
        let not_upgraded = || Response::takeover(200, |_| Ok(())).header("Content-Type", RAW);
        let detected = detect_tty(44, not_upgraded, ATTACH_OUTPUT, tty);
        assert_eq!(detected, (tty, vec![format!("POST {ATTACH_OUTPUT}"), inspect.clone()]));
    }
}

/// A missing container is one error, whichever request comes first.
#[test]
fn missing_container() {
    for version in ["1.41", "1.42"] {
        let engine = FakeEngine::unix();
        let line = match version {
            "1.41" => "GET /v1.41/containers/web/json".to_owned(),
            _ => format!("GET /v1.42/{LOGS}"),
        };
        engine.exchange(&line, Response::error(404, "No such container: web"));
        let docker = speaking(&engine.host(), version);
        let error = docker.containers().logs("web", &Default::default()).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        assert_eq!(error.operation(), "ContainerLogs");
        engine.finish();
    }
}

// Both directions.

#[test]
fn input_and_output() {
    let engine = FakeEngine::unix();
    engine.exchange_for(
        Expected::new(&format!("POST /v1.42/{ATTACH}")),
        Response::takeover(101, |conn| {
            conn.expect(b"hello\n")?;
            conn.send(&frame(1, "hello\n"))?;
            // Half-close, then more output.
            conn.expect_end()?;
            conn.send(&[frame(2, "bye"), frame(1, "!")].concat())
        })
        .header("Content-Type", MULTIPLEXED),
    );
    let docker = speaking(&engine.host(), "1.42");
    let mut attached = docker.containers().attach("web", &Default::default()).unwrap();
    attached.input().send(b"hello\n").unwrap();
    assert_eq!(attached.output().next().unwrap().unwrap().data, b"hello\n");
    attached.input().close().unwrap();
    attached.input().close().unwrap();
    let error = attached.input().send(b"more").unwrap_err();
    assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
    let (out, err, end) = collect_output(attached.output().collect());
    assert_eq!((&out[..], &err[..]), (&b"!"[..], &b"bye"[..]));
    assert!(end.is_none());
    engine.finish();
}

/// Large data in both directions at once, from two threads.
#[test]
fn both_directions_at_once() {
    const LENGTH: usize = 3_000_000;
    let engine = FakeEngine::unix();
    engine.exchange_for(
        Expected::new(&format!("POST /v1.42/{ATTACH}")),
        Response::takeover(101, |conn| conn.echo()).header("Content-Type", RAW),
    );
    let docker = speaking(&engine.host(), "1.42");
    let attached = docker.containers().attach("web", &Default::default()).unwrap();
    let (output, mut input) = attached.split();
    within(LIMIT, move || {
        std::thread::scope(|scope| {
            scope.spawn(move || {
                for piece in Pattern::bytes(LENGTH).chunks(10_007) {
                    input.send(piece).unwrap();
                }
                input.close().unwrap();
            });
            let mut pattern = Pattern::new(LENGTH as u64);
            for frame in output {
                pattern.check(&frame.unwrap().data).unwrap();
            }
            pattern.complete().unwrap();
        });
    });
    engine.finish();
}

/// From API 1.54 on, an Accept header requests JSON instead of the multiplexed stream.
#[test]
fn accept_header_of_the_context() {
    let frames = || {
        Response::chunked(200)
            .header("Content-Type", "application/vnd.docker.multiplexed-stream")
            .then(&b"\x01\0\0\0\0\0\0\x02hi"[..])
    };
    let docker = |engine: &FakeEngine, version: &str, accept: &str| {
        client(&engine.host())
            .api_version(version.parse().unwrap())
            .header("Accept", accept)
            .build()
            .unwrap()
    };
    let target = "GET /v1.55/containers/web/logs?stdout=1&stderr=1";
    let engine = FakeEngine::unix();
    for accept in ["application/json", "application/jsonl, */*", "application/json-seq"] {
        let docker = docker(&engine, "1.55", accept);
        for error in [
            docker.containers().logs("web", &Default::default()).unwrap_err(),
            docker.containers().attach("web", &Default::default()).unwrap_err(),
            docker.services().logs("web", &Default::default()).unwrap_err(),
            docker.tasks().logs("t1", &Default::default()).unwrap_err(),
        ] {
            assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
            let text = format!(
                ": the header \"Accept: {accept}\" of the context requests JSON instead of the \
                 output: open the context without it"
            );
            assert!(error.to_string().ends_with(&text), "{error}");
        }
    }
    // Others change nothing, and neither do older engines read it.
    engine.accept().exchange(target, frames());
    let any = docker(&engine, "1.55", "*/*");
    assert_eq!(any.containers().logs("web", &Default::default()).unwrap().count(), 1);
    engine.accept().exchange(&target.replace("1.55", "1.53"), frames());
    let older = docker(&engine, "1.53", "application/json");
    assert_eq!(older.containers().logs("web", &Default::default()).unwrap().count(), 1);
    // A proxy may add it.
    let json = Response::chunked(200).header("Content-Type", "application/jsonl").then("{}\n");
    engine.accept().exchange(target, json.cut());
    let plain = speaking(&engine.host(), "1.55");
    let error = plain.containers().logs("web", &Default::default()).unwrap_err();
    assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        "ContainerLogs: expected the output, got application/jsonl: a proxy may request it"
    );
    engine.finish();
}

/// Dates and times without a zone are in local time, as for the docker command.
#[test]
fn times_without_a_zone() {
    in_own_process("logs::times_without_a_zone", LIMIT, || {
        // SAFETY: nothing else runs in this process.
        unsafe { std::env::set_var("TZ", "EST5EDT,M3.2.0,M11.1.0") };
        for (text, sent) in [
            // Each checked with `date -d TEXT +%s`, in winter and in summer.
            ("2024-01-15", "1705294800.000000000"),
            ("2024-01-15T10", "1705330800.000000000"),
            ("2024-01-15T10:30", "1705332600.000000000"),
            ("2024-07-15T10:30:15", "1721053815.000000000"),
            ("2024-07-15T10:30:15.25", "1721053815.250000000"),
            ("1969-12-31T18:59:58", "-2.000000000"),
            ("2024-07-15Z", "1721001600.000000000"),
            ("2024-07-15T10:30+01:00", "1721035800.000000000"),
        ] {
            let engine = Responder::unix(None, |_| {
                Response::chunked(200)
                    .header("Content-Type", "application/vnd.docker.multiplexed-stream")
            });
            let options = ContainerLogsOptions {
                stdout: true,
                since: Some(text.parse().unwrap()),
                ..Default::default()
            };
            speaking(&engine.host(), "1.55").containers().logs("web", &options).map(drop).unwrap();
            assert_eq!(engine.finish()[0].query("since").as_deref(), Some(sent), "{text}");
        }
    });
}
