//! Where credentials come from, and which they are.

use std::time::Duration;

use super::helper::{Failure, Helper};
use super::reference::key_of;
use super::user::{Settings, UserFile, VARIABLE};
use crate::Result;
use crate::config::environment::Environment;
use crate::model::{AuthConfig, Map};
use crate::transport::CallIo;

/// Where a context takes the credentials from that its calls send to registries; set by
/// [`ContextBuilder::credentials`](crate::ContextBuilder::credentials).
///
/// Credentials in the options of a call win over all of these, and empty ones there make the call
/// anonymous.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum CredentialSource {
    /// What the docker command has for this user: `DOCKER_AUTH_CONFIG`; `auths`, `credHelpers` and
    /// `credsStore` of `config.json`, which is in the directory that `DOCKER_CONFIG` names, or else in
    /// `.docker` in the home directory; and the helper programs that it names. They are looked up anew for
    /// each call to a registry, and not kept.
    ///
    /// Whatever goes wrong with that is a note in the result of the call
    /// ([`CallResult::notes`](crate::CallResult::notes)), which goes on without credentials.
    #[default]
    User,
    /// These, by the host of the registry, with its port where it has one, such as
    /// `registry.example.com:5000`. Docker Hub is `docker.io`, or `https://index.docker.io/v1/`.
    Given(Map<AuthConfig>),
    /// Nowhere: a call without credentials of its own is anonymous.
    None,
}

/// A search for credentials on behalf of a call.
pub(crate) struct CredentialLookup<'a> {
    source: &'a CredentialSource,
    environment: &'a Environment,
    io: &'a CallIo,
    /// How long a helper may take.
    limit: Option<Duration>,
    /// What is looked for, in words.
    what: String,
    /// What is to be told of it.
    pub(crate) notes: Vec<String>,
}

impl<'a> CredentialLookup<'a> {
    pub(crate) fn new(
        source: &'a CredentialSource,
        environment: &'a Environment,
        io: &'a CallIo,
        limit: Option<Duration>,
    ) -> CredentialLookup<'a> {
        let what = "credentials".to_owned();
        CredentialLookup { source, environment, io, limit, what, notes: Vec::new() }
    }

    /// Those for the registry with this key, if there are any.
    ///
    /// # Errors
    /// Only those that end the call: it is cancelled, or out of time.
    pub(crate) fn of(&mut self, registry: &str) -> Result<Option<AuthConfig>> {
        self.what = format!("credentials for {registry}");
        let found = match self.source {
            CredentialSource::User => self.of_user(registry)?,
            CredentialSource::Given(all) => {
                let exact = all.get(registry);
                let same = || all.iter().find(|(name, _)| key_of(name) == registry).map(|it| it.1);
                exact.or_else(same).cloned()
            }
            CredentialSource::None => None,
        };
        Ok(found.filter(|auth| !auth.is_anonymous()))
    }

    /// Those for all registries, by their keys.
    ///
    /// # Errors
    /// As [`of`](CredentialLookup::of).
    pub(crate) fn all(&mut self) -> Result<Map<AuthConfig>> {
        let mut all = match self.source {
            CredentialSource::User => self.all_of_user()?,
            CredentialSource::Given(all) => {
                all.iter().map(|(name, auth)| (key_of(name).to_owned(), auth.clone())).collect()
            }
            CredentialSource::None => Map::new(),
        };
        all.retain(|_, auth| !auth.is_anonymous());
        Ok(all)
    }

    fn of_user(&mut self, registry: &str) -> Result<Option<AuthConfig>> {
        let variable = self.variable();
        if let Some((_, Ok(auth))) = variable.auths.iter().rfind(|(key, _)| key == registry) {
            return Ok(Some(auth.clone()));
        }
        let settings = self.settings();
        let in_file = match settings.entry(registry) {
            Some(Ok(auth)) => Some(auth.clone()),
            Some(Err(why)) => {
                self.note(format!("what config.json has {why}"));
                None
            }
            None => None,
        };
        match settings.helper(registry) {
            Some(name) => self.ask(name, registry, in_file),
            None => Ok(in_file),
        }
    }

    fn all_of_user(&mut self) -> Result<Map<AuthConfig>> {
        let (variable, settings) = (self.variable(), self.settings());
        let mut all = Map::new();
        let mut in_file = Map::new();
        for (key, entry) in &settings.auths {
            match entry {
                Ok(auth) => _ = in_file.insert(key.clone(), auth.clone()),
                Err(why) => self.note(format!("what config.json has for {key} {why}")),
            }
        }
        // The registries that each helper is asked for.
        let mut asked: Vec<(&str, String)> = Vec::new();
        if settings.store.is_empty() {
            all.extend(in_file.clone());
        } else {
            match self.helper(&settings.store).list() {
                Ok(registries) => {
                    asked.extend(registries.into_iter().map(|it| (&*settings.store, it)));
                }
                Err(Failure::NotFound) => {}
                Err(failure) => self.tell(failure)?,
            }
        }
        for (registry, name) in &settings.helpers {
            asked.retain(|(_, it)| it != registry);
            all.remove(registry);
            if !name.is_empty() {
                asked.push((name, registry.clone()));
            } else if let Some(auth) = in_file.get(registry) {
                all.insert(registry.clone(), auth.clone());
            }
        }
        // One that fails is not asked again: it may take its time for each.
        let mut failed: Vec<&str> = Vec::new();
        for (name, registry) in asked {
            if failed.contains(&name) {
                continue;
            }
            let before = self.notes.len();
            let found = self.ask(name, &registry, in_file.remove(&registry))?;
            if self.notes.len() > before {
                failed.push(name);
            }
            all.extend(found.map(|auth| (registry, auth)));
        }
        let valid = variable.auths.into_iter().filter_map(|(key, entry)| Some((key, entry.ok()?)));
        all.extend(valid);
        Ok(all)
    }

    /// Asks a helper. Where it fails, what the file has stays.
    fn ask(
        &mut self,
        name: &str,
        registry: &str,
        in_file: Option<AuthConfig>,
    ) -> Result<Option<AuthConfig>> {
        match self.helper(name).get(registry) {
            Ok(AuthConfig { username, password, identitytoken, serveraddress, .. }) => {
                Ok(Some(AuthConfig {
                    username,
                    password,
                    identitytoken,
                    serveraddress,
                    ..in_file.unwrap_or_default()
                }))
            }
            Err(Failure::NotFound) => Ok(None),
            Err(failure) => {
                self.tell(failure)?;
                Ok(in_file)
            }
        }
    }

    fn helper<'h>(&'h self, name: &'h str) -> Helper<'h> {
        Helper::new(name, self.environment, self.io, self.limit)
    }

    /// What the variable has; only its `auths` count.
    fn variable(&mut self) -> Settings {
        let settings = match self.environment.variable(VARIABLE) {
            Ok(Some(text)) => Settings::parse(text.as_bytes()),
            Ok(None) => return Settings::default(),
            Err(error) => Err(error.to_string()),
        };
        settings.unwrap_or_else(|why| {
            self.note(format!("{VARIABLE} is passed over: {why}"));
            Settings::default()
        })
    }

    /// What the user's file says.
    fn settings(&mut self) -> Settings {
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
                self.note(format!("{} is passed over: {why}", dir.join("config.json").display()));
                Settings::default()
            }
        }
    }

    fn tell(&mut self, failure: Failure) -> Result<()> {
        match failure {
            Failure::Call(error) => return Err(error),
            Failure::Helper(why) => self.note(why),
            Failure::NotFound => {}
        }
        Ok(())
    }

    fn note(&mut self, what: String) {
        self.notes.push(format!("{}: {what}", self.what));
    }
}
