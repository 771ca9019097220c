//! Output of containers: multiplexed stdout and stderr, or the raw stream of a TTY.

use std::fmt;
use std::time::{Duration, Instant};

use super::BodyReader;
use crate::cancel::CancelToken;
use crate::{Error, Result};

/// Longest frame that is returned at once. Longer frames are returned in parts.
const MAX_FRAME: usize = 48 * 1024;

/// Length of a frame's header: its stream, three zeros, and the length of its payload.
const HEADER: usize = 8;

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
    /// The current frame is one of stream 3 (systemerr), in which the engine reports why the output ends.
    reports_error: bool,
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
            reports_error: false,
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
    /// - [`Error::Disconnected`] if the engine closes the connection before the end, or the output ends within
    ///   a frame. The part of the frame that was received is returned first.
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
            Ok(None) => {
                self.ended = true;
                self.body.finish(None);
                Ok(None)
            }
            Err(error) => {
                self.fail(&error);
                Err(error)
            }
        }
    }

    /// Waits at most `wait` until [`next_frame`](Logs::next_frame) does not block. Returns false if it would.
    pub(crate) fn poll_readable(&mut self, wait: Duration) -> Result<bool> {
        if self.ended || self.pending_error.is_some() {
            return Ok(true);
        }
        self.body.consume(std::mem::take(&mut self.returned));
        let began = Instant::now();
        loop {
            let in_header = self.is_in_header();
            let needed = if in_header { HEADER } else { self.payload_length() };
            let remaining = wait.saturating_sub(began.elapsed());
            match self.body.poll_readable(needed, remaining) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(error) => {
                    self.ended = true;
                    return Err(error);
                }
            }
            // `next_frame` reports a malformed header, and the end.
            if !in_header || !self.read_header().unwrap_or(false) {
                return Ok(true);
            }
        }
    }

    /// The number of bytes that are received, but not returned since their frame is incomplete.
    pub(crate) fn incomplete(&self) -> usize {
        self.body.peeked().len()
    }

    /// Ends the output here, and closes the connection. The next frame is the incomplete one, if there is
    /// one.
    pub(crate) fn close(&mut self) {
        self.body.close();
    }

    /// Ends the output with `error`, the result of the call.
    pub(crate) fn fail(&mut self, error: &Error) {
        self.ended = true;
        self.body.finish(Some(error));
    }

    /// Whether a frame's header is next.
    fn is_in_header(&self) -> bool {
        self.framing == Framing::Multiplexed && self.remaining == 0 && !self.reports_error
    }

    /// The number of bytes that are returned at once: all of a frame, unless it is long.
    fn payload_length(&self) -> usize {
        match self.framing {
            Framing::Raw => 1,
            Framing::Multiplexed => self.remaining.min(MAX_FRAME),
        }
    }

    /// Reads a frame's header that is received. Returns false if the output ends instead.
    fn read_header(&mut self) -> Result<bool> {
        let data = self.body.peeked();
        let Some((&header, _)) = data.split_first_chunk::<HEADER>() else {
            return match data {
                [] => Ok(false),
                [0..=3, zeros @ ..] if zeros.iter().take(3).all(|it| *it == 0) => Err(self.cut()),
                _ => Err(self.malformed()),
            };
        };
        let [stream @ 0..=3, 0, 0, 0, length @ ..] = header else { return Err(self.malformed()) };
        self.stream = if stream == 2 { StdStream::Stderr } else { StdStream::Stdout };
        self.reports_error = stream == 3;
        self.remaining = u32::from_be_bytes(length) as usize;
        self.body.consume(HEADER);
        Ok(true)
    }

    /// Returns the length of the next part of a frame, all of which is then in `body.peeked()`.
    fn next_length(&mut self) -> Result<Option<usize>> {
        while self.is_in_header() {
            self.body.peek(HEADER)?;
            if !self.read_header()? {
                return Ok(None);
            }
        }
        let length = self.payload_length();
        let peeked = self.body.peek(length).map(<[u8]>::len);
        let received = self.body.peeked().len();
        if self.framing == Framing::Raw {
            return Ok((peeked? > 0).then_some(received));
        }
        if self.reports_error {
            return Err(peeked.map_or_else(|error| error, |_| self.reported_error(length)));
        }
        if received < length {
            let error = peeked.map_or_else(|error| error, |_| self.cut());
            if received == 0 {
                return Err(error);
            }
            self.pending_error = Some(error);
        }
        let length = length.min(received);
        self.remaining -= length;
        Ok(Some(length))
    }

    /// The error that the engine reports in a frame of stream 3, as far as it was received.
    fn reported_error(&self, length: usize) -> Error {
        let data = self.body.peeked();
        let message = String::from_utf8_lossy(&data[..data.len().min(length)]);
        Error::stream(self.body.operation(), message.trim(), None)
    }

    /// The error for output that ends within a frame: the header proves that output is missing.
    fn cut(&self) -> Error {
        Error::Disconnected {
            operation: self.body.operation(),
            message: "the output ended in the middle of a frame: some of it is lost".to_owned(),
            errno: None,
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
