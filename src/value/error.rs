use super::ValueType;

/// An error in JSON, or in a path into a [`Value`](crate::Value).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// The input is not valid JSON.
    #[error("not JSON: {message}")]
    Parse {
        /// The syntax error, with line and column.
        message: String,
    },
    /// The path is not a valid JSON Pointer, or a value cannot be set there.
    #[error("cannot use {pointer:?}: {message}")]
    Pointer {
        /// The JSON Pointer.
        pointer: String,
        /// The reason.
        message: String,
    },
    /// The value does not exist.
    #[error("no {pointer:?}: {message}")]
    Missing {
        /// The JSON Pointer.
        pointer: String,
        /// The part of the path that exists, and the member or item that it lacks.
        message: String,
    },
    /// The value has another type.
    #[error("{pointer:?} must be {}, not {}", expected.description(), found.description())]
    WrongType {
        /// The JSON Pointer.
        pointer: String,
        /// The required type.
        expected: ValueType,
        /// The type of the value.
        found: ValueType,
    },
}
