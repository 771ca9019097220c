//! A child process connected by a socket pair: the system's `ssh`.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::io::{self, Read};
use std::mem::{self, MaybeUninit};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::ptr;
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
    /// Reaped by the drop only, so the PID is not reused before.
    pid: libc::pid_t,
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
        let result = unsafe { libc::waitid(libc::P_PID, self.pid as libc::id_t, &mut info, flags) };
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
        unsafe { libc::kill(-self.pid, signal) };
    }
}

impl Program {
    /// Starts the program `name` of `PATH` with one end of a socket pair as stdin and stdout, and returns
    /// the other end.
    pub(super) fn start(name: &CStr, arguments: &[String]) -> io::Result<(OwnedFd, Program)> {
        let (ours, theirs) = UnixStream::pair()?;
        let (stderr, stderr_writer) = pipe()?;
        let arguments = arguments.iter().map(|argument| CString::new(argument.as_str()));
        let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
        // The parent's copies of the other end are closed on return, so that the exit of the process closes
        // the socket.
        let pid = spawn(name, &arguments, theirs.into(), stderr_writer)?;
        let state = Mutex::new(State { pid, stderr, stderr_tail: Vec::new() });
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
            // SAFETY: a plain system call.
            while unsafe { libc::waitpid(state.pid, ptr::null_mut(), 0) } < 0
                && io::Error::last_os_error().kind() == io::ErrorKind::Interrupted
            {}
        }
    }
}

/// Starts a process in a session of its own, and returns its PID.
///
/// In its own session the process has no controlling terminal to prompt for passwords, Ctrl-C does not
/// reach it, and its descendants are signalled together with it. It inherits no descriptors of this module
/// but the standard streams, since all others are close-on-exec.
///
/// By posix_spawn, because every program links this, and `std::process::Command` adds 30 KB.
fn spawn(
    name: &CStr,
    arguments: &[CString],
    stdio: OwnedFd,
    stderr: OwnedFd,
) -> io::Result<libc::pid_t> {
    unsafe extern "C" {
        static environ: *const *mut libc::c_char;
    }
    const FLAGS: libc::c_int = libc::POSIX_SPAWN_SETSIGDEF as libc::c_int
        | libc::POSIX_SPAWN_SETSIGMASK as libc::c_int
        | libc::POSIX_SPAWN_SETSID as libc::c_int;
    // The number of a clone is above those of the standard streams, so no dup2 closes the source of another
    // one or keeps a close-on-exec flag.
    let (stdio, stderr) = (stdio.try_clone()?, stderr.try_clone()?);
    let mut argv = vec![name.as_ptr().cast_mut()];
    argv.extend(arguments.iter().map(|argument| argument.as_ptr().cast_mut()));
    argv.push(ptr::null_mut());
    let mut pid = 0;
    let mut signals = MaybeUninit::<libc::sigset_t>::uninit();
    let mut attributes = MaybeUninit::<libc::posix_spawnattr_t>::uninit();
    let mut actions = MaybeUninit::<libc::posix_spawn_file_actions_t>::uninit();
    let (signals, attributes, actions) =
        (signals.as_mut_ptr(), attributes.as_mut_ptr(), actions.as_mut_ptr());
    // SAFETY: attributes, actions and signal sets are initialized before their use, and destroyed after it.
    // `argv` and `environ` are arrays of C strings that end with NULL; no other thread changes the
    // environment, as `std::env::set_var` requires.
    unsafe {
        check(libc::posix_spawnattr_init(attributes))?;
        let mut result = check(libc::posix_spawn_file_actions_init(actions));
        if result.is_ok() {
            result = (|| {
                // As `std::process::Command`: no signal is blocked, and SIGPIPE terminates the process,
                // even if this process ignores it.
                libc::sigemptyset(signals);
                check(libc::posix_spawnattr_setsigmask(attributes, signals))?;
                libc::sigaddset(signals, libc::SIGPIPE);
                check(libc::posix_spawnattr_setsigdefault(attributes, signals))?;
                check(libc::posix_spawnattr_setflags(attributes, FLAGS as libc::c_short))?;
                for (from, to) in [(&stdio, 0), (&stdio, 1), (&stderr, 2)] {
                    let from = from.as_raw_fd();
                    check(libc::posix_spawn_file_actions_adddup2(actions, from, to))?;
                }
                let argv = argv.as_ptr();
                check(libc::posix_spawnp(
                    &mut pid,
                    name.as_ptr(),
                    actions,
                    attributes,
                    argv,
                    environ,
                ))
            })();
            libc::posix_spawn_file_actions_destroy(actions);
        }
        libc::posix_spawnattr_destroy(attributes);
        result?;
    }
    Ok(pid)
}

/// Converts the result of a posix_spawn function, which returns the error number.
fn check(errno: libc::c_int) -> io::Result<()> {
    match errno {
        0 => Ok(()),
        errno => Err(io::Error::from_raw_os_error(errno)),
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
    fn process_has_an_empty_signal_mask_and_default_sigpipe() {
        // SAFETY: all-zero is a valid signal set; only the mask of this thread changes, and is restored.
        let (mut signals, mut before): (libc::sigset_t, libc::sigset_t) = unsafe { mem::zeroed() };
        unsafe {
            libc::sigaddset(&mut signals, libc::SIGTERM);
            libc::pthread_sigmask(libc::SIG_BLOCK, &signals, &mut before);
        }
        let arguments = ["-e", "^Sig", "/proc/self/status"].map(str::to_owned);
        let started = Program::start(c"grep", &arguments);
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &before, ptr::null_mut()) };
        let (socket, program) = started.unwrap();
        let mut lines = String::new();
        File::from(socket).read_to_string(&mut lines).unwrap();
        let set = |name: &str| {
            let value = lines.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            u64::from_str_radix(value.trim(), 16).unwrap()
        };
        assert_eq!(set("SigBlk:"), 0, "{lines}");
        assert_eq!(set("SigIgn:") & (1 << (libc::SIGPIPE - 1)), 0, "{lines}");
        assert_eq!(program.exit_report(), (String::new(), ProcessStatus::Exited(0)));
    }

    #[test]
    fn missing_program_is_an_error() {
        let error = Program::start(c"no-such-program-of-dockline", &[]).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::ENOENT));
        let error = Program::start(c"ssh", &["a\0b".to_owned()]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }

    #[test]
    fn joins_lines_and_drops_control_characters() {
        assert_eq!(
            one_line(b"\x1b[1mWelcome\r\n\r\n  no \xff entry\n"),
            "[1mWelcome; no \u{fffd} entry"
        );
    }
}
