use std::ffi::{c_char, c_int};

use super::arg;
use super::context::{context, dockline_context};
use super::failure::dockline_error;
use super::guard::guard;
use super::json::dockline_value;
use super::output::dockline_output;
use crate::api::tasks as api;
use crate::{ServiceLogsOptions, TaskListOptions};

/// Lists tasks, the single containers of services, also those that have ended and are remembered
/// (GET /tasks).
///
/// Options: "filters" (object: "desired-state", "id", "label", "name", "node", "service").
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *list is an array of objects; free it with dockline_value_free().
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

/// Tells everything about a task (GET /tasks/{id}).
///
/// id: its id or a beginning of it, here and in dockline_task_logs().
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *task with dockline_value_free().
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

/// Reads what a task has written (GET /tasks/{id}/logs). Since API 1.29.
///
/// Options: as dockline_service_logs().
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *output with dockline_output_free().
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
