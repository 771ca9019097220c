//! Containers: what there is of them. Their life is in [`lifecycle`], their output in [`output`], their
//! files in [`files`], what they use in [`usage`].

pub(crate) mod checkpoints;
pub(crate) mod files;
pub(crate) mod lifecycle;
pub(crate) mod output;
pub(crate) mod until_exit;
pub(crate) mod usage;
#[cfg(feature = "websocket")]
pub(crate) mod websocket;

use crate::codec::{JsonBody, options};
use crate::model::{
    ContainerCreateRequest, ContainerCreateResponse, ContainerInspectResponse,
    ContainerPruneResponse, ContainerSummary, ContainerUpdateRequest, ContainerUpdateResponse,
};
use crate::request::{Request, ResponseTimeout};
use crate::{Context, Filters, Result};

/// Calls about containers; from [`Context::containers`].
///
/// Wherever a container is named, its name, its id or a beginning of its id will do.
///
#[doc = "```no_run"]
#[doc = include_str!("../../../examples/resources/containers.rs")]
#[doc = "```"]
#[derive(Debug, Clone, Copy)]
pub struct Containers<'a> {
    context: &'a Context,
}

impl Context {
    /// Calls about containers.
    pub fn containers(&self) -> Containers<'_> {
        Containers { context: self }
    }
}

options! {
    /// Options of [`Containers::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerListOptions {
        /// Also those that do not run.
        pub all: bool = query "all",
        /// Only the newest so many, whether they run or not.
        pub limit: Option<u32> = query "limit",
        /// Also how much each has written (`size_rw`, `size_root_fs`); this takes the engine time.
        pub size: bool = query "size",
        /// Which, by `ancestor`, `before`, `exited`, `expose`, `health`, `id`, `label`, `name`, `network`,
        /// `publish`, `since`, `status`, `volume`, …
        pub filters: Filters = json "filters",
    }
}

options! {
    /// Options of [`Containers::create`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerCreateOptions {
        /// Its name; the engine makes one up when empty.
        pub name: String = query "name",
        /// Platform of the image, as `os[/arch[/variant]]`. Since API 1.41.
        pub platform: String = query "platform" since 41,
    }
}

options! {
    /// Options of [`Containers::inspect`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerInspectOptions {
        /// Also how much it has written (`size_rw`, `size_root_fs`).
        pub size: bool = query "size",
    }
}

options! {
    /// Options of [`Containers::delete`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerDeleteOptions {
        /// Also its anonymous volumes.
        pub v: bool = query "v",
        /// Also when it runs: kills it first.
        pub force: bool = query "force",
        /// Deletes the link of this name instead of a container. Links are deprecated.
        pub link: bool = query "link",
    }
}

options! {
    /// Options of [`Containers::prune`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ContainerPruneOptions {
        /// Which: `until`, `label`, `label!`.
        pub filters: Filters = json "filters",
    }
}

/// `GET /containers/json`
pub(crate) fn list(options: &ContainerListOptions) -> Request<Vec<ContainerSummary>> {
    Request::new("ContainerList", "GET", "/containers/json").options(options).returning()
}

/// `POST /containers/create`
pub(crate) fn create(
    options: &ContainerCreateOptions,
    body: &dyn JsonBody,
) -> Request<ContainerCreateResponse> {
    Request::new("ContainerCreate", "POST", "/containers/create")
        .options(options)
        .json(body)
        .returning()
}

/// `GET /containers/{id}/json`
pub(crate) fn inspect(
    id: &str,
    options: &ContainerInspectOptions,
) -> Request<ContainerInspectResponse> {
    Request::on("ContainerInspect", "GET", "/containers/{}/json", id).options(options).returning()
}

/// `POST /containers/{id}/update`
pub(crate) fn update(id: &str, body: &dyn JsonBody) -> Request<ContainerUpdateResponse> {
    Request::on("ContainerUpdate", "POST", "/containers/{}/update", id).json(body).returning()
}

/// `POST /containers/prune`
pub(crate) fn prune(options: &ContainerPruneOptions) -> Request<ContainerPruneResponse> {
    Request::new("ContainerPrune", "POST", "/containers/prune")
        .since(25)
        .options(options)
        .response_timeout(ResponseTimeout::None)
        .returning()
}

/// `POST /containers/{id}/rename`
pub(crate) fn rename(id: &str, name: &str) -> Request<()> {
    let mut request =
        Request::on("ContainerRename", "POST", "/containers/{}/rename", id).text("name", name);
    if name.is_empty() {
        request.wrong("the new name is empty");
    }
    request
}

/// `DELETE /containers/{id}`
pub(crate) fn delete(id: &str, options: &ContainerDeleteOptions) -> Request<()> {
    Request::on("ContainerDelete", "DELETE", "/containers/{}", id)
        .options(options)
        .response_timeout(ResponseTimeout::None)
}

impl Containers<'_> {
    /// Lists containers (`GET /containers/json`). One request, whatever their number.
    pub fn list(&self, options: &ContainerListOptions) -> Result<Vec<ContainerSummary>> {
        self.context.call(list(options))
    }

    /// Makes a container (`POST /containers/create`). It does not run yet.
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
    /// [`Error::NotFound`](crate::Error::NotFound) when the image is not there, [`Error::Conflict`](crate::Error::Conflict) when the name is in use,
    /// [`Error::EngineTooOld`](crate::Error::EngineTooOld) when the body holds a field that this engine does not know yet.
    pub fn create(
        &self,
        options: &ContainerCreateOptions,
        body: &ContainerCreateRequest,
    ) -> Result<ContainerCreateResponse> {
        self.context.call(create(options, body))
    }

    /// Tells everything about a container (`GET /containers/{id}/json`).
    pub fn inspect(
        &self,
        id: &str,
        options: &ContainerInspectOptions,
    ) -> Result<ContainerInspectResponse> {
        self.context.call(inspect(id, options))
    }

    /// Changes the limits and the restart policy of a container, also while it runs
    /// (`POST /containers/{id}/update`). What is left out stays as it is.
    pub fn update(
        &self,
        id: &str,
        body: &ContainerUpdateRequest,
    ) -> Result<ContainerUpdateResponse> {
        self.context.call(update(id, body))
    }

    /// Deletes containers that do not run (`POST /containers/prune`). Since API 1.25.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) while another prune is under way.
    pub fn prune(&self, options: &ContainerPruneOptions) -> Result<ContainerPruneResponse> {
        self.context.call(prune(options))
    }

    /// Gives a container another name (`POST /containers/{id}/rename`).
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when the name is in use.
    pub fn rename(&self, id: &str, name: &str) -> Result<()> {
        self.context.call_outcome(rename(id, name)).map(drop)
    }

    /// Deletes a container (`DELETE /containers/{id}`).
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when it runs and `force` is not set, or while it is being deleted already.
    pub fn delete(&self, id: &str, options: &ContainerDeleteOptions) -> Result<()> {
        self.context.call_outcome(delete(id, options)).map(drop)
    }
}
