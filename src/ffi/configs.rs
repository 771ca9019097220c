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

/// Lists the swarm's configs with their content (GET /configs). Since API 1.30.
///
/// Options: "filters" (object: "id", "label", "name", "names").
///
/// Returns DOCKLINE_OK, or a negative dockline_status: of all functions here DOCKLINE_NO_SWARM
/// or DOCKLINE_NOT_MANAGER when the engine is no manager of a swarm.
/// *list is an array of objects; free it with dockline_value_free().
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

/// Makes a config of the swarm (POST /configs/create). Since API 1.30.
///
/// spec: "Name" (text; must be given), "Data" (text: the content in base64, at most 1000 KB), "Labels"
/// (object of texts), "Templating" (object: "Name", "Options").
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when the name is taken, or another negative
/// dockline_status. *created has "/ID"; free it with dockline_value_free().
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

/// Tells everything about a config, its content too (GET /configs/{id}). Since API 1.30.
///
/// id: its id, its name or a beginning of its id, here and in the functions below.
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *config has "/ID", "/Version/Index" and "/Spec", there "Data" in base64; free it with dockline_value_free().
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

/// Deletes a config (DELETE /configs/{id}). Since API 1.30.
///
/// Returns DOCKLINE_OK, DOCKLINE_BAD_REQUEST when a service uses it, or another negative
/// dockline_status.
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

/// Changes a config: its labels, which is all that can be changed (POST /configs/{id}/update).
/// dockline_config_update_with() does the reading too. Since API 1.30.
///
/// Options: "version" (integer: "/Version/Index" of the config as it was read; must be given).
/// spec: the whole "/Spec" as it was read, and changed. What the engine knows of it and this library
/// does not goes back with it.
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when it has changed since it was read, DOCKLINE_BAD_REQUEST
/// when anything else is changed, or another negative dockline_status.
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

/// Reads a config's spec, lets change change it, and sends it back (POST /configs/{id}/update); anew,
/// with another call of change, where it has changed in between, ten times at most. Since API
/// 1.30.
///
/// change: as for dockline_swarm_update_with().
///
/// Returns DOCKLINE_OK, DOCKLINE_STOPPED when change ended it, or a negative dockline_status.
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
