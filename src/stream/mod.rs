//! Answers that are not one JSON value: records, log frames, raw bytes.
//!
//! A stream takes the connection over once the head of its response is there, and decodes it in one
//! 64 KiB buffer of its own, whatever the size of the whole.

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
