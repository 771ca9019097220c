//! The scripted engine.

use std::io::{self, ErrorKind, Write};
use std::net::{Shutdown, TcpStream};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use super::*;

#[test]
fn script_over_unix() {
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
    assert_eq!(read_to_close(client), "bye");
    engine.finish();
}

#[test]
fn script_over_tcp() {
    let engine = FakeEngine::tcp();
    assert_eq!(engine.host(), format!("tcp://127.0.0.1:{}", engine.port()));
    engine.expect("hello").send_split("world", 2).send_bytewise("!!").close();
    let mut client = connect_tcp(&engine.host());
    client.write_all(b"hello").unwrap();
    assert_eq!(read_to_close(client), "world!!");
    engine.finish();
}

#[test]
fn reports_unexpected_bytes() {
    let engine = FakeEngine::unix();
    engine.expect(PING).send("never");
    let mut client = connect(&engine);
    client.write_all(b"HEAD /_pong HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    assert_eq!(read_to_close(client), "", "the engine ends the connection when the script fails");
    let message = panic_of(|| drop(engine.finish()));
    assert_has(
        &message,
        &[
            concat!("step 1 of 2 failed: expect at ", file!(), ":"),
            "on connection 0",
            "first difference at byte 8: expected 'i', got 'o'\n",
            "expected (41 bytes):\n  | HEAD /_ping HTTP/1.1\\r\\n\n            ^\n",
            "got (41 bytes):\n  | HEAD /_pong HTTP/1.1\\r\\n\n            ^\n",
        ],
    );
}

#[test]
fn reports_missing_bytes() {
    let engine = FakeEngine::unix();
    engine.expect(PING);
    let mut client = connect(&engine);
    client.write_all(&PING.as_bytes()[..25]).unwrap();
    drop(client);
    let message = panic_of(|| drop(engine.finish()));
    assert_has(&message, &["the client closed the connection", "expected 't', got the end"]);
}

#[test]
fn times_out_on_silent_client() {
    let engine = FakeEngine::unix();
    let _client = connect(&engine);
    engine.step_timeout(Duration::from_millis(50)).expect(PING);
    let message = panic_of(|| drop(engine.finish()));
    assert_has(&message, &["no bytes received within 50ms", "got (0 bytes)"]);
}

#[test]
fn times_out_without_client() {
    let engine = FakeEngine::unix();
    engine.step_timeout(Duration::from_millis(50)).ping("1.41").send("more");
    let message = panic_of(|| drop(engine.finish()));
    assert_has(&message, &["step 2 of 3 failed: exchange", "no connection within 50ms"]);
}

#[test]
fn drop_reports_failure() {
    let engine = FakeEngine::unix();
    engine.expect("a");
    let mut client = connect(&engine);
    client.write_all(b"b").unwrap();
    assert_has(&panic_of(|| drop(engine)), &["expected 'a', got 'b'"]);
}

#[test]
fn sync_reports_failure() {
    let engine = FakeEngine::unix();
    engine.expect("a");
    let mut client = connect(&engine);
    client.write_all(b"b").unwrap();
    assert_has(&panic_of(|| engine.sync()), &["expected 'a', got 'b'"]);
}

#[test]
fn panicking_test_does_not_wait() {
    let start = Instant::now();
    let message = panic_of(|| {
        let engine = FakeEngine::unix();
        let _client = connect(&engine);
        engine.expect("never sent").hold(&Gate::new());
        panic!("panic of the test");
    });
    assert_eq!(message, "panic of the test");
    assert!(start.elapsed() < LIMIT / 2);
}

#[test]
fn reports_excess_data() {
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
fn reports_unexpected_connection() {
    let engine = FakeEngine::unix();
    let mut first = connect(&engine);
    first.write_all(b"one").unwrap();
    let mut second = connect(&engine);
    second.write_all(b"two").unwrap();
    engine.expect("one").step_timeout(Duration::from_millis(50)).expect("two");
    let message = panic_of(|| drop(engine.finish()));
    assert_has(&message, &["on connection 0", "was not expected, and sent \"two\""]);
}

#[test]
fn reports_end_of_script() {
    // The client waits for a response.
    let engine = FakeEngine::unix();
    let mut client = connect(&engine);
    client.write_all(b"one").unwrap();
    engine.expect("one").idle_limit(Duration::from_millis(30));
    assert_eq!(read_to_close(client), "");
    assert_has(
        &panic_of(|| drop(engine.finish())),
        &["no further step after the 2 so far", "does the client wait for a response?"],
    );

    // The client waits for a connection.
    let engine = FakeEngine::unix();
    let mut client = connect(&engine);
    client.write_all(b"one").unwrap();
    engine.idle_limit(Duration::from_millis(30));
    let _ = read_once(&mut client, &mut [0]);
    assert_has(
        &panic_of(|| drop(engine.finish())),
        &["no further step after the 1 so far", "was not expected, and sent \"one\""],
    );

    // The client waits for a second response.
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
    assert_eq!(read_to_close(a), "to a");
    assert_eq!(read_to_close(b), "to b");
    engine.expect("c").close();
    let mut c = connect(&engine);
    c.write_all(b"c").unwrap();
    assert_eq!(read_to_close(c), "");
    engine.on(1);
    assert_has(&panic_of(|| drop(engine.finish())), &["connection 1 is not open"]);
}

#[test]
fn split_at_every_byte() {
    let response = Response::json("{}").to_bytes();
    for at in 0..=response.len() {
        let engine = FakeEngine::unix();
        engine.send_split(&response, at).close();
        let mut client = connect(&engine);
        // The second part is sent only after the first was read.
        let mut buffer = vec![0; response.len() + 1];
        let first = read_once(&mut client, &mut buffer).unwrap();
        assert_eq!(first, if at == 0 { response.len() } else { at });
        assert_eq!(read_to_close(client).as_bytes(), &response[first..]);
        engine.finish();
    }
}

#[test]
fn byte_by_byte() {
    let engine = FakeEngine::unix();
    engine.send_bytewise("four").close();
    let mut client = connect(&engine);
    for expected in b"four" {
        let mut buffer = [0; 10];
        assert_eq!(read_once(&mut client, &mut buffer).unwrap(), 1);
        assert_eq!(buffer[0], *expected);
    }
    assert_eq!(read_to_close(client), "");
    engine.finish();
}

#[test]
fn large_pattern() {
    const LENGTH: u64 = 100_000_000;
    let engine = FakeEngine::unix();
    engine.send_pattern(LENGTH).close();
    let mut client = connect(&engine);
    let mut pattern = Pattern::new(LENGTH);
    let mut buffer = vec![0; 1 << 16];
    loop {
        match read_once(&mut client, &mut buffer).unwrap() {
            0 => break,
            count => pattern.check(&buffer[..count]).unwrap(),
        }
    }
    pattern.complete().unwrap();
    engine.finish();
}

#[test]
fn connection_ends() {
    // Each way to end a connection, by either side.
    let engine = FakeEngine::unix();
    engine.expect_close();
    drop(connect(&engine));
    engine.expect_end().send("answer").close();
    let client = connect(&engine);
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_to_close(client), "answer");
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
    assert_eq!(read_to_close(connect(&engine)), "");
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
    engine.step_timeout(Duration::from_millis(50)).send(vec![0; 10_000_000]);
    assert_has(&panic_of(|| drop(engine.finish())), &["the client read nothing for 50ms, after"]);
}

/// The errno of a non-blocking connect.
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
fn full_backlog() {
    // Unix: connect would block.
    let engine = FakeEngine::unix();
    engine.fill_backlog();
    assert_eq!(connect_errno(engine.path()), libc::EAGAIN);
    engine.finish();

    // TCP: the handshake is not answered.
    let engine = FakeEngine::tcp();
    engine.fill_backlog();
    let address = ([127, 0, 0, 1], engine.port()).into();
    let error = TcpStream::connect_timeout(&address, Duration::from_millis(100)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    engine.finish();
}

#[test]
fn gates() {
    let engine = FakeEngine::unix();
    let (reached, may_continue) = (Gate::new(), Gate::new());
    engine.expect("a").send("1").open(&reached).hold(&may_continue).send("2").close();
    let mut client = connect(&engine);
    client.write_all(b"a").unwrap();
    assert!(reached.wait(LIMIT));
    assert_eq!(read_exactly(&mut client, 1), b"1");
    client.set_nonblocking(true).unwrap();
    assert_eq!(read_once(&mut client, &mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
    client.set_nonblocking(false).unwrap();
    may_continue.open();
    engine.sync();
    assert_eq!(read_to_close(client), "2");
    engine.finish();

    let engine = FakeEngine::unix();
    engine.step_timeout(Duration::from_millis(50)).hold(&Gate::new());
    assert_has(&panic_of(|| drop(engine.finish())), &["the gate was not opened in time"]);
}

#[test]
fn pings() {
    fn ping(client: &mut UnixStream, method: &str) -> String {
        write!(client, "{method} /_ping HTTP/1.1\r\n\r\n").unwrap();
        let head = read_head(client);
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
        let length = if method == "HEAD" { 0 } else { length.parse().unwrap() };
        head + std::str::from_utf8(&read_exactly(client, length)).unwrap()
    }
    let engine = FakeEngine::unix();
    let mut client = connect(&engine);
    engine.ping("1.41");
    let response = ping(&mut client, "HEAD");
    assert_has(&response, &["HTTP/1.1 200 OK\r\n", "\r\nApi-Version: 1.41\r\n"]);
    assert!(response.ends_with("\r\n\r\n"));
    engine.ping_unversioned();
    assert!(!ping(&mut client, "HEAD").contains("Api-Version"));
    engine.ping_without_head(405, "1.24");
    assert_has(&ping(&mut client, "HEAD"), &["HTTP/1.1 405 Method Not Allowed\r\n"]);
    let response = ping(&mut client, "GET");
    assert_has(&response, &["Api-Version: 1.24"]);
    assert!(response.ends_with("\r\n\r\nOK"));
    engine.ping_text_error(400, "too old");
    assert!(ping(&mut client, "HEAD").ends_with("\r\n\r\n"));
    assert!(ping(&mut client, "GET").ends_with("\r\n\r\ntoo old"));
    assert_eq!(engine.finish().len(), 6);
}
