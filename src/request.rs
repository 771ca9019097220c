//! Building of requests: method, path, query, headers and body from the options of an operation.
//! Nothing here does I/O, so tests compare the exact bytes without an engine.

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

/// Characters that are percent-encoded in a query.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/')
    .remove(b':')
    .remove(b',');

/// Characters that are percent-encoded in a path. Image names contain `/`, `:` and `@`.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/')
    .remove(b':')
    .remove(b'@');

/// A request whose response is a `T`.
///
/// It is built as a `Request<()>`, so that its methods are compiled once. Then
/// [`returning`](Request::returning) sets the type of the response.
#[derive(Debug)]
pub(crate) struct Request<T> {
    pub(crate) parts: Parts,
    response: PhantomData<fn() -> T>,
}

/// A request without the type of its response.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) operation: &'static str,
    pub(crate) method: Cow<'static, str>,
    /// Percent-encoded, without version prefix.
    pub(crate) path: String,
    /// Percent-encoded, without `?`.
    pub(crate) query: String,
    pub(crate) headers: Vec<(Cow<'static, str>, String)>,
    pub(crate) credentials: Option<Box<dyn RequestCredentials>>,
    pub(crate) body: Body,
    /// Whether the path gets a version prefix. The requests that negotiate the version have none.
    pub(crate) versioned: bool,
    /// Version limits of the operation and its parameters.
    version_limits: Vec<VersionLimit>,
    /// Fields of the body with version limits.
    limited: Vec<Limited>,
    /// See [`later`](Request::later).
    later: &'static [(&'static str, u16)],
    pub(crate) timeout: ResponseTimeout,
    pub(crate) secret: SecretBodies,
    /// The first invalid input. The request is then not sent.
    pub(crate) error: Option<Error>,
}

/// Secrecy of the bodies of a call. Secret bodies are redacted in its result and wiped from memory.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SecretBodies {
    pub(crate) request: bool,
    pub(crate) response: bool,
}

/// The API versions that support a parameter or the operation, as minor numbers.
#[derive(Debug)]
struct VersionLimit {
    /// The quoted parameter, or "the operation".
    subject: String,
    since: u16,
    until: u16,
}

/// The body of a request.
#[derive(Debug)]
pub(crate) enum Body {
    Empty,
    /// In memory, with its Content-Type. Wiped when dropped, since it may hold a secret.
    Bytes(SecretBytes, Cow<'static, str>),
    /// Streamed from a reader, with its Content-Type.
    Upload(Cow<'static, str>),
}

/// The timeout for a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseTimeout {
    /// The read timeout, if the engine responds at once.
    Idle,
    /// The read timeout plus the time that the operation itself takes.
    IdlePlus(Duration),
    /// The stream timeout, by default none, if the engine responds when its work is done.
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
                version_limits: Vec::new(),
                limited: Vec::new(),
                later: &[],
                timeout: ResponseTimeout::Idle,
                secret: SecretBodies::default(),
                error: None,
            },
            response: PhantomData,
        }
    }

    /// A request with the name or ID of an exec, node, service, … in place of `{}` in its path.
    ///
    /// Their routes take one segment, so that a name with a slash would reach another route.
    pub(crate) fn on(
        operation: &'static str,
        method: &'static str,
        path: &str,
        id: &str,
    ) -> Request<()> {
        let mut request = Request::named(operation, method, path, id, "name or ID");
        if id.contains('/') {
            request.wrong(format!("{id:?} is not a valid name or ID: it contains '/'"));
        }
        request
    }

    /// A request with the name or ID of a container in place of `{}` in its path.
    ///
    /// A leading `/`, which names have in lists, is removed. Links have names with a slash inside.
    pub(crate) fn on_container(
        operation: &'static str,
        method: &'static str,
        path: &str,
        id: &str,
    ) -> Request<()> {
        let id = id.strip_prefix('/').unwrap_or(id);
        Request::named(operation, method, path, id, "name or ID")
    }

    /// A request with the name or ID of a network in place of `{}` in its path.
    pub(crate) fn on_network(
        operation: &'static str,
        method: &'static str,
        path: &str,
        id: &str,
    ) -> Request<()> {
        Request::named(operation, method, path, id, "name or ID")
    }

    /// A request with the reference or ID of an image in place of `{}` in its path.
    pub(crate) fn on_image(
        operation: &'static str,
        method: &'static str,
        path: &str,
        name: &str,
    ) -> Request<()> {
        Request::named(operation, method, path, name, "image reference")
    }

    /// A request with the name of a volume in place of `{}` in its path.
    pub(crate) fn on_volume(
        operation: &'static str,
        method: &'static str,
        path: &str,
        name: &str,
    ) -> Request<()> {
        Request::named(operation, method, path, name, "volume name")
    }

    /// A request with the name or ID of a plugin in place of `{}` in its path.
    pub(crate) fn on_plugin(
        operation: &'static str,
        method: &'static str,
        path: &str,
        name: &str,
    ) -> Request<()> {
        Request::named(operation, method, path, name, "plugin name")
    }

    /// Rejects only names that would change the meaning of the request: engines clean the decoded path, and
    /// then redirect or take another route. All other names are percent-encoded and left to the engine.
    fn named(
        operation: &'static str,
        method: &'static str,
        path: &str,
        name: &str,
        kind: &str,
    ) -> Request<()> {
        let mut request = Request::new(operation, method, &path.replace("{}", name));
        if name.is_empty() {
            request.wrong(format!("the {kind} is empty"));
        } else if name.trim().is_empty() {
            request.wrong(format!("{name:?} is not a valid {kind}: it is blank"));
        } else if name.split('/').any(|part| part.is_empty()) {
            request.wrong(format!("{kind} {name:?} has an empty part between slashes"));
        } else if name.split('/').any(|part| part == "." || part == "..") {
            request.wrong(format!("{name:?} is not a valid {kind}: `.` and `..` are directories"));
        } else if let Some(control) = name.chars().find(|c| c.is_control()) {
            request.wrong(format!("{name:?} is not a valid {kind}: it contains {control:?}"));
        }
        request
    }

    /// Appends a segment with a name to the path.
    pub(crate) fn segment(mut self, name: &str, kind: &str) -> Self {
        if name.trim().is_empty() {
            self.wrong(format!("the name of the {kind} is empty"));
        } else if matches!(name, "." | "..")
            || name.contains('/')
            || name.contains(char::is_control)
        {
            self.wrong(format!("{name:?} is not a valid {kind} name"));
        }
        write!(self.parts.path, "/{}", utf8_percent_encode(name, PATH))
            .expect("writing to a String cannot fail");
        self
    }

    /// Marks the request as invalid, so that it is not sent. The first message is kept.
    pub(crate) fn wrong(&mut self, message: impl Into<String>) {
        let operation = self.parts.operation;
        self.parts.error.get_or_insert_with(|| Error::invalid(operation, message));
    }

    /// Adds the options of an operation that their table places in the query or a header. Empty ones are omitted.
    pub(crate) fn options(mut self, options: &dyn Record) -> Self {
        for (index, field) in options.table().fields.iter().enumerate() {
            let view = options.view(index);
            let empty = view.is_empty() && field.location != Location::QueryAlways;
            if empty || matches!(field.location, Location::Body | Location::Manual) {
                continue;
            }
            if field.is_limited() {
                self.parts.version_limits.push(VersionLimit {
                    subject: format!("{:?}", field.name()),
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
            View::Bool(on) => self.add_option(field, if on { "1" } else { "0" }),
            View::Int(it) => self.add_option(field, &it.to_string()),
            View::Uint(it) => self.add_option(field, &it.to_string()),
            View::Number(it) => self.add_option(field, &it.to_string()),
            View::Str(it) => self.add_option(field, it),
            View::Leaf(leaf) => leaf.get(&mut |scalar| match scalar {
                Scalar::Str(it) => self.add_option(field, it),
                other => self.add_option(field, &other.to_string()),
            }),
            View::Opaque => {}
            View::Tree(_) | View::Any(_) | View::Record(_) | View::List(_) | View::Map(_) => {
                let json = write::body(view).json;
                self.add_option(field, std::str::from_utf8(&json).expect("JSON is UTF-8"));
            }
        }
    }

    fn add_option(&mut self, field: &Field, value: &str) {
        match field.location {
            Location::Header => self.parts.headers.push((field.name().into(), value.to_owned())),
            _ => self.add_param(field.name(), value),
        }
    }

    /// Adds the parameter `filters`, unless there are none.
    pub(crate) fn filters(self, filters: &Filters) -> Self {
        if filters.is_empty() { self } else { self.param("filters", &filters.get().to_string()) }
    }

    /// Adds a query parameter.
    pub(crate) fn param(mut self, name: &str, value: &str) -> Self {
        self.add_param(name, value);
        self
    }

    /// Adds a query parameter, unless its value is empty.
    pub(crate) fn text(self, name: &'static str, value: &str) -> Self {
        if value.is_empty() { self } else { self.param(name, value) }
    }

    /// Adds a query parameter, if there is a value.
    pub(crate) fn optional(self, name: &'static str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.param(name, &value.to_string()),
            None => self,
        }
    }

    /// Adds one query parameter for each value.
    pub(crate) fn list(mut self, name: &'static str, values: &[impl AsRef<str>]) -> Self {
        for value in values {
            self = self.param(name, value.as_ref());
        }
        self
    }

    fn add_param(&mut self, name: &str, value: &str) {
        let query = &mut self.parts.query;
        if !query.is_empty() {
            query.push('&');
        }
        let name = utf8_percent_encode(name, QUERY);
        write!(query, "{name}={}", utf8_percent_encode(value, QUERY))
            .expect("writing to a String cannot fail");
    }

    /// Requires API 1.`minor` for `name`, if it is `given`.
    pub(crate) fn needs(mut self, minor: u16, name: &str, given: bool) -> Self {
        if given {
            let subject = format!("{name:?}");
            let limit = VersionLimit { subject, since: minor, until: u16::MAX };
            self.parts.version_limits.push(limit);
        }
        self
    }

    /// Requires API 1.`minor` for the operation.
    pub(crate) fn since(mut self, minor: u16) -> Self {
        let subject = "the operation".to_owned();
        let limit = VersionLimit { subject, since: minor, until: u16::MAX };
        self.parts.version_limits.push(limit);
        self
    }

    /// Adds a header.
    pub(crate) fn header(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Self {
        self.parts.headers.push((name.into(), value.into()));
        self
    }

    /// Sets a JSON body.
    pub(crate) fn json(mut self, body: &dyn JsonBody) -> Self {
        let Written { json, limited } = body.write();
        self.parts.body = Body::Bytes(json, "application/json".into());
        self.parts.limited = limited;
        self
    }

    /// As [`json`](Request::json), but the body is redacted in the call's result.
    pub(crate) fn secret_json(mut self, Written { json, limited }: Written) -> Self {
        self.parts.body = Body::Bytes(json, "application/json".into());
        self.parts.limited = limited;
        self.parts.secret.request = true;
        self
    }

    /// Overrides the first API version of body fields, if this operation supports them later than others.
    ///
    /// `fields` holds paths without indices and map keys, and minor versions.
    pub(crate) fn later(mut self, fields: &'static [(&'static str, u16)]) -> Self {
        self.parts.later = fields;
        self
    }

    /// Sets a tar archive as the body, streamed from the reader that is passed with the call.
    pub(crate) fn tar(mut self) -> Self {
        self.parts.body = Body::Upload("application/x-tar".into());
        self
    }

    /// Sends credentials for the registry of `image`, which may also be a plugin or a search term.
    ///
    /// `given` is the operation's option. If it is `None`, the context's credentials for the registry are used; if it
    /// is empty, the call is anonymous. No header is sent without credentials.
    ///
    /// Credentials are looked up as part of the call, within its deadline. Remarks go into the call's result.
    pub(crate) fn registry_auth(self, image: &str, given: Option<&AuthConfig>) -> Self {
        self.registry_credentials(image, given, false)
    }

    /// As [`registry_auth`](Request::registry_auth), but sends a header with empty credentials if there are none.
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

    /// Sends credentials for all registries: `given`, or else the context's.
    pub(crate) fn registry_config(mut self, given: Option<&Map<AuthConfig>>) -> Self {
        self.parts.credentials = Some(Box::new(RegistryConfig { given: given.cloned() }));
        self
    }

    /// Requests an upgrade of the connection, which is status 101. A proxy may remove the request; the status is
    /// then 200, and only the output is received.
    pub(crate) fn upgrade(self, protocol: &'static str) -> Self {
        self.header("Connection", "Upgrade").header("Upgrade", protocol)
    }

    /// Sets the timeout for the response.
    pub(crate) fn response_timeout(mut self, timeout: ResponseTimeout) -> Self {
        self.parts.timeout = timeout;
        self
    }

    /// Sends the path without version prefix.
    pub(crate) fn unversioned(mut self) -> Self {
        self.parts.versioned = false;
        self
    }
}

impl<T> Request<T> {
    /// The same request, with `U` as the type of its response.
    pub(crate) fn returning<U>(self) -> Request<U> {
        Request { parts: self.parts, response: PhantomData }
    }
}

impl Parts {
    /// Whether the request or its response holds secrets, which are wiped afterwards.
    pub(crate) fn is_secret(&self) -> bool {
        self.secret.request || self.secret.response || self.credentials.is_some()
    }

    /// Whether the engine contacts a registry for the request, with credentials.
    pub(crate) fn contacts_registry(&self) -> bool {
        self.credentials.is_some() || self.operation == "SystemAuth"
    }

    /// Rejects parameters and fields that an engine of this API version would silently ignore.
    pub(crate) fn check_version(&self, version: ApiVersion) -> Result<(), Error> {
        for VersionLimit { subject, since, until } in &self.version_limits {
            self.check_limit(subject, *since, *until, version)?;
        }
        let Body::Bytes(body, _) = &self.body else { return Ok(()) };
        for Limited { field, offset } in &self.limited {
            // The path is computed only for an error or a possible override.
            let may_be_later = self.later.iter().any(|(path, _)| path.ends_with(field.name()));
            if may_be_later || self.is_outside(field.since, field.until, version) {
                let path = path::at(body, *offset);
                let plain = path::without_keys(&path);
                let later = self.later.iter().find(|(path, _)| *path == plain);
                let since = later.map_or(field.since, |(_, since)| *since);
                self.check_limit(&format!("{path:?}"), since, field.until, version)?;
            }
        }
        Ok(())
    }

    fn is_outside(&self, since: u16, until: u16, version: ApiVersion) -> bool {
        version < ApiVersion::new(1, since) || ApiVersion::new(1, until) < version
    }

    fn check_limit(
        &self,
        subject: &str,
        since: u16,
        until: u16,
        version: ApiVersion,
    ) -> Result<(), Error> {
        let operation = self.operation;
        let in_use = format!("and {version} is in use with this engine");
        if version < ApiVersion::new(1, since) {
            let needed = ApiVersion::new(1, since);
            let message = format!("{subject} needs API {needed}, {in_use}");
            return Err(Error::EngineTooOld { operation, message, needed, in_use: version });
        }
        if ApiVersion::new(1, until) < version {
            let last = ApiVersion::new(1, until);
            let message = format!("{subject} is supported up to API {last}, {in_use}");
            return Err(Error::EngineTooNew { operation, message, in_use: version });
        }
        Ok(())
    }
}
