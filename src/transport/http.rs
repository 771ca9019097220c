//! HTTP over our sockets: what ureq asks of a transport.
//!
//! A call runs on one thread from head to head, so what it shares with the transport below ureq, its
//! [`Exchange`], is reached through a thread-local: pooled connections know no call, and ureq passes
//! none down.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::io;
use std::mem;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
};
use ureq::{Agent, config::Config, http::Uri};
use zeroize::Zeroize;

use super::connect::{ProxyMode, Through, connect};
use super::proxy::absolute;
use super::{CallIo, Connection, Upgraded, tls};
use crate::call_result::Heads;
use crate::config::endpoint::Endpoint;
use crate::config::proxy::Proxy;
use crate::config::tls::TlsError;
use crate::{Error, Result};

/// Size of the buffers of a connection. 16 KiB costs 1.6 times the CPU on large responses.
const BUFFER: usize = 64 * 1024;

/// The longest head of a response.
const MAX_HEAD: usize = 64 * 1024;

/// How much of an early answer is kept while a body is sent, before the engine has to wait.
const EARLY_LIMIT: usize = 16 * 1024 * 1024;

/// An HTTP client whose connections all lead to `endpoint`, by TLS if there is a client for that, and
/// through the proxy if there is one.
pub(crate) fn agent(endpoint: &Endpoint, tls: Option<tls::Client>, proxy: Option<Proxy>) -> Agent {
    let config = Config::builder()
        // Ours is below: this one would be for every engine, and make tunnels alone.
        .proxy(None)
        // The engine's redirects (of `//`) turn POST into GET: they are answers like others.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .max_response_header_size(MAX_HEAD)
        .max_idle_connections(32)
        .max_idle_connections_per_host(32)
        .user_agent(concat!("dockline/", env!("CARGO_PKG_VERSION")))
        .build();
    let proxy = proxy.map(|proxy| Arc::new(OnTheWay { origin: endpoint.origin(), proxy }));
    Agent::with_parts(
        config,
        EngineConnector { endpoint: endpoint.clone(), tls, proxy },
        NoResolver,
    )
}

/// How an exchange uses its connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConnectionUse {
    /// The request has a body; the engine may respond before it has received all of it.
    pub(crate) sends_body: bool,
    /// The caller takes the connection once the head is read, so it never returns to the pool.
    pub(crate) takes_over: bool,
    /// The connection changes to another protocol, which no proxy forwards.
    pub(crate) upgrades: bool,
    /// Request or response is a secret: the buffers are wiped afterwards.
    pub(crate) carries_secrets: bool,
}

/// One request and its response: the state that a call shares with the transport below ureq.
pub(crate) struct Exchange {
    pub(crate) io: CallIo,
    usage: ConnectionUse,
    /// The raw heads; recorded only with a result callback.
    pub(crate) heads: Option<RefCell<Heads>>,
    taken: RefCell<Option<Upgraded>>,
    failure: RefCell<Option<Error>>,
    /// The connection comes out of the pool.
    reused: Cell<bool>,
    /// No connection out of the pool will do.
    fresh: Cell<bool>,
    received: Cell<bool>,
    answered: Cell<bool>,
}

thread_local! {
    /// The call that runs on this thread; the inner one while an upload's reader makes another call.
    static CURRENT: RefCell<Option<Rc<Exchange>>> = const { RefCell::new(None) };
}

impl Exchange {
    pub(crate) fn new(io: CallIo, usage: ConnectionUse, heads: Option<Heads>) -> Rc<Exchange> {
        Rc::new(Exchange {
            io,
            usage,
            heads: heads.map(RefCell::new),
            taken: RefCell::default(),
            failure: RefCell::default(),
            reused: Cell::new(true),
            fresh: Cell::new(false),
            received: Cell::new(false),
            answered: Cell::new(false),
        })
    }

    /// The same exchange with another read timeout.
    pub(crate) fn with_read(&self, read: Option<Duration>) -> Rc<Exchange> {
        let mut io = self.io.clone();
        io.timeouts.read = read;
        Exchange::new(io, self.usage, None)
    }

    /// Runs `work` with this call as the one that the transport serves.
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

    /// The connection, after the HTTP layer has dropped it.
    pub(crate) fn take_upgraded(&self) -> Option<Upgraded> {
        self.taken.take()
    }

    /// What went wrong below the HTTP layer, in our words.
    pub(crate) fn take_failure(&self) -> Option<Error> {
        self.failure.take()
    }

    /// The engine has answered already and will not read the rest of the body.
    pub(crate) fn has_answered(&self) -> bool {
        self.answered.get()
    }

    /// The call ran on a connection that the engine had closed before: it never saw the request.
    pub(crate) fn was_stale(&self) -> bool {
        self.reused.get() && !self.received.get()
    }

    /// Once more, on a connection of its own: all that were kept may be as stale as the last.
    pub(crate) fn fresh_attempt(&self) {
        self.fresh.set(true);
        self.failure.take();
        if let Some(heads) = &self.heads {
            *heads.borrow_mut() = Heads::default();
        }
    }

    /// Something came from the engine, beginning with `bytes`.
    fn received(&self, bytes: &[u8]) -> Result<()> {
        let first = !self.received.replace(true);
        // An alert of TLS, from an engine that expected its hello.
        if first && bytes.starts_with(b"\x15\x03") {
            return Err(self.io.tls_failed(TlsError::tls_expected()));
        }
        Ok(())
    }

    /// Keeps our error and gives ureq one of its own to carry up.
    fn fail(&self, error: Error) -> ureq::Error {
        self.failure.replace(Some(error));
        ureq::Error::Io(io::ErrorKind::Other.into())
    }
}

fn current() -> std::result::Result<Rc<Exchange>, ureq::Error> {
    // Not even the thread-local is there when a context is dropped at the very end of a thread.
    CURRENT
        .try_with(|current| current.borrow().clone())
        .ok()
        .flatten()
        .ok_or_else(|| ureq::Error::Io(io::Error::other("no call runs on this thread")))
}

struct EngineConnector {
    endpoint: Endpoint,
    tls: Option<tls::Client>,
    proxy: Option<Arc<OnTheWay>>,
}

impl fmt::Debug for EngineConnector {
    /// Without its fields: ureq requires `Debug`, and links it into every program.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EngineConnector")
    }
}

/// A proxy, and what to tell it of the engine.
struct OnTheWay {
    origin: String,
    proxy: Proxy,
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
        let through = self.proxy.as_ref().map(|it| Through { proxy: &it.proxy, mode });
        let connection = connect(&self.endpoint, self.tls.as_ref(), through, &exchange.io)
            .map_err(|error| exchange.fail(error))?;
        Ok(Some(EngineTransport {
            connection,
            told: self.proxy.clone().filter(|_| mode == ProxyMode::Forward),
            tunnel: self.proxy.is_some() && mode == ProxyMode::TunnelOrDirect,
            begun: false,
            buffers: LazyBuffers::new(BUFFER, BUFFER),
            early: Vec::new(),
            spoilt: false,
            idle: false,
            secret: false,
        }))
    }
}

/// One connection under ureq.
struct EngineTransport {
    connection: Arc<Connection>,
    /// The proxy that requests tell where they go.
    told: Option<Arc<OnTheWay>>,
    /// For one call alone, since other calls tell the proxy.
    tunnel: bool,
    /// Part of a head was sent.
    begun: bool,
    buffers: LazyBuffers,
    /// What the engine answered while we were still sending.
    early: Vec<u8>,
    /// Part of a request was not sent: no other call can follow on this connection.
    spoilt: bool,
    /// Between two calls.
    idle: bool,
    /// There may be secrets in the buffers.
    secret: bool,
}

impl fmt::Debug for EngineTransport {
    /// As with [`EngineConnector`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EngineTransport")
    }
}

impl EngineTransport {
    /// Wipes secrets from the buffers, once all that came was read.
    fn wipe(&mut self) {
        if self.secret && self.buffers.input().is_empty() && self.early.is_empty() {
            self.buffers.input_append_buf().zeroize();
            self.buffers.output().zeroize();
            self.early.zeroize();
            self.secret = false;
        }
    }

    /// Sends what `Buffers::output` holds while listening: an engine that refuses a body says so
    /// and reads no further, so its response must be seen before the pipe breaks.
    fn transmit_body(&mut self, exchange: &Exchange, amount: usize) -> Result<()> {
        let mut sent = 0;
        while sent < amount || !self.connection.is_sent() {
            if exchange.has_answered() {
                self.spoilt = true;
                return Ok(());
            }
            let listen = self.early.len() < EARLY_LIMIT;
            if listen {
                let ready = exchange.io.ready_to_send(&self.connection)?;
                if ready.read {
                    self.listen(exchange)?;
                    continue;
                }
            }
            let output = &self.buffers.output()[sent..amount];
            let result = if listen {
                self.connection.send_now(output)
            } else {
                self.connection.send(output, exchange.io.wait(exchange.io.timeouts.write)?)
            };
            match result {
                Ok(count) => sent += count,
                Err(error) if listen && error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    // The engine may have answered and closed between the two system calls.
                    while self.listen(exchange).unwrap_or(false) {}
                    if !exchange.has_answered() {
                        return Err(exchange.io.send_failed(error));
                    }
                }
            }
        }
        Ok(())
    }

    /// Reads what the engine says while it is sent a body. A refusal ends the sending, and so does
    /// a response behind which it closes, since it has read enough; anything else waits until the body
    /// is through. True when there may be more to read.
    fn listen(&mut self, exchange: &Exchange) -> Result<bool> {
        let start = self.early.len();
        self.early.resize(start + BUFFER, 0);
        let result = self.connection.receive_now(&mut self.early[start..]);
        let count = *result.as_ref().unwrap_or(&0);
        self.early.truncate(start + count);
        match result {
            Ok(count) if count > 0 => {
                exchange.received(&self.early)?;
                if status(&self.early).is_some_and(|status| status >= 300) {
                    exchange.answered.set(true);
                }
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
            // The end, which a close with much unread makes an error.
            Ok(_) | Err(_) if !self.early.is_empty() => {
                exchange.answered.set(true);
                Ok(false)
            }
            Ok(_) => Err(exchange.io.closed("while it was sent the request")),
            Err(error) => Err(exchange.io.send_failed(error)),
        }
    }
}

/// The status in the first line of a response, once it has arrived.
fn status(response: &[u8]) -> Option<u16> {
    let text = response.get(9..12)?;
    std::str::from_utf8(text).ok()?.parse().ok()
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
        self.secret |= exchange.usage.carries_secrets;
        if !exchange.io.state.tie(&self.connection) {
            return Err(exchange.fail(Error::Cancelled { operation: exchange.io.operation }));
        }
        let begins = !mem::replace(&mut self.begun, true);
        if let Some(told) = self.told.as_ref().filter(|_| begins) {
            let head = absolute(&self.buffers.output()[..amount], &told.origin, &told.proxy);
            if let Some(heads) = &exchange.heads {
                heads.borrow_mut().sent(&head);
            }
            return exchange.io.send(&self.connection, &head).map_err(|error| exchange.fail(error));
        }
        if let Some(heads) = &exchange.heads {
            heads.borrow_mut().sent(&self.buffers.output()[..amount]);
        }
        let result = if exchange.usage.sends_body {
            self.transmit_body(&exchange, amount)
        } else {
            exchange.io.send(&self.connection, &self.buffers.output()[..amount])
        };
        result.map_err(|error| exchange.fail(error))
    }

    fn await_input(&mut self, _: NextTimeout) -> std::result::Result<bool, ureq::Error> {
        let exchange = current()?;
        let buffer = self.buffers.input_append_buf();
        if buffer.is_empty() {
            // ureq looks at a head as a whole, and takes everything else out as it comes.
            return Err(exchange.fail(Error::Protocol {
                operation: exchange.io.operation,
                message: "the head of the response is longer than 64 KiB".to_owned(),
            }));
        }
        let count = if self.early.is_empty() {
            exchange.io.receive(&self.connection, buffer).map_err(|error| exchange.fail(error))?
        } else {
            let count = self.early.len().min(buffer.len());
            buffer[..count].copy_from_slice(&self.early[..count]);
            self.early.drain(..count);
            count
        };
        if count == 0 {
            return Err(ureq::Error::Io(io::ErrorKind::UnexpectedEof.into()));
        }
        exchange.received(&buffer[..count]).map_err(|error| exchange.fail(error))?;
        if let Some(heads) = &exchange.heads {
            heads.borrow_mut().received(&buffer[..count]);
        }
        self.buffers.input_appended(count);
        Ok(true)
    }

    /// ureq sends nothing to an https URL without.
    fn is_tls(&self) -> bool {
        self.connection.is_tls()
    }

    /// Asked twice: when a call is done, where the response costs no system call, and before the
    /// next one begins, where the engine may have closed the connection in between.
    fn is_open(&mut self) -> bool {
        let Ok(exchange) = current() else { return false };
        if self.idle {
            let useful = self.told.is_none() || !exchange.usage.upgrades;
            return useful && !exchange.fresh.get() && self.connection.is_idle();
        }
        self.idle = true;
        self.wipe();
        self.begun = false;
        let untied = exchange.io.state.untie();
        let reusable = !self.spoilt && !self.tunnel && self.early.is_empty();
        untied && reusable && !exchange.usage.takes_over
    }
}

impl Drop for EngineTransport {
    /// Leaves the socket to a call that wants to take it over.
    fn drop(&mut self) {
        if let Ok(exchange) = current() {
            if exchange.usage.takes_over {
                let mut unread = self.buffers.input().to_vec();
                unread.append(&mut mem::take(&mut self.early));
                exchange
                    .taken
                    .replace(Some(Upgraded { connection: self.connection.clone(), unread }));
            }
        }
        if self.secret {
            self.buffers.input_consume(self.buffers.input().len());
            self.early.zeroize();
            self.wipe();
        }
    }
}

/// The connector knows where to go.
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
        // ureq wants one address; nobody looks at it.
        addresses.push(([127, 0, 0, 1], 0).into());
        Ok(addresses)
    }
}

impl std::fmt::Debug for Exchange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exchange").field("io", &self.io).finish_non_exhaustive()
    }
}
