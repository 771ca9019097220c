//! The machines of the cluster.

use super::update::update_with;
use crate::codec::{JsonBody, JsonType, options};
use crate::model::{Node, NodeSpec};
use crate::request::Request;
use crate::{Context, Filters, Result};

/// Calls about the machines of the cluster; from [`Context::nodes`]. They are for managers, see
/// [`Swarm`](crate::Swarm).
///
/// Wherever a node is named, its id, a beginning of its id, the name of its machine or `self` will
/// do.
///
/// ```no_run
/// use dockline::{Context, model::NodeAvailability};
/// let docker = Context::from_env()?;
/// for node in docker.nodes().list(&Default::default())? {
///     println!("{}  {}  {}", node.id, node.description.hostname, node.status.state);
/// }
/// docker.nodes().update_with("machine-2", |spec| spec.availability = NodeAvailability::Drain)?;
/// # Ok::<(), dockline::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Nodes<'a> {
    context: &'a Context,
}

impl Context {
    /// Calls about the machines of the cluster.
    pub fn nodes(&self) -> Nodes<'_> {
        Nodes { context: self }
    }
}

options! {
    /// Options of [`Nodes::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct NodeListOptions {
        /// Which, by `engine.label`, `id`, `label`, `membership`, `name`, `node.label`, `role`.
        pub filters: Filters = json "filters",
    }
}

options! {
    /// Options of [`Nodes::delete`].
    #[derive(Clone, Copy, Default, PartialEq, Eq)]
    pub struct NodeDeleteOptions {
        /// Also where it is not down. It does not hear of it.
        pub force: bool = query "force",
    }
}

options! {
    /// Options of [`Nodes::update`].
    #[derive(Clone, Copy, Default, PartialEq, Eq)]
    pub struct NodeUpdateOptions {
        /// The `version.index` of the node as it was read.
        pub version: u64 = always "version",
    }
}

/// `GET /nodes`
pub(crate) fn list(options: &NodeListOptions) -> Request<Vec<Node>> {
    Request::new("NodeList", "GET", "/nodes").options(options).returning()
}

/// `GET /nodes/{id}`
pub(crate) fn inspect(id: &str) -> Request<Node> {
    Request::on("NodeInspect", "GET", "/nodes/{}", id).returning()
}

/// `DELETE /nodes/{id}`
pub(crate) fn delete(id: &str, options: &NodeDeleteOptions) -> Request<()> {
    Request::on("NodeDelete", "DELETE", "/nodes/{}", id).options(options)
}

/// `POST /nodes/{id}/update`
pub(crate) fn update(id: &str, options: &NodeUpdateOptions, spec: &dyn JsonBody) -> Request<()> {
    Request::on("NodeUpdate", "POST", "/nodes/{}/update", id).options(options).json(spec)
}

impl Nodes<'_> {
    /// As [`list`](Nodes::list), of which the library reads only what a `T` has.
    pub(crate) fn list_as<T: JsonType>(&self, options: &NodeListOptions) -> Result<Vec<T>> {
        self.context.call(list(options).reading())
    }

    /// Lists the machines of the cluster (`GET /nodes`).
    pub fn list(&self, options: &NodeListOptions) -> Result<Vec<Node>> {
        self.context.call(list(options))
    }

    /// Tells everything about a node (`GET /nodes/{id}`).
    pub fn inspect(&self, id: &str) -> Result<Node> {
        self.context.call(inspect(id))
    }

    /// Deletes a node that is down (`DELETE /nodes/{id}`), such as one that has left.
    ///
    /// # Errors
    /// [`Error::BadRequest`](crate::Error::BadRequest) or, from some engines,
    /// [`Error::Engine`](crate::Error::Engine) when it is not down and `force` is off, and when it
    /// is a manager: demote it first.
    pub fn delete(&self, id: &str, options: &NodeDeleteOptions) -> Result<()> {
        self.context.call_outcome(delete(id, options)).map(drop)
    }

    /// Changes a node (`POST /nodes/{id}/update`): send its spec whole, as read and changed.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when it has changed since it was read, which
    /// nodes also do by themselves; [`update_with`](Nodes::update_with) then starts over.
    pub fn update(&self, id: &str, options: &NodeUpdateOptions, spec: &NodeSpec) -> Result<()> {
        self.context.call_outcome(update(id, options, spec)).map(drop)
    }

    /// Reads a node's spec, lets `change` change it, and sends it back (`POST /nodes/{id}/update`);
    /// anew where it has changed in between, ten times at most.
    ///
    /// To promote a node set its `role` to [`NodeRole::Manager`](crate::model::NodeRole::Manager).
    pub fn update_with(&self, id: &str, change: impl FnMut(&mut NodeSpec)) -> Result<()> {
        update_with(
            || current(self.context, id),
            change,
            |version, spec| {
                let options = NodeUpdateOptions { version };
                self.context.call_outcome(update(id, &options, &spec)).map(drop)
            },
        )
    }
}

fn current(context: &Context, id: &str) -> Result<(u64, NodeSpec)> {
    let node = context.call(inspect(id))?;
    Ok((node.version.index, node.spec))
}
