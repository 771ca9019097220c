//! The engine's side of a connection: sockets with a limit for every wait.

use std::ffi::c_int;
use std::fs::File;
use std::io;
use std::mem;
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::bytes::{Pattern, difference};
use super::{Gate, LIMIT, TempDir};

/// The reason why a step failed.
#[derive(Debug)]
pub enum Fault {
    /// The test has ended; the failure is not reported.
    Stopped,
    /// The client closed the connection.
    Closed(String),
    /// Another failure.
    Failed(String),
}

impl From<String> for Fault {
    fn from(message: String) -> Fault {
        Fault::Failed(message)
    }
}

/// Ends all waits of a fake engine.
pub struct Stop {
    flag: AtomicBool,
    receiver: UnixStream,
    sender: UnixStream,
}

impl Stop {
    pub fn new() -> Arc<Stop> {
        let (receiver, sender) = UnixStream::pair().unwrap();
        Arc::new(Stop { flag: AtomicBool::new(false), receiver, sender })
    }

    pub fn stop(&self) {
        self.flag.store(true, Ordering::SeqCst);
        let _ = self.sender.shutdown(std::net::Shutdown::Both);
    }

    pub fn check(&self) -> Result<(), Fault> {
        if self.flag.load(Ordering::SeqCst) { Err(Fault::Stopped) } else { Ok(()) }
    }

    /// Waits for `events` on `fd`; returns false if `deadline` passes first.
    pub fn poll(&self, fd: RawFd, events: i16, deadline: Option<Instant>) -> Result<bool, Fault> {
        loop {
            let mut fds = [
                libc::pollfd { fd, events, revents: 0 },
                libc::pollfd { fd: self.receiver.as_raw_fd(), events: libc::POLLIN, revents: 0 },
            ];
            let wait = match deadline {
                // Rounded up, to avoid busy-waiting in the last millisecond.
                Some(end) => {
                    let remaining = end.saturating_duration_since(Instant::now());
                    remaining.as_micros().div_ceil(1000) as c_int
                }
                None => -1,
            };
            let ready = unsafe { libc::poll(fds.as_mut_ptr(), 2, wait) };
            if ready < 0 {
                let error = io::Error::last_os_error();
                assert_eq!(error.kind(), io::ErrorKind::Interrupted, "poll: {error}");
                continue;
            }
            self.check()?;
            return Ok(ready > 0);
        }
    }

    /// Waits for a gate; fails if `deadline` passes first.
    pub fn pass(&self, gate: &Gate, deadline: Instant) -> Result<(), Fault> {
        // A gate has no descriptor to poll, so both are checked alternately.
        while !gate.wait(Duration::from_millis(10)) {
            self.check()?;
            if Instant::now() >= deadline {
                return Err(Fault::Failed("the gate was not opened in time".into()));
            }
        }
        Ok(())
    }
}

/// A listening socket.
pub struct Listener {
    fd: OwnedFd,
    address: Address,
}

/// The address of a fake engine.
#[derive(Clone)]
pub enum Address {
    /// A socket file.
    Unix(PathBuf),
    /// A port on 127.0.0.1.
    Tcp(u16),
}

impl Address {
    /// Returns the address in the notation of `DOCKER_HOST`.
    pub fn host(&self) -> String {
        match self {
            Address::Unix(path) => format!("unix://{}", path.display()),
            Address::Tcp(port) => format!("tcp://127.0.0.1:{port}"),
        }
    }
}

impl Listener {
    pub fn unix(path: &Path) -> Listener {
        let listener = UnixListener::bind(path)
            .unwrap_or_else(|e| panic!("cannot listen at {}: {e}", path.display()));
        listener.set_nonblocking(true).unwrap();
        Listener { fd: listener.into(), address: Address::Unix(path.to_path_buf()) }
    }

    pub fn unix_in(dir: &TempDir) -> Listener {
        Listener::unix(&dir.join("engine.sock"))
    }

    pub fn tcp() -> Listener {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        Listener { fd: listener.into(), address: Address::Tcp(port) }
    }

    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Returns whether a connection is waiting to be accepted.
    pub fn has_pending(&self, stop: &Stop) -> bool {
        stop.poll(self.fd.as_raw_fd(), libc::POLLIN, Some(Instant::now())).unwrap_or(false)
    }

    /// Accepts the next connection; returns `None` if `deadline` passes first.
    pub fn accept(
        &self,
        stop: &Arc<Stop>,
        deadline: Option<Instant>,
    ) -> Result<Option<Conn>, Fault> {
        loop {
            if !stop.poll(self.fd.as_raw_fd(), libc::POLLIN, deadline)? {
                return Ok(None);
            }
            let flags = libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
            let (no_name, no_size) = (std::ptr::null_mut(), std::ptr::null_mut());
            let fd = unsafe { libc::accept4(self.fd.as_raw_fd(), no_name, no_size, flags) };
            if fd < 0 {
                // The client has closed it between the two calls.
                continue;
            }
            let fd = unsafe { OwnedFd::from_raw_fd(fd) };
            let tcp = matches!(self.address, Address::Tcp(_));
            if tcp {
                let stream = TcpStream::from(fd);
                stream.set_nodelay(true).unwrap();
                return Ok(Some(Conn::new(stream.into(), tcp, Arc::clone(stop))));
            }
            return Ok(Some(Conn::new(fd, tcp, Arc::clone(stop))));
        }
    }

    /// Shortens the backlog to the minimum and fills it, so that the next `connect` gets no
    /// response. The queued connections live as long as the returned descriptors.
    pub fn fill_backlog(&self, deadline: Instant) -> Vec<OwnedFd> {
        assert_eq!(unsafe { libc::listen(self.fd.as_raw_fd(), 0) }, 0);
        // A backlog of 0 holds one connection; on TCP the others keep sending SYN.
        let queued: Vec<OwnedFd> = (0..3).filter_map(|_| self.connect_now()).collect();
        let mut fds: Vec<_> = queued
            .iter()
            .map(|fd| libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLOUT, revents: 0 })
            .collect();
        let wait = deadline.saturating_duration_since(Instant::now()).as_millis() as c_int;
        let ready = unsafe { libc::poll(fds.as_mut_ptr(), fds.len() as _, wait) };
        assert!(ready > 0, "the backlog could not be filled");
        queued
    }

    /// Starts a connection without waiting; returns `None` if the backlog is full.
    fn connect_now(&self) -> Option<OwnedFd> {
        let family = match self.address {
            Address::Unix(_) => libc::AF_UNIX,
            Address::Tcp(_) => libc::AF_INET,
        };
        let kind = libc::SOCK_STREAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
        let fd = unsafe { libc::socket(family, kind, 0) };
        assert!(fd >= 0);
        let fd = unsafe { OwnedFd::from_raw_fd(fd) };
        let mut name: libc::sockaddr_storage = unsafe { mem::zeroed() };
        let mut size = mem::size_of_val(&name) as libc::socklen_t;
        // The address of the listener.
        let name_ptr = (&raw mut name).cast::<libc::sockaddr>();
        unsafe { libc::getsockname(self.fd.as_raw_fd(), name_ptr, &mut size) };
        let done = unsafe { libc::connect(fd.as_raw_fd(), name_ptr, size) };
        let busy = io::Error::last_os_error().raw_os_error();
        match done == 0 || busy == Some(libc::EINPROGRESS) {
            true => Some(fd),
            false => None,
        }
    }
}

/// The result of a read.
#[derive(Debug, PartialEq, Eq)]
pub enum Received {
    /// More bytes are in the buffer.
    Bytes,
    /// The client closed its sending side.
    End,
}

/// The engine's side of one connection.
pub struct Conn {
    fd: OwnedFd,
    tcp: bool,
    stop: Arc<Stop>,
    step_timeout: Duration,
    end: Instant,
    input: Vec<u8>,
    start: usize,
}

/// Largest part that is sent together with a barrier.
const BARRIER: usize = 16 * 1024;

impl Conn {
    fn new(fd: OwnedFd, tcp: bool, stop: Arc<Stop>) -> Conn {
        let end = Instant::now() + LIMIT;
        Conn { fd, tcp, stop, step_timeout: LIMIT, end, input: Vec::new(), start: 0 }
    }

    /// Begins a step that may wait for `step_timeout` at a time.
    pub fn begin(&mut self, step_timeout: Duration) {
        self.step_timeout = step_timeout;
        self.end = Instant::now() + LIMIT.max(step_timeout);
    }

    /// Returns the longest single wait of the step.
    pub fn step_timeout(&self) -> Duration {
        self.step_timeout
    }

    fn deadline(&self) -> Instant {
        self.end.min(Instant::now() + self.step_timeout)
    }

    /// Returns the bytes that were read but not consumed.
    pub fn unread(&self) -> &[u8] {
        &self.input[self.start..]
    }

    /// Consumes `count` bytes.
    pub fn consume(&mut self, count: usize) {
        self.start += count;
        assert!(self.start <= self.input.len());
    }

    /// Waits for more bytes; fails if none are received in time.
    pub fn fill(&mut self) -> Result<Received, Fault> {
        match self.fill_until(Some(self.deadline()))? {
            Some(received) => Ok(received),
            None => Err(Fault::Failed(format!("no bytes received within {:?}", self.step_timeout))),
        }
    }

    /// Waits for more bytes; returns `None` if `deadline` passes first.
    pub fn fill_until(&mut self, deadline: Option<Instant>) -> Result<Option<Received>, Fault> {
        const READ_SIZE: usize = 256 * 1024;
        self.input.drain(..self.start);
        self.start = 0;
        loop {
            if !self.stop.poll(self.fd.as_raw_fd(), libc::POLLIN, deadline)? {
                return Ok(None);
            }
            self.input.reserve(READ_SIZE);
            let room = self.input.spare_capacity_mut();
            let fd = self.fd.as_raw_fd();
            let count = unsafe { libc::recv(fd, room.as_mut_ptr().cast(), room.len(), 0) };
            if count < 0 {
                let error = io::Error::last_os_error();
                match error.kind() {
                    io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => continue,
                    _ => return Err(Fault::Closed(format!("reading: {error}"))),
                }
            }
            unsafe { self.input.set_len(self.input.len() + count as usize) };
            return Ok(Some(if count == 0 { Received::End } else { Received::Bytes }));
        }
    }

    /// Receives the rest for a failure message.
    pub fn settle(&mut self) {
        let end = Instant::now() + Duration::from_millis(200);
        while let Ok(Some(Received::Bytes)) = self.fill_until(Some(end)) {}
    }

    /// Returns the bytes received so far, without waiting; fails only if stopped.
    pub fn unexpected(&mut self) -> Result<&[u8], Fault> {
        match self.fill_until(Some(Instant::now())) {
            Err(Fault::Stopped) => Err(Fault::Stopped),
            _ => Ok(self.unread()),
        }
    }

    /// Reads exactly these bytes.
    pub fn expect(&mut self, expected: &[u8]) -> Result<(), Fault> {
        loop {
            let count = self.unread().len().min(expected.len());
            if self.unread()[..count] != expected[..count] {
                self.settle();
                let tail = self.unread().len().min(expected.len() + 1000);
                return Err(difference(expected, &self.unread()[..tail]).unwrap().into());
            }
            if count == expected.len() {
                self.consume(count);
                return Ok(());
            }
            let why = match self.fill() {
                Ok(Received::Bytes) => continue,
                Ok(Received::End) => "the client closed the connection".to_string(),
                Err(Fault::Stopped) => return Err(Fault::Stopped),
                Err(Fault::Closed(why) | Fault::Failed(why)) => why,
            };
            return Err(format!("{why}; {}", difference(expected, self.unread()).unwrap()).into());
        }
    }

    /// Reads until the client closes its sending side; bytes before that are a failure.
    pub fn expect_end(&mut self) -> Result<(), Fault> {
        if !self.unread().is_empty() || self.fill()? == Received::Bytes {
            self.settle();
            return Err(difference(b"", self.unread()).unwrap().into());
        }
        Ok(())
    }

    /// Reads until the client closes its sending side or the connection; returns the number of
    /// bytes.
    pub fn drain(&mut self) -> Result<u64, Fault> {
        let mut total = 0;
        loop {
            let count = self.unread().len();
            self.consume(count);
            total += count as u64;
            match self.fill() {
                Ok(Received::Bytes) => {}
                Ok(Received::End) | Err(Fault::Closed(_)) => return Ok(total),
                Err(fault) => return Err(fault),
            }
        }
    }

    /// Sends all bytes.
    pub fn send(&mut self, mut bytes: &[u8]) -> Result<(), Fault> {
        let total = bytes.len();
        while !bytes.is_empty() {
            let flags = libc::MSG_NOSIGNAL | libc::MSG_DONTWAIT;
            let fd = self.fd.as_raw_fd();
            let count = unsafe { libc::send(fd, bytes.as_ptr().cast(), bytes.len(), flags) };
            if count >= 0 {
                bytes = &bytes[count as usize..];
                continue;
            }
            let error = io::Error::last_os_error();
            let sent = total - bytes.len();
            match error.kind() {
                io::ErrorKind::Interrupted => {}
                io::ErrorKind::WouldBlock => {
                    if !self.stop.poll(fd, libc::POLLOUT, Some(self.deadline()))? {
                        let step_timeout = self.step_timeout;
                        let why = format!("the client read nothing for {step_timeout:?}");
                        return Err(format!("{why}, after {sent} of {total} bytes").into());
                    }
                }
                _ => return Err(Fault::Closed(format!("{error} after {sent} of {total} bytes"))),
            }
        }
        self.stop.check()
    }

    /// Sends `length` bytes of the [`Pattern`].
    pub fn send_pattern(&mut self, length: u64) -> Result<(), Fault> {
        let mut pattern = Pattern::new(length);
        while !pattern.piece().is_empty() {
            self.send(pattern.piece())?;
            pattern.advance(pattern.piece().len());
        }
        Ok(())
    }

    /// Sends bytes that the client receives in one read, without any that follow, and waits until
    /// it has read them. On TCP a short pause makes this very likely, but cannot guarantee it.
    pub fn send_apart(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        if self.tcp {
            self.send(bytes)?;
        } else if !bytes.is_empty() {
            let (before, last) = bytes.split_at(bytes.len().saturating_sub(BARRIER));
            self.send(before)?;
            self.send_with_barrier(last)?;
        }
        self.let_client_read()
    }

    /// Sends bytes together with a descriptor, at which a read on a Unix socket stops: the kernel
    /// does not merge what follows. A client that does not request descriptors ignores it.
    fn send_with_barrier(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let file = File::open("/dev/null").unwrap();
        let fd_size = size_of::<RawFd>() as u32;
        let base = bytes.as_ptr().cast_mut().cast();
        let mut data = libc::iovec { iov_base: base, iov_len: bytes.len() };
        // `usize` aligns the buffer for the header of a control message.
        let mut control = [0_usize; 8];
        let mut message: libc::msghdr = unsafe { mem::zeroed() };
        message.msg_iov = &raw mut data;
        message.msg_iovlen = 1;
        message.msg_control = control.as_mut_ptr().cast();
        unsafe {
            message.msg_controllen = libc::CMSG_SPACE(fd_size) as _;
            assert!(message.msg_controllen as usize <= size_of_val(&control));
            let header = libc::CMSG_FIRSTHDR(&raw const message);
            (*header).cmsg_level = libc::SOL_SOCKET;
            (*header).cmsg_type = libc::SCM_RIGHTS;
            (*header).cmsg_len = libc::CMSG_LEN(fd_size) as _;
            libc::CMSG_DATA(header).cast::<RawFd>().write_unaligned(file.as_raw_fd());
        }
        loop {
            let flags = libc::MSG_NOSIGNAL | libc::MSG_DONTWAIT;
            let fd = self.fd.as_raw_fd();
            let count = unsafe { libc::sendmsg(fd, &raw const message, flags) };
            if count >= 0 {
                assert_eq!(count as usize, bytes.len(), "the kernel sends it as a whole");
                return Ok(());
            }
            let error = io::Error::last_os_error();
            match error.kind() {
                io::ErrorKind::Interrupted => {}
                io::ErrorKind::WouldBlock => {
                    if !self.stop.poll(fd, libc::POLLOUT, Some(self.deadline()))? {
                        return Err(
                            format!("the client read nothing for {:?}", self.step_timeout).into()
                        );
                    }
                }
                _ => return Err(Fault::Closed(error.to_string())),
            }
        }
    }

    /// Waits until the client has read everything. On TCP this cannot be observed; there a short
    /// pause produces separate packets.
    pub fn let_client_read(&mut self) -> Result<(), Fault> {
        if self.tcp {
            thread::sleep(Duration::from_millis(1));
            return self.stop.check();
        }
        let deadline = self.deadline();
        let mut tries = 0;
        loop {
            let mut queued: c_int = 0;
            let done = unsafe { libc::ioctl(self.fd.as_raw_fd(), libc::TIOCOUTQ, &mut queued) };
            assert_eq!(done, 0, "TIOCOUTQ: {}", io::Error::last_os_error());
            if queued == 0 {
                return Ok(());
            }
            self.stop.check()?;
            if Instant::now() >= deadline {
                return Err("the client did not read everything sent so far".to_string().into());
            }
            match tries {
                0..20 => thread::yield_now(),
                _ => thread::sleep(Duration::from_micros(50)),
            }
            tries += 1;
        }
    }

    /// Waits for a gate.
    pub fn pass(&self, gate: &Gate) -> Result<(), Fault> {
        self.stop.pass(gate, self.deadline())
    }

    /// Sends all bytes back until the client closes its sending side, like `cat`, then closes the
    /// sending side.
    pub fn echo(&mut self) -> Result<(), Fault> {
        loop {
            let bytes = self.unread().to_vec();
            self.consume(bytes.len());
            self.send(&bytes)?;
            if self.fill()? == Received::End {
                return self.shutdown_write();
            }
        }
    }

    /// Closes the sending side (half-close); the client may continue to send.
    pub fn shutdown_write(&mut self) -> Result<(), Fault> {
        match unsafe { libc::shutdown(self.fd.as_raw_fd(), libc::SHUT_WR) } {
            0 => Ok(()),
            _ => Err(Fault::Closed(io::Error::last_os_error().to_string())),
        }
    }

    /// Closes the connection so that the client's next read fails with ECONNRESET. A Unix socket
    /// does so only if bytes of the client are unread.
    pub fn reset(self) {
        if self.tcp {
            let linger = libc::linger { l_onoff: 1, l_linger: 0 };
            let size = mem::size_of_val(&linger) as libc::socklen_t;
            let option = (&raw const linger).cast();
            let fd = self.fd.as_raw_fd();
            let done =
                unsafe { libc::setsockopt(fd, libc::SOL_SOCKET, libc::SO_LINGER, option, size) };
            assert_eq!(done, 0, "SO_LINGER: {}", io::Error::last_os_error());
        }
    }
}
