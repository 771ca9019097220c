//! Bytes that come down: tars, and answers of raw calls.

use std::io::{self, Read, Write};

use super::BodyReader;
use crate::cancel::CancelToken;
use crate::{Error, Result};

/// Bytes as they come from the engine, in constant memory whatever their number: a [`Read`].
///
/// Dropping it closes the connection. A failure to read is an [`io::Error`] around an [`Error`].
#[derive(Debug)]
pub struct Download {
    body: BodyReader,
    /// What `next_chunk` gave last.
    given: usize,
}

impl Download {
    pub(crate) fn new(body: BodyReader) -> Download {
        Download { body, given: 0 }
    }

    /// A handle that ends the download from another thread, also while it waits for bytes.
    pub fn cancel_token(&self) -> CancelToken {
        self.body.cancel_token()
    }

    /// The next bytes, borrowed; empty at the end. As `read`, without a copy and with our errors.
    ///
    /// # Errors
    /// As every stream: [`Error::Disconnected`] when the engine broke off, [`Error::Timeout`],
    /// [`Error::Cancelled`].
    pub fn next_chunk(&mut self) -> Result<&[u8]> {
        self.body.consume(std::mem::take(&mut self.given));
        self.given = self.body.peek(1)?.len();
        Ok(self.body.peeked())
    }

    /// Writes everything to `target` and tells how many bytes it was.
    ///
    /// # Errors
    /// As [`next_chunk`](Download::next_chunk), and [`Error::Io`] when `target` fails.
    pub fn copy_to(&mut self, target: &mut dyn Write) -> Result<u64> {
        let operation = self.body.operation();
        let mut total = 0;
        loop {
            let piece = self.next_chunk()?;
            if piece.is_empty() {
                return Ok(total);
            }
            target.write_all(piece).map_err(|source| Error::Io {
                operation,
                message: "writing what was downloaded".to_owned(),
                source,
            })?;
            total += piece.len() as u64;
        }
    }
}

impl Read for Download {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.body.consume(std::mem::take(&mut self.given));
        self.body.read(buffer)
    }
}
