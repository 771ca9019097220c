//! HTTP on top of [`Connection`]s: the transport of ureq.
//!
//! ureq passes no per-call state to its transport, and a pooled connection outlives the call that opened
//! it. The transport therefore finds the state of the current call, its [`Exchange`], in a thread-local.
//! The request and the response head are processed on one thread.
//!
//! ureq logs the heads that it writes and the bodies that it reads or chunks, and a program's logger may print
//! that. So nothing secret passes through ureq: the values of secret headers are placeholders, which the transport
//! replaces; the data of an upload goes past ureq, which sees one byte a chunk; and ureq receives the response head
//! only, then a made-up body once the real one has been read.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::io::{self, Read};
use std::mem;
use std::rc::Rc;
use std::sync::Arc;

use ureq::http::{HeaderName, HeaderValue, Uri};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
};
use ureq::{Agent, config::Config};
use zeroize::Zeroize;

use super::connect::{ProxyMode, ProxyRoute, connect};
use super::{CallIo, Connection, Upgraded, tls};
use crate::call_result::Heads;
use crate::config::endpoint::Destination;
use crate::config::tls::TlsError;
use crate::secret::SecretBytes;
use crate::{Error, Result};

/// Size of a connection's buffers. With 16 KiB, large responses take 1.6 times the CPU time.
const BUFFER: usize = 64 * 1024;

/// Largest response head, together with the interim responses (1xx) before it; and largest trailers.
const MAX_HEAD: usize = 64 * 1024;

/// Largest early response that is buffered while a request body is sent. After that the engine has to
/// wait (back-pressure).
const MAX_EARLY_RESPONSE: usize = 16 * 1024 * 1024;

/// An HTTP client and connection pool for an engine, with TLS and a proxy if they are given.
pub(crate) fn agent(
    engine: Destination,
    tls: Option<tls::Client>,
    proxy: Option<Arc<dyn ProxyRoute>>,
) -> Agent {
    let config = Config::builder()
        // `EngineConnector` handles the proxy: ureq would only use tunnels.
        .proxy(None)
        // The engine redirects paths with `//`, and following that would turn POST into GET.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .max_response_header_size(MAX_HEAD)
        .max_idle_connections(32)
        .max_idle_connections_per_host(32)
        .user_agent(concat!("dockline/", env!("CARGO_PKG_VERSION")))
        .build();
    Agent::with_parts(config, EngineConnector { engine, tls, proxy }, NoResolver)
}

/// The value of a secret header in the request that ureq gets.
pub(crate) const PLACEHOLDER: HeaderValue = HeaderValue::from_static("[redacted]");

/// The rest of a response that ureq waits for, before it returns the connection to the pool.
#[derive(Debug, Clone, Copy)]
pub(crate) enum BodyEnd {
    /// The last chunk.
    LastChunk,
    /// This number of bytes, and then the end of the connection.
    Bytes(u64),
}

/// The use of a connection by an exchange.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConnectionUse {
    /// The request has a body; the engine may respond before it has received all of it.
    pub(crate) sends_body: bool,
    /// The caller takes the connection after the response head, so it does not return to the pool.
    pub(crate) takes_over: bool,
    /// The request upgrades the connection (101), which a forward proxy does not support.
    pub(crate) upgrades: bool,
    /// The request or the response contains secrets: the buffers are wiped afterwards.
    pub(crate) carries_secrets: bool,
}

/// One request and its response: the state that a call shares with the transport below ureq.
pub(crate) struct Exchange {
    pub(crate) io: CallIo,
    usage: ConnectionUse,
    /// The raw heads, recorded only if a result callback is set.
    pub(crate) heads: Option<RefCell<Heads>>,
    /// The headers whose values are [`PLACEHOLDER`] for ureq.
    secret_headers: RefCell<Vec<(HeaderName, HeaderValue)>>,
    /// Data of the request body that ureq has not seen.
    upload: RefCell<Vec<u8>>,
    /// The connection after the response head.
    upgraded: RefCell<Option<Upgraded>>,
    body_end: Cell<BodyEnd>,
    failure: RefCell<Option<Error>>,
    /// The connection is a pooled one. Reset when a new one is opened.
    reused: Cell<bool>,
    /// Pooled connections must not be used.
    require_new: Cell<bool>,
    /// Bytes of the response have been received.
    has_received: Cell<bool>,
    /// The number of received bytes of heads, those of interim responses included.
    head_length: Cell<usize>,
    /// The engine has responded before the request was sent completely.
    responded_early: Cell<bool>,
}

thread_local! {
    /// The call that runs on this thread: the inner one while the reader of an upload makes a call itself.
    static CURRENT: RefCell<Option<Rc<Exchange>>> = const { RefCell::new(None) };
}

impl Exchange {
    pub(crate) fn new(io: CallIo, usage: ConnectionUse, heads: Option<Heads>) -> Rc<Exchange> {
        Rc::new(Exchange {
            io,
            usage,
            heads: heads.map(RefCell::new),
            secret_headers: RefCell::default(),
            upload: RefCell::default(),
            upgraded: RefCell::default(),
            body_end: Cell::new(BodyEnd::Bytes(0)),
            failure: RefCell::default(),
            reused: Cell::new(true),
            require_new: Cell::new(false),
            has_received: Cell::new(false),
            head_length: Cell::new(0),
            responded_early: Cell::new(false),
        })
    }

    /// Runs `work` with this exchange as the current one of the thread.
    pub(crate) fn during<R>(self: &Rc<Self>, work: impl FnOnce() -> R) -> R {
        struct Restore(Option<Rc<Exchange>>);
        impl Drop for Restore {
            fn drop(&mut self) {
                CURRENT.with_borrow_mut(|current| *current = self.0.take());
            }
        }
        let _restore = Restore(CURRENT.with_borrow_mut(|current| current.replace(self.clone())));
        work()
    }

    /// Sets the headers whose values are [`PLACEHOLDER`] in the request that ureq gets.
    pub(crate) fn hide_headers(&self, headers: Vec<(HeaderName, HeaderValue)>) {
        self.secret_headers.replace(headers);
    }

    /// Reads data of the request body. ureq gets one byte in place of it, or none at the end.
    pub(crate) fn read_upload(
        &self,
        placeholder: &mut [u8],
        read: impl FnOnce(&mut [u8]) -> io::Result<usize>,
    ) -> io::Result<usize> {
        let mut upload = self.upload.borrow_mut();
        upload.resize(BUFFER, 0);
        let count = read(&mut upload[..]);
        upload.truncate(*count.as_ref().unwrap_or(&0));
        let shown = count?.min(1);
        placeholder[..shown].fill(0);
        Ok(shown)
    }

    /// Completes a response whose body was read past ureq, so that ureq returns the connection to the pool.
    pub(crate) fn complete(self: &Rc<Self>, mut body: ureq::Body, end: BodyEnd) -> io::Result<()> {
        self.body_end.set(end);
        // `io::copy` would clear 8 KiB first, also for a body without bytes.
        let size = match end {
            BodyEnd::LastChunk => 1,
            BodyEnd::Bytes(length) => length.clamp(1, 8192) as usize,
        };
        let mut buffer = vec![0; size];
        let mut reader = body.as_reader();
        self.during(|| {
            while reader.read(&mut buffer)? > 0 {}
            Ok(())
        })
    }

    /// Takes the connection after a response head, unless ureq has released it since there is no body.
    pub(crate) fn take_upgraded(&self) -> Option<Upgraded> {
        self.upgraded.take()
    }

    /// Takes the error of the transport, for which ureq only carries a placeholder.
    pub(crate) fn take_failure(&self) -> Option<Error> {
        self.failure.take()
    }

    /// Whether the engine has responded early and will not read the rest of the request body.
    pub(crate) fn has_answered(&self) -> bool {
        self.responded_early.get()
    }

    /// Whether the call failed on a stale keep-alive connection, without any byte of a response.
    pub(crate) fn was_stale(&self) -> bool {
        self.reused.get() && !self.has_received.get()
    }

    /// Prepares a retry on a new connection, since all pooled ones may be stale.
    pub(crate) fn fresh_attempt(&self) {
        self.require_new.set(true);
        self.failure.take();
        self.head_length.set(0);
        if let Some(heads) = &self.heads {
            *heads.borrow_mut() = Heads::default();
        }
    }

    /// Records that `bytes` were received. Fails if the engine expected TLS.
    fn note_received(&self, bytes: &[u8]) -> Result<()> {
        let first = !self.has_received.replace(true);
        // A TLS alert: the engine expected a ClientHello.
        if first && bytes.starts_with(b"\x15\x03") {
            return Err(self.io.tls_failed(TlsError::tls_expected()));
        }
        Ok(())
    }

    /// Forgets a connection that ureq has released and the call does not take over.
    fn release(&self, connection: &Arc<Connection>) {
        let mut upgraded = self.upgraded.borrow_mut();
        if !self.usage.takes_over
            && upgraded.as_ref().is_some_and(|it| Arc::ptr_eq(&it.connection, connection))
        {
            upgraded.take();
        }
    }

    /// Replaces the placeholders in a request head.
    fn with_secrets(&self, head: &[u8]) -> SecretBytes {
        let mut secrets = self.secret_headers.borrow_mut();
        let mut out = SecretBytes::default();
        for line in head.split_inclusive(|byte| *byte == b'\n') {
            let name = line.strip_suffix(b": [redacted]\r\n");
            let secret = name
                .and_then(|name| secrets.iter().position(|(it, _)| it.as_str().as_bytes() == name));
            match secret {
                Some(at) => {
                    let (name, value) = secrets.remove(at);
                    out.push(name.as_str().as_bytes());
                    out.push(b": ");
                    out.push(value.as_bytes());
                    out.push(b"\r\n");
                }
                None => out.push(line),
            }
        }
        out
    }

    /// Stores the error and returns a placeholder for ureq.
    fn fail(&self, error: Error) -> ureq::Error {
        self.failure.replace(Some(error));
        ureq::Error::Io(io::ErrorKind::Other.into())
    }
}

fn current() -> std::result::Result<Rc<Exchange>, ureq::Error> {
    // A context can be dropped by the destructor of another thread-local, after this one is destroyed.
    CURRENT
        .try_with(|current| current.borrow().clone())
        .ok()
        .flatten()
        .ok_or_else(|| ureq::Error::Io(io::Error::other("no call is active on this thread")))
}

struct EngineConnector {
    engine: Destination,
    tls: Option<tls::Client>,
    proxy: Option<Arc<dyn ProxyRoute>>,
}

impl fmt::Debug for EngineConnector {
    /// Omits the fields: ureq requires `Debug`, so its code is linked into every program.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EngineConnector")
    }
}

impl Connector for EngineConnector {
    type Out = EngineTransport;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        _: Option<()>,
    ) -> std::result::Result<Option<EngineTransport>, ureq::Error> {
        let exchange = current()?;
        exchange.reused.set(false);
        let mode = match (&self.tls, exchange.usage.upgrades) {
            (Some(_), _) => ProxyMode::Tunnel,
            (None, true) => ProxyMode::TunnelOrDirect,
            (None, false) => ProxyMode::Forward,
        };
        let route = self.proxy.as_deref().map(|route| (route, mode));
        let connection = connect(&self.engine, self.tls.as_ref(), route, &exchange.io)
            .map_err(|error| exchange.fail(error))?;
        Ok(Some(EngineTransport {
            connection,
            forward_proxy: self.proxy.clone().filter(|_| mode == ProxyMode::Forward),
            single_use: self.proxy.is_some() && mode == ProxyMode::TunnelOrDirect,
            request: RequestPhase::Start,
            head_received: false,
            buffers: LazyBuffers::new(BUFFER, BUFFER),
            early_response: Vec::new(),
            request_incomplete: false,
            idle: false,
            holds_secrets: false,
        }))
    }
}

/// The part of a request that ureq sends next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RequestPhase {
    /// The request line and headers.
    Start,
    /// More headers: the head is longer than ureq's buffer.
    Headers,
    Body,
}

/// A connection in ureq's pool.
struct EngineTransport {
    connection: Arc<Connection>,
    /// The forward proxy at the other end, if there is one.
    forward_proxy: Option<Arc<dyn ProxyRoute>>,
    /// The connection is a tunnel for one upgrade. Other calls are forwarded, so they cannot reuse it.
    single_use: bool,
    request: RequestPhase,
    /// The response head was received, except for interim responses.
    head_received: bool,
    buffers: LazyBuffers,
    /// The part of the response that was received but not passed to ureq: what arrived while the request body was
    /// being sent, or follows an interim response.
    early_response: Vec<u8>,
    /// The request was not sent completely, so the connection cannot be reused.
    request_incomplete: bool,
    /// The connection is in the pool, between two calls.
    idle: bool,
    /// The buffers may contain secrets.
    holds_secrets: bool,
}

impl fmt::Debug for EngineTransport {
    /// As for [`EngineConnector`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EngineTransport")
    }
}

impl EngineTransport {
    /// Wipes secrets from the buffers, unless they still contain unread data.
    fn wipe(&mut self) {
        if self.holds_secrets && self.buffers.input().is_empty() && self.early_response.is_empty() {
            self.buffers.input_append_buf().zeroize();
            self.buffers.output().zeroize();
            self.early_response.zeroize();
            self.holds_secrets = false;
        }
    }

    /// Sends `bytes`, or else `amount` bytes of `Buffers::output`, and reads an early response meanwhile. An engine
    /// that rejects a body responds and stops reading; its response must be read before the write fails.
    fn transmit_body(
        &mut self,
        exchange: &Exchange,
        bytes: Option<&[u8]>,
        amount: usize,
    ) -> Result<()> {
        let amount = bytes.map_or(amount, <[u8]>::len);
        let mut sent = 0;
        while sent < amount || !self.connection.is_flushed() {
            if exchange.has_answered() {
                self.request_incomplete = true;
                return Ok(());
            }
            let can_read = self.early_response.len() < MAX_EARLY_RESPONSE;
            if can_read {
                let ready = exchange.io.await_ready(&self.connection)?;
                if ready.read {
                    self.read_early(exchange)?;
                    continue;
                }
            }
            let output = match bytes {
                Some(bytes) => &bytes[sent..],
                None => &self.buffers.output()[sent..amount],
            };
            let result = if can_read {
                self.connection.try_send(output)
            } else {
                self.connection.send(output, exchange.io.wait(exchange.io.timeouts.write)?)
            };
            match result {
                Ok(count) => sent += count,
                Err(error) if can_read && error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    // The engine may have responded and closed between the two system calls.
                    while self.read_early(exchange).unwrap_or(false) {}
                    if !exchange.has_answered() {
                        return Err(exchange.io.send_failed(error));
                    }
                }
            }
        }
        Ok(())
    }

    /// Sends a part of the request, as [`transmit_body`](Self::transmit_body).
    fn transmit(
        &mut self,
        exchange: &Exchange,
        bytes: Option<&[u8]>,
        amount: usize,
    ) -> std::result::Result<(), ureq::Error> {
        let result = if exchange.usage.sends_body {
            self.transmit_body(exchange, bytes, amount)
        } else {
            let bytes = bytes.unwrap_or_else(|| &self.buffers.output()[..amount]);
            exchange.io.send(&self.connection, bytes)
        };
        result.map_err(|error| exchange.fail(error))
    }

    /// Appends the made-up rest of a response to the input.
    fn append_body_end(&mut self, exchange: &Exchange) -> std::result::Result<bool, ureq::Error> {
        const LAST_CHUNK: &[u8] = b"0\r\n\r\n";
        let buffer = self.buffers.input_append_buf();
        let (count, rest) = match exchange.body_end.get() {
            BodyEnd::LastChunk => {
                buffer[..LAST_CHUNK.len()].copy_from_slice(LAST_CHUNK);
                (LAST_CHUNK.len(), 0)
            }
            BodyEnd::Bytes(0) => return Err(ureq::Error::Io(io::ErrorKind::UnexpectedEof.into())),
            BodyEnd::Bytes(left) => {
                let count = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                buffer[..count].fill(0);
                (count, left - count as u64)
            }
        };
        exchange.body_end.set(BodyEnd::Bytes(rest));
        self.buffers.input_appended(count);
        Ok(true)
    }

    /// Reads an early response while the request body is being sent. Returns whether more may follow.
    ///
    /// A status of 300 or above stops the upload, and so does a response after which the engine closes
    /// the connection. Any other response is kept until the body is sent.
    fn read_early(&mut self, exchange: &Exchange) -> Result<bool> {
        let start = self.early_response.len();
        self.early_response.resize(start + BUFFER, 0);
        let result = self.connection.try_receive(&mut self.early_response[start..]);
        let count = *result.as_ref().unwrap_or(&0);
        self.early_response.truncate(start + count);
        match result {
            Ok(count) if count > 0 => {
                exchange.note_received(&self.early_response)?;
                if status(&self.early_response).is_some_and(|status| status >= 300) {
                    exchange.responded_early.set(true);
                }
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
            // The end, or ECONNRESET if the engine closed with unread data.
            Ok(_) | Err(_) if !self.early_response.is_empty() => {
                exchange.responded_early.set(true);
                Ok(false)
            }
            Ok(_) => Err(exchange.io.closed("while the request was being sent")),
            Err(error) => Err(exchange.io.send_failed(error)),
        }
    }
}

/// The end of a response head: an empty line. `received` follows `before`. Lines end with CRLF or LF, and empty
/// lines before the status line are ignored (RFC 9112, section 2.2).
fn head_end(before: &[u8], received: &[u8]) -> Option<usize> {
    let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
    // The last two bytes.
    let mut last = match before {
        [.., a, b] => [*a, *b],
        _ => [0, before.last().copied().unwrap_or(0)],
    };
    let mut in_head = !before.iter().all(is_break);
    for (at, byte) in received.iter().enumerate() {
        if *byte == b'\n' && in_head && (last[1] == b'\n' || last == *b"\n\r") {
            return Some(at + 1);
        }
        in_head |= !is_break(byte);
        last = [last[1], *byte];
    }
    None
}

/// The status code of a response, if it is already received.
fn status(response: &[u8]) -> Option<u16> {
    let start = response.iter().position(|byte| !matches!(byte, b'\r' | b'\n'))?;
    let response = &response[start..];
    let digits = response.get(9..12)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

impl Transport for EngineTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(
        &mut self,
        amount: usize,
        _: NextTimeout,
    ) -> std::result::Result<(), ureq::Error> {
        let exchange = current()?;
        self.idle = false;
        self.holds_secrets |= exchange.usage.carries_secrets;
        if !exchange.io.state.attach_connection(&self.connection) {
            return Err(exchange.fail(Error::Cancelled { operation: exchange.io.operation }));
        }
        if self.request != RequestPhase::Body {
            let output = &self.buffers.output()[..amount];
            let next = match output.ends_with(b"\r\n\r\n") {
                true => RequestPhase::Body,
                false => RequestPhase::Headers,
            };
            let is_first = mem::replace(&mut self.request, next) == RequestPhase::Start;
            let mut head = exchange.with_secrets(output);
            if let Some(forward) = self.forward_proxy.as_ref().filter(|_| is_first) {
                head = forward.absolute_form(&head);
            }
            if let Some(heads) = &exchange.heads {
                heads.borrow_mut().sent(&head);
            }
            return self.transmit(&exchange, Some(&head), amount);
        }
        let data = exchange.upload.take();
        if data.is_empty() {
            return self.transmit(&exchange, None, amount);
        }
        let chunk = [format!("{:x}\r\n", data.len()).as_bytes(), &data, b"\r\n"].concat();
        self.transmit(&exchange, Some(&chunk), amount)
    }

    /// Passes the response head to ureq, and then the made-up rest of [`Exchange::complete`].
    fn await_input(&mut self, _: NextTimeout) -> std::result::Result<bool, ureq::Error> {
        let exchange = current()?;
        if self.head_received {
            return self.append_body_end(&exchange);
        }
        // The part of a head that ureq waits to complete. Usually there is none.
        let mut head = self.buffers.input().to_vec();
        let buffer = self.buffers.input_append_buf();
        // ureq consumes interim responses and leaves an incomplete head in the buffer.
        if buffer.is_empty() || exchange.head_length.get() >= MAX_HEAD {
            return Err(exchange.fail(Error::Protocol {
                operation: exchange.io.operation,
                message: "the head of the response is longer than 64 KiB".to_owned(),
            }));
        }
        let count = if self.early_response.is_empty() {
            exchange.io.receive(&self.connection, buffer).map_err(|error| exchange.fail(error))?
        } else {
            let count = self.early_response.len().min(buffer.len());
            buffer[..count].copy_from_slice(&self.early_response[..count]);
            self.early_response.drain(..count);
            count
        };
        if count == 0 {
            return Err(ureq::Error::Io(io::ErrorKind::UnexpectedEof.into()));
        }
        let received = &buffer[..count];
        exchange.note_received(received).map_err(|error| exchange.fail(error))?;
        let end = head_end(&head, received);
        let (rest_of_head, behind) = received.split_at(end.unwrap_or(count));
        head.extend_from_slice(rest_of_head);
        if let Some(heads) = &exchange.heads {
            heads.borrow_mut().received(&head);
        }
        if !behind.is_empty() {
            // With the capacity for the rest of the body: a buffer that grows leaves copies of a secret behind.
            let mut unread = Vec::with_capacity(BUFFER);
            unread.extend_from_slice(behind);
            unread.append(&mut self.early_response);
            self.early_response = unread;
        }
        let rest_of_head = rest_of_head.len();
        self.buffers.input_appended(rest_of_head);
        let is_final = |status| status == 101 || status >= 200;
        if end.is_some() && status(&head).is_some_and(is_final) {
            self.head_received = true;
            exchange.upgraded.replace(Some(Upgraded {
                connection: self.connection.clone(),
                unread: mem::take(&mut self.early_response),
            }));
        }
        exchange.head_length.set(exchange.head_length.get() + rest_of_head);
        Ok(true)
    }

    /// ureq requires this for https URLs.
    fn is_tls(&self) -> bool {
        self.connection.is_tls()
    }

    /// Whether the connection can be reused. ureq calls this at the end of a call, before it returns the
    /// connection to the pool, and again when it takes it out; only then is the socket checked.
    fn is_open(&mut self) -> bool {
        let Ok(exchange) = current() else { return false };
        if self.idle {
            let is_suitable = self.forward_proxy.is_none() || !exchange.usage.upgrades;
            return is_suitable && !exchange.require_new.get() && self.connection.is_idle();
        }
        self.idle = true;
        self.wipe();
        self.request = RequestPhase::Start;
        self.head_received = false;
        exchange.release(&self.connection);
        let detached = exchange.io.state.release_connection();
        let reusable =
            !self.request_incomplete && !self.single_use && self.early_response.is_empty();
        detached && reusable && !exchange.usage.takes_over
    }
}

impl Drop for EngineTransport {
    fn drop(&mut self) {
        if let Ok(exchange) = current() {
            exchange.release(&self.connection);
        }
        if self.holds_secrets {
            self.buffers.input_consume(self.buffers.input().len());
            self.early_response.zeroize();
            self.wipe();
        }
    }
}

/// Skips name resolution, which [`connect`] does.
#[derive(Debug)]
struct NoResolver;

impl Resolver for NoResolver {
    fn resolve(
        &self,
        _: &Uri,
        _: &Config,
        _: NextTimeout,
    ) -> std::result::Result<ResolvedSocketAddrs, ureq::Error> {
        let mut addresses = self.empty();
        // ureq requires an address; `EngineConnector` ignores it.
        addresses.push(([127, 0, 0, 1], 0).into());
        Ok(addresses)
    }
}

impl std::fmt::Debug for Exchange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exchange").field("io", &self.io).finish_non_exhaustive()
    }
}
