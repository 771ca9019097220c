//! Streamed responses: JSON records, log frames, raw bytes and websocket messages.
//!
//! A stream takes the connection over after the response head and decodes the body in a buffer of
//! 64 KiB, independent of the size of the body.

mod body;
mod download;
mod duplex;
mod frames;
mod progress;
mod records;
#[cfg(feature = "websocket")]
mod websocket;

pub(crate) use body::BodyReader;
pub use download::Download;
pub use duplex::{Duplex, Input, RawDuplex};
pub(crate) use frames::Framing;
pub use frames::{Frame, Logs, StdStream};
#[cfg(feature = "capi")]
pub(crate) use progress::MessageReader;
pub use progress::Progress;
pub(crate) use records::RecordReader;
pub use records::Records;
#[cfg(feature = "websocket")]
pub use websocket::{WebSocketAttach, WebSocketInput, WebSocketOutput};
