//! A connection as HTTP and streams see it.

use std::io;
use std::time::Duration;

use super::program::Program;
use super::socket::{Ready, Socket};
use super::tls::Session;

/// A connection: bytes in, bytes out, through a socket and, where the endpoint asks for it, TLS.
///
/// Shared by the call that uses it and those who may end it. One thread reads and one writes at a
/// time; they do not wait for each other.
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

    /// Makes the connection ready for use. `left` says how long it may wait, and fails when it is
    /// over. False when the other side closed the connection instead.
    pub(super) fn open<E: From<io::Error>>(
        &self,
        left: impl Fn() -> Result<Option<Duration>, E>,
    ) -> Result<bool, E> {
        match &self.tls {
            None => Ok(true),
            Some(tls) => tls.shake_hands(&self.socket, left),
        }
    }

    /// Reads what is there, waiting for it at most `wait`; 0 is the end.
    /// A wait that ran out is `ErrorKind::WouldBlock`. `ErrorKind::Interrupted` is a reason to wait
    /// anew: something moved.
    pub(super) fn receive(&self, buffer: &mut [u8], wait: Option<Duration>) -> io::Result<usize> {
        match &self.tls {
            None => self.socket.receive(buffer, wait),
            Some(tls) => tls.receive(&self.socket, buffer, wait),
        }
    }

    /// Reads what is there without waiting.
    pub(super) fn receive_now(&self, buffer: &mut [u8]) -> io::Result<usize> {
        match &self.tls {
            None => self.socket.receive_now(buffer),
            Some(tls) => tls.receive_now(&self.socket, buffer),
        }
    }

    /// Takes some of `bytes`, waiting at most `wait` for room. `ErrorKind::Interrupted` is as with
    /// [`receive`](Connection::receive).
    pub(super) fn send(&self, bytes: &[u8], wait: Option<Duration>) -> io::Result<usize> {
        match &self.tls {
            None => self.socket.send(bytes, wait),
            Some(tls) => tls.send(&self.socket, bytes, wait),
        }
    }

    /// Takes some of `bytes` without waiting.
    pub(super) fn send_now(&self, bytes: &[u8]) -> io::Result<usize> {
        match &self.tls {
            None => self.socket.send_now(bytes),
            Some(tls) => tls.send_now(&self.socket, bytes),
        }
    }

    /// Whether all that was taken has gone out. If not, sending nothing sends more of it.
    pub(super) fn is_sent(&self) -> bool {
        self.tls.as_ref().is_none_or(Session::is_sent)
    }

    /// CallTimeouts until there is something to read (also the end, also an error) or room to write.
    /// Neither after `wait`.
    pub(super) fn ready(&self, wait: Option<Duration>) -> io::Result<Ready> {
        match &self.tls {
            Some(tls) if tls.has_input() => Ok(Ready { read: true, write: false }),
            _ => self.socket.ready(wait),
        }
    }

    /// Whether an idle connection can carry another call: still open, and nothing came unasked.
    pub(super) fn is_idle(&self) -> bool {
        match &self.tls {
            None => self.socket.is_idle(),
            // What TLS sends for itself between two calls is read by the way.
            Some(tls) => {
                let read = tls.receive_now(&self.socket, &mut [0]);
                matches!(read, Err(error) if error.kind() == io::ErrorKind::WouldBlock)
            }
        }
    }

    /// Ends the direction of sending. By TLS that is a message, which goes out as what is sent does.
    pub(super) fn end_sending(&self) -> io::Result<()> {
        match &self.tls {
            None => self.socket.shutdown_write(),
            Some(tls) => {
                tls.end();
                Ok(())
            }
        }
    }

    /// What holds the other end, where that is no engine.
    pub(super) fn program(&self) -> Option<&Program> {
        self.socket.program()
    }

    /// Ends both directions, and whatever is blocked on them in any thread.
    pub(crate) fn shutdown(&self) {
        self.socket.shutdown();
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(tls) = &self.tls {
            tls.leave(&self.socket);
        }
    }
}
