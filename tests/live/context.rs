//! Behaviour common to all calls, on a real engine: raw requests, the result callback, threads,
//! cancellation, and objects that disappear during a call.

use std::io::Read;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{fs, thread};

use crate::helpers::{
    Container, LIMIT, MAX_DELAY, PrivateEngine, TestImage, collect, import, is_podman, live, raw,
    shell, tar, tar_header, unique,
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

/// Returns a running container that has written to its log.
fn running(docker: &Context) -> Container {
    let container = Container::run(docker, "echo ready; exec sleep 100");
    container.await_output("ready\n");
    container
}

// ---- raw requests

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn raw_requests() {
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
        let created: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
        let id = created["Id"].as_str().unwrap().to_owned();
        let created = Container { docker: docker.clone(), id, name };
        assert_eq!(response.status, 201);
        assert_eq!(created.inspect().name, format!("/{}", created.name));

        created.start();
        created.wait();
        let stop = raw("POST", format!("/containers/{}/stop", created.id), "");
        assert_eq!(docker.raw(&stop).unwrap().status, 304);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn raw_error_responses() {
    live(|docker| {
        let missing = docker.raw(&raw("DELETE", "/containers/no-such-container", "")).unwrap_err();
        assert!(matches!(missing, Error::NotFound(_)), "{missing:?}");
        assert_eq!((missing.operation(), missing.status()), ("Raw", Some(404)));
        assert!(missing.to_string().contains("no-such-container"), "{missing}");
        let invalid = docker.raw(&raw("POST", "/containers/create", "{")).unwrap_err();
        assert!(matches!(invalid, Error::BadRequest(_) | Error::Engine(_)), "{invalid:?}");
        let unknown = docker.raw(&raw("GET", "/no/such/path", "")).unwrap_err();
        assert!(matches!(unknown, Error::Unavailable(_)), "{unknown:?}");
        let logs = raw("GET", "/containers/no-such-container/logs", "");
        let stream = docker.raw_stream(&logs, None).unwrap_err();
        // stdout and stderr are both off; engines differ in which error they check first.
        assert!(matches!(stream, Error::NotFound(_) | Error::BadRequest(_)), "{stream:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn raw_upload_and_download() {
    live(|docker| {
        let container = Container::create(docker, &shell("cat /in/note"));
        let archive = |method: &str, path: &str| RawRequest {
            query: vec![("path".into(), path.into())],
            ..raw(method, format!("/containers/{}/archive", container.id), "")
        };
        let upload = tar(&[("in/note", b"by raw request")]);
        let mut response = docker.raw_stream(&archive("PUT", "/"), Some(&mut &upload[..])).unwrap();
        assert_eq!(response.read(&mut [0; 10]).unwrap(), 0);
        container.start();
        container.wait();
        assert_eq!(container.output().out(), "by raw request");

        let download = docker.raw_stream(&archive("GET", "/in/note"), None).unwrap();
        assert!(download.headers().iter().any(|(name, _)| name == "x-docker-container-path-stat"));
        let mut bytes = Vec::new();
        download.into_download().read_to_end(&mut bytes).unwrap();
        assert_eq!((&bytes[..5], &bytes[512..][..14]), (&b"note\0"[..], &b"by raw request"[..]));
    });
}

// ---- result callback

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
            let header = String::from_utf8(result.request_head.clone()).unwrap();
            assert!(header.starts_with(&format!("{} {prefix}", result.method)), "{header}");
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

        let upload = tar(&[("much", &Pattern::bytes(1 << 20))]);
        let _image = TestImage::import(&watched, &ImageCreateOptions::default(), &upload[..]);
        let create = last("ImageCreate");
        assert_eq!((create.status, create.request_bytes), (Some(200), upload.len() as u64));
        assert_eq!(create.request_body, upload[..64 << 10]);
        assert!(create.response_body.starts_with(b"{\"status\":\"sha256:"));

        watched.containers().start("no-such-container", &Default::default()).unwrap_err();
        let failed = last("ContainerStart");
        assert_eq!(failed.status, Some(404));
        assert!(failed.error.unwrap().contains("no-such-container"));
        assert!(failed.response_head.starts_with(b"HTTP/1.1 404 "));
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
            // 16 streams are open now. Other threads continue with them.
            let all: Vec<_> = opening.into_iter().map(|thread| thread.join().unwrap()).collect();
            for (number, streams) in (0..).zip(all) {
                scope.spawn(move || finish(number, streams));
            }
        });
    });
}

// ---- cancellation

/// Runs `blocked` on a thread, waits until it sleeps in the kernel, calls `end`, and returns its
/// result.
fn while_blocked<T: Send>(blocked: impl FnOnce() -> T + Send, end: impl FnOnce()) -> T {
    let thread_id = Mutex::new(None);
    thread::scope(|scope| {
        let blocked = scope.spawn(|| {
            // SAFETY: touches no memory.
            *thread_id.lock().unwrap() = Some(unsafe { libc::gettid() });
            blocked()
        });
        eventually(LIMIT, "the thread sleeps", || {
            let Some(thread_id) = *thread_id.lock().unwrap() else { return false };
            let stat = fs::read_to_string(format!("/proc/self/task/{thread_id}/stat")).unwrap();
            stat.rsplit(") ").next().unwrap().starts_with('S')
        });
        let start = Instant::now();
        end();
        let result = blocked.join().unwrap();
        assert!(start.elapsed() < MAX_DELAY, "it ended after {:?}", start.elapsed());
        result
    })
}

#[track_caller]
fn assert_cancelled<T: std::fmt::Debug>(result: Result<T>, operation: &str) {
    match result {
        Err(Error::Cancelled { operation: cancelled }) => assert_eq!(cancelled, operation),
        result => panic!("{operation} was cancelled, but returned {result:?}"),
    }
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn cancels_blocked_streams() {
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

        // The container keeps running, and the context remains usable.
        assert!(container.inspect().state.running);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn cancels_blocked_calls() {
    live(|docker| {
        let container =
            Container::run(docker, "trap '' TERM; echo ready; while :; do sleep 1; done");
        container.await_output("ready\n");
        let cancel = CancelToken::new();
        let cancellable = docker.with_cancel_token(&cancel);
        let wait = || cancellable.containers().wait(&container.id, &Default::default());
        assert_cancelled(while_blocked(wait, || cancel.cancel()), "ContainerWait");
        // A cancelled token fails every later call.
        assert_cancelled(wait(), "ContainerWait");
        assert_cancelled(cancellable.containers().list(&Default::default()), "ContainerList");

        let mut request = shell("trap '' TERM; echo ready; while :; do sleep 1; done");
        request.config.stop_signal = "SIGTERM".into();
        let unstoppable = Container::create(docker, &request);
        unstoppable.start();
        unstoppable.await_output("ready\n");
        let cancel = CancelToken::new();
        let cancellable = docker.with_cancel_token(&cancel);
        let options = ContainerStopOptions { t: Some(30), ..Default::default() };
        let stop = || cancellable.containers().stop(&unstoppable.id, &options);
        assert_cancelled(while_blocked(stop, || cancel.cancel()), "ContainerStop");
        docker.system().ping().unwrap();
    });
}

/// A tar with one large file. Opens the gate `started` after the first MiB.
struct LargeTar {
    header: Vec<u8>,
    content: Pattern,
    position: usize,
    started: Gate,
}

impl LargeTar {
    fn new(started: &Gate) -> LargeTar {
        const LENGTH: u64 = 7 << 30;
        let header = tar_header("much", LENGTH).into();
        LargeTar { header, content: Pattern::new(LENGTH), position: 0, started: started.clone() }
    }
}

impl Read for LargeTar {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.position > 1 << 20 {
            self.started.open();
        }
        let count = match self.header.get(self.position..).filter(|rest| !rest.is_empty()) {
            Some(mut rest) => rest.read(buffer)?,
            None => self.content.read(buffer)?,
        };
        self.position += count;
        Ok(count)
    }
}

/// Uploads until an error.
fn upload(docker: &Context, started: &Gate) -> Error {
    let options = ImageCreateOptions {
        from_src: "-".into(),
        repo: unique("never"),
        ..ImageCreateOptions::default()
    };
    import(docker, &options, LargeTar::new(started)).unwrap_err()
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn cancels_upload() {
    live(|docker| {
        let (cancel, started) = (CancelToken::new(), Gate::new());
        let cancellable = docker.with_cancel_token(&cancel);
        let error = thread::scope(|scope| {
            let upload = scope.spawn(|| upload(&cancellable, &started));
            assert!(started.wait(LIMIT));
            cancel.cancel();
            upload.join().unwrap()
        });
        assert_cancelled(Err::<(), _>(error), "ImageCreate");
    });
}

// ---- objects that disappear

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn deleting_container_ends_streams() {
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
        let (exited, removed) = (wait(WaitCondition::NotRunning), wait(WaitCondition::Removed));

        let force = ContainerDeleteOptions { force: true, ..Default::default() };
        let delete = || containers.delete(&container.id, &force).unwrap();
        thread::scope(|scope| {
            let attached = scope.spawn(|| collect(duplex.split().0).unwrap());
            let code = |waiting: dockline::ContainerWait| match waiting.finish() {
                // Podman may have removed the container by then; it returns an error or exit code
                // 0.
                Err(Error::Stream { message, .. }) if is_podman(docker) => {
                    let messages = ["already been removed", "no such container"];
                    assert!(messages.iter().any(|it| message.contains(it)), "{message}");
                    0
                }
                result => result.unwrap().status_code,
            };
            let exited = scope.spawn(move || code(exited));
            let removed = scope.spawn(move || code(removed));
            // The engine may report that the log file is missing.
            match while_blocked(|| logs.next(), delete) {
                None | Some(Err(Error::Stream { .. } | Error::Disconnected { .. })) => {}
                Some(other) => panic!("{other:?}"),
            }
            assert!(logs.next().is_none());
            assert_eq!(attached.join().unwrap(), Default::default());
            let (exited, removed) = (exited.join().unwrap(), removed.join().unwrap());
            for code in [exited, removed] {
                assert!(code == 137 || code == 0 && is_podman(docker), "{code}");
            }
        });
        let error = containers.inspect(&container.id, &Default::default()).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn killing_container_ends_streams() {
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
#[ignore = "needs root to start a private engine: scripts/engine run"]
fn killing_engine_ends_all_calls() {
    crate::support::within(crate::helpers::LIMIT, || {
        let engine = PrivateEngine::start();
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
        let started = Gate::new();

        let start = thread::scope(|scope| {
            let upload = scope.spawn(|| upload(&docker, &started));
            let logs = scope.spawn(|| logs.next().expect("an error").unwrap_err());
            let events = scope.spawn(|| {
                // Skips events of the upload.
                events.find_map(|event| event.err()).expect("an error")
            });
            let waiting = scope.spawn(|| waiting.finish().unwrap_err());
            let stats = scope.spawn(|| stats.find_map(|sample| sample.err()).expect("an error"));
            // A wait distinguishes the end of the engine from the end of the container.
            let watched = scope.spawn(|| watched.finish().unwrap_err());
            // Without a wait, they cannot be distinguished.
            let attached = scope.spawn(|| collect(duplex.split().0));
            assert!(started.wait(LIMIT), "the upload has started");
            engine.kill();
            let start = Instant::now();
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
            // A WebSocket ends with a close frame; without one the connection is broken.
            #[cfg(feature = "websocket")]
            if let Some(mut output) = websocket {
                let error = output.next_message().unwrap_err();
                assert!(matches!(error, Error::Disconnected { .. }), "{error:?}");
            }
            match attached.join().unwrap() {
                Ok(output) => assert_eq!(output, Default::default()),
                Err(error) => assert!(matches!(error, Error::Disconnected { .. }), "{error:?}"),
            }
            start
        });
        assert!(start.elapsed() < MAX_DELAY, "{:?}", start.elapsed());

        // A dying engine closes its listening socket last. Until then new connections are accepted,
        // but break.
        eventually(LIMIT, "no process listens", || match docker.system().ping().unwrap_err() {
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
