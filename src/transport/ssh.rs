//! Connections to engines on other machines, through the system's `ssh`.
//!
//! As the docker command does it: `ssh` logs in, by the user's own configuration, and runs
//! `docker system dial-stdio` there, which connects its standard input and output with the engine. Here
//! they are one end of a pair of sockets, so that all above sees a [`Socket`] like others: half-close,
//! timeouts and cancelling are its own.

use std::io;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use super::call_io::ConnectDeadline;
use super::program::{Fate, Program, one_line};
use super::{CallIo, Connection, Socket};
use crate::config::endpoint::{Endpoint, SshTarget};
use crate::{Error, Result};

/// The first request on each connection. Nothing says that `ssh` has logged in and that the engine
/// listens but a response of the engine; and what was asked by the caller may be answered hours later.
const PING: &str = concat!(
    "HEAD /_ping HTTP/1.1\r\nHost: localhost\r\nUser-Agent: dockline/",
    env!("CARGO_PKG_VERSION"),
    "\r\n\r\n"
);

/// The longest head of a response to it.
const MAX_RESPONSE: usize = 16 * 1024;

/// Starts `ssh`, and waits until the engine at its other end answers.
pub(super) fn connect(
    endpoint: &Endpoint,
    target: &SshTarget<'_>,
    io: &CallIo,
    deadline: ConnectDeadline,
) -> Result<Arc<Connection>> {
    if let Some(flaw) = target.flaw() {
        return Err(Error::invalid(io.operation, format!("{endpoint}: {flaw}")));
    }
    let connection = start(&arguments(target, io.timeouts.connect)).map_err(|error| {
        let advice = match error.kind() {
            io::ErrorKind::NotFound => {
                "no such program in PATH: install OpenSSH's client (openssh-client)"
            }
            _ => "see that the program can be run",
        };
        let why = format!("cannot start ssh: {error}: {advice}");
        failed(io, endpoint, &why, error.raw_os_error())
    })?;
    if !io.state.tie(&connection) {
        return Err(Error::Cancelled { operation: io.operation });
    }
    ping(&connection, endpoint, io, deadline)?;
    Ok(connection)
}

/// What `ssh` is told. All that comes from the endpoint stands behind an option that takes it, or
/// behind `--`.
fn arguments(target: &SshTarget<'_>, wait: Option<Duration>) -> Vec<String> {
    let mut arguments = Vec::new();
    if let Some(wait) = wait {
        // As the docker command does. Ours is the one that counts: it covers the log-in as well.
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

/// What the user's shell on the other machine is given to run.
fn remote_command(path: Option<&str>) -> String {
    match path {
        None => "docker system dial-stdio".to_owned(),
        Some(path) => {
            format!("docker {} system dial-stdio", quoted(&format!("--host=unix://{path}")))
        }
    }
}

/// A word for any shell of POSIX; as it is where there is nothing to quote, for other shells.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn start(arguments: &[String]) -> io::Result<Arc<Connection>> {
    let mut command = Command::new("ssh");
    command.args(arguments);
    let (fd, program) = Program::start(command)?;
    Ok(Arc::new(Connection::new(Socket::of_program(fd, program), None)))
}

/// Asks the engine whether it is there.
fn ping(
    connection: &Connection,
    endpoint: &Endpoint,
    io: &CallIo,
    deadline: ConnectDeadline,
) -> Result<()> {
    let broken = |error: io::Error| match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
            io.failed("connecting", io.timeouts.connect, error)
        }
        // It has ended, and left a part of the request unread.
        _ => ended(connection, endpoint, io),
    };
    let mut request = PING.as_bytes();
    while !request.is_empty() {
        let sent = connection.send(request, deadline.left(io)?).map_err(broken)?;
        request = &request[sent..];
    }
    let mut response = Vec::new();
    let mut buffer = [0; 1024];
    while !response.ends_with(b"\r\n\r\n") {
        let count = connection.receive(&mut buffer, deadline.left(io)?).map_err(broken)?;
        if count == 0 {
            return Err(ended(connection, endpoint, io));
        }
        response.extend_from_slice(&buffer[..count]);
        let begin = response.len().min(b"HTTP/1.".len());
        if response[..begin] != b"HTTP/1."[..begin] || response.len() > MAX_RESPONSE {
            let words = one_line(&response[..response.len().min(200)]);
            return Err(Error::Protocol {
                operation: io.operation,
                message: format!(
                    "what answers at {endpoint} is no engine: {words:?}: see that ssh runs `docker system dial-stdio` there, and that nothing else is printed when the shell starts"
                ),
            });
        }
    }
    // Warnings and greetings of the log-in explain nothing that comes later.
    if let Some(program) = connection.program() {
        program.forget();
    }
    Ok(())
}

/// It ended before the engine has answered.
fn ended(connection: &Connection, endpoint: &Endpoint, io: &CallIo) -> Error {
    if io.state.is_cancelled() {
        return Error::Cancelled { operation: io.operation };
    }
    let (words, fate) =
        connection.program().map_or((String::new(), Fate::Unknown), Program::last_words);
    let how = match fate {
        Fate::Exited(status) => format!("ssh ended with status {status}"),
        _ => "ssh closed the connection".to_owned(),
    };
    let advice = advice(&words, fate);
    let said = if words.is_empty() { "without a word".to_owned() } else { words };
    failed(io, endpoint, &format!("{how}: {said}: {advice}"), None)
}

fn failed(io: &CallIo, endpoint: &Endpoint, why: &str, errno: Option<i32>) -> Error {
    Error::Connect {
        operation: io.operation,
        message: format!("cannot connect to {endpoint}: {why}"),
        errno,
    }
}

/// What somebody can do about it. These words are OpenSSH's and have been the same for decades.
fn advice(words: &str, fate: Fate) -> &'static str {
    let has = |text: &str| words.contains(text);
    if has("Host key verification failed") || has("IDENTIFICATION HAS CHANGED") {
        "ssh does not trust the key of this host: compare it, and accept it by connecting once by hand"
    } else if has("Permission denied (") || has("Too many authentication failures") {
        "ssh cannot log in without being asked: set up a key or an agent; it cannot ask on the terminal"
    } else if fate == Fate::Exited(127) {
        "the docker command, 18.09 or later, must be in the PATH of the user there"
    } else if has("Cannot connect to the Docker daemon")
        || has("failed to open the raw stream connection")
    {
        "the engine there does not run, or this user may not use its socket"
    } else if fate == Fate::Exited(255) {
        "see that `ssh` gets there by hand"
    } else {
        "see that `docker system dial-stdio` runs there by hand"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target<'a>(host: &'a str, path: Option<&'a str>) -> SshTarget<'a> {
        SshTarget { user: None, host, port: None, path }
    }

    #[test]
    fn arguments_are_those_of_the_docker_command() {
        let words = |target: &SshTarget<'_>, wait| arguments(target, wait).join("|");
        let wait = Some(Duration::from_secs(10));
        assert_eq!(
            words(&target("engine", None), wait),
            "-o|ConnectTimeout=30|-T|--|engine|docker system dial-stdio"
        );
        let full = SshTarget {
            user: Some("me"),
            host: "::1",
            port: Some(2222),
            path: Some("/run/user/7/docker.sock"),
        };
        assert_eq!(
            words(&full, None),
            "-T|-l|me|-p|2222|--|::1|docker --host=unix:///run/user/7/docker.sock system dial-stdio"
        );
        let long = Some(Duration::from_millis(90_500));
        assert!(words(&target("engine", None), long).starts_with("-o|ConnectTimeout=91|"));
        // More is no number to ssh.
        let endless = Some(Duration::MAX);
        assert!(
            words(&target("engine", None), endless).starts_with("-o|ConnectTimeout=2147483647|")
        );
    }

    #[test]
    fn the_other_shell_sees_the_path_as_one_word() {
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
