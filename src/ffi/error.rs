use std::ffi::{CString, c_char, c_int};

use super::arg;
use super::guard::{Fail, guard_or};
use super::status::{dockline_status, dockline_tls_failure};
use crate::ValueError;

/// Why a call failed. It is yours: free it with dockline_error_free().
///
/// A function that fails makes one if its last argument is not NULL. Any thread may read it.
#[derive(Debug)]
pub struct dockline_error {
    code: dockline_status,
    http_status: c_int,
    errno: c_int,
    tls_failure: dockline_tls_failure,
    operation: CString,
    message: CString,
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

/// The negative dockline_status that the call returned; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_error_code(error: *const dockline_error) -> c_int {
    guard_or(0, || arg::optional(error).map_or(0, |it| it.code as c_int))
}

/// The HTTP status that the engine answered with; 0 if that is not what failed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_error_http_status(error: *const dockline_error) -> c_int {
    guard_or(0, || arg::optional(error).map_or(0, |it| it.http_status))
}

/// What is wrong about TLS, a dockline_tls_failure; 0 if the code is not DOCKLINE_TLS.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_error_tls_failure(error: *const dockline_error) -> c_int {
    guard_or(0, || arg::optional(error).map_or(0, |it| it.tls_failure as c_int))
}

/// The system's error number (errno) behind it; 0 if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_error_errno(error: *const dockline_error) -> c_int {
    guard_or(0, || arg::optional(error).map_or(0, |it| it.errno))
}

/// What failed: the Engine API's name of the operation, such as "ContainerStart", or the name of a
/// function that calls no engine. Never NULL; "" for NULL. It lives as long as the error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_error_operation(error: *const dockline_error) -> *const c_char {
    guard_or(c"".as_ptr(), || arg::optional(error).map_or(c"".as_ptr(), |it| it.operation.as_ptr()))
}

/// What happened and, where that is known, what to do, for people; the engine's own words are in
/// it. Never NULL; "" for NULL. It lives as long as the error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_error_message(error: *const dockline_error) -> *const c_char {
    guard_or(c"".as_ptr(), || arg::optional(error).map_or(c"".as_ptr(), |it| it.message.as_ptr()))
}

/// Frees an error. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_error_free(error: *mut dockline_error) {
    guard_or((), || arg::free(error))
}

#[cfg(test)]
mod tests {
    use std::ptr;

    use super::*;
    use crate::{Error, Refusal};

    fn made(error: Error) -> dockline_error {
        dockline_error::new("unused", Fail::Call(error))
    }

    #[test]
    fn keeps_what_the_engine_said() {
        let refusal =
            Refusal { operation: "ContainerStart", status: 404, message: "no\0such\nthing".into() };
        let error = made(Error::NotFound(refusal));
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

    #[test]
    fn null_is_no_error() {
        // SAFETY: NULL is allowed.
        unsafe {
            assert_eq!(dockline_error_code(ptr::null()), 0);
            assert_eq!(dockline_error_http_status(ptr::null()), 0);
            assert_eq!(dockline_error_errno(ptr::null()), 0);
            assert_eq!(*dockline_error_operation(ptr::null()), 0);
            assert_eq!(*dockline_error_message(ptr::null()), 0);
            dockline_error_free(ptr::null_mut());
        }
    }
}
