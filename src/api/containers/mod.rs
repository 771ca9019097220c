//! Containers: list, create, inspect, update, rename, delete and prune.
//!
//! Start, stop and wait are in [`lifecycle`], logs and attach in [`output`], archives in [`files`],
//! processes and statistics in [`usage`].

pub(crate) mod checkpoints;
pub(crate) mod files;
pub(crate) mod lifecycle;
pub(crate) mod output;
pub(crate) mod until_exit;
pub(crate) mod usage;
#[cfg(feature = "websocket")]
pub(crate) mod websocket;

use std::borrow::Cow;

use crate::codec::{JsonBody, options};
use crate::model::{
    ContainerCreateRequest, ContainerCreateResponse, ContainerInspectResponse,
    ContainerPruneResponse, ContainerSummary, ContainerUpdateRequest, ContainerUpdateResponse,
};
use crate::request::{Request, ResponseTimeout};
use crate::{Context, Filters, Result};

/// Operations on containers; from [`Context::containers`].
///
/// The `id` parameters accept a container name or ID, or a unique prefix of the ID.
///
#[doc = "```no_run"]
#[doc = include_str!("../../../examples/resources/containers.rs")]
#[doc = "```"]
#[derive(Debug, Clone, Copy)]
pub struct Containers<'a> {
    context: &'a Context,
}

impl Context {
    /// Returns the operations on containers.
    pub fn containers(&self) -> Containers<'_> {
        Containers { context: self }
    }
}

options! {
    /// Options of [`Containers::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerListOptions {
        /// Return all containers. By default, only running containers are returned.
        pub all: bool = query "all",
        /// Return only the `limit` most recently created containers, running or not.
        pub limit: Option<u32> = query "limit",
        /// Return the size of each container as `SizeRw` and `SizeRootFs`. This takes the engine
        /// time.
        pub size: bool = query "size",
        /// Return only containers that match these filters: `ancestor`, `before`, `exited`,
        /// `expose`, `health`, `id`, `label`, `name`, `network`, `publish`, `since`, `status`,
        /// `volume` and others.
        pub filters: Filters = json "filters",
    }
}

options! {
    /// Options of [`Containers::create`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerCreateOptions {
        /// Name of the container. Default: a name that the engine generates.
        pub name: String = query "name",
        /// Platform of the image, `os[/arch[/variant]]`. Since API 1.41.
        pub platform: String = query "platform" since 41,
    }
}

options! {
    /// Options of [`Containers::inspect`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerInspectOptions {
        /// Return the size of the container as `SizeRw` and `SizeRootFs`.
        pub size: bool = query "size",
    }
}

options! {
    /// Options of [`Containers::delete`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerDeleteOptions {
        /// Delete the anonymous volumes of the container, too.
        pub v: bool = query "v",
        /// Kill the container first, if it is running.
        pub force: bool = query "force",
        /// Delete a link instead of a container; its name is `PARENT/ALIAS`. Links are deprecated.
        pub link: bool = query "link",
    }
}

options! {
    /// Options of [`Containers::prune`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerPruneOptions {
        /// Delete only containers that match these filters: `until`, `label`, `label!`.
        pub filters: Filters = json "filters",
    }
}

pub(crate) fn list(options: &ContainerListOptions) -> Request<Vec<ContainerSummary>> {
    Request::new("ContainerList", "GET", "/containers/json").options(options).returning()
}

pub(crate) fn create(
    options: &ContainerCreateOptions,
    body: &dyn JsonBody,
) -> Request<ContainerCreateResponse> {
    Request::new("ContainerCreate", "POST", "/containers/create")
        .options(options)
        .json(body)
        .returning()
}

pub(crate) fn inspect(
    id: &str,
    options: &ContainerInspectOptions,
) -> Request<ContainerInspectResponse> {
    Request::on_container("ContainerInspect", "GET", "/containers/{}/json", id)
        .options(options)
        .returning()
}

pub(crate) fn update(id: &str, body: &dyn JsonBody) -> Request<ContainerUpdateResponse> {
    Request::on_container("ContainerUpdate", "POST", "/containers/{}/update", id)
        .json(body)
        .returning()
}

pub(crate) fn prune(options: &ContainerPruneOptions) -> Request<ContainerPruneResponse> {
    Request::new("ContainerPrune", "POST", "/containers/prune")
        .since(25)
        .options(options)
        .response_timeout(ResponseTimeout::None)
        .returning()
}

pub(crate) fn rename(id: &str, name: &str) -> Request<()> {
    let mut request = Request::on_container("ContainerRename", "POST", "/containers/{}/rename", id)
        .text("name", name);
    if name.trim().is_empty() {
        request.wrong("the new name is empty");
    }
    request
}

pub(crate) fn delete(id: &str, options: &ContainerDeleteOptions) -> Request<()> {
    let mut request = Request::on_container("ContainerDelete", "DELETE", "/containers/{}", id)
        .options(options)
        .response_timeout(ResponseTimeout::None);
    // The path of CheckpointDelete.
    if id.contains("/checkpoints/") {
        request.wrong(format!("{id:?} is not a valid name or ID: it is the path of a checkpoint"));
    }
    request
}

impl Containers<'_> {
    /// Lists containers.
    ///
    /// `GET /containers/json`. Sends one request, regardless of the number of containers.
    pub fn list(&self, options: &ContainerListOptions) -> Result<Vec<ContainerSummary>> {
        self.context.call(list(options))
    }

    /// Creates a container.
    ///
    /// `POST /containers/create`. The container is not started. Proxies of the docker CLI's
    /// `config.json` are added to its environment, unless
    /// [`cli_defaults`](crate::ContextBuilder::cli_defaults) is off.
    ///
    /// ```no_run
    /// use dockline::{Context, model::{ContainerConfig, ContainerCreateRequest}};
    /// let docker = Context::from_env()?;
    /// let body = ContainerCreateRequest {
    ///     config: ContainerConfig {
    ///         image: "busybox".into(),
    ///         cmd: ["echo", "hello"].into(),
    ///         ..Default::default()
    ///     },
    ///     ..Default::default()
    /// };
    /// let id = docker.containers().create(&Default::default(), &body)?.id;
    /// docker.containers().start(&id, &Default::default())?;
    /// # Ok::<(), dockline::Error>(())
    /// ```
    ///
    /// # Errors
    /// - [`Error::NotFound`](crate::Error::NotFound) if the image does not exist.
    /// - [`Error::Conflict`](crate::Error::Conflict) if the name is in use.
    /// - [`Error::EngineTooOld`](crate::Error::EngineTooOld) if the body contains a field that the
    ///   engine does not support.
    pub fn create(
        &self,
        options: &ContainerCreateOptions,
        body: &ContainerCreateRequest,
    ) -> Result<ContainerCreateResponse> {
        let proxies = self.context.cli_defaults().missing_variables(&body.config.env);
        let mut body = Cow::Borrowed(body);
        if !proxies.is_empty() {
            body.to_mut().config.env.extend(proxies);
        }
        self.context.call(create(options, &*body))
    }

    /// Returns the details of a container.
    ///
    /// `GET /containers/{id}/json`.
    pub fn inspect(
        &self,
        id: &str,
        options: &ContainerInspectOptions,
    ) -> Result<ContainerInspectResponse> {
        self.context.call(inspect(id, options))
    }

    /// Updates the resource limits and the restart policy.
    ///
    /// `POST /containers/{id}/update`. The container may be running. Omitted fields are left
    /// unchanged.
    pub fn update(
        &self,
        id: &str,
        body: &ContainerUpdateRequest,
    ) -> Result<ContainerUpdateResponse> {
        self.context.call(update(id, body))
    }

    /// Deletes stopped containers.
    ///
    /// `POST /containers/prune`. Since API 1.25.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`](crate::Error::Conflict) if another prune is in progress.
    pub fn prune(&self, options: &ContainerPruneOptions) -> Result<ContainerPruneResponse> {
        self.context.call(prune(options))
    }

    /// Renames a container.
    ///
    /// `POST /containers/{id}/rename`.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`](crate::Error::Conflict) if the name is in use.
    pub fn rename(&self, id: &str, name: &str) -> Result<()> {
        self.context.call_outcome(rename(id, name)).map(drop)
    }

    /// Deletes a container.
    ///
    /// `DELETE /containers/{id}`.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`](crate::Error::Conflict) if the container is running and
    /// `force` is not set, or if its removal is already in progress.
    pub fn delete(&self, id: &str, options: &ContainerDeleteOptions) -> Result<()> {
        self.context.call_outcome(delete(id, options)).map(drop)
    }
}
