//! Output of containers: frames of stdout and stderr, or the raw bytes of a terminal.

use std::fmt;
use std::time::Duration;

use super::BodyReader;
use crate::cancel::CancelToken;
use crate::{Error, Result};

/// The longest piece of output that is handed out as one. Longer frames come in several.
const MAX_FRAME: usize = 48 * 1024;

/// Where a piece of output was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StdStream {
    /// Standard output, or a terminal, where both are one.
    Stdout,
    /// Standard error.
    Stderr,
}

/// A piece of a container's output.
///
/// Pieces have no meaning of their own: engines cut output as they like, and so may a line be cut.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Frame {
    /// Where it was written.
    pub stream: StdStream,
    /// The bytes, never empty.
    pub data: Vec<u8>,
}

/// How output is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// As it is: the container has a terminal.
    Raw,
    /// In frames that tell stdout from stderr.
    Multiplexed,
}

/// The output of a container, piece by piece as it is written.
///
/// Ends with `None` when the engine ends it: at the end of the log, or with `follow` when the
/// container ends. After an error nothing more comes. Dropping it closes the connection.
pub struct Logs {
    body: BodyReader,
    framing: Framing,
    /// The frame that is being handed out, and how much of it is left.
    stream: StdStream,
    left: usize,
    /// What was handed out last.
    given: usize,
    /// What broke a frame off, while the part of it that came is handed out.
    broken: Option<Error>,
    failed: bool,
}

impl Logs {
    pub(crate) fn new(body: BodyReader, framing: Framing) -> Logs {
        Logs {
            body,
            framing,
            stream: StdStream::Stdout,
            left: 0,
            given: 0,
            broken: None,
            failed: false,
        }
    }

    /// A handle that ends the stream from another thread, also while it waits for output.
    pub fn cancel_token(&self) -> CancelToken {
        self.body.cancel_token()
    }

    /// Whether the container has a terminal, so that everything is [`StdStream::Stdout`].
    pub fn is_terminal(&self) -> bool {
        self.framing == Framing::Raw
    }

    /// The next piece, borrowed: as the iterator, without a copy.
    ///
    /// # Errors
    /// As every stream: [`Error::Disconnected`], [`Error::Timeout`], [`Error::Cancelled`],
    /// [`Error::Stream`] when the engine reports a failure among the output.
    pub fn next_frame(&mut self) -> Result<Option<(StdStream, &[u8])>> {
        if self.failed {
            return Ok(None);
        }
        self.body.consume(std::mem::take(&mut self.given));
        let found = self.broken.take().map_or_else(|| self.find(), Err);
        match found {
            Ok(Some(length)) => {
                self.given = length;
                Ok(Some((self.stream, &self.body.peeked()[..length])))
            }
            Ok(None) => Ok(None),
            Err(error) => {
                self.failed = true;
                self.body.finish(Some(&error));
                Err(error)
            }
        }
    }

    /// CallTimeouts a while for something to read, which the end is too. False when nothing has come.
    pub(crate) fn poll_readable(&mut self, turn: Duration) -> Result<bool> {
        if self.failed || self.broken.is_some() {
            return Ok(true);
        }
        self.body.consume(std::mem::take(&mut self.given));
        self.body.poll_readable(turn).inspect_err(|_| self.failed = true)
    }

    /// Nothing more is wanted.
    pub(crate) fn end(&mut self) {
        self.failed = true;
        self.body.finish(None);
    }

    /// Finds the length of the next piece; all of it is there to be peeked at.
    fn find(&mut self) -> Result<Option<usize>> {
        if self.framing == Framing::Raw {
            let count = self.body.peek(1)?.len();
            return Ok((count > 0).then_some(count));
        }
        while self.left == 0 {
            let header = self.body.peek(8)?;
            let Some((header, _)) = header.split_first_chunk::<8>() else {
                // The engine closes in the middle of a header when it has nothing more to say.
                return Ok(None);
            };
            let &[stream, zero @ .., a, b, c, d] = header;
            let length = u32::from_be_bytes([a, b, c, d]) as usize;
            self.stream = match (stream, zero) {
                (0 | 1, [0, 0, 0]) => StdStream::Stdout,
                (2, [0, 0, 0]) => StdStream::Stderr,
                (3, [0, 0, 0]) => return Err(self.reported(length)),
                _ => return Err(self.malformed()),
            };
            self.body.consume(8);
            self.left = length;
        }
        let want = self.left.min(MAX_FRAME);
        let count = match self.body.peek(want) {
            Ok(data) => data.len(),
            Err(error) => {
                let came = self.body.peeked().len();
                if came == 0 {
                    return Err(error);
                }
                self.broken = Some(error);
                came
            }
        };
        let count = count.min(self.left);
        self.left -= count;
        Ok((count > 0).then_some(count))
    }

    /// A frame of stream 3: the engine's own words on why the output ends.
    fn reported(&mut self, length: usize) -> Error {
        self.body.consume(8);
        match self.body.peek(length.min(MAX_FRAME)) {
            Ok(data) => {
                let text =
                    String::from_utf8_lossy(&data[..data.len().min(length)]).trim().to_owned();
                Error::Stream { operation: self.body.operation(), message: text, code: None }
            }
            Err(error) => error,
        }
    }

    fn malformed(&self) -> Error {
        Error::Protocol {
            operation: self.body.operation(),
            message:
                "the output holds no frame where one should begin; has the container a terminal?"
                    .to_owned(),
        }
    }
}

impl Iterator for Logs {
    type Item = Result<Frame>;

    fn next(&mut self) -> Option<Result<Frame>> {
        self.next_frame()
            .map(|piece| piece.map(|(stream, data)| Frame { stream, data: data.to_vec() }))
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
