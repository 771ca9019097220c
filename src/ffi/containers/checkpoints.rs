//! Containers: checkpoints
//!
//! Checkpoints require an experimental engine with CRIU. Other engines fail with
//! DOCKLINE_UNAVAILABLE.

use std::ffi::{c_char, c_int};

use crate::api::containers::checkpoints as api;
use crate::ffi::arg;
use crate::ffi::context::{context, dockline_context};
use crate::ffi::failure::dockline_error;
use crate::ffi::guard::guard;
use crate::ffi::json::dockline_value;
use crate::{CheckpointCreateOptions, CheckpointOptions};

/// Creates a checkpoint of a running container.
///
/// POST /containers/{id}/checkpoints. The option "checkpoint" of dockline_container_start()
/// restores the saved state.
///
/// id: name, ID or ID prefix of the container.
/// body: "CheckpointID" (string: the name of the checkpoint, required), "CheckpointDir"
/// (string: the directory on the engine's host to store it in, by default the engine's own),
/// "Exit" (boolean: stops the container afterwards).
///
/// Returns DOCKLINE_OK; DOCKLINE_UNAVAILABLE if the engine does not support checkpoints; or
/// another negative status.
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

/// Lists the checkpoints of a container.
///
/// GET /containers/{id}/checkpoints.
///
/// id: name, ID or ID prefix of the container.
/// options:
/// list: receives an array of objects with "Name"; free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_UNAVAILABLE if the engine does not support checkpoints; or
/// another negative status.
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

/// Removes a checkpoint of a container.
///
/// DELETE /containers/{id}/checkpoints/{checkpoint}.
///
/// id: name, ID or ID prefix of the container.
/// checkpoint: name of the checkpoint.
/// options: as for dockline_checkpoint_list().
///
/// Returns DOCKLINE_OK; DOCKLINE_UNAVAILABLE if the engine does not support checkpoints; or
/// another negative status.
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
