use std::ffi::{c_char, c_int};

use super::arg;
use super::context::{context, dockline_context};
use super::failure::dockline_error;
use super::guard::guard;
use super::json::dockline_value;
use crate::model::AuthConfig;

/// Tells what calls about this image send, or about a plugin of this name, without credentials of
/// their own. Calls to registries find the credentials they need by themselves: this is for programs
/// that show them.
///
/// With "credentials" of dockline_context_open() at "user", these are the ones that the docker command
/// has: in DOCKER_AUTH_CONFIG; in "auths", "credHelpers" and "credsStore" of config.json, which is in
/// the directory that DOCKER_CONFIG names, or else in .docker in the home directory; and with the helper
/// programs docker-credential-NAME that it names. They are looked up anew for each call.
///
/// image: a reference, such as "registry.example.com:5000/team/app:1.2".
///
/// Returns DOCKLINE_OK, or DOCKLINE_CANCELLED or DOCKLINE_TIMEOUT while a helper is at work; whatever
/// else goes wrong is a note.
/// *found has "/Registry" (text: the host of the registry, or https://index.docker.io/v1/ for Docker
/// Hub), "/Auth" (object with "/Auth/username" and so on, with the secrets in it; or null, when calls
/// are anonymous) and "/Notes" (array of texts: what went wrong on the way). Free it with
/// dockline_value_free(), which wipes it.
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

/// Asks a registry whether it accepts these credentials (POST /auth), and keeps them where the docker
/// command keeps them, as docker login does: with the helper that config.json names, or else in that
/// file. An identity token that the registry returns takes the place of the password.
///
/// credentials: as for dockline_system_auth(), which only asks.
///
/// Returns DOCKLINE_OK, DOCKLINE_UNAUTHORIZED when the registry does not accept them, DOCKLINE_ENGINE
/// when it cannot be reached, DOCKLINE_IO when they cannot be stored, DOCKLINE_INVALID_ARGUMENT when
/// config.json is broken or "credentials" of dockline_context_open() is not "user", or another negative
/// dockline_status.
/// *login has "/Status" (text, such as "Login Succeeded") and "/Store" (text: the file, or the name of
/// the helper program); free it with dockline_value_free().
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

/// Forgets the credentials for a registry, as docker logout does: both the helper and config.json. The
/// registry is not asked.
///
/// registry: its host, with its port where it has one; NULL for Docker Hub.
///
/// Returns DOCKLINE_OK, DOCKLINE_NOT_MODIFIED when there were none, DOCKLINE_IO when they cannot be
/// erased, or another negative dockline_status.
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
