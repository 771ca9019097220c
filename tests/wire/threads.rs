//! One context in many threads, and resources of the process: descriptors, threads, signals.

use std::io;
use std::sync::Barrier;
use std::thread;

use crate::support::*;
use dockline::*;

/// An engine whose responses contain the parameters of the request.
fn echo_engine() -> Responder {
    Responder::unix("1.43", |request| match request.path() {
        "/v1.43/events" => {
            let since = request.query("since").unwrap();
            let event = format!("{{\"Action\":\"{since}\"}}\n");
            Response::chunked(200).then(&event).then(&event)
        }
        "/v1.43/images/load" => {
            Response::chunked(200).then(format!("{{\"status\":\"{}\"}}\n", request.text()))
        }
        path => match path.strip_prefix("/v1.43/containers/") {
            Some(rest) if rest.ends_with("/json") => {
                Response::json(format!("{{\"Id\":\"{}\"}}", rest.strip_suffix("/json").unwrap()))
            }
            Some(rest) => Response::error(404, rest),
            None => panic!("{path}"),
        },
    })
}

/// Calls of each kind, whose responses must belong to this thread's requests.
fn make_calls(docker: &Context, number: usize, rounds: usize) {
    for round in 0..rounds {
        let id = format!("n{number}-{round}");
        let container = docker.containers().inspect(&id, &Default::default()).unwrap();
        assert_eq!(container.id, id);
        let since = TimeBound::unix((number * 1000 + round) as i64);
        let options = SystemEventsOptions { since: Some(since), ..Default::default() };
        let mut count = 0;
        for event in docker.system().events(&options).unwrap() {
            assert_eq!(event.unwrap().action, since.to_string());
            count += 1;
        }
        assert_eq!(count, 2);
        let mut tar = id.as_bytes();
        let mut progress = docker.images().load(&Default::default(), &mut tar).unwrap();
        assert_eq!(progress.next().unwrap().unwrap().status, id);
        let error = docker.containers().start(&id, &Default::default()).unwrap_err();
        assert_eq!(error.api_error().unwrap().message, format!("{id}/start"));
    }
}

#[test]
fn threads_share_context() {
    const ROUNDS: usize = 50;
    let engine = echo_engine();
    let docker = negotiating(&engine.host());
    let barrier = Barrier::new(8);
    thread::scope(|scope| {
        for number in 0..8 {
            let (docker, barrier) = (&docker, &barrier);
            scope.spawn(move || {
                barrier.wait();
                make_calls(docker, number, ROUNDS);
            });
        }
    });
    let connections = engine.connections();
    let requests = engine.finish();
    let pings = requests.iter().filter(|request| request.path() == "/_ping").count();
    assert!((1..=8).contains(&pings), "{pings} pings");
    assert_eq!(requests.len() - pings, 8 * ROUNDS * 4);
    // Streams use up their connections; other calls need no more than one for each thread.
    assert!(connections <= 8 * ROUNDS * 2 + 8, "{connections}");
}

/// Calls run in parallel: the engine responds only after it has received all eight.
#[test]
fn parallel_calls() {
    let all = Barrier::new(8);
    let engine = Responder::unix(None, move |_| {
        all.wait();
        Response::json("{}")
    });
    let docker = speaking(&engine.host(), "1.43");
    within(LIMIT, move || {
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| docker.system().info().unwrap());
            }
        });
    });
    assert_eq!(engine.connections(), 8);
}

#[test]
fn clones_share_connections() {
    let engine = echo_engine();
    let docker = speaking(&engine.host(), "1.43");
    for round in 0..100 {
        let clone = docker.with_timeouts(Timeouts::default());
        let id = format!("n{round}");
        thread::spawn(move || clone.containers().inspect(&id, &Default::default()).unwrap())
            .join()
            .unwrap();
    }
    assert_eq!(engine.connections(), 1);
}

/// Contexts, streams and errors can be sent to other threads.
#[test]
fn send_and_sync() {
    fn send<T: Send>() {}
    fn sync<T: Sync>() {}
    send::<Context>();
    sync::<Context>();
    send::<CancelToken>();
    sync::<CancelToken>();
    send::<Error>();
    sync::<Error>();
    send::<CallResult>();
    sync::<CallResult>();
    send::<Logs>();
    send::<Duplex>();
    send::<Input>();
    send::<Download>();
    send::<Records<()>>();
    send::<Progress<()>>();
    send::<ContainerWait>();
    send::<RawStream>();
}

/// A stream is opened on one thread and read on another.
#[test]
fn stream_moves_to_other_thread() {
    let engine = echo_engine();
    let docker = speaking(&engine.host(), "1.43");
    let options = SystemEventsOptions { since: Some(TimeBound::unix(7)), ..Default::default() };
    let events = docker.system().events(&options).unwrap();
    let actions = thread::spawn(move || events.map(|e| e.unwrap().action).collect::<Vec<_>>());
    assert_eq!(actions.join().unwrap(), ["7.000000000", "7.000000000"]);
}

// Resources of the process.

#[test]
fn leaks_no_descriptors() {
    in_own_process("threads::leaks_no_descriptors", LIMIT, || {
        let engine = echo_engine();
        let before = open_descriptors();
        let docker = speaking(&engine.host(), "1.43");
        // Calls, error responses, streams read to their end, dropped streams and uploads.
        for round in 0..200 {
            make_calls(&docker, round, 1);
            let options =
                SystemEventsOptions { since: Some(TimeBound::unix(1)), ..Default::default() };
            drop(docker.system().events(&options).unwrap());
        }
        eventually(LIMIT, "connections of streams are closed", || open_descriptors() == before);
        make_calls(&docker, 0, 1);
        // Both ends of the kept connection are in this process.
        eventually(LIMIT, "one connection is kept", || open_descriptors() == before + 2);
        drop(docker);
        eventually(LIMIT, "all connections are closed", || open_descriptors() == before);
    });
}

/// Failed calls leave no descriptors, either.
#[test]
fn failed_calls_leak_no_descriptors() {
    in_own_process("threads::failed_calls_leak_no_descriptors", LIMIT, || {
        let dir = TempDir::new();
        let before = open_descriptors();
        for _ in 0..100 {
            let docker = speaking(&dir.join("none.sock").display().to_string(), "1.43");
            docker.system().info().unwrap_err();
        }
        assert_eq!(open_descriptors(), before);
        for response in
            ["", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx", "nonsense\r\n\r\n"]
        {
            for _ in 0..50 {
                let engine = FakeEngine::unix();
                engine.expect_request(Expected::new("GET /v1.43/info")).send(response).abort();
                let docker = speaking(&engine.host(), "1.43");
                docker.system().info().unwrap_err();
                engine.finish();
            }
        }
        assert_eq!(open_descriptors(), before);
    });
}

#[test]
fn starts_no_threads() {
    in_own_process("threads::starts_no_threads", LIMIT, || {
        let engine = echo_engine();
        let docker = speaking(&engine.host(), "1.43");
        // The main thread and the thread of the test. A new thread gets its name a moment late.
        let no_other_thread = || threads_of_client().len() == 2;
        eventually(LIMIT, "the engine has started", no_other_thread);
        let options = SystemEventsOptions { since: Some(TimeBound::unix(1)), ..Default::default() };
        let events = docker.system().events(&options).unwrap();
        make_calls(&docker, 1, 1);
        eventually(LIMIT, "no other thread", no_other_thread);
        drop(events);
    });
}

/// Names of the threads of this process, except those of the fake engine.
fn threads_of_client() -> Vec<String> {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let name = |task: std::path::PathBuf| std::fs::read_to_string(task.join("comm")).ok();
    let names = tasks.filter_map(|task| name(task.unwrap().path()));
    names.filter(|name| !name.starts_with("fake engine")).collect()
}

/// Child processes do not inherit the connections.
#[test]
fn descriptors_are_not_inherited() {
    in_own_process("threads::descriptors_are_not_inherited", LIMIT, || {
        for engine in [FakeEngine::unix(), FakeEngine::tcp()] {
            engine
                .exchange("GET /v1.43/info", Response::json("{}"))
                .expect_request(Expected::new("GET /v1.43/events"))
                .send(head(["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"]));
            let docker = speaking(&engine.host(), "1.43");
            docker.system().info().unwrap();
            let events = docker.system().events(&Default::default()).unwrap();
            assert_sockets_close_on_exec();
            drop(events);
        }
    });
}

/// Every socket of this process has FD_CLOEXEC.
fn assert_sockets_close_on_exec() {
    let mut sockets = 0;
    for entry in std::fs::read_dir("/proc/self/fd").unwrap() {
        let entry = entry.unwrap();
        let Ok(target) = std::fs::read_link(entry.path()) else { continue };
        if !target.to_string_lossy().starts_with("socket:") {
            continue;
        }
        sockets += 1;
        let fd: i32 = entry.file_name().to_str().unwrap().parse().unwrap();
        // SAFETY: a plain system call.
        let flags = unsafe { libc::fcntl(fd, libc::F_GETFD) };
        assert!(flags & libc::FD_CLOEXEC != 0, "{fd} would be inherited");
    }
    // The engine's listener, its waker, and both ends of a connection.
    assert!(sockets >= 4, "{sockets}");
}

/// C programs, unlike those in Rust, do not ignore SIGPIPE.
#[test]
fn sigpipe_is_not_raised() {
    in_own_process("threads::sigpipe_is_not_raised", LIMIT, || {
        // SAFETY: no code in this process depends on the disposition of SIGPIPE.
        unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
        for engine in [FakeEngine::unix(), FakeEngine::tcp()] {
            engine
                .talk(|conn| RecordedRequest::read_head(conn, 0).map(drop))
                .abort()
                .talk(|conn| RecordedRequest::read_head(conn, 0).map(drop))
                .abort()
                .expect_request(Expected::new(
                    "POST /v1.43/containers/a/attach?stream=1&stdin=1&stdout=1&stderr=1",
                ))
                .send("HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n")
                .abort();
            let docker = speaking(&engine.host(), "1.43");
            let load = docker.images().load(&Default::default(), &mut io::repeat(0));
            assert!(matches!(load.unwrap_err(), Error::Disconnected { .. }));
            let request = RawRequest {
                method: "POST".into(),
                path: "/x".into(),
                body: vec![0; 16 << 20],
                ..RawRequest::default()
            };
            assert!(matches!(docker.raw(&request).unwrap_err(), Error::Disconnected { .. }));
            let mut attached = docker.containers().attach("a", &Default::default()).unwrap();
            // The first write may still fit into the buffers, or precede the close.
            let mut failure = None;
            eventually(LIMIT, "writing fails", || {
                failure = attached.input().send(&[0; 1000]).err();
                failure.is_some()
            });
            assert!(matches!(failure, Some(Error::Disconnected { .. })), "{failure:?}");
            engine.finish();
        }
    });
}
