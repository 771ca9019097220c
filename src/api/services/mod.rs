//! Services of the swarm.

mod converge;
mod image;

use super::containers::output::{Tail, open_output};
use super::terminal;
use super::update::update_with;
use crate::codec::{JsonType, options, string_enum};
use crate::model::{
    AuthConfig, Service, ServiceCreateResponse, ServiceSpec, ServiceUpdateResponse,
};
use crate::request::Request;
use crate::stream::Logs;
use crate::{Context, Filters, Result, TimeBound};

pub use converge::{Convergence, ConvergenceState, ConvergenceUpdates, ServiceWaitOptions};
pub(crate) use image::resolve;

/// Operations on services; from [`Context::services`].
///
/// They require a manager, see [`Swarm`](crate::Swarm). The `id` parameters accept a service name
/// or ID, or a unique prefix of the ID.
///
/// ```no_run
/// use dockline::{Context, ConvergenceState};
/// use dockline::model::{ContainerSpec, ServiceMode, ServiceSpec, TaskSpec};
/// let docker = Context::from_env()?;
/// let container = ContainerSpec { image: "nginx:1.29".into(), ..Default::default() };
/// let spec = ServiceSpec {
///     name: "web".into(),
///     task_template: TaskSpec { container_spec: Some(container), ..Default::default() },
///     mode: ServiceMode::replicated(3),
///     ..Default::default()
/// };
/// let id = docker.services().create(&Default::default(), &spec)?.id;
/// for progress in docker.services().wait_converged(&id, &Default::default())? {
///     let progress = progress?;
///     println!("{} of {} tasks run", progress.running, progress.desired);
///     for task in progress.problems {
///         println!("task {} on node {}: {}", task.slot, task.node_id, task.status.err);
///     }
/// }
/// # Ok::<(), dockline::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Services<'a> {
    context: &'a Context,
}

impl Context {
    /// Returns the operations on services.
    pub fn services(&self) -> Services<'_> {
        Services { context: self }
    }
}

options! {
    /// Options of [`Services::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ServiceListOptions {
        /// Return only services that match these filters: `id`, `label`, `mode`, `name`.
        pub filters: Filters = json "filters",
        /// Return the numbers of running and desired tasks as `ServiceStatus`. Since API 1.41.
        pub status: bool = query "status" since 41,
    }
}

options! {
    /// Options of [`Services::create`].
    #[derive(Clone, PartialEq)]
    pub struct ServiceCreateOptions {
        /// Credentials for the registry of the image. The managers store them, and nodes pull the
        /// image with them.
        pub auth: Option<AuthConfig> = manual "X-Registry-Auth",
        /// Send the context's credentials for the registry of the image, unless others are given.
        pub with_registry_auth: bool = manual "withRegistryAuth",
        /// Resolve the tag of the image to a digest, so that all nodes run the same image, and
        /// restrict the service to platforms of the image. A failure is a warning. Has no effect if
        /// the image has a digest or before API 1.30, where the engine resolves it.
        /// Default: `true`.
        pub query_registry: bool = manual "queryRegistry",
    }
}

impl Default for ServiceCreateOptions {
    fn default() -> Self {
        ServiceCreateOptions { auth: None, with_registry_auth: false, query_registry: true }
    }
}

options! {
    /// Options of [`Services::inspect`].
    #[derive(Clone, Copy, Default, PartialEq, Eq)]
    pub struct ServiceInspectOptions {
        /// Fill in default values that the spec omits. Since API 1.29.
        pub insert_defaults: bool = query "insertDefaults" since 29,
    }
}

string_enum! {
    /// The source of an update's registry credentials, if it sends none.
    pub enum RegistryAuthFrom {
        /// The credentials in the current spec of the service.
        Spec = "spec",
        /// The credentials in the spec before the last update.
        PreviousSpec = "previous-spec",
    }
}

options! {
    /// Options of [`Services::update`], and of [`Services::update_with`], which fills in the
    /// version.
    #[derive(Clone, PartialEq)]
    pub struct ServiceUpdateOptions {
        /// Version of the service to replace: its `Version.Index` when it was read. Required.
        pub version: u64 = always "version",
        /// Source of the registry credentials if none are sent: `spec` or `previous-spec`.
        /// Default: `spec`. Since API 1.25.
        pub registry_auth_from: RegistryAuthFrom = query "registryAuthFrom" since 25,
        /// Set to `previous` to roll back to the spec before the last update; the spec that is sent
        /// is ignored. Since API 1.28.
        pub rollback: String = query "rollback" since 28,
        /// Credentials for the registry of the image. The managers store them, and nodes pull the
        /// image with them.
        pub auth: Option<AuthConfig> = manual "X-Registry-Auth",
        /// Send the context's credentials for the registry of the image, unless others are given.
        pub with_registry_auth: bool = manual "withRegistryAuth",
        /// Resolve the tag of the image to a digest, so that all nodes run the same image. An
        /// update that reads the spec first resolves it only if the image has changed.
        /// Default: `true`.
        pub query_registry: bool = manual "queryRegistry",
    }
}

impl Default for ServiceUpdateOptions {
    fn default() -> Self {
        ServiceUpdateOptions {
            version: 0,
            registry_auth_from: RegistryAuthFrom::default(),
            rollback: String::new(),
            auth: None,
            with_registry_auth: false,
            query_registry: true,
        }
    }
}

options! {
    /// Options of [`Services::logs`] and [`Tasks::logs`](crate::Tasks::logs). By default, both
    /// streams from the beginning, without `follow`.
    #[derive(Clone, PartialEq)]
    pub struct ServiceLogsOptions {
        /// Prefix each line with its node, service and task, separated by commas:
        /// `com.docker.swarm.node.id=…` and so on.
        pub details: bool = query "details",
        /// Keep the stream open and return new output, including that of tasks started later.
        pub follow: bool = query "follow",
        /// Return standard output. Default: `true`.
        pub stdout: bool = query "stdout",
        /// Return standard error. Default: `true`.
        pub stderr: bool = query "stderr",
        /// Return only output written since this time.
        pub since: Option<TimeBound> = query "since",
        /// Prefix each line with its time in RFC 3339 with nine decimals, and a space.
        pub timestamps: bool = query "timestamps",
        /// Number of lines to return from the end of each task's logs, or `all`. Default: `all`.
        pub tail: Tail = query "tail",
    }
}

impl Default for ServiceLogsOptions {
    fn default() -> Self {
        ServiceLogsOptions {
            details: false,
            follow: false,
            stdout: true,
            stderr: true,
            since: None,
            timestamps: false,
            tail: Tail::All,
        }
    }
}

/// Fields that services support since a later version than containers.
const SINCE_IN_SERVICES: &[(&str, u16)] =
    &[("TaskTemplate.ContainerSpec.Mounts.BindOptions.NonRecursive", 41)];

pub(crate) fn list(options: &ServiceListOptions) -> Request<Vec<Service>> {
    Request::new("ServiceList", "GET", "/services").options(options).returning()
}

fn create(options: &ServiceCreateOptions, spec: &ServiceSpec) -> Request<ServiceCreateResponse> {
    let request = Request::new("ServiceCreate", "POST", "/services/create")
        .json(spec)
        .later(SINCE_IN_SERVICES);
    if options.with_registry_auth || options.auth.is_some() {
        return request.registry_auth(image::image_name(spec), options.auth.as_ref()).returning();
    }
    request.returning()
}

pub(crate) fn inspect(id: &str, options: &ServiceInspectOptions) -> Request<Service> {
    Request::on("ServiceInspect", "GET", "/services/{}", id).options(options).returning()
}

fn update(
    id: &str,
    options: &ServiceUpdateOptions,
    spec: &ServiceSpec,
) -> Request<ServiceUpdateResponse> {
    let request = Request::on("ServiceUpdate", "POST", "/services/{}/update", id)
        .options(options)
        .json(spec)
        .later(SINCE_IN_SERVICES);
    if options.with_registry_auth || options.auth.is_some() {
        return request.registry_auth(image::image_name(spec), options.auth.as_ref()).returning();
    }
    request.returning()
}

pub(crate) fn delete(id: &str) -> Request<()> {
    Request::on("ServiceDelete", "DELETE", "/services/{}", id)
}

fn logs(id: &str, options: &ServiceLogsOptions) -> Request<Logs> {
    let request = Request::on("ServiceLogs", "GET", "/services/{}/logs", id).since(25);
    log_options(request, options).returning()
}

/// The options that service and task logs share.
pub(crate) fn log_options(request: Request<()>, options: &ServiceLogsOptions) -> Request<()> {
    let mut request = request.options(options);
    if !options.stdout && !options.stderr {
        request.wrong("stdout and stderr are both off: set at least one");
    }
    request
}

/// Creates a service as [`Services::create`] does. `call` sends the request and decodes the
/// response; the second value is a warning.
pub(crate) fn create_resolved<R>(
    context: &Context,
    options: &ServiceCreateOptions,
    spec: &ServiceSpec,
    call: impl FnOnce(Request<ServiceCreateResponse>) -> Result<R>,
) -> Result<(R, Option<String>)> {
    let query_registry = options.query_registry;
    let (spec, warning) =
        resolve(context, "ServiceCreate", query_registry, options.auth.as_ref(), spec)?;
    Ok((call(create(options, &spec))?, warning))
}

/// Updates a service as [`Services::update`] does. `call` sends the request and decodes the
/// response; the second value is a warning.
pub(crate) fn update_resolved<R>(
    context: &Context,
    id: &str,
    options: &ServiceUpdateOptions,
    spec: &ServiceSpec,
    call: impl FnOnce(Request<ServiceUpdateResponse>) -> Result<R>,
) -> Result<(R, Option<String>)> {
    // The engine ignores the spec of a rollback.
    let query_registry = options.query_registry && options.rollback.is_empty();
    let (spec, warning) =
        resolve(context, "ServiceUpdate", query_registry, options.auth.as_ref(), spec)?;
    Ok((call(update(id, options, &spec))?, warning))
}

/// The options of an update of the given version, of a service whose image was `before`.
pub(crate) fn update_options(
    options: &ServiceUpdateOptions,
    version: u64,
    before: &str,
    spec: &ServiceSpec,
) -> ServiceUpdateOptions {
    let query_registry = options.query_registry && image::image_name(spec) != before;
    ServiceUpdateOptions { version, query_registry, ..options.clone() }
}

/// The options of a rollback.
pub(crate) fn rollback_options() -> ServiceUpdateOptions {
    ServiceUpdateOptions { rollback: "previous".into(), ..Default::default() }
}

impl Services<'_> {
    /// Lists services.
    ///
    /// `GET /services`.
    pub fn list(&self, options: &ServiceListOptions) -> Result<Vec<Service>> {
        self.context.call(list(options))
    }

    /// Creates a service.
    ///
    /// `POST /services/create`. [`wait_converged`](Services::wait_converged) waits until its tasks
    /// are running. The image is pinned to the digest that its registry reports, and the tasks are
    /// restricted to nodes of its platforms, unless `query_registry` is off.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`](crate::Error::Conflict) if the name is in use.
    pub fn create(
        &self,
        options: &ServiceCreateOptions,
        spec: &ServiceSpec,
    ) -> Result<ServiceCreateResponse> {
        let (mut response, warning) =
            create_resolved(self.context, options, spec, |request| self.context.call(request))?;
        response.warnings.extend(warning);
        Ok(response)
    }

    /// Returns the details of a service.
    ///
    /// `GET /services/{id}`.
    ///
    /// # Errors
    /// Fails with [`Error::BadRequest`](crate::Error::BadRequest) if the ID prefix is ambiguous.
    pub fn inspect(&self, id: &str, options: &ServiceInspectOptions) -> Result<Service> {
        self.context.call(inspect(id, options))
    }

    /// Updates a service.
    ///
    /// `POST /services/{id}/update`. Replaces the whole spec: send the spec that was read, with the
    /// changes applied. Omitted fields are reset. Tasks are replaced according to `update_config`;
    /// [`wait_converged`](Services::wait_converged) waits for them.
    ///
    /// An image without a digest is pinned to the one that its registry reports, and the platforms
    /// in the spec are replaced by those of the image, unless `query_registry` is off.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`](crate::Error::Conflict) if the service has changed since it
    /// was read. Services also change by themselves; [`update_with`](Services::update_with)
    /// retries.
    pub fn update(
        &self,
        id: &str,
        options: &ServiceUpdateOptions,
        spec: &ServiceSpec,
    ) -> Result<ServiceUpdateResponse> {
        let (mut response, warning) =
            update_resolved(self.context, id, options, spec, |request| self.context.call(request))?;
        response.warnings.extend(warning);
        Ok(response)
    }

    /// Reads the spec of a service, applies `change` and updates the service.
    ///
    /// `GET /services/{id}` and `POST /services/{id}/update`. Retries if the service has changed in
    /// between, up to ten attempts. The version is filled in.
    ///
    /// ```no_run
    /// use dockline::{Context, model::ServiceMode};
    /// let docker = Context::from_env()?;
    /// docker.services().update_with("web", &Default::default(), |spec| {
    ///     spec.mode = ServiceMode::replicated(5);
    /// })?;
    /// let end = docker.services().wait_converged("web", &Default::default())?.finish()?;
    /// println!("{}: {} of {} tasks run", end.state, end.running, end.desired);
    /// # Ok::<(), dockline::Error>(())
    /// ```
    pub fn update_with(
        &self,
        id: &str,
        options: &ServiceUpdateOptions,
        mut change: impl FnMut(&mut ServiceSpec),
    ) -> Result<ServiceUpdateResponse> {
        update_with(
            || current(self.context, id),
            |(_, spec)| change(spec),
            |version, (before, spec)| {
                self.update(id, &update_options(options, version, &before, &spec), &spec)
            },
        )
    }

    /// Rolls a service back to its spec before the last update.
    ///
    /// `POST /services/{id}/update`. Tasks are replaced according to `rollback_config`. A second
    /// rollback restores the update. Since API 1.28.
    ///
    /// # Errors
    /// Fails with [`Error::BadRequest`](crate::Error::BadRequest) if the service was never updated.
    pub fn rollback(&self, id: &str) -> Result<ServiceUpdateResponse> {
        self.update_with(id, &rollback_options(), |_| ())
    }

    /// Inspects a service and reads only the fields of `T`.
    fn inspect_as<T: JsonType>(&self, id: &str) -> Result<T> {
        self.context.call(inspect(id, &ServiceInspectOptions::default()).returning())
    }

    /// Deletes a service.
    ///
    /// `DELETE /services/{id}`. Its tasks are stopped and removed afterwards.
    pub fn delete(&self, id: &str) -> Result<()> {
        self.context.call_outcome(delete(id)).map(drop)
    }

    /// Reads the output of all tasks of a service.
    ///
    /// `GET /services/{id}/logs`. With `follow` the stream continues with new output.
    /// Since API 1.25.
    ///
    /// Engines before API 1.42 do not report whether the stream is multiplexed. With these, the
    /// service is inspected first.
    pub fn logs(&self, id: &str, options: &ServiceLogsOptions) -> Result<Logs> {
        let has_terminal = || Ok(self.inspect_as::<terminal::Service>(id)?.has_terminal());
        let (framing, response) = open_output(self.context, logs(id, options), has_terminal)?;
        Ok(Logs::new(response.body, framing))
    }
}

/// The version of a service, its image and its spec.
fn current(context: &Context, id: &str) -> Result<(u64, (String, ServiceSpec))> {
    let service = context.services().inspect(id, &ServiceInspectOptions::default())?;
    Ok((service.version.index, (image::image_name(&service.spec).to_owned(), service.spec)))
}
