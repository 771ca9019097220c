//! Start, stop, restart, kill, pause and wait.

use std::time::Duration;

use serde_json::Value;
use ureq::http::HeaderValue;

use super::Containers;
use crate::call::{decode, describe_other_than_json};
use crate::cancel::CancelToken;
use crate::codec::{Scalar, options, record, string_enum};
use crate::model::{ContainerWaitExitError, ContainerWaitResponse};
use crate::request::{Request, ResponseTimeout};
use crate::stream::BodyReader;
use crate::{Error, Outcome, Result};

/// Largest response of a wait. It has less than 100 bytes, unless the engine reports an error.
const MAX_WAIT_RESPONSE: usize = 1024 * 1024;

options! {
    /// Options of [`Containers::start`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerStartOptions {
        /// Key sequence that detaches from the container's terminal, such as `ctrl-p,ctrl-q`.
        pub detach_keys: String = query "detachKeys",
        /// Checkpoint to restore the container from. Experimental engines only.
        pub checkpoint: String = query "checkpoint",
        /// Directory on the engine's host that contains the checkpoint. Experimental engines only.
        pub checkpoint_dir: String = query "checkpoint-dir",
    }
}

options! {
    /// Options of [`Containers::stop`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerStopOptions {
        /// Signal that stops the container, by name or number. Default: the container's stop
        /// signal. Since API 1.42.
        pub signal: String = query "signal" since 42,
        /// Seconds to wait before the container is killed; -1 waits without limit. Default: the
        /// container's stop timeout, or 10.
        pub t: Option<i32> = query "t",
    }
}

options! {
    /// Options of [`Containers::restart`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerRestartOptions {
        /// Signal that stops the container, by name or number. Default: the container's stop
        /// signal. Since API 1.42.
        pub signal: String = query "signal" since 42,
        /// Seconds to wait before the container is killed; -1 waits without limit. Default: the
        /// container's stop timeout, or 10.
        pub t: Option<i32> = query "t",
    }
}

options! {
    /// Options of [`Containers::kill`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerKillOptions {
        /// Signal to send, by name or number. Default: `SIGKILL`.
        pub signal: String = query "signal",
    }
}

string_enum! {
    /// The state of a container that a wait ends at.
    pub enum WaitCondition {
        /// The container is not running. The wait returns at once if that is already so.
        NotRunning = "not-running",
        /// The container exits the next time. It need not be running yet.
        NextExit = "next-exit",
        /// The container is removed.
        Removed = "removed",
    }
}

options! {
    /// Options of [`Containers::wait`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerWaitOptions {
        /// Condition to wait for: `not-running`, `next-exit` or `removed`. Default: `not-running`.
        /// Since API 1.30.
        pub condition: WaitCondition = query "condition" since 30,
    }
}

pub(crate) fn start(id: &str, options: &ContainerStartOptions) -> Request<()> {
    Request::on_container("ContainerStart", "POST", "/containers/{}/start", id).options(options)
}

pub(crate) fn stop(id: &str, options: &ContainerStopOptions) -> Request<()> {
    Request::on_container("ContainerStop", "POST", "/containers/{}/stop", id)
        .options(options)
        .response_timeout(stop_timeout(options.t))
}

/// The read timeout of a stop: extended by `t`. Without `t` the engine waits for the container's
/// own stop timeout, which is not visible here.
fn stop_timeout(t: Option<i32>) -> ResponseTimeout {
    match t.map(u64::try_from) {
        Some(Ok(seconds)) => ResponseTimeout::IdlePlus(Duration::from_secs(seconds)),
        Some(Err(_)) | None => ResponseTimeout::None,
    }
}

pub(crate) fn restart(id: &str, options: &ContainerRestartOptions) -> Request<()> {
    Request::on_container("ContainerRestart", "POST", "/containers/{}/restart", id)
        .options(options)
        .response_timeout(stop_timeout(options.t))
}

pub(crate) fn kill(id: &str, options: &ContainerKillOptions) -> Request<()> {
    Request::on_container("ContainerKill", "POST", "/containers/{}/kill", id).options(options)
}

pub(crate) fn pause(id: &str) -> Request<()> {
    Request::on_container("ContainerPause", "POST", "/containers/{}/pause", id)
}

pub(crate) fn unpause(id: &str) -> Request<()> {
    Request::on_container("ContainerUnpause", "POST", "/containers/{}/unpause", id)
}

pub(crate) fn wait(id: &str, options: &ContainerWaitOptions) -> Request<ContainerWaitResponse> {
    Request::on_container("ContainerWait", "POST", "/containers/{}/wait", id)
        .options(options)
        .response_timeout(ResponseTimeout::None)
        .returning()
}

impl Containers<'_> {
    /// Starts a container.
    ///
    /// `POST /containers/{id}/start`. Returns [`Outcome::NotModified`] if the container is already
    /// running.
    pub fn start(&self, id: &str, options: &ContainerStartOptions) -> Result<Outcome> {
        self.context.call_outcome(start(id, options))
    }

    /// Stops a container and waits until it has stopped.
    ///
    /// `POST /containers/{id}/stop`. Returns [`Outcome::NotModified`] if the container is not
    /// running.
    ///
    /// The read timeout is extended by `t`. Without `t` the engine applies the container's own stop
    /// timeout, so only [`Timeouts::stream`](crate::Timeouts::stream) limits the call.
    pub fn stop(&self, id: &str, options: &ContainerStopOptions) -> Result<Outcome> {
        self.context.call_outcome(stop(id, options))
    }

    /// Restarts a container.
    ///
    /// `POST /containers/{id}/restart`. Stops the container, if it is running, and starts it.
    /// Timeouts are those of [`stop`](Containers::stop).
    pub fn restart(&self, id: &str, options: &ContainerRestartOptions) -> Result<()> {
        self.context.call_outcome(restart(id, options)).map(drop)
    }

    /// Sends a signal to the main process of a container.
    ///
    /// `POST /containers/{id}/kill`.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`] if the container is not running.
    pub fn kill(&self, id: &str, options: &ContainerKillOptions) -> Result<()> {
        self.context.call_outcome(kill(id, options)).map(drop)
    }

    /// Pauses all processes of a container.
    ///
    /// `POST /containers/{id}/pause`.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`] if the container is not running or already paused. Some
    /// engines return [`Error::Engine`] if it is already paused.
    pub fn pause(&self, id: &str) -> Result<()> {
        self.context.call_outcome(pause(id)).map(drop)
    }

    /// Resumes a paused container.
    ///
    /// `POST /containers/{id}/unpause`.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`] or [`Error::Engine`] if the container is not paused.
    pub fn unpause(&self, id: &str) -> Result<()> {
        self.context.call_outcome(unpause(id)).map(drop)
    }

    /// Waits for a container and returns its exit code.
    ///
    /// `POST /containers/{id}/wait`. By default, waits until the container is not running. An exit
    /// code other than 0 is not an error.
    ///
    /// # Errors
    /// - [`Error::Stream`] if the engine fails during the wait.
    /// - [`Error::Decode`] if the response has no exit code.
    pub fn wait(&self, id: &str, options: &ContainerWaitOptions) -> Result<ContainerWaitResponse> {
        self.start_wait(id, options)?.finish()
    }

    /// Starts to wait for a container, without blocking until it exits.
    ///
    /// `POST /containers/{id}/wait`. Returns once the engine has registered the wait. A wait for
    /// [`WaitCondition::NextExit`] that is started before the container therefore misses no exit,
    /// however short the container runs. Since API 1.30; older engines send no response before the
    /// container has exited, so this blocks until then.
    pub fn start_wait(&self, id: &str, options: &ContainerWaitOptions) -> Result<ContainerWait> {
        let response = self.context.open_stream(wait(id, options), None)?;
        let content_type = response.headers.get("content-type").cloned();
        Ok(ContainerWait { body: response.body, content_type })
    }
}

/// A wait that the engine has registered; from [`Containers::start_wait`].
#[derive(Debug)]
#[must_use = "call finish() to wait for the exit code"]
pub struct ContainerWait {
    body: BodyReader,
    content_type: Option<HeaderValue>,
}

impl ContainerWait {
    /// Waits for the container and returns its exit code.
    ///
    /// # Errors
    /// - [`Error::Stream`] if the engine fails during the wait.
    /// - [`Error::Decode`] if the response has no exit code.
    pub fn finish(mut self) -> Result<ContainerWaitResponse> {
        self.read()
    }

    /// Reads the whole response and reports the result of the call.
    fn read(&mut self) -> Result<ContainerWaitResponse> {
        let result = self.read_response();
        self.body.finish(result.as_ref().err());
        result
    }

    fn read_response(&mut self) -> Result<ContainerWaitResponse> {
        let operation = self.body.operation();
        let mut seen = 0;
        loop {
            let data = self.body.peek(seen + 1)?;
            if data.len() == seen {
                return exit_status(operation, data).map_err(|error| {
                    describe_other_than_json(error, self.content_type.as_ref(), data, false)
                });
            }
            seen = data.len();
            if seen > MAX_WAIT_RESPONSE {
                return Err(Error::Protocol {
                    operation,
                    message: "the response is longer than 1 MiB".to_owned(),
                });
            }
        }
    }

    /// The result of the wait, if it is available.
    pub(super) fn poll(&mut self) -> Option<Result<ContainerWaitResponse>> {
        loop {
            let seen = self.body.peeked().len();
            match self.body.poll_readable(seen + 1, Duration::from_millis(1)) {
                Ok(false) => return None,
                Ok(true) if self.body.peeked().len() > seen && seen <= MAX_WAIT_RESPONSE => {}
                Ok(true) => return Some(self.read()),
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// Ends the wait when `cancel` is cancelled, too.
    pub(super) fn cancelled_by(&self, cancel: &CancelToken) {
        self.body.cancelled_by(cancel);
    }

    /// Returns a token that cancels the wait from another thread. The container is not affected.
    pub fn cancel_token(&self) -> CancelToken {
        self.body.cancel_token()
    }
}

/// Decodes the response of a wait, which must contain the exit code.
fn exit_status(operation: &'static str, json: &[u8]) -> Result<ContainerWaitResponse> {
    record! {
        #[derive(Default)]
        struct Exit {
            status_code: Option<i64> = "StatusCode",
            error: Option<Value> = "Error",
        }
    }
    let exit: Exit = decode(operation, json)?;
    let reported = match &exit.error {
        // Podman sends an empty message without an error.
        None | Some(Value::Bool(false)) => "",
        Some(Value::String(message)) => message,
        Some(Value::Object(error)) => error.get("Message").and_then(Value::as_str).unwrap_or(""),
        Some(_) => std::str::from_utf8(json).unwrap_or_default(),
    };
    if !reported.is_empty() {
        return Err(Error::stream(operation, reported, exit.status_code));
    }
    match exit.status_code {
        Some(status_code) => Ok(ContainerWaitResponse {
            status_code,
            error: exit.error.map(|_| ContainerWaitExitError::default()),
        }),
        None => Err(Error::Decode {
            operation,
            path: "StatusCode".to_owned(),
            message: format!(
                "expected the exit code, got {}",
                Scalar::Str(&String::from_utf8_lossy(json)).quote()
            ),
        }),
    }
}
