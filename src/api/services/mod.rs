//! Services.

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

/// Calls about services; from [`Context::services`]. They are for managers, see
/// [`Swarm`](crate::Swarm).
///
/// Wherever a service is named, its name, its id or a beginning of its id will do.
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
    /// Calls about services.
    pub fn services(&self) -> Services<'_> {
        Services { context: self }
    }
}

options! {
    /// Options of [`Services::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct ServiceListOptions {
        /// Which, by `id`, `label`, `mode`, `name`.
        pub filters: Filters = json "filters",
        /// Also how many tasks run and how many shall, in `service_status`. Since API 1.41.
        pub status: bool = query "status" since 41,
    }
}

options! {
    /// Options of [`Services::create`].
    #[derive(Clone, PartialEq)]
    pub struct ServiceCreateOptions {
        /// Credentials for the image's registry. They go along, for the nodes to pull with, and are kept
        /// by the managers.
        pub auth: Option<AuthConfig> = manual "X-Registry-Auth",
        /// Sends the context's own credentials for the image's registry along (see
        /// [`CredentialSource`](crate::CredentialSource)), where `auth` is not given.
        pub with_registry_auth: bool = manual "withRegistryAuth",
        /// Asks the registry, through the engine, for the digest of the image, and for the platforms it
        /// is for, so that all nodes run the same. Where it cannot be asked, a warning tells so.
        /// Needless where the image has a digest, and below API 1.30, where the engine does it by
        /// itself. On by default.
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
        /// Fills in what the spec leaves to the engine. Since API 1.29.
        pub insert_defaults: bool = query "insertDefaults" since 29,
    }
}

string_enum! {
    /// From where an update takes the credentials for the registry, when it brings none.
    pub enum RegistryAuthFrom {
        /// Those that the service has now.
        Spec = "spec",
        /// Those that it had before its last update.
        PreviousSpec = "previous-spec",
    }
}

options! {
    /// Options of [`Services::update`], and of [`Services::update_with`], which fills in the version.
    #[derive(Clone, PartialEq)]
    pub struct ServiceUpdateOptions {
        /// The `version.index` of the service as it was read.
        pub version: u64 = always "version",
        /// From where to take the credentials, when none go along; the spec it has now unless given.
        /// Since API 1.25.
        pub registry_auth_from: RegistryAuthFrom = query "registryAuthFrom" since 25,
        /// `previous` takes the service back to what it was before its last update, whatever spec is
        /// sent; see [`Services::rollback`]. Since API 1.28.
        pub rollback: String = query "rollback" since 28,
        /// Credentials for the image's registry. They go along, for the nodes to pull with, and are kept
        /// by the managers.
        pub auth: Option<AuthConfig> = manual "X-Registry-Auth",
        /// Sends the context's own credentials for the image's registry along (see
        /// [`CredentialSource`](crate::CredentialSource)), where `auth` is not given.
        pub with_registry_auth: bool = manual "withRegistryAuth",
        /// Asks the registry for the digest of an image without one, as
        /// [`ServiceCreateOptions::query_registry`]; with [`Services::update_with`] only where the image
        /// is another one than before. On by default.
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
    /// Options of [`Services::logs`] and [`Tasks::logs`](crate::Tasks::logs). By default both streams,
    /// from the beginning, without waiting for more.
    #[derive(Clone, PartialEq)]
    pub struct ServiceLogsOptions {
        /// Puts before each line which node, service and task it is from, as
        /// `com.docker.swarm.node.id=…,com.docker.swarm.service.id=…,com.docker.swarm.task.id=…`.
        pub details: bool = query "details",
        /// Goes on with what is written from now on, also by tasks that are yet to come.
        pub follow: bool = query "follow",
        /// Standard output. On by default.
        pub stdout: bool = query "stdout",
        /// Standard error. On by default.
        pub stderr: bool = query "stderr",
        /// Only what was written since then.
        pub since: Option<TimeBound> = query "since",
        /// Puts the time, RFC 3339 with nine decimals, and a blank before each line.
        pub timestamps: bool = query "timestamps",
        /// How many lines from the end, of each task; all unless given.
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

/// Containers of services got this later than others.
const LATER: &[(&str, u16)] = &[("TaskTemplate.ContainerSpec.Mounts.BindOptions.NonRecursive", 41)];

/// `GET /services`
pub(crate) fn list(options: &ServiceListOptions) -> Request<Vec<Service>> {
    Request::new("ServiceList", "GET", "/services").options(options).returning()
}

/// `POST /services/create`
fn create(options: &ServiceCreateOptions, spec: &ServiceSpec) -> Request<ServiceCreateResponse> {
    let request = Request::new("ServiceCreate", "POST", "/services/create").json(spec).later(LATER);
    if options.with_registry_auth || options.auth.is_some() {
        return request.registry_auth(image::name(spec), options.auth.as_ref()).returning();
    }
    request.returning()
}

/// `GET /services/{id}`
pub(crate) fn inspect(id: &str, options: &ServiceInspectOptions) -> Request<Service> {
    Request::on("ServiceInspect", "GET", "/services/{}", id).options(options).returning()
}

/// `POST /services/{id}/update`
fn update(
    id: &str,
    options: &ServiceUpdateOptions,
    spec: &ServiceSpec,
) -> Request<ServiceUpdateResponse> {
    let request = Request::on("ServiceUpdate", "POST", "/services/{}/update", id)
        .options(options)
        .json(spec)
        .later(LATER);
    if options.with_registry_auth || options.auth.is_some() {
        return request.registry_auth(image::name(spec), options.auth.as_ref()).returning();
    }
    request.returning()
}

/// `DELETE /services/{id}`
pub(crate) fn delete(id: &str) -> Request<()> {
    Request::on("ServiceDelete", "DELETE", "/services/{}", id)
}

/// `GET /services/{id}/logs`
fn logs(id: &str, options: &ServiceLogsOptions) -> Request<Logs> {
    let request = Request::on("ServiceLogs", "GET", "/services/{}/logs", id).since(25);
    log_options(request, options).returning()
}

/// What logs of services and of tasks have in common.
pub(crate) fn log_options(request: Request<()>, options: &ServiceLogsOptions) -> Request<()> {
    let mut request = request.options(options);
    if !options.stdout && !options.stderr {
        request.wrong("neither stdout nor stderr is asked for: set at least one");
    }
    request
}

/// Makes a service as [`Services::create`] does, with `call` for the response's form. A warning stands
/// beside it.
pub(crate) fn make<R>(
    context: &Context,
    options: &ServiceCreateOptions,
    spec: &ServiceSpec,
    call: impl FnOnce(Request<ServiceCreateResponse>) -> Result<R>,
) -> Result<(R, Option<String>)> {
    let asks = options.query_registry;
    let (spec, warning) = resolve(context, asks, options.auth.as_ref(), spec)?;
    Ok((call(create(options, &spec))?, warning))
}

/// Changes a service as [`Services::update`] does, with `call` for the response's form. A warning
/// stands beside it.
pub(crate) fn change<R>(
    context: &Context,
    id: &str,
    options: &ServiceUpdateOptions,
    spec: &ServiceSpec,
    call: impl FnOnce(Request<ServiceUpdateResponse>) -> Result<R>,
) -> Result<(R, Option<String>)> {
    // What a rollback sends is not what will run.
    let asks = options.query_registry && options.rollback.is_empty();
    let (spec, warning) = resolve(context, asks, options.auth.as_ref(), spec)?;
    Ok((call(update(id, options, &spec))?, warning))
}

/// The options of an update whose version was read, of a service whose image was `before`.
pub(crate) fn settled(
    options: &ServiceUpdateOptions,
    version: u64,
    before: &str,
    spec: &ServiceSpec,
) -> ServiceUpdateOptions {
    let query_registry = options.query_registry && image::name(spec) != before;
    ServiceUpdateOptions { version, query_registry, ..options.clone() }
}

/// The options of a rollback.
pub(crate) fn back() -> ServiceUpdateOptions {
    ServiceUpdateOptions { rollback: "previous".into(), ..Default::default() }
}

impl Services<'_> {
    /// Lists services (`GET /services`).
    pub fn list(&self, options: &ServiceListOptions) -> Result<Vec<Service>> {
        self.context.call(list(options))
    }

    /// Makes a service (`POST /services/create`), which the managers then keep running.
    /// [`wait_converged`](Services::wait_converged) tells how that goes.
    ///
    /// The image is pinned to the digest that its registry tells, unless the options say otherwise.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when the name is taken.
    pub fn create(
        &self,
        options: &ServiceCreateOptions,
        spec: &ServiceSpec,
    ) -> Result<ServiceCreateResponse> {
        let (mut response, warning) =
            make(self.context, options, spec, |request| self.context.call(request))?;
        response.warnings.extend(warning);
        Ok(response)
    }

    /// Tells everything about a service (`GET /services/{id}`).
    ///
    /// # Errors
    /// [`Error::BadRequest`](crate::Error::BadRequest) when several ids begin so.
    pub fn inspect(&self, id: &str, options: &ServiceInspectOptions) -> Result<Service> {
        self.context.call(inspect(id, options))
    }

    /// Changes a service (`POST /services/{id}/update`): send its spec whole, as read and changed;
    /// what is left out of it is taken back. Tasks are replaced as its `update_config` says, which
    /// [`wait_converged`](Services::wait_converged) follows.
    ///
    /// The image, where it has no digest, is pinned to the one that its registry tells, unless the
    /// options say otherwise.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when it has changed since it was read, which
    /// services also do by themselves; [`update_with`](Services::update_with) then starts over.
    pub fn update(
        &self,
        id: &str,
        options: &ServiceUpdateOptions,
        spec: &ServiceSpec,
    ) -> Result<ServiceUpdateResponse> {
        let (mut response, warning) =
            change(self.context, id, options, spec, |request| self.context.call(request))?;
        response.warnings.extend(warning);
        Ok(response)
    }

    /// Reads a service's spec, lets `change` change it, and sends it back
    /// (`POST /services/{id}/update`); anew where it has changed in between, ten times at most. The
    /// version is filled in.
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
                self.update(id, &settled(options, version, &before, &spec), &spec)
            },
        )
    }

    /// Takes a service back to what it was before its last update (`POST /services/{id}/update`), as
    /// its `rollback_config` says. Done twice, the update is there again. Since API 1.28.
    ///
    /// # Errors
    /// [`Error::BadRequest`](crate::Error::BadRequest) when it was never updated.
    pub fn rollback(&self, id: &str) -> Result<ServiceUpdateResponse> {
        self.update_with(id, &back(), |_| ())
    }

    /// Inspects a service, of which the library reads only what a `T` has.
    fn inspect_as<T: JsonType>(&self, id: &str) -> Result<T> {
        self.context.call(inspect(id, &ServiceInspectOptions::default()).reading())
    }

    /// Deletes a service (`DELETE /services/{id}`). Its tasks are stopped and removed after that.
    pub fn delete(&self, id: &str) -> Result<()> {
        self.context.call_outcome(delete(id)).map(drop)
    }

    /// Reads what the tasks of a service have written to stdout and stderr, and with `follow` what
    /// they go on to write (`GET /services/{id}/logs`). Since API 1.25.
    ///
    /// Engines before API 1.42 do not say whether stdout and stderr come in frames, so there the
    /// service is inspected first.
    pub fn logs(&self, id: &str, options: &ServiceLogsOptions) -> Result<Logs> {
        let has_terminal = || Ok(self.inspect_as::<terminal::Service>(id)?.has_terminal());
        let (framing, response) = open_output(self.context, logs(id, options), has_terminal)?;
        Ok(Logs::new(response.body, framing))
    }
}

/// The version of a service, its image, and its spec.
fn current(context: &Context, id: &str) -> Result<(u64, (String, ServiceSpec))> {
    let service = context.services().inspect(id, &ServiceInspectOptions::default())?;
    Ok((service.version.index, (image::name(&service.spec).to_owned(), service.spec)))
}
