use std::ffi::{c_char, c_int, c_void};
use std::ptr;

use super::arg;
use super::context::{context, dockline_context};
use super::failure::{Fail, dockline_error};
use super::guard::{guard, guard_or};
use super::json::dockline_value;
use super::source::dockline_source;
use super::stream::dockline_stream;
use crate::api::plugins as api;
use crate::model::PluginPrivilege;
use crate::request::Request;
use crate::{
    Context, PluginDeleteOptions, PluginDisableOptions, PluginEnableOptions, PluginListOptions,
    PluginPrivilegesOptions, PluginPull, PluginPullOptions, PluginPushOptions,
    PluginUpgradeOptions,
};

/// Lists the engine's plugins (GET /plugins).
///
/// Options: "filters" (object: "capability", "enabled").
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *list is an array of objects; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_plugin_list(
    context: *const dockline_context,
    options: *const dockline_value,
    list: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("PluginList", error, || {
        let list = arg::out("list", list)?;
        let context = self::context(context)?;
        let options: PluginListOptions = arg::options(options)?;
        list.put_handle(context.call_value(api::list(&options))?.into());
        Ok(())
    })
}

/// Tells what a plugin in a registry wants to be allowed (GET /plugins/privileges). Since API 1.25.
/// Engines say that it wants nothing also where the registry refuses, such as for want of
/// credentials. To pull it fails then.
///
/// Options: "remote" (text: the plugin in its registry, by reference, latest unless it has a tag;
/// must be given), "X-Registry-Auth" (object: "username" and "password", or "identitytoken"; see
/// CREDENTIALS at the top).
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *privileges is an array of objects: "Name", "Description", "Value" (array of texts); free it with
/// dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_plugin_privileges(
    context: *const dockline_context,
    options: *const dockline_value,
    privileges: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("GetPluginPrivileges", error, || {
        let privileges = arg::out("privileges", privileges)?;
        let context = self::context(context)?;
        let options: PluginPrivilegesOptions = arg::options(options)?;
        privileges.put_handle(context.call_value(api::privileges(&options))?.into());
        Ok(())
    })
}

/// Pulls a plugin and allows it what is granted (POST /plugins/pull). It is there then, and not
/// enabled.
///
/// Options: "remote" (text: the plugin in its registry, by reference, latest unless it has a tag;
/// must be given), "name" (text: the name it gets here, that of "remote" unless given),
/// "X-Registry-Auth" (object: "username" and "password", or "identitytoken"; see CREDENTIALS at the
/// top).
/// granted: an array of what dockline_plugin_privileges() told, all of it; NULL for none. Engines
/// take nothing else; dockline_plugin_pull_with_grant() sees to it.
///
/// The work fails or succeeds only as *progress is read to its end. Engines answer before they ask
/// the registry: what it refuses, and what was not granted, may be a DOCKLINE_STREAM there.
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when it is there already, or another negative
/// dockline_status. Free *progress with dockline_stream_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_plugin_pull(
    context: *const dockline_context,
    options: *const dockline_value,
    granted: *const dockline_value,
    progress: *mut *mut dockline_stream,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("PluginPull", error, || {
        let progress = arg::out("progress", progress)?;
        let context = self::context(context)?;
        let options: PluginPullOptions = arg::options(options)?;
        let granted: Vec<PluginPrivilege> = arg::optional_body("granted", granted)?;
        let begun = api::begin(context, api::pull(&options, &granted))?;
        progress.put_handle(dockline_stream::plugin(begun));
        Ok(())
    })
}

/// Asks what a plugin wants, and pulls it if grant says yes to that (GET /plugins/privileges,
/// POST /plugins/pull). Since API 1.25.
///
/// Options: as dockline_plugin_pull().
/// grant: gets user_data and what the plugin wants, as dockline_plugin_privileges() tells it, also
/// when that is nothing; it is valid during the call. Returns true to grant all of it, and false to
/// grant nothing. It is called once, before this function returns; it may call this library. It must
/// return, not jump out or throw.
///
/// Returns DOCKLINE_OK, DOCKLINE_NOT_GRANTED when grant says no, and then nothing is pulled, or as
/// dockline_plugin_pull(). Free *progress with dockline_stream_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_plugin_pull_with_grant(
    context: *const dockline_context,
    options: *const dockline_value,
    grant: Option<
        unsafe extern "C" fn(user_data: *mut c_void, wanted: *const dockline_value) -> bool,
    >,
    user_data: *mut c_void,
    progress: *mut *mut dockline_stream,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("PluginPull", error, || {
        let progress = arg::out("progress", progress)?;
        let grant = grant.ok_or_else(|| Fail::argument("grant is NULL"))?;
        let context = self::context(context)?;
        let options: PluginPullOptions = arg::options(options)?;
        let grant = |wanted: &dockline_value| grant(user_data, wanted);
        let request = |granted: &[PluginPrivilege]| api::pull(&options, granted);
        progress.put_handle(ask(context, &options.privileges(), grant, request)?);
        Ok(())
    })
}

/// The name that a plugin has here, with its tag: of the progress of dockline_plugin_pull() and the
/// other three functions that bring a plugin. NULL for other streams, and where the engine does not
/// tell. It belongs to the stream.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_plugin_pull_name(pull: *const dockline_stream) -> *const c_char {
    guard_or(ptr::null(), || {
        let name = arg::optional(pull).and_then(|pull| pull.plugin.as_ref());
        name.filter(|name| !name.is_empty()).map_or(ptr::null(), |name| name.as_ptr())
    })
}

/// Makes a pull or an upgrade, if `grant` grants what the plugin wants.
fn ask(
    context: &Context,
    options: &PluginPrivilegesOptions,
    grant: impl FnOnce(&dockline_value) -> bool,
    request: impl Fn(&[PluginPrivilege]) -> Request<PluginPull>,
) -> Result<dockline_stream, Fail> {
    let operation = api::checked(request(&[]))?;
    let shown = dockline_value::from(context.call_value(api::privileges(options))?);
    let wanted: Vec<PluginPrivilege> = arg::response("privileges", &shown)?;
    if !grant(&shown) {
        return Err(api::not_granted(operation, &options.remote, &wanted).into());
    }
    Ok(dockline_stream::plugin(api::begin(context, request(&wanted))?))
}

/// Tells everything about a plugin (GET /plugins/{name}/json). Since API 1.25.
///
/// name: its name, with its tag unless that is latest, or its id or a beginning of that, here and in
/// the functions below.
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *plugin with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_plugin_inspect(
    context: *const dockline_context,
    name: *const c_char,
    plugin: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("PluginInspect", error, || {
        let plugin = arg::out("plugin", plugin)?;
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        plugin.put_handle(context.call_value(api::inspect(name))?.into());
        Ok(())
    })
}

/// Deletes a plugin (DELETE /plugins/{name}).
///
/// Options: "force" (boolean: even while it is enabled).
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when it is enabled and "force" is off, or another negative
/// dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_plugin_delete(
    context: *const dockline_context,
    name: *const c_char,
    options: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("PluginDelete", error, || {
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let options: PluginDeleteOptions = arg::options(options)?;
        Ok(context.plugins().delete(name, &options)?)
    })
}

/// Starts a plugin, and waits until it answers (POST /plugins/{name}/enable).
///
/// Options: "timeout" (integer: seconds that the engine waits whenever it asks something of the
/// plugin; for ever unless given).
///
/// Returns DOCKLINE_OK; by the engine's age DOCKLINE_CONFLICT, DOCKLINE_BAD_REQUEST or
/// DOCKLINE_ENGINE when it is enabled already, or does not start or answer; or another negative
/// dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_plugin_enable(
    context: *const dockline_context,
    name: *const c_char,
    options: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("PluginEnable", error, || {
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let options: PluginEnableOptions = arg::options(options)?;
        Ok(context.plugins().enable(name, &options)?)
    })
}

/// Stops a plugin (POST /plugins/{name}/disable).
///
/// Options: "force" (boolean: even while it is in use).
///
/// Returns DOCKLINE_OK; by the engine's age DOCKLINE_CONFLICT, DOCKLINE_BAD_REQUEST or
/// DOCKLINE_ENGINE when it is not enabled, or in use and "force" is off; or another negative
/// dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_plugin_disable(
    context: *const dockline_context,
    name: *const c_char,
    options: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("PluginDisable", error, || {
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let options: PluginDisableOptions = arg::options(options)?;
        Ok(context.plugins().disable(name, &options)?)
    })
}

/// Makes of a plugin what a registry has, and allows it what is granted
/// (POST /plugins/{name}/upgrade). It must be disabled; its settings go. Since API 1.26.
///
/// Options: "remote" (text: what it becomes, by reference, latest unless it has a tag; must be
/// given), "X-Registry-Auth" (object: "username" and "password", or "identitytoken"; see
/// CREDENTIALS at the top).
/// granted: as for dockline_plugin_pull(). dockline_plugin_upgrade_with_grant() sees to it.
///
/// The work fails or succeeds only as *progress is read to its end.
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *progress with dockline_stream_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_plugin_upgrade(
    context: *const dockline_context,
    name: *const c_char,
    options: *const dockline_value,
    granted: *const dockline_value,
    progress: *mut *mut dockline_stream,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("PluginUpgrade", error, || {
        let progress = arg::out("progress", progress)?;
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let options: PluginUpgradeOptions = arg::options(options)?;
        let granted: Vec<PluginPrivilege> = arg::optional_body("granted", granted)?;
        let begun = api::begin(context, api::upgrade(name, &options, &granted))?;
        progress.put_handle(dockline_stream::plugin(begun));
        Ok(())
    })
}

/// Asks what a plugin in a registry wants, and upgrades to it if grant says yes to that
/// (GET /plugins/privileges, POST /plugins/{name}/upgrade). Since API 1.26.
///
/// Options: as dockline_plugin_upgrade().
/// grant: as for dockline_plugin_pull_with_grant().
///
/// Returns DOCKLINE_OK, DOCKLINE_NOT_GRANTED when grant says no, and then nothing changes, or as
/// dockline_plugin_upgrade(). Free *progress with dockline_stream_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_plugin_upgrade_with_grant(
    context: *const dockline_context,
    name: *const c_char,
    options: *const dockline_value,
    grant: Option<
        unsafe extern "C" fn(user_data: *mut c_void, wanted: *const dockline_value) -> bool,
    >,
    user_data: *mut c_void,
    progress: *mut *mut dockline_stream,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("PluginUpgrade", error, || {
        let progress = arg::out("progress", progress)?;
        let grant = grant.ok_or_else(|| Fail::argument("grant is NULL"))?;
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let options: PluginUpgradeOptions = arg::options(options)?;
        let grant = |wanted: &dockline_value| grant(user_data, wanted);
        let request = |granted: &[PluginPrivilege]| api::upgrade(name, &options, granted);
        progress.put_handle(ask(context, &options.privileges(), grant, request)?);
        Ok(())
    })
}

/// Makes a plugin from a tar with its config.json and its root directory rootfs (POST /plugins/create).
/// Since API 1.25.
///
/// name: its name, with or without a tag.
/// tar: where the bytes come from; they are streamed up.
///
/// Returns DOCKLINE_OK; by the engine's age DOCKLINE_CONFLICT or DOCKLINE_ENGINE when the name is
/// taken; or another negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_plugin_create(
    context: *const dockline_context,
    name: *const c_char,
    tar: *mut dockline_source,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("PluginCreate", error, || {
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let tar = arg::handle_mut("tar", tar)?.reader();
        Ok(context.plugins().create(name, tar)?)
    })
}

/// Pushes a plugin to the registry in its name (POST /plugins/{name}/push).
///
/// Options: "X-Registry-Auth" (object: "username" and "password", or "identitytoken"; see
/// CREDENTIALS at the top).
///
/// The work fails or succeeds only as *progress is read to its end.
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *progress with dockline_stream_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_plugin_push(
    context: *const dockline_context,
    name: *const c_char,
    options: *const dockline_value,
    progress: *mut *mut dockline_stream,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("PluginPush", error, || {
        let progress = arg::out("progress", progress)?;
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let options: PluginPushOptions = arg::options(options)?;
        let response = context.open_stream(api::push(name, &options), None)?;
        progress.put_handle(dockline_stream::messages(response.body));
        Ok(())
    })
}

/// Changes settings of a plugin, which must be disabled (POST /plugins/{name}/set). Since API 1.25.
///
/// settings: an array of texts, each NAME=value, or NAME.field=value where the name is that of a
/// mount or device.
///
/// Returns DOCKLINE_OK; by the engine's age DOCKLINE_CONFLICT, DOCKLINE_BAD_REQUEST or
/// DOCKLINE_ENGINE when it is enabled, or there is no such setting, or it cannot be changed; or
/// another negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_plugin_set(
    context: *const dockline_context,
    name: *const c_char,
    settings: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("PluginSet", error, || {
        let context = self::context(context)?;
        let name = arg::text("name", name)?;
        let settings: Vec<String> = arg::body("settings", settings)?;
        Ok(context.plugins().set(name, &settings)?)
    })
}
