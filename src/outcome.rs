//! Success, with or without a remark.

/// How a state-changing call went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The engine did it.
    Done,
    /// There was nothing to do: already started, already stopped (status 304).
    NotModified,
}
