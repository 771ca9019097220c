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

/// Tells everything about the swarm, also what machines must show to join it: "/JoinTokens/Worker"
/// and "/JoinTokens/Manager", which are secrets (GET /swarm).
///
/// This and the other functions about swarms, nodes, services, tasks, secrets and configs are for
/// managers, but for dockline_swarm_init(), dockline_swarm_join(), dockline_swarm_leave() and
/// dockline_swarm_unlock(). Other engines fail them with DOCKLINE_NO_SWARM, DOCKLINE_NOT_MANAGER or
/// DOCKLINE_SWARM_LOCKED.
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *swarm with dockline_value_free().
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

/// Makes a swarm, of which this engine is the first manager (POST /swarm/init).
///
/// body: "ListenAddr" (text, "0.0.0.0:2377" unless given), "AdvertiseAddr" (text: must be given
/// where the engine has several addresses), "Spec" and so on, as the Engine API defines them; NULL
/// for none of them.
///
/// Returns DOCKLINE_OK, DOCKLINE_UNAVAILABLE when the engine is in a swarm already, or another
/// negative dockline_status.
/// *node is the id of its node, as text; free it with dockline_value_free().
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

/// Lets the engine join a swarm, and returns when it has (POST /swarm/join).
///
/// body: "RemoteAddrs" (array of text: managers of the swarm; must be given), "JoinToken" (text:
/// decides whether it joins as worker or manager; must be given), "ListenAddr" (text,
/// "0.0.0.0:2377" unless given), "AdvertiseAddr", "DataPathAddr", "Availability".
///
/// Returns DOCKLINE_OK; DOCKLINE_UNAVAILABLE when the engine is in a swarm already, or when it has
/// not joined within 20 seconds and goes on trying; or another negative dockline_status.
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

/// Lets the engine leave its swarm (POST /swarm/leave). The containers of its tasks are removed; the
/// managers see its node as down until it is deleted.
///
/// Options: "force" (boolean: also where it is a manager; if it is the last one the swarm is lost).
///
/// Returns DOCKLINE_OK, DOCKLINE_NO_SWARM when it is in none, DOCKLINE_UNAVAILABLE when it is a
/// manager and "force" is off, or another negative dockline_status.
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

/// Changes the swarm (POST /swarm/update). dockline_swarm_update_with() does the reading too.
///
/// Options: "version" (integer: "/Version/Index" of the swarm as it was read; must be given),
/// "rotateWorkerToken", "rotateManagerToken" (boolean: make a new token to join; who has the old one
/// can no longer join), "rotateManagerUnlockKey" (boolean: makes a new key that unlocks managers,
/// since API 1.25).
/// spec: "/Spec" of the swarm, read, changed and sent whole; what this library does not know of it
/// is kept.
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when somebody else has changed it since it was read, or
/// another negative dockline_status.
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

/// Reads the swarm's spec, lets change change it, and sends it back (POST /swarm/update); anew, with
/// another call of change, where somebody else was faster, ten times at most.
///
/// Options are those of dockline_swarm_update(), of which "version" is filled in.
/// change: gets user_data and the spec, to be changed in place by dockline_value_set_string() and the
/// like; the spec is not to be freed, and gone after the call. Returns 0, or something else to end
/// it, and nothing is sent. It may call this library, and must return, not jump out or throw.
///
/// Returns DOCKLINE_OK, DOCKLINE_STOPPED when change ended it, or a negative dockline_status.
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

/// Tells the key that unlocks managers after their start (GET /swarm/unlockkey). Since API 1.25.
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *key has "/UnlockKey", "" where managers are not locked; free it with dockline_value_free().
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

/// Unlocks this manager, which was started (POST /swarm/unlock). Since API 1.25.
///
/// body: "UnlockKey" (text; must be given).
///
/// Returns DOCKLINE_OK; DOCKLINE_UNAUTHORIZED when it is not the right key; DOCKLINE_CONFLICT when
/// the manager is not locked; DOCKLINE_NO_SWARM when it is in no swarm; or another negative
/// dockline_status.
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
