//! Tasks: the single containers of services.

use super::containers::output::open_output;
use super::{services, terminal};
use crate::codec::{JsonType, options};
use crate::model::Task;
use crate::request::Request;
use crate::stream::Logs;
use crate::{Context, Filters, Result, ServiceLogsOptions};

/// Calls about tasks, the single containers of services; from [`Context::tasks`]. They are for
/// managers, see [`Swarm`](crate::Swarm).
///
/// ```no_run
/// use dockline::{Context, Filters, TaskListOptions};
/// let docker = Context::from_env()?;
/// let filters = Filters::new().with("service", "web").with("desired-state", "running");
/// for task in docker.tasks().list(&TaskListOptions { filters })? {
///     println!("web.{} on {}: {}", task.slot, task.node_id, task.status.state);
/// }
/// # Ok::<(), dockline::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Tasks<'a> {
    context: &'a Context,
}

impl Context {
    /// Calls about tasks.
    pub fn tasks(&self) -> Tasks<'_> {
        Tasks { context: self }
    }
}

options! {
    /// Options of [`Tasks::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct TaskListOptions {
        /// Which, by `desired-state`, `id`, `label`, `name`, `node`, `service`.
        pub filters: Filters = json "filters",
    }
}

/// `GET /tasks`
pub(crate) fn list(options: &TaskListOptions) -> Request<Vec<Task>> {
    Request::new("TaskList", "GET", "/tasks").options(options).returning()
}

/// `GET /tasks/{id}`
pub(crate) fn inspect(id: &str) -> Request<Task> {
    Request::on("TaskInspect", "GET", "/tasks/{}", id).returning()
}

/// `GET /tasks/{id}/logs`
fn logs(id: &str, options: &ServiceLogsOptions) -> Request<Logs> {
    services::log_options(Request::on("TaskLogs", "GET", "/tasks/{}/logs", id).since(29), options)
        .returning()
}

impl Tasks<'_> {
    /// As [`list`](Tasks::list), of which the library reads only what a `T` has.
    pub(crate) fn list_as<T: JsonType>(&self, options: &TaskListOptions) -> Result<Vec<T>> {
        self.context.call(list(options).reading())
    }

    /// Lists tasks, also those that have ended and are remembered (`GET /tasks`).
    pub fn list(&self, options: &TaskListOptions) -> Result<Vec<Task>> {
        self.context.call(list(options))
    }

    /// Tells everything about a task, by its id or a beginning of it (`GET /tasks/{id}`).
    pub fn inspect(&self, id: &str) -> Result<Task> {
        self.context.call(inspect(id))
    }

    /// Inspects a task, of which the library reads only what a `T` has.
    fn inspect_as<T: JsonType>(&self, id: &str) -> Result<T> {
        self.context.call(inspect(id).reading())
    }

    /// Reads what a task has written to stdout and stderr, and with `follow` what it goes on to write
    /// (`GET /tasks/{id}/logs`). Since API 1.29.
    ///
    /// Engines before API 1.42 do not say whether stdout and stderr come in frames, so there the
    /// task is inspected first.
    pub fn logs(&self, id: &str, options: &ServiceLogsOptions) -> Result<Logs> {
        let has_terminal = || Ok(self.inspect_as::<terminal::Task>(id)?.has_terminal());
        let (framing, response) = open_output(self.context, logs(id, options), has_terminal)?;
        Ok(Logs::new(response.body, framing))
    }
}
