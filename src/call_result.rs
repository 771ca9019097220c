//! The result callback: raw request and response of each call, with redaction.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use crate::codec::Notes;
use crate::config::headers;
use crate::request::{Parts, SecretBodies};
use crate::secret::SecretBytes;
use crate::{Endpoint, Error};

/// Replacement of a secret in a [`CallResult`].
const REDACTED: &[u8] = b"[redacted]";

/// Prefixes of a swarm's join tokens and unlock keys. Letters, digits and `-` follow.
const SWARM_SECRET_PREFIXES: [&[u8]; 2] = [b"SWMTKN-", b"SWMKEY-"];

/// The raw request and response of one call.
///
/// The result handler of a context receives it at the end of the call; see
/// [`ContextBuilder::on_result`](crate::ContextBuilder::on_result).
///
/// Each body is cut off at the capture limit (64 KiB by default); the byte counts are those of the whole body.
/// Bodies are without transfer encoding. Credentials are replaced by `[redacted]`, unless
/// [`ContextBuilder::reveal_secrets`](crate::ContextBuilder::reveal_secrets) is set.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CallResult {
    /// The operation in the Engine API, such as `ContainerList`.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: String,
    /// The engine's address, such as `unix:///var/run/docker.sock`.
    pub endpoint: String,
    /// The URL with version prefix and query. Its host is `localhost` on a Unix socket.
    pub url: String,
    /// Request line and headers as sent; empty if nothing was sent.
    pub request_head: Vec<u8>,
    /// The request body, up to the capture limit.
    pub request_body: Vec<u8>,
    /// Length of the request body in bytes.
    pub request_bytes: u64,
    /// The HTTP status; `None` if no response was received.
    pub status: Option<u16>,
    /// Status line and headers of the final response as received; empty if no response was received.
    pub response_head: Vec<u8>,
    /// The response body, up to the capture limit.
    pub response_body: Vec<u8>,
    /// Length of the response body in bytes, as far as it was read.
    pub response_bytes: u64,
    /// Start of the call.
    pub started: SystemTime,
    /// End of the call. A stream's call ends at its last item, or when the stream is dropped.
    pub ended: SystemTime,
    /// Duration of the call, by the monotonic clock.
    pub duration: Duration,
    /// The error message, if the call failed.
    pub error: Option<String>,
    /// Remarks that do not fail the call, such as that a credential helper is missing.
    pub notes: Vec<String>,
}

/// A result handler.
type Handler = dyn Fn(&CallResult) + Send + Sync;

/// [`CallRecorder::start`].
///
/// A function pointer that is set together with a handler, so that programs without a handler do not link
/// the recorder.
type StartRecorder = fn(&Reporting, &Arc<Handler>, &Endpoint, &Parts) -> Box<dyn Recorder>;

/// Settings of a context for its call results.
#[derive(Clone)]
pub(crate) struct Reporting {
    /// Nothing is recorded if this is `None`.
    handler: Option<(Arc<Handler>, StartRecorder)>,
    pub(crate) limit: usize,
    pub(crate) reveal: bool,
}

impl Reporting {
    pub(crate) fn set_handler(&mut self, handler: impl Fn(&CallResult) + Send + Sync + 'static) {
        self.handler = Some((Arc::new(handler), CallRecorder::start));
    }

    #[cfg(feature = "capi")]
    pub(crate) fn remove_handler(&mut self) {
        self.handler = None;
    }

    /// Starts to record a call. Returns `None` if the context has no result handler.
    pub(crate) fn recorder(&self, endpoint: &Endpoint, parts: &Parts) -> Option<Box<dyn Recorder>> {
        let (handler, start) = self.handler.as_ref()?;
        Some(start(self, handler, endpoint, parts))
    }
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

/// The raw request and response head of a call.
#[derive(Debug, Default)]
pub(crate) struct Heads {
    request: SecretBytes,
    response: SecretBytes,
}

impl Heads {
    /// Adds a part of the request head.
    pub(crate) fn sent(&mut self, bytes: &[u8]) {
        self.request.push(bytes);
    }

    /// Sets the response head, or the received part of it. It replaces that of an interim response.
    pub(crate) fn received(&mut self, head: &[u8]) {
        self.response.truncate(0);
        self.response.push(head);
    }
}

/// Collects the result of a call. It is reported when dropped, at the latest.
pub(crate) trait Recorder: fmt::Debug + Send + Sync {
    fn url(&mut self, url: &str);
    fn heads(&mut self, heads: Heads);
    fn add_notes(&mut self, notes: Vec<String>);
    /// Adds notes on members of the wrong type. Notes on a secret response omit the values.
    fn notes(&mut self, notes: &Notes);
    /// Discards the record of an attempt, since the request is sent again for the reason in `note`.
    fn restart(&mut self, note: String);
    fn status(&mut self, status: u16);
    fn request_body(&mut self, bytes: &[u8]);
    fn response_body(&mut self, bytes: &[u8]);
    /// Calls the handler. Further calls do nothing.
    fn report(&mut self, error: Option<&Error>);
}

/// The recorder of a call.
struct CallRecorder {
    handler: Arc<Handler>,
    limit: usize,
    reveal: bool,
    result: CallResult,
    started: Instant,
    secret: SecretBodies,
    reported: bool,
}

impl CallRecorder {
    fn start(
        reporting: &Reporting,
        handler: &Arc<Handler>,
        endpoint: &Endpoint,
        parts: &Parts,
    ) -> Box<dyn Recorder> {
        let now = SystemTime::now();
        Box::new(CallRecorder {
            handler: handler.clone(),
            limit: reporting.limit,
            reveal: reporting.reveal,
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
            started: Instant::now(),
            secret: parts.secret,
            reported: false,
        })
    }
}

impl Recorder for CallRecorder {
    fn url(&mut self, url: &str) {
        self.result.url = url.to_owned();
    }

    fn heads(&mut self, heads: Heads) {
        let head = |head: &[u8]| if self.reveal { head.to_vec() } else { redact_head(head) };
        self.result.request_head = head(&heads.request);
        self.result.response_head = head(&heads.response);
    }

    fn add_notes(&mut self, notes: Vec<String>) {
        self.result.notes.extend(notes);
    }

    fn notes(&mut self, notes: &Notes) {
        if self.secret.response && !self.reveal {
            self.add_notes(notes.paths());
        } else {
            self.add_notes(notes.to_vec());
        }
    }

    fn restart(&mut self, note: String) {
        let result = &mut self.result;
        result.status = None;
        (result.request_bytes, result.response_bytes) = (0, 0);
        result.request_body.clear();
        result.response_body.clear();
        result.notes = vec![note];
    }

    fn status(&mut self, status: u16) {
        self.result.status = Some(status);
    }

    fn request_body(&mut self, bytes: &[u8]) {
        self.result.request_bytes += bytes.len() as u64;
        if self.secret.request && !self.reveal {
            return;
        }
        append_up_to(self.limit, &mut self.result.request_body, bytes);
    }

    fn response_body(&mut self, bytes: &[u8]) {
        self.result.response_bytes += bytes.len() as u64;
        if self.secret.response && !self.reveal {
            return;
        }
        append_up_to(self.limit, &mut self.result.response_body, bytes);
    }

    fn report(&mut self, error: Option<&Error>) {
        if std::mem::replace(&mut self.reported, true) {
            return;
        }
        let result = &mut self.result;
        result.ended = SystemTime::now();
        result.duration = self.started.elapsed();
        result.error = error.map(ToString::to_string);
        if !self.reveal {
            if self.secret.request && result.request_bytes > 0 {
                result.request_body = REDACTED.to_vec();
            }
            if self.secret.response && result.response_bytes > 0 {
                result.response_body = REDACTED.to_vec();
            }
            redact_swarm_secrets(&mut result.request_body);
            redact_swarm_secrets(&mut result.response_body);
        }
        // A panic of the handler must not change the call; the panic hook has reported it.
        let handler = &self.handler;
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| handler(result)));
    }
}

impl fmt::Debug for CallRecorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallRecorder")
            .field("operation", &self.result.operation)
            .finish_non_exhaustive()
    }
}

impl Drop for CallRecorder {
    fn drop(&mut self) {
        self.report(None);
    }
}

fn append_up_to(limit: usize, body: &mut Vec<u8>, bytes: &[u8]) {
    let room = limit.saturating_sub(body.len());
    body.extend_from_slice(&bytes[..room.min(bytes.len())]);
}

/// A copy of a head, with the values of secret headers redacted.
fn redact_head(head: &[u8]) -> Vec<u8> {
    let mut redacted = Vec::with_capacity(head.len());
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        if headers::is_secret(name) {
            redacted.extend_from_slice(name);
            redacted.extend_from_slice(b": ");
            redacted.extend_from_slice(REDACTED);
            redacted.extend_from_slice(if line.ends_with(b"\r\n") { b"\r\n" } else { b"\n" });
        } else {
            redacted.extend_from_slice(line);
        }
    }
    redacted
}

/// Replaces swarm join tokens and unlock keys.
fn redact_swarm_secrets(body: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(found) = body[at..].windows(7).position(|it| SWARM_SECRET_PREFIXES.contains(&it))
    {
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
    fn redacts_swarm_secrets() {
        for (body, expected) in [
            (r#"{"W":"SWMTKN-1-3pu6-9d","M":"x"}"#, r#"{"W":"[redacted]","M":"x"}"#),
            ("SWMTKN-1-aSWMKEY-1-b SWMKEY-1-", "[redacted] [redacted]"),
            ("SWMTKN-", "[redacted]"),
            ("SWMTKN SWMKE", "SWMTKN SWMKE"),
            ("", ""),
        ] {
            let mut body = body.as_bytes().to_vec();
            redact_swarm_secrets(&mut body);
            assert_eq!(String::from_utf8(body).unwrap(), expected);
        }
    }

    #[test]
    fn redacts_secret_headers() {
        let head = b"POST / HTTP/1.1\r\nX-Registry-Auth: c2VjcmV0\r\nhost: a\r\n\r\n";
        assert_eq!(
            redact_head(head),
            b"POST / HTTP/1.1\r\nX-Registry-Auth: [redacted]\r\nhost: a\r\n\r\n"
        );
    }
}
