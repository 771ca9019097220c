//! Sockets, and HTTP over them.
//!
//! The only place that knows sockets. [`connect`] opens them, [`Socket`] is one, [`Link`] is a
//! call's way of using one (timeouts, cancelling, errors), [`http`] puts ureq on top, and a
//! [`Connection`] is what a stream takes over once the head of its answer is there.

mod connect;
pub(crate) mod http;
mod link;
mod socket;

pub(crate) use link::{Deadline, Link, Waits};
pub(crate) use socket::Socket;

use std::sync::Arc;

/// A connection taken over from the HTTP layer.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) socket: Arc<Socket>,
    /// What was received behind the head and not yet read.
    pub(crate) unread: Vec<u8>,
}
