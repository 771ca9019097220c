use std::ffi::{c_char, c_int};
use std::ptr;

use crate::ffi::arg;
use crate::ffi::cancel::dockline_cancel_token;
use crate::ffi::context::{context, dockline_context};
use crate::ffi::failure::{Fail, dockline_error};
use crate::ffi::guard::{guard, guard_or};
use crate::ffi::json::dockline_value;
use crate::{
    ContainerKillOptions, ContainerRestartOptions, ContainerStartOptions, ContainerStopOptions,
    ContainerWait, ContainerWaitOptions,
};

/// Starts a container (POST /containers/{id}/start).
///
/// Options: "detachKeys" (text), "checkpoint" and "checkpoint-dir" (text; experimental engines
/// only).
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

/// Stops a container, if it runs, and starts it (POST /containers/{id}/restart).
///
/// Options: as dockline_container_stop().
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_restart(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerRestart", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ContainerRestartOptions = arg::options(options)?;
        Ok(context.containers().restart(id, &options)?)
    })
}

/// Sends a signal to the first process of a container (POST /containers/{id}/kill).
///
/// Options: "signal" (text: by name or number; SIGKILL unless given).
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when it does not run, or another negative
/// dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_kill(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerKill", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ContainerKillOptions = arg::options(options)?;
        Ok(context.containers().kill(id, &options)?)
    })
}

/// Freezes all processes of a container (POST /containers/{id}/pause).
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT when it does not run, or is frozen already (there some
/// engines use DOCKLINE_ENGINE); or another negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_pause(
    context: *const dockline_context,
    id: *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerPause", error, || {
        let context = self::context(context)?;
        Ok(context.containers().pause(arg::text("id", id)?)?)
    })
}

/// Lets the processes of a frozen container go on (POST /containers/{id}/unpause).
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT or DOCKLINE_ENGINE when it is not frozen, or another
/// negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_unpause(
    context: *const dockline_context,
    id: *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerUnpause", error, || {
        let context = self::context(context)?;
        Ok(context.containers().unpause(arg::text("id", id)?)?)
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
pub struct dockline_wait(Option<ContainerWait>);

impl dockline_wait {
    pub(in crate::ffi) fn take(&mut self) -> Result<ContainerWait, Fail> {
        self.0.take().ok_or_else(|| Fail::argument("wait is finished already"))
    }
}

/// Begins to wait for a container: when this returns, the engine is watching it. So a wait for
/// "next-exit" that was begun before the start misses no exit, however short the container lives.
///
/// Options as dockline_container_wait().
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *wait with dockline_wait_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_wait_start(
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
        wait.put_handle(dockline_wait(Some(context.containers().start_wait(id, &options)?)));
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
        exit_code.put(wait.take()?.finish()?.status_code);
        Ok(())
    })
}

/// A handle that ends the wait from another thread; the container is not touched. Take it before
/// dockline_wait_finish(). NULL for NULL and after that. Free it with dockline_cancel_token_free(); it
/// may outlive the wait.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_wait_cancel_token(
    wait: *const dockline_wait,
) -> *mut dockline_cancel_token {
    guard_or(ptr::null_mut(), || match arg::optional(wait).and_then(|wait| wait.0.as_ref()) {
        Some(waiting) => arg::boxed(dockline_cancel_token(waiting.cancel_token())),
        None => ptr::null_mut(),
    })
}

/// Frees a wait, which ends it; the container is not touched. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_wait_free(wait: *mut dockline_wait) {
    guard_or((), || arg::free(wait))
}
