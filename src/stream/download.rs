//! Streams of raw bytes: tar archives, and the bodies of raw calls.

use std::io::{self, Read, Write};

use super::BodyReader;
use crate::cancel::CancelToken;
use crate::{Error, Result};

/// A download as a [`Read`], with constant memory use.
///
/// Dropping it closes the connection. Errors of `read` are an [`io::Error`] that wraps an [`Error`].
#[derive(Debug)]
pub struct Download {
    body: BodyReader,
    /// Length of the chunk that `next_chunk` returned last, which is consumed by the next call.
    chunk_length: usize,
}

impl Download {
    pub(crate) fn new(body: BodyReader) -> Download {
        Download { body, chunk_length: 0 }
    }

    /// Returns a token that cancels the download from another thread, also during a blocked read.
    pub fn cancel_token(&self) -> CancelToken {
        self.body.cancel_token()
    }

    /// Returns the next bytes, or an empty slice at the end.
    ///
    /// In contrast to `read`, the bytes are not copied and errors are not wrapped.
    ///
    /// # Errors
    /// - [`Error::Disconnected`] if the engine closes the connection before the end.
    /// - [`Error::Timeout`] if a timeout or the deadline passes.
    /// - [`Error::Cancelled`] if the token is cancelled.
    pub fn next_chunk(&mut self) -> Result<&[u8]> {
        self.body.consume(std::mem::take(&mut self.chunk_length));
        self.chunk_length = self.body.peek(1)?.len();
        if self.chunk_length == 0 {
            self.body.finish(None);
        }
        Ok(self.body.peeked())
    }

    /// Writes the download to `target` and returns the number of bytes.
    ///
    /// # Errors
    /// As for [`next_chunk`](Download::next_chunk), and [`Error::Io`] if writing to `target` fails.
    pub fn copy_to(&mut self, target: &mut dyn Write) -> Result<u64> {
        let operation = self.body.operation();
        let mut total = 0;
        loop {
            let chunk = self.next_chunk()?;
            if chunk.is_empty() {
                return Ok(total);
            }
            target.write_all(chunk).map_err(|source| Error::Io {
                operation,
                message: "writing the downloaded data".to_owned(),
                source,
            })?;
            total += chunk.len() as u64;
        }
    }
}

impl Read for Download {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.body.consume(std::mem::take(&mut self.chunk_length));
        let count = self.body.read(buffer)?;
        if count == 0 && !buffer.is_empty() {
            self.body.finish(None);
        }
        Ok(count)
    }
}
