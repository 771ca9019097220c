//! Attach over a websocket, for proxies that pass only HTTP and websockets.

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

/// A websocket to the stdin and the output of a running container.
///
/// Stdout and stderr are not distinguished. Reads and writes do not block each other:
/// [`split`](WebSocketAttach::split) returns the two halves, for two threads. Dropping it closes the connection; the
/// container continues to run.
///
/// The crate `tungstenite` logs each message with its content at level trace of the crate `log`. A program whose logger
/// prints that level should filter the target `tungstenite`.
#[derive(Debug)]
pub struct WebSocketAttach {
    output: WebSocketOutput,
    input: WebSocketInput,
}

/// The output of a container over a websocket: an iterator of messages.
pub struct WebSocketOutput {
    socket: WebSocket<ReadHalf>,
    io: CallIo,
    ended: bool,
}

/// The stdin of a container over a websocket.
pub struct WebSocketInput {
    socket: WebSocket<WriteHalf>,
    io: CallIo,
}

impl WebSocketAttach {
    pub(crate) fn new(mut body: BodyReader) -> WebSocketAttach {
        let (connection, io) = body.share();
        let writer = WriteHalf {
            connection,
            io: io.clone(),
            write_lock: Arc::default(),
            close_sent: Arc::default(),
        };
        let reader = ReadHalf { body, writer: writer.clone(), discards_writes: false };
        WebSocketAttach {
            output: WebSocketOutput {
                socket: WebSocket::from_raw_socket(reader, Role::Client, None),
                io: io.clone(),
                ended: false,
            },
            input: WebSocketInput {
                socket: WebSocket::from_raw_socket(writer, Role::Client, None),
                io,
            },
        }
    }

    /// Splits the stream into its two halves. The connection closes when both are dropped.
    pub fn split(self) -> (WebSocketOutput, WebSocketInput) {
        (self.output, self.input)
    }

    /// Returns the output of the container.
    pub fn output(&mut self) -> &mut WebSocketOutput {
        &mut self.output
    }

    /// Returns the stdin of the container.
    pub fn input(&mut self) -> &mut WebSocketInput {
        &mut self.input
    }

    /// Returns a token that cancels both directions from another thread.
    pub fn cancel_token(&self) -> CancelToken {
        self.output.cancel_token()
    }
}

impl WebSocketOutput {
    /// Returns the next message with output, or `None` at the end.
    ///
    /// # Errors
    /// - [`Error::Disconnected`] if the engine closes the connection without a close frame.
    /// - [`Error::Protocol`] if the received data violates the websocket protocol.
    /// - [`Error::Timeout`] if a timeout or the deadline passes.
    /// - [`Error::Cancelled`] if the token is cancelled.
    pub fn next_message(&mut self) -> Result<Option<Vec<u8>>> {
        while !self.ended {
            match self.socket.read() {
                Ok(Message::Binary(bytes)) => return Ok(Some(bytes.to_vec())),
                // Engines before API 1.28 and some proxies send text frames.
                Ok(Message::Text(text)) => return Ok(Some(text.as_bytes().to_vec())),
                // The next read sends the reply.
                Ok(Message::Close(_)) => self.socket.get_mut().close_received(),
                // The next read also sends the reply to a ping.
                Ok(_) => {}
                Err(WebSocketError::ConnectionClosed | WebSocketError::AlreadyClosed) => {
                    self.ended = true;
                    self.socket.get_mut().body.finish(None);
                }
                Err(error) => {
                    self.ended = true;
                    let error = translate(&self.io, error);
                    self.socket.get_mut().body.finish(Some(&error));
                    return Err(error);
                }
            }
        }
        Ok(None)
    }

    /// Returns a token that cancels both directions from another thread.
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
    /// Sends `bytes` as one message. Blocks until the engine has accepted it.
    ///
    /// # Errors
    /// As for [`Input::send`](crate::Input::send), with [`Error::Protocol`] if the websocket is closed.
    pub fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.socket
            .send(Message::Binary(bytes.to_vec().into()))
            .map_err(|error| translate(&self.io, error))
    }

    /// Closes the websocket.
    ///
    /// Websockets have no half-close: engines close the whole connection, so output that the container
    /// writes afterwards may be lost.
    pub fn close(&mut self) -> Result<()> {
        if !self.socket.get_ref().claim_close() {
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
        f.debug_struct("WebSocketOutput").field("ended", &self.ended).finish_non_exhaustive()
    }
}

impl fmt::Debug for WebSocketInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocketInput").finish_non_exhaustive()
    }
}

/// Converts an error of tungstenite. Our own errors arrive wrapped in an I/O error.
fn translate(io: &CallIo, error: WebSocketError) -> Error {
    match error {
        WebSocketError::Io(error) => match error.downcast::<Error>() {
            Ok(error) => error,
            Err(error) => io.failed("using the websocket", None, error),
        },
        // The end of the connection without a close message.
        WebSocketError::Protocol(
            tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
        ) => io.closed("without a websocket close frame"),
        other => Error::Protocol {
            operation: io.operation,
            message: format!("websocket error: {other}"),
        },
    }
}

/// The stream below [`WebSocketOutput`]. It also writes: the replies to ping and close frames.
struct ReadHalf {
    body: BodyReader,
    writer: WriteHalf,
    /// Writes are discarded, since the other half has already sent a close frame.
    discards_writes: bool,
}

impl ReadHalf {
    /// Handles a close frame: replies to it, unless it is itself the reply to our own.
    fn close_received(&mut self) {
        self.discards_writes = !self.writer.claim_close();
    }
}

impl Read for ReadHalf {
    /// Maps a lost connection to ConnectionReset, which tungstenite accepts as the end after a close frame.
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

impl Write for ReadHalf {
    /// Ignores a lost connection: engines close it right after their close frame, before the reply.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.discards_writes {
            return Ok(bytes.len());
        }
        match self.writer.send(bytes) {
            Ok(()) | Err(Error::Disconnected { .. }) => Ok(bytes.len()),
            Err(error) => Err(io::Error::other(error)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The stream below [`WebSocketInput`]. Each write consists of whole frames and holds the lock, so the
/// frames of the two halves are not interleaved.
#[derive(Clone)]
struct WriteHalf {
    connection: Arc<Connection>,
    io: CallIo,
    write_lock: Arc<Mutex<()>>,
    close_sent: Arc<AtomicBool>,
}

impl WriteHalf {
    /// Claims the right to send the close frame. Returns false if the other half has claimed it.
    ///
    /// Each half has a protocol state of its own, and only one close frame may be sent.
    fn claim_close(&self) -> bool {
        !self.close_sent.swap(true, Ordering::AcqRel)
    }

    fn send(&self, bytes: &[u8]) -> Result<()> {
        let _guard = self.write_lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.io.send(&self.connection, bytes)
    }
}

impl Write for WriteHalf {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.send(bytes).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for WriteHalf {
    /// Never called: [`WebSocketInput`] does not read.
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::WouldBlock.into())
    }
}
