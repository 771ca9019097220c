//! What a container writes.

use super::{ContainerInspectOptions, Containers, inspect};
use crate::api::terminal;
use crate::call::OpenResponse;
use crate::codec::leaf::leaf;
use crate::codec::{JsonType, Leaf, Scalar, options};
use crate::request::Request;
use crate::stream::{Duplex, Framing, Logs};
use crate::{ApiVersion, Context, Result, TimeBound};

options! {
    /// Options of [`Containers::logs`]. By default both streams, from the beginning, without waiting
    /// for more.
    #[derive(Clone, PartialEq)]
    pub struct ContainerLogsOptions {
        /// Goes on with what is written from now on, until the container ends.
        pub follow: bool = query "follow",
        /// Standard output. On by default.
        pub stdout: bool = query "stdout",
        /// Standard error. On by default.
        pub stderr: bool = query "stderr",
        /// Only what was written since then.
        pub since: Option<TimeBound> = query "since",
        /// Only what was written before then. Since API 1.35.
        pub until: Option<TimeBound> = query "until" since 35,
        /// Puts the time, RFC 3339 with nine decimals, and a blank before each line.
        pub timestamps: bool = query "timestamps",
        /// How many lines from the end; all unless given.
        pub tail: Tail = query "tail",
        /// Puts the labels and variables that the logging driver keeps before each line.
        pub details: bool = query "details",
    }
}

impl Default for ContainerLogsOptions {
    fn default() -> Self {
        ContainerLogsOptions {
            follow: false,
            stdout: true,
            stderr: true,
            since: None,
            until: None,
            timestamps: false,
            tail: Tail::All,
            details: false,
        }
    }
}

options! {
    /// Options of [`Containers::attach`]. By default everything from now on: input and both outputs.
    #[derive(Clone, PartialEq)]
    pub struct ContainerAttachOptions {
        /// The keys that detach from its terminal, such as `ctrl-p,ctrl-q`.
        pub detach_keys: String = query "detachKeys",
        /// First what it has written before.
        pub logs: bool = query "logs",
        /// What it writes from now on. On by default.
        pub stream: bool = query "stream",
        /// Its standard input. On by default.
        pub stdin: bool = query "stdin",
        /// Its standard output. On by default.
        pub stdout: bool = query "stdout",
        /// Its standard error. On by default.
        pub stderr: bool = query "stderr",
    }
}

impl Default for ContainerAttachOptions {
    fn default() -> Self {
        ContainerAttachOptions {
            detach_keys: String::new(),
            logs: false,
            stream: true,
            stdin: true,
            stdout: true,
            stderr: true,
        }
    }
}

/// How many lines from the end of a log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tail {
    /// All of them.
    #[default]
    All,
    /// The last so many.
    Last(u64),
}

leaf!(Tail);

impl Leaf for Tail {
    /// Reads a number, also as text, or `all`.
    fn set(&mut self, value: Scalar<'_>) -> Result<(), String> {
        let tail = match value {
            Scalar::Uint(lines) => Some(Tail::Last(lines)),
            Scalar::Str("all") => Some(Tail::All),
            Scalar::Str(text) => text.parse().ok().map(Tail::Last),
            _ => None,
        };
        *self = tail.ok_or("a number of lines, or \"all\"")?;
        Ok(())
    }

    fn get(&self, pass: &mut dyn FnMut(Scalar<'_>)) {
        match *self {
            Tail::All => pass(Scalar::Str("all")),
            Tail::Last(lines) => pass(Scalar::Uint(lines)),
        }
    }

    fn is_empty(&self) -> bool {
        *self == Tail::All
    }
}

/// `GET /containers/{id}/logs`
pub(crate) fn logs(id: &str, options: &ContainerLogsOptions) -> Request<Logs> {
    let mut request =
        Request::on("ContainerLogs", "GET", "/containers/{}/logs", id).options(options);
    if !options.stdout && !options.stderr {
        request.wrong("neither stdout nor stderr is asked for: set at least one");
    }
    request.returning()
}

/// `POST /containers/{id}/attach`
pub(crate) fn attach(id: &str, options: &ContainerAttachOptions) -> Request<Duplex> {
    let mut request = Request::on("ContainerAttach", "POST", "/containers/{}/attach", id)
        .options(options)
        .upgrade("tcp");
    if !options.logs && !options.stream {
        request.wrong("neither logs nor stream is asked for: set at least one");
    }
    request.returning()
}

/// `POST /containers/{id}/resize`
pub(crate) fn resize(id: &str, h: u16, w: u16) -> Request<()> {
    Request::on("ContainerResize", "POST", "/containers/{}/resize", id)
        .optional("h", Some(h))
        .optional("w", Some(w))
}

impl Containers<'_> {
    /// Reads what a container has written to stdout and stderr, and with `follow` what it goes on to
    /// write (`GET /containers/{id}/logs`).
    ///
    /// ```no_run
    /// use dockline::{ContainerLogsOptions, Context};
    /// use std::io::Write;
    /// let docker = Context::from_env()?;
    /// let options = ContainerLogsOptions { follow: true, ..Default::default() };
    /// for frame in docker.containers().logs("web", &options)? {
    ///     std::io::stdout().write_all(&frame?.data)?;
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Engines before API 1.42 do not say whether stdout and stderr come in frames, so there the
    /// container is inspected first.
    pub fn logs(&self, id: &str, options: &ContainerLogsOptions) -> Result<Logs> {
        let (framing, response) = self.open_output(id, logs(id, options))?;
        Ok(Logs::new(response.body, framing))
    }

    /// Connects to the input and output of a container (`POST /containers/{id}/attach`).
    ///
    /// Attach before the start to miss nothing. Input reaches a container that was made with
    /// `OpenStdin`; for its end see [`Input::close`](crate::Input::close).
    ///
    /// The output ends alike when the container ends and when the engine dies:
    /// [`Logs::until_exit`] tells which.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when it is frozen or restarting.
    pub fn attach(&self, id: &str, options: &ContainerAttachOptions) -> Result<Duplex> {
        let (framing, response) = self.open_output(id, attach(id, options))?;
        Ok(Duplex::new(response.body, framing))
    }

    /// Tells the terminal of a container its size: `h` rows and `w` columns
    /// (`POST /containers/{id}/resize`).
    pub fn resize(&self, id: &str, h: u16, w: u16) -> Result<()> {
        self.context.call_outcome(resize(id, h, w)).map(drop)
    }

    /// Inspects a container, of which the library reads only what a `T` has.
    fn inspect_as<T: JsonType>(&self, id: &str) -> Result<T> {
        self.context.call(inspect(id, &ContainerInspectOptions::default()).reading())
    }

    /// Opens a stream of output and finds out how it is framed.
    fn open_output<T>(&self, id: &str, request: Request<T>) -> Result<(Framing, OpenResponse)> {
        let has_terminal = || Ok(self.inspect_as::<terminal::Container>(id)?.has_terminal());
        open_output(self.context, request, has_terminal)
    }
}

/// Opens a stream of output. Engines before API 1.42 do not say how it is framed: that depends on
/// whether it comes from a terminal, which there has to be found out first.
pub(crate) fn open_output<T>(
    context: &Context,
    request: Request<T>,
    has_terminal: impl Fn() -> Result<bool>,
) -> Result<(Framing, OpenResponse)> {
    let inspect_framing = || Ok(if has_terminal()? { Framing::Raw } else { Framing::Multiplexed });
    // A wrong request is told as it is, and not answered with an inspect.
    let told_by_head = request.parts.wrong.is_some() || {
        let spoken = context.api_version()?;
        spoken >= ApiVersion::new(1, 42) || request.parts.check_version(spoken).is_err()
    };
    if !told_by_head {
        let framing = inspect_framing()?;
        return Ok((framing, context.open_stream(request, None)?));
    }
    let upgrade = request.parts.operation == "ContainerAttach";
    let response = context.open_stream(request, None)?;
    let content_type = response.headers.get("content-type").and_then(|value| value.to_str().ok());
    let framing = match content_type {
        Some("application/vnd.docker.multiplexed-stream") => Framing::Multiplexed,
        // Without an upgrade an attach says this whatever it sends.
        Some("application/vnd.docker.raw-stream") if response.status == 101 || !upgrade => {
            Framing::Raw
        }
        _ => inspect_framing()?,
    };
    Ok((framing, response))
}
