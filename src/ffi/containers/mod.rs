//! Containers
//!
//! dockline_container_create() creates a container, dockline_container_start() starts it and
//! dockline_container_wait() returns its exit code. dockline_container_delete() removes it.
//!
//! Names, IDs and ID prefixes identify containers in all functions.

// The chapters of the header, in its order; blank lines keep rustfmt from sorting them.
pub(super) mod lifecycle;

mod output;

mod files;

mod usage;

mod checkpoints;

use std::ffi::{c_char, c_int};
use std::ptr;

use super::arg;
use super::context::{context, dockline_context};
use super::failure::{Fail, dockline_error};
use super::guard::{guard, guard_or};
use super::json::dockline_value;
use crate::api::containers as api;
use crate::model::{ContainerCreateRequest, ContainerUpdateRequest, own_name};
use crate::{
    ContainerCreateOptions, ContainerDeleteOptions, ContainerInspectOptions, ContainerListOptions,
    ContainerPruneOptions, Context, Value, ValueType,
};

/// Lists containers.
///
/// GET /containers/json. Only running containers are listed unless "all" is set.
///
/// options: a filter takes one value or an array of values: {"label": ["app=web"], "status":
/// "exited"}.
/// list: receives an array of objects (ContainerSummary); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
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

/// Returns the name of a container in a list.
///
/// This is its own name without the leading "/", as docker ps shows it. "/Names" also holds the
/// aliases that links give to the container, such as "/web/db", in any order.
///
/// container: an object of the list of dockline_container_list(); may be NULL.
///
/// Returns a string that is a part of container; NULL if it has no name, or if container is
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_container_name(
    container: *const dockline_value,
) -> *const c_char {
    guard_or(ptr::null(), || {
        let Some(names) = arg::optional(container).and_then(|it| it.get("/Names")) else {
            return ptr::null();
        };
        let texts = names.items().filter(|name| name.as_str().is_some());
        let name = own_name(texts, |name| name.as_str().unwrap_or_default());
        let Some((text, _)) = name.and_then(Value::text_for_c) else { return ptr::null() };
        let text = text.as_ptr().cast::<c_char>().cast_const();
        // The text ends with NUL, so that it has a first byte.
        if *text.cast::<u8>() == b'/' { text.add(1) } else { text }
    })
}

/// Creates a container.
///
/// POST /containers/create. The container is not started: see dockline_container_start().
///
/// options:
/// body: the configuration (ContainerCreateRequest): "Image", "Cmd", "Env" and so on, with
/// "HostConfig" and "NetworkingConfig" inside. Required. Proxies of the docker command's
/// config.json are added to "Env", see "cli_defaults" of dockline_context_open().
/// created: receives an object with "Id" and "Warnings"; free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the image does not exist; DOCKLINE_CONFLICT if
/// the name is in use; or another negative status. Fields that do not exist, or that the
/// engine's API version does not support, fail with DOCKLINE_INVALID_ARGUMENT or
/// DOCKLINE_ENGINE_TOO_OLD before anything is sent.
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
        let changed = with_proxies(context, arg::handle("body", body)?)?;
        let body = changed.as_ref().map_or(body, ptr::from_ref);
        let body = arg::given::<ContainerCreateRequest>("body", body)?;
        created.put_handle(context.call_value(api::create(&options, &body))?.into());
        Ok(())
    })
}

/// The body with the proxies of config.json that its "Env" lacks, or `None` if it lacks none.
fn with_proxies(context: &Context, body: &Value) -> Result<Option<dockline_value>, Fail> {
    let env: Vec<&str> = match body.get("/Env") {
        Some(env) => env.items().filter_map(Value::as_str).collect(),
        None => Vec::new(),
    };
    let proxies = context.cli_defaults().missing_variables(&env);
    // The check of the body reports other types.
    let is_list = body
        .get("/Env")
        .is_none_or(|it| matches!(it.value_type(), ValueType::Array | ValueType::Null));
    if proxies.is_empty() || !is_list || body.value_type() != ValueType::Object {
        return Ok(None);
    }
    let mut body = body.clone();
    for variable in proxies {
        body.set("/Env/-", variable)?;
    }
    Ok(Some(body.into()))
}

/// Inspects a container.
///
/// GET /containers/{id}/json.
///
/// id: name, ID or ID prefix of the container.
/// options:
/// container: receives an object (ContainerInspectResponse) with "Id", "Name", "State",
/// "Config", "HostConfig" and so on; free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the container does not exist; or another
/// negative status.
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

/// Changes resource limits and the restart policy.
///
/// POST /containers/{id}/update. The container may be running.
///
/// id: name, ID or ID prefix of the container.
/// body: the fields to change: "Memory", "NanoCpus", "RestartPolicy" and so on. Omitted fields
/// keep their values. Required.
/// updated: receives an object with "Warnings"; free it with dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
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

/// Renames a container.
///
/// POST /containers/{id}/rename.
///
/// id: name, ID or ID prefix of the container.
/// name: the new name.
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the new name is in use; or another negative
/// status.
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

/// Removes a container.
///
/// DELETE /containers/{id}.
///
/// id: name, ID or ID prefix of the container.
/// options:
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the container is running and "force" is not set,
/// or if its removal is already in progress; or another negative status.
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

/// Removes all stopped containers.
///
/// POST /containers/prune. Since API 1.25.
///
/// options:
/// pruned: receives an object with "ContainersDeleted" (array of IDs, or null) and
/// "SpaceReclaimed" (bytes); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if another prune is in progress; or another negative
/// status.
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
