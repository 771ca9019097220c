//! Connections to engines on other machines, through the system's `ssh`.
//!
//! As the docker command does it: `ssh` logs in, by the user's own configuration, and runs
//! `docker system dial-stdio` there, which connects its standard input and output with the engine. Here
//! they are one end of a pair of sockets, so that all above sees a [`Socket`] like others: half-close,
//! timeouts and cancelling are its own.

use std::fs::File;
use std::io::{self, Read};
use std::mem;
use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::connect::Limit;
use super::{Link, Socket, Wire};
use crate::config::endpoint::{Endpoint, SshTarget};
use crate::{Error, Result};

/// The first request on each connection. Nothing says that `ssh` has logged in and that the engine
/// listens but an answer of the engine; and what was asked by the caller may be answered hours later.
const PING: &str = concat!(
    "HEAD /_ping HTTP/1.1\r\nHost: localhost\r\nUser-Agent: dockline/",
    env!("CARGO_PKG_VERSION"),
    "\r\n\r\n"
);

/// The longest head of an answer to it.
const LONGEST_ANSWER: usize = 16 * 1024;

/// How much is kept of what `ssh` says: the last of it tells why it ended.
const LONGEST_WORDS: usize = 1024;

/// How long a program that has closed its connection may take until it has ended.
const ENDING: Duration = Duration::from_millis(200);

/// How long `ssh` may take to clean up when it is told to end.
const GRACE: Duration = Duration::from_millis(100);

/// Starts `ssh`, and waits until the engine at its other end answers.
pub(super) fn connect(
    endpoint: &Endpoint,
    target: &SshTarget<'_>,
    link: &Link,
    limit: Limit,
) -> Result<Arc<Wire>> {
    if let Some(flaw) = target.flaw() {
        return Err(Error::invalid(link.operation, format!("{endpoint}: {flaw}")));
    }
    let wire = start(&arguments(target, link.waits.connect)).map_err(|error| {
        let advice = match error.kind() {
            io::ErrorKind::NotFound => {
                "no such program in PATH: install OpenSSH's client (openssh-client)"
            }
            _ => "see that the program can be run",
        };
        let why = format!("cannot start ssh: {error}: {advice}");
        failed(link, endpoint, &why, error.raw_os_error())
    })?;
    if !link.state.tie(&wire) {
        return Err(Error::Cancelled { operation: link.operation });
    }
    ping(&wire, endpoint, link, limit)?;
    Ok(wire)
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

fn start(arguments: &[String]) -> io::Result<Arc<Wire>> {
    let (ours, theirs) = UnixStream::pair()?;
    let (said, stderr) = pipe()?;
    let mut command = Command::new("ssh");
    command
        .args(arguments)
        .stdin(Stdio::from(OwnedFd::from(theirs.try_clone()?)))
        .stdout(Stdio::from(OwnedFd::from(theirs)))
        .stderr(Stdio::from(stderr));
    // A session of its own: it has no terminal to ask for passwords on, Ctrl-C is for the host
    // program to decide on, and what it starts itself ends together with it.
    // SAFETY: setsid is async-signal-safe.
    unsafe {
        command.pre_exec(|| match libc::setsid() {
            -1 => Err(io::Error::last_os_error()),
            _ => Ok(()),
        });
    }
    let child = command.spawn()?;
    // The command holds the other end, which must be open nowhere but in ssh.
    drop(command);
    let program = Program { state: Mutex::new(State { child, said, words: Vec::new() }) };
    Ok(Arc::new(Wire::new(Socket::of_program(ours.into(), program), None)))
}

/// A pipe that never makes anybody wait: where nobody listens to its words, ssh goes on without.
fn pipe() -> io::Result<(File, OwnedFd)> {
    let mut ends = [0; 2];
    // SAFETY: room for two descriptors.
    if unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC | libc::O_NONBLOCK) } < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: both are new and ours alone.
    Ok(unsafe { (File::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1])) })
}

/// Asks the engine whether it is there.
fn ping(wire: &Wire, endpoint: &Endpoint, link: &Link, limit: Limit) -> Result<()> {
    let broken = |error: io::Error| match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
            link.failed("connecting", link.waits.connect, error)
        }
        // It has ended, and left a part of the request unread.
        _ => ended(wire, endpoint, link),
    };
    let mut request = PING.as_bytes();
    while !request.is_empty() {
        let sent = wire.send(request, limit.left(link)?).map_err(broken)?;
        request = &request[sent..];
    }
    let mut answer = Vec::new();
    let mut buffer = [0; 1024];
    while !answer.ends_with(b"\r\n\r\n") {
        let count = wire.receive(&mut buffer, limit.left(link)?).map_err(broken)?;
        if count == 0 {
            return Err(ended(wire, endpoint, link));
        }
        answer.extend_from_slice(&buffer[..count]);
        let begin = answer.len().min(b"HTTP/1.".len());
        if answer[..begin] != b"HTTP/1."[..begin] || answer.len() > LONGEST_ANSWER {
            let words = one_line(&answer[..answer.len().min(200)]);
            return Err(Error::Protocol {
                operation: link.operation,
                message: format!(
                    "what answers at {endpoint} is no engine: {words:?}: see that ssh runs `docker system dial-stdio` there, and that nothing else is printed when the shell starts"
                ),
            });
        }
    }
    // Warnings and greetings of the log-in explain nothing that comes later.
    if let Some(program) = wire.program() {
        program.forget();
    }
    Ok(())
}

/// It ended before the engine has answered.
fn ended(wire: &Wire, endpoint: &Endpoint, link: &Link) -> Error {
    if link.state.is_cancelled() {
        return Error::Cancelled { operation: link.operation };
    }
    let (words, fate) = wire.program().map_or((String::new(), Fate::Unknown), Program::last_words);
    let how = match fate {
        Fate::Exited(status) => format!("ssh ended with status {status}"),
        _ => "ssh closed the connection".to_owned(),
    };
    let advice = advice(&words, fate);
    let said = if words.is_empty() { "without a word".to_owned() } else { words };
    failed(link, endpoint, &format!("{how}: {said}: {advice}"), None)
}

fn failed(link: &Link, endpoint: &Endpoint, why: &str, errno: Option<i32>) -> Error {
    Error::Connect {
        operation: link.operation,
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

/// The program at the other end of a socket, ended and collected together with it: at the latest when
/// the context is dropped, or finds with its next call that a connection it has kept is over.
#[derive(Debug)]
pub(crate) struct Program {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    child: Child,
    said: File,
    words: Vec<u8>,
}

/// How a program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Runs,
    Exited(i32),
    Killed,
    /// Somebody else has collected it, such as a host that waits for all its children.
    Unknown,
}

impl State {
    /// Takes what it has said on stderr until now.
    fn listen(&mut self) {
        let mut buffer = [0; 4096];
        while let Ok(count) = self.said.read(&mut buffer) {
            if count == 0 {
                break;
            }
            self.words.extend_from_slice(&buffer[..count]);
            let excess = self.words.len().saturating_sub(LONGEST_WORDS);
            self.words.drain(..excess);
        }
    }

    /// How it is. It stays to be collected, so that its number is not given to another.
    fn fate(&self) -> Fate {
        // SAFETY: all-zero is a valid siginfo_t, and it is writable.
        let mut info: libc::siginfo_t = unsafe { mem::zeroed() };
        let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
        // SAFETY: as above.
        let result = unsafe { libc::waitid(libc::P_PID, self.child.id(), &mut info, flags) };
        // SAFETY: the kernel has filled it in, with 0 where nothing has happened yet.
        let (pid, status) = unsafe { (info.si_pid(), info.si_status()) };
        match (result, pid, info.si_code) {
            (0, 0, _) => Fate::Runs,
            (0, _, libc::CLD_EXITED) => Fate::Exited(status),
            (0, ..) => Fate::Killed,
            _ => Fate::Unknown,
        }
    }

    /// Waits until it has ended, at most so long.
    fn await_end(&self, limit: Duration) -> Fate {
        let end = Instant::now() + limit;
        let mut pause = Duration::from_micros(50);
        loop {
            let fate = self.fate();
            if fate != Fate::Runs || Instant::now() >= end {
                return fate;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(5));
        }
    }

    /// Sends a signal to it and to all that it has started.
    fn signal(&self, signal: libc::c_int) {
        // SAFETY: a plain system call. Its number is still its own, since it was not collected.
        unsafe { libc::kill(-(self.child.id() as libc::pid_t), signal) };
    }
}

impl Program {
    /// What it has said of late, in one line, and how it ended. To be asked when it has closed its end
    /// of the socket.
    fn last_words(&self) -> (String, Fate) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let fate = state.await_end(ENDING);
        state.listen();
        (one_line(&state.words), fate)
    }

    /// The same as an addition to a message.
    pub(super) fn remark(&self) -> String {
        let (words, _) = self.last_words();
        if words.is_empty() { words } else { format!(" (ssh: {words})") }
    }

    fn forget(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.listen();
        state.words.clear();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        // A number that was given back may by now be another's.
        if state.fate() == Fate::Unknown {
            return;
        }
        // The one for ssh, which so gives back what it holds; the other for whatever is left.
        state.signal(libc::SIGTERM);
        if state.await_end(GRACE) != Fate::Unknown {
            state.signal(libc::SIGKILL);
            let _ = state.child.wait();
        }
    }
}

/// Text of another machine, fit for a message.
fn one_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let lines = text.lines().map(|line| line.replace(char::is_control, " ").trim().to_owned());
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
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
        let patience = Some(Duration::from_secs(10));
        assert_eq!(
            words(&target("engine", None), patience),
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

    #[test]
    fn words_fit_into_a_message() {
        assert_eq!(
            one_line(b"\x1b[1mWelcome\r\n\r\n  no \xff entry\n"),
            "[1mWelcome; no \u{fffd} entry"
        );
    }
}
