//! A request as a value: `options → method, path, query, headers, body`. No I/O, so its exact bytes
//! can be tested without an engine.

use std::borrow::Cow;
use std::fmt::{Display, Write};
use std::marker::PhantomData;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::codec::write::{Limited, Written};
use crate::codec::{Field, JsonBody, Location, Record, Scalar, Tree, View, path, write};
use crate::credentials::{RegistryAuth, RegistryConfig, RequestCredentials, registry_of};
use crate::filters::Filters;
use crate::model::{AuthConfig, Map};
use crate::secret::SecretBytes;
use crate::{ApiVersion, Error};

/// What needs no escape in a query value.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/')
    .remove(b':')
    .remove(b',');

/// What needs no escape in a path: names of images hold `/`, `:` and `@`.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/')
    .remove(b':')
    .remove(b'@');

/// A request to the engine whose response is a `T`.
///
/// It is put together as a `Request<()>`, so that its methods are compiled once;
/// [`returning`](Request::returning) then names the type of the response.
#[derive(Debug)]
pub(crate) struct Request<T> {
    pub(crate) parts: Parts,
    response: PhantomData<fn() -> T>,
}

/// All of a request but the type of its response.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) operation: &'static str,
    pub(crate) method: Cow<'static, str>,
    /// Escaped, without version prefix.
    pub(crate) path: String,
    /// Escaped, without `?`.
    pub(crate) query: String,
    pub(crate) headers: Vec<(Cow<'static, str>, String)>,
    pub(crate) credentials: Option<Box<dyn RequestCredentials>>,
    pub(crate) body: Body,
    /// Whether the path gets the version prefix; all but the ping that finds the version.
    pub(crate) versioned: bool,
    /// What not every API version honours, besides the body's fields.
    needs: Vec<Need>,
    /// Fields of the body that not every API version honours.
    limited: Vec<Limited>,
    /// Fields of the body that this operation honours later than others: paths as in errors, without
    /// indices and names.
    later: &'static [(&'static str, u16)],
    pub(crate) timeout: ResponseTimeout,
    pub(crate) secret: SecretBodies,
    /// The first wrong input, which keeps the request from being sent.
    pub(crate) wrong: Option<Error>,
}

/// Which bodies of a call are secrets: redacted in its result, and wiped from memory.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SecretBodies {
    pub(crate) request: bool,
    pub(crate) response: bool,
}

/// A parameter, or the operation, and the API versions that honour it.
#[derive(Debug)]
struct Need {
    what: String,
    since: u16,
    until: u16,
}

/// The body of a request.
#[derive(Debug)]
pub(crate) enum Body {
    /// None.
    Empty,
    /// In memory, with its Content-Type; wiped, since it may hold a secret.
    Bytes(SecretBytes, Cow<'static, str>),
    /// Streamed up from a reader, with its Content-Type.
    Upload(Cow<'static, str>),
}

/// How long a call waits for its response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseTimeout {
    /// The read timeout: the engine responds at once.
    Idle,
    /// The read timeout plus the time that the operation itself takes.
    IdlePlus(Duration),
    /// The stream timeout, which is none by default: the engine responds when its work is done.
    None,
}

impl Request<()> {
    pub(crate) fn new(
        operation: &'static str,
        method: impl Into<Cow<'static, str>>,
        path: &str,
    ) -> Request<()> {
        Request {
            parts: Parts {
                operation,
                method: method.into(),
                path: utf8_percent_encode(path, PATH).to_string(),
                query: String::new(),
                headers: Vec::new(),
                credentials: None,
                body: Body::Empty,
                versioned: true,
                needs: Vec::new(),
                limited: Vec::new(),
                later: &[],
                timeout: ResponseTimeout::Idle,
                secret: SecretBodies::default(),
                wrong: None,
            },
            response: PhantomData,
        }
    }

    /// A request whose path names a container, exec, network, volume, … in place of `{}`.
    ///
    /// A leading `/`, as lists show container names, is dropped.
    pub(crate) fn on(
        operation: &'static str,
        method: &'static str,
        path: &str,
        id: &str,
    ) -> Request<()> {
        let id = id.strip_prefix('/').unwrap_or(id);
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | '+');
        Request::named(operation, method, path, id, "id or name", &|c| {
            plain(c) || (!c.is_ascii() && !c.is_control())
        })
    }

    /// A request whose path names an image, by reference or id, in place of `{}`.
    pub(crate) fn on_image(
        operation: &'static str,
        method: &'static str,
        path: &str,
        name: &str,
    ) -> Request<()> {
        let allowed = |c: char| {
            c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | '+' | '/' | '@')
        };
        Request::named(operation, method, path, name, "image reference", &allowed)
    }

    /// A request whose path names a volume in place of `{}`. Drivers of their own have their own
    /// names, with slashes too.
    pub(crate) fn on_volume(
        operation: &'static str,
        method: &'static str,
        path: &str,
        name: &str,
    ) -> Request<()> {
        Request::named(operation, method, path, name, "volume name", &|c| !c.is_control())
    }

    /// A request whose path names a plugin, by name or id, in place of `{}`.
    pub(crate) fn on_plugin(
        operation: &'static str,
        method: &'static str,
        path: &str,
        name: &str,
    ) -> Request<()> {
        let allowed =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | '/' | '@');
        Request::named(operation, method, path, name, "plugin name", &allowed)
    }

    fn named(
        operation: &'static str,
        method: &'static str,
        path: &str,
        name: &str,
        kind: &str,
        allowed: &dyn Fn(char) -> bool,
    ) -> Request<()> {
        let mut request = Request::new(operation, method, &path.replace("{}", name));
        if name.is_empty() {
            request.wrong(format!("the {kind} is empty"));
        } else if name.split('/').any(|part| part.is_empty()) {
            request.wrong(format!("{kind} {name:?} has an empty part between slashes"));
        } else if name.split('/').any(|part| part == "." || part == "..") {
            request.wrong(format!("{name:?} is no {kind}: `.` and `..` are directories"));
        } else if let Some(bad) = name.chars().find(|c| !allowed(*c)) {
            request.wrong(format!("{name:?} is no {kind}: it holds {bad:?}"));
        }
        request
    }

    /// Adds a further name at the end of the path.
    pub(crate) fn below(mut self, name: &str, kind: &str) -> Self {
        if name.is_empty() {
            self.wrong(format!("the name of the {kind} is empty"));
        } else if name == "."
            || name == ".."
            || name.contains(['/', '?', '#'])
            || name.contains(char::is_control)
        {
            self.wrong(format!("{name:?} is no name of a {kind}"));
        }
        write!(self.parts.path, "/{}", utf8_percent_encode(name, PATH))
            .expect("writing to a String cannot fail");
        self
    }

    /// The input is wrong: nothing will be sent. The first complaint counts.
    pub(crate) fn wrong(&mut self, message: impl Into<String>) {
        let operation = self.parts.operation;
        self.parts.wrong.get_or_insert_with(|| Error::invalid(operation, message));
    }

    /// The options, as their table says: parameters of the query that are not empty, and headers.
    pub(crate) fn options(mut self, options: &dyn Record) -> Self {
        for (index, field) in options.table().fields.iter().enumerate() {
            let view = options.view(index);
            let empty = view.is_empty() && field.location != Location::QueryAlways;
            if empty || matches!(field.location, Location::Body | Location::Manual) {
                continue;
            }
            if field.is_limited() {
                self.parts.needs.push(Need {
                    what: format!("{:?}", field.name()),
                    since: field.since,
                    until: field.until,
                });
            }
            self.option(field, view);
        }
        self
    }

    fn option(&mut self, field: &Field, view: View<'_>) {
        match view {
            View::Optional(maybe) => {
                if let Some(view) = maybe.get() {
                    self.option(field, view);
                }
            }
            View::List(list) if field.location != Location::JsonQuery => {
                (0..list.len()).for_each(|at| self.option(field, list.get(at)));
            }
            View::Bool(on) => self.send(field, if on { "1" } else { "0" }),
            View::Int(it) => self.send(field, &it.to_string()),
            View::Uint(it) => self.send(field, &it.to_string()),
            View::Number(it) => self.send(field, &it.to_string()),
            View::Str(it) => self.send(field, it),
            View::Leaf(leaf) => leaf.get(&mut |scalar| match scalar {
                Scalar::Str(it) => self.send(field, it),
                other => self.send(field, &other.to_string()),
            }),
            View::Opaque => {}
            View::Tree(_) | View::Any(_) | View::Record(_) | View::List(_) | View::Map(_) => {
                let json = write::body(view).json;
                self.send(field, std::str::from_utf8(&json).expect("JSON is text"));
            }
        }
    }

    fn send(&mut self, field: &Field, value: &str) {
        match field.location {
            Location::Header => self.parts.headers.push((field.name().into(), value.to_owned())),
            _ => self.add(field.name(), value),
        }
    }

    /// Filters, left out when there are none.
    pub(crate) fn filters(self, filters: &Filters) -> Self {
        if filters.is_empty() { self } else { self.param("filters", &filters.get().to_string()) }
    }

    /// One parameter.
    pub(crate) fn param(mut self, name: &str, value: &str) -> Self {
        self.add(name, value);
        self
    }

    /// A text, left out when empty.
    pub(crate) fn text(self, name: &'static str, value: &str) -> Self {
        if value.is_empty() { self } else { self.param(name, value) }
    }

    /// A value, left out when there is none.
    pub(crate) fn optional(self, name: &'static str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.param(name, &value.to_string()),
            None => self,
        }
    }

    /// A list, sent as one parameter for each item.
    pub(crate) fn list(mut self, name: &'static str, values: &[impl AsRef<str>]) -> Self {
        for value in values {
            self = self.param(name, value.as_ref());
        }
        self
    }

    fn add(&mut self, name: &str, value: &str) {
        let query = &mut self.parts.query;
        if !query.is_empty() {
            query.push('&');
        }
        let name = utf8_percent_encode(name, QUERY);
        write!(query, "{name}={}", utf8_percent_encode(value, QUERY))
            .expect("writing to a String cannot fail");
    }

    /// Says that `name`, where it was `given`, needs an engine of at least version 1.`minor`.
    pub(crate) fn needs(mut self, minor: u16, name: &str, given: bool) -> Self {
        if given {
            let what = format!("{name:?}");
            self.parts.needs.push(Need { what, since: minor, until: u16::MAX });
        }
        self
    }

    /// Says that the whole operation needs an engine of at least version 1.`minor`.
    pub(crate) fn since(mut self, minor: u16) -> Self {
        let what = "the operation".to_owned();
        self.parts.needs.push(Need { what, since: minor, until: u16::MAX });
        self
    }

    /// One header.
    pub(crate) fn header(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Self {
        self.parts.headers.push((name.into(), value.into()));
        self
    }

    /// A JSON body.
    pub(crate) fn json(mut self, body: &dyn JsonBody) -> Self {
        let Written { json, limited } = body.write();
        self.parts.body = Body::Bytes(json, "application/json".into());
        self.parts.limited = limited;
        self
    }

    /// As [`json`](Request::json), of a body that the result callback does not get to see.
    pub(crate) fn secret_json(mut self, Written { json, limited }: Written) -> Self {
        self.parts.body = Body::Bytes(json, "application/json".into());
        self.parts.limited = limited;
        self.parts.secret.request = true;
        self
    }

    /// Fields of the body that this operation honours since another version than their table says:
    /// paths without indices and names, and the minor number of the version.
    pub(crate) fn later(mut self, fields: &'static [(&'static str, u16)]) -> Self {
        self.parts.later = fields;
        self
    }

    /// A tar, streamed up from a reader that the call gets.
    pub(crate) fn tar(mut self) -> Self {
        self.parts.body = Body::Upload("application/x-tar".into());
        self
    }

    /// Credentials for the registry that `image` names: `given`, or else those that the context has
    /// for it. They are looked up and encoded when the call is made, within its deadline; what is to
    /// be told of that goes into its result. `image` may also name a plugin, or be a search term.
    ///
    /// An operation passes its own option on, whatever it is: with `None` the context decides, with
    /// an empty one the call is anonymous. Where there are none, no header is sent.
    pub(crate) fn registry_auth(self, image: &str, given: Option<&AuthConfig>) -> Self {
        self.registry_credentials(image, given, false)
    }

    /// As [`registry_auth`](Request::registry_auth), and where there are none the header says so.
    pub(crate) fn registry_auth_always(self, image: &str, given: Option<&AuthConfig>) -> Self {
        self.registry_credentials(image, given, true)
    }

    fn registry_credentials(
        mut self,
        image: &str,
        given: Option<&AuthConfig>,
        always: bool,
    ) -> Self {
        let registry = registry_of(image).to_owned();
        self.parts.credentials =
            Some(Box::new(RegistryAuth { registry, given: given.cloned(), always }));
        self
    }

    /// Credentials for all registries: `given`, or else those that the context has.
    pub(crate) fn registry_config(mut self, given: Option<&Map<AuthConfig>>) -> Self {
        self.parts.credentials = Some(Box::new(RegistryConfig { given: given.cloned() }));
        self
    }

    /// Asks for the connection itself, in both directions. For `tcp` an engine that does not upgrade
    /// gives it all the same, with status 200.
    pub(crate) fn upgrade(self, protocol: &'static str) -> Self {
        self.header("Connection", "Upgrade").header("Upgrade", protocol)
    }

    /// How long a call waits for its response.
    pub(crate) fn response_timeout(mut self, timeout: ResponseTimeout) -> Self {
        self.parts.timeout = timeout;
        self
    }

    /// The path gets no version prefix.
    pub(crate) fn unversioned(mut self) -> Self {
        self.parts.versioned = false;
        self
    }

    /// The same request, with the type of its response.
    pub(crate) fn returning<T>(self) -> Request<T> {
        Request { parts: self.parts, response: PhantomData }
    }
}

impl<T> Request<T> {
    /// The same request, of whose response the library reads only what a `U` has.
    pub(crate) fn reading<U>(self) -> Request<U> {
        Request { parts: self.parts, response: PhantomData }
    }
}

impl Parts {
    /// Whether what is sent or answered is to be wiped afterwards.
    pub(crate) fn is_secret(&self) -> bool {
        self.secret.request || self.secret.response || self.credentials.is_some()
    }

    /// Refuses what an engine of version `spoken` would silently ignore.
    pub(crate) fn check_version(&self, spoken: ApiVersion) -> Result<(), Error> {
        for Need { what, since, until } in &self.needs {
            self.check_field(what, *since, *until, spoken)?;
        }
        let Body::Bytes(body, _) = &self.body else { return Ok(()) };
        for Limited { field, offset } in &self.limited {
            // Its path is only of interest where there is an error, or an exception.
            let excepted = self.later.iter().any(|(path, _)| path.ends_with(field.name()));
            if excepted || self.is_outside(field.since, field.until, spoken) {
                let path = path::at(body, *offset);
                let plain = path::without_keys(&path);
                let later = self.later.iter().find(|(path, _)| *path == plain);
                let since = later.map_or(field.since, |(_, since)| *since);
                self.check_field(&format!("{path:?}"), since, field.until, spoken)?;
            }
        }
        Ok(())
    }

    fn is_outside(&self, since: u16, until: u16, spoken: ApiVersion) -> bool {
        spoken < ApiVersion::new(1, since) || ApiVersion::new(1, until) < spoken
    }

    fn check_field(
        &self,
        what: &str,
        since: u16,
        until: u16,
        spoken: ApiVersion,
    ) -> Result<(), Error> {
        let operation = self.operation;
        let in_use = format!("and {spoken} is in use with this engine");
        if spoken < ApiVersion::new(1, since) {
            let needed = ApiVersion::new(1, since);
            let message = format!("{what} needs API {needed}, {in_use}");
            return Err(Error::EngineTooOld { operation, message, needed, spoken });
        }
        if ApiVersion::new(1, until) < spoken {
            let last = ApiVersion::new(1, until);
            let message = format!("{what} is honoured up to API {last}, {in_use}");
            return Err(Error::EngineTooNew { operation, message, spoken });
        }
        Ok(())
    }
}
