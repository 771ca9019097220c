//! The body of a response, read from a connection that was taken over.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::response;
use ureq::http::{HeaderMap, header};

use crate::call_result::Recorder;
use crate::cancel::CancelToken;
use crate::codec::Notes;
use crate::transport::{CallIo, Connection, Upgraded};
use crate::{Error, Result};

/// Size of the buffer: as much as the socket gives at once.
const BUFFER: usize = 64 * 1024;

/// The longest piece that is looked at as one, such as a JSON record.
const MAX_ITEM: usize = 256 * 1024 * 1024;

/// How the end of a body is told.
#[derive(Debug)]
enum Ending {
    /// By chunks; what is left of the present one.
    Chunked(Chunk),
    /// By its length; what is left of it.
    Length(u64),
    /// By the end of the connection.
    Close,
    /// It is over.
    Over,
}

/// Where the decoding of chunks stands.
#[derive(Debug, Clone, Copy)]
enum Chunk {
    /// Before the line with a size.
    Size,
    /// In the data of a chunk.
    Data(u64),
    /// Before the line end behind the data.
    DataEnd,
    /// Among the trailers behind the last chunk.
    Trailers,
}

/// The body of a response.
///
/// The buffer holds `[data..data_end)`, decoded and not yet consumed, and `[raw..raw_end)`, received
/// and not yet decoded. Decoded bytes move only where they must touch.
pub(crate) struct BodyReader {
    upgraded: Upgraded,
    io: CallIo,
    ending: Ending,
    buffer: Vec<u8>,
    data: usize,
    data_end: usize,
    raw: usize,
    raw_end: usize,
    recorder: Option<Recorder>,
    /// Somebody else writes on the connection.
    shared: bool,
    /// How long `arrives` has seen nothing.
    silent: Duration,
}

impl BodyReader {
    pub(crate) fn new(
        mut upgraded: Upgraded,
        io: CallIo,
        head: &response::Parts,
        method: &str,
    ) -> Result<Self> {
        if !io.state.tie(&upgraded.connection) {
            return Err(Error::Cancelled { operation: io.operation });
        }
        let mut buffer = std::mem::take(&mut upgraded.unread);
        let raw_end = buffer.len();
        buffer.resize(BUFFER.max(raw_end), 0);
        Ok(BodyReader {
            ending: ending(head.status.as_u16(), method, &head.headers, io.operation)?,
            upgraded,
            io,
            buffer,
            data: 0,
            data_end: 0,
            raw: 0,
            raw_end,
            recorder: None,
            shared: false,
            silent: Duration::ZERO,
        })
    }

    /// Adds to the result of the call what was of the wrong type in a record.
    pub(crate) fn note(&mut self, notes: Notes) {
        if let Some(recorder) = &mut self.recorder {
            recorder.notes(&notes);
        }
    }

    /// Reports to this recorder when the body is over.
    pub(crate) fn record(&mut self, recorder: Option<Recorder>) {
        self.recorder = recorder;
    }

    /// What somebody else needs to write on the same connection.
    pub(crate) fn share(&mut self) -> (Arc<Connection>, CallIo) {
        self.shared = true;
        (self.upgraded.connection.clone(), self.io.clone())
    }

    pub(crate) fn operation(&self) -> &'static str {
        self.io.operation
    }

    /// A handle that ends this body from another thread.
    pub(crate) fn cancel_token(&self) -> CancelToken {
        let cancel = CancelToken::new();
        cancel.watch(&self.io.state);
        cancel
    }

    /// Makes `cancel` end this body as well.
    pub(crate) fn cancelled_by(&self, cancel: &CancelToken) {
        cancel.watch(&self.io.state);
    }

    /// The next bytes: at least `want` of them, waiting for them if need be, and fewer only at the
    /// end. Everything that is already there is given, not only what is wanted.
    pub(crate) fn peek(&mut self, want: usize) -> Result<&[u8]> {
        while self.data_end - self.data < want {
            match self.advance(want) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    self.finish(Some(&error));
                    return Err(error);
                }
            }
        }
        Ok(&self.buffer[self.data..self.data_end])
    }

    /// CallTimeouts a while for something to peek at, which the end is too. False when nothing has come.
    pub(crate) fn poll_readable(&mut self, turn: Duration) -> Result<bool> {
        if self.data < self.data_end {
            return Ok(true);
        }
        // The read timeout goes on over all turns.
        let idle = self.io.timeouts.read;
        let left = idle.map_or(turn, |idle| turn.min(idle.saturating_sub(self.silent)));
        self.io.timeouts.read = Some(left);
        let advanced = self.advance(1);
        self.io.timeouts.read = idle;
        match advanced {
            Err(Error::Timeout { operation, what, after }) if after == left && !self.is_late() => {
                self.silent += left;
                match idle {
                    Some(idle) if self.silent >= idle => {
                        let error = Error::Timeout { operation, what, after: idle };
                        self.finish(Some(&error));
                        Err(error)
                    }
                    _ => Ok(false),
                }
            }
            Err(error) => {
                self.finish(Some(&error));
                Err(error)
            }
            Ok(_) => {
                self.silent = Duration::ZERO;
                Ok(true)
            }
        }
    }

    fn is_late(&self) -> bool {
        self.io.timeouts.deadline.is_some_and(|deadline| deadline.at <= Instant::now())
    }

    /// What `peek` would give without waiting or moving anything.
    pub(crate) fn peeked(&self) -> &[u8] {
        &self.buffer[self.data..self.data_end]
    }

    /// Goes on behind `count` bytes that were peeked at.
    pub(crate) fn consume(&mut self, count: usize) {
        self.data += count;
        debug_assert!(self.data <= self.data_end);
    }

    /// Nothing more is wanted, or nothing more will come: closes the connection and reports.
    pub(crate) fn finish(&mut self, error: Option<&Error>) {
        self.ending = Ending::Over;
        if !self.shared {
            self.upgraded.connection.shutdown();
        }
        if let Some(mut recorder) = self.recorder.take() {
            recorder.report(error);
        }
    }

    /// Decodes at least one more byte. False at the end.
    fn advance(&mut self, want: usize) -> Result<bool> {
        loop {
            let before = self.data_end - self.data;
            if self.decode()? {
                self.finish(None);
                return Ok(false);
            }
            // Counted, since data may have begun anew behind what stood between.
            let decoded = self.data_end - self.data - before;
            if decoded > 0 {
                if let Some(recorder) = &mut self.recorder {
                    recorder.response_body(&self.buffer[self.data_end - decoded..self.data_end]);
                }
                return Ok(true);
            }
            if !self.receive(want)? {
                return self.closed();
            }
        }
    }

    /// Reads from the socket into the room behind what is there. False at the end.
    fn receive(&mut self, want: usize) -> Result<bool> {
        if self.raw == self.raw_end {
            self.raw = self.data_end;
            self.raw_end = self.data_end;
        }
        if self.data == self.data_end && self.raw == self.raw_end {
            (self.data, self.data_end, self.raw, self.raw_end) = (0, 0, 0, 0);
        }
        if self.buffer.len() - self.raw_end < BUFFER / 4 && self.data > 0 {
            self.compact();
        }
        if self.raw_end == self.buffer.len() {
            if want > MAX_ITEM {
                return Err(self.malformed("a single record is longer than 256 MiB"));
            }
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let count = self.io.receive(&self.upgraded.connection, &mut self.buffer[self.raw_end..])?;
        self.raw_end += count;
        Ok(count > 0)
    }

    /// Moves everything to the front of the buffer.
    fn compact(&mut self) {
        self.buffer.copy_within(self.raw..self.raw_end, self.data_end);
        self.raw_end -= self.raw - self.data_end;
        self.raw = self.data_end;
        self.buffer.copy_within(self.data..self.raw_end, 0);
        self.raw_end -= self.data;
        self.raw -= self.data;
        self.data_end -= self.data;
        self.data = 0;
    }

    /// Decodes some of the raw bytes. True when the body is over.
    fn decode(&mut self) -> Result<bool> {
        loop {
            let raw = self.raw_end - self.raw;
            match self.ending {
                Ending::Over | Ending::Length(0) => return Ok(true),
                _ if raw == 0 => return Ok(false),
                Ending::Close => {
                    self.take(raw);
                    return Ok(false);
                }
                Ending::Length(left) => {
                    let count = raw.min(usize::try_from(left).unwrap_or(usize::MAX));
                    self.ending = Ending::Length(left - count as u64);
                    self.take(count);
                    return Ok(false);
                }
                Ending::Chunked(Chunk::Data(left)) => {
                    let count = raw.min(usize::try_from(left).unwrap_or(usize::MAX));
                    let left = left - count as u64;
                    self.ending =
                        Ending::Chunked(if left == 0 { Chunk::DataEnd } else { Chunk::Data(left) });
                    self.take(count);
                    return Ok(false);
                }
                Ending::Chunked(Chunk::Size) => {
                    let line = &self.buffer[self.raw..self.raw_end];
                    // A line without any digit would be a size of 0 to httparse.
                    if !line[0].is_ascii_hexdigit() {
                        return Err(self.malformed("a chunk begins with no size"));
                    }
                    match httparse::parse_chunk_size(line) {
                        Ok(httparse::Status::Complete((length, size))) => {
                            self.raw += length;
                            self.ending = Ending::Chunked(if size == 0 {
                                Chunk::Trailers
                            } else {
                                Chunk::Data(size)
                            });
                        }
                        // A size line is short; what is longer is none.
                        Ok(httparse::Status::Partial) if raw < 1024 => return Ok(false),
                        _ => return Err(self.malformed("a chunk begins with no size")),
                    }
                }
                Ending::Chunked(Chunk::DataEnd) => {
                    if raw < 2 {
                        return Ok(false);
                    }
                    if &self.buffer[self.raw..self.raw + 2] != b"\r\n" {
                        return Err(self.malformed("a chunk does not end where it should"));
                    }
                    self.raw += 2;
                    self.ending = Ending::Chunked(Chunk::Size);
                }
                Ending::Chunked(Chunk::Trailers) => {
                    let bytes = &self.buffer[self.raw..self.raw_end];
                    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
                        return Ok(false);
                    };
                    let blank = matches!(&bytes[..end], b"" | b"\r");
                    self.raw += end + 1;
                    if blank {
                        return Ok(true);
                    }
                }
            }
        }
    }

    /// Makes the next `count` raw bytes data, and lets them touch the data before them.
    fn take(&mut self, count: usize) {
        if self.data == self.data_end {
            self.data = self.raw;
            self.data_end = self.raw;
        } else if self.data_end < self.raw {
            self.buffer.copy_within(self.raw..self.raw + count, self.data_end);
        }
        self.data_end += count;
        self.raw += count;
    }

    /// The connection has ended: where the body ends with it, that is the end.
    fn closed(&mut self) -> Result<bool> {
        match self.ending {
            Ending::Close => {
                self.finish(None);
                Ok(false)
            }
            _ => Err(self.io.closed("in the middle of its response")),
        }
    }

    fn malformed(&self, why: &str) -> Error {
        Error::Protocol {
            operation: self.io.operation,
            message: format!("the body of the response is malformed: {why}"),
        }
    }
}

/// Without the buffer: what the engine sends is not for logs, and much.
impl fmt::Debug for BodyReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyReader")
            .field("operation", &self.io.operation)
            .field("ending", &self.ending)
            .finish_non_exhaustive()
    }
}

impl Drop for BodyReader {
    fn drop(&mut self) {
        self.finish(None);
    }
}

impl io::Read for BodyReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let data = self.peek(1).map_err(io::Error::other)?;
        let count = data.len().min(buffer.len());
        buffer[..count].copy_from_slice(&data[..count]);
        self.consume(count);
        Ok(count)
    }
}

/// How the head of a response says that its body ends.
fn ending(
    status: u16,
    method: &str,
    headers: &HeaderMap,
    operation: &'static str,
) -> Result<Ending> {
    if status == 101 {
        return Ok(Ending::Close);
    }
    if method == "HEAD" || matches!(status, 204 | 304) {
        return Ok(Ending::Over);
    }
    let chunked = headers.get_all(header::TRANSFER_ENCODING).iter().any(|value| {
        value.to_str().is_ok_and(|value| value.to_ascii_lowercase().contains("chunked"))
    });
    if chunked {
        return Ok(Ending::Chunked(Chunk::Size));
    }
    match headers.get(header::CONTENT_LENGTH) {
        Some(value) => match value.to_str().ok().and_then(|value| value.trim().parse().ok()) {
            Some(length) => Ok(Ending::Length(length)),
            None => Err(Error::Protocol {
                operation,
                message: "Content-Length of the response is no number".to_owned(),
            }),
        },
        None => Ok(Ending::Close),
    }
}
