//! Attach by websocket, to real containers.

use std::thread;

use crate::helpers::{Container, is_podman, live, refused_by, shell};
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
            return refused_by(&error, "Not Found");
        }
        let attach = attach.unwrap();
        container.start();
        let (mut output, mut input) = attach.split();
        // Written on one thread, read on another.
        let writer = thread::spawn(move || {
            input.send(b"hello\n").unwrap();
            input
        });
        let mut all = Vec::new();
        while !String::from_utf8_lossy(&all).contains("got hello") {
            all.extend(output.next_message().unwrap().expect("the container waits for more input"));
        }
        let mut input = writer.join().unwrap();
        // The end of input on a terminal, after which the container ends, and so does the output.
        input.send(b"1234\n\x04").unwrap();
        for piece in output {
            all.extend(piece.unwrap());
        }
        let all = String::from_utf8(all).unwrap();
        assert!(all.contains("5\r\n"), "{all:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run -- cargo test -- --ignored"]
fn container_attach_websocket_is_cancelled_and_refused() {
    live(|docker| {
        let container = Container::create(docker, &shell("sleep 60"));
        let options = ContainerAttachWebsocketOptions::default();
        if is_podman(docker) {
            let error = docker.containers().attach_websocket(&container.id, &options).unwrap_err();
            return refused_by(&error, "Not Found");
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
