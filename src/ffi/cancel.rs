use super::arg;
use super::guard::guard_or;
use crate::Cancel;

/// Ends calls and streams from another thread.
///
/// Make one with dockline_cancel_new() and give it to dockline_context_with(), or take the one of a
/// stream. Any thread may cancel at any time; this is the one object, besides a context, that
/// several threads use at once. It lives until it is freed, whatever it ends.
pub struct dockline_cancel(pub(super) Cancel);

/// Makes a cancel handle. Free it with dockline_cancel_free().
#[unsafe(no_mangle)]
pub extern "C" fn dockline_cancel_new() -> *mut dockline_cancel {
    guard_or(std::ptr::null_mut(), || arg::boxed(dockline_cancel(Cancel::new())))
}

/// Ends everything that runs with this handle, now and later: what is under way returns
/// DOCKLINE_CANCELLED within a millisecond, later calls at once. There is no way back. NULL is
/// allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_cancel_cancel(cancel: *const dockline_cancel) {
    guard_or((), || {
        if let Some(cancel) = arg::optional(cancel) {
            cancel.0.cancel();
        }
    })
}

/// Whether dockline_cancel_cancel() was called; false for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_cancel_is_cancelled(cancel: *const dockline_cancel) -> bool {
    guard_or(false, || arg::optional(cancel).is_some_and(|cancel| cancel.0.is_cancelled()))
}

/// Frees a cancel handle; this cancels nothing. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_cancel_free(cancel: *mut dockline_cancel) {
    guard_or((), || arg::free(cancel))
}
