//! Containers: life cycle
//!
//! To miss no exit of a container that runs only briefly, start to wait for it before it
//! starts: dockline_container_wait_start(), dockline_container_start(),
//! dockline_wait_finish().

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

/// Starts a container.
///
/// POST /containers/{id}/start.
///
/// id: name, ID or ID prefix of the container.
/// options:
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_MODIFIED if the container is already running; or a
/// negative status.
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

/// Stops a container.
///
/// POST /containers/{id}/stop. The engine sends the stop signal, and kills the container if it
/// has not exited after "t" seconds. The function returns when the container has stopped.
///
/// The read timeout is extended by "t". If "t" is negative or not set, only the context's
/// "stream_timeout" applies, since the container's own stop timeout is known only to the
/// engine.
///
/// id: name, ID or ID prefix of the container.
/// options:
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_MODIFIED if the container is not running; or a negative
/// status.
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

/// Restarts a container.
///
/// POST /containers/{id}/restart. A container that is running is stopped first, with the
/// timeouts of dockline_container_stop().
///
/// id: name, ID or ID prefix of the container.
/// options:
///
/// Returns DOCKLINE_OK, or a negative status.
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

/// Sends a signal to a container.
///
/// POST /containers/{id}/kill. The main process of the container receives the signal.
///
/// id: name, ID or ID prefix of the container.
/// options:
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the container is not running; or another negative
/// status.
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

/// Pauses all processes of a container.
///
/// POST /containers/{id}/pause.
///
/// id: name, ID or ID prefix of the container.
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the container is not running or is already paused
/// (some engines return DOCKLINE_ENGINE if it is paused); or another negative status.
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

/// Resumes a paused container.
///
/// POST /containers/{id}/unpause.
///
/// id: name, ID or ID prefix of the container.
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT or DOCKLINE_ENGINE if the container is not paused;
/// or another negative status.
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

/// Waits for a container to exit.
///
/// POST /containers/{id}/wait. Blocks until the condition is met, by default until the
/// container is not running. This may be the case already. To start the wait before the
/// container, use dockline_container_wait_start().
///
/// id: name, ID or ID prefix of the container.
/// options: "condition" is "not-running" (the default), "next-exit" or "removed".
/// exit_code: receives the exit code. A nonzero exit code is not an error of this function.
///
/// Returns DOCKLINE_OK; DOCKLINE_STREAM if the engine reports a failure while waiting;
/// DOCKLINE_DECODE if the response has no exit code; or another negative status.
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

/// A wait for the exit of a container.
///
/// Obtained from dockline_container_wait_start(); free it with dockline_wait_free(). One
/// thread at a time may use it.
pub struct dockline_wait(Option<ContainerWait>);

impl dockline_wait {
    pub(in crate::ffi) fn take(&mut self) -> Result<ContainerWait, Fail> {
        self.0.take().ok_or_else(|| Fail::argument("wait is finished already"))
    }
}

/// Starts to wait for a container.
///
/// POST /containers/{id}/wait. When this function returns, the engine is watching the
/// container. A wait for "next-exit" that is started before the container misses no exit, even
/// if the container runs only briefly. With engines before API 1.30 the function returns only
/// when the container has exited.
///
/// id: name, ID or ID prefix of the container.
/// options: as for dockline_container_wait().
/// wait: receives the wait; free it with dockline_wait_free().
///
/// Returns DOCKLINE_OK, or a negative status.
///
///    dockline_container_wait_start(context, id, options, &wait, &error);
///    dockline_container_start(context, id, NULL, &error);
///    dockline_wait_finish(wait, &exit_code, &error);
///    dockline_wait_free(wait);
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

/// Blocks until a wait ends.
///
/// Works once for each wait.
///
/// wait: a wait that is not finished.
/// exit_code: receives the exit code of the container. A nonzero exit code is not an error of
/// this function.
///
/// Returns DOCKLINE_OK; DOCKLINE_STREAM if the engine reports a failure while waiting;
/// DOCKLINE_DECODE if the response has no exit code; DOCKLINE_CANCELLED; or another negative
/// status.
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

/// Returns a token that cancels a wait.
///
/// Another thread can cancel dockline_wait_finish() with it. The container is not affected.
/// Call this function before dockline_wait_finish().
///
/// wait: the wait; may be NULL.
///
/// Returns a new token, or NULL if wait is NULL or finished. Free it with
/// dockline_cancel_token_free(); it may outlive the wait.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_wait_cancel_token(
    wait: *const dockline_wait,
) -> *mut dockline_cancel_token {
    guard_or(ptr::null_mut(), || match arg::optional(wait).and_then(|wait| wait.0.as_ref()) {
        Some(wait) => arg::boxed(dockline_cancel_token(wait.cancel_token())),
        None => ptr::null_mut(),
    })
}

/// Frees a wait.
///
/// A wait in progress ends; the container is not affected.
///
/// wait: the wait; NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_wait_free(wait: *mut dockline_wait) {
    guard_or((), || arg::free(wait))
}
