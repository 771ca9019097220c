//! Secrets
//!
//! Swarm managers store secrets, and only tasks that were given a secret can read its data.
//! The functions fail with DOCKLINE_NO_SWARM or DOCKLINE_NOT_MANAGER if the engine is not a
//! swarm manager.

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

/// Lists secrets.
///
/// GET /secrets. Since API 1.25. The data of secrets is not returned.
///
/// options:
/// list: receives an array of objects (Secret); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
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

/// Creates a secret.
///
/// POST /secrets/create. Since API 1.25. The callback of dockline_context_on_result() receives
/// [redacted] in place of the data.
///
/// spec: "Name" (string, required), "Data" (string: the data in base64, at most 500 KB),
/// "Labels" (object of strings), "Driver" and "Templating" (objects with "Name" and
/// "Options").
/// created: receives an object with "ID"; free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the name is in use; or another negative status.
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

/// Inspects a secret.
///
/// GET /secrets/{id}. Since API 1.25. The data of the secret is not returned.
///
/// id: ID, name or ID prefix of the secret.
/// secret: receives an object with "ID", "Version" and "Spec"; free it with
/// dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the secret does not exist; or another negative
/// status.
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

/// Removes a secret.
///
/// DELETE /secrets/{id}. Since API 1.25.
///
/// id: ID, name or ID prefix of the secret.
///
/// Returns DOCKLINE_OK; DOCKLINE_BAD_REQUEST if a service uses the secret; or another negative
/// status.
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

/// Changes the labels of a secret.
///
/// POST /secrets/{id}/update. Since API 1.26. The engine accepts no other changes.
/// dockline_secret_update_with() also reads the secret and retries on conflicts.
///
/// id: ID, name or ID prefix of the secret.
/// options: "version" is required: "/Version/Index" of the secret as it was read.
/// spec: the whole "/Spec" of the secret as it was read, with the changes. Fields that are
/// unknown to this library are sent back unchanged. Required.
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the secret has changed since it was read;
/// DOCKLINE_BAD_REQUEST if anything except the labels is changed; or another negative status.
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

/// Changes a secret by a callback.
///
/// GET /secrets/{id} and POST /secrets/{id}/update. Since API 1.26. Reads the secret, calls
/// change with its "/Spec" and sends the result. If the secret has changed in the meantime,
/// this is repeated, up to ten times.
///
/// id: ID, name or ID prefix of the secret.
/// change: called with the spec on the calling thread, possibly several times. It changes the
/// spec in place with dockline_value_set_string() and similar functions. The spec is valid
/// during the call and must not be freed. Return 0 to send it, or another value to stop; then
/// nothing is sent. The callback may call this library; it must not leave by longjmp() or an
/// exception.
///
/// Returns DOCKLINE_OK; DOCKLINE_STOPPED if change returned a value other than 0; or a
/// negative status.
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
