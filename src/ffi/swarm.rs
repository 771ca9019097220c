//! Swarm
//!
//! dockline_swarm_init() creates a swarm, dockline_swarm_join() adds an engine to it.
//!
//! All functions for swarms, nodes, services, tasks, secrets and configs require a manager,
//! except dockline_swarm_init(), dockline_swarm_join(), dockline_swarm_leave() and
//! dockline_swarm_unlock(). On other engines they fail with DOCKLINE_NO_SWARM,
//! DOCKLINE_NOT_MANAGER or DOCKLINE_SWARM_LOCKED.

use std::ffi::{c_int, c_void};

use super::arg;
use super::context::{context, dockline_context};
use super::failure::dockline_error;
use super::guard::guard;
use super::json::dockline_value;
use super::update;
use crate::api::swarm as api;
use crate::model::{SwarmInitRequest, SwarmJoinRequest, SwarmSpec, SwarmUnlockRequest};
use crate::{SwarmLeaveOptions, SwarmUpdateOptions};

/// Inspects the swarm.
///
/// GET /swarm. The join tokens are secrets.
///
/// swarm: receives an object with "ID", "Spec", "JoinTokens" and so on; "/JoinTokens/Worker"
/// and "/JoinTokens/Manager" are the tokens for dockline_swarm_join(). Free it with
/// dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_swarm_inspect(
    context: *const dockline_context,
    swarm: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SwarmInspect", error, || {
        let swarm = arg::out("swarm", swarm)?;
        let context = self::context(context)?;
        swarm.put_handle(context.call_value(api::inspect())?.into());
        Ok(())
    })
}

/// Creates a swarm with this engine as a manager.
///
/// POST /swarm/init.
///
/// body: the configuration: "ListenAddr" (string, by default "0.0.0.0:2377"), "AdvertiseAddr"
/// (string, required if the engine has several addresses), "Spec" (SwarmSpec) and so on. May
/// be NULL.
/// node: receives the ID of the engine's node, a string; free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_UNAVAILABLE if the engine is already part of a swarm; or
/// another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_swarm_init(
    context: *const dockline_context,
    body: *const dockline_value,
    node: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SwarmInit", error, || {
        let node = arg::out("node", node)?;
        let context = self::context(context)?;
        let body: SwarmInitRequest = arg::optional_body("body", body)?;
        node.put_handle(context.call_value(api::init(&body))?.into());
        Ok(())
    })
}

/// Joins the engine to a swarm.
///
/// POST /swarm/join. The function returns when the engine has joined.
///
/// body: "RemoteAddrs" (array of strings: addresses of managers, required), "JoinToken"
/// (string, required: it decides whether the engine becomes a worker or a manager),
/// "ListenAddr" (string, by default "0.0.0.0:2377"), "AdvertiseAddr", "DataPathAddr" and
/// "Availability" (strings).
///
/// Returns DOCKLINE_OK; DOCKLINE_UNAVAILABLE if the engine is already part of a swarm, or if
/// it has not joined within 20 seconds, in which case it continues to try; or another negative
/// status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_swarm_join(
    context: *const dockline_context,
    body: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SwarmJoin", error, || {
        let context = self::context(context)?;
        let body: SwarmJoinRequest = arg::body("body", body)?;
        Ok(context.swarm().join(&body)?)
    })
}

/// Removes the engine from its swarm.
///
/// POST /swarm/leave. The containers of the engine's tasks are removed. Managers list its node
/// as down until dockline_node_delete() removes it.
///
/// options: if the last manager leaves with "force", the swarm is lost.
///
/// Returns DOCKLINE_OK; DOCKLINE_NO_SWARM if the engine is not part of a swarm;
/// DOCKLINE_UNAVAILABLE if it is a manager and "force" is not set; or another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_swarm_leave(
    context: *const dockline_context,
    options: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SwarmLeave", error, || {
        let context = self::context(context)?;
        let options: SwarmLeaveOptions = arg::options(options)?;
        Ok(context.swarm().leave(&options)?)
    })
}

/// Changes the swarm.
///
/// POST /swarm/update. dockline_swarm_update_with() also reads the swarm and retries on
/// conflicts.
///
/// options: "version" is required: "/Version/Index" of the swarm as it was read.
/// spec: the whole "/Spec" of the swarm as it was read, with the changes. Fields that are
/// unknown to this library are sent back unchanged. Required.
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if another client has changed the swarm since it was
/// read; or another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_swarm_update(
    context: *const dockline_context,
    options: *const dockline_value,
    spec: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SwarmUpdate", error, || {
        let context = self::context(context)?;
        let options: SwarmUpdateOptions = arg::options(options)?;
        let spec: SwarmSpec = arg::body("spec", spec)?;
        Ok(context.swarm().update(&options, &spec)?)
    })
}

/// Changes the swarm by a callback.
///
/// GET /swarm and POST /swarm/update. Reads the swarm, calls change with its "/Spec" and sends
/// the result. If the swarm has changed in the meantime, this is repeated, up to ten times.
///
/// options: as for dockline_swarm_update(), except that "version" is set by this function.
/// change: called with the spec on the calling thread, possibly several times. It changes the
/// spec in place with dockline_value_set_string() and similar functions. The spec is valid
/// during the call and must not be freed. Return 0 to send it, or another value to stop; then
/// nothing is sent. The callback may call this library; it must not leave by longjmp() or an
/// exception.
///
/// Returns DOCKLINE_OK; DOCKLINE_STOPPED if change returned a value other than 0; or a
/// negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_swarm_update_with(
    context: *const dockline_context,
    options: *const dockline_value,
    change: Option<
        unsafe extern "C" fn(user_data: *mut c_void, spec: *mut dockline_value) -> c_int,
    >,
    user_data: *mut c_void,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SwarmUpdate", error, || {
        let context = self::context(context)?;
        let options: SwarmUpdateOptions = arg::options(options)?;
        let result = update::update_with(
            change,
            user_data,
            "",
            || context.call_value(api::inspect()),
            |version, spec: SwarmSpec| {
                context.swarm().update(&SwarmUpdateOptions { version, ..options }, &spec)
            },
        );
        result.map(update::status)
    })
}

/// Returns the key that unlocks managers.
///
/// GET /swarm/unlockkey. Since API 1.25. Managers need the key after a restart if autolock is
/// enabled. The key is a secret.
///
/// key: receives an object with "UnlockKey" (string, empty if autolock is disabled); free it
/// with dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_swarm_unlockkey(
    context: *const dockline_context,
    key: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SwarmUnlockkey", error, || {
        let key = arg::out("key", key)?;
        let context = self::context(context)?;
        key.put_handle(context.call_value(api::unlockkey())?.into());
        Ok(())
    })
}

/// Unlocks a manager after its restart.
///
/// POST /swarm/unlock. Since API 1.25.
///
/// body: "UnlockKey" (string, required), as returned by dockline_swarm_unlockkey().
///
/// Returns DOCKLINE_OK; DOCKLINE_UNAUTHORIZED if the key is wrong; DOCKLINE_CONFLICT if the
/// manager is not locked; DOCKLINE_NO_SWARM if the engine is not part of a swarm; or another
/// negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_swarm_unlock(
    context: *const dockline_context,
    body: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("SwarmUnlock", error, || {
        let context = self::context(context)?;
        let body: SwarmUnlockRequest = arg::body("body", body)?;
        Ok(context.swarm().unlock(&body)?)
    })
}
