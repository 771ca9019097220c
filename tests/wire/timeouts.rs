//! Timeouts: each limits exactly its own wait.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use crate::support::*;
use dockline::*;

/// The timeout under test. Long enough for a busy machine to get to the wait.
const TIMEOUT: Duration = Duration::from_secs(1);

/// No timeouts, as the base of the one under test.
const NONE: Timeouts =
    Timeouts { connect: None, read: None, write: None, stream: None, helper: None, deadline: None };

/// Asserts that the call fails by this timeout, neither too early nor too late.
#[track_caller]
fn assert_times_out<T: std::fmt::Debug>(
    expected: Duration,
    reason: &str,
    call: impl FnOnce() -> Result<T>,
) {
    let start = Instant::now();
    let error = call().unwrap_err();
    let took = start.elapsed();
    let Error::Timeout { what, after, .. } = &error else { panic!("{error:?}") };
    assert_eq!((*what, *after), (reason, expected));
    assert!(error.to_string().ends_with(&format!(": {reason} after {expected:?}")), "{error}");
    // The kernel's clock for socket timeouts is some milliseconds coarser.
    assert!(
        took + Duration::from_millis(10) >= expected && took < expected + MAX_DELAY,
        "{took:?}"
    );
}

fn docker(engine: &FakeEngine, timeouts: Timeouts) -> Context {
    client(&engine.host()).api_version("1.41".parse().unwrap()).timeouts(timeouts).build().unwrap()
}

const SILENT: &str = "the engine sent no data";
const DEADLINE: &str = "the deadline passed";

#[test]
fn connect() {
    for engine in [FakeEngine::unix(), FakeEngine::tcp()] {
        engine.fill_backlog();
        let timeouts = Timeouts { connect: Some(TIMEOUT), ..Timeouts::default() };
        assert_times_out(TIMEOUT, "no connection", || docker(&engine, timeouts).system().info());
        let timeouts = Timeouts { connect: None, deadline: Some(TIMEOUT), ..Timeouts::default() };
        assert_times_out(TIMEOUT, DEADLINE, || docker(&engine, timeouts).system().info());
        let timeouts = Timeouts { deadline: Some(TIMEOUT), ..Timeouts::default() };
        assert_times_out(TIMEOUT, DEADLINE, || docker(&engine, timeouts).system().info());
    }
}

#[test]
fn no_response() {
    let engine = FakeEngine::unix();
    engine.expect_request(Expected::new("GET /v1.41/info")).expect_close();
    let timeouts = Timeouts { read: Some(TIMEOUT), ..NONE };
    assert_times_out(TIMEOUT, SILENT, || docker(&engine, timeouts).system().info());
    engine.finish();
}

/// The timeout also applies to the negotiation.
#[test]
fn no_response_to_ping() {
    let engine = FakeEngine::unix();
    engine.expect_request(Expected::new("HEAD /_ping")).expect_close();
    let docker = negotiating(&engine.host());
    let docker = docker.with_timeouts(Timeouts { read: Some(TIMEOUT), ..NONE });
    assert_times_out(TIMEOUT, SILENT, || docker.containers().wait("web", &Default::default()));
    engine.finish();
}

#[test]
fn partial_response() {
    for beginning in ["HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"] {
        let engine = FakeEngine::unix();
        engine.expect_request(Expected::new("GET /v1.41/info")).send(beginning).expect_close();
        let timeouts = Timeouts { read: Some(TIMEOUT), ..NONE };
        assert_times_out(TIMEOUT, SILENT, || docker(&engine, timeouts).system().info());
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

/// Sends the same bytes repeatedly until the client closes the connection.
fn trickle_until_closed(engine: &FakeEngine, bytes: Vec<u8>) {
    engine.talk(move |conn| {
        let deadline = Instant::now() + LIMIT;
        while Instant::now() < deadline {
            match conn.send(&bytes) {
                Ok(()) => std::thread::sleep(Duration::from_millis(5)),
                Err(Fault::Closed(_)) => return Ok(()),
                Err(fault) => return Err(fault),
            }
        }
        Err("the client did not close the connection".to_string().into())
    });
}

/// The read timeout limits each wait for data, not the whole response.
#[test]
fn slow_response_is_no_timeout() {
    let engine = FakeEngine::unix();
    engine.expect_request(Expected::new("GET /v1.41/info"));
    trickle(&engine, Response::json(r#"{"ID":"x"}"#).to_bytes(), Duration::from_millis(50));
    let idle = Duration::from_secs(3);
    let timeouts = Timeouts { read: Some(idle), ..NONE };
    let start = Instant::now();
    assert_eq!(docker(&engine, timeouts).system().info().unwrap().id, "x");
    assert!(start.elapsed() > idle, "{:?}", start.elapsed());
    engine.finish();
}

/// A deadline limits the whole call.
#[test]
fn deadline_limits_slow_response() {
    let engine = FakeEngine::unix();
    engine
        .expect_request(Expected::new("GET /v1.41/info"))
        .send(head(["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"]));
    trickle_until_closed(&engine, chunk(" "));
    let timeouts = Timeouts { deadline: Some(TIMEOUT), ..Timeouts::default() };
    assert_times_out(TIMEOUT, DEADLINE, || docker(&engine, timeouts).system().info());
    engine.finish();
}

#[test]
fn deadline_includes_negotiation() {
    // Negotiation takes a part of the time, then the engine sends nothing.
    let engine = FakeEngine::unix();
    engine
        .exchange("HEAD /_ping", Response::ping("1.41"))
        .expect_request(Expected::new("GET /v1.41/info"))
        .expect_close();
    let docker = negotiating(&engine.host());
    let docker = docker.with_timeouts(Timeouts { deadline: Some(TIMEOUT), ..Timeouts::default() });
    assert_times_out(TIMEOUT, DEADLINE, || docker.system().info());
    engine.finish();
}

#[test]
fn zero_deadline() {
    let engine = FakeEngine::unix();
    let timeouts = Timeouts { deadline: Some(Duration::ZERO), ..Timeouts::default() };
    let error = docker(&engine, timeouts).system().info().unwrap_err();
    assert!(matches!(error, Error::Timeout { what: DEADLINE, .. }), "{error:?}");
    engine.finish();
}

/// A time that the clock cannot represent means no timeout.
#[test]
fn unrepresentable_timeouts() {
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

// Streams, and calls whose response takes as long as their work.

/// The read timeout does not apply to streams.
#[test]
fn streams_have_no_timeout() {
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
        // Fifty times the read timeout.
        std::thread::sleep(Duration::from_millis(50));
        assert!(!events.is_finished());
        gate.open();
        assert_eq!(events.join().unwrap(), "late");
    });
    engine.finish();
}

#[test]
fn stream_timeout() {
    let timeouts = Timeouts { stream: Some(TIMEOUT), ..NONE };
    // Before and after the response head.
    for beginning in ["", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"] {
        let engine = FakeEngine::unix();
        engine.expect_request(Expected::new("GET /v1.41/events")).send(beginning).expect_close();
        let docker = docker(&engine, timeouts);
        assert_times_out(TIMEOUT, SILENT, || {
            docker.system().events(&Default::default())?.next().unwrap()
        });
        engine.finish();
        let engine = FakeEngine::unix();
        let line = "POST /v1.41/containers/web/wait";
        engine.expect_request(Expected::new(line)).send(beginning).expect_close();
        let docker = self::docker(&engine, timeouts);
        assert_times_out(TIMEOUT, SILENT, || docker.containers().wait("web", &Default::default()));
        engine.finish();
    }
}

#[test]
fn deadline_ends_stream() {
    let engine = FakeEngine::unix();
    engine
        .expect_request(Expected::new("GET /v1.41/events"))
        .send(head(["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"]));
    trickle_until_closed(&engine, chunk("{\"Action\":\"tick\"}\n"));
    let docker = docker(&engine, Timeouts { deadline: Some(TIMEOUT), ..Timeouts::default() });
    assert_times_out(TIMEOUT, DEADLINE, || {
        docker.system().events(&Default::default())?.find_map(Result::err).map_or(Ok(()), Err)
    });
    engine.finish();
}

/// Stop responds when the container has stopped: `t` is added to the read timeout.
#[test]
fn stop_time_extends_read_timeout() {
    let timeouts = Timeouts { read: Some(TIMEOUT), ..NONE };
    let expected = Duration::from_secs(1) + TIMEOUT;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let engine = FakeEngine::unix();
            let line = "POST /v1.41/containers/web/stop?t=1";
            engine.expect_request(Expected::new(line)).expect_close();
            let options = ContainerStopOptions { t: Some(1), ..Default::default() };
            let docker = docker(&engine, timeouts);
            assert_times_out(expected, SILENT, || docker.containers().stop("web", &options));
            engine.finish();
        });
        scope.spawn(|| {
            let engine = FakeEngine::unix();
            let line = "POST /v1.41/containers/web/restart?t=1";
            engine.expect_request(Expected::new(line)).expect_close();
            let options = ContainerRestartOptions { t: Some(1), ..Default::default() };
            let docker = docker(&engine, timeouts);
            assert_times_out(expected, SILENT, || docker.containers().restart("web", &options));
            engine.finish();
        });
    });
}

/// The container's own stop timeout is not known to the client, and -1 means no limit.
#[test]
fn unknown_stop_time_disables_read_timeout() {
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

const NOT_ACCEPTED: &str = "the engine accepted no data";

#[test]
fn stalled_upload() {
    for engine in [FakeEngine::unix(), FakeEngine::tcp()] {
        for (timeouts, reason) in [
            (Timeouts { write: Some(TIMEOUT), ..NONE }, NOT_ACCEPTED),
            (Timeouts { deadline: Some(TIMEOUT), ..NONE }, DEADLINE),
        ] {
            let gate = Gate::new();
            engine.accept().hold(&gate).abort();
            let docker = docker(&engine, timeouts);
            let options = ImageCreateOptions { from_src: "-".into(), ..Default::default() };
            assert_times_out(TIMEOUT, reason, || {
                docker.images().create(&options, Some(&mut io::repeat(0))).map(drop)
            });
            gate.open();
        }
        engine.finish();
    }
}

#[test]
fn stalled_body() {
    let engine = FakeEngine::unix();
    let gate = Gate::new();
    engine.accept().hold(&gate).abort();
    let docker = docker(&engine, Timeouts { write: Some(TIMEOUT), ..NONE });
    let request = RawRequest {
        method: "POST".into(),
        path: "/x".into(),
        body: vec![0; 8 << 20],
        ..RawRequest::default()
    };
    assert_times_out(TIMEOUT, NOT_ACCEPTED, || docker.raw(&request));
    gate.open();
    engine.finish();
}

/// A slow engine or reader does not time out.
#[test]
fn slow_upload_is_no_timeout() {
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
    let start = Instant::now();
    let mut reader = Slow(Pattern::new(LENGTH));
    docker.images().create(&options, Some(&mut reader)).unwrap().finish().unwrap();
    assert!(start.elapsed() > idle, "{:?}", start.elapsed());
    engine.finish();
}

/// Timeouts belong to the context they are set on.
#[test]
fn timeouts_belong_to_context() {
    let engine = FakeEngine::unix();
    engine
        .expect_request(Expected::new("GET /v1.41/info"))
        .expect_close()
        .exchange("GET /v1.41/info", Response::json("{}"));
    let without_timeout = speaking(&engine.host(), "1.41");
    let with_timeout = without_timeout.with_timeouts(Timeouts { read: Some(TIMEOUT), ..NONE });
    assert_times_out(TIMEOUT, SILENT, || with_timeout.system().info());
    without_timeout.system().info().unwrap();
    engine.finish();
}

/// Frequent signals, as in programs with timers, do not postpone a timeout.
#[test]
fn signals_do_not_postpone_timeouts() {
    in_own_process("timeouts::signals_do_not_postpone_timeouts", LIMIT, || {
        let reading = FakeEngine::unix();
        reading.expect_request(Expected::new("GET /v1.41/info")).expect_close();
        let writing = FakeEngine::unix();
        let gate = Gate::new();
        writing.accept().hold(&gate).abort();
        let uploading = FakeEngine::unix();
        uploading.accept().hold(&gate).abort();
        with_signals(TIMEOUT / 100, || {
            let timeouts = Timeouts { read: Some(TIMEOUT), write: Some(TIMEOUT), ..NONE };
            assert_times_out(TIMEOUT, SILENT, || docker(&reading, timeouts).system().info());
            let body = RawRequest {
                method: "POST".into(),
                path: "/x".into(),
                body: vec![0; 8 << 20],
                ..RawRequest::default()
            };
            assert_times_out(TIMEOUT, NOT_ACCEPTED, || docker(&writing, timeouts).raw(&body));
            let options = ImageCreateOptions { from_src: "-".into(), ..Default::default() };
            assert_times_out(TIMEOUT, NOT_ACCEPTED, || {
                let docker = docker(&uploading, timeouts);
                docker.images().create(&options, Some(&mut io::repeat(0))).map(drop)
            });
        });
        gate.open();
    });
}

/// Runs `body` while its thread receives a signal repeatedly.
fn with_signals(pause: Duration, body: impl FnOnce()) {
    extern "C" fn handler(_: i32) {}
    // SAFETY: the handler does nothing; this thread outlives the one that sends the signals.
    let thread = unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as extern "C" fn(i32) as usize;
        assert_eq!(libc::sigaction(libc::SIGUSR1, &action, std::ptr::null_mut()), 0);
        libc::pthread_self()
    };
    let finished = Gate::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !finished.wait(pause) {
                // SAFETY: as above.
                unsafe { libc::pthread_kill(thread, libc::SIGUSR1) };
            }
        });
        body();
        finished.open();
    });
}
