//! Connections for gRPC, as far as a client without gRPC gets: both sides speak HTTP/2.

use std::io::{Read, Write};

use crate::helpers::{LIMIT, is_podman, live, refused_by, unique};
use crate::support::eventually;
use dockline::SessionOptions;

/// What a client begins with.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// An empty frame of settings, which both sides begin with.
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn in_a_session_the_engine_is_the_client() {
    live(|docker| {
        let options = SessionOptions {
            uuid: unique("session"),
            name: "test".into(),
            shared_key: "test".into(),
            grpc_method: ["/moby.filesync.v1.FileSync/DiffCopy"].into(),
        };
        let opened = docker.session().open(&options);
        if is_podman(docker) {
            return refused_by(&opened.unwrap_err(), "");
        }
        let mut session = opened.unwrap();
        let mut preface = [0; PREFACE.len()];
        session.read_exact(&mut preface).unwrap();
        assert_eq!(preface, PREFACE);
        session.write_all(SETTINGS).unwrap();

        // The id is taken for as long as the connection is there.
        let error = docker.session().open(&options).unwrap_err();
        assert!(error.to_string().contains("already exists"), "{error:?}");
        // Clean: the engine hears the end, and ends its side.
        let (mut download, mut input) = session.split();
        input.close().unwrap();
        let mut rest = Vec::new();
        download.read_to_end(&mut rest).unwrap();
        // Frames: the length of the first is told by its first three bytes, and it is settings.
        assert!(rest.len() >= 9 && rest[3] == 4, "{rest:?}");
        drop((download, input));
        // By and by the engine forgets the id.
        eventually(LIMIT, "the id is free", || docker.session().open(&options).is_ok());
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn by_grpc_the_engine_is_the_server() {
    live(|docker| {
        let opened = docker.session().grpc();
        if is_podman(docker) {
            return refused_by(&opened.unwrap_err(), "");
        }
        let mut connection = opened.unwrap();
        connection.write_all(PREFACE).unwrap();
        connection.write_all(SETTINGS).unwrap();
        let mut head = [0; 9];
        connection.read_exact(&mut head).unwrap();
        assert_eq!((head[3], &head[5..]), (4, &[0; 4][..]), "no settings: {head:?}");
    });
}
