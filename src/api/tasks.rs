//! Tasks: the containers of services.

use super::containers::output::open_output;
use super::{services, terminal};
use crate::codec::{JsonType, options};
use crate::model::Task;
use crate::request::Request;
use crate::stream::Logs;
use crate::{Context, Filters, Result, ServiceLogsOptions};

/// Operations on tasks, the containers of services; from [`Context::tasks`].
///
/// They require a manager, see [`Swarm`](crate::Swarm).
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
    /// Returns the operations on tasks.
    pub fn tasks(&self) -> Tasks<'_> {
        Tasks { context: self }
    }
}

options! {
    /// Options of [`Tasks::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct TaskListOptions {
        /// Return only tasks that match these filters: `desired-state`, `id`, `label`, `name`,
        /// `node`, `service`.
        pub filters: Filters = json "filters",
    }
}

pub(crate) fn list(options: &TaskListOptions) -> Request<Vec<Task>> {
    Request::new("TaskList", "GET", "/tasks").options(options).returning()
}

pub(crate) fn inspect(id: &str) -> Request<Task> {
    Request::on("TaskInspect", "GET", "/tasks/{}", id).returning()
}

fn logs(id: &str, options: &ServiceLogsOptions) -> Request<Logs> {
    services::log_options(Request::on("TaskLogs", "GET", "/tasks/{}/logs", id).since(29), options)
        .returning()
}

impl Tasks<'_> {
    /// As [`list`](Tasks::list), but reads only the fields of `T`.
    pub(crate) fn list_as<T: JsonType>(&self, options: &TaskListOptions) -> Result<Vec<T>> {
        self.context.call(list(options).returning())
    }

    /// Lists tasks.
    ///
    /// `GET /tasks`. The list includes the ended tasks that the managers keep.
    pub fn list(&self, options: &TaskListOptions) -> Result<Vec<Task>> {
        self.context.call(list(options))
    }

    /// Returns the details of a task.
    ///
    /// `GET /tasks/{id}`. `id` is an ID or a unique prefix of it.
    pub fn inspect(&self, id: &str) -> Result<Task> {
        self.context.call(inspect(id))
    }

    /// Inspects a task and reads only the fields of `T`.
    fn inspect_as<T: JsonType>(&self, id: &str) -> Result<T> {
        self.context.call(inspect(id).returning())
    }

    /// Reads the output of a task.
    ///
    /// `GET /tasks/{id}/logs`. With `follow` the stream continues with new output. Since API 1.29.
    ///
    /// Engines before API 1.42 do not report whether the stream is multiplexed. With these, the
    /// task is inspected first.
    pub fn logs(&self, id: &str, options: &ServiceLogsOptions) -> Result<Logs> {
        let has_terminal = || Ok(self.inspect_as::<terminal::Task>(id)?.has_terminal());
        let (framing, response) = open_output(self.context, logs(id, options), has_terminal)?;
        Ok(Logs::new(response.body, framing))
    }
}
