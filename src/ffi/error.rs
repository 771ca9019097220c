//! Errors
//!
//! A function that fails stores a new dockline_error in *error. Print the message with
//! dockline_error_message(); branch on the status.

use std::ffi::{c_char, c_int};

use super::arg;
use super::failure::dockline_error;
use super::guard::guard_or;

/// Returns the status of the failed call.
///
/// This is the negative dockline_status that the function returned; 0 if error is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_error_code(error: *const dockline_error) -> c_int {
    guard_or(0, || arg::optional(error).map_or(0, |it| it.code as c_int))
}

/// Returns the HTTP status of the error response.
///
/// Returns 0 if the failure is not an error response of the engine, or if error is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_error_http_status(error: *const dockline_error) -> c_int {
    guard_or(0, || arg::optional(error).map_or(0, |it| it.http_status))
}

/// Returns the reason of a TLS failure.
///
/// Returns a dockline_tls_failure; DOCKLINE_TLS_FAILURE_NONE if the status is not
/// DOCKLINE_TLS, or if error is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_error_tls_failure(error: *const dockline_error) -> c_int {
    guard_or(0, || arg::optional(error).map_or(0, |it| it.tls_failure as c_int))
}

/// Returns the errno of the failed system call.
///
/// Returns 0 if the failure has no errno, or if error is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_error_errno(error: *const dockline_error) -> c_int {
    guard_or(0, || arg::optional(error).map_or(0, |it| it.errno))
}

/// Returns the code that the engine reports with an error in a stream.
///
/// For a build this is the exit code of the failed command, for dockline_wait_finish() the exit
/// code of the container. Not every error in a stream has a code.
///
/// error: may be NULL.
/// fallback: the result if the status is not DOCKLINE_STREAM, if the engine reports no code, or
///    if error is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_error_stream_code(
    error: *const dockline_error,
    fallback: i64,
) -> i64 {
    guard_or(fallback, || arg::optional(error).and_then(|it| it.stream_code).unwrap_or(fallback))
}

/// Returns the name of the failed operation.
///
/// This is the operationId of the Engine API, such as "ContainerStart". Functions that call no
/// engine have a name such as "Context" or "dockline_value_parse". The string belongs to the
/// error; it is never NULL, and "" if error is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_error_operation(error: *const dockline_error) -> *const c_char {
    guard_or(c"".as_ptr(), || arg::optional(error).map_or(c"".as_ptr(), |it| it.operation.as_ptr()))
}

/// Returns a description of the failure.
///
/// The message states what failed, contains the engine's message, and suggests a remedy if one
/// is known. It is for people: branch on the status instead. The string belongs to the error;
/// it is never NULL, and "" if error is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_error_message(error: *const dockline_error) -> *const c_char {
    guard_or(c"".as_ptr(), || arg::optional(error).map_or(c"".as_ptr(), |it| it.message.as_ptr()))
}

/// Frees an error.
///
/// error: may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_error_free(error: *mut dockline_error) {
    guard_or((), || arg::free(error))
}

#[cfg(test)]
mod tests {
    use std::ptr;

    use super::*;

    #[test]
    fn functions_accept_null() {
        // SAFETY: NULL is allowed.
        unsafe {
            assert_eq!(dockline_error_code(ptr::null()), 0);
            assert_eq!(dockline_error_http_status(ptr::null()), 0);
            assert_eq!(dockline_error_errno(ptr::null()), 0);
            assert_eq!(dockline_error_stream_code(ptr::null(), -7), -7);
            assert_eq!(*dockline_error_operation(ptr::null()), 0);
            assert_eq!(*dockline_error_message(ptr::null()), 0);
            dockline_error_free(ptr::null_mut());
        }
    }
}
