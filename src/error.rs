//! The error type of all calls.

use std::io;
use std::time::Duration;

use crate::{ApiVersion, TlsFailure};

/// The result of an operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error response of the engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation}: {message} (status {status})")]
pub struct ApiError {
    /// The operation in the Engine API, such as `ContainerInspect`.
    pub operation: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The engine's message.
    pub message: String,
}

impl ApiError {
    /// Whether another client has changed the cluster object since it was read. The engine's status for
    /// this is 500 or 400.
    pub(crate) fn is_stale(&self) -> bool {
        matches!(self.status, 400 | 409 | 500) && self.message.contains("update out of sequence")
    }

    /// Whether a registry has rejected the credentials. Engines before Docker 28 report this with status 500.
    pub(crate) fn is_rejected_login(&self) -> bool {
        let message = self.message.to_ascii_lowercase();
        // The permission is that of a file.
        let denied = message.contains("denied") && !message.contains("permission denied");
        self.status == 500 && (denied || message.contains("unauthorized"))
    }
}

/// An error of a call.
///
/// Each variant holds the name of the operation in the Engine API. Status 304 (container already started or
/// stopped) is not an error; see [`Outcome`](crate::Outcome).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input is invalid; nothing was sent.
    #[error("{operation}: {message}")]
    InvalidArgument {
        /// The operation.
        operation: &'static str,
        /// The invalid input, and what is valid instead.
        message: String,
    },
    /// The engine rejects the request (400, and other 4xx without a variant of their own).
    #[error(transparent)]
    BadRequest(ApiError),
    /// Credentials are missing or wrong (401; also 500 if the engine reports that a registry has rejected them).
    #[error(transparent)]
    Unauthorized(ApiError),
    /// The request is not allowed (403).
    #[error(transparent)]
    Forbidden(ApiError),
    /// The container, image, … does not exist (404).
    #[error(transparent)]
    NotFound(ApiError),
    /// The request conflicts with the present state (409).
    ///
    /// Examples are a name in use, an image in use and a paused container. This is also the error if another client
    /// has changed a cluster object since it was read, whatever the status.
    #[error(transparent)]
    Conflict(ApiError),
    /// The engine is not part of a swarm (503).
    ///
    /// See [`Swarm::init`](crate::Swarm::init) and [`Swarm::join`](crate::Swarm::join).
    #[error(transparent)]
    NoSwarm(ApiError),
    /// The engine is a worker of its swarm, and the request requires a manager (503).
    #[error(transparent)]
    NotManager(ApiError),
    /// The engine is a locked manager of its swarm (503).
    ///
    /// See [`Swarm::unlock`](crate::Swarm::unlock).
    #[error(transparent)]
    SwarmLocked(ApiError),
    /// The engine is temporarily unable to handle the request (503), or does not support it (501; also 404 and 405
    /// if the engine does not have the route).
    #[error(transparent)]
    Unavailable(ApiError),
    /// The engine failed (500 and other 5xx), or the response is a redirect (3xx), which is not followed.
    #[error(transparent)]
    Engine(ApiError),
    /// A plugin requires privileges that were not granted; nothing was changed.
    #[error("{operation}: {message}")]
    NotGranted {
        /// The operation.
        operation: &'static str,
        /// The privileges that the plugin requires.
        message: String,
    },
    /// The engine is too old for the call or one of its options.
    ///
    /// Nothing was sent, or the engine rejected the API version.
    #[error("{operation}: {message}")]
    EngineTooOld {
        /// The operation.
        operation: &'static str,
        /// The option or operation, the version it needs, and the version in use.
        message: String,
        /// The version needed.
        needed: ApiVersion,
        /// The version in use with this engine.
        in_use: ApiVersion,
    },
    /// The engine no longer supports the API version, or an option in it.
    #[error("{operation}: {message}")]
    EngineTooNew {
        /// The operation.
        operation: &'static str,
        /// The versions that the engine and dockline support, and the engine's message.
        message: String,
        /// The version in use.
        in_use: ApiVersion,
    },
    /// The connection to the engine cannot be established.
    #[error("{operation}: {message}")]
    Connect {
        /// The operation.
        operation: &'static str,
        /// The endpoint, the reason, and what to do.
        message: String,
        /// The system's error number, if there is one.
        errno: Option<i32>,
    },
    /// The TLS handshake failed, or TLS failed later.
    #[error("{operation}: {message}")]
    Tls {
        /// The operation.
        operation: &'static str,
        /// The cause.
        failure: TlsFailure,
        /// The cause and what to do.
        message: String,
    },
    /// The connection was closed or reset before the response was complete.
    #[error("{operation}: {message}")]
    Disconnected {
        /// The operation.
        operation: &'static str,
        /// The stage of the call, and the reason.
        message: String,
        /// The system's error number, if there is one.
        errno: Option<i32>,
    },
    /// An idle timeout expired, or the deadline passed.
    #[error("{operation}: {what} after {after:?}")]
    Timeout {
        /// The operation.
        operation: &'static str,
        /// The timeout that expired.
        what: &'static str,
        /// Its length.
        after: Duration,
    },
    /// The call was cancelled by a [`CancelToken`](crate::CancelToken).
    #[error("{operation}: cancelled")]
    Cancelled {
        /// The operation.
        operation: &'static str,
    },
    /// The response violates HTTP or the Engine API.
    #[error("{operation}: {message}")]
    Protocol {
        /// The operation.
        operation: &'static str,
        /// The violation.
        message: String,
    },
    /// The response is not the expected JSON.
    #[error("{operation}: response{}: {message}", at(path))]
    Decode {
        /// The operation.
        operation: &'static str,
        /// The path of the member, such as `HostConfig.Memory`; empty for the whole response.
        path: String,
        /// The expected and the received value.
        message: String,
    },
    /// The engine reported an error in a stream that started with status 200.
    #[error("{operation}: {message}")]
    Stream {
        /// The operation.
        operation: &'static str,
        /// The engine's message.
        message: String,
        /// The code of `errorDetail`, if there is one.
        code: Option<i64>,
    },
    /// A local file, reader or writer failed.
    #[error("{operation}: {message}: {source}")]
    Io {
        /// The operation.
        operation: &'static str,
        /// The action that failed, such as the file that was read.
        message: String,
        /// The cause.
        source: io::Error,
    },
}

/// Longest text of an engine or proxy in an error. Real messages have a few hundred bytes; a proxy's error
/// page has many.
const MAX_MESSAGE: usize = 4096;

/// The text of an engine or proxy for an error: the first 4 KiB, and the number of omitted bytes.
pub(crate) fn shortened(text: &str) -> String {
    if text.len() <= MAX_MESSAGE {
        return text.to_owned();
    }
    let end = (0..=MAX_MESSAGE).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("{}… ({} more bytes)", &text[..end], text.len() - end)
}

/// The path of a decoding error as part of a message.
fn at(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!(" at {path:?}") }
}

impl Error {
    /// Returns the operation in the Engine API, such as `ContainerInspect`.
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

    /// Returns this error as one of `operation`, which has made the failed call on its way.
    pub(crate) fn of(mut self, operation: &'static str) -> Error {
        *self.operation_mut() = operation;
        self
    }

    fn operation_mut(&mut self) -> &mut &'static str {
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
            | Error::Engine(error) => &mut error.operation,
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

    /// Returns the engine's error response, if there was one.
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

    pub(crate) fn api_error_mut(&mut self) -> Option<&mut ApiError> {
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

    /// Returns the HTTP status of the engine's error response.
    pub fn status(&self) -> Option<u16> {
        self.api_error().map(|error| error.status)
    }

    /// Returns the system's error number, if there is one.
    pub fn errno(&self) -> Option<i32> {
        match self {
            Error::Connect { errno, .. } | Error::Disconnected { errno, .. } => *errno,
            Error::Io { source, .. } => source.raw_os_error().or_else(|| {
                // An error that adds the file's name.
                let inner = source.get_ref()?.source()?.downcast_ref::<io::Error>()?;
                inner.raw_os_error()
            }),
            _ => None,
        }
    }

    /// The error for a failure that the engine reports within a stream.
    pub(crate) fn stream(operation: &'static str, message: &str, code: Option<i64>) -> Error {
        Error::Stream { operation, message: shortened(message), code }
    }

    pub(crate) fn invalid(operation: &'static str, message: impl Into<String>) -> Error {
        Error::InvalidArgument { operation, message: message.into() }
    }

    /// Returns the variant for an error response, by its status or, for swarm errors, by its message.
    pub(crate) fn from_api_error(error: ApiError) -> Error {
        let contains = |text| error.message.contains(text);
        match error.status {
            _ if error.is_stale() => Error::Conflict(error),
            // The order matters: messages of workers and of engines without a swarm start alike.
            503 if contains("needs to be unlocked") => Error::SwarmLocked(error),
            503 if contains("not part of a swarm") || contains("docker swarm init") => {
                Error::NoSwarm(error)
            }
            503 if contains("not a swarm manager") => Error::NotManager(error),
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
    fn size() {
        assert!(size_of::<Error>() <= 80, "{}", size_of::<Error>());
    }

    #[test]
    fn long_messages_are_shortened() {
        assert_eq!(shortened(""), "");
        let longest = "x".repeat(MAX_MESSAGE);
        assert_eq!(shortened(&longest), longest);
        assert_eq!(shortened(&format!("{longest}yz")), format!("{longest}… (2 more bytes)"));
        // Not within a character.
        let text = format!("{}€", &longest[1..]);
        assert_eq!(shortened(&text), format!("{}… (3 more bytes)", &longest[1..]));
    }
}
