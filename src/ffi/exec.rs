//! Exec: programs in running containers
//!
//! dockline_exec_create() prepares a program and returns an exec ID. dockline_exec_start()
//! starts the program and connects to its output and input, dockline_exec_start_detached()
//! only starts it. dockline_exec_wait() returns its exit code.

use std::ffi::{c_char, c_int};
use std::ptr;
use std::time::Duration;

use super::arg;
use super::context::{context, dockline_context};
use super::failure::{Fail, dockline_error};
use super::guard::guard;
use super::input::{dockline_input, put_halves};
use super::json::dockline_value;
use super::output::dockline_output;
use crate::api::exec as api;
use crate::codec::options;
use crate::model::{ContainerExecRequest, ExecStartRequest};
use crate::{Context, Value, ValueType};

/// Creates an exec in a running container.
///
/// POST /containers/{id}/exec. The program is not started: see dockline_exec_start().
///
/// container: name, ID or ID prefix of the container.
/// body: the program and its environment. "Cmd" (array of strings) holds the program and its
/// arguments and is required. "AttachStdin", "AttachStdout" and "AttachStderr" (booleans)
/// select the streams that dockline_exec_start() connects. "Tty" (boolean) allocates a
/// terminal, so that stdout and stderr are one stream; "ConsoleSize" (array of rows and
/// columns, since API 1.42) is its size. Also "Env" (array of strings), "User" and
/// "WorkingDir" (strings), "Privileged" (boolean) and "DetachKeys" (string).
/// created: receives an object with "Id", the exec ID for the other functions; free it with
/// dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the container does not exist; DOCKLINE_CONFLICT
/// if it is not running or is paused; or another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_exec_create(
    context: *const dockline_context,
    container: *const c_char,
    body: *const dockline_value,
    created: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerExec", error, || {
        let created = arg::out("created", created)?;
        let context = self::context(context)?;
        let container = arg::text("container", container)?;
        let changed = with_detach_keys(context, arg::handle("body", body)?)?;
        let body = changed.as_ref().map_or(body, ptr::from_ref);
        let body = arg::given::<ContainerExecRequest>("body", body)?;
        created.put_handle(context.call_value(api::create(container, &body))?.into());
        Ok(())
    })
}

/// The body with the detach keys of config.json, or `None` if there are none or it has its own.
fn with_detach_keys(context: &Context, body: &Value) -> Result<Option<dockline_value>, Fail> {
    let default = &context.cli_defaults().detach_keys;
    let is_set = body.get("/DetachKeys").is_some_and(|it| !it.is_null());
    if default.is_empty() || is_set || body.value_type() != ValueType::Object {
        return Ok(None);
    }
    let mut body = body.clone();
    body.set("/DetachKeys", default)?;
    Ok(Some(body.into()))
}

/// Starts an exec and connects to its streams.
///
/// POST /exec/{id}/start. An exec can be started once.
///
/// The output ends when all processes that hold the program's output have closed it, and also
/// when the engine dies. dockline_exec_wait() distinguishes the two and returns the exit code.
///
/// A program that cannot be started is not an error of this function: the engine writes its
/// message to the output, and the exit code is 126 or 127. The engine also reports in the
/// output that the exec was started before; some engines return an error instead.
///
/// id: the exec ID.
/// body: "Tty" (boolean), which must be the same as for dockline_exec_create(), and
/// "ConsoleSize" (array of rows and columns, since API 1.42). May be NULL.
/// output: receives the output; free it with dockline_output_free().
/// input: receives the input; free it with dockline_input_free(). May be NULL if nothing is to
/// be written.
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the container is not running or is paused; or
/// another negative status. If the connection is not upgraded, as behind a proxy that does not
/// support it, writing input fails with DOCKLINE_PROTOCOL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_exec_start(
    context: *const dockline_context,
    id: *const c_char,
    body: *const dockline_value,
    output: *mut *mut dockline_output,
    input: *mut *mut dockline_input,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ExecStart", error, || {
        let output = arg::out("output", output)?;
        let input = arg::optional_out(input);
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let body: ExecStartRequest = arg::optional_body("body", body)?;
        put_halves(context.exec().start(id, &body)?.split(), output, input);
        Ok(())
    })
}

/// Starts an exec without connecting to it.
///
/// POST /exec/{id}/start with "Detach". An exec can be started once. dockline_exec_wait()
/// returns its exit code.
///
/// id: the exec ID.
/// body: as for dockline_exec_start().
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the exec was started before, or if the container
/// is not running or is paused; DOCKLINE_BAD_REQUEST or DOCKLINE_ENGINE if the program cannot
/// be started; or another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_exec_start_detached(
    context: *const dockline_context,
    id: *const c_char,
    body: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ExecStart", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let body: ExecStartRequest = arg::optional_body("body", body)?;
        Ok(context.exec().start_detached(id, &body)?)
    })
}

/// Resizes the terminal of an exec.
///
/// POST /exec/{id}/resize. The program must be running. Other threads may use its output and
/// input at the same time.
///
/// id: the exec ID.
/// rows: height of the terminal, 0 to 65535.
/// columns: width of the terminal, 0 to 65535.
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_exec_resize(
    context: *const dockline_context,
    id: *const c_char,
    rows: c_int,
    columns: c_int,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ExecResize", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let (rows, columns) = (arg::cells("rows", rows)?, arg::cells("columns", columns)?);
        Ok(context.exec().resize(id, rows, columns)?)
    })
}

/// Inspects an exec.
///
/// GET /exec/{id}/json.
///
/// id: the exec ID.
/// exec: receives an object with "Running" (boolean), "ExitCode" (integer; null before the
/// start and while the program is running), "Pid" and so on; free it with
/// dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the exec does not exist; or another negative
/// status. Engines discard an exec some minutes after its exit, when they restart, and with
/// its container.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_exec_inspect(
    context: *const dockline_context,
    id: *const c_char,
    exec: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ExecInspect", error, || {
        let exec = arg::out("exec", exec)?;
        let context = self::context(context)?;
        exec.put_handle(context.call_value(api::inspect(arg::text("id", id)?))?.into());
        Ok(())
    })
}

options! {
    /// Options of dockline_exec_wait().
    #[derive(Default)]
    struct WaitOptions {
        /// Longest time to wait, in seconds. Defaults to 0, which waits without a limit.
        limit: Option<f64> = manual "limit",
    }
}

/// Waits for an exec to exit.
///
/// Polls GET /exec/{id}/json, since the Engine API has no operation that waits. The program
/// must have been started.
///
/// id: the exec ID.
/// options:
/// exit_code: receives the exit code. A nonzero exit code is not an error of this function.
///
/// Returns DOCKLINE_OK; DOCKLINE_TIMEOUT if the program is still running after "limit"
/// seconds, and it continues to run; DOCKLINE_NOT_FOUND as for dockline_exec_inspect(); or
/// another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_exec_wait(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    exit_code: *mut i64,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ExecInspect", error, || -> Result<(), Fail> {
        let exit_code = arg::out("exit_code", exit_code)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: WaitOptions = arg::options(options)?;
        let limit = arg::seconds("limit", options.limit.unwrap_or(0.0))?.unwrap_or(Duration::MAX);
        exit_code.put(context.exec().wait(id, limit)?);
        Ok(())
    })
}
