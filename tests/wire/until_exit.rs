//! `until_exit`: output that ends with its container, even if the engine leaves the stream open.

use std::thread;
use std::time::{Duration, Instant};

use crate::support::*;
use dockline::*;

const LOGS: &str = "GET /v1.42/containers/web/logs?follow=1&stdout=1&stderr=1";
const MULTIPLEXED: &str = "HTTP/1.1 200 OK\r\n\
    Content-Type: application/vnd.docker.multiplexed-stream\r\n\
    Transfer-Encoding: chunked\r\n\r\n";

/// An engine whose first connection is a wait, and the second a log that is followed.
fn follow_pinned(engine: &FakeEngine) -> UntilExit {
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
    let wait = docker.containers().start_wait("web", &Default::default()).unwrap();
    let options = ContainerLogsOptions { follow: true, ..Default::default() };
    docker.containers().logs("web", &options).unwrap().until_exit(wait)
}

#[track_caller]
fn next(output: &mut UntilExit) -> String {
    String::from_utf8(output.next().expect("another frame").unwrap().data).unwrap()
}

fn exit_response(code: u8) -> Vec<u8> {
    chunked([format!("{{\"StatusCode\":{code}}}\n")])
}

#[test]
fn ends_without_end_of_stream() {
    let engine = FakeEngine::unix();
    let mut output = follow_pinned(&engine);
    assert!(!output.is_terminal());
    assert_eq!(next(&mut output), "first");
    engine.on(0).send(exit_response(3)).on(1).send(chunk(frame(1, "last"))).expect_close();
    assert_eq!(next(&mut output), "last");
    assert!(output.next().is_none());
    assert!(output.next().is_none());
    assert_eq!(output.finish().unwrap(), 3);
    engine.finish();
}

#[test]
fn ends_with_end_of_stream() {
    promptly(Duration::from_secs(2), || {
        let engine = FakeEngine::unix();
        let mut output = follow_pinned(&engine);
        assert_eq!(next(&mut output), "first");
        let start = Instant::now();
        engine.send(last_chunk()).on(0).send(exit_response(0));
        assert!(output.next().is_none());
        assert_eq!(output.finish().unwrap(), 0);
        let took = start.elapsed();
        engine.finish();
        took
    });
}

/// Output that arrives repeatedly after the exit is delivered, however long it takes.
#[test]
fn output_after_exit() {
    let engine = FakeEngine::unix();
    let mut output = follow_pinned(&engine);
    assert_eq!(next(&mut output), "first");
    engine.on(0).send(exit_response(3)).on(1);
    for _ in 0..3 {
        // Shorter than the time allowed after the exit, longer than one poll.
        thread::sleep(Duration::from_millis(300));
        engine.send(chunk(frame(2, "more")));
        assert_eq!(next(&mut output), "more");
    }
    engine.send(last_chunk());
    assert_eq!(output.finish().unwrap(), 3);
    engine.finish();
}

/// A killed engine closes an attached connection as if the container had exited: only the wait shows it.
#[test]
fn connection_lost() {
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
    let wait = docker.containers().start_wait("web", &Default::default()).unwrap();
    let (output, _input) = docker.containers().attach("web", &Default::default()).unwrap().split();
    let mut output = output.until_exit(wait);
    assert!(output.is_terminal());
    assert_eq!(next(&mut output), "$ ");
    assert!(output.next().is_none(), "the output just ends");
    let error = output.finish().unwrap_err();
    assert!(matches!(error, Error::Disconnected { operation: "ContainerWait", .. }), "{error:?}");
    engine.finish();
}

/// Only the connection of the wait breaks, and the output has ended.
#[test]
fn wait_connection_lost() {
    let engine = FakeEngine::unix();
    let mut output = follow_pinned(&engine);
    assert_eq!(next(&mut output), "first");
    engine.on(0).abort().on(1).expect_close();
    assert!(output.next().is_none());
    let error = output.finish().unwrap_err();
    assert!(matches!(error, Error::Disconnected { operation: "ContainerWait", .. }), "{error:?}");
    engine.finish();
}

#[test]
fn wait_reports_error() {
    let engine = FakeEngine::unix();
    let output = follow_pinned(&engine);
    engine
        .send(last_chunk())
        .on(0)
        .send(chunked([r#"{"StatusCode":0,"Error":{"Message":"lost it"}}"#]));
    let error = output.finish().unwrap_err();
    assert!(matches!(&error, Error::Stream { message, .. } if message == "lost it"), "{error:?}");
    engine.finish();
}

#[test]
fn cancel() {
    let engine = FakeEngine::unix();
    let mut output = follow_pinned(&engine);
    assert_eq!(next(&mut output), "first");
    engine.on(0).drain().on(1).drain();
    let token = output.cancel_token();
    let reader = thread::spawn(move || {
        let error = output.next().expect("an error").unwrap_err();
        (error, output.finish().unwrap_err())
    });
    token.cancel();
    let (error, finished) = reader.join().unwrap();
    assert!(matches!(error, Error::Cancelled { operation: "ContainerLogs" }), "{error:?}");
    assert!(matches!(finished, Error::Cancelled { operation: "ContainerWait" }), "{finished:?}");
    engine.finish();
}

/// Polling the wait does not postpone the timeouts of the output.
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
        let is_expected = matches!(&error, Error::Timeout { what: it, after, .. } if *it == what && *after == limit);
        assert!(is_expected, "{what}: {error:?}");
        assert!(output.next().is_none());
        drop(output);
        engine.finish();
    }
}

/// Part of a frame, or an empty one, does not count as output: it does not delay the end.
#[test]
fn ends_behind_part_of_a_frame() {
    let whole = frame(2, "last");
    for (sent, received, cut) in [
        (frame(1, ""), "", false),
        ([frame(1, ""), frame(2, "")].concat(), "", false),
        (whole[..5].to_vec(), "", true),
        (whole[..8].to_vec(), "", true),
        (whole[..10].to_vec(), "la", true),
        ([frame(1, ""), frame(3, "why")[..9].to_vec()].concat(), "", false),
    ] {
        let engine = FakeEngine::unix();
        let mut output = follow_pinned(&engine);
        assert_eq!(next(&mut output), "first");
        engine.on(0).send(exit_response(3)).on(1).send(chunk(&sent)).expect_close();
        let (output, frames) = within(LIMIT, move || {
            let frames: Vec<_> = output.by_ref().collect();
            (output, frames)
        });
        let text: Vec<u8> =
            frames.iter().flatten().flat_map(|frame| frame.data.iter().copied()).collect();
        assert_eq!(text, received.as_bytes(), "{sent:?}");
        match frames.last() {
            Some(Err(error)) if cut => {
                assert!(matches!(error, Error::Disconnected { .. }), "{sent:?}: {error:?}");
            }
            Some(Err(error)) => assert_eq!(error.to_string(), "ContainerLogs: w", "{sent:?}"),
            _ => assert!(!cut, "{sent:?}"),
        }
        assert_eq!(output.finish().unwrap(), 3, "the exit code is known all the same");
        engine.finish();
    }
}

/// The engine ends the output within a frame.
#[test]
fn fails_within_a_frame() {
    let engine = FakeEngine::unix();
    let mut output = follow_pinned(&engine);
    assert_eq!(next(&mut output), "first");
    engine
        .on(0)
        .send(exit_response(3))
        .on(1)
        .send(chunk(&frame(2, "last")[..10]))
        .send(last_chunk());
    assert_eq!(next(&mut output), "la");
    let error = output.next().unwrap().unwrap_err();
    assert!(matches!(error, Error::Disconnected { operation: "ContainerLogs", .. }), "{error:?}");
    assert_eq!(output.finish().unwrap(), 3);
    engine.finish();
}

/// A part of the response of the wait is not yet its end: the output goes on meanwhile.
#[test]
fn reads_output_during_part_of_exit_code() {
    let engine = FakeEngine::unix();
    let mut output = follow_pinned(&engine);
    assert_eq!(next(&mut output), "first");
    engine.on(0).send(chunk("{\"Status"));
    let reader = thread::spawn(move || {
        let more = next(&mut output);
        (output, more)
    });
    thread::sleep(Duration::from_millis(300));
    engine.on(1).send(chunk(frame(1, "more"))).send(last_chunk());
    let (output, more) = within(LIMIT, move || reader.join().unwrap());
    assert_eq!(more, "more");
    engine.on(0).send(chunk("Code\":3}")).send(last_chunk());
    assert_eq!(output.finish().unwrap(), 3);
    engine.finish();
}

/// A frame that arrives slowly is not cut off.
#[test]
fn waits_for_slow_frame() {
    let engine = FakeEngine::unix();
    let mut output = follow_pinned(&engine);
    assert_eq!(next(&mut output), "first");
    engine.on(0).send(exit_response(3)).on(1);
    let reader = thread::spawn(move || next(&mut output));
    for byte in frame(2, "slow") {
        thread::sleep(Duration::from_millis(250));
        engine.send(chunk([byte]));
    }
    assert_eq!(reader.join().unwrap(), "slow");
    engine.expect_close();
    engine.finish();
}
