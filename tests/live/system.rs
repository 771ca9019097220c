//! Ping, version, info and events, on a real engine.

use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::helpers::{
    Container, MAX_DELAY, PrivateEngine, TestImage, is_podman, live, live_on, note_difference,
    shell, short_name, tar, unique,
};
use crate::support::{Gate, TempDir};
use dockline::model::{EventMessage, EventScope, EventType};
use dockline::{
    ApiVersion, ContainerKillOptions, Context, Error, Filters, RawRequest, SystemEventsOptions,
    TimeBound,
};

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn ping_with_head() {
    live(|docker| {
        let sent = Arc::new(Mutex::new(Vec::new()));
        let docker = docker.with_result_handler({
            let sent = sent.clone();
            move |call| sent.lock().unwrap().push(format!("{} {}", call.method, call.url))
        });
        let ping = docker.system().ping().unwrap();
        assert!(ping.api_version.unwrap() >= ApiVersion::OLDEST);
        // Podman omits the OS type.
        assert!(ping.os_type == "linux" || ping.server.starts_with("Libpod/"), "{ping:?}");
        assert!(!ping.server.is_empty());
        // A HEAD without an API version.
        let sent = sent.lock().unwrap();
        assert_eq!(sent.len(), 1);
        assert!(sent[0].starts_with("HEAD ") && sent[0].ends_with("/_ping"), "{sent:?}");
        assert!(!sent[0].contains("/v1."), "{sent:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn ping_with_get() {
    live(|docker| {
        let request = RawRequest { path: "/_ping".into(), unversioned: true, ..Default::default() };
        let response = docker.raw(&request).unwrap();
        assert_eq!((response.status, &response.body[..]), (200, &b"OK"[..]));
        // GET and HEAD return the same version.
        let version = response.headers.iter().find(|(name, _)| name == "api-version").unwrap();
        let ping = docker.system().ping().unwrap();
        assert_eq!(ping.api_version.unwrap().to_string(), version.1);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn version() {
    live(|docker| {
        let version = docker.system().version().unwrap();
        let newest: ApiVersion = version.api_version.parse().unwrap();
        let oldest: ApiVersion = version.min_api_version.parse().unwrap();
        assert_eq!(docker.system().ping().unwrap().api_version, Some(newest));
        assert!(oldest <= newest);
        assert_eq!((version.os.as_str(), version.arch.is_empty()), ("linux", false));
        assert!(!version.version.is_empty() && !version.components.is_empty());
        assert_eq!(docker.api_version().unwrap(), newest.min(ApiVersion::NEWEST));
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn info() {
    live(|docker| {
        let _container = Container::create(docker, &shell("true"));
        let info = docker.system().info().unwrap();
        assert_eq!(info.server_version, docker.system().version().unwrap().version);
        assert!(info.containers >= 1 && info.images >= 1, "{info:?}");
        let states = info.containers_running + info.containers_paused + info.containers_stopped;
        // Podman 4 counts inconsistently while other containers start and stop.
        assert!(info.containers == states || is_podman(docker), "{info:?}");
        assert!(info.ncpu >= 1 && info.mem_total > 0, "{info:?}");
        assert!(!info.id.is_empty() && !info.driver.is_empty() && !info.name.is_empty());
        assert!(info.runtimes.contains_key(&info.default_runtime), "{info:?}");
        assert_eq!(info.os_type, "linux");
        assert!(info.system_time.unix_nanos().is_some());
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn uses_pinned_version() {
    live(|docker| {
        let version = docker.system().version().unwrap();
        let (oldest, newest): (ApiVersion, ApiVersion) =
            (version.min_api_version.parse().unwrap(), version.api_version.parse().unwrap());
        let pinned = |version: ApiVersion| {
            let host = docker.endpoint().to_string();
            let docker = Context::builder().host(host).api_version(version).build().unwrap();
            (docker.api_version().unwrap(), docker.system().info().map(drop))
        };
        for version in [oldest.max(ApiVersion::OLDEST), newest.min(ApiVersion::NEWEST)] {
            let (in_use, result) = pinned(version);
            assert_eq!(in_use, version);
            result.unwrap();
        }
        // A version newer than the engine's, or the newest if there is none.
        match pinned(ApiVersion::NEWEST).1 {
            Err(Error::EngineTooOld { operation, message, needed, in_use }) => {
                assert_eq!((operation, needed, in_use), ("SystemInfo", ApiVersion::NEWEST, newest));
                assert!(message.contains(&format!("{oldest} to {newest}")), "{message}");
                assert!(message.contains("1.24 to 1.56"), "{message}");
            }
            result => {
                result.unwrap();
                if newest < ApiVersion::NEWEST {
                    assert!(is_podman(docker), "{version:?}");
                    note_difference("SystemInfo", "unknown versions are accepted");
                }
            }
        }
    });
}

/// Selects the events of one container from its creation on, since the engine may subscribe the
/// client after it has sent the response header.
fn events_of(container: &Container) -> SystemEventsOptions {
    SystemEventsOptions {
        since: Some(TimeBound::ago(Duration::from_secs(60))),
        filters: Filters::new().with("container", &container.id).with("type", "container"),
        ..SystemEventsOptions::default()
    }
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn events_stream_while_container_runs() {
    live(|docker| {
        let mut request = shell("sleep 100");
        request.config.labels.insert("colour".into(), "green".into());
        let container = Container::create(docker, &request);
        let mut events =
            docker.system().events(&events_of(&container)).unwrap().map(Result::unwrap);

        let create = events.next().unwrap();
        assert_eq!(create.action, "create");
        container.start();
        let start = events.find(|event| event.action == "start").unwrap();
        assert!(container.inspect().state.running);
        assert_eq!(start.r#type, EventType::Container);
        assert_eq!(start.scope, EventScope::Local);
        assert_eq!(start.actor.id, container.id);
        let attribute = |event: &EventMessage, name: &str| event.actor.attributes[name].clone();
        assert_eq!(attribute(&start, "name"), container.name);
        assert_eq!(short_name(&attribute(&start, "image")), crate::helpers::BUSYBOX);
        assert_eq!(attribute(&start, "colour"), "green");
        assert_eq!(start.time, start.time_nano / 1_000_000_000);
        assert!(start.time_nano > create.time_nano);

        let kill = ContainerKillOptions { signal: "KILL".into() };
        docker.containers().kill(&container.id, &kill).unwrap();
        let die = events.find(|event| event.action == "die").unwrap();
        assert_eq!(attribute(&die, "exitCode"), "137");
    });
}

/// Without `since`, the stream begins with the next event.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn events_without_since() {
    live(|docker| {
        let container = Container::create(docker, &shell("sleep 100"));
        let options = SystemEventsOptions { since: None, ..events_of(&container) };
        let mut events = docker.system().events(&options).unwrap().map(Result::unwrap);
        let received = Gate::new();
        let first = thread::scope(|scope| {
            scope.spawn(|| {
                // The engine may subscribe the client after it has sent the response header, so
                // events are caused until one is received.
                while !received.wait(Duration::from_millis(20)) {
                    docker.containers().rename(&container.id, &unique("renamed")).unwrap();
                }
            });
            let first = events.next();
            received.open();
            first
        });
        assert_eq!(first.unwrap().action, "rename");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn events_by_filter() {
    live(|docker| {
        let label = unique("label");
        let labelled = |name: &str| {
            let mut request = shell("exit 3");
            request.config.labels.insert(label.clone(), name.into());
            Container::create(docker, &request)
        };
        let (one, other) = (labelled("one"), labelled("other"));
        for container in [&one, &other] {
            container.start();
            assert_eq!(container.wait(), 3);
        }
        let seen = |filters: Filters, count: usize| -> Vec<(String, String)> {
            let options = SystemEventsOptions { filters, ..events_of(&one) };
            let events = docker.system().events(&options).unwrap().map(Result::unwrap);
            events.take(count).map(|event| (event.action, event.actor.id)).collect()
        };
        let event = |action: &str, container: &Container| (action.to_owned(), container.id.clone());

        // Podman's filter is named differently from its event.
        let die = if is_podman(docker) { "died" } else { "die" };
        // All names must match, but only one of several values of a name.
        if is_podman(docker) {
            note_difference(
                "SystemEvents",
                "the filter for `die` is `died`, and labels require a value",
            );
        } else {
            let filters = Filters::new().with("label", &label).with("event", die);
            assert_eq!(seen(filters, 2), [event("die", &one), event("die", &other)]);
        }
        let filters = Filters::new().with("label", format!("{label}=other")).with("event", die);
        assert_eq!(seen(filters, 1), [event("die", &other)]);
        let filters = Filters::new()
            .with("container", &one.name)
            .with("event", "create")
            .with("event", die)
            .with("type", "container");
        assert_eq!(seen(filters, 2), [event("create", &one), event("die", &one)]);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn events_since_and_until() {
    live(|docker| {
        let container = Container::run(docker, "exit 0");
        container.wait();
        let mut events =
            docker.system().events(&events_of(&container)).unwrap().map(Result::unwrap);
        let mut happened = Vec::new();
        while happened.last().is_none_or(|event: &EventMessage| event.action != "die") {
            happened.push(events.next().unwrap());
        }
        drop(events);

        // `since` and `until` have nanosecond precision and are inclusive. If `until` is in the
        // past, the stream ends.
        let between = |first: usize, last: usize| {
            let options = SystemEventsOptions {
                since: Some(TimeBound::unix_nanos(happened[first].time_nano)),
                until: Some(TimeBound::unix_nanos(happened[last].time_nano)),
                ..events_of(&container)
            };
            let events = docker.system().events(&options).unwrap();
            events.map(Result::unwrap).collect::<Vec<EventMessage>>()
        };
        let last = happened.len() - 1;
        assert!(last >= 2, "{happened:?}");
        if is_podman(docker) {
            note_difference("SystemEvents", "no events if `until` is in the past");
            assert_eq!(between(0, last), []);
            return;
        }
        for (from, to) in [(0, last), (0, last - 1), (1, last), (1, 1)] {
            assert_eq!(between(from, to), happened[from..=to]);
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn events_end_at_until() {
    live(|docker| {
        let container = Container::create(docker, &shell("true"));
        let until = TimeBound::from(std::time::SystemTime::now() + Duration::from_secs(1));
        let options = SystemEventsOptions { until: Some(until), ..events_of(&container) };
        let start_time = Instant::now();
        let actions: Vec<String> =
            docker.system().events(&options).unwrap().map(|event| event.unwrap().action).collect();
        assert_eq!(actions, ["create"]);
        assert!(start_time.elapsed() < MAX_DELAY, "{:?}", start_time.elapsed());
    });
}

/// Forwards a Unix socket to the engine, until the connections are cut.
struct Relay {
    dir: TempDir,
    connections: Arc<Mutex<Vec<UnixStream>>>,
}

impl Relay {
    fn to(docker: &Context) -> Relay {
        let engine = docker.endpoint().to_string();
        let engine = engine.strip_prefix("unix://").expect("an engine on a Unix socket").to_owned();
        let dir = TempDir::new();
        let listener = UnixListener::bind(dir.join("docker.sock")).unwrap();
        let connections = Arc::new(Mutex::new(Vec::new()));
        let relay = Relay { dir, connections: connections.clone() };
        // Ends with the test process.
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, engine) = (client.unwrap(), UnixStream::connect(&engine).unwrap());
                let copy = |socket: &UnixStream| socket.try_clone().unwrap();
                connections.lock().unwrap().push(copy(&client));
                for (mut from, mut to) in [(copy(&client), copy(&engine)), (engine, client)] {
                    thread::spawn(move || {
                        let _ = std::io::copy(&mut from, &mut to);
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
            }
        });
        relay
    }

    fn docker(&self) -> Context {
        Context::open(&format!("unix://{}", self.dir.join("docker.sock").display())).unwrap()
    }

    fn cut(&self) {
        for connection in self.connections.lock().unwrap().drain(..) {
            let _ = connection.shutdown(Shutdown::Both);
        }
    }
}

/// Events during a disconnection are delivered later, without duplicates.
#[test]
#[ignore = "needs root to start a private engine: scripts/engine run"]
fn events_reconnect_without_loss() {
    // The engine under test may not be on a Unix socket; a private one is.
    let engine = PrivateEngine::start();
    live_on(engine.docker(), |docker| {
        let relay = Relay::to(docker);
        let container = Container::create(docker, &shell("sleep 100"));
        let relayed = relay.docker();
        let mut events = relayed.system().events_reconnecting(&events_of(&container)).unwrap();
        let mut names = vec![container.name.clone()];
        let mut received = Vec::new();
        for cut in [false, true, true] {
            if cut {
                relay.cut();
            }
            for _ in 0..2 {
                let name = unique("renamed");
                docker.containers().rename(&container.id, &name).unwrap();
                names.push(name);
            }
            if cut {
                let error = events.next().unwrap().unwrap_err();
                assert!(matches!(error, Error::Disconnected { .. }), "{error:?}");
            }
            while received.len() < names.len() {
                let event = events.next().unwrap().unwrap();
                received.push((event.action, event.actor.attributes["name"].clone()));
            }
        }
        let renamed = names[1..].iter().map(|name| ("rename".to_owned(), name.clone()));
        let expected = [("create".to_owned(), names[0].clone())].into_iter().chain(renamed);
        assert_eq!(received, expected.collect::<Vec<_>>());
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn events_of_images_and_networks() {
    live(|docker| {
        let since = Some(TimeBound::ago(Duration::from_secs(60)));
        let image = TestImage::import(docker, &Default::default(), &tar(&[("a", b"a")])[..]);
        // Podman only reports the tag.
        let action = if is_podman(docker) { "tag" } else { "import" };
        let filters = Filters::new().with("type", "image").with("event", action);
        let options = SystemEventsOptions { since, filters, ..Default::default() };
        let id = image.inspect().id;
        let mut events = docker.system().events(&options).unwrap().map(Result::unwrap);
        let import = events.find(|event| event.actor.id.ends_with(&id[7..])).unwrap();
        assert_eq!((import.r#type, import.action.as_str()), (EventType::Image, action));
        if is_podman(docker) {
            return note_difference("SystemEvents", "no events of networks");
        }

        let network = crate::helpers::TestNetwork::create(docker);
        let filters = Filters::new().with("type", "network").with("network", &network.name);
        let options = SystemEventsOptions { since, filters, ..Default::default() };
        let create = docker.system().events(&options).unwrap().next().unwrap().unwrap();
        assert_eq!((create.r#type, create.action.as_str()), (EventType::Network, "create"));
        assert_eq!(create.actor.attributes["name"], network.name);
    });
}
