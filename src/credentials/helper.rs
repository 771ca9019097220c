//! Credential helpers: the programs `docker-credential-NAME`, which keep credentials in a keychain.

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

/// The user's name that stands for an identity token.
const TOKEN: &str = "<token>";

/// The most that a helper may print. A list of a thousand registries is a tenth of it.
const MAX_OUTPUT: usize = 1024 * 1024;

/// The most of what a helper says on stderr.
const MAX_STDERR: usize = 4096;

/// How long it takes at most until a cancel is seen.
const TICK: Duration = Duration::from_millis(20);

/// A helper that is asked on behalf of a call.
pub(super) struct Helper<'a> {
    name: &'a str,
    environment: &'a Environment,
    io: &'a CallIo,
    /// How long it may take.
    limit: Option<Duration>,
}

/// Why a helper did not do what it was asked for.
#[derive(Debug)]
pub(super) enum Failure {
    /// It has nothing for the registry.
    NotFound,
    /// It cannot be asked, or failed.
    Helper(String),
    /// The call it was asked for is cancelled, or out of time.
    Call(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Call(error)
    }
}

impl<'a> Helper<'a> {
    pub(super) fn new(
        name: &'a str,
        environment: &'a Environment,
        io: &'a CallIo,
        limit: Option<Duration>,
    ) -> Helper<'a> {
        Helper { name, environment, io, limit }
    }

    /// The file name of the program.
    pub(super) fn program(&self) -> String {
        format!("docker-credential-{}", self.name)
    }

    /// What it has for a registry: user's name, password and identity token.
    pub(super) fn get(&self, registry: &str) -> Result<AuthConfig, Failure> {
        let output = self.run("get", registry.as_bytes())?;
        let members = Members::read(&output).map_err(|why| self.garbage("get", &why))?;
        let (username, secret) = (members.text("Username"), members.text("Secret"));
        let mut auth = AuthConfig { serveraddress: registry.into(), ..Default::default() };
        if username == TOKEN {
            auth.identitytoken = secret;
        } else {
            auth.username = (*username).into();
            auth.password = secret;
        }
        Ok(auth)
    }

    /// The registries it has something for.
    pub(super) fn list(&self) -> Result<Vec<String>, Failure> {
        let output = self.run("list", b"")?;
        let members = Members::read(&output).map_err(|why| self.garbage("list", &why))?;
        Ok(members.0.into_iter().map(|(registry, _)| registry).collect())
    }

    /// Gives it something to keep.
    pub(super) fn store(&self, auth: &AuthConfig) -> Result<(), Failure> {
        let (username, secret): (&str, &SecretString) = if auth.identitytoken.is_empty() {
            (&auth.username, &auth.password)
        } else {
            (TOKEN, &auth.identitytoken)
        };
        let mut input = SecretBytes::default();
        let mut member = |name: &str, text: &str| {
            input.push(name.as_bytes());
            serde_json::to_writer(&mut input, text).expect("text is JSON");
        };
        member("{\"ServerURL\":", &auth.serveraddress);
        member(",\"Username\":", username);
        member(",\"Secret\":", secret);
        input.push(b"}\n");
        self.run("store", &input).map(drop)
    }

    /// Lets it forget a registry.
    pub(super) fn erase(&self, registry: &str) -> Result<(), Failure> {
        self.run("erase", registry.as_bytes()).map(drop)
    }

    /// Runs the program, and takes what it prints.
    fn run(&self, action: &str, input: &[u8]) -> Result<SecretBytes, Failure> {
        let path = find(&self.program(), self.environment)
            .ok_or_else(|| Failure::Helper(format!("{} is not in PATH", self.program())))?;
        let mut running = Running::start(&path, action, input).map_err(|error| {
            Failure::Helper(format!("{} cannot be run: {error}", path.display()))
        })?;
        let status = running.wait(self)?;
        let Running { output, complaint, .. } = &mut running;
        if status.is_none_or(|status| status.success()) {
            return Ok(std::mem::take(output));
        }
        // Helpers say on stdout what is wrong, and so do not print a secret there then.
        let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        let said = Some(words(output)).filter(|said| !said.is_empty());
        let said = said.unwrap_or_else(|| words(complaint));
        if said == "credentials not found in native keychain" {
            return Err(Failure::NotFound);
        }
        let said = said.lines().next().unwrap_or_default();
        let said: String = said.chars().filter(|it| !it.is_control()).take(200).collect();
        let status = status.map_or("failed".to_owned(), |status| status.to_string());
        let colon = if said.is_empty() { "" } else { ": " };
        Err(Failure::Helper(format!("{} {action}: {status}{colon}{said}", self.program())))
    }

    fn garbage(&self, action: &str, why: &str) -> Failure {
        Failure::Helper(format!("{} {action} printed {why}", self.program()))
    }
}

/// A program in the directories of `PATH`. What is relative to the directory that the process happens to be in
/// is passed over.
pub(super) fn find(program: &str, environment: &Environment) -> Option<PathBuf> {
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

/// A helper at work. It is killed, if it still runs, and reaped when this is dropped.
struct Running {
    child: Child,
    ended: bool,
    output: SecretBytes,
    complaint: SecretBytes,
}

impl Running {
    fn start(path: &Path, action: &str, input: &[u8]) -> io::Result<Running> {
        let child = Command::new(path)
            .arg0(path.file_name().unwrap_or(OsStr::new("")))
            .arg(action)
            .stdin(filled_pipe(input)?)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Whatever it starts goes with it when it is killed.
            .process_group(0)
            .spawn()?;
        let running = Running {
            child,
            ended: false,
            output: SecretBytes::default(),
            complaint: SecretBytes::default(),
        };
        for pipe in running.pipes() {
            nonblocking(pipe)?;
        }
        Ok(running)
    }

    fn pipes(&self) -> impl Iterator<Item = i32> {
        let stdout = self.child.stdout.as_ref().map(AsRawFd::as_raw_fd);
        stdout.into_iter().chain(self.child.stderr.as_ref().map(AsRawFd::as_raw_fd))
    }

    /// CallTimeouts for its end, reading what it prints. The status is `None` where somebody else reaped it.
    fn wait(&mut self, helper: &Helper<'_>) -> Result<Option<ExitStatus>, Failure> {
        let program = || helper.program();
        let began = Instant::now();
        loop {
            // In this order: what it printed before it ended is there to be read afterwards.
            let ended = match self.child.try_wait() {
                Ok(ended) => ended.map(Some),
                Err(_) => Some(None),
            };
            let failed = |error| Failure::Helper(format!("reading from {}: {error}", program()));
            self.read().map_err(failed)?;
            if self.output.len() > MAX_OUTPUT {
                return Err(Failure::Helper(format!("{} printed more than 1 MiB", program())));
            }
            if let Some(status) = ended {
                self.ended = true;
                return Ok(status);
            }
            let left = helper.limit.map(|limit| limit.saturating_sub(began.elapsed()));
            // Also the end of the call's own time.
            let wait = helper.io.wait(left)?;
            if left.is_some_and(|left| left.is_zero()) {
                let limit = helper.limit.unwrap_or_default();
                return Err(Failure::Helper(format!("{} did not end within {limit:?}", program())));
            }
            self.pause(wait.map_or(TICK, |wait| wait.min(TICK)));
        }
    }

    /// Takes what has been printed.
    fn read(&mut self) -> io::Result<()> {
        if let Some(stdout) = &mut self.child.stdout {
            if drain(stdout, &mut self.output, MAX_OUTPUT + 1)? {
                self.child.stdout = None;
            }
        }
        if let Some(stderr) = &mut self.child.stderr {
            if drain(stderr, &mut self.complaint, MAX_STDERR)? {
                self.child.stderr = None;
            }
        }
        Ok(())
    }

    /// CallTimeouts until something is printed, or for this time.
    fn pause(&self, wait: Duration) {
        let mut fds: Vec<libc::pollfd> =
            self.pipes().map(|fd| libc::pollfd { fd, events: libc::POLLIN, revents: 0 }).collect();
        if fds.is_empty() {
            // It closed all and is about to end.
            return std::thread::sleep(wait.min(Duration::from_millis(1)));
        }
        let millis = wait.as_millis().max(1) as i32;
        // SAFETY: the array lives, and has this length. Whatever comes of it, the caller looks anew.
        unsafe { libc::poll(fds.as_mut_ptr(), fds.len() as libc::nfds_t, millis) };
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.ended {
            // SAFETY: it is not reaped yet, so the number is that of its group. Nothing is touched.
            unsafe { libc::kill(-(self.child.id() as i32), libc::SIGKILL) };
            let _ = self.child.wait();
        }
    }
}

/// Reads what there is, and keeps `limit` bytes of it. True at the end.
fn drain(pipe: &mut impl Read, into: &mut SecretBytes, limit: usize) -> io::Result<bool> {
    // Not for ever: a program that never stops printing is to be stopped by somebody.
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

/// A pipe that holds `input`, for a program to read. It is filled while both ends are ours: a program
/// that closes it unread does no harm then, where a signal would end us.
fn filled_pipe(input: &[u8]) -> io::Result<Stdio> {
    let mut fds = [0; 2];
    // SAFETY: room for two descriptors, which are owned from here on.
    let (reader, writer) = unsafe {
        if libc::pipe2(fds.as_mut_ptr(), libc::O_CLOEXEC) < 0 {
            return Err(io::Error::last_os_error());
        }
        (OwnedFd::from_raw_fd(fds[0]), OwnedFd::from_raw_fd(fds[1]))
    };
    nonblocking(writer.as_raw_fd())?;
    File::from(writer).write_all(input).map_err(|error| match error.kind() {
        ErrorKind::WouldBlock => io::Error::other("the credentials are too long"),
        _ => error,
    })?;
    Ok(reader.into())
}

fn nonblocking(fd: i32) -> io::Result<()> {
    // SAFETY: only flags of an open descriptor are changed.
    unsafe {
        let flags = libc::fcntl(fd, libc::F_GETFL);
        if flags < 0 || libc::fcntl(fd, libc::F_SETFL, flags | libc::O_NONBLOCK) < 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("child", &self.child).finish_non_exhaustive()
    }
}
