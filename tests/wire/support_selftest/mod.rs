//! Tests of the shared test code, with plain std sockets as the client.

mod http;
mod process;
mod responder;
mod script;

use std::io::{self, ErrorKind, Read};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::support::*;

pub(super) const PING: &str = "HEAD /_ping HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// A client socket with timeouts, so that a test fails instead of hanging.
pub(super) fn connect(engine: &FakeEngine) -> UnixStream {
    connect_path(engine.path())
}

pub(super) fn connect_path(path: &Path) -> UnixStream {
    let client = UnixStream::connect(path).unwrap();
    client.set_read_timeout(Some(LIMIT)).unwrap();
    client.set_write_timeout(Some(LIMIT)).unwrap();
    client
}

pub(super) fn connect_tcp(host: &str) -> TcpStream {
    let client = TcpStream::connect(host.strip_prefix("tcp://").unwrap()).unwrap();
    client.set_read_timeout(Some(LIMIT)).unwrap();
    client
}

/// One read. In a process that was stopped, reads with a timeout fail with EINTR and are repeated.
pub(super) fn read_once(client: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match client.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// Everything until the engine closes the connection.
pub(super) fn read_to_close(mut client: impl Read) -> String {
    let mut bytes = Vec::new();
    client.read_to_end(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// A response head, including its empty line.
pub(super) fn read_head(client: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte).unwrap();
        bytes.push(byte[0]);
    }
    String::from_utf8(bytes).unwrap()
}

pub(super) fn read_exactly(client: &mut impl Read, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    client.read_exact(&mut bytes).unwrap();
    bytes
}

/// The message with which `body` panics.
pub(super) fn panic_of(body: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(body)).expect_err("this should panic");
    let text = panic.downcast_ref::<String>().cloned();
    text.unwrap_or_else(|| panic.downcast_ref::<&str>().unwrap().to_string())
}

#[track_caller]
pub(super) fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in:\n{text}");
    }
}
