//! Tests of the shared test code, with plain std sockets as the client.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::*;

const PING: &str = "HEAD /_ping HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// A client socket that fails the test rather than hang.
fn connect(engine: &FakeEngine) -> UnixStream {
    connect_path(engine.path())
}

fn connect_path(path: &Path) -> UnixStream {
    let client = UnixStream::connect(path).unwrap();
    client.set_read_timeout(Some(PATIENCE)).unwrap();
    client.set_write_timeout(Some(PATIENCE)).unwrap();
    client
}

fn connect_tcp(host: &str) -> TcpStream {
    let client = TcpStream::connect(host.strip_prefix("tcp://").unwrap()).unwrap();
    client.set_read_timeout(Some(PATIENCE)).unwrap();
    client
}

/// What one read brings. A process that was stopped for a while has reads with a timeout interrupted.
fn read_once(client: &mut impl Read, room: &mut [u8]) -> io::Result<usize> {
    loop {
        match client.read(room) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// What is to read until the engine ends the connection.
fn rest(mut client: impl Read) -> String {
    let mut bytes = Vec::new();
    client.read_to_end(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// An answer up to the empty line.
fn read_head(client: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte).unwrap();
        bytes.push(byte[0]);
    }
    String::from_utf8(bytes).unwrap()
}

fn read_exactly(client: &mut impl Read, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    client.read_exact(&mut bytes).unwrap();
    bytes
}

/// The message with which `body` panics.
fn panic_of(body: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(body)).expect_err("this should panic");
    let text = panic.downcast_ref::<String>().cloned();
    text.unwrap_or_else(|| panic.downcast_ref::<&str>().unwrap().to_string())
}

#[track_caller]
fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in:\n{text}");
    }
}

// The script.

#[test]
fn a_script_over_unix() {
    let engine = FakeEngine::unix();
    assert_eq!(engine.host(), format!("unix://{}", engine.path().display()));
    engine
        .expect(head(["GET /a HTTP/1.1", "user-agent: dockline/VERSION"]))
        .send("HTTP/1.1 204 No Content\r\n\r\n")
        .expect("second")
        .send("bye")
        .close();
    let mut client = connect(&engine);
    let agent = format!("user-agent: dockline/{}\r\n\r\n", env!("CARGO_PKG_VERSION"));
    write!(client, "GET /a HTTP/1.1\r\n{agent}").unwrap();
    assert_eq!(read_head(&mut client), "HTTP/1.1 204 No Content\r\n\r\n");
    client.write_all(b"second").unwrap();
    assert_eq!(rest(client), "bye");
    engine.finish();
}

#[test]
fn a_script_over_tcp() {
    let engine = FakeEngine::tcp();
    assert_eq!(engine.host(), format!("tcp://127.0.0.1:{}", engine.port()));
    engine.expect("hello").send_split("world", 2).send_bytewise("!!").close();
    let mut client = connect_tcp(&engine.host());
    client.write_all(b"hello").unwrap();
    assert_eq!(rest(client), "world!!");
    engine.finish();
}

#[test]
fn wrong_bytes_are_shown() {
    let engine = FakeEngine::unix();
    engine.expect(PING).send("never");
    let mut client = connect(&engine);
    client.write_all(b"HEAD /_pong HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    assert_eq!(rest(client), "", "the engine ends the connection when the script fails");
    let message = panic_of(|| drop(engine.finish()));
    assert_has(
        &message,
        &[
            "step 1 of 2 failed: expect at tests/wire/support_selftest.rs:",
            "on connection 0",
            "first difference at byte 8: expected 'i', got 'o'\n",
            "expected (41 bytes):\n  | HEAD /_ping HTTP/1.1\\r\\n\n            ^\n",
            "got (41 bytes):\n  | HEAD /_pong HTTP/1.1\\r\\n\n            ^\n",
        ],
    );
}

#[test]
fn missing_bytes_are_shown() {
    let engine = FakeEngine::unix();
    engine.expect(PING);
    let mut client = connect(&engine);
    client.write_all(&PING.as_bytes()[..25]).unwrap();
    drop(client);
    let message = panic_of(|| drop(engine.finish()));
    assert_has(&message, &["the client ended the connection", "expected 't', got the end"]);
}

#[test]
fn a_silent_client_is_given_up() {
    let engine = FakeEngine::unix();
    let _client = connect(&engine);
    engine.patience(Duration::from_millis(50)).expect(PING);
    let message = panic_of(|| drop(engine.finish()));
    assert_has(&message, &["nothing came within 50ms", "got (0 bytes)"]);
}

#[test]
fn a_client_that_never_comes() {
    let engine = FakeEngine::unix();
    engine.patience(Duration::from_millis(50)).ping("1.41").send("more");
    let message = panic_of(|| drop(engine.finish()));
    assert_has(&message, &["step 2 of 3 failed: exchange", "no connection came within 50ms"]);
}

#[test]
fn dropping_an_engine_tells_too() {
    let engine = FakeEngine::unix();
    engine.expect("a");
    let mut client = connect(&engine);
    client.write_all(b"b").unwrap();
    assert_has(&panic_of(|| drop(engine)), &["expected 'a', got 'b'"]);
}

#[test]
fn sync_tells_too() {
    let engine = FakeEngine::unix();
    engine.expect("a");
    let mut client = connect(&engine);
    client.write_all(b"b").unwrap();
    assert_has(&panic_of(|| engine.sync()), &["expected 'a', got 'b'"]);
}

#[test]
fn a_panicking_test_does_not_wait_for_the_script() {
    let begin = Instant::now();
    let message = panic_of(|| {
        let engine = FakeEngine::unix();
        let _client = connect(&engine);
        engine.expect("never sent").hold(&Gate::new());
        panic!("the test's own");
    });
    assert_eq!(message, "the test's own");
    assert!(begin.elapsed() < PATIENCE / 2);
}

#[test]
fn more_than_the_script_says_is_a_failure() {
    let engine = FakeEngine::unix();
    engine.expect("one");
    let mut client = connect(&engine);
    client.write_all(b"one two").unwrap();
    assert_has(
        &panic_of(|| drop(engine.finish())),
        &["after the 1 steps of the script: the client sent more: \" two\""],
    );

    let engine = FakeEngine::unix();
    engine.expect("one").close();
    let mut client = connect(&engine);
    client.write_all(b"one two").unwrap();
    assert_has(&panic_of(|| drop(engine.finish())), &["the client sent more: \" two\""]);

    let engine = FakeEngine::tcp();
    let mut client = connect_tcp(&engine.host());
    client.write_all(b"hello").unwrap();
    assert_has(
        &panic_of(|| drop(engine.finish())),
        &["opened a connection that was not expected, and sent \"hello\""],
    );
}

#[test]
fn a_connection_in_place_of_reuse_is_named() {
    let engine = FakeEngine::unix();
    let mut first = connect(&engine);
    first.write_all(b"one").unwrap();
    let mut second = connect(&engine);
    second.write_all(b"two").unwrap();
    engine.expect("one").patience(Duration::from_millis(50)).expect("two");
    let message = panic_of(|| drop(engine.finish()));
    assert_has(&message, &["on connection 0", "was not expected, and sent \"two\""]);
}

#[test]
fn a_client_that_waits_for_more_than_the_script_has() {
    // For an answer.
    let engine = FakeEngine::unix();
    let mut client = connect(&engine);
    client.write_all(b"one").unwrap();
    engine.expect("one").idle_limit(Duration::from_millis(30));
    assert_eq!(rest(client), "");
    assert_has(
        &panic_of(|| drop(engine.finish())),
        &["no step came after the 2 so far", "does the client wait for an answer?"],
    );

    // For a connection.
    let engine = FakeEngine::unix();
    let mut client = connect(&engine);
    client.write_all(b"one").unwrap();
    engine.idle_limit(Duration::from_millis(30));
    let _ = read_once(&mut client, &mut [0]);
    assert_has(
        &panic_of(|| drop(engine.finish())),
        &["no step came after the 1 so far", "was not expected, and sent \"one\""],
    );

    // For a second answer.
    let engine = FakeEngine::unix();
    let mut client = connect(&engine);
    client.write_all(b"one two").unwrap();
    engine.expect("one").idle_limit(Duration::from_millis(30));
    let _ = read_once(&mut client, &mut [0]);
    assert_has(&panic_of(|| drop(engine.finish())), &["the client sent more: \" two\""]);
}

#[test]
fn several_connections() {
    let engine = FakeEngine::unix();
    engine.expect("a").accept().expect("b").on(0).send("to a").close().on(1).send("to b").close();
    let mut a = connect(&engine);
    a.write_all(b"a").unwrap();
    let mut b = connect(&engine);
    b.write_all(b"b").unwrap();
    assert_eq!(rest(a), "to a");
    assert_eq!(rest(b), "to b");
    engine.expect("c").close();
    let mut c = connect(&engine);
    c.write_all(b"c").unwrap();
    assert_eq!(rest(c), "");
    engine.on(1);
    assert_has(&panic_of(|| drop(engine.finish())), &["connection 1 is not open"]);
}

#[test]
fn split_at_every_byte() {
    let answer = Response::json("{}").to_bytes();
    for at in 0..=answer.len() {
        let engine = FakeEngine::unix();
        engine.send_split(&answer, at).close();
        let mut client = connect(&engine);
        // The second part is not sent before the first was read.
        let mut room = vec![0; answer.len() + 1];
        let first = read_once(&mut client, &mut room).unwrap();
        assert_eq!(first, if at == 0 { answer.len() } else { at });
        assert_eq!(rest(client).as_bytes(), &answer[first..]);
        engine.finish();
    }
}

#[test]
fn byte_by_byte() {
    let engine = FakeEngine::unix();
    engine.send_bytewise("four").close();
    let mut client = connect(&engine);
    for expected in b"four" {
        let mut room = [0; 10];
        assert_eq!(read_once(&mut client, &mut room).unwrap(), 1);
        assert_eq!(room[0], *expected);
    }
    assert_eq!(rest(client), "");
    engine.finish();
}

#[test]
fn much_at_full_speed() {
    const LENGTH: u64 = 100_000_000;
    let engine = FakeEngine::unix();
    engine.send_pattern(LENGTH).close();
    let mut client = connect(&engine);
    let mut pattern = Pattern::new(LENGTH);
    let mut room = vec![0; 1 << 16];
    loop {
        match read_once(&mut client, &mut room).unwrap() {
            0 => break,
            count => pattern.check(&room[..count]).unwrap(),
        }
    }
    pattern.complete().unwrap();
    engine.finish();
}

#[test]
fn ends_of_connections() {
    // Seen by both sides, in all ways there are.
    let engine = FakeEngine::unix();
    engine.expect_close();
    drop(connect(&engine));
    engine.expect_end().send("answer").close();
    let client = connect(&engine);
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(rest(client), "answer");
    engine.shutdown_write().expect("still heard").expect_close();
    let mut client = connect(&engine);
    assert_eq!(read_once(&mut client, &mut [0]).unwrap(), 0);
    client.write_all(b"still heard").unwrap();
    drop(client);
    engine.drain();
    let mut client = connect(&engine);
    client.write_all(&vec![0; 1 << 20]).unwrap();
    drop(client);
    engine.abort();
    assert_eq!(rest(connect(&engine)), "");
    engine.expect_close();
    let mut client = connect(&engine);
    client.write_all(b"not silent").unwrap();
    assert_has(&panic_of(|| drop(engine.finish())), &["got (10 bytes)", "not silent"]);
}

#[test]
fn reset() {
    let engine = FakeEngine::tcp();
    engine.reset();
    let error = read_once(&mut connect_tcp(&engine.host()), &mut [0]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    engine.finish();

    let engine = FakeEngine::unix();
    let gate = Gate::new();
    engine.accept().hold(&gate).reset();
    let mut client = connect(&engine);
    client.write_all(b"unread").unwrap();
    gate.open();
    assert_eq!(read_once(&mut client, &mut [0]).unwrap_err().kind(), ErrorKind::ConnectionReset);
    engine.finish();
}

#[test]
fn sending_until_closed() {
    let engine = FakeEngine::unix();
    engine.send_until_closed("again and ");
    let mut client = connect(&engine);
    assert_eq!(read_exactly(&mut client, 15), b"again and again");
    drop(client);
    engine.finish();

    let engine = FakeEngine::unix();
    engine.send(vec![0; 10_000_000]);
    drop(connect(&engine));
    assert_has(
        &panic_of(|| drop(engine.finish())),
        &["step 1 of 1 failed: send", "the client closed the connection"],
    );

    let engine = FakeEngine::unix();
    let _client = connect(&engine);
    engine.patience(Duration::from_millis(50)).send(vec![0; 10_000_000]);
    assert_has(&panic_of(|| drop(engine.finish())), &["the client read nothing for 50ms, after"]);
}

/// The error of connecting without waiting.
fn connect_errno(path: &Path) -> i32 {
    use std::os::unix::ffi::OsStrExt;
    let mut name: libc::sockaddr_un = unsafe { std::mem::zeroed() };
    name.sun_family = libc::AF_UNIX as libc::sa_family_t;
    for (to, from) in name.sun_path.iter_mut().zip(path.as_os_str().as_bytes()) {
        *to = *from as libc::c_char;
    }
    let size = size_of_val(&name) as libc::socklen_t;
    let kind = libc::SOCK_STREAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
    let socket = unsafe { libc::socket(libc::AF_UNIX, kind, 0) };
    let socket = unsafe { OwnedFd::from_raw_fd(socket) };
    let result = unsafe { libc::connect(socket.as_raw_fd(), (&raw const name).cast(), size) };
    assert_eq!(result, -1);
    io::Error::last_os_error().raw_os_error().unwrap()
}

#[test]
fn a_full_backlog() {
    // Unix: connect would block.
    let engine = FakeEngine::unix();
    engine.fill_backlog();
    assert_eq!(connect_errno(engine.path()), libc::EAGAIN);
    engine.finish();

    // TCP: the knocking goes unanswered.
    let engine = FakeEngine::tcp();
    engine.fill_backlog();
    let address = ([127, 0, 0, 1], engine.port()).into();
    let error = TcpStream::connect_timeout(&address, Duration::from_millis(100)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    engine.finish();
}

#[test]
fn the_test_sets_the_pace() {
    let engine = FakeEngine::unix();
    let (reached, go) = (Gate::new(), Gate::new());
    engine.expect("a").send("1").open(&reached).hold(&go).send("2").close();
    let mut client = connect(&engine);
    client.write_all(b"a").unwrap();
    assert!(reached.wait(PATIENCE));
    assert_eq!(read_exactly(&mut client, 1), b"1");
    client.set_nonblocking(true).unwrap();
    assert_eq!(read_once(&mut client, &mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
    client.set_nonblocking(false).unwrap();
    go.open();
    engine.sync();
    assert_eq!(rest(client), "2");
    engine.finish();

    let engine = FakeEngine::unix();
    engine.patience(Duration::from_millis(50)).hold(&Gate::new());
    assert_has(&panic_of(|| drop(engine.finish())), &["the gate was not opened in time"]);
}

#[test]
fn pings() {
    fn ask(client: &mut UnixStream, method: &str) -> String {
        write!(client, "{method} /_ping HTTP/1.1\r\n\r\n").unwrap();
        let head = read_head(client);
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
        let length = if method == "HEAD" { 0 } else { length.parse().unwrap() };
        head + std::str::from_utf8(&read_exactly(client, length)).unwrap()
    }
    let engine = FakeEngine::unix();
    let mut client = connect(&engine);
    engine.ping("1.41");
    let answer = ask(&mut client, "HEAD");
    assert_has(&answer, &["HTTP/1.1 200 OK\r\n", "\r\nApi-Version: 1.41\r\n"]);
    assert!(answer.ends_with("\r\n\r\n"));
    engine.ping_unversioned();
    assert!(!ask(&mut client, "HEAD").contains("Api-Version"));
    engine.ping_head_refused(405, "1.24");
    assert_has(&ask(&mut client, "HEAD"), &["HTTP/1.1 405 Method Not Allowed\r\n"]);
    let answer = ask(&mut client, "GET");
    assert_has(&answer, &["Api-Version: 1.24"]);
    assert!(answer.ends_with("\r\n\r\nOK"));
    engine.ping_text_error(400, "too old");
    assert!(ask(&mut client, "HEAD").ends_with("\r\n\r\n"));
    assert!(ask(&mut client, "GET").ends_with("\r\n\r\ntoo old"));
    assert_eq!(engine.finish().len(), 6);
}

// Requests by their parts.

/// What the engine says to this request when it expects that; empty if it is content.
fn judge(expected: Expected, request: impl AsRef<[u8]>) -> String {
    let engine = FakeEngine::unix();
    engine.expect_request(expected).send("ok").close();
    let mut client = connect(&engine);
    // A script that failed closes with bytes unread or unsent: an error of the client is no matter.
    let mut answer = String::new();
    let _ = client
        .write_all(request.as_ref())
        .and_then(|()| client.shutdown(Shutdown::Write))
        .and_then(|()| client.read_to_string(&mut answer));
    match answer.as_str() {
        "ok" => {
            assert_eq!(engine.finish().len(), 1);
            String::new()
        }
        _ => panic_of(|| drop(engine.finish())),
    }
}

#[test]
fn requests_by_parts() {
    let request = "POST /x?a=1 HTTP/1.1\r\nHost: h\r\nX-Registry-Auth: e30\r\n\r\n";
    let expected = || Expected::new("POST /x?a=1");
    assert_eq!(judge(expected(), request), "");
    let exact = expected().header("host", "h").header("x-registry-auth", "e30");
    assert_eq!(judge(exact.without("content-type").no_others().not_chunked(), request), "");
    let cases = [
        (Expected::new("POST /x?a=2"), "the request line: first difference at byte 10"),
        (Expected::new("GET /x?a=1"), "expected 'G', got 'P'"),
        (expected().header("host", "g"), "header host: first difference at byte 0"),
        (expected().header("accept", "g"), "header accept is missing"),
        (expected().without("x-registry-AUTH"), "header x-registry-AUTH should not be sent"),
        (expected().header("host", "h").no_others(), "header X-Registry-Auth should not be sent"),
        (expected().chunked(), "the body should come chunked"),
        (expected().body("b"), "the body of POST /x?a=1: first difference at byte 0"),
    ];
    for (expected, why) in cases {
        assert_has(&judge(expected, request), &[why]);
    }
}

#[test]
fn bodies() {
    let sized = |body: &str| {
        let length = body.len();
        format!("POST / HTTP/1.1\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
    };
    let in_chunks = |chunks: &[&[u8]]| {
        let mut bytes = b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
        bytes.extend(chunked(chunks));
        bytes
    };
    let expected = || Expected::new("POST /");
    assert_eq!(judge(expected().body("abc").not_chunked(), sized("abc")), "");
    assert_eq!(judge(expected().body("abc").chunked(), in_chunks(&[b"a", b"bc"])), "");
    assert_eq!(judge(expected().json(r#"{"a":1,"b":[]}"#), sized(r#"{ "b":[], "a":1 }"#)), "");
    assert_eq!(judge(expected().any_body(), in_chunks(&[b"whatever"])), "");
    let long = Pattern::bytes(300_000);
    let pieces: Vec<&[u8]> = long.chunks(70_001).collect();
    assert_eq!(judge(expected().pattern(300_000), in_chunks(&pieces)), "");
    let digest = Digest::of(&long);
    assert_eq!(judge(expected().digest(300_000, digest), in_chunks(&pieces)), "");

    assert_has(&judge(expected(), sized("abc")), &["expected the end, got 'a'"]);
    assert_has(&judge(expected().json("{}"), sized("[1]")), &["expected '{', got '['"]);
    assert_has(&judge(expected().json("{}"), sized("nonsense")), &["in \"nonsense\""]);
    assert_has(&judge(expected().pattern(300_001), in_chunks(&pieces)), &["expected 300001"]);
    assert_has(&judge(expected().pattern(299_999), in_chunks(&pieces)), &["1 bytes more"]);
    let mut wrong = long.clone();
    wrong[200_000] ^= 1;
    assert_has(
        &judge(expected().pattern(300_000), in_chunks(&[&wrong])),
        &["wrong content after byte"],
    );
    let rule = expected().digest(300_000, digest);
    assert_has(&judge(rule, in_chunks(&[&wrong])), &["the digest differs"]);
    let rule = expected().digest(1, digest);
    assert_has(&judge(rule, in_chunks(&pieces)), &["300000 bytes, expected 1"]);

    // What is no HTTP.
    let chunked_head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n";
    let cases = [
        ("POST /\r\n\r\n".to_string(), "no request line"),
        ("POST / HTTP/1.1\r\nbad header\r\n\r\n".to_string(), "no header: \"bad header\""),
        (format!("{chunked_head}Content-Length: 1\r\n\r\na"), "contradictory framing"),
        (format!("{chunked_head}\r\nxyz\r\n"), "no chunk size: \"xyz\""),
        (format!("{chunked_head}\r\n1\r\nab\r\n"), "\"b\" where a chunk should end"),
        (format!("{chunked_head}\r\n5\r\nab"), "the connection ended inside a body"),
        (format!("{chunked_head}\r\n1\r\na"), "the connection ended inside a chunked body"),
        ("POST / HTTP/1.1\r\nhos".to_string(), "the connection ended inside a head"),
        (String::new(), "the client ended the connection; expected POST /"),
    ];
    for (request, why) in cases {
        assert_has(&judge(expected().any_body(), request), &[why]);
    }
}

#[test]
fn recorded_requests() {
    let engine = FakeEngine::unix();
    engine.exchange_for(Expected::new("GET /x?a=1%2B+2&b&a=3").body("hi"), Response::json("[]"));
    let mut client = connect(&engine);
    let request = "GET /x?a=1%2B+2&b&a=3 HTTP/1.1\r\nContent-Length: 2\r\nHost: h\r\n\r\nhi";
    client.write_all(request.as_bytes()).unwrap();
    engine.sync();
    let requests = engine.requests();
    assert_eq!(requests[0].path(), "/x");
    assert_eq!(requests[0].query("a").unwrap(), "1+ 2");
    assert_eq!(requests[0].query_all("a"), ["1+ 2", "3"]);
    assert_eq!(requests[0].query("b").unwrap(), "");
    assert_eq!(requests[0].query("c"), None);
    assert_eq!(requests[0].header("host"), Some("h"));
    assert_eq!(requests[0].text(), "hi");
    assert_eq!(requests[0].body_length, 2);
    assert_eq!([&requests[0].head[..], b"hi"].concat(), request.as_bytes());
    engine.finish();
}

// Answers.

#[test]
fn answers_as_bytes() {
    let text = |response: &Response| String::from_utf8(response.to_bytes()).unwrap();
    assert_eq!(
        text(&Response::error(404, "No such \"x\"")),
        "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 28\r\n\r\n\
         {\"message\":\"No such \\\"x\\\"\"}\n"
    );
    assert_eq!(text(&Response::empty(304)), "HTTP/1.1 304 Not Modified\r\n\r\n");
    let chunks = Response::chunked(200).then("0123456789abcdef").then("b");
    assert_eq!(
        text(&chunks),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
         10\r\n0123456789abcdef\r\n1\r\nb\r\n0\r\n\r\n"
    );
    assert!(text(&chunks.cut()).ends_with("1\r\nb\r\n"));
    assert_eq!(
        text(&Response::until_close(200).then("x")),
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nx"
    );
    assert_has(&text(&Response::sized(200).then("x").cut()), &["Content-Length: 2\r\n\r\nx"]);
}

#[test]
fn answers_as_sent() {
    let engine = FakeEngine::unix();
    let mut client = connect(&engine);
    let plain = Response::json("[1]").to_bytes();
    engine.reply(Response::json("[1]"));
    assert_eq!(read_exactly(&mut client, plain.len()), plain);
    let whole = |pattern: &[u8]| {
        let mut bytes = Response::sized(200).then(pattern).to_bytes();
        bytes.extend_from_slice(pattern);
        bytes
    };
    let pattern = Pattern::bytes(70_000);
    engine.reply(Response::sized(200).pattern(70_000));
    let expected = &whole(&pattern)[..whole(&pattern).len() - pattern.len()];
    assert_eq!(read_exactly(&mut client, expected.len()), expected);
    engine.reply(Response::chunked(200).repeat(b"ab".to_vec(), 2).then("c"));
    let expected = Response::chunked(200).then("ab").then("ab").then("c").to_bytes();
    assert_eq!(read_exactly(&mut client, expected.len()), expected);
    let (sent, go) = (Gate::new(), Gate::new());
    engine.reply(Response::until_close(200).then("a").open(&sent).hold(&go).then("b"));
    assert_has(&read_head(&mut client), &["Connection: close"]);
    assert!(sent.wait(PATIENCE));
    assert_eq!(read_exactly(&mut client, 1), b"a");
    go.open();
    assert_eq!(rest(client), "b");
    engine.reply(Response::takeover(101, |conn| conn.echo()));
    let mut client = connect(&engine);
    assert_eq!(read_head(&mut client), "HTTP/1.1 101 UPGRADED\r\n\r\n");
    client.write_all(b"as cat does").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(rest(client), "as cat does");
    engine.finish();
}

#[test]
fn frames_and_lines() {
    assert_eq!(frame(2, "hi"), b"\x02\0\0\0\0\0\0\x02hi");
    assert_eq!(frame(1, vec![0; 0x01_02_03])[..8], [1, 0, 0, 0, 0, 1, 2, 3]);
    assert_eq!(json_lines(["{}", "[]"]), b"4\r\n{}\r\n\r\n4\r\n[]\r\n\r\n0\r\n\r\n");
}

#[test]
fn differences() {
    assert_eq!(difference(b"same", b"same"), None);
    let lines: String = (0..100).map(|n| format!("line {n}\n")).collect();
    let text = difference(lines.as_bytes(), lines.replace("line 50\n", "line 5O\n").as_bytes());
    let text = text.unwrap();
    let first = "  … 44 rows before\n  | line 44\\n\n";
    assert_has(&text, &[first, "  | line 5O\\n\n          ^\n", "… 43 rows after"]);
    assert_eq!(text.lines().count(), 1 + 2 * (1 + 1 + 13 + 1 + 1));
    // The caret stands under the byte, however wide those before it are written.
    let text = difference(b"\0\r'\"ab", b"\0\r'\"ac").unwrap();
    assert_has(&text, &["  | \\x00\\r'\"ac\n             ^\n"]);
    let rows = difference(&Pattern::bytes(10_000), &[0; 10_000]).unwrap();
    assert!(rows.lines().all(|row| row.len() < 110), "{rows}");
    assert_has(&difference(b"", b"x").unwrap(), &["expected the end, got 'x'", "  | \n    ^\n"]);
}

#[test]
fn the_pattern_is_the_same_for_both() {
    let bytes = Pattern::bytes(200_000);
    assert_eq!(bytes.len(), 200_000);
    assert_ne!(bytes[..65_536], bytes[65_536..131_072], "a lost block of 64 KiB would not show");
    let mut pattern = Pattern::new(200_000);
    for piece in bytes.chunks(1001) {
        pattern.check(piece).unwrap();
    }
    pattern.complete().unwrap();
    assert_ne!(Digest::of(&bytes), Digest::of(&bytes[1..]));
}

// The responder.

#[test]
fn a_responder_serves_many_threads() {
    let engine = Responder::unix("1.41", |request| match request.path() {
        "/v1.41/gone" => Response::error(404, "gone"),
        path => Response::json(format!("\"{path}\"")),
    });
    thread::scope(|scope| {
        for thread in 0..8 {
            let path = engine.path();
            scope.spawn(move || {
                let mut client = connect_path(path);
                for call in 0..20 {
                    let target = format!("/v1.41/{thread}/{call}");
                    write!(client, "POST {target} HTTP/1.1\r\ncontent-length: 2\r\n\r\nhi")
                        .unwrap();
                    let expected = Response::json(format!("\"{target}\"")).to_bytes();
                    assert_eq!(read_exactly(&mut client, expected.len()), expected);
                }
            });
        }
    });
    engine.wait_requests(160);
    assert_eq!(engine.connections(), 8);
    let mut client = connect_path(engine.path());
    write!(client, "HEAD /_ping HTTP/1.1\r\n\r\n").unwrap();
    assert_has(&read_head(&mut client), &["Api-Version: 1.41"]);
    let requests = engine.finish();
    assert_eq!(requests.len(), 161);
    assert!(requests[..160].iter().all(|request| request.text() == "hi"));
    for connection in 0..8 {
        let own = requests.iter().filter(|request| request.connection == connection);
        assert_eq!(own.count(), 20);
    }
}

#[test]
fn a_responder_tells_what_failed() {
    let engine = Responder::tcp(None, |_| panic!("no answer to {}", 42));
    let mut client = connect_tcp(&engine.host());
    write!(client, "GET /x HTTP/1.1\r\n\r\n").unwrap();
    assert_eq!(rest(client), "");
    assert_has(
        &panic_of(|| drop(engine.finish())),
        &["connection 0: answering GET /x: no answer to 42"],
    );

    let engine = Responder::unix(None, |_| Response::empty(204));
    let mut client = connect_path(engine.path());
    write!(client, "what?\r\n\r\n").unwrap();
    assert_eq!(rest(client), "");
    assert_has(&panic_of(|| drop(engine)), &["no request line in \"what?\\r\\n\\r\\n\""]);
}

#[test]
fn a_responder_ends_with_idle_and_waiting_clients() {
    let begin = Instant::now();
    let never = Gate::new();
    let engine = Responder::unix("1.41", {
        let never = never.clone();
        move |_| Response::chunked(200).hold(&never)
    });
    let _idle = connect_path(engine.path());
    let mut waiting = connect_path(engine.path());
    write!(waiting, "GET /events HTTP/1.1\r\n\r\n").unwrap();
    engine.wait_requests(1);
    read_head(&mut waiting);
    engine.finish();
    assert!(begin.elapsed() < PATIENCE / 2);
}

#[test]
fn a_log_hose() {
    let engine = log_hose(10_000, 100);
    let mut client = connect_path(engine.path());
    write!(client, "GET /v1.41/containers/a/logs HTTP/1.1\r\n\r\n").unwrap();
    assert_has(&read_head(&mut client), &["Transfer-Encoding: chunked"]);
    let mut body = Vec::new();
    loop {
        let line = read_line(&mut client);
        let size = usize::from_str_radix(&line, 16).unwrap();
        body.extend(read_exactly(&mut client, size));
        assert_eq!(read_line(&mut client), "");
        if size == 0 {
            break;
        }
    }
    let one = frame(1, [b'x'; 100]);
    assert_eq!(body.len(), 10_000 * one.len());
    assert!(body.chunks(one.len()).all(|got| got == one));
    engine.finish();
}

fn read_line(client: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n") {
        bytes.extend(read_exactly(client, 1));
    }
    String::from_utf8(bytes).unwrap().trim_end().to_string()
}

#[test]
fn an_upload_sink() {
    const LENGTH: u64 = 200_000_000;
    let engine = upload_sink("{}");
    let mut client = connect_path(engine.path());
    write!(client, "POST /load HTTP/1.1\r\ncontent-length: {LENGTH}\r\n\r\n").unwrap();
    assert_eq!(io::copy(&mut Pattern::new(LENGTH), &mut client).unwrap(), LENGTH);
    assert!(read_head(&mut client).starts_with("HTTP/1.1 200 OK"));
    let requests = engine.finish();
    assert_eq!(requests[0].body_length, LENGTH);
    assert_eq!(requests[0].body, Pattern::bytes(1 << 20));
}

// Processes, time, and what is left behind.

#[test]
fn nothing_stays_behind() {
    in_own_process("support_selftest::nothing_stays_behind", Duration::from_secs(60), || {
        drop(panic_of(|| panic!("so that what a first panic opens is open")));
        let (descriptors_before, threads_before) = (open_descriptors(), threads());
        let mut folders = Vec::new();
        for round in 0..3 {
            let engine = FakeEngine::unix();
            folders.push(engine.path().parent().unwrap().to_path_buf());
            engine.expect(PING).send("x");
            let mut client = connect(&engine);
            client.write_all(PING.as_bytes()).unwrap();
            engine.sync();
            if round > 0 {
                // Ends in a failed step, or in the test's own panic.
                engine.expect("more");
                client.shutdown(Shutdown::Write).unwrap();
                panic_of(|| {
                    let engine = engine;
                    if round == 2 {
                        panic!("the test's own");
                    }
                    drop(engine);
                });
            } else {
                engine.finish();
            }
            let engine = Responder::unix("1.41", |_| Response::json("[]"));
            folders.push(engine.path().parent().unwrap().to_path_buf());
            let mut client = connect_path(engine.path());
            client.write_all(PING.as_bytes()).unwrap();
            read_head(&mut client);
            engine.finish();
            let engine = FakeEngine::tcp();
            engine.fill_backlog();
        }
        assert_eq!(open_descriptors(), descriptors_before);
        eventually(PATIENCE, "all threads ended", || threads() == threads_before);
        assert!(folders.iter().all(|folder| !folder.exists()));
    });
}

#[test]
fn own_process_must_be_a_test() {
    let message = panic_of(|| in_own_process("no_such_test", PATIENCE, || unreachable!()));
    assert_has(&message, &["no test is called no_such_test"]);
}

#[test]
fn watchdog() {
    assert_eq!(within(PATIENCE, || 42), 42);
    assert_eq!(panic_of(|| within(PATIENCE, || panic!("inside"))), "inside");
    let gate = Gate::new();
    let hang = {
        let gate = gate.clone();
        move || assert!(gate.wait(PATIENCE))
    };
    let message = panic_of(|| within(Duration::from_millis(20), hang));
    assert_eq!(message, "still not done after 20ms");
    eventually(PATIENCE, "never", || true);
    let message = panic_of(|| eventually(Duration::from_millis(2), "more", || false));
    assert_eq!(message, "after 2ms still not: more");
    gate.open();
}

#[test]
fn memory() {
    in_own_process("support_selftest::memory", Duration::from_secs(60), || {
        let before = Memory::own();
        assert!(before.resident <= before.peak);
        let block = vec![1_u8; 50_000_000];
        assert!(Memory::own().resident >= before.resident + 45_000_000);
        drop(block);
        assert!(Memory::own().peak >= before.peak + 45_000_000);
        assert!(Memory::own().resident < before.resident + 20_000_000);
    });
}

#[test]
fn children() {
    let output = run(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"]), PATIENCE);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!((output.stdout.as_str(), output.stderr.as_str()), ("out\n", "err\n"));
    assert_has(&panic_of(|| drop(output.success())), &["sh: exit status: 3", "out\n", "err\n"]);
    assert_eq!(run(Command::new("echo").arg("hi"), PATIENCE).success(), "hi\n");
    let slow = panic_of(|| drop(run(Command::new("sleep").arg("60"), Duration::from_millis(20))));
    assert_has(&slow, &["sleep runs for more than 20ms"]);

    let mut cat = Process::interactive(&mut Command::new("cat"));
    cat.write("one\n");
    cat.wait_stdout("one", PATIENCE);
    assert!(cat.memory().peak > 0);
    drop(cat.close_stdin());
    assert_eq!(cat.wait(PATIENCE).success(), "one\n");
    let mut ended = Process::spawn(&mut Command::new("true"));
    assert_has(&panic_of(|| ended.wait_stdout("x", PATIENCE)), &["did not write \"x\"", "exit"]);
    let sleeper = Process::spawn(Command::new("sleep").arg("60"));
    sleeper.signal(libc::SIGTERM);
    assert!(!sleeper.wait(PATIENCE).status.success());

    let sleeper = Process::spawn(Command::new("sleep").arg("60"));
    let proc = format!("/proc/{}", sleeper.pid());
    assert!(Path::new(&proc).exists());
    drop(sleeper);
    assert!(!Path::new(&proc).exists());
}

#[test]
fn folders() {
    let folder = TempDir::new();
    let path = folder.path().to_path_buf();
    let file = folder.write("a/b.txt", "text");
    assert_eq!(file, path.join("a/b.txt"));
    assert_eq!(std::fs::read_to_string(file).unwrap(), "text");
    assert_ne!(TempDir::new().path(), path);
    drop(folder);
    assert!(!path.exists());
}
