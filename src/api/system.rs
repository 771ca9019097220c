//! The engine as a whole.

use serde::Serialize;

use crate::codec::{options, string_enum};
use crate::model::{
    AuthConfig, AuthResponse, EventMessage, SystemDataUsage, SystemInfo, SystemVersion,
};
use crate::request::{Request, ResponseTimeout};
use crate::stream::Records;
use crate::{ApiVersion, Context, Filters, Result, TimeBound};

/// Operations on the engine as a whole; from [`Context::system`].
///
#[doc = "```no_run"]
#[doc = include_str!("../../examples/resources/system.rs")]
#[doc = "```"]
#[derive(Debug, Clone, Copy)]
pub struct System<'a> {
    pub(super) context: &'a Context,
}

impl Context {
    /// Returns the operations on the engine as a whole.
    pub fn system(&self) -> System<'_> {
        System { context: self }
    }
}

/// The headers of a response to a ping.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Ping {
    /// Newest API version of the engine; `None` from very old engines and behind some proxies.
    #[serde(rename = "APIVersion", serialize_with = "as_str")]
    pub api_version: Option<ApiVersion>,
    /// Operating system of the containers: `linux` or `windows`.
    #[serde(rename = "OSType")]
    pub os_type: String,
    /// Whether experimental features are enabled.
    pub experimental: bool,
    /// Default builder: `1` for the classic builder, `2` for BuildKit. Empty if the header is
    /// missing.
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
        /// Return past events since this time first.
        pub since: Option<TimeBound> = query "since",
        /// End the stream at this time. If it is in the past, only past events are returned.
        pub until: Option<TimeBound> = query "until",
        /// Return only events that match these filters: `type`, `event`, `container`, `image`,
        /// `label` and others.
        pub filters: Filters = json "filters",
    }
}

string_enum! {
    /// A type of object that uses disk space.
    pub enum DataUsageType {
        /// Containers: their writable layers.
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
        /// Return only these types of object: `container`, `image`, `volume`, `build-cache`.
        /// Default: all. Since API 1.42.
        pub r#type: Vec<DataUsageType> = query "type" since 42,
        /// Return each image, container, volume and build cache record. Engines before API 1.52
        /// always do. Since API 1.52.
        pub verbose: bool = query "verbose" since 52,
    }
}

/// The API allows an empty response for accepted credentials.
pub(crate) fn auth(body: &AuthConfig) -> Request<Option<AuthResponse>> {
    let mut request = Request::new("SystemAuth", "POST", "/auth").secret_json(body.to_body());
    request.parts.secret.response = true;
    request.returning()
}

pub(crate) fn data_usage(options: &SystemDataUsageOptions) -> Request<SystemDataUsage> {
    Request::new("SystemDataUsage", "GET", "/system/df")
        .since(25)
        .options(options)
        .response_timeout(ResponseTimeout::None)
        .returning()
}

pub(crate) fn version() -> Request<SystemVersion> {
    Request::new("SystemVersion", "GET", "/version").returning()
}

pub(crate) fn info() -> Request<SystemInfo> {
    Request::new("SystemInfo", "GET", "/info").returning()
}

pub(crate) fn events(options: &SystemEventsOptions) -> Request<Records<EventMessage>> {
    Request::new("SystemEvents", "GET", "/events").options(options).returning()
}

impl System<'_> {
    /// Checks whether the engine responds.
    ///
    /// `HEAD /_ping`, and `GET /_ping` if the engine or a proxy refuses HEAD. Returns what the
    /// response headers report about the engine.
    ///
    /// # Errors
    /// - [`Error::Connect`](crate::Error::Connect) if the connection fails.
    /// - The engine's error response, if it sends one.
    pub fn ping(&self) -> Result<Ping> {
        let headers = self.context.ping_headers()?;
        let header = |name: &str| {
            headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        Ok(Ping {
            api_version: header("api-version").parse().ok(),
            os_type: header("ostype"),
            experimental: header("docker-experimental") == "true",
            builder_version: header("builder-version"),
            swarm: header("swarm"),
            server: header("server"),
        })
    }

    /// Returns the versions of the engine and its components.
    ///
    /// `GET /version`.
    pub fn version(&self) -> Result<SystemVersion> {
        self.context.call(version())
    }

    /// Returns counts, drivers, limits, host and swarm state.
    ///
    /// `GET /info`.
    pub fn info(&self) -> Result<SystemInfo> {
        self.context.call(info())
    }

    /// Checks credentials with a registry.
    ///
    /// `POST /auth`. Neither the engine nor the library stores them. They are redacted in the
    /// result callback.
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
    ///     Ok(response) => println!("{}", response.status),
    ///     Err(Error::Unauthorized(api_error)) => println!("rejected: {}", api_error.message),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok::<(), dockline::Error>(())
    /// ```
    ///
    /// # Errors
    /// - [`Error::Unauthorized`](crate::Error::Unauthorized) if the registry rejects the
    ///   credentials.
    /// - [`Error::Engine`](crate::Error::Engine) if the registry cannot be reached.
    pub fn auth(&self, credentials: &AuthConfig) -> Result<AuthResponse> {
        self.context.call(auth(credentials)).map(Option::unwrap_or_default)
    }

    /// Returns the disk usage of the engine.
    ///
    /// `GET /system/df`. The engine may read the metadata of every file in every volume. Only
    /// [`Timeouts::stream`](crate::Timeouts::stream) limits the call. Since API 1.25.
    ///
    /// The format differs from API 1.52 on; the methods of [`SystemDataUsage`] return the same
    /// numbers for both.
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

    /// Streams the events of the engine.
    ///
    /// `GET /events`. Without `until` the stream does not end; use [`Records::cancel_token`] to
    /// cancel it from another thread.
    ///
    /// ```no_run
    /// use dockline::{Context, Filters, SystemEventsOptions};
    /// let docker = Context::from_env()?;
    /// let filters = Filters::new().with("type", "container").with("event", "die");
    /// for event in docker.system().events(&SystemEventsOptions { filters, ..Default::default() })? {
    ///     println!("{} exited", event?.actor.id);
    /// }
    /// # Ok::<(), dockline::Error>(())
    /// ```
    pub fn events(&self, options: &SystemEventsOptions) -> Result<Records<EventMessage>> {
        Ok(Records::new(self.context.open_stream(events(options), None)?.body))
    }
}
