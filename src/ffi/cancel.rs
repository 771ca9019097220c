use super::arg;
use super::guard::guard_or;
use crate::CancelToken;

/// Ends calls and streams from another thread.
///
/// Make one with dockline_cancel_token_new() and give it to dockline_context_derive(), or take the one of a
/// stream. Any thread may cancel at any time; this is the one object, besides a context, that
/// several threads use at once. It lives until it is freed, whatever it ends.
pub struct dockline_cancel_token(pub(super) CancelToken);

/// Makes a cancel handle. Free it with dockline_cancel_token_free().
#[unsafe(no_mangle)]
pub extern "C" fn dockline_cancel_token_new() -> *mut dockline_cancel_token {
    guard_or(std::ptr::null_mut(), || arg::boxed(dockline_cancel_token(CancelToken::new())))
}

/// Ends everything that runs with this handle, now and later: what is under way returns
/// DOCKLINE_CANCELLED within a millisecond, later calls at once. There is no way back. NULL is
/// allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_cancel_token_cancel(token: *const dockline_cancel_token) {
    guard_or((), || {
        if let Some(token) = arg::optional(token) {
            token.0.cancel();
        }
    })
}

/// Whether dockline_cancel_token_cancel() was called; false for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_cancel_token_is_cancelled(
    token: *const dockline_cancel_token,
) -> bool {
    guard_or(false, || arg::optional(token).is_some_and(|token| token.0.is_cancelled()))
}

/// Frees a cancel handle; this cancels nothing. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_cancel_token_free(token: *mut dockline_cancel_token) {
    guard_or((), || arg::free(token))
}
