//! Opening connections to the engine, with a connect timeout and cancellation.

use std::ffi::CStr;
use std::io;
use std::mem;
use std::net::{SocketAddr, ToSocketAddrs};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::call_io::ConnectDeadline;
use super::socket::{retry_eintr, set_option};
use super::{CallIo, Connection, Socket, ssh, tls};
use crate::config::endpoint::{Destination, Endpoint, SshTarget};
use crate::config::tls::TlsError;
use crate::secret::SecretBytes;
use crate::{Error, Result};

/// Interval of retries while the backlog of a Unix socket is full, which poll cannot wait for.
const BACKLOG_RETRY_INTERVAL: Duration = Duration::from_millis(5);

/// Interval of checks for cancellation: a connecting socket cannot be shut down reliably from another
/// thread.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Opens a connection to `engine` and attaches it to the call of `io`, so that it can be cancelled.
pub(super) fn connect(
    engine: &Destination,
    tls: Option<&tls::Client>,
    proxy: Option<(&dyn ProxyRoute, ProxyMode)>,
    io: &CallIo,
) -> Result<Arc<Connection>> {
    let deadline = ConnectDeadline::new(io);
    match &engine.endpoint {
        Endpoint::Unix { path } => {
            let fd = connect_unix(path, io, deadline).map_err(|error| match error {
                ConnectError::Call(error) => error,
                ConnectError::Io(error) => {
                    connect_error(io, engine, &error, unix_advice(path, &engine.setting, &error))
                }
            })?;
            into_connection(fd, None, io)
        }
        Endpoint::Tcp { host, port, .. } | Endpoint::Https { host, port, .. } => {
            let fd = match proxy {
                Some((route, mode)) => route.connect(mode, engine, io, deadline)?,
                None => connect_directly(host, *port, engine, io, deadline)?,
            };
            handshake(into_connection(fd, tls, io)?, engine, io, deadline)
        }
        Endpoint::Ssh { user, host, port, path } => {
            let (user, path) = (user.as_deref(), path.as_deref());
            let target = SshTarget { user, host, port: *port, path };
            ssh::connect(engine, &target, io, deadline)
        }
    }
}

/// The route through a proxy.
///
/// A trait object, so that programs that set no proxy do not link its code.
pub(crate) trait ProxyRoute: Send + Sync {
    /// Connects to the proxy and opens a tunnel, unless the mode is [`ProxyMode::Forward`].
    fn connect(
        &self,
        mode: ProxyMode,
        engine: &Destination,
        io: &CallIo,
        deadline: ConnectDeadline,
    ) -> Result<OwnedFd>;
    /// Converts the head of a request for [`ProxyMode::Forward`].
    fn absolute_form(&self, head: &[u8]) -> SecretBytes;
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProxyMode {
    /// The proxy forwards each request; the request target is in absolute-form.
    Forward,
    /// The proxy opens a tunnel with CONNECT.
    Tunnel,
    /// As `Tunnel`, with a direct connection if the proxy refuses. The docker CLI always connects directly.
    TunnelOrDirect,
}

/// Connects to the engine's own host.
pub(super) fn connect_directly(
    host: &str,
    port: u16,
    engine: &Destination,
    io: &CallIo,
    deadline: ConnectDeadline,
) -> Result<OwnedFd> {
    let failed = |error: &io::Error, advice: String| connect_error(io, engine, error, advice);
    connect_host(host, port, engine, io, deadline, &failed)
}

/// Connects to the first address of `host` that accepts a connection. `failed` makes the error from its
/// cause and the advice for an engine.
pub(super) fn connect_host(
    host: &str,
    port: u16,
    engine: &Destination,
    io: &CallIo,
    deadline: ConnectDeadline,
    failed: &dyn Fn(&io::Error, String) -> Error,
) -> Result<OwnedFd> {
    let setting = &engine.setting;
    let addresses = (host, port)
        .to_socket_addrs()
        .map_err(|error| failed(&error, format!("check the host name in {setting}")))?;
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match connect_tcp(address, io, deadline) {
            Ok(fd) => return Ok(fd),
            Err(ConnectError::Call(error)) => return Err(error),
            Err(ConnectError::Io(error)) => last = error,
        }
    }
    let advice = match last.kind() {
        io::ErrorKind::ConnectionRefused => format!(
            "no process listens on this port: start the engine with -H tcp://…, or check the port in {setting}"
        ),
        _ => format!("check the address in {setting}"),
    };
    Err(failed(&last, advice))
}

/// An error of a connection attempt.
enum ConnectError {
    /// The error of the call, such as a timeout.
    Call(Error),
    /// An error of one address, which still lacks the endpoint and the advice.
    Io(io::Error),
}

impl From<io::Error> for ConnectError {
    fn from(error: io::Error) -> ConnectError {
        ConnectError::Io(error)
    }
}

impl From<Error> for ConnectError {
    fn from(error: Error) -> ConnectError {
        ConnectError::Call(error)
    }
}

/// The address of a Unix socket. Fails with ENAMETOOLONG if the path does not fit.
fn unix_address(path: &Path) -> io::Result<libc::sockaddr_un> {
    // SAFETY: all-zero is a valid sockaddr_un.
    let mut address: libc::sockaddr_un = unsafe { mem::zeroed() };
    address.sun_family = libc::AF_UNIX as libc::sa_family_t;
    let bytes = path.as_os_str().as_bytes();
    // `Endpoint::parse` checks the length, but the caller can also construct an `Endpoint` directly.
    if bytes.len() >= address.sun_path.len() {
        return Err(io::Error::from_raw_os_error(libc::ENAMETOOLONG));
    }
    for (to, from) in address.sun_path.iter_mut().zip(bytes) {
        *to = *from as libc::c_char;
    }
    Ok(address)
}

/// Checks that a process listens on a Unix socket. Does not block and sends nothing.
pub(crate) fn accepts_connections(path: &Path) -> io::Result<()> {
    let address = unix_address(path)?;
    match start_connect(&new_socket(libc::AF_UNIX)?, &address) {
        // EAGAIN: the backlog is full, so a process listens.
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
        result => result,
    }
}

fn connect_unix(
    path: &Path,
    io: &CallIo,
    deadline: ConnectDeadline,
) -> std::result::Result<OwnedFd, ConnectError> {
    let address = unix_address(path)?;
    let fd = new_socket(libc::AF_UNIX)?;
    loop {
        match start_connect(&fd, &address) {
            // EAGAIN: the backlog is full until the engine accepts connections.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let remaining = deadline.remaining(io)?;
                std::thread::sleep(remaining.map_or(BACKLOG_RETRY_INTERVAL, |remaining| {
                    remaining.min(BACKLOG_RETRY_INTERVAL)
                }));
            }
            Err(error) => return Err(error.into()),
            Ok(()) => return Ok(fd),
        }
    }
}

fn connect_tcp(
    address: SocketAddr,
    io: &CallIo,
    deadline: ConnectDeadline,
) -> std::result::Result<OwnedFd, ConnectError> {
    let fd = match address {
        SocketAddr::V4(v4) => {
            let fd = new_socket(libc::AF_INET)?;
            // SAFETY: all-zero is a valid sockaddr_in.
            let mut raw: libc::sockaddr_in = unsafe { mem::zeroed() };
            raw.sin_family = libc::AF_INET as libc::sa_family_t;
            raw.sin_port = v4.port().to_be();
            raw.sin_addr.s_addr = u32::from_ne_bytes(v4.ip().octets());
            start_tcp_connect(&fd, &raw)?;
            fd
        }
        SocketAddr::V6(v6) => {
            let fd = new_socket(libc::AF_INET6)?;
            // SAFETY: all-zero is a valid sockaddr_in6.
            let mut raw: libc::sockaddr_in6 = unsafe { mem::zeroed() };
            raw.sin6_family = libc::AF_INET6 as libc::sa_family_t;
            raw.sin6_port = v6.port().to_be();
            raw.sin6_addr.s6_addr = v6.ip().octets();
            raw.sin6_flowinfo = v6.flowinfo();
            raw.sin6_scope_id = v6.scope_id();
            start_tcp_connect(&fd, &raw)?;
            fd
        }
    };
    // Requests are small, so Nagle's algorithm would only delay them. Keep-alive probes detect a dead
    // peer on streams that are idle for hours.
    set_option(&fd, libc::IPPROTO_TCP, libc::TCP_NODELAY, &1i32)?;
    set_option(&fd, libc::SOL_SOCKET, libc::SO_KEEPALIVE, &1i32)?;
    set_option(&fd, libc::IPPROTO_TCP, libc::TCP_KEEPIDLE, &30i32)?;
    await_connected(fd, io, deadline)
}

/// Performs the TLS handshake, if the connection uses TLS.
fn handshake(
    connection: Arc<Connection>,
    engine: &Destination,
    io: &CallIo,
    deadline: ConnectDeadline,
) -> Result<Arc<Connection>> {
    let error = match connection.handshake(|| Ok::<_, ConnectError>(deadline.remaining(io)?)) {
        Ok(true) => return Ok(connection),
        Ok(false) => io::ErrorKind::UnexpectedEof.into(),
        Err(ConnectError::Call(error)) => return Err(error),
        Err(ConnectError::Io(error)) => error,
    };
    if io.state.is_cancelled() {
        return Err(Error::Cancelled { operation: io.operation });
    }
    if let Some(tls) = TlsError::from_io(&error) {
        let message = format!("the TLS handshake with {engine} failed: {tls}");
        return Err(io.tls_failed(TlsError { message, ..tls.clone() }));
    }
    Err(Error::Connect {
        operation: io.operation,
        message: format!(
            "cannot connect to {engine}: the connection was closed during the TLS handshake: \
             check that the engine uses TLS on this port"
        ),
        errno: error.raw_os_error(),
    })
}

/// Starts a TCP connection, which [`await_connected`] completes.
fn start_tcp_connect<T>(fd: &OwnedFd, address: &T) -> io::Result<()> {
    match start_connect(fd, address) {
        Err(error) if error.raw_os_error() == Some(libc::EINPROGRESS) => Ok(()),
        result => result,
    }
}

/// Waits until a connection that was started is established.
fn await_connected(
    fd: OwnedFd,
    io: &CallIo,
    deadline: ConnectDeadline,
) -> std::result::Result<OwnedFd, ConnectError> {
    loop {
        let remaining = deadline.remaining(io)?;
        let interval = remaining.map_or(POLL_INTERVAL, |remaining| remaining.min(POLL_INTERVAL));
        let mut poll = libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLOUT, revents: 0 };
        // SAFETY: one pollfd, alive during the call.
        let count = retry_eintr(|| unsafe {
            libc::poll(&mut poll, 1, interval.as_millis().max(1) as i32) as isize
        })?;
        if count > 0 {
            return match pending_error(&fd)? {
                0 => Ok(fd),
                errno => Err(io::Error::from_raw_os_error(errno).into()),
            };
        }
    }
}

fn pending_error(fd: &OwnedFd) -> io::Result<i32> {
    let mut errno: libc::c_int = 0;
    let mut length = size_of_val(&errno) as libc::socklen_t;
    let target = std::ptr::from_mut(&mut errno).cast();
    // SAFETY: `errno` and `length` are writable and fit together.
    retry_eintr(|| unsafe {
        libc::getsockopt(fd.as_raw_fd(), libc::SOL_SOCKET, libc::SO_ERROR, target, &mut length)
            as isize
    })?;
    Ok(errno)
}

/// A non-blocking stream socket that child processes do not inherit.
fn new_socket(family: libc::c_int) -> io::Result<OwnedFd> {
    let kind = libc::SOCK_STREAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
    // SAFETY: a plain system call.
    let fd = retry_eintr(|| unsafe { libc::socket(family, kind, 0) as isize })?;
    // SAFETY: the descriptor is new and ours alone.
    Ok(unsafe { OwnedFd::from_raw_fd(fd as i32) })
}

fn start_connect<T>(fd: &OwnedFd, address: &T) -> io::Result<()> {
    let (address, length) = (std::ptr::from_ref(address).cast(), size_of::<T>() as libc::socklen_t);
    // SAFETY: `address` is a socket address of `length` bytes.
    retry_eintr(|| unsafe { libc::connect(fd.as_raw_fd(), address, length) as isize }).map(drop)
}

/// Makes the connected socket blocking, so that its SO_RCVTIMEO and SO_SNDTIMEO apply, and wraps it.
fn into_connection(fd: OwnedFd, tls: Option<&tls::Client>, io: &CallIo) -> Result<Arc<Connection>> {
    // SAFETY: plain system calls on a descriptor we own.
    unsafe {
        let flags = libc::fcntl(fd.as_raw_fd(), libc::F_GETFL);
        libc::fcntl(fd.as_raw_fd(), libc::F_SETFL, flags & !libc::O_NONBLOCK);
    }
    let session = tls.map(tls::Client::session).transpose();
    let session = session.map_err(|error| io.tls_failed(error))?;
    let connection = Arc::new(Connection::new(Socket::new(fd), session));
    if !io.state.attach_connection(&connection) {
        return Err(Error::Cancelled { operation: io.operation });
    }
    Ok(connection)
}

fn connect_error(io: &CallIo, engine: &Destination, error: &io::Error, advice: String) -> Error {
    Error::Connect {
        operation: io.operation,
        message: format!("cannot connect to {engine}: {error}: {advice}"),
        errno: error.raw_os_error(),
    }
}

/// The advice for a Unix socket that cannot be connected to.
fn unix_advice(path: &Path, setting: &str, error: &io::Error) -> String {
    let correct = |engine: &str| match setting {
        "DOCKER_HOST" => format!("set DOCKER_HOST to the address {engine} listens on"),
        _ => format!("check the address in {setting}"),
    };
    match error.kind() {
        io::ErrorKind::NotFound => {
            format!("no such socket: start the engine, or {}", correct("it"))
        }
        io::ErrorKind::PermissionDenied => match path.metadata() {
            Ok(metadata) => format!(
                "permission denied: the socket belongs to group {} and has mode {:04o}: join that group (usermod -aG) or run as its owner",
                group_name(metadata.gid()),
                metadata.mode() & 0o7777
            ),
            Err(_) => {
                "permission denied: this user may not search a directory of the socket's path"
                    .to_owned()
            }
        },
        io::ErrorKind::ConnectionRefused => {
            let is_socket = path.metadata().is_ok_and(|metadata| metadata.file_type().is_socket());
            if is_socket {
                "no process listens on this socket: the engine that created it has exited: start it \
                 again"
                    .to_owned()
            } else {
                format!("this file is not a socket: {}", correct("the engine"))
            }
        }
        _ => format!("check the address in {setting}"),
    }
}

/// The name of a group, or its number if it has no name.
fn group_name(gid: u32) -> String {
    // SAFETY: all-zero is a valid `group`; getgrgid_r fills it with pointers into `buffer`.
    let mut group: libc::group = unsafe { mem::zeroed() };
    let mut buffer = vec![0u8; 4096];
    let mut entry = std::ptr::null_mut();
    // SAFETY: all pointers are valid for the sizes given.
    let result = unsafe {
        libc::getgrgid_r(gid, &mut group, buffer.as_mut_ptr().cast(), buffer.len(), &mut entry)
    };
    if result != 0 || entry.is_null() {
        return gid.to_string();
    }
    // SAFETY: `gr_name` points to a NUL-terminated string in `buffer`, which is alive.
    unsafe { CStr::from_ptr(group.gr_name) }.to_string_lossy().into_owned()
}
