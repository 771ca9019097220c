//! A child process connected by a socket pair: the system's `ssh`.

use std::fs::File;
use std::io::{self, Read};
use std::mem;
use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Bytes of stderr to keep. The last ones usually give the reason of the exit.
const MAX_STDERR: usize = 1024;

/// Longest wait for the exit of a process that has closed its end of the socket.
const EXIT_WAIT: Duration = Duration::from_millis(200);

/// Time between SIGTERM and SIGKILL.
const TERM_WAIT: Duration = Duration::from_millis(100);

/// The child process at the other end of a socket.
///
/// It is terminated and reaped when the connection is dropped. For a pooled connection that happens when
/// the context is dropped, or when the next call finds the connection closed.
#[derive(Debug)]
pub(crate) struct Program {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    child: Child,
    stderr: File,
    /// The last [`MAX_STDERR`] bytes read from `stderr`.
    stderr_tail: Vec<u8>,
}

/// The status of a child process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ProcessStatus {
    Running,
    Exited(i32),
    Signaled,
    /// Already reaped, for example by an application that waits for all its children.
    Unknown,
}

impl State {
    /// Reads the available stderr.
    fn read_stderr(&mut self) {
        let mut buffer = [0; 4096];
        while let Ok(count) = self.stderr.read(&mut buffer) {
            if count == 0 {
                break;
            }
            self.stderr_tail.extend_from_slice(&buffer[..count]);
            let excess = self.stderr_tail.len().saturating_sub(MAX_STDERR);
            self.stderr_tail.drain(..excess);
        }
    }

    /// The current status. The process is not reaped (WNOWAIT), so its PID is not reused.
    fn status(&self) -> ProcessStatus {
        // SAFETY: all-zero is a valid siginfo_t, and it is writable.
        let mut info: libc::siginfo_t = unsafe { mem::zeroed() };
        let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
        // SAFETY: as above.
        let result = unsafe { libc::waitid(libc::P_PID, self.child.id(), &mut info, flags) };
        // SAFETY: waitid has initialized the fields; the PID is 0 while the process runs.
        let (pid, exit_code) = unsafe { (info.si_pid(), info.si_status()) };
        match (result, pid, info.si_code) {
            (0, 0, _) => ProcessStatus::Running,
            (0, _, libc::CLD_EXITED) => ProcessStatus::Exited(exit_code),
            (0, ..) => ProcessStatus::Signaled,
            _ => ProcessStatus::Unknown,
        }
    }

    /// Waits at most `limit` for the process to exit.
    fn wait_for_exit(&self, limit: Duration) -> ProcessStatus {
        let deadline = Instant::now() + limit;
        let mut pause = Duration::from_micros(50);
        loop {
            let status = self.status();
            if status != ProcessStatus::Running || Instant::now() >= deadline {
                return status;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(5));
        }
    }

    /// Sends a signal to the process group: the process and its descendants.
    fn signal(&self, signal: libc::c_int) {
        // SAFETY: a plain system call. The PID is not reused before the process is reaped.
        unsafe { libc::kill(-(self.child.id() as libc::pid_t), signal) };
    }
}

impl Program {
    /// Starts `command` with one end of a socket pair as stdin and stdout, and returns the other end.
    pub(super) fn start(mut command: Command) -> io::Result<(OwnedFd, Program)> {
        let (ours, theirs) = UnixStream::pair()?;
        let (stderr, stderr_writer) = pipe()?;
        command
            .stdin(Stdio::from(OwnedFd::from(theirs.try_clone()?)))
            .stdout(Stdio::from(OwnedFd::from(theirs)))
            .stderr(Stdio::from(stderr_writer));
        // In its own session the process has no controlling terminal to prompt for passwords, Ctrl-C does
        // not reach it, and its descendants are signalled together with it.
        // SAFETY: setsid is async-signal-safe.
        unsafe {
            command.pre_exec(|| match libc::setsid() {
                -1 => Err(io::Error::last_os_error()),
                _ => Ok(()),
            });
        }
        let child = command.spawn()?;
        // Closes the parent's copies of the other end, so that the exit of the process closes the socket.
        drop(command);
        let state = Mutex::new(State { child, stderr, stderr_tail: Vec::new() });
        Ok((ours.into(), Program { state }))
    }

    /// The last lines of stderr, joined to one, and the exit status. Waits a short time for the exit, so
    /// call it only after the process has closed its end of the socket.
    pub(super) fn exit_report(&self) -> (String, ProcessStatus) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let status = state.wait_for_exit(EXIT_WAIT);
        state.read_stderr();
        (one_line(&state.stderr_tail), status)
    }

    /// The last lines of stderr as a suffix of an error message.
    pub(super) fn stderr_suffix(&self) -> String {
        let (stderr, _) = self.exit_report();
        if stderr.is_empty() { stderr } else { format!(" (ssh: {stderr})") }
    }

    /// Discards the stderr received so far.
    pub(super) fn discard_stderr(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.read_stderr();
        state.stderr_tail.clear();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        // The PID of a reaped process may be in use by another one.
        if state.status() == ProcessStatus::Unknown {
            return;
        }
        // SIGTERM lets ssh clean up; SIGKILL ends the remaining processes of the group.
        state.signal(libc::SIGTERM);
        if state.wait_for_exit(TERM_WAIT) != ProcessStatus::Unknown {
            state.signal(libc::SIGKILL);
            let _ = state.child.wait();
        }
    }
}

/// Joins lines of remote output to one line without control characters, for an error message.
pub(super) fn one_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let lines = text.lines().map(|line| line.replace(char::is_control, " ").trim().to_owned());
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

/// A non-blocking pipe: writes fail when it is full, so unread stderr does not block the process.
fn pipe() -> io::Result<(File, OwnedFd)> {
    let mut ends = [0; 2];
    // SAFETY: `ends` has room for two descriptors.
    if unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC | libc::O_NONBLOCK) } < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: both descriptors are new and owned here alone.
    Ok(unsafe { (File::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1])) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_lines_and_drops_control_characters() {
        assert_eq!(
            one_line(b"\x1b[1mWelcome\r\n\r\n  no \xff entry\n"),
            "[1mWelcome; no \u{fffd} entry"
        );
    }
}
