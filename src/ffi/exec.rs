use std::ffi::{c_char, c_int};
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

/// Makes an exec: a program to be started in a running container (POST /containers/{id}/exec).
///
/// body: "Cmd" (array of texts: the program and its arguments; must be given), "AttachStdin",
/// "AttachStdout" and "AttachStderr" (boolean: to be connected by dockline_exec_start()), "Tty"
/// (boolean: with a terminal, so that stdout and stderr are one), "ConsoleSize" (array of rows and
/// columns, since API 1.42), "Env" (array of texts), "User" and "WorkingDir" (text), "Privileged"
/// (boolean), "DetachKeys" (text).
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when the container does not run or is frozen, or another
/// negative dockline_status.
/// *created has "/Id", which the other functions need; free it with dockline_value_free().
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
        let body = arg::given::<ContainerExecRequest>("body", body)?;
        created.put_handle(context.call_value(api::create(container, &body))?.into());
        Ok(())
    })
}

/// Starts the program of an exec and connects to it (POST /exec/{id}/start). Once only.
///
/// The output ends when everything that holds the program's output has let go of it, and so it does
/// when the engine dies: dockline_exec_wait() tells which, with the exit code. A program that
/// cannot be started is no failure here: the engine says so among the output, and the exit code is
/// 126 or 127.
///
/// body: "Tty" (boolean: must be what it was when the exec was made), "ConsoleSize" (array of rows
/// and columns, since API 1.42); NULL for neither.
/// input: may be NULL if there is nothing to write.
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when it was started before or the container does not run
/// or is frozen, or another negative dockline_status.
/// Free *output with dockline_output_free() and *input with dockline_input_free().
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

/// Starts the program of an exec and leaves it alone (POST /exec/{id}/start with "Detach"). Once
/// only. dockline_exec_wait() gives its exit code.
///
/// body: as dockline_exec_start().
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT when it was started before or the container does not run
/// or is frozen; DOCKLINE_BAD_REQUEST or DOCKLINE_ENGINE when the program cannot be started; or
/// another negative dockline_status.
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

/// Tells the terminal of a running exec its size, also while somebody is connected to it
/// (POST /exec/{id}/resize).
///
/// h, w: rows and columns, 0 to 65535.
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_exec_resize(
    context: *const dockline_context,
    id: *const c_char,
    h: c_int,
    w: c_int,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ExecResize", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        Ok(context.exec().resize(id, arg::cells("h", h)?, arg::cells("w", w)?)?)
    })
}

/// Tells everything about an exec (GET /exec/{id}/json).
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND some minutes after its end, when the engine was started
/// anew, and when the container is gone; or another negative dockline_status.
/// *exec has "/Running" (boolean), "/ExitCode" (integer, or null before the start and while it
/// runs), "/Pid" and so on; free it with dockline_value_free().
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
        limit: Option<f64> = manual "limit",
    }
}

/// Waits for the program of a started exec to end and gives its exit code, which is data: 3 is no
/// error. The engine has no call for this, so it is asked until it says so (GET /exec/{id}/json).
///
/// Options: "limit" (seconds to wait at most; 0, the default, is for ever).
///
/// Returns DOCKLINE_OK, DOCKLINE_TIMEOUT when the program has not ended after "limit", or another
/// negative dockline_status as dockline_exec_inspect().
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
