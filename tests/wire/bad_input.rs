//! Invalid input: each fails with a clear error before anything is sent.

use std::ffi::OsStr;
use std::fs;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::Path;

use crate::support::*;
use dockline::*;

/// Passes a context to `check`, and asserts that its engine receives no connection.
fn assert_nothing_sent(check: impl FnOnce(&Context)) {
    let engine = Responder::unix(None, |_| Response::json("{}"));
    check(&speaking(&engine.host(), "1.55"));
    assert_eq!(engine.connections(), 0, "{:?}", engine.requests());
}

#[track_caller]
fn assert_invalid<T: std::fmt::Debug>(result: Result<T>, expected: &[&str]) {
    let error = result.unwrap_err();
    assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
    for part in expected {
        assert!(error.to_string().contains(part), "{error}");
    }
}

type ById = (&'static str, fn(&Context, &str) -> Result<()>);

const BY_ID: &[ById] = &[
    ("ContainerInspect", |c, id| c.containers().inspect(id, &Default::default()).map(drop)),
    ("ContainerStart", |c, id| c.containers().start(id, &Default::default()).map(drop)),
    ("ContainerStop", |c, id| c.containers().stop(id, &Default::default()).map(drop)),
    ("ContainerRestart", |c, id| c.containers().restart(id, &Default::default())),
    ("ContainerKill", |c, id| c.containers().kill(id, &Default::default())),
    ("ContainerPause", |c, id| c.containers().pause(id)),
    ("ContainerUnpause", |c, id| c.containers().unpause(id)),
    ("ContainerRename", |c, id| c.containers().rename(id, "next")),
    ("ContainerWait", |c, id| c.containers().wait(id, &Default::default()).map(drop)),
    ("ContainerLogs", |c, id| c.containers().logs(id, &Default::default()).map(drop)),
    ("ContainerAttach", |c, id| c.containers().attach(id, &Default::default()).map(drop)),
    ("ContainerResize", |c, id| c.containers().resize(id, 1, 1)),
    ("ContainerDelete", |c, id| c.containers().delete(id, &Default::default())),
];

const BY_IMAGE: &[ById] = &[
    ("ImageInspect", |c, name| c.images().inspect(name, &Default::default()).map(drop)),
    ("ImageDelete", |c, name| c.images().delete(name, &Default::default()).map(drop)),
    ("ImagePush", |c, name| c.images().push(name, &Default::default()).map(drop)),
    ("ImageGet", |c, name| c.images().get(name, &Default::default()).map(drop)),
    ("ImageHistory", |c, name| c.images().history(name, &Default::default()).map(drop)),
];

#[test]
fn rejects_invalid_ids() {
    assert_nothing_sent(|docker| {
        for (operation, call) in BY_ID {
            for (id, expected) in [
                ("", "the name or ID is empty"),
                ("/", "the name or ID is empty"),
                ("//", r#"name or ID "/" has an empty part between slashes"#),
                (" \t", r#"" \t" is not a valid name or ID: it is blank"#),
                ("a/", r#"name or ID "a/" has an empty part between slashes"#),
                (".", r#""." is not a valid name or ID: `.` and `..` are directories"#),
                ("..", r#"".." is not a valid name or ID: `.` and `..` are directories"#),
                ("../info", r#""../info" is not a valid name or ID: `.` and `..` are directories"#),
                ("a/../b", "directories"),
                ("a\r\nX: y", r"contains '\r'"),
                ("a\nb", r"contains '\n'"),
                ("a\0", r"contains '\0'"),
                ("a\u{7f}", r"contains '\u{7f}'"),
                ("a\u{85}b", r"contains '\u{85}'"),
            ] {
                assert_invalid(call(docker, id), &[&format!("{operation}: "), expected]);
            }
        }
    });
}

#[test]
fn rejects_invalid_image_references() {
    assert_nothing_sent(|docker| {
        for (operation, call) in BY_IMAGE {
            for (name, expected) in [
                ("", "the image reference is empty"),
                ("..", r#"".." is not a valid image reference: `.` and `..` are directories"#),
                ("a/../b", "directories"),
                ("a/./b", "directories"),
                ("  ", r#""  " is not a valid image reference: it is blank"#),
                ("a\r\nX: y", r"contains '\r'"),
                ("a\0", r"contains '\0'"),
            ] {
                assert_invalid(call(docker, name), &[&format!("{operation}: "), expected]);
            }
            for name in ["/", "/a", "a/", "a//b"] {
                assert_invalid(call(docker, name), &[operation, "empty part between slashes"]);
            }
        }
    });
}

/// Invalid input fails before the version is negotiated.
#[test]
fn rejects_input_before_negotiation() {
    let engine = Responder::unix(None, |_| Response::json("{}"));
    let docker = negotiating(&engine.host());
    for (_, call) in BY_ID.iter().chain(BY_IMAGE) {
        assert_invalid(call(&docker, ""), &["is empty"]);
    }
    assert_eq!(engine.connections(), 0);
}

#[test]
fn rejects_invalid_raw_requests() {
    let with = |change: fn(&mut RawRequest)| {
        let mut request = RawRequest { path: "/info".into(), ..RawRequest::default() };
        change(&mut request);
        request
    };
    assert_nothing_sent(|docker| {
        for (request, expected) in [
            (with(|r| r.path.clear()), "does not begin with a slash"),
            (with(|r| r.path = "info".into()), "does not begin with a slash"),
            (with(|r| r.path = "/a?b=c".into()), "contains '?': give parameters in the query"),
            (with(|r| r.path = "/a#b".into()), "contains '#'"),
            (with(|r| r.path = "/a\r\nX: y".into()), r"contains '\r'"),
            (with(|r| r.path = "/a\0".into()), r"contains '\0'"),
            (with(|r| r.path = "/a/../b".into()), "contains `.` or `..`"),
            (with(|r| r.path = "/./a".into()), "contains `.` or `..`"),
            (with(|r| r.method = "GE T".into()), r#""GE T" is not a valid HTTP method"#),
            (with(|r| r.method = "GET\r\n".into()), "is not a valid HTTP method"),
            (with(|r| r.method = "GÉT".into()), "is not a valid HTTP method"),
            (with(|r| r.headers = vec![("a b".into(), "c".into())]), "cannot be sent"),
            (with(|r| r.headers = vec![(String::new(), "c".into())]), "cannot be sent"),
            (with(|r| r.headers = vec![("X".into(), "a\r\nY: b".into())]), "cannot be sent"),
            (with(|r| r.headers = vec![("X".into(), "a\0".into())]), "cannot be sent"),
        ] {
            assert_invalid(docker.raw(&request), &["Raw: ", expected]);
            assert_invalid(docker.raw_stream(&request, None).map(drop), &["Raw: ", expected]);
        }
    });
}

/// Values of options are percent-encoded and cannot change the query.
#[test]
fn escapes_option_values() {
    let engine = Responder::unix(None, |_| Response::error(400, "no"));
    let docker = speaking(&engine.host(), "1.55");
    let special = "a&b=c#d\r\nX: y\0%ü+/?";
    docker.containers().rename("web", special).unwrap_err();
    docker.containers().kill("web", &ContainerKillOptions { signal: special.into() }).unwrap_err();
    let filters = Filters::new().with(special, special);
    let list = ContainerListOptions { filters, ..Default::default() };
    docker.containers().list(&list).unwrap_err();
    let query = vec![(special.to_owned(), special.to_owned())];
    docker.raw(&RawRequest { path: "/x".into(), query, ..Default::default() }).unwrap_err();
    let requests = engine.finish();
    const ESCAPED: &str = "a%26b%3Dc%23d%0D%0AX:%20y%00%25%C3%BC%2B/%3F";
    assert_eq!(requests[0].target, format!("/v1.55/containers/web/rename?name={ESCAPED}"));
    assert_eq!(requests[0].query("name").as_deref(), Some(special));
    assert_eq!(requests[1].query("signal").as_deref(), Some(special));
    let filters: serde_json::Value =
        serde_json::from_str(&requests[2].query("filters").unwrap()).unwrap();
    assert_eq!(filters, serde_json::json!({ special: [special] }));
    assert_eq!(requests[3].target, format!("/v1.55/x?{ESCAPED}={ESCAPED}"));
    for request in requests {
        assert_eq!(request.headers.len(), 3 + usize::from(request.method == "POST"));
    }
}

// Options from JSON, as in a settings file.

fn options<T: serde::de::DeserializeOwned>(json: &str) -> std::result::Result<T, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

#[test]
fn rejects_unknown_options() {
    let error = options::<ContainerListOptions>(r#"{"all":true,"limt":5}"#).unwrap_err();
    let expected = "unknown field \"limt\", expected one of all, limit, size, filters; did you mean \"limit\"?";
    assert!(error.starts_with(expected), "{error}");
    let error = options::<ImageCreateOptions>(r#"{"from_image":"a"}"#).unwrap_err();
    assert!(
        error.starts_with("unknown field \"from_image\", expected one of fromImage"),
        "{error}"
    );
    options::<ContainerStopOptions>("{}").unwrap();
}

#[test]
fn rejects_option_of_wrong_type() {
    for (json, expected) in [
        (r#"{"all":"yes"}"#, "all: expected a boolean, got \"yes\""),
        (r#"{"limit":-1}"#, "limit: expected an integer from 0 to 4294967295, got -1"),
        (r#"{"limit":1.5}"#, "limit: expected an integer from 0 to 4294967295, got 1.5"),
        (r#"{"filters":["a"]}"#, "filters: expected an object of strings, integers, booleans"),
    ] {
        let error = options::<ContainerListOptions>(json).unwrap_err();
        assert!(error.starts_with(expected), "{error}");
    }
    let error = options::<ContainerLogsOptions>(r#"{"tail":"some"}"#).unwrap_err();
    assert!(error.contains("expected a number of lines, or \"all\""), "{error}");
    let error = options::<ContainerLogsOptions>(r#"{"since":"yesterday"}"#).unwrap_err();
    assert!(error.contains("since: expected a point in time"), "{error}");
}

// Hosts.

#[test]
fn rejects_invalid_hosts() {
    for (host, expected) in [
        ("docker", "it has no scheme"),
        ("localhost:2375", "it has no scheme"),
        ("", "it is empty"),
        ("unix://", "the path of a socket must be absolute"),
        ("unix://run/docker.sock", "the path of a socket must be absolute"),
        ("tcp://", "the host is empty"),
        ("tcp://a:port", "the port must be a number from 1 to 65535"),
        ("tcp://::1:2375", "an IPv6 address must be enclosed in brackets"),
        ("tcp://a\r\nX: y", "it contains a control character"),
        ("npipe:////./pipe/docker_engine", "npipe is not supported by this version of dockline"),
        ("gopher://a", "unknown scheme \"gopher\""),
    ] {
        let result = Context::builder().host(host).negotiate().build();
        let message = format!(
            "Context: {host:?} is not a valid engine address: {expected}; expected unix:///path"
        );
        assert_invalid(result.map(drop), &[&message]);
    }
}

/// Message and errno of the first call to an engine that cannot be reached.
#[track_caller]
fn unreachable(host: &str) -> (String, Option<i32>) {
    let docker = negotiating(host);
    let error = docker.system().info().unwrap_err();
    assert!(matches!(error, Error::Connect { operation: "SystemInfo", .. }), "{error:?}");
    let docker = speaking(host, "1.41");
    let same = docker.containers().start("a", &Default::default()).unwrap_err();
    let message = error.to_string();
    let message = message.strip_prefix("SystemInfo: ").unwrap();
    assert_eq!(same.to_string(), format!("ContainerStart: {message}"));
    (message.to_owned(), error.errno())
}

fn host(path: &Path) -> String {
    format!("unix://{}", path.display())
}

#[test]
fn missing_socket() {
    let dir = TempDir::new();
    let host = host(&dir.join("none.sock"));
    let (message, errno) = unreachable(&host);
    assert_eq!(errno, Some(libc::ENOENT));
    assert_eq!(
        message,
        format!(
            "cannot connect to {host}: No such file or directory (os error 2): no such socket: start the engine, or check the address in the host set by the program"
        )
    );
}

/// As a killed engine leaves it behind.
#[test]
fn no_listener_on_socket() {
    let dir = TempDir::new();
    let path = dir.join("dead.sock");
    create_stale_socket(&path);
    let host = host(&path);
    let (message, errno) = unreachable(&host);
    assert_eq!(errno, Some(libc::ECONNREFUSED));
    assert_eq!(
        message,
        format!(
            "cannot connect to {host}: Connection refused (os error 111): no process listens on this socket: the engine that created it has exited: start it again"
        )
    );
}

#[test]
fn not_a_socket() {
    let dir = TempDir::new();
    let file = dir.write("docker.sock", "");
    for path in [file.as_path(), dir.path()] {
        let (message, errno) = unreachable(&host(path));
        assert_eq!(errno, Some(libc::ECONNREFUSED));
        let advice = "this file is not a socket: check the address in the host set by the program";
        assert!(message.ends_with(advice), "{message}");
    }
    let (message, errno) = unreachable(&host(&file.join("docker.sock")));
    assert_eq!(errno, Some(libc::ENOTDIR));
    assert!(message.ends_with(": check the address in the host set by the program"), "{message}");
}

#[test]
fn no_listener_on_port() {
    let (_reserved, port) = port_without_listener();
    let host = format!("tcp://127.0.0.1:{port}");
    let (message, errno) = unreachable(&host);
    assert_eq!(errno, Some(libc::ECONNREFUSED));
    assert_eq!(
        message,
        format!(
            "cannot connect to {host}: Connection refused (os error 111): no process listens on this port: start the engine with -H tcp://…, or check the port in the host set by the program"
        )
    );
}

/// A port of 127.0.0.1, bound without listening, so that no other process can listen on it.
fn port_without_listener() -> (OwnedFd, u16) {
    // SAFETY: plain system calls; `size` is the size of `name`.
    unsafe {
        let fd = libc::socket(libc::AF_INET, libc::SOCK_STREAM | libc::SOCK_CLOEXEC, 0);
        let fd = OwnedFd::from_raw_fd(fd);
        let mut name: libc::sockaddr_in = std::mem::zeroed();
        name.sin_family = libc::AF_INET as libc::sa_family_t;
        name.sin_addr.s_addr = u32::from_ne_bytes([127, 0, 0, 1]);
        let mut size = size_of_val(&name) as libc::socklen_t;
        assert_eq!(libc::bind(fd.as_raw_fd(), (&raw const name).cast(), size), 0);
        let result = libc::getsockname(fd.as_raw_fd(), (&raw mut name).cast(), &mut size);
        assert_eq!(result, 0);
        (fd, u16::from_be(name.sin_port))
    }
}

/// The error names the group that has access, or an unsearchable directory. Runs in a process of its own, since
/// root has to drop its rights.
#[test]
fn no_permission() {
    in_own_process("bad_input::no_permission", LIMIT, || {
        let dir = TempDir::new();
        let mode = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        mode(dir.path(), 0o755);
        let engine = dir.join("engine.sock");
        let _listening = UnixListener::bind(&engine).unwrap();
        let closed = dir.join("closed");
        fs::create_dir(&closed).unwrap();
        let inside = closed.join("engine.sock");
        let _inner = UnixListener::bind(&inside).unwrap();
        mode(&engine, 0);
        mode(&closed, 0);
        let gid = fs::metadata(&engine).unwrap().gid();

        let results = without_root(|| (unreachable(&host(&engine)), unreachable(&host(&inside))));
        let ((message, errno), (other, other_errno)) = results;
        mode(&closed, 0o700);
        assert_eq!((errno, other_errno), (Some(libc::EACCES), Some(libc::EACCES)));
        let group = group_name(gid);
        assert_eq!(
            message,
            format!(
                "cannot connect to {}: Permission denied (os error 13): permission denied: the socket belongs to group {group} and has mode 0000: join that group (usermod -aG) or run as its owner",
                host(&engine)
            )
        );
        let reason = "permission denied: this user may not search a directory of the socket's path";
        assert!(other.ends_with(reason), "{other}");
    });
}

/// Runs `body` without the rights of root, if the test has them.
fn without_root<T>(body: impl FnOnce() -> T) -> T {
    // SAFETY: plain system calls, in a process where nothing else runs.
    unsafe {
        let root = libc::geteuid() == 0;
        if root {
            assert_eq!(libc::seteuid(65534), 0);
        }
        let result = body();
        if root {
            assert_eq!(libc::seteuid(0), 0);
        }
        result
    }
}

/// The group's name as `id` shows it.
fn group_name(gid: u32) -> String {
    let groups = fs::read_to_string("/etc/group").unwrap();
    let own = groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == gid.to_string()).then(|| name.to_owned())
    });
    own.unwrap_or(gid.to_string())
}

// The environment, in processes of their own.

#[test]
fn rejects_invalid_environment() {
    const TEST: &str = "bad_input::rejects_invalid_environment";
    if is_child() {
        let error = Context::from_env().unwrap_err();
        assert!(matches!(error, Error::InvalidArgument { operation: "Context", .. }));
        println!("error: {error}");
        return;
    }
    for (value, expected) in [
        (
            &b"gopher://engine"[..],
            "Context: DOCKER_HOST: \"gopher://engine\" is not a valid engine address: unknown scheme",
        ),
        (b"unix:///\xff", "Context: DOCKER_HOST is not UTF-8"),
        (
            b"unix:/run/x.sock",
            "Context: DOCKER_HOST: \"unix:/run/x.sock\" is not a valid engine address: write unix:///run/x.sock; expected",
        ),
        (
            b"http:/engine:80",
            "Context: DOCKER_HOST: \"http:/engine:80\" is not a valid engine address: write http://engine:80; expected",
        ),
        (
            b"C:\\dir",
            "Context: DOCKER_HOST: \"C:\\dir\" is not a valid engine address: it stands for tcp://C:\\dir, and the port must be a number from 1 to 65535; expected",
        ),
        (
            b"tcp://::1:1",
            "Context: DOCKER_HOST: \"tcp://::1:1\" is not a valid engine address: an IPv6 address must be enclosed in brackets; expected",
        ),
        (
            b"a b",
            "Context: DOCKER_HOST: \"a b\" is not a valid engine address: it stands for tcp://a b:2375, and the host contains a character",
        ),
    ] {
        let mut command = this_test(TEST);
        command.env_remove("DOCKER_API_VERSION").env("DOCKER_HOST", OsStr::from_bytes(value));
        let output = run(&mut command, LIMIT).success();
        assert!(output.contains(&format!("error: {expected}")), "{output}");
    }
    let mut command = this_test(TEST);
    command.env_remove("DOCKER_HOST").env("DOCKER_API_VERSION", OsStr::from_bytes(b"1.\xff"));
    let output = run(&mut command, LIMIT).success();
    assert!(output.contains("error: Context: DOCKER_API_VERSION is not UTF-8"), "{output}");
}
