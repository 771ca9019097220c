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

/// Lists the machines of the swarm (GET /nodes).
///
/// Options: "filters" (object: "engine.label", "id", "label", "membership", "name", "node.label",
/// "role").
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// *list is an array of objects; free it with dockline_value_free().
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

/// Tells everything about a node (GET /nodes/{id}).
///
/// id: its id, a beginning of it, the name of its machine or "self", here and in all other
/// functions.
///
/// Returns DOCKLINE_OK, or a negative dockline_status. Free *node with dockline_value_free().
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

/// Deletes a node that is down, such as one that has left (DELETE /nodes/{id}).
///
/// Options: "force" (boolean: also where it is not down; it does not hear of it).
///
/// Returns DOCKLINE_OK; DOCKLINE_BAD_REQUEST or, with some engines, DOCKLINE_ENGINE when it is not
/// down and "force" is off, and when it is a manager, which has to be demoted first; or another
/// negative dockline_status.
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

/// Changes a node (POST /nodes/{id}/update). dockline_node_update_with() does the reading too.
///
/// Options: "version" (integer: "/Version/Index" of the node as it was read; must be given).
/// spec: "/Spec" of the node, read, changed and sent whole; what this library does not know of it
/// is kept. "Role" is "worker" or "manager", "Availability" is "active", "pause" or "drain".
///
/// Returns DOCKLINE_OK, DOCKLINE_CONFLICT when it has changed since it was read, which nodes also
/// do by themselves, or another negative dockline_status.
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

/// Reads a node's spec, lets change change it, and sends it back (POST /nodes/{id}/update); anew,
/// with another call of change, where it has changed in between, ten times at most.
///
/// change: as for dockline_swarm_update_with().
///
/// Returns DOCKLINE_OK, DOCKLINE_STOPPED when change ended it, or a negative dockline_status.
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
