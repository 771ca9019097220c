//! Raw requests
//!
//! Requests that have no function here, such as those of newer engines.

use std::ffi::{CString, c_char, c_int, c_void};
use std::ptr;

use super::arg;
use super::context::{context, dockline_context};
use super::download::dockline_download;
use super::failure::{Fail, c_string, dockline_error};
use super::guard::{guard, guard_or};
use super::json::dockline_value;
use super::source::dockline_source;
use crate::codec::options;
use crate::{Filters, RawRequest};

options! {
    /// The parameter `request` of a raw request.
    #[derive(Default)]
    struct Request {
        method: String = manual "method",
        path: String = manual "path",
        query: Filters = manual "query",
        headers: Filters = manual "headers",
        content_type: String = manual "content_type",
        unversioned: bool = manual "unversioned",
    }
}

impl Request {
    fn with_body(self, body: &[u8]) -> RawRequest {
        RawRequest {
            method: self.method,
            path: self.path,
            query: self.query.pairs().collect(),
            headers: self.headers.pairs().collect(),
            body: body.to_vec(),
            content_type: self.content_type,
            unversioned: self.unversioned,
        }
    }
}

/// Response to a raw request.
///
/// It is received from dockline_raw() and freed with dockline_response_free(). Any number of
/// threads may read it at once.
pub struct dockline_response {
    status: c_int,
    headers: Vec<(String, CString)>,
    /// Ends with a NUL.
    body: Vec<u8>,
}

/// Sends any request and reads its whole response.
///
/// The request is sent like all others: with version prefix, timeouts, cancellation and result
/// callback. An error status is a failure.
///
/// request: an object with "path" (string: without version prefix and query, such as
/// "/containers/json"; required), "method" (string: GET by default), "query" (object:
/// parameters with a string, number, boolean or an array of them as value, not escaped),
/// "headers" (object: additional headers, with the same types of values), "content_type"
/// (string: application/json by default) and "unversioned" (boolean: without version prefix,
/// which selects the engine's newest API version).
/// body: the request body; NULL for none.
/// body_length: its length in bytes; 0 for none.
/// response: receives the response; free it with dockline_response_free().
///
/// Returns DOCKLINE_OK if the HTTP status is 2xx or 304; or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_raw(
    context: *const dockline_context,
    request: *const dockline_value,
    body: *const c_void,
    body_length: usize,
    response: *mut *mut dockline_response,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("Raw", error, || {
        let response = arg::out("response", response)?;
        let context = self::context(context)?;
        let request: Request = arg::body("request", request)?;
        let raw = context.raw(&request.with_body(arg::bytes("body", body, body_length)?))?;
        let mut body = raw.body;
        body.push(0);
        response.put_handle(dockline_response {
            status: raw.status.into(),
            headers: raw
                .headers
                .into_iter()
                .map(|(name, value)| (name, c_string(&value)))
                .collect(),
            body,
        });
        Ok(())
    })
}

/// Sends any request and streams its response.
///
/// request: as for dockline_raw(); "content_type" defaults to application/x-tar.
/// upload: the source of the request body, which is streamed; NULL for none.
/// download: receives the response body; free it with dockline_download_free().
///
/// Returns DOCKLINE_OK if the HTTP status is 2xx, 304 or 101; or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_raw_stream(
    context: *const dockline_context,
    request: *const dockline_value,
    upload: *mut dockline_source,
    download: *mut *mut dockline_download,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("Raw", error, || -> Result<(), Fail> {
        let download = arg::out("download", download)?;
        let context = self::context(context)?;
        let request: Request = arg::body("request", request)?;
        let upload = upload.as_mut().map(dockline_source::reader);
        let stream = context.raw_stream(&request.with_body(&[]), upload)?;
        download.put_handle(dockline_download(stream.into_download()));
        Ok(())
    })
}

/// Returns the HTTP status of a response.
///
/// response: may be NULL.
///
/// Returns 0 if response is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_response_status(response: *const dockline_response) -> c_int {
    guard_or(0, || arg::optional(response).map_or(0, |response| response.status))
}

/// Returns a header of a response.
///
/// response: may be NULL.
/// name: the name of the header, in any case.
///
/// Returns the value, which belongs to the response; NULL if the header does not exist or is
/// not text, or if response is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_response_header(
    response: *const dockline_response,
    name: *const c_char,
) -> *const c_char {
    guard_or(ptr::null(), || {
        let (Some(response), Ok(name)) = (arg::optional(response), arg::text("name", name)) else {
            return ptr::null();
        };
        let header = response.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
        header.map_or(ptr::null(), |(_, value)| value.as_ptr())
    })
}

/// Returns the body of a response.
///
/// response: may be NULL.
/// length: receives the length in bytes; may be NULL.
///
/// Returns the body, which belongs to the response and is followed by a NUL that is not
/// counted; NULL if response is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_response_body(
    response: *const dockline_response,
    length: *mut usize,
) -> *const c_void {
    guard_or(ptr::null(), || {
        let (pointer, count) = match arg::optional(response) {
            Some(response) => (response.body.as_ptr().cast(), response.body.len() - 1),
            None => (ptr::null(), 0),
        };
        if let Some(length) = arg::optional_out(length) {
            length.put(count);
        }
        pointer
    })
}

/// Frees a response.
///
/// response: may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_response_free(response: *mut dockline_response) {
    guard_or((), || arg::free(response))
}
