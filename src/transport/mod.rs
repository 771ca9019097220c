//! Sockets, TLS, proxies and ssh, and HTTP over them.
//!
//! All socket system calls are in this module. [`connect`] opens a [`Socket`]; a [`Connection`] adds TLS
//! to it, if the endpoint requires that. [`CallIo`] applies the timeouts and the cancellation of a call
//! and maps I/O errors to [`Error`](crate::Error). [`http`] runs ureq on top. A call takes the connection from
//! ureq after the response head, as an [`Upgraded`]. [`ssh`] reaches remote engines
//! through a child process ([`program`]).

mod call_io;
mod connect;
mod connection;
pub(crate) mod http;
mod program;
pub(crate) mod proxy;
mod socket;
mod ssh;
#[cfg_attr(not(feature = "tls"), path = "no_tls.rs")]
pub(crate) mod tls;

pub(crate) use call_io::{CallIo, CallTimeouts, Deadline};
pub(crate) use connect::{ProxyRoute, accepts_connections};
pub(crate) use connection::Connection;
use socket::Socket;

use std::sync::Arc;

/// A connection taken over from ureq after the response head.
#[derive(Debug)]
pub(crate) struct Upgraded {
    pub(crate) connection: Arc<Connection>,
    /// Bytes received after the head and not read yet.
    pub(crate) unread: Vec<u8>,
}
