//! A byte stream to the engine: a socket, with or without TLS.

use std::io;
use std::time::Duration;

use super::program::Program;
use super::socket::{Readiness, Socket};
use super::tls::Session;

/// A connection to the engine: a socket and, if the endpoint requires it, a TLS session.
///
/// Shared between the call that uses it and the threads that may cancel that call. One thread may read
/// while another one writes; neither blocks the other.
#[derive(Debug)]
pub(crate) struct Connection {
    socket: Socket,
    tls: Option<Session>,
}

impl Connection {
    pub(super) fn new(socket: Socket, tls: Option<Session>) -> Connection {
        Connection { socket, tls }
    }

    pub(super) fn is_tls(&self) -> bool {
        self.tls.is_some()
    }

    /// Performs the TLS handshake, if the connection uses TLS.
    ///
    /// `remaining` returns the longest time to wait, or an error if it has passed. Returns false if the
    /// engine closes the connection during the handshake.
    pub(super) fn handshake<E: From<io::Error>>(
        &self,
        remaining: impl Fn() -> Result<Option<Duration>, E>,
    ) -> Result<bool, E> {
        match &self.tls {
            None => Ok(true),
            Some(tls) => tls.handshake(&self.socket, remaining),
        }
    }

    /// Reads available bytes, waiting at most `wait` for the first; 0 is the end.
    ///
    /// Fails with `ErrorKind::WouldBlock` if the wait times out, and with `ErrorKind::Interrupted` if
    /// TLS received something other than data: the caller retries with a new wait.
    pub(super) fn receive(&self, buffer: &mut [u8], wait: Option<Duration>) -> io::Result<usize> {
        match &self.tls {
            None => self.socket.receive(buffer, wait),
            Some(tls) => tls.receive(&self.socket, buffer, wait),
        }
    }

    /// Reads available bytes without blocking.
    pub(super) fn try_receive(&self, buffer: &mut [u8]) -> io::Result<usize> {
        match &self.tls {
            None => self.socket.try_receive(buffer),
            Some(tls) => tls.try_receive(&self.socket, buffer),
        }
    }

    /// Accepts some of `bytes`, waiting at most `wait` until the socket is writable. Fails as
    /// [`receive`](Connection::receive) does.
    pub(super) fn send(&self, bytes: &[u8], wait: Option<Duration>) -> io::Result<usize> {
        match &self.tls {
            None => self.socket.send(bytes, wait),
            Some(tls) => tls.send(&self.socket, bytes, wait),
        }
    }

    /// Accepts some of `bytes` without blocking.
    pub(super) fn try_send(&self, bytes: &[u8]) -> io::Result<usize> {
        match &self.tls {
            None => self.socket.try_send(bytes),
            Some(tls) => tls.try_send(&self.socket, bytes),
        }
    }

    /// Whether all accepted bytes are written to the socket. If not, sending an empty slice writes more of
    /// them.
    pub(super) fn is_flushed(&self) -> bool {
        self.tls.as_ref().is_none_or(Session::is_flushed)
    }

    /// Waits until the connection is readable (data, the end or an error) or writable. Neither flag is set
    /// if `wait` passes first.
    pub(super) fn await_ready(&self, wait: Option<Duration>) -> io::Result<Readiness> {
        match &self.tls {
            Some(tls) if tls.is_readable() => Ok(Readiness { read: true, write: false }),
            _ => self.socket.await_ready(wait),
        }
    }

    /// Whether a keep-alive connection can be reused: it is open and holds no unexpected data.
    pub(super) fn is_idle(&self) -> bool {
        match &self.tls {
            None => self.socket.is_idle(),
            // Also processes TLS messages such as session tickets.
            Some(tls) => {
                let read = tls.try_receive(&self.socket, &mut [0]);
                matches!(read, Err(error) if error.kind() == io::ErrorKind::WouldBlock)
            }
        }
    }

    /// Half-closes the connection. With TLS that queues a close_notify, which the next sends write.
    pub(super) fn half_close(&self) -> io::Result<()> {
        match &self.tls {
            None => self.socket.shutdown_write(),
            Some(tls) => {
                tls.queue_close_notify();
                Ok(())
            }
        }
    }

    /// The child process at the other end of the socket, if there is one.
    pub(super) fn program(&self) -> Option<&Program> {
        self.socket.program()
    }

    /// Shuts down both directions and unblocks all threads that wait on them.
    pub(crate) fn shutdown(&self) {
        self.socket.shutdown();
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(tls) = &self.tls {
            tls.close(&self.socket);
        }
    }
}
