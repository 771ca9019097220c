//! Ending calls from another thread, wherever they are.

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

/// Makes the call, cancels it as soon as `blocked` returns, and checks that it ends.
#[track_caller]
fn cancelled<T: std::fmt::Debug + Send>(
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
        let begin = Instant::now();
        cancel.cancel();
        let (result, end) = call.join().unwrap();
        (result, end.saturating_duration_since(begin))
    });
    assert_cancelled(result, operation);
    assert!(took < LATE, "{took:?}");
}

/// Time enough to get stuck. A call that is not there yet is cancelled all the same.
fn a_moment() {
    thread::sleep(Duration::from_millis(30));
}

#[test]
fn while_connecting() {
    for engine in [FakeEngine::unix(), FakeEngine::tcp()] {
        engine.fill_backlog();
        let docker = speaking(&engine.host(), "1.41");
        cancelled(&docker, "SystemInfo", a_moment, |c| c.system().info());
    }
}

#[test]
fn while_negotiating() {
    let engine = FakeEngine::unix();
    let asked = Gate::new();
    engine.expect_request(Expected::new("HEAD /_ping")).open(&asked).expect_close();
    let docker = negotiating(&engine.host());
    let blocked = || assert!(asked.wait(LIMIT));
    cancelled(&docker, "SystemPing", blocked, |c| c.system().info());
    engine.finish();
}

/// Before the head, in the head, and in the body: on both kinds of sockets.
#[test]
fn while_answered() {
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
            cancelled(&docker, "SystemInfo", blocked, |c| c.system().info());
            engine.finish();
        }
    }
}

/// Who has ended a call does not care what the engine was about to say.
#[test]
fn while_refused() {
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
    cancelled(&docker, "SystemInfo", blocked, |c| c.system().info());
    engine.finish();
}

#[test]
fn while_waiting() {
    // Before API 1.30 the head came with the response.
    for beginning in ["", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"] {
        let engine = FakeEngine::unix();
        let sent = Gate::new();
        engine.expect_request(Expected::new("POST /v1.41/containers/web/wait")).send(beginning);
        engine.let_client_read().open(&sent).expect_close();
        let docker = speaking(&engine.host(), "1.41");
        let blocked = || assert!(sent.wait(LIMIT));
        cancelled(&docker, "ContainerWait", blocked, |c| {
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
    cancelled(&docker, "SystemEvents", blocked, |c| {
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
        // An engine that reads the head, and no more.
        let stuck = || {
            let (begun, over) = (Gate::new(), Gate::new());
            engine.accept().talk(|conn| RecordedRequest::read_head(conn, 0).map(drop));
            engine.open(&begun).hold(&over).abort();
            (begun, over)
        };
        let docker = speaking(&engine.host(), "1.41");
        // Both ways of sending: from a reader, and from memory.
        let (begun, over) = stuck();
        let blocked = || assert!(begun.wait(LIMIT));
        let options = ImageCreateOptions { from_src: "-".into(), ..Default::default() };
        cancelled(&docker, "ImageCreate", blocked, |c| {
            c.images().create(&options, Some(&mut io::repeat(0))).map(drop)
        });
        over.open();
        let (begun, over) = stuck();
        let blocked = || assert!(begun.wait(LIMIT));
        let request = RawRequest {
            method: "POST".into(),
            path: "/x".into(),
            body: vec![0; 16 << 20],
            ..RawRequest::default()
        };
        cancelled(&docker, "Raw", blocked, |c| c.raw(&request));
        over.open();
        engine.finish();
    }
}

/// A reader cannot be interrupted, but is asked for nothing more.
#[test]
fn while_reading_what_to_upload() {
    struct Once<'a>(&'a Gate, &'a Gate, bool);
    impl Read for Once<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            assert!(!std::mem::replace(&mut self.2, true), "asked for more");
            self.0.open();
            assert!(self.1.wait(LIMIT));
            buffer[0] = 1;
            Ok(1)
        }
    }
    let engine = FakeEngine::unix();
    engine.drain();
    let (asked, may_go_on) = (Gate::new(), Gate::new());
    let cancel = CancelToken::new();
    let docker = speaking(&engine.host(), "1.41").with_cancel_token(&cancel);
    thread::scope(|scope| {
        scope.spawn(|| {
            assert!(asked.wait(LIMIT));
            cancel.cancel();
            may_go_on.open();
        });
        let options = ImageCreateOptions { from_src: "-".into(), ..Default::default() };
        let mut reader = Once(&asked, &may_go_on, false);
        assert_cancelled(docker.images().create(&options, Some(&mut reader)), "ImageCreate");
    });
    engine.finish();
}

#[test]
fn before_the_call() {
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

/// Also a connection that was kept is not used.
#[test]
fn before_the_second_call() {
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
fn one_handle_for_many_calls() {
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

/// The connection has passed on to somebody else, whom the cancel does not mean.
#[test]
fn a_late_cancel_does_not_hit_the_next_call() {
    let engine = FakeEngine::unix();
    let (asked, cancelled) = (Gate::new(), Gate::new());
    engine
        .exchange("GET /v1.41/info", Response::json("{}"))
        .expect_request(Expected::new("GET /v1.41/version"))
        .open(&asked)
        .hold(&cancelled)
        .reply(Response::json("{}"));
    let docker = speaking(&engine.host(), "1.41");
    let cancel = CancelToken::new();
    docker.with_cancel_token(&cancel).system().info().unwrap();
    thread::scope(|scope| {
        let next = scope.spawn(|| docker.system().version());
        assert!(asked.wait(LIMIT));
        cancel.cancel();
        cancelled.open();
        next.join().unwrap().unwrap();
    });
    assert!(engine.finish().iter().all(|request| request.connection == 0));
}

/// The same as a race, many times: whether the first call is ended or not, the next one is well.
#[test]
fn a_cancel_at_any_time_does_not_hit_the_next_call() {
    let engine = Responder::unix(None, |_| Response::json("{}"));
    let docker = speaking(&engine.host(), "1.41");
    let mut ended = [0, 0];
    for round in 0..500_u32 {
        let cancel = CancelToken::new();
        thread::scope(|scope| {
            scope.spawn(|| {
                // Some thousand instructions, another number of them each time.
                (0..round * 20).for_each(|_| std::hint::spin_loop());
                cancel.cancel();
            });
            match docker.with_cancel_token(&cancel).system().info() {
                Ok(_) => ended[0] += 1,
                Err(Error::Cancelled { .. }) => ended[1] += 1,
                Err(error) => panic!("{error:?}"),
            }
        });
        docker.containers().start("web", &Default::default()).unwrap();
    }
    println!("{} done, {} cancelled", ended[0], ended[1]);
    engine.finish();
}

// The handles of streams.

/// A stream whose handle is used while it waits for the next item.
#[track_caller]
fn stream_cancelled<S: Send, T: std::fmt::Debug>(
    line: &str,
    head: &str,
    open: impl FnOnce(&Context) -> S,
    handle: impl FnOnce(&S) -> CancelToken,
    next: impl FnOnce(&mut S) -> Result<T> + Send,
    operation: &str,
) {
    let engine = FakeEngine::unix();
    engine.expect_request(Expected::new(line)).send(head).expect_close();
    let mut stream = open(&speaking(&engine.host(), "1.42"));
    let cancel = handle(&stream);
    thread::scope(|scope| {
        let call = scope.spawn(|| assert_cancelled(next(&mut stream), operation));
        a_moment();
        let begin = Instant::now();
        cancel.cancel();
        call.join().unwrap();
        assert!(begin.elapsed() < LATE, "{:?}", begin.elapsed());
    });
    engine.finish();
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const RAW: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const UPGRADED: &str = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

#[test]
fn handles_of_streams() {
    stream_cancelled(
        "GET /v1.42/events",
        CHUNKED,
        |c| c.system().events(&Default::default()).unwrap(),
        |events| events.cancel_token(),
        |events| events.next().unwrap(),
        "SystemEvents",
    );
    stream_cancelled(
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
    stream_cancelled(
        "POST /v1.42/containers/a/attach?stream=1&stdin=1&stdout=1&stderr=1",
        UPGRADED,
        |c| c.containers().attach("a", &Default::default()).unwrap(),
        |attached| attached.cancel_token(),
        |attached| attached.output().next().unwrap(),
        "ContainerAttach",
    );
    stream_cancelled(
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
    stream_cancelled(
        "GET /v1.42/images/a/get",
        CHUNKED,
        |c| c.images().get("a", &Default::default()).unwrap(),
        |tar| tar.cancel_token(),
        |tar| tar.next_chunk().map(<[u8]>::len),
        "ImageGet",
    );
    stream_cancelled(
        "POST /v1.42/containers/a/wait",
        CHUNKED,
        |c| Some(c.containers().start_wait("a", &Default::default()).unwrap()),
        |waiting| waiting.as_ref().unwrap().cancel_token(),
        |waiting| waiting.take().unwrap().finish(),
        "ContainerWait",
    );
}

/// Input that nobody reads.
#[test]
fn while_writing_input() {
    let engine = FakeEngine::unix();
    let over = Gate::new();
    let line = "POST /v1.42/containers/a/attach?stream=1&stdin=1&stdout=1&stderr=1";
    engine.expect_request(Expected::new(line)).send(UPGRADED).hold(&over).abort();
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
        a_moment();
        cancel.cancel();
        call.join().unwrap();
    });
    over.open();
    engine.finish();
}

/// The reader of `std` gets our error inside its own.
#[test]
fn an_io_error_holds_ours() {
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

/// A handle outlives its stream, and hits nothing any more.
#[test]
fn handles_of_streams_that_are_over() {
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
    let handle = dropped.cancel_token();
    drop(dropped);
    docker.system().info().unwrap();
    handle.cancel();
    engine.finish();
}

/// A handle on the call and one on its stream are two ways to the same end.
#[test]
fn two_handles() {
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
