//! Sessions and gRPC connections, as far as HTTP/2 without gRPC gets.

use std::io::{Read, Write};

use crate::helpers::{LIMIT, assert_unsupported, is_podman, live, unique};
use crate::support::eventually;
use dockline::SessionOptions;

/// The connection preface of an HTTP/2 client.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// An empty SETTINGS frame, which both sides send first.
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn engine_is_http2_client_of_session() {
    live(|docker| {
        let options = SessionOptions {
            uuid: unique("session"),
            name: "test".into(),
            shared_key: "test".into(),
            grpc_method: ["/moby.filesync.v1.FileSync/DiffCopy"].into(),
        };
        let opened = docker.session().open(&options);
        if is_podman(docker) {
            return assert_unsupported(&opened.unwrap_err(), "");
        }
        let mut session = opened.unwrap();
        let mut preface = [0; PREFACE.len()];
        session.read_exact(&mut preface).unwrap();
        assert_eq!(preface, PREFACE);
        session.write_all(SETTINGS).unwrap();

        // A session ID can be used once at a time.
        let error = docker.session().open(&options).unwrap_err();
        assert!(error.to_string().contains("already exists"), "{error:?}");
        // After the half-close the engine closes its side.
        let (mut download, mut input) = session.split();
        input.close().unwrap();
        let mut rest = Vec::new();
        download.read_to_end(&mut rest).unwrap();
        // A frame header has 9 bytes; byte 3 is the type, 4 is SETTINGS.
        assert!(rest.len() >= 9 && rest[3] == 4, "{rest:?}");
        drop((download, input));
        // The engine frees the ID some time after the connection is closed.
        eventually(LIMIT, "the ID is free", || docker.session().open(&options).is_ok());
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn engine_is_http2_server_of_grpc() {
    live(|docker| {
        let opened = docker.session().grpc();
        if is_podman(docker) {
            return assert_unsupported(&opened.unwrap_err(), "");
        }
        let mut connection = opened.unwrap();
        connection.write_all(PREFACE).unwrap();
        connection.write_all(SETTINGS).unwrap();
        let mut head = [0; 9];
        connection.read_exact(&mut head).unwrap();
        assert_eq!((head[3], &head[5..]), (4, &[0; 4][..]), "expected SETTINGS: {head:?}");
    });
}
