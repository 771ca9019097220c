//! The handle: one engine, how to reach it and how to treat it.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ureq::Agent;

use crate::call_result::{CallResult, Reporting};
use crate::cancel::{CallState, CancelToken};
use crate::config::config_file::ConfigFile;
use crate::config::endpoint::Endpoint;
use crate::config::environment::{Environment, OPEN_OPERATION};
use crate::config::headers::Headers;
use crate::config::proxy::{self, Proxy};
use crate::config::resolve::{self, EndpointSource, ResolvedHost};
use crate::credentials::{CredentialLookup, CredentialSource};
use crate::model::SecretString;
use crate::request::ResponseTimeout;
use crate::transport::{CallIo, CallTimeouts, Deadline, http, tls};
use crate::{ApiVersion, Error, Result, Tls};

/// An opened *docker context*: one engine, with its endpoint, settings and API version.
///
/// Cheap to clone; clones share connections and version. Used by many threads at once: no lock is
/// held across a call. Opening one connects to nothing, unless several sockets must be told apart (see
/// [`from_env`](Context::from_env)); the first call finds out which API version to speak.
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
    pub(crate) credentials: Arc<CredentialSource>,
}

/// What all clones of a context share.
#[derive(Debug)]
struct Engine {
    environment: Environment,
    endpoint: Endpoint,
    source: EndpointSource,
    /// Where else an engine could have been, and why it is not there.
    probed: Vec<String>,
    url_prefix: String,
    headers: Headers,
    agent: Agent,
    /// Given by the user, and not to be negotiated.
    pinned: bool,
    version: Mutex<Option<ApiVersion>>,
}

/// How long to wait. Each is an idle time, except the deadline; `None` is for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For the connection to stand: over ssh with the log-in, and until the engine answers. 10
    /// seconds unless set otherwise.
    pub connect: Option<Duration>,
    /// Between two pieces of a response, and for its beginning. 60 seconds unless set otherwise.
    /// Stop and restart add the time that the engine gives the container.
    pub read: Option<Duration>,
    /// For the engine to take the next piece of a request. 60 seconds unless set otherwise.
    pub write: Option<Duration>,
    /// Instead of `read` where the engine speaks only when it has something to say: streams, wait,
    /// and calls that take as long as their work. None unless set.
    pub stream: Option<Duration>,
    /// For a credential helper to do its work. 60 seconds unless set otherwise.
    pub helper: Option<Duration>,
    /// For the whole call, from its beginning to the end of its response. None unless set.
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
    /// Opens the engine that the docker command would use.
    ///
    /// That is, of these, the first: the address in `DOCKER_HOST`; the docker context that
    /// `DOCKER_CONTEXT` names; the one that `docker context use` made the current one; the default
    /// socket ([`Endpoint::DEFAULT`]). Certificates for TLS come with the docker context or, for
    /// `DOCKER_HOST`, by `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH`. The configuration is in the directory
    /// `DOCKER_CONFIG`, or else `~/.docker`.
    ///
    /// Where nothing is named and nobody listens at the default socket, the sockets of rootless
    /// Docker, Docker Desktop, Colima, Rancher Desktop and Podman are looked for, in this order. Only
    /// where there are several sockets are they connected to, one after the other, to see which one is
    /// answered; nothing is sent. [`endpoint`](Context::endpoint) tells what was chosen, and
    /// [`endpoint_source`](Context::endpoint_source) why. A call that finds nobody there tells where else was
    /// looked.
    ///
    /// `DOCKER_API_VERSION` pins the API version.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] when a variable or a file of the configuration is not well-formed, or
    /// there is no docker context of the name; [`Error::Io`] when such a file cannot be read. Both tell
    /// which.
    pub fn from_env() -> Result<Context> {
        Context::builder().build()
    }

    /// Opens the engine of a docker context, such as `docker context ls` lists, whatever the
    /// environment names (see [`DockerContext`](crate::DockerContext)).
    ///
    /// # Errors
    /// As [`from_env`](Context::from_env).
    pub fn from_docker_context(name: &str) -> Result<Context> {
        Context::builder().docker_context(name).build()
    }

    /// Opens the engine at `host` (see [`Endpoint::parse`]); `DOCKER_API_VERSION` counts, the rest of
    /// the environment and the docker command's configuration do not, but for credentials for
    /// registries, which are the user's wherever the engine is (see [`CredentialSource`]).
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] when `host` is no engine's address.
    pub fn open(host: &str) -> Result<Context> {
        // Not by `build`, so that such programs link no configuration files and no proxy settings.
        let address = ResolvedHost::from_host(host);
        let endpoint = address.endpoint()?;
        let environment = Environment::from_process();
        Context::builder().open(&environment, address, endpoint, Headers::default(), None)
    }

    /// Sets up a context step by step.
    pub fn builder() -> ContextBuilder {
        ContextBuilder::default()
    }

    /// Where the engine listens.
    pub fn endpoint(&self) -> &Endpoint {
        &self.engine.endpoint
    }

    /// What said that it is this engine.
    pub fn endpoint_source(&self) -> &EndpointSource {
        &self.engine.source
    }

    /// The API version in use: pinned, or the newest that both sides speak. The first call asks the
    /// engine.
    ///
    /// # Errors
    /// As the ping of [`System::ping`](crate::System::ping), and [`Error::EngineTooOld`] when the
    /// engine speaks only versions before 1.24.
    pub fn api_version(&self) -> Result<ApiVersion> {
        if let Some(version) = self.known_version() {
            return Ok(version);
        }
        // Threads that come here at once each ask; that costs less than a lock held across a call.
        let newest = self.engine_version()?;
        if newest < ApiVersion::OLDEST {
            return Err(Error::EngineTooOld {
                operation: "SystemPing",
                message: format!(
                    "the engine speaks API {newest} at most, dockline {} to {}",
                    ApiVersion::OLDEST,
                    ApiVersion::NEWEST
                ),
                needed: ApiVersion::OLDEST,
                spoken: newest,
            });
        }
        let version = newest.min(ApiVersion::NEWEST);
        *self.engine.version.lock().unwrap_or_else(PoisonError::into_inner) = Some(version);
        Ok(version)
    }

    /// This context with other timeouts.
    #[must_use]
    pub fn with_timeouts(&self, timeouts: Timeouts) -> Context {
        Context { timeouts, ..self.clone() }
    }

    /// This context with calls that `cancel` can end from another thread.
    #[must_use]
    pub fn with_cancel_token(&self, cancel: &CancelToken) -> Context {
        Context { cancel: Some(cancel.clone()), ..self.clone() }
    }

    /// This context with credentials for registries from elsewhere.
    #[must_use]
    pub fn with_credentials(&self, source: CredentialSource) -> Context {
        Context { credentials: Arc::new(source), ..self.clone() }
    }

    /// This context with another result handler (see [`ContextBuilder::on_result`]).
    #[must_use]
    pub fn with_result_handler(
        &self,
        handler: impl Fn(&CallResult) + Send + Sync + 'static,
    ) -> Context {
        let mut context = self.clone();
        context.reporting.handler = Some(Arc::new(handler));
        context
    }

    /// The surroundings that it was opened in.
    pub(crate) fn environment(&self) -> &Environment {
        &self.engine.environment
    }

    pub(crate) fn agent(&self) -> &Agent {
        &self.engine.agent
    }

    pub(crate) fn headers(&self) -> &Headers {
        &self.engine.headers
    }

    pub(crate) fn url_prefix(&self) -> &str {
        &self.engine.url_prefix
    }

    /// Where else an engine could have been, and why it is not there; empty where the place was named.
    pub(crate) fn probed(&self) -> &[String] {
        &self.engine.probed
    }

    pub(crate) fn pinned(&self) -> bool {
        self.engine.pinned
    }

    /// The version in use, if it is known without asking.
    pub(crate) fn known_version(&self) -> Option<ApiVersion> {
        *self.engine.version.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The search for the credentials of a call.
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
                    ResponseTimeout::IdlePlus(grace) => {
                        timeouts.read.map(|read| read.saturating_add(grace))
                    }
                    ResponseTimeout::None => timeouts.stream,
                },
                write: timeouts.write,
                // A deadline beyond the end of the clock is none.
                deadline: timeouts.deadline.and_then(|after| {
                    Some(Deadline { at: Instant::now().checked_add(after)?, after })
                }),
            },
        }
    }
}

/// Settings of a [`Context`] that is about to be opened.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct ContextBuilder {
    host: Option<String>,
    docker_context: Option<String>,
    tls: Option<Tls>,
    headers: Vec<(String, SecretString)>,
    proxy: proxy::ProxyChoice,
    version: VersionChoice,
    timeouts: Timeouts,
    reporting: Reporting,
    credentials: CredentialSource,
}

/// Which API version to speak.
#[derive(Debug, Clone, Copy, Default)]
enum VersionChoice {
    /// That of `DOCKER_API_VERSION`, or else the newest of both sides.
    #[default]
    FromEnv,
    /// The newest of both sides.
    Newest,
    This(ApiVersion),
}

impl ContextBuilder {
    /// Where the engine listens (see [`Endpoint::parse`]), instead of what the environment says.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// The docker context to open, instead of what the environment says. `default` is the one without
    /// a file: `DOCKER_HOST`, or else the default socket.
    pub fn docker_context(mut self, name: impl Into<String>) -> Self {
        self.docker_context = Some(name.into());
        self
    }

    /// Uses TLS, with these settings: `tcp://` then means TLS as well, on port 2376 unless the host
    /// names one. For `https://` it is not needed where the defaults of [`Tls`] will do.
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Sends this header with every request, in the place of one of the same name, also of one of the
    /// docker command's `HttpHeaders`. What a request says of itself goes before it. Blanks around the
    /// value are not part of it. `User-Agent` is how the program calls itself.
    ///
    /// Results ([`on_result`](ContextBuilder::on_result)) show no value of a header whose name tells
    /// of credentials, such as `Authorization` or `X-Auth-Token`.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<SecretString>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Goes to an engine at `tcp://` or `https://` through the HTTP proxy
    /// `http://[user:password@]host[:port]`, whatever the environment says, and also where the engine
    /// is on this machine.
    ///
    /// Without it, an engine that the environment or a docker context names is reached as the docker
    /// command reaches it: through the proxy that `HTTP_PROXY` or, for TLS, `HTTPS_PROXY` names, unless
    /// `NO_PROXY` excepts the engine or it is on this machine. Calls that turn into streams in both
    /// directions (attach, exec) go through a tunnel, and past a proxy that makes none.
    pub fn proxy(mut self, address: impl Into<SecretString>) -> Self {
        self.proxy = proxy::ProxyChoice::By(address.into());
        self
    }

    /// Goes through no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = proxy::ProxyChoice::Never;
        self
    }

    /// Speaks this API version and does not ask the engine, instead of what `DOCKER_API_VERSION` says.
    pub fn api_version(mut self, version: ApiVersion) -> Self {
        self.version = VersionChoice::This(version);
        self
    }

    /// Asks the engine for its API version, whatever `DOCKER_API_VERSION` says.
    pub fn negotiate(mut self) -> Self {
        self.version = VersionChoice::Newest;
        self
    }

    /// How long to wait.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Calls `handler` once for each call, good or failed, when it is over, on the thread that made
    /// it: for a stream, on the thread that reaches its end or drops it. The handler may use the same
    /// context. A panic in it is caught and does not change the call.
    pub fn on_result(mut self, handler: impl Fn(&CallResult) + Send + Sync + 'static) -> Self {
        self.reporting.handler = Some(Arc::new(handler));
        self
    }

    /// How many bytes of each body the result handler gets; 64 KiB unless set.
    pub fn capture_limit(mut self, bytes: usize) -> Self {
        self.reporting.limit = bytes;
        self
    }

    /// Whether the result handler gets credentials and secret data as they are; not unless set.
    pub fn reveal_secrets(mut self, reveal: bool) -> Self {
        self.reporting.reveal = reveal;
        self
    }

    /// Where calls take credentials for registries from that have none of their own; those of the user
    /// unless set, wherever the engine is.
    pub fn credentials(mut self, source: CredentialSource) -> Self {
        self.credentials = source;
        self
    }

    /// Opens the context. Without host and docker context it is what
    /// [`Context::from_env`] would open. Certificates and keys are read.
    ///
    /// # Errors
    /// As [`Context::from_env`]; [`Error::InvalidArgument`] also when both a host and a docker context
    /// are given, when a header cannot be sent or a proxy not be used, when the version is not spoken, and when the engine is reached by TLS and the feature
    /// `tls` is off.
    pub fn build(self) -> Result<Context> {
        self.build_in(&Environment::from_process())
    }

    /// Opens the context in these surroundings.
    fn build_in(mut self, environment: &Environment) -> Result<Context> {
        if let (Some(_), Some(name)) = (&self.host, &self.docker_context) {
            return Err(Error::invalid(
                OPEN_OPERATION,
                format!("both a host and the docker context {name:?} are given: one is enough"),
            ));
        }
        let mut headers = Headers::default();
        let mut address = match &self.host {
            // A program that names the host means this engine and no other.
            Some(host) => ResolvedHost::from_host(host),
            None => {
                let config = ConfigFile::of(environment)?;
                headers = Headers::of_docker(environment, &config)?;
                resolve::address(environment, &config, self.docker_context.as_deref())?
            }
        };
        for (name, value) in mem::take(&mut self.headers) {
            headers.set(&name, value)?;
        }
        if let Some(tls) = self.tls.take() {
            address.tls = Some(tls);
        }
        let endpoint = address.endpoint()?;
        let proxy = self.proxy.to(&endpoint, self.host.is_none().then_some(environment))?;
        self.open(environment, address, endpoint, headers, proxy)
    }

    /// Opens the engine at this endpoint.
    fn open(
        self,
        environment: &Environment,
        address: ResolvedHost,
        endpoint: Endpoint,
        headers: Headers,
        proxy: Option<Proxy>,
    ) -> Result<Context> {
        let tls = match &endpoint {
            Endpoint::Https { host, .. } => {
                Some(tls::Client::new(OPEN_OPERATION, host, &address.tls.unwrap_or_default())?)
            }
            _ => None,
        };
        let version = match self.version {
            VersionChoice::This(version) => Some(version),
            VersionChoice::Newest => None,
            VersionChoice::FromEnv => match environment.variable("DOCKER_API_VERSION")? {
                Some(text) => Some(text.parse().map_err(|error| {
                    Error::invalid(OPEN_OPERATION, format!("DOCKER_API_VERSION: {error}"))
                })?),
                None => None,
            },
        };
        if let Some(version) = version {
            if !(ApiVersion::OLDEST..=ApiVersion::NEWEST).contains(&version) {
                return Err(Error::invalid(
                    OPEN_OPERATION,
                    format!(
                        "API {version} is asked for, and dockline speaks {} to {}",
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
                agent: http::agent(&endpoint, tls, proxy),
                endpoint,
                source: address.source,
                probed: address.probed,
                headers,
                pinned: version.is_some(),
                version: Mutex::new(version),
            }),
            timeouts: self.timeouts,
            cancel: None,
            reporting: self.reporting,
            credentials: Arc::new(self.credentials),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temp::TempDir;

    #[test]
    fn who_finds_nobody_tells_where_else_was_looked() {
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
             no engine is named, and none is found: DOCKER_HOST is not set; DOCKER_CONTEXT is not \
             set; /home/.docker/config.json names no context; /var/run/docker.sock (the default): no \
             such file; /nowhere/docker.sock (rootless Docker): no such file; \
             /home/.docker/desktop/docker.sock (Docker Desktop): no such file; \
             /home/.docker/run/docker.sock (Docker Desktop): no such file; \
             /home/.colima/default/docker.sock (Colima): no such file; /home/.rd/docker.sock (Rancher \
             Desktop): no such file; /nowhere/podman/podman.sock (Podman): no such file; \
             /run/podman/podman.sock (Podman): no such file"
        );

        // Who names the engine hears of this one alone.
        let variables = [("DOCKER_HOST", "unix:///nowhere/x"), ("HOME", "/nowhere")];
        let environment = Environment::for_test(dir.path(), &variables);
        let docker = Context::builder().build_in(&environment).unwrap();
        let error = docker.system().ping().unwrap_err().to_string();
        assert!(error.ends_with("set DOCKER_HOST to the address it listens on"), "{error}");
    }
}
