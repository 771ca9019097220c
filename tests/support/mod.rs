//! What the integration tests share: a fake engine that follows a script or answers by closure,
//! and the means to watch time, memory, descriptors and child processes.
//!
//! ```ignore
//! let engine = FakeEngine::unix();
//! engine
//!     .ping("1.41")
//!     .expect("GET /v1.41/version HTTP/1.1\r\nhost: localhost\r\n…\r\n\r\n")
//!     .send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
//! // … call the library with engine.host() …
//! engine.finish();
//! ```
//!
//! Nothing here waits without a bound, and nothing stays behind: sockets lie in a directory that goes
//! with its owner, threads are joined, children are killed.

// Every test program uses its part of this.
#![allow(dead_code, unused_imports)]

use std::time::Duration;

mod body_parts;
mod bytes;
#[cfg(feature = "tls")]
mod certificates;
mod client;
mod conn;
mod exact;
mod faithful;
mod fake;
mod gate;
mod http;
mod operations;
mod process;
mod responder;
mod ssh;
mod temp;
#[cfg(feature = "tls")]
mod tls;
mod user;
#[cfg(feature = "websocket")]
mod websocket;

pub use body_parts::{BodyPart, Limited, body_parts, limited};
pub use bytes::{
    Digest, Pattern, chunk, chunked, difference, escape, frame, head, json_lines, last_chunk,
};
#[cfg(feature = "tls")]
pub use certificates::{Authority, Clients, Signed};
pub use client::{client, negotiating, speaking};
pub use conn::{Conn, Fault, Got};
pub use exact::{bare, pinned, too_old, with_json};
pub use faithful::{is_empty, unfaithful};
pub use fake::FakeEngine;
pub use gate::Gate;
pub use http::{Expected, RecordedRequest, Response};
pub use operations::{OPERATIONS, Operation};
pub use process::{
    Finished, Memory, Process, as_child, cargo, children, eventually, in_own_process, is_child,
    open_descriptors, promptly, run, run_child, runs, target, this_test, this_test_with, threads,
    within,
};
pub use responder::{Responder, log_hose, upload_sink};
pub use ssh::{FakeSsh, SshCall, response_ssh_ping, with_fake_ssh};
pub use temp::TempDir;
#[cfg(feature = "tls")]
pub use tls::{Manners, TlsFront};
pub use user::{User, as_user};
#[cfg(feature = "websocket")]
pub use websocket::{WEBSOCKET_CLOSE, expect_websocket_close, open_websocket, websocket_bytes};

/// Longest wait for what must happen. It guards against hanging only: a busy machine does not reach it either.
pub const LIMIT: Duration = Duration::from_secs(600);

/// Largest delay that a busy machine may add to a timeout or a cancellation. The library's default timeouts, by which
/// the call would end otherwise, are longer.
pub const LATE: Duration = Duration::from_secs(30);
