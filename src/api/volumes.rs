//! Volumes.

use super::update::update_with;
use crate::codec::{JsonBody, options};
use crate::model::{
    ClusterVolumeSpec, Volume, VolumeCreateRequest, VolumeListResponse, VolumePruneResponse,
    VolumeUpdateRequest,
};
use crate::request::{Request, ResponseTimeout};
use crate::{ApiVersion, Context, Error, Filters, Result};

/// Operations on volumes; from [`Context::volumes`].
///
#[doc = "```no_run"]
#[doc = include_str!("../../examples/resources/volumes.rs")]
#[doc = "```"]
#[derive(Debug, Clone, Copy)]
pub struct Volumes<'a> {
    context: &'a Context,
}

impl Context {
    /// Returns the operations on volumes.
    pub fn volumes(&self) -> Volumes<'_> {
        Volumes { context: self }
    }
}

options! {
    /// Options of [`Volumes::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeListOptions {
        /// Return only volumes that match these filters: `dangling`, `driver`, `label`, `name`.
        pub filters: Filters = json "filters",
    }
}

options! {
    /// Options of [`Volumes::update`].
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeUpdateOptions {
        /// Version of the volume to replace: its `ClusterVolume.Version.Index` when it was read.
        /// Required.
        pub version: u64 = always "version",
    }
}

options! {
    /// Options of [`Volumes::delete`].
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumeDeleteOptions {
        /// Delete the volume even if its driver no longer has it. A volume that does not exist is
        /// then not an error. Since API 1.25.
        pub force: bool = query "force" since 25,
    }
}

options! {
    /// Options of [`Volumes::prune`].
    #[derive(Clone, Default, PartialEq)]
    pub struct VolumePruneOptions {
        /// Delete only volumes that match these filters: `label`, `label!`; `all=true` includes
        /// named volumes. Before API 1.42 named volumes are always deleted, so `all=true` is
        /// omitted and `all=false` fails.
        pub filters: Filters = manual "filters",
    }
}

pub(crate) fn list(options: &VolumeListOptions) -> Request<VolumeListResponse> {
    Request::new("VolumeList", "GET", "/volumes").options(options).returning()
}

pub(crate) fn create(body: &dyn JsonBody) -> Request<Volume> {
    Request::new("VolumeCreate", "POST", "/volumes/create").json(body).returning()
}

pub(crate) fn inspect(name: &str) -> Request<Volume> {
    Request::on_volume("VolumeInspect", "GET", "/volumes/{}", name).returning()
}

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
        request.wrong("Spec is missing: send the whole spec that was read, with the changes");
    }
    request
}

pub(crate) fn delete(name: &str, options: &VolumeDeleteOptions) -> Request<()> {
    Request::on_volume("VolumeDelete", "DELETE", "/volumes/{}", name)
        .options(options)
        .response_timeout(ResponseTimeout::None)
}

/// The request, with the filters that an engine of this version supports.
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
    /// Lists volumes.
    ///
    /// `GET /volumes`. If a volume driver fails, its volumes are missing and `warnings` names it.
    pub fn list(&self, options: &VolumeListOptions) -> Result<VolumeListResponse> {
        self.context.call(list(options))
    }

    /// Creates a volume.
    ///
    /// `POST /volumes/create`. Returns the existing volume if it has the same name and driver.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`] if a volume of another driver has the name.
    pub fn create(&self, body: &VolumeCreateRequest) -> Result<Volume> {
        self.context.call(create(body))
    }

    /// Returns the details of a volume.
    ///
    /// `GET /volumes/{name}`. The size is not included; see
    /// [`System::data_usage`](crate::System::data_usage).
    pub fn inspect(&self, name: &str) -> Result<Volume> {
        self.context.call(inspect(name))
    }

    /// Updates a cluster volume.
    ///
    /// `PUT /volumes/{name}`. Only the availability can be changed. Replaces the whole spec: send
    /// the `cluster_volume.spec` that was read, with the changes applied, and its version.
    /// Since API 1.42.
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
    /// - [`Error::Conflict`] if the volume has changed since it was read;
    ///   [`update_with`](Volumes::update_with) retries.
    /// - [`Error::NotFound`] if the volume is not a cluster volume.
    /// - [`Error::NoSwarm`] or [`Error::NotManager`] if the engine is not a manager of a swarm.
    pub fn update(
        &self,
        name: &str,
        options: &VolumeUpdateOptions,
        body: &VolumeUpdateRequest,
    ) -> Result<()> {
        self.context.call_outcome(update(name, options, body)).map(drop)
    }

    /// Reads the spec of a cluster volume, applies `change` and updates the volume.
    ///
    /// `GET /volumes/{name}` and `PUT /volumes/{name}`. Retries if the volume has changed in
    /// between, up to ten attempts. Since API 1.42.
    ///
    /// ```no_run
    /// use dockline::{Context, model::VolumeAvailability};
    /// let docker = Context::from_env()?;
    /// docker.volumes().update_with("shared", |spec| spec.availability = VolumeAvailability::Drain)?;
    /// # Ok::<(), dockline::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fails with [`Error::InvalidArgument`] if the volume is not a cluster volume.
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

    /// Deletes a volume and its data.
    ///
    /// `DELETE /volumes/{name}`.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`] if a container uses the volume, running or not.
    pub fn delete(&self, name: &str, options: &VolumeDeleteOptions) -> Result<()> {
        self.context.call_outcome(delete(name, options)).map(drop)
    }

    /// Deletes unused volumes and their data.
    ///
    /// `POST /volumes/prune`. From API 1.42 on, deletes only anonymous volumes unless the filter
    /// `all` is `true`. Podman before 6.0 also deletes volumes with a name, whatever API version it
    /// reports. Since API 1.25.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`] if another prune is in progress.
    pub fn prune(&self, options: &VolumePruneOptions) -> Result<VolumePruneResponse> {
        self.context.call(prune(options, self.context.version_for("VolumePrune")?))
    }
}

fn current(context: &Context, name: &str) -> Result<(u64, ClusterVolumeSpec)> {
    let volume =
        context.call(inspect(name))?.cluster_volume.ok_or_else(|| not_a_cluster_volume(name))?;
    Ok((volume.version.index, volume.spec))
}

/// The error for a volume that is not a cluster volume.
pub(crate) fn not_a_cluster_volume(name: &str) -> Error {
    let message = format!("{name:?} is not a cluster volume: only cluster volumes can be updated");
    Error::invalid("VolumeUpdate", message)
}
