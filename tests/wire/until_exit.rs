//! Output that ends with its container, also where the engine does not end it.

use std::thread;
use std::time::{Duration, Instant};

use crate::support::*;
use dockline::*;

const LOGS: &str = "GET /v1.42/containers/web/logs?follow=1&stdout=1&stderr=1";
const MULTIPLEXED: &str = "HTTP/1.1 200 OK\r\n\
    Content-Type: application/vnd.docker.multiplexed-stream\r\n\
    Transfer-Encoding: chunked\r\n\r\n";

/// An engine that waits on its first connection, and follows a log on its second.
fn following(engine: &FakeEngine) -> UntilExit {
    follow(engine, &pinned(engine, 42))
}

fn follow(engine: &FakeEngine, docker: &Context) -> UntilExit {
    engine
        .expect_request(Expected::new("POST /v1.42/containers/web/wait"))
        .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        .accept()
        .expect_request(Expected::new(LOGS))
        .send(MULTIPLEXED)
        .send(chunk(frame(1, "first")));
    let waiting = docker.containers().start_wait("web", &Default::default()).unwrap();
    let options = ContainerLogsOptions { follow: true, ..Default::default() };
    docker.containers().logs("web", &options).unwrap().until_exit(waiting)
}

#[track_caller]
fn next(output: &mut UntilExit) -> String {
    String::from_utf8(output.next().expect("there is more").unwrap().data).unwrap()
}

fn exit(code: u8) -> Vec<u8> {
    chunked([format!("{{\"StatusCode\":{code}}}\n")])
}

#[test]
fn an_engine_that_forgets_to_end_it() {
    let engine = FakeEngine::unix();
    let mut output = following(&engine);
    assert!(!output.is_terminal());
    assert_eq!(next(&mut output), "first");
    engine.on(0).send(exit(3)).on(1).send(chunk(frame(1, "last"))).expect_close();
    assert_eq!(next(&mut output), "last");
    assert!(output.next().is_none());
    assert!(output.next().is_none());
    assert_eq!(output.finish().unwrap(), 3);
    engine.finish();
}

#[test]
fn an_engine_that_ends_it() {
    promptly(Duration::from_secs(2), || {
        let engine = FakeEngine::unix();
        let mut output = following(&engine);
        assert_eq!(next(&mut output), "first");
        let began = Instant::now();
        engine.send(last_chunk()).on(0).send(exit(0));
        assert!(output.next().is_none());
        assert_eq!(output.finish().unwrap(), 0);
        let took = began.elapsed();
        engine.finish();
        took
    });
}

/// What comes again and again after the end of the container is not lost, however long it takes.
#[test]
fn output_behind_the_exit() {
    let engine = FakeEngine::unix();
    let mut output = following(&engine);
    assert_eq!(next(&mut output), "first");
    engine.on(0).send(exit(3)).on(1);
    for _ in 0..3 {
        // Less than is waited for, more than one look.
        thread::sleep(Duration::from_millis(300));
        engine.send(chunk(frame(2, "more")));
        assert_eq!(next(&mut output), "more");
    }
    engine.send(last_chunk());
    assert_eq!(output.finish().unwrap(), 3);
    engine.finish();
}

/// The kernel closes an attached connection as if the container had ended: the wait tells.
#[test]
fn an_engine_that_dies() {
    let engine = FakeEngine::unix();
    engine
        .expect_request(Expected::new("POST /v1.42/containers/web/wait"))
        .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        .accept()
        .expect_request(
            Expected::new("POST /v1.42/containers/web/attach?stream=1&stdin=1&stdout=1&stderr=1")
                .any_body(),
        )
        .send(
            "HTTP/1.1 101 UPGRADED\r\n\
             Content-Type: application/vnd.docker.raw-stream\r\n\
             Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n$ ",
        )
        .abort()
        .on(0)
        .abort();
    let docker = pinned(&engine, 42);
    let waiting = docker.containers().start_wait("web", &Default::default()).unwrap();
    let (output, _input) = docker.containers().attach("web", &Default::default()).unwrap().split();
    let mut output = output.until_exit(waiting);
    assert!(output.is_terminal());
    assert_eq!(next(&mut output), "$ ");
    assert!(output.next().is_none(), "the output just ends");
    let error = output.finish().unwrap_err();
    assert!(matches!(error, Error::Disconnected { operation: "ContainerWait", .. }), "{error:?}");
    engine.finish();
}

/// The wait alone breaks, and the output has nothing to say any more.
#[test]
fn a_wait_that_breaks() {
    let engine = FakeEngine::unix();
    let mut output = following(&engine);
    assert_eq!(next(&mut output), "first");
    engine.on(0).abort().on(1).expect_close();
    assert!(output.next().is_none());
    let error = output.finish().unwrap_err();
    assert!(matches!(error, Error::Disconnected { operation: "ContainerWait", .. }), "{error:?}");
    engine.finish();
}

#[test]
fn a_wait_that_fails() {
    let engine = FakeEngine::unix();
    let output = following(&engine);
    engine
        .send(last_chunk())
        .on(0)
        .send(chunked([r#"{"StatusCode":0,"Error":{"Message":"lost it"}}"#]));
    let error = output.finish().unwrap_err();
    assert!(matches!(&error, Error::Stream { message, .. } if message == "lost it"), "{error:?}");
    engine.finish();
}

#[test]
fn cancelled() {
    let engine = FakeEngine::unix();
    let mut output = following(&engine);
    assert_eq!(next(&mut output), "first");
    engine.on(0).drain().on(1).drain();
    let cancel = output.cancel_token();
    let reader = thread::spawn(move || {
        let error = output.next().expect("an error").unwrap_err();
        (error, output.finish().unwrap_err())
    });
    cancel.cancel();
    let (error, finished) = reader.join().unwrap();
    assert!(matches!(error, Error::Cancelled { operation: "ContainerLogs" }), "{error:?}");
    assert!(matches!(finished, Error::Cancelled { operation: "ContainerWait" }), "{finished:?}");
    engine.finish();
}

/// Looking at the container in between does not put off the timeouts.
#[test]
fn timeouts() {
    let limit = Duration::from_secs(2);
    for (what, timeouts) in [
        ("the engine sent no data", Timeouts { stream: Some(limit), ..Timeouts::default() }),
        ("the deadline passed", Timeouts { deadline: Some(limit), ..Timeouts::default() }),
    ] {
        let engine = FakeEngine::unix();
        let docker = pinned(&engine, 42).with_timeouts(timeouts);
        let mut output = follow(&engine, &docker);
        assert_eq!(next(&mut output), "first");
        engine.on(0).drain().on(1).drain();
        let error = output.next().expect("an error").unwrap_err();
        let fits = matches!(&error, Error::Timeout { what: it, after, .. } if *it == what && *after == limit);
        assert!(fits, "{what}: {error:?}");
        assert!(output.next().is_none());
        drop(output);
        engine.finish();
    }
}
