//! Cancelling calls from another thread, in each of their phases.

use std::io::{self, Read};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::*;
use dockline::*;

#[track_caller]
fn assert_cancelled<T: std::fmt::Debug>(result: Result<T>, operation: &str) {
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Cancelled { .. }), "{error:?}");
    assert_eq!(error.to_string(), format!("{operation}: cancelled"));
}

/// Makes a call, cancels it as soon as `blocked` returns, and asserts that it ends.
#[track_caller]
fn assert_cancel_ends<T: std::fmt::Debug + Send>(
    docker: &Context,
    operation: &str,
    blocked: impl FnOnce(),
    call: impl FnOnce(&Context) -> Result<T> + Send,
) {
    let cancel = CancelToken::new();
    let docker = docker.with_cancel_token(&cancel);
    let (result, took) = thread::scope(|scope| {
        let call = scope.spawn(|| (call(&docker), Instant::now()));
        blocked();
        let start = Instant::now();
        cancel.cancel();
        let (result, end) = call.join().unwrap();
        (result, end.saturating_duration_since(start))
    });
    assert_cancelled(result, operation);
    assert!(took < MAX_DELAY, "{took:?}");
}

/// Long enough for a call to block. A call that is cancelled before that fails alike.
fn let_it_block() {
    thread::sleep(Duration::from_millis(30));
}

#[test]
fn while_connecting() {
    for engine in [FakeEngine::unix(), FakeEngine::tcp()] {
        engine.fill_backlog();
        let docker = speaking(&engine.host(), "1.41");
        assert_cancel_ends(&docker, "SystemInfo", let_it_block, |c| c.system().info());
    }
}

#[test]
fn while_negotiating() {
    let engine = FakeEngine::unix();
    let requested = Gate::new();
    engine.expect_request(Expected::new("HEAD /_ping")).open(&requested).expect_close();
    let docker = negotiating(&engine.host());
    let blocked = || assert!(requested.wait(LIMIT));
    assert_cancel_ends(&docker, "SystemInfo", blocked, |c| c.system().info());
    engine.finish();
}

/// Before the response head, inside it and inside the body, on both kinds of sockets.
#[test]
fn while_receiving_response() {
    for engine in [FakeEngine::unix, FakeEngine::tcp] {
        for beginning in
            ["", "HTTP/1.1 200 OK\r\nConte", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"]
        {
            let engine = engine();
            let sent = Gate::new();
            engine.expect_request(Expected::new("GET /v1.41/info")).send(beginning);
            engine.let_client_read().open(&sent).expect_close();
            let docker = speaking(&engine.host(), "1.41");
            let blocked = || assert!(sent.wait(LIMIT));
            assert_cancel_ends(&docker, "SystemInfo", blocked, |c| c.system().info());
            engine.finish();
        }
    }
}

/// A cancel takes precedence over an error response that is being read.
#[test]
fn while_receiving_error_response() {
    let engine = FakeEngine::unix();
    let sent = Gate::new();
    engine
        .expect_request(Expected::new("GET /v1.41/info"))
        .send("HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\n{")
        .let_client_read()
        .open(&sent)
        .expect_close();
    let docker = speaking(&engine.host(), "1.41");
    let blocked = || assert!(sent.wait(LIMIT));
    assert_cancel_ends(&docker, "SystemInfo", blocked, |c| c.system().info());
    engine.finish();
}

#[test]
fn while_waiting() {
    // Before API 1.30, engines sent the head together with the exit code.
    for beginning in ["", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"] {
        let engine = FakeEngine::unix();
        let sent = Gate::new();
        engine.expect_request(Expected::new("POST /v1.41/containers/web/wait")).send(beginning);
        engine.let_client_read().open(&sent).expect_close();
        let docker = speaking(&engine.host(), "1.41");
        let blocked = || assert!(sent.wait(LIMIT));
        assert_cancel_ends(&docker, "ContainerWait", blocked, |c| {
            c.containers().wait("web", &Default::default())
        });
        engine.finish();
    }
}

#[test]
fn while_streaming() {
    let engine = FakeEngine::unix();
    let sent = Gate::new();
    engine
        .expect_request(Expected::new("GET /v1.41/events"))
        .send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n13\r\n{\"Action\":\"start\"}\n\r\n")
        .let_client_read()
        .open(&sent)
        .expect_close();
    let docker = speaking(&engine.host(), "1.41");
    let blocked = || assert!(sent.wait(LIMIT));
    assert_cancel_ends(&docker, "SystemEvents", blocked, |c| {
        let mut events = c.system().events(&Default::default())?;
        assert_eq!(events.next().unwrap()?.action, "start");
        let next = events.next().unwrap();
        assert!(events.next().is_none());
        next
    });
    engine.finish();
}

#[test]
fn while_uploading() {
    for engine in [FakeEngine::unix(), FakeEngine::tcp()] {
        // An engine that reads only the head.
        let stop_reading = || {
            let (receiving, finished) = (Gate::new(), Gate::new());
            engine.accept().talk(|conn| RecordedRequest::read_head(conn, 0).map(drop));
            engine.open(&receiving).hold(&finished).abort();
            (receiving, finished)
        };
        let docker = speaking(&engine.host(), "1.41");
        // Both sources of a body: a reader and memory.
        let (receiving, finished) = stop_reading();
        let blocked = || assert!(receiving.wait(LIMIT));
        let options = ImageCreateOptions { from_src: "-".into(), ..Default::default() };
        assert_cancel_ends(&docker, "ImageCreate", blocked, |c| {
            c.images().create(&options, Some(&mut io::repeat(0))).map(drop)
        });
        finished.open();
        let (receiving, finished) = stop_reading();
        let blocked = || assert!(receiving.wait(LIMIT));
        let request = RawRequest {
            method: "POST".into(),
            path: "/x".into(),
            body: vec![0; 16 << 20],
            ..RawRequest::default()
        };
        assert_cancel_ends(&docker, "Raw", blocked, |c| c.raw(&request));
        finished.open();
        engine.finish();
    }
}

/// A blocked reader cannot be interrupted, but is not called again.
#[test]
fn while_reading_upload_source() {
    struct Once<'a>(&'a Gate, &'a Gate, bool);
    impl Read for Once<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            assert!(!std::mem::replace(&mut self.2, true), "read was called again");
            self.0.open();
            assert!(self.1.wait(LIMIT));
            buffer[0] = 1;
            Ok(1)
        }
    }
    let engine = FakeEngine::unix();
    engine.drain();
    let (requested, may_go_on) = (Gate::new(), Gate::new());
    let cancel = CancelToken::new();
    let docker = speaking(&engine.host(), "1.41").with_cancel_token(&cancel);
    thread::scope(|scope| {
        scope.spawn(|| {
            assert!(requested.wait(LIMIT));
            cancel.cancel();
            may_go_on.open();
        });
        let options = ImageCreateOptions { from_src: "-".into(), ..Default::default() };
        let mut reader = Once(&requested, &may_go_on, false);
        assert_cancelled(docker.images().create(&options, Some(&mut reader)), "ImageCreate");
    });
    engine.finish();
}

#[test]
fn before_call() {
    let engine = Responder::unix(None, |_| Response::json("{}"));
    let cancel = CancelToken::new();
    assert!(!cancel.is_cancelled());
    cancel.cancel();
    cancel.cancel();
    assert!(cancel.clone().is_cancelled());
    for docker in [negotiating(&engine.host()), speaking(&engine.host(), "1.55")] {
        let docker = docker.with_cancel_token(&cancel);
        for operation in OPERATIONS {
            let error = operation.call(&docker).unwrap_err();
            assert!(matches!(error, Error::Cancelled { .. }), "{}: {error:?}", operation.id);
        }
    }
    assert_eq!(engine.connections(), 0);
}

/// A kept connection is not used either.
#[test]
fn before_second_call() {
    let engine = FakeEngine::unix();
    engine.exchange("GET /v1.41/info", Response::json("{}"));
    let cancel = CancelToken::new();
    let docker = speaking(&engine.host(), "1.41").with_cancel_token(&cancel);
    docker.system().info().unwrap();
    cancel.cancel();
    assert_cancelled(docker.system().info(), "SystemInfo");
    assert_cancelled(docker.system().events(&Default::default()), "SystemEvents");
    engine.finish();
}

#[test]
fn one_token_for_many_calls() {
    let gate = Gate::new();
    let engine = Responder::unix(None, {
        let gate = gate.clone();
        move |_| Response::chunked(200).then("{\"Action\":\"start\"}\n").hold(&gate)
    });
    let cancel = CancelToken::new();
    let docker = speaking(&engine.host(), "1.41").with_cancel_token(&cancel);
    let (ready, all_ready) = channel();
    thread::scope(|scope| {
        for number in 0..8 {
            let (docker, ready) = (&docker, ready.clone());
            scope.spawn(move || {
                if number % 2 == 0 {
                    ready.send(()).unwrap();
                    assert_cancelled(docker.system().info(), "SystemInfo");
                } else {
                    let mut events = docker.system().events(&Default::default()).unwrap();
                    events.next().unwrap().unwrap();
                    ready.send(()).unwrap();
                    assert_cancelled(events.next().unwrap(), "SystemEvents");
                }
            });
        }
        (0..8).for_each(|_| all_ready.recv_timeout(LIMIT).unwrap());
        engine.wait_requests(8);
        cancel.cancel();
    });
    gate.open();
}

/// By then the connection belongs to another call, which must not be cancelled.
#[test]
fn late_cancel_spares_next_call() {
    let engine = FakeEngine::unix();
    let (requested, cancelled) = (Gate::new(), Gate::new());
    engine
        .exchange("GET /v1.41/info", Response::json("{}"))
        .expect_request(Expected::new("GET /v1.41/version"))
        .open(&requested)
        .hold(&cancelled)
        .reply(Response::json("{}"));
    let docker = speaking(&engine.host(), "1.41");
    let cancel = CancelToken::new();
    docker.with_cancel_token(&cancel).system().info().unwrap();
    thread::scope(|scope| {
        let next = scope.spawn(|| docker.system().version());
        assert!(requested.wait(LIMIT));
        cancel.cancel();
        cancelled.open();
        next.join().unwrap().unwrap();
    });
    assert!(engine.finish().iter().all(|request| request.connection == 0));
}

/// The same as a race, in many rounds: the next call succeeds whether or not the first was cancelled.
#[test]
fn racing_cancel_spares_next_call() {
    let engine = Responder::unix(None, |_| Response::json("{}"));
    let docker = speaking(&engine.host(), "1.41");
    let mut counts = [0, 0];
    for round in 0..500_u32 {
        let cancel = CancelToken::new();
        thread::scope(|scope| {
            scope.spawn(|| {
                // A different number of instructions in each round.
                (0..round * 20).for_each(|_| std::hint::spin_loop());
                cancel.cancel();
            });
            match docker.with_cancel_token(&cancel).system().info() {
                Ok(_) => counts[0] += 1,
                Err(Error::Cancelled { .. }) => counts[1] += 1,
                Err(error) => panic!("{error:?}"),
            }
        });
        docker.containers().start("web", &Default::default()).unwrap();
    }
    println!("{} done, {} cancelled", counts[0], counts[1]);
    engine.finish();
}

// Tokens of streams.

/// Cancels a stream by its own token while it waits for the next item.
#[track_caller]
fn assert_cancel_ends_stream<S: Send, T: std::fmt::Debug>(
    line: &str,
    head: &str,
    open: impl FnOnce(&Context) -> S,
    token: impl FnOnce(&S) -> CancelToken,
    next: impl FnOnce(&mut S) -> Result<T> + Send,
    operation: &str,
) {
    let engine = FakeEngine::unix();
    engine.expect_request(Expected::new(line)).send(head).expect_close();
    let mut stream = open(&speaking(&engine.host(), "1.42"));
    let cancel = token(&stream);
    thread::scope(|scope| {
        let call = scope.spawn(|| assert_cancelled(next(&mut stream), operation));
        let_it_block();
        let start = Instant::now();
        cancel.cancel();
        call.join().unwrap();
        assert!(start.elapsed() < MAX_DELAY, "{:?}", start.elapsed());
    });
    engine.finish();
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const RAW: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const UPGRADED: &str = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

#[test]
fn tokens_of_streams() {
    assert_cancel_ends_stream(
        "GET /v1.42/events",
        CHUNKED,
        |c| c.system().events(&Default::default()).unwrap(),
        |events| events.cancel_token(),
        |events| events.next().unwrap(),
        "SystemEvents",
    );
    assert_cancel_ends_stream(
        "GET /v1.42/containers/a/logs?follow=1&stdout=1&stderr=1",
        RAW,
        |c| {
            let options = ContainerLogsOptions { follow: true, ..Default::default() };
            c.containers().logs("a", &options).unwrap()
        },
        |logs| logs.cancel_token(),
        |logs| logs.next().unwrap(),
        "ContainerLogs",
    );
    assert_cancel_ends_stream(
        "POST /v1.42/containers/a/attach?stream=1&stdin=1&stdout=1&stderr=1",
        UPGRADED,
        |c| c.containers().attach("a", &Default::default()).unwrap(),
        |attached| attached.cancel_token(),
        |attached| attached.output().next().unwrap(),
        "ContainerAttach",
    );
    assert_cancel_ends_stream(
        "POST /v1.42/images/create?fromImage=a&tag=latest",
        CHUNKED,
        |c| {
            let options = ImageCreateOptions { from_image: "a".into(), ..Default::default() };
            c.images().create(&options, None).unwrap()
        },
        |progress| progress.cancel_token(),
        |progress| progress.next().unwrap(),
        "ImageCreate",
    );
    assert_cancel_ends_stream(
        "GET /v1.42/images/a/get",
        CHUNKED,
        |c| c.images().get("a", &Default::default()).unwrap(),
        |tar| tar.cancel_token(),
        |tar| tar.next_chunk().map(<[u8]>::len),
        "ImageGet",
    );
    assert_cancel_ends_stream(
        "POST /v1.42/containers/a/wait",
        CHUNKED,
        |c| Some(c.containers().start_wait("a", &Default::default()).unwrap()),
        |wait| wait.as_ref().unwrap().cancel_token(),
        |wait| wait.take().unwrap().finish(),
        "ContainerWait",
    );
}

/// Input that the engine does not read.
#[test]
fn while_writing_input() {
    let engine = FakeEngine::unix();
    let finished = Gate::new();
    let line = "POST /v1.42/containers/a/attach?stream=1&stdin=1&stdout=1&stderr=1";
    engine.expect_request(Expected::new(line)).send(UPGRADED).hold(&finished).abort();
    let docker = speaking(&engine.host(), "1.42");
    let mut attached = docker.containers().attach("a", &Default::default()).unwrap();
    let cancel = attached.cancel_token();
    thread::scope(|scope| {
        let call = scope.spawn(|| {
            let result = attached.input().send(&vec![0; 16 << 20]);
            assert_cancelled(result, "ContainerAttach");
            assert_cancelled(attached.input().send(b"more"), "ContainerAttach");
            assert_cancelled(attached.output().next().unwrap(), "ContainerAttach");
        });
        let_it_block();
        cancel.cancel();
        call.join().unwrap();
    });
    finished.open();
    engine.finish();
}

/// `std::io::Error` contains the error of this library.
#[test]
fn io_error_contains_library_error() {
    let engine = FakeEngine::unix();
    engine.expect_request(Expected::new("GET /v1.42/images/a/get")).send(CHUNKED).expect_close();
    let docker = speaking(&engine.host(), "1.42");
    let mut tar = docker.images().get("a", &Default::default()).unwrap();
    tar.cancel_token().cancel();
    let error = tar.read(&mut [0; 10]).unwrap_err();
    let ours = error.get_ref().unwrap().downcast_ref::<Error>().unwrap();
    assert!(matches!(ours, Error::Cancelled { operation: "ImageGet" }), "{ours:?}");
    engine.finish();
}

/// A token outlives its stream, and has no further effect.
#[test]
fn tokens_of_ended_streams() {
    let engine = FakeEngine::unix();
    engine
        .exchange("GET /v1.41/events", Response::chunked(200))
        .expect_close()
        .exchange("GET /v1.41/events", Response::chunked(200).then("{}\n"))
        .expect_close()
        .exchange("GET /v1.41/info", Response::json("{}"));
    let docker = speaking(&engine.host(), "1.41");
    let mut ended = docker.system().events(&Default::default()).unwrap();
    assert!(ended.next().is_none());
    ended.cancel_token().cancel();
    assert!(ended.next().is_none());
    let dropped = docker.system().events(&Default::default()).unwrap();
    let token = dropped.cancel_token();
    drop(dropped);
    docker.system().info().unwrap();
    token.cancel();
    engine.finish();
}

/// The token of the call and that of its stream both cancel the stream.
#[test]
fn token_of_call_and_token_of_stream() {
    for which in 0..2 {
        let engine = FakeEngine::unix();
        engine.expect_request(Expected::new("GET /v1.41/events")).send(CHUNKED).expect_close();
        let cancel = CancelToken::new();
        let docker = speaking(&engine.host(), "1.41").with_cancel_token(&cancel);
        let mut events = docker.system().events(&Default::default()).unwrap();
        let other = events.cancel_token();
        if which == 0 {
            cancel.cancel()
        } else {
            other.cancel()
        }
        assert_cancelled(events.next().unwrap(), "SystemEvents");
        assert_eq!((cancel.is_cancelled(), other.is_cancelled()), (which == 0, which == 1));
        engine.finish();
    }
}
