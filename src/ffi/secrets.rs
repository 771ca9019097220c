use std::ffi::{c_char, c_int, c_void};

use super::arg;
use super::context::{context, dockline_context};
use super::failure::dockline_error;
use super::guard::guard;
use super::json::dockline_value;
use super::update;
use crate::api::secrets as api;
use crate::model::SecretSpec;
use crate::{SecretListOptions, SecretUpdateOptions};

/// Lists the swarm's secrets, without their content (GET /secrets). Since API 1.25.
///
/// Options: "filters" (object: "id", "label", "name", "names").
///
/// Returns DOCKLINE_OK, or a negative dockline_status: of all functions here DOCKLINE_NO_SWARM
/// or DOCKLINE_NOT_MANAGER when the engine is no manager of a swarm.
/// *list is an array of objects; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_secret_list(
    context: *const dockline_context,
    options: *const dockline_value,
    list: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SecretList", error, || {
        let list = arg::out("list", list)?;
        let context = self::context(context)?;
        let options: SecretListOptions = arg::options(options)?;
        list.put_handle(context.call_value(api::list(&options))?.into());
        Ok(())
    })
}

/// Makes a secret of the swarm (POST /secrets/create). Since API 1.25.
///
/// spec: "Name" (text; must be given), "Data" (text: the content in base64, at most 500 KB), "Labels"
/// (object of texts), "Driver" and "Templating" (objects: "Name", "Options"). The content is
/// replaced by [redacted] in what a result callback gets.
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when the name is taken, or another negative
/// dockline_status. *created has "/ID"; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_secret_create(
    context: *const dockline_context,
    spec: *const dockline_value,
    created: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SecretCreate", error, || {
        let created = arg::out("created", created)?;
        let context = self::context(context)?;
        let spec: SecretSpec = arg::body("spec", spec)?;
        created.put_handle(context.call_value(api::create(&spec))?.into());
        Ok(())
    })
}

/// Tells everything about a secret but its content (GET /secrets/{id}). Since API 1.25.
///
/// id: its id, its name or a beginning of its id, here and in the functions below.
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *secret has "/ID", "/Version/Index" and "/Spec"; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_secret_inspect(
    context: *const dockline_context,
    id: *const c_char,
    secret: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SecretInspect", error, || {
        let secret = arg::out("secret", secret)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        secret.put_handle(context.call_value(api::inspect(id))?.into());
        Ok(())
    })
}

/// Deletes a secret (DELETE /secrets/{id}). Since API 1.25.
///
/// Returns DOCKLINE_OK, DOCKLINE_BAD_REQUEST when a service uses it, or another negative
/// dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_secret_delete(
    context: *const dockline_context,
    id: *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SecretDelete", error, || {
        let context = self::context(context)?;
        Ok(context.secrets().delete(arg::text("id", id)?)?)
    })
}

/// Changes a secret: its labels, which is all that can be changed (POST /secrets/{id}/update).
/// dockline_secret_update_with() does the reading too. Since API 1.26.
///
/// Options: "version" (integer: "/Version/Index" of the secret as it was read; must be given).
/// spec: the whole "/Spec" as it was read, and changed. What the engine knows of it and this library
/// does not goes back with it.
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when it has changed since it was read, DOCKLINE_BAD_REQUEST
/// when anything else is changed, or another negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_secret_update(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    spec: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SecretUpdate", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: SecretUpdateOptions = arg::options(options)?;
        let spec: SecretSpec = arg::body("spec", spec)?;
        Ok(context.secrets().update(id, &options, &spec)?)
    })
}

/// Reads a secret's spec, lets change change it, and sends it back (POST /secrets/{id}/update); anew,
/// with another call of change, where it has changed in between, ten times at most. Since API
/// 1.26.
///
/// change: as for dockline_swarm_update_with().
///
/// Returns DOCKLINE_OK, DOCKLINE_STOPPED when change ended it, or a negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_secret_update_with(
    context: *const dockline_context,
    id: *const c_char,
    change: Option<
        unsafe extern "C" fn(user_data: *mut c_void, spec: *mut dockline_value) -> c_int,
    >,
    user_data: *mut c_void,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SecretUpdate", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let result = update::update_with(
            change,
            user_data,
            "",
            || context.call_value(api::inspect(id)),
            |version, spec: SecretSpec| {
                context.secrets().update(id, &SecretUpdateOptions { version }, &spec)
            },
        );
        result.map(update::status)
    })
}
