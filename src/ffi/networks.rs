//! Networks
//!
//! A network is named by its name, its ID or an ID prefix. Names need not be unique. If a name
//! matches several networks, the call fails and the ID is required.

use std::ffi::{c_char, c_int};

use super::arg;
use super::context::{context, dockline_context};
use super::failure::dockline_error;
use super::guard::guard;
use super::json::dockline_value;
use crate::api::networks as api;
use crate::model::{NetworkConnectRequest, NetworkCreateRequest, NetworkDisconnectRequest};
use crate::{NetworkInspectOptions, NetworkListOptions, NetworkPruneOptions};

/// Lists networks.
///
/// GET /networks. The containers in a network are listed by dockline_network_inspect() only.
///
/// options:
/// list: receives an array of objects; free it with dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
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

/// Inspects a network.
///
/// GET /networks/{id}.
///
/// id: name, ID or ID prefix of the network.
/// options:
/// network: receives an object with "Id", "Name", "Driver", "Containers" and so on; free it
/// with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the network does not exist; DOCKLINE_BAD_REQUEST
/// if id matches the names or ID prefixes of several networks; or another negative status.
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

/// Removes a network.
///
/// DELETE /networks/{id}.
///
/// id: name, ID or ID prefix of the network.
///
/// Returns DOCKLINE_OK; DOCKLINE_FORBIDDEN if the network is predefined by the engine or has
/// containers; or another negative status.
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

/// Creates a network.
///
/// POST /networks/create. Before API 1.44, a name that is in use is rejected only if
/// "CheckDuplicate" is set.
///
/// body: the configuration (NetworkCreateRequest): "Name", "Driver", "Internal", "IPAM",
/// "EnableIPv6", "Options", "Labels" and so on. "Name" is required.
/// created: receives an object with "Id" and "Warning"; free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the name is in use; DOCKLINE_FORBIDDEN if the
/// name is predefined by the engine, if the addresses overlap with another network, or if the
/// network requires a swarm and the engine is not part of one (some engines before API 1.44
/// also return it if the name is in use); or another negative status. Fields that do not
/// exist, or that the engine's API version does not support, fail with
/// DOCKLINE_INVALID_ARGUMENT or DOCKLINE_ENGINE_TOO_OLD before anything is sent.
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

/// Connects a container to a network.
///
/// POST /networks/{id}/connect.
///
/// id: name, ID or ID prefix of the network.
/// body: "Container" (string: name or ID of the container, required) and "EndpointConfig"
/// (object with "Aliases", "IPAMConfig" and so on).
///
/// Returns DOCKLINE_OK; DOCKLINE_FORBIDDEN if the container is already connected to the
/// network; or another negative status.
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

/// Disconnects a container from a network.
///
/// POST /networks/{id}/disconnect.
///
/// id: name, ID or ID prefix of the network.
/// body: "Container" (string: name or ID of the container, required) and "Force" (boolean:
/// disconnects the container even if it cannot be reached).
///
/// Returns DOCKLINE_OK, or a negative status.
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

/// Removes unused networks.
///
/// POST /networks/prune. Since API 1.25. Removes the networks without containers, except the
/// engine's predefined networks and networks that span other nodes of a swarm.
///
/// options:
/// pruned: receives an object with "NetworksDeleted" (array of names, or null); free it with
/// dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if another prune is in progress; or another negative
/// status.
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
