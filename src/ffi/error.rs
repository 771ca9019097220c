use std::ffi::{c_char, c_int};

use super::arg;
use super::failure::dockline_error;
use super::guard::guard_or;

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
