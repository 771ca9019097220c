//! The body of a streamed response: chunked, with a Content-Length or until the connection closes.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::response;
use ureq::http::{HeaderMap, header};
use zeroize::Zeroize;

use crate::call_result::Recorder;
use crate::cancel::CancelToken;
use crate::codec::Notes;
use crate::transport::http::BodyEnd;
use crate::transport::{CallIo, Connection, Upgraded};
use crate::{Error, Result};

/// Initial size of the buffer, which bounds the bytes of one read from the socket.
const BUFFER: usize = 64 * 1024;

/// Largest `min` of [`BodyReader::peek`], such as the length of a JSON record.
const MAX_PEEK: usize = 256 * 1024 * 1024;

/// Largest trailers after a chunked body, all together; engines send none.
const MAX_TRAILERS: usize = 64 * 1024;

/// The framing of a body (RFC 9112, section 6.3), with the state of decoding it.
#[derive(Debug)]
enum BodyLength {
    /// Transfer-Encoding: chunked.
    Chunked(ChunkState),
    /// Content-Length, minus the bytes decoded so far.
    Length(u64),
    /// The body ends when the connection closes.
    UntilClose,
    /// The body has ended.
    Done,
}

/// The position in a chunked body.
#[derive(Debug, Clone, Copy)]
enum ChunkState {
    /// Before a chunk size line.
    Size,
    /// In the data of a chunk, with the number of remaining bytes.
    Data(u64),
    /// Before the CRLF after the data.
    DataEnd,
    /// In the trailers, after the last chunk: their length so far, and whether the current line is blank
    /// so far.
    Trailers { length: usize, blank: bool },
}

/// The body of a response.
///
/// The buffer contains decoded bytes that are not consumed yet, `[data..data_end)`, and received bytes
/// that are not decoded yet, `[raw..raw_end)`. Decoded bytes are moved only to make them contiguous.
pub(crate) struct BodyReader {
    upgraded: Upgraded,
    io: CallIo,
    length: BodyLength,
    buffer: Vec<u8>,
    data: usize,
    data_end: usize,
    raw: usize,
    raw_end: usize,
    recorder: Option<Box<dyn Recorder>>,
    /// Another object writes to the connection.
    shared: bool,
    /// The engine has switched protocols (status 101), so the connection carries data in both directions.
    switched: bool,
    /// The time that `poll_readable` has waited since the last decoded byte.
    idle: Duration,
}

impl BodyReader {
    pub(crate) fn new(
        mut upgraded: Upgraded,
        io: CallIo,
        head: &response::Parts,
        method: &str,
    ) -> Result<Self> {
        if !io.state.attach_connection(&upgraded.connection) {
            return Err(Error::Cancelled { operation: io.operation });
        }
        let length = body_length(head.status.as_u16(), method, &head.headers, io.operation)?;
        let mut buffer = std::mem::take(&mut upgraded.unread);
        let raw_end = buffer.len();
        // Clearing 64 KiB takes as long as the rest of a small call.
        let capacity = match length {
            BodyLength::Length(length) => {
                usize::try_from(length).unwrap_or(BUFFER).clamp(1024, BUFFER)
            }
            BodyLength::Done => 0,
            BodyLength::Chunked(_) | BodyLength::UntilClose => BUFFER,
        };
        buffer.resize(capacity.max(raw_end), 0);
        Ok(BodyReader {
            length,
            upgraded,
            io,
            buffer,
            data: 0,
            data_end: 0,
            raw: 0,
            raw_end,
            recorder: None,
            shared: false,
            switched: head.status.as_u16() == 101,
            idle: Duration::ZERO,
        })
    }

    /// Adds notes about fields of the wrong type to the result of the call.
    pub(crate) fn note(&mut self, notes: Notes) {
        if let Some(recorder) = &mut self.recorder {
            recorder.notes(&notes);
        }
    }

    /// Sets the recorder, which reports the result of the call when the body ends.
    pub(crate) fn record(&mut self, recorder: Option<Box<dyn Recorder>>) {
        self.recorder = recorder;
    }

    /// Returns the parts with which another object can write to the connection.
    pub(crate) fn share(&mut self) -> (Arc<Connection>, CallIo) {
        self.shared = true;
        (self.upgraded.connection.clone(), self.io.clone())
    }

    /// Whether the engine has switched protocols (status 101) and reads what is written.
    pub(crate) fn has_switched(&self) -> bool {
        self.switched
    }

    pub(crate) fn operation(&self) -> &'static str {
        self.io.operation
    }

    /// A token that cancels this body from another thread.
    pub(crate) fn cancel_token(&self) -> CancelToken {
        let cancel = CancelToken::new();
        cancel.watch(&self.io.state);
        cancel
    }

    /// Makes `cancel` cancel this body as well.
    pub(crate) fn cancelled_by(&self, cancel: &CancelToken) {
        cancel.watch(&self.io.state);
    }

    /// Waits for at least `min` decoded bytes and returns all of them. Returns fewer only at the end.
    pub(crate) fn peek(&mut self, min: usize) -> Result<&[u8]> {
        while self.data_end - self.data < min {
            match self.advance(min) {
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

    /// The rest of the response that ureq waits for, while nothing is read yet.
    pub(crate) fn end(&self) -> BodyEnd {
        match self.length {
            BodyLength::Chunked(_) => BodyEnd::LastChunk,
            BodyLength::Length(length) => BodyEnd::Bytes(length),
            BodyLength::UntilClose | BodyLength::Done => BodyEnd::Bytes(0),
        }
    }

    /// Reads at most `limit` bytes into `bytes`. The connection stays open. Returns whether it can be used again:
    /// the body was read completely, and nothing follows it.
    pub(crate) fn read_whole(&mut self, limit: u64, bytes: &mut Vec<u8>) -> Result<bool> {
        self.shared = true;
        let mut left = usize::try_from(limit).unwrap_or(usize::MAX);
        while left > 0 {
            let data = self.peek(1)?;
            let count = data.len().min(left);
            if count == 0 {
                return Ok(self.raw == self.raw_end);
            }
            bytes.extend_from_slice(&data[..count]);
            self.consume(count);
            left -= count;
        }
        Ok(false)
    }

    /// Wipes the buffer.
    pub(crate) fn wipe(&mut self) {
        self.buffer.zeroize();
    }

    /// Waits at most `wait` for `min` decoded bytes or the end of the body. Returns false if neither is
    /// received; there may be fewer bytes then.
    pub(crate) fn poll_readable(&mut self, min: usize, wait: Duration) -> Result<bool> {
        let began = Instant::now();
        let mut remaining = wait;
        while self.data_end - self.data < min {
            if !self.poll_once(min, remaining)? {
                return Ok(false);
            }
            if matches!(self.length, BodyLength::Done) {
                break;
            }
            remaining = wait.saturating_sub(began.elapsed());
        }
        Ok(true)
    }

    /// Waits at most `wait` for one more decoded byte or the end of the body.
    fn poll_once(&mut self, min: usize, wait: Duration) -> Result<bool> {
        // The read timeout covers all consecutive polls together.
        let timeout = self.io.timeouts.read;
        let wait = timeout.map_or(wait, |timeout| wait.min(timeout.saturating_sub(self.idle)));
        self.io.timeouts.read = Some(wait);
        let advanced = self.advance(min);
        self.io.timeouts.read = timeout;
        match advanced {
            Err(Error::Timeout { operation, what, after })
                if after == wait && !self.has_deadline_passed() =>
            {
                self.idle += wait;
                match timeout {
                    Some(timeout) if self.idle >= timeout => {
                        let error = Error::Timeout { operation, what, after: timeout };
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
                self.idle = Duration::ZERO;
                Ok(true)
            }
        }
    }

    fn has_deadline_passed(&self) -> bool {
        self.io.timeouts.deadline.is_some_and(|deadline| deadline.at <= Instant::now())
    }

    /// Returns all decoded bytes, without waiting.
    pub(crate) fn peeked(&self) -> &[u8] {
        &self.buffer[self.data..self.data_end]
    }

    /// Discards the first `count` decoded bytes.
    pub(crate) fn consume(&mut self, count: usize) {
        self.data += count;
        debug_assert!(self.data <= self.data_end);
    }

    /// Ends the body here: shuts the connection down, unless it is shared. The result of the call depends on
    /// what its reader makes of the body, so it is reported by [`finish`](BodyReader::finish).
    pub(crate) fn close(&mut self) {
        self.length = BodyLength::Done;
        if !self.shared {
            self.upgraded.connection.shutdown();
        }
    }

    /// Ends the body and reports the result of the call. Further calls report nothing.
    pub(crate) fn finish(&mut self, error: Option<&Error>) {
        self.close();
        if let Some(mut recorder) = self.recorder.take() {
            recorder.report(error);
        }
    }

    /// Decodes at least one more byte. Returns false at the end.
    fn advance(&mut self, min: usize) -> Result<bool> {
        loop {
            let before = self.data_end - self.data;
            if self.decode()? {
                self.close();
                return Ok(false);
            }
            // The length, since `data` itself may have moved past a chunk header.
            let decoded = self.data_end - self.data - before;
            if decoded > 0 {
                if let Some(recorder) = &mut self.recorder {
                    recorder.response_body(&self.buffer[self.data_end - decoded..self.data_end]);
                }
                return Ok(true);
            }
            if !self.receive(min)? {
                return self.connection_closed();
            }
        }
    }

    /// Reads from the connection into the free end of the buffer. Returns false at the end.
    fn receive(&mut self, min: usize) -> Result<bool> {
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
            if min > MAX_PEEK {
                return Err(self.malformed("a single record is longer than 256 MiB"));
            }
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let count = self.io.receive(&self.upgraded.connection, &mut self.buffer[self.raw_end..])?;
        self.raw_end += count;
        Ok(count > 0)
    }

    /// Moves the data and the raw bytes to the front of the buffer.
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

    /// Decodes some of the raw bytes. Returns true at the end of the body.
    fn decode(&mut self) -> Result<bool> {
        loop {
            let raw = self.raw_end - self.raw;
            match self.length {
                BodyLength::Done | BodyLength::Length(0) => return Ok(true),
                _ if raw == 0 => return Ok(false),
                BodyLength::UntilClose => {
                    self.append_data(raw);
                    return Ok(false);
                }
                BodyLength::Length(remaining) => {
                    let count = raw.min(usize::try_from(remaining).unwrap_or(usize::MAX));
                    self.length = BodyLength::Length(remaining - count as u64);
                    self.append_data(count);
                    return Ok(false);
                }
                BodyLength::Chunked(ChunkState::Data(remaining)) => {
                    let count = raw.min(usize::try_from(remaining).unwrap_or(usize::MAX));
                    let remaining = remaining - count as u64;
                    self.length = BodyLength::Chunked(if remaining == 0 {
                        ChunkState::DataEnd
                    } else {
                        ChunkState::Data(remaining)
                    });
                    self.append_data(count);
                    return Ok(false);
                }
                BodyLength::Chunked(ChunkState::Size) => {
                    let line = &self.buffer[self.raw..self.raw_end];
                    // httparse reads a line without digits as a size of 0.
                    if !line[0].is_ascii_hexdigit() {
                        return Err(self.malformed("a chunk does not start with its size"));
                    }
                    match httparse::parse_chunk_size(line) {
                        Ok(httparse::Status::Complete((line_length, size))) => {
                            self.raw += line_length;
                            self.length = BodyLength::Chunked(if size == 0 {
                                ChunkState::Trailers { length: 0, blank: true }
                            } else {
                                ChunkState::Data(size)
                            });
                        }
                        // The limit rejects lines that are too long for a chunk size.
                        Ok(httparse::Status::Partial) if raw < 1024 => return Ok(false),
                        _ => return Err(self.malformed("a chunk does not start with its size")),
                    }
                }
                BodyLength::Chunked(ChunkState::DataEnd) => {
                    if raw < 2 {
                        return Ok(false);
                    }
                    if &self.buffer[self.raw..self.raw + 2] != b"\r\n" {
                        return Err(self.malformed("the data of a chunk is not followed by CRLF"));
                    }
                    self.raw += 2;
                    self.length = BodyLength::Chunked(ChunkState::Size);
                }
                BodyLength::Chunked(ChunkState::Trailers { length, blank }) => {
                    let bytes = &self.buffer[self.raw..self.raw_end];
                    let end = bytes.iter().position(|byte| *byte == b'\n');
                    let line = &bytes[..end.unwrap_or(raw)];
                    let blank = blank && line.iter().all(|byte| *byte == b'\r');
                    let count = end.map_or(raw, |end| end + 1);
                    self.raw += count;
                    if blank && end.is_some() {
                        return Ok(true);
                    }
                    let length = length + count;
                    if length > MAX_TRAILERS {
                        return Err(self.malformed("the trailers are longer than 64 KiB"));
                    }
                    let blank = blank || end.is_some();
                    self.length = BodyLength::Chunked(ChunkState::Trailers { length, blank });
                }
            }
        }
    }

    /// Turns the next `count` raw bytes into data, contiguous with the data before them.
    fn append_data(&mut self, count: usize) {
        if self.data == self.data_end {
            self.data = self.raw;
            self.data_end = self.raw;
        } else if self.data_end < self.raw {
            self.buffer.copy_within(self.raw..self.raw + count, self.data_end);
        }
        self.data_end += count;
        self.raw += count;
    }

    /// Handles the end of the connection: the end of a body without a length, otherwise an error.
    fn connection_closed(&mut self) -> Result<bool> {
        match self.length {
            BodyLength::UntilClose => {
                self.close();
                Ok(false)
            }
            _ => Err(self.io.closed("in the middle of its response")),
        }
    }

    fn malformed(&self, reason: &str) -> Error {
        Error::Protocol {
            operation: self.io.operation,
            message: format!("the body of the response is malformed: {reason}"),
        }
    }
}

/// Omits the buffer, which is large and may contain secrets.
impl fmt::Debug for BodyReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyReader")
            .field("operation", &self.io.operation)
            .field("length", &self.length)
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

/// Determines the framing of a body from the response head.
fn body_length(
    status: u16,
    method: &str,
    headers: &HeaderMap,
    operation: &'static str,
) -> Result<BodyLength> {
    if status == 101 {
        return Ok(BodyLength::UntilClose);
    }
    if method == "HEAD" || matches!(status, 204 | 304) {
        return Ok(BodyLength::Done);
    }
    let chunked = headers.get_all(header::TRANSFER_ENCODING).iter().any(|value| {
        value.to_str().is_ok_and(|value| value.to_ascii_lowercase().contains("chunked"))
    });
    if chunked {
        return Ok(BodyLength::Chunked(ChunkState::Size));
    }
    match headers.get(header::CONTENT_LENGTH) {
        Some(value) => match value.to_str().ok().and_then(|value| value.trim().parse().ok()) {
            Some(length) => Ok(BodyLength::Length(length)),
            None => Err(Error::Protocol {
                operation,
                message: "Content-Length of the response is not a number".to_owned(),
            }),
        },
        None => Ok(BodyLength::UntilClose),
    }
}
