//! Session and gRPC connections: transparent bytes in both directions.

use std::io::{Read, Write};
use std::thread;

use crate::support::{
    Expected, FakeEngine, LIMIT, Responder, Response, pinned, speaking, too_old, within,
};
use dockline::{Context, Error, RawDuplex, Result, SessionOptions};

const UPGRADED: &str =
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";

/// Connection preface of HTTP/2.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

fn session_options() -> SessionOptions {
    SessionOptions { uuid: "s1".into(), ..Default::default() }
}

fn upgrade_request(line: &str) -> Expected {
    Expected::new(line)
        .header("connection", "Upgrade")
        .header("upgrade", "h2c")
        .header("content-length", "0")
}

type Open = fn(&Context) -> Result<RawDuplex>;

/// The two operations that open such a connection, and their requests.
const OPERATIONS: [(&str, Open); 2] = [
    ("POST /v1.41/session", |docker| docker.session().open(&session_options())),
    ("POST /v1.41/grpc", |docker| docker.session().grpc()),
];

/// The engine may send data in the same segment as its response head.
#[test]
fn both_directions() {
    for (line, open) in OPERATIONS {
        let engine = FakeEngine::unix();
        let docker = pinned(&engine, 41);
        engine
            .expect_request(upgrade_request(line))
            .send([UPGRADED.as_bytes(), PREFACE].concat())
            .expect(b"\0\r\n\xff up")
            .send(b"\0\x01\x02 down")
            .expect_end()
            .send(b"last")
            .close();
        let mut duplex = open(&docker).unwrap();
        let mut preface = [0; PREFACE.len()];
        duplex.read_exact(&mut preface).unwrap();
        assert_eq!(preface, PREFACE);
        duplex.write_all(b"\0\r\n\xff up").unwrap();
        duplex.flush().unwrap();
        let mut down = [0; 8];
        duplex.read_exact(&mut down).unwrap();
        assert_eq!(&down, b"\0\x01\x02 down");
        // Half-close.
        duplex.input().close().unwrap();
        let mut last = Vec::new();
        duplex.read_to_end(&mut last).unwrap();
        assert_eq!(last, b"last");
        engine.finish();
    }
}

/// One thread reads while another writes; the connection is closed when both halves are dropped.
#[test]
fn halves() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine
        .expect_request(upgrade_request("POST /v1.41/session"))
        .send(UPGRADED)
        .expect(vec![7; 1_000_000])
        .send("down")
        .expect_close();
    let (mut download, mut input) = docker.session().open(&session_options()).unwrap().split();
    let writer = thread::spawn(move || {
        input.send(&vec![7; 1_000_000]).unwrap();
        drop(input);
    });
    assert_eq!(download.next_chunk().unwrap(), b"down");
    writer.join().unwrap();
    drop(download);
    engine.finish();
}

#[test]
fn cancel() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.expect_request(upgrade_request("POST /v1.41/grpc")).send(UPGRADED).expect_close();
    let mut duplex = docker.session().grpc().unwrap();
    let token = duplex.cancel_token();
    let canceller = thread::spawn(move || token.cancel());
    within(LIMIT, move || {
        let error = duplex.download().next_chunk().unwrap_err();
        assert!(matches!(error, Error::Cancelled { operation: "Grpc" }), "{error:?}");
    });
    canceller.join().unwrap();
    engine.finish();
}

#[test]
fn error_responses() {
    for (line, open) in OPERATIONS {
        let engine = FakeEngine::unix();
        let docker = pinned(&engine, 41);
        engine
            .exchange_for(upgrade_request(line), Response::error(400, "session s1 already exists"));
        assert!(matches!(open(&docker).unwrap_err(), Error::BadRequest(_)));
        // A proxy that responds instead of the engine.
        engine.accept().exchange_for(upgrade_request(line), Response::json("{}"));
        let error = open(&docker).unwrap_err();
        assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
        assert!(
            error.to_string().contains("status 200 and did not upgrade the connection"),
            "{error}"
        );
        engine.finish();
    }
}

#[test]
fn rejects_invalid_input() {
    let engine = Responder::unix(None, |_| Response::json("{}"));
    let docker = speaking(&engine.host(), "1.41");
    let error = docker.session().open(&Default::default()).unwrap_err();
    assert_eq!(error.to_string(), "Session: the id of the session is empty");
    let invalid = SessionOptions { name: "a\r\nX-Other: b".into(), ..session_options() };
    let error = docker.session().open(&invalid).unwrap_err();
    assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
    let (_, needed) = too_old(speaking(&engine.host(), "1.30").session().open(&session_options()));
    assert_eq!(needed, 31);
    assert_eq!(engine.connections(), 0);
}
