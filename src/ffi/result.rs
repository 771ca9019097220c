use std::ffi::{CString, c_char, c_int, c_void};
use std::ptr;
use std::time::{SystemTime, UNIX_EPOCH};

use super::arg;
use super::guard::guard_or;
use crate::CallResult;

/// One call as it went over the wire: what the callback of dockline_context_on_result() gets.
///
/// Of each body at most the capture limit is kept (64 KiB unless set otherwise); the counts beside
/// them are of the whole. Credentials are replaced by [redacted] unless "reveal_secrets" is set.
/// All texts and bytes belong to the result.
#[derive(Clone)]
pub struct dockline_result {
    result: CallResult,
    operation: CString,
}

impl From<CallResult> for dockline_result {
    /// Each text gets its NUL, behind the length that is told.
    fn from(mut result: CallResult) -> dockline_result {
        for text in [&mut result.method, &mut result.endpoint, &mut result.url] {
            text.push('\0');
        }
        for text in result.error.iter_mut().chain(&mut result.notes) {
            text.push('\0');
        }
        for bytes in [
            &mut result.request_head,
            &mut result.request_body,
            &mut result.response_head,
            &mut result.response_body,
        ] {
            bytes.push(0);
        }
        dockline_result { operation: CString::new(result.operation).unwrap_or_default(), result }
    }
}

/// A field of a result, or `instead` for no result.
unsafe fn field<R>(
    result: *const dockline_result,
    instead: R,
    get: impl FnOnce(&CallResult) -> R,
) -> R {
    match arg::optional(result) {
        Some(it) => get(&it.result),
        None => instead,
    }
}

/// Bytes that end with a NUL of ours, lent; their length without it goes to `length`.
unsafe fn lend(
    result: *const dockline_result,
    length: *mut usize,
    get: impl FnOnce(&CallResult) -> &[u8],
) -> *const c_char {
    let (pointer, count) = field(result, (ptr::null(), 0), |result| {
        let bytes = get(result);
        (bytes.as_ptr().cast(), bytes.len() - 1)
    });
    if let Some(length) = arg::optional_out(length) {
        length.put(count);
    }
    pointer
}

/// The operation as the Engine API calls it, such as "ContainerList". NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_operation(
    result: *const dockline_result,
) -> *const c_char {
    guard_or(ptr::null(), || arg::optional(result).map_or(ptr::null(), |it| it.operation.as_ptr()))
}

/// The HTTP method. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_method(result: *const dockline_result) -> *const c_char {
    guard_or(ptr::null(), || lend(result, ptr::null_mut(), |result| result.method.as_bytes()))
}

/// The engine's address, such as "unix:///var/run/docker.sock". NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_endpoint(result: *const dockline_result) -> *const c_char {
    guard_or(ptr::null(), || lend(result, ptr::null_mut(), |result| result.endpoint.as_bytes()))
}

/// The URL with version prefix and query. On a Unix socket the host in it is localhost. NULL for
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_url(result: *const dockline_result) -> *const c_char {
    guard_or(ptr::null(), || lend(result, ptr::null_mut(), |result| result.url.as_bytes()))
}

/// Request line and headers as sent; empty when nothing was sent. length: where to put the number
/// of bytes; may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_request_head(
    result: *const dockline_result,
    length: *mut usize,
) -> *const c_char {
    guard_or(ptr::null(), || lend(result, length, |result| &result.request_head))
}

/// The beginning of the request's body. length: where to put the number of bytes; may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_request_body(
    result: *const dockline_result,
    length: *mut usize,
) -> *const c_void {
    guard_or(ptr::null(), || lend(result, length, |result| &result.request_body).cast())
}

/// Length of the whole request body, in bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_request_bytes(result: *const dockline_result) -> u64 {
    guard_or(0, || field(result, 0, |result| result.request_bytes))
}

/// The HTTP status; 0 when no response came.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_status(result: *const dockline_result) -> c_int {
    guard_or(0, || field(result, 0, |result| result.status.map_or(0, c_int::from)))
}

/// Status line and headers as received; empty when no response came. length: where to put the number
/// of bytes; may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_response_head(
    result: *const dockline_result,
    length: *mut usize,
) -> *const c_char {
    guard_or(ptr::null(), || lend(result, length, |result| &result.response_head))
}

/// The beginning of the response's body. length: where to put the number of bytes; may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_response_body(
    result: *const dockline_result,
    length: *mut usize,
) -> *const c_void {
    guard_or(ptr::null(), || lend(result, length, |result| &result.response_body).cast())
}

/// Length of the whole response's body as far as it was read, in bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_response_bytes(result: *const dockline_result) -> u64 {
    guard_or(0, || field(result, 0, |result| result.response_bytes))
}

/// When the call began, in nanoseconds since 1970 by the wall clock.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_started(result: *const dockline_result) -> i64 {
    guard_or(0, || field(result, 0, |result| unix_nanos(result.started)))
}

/// When the call was over, in nanoseconds since 1970 by the wall clock.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_ended(result: *const dockline_result) -> i64 {
    guard_or(0, || field(result, 0, |result| unix_nanos(result.ended)))
}

/// How long the call took, in nanoseconds by the monotonic clock.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_duration(result: *const dockline_result) -> i64 {
    guard_or(0, || {
        field(result, 0, |result| i64::try_from(result.duration.as_nanos()).unwrap_or(i64::MAX))
    })
}

/// Why the call failed, in words; NULL when it did not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_error(result: *const dockline_result) -> *const c_char {
    guard_or(ptr::null(), || {
        field(result, ptr::null(), |result| {
            result.error.as_ref().map_or(ptr::null(), |error| error.as_ptr().cast())
        })
    })
}

/// How many notes there are: see dockline_result_note().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_notes(result: *const dockline_result) -> usize {
    guard_or(0, || field(result, 0, |result| result.notes.len()))
}

/// What else is to be told of the call, in words, such as that a credential helper is missing and the
/// call went on without credentials. NULL where there is no note at index.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_note(
    result: *const dockline_result,
    index: usize,
) -> *const c_char {
    guard_or(ptr::null(), || {
        field(result, ptr::null(), |result| {
            result.notes.get(index).map_or(ptr::null(), |note| note.as_ptr().cast())
        })
    })
}

/// A copy that outlives the callback; NULL for NULL. Free it with dockline_result_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_clone(
    result: *const dockline_result,
) -> *mut dockline_result {
    guard_or(ptr::null_mut(), || {
        arg::optional(result).map_or(ptr::null_mut(), |it| arg::boxed(it.clone()))
    })
}

/// Frees a copy. NULL is allowed. Never free the one that a callback gets.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_free(result: *mut dockline_result) {
    guard_or((), || arg::free(result))
}

fn unix_nanos(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos),
    }
}
