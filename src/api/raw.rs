//! Requests without a typed operation.

use std::io::{self, Read};

use crate::call::is_method;
use crate::request::{Body, Request, ResponseTimeout};
use crate::stream::Download;
use crate::{Context, Result};

/// The operation in errors and results of raw requests.
const RAW: &str = "Raw";

/// A request for [`Context::raw`] and [`Context::raw_stream`].
///
/// It is sent like every other request, with version prefix, timeouts, cancellation and result
/// callback. Error responses become errors.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawRequest {
    /// HTTP method. Default: `GET`.
    pub method: String,
    /// Path without version prefix and query, such as `/containers/json`.
    pub path: String,
    /// Query parameters in order, not percent-encoded. A name may occur several times.
    pub query: Vec<(String, String)>,
    /// Additional headers.
    pub headers: Vec<(String, String)>,
    /// The body; no body is sent if it is empty.
    pub body: Vec<u8>,
    /// `Content-Type` of the body. Default: `application/json`.
    pub content_type: String,
    /// Omit the version prefix, so that the engine uses its newest version.
    pub unversioned: bool,
}

/// The whole response to a [`RawRequest`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawResponse {
    /// The HTTP status: 200 to 299, or 304. Other statuses are errors.
    pub status: u16,
    /// The headers, with names in lower case. Values that are not text are omitted.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

pub(crate) fn raw(raw: &RawRequest, upload: bool) -> Request<RawResponse> {
    let method = if raw.method.is_empty() { "GET" } else { &raw.method };
    let mut request =
        Request::new(RAW, method.to_owned(), &raw.path).response_timeout(ResponseTimeout::None);
    if !is_method(method) {
        request.wrong(format!("{method:?} is not a valid HTTP method"));
    }
    if !raw.path.starts_with('/') {
        request.wrong(format!("the path {:?} does not begin with a slash", raw.path));
    } else if let Some(bad) = raw.path.chars().find(|c| c.is_control() || matches!(c, '?' | '#')) {
        request.wrong(format!(
            "the path {:?} contains {bad:?}: give parameters in the query",
            raw.path
        ));
    } else if raw.path.split('/').any(|part| part == "." || part == "..") {
        request.wrong(format!("the path {:?} contains `.` or `..`", raw.path));
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
            request.wrong("a body and a reader are both given: set only one");
        }
    } else if !raw.body.is_empty() {
        request.parts.body =
            Body::Bytes(raw.body.clone().into(), content_type("application/json").into());
    }
    let request = if raw.unversioned { request.unversioned() } else { request };
    request.returning()
}

impl Context {
    /// Sends a request and reads the whole response.
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
    /// As every operation. A status other than 2xx and 304 is an error with the engine's message.
    pub fn raw(&self, request: &RawRequest) -> Result<RawResponse> {
        self.call_with(raw(request, false).parts, None, |response| {
            Ok(RawResponse {
                status: response.status,
                headers: header_list(&response.headers),
                body: response.body,
            })
        })
    }

    /// Sends a request, with a body streamed from `upload`, and streams the response.
    ///
    /// # Errors
    /// As every operation. A status other than 2xx, 304 and 101 is an error with the engine's
    /// message.
    pub fn raw_stream(
        &self,
        request: &RawRequest,
        upload: Option<&mut dyn Read>,
    ) -> Result<RawStream> {
        let request = raw(request, upload.is_some());
        let response = self.open_stream(request, upload)?;
        Ok(RawStream {
            headers: header_list(&response.headers),
            download: Download::new(response.body),
        })
    }
}

/// The streamed response to a raw request: a [`Read`] with headers.
#[derive(Debug)]
pub struct RawStream {
    headers: Vec<(String, String)>,
    download: Download,
}

impl RawStream {
    /// Returns the headers, with names in lower case. Values that are not text are omitted.
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// Returns the body by value.
    pub fn into_download(self) -> Download {
        self.download
    }

    /// Returns the body.
    pub fn download(&mut self) -> &mut Download {
        &mut self.download
    }
}

impl Read for RawStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.download.read(buffer)
    }
}

fn header_list(headers: &ureq::http::HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        })
        .collect()
}
