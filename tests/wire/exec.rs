//! Exec: the exact requests, and both directions of the upgraded connection.

use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{
    Conn, Digest, Expected, FakeEngine, Fault, Gate, LIMIT, Pattern, Responder, Response, bare,
    eventually, frame, head, in_own_process, open_descriptors, pinned, speaking, too_old,
    with_json, within,
};
use dockline::model::{ContainerExecRequest, ExecStartRequest};
use dockline::{CancelToken, Context, Duplex, Error, RunningExec, StdStream, Timeouts};

/// Response head that accepts the upgrade.
const UPGRADED: &str = "HTTP/1.1 101 UPGRADED\r\n\
    Content-Type: application/vnd.docker.multiplexed-stream\r\n\
    Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

/// Response head of an engine that ignored the request to upgrade.
const HIJACKED: &str = "HTTP/1.1 200 OK\r\n\
    Content-Type: application/vnd.docker.raw-stream\r\n\r\n";

fn strings<const N: usize>(strings: [&str; N]) -> Vec<String> {
    strings.map(str::to_owned).into()
}

/// `POST /exec/{id}/start` with the headers of an upgrade and any body.
fn start_request(id: &str) -> Expected {
    Expected::new(&format!("POST /v1.41/exec/{id}/start"))
        .header("connection", "Upgrade")
        .header("upgrade", "tcp")
        .any_body()
}

/// Starts an exec on an engine that sends `response` and then runs `script`.
fn started(
    engine: &FakeEngine,
    tty: bool,
    response: &[u8],
    script: impl FnOnce(&mut Conn) -> Result<(), Fault> + Send + 'static,
) -> Duplex {
    engine.expect_request(start_request("e1")).send(response).talk(script);
    let body = ExecStartRequest { tty, ..Default::default() };
    pinned(engine, 41).exec().start("e1", &body).unwrap()
}

/// Standard output and standard error until the end.
fn read_output(duplex: &mut Duplex) -> (String, String) {
    let mut outputs = (String::new(), String::new());
    for frame in duplex.output() {
        let frame = frame.unwrap();
        match frame.stream {
            StdStream::Stdout => &mut outputs.0,
            StdStream::Stderr => &mut outputs.1,
        }
        .push_str(std::str::from_utf8(&frame.data).unwrap());
    }
    outputs
}

/// The next frame as text.
fn next_text(duplex: &mut Duplex) -> (StdStream, String) {
    let frame = duplex.output().next().expect("another frame").unwrap();
    (frame.stream, String::from_utf8(frame.data).unwrap())
}

/// A running `cat`, started by [`Exec::run`](dockline::Exec::run).
fn run_cat(engine: &FakeEngine, docker: &Context) -> RunningExec {
    engine
        .exchange_for(
            Expected::new("POST /v1.41/containers/web/exec").any_body(),
            Response::json_status(201, r#"{"Id":"e1"}"#),
        )
        .expect_request(start_request("e1"))
        .send(UPGRADED);
    let body = ContainerExecRequest { cmd: strings(["cat"]).into(), ..Default::default() };
    docker.exec().run("web", &body).unwrap()
}

fn inspect_response(running: bool, code: &str) -> Response {
    Response::json(format!(r#"{{"ID":"e1","Running":{running},"ExitCode":{code},"Pid":7}}"#))
}

// Requests.

#[test]
fn create() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 42);
    let plain = ContainerExecRequest { cmd: strings(["true"]).into(), ..Default::default() };
    engine.exchange_for(
        with_json("POST /v1.42/containers/web/exec", r#"{"Cmd":["true"]}"#),
        Response::json_status(201, r#"{"Id":"90f2"}"#),
    );
    assert_eq!(docker.exec().create("web", &plain).unwrap().id, "90f2");

    let full = ContainerExecRequest {
        attach_stdin: true,
        attach_stdout: true,
        attach_stderr: true,
        console_size: Some([24, 80]),
        detach_keys: "ctrl-p,ctrl-q".into(),
        tty: true,
        env: strings(["A=b c", "EMPTY="]).into(),
        cmd: strings(["sh", "-c", "echo \"$A\" <&>"]).into(),
        privileged: true,
        user: "1000:1000".into(),
        working_dir: "/tmp".into(),
    };
    engine.exchange_for(
        with_json(
            "POST /v1.42/containers/web/exec",
            concat!(
                r#"{"AttachStdin":true,"AttachStdout":true,"AttachStderr":true,"#,
                r#""ConsoleSize":[24,80],"DetachKeys":"ctrl-p,ctrl-q","Tty":true,"#,
                r#""Env":["A=b c","EMPTY="],"Cmd":["sh","-c","echo \"$A\" <&>"],"#,
                r#""Privileged":true,"User":"1000:1000","WorkingDir":"/tmp"}"#,
            ),
        ),
        Response::json_status(201, r#"{"Id":"90f3"}"#),
    );
    // Container lists show names with a leading slash.
    assert_eq!(docker.exec().create("/web", &full).unwrap().id, "90f3");

    for (status, message) in
        [(404, "No such container: web"), (409, "container web is not running")]
    {
        engine.exchange_for(
            Expected::new("POST /v1.42/containers/web/exec").any_body(),
            Response::error(status, message),
        );
        let error = docker.exec().create("web", &plain).unwrap_err();
        assert_eq!(error.to_string(), format!("ContainerExec: {message} (status {status})"));
        let is_expected =
            matches!((status, &error), (404, Error::NotFound(_)) | (409, Error::Conflict(_)));
        assert!(is_expected, "{error:?}");
    }
    let error = docker.exec().create("web", &Default::default()).unwrap_err();
    assert_eq!(error.to_string(), "ContainerExec: Cmd is empty: set the command to run");
    engine.finish();
}

#[test]
fn create_needs_api_version() {
    let engine = FakeEngine::unix();
    let plain = ContainerExecRequest { cmd: strings(["true"]).into(), ..Default::default() };
    for (field, minor, body) in [
        ("Env", 25, ContainerExecRequest { env: strings(["A=b"]).into(), ..plain.clone() }),
        ("WorkingDir", 35, ContainerExecRequest { working_dir: "/".into(), ..plain.clone() }),
        ("ConsoleSize", 42, ContainerExecRequest { console_size: Some([0, 0]), ..plain.clone() }),
    ] {
        let (message, needed) = too_old(pinned(&engine, minor - 1).exec().create("web", &body));
        assert_eq!(needed, minor, "{field}");
        assert!(message.contains(&format!("{field:?} needs API 1.{minor}")), "{message}");
    }
    let start = ExecStartRequest { console_size: Some([24, 80]), ..Default::default() };
    let docker = pinned(&engine, 41);
    assert_eq!(too_old(docker.exec().start("e1", &start)).1, 42);
    assert_eq!(too_old(docker.exec().start_detached("e1", &start)).1, 42);
    engine.finish();
}

#[test]
fn start() {
    let body = ExecStartRequest { tty: true, console_size: Some([24, 80]), ..Default::default() };
    for (body, json, content_length) in [
        (ExecStartRequest::default(), "{}", "content-length: 2"),
        (body, r#"{"Tty":true,"ConsoleSize":[24,80]}"#, "content-length: 34"),
    ] {
        let engine = FakeEngine::unix();
        let request = head([
            "POST /v1.42/exec/e1/start HTTP/1.1",
            content_length,
            "user-agent: dockline/VERSION",
            "accept: */*",
            "host: localhost",
            "connection: Upgrade",
            "upgrade: tcp",
            "content-type: application/json",
        ]);
        engine.expect(request + json).send(UPGRADED).close();
        let duplex = pinned(&engine, 42).exec().start("e1", &body).unwrap();
        assert_eq!(
            duplex.is_terminal(),
            body.tty,
            "the start request decides whether the output is raw"
        );
        engine.finish();
    }
}

#[test]
fn start_detached() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 42);
    let full = ExecStartRequest { tty: true, console_size: Some([24, 80]), detach: true };
    for (body, json) in [
        (&ExecStartRequest::default(), r#"{"Detach":true}"#),
        (&full, r#"{"Detach":true,"Tty":true,"ConsoleSize":[24,80]}"#),
    ] {
        // No upgrade: `with_json` allows no other headers.
        engine.exchange_for(with_json("POST /v1.42/exec/e1/start", json), Response::sized(200));
        docker.exec().start_detached("e1", body).unwrap();
    }
    engine.exchange_for(
        Expected::new("POST /v1.42/exec/e1/start").any_body(),
        Response::error(400, "OCI runtime exec failed: exec failed: no such file"),
    );
    let error = docker.exec().start_detached("e1", &Default::default()).unwrap_err();
    assert!(matches!(error, Error::BadRequest(_)), "{error}");

    let error = docker.exec().start("e1", &full).unwrap_err();
    assert!(matches!(error, Error::InvalidArgument { .. }), "{error}");
    assert!(error.to_string().contains("use start_detached instead"), "{error}");
    engine.finish();
}

/// Fails before the connection is handed out; the message may be plain text.
#[test]
fn start_reports_error_response() {
    for (response, status, message) in [
        (Response::error(404, "No such exec instance: e1"), 404, "No such exec instance: e1"),
        (Response::error(409, "exec e1 has already run"), 409, "exec e1 has already run"),
        (
            Response::until_close(409)
                .header("Content-Type", "application/vnd.docker.raw-stream")
                .then("container web is paused\r\n"),
            409,
            "container web is paused",
        ),
    ] {
        let engine = FakeEngine::unix();
        engine.exchange_for(start_request("e1"), response);
        let error = pinned(&engine, 41).exec().start("e1", &Default::default()).unwrap_err();
        assert_eq!(
            (error.status(), error.api_error().unwrap().message.as_str()),
            (Some(status), message)
        );
        engine.finish();
    }
}

#[test]
fn resize() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    for (h, w, query) in [(24, 80, "h=24&w=80"), (0, u16::MAX, "h=0&w=65535")] {
        engine.exchange_for(
            bare(&format!("POST /v1.41/exec/e1/resize?{query}")),
            Response::sized(200),
        );
        docker.exec().resize("e1", h, w).unwrap();
    }
    engine.exchange(
        "POST /v1.41/exec/e1/resize?h=1&w=1",
        Response::error(500, "cannot resize a stopped container"),
    );
    let error = docker.exec().resize("e1", 1, 1).unwrap_err();
    assert!(matches!(error, Error::Engine(_)), "{error}");
    engine.finish();
}

#[test]
fn inspect() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(
        bare("GET /v1.41/exec/e1/json"),
        Response::json(
            r#"{"ID":"e1","Running":false,"ExitCode":-1,"ProcessConfig":{"tty":true,
                "entrypoint":"sh","arguments":["-c","exit 2"],"privileged":false,"user":"1000"},
                "OpenStdin":true,"OpenStderr":true,"OpenStdout":true,"CanRemove":false,
                "ContainerID":"c1","DetachKeys":"EBE=","Pid":42000}"#,
        ),
    );
    let exec = docker.exec().inspect("e1").unwrap();
    assert_eq!((exec.exit_code, exec.pid, exec.container_id.as_str()), (Some(-1), 42000, "c1"));
    assert_eq!(exec.process_config.arguments, ["-c", "exit 2"]);
    engine.exchange("GET /v1.41/exec/e2/json", Response::error(404, "No such exec instance: e2"));
    assert!(matches!(docker.exec().inspect("e2"), Err(Error::NotFound(_))));
    engine.finish();
}

// Exit code.

#[test]
fn wait_polls_until_command_exits() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    for response in [
        // Created but not started.
        inspect_response(false, "null"),
        inspect_response(true, "null"),
        inspect_response(true, "0"),
        inspect_response(false, "3"),
    ] {
        engine.exchange_for(bare("GET /v1.41/exec/e1/json"), response);
    }
    assert_eq!(docker.exec().wait("e1", LIMIT).unwrap(), 3);
    engine.finish();
}

#[test]
fn wait_times_out() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange("GET /v1.41/exec/e1/json", inspect_response(true, "null"));
    match docker.exec().wait("e1", Duration::ZERO) {
        Err(error @ Error::Timeout { after: Duration::ZERO, .. }) => {
            assert_eq!(error.to_string(), "ExecInspect: the command is still running after 0ns");
        }
        other => panic!("{other:?}"),
    }
    engine.finish();

    let engine = Responder::unix(None, |_| inspect_response(true, "null"));
    let limit = Duration::from_secs(1);
    let start = Instant::now();
    match speaking(&engine.host(), "1.41").exec().wait("e1", limit) {
        Err(Error::Timeout { after, .. }) => assert_eq!(after, limit),
        other => panic!("{other:?}"),
    }
    assert!(start.elapsed() >= limit);
    // The pauses between polls grow to keep the load on the engine low.
    let polls = engine.finish().len();
    assert!((2..=18).contains(&polls), "{polls} polls");
}

#[test]
fn wait_can_be_cancelled() {
    let engine = FakeEngine::unix();
    let cancel = CancelToken::new();
    let docker = pinned(&engine, 41).with_cancel_token(&cancel);
    engine.exchange("GET /v1.41/exec/e1/json", inspect_response(true, "null")).talk(move |conn| {
        conn.fill()?;
        cancel.cancel();
        conn.drain().map(drop)
    });
    let error = within(LIMIT, move || docker.exec().wait("e1", Duration::MAX)).unwrap_err();
    assert!(matches!(error, Error::Cancelled { operation: "ExecInspect" }), "{error}");
    engine.finish();
}

// Both directions.

#[test]
fn demultiplexes_stdout_and_stderr() {
    let output =
        [frame(1, "out"), frame(2, "err"), frame(0, " in"), frame(1, ""), frame(2, "!")].concat();
    let sized = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", output.len());
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let pieces = crate::support::chunked([&output[..3], &output[3..11], &output[11..]]);
    for (response, output) in
        [(UPGRADED, &output), (HIJACKED, &output), (sized.as_str(), &output), (chunked, &pieces)]
    {
        let engine = FakeEngine::unix();
        let sent = output.clone();
        // The first bytes arrive with the head, the others one by one.
        let response = [response.as_bytes(), &sent[..5]].concat();
        let mut duplex = started(&engine, false, &response, move |conn| {
            sent[5..].iter().try_for_each(|byte| conn.send_apart(&[*byte]))?;
            conn.shutdown_write()
        });
        assert!(!duplex.is_terminal());
        assert_eq!(read_output(&mut duplex), ("out in".into(), "err!".into()));
        assert!(duplex.output().next().is_none(), "next returns None again");
        drop(duplex);
        engine.finish();
    }
}

/// A response without any output.
#[test]
fn empty_output() {
    for response in [UPGRADED, HIJACKED, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"] {
        let engine = FakeEngine::unix();
        let mut duplex = started(&engine, false, response.as_bytes(), Conn::shutdown_write);
        assert_eq!(read_output(&mut duplex), (String::new(), String::new()));
        drop(duplex);
        engine.finish();
    }
}

/// A prompt has no line end and must not be held back.
#[test]
fn tty_output_is_raw_and_unbuffered() {
    for response in [UPGRADED, HIJACKED] {
        let upgraded = response == UPGRADED;
        let tried = Gate::new();
        let engine = FakeEngine::unix();
        let written = tried.clone();
        let mut duplex = started(&engine, true, response.as_bytes(), move |conn| {
            conn.send(b"/ # ")?;
            if upgraded {
                conn.expect(b"exit\r")?;
            }
            conn.pass(&written)?;
            // Bytes that look like a frame header are output.
            conn.send(b"\x01\0\0\0\0\0\0\x02exit\r\n")
        });
        engine.close();
        assert!(duplex.is_terminal());
        assert_eq!(next_text(&mut duplex), (StdStream::Stdout, "/ # ".into()));
        // Without an upgrade, only output goes on.
        assert_eq!(duplex.input().send(b"exit\r").is_ok(), upgraded);
        tried.open();
        let output = "\u{1}\0\0\0\0\0\0\u{2}exit\r\n";
        assert_eq!(read_output(&mut duplex), (output.into(), String::new()));
        engine.finish();
    }
}

#[test]
fn half_close_keeps_output_open() {
    let engine = FakeEngine::unix();
    let mut duplex = started(&engine, false, UPGRADED.as_bytes(), |conn| {
        conn.send(&frame(1, "ready"))?;
        conn.expect(b"x")?;
        conn.expect_end()?;
        conn.send(&frame(1, "1\n"))
    });
    engine.close();
    assert_eq!(next_text(&mut duplex).1, "ready");
    let input = duplex.input();
    write!(input, "x").unwrap();
    input.close().unwrap();
    input.close().unwrap();
    let error = input.send(b"y").unwrap_err();
    assert!(matches!(error, Error::InvalidArgument { .. }), "{error}");
    assert_eq!(read_output(&mut duplex), ("1\n".into(), String::new()));
    engine.finish();
}

/// Two threads: with only one direction at a time, both sockets would fill up and block.
#[test]
fn both_directions_from_two_threads() {
    const LENGTH: u64 = 32 << 20;
    let engine = FakeEngine::unix();
    let duplex = started(&engine, true, UPGRADED.as_bytes(), Conn::echo);
    engine.drain();
    let (mut output, mut input) = duplex.split();
    let digest = within(LIMIT, move || {
        let writer = thread::spawn(move || {
            let mut pattern = Pattern::new(LENGTH);
            while !pattern.piece().is_empty() {
                input.send(pattern.piece()).unwrap();
                pattern.advance(pattern.piece().len());
            }
            input.close().unwrap();
        });
        let mut pattern = Pattern::new(LENGTH);
        let mut digest = Digest::new();
        while let Some((_, data)) = output.next_frame().unwrap() {
            pattern.check(data).unwrap();
            digest.update(data);
        }
        pattern.complete().unwrap();
        writer.join().unwrap();
        digest
    });
    assert!(digest == Digest::of(&Pattern::bytes(LENGTH as usize)));
    engine.finish();
}

#[test]
fn reports_error_inside_stream() {
    let engine = FakeEngine::unix();
    let output = [frame(1, "a"), frame(3, "cannot read: disk gone\n")].concat();
    let mut duplex = started(&engine, false, UPGRADED.as_bytes(), move |conn| conn.send(&output));
    engine.drain();
    assert_eq!(next_text(&mut duplex).1, "a");
    match duplex.output().next() {
        Some(Err(Error::Stream { operation: "ExecStart", message, .. })) => {
            assert_eq!(message, "cannot read: disk gone");
        }
        other => panic!("{other:?}"),
    }
    assert!(duplex.output().next().is_none());
    drop(duplex);
    engine.finish();
}

/// The request's `tty` differs from that of the exec instance.
#[test]
fn rejects_raw_output_without_tty() {
    let engine = FakeEngine::unix();
    let mut duplex =
        started(&engine, false, HIJACKED.as_bytes(), |conn| conn.send(b"/ # ls -l\r\n"));
    engine.drain();
    let error = duplex.output().next().unwrap().unwrap_err();
    assert!(matches!(error, Error::Protocol { .. }), "{error}");
    assert!(error.to_string().contains("terminal"), "{error}");
    drop(duplex);
    engine.finish();
}

// End of the stream.

#[test]
fn connection_reset_in_stream() {
    let engine = FakeEngine::tcp();
    let mut duplex = started(&engine, true, UPGRADED.as_bytes(), |conn| conn.send(b"a"));
    engine.reset();
    assert_eq!(next_text(&mut duplex).1, "a");
    let error = duplex.output().next().unwrap().unwrap_err();
    assert!(matches!(error, Error::Disconnected { operation: "ExecStart", .. }), "{error}");
    assert!(duplex.output().next().is_none());
    // Each write fails, and none raises SIGPIPE.
    for _ in 0..2 {
        let error = duplex.input().send(b"x").unwrap_err();
        assert!(matches!(error, Error::Disconnected { operation: "ExecStart", .. }), "{error}");
    }
    engine.finish();
}

/// The output ends alike if the command or the engine exits: finish distinguishes the two.
#[test]
fn finish_distinguishes_exit_from_lost_connection() {
    let engine = FakeEngine::unix();
    let execution = run_cat(&engine, &pinned(&engine, 41));
    engine.send(frame(1, "some")).abort();
    engine.accept().exchange("GET /v1.41/exec/e1/json", inspect_response(false, "3"));
    assert_eq!(execution.finish().unwrap(), 3);
    engine.finish();

    let engine = FakeEngine::unix();
    let execution = run_cat(&engine, &pinned(&engine, 41));
    engine.send(frame(1, "some")).abort();
    engine.finish();
    let error = execution.finish().unwrap_err();
    assert!(matches!(error, Error::Connect { operation: "ExecInspect", .. }), "{error}");

    let engine = FakeEngine::unix();
    let execution = run_cat(&engine, &pinned(&engine, 41));
    engine.send(frame(1, "some")).abort();
    let not_found = Response::error(404, "No such exec instance: e1");
    engine.accept().exchange("GET /v1.41/exec/e1/json", not_found);
    let error = execution.finish().unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error}");
    engine.finish();
}

#[test]
fn cancel_from_another_thread() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    let mut execution = run_cat(&engine, &docker);
    let cancel = execution.duplex().cancel_token();
    let gate = Gate::new();
    engine.send(frame(1, "a")).let_client_read().open(&gate).drain();
    within(LIMIT, move || {
        let reader = thread::spawn(move || {
            assert_eq!(next_text(execution.duplex()).1, "a");
            let error = execution.duplex().output().next().unwrap().unwrap_err();
            assert!(matches!(error, Error::Cancelled { operation: "ExecStart" }), "{error}");
            let error = execution.duplex().input().send(b"x").unwrap_err();
            assert!(matches!(error, Error::Cancelled { .. }), "{error}");
            // Returns without waiting for the command, which may never exit.
            let error = execution.finish().unwrap_err();
            assert!(matches!(error, Error::Cancelled { .. }), "{error}");
        });
        assert!(gate.wait(LIMIT));
        cancel.cancel();
        reader.join().unwrap();
    });
    engine.finish();
}

/// Writes until the engine stops reading, then cancels.
#[track_caller]
pub fn assert_cancel_ends_blocked_writer(duplex: Duplex) {
    let cancel = duplex.cancel_token();
    let (output, mut input) = duplex.split();
    within(LIMIT, move || {
        let (sent, blocks) = std::sync::mpsc::channel();
        let writer = thread::spawn(move || {
            loop {
                if let Err(error) = input.send(&[0; 4096]) {
                    return error;
                }
                sent.send(()).unwrap();
            }
        });
        // Without progress for this long, the writer blocks; cancelling too early does no harm.
        while blocks.recv_timeout(Duration::from_millis(100)).is_ok() {}
        cancel.cancel();
        let error = writer.join().unwrap();
        assert!(matches!(error, Error::Cancelled { operation: "ExecStart" }), "{error}");
        drop(output);
    });
}

#[test]
fn cancel_blocked_writer() {
    let engine = FakeEngine::unix();
    // Reads nothing before the gate opens.
    let gate = Gate::new();
    let held = gate.clone();
    let duplex = started(&engine, true, UPGRADED.as_bytes(), move |conn| conn.pass(&held));
    engine.drain();
    assert_cancel_ends_blocked_writer(duplex);
    gate.open();
    engine.finish();
}

#[test]
fn stream_timeout_is_off_by_default() {
    let engine = FakeEngine::unix();
    let wait = Duration::from_millis(30);
    // Longer than the read timeout, which does not apply to streams.
    let (held, gate) = (Gate::new(), Gate::new());
    engine.expect_request(start_request("e1")).send(UPGRADED).hold(&held).send(frame(1, "late"));
    engine.hold(&gate).drain();
    let timeouts = Timeouts { read: Some(wait), ..Timeouts::default() };
    let docker = pinned(&engine, 41).with_timeouts(timeouts);
    let mut duplex = docker.exec().start("e1", &Default::default()).unwrap();
    let opener = thread::spawn(move || {
        let start = Instant::now();
        eventually(LIMIT, "some time passes", || start.elapsed() > 3 * wait);
        held.open();
    });
    assert_eq!(next_text(&mut duplex).1, "late");
    opener.join().unwrap();
    drop(duplex);
    gate.open();
    engine.sync();

    let limited = FakeEngine::unix();
    // The head of the response must arrive within it, too.
    let wait = Duration::from_secs(2);
    limited.expect_request(start_request("e1")).send(UPGRADED).drain();
    let timeouts = Timeouts { stream: Some(wait), ..Timeouts::default() };
    let docker = pinned(&limited, 41).with_timeouts(timeouts);
    let mut duplex = docker.exec().start("e1", &Default::default()).unwrap();
    let error = duplex.output().next().unwrap().unwrap_err();
    assert!(matches!(error, Error::Timeout { after, .. } if after == wait), "{error}");
    drop(duplex);
    limited.finish();
    engine.finish();
}

// Run: create and start.

#[test]
fn run() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 42);
    let body = ContainerExecRequest {
        attach_stdin: true,
        tty: false,
        cmd: strings(["wc", "-c"]).into(),
        ..Default::default()
    };
    engine
        .exchange_for(
            with_json(
                "POST /v1.42/containers/web/exec",
                r#"{"AttachStdin":true,"AttachStdout":true,"AttachStderr":true,"Cmd":["wc","-c"]}"#,
            ),
            Response::json_status(201, r#"{"Id":"e1"}"#),
        )
        .exchange_for(
            Expected::new("POST /v1.42/exec/e1/start").header("upgrade", "tcp").body("{}"),
            Response::takeover(101, |conn| {
                conn.expect(b"x")?;
                conn.expect_end()?;
                conn.send(&[frame(1, "1"), frame(2, "warned"), frame(1, "\n")].concat())
            }),
        )
        .accept()
        .exchange("GET /v1.42/exec/e1/json", inspect_response(true, "null"))
        .exchange("GET /v1.42/exec/e1/json", inspect_response(false, "0"));
    let mut wc = docker.exec().run("web", &body).unwrap();
    assert_eq!(wc.id(), "e1");
    wc.duplex().input().send(b"x").unwrap();
    let output = wc.collect().unwrap();
    assert_eq!(output.exit_code, 0);
    assert_eq!((&*output.stdout, &*output.stderr), (&b"1\n"[..], &b"warned"[..]));
    engine.finish();
}

/// A half-close would end the output of a terminal, too.
#[test]
fn run_with_tty() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 42);
    let body = ContainerExecRequest {
        attach_stdin: true,
        console_size: Some([24, 80]),
        tty: true,
        cmd: strings(["sh"]).into(),
        ..Default::default()
    };
    let gate = Gate::new();
    let held = gate.clone();
    engine
        .exchange_for(
            with_json(
                "POST /v1.42/containers/web/exec",
                concat!(
                    r#"{"AttachStdin":true,"AttachStdout":true,"AttachStderr":true,"#,
                    r#""ConsoleSize":[24,80],"Tty":true,"Cmd":["sh"]}"#
                ),
            ),
            Response::json_status(201, r#"{"Id":"e1"}"#),
        )
        .expect_request(
            Expected::new("POST /v1.42/exec/e1/start")
                .header("upgrade", "tcp")
                .body(r#"{"Tty":true}"#),
        )
        .send(UPGRADED)
        .send("/ # ")
        .accept()
        .exchange("POST /v1.42/exec/e1/resize?h=50&w=132", Response::sized(200))
        .on(0)
        .hold(&held)
        .talk(|conn| {
            conn.send_apart(b"bye")?;
            match conn.unexpected()? {
                [] => conn.shutdown_write(),
                more => Err(format!("stray data: {more:?}").into()),
            }
        })
        .on(1)
        .exchange("GET /v1.42/exec/e1/json", inspect_response(false, "130"))
        .on(0)
        .expect_close();
    let mut shell = docker.exec().run("web", &body).unwrap();
    assert!(shell.duplex().is_terminal());
    assert_eq!(next_text(shell.duplex()).1, "/ # ");
    shell.resize(50, 132).unwrap();
    gate.open();
    let output = shell.collect().unwrap();
    assert_eq!((output.exit_code, &*output.stdout), (130, &b"bye"[..]));
    engine.finish();
}

/// A command that has closed its output and goes on running.
#[test]
fn finish_times_out() {
    let engine = Responder::unix(None, |request| match request.path() {
        "/v1.41/containers/web/exec" => Response::json_status(201, r#"{"Id":"e1"}"#),
        "/v1.41/exec/e1/start" => Response::takeover(101, Conn::shutdown_write),
        _ => inspect_response(true, "null"),
    });
    // Also the limit of each call, so long enough for a busy machine.
    let wait = Duration::from_secs(2);
    let timeouts = Timeouts { read: Some(wait), ..Timeouts::default() };
    let docker = speaking(&engine.host(), "1.41").with_timeouts(timeouts);
    let body = ContainerExecRequest { cmd: strings(["daemon"]).into(), ..Default::default() };
    match docker.exec().run("web", &body).unwrap().finish() {
        Err(Error::Timeout { operation: "ExecInspect", after, .. }) => assert_eq!(after, wait),
        other => panic!("{other:?}"),
    }
    engine.finish();
}

#[test]
fn run_reports_error_response_of_start() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine
        .exchange_for(
            Expected::new("POST /v1.41/containers/web/exec").any_body(),
            Response::json_status(201, r#"{"Id":"e1"}"#),
        )
        .exchange_for(start_request("e1"), Response::error(409, "container web is not running"));
    let body = ContainerExecRequest { cmd: strings(["true"]).into(), ..Default::default() };
    let error = docker.exec().run("web", &body).unwrap_err();
    assert!(matches!(error, Error::Conflict(_)), "{error}");
    engine.finish();
}

#[test]
fn thousand_execs_leak_no_descriptors() {
    in_own_process("exec::thousand_execs_leak_no_descriptors", LIMIT, || {
        let engine = Responder::unix(None, |request| match request.path() {
            "/v1.41/containers/web/exec" => Response::json_status(201, r#"{"Id":"e1"}"#),
            "/v1.41/exec/e1/start" => Response::takeover(101, |conn| {
                conn.send(&frame(1, "a"))?;
                conn.drain().map(drop)
            }),
            _ => inspect_response(false, "3"),
        });
        let docker = speaking(&engine.host(), "1.41");
        let body = ContainerExecRequest { cmd: strings(["cat"]).into(), ..Default::default() };
        let run = |number: u32| {
            let mut execution = docker.exec().run("web", &body).unwrap();
            assert_eq!(next_text(execution.duplex()).1, "a");
            match number % 3 {
                0 => drop(execution),
                1 => drop(execution.into_duplex().split()),
                _ => {
                    execution.duplex().cancel_token().cancel();
                    execution.finish().unwrap_err();
                }
            }
            assert_eq!(docker.exec().wait("e1", LIMIT).unwrap(), 3);
        };
        (0..6).for_each(run);
        let before = open_descriptors();
        (0..1000).for_each(run);
        // The engine runs in this process, too, and closes its side a moment later.
        eventually(LIMIT, "all descriptors are closed", || open_descriptors() <= before);
        engine.finish();
    });
}
