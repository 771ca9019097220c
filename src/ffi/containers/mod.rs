// Blank lines keep rustfmt from sorting: this is the order of the header.
pub(super) mod lifecycle;

mod output;

mod files;

mod usage;

mod checkpoints;

use std::ffi::{c_char, c_int};

use super::arg;
use super::context::{context, dockline_context};
use super::failure::dockline_error;
use super::guard::guard;
use super::json::dockline_value;
use crate::api::containers as api;
use crate::model::{ContainerCreateRequest, ContainerUpdateRequest};
use crate::{
    ContainerCreateOptions, ContainerDeleteOptions, ContainerInspectOptions, ContainerListOptions,
    ContainerPruneOptions,
};

/// Lists containers (GET /containers/json). One request, whatever their number.
///
/// Options: "all" (boolean: also those that do not run), "limit" (integer: only the newest so
/// many), "size" (boolean: also their sizes, which takes time), "filters" (object, such as
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
        let body = arg::given::<ContainerCreateRequest>("body", body)?;
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

/// Changes the limits and the restart policy of a container, also while it runs
/// (POST /containers/{id}/update).
///
/// body: what is to change, "Memory", "NanoCpus", "RestartPolicy" and so on; what is left out stays
/// as it is.
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *updated has "/Warnings"; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_update(
    context: *const dockline_context,
    id: *const c_char,
    body: *const dockline_value,
    updated: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerUpdate", error, || {
        let updated = arg::out("updated", updated)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let body = arg::given::<ContainerUpdateRequest>("body", body)?;
        updated.put_handle(context.call_value(api::update(id, &body))?.into());
        Ok(())
    })
}

/// Gives a container another name (POST /containers/{id}/rename).
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when the name is in use, or another negative
/// dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_rename(
    context: *const dockline_context,
    id: *const c_char,
    name: *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerRename", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let name = arg::text("name", name)?;
        Ok(context.containers().rename(id, name)?)
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

/// Deletes all containers that do not run (POST /containers/prune).
///
/// Options: "filters" (object: "until", "label", "label!").
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT while another prune is under way, or another negative
/// dockline_status.
/// *pruned has "/ContainersDeleted" (array of ids, or null) and "/SpaceReclaimed" (bytes); free it
/// with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_prune(
    context: *const dockline_context,
    options: *const dockline_value,
    pruned: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ContainerPrune", error, || {
        let pruned = arg::out("pruned", pruned)?;
        let context = self::context(context)?;
        let options: ContainerPruneOptions = arg::options(options)?;
        pruned.put_handle(context.call_value(api::prune(&options))?.into());
        Ok(())
    })
}
