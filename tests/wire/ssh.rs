//! Engines behind ssh: what it is told, what goes through it, and what becomes of it. Each test in a
//! process of its own, with a fake ssh.

use std::fs;
use std::io::Read;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::*;
use dockline::*;

/// A timeout under test, and what a busy machine is granted beyond it.
const SHORT: Duration = Duration::from_secs(2);

/// Waits until nothing is left of any ssh.
#[track_caller]
fn nothing_is_left() {
    eventually(LIMIT, "no process is left", || children().is_empty());
}

#[test]
fn what_ssh_is_told() {
    with_fake_ssh("ssh::what_ssh_is_told", LIMIT, |ssh| {
        let engine = Responder::unix("1.41", |_| Response::json("[]"));
        ssh.leads_to(engine.path());
        for (host, words) in [
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
            assert_eq!(call.words.join("|"), words, "{host}");
            // Alone in its session: Ctrl-C does not reach it, and it has no terminal to ask on.
            assert_eq!(call.group_session_terminal, (call.pid, call.pid, 0));
        }
        let timeouts = Timeouts { connect: Some(LIMIT), ..Default::default() };
        let docker = client("ssh://engine").negotiate().timeouts(timeouts).build().unwrap();
        docker.system().ping().unwrap();
        assert_eq!(ssh.calls().pop().unwrap().words[1], "ConnectTimeout=601");
        drop(docker);
        nothing_is_left();
        engine.finish();
    });
}

#[test]
fn connections_are_kept() {
    with_fake_ssh("ssh::connections_are_kept", LIMIT, |ssh| {
        let before = open_descriptors();
        let engine = FakeEngine::unix();
        ssh.leads_to(engine.path());
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
        nothing_is_left();
        engine.finish();
        assert_eq!(open_descriptors(), before);
    });
}

/// Each has a connection of its own while it needs one, and no ssh holds that of another open.
#[test]
fn many_threads() {
    const THREADS: usize = 8;
    with_fake_ssh("ssh::many_threads", LIMIT, |ssh| {
        let descriptors = open_descriptors();
        let engine = Responder::unix("1.41", |request| match request.path() {
            "/v1.41/events" => Response::chunked(200).then("{}\n"),
            _ => Response::json("{}"),
        });
        ssh.leads_to(engine.path());
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
        nothing_is_left();
        engine.finish();
        assert_eq!(open_descriptors(), descriptors);
    });
}

/// A connection that broke while it was kept is replaced, and so is its ssh.
#[test]
fn a_kept_connection_that_broke() {
    with_fake_ssh("ssh::a_kept_connection_that_broke", LIMIT, |ssh| {
        let engine = FakeEngine::unix();
        ssh.leads_to(engine.path());
        let docker = speaking("ssh://engine", "1.41");
        for id in ["a", "b"] {
            let json = format!(r#"{{"ID":"{id}"}}"#);
            response_ssh_ping(&engine).exchange("GET /v1.41/info", Response::json(json)).abort();
            assert_eq!(docker.system().info().unwrap().id, id);
        }
        assert_eq!(ssh.calls().len(), 2);
        drop(docker);
        nothing_is_left();
        engine.finish();
    });
}

#[test]
fn both_directions_at_once() {
    with_fake_ssh("ssh::both_directions_at_once", LIMIT, |ssh| {
        let engine = FakeEngine::unix();
        ssh.leads_to(engine.path());
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
        nothing_is_left();
        engine.finish();
    });
}

#[test]
fn much_in_both_directions() {
    const LENGTH: u64 = 32 << 20;
    with_fake_ssh("ssh::much_in_both_directions", LIMIT, |ssh| {
        let engine = FakeEngine::unix();
        ssh.leads_to(engine.path());
        let upload = Expected::new("POST /v1.41/images/create?fromSrc=-");
        response_ssh_ping(&engine)
            .exchange_for(upload.chunked().pattern(LENGTH), Response::chunked(200));
        // What was a stream is not kept.
        response_ssh_ping(&engine)
            .expect_request(Expected::new("GET /v1.41/images/busybox/get"))
            .send(head(["HTTP/1.1 200 OK", &format!("Content-Length: {LENGTH}")]))
            .send_pattern(LENGTH);
        let docker = speaking("ssh://engine", "1.41");
        let options = ImageCreateOptions { from_src: "-".into(), ..Default::default() };
        let mut tar = Pattern::new(LENGTH);
        docker.images().create(&options, Some(&mut tar)).unwrap().finish().unwrap();
        let mut image = docker.images().get("busybox", &Default::default()).unwrap();
        let mut got = Vec::new();
        image.copy_to(&mut got).unwrap();
        assert!(got == Pattern::bytes(LENGTH as usize));
        engine.finish();
    });
}

/// What ssh says when it ends before the engine has answered, and what we make of it.
#[test]
fn why_it_ended() {
    with_fake_ssh("ssh::why_it_ended", LIMIT, |ssh| {
        let descriptors = open_descriptors();
        let refused = |script: &str| {
            ssh.does(script);
            let error = negotiating("ssh://me@engine").system().info().unwrap_err();
            assert!(matches!(error, Error::Connect { errno: None, .. }), "{error:?}");
            assert_eq!(error.operation(), "SystemPing");
            nothing_is_left();
            let text = error.to_string();
            let begin = "SystemPing: cannot connect to ssh://me@engine: ";
            text.strip_prefix(begin).unwrap_or_else(|| panic!("{text}")).to_owned()
        };
        for (says, status, words, advice) in [
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
            let text = refused(&format!("printf '%s\\n' '{says}' >&2; exit {status}"));
            assert!(text.contains(words) && text.contains(advice), "{says}: {text}");
        }
        // Of many words the last count; and nobody has to listen to them.
        let text = refused("perl -e 'print STDERR \"x\" x 60000, \"\\nthe end\\n\"'; exit 1");
        assert!(text.contains("xxx; the end: ") && text.len() < 1400, "{text}");
        // It closes its end and stays.
        let text = refused("exec sleep 1000 <&- >&-");
        assert!(text.starts_with("ssh closed the connection: nothing on stderr: "), "{text}");
        assert_eq!(open_descriptors(), descriptors);
    });
}

#[test]
fn more_words_than_anybody_hears() {
    with_fake_ssh("ssh::more_words_than_anybody_hears", LIMIT, |ssh| {
        let engine = Responder::unix("1.41", |_| Response::json("{}"));
        let noise = "perl -e 'syswrite STDERR, \"noise\" x 10000 for 1..100'\n";
        ssh.does(&format!("{noise}{}", ssh.dial(engine.path())));
        let docker = negotiating("ssh://engine");
        docker.system().info().unwrap();
        drop(docker);
        nothing_is_left();
        engine.finish();
    });
}

#[test]
fn no_ssh_at_all() {
    with_fake_ssh("ssh::no_ssh_at_all", LIMIT, |ssh| {
        ssh.uninstall();
        let error = negotiating("ssh://engine").system().info().unwrap_err();
        assert!(matches!(error, Error::Connect { .. }), "{error:?}");
        assert_eq!(error.errno(), Some(libc::ENOENT));
        let text = error.to_string();
        assert!(text.contains("cannot start ssh: ") && text.contains("openssh-client"), "{text}");
        nothing_is_left();
    });
}

#[test]
fn no_engine_at_its_end() {
    with_fake_ssh("ssh::no_engine_at_its_end", LIMIT, |ssh| {
        for (script, words) in [
            ("echo Welcome to engine; exec cat", r#"not valid HTTP: "Welcome to engine"#),
            ("printf 'HTTP/2 200\\r\\n'; exec cat", r#"not valid HTTP: "HTTP/2 200"#),
            ("exec perl -e 'print \"HTTP/1.1 \", \"x\" x 100000; sleep 1000'", "HTTP/1.1 xxx"),
        ] {
            ssh.does(script);
            let error = negotiating("ssh://engine").system().info().unwrap_err();
            assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
            let text = error.to_string();
            assert!(text.contains("ssh://engine is not valid HTTP: "), "{text}");
            assert!(text.contains(words) && text.contains("prints nothing"), "{text}");
            nothing_is_left();
        }
    });
}

/// Silence, also of what ssh has started itself and what has no ear for a polite end.
#[test]
fn no_response() {
    with_fake_ssh("ssh::no_response", LIMIT, |ssh| {
        let descriptors = open_descriptors();
        let hang = "(trap '' TERM; sleep 1000) & echo $! >$dir/helper; trap '' TERM\n\
                    while :; do sleep 1000; done";
        ssh.does(hang);
        let quick = Timeouts { connect: Some(SHORT), ..Default::default() };
        let deadline = Timeouts { deadline: Some(SHORT), ..Default::default() };
        for (timeouts, words) in [(quick, "no connection"), (deadline, "the deadline passed")] {
            let docker = speaking("ssh://engine", "1.41").with_timeouts(timeouts);
            let begin = Instant::now();
            // Also what waits for ever once there is a connection.
            let error = docker.system().events(&Default::default()).unwrap_err();
            let took = begin.elapsed();
            let Error::Timeout { what, after, .. } = error else { panic!("{error:?}") };
            assert_eq!((what, after), (words, SHORT));
            assert!(took >= SHORT && took < SHORT + LATE, "{took:?}");
            drop(docker);
            nothing_is_left();
            let helper = fs::read_to_string(ssh.dir().join("helper")).unwrap();
            eventually(LIMIT, "its helper ends", || !runs(helper.trim().parse().unwrap()));
        }
        assert_eq!(open_descriptors(), descriptors);
    });
}

#[test]
fn cancelled_while_it_connects() {
    with_fake_ssh("ssh::cancelled_while_it_connects", LIMIT, |ssh| {
        ssh.does("touch $dir/started; exec sleep 1000");
        let cancel = CancelToken::new();
        let docker = speaking("ssh://engine", "1.41").with_cancel_token(&cancel);
        thread::scope(|scope| {
            let call = scope.spawn(|| (docker.system().info(), Instant::now()));
            eventually(LIMIT, "ssh runs", || ssh.dir().join("started").exists());
            let begin = Instant::now();
            cancel.cancel();
            let (result, end) = call.join().unwrap();
            assert!(matches!(result, Err(Error::Cancelled { .. })), "{result:?}");
            assert!(end.saturating_duration_since(begin) < LATE);
        });
        nothing_is_left();
    });
}

/// In the middle of a response its words are part of the error, those of the log-in are not.
#[test]
fn it_ends_in_the_middle() {
    with_fake_ssh("ssh::it_ends_in_the_middle", LIMIT, |ssh| {
        let say = "echo Connection to engine closed by remote host. >&2; exit 255";
        for (beginning, when) in [
            ("", "before sending a response"),
            (
                "HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\n{",
                "in the middle of its response",
            ),
        ] {
            // Reads head by head, answers the first, and the second as far as this goes.
            let talk = format!(
                r#"$/ = "\r\n\r\n"; $| = 1; <STDIN>; print "HTTP/1.1 200 OK\r\n\r\n"; <STDIN>; print "{beginning}""#
            );
            let script = format!("echo Welcome >&2; perl -e '{talk}'; {say}");
            ssh.does(&script);
            let error = speaking("ssh://engine", "1.41").system().info().unwrap_err();
            assert!(matches!(error, Error::Disconnected { .. }), "{error:?}");
            let words = format!(
                "SystemInfo: the engine closed the connection {when} (ssh: Connection to engine closed by remote host.)"
            );
            assert_eq!(error.to_string(), words);
            nothing_is_left();
        }
    });
}

/// Streams of all fates leave neither a process nor a descriptor.
#[test]
fn nothing_piles_up() {
    with_fake_ssh("ssh::nothing_piles_up", LIMIT, |ssh| {
        let engine = Responder::unix("1.41", |request| match request.path() {
            "/v1.41/info" => Response::json("{}"),
            "/v1.41/events" => Response::chunked(200).then("{}\n").then("{}\n"),
            _ => Response::error(404, "no such container"),
        });
        ssh.leads_to(engine.path());
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
        // One connection is kept, of which the engine's end is in this process too.
        eventually(LIMIT, "one is left", || children().len() <= 1);
        eventually(LIMIT, "as many as before", || open_descriptors() <= descriptors);
        drop(docker);
        nothing_is_left();
        engine.finish();
    });
}

/// Hosts that let the system collect their children, or collect them all themselves.
#[test]
fn a_host_that_collects_children_itself() {
    with_fake_ssh("ssh::a_host_that_collects_children_itself", LIMIT, |ssh| {
        // SAFETY: no handler is called.
        unsafe { libc::signal(libc::SIGCHLD, libc::SIG_IGN) };
        let engine = Responder::unix("1.41", |_| Response::json("{}"));
        ssh.leads_to(engine.path());
        for _ in 0..3 {
            let docker = speaking("ssh://engine", "1.41");
            docker.system().info().unwrap();
            drop(docker);
            nothing_is_left();
        }
        ssh.does("echo full >&2; exit 9");
        let error = speaking("ssh://engine", "1.41").system().info().unwrap_err();
        assert!(error.to_string().contains(": full: "), "{error}");
        nothing_is_left();
        engine.finish();
    });
}

/// Nothing is left either when the host is killed: ssh reads the end of its input.
#[test]
fn a_host_that_is_killed() {
    const ENGINE: &str = "DOCKLINE_TEST_ENGINE";
    const NAME: &str = "ssh::a_host_that_is_killed";
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
        ssh.leads_to(engine.path());
        let mut host = Process::interactive(this_test(NAME).env(ENGINE, "ssh://engine"));
        host.wait_stdout("streaming", LIMIT);
        let pid = ssh.calls()[0].pid;
        assert!(runs(pid));
        host.signal(libc::SIGKILL);
        host.wait(LIMIT);
        gate.open();
        eventually(LIMIT, "ssh ends", || !runs(pid));
        engine.finish();
    });
}
