//! Shortcuts of unit tests for reading and writing.

use super::read::DecodeError;
use super::{JsonType, from_response, write};

/// Reads a response, without its notes.
pub(crate) fn decode_response<T: JsonType>(json: &[u8]) -> Result<T, DecodeError> {
    from_response(json).map(|(value, _)| value)
}

/// Writes a body.
pub(crate) fn to_body<T: JsonType>(value: &T) -> Vec<u8> {
    write::body(value.view()).json.to_vec()
}
