use std::ffi::{c_char, c_int};

use crate::api::containers::checkpoints as api;
use crate::ffi::arg;
use crate::ffi::context::{context, dockline_context};
use crate::ffi::failure::dockline_error;
use crate::ffi::guard::guard;
use crate::ffi::json::dockline_value;
use crate::{CheckpointCreateOptions, CheckpointOptions};

/// Keeps the state of a running container, to be started from with the option "checkpoint" of
/// dockline_container_start() (POST /containers/{id}/checkpoints).
///
/// This and the next two are for experimental engines with CRIU; all others answer
/// DOCKLINE_UNAVAILABLE.
///
/// body: "CheckpointID" (text: its name; must be given), "CheckpointDir" (text: the directory on the
/// engine's host to keep it in; the engine's own unless given), "Exit" (boolean: ends the container
/// afterwards).
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_checkpoint_create(
    context: *const dockline_context,
    id: *const c_char,
    body: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("CheckpointCreate", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let body: CheckpointCreateOptions = arg::body("body", body)?;
        Ok(context.containers().checkpoint_create(id, &body)?)
    })
}

/// Lists the checkpoints of a container (GET /containers/{id}/checkpoints).
///
/// Options: "dir" (text: the directory they are kept in; the engine's own unless given).
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *list is an array of objects with "Name"; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_checkpoint_list(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    list: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("CheckpointList", error, || {
        let list = arg::out("list", list)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: CheckpointOptions = arg::options(options)?;
        list.put_handle(context.call_value(api::checkpoint_list(id, &options))?.into());
        Ok(())
    })
}

/// Deletes a checkpoint (DELETE /containers/{id}/checkpoints/{checkpoint}).
///
/// Options: as dockline_checkpoint_list().
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_checkpoint_delete(
    context: *const dockline_context,
    id: *const c_char,
    checkpoint: *const c_char,
    options: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("CheckpointDelete", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let checkpoint = arg::text("checkpoint", checkpoint)?;
        let options: CheckpointOptions = arg::options(options)?;
        Ok(context.containers().checkpoint_delete(id, checkpoint, &options)?)
    })
}
