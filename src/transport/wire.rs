//! A connection as HTTP and streams see it.

use std::io;
use std::time::Duration;

use super::Socket;
use super::socket::Ready;
use super::ssh::Program;

/// A connection: bytes in, bytes out, whatever carries them.
///
/// Shared by the call that uses it and those who may end it. One thread reads and one writes at a
/// time; they do not wait for each other.
#[derive(Debug)]
pub(crate) struct Wire {
    socket: Socket,
}

impl Wire {
    pub(super) fn new(socket: Socket) -> Wire {
        Wire { socket }
    }

    /// Reads what is there, waiting for it at most `wait`; 0 is the end.
    /// A wait that ran out is `ErrorKind::WouldBlock`.
    pub(super) fn receive(&self, buffer: &mut [u8], wait: Option<Duration>) -> io::Result<usize> {
        self.socket.receive(buffer, wait)
    }

    /// Reads what is there without waiting.
    pub(super) fn receive_now(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.socket.receive_now(buffer)
    }

    /// Writes some of `bytes`, waiting at most `wait` for room.
    pub(super) fn send(&self, bytes: &[u8], wait: Option<Duration>) -> io::Result<usize> {
        self.socket.send(bytes, wait)
    }

    /// Writes some of `bytes` without waiting.
    pub(super) fn send_now(&self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.send_now(bytes)
    }

    /// Waits until there is something to read (also the end, also an error) or room to write.
    /// Neither after `wait`.
    pub(super) fn ready(&self, wait: Option<Duration>) -> io::Result<Ready> {
        self.socket.ready(wait)
    }

    /// Whether an idle connection can carry another call: still open, and nothing came unasked.
    pub(super) fn is_idle(&self) -> bool {
        self.socket.is_idle()
    }

    /// Ends the direction of sending.
    pub(super) fn shutdown_write(&self) -> io::Result<()> {
        self.socket.shutdown_write()
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
