//! Contexts: opening an engine
//!
//! Open a context with dockline_context_from_env() or dockline_context_open(), use it for all
//! calls, and free it with dockline_context_free(). dockline_context_derive() sets timeouts or
//! a cancel token for some calls only.

use std::ffi::{CString, c_char, c_int, c_void};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::arg;
use super::cancel::dockline_cancel_token;
use super::failure::{Fail, c_string, dockline_error};
use super::guard::{guard, guard_or};
use super::json::dockline_value;
use super::result::dockline_result;
use crate::codec::{Opaque, options};
use crate::model::{Map, SecretString};
use crate::{Context, CredentialSource, Pem, Timeouts, Tls, ValueType};

/// An engine with its address, settings and API version.
///
/// It is opened by dockline_context_from_env() or dockline_context_open(), or derived from
/// another one by dockline_context_derive(); dockline_context_free() frees it. Many threads
/// may use it at once; no lock is held during a call. Streams and derived contexts do not
/// depend on it.
pub struct dockline_context {
    pub(super) context: Context,
    endpoint: CString,
    source: CString,
    source_text: CString,
    version: OnceLock<CString>,
}

impl From<Context> for dockline_context {
    fn from(context: Context) -> dockline_context {
        dockline_context {
            endpoint: c_string(&context.endpoint().to_string()),
            source: c_string(context.endpoint_source().as_str()),
            source_text: c_string(&context.endpoint_source().to_string()),
            context,
            version: OnceLock::new(),
        }
    }
}

options! {
    /// Options of [`dockline_context_open`] and [`dockline_context_derive`]. The documentation of the
    /// fields becomes the list of options in the header.
    #[derive(Default)]
    struct ContextOptions {
        /// Name of the docker context to open, instead of the one that the environment selects.
        /// Requires that `host` is NULL.
        docker_context: Option<String> = manual "docker_context",
        /// HTTP headers for every request, by name, which may be given in one case only. They
        /// override `HttpHeaders` of config.json;
        /// `User-Agent` is the name of the program.
        headers: Map<SecretString> = manual "headers",
        /// HTTP proxy for engines reached by TCP or TLS, `http://[user:password@]host[:port]`, or
        /// empty for none. By default, if `host` is NULL, the one of `HTTP_PROXY` or, for TLS,
        /// `HTTPS_PROXY`, unless `NO_PROXY` excludes the engine or it is on this machine.
        proxy: Option<SecretString> = manual "proxy",
        /// API version such as 1.41, without negotiation. By default the one of
        /// `DOCKER_API_VERSION`, or else the newest that both sides support.
        api_version: Option<String> = manual "api_version",
        /// Seconds for connecting; over ssh until the engine responds. Defaults to 10.
        connect_timeout: Option<f64> = manual "connect_timeout",
        /// Seconds without data before and within a response. Defaults to 60.
        read_timeout: Option<f64> = manual "read_timeout",
        /// Seconds for the engine to accept the next part of a request. Defaults to 60.
        write_timeout: Option<f64> = manual "write_timeout",
        /// Replaces `read_timeout` for streams, wait, and calls that last as long as their work, also
        /// before the response. No limit by default.
        stream_timeout: Option<f64> = manual "stream_timeout",
        /// Seconds for a credential helper to finish. Defaults to 60.
        helper_timeout: Option<f64> = manual "helper_timeout",
        /// Seconds for each whole call. No limit by default.
        deadline: Option<f64> = manual "deadline",
        /// Bytes of each body that the result callback receives. Defaults to 65536.
        capture_limit: Option<u64> = manual "capture_limit",
        /// Bytes of a response that is read as a whole; a longer one fails with DOCKLINE_PROTOCOL.
        /// Streams have no limit. Defaults to 1073741824 (1 GiB).
        response_limit: Option<u64> = manual "response_limit",
        /// Passes credentials to the result callback without redaction.
        reveal_secrets: Option<bool> = manual "reveal_secrets",
        /// Uses TLS, also for tcp://, there on port 2376 unless `host` has a port. Members: see below.
        tls: Option<TlsOptions> = manual "tls",
        /// Applies `proxies` and `detachKeys` of config.json, as the docker command does, if `host`
        /// is NULL: proxies become variables of containers and build arguments, and the keys detach
        /// from exec and attach, unless a call sets them. Defaults to true.
        cli_defaults: Option<bool> = manual "cli_defaults",
        /// Source of registry credentials for calls without their own: `user` (the default), `none`,
        /// or an object, see below.
        credentials: Opaque = manual "credentials",
    }
}

options! {
    /// The option "tls". `ca`, `cert` and `key` are each the path of a PEM file, or PEM themselves.
    #[derive(Default)]
    struct TlsOptions {
        /// Certificates of the authorities to trust exclusively. By default those of the system.
        ca: Option<SecretString> = manual "ca",
        /// Client certificate.
        cert: Option<SecretString> = manual "cert",
        /// Private key of the client certificate.
        key: Option<SecretString> = manual "key",
        /// Does not verify the engine's certificate.
        skip_verify: bool = manual "skip_verify",
    }
}

impl From<TlsOptions> for Tls {
    fn from(TlsOptions { ca, cert, key, skip_verify }: TlsOptions) -> Tls {
        let pem = |option: Option<SecretString>| {
            let is_pem = |it: &SecretString| it.contains("-----BEGIN ");
            option.map(|it| if is_pem(&it) { Pem::text(&*it) } else { Pem::file(&*it) })
        };
        Tls { ca: pem(ca), cert: pem(cert), key: pem(key), skip_verify }
    }
}

/// The option "credentials".
unsafe fn credentials(options: *const dockline_value) -> Result<Option<CredentialSource>, Fail> {
    let options = arg::optional(options).map(|it| &**it);
    let Some(value) = options.and_then(|it| it.get("/credentials")) else { return Ok(None) };
    let invalid = |found: &str| {
        Fail::argument(format!(
            "options: \"credentials\" must be \"user\", \"none\" or an object of credentials by \
             registry, not {found}"
        ))
    };
    match (value.as_str(), value.value_type()) {
        (_, ValueType::Null) => Ok(None),
        (Some("user"), _) => Ok(Some(CredentialSource::User)),
        (Some("none"), _) => Ok(Some(CredentialSource::None)),
        (Some(string), _) => Err(invalid(&format!("{string:?}"))),
        (None, ValueType::Object) => {
            arg::read("options: credentials", value).map(CredentialSource::Given).map(Some)
        }
        (None, other) => Err(invalid(other.description())),
    }
}

impl ContextOptions {
    /// The first option that is set and that a derived context cannot change.
    fn open_only(&self) -> Option<&'static str> {
        let options = [
            ("docker_context", self.docker_context.is_some()),
            ("tls", self.tls.is_some()),
            ("headers", !self.headers.is_empty()),
            ("proxy", self.proxy.is_some()),
            ("api_version", self.api_version.is_some()),
            ("cli_defaults", self.cli_defaults.is_some()),
        ];
        options.into_iter().find(|(_, is_set)| *is_set).map(|(name, _)| name)
    }

    /// The timeouts that are set; the others are those of `defaults`.
    fn timeouts(&self, defaults: Timeouts) -> Result<Timeouts, Fail> {
        let or = |name: &str, option: Option<f64>, default: Option<Duration>| match option {
            None => Ok(default),
            Some(seconds) => arg::seconds(name, seconds),
        };
        Ok(Timeouts {
            connect: or("connect_timeout", self.connect_timeout, defaults.connect)?,
            read: or("read_timeout", self.read_timeout, defaults.read)?,
            write: or("write_timeout", self.write_timeout, defaults.write)?,
            stream: or("stream_timeout", self.stream_timeout, defaults.stream)?,
            helper: or("helper_timeout", self.helper_timeout, defaults.helper)?,
            deadline: or("deadline", self.deadline, defaults.deadline)?,
        })
    }

    /// Applies the limits and the options of the result callback.
    fn set_limits(&self, context: &mut Context) {
        if let Some(limit) = self.response_limit {
            context.response_limit = limit;
        }
        if let Some(limit) = self.capture_limit {
            context.reporting.limit = usize::try_from(limit).unwrap_or(usize::MAX);
        }
        if let Some(reveal) = self.reveal_secrets {
            context.reporting.reveal = reveal;
        }
    }
}

/// Opens the engine that the docker command uses.
///
/// The first of these that is set determines the engine:
/// - the address in the variable DOCKER_HOST, with the certificates in DOCKER_CERT_PATH if
///   DOCKER_TLS_VERIFY is set;
/// - the docker context that DOCKER_CONTEXT names;
/// - the current docker context ("docker context use");
/// - the default socket unix:///var/run/docker.sock.
///
/// The configuration is read from the directory DOCKER_CONFIG, by default ~/.docker; its
/// HttpHeaders are sent with every request. DOCKER_API_VERSION sets the API version; if it is
/// newer than this library supports, the newest is used, with a note in the results.
///
/// If none is set and no engine listens at the default socket, the sockets of rootless Docker,
/// Docker Desktop, Colima, Rancher Desktop and Podman are searched, in this order. If several
/// sockets exist, they are connected to in turn until one accepts; nothing is sent. The chosen
/// address is returned by dockline_context_endpoint(), the reason by
/// dockline_context_endpoint_source_description(). If a call cannot connect, its error lists the
/// sockets that were searched.
///
/// Otherwise no connection is made: the first call connects and negotiates the API version.
///
/// context: receives the context; free it with dockline_context_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_INVALID_ARGUMENT if a variable or configuration file is
/// malformed, or if the docker context does not exist; DOCKLINE_IO if a file cannot be read;
/// DOCKLINE_TLS if the private key does not belong to the certificate; or another negative
/// status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_context_from_env(
    context: *mut *mut dockline_context,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("Context", error, || {
        let context = arg::out("context", context)?;
        context.put_handle(Context::from_env()?.into());
        Ok(())
    })
}

/// Opens the engine at an address, with options.
///
/// No connection is made, as for dockline_context_from_env().
///
/// host: unix:///path, /path, tcp://host[:port], http://host[:port], https://host[:port] or
/// ssh://[user@]host[:port][/path]. Variables and configuration of the docker command are then
/// ignored, except DOCKER_API_VERSION and registry credentials. ssh:// runs the system's ssh
/// command, which authenticates by its own configuration and never prompts on the terminal;
/// the path is that of the engine's socket on the remote machine. NULL opens the engine that
/// dockline_context_from_env() opens.
/// options: seconds may have a fraction; 0 means no limit.
/// context: receives the context; free it with dockline_context_free().
///
/// Members of "tls": "ca" (string: certificates of the authorities to trust exclusively; by
/// default those of the system), "cert" (string: the client certificate), "key" (string: its
/// private key) and "skip_verify" (boolean: the engine's certificate is not verified). "ca",
/// "cert" and "key" are paths of PEM files, or PEM themselves.
///
/// Values of "credentials": "user" (the credentials of the docker command, see
/// dockline_credentials_find()), "none", or an object with the registry's host as name and
/// credentials as for dockline_system_auth() as value. "X-Registry-Auth" of a call overrides
/// them.
///
/// Returns the same statuses as dockline_context_from_env().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_context_open(
    host: *const c_char,
    options: *const dockline_value,
    context: *mut *mut dockline_context,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("Context", error, || {
        let context = arg::out("context", context)?;
        let mut settings: ContextOptions = arg::options(options)?;
        let mut builder = Context::builder().timeouts(settings.timeouts(Timeouts::default())?);
        if let Some(host) = arg::optional_text("host", host)? {
            builder = builder.host(host);
        }
        if let Some(name) = &settings.docker_context {
            builder = builder.docker_context(name);
        }
        for (name, value) in std::mem::take(&mut settings.headers) {
            builder = builder.header(name, value);
        }
        builder = match settings.proxy.take() {
            None => builder,
            Some(address) if address.is_empty() => builder.no_proxy(),
            Some(address) => builder.proxy(address),
        };
        if let Some(version) = &settings.api_version {
            let version = version
                .parse()
                .map_err(|error| Fail::argument(format!("options: \"api_version\": {error}")))?;
            builder = builder.api_version(version);
        }
        if let Some(tls) = settings.tls.take() {
            builder = builder.tls(tls.into());
        }
        builder = builder.cli_defaults(settings.cli_defaults.unwrap_or(true));
        let mut opened = builder.build()?;
        settings.set_limits(&mut opened);
        if let Some(source) = credentials(options)? {
            opened.credentials = Arc::new(source);
        }
        context.put_handle(opened.into());
        Ok(())
    })
}

/// Creates a context with other options.
///
/// It uses the same engine, and shares connections, API version and result callback with the
/// first context. Use it to set timeouts or a cancel token for some calls only.
///
/// options: as for dockline_context_open(). Only timeouts, "deadline", "capture_limit",
/// "response_limit", "reveal_secrets" and "credentials" are allowed. Options that are not set keep their values.
/// token: cancels the calls of the new context from another thread; may be NULL.
/// derived: receives the new context; free it with dockline_context_free().
///
/// Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_context_derive(
    context: *const dockline_context,
    options: *const dockline_value,
    token: *const dockline_cancel_token,
    derived: *mut *mut dockline_context,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("Context", error, || {
        let derived = arg::out("derived", derived)?;
        let context = &arg::handle("context", context)?.context;
        let settings: ContextOptions = arg::options(options)?;
        if let Some(name) = settings.open_only() {
            return Err(Fail::argument(format!(
                "options: {name:?} cannot be changed: set it with dockline_context_open()"
            )));
        }
        let mut derived_context = context.with_timeouts(settings.timeouts(context.timeouts)?);
        if let Some(token) = arg::optional(token) {
            derived_context = derived_context.with_cancel_token(&token.0);
        }
        settings.set_limits(&mut derived_context);
        if let Some(source) = credentials(options)? {
            derived_context.credentials = Arc::new(source);
        }
        derived.put_handle(derived_context.into());
        Ok(())
    })
}

/// Sets a callback that receives each call's result.
///
/// The callback is called once for each call with this context, successful or failed. It runs
/// when the call has ended, on the thread that made the call; for a stream, on the thread that
/// reaches its end or frees it. Set the callback before other threads use the context.
///
/// callback: receives user_data and the result, which is valid until the callback returns; see
/// dockline_result_clone(). It may call this library, also with the same context. Several
/// threads may run it at once. NULL removes the callback.
/// release: called once with user_data, on any thread, as soon as neither the context nor a
/// stream or context made from it needs user_data; may be NULL.
///
/// Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and release is not called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_context_on_result(
    context: *mut dockline_context,
    callback: Option<unsafe extern "C" fn(user_data: *mut c_void, result: *const dockline_result)>,
    user_data: *mut c_void,
    release: Option<unsafe extern "C" fn(user_data: *mut c_void)>,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("Context", error, || {
        let context = arg::handle_mut("context", context)?;
        let user_data = UserData { pointer: user_data, release };
        match callback {
            None => context.context.reporting.remove_handler(),
            Some(callback) => {
                context.context = context.context.with_result_handler(move |result| {
                    let result = dockline_result::from(result.clone());
                    callback(user_data.pointer(), &result);
                });
            }
        }
        Ok(())
    })
}

/// The `user_data` of a C callback, with the function that releases it.
pub(super) struct UserData {
    pub(super) pointer: *mut c_void,
    pub(super) release: Option<unsafe extern "C" fn(user_data: *mut c_void)>,
}

impl UserData {
    /// A method, so that a closure captures the whole struct and drops it.
    pub(super) fn pointer(&self) -> *mut c_void {
        self.pointer
    }
}

// SAFETY: the header requires callbacks and their data to be usable by several threads at once.
unsafe impl Send for UserData {}
unsafe impl Sync for UserData {}

impl Drop for UserData {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: the caller supplied the function for this data; it is called once.
            unsafe { release(self.pointer) }
        }
    }
}

/// Returns the engine's address.
///
/// Returns an address such as "unix:///var/run/docker.sock", which belongs to the context; ""
/// if context is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_context_endpoint(
    context: *const dockline_context,
) -> *const c_char {
    guard_or(c"".as_ptr(), || {
        arg::optional(context).map_or(c"".as_ptr(), |context| context.endpoint.as_ptr())
    })
}

/// Returns what determined the engine, as a keyword.
///
/// Returns "host" (the host given to dockline_context_open()), "docker_context" (its option),
/// "DOCKER_HOST", "DOCKER_CONTEXT", "currentContext" (of config.json), "default" (the default
/// socket) or "found" (another socket, since no engine listens at the default one). The string
/// belongs to the context; "" if context is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_context_endpoint_source(
    context: *const dockline_context,
) -> *const c_char {
    guard_or(c"".as_ptr(), || {
        arg::optional(context).map_or(c"".as_ptr(), |context| context.source.as_ptr())
    })
}

/// Returns what determined the engine, as a phrase.
///
/// Returns a phrase for people, such as docker context "web", named by DOCKER_CONTEXT. It
/// belongs to the context; "" if context is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_context_endpoint_source_description(
    context: *const dockline_context,
) -> *const c_char {
    guard_or(c"".as_ptr(), || {
        arg::optional(context).map_or(c"".as_ptr(), |context| context.source_text.as_ptr())
    })
}

/// Returns the API version in use.
///
/// It is the version set by an option or variable, or the newest that both sides support. If
/// no call has been made yet, the engine is pinged (HEAD /_ping, or GET).
///
/// version: receives the version, such as "1.41", which belongs to the context.
///
/// Returns DOCKLINE_OK; DOCKLINE_ENGINE_TOO_OLD if the engine does not support API 1.24; or
/// another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_context_api_version(
    context: *const dockline_context,
    version: *mut *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SystemPing", error, || {
        let version = arg::out("version", version)?;
        let context = arg::handle("context", context)?;
        let negotiated = context.context.api_version()?;
        let string = context.version.get_or_init(|| c_string(&negotiated.to_string()));
        version.put(string.as_ptr());
        Ok(())
    })
}

/// Frees a context.
///
/// Calls with it must have returned on all threads. Streams remain valid.
///
/// context: may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_context_free(context: *mut dockline_context) {
    guard_or((), || arg::free(context))
}

/// The context of an operation. NULL is an error.
pub(super) unsafe fn context<'a>(context: *const dockline_context) -> Result<&'a Context, Fail> {
    arg::handle("context", context).map(|context| &context.context)
}
