//! Attach by websocket, for where nothing but HTTP and websockets gets through.

use std::fmt;
use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tungstenite::protocol::{Role, WebSocket};
use tungstenite::{Error as WebSocketError, Message};

use super::BodyReader;
use crate::cancel::CancelToken;
use crate::transport::{CallIo, Connection};
use crate::{Error, Result};

/// A websocket to the input and output of a running container.
///
/// Stdout and stderr come as one. Reading and writing do not wait for each other:
/// [`split`](WebSocketAttach::split) gives one half to each of two threads. Dropping it closes the
/// connection; the container goes on.
#[derive(Debug)]
pub struct WebSocketAttach {
    output: WebSocketOutput,
    input: WebSocketInput,
}

/// The output of a container by websocket, message by message: an iterator.
pub struct WebSocketOutput {
    socket: WebSocket<Reading>,
    io: CallIo,
    over: bool,
}

/// The input of a container by websocket.
pub struct WebSocketInput {
    socket: WebSocket<Writing>,
    io: CallIo,
}

impl WebSocketAttach {
    pub(crate) fn new(mut body: BodyReader) -> WebSocketAttach {
        let (connection, io) = body.share();
        let writing =
            Writing { connection, io: io.clone(), turn: Arc::default(), closing: Arc::default() };
        let reading = Reading { body, writing: writing.clone(), silent: false };
        WebSocketAttach {
            output: WebSocketOutput {
                socket: WebSocket::from_raw_socket(reading, Role::Client, None),
                io: io.clone(),
                over: false,
            },
            input: WebSocketInput {
                socket: WebSocket::from_raw_socket(writing, Role::Client, None),
                io,
            },
        }
    }

    /// The two halves. The connection closes when both are dropped.
    pub fn split(self) -> (WebSocketOutput, WebSocketInput) {
        (self.output, self.input)
    }

    /// The container's output.
    pub fn output(&mut self) -> &mut WebSocketOutput {
        &mut self.output
    }

    /// The container's input.
    pub fn input(&mut self) -> &mut WebSocketInput {
        &mut self.input
    }

    /// A handle that ends both directions from another thread.
    pub fn cancel_token(&self) -> CancelToken {
        self.output.cancel_token()
    }
}

impl WebSocketOutput {
    /// The next piece of output, as the engine sent it; `None` when there is no more.
    ///
    /// # Errors
    /// [`Error::Disconnected`] when the engine broke off without a close message, [`Error::Protocol`]
    /// when what comes is no websocket, [`Error::Timeout`], [`Error::Cancelled`].
    pub fn next_message(&mut self) -> Result<Option<Vec<u8>>> {
        while !self.over {
            match self.socket.read() {
                Ok(Message::Binary(bytes)) => return Ok(Some(bytes.to_vec())),
                // Engines before API 1.28, and proxies, send text.
                Ok(Message::Text(text)) => return Ok(Some(text.as_bytes().to_vec())),
                // Answered by the next read.
                Ok(Message::Close(_)) => self.socket.get_mut().close(),
                // So are pings.
                Ok(_) => {}
                Err(WebSocketError::ConnectionClosed | WebSocketError::AlreadyClosed) => {
                    self.over = true
                }
                Err(error) => {
                    self.over = true;
                    return Err(translate(&self.io, error));
                }
            }
        }
        Ok(None)
    }

    /// A handle that ends both directions from another thread.
    pub fn cancel_token(&self) -> CancelToken {
        self.socket.get_ref().body.cancel_token()
    }
}

impl Iterator for WebSocketOutput {
    type Item = Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_message().transpose()
    }
}

impl WebSocketInput {
    /// Sends `bytes` as one message, waiting until the engine takes it.
    ///
    /// # Errors
    /// As [`Input::send`](crate::Input::send).
    pub fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.socket
            .send(Message::Binary(bytes.to_vec().into()))
            .map_err(|error| translate(&self.io, error))
    }

    /// Says that nothing more will be sent. Engines take it for the end of the whole connection, so
    /// what the container still writes may be lost: by websocket there is no half-close.
    pub fn close(&mut self) -> Result<()> {
        if !self.socket.get_ref().is_first_to_close() {
            return Ok(());
        }
        match self.socket.close(None).and_then(|()| self.socket.flush()) {
            Ok(()) | Err(WebSocketError::ConnectionClosed | WebSocketError::AlreadyClosed) => {
                Ok(())
            }
            Err(error) => Err(translate(&self.io, error)),
        }
    }
}

impl fmt::Debug for WebSocketOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocketOutput").field("over", &self.over).finish_non_exhaustive()
    }
}

impl fmt::Debug for WebSocketInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocketInput").finish_non_exhaustive()
    }
}

/// What went wrong, in our words. Ours come as I/O errors around an [`Error`].
fn translate(io: &CallIo, error: WebSocketError) -> Error {
    match error {
        WebSocketError::Io(error) => match error.downcast::<Error>() {
            Ok(ours) => ours,
            Err(error) => io.failed("using the websocket", None, error),
        },
        // The end of the connection without a close message.
        WebSocketError::Protocol(
            tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
        ) => io.closed("without closing the websocket"),
        other => {
            Error::Protocol { operation: io.operation, message: format!("no websocket: {other}") }
        }
    }
}

/// The stream below the reading half. It writes too: answers to pings and to a close.
struct Reading {
    body: BodyReader,
    writing: Writing,
    /// What it would say is not sent: the other half has said that this connection closes.
    silent: bool,
}

impl Reading {
    /// The engine closes; if that is its response to us there is nothing more to say.
    fn close(&mut self) {
        self.silent = !self.writing.is_first_to_close();
    }
}

impl Read for Reading {
    /// A broken connection has the kind by which tungstenite knows it for an end behind a close.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.body.read(buffer).map_err(|error| match error.downcast::<Error>() {
            Ok(error @ Error::Disconnected { .. }) => {
                io::Error::new(io::ErrorKind::ConnectionReset, error)
            }
            Ok(error) => io::Error::other(error),
            Err(error) => error,
        })
    }
}

impl Write for Reading {
    /// Engines close right behind their close message: a response that comes too late is no failure.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.silent {
            return Ok(bytes.len());
        }
        match self.writing.send(bytes) {
            Ok(()) | Err(Error::Disconnected { .. }) => Ok(bytes.len()),
            Err(error) => Err(io::Error::other(error)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The stream below the writing half. A write is one or more whole frames and goes out as a whole, so
/// the frames of both halves do not mix.
#[derive(Clone)]
struct Writing {
    connection: Arc<Connection>,
    io: CallIo,
    turn: Arc<Mutex<()>>,
    closing: Arc<AtomicBool>,
}

impl Writing {
    /// Whether it is for the half that asks to say that the websocket closes. Each has a protocol of its
    /// own, which knows nothing of the other's, and to say it twice is a fault.
    fn is_first_to_close(&self) -> bool {
        !self.closing.swap(true, Ordering::AcqRel)
    }

    fn send(&self, bytes: &[u8]) -> Result<()> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.io.send(&self.connection, bytes)
    }
}

impl Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.send(bytes).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for Writing {
    /// Nobody reads here.
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::WouldBlock.into())
    }
}
