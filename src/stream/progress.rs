//! Progress streams: pull, push, build, load and import.

use std::fmt;
use std::marker::PhantomData;

use super::BodyReader;
use super::records::RecordReader;
use crate::call::{decode, decode_with_notes};
use crate::cancel::CancelToken;
use crate::codec::{JsonType, record};
use crate::{Error, Result};

/// The progress messages of a pull, push, build, load or import: an iterator.
///
/// Returns `None` when the operation has completed. A message that reports a failure is returned as
/// [`Error::Stream`] and is the last item. Dropping it closes the connection, which makes the engine
/// abort the operation.
#[must_use = "the operation completes only while its messages are read: call finish()"]
pub struct Progress<T> {
    reader: MessageReader,
    message: PhantomData<fn() -> T>,
}

impl<T: JsonType> Progress<T> {
    pub(crate) fn new(body: BodyReader) -> Progress<T> {
        Progress { reader: MessageReader::new(body), message: PhantomData }
    }

    /// Returns a token that cancels the operation from another thread, also during a blocked read.
    pub fn cancel_token(&self) -> CancelToken {
        self.reader.records.body.cancel_token()
    }

    /// Waits until the operation has completed. Discards the messages.
    ///
    /// # Errors
    /// Fails with the first error of the iterator, including a failure that the engine reports.
    pub fn finish(self) -> Result<()> {
        for message in self {
            message?;
        }
        Ok(())
    }
}

impl<T: JsonType> Iterator for Progress<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        let operation = self.reader.records.body.operation();
        match self.reader.next_message() {
            Ok(Some(json)) => match decode_with_notes(operation, json) {
                Ok((message, notes)) => {
                    self.reader.records.body.note(notes);
                    Some(Ok(message))
                }
                Err(error) => Some(Err(self.reader.records.fail(error))),
            },
            Ok(None) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

impl<T> fmt::Debug for Progress<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress")
            .field("operation", &self.reader.records.body.operation())
            .finish_non_exhaustive()
    }
}

/// A [`RecordReader`] that turns a message with an error into [`Error::Stream`].
#[derive(Debug)]
pub(crate) struct MessageReader {
    pub(crate) records: RecordReader,
}

impl MessageReader {
    pub(crate) fn new(body: BodyReader) -> MessageReader {
        MessageReader { records: RecordReader::new(body) }
    }

    /// Returns the next message as JSON, or `None` at the end and after an error.
    pub(crate) fn next_message(&mut self) -> Result<Option<&[u8]>> {
        let operation = self.records.body.operation();
        let error = match self.records.next_record()? {
            Some(json) => reported_error(operation, json),
            None => return Ok(None),
        };
        match error {
            Some(error) => Err(self.records.fail(error)),
            None => Ok(Some(self.records.record())),
        }
    }
}

/// The failure that a message reports, in `errorDetail` or in the older `error` alone.
fn reported_error(operation: &'static str, json: &[u8]) -> Option<Error> {
    record! {
        #[derive(Default)]
        struct Message {
            error: String = "error",
            detail: Option<Detail> = "errorDetail",
        }
    }
    record! {
        #[derive(Default)]
        struct Detail {
            code: i64 = "code",
            message: String = "message",
        }
    }
    // Skips parsing of the messages without an error, which are most.
    if !json.windows(7).any(|window| window == b"\"error\"" || window == b"\"errorD") {
        return None;
    }
    let Message { error, detail } = decode(operation, json).ok()?;
    let (message, code) = match detail {
        Some(Detail { code, message }) if !message.is_empty() => {
            (message, Some(code).filter(|code| *code != 0))
        }
        _ => (error, None),
    };
    // Podman's messages end with a line feed.
    let message = message.trim_end().to_owned();
    (!message.is_empty()).then_some(Error::Stream { operation, message, code })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_errors_in_messages() {
        let message = |json: &str| {
            reported_error("ImageBuild", json.as_bytes()).map(|error| error.to_string())
        };
        assert_eq!(message(r#"{"status":"ok"}"#), None);
        assert_eq!(message(r#"{"stream":"\"error\" in the output"}"#), None);
        assert_eq!(message(r#"{"error":"","errorDetail":null}"#), None);
        assert_eq!(message(r#"{"error":"no"}"#).unwrap(), "ImageBuild: no");
        assert_eq!(message(r#"{"error":"no\n"}"#).unwrap(), "ImageBuild: no");
        assert_eq!(
            message(r#"{"errorDetail":{"code":3,"message":"exit 3"},"error":"old message"}"#)
                .unwrap(),
            "ImageBuild: exit 3"
        );
    }
}
