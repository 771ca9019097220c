//! The user's registry credentials: lookup, login and logout.

use serde::Serialize;

use crate::api::system;
use crate::credentials::{CredentialStore, UserStore, key_of, registry_of};
use crate::model::AuthConfig;
use crate::request::ResponseTimeout;
use crate::{Context, Outcome, Result};

/// The operation in errors and results of calls that involve no engine.
const OPERATION: &str = "Credentials";

/// The user's registry credentials; from [`Context::credentials`].
///
/// Operations that contact registries look up credentials themselves. This type is for programs
/// that show or change them.
#[derive(Debug, Clone, Copy)]
pub struct Credentials<'a> {
    context: &'a Context,
}

impl Context {
    /// Returns the operations on the user's registry credentials.
    pub fn credentials(&self) -> Credentials<'_> {
        Credentials { context: self }
    }
}

/// The credentials of a context for a registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct FoundCredentials {
    /// The key of the registry in a credential store: its host, or `https://index.docker.io/v1/`
    /// for Docker Hub.
    pub registry: String,
    /// The credentials that requests send; `None` for anonymous requests.
    pub auth: Option<AuthConfig>,
    /// Problems during the lookup, such as a missing credential helper.
    pub notes: Vec<String>,
}

/// A login that a registry has accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Login {
    /// The registry's message, such as `Login Succeeded`.
    pub status: String,
    /// The place where the credentials are stored.
    pub store: CredentialStore,
}

impl Credentials<'_> {
    /// Looks up the credentials that requests for an image or plugin send.
    ///
    /// These are the credentials of operations whose options contain none.
    ///
    /// ```no_run
    /// let docker = dockline::Context::from_env()?;
    /// let found = docker.credentials().find("registry.example.com/team/app")?;
    /// match &found.auth {
    ///     Some(auth) => println!("{} as {}", found.registry, auth.username),
    ///     None => println!("{}: {:?}", found.registry, found.notes),
    /// }
    /// # Ok::<(), dockline::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fails with [`Error::Cancelled`](crate::Error::Cancelled) or
    /// [`Error::Timeout`](crate::Error::Timeout) while a credential helper runs. All other problems
    /// are notes.
    pub fn find(&self, image: &str) -> Result<FoundCredentials> {
        let io = self.context.call_io(OPERATION, ResponseTimeout::Idle);
        let registry = registry_of(image);
        let mut lookup = self.context.lookup(&io);
        let auth = lookup.find(registry)?;
        Ok(FoundCredentials { registry: registry.to_owned(), auth, notes: lookup.notes })
    }

    /// Checks credentials with a registry and stores them, as `docker login` does.
    ///
    /// `POST /auth`. The registry is `serveraddress`; Docker Hub if it is empty. The credentials
    /// are stored by the credential helper that `config.json` names, or else in that file. If the
    /// registry returns an identity token, it is stored instead of the password.
    /// [`System::auth`](crate::System::auth) checks credentials without storing them.
    ///
    /// ```no_run
    /// use dockline::{Context, model::AuthConfig};
    /// let docker = Context::from_env()?;
    /// let credentials = AuthConfig {
    ///     username: "ann".into(),
    ///     password: std::env::var("PASSWORD").unwrap_or_default().into(),
    ///     serveraddress: "registry.example.com".into(),
    ///     ..Default::default()
    /// };
    /// let login = docker.credentials().login(&credentials)?;
    /// println!("{}, kept by {}", login.status, login.store);
    /// # Ok::<(), dockline::Error>(())
    /// ```
    ///
    /// # Errors
    /// - As [`System::auth`](crate::System::auth).
    /// - [`Error::Io`](crate::Error::Io) if the credentials cannot be stored.
    /// - [`Error::InvalidArgument`](crate::Error::InvalidArgument), before the registry is
    ///   contacted, if `config.json` is malformed, or if the context takes its credentials from
    ///   elsewhere (see [`CredentialSource`](crate::CredentialSource)).
    pub fn login(&self, credentials: &AuthConfig) -> Result<Login> {
        let io = self.context.call_io("SystemAuth", ResponseTimeout::Idle);
        let store = UserStore::open(self.context, &io)?;
        let mut credentials = credentials.clone();
        credentials.serveraddress = key_of(&credentials.serveraddress).to_owned();
        let response = self.context.call(system::auth(&credentials))?.unwrap_or_default();
        if !response.identity_token.is_empty() {
            credentials.password = Default::default();
            credentials.identitytoken = response.identity_token;
        }
        Ok(Login { status: response.status, store: store.put(&credentials)? })
    }

    /// Deletes the stored credentials for a registry, as `docker logout` does.
    ///
    /// Deletes them from both the credential helper and `config.json`. An empty `registry` is
    /// Docker Hub. The registry is not contacted. Returns [`Outcome::NotModified`] if no
    /// credentials were stored.
    ///
    /// # Errors
    /// As [`login`](Credentials::login).
    pub fn logout(&self, registry: &str) -> Result<Outcome> {
        let io = self.context.call_io(OPERATION, ResponseTimeout::Idle);
        let erased = UserStore::open(self.context, &io)?.erase(key_of(registry))?;
        Ok(if erased { Outcome::Done } else { Outcome::NotModified })
    }
}
