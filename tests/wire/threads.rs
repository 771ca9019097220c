//! One context on many threads, and what the library leaves behind in the process: nothing.

use std::io;
use std::sync::Barrier;
use std::thread;

use crate::support::*;
use dockline::*;

/// Answers each question with itself.
fn parrot() -> Responder {
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

/// A few calls of each kind, whose answers must be those to this thread's own questions.
fn ask(docker: &Context, number: usize, times: usize) {
    for round in 0..times {
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
fn eight_threads_share_one_context() {
    const TIMES: usize = 50;
    let engine = parrot();
    let docker = negotiating(&engine.host());
    let begin = Barrier::new(8);
    thread::scope(|scope| {
        for number in 0..8 {
            let (docker, begin) = (&docker, &begin);
            scope.spawn(move || {
                begin.wait();
                ask(docker, number, TIMES);
            });
        }
    });
    let connections = engine.connections();
    let requests = engine.finish();
    let pings = requests.iter().filter(|request| request.path() == "/_ping").count();
    assert!((1..=8).contains(&pings), "{pings} pings");
    assert_eq!(requests.len() - pings, 8 * TIMES * 4);
    // Streams use up theirs; of the others there are never more than threads.
    assert!(connections <= 8 * TIMES * 2 + 8, "{connections}");
}

/// No call waits for another: eight that are answered only when all are there.
#[test]
fn calls_do_not_wait_for_each_other() {
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
fn a_context_and_its_clones_share_connections() {
    let engine = parrot();
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

/// Contexts, streams and errors may move to other threads.
#[test]
fn what_may_be_shared() {
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

/// A stream that is begun on one thread and read on another.
#[test]
fn a_stream_moves() {
    let engine = parrot();
    let docker = speaking(&engine.host(), "1.43");
    let options = SystemEventsOptions { since: Some(TimeBound::unix(7)), ..Default::default() };
    let events = docker.system().events(&options).unwrap();
    let actions = thread::spawn(move || events.map(|e| e.unwrap().action).collect::<Vec<_>>());
    assert_eq!(actions.join().unwrap(), ["7.000000000", "7.000000000"]);
}

// The process.

#[test]
fn no_descriptor_is_left() {
    in_own_process("threads::no_descriptor_is_left", LIMIT, || {
        let engine = parrot();
        let before = open_descriptors();
        let docker = speaking(&engine.host(), "1.43");
        // Calls, refusals, streams to the end, dropped streams and uploads: 1000 calls and more.
        for round in 0..200 {
            ask(&docker, round, 1);
            let options =
                SystemEventsOptions { since: Some(TimeBound::unix(1)), ..Default::default() };
            drop(docker.system().events(&options).unwrap());
        }
        eventually(LIMIT, "streams take theirs with them", || open_descriptors() == before);
        ask(&docker, 0, 1);
        // Both ends of it are in this process.
        eventually(LIMIT, "one connection is kept", || open_descriptors() == before + 2);
        drop(docker);
        eventually(LIMIT, "all are closed", || open_descriptors() == before);
    });
}

/// Nor after calls that fail.
#[test]
fn no_descriptor_is_left_by_failures() {
    in_own_process("threads::no_descriptor_is_left_by_failures", LIMIT, || {
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
fn no_thread_is_started() {
    in_own_process("threads::no_thread_is_started", LIMIT, || {
        let engine = parrot();
        let docker = speaking(&engine.host(), "1.43");
        // The first thread of the process, and the test's own. A thread has its name a moment late.
        let no_more = || threads_but_the_engines().len() == 2;
        eventually(LIMIT, "the engine has started", no_more);
        let options = SystemEventsOptions { since: Some(TimeBound::unix(1)), ..Default::default() };
        let events = docker.system().events(&options).unwrap();
        ask(&docker, 1, 1);
        eventually(LIMIT, "no other thread", no_more);
        drop(events);
    });
}

/// The threads of this process without those of the fake engine.
fn threads_but_the_engines() -> Vec<String> {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let name = |task: std::path::PathBuf| std::fs::read_to_string(task.join("comm")).ok();
    let names = tasks.filter_map(|task| name(task.unwrap().path()));
    names.filter(|name| !name.starts_with("fake engine")).collect()
}

/// Programs that the host starts do not inherit our connections.
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
            docker_sockets_are_private();
            drop(events);
        }
    });
}

/// Each socket of this process is closed on exec.
fn docker_sockets_are_private() {
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

/// C programs do not ignore SIGPIPE as Rust's do.
#[test]
fn sigpipe_is_not_raised() {
    in_own_process("threads::sigpipe_is_not_raised", LIMIT, || {
        // SAFETY: nothing else in this process minds.
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
            // The first may still find room in the buffers, also before the engine is gone.
            let mut refused = None;
            eventually(LIMIT, "the engine is gone", || {
                refused = attached.input().send(&[0; 1000]).err();
                refused.is_some()
            });
            assert!(matches!(refused, Some(Error::Disconnected { .. })), "{refused:?}");
            engine.finish();
        }
    });
}
