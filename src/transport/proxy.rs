//! The way through an HTTP proxy. Requests in the clear tell it where they go; what is encrypted, and
//! what turns into another protocol, gets a tunnel.

use std::io;
use std::time::Duration;

use super::CallIo;
use super::call_io::ConnectDeadline;
use super::socket::Socket;
use crate::config::endpoint::Endpoint;
use crate::config::proxy::Proxy;
use crate::secret::SecretBytes;
use crate::{Error, Result};

/// The longest answer to a request for a tunnel.
const MAX_RESPONSE: usize = 16 * 1024;

/// How soon a call that is cancelled meanwhile is heard.
const SLICE: Duration = Duration::from_millis(20);

/// What becomes of a request for a tunnel.
pub(super) enum Tunnel {
    Open,
    /// The status line.
    Refused(String),
}

/// Asks the proxy at the other end of `socket` for a tunnel to `authority`, that is host and port.
pub(super) fn tunnel(
    socket: &Socket,
    proxy: &Proxy,
    authority: &str,
    endpoint: &Endpoint,
    io: &CallIo,
    deadline: ConnectDeadline,
) -> Result<Tunnel> {
    let failed = |why: &str, errno| Error::Connect {
        operation: io.operation,
        message: format!("cannot connect to {endpoint} through the proxy {proxy}: {why}"),
        errno,
    };
    let broken = |error: io::Error| failed(&error.to_string(), error.raw_os_error());
    let mut request = SecretBytes::default();
    request.push(format!("CONNECT {authority} HTTP/1.1\r\nhost: {authority}\r\n").as_bytes());
    authorize(&mut request, proxy);
    request.push(b"\r\n");
    let mut unsent = &request[..];
    while !unsent.is_empty() {
        await_ready(socket, libc::POLLOUT, io, deadline, &broken)?;
        match socket.send_now(unsent) {
            Ok(count) => unsent = &unsent[count..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(broken(error)),
        }
    }
    let mut response = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        await_ready(socket, libc::POLLIN, io, deadline, &broken)?;
        match socket.receive_now(&mut buffer) {
            Ok(0) => return Err(failed("it closed the connection", None)),
            Ok(count) => response.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
            Err(error) => return Err(broken(error)),
        }
        if let Some(end) = response.windows(4).position(|window| window == b"\r\n\r\n") {
            let line = response.split(|byte| *byte == b'\r').next().unwrap_or_default();
            let line = String::from_utf8_lossy(line);
            let words = line.split_once(' ').filter(|(version, _)| version.starts_with("HTTP/1."));
            let Some((_, status)) = words else { return Err(failed("it speaks no HTTP", None)) };
            if !status.starts_with('2') {
                return Ok(Tunnel::Refused(status.to_owned()));
            }
            // An engine says nothing until it is asked.
            if response.len() > end + 4 {
                return Err(failed("it says more than that the tunnel is open", None));
            }
            return Ok(Tunnel::Open);
        }
        if response.len() > MAX_RESPONSE
            || !b"HTTP/1.".starts_with(&response[..response.len().min(7)])
        {
            return Err(failed("it speaks no HTTP", None));
        }
    }
}

/// CallTimeouts until the socket can go on, in slices: until it is tied to its call it cannot be shut down
/// from another thread.
fn await_ready(
    socket: &Socket,
    events: libc::c_short,
    io: &CallIo,
    deadline: ConnectDeadline,
    broken: &dyn Fn(io::Error) -> Error,
) -> Result<()> {
    loop {
        let left = deadline.left(io)?;
        let slice = left.map_or(SLICE, |left| left.min(SLICE));
        if socket.poll(events, Some(slice)).map_err(broken)? != 0 {
            return Ok(());
        }
    }
}

fn authorize(head: &mut SecretBytes, proxy: &Proxy) {
    if let Some(authorization) = &proxy.authorization {
        head.push(b"proxy-authorization: ");
        head.push(authorization.as_bytes());
        head.push(b"\r\n");
    }
}

/// The head of a request as a proxy wants it: with the whole URL, and who we are. `origin` is what
/// stands before the path in that.
pub(super) fn absolute(head: &[u8], origin: &str, proxy: &Proxy) -> SecretBytes {
    let target = head.iter().position(|byte| *byte == b' ').map_or(0, |at| at + 1);
    let line = head.windows(2).position(|window| window == b"\r\n").map_or(head.len(), |at| at + 2);
    let mut out = SecretBytes::default();
    out.push(&head[..target]);
    out.push(origin.as_bytes());
    out.push(&head[target..line]);
    authorize(&mut out, proxy);
    out.push(&head[line..]);
    out
}
