//! Exec: commands run in a running container.

use std::borrow::Cow;
use std::thread;
use std::time::{Duration, Instant};

use crate::codec::{JsonBody, record};
use crate::model::{ContainerExecRequest, ExecInspectResponse, ExecStartRequest, IdResponse};
use crate::request::Request;
use crate::stream::{Duplex, Framing, StdStream};
use crate::{Context, Error, Result};

/// Delays between polls of the exit code: from the first to the last, doubled after each poll.
const POLL_INTERVALS: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(100));

/// Operations on execs, commands run in a running container; from [`Context::exec`].
///
/// The engine first creates an exec and then starts it, once. [`run`](Exec::run) does both.
///
#[doc = "```no_run"]
#[doc = include_str!("../../examples/resources/exec.rs")]
#[doc = "```"]
#[derive(Debug, Clone, Copy)]
pub struct Exec<'a> {
    context: &'a Context,
}

impl Context {
    /// Returns the operations on execs.
    pub fn exec(&self) -> Exec<'_> {
        Exec { context: self }
    }
}

record! {
    /// The fields of an exec that [`Exec::wait`] reads.
    #[derive(Default)]
    struct ExecState {
        running: bool = "Running",
        exit_code: Option<i64> = "ExitCode",
    }
}

pub(crate) fn create(container: &str, body: &dyn JsonBody) -> Request<IdResponse> {
    let mut request =
        Request::on_container("ContainerExec", "POST", "/containers/{}/exec", container).json(body);
    if !body.has("Cmd") {
        request.wrong("Cmd is empty: set the command to run");
    }
    request.returning()
}

/// `POST /exec/{id}/start` with an upgrade to a stream.
pub(crate) fn start(id: &str, body: &ExecStartRequest) -> Request<Duplex> {
    let mut request =
        Request::on("ExecStart", "POST", "/exec/{}/start", id).json(body).upgrade("tcp");
    if body.detach {
        request.wrong("Detach is set: a detached exec has no stream, use start_detached instead");
    }
    request.returning()
}

/// `POST /exec/{id}/start` with `Detach`.
pub(crate) fn start_detached(id: &str, body: &ExecStartRequest) -> Request<()> {
    let body = ExecStartRequest { detach: true, ..body.clone() };
    Request::on("ExecStart", "POST", "/exec/{}/start", id).json(&body)
}

pub(crate) fn resize(id: &str, h: u16, w: u16) -> Request<()> {
    Request::on("ExecResize", "POST", "/exec/{}/resize", id)
        .param("h", &h.to_string())
        .param("w", &w.to_string())
}

pub(crate) fn inspect(id: &str) -> Request<ExecInspectResponse> {
    Request::on("ExecInspect", "GET", "/exec/{}/json", id).returning()
}

impl Exec<'_> {
    /// Creates an exec in a running container.
    ///
    /// `POST /containers/{id}/exec`. The command is not started. `container` is a container name or
    /// ID.
    ///
    /// # Errors
    /// - [`Error::Conflict`] if the container is not running or is paused.
    /// - [`Error::EngineTooOld`] if the body contains a field that the engine does not support.
    pub fn create(&self, container: &str, body: &ContainerExecRequest) -> Result<IdResponse> {
        let mut body = Cow::Borrowed(body);
        let default = &self.context.cli_defaults().detach_keys;
        if body.detach_keys.is_empty() && !default.is_empty() {
            body.to_mut().detach_keys.clone_from(default);
        }
        self.context.call(create(container, &*body))
    }

    /// Starts an exec and attaches to it.
    ///
    /// `POST /exec/{id}/start`. Attaches the streams that [`create`](Exec::create) requested. `tty`
    /// must have the same value as there.
    ///
    /// The stream ends once all processes that hold the command's output have closed it. It ends in
    /// the same way if the engine dies; [`wait`](Exec::wait) distinguishes the two and returns the
    /// exit code.
    ///
    /// A command that cannot be started is not an error here, since the engine upgrades the
    /// connection first. The reason appears in the output, and the exit code is 126 or 127. The
    /// same applies to an exec that was started before.
    ///
    /// # Errors
    /// - [`Error::Conflict`] if the container is not running or is paused.
    /// - [`Error::InvalidArgument`] if `detach` is set.
    ///
    /// If the connection is not upgraded, as behind a proxy that does not support it, the output can
    /// be read, and writing input fails with [`Error::Protocol`].
    pub fn start(&self, id: &str, body: &ExecStartRequest) -> Result<Duplex> {
        let response = self.context.open_stream(start(id, body), None)?;
        // The response head reports the framing correctly only with newer engines.
        let framing = if body.tty { Framing::Raw } else { Framing::Multiplexed };
        Ok(Duplex::new(response.body, framing))
    }

    /// Starts an exec without attaching to it.
    ///
    /// `POST /exec/{id}/start` with `Detach`. [`wait`](Exec::wait) returns its exit code.
    ///
    /// # Errors
    /// - [`Error::Conflict`] if the exec was started before, or the container is not running or is
    ///   paused.
    /// - [`Error::BadRequest`] or [`Error::Engine`] if the command cannot be started.
    pub fn start_detached(&self, id: &str, body: &ExecStartRequest) -> Result<()> {
        self.context.call_outcome(start_detached(id, body)).map(drop)
    }

    /// Resizes the terminal of a running exec to `h` rows and `w` columns.
    ///
    /// `POST /exec/{id}/resize`.
    pub fn resize(&self, id: &str, h: u16, w: u16) -> Result<()> {
        self.context.call_outcome(resize(id, h, w)).map(drop)
    }

    /// Returns the details of an exec.
    ///
    /// `GET /exec/{id}/json`.
    ///
    /// # Errors
    /// Fails with [`Error::NotFound`] some minutes after the command has exited, after a restart of
    /// the engine, and if the container has been removed.
    pub fn inspect(&self, id: &str) -> Result<ExecInspectResponse> {
        self.context.call(inspect(id))
    }

    /// Waits until a started exec exits and returns its exit code.
    ///
    /// `GET /exec/{id}/json`, polled, since the API has no operation that waits for an exec. An
    /// exit code other than 0 is not an error.
    ///
    /// # Errors
    /// - [`Error::Timeout`] if the command is still running after `limit`. It is not stopped.
    /// - Other errors as [`inspect`](Exec::inspect).
    pub fn wait(&self, id: &str, limit: Duration) -> Result<i64> {
        let began = Instant::now();
        let (mut interval, longest) = POLL_INTERVALS;
        loop {
            let exec = self.context.call(inspect(id).returning::<ExecState>())?;
            // Before the first instruction of the command `Running` is false and `ExitCode` still
            // null.
            if let (false, Some(code)) = (exec.running, exec.exit_code) {
                return Ok(code);
            }
            let remaining = limit.saturating_sub(began.elapsed());
            if remaining.is_zero() {
                return Err(Error::Timeout {
                    operation: "ExecInspect",
                    what: "the command is still running",
                    after: limit,
                });
            }
            thread::sleep(interval.min(remaining));
            interval = (interval * 2).min(longest);
        }
    }

    /// Creates an exec, starts it and attaches to it.
    ///
    /// `POST /containers/{id}/exec` and `POST /exec/{id}/start`. Always attaches stdout and stderr,
    /// regardless of `body`. `container` is a container name or ID.
    ///
    /// # Errors
    /// As [`create`](Exec::create) and [`start`](Exec::start). Fails with [`Error::Protocol`] if
    /// `attach_stdin` is set and the connection is not upgraded.
    pub fn run(&self, container: &str, body: &ContainerExecRequest) -> Result<RunningExec> {
        let body =
            ContainerExecRequest { attach_stdout: true, attach_stderr: true, ..body.clone() };
        let id = self.create(container, &body)?.id;
        let start = ExecStartRequest { tty: body.tty, ..Default::default() };
        let mut duplex = self.start(&id, &start)?;
        if body.attach_stdin {
            duplex = duplex.require_input()?;
        }
        Ok(RunningExec { context: self.context.clone(), id, duplex })
    }
}

/// A running exec and the connection to it; from [`Exec::run`].
///
/// Dropping it closes the connection: the command's stdin ends and its further output is lost, but
/// it keeps running.
///
/// ```no_run
/// use dockline::{Context, model::ContainerExecRequest};
/// use std::io::Write;
/// let docker = Context::from_env()?;
/// let body = ContainerExecRequest { cmd: ["make"].into(), ..Default::default() };
/// let mut make = docker.exec().run("builder", &body)?;
/// for frame in make.duplex().output() {
///     std::io::stdout().write_all(&frame?.data)?;
/// }
/// println!("make: exit code {}", make.finish()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct RunningExec {
    context: Context,
    id: String,
    duplex: Duplex,
}

/// Output and exit code of a command; from [`RunningExec::collect`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExecOutput {
    /// The exit code.
    pub exit_code: i64,
    /// Bytes written to stdout, or to the terminal.
    pub stdout: Vec<u8>,
    /// Bytes written to stderr.
    pub stderr: Vec<u8>,
}

impl RunningExec {
    /// Returns the ID of the exec, for [`Exec::inspect`] and [`Exec::wait`].
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the connection, to read output and write input.
    pub fn duplex(&mut self) -> &mut Duplex {
        &mut self.duplex
    }

    /// Returns the connection by value, to split it.
    ///
    /// Copy the [`id`](RunningExec::id) first if it is needed for [`Exec::wait`].
    pub fn into_duplex(self) -> Duplex {
        self.duplex
    }

    /// Resizes the terminal to `h` rows and `w` columns.
    pub fn resize(&self, h: u16, w: u16) -> Result<()> {
        self.context.exec().resize(&self.id, h, w)
    }

    /// Waits until the command exits and returns its exit code.
    ///
    /// Closes stdin first, unless the exec has a terminal, where that would also end the output.
    /// Remaining output is read and discarded. An exit code other than 0 is not an error.
    ///
    /// # Errors
    /// - [`Error::Connect`] if the output ended because the engine died.
    /// - [`Error::NotFound`] if the engine has been restarted since.
    /// - [`Error::Cancelled`] if the token was cancelled.
    /// - [`Error::Timeout`] if the command has closed its output but is still running after
    ///   [`Timeouts::read`](crate::Timeouts::read).
    pub fn finish(mut self) -> Result<i64> {
        self.drain(|_, _| ())
    }

    /// Waits until the command exits and returns its remaining output and exit code.
    ///
    /// As [`finish`](RunningExec::finish), but collects the output in memory.
    ///
    /// # Errors
    /// As [`finish`](RunningExec::finish).
    pub fn collect(mut self) -> Result<ExecOutput> {
        let mut output = ExecOutput::default();
        output.exit_code = self.drain(|stream, data| match stream {
            StdStream::Stdout => output.stdout.extend_from_slice(data),
            StdStream::Stderr => output.stderr.extend_from_slice(data),
        })?;
        Ok(output)
    }

    fn drain(&mut self, mut on_frame: impl FnMut(StdStream, &[u8])) -> Result<i64> {
        if !self.duplex.is_terminal() && self.duplex.input().is_upgraded() {
            self.duplex.input().close()?;
        }
        while let Some((stream, data)) = self.duplex.output().next_frame()? {
            on_frame(stream, data);
        }
        // The stream may have reported this error before and then ended, but the exit code must not
        // be polled.
        if self.duplex.is_cancelled() {
            return Err(Error::Cancelled { operation: "ExecStart" });
        }
        let limit = self.context.timeouts.read.unwrap_or(Duration::MAX);
        self.context.exec().wait(&self.id, limit)
    }
}
