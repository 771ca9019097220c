//! Attach over a WebSocket to containers of a real engine.

use std::thread;

use crate::helpers::{Container, assert_unsupported, is_podman, live, shell};
use dockline::{ContainerAttachWebsocketOptions, Error};

#[test]
#[ignore = "needs an engine: scripts/engine run -- cargo test -- --ignored"]
fn container_attach_websocket() {
    live(|docker| {
        let mut request = shell("read line; echo got $line; exec wc -c");
        request.config.open_stdin = true;
        request.config.tty = true;
        let container = Container::create(docker, &request);
        let attach = docker.containers().attach_websocket(&container.id, &Default::default());
        if is_podman(docker) {
            let error = attach.unwrap_err();
            assert!(matches!(error, Error::NotFound(_)), "{error:?}");
            return assert_unsupported(&error, "Not Found");
        }
        let attach = attach.unwrap();
        container.start();
        let (mut output, mut input) = attach.split();
        // Input and output are used on different threads.
        let writer = thread::spawn(move || {
            input.send(b"hello\n").unwrap();
            input
        });
        let mut all = Vec::new();
        while !String::from_utf8_lossy(&all).contains("got hello") {
            all.extend(output.next_message().unwrap().expect("the container is waiting for input"));
        }
        let mut input = writer.join().unwrap();
        // ^D ends the input of a terminal; then the container exits and the output ends.
        input.send(b"1234\n\x04").unwrap();
        for message in output {
            all.extend(message.unwrap());
        }
        let all = String::from_utf8(all).unwrap();
        assert!(all.contains("5\r\n"), "{all:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run -- cargo test -- --ignored"]
fn container_attach_websocket_cancel_and_error_response() {
    live(|docker| {
        let container = Container::create(docker, &shell("sleep 60"));
        let options = ContainerAttachWebsocketOptions::default();
        if is_podman(docker) {
            let error = docker.containers().attach_websocket(&container.id, &options).unwrap_err();
            return assert_unsupported(&error, "Not Found");
        }
        let attach = docker.containers().attach_websocket(&container.id, &options).unwrap();
        container.start();
        let cancel = attach.cancel_token();
        let (mut output, _input) = attach.split();
        thread::scope(|scope| {
            scope.spawn(|| cancel.cancel());
            assert!(matches!(output.next_message(), Err(Error::Cancelled { .. })));
        });
        assert_eq!(output.next_message().unwrap(), None);
        let none = docker.containers().attach_websocket("no-such-container", &options);
        assert!(matches!(none, Err(Error::NotFound(_))), "{none:?}");
    });
}
