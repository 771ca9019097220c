//! What can go wrong, told so that a program can branch and a person can act.

use std::io;
use std::time::Duration;

use crate::{ApiVersion, TlsFailure};

/// Result of the operations of this library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The engine answered with a status that says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation}: {message} (status {status})")]
pub struct ApiError {
    /// The operation as the Engine API calls it, such as `ContainerInspect`.
    pub operation: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What the engine said, in its own words.
    pub message: String,
}

impl ApiError {
    /// Whether somebody else has changed the object of the cluster since it was read. Engines say
    /// it with status 500 or 400.
    pub(crate) fn is_stale(&self) -> bool {
        matches!(self.status, 400 | 409 | 500) && self.message.contains("update out of sequence")
    }
}

/// Why a call failed.
///
/// Each variant names the operation as the Engine API calls it. A response 304 (already started,
/// already stopped) is no error, see [`Outcome`](crate::Outcome).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The caller's input is wrong; nothing was sent.
    #[error("{operation}: {message}")]
    InvalidArgument {
        /// The operation it was meant for.
        operation: &'static str,
        /// What is wrong with it and what would be right.
        message: String,
    },
    /// The engine finds the request wrong (400 and other 4xx without a variant of their own).
    #[error(transparent)]
    BadRequest(ApiError),
    /// Wrong or missing credentials (401).
    #[error(transparent)]
    Unauthorized(ApiError),
    /// Not allowed (403).
    #[error(transparent)]
    Forbidden(ApiError),
    /// No such container, image, … (404).
    #[error(transparent)]
    NotFound(ApiError),
    /// Not possible in the present state: name in use, image in use, container paused … (409); or
    /// somebody else has changed an object of the cluster since it was read, whatever the status.
    #[error(transparent)]
    Conflict(ApiError),
    /// The engine is in no swarm (503): [`Swarm::init`](crate::Swarm::init) and
    /// [`Swarm::join`](crate::Swarm::join) put it into one.
    #[error(transparent)]
    NoSwarm(ApiError),
    /// The engine is in a swarm and is none of its managers, which alone know of it (503): ask one
    /// of those, or promote it.
    #[error(transparent)]
    NotManager(ApiError),
    /// The engine is a manager that was started and waits for the key that unlocks it (503): see
    /// [`Swarm::unlock`](crate::Swarm::unlock).
    #[error(transparent)]
    SwarmLocked(ApiError),
    /// The engine cannot serve this now, such as while it shuts down (503), or it has no support for
    /// it (501).
    #[error(transparent)]
    Unavailable(ApiError),
    /// The engine failed (500 and other 5xx), or whatever answered sends elsewhere (3xx): no call
    /// follows.
    #[error(transparent)]
    Engine(ApiError),
    /// What a plugin wants to be allowed was not granted; nothing was changed.
    #[error("{operation}: {message}")]
    NotGranted {
        /// The operation.
        operation: &'static str,
        /// What the plugin wants.
        message: String,
    },
    /// The engine is too old for this call or for this option; nothing was sent, or the engine
    /// refused the version.
    #[error("{operation}: {message}")]
    EngineTooOld {
        /// The operation.
        operation: &'static str,
        /// What needs which version, and what the engine speaks.
        message: String,
        /// The version needed.
        needed: ApiVersion,
        /// The version in use with this engine.
        spoken: ApiVersion,
    },
    /// The engine no longer speaks the version asked for.
    #[error("{operation}: {message}")]
    EngineTooNew {
        /// The operation.
        operation: &'static str,
        /// Both ranges of versions, and the engine's words.
        message: String,
        /// The version asked for.
        spoken: ApiVersion,
    },
    /// No connection to the engine.
    #[error("{operation}: {message}")]
    Connect {
        /// The operation.
        operation: &'static str,
        /// The endpoint, why it cannot be reached, and what to do.
        message: String,
        /// The system's error number, where there is one.
        errno: Option<i32>,
    },
    /// TLS with the engine does not come about, or broke.
    #[error("{operation}: {message}")]
    Tls {
        /// The operation.
        operation: &'static str,
        /// What is wrong, to branch on.
        failure: TlsFailure,
        /// What is wrong and what to do.
        message: String,
    },
    /// The connection broke while it was in use.
    #[error("{operation}: {message}")]
    Disconnected {
        /// The operation.
        operation: &'static str,
        /// When it broke.
        message: String,
        /// The system's error number, where there is one.
        errno: Option<i32>,
    },
    /// Nothing moved for too long, or the deadline passed.
    #[error("{operation}: {what} after {after:?}")]
    Timeout {
        /// The operation.
        operation: &'static str,
        /// Which timeout.
        what: &'static str,
        /// How long it waited.
        after: Duration,
    },
    /// Ended by a cancel handle from another thread.
    #[error("{operation}: cancelled")]
    Cancelled {
        /// The operation.
        operation: &'static str,
    },
    /// What came back is not HTTP or not what the Engine API says.
    #[error("{operation}: {message}")]
    Protocol {
        /// The operation.
        operation: &'static str,
        /// What was wrong with it.
        message: String,
    },
    /// The response is not the JSON that was expected.
    #[error("{operation}: response{}: {message}", at(path))]
    Decode {
        /// The operation.
        operation: &'static str,
        /// Path of the member, such as `HostConfig.Memory`; empty for the whole response.
        path: String,
        /// What is wrong with it.
        message: String,
    },
    /// The engine reported a failure inside a stream that had begun with status 200.
    #[error("{operation}: {message}")]
    Stream {
        /// The operation.
        operation: &'static str,
        /// What the engine said, in its own words.
        message: String,
        /// The code of `errorDetail`, where there is one.
        code: Option<i64>,
    },
    /// Reading what the caller gives to upload, or writing where the caller wants it, failed.
    #[error("{operation}: {message}: {source}")]
    Io {
        /// The operation.
        operation: &'static str,
        /// What was being read or written.
        message: String,
        /// The failure.
        source: io::Error,
    },
}

/// The place of a decoding error in a message.
fn at(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!(" at {path:?}") }
}

impl Error {
    /// The operation as the Engine API calls it, such as `ContainerInspect`.
    pub fn operation(&self) -> &'static str {
        match self {
            Error::BadRequest(error)
            | Error::Unauthorized(error)
            | Error::Forbidden(error)
            | Error::NotFound(error)
            | Error::Conflict(error)
            | Error::NoSwarm(error)
            | Error::NotManager(error)
            | Error::SwarmLocked(error)
            | Error::Unavailable(error)
            | Error::Engine(error) => error.operation,
            Error::InvalidArgument { operation, .. }
            | Error::NotGranted { operation, .. }
            | Error::EngineTooOld { operation, .. }
            | Error::EngineTooNew { operation, .. }
            | Error::Connect { operation, .. }
            | Error::Tls { operation, .. }
            | Error::Disconnected { operation, .. }
            | Error::Timeout { operation, .. }
            | Error::Cancelled { operation }
            | Error::Protocol { operation, .. }
            | Error::Decode { operation, .. }
            | Error::Stream { operation, .. }
            | Error::Io { operation, .. } => operation,
        }
    }

    /// The engine's refusal with status and message, when that is what happened.
    pub fn api_error(&self) -> Option<&ApiError> {
        match self {
            Error::BadRequest(error)
            | Error::Unauthorized(error)
            | Error::Forbidden(error)
            | Error::NotFound(error)
            | Error::Conflict(error)
            | Error::NoSwarm(error)
            | Error::NotManager(error)
            | Error::SwarmLocked(error)
            | Error::Unavailable(error)
            | Error::Engine(error) => Some(error),
            _ => None,
        }
    }

    /// The HTTP status the engine refused with.
    pub fn status(&self) -> Option<u16> {
        self.api_error().map(|error| error.status)
    }

    /// The system's error number behind it, where there is one.
    pub fn errno(&self) -> Option<i32> {
        match self {
            Error::Connect { errno, .. } | Error::Disconnected { errno, .. } => *errno,
            Error::Io { source, .. } => source.raw_os_error().or_else(|| {
                // An error that says which file it is about.
                let inner = source.get_ref()?.source()?.downcast_ref::<io::Error>()?;
                inner.raw_os_error()
            }),
            _ => None,
        }
    }

    pub(crate) fn invalid(operation: &'static str, message: impl Into<String>) -> Error {
        Error::InvalidArgument { operation, message: message.into() }
    }

    /// Sorts a refusal into its variant: by its status, and where that does not tell, by its words.
    pub(crate) fn from_api_error(error: ApiError) -> Error {
        let says = |words| error.message.contains(words);
        match error.status {
            _ if error.is_stale() => Error::Conflict(error),
            // The order counts: to a worker and to an engine in no swarm the first words are the same.
            503 if says("needs to be unlocked") => Error::SwarmLocked(error),
            503 if says("not part of a swarm") || says("docker swarm init") => {
                Error::NoSwarm(error)
            }
            503 if says("not a swarm manager") => Error::NotManager(error),
            401 => Error::Unauthorized(error),
            403 => Error::Forbidden(error),
            404 => Error::NotFound(error),
            409 => Error::Conflict(error),
            501 | 503 => Error::Unavailable(error),
            400..=499 => Error::BadRequest(error),
            _ => Error::Engine(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_small() {
        assert!(size_of::<Error>() <= 80, "{}", size_of::<Error>());
    }
}
