//! Sockets, and HTTP over them.
//!
//! The only place that knows sockets. [`connect`] opens them, [`Socket`] is one, [`Wire`] is a
//! connection over one, [`Link`] is a call's way of using that (timeouts, cancelling, errors),
//! [`http`] puts ureq on top, and a [`Connection`] is what a stream takes over once the head of its
//! answer is there. [`ssh`] connects to engines on other machines through a [`program`].

mod connect;
pub(crate) mod http;
mod link;
mod program;
mod proxy;
mod socket;
mod ssh;
#[cfg_attr(not(feature = "tls"), path = "no_tls.rs")]
pub(crate) mod tls;
mod wire;

pub(crate) use connect::is_answered;
pub(crate) use link::{Deadline, Link, Waits};
use socket::Socket;
pub(crate) use wire::Wire;

use std::sync::Arc;

/// A connection taken over from the HTTP layer.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) wire: Arc<Wire>,
    /// What was received behind the head and not yet read.
    pub(crate) unread: Vec<u8>,
}
