//! The same faults on every transport: a clear error in time, and neither descriptors nor processes left. Each test
//! runs in a process of its own.

use std::time::{Duration, Instant};

use crate::support::*;
use dockline::*;

/// The timeout under test.
const TIMEOUT: Duration = Duration::from_millis(200);

const NONE: Timeouts =
    Timeouts { connect: None, read: None, write: None, stream: None, helper: None, deadline: None };

/// A transport between client and engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transport {
    Unix,
    Tcp,
    #[cfg(feature = "tls")]
    Tls,
    Ssh,
}

const TRANSPORTS: &[Transport] = &[
    Transport::Unix,
    Transport::Tcp,
    #[cfg(feature = "tls")]
    Transport::Tls,
    Transport::Ssh,
];

/// A fake engine, and a builder of contexts for it.
struct Target {
    transport: Transport,
    engine: FakeEngine,
    builder: ContextBuilder,
    #[cfg(feature = "tls")]
    _front: Option<TlsFront>,
}

impl Target {
    /// An engine that calls reach.
    fn ready(transport: Transport, ssh: &FakeSsh) -> Target {
        match transport {
            #[cfg(feature = "tls")]
            Transport::Tls => {
                let engine = FakeEngine::unix();
                let authority = Authority::new();
                let front = TlsFront::before(engine.path(), authority.server(Clients::Signed));
                let builder = front.client(authority.with_client_certificate());
                Target { transport, engine, builder, _front: Some(front) }
            }
            _ => Target::without_tls(transport, ssh),
        }
    }

    /// The same, but with [`Transport::Tls`] the engine has no TLS.
    fn without_tls(transport: Transport, ssh: &FakeSsh) -> Target {
        let (engine, builder) = match transport {
            Transport::Unix => {
                let engine = FakeEngine::unix();
                let builder = client(&engine.host());
                (engine, builder)
            }
            Transport::Tcp => {
                let engine = FakeEngine::tcp();
                let builder = client(&engine.host());
                (engine, builder)
            }
            #[cfg(feature = "tls")]
            Transport::Tls => {
                let engine = FakeEngine::tcp();
                let builder = client(&format!("https://127.0.0.1:{}", engine.port()));
                (engine, builder.tls(Authority::new().trusted()))
            }
            Transport::Ssh => {
                let engine = FakeEngine::unix();
                ssh.connect_to(engine.path());
                (engine, client("ssh://engine"))
            }
        };
        Target {
            transport,
            engine,
            builder,
            #[cfg(feature = "tls")]
            _front: None,
        }
    }

    fn context(&self, timeouts: Timeouts) -> Context {
        let version = "1.41".parse().unwrap();
        self.builder.clone().api_version(version).timeouts(timeouts).build().unwrap()
    }

    /// Accepts a connection; over ssh, it also responds to the ping that precedes the call.
    fn accept(&self) -> &FakeEngine {
        match self.transport {
            Transport::Ssh => response_ssh_ping(&self.engine),
            _ => self.engine.accept(),
        }
    }
}

/// Runs a test on each transport, and checks for leaked processes and descriptors.
#[track_caller]
fn for_each_transport(name: &str, test: impl Fn(Transport, &FakeSsh)) {
    with_fake_ssh(name, LIMIT, |ssh| {
        for &transport in TRANSPORTS {
            let before = open_descriptors();
            test(transport, ssh);
            eventually(LIMIT, "no process is left", || children().is_empty());
            // A thread of the engine may close its descriptor a moment later.
            eventually(LIMIT, "no descriptor is left", || open_descriptors() == before);
        }
    });
}

/// Asserts that a call and a stream fail by this timeout.
#[track_caller]
fn assert_times_out(transport: Transport, docker: &Context, expected: &str) {
    let call = || docker.system().info().map(drop);
    let stream = || docker.system().events(&Default::default()).map(drop);
    for attempt in [&call as &dyn Fn() -> Result<()>, &stream] {
        let start = Instant::now();
        let error = attempt().unwrap_err();
        let took = start.elapsed();
        let Error::Timeout { what, after, .. } = &error else { panic!("{transport:?}: {error:?}") };
        assert_eq!((*what, *after), (expected, TIMEOUT), "{transport:?}");
        // The kernel's clock for socket timeouts is some milliseconds coarser.
        assert!(
            took + Duration::from_millis(10) >= TIMEOUT && took < TIMEOUT + MAX_DELAY,
            "{took:?}"
        );
    }
}

/// Connection attempts receive no response.
#[test]
fn no_connection() {
    for_each_transport("transports::no_connection", |transport, ssh| {
        let target = Target::without_tls(transport, ssh);
        match transport {
            Transport::Ssh => ssh.set_script("exec sleep 1000"),
            _ => target.engine.fill_backlog(),
        }
        assert_times_out(
            transport,
            &target.context(Timeouts { connect: Some(TIMEOUT), ..NONE }),
            "no connection",
        );
        let deadline = Timeouts { deadline: Some(TIMEOUT), ..NONE };
        assert_times_out(transport, &target.context(deadline), "the deadline passed");
    });
}

/// The kernel accepts the connection, and the engine sends nothing: TLS and ssh are then still connecting.
#[test]
fn silent_after_accept() {
    for_each_transport("transports::silent_after_accept", |transport, ssh| {
        let target = Target::without_tls(transport, ssh);
        let (timeouts, expected) = match transport {
            Transport::Unix | Transport::Tcp => {
                let read = Timeouts { read: Some(TIMEOUT), stream: Some(TIMEOUT), ..NONE };
                (read, "the engine sent no data")
            }
            _ => (Timeouts { connect: Some(TIMEOUT), ..NONE }, "no connection"),
        };
        assert_times_out(transport, &target.context(timeouts), expected);
        // Over ssh, the timeout may pass before there is a connection.
        eventually(LIMIT, "no process is left", || children().is_empty());
        target.engine.drain_all();
        target.engine.finish();
    });
}

#[test]
fn silent_after_request() {
    for_each_transport("transports::silent_after_request", |transport, ssh| {
        let target = Target::ready(transport, ssh);
        for _ in 0..2 {
            target.accept().drain();
        }
        let read = Timeouts { read: Some(TIMEOUT), stream: Some(TIMEOUT), ..NONE };
        assert_times_out(transport, &target.context(read), "the engine sent no data");
        target.engine.finish();
    });
}

#[test]
fn missing_engine() {
    for_each_transport("transports::missing_engine", |transport, ssh| {
        let target = Target::without_tls(transport, ssh);
        let docker = target.context(NONE);
        drop(target);
        let error = docker.system().info().unwrap_err();
        let Error::Connect { message, errno, .. } = &error else { panic!("{error:?}") };
        let (expected, advice) = match transport {
            Transport::Unix => (Some(libc::ENOENT), "no such socket: start the engine"),
            Transport::Ssh => (None, "No such file or directory"),
            _ => (Some(libc::ECONNREFUSED), "no process listens on this port"),
        };
        assert_eq!(*errno, expected, "{transport:?}");
        assert!(message.contains("cannot connect to ") && message.contains(advice), "{message}");
    });
}

#[test]
fn closed_after_accept() {
    for_each_transport("transports::closed_after_accept", |transport, ssh| {
        let target = Target::without_tls(transport, ssh);
        target.engine.accept().abort();
        let error = target.context(NONE).system().info().unwrap_err();
        match transport {
            Transport::Unix | Transport::Tcp => {
                assert!(matches!(error, Error::Disconnected { .. }), "{error:?}")
            }
            _ => assert!(matches!(error, Error::Connect { .. }), "{transport:?}: {error:?}"),
        }
        target.engine.finish();
    });
}

#[test]
fn closed_after_request() {
    for_each_transport("transports::closed_after_request", |transport, ssh| {
        let target = Target::ready(transport, ssh);
        target.accept().expect_request(Expected::new("GET /v1.41/info")).abort();
        let error = target.context(NONE).system().info().unwrap_err();
        assert!(matches!(error, Error::Disconnected { .. }), "{transport:?}: {error:?}");
        assert!(error.to_string().starts_with("SystemInfo: the engine closed"), "{error}");
        target.engine.finish();
    });
}

#[test]
fn rejects_other_protocols() {
    for_each_transport("transports::rejects_other_protocols", |transport, ssh| {
        let target = Target::ready(transport, ssh);
        let greeting = "220 mail.example.com ESMTP\r\n";
        match transport {
            Transport::Ssh => target.engine.accept().send(greeting).drain(),
            _ => target.accept().send(greeting).drain(),
        };
        let error = target.context(NONE).system().info().unwrap_err();
        assert!(matches!(error, Error::Protocol { .. }), "{transport:?}: {error:?}");
        target.engine.finish();
    });
}

#[test]
fn cancel() {
    for_each_transport("transports::cancel", |transport, ssh| {
        let (connecting, waiting) =
            (Target::without_tls(transport, ssh), Target::ready(transport, ssh));
        // Over ssh, only one fake engine at a time.
        let targets =
            if transport == Transport::Ssh { vec![waiting] } else { vec![connecting, waiting] };
        for target in targets {
            let accepted = Gate::new();
            target.accept().open(&accepted).drain();
            let token = CancelToken::new();
            let docker = target.context(NONE).with_cancel_token(&token);
            let (error, took) = std::thread::scope(|scope| {
                let call = scope.spawn(|| (docker.system().info().unwrap_err(), Instant::now()));
                assert!(accepted.wait(LIMIT));
                let start = Instant::now();
                token.cancel();
                let (error, end) = call.join().unwrap();
                (error, end.saturating_duration_since(start))
            });
            assert!(matches!(error, Error::Cancelled { .. }), "{transport:?}: {error:?}");
            assert!(took < MAX_DELAY, "{transport:?}: {took:?}");
            target.engine.finish();
        }
    });
}
