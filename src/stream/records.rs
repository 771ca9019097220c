//! Streams of JSON records: events, progress, stats.

use std::fmt;
use std::marker::PhantomData;

use super::BodyReader;
use crate::call::decode_noting;
use crate::cancel::CancelToken;
use crate::codec::JsonType;
use crate::{Error, Result};

/// A stream of JSON records, one by one as the engine sends them.
///
/// Ends with `None` when the engine ends it; after an error nothing more comes. Dropping it closes
/// the connection.
pub struct Records<T> {
    reader: RecordReader,
    record: PhantomData<fn() -> T>,
}

impl<T> Records<T> {
    pub(crate) fn new(body: BodyReader) -> Records<T> {
        Records { reader: RecordReader::new(body), record: PhantomData }
    }

    /// A handle that ends the stream from another thread, also while it waits for the next record.
    pub fn cancel_token(&self) -> CancelToken {
        self.reader.body.cancel_token()
    }
}

impl<T: JsonType> Iterator for Records<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        let operation = self.reader.body.operation();
        match self.reader.next_record() {
            Ok(Some(json)) => match decode_noting(operation, json) {
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

/// Cuts a body into JSON objects, without a copy.
///
/// Engines separate them by line ends, by nothing, or lead each with 0x1E, and split them over
/// chunks as they like, so the braces decide.
#[derive(Debug)]
pub(crate) struct RecordReader {
    pub(crate) body: BodyReader,
    /// Length of the record that was given out last.
    given: usize,
    failed: bool,
}

impl RecordReader {
    pub(crate) fn new(body: BodyReader) -> RecordReader {
        RecordReader { body, given: 0, failed: false }
    }

    /// The next record, as JSON; `None` at the end. After an error nothing more comes.
    pub(crate) fn next_record(&mut self) -> Result<Option<&[u8]>> {
        if self.failed {
            return Ok(None);
        }
        loop {
            self.body.consume(std::mem::take(&mut self.given));
            match self.find() {
                Ok(Some(length)) => self.given = length,
                Ok(None) => return Ok(None),
                Err(error) => return Err(self.fail(error)),
            }
            // Podman sends `null` where it has no event to tell.
            if self.record() != b"null" {
                return Ok(Some(self.record()));
            }
        }
    }

    /// The record that `next_record` gave last.
    pub(crate) fn record(&self) -> &[u8] {
        &self.body.peeked()[..self.given]
    }

    /// Ends the stream with `error`.
    pub(crate) fn fail(&mut self, error: Error) -> Error {
        self.failed = true;
        self.body.finish(Some(&error));
        error
    }

    /// Skips what stands between records, and finds the length of the next.
    fn find(&mut self) -> Result<Option<usize>> {
        let mut scanner = Scanner::default();
        let mut seen = 0;
        loop {
            let data = self.body.peek(seen + 1)?;
            if data.len() == seen {
                return if seen == 0 { Ok(None) } else { Err(self.cut_off()) };
            }
            if seen == 0 {
                let skip = data.iter().take_while(|byte| is_separator(**byte)).count();
                if skip > 0 {
                    self.body.consume(skip);
                    continue;
                }
            }
            for byte in &data[seen..] {
                seen += 1;
                match scanner.step(*byte) {
                    Step::Inside => {}
                    Step::Complete => return Ok(Some(seen)),
                    Step::Wrong => return Err(self.no_record()),
                }
            }
        }
    }

    fn cut_off(&self) -> Error {
        Error::Protocol {
            operation: self.body.operation(),
            message: "the stream ends in the middle of a record".to_owned(),
        }
    }

    /// What stands where a record should begin: an engine may put plain text there when it fails.
    fn no_record(&self) -> Error {
        let data = self.body.peeked();
        let text = String::from_utf8_lossy(&data[..data.len().min(200)]);
        Error::Protocol {
            operation: self.body.operation(),
            message: format!("the stream holds no JSON record but {:?}", text.trim()),
        }
    }
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x1e)
}

/// Finds the end of a JSON object (or of a `null` in its place) byte by byte.
#[derive(Default)]
struct Scanner {
    depth: usize,
    in_text: bool,
    escaped: bool,
    null: usize,
}

enum Step {
    Inside,
    Complete,
    Wrong,
}

impl Scanner {
    fn step(&mut self, byte: u8) -> Step {
        if self.in_text {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_text = false,
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
                return Step::Wrong;
            }
        }
        match byte {
            b'"' => self.in_text = true,
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
