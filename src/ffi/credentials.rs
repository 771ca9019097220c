//! Registry credentials
//!
//! The credentials that the docker command stores: lookup, login and logout. Pull, push and
//! build find them by themselves, see CREDENTIALS at the top.

use std::ffi::{c_char, c_int};

use super::arg;
use super::context::{context, dockline_context};
use super::failure::dockline_error;
use super::guard::guard;
use super::json::dockline_value;
use crate::model::AuthConfig;

/// Finds the credentials for an image's registry.
///
/// Calls find them by themselves: this is for programs that show them. The result is what
/// calls about this image, or about a plugin of this name, send without "X-Registry-Auth".
///
/// If "credentials" of dockline_context_open() is "user", they are those of the docker
/// command. It reads the variable DOCKER_AUTH_CONFIG, then "auths", "credHelpers" and
/// "credsStore" of config.json in the directory DOCKER_CONFIG, by default .docker in the home
/// directory, and runs the helper programs docker-credential-NAME that it names. They are
/// looked up again for each call.
///
/// image: an image reference, such as "registry.example.com:5000/team/app:1.2".
/// found: receives an object with "/Registry" (string: the host of the registry, or
/// https://index.docker.io/v1/ for Docker Hub), "/Auth" (object: an AuthConfig with
/// "username", secrets and so on; null if calls are anonymous) and "/Notes" (array of strings:
/// problems during the lookup); free it with dockline_value_free(), which wipes it.
///
/// Returns DOCKLINE_OK; DOCKLINE_CANCELLED or DOCKLINE_TIMEOUT while a helper runs; or another
/// negative status. All other problems with credentials are notes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_credentials_find(
    context: *const dockline_context,
    image: *const c_char,
    found: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("Credentials", error, || {
        let found = arg::out("found", found)?;
        let context = self::context(context)?;
        let image = arg::text("image", image)?;
        found.put_handle(arg::to_value(&context.credentials().find(image)?)?);
        Ok(())
    })
}

/// Checks registry credentials and stores them.
///
/// POST /auth. They are stored as by "docker login": with the helper program that config.json
/// names, or else in that file. An identity token from the registry replaces the password.
///
/// credentials: as for dockline_system_auth(), which does not store them.
/// login: receives an object with "/Status" (string, such as "Login Succeeded") and "/Store"
/// (string: the file, or the name of the helper program); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_UNAUTHORIZED if the registry rejects the credentials;
/// DOCKLINE_ENGINE if the registry cannot be reached; DOCKLINE_IO if they cannot be stored;
/// DOCKLINE_INVALID_ARGUMENT if config.json is malformed, or if "credentials" of
/// dockline_context_open() is not "user"; or another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_credentials_login(
    context: *const dockline_context,
    credentials: *const dockline_value,
    login: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SystemAuth", error, || {
        let login = arg::out("login", login)?;
        let context = self::context(context)?;
        let credentials: AuthConfig = arg::body("credentials", credentials)?;
        login.put_handle(arg::to_value(&context.credentials().login(&credentials)?)?);
        Ok(())
    })
}

/// Removes the stored credentials for a registry.
///
/// They are removed from the helper program and from config.json, as by "docker logout". The
/// registry is not contacted.
///
/// registry: the host of the registry, with its port if it has one; NULL for Docker Hub.
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_MODIFIED if none were stored; DOCKLINE_IO if they cannot
/// be removed; or another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_credentials_logout(
    context: *const dockline_context,
    registry: *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("Credentials", error, || {
        let context = self::context(context)?;
        let registry = arg::optional_text("registry", registry)?.unwrap_or_default();
        Ok(context.credentials().logout(registry)?)
    })
}
