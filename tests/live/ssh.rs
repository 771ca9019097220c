//! Engines behind a real sshd: the errors of ssh, their advice, and how soon they arrive.

use std::env;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::helpers::{Container, LIMIT, MAX_DELAY, Sshd, docker};
use crate::support::{
    Responder, Response, TempDir, as_child, children, eventually, is_child, open_descriptors,
    within,
};
use dockline::{ApiVersion, Context, Duplex, Error, StdStream, Timeouts};

/// Starts an sshd that connects to the engine under test.
fn sshd() -> Sshd {
    let host = docker().endpoint().to_string();
    Sshd::start(&[("PATH", &env::var("PATH").unwrap()), ("DOCKER_HOST", &host)])
}

/// Runs `body`, which opens its own contexts, and checks that it leaves no process or descriptor.
fn in_child(body: impl FnOnce() + Send + 'static) {
    as_child(|| {
        let before = open_descriptors();
        within(LIMIT, body);
        eventually(LIMIT, "no process is left", || children().is_empty() && !Sshd::is_used());
        assert_eq!(open_descriptors(), before);
    });
}

/// Returns the error of connecting, without the host, with ssh's message and the advice.
#[track_caller]
fn connect_error(host: &str) -> String {
    let begin = Instant::now();
    let error = Context::open(host).unwrap().system().ping().unwrap_err();
    assert!(matches!(error, Error::Connect { .. }), "{error:?}");
    assert!(begin.elapsed() < MAX_DELAY, "{:?}", begin.elapsed());
    let text = error.to_string();
    let begin = format!("SystemPing: cannot connect to {host}: ssh exited with status ");
    text.strip_prefix(&begin).unwrap_or_else(|| panic!("{text}")).to_owned()
}

#[track_caller]
fn assert_contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in: {text}");
    }
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn reports_why_ssh_fails() {
    if !is_child() {
        return sshd().run_test("ssh::reports_why_ssh_fails", &[]);
    }
    in_child(|| {
        // ssh has no terminal or program to ask for a password.
        let text = connect_error("ssh://password");
        assert_contains(&text, &["255: ", "Permission denied (publickey,password", "set up a key"]);
        let text = connect_error("ssh://no-such-user@engine");
        assert_contains(&text, &["255: ", "no-such-user@127.0.0.1: Permission denied"]);
        let text = connect_error("ssh://unknown-key");
        assert_contains(
            &text,
            &["255: ", "Host key verification failed.", "accept it by running ssh"],
        );
        let text = connect_error("ssh://changed-key");
        assert_contains(&text, &["255: ", "REMOTE HOST IDENTIFICATION HAS CHANGED", "verify it"]);
        // No process listens on port 1.
        let text = connect_error("ssh://engine:1");
        assert_contains(
            &text,
            &["255: ", "port 1: Connection refused", "connects to this host in a terminal"],
        );
        Context::open("ssh://engine").unwrap().system().ping().unwrap();
    });
}

/// If ssh can ask for a password, the connect timeout still applies and the asking program is
/// killed.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn connect_timeout_limits_password_prompt() {
    const NAME: &str = "ssh::connect_timeout_limits_password_prompt";
    if !is_child() {
        let dir = TempDir::new();
        let program = dir.write("ask", "#!/bin/sh\nexec sleep 1000\n");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&program, mode).unwrap();
        let program = program.to_str().unwrap();
        let askpass = [("SSH_ASKPASS", program), ("SSH_ASKPASS_REQUIRE", "force")];
        return sshd().run_test(NAME, &askpass);
    }
    in_child(|| {
        let after = Duration::from_secs(1);
        let timeouts = Timeouts { connect: Some(after), ..Default::default() };
        let docker = Context::open("ssh://password").unwrap().with_timeouts(timeouts);
        times_out(&docker, after);
    });
}

/// The port accepts connections but sends nothing.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn connect_timeout_limits_silent_host() {
    if !is_child() {
        return sshd().run_test("ssh::connect_timeout_limits_silent_host", &[]);
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
    // The response of events has no timeout.
    let error = docker.system().events(&Default::default()).unwrap_err();
    let took = begin.elapsed();
    let Error::Timeout { what, after, .. } = &error else { panic!("{error:?}") };
    assert_eq!((*what, *after), ("no connection", expected));
    assert!(took >= expected && took < expected + MAX_DELAY, "{took:?}");
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn reports_missing_docker_command() {
    if !is_child() {
        Sshd::start(&[("PATH", "/nowhere")]).run_test("ssh::reports_missing_docker_command", &[]);
        return;
    }
    in_child(|| {
        let text = connect_error("ssh://engine");
        assert_contains(&text, &["127: ", "docker: ", "the docker command, 18.09 or later"]);
    });
}

/// The socket path passes unchanged through the remote shell.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn passes_special_characters_in_socket_path() {
    const DIR: &str = "DOCKLINE_TEST_DIR";
    if !is_child() {
        let dir = TempDir::new();
        let socket = dir.join("it's $(touch oops) & more.sock");
        let engine = Responder::unix_at(&socket, "1.41", |_| Response::json("{}"));
        let sshd = Sshd::start(&[("PATH", &env::var("PATH").unwrap())]);
        let path = dir.path().to_str().unwrap();
        sshd.run_test("ssh::passes_special_characters_in_socket_path", &[(DIR, path)]);
        assert!(engine.finish().len() > 1);
        return;
    }
    in_child(|| {
        let dir = env::var(DIR).unwrap();
        let host = format!("ssh://engine{dir}/it's%20$(touch%20oops)%20&%20more.sock");
        Context::open(&host).unwrap().system().ping().unwrap();
        let text = connect_error(&format!("ssh://engine{dir}/none.sock"));
        assert_contains(&text, &["1: ", "none.sock", "the remote engine is not running"]);
    });
}

/// ssh's configuration has a ProxyJump.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn connects_through_jump_host() {
    if !is_child() {
        return sshd().run_test("ssh::connects_through_jump_host", &[]);
    }
    in_child(|| {
        let docker = Context::open("ssh://jump").unwrap();
        docker.system().ping().unwrap();
        assert!(Sshd::is_used());
        let mut events = docker.system().events(&Default::default()).unwrap();
        events.cancel_token().cancel();
        assert!(matches!(events.next(), Some(Err(Error::Cancelled { .. }))));
    });
}

/// ssh's configuration has a ControlMaster.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn connects_through_control_master() {
    if !is_child() {
        return sshd().run_test("ssh::connects_through_control_master", &[]);
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
