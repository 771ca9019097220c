use super::ValueType;

/// What is wrong with a JSON text, or with a path into a [`Value`](crate::Value).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// The text is not JSON.
    #[error("not JSON: {message}")]
    Parse {
        /// What is wrong, with line and column.
        message: String,
    },
    /// The path is no JSON Pointer, or nothing can be put there.
    #[error("cannot use {pointer:?}: {message}")]
    Pointer {
        /// The JSON Pointer.
        pointer: String,
        /// Why not.
        message: String,
    },
    /// There is nothing at the path.
    #[error("no {pointer:?}: {message}")]
    Missing {
        /// The JSON Pointer.
        pointer: String,
        /// How far the path exists, and what is missing there.
        message: String,
    },
    /// There is something else at the path.
    #[error("{pointer:?} must be {}, not {}", expected.words(), found.words())]
    WrongType {
        /// The JSON Pointer.
        pointer: String,
        /// The type asked for.
        expected: ValueType,
        /// The type that is there.
        found: ValueType,
    },
}
