//! Attach by WebSocket: the handshake, invalid handshakes, and the close frame.

use crate::support::{
    Expected, FakeEngine, Response, WEBSOCKET_CLOSE, expect_websocket_close, open_websocket, pinned,
};
use dockline::{ContainerAttachWebsocketOptions, Context, Error};
use tungstenite::handshake::derive_accept_key;

const PATH: &str = "/containers/a/attach/ws?detachKeys=ctrl-a&logs=1&stream=1";

fn options() -> ContainerAttachWebsocketOptions {
    ContainerAttachWebsocketOptions {
        detach_keys: "ctrl-a".into(),
        logs: true,
        ..ContainerAttachWebsocketOptions::default()
    }
}

/// Error of an attach whose response is this.
fn attach_error(response: impl FnOnce() -> Response) -> Error {
    let engine = FakeEngine::unix();
    let line = format!("GET /v1.41{PATH}&stdin=1&stdout=1&stderr=1");
    let expected = Expected::new(&line)
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13");
    engine.ping("1.41").exchange_for(expected, response());
    let docker = Context::open(&engine.host()).unwrap();
    let error = docker.containers().attach_websocket("a", &options()).unwrap_err();
    engine.finish();
    error
}

#[test]
fn rejects_invalid_handshake() {
    let message = |error: Error| match error {
        Error::Protocol { message, .. } => message,
        other => panic!("{other:?}"),
    };
    let plain = attach_error(|| Response::sized(200).then("hello"));
    assert_eq!(message(plain), "the engine did not open a websocket");
    let wrong_key = attach_error(|| {
        Response::takeover(101, |_| Ok(()))
            .header("Upgrade", "websocket")
            .header("Connection", "Upgrade")
            .header("Sec-WebSocket-Accept", &derive_accept_key(b"another key"))
    });
    assert_eq!(message(wrong_key), "the engine did not open a websocket");
    assert!(matches!(
        attach_error(|| Response::error(404, "no such container")),
        Error::NotFound(_)
    ));
}

#[test]
fn rejects_streams_before_1_42() {
    let engine = FakeEngine::unix();
    engine.ping("1.41");
    let docker = Context::open(&engine.host()).unwrap();
    let options = ContainerAttachWebsocketOptions { stdin: false, ..options() };
    let error = docker.containers().attach_websocket("a", &options).unwrap_err();
    assert!(error.to_string().contains("needs API 1.42, and 1.41 is in use"), "{error}");
    engine.finish();
}

/// Exactly one close frame is sent, whichever side closes first.
#[test]
fn sends_one_close_frame() {
    let target = format!("/v1.41{PATH}&stdin=1&stdout=1&stderr=1");
    let attach = |engine: &FakeEngine| {
        pinned(engine, 41).containers().attach_websocket("a", &options()).unwrap()
    };

    let engine = FakeEngine::unix();
    let expected_target = target.clone();
    engine
        .talk(move |conn| {
            open_websocket(conn, &expected_target)?;
            expect_websocket_close(conn)?;
            conn.send(WEBSOCKET_CLOSE)
        })
        .shutdown_write()
        .expect_close();
    let mut socket = attach(&engine);
    socket.input().close().unwrap();
    assert_eq!(socket.output().next_message().unwrap(), None);
    socket.input().close().unwrap();
    drop(socket);
    engine.finish();

    let engine = FakeEngine::unix();
    engine
        .talk(move |conn| {
            open_websocket(conn, &target)?;
            conn.send(WEBSOCKET_CLOSE)?;
            expect_websocket_close(conn)
        })
        .shutdown_write()
        .expect_close();
    let mut socket = attach(&engine);
    assert_eq!(socket.output().next_message().unwrap(), None);
    socket.input().close().unwrap();
    drop(socket);
    engine.finish();
}
