//! Output that ends when its container exits.

use std::time::{Duration, Instant};

use super::lifecycle::ContainerWait;
use crate::model::ContainerWaitResponse;
use crate::{CancelToken, Frame, Logs, Result, StdStream};

/// How long to wait for output before the wait is polled again.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// The output ends this long after the container has exited, if none has been received meanwhile.
const QUIET_PERIOD: Duration = Duration::from_secs(2);

/// The output of a container until it exits, followed by its exit code; from [`Logs::until_exit`].
///
/// An iterator over frames, as [`Logs`].
#[derive(Debug)]
pub struct UntilExit {
    logs: Logs,
    wait: ContainerWait,
    /// The result of the wait, once the container has exited.
    exit: Option<Result<i64>>,
}

impl Logs {
    /// Ends this output when the container of `wait` exits, and returns its exit code.
    ///
    /// A followed log or an attached stream ends only when the engine closes it. Some engines do so
    /// late or never. If an engine dies, its connection closes as if the container had exited. This
    /// type therefore watches the container over a second connection: the output ends two seconds
    /// after the container has exited and the last data has been received.
    ///
    /// ```no_run
    /// use dockline::{ContainerLogsOptions, Context};
    /// let docker = Context::from_env()?;
    /// let wait = docker.containers().start_wait("web", &Default::default())?;
    /// let options = ContainerLogsOptions { follow: true, ..Default::default() };
    /// let mut output = docker.containers().logs("web", &options)?.until_exit(wait);
    /// for frame in &mut output {
    ///     print!("{}", String::from_utf8_lossy(&frame?.data));
    /// }
    /// println!("exit code {}", output.finish()?);
    /// # Ok::<(), dockline::Error>(())
    /// ```
    ///
    /// If the container is not running yet, wait for
    /// [`WaitCondition::NextExit`](crate::WaitCondition::NextExit).
    pub fn until_exit(self, wait: ContainerWait) -> UntilExit {
        UntilExit { logs: self, wait, exit: None }
    }
}

impl UntilExit {
    /// Returns the next frame, borrowed from the internal buffer.
    ///
    /// The iterator returns the same frames as copies.
    ///
    /// # Errors
    /// As [`Logs::next_frame`].
    pub fn next_frame(&mut self) -> Result<Option<(StdStream, &[u8])>> {
        let mut idle = Duration::ZERO;
        let mut incomplete = self.logs.incomplete();
        loop {
            let began = Instant::now();
            if self.logs.poll_readable(POLL_INTERVAL)? {
                return self.logs.next_frame();
            }
            let before = std::mem::replace(&mut incomplete, self.logs.incomplete());
            match self.exit {
                // Part of a frame has been received.
                _ if incomplete != before => idle = Duration::ZERO,
                Some(_) => idle += began.elapsed(),
                None => self.exit = self.wait.poll().map(|exit| exit.map(exit_code)),
            }
            if idle >= QUIET_PERIOD {
                self.logs.close();
                return self.logs.next_frame();
            }
        }
    }

    /// Waits until the container has exited and returns its exit code.
    ///
    /// Remaining output is read and discarded. An exit code other than 0 is not an error.
    ///
    /// # Errors
    /// - [`Error::Disconnected`](crate::Error::Disconnected) if the engine has died, not the
    ///   container. The output alone does not show that.
    /// - [`Error::Cancelled`](crate::Error::Cancelled) if the token was cancelled.
    /// - Other errors as [`ContainerWait::finish`].
    pub fn finish(mut self) -> Result<i64> {
        while self.next_frame()?.is_some() {}
        match self.exit {
            Some(exit) => exit,
            None => self.wait.finish().map(exit_code),
        }
    }

    /// Returns whether the container has a terminal. All output is then [`StdStream::Stdout`].
    pub fn is_terminal(&self) -> bool {
        self.logs.is_terminal()
    }

    /// Returns a token that ends the output and the wait from another thread. The container is not
    /// affected.
    pub fn cancel_token(&self) -> CancelToken {
        let cancel = self.logs.cancel_token();
        self.wait.cancelled_by(&cancel);
        cancel
    }
}

fn exit_code(exit: ContainerWaitResponse) -> i64 {
    exit.status_code
}

impl Iterator for UntilExit {
    type Item = Result<Frame>;

    fn next(&mut self) -> Option<Result<Frame>> {
        self.next_frame()
            .map(|frame| frame.map(|(stream, data)| Frame { stream, data: data.to_vec() }))
            .transpose()
    }
}
