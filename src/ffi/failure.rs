//! Failures of exported functions, and the error object that C receives.

use std::ffi::{CString, c_int};

use super::status::{dockline_status, dockline_tls_failure};
use crate::{Error, ValueError};

/// Why an exported function failed.
#[derive(Debug)]
pub(super) enum Fail {
    /// An argument is not valid. The message names it.
    Argument(String),
    Value(ValueError),
    Call(Error),
    /// The panic's message.
    Panic(String),
}

impl From<Error> for Fail {
    fn from(error: Error) -> Fail {
        Fail::Call(error)
    }
}

impl From<ValueError> for Fail {
    fn from(error: ValueError) -> Fail {
        Fail::Value(error)
    }
}

impl Fail {
    pub(super) fn argument(message: impl Into<String>) -> Fail {
        Fail::Argument(message.into())
    }
}

/// Description of a failed call.
///
/// A function that fails stores a new one in *error, unless error is NULL. Free it with
/// dockline_error_free(). Any number of threads may read it at once.
#[derive(Debug)]
pub struct dockline_error {
    pub(super) code: dockline_status,
    pub(super) http_status: c_int,
    pub(super) errno: c_int,
    pub(super) stream_code: Option<i64>,
    pub(super) tls_failure: dockline_tls_failure,
    pub(super) operation: CString,
    pub(super) message: CString,
}

impl dockline_error {
    pub(super) fn new(operation: &'static str, fail: Fail) -> dockline_error {
        let new = |code, operation: &str, message: String| dockline_error {
            code,
            http_status: 0,
            errno: 0,
            stream_code: None,
            tls_failure: dockline_tls_failure::DOCKLINE_TLS_FAILURE_NONE,
            operation: c_string(operation),
            message: c_string(&message),
        };
        match fail {
            Fail::Argument(message) => {
                new(dockline_status::DOCKLINE_INVALID_ARGUMENT, operation, message)
            }
            Fail::Value(error) => {
                let code = match error {
                    ValueError::Missing { .. } | ValueError::WrongType { .. } => {
                        dockline_status::DOCKLINE_DECODE
                    }
                    _ => dockline_status::DOCKLINE_INVALID_ARGUMENT,
                };
                new(code, operation, error.to_string())
            }
            Fail::Call(error) => {
                let message = error.to_string();
                let prefix = format!("{}: ", error.operation());
                let message = message.strip_prefix(&prefix).unwrap_or(&message).to_owned();
                dockline_error {
                    http_status: error.status().map_or(0, c_int::from),
                    errno: error.errno().unwrap_or(0),
                    stream_code: match error {
                        Error::Stream { code, .. } => code,
                        _ => None,
                    },
                    tls_failure: (&error).into(),
                    ..new((&error).into(), error.operation(), message)
                }
            }
            Fail::Panic(message) => new(
                dockline_status::DOCKLINE_PANIC,
                operation,
                format!("a bug in dockline: {message}"),
            ),
        }
    }

    pub(super) fn code(&self) -> dockline_status {
        self.code
    }
}

/// Converts text that may come from an engine. A NUL, which would end it in C, becomes the visible U+2400.
pub(super) fn c_string(text: &str) -> CString {
    CString::new(text.replace('\0', "\u{2400}")).expect("no NUL is left")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ApiError;

    fn from_error(error: Error) -> dockline_error {
        dockline_error::new("unused", Fail::Call(error))
    }

    #[test]
    fn keeps_the_message_and_status_of_the_engine() {
        let api_error = ApiError {
            operation: "ContainerStart",
            status: 404,
            message: "no\0such\nthing".into(),
        };
        let error = from_error(Error::NotFound(api_error));
        assert_eq!((error.code as c_int, error.http_status, error.errno), (-5, 404, 0));
        assert_eq!(error.operation.as_c_str(), c"ContainerStart");
        assert_eq!(error.message.to_str(), Ok("no\u{2400}such\nthing (status 404)"));
    }

    #[test]
    fn keeps_errno() {
        let error = from_error(Error::Connect {
            operation: "SystemPing",
            message: "SystemPing: twice".into(),
            errno: Some(libc::EACCES),
        });
        assert_eq!((error.code as c_int, error.http_status), (-11, 0));
        assert_eq!(error.errno, libc::EACCES);
        assert_eq!(error.message.as_c_str(), c"SystemPing: twice");
    }
}
