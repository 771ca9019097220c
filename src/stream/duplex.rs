//! Bidirectional streams on a hijacked connection: attach, exec and raw upgrades.

use std::io::{self, Read};
use std::sync::Arc;

use super::{BodyReader, Download, Framing, Logs};
use crate::cancel::CancelToken;
use crate::transport::{CallIo, Connection};
use crate::{Error, Result};

/// The stdin, stdout and stderr of a running process.
///
/// Reads and writes do not block each other: [`split`](Duplex::split) returns the two halves, for two
/// threads. Dropping it closes the connection; the process continues to run.
#[derive(Debug)]
pub struct Duplex {
    output: Logs,
    input: Input,
}

impl Duplex {
    pub(crate) fn new(mut body: BodyReader, framing: Framing) -> Duplex {
        let input = Input::new(&mut body);
        Duplex { output: Logs::new(body, framing), input }
    }

    /// Fails if input cannot be sent, since the connection was not upgraded.
    pub(crate) fn require_input(self) -> Result<Duplex> {
        match self.input.check_upgraded() {
            Ok(()) => Ok(self),
            Err(error) => {
                let Duplex { mut output, .. } = self;
                output.fail(&error);
                Err(error)
            }
        }
    }

    /// Splits the stream into its two halves. The connection closes when both are dropped.
    pub fn split(self) -> (Logs, Input) {
        (self.output, self.input)
    }

    /// Returns the output of the process.
    pub fn output(&mut self) -> &mut Logs {
        &mut self.output
    }

    /// Returns the standard input of the process.
    pub fn input(&mut self) -> &mut Input {
        &mut self.input
    }

    /// Returns whether the process has a terminal (TTY).
    ///
    /// If it has, all output is [`StdStream::Stdout`](crate::StdStream::Stdout).
    pub fn is_terminal(&self) -> bool {
        self.output.is_terminal()
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.input.io.state.is_cancelled()
    }

    /// Returns a token that cancels both directions from another thread.
    pub fn cancel_token(&self) -> CancelToken {
        self.output.cancel_token()
    }
}

/// An upgraded connection (status 101) as raw bytes: a [`Read`] and an [`io::Write`].
///
/// Reads and writes do not block each other: [`split`](RawDuplex::split) returns the two halves, for two
/// threads. Dropping it closes the connection.
#[derive(Debug)]
pub struct RawDuplex {
    download: Download,
    input: Input,
}

impl RawDuplex {
    pub(crate) fn new(mut body: BodyReader) -> RawDuplex {
        let input = Input::new(&mut body);
        RawDuplex { download: Download::new(body), input }
    }

    /// Splits the stream into its two halves. The connection closes when both are dropped.
    pub fn split(self) -> (Download, Input) {
        (self.download, self.input)
    }

    /// Returns the receiving half.
    pub fn download(&mut self) -> &mut Download {
        &mut self.download
    }

    /// Returns the sending half.
    pub fn input(&mut self) -> &mut Input {
        &mut self.input
    }

    /// Returns a token that cancels both directions from another thread.
    pub fn cancel_token(&self) -> CancelToken {
        self.download.cancel_token()
    }
}

impl Read for RawDuplex {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.download.read(buffer)
    }
}

impl io::Write for RawDuplex {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.input.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.input.flush()
    }
}

/// The stdin of a running process, or the sending half of a [`RawDuplex`]: an [`io::Write`].
///
/// Dropping it does not end the input while the other half exists. Call [`close`](Input::close) to
/// end it.
#[derive(Debug)]
pub struct Input {
    connection: Arc<Connection>,
    io: CallIo,
    /// The connection was upgraded. Otherwise the request has ended, and no input reaches the engine.
    upgraded: bool,
    closed: bool,
}

impl Input {
    fn new(body: &mut BodyReader) -> Input {
        let upgraded = body.has_switched();
        let (connection, io) = body.share();
        Input { connection, io, upgraded, closed: false }
    }

    /// Whether input can be sent. If not, a proxy has removed the request to upgrade.
    pub(crate) fn is_upgraded(&self) -> bool {
        self.upgraded
    }

    fn check_upgraded(&self) -> Result<()> {
        if self.upgraded {
            return Ok(());
        }
        Err(Error::Protocol {
            operation: self.io.operation,
            message:
                "input cannot be sent: the response is not an upgrade (status 101), as behind a \
                      proxy that removes the header Upgrade: configure the proxy to pass it on, or \
                      connect without the proxy"
                    .to_owned(),
        })
    }

    /// Writes all of `bytes`. Blocks until the engine has accepted them.
    ///
    /// # Errors
    /// - [`Error::InvalidArgument`] if the input is closed.
    /// - [`Error::Protocol`] if the connection was not upgraded, as behind a proxy that does not support
    ///   it. Only output can be read then.
    /// - [`Error::Disconnected`] if the process has exited or the engine has closed the connection.
    /// - [`Error::Timeout`] after [`Timeouts::write`](crate::Timeouts::write), or if the deadline passes.
    /// - [`Error::Cancelled`] if the token is cancelled.
    pub fn send(&mut self, bytes: &[u8]) -> Result<()> {
        if self.closed {
            return Err(Error::invalid(self.io.operation, "the input is closed already"));
        }
        self.check_upgraded()?;
        self.io.send(&self.connection, bytes)
    }

    /// Ends the input (half-close).
    ///
    /// The process reads an end of file, and its output can still be read. This applies to an exec
    /// without TTY, and to a container without TTY that was created with `OpenStdin` and `StdinOnce`.
    /// Other containers see no end of file, and the engine may end their output.
    ///
    /// # Errors
    /// As for [`send`](Input::send), except if the input is closed already.
    pub fn close(&mut self) -> Result<()> {
        self.check_upgraded()?;
        if !std::mem::replace(&mut self.closed, true) {
            self.io.half_close(&self.connection)?;
        }
        Ok(())
    }
}

impl io::Write for Input {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.send(bytes).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
