//! Sockets, and HTTP over them.
//!
//! The only place that knows sockets. [`connect`] opens them, [`Socket`] is one, [`Connection`] is a
//! connection over one, [`CallIo`] is a call's way of using that (timeouts, cancelling, errors),
//! [`http`] puts ureq on top, and a [`Upgraded`] is what a stream takes over once the head of its
//! answer is there. [`ssh`] connects to engines on other machines through a [`program`].

mod call_io;
mod connect;
mod connection;
pub(crate) mod http;
mod program;
mod proxy;
mod socket;
mod ssh;
#[cfg_attr(not(feature = "tls"), path = "no_tls.rs")]
pub(crate) mod tls;

pub(crate) use call_io::{CallIo, CallTimeouts, Deadline};
pub(crate) use connect::accepts_connections;
pub(crate) use connection::Connection;
use socket::Socket;

use std::sync::Arc;

/// A connection taken over from the HTTP layer.
#[derive(Debug)]
pub(crate) struct Upgraded {
    pub(crate) connection: Arc<Connection>,
    /// What was received behind the head and not yet read.
    pub(crate) unread: Vec<u8>,
}
