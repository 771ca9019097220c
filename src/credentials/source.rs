//! The lookup of credentials.

use std::time::Duration;

use super::helper::{Helper, HelperError};
use super::reference::key_of;
use super::user::{Settings, UserFile, VARIABLE};
use crate::Result;
use crate::config::environment::Environment;
use crate::model::{AuthConfig, Map};
use crate::transport::CallIo;

/// The source of a context's credentials for registries.
///
/// Set with [`ContextBuilder::credentials`](crate::ContextBuilder::credentials). Credentials in the options
/// of a call take precedence; empty ones make the call anonymous.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum CredentialSource {
    /// The credentials that the Docker CLI uses for this user. The default.
    ///
    /// They come from `DOCKER_AUTH_CONFIG`, from `auths` in `config.json`, and from the credential helpers
    /// that `credHelpers` and `credsStore` in `config.json` name. The file is in the directory
    /// `DOCKER_CONFIG`, which defaults to `.docker` in the home directory. The credentials are looked up for
    /// each call to a registry, and not cached.
    ///
    /// A call does not fail because the lookup failed: it continues without credentials, and its result has
    /// a note ([`CallResult::notes`](crate::CallResult::notes)).
    #[default]
    User,
    /// These credentials, by the host of the registry, with its port if it has one, such as
    /// `registry.example.com:5000`. Docker Hub is `docker.io` or `https://index.docker.io/v1/`.
    Given(Map<AuthConfig>),
    /// No credentials: calls are anonymous unless their options contain credentials.
    None,
}

/// The lookup of credentials for a call.
pub(crate) struct CredentialLookup<'a> {
    source: &'a CredentialSource,
    environment: &'a Environment,
    io: &'a CallIo,
    /// Time limit of a credential helper.
    helper_timeout: Option<Duration>,
    /// The prefix of notes, such as "credentials for ghcr.io".
    subject: String,
    /// Messages about failures that did not fail the call.
    pub(crate) notes: Vec<String>,
}

impl<'a> CredentialLookup<'a> {
    pub(crate) fn new(
        source: &'a CredentialSource,
        environment: &'a Environment,
        io: &'a CallIo,
        helper_timeout: Option<Duration>,
    ) -> CredentialLookup<'a> {
        let subject = "credentials".to_owned();
        CredentialLookup { source, environment, io, helper_timeout, subject, notes: Vec::new() }
    }

    /// Returns the credentials for the registry with this key.
    ///
    /// # Errors
    /// Fails only if the call is cancelled or times out. Other failures become notes.
    pub(crate) fn find(&mut self, registry: &str) -> Result<Option<AuthConfig>> {
        self.subject = format!("credentials for {registry}");
        let found = match self.source {
            CredentialSource::User => self.find_for_user(registry)?,
            CredentialSource::Given(all) => {
                let exact = all.get(registry);
                let by_key = || all.iter().find(|(name, _)| key_of(name) == registry);
                exact.or_else(|| by_key().map(|it| it.1)).cloned()
            }
            CredentialSource::None => None,
        };
        Ok(found.filter(|auth| !auth.is_anonymous()))
    }

    /// Returns the credentials for all registries, by their keys.
    ///
    /// # Errors
    /// The same as [`find`](CredentialLookup::find).
    pub(crate) fn find_all(&mut self) -> Result<Map<AuthConfig>> {
        let mut all = match self.source {
            CredentialSource::User => self.find_all_for_user()?,
            CredentialSource::Given(all) => {
                all.iter().map(|(name, auth)| (key_of(name).to_owned(), auth.clone())).collect()
            }
            CredentialSource::None => Map::new(),
        };
        all.retain(|_, auth| !auth.is_anonymous());
        Ok(all)
    }

    fn find_for_user(&mut self, registry: &str) -> Result<Option<AuthConfig>> {
        let variable = self.read_variable();
        if let Some((_, Ok(auth))) = variable.auths.iter().rfind(|(key, _)| key == registry) {
            return Ok(Some(auth.clone()));
        }
        let settings = self.read_file();
        let from_file = match settings.entry(registry) {
            Some(Ok(auth)) => Some(auth.clone()),
            Some(Err(problem)) => {
                self.note(format!("the entry in config.json {problem}"));
                None
            }
            None => None,
        };
        match settings.helper(registry) {
            Some(name) => self.query_helper(name, registry, from_file),
            None => Ok(from_file),
        }
    }

    fn find_all_for_user(&mut self) -> Result<Map<AuthConfig>> {
        let (variable, settings) = (self.read_variable(), self.read_file());
        let mut all = Map::new();
        let mut from_file = Map::new();
        for (key, entry) in &settings.auths {
            match entry {
                Ok(auth) => _ = from_file.insert(key.clone(), auth.clone()),
                Err(problem) => self.note(format!("the entry for {key} in config.json {problem}")),
            }
        }
        // Pairs of a helper and a registry.
        let mut queries: Vec<(&str, String)> = Vec::new();
        if settings.store.is_empty() {
            all.extend(from_file.clone());
        } else {
            match self.helper(&settings.store).list() {
                Ok(registries) => {
                    queries.extend(registries.into_iter().map(|it| (&*settings.store, it)));
                }
                Err(HelperError::NotFound) => {}
                Err(error) => {
                    self.note_helper_error(error)?;
                    all.extend(from_file.clone());
                }
            }
        }
        for (registry, name) in &settings.helpers {
            queries.retain(|(_, it)| it != registry);
            all.remove(registry);
            if !name.is_empty() {
                queries.push((name, registry.clone()));
            } else if let Some(auth) = from_file.get(registry) {
                all.insert(registry.clone(), auth.clone());
            }
        }
        // A helper that fails is not run again, since each run may last until its timeout.
        let mut failed: Vec<&str> = Vec::new();
        for (name, registry) in queries {
            let entry = from_file.remove(&registry);
            if failed.contains(&name) {
                all.extend(entry.map(|auth| (registry, auth)));
                continue;
            }
            let notes_before = self.notes.len();
            let found = self.query_helper(name, &registry, entry)?;
            if self.notes.len() > notes_before {
                failed.push(name);
            }
            all.extend(found.map(|auth| (registry, auth)));
        }
        let valid = variable.auths.into_iter().filter_map(|(key, entry)| Some((key, entry.ok()?)));
        all.extend(valid);
        Ok(all)
    }

    /// Returns the credentials of a helper, or those from the file if the helper fails.
    fn query_helper(
        &mut self,
        name: &str,
        registry: &str,
        from_file: Option<AuthConfig>,
    ) -> Result<Option<AuthConfig>> {
        match self.helper(name).get(registry) {
            Ok(AuthConfig { username, password, identitytoken, serveraddress, .. }) => {
                Ok(Some(AuthConfig {
                    username,
                    password,
                    identitytoken,
                    serveraddress,
                    ..from_file.unwrap_or_default()
                }))
            }
            Err(HelperError::NotFound) => Ok(None),
            Err(error) => {
                self.note_helper_error(error)?;
                Ok(from_file)
            }
        }
    }

    fn helper<'h>(&'h self, name: &'h str) -> Helper<'h> {
        Helper::new(name, self.environment, self.io, self.helper_timeout)
    }

    /// Reads `DOCKER_AUTH_CONFIG`, of which only `auths` is used.
    fn read_variable(&mut self) -> Settings {
        let settings = match self.environment.variable(VARIABLE) {
            Ok(Some(text)) => Settings::parse(text.as_bytes()),
            Ok(None) => return Settings::default(),
            Err(error) => Err(error.to_string()),
        };
        settings.unwrap_or_else(|why| {
            self.note(format!("{VARIABLE} is ignored: {why}"));
            Settings::default()
        })
    }

    /// Reads `config.json`.
    fn read_file(&mut self) -> Settings {
        let Some(dir) = self.environment.config_dir() else { return Settings::default() };
        let read = UserFile::read(&dir);
        let parsed =
            read.map_err(|error| error.to_string()).and_then(|file| Settings::parse(&file.content));
        match parsed {
            Ok(mut settings) => {
                settings.detect_store(self.environment);
                settings
            }
            Err(why) => {
                self.note(format!("{} is ignored: {why}", dir.join("config.json").display()));
                Settings::default()
            }
        }
    }

    /// Adds a note, or returns the error of the call.
    fn note_helper_error(&mut self, error: HelperError) -> Result<()> {
        match error {
            HelperError::Call(error) => return Err(error),
            HelperError::Failed(message) => self.note(message),
            HelperError::NotFound => {}
        }
        Ok(())
    }

    fn note(&mut self, message: String) {
        self.notes.push(format!("{}: {message}", self.subject));
    }
}
