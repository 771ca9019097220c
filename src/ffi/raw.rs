use std::ffi::{CString, c_char, c_int, c_void};
use std::ptr;

use super::arg;
use super::context::{context, dockline_context};
use super::download::dockline_download;
use super::failure::{Fail, dockline_error};
use super::guard::{guard, guard_or};
use super::json::dockline_value;
use super::source::dockline_source;
use crate::codec::options;
use crate::{Filters, RawRequest};

options! {
    /// A raw request as C gives it.
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

/// The whole response to a raw request. Any number of threads may read it.
pub struct dockline_response {
    status: c_int,
    headers: Vec<(String, CString)>,
    /// With a NUL behind it.
    body: Vec<u8>,
}

/// Makes any request and reads its whole response. It goes out as every other call: with version
/// prefix, timeouts, cancelling, result callback, and refusals as errors.
///
/// request: "path" (text, without version prefix and query, such as "/containers/json"), "method"
/// (text, GET unless given), "query" (object of texts, numbers, booleans or arrays of them, not
/// escaped), "headers" (object, likewise), "content_type" (text, application/json unless given),
/// "unversioned" (boolean: no version prefix).
/// body, body_length: the request's body; NULL and 0 for none.
///
/// Returns DOCKLINE_OK for a status of 2xx or 304, or a negative dockline_status.
/// Free *answer with dockline_response_free().
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
        let got = context.raw(&request.with_body(arg::bytes("body", body, body_length)?))?;
        let mut body = got.body;
        body.push(0);
        let text = |value: String| CString::new(value).unwrap_or_default();
        response.put_handle(dockline_response {
            status: got.status.into(),
            headers: got.headers.into_iter().map(|(name, value)| (name, text(value))).collect(),
            body,
        });
        Ok(())
    })
}

/// Makes any request and hands out its response as it comes.
///
/// request: as for dockline_raw(); "content_type" is application/x-tar unless given.
/// upload: where the request's body comes from, streamed up; NULL for none.
///
/// Returns DOCKLINE_OK for a status of 2xx, 304 or 101, or a negative dockline_status.
/// Free *download with dockline_download_free().
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

/// The HTTP status of a response; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_response_status(response: *const dockline_response) -> c_int {
    guard_or(0, || arg::optional(response).map_or(0, |response| response.status))
}

/// A header of a response, by its name in any case; NULL where there is none. It belongs to the
/// answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_response_header(
    response: *const dockline_response,
    name: *const c_char,
) -> *const c_char {
    guard_or(ptr::null(), || {
        let (Some(response), Ok(name)) = (arg::optional(response), arg::text("name", name)) else {
            return ptr::null();
        };
        let header = response.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        header.map_or(ptr::null(), |(_, value)| value.as_ptr())
    })
}

/// The body of a response, followed by a NUL that is not counted; NULL for NULL. It belongs to the
/// answer. length: where to put the number of bytes; may be NULL.
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

/// Frees a response. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_response_free(response: *mut dockline_response) {
    guard_or((), || arg::free(response))
}
