//! Requests as the engine receives them, and responses.

use super::Gate;
use super::bytes::{Digest, Pattern, chunk, difference, escape, last_chunk};
use super::conn::{Conn, Fault, Received};

/// Replaces `dockline/VERSION` in an expectation by the version under test.
pub fn versioned(text: &[u8]) -> Vec<u8> {
    const PLACEHOLDER: &[u8] = b"dockline/VERSION";
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.windows(PLACEHOLDER.len()).position(|w| w == PLACEHOLDER) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(concat!("dockline/", env!("CARGO_PKG_VERSION")).as_bytes());
        rest = &rest[at + PLACEHOLDER.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// The framing of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// `Content-Length`; 0 for requests without one.
    Length(u64),
    /// `Transfer-Encoding: chunked`.
    Chunked,
}

/// A received request.
#[derive(Clone, Debug)]
pub struct RecordedRequest {
    /// Number of its connection, from 0 in the order of accept.
    pub connection: usize,
    /// The head byte for byte, with the empty line at its end.
    pub head: Vec<u8>,
    /// For example `GET`.
    pub method: String,
    /// Path and query, as sent.
    pub target: String,
    /// Names as sent, and values.
    pub headers: Vec<(String, String)>,
    /// The framing of the body.
    pub framing: Framing,
    /// The decoded body; of a long one the first [`MAX_RECORDED`] bytes.
    pub body: Vec<u8>,
    /// The full length of the decoded body.
    pub body_length: u64,
}

/// Largest part of a body that is recorded.
pub const MAX_RECORDED: usize = 1 << 20;

impl RecordedRequest {
    /// Returns the path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    /// Returns the decoded value of the first query parameter of this name.
    pub fn query(&self, name: &str) -> Option<String> {
        self.query_all(name).into_iter().next()
    }

    /// Returns the decoded values of all query parameters of this name.
    pub fn query_all(&self, name: &str) -> Vec<String> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        pairs.filter(|(key, _)| decode(key) == name).map(|(_, value)| decode(value)).collect()
    }

    /// Returns the value of the first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Returns the body as a string.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a body in UTF-8")
    }

    /// Reads the head of the next request; returns `None` if the client closed the connection
    /// before it.
    pub fn read_head(conn: &mut Conn, connection: usize) -> Result<Option<Self>, Fault> {
        let mut seen = 0;
        let length = loop {
            let bytes = conn.unread();
            let from = seen.min(bytes.len());
            if let Some(at) = bytes[from..].windows(4).position(|w| w == b"\r\n\r\n") {
                break from + at + 4;
            }
            if bytes.len() > 1 << 20 {
                return Err("a request head of more than 1 MiB".to_string().into());
            }
            seen = bytes.len().saturating_sub(3);
            match conn.fill()? {
                Received::Bytes => {}
                Received::End if conn.unread().is_empty() => return Ok(None),
                Received::End => {
                    let received = escape(conn.unread());
                    return Err(
                        format!("the connection was closed inside a head: \"{received}\"").into()
                    );
                }
            }
        };
        let head = conn.unread()[..length].to_vec();
        conn.consume(length);
        let parsed = Self::parse(head, connection);
        parsed.map(Some).map_err(|(head, why)| format!("{why} in \"{}\"", escape(&head)).into())
    }

    fn parse(head: Vec<u8>, connection: usize) -> Result<Self, (Vec<u8>, String)> {
        let Ok(text) = std::str::from_utf8(&head) else {
            return Err((head, "not UTF-8".into()));
        };
        let mut lines = text.trim_end_matches("\r\n").split("\r\n");
        let line: Vec<&str> = lines.next().unwrap().split(' ').collect();
        let [method, target, "HTTP/1.1"] = line[..] else {
            return Err((head, "no request line".into()));
        };
        let (method, target) = (method.to_string(), target.to_string());
        let mut headers = Vec::new();
        for line in lines {
            match line.split_once(':') {
                Some((name, value)) if !name.is_empty() && !name.contains(' ') => {
                    headers.push((name.to_string(), value.trim().to_string()));
                }
                _ => {
                    let why = format!("no header: \"{}\"", escape(line.as_bytes()));
                    return Err((head, why));
                }
            }
        }
        let all = |name: &str| -> Vec<&str> {
            let named = headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
            named.map(|(_, value)| value.as_str()).collect()
        };
        let framing = match (&all("transfer-encoding")[..], &all("content-length")[..]) {
            ([], []) => Framing::Length(0),
            (["chunked"], []) => Framing::Chunked,
            ([], [length]) if length.parse::<u64>().is_ok() => {
                Framing::Length(length.parse().unwrap())
            }
            _ => return Err((head, "contradictory framing".into())),
        };
        let (body, body_length) = (Vec::new(), 0);
        Ok(RecordedRequest {
            connection,
            head,
            method,
            target,
            headers,
            framing,
            body,
            body_length,
        })
    }

    /// Reads the body; each part is also passed to `inspect`.
    pub fn read_body(
        &mut self,
        conn: &mut Conn,
        mut inspect: impl FnMut(&[u8]) -> Result<(), String>,
    ) -> Result<(), Fault> {
        let mut read_part = |request: &mut Self, conn: &mut Conn, mut remaining: u64| {
            while remaining > 0 {
                if conn.unread().is_empty() {
                    fill_or_fail(conn, "inside a body")?;
                }
                let bytes = conn.unread();
                let bytes = &bytes[..bytes.len().min(remaining.min(1 << 30) as usize)];
                let count = bytes.len();
                request.body_length += count as u64;
                let room = MAX_RECORDED - request.body.len();
                request.body.extend_from_slice(&bytes[..count.min(room)]);
                inspect(bytes)?;
                conn.consume(count);
                remaining -= count as u64;
            }
            Ok::<(), Fault>(())
        };
        match self.framing {
            Framing::Length(length) => read_part(self, conn, length),
            Framing::Chunked => loop {
                let line = read_line(conn)?;
                let size = u64::from_str_radix(&line, 16)
                    .map_err(|_| format!("no chunk size: \"{}\"", escape(line.as_bytes())))?;
                read_part(self, conn, size)?;
                let end = read_line(conn)?;
                if !end.is_empty() {
                    let received = escape(end.as_bytes());
                    return Err(format!("\"{received}\" where a chunk should end").into());
                }
                if size == 0 {
                    return Ok(());
                }
            },
        }
    }
}

fn fill_or_fail(conn: &mut Conn, context: &str) -> Result<(), Fault> {
    match conn.fill()? {
        Received::Bytes => Ok(()),
        Received::End => Err(Fault::Closed(format!("the connection was closed {context}"))),
    }
}

/// Reads a short line; returns it without its CR LF.
fn read_line(conn: &mut Conn) -> Result<String, Fault> {
    loop {
        let bytes = &conn.unread()[..conn.unread().len().min(80)];
        if let Some(at) = bytes.windows(2).position(|w| w == b"\r\n") {
            let line = String::from_utf8_lossy(&bytes[..at]).into_owned();
            conn.consume(at + 2);
            return Ok(line);
        }
        if bytes.len() == 80 {
            return Err(format!("no chunk line: \"{}\"", escape(bytes)).into());
        }
        fill_or_fail(conn, "inside a chunked body")?;
    }
}

fn decode(text: &str) -> String {
    let bytes = text.replace('+', " ");
    percent_encoding::percent_decode_str(&bytes).decode_utf8_lossy().into_owned()
}

/// An expected request, given by its parts. The order of the headers and headers that are not
/// listed do not matter.
///
/// Without a rule for the body, a body is a failure.
pub struct Expected {
    line: String,
    headers: Vec<(String, Option<String>)>,
    no_others: bool,
    chunked: Option<bool>,
    body: BodyRule,
}

enum BodyRule {
    Any,
    Exact(Vec<u8>),
    Json(serde_json::Value),
    Pattern(u64),
    Digest(u64, Digest),
}

impl Expected {
    /// Expects a method and target, such as `GET /v1.41/containers/json?all=true`.
    pub fn new(line: &str) -> Expected {
        Expected {
            line: line.to_string(),
            headers: Vec::new(),
            no_others: false,
            chunked: None,
            body: BodyRule::Exact(Vec::new()),
        }
    }

    /// Expects this header with exactly this value; the case of its name does not matter.
    pub fn header(mut self, name: &str, value: &str) -> Expected {
        let value = String::from_utf8(versioned(value.as_bytes())).unwrap();
        self.headers.push((name.to_string(), Some(value)));
        self
    }

    /// Expects that there is no header of this name.
    pub fn without(mut self, name: &str) -> Expected {
        self.headers.push((name.to_string(), None));
        self
    }

    /// Expects no other headers.
    pub fn no_others(mut self) -> Expected {
        self.no_others = true;
        self
    }

    /// Expects this decoded body.
    pub fn body(mut self, bytes: impl AsRef<[u8]>) -> Expected {
        self.body = BodyRule::Exact(bytes.as_ref().to_vec());
        self
    }

    /// Expects a body that is equal JSON; the order of members and white space do not matter.
    pub fn json(mut self, text: &str) -> Expected {
        let value = serde_json::from_str(text).expect("the expected body is JSON");
        self.body = BodyRule::Json(value);
        self
    }

    /// Expects `length` bytes of the [`Pattern`].
    pub fn pattern(mut self, length: u64) -> Expected {
        self.body = BodyRule::Pattern(length);
        self
    }

    /// Expects a body of this length and digest.
    pub fn digest(mut self, length: u64, digest: Digest) -> Expected {
        self.body = BodyRule::Digest(length, digest);
        self
    }

    /// Accepts any body.
    pub fn any_body(mut self) -> Expected {
        self.body = BodyRule::Any;
        self
    }

    /// Expects a chunked body.
    pub fn chunked(mut self) -> Expected {
        self.chunked = Some(true);
        self
    }

    /// Expects a body with `Content-Length`, or none.
    pub fn not_chunked(mut self) -> Expected {
        self.chunked = Some(false);
        self
    }

    /// Reads the next request and compares it.
    pub fn receive(&self, conn: &mut Conn, connection: usize) -> Result<RecordedRequest, Fault> {
        let Some(mut request) = RecordedRequest::read_head(conn, connection)? else {
            let why = format!("the client closed the connection; expected {}", self.line);
            return Err(why.into());
        };
        self.check_head(&request)?;
        let context = |why: String| format!("the body of {}: {why}", self.line);
        match &self.body {
            BodyRule::Any => request.read_body(conn, |_| Ok(()))?,
            BodyRule::Exact(expected) => {
                let mut received = Vec::new();
                request.read_body(conn, |bytes| {
                    received.extend_from_slice(bytes);
                    // Avoids collecting gigabytes if kilobytes are expected.
                    match received.len() > expected.len() + MAX_RECORDED {
                        true => Err(context(difference(expected, &received).unwrap())),
                        false => Ok(()),
                    }
                })?;
                if let Some(why) = difference(expected, &received) {
                    return Err(context(why).into());
                }
            }
            BodyRule::Json(expected) => {
                let mut received = Vec::new();
                request.read_body(conn, |bytes| {
                    received.extend_from_slice(bytes);
                    Ok(())
                })?;
                let value: serde_json::Value = serde_json::from_slice(&received)
                    .map_err(|e| context(format!("{e} in \"{}\"", escape(&received))))?;
                if value != *expected {
                    let (expected, received) = (format!("{expected:#}"), format!("{value:#}"));
                    let why = difference(expected.as_bytes(), received.as_bytes()).unwrap();
                    return Err(context(why).into());
                }
            }
            BodyRule::Pattern(length) => {
                let mut pattern = Pattern::new(*length);
                request.read_body(conn, |bytes| pattern.check(bytes).map_err(&context))?;
                pattern.complete().map_err(context)?;
            }
            BodyRule::Digest(length, expected) => {
                let mut digest = Digest::new();
                request.read_body(conn, |bytes| {
                    digest.update(bytes);
                    Ok(())
                })?;
                if request.body_length != *length {
                    let received = request.body_length;
                    return Err(context(format!("{received} bytes, expected {length}")).into());
                }
                if digest != *expected {
                    return Err(context("the digest differs".into()).into());
                }
            }
        }
        Ok(request)
    }

    fn check_head(&self, request: &RecordedRequest) -> Result<(), String> {
        let whole = || format!("\nin the head \"{}\"", escape(&request.head));
        let line = format!("{} {}", request.method, request.target);
        if let Some(why) = difference(self.line.as_bytes(), line.as_bytes()) {
            return Err(format!("the request line: {why}{}", whole()));
        }
        for (name, value) in &self.headers {
            let named = |(key, _): &&(String, String)| key.eq_ignore_ascii_case(name);
            let received: Vec<&str> =
                request.headers.iter().filter(named).map(|(_, value)| value.as_str()).collect();
            match (value, &received[..]) {
                (None, []) => {}
                (None, _) => return Err(format!("header {name} should not be sent{}", whole())),
                (Some(_), []) => return Err(format!("header {name} is missing{}", whole())),
                (Some(value), [received]) => {
                    if let Some(why) = difference(value.as_bytes(), received.as_bytes()) {
                        return Err(format!("header {name}: {why}{}", whole()));
                    }
                }
                (Some(_), _) => return Err(format!("header {name} was sent twice{}", whole())),
            }
        }
        if self.no_others {
            let known = |key: &str| self.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(key));
            if let Some((name, _)) = request.headers.iter().find(|(key, _)| !known(key)) {
                return Err(format!("header {name} should not be sent{}", whole()));
            }
        }
        let chunked = request.framing == Framing::Chunked;
        match self.chunked {
            Some(true) if !chunked => Err(format!("the body should be chunked{}", whole())),
            Some(false) if chunked => Err(format!("the body should not be chunked{}", whole())),
            _ => Ok(()),
        }
    }
}

enum Delimiter {
    Length,
    Chunks,
    Close,
    /// No body, and no header that describes one.
    Nothing,
}

enum Part {
    Bytes(Vec<u8>),
    Repeat(Vec<u8>, u64),
    Pattern(u64),
    Hold(Gate),
    Open(Gate),
}

type Takeover = Box<dyn FnOnce(&mut Conn) -> Result<(), Fault> + Send>;

/// A response of the engine.
pub struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    delimiter: Delimiter,
    parts: Vec<Part>,
    takeover: Option<Takeover>,
    cut: bool,
}

impl Response {
    fn new(status: u16, delimiter: Delimiter) -> Response {
        let (headers, parts) = (Vec::new(), Vec::new());
        Response { status, headers, delimiter, parts, takeover: None, cut: false }
    }

    /// 200 with JSON, ended by a newline as engines do.
    pub fn json(text: impl AsRef<str>) -> Response {
        Response::json_status(200, text)
    }

    /// JSON with another status, such as 201.
    pub fn json_status(status: u16, text: impl AsRef<str>) -> Response {
        Response::new(status, Delimiter::Length)
            .header("Content-Type", "application/json")
            .then(format!("{}\n", text.as_ref()))
    }

    /// An error response, `{"message":"…"}`.
    pub fn error(status: u16, message: &str) -> Response {
        Response::json_status(status, serde_json::json!({ "message": message }).to_string())
    }

    /// Plain text, as proxies and very old engines send errors.
    pub fn text(status: u16, text: &str) -> Response {
        Response::new(status, Delimiter::Length)
            .header("Content-Type", "text/plain; charset=utf-8")
            .then(text)
    }

    /// Neither body nor length: 204, 304.
    pub fn empty(status: u16) -> Response {
        Response::new(status, Delimiter::Nothing)
    }

    /// A body with `Content-Length`, added by [`then`](Self::then) and similar methods.
    pub fn sized(status: u16) -> Response {
        Response::new(status, Delimiter::Length)
    }

    /// A chunked body: each [`then`](Self::then) adds a chunk.
    pub fn chunked(status: u16) -> Response {
        Response::new(status, Delimiter::Chunks).header("Transfer-Encoding", "chunked")
    }

    /// A body that ends with the connection.
    pub fn until_close(status: u16) -> Response {
        Response::new(status, Delimiter::Close).header("Connection", "close")
    }

    /// A head, after which `talk` has the connection (attach, exec); it is closed afterwards. A
    /// client that closes it first is not a failure.
    pub fn takeover(
        status: u16,
        talk: impl FnOnce(&mut Conn) -> Result<(), Fault> + Send + 'static,
    ) -> Response {
        let mut response = Response::new(status, Delimiter::Nothing);
        response.takeover = Some(Box::new(talk));
        response
    }

    /// The response to `/_ping` with this API version.
    pub fn ping(version: &str) -> Response {
        Response::ping_unversioned().header("Api-Version", version)
    }

    /// The response to `/_ping` without an API version.
    pub fn ping_unversioned() -> Response {
        Response::text(200, "OK")
            .header("Cache-Control", "no-cache, no-store, must-revalidate")
            .header("Docker-Experimental", "false")
            .header("Ostype", "linux")
            .header("Pragma", "no-cache")
            .header("Server", "Docker/0.0.0-fake (linux)")
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Response {
        self.headers.push((name.to_string(), value.to_string()));
        self
    }

    /// Adds bytes to the body.
    pub fn then(self, bytes: impl AsRef<[u8]>) -> Response {
        self.part(Part::Bytes(bytes.as_ref().to_vec()))
    }

    /// Adds the same bytes `times` times, at full speed and without storing them all.
    pub fn repeat(self, bytes: Vec<u8>, times: u64) -> Response {
        self.part(Part::Repeat(bytes, times))
    }

    /// Adds `length` bytes of the [`Pattern`].
    pub fn pattern(self, length: u64) -> Response {
        self.part(Part::Pattern(length))
    }

    /// Sends everything before this (at least the head), then waits until the gate is open.
    pub fn hold(self, gate: &Gate) -> Response {
        self.part(Part::Hold(gate.clone()))
    }

    /// Opens the gate when everything before this is sent.
    pub fn open(self, gate: &Gate) -> Response {
        self.part(Part::Open(gate.clone()))
    }

    /// Closes the connection before the end of the body: before the last chunk, or with a
    /// `Content-Length` that is one byte too large.
    pub fn cut(mut self) -> Response {
        self.cut = true;
        self
    }

    fn part(mut self, part: Part) -> Response {
        assert!(!matches!(self.delimiter, Delimiter::Nothing), "a response without a body");
        self.parts.push(part);
        self
    }

    /// Returns the whole response, for [`send_split`](super::FakeEngine::send_split) and similar
    /// steps.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.head();
        for part in &self.parts {
            match part {
                Part::Bytes(data) if matches!(self.delimiter, Delimiter::Chunks) => {
                    bytes.extend(chunk(data));
                }
                Part::Bytes(data) => bytes.extend_from_slice(data),
                _ => panic!("the response has parts that are not plain bytes"),
            }
        }
        if matches!(self.delimiter, Delimiter::Chunks) && !self.cut {
            bytes.extend_from_slice(last_chunk());
        }
        bytes
    }

    fn head(&self) -> Vec<u8> {
        let mut text = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if matches!(self.delimiter, Delimiter::Length) {
            let length: u64 = self.parts.iter().map(Part::length).sum();
            text.push_str(&format!("Content-Length: {}\r\n", length + u64::from(self.cut)));
        }
        text.push_str("\r\n");
        text.into_bytes()
    }

    /// Sends the response, without its body in response to HEAD. Returns whether the connection can
    /// be reused.
    pub fn send(self, conn: &mut Conn, to_head: bool) -> Result<bool, Fault> {
        conn.send(&self.head())?;
        if to_head {
            return Ok(true);
        }
        let chunks = matches!(self.delimiter, Delimiter::Chunks);
        for part in self.parts {
            match part {
                Part::Bytes(data) if chunks => conn.send(&chunk(data))?,
                Part::Bytes(data) => conn.send(&data)?,
                Part::Repeat(data, times) => {
                    let data = if chunks { chunk(data) } else { data };
                    for _ in 0..times {
                        conn.send(&data)?;
                    }
                }
                Part::Pattern(length) if chunks => {
                    let mut pattern = Pattern::new(length);
                    while !pattern.piece().is_empty() {
                        conn.send(&chunk(pattern.piece()))?;
                        pattern.advance(pattern.piece().len());
                    }
                }
                Part::Pattern(length) => conn.send_pattern(length)?,
                Part::Hold(gate) => conn.pass(&gate)?,
                Part::Open(gate) => gate.open(),
            }
        }
        if chunks && !self.cut {
            conn.send(last_chunk())?;
        }
        if let Some(talk) = self.takeover {
            talk(conn)?;
            return Ok(false);
        }
        Ok(!self.cut && !matches!(self.delimiter, Delimiter::Close))
    }
}

impl Part {
    fn length(&self) -> u64 {
        match self {
            Part::Bytes(data) => data.len() as u64,
            Part::Repeat(data, times) => data.len() as u64 * times,
            Part::Pattern(length) => *length,
            Part::Hold(_) | Part::Open(_) => 0,
        }
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        101 => "UPGRADED",
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        _ => "Status",
    }
}
