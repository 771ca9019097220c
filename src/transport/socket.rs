//! A connected stream socket.

use std::io::{self, IoSlice};
use std::mem;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::program::Program;

/// A connected stream socket, shared by the call that uses it and those who may end it.
///
/// Written with `send(MSG_NOSIGNAL)` only: std's vectored writes would kill a C host by SIGPIPE.
#[derive(Debug)]
pub(crate) struct Socket {
    fd: OwnedFd,
    /// The timeouts the kernel has, in microseconds, 0 for none; kept to save system calls.
    receive_timeout: AtomicU64,
    send_timeout: AtomicU64,
    /// What holds the other end, where that is no engine. Behind the descriptor, to see it close first.
    program: Option<Program>,
}

/// Which directions of a socket can go on without waiting.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ready {
    pub(crate) read: bool,
    pub(crate) write: bool,
}

impl Socket {
    pub(crate) fn new(fd: OwnedFd) -> Socket {
        Socket {
            fd,
            receive_timeout: AtomicU64::new(0),
            send_timeout: AtomicU64::new(0),
            program: None,
        }
    }

    /// One whose other end a program holds, which ends with it.
    pub(super) fn of_program(fd: OwnedFd, program: Program) -> Socket {
        Socket { program: Some(program), ..Socket::new(fd) }
    }

    pub(super) fn program(&self) -> Option<&Program> {
        self.program.as_ref()
    }

    /// The descriptor alone.
    pub(super) fn into_fd(self) -> OwnedFd {
        self.fd
    }

    /// Reads what is there, waiting for it at most `wait`; 0 is the end.
    /// A wait that ran out is `ErrorKind::WouldBlock`.
    pub(crate) fn receive(&self, buffer: &mut [u8], wait: Option<Duration>) -> io::Result<usize> {
        within(wait, |wait| {
            self.set_timeout(libc::SO_RCVTIMEO, &self.receive_timeout, wait)?;
            // SAFETY: the buffer is writable for its length.
            done(unsafe {
                libc::recv(self.fd.as_raw_fd(), buffer.as_mut_ptr().cast(), buffer.len(), 0)
            })
        })
    }

    /// Reads what is there without waiting.
    pub(crate) fn receive_now(&self, buffer: &mut [u8]) -> io::Result<usize> {
        // SAFETY: the buffer is writable for its length.
        retry(|| unsafe {
            libc::recv(
                self.fd.as_raw_fd(),
                buffer.as_mut_ptr().cast(),
                buffer.len(),
                libc::MSG_DONTWAIT,
            )
        })
    }

    /// Writes some of `bytes`, waiting at most `wait` for room.
    pub(crate) fn send(&self, bytes: &[u8], wait: Option<Duration>) -> io::Result<usize> {
        within(wait, |wait| {
            self.set_timeout(libc::SO_SNDTIMEO, &self.send_timeout, wait)?;
            let (fd, flags) = (self.fd.as_raw_fd(), libc::MSG_NOSIGNAL);
            // SAFETY: `bytes` is readable for its length.
            done(unsafe { libc::send(fd, bytes.as_ptr().cast(), bytes.len(), flags) })
        })
    }

    /// Writes some of `bytes` without waiting.
    pub(crate) fn send_now(&self, bytes: &[u8]) -> io::Result<usize> {
        let flags = libc::MSG_NOSIGNAL | libc::MSG_DONTWAIT;
        // SAFETY: `bytes` is readable for its length.
        retry(|| unsafe {
            libc::send(self.fd.as_raw_fd(), bytes.as_ptr().cast(), bytes.len(), flags)
        })
    }

    /// Writes some of `pieces`, one behind the other, without waiting.
    #[cfg_attr(
        not(feature = "tls"),
        expect(dead_code, reason = "only TLS has its bytes in pieces")
    )]
    pub(crate) fn send_pieces_now(&self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        // SAFETY: all-zero is a valid msghdr: no address, no control data.
        let mut message: libc::msghdr = unsafe { mem::zeroed() };
        // `IoSlice` is laid out as iovec is, and only read here.
        message.msg_iov = pieces.as_ptr().cast_mut().cast();
        message.msg_iovlen = pieces.len() as _;
        let flags = libc::MSG_NOSIGNAL | libc::MSG_DONTWAIT;
        // SAFETY: `message` points to pieces that are readable.
        retry(|| unsafe { libc::sendmsg(self.fd.as_raw_fd(), &message, flags) })
    }

    /// CallTimeouts until there is something to read (also the end, also an error) or room to write.
    /// Neither after `wait`.
    pub(crate) fn ready(&self, wait: Option<Duration>) -> io::Result<Ready> {
        let events = self.poll(libc::POLLIN | libc::POLLOUT, wait)?;
        let ended = libc::POLLHUP | libc::POLLERR;
        Ok(Ready {
            read: events & (libc::POLLIN | ended) != 0,
            write: events & (libc::POLLOUT | ended) != 0,
        })
    }

    /// CallTimeouts until there is room to write, or an error to get there. False after `wait`.
    #[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "only TLS writes without waiting"))]
    pub(crate) fn await_room(&self, wait: Option<Duration>) -> io::Result<bool> {
        Ok(self.poll(libc::POLLOUT, wait)? != 0)
    }

    /// CallTimeouts for one of these events, an error or the end; none of them after `wait`.
    pub(super) fn poll(
        &self,
        events: libc::c_short,
        wait: Option<Duration>,
    ) -> io::Result<libc::c_short> {
        let mut poll = libc::pollfd { fd: self.fd.as_raw_fd(), events, revents: 0 };
        within(wait, |wait| {
            // Rounded up, so that a wait below a millisecond does not spin.
            let wait = wait.map_or(-1, |wait| {
                wait.as_nanos().div_ceil(1_000_000).try_into().unwrap_or(libc::c_int::MAX)
            });
            // SAFETY: one pollfd, alive during the call.
            done(unsafe { libc::poll(&mut poll, 1, wait) as isize })
        })?;
        Ok(poll.revents)
    }

    /// Whether an idle connection can carry another call: still open, and nothing came unasked.
    pub(crate) fn is_idle(&self) -> bool {
        let mut byte = [0u8];
        let flags = libc::MSG_PEEK | libc::MSG_DONTWAIT;
        // SAFETY: the buffer is one writable byte.
        let peeked = retry(|| unsafe {
            libc::recv(self.fd.as_raw_fd(), byte.as_mut_ptr().cast(), byte.len(), flags)
        });
        matches!(peeked, Err(error) if error.kind() == io::ErrorKind::WouldBlock)
    }

    /// Ends the direction of sending.
    pub(crate) fn shutdown_write(&self) -> io::Result<()> {
        // SAFETY: a plain system call on a descriptor we own.
        retry(|| unsafe { libc::shutdown(self.fd.as_raw_fd(), libc::SHUT_WR) as isize }).map(drop)
    }

    /// Ends both directions, and whatever is blocked on them in any thread.
    pub(crate) fn shutdown(&self) {
        // SAFETY: a plain system call on a descriptor we own. It fails only where the peer is gone.
        unsafe { libc::shutdown(self.fd.as_raw_fd(), libc::SHUT_RDWR) };
    }

    fn set_timeout(
        &self,
        option: libc::c_int,
        known: &AtomicU64,
        wait: Option<Duration>,
    ) -> io::Result<()> {
        // 0 means "none" to the kernel, so the shortest wait is a microsecond.
        let micros =
            wait.map_or(0, |wait| u64::try_from(wait.as_micros()).unwrap_or(u64::MAX).max(1));
        if known.swap(micros, Ordering::Relaxed) == micros {
            return Ok(());
        }
        let value = libc::timeval {
            tv_sec: (micros / 1_000_000).try_into().unwrap_or(libc::time_t::MAX),
            tv_usec: (micros % 1_000_000) as libc::suseconds_t,
        };
        set_option(&self.fd, libc::SOL_SOCKET, option, &value)
    }
}

/// Sets one socket option.
pub(super) fn set_option<T>(
    fd: &OwnedFd,
    level: libc::c_int,
    option: libc::c_int,
    value: &T,
) -> io::Result<()> {
    // SAFETY: `value` is readable for its size; the kernel copies it.
    let result = unsafe {
        libc::setsockopt(
            fd.as_raw_fd(),
            level,
            option,
            std::ptr::from_ref(value).cast(),
            size_of::<T>() as libc::socklen_t,
        )
    };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Repeats a system call that a signal interrupted.
pub(super) fn retry(mut call: impl FnMut() -> isize) -> io::Result<usize> {
    within(None, |_| done(call()))
}

/// Repeats a system call that a signal interrupted, and waits for what is left of the time: signals
/// that come again and again must not put off its end.
fn within(
    wait: Option<Duration>,
    mut call: impl FnMut(Option<Duration>) -> io::Result<usize>,
) -> io::Result<usize> {
    let begin = wait.map(|_| Instant::now());
    let mut left = wait;
    loop {
        match call(left) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
        if let (Some(wait), Some(begin)) = (wait, begin) {
            left = Some(wait.saturating_sub(begin.elapsed()));
            if left == Some(Duration::ZERO) {
                return Err(io::ErrorKind::WouldBlock.into());
            }
        }
    }
}

/// The result of a system call.
fn done(result: isize) -> io::Result<usize> {
    usize::try_from(result).map_err(|_| io::Error::last_os_error())
}
