//! The engine as a whole.

use serde::Serialize;

use crate::codec::{options, string_enum};
use crate::model::{
    AuthConfig, AuthResponse, EventMessage, SystemDataUsage, SystemInfo, SystemVersion,
};
use crate::request::{Request, ResponseTimeout};
use crate::stream::Records;
use crate::{ApiVersion, Context, Filters, Result, TimeBound};

/// Calls about the engine as a whole; from [`Context::system`].
///
#[doc = "```no_run"]
#[doc = include_str!("../../examples/resources/system.rs")]
#[doc = "```"]
#[derive(Debug, Clone, Copy)]
pub struct System<'a> {
    pub(super) context: &'a Context,
}

impl Context {
    /// Calls about the engine as a whole.
    pub fn system(&self) -> System<'_> {
        System { context: self }
    }
}

/// What an engine says of itself in the headers of a ping.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Ping {
    /// The newest API version it speaks; `None` from very old engines and through some proxies.
    #[serde(rename = "APIVersion", serialize_with = "as_str")]
    pub api_version: Option<ApiVersion>,
    /// Operating system of the containers: `linux` or `windows`.
    #[serde(rename = "OSType")]
    pub os_type: String,
    /// Whether experimental features are on.
    pub experimental: bool,
    /// The builder it prefers: `1` is the classic one, `2` BuildKit. Empty when not said.
    pub builder_version: String,
    /// State of the swarm, such as `inactive` or `active/manager`. Empty before API 1.42.
    pub swarm: String,
    /// Name, version and platform of the engine, such as `Docker/20.10.24 (linux)`.
    pub server: String,
}

fn as_str<S: serde::Serializer>(
    version: &Option<ApiVersion>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match version {
        Some(version) => serializer.collect_str(version),
        None => serializer.serialize_none(),
    }
}

options! {
    /// Options of [`System::events`].
    #[derive(Clone, Default, PartialEq)]
    pub struct SystemEventsOptions {
        /// Also what happened since then.
        pub since: Option<TimeBound> = query "since",
        /// Ends the stream at this time; with a time in the past it holds only what has happened.
        pub until: Option<TimeBound> = query "until",
        /// Which events, by `type`, `event`, `container`, `image`, `label`, …
        pub filters: Filters = json "filters",
    }
}

string_enum! {
    /// What uses the disk.
    pub enum DataUsageType {
        /// Containers: what they have written.
        Container = "container",
        /// Images.
        Image = "image",
        /// Volumes.
        Volume = "volume",
        /// The build cache.
        BuildCache = "build-cache",
    }
}

options! {
    /// Options of [`System::data_usage`].
    #[derive(Clone, Default, PartialEq)]
    pub struct SystemDataUsageOptions {
        /// Only these; all when empty. Since API 1.42.
        pub r#type: Vec<DataUsageType> = query "type" since 42,
        /// Also each image, container, volume and record of the build cache. Since API 1.52; engines
        /// below send them always.
        pub verbose: bool = query "verbose" since 52,
    }
}

/// `POST /auth`
///
/// The API allows a response without content, for "good".
pub(crate) fn auth(body: &AuthConfig) -> Request<Option<AuthResponse>> {
    let mut request = Request::new("SystemAuth", "POST", "/auth").secret_json(body.to_body());
    request.parts.secret.response = true;
    request.returning()
}

/// `GET /system/df`
pub(crate) fn data_usage(options: &SystemDataUsageOptions) -> Request<SystemDataUsage> {
    Request::new("SystemDataUsage", "GET", "/system/df")
        .since(25)
        .options(options)
        .response_timeout(ResponseTimeout::None)
        .returning()
}

/// `GET /version`
pub(crate) fn version() -> Request<SystemVersion> {
    Request::new("SystemVersion", "GET", "/version").returning()
}

/// `GET /info`
pub(crate) fn info() -> Request<SystemInfo> {
    Request::new("SystemInfo", "GET", "/info").returning()
}

/// `GET /events`
pub(crate) fn events(options: &SystemEventsOptions) -> Request<Records<EventMessage>> {
    Request::new("SystemEvents", "GET", "/events").options(options).returning()
}

impl System<'_> {
    /// Asks whether the engine is there, and what it says of itself (`HEAD /_ping`, and
    /// `GET /_ping` where HEAD is not understood).
    ///
    /// # Errors
    /// [`Error::Connect`](crate::Error::Connect) when it is not there, and what the engine refuses with.
    pub fn ping(&self) -> Result<Ping> {
        let headers = self.context.ping_headers()?;
        let text = |name: &str| {
            headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        Ok(Ping {
            api_version: text("api-version").parse().ok(),
            os_type: text("ostype"),
            experimental: text("docker-experimental") == "true",
            builder_version: text("builder-version"),
            swarm: text("swarm"),
            server: text("server"),
        })
    }

    /// Versions of the engine and of its components (`GET /version`).
    pub fn version(&self) -> Result<SystemVersion> {
        self.context.call(version())
    }

    /// The state of the whole engine: counts, drivers, limits, host, swarm (`GET /info`).
    pub fn info(&self) -> Result<SystemInfo> {
        self.context.call(info())
    }

    /// Asks a registry whether it accepts these credentials (`POST /auth`). Nothing is stored, by
    /// the engine or here; the result handler does not get to see them.
    ///
    /// ```no_run
    /// use dockline::{Context, Error, model::AuthConfig};
    /// let docker = Context::from_env()?;
    /// let credentials = AuthConfig {
    ///     username: "ann".into(),
    ///     password: std::env::var("PASSWORD").unwrap_or_default().into(),
    ///     serveraddress: "registry.example.com".into(),
    ///     ..Default::default()
    /// };
    /// match docker.system().auth(&credentials) {
    ///     Ok(answer) => println!("{}", answer.status),
    ///     Err(Error::Unauthorized(api_error)) => println!("no: {}", api_error.message),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok::<(), dockline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Unauthorized`](crate::Error::Unauthorized) when the registry does not accept them;
    /// [`Error::Engine`](crate::Error::Engine) when it cannot be reached, and with some engines also
    /// when it does not accept them and has no tokens, with the registry's words.
    pub fn auth(&self, credentials: &AuthConfig) -> Result<AuthResponse> {
        self.context.call(auth(credentials)).map(Option::unwrap_or_default)
    }

    /// What the disk is used for (`GET /system/df`). The engine may look at every file of every
    /// volume for it, so this takes its time: there is no timeout but
    /// [`Timeouts::stream`](crate::Timeouts::stream). Since API 1.25.
    ///
    /// From API 1.52 on the engine answers in another shape; the methods of [`SystemDataUsage`] give
    /// the same facts from both.
    ///
    /// ```no_run
    /// let docker = dockline::Context::from_env()?;
    /// let usage = docker.system().data_usage(&Default::default())?;
    /// let images = usage.images_total();
    /// println!("{} images, {} bytes, {} to be freed", images.total_count, images.total_size, images.reclaimable);
    /// # Ok::<(), dockline::Error>(())
    /// ```
    pub fn data_usage(&self, options: &SystemDataUsageOptions) -> Result<SystemDataUsage> {
        self.context.call(data_usage(options))
    }

    /// What happens in the engine, as it happens (`GET /events`). Without `until` the stream has no
    /// end of its own: take [`Records::cancel`] to end it from another thread.
    ///
    /// ```no_run
    /// use dockline::{Context, Filters, SystemEventsOptions};
    /// let docker = Context::from_env()?;
    /// let filters = Filters::new().with("type", "container").with("event", "die");
    /// for event in docker.system().events(&SystemEventsOptions { filters, ..Default::default() })? {
    ///     println!("{} ended", event?.actor.id);
    /// }
    /// # Ok::<(), dockline::Error>(())
    /// ```
    pub fn events(&self, options: &SystemEventsOptions) -> Result<Records<EventMessage>> {
        Ok(Records::new(self.context.open_stream(events(options), None)?.body))
    }
}
