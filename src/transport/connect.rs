//! Opening connections, within a time and so that another thread can end it.

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
use super::proxy::{self, Tunnel};
use super::socket::{retry, set_option};
use super::{CallIo, Connection, Socket, ssh, tls};
use crate::config::endpoint::{Authority, Endpoint, SshTarget};
use crate::config::proxy::Proxy;
use crate::config::tls::TlsError;
use crate::{Error, Result};

/// How often a full backlog is tried again: the system gives no event for it.
const BACKLOG_PAUSE: Duration = Duration::from_millis(5);

/// Opens a connection to `endpoint`, tied to the call of `link`.
pub(super) fn connect(
    endpoint: &Endpoint,
    tls: Option<&tls::Client>,
    proxy: Option<Through<'_>>,
    io: &CallIo,
) -> Result<Arc<Connection>> {
    let deadline = ConnectDeadline::new(io);
    match endpoint {
        Endpoint::Unix { path } => {
            let fd = connect_unix(path, io, deadline).map_err(|failure| match failure {
                Failure::Ours(error) => error,
                Failure::System(error) => {
                    connect_error(io, endpoint, &error, unix_advice(path, &error))
                }
            })?;
            finished(fd, None, io)
        }
        Endpoint::Tcp { host, port, .. } | Endpoint::Https { host, port, .. } => {
            let fd = match proxy {
                Some(through) => connect_through(through, endpoint, io, deadline)?,
                None => connect_name(host, *port, endpoint, None, io, deadline)?,
            };
            secured(finished(fd, tls, io)?, endpoint, io, deadline)
        }
        Endpoint::Ssh { user, host, port, path } => {
            let (user, path) = (user.as_deref(), path.as_deref());
            let target = SshTarget { user, host, port: *port, path };
            ssh::connect(endpoint, &target, io, deadline)
        }
    }
}

/// How to go through a proxy.
#[derive(Clone, Copy)]
pub(super) struct Through<'a> {
    pub(super) proxy: &'a Proxy,
    pub(super) mode: ProxyMode,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ProxyMode {
    /// The proxy forwards each request, which carries an absolute URL.
    Forward,
    /// The proxy opens a tunnel (CONNECT).
    Tunnel,
    /// As `Tunnel`, or a direct connection if the proxy refuses; the docker CLI always connects directly.
    TunnelOrDirect,
}

/// Connects to a proxy, and where that is wanted through it.
fn connect_through(
    Through { proxy, mode }: Through<'_>,
    endpoint: &Endpoint,
    io: &CallIo,
    deadline: ConnectDeadline,
) -> Result<OwnedFd> {
    let fd = connect_name(&proxy.host, proxy.port, endpoint, Some(proxy), io, deadline)?;
    let (Endpoint::Tcp { host, port, .. } | Endpoint::Https { host, port, .. }, true) =
        (endpoint, mode != ProxyMode::Forward)
    else {
        return Ok(fd);
    };
    let socket = Socket::new(fd);
    let authority = Authority(host, *port).to_string();
    match proxy::tunnel(&socket, proxy, &authority, endpoint, io, deadline)? {
        Tunnel::Open => Ok(socket.into_fd()),
        Tunnel::Refused(_) if mode == ProxyMode::TunnelOrDirect => {
            connect_name(host, *port, endpoint, None, io, deadline)
        }
        Tunnel::Refused(status) => Err(Error::Connect {
            operation: io.operation,
            message: format!(
                "cannot connect to {endpoint}: the proxy {proxy} makes no tunnel there: {status}: \
                 name the engine in NO_PROXY if it can be reached without"
            ),
            errno: None,
        }),
    }
}

/// Connects to the first address of a name where somebody listens. The name is that of the endpoint,
/// or of the proxy on the way to it.
fn connect_name(
    host: &str,
    port: u16,
    endpoint: &Endpoint,
    proxy: Option<&Proxy>,
    io: &CallIo,
    deadline: ConnectDeadline,
) -> Result<OwnedFd> {
    let connect_error = |error: &io::Error, advice: &str| match proxy {
        None => connect_error(io, endpoint, error, advice.to_owned()),
        Some(proxy) => Error::Connect {
            operation: io.operation,
            message: format!(
                "cannot connect to {endpoint}: no connection to the proxy {proxy}: {error}: check \
                 HTTP_PROXY and HTTPS_PROXY"
            ),
            errno: error.raw_os_error(),
        },
    };
    let addresses = (host, port)
        .to_socket_addrs()
        .map_err(|error| connect_error(&error, "check the name in DOCKER_HOST"))?;
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match connect_tcp(address, io, deadline) {
            Ok(fd) => return Ok(fd),
            Err(Failure::Ours(error)) => return Err(error),
            Err(Failure::System(error)) => last = error,
        }
    }
    let advice = match last.kind() {
        io::ErrorKind::ConnectionRefused => {
            "nobody listens there: start the engine with -H tcp://…, or check the port in DOCKER_HOST"
        }
        _ => "check the address in DOCKER_HOST",
    };
    Err(connect_error(&last, advice))
}

/// Why a connection did not come about: told already, or by the system.
enum Failure {
    Ours(Error),
    System(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::System(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Ours(error)
    }
}

/// The address of a Unix socket.
fn unix_address(path: &Path) -> io::Result<libc::sockaddr_un> {
    // SAFETY: all-zero is a valid sockaddr_un.
    let mut address: libc::sockaddr_un = unsafe { mem::zeroed() };
    address.sun_family = libc::AF_UNIX as libc::sa_family_t;
    let bytes = path.as_os_str().as_bytes();
    // `Endpoint::parse` made sure of it; an `Endpoint` made by hand may not have been parsed.
    if bytes.len() >= address.sun_path.len() {
        return Err(io::Error::from_raw_os_error(libc::ENAMETOOLONG));
    }
    for (to, from) in address.sun_path.iter_mut().zip(bytes) {
        *to = *from as libc::c_char;
    }
    Ok(address)
}

/// Whether somebody listens on a Unix socket. Does not wait, and sends nothing.
pub(crate) fn accepts_connections(path: &Path) -> io::Result<()> {
    let address = unix_address(path)?;
    match start(&open(libc::AF_UNIX)?, &address, size_of_val(&address)) {
        // A full backlog is that of somebody.
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
        result => result,
    }
}

fn connect_unix(
    path: &Path,
    io: &CallIo,
    deadline: ConnectDeadline,
) -> std::result::Result<OwnedFd, Failure> {
    let address = unix_address(path)?;
    let fd = open(libc::AF_UNIX)?;
    loop {
        // An error of EAGAIN is a full backlog: the engine is there but does not accept yet.
        match start(&fd, &address, size_of_val(&address)) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let left = deadline.left(io)?;
                std::thread::sleep(left.map_or(BACKLOG_PAUSE, |left| left.min(BACKLOG_PAUSE)));
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
) -> std::result::Result<OwnedFd, Failure> {
    let fd = match address {
        SocketAddr::V4(v4) => {
            let fd = open(libc::AF_INET)?;
            // SAFETY: all-zero is a valid sockaddr_in.
            let mut raw: libc::sockaddr_in = unsafe { mem::zeroed() };
            raw.sin_family = libc::AF_INET as libc::sa_family_t;
            raw.sin_port = v4.port().to_be();
            raw.sin_addr.s_addr = u32::from_ne_bytes(v4.ip().octets());
            begin(&fd, &raw)?;
            fd
        }
        SocketAddr::V6(v6) => {
            let fd = open(libc::AF_INET6)?;
            // SAFETY: all-zero is a valid sockaddr_in6.
            let mut raw: libc::sockaddr_in6 = unsafe { mem::zeroed() };
            raw.sin6_family = libc::AF_INET6 as libc::sa_family_t;
            raw.sin6_port = v6.port().to_be();
            raw.sin6_addr.s6_addr = v6.ip().octets();
            raw.sin6_flowinfo = v6.flowinfo();
            raw.sin6_scope_id = v6.scope_id();
            begin(&fd, &raw)?;
            fd
        }
    };
    // A call is one small write and one read, so waiting to fill packets only costs time; and a
    // stream that is silent for hours must find out when its peer is gone.
    set_option(&fd, libc::IPPROTO_TCP, libc::TCP_NODELAY, &1i32)?;
    set_option(&fd, libc::SOL_SOCKET, libc::SO_KEEPALIVE, &1i32)?;
    set_option(&fd, libc::IPPROTO_TCP, libc::TCP_KEEPIDLE, &30i32)?;
    await_connected(fd, io, deadline)
}

/// Makes TLS ready for use, where the connection has it.
fn secured(
    connection: Arc<Connection>,
    endpoint: &Endpoint,
    io: &CallIo,
    deadline: ConnectDeadline,
) -> Result<Arc<Connection>> {
    let closed = match connection.open(|| Ok::<_, Failure>(deadline.left(io)?)) {
        Ok(true) => return Ok(connection),
        Ok(false) => io::ErrorKind::UnexpectedEof.into(),
        Err(Failure::Ours(error)) => return Err(error),
        Err(Failure::System(error)) => error,
    };
    if io.state.is_cancelled() {
        return Err(Error::Cancelled { operation: io.operation });
    }
    if let Some(problem) = TlsError::of(&closed) {
        let message = format!("no TLS with {endpoint}: {problem}");
        return Err(io.tls_failed(TlsError { message, ..problem.clone() }));
    }
    Err(Error::Connect {
        operation: io.operation,
        message: format!(
            "cannot connect to {endpoint}: it closed the connection while TLS was being agreed on: \
             check that TLS is spoken there"
        ),
        errno: closed.raw_os_error(),
    })
}

/// Starts to connect; that it goes on in the background is no error.
fn begin<T>(fd: &OwnedFd, address: &T) -> io::Result<()> {
    match start(fd, address, size_of::<T>()) {
        Err(error) if error.raw_os_error() == Some(libc::EINPROGRESS) => Ok(()),
        result => result,
    }
}

/// CallTimeouts until a connection that was begun stands. In slices, because a socket that is not yet
/// connected cannot be shut down reliably from another thread.
fn await_connected(
    fd: OwnedFd,
    io: &CallIo,
    deadline: ConnectDeadline,
) -> std::result::Result<OwnedFd, Failure> {
    const SLICE: Duration = Duration::from_millis(20);
    loop {
        let left = deadline.left(io)?;
        let slice = left.map_or(SLICE, |left| left.min(SLICE));
        let mut poll = libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLOUT, revents: 0 };
        // SAFETY: one pollfd, alive during the call.
        let count = retry(|| unsafe {
            libc::poll(&mut poll, 1, slice.as_millis().max(1) as i32) as isize
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
    retry(|| unsafe {
        libc::getsockopt(fd.as_raw_fd(), libc::SOL_SOCKET, libc::SO_ERROR, target, &mut length)
            as isize
    })?;
    Ok(errno)
}

/// A socket that is not inherited by programs the host starts.
fn open(family: libc::c_int) -> io::Result<OwnedFd> {
    let kind = libc::SOCK_STREAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
    // SAFETY: plain system call.
    let fd = retry(|| unsafe { libc::socket(family, kind, 0) as isize })?;
    // SAFETY: the descriptor is new and ours alone.
    Ok(unsafe { OwnedFd::from_raw_fd(fd as i32) })
}

fn start<T>(fd: &OwnedFd, address: &T, length: usize) -> io::Result<()> {
    let address = std::ptr::from_ref(address).cast();
    // SAFETY: `address` is a socket address of `length` bytes.
    retry(|| unsafe { libc::connect(fd.as_raw_fd(), address, length as libc::socklen_t) as isize })
        .map(drop)
}

/// From here on reads and writes wait; the timeouts are the socket's own.
fn finished(fd: OwnedFd, tls: Option<&tls::Client>, io: &CallIo) -> Result<Arc<Connection>> {
    // SAFETY: plain system calls on a descriptor we own.
    unsafe {
        let flags = libc::fcntl(fd.as_raw_fd(), libc::F_GETFL);
        libc::fcntl(fd.as_raw_fd(), libc::F_SETFL, flags & !libc::O_NONBLOCK);
    }
    let session = tls.map(tls::Client::session).transpose();
    let session = session.map_err(|problem| io.tls_failed(problem))?;
    let connection = Arc::new(Connection::new(Socket::new(fd), session));
    if !io.state.tie(&connection) {
        return Err(Error::Cancelled { operation: io.operation });
    }
    Ok(connection)
}

fn connect_error(io: &CallIo, endpoint: &Endpoint, error: &io::Error, advice: String) -> Error {
    Error::Connect {
        operation: io.operation,
        message: format!("cannot connect to {endpoint}: {error}: {advice}"),
        errno: error.raw_os_error(),
    }
}

/// What somebody can do about a Unix socket that does not answer.
fn unix_advice(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => {
            "no such socket: start the engine, or say in DOCKER_HOST where it listens".to_owned()
        }
        io::ErrorKind::PermissionDenied => match path.metadata() {
            Ok(data) => format!(
                "permission denied: the socket belongs to group {} and has mode {:04o}: join that group (usermod -aG) or run as its owner",
                group_name(data.gid()),
                data.mode() & 0o7777
            ),
            Err(_) => {
                "permission denied: a directory above the socket is closed to this user".to_owned()
            }
        },
        io::ErrorKind::ConnectionRefused => {
            let is_socket = path.metadata().is_ok_and(|data| data.file_type().is_socket());
            if is_socket {
                "nobody listens on this socket: the engine that made it is gone; start it again"
                    .to_owned()
            } else {
                "this file is no socket: say in DOCKER_HOST where the engine listens".to_owned()
            }
        }
        _ => "check DOCKER_HOST".to_owned(),
    }
}

/// The name of a group, or its number where the system knows no name.
fn group_name(gid: u32) -> String {
    // SAFETY: all-zero is a valid `group`; getgrgid_r fills it with pointers into `buffer`.
    let mut group: libc::group = unsafe { mem::zeroed() };
    let mut buffer = vec![0u8; 4096];
    let mut found = std::ptr::null_mut();
    // SAFETY: all pointers are valid for the sizes given.
    let result = unsafe {
        libc::getgrgid_r(gid, &mut group, buffer.as_mut_ptr().cast(), buffer.len(), &mut found)
    };
    if result != 0 || found.is_null() {
        return gid.to_string();
    }
    // SAFETY: `gr_name` is NUL-terminated text in `buffer`, which is alive.
    unsafe { CStr::from_ptr(group.gr_name) }.to_string_lossy().into_owned()
}
