//! The same faults on each way to an engine: a clear error, in time, and no descriptor and no process
//! left. Each in a process of its own.

use std::time::{Duration, Instant};

use crate::support::*;
use dockline::*;

/// A timeout under test, and what a busy machine is granted beyond it.
const SHORT: Duration = Duration::from_millis(200);

const NONE: Timeouts =
    Timeouts { connect: None, read: None, write: None, stream: None, helper: None, deadline: None };

/// A way to an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Unix,
    Tcp,
    #[cfg(feature = "tls")]
    Tls,
    Ssh,
}

const WAYS: &[Way] = &[
    Way::Unix,
    Way::Tcp,
    #[cfg(feature = "tls")]
    Way::Tls,
    Way::Ssh,
];

/// A fake engine and what leads to it.
struct Place {
    way: Way,
    engine: FakeEngine,
    builder: ContextBuilder,
    #[cfg(feature = "tls")]
    _front: Option<TlsFront>,
}

impl Place {
    /// One where calls arrive.
    fn reached(way: Way, ssh: &FakeSsh) -> Place {
        match way {
            #[cfg(feature = "tls")]
            Way::Tls => {
                let engine = FakeEngine::unix();
                let authority = Authority::new();
                let front = TlsFront::before(engine.path(), authority.server(Clients::Signed));
                let builder = front.client(authority.trusted_and_shown());
                Place { way, engine, builder, _front: Some(front) }
            }
            _ => Place::bare(way, ssh),
        }
    }

    /// The same, but by TLS nobody speaks it there.
    fn bare(way: Way, ssh: &FakeSsh) -> Place {
        let (engine, builder) = match way {
            Way::Unix => {
                let engine = FakeEngine::unix();
                let builder = client(&engine.host());
                (engine, builder)
            }
            Way::Tcp => {
                let engine = FakeEngine::tcp();
                let builder = client(&engine.host());
                (engine, builder)
            }
            #[cfg(feature = "tls")]
            Way::Tls => {
                let engine = FakeEngine::tcp();
                let builder = client(&format!("https://127.0.0.1:{}", engine.port()));
                (engine, builder.tls(Authority::new().trusted()))
            }
            Way::Ssh => {
                let engine = FakeEngine::unix();
                ssh.leads_to(engine.path());
                (engine, client("ssh://engine"))
            }
        };
        Place {
            way,
            engine,
            builder,
            #[cfg(feature = "tls")]
            _front: None,
        }
    }

    fn docker(&self, timeouts: Timeouts) -> Context {
        let version = "1.41".parse().unwrap();
        self.builder.clone().api_version(version).timeouts(timeouts).build().unwrap()
    }

    /// The engine accepts; by ssh it also answers what is asked first.
    fn connected(&self) -> &FakeEngine {
        match self.way {
            Way::Ssh => response_ssh_ping(&self.engine),
            _ => self.engine.accept(),
        }
    }
}

/// Runs a fault on each way, and looks for what is left of it.
#[track_caller]
fn on_each_way(name: &str, fault: impl Fn(Way, &FakeSsh)) {
    with_fake_ssh(name, LIMIT, |ssh| {
        for &way in WAYS {
            let before = open_descriptors();
            fault(way, ssh);
            eventually(LIMIT, "no process is left", || children().is_empty());
            // A thread of the engine may close its own a moment later.
            eventually(LIMIT, "no descriptor is left", || open_descriptors() == before);
        }
    });
}

/// Checks that a call and a stream, whose answer would be waited for for ever, end by this timeout.
#[track_caller]
fn time_out(way: Way, docker: &Context, words: &str) {
    let call = || docker.system().info().map(drop);
    let stream = || docker.system().events(&Default::default()).map(drop);
    for attempt in [&call as &dyn Fn() -> Result<()>, &stream] {
        let begin = Instant::now();
        let error = attempt().unwrap_err();
        let took = begin.elapsed();
        let Error::Timeout { what, after, .. } = &error else { panic!("{way:?}: {error:?}") };
        assert_eq!((*what, *after), (words, SHORT), "{way:?}");
        // The kernel's clock for sockets is coarser than ours, by some milliseconds.
        assert!(took + Duration::from_millis(10) >= SHORT && took < SHORT + LATE, "{took:?}");
    }
}

/// Nothing answers to the first packet.
#[test]
fn a_black_hole() {
    on_each_way("transports::a_black_hole", |way, ssh| {
        let place = Place::bare(way, ssh);
        match way {
            Way::Ssh => ssh.does("exec sleep 1000"),
            _ => place.engine.fill_backlog(),
        }
        time_out(way, &place.docker(Timeouts { connect: Some(SHORT), ..NONE }), "no connection");
        let deadline = Timeouts { deadline: Some(SHORT), ..NONE };
        time_out(way, &place.docker(deadline), "the deadline passed");
    });
}

/// Where a connection takes more than to be accepted, which the kernel does.
#[test]
fn accepted_and_then_silent() {
    on_each_way("transports::accepted_and_then_silent", |way, ssh| {
        let place = Place::bare(way, ssh);
        let (timeouts, words) = match way {
            Way::Unix | Way::Tcp => {
                let read = Timeouts { read: Some(SHORT), stream: Some(SHORT), ..NONE };
                (read, "the engine sent no data")
            }
            _ => (Timeouts { connect: Some(SHORT), ..NONE }, "no connection"),
        };
        time_out(way, &place.docker(timeouts), words);
        // By ssh, the time may be over before there is a connection.
        eventually(LIMIT, "no process is left", || children().is_empty());
        place.engine.drain_all();
        place.engine.finish();
    });
}

#[test]
fn silent_when_it_is_asked() {
    on_each_way("transports::silent_when_it_is_asked", |way, ssh| {
        let place = Place::reached(way, ssh);
        for _ in 0..2 {
            place.connected().drain();
        }
        let read = Timeouts { read: Some(SHORT), stream: Some(SHORT), ..NONE };
        time_out(way, &place.docker(read), "the engine sent no data");
        place.engine.finish();
    });
}

#[test]
fn nobody_there() {
    on_each_way("transports::nobody_there", |way, ssh| {
        let place = Place::bare(way, ssh);
        let docker = place.docker(NONE);
        drop(place);
        let error = docker.system().info().unwrap_err();
        let Error::Connect { message, errno, .. } = &error else { panic!("{error:?}") };
        let (expected, words) = match way {
            Way::Unix => (Some(libc::ENOENT), "no such socket: start the engine"),
            Way::Ssh => (None, "No such file or directory"),
            _ => (Some(libc::ECONNREFUSED), "no process listens on this port"),
        };
        assert_eq!(*errno, expected, "{way:?}");
        assert!(message.contains("cannot connect to ") && message.contains(words), "{message}");
    });
}

#[test]
fn closed_at_once() {
    on_each_way("transports::closed_at_once", |way, ssh| {
        let place = Place::bare(way, ssh);
        place.engine.accept().abort();
        let error = place.docker(NONE).system().info().unwrap_err();
        match way {
            Way::Unix | Way::Tcp => {
                assert!(matches!(error, Error::Disconnected { .. }), "{error:?}")
            }
            _ => assert!(matches!(error, Error::Connect { .. }), "{way:?}: {error:?}"),
        }
        place.engine.finish();
    });
}

#[test]
fn closed_when_it_is_asked() {
    on_each_way("transports::closed_when_it_is_asked", |way, ssh| {
        let place = Place::reached(way, ssh);
        place.connected().expect_request(Expected::new("GET /v1.41/info")).abort();
        let error = place.docker(NONE).system().info().unwrap_err();
        assert!(matches!(error, Error::Disconnected { .. }), "{way:?}: {error:?}");
        assert!(error.to_string().starts_with("SystemInfo: the engine closed"), "{error}");
        place.engine.finish();
    });
}

#[test]
fn no_engine_but_something_else() {
    on_each_way("transports::no_engine_but_something_else", |way, ssh| {
        let place = Place::reached(way, ssh);
        let greeting = "220 mail.example.com ESMTP\r\n";
        match way {
            Way::Ssh => place.engine.accept().send(greeting).drain(),
            _ => place.connected().send(greeting).drain(),
        };
        let error = place.docker(NONE).system().info().unwrap_err();
        assert!(matches!(error, Error::Protocol { .. }), "{way:?}: {error:?}");
        place.engine.finish();
    });
}

#[test]
fn cancelled() {
    on_each_way("transports::cancelled", |way, ssh| {
        let (connecting, asked) = (Place::bare(way, ssh), Place::reached(way, ssh));
        // By ssh there is one way at a time.
        let places = if way == Way::Ssh { vec![asked] } else { vec![connecting, asked] };
        for place in places {
            let taken = Gate::new();
            place.connected().open(&taken).drain();
            let cancel = CancelToken::new();
            let docker = place.docker(NONE).with_cancel_token(&cancel);
            let (error, took) = std::thread::scope(|scope| {
                let call = scope.spawn(|| (docker.system().info().unwrap_err(), Instant::now()));
                assert!(taken.wait(LIMIT));
                let begin = Instant::now();
                cancel.cancel();
                let (error, end) = call.join().unwrap();
                (error, end.saturating_duration_since(begin))
            });
            assert!(matches!(error, Error::Cancelled { .. }), "{way:?}: {error:?}");
            assert!(took < LATE, "{way:?}: {took:?}");
            place.engine.finish();
        }
    });
}
