//! The boundary: no panic and no unexplained failure gets past it.

use std::any::Any;
use std::ffi::c_int;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::failure::{Fail, dockline_error};
use super::status::dockline_status;

/// Runs what an exported function does, and gives its status. After a failure `*error`, if the
/// caller wants one, is a new error object; after success it is left alone.
///
/// `operation` is the Engine API's name of it; for functions that call no engine, their own name.
///
/// # Safety
/// `error` is NULL or points to a pointer.
pub(super) unsafe fn guard<R: Into<dockline_status>>(
    operation: &'static str,
    error: *mut *mut dockline_error,
    body: impl FnOnce() -> Result<R, Fail>,
) -> c_int {
    let result = catch_unwind(AssertUnwindSafe(|| body().map(Into::into)));
    let fail = match result {
        Ok(Ok(status)) => return status as c_int,
        Ok(Err(fail)) => fail,
        Err(payload) => Fail::Panic(message(payload)),
    };
    let made = dockline_error::new(operation, fail);
    let code = made.code();
    if !error.is_null() {
        error.write(Box::into_raw(Box::new(made)));
    }
    code as c_int
}

/// Runs what an exported function without an error does; a panic gives `instead`.
pub(super) fn guard_or<R>(instead: R, body: impl FnOnce() -> R) -> R {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| {
        message(payload);
        instead
    })
}

/// What the panic said. A payload of another kind is forgotten, since dropping it may panic.
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

    /// Status, code, operation and message of the error that is made.
    fn failed(body: impl FnOnce() -> Result<(), Fail>) -> (c_int, String, String) {
        let mut error = ptr::null_mut();
        // SAFETY: `error` is a pointer of ours; it is freed once.
        unsafe {
            let status = guard("ContainerList", &mut error, body);
            assert_eq!(dockline_error_code(error), status);
            let text = |it| std::ffi::CStr::from_ptr(it).to_str().unwrap().to_owned();
            let said = (text(dockline_error_operation(error)), text(dockline_error_message(error)));
            dockline_error_free(error);
            (status, said.0, said.1)
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
        let (status, operation, message) = failed(|| panic!("at {}", 7));
        assert_eq!((status, &*operation), (DOCKLINE_PANIC as c_int, "ContainerList"));
        assert_eq!(message, "a bug in dockline: at 7");
        assert_eq!(failed(|| panic!("plain")).2, "a bug in dockline: plain");
        assert_eq!(failed(|| panic_any(Bomb)).2, "a bug in dockline: no message");
        assert_eq!(guard_or(5, || panic!("plain")), 5);
        assert_eq!(guard_or(5, || panic_any(Bomb)), 5);
        assert_eq!(guard_or(5, || 6), 6);
    }

    #[test]
    fn failures_become_errors() {
        assert_eq!(
            failed(|| Err(Fail::argument("id is NULL"))),
            (-1, "ContainerList".to_owned(), "id is NULL".to_owned())
        );
        let cancelled = Error::Cancelled { operation: "ContainerWait" };
        assert_eq!(
            failed(|| Err(cancelled.into())),
            (-14, "ContainerWait".to_owned(), "cancelled".to_owned())
        );
        // Nobody asked for the error.
        // SAFETY: NULL is allowed.
        let status = unsafe { guard("x", ptr::null_mut(), || Err::<(), _>(Fail::argument("bad"))) };
        assert_eq!(status, -1);
    }

    #[test]
    fn success_leaves_the_error_alone() {
        let mut error = ptr::dangling_mut();
        // SAFETY: `error` is a pointer of ours, and not followed.
        unsafe {
            assert_eq!(guard("x", &mut error, || Ok(())), 0);
            assert_eq!(guard("x", &mut error, || Ok(Outcome::NotModified)), 2);
            assert_eq!(guard("x", &mut error, || Ok(DOCKLINE_END)), 1);
        }
        assert_eq!(error, ptr::dangling_mut());
    }
}
