//! Configs
//!
//! Swarm managers store configs, and tasks receive them as files. Unlike the data of secrets,
//! their data is returned by the engine. The functions fail with DOCKLINE_NO_SWARM or
//! DOCKLINE_NOT_MANAGER if the engine is not a swarm manager.

use std::ffi::{c_char, c_int, c_void};

use super::arg;
use super::context::{context, dockline_context};
use super::failure::dockline_error;
use super::guard::guard;
use super::json::dockline_value;
use super::update;
use crate::api::configs as api;
use crate::model::ConfigSpec;
use crate::{ConfigListOptions, ConfigUpdateOptions};

/// Lists configs.
///
/// GET /configs. Since API 1.30. The data of the configs is included.
///
/// options:
/// list: receives an array of objects (Config); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_config_list(
    context: *const dockline_context,
    options: *const dockline_value,
    list: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ConfigList", error, || {
        let list = arg::out("list", list)?;
        let context = self::context(context)?;
        let options: ConfigListOptions = arg::options(options)?;
        list.put_handle(context.call_value(api::list(&options))?.into());
        Ok(())
    })
}

/// Creates a config.
///
/// POST /configs/create. Since API 1.30.
///
/// spec: "Name" (string, required), "Data" (string: the data in base64, at most 1000 KB),
/// "Labels" (object of strings), "Templating" (object with "Name" and "Options").
/// created: receives an object with "ID"; free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the name is in use; or another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_config_create(
    context: *const dockline_context,
    spec: *const dockline_value,
    created: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ConfigCreate", error, || {
        let created = arg::out("created", created)?;
        let context = self::context(context)?;
        let spec = arg::given::<ConfigSpec>("spec", spec)?;
        created.put_handle(context.call_value(api::create(&spec))?.into());
        Ok(())
    })
}

/// Inspects a config.
///
/// GET /configs/{id}. Since API 1.30.
///
/// id: ID, name or ID prefix of the config.
/// config: receives an object with "ID", "Version" and "Spec"; "/Spec/Data" is the data in
/// base64. Free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the config does not exist; or another negative
/// status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_config_inspect(
    context: *const dockline_context,
    id: *const c_char,
    config: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ConfigInspect", error, || {
        let config = arg::out("config", config)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        config.put_handle(context.call_value(api::inspect(id))?.into());
        Ok(())
    })
}

/// Removes a config.
///
/// DELETE /configs/{id}. Since API 1.30.
///
/// id: ID, name or ID prefix of the config.
///
/// Returns DOCKLINE_OK; DOCKLINE_BAD_REQUEST if a service uses the config; or another negative
/// status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_config_delete(
    context: *const dockline_context,
    id: *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ConfigDelete", error, || {
        let context = self::context(context)?;
        Ok(context.configs().delete(arg::text("id", id)?)?)
    })
}

/// Changes the labels of a config.
///
/// POST /configs/{id}/update. Since API 1.30. The engine accepts no other changes.
/// dockline_config_update_with() also reads the config and retries on conflicts.
///
/// id: ID, name or ID prefix of the config.
/// options: "version" is required: "/Version/Index" of the config as it was read.
/// spec: the whole "/Spec" of the config as it was read, with the changes. Fields that are
/// unknown to this library are sent back unchanged. Required.
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the config has changed since it was read;
/// DOCKLINE_BAD_REQUEST if anything except the labels is changed; or another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_config_update(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    spec: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ConfigUpdate", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: ConfigUpdateOptions = arg::options(options)?;
        let spec = arg::given::<ConfigSpec>("spec", spec)?;
        Ok(context.call_outcome(api::update(id, &options, &spec)).map(drop)?)
    })
}

/// Changes a config by a callback.
///
/// GET /configs/{id} and POST /configs/{id}/update. Since API 1.30. Reads the config, calls
/// change with its "/Spec" and sends the result. If the config has changed in the meantime,
/// this is repeated, up to ten times.
///
/// id: ID, name or ID prefix of the config.
/// change: called with the spec on the calling thread, possibly several times. It changes the
/// spec in place with dockline_value_set_string() and similar functions. The spec is valid
/// during the call and must not be freed. Return 0 to send it, or another value to stop; then
/// nothing is sent. The callback may call this library; it must not leave by longjmp() or an
/// exception.
///
/// Returns DOCKLINE_OK; DOCKLINE_STOPPED if change returned a value other than 0; or a
/// negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_config_update_with(
    context: *const dockline_context,
    id: *const c_char,
    change: Option<
        unsafe extern "C" fn(user_data: *mut c_void, spec: *mut dockline_value) -> c_int,
    >,
    user_data: *mut c_void,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("ConfigUpdate", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let result = update::update_with(
            change,
            user_data,
            "",
            || context.call_value(api::inspect(id)),
            |version, spec: ConfigSpec| {
                context.configs().update(id, &ConfigUpdateOptions { version }, &spec)
            },
        );
        result.map(update::status)
    })
}
