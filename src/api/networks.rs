//! Networks.

use crate::codec::{JsonBody, options};
use crate::model::{
    NetworkConnectRequest, NetworkCreateRequest, NetworkCreateResponse, NetworkDisconnectRequest,
    NetworkInspect, NetworkPruneResponse, NetworkSummary,
};
use crate::request::{Request, ResponseTimeout};
use crate::{Context, Filters, Result};

/// Operations on networks; from [`Context::networks`].
///
/// The `id` parameters accept a network name or ID, or a unique prefix of the ID. Names need not be
/// unique: use the ID if a name is ambiguous.
///
#[doc = "```no_run"]
#[doc = include_str!("../../examples/resources/networks.rs")]
#[doc = "```"]
#[derive(Debug, Clone, Copy)]
pub struct Networks<'a> {
    context: &'a Context,
}

impl Context {
    /// Returns the operations on networks.
    pub fn networks(&self) -> Networks<'_> {
        Networks { context: self }
    }
}

options! {
    /// Options of [`Networks::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct NetworkListOptions {
        /// Return only networks that match these filters: `dangling`, `driver`, `id`, `label`,
        /// `name`, `scope`, `type`.
        pub filters: Filters = json "filters",
    }
}

options! {
    /// Options of [`Networks::inspect`].
    #[derive(Clone, Default, PartialEq)]
    pub struct NetworkInspectOptions {
        /// Return the services in the network and their tasks on other nodes. Since API 1.28.
        pub verbose: bool = query "verbose" since 28,
        /// Find only networks of this scope: `local`, `swarm` or `global`. Since API 1.31.
        pub scope: String = query "scope" since 31,
    }
}

options! {
    /// Options of [`Networks::prune`].
    #[derive(Clone, Default, PartialEq)]
    pub struct NetworkPruneOptions {
        /// Delete only networks that match these filters: `label`, `label!`, `until`.
        pub filters: Filters = json "filters",
    }
}

pub(crate) fn list(options: &NetworkListOptions) -> Request<Vec<NetworkSummary>> {
    Request::new("NetworkList", "GET", "/networks").options(options).returning()
}

pub(crate) fn inspect(id: &str, options: &NetworkInspectOptions) -> Request<NetworkInspect> {
    Request::on_network("NetworkInspect", "GET", "/networks/{}", id).options(options).returning()
}

pub(crate) fn delete(id: &str) -> Request<()> {
    Request::on_network("NetworkDelete", "DELETE", "/networks/{}", id)
}

pub(crate) fn create(body: &dyn JsonBody) -> Request<NetworkCreateResponse> {
    let mut request = Request::new("NetworkCreate", "POST", "/networks/create").json(body);
    if !body.has("Name") {
        request.wrong("the name of the network is empty");
    }
    request.returning()
}

pub(crate) fn connect(id: &str, body: &dyn JsonBody) -> Request<()> {
    let mut request = Request::on_network("NetworkConnect", "POST", "/networks/{}/connect", id)
        .json(body)
        .later(&[("EndpointConfig.MacAddress", 54)]);
    if !body.has("Container") {
        request.wrong("Container is empty: give a container name or ID");
    }
    request
}

pub(crate) fn disconnect(id: &str, body: &dyn JsonBody) -> Request<()> {
    let mut request =
        Request::on_network("NetworkDisconnect", "POST", "/networks/{}/disconnect", id).json(body);
    if !body.has("Container") {
        request.wrong("Container is empty: give a container name or ID");
    }
    request
}

pub(crate) fn prune(options: &NetworkPruneOptions) -> Request<NetworkPruneResponse> {
    Request::new("NetworkPrune", "POST", "/networks/prune")
        .since(25)
        .options(options)
        .response_timeout(ResponseTimeout::None)
        .returning()
}

impl Networks<'_> {
    /// Lists networks.
    ///
    /// `GET /networks`. The containers in a network are not included; use
    /// [`inspect`](Networks::inspect).
    pub fn list(&self, options: &NetworkListOptions) -> Result<Vec<NetworkSummary>> {
        self.context.call(list(options))
    }

    /// Returns the details of a network.
    ///
    /// `GET /networks/{id}`.
    ///
    /// # Errors
    /// Fails with [`Error::BadRequest`](crate::Error::BadRequest) if the name or ID prefix is
    /// ambiguous.
    pub fn inspect(&self, id: &str, options: &NetworkInspectOptions) -> Result<NetworkInspect> {
        self.context.call(inspect(id, options))
    }

    /// Deletes a network.
    ///
    /// `DELETE /networks/{id}`.
    ///
    /// # Errors
    /// Fails with [`Error::Forbidden`](crate::Error::Forbidden) if the network is predefined, or if
    /// a container is connected to it.
    pub fn delete(&self, id: &str) -> Result<()> {
        self.context.call_outcome(delete(id)).map(drop)
    }

    /// Creates a network.
    ///
    /// `POST /networks/create`. Before API 1.44, names need not be unique unless `check_duplicate`
    /// is set.
    ///
    /// # Errors
    /// - [`Error::Conflict`](crate::Error::Conflict) if the name is in use.
    /// - [`Error::Forbidden`](crate::Error::Forbidden) if the network is predefined, if its subnet
    ///   overlaps that of another network, or if it needs a swarm and the engine is not part of
    ///   one.
    /// - [`Error::Forbidden`](crate::Error::Forbidden), from some engines before API 1.44, if the
    ///   name is in use.
    pub fn create(&self, body: &NetworkCreateRequest) -> Result<NetworkCreateResponse> {
        self.context.call(create(body))
    }

    /// Connects a container to a network.
    ///
    /// `POST /networks/{id}/connect`.
    ///
    /// # Errors
    /// Fails with [`Error::Forbidden`](crate::Error::Forbidden) if the container is already
    /// connected.
    pub fn connect(&self, id: &str, body: &NetworkConnectRequest) -> Result<()> {
        self.context.call_outcome(connect(id, body)).map(drop)
    }

    /// Disconnects a container from a network.
    ///
    /// `POST /networks/{id}/disconnect`.
    pub fn disconnect(&self, id: &str, body: &NetworkDisconnectRequest) -> Result<()> {
        self.context.call_outcome(disconnect(id, body)).map(drop)
    }

    /// Deletes unused networks.
    ///
    /// `POST /networks/prune`. Predefined networks and networks that span nodes of a swarm are
    /// kept. Since API 1.25.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`](crate::Error::Conflict) if another prune is in progress.
    pub fn prune(&self, options: &NetworkPruneOptions) -> Result<NetworkPruneResponse> {
        self.context.call(prune(options))
    }
}
