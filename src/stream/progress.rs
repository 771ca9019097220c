//! Streams that tell how work goes on: pull, push, build, load, import.

use std::fmt;
use std::marker::PhantomData;

use super::BodyReader;
use super::records::RecordReader;
use crate::call::{decode, decode_noting};
use crate::cancel::CancelToken;
use crate::codec::{JsonType, record};
use crate::{Error, Result};

/// The messages of work in progress, one by one as the engine sends them.
///
/// Ends with `None` when the work is done. A failure that the engine reports in a message is an
/// [`Error::Stream`] in its place, and the last item. Dropping it closes the connection, which makes
/// the engine give up the work.
#[must_use = "the work fails or succeeds only as its messages are read: call finish()"]
pub struct Progress<T> {
    reader: MessageReader,
    message: PhantomData<fn() -> T>,
}

impl<T: JsonType> Progress<T> {
    pub(crate) fn new(body: BodyReader) -> Progress<T> {
        Progress { reader: MessageReader::new(body), message: PhantomData }
    }

    /// A handle that ends the work from another thread, also while it waits for the next message.
    pub fn cancel_token(&self) -> CancelToken {
        self.reader.records.body.cancel_token()
    }

    /// CallTimeouts for the end of the work.
    ///
    /// # Errors
    /// The first failure, also one that the engine reports in a message.
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
            Ok(Some(json)) => match decode_noting(operation, json) {
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

/// Records, of which one that reports a failure is the failure.
#[derive(Debug)]
pub(crate) struct MessageReader {
    pub(crate) records: RecordReader,
}

impl MessageReader {
    pub(crate) fn new(body: BodyReader) -> MessageReader {
        MessageReader { records: RecordReader::new(body) }
    }

    /// The next message, as JSON; `None` at the end. After an error nothing more comes.
    pub(crate) fn next_message(&mut self) -> Result<Option<&[u8]>> {
        let operation = self.records.body.operation();
        let failure = match self.records.next_record()? {
            Some(json) => failure(operation, json),
            None => return Ok(None),
        };
        match failure {
            Some(error) => Err(self.records.fail(error)),
            None => Ok(Some(self.records.record())),
        }
    }
}

/// The failure that a message reports: `errorDetail`, or the older `error` alone.
fn failure(operation: &'static str, json: &[u8]) -> Option<Error> {
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
    // Most messages are without: spare them a parse.
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
    // Podman's end with a line.
    let message = message.trim_end().to_owned();
    (!message.is_empty()).then_some(Error::Stream { operation, message, code })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_in_messages() {
        let told =
            |json: &str| failure("ImageBuild", json.as_bytes()).map(|error| error.to_string());
        assert_eq!(told(r#"{"status":"ok"}"#), None);
        assert_eq!(told(r#"{"stream":"\"error\" says the program"}"#), None);
        assert_eq!(told(r#"{"error":"","errorDetail":null}"#), None);
        assert_eq!(told(r#"{"error":"no"}"#).unwrap(), "ImageBuild: no");
        assert_eq!(told(r#"{"error":"no\n"}"#).unwrap(), "ImageBuild: no");
        assert_eq!(
            told(r#"{"errorDetail":{"code":3,"message":"exit 3"},"error":"old words"}"#).unwrap(),
            "ImageBuild: exit 3"
        );
    }
}
