//! Cancellation
//!
//! Derive a context with a token from dockline_cancel_token_new(), or obtain the token of a
//! stream. Another thread ends their calls with dockline_cancel_token_cancel().

use super::arg;
use super::guard::guard_or;
use crate::CancelToken;

/// Cancels calls and streams from another thread.
///
/// It is created by dockline_cancel_token_new() and given to dockline_context_derive(), or
/// obtained from a stream, such as with dockline_stream_cancel_token(). Free it with
/// dockline_cancel_token_free(), before or after the calls that it can cancel. Many threads
/// may use it at once.
pub struct dockline_cancel_token(pub(super) CancelToken);

/// Creates a cancel token.
///
/// Returns the token; free it with dockline_cancel_token_free().
#[unsafe(no_mangle)]
pub extern "C" fn dockline_cancel_token_new() -> *mut dockline_cancel_token {
    guard_or(std::ptr::null_mut(), || arg::boxed(dockline_cancel_token(CancelToken::new())))
}

/// Cancels all calls and streams of a token.
///
/// Calls that are running return DOCKLINE_CANCELLED within a millisecond, or within twenty
/// while they connect. Later calls with the token fail at once. This cannot be undone. The
/// lookup of a host name, and the callback or descriptor that an upload is read from, are not
/// interrupted.
///
/// token: may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_cancel_token_cancel(token: *const dockline_cancel_token) {
    guard_or((), || {
        if let Some(token) = arg::optional(token) {
            token.0.cancel();
        }
    })
}

/// Returns whether a token has been cancelled.
///
/// token: may be NULL.
///
/// Returns true after dockline_cancel_token_cancel(); false if token is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_cancel_token_is_cancelled(
    token: *const dockline_cancel_token,
) -> bool {
    guard_or(false, || arg::optional(token).is_some_and(|token| token.0.is_cancelled()))
}

/// Frees a cancel token.
///
/// This does not cancel anything.
///
/// token: may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_cancel_token_free(token: *mut dockline_cancel_token) {
    guard_or((), || arg::free(token))
}
