//! Secrets of the swarm.

use super::update::update_with;
use crate::codec::options;
use crate::model::{Secret, SecretCreateResponse, SecretSpec};
use crate::request::Request;
use crate::{Context, Filters, Result};

/// Operations on secrets of the swarm; from [`Context::secrets`].
///
/// Managers store secrets, and only the tasks that are given a secret can read it. The operations
/// require a manager. The `id` parameters accept a secret name or ID, or a unique prefix of the ID.
///
/// The content of secrets is redacted in `Debug` output and in the result callback.
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
    /// Returns the operations on secrets.
    pub fn secrets(&self) -> Secrets<'_> {
        Secrets { context: self }
    }
}

options! {
    /// Options of [`Secrets::list`].
    #[derive(Clone, Default, PartialEq)]
    pub struct SecretListOptions {
        /// Return only secrets that match these filters: `id`, `label`, `name`, `names`.
        pub filters: Filters = json "filters",
    }
}

options! {
    /// Options of [`Secrets::update`].
    #[derive(Clone, Default, PartialEq)]
    pub struct SecretUpdateOptions {
        /// Version of the secret to replace: its `Version.Index` when it was read. Required.
        pub version: u64 = always "version",
    }
}

pub(crate) fn list(options: &SecretListOptions) -> Request<Vec<Secret>> {
    Request::new("SecretList", "GET", "/secrets").since(25).options(options).returning()
}

pub(crate) fn create(spec: &SecretSpec) -> Request<SecretCreateResponse> {
    let mut request = Request::new("SecretCreate", "POST", "/secrets/create")
        .since(25)
        .secret_json(spec.to_body());
    if spec.name.trim().is_empty() {
        request.wrong("the name of the secret is empty");
    }
    request.returning()
}

pub(crate) fn inspect(id: &str) -> Request<Secret> {
    Request::on("SecretInspect", "GET", "/secrets/{}", id).since(25).returning()
}

pub(crate) fn delete(id: &str) -> Request<()> {
    Request::on("SecretDelete", "DELETE", "/secrets/{}", id).since(25)
}

pub(crate) fn update(id: &str, options: &SecretUpdateOptions, spec: &SecretSpec) -> Request<()> {
    Request::on("SecretUpdate", "POST", "/secrets/{}/update", id)
        .since(26)
        .options(options)
        .secret_json(spec.to_body())
}

impl Secrets<'_> {
    /// Lists secrets, without their content.
    ///
    /// `GET /secrets`. Since API 1.25.
    pub fn list(&self, options: &SecretListOptions) -> Result<Vec<Secret>> {
        self.context.call(list(options))
    }

    /// Creates a secret.
    ///
    /// `POST /secrets/create`. Since API 1.25.
    ///
    /// # Errors
    /// Fails with [`Error::Conflict`](crate::Error::Conflict) if the name is in use.
    pub fn create(&self, spec: &SecretSpec) -> Result<SecretCreateResponse> {
        self.context.call(create(spec))
    }

    /// Returns the details of a secret, without its content.
    ///
    /// `GET /secrets/{id}`. Since API 1.25.
    pub fn inspect(&self, id: &str) -> Result<Secret> {
        self.context.call(inspect(id))
    }

    /// Deletes a secret.
    ///
    /// `DELETE /secrets/{id}`. Since API 1.25.
    ///
    /// # Errors
    /// Fails with [`Error::BadRequest`](crate::Error::BadRequest) if a service uses the secret.
    pub fn delete(&self, id: &str) -> Result<()> {
        self.context.call_outcome(delete(id)).map(drop)
    }

    /// Updates the labels of a secret.
    ///
    /// `POST /secrets/{id}/update`. Nothing except the labels can be changed. Replaces the whole
    /// spec: send the spec that was read, with the changes applied, and its version.
    /// Since API 1.26.
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
    /// - [`Error::Conflict`](crate::Error::Conflict) if the secret has changed since it was read;
    ///   [`update_with`](Secrets::update_with) retries.
    /// - [`Error::BadRequest`](crate::Error::BadRequest) if anything except the labels has changed.
    pub fn update(&self, id: &str, options: &SecretUpdateOptions, spec: &SecretSpec) -> Result<()> {
        self.context.call_outcome(update(id, options, spec)).map(drop)
    }

    /// Reads the spec of a secret, applies `change` and updates the secret.
    ///
    /// `GET /secrets/{id}` and `POST /secrets/{id}/update`. Retries if the secret has changed in
    /// between, up to ten attempts. Since API 1.26.
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
