//! Streams of JSON records: events, progress messages, stats.

use std::fmt;
use std::marker::PhantomData;

use super::BodyReader;
use crate::call::decode_with_notes;
use crate::cancel::CancelToken;
use crate::codec::JsonType;
use crate::{Error, Result};

/// A stream of JSON records: an iterator.
///
/// Returns `None` when the engine ends the stream. An error is the last item. Dropping it closes the
/// connection.
pub struct Records<T> {
    reader: RecordReader,
    record: PhantomData<fn() -> T>,
}

impl<T> Records<T> {
    pub(crate) fn new(body: BodyReader) -> Records<T> {
        Records { reader: RecordReader::new(body), record: PhantomData }
    }

    /// Returns a token that cancels the stream from another thread, also during a blocked read.
    pub fn cancel_token(&self) -> CancelToken {
        self.reader.body.cancel_token()
    }
}

impl<T: JsonType> Iterator for Records<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        let operation = self.reader.body.operation();
        match self.reader.next_record() {
            Ok(Some(json)) => match decode_with_notes(operation, json) {
                Ok((record, notes)) => {
                    self.reader.body.note(notes);
                    Some(Ok(record))
                }
                Err(error) => Some(Err(self.reader.fail(error))),
            },
            Ok(None) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

impl<T> fmt::Debug for Records<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records")
            .field("operation", &self.reader.body.operation())
            .finish_non_exhaustive()
    }
}

/// Splits a body into JSON objects, without copying them.
///
/// Engines separate the objects by line feeds or not at all, or start each with 0x1E (RFC 7464). Chunks
/// may end anywhere. Only the matching brace therefore marks the end of an object.
#[derive(Debug)]
pub(crate) struct RecordReader {
    pub(crate) body: BodyReader,
    /// Length of the record returned last, which is consumed by the next call.
    record_length: usize,
    failed: bool,
}

impl RecordReader {
    pub(crate) fn new(body: BodyReader) -> RecordReader {
        RecordReader { body, record_length: 0, failed: false }
    }

    /// Returns the next record as JSON, or `None` at the end and after an error.
    pub(crate) fn next_record(&mut self) -> Result<Option<&[u8]>> {
        if self.failed {
            return Ok(None);
        }
        loop {
            self.body.consume(std::mem::take(&mut self.record_length));
            match self.find_record() {
                Ok(Some(length)) => self.record_length = length,
                Ok(None) => {
                    self.body.finish(None);
                    return Ok(None);
                }
                Err(error) => return Err(self.fail(error)),
            }
            // Podman sends `null` between events.
            if self.record() != b"null" {
                return Ok(Some(self.record()));
            }
        }
    }

    /// The record that `next_record` returned last.
    pub(crate) fn record(&self) -> &[u8] {
        &self.body.peeked()[..self.record_length]
    }

    /// Ends the stream with `error` and returns it.
    pub(crate) fn fail(&mut self, error: Error) -> Error {
        self.failed = true;
        self.body.finish(Some(&error));
        error
    }

    /// Skips separators and returns the length of the next record.
    fn find_record(&mut self) -> Result<Option<usize>> {
        let mut scanner = Scanner::default();
        let mut scanned = 0;
        loop {
            let data = self.body.peek(scanned + 1)?;
            if data.len() == scanned {
                return if scanned == 0 { Ok(None) } else { Err(self.truncated()) };
            }
            if scanned == 0 {
                let skip = data.iter().take_while(|byte| is_separator(**byte)).count();
                if skip > 0 {
                    self.body.consume(skip);
                    continue;
                }
            }
            for byte in &data[scanned..] {
                scanned += 1;
                match scanner.step(*byte) {
                    Step::Inside => {}
                    Step::Complete => return Ok(Some(scanned)),
                    Step::Invalid => return Err(self.not_a_record()),
                }
            }
        }
    }

    fn truncated(&self) -> Error {
        Error::Protocol {
            operation: self.body.operation(),
            message: "the stream ends in the middle of a record".to_owned(),
        }
    }

    /// The error for other data than a record. It quotes the data: engines may report a failure as plain
    /// text.
    fn not_a_record(&self) -> Error {
        let data = self.body.peeked();
        let text = String::from_utf8_lossy(&data[..data.len().min(200)]);
        Error::Protocol {
            operation: self.body.operation(),
            message: format!("the stream contains {:?} instead of a JSON record", text.trim()),
        }
    }
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x1e)
}

/// Finds the end of a JSON object or of a `null`, byte by byte.
#[derive(Default)]
struct Scanner {
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// The number of matched bytes of `null`.
    null: usize,
}

enum Step {
    Inside,
    Complete,
    Invalid,
}

impl Scanner {
    fn step(&mut self, byte: u8) -> Step {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return Step::Inside;
        }
        if self.depth == 0 {
            if byte == b"null"[self.null] {
                self.null += 1;
                return if self.null == 4 { Step::Complete } else { Step::Inside };
            }
            if byte != b'{' || self.null > 0 {
                return Step::Invalid;
            }
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth -= 1;
                if self.depth == 0 {
                    return Step::Complete;
                }
            }
            _ => {}
        }
        Step::Inside
    }
}
