//! Output that ends with its container.

use std::time::{Duration, Instant};

use super::lifecycle::ContainerWait;
use crate::model::ContainerWaitResponse;
use crate::{CancelToken, Frame, Logs, Result, StdStream};

/// How long the output is waited for at once, before a look at the container.
const TURN: Duration = Duration::from_millis(100);

/// How long nothing must have come, once the container has ended, for the output to be over.
const GRACE: Duration = Duration::from_secs(2);

/// The output of a container up to its end, and then its exit code; from [`Logs::until_exit`].
///
/// As [`Logs`], an iterator.
#[derive(Debug)]
pub struct UntilExit {
    logs: Logs,
    waiting: ContainerWait,
    /// What the wait gave, once it was over.
    exit: Option<Result<i64>>,
}

impl Logs {
    /// Ends this output with the container that `waiting` is for, and gives its exit code in the end.
    ///
    /// By themselves a followed log and an attached stream end when the engine ends them. That it
    /// does so late or never is a fault that engines have had, and that it does so by a closed
    /// connection when it dies. Here the engine is asked on a second connection: two seconds after
    /// the container has ended, if nothing has come in the meantime, the output is over.
    ///
    /// ```no_run
    /// use dockline::{ContainerLogsOptions, Context};
    /// let docker = Context::from_env()?;
    /// let waiting = docker.containers().start_wait("web", &Default::default())?;
    /// let options = ContainerLogsOptions { follow: true, ..Default::default() };
    /// let mut output = docker.containers().logs("web", &options)?.until_exit(waiting);
    /// for frame in &mut output {
    ///     print!("{}", String::from_utf8_lossy(&frame?.data));
    /// }
    /// println!("ended with {}", output.finish()?);
    /// # Ok::<(), dockline::Error>(())
    /// ```
    ///
    /// Wait for [`WaitCondition::NextExit`](crate::WaitCondition::NextExit) where the container does not run yet.
    pub fn until_exit(self, waiting: ContainerWait) -> UntilExit {
        UntilExit { logs: self, waiting, exit: None }
    }
}

impl UntilExit {
    /// The next piece, borrowed: as the iterator, without a copy.
    ///
    /// # Errors
    /// As [`Logs::next_frame`].
    pub fn next_frame(&mut self) -> Result<Option<(StdStream, &[u8])>> {
        let mut quiet = Duration::ZERO;
        loop {
            let began = Instant::now();
            if self.logs.poll_readable(TURN)? {
                return self.logs.next_frame();
            }
            match self.exit {
                Some(_) => quiet += began.elapsed(),
                None => self.exit = self.waiting.poll().map(|exit| exit.map(code)),
            }
            if quiet >= GRACE {
                self.logs.end();
                return Ok(None);
            }
        }
    }

    /// Waits for the end and gives the exit code, which is data: 3 is no error. What is left of the
    /// output is read and dropped.
    ///
    /// # Errors
    /// [`Error::Disconnected`](crate::Error::Disconnected) when the engine has died and not the
    /// container, which its output alone may not tell; [`Error::Cancelled`](crate::Error::Cancelled);
    /// as [`ContainerWait::finish`].
    pub fn finish(mut self) -> Result<i64> {
        while self.next_frame()?.is_some() {}
        match self.exit {
            Some(exit) => exit,
            None => self.waiting.finish().map(code),
        }
    }

    /// Whether the container has a terminal, so that everything is [`StdStream::Stdout`].
    pub fn is_terminal(&self) -> bool {
        self.logs.is_terminal()
    }

    /// A handle that ends the output from another thread, also while it waits. The container is not
    /// touched.
    pub fn cancel_token(&self) -> CancelToken {
        let cancel = self.logs.cancel_token();
        self.waiting.cancelled_by(&cancel);
        cancel
    }
}

fn code(exit: ContainerWaitResponse) -> i64 {
    exit.status_code
}

impl Iterator for UntilExit {
    type Item = Result<Frame>;

    fn next(&mut self) -> Option<Result<Frame>> {
        self.next_frame()
            .map(|piece| piece.map(|(stream, data)| Frame { stream, data: data.to_vec() }))
            .transpose()
    }
}
