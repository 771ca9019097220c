//! A connected stream socket.

use std::io::{self, IoSlice};
use std::mem;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::program::Program;

/// A connected stream socket, shared between the call that uses it and the threads that may cancel it.
///
/// All writes pass MSG_NOSIGNAL. std's vectored writes do not, and a C program that does not ignore
/// SIGPIPE would be killed.
#[derive(Debug)]
pub(crate) struct Socket {
    fd: OwnedFd,
    /// The current SO_RCVTIMEO and SO_SNDTIMEO in microseconds, 0 for none. Cached to save system calls.
    receive_timeout: AtomicU64,
    send_timeout: AtomicU64,
    /// The child process at the other end, if there is one. Declared after `fd`, so that the socket is
    /// closed before the process is terminated.
    program: Option<Program>,
}

/// The directions in which a socket does not block.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Readiness {
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

    /// A socket to a child process, which is terminated when the socket is dropped.
    pub(super) fn with_program(fd: OwnedFd, program: Program) -> Socket {
        Socket { program: Some(program), ..Socket::new(fd) }
    }

    pub(super) fn program(&self) -> Option<&Program> {
        self.program.as_ref()
    }

    pub(super) fn into_fd(self) -> OwnedFd {
        self.fd
    }

    /// Reads available bytes, waiting at most `wait` for the first; 0 is the end.
    ///
    /// Fails with `ErrorKind::WouldBlock` if the wait times out.
    pub(crate) fn receive(&self, buffer: &mut [u8], wait: Option<Duration>) -> io::Result<usize> {
        retry_eintr_for(wait, |wait| {
            self.set_timeout(libc::SO_RCVTIMEO, &self.receive_timeout, wait)?;
            // SAFETY: the buffer is writable for its length.
            syscall_result(unsafe {
                libc::recv(self.fd.as_raw_fd(), buffer.as_mut_ptr().cast(), buffer.len(), 0)
            })
        })
    }

    /// Reads available bytes without blocking.
    pub(crate) fn try_receive(&self, buffer: &mut [u8]) -> io::Result<usize> {
        // SAFETY: the buffer is writable for its length.
        retry_eintr(|| unsafe {
            libc::recv(
                self.fd.as_raw_fd(),
                buffer.as_mut_ptr().cast(),
                buffer.len(),
                libc::MSG_DONTWAIT,
            )
        })
    }

    /// Writes some of `bytes`, waiting at most `wait` until the socket is writable.
    pub(crate) fn send(&self, bytes: &[u8], wait: Option<Duration>) -> io::Result<usize> {
        retry_eintr_for(wait, |wait| {
            self.set_timeout(libc::SO_SNDTIMEO, &self.send_timeout, wait)?;
            let (fd, flags) = (self.fd.as_raw_fd(), libc::MSG_NOSIGNAL);
            // SAFETY: `bytes` is readable for its length.
            syscall_result(unsafe { libc::send(fd, bytes.as_ptr().cast(), bytes.len(), flags) })
        })
    }

    /// Writes some of `bytes` without blocking.
    pub(crate) fn try_send(&self, bytes: &[u8]) -> io::Result<usize> {
        let flags = libc::MSG_NOSIGNAL | libc::MSG_DONTWAIT;
        // SAFETY: `bytes` is readable for its length.
        retry_eintr(|| unsafe {
            libc::send(self.fd.as_raw_fd(), bytes.as_ptr().cast(), bytes.len(), flags)
        })
    }

    /// Writes some of the bytes of `slices` without blocking.
    #[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "only TLS uses vectored writes"))]
    pub(crate) fn try_send_vectored(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        // SAFETY: all-zero is a valid msghdr: no address, no control data.
        let mut message: libc::msghdr = unsafe { mem::zeroed() };
        // `IoSlice` has the layout of iovec, and sendmsg only reads it.
        message.msg_iov = slices.as_ptr().cast_mut().cast();
        message.msg_iovlen = slices.len() as _;
        let flags = libc::MSG_NOSIGNAL | libc::MSG_DONTWAIT;
        // SAFETY: `message` points to slices that are readable.
        retry_eintr(|| unsafe { libc::sendmsg(self.fd.as_raw_fd(), &message, flags) })
    }

    /// Waits until the socket is readable (data, the end or an error) or writable. Neither flag is set if
    /// `wait` passes first.
    pub(crate) fn await_ready(&self, wait: Option<Duration>) -> io::Result<Readiness> {
        let events = self.poll(libc::POLLIN | libc::POLLOUT, wait)?;
        let ended = libc::POLLHUP | libc::POLLERR;
        Ok(Readiness {
            read: events & (libc::POLLIN | ended) != 0,
            write: events & (libc::POLLOUT | ended) != 0,
        })
    }

    /// Waits until the socket is writable or has an error. Returns false if `wait` passes first.
    #[cfg_attr(
        not(feature = "tls"),
        expect(dead_code, reason = "only TLS writes without blocking")
    )]
    pub(crate) fn await_writable(&self, wait: Option<Duration>) -> io::Result<bool> {
        Ok(self.poll(libc::POLLOUT, wait)? != 0)
    }

    /// Waits for one of `events`, a hang-up or an error. Returns 0 if `wait` passes first.
    pub(super) fn poll(
        &self,
        events: libc::c_short,
        wait: Option<Duration>,
    ) -> io::Result<libc::c_short> {
        let mut poll = libc::pollfd { fd: self.fd.as_raw_fd(), events, revents: 0 };
        retry_eintr_for(wait, |wait| {
            // Rounded up, so that a wait of less than a millisecond does not become a busy loop.
            let wait = wait.map_or(-1, |wait| {
                wait.as_nanos().div_ceil(1_000_000).try_into().unwrap_or(libc::c_int::MAX)
            });
            // SAFETY: one pollfd, alive during the call.
            syscall_result(unsafe { libc::poll(&mut poll, 1, wait) as isize })
        })?;
        Ok(poll.revents)
    }

    /// Whether a keep-alive connection can be reused: it is open and holds no unexpected data.
    pub(crate) fn is_idle(&self) -> bool {
        let mut byte = [0u8];
        let flags = libc::MSG_PEEK | libc::MSG_DONTWAIT;
        // SAFETY: the buffer is one writable byte.
        let peeked = retry_eintr(|| unsafe {
            libc::recv(self.fd.as_raw_fd(), byte.as_mut_ptr().cast(), byte.len(), flags)
        });
        matches!(peeked, Err(error) if error.kind() == io::ErrorKind::WouldBlock)
    }

    /// Half-closes the socket: shuts down the sending direction.
    pub(crate) fn shutdown_write(&self) -> io::Result<()> {
        // SAFETY: a plain system call on a descriptor we own.
        retry_eintr(|| unsafe { libc::shutdown(self.fd.as_raw_fd(), libc::SHUT_WR) as isize })
            .map(drop)
    }

    /// Shuts down both directions and unblocks all threads that wait on them.
    pub(crate) fn shutdown(&self) {
        // SAFETY: a plain system call on a descriptor we own. It fails only if the peer has disconnected.
        unsafe { libc::shutdown(self.fd.as_raw_fd(), libc::SHUT_RDWR) };
    }

    fn set_timeout(
        &self,
        option: libc::c_int,
        current: &AtomicU64,
        wait: Option<Duration>,
    ) -> io::Result<()> {
        // A timeval of 0 disables the timeout, so the shortest wait is a microsecond.
        let micros =
            wait.map_or(0, |wait| u64::try_from(wait.as_micros()).unwrap_or(u64::MAX).max(1));
        if current.swap(micros, Ordering::Relaxed) == micros {
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

/// Retries a system call on EINTR.
pub(super) fn retry_eintr(mut call: impl FnMut() -> isize) -> io::Result<usize> {
    retry_eintr_for(None, |_| syscall_result(call()))
}

/// Retries a system call on EINTR with the remaining time, so that repeated signals do not extend the
/// wait. Fails with `ErrorKind::WouldBlock` if no time remains.
fn retry_eintr_for(
    wait: Option<Duration>,
    mut call: impl FnMut(Option<Duration>) -> io::Result<usize>,
) -> io::Result<usize> {
    let started = wait.map(|_| Instant::now());
    let mut remaining = wait;
    loop {
        match call(remaining) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
        if let (Some(wait), Some(started)) = (wait, started) {
            remaining = Some(wait.saturating_sub(started.elapsed()));
            if remaining == Some(Duration::ZERO) {
                return Err(io::ErrorKind::WouldBlock.into());
            }
        }
    }
}

/// Converts the return value of a system call; a negative one becomes errno.
fn syscall_result(result: isize) -> io::Result<usize> {
    usize::try_from(result).map_err(|_| io::Error::last_os_error())
}
