//! Logs and attach.

use std::borrow::Cow;

use super::{ContainerInspectOptions, Containers, inspect};
use crate::api::terminal;
use crate::call::OpenResponse;
use crate::codec::leaf::leaf;
use crate::codec::{JsonType, Leaf, Scalar, options};
use crate::request::Request;
use crate::stream::{Duplex, Framing, Logs};
use crate::{ApiVersion, Context, Error, Result, TimeBound};

options! {
    /// Options of [`Containers::logs`]. By default, both streams from the beginning, without
    /// `follow`.
    #[derive(Clone, PartialEq)]
    pub struct ContainerLogsOptions {
        /// Keep the stream open and return new output until the container exits.
        pub follow: bool = query "follow",
        /// Return standard output. Default: `true`.
        pub stdout: bool = query "stdout",
        /// Return standard error. Default: `true`.
        pub stderr: bool = query "stderr",
        /// Return only output written since this time.
        pub since: Option<TimeBound> = query "since",
        /// Return only output written before this time. Since API 1.35.
        pub until: Option<TimeBound> = query "until" since 35,
        /// Prefix each line with its time in RFC 3339 with nine decimals, and a space.
        pub timestamps: bool = query "timestamps",
        /// Number of lines to return from the end of the logs, or `all`. Default: `all`.
        pub tail: Tail = query "tail",
        /// Prefix each line with the labels and environment variables that the logging driver
        /// records.
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
    /// Options of [`Containers::attach`]. By default, stdin, stdout and stderr from now on.
    #[derive(Clone, PartialEq)]
    pub struct ContainerAttachOptions {
        /// Key sequence that detaches from the container's terminal, such as `ctrl-p,ctrl-q`.
        pub detach_keys: String = query "detachKeys",
        /// Return the output that was written before the call first.
        pub logs: bool = query "logs",
        /// Stream the output that is written from now on. Default: `true`.
        pub stream: bool = query "stream",
        /// Attach to standard input. Default: `true`.
        pub stdin: bool = query "stdin",
        /// Attach to standard output. Default: `true`.
        pub stdout: bool = query "stdout",
        /// Attach to standard error. Default: `true`.
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

/// The number of lines to return from the end of a log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tail {
    /// All lines.
    #[default]
    All,
    /// The last N lines.
    Last(u64),
}

leaf!(Tail);

impl Leaf for Tail {
    /// Reads a number, also as a string, or `all`.
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

pub(crate) fn logs(id: &str, options: &ContainerLogsOptions) -> Request<Logs> {
    let mut request =
        Request::on_container("ContainerLogs", "GET", "/containers/{}/logs", id).options(options);
    if !options.stdout && !options.stderr {
        request.wrong("stdout and stderr are both off: set at least one");
    }
    request.returning()
}

pub(crate) fn attach(id: &str, options: &ContainerAttachOptions) -> Request<Duplex> {
    let mut request = Request::on_container("ContainerAttach", "POST", "/containers/{}/attach", id)
        .options(options)
        .upgrade("tcp");
    if !options.logs && !options.stream {
        request.wrong("logs and stream are both off: set at least one");
    }
    request.returning()
}

pub(crate) fn resize(id: &str, h: u16, w: u16) -> Request<()> {
    Request::on_container("ContainerResize", "POST", "/containers/{}/resize", id)
        .optional("h", Some(h))
        .optional("w", Some(w))
}

impl Containers<'_> {
    /// Reads the output of a container.
    ///
    /// `GET /containers/{id}/logs`. With `follow` the stream continues with new output until the
    /// container exits.
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
    /// Engines before API 1.42 do not report whether the stream is multiplexed. With these, the
    /// container is inspected first.
    pub fn logs(&self, id: &str, options: &ContainerLogsOptions) -> Result<Logs> {
        let (framing, response) = self.open_output(id, logs(id, options))?;
        Ok(Logs::new(response.body, framing))
    }

    /// Attaches to the input and output of a container.
    ///
    /// `POST /containers/{id}/attach`. Attach before the container is started to receive all of its
    /// output. Input reaches only a container that was created with `OpenStdin`; for a half-close
    /// see [`Input::close`](crate::Input::close).
    ///
    /// The output ends in the same way if the container exits and if the engine dies. Use
    /// [`Logs::until_exit`] to distinguish them.
    ///
    /// # Errors
    /// - [`Error::Conflict`](crate::Error::Conflict) if the container is paused or restarting.
    /// - [`Error::Protocol`](crate::Error::Protocol) if `stdin` is set and the connection is not
    ///   upgraded, as behind a proxy that does not support it. Output alone can be read.
    pub fn attach(&self, id: &str, options: &ContainerAttachOptions) -> Result<Duplex> {
        let mut options = Cow::Borrowed(options);
        if options.detach_keys.is_empty() {
            options.to_mut().detach_keys.clone_from(&self.context.cli_defaults().detach_keys);
        }
        let (framing, response) = self.open_output(id, attach(id, &options))?;
        let duplex = Duplex::new(response.body, framing);
        if options.stdin { duplex.require_input() } else { Ok(duplex) }
    }

    /// Resizes the terminal of a container to `h` rows and `w` columns.
    ///
    /// `POST /containers/{id}/resize`.
    pub fn resize(&self, id: &str, h: u16, w: u16) -> Result<()> {
        self.context.call_outcome(resize(id, h, w)).map(drop)
    }

    /// Inspects a container and reads only the fields of `T`.
    fn inspect_as<T: JsonType>(&self, id: &str) -> Result<T> {
        self.context.call(inspect(id, &ContainerInspectOptions::default()).returning())
    }

    /// Opens a stream of output and determines its framing.
    fn open_output<T>(&self, id: &str, request: Request<T>) -> Result<(Framing, OpenResponse)> {
        let has_terminal = || Ok(self.inspect_as::<terminal::Container>(id)?.has_terminal());
        open_output(self.context, request, has_terminal)
    }
}

/// Opens a stream of output and determines its framing.
///
/// From API 1.42 on the Content-Type of the response distinguishes raw from multiplexed output.
/// Older engines require an inspect: output is raw if the container has a terminal.
///
/// From API 1.54 on, an `Accept` header requests logs as JSON instead of frames.
pub(crate) fn open_output<T>(
    context: &Context,
    request: Request<T>,
    has_terminal: impl Fn() -> Result<bool>,
) -> Result<(Framing, OpenResponse)> {
    let operation = request.parts.operation;
    let has_terminal = || has_terminal().map_err(|error| error.of(operation));
    let inspect_framing = || Ok(if has_terminal()? { Framing::Raw } else { Framing::Multiplexed });
    // An invalid request fails with its own error, without an inspect.
    let typed = request.parts.error.is_some() || {
        let version = context.version_for(operation)?;
        version >= ApiVersion::new(1, 42) || request.parts.check_version(version).is_err()
    };
    if let Some(accept) = context.headers().json_accept() {
        if request.parts.error.is_none() && context.api_version()? >= ApiVersion::new(1, 54) {
            let message = format!(
                "the header \"Accept: {accept}\" of the context requests JSON instead of the \
                 output: open the context without it"
            );
            return Err(Error::invalid(operation, message));
        }
    }
    if !typed {
        let framing = inspect_framing()?;
        return Ok((framing, context.open_stream(request, None)?));
    }
    let upgrade = operation == "ContainerAttach";
    let mut response = context.open_stream(request, None)?;
    let content_type = response.headers.get("content-type").and_then(|value| value.to_str().ok());
    let framing = match content_type {
        Some("application/vnd.docker.multiplexed-stream") => Framing::Multiplexed,
        // A response to attach without an upgrade has this type for multiplexed output, too.
        Some("application/vnd.docker.raw-stream") if response.status == 101 || !upgrade => {
            Framing::Raw
        }
        Some(json) if json.contains("json") => {
            let message = format!("expected the output, got {json}: a proxy may request it");
            let error = Error::Protocol { operation, message };
            response.body.finish(Some(&error));
            return Err(error);
        }
        _ => inspect_framing()?,
    };
    Ok((framing, response))
}
