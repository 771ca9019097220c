//! The boundary to C: catches panics and turns failures into statuses and error objects.

use std::any::Any;
use std::ffi::c_int;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::failure::{Fail, dockline_error};
use super::status::dockline_status;

/// Runs the body of an exported function and returns its status.
///
/// After a failure, `*error` receives a new error object unless `error` is NULL; after success it is
/// unchanged. `operation`, for invalid arguments and panics, is the `operationId` of the Engine API or
/// the name of the function; the error of a call has its own.
///
/// # Safety
/// `error` is NULL or points to a pointer.
pub(super) unsafe fn guard<R: Into<dockline_status>>(
    operation: &'static str,
    error: *mut *mut dockline_error,
    body: impl FnOnce() -> Result<R, Fail>,
) -> c_int {
    let (mut body, mut result) = (Some(body), Ok(dockline_status::DOCKLINE_OK));
    let panic = catch(&mut || {
        if let Some(body) = body.take() {
            match body() {
                Ok(done) => result = Ok(done.into()),
                Err(fail) => result = Err(fail),
            }
        }
    });
    finish(operation, error, panic, result)
}

/// Converts a result to a status. An error or a panic becomes the error object.
///
/// # Safety
/// As [`guard`].
unsafe fn finish(
    operation: &'static str,
    error: *mut *mut dockline_error,
    panic: Option<String>,
    result: Result<dockline_status, Fail>,
) -> c_int {
    let fail = match (panic, result) {
        (Some(message), _) => Fail::Panic(message),
        (None, Err(fail)) => fail,
        (None, Ok(status)) => return status as c_int,
    };
    let object = dockline_error::new(operation, fail);
    let status = object.code();
    if !error.is_null() {
        error.write(Box::into_raw(Box::new(object)));
    }
    status as c_int
}

/// Runs the body of an exported function without an error parameter. Returns `default` after a panic.
pub(super) fn guard_or<R>(default: R, body: impl FnOnce() -> R) -> R {
    let (mut body, mut result) = (Some(body), default);
    catch(&mut || {
        if let Some(body) = body.take() {
            result = body();
        }
    });
    result
}

/// Runs `body`. Returns the message of a panic. Not generic, so that it is compiled once and not once per
/// exported function.
fn catch(body: &mut dyn FnMut()) -> Option<String> {
    catch_unwind(AssertUnwindSafe(body)).err().map(message)
}

/// The message of a panic. A payload that is not a string is leaked, since dropping it may panic.
fn message(payload: Box<dyn Any + Send>) -> String {
    payload.downcast::<String>().map(|message| *message).unwrap_or_else(|payload| {
        payload.downcast::<&str>().map(|message| message.to_string()).unwrap_or_else(|payload| {
            mem::forget(payload);
            "no message".to_owned()
        })
    })
}

#[cfg(test)]
mod tests {
    use std::panic::panic_any;
    use std::ptr;

    use super::super::error::*;
    use super::super::status::dockline_status::*;
    use super::*;
    use crate::{Error, Outcome};

    /// Status, operation and message of the error object.
    fn failure(body: impl FnOnce() -> Result<(), Fail>) -> (c_int, String, String) {
        let mut error = ptr::null_mut();
        // SAFETY: `error` is a valid pointer and freed once.
        unsafe {
            let status = guard("ContainerList", &mut error, body);
            assert_eq!(dockline_error_code(error), status);
            let string = |it| std::ffi::CStr::from_ptr(it).to_str().unwrap().to_owned();
            let operation = string(dockline_error_operation(error));
            let message = string(dockline_error_message(error));
            dockline_error_free(error);
            (status, operation, message)
        }
    }

    #[test]
    fn panics_become_errors() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("dropped");
            }
        }
        let (status, operation, message) = failure(|| panic!("at {}", 7));
        assert_eq!((status, &*operation), (DOCKLINE_PANIC as c_int, "ContainerList"));
        assert_eq!(message, "a bug in dockline: at 7");
        assert_eq!(failure(|| panic!("plain")).2, "a bug in dockline: plain");
        assert_eq!(failure(|| panic_any(Bomb)).2, "a bug in dockline: no message");
        assert_eq!(guard_or(5, || panic!("plain")), 5);
        assert_eq!(guard_or(5, || panic_any(Bomb)), 5);
        assert_eq!(guard_or(5, || 6), 6);
    }

    #[test]
    fn failures_become_errors() {
        assert_eq!(
            failure(|| Err(Fail::argument("id is NULL"))),
            (-1, "ContainerList".to_owned(), "id is NULL".to_owned())
        );
        let cancelled = Error::Cancelled { operation: "ContainerWait" };
        assert_eq!(
            failure(|| Err(cancelled.into())),
            (-14, "ContainerWait".to_owned(), "cancelled".to_owned())
        );
        // SAFETY: NULL is allowed.
        let status = unsafe { guard("x", ptr::null_mut(), || Err::<(), _>(Fail::argument("bad"))) };
        assert_eq!(status, -1);
    }

    #[test]
    fn success_does_not_change_the_error() {
        let mut error = ptr::dangling_mut();
        // SAFETY: `error` is a valid pointer; the dangling one in it is not followed.
        unsafe {
            assert_eq!(guard("x", &mut error, || Ok(())), 0);
            assert_eq!(guard("x", &mut error, || Ok(Outcome::NotModified)), 2);
            assert_eq!(guard("x", &mut error, || Ok(DOCKLINE_END)), 1);
        }
        assert_eq!(error, ptr::dangling_mut());
    }
}
