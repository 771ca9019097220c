//! HTTP proxies. Plain HTTP requests are forwarded, with an absolute URL. TLS and upgraded connections
//! use a tunnel (CONNECT).

use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::Duration;

use super::CallIo;
use super::call_io::ConnectDeadline;
use super::connect::{ProxyMode, ProxyRoute, connect_directly, connect_host};
use super::socket::Socket;
use crate::config::endpoint::{Authority, Destination, Endpoint};
use crate::config::proxy::Proxy;
use crate::secret::SecretBytes;
use crate::{Error, Result};

/// Largest response head to a CONNECT request.
const MAX_RESPONSE: usize = 16 * 1024;

/// Interval of checks for cancellation. The socket is not attached to its call yet, so cancelling the call
/// does not shut it down.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// The reason of an error, for a response without an HTTP/1 status line, or with a head that is too large.
const NOT_HTTP: &str = "its response is not valid HTTP";

/// The proxy of an engine.
struct EngineProxy {
    /// The engine's scheme and authority, for absolute-form targets.
    origin: String,
    proxy: Proxy,
}

/// Makes the route to an engine through a proxy.
pub(crate) fn route(endpoint: &Endpoint, proxy: Proxy) -> Arc<dyn ProxyRoute> {
    Arc::new(EngineProxy { origin: endpoint.origin(), proxy })
}

impl ProxyRoute for EngineProxy {
    fn connect(
        &self,
        mode: ProxyMode,
        engine: &Destination,
        io: &CallIo,
        deadline: ConnectDeadline,
    ) -> Result<OwnedFd> {
        let proxy = &self.proxy;
        let failed = |error: &io::Error, _: String| Error::Connect {
            operation: io.operation,
            message: format!(
                "cannot connect to {engine}: cannot connect to the proxy {proxy}: {error}: check \
                 HTTP_PROXY and HTTPS_PROXY"
            ),
            errno: error.raw_os_error(),
        };
        let fd = connect_host(&proxy.host, proxy.port, engine, io, deadline, &failed)?;
        let (Endpoint::Tcp { host, port, .. } | Endpoint::Https { host, port, .. }, true) =
            (&engine.endpoint, mode != ProxyMode::Forward)
        else {
            return Ok(fd);
        };
        let socket = Socket::new(fd);
        let authority = Authority(host, *port).to_string();
        match open_tunnel(&socket, proxy, &authority, engine, io, deadline)? {
            Tunnel::Open => Ok(socket.into_fd()),
            Tunnel::Refused(_) if mode == ProxyMode::TunnelOrDirect => {
                connect_directly(host, *port, engine, io, deadline)
            }
            Tunnel::Refused(status) => Err(Error::Connect {
                operation: io.operation,
                message: format!(
                    "cannot connect to {engine}: the proxy {proxy} refused the tunnel: {status}: \
                     add the engine's host to NO_PROXY if it can be reached directly"
                ),
                errno: None,
            }),
        }
    }

    /// The request target becomes `origin` and the path (absolute-form), and the proxy's credentials are
    /// added.
    fn absolute_form(&self, head: &[u8]) -> SecretBytes {
        let target = head.iter().position(|byte| *byte == b' ').map_or(0, |at| at + 1);
        let line = head.windows(2).position(|window| window == b"\r\n");
        let line = line.map_or(head.len(), |at| at + 2);
        let mut out = SecretBytes::default();
        out.push(&head[..target]);
        out.push(self.origin.as_bytes());
        out.push(&head[target..line]);
        push_authorization(&mut out, &self.proxy);
        out.push(&head[line..]);
        out
    }
}

/// The result of a CONNECT request.
enum Tunnel {
    Open,
    /// The status code and reason phrase of the proxy's response.
    Refused(String),
}

/// Opens a tunnel to `authority` (host and port) through the proxy that `socket` is connected to.
fn open_tunnel(
    socket: &Socket,
    proxy: &Proxy,
    authority: &str,
    engine: &Destination,
    io: &CallIo,
    deadline: ConnectDeadline,
) -> Result<Tunnel> {
    let failed = |why: &str, errno| Error::Connect {
        operation: io.operation,
        message: format!("cannot connect to {engine} through the proxy {proxy}: {why}"),
        errno,
    };
    let io_failed = |error: io::Error| failed(&error.to_string(), error.raw_os_error());
    let mut request = SecretBytes::default();
    request.push(format!("CONNECT {authority} HTTP/1.1\r\nhost: {authority}\r\n").as_bytes());
    push_authorization(&mut request, proxy);
    request.push(b"\r\n");
    let mut unsent = &request[..];
    while !unsent.is_empty() {
        await_event(socket, libc::POLLOUT, io, deadline, &io_failed)?;
        match socket.try_send(unsent) {
            Ok(count) => unsent = &unsent[count..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(io_failed(error)),
        }
    }
    let mut response = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        await_event(socket, libc::POLLIN, io, deadline, &io_failed)?;
        match socket.try_receive(&mut buffer) {
            Ok(0) => return Err(failed("it closed the connection", None)),
            Ok(count) => response.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
            Err(error) => return Err(io_failed(error)),
        }
        if let Some(end) = response.windows(4).position(|window| window == b"\r\n\r\n") {
            let line = response.split(|byte| *byte == b'\r').next().unwrap_or_default();
            let line = String::from_utf8_lossy(line);
            let parts = line.split_once(' ').filter(|(version, _)| version.starts_with("HTTP/1."));
            let Some((_, status)) = parts else { return Err(failed(NOT_HTTP, None)) };
            if !status.starts_with('2') {
                return Ok(Tunnel::Refused(status.to_owned()));
            }
            // An engine sends nothing before it receives a request.
            if response.len() > end + 4 {
                return Err(failed("it sent data after the response to CONNECT", None));
            }
            return Ok(Tunnel::Open);
        }
        if response.len() > MAX_RESPONSE
            || !b"HTTP/1.".starts_with(&response[..response.len().min(7)])
        {
            return Err(failed(NOT_HTTP, None));
        }
    }
}

/// Waits until the socket is ready for one of `events`.
fn await_event(
    socket: &Socket,
    events: libc::c_short,
    io: &CallIo,
    deadline: ConnectDeadline,
    io_failed: &dyn Fn(io::Error) -> Error,
) -> Result<()> {
    loop {
        let remaining = deadline.remaining(io)?;
        let interval = remaining.map_or(POLL_INTERVAL, |remaining| remaining.min(POLL_INTERVAL));
        if socket.poll(events, Some(interval)).map_err(io_failed)? != 0 {
            return Ok(());
        }
    }
}

fn push_authorization(head: &mut SecretBytes, proxy: &Proxy) {
    if let Some(authorization) = &proxy.authorization {
        head.push(b"proxy-authorization: ");
        head.push(authorization.as_bytes());
        head.push(b"\r\n");
    }
}
