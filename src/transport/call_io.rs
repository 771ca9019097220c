//! I/O of one call: timeouts, cancellation and error mapping.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::cancel::CallState;
use crate::config::tls::TlsError;
use crate::transport::Connection;
use crate::transport::program::Program;
use crate::transport::socket::Readiness;
use crate::{Error, Result};

/// The timeouts of a call. `None` waits forever.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct CallTimeouts {
    pub(crate) connect: Option<Duration>,
    pub(crate) read: Option<Duration>,
    pub(crate) write: Option<Duration>,
    pub(crate) deadline: Option<Deadline>,
}

/// A point in time, and its distance from the start of the call, for error messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    pub(crate) at: Instant,
    pub(crate) after: Duration,
}

/// The operation, timeouts and cancellation state of a call. Maps I/O errors to [`Error`].
#[derive(Debug, Clone)]
pub(crate) struct CallIo {
    pub(crate) operation: &'static str,
    pub(crate) timeouts: CallTimeouts,
    pub(crate) state: Arc<CallState>,
}

impl CallIo {
    /// Reads available bytes, waiting for the first; 0 is the end.
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
        // Cancelling shuts the socket down, which reads as an end of file.
        if received == 0 && self.state.is_cancelled() {
            return Err(Error::Cancelled { operation: self.operation });
        }
        Ok(received)
    }

    /// Writes all of `bytes`.
    pub(crate) fn send(&self, connection: &Connection, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() || !connection.is_flushed() {
            bytes = &bytes[self.send_some(connection, bytes)?..];
        }
        Ok(())
    }

    /// Writes some of `bytes`, once the socket is writable.
    fn send_some(&self, connection: &Connection, bytes: &[u8]) -> Result<usize> {
        let wait = self.wait(self.timeouts.write)?;
        match connection.send(bytes, wait) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(0),
            result => result.map_err(|error| self.send_failed(error)),
        }
    }

    /// Half-closes the connection: ends the sending direction. Reading remains possible.
    pub(crate) fn half_close(&self, connection: &Connection) -> Result<()> {
        match connection.half_close() {
            // The peer has already closed the connection.
            Err(error) if error.kind() == io::ErrorKind::NotConnected => return Ok(()),
            result => result.map_err(|error| self.send_failed(error))?,
        }
        match self.send(connection, &[]) {
            Err(Error::Disconnected { .. }) => Ok(()),
            result => result,
        }
    }

    /// Waits until the connection is readable or writable.
    pub(crate) fn await_ready(&self, connection: &Connection) -> Result<Readiness> {
        let wait = self.wait(self.timeouts.write)?;
        let ready = connection.await_ready(wait).map_err(|error| self.send_failed(error))?;
        if !ready.read && !ready.write {
            return Err(self.send_failed(io::ErrorKind::WouldBlock.into()));
        }
        Ok(ready)
    }

    pub(crate) fn send_failed(&self, error: io::Error) -> Error {
        self.failed("sending the request", self.timeouts.write, error)
    }

    /// The error for a connection that the engine closed too early.
    pub(crate) fn closed(&self, when: &str) -> Error {
        if self.state.is_cancelled() {
            return Error::Cancelled { operation: self.operation };
        }
        Error::Disconnected {
            operation: self.operation,
            message: format!("the engine closed the connection {when}{}", self.program_message()),
            errno: None,
        }
    }

    /// The time to wait: the shorter of `idle` and the time until the deadline.
    ///
    /// Fails with [`Error::Cancelled`], or with [`Error::Timeout`] if the deadline has passed.
    pub(crate) fn wait(&self, idle: Option<Duration>) -> Result<Option<Duration>> {
        if self.state.is_cancelled() {
            return Err(Error::Cancelled { operation: self.operation });
        }
        let Some(deadline) = self.timeouts.deadline else { return Ok(idle) };
        let remaining = deadline.at.saturating_duration_since(Instant::now());
        if remaining.is_zero() {
            return Err(self.deadline_passed(deadline));
        }
        Ok(Some(idle.map_or(remaining, |idle| idle.min(remaining))))
    }

    /// Maps an I/O error to an [`Error`]. `idle` is the timeout that applied.
    pub(crate) fn failed(
        &self,
        doing: &'static str,
        idle: Option<Duration>,
        error: io::Error,
    ) -> Error {
        if self.state.is_cancelled() {
            return Error::Cancelled { operation: self.operation };
        }
        if let Some(problem) = TlsError::from_io(&error) {
            return self.tls_failed(problem.clone());
        }
        match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                let deadline =
                    self.timeouts.deadline.filter(|deadline| deadline.at <= Instant::now());
                match (deadline, idle) {
                    (Some(deadline), _) => self.deadline_passed(deadline),
                    // The kernel's coarser clock can wake the call just before the deadline.
                    (None, None) => self.deadline_passed(
                        self.timeouts
                            .deadline
                            .unwrap_or(Deadline { at: Instant::now(), after: Duration::ZERO }),
                    ),
                    (None, Some(after)) => Error::Timeout {
                        operation: self.operation,
                        what: match doing {
                            "sending the request" => "the engine accepted no data",
                            "connecting" => "no connection",
                            _ => "the engine sent no data",
                        },
                        after,
                    },
                }
            }
            _ => Error::Disconnected {
                operation: self.operation,
                message: format!(
                    "the connection broke while {doing}: {error}{}",
                    self.program_message()
                ),
                errno: error.raw_os_error(),
            },
        }
    }

    /// The stderr of the child process that the connection runs through, as a suffix of a message.
    fn program_message(&self) -> String {
        let connection = self.state.connection();
        connection
            .and_then(|connection| connection.program().map(Program::stderr_suffix))
            .unwrap_or_default()
    }

    pub(crate) fn tls_failed(&self, problem: TlsError) -> Error {
        let TlsError { failure, message } = problem;
        Error::Tls { operation: self.operation, failure, message }
    }

    fn deadline_passed(&self, deadline: Deadline) -> Error {
        Error::Timeout {
            operation: self.operation,
            what: "the deadline passed",
            after: deadline.after,
        }
    }
}

/// The end of the connect timeout, which covers all addresses of a host name together.
#[derive(Clone, Copy)]
pub(crate) struct ConnectDeadline {
    at: Option<Instant>,
}

impl ConnectDeadline {
    pub(super) fn new(io: &CallIo) -> ConnectDeadline {
        // A timeout beyond the range of `Instant` never expires.
        ConnectDeadline {
            at: io.timeouts.connect.and_then(|wait| Instant::now().checked_add(wait)),
        }
    }

    /// The time to wait. Fails with [`Error::Timeout`] if the connect timeout has expired.
    pub(super) fn remaining(self, io: &CallIo) -> Result<Option<Duration>> {
        let remaining = self.at.map(|at| at.saturating_duration_since(Instant::now()));
        if remaining.is_some_and(|remaining| remaining.is_zero()) {
            return Err(io.failed(
                "connecting",
                io.timeouts.connect,
                io::ErrorKind::TimedOut.into(),
            ));
        }
        io.wait(remaining)
    }
}
