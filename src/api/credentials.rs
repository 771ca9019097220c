//! The user's credentials for registries: what there is, login, logout.

use serde::Serialize;

use crate::api::system;
use crate::credentials::{CredentialStore, UserStore, key_of, registry_of};
use crate::model::AuthConfig;
use crate::request::ResponseTimeout;
use crate::{Context, Outcome, Result};

/// What errors name in the place of an operation, where the engine has no part in it.
const HERE: &str = "Credentials";

/// The user's credentials for registries; from [`Context::credentials`].
///
/// Calls to registries find the credentials they need by themselves: this is for programs that show or
/// change them.
#[derive(Debug, Clone, Copy)]
pub struct Credentials<'a> {
    context: &'a Context,
}

impl Context {
    /// The user's credentials for registries.
    pub fn credentials(&self) -> Credentials<'_> {
        Credentials { context: self }
    }
}

/// What a context has for a registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct FoundCredentials {
    /// The key under which credentials for the registry are kept: its host, or
    /// `https://index.docker.io/v1/` for Docker Hub.
    pub registry: String,
    /// What calls send; `None` when they are anonymous.
    pub auth: Option<AuthConfig>,
    /// What went wrong on the way, in words, such as a credential helper that is missing.
    pub notes: Vec<String>,
}

/// A login that a registry has accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Login {
    /// What the registry said, such as `Login Succeeded`.
    pub status: String,
    /// Where the credentials are now.
    pub store: CredentialStore,
}

impl Credentials<'_> {
    /// What calls about this image send, or about a plugin of this name, without credentials of their
    /// own.
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
    /// [`Error::Cancelled`](crate::Error::Cancelled) and [`Error::Timeout`](crate::Error::Timeout),
    /// while a helper is at work; whatever else goes wrong is a note.
    pub fn find(&self, image: &str) -> Result<FoundCredentials> {
        let io = self.context.call_io(HERE, ResponseTimeout::Idle);
        let registry = registry_of(image);
        let mut lookup = self.context.lookup(&io);
        let auth = lookup.find(registry)?;
        Ok(FoundCredentials { registry: registry.to_owned(), auth, notes: lookup.notes })
    }

    /// Asks a registry whether it accepts these credentials (`POST /auth`), and keeps them where the
    /// docker command keeps them, as `docker login` does: with the helper that `config.json` names, or
    /// else in that file. An identity token that the registry returns takes the place of the password.
    ///
    /// The registry is `serveraddress`; Docker Hub when empty. [`System::auth`](crate::System::auth)
    /// only asks.
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
    /// Those of [`System::auth`](crate::System::auth). [`Error::Io`](crate::Error::Io) when they cannot
    /// be stored. [`Error::InvalidArgument`](crate::Error::InvalidArgument), before the registry is
    /// asked, when `config.json` is broken, or the context takes its credentials from elsewhere (see
    /// [`CredentialSource`](crate::CredentialSource)).
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

    /// Forgets the credentials for a registry, as `docker logout` does: both the helper and
    /// `config.json`. Empty is Docker Hub. The registry is not asked.
    ///
    /// [`Outcome::NotModified`] when there were none.
    ///
    /// # Errors
    /// As [`login`](Credentials::login).
    pub fn logout(&self, registry: &str) -> Result<Outcome> {
        let io = self.context.call_io(HERE, ResponseTimeout::Idle);
        let erased = UserStore::open(self.context, &io)?.erase(key_of(registry))?;
        Ok(if erased { Outcome::Done } else { Outcome::NotModified })
    }
}
