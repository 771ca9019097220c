//! Nodes
//!
//! Nodes are the engines of a swarm. The functions require a swarm manager.

use std::ffi::{c_char, c_int, c_void};

use super::arg;
use super::context::{context, dockline_context};
use super::failure::dockline_error;
use super::guard::guard;
use super::json::dockline_value;
use super::update;
use crate::api::nodes as api;
use crate::model::NodeSpec;
use crate::{NodeDeleteOptions, NodeListOptions, NodeUpdateOptions};

/// Lists the nodes of the swarm.
///
/// GET /nodes.
///
/// options:
/// list: receives an array of objects (Node); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK, or a negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_node_list(
    context: *const dockline_context,
    options: *const dockline_value,
    list: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("NodeList", error, || {
        let list = arg::out("list", list)?;
        let context = self::context(context)?;
        let options: NodeListOptions = arg::options(options)?;
        list.put_handle(context.call_value(api::list(&options))?.into());
        Ok(())
    })
}

/// Inspects a node.
///
/// GET /nodes/{id}.
///
/// id: ID, ID prefix or hostname of the node, or "self".
/// node: receives an object (Node); free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND if the node does not exist; or another negative
/// status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_node_inspect(
    context: *const dockline_context,
    id: *const c_char,
    node: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("NodeInspect", error, || {
        let node = arg::out("node", node)?;
        let context = self::context(context)?;
        node.put_handle(context.call_value(api::inspect(arg::text("id", id)?))?.into());
        Ok(())
    })
}

/// Removes a node from the swarm.
///
/// DELETE /nodes/{id}. The node must be down, for example because it has left the swarm. A
/// manager must be demoted first.
///
/// id: ID, ID prefix or hostname of the node.
/// options: a node that is removed with "force" is not notified.
///
/// Returns DOCKLINE_OK; DOCKLINE_BAD_REQUEST, or DOCKLINE_ENGINE from some engines, if the
/// node is a manager, or if it is not down and "force" is not set; or another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_node_delete(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("NodeDelete", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: NodeDeleteOptions = arg::options(options)?;
        Ok(context.nodes().delete(id, &options)?)
    })
}

/// Changes a node.
///
/// POST /nodes/{id}/update. dockline_node_update_with() also reads the node and retries on
/// conflicts.
///
/// id: ID, ID prefix or hostname of the node, or "self".
/// options: "version" is required: "/Version/Index" of the node as it was read.
/// spec: the whole "/Spec" of the node as it was read, with the changes. Fields that are
/// unknown to this library are sent back unchanged. "Role" is "worker" or "manager",
/// "Availability" is "active", "pause" or "drain". Required.
///
/// Returns DOCKLINE_OK; DOCKLINE_CONFLICT if the node has changed since it was read, which
/// also happens without another client; or another negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_node_update(
    context: *const dockline_context,
    id: *const c_char,
    options: *const dockline_value,
    spec: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("NodeUpdate", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let options: NodeUpdateOptions = arg::options(options)?;
        let spec = arg::given::<NodeSpec>("spec", spec)?;
        Ok(context.call_outcome(api::update(id, &options, &spec)).map(drop)?)
    })
}

/// Changes a node by a callback.
///
/// GET /nodes/{id} and POST /nodes/{id}/update. Reads the node, calls change with its "/Spec"
/// and sends the result. If the node has changed in the meantime, this is repeated, up to ten
/// times.
///
/// id: ID, ID prefix or hostname of the node, or "self".
/// change: called with the spec on the calling thread, possibly several times. It changes the
/// spec in place with dockline_value_set_string() and similar functions. The spec is valid
/// during the call and must not be freed. Return 0 to send it, or another value to stop; then
/// nothing is sent. The callback may call this library; it must not leave by longjmp() or an
/// exception.
///
/// Returns DOCKLINE_OK; DOCKLINE_STOPPED if change returned a value other than 0; or a
/// negative status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_node_update_with(
    context: *const dockline_context,
    id: *const c_char,
    change: Option<
        unsafe extern "C" fn(user_data: *mut c_void, spec: *mut dockline_value) -> c_int,
    >,
    user_data: *mut c_void,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("NodeUpdate", error, || {
        let context = self::context(context)?;
        let id = arg::text("id", id)?;
        let result = update::update_with(
            change,
            user_data,
            "",
            || context.call_value(api::inspect(id)),
            |version, spec: NodeSpec| {
                context.nodes().update(id, &NodeUpdateOptions { version }, &spec)
            },
        );
        result.map(update::status)
    })
}
