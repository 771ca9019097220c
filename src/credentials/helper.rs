//! Credential helpers: the programs `docker-credential-NAME`, which store credentials in a keychain.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{env, fmt, fs};

use super::json::Members;
use crate::config::environment::Environment;
use crate::model::{AuthConfig, SecretString};
use crate::secret::SecretBytes;
use crate::transport::CallIo;
use crate::{Error, Result};

/// The user name that marks the secret as an identity token.
const TOKEN_USERNAME: &str = "<token>";

/// Maximum length of the output of a helper. A list of a thousand registries takes a tenth of it.
const MAX_OUTPUT: usize = 1024 * 1024;

/// Maximum number of bytes of stderr that are kept.
const MAX_STDERR: usize = 4096;

/// Maximum delay until a cancellation or the exit of the helper is noticed.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// A credential helper, and the call that uses it.
pub(super) struct Helper<'a> {
    name: &'a str,
    environment: &'a Environment,
    io: &'a CallIo,
    /// Time limit of one run.
    timeout: Option<Duration>,
}

/// An error of a helper.
#[derive(Debug)]
pub(super) enum HelperError {
    /// The helper has no credentials for the registry.
    NotFound,
    /// The helper cannot be run, or failed.
    Failed(String),
    /// The call is cancelled or timed out.
    Call(Error),
}

impl From<Error> for HelperError {
    fn from(error: Error) -> HelperError {
        HelperError::Call(error)
    }
}

impl<'a> Helper<'a> {
    pub(super) fn new(
        name: &'a str,
        environment: &'a Environment,
        io: &'a CallIo,
        timeout: Option<Duration>,
    ) -> Helper<'a> {
        Helper { name, environment, io, timeout }
    }

    /// Returns the file name of the program.
    pub(super) fn program(&self) -> String {
        format!("docker-credential-{}", self.name)
    }

    /// Returns the credentials for a registry: user name and password, or an identity token.
    pub(super) fn get(&self, registry: &str) -> Result<AuthConfig, HelperError> {
        let output = self.run("get", registry.as_bytes())?;
        let members = Members::read(&output).map_err(|why| self.invalid_output("get", &why))?;
        let (username, secret) = (members.string("Username"), members.string("Secret"));
        let mut auth = AuthConfig { serveraddress: registry.into(), ..Default::default() };
        if username == TOKEN_USERNAME {
            auth.identitytoken = secret;
        } else {
            auth.username = (*username).into();
            auth.password = secret;
        }
        Ok(auth)
    }

    /// Returns the registries with credentials.
    pub(super) fn list(&self) -> Result<Vec<String>, HelperError> {
        let output = self.run("list", b"")?;
        let members = Members::read(&output).map_err(|why| self.invalid_output("list", &why))?;
        Ok(members.0.into_iter().map(|(registry, _)| registry).collect())
    }

    /// Stores credentials.
    pub(super) fn store(&self, auth: &AuthConfig) -> Result<(), HelperError> {
        let (username, secret): (&str, &SecretString) = if auth.identitytoken.is_empty() {
            (&auth.username, &auth.password)
        } else {
            (TOKEN_USERNAME, &auth.identitytoken)
        };
        let mut input = SecretBytes::default();
        let mut member = |name: &str, text: &str| {
            input.push(name.as_bytes());
            serde_json::to_writer(&mut input, text).expect("a string is valid JSON");
        };
        member("{\"ServerURL\":", &auth.serveraddress);
        member(",\"Username\":", username);
        member(",\"Secret\":", secret);
        input.push(b"}\n");
        self.run("store", &input).map(drop)
    }

    /// Erases the credentials for a registry.
    pub(super) fn erase(&self, registry: &str) -> Result<(), HelperError> {
        self.run("erase", registry.as_bytes()).map(drop)
    }

    /// Runs the program, and returns its stdout.
    fn run(&self, action: &str, input: &[u8]) -> Result<SecretBytes, HelperError> {
        let path = find_program(&self.program(), self.environment)
            .ok_or_else(|| HelperError::Failed(format!("{} is not in PATH", self.program())))?;
        let mut process = HelperProcess::spawn(&path, action, input).map_err(|error| {
            HelperError::Failed(format!("{} cannot be run: {error}", path.display()))
        })?;
        let status = process.wait(self)?;
        let HelperProcess { stdout, stderr, .. } = &mut process;
        if status.is_none_or(|status| status.success()) {
            return Ok(std::mem::take(stdout));
        }
        // A helper that fails prints its error message on stdout, instead of the secret.
        let to_text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        let message = Some(to_text(stdout)).filter(|message| !message.is_empty());
        let message = message.unwrap_or_else(|| to_text(stderr));
        if message == "credentials not found in native keychain" {
            return Err(HelperError::NotFound);
        }
        let message = message.lines().next().unwrap_or_default();
        let message: String = message.chars().filter(|it| !it.is_control()).take(200).collect();
        let status = status.map_or("failed".to_owned(), |status| status.to_string());
        let colon = if message.is_empty() { "" } else { ": " };
        Err(HelperError::Failed(format!("{} {action}: {status}{colon}{message}", self.program())))
    }

    fn invalid_output(&self, action: &str, why: &str) -> HelperError {
        HelperError::Failed(format!("{} {action}: invalid output: {why}", self.program()))
    }
}

/// Searches `PATH` for a program. Relative directories are skipped, because the program that they contain
/// depends on the working directory.
pub(super) fn find_program(program: &str, environment: &Environment) -> Option<PathBuf> {
    if program.contains('/') {
        return None;
    }
    let is_program = |path: &PathBuf| {
        path.is_absolute()
            && fs::metadata(path)
                .is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
    };
    let dirs = environment.path("PATH")?;
    env::split_paths(&dirs).map(|dir| dir.join(program)).find(is_program)
}

/// The process of a helper. If it still runs on drop, it is killed and reaped.
struct HelperProcess {
    child: Child,
    reaped: bool,
    stdout: SecretBytes,
    stderr: SecretBytes,
}

impl HelperProcess {
    fn spawn(path: &Path, action: &str, input: &[u8]) -> io::Result<HelperProcess> {
        let child = Command::new(path)
            .arg0(path.file_name().unwrap_or(OsStr::new("")))
            .arg(action)
            .stdin(filled_pipe(input)?)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // A process group, so that its child processes can be killed with it.
            .process_group(0)
            .spawn()?;
        let process = HelperProcess {
            child,
            reaped: false,
            stdout: SecretBytes::default(),
            stderr: SecretBytes::default(),
        };
        for pipe in process.open_pipes() {
            set_nonblocking(pipe)?;
        }
        Ok(process)
    }

    fn open_pipes(&self) -> impl Iterator<Item = i32> {
        let stdout = self.child.stdout.as_ref().map(AsRawFd::as_raw_fd);
        stdout.into_iter().chain(self.child.stderr.as_ref().map(AsRawFd::as_raw_fd))
    }

    /// Waits until the process exits, and reads its output. The status is `None` if other code of this
    /// program has reaped the process.
    fn wait(&mut self, helper: &Helper<'_>) -> Result<Option<ExitStatus>, HelperError> {
        let program = || helper.program();
        let start = Instant::now();
        loop {
            // Before the pipes are read, so that all output of a process that has exited is read.
            let exited = match self.child.try_wait() {
                Ok(status) => status.map(Some),
                Err(_) => Some(None),
            };
            let failed =
                |error| HelperError::Failed(format!("reading from {}: {error}", program()));
            self.read_pipes().map_err(failed)?;
            if self.stdout.len() > MAX_OUTPUT {
                return Err(HelperError::Failed(format!("{} printed more than 1 MiB", program())));
            }
            if let Some(status) = exited {
                self.reaped = true;
                return Ok(status);
            }
            let remaining = helper.timeout.map(|timeout| timeout.saturating_sub(start.elapsed()));
            // Fails if the call is cancelled or past its deadline.
            let wait = helper.io.wait(remaining)?;
            if remaining.is_some_and(|remaining| remaining.is_zero()) {
                let timeout = helper.timeout.unwrap_or_default();
                let message = format!("{} did not exit within {timeout:?}", program());
                return Err(HelperError::Failed(message));
            }
            self.poll(wait.map_or(POLL_INTERVAL, |wait| wait.min(POLL_INTERVAL)));
        }
    }

    /// Reads the available output.
    fn read_pipes(&mut self) -> io::Result<()> {
        if let Some(stdout) = &mut self.child.stdout {
            if read_available(stdout, &mut self.stdout, MAX_OUTPUT + 1)? {
                self.child.stdout = None;
            }
        }
        if let Some(stderr) = &mut self.child.stderr {
            if read_available(stderr, &mut self.stderr, MAX_STDERR)? {
                self.child.stderr = None;
            }
        }
        Ok(())
    }

    /// Waits until output is available, or the timeout expires.
    fn poll(&self, timeout: Duration) {
        let pollfd = |fd| libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
        let mut fds: Vec<libc::pollfd> = self.open_pipes().map(pollfd).collect();
        if fds.is_empty() {
            // The process has closed its output and usually exits at once.
            return std::thread::sleep(timeout.min(Duration::from_millis(1)));
        }
        let millis = timeout.as_millis().max(1) as i32;
        // SAFETY: the array lives and has this length. The caller checks all conditions again, so the
        // result does not matter.
        unsafe { libc::poll(fds.as_mut_ptr(), fds.len() as libc::nfds_t, millis) };
    }
}

impl Drop for HelperProcess {
    fn drop(&mut self) {
        if !self.reaped {
            // SAFETY: `kill` accesses no memory. The process is not reaped, so its ID still names its group.
            unsafe { libc::kill(-(self.child.id() as i32), libc::SIGKILL) };
            let _ = self.child.wait();
        }
    }
}

/// Reads the available bytes, and keeps `limit` bytes in total. Returns true at the end of the stream.
fn read_available(pipe: &mut impl Read, into: &mut SecretBytes, limit: usize) -> io::Result<bool> {
    // Bounded, so that endless output does not keep the caller from checking its timeouts.
    for _ in 0..64 {
        match into.read_some(pipe) {
            Ok(0) => return Ok(true),
            Ok(_) => into.truncate(limit),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}

/// Returns the read end of a pipe that contains `input`.
///
/// The pipe is filled while both ends are open, so that a program that closes its stdin without reading
/// does not cause a SIGPIPE.
fn filled_pipe(input: &[u8]) -> io::Result<Stdio> {
    let mut fds = [0; 2];
    // SAFETY: the array has room for two descriptors, and the `OwnedFd`s are their only owners.
    let (reader, writer) = unsafe {
        if libc::pipe2(fds.as_mut_ptr(), libc::O_CLOEXEC) < 0 {
            return Err(io::Error::last_os_error());
        }
        (OwnedFd::from_raw_fd(fds[0]), OwnedFd::from_raw_fd(fds[1]))
    };
    set_nonblocking(writer.as_raw_fd())?;
    File::from(writer).write_all(input).map_err(|error| match error.kind() {
        ErrorKind::WouldBlock => io::Error::other("the credentials are too long"),
        _ => error,
    })?;
    Ok(reader.into())
}

fn set_nonblocking(fd: i32) -> io::Result<()> {
    // SAFETY: `fcntl` only changes the flags of an open descriptor.
    unsafe {
        let flags = libc::fcntl(fd, libc::F_GETFL);
        if flags < 0 || libc::fcntl(fd, libc::F_SETFL, flags | libc::O_NONBLOCK) < 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

impl fmt::Debug for HelperProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HelperProcess").field("child", &self.child).finish_non_exhaustive()
    }
}
