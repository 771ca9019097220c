//! One call's way of using its socket.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::cancel::CallState;
use crate::config::tls::TlsError;
use crate::transport::Connection;
use crate::transport::program::Program;
use crate::transport::socket::Ready;
use crate::{Error, Result};

/// How long a call waits. `None` is for ever.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct CallTimeouts {
    pub(crate) connect: Option<Duration>,
    pub(crate) read: Option<Duration>,
    pub(crate) write: Option<Duration>,
    pub(crate) deadline: Option<Deadline>,
}

/// A point in time, and how far it was when the call began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    pub(crate) at: Instant,
    pub(crate) after: Duration,
}

/// What stays the same for a call from its first byte to its last: its name, its patience, and the
/// state through which it can be ended. Turns the system's errors into ours.
#[derive(Debug, Clone)]
pub(crate) struct CallIo {
    pub(crate) operation: &'static str,
    pub(crate) timeouts: CallTimeouts,
    pub(crate) state: Arc<CallState>,
}

impl CallIo {
    /// Reads what is there; 0 is the end.
    pub(crate) fn receive(&self, connection: &Connection, buffer: &mut [u8]) -> Result<usize> {
        let received = loop {
            let wait = self.wait(self.timeouts.read)?;
            match connection.receive(buffer, wait) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    return Err(self.failed("reading the response", self.timeouts.read, error));
                }
                Ok(received) => break received,
            }
        };
        if received == 0 && self.state.is_cancelled() {
            return Err(Error::Cancelled { operation: self.operation });
        }
        Ok(received)
    }

    /// Writes all of `bytes`.
    pub(crate) fn send(&self, connection: &Connection, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() || !connection.is_sent() {
            bytes = &bytes[self.send_some(connection, bytes)?..];
        }
        Ok(())
    }

    /// Writes some of `bytes`, as soon as there is room.
    fn send_some(&self, connection: &Connection, bytes: &[u8]) -> Result<usize> {
        let wait = self.wait(self.timeouts.write)?;
        match connection.send(bytes, wait) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(0),
            result => result.map_err(|error| self.send_failed(error)),
        }
    }

    /// Says that nothing more will be sent; reading goes on.
    pub(crate) fn close_sending(&self, connection: &Connection) -> Result<()> {
        match connection.end_sending() {
            // The peer has ended the connection: there is nobody left to tell.
            Err(error) if error.kind() == io::ErrorKind::NotConnected => return Ok(()),
            result => result.map_err(|error| self.send_failed(error))?,
        }
        match self.send(connection, &[]) {
            Err(Error::Disconnected { .. }) => Ok(()),
            result => result,
        }
    }

    /// CallTimeouts until the engine talks or there is room to write.
    pub(crate) fn ready_to_send(&self, connection: &Connection) -> Result<Ready> {
        let wait = self.wait(self.timeouts.write)?;
        let ready = connection.ready(wait).map_err(|error| self.send_failed(error))?;
        if !ready.read && !ready.write {
            return Err(self.send_failed(io::ErrorKind::WouldBlock.into()));
        }
        Ok(ready)
    }

    pub(crate) fn send_failed(&self, error: io::Error) -> Error {
        self.failed("sending the request", self.timeouts.write, error)
    }

    /// The engine closed the connection although more was to come.
    pub(crate) fn closed(&self, when: &str) -> Error {
        if self.state.is_cancelled() {
            return Error::Cancelled { operation: self.operation };
        }
        Error::Disconnected {
            operation: self.operation,
            message: format!("the engine closed the connection {when}{}", self.remark()),
            errno: None,
        }
    }

    /// The shorter of an idle timeout and what is left until the deadline.
    pub(crate) fn wait(&self, idle: Option<Duration>) -> Result<Option<Duration>> {
        if self.state.is_cancelled() {
            return Err(Error::Cancelled { operation: self.operation });
        }
        let Some(deadline) = self.timeouts.deadline else { return Ok(idle) };
        let left = deadline.at.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(self.late(deadline));
        }
        Ok(Some(idle.map_or(left, |idle| idle.min(left))))
    }

    /// What an error of the system means for this call.
    pub(crate) fn failed(
        &self,
        doing: &'static str,
        idle: Option<Duration>,
        error: io::Error,
    ) -> Error {
        if self.state.is_cancelled() {
            return Error::Cancelled { operation: self.operation };
        }
        if let Some(problem) = TlsError::of(&error) {
            return self.tls_failed(problem.clone());
        }
        match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                let deadline =
                    self.timeouts.deadline.filter(|deadline| deadline.at <= Instant::now());
                match (deadline, idle) {
                    (Some(deadline), _) => self.late(deadline),
                    // Woken a moment early by the kernel's coarser clock.
                    (None, None) => self.late(
                        self.timeouts
                            .deadline
                            .unwrap_or(Deadline { at: Instant::now(), after: Duration::ZERO }),
                    ),
                    (None, Some(after)) => Error::Timeout {
                        operation: self.operation,
                        what: match doing {
                            "sending the request" => "the engine took nothing",
                            "connecting" => "no connection",
                            _ => "the engine said nothing",
                        },
                        after,
                    },
                }
            }
            _ => Error::Disconnected {
                operation: self.operation,
                message: format!("the connection broke while {doing}: {error}{}", self.remark()),
                errno: error.raw_os_error(),
            },
        }
    }

    /// What the program says through which the connection goes, if it goes through one.
    fn remark(&self) -> String {
        let connection = self.state.connection();
        connection
            .and_then(|connection| connection.program().map(Program::remark))
            .unwrap_or_default()
    }

    /// Trouble with TLS.
    pub(crate) fn tls_failed(&self, problem: TlsError) -> Error {
        let TlsError { failure, message } = problem;
        Error::Tls { operation: self.operation, failure, message }
    }

    fn late(&self, deadline: Deadline) -> Error {
        Error::Timeout {
            operation: self.operation,
            what: "the deadline passed",
            after: deadline.after,
        }
    }
}

/// When the connect timeout expires. It covers all addresses of a name together.
#[derive(Clone, Copy)]
pub(super) struct ConnectDeadline {
    at: Option<Instant>,
}

impl ConnectDeadline {
    pub(super) fn new(io: &CallIo) -> ConnectDeadline {
        // A time beyond the end of the clock is none.
        ConnectDeadline {
            at: io.timeouts.connect.and_then(|wait| Instant::now().checked_add(wait)),
        }
    }

    /// The time left; fails with [`Error::Timeout`] if there is none.
    pub(super) fn left(self, io: &CallIo) -> Result<Option<Duration>> {
        let left = self.at.map(|at| at.saturating_duration_since(Instant::now()));
        if left.is_some_and(|left| left.is_zero()) {
            return Err(io.failed(
                "connecting",
                io.timeouts.connect,
                io::ErrorKind::TimedOut.into(),
            ));
        }
        io.wait(left)
    }
}
