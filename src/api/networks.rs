//! Networks.

use crate::codec::{JsonBody, options};
use crate::model::{
    NetworkConnectRequest, NetworkCreateRequest, NetworkCreateResponse, NetworkDisconnectRequest,
    NetworkInspect, NetworkPruneResponse, NetworkSummary,
};
use crate::request::{Request, ResponseTimeout};
use crate::{Context, Filters, Result};

/// Calls about networks; from [`Context::networks`].
///
/// Wherever a network is named, its name, its id or a beginning of its id will do. Names need not be
/// unique: one that fits several networks is refused, and then the id is needed.
///
#[doc = "```no_run"]
#[doc = include_str!("../../examples/resources/networks.rs")]
#[doc = "```"]
#[derive(Debug, Clone, Copy)]
pub struct Networks<'a> {
    context: &'a Context,
}

impl Context {
    /// Calls about networks.
    pub fn networks(&self) -> Networks<'_> {
        Networks { context: self }
    }
}

options! {
    /// Options of [`Networks::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct NetworkListOptions {
        /// Which, by `dangling`, `driver`, `id`, `label`, `name`, `scope`, `type`.
        pub filters: Filters = json "filters",
    }
}

options! {
    /// Options of [`Networks::inspect`].
    #[derive(Clone, Default, PartialEq)]
    pub struct NetworkInspectOptions {
        /// Also the services in it and their tasks on other machines. Since API 1.28.
        pub verbose: bool = query "verbose" since 28,
        /// Only a network that reaches so far: `local`, `swarm`, `global`. Since API 1.31.
        pub scope: String = query "scope" since 31,
    }
}

options! {
    /// Options of [`Networks::prune`].
    #[derive(Clone, Default, PartialEq)]
    pub struct NetworkPruneOptions {
        /// Which, by `label`, `label!`, `until`.
        pub filters: Filters = json "filters",
    }
}

/// `GET /networks`
pub(crate) fn list(options: &NetworkListOptions) -> Request<Vec<NetworkSummary>> {
    Request::new("NetworkList", "GET", "/networks").options(options).returning()
}

/// `GET /networks/{id}`
pub(crate) fn inspect(id: &str, options: &NetworkInspectOptions) -> Request<NetworkInspect> {
    Request::on("NetworkInspect", "GET", "/networks/{}", id).options(options).returning()
}

/// `DELETE /networks/{id}`
pub(crate) fn delete(id: &str) -> Request<()> {
    Request::on("NetworkDelete", "DELETE", "/networks/{}", id)
}

/// `POST /networks/create`
pub(crate) fn create(body: &dyn JsonBody) -> Request<NetworkCreateResponse> {
    let mut request = Request::new("NetworkCreate", "POST", "/networks/create").json(body);
    if !body.has("Name") {
        request.wrong("the name of the network is empty");
    }
    request.returning()
}

/// `POST /networks/{id}/connect`
pub(crate) fn connect(id: &str, body: &dyn JsonBody) -> Request<()> {
    let mut request = Request::on("NetworkConnect", "POST", "/networks/{}/connect", id)
        .json(body)
        .later(&[("EndpointConfig.MacAddress", 54)]);
    if !body.has("Container") {
        request.wrong("the container is not named");
    }
    request
}

/// `POST /networks/{id}/disconnect`
pub(crate) fn disconnect(id: &str, body: &dyn JsonBody) -> Request<()> {
    let mut request =
        Request::on("NetworkDisconnect", "POST", "/networks/{}/disconnect", id).json(body);
    if !body.has("Container") {
        request.wrong("the container is not named");
    }
    request
}

/// `POST /networks/prune`
pub(crate) fn prune(options: &NetworkPruneOptions) -> Request<NetworkPruneResponse> {
    Request::new("NetworkPrune", "POST", "/networks/prune")
        .since(25)
        .options(options)
        .response_timeout(ResponseTimeout::None)
        .returning()
}

impl Networks<'_> {
    /// Lists networks (`GET /networks`), without the containers in them: those are told by
    /// [`inspect`](Networks::inspect).
    pub fn list(&self, options: &NetworkListOptions) -> Result<Vec<NetworkSummary>> {
        self.context.call(list(options))
    }

    /// Tells everything about a network (`GET /networks/{id}`).
    ///
    /// # Errors
    /// [`Error::BadRequest`](crate::Error::BadRequest) when several networks have this name or an id
    /// that begins so.
    pub fn inspect(&self, id: &str, options: &NetworkInspectOptions) -> Result<NetworkInspect> {
        self.context.call(inspect(id, options))
    }

    /// Deletes a network (`DELETE /networks/{id}`).
    ///
    /// # Errors
    /// [`Error::Forbidden`](crate::Error::Forbidden) when it is one of the engine's own, or a
    /// container is in it.
    pub fn delete(&self, id: &str) -> Result<()> {
        self.context.call_outcome(delete(id)).map(drop)
    }

    /// Makes a network (`POST /networks/create`).
    ///
    /// Below API 1.44 a name that is taken is refused only with `check_duplicate`.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when the name is taken;
    /// [`Error::Forbidden`](crate::Error::Forbidden) when it is one of the engine's own, when its
    /// addresses overlap those of another network, or when it is to reach over a swarm that is not
    /// there; some engines before API 1.44 also when the name is taken.
    pub fn create(&self, body: &NetworkCreateRequest) -> Result<NetworkCreateResponse> {
        self.context.call(create(body))
    }

    /// Lets a container join a network (`POST /networks/{id}/connect`).
    ///
    /// # Errors
    /// [`Error::Forbidden`](crate::Error::Forbidden) when it is in it already.
    pub fn connect(&self, id: &str, body: &NetworkConnectRequest) -> Result<()> {
        self.context.call_outcome(connect(id, body)).map(drop)
    }

    /// Lets a container leave a network (`POST /networks/{id}/disconnect`).
    pub fn disconnect(&self, id: &str, body: &NetworkDisconnectRequest) -> Result<()> {
        self.context.call_outcome(disconnect(id, body)).map(drop)
    }

    /// Deletes the networks that no container is in (`POST /networks/prune`); not those of the
    /// engine, nor those that reach over a swarm's other machines. Since API 1.25.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when a prune is under way already.
    pub fn prune(&self, options: &NetworkPruneOptions) -> Result<NetworkPruneResponse> {
        self.context.call(prune(options))
    }
}
