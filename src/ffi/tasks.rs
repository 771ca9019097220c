//! Tasks
//!
//! A task is one container of a service. The functions require a swarm manager.

use std::ffi::{c_char, c_int};

use super::arg;
use super::context::{context, dockline_context};
use super::failure::dockline_error;
use super::guard::guard;
use super::json::dockline_value;
use super::output::dockline_output;
use crate::api::tasks as api;
use crate::{ServiceLogsOptions, TaskListOptions};

/// Lists tasks.
///
/// GET /tasks. Tasks that have ended are included as long as the swarm keeps them.
///
/// options:
/// list: receives an array of objects (Task); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_task_list(
    context: *const dockline_context,
    options: *const dockline_value,
    list: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("TaskList", error, || {
        let list = arg::out("list", list)?;
        let context = self::context(context)?;
        let options: TaskListOptions = arg::options(options)?;
        list.put_handle(context.call_value(api::list(&options))?.into());
        Ok(())
    })
}

/// Inspects a task.
///
/// GET /tasks/{id}.
///
/// id: ID or ID prefix of the task.
/// task: receives an object (Task); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the task does not exist; or another negative
/// status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_task_inspect(
    context: *const dockline_context,
    id: *const c_char,
    task: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("TaskInspect", error, || {
        let task = arg::out("task", task)?;
        let context = self::context(context)?;
        task.put_handle(context.call_value(api::inspect(arg::text("id", id)?))?.into());
        Ok(())
    })
}

/// Reads the logs of a task.
///
/// GET /tasks/{id}/logs. Since API 1.29. By default the output is what the task has written to
/// stdout and stderr so far. With "follow" it continues until the task ends.
///
/// Engines before API 1.42 do not report whether the stream is multiplexed. With them the task
/// is inspected first.
///
/// id: ID or ID prefix of the task.
/// options: as for dockline_service_logs().
/// output: receives the output; free it with dockline_output_free().
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_task_logs(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    output: *mut *mut dockline_output,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("TaskLogs", error, || {
        let output = arg::out("output", output)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ServiceLogsOptions = arg::options(options)?;
        output.put_handle(context.tasks().logs(id, &options)?.into());
        Ok(())
    })
}
