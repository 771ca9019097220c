//! The result of a successful call that changes state.

/// The result of a successful call that changes state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The state was changed.
    Done,
    /// The state was already as requested, such as a container that is already started (status 304).
    NotModified,
}
