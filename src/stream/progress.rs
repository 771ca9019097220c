//! Progress streams: pull, push, build, load and import.

use std::fmt;
use std::marker::PhantomData;

use super::BodyReader;
use super::records::RecordReader;
use serde_json::Value;

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
        let checked = match self.records.next_record()? {
            Some(json) => check(operation, json),
            None => return Ok(None),
        };
        match checked {
            Ok(()) => Ok(Some(self.records.record())),
            Err(error) => Err(self.records.fail(error)),
        }
    }
}

/// Fails if a message reports a failure, in `errorDetail` or in the older `error` alone.
///
/// Any other value than `null`, `false` and `""` is a failure, whatever its type: a success must not depend on
/// the form of an error.
fn check(operation: &'static str, json: &[u8]) -> Result<()> {
    record! {
        #[derive(Default)]
        struct Message {
            error: Option<Value> = "error",
            detail: Option<Value> = "errorDetail",
        }
    }
    record! {
        #[derive(Default)]
        struct Codes {
            detail: Code = "errorDetail",
        }
    }
    record! {
        #[derive(Default)]
        struct Code {
            code: i64 = "code",
        }
    }
    // Skips parsing of the messages without an error, which are most.
    if !json.windows(7).any(|window| window == b"\"error\"" || window == b"\"errorD") {
        return Ok(());
    }
    let Message { error, detail } = decode(operation, json)?;
    let is_failure = |value: &&Value| **value != "" && **value != false;
    let mut failures = [&detail, &error].into_iter().flatten().filter(is_failure).peekable();
    if failures.peek().is_none() {
        return Ok(());
    }
    let Codes { detail: Code { code } } = decode(operation, json)?;
    let words = |value: &Value| {
        let words = value.as_str().or_else(|| value.get("message")?.as_str())?;
        // Podman's messages end with a line feed.
        Some(words.trim_end().to_owned()).filter(|words| !words.is_empty())
    };
    let message = failures.find_map(words);
    let message = message.unwrap_or_else(|| String::from_utf8_lossy(json).trim().to_owned());
    Err(Error::stream(operation, &message, Some(code).filter(|code| *code != 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_errors_in_messages() {
        let message =
            |json: &str| check("ImageBuild", json.as_bytes()).err().map(|error| error.to_string());
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

    /// Neither the type of an error nor what stands beside it makes it a success.
    #[test]
    fn errors_of_other_types() {
        for (json, expected, code) in [
            (r#"{"errorDetail":{"message":"boom","code":"401"},"error":"boom"}"#, "boom", None),
            (r#"{"errorDetail":{"message":"boom","code":1.0}}"#, "boom", Some(1)),
            (r#"{"errorDetail":{"message":"boom","code":1.5}}"#, "boom", None),
            (r#"{"errorDetail":{"message":"boom"},"status":[1],"progressDetail":7}"#, "boom", None),
            (r#"{"errorDetail":"boom"}"#, "boom", None),
            (r#"{"errorDetail":"boom","error":""}"#, "boom", None),
            (r#"{"errorDetail":{"code":4},"error":"boom"}"#, "boom", Some(4)),
            (r#"{"errorDetail":{"message":7},"error":"boom"}"#, "boom", None),
            (r#"{"error":{"message":"boom"}}"#, "boom", None),
            // Without words, the message is the record.
            (r#"{"errorDetail":{},"error":""}"#, r#"{"errorDetail":{},"error":""}"#, None),
            (r#"{"errorDetail":[1]}"#, r#"{"errorDetail":[1]}"#, None),
            (r#"{"error":true}"#, r#"{"error":true}"#, None),
            (r#"{"error":{"code":5}}"#, r#"{"error":{"code":5}}"#, None),
        ] {
            match check("ImagePush", json.as_bytes()) {
                Err(Error::Stream { message, code: it, .. }) => {
                    assert_eq!((message.as_str(), it), (expected, code), "{json}");
                }
                other => panic!("{json}: {other:?}"),
            }
        }
        for none in [r#"{"error":null}"#, r#"{"error":false,"errorDetail":""}"#] {
            check("ImagePush", none.as_bytes()).unwrap();
        }
        // A record that cannot be read is not a success.
        let error = check("ImagePush", br#"{"error":"boom",}"#).unwrap_err();
        assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    }

    /// Agrees with `ProgressMessage::failure`.
    #[test]
    fn the_model_reports_the_same_failures() {
        use crate::codec::testing::decode_response;
        use crate::model::ProgressMessage;
        for json in [
            r#"{"errorDetail":{},"error":""}"#,
            r#"{"errorDetail":{"code":1}}"#,
            r#"{"errorDetail":null,"error":""}"#,
            r#"{"errorDetail":null,"error":"x"}"#,
            r#"{"errorDetail":{"message":"x"}}"#,
            r#"{"status":"error"}"#,
        ] {
            let message: ProgressMessage = decode_response(json.as_bytes()).unwrap();
            let failed = check("ImagePull", json.as_bytes()).is_err();
            assert_eq!(message.failure().is_some(), failed, "{json}");
        }
    }
}
