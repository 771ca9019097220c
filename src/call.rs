//! Sending a request and reading its response. [`Context::call_with`] and [`Context::start`] hold the
//! whole sequence.

use std::io::{self, Read};
use std::rc::Rc;

use serde::de::IgnoredAny;
use ureq::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use ureq::{SendBody, http};
use zeroize::Zeroize;

use crate::call_result::{Heads, Recorder};
#[cfg(feature = "capi")]
use crate::codec::Shape;
use crate::codec::{
    DecodeError, JsonType, Notes, Scalar, Slot, from_response, read_response, record,
};
use crate::config::headers;
use crate::config::tls::TlsError;
use crate::credentials::CredentialHeader;
use crate::error::shortened;
use crate::request::{Body, Parts, Request, ResponseTimeout};
use crate::stream::BodyReader;
use crate::transport::CallIo;
use crate::transport::http::{BodyEnd, ConnectionUse, Exchange, PLACEHOLDER};
use crate::{ApiError, ApiVersion, Context, Error, Outcome, Result};
#[cfg(feature = "capi")]
use crate::{Value, ValueType};

/// Largest error body that is read; a proxy may send an endless page.
const MAX_ERROR_BODY: u64 = 1024 * 1024;

/// Initial capacity of the buffer for a secret response, which should not grow.
const SECRET_BUFFER_SIZE: usize = 64 * 1024;

/// A response with its whole body.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// Passes the body to `read`, and wipes it afterwards if it is secret.
    fn read<R>(mut self, secret: bool, read: impl FnOnce(&[u8]) -> Result<R>) -> Result<R> {
        let result = read(&self.body).map_err(|error| {
            describe_other_than_json(
                error,
                self.headers.get(header::CONTENT_TYPE),
                &self.body,
                secret,
            )
        });
        if secret {
            self.body.zeroize();
        }
        result
    }
}

/// A response whose body is still to be read.
pub(crate) struct OpenResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: BodyReader,
}

/// Use of a response by the caller of [`Context::start`].
#[derive(Clone, Copy, PartialEq, Eq)]
enum ResponseUse {
    /// The whole body is read.
    Body,
    /// The connection is taken over after the response head.
    Stream,
}

/// A response whose head was received, with a status of success.
struct ResponseHead {
    exchange: Rc<Exchange>,
    response: http::Response<ureq::Body>,
}

impl Context {
    /// Makes a call whose response is one JSON value.
    pub(crate) fn call<T: JsonType>(&self, request: Request<T>) -> Result<T> {
        let mut value = T::empty();
        self.call_into(request.parts, value.slot())?;
        Ok(value)
    }

    /// Makes a call whose response is one JSON value, and reads it into `slot`.
    fn call_into(&self, parts: Parts, slot: Slot<'_>) -> Result<()> {
        let mut recorder = self.reporting.recorder(self.endpoint(), &parts);
        let result = self
            .start(&parts, None, ResponseUse::Body, &mut recorder)
            .and_then(|head| self.read_body(&parts, head, &mut recorder))
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

    /// Makes a call whose response is one JSON value, and returns it unchanged.
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

    /// Makes a call whose response is only a status.
    pub(crate) fn call_outcome(&self, request: Request<()>) -> Result<Outcome> {
        self.call_with(request.parts, None, |response| {
            Ok(if response.status == 304 { Outcome::NotModified } else { Outcome::Done })
        })
    }

    /// Makes a call and reads its response with `read`. An error of `read` is the call's.
    pub(crate) fn call_with<R>(
        &self,
        parts: Parts,
        upload: Option<&mut dyn Read>,
        read: impl FnOnce(Response) -> Result<R>,
    ) -> Result<R> {
        let mut recorder = self.reporting.recorder(self.endpoint(), &parts);
        let result = self
            .start(&parts, upload, ResponseUse::Body, &mut recorder)
            .and_then(|head| self.read_body(&parts, head, &mut recorder))
            .and_then(read);
        if let Some(recorder) = &mut recorder {
            recorder.report(result.as_ref().err());
        }
        result
    }

    /// Makes a call whose response is a stream. Its result is reported when the stream ends, fails or is dropped.
    pub(crate) fn open_stream<T>(
        &self,
        request: Request<T>,
        upload: Option<&mut dyn Read>,
    ) -> Result<OpenResponse> {
        let parts = request.parts;
        let mut recorder = self.reporting.recorder(self.endpoint(), &parts);
        let result = self
            .start(&parts, upload, ResponseUse::Stream, &mut recorder)
            .and_then(|head| head.take_over(&parts));
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

    /// Makes a call up to the response head: input checks, version prefix, credentials, request, status.
    ///
    /// If the engine rejects the negotiated version, since it was replaced, the version is negotiated once more.
    fn start(
        &self,
        parts: &Parts,
        upload: Option<&mut dyn Read>,
        response_use: ResponseUse,
        recorder: &mut Option<Box<dyn Recorder>>,
    ) -> Result<ResponseHead> {
        let (url, version) = self.checked_url(parts)?;
        // An upload was read, and cannot be sent again.
        let can_repeat = upload.is_none();
        let result = self.attempt(parts, &url, upload, response_use, recorder);
        let (Err(error), Some(version)) = (&result, version) else { return result };
        if !self.negotiate_again(version, error) || !can_repeat {
            return result;
        }
        if let Some(recorder) = recorder {
            recorder.restart(format!("negotiated the API version again: {error}"));
        }
        let (url, _) = self.checked_url(parts)?;
        self.attempt(parts, &url, None, response_use, recorder)
    }

    /// Sends the request to `url` and reads the response head.
    fn attempt(
        &self,
        parts: &Parts,
        url: &str,
        mut upload: Option<&mut dyn Read>,
        response_use: ResponseUse,
        recorder: &mut Option<Box<dyn Recorder>>,
    ) -> Result<ResponseHead> {
        if let Some(recorder) = recorder {
            recorder.url(url);
            recorder.add_notes(self.version_note().map(str::to_owned).into_iter().collect());
        }
        let timeout = match response_use {
            ResponseUse::Body => parts.timeout,
            ResponseUse::Stream => ResponseTimeout::None,
        };
        let usage = ConnectionUse {
            sends_body: !matches!(parts.body, Body::Empty),
            takes_over: response_use == ResponseUse::Stream,
            upgrades: parts.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("upgrade")),
            carries_secrets: parts.is_secret() || self.headers().contain_secrets(),
        };
        let io = self.call_io(parts.operation, timeout);
        let exchange = Exchange::new(io, usage, recorder.is_some().then(Heads::default));
        // Fails if the call was cancelled or its deadline has passed.
        exchange.io.wait(None)?;
        if let (Some(recorder), Body::Bytes(bytes, _)) = (&mut *recorder, &parts.body) {
            recorder.request_body(bytes);
        }

        let credentials = match &parts.credentials {
            None => None,
            Some(credentials) => {
                let mut lookup = self.lookup(&exchange.io);
                let header = credentials.header(&mut lookup);
                if let Some(recorder) = recorder {
                    recorder.add_notes(lookup.notes);
                }
                header?
            }
        };

        // The engine may close an idle keep-alive connection at any time. A safe request that it has
        // not received is retried once.
        let mut may_retry = matches!(&*parts.method, "GET" | "HEAD");
        let result = loop {
            match self.send(parts, url, credentials.as_ref(), &mut upload, &exchange, recorder) {
                Err(Error::Disconnected { .. }) if may_retry && exchange.was_stale() => {
                    may_retry = false;
                    exchange.fresh_attempt();
                }
                result => break result,
            }
        };
        if let (Some(recorder), Some(heads)) = (&mut *recorder, &exchange.heads) {
            recorder.heads(heads.take());
        }
        let response = result.map_err(|error| self.add_probed_sockets(error))?;

        let status = response.status().as_u16();
        if let Some(recorder) = recorder {
            recorder.status(status);
        }
        let head = ResponseHead { exchange, response };
        match status {
            200..=299 | 304 => Ok(head),
            101 if usage.upgrades && usage.takes_over => Ok(head),
            101 => {
                let ResponseHead { exchange, response } = head;
                exchange.during(|| drop(response));
                Err(Error::Protocol {
                    operation: parts.operation,
                    message: "the engine switched protocols (status 101), which was not requested"
                        .to_owned(),
                })
            }
            _ => Err(self.read_error_response(parts, head, recorder)),
        }
    }

    /// The URL of a request, and the API version in it. Fails if the request is invalid or needs a newer version.
    fn checked_url(&self, parts: &Parts) -> Result<(String, Option<ApiVersion>)> {
        if let Some(error) = &parts.error {
            return Err(Error::invalid(parts.operation, message_of(error)));
        }
        let mut url = self.url_prefix().to_owned();
        let version = if parts.versioned { Some(self.version_for(parts.operation)?) } else { None };
        if let Some(version) = version {
            parts.check_version(version)?;
            url.push_str("/v");
            url.push_str(&version.to_string());
        }
        url.push_str(&parts.path);
        if !parts.query.is_empty() {
            url.push('?');
            url.push_str(&parts.query);
        }
        Ok((url, version))
    }

    /// Sends the request with ureq, and maps its errors.
    fn send(
        &self,
        parts: &Parts,
        url: &str,
        credentials: Option<&CredentialHeader>,
        upload: &mut Option<&mut dyn Read>,
        exchange: &Rc<Exchange>,
        recorder: &mut Option<Box<dyn Recorder>>,
    ) -> Result<http::Response<ureq::Body>> {
        let mut head = self.head(parts, url, credentials).map_err(|error| {
            Error::invalid(parts.operation, format!("the request cannot be sent: {error}"))
        })?;
        // ureq logs the head.
        let mut hidden = Vec::new();
        for (name, value) in head.headers_mut() {
            if value.is_sensitive() {
                hidden.push((name.clone(), std::mem::replace(value, PLACEHOLDER)));
            }
        }
        exchange.hide_headers(hidden);
        let result = match &parts.body {
            Body::Bytes(bytes, _) => {
                let request = head.map(|()| &bytes[..]);
                exchange.during(|| self.agent().run(request))
            }
            Body::Upload(_) => {
                let Some(reader) = upload else {
                    return Err(Error::invalid(
                        parts.operation,
                        "the request requires a body, but no reader is given",
                    ));
                };
                let mut source = Upload { reader: *reader, exchange, recorder, failure: None };
                let request = head.map(|()| SendBody::from_reader(&mut source));
                let result = exchange.during(|| self.agent().run(request));
                if let Some(source) = source.failure {
                    return Err(Error::Io {
                        operation: parts.operation,
                        message: "reading the data to upload".to_owned(),
                        source,
                    });
                }
                result
            }
            // Go's HTTP server expects Content-Length with POST; ureq sends none without a body.
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
            .map_err(|error| exchange.take_failure().unwrap_or_else(|| ureq_error(exchange, error)))
    }

    /// The request without a body.
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
            let mut value: HeaderValue = value.parse()?;
            value.set_sensitive(headers::is_secret(name.as_bytes()));
            headers.try_append(HeaderName::from_bytes(name.as_bytes())?, value)?;
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

    /// Reads the whole body, up to the response limit.
    fn read_body(
        &self,
        parts: &Parts,
        head: ResponseHead,
        recorder: &mut Option<Box<dyn Recorder>>,
    ) -> Result<Response> {
        let limit = self.response_limit;
        let announced = head.response.body().content_length().is_some_and(|it| it > limit);
        let most = if announced { 0 } else { limit.saturating_add(1) };
        let io = head.exchange.io.clone();
        let (head, bytes, read) = head.read_up_to(most, io, parts, recorder);
        read?;
        if announced || bytes.len() as u64 > limit {
            return Err(Error::Protocol {
                operation: parts.operation,
                message: format!(
                    "the response is longer than {limit} bytes: raise the response limit of the \
                     context, or read it as a stream"
                ),
            });
        }
        Ok(Response { status: head.status.as_u16(), headers: head.headers, body: bytes })
    }

    /// Reads the body of an error response, and returns the error.
    fn read_error_response(
        &self,
        parts: &Parts,
        head: ResponseHead,
        recorder: &mut Option<Box<dyn Recorder>>,
    ) -> Error {
        // The body follows promptly, even if the operation itself is slow.
        let mut io = head.exchange.io.clone();
        io.timeouts.read = self.timeouts.read;
        let (head, bytes, read) = head.read_up_to(MAX_ERROR_BODY, io, parts, recorder);
        if let Err(error @ Error::Cancelled { .. }) = read {
            return error;
        }
        // The status is valid even if the body is incomplete.
        self.api_error(parts, head.status.as_u16(), &head.headers, &bytes)
    }

    /// Adds the probed sockets to a connect error, if no endpoint was configured.
    fn add_probed_sockets(&self, error: Error) -> Error {
        match error {
            Error::Connect { operation, mut message, errno } if !self.probed().is_empty() => {
                message.push_str("; no endpoint is configured, and no engine was found: ");
                message.push_str(&self.probed().join("; "));
                Error::Connect { operation, message, errno }
            }
            error => error,
        }
    }

    /// The error for an error response.
    fn api_error(&self, parts: &Parts, status: u16, headers: &HeaderMap, body: &[u8]) -> Error {
        let mut message = error_message(status, body);
        // Responses to HEAD have no body.
        if parts.method == "HEAD" {
            let mark = if parts.query.is_empty() { "" } else { "?" };
            message = format!("{message}: HEAD {}{mark}{}", parts.path, parts.query);
        }
        if let (300..=399, Some(location)) = (status, headers.get(header::LOCATION)) {
            let location = String::from_utf8_lossy(location.as_bytes());
            let location = Scalar::Str(&location).quote();
            message = format!("{message}: the redirect to {location} is not followed");
        }
        // Responses of Go's TLS server and of nginx to plain HTTP.
        if status == 400
            && ["HTTP request to an HTTPS server", "HTTP request was sent to HTTPS port"]
                .iter()
                .any(|text| message.contains(text))
        {
            let TlsError { failure, message } = TlsError::tls_expected();
            return Error::Tls { operation: parts.operation, failure, message };
        }
        // Engines reject an API version with status 400 and this message; the response has no code for it.
        if status == 400 && parts.versioned && message.contains("client version") {
            let too_old = message.contains("is too new");
            if too_old || message.contains("is too old") {
                return self.unsupported_version(parts.operation, headers, &message, too_old);
            }
        }
        let operation = parts.operation;
        if lacks_route(status, &message, body) {
            let message = format!("the engine does not have this operation: {message}");
            return Error::Unavailable(ApiError { operation, status, message });
        }
        let error = ApiError { operation, status, message };
        if parts.contacts_registry() && error.is_rejected_login() {
            return Error::Unauthorized(error);
        }
        Error::from_api_error(error)
    }

    /// The error for an API version that the engine rejects, with the versions that both sides support.
    fn unsupported_version(
        &self,
        operation: &'static str,
        headers: &HeaderMap,
        engine_message: &str,
        too_old: bool,
    ) -> Error {
        let requested = self.cached_version().unwrap_or(ApiVersion::NEWEST);
        let range = match self.call(version_range()) {
            Ok(VersionRange { oldest, newest }) if !newest.is_empty() => {
                format!("{oldest} to {newest}")
            }
            _ => match version_header(headers) {
                Some(newest) => format!("up to {newest}"),
                None => "other versions".to_owned(),
            },
        };
        let advice = match self.is_pinned() {
            true => "; leave DOCKER_API_VERSION unset to negotiate",
            false if range == "other versions" => "; set DOCKER_API_VERSION to one of them",
            false => "",
        };
        let message = format!(
            "API {requested} was requested; the engine supports {range}, dockline {} to \
             {}{advice} ({engine_message})",
            ApiVersion::OLDEST,
            ApiVersion::NEWEST
        );
        if too_old {
            Error::EngineTooOld {
                operation,
                message,
                needed: requested,
                in_use: version_header(headers).unwrap_or(requested),
            }
        } else {
            Error::EngineTooNew { operation, message, in_use: requested }
        }
    }

    /// The newest API version the engine supports: from a ping or, behind some proxies and from engines before
    /// API 1.25, from `/version`.
    ///
    /// If neither reports it, the newest version is assumed. An engine that does not support it rejects the call,
    /// and reports the versions that it supports.
    pub(crate) fn engine_version(&self) -> Result<ApiVersion> {
        let ping = unless_refused(self.ping_headers())?;
        if let Some(version) = ping.as_ref().and_then(version_header) {
            return Ok(version);
        }
        let range = unless_refused(self.call(version_range()))?;
        Ok(range.and_then(|range| range.newest.parse().ok()).unwrap_or(ApiVersion::NEWEST))
    }

    /// Negotiates the API version again if `error` rejects `version`. Returns whether another one is now in use.
    fn negotiate_again(&self, version: ApiVersion, error: &Error) -> bool {
        let newest = match error {
            _ if self.is_pinned() => return false,
            Error::EngineTooOld { in_use, .. } if *in_use < version => Ok(*in_use),
            Error::EngineTooOld { .. } | Error::EngineTooNew { .. } => self.engine_version(),
            _ => return false,
        };
        newest.and_then(|newest| self.use_version(newest)).is_ok_and(|now| now != version)
    }

    /// The headers of a ping, by HEAD or, on engines before API 1.40 and behind some proxies, by GET.
    ///
    /// The path has no version prefix, which engines would check first.
    pub(crate) fn ping_headers(&self) -> Result<HeaderMap> {
        let ping = |method: &'static str| {
            let request: Request<()> = Request::new("SystemPing", method, "/_ping").unversioned();
            self.call_with(request.parts, None, |response| Ok(response.headers))
        };
        match ping("HEAD") {
            Err(error) if error.api_error().is_some() || is_refused(&error) => ping("GET"),
            result => result,
        }
    }
}

impl ResponseHead {
    /// Reads the body up to a limit. The connection returns to the pool if the body was read completely.
    fn read_up_to(
        self,
        limit: u64,
        io: CallIo,
        parts: &Parts,
        recorder: &mut Option<Box<dyn Recorder>>,
    ) -> (http::response::Parts, Vec<u8>, Result<()>) {
        let ResponseHead { exchange, response } = self;
        let (head, body) = response.into_parts();
        // A buffer that grows leaves copies of a secret behind.
        let capacity = if parts.secret.response { SECRET_BUFFER_SIZE } else { 0 };
        let mut bytes = Vec::with_capacity(capacity);
        let read = match exchange.take_upgraded() {
            Some(upgraded) => {
                BodyReader::new(upgraded, io, &head, &parts.method).and_then(|mut reader| {
                    let end = reader.end();
                    let reusable = reader.read_whole(limit, &mut bytes);
                    if parts.is_secret() {
                        reader.wipe();
                    }
                    if reusable? {
                        // Otherwise ureq closes the connection.
                        let _ = exchange.complete(body, end);
                    }
                    Ok(())
                })
            }
            // There is no body.
            None => exchange.complete(body, BodyEnd::Bytes(0)).map_err(|error| Error::Protocol {
                operation: parts.operation,
                message: format!("the response is not valid HTTP/1.1: {error}"),
            }),
        };
        if let Some(recorder) = recorder {
            recorder.response_body(&bytes);
        }
        (head, bytes, read)
    }

    /// Takes the connection over from ureq, to read the body from it directly.
    fn take_over(self, parts: &Parts) -> Result<OpenResponse> {
        let ResponseHead { exchange, response } = self;
        let (head, body) = response.into_parts();
        // ureq drops its transport with the body. The exchange has the connection since the head was complete.
        exchange.during(|| drop(body));
        let upgraded = exchange.take_upgraded().ok_or_else(|| Error::Protocol {
            operation: parts.operation,
            message: "the connection was closed after the response head".to_owned(),
        })?;
        let body = BodyReader::new(upgraded, exchange.io.clone(), &head, &parts.method)?;
        Ok(OpenResponse { status: head.status.as_u16(), headers: head.headers, body })
    }
}

/// Decodes the JSON of a response.
pub(crate) fn decode<T: JsonType>(operation: &'static str, json: &[u8]) -> Result<T> {
    Ok(decode_with_notes(operation, json)?.0)
}

/// Decodes the JSON of a response, with notes on members of the wrong type.
pub(crate) fn decode_with_notes<T: JsonType>(
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

/// The error for a body that is not even the beginning of JSON, such as the page of a proxy, with its type and its
/// beginning. Other errors are returned unchanged. A secret body is not quoted.
pub(crate) fn describe_other_than_json(
    error: Error,
    content_type: Option<&HeaderValue>,
    body: &[u8],
    secret: bool,
) -> Error {
    let Error::Decode { operation, path, message } = error else { return error };
    let content_type = content_type.map(|it| String::from_utf8_lossy(it.as_bytes()));
    let claims_json = content_type.as_ref().is_none_or(|it| it.contains("json"));
    let begins_like_json =
        body.trim_ascii_start().starts_with(b"{") || body.trim_ascii_start().starts_with(b"[");
    let is_json = serde_json::from_slice::<IgnoredAny>(body).is_ok();
    if is_json || body.trim_ascii().is_empty() || (begins_like_json && claims_json) {
        return Error::Decode { operation, path, message };
    }
    let mut message = "expected JSON, got ".to_owned();
    match content_type {
        Some(content_type) => message.extend(content_type.chars().take(100)),
        None => message.push_str("text"),
    }
    if !secret {
        let beginning = String::from_utf8_lossy(&body[..body.len().min(1024)]);
        message.push_str(" beginning with ");
        message.push_str(&Scalar::Str(beginning.trim()).quote());
    }
    Error::Decode { operation, path: String::new(), message }
}

/// Parses the JSON of a response without a model. `null` becomes an empty array or object.
#[cfg(feature = "capi")]
pub(crate) fn to_value(operation: &'static str, json: &[u8], shape: Shape) -> Result<Value> {
    let decode = |message| Error::Decode { operation, path: String::new(), message };
    let value = Value::parse(json).map_err(|error| decode(error.to_string()))?;
    let mismatch = |expected| {
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
        (Shape::Array, _) => mismatch("an array"),
        (Shape::Object, _) => mismatch("an object"),
        (Shape::String, _) => mismatch("a string"),
    }
}

record! {
    /// The fields of `/version` with the API versions that the engine supports.
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

/// Whether the engine or a proxy refuses a request: with a status 4xx, or by closing the connection.
fn is_refused(error: &Error) -> bool {
    let refused = error.status().is_some_and(|status| (400..500).contains(&status));
    refused || matches!(error, Error::Disconnected { .. })
}

/// The result, or `None` if the request was refused.
fn unless_refused<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Err(error) if is_refused(&error) => Ok(None),
        result => result.map(Some),
    }
}

/// Whether an error response is that of an engine without such a route, and not about an object. Docker's text is
/// the first, Podman's the others.
fn lacks_route(status: u16, message: &str, body: &[u8]) -> bool {
    const TEXTS: [&str; 3] = ["page not found", "Not Found", "Method Not Allowed"];
    // The message is not the engine's if the body has none.
    matches!(status, 404 | 405)
        && TEXTS.contains(&message)
        && String::from_utf8_lossy(body).contains(message)
}

/// The message of an error response: `{"message": …}`, or plain text from proxies and streams.
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
        return shortened(&text);
    }
    let reason =
        http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    reason.unwrap_or("the engine gave no reason").to_owned()
}

/// The message of an error without its operation.
fn message_of(error: &Error) -> String {
    match error {
        Error::InvalidArgument { message, .. } => message.clone(),
        other => other.to_string(),
    }
}

/// Maps an error of ureq itself. The exchange keeps errors of the transport.
fn ureq_error(exchange: &Exchange, error: ureq::Error) -> Error {
    match error {
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            exchange.io.closed("before sending a response")
        }
        ureq::Error::Io(error) => exchange.io.failed("reading the response", None, error),
        ureq::Error::LargeResponseHeader(..) => Error::Protocol {
            operation: exchange.io.operation,
            message: "the head of the response is longer than 64 KiB".to_owned(),
        },
        ureq::Error::BadUri(message) => {
            Error::invalid(exchange.io.operation, format!("invalid URL: {message}"))
        }
        other => Error::Protocol {
            operation: exchange.io.operation,
            message: format!("the response is not valid HTTP/1.1: {other}"),
        },
    }
}

/// The reader of an upload that is passed to ureq.
struct Upload<'a> {
    reader: &'a mut dyn Read,
    exchange: &'a Exchange,
    recorder: &'a mut Option<Box<dyn Recorder>>,
    failure: Option<io::Error>,
}

impl Read for Upload<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // The engine has responded early and does not read the rest: end the body and read the response.
        if self.exchange.has_answered() {
            return Ok(0);
        }
        let Upload { reader, exchange, recorder, failure } = self;
        exchange.read_upload(buffer, |data| {
            loop {
                match reader.read(data) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => {
                        *failure = Some(error);
                        return Err(io::ErrorKind::Other.into());
                    }
                    Ok(count) => {
                        if let Some(recorder) = recorder {
                            recorder.request_body(&data[..count]);
                        }
                        return Ok(count);
                    }
                }
            }
        })
    }
}

/// Whether this is a valid HTTP method.
pub(crate) fn is_method(method: &str) -> bool {
    Method::from_bytes(method.as_bytes()).is_ok()
}
