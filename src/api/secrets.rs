//! Secrets of the swarm.

use super::update::update_with;
use crate::codec::options;
use crate::model::{Secret, SecretCreateResponse, SecretSpec};
use crate::request::Request;
use crate::{Context, Filters, Result};

/// Calls about secrets of the swarm, which its managers keep and only the tasks that were given them
/// can read; from [`Context::secrets`]. The engine must be a manager.
///
/// Wherever a secret is named, its id, its name, or a beginning of its id will do.
///
/// What is sent of their content stays out of `Debug` and of what a result handler gets.
///
/// ```no_run
/// use dockline::{Context, model::SecretSpec};
/// let docker = Context::from_env()?;
/// let password = std::fs::read("password.txt")?;
/// let spec = SecretSpec { name: "db-password".into(), data: password.into(), ..Default::default() };
/// let id = docker.secrets().create(&spec)?.id;
/// println!("{id} was made at {}", docker.secrets().inspect(&id)?.created_at);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Secrets<'a> {
    context: &'a Context,
}

impl Context {
    /// Calls about secrets of the swarm.
    pub fn secrets(&self) -> Secrets<'_> {
        Secrets { context: self }
    }
}

options! {
    /// Options of [`Secrets::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct SecretListOptions {
        /// Which, by `id`, `label`, `name`, `names`.
        pub filters: Filters = json "filters",
    }
}

options! {
    /// Options of [`Secrets::update`].
    #[derive(Clone, Default, PartialEq)]
    pub struct SecretUpdateOptions {
        /// The version that is being changed: `version.index` of the secret as it was read. Must be
        /// given.
        pub version: u64 = always "version",
    }
}

/// `GET /secrets`
pub(crate) fn list(options: &SecretListOptions) -> Request<Vec<Secret>> {
    Request::new("SecretList", "GET", "/secrets").since(25).options(options).returning()
}

/// `POST /secrets/create`
pub(crate) fn create(spec: &SecretSpec) -> Request<SecretCreateResponse> {
    let mut request = Request::new("SecretCreate", "POST", "/secrets/create")
        .since(25)
        .secret_json(spec.to_body());
    if spec.name.is_empty() {
        request.wrong("the name of the secret is empty");
    }
    request.returning()
}

/// `GET /secrets/{id}`
pub(crate) fn inspect(id: &str) -> Request<Secret> {
    Request::on("SecretInspect", "GET", "/secrets/{}", id).since(25).returning()
}

/// `DELETE /secrets/{id}`
pub(crate) fn delete(id: &str) -> Request<()> {
    Request::on("SecretDelete", "DELETE", "/secrets/{}", id).since(25)
}

/// `POST /secrets/{id}/update`
pub(crate) fn update(id: &str, options: &SecretUpdateOptions, spec: &SecretSpec) -> Request<()> {
    Request::on("SecretUpdate", "POST", "/secrets/{}/update", id)
        .since(26)
        .options(options)
        .secret_json(spec.to_body())
}

impl Secrets<'_> {
    /// Lists secrets, without their content (`GET /secrets`). Since API 1.25.
    pub fn list(&self, options: &SecretListOptions) -> Result<Vec<Secret>> {
        self.context.call(list(options))
    }

    /// Makes a secret (`POST /secrets/create`). Since API 1.25.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when the name is taken.
    pub fn create(&self, spec: &SecretSpec) -> Result<SecretCreateResponse> {
        self.context.call(create(spec))
    }

    /// Tells everything about a secret but its content (`GET /secrets/{id}`). Since API 1.25.
    pub fn inspect(&self, id: &str) -> Result<Secret> {
        self.context.call(inspect(id))
    }

    /// Deletes a secret (`DELETE /secrets/{id}`). Since API 1.25.
    ///
    /// # Errors
    /// [`Error::BadRequest`](crate::Error::BadRequest) when a service uses it.
    pub fn delete(&self, id: &str) -> Result<()> {
        self.context.call_outcome(delete(id)).map(drop)
    }

    /// Changes a secret (`POST /secrets/{id}/update`): its labels, which is all that can be changed.
    /// Since API 1.26.
    ///
    /// Read the secret, change its spec, and send it whole with the version it had.
    ///
    /// ```no_run
    /// # let docker = dockline::Context::from_env()?;
    /// use dockline::SecretUpdateOptions;
    /// let mut secret = docker.secrets().inspect("db-password")?;
    /// secret.spec.labels.insert("rotated".into(), "2026-11".into());
    /// let options = SecretUpdateOptions { version: secret.version.index };
    /// docker.secrets().update(&secret.id, &options, &secret.spec)?;
    /// # Ok::<(), dockline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when it has changed since it was read;
    /// [`update_with`](Secrets::update_with) then starts over.
    /// [`Error::BadRequest`](crate::Error::BadRequest) when anything else is changed.
    pub fn update(&self, id: &str, options: &SecretUpdateOptions, spec: &SecretSpec) -> Result<()> {
        self.context.call_outcome(update(id, options, spec)).map(drop)
    }

    /// Reads a secret's spec, lets `change` change it, and sends it back
    /// (`POST /secrets/{id}/update`); anew where it has changed in between, ten times at most.
    /// Since API 1.26.
    ///
    /// ```no_run
    /// # let docker = dockline::Context::from_env()?;
    /// docker.secrets().update_with("db-password", |spec| {
    ///     spec.labels.insert("rotated".into(), "2026-11".into());
    /// })?;
    /// # Ok::<(), dockline::Error>(())
    /// ```
    pub fn update_with(&self, id: &str, change: impl FnMut(&mut SecretSpec)) -> Result<()> {
        update_with(
            || current(self.context, id),
            change,
            |version, spec| {
                let options = SecretUpdateOptions { version };
                self.context.call_outcome(update(id, &options, &spec)).map(drop)
            },
        )
    }
}

fn current(context: &Context, id: &str) -> Result<(u64, SecretSpec)> {
    let secret = context.call(inspect(id))?;
    Ok((secret.version.index, secret.spec))
}
