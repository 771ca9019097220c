//! What holds for every call, on a real engine: raw calls, results, threads, cancelling, and what
//! goes away in the middle.

use std::io::Read;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{fs, thread};

use crate::helpers::{
    Container, LATE, LIMIT, PrivateEngine, TestImage, collect, import, is_podman, live, raw, shell,
    tar, tar_head, unique,
};
use crate::support::{Gate, Pattern, eventually};
use dockline::{
    CallResult, CancelToken, ContainerDeleteOptions, ContainerKillOptions, ContainerListOptions,
    ContainerLogsOptions, ContainerStopOptions, ContainerWaitOptions, Context, Duplex, Error,
    Filters, ImageCreateOptions, Logs, Outcome, RawRequest, Result, SystemEventsOptions,
    WaitCondition,
};

fn follow() -> ContainerLogsOptions {
    ContainerLogsOptions { follow: true, ..ContainerLogsOptions::default() }
}

/// A container that runs until it is told to end; what it said has been logged.
fn running(docker: &Context) -> Container {
    let container = Container::run(docker, "echo ready; exec sleep 100");
    container.await_output("ready\n");
    container
}

// ---- raw calls

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn raw_calls() {
    live(|docker| {
        let container = Container::create(docker, &shell("true"));
        let list = RawRequest {
            query: vec![
                ("all".into(), "1".into()),
                ("filters".into(), format!(r#"{{"id":["{}"]}}"#, container.id)),
            ],
            ..raw("", "/containers/json", "")
        };
        let response = docker.raw(&list).unwrap();
        assert_eq!(response.status, 200);
        assert!(response.headers.contains(&("content-type".into(), "application/json".into())));
        let found: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(found[0]["Id"], container.id);

        let name = unique("raw");
        let create = RawRequest {
            query: vec![("name".into(), name.clone())],
            ..raw("POST", "/containers/create", r#"{"Image":"busybox","Cmd":["true"]}"#)
        };
        let response = docker.raw(&create).unwrap();
        let made: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
        let id = made["Id"].as_str().unwrap().to_owned();
        let made = Container { docker: docker.clone(), id, name };
        assert_eq!(response.status, 201);
        assert_eq!(made.inspect().name, format!("/{}", made.name));

        made.start();
        made.wait();
        let stop = raw("POST", format!("/containers/{}/stop", made.id), "");
        assert_eq!(docker.raw(&stop).unwrap().status, 304);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn raw_calls_that_are_refused() {
    live(|docker| {
        let gone = docker.raw(&raw("DELETE", "/containers/no-such-container", "")).unwrap_err();
        assert!(matches!(gone, Error::NotFound(_)), "{gone:?}");
        assert_eq!((gone.operation(), gone.status()), ("Raw", Some(404)));
        assert!(gone.to_string().contains("no-such-container"), "{gone}");
        let wrong = docker.raw(&raw("POST", "/containers/create", "{")).unwrap_err();
        assert!(matches!(wrong, Error::BadRequest(_) | Error::Engine(_)), "{wrong:?}");
        let nothing = docker.raw(&raw("GET", "/no/such/path", "")).unwrap_err();
        assert!(matches!(nothing, Error::NotFound(_)), "{nothing:?}");
        let logs = raw("GET", "/containers/no-such-container/logs", "");
        let stream = docker.raw_stream(&logs, None).unwrap_err();
        // Neither stdout nor stderr is asked for: engines disagree on which is checked first.
        assert!(matches!(stream, Error::NotFound(_) | Error::BadRequest(_)), "{stream:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn raw_streams_down_and_up() {
    live(|docker| {
        let container = Container::create(docker, &shell("cat /in/note"));
        let archive = |method: &str, path: &str| RawRequest {
            query: vec![("path".into(), path.into())],
            ..raw(method, format!("/containers/{}/archive", container.id), "")
        };
        let up = tar(&[("in/note", b"by raw call")]);
        let mut response = docker.raw_stream(&archive("PUT", "/"), Some(&mut &up[..])).unwrap();
        assert_eq!(response.read(&mut [0; 10]).unwrap(), 0);
        container.start();
        container.wait();
        assert_eq!(container.output().out(), "by raw call");

        let down = docker.raw_stream(&archive("GET", "/in/note"), None).unwrap();
        assert!(down.headers().iter().any(|(name, _)| name == "x-docker-container-path-stat"));
        let mut bytes = Vec::new();
        down.into_download().read_to_end(&mut bytes).unwrap();
        assert_eq!((&bytes[..5], &bytes[512..][..11]), (&b"note\0"[..], &b"by raw call"[..]));
    });
}

// ---- results

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn results_of_calls_streams_and_uploads() {
    live(|docker| {
        let results: Arc<Mutex<Vec<CallResult>>> = Arc::default();
        let watched = docker.with_result_handler({
            let results = results.clone();
            move |result| results.lock().unwrap().push(result.clone())
        });
        let last = |operation: &str| {
            let result = results.lock().unwrap().pop().unwrap();
            assert_eq!(result.operation, operation);
            assert!(result.duration > Duration::ZERO && result.ended >= result.started);
            assert_eq!(result.endpoint, docker.endpoint().to_string());
            let prefix = format!("/v{}/", docker.api_version().unwrap());
            assert!(result.url.contains(&prefix), "{}", result.url);
            let head = String::from_utf8(result.request_head.clone()).unwrap();
            assert!(head.starts_with(&format!("{} {prefix}", result.method)), "{head}");
            result
        };

        let container = Container::run(docker, "echo text");
        container.wait();
        watched.containers().inspect(&container.id, &Default::default()).unwrap();
        let inspect = last("ContainerInspect");
        assert_eq!((inspect.status, inspect.error), (Some(200), None));
        assert_eq!(inspect.response_bytes, inspect.response_body.len() as u64);
        let body: serde_json::Value = serde_json::from_slice(&inspect.response_body).unwrap();
        assert_eq!(body["Id"], container.id);

        let logs = watched.containers().logs(&container.id, &Default::default()).unwrap();
        results.lock().unwrap().clear();
        collect(logs).unwrap();
        let logs = last("ContainerLogs");
        assert_eq!((logs.status, logs.response_bytes), (Some(200), 8 + 5));
        assert_eq!(logs.response_body, b"\x01\0\0\0\0\0\0\x05text\n");

        let up = tar(&[("much", &Pattern::bytes(1 << 20))]);
        let _image = TestImage::import(&watched, &ImageCreateOptions::default(), &up[..]);
        let create = last("ImageCreate");
        assert_eq!((create.status, create.request_bytes), (Some(200), up.len() as u64));
        assert_eq!(create.request_body, up[..64 << 10]);
        assert!(create.response_body.starts_with(b"{\"status\":\"sha256:"));

        watched.containers().start("no-such-container", &Default::default()).unwrap_err();
        let refused = last("ContainerStart");
        assert_eq!(refused.status, Some(404));
        assert!(refused.error.unwrap().contains("no-such-container"));
        assert!(refused.response_head.starts_with(b"HTTP/1.1 404 "));
    });
}

// ---- threads

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn eight_threads_share_one_context() {
    live(|docker| {
        const THREADS: i64 = 8;
        let label = unique("label");
        let open = |number: i64| {
            let script = format!("echo {number}; read line; echo $line >&2; exit {number}");
            let mut request = shell(&script);
            request.config.open_stdin = true;
            request.config.labels.insert(label.clone(), number.to_string());
            let container = Container::create(docker, &request);
            container.start();
            let mut logs = docker.containers().logs(&container.id, &follow()).unwrap();
            assert_eq!(logs.next().unwrap().unwrap().data, format!("{number}\n").as_bytes());
            let duplex = docker.containers().attach(&container.id, &Default::default()).unwrap();
            let filters = Filters::new().with("label", format!("{label}={number}"));
            let options = ContainerListOptions { filters, ..Default::default() };
            for _ in 0..20 {
                let found = docker.containers().list(&options).unwrap();
                assert_eq!((found.len(), &found[0].id), (1, &container.id));
                assert_eq!(container.inspect().config.labels[&label], number.to_string());
            }
            (container, logs, duplex)
        };
        let finish = |number: i64, (container, logs, mut duplex): (Container, Logs, Duplex)| {
            duplex.input().send(format!("bye {number}\n").as_bytes()).unwrap();
            let rest = collect(duplex.output()).unwrap();
            assert_eq!((rest.out(), rest.err()), (String::new(), format!("bye {number}\n")));
            assert_eq!(container.wait(), number);
            drop(logs);
        };
        let (open, finish) = (&open, &finish);
        thread::scope(|scope| {
            let opening = (0..THREADS).map(|number| scope.spawn(move || open(number)));
            let opening: Vec<_> = opening.collect();
            // Now 16 streams are open at once; other threads go on with them.
            let all: Vec<_> = opening.into_iter().map(|thread| thread.join().unwrap()).collect();
            for (number, streams) in (0..).zip(all) {
                scope.spawn(move || finish(number, streams));
            }
        });
    });
}

// ---- cancelling

/// Runs `blocked` on a thread, waits until that sleeps in the kernel, calls `end`, and gives what
/// came of it.
fn while_blocked<T: Send>(blocked: impl FnOnce() -> T + Send, end: impl FnOnce()) -> T {
    let thread_id = Mutex::new(None);
    thread::scope(|scope| {
        let blocked = scope.spawn(|| {
            // No memory is touched.
            *thread_id.lock().unwrap() = Some(unsafe { libc::gettid() });
            blocked()
        });
        eventually(LIMIT, "the thread sleeps", || {
            let Some(thread_id) = *thread_id.lock().unwrap() else { return false };
            let stat = fs::read_to_string(format!("/proc/self/task/{thread_id}/stat")).unwrap();
            stat.rsplit(") ").next().unwrap().starts_with('S')
        });
        let began = Instant::now();
        end();
        let result = blocked.join().unwrap();
        assert!(began.elapsed() < LATE, "it took {:?} to end", began.elapsed());
        result
    })
}

#[track_caller]
fn assert_cancelled<T: std::fmt::Debug>(result: Result<T>, operation: &str) {
    match result {
        Err(Error::Cancelled { operation: cancelled }) => assert_eq!(cancelled, operation),
        result => panic!("{operation} was cancelled, and gives {result:?}"),
    }
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn blocked_streams_are_cancelled_by_another_thread() {
    live(|docker| {
        let container = running(docker);
        let containers = docker.containers();

        let mut logs = containers.logs(&container.id, &follow()).unwrap();
        let cancel = logs.cancel_token();
        logs.next().unwrap().unwrap();
        let frame = while_blocked(|| logs.next(), || cancel.cancel());
        assert_cancelled(frame.unwrap(), "ContainerLogs");
        assert!(logs.next().is_none());

        let filters = Filters::new().with("container", &container.id);
        let options = SystemEventsOptions { filters, ..Default::default() };
        let mut events = docker.system().events(&options).unwrap();
        let cancel = events.cancel_token();
        let event = while_blocked(|| events.next(), || cancel.cancel());
        assert_cancelled(event.unwrap(), "SystemEvents");
        assert!(events.next().is_none());

        let waiting = containers.start_wait(&container.id, &Default::default()).unwrap();
        let cancel = waiting.cancel_token();
        assert_cancelled(while_blocked(|| waiting.finish(), || cancel.cancel()), "ContainerWait");

        let mut duplex = containers.attach(&container.id, &Default::default()).unwrap();
        let cancel = duplex.cancel_token();
        let frame = while_blocked(|| duplex.output().next(), || cancel.cancel());
        assert_cancelled(frame.unwrap(), "ContainerAttach");
        assert_cancelled(duplex.input().send(b"x"), "ContainerAttach");

        // The container has noticed nothing, and the context is as good as before.
        assert!(container.inspect().state.running);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn blocked_calls_are_cancelled_by_another_thread() {
    live(|docker| {
        let container =
            Container::run(docker, "trap '' TERM; echo ready; while :; do sleep 1; done");
        container.await_output("ready\n");
        let cancel = CancelToken::new();
        let cancellable = docker.with_cancel_token(&cancel);
        let wait = || cancellable.containers().wait(&container.id, &Default::default());
        assert_cancelled(while_blocked(wait, || cancel.cancel()), "ContainerWait");
        // A handle is used up: the call is not even begun.
        assert_cancelled(wait(), "ContainerWait");
        assert_cancelled(cancellable.containers().list(&Default::default()), "ContainerList");

        let mut request = shell("trap '' TERM; echo ready; while :; do sleep 1; done");
        request.config.stop_signal = "SIGTERM".into();
        let deaf = Container::create(docker, &request);
        deaf.start();
        deaf.await_output("ready\n");
        let cancel = CancelToken::new();
        let cancellable = docker.with_cancel_token(&cancel);
        let options = ContainerStopOptions { t: Some(30), ..Default::default() };
        let stop = || cancellable.containers().stop(&deaf.id, &options);
        assert_cancelled(while_blocked(stop, || cancel.cancel()), "ContainerStop");
        docker.system().ping().unwrap();
    });
}

/// The tar of an image with one large file, of which `enough` opens a gate.
struct EndlessTar {
    head: Vec<u8>,
    content: Pattern,
    given: usize,
    enough: Gate,
}

impl EndlessTar {
    fn new(enough: &Gate) -> EndlessTar {
        const LENGTH: u64 = 7 << 30;
        let head = tar_head("much", LENGTH).into();
        EndlessTar { head, content: Pattern::new(LENGTH), given: 0, enough: enough.clone() }
    }
}

impl Read for EndlessTar {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.given > 1 << 20 {
            self.enough.open();
        }
        let count = match self.head.get(self.given..).filter(|rest| !rest.is_empty()) {
            Some(mut rest) => rest.read(buffer)?,
            None => self.content.read(buffer)?,
        };
        self.given += count;
        Ok(count)
    }
}

/// Uploads until it fails.
fn upload(docker: &Context, enough: &Gate) -> Error {
    let options = ImageCreateOptions {
        from_src: "-".into(),
        repo: unique("never"),
        ..ImageCreateOptions::default()
    };
    import(docker, &options, EndlessTar::new(enough)).unwrap_err()
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn an_upload_is_cancelled_by_another_thread() {
    live(|docker| {
        let (cancel, enough) = (CancelToken::new(), Gate::new());
        let cancellable = docker.with_cancel_token(&cancel);
        let error = thread::scope(|scope| {
            let upload = scope.spawn(|| upload(&cancellable, &enough));
            assert!(enough.wait(LIMIT));
            cancel.cancel();
            upload.join().unwrap()
        });
        assert_cancelled(Err::<(), _>(error), "ImageCreate");
    });
}

// ---- gone in the middle

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn a_container_that_is_deleted_ends_its_streams() {
    live(|docker| {
        let container = running(docker);
        let containers = docker.containers();
        let mut logs = containers.logs(&container.id, &follow()).unwrap();
        assert_eq!(logs.next().unwrap().unwrap().data, b"ready\n");
        let duplex = containers.attach(&container.id, &Default::default()).unwrap();
        let wait = |condition| {
            let options = ContainerWaitOptions { condition };
            containers.start_wait(&container.id, &options).unwrap()
        };
        let (ended, removed) = (wait(WaitCondition::NotRunning), wait(WaitCondition::Removed));

        let force = ContainerDeleteOptions { force: true, ..Default::default() };
        let delete = || containers.delete(&container.id, &force).unwrap();
        thread::scope(|scope| {
            let attached = scope.spawn(|| collect(duplex.split().0).unwrap());
            let code = |waiting: dockline::ContainerWait| match waiting.finish() {
                // Podman may have forgotten it by then, and says so, or makes up a 0.
                Err(Error::Stream { message, .. }) if is_podman(docker) => {
                    let forgotten = ["already been removed", "no such container"];
                    assert!(forgotten.iter().any(|it| message.contains(it)), "{message}");
                    0
                }
                result => result.unwrap().status_code,
            };
            let ended = scope.spawn(move || code(ended));
            let removed = scope.spawn(move || code(removed));
            // The log may tell that its file is gone.
            match while_blocked(|| logs.next(), delete) {
                None | Some(Err(Error::Stream { .. } | Error::Disconnected { .. })) => {}
                Some(other) => panic!("{other:?}"),
            }
            assert!(logs.next().is_none());
            assert_eq!(attached.join().unwrap(), Default::default());
            let (ended, removed) = (ended.join().unwrap(), removed.join().unwrap());
            for code in [ended, removed] {
                assert!(code == 137 || code == 0 && is_podman(docker), "{code}");
            }
        });
        let error = containers.inspect(&container.id, &Default::default()).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn a_container_that_is_killed_ends_its_streams() {
    live(|docker| {
        let container = running(docker);
        let mut logs = docker.containers().logs(&container.id, &follow()).unwrap();
        assert_eq!(logs.next().unwrap().unwrap().data, b"ready\n");
        let duplex = docker.containers().attach(&container.id, &Default::default()).unwrap();
        let mut output = duplex.split().0;
        let kill = || {
            docker.containers().kill(&container.id, &ContainerKillOptions::default()).unwrap();
        };
        let ends = while_blocked(|| (output.next(), logs.next()), kill);
        assert!(matches!(ends, (None, None)), "{ends:?}");
        assert_eq!(container.wait(), 137);
        assert_eq!(
            docker.containers().start(&container.id, &Default::default()).unwrap(),
            Outcome::Done
        );
    });
}

#[test]
#[ignore = "needs root, for an engine of its own: scripts/engine run"]
fn an_engine_that_is_killed_ends_all_calls() {
    crate::support::within(crate::helpers::LIMIT, || {
        let engine = PrivateEngine::up();
        let docker = engine.docker();
        let container = running(&docker);
        let containers = docker.containers();
        let mut logs = containers.logs(&container.id, &follow()).unwrap();
        assert_eq!(logs.next().unwrap().unwrap().data, b"ready\n");
        let mut events = docker.system().events(&SystemEventsOptions::default()).unwrap();
        let waiting = containers.start_wait(&container.id, &Default::default()).unwrap();
        let attach = || containers.attach(&container.id, &Default::default()).unwrap();
        let duplex = attach();
        let watched = containers.start_wait(&container.id, &Default::default()).unwrap();
        let watched = attach().split().0.until_exit(watched);
        let mut stats = containers.stats(&container.id).unwrap();
        stats.next().unwrap().unwrap();
        #[cfg(feature = "websocket")]
        let websocket = (!is_podman(&docker)).then(|| {
            containers.attach_websocket(&container.id, &Default::default()).unwrap().split().0
        });
        let enough = Gate::new();

        let began = thread::scope(|scope| {
            let upload = scope.spawn(|| upload(&docker, &enough));
            let logs = scope.spawn(|| logs.next().expect("an error").unwrap_err());
            let events = scope.spawn(|| {
                // An event of the upload would be no surprise.
                events.find_map(|event| event.err()).expect("an error")
            });
            let waiting = scope.spawn(|| waiting.finish().unwrap_err());
            let stats = scope.spawn(|| stats.find_map(|sample| sample.err()).expect("an error"));
            // Whether its connection ended with the engine or with the container, a wait can tell.
            let watched = scope.spawn(|| watched.finish().unwrap_err());
            // Without one nobody can.
            let attached = scope.spawn(|| collect(duplex.split().0));
            assert!(enough.wait(LIMIT), "the upload is on its way");
            engine.kill();
            let began = Instant::now();
            for (call, operation) in [
                (upload, "ImageCreate"),
                (logs, "ContainerLogs"),
                (events, "SystemEvents"),
                (waiting, "ContainerWait"),
                (watched, "ContainerWait"),
                (stats, "ContainerStats"),
            ] {
                let error = call.join().unwrap();
                assert!(matches!(error, Error::Disconnected { .. }), "{operation}: {error:?}");
                assert_eq!(error.operation(), operation);
            }
            // A websocket is closed by a message.
            #[cfg(feature = "websocket")]
            if let Some(mut output) = websocket {
                let error = output.next_message().unwrap_err();
                assert!(matches!(error, Error::Disconnected { .. }), "{error:?}");
            }
            match attached.join().unwrap() {
                Ok(output) => assert_eq!(output, Default::default()),
                Err(error) => assert!(matches!(error, Error::Disconnected { .. }), "{error:?}"),
            }
            began
        });
        assert!(began.elapsed() < LATE, "{:?}", began.elapsed());

        // Its listening socket is the last that a dying engine loses: until then new connections
        // begin, and break.
        eventually(LIMIT, "nobody listens", || match docker.system().ping().unwrap_err() {
            Error::Disconnected { .. } => false,
            Error::Connect { message, errno, .. } => {
                let path = docker.endpoint().to_string();
                assert!(message.contains(&path["unix://".len()..]), "{message}");
                assert!(matches!(errno, Some(libc::ECONNREFUSED | libc::ENOENT)), "{message}");
                true
            }
            error => panic!("{error:?}"),
        });
    });
}
