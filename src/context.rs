//! The context: a handle to one engine, with its settings and timeouts.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ureq::Agent;

use crate::call_result::{CallResult, Reporting};
use crate::cancel::{CallState, CancelToken};
use crate::config::cli_defaults::CliDefaults;
use crate::config::config_file::ConfigFile;
use crate::config::endpoint::Endpoint;
use crate::config::environment::{Environment, OPEN_OPERATION};
use crate::config::headers::Headers;
use crate::config::proxy::ProxyChoice;
use crate::config::resolve::{self, EndpointSource, ResolvedHost};
use crate::credentials::{CredentialLookup, CredentialSource};
use crate::model::SecretString;
use crate::request::ResponseTimeout;
use crate::transport::{CallIo, CallTimeouts, Deadline, ProxyRoute, http, proxy, tls};
use crate::{ApiVersion, Error, Result, Tls};

/// A handle to one engine: its endpoint, settings and API version.
///
/// A context is cheap to clone; clones share connections and API version. Threads may use it at the same time: no
/// lock is held during a call.
///
/// Opening a context does not connect, except to choose between several sockets; see
/// [`from_env`](Context::from_env). The first call negotiates the API version.
///
/// ```no_run
/// let docker = dockline::Context::from_env()?;
/// println!("{}", docker.system().version()?.version);
/// # Ok::<(), dockline::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Context {
    engine: Arc<Engine>,
    pub(crate) timeouts: Timeouts,
    pub(crate) cancel: Option<CancelToken>,
    pub(crate) reporting: Reporting,
    /// See [`ContextBuilder::response_limit`].
    pub(crate) response_limit: u64,
    pub(crate) credentials: Arc<CredentialSource>,
}

/// The default of [`ContextBuilder::response_limit`]: no engine comes near it. The largest known responses, disk
/// usage and lists of some ten thousand containers, have less than 100 MiB.
const RESPONSE_LIMIT: u64 = 1024 * 1024 * 1024;

/// State shared by all clones of a context.
#[derive(Debug)]
struct Engine {
    environment: Environment,
    endpoint: Endpoint,
    source: EndpointSource,
    /// See [`ResolvedHost::probed`].
    probed: Vec<String>,
    url_prefix: String,
    headers: Headers,
    cli_defaults: CliDefaults,
    agent: Agent,
    /// Whether the version was set and is not negotiated.
    pinned: bool,
    version: Mutex<Option<ApiVersion>>,
    /// A remark on the version that was set, for the result of each call.
    version_note: Option<String>,
}

/// Timeouts of calls. `None` disables a timeout.
///
/// `read`, `write` and `stream` are idle timeouts: they expire if no data moves for that long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Limits connecting. Over ssh, this includes the login and the first response of the engine.
    /// Defaults to 10 seconds.
    pub connect: Option<Duration>,
    /// Limits the wait for the next data of a response. Defaults to 60 seconds. Stop and restart add the time
    /// that the container has to exit.
    pub read: Option<Duration>,
    /// Limits the wait until the engine reads more of a request. Defaults to 60 seconds.
    pub write: Option<Duration>,
    /// Replaces `read` for streams, wait, and calls that respond only when their work is done. Defaults to `None`.
    pub stream: Option<Duration>,
    /// Limits each run of a credential helper. Defaults to 60 seconds.
    pub helper: Option<Duration>,
    /// Limits a whole call, from its start to the end of its response. Defaults to `None`.
    pub deadline: Option<Duration>,
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts {
            connect: Some(Duration::from_secs(10)),
            read: Some(Duration::from_secs(60)),
            write: Some(Duration::from_secs(60)),
            stream: None,
            helper: Some(Duration::from_secs(60)),
            deadline: None,
        }
    }
}

impl Context {
    /// Opens the engine that the docker CLI would use.
    ///
    /// The first of these applies:
    ///
    /// 1. the address in `DOCKER_HOST`,
    /// 2. the docker context named by `DOCKER_CONTEXT`,
    /// 3. the current docker context, as set by `docker context use`,
    /// 4. the default socket ([`Endpoint::DEFAULT`]),
    /// 5. the socket of rootless Docker, Docker Desktop, Colima, Rancher Desktop or Podman, in this order, if no
    ///    engine listens on the default socket.
    ///
    /// If more than one of these sockets exists, they are connected to in turn until one accepts; no data is sent.
    /// [`endpoint`](Context::endpoint) and [`endpoint_source`](Context::endpoint_source) return the choice and its
    /// reason. If no engine is found, the error of the first call lists every socket that was probed.
    ///
    /// TLS settings come from the docker context or, for `DOCKER_HOST`, from `DOCKER_TLS_VERIFY` and
    /// `DOCKER_CERT_PATH`. `DOCKER_CONFIG` is the directory of the configuration, by default `~/.docker`.
    /// `DOCKER_API_VERSION` sets the API version; if it is newer than [`ApiVersion::NEWEST`], that is used, with a
    /// remark in [`CallResult::notes`].
    ///
    /// # Errors
    /// - [`Error::InvalidArgument`] if a variable or a configuration file is invalid, or the docker context does
    ///   not exist
    /// - [`Error::Io`] if a configuration file cannot be read
    ///
    /// The error names the variable or file.
    pub fn from_env() -> Result<Context> {
        Context::builder().build()
    }

    /// Opens the engine of a docker context.
    ///
    /// `name` is one of those that `docker context ls` lists; see [`DockerContext`](crate::DockerContext).
    ///
    /// # Errors
    /// As [`from_env`](Context::from_env).
    pub fn from_docker_context(name: &str) -> Result<Context> {
        Context::builder().docker_context(name).build()
    }

    /// Opens the engine at `host`; see [`Endpoint::parse`] for the forms of an address.
    ///
    /// The environment and the docker CLI's configuration are ignored, except `DOCKER_API_VERSION` and the user's
    /// registry credentials (see [`CredentialSource`]).
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if `host` is not a valid address, or `DOCKER_API_VERSION` is invalid.
    pub fn open(host: &str) -> Result<Context> {
        // Without `build`, such programs do not link the code for configuration files and proxies.
        let address = ResolvedHost::from_host(host);
        let endpoint = address.endpoint()?;
        let environment = Environment::from_process();
        let (headers, defaults) = (Headers::default(), CliDefaults::default());
        Context::builder().open(&environment, address, endpoint, headers, defaults, None)
    }

    /// Creates a builder for a context with other settings.
    pub fn builder() -> ContextBuilder {
        ContextBuilder::default()
    }

    /// Returns the address of the engine.
    pub fn endpoint(&self) -> &Endpoint {
        &self.engine.endpoint
    }

    /// Returns the setting that chose the engine.
    pub fn endpoint_source(&self) -> &EndpointSource {
        &self.engine.source
    }

    /// Returns the API version in use.
    ///
    /// This is the version that was set, or else the newest that both the engine and dockline support. It is
    /// negotiated by the first call of the context, with `/_ping` or, if that is refused, `/version`; if both are
    /// refused, it is [`ApiVersion::NEWEST`]. It is negotiated again if the engine rejects it, as after an upgrade
    /// or downgrade of the engine.
    ///
    /// # Errors
    /// - as [`System::ping`](crate::System::ping), except that no status 4xx and no closed connection is an error
    /// - [`Error::EngineTooOld`] if the engine supports only versions before 1.24
    pub fn api_version(&self) -> Result<ApiVersion> {
        if let Some(version) = self.cached_version() {
            return Ok(version);
        }
        // Concurrent first calls each ping; that is cheaper than a lock held during a call.
        self.use_version(self.engine_version()?)
    }

    /// Uses the newest API version that dockline and an engine with this newest version support.
    pub(crate) fn use_version(&self, newest: ApiVersion) -> Result<ApiVersion> {
        if newest < ApiVersion::OLDEST {
            return Err(Error::EngineTooOld {
                operation: "SystemPing",
                message: format!(
                    "the engine supports API {newest} at most, dockline {} to {}",
                    ApiVersion::OLDEST,
                    ApiVersion::NEWEST
                ),
                needed: ApiVersion::OLDEST,
                in_use: newest,
            });
        }
        let version = newest.min(ApiVersion::NEWEST);
        *self.engine.version.lock().unwrap_or_else(PoisonError::into_inner) = Some(version);
        Ok(version)
    }

    /// As [`api_version`](Context::api_version); an error is one of `operation`, which needs the version.
    pub(crate) fn version_for(&self, operation: &'static str) -> Result<ApiVersion> {
        self.api_version().map_err(|mut error| {
            if let Some(error) = error.api_error_mut() {
                error.message = format!("the API version cannot be negotiated: {}", error.message);
            }
            error.of(operation)
        })
    }

    /// Returns this context with other timeouts.
    #[must_use]
    pub fn with_timeouts(&self, timeouts: Timeouts) -> Context {
        Context { timeouts, ..self.clone() }
    }

    /// Returns this context with calls that `cancel` cancels.
    #[must_use]
    pub fn with_cancel_token(&self, cancel: &CancelToken) -> Context {
        Context { cancel: Some(cancel.clone()), ..self.clone() }
    }

    /// Returns this context with another source of registry credentials.
    #[must_use]
    pub fn with_credentials(&self, source: CredentialSource) -> Context {
        Context { credentials: Arc::new(source), ..self.clone() }
    }

    /// Returns this context with another result handler.
    ///
    /// See [`ContextBuilder::on_result`].
    #[must_use]
    pub fn with_result_handler(
        &self,
        handler: impl Fn(&CallResult) + Send + Sync + 'static,
    ) -> Context {
        let mut context = self.clone();
        context.reporting.set_handler(handler);
        context
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.engine.environment
    }

    pub(crate) fn agent(&self) -> &Agent {
        &self.engine.agent
    }

    pub(crate) fn headers(&self) -> &Headers {
        &self.engine.headers
    }

    /// The docker CLI's settings for requests without their own.
    pub(crate) fn cli_defaults(&self) -> &CliDefaults {
        &self.engine.cli_defaults
    }

    pub(crate) fn url_prefix(&self) -> &str {
        &self.engine.url_prefix
    }

    /// See [`ResolvedHost::probed`].
    pub(crate) fn probed(&self) -> &[String] {
        &self.engine.probed
    }

    /// Whether the API version was set and is not negotiated.
    pub(crate) fn is_pinned(&self) -> bool {
        self.engine.pinned
    }

    /// A remark on the API version that was set.
    pub(crate) fn version_note(&self) -> Option<&str> {
        self.engine.version_note.as_deref()
    }

    /// The API version, if it is set or already negotiated.
    pub(crate) fn cached_version(&self) -> Option<ApiVersion> {
        *self.engine.version.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A lookup of registry credentials for a call.
    pub(crate) fn lookup<'a>(&'a self, io: &'a CallIo) -> CredentialLookup<'a> {
        CredentialLookup::new(&self.credentials, self.environment(), io, self.timeouts.helper)
    }

    /// The [`CallIo`] of a new call: its timeouts, and the token that cancels it.
    pub(crate) fn call_io(&self, operation: &'static str, timeout: ResponseTimeout) -> CallIo {
        let state = Arc::new(CallState::default());
        if let Some(cancel) = &self.cancel {
            cancel.watch(&state);
        }
        let timeouts = &self.timeouts;
        CallIo {
            operation,
            state,
            timeouts: CallTimeouts {
                connect: timeouts.connect,
                read: match timeout {
                    ResponseTimeout::Idle => timeouts.read,
                    ResponseTimeout::IdlePlus(extra) => {
                        timeouts.read.map(|read| read.saturating_add(extra))
                    }
                    ResponseTimeout::None => timeouts.stream,
                },
                write: timeouts.write,
                // An unrepresentable deadline is never reached.
                deadline: timeouts.deadline.and_then(|after| {
                    Some(Deadline { at: Instant::now().checked_add(after)?, after })
                }),
            },
        }
    }
}

/// A builder for a [`Context`].
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct ContextBuilder {
    host: Option<String>,
    docker_context: Option<String>,
    tls: Option<Tls>,
    headers: Vec<(String, SecretString)>,
    proxy: ProxyChoice,
    version: VersionChoice,
    timeouts: Timeouts,
    reporting: Reporting,
    response_limit: Option<u64>,
    credentials: CredentialSource,
    ignore_cli_defaults: bool,
}

#[derive(Debug, Clone, Copy, Default)]
enum VersionChoice {
    /// `DOCKER_API_VERSION`; negotiated if it is not set.
    #[default]
    FromEnv,
    Negotiate,
    Fixed(ApiVersion),
}

impl ContextBuilder {
    /// Sets the address of the engine, instead of the environment's.
    ///
    /// See [`Endpoint::parse`] for its forms.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// Sets the docker context to open, instead of the environment's.
    ///
    /// `default` stands for `DOCKER_HOST` or, if that is not set, the default socket.
    pub fn docker_context(mut self, name: impl Into<String>) -> Self {
        self.docker_context = Some(name.into());
        self
    }

    /// Sets TLS settings.
    ///
    /// With them, `tcp://` means TLS too, with the default port 2376. `https://` needs them only if the defaults of
    /// [`Tls`] do not fit.
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Adds a header to every request.
    ///
    /// It replaces a header of the same name, such as one of the docker CLI's `HttpHeaders`. Opening the context fails
    /// if two names differ only in case. Headers of a single request override it. Leading and trailing whitespace of the value is removed. `User-Agent` may be set.
    ///
    /// The result handler ([`on_result`](ContextBuilder::on_result)) does not receive the value if the name
    /// indicates credentials, such as `Authorization` or `X-Auth-Token`.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<SecretString>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the HTTP proxy, `http://[user:password@]host[:port]`.
    ///
    /// It applies to `tcp://` and `https://`, also if the engine is on this machine, and overrides the environment.
    ///
    /// By default, an engine chosen by the environment or a docker context is reached as by the docker CLI: through
    /// `HTTP_PROXY` or, for TLS, `HTTPS_PROXY`, unless `NO_PROXY` lists the engine or it is on this machine. Calls
    /// that upgrade their connection (attach, exec) use a `CONNECT` tunnel, or connect directly if the proxy does
    /// not support tunnels.
    pub fn proxy(mut self, address: impl Into<SecretString>) -> Self {
        self.proxy = ProxyChoice::Address(address.into());
        self
    }

    /// Connects without a proxy, whatever the environment contains.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = ProxyChoice::Never;
        self
    }

    /// Sets the API version, without negotiation. Overrides `DOCKER_API_VERSION`.
    pub fn api_version(mut self, version: ApiVersion) -> Self {
        self.version = VersionChoice::Fixed(version);
        self
    }

    /// Negotiates the API version, even if `DOCKER_API_VERSION` is set.
    pub fn negotiate(mut self) -> Self {
        self.version = VersionChoice::Negotiate;
        self
    }

    /// Sets the timeouts.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Sets a handler that receives the result of each call.
    ///
    /// It is called once at the end of each call, successful or not, on the thread of the call. For a stream, this
    /// is the thread that reaches its end or drops it. The handler may use the same context. A panic of the handler
    /// is caught and does not affect the call.
    pub fn on_result(mut self, handler: impl Fn(&CallResult) + Send + Sync + 'static) -> Self {
        self.reporting.set_handler(handler);
        self
    }

    /// Limits the bytes of each body that the result handler receives. Defaults to 64 KiB.
    pub fn capture_limit(mut self, bytes: usize) -> Self {
        self.reporting.limit = bytes;
        self
    }

    /// Limits the bytes of a response that is read as a whole; a longer one fails with [`Error::Protocol`]. Defaults
    /// to 1 GiB.
    ///
    /// It protects against an engine or proxy that sends without end. Streams, such as logs and downloads, have no
    /// limit, since they are not kept in memory.
    pub fn response_limit(mut self, bytes: u64) -> Self {
        self.response_limit = Some(bytes);
        self
    }

    /// Disables the redaction of credentials and secrets for the result handler.
    pub fn reveal_secrets(mut self, reveal: bool) -> Self {
        self.reporting.reveal = reveal;
        self
    }

    /// Sets the source of registry credentials, for calls that are not given any.
    ///
    /// Defaults to the user's credentials, also if the engine is on another machine.
    pub fn credentials(mut self, source: CredentialSource) -> Self {
        self.credentials = source;
        self
    }

    /// Whether `proxies` and `detachKeys` of the docker CLI's `config.json` apply. Defaults to `true`.
    ///
    /// As in the docker CLI, proxies become variables of containers (`Env`) and build arguments, unless the request
    /// sets them; an address with a password is part of these. `detachKeys` applies to exec and attach. They never
    /// apply to a context with a [`host`](ContextBuilder::host).
    pub fn cli_defaults(mut self, apply: bool) -> Self {
        self.ignore_cli_defaults = !apply;
        self
    }

    /// Opens the context, and reads its certificates and keys.
    ///
    /// Without a host or docker context, it opens the same engine as [`Context::from_env`].
    ///
    /// # Errors
    /// - as [`Context::from_env`]
    /// - [`Error::InvalidArgument`] if both a host and a docker context are set, a header or the proxy is invalid,
    ///   the API version is not supported, or the engine requires TLS and the feature `tls` is off
    pub fn build(self) -> Result<Context> {
        self.build_in(&Environment::from_process())
    }

    fn build_in(mut self, environment: &Environment) -> Result<Context> {
        if let (Some(_), Some(name)) = (&self.host, &self.docker_context) {
            return Err(Error::invalid(
                OPEN_OPERATION,
                format!("both a host and the docker context {name:?} are given: set only one"),
            ));
        }
        let mut headers = Headers::default();
        let mut defaults = CliDefaults::default();
        let mut address = match &self.host {
            // The docker CLI's configuration does not apply to a host that the program sets.
            Some(host) => ResolvedHost::from_host(host),
            None => {
                let config = ConfigFile::from_environment(environment)?;
                headers = Headers::from_docker_config(environment, &config)?;
                let address =
                    resolve::address(environment, &config, self.docker_context.as_deref())?;
                if !self.ignore_cli_defaults {
                    defaults = CliDefaults::read(&config, &address.host)?;
                }
                address
            }
        };
        for (name, value) in mem::take(&mut self.headers) {
            headers.set(&name, value)?;
        }
        if let Some(tls) = self.tls.take() {
            address.tls = Some(tls);
        }
        let endpoint = address.endpoint()?;
        let proxy = self.proxy.resolve(&endpoint, self.host.is_none().then_some(environment))?;
        let proxy = proxy.map(|proxy| proxy::route(&endpoint, proxy));
        self.open(environment, address, endpoint, headers, defaults, proxy)
    }

    fn open(
        self,
        environment: &Environment,
        address: ResolvedHost,
        endpoint: Endpoint,
        headers: Headers,
        cli_defaults: CliDefaults,
        proxy: Option<Arc<dyn ProxyRoute>>,
    ) -> Result<Context> {
        let destination = address.destination(&endpoint);
        let tls = match &endpoint {
            Endpoint::Https { host, .. } => {
                Some(tls::Client::new(OPEN_OPERATION, host, &address.tls.unwrap_or_default())?)
            }
            _ => None,
        };
        let mut version_note = None;
        let version = match self.version {
            VersionChoice::Fixed(version) => Some(version),
            VersionChoice::Negotiate => None,
            VersionChoice::FromEnv => match environment.variable("DOCKER_API_VERSION")? {
                Some(text) => {
                    let version: ApiVersion = text.parse().map_err(|error| {
                        Error::invalid(OPEN_OPERATION, format!("DOCKER_API_VERSION: {error}"))
                    })?;
                    // The variable may be meant for a newer client.
                    if version > ApiVersion::NEWEST {
                        version_note = Some(format!(
                            "DOCKER_API_VERSION is {version}; API {} is used, the newest that dockline supports",
                            ApiVersion::NEWEST
                        ));
                    }
                    Some(version.min(ApiVersion::NEWEST))
                }
                None => None,
            },
        };
        if let Some(version) = version {
            if !(ApiVersion::OLDEST..=ApiVersion::NEWEST).contains(&version) {
                return Err(Error::invalid(
                    OPEN_OPERATION,
                    format!(
                        "API {version} is not supported: dockline supports {} to {}",
                        ApiVersion::OLDEST,
                        ApiVersion::NEWEST
                    ),
                ));
            }
        }
        Ok(Context {
            engine: Arc::new(Engine {
                environment: environment.clone(),
                url_prefix: endpoint.url_prefix(),
                agent: http::agent(destination, tls, proxy),
                endpoint,
                source: address.source,
                probed: address.probed,
                headers,
                cli_defaults,
                pinned: version.is_some(),
                version: Mutex::new(version),
                version_note,
            }),
            timeouts: self.timeouts,
            cancel: None,
            reporting: self.reporting,
            response_limit: self.response_limit.unwrap_or(RESPONSE_LIMIT),
            credentials: Arc::new(self.credentials),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temp::TempDir;

    #[test]
    fn connect_error_lists_the_probed_sockets() {
        let dir = TempDir::new();
        let home = dir.join("home");
        let variables = [("HOME", home.to_str().unwrap()), ("XDG_RUNTIME_DIR", "/nowhere")];
        let environment = Environment::for_test(dir.path(), &variables);
        let docker = Context::builder().build_in(&environment).unwrap();
        assert_eq!(docker.endpoint_source(), &EndpointSource::Default);
        let error = docker.system().ping().unwrap_err();
        assert!(matches!(error, Error::Connect { errno: Some(libc::ENOENT), .. }), "{error:?}");
        let text = error.to_string().replace(dir.path().to_str().unwrap(), "");
        assert_eq!(
            text,
            "SystemPing: cannot connect to unix:///var/run/docker.sock: No such file or directory \
             (os error 2): no such socket: start the engine, or set DOCKER_HOST to the address it listens on; \
             no endpoint is configured, and no engine was found: DOCKER_HOST is not set; \
             DOCKER_CONTEXT is not set; /home/.docker/config.json sets no current context; \
             /var/run/docker.sock (the default): no such file; \
             /nowhere/docker.sock (rootless Docker): no such file; \
             /home/.docker/desktop/docker.sock (Docker Desktop): no such file; \
             /home/.docker/run/docker.sock (Docker Desktop): no such file; \
             /home/.colima/default/docker.sock (Colima): no such file; /home/.rd/docker.sock (Rancher \
             Desktop): no such file; /nowhere/podman/podman.sock (Podman): no such file; \
             /run/podman/podman.sock (Podman): no such file"
        );

        // A configured endpoint is the only one in the error.
        let variables = [("DOCKER_HOST", "unix:///nowhere/x"), ("HOME", "/nowhere")];
        let environment = Environment::for_test(dir.path(), &variables);
        let docker = Context::builder().build_in(&environment).unwrap();
        let error = docker.system().ping().unwrap_err().to_string();
        assert!(error.ends_with("set DOCKER_HOST to the address it listens on"), "{error}");
    }
}
