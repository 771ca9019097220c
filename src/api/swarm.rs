//! The cluster as a whole.

use std::borrow::Cow;

use super::update::update_with;
use crate::codec::options;
use crate::model::{
    SwarmInitRequest, SwarmInspect, SwarmJoinRequest, SwarmSpec, SwarmUnlockRequest,
    SwarmUnlockkeyResponse,
};
use crate::request::{Request, ResponseTimeout};
use crate::{Context, Result};

/// Where a manager listens for others unless it is told: on all its addresses.
const LISTEN_ADDR: &str = "0.0.0.0:2377";

/// Calls about the cluster that the engine is part of; from [`Context::swarm`].
///
/// All but [`init`](Swarm::init), [`join`](Swarm::join), [`leave`](Swarm::leave) and
/// [`unlock`](Swarm::unlock) are for managers. Other engines answer with
/// [`Error::NoSwarm`](crate::Error::NoSwarm), [`Error::NotManager`](crate::Error::NotManager) or
/// [`Error::SwarmLocked`](crate::Error::SwarmLocked); so do all calls about nodes, services, tasks,
/// secrets and configs.
///
/// Join tokens and unlock keys are secrets: what they allow, anybody may do who has them.
///
/// ```no_run
/// use dockline::{Context, model::SwarmJoinRequest};
/// let (first, second) = (Context::open("tcp://10.0.0.1:2375")?, Context::open("tcp://10.0.0.2:2375")?);
/// let node = first.swarm().init(&Default::default())?;
/// let request = SwarmJoinRequest {
///     remote_addrs: ["10.0.0.1:2377"].into(),
///     join_token: first.swarm().inspect()?.join_tokens.worker,
///     ..Default::default()
/// };
/// second.swarm().join(&request)?;
/// println!("{node} has {} nodes", first.nodes().list(&Default::default())?.len());
/// # Ok::<(), dockline::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Swarm<'a> {
    context: &'a Context,
}

impl Context {
    /// Calls about the cluster that the engine is part of.
    pub fn swarm(&self) -> Swarm<'_> {
        Swarm { context: self }
    }
}

options! {
    /// Options of [`Swarm::leave`].
    #[derive(Clone, Copy, Default, PartialEq, Eq)]
    pub struct SwarmLeaveOptions {
        /// Also where it is a manager. If it is the last one the cluster is lost, and if too few are
        /// left the cluster takes no more changes.
        pub force: bool = query "force",
    }
}

options! {
    /// Options of [`Swarm::update`], and of [`Swarm::update_with`], which fills in the version.
    #[derive(Clone, Copy, Default, PartialEq, Eq)]
    pub struct SwarmUpdateOptions {
        /// The `version.index` of the cluster as it was read.
        pub version: u64 = always "version",
        /// Makes a new token for workers; who has the old one can no longer join.
        pub rotate_worker_token: bool = query "rotateWorkerToken",
        /// Makes a new token for managers; who has the old one can no longer join.
        pub rotate_manager_token: bool = query "rotateManagerToken",
        /// Makes a new key that unlocks managers. Those that are down may still need the old one.
        /// Since API 1.25.
        pub rotate_manager_unlock_key: bool = query "rotateManagerUnlockKey" since 25,
    }
}

/// `GET /swarm`
pub(crate) fn inspect() -> Request<SwarmInspect> {
    Request::new("SwarmInspect", "GET", "/swarm").returning()
}

/// `POST /swarm/init`
pub(crate) fn init(body: &SwarmInitRequest) -> Request<String> {
    let mut body = Cow::Borrowed(body);
    if body.listen_addr.is_empty() {
        body.to_mut().listen_addr = LISTEN_ADDR.into();
    }
    let mut request = Request::new("SwarmInit", "POST", "/swarm/init").json(&*body);
    request.parts.secret.request = has_key(&body.spec);
    request.returning()
}

/// `POST /swarm/join`
pub(crate) fn join(body: &SwarmJoinRequest) -> Request<()> {
    let mut body = Cow::Borrowed(body);
    if body.listen_addr.is_empty() {
        body.to_mut().listen_addr = LISTEN_ADDR.into();
    }
    let mut request = Request::new("SwarmJoin", "POST", "/swarm/join").json(&*body);
    request.parts.secret.request = true;
    if body.remote_addrs.is_empty() {
        request.wrong("no manager of the cluster is named in RemoteAddrs");
    }
    if body.join_token.is_empty() {
        request.wrong("JoinToken is empty: a manager tells it, see SwarmInspect");
    }
    request
}

/// `POST /swarm/leave`
pub(crate) fn leave(options: &SwarmLeaveOptions) -> Request<()> {
    Request::new("SwarmLeave", "POST", "/swarm/leave")
        .options(options)
        .response_timeout(ResponseTimeout::None)
}

/// `POST /swarm/update`
pub(crate) fn update(options: &SwarmUpdateOptions, spec: &SwarmSpec) -> Request<()> {
    let mut request =
        Request::new("SwarmUpdate", "POST", "/swarm/update").options(options).json(spec);
    request.parts.secret.request = has_key(spec);
    request
}

/// `GET /swarm/unlockkey`
pub(crate) fn unlockkey() -> Request<SwarmUnlockkeyResponse> {
    let mut request = Request::new("SwarmUnlockkey", "GET", "/swarm/unlockkey").since(25);
    request.parts.secret.response = true;
    request.returning()
}

/// `POST /swarm/unlock`
pub(crate) fn unlock(body: &SwarmUnlockRequest) -> Request<()> {
    let mut request = Request::new("SwarmUnlock", "POST", "/swarm/unlock").since(25).json(body);
    request.parts.secret.request = true;
    if body.unlock_key.is_empty() {
        request.wrong("UnlockKey is empty: a manager that is not locked tells it");
    }
    request
}

/// Whether a spec holds the private key of a certificate authority.
fn has_key(spec: &SwarmSpec) -> bool {
    !spec.ca_config.signing_ca_key.is_empty()
}

impl Swarm<'_> {
    /// Tells everything about the cluster, also what machines must show to join it (`GET /swarm`).
    pub fn inspect(&self) -> Result<SwarmInspect> {
        self.context.call(inspect())
    }

    /// Makes a cluster, of which this engine is the first manager (`POST /swarm/init`). Gives the id
    /// of its node.
    ///
    /// An empty `listen_addr` means `0.0.0.0:2377`. An engine with several addresses wants to know
    /// which one to advertise.
    ///
    /// # Errors
    /// [`Error::Unavailable`](crate::Error::Unavailable) when it is in a cluster already.
    pub fn init(&self, body: &SwarmInitRequest) -> Result<String> {
        self.context.call(init(body))
    }

    /// Lets the engine join a cluster (`POST /swarm/join`), and returns when it has.
    ///
    /// An empty `listen_addr` means `0.0.0.0:2377`.
    ///
    /// # Errors
    /// [`Error::Unavailable`](crate::Error::Unavailable) when it is in a cluster already, or when it
    /// has not joined within 20 seconds: then it goes on trying.
    pub fn join(&self, body: &SwarmJoinRequest) -> Result<()> {
        self.context.call_outcome(join(body)).map(drop)
    }

    /// Lets the engine leave its cluster (`POST /swarm/leave`). The containers of its tasks are
    /// removed; the managers see its node as down until it is deleted.
    ///
    /// # Errors
    /// [`Error::NoSwarm`](crate::Error::NoSwarm) when it is in none;
    /// [`Error::Unavailable`](crate::Error::Unavailable) when it is a manager and `force` is off.
    pub fn leave(&self, options: &SwarmLeaveOptions) -> Result<()> {
        self.context.call_outcome(leave(options)).map(drop)
    }

    /// Changes the cluster (`POST /swarm/update`): send its spec whole, as read and changed.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when somebody else has changed it since it was
    /// read; [`update_with`](Swarm::update_with) then starts over by itself.
    pub fn update(&self, options: &SwarmUpdateOptions, spec: &SwarmSpec) -> Result<()> {
        self.context.call_outcome(update(options, spec)).map(drop)
    }

    /// Reads the cluster's spec, lets `change` change it, and sends it back (`POST /swarm/update`);
    /// anew where somebody else was faster, ten times at most. The version is filled in.
    ///
    /// ```no_run
    /// let docker = dockline::Context::from_env()?;
    /// docker.swarm().update_with(&Default::default(), |spec| {
    ///     spec.encryption_config.auto_lock_managers = true;
    /// })?;
    /// println!("keep this: {}", &*docker.swarm().unlockkey()?.unlock_key);
    /// # Ok::<(), dockline::Error>(())
    /// ```
    pub fn update_with(
        &self,
        options: &SwarmUpdateOptions,
        change: impl FnMut(&mut SwarmSpec),
    ) -> Result<()> {
        update_with(
            || current(self.context),
            change,
            |version, spec| {
                let options = SwarmUpdateOptions { version, ..*options };
                self.context.call_outcome(update(&options, &spec)).map(drop)
            },
        )
    }

    /// Tells the key that unlocks managers after their start (`GET /swarm/unlockkey`); empty where
    /// they are not locked. Since API 1.25.
    pub fn unlockkey(&self) -> Result<SwarmUnlockkeyResponse> {
        self.context.call(unlockkey())
    }

    /// Unlocks this manager, which was started (`POST /swarm/unlock`). Since API 1.25.
    ///
    /// # Errors
    /// [`Error::Unauthorized`](crate::Error::Unauthorized) when it is not the right key,
    /// [`Error::Conflict`](crate::Error::Conflict) when the manager is not locked,
    /// [`Error::NoSwarm`](crate::Error::NoSwarm) when it is in no cluster.
    pub fn unlock(&self, body: &SwarmUnlockRequest) -> Result<()> {
        self.context.call_outcome(unlock(body)).map(drop)
    }
}

fn current(context: &Context) -> Result<(u64, SwarmSpec)> {
    let swarm = context.call(inspect())?;
    Ok((swarm.version.index, swarm.spec))
}
