use crate::{Error, Outcome, TlsFailure};

/// What a function returns: 0 is success, negative is failure, positive is success with a remark.
///
/// Functions return it as an int. New ones are added in later versions; a number never changes its
/// meaning.
#[repr(C)]
#[allow(dead_code, reason = "C compares with them")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum dockline_status {
    /// Done.
    DOCKLINE_OK = 0,
    /// The stream has ended; there is no item.
    DOCKLINE_END = 1,
    /// Nothing had to be done: already started, already stopped, nothing there to remove.
    DOCKLINE_NOT_MODIFIED = 2,
    /// Your callback ended it.
    DOCKLINE_STOPPED = 3,
    /// An argument is wrong; nothing was sent.
    DOCKLINE_INVALID_ARGUMENT = -1,
    /// The engine finds the request wrong (HTTP 400 and other 4xx without a code of their own).
    DOCKLINE_BAD_REQUEST = -2,
    /// Wrong or missing credentials (HTTP 401).
    DOCKLINE_UNAUTHORIZED = -3,
    /// Not allowed (HTTP 403).
    DOCKLINE_FORBIDDEN = -4,
    /// No such container, image and so on (HTTP 404).
    DOCKLINE_NOT_FOUND = -5,
    /// Not possible in the present state: name in use, container paused and so on (HTTP 409); or
    /// somebody else has changed an object of the cluster since it was read, whatever the status.
    DOCKLINE_CONFLICT = -6,
    /// The engine cannot serve this now, such as while it shuts down (HTTP 503), or has no support
    /// for it (HTTP 501). What it says of swarms with 503 has codes of its own, below.
    DOCKLINE_UNAVAILABLE = -7,
    /// The engine failed (HTTP 500 and other 5xx), or redirects, which no engine should (HTTP 3xx).
    DOCKLINE_ENGINE = -8,
    /// The engine is too old for this call or option.
    DOCKLINE_ENGINE_TOO_OLD = -9,
    /// The engine no longer speaks the API version asked for.
    DOCKLINE_ENGINE_TOO_NEW = -10,
    /// No connection to the engine; dockline_error_errno() may say why.
    DOCKLINE_CONNECT = -11,
    /// The connection broke while it was in use.
    DOCKLINE_DISCONNECTED = -12,
    /// Nothing moved for too long, or the deadline passed.
    DOCKLINE_TIMEOUT = -13,
    /// Ended from another thread.
    DOCKLINE_CANCELLED = -14,
    /// The response is not HTTP, or not what the Engine API says.
    DOCKLINE_PROTOCOL = -15,
    /// The response is not the JSON that was expected.
    DOCKLINE_DECODE = -16,
    /// The engine reported a failure inside a stream that had begun well.
    DOCKLINE_STREAM = -17,
    /// Reading what you upload, or writing what you download, failed.
    DOCKLINE_IO = -18,
    /// A bug in this library. The call did not end well, but your program may go on.
    DOCKLINE_PANIC = -19,
    /// The engine is in no swarm: dockline_swarm_init() and dockline_swarm_join() put it into one
    /// (HTTP 503).
    DOCKLINE_NO_SWARM = -20,
    /// The engine is in a swarm and is none of its managers, which alone know of it (HTTP 503).
    DOCKLINE_NOT_MANAGER = -21,
    /// The engine is a manager that was started and waits for the key that unlocks it, see
    /// dockline_swarm_unlock() (HTTP 503).
    DOCKLINE_SWARM_LOCKED = -22,
    /// What a plugin wants to be allowed was not granted; nothing was changed.
    DOCKLINE_NOT_GRANTED = -23,
    /// TLS with the engine does not come about, or broke: dockline_error_tls_failure() says why.
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

/// What is wrong about TLS with an engine, see dockline_error_tls_failure().
///
/// New ones are added in later versions; a number never changes its meaning.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum dockline_tls_failure {
    /// Nothing: something else failed.
    DOCKLINE_TLS_FAILURE_NONE = 0,
    /// No authority that is trusted has signed the engine's certificate.
    DOCKLINE_TLS_FAILURE_UNTRUSTED_AUTHORITY = 1,
    /// The engine's certificate is for another host.
    DOCKLINE_TLS_FAILURE_WRONG_NAME = 2,
    /// The engine's certificate is no longer valid, or not yet.
    DOCKLINE_TLS_FAILURE_EXPIRED = 3,
    /// The engine wants a certificate, and none is given.
    DOCKLINE_TLS_FAILURE_CLIENT_CERTIFICATE_MISSING = 4,
    /// The engine does not take the certificate that is given.
    DOCKLINE_TLS_FAILURE_CLIENT_CERTIFICATE_REFUSED = 5,
    /// The private key does not belong to the certificate that is given with it.
    DOCKLINE_TLS_FAILURE_KEY_MISMATCH = 6,
    /// The engine is spoken to by TLS and does not speak it.
    DOCKLINE_TLS_FAILURE_NOT_TLS = 7,
    /// The engine speaks TLS and is spoken to without.
    DOCKLINE_TLS_FAILURE_TLS_EXPECTED = 8,
    /// Anything else: no common version or cipher, a message that makes no sense.
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
