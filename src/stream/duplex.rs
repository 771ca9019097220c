//! Both directions at once: attach and exec.

use std::io::{self, Read};
use std::sync::Arc;

use super::{BodyReader, Download, Framing, Logs};
use crate::cancel::CancelToken;
use crate::transport::{CallIo, Connection};
use crate::{Error, Result};

/// A connection to a running program: its output to read, its standard input to write.
///
/// Reading and writing do not wait for each other: [`split`](Duplex::split) gives one half to each of
/// two threads. Dropping it closes the connection; the program goes on.
#[derive(Debug)]
pub struct Duplex {
    output: Logs,
    input: Input,
}

impl Duplex {
    pub(crate) fn new(mut body: BodyReader, framing: Framing) -> Duplex {
        let (connection, io) = body.share();
        Duplex { output: Logs::new(body, framing), input: Input { connection, io, closed: false } }
    }

    /// The two halves. The connection closes when both are dropped.
    pub fn split(self) -> (Logs, Input) {
        (self.output, self.input)
    }

    /// The program's output.
    pub fn output(&mut self) -> &mut Logs {
        &mut self.output
    }

    /// The program's standard input.
    pub fn input(&mut self) -> &mut Input {
        &mut self.input
    }

    /// Whether the program has a terminal, so that all its output is
    /// [`StdStream::Stdout`](crate::StdStream::Stdout).
    pub fn is_terminal(&self) -> bool {
        self.output.is_terminal()
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.input.io.state.is_cancelled()
    }

    /// A handle that ends both directions from another thread.
    pub fn cancel_token(&self) -> CancelToken {
        self.output.cancel_token()
    }
}

/// A connection that the engine has handed over, as bytes in both directions: a [`Read`] and an
/// [`io::Write`].
///
/// Reading and writing do not wait for each other: [`split`](RawDuplex::split) gives one half to each
/// of two threads. Dropping it closes the connection.
#[derive(Debug)]
pub struct RawDuplex {
    download: Download,
    input: Input,
}

impl RawDuplex {
    pub(crate) fn new(mut body: BodyReader) -> RawDuplex {
        let (connection, io) = body.share();
        RawDuplex { download: Download::new(body), input: Input { connection, io, closed: false } }
    }

    /// The two halves. The connection closes when both are dropped.
    pub fn split(self) -> (Download, Input) {
        (self.download, self.input)
    }

    /// What the engine sends.
    pub fn download(&mut self) -> &mut Download {
        &mut self.download
    }

    /// What is sent to the engine.
    pub fn input(&mut self) -> &mut Input {
        &mut self.input
    }

    /// A handle that ends both directions from another thread.
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

/// The standard input of a running program, or the sending half of a [`RawDuplex`]: an [`io::Write`].
///
/// Dropping it does not end the input while the output is still being read: that is what
/// [`close`](Input::close) is for.
#[derive(Debug)]
pub struct Input {
    connection: Arc<Connection>,
    io: CallIo,
    closed: bool,
}

impl Input {
    /// Writes all of `bytes`, waiting until the engine takes them.
    ///
    /// # Errors
    /// [`Error::Disconnected`] when the program or the engine has ended, [`Error::Timeout`] after
    /// [`Timeouts::write`](crate::Timeouts::write), [`Error::Cancelled`].
    pub fn send(&mut self, bytes: &[u8]) -> Result<()> {
        if self.closed {
            return Err(Error::invalid(self.io.operation, "the input is closed already"));
        }
        self.io.send(&self.connection, bytes)
    }

    /// Ends the input: the program reads its end, and what it still writes can be read.
    ///
    /// The engine passes the end on to an exec without terminal, and to a container that was made with
    /// `OpenStdin` and `StdinOnce` and without terminal. Other containers go on, and the engine may
    /// end their output.
    pub fn close(&mut self) -> Result<()> {
        if !std::mem::replace(&mut self.closed, true) {
            self.io.close_sending(&self.connection)?;
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
