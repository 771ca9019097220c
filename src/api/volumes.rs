//! Volumes.

use super::update::update_with;
use crate::codec::{JsonBody, options};
use crate::model::{
    ClusterVolumeSpec, Volume, VolumeCreateRequest, VolumeListResponse, VolumePruneResponse,
    VolumeUpdateRequest,
};
use crate::request::{Request, ResponseTimeout};
use crate::{ApiVersion, Context, Error, Filters, Result};

/// Calls about volumes; from [`Context::volumes`].
///
#[doc = "```no_run"]
#[doc = include_str!("../../examples/resources/volumes.rs")]
#[doc = "```"]
#[derive(Debug, Clone, Copy)]
pub struct Volumes<'a> {
    context: &'a Context,
}

impl Context {
    /// Calls about volumes.
    pub fn volumes(&self) -> Volumes<'_> {
        Volumes { context: self }
    }
}

options! {
    /// Options of [`Volumes::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeListOptions {
        /// Which, by `dangling`, `driver`, `label`, `name`.
        pub filters: Filters = json "filters",
    }
}

options! {
    /// Options of [`Volumes::update`].
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeUpdateOptions {
        /// The version that is being changed: `cluster_volume.version.index` of the volume as it was
        /// read. Must be given.
        pub version: u64 = always "version",
    }
}

options! {
    /// Options of [`Volumes::delete`].
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeDeleteOptions {
        /// Forgets it even where its driver has lost it. A volume that is not there is no error then.
        /// Since API 1.25.
        pub force: bool = query "force" since 25,
    }
}

options! {
    /// Options of [`Volumes::prune`].
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumePruneOptions {
        /// Which, by `label` and `label!`; and `all=true` for named volumes too. Engines below API 1.42
        /// always delete those and do not have the filter, so it is left out there, and `all=false`
        /// fails.
        pub filters: Filters = manual "filters",
    }
}

/// `GET /volumes`
pub(crate) fn list(options: &VolumeListOptions) -> Request<VolumeListResponse> {
    Request::new("VolumeList", "GET", "/volumes").options(options).returning()
}

/// `POST /volumes/create`
pub(crate) fn create(body: &dyn JsonBody) -> Request<Volume> {
    Request::new("VolumeCreate", "POST", "/volumes/create").json(body).returning()
}

/// `GET /volumes/{name}`
pub(crate) fn inspect(name: &str) -> Request<Volume> {
    Request::on_volume("VolumeInspect", "GET", "/volumes/{}", name).returning()
}

/// `PUT /volumes/{name}`
pub(crate) fn update(
    name: &str,
    options: &VolumeUpdateOptions,
    body: &dyn JsonBody,
) -> Request<()> {
    let mut request = Request::on_volume("VolumeUpdate", "PUT", "/volumes/{}", name)
        .since(42)
        .options(options)
        .json(body);
    if !body.has("Spec") {
        request.wrong("the spec is missing: send it whole, as read and changed");
    }
    request
}

/// `DELETE /volumes/{name}`
pub(crate) fn delete(name: &str, options: &VolumeDeleteOptions) -> Request<()> {
    Request::on_volume("VolumeDelete", "DELETE", "/volumes/{}", name)
        .options(options)
        .response_timeout(ResponseTimeout::None)
}

/// `POST /volumes/prune`, as an engine of this version honours it.
pub(crate) fn prune(
    options: &VolumePruneOptions,
    version: ApiVersion,
) -> Request<VolumePruneResponse> {
    let mut filters = options.filters.clone();
    let always_all = version < ApiVersion::new(1, 42);
    let named_too = filters.values("all").iter().all(|it| matches!(&**it, "true" | "1"));
    if always_all && named_too {
        filters.remove("all");
    }
    Request::new("VolumePrune", "POST", "/volumes/prune")
        .since(25)
        .needs(42, "the filter all=false", always_all && !named_too)
        .filters(&filters)
        .response_timeout(ResponseTimeout::None)
        .returning()
}

impl Volumes<'_> {
    /// Lists volumes (`GET /volumes`). Where a driver did not answer, `warnings` says so and its
    /// volumes are missing.
    pub fn list(&self, options: &VolumeListOptions) -> Result<VolumeListResponse> {
        self.context.call(list(options))
    }

    /// Makes a volume (`POST /volumes/create`). Where there is one of this name and driver already,
    /// that one is given.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when the name belongs to a volume of another
    /// driver.
    pub fn create(&self, body: &VolumeCreateRequest) -> Result<Volume> {
        self.context.call(create(body))
    }

    /// Tells everything about a volume but its size, which is in
    /// [`System::data_usage`](crate::System::data_usage) (`GET /volumes/{name}`).
    pub fn inspect(&self, name: &str) -> Result<Volume> {
        self.context.call(inspect(name))
    }

    /// Changes a volume of the cluster (`PUT /volumes/{name}`): its availability, which is all that
    /// can be changed. Since API 1.42.
    ///
    /// Read the volume, change `cluster_volume.spec`, and send it whole with the version it had.
    ///
    /// ```no_run
    /// use dockline::{Context, VolumeUpdateOptions};
    /// use dockline::model::{VolumeAvailability, VolumeUpdateRequest};
    /// let docker = Context::from_env()?;
    /// if let Some(volume) = docker.volumes().inspect("shared")?.cluster_volume {
    ///     let mut spec = volume.spec;
    ///     spec.availability = VolumeAvailability::Drain;
    ///     let options = VolumeUpdateOptions { version: volume.version.index };
    ///     docker.volumes().update("shared", &options, &VolumeUpdateRequest { spec: Some(spec) })?;
    /// }
    /// # Ok::<(), dockline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when somebody else has changed it since it was
    /// read: read it again. [`Error::NotFound`](crate::Error::NotFound) when it is no volume of the
    /// cluster, [`Error::NoSwarm`](crate::Error::NoSwarm) or
    /// [`Error::NotManager`](crate::Error::NotManager) when the engine is no manager of a swarm.
    pub fn update(
        &self,
        name: &str,
        options: &VolumeUpdateOptions,
        body: &VolumeUpdateRequest,
    ) -> Result<()> {
        self.context.call_outcome(update(name, options, body)).map(drop)
    }

    /// Reads a volume of the cluster, lets `change` change its spec, and sends that back
    /// (`PUT /volumes/{name}`); anew where it has changed in between, ten times at most.
    /// Since API 1.42.
    ///
    /// ```no_run
    /// use dockline::{Context, model::VolumeAvailability};
    /// let docker = Context::from_env()?;
    /// docker.volumes().update_with("shared", |spec| spec.availability = VolumeAvailability::Drain)?;
    /// # Ok::<(), dockline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] when it is no volume of the cluster.
    pub fn update_with(
        &self,
        name: &str,
        change: impl FnMut(&mut ClusterVolumeSpec),
    ) -> Result<()> {
        update_with(
            || current(self.context, name),
            change,
            |version, spec| {
                let body = VolumeUpdateRequest { spec: Some(spec) };
                let request = update(name, &VolumeUpdateOptions { version }, &body);
                self.context.call_outcome(request).map(drop)
            },
        )
    }

    /// Deletes a volume and what is stored in it (`DELETE /volumes/{name}`).
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when a container uses it, running or not.
    pub fn delete(&self, name: &str, options: &VolumeDeleteOptions) -> Result<()> {
        self.context.call_outcome(delete(name, options)).map(drop)
    }

    /// Deletes the volumes that no container uses, and what is stored in them
    /// (`POST /volumes/prune`). From API 1.42 on only those without a name of their own, unless the
    /// filter `all` is `true`. Since API 1.25.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when a prune is under way already.
    pub fn prune(&self, options: &VolumePruneOptions) -> Result<VolumePruneResponse> {
        self.context.call(prune(options, self.context.api_version()?))
    }
}

fn current(context: &Context, name: &str) -> Result<(u64, ClusterVolumeSpec)> {
    let volume = context.call(inspect(name))?.cluster_volume.ok_or_else(|| no_cluster(name))?;
    Ok((volume.version.index, volume.spec))
}

/// That a volume is none of the cluster's.
pub(crate) fn no_cluster(name: &str) -> Error {
    let message = format!("{name} is no volume of the cluster: only those can be changed");
    Error::invalid("VolumeUpdate", message)
}
