//! A failure: how functions of the C surface report it to [`guard`](super::guard), and the object that
//! C gets of it.

use std::ffi::{CString, c_int};

use super::status::{dockline_status, dockline_tls_failure};
use crate::{Error, ValueError};

/// Why a function of the C surface failed.
#[derive(Debug)]
pub(super) enum Fail {
    /// An argument is wrong. The sentence names it.
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

/// Why a call failed. It is yours: free it with dockline_error_free().
///
/// A function that fails makes one if its last argument is not NULL. Any thread may read it.
#[derive(Debug)]
pub struct dockline_error {
    pub(super) code: dockline_status,
    pub(super) http_status: c_int,
    pub(super) errno: c_int,
    pub(super) tls_failure: dockline_tls_failure,
    pub(super) operation: CString,
    pub(super) message: CString,
}

impl dockline_error {
    pub(super) fn new(operation: &'static str, fail: Fail) -> dockline_error {
        let of = |code, operation: &str, message: String| dockline_error {
            code,
            http_status: 0,
            errno: 0,
            tls_failure: dockline_tls_failure::DOCKLINE_TLS_FAILURE_NONE,
            operation: c_text(operation),
            message: c_text(&message),
        };
        match fail {
            Fail::Argument(message) => {
                of(dockline_status::DOCKLINE_INVALID_ARGUMENT, operation, message)
            }
            Fail::Value(error) => {
                let code = match error {
                    ValueError::Missing { .. } | ValueError::WrongType { .. } => {
                        dockline_status::DOCKLINE_DECODE
                    }
                    _ => dockline_status::DOCKLINE_INVALID_ARGUMENT,
                };
                of(code, operation, error.to_string())
            }
            Fail::Call(error) => {
                let message = error.to_string();
                let prefix = format!("{}: ", error.operation());
                let message = message.strip_prefix(&prefix).unwrap_or(&message).to_owned();
                dockline_error {
                    http_status: error.status().map_or(0, c_int::from),
                    errno: error.errno().unwrap_or(0),
                    tls_failure: (&error).into(),
                    ..of((&error).into(), error.operation(), message)
                }
            }
            Fail::Panic(message) => of(
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

/// The engine's words may hold what C takes for the end.
fn c_text(text: &str) -> CString {
    CString::new(text.replace('\0', "\u{fffd}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ApiError;

    fn made(error: Error) -> dockline_error {
        dockline_error::new("unused", Fail::Call(error))
    }

    #[test]
    fn keeps_what_the_engine_said() {
        let api_error = ApiError {
            operation: "ContainerStart",
            status: 404,
            message: "no\0such\nthing".into(),
        };
        let error = made(Error::NotFound(api_error));
        assert_eq!((error.code as c_int, error.http_status, error.errno), (-5, 404, 0));
        assert_eq!(error.operation.as_c_str(), c"ContainerStart");
        assert_eq!(error.message.to_str(), Ok("no\u{fffd}such\nthing (status 404)"));
    }

    #[test]
    fn keeps_errno() {
        let error = made(Error::Connect {
            operation: "SystemPing",
            message: "SystemPing: twice".into(),
            errno: Some(libc::EACCES),
        });
        assert_eq!((error.code as c_int, error.http_status), (-11, 0));
        assert_eq!(error.errno, libc::EACCES);
        assert_eq!(error.message.as_c_str(), c"SystemPing: twice");
    }
}
