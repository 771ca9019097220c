//! Connections to remote engines through the system's `ssh`.
//!
//! Works as in the docker CLI: `ssh` logs in with the user's configuration and runs
//! `docker system dial-stdio` on the remote host, which connects its stdin and stdout to the engine. The
//! local stdin and stdout of `ssh` are one end of a socket pair. The other end is a [`Socket`], with
//! half-close, timeouts and cancellation as on any other.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::call_io::ConnectDeadline;
use super::program::{ProcessStatus, Program, one_line};
use super::{CallIo, Connection, Socket};
use crate::config::endpoint::{Destination, SshTarget};
use crate::{Error, Result};

/// The first request on each connection. Only a response of the engine proves that `ssh` has logged in
/// and that the engine is reachable, and the caller's own request may take hours to complete.
const PING: &str = concat!(
    "HEAD /_ping HTTP/1.1\r\nHost: localhost\r\nUser-Agent: dockline/",
    env!("CARGO_PKG_VERSION"),
    "\r\n\r\n"
);

/// Largest response head to [`PING`].
const MAX_RESPONSE: usize = 16 * 1024;

/// Starts `ssh` and waits for the remote engine to respond to a ping.
pub(super) fn connect(
    engine: &Destination,
    target: &SshTarget<'_>,
    io: &CallIo,
    deadline: ConnectDeadline,
) -> Result<Arc<Connection>> {
    if let Some(reason) = target.invalid_reason() {
        return Err(Error::invalid(io.operation, format!("{engine}: {reason}")));
    }
    let connection = start(&arguments(target, io.timeouts.connect)).map_err(|error| {
        let advice = match error.kind() {
            io::ErrorKind::NotFound => {
                "no such program in PATH: install the OpenSSH client (openssh-client)"
            }
            _ => "check that the program can be executed",
        };
        let why = format!("cannot start ssh: {error}: {advice}");
        connect_error(io, engine, &why, error.raw_os_error())
    })?;
    if !io.state.attach_connection(&connection) {
        return Err(Error::Cancelled { operation: io.operation });
    }
    ping(&connection, engine, io, deadline)?;
    Ok(connection)
}

/// The arguments of `ssh`. Values from the endpoint follow an option that takes them, or `--`, so none is
/// read as an option.
fn arguments(target: &SshTarget<'_>, wait: Option<Duration>) -> Vec<String> {
    let mut arguments = Vec::new();
    if let Some(wait) = wait {
        // As the docker CLI does. The connect timeout of the call is stricter: it includes the login.
        let seconds = wait.as_secs().saturating_add(1).clamp(30, i32::MAX as u64);
        arguments.extend(["-o".to_owned(), format!("ConnectTimeout={seconds}")]);
    }
    arguments.push("-T".to_owned());
    if let Some(user) = target.user {
        arguments.extend(["-l".to_owned(), user.to_owned()]);
    }
    if let Some(port) = target.port {
        arguments.extend(["-p".to_owned(), port.to_string()]);
    }
    arguments.extend(["--".to_owned(), target.host.to_owned(), remote_command(target.path)]);
    arguments
}

/// The command for the remote user's shell.
fn remote_command(path: Option<&str>) -> String {
    match path {
        None => "docker system dial-stdio".to_owned(),
        Some(path) => {
            format!("docker {} system dial-stdio", shell_quoted(&format!("--host=unix://{path}")))
        }
    }
}

/// Quotes a word for a POSIX shell. A word that needs no quotes is returned as is, for other shells.
fn shell_quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn start(arguments: &[String]) -> io::Result<Arc<Connection>> {
    let (fd, program) = Program::start(c"ssh", arguments)?;
    Ok(Arc::new(Connection::new(Socket::with_program(fd, program), None)))
}

/// Sends [`PING`] and reads the head of the response.
fn ping(
    connection: &Connection,
    engine: &Destination,
    io: &CallIo,
    deadline: ConnectDeadline,
) -> Result<()> {
    let io_failed = |error: io::Error| match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
            io.failed("connecting", io.timeouts.connect, error)
        }
        // ssh has exited before it read the whole request.
        _ => ssh_closed(connection, engine, io),
    };
    let mut request = PING.as_bytes();
    while !request.is_empty() {
        let sent = connection.send(request, deadline.remaining(io)?).map_err(io_failed)?;
        request = &request[sent..];
    }
    let mut response = Vec::new();
    let mut buffer = [0; 1024];
    while !response.ends_with(b"\r\n\r\n") {
        let count = connection.receive(&mut buffer, deadline.remaining(io)?).map_err(io_failed)?;
        if count == 0 {
            return Err(ssh_closed(connection, engine, io));
        }
        response.extend_from_slice(&buffer[..count]);
        let prefix = response.len().min(b"HTTP/1.".len());
        if response[..prefix] != b"HTTP/1."[..prefix] || response.len() > MAX_RESPONSE {
            let text = one_line(&response[..response.len().min(200)]);
            return Err(Error::Protocol {
                operation: io.operation,
                message: format!(
                    "the response from {engine} is not valid HTTP: {text:?}: check that ssh runs `docker system dial-stdio` there, and that the shell prints nothing when it starts"
                ),
            });
        }
    }
    // Warnings and banners of the login do not explain later errors.
    if let Some(program) = connection.program() {
        program.discard_stderr();
    }
    Ok(())
}

/// The error for an `ssh` that closes the connection before the engine has responded.
fn ssh_closed(connection: &Connection, engine: &Destination, io: &CallIo) -> Error {
    if io.state.is_cancelled() {
        return Error::Cancelled { operation: io.operation };
    }
    let (stderr, status) =
        connection.program().map_or((String::new(), ProcessStatus::Unknown), Program::exit_report);
    let event = match status {
        ProcessStatus::Exited(exit_code) => format!("ssh exited with status {exit_code}"),
        _ => "ssh closed the connection".to_owned(),
    };
    let advice = advice(&stderr, status);
    let reason = if stderr.is_empty() { "nothing on stderr".to_owned() } else { stderr };
    connect_error(io, engine, &format!("{event}: {reason}: {advice}"), None)
}

fn connect_error(io: &CallIo, engine: &Destination, why: &str, errno: Option<i32>) -> Error {
    Error::Connect {
        operation: io.operation,
        message: format!("cannot connect to {engine}: {why}"),
        errno,
    }
}

/// The advice for a failed `ssh`. The messages are those of OpenSSH and have been stable for decades.
fn advice(stderr: &str, status: ProcessStatus) -> &'static str {
    let has = |message: &str| stderr.contains(message);
    if has("Host key verification failed") || has("IDENTIFICATION HAS CHANGED") {
        "ssh does not trust the host key: verify it, and accept it by running ssh once in a terminal"
    } else if has("Permission denied (") || has("Too many authentication failures") {
        "ssh cannot log in without a prompt, and has no terminal here: set up a key or an agent"
    } else if status == ProcessStatus::Exited(127) {
        "install the docker command, 18.09 or later, in the PATH of the remote user"
    } else if has("Cannot connect to the Docker daemon")
        || has("failed to open the raw stream connection")
    {
        "the remote engine is not running, or the remote user may not access its socket"
    } else if status == ProcessStatus::Exited(255) {
        "check that `ssh` connects to this host in a terminal"
    } else {
        "check that `docker system dial-stdio` runs on the remote host"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target<'a>(host: &'a str, path: Option<&'a str>) -> SshTarget<'a> {
        SshTarget { user: None, host, port: None, path }
    }

    #[test]
    fn builds_the_arguments_of_the_docker_cli() {
        let joined = |target: &SshTarget<'_>, wait| arguments(target, wait).join("|");
        let wait = Some(Duration::from_secs(10));
        assert_eq!(
            joined(&target("engine", None), wait),
            "-o|ConnectTimeout=30|-T|--|engine|docker system dial-stdio"
        );
        let full = SshTarget {
            user: Some("me"),
            host: "::1",
            port: Some(2222),
            path: Some("/run/user/7/docker.sock"),
        };
        assert_eq!(
            joined(&full, None),
            "-T|-l|me|-p|2222|--|::1|docker --host=unix:///run/user/7/docker.sock system dial-stdio"
        );
        let long = Some(Duration::from_millis(90_500));
        assert!(joined(&target("engine", None), long).starts_with("-o|ConnectTimeout=91|"));
        // ssh accepts no larger number.
        let unlimited = Some(Duration::MAX);
        assert!(
            joined(&target("engine", None), unlimited).starts_with("-o|ConnectTimeout=2147483647|")
        );
    }

    #[test]
    fn quotes_the_path_for_the_remote_shell() {
        for (path, word) in [
            ("/a b", "'--host=unix:///a b'"),
            ("/$(x);y", "'--host=unix:///$(x);y'"),
            ("/it's", r"'--host=unix:///it'\''s'"),
        ] {
            let expected = format!("docker {word} system dial-stdio");
            assert_eq!(remote_command(Some(path)), expected);
        }
    }
}
