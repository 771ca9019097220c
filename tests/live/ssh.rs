//! Engines behind a real sshd: what ssh says when it cannot get there, in whose words, and how soon.

use std::env;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::helpers::{Container, LATE, LIMIT, Sshd, docker};
use crate::support::{
    Responder, Response, TempDir, as_child, children, eventually, is_child, open_descriptors,
    within,
};
use dockline::{ApiVersion, Context, Duplex, Error, StdStream, Timeouts};

/// An sshd that leads to the engine under test.
fn sshd() -> Sshd {
    let host = docker().endpoint().to_string();
    Sshd::start(&[("PATH", &env::var("PATH").unwrap()), ("DOCKER_HOST", &host)])
}

/// Runs `body`, which opens its contexts itself and leaves neither a process nor a descriptor.
fn in_child(body: impl FnOnce() + Send + 'static) {
    as_child(|| {
        let before = open_descriptors();
        within(LIMIT, body);
        eventually(LIMIT, "nothing is left", || children().is_empty() && !Sshd::is_used());
        assert_eq!(open_descriptors(), before);
    });
}

/// Why there is no connection, from here to the advice.
#[track_caller]
fn refused(host: &str) -> String {
    let begin = Instant::now();
    let error = Context::open(host).unwrap().system().ping().unwrap_err();
    assert!(matches!(error, Error::Connect { .. }), "{error:?}");
    assert!(begin.elapsed() < LATE, "{:?}", begin.elapsed());
    let text = error.to_string();
    let begin = format!("SystemPing: cannot connect to {host}: ssh exited with status ");
    text.strip_prefix(&begin).unwrap_or_else(|| panic!("{text}")).to_owned()
}

#[track_caller]
fn assert_says(text: &str, words: &[&str]) {
    for words in words {
        assert!(text.contains(words), "no {words:?} in: {text}");
    }
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn who_is_not_let_in() {
    if !is_child() {
        return sshd().run_test("ssh::who_is_not_let_in", &[]);
    }
    in_child(|| {
        // It has no terminal to ask on, and nobody else to ask.
        let text = refused("ssh://asking");
        assert_says(&text, &["255: ", "Permission denied (publickey,password", "set up a key"]);
        let text = refused("ssh://nobody-of-this-name@engine");
        assert_says(&text, &["255: ", "nobody-of-this-name@127.0.0.1: Permission denied"]);
        let text = refused("ssh://stranger");
        assert_says(&text, &["255: ", "Host key verification failed.", "accept it by running ssh"]);
        let text = refused("ssh://impostor");
        assert_says(&text, &["255: ", "REMOTE HOST IDENTIFICATION HAS CHANGED", "compare it"]);
        // Nobody listens on the port of nothing.
        let text = refused("ssh://engine:1");
        assert_says(
            &text,
            &["255: ", "port 1: Connection refused", "connects to this host in a terminal"],
        );
        Context::open("ssh://engine").unwrap().system().ping().unwrap();
    });
}

/// Nor does it hang where somebody could be asked: the program that asks ends with the call.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn a_password_is_not_waited_for_longer_than_for_a_connection() {
    const NAME: &str = "ssh::a_password_is_not_waited_for_longer_than_for_a_connection";
    if !is_child() {
        let dir = TempDir::new();
        let program = dir.write("ask", "#!/bin/sh\nexec sleep 1000\n");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&program, mode).unwrap();
        let program = program.to_str().unwrap();
        let asking = [("SSH_ASKPASS", program), ("SSH_ASKPASS_REQUIRE", "force")];
        return sshd().run_test(NAME, &asking);
    }
    in_child(|| {
        let after = Duration::from_secs(1);
        let timeouts = Timeouts { connect: Some(after), ..Default::default() };
        let docker = Context::open("ssh://asking").unwrap().with_timeouts(timeouts);
        times_out(&docker, after);
    });
}

/// A port where somebody accepts and says nothing.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn a_host_that_is_silent() {
    if !is_child() {
        return sshd().run_test("ssh::a_host_that_is_silent", &[]);
    }
    in_child(|| {
        let after = Duration::from_secs(1);
        let timeouts = Timeouts { connect: Some(after), ..Default::default() };
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = format!("ssh://engine:{}", silent.local_addr().unwrap().port());
        times_out(&Context::open(&host).unwrap().with_timeouts(timeouts), after);
    });
}

#[track_caller]
fn times_out(docker: &Context, expected: Duration) {
    let begin = Instant::now();
    // For its response it would wait for ever.
    let error = docker.system().events(&Default::default()).unwrap_err();
    let took = begin.elapsed();
    let Error::Timeout { what, after, .. } = &error else { panic!("{error:?}") };
    assert_eq!((*what, *after), ("no connection", expected));
    assert!(took >= expected && took < expected + LATE, "{took:?}");
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn no_docker_there() {
    if !is_child() {
        Sshd::start(&[("PATH", "/nowhere")]).run_test("ssh::no_docker_there", &[]);
        return;
    }
    in_child(|| {
        let text = refused("ssh://engine");
        assert_says(&text, &["127: ", "docker: ", "the docker command, 18.09 or later"]);
    });
}

/// The path goes through the shell of the other machine as it is.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn the_path_of_the_engine() {
    const DIR: &str = "DOCKLINE_TEST_FOLDER";
    if !is_child() {
        let dir = TempDir::new();
        let socket = dir.join("it's $(touch oops) & more.sock");
        let engine = Responder::unix_at(&socket, "1.41", |_| Response::json("{}"));
        let sshd = Sshd::start(&[("PATH", &env::var("PATH").unwrap())]);
        let path = dir.path().to_str().unwrap();
        sshd.run_test("ssh::the_path_of_the_engine", &[(DIR, path)]);
        assert!(engine.finish().len() > 1);
        return;
    }
    in_child(|| {
        let dir = env::var(DIR).unwrap();
        let host = format!("ssh://engine{dir}/it's%20$(touch%20oops)%20&%20more.sock");
        Context::open(&host).unwrap().system().ping().unwrap();
        let text = refused(&format!("ssh://engine{dir}/none.sock"));
        assert_says(&text, &["1: ", "none.sock", "the remote engine is not running"]);
    });
}

/// By the user's own configuration: another ssh goes before.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn through_another_host() {
    if !is_child() {
        return sshd().run_test("ssh::through_another_host", &[]);
    }
    in_child(|| {
        let docker = Context::open("ssh://jumping").unwrap();
        docker.system().ping().unwrap();
        assert!(Sshd::is_used());
        let mut events = docker.system().events(&Default::default()).unwrap();
        events.cancel_token().cancel();
        assert!(matches!(events.next(), Some(Err(Error::Cancelled { .. }))));
    });
}

/// By the user's own configuration: connections share one that ssh keeps.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn shared_connections() {
    if !is_child() {
        return sshd().run_test("ssh::shared_connections", &[]);
    }
    in_child(|| {
        let docker = Context::open("ssh://shared").unwrap();
        let version = docker.api_version().unwrap();
        assert!(version >= ApiVersion { major: 1, minor: 24 });
        let container = Container::run(&docker, "cat; echo end; exec sleep 1000");
        drop(docker.system().events(&Default::default()).unwrap());
        container.await_output("end\n");
        let echo = ["sh", "-c", "cat; echo err >&2"].map(str::to_owned);
        let body = dockline::model::ContainerExecRequest {
            cmd: echo.into(),
            attach_stdin: true,
            ..Default::default()
        };
        let mut exec = docker.exec().run(&container.id, &body).unwrap();
        let duplex: &mut Duplex = exec.duplex();
        duplex.input().send(b"hello").unwrap();
        let first = duplex.output().next().unwrap().unwrap();
        assert_eq!((first.stream, &*first.data), (StdStream::Stdout, &b"hello"[..]));
        duplex.input().close().unwrap();
        let output = exec.collect().unwrap();
        assert_eq!((output.exit_code, &*output.stderr), (0, &b"err\n"[..]));
    });
}
