//! The transports: the same calls over each, on a private engine that is killed and restarted.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;
use std::{env, thread};

use crate::helpers::{
    Container, LIMIT, PrivateEngine, Sshd, as_root, collect, first_file, is_podman, kill_engine,
    shell, tar_header,
};
use crate::support::{
    Pattern, TempDir, as_child, children, eventually, is_child, open_descriptors, run_child,
    this_test, within,
};
use dockline::model::ContainerExecRequest;
use dockline::{
    ApiVersion, CancelToken, ContainerListOptions, ContainerLogsOptions, Context, Error,
    PutContainerArchiveOptions,
};

/// Address of the engine's Unix socket, for a test that runs in a child process.
const SOCKET: &str = "DOCKLINE_TEST_ENGINE_SOCKET";

const LARGE: u64 = 200 << 20;

/// Makes all kinds of calls on the engine of `docker`, which `kill` kills.
#[track_caller]
fn check_transport(docker: Context, kill: impl Fn() + Send + 'static) {
    within(LIMIT, move || {
        docker.system().ping().unwrap();
        let container = running_container(&docker);
        check_list(&docker, &container);
        check_cancelling(&docker, &container);
        check_half_close(&docker, &container);
        check_large_transfers(&docker, &container);
        check_restart(&docker, &container, kill);
    });
}

/// Returns a running container that has written to its log.
fn running_container(docker: &Context) -> Container {
    let container = Container::run(docker, "echo ready; exec sleep 1000");
    container.await_output("ready\n");
    container
}

fn check_list(docker: &Context, container: &Container) {
    let all = docker.containers().list(&ContainerListOptions::default()).unwrap();
    assert!(all.iter().any(|found| found.id == container.id), "{all:?}");
}

fn check_cancelling(docker: &Context, container: &Container) {
    let follow = ContainerLogsOptions { follow: true, ..Default::default() };
    let mut logs = docker.containers().logs(&container.id, &follow).unwrap();
    assert_eq!(logs.next().unwrap().unwrap().data, b"ready\n");
    let cancel = logs.cancel_token();
    let frame = ended_by(move || logs.next(), || cancel.cancel());
    assert!(matches!(frame, Some(Err(Error::Cancelled { .. }))), "{frame:?}");

    let cancel = CancelToken::new();
    let cancellable = docker.with_cancel_token(&cancel);
    let wait = || cancellable.containers().wait(&container.id, &Default::default());
    let result = ended_by(wait, || cancel.cancel());
    assert!(matches!(result, Err(Error::Cancelled { .. })), "{result:?}");
}

/// Makes the call on another thread, ends it from this one, and returns its result.
fn ended_by<T: Send>(call: impl FnOnce() -> T + Send, end: impl FnOnce()) -> T {
    thread::scope(|scope| {
        let call = scope.spawn(call);
        // The call usually blocks by then. A call that does not block yet must end as well.
        thread::sleep(Duration::from_millis(50));
        assert!(!call.is_finished());
        end();
        eventually(LIMIT, "the call returns", || call.is_finished());
        call.join().unwrap()
    })
}

/// Runs a script in the container; returns its stdout.
fn run(docker: &Context, container: &Container, script: &str, input: &[u8]) -> String {
    let body = ContainerExecRequest {
        cmd: ["sh", "-c", script].map(str::to_owned).into(),
        attach_stdin: true,
        ..Default::default()
    };
    let mut exec = docker.exec().run(&container.id, &body).unwrap();
    exec.duplex().input().send(input).unwrap();
    exec.duplex().input().close().unwrap();
    let output = exec.collect().unwrap();
    assert_eq!((output.exit_code, output.stderr), (0, Vec::new()));
    String::from_utf8(output.stdout).unwrap()
}

/// Closing the input ends the stdin of the program, which then prints its result.
fn check_half_close(docker: &Context, container: &Container) {
    const LENGTH: usize = 1 << 20;
    let input = Pattern::bytes(LENGTH);
    assert_eq!(run(docker, container, "wc -c", &input), format!("{LENGTH}\n"));
}

fn check_large_transfers(docker: &Context, container: &Container) {
    let put = PutContainerArchiveOptions { path: "/".into(), ..Default::default() };
    let header = tar_header("much", LARGE);
    let mut tar = (&header[..]).chain(Pattern::new(LARGE)).chain(&[0; 1024][..]);
    docker.containers().put_archive(&container.id, &put, &mut tar).unwrap();
    assert_eq!(run(docker, container, "md5sum </much", b""), *md5_of_large());

    let mut tar = docker.containers().archive(&container.id, "/much").unwrap().download;
    assert_eq!(first_file(&mut tar), LARGE);
    assert_eq!(md5((&mut tar).take(LARGE)), *md5_of_large());
    assert!(io::copy(&mut tar, &mut io::sink()).unwrap() >= 1024);
}

fn md5_of_large() -> &'static String {
    static DIGEST: OnceLock<String> = OnceLock::new();
    DIGEST.get_or_init(|| md5(Pattern::new(LARGE)))
}

/// Returns the output of `md5sum`.
fn md5(mut content: impl Read) -> String {
    let mut program = Command::new("md5sum");
    let mut program = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = program.stdin.take().unwrap();
    io::copy(&mut content, &mut input).unwrap();
    input.flush().unwrap();
    drop(input);
    String::from_utf8(program.wait_with_output().unwrap().stdout).unwrap()
}

/// Calls in progress fail; the same context connects to the restarted engine.
fn check_restart(docker: &Context, container: &Container, kill: impl Fn()) {
    let follow = ContainerLogsOptions { follow: true, ..Default::default() };
    let mut logs = docker.containers().logs(&container.id, &follow).unwrap();
    assert_eq!(logs.next().unwrap().unwrap().data, b"ready\n");
    let waiting = docker.containers().start_wait(&container.id, &Default::default()).unwrap();
    kill();
    let ended = logs.next().expect("an error").unwrap_err();
    assert!(matches!(ended, Error::Disconnected { .. }), "{ended:?}");
    let ended = waiting.finish().unwrap_err();
    assert!(matches!(ended, Error::Disconnected { .. }), "{ended:?}");
    eventually(LIMIT, "the engine is running again", || match docker.system().ping() {
        Ok(_) => true,
        Err(Error::Connect { .. } | Error::Disconnected { .. }) => false,
        Err(error) => panic!("{error:?}"),
    });
    let found = container.inspect();
    assert_eq!(found.id, container.id);
    // Docker has stopped the container, Podman keeps it running.
    assert_eq!(found.state.running, is_podman(docker));
    let again = Container::create(docker, &shell("echo again"));
    again.start();
    assert_eq!(again.wait(), 0);
    let logs = docker.containers().logs(&again.id, &Default::default()).unwrap();
    assert_eq!(collect(logs).unwrap().out(), "again\n");
}

#[test]
#[ignore = "needs root to start a private engine: scripts/engine run"]
fn unix() {
    let engine = PrivateEngine::start_with(&["--restart"]);
    let host = engine.host().to_owned();
    check_transport(engine.docker(), move || kill_engine(&host));
}

#[test]
#[ignore = "needs root to start a private engine: scripts/engine run"]
fn podman() {
    let engine = PrivateEngine::start_with(&["--restart", "--engine", "podman"]);
    let host = engine.host().to_owned();
    check_transport(engine.docker(), move || kill_engine(&host));
}

#[test]
#[ignore = "needs root to start a private engine: scripts/engine run"]
fn tcp() {
    let engine = PrivateEngine::start_with(&["--restart", "--tcp"]);
    let host = engine.host().to_owned();
    let docker = Context::open(engine.setting("DOCKLINE_ENGINE_TCP")).unwrap();
    check_transport(docker, move || kill_engine(&host));
}

/// The settings are in the variables that the `docker` command reads.
#[cfg(feature = "tls")]
#[test]
#[ignore = "needs root to start a private engine: scripts/engine run"]
fn tls() {
    const NAME: &str = "transports::tls";
    if is_child() {
        let docker = Context::from_env().unwrap();
        assert!(docker.endpoint().to_string().starts_with("https://"), "{}", docker.endpoint());
        let host = env::var(SOCKET).unwrap();
        let descriptors = open_descriptors();
        return as_child(|| {
            check_transport(docker, move || kill_engine(&host));
            assert_eq!(open_descriptors(), descriptors);
        });
    }
    let engine = PrivateEngine::start_with(&["--restart", "--tls"]);
    let mut command = this_test(NAME);
    command.env("DOCKER_HOST", engine.setting("DOCKLINE_ENGINE_TLS"));
    command.env("DOCKER_CERT_PATH", engine.setting("DOCKLINE_ENGINE_CERTS"));
    command.env("DOCKER_TLS_VERIFY", "1").env(SOCKET, engine.host());
    run_child(&mut command, NAME, LIMIT);
}

#[test]
#[ignore = "needs root to start a private engine: scripts/engine run"]
fn ssh() {
    if is_child() {
        let docker = Context::open("ssh://engine").unwrap();
        let host = env::var(SOCKET).unwrap();
        let descriptors = open_descriptors();
        return as_child(|| {
            check_transport(docker, move || kill_engine(&host));
            assert_eq!((children(), open_descriptors()), (Vec::new(), descriptors));
        });
    }
    let engine = PrivateEngine::start_with(&["--restart"]);
    let sshd = Sshd::start(&[("PATH", &path_with_docker()), ("DOCKER_HOST", engine.host())]);
    sshd.run_test("transports::ssh", &[(SOCKET, engine.host())]);
}

/// The socket of a rootless Docker is found, with no other engine on the machine.
#[test]
#[ignore = "needs root to start a private engine: scripts/engine run"]
fn finds_socket_in_runtime_dir() {
    const NAME: &str = "transports::finds_socket_in_runtime_dir";
    if is_child() {
        let docker = Context::from_env().unwrap();
        let path = Path::new(&env::var("XDG_RUNTIME_DIR").unwrap()).join("docker.sock");
        assert_eq!(docker.endpoint().socket_path(), Some(&*path));
        assert_eq!(docker.endpoint_source().as_str(), "found");
        let host = env::var(SOCKET).unwrap();
        return as_child(|| check_transport(docker, move || kill_engine(&host)));
    }
    let engine = PrivateEngine::start_with(&["--restart"]);
    let dir = TempDir::new();
    let socket = engine.host().trim_start_matches("unix://");
    std::os::unix::fs::symlink(socket, dir.join("docker.sock")).unwrap();

    // Hides the sockets in /run, which the default path is in.
    let mut command = as_root("unshare");
    let script = "mount -t tmpfs dockline /run && exec env \"$@\"";
    command.args(["--mount", "--", "sh", "-c", script, "-"]);
    for unset in ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY"] {
        command.args(["-u", unset]);
    }
    let dir = dir.path().display();
    for set in ["HOME", "DOCKER_CONFIG", "XDG_RUNTIME_DIR"] {
        command.arg(format!("{set}={dir}"));
    }
    command.arg(format!("{SOCKET}={}", engine.host()));
    let test = this_test(NAME);
    for (name, value) in test.get_envs() {
        let value = value.unwrap_or_default();
        command.arg(format!("{}={}", name.display(), value.display()));
    }
    command.arg(test.get_program()).args(test.get_args());
    run_child(&mut command, NAME, LIMIT);
}

// ---- versions

/// Checks the negotiated version over each transport, and the errors if `DOCKER_API_VERSION` does
/// not match.
#[track_caller]
fn check_negotiation(name: &str, engine: &str) {
    const HOSTS: &str = "DOCKLINE_TEST_HOSTS";
    const VERSION: &str = "DOCKER_API_VERSION";
    if is_child() {
        let hosts = env::var(HOSTS).unwrap();
        return as_child(|| match env::var(VERSION).as_deref() {
            Err(_) => {
                hosts.split(' ').for_each(|host| assert_negotiated(&Context::open(host).unwrap()))
            }
            // A version that is newer than known stands for the newest.
            Ok("1.56" | "1.57") => hosts
                .split(' ')
                .for_each(|host| assert_rejected_by_engine(&Context::open(host).unwrap(), engine)),
            Ok(version) => {
                hosts.split(' ').for_each(|host| assert_rejected_by_client(host, version))
            }
        });
    }
    let engine = PrivateEngine::start_with(&["--tcp", "--engine", engine]);
    let sshd = Sshd::start(&[("PATH", &path_with_docker()), ("DOCKER_HOST", engine.host())]);
    let hosts = format!("{} {} ssh://engine", engine.host(), engine.setting("DOCKLINE_ENGINE_TCP"));
    let hosts = (HOSTS, &*hosts);
    sshd.run_test(name, &[hosts]);
    for version in ["1.56", "1.57", "1.23", "1", "new"] {
        sshd.run_test(name, &[hosts, (VERSION, version)]);
    }
}

fn assert_negotiated(docker: &Context) {
    let engine_version: ApiVersion =
        docker.system().version().unwrap().api_version.parse().unwrap();
    assert_eq!(
        docker.api_version().unwrap(),
        engine_version.min(ApiVersion::NEWEST),
        "{}",
        docker.endpoint()
    );
}

fn assert_rejected_by_engine(docker: &Context, engine: &str) {
    assert_eq!(docker.api_version().unwrap(), ApiVersion::NEWEST);
    let result = docker.system().info();
    if engine == "podman" {
        // Podman accepts any version.
        result.unwrap();
        return;
    }
    let error = result.unwrap_err();
    let Error::EngineTooOld { needed, in_use, .. } = error else { panic!("{error:?}") };
    assert!(needed == ApiVersion::NEWEST && in_use < needed, "{error}");
    let text = error.to_string();
    let supported = format!(" to {in_use}, dockline 1.24 to 1.56; leave DOCKER_API_VERSION unset");
    assert!(text.contains("the engine supports 1.") && text.contains(&supported), "{text}");
}

fn assert_rejected_by_client(host: &str, version: &str) {
    let error = Context::open(host).unwrap_err();
    assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
    assert!(error.to_string().contains(version), "{error}");
}

#[test]
#[ignore = "needs root to start a private engine: scripts/engine run"]
fn negotiates_with_docker() {
    check_negotiation("transports::negotiates_with_docker", "docker");
}

#[test]
#[ignore = "needs root to start a private engine: scripts/engine run"]
fn negotiates_with_docker_next() {
    check_negotiation("transports::negotiates_with_docker_next", "docker-next");
}

#[test]
#[ignore = "needs root to start a private engine: scripts/engine run"]
fn negotiates_with_podman() {
    check_negotiation("transports::negotiates_with_podman", "podman");
}

#[cfg(feature = "tls")]
#[test]
#[ignore = "needs root to start a private engine: scripts/engine run"]
fn negotiates_over_tls() {
    for name in ["docker", "docker-next"] {
        let engine = PrivateEngine::start_with(&["--tls", "--engine", name]);
        assert_negotiated(&engine.tls().negotiate().build().unwrap());
        let newest = engine.tls().api_version(ApiVersion::NEWEST).build().unwrap();
        assert_rejected_by_engine(&newest, name);
    }
}

/// Returns a PATH on which `docker` is found.
fn path_with_docker() -> String {
    env::var("PATH").unwrap()
}
