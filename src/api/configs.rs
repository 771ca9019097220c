//! Configs of the swarm.

use super::update::update_with;
use crate::codec::{JsonBody, options};
use crate::model::{Config, ConfigCreateResponse, ConfigSpec};
use crate::request::Request;
use crate::{Context, Filters, Result};

/// Operations on configs of the swarm; from [`Context::configs`].
///
/// Managers store configs, and tasks receive them as files. The operations require a manager. The
/// `id` parameters accept a config name or ID, or a unique prefix of the ID.
///
/// Unlike that of secrets, the content of configs is returned to every client of the engine.
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
    /// Returns the operations on configs.
    pub fn configs(&self) -> Configs<'_> {
        Configs { context: self }
    }
}

options! {
    /// Options of [`Configs::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ConfigListOptions {
        /// Return only configs that match these filters: `id`, `label`, `name`, `names`.
        pub filters: Filters = json "filters",
    }
}

options! {
    /// Options of [`Configs::update`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ConfigUpdateOptions {
        /// Version of the config to replace: its `Version.Index` when it was read. Required.
        pub version: u64 = always "version",
    }
}

pub(crate) fn list(options: &ConfigListOptions) -> Request<Vec<Config>> {
    Request::new("ConfigList", "GET", "/configs").since(30).options(options).returning()
}

pub(crate) fn create(spec: &dyn JsonBody) -> Request<ConfigCreateResponse> {
    let mut request = Request::new("ConfigCreate", "POST", "/configs/create").since(30).json(spec);
    if !spec.has("Name") {
        request.wrong("the name of the config is empty");
    }
    request.returning()
}

pub(crate) fn inspect(id: &str) -> Request<Config> {
    Request::on("ConfigInspect", "GET", "/configs/{}", id).since(30).returning()
}

pub(crate) fn delete(id: &str) -> Request<()> {
    Request::on("ConfigDelete", "DELETE", "/configs/{}", id).since(30)
}

pub(crate) fn update(id: &str, options: &ConfigUpdateOptions, spec: &dyn JsonBody) -> Request<()> {
    Request::on("ConfigUpdate", "POST", "/configs/{}/update", id)
        .since(30)
        .options(options)
        .json(spec)
}

impl Configs<'_> {
    /// Lists configs with their content.
    ///
    /// `GET /configs`. Since API 1.30.
    pub fn list(&self, options: &ConfigListOptions) -> Result<Vec<Config>> {
        self.context.call(list(options))
    }

    /// Creates a config.
    ///
    /// `POST /configs/create`. Since API 1.30.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`](crate::Error::Conflict) if the name is in use.
    pub fn create(&self, spec: &ConfigSpec) -> Result<ConfigCreateResponse> {
        self.context.call(create(spec))
    }

    /// Returns the details and content of a config.
    ///
    /// `GET /configs/{id}`. Since API 1.30.
    pub fn inspect(&self, id: &str) -> Result<Config> {
        self.context.call(inspect(id))
    }

    /// Deletes a config.
    ///
    /// `DELETE /configs/{id}`. Since API 1.30.
    ///
    /// # Errors
    /// Fails with [`Error::BadRequest`](crate::Error::BadRequest) if a service uses the config.
    pub fn delete(&self, id: &str) -> Result<()> {
        self.context.call_outcome(delete(id)).map(drop)
    }

    /// Updates the labels of a config.
    ///
    /// `POST /configs/{id}/update`. Nothing except the labels can be changed. Replaces the whole
    /// spec: send the spec that was read, with the changes applied, and its version.
    /// Since API 1.30.
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
    /// - [`Error::Conflict`](crate::Error::Conflict) if the config has changed since it was read;
    ///   [`update_with`](Configs::update_with) retries.
    /// - [`Error::BadRequest`](crate::Error::BadRequest) if anything except the labels has changed.
    pub fn update(&self, id: &str, options: &ConfigUpdateOptions, spec: &ConfigSpec) -> Result<()> {
        self.context.call_outcome(update(id, options, spec)).map(drop)
    }

    /// Reads the spec of a config, applies `change` and updates the config.
    ///
    /// `GET /configs/{id}` and `POST /configs/{id}/update`. Retries if the config has changed in
    /// between, up to ten attempts. Since API 1.30.
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
