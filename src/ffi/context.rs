use std::ffi::{CString, c_char, c_int, c_void};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::arg;
use super::cancel::dockline_cancel_token;
use super::failure::{Fail, dockline_error};
use super::guard::{guard, guard_or};
use super::json::dockline_value;
use super::result::dockline_result;
use crate::codec::{Opaque, options};
use crate::model::{Map, SecretString};
use crate::{Context, CredentialSource, Pem, Timeouts, Tls, ValueType};

/// An opened docker context: one engine, with its address, settings and API version.
///
/// Many threads may use one at once; no lock is held across a call. Streams and contexts made from
/// it do not need it any longer: free it when you like.
pub struct dockline_context {
    pub(super) context: Context,
    endpoint: CString,
    source: CString,
    source_text: CString,
    version: OnceLock<CString>,
}

impl From<Context> for dockline_context {
    fn from(context: Context) -> dockline_context {
        // An address with NUL is refused when it is parsed.
        let text = |text: String| CString::new(text).unwrap_or_default();
        dockline_context {
            endpoint: text(context.endpoint().to_string()),
            source: text(context.endpoint_source().as_str().to_owned()),
            source_text: text(context.endpoint_source().to_string()),
            context,
            version: OnceLock::new(),
        }
    }
}

options! {
    /// Settings of dockline_context_open() and dockline_context_derive().
    #[derive(Default)]
    struct Settings {
        docker_context: Option<String> = manual "docker_context",
        headers: Map<SecretString> = manual "headers",
        proxy: Option<SecretString> = manual "proxy",
        api_version: Option<String> = manual "api_version",
        connect_timeout: Option<f64> = manual "connect_timeout",
        read_timeout: Option<f64> = manual "read_timeout",
        write_timeout: Option<f64> = manual "write_timeout",
        stream_timeout: Option<f64> = manual "stream_timeout",
        helper_timeout: Option<f64> = manual "helper_timeout",
        deadline: Option<f64> = manual "deadline",
        capture_limit: Option<u64> = manual "capture_limit",
        reveal_secrets: Option<bool> = manual "reveal_secrets",
        tls: Option<TlsSettings> = manual "tls",
        credentials: Opaque = manual "credentials",
    }
}

options! {
    /// The option "tls": each a path, or what would stand in the file.
    #[derive(Default)]
    struct TlsSettings {
        ca: Option<SecretString> = manual "ca",
        cert: Option<SecretString> = manual "cert",
        key: Option<SecretString> = manual "key",
        skip_verify: bool = manual "skip_verify",
    }
}

impl From<TlsSettings> for Tls {
    fn from(TlsSettings { ca, cert, key, skip_verify }: TlsSettings) -> Tls {
        let pem = |text: Option<SecretString>| {
            let is_text = |text: &SecretString| text.contains("-----BEGIN ");
            text.map(|it| if is_text(&it) { Pem::text(&*it) } else { Pem::file(&*it) })
        };
        Tls { ca: pem(ca), cert: pem(cert), key: pem(key), skip_verify }
    }
}

/// The option "credentials": where a context takes them from.
unsafe fn credentials(options: *const dockline_value) -> Result<Option<CredentialSource>, Fail> {
    let options = arg::optional(options).map(|it| &**it);
    let Some(value) = options.and_then(|it| it.get("/credentials")) else { return Ok(None) };
    let wrong = |found: &str| {
        Fail::argument(format!(
            "options: \"credentials\" must be \"user\", \"none\" or an object of credentials by \
             registry, not {found}"
        ))
    };
    match (value.as_str(), value.value_type()) {
        (_, ValueType::Null) => Ok(None),
        (Some("user"), _) => Ok(Some(CredentialSource::User)),
        (Some("none"), _) => Ok(Some(CredentialSource::None)),
        (Some(word), _) => Err(wrong(&format!("{word:?}"))),
        (None, ValueType::Object) => {
            arg::read("options: credentials", value).map(CredentialSource::Given).map(Some)
        }
        (None, other) => Err(wrong(other.words())),
    }
}

impl Settings {
    /// Those that are settled when a context is opened.
    fn for_opening_only(&self) -> Option<&'static str> {
        let given = [
            ("docker_context", self.docker_context.is_some()),
            ("tls", self.tls.is_some()),
            ("headers", !self.headers.is_empty()),
            ("proxy", self.proxy.is_some()),
            ("api_version", self.api_version.is_some()),
        ];
        given.into_iter().find(|(_, is_given)| *is_given).map(|(name, _)| name)
    }

    /// These timeouts, and for what is not given those of `timeouts`.
    fn timeouts(&self, timeouts: Timeouts) -> Result<Timeouts, Fail> {
        let or = |name: &str, given: Option<f64>, default: Option<Duration>| match given {
            None => Ok(default),
            Some(seconds) => arg::seconds(name, seconds),
        };
        Ok(Timeouts {
            connect: or("connect_timeout", self.connect_timeout, timeouts.connect)?,
            read: or("read_timeout", self.read_timeout, timeouts.read)?,
            write: or("write_timeout", self.write_timeout, timeouts.write)?,
            stream: or("stream_timeout", self.stream_timeout, timeouts.stream)?,
            helper: or("helper_timeout", self.helper_timeout, timeouts.helper)?,
            deadline: or("deadline", self.deadline, timeouts.deadline)?,
        })
    }

    /// What the result callback gets, and where credentials come from.
    fn set(&self, context: &mut Context) {
        if let Some(limit) = self.capture_limit {
            context.reporting.limit = usize::try_from(limit).unwrap_or(usize::MAX);
        }
        if let Some(reveal) = self.reveal_secrets {
            context.reporting.reveal = reveal;
        }
    }
}

/// Opens the engine that the docker command would use. That is, of these, the first: the address in
/// DOCKER_HOST, with the certificates of DOCKER_CERT_PATH where DOCKER_TLS_VERIFY is set; the docker
/// context that DOCKER_CONTEXT names; the one that "docker context use" made the current one; the
/// socket unix:///var/run/docker.sock. The configuration is in the directory DOCKER_CONFIG, or else
/// ~/.docker; its HttpHeaders go along with every request. DOCKER_API_VERSION pins the API version.
///
/// Where nothing is named and nobody listens at that socket, those of rootless Docker, Docker Desktop,
/// Colima, Rancher Desktop and Podman are looked for. Only where there are several sockets are they
/// connected to, to see which one is answered; nothing is sent. dockline_context_endpoint() tells what
/// was chosen, dockline_context_endpoint_source_text() why, and a call that finds nobody there where else was
/// looked.
///
/// No connection is made yet: the first call makes one, and finds out which API version to speak.
///
/// Returns DOCKLINE_OK; DOCKLINE_INVALID_ARGUMENT when a variable or a file is not well-formed, or
/// there is no docker context of the name; DOCKLINE_IO when a file cannot be read; DOCKLINE_TLS when a
/// key does not belong to its certificate. Free *context with dockline_context_free().
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

/// Opens the engine at an address, with settings.
///
/// host: unix:///path, /path, tcp://host[:port], http://host[:port], https://host[:port] or
/// ssh://[user@]host[:port][/path]; then the docker command's variables and configuration do not count,
/// but for DOCKER_API_VERSION. NULL for what dockline_context_from_env() would open. ssh:// runs the
/// system's ssh, which logs in by its own configuration and never asks on the terminal; the path is
/// that of the engine's socket on the other machine.
///
/// Options, all of which may be left out:
/// "docker_context" (text: with host NULL, the docker context of this name, whatever the environment
/// names),
/// "tls" (an object, by which tcp:// means TLS as well, on port 2376 unless host names one: "ca", the
/// certificates of the authorities to trust and no others, those of the system unless given; "cert"
/// and "key", our certificate and its private key; each the path of a PEM file, or its text;
/// "skip_verify", boolean: talks to whoever answers, without checking who it is; false),
/// "headers" (an object of strings: headers for every request, in the place of those of the same name in
/// HttpHeaders; "User-Agent" is how the program calls itself),
/// "proxy" (text, http://[user:password@]host[:port]: the HTTP proxy that leads to an engine by TCP; ""
/// for none; without it, with host NULL, the one that HTTP_PROXY or, for TLS, HTTPS_PROXY names, unless
/// NO_PROXY excepts the engine or it is on this machine),
/// "api_version" (text such as "1.41": speaks this version and does not ask the engine),
/// "connect_timeout" (seconds, 10; over ssh until the engine answers), "read_timeout" (seconds between
/// two pieces of a response and before its beginning, 60), "write_timeout" (seconds for the engine to
/// take the next piece of a request, 60), "stream_timeout" (seconds, instead of "read_timeout" for
/// streams, wait, and calls that take as long as their work; none), "deadline" (seconds for each whole
/// call; none),
/// "capture_limit" (bytes of each body that the result callback gets, 65536), "reveal_secrets"
/// (boolean: the result callback gets credentials as they are; false),
/// "credentials" (where calls to registries take credentials from that have none of their own: "user",
/// unless given, for what the docker command has for this user, see dockline_credentials_find();
/// "none"; or an object of credentials, as for dockline_system_auth(), by the host of their registry),
/// "helper_timeout" (seconds for a credential helper to do its work; 60).
/// Seconds may have a fraction; 0 is for ever.
///
/// Returns DOCKLINE_OK, or as dockline_context_from_env().
/// Free *context with dockline_context_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_context_open(
    host: *const c_char,
    options: *const dockline_value,
    context: *mut *mut dockline_context,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("Context", error, || {
        let context = arg::out("context", context)?;
        let mut settings: Settings = arg::options(options)?;
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
        let mut opened = builder.build()?;
        settings.set(&mut opened);
        if let Some(source) = credentials(options)? {
            opened.credentials = Arc::new(source);
        }
        context.put_handle(opened.into());
        Ok(())
    })
}

/// Makes another context for the same engine, with other settings for its calls. It shares
/// connections, API version and result callback with the first.
///
/// Options are those of dockline_context_open() about time and about the result callback; what is left
/// out stays as it is.
/// token: what ends the calls of the new context from another thread; NULL for none.
///
/// Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT. Free *derived with dockline_context_free().
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
        let settings: Settings = arg::options(options)?;
        if let Some(name) = settings.for_opening_only() {
            let why = format!("options: {name:?} is for dockline_context_open()");
            return Err(Fail::argument(why));
        }
        let mut made = context.with_timeouts(settings.timeouts(context.timeouts)?);
        if let Some(token) = arg::optional(token) {
            made = made.with_cancel_token(&token.0);
        }
        settings.set(&mut made);
        if let Some(source) = credentials(options)? {
            made.credentials = Arc::new(source);
        }
        derived.put_handle(made.into());
        Ok(())
    })
}

/// Calls callback once for each call with this context from now on, good or failed, when it is
/// over, on the thread that made it: for a stream, on the thread that reaches its end or frees it.
///
/// The result is valid during the callback; dockline_result_clone() keeps it. The callback may call
/// this library, also with the same context, and several threads may be in it at once. It must
/// return, not jump out or throw.
///
/// callback: NULL for none. user_data: passed on. release: called once with user_data, on any
/// thread, when neither the context nor a stream or context made from it needs it any longer; may be
/// NULL.
///
/// Set it before other threads use the context. Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT
/// (then release is not called).
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
            None => context.context.reporting.handler = None,
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

/// What a callback of C's gets back, and how to let go of it.
pub(super) struct UserData {
    pub(super) pointer: *mut c_void,
    pub(super) release: Option<unsafe extern "C" fn(user_data: *mut c_void)>,
}

impl UserData {
    /// A method, so that closures take the whole and not only the field.
    pub(super) fn pointer(&self) -> *mut c_void {
        self.pointer
    }
}

// SAFETY: the header says that the callback and its data are used by several threads at once.
unsafe impl Send for UserData {}
unsafe impl Sync for UserData {}

impl Drop for UserData {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: the caller's own function with the caller's own data, once.
            unsafe { release(self.pointer) }
        }
    }
}

/// Where the engine listens, such as "unix:///var/run/docker.sock". Belongs to the context; "" for
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_context_endpoint(
    context: *const dockline_context,
) -> *const c_char {
    guard_or(c"".as_ptr(), || {
        arg::optional(context).map_or(c"".as_ptr(), |context| context.endpoint.as_ptr())
    })
}

/// What said that it is this engine, in a word: "host" (the program gave it), "docker_context" (the
/// program named it), "DOCKER_HOST", "DOCKER_CONTEXT", "currentContext" (of config.json), "default", or
/// "found" (nobody is at the default socket, and another one is there). Belongs to the context; "" for
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_context_endpoint_source(
    context: *const dockline_context,
) -> *const c_char {
    guard_or(c"".as_ptr(), || {
        arg::optional(context).map_or(c"".as_ptr(), |context| context.source.as_ptr())
    })
}

/// The same for people, such as docker context "web", named by DOCKER_CONTEXT. Belongs to the context;
/// "" for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_context_endpoint_source_text(
    context: *const dockline_context,
) -> *const c_char {
    guard_or(c"".as_ptr(), || {
        arg::optional(context).map_or(c"".as_ptr(), |context| context.source_text.as_ptr())
    })
}

/// The API version in use, such as "1.41": pinned, or the newest that both sides speak. Asks the
/// engine if no call has done so yet.
///
/// Returns DOCKLINE_OK, or a negative dockline_status. *version belongs to the context.
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
        let text = context
            .version
            .get_or_init(|| CString::new(negotiated.to_string()).unwrap_or_default());
        version.put(text.as_ptr());
        Ok(())
    })
}

/// Frees a context. Calls under way on other threads must be over; streams may go on. NULL is
/// allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_context_free(context: *mut dockline_context) {
    guard_or((), || arg::free(context))
}

/// The context inside, for an operation.
pub(super) unsafe fn context<'a>(context: *const dockline_context) -> Result<&'a Context, Fail> {
    arg::handle("context", context).map(|context| &context.context)
}
