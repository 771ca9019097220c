//! Results of calls (dockline_result)
//!
//! The callback of dockline_context_on_result() receives a dockline_result for each call, for
//! logs and debugging.

use std::ffi::{CString, c_char, c_int, c_void};
use std::ptr;
use std::time::{SystemTime, UNIX_EPOCH};

use super::arg;
use super::failure::c_string;
use super::guard::guard_or;
use crate::CallResult;

/// Record of one call: request, response, times, error.
///
/// The callback of dockline_context_on_result() receives it; dockline_result_clone() makes a
/// copy that outlives the callback. Bodies are recorded up to "capture_limit" bytes, their
/// lengths in full. Credentials are replaced by [redacted] unless "reveal_secrets" is set. All
/// strings and bytes belong to the result, and are followed by a NUL that is not counted. Many
/// threads may read a result at once.
#[derive(Clone)]
pub struct dockline_result {
    result: CallResult,
    operation: CString,
}

impl From<CallResult> for dockline_result {
    /// Appends a NUL to each string and body; their reported lengths exclude it.
    fn from(mut result: CallResult) -> dockline_result {
        let strings = [&mut result.method, &mut result.endpoint, &mut result.url];
        for string in strings.into_iter().chain(&mut result.error).chain(&mut result.notes) {
            // The length of these is not reported.
            *string = c_string(string).into_string().expect("UTF-8 stays UTF-8");
            string.push('\0');
        }
        for bytes in [
            &mut result.request_head,
            &mut result.request_body,
            &mut result.response_head,
            &mut result.response_body,
        ] {
            bytes.push(0);
        }
        dockline_result { operation: c_string(result.operation), result }
    }
}

/// A field of a result, or `default` for NULL.
unsafe fn field<R>(
    result: *const dockline_result,
    default: R,
    get: impl FnOnce(&CallResult) -> R,
) -> R {
    match arg::optional(result) {
        Some(it) => get(&it.result),
        None => default,
    }
}

/// The pointer to a field that ends with the NUL of [`dockline_result::from`]; `length` receives its
/// length without it.
unsafe fn bytes(
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

/// Returns the operationId of the call.
///
/// result: may be NULL.
///
/// Returns the name of the Engine API, such as "ContainerList"; NULL if result is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_operation(
    result: *const dockline_result,
) -> *const c_char {
    guard_or(ptr::null(), || arg::optional(result).map_or(ptr::null(), |it| it.operation.as_ptr()))
}

/// Returns the HTTP method of the request.
///
/// result: may be NULL.
///
/// Returns NULL if result is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_method(result: *const dockline_result) -> *const c_char {
    guard_or(ptr::null(), || bytes(result, ptr::null_mut(), |result| result.method.as_bytes()))
}

/// Returns the engine's address.
///
/// result: may be NULL.
///
/// Returns an address such as "unix:///var/run/docker.sock"; NULL if result is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_endpoint(result: *const dockline_result) -> *const c_char {
    guard_or(ptr::null(), || bytes(result, ptr::null_mut(), |result| result.endpoint.as_bytes()))
}

/// Returns the URL of the request.
///
/// The URL has version prefix and query. Its host is localhost on a Unix socket.
///
/// result: may be NULL.
///
/// Returns NULL if result is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_url(result: *const dockline_result) -> *const c_char {
    guard_or(ptr::null(), || bytes(result, ptr::null_mut(), |result| result.url.as_bytes()))
}

/// Returns the request line and headers as sent.
///
/// result: may be NULL.
/// length: receives the length in bytes; may be NULL.
///
/// Returns an empty string if nothing was sent; NULL if result is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_request_head(
    result: *const dockline_result,
    length: *mut usize,
) -> *const c_char {
    guard_or(ptr::null(), || bytes(result, length, |result| &result.request_head))
}

/// Returns the beginning of the request body.
///
/// result: may be NULL.
/// length: receives the length of the recorded part in bytes; may be NULL.
///
/// Returns NULL if result is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_request_body(
    result: *const dockline_result,
    length: *mut usize,
) -> *const c_void {
    guard_or(ptr::null(), || bytes(result, length, |result| &result.request_body).cast())
}

/// Returns the length of the whole request body.
///
/// result: may be NULL.
///
/// Returns the length in bytes; 0 if result is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_request_body_size(result: *const dockline_result) -> u64 {
    guard_or(0, || field(result, 0, |result| result.request_bytes))
}

/// Returns the HTTP status of the response.
///
/// result: may be NULL.
///
/// Returns 0 if no response was received, or if result is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_status(result: *const dockline_result) -> c_int {
    guard_or(0, || field(result, 0, |result| result.status.map_or(0, c_int::from)))
}

/// Returns the status line and headers of the final response as received.
///
/// result: may be NULL.
/// length: receives the length in bytes; may be NULL.
///
/// Returns an empty string if no response was received; NULL if result is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_response_head(
    result: *const dockline_result,
    length: *mut usize,
) -> *const c_char {
    guard_or(ptr::null(), || bytes(result, length, |result| &result.response_head))
}

/// Returns the beginning of the response body.
///
/// result: may be NULL.
/// length: receives the length of the recorded part in bytes; may be NULL.
///
/// Returns NULL if result is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_response_body(
    result: *const dockline_result,
    length: *mut usize,
) -> *const c_void {
    guard_or(ptr::null(), || bytes(result, length, |result| &result.response_body).cast())
}

/// Returns the length of the whole response body.
///
/// result: may be NULL.
///
/// Returns the number of bytes that were read; 0 if result is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_response_body_size(result: *const dockline_result) -> u64 {
    guard_or(0, || field(result, 0, |result| result.response_bytes))
}

/// Returns the start time of the call.
///
/// result: may be NULL.
///
/// Returns nanoseconds since 1970 of the wall clock; 0 if result is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_started(result: *const dockline_result) -> i64 {
    guard_or(0, || field(result, 0, |result| unix_nanos(result.started)))
}

/// Returns the end time of the call.
///
/// A stream ends when its end is reached or when it is freed.
///
/// result: may be NULL.
///
/// Returns nanoseconds since 1970 of the wall clock; 0 if result is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_ended(result: *const dockline_result) -> i64 {
    guard_or(0, || field(result, 0, |result| unix_nanos(result.ended)))
}

/// Returns the duration of the call.
///
/// result: may be NULL.
///
/// Returns nanoseconds of the monotonic clock; 0 if result is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_duration(result: *const dockline_result) -> i64 {
    guard_or(0, || {
        field(result, 0, |result| i64::try_from(result.duration.as_nanos()).unwrap_or(i64::MAX))
    })
}

/// Returns the error message of a failed call.
///
/// result: may be NULL.
///
/// Returns NULL if the call succeeded, or if result is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_error(result: *const dockline_result) -> *const c_char {
    guard_or(ptr::null(), || {
        field(result, ptr::null(), |result| {
            result.error.as_ref().map_or(ptr::null(), |error| error.as_ptr().cast())
        })
    })
}

/// Returns the number of notes.
///
/// See dockline_result_note().
///
/// result: may be NULL.
///
/// Returns 0 if result is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_note_count(result: *const dockline_result) -> usize {
    guard_or(0, || field(result, 0, |result| result.notes.len()))
}

/// Returns a note: a warning about the call.
///
/// For example, a credential helper is missing and the call was made without credentials.
///
/// result: may be NULL.
/// index: the index of the note, from 0.
///
/// Returns the note as a phrase; NULL past the end, and if result is NULL.
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

/// Copies a result, to keep it after the callback.
///
/// result: may be NULL.
///
/// Returns the copy, to be freed with dockline_result_free(); NULL if result is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_result_clone(
    result: *const dockline_result,
) -> *mut dockline_result {
    guard_or(ptr::null_mut(), || {
        arg::optional(result).map_or(ptr::null_mut(), |it| arg::boxed(it.clone()))
    })
}

/// Frees a copy of a result.
///
/// The result that a callback receives must not be freed.
///
/// result: made by dockline_result_clone(); may be NULL.
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
