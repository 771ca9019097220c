//! Plugins
//!
//! Plugins add volume, network and other drivers to an engine. A plugin requires privileges,
//! such as access to the host's network, which must be granted when it is installed:
//! dockline_plugin_pull_with_grant() passes them to a callback that decides. After the
//! installation, dockline_plugin_enable() starts the plugin.

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

/// Lists the installed plugins.
///
/// GET /plugins.
///
/// options:
/// list: receives an array of objects (Plugin); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
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

/// Returns the privileges that a plugin requires.
///
/// GET /plugins/privileges. Since API 1.25. If the registry denies access, for example for
/// lack of credentials, engines return an empty array; the pull then fails.
///
/// options: "remote" is required.
/// privileges: receives an array of objects with "Name", "Description" and "Value" (array of
/// strings); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
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

/// Installs a plugin from a registry.
///
/// POST /plugins/pull. The plugin is not enabled: see dockline_plugin_enable().
///
/// The installation is complete only when progress has been read to its end. Engines respond
/// before they contact the registry: errors of the registry and missing privileges may be
/// reported by progress with DOCKLINE_STREAM.
///
/// options: "remote" is required.
/// granted: the array of dockline_plugin_privileges(), complete and unchanged, since engines
/// accept no other. NULL grants no privileges. dockline_plugin_pull_with_grant() requests and
/// passes it.
/// progress: receives a stream of progress messages; free it with dockline_stream_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the plugin is already installed; or another
/// negative status.
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
        let started = api::start_pull(context, api::pull(&options, &granted))?;
        progress.put_handle(dockline_stream::plugin(started));
        Ok(())
    })
}

/// Installs a plugin after a callback has agreed.
///
/// GET /plugins/privileges and POST /plugins/pull. Since API 1.25. Requests the privileges
/// that the plugin requires, and installs it if grant returns true. The stream is as for
/// dockline_plugin_pull().
///
/// options: as for dockline_plugin_pull().
/// grant: called once with the required privileges, the array of dockline_plugin_privileges(),
/// which may be empty. It is called on the calling thread before this function returns. The
/// array is valid during the call. Return true to grant all privileges, false to grant none.
/// The callback may call this library; it must not leave by longjmp() or an exception.
/// progress: receives a stream of progress messages; free it with dockline_stream_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_GRANTED if grant returned false, and the plugin is not
/// installed; DOCKLINE_CONFLICT if the plugin is already installed; or another negative
/// status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_plugin_pull_with_grant(
    context: *const dockline_context,
    options: *const dockline_value,
    grant: Option<
        unsafe extern "C" fn(user_data: *mut c_void, privileges: *const dockline_value) -> bool,
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
        let grant = |privileges: &dockline_value| grant(user_data, privileges);
        let request = |granted: &[PluginPrivilege]| api::pull(&options, granted);
        progress.put_handle(request_with_grant(context, &options.privileges(), grant, request)?);
        Ok(())
    })
}

/// Returns the name of a plugin being installed.
///
/// progress: a stream of dockline_plugin_pull(), dockline_plugin_upgrade() or their variants
/// with a callback; may be NULL.
///
/// Returns the local name with its tag, a string that belongs to progress. Returns NULL if the
/// engine does not report the name, or if progress is NULL or another kind of stream.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_plugin_stream_name(
    progress: *const dockline_stream,
) -> *const c_char {
    guard_or(ptr::null(), || {
        let name = arg::optional(progress).and_then(|stream| stream.plugin.as_ref());
        name.filter(|name| !name.is_empty()).map_or(ptr::null(), |name| name.as_ptr())
    })
}

/// Sends the pull or upgrade that `request` makes, if `grant` accepts the required privileges.
fn request_with_grant(
    context: &Context,
    options: &PluginPrivilegesOptions,
    grant: impl FnOnce(&dockline_value) -> bool,
    request: impl Fn(&[PluginPrivilege]) -> Request<PluginPull>,
) -> Result<dockline_stream, Fail> {
    let operation = api::operation_of(request(&[]))?;
    let value = dockline_value::from(context.call_value(api::privileges(options))?);
    let privileges: Vec<PluginPrivilege> = arg::response("privileges", &value)?;
    if !grant(&value) {
        return Err(api::not_granted(operation, &options.remote, &privileges).into());
    }
    Ok(dockline_stream::plugin(api::start_pull(context, request(&privileges))?))
}

/// Inspects a plugin.
///
/// GET /plugins/{name}/json. Since API 1.25.
///
/// name: name, ID or ID prefix of the plugin. The tag "latest" may be omitted.
/// plugin: receives an object (Plugin); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the plugin does not exist; or another negative
/// status.
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

/// Removes a plugin.
///
/// DELETE /plugins/{name}.
///
/// name: name, ID or ID prefix of the plugin. The tag "latest" may be omitted.
/// options:
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the plugin is enabled and "force" is not set; or
/// another negative status.
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

/// Enables a plugin.
///
/// POST /plugins/{name}/enable. The engine starts the plugin. The function returns when the
/// plugin responds.
///
/// name: name, ID or ID prefix of the plugin. The tag "latest" may be omitted.
/// options:
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT, DOCKLINE_BAD_REQUEST or DOCKLINE_ENGINE, depending
/// on the engine's version, if the plugin is already enabled, or does not start or respond; or
/// another negative status.
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

/// Disables a plugin.
///
/// POST /plugins/{name}/disable. The engine stops the plugin.
///
/// name: name, ID or ID prefix of the plugin. The tag "latest" may be omitted.
/// options:
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT, DOCKLINE_BAD_REQUEST or DOCKLINE_ENGINE, depending
/// on the engine's version, if the plugin is not enabled, or if it is in use and "force" is
/// not set; or another negative status.
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

/// Replaces a plugin with a version in a registry.
///
/// POST /plugins/{name}/upgrade. Since API 1.26. The plugin must be disabled. Its settings are
/// lost.
///
/// The upgrade is complete only when progress has been read to its end.
///
/// name: name, ID or ID prefix of the plugin. The tag "latest" may be omitted.
/// options: "remote" is required.
/// granted: as for dockline_plugin_pull(). dockline_plugin_upgrade_with_grant() requests and
/// passes it.
/// progress: receives a stream of progress messages; free it with dockline_stream_free().
///
/// Returns DOCKLINE_OK, or a negative status.
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
        let started = api::start_pull(context, api::upgrade(name, &options, &granted))?;
        progress.put_handle(dockline_stream::plugin(started));
        Ok(())
    })
}

/// Upgrades a plugin after a callback has agreed.
///
/// GET /plugins/privileges and POST /plugins/{name}/upgrade. Since API 1.26. Requests the
/// privileges that the new version requires, and upgrades the plugin if grant returns true.
/// Everything else is as for dockline_plugin_upgrade().
///
/// name: name, ID or ID prefix of the plugin. The tag "latest" may be omitted.
/// options: as for dockline_plugin_upgrade().
/// grant: called once with the required privileges, the array of dockline_plugin_privileges(),
/// which may be empty. It is called on the calling thread before this function returns. The
/// array is valid during the call. Return true to grant all privileges, false to grant none.
/// The callback may call this library; it must not leave by longjmp() or an exception.
/// progress: receives a stream of progress messages; free it with dockline_stream_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_GRANTED if grant returned false, and the plugin is
/// unchanged; or another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_plugin_upgrade_with_grant(
    context: *const dockline_context,
    name: *const c_char,
    options: *const dockline_value,
    grant: Option<
        unsafe extern "C" fn(user_data: *mut c_void, privileges: *const dockline_value) -> bool,
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
        let grant = |privileges: &dockline_value| grant(user_data, privileges);
        let request = |granted: &[PluginPrivilege]| api::upgrade(name, &options, granted);
        progress.put_handle(request_with_grant(context, &options.privileges(), grant, request)?);
        Ok(())
    })
}

/// Creates a plugin from a tar.
///
/// POST /plugins/create. Since API 1.25. The tar holds config.json and the directory rootfs,
/// the root filesystem of the plugin.
///
/// name: name of the plugin, with or without a tag.
/// tar: the source of the tar, which is read to its end. It remains owned by the caller.
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT or DOCKLINE_ENGINE, depending on the engine's
/// version, if the name is in use; or another negative status.
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

/// Pushes a plugin to its registry.
///
/// POST /plugins/{name}/push. The registry is part of the name of the plugin.
///
/// The push is complete only when progress has been read to its end. Engines respond before
/// they contact the registry: errors of the registry are reported by progress with
/// DOCKLINE_STREAM.
///
/// name: name of the plugin. The tag "latest" may be omitted.
/// options:
/// progress: receives a stream of progress messages; free it with dockline_stream_free().
///
/// Returns DOCKLINE_OK, or a negative status.
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

/// Changes the settings of a plugin.
///
/// POST /plugins/{name}/set. Since API 1.25. The plugin must be disabled.
///
/// name: name, ID or ID prefix of the plugin. The tag "latest" may be omitted.
/// settings: an array of strings: "NAME=value", or "NAME.field=value" for a mount or device.
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT, DOCKLINE_BAD_REQUEST or DOCKLINE_ENGINE, depending
/// on the engine's version, if the plugin is enabled, or if the setting does not exist or
/// cannot be changed; or another negative status.
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
