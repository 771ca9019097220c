//! Engines over ssh: arguments of the command, connections, and errors. Each test runs in a process of its own with a
//! fake ssh.

use std::fs;
use std::io::Read;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::*;
use dockline::*;

/// The timeout under test.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Waits until all ssh processes have exited.
#[track_caller]
fn assert_no_processes() {
    eventually(LIMIT, "no process is left", || children().is_empty());
}

#[test]
fn ssh_arguments() {
    with_fake_ssh("ssh::ssh_arguments", LIMIT, |ssh| {
        let engine = Responder::unix("1.41", |_| Response::json("[]"));
        ssh.connect_to(engine.path());
        for (host, arguments) in [
            ("ssh://engine", "-o|ConnectTimeout=30|-T|--|engine|docker system dial-stdio"),
            (
                "ssh://me@engine.example.com:2222/",
                "-o|ConnectTimeout=30|-T|-l|me|-p|2222|--|engine.example.com|docker system dial-stdio",
            ),
            (
                "ssh://[::1]/run/user/7/docker.sock",
                "-o|ConnectTimeout=30|-T|--|::1|docker --host=unix:///run/user/7/docker.sock system dial-stdio",
            ),
            (
                "ssh://engine/a%20b$(c)/it's",
                r"-o|ConnectTimeout=30|-T|--|engine|docker '--host=unix:///a b$(c)/it'\''s' system dial-stdio",
            ),
        ] {
            let docker = speaking(host, "1.41");
            docker.containers().list(&Default::default()).unwrap();
            let call = ssh.calls().pop().unwrap();
            assert_eq!(call.args.join("|"), arguments, "{host}");
            // In a session of its own: Ctrl-C does not reach it, and it cannot prompt on the terminal.
            assert_eq!(call.group_session_terminal, (call.pid, call.pid, 0));
        }
        let timeouts = Timeouts { connect: Some(LIMIT), ..Default::default() };
        let docker = client("ssh://engine").negotiate().timeouts(timeouts).build().unwrap();
        docker.system().ping().unwrap();
        assert_eq!(ssh.calls().pop().unwrap().args[1], "ConnectTimeout=601");
        drop(docker);
        assert_no_processes();
        engine.finish();
    });
}

#[test]
fn keeps_connection() {
    with_fake_ssh("ssh::keeps_connection", LIMIT, |ssh| {
        let before = open_descriptors();
        let engine = FakeEngine::unix();
        ssh.connect_to(engine.path());
        response_ssh_ping(&engine)
            .ping("1.41")
            .exchange_for(bare("GET /v1.41/info"), Response::json(r#"{"ID":"a"}"#))
            .exchange_for(bare("GET /v1.41/info"), Response::json(r#"{"ID":"b"}"#));
        let docker = negotiating("ssh://me@engine");
        assert_eq!(docker.endpoint().to_string(), "ssh://me@engine");
        assert_eq!(docker.system().info().unwrap().id, "a");
        assert_eq!(docker.system().info().unwrap().id, "b");
        assert_eq!((ssh.calls().len(), children().len()), (1, 1));
        engine.sync();
        drop(docker);
        assert_no_processes();
        engine.finish();
        assert_eq!(open_descriptors(), before);
    });
}

/// Each thread has its own connection while it needs one, and no ssh process inherits that of another.
#[test]
fn connections_of_many_threads() {
    const THREADS: usize = 8;
    with_fake_ssh("ssh::connections_of_many_threads", LIMIT, |ssh| {
        let descriptors = open_descriptors();
        let engine = Responder::unix("1.41", |request| match request.path() {
            "/v1.41/events" => Response::chunked(200).then("{}\n"),
            _ => Response::json("{}"),
        });
        ssh.connect_to(engine.path());
        let docker = negotiating("ssh://engine");
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    for _ in 0..3 {
                        let events = docker.system().events(&Default::default()).unwrap();
                        assert_eq!(events.count(), 1);
                        docker.system().info().unwrap();
                    }
                });
            }
        });
        assert!((1..=THREADS).contains(&children().len()), "{:?}", children());
        drop(docker);
        assert_no_processes();
        engine.finish();
        assert_eq!(open_descriptors(), descriptors);
    });
}

/// A kept connection that broke is replaced together with its ssh process.
#[test]
fn replaces_broken_connection() {
    with_fake_ssh("ssh::replaces_broken_connection", LIMIT, |ssh| {
        let engine = FakeEngine::unix();
        ssh.connect_to(engine.path());
        let docker = speaking("ssh://engine", "1.41");
        for id in ["a", "b"] {
            let json = format!(r#"{{"ID":"{id}"}}"#);
            response_ssh_ping(&engine).exchange("GET /v1.41/info", Response::json(json)).abort();
            assert_eq!(docker.system().info().unwrap().id, id);
        }
        assert_eq!(ssh.calls().len(), 2);
        drop(docker);
        assert_no_processes();
        engine.finish();
    });
}

#[test]
fn upgraded_connection() {
    with_fake_ssh("ssh::upgraded_connection", LIMIT, |ssh| {
        let engine = FakeEngine::unix();
        ssh.connect_to(engine.path());
        response_ssh_ping(&engine)
            .expect_request(Expected::new(
                "POST /v1.42/containers/web/attach?stream=1&stdin=1&stdout=1&stderr=1",
            ))
            .send(head([
                "HTTP/1.1 101 UPGRADED",
                "Content-Type: application/vnd.docker.multiplexed-stream",
                "Connection: Upgrade",
                "Upgrade: tcp",
            ]))
            .send(frame(1, "ready"))
            .expect("question")
            .send(frame(1, "answer"))
            .expect_end()
            .send(frame(2, "behind the end"))
            .close();
        let docker = speaking("ssh://engine", "1.42");
        let mut attached = docker.containers().attach("web", &Default::default()).unwrap();
        let next = |attached: &mut Duplex| attached.output().next().unwrap().unwrap().data;
        assert_eq!(next(&mut attached), b"ready");
        attached.input().send(b"question").unwrap();
        assert_eq!(next(&mut attached), b"answer");
        attached.input().close().unwrap();
        assert_eq!(next(&mut attached), b"behind the end");
        assert!(attached.output().next().is_none());
        drop(attached);
        assert_no_processes();
        engine.finish();
    });
}

#[test]
fn large_bodies_in_both_directions() {
    const LENGTH: u64 = 32 << 20;
    with_fake_ssh("ssh::large_bodies_in_both_directions", LIMIT, |ssh| {
        let engine = FakeEngine::unix();
        ssh.connect_to(engine.path());
        let upload = Expected::new("POST /v1.41/images/create?fromSrc=-");
        response_ssh_ping(&engine)
            .exchange_for(upload.chunked().pattern(LENGTH), Response::chunked(200));
        // A connection that had a stream is not kept.
        response_ssh_ping(&engine)
            .expect_request(Expected::new("GET /v1.41/images/busybox/get"))
            .send(head(["HTTP/1.1 200 OK", &format!("Content-Length: {LENGTH}")]))
            .send_pattern(LENGTH);
        let docker = speaking("ssh://engine", "1.41");
        let options = ImageCreateOptions { from_src: "-".into(), ..Default::default() };
        let mut tar = Pattern::new(LENGTH);
        docker.images().create(&options, Some(&mut tar)).unwrap().finish().unwrap();
        let mut image = docker.images().get("busybox", &Default::default()).unwrap();
        let mut received = Vec::new();
        image.copy_to(&mut received).unwrap();
        assert!(received == Pattern::bytes(LENGTH as usize));
        engine.finish();
    });
}

/// ssh exits before the engine has responded: its message, and the advice of the library.
#[test]
fn reports_exit_of_ssh() {
    with_fake_ssh("ssh::reports_exit_of_ssh", LIMIT, |ssh| {
        let descriptors = open_descriptors();
        let connect_error = |script: &str| {
            ssh.set_script(script);
            let error = negotiating("ssh://me@engine").system().info().unwrap_err();
            assert!(matches!(error, Error::Connect { errno: None, .. }), "{error:?}");
            assert_eq!(error.operation(), "SystemInfo");
            assert_no_processes();
            let text = error.to_string();
            let prefix = "SystemInfo: cannot connect to ssh://me@engine: ";
            text.strip_prefix(prefix).unwrap_or_else(|| panic!("{text}")).to_owned()
        };
        for (stderr, status, expected, advice) in [
            (
                "me@engine: Permission denied (publickey,password).",
                255,
                "ssh exited with status 255: me@engine: Permission denied (publickey,password).: ",
                "set up a key or an agent",
            ),
            ("Host key verification failed.", 255, "Host key verification failed.: ", "accept it"),
            ("sh: 1: docker: not found", 127, "sh: 1: docker: not found: ", "18.09 or later"),
            (
                "Cannot connect to the Docker daemon at unix:///run/docker.sock. Is it running?",
                1,
                "ssh exited with status 1: Cannot connect",
                "is not running",
            ),
            (
                "ssh: connect to host engine port 22: Connection refused",
                255,
                "Connection refused: ",
                "connects to this host in a terminal",
            ),
            ("", 3, "ssh exited with status 3: nothing on stderr: ", "dial-stdio"),
            ("\u{1b}[1mSorry,\r\n\tfull.", 1, "[1mSorry,; full.: ", "dial-stdio"),
        ] {
            let text = connect_error(&format!("printf '%s\\n' '{stderr}' >&2; exit {status}"));
            assert!(text.contains(expected) && text.contains(advice), "{stderr}: {text}");
        }
        // Only the last lines are kept, and output to stderr never blocks ssh.
        let text = connect_error("perl -e 'print STDERR \"x\" x 60000, \"\\nthe end\\n\"'; exit 1");
        assert!(text.contains("xxx; the end: ") && text.len() < 1400, "{text}");
        // ssh closes its output and keeps running.
        let text = connect_error("exec sleep 1000 <&- >&-");
        assert!(text.starts_with("ssh closed the connection: nothing on stderr: "), "{text}");
        assert_eq!(open_descriptors(), descriptors);
    });
}

#[test]
fn endless_stderr_does_not_block() {
    with_fake_ssh("ssh::endless_stderr_does_not_block", LIMIT, |ssh| {
        let engine = Responder::unix("1.41", |_| Response::json("{}"));
        let noise = "perl -e 'syswrite STDERR, \"noise\" x 10000 for 1..100'\n";
        ssh.set_script(&format!("{noise}{}", ssh.connect_command(engine.path())));
        let docker = negotiating("ssh://engine");
        docker.system().info().unwrap();
        drop(docker);
        assert_no_processes();
        engine.finish();
    });
}

#[test]
fn missing_ssh() {
    with_fake_ssh("ssh::missing_ssh", LIMIT, |ssh| {
        ssh.uninstall();
        let error = negotiating("ssh://engine").system().info().unwrap_err();
        assert!(matches!(error, Error::Connect { .. }), "{error:?}");
        assert_eq!(error.errno(), Some(libc::ENOENT));
        let text = error.to_string();
        assert!(text.contains("cannot start ssh: ") && text.contains("openssh-client"), "{text}");
        assert_no_processes();
    });
}

#[test]
fn rejects_other_protocols() {
    with_fake_ssh("ssh::rejects_other_protocols", LIMIT, |ssh| {
        for (script, expected) in [
            ("echo Welcome to engine; exec cat", r#"not valid HTTP: "Welcome to engine"#),
            ("printf 'HTTP/2 200\\r\\n'; exec cat", r#"not valid HTTP: "HTTP/2 200"#),
            ("exec perl -e 'print \"HTTP/1.1 \", \"x\" x 100000; sleep 1000'", "HTTP/1.1 xxx"),
        ] {
            ssh.set_script(script);
            let error = negotiating("ssh://engine").system().info().unwrap_err();
            assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
            let text = error.to_string();
            assert!(text.contains("ssh://engine is not valid HTTP: "), "{text}");
            assert!(text.contains(expected) && text.contains("prints nothing"), "{text}");
            assert_no_processes();
        }
    });
}

/// ssh and a child process of it send nothing and ignore SIGTERM.
#[test]
fn times_out() {
    with_fake_ssh("ssh::times_out", LIMIT, |ssh| {
        let descriptors = open_descriptors();
        let hang = "(trap '' TERM; sleep 1000) & echo $! >$dir/helper; trap '' TERM\n\
                    while :; do sleep 1000; done";
        ssh.set_script(hang);
        let connect = Timeouts { connect: Some(TIMEOUT), ..Default::default() };
        let deadline = Timeouts { deadline: Some(TIMEOUT), ..Default::default() };
        for (timeouts, reason) in [(connect, "no connection"), (deadline, "the deadline passed")] {
            let docker = speaking("ssh://engine", "1.41").with_timeouts(timeouts);
            let start = Instant::now();
            // A stream, which has no timeout once connected.
            let error = docker.system().events(&Default::default()).unwrap_err();
            let took = start.elapsed();
            let Error::Timeout { what, after, .. } = error else { panic!("{error:?}") };
            assert_eq!((what, after), (reason, TIMEOUT));
            assert!(took >= TIMEOUT && took < TIMEOUT + MAX_DELAY, "{took:?}");
            drop(docker);
            assert_no_processes();
            let helper = fs::read_to_string(ssh.dir().join("helper")).unwrap();
            eventually(LIMIT, "the child process has exited", || {
                !is_running(helper.trim().parse().unwrap())
            });
        }
        assert_eq!(open_descriptors(), descriptors);
    });
}

#[test]
fn cancel_while_connecting() {
    with_fake_ssh("ssh::cancel_while_connecting", LIMIT, |ssh| {
        ssh.set_script("touch $dir/started; exec sleep 1000");
        let cancel = CancelToken::new();
        let docker = speaking("ssh://engine", "1.41").with_cancel_token(&cancel);
        thread::scope(|scope| {
            let call = scope.spawn(|| (docker.system().info(), Instant::now()));
            eventually(LIMIT, "ssh runs", || ssh.dir().join("started").exists());
            let start = Instant::now();
            cancel.cancel();
            let (result, end) = call.join().unwrap();
            assert!(matches!(result, Err(Error::Cancelled { .. })), "{result:?}");
            assert!(end.saturating_duration_since(start) < MAX_DELAY);
        });
        assert_no_processes();
    });
}

/// If ssh exits during a call, its last message is part of the error; messages from before the call are not.
#[test]
fn exit_during_call() {
    with_fake_ssh("ssh::exit_during_call", LIMIT, |ssh| {
        let exit = "echo Connection to engine closed by remote host. >&2; exit 255";
        for (beginning, when) in [
            ("", "before sending a response"),
            (
                "HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\n{",
                "in the middle of its response",
            ),
        ] {
            // A script that responds to the ping and sends this beginning of the second response.
            let responder = format!(
                r#"$/ = "\r\n\r\n"; $| = 1; <STDIN>; print "HTTP/1.1 200 OK\r\n\r\n"; <STDIN>; print "{beginning}""#
            );
            let script = format!("echo Welcome >&2; perl -e '{responder}'; {exit}");
            ssh.set_script(&script);
            let error = speaking("ssh://engine", "1.41").system().info().unwrap_err();
            assert!(matches!(error, Error::Disconnected { .. }), "{error:?}");
            let message = format!(
                "SystemInfo: the engine closed the connection {when} (ssh: Connection to engine closed by remote host.)"
            );
            assert_eq!(error.to_string(), message);
            assert_no_processes();
        }
    });
}

/// Streams that end, are dropped, are cancelled or fail leave neither processes nor descriptors.
#[test]
fn leaks_no_processes_or_descriptors() {
    with_fake_ssh("ssh::leaks_no_processes_or_descriptors", LIMIT, |ssh| {
        let engine = Responder::unix("1.41", |request| match request.path() {
            "/v1.41/info" => Response::json("{}"),
            "/v1.41/events" => Response::chunked(200).then("{}\n").then("{}\n"),
            _ => Response::error(404, "no such container"),
        });
        ssh.connect_to(engine.path());
        let docker = speaking("ssh://engine", "1.41");
        docker.system().info().unwrap();
        let descriptors = open_descriptors();
        for number in 0..40 {
            let mut events = docker.system().events(&Default::default()).unwrap();
            match number % 4 {
                0 => assert_eq!(events.count(), 2),
                1 => drop(events.next()),
                2 => {
                    events.cancel_token().cancel();
                    events.for_each(drop);
                }
                _ => drop(docker.containers().logs("none", &Default::default()).unwrap_err()),
            }
            docker.system().info().unwrap();
        }
        // One connection is kept; the engine's end of it is in this process, too.
        eventually(LIMIT, "at most one process is left", || children().len() <= 1);
        eventually(LIMIT, "no descriptor is left", || open_descriptors() <= descriptors);
        drop(docker);
        assert_no_processes();
        engine.finish();
    });
}

/// Programs that ignore SIGCHLD or reap all child processes themselves.
#[test]
fn program_that_reaps_all_children() {
    with_fake_ssh("ssh::program_that_reaps_all_children", LIMIT, |ssh| {
        // SAFETY: SIG_IGN runs no handler.
        unsafe { libc::signal(libc::SIGCHLD, libc::SIG_IGN) };
        let engine = Responder::unix("1.41", |_| Response::json("{}"));
        ssh.connect_to(engine.path());
        for _ in 0..3 {
            let docker = speaking("ssh://engine", "1.41");
            docker.system().info().unwrap();
            drop(docker);
            assert_no_processes();
        }
        ssh.set_script("echo full >&2; exit 9");
        let error = speaking("ssh://engine", "1.41").system().info().unwrap_err();
        assert!(error.to_string().contains(": full: "), "{error}");
        assert_no_processes();
        engine.finish();
    });
}

/// If the program is killed, ssh reads the end of its input and exits.
#[test]
fn killed_program() {
    const ENGINE: &str = "DOCKLINE_TEST_ENGINE";
    const NAME: &str = "ssh::killed_program";
    if let Some(host) = std::env::var_os(ENGINE) {
        let docker = speaking(host.to_str().unwrap(), "1.41");
        let mut events = docker.system().events(&Default::default()).unwrap();
        events.next().unwrap().unwrap();
        println!("streaming");
        std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
        return;
    }
    with_fake_ssh(NAME, LIMIT, |ssh| {
        let gate = Gate::new();
        let engine = Responder::unix("1.41", {
            let gate = gate.clone();
            move |_| Response::chunked(200).then("{}\n").hold(&gate)
        });
        ssh.connect_to(engine.path());
        let mut program = Process::interactive(this_test(NAME).env(ENGINE, "ssh://engine"));
        program.wait_stdout("streaming", LIMIT);
        let pid = ssh.calls()[0].pid;
        assert!(is_running(pid));
        program.signal(libc::SIGKILL);
        program.wait(LIMIT);
        gate.open();
        eventually(LIMIT, "ssh has exited", || !is_running(pid));
        engine.finish();
    });
}
