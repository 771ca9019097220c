//! What a call was, byte for byte: the result callback.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use crate::codec::Notes;
use crate::config::headers;
use crate::request::{Parts, SecretBodies};
use crate::secret::SecretBytes;
use crate::{Endpoint, Error};

/// What stands in a [`CallResult`] where a secret was.
const REDACTED: &[u8] = b"[redacted]";

/// How the secrets of swarms begin: tokens to join one, keys to unlock its managers. What follows is
/// letters, digits and `-`.
const SECRET_WORDS: [&[u8]; 2] = [b"SWMTKN-", b"SWMKEY-"];

/// One call as it went over the wire, handed to the result handler of a context
/// ([`ContextBuilder::on_result`](crate::ContextBuilder::on_result)) when the call is over.
///
/// Of each body at most the capture limit is kept (64 KiB unless set otherwise); the counts beside
/// them are of the whole. Bodies are as the application sees them, without transfer encoding.
/// Credentials are replaced by `[redacted]` unless
/// [`ContextBuilder::reveal_secrets`](crate::ContextBuilder::reveal_secrets) says otherwise.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CallResult {
    /// The operation as the Engine API calls it, such as `ContainerList`.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: String,
    /// The engine's address, such as `unix:///var/run/docker.sock`.
    pub endpoint: String,
    /// The URL with version prefix and query. On a Unix socket the host in it is `localhost`.
    pub url: String,
    /// Request line and headers as sent; empty when nothing was sent.
    pub request_head: Vec<u8>,
    /// The beginning of the request's body.
    pub request_body: Vec<u8>,
    /// Length of the whole request body, in bytes.
    pub request_bytes: u64,
    /// The HTTP status; `None` when no response came.
    pub status: Option<u16>,
    /// Status line and headers as received; empty when no response came.
    pub response_head: Vec<u8>,
    /// The beginning of the response's body.
    pub response_body: Vec<u8>,
    /// Length of the whole response's body as far as it was read, in bytes.
    pub response_bytes: u64,
    /// When the call began.
    pub started: SystemTime,
    /// When it was over: for a stream, when its end was reached or it was dropped.
    pub ended: SystemTime,
    /// How long it took, by the monotonic clock.
    pub duration: Duration,
    /// The failure, in words, where there was one.
    pub error: Option<String>,
    /// What else is to be told of the call, in words, such as that a credential helper is missing and
    /// the call went on without credentials.
    pub notes: Vec<String>,
}

/// Called with the result of each call, on the thread that made it.
pub(crate) type Handler = dyn Fn(&CallResult) + Send + Sync;

/// What a context does with results.
#[derive(Clone)]
pub(crate) struct Reporting {
    /// Without one nothing is recorded.
    pub(crate) handler: Option<Arc<Handler>>,
    pub(crate) limit: usize,
    pub(crate) reveal: bool,
}

impl fmt::Debug for Reporting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reporting")
            .field("limit", &self.limit)
            .field("reveal", &self.reveal)
            .finish_non_exhaustive()
    }
}

impl Default for Reporting {
    fn default() -> Self {
        Reporting { handler: None, limit: 64 * 1024, reveal: false }
    }
}

/// The raw heads of a call.
#[derive(Debug, Default)]
pub(crate) struct Heads {
    request: SecretBytes,
    response: SecretBytes,
}

impl Heads {
    pub(crate) fn sent(&mut self, bytes: &[u8]) {
        until_blank_line(&mut self.request, bytes);
    }

    pub(crate) fn received(&mut self, bytes: &[u8]) {
        until_blank_line(&mut self.response, bytes);
    }
}

/// Adds bytes to a head until the blank line that ends it.
fn until_blank_line(head: &mut SecretBytes, bytes: &[u8]) {
    if head.ends_with(b"\r\n\r\n") {
        return;
    }
    // The blank line may begin in what is there already.
    let seen = head.len().saturating_sub(3);
    head.push(bytes);
    if let Some(at) = head[seen..].windows(4).position(|window| window == b"\r\n\r\n") {
        head.truncate(seen + at + 4);
    }
}

/// The result of a call in the making. Reports when told to, and at the latest when dropped, so that
/// no call goes unreported.
pub(crate) struct Recorder {
    handler: Arc<Handler>,
    limit: usize,
    reveal: bool,
    result: CallResult,
    began: Instant,
    secret: SecretBodies,
    reported: bool,
}

impl Recorder {
    /// `None` without a result handler.
    pub(crate) fn new(
        reporting: &Reporting,
        endpoint: &Endpoint,
        parts: &Parts,
    ) -> Option<Recorder> {
        let Reporting { handler, limit, reveal } = reporting;
        let now = SystemTime::now();
        Some(Recorder {
            handler: handler.clone()?,
            limit: *limit,
            reveal: *reveal,
            result: CallResult {
                operation: parts.operation,
                method: parts.method.to_string(),
                endpoint: endpoint.to_string(),
                url: format!("{}{}", endpoint.url_prefix(), parts.path),
                request_head: Vec::new(),
                request_body: Vec::new(),
                request_bytes: 0,
                status: None,
                response_head: Vec::new(),
                response_body: Vec::new(),
                response_bytes: 0,
                started: now,
                ended: now,
                duration: Duration::ZERO,
                error: None,
                notes: Vec::new(),
            },
            began: Instant::now(),
            secret: parts.secret,
            reported: false,
        })
    }

    pub(crate) fn url(&mut self, url: &str) {
        self.result.url = url.to_owned();
    }

    pub(crate) fn heads(&mut self, heads: Heads) {
        self.result.request_head =
            if self.reveal { heads.request.to_vec() } else { without_credentials(&heads.request) };
        self.result.response_head = heads.response.to_vec();
    }

    pub(crate) fn add_notes(&mut self, notes: Vec<String>) {
        self.result.notes.extend(notes);
    }

    /// Adds what was of the wrong type in a response; of a secret one, without what it was.
    pub(crate) fn notes(&mut self, notes: &Notes) {
        if self.secret.response && !self.reveal {
            self.add_notes(notes.paths());
        } else {
            self.add_notes(notes.to_vec());
        }
    }

    pub(crate) fn status(&mut self, status: u16) {
        self.result.status = Some(status);
    }

    pub(crate) fn request_body(&mut self, bytes: &[u8]) {
        self.result.request_bytes += bytes.len() as u64;
        if self.secret.request && !self.reveal {
            return;
        }
        keep(&mut self.result.request_body, bytes, self.limit);
    }

    pub(crate) fn response_body(&mut self, bytes: &[u8]) {
        self.result.response_bytes += bytes.len() as u64;
        if self.secret.response && !self.reveal {
            return;
        }
        keep(&mut self.result.response_body, bytes, self.limit);
    }

    /// Tells the handler, once.
    pub(crate) fn report(&mut self, error: Option<&Error>) {
        if std::mem::replace(&mut self.reported, true) {
            return;
        }
        let result = &mut self.result;
        result.ended = SystemTime::now();
        result.duration = self.began.elapsed();
        result.error = error.map(ToString::to_string);
        if !self.reveal {
            if self.secret.request && result.request_bytes > 0 {
                result.request_body = REDACTED.to_vec();
            }
            if self.secret.response && result.response_bytes > 0 {
                result.response_body = REDACTED.to_vec();
            }
            redact_words(&mut result.request_body);
            redact_words(&mut result.response_body);
        }
        // A handler that panics must not take the call with it; the panic hook has told of it.
        let handler = &self.handler;
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| handler(result)));
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("operation", &self.result.operation)
            .finish_non_exhaustive()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.report(None);
    }
}

fn keep(kept: &mut Vec<u8>, bytes: &[u8], limit: usize) {
    let room = limit.saturating_sub(kept.len());
    kept.extend_from_slice(&bytes[..room.min(bytes.len())]);
}

/// A head without the values of headers that carry credentials.
fn without_credentials(head: &[u8]) -> Vec<u8> {
    let mut clean = Vec::with_capacity(head.len());
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        if headers::is_secret(name) {
            clean.extend_from_slice(name);
            clean.extend_from_slice(b": ");
            clean.extend_from_slice(REDACTED);
            clean.extend_from_slice(b"\r\n");
        } else {
            clean.extend_from_slice(line);
        }
    }
    clean
}

/// Replaces secrets that are told by how they begin.
fn redact_words(body: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(found) = body[at..].windows(7).position(|it| SECRET_WORDS.contains(&it)) {
        let from = at + found;
        let rest = body[from..].iter();
        let length = rest.take_while(|it| it.is_ascii_alphanumeric() || **it == b'-').count();
        body.splice(from..from + length, REDACTED.iter().copied());
        at = from + REDACTED.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_redacted() {
        for (body, clean) in [
            (r#"{"W":"SWMTKN-1-3pu6-9d","M":"x"}"#, r#"{"W":"[redacted]","M":"x"}"#),
            ("SWMTKN-1-aSWMKEY-1-b SWMKEY-1-", "[redacted] [redacted]"),
            ("SWMTKN-", "[redacted]"),
            ("SWMTKN SWMKE", "SWMTKN SWMKE"),
            ("", ""),
        ] {
            let mut body = body.as_bytes().to_vec();
            redact_words(&mut body);
            assert_eq!(String::from_utf8(body).unwrap(), clean);
        }
    }

    #[test]
    fn heads_end_at_the_blank_line_wherever_it_is_split() {
        let bytes = b"GET / HTTP/1.1\r\nhost: a\r\n\r\nbody\r\n\r\n";
        for split in 0..bytes.len() {
            let mut heads = Heads::default();
            heads.sent(&bytes[..split]);
            heads.sent(&bytes[split..]);
            heads.sent(b"more");
            assert_eq!(*heads.request, *b"GET / HTTP/1.1\r\nhost: a\r\n\r\n", "split at {split}");
        }
    }

    #[test]
    fn credentials_are_redacted() {
        let head = b"POST / HTTP/1.1\r\nX-Registry-Auth: c2VjcmV0\r\nhost: a\r\n\r\n";
        let clean = without_credentials(head);
        assert_eq!(clean, b"POST / HTTP/1.1\r\nX-Registry-Auth: [redacted]\r\nhost: a\r\n\r\n");
    }
}
