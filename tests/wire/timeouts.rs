//! Waiting: each timeout ends what it should when it should, and nothing else.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use crate::support::*;
use dockline::*;

/// The timeout under test: long enough for a busy machine to do before what must be done before.
const SHORT: Duration = Duration::from_secs(1);

/// No timeouts at all, to set the one under test.
const NONE: Timeouts =
    Timeouts { connect: None, read: None, write: None, stream: None, helper: None, deadline: None };

/// Fails the test if the call ends too early or too late, or otherwise than by this timeout.
#[track_caller]
fn times_out<T: std::fmt::Debug>(
    expected: Duration,
    words: &str,
    call: impl FnOnce() -> Result<T>,
) {
    let begin = Instant::now();
    let error = call().unwrap_err();
    let took = begin.elapsed();
    let Error::Timeout { what, after, .. } = &error else { panic!("{error:?}") };
    assert_eq!((*what, *after), (words, expected));
    assert!(error.to_string().ends_with(&format!(": {words} after {expected:?}")), "{error}");
    // The kernel's clock for sockets is coarser than ours, by some milliseconds.
    assert!(took + Duration::from_millis(10) >= expected && took < expected + LATE, "{took:?}");
}

fn docker(engine: &FakeEngine, timeouts: Timeouts) -> Context {
    client(&engine.host()).api_version("1.41".parse().unwrap()).timeouts(timeouts).build().unwrap()
}

const SILENT: &str = "the engine sent no data";
const DEADLINE: &str = "the deadline passed";

#[test]
fn connecting_to_nobody_who_accepts() {
    for engine in [FakeEngine::unix(), FakeEngine::tcp()] {
        engine.fill_backlog();
        let timeouts = Timeouts { connect: Some(SHORT), ..Timeouts::default() };
        times_out(SHORT, "no connection", || docker(&engine, timeouts).system().info());
        let timeouts = Timeouts { connect: None, deadline: Some(SHORT), ..Timeouts::default() };
        times_out(SHORT, DEADLINE, || docker(&engine, timeouts).system().info());
        let timeouts = Timeouts { deadline: Some(SHORT), ..Timeouts::default() };
        times_out(SHORT, DEADLINE, || docker(&engine, timeouts).system().info());
    }
}

#[test]
fn no_response() {
    let engine = FakeEngine::unix();
    engine.expect_request(Expected::new("GET /v1.41/info")).expect_close();
    let timeouts = Timeouts { read: Some(SHORT), ..NONE };
    times_out(SHORT, SILENT, || docker(&engine, timeouts).system().info());
    engine.finish();
}

/// Also the first call of all, which asks for the version.
#[test]
fn no_response_to_the_ping() {
    let engine = FakeEngine::unix();
    engine.expect_request(Expected::new("HEAD /_ping")).expect_close();
    let docker = negotiating(&engine.host());
    let docker = docker.with_timeouts(Timeouts { read: Some(SHORT), ..NONE });
    times_out(SHORT, SILENT, || docker.containers().wait("web", &Default::default()));
    engine.finish();
}

#[test]
fn no_more_of_a_response() {
    for beginning in ["HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"] {
        let engine = FakeEngine::unix();
        engine.expect_request(Expected::new("GET /v1.41/info")).send(beginning).expect_close();
        let timeouts = Timeouts { read: Some(SHORT), ..NONE };
        times_out(SHORT, SILENT, || docker(&engine, timeouts).system().info());
        engine.finish();
    }
}

/// Sends a response byte by byte with pauses.
fn trickle(engine: &FakeEngine, response: Vec<u8>, pause: Duration) {
    engine.talk(move |conn| {
        for byte in response {
            std::thread::sleep(pause);
            conn.send(&[byte])?;
        }
        Ok(())
    });
}

/// Sends the same bytes again and again until the client closes the connection.
fn trickle_until_closed(engine: &FakeEngine, bytes: Vec<u8>) {
    engine.talk(move |conn| {
        let end = Instant::now() + LIMIT;
        while Instant::now() < end {
            match conn.send(&bytes) {
                Ok(()) => std::thread::sleep(Duration::from_millis(5)),
                Err(Fault::Gone(_)) => return Ok(()),
                Err(fault) => return Err(fault),
            }
        }
        Err("the client did not close the connection".to_string().into())
    });
}

/// A timeout is of the silence, not of the whole.
#[test]
fn a_slow_response_is_none_too_late() {
    let engine = FakeEngine::unix();
    engine.expect_request(Expected::new("GET /v1.41/info"));
    trickle(&engine, Response::json(r#"{"ID":"x"}"#).to_bytes(), Duration::from_millis(50));
    let idle = Duration::from_secs(3);
    let timeouts = Timeouts { read: Some(idle), ..NONE };
    let begin = Instant::now();
    assert_eq!(docker(&engine, timeouts).system().info().unwrap().id, "x");
    assert!(begin.elapsed() > idle, "{:?}", begin.elapsed());
    engine.finish();
}

/// A deadline is of the whole.
#[test]
fn a_slow_response_is_too_late_for_a_deadline() {
    let engine = FakeEngine::unix();
    engine
        .expect_request(Expected::new("GET /v1.41/info"))
        .send(head(["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"]));
    trickle_until_closed(&engine, chunk(" "));
    let timeouts = Timeouts { deadline: Some(SHORT), ..Timeouts::default() };
    times_out(SHORT, DEADLINE, || docker(&engine, timeouts).system().info());
    engine.finish();
}

#[test]
fn a_deadline_covers_the_whole_call() {
    // Silence; and a version that takes part of the time.
    let engine = FakeEngine::unix();
    engine
        .exchange("HEAD /_ping", Response::ping("1.41"))
        .expect_request(Expected::new("GET /v1.41/info"))
        .expect_close();
    let docker = negotiating(&engine.host());
    let docker = docker.with_timeouts(Timeouts { deadline: Some(SHORT), ..Timeouts::default() });
    times_out(SHORT, DEADLINE, || docker.system().info());
    engine.finish();
}

#[test]
fn a_deadline_of_nothing() {
    let engine = FakeEngine::unix();
    let timeouts = Timeouts { deadline: Some(Duration::ZERO), ..Timeouts::default() };
    let error = docker(&engine, timeouts).system().info().unwrap_err();
    assert!(matches!(error, Error::Timeout { what: DEADLINE, .. }), "{error:?}");
    engine.finish();
}

/// Beyond the end of the clock is never.
#[test]
fn endless_times() {
    let engine = FakeEngine::unix();
    engine.exchange("GET /v1.41/info", Response::json("{}"));
    let timeouts = Timeouts {
        connect: Some(Duration::MAX),
        read: Some(Duration::MAX),
        write: Some(Duration::MAX),
        helper: Some(Duration::MAX),
        stream: Some(Duration::MAX),
        deadline: Some(Duration::MAX),
    };
    docker(&engine, timeouts).system().info().unwrap();
    engine.finish();
}

// Streams, and calls that last as long as their work.

/// Times of promptness do not hold there.
#[test]
fn streams_wait_for_ever() {
    let engine = FakeEngine::unix();
    let gate = Gate::new();
    engine
        .expect_request(Expected::new("GET /v1.41/events"))
        .hold(&gate)
        .send(Response::chunked(200).then("{\"Action\":\"late\"}\n").to_bytes());
    let docker = docker(&engine, Timeouts { read: Some(Duration::from_millis(1)), ..NONE });
    std::thread::scope(|scope| {
        let events = scope.spawn(|| {
            let mut events = docker.system().events(&Default::default()).unwrap();
            events.next().unwrap().unwrap().action
        });
        // Fifty times as long as a prompt call would wait.
        std::thread::sleep(Duration::from_millis(50));
        assert!(!events.is_finished());
        gate.open();
        assert_eq!(events.join().unwrap(), "late");
    });
    engine.finish();
}

#[test]
fn unless_asked() {
    let timeouts = Timeouts { stream: Some(SHORT), ..NONE };
    // Before the head, and behind it.
    for beginning in ["", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"] {
        let engine = FakeEngine::unix();
        engine.expect_request(Expected::new("GET /v1.41/events")).send(beginning).expect_close();
        let docker = docker(&engine, timeouts);
        times_out(SHORT, SILENT, || docker.system().events(&Default::default())?.next().unwrap());
        engine.finish();
        let engine = FakeEngine::unix();
        let line = "POST /v1.41/containers/web/wait";
        engine.expect_request(Expected::new(line)).send(beginning).expect_close();
        let docker = self::docker(&engine, timeouts);
        times_out(SHORT, SILENT, || docker.containers().wait("web", &Default::default()));
        engine.finish();
    }
}

#[test]
fn a_deadline_ends_a_stream() {
    let engine = FakeEngine::unix();
    engine
        .expect_request(Expected::new("GET /v1.41/events"))
        .send(head(["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"]));
    trickle_until_closed(&engine, chunk("{\"Action\":\"tick\"}\n"));
    let docker = docker(&engine, Timeouts { deadline: Some(SHORT), ..Timeouts::default() });
    times_out(SHORT, DEADLINE, || {
        docker.system().events(&Default::default())?.find_map(Result::err).map_or(Ok(()), Err)
    });
    engine.finish();
}

/// Stop answers when the container has stopped: `t` is added to the patience.
#[test]
fn grace() {
    let timeouts = Timeouts { read: Some(SHORT), ..NONE };
    let expected = Duration::from_secs(1) + SHORT;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let engine = FakeEngine::unix();
            let line = "POST /v1.41/containers/web/stop?t=1";
            engine.expect_request(Expected::new(line)).expect_close();
            let options = ContainerStopOptions { t: Some(1), ..Default::default() };
            let docker = docker(&engine, timeouts);
            times_out(expected, SILENT, || docker.containers().stop("web", &options));
            engine.finish();
        });
        scope.spawn(|| {
            let engine = FakeEngine::unix();
            let line = "POST /v1.41/containers/web/restart?t=1";
            engine.expect_request(Expected::new(line)).expect_close();
            let options = ContainerRestartOptions { t: Some(1), ..Default::default() };
            let docker = docker(&engine, timeouts);
            times_out(expected, SILENT, || docker.containers().restart("web", &options));
            engine.finish();
        });
    });
}

/// The container's own stop timeout is known to the engine alone, and -1 is for ever.
#[test]
fn grace_of_unknown_length() {
    for t in [None, Some(-1)] {
        let engine = FakeEngine::unix();
        let gate = Gate::new();
        let line = match t {
            None => "POST /v1.41/containers/web/stop",
            Some(_) => "POST /v1.41/containers/web/stop?t=-1",
        };
        engine.expect_request(Expected::new(line)).hold(&gate).reply(Response::empty(204));
        let docker = docker(&engine, Timeouts { read: Some(Duration::from_millis(1)), ..NONE });
        std::thread::scope(|scope| {
            let stop = scope.spawn(|| {
                let options = ContainerStopOptions { t, ..Default::default() };
                docker.containers().stop("web", &options)
            });
            std::thread::sleep(Duration::from_millis(50));
            assert!(!stop.is_finished());
            gate.open();
            assert_eq!(stop.join().unwrap().unwrap(), Outcome::Done);
        });
        engine.finish();
    }
}

// Sending.

const STUCK: &str = "the engine accepted no data";

#[test]
fn an_upload_that_nobody_takes() {
    for engine in [FakeEngine::unix(), FakeEngine::tcp()] {
        for (timeouts, words) in [
            (Timeouts { write: Some(SHORT), ..NONE }, STUCK),
            (Timeouts { deadline: Some(SHORT), ..NONE }, DEADLINE),
        ] {
            let gate = Gate::new();
            engine.accept().hold(&gate).abort();
            let docker = docker(&engine, timeouts);
            let options = ImageCreateOptions { from_src: "-".into(), ..Default::default() };
            times_out(SHORT, words, || {
                docker.images().create(&options, Some(&mut io::repeat(0))).map(drop)
            });
            gate.open();
        }
        engine.finish();
    }
}

#[test]
fn a_body_that_nobody_takes() {
    let engine = FakeEngine::unix();
    let gate = Gate::new();
    engine.accept().hold(&gate).abort();
    let docker = docker(&engine, Timeouts { write: Some(SHORT), ..NONE });
    let request = RawRequest {
        method: "POST".into(),
        path: "/x".into(),
        body: vec![0; 8 << 20],
        ..RawRequest::default()
    };
    times_out(SHORT, STUCK, || docker.raw(&request));
    gate.open();
    engine.finish();
}

/// A slow engine, and a slow reader, are not stuck.
#[test]
fn a_slow_upload_is_none_too_late() {
    const LENGTH: u64 = 4 << 20;
    struct Slow(Pattern);
    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            std::thread::sleep(Duration::from_millis(20));
            let length = buffer.len().min(32 * 1024);
            self.0.read(&mut buffer[..length])
        }
    }
    let engine = FakeEngine::unix();
    let request = Expected::new("POST /v1.41/images/create?fromSrc=-");
    engine.exchange_for(request.chunked().pattern(LENGTH), Response::chunked(200));
    let idle = Duration::from_secs(2);
    let docker = docker(&engine, Timeouts { write: Some(idle), ..NONE });
    let options = ImageCreateOptions { from_src: "-".into(), ..Default::default() };
    let begin = Instant::now();
    let mut reader = Slow(Pattern::new(LENGTH));
    docker.images().create(&options, Some(&mut reader)).unwrap().finish().unwrap();
    assert!(begin.elapsed() > idle, "{:?}", begin.elapsed());
    engine.finish();
}

/// Timeouts belong to the context they were set on.
#[test]
fn each_context_has_its_own() {
    let engine = FakeEngine::unix();
    engine
        .expect_request(Expected::new("GET /v1.41/info"))
        .expect_close()
        .exchange("GET /v1.41/info", Response::json("{}"));
    let patient = speaking(&engine.host(), "1.41");
    let hasty = patient.with_timeouts(Timeouts { read: Some(SHORT), ..NONE });
    times_out(SHORT, SILENT, || hasty.system().info());
    patient.system().info().unwrap();
    engine.finish();
}

/// Signals come at any rate in programs that have timers; a wait ends all the same.
#[test]
fn signals_do_not_put_off_the_end() {
    in_own_process("timeouts::signals_do_not_put_off_the_end", LIMIT, || {
        let reading = FakeEngine::unix();
        reading.expect_request(Expected::new("GET /v1.41/info")).expect_close();
        let writing = FakeEngine::unix();
        let gate = Gate::new();
        writing.accept().hold(&gate).abort();
        let uploading = FakeEngine::unix();
        uploading.accept().hold(&gate).abort();
        interrupted(SHORT / 100, || {
            let timeouts = Timeouts { read: Some(SHORT), write: Some(SHORT), ..NONE };
            times_out(SHORT, SILENT, || docker(&reading, timeouts).system().info());
            let body = RawRequest {
                method: "POST".into(),
                path: "/x".into(),
                body: vec![0; 8 << 20],
                ..RawRequest::default()
            };
            times_out(SHORT, STUCK, || docker(&writing, timeouts).raw(&body));
            let options = ImageCreateOptions { from_src: "-".into(), ..Default::default() };
            times_out(SHORT, STUCK, || {
                let docker = docker(&uploading, timeouts);
                docker.images().create(&options, Some(&mut io::repeat(0))).map(drop)
            });
        });
        gate.open();
    });
}

/// Runs `body` while a signal comes to its thread again and again, and is handled by nothing.
fn interrupted(pause: Duration, body: impl FnOnce()) {
    extern "C" fn handler(_: i32) {}
    // SAFETY: the handler does nothing; the thread outlives the one that signals to it.
    let thread = unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as extern "C" fn(i32) as usize;
        assert_eq!(libc::sigaction(libc::SIGUSR1, &action, std::ptr::null_mut()), 0);
        libc::pthread_self()
    };
    let over = Gate::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.wait(pause) {
                // SAFETY: as above.
                unsafe { libc::pthread_kill(thread, libc::SIGUSR1) };
            }
        });
        body();
        over.open();
    });
}
