//! Any request at all.

use std::io::{self, Read};

use crate::call::is_method;
use crate::request::{Body, Request, ResponseTimeout};
use crate::stream::Download;
use crate::{Context, Result};

/// The operation that errors and results of raw calls name.
const RAW: &str = "Raw";

/// A request in the caller's own words; for [`Context::raw`] and [`Context::raw_stream`].
///
/// It goes out as every other call: with version prefix, timeouts, cancelling, result handler, and
/// refusals as errors.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawRequest {
    /// The HTTP method; `GET` when empty.
    pub method: String,
    /// The path without version prefix and query, such as `/containers/json`.
    pub path: String,
    /// Parameters, in order, not escaped; a name may come several times.
    pub query: Vec<(String, String)>,
    /// Headers besides those that the library sends.
    pub headers: Vec<(String, String)>,
    /// The body, in memory; none when empty.
    pub body: Vec<u8>,
    /// `Content-Type` of the body; `application/json` when empty.
    pub content_type: String,
    /// Leaves the version prefix out, so that the engine answers as its newest version.
    pub unversioned: bool,
}

/// The whole response to a [`RawRequest`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawResponse {
    /// The HTTP status: 200 to 299, or 304. All others are errors.
    pub status: u16,
    /// The headers, names in lower case. A value that is no text is left out.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

pub(crate) fn raw(raw: &RawRequest, upload: bool) -> Request<RawResponse> {
    let method = if raw.method.is_empty() { "GET" } else { &raw.method };
    let mut request =
        Request::new(RAW, method.to_owned(), &raw.path).response_timeout(ResponseTimeout::None);
    if !is_method(method) {
        request.wrong(format!("{method:?} is no HTTP method"));
    }
    if !raw.path.starts_with('/') {
        request.wrong(format!("the path {:?} does not begin with a slash", raw.path));
    } else if let Some(bad) = raw.path.chars().find(|c| c.is_control() || matches!(c, '?' | '#')) {
        request
            .wrong(format!("the path {:?} holds {bad:?}; parameters go into the query", raw.path));
    } else if raw.path.split('/').any(|part| part == "." || part == "..") {
        request.wrong(format!("the path {:?} holds `.` or `..`", raw.path));
    }
    for (name, value) in &raw.query {
        request = request.param(name, value);
    }
    for (name, value) in &raw.headers {
        request = request.header(name.clone(), value.clone());
    }
    let content_type = |default: &str| {
        if raw.content_type.is_empty() { default.to_owned() } else { raw.content_type.clone() }
    };
    if upload {
        request.parts.body = Body::Upload(content_type("application/x-tar").into());
        if !raw.body.is_empty() {
            request.wrong("a body and a reader are both given: only one can be sent");
        }
    } else if !raw.body.is_empty() {
        request.parts.body =
            Body::Bytes(raw.body.clone().into(), content_type("application/json").into());
    }
    let request = if raw.unversioned { request.unversioned() } else { request };
    request.returning()
}

impl Context {
    /// Makes any request and reads its whole response.
    ///
    /// ```no_run
    /// use dockline::{Context, RawRequest};
    /// let docker = Context::from_env()?;
    /// let request = RawRequest { path: "/containers/json".into(), ..Default::default() };
    /// println!("{}", String::from_utf8_lossy(&docker.raw(&request)?.body));
    /// # Ok::<(), dockline::Error>(())
    /// ```
    ///
    /// # Errors
    /// As every call; a status other than 2xx and 304 is an error with the engine's words.
    pub fn raw(&self, request: &RawRequest) -> Result<RawResponse> {
        self.call_with(raw(request, false).parts, None, |response| {
            Ok(RawResponse {
                status: response.status,
                headers: plain(&response.headers),
                body: response.body,
            })
        })
    }

    /// Makes any request, with a body streamed up from `upload` if there is one, and hands out its
    /// answer as it comes.
    ///
    /// # Errors
    /// As every call; a status other than 2xx, 304 and 101 is an error with the engine's words.
    pub fn raw_stream(
        &self,
        request: &RawRequest,
        upload: Option<&mut dyn Read>,
    ) -> Result<RawStream> {
        let request = raw(request, upload.is_some());
        let response = self.open_stream(request, upload)?;
        Ok(RawStream { headers: plain(&response.headers), download: Download::new(response.body) })
    }
}

/// The response to a raw request as it comes: a [`Read`], with its headers.
#[derive(Debug)]
pub struct RawStream {
    headers: Vec<(String, String)>,
    download: Download,
}

impl RawStream {
    /// The headers, names in lower case. A value that is no text is left out.
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// The body alone.
    pub fn into_download(self) -> Download {
        self.download
    }

    /// The body.
    pub fn download(&mut self) -> &mut Download {
        &mut self.download
    }
}

impl Read for RawStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.download.read(buffer)
    }
}

fn plain(headers: &ureq::http::HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        })
        .collect()
}
