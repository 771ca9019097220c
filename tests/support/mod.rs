//! Shared parts of the integration tests: a fake engine that follows a script or responds by a
//! closure, and tools for time, memory, descriptors and child processes.
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
//! Every wait has a limit. Everything is cleaned up on drop: sockets are in temporary directories,
//! threads are joined, children are killed.

// Each test program uses only some of this.
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
pub use conn::{Conn, Fault, Received};
pub use exact::{bare, pinned, too_old, with_json};
pub use faithful::{is_empty, model_differences};
pub use fake::FakeEngine;
pub use gate::Gate;
pub use http::{Expected, RecordedRequest, Response};
pub use operations::{OPERATIONS, Operation};
pub use process::{
    Finished, Memory, Process, as_child, cargo, children, eventually, in_own_process, is_child,
    is_running, open_descriptors, promptly, run, run_child, target, this_test, this_test_with,
    threads, within,
};
pub use responder::{Responder, log_hose, upload_sink};
pub use ssh::{FakeSsh, SshCall, response_ssh_ping, with_fake_ssh};
pub use temp::{TempDir, create_stale_socket};
#[cfg(feature = "tls")]
pub use tls::{TlsBehaviour, TlsFront};
pub use user::{User, as_user};
#[cfg(feature = "websocket")]
pub use websocket::{WEBSOCKET_CLOSE, expect_websocket_close, open_websocket, websocket_bytes};

/// Limit of every wait. It only guards against hanging; even a busy machine does not reach it.
pub const LIMIT: Duration = Duration::from_secs(600);

/// Largest delay that a busy machine may add to a timeout or a cancellation. It is shorter than the
/// library's default timeouts, which would otherwise end the call.
pub const MAX_DELAY: Duration = Duration::from_secs(30);
