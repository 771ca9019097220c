//! Statuses
//!
//! The status that a function returns, and the reason of a TLS failure.

use crate::{Error, Outcome, TlsFailure};

/// Status that a function returns.
///
/// Functions return it as an int: 0 is success, a negative status is a failure, a positive
/// status is success with additional information. Statuses are added in later versions; a
/// number never changes its meaning.
///
/// A swarm object that another client has changed since it was read gives DOCKLINE_CONFLICT,
/// whatever HTTP status the engine sends.
#[repr(C)]
#[allow(dead_code, reason = "C compares with them")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum dockline_status {
    /// Success.
    DOCKLINE_OK = 0,
    /// The stream has ended; no item was returned.
    DOCKLINE_END = 1,
    /// Nothing to do: already started, already stopped, or nothing to remove.
    DOCKLINE_NOT_MODIFIED = 2,
    /// The callback returned a value other than 0.
    DOCKLINE_STOPPED = 3,
    /// An argument is not valid; nothing was sent.
    DOCKLINE_INVALID_ARGUMENT = -1,
    /// The engine rejected the request (HTTP 400, or a 4xx without its own status).
    DOCKLINE_BAD_REQUEST = -2,
    /// Credentials are missing or wrong (HTTP 401, or 500 if a registry has rejected them).
    DOCKLINE_UNAUTHORIZED = -3,
    /// The request is not permitted (HTTP 403).
    DOCKLINE_FORBIDDEN = -4,
    /// The container, image or other object does not exist (HTTP 404).
    DOCKLINE_NOT_FOUND = -5,
    /// The current state does not permit it: name in use, container paused (HTTP 409).
    DOCKLINE_CONFLICT = -6,
    /// The engine cannot serve the call now (HTTP 503) or does not support it (HTTP 501, or 404
    /// or 405 if it does not have the route).
    DOCKLINE_UNAVAILABLE = -7,
    /// The engine failed (HTTP 500 or another 5xx) or sent a redirect (HTTP 3xx).
    DOCKLINE_ENGINE = -8,
    /// The engine is too old for the call or for one of its options.
    DOCKLINE_ENGINE_TOO_OLD = -9,
    /// The engine no longer supports the requested API version.
    DOCKLINE_ENGINE_TOO_NEW = -10,
    /// The engine cannot be reached; see dockline_error_errno().
    DOCKLINE_CONNECT = -11,
    /// The connection broke while it was in use.
    DOCKLINE_DISCONNECTED = -12,
    /// A timeout or the deadline has expired.
    DOCKLINE_TIMEOUT = -13,
    /// Another thread has cancelled the call.
    DOCKLINE_CANCELLED = -14,
    /// The response is not HTTP, or it violates the Engine API.
    DOCKLINE_PROTOCOL = -15,
    /// The response is not the expected JSON, or a required part is missing.
    DOCKLINE_DECODE = -16,
    /// The engine reported a failure in a stream that began with success.
    DOCKLINE_STREAM = -17,
    /// Reading or writing local data failed: a file, a descriptor or a callback.
    DOCKLINE_IO = -18,
    /// A bug in this library: the call failed, but the program may continue.
    DOCKLINE_PANIC = -19,
    /// The engine is not in a swarm (HTTP 503): see dockline_swarm_init() and _join().
    DOCKLINE_NO_SWARM = -20,
    /// The engine is a worker of its swarm; only managers serve the call (HTTP 503).
    DOCKLINE_NOT_MANAGER = -21,
    /// The swarm manager is locked (HTTP 503): see dockline_swarm_unlock().
    DOCKLINE_SWARM_LOCKED = -22,
    /// The plugin requires privileges that were not granted; nothing was changed.
    DOCKLINE_NOT_GRANTED = -23,
    /// The TLS handshake or connection failed: see dockline_error_tls_failure().
    DOCKLINE_TLS = -24,
}

use dockline_status::*;

impl From<&Error> for dockline_status {
    fn from(error: &Error) -> dockline_status {
        match error {
            Error::InvalidArgument { .. } => DOCKLINE_INVALID_ARGUMENT,
            Error::BadRequest(_) => DOCKLINE_BAD_REQUEST,
            Error::Unauthorized(_) => DOCKLINE_UNAUTHORIZED,
            Error::Forbidden(_) => DOCKLINE_FORBIDDEN,
            Error::NotFound(_) => DOCKLINE_NOT_FOUND,
            Error::Conflict(_) => DOCKLINE_CONFLICT,
            Error::NoSwarm(_) => DOCKLINE_NO_SWARM,
            Error::NotManager(_) => DOCKLINE_NOT_MANAGER,
            Error::SwarmLocked(_) => DOCKLINE_SWARM_LOCKED,
            Error::Unavailable(_) => DOCKLINE_UNAVAILABLE,
            Error::Engine(_) => DOCKLINE_ENGINE,
            Error::NotGranted { .. } => DOCKLINE_NOT_GRANTED,
            Error::EngineTooOld { .. } => DOCKLINE_ENGINE_TOO_OLD,
            Error::EngineTooNew { .. } => DOCKLINE_ENGINE_TOO_NEW,
            Error::Connect { .. } => DOCKLINE_CONNECT,
            Error::Tls { .. } => DOCKLINE_TLS,
            Error::Disconnected { .. } => DOCKLINE_DISCONNECTED,
            Error::Timeout { .. } => DOCKLINE_TIMEOUT,
            Error::Cancelled { .. } => DOCKLINE_CANCELLED,
            Error::Protocol { .. } => DOCKLINE_PROTOCOL,
            Error::Decode { .. } => DOCKLINE_DECODE,
            Error::Stream { .. } => DOCKLINE_STREAM,
            Error::Io { .. } => DOCKLINE_IO,
        }
    }
}

impl From<()> for dockline_status {
    fn from((): ()) -> dockline_status {
        DOCKLINE_OK
    }
}

impl From<Outcome> for dockline_status {
    fn from(outcome: Outcome) -> dockline_status {
        match outcome {
            Outcome::Done => DOCKLINE_OK,
            Outcome::NotModified => DOCKLINE_NOT_MODIFIED,
        }
    }
}

/// Reason of a TLS failure.
///
/// See dockline_error_tls_failure(). Reasons are added in later versions; a number never
/// changes its meaning.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum dockline_tls_failure {
    /// Not a TLS failure.
    DOCKLINE_TLS_FAILURE_NONE = 0,
    /// The engine's certificate is not signed by a trusted authority.
    DOCKLINE_TLS_FAILURE_UNTRUSTED_AUTHORITY = 1,
    /// The engine's certificate is for another host.
    DOCKLINE_TLS_FAILURE_WRONG_NAME = 2,
    /// The engine's certificate has expired, or is not valid yet.
    DOCKLINE_TLS_FAILURE_EXPIRED = 3,
    /// The engine requires a client certificate, and none is configured.
    DOCKLINE_TLS_FAILURE_CLIENT_CERTIFICATE_MISSING = 4,
    /// The engine rejected the client certificate.
    DOCKLINE_TLS_FAILURE_CLIENT_CERTIFICATE_REFUSED = 5,
    /// The private key does not belong to the client certificate.
    DOCKLINE_TLS_FAILURE_KEY_MISMATCH = 6,
    /// The engine does not use TLS, but the client does.
    DOCKLINE_TLS_FAILURE_NOT_TLS = 7,
    /// The engine requires TLS, but the client does not use it.
    DOCKLINE_TLS_FAILURE_TLS_EXPECTED = 8,
    /// Another failure, such as no common version or cipher, or a malformed message.
    DOCKLINE_TLS_FAILURE_PROTOCOL = 9,
}

impl From<&Error> for dockline_tls_failure {
    fn from(error: &Error) -> dockline_tls_failure {
        use dockline_tls_failure::*;
        let Error::Tls { failure, .. } = error else { return DOCKLINE_TLS_FAILURE_NONE };
        match failure {
            TlsFailure::UntrustedAuthority => DOCKLINE_TLS_FAILURE_UNTRUSTED_AUTHORITY,
            TlsFailure::WrongName => DOCKLINE_TLS_FAILURE_WRONG_NAME,
            TlsFailure::Expired => DOCKLINE_TLS_FAILURE_EXPIRED,
            TlsFailure::ClientCertificateMissing => DOCKLINE_TLS_FAILURE_CLIENT_CERTIFICATE_MISSING,
            TlsFailure::ClientCertificateRefused => DOCKLINE_TLS_FAILURE_CLIENT_CERTIFICATE_REFUSED,
            TlsFailure::KeyMismatch => DOCKLINE_TLS_FAILURE_KEY_MISMATCH,
            TlsFailure::NotTls => DOCKLINE_TLS_FAILURE_NOT_TLS,
            TlsFailure::TlsExpected => DOCKLINE_TLS_FAILURE_TLS_EXPECTED,
            TlsFailure::Protocol => DOCKLINE_TLS_FAILURE_PROTOCOL,
        }
    }
}
