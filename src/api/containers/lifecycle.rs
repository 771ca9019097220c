//! The life of a container: start, stop, wait.

use std::time::Duration;

use super::Containers;
use crate::call::decode;
use crate::cancel::CancelToken;
use crate::codec::{options, string_enum};
use crate::model::ContainerWaitResponse;
use crate::request::{Request, ResponseTimeout};
use crate::stream::BodyReader;
use crate::{Error, Outcome, Result};

options! {
    /// Options of [`Containers::start`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerStartOptions {
        /// The keys that detach from its terminal, such as `ctrl-p,ctrl-q`.
        pub detach_keys: String = query "detachKeys",
        /// A checkpoint to go on from. Experimental engines only.
        pub checkpoint: String = query "checkpoint",
        /// The directory of the checkpoint, on the engine's host. Experimental engines only.
        pub checkpoint_dir: String = query "checkpoint-dir",
    }
}

options! {
    /// Options of [`Containers::stop`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerStopOptions {
        /// The signal to stop it with, by name or number, instead of its own. Since API 1.42.
        pub signal: String = query "signal" since 42,
        /// Seconds until it is killed; -1 never kills. Its own stop timeout, or 10, unless given.
        pub t: Option<i32> = query "t",
    }
}

options! {
    /// Options of [`Containers::restart`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerRestartOptions {
        /// The signal to stop it with, by name or number, instead of its own. Since API 1.42.
        pub signal: String = query "signal" since 42,
        /// Seconds until it is killed; -1 never kills. Its own stop timeout, or 10, unless given.
        pub t: Option<i32> = query "t",
    }
}

options! {
    /// Options of [`Containers::kill`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerKillOptions {
        /// The signal, by name or number; `SIGKILL` when empty.
        pub signal: String = query "signal",
    }
}

string_enum! {
    /// What to wait for.
    pub enum WaitCondition {
        /// That it does not run, which may be so already.
        NotRunning = "not-running",
        /// That it ends the next time, also when it does not run yet.
        NextExit = "next-exit",
        /// That it is deleted.
        Removed = "removed",
    }
}

options! {
    /// Options of [`Containers::wait`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerWaitOptions {
        /// What to wait for; that it does not run, unless given. Since API 1.30.
        pub condition: WaitCondition = query "condition" since 30,
    }
}

/// `POST /containers/{id}/start`
pub(crate) fn start(id: &str, options: &ContainerStartOptions) -> Request<()> {
    Request::on("ContainerStart", "POST", "/containers/{}/start", id).options(options)
}

/// `POST /containers/{id}/stop`
pub(crate) fn stop(id: &str, options: &ContainerStopOptions) -> Request<()> {
    Request::on("ContainerStop", "POST", "/containers/{}/stop", id)
        .options(options)
        .response_timeout(grace(options.t))
}

/// How long the engine may wait for a container to stop: only the container itself knows, unless it
/// was told.
fn grace(t: Option<i32>) -> ResponseTimeout {
    match t.map(u64::try_from) {
        Some(Ok(seconds)) => ResponseTimeout::IdlePlus(Duration::from_secs(seconds)),
        Some(Err(_)) | None => ResponseTimeout::None,
    }
}

/// `POST /containers/{id}/restart`
pub(crate) fn restart(id: &str, options: &ContainerRestartOptions) -> Request<()> {
    Request::on("ContainerRestart", "POST", "/containers/{}/restart", id)
        .options(options)
        .response_timeout(grace(options.t))
}

/// `POST /containers/{id}/kill`
pub(crate) fn kill(id: &str, options: &ContainerKillOptions) -> Request<()> {
    Request::on("ContainerKill", "POST", "/containers/{}/kill", id).options(options)
}

/// `POST /containers/{id}/pause`
pub(crate) fn pause(id: &str) -> Request<()> {
    Request::on("ContainerPause", "POST", "/containers/{}/pause", id)
}

/// `POST /containers/{id}/unpause`
pub(crate) fn unpause(id: &str) -> Request<()> {
    Request::on("ContainerUnpause", "POST", "/containers/{}/unpause", id)
}

/// `POST /containers/{id}/wait`
pub(crate) fn wait(id: &str, options: &ContainerWaitOptions) -> Request<ContainerWaitResponse> {
    Request::on("ContainerWait", "POST", "/containers/{}/wait", id)
        .options(options)
        .response_timeout(ResponseTimeout::None)
        .returning()
}

impl Containers<'_> {
    /// Starts a container (`POST /containers/{id}/start`). [`Outcome::NotModified`] when it runs already.
    pub fn start(&self, id: &str, options: &ContainerStartOptions) -> Result<Outcome> {
        self.context.call_outcome(start(id, options))
    }

    /// Stops a container and waits until it has (`POST /containers/{id}/stop`).
    /// [`Outcome::NotModified`] when it does not run.
    ///
    /// The read timeout is extended by `t`. Without `t` the container's own stop timeout counts, which
    /// only the engine knows, so then there is none but [`Timeouts::stream`](crate::Timeouts::stream).
    pub fn stop(&self, id: &str, options: &ContainerStopOptions) -> Result<Outcome> {
        self.context.call_outcome(stop(id, options))
    }

    /// Stops a container, if it runs, and starts it (`POST /containers/{id}/restart`). Timeouts are as
    /// for [`stop`](Containers::stop).
    pub fn restart(&self, id: &str, options: &ContainerRestartOptions) -> Result<()> {
        self.context.call_outcome(restart(id, options)).map(drop)
    }

    /// Sends a signal to the first process of a container (`POST /containers/{id}/kill`).
    ///
    /// # Errors
    /// [`Error::Conflict`] when it does not run.
    pub fn kill(&self, id: &str, options: &ContainerKillOptions) -> Result<()> {
        self.context.call_outcome(kill(id, options)).map(drop)
    }

    /// Freezes all processes of a container (`POST /containers/{id}/pause`).
    ///
    /// # Errors
    /// [`Error::Conflict`] when it does not run, or is frozen already (there some engines use
    /// [`Error::Engine`]).
    pub fn pause(&self, id: &str) -> Result<()> {
        self.context.call_outcome(pause(id)).map(drop)
    }

    /// Lets the processes of a frozen container go on (`POST /containers/{id}/unpause`).
    ///
    /// # Errors
    /// [`Error::Conflict`] or [`Error::Engine`] when it is not frozen.
    pub fn unpause(&self, id: &str) -> Result<()> {
        self.context.call_outcome(unpause(id)).map(drop)
    }

    /// Waits for a container, by default until it does not run, and gives its exit code
    /// (`POST /containers/{id}/wait`). The code is data: 3 is no error.
    ///
    /// # Errors
    /// [`Error::Stream`] when the engine fails while it waits.
    pub fn wait(&self, id: &str, options: &ContainerWaitOptions) -> Result<ContainerWaitResponse> {
        self.start_wait(id, options)?.finish()
    }

    /// Begins to wait for a container: when this returns, the engine is watching it. So a wait for
    /// [`WaitCondition::NextExit`] that was begun before the start misses no exit, however short the
    /// container lives. Since API 1.30; older engines say nothing before the container has ended.
    pub fn start_wait(&self, id: &str, options: &ContainerWaitOptions) -> Result<ContainerWait> {
        Ok(ContainerWait { body: self.context.open_stream(wait(id, options), None)?.body })
    }
}

/// A wait that the engine has begun; from [`Containers::start_wait`].
#[derive(Debug)]
#[must_use = "the exit code comes from finish()"]
pub struct ContainerWait {
    body: BodyReader,
}

impl ContainerWait {
    /// Waits for the container.
    ///
    /// # Errors
    /// [`Error::Stream`] when the engine fails while it waits.
    pub fn finish(mut self) -> Result<ContainerWaitResponse> {
        let result = self.read();
        self.body.finish(result.as_ref().err());
        result
    }

    fn read(&mut self) -> Result<ContainerWaitResponse> {
        let operation = self.body.operation();
        let mut seen = 0;
        loop {
            let data = self.body.peek(seen + 1)?;
            if data.len() > seen {
                seen = data.len();
                continue;
            }
            let response: ContainerWaitResponse = decode(operation, data)?;
            return match &response.error {
                Some(error) if !error.message.is_empty() => Err(Error::Stream {
                    operation,
                    message: error.message.clone(),
                    code: Some(response.status_code),
                }),
                _ => Ok(response),
            };
        }
    }

    /// What `finish` would give, if it is there already.
    pub(super) fn poll(&mut self) -> Option<Result<ContainerWaitResponse>> {
        match self.body.poll_readable(Duration::from_millis(1)) {
            Ok(false) => None,
            Ok(true) => Some(self.read()),
            Err(error) => Some(Err(error)),
        }
    }

    /// Makes `cancel` end the wait as well.
    pub(super) fn cancelled_by(&self, cancel: &CancelToken) {
        self.body.cancelled_by(cancel);
    }

    /// A handle that ends the wait from another thread. The container is not touched.
    pub fn cancel_token(&self) -> CancelToken {
        self.body.cancel_token()
    }
}
