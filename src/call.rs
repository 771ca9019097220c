//! The one place where a call happens. Read [`Context::call_with`] and [`Context::start`] from top to
//! bottom.

use std::io::{self, Read};
use std::rc::Rc;

use ureq::http::{HeaderMap, HeaderName, Method, header};
use ureq::{SendBody, http};
use zeroize::Zeroize;

use crate::call_result::{Heads, Recorder};
#[cfg(feature = "capi")]
use crate::codec::Shape;
use crate::codec::{DecodeError, JsonType, Notes, Slot, from_response, read_response, record};
use crate::config::tls::TlsError;
use crate::credentials::CredentialHeader;
use crate::request::{Body, Parts, Request, ResponseTimeout};
use crate::stream::BodyReader;
use crate::transport::http::{ConnectionUse, Exchange};
use crate::{ApiError, ApiVersion, Context, Error, Outcome, Result};
#[cfg(feature = "capi")]
use crate::{Value, ValueType};

/// Largest error body that is read; a proxy may send an endless page.
const MAX_ERROR_BODY: u64 = 1024 * 1024;

/// Room for a response that is a secret.
const ROOM_FOR_SECRET: usize = 64 * 1024;

/// A response that was read to its end.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// Reads the body, and wipes it afterwards if it is a secret.
    fn read<R>(mut self, secret: bool, read: impl FnOnce(&[u8]) -> R) -> R {
        let result = read(&self.body);
        if secret {
            self.body.zeroize();
        }
        result
    }
}

/// A response whose body is still to come.
pub(crate) struct OpenResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: BodyReader,
}

/// What the caller of [`Context::start`] does with the response.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Receiving {
    /// Reads the whole body.
    Body,
    /// Takes the connection over behind the head.
    Stream,
}

/// A successful response, up to its body.
struct Started {
    exchange: Rc<Exchange>,
    response: http::Response<ureq::Body>,
}

impl Context {
    /// Makes a call whose answer is one JSON value.
    pub(crate) fn call<T: JsonType>(&self, request: Request<T>) -> Result<T> {
        let mut value = T::empty();
        self.call_into(request.parts, value.slot())?;
        Ok(value)
    }

    /// Makes a call whose response is one JSON value, and reads it into a slot.
    fn call_into(&self, parts: Parts, slot: Slot<'_>) -> Result<()> {
        let mut recorder = Recorder::new(&self.reporting, self.endpoint(), &parts);
        let result = self
            .start(&parts, None, Receiving::Body, &mut recorder)
            .and_then(|started| started.read_body(&parts, &mut recorder))
            .and_then(|response| {
                response
                    .read(parts.secret.response, |body| decode_into(parts.operation, body, slot))
            });
        if let Some(recorder) = &mut recorder {
            if let Ok(notes) = &result {
                recorder.notes(notes);
            }
            recorder.report(result.as_ref().err());
        }
        result.map(drop)
    }

    /// Makes a call whose answer is one JSON value, kept as it is.
    #[cfg(feature = "capi")]
    pub(crate) fn call_value<T: JsonType>(&self, request: Request<T>) -> Result<Value> {
        self.call_shape(request.parts, T::SHAPE)
    }

    #[cfg(feature = "capi")]
    fn call_shape(&self, parts: Parts, shape: Shape) -> Result<Value> {
        let Parts { operation, secret, .. } = parts;
        self.call_with(parts, None, |response| {
            response.read(secret.response, |body| to_value(operation, body, shape))
        })
    }

    /// Makes a call that brings no response but that it was done.
    pub(crate) fn call_outcome(&self, request: Request<()>) -> Result<Outcome> {
        self.call_with(request.parts, None, |response| {
            Ok(if response.status == 304 { Outcome::NotModified } else { Outcome::Done })
        })
    }

    /// Makes a call and reads its response with `read`, whose failure is the call's.
    pub(crate) fn call_with<R>(
        &self,
        parts: Parts,
        upload: Option<&mut dyn Read>,
        read: impl FnOnce(Response) -> Result<R>,
    ) -> Result<R> {
        let mut recorder = Recorder::new(&self.reporting, self.endpoint(), &parts);
        let result = self
            .start(&parts, upload, Receiving::Body, &mut recorder)
            .and_then(|started| started.read_body(&parts, &mut recorder))
            .and_then(read);
        if let Some(recorder) = &mut recorder {
            recorder.report(result.as_ref().err());
        }
        result
    }

    /// Makes a call whose response is a stream. The end of the stream is the end of the call.
    pub(crate) fn open_stream<T>(
        &self,
        request: Request<T>,
        upload: Option<&mut dyn Read>,
    ) -> Result<OpenResponse> {
        let parts = request.parts;
        let mut recorder = Recorder::new(&self.reporting, self.endpoint(), &parts);
        let result = self
            .start(&parts, upload, Receiving::Stream, &mut recorder)
            .and_then(|started| started.take_over(&parts));
        match result {
            Ok(mut response) => {
                response.body.record(recorder);
                Ok(response)
            }
            Err(error) => {
                if let Some(recorder) = &mut recorder {
                    recorder.report(Some(&error));
                }
                Err(error)
            }
        }
    }

    /// Starts a call: checks, version prefix, credentials, request, status.
    fn start(
        &self,
        parts: &Parts,
        mut upload: Option<&mut dyn Read>,
        receiving: Receiving,
        recorder: &mut Option<Recorder>,
    ) -> Result<Started> {
        let url = self.checked_url(parts)?;
        if let Some(recorder) = recorder {
            recorder.url(&url);
        }
        let timeout = match receiving {
            Receiving::Body => parts.timeout,
            Receiving::Stream => ResponseTimeout::None,
        };
        let usage = ConnectionUse {
            sends_body: !matches!(parts.body, Body::Empty),
            takes_over: receiving == Receiving::Stream,
            upgrades: parts.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("upgrade")),
            carries_secrets: parts.is_secret() || self.headers().hold_secrets(),
        };
        let io = self.call_io(parts.operation, timeout);
        let exchange = Exchange::new(io, usage, recorder.is_some().then(Heads::default));
        // Fails if the call is cancelled or late before it begins.
        exchange.io.wait(None)?;
        if let (Some(recorder), Body::Bytes(bytes, _)) = (&mut *recorder, &parts.body) {
            recorder.request_body(bytes);
        }

        let credentials = match &parts.credentials {
            None => None,
            Some(wanted) => {
                let mut lookup = self.lookup(&exchange.io);
                let header = wanted.header(&mut lookup);
                if let Some(recorder) = recorder {
                    recorder.add_notes(lookup.notes);
                }
                header?
            }
        };

        // The engine may close an idle connection at any time. A request that changes nothing and
        // that the engine has not received is sent once more.
        let mut repeatable = matches!(&*parts.method, "GET" | "HEAD");
        let result = loop {
            match self.send(parts, &url, credentials.as_ref(), &mut upload, &exchange, recorder) {
                Err(Error::Disconnected { .. }) if repeatable && exchange.was_stale() => {
                    repeatable = false;
                    exchange.fresh_attempt();
                }
                result => break result,
            }
        };
        if let (Some(recorder), Some(heads)) = (&mut *recorder, &exchange.heads) {
            recorder.heads(heads.take());
        }
        let response = result.map_err(|error| self.not_found(error))?;

        let status = response.status().as_u16();
        if let Some(recorder) = recorder {
            recorder.status(status);
        }
        let started = Started { exchange, response };
        match status {
            200..=299 | 304 | 101 => Ok(started),
            _ => Err(self.read_error_response(parts, started, recorder)),
        }
    }

    /// The URL of a request. Fails if the request is invalid, or needs a newer API version.
    fn checked_url(&self, parts: &Parts) -> Result<String> {
        if let Some(error) = &parts.wrong {
            return Err(Error::invalid(parts.operation, wrong_message(error)));
        }
        let mut url = self.url_prefix().to_owned();
        if parts.versioned {
            let version = self.api_version()?;
            parts.check_version(version)?;
            url.push_str("/v");
            url.push_str(&version.to_string());
        }
        url.push_str(&parts.path);
        if !parts.query.is_empty() {
            url.push('?');
            url.push_str(&parts.query);
        }
        Ok(url)
    }

    /// Hands the request to ureq, and translates its errors.
    fn send(
        &self,
        parts: &Parts,
        url: &str,
        credentials: Option<&CredentialHeader>,
        upload: &mut Option<&mut dyn Read>,
        exchange: &Rc<Exchange>,
        recorder: &mut Option<Recorder>,
    ) -> Result<http::Response<ureq::Body>> {
        let wrong = |error: http::Error| {
            Error::invalid(parts.operation, format!("cannot be sent: {error}"))
        };
        let head = self.head(parts, url, credentials).map_err(wrong)?;
        let result = match &parts.body {
            Body::Bytes(bytes, _) => {
                let request = head.map(|()| &bytes[..]);
                exchange.during(|| self.agent().run(request))
            }
            Body::Upload(_) => {
                let Some(reader) = upload else {
                    return Err(Error::invalid(
                        parts.operation,
                        "a body is needed, and no reader for it is given",
                    ));
                };
                let mut source = Upload { reader: *reader, exchange, recorder, failure: None };
                let request = head.map(|()| SendBody::from_reader(&mut source));
                let result = exchange.during(|| self.agent().run(request));
                if let Some(source) = source.failure {
                    return Err(Error::Io {
                        operation: parts.operation,
                        message: "reading what is to be uploaded".to_owned(),
                        source,
                    });
                }
                result
            }
            // Go's server wants a length from a POST; ureq sends none for "no body".
            Body::Empty if matches!(&*parts.method, "POST" | "PUT" | "PATCH") => {
                let request = head.map(|()| &[][..]);
                exchange.during(|| self.agent().run(request))
            }
            Body::Empty => {
                let request = head.map(|()| SendBody::none());
                exchange.during(|| self.agent().run(request))
            }
        };
        result
            .map_err(|error| exchange.take_failure().unwrap_or_else(|| translate(exchange, error)))
    }

    /// The request without its body.
    fn head(
        &self,
        parts: &Parts,
        url: &str,
        credentials: Option<&CredentialHeader>,
    ) -> Result<http::Request<()>, http::Error> {
        let mut request = http::Request::builder().body(())?;
        *request.method_mut() = Method::from_bytes(parts.method.as_bytes())?;
        *request.uri_mut() = url.parse()?;
        let headers = request.headers_mut();
        for (name, value) in &parts.headers {
            headers.try_append(HeaderName::from_bytes(name.as_bytes())?, value.parse()?)?;
        }
        if let Some(CredentialHeader { name, value }) = credentials {
            headers.try_append(HeaderName::from_static(name), value.clone())?;
        }
        if let Body::Bytes(_, content_type) | Body::Upload(content_type) = &parts.body {
            headers.try_append(header::CONTENT_TYPE, content_type.parse()?)?;
        }
        // Headers of a single request override the context's.
        for (name, value) in self.headers().iter() {
            if !headers.contains_key(name) {
                headers.try_append(name.clone(), value.clone())?;
            }
        }
        Ok(request)
    }

    /// Reads the body of an unsuccessful response, and returns the error it stands for.
    fn read_error_response(
        &self,
        parts: &Parts,
        Started { exchange, response }: Started,
        recorder: &mut Option<Recorder>,
    ) -> Error {
        let (head, mut body) = response.into_parts();
        // Errors arrive promptly even if the work itself is slow.
        let exchange = exchange.with_read(self.timeouts.read);
        let mut bytes = Vec::new();
        let read =
            exchange.during(|| body.as_reader().take(MAX_ERROR_BODY).read_to_end(&mut bytes));
        // The rest of an endless body goes with its connection.
        exchange.during(|| drop(body));
        if let Some(recorder) = recorder {
            recorder.response_body(&bytes);
        }
        if read.is_err() && exchange.io.state.is_cancelled() {
            return Error::Cancelled { operation: parts.operation };
        }
        // The status counts even if the body is incomplete.
        self.api_error(parts, head.status.as_u16(), &head.headers, &bytes)
    }

    /// Adds every socket that was probed to the error of connecting to an engine that was not named.
    fn not_found(&self, error: Error) -> Error {
        match error {
            Error::Connect { operation, mut message, errno } if !self.probed().is_empty() => {
                message.push_str("; no engine is named, and none is found: ");
                message.push_str(&self.probed().join("; "));
                Error::Connect { operation, message, errno }
            }
            error => error,
        }
    }

    /// What a response that says no means.
    fn api_error(&self, parts: &Parts, status: u16, headers: &HeaderMap, body: &[u8]) -> Error {
        let message = error_message(status, body);
        // What TLS servers in Go, and nginx, tell who comes without TLS.
        if status == 400
            && ["HTTP request to an HTTPS server", "HTTP request was sent to HTTPS port"]
                .iter()
                .any(|words| message.contains(words))
        {
            let TlsError { failure, message } = TlsError::tls_expected();
            return Error::Tls { operation: parts.operation, failure, message };
        }
        // An engine refuses a version with 400 and these words; nothing in the response is made for
        // programs.
        if status == 400 && parts.versioned && message.contains("client version") {
            let too_old = message.contains("is too new");
            if too_old || message.contains("is too old") {
                return self.unsupported_version(parts.operation, headers, &message, too_old);
            }
        }
        Error::from_api_error(ApiError { operation: parts.operation, status, message })
    }

    /// The engine does not speak the version in use: say what both sides speak.
    fn unsupported_version(
        &self,
        operation: &'static str,
        headers: &HeaderMap,
        words: &str,
        too_old: bool,
    ) -> Error {
        let spoken = self.known_version().unwrap_or(ApiVersion::NEWEST);
        let range = match self.call(version_range()) {
            Ok(VersionRange { oldest, newest }) if !newest.is_empty() => {
                format!("{oldest} to {newest}")
            }
            _ => match version_header(headers) {
                Some(newest) => format!("{newest} at most"),
                None => "other versions".to_owned(),
            },
        };
        let advice =
            if self.pinned() { "; leave DOCKER_API_VERSION unset to negotiate" } else { "" };
        let message = format!(
            "API {spoken} is asked for, the engine speaks {range}, dockline {} to {}{advice} ({words})",
            ApiVersion::OLDEST,
            ApiVersion::NEWEST
        );
        if too_old {
            Error::EngineTooOld {
                operation,
                message,
                needed: spoken,
                spoken: version_header(headers).unwrap_or(spoken),
            }
        } else {
            Error::EngineTooNew { operation, message, spoken }
        }
    }

    /// The newest version the engine speaks.
    pub(crate) fn engine_version(&self) -> Result<ApiVersion> {
        let ping = self.ping_headers()?;
        if let Some(version) = version_header(&ping) {
            return Ok(version);
        }
        // A very old engine, or a proxy that drops headers.
        match self.call(version_range()) {
            Ok(range) => Ok(range.newest.parse().unwrap_or(ApiVersion::OLDEST)),
            Err(error) if error.api_error().is_some() => Ok(ApiVersion::OLDEST),
            Err(error) => Err(error),
        }
    }

    /// The headers of a ping: by HEAD, and by GET where HEAD is not understood (before 1.40).
    ///
    /// Without version prefix, since engines check that first.
    pub(crate) fn ping_headers(&self) -> Result<HeaderMap> {
        let ping = |method: &'static str| {
            let request: Request<()> = Request::new("SystemPing", method, "/_ping").unversioned();
            self.call_with(request.parts, None, |response| Ok(response.headers))
        };
        match ping("HEAD") {
            Err(error) if error.api_error().is_some() => ping("GET"),
            result => result,
        }
    }
}

impl Started {
    /// Reads the whole body.
    fn read_body(self, parts: &Parts, recorder: &mut Option<Recorder>) -> Result<Response> {
        let Started { exchange, response } = self;
        let (head, mut body) = response.into_parts();
        // A buffer that grows leaves copies of a secret behind.
        let room = if parts.secret.response { ROOM_FOR_SECRET } else { 0 };
        let mut bytes = Vec::with_capacity(room);
        let read = exchange.during(|| body.as_reader().read_to_end(&mut bytes));
        exchange.during(|| drop(body));
        if let Some(recorder) = recorder {
            recorder.response_body(&bytes);
        }
        if let Err(error) = read {
            return Err(exchange.take_failure().unwrap_or_else(|| broken_off(&exchange, &error)));
        }
        Ok(Response { status: head.status.as_u16(), headers: head.headers, body: bytes })
    }

    /// Takes the connection over from the HTTP layer, to read the body from it.
    fn take_over(self, parts: &Parts) -> Result<OpenResponse> {
        let Started { exchange, response } = self;
        let (head, body) = response.into_parts();
        // Dropping the body drops the connection, which the exchange then keeps.
        exchange.during(|| drop(body));
        let upgraded = exchange.take_upgraded().ok_or_else(|| Error::Protocol {
            operation: parts.operation,
            message: "the connection is gone behind the head of the response".to_owned(),
        })?;
        let body = BodyReader::new(upgraded, exchange.io.clone(), &head, &parts.method)?;
        Ok(OpenResponse { status: head.status.as_u16(), headers: head.headers, body })
    }
}

/// Reads a response's JSON.
pub(crate) fn decode<T: JsonType>(operation: &'static str, json: &[u8]) -> Result<T> {
    Ok(decode_noting(operation, json)?.0)
}

/// Reads a response's JSON, with notes on what is of the wrong type.
pub(crate) fn decode_noting<T: JsonType>(
    operation: &'static str,
    json: &[u8],
) -> Result<(T, Notes)> {
    let mut value = T::empty();
    let notes = decode_into(operation, json, value.slot())?;
    Ok((value, notes))
}

fn decode_into(operation: &'static str, json: &[u8], slot: Slot<'_>) -> Result<Notes> {
    read_response(slot, json).map_err(|DecodeError { path, message }| Error::Decode {
        operation,
        path,
        message,
    })
}

/// Reads a response's JSON as it is. `null` is an empty array or object.
#[cfg(feature = "capi")]
pub(crate) fn to_value(operation: &'static str, json: &[u8], shape: Shape) -> Result<Value> {
    let decode = |message| Error::Decode { operation, path: String::new(), message };
    let value = Value::parse(json).map_err(|error| decode(error.to_string()))?;
    let wrong = |expected| {
        let found = value.value_type().description();
        Err(decode(format!("expected {expected}, got {found}")))
    };
    match (shape, value.value_type()) {
        (Shape::Array, ValueType::Null) => Ok(Value::array()),
        (Shape::Object, ValueType::Null) => Ok(Value::object()),
        (Shape::Array, ValueType::Array)
        | (Shape::Object, ValueType::Object)
        | (Shape::String, ValueType::String)
        | (Shape::Any, _) => Ok(value),
        (Shape::Array, _) => wrong("an array"),
        (Shape::Object, _) => wrong("an object"),
        (Shape::String, _) => wrong("a string"),
    }
}

record! {
    /// The two fields of `/version` that name the API versions an engine supports.
    #[derive(Default)]
    struct VersionRange {
        oldest: String = "MinAPIVersion",
        newest: String = "ApiVersion",
    }
}

fn version_range() -> Request<VersionRange> {
    Request::new("SystemVersion", "GET", "/version").unversioned().returning()
}

fn version_header(headers: &HeaderMap) -> Option<ApiVersion> {
    headers.get("api-version")?.to_str().ok()?.trim().parse().ok()
}

/// What a refusal says: `{"message": …}`, or plain text from proxies and streams.
fn error_message(status: u16, body: &[u8]) -> String {
    record! {
        #[derive(Default)]
        struct ErrorResponse {
            message: Option<String> = "message",
        }
    }
    let text = match from_response::<ErrorResponse>(body) {
        Ok((ErrorResponse { message: Some(message) }, _)) => message,
        _ => String::from_utf8_lossy(body).trim().to_owned(),
    };
    if !text.is_empty() {
        return text;
    }
    let reason =
        http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    reason.unwrap_or("the engine gave no reason").to_owned()
}

/// The message of an error that was made before the call, without its operation.
fn wrong_message(error: &Error) -> String {
    match error {
        Error::InvalidArgument { message, .. } => message.clone(),
        other => other.to_string(),
    }
}

/// What ureq's own errors mean; those of the transport were told already.
fn translate(exchange: &Exchange, error: ureq::Error) -> Error {
    match error {
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            exchange.io.closed("before it answered")
        }
        ureq::Error::Io(error) => exchange.io.failed("reading the response", None, error),
        ureq::Error::LargeResponseHeader(..) => Error::Protocol {
            operation: exchange.io.operation,
            message: "the head of the response is longer than 64 KiB".to_owned(),
        },
        ureq::Error::BadUri(message) => {
            Error::invalid(exchange.io.operation, format!("no URL: {message}"))
        }
        other => Error::Protocol {
            operation: exchange.io.operation,
            message: format!("the response is not HTTP/1.1 as expected: {other}"),
        },
    }
}

/// The body of a response ended too early or is not framed as it should be.
fn broken_off(exchange: &Exchange, error: &io::Error) -> Error {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
    match inner {
        Some(ureq::Error::Protocol(_)) => Error::Protocol {
            operation: exchange.io.operation,
            message: format!("the body of the response is malformed: {error}"),
        },
        _ => exchange.io.closed("in the middle of its response"),
    }
}

/// The reader of an upload, as ureq sees it.
struct Upload<'a> {
    reader: &'a mut dyn Read,
    exchange: &'a Exchange,
    recorder: &'a mut Option<Recorder>,
    failure: Option<io::Error>,
}

impl Read for Upload<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // The engine wants no more: end the body here, and hear it out.
        if self.exchange.has_answered() {
            return Ok(0);
        }
        let count = loop {
            match self.reader.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.failure = Some(error);
                    return Err(io::ErrorKind::Other.into());
                }
                Ok(count) => break count,
            }
        };
        if let Some(recorder) = &mut self.recorder {
            recorder.request_body(&buffer[..count]);
        }
        Ok(count)
    }
}

/// Whether a method can be sent.
pub(crate) fn is_method(method: &str) -> bool {
    Method::from_bytes(method.as_bytes()).is_ok()
}
