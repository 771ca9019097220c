//! Programs that are started in a running container.

use std::thread;
use std::time::{Duration, Instant};

use crate::codec::{JsonBody, record};
use crate::model::{ContainerExecRequest, ExecInspectResponse, ExecStartRequest, IdResponse};
use crate::request::Request;
use crate::stream::{Duplex, Framing, StdStream};
use crate::{Context, Error, Result};

/// The pauses between two questions whether a program has ended: from the first to the last, each
/// twice as long as the one before.
const PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(100));

/// Calls about programs that are started in a running container; from [`Context::exec`].
///
/// The engine first makes an exec and then starts it, once; [`run`](Exec::run) does both.
///
#[doc = "```no_run"]
#[doc = include_str!("../../examples/resources/exec.rs")]
#[doc = "```"]
#[derive(Debug, Clone, Copy)]
pub struct Exec<'a> {
    context: &'a Context,
}

impl Context {
    /// Calls about programs that are started in a running container.
    pub fn exec(&self) -> Exec<'_> {
        Exec { context: self }
    }
}

record! {
    /// What tells that a program has ended.
    #[derive(Default)]
    struct Progress {
        running: bool = "Running",
        exit_code: Option<i64> = "ExitCode",
    }
}

/// `POST /containers/{id}/exec`
pub(crate) fn create(container: &str, body: &dyn JsonBody) -> Request<IdResponse> {
    let mut request =
        Request::on("ContainerExec", "POST", "/containers/{}/exec", container).json(body);
    if !body.has("Cmd") {
        request.wrong("no program is named: set cmd");
    }
    request.returning()
}

/// `POST /exec/{id}/start`, connected
pub(crate) fn start(id: &str, body: &ExecStartRequest) -> Request<Duplex> {
    let mut request =
        Request::on("ExecStart", "POST", "/exec/{}/start", id).json(body).upgrade("tcp");
    if body.detach {
        request.wrong("detach is set: a detached program has no stream, start it detached");
    }
    request.returning()
}

/// `POST /exec/{id}/start`, detached
pub(crate) fn start_detached(id: &str, body: &ExecStartRequest) -> Request<()> {
    let body = ExecStartRequest { detach: true, ..body.clone() };
    Request::on("ExecStart", "POST", "/exec/{}/start", id).json(&body)
}

/// `POST /exec/{id}/resize`
pub(crate) fn resize(id: &str, h: u16, w: u16) -> Request<()> {
    Request::on("ExecResize", "POST", "/exec/{}/resize", id)
        .param("h", &h.to_string())
        .param("w", &w.to_string())
}

/// `GET /exec/{id}/json`
pub(crate) fn inspect(id: &str) -> Request<ExecInspectResponse> {
    Request::on("ExecInspect", "GET", "/exec/{}/json", id).returning()
}

impl Exec<'_> {
    /// Makes an exec (`POST /containers/{id}/exec`). The program does not run yet.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the container does not run or is frozen,
    /// [`Error::EngineTooOld`] when the body holds a field that this engine does not know yet.
    pub fn create(&self, container: &str, body: &ContainerExecRequest) -> Result<IdResponse> {
        self.context.call(create(container, body))
    }

    /// Starts the program of an exec and connects to it (`POST /exec/{id}/start`).
    ///
    /// What is connected is what [`create`](Exec::create) was asked to attach; `tty` must be what it
    /// was there. The stream ends when everything that holds the program's output has let go of it,
    /// and so it does when the engine dies: [`wait`](Exec::wait) tells which, with the exit code.
    ///
    /// A program that cannot be started is no error here, since the engine hands out the connection
    /// first: it says so among the output, and the exit code is 126 or 127. So it does of an exec
    /// that was started before.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the container does not run or is frozen; [`Error::InvalidArgument`]
    /// when `detach` is set.
    pub fn start(&self, id: &str, body: &ExecStartRequest) -> Result<Duplex> {
        let response = self.context.open_stream(start(id, body), None)?;
        // What the head of the response says of the framing is right with new engines only.
        let framing = if body.tty { Framing::Raw } else { Framing::Multiplexed };
        Ok(Duplex::new(response.body, framing))
    }

    /// Starts the program of an exec and leaves it alone (`POST /exec/{id}/start` with `Detach`).
    /// [`wait`](Exec::wait) gives its exit code.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was started before, or the container does not run or is frozen;
    /// [`Error::BadRequest`] or [`Error::Engine`] when the program cannot be started.
    pub fn start_detached(&self, id: &str, body: &ExecStartRequest) -> Result<()> {
        self.context.call_outcome(start_detached(id, body)).map(drop)
    }

    /// Tells the terminal of a running exec its size: `h` rows and `w` columns
    /// (`POST /exec/{id}/resize`).
    pub fn resize(&self, id: &str, h: u16, w: u16) -> Result<()> {
        self.context.call_outcome(resize(id, h, w)).map(drop)
    }

    /// Tells everything about an exec (`GET /exec/{id}/json`).
    ///
    /// # Errors
    /// [`Error::NotFound`] some minutes after its end, when the engine was started anew, and when
    /// the container is gone.
    pub fn inspect(&self, id: &str) -> Result<ExecInspectResponse> {
        self.context.call(inspect(id))
    }

    /// Waits for the program of a started exec to end and gives its exit code, which is data: 3 is
    /// no error. The engine has no call for this, so it is asked until it says so.
    ///
    /// # Errors
    /// [`Error::Timeout`] when the program has not ended after `limit`; it goes on. Otherwise as
    /// [`inspect`](Exec::inspect).
    pub fn wait(&self, id: &str, limit: Duration) -> Result<i64> {
        let began = Instant::now();
        let (mut pause, longest) = PAUSES;
        loop {
            let exec = self.context.call(inspect(id).reading::<Progress>())?;
            // Between the start and the first instruction it does not run and has no code either.
            if let (false, Some(code)) = (exec.running, exec.exit_code) {
                return Ok(code);
            }
            let left = limit.saturating_sub(began.elapsed());
            if left.is_zero() {
                return Err(Error::Timeout {
                    operation: "ExecInspect",
                    what: "the program has not ended",
                    after: limit,
                });
            }
            thread::sleep(pause.min(left));
            pause = (pause * 2).min(longest);
        }
    }

    /// Starts a program in a container and connects to it: makes the exec, and starts it with the
    /// same terminal. Its output is attached, whatever `body` says of that.
    ///
    /// # Errors
    /// As [`create`](Exec::create) and [`start`](Exec::start).
    pub fn run(&self, container: &str, body: &ContainerExecRequest) -> Result<RunningExec> {
        let body =
            ContainerExecRequest { attach_stdout: true, attach_stderr: true, ..body.clone() };
        let id = self.create(container, &body)?.id;
        let start = ExecStartRequest { tty: body.tty, ..Default::default() };
        let duplex = self.start(&id, &start)?;
        Ok(RunningExec { context: self.context.clone(), id, duplex })
    }
}

/// A program that runs in a container, and the connection to it; from [`Exec::run`].
///
/// Dropping it closes the connection: the program's input ends, its output is lost, and it goes on.
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
/// println!("make ended with {}", make.finish()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct RunningExec {
    context: Context,
    id: String,
    duplex: Duplex,
}

/// What a program wrote, and how it ended; from [`RunningExec::collect`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExecOutput {
    /// The exit code.
    pub exit_code: i64,
    /// What was written to standard output, or to the terminal.
    pub stdout: Vec<u8>,
    /// What was written to standard error.
    pub stderr: Vec<u8>,
}

impl RunningExec {
    /// Id of the exec, for [`Exec::inspect`] and [`Exec::wait`].
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The connection: its output to read, its input to write.
    pub fn duplex(&mut self) -> &mut Duplex {
        &mut self.duplex
    }

    /// The connection alone, to split it. Take the [`id`](RunningExec::id) before, for
    /// [`Exec::wait`].
    pub fn into_duplex(self) -> Duplex {
        self.duplex
    }

    /// Tells the program's terminal its size: `h` rows and `w` columns.
    pub fn resize(&self, h: u16, w: u16) -> Result<()> {
        self.context.exec().resize(&self.id, h, w)
    }

    /// Waits for the end and gives the exit code, which is data: 3 is no error.
    ///
    /// Ends the input first, unless the program has a terminal, which would end the output with it.
    /// What is left of the output is read and dropped.
    ///
    /// # Errors
    /// [`Error::Connect`] when the output ended because the engine died, [`Error::NotFound`] when it
    /// was started anew since; [`Error::Cancelled`]; [`Error::Timeout`] when the program has let go
    /// of its output and not ended after [`Timeouts::read`](crate::Timeouts::read).
    pub fn finish(mut self) -> Result<i64> {
        self.drain(|_, _| ())
    }

    /// As [`finish`](RunningExec::finish), and keeps what is left of the output, in memory.
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

    fn drain(&mut self, mut take: impl FnMut(StdStream, &[u8])) -> Result<i64> {
        if !self.duplex.is_terminal() {
            self.duplex.input().close()?;
        }
        while let Some((stream, data)) = self.duplex.output().next_frame()? {
            take(stream, data);
        }
        // Told once already, perhaps; the program is not waited for all the same.
        if self.duplex.is_cancelled() {
            return Err(Error::Cancelled { operation: "ExecStart" });
        }
        let limit = self.context.timeouts.read.unwrap_or(Duration::MAX);
        self.context.exec().wait(&self.id, limit)
    }
}
