//! A program that holds the other end of a socket: the system's `ssh`.

use std::fs::File;
use std::io::{self, Read};
use std::mem;
use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many bytes of stderr are kept; the last ones give the reason of the end.
const MAX_STDERR: usize = 1024;

/// How long a program that has closed its connection may take until it has ended.
const ENDING: Duration = Duration::from_millis(200);

/// How long the program may take to clean up after SIGTERM.
const GRACE: Duration = Duration::from_millis(100);

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
pub(super) enum Fate {
    Runs,
    Exited(i32),
    Killed,
    /// Reaped elsewhere, such as by a host program that waits for all its children.
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
            let excess = self.words.len().saturating_sub(MAX_STDERR);
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

    /// CallTimeouts at most `limit` until it has ended.
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
    /// Starts `command` with one end of a pair of sockets as its standard input and output, and returns
    /// the other end.
    pub(super) fn start(mut command: Command) -> io::Result<(OwnedFd, Program)> {
        let (ours, theirs) = UnixStream::pair()?;
        let (said, stderr) = pipe()?;
        command
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
        // The command holds the other end, which must be open nowhere but in the program.
        drop(command);
        let state = Mutex::new(State { child, said, words: Vec::new() });
        Ok((ours.into(), Program { state }))
    }

    /// What it has said of late, in one line, and how it ended. To be asked when it has closed its end
    /// of the socket.
    pub(super) fn last_words(&self) -> (String, Fate) {
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

    pub(super) fn forget(&self) {
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
pub(super) fn one_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let lines = text.lines().map(|line| line.replace(char::is_control, " ").trim().to_owned());
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

/// A pipe whose writer never blocks: what does not fit is lost.
fn pipe() -> io::Result<(File, OwnedFd)> {
    let mut ends = [0; 2];
    // SAFETY: room for two descriptors.
    if unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC | libc::O_NONBLOCK) } < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: both are new and ours alone.
    Ok(unsafe { (File::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1])) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fit_into_a_message() {
        assert_eq!(
            one_line(b"\x1b[1mWelcome\r\n\r\n  no \xff entry\n"),
            "[1mWelcome; no \u{fffd} entry"
        );
    }
}
