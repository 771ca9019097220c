use std::ffi::{c_char, c_int};
use std::ptr;

use super::arg;
use super::cancel::dockline_cancel;
use super::context::{context, dockline_context};
use super::error::dockline_error;
use super::guard::{Fail, guard, guard_or};
use super::output::dockline_output;
use super::value::dockline_value;
use crate::api::containers as api;
use crate::model::ContainerCreateRequest;
use crate::{
    ContainerCreateOptions, ContainerDeleteOptions, ContainerInspectOptions, ContainerListOptions,
    ContainerLogsOptions, ContainerStartOptions, ContainerStopOptions, ContainerWaitOptions,
    Waiting,
};

/// Lists containers (GET /containers/json). One request, whatever their number.
///
/// Options: "all" (boolean: also those that do not run), "limit" (integer: only the newest so many),
/// "size" (boolean: also their sizes, which takes time), "filters" (object, such as
/// {"label": ["app=web"], "status": "exited"}).
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *list is an array of objects; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_list(
    context: *const dockline_context,
    options: *const dockline_value,
    list: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerList", error, || {
        let list = arg::out("list", list)?;
        let context = self::context(context)?;
        let options: ContainerListOptions = arg::options(options)?;
        list.put_handle(context.call_value(api::list(&options))?.into());
        Ok(())
    })
}

/// Makes a container (POST /containers/create). It does not run yet.
///
/// Options: "name" (text), "platform" (text: os[/arch[/variant]], since API 1.41).
/// body: the container's configuration as the Engine API defines it, "Image", "Cmd" and so on, with
/// "HostConfig" and "NetworkingConfig" in it. A field that does not exist, or that this engine does
/// not know yet, is an error before anything is sent.
///
/// Returns DOCKLINE_OK, DOCKLINE_NOT_FOUND when the image is not there, DOCKLINE_CONFLICT when the
/// name is in use, or another negative dockline_status.
/// *created has "/Id" and "/Warnings"; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_create(
    context: *const dockline_context,
    options: *const dockline_value,
    body: *const dockline_value,
    created: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerCreate", error, || {
        let created = arg::out("created", created)?;
        let context = self::context(context)?;
        let options: ContainerCreateOptions = arg::options(options)?;
        let body: ContainerCreateRequest = arg::body("body", body)?;
        created.put_handle(context.call_value(api::create(&options, &body))?.into());
        Ok(())
    })
}

/// Tells everything about a container (GET /containers/{id}/json).
///
/// id: its id, a beginning of its id, or its name, here and in all other functions.
/// Options: "size" (boolean: also its sizes).
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *container with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_inspect(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    container: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerInspect", error, || {
        let container = arg::out("container", container)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ContainerInspectOptions = arg::options(options)?;
        container.put_handle(context.call_value(api::inspect(id, &options))?.into());
        Ok(())
    })
}

/// Starts a container (POST /containers/{id}/start).
///
/// Options: "detachKeys" (text), "checkpoint" and "checkpoint-dir" (text; experimental engines only).
///
/// Returns DOCKLINE_OK, DOCKLINE_NOT_MODIFIED when it runs already, or a negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_start(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerStart", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ContainerStartOptions = arg::options(options)?;
        Ok(context.containers().start(id, &options)?)
    })
}

/// Stops a container and waits until it has (POST /containers/{id}/stop).
///
/// Options: "signal" (text, since API 1.42), "t" (integer: seconds until it is killed; -1 never
/// kills; the container's own stop timeout unless given). The read timeout is extended by "t";
/// without "t" only "stream_timeout" counts, since only the engine knows how long it may take.
///
/// Returns DOCKLINE_OK, DOCKLINE_NOT_MODIFIED when it does not run, or a negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_stop(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerStop", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ContainerStopOptions = arg::options(options)?;
        Ok(context.containers().stop(id, &options)?)
    })
}

/// Waits for a container and gives its exit code, which is data: 3 is no error
/// (POST /containers/{id}/wait).
///
/// Options: "condition" (text: "not-running", the default, which may be so already; "next-exit";
/// "removed").
///
/// Returns DOCKLINE_OK; DOCKLINE_STREAM when the engine fails while it waits; or another negative
/// dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_wait(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    exit_code: *mut i64,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerWait", error, || {
        let exit_code = arg::out("exit_code", exit_code)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ContainerWaitOptions = arg::options(options)?;
        exit_code.put(context.containers().wait(id, &options)?.status_code);
        Ok(())
    })
}

/// A wait that the engine has begun. One thread at a time.
pub struct dockline_wait(Option<Waiting>);

/// Begins to wait for a container: when this returns, the engine is watching it. So a wait for
/// "next-exit" that was begun before the start misses no exit, however short the container lives.
///
/// Options as dockline_container_wait().
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *wait with dockline_wait_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_wait_begin(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    wait: *mut *mut dockline_wait,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerWait", error, || {
        let wait = arg::out("wait", wait)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ContainerWaitOptions = arg::options(options)?;
        wait.put_handle(dockline_wait(Some(context.containers().wait_begin(id, &options)?)));
        Ok(())
    })
}

/// Waits until the container has done what it was waited for, and gives its exit code. Once only.
///
/// Returns DOCKLINE_OK, or a negative dockline_status as dockline_container_wait().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_wait_finish(
    wait: *mut dockline_wait,
    exit_code: *mut i64,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerWait", error, || {
        let exit_code = arg::out("exit_code", exit_code)?;
        let wait = arg::handle_mut("wait", wait)?;
        let waiting = wait.0.take().ok_or_else(|| Fail::argument("wait is finished already"))?;
        exit_code.put(waiting.finish()?.status_code);
        Ok(())
    })
}

/// A handle that ends the wait from another thread; the container is not touched. Take it before
/// dockline_wait_finish(). NULL for NULL and after that. Free it with dockline_cancel_free(); it may
/// outlive the wait.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_wait_cancel_handle(
    wait: *const dockline_wait,
) -> *mut dockline_cancel {
    guard_or(ptr::null_mut(), || match arg::optional(wait).and_then(|wait| wait.0.as_ref()) {
        Some(waiting) => arg::boxed(dockline_cancel(waiting.cancel())),
        None => ptr::null_mut(),
    })
}

/// Frees a wait, which ends it; the container is not touched. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_wait_free(wait: *mut dockline_wait) {
    guard_or((), || arg::free(wait))
}

/// Reads what a container has written to stdout and stderr, and with "follow" what it goes on to
/// write (GET /containers/{id}/logs).
///
/// Options: "follow" (boolean), "stdout" and "stderr" (boolean, both true unless given), "since" and
/// "until" (Unix seconds; RFC 3339 text; or text such as "10m" for so long ago), "timestamps"
/// (boolean: the time and a blank before each line), "tail" (integer: so many lines from the end; or
/// "all"), "details" (boolean: what the logging driver keeps besides, before each line).
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *output with dockline_output_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_logs(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    output: *mut *mut dockline_output,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerLogs", error, || {
        let output = arg::out("output", output)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ContainerLogsOptions = arg::options(options)?;
        output.put_handle(dockline_output(context.containers().logs(id, &options)?));
        Ok(())
    })
}

/// Deletes a container (DELETE /containers/{id}).
///
/// Options: "v" (boolean: also its anonymous volumes), "force" (boolean: also when it runs), "link"
/// (boolean: deletes a link of this name instead).
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when it runs and "force" is not set, or another negative
/// dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_delete(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerDelete", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ContainerDeleteOptions = arg::options(options)?;
        Ok(context.containers().delete(id, &options)?)
    })
}
