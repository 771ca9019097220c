//! The one place where a call happens. Read [`Context::transact`] from top to bottom.

use std::io::{self, Read};
use std::rc::Rc;

use ureq::http::{HeaderMap, Method, header};
use ureq::{SendBody, http};
use zeroize::Zeroize;

#[cfg(feature = "capi")]
use crate::codec::Kind;
use crate::codec::{DecodeError, JsonType, Notes, Slot, from_response, read_response, record};
use crate::config::tls::Problem;
use crate::credentials::Sent;
use crate::request::{Body, Parts, Patience, Request};
use crate::result::{Heads, Recorder};
use crate::stream::BodyReader;
use crate::transport::http::Control;
use crate::{ApiVersion, Context, Error, Outcome, Refusal, Result};
#[cfg(feature = "capi")]
use crate::{Value, ValueType};

/// Read of an answer that says no; a proxy's error page may be endless.
const LONGEST_REFUSAL: u64 = 1024 * 1024;

/// Room for an answer that is a secret.
const ROOM_FOR_SECRET: usize = 64 * 1024;

/// An answer that was read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Reads the body, and wipes it afterwards if it is a secret.
    fn read<R>(mut self, secret: bool, read: impl FnOnce(&[u8]) -> R) -> R {
        let result = read(&self.body);
        if secret {
            self.body.zeroize();
        }
        result
    }
}

/// An answer whose body is still to come.
pub(crate) struct OpenAnswer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: BodyReader,
}

/// What a call is to bring back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Want {
    /// The whole body.
    Whole,
    /// The head, and the connection to read the body from.
    Open,
}

enum Got {
    Whole(Answer),
    Open(Box<OpenAnswer>),
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
        let Parts { operation, secret: (_, secret), .. } = parts;
        let mut notes = Notes::default();
        let mut recorder = Recorder::new(&self.reporting, self.endpoint(), &parts);
        let result = self.transact_whole(&parts, None, &mut recorder).and_then(|answer| {
            notes = answer.read(secret, |body| decode_into(operation, body, slot))?;
            Ok(())
        });
        if let Some(recorder) = &mut recorder {
            recorder.notes(notes);
            recorder.report(result.as_ref().err());
        }
        result
    }

    /// Makes a call whose answer is one JSON value, kept as it is.
    #[cfg(feature = "capi")]
    pub(crate) fn call_value<T: JsonType>(&self, request: Request<T>) -> Result<Value> {
        self.call_kind(request.parts, T::KIND)
    }

    #[cfg(feature = "capi")]
    fn call_kind(&self, parts: Parts, kind: &'static Kind) -> Result<Value> {
        let Parts { operation, secret: (_, secret), .. } = parts;
        self.call_with(parts, None, |answer| {
            answer.read(secret, |body| to_value(operation, body, kind))
        })
    }

    /// Makes a call that brings no answer but that it was done.
    pub(crate) fn call_outcome(&self, request: Request<()>) -> Result<Outcome> {
        self.call_with(request.parts, None, |answer| {
            Ok(if answer.status == 304 { Outcome::NotModified } else { Outcome::Done })
        })
    }

    /// Makes a call and reads its answer with `read`, whose failure is the call's.
    pub(crate) fn call_with<R>(
        &self,
        parts: Parts,
        upload: Option<&mut dyn Read>,
        read: impl FnOnce(Answer) -> Result<R>,
    ) -> Result<R> {
        let mut recorder = Recorder::new(&self.reporting, self.endpoint(), &parts);
        let result = self.transact_whole(&parts, upload, &mut recorder).and_then(read);
        if let Some(recorder) = &mut recorder {
            recorder.report(result.as_ref().err());
        }
        result
    }

    fn transact_whole(
        &self,
        parts: &Parts,
        upload: Option<&mut dyn Read>,
        recorder: &mut Option<Recorder>,
    ) -> Result<Answer> {
        match self.transact(parts, upload, Want::Whole, recorder)? {
            Got::Whole(answer) => Ok(answer),
            Got::Open(..) => unreachable!("the whole was asked for"),
        }
    }

    /// Makes a call whose answer is a stream.
    pub(crate) fn open_stream<T>(
        &self,
        request: Request<T>,
        upload: Option<&mut dyn Read>,
    ) -> Result<OpenAnswer> {
        let mut recorder = Recorder::new(&self.reporting, self.endpoint(), &request.parts);
        match self.transact(&request.parts, upload, Want::Open, &mut recorder) {
            Ok(Got::Open(mut answer)) => {
                answer.body.record(recorder);
                Ok(*answer)
            }
            Ok(Got::Whole(_)) => unreachable!("the stream was asked for"),
            Err(error) => {
                if let Some(recorder) = &mut recorder {
                    recorder.report(Some(&error));
                }
                Err(error)
            }
        }
    }

    /// One call: check, version, send, status, answer.
    fn transact(
        &self,
        parts: &Parts,
        upload: Option<&mut dyn Read>,
        want: Want,
        recorder: &mut Option<Recorder>,
    ) -> Result<Got> {
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
        if let Some(recorder) = recorder {
            recorder.url(&url);
        }

        let patience = if want == Want::Open { Patience::Work } else { parts.patience };
        let control = Control::new(
            self.link(parts.operation, patience),
            !matches!(parts.body, Body::Empty),
            want == Want::Open,
            parts.is_secret() || self.headers().hold_secrets(),
            parts.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("upgrade")),
            recorder.is_some().then(Heads::default),
        );
        let result = self
            .exchange(parts, &url, upload, want, &control, recorder)
            .map_err(|error| self.not_found(error));
        if let (Some(recorder), Some(heads)) = (recorder, &control.heads) {
            recorder.heads(heads.take());
        }
        result
    }

    /// Sends the request and reads the answer.
    fn exchange(
        &self,
        parts: &Parts,
        url: &str,
        mut upload: Option<&mut dyn Read>,
        want: Want,
        control: &Rc<Control>,
        recorder: &mut Option<Recorder>,
    ) -> Result<Got> {
        // Cancelled, or late, before it began.
        control.link.wait(None)?;
        if let (Some(recorder), Body::Bytes(bytes, _)) = (&mut *recorder, &parts.body) {
            recorder.request_body(bytes);
        }
        let mut lookup = self.lookup(&control.link);
        let credentials = parts.credentials.header(&mut lookup);
        if let Some(recorder) = recorder {
            recorder.add_notes(lookup.notes);
        }
        let credentials = credentials?;
        // An engine closes idle connections when it likes. A request that changes nothing and that
        // it never saw is sent once more.
        let mut repeatable = matches!(&*parts.method, "GET" | "HEAD");
        let response = loop {
            match self.send(parts, url, credentials.as_ref(), &mut upload, control, recorder) {
                Err(Error::Disconnected { .. }) if repeatable && control.was_stale() => {
                    repeatable = false;
                    control.fresh_attempt();
                }
                result => break result?,
            }
        };
        let status = response.status().as_u16();
        if let Some(recorder) = recorder {
            recorder.status(status);
        }
        let (head, mut body) = response.into_parts();

        let good = matches!(status, 200..=299 | 304 | 101);
        if good && want == Want::Open {
            // Dropping the body drops the connection, which then is ours.
            control.during(|| drop(body));
            let connection = control.take_connection().ok_or_else(|| Error::Protocol {
                operation: parts.operation,
                message: "the connection is gone behind the head of the answer".to_owned(),
            })?;
            let body = BodyReader::new(connection, control.link.clone(), &head, &parts.method)?;
            return Ok(Got::Open(Box::new(OpenAnswer { status, headers: head.headers, body })));
        }

        // However long the work may take: an engine that says no says it at once.
        let control = &if good { control.clone() } else { control.with_read(self.timeouts.read) };
        // One that grows leaves what it had behind.
        let mut bytes = Vec::with_capacity(if parts.secret.1 { ROOM_FOR_SECRET } else { 0 });
        let read = control.during(|| {
            let mut reader = body.as_reader();
            if good {
                reader.read_to_end(&mut bytes)
            } else {
                reader.take(LONGEST_REFUSAL).read_to_end(&mut bytes)
            }
        });
        // Whatever is left of an endless refusal goes with its connection.
        control.during(|| drop(body));
        if let Some(recorder) = recorder {
            recorder.response_body(&bytes);
        }
        if !good {
            if read.is_err() && control.link.state.is_cancelled() {
                return Err(Error::Cancelled { operation: parts.operation });
            }
            // The status counts even where the explanation broke off.
            return Err(self.refusal(parts, status, &head.headers, &bytes));
        }
        if let Err(error) = read {
            return Err(control.take_failure().unwrap_or_else(|| broken_off(control, &error)));
        }
        Ok(Got::Whole(Answer { status, headers: head.headers, body: bytes }))
    }

    /// Hands the request to ureq, and translates its errors.
    fn send(
        &self,
        parts: &Parts,
        url: &str,
        credentials: Option<&Sent>,
        upload: &mut Option<&mut dyn Read>,
        control: &Rc<Control>,
        recorder: &mut Option<Recorder>,
    ) -> Result<http::Response<ureq::Body>> {
        let mut builder = http::Request::builder().method(&*parts.method).uri(url);
        for (name, value) in &parts.headers {
            builder = builder.header(&**name, value);
        }
        if let Some(Sent { name, value }) = credentials {
            builder = builder.header(*name, value.clone());
        }
        if let Body::Bytes(_, content_type) | Body::Upload(content_type) = &parts.body {
            builder = builder.header(header::CONTENT_TYPE, &**content_type);
        }
        // What a request says of itself goes before what is said with all.
        for (name, value) in self.headers().iter() {
            if !builder.headers_ref().is_some_and(|own| own.contains_key(name)) {
                builder = builder.header(name, value.clone());
            }
        }
        let wrong = |error: http::Error| {
            Error::invalid(parts.operation, format!("cannot be sent: {error}"))
        };
        let result = match &parts.body {
            Body::Bytes(bytes, _) => {
                let request = builder.body(&bytes[..]).map_err(wrong)?;
                control.during(|| self.agent().run(request))
            }
            Body::Upload(_) => {
                let Some(reader) = upload else {
                    return Err(Error::invalid(
                        parts.operation,
                        "a body is needed, and no reader for it is given",
                    ));
                };
                let mut source = Upload { reader: *reader, control, recorder, failure: None };
                let request = builder.body(SendBody::from_reader(&mut source)).map_err(wrong)?;
                let result = control.during(|| self.agent().run(request));
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
                let request = builder.body(&[][..]).map_err(wrong)?;
                control.during(|| self.agent().run(request))
            }
            Body::Empty => {
                let request = builder.body(()).map_err(wrong)?;
                control.during(|| self.agent().run(request))
            }
        };
        result.map_err(|error| control.take_failure().unwrap_or_else(|| translate(control, error)))
    }

    /// An engine that nobody named and that is not there: tells where else was looked for one.
    fn not_found(&self, error: Error) -> Error {
        match error {
            Error::Connect { operation, mut message, errno } if !self.looked_at().is_empty() => {
                message.push_str("; no engine is named, and none is found: ");
                message.push_str(&self.looked_at().join("; "));
                Error::Connect { operation, message, errno }
            }
            error => error,
        }
    }

    /// What an answer that says no means.
    fn refusal(&self, parts: &Parts, status: u16, headers: &HeaderMap, body: &[u8]) -> Error {
        let message = refusal_message(status, body);
        // What TLS servers in Go, and nginx, tell who comes without TLS.
        if status == 400
            && ["HTTP request to an HTTPS server", "HTTP request was sent to HTTPS port"]
                .iter()
                .any(|words| message.contains(words))
        {
            let Problem { failure, message } = Problem::tls_expected();
            return Error::Tls { operation: parts.operation, failure, message };
        }
        // An engine refuses a version with 400 and these words; nothing in the answer is made for
        // programs.
        if status == 400 && parts.versioned && message.contains("client version") {
            let too_old = message.contains("is too new");
            if too_old || message.contains("is too old") {
                return self.version_refused(parts.operation, headers, &message, too_old);
            }
        }
        Error::refused(Refusal { operation: parts.operation, status, message })
    }

    /// The engine does not speak the version in use: say what both sides speak.
    fn version_refused(
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
            Err(error) if error.refusal().is_some() => Ok(ApiVersion::OLDEST),
            Err(error) => Err(error),
        }
    }

    /// The headers of a ping: by HEAD, and by GET where HEAD is not understood (before 1.40).
    ///
    /// Without version prefix, since engines check that first.
    pub(crate) fn ping_headers(&self) -> Result<HeaderMap> {
        let ping = |method: &'static str| {
            let request: Request<()> = Request::new("SystemPing", method, "/_ping").unversioned();
            self.call_with(request.parts, None, |answer| Ok(answer.headers))
        };
        match ping("HEAD") {
            Err(error) if error.refusal().is_some() => ping("GET"),
            result => result,
        }
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

/// Reads a response's JSON as it is. `null` is the empty value of the kind.
#[cfg(feature = "capi")]
pub(crate) fn to_value(operation: &'static str, json: &[u8], kind: &Kind) -> Result<Value> {
    let decode = |message| Error::Decode { operation, path: String::new(), message };
    let value = Value::parse(json).map_err(|error| decode(error.to_string()))?;
    let found = value.value_type();
    match (kind, found) {
        (Kind::List(_), ValueType::Null) => Ok(Value::array()),
        (Kind::Record(_) | Kind::Map(_), ValueType::Null) => Ok(Value::object()),
        (Kind::List(_), ValueType::Array)
        | (Kind::Record(_) | Kind::Map(_), ValueType::Object)
        | (Kind::Text, ValueType::Text) => Ok(value),
        (Kind::List(_) | Kind::Record(_) | Kind::Map(_) | Kind::Text, _) => {
            let expected = match kind {
                Kind::List(_) => "an array",
                Kind::Text => "text",
                _ => "an object",
            };
            Err(decode(format!("expected {expected}, got {}", found.words())))
        }
        (Kind::Optional(kind), _) if found != ValueType::Null => to_value(operation, json, kind),
        _ => Ok(value),
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
fn refusal_message(status: u16, body: &[u8]) -> String {
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
fn translate(control: &Control, error: ureq::Error) -> Error {
    match error {
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            control.link.closed("before it answered")
        }
        ureq::Error::Io(error) => control.link.failed("reading the answer", None, error),
        ureq::Error::LargeResponseHeader(..) => Error::Protocol {
            operation: control.link.operation,
            message: "the head of the answer is longer than 64 KiB".to_owned(),
        },
        ureq::Error::BadUri(message) => {
            Error::invalid(control.link.operation, format!("no URL: {message}"))
        }
        other => Error::Protocol {
            operation: control.link.operation,
            message: format!("the answer is not HTTP/1.1 as expected: {other}"),
        },
    }
}

/// The body of an answer ended too early or is not framed as it should be.
fn broken_off(control: &Control, error: &io::Error) -> Error {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
    match inner {
        Some(ureq::Error::Protocol(_)) => Error::Protocol {
            operation: control.link.operation,
            message: format!("the body of the answer is malformed: {error}"),
        },
        _ => control.link.closed("in the middle of its answer"),
    }
}

/// The reader of an upload, as ureq sees it.
struct Upload<'a> {
    reader: &'a mut dyn Read,
    control: &'a Control,
    recorder: &'a mut Option<Recorder>,
    failure: Option<io::Error>,
}

impl Read for Upload<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // The engine wants no more: end the body here, and hear it out.
        if self.control.has_answered() {
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
