//! The swarm as a whole.

use std::borrow::Cow;

use super::update::update_with;
use crate::codec::options;
use crate::model::{
    SwarmInitRequest, SwarmInspect, SwarmJoinRequest, SwarmSpec, SwarmUnlockRequest,
    SwarmUnlockkeyResponse,
};
use crate::request::{Request, ResponseTimeout};
use crate::{Context, Result};

/// Default listen address of a manager: all addresses of the host.
const LISTEN_ADDR: &str = "0.0.0.0:2377";

/// Operations on the swarm of the engine; from [`Context::swarm`].
///
/// All operations except [`init`](Swarm::init), [`join`](Swarm::join), [`leave`](Swarm::leave) and
/// [`unlock`](Swarm::unlock) require a manager, as do all operations on nodes, services, tasks,
/// secrets and configs. Other engines fail with [`Error::NoSwarm`](crate::Error::NoSwarm),
/// [`Error::NotManager`](crate::Error::NotManager) or
/// [`Error::SwarmLocked`](crate::Error::SwarmLocked).
///
/// Join tokens and unlock keys are secrets: their possession is the only authorization.
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
    /// Returns the operations on the swarm.
    pub fn swarm(&self) -> Swarm<'_> {
        Swarm { context: self }
    }
}

options! {
    /// Options of [`Swarm::leave`].
    #[derive(Clone, Copy, Default, PartialEq, Eq)]
    pub struct SwarmLeaveOptions {
        /// Leave even if the engine is a manager. The swarm is lost if it is the last manager, and
        /// is read-only if the remaining managers have no quorum.
        pub force: bool = query "force",
    }
}

options! {
    /// Options of [`Swarm::update`], and of [`Swarm::update_with`], which fills in the version.
    #[derive(Clone, Copy, Default, PartialEq, Eq)]
    pub struct SwarmUpdateOptions {
        /// Version of the swarm to replace: its `Version.Index` when it was read. Required.
        pub version: u64 = always "version",
        /// Replace the join token of workers. The old token becomes invalid.
        pub rotate_worker_token: bool = query "rotateWorkerToken",
        /// Replace the join token of managers. The old token becomes invalid.
        pub rotate_manager_token: bool = query "rotateManagerToken",
        /// Replace the key that unlocks managers. Managers that are down may still need the old
        /// key. Since API 1.25.
        pub rotate_manager_unlock_key: bool = query "rotateManagerUnlockKey" since 25,
    }
}

pub(crate) fn inspect() -> Request<SwarmInspect> {
    Request::new("SwarmInspect", "GET", "/swarm").returning()
}

pub(crate) fn init(body: &SwarmInitRequest) -> Request<String> {
    let mut body = Cow::Borrowed(body);
    if body.listen_addr.is_empty() {
        body.to_mut().listen_addr = LISTEN_ADDR.into();
    }
    let mut request = Request::new("SwarmInit", "POST", "/swarm/init").json(&*body);
    request.parts.secret.request = has_key(&body.spec);
    request.returning()
}

pub(crate) fn join(body: &SwarmJoinRequest) -> Request<()> {
    let mut body = Cow::Borrowed(body);
    if body.listen_addr.is_empty() {
        body.to_mut().listen_addr = LISTEN_ADDR.into();
    }
    let mut request = Request::new("SwarmJoin", "POST", "/swarm/join").json(&*body);
    request.parts.secret.request = true;
    if body.remote_addrs.is_empty() {
        request.wrong("RemoteAddrs is empty: give the address of a manager");
    }
    if body.join_token.is_empty() {
        request.wrong("JoinToken is empty: SwarmInspect returns it on a manager");
    }
    request
}

pub(crate) fn leave(options: &SwarmLeaveOptions) -> Request<()> {
    Request::new("SwarmLeave", "POST", "/swarm/leave")
        .options(options)
        .response_timeout(ResponseTimeout::None)
}

pub(crate) fn update(options: &SwarmUpdateOptions, spec: &SwarmSpec) -> Request<()> {
    let mut request =
        Request::new("SwarmUpdate", "POST", "/swarm/update").options(options).json(spec);
    request.parts.secret.request = has_key(spec);
    request
}

pub(crate) fn unlockkey() -> Request<SwarmUnlockkeyResponse> {
    let mut request = Request::new("SwarmUnlockkey", "GET", "/swarm/unlockkey").since(25);
    request.parts.secret.response = true;
    request.returning()
}

pub(crate) fn unlock(body: &SwarmUnlockRequest) -> Request<()> {
    let mut request = Request::new("SwarmUnlock", "POST", "/swarm/unlock").since(25).json(body);
    request.parts.secret.request = true;
    if body.unlock_key.is_empty() {
        request.wrong("UnlockKey is empty: SwarmUnlockkey returns it on an unlocked manager");
    }
    request
}

/// Whether a spec contains the private key of a certificate authority.
fn has_key(spec: &SwarmSpec) -> bool {
    !spec.ca_config.signing_ca_key.is_empty()
}

impl Swarm<'_> {
    /// Returns the details of the swarm, including its join tokens.
    ///
    /// `GET /swarm`.
    pub fn inspect(&self) -> Result<SwarmInspect> {
        self.context.call(inspect())
    }

    /// Creates a swarm with this engine as its first manager.
    ///
    /// `POST /swarm/init`. Returns the ID of the node. An empty `listen_addr` stands for
    /// `0.0.0.0:2377`. If the host has several addresses, `advertise_addr` is required.
    ///
    /// # Errors
    /// Fails with [`Error::Unavailable`](crate::Error::Unavailable) if the engine is already part
    /// of a swarm.
    pub fn init(&self, body: &SwarmInitRequest) -> Result<String> {
        self.context.call(init(body))
    }

    /// Joins the engine to a swarm.
    ///
    /// `POST /swarm/join`. Returns after the engine has joined. An empty `listen_addr` stands for
    /// `0.0.0.0:2377`.
    ///
    /// # Errors
    /// Fails with [`Error::Unavailable`](crate::Error::Unavailable) if the engine is already part
    /// of a swarm, or if it has not joined within 20 seconds. In the latter case it keeps trying.
    pub fn join(&self, body: &SwarmJoinRequest) -> Result<()> {
        self.context.call_outcome(join(body)).map(drop)
    }

    /// Makes the engine leave its swarm.
    ///
    /// `POST /swarm/leave`. The containers of its tasks are removed. The managers list the node as
    /// down until it is deleted.
    ///
    /// # Errors
    /// - [`Error::NoSwarm`](crate::Error::NoSwarm) if the engine is not part of a swarm.
    /// - [`Error::Unavailable`](crate::Error::Unavailable) if the engine is a manager and `force`
    ///   is not set.
    pub fn leave(&self, options: &SwarmLeaveOptions) -> Result<()> {
        self.context.call_outcome(leave(options)).map(drop)
    }

    /// Updates the swarm.
    ///
    /// `POST /swarm/update`. Replaces the whole spec: send the spec that was read, with the changes
    /// applied.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`](crate::Error::Conflict) if the swarm has changed since it was
    /// read; [`update_with`](Swarm::update_with) retries.
    pub fn update(&self, options: &SwarmUpdateOptions, spec: &SwarmSpec) -> Result<()> {
        self.context.call_outcome(update(options, spec)).map(drop)
    }

    /// Reads the spec of the swarm, applies `change` and updates the swarm.
    ///
    /// `GET /swarm` and `POST /swarm/update`. Retries if the swarm has changed in between, up to
    /// ten attempts. The version is filled in.
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

    /// Returns the key that unlocks managers after a restart.
    ///
    /// `GET /swarm/unlockkey`. The key is empty if managers are not locked. Since API 1.25.
    pub fn unlockkey(&self) -> Result<SwarmUnlockkeyResponse> {
        self.context.call(unlockkey())
    }

    /// Unlocks this manager after a restart.
    ///
    /// `POST /swarm/unlock`. Since API 1.25.
    ///
    /// # Errors
    /// - [`Error::Unauthorized`](crate::Error::Unauthorized) if the key is wrong.
    /// - [`Error::Conflict`](crate::Error::Conflict) if the manager is not locked.
    /// - [`Error::NoSwarm`](crate::Error::NoSwarm) if the engine is not part of a swarm.
    pub fn unlock(&self, body: &SwarmUnlockRequest) -> Result<()> {
        self.context.call_outcome(unlock(body)).map(drop)
    }
}

fn current(context: &Context) -> Result<(u64, SwarmSpec)> {
    let swarm = context.call(inspect())?;
    Ok((swarm.version.index, swarm.spec))
}
