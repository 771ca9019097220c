//! Output of containers: multiplexed stdout and stderr, or the raw stream of a TTY.

use std::fmt;
use std::time::Duration;

use super::BodyReader;
use crate::cancel::CancelToken;
use crate::{Error, Result};

/// Longest frame that is returned at once. Longer frames are returned in parts.
const MAX_FRAME: usize = 48 * 1024;

/// The standard stream that a frame was written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StdStream {
    /// Standard output. With a TTY, also standard error.
    Stdout,
    /// Standard error.
    Stderr,
}

/// A part of a container's output.
///
/// Frames do not correspond to lines or writes: engines may split the output at any byte.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Frame {
    /// The stream that it was written to.
    pub stream: StdStream,
    /// The bytes. Never empty.
    pub data: Vec<u8>,
}

/// The format of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Raw bytes: the container has a TTY.
    Raw,
    /// The multiplexed stream: each frame has a header with its stream and length.
    Multiplexed,
}

/// The output of a container: an iterator of [`Frame`]s.
///
/// Returns `None` at the end of the log or, with `follow`, after the container has exited. An error is
/// the last item. Dropping it closes the connection.
pub struct Logs {
    body: BodyReader,
    framing: Framing,
    /// The stream of the current frame.
    stream: StdStream,
    /// The number of bytes of the current frame that are not returned yet.
    remaining: usize,
    /// Length of the data returned last, which is consumed by the next call.
    returned: usize,
    /// An error in the middle of a frame, to return after the part of the frame that was received.
    pending_error: Option<Error>,
    ended: bool,
}

impl Logs {
    pub(crate) fn new(body: BodyReader, framing: Framing) -> Logs {
        Logs {
            body,
            framing,
            stream: StdStream::Stdout,
            remaining: 0,
            returned: 0,
            pending_error: None,
            ended: false,
        }
    }

    /// Returns a token that cancels the stream from another thread, also during a blocked read.
    pub fn cancel_token(&self) -> CancelToken {
        self.body.cancel_token()
    }

    /// Returns whether the container has a terminal (TTY).
    ///
    /// If it has, all output is [`StdStream::Stdout`].
    pub fn is_terminal(&self) -> bool {
        self.framing == Framing::Raw
    }

    /// Returns the next frame without copying it, or `None` at the end.
    ///
    /// # Errors
    /// - [`Error::Stream`] if the engine reports an error within the output.
    /// - [`Error::Disconnected`] if the engine closes the connection before the end.
    /// - [`Error::Timeout`] if a timeout or the deadline passes.
    /// - [`Error::Cancelled`] if the token is cancelled.
    /// - [`Error::Protocol`] if the output is malformed.
    pub fn next_frame(&mut self) -> Result<Option<(StdStream, &[u8])>> {
        if self.ended {
            return Ok(None);
        }
        self.body.consume(std::mem::take(&mut self.returned));
        let length = self.pending_error.take().map_or_else(|| self.next_length(), Err);
        match length {
            Ok(Some(length)) => {
                self.returned = length;
                Ok(Some((self.stream, &self.body.peeked()[..length])))
            }
            Ok(None) => Ok(None),
            Err(error) => {
                self.ended = true;
                self.body.finish(Some(&error));
                Err(error)
            }
        }
    }

    /// Waits at most `wait` for output or its end. Returns false if neither is received.
    pub(crate) fn poll_readable(&mut self, wait: Duration) -> Result<bool> {
        if self.ended || self.pending_error.is_some() {
            return Ok(true);
        }
        self.body.consume(std::mem::take(&mut self.returned));
        self.body.poll_readable(wait).inspect_err(|_| self.ended = true)
    }

    /// Ends the stream and closes the connection.
    pub(crate) fn end(&mut self) {
        self.ended = true;
        self.body.finish(None);
    }

    /// Returns the length of the next part of a frame, all of which is then in `body.peeked()`.
    fn next_length(&mut self) -> Result<Option<usize>> {
        if self.framing == Framing::Raw {
            let count = self.body.peek(1)?.len();
            return Ok((count > 0).then_some(count));
        }
        while self.remaining == 0 {
            let header = self.body.peek(8)?;
            let Some((header, _)) = header.split_first_chunk::<8>() else {
                // Engines may end the output within a header. No output is lost then.
                return Ok(None);
            };
            let &[stream, zero @ .., a, b, c, d] = header;
            let length = u32::from_be_bytes([a, b, c, d]) as usize;
            self.stream = match (stream, zero) {
                (0 | 1, [0, 0, 0]) => StdStream::Stdout,
                (2, [0, 0, 0]) => StdStream::Stderr,
                (3, [0, 0, 0]) => return Err(self.engine_error(length)),
                _ => return Err(self.malformed()),
            };
            self.body.consume(8);
            self.remaining = length;
        }
        let length = self.remaining.min(MAX_FRAME);
        let count = match self.body.peek(length) {
            Ok(data) => data.len(),
            Err(error) => {
                let received = self.body.peeked().len();
                if received == 0 {
                    return Err(error);
                }
                self.pending_error = Some(error);
                received
            }
        };
        let count = count.min(self.remaining);
        self.remaining -= count;
        Ok((count > 0).then_some(count))
    }

    /// Reads a frame of stream 3 (systemerr), in which the engine reports why the output ends.
    fn engine_error(&mut self, length: usize) -> Error {
        self.body.consume(8);
        match self.body.peek(length.min(MAX_FRAME)) {
            Ok(data) => {
                let message = String::from_utf8_lossy(&data[..data.len().min(length)]);
                let message = message.trim().to_owned();
                Error::Stream { operation: self.body.operation(), message, code: None }
            }
            Err(error) => error,
        }
    }

    fn malformed(&self) -> Error {
        Error::Protocol {
            operation: self.body.operation(),
            message:
                "the output is not a multiplexed stream: the container may have a terminal (TTY)"
                    .to_owned(),
        }
    }
}

impl Iterator for Logs {
    type Item = Result<Frame>;

    fn next(&mut self) -> Option<Result<Frame>> {
        self.next_frame()
            .map(|frame| frame.map(|(stream, data)| Frame { stream, data: data.to_vec() }))
            .transpose()
    }
}

impl fmt::Debug for Logs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logs")
            .field("operation", &self.body.operation())
            .field("framing", &self.framing)
            .finish_non_exhaustive()
    }
}
