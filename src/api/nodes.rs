//! Nodes of the swarm.

use super::update::update_with;
use crate::codec::{JsonBody, JsonType, options};
use crate::model::{Node, NodeSpec};
use crate::request::Request;
use crate::{Context, Filters, Result};

/// Operations on nodes of the swarm; from [`Context::nodes`].
///
/// They require a manager, see [`Swarm`](crate::Swarm). The `id` parameters accept an ID, a unique
/// prefix of an ID, a host name or `self`.
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
    /// Returns the operations on nodes.
    pub fn nodes(&self) -> Nodes<'_> {
        Nodes { context: self }
    }
}

options! {
    /// Options of [`Nodes::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct NodeListOptions {
        /// Return only nodes that match these filters: `engine.label`, `id`, `label`, `membership`,
        /// `name`, `node.label`, `role`.
        pub filters: Filters = json "filters",
    }
}

options! {
    /// Options of [`Nodes::delete`].
    #[derive(Clone, Copy, Default, PartialEq, Eq)]
    pub struct NodeDeleteOptions {
        /// Delete the node even if it is not down. The node itself is not notified.
        pub force: bool = query "force",
    }
}

options! {
    /// Options of [`Nodes::update`].
    #[derive(Clone, Copy, Default, PartialEq, Eq)]
    pub struct NodeUpdateOptions {
        /// Version of the node to replace: its `Version.Index` when it was read. Required.
        pub version: u64 = always "version",
    }
}

pub(crate) fn list(options: &NodeListOptions) -> Request<Vec<Node>> {
    Request::new("NodeList", "GET", "/nodes").options(options).returning()
}

pub(crate) fn inspect(id: &str) -> Request<Node> {
    Request::on("NodeInspect", "GET", "/nodes/{}", id).returning()
}

pub(crate) fn delete(id: &str, options: &NodeDeleteOptions) -> Request<()> {
    Request::on("NodeDelete", "DELETE", "/nodes/{}", id).options(options)
}

pub(crate) fn update(id: &str, options: &NodeUpdateOptions, spec: &dyn JsonBody) -> Request<()> {
    Request::on("NodeUpdate", "POST", "/nodes/{}/update", id).options(options).json(spec)
}

impl Nodes<'_> {
    /// As [`list`](Nodes::list), but reads only the fields of `T`.
    pub(crate) fn list_as<T: JsonType>(&self, options: &NodeListOptions) -> Result<Vec<T>> {
        self.context.call(list(options).returning())
    }

    /// Lists the nodes of the swarm.
    ///
    /// `GET /nodes`.
    pub fn list(&self, options: &NodeListOptions) -> Result<Vec<Node>> {
        self.context.call(list(options))
    }

    /// Returns the details of a node.
    ///
    /// `GET /nodes/{id}`.
    pub fn inspect(&self, id: &str) -> Result<Node> {
        self.context.call(inspect(id))
    }

    /// Deletes a node that is down.
    ///
    /// `DELETE /nodes/{id}`. A node that has left the swarm is down.
    ///
    /// # Errors
    /// Fails with [`Error::BadRequest`](crate::Error::BadRequest), or
    /// [`Error::Engine`](crate::Error::Engine) from some engines, if the node is not down and
    /// `force` is not set, or if it is a manager. Demote a manager first.
    pub fn delete(&self, id: &str, options: &NodeDeleteOptions) -> Result<()> {
        self.context.call_outcome(delete(id, options)).map(drop)
    }

    /// Updates a node.
    ///
    /// `POST /nodes/{id}/update`. Replaces the whole spec: send the spec that was read, with the
    /// changes applied.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`](crate::Error::Conflict) if the node has changed since it was
    /// read. Nodes also change by themselves; [`update_with`](Nodes::update_with) retries.
    pub fn update(&self, id: &str, options: &NodeUpdateOptions, spec: &NodeSpec) -> Result<()> {
        self.context.call_outcome(update(id, options, spec)).map(drop)
    }

    /// Reads the spec of a node, applies `change` and updates the node.
    ///
    /// `GET /nodes/{id}` and `POST /nodes/{id}/update`. Retries if the node has changed in between,
    /// up to ten attempts.
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
