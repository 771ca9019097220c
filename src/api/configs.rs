//! Configs of the swarm.

use super::update::update_with;
use crate::codec::{JsonBody, options};
use crate::model::{Config, ConfigCreateResponse, ConfigSpec};
use crate::request::Request;
use crate::{Context, Filters, Result};

/// Calls about configs of the swarm: content that its managers keep, and that tasks get as files;
/// from [`Context::configs`]. The engine must be a manager.
///
/// Wherever a config is named, its id, its name, or a beginning of its id will do.
///
/// Unlike that of secrets, their content is told to all who may ask the engine.
///
/// ```no_run
/// use dockline::{Context, model::ConfigSpec};
/// let docker = Context::from_env()?;
/// let file = std::fs::read("nginx.conf")?;
/// let spec = ConfigSpec { name: "nginx".into(), data: file.into(), ..Default::default() };
/// let id = docker.configs().create(&spec)?.id;
/// println!("{}", String::from_utf8_lossy(&docker.configs().inspect(&id)?.spec.data));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Configs<'a> {
    context: &'a Context,
}

impl Context {
    /// Calls about configs of the swarm.
    pub fn configs(&self) -> Configs<'_> {
        Configs { context: self }
    }
}

options! {
    /// Options of [`Configs::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ConfigListOptions {
        /// Which, by `id`, `label`, `name`, `names`.
        pub filters: Filters = json "filters",
    }
}

options! {
    /// Options of [`Configs::update`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ConfigUpdateOptions {
        /// The version that is being changed: `version.index` of the config as it was read. Must be
        /// given.
        pub version: u64 = always "version",
    }
}

/// `GET /configs`
pub(crate) fn list(options: &ConfigListOptions) -> Request<Vec<Config>> {
    Request::new("ConfigList", "GET", "/configs").since(30).options(options).returning()
}

/// `POST /configs/create`
pub(crate) fn create(spec: &dyn JsonBody) -> Request<ConfigCreateResponse> {
    let mut request = Request::new("ConfigCreate", "POST", "/configs/create").since(30).json(spec);
    if !spec.has("Name") {
        request.wrong("the name of the config is empty");
    }
    request.returning()
}

/// `GET /configs/{id}`
pub(crate) fn inspect(id: &str) -> Request<Config> {
    Request::on("ConfigInspect", "GET", "/configs/{}", id).since(30).returning()
}

/// `DELETE /configs/{id}`
pub(crate) fn delete(id: &str) -> Request<()> {
    Request::on("ConfigDelete", "DELETE", "/configs/{}", id).since(30)
}

/// `POST /configs/{id}/update`
pub(crate) fn update(id: &str, options: &ConfigUpdateOptions, spec: &dyn JsonBody) -> Request<()> {
    Request::on("ConfigUpdate", "POST", "/configs/{}/update", id)
        .since(30)
        .options(options)
        .json(spec)
}

impl Configs<'_> {
    /// Lists configs with their content (`GET /configs`). Since API 1.30.
    pub fn list(&self, options: &ConfigListOptions) -> Result<Vec<Config>> {
        self.context.call(list(options))
    }

    /// Makes a config (`POST /configs/create`). Since API 1.30.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when the name is taken.
    pub fn create(&self, spec: &ConfigSpec) -> Result<ConfigCreateResponse> {
        self.context.call(create(spec))
    }

    /// Tells everything about a config, its content too (`GET /configs/{id}`). Since API 1.30.
    pub fn inspect(&self, id: &str) -> Result<Config> {
        self.context.call(inspect(id))
    }

    /// Deletes a config (`DELETE /configs/{id}`). Since API 1.30.
    ///
    /// # Errors
    /// [`Error::BadRequest`](crate::Error::BadRequest) when a service uses it.
    pub fn delete(&self, id: &str) -> Result<()> {
        self.context.call_outcome(delete(id)).map(drop)
    }

    /// Changes a config (`POST /configs/{id}/update`): its labels, which is all that can be changed.
    /// Since API 1.30.
    ///
    /// Read the config, change its spec, and send it whole with the version it had.
    ///
    /// ```no_run
    /// # let docker = dockline::Context::from_env()?;
    /// use dockline::ConfigUpdateOptions;
    /// let mut config = docker.configs().inspect("nginx")?;
    /// config.spec.labels.insert("changed".into(), "2026-11".into());
    /// let options = ConfigUpdateOptions { version: config.version.index };
    /// docker.configs().update(&config.id, &options, &config.spec)?;
    /// # Ok::<(), dockline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when it has changed since it was read;
    /// [`update_with`](Configs::update_with) then starts over.
    /// [`Error::BadRequest`](crate::Error::BadRequest) when anything else is changed.
    pub fn update(&self, id: &str, options: &ConfigUpdateOptions, spec: &ConfigSpec) -> Result<()> {
        self.context.call_outcome(update(id, options, spec)).map(drop)
    }

    /// Reads a config's spec, lets `change` change it, and sends it back
    /// (`POST /configs/{id}/update`); anew where it has changed in between, ten times at most.
    /// Since API 1.30.
    ///
    /// ```no_run
    /// # let docker = dockline::Context::from_env()?;
    /// docker.configs().update_with("nginx", |spec| {
    ///     spec.labels.insert("changed".into(), "2026-11".into());
    /// })?;
    /// # Ok::<(), dockline::Error>(())
    /// ```
    pub fn update_with(&self, id: &str, change: impl FnMut(&mut ConfigSpec)) -> Result<()> {
        update_with(
            || current(self.context, id),
            change,
            |version, spec| {
                let options = ConfigUpdateOptions { version };
                self.context.call_outcome(update(id, &options, &spec)).map(drop)
            },
        )
    }
}

fn current(context: &Context, id: &str) -> Result<(u64, ConfigSpec)> {
    let config = context.call(inspect(id))?;
    Ok((config.version.index, config.spec))
}
