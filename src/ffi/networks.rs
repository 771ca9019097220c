use std::ffi::{c_char, c_int};

use super::arg;
use super::context::{context, dockline_context};
use super::failure::dockline_error;
use super::guard::guard;
use super::json::dockline_value;
use crate::api::networks as api;
use crate::model::{NetworkConnectRequest, NetworkCreateRequest, NetworkDisconnectRequest};
use crate::{NetworkInspectOptions, NetworkListOptions, NetworkPruneOptions};

/// Lists networks, without the containers in them: those are told by dockline_network_inspect()
/// (GET /networks).
///
/// Options: "filters" (object: "dangling", "driver", "id", "label", "name", "scope", "type").
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *list is an array of objects; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_network_list(
    context: *const dockline_context,
    options: *const dockline_value,
    list: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("NetworkList", error, || {
        let list = arg::out("list", list)?;
        let context = self::context(context)?;
        let options: NetworkListOptions = arg::options(options)?;
        list.put_handle(context.call_value(api::list(&options))?.into());
        Ok(())
    })
}

/// Tells everything about a network (GET /networks/{id}).
///
/// id: its name, its id or a beginning of its id, here and in all other functions. Names need not
/// be
/// unique: one that fits several networks is refused, and then the id is needed.
/// Options: "verbose" (boolean: also the services in it and their tasks on other machines), "scope"
/// (text: only a network that reaches so far, "local", "swarm" or "global").
///
/// Returns DOCKLINE_OK, DOCKLINE_BAD_REQUEST when several networks have this name or an id that
/// begins so, or another negative dockline_status. Free *network with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_network_inspect(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    network: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("NetworkInspect", error, || {
        let network = arg::out("network", network)?;
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: NetworkInspectOptions = arg::options(options)?;
        network.put_handle(context.call_value(api::inspect(id, &options))?.into());
        Ok(())
    })
}

/// Deletes a network (DELETE /networks/{id}).
///
/// Returns DOCKLINE_OK, DOCKLINE_FORBIDDEN when it is one of the engine's own or a container is in
/// it, or another negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_network_delete(
    context: *const dockline_context,
    id: *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("NetworkDelete", error, || {
        let context = self::context(context)?;
        Ok(context.networks().delete(arg::text("id", id)?)?)
    })
}

/// Makes a network (POST /networks/create).
///
/// body: "Name" (must be given), "Driver", "Internal", "IPAM", "EnableIPv6", "Options", "Labels"
/// and so on, as the Engine API defines them. A field that does not exist, or that this engine does
/// not know yet, is an error before anything is sent. Below API 1.44 a name that is taken is
/// refused only with "CheckDuplicate".
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT when the name is taken; DOCKLINE_FORBIDDEN when it is one
/// of the engine's own, when its addresses overlap those of another network, or when it is to reach
/// over a swarm that is not there, with some engines before API 1.44 also when the name is taken;
/// or another negative dockline_status.
/// *created has "/Id" and "/Warning"; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_network_create(
    context: *const dockline_context,
    body: *const dockline_value,
    created: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("NetworkCreate", error, || {
        let created = arg::out("created", created)?;
        let context = self::context(context)?;
        let body = arg::given::<NetworkCreateRequest>("body", body)?;
        created.put_handle(context.call_value(api::create(&body))?.into());
        Ok(())
    })
}

/// Lets a container join a network (POST /networks/{id}/connect).
///
/// body: "Container" (text: its id or name; must be given), "EndpointConfig" (object: "Aliases",
/// "IPAMConfig" and so on).
///
/// Returns DOCKLINE_OK, DOCKLINE_FORBIDDEN when it is in it already, or another negative
/// dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_network_connect(
    context: *const dockline_context,
    id: *const c_char,
    body: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("NetworkConnect", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let body = arg::given::<NetworkConnectRequest>("body", body)?;
        Ok(context.call_outcome(api::connect(id, &body)).map(drop)?)
    })
}

/// Lets a container leave a network (POST /networks/{id}/disconnect).
///
/// body: "Container" (text: its id or name; must be given), "Force" (boolean: also when it cannot
/// be reached).
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_network_disconnect(
    context: *const dockline_context,
    id: *const c_char,
    body: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("NetworkDisconnect", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let body = arg::given::<NetworkDisconnectRequest>("body", body)?;
        Ok(context.call_outcome(api::disconnect(id, &body)).map(drop)?)
    })
}

/// Deletes the networks that no container is in, but for the engine's own and those that reach over
/// a swarm's other machines (POST /networks/prune). Since API 1.25.
///
/// Options: "filters" (object: "label", "label!", "until").
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT while another prune is under way, or another negative
/// dockline_status.
/// *pruned has "/NetworksDeleted" (array of names, or null); free it with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_network_prune(
    context: *const dockline_context,
    options: *const dockline_value,
    pruned: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("NetworkPrune", error, || {
        let pruned = arg::out("pruned", pruned)?;
        let context = self::context(context)?;
        let options: NetworkPruneOptions = arg::options(options)?;
        pruned.put_handle(context.call_value(api::prune(&options))?.into());
        Ok(())
    })
}
