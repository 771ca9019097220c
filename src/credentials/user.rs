//! What the docker command has for the user: `config.json`, the helpers it names, and
//! `DOCKER_AUTH_CONFIG`.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::helper;
use super::json::Members;
use super::reference::host_of;
use crate::config::config_file;
use crate::config::environment::Environment;
use crate::model::{AuthConfig, SecretString};
use crate::secret::SecretBytes;

/// The variable that holds `auths` of its own, which win over those of the file.
pub(super) const VARIABLE: &str = "DOCKER_AUTH_CONFIG";

/// `config.json` as it is.
pub(super) struct UserFile {
    pub(super) path: PathBuf,
    pub(super) content: SecretBytes,
}

impl UserFile {
    /// Reads it; one that is not there has nothing in it.
    pub(super) fn read(dir: &Path) -> io::Result<UserFile> {
        let path = dir.join(config_file::NAME);
        match SecretBytes::of_file(&path) {
            Ok(content) => Ok(UserFile { path, content }),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Ok(UserFile { path, content: SecretBytes::default() })
            }
            Err(error) => Err(error),
        }
    }
}

/// What a configuration says of credentials.
#[derive(Default)]
pub(super) struct Settings {
    /// By their keys, in their order.
    pub(super) auths: Vec<(String, Entry)>,
    /// The helper for all registries without one of their own; none when empty.
    pub(super) store: String,
    /// The helper for each of these registries.
    pub(super) helpers: Vec<(String, String)>,
}

/// One of the `auths`, or what is wrong with it.
pub(super) type Entry = Result<AuthConfig, &'static str>;

impl Settings {
    /// Those in the text of a configuration, and what is wrong with it.
    pub(super) fn parse(json: &[u8]) -> Result<Settings, String> {
        if json.trim_ascii().is_empty() {
            return Ok(Settings::default());
        }
        let all = Members::read(json)?;
        let auths = all.object("auths")?.0.into_iter();
        let helpers = all.object("credHelpers")?;
        Ok(Settings {
            auths: auths
                .map(|(key, value)| {
                    let entry = entry(&key, value.get());
                    (key, entry)
                })
                .collect(),
            store: all.text("credsStore").to_string(),
            helpers: helpers
                .0
                .iter()
                .map(|(registry, _)| (registry.clone(), helpers.text(registry).to_string()))
                .collect(),
        })
    }

    /// The helper of a registry, if it has one.
    pub(super) fn helper(&self, registry: &str) -> Option<&str> {
        let own = self.helpers.iter().rfind(|(key, _)| key == registry);
        Some(own.map_or(&*self.store, |(_, name)| name)).filter(|name| !name.is_empty())
    }

    /// What the file has for a registry: under its key, or under a URL of it, as files of old have.
    pub(super) fn entry(&self, registry: &str) -> Option<&Entry> {
        let exact = self.auths.iter().rfind(|(key, _)| key == registry);
        exact
            .or_else(|| self.auths.iter().find(|(key, _)| host_of(key) == registry))
            .map(|it| &it.1)
    }

    /// Where nothing is said of credentials, the docker command takes the usual helper of the system, if
    /// it is installed.
    pub(super) fn detect_store(&mut self, environment: &Environment) {
        if !(self.auths.is_empty() && self.helpers.is_empty() && self.store.is_empty()) {
            return;
        }
        let usual =
            if helper::find("pass", environment).is_some() { "pass" } else { "secretservice" };
        if helper::find(&format!("docker-credential-{usual}"), environment).is_some() {
            self.store = usual.to_owned();
        }
    }
}

/// One of the `auths`. Name and password in base64 win over those beside them.
fn entry(key: &str, json: &str) -> Entry {
    let members = Members::read(json.as_bytes()).map_err(|_| "is no object")?;
    let mut entry = AuthConfig {
        username: members.text("username").to_string(),
        password: members.text("password"),
        email: members.text("email").to_string(),
        serveraddress: key.to_owned(),
        identitytoken: members.text("identitytoken"),
        registrytoken: members.text("registrytoken"),
        auth: SecretString::default(),
    };
    let auth = members.text("auth");
    if !auth.is_empty() {
        (entry.username, entry.password) = decode(&auth)?;
    }
    Ok(entry)
}

/// Name and password in `auth`.
fn decode(auth: &str) -> Result<(String, SecretString), &'static str> {
    // As Go does, over line ends.
    let mut text = SecretBytes::default();
    auth.split(['\r', '\n']).for_each(|part| text.push(part.as_bytes()));
    let decoded = SecretBytes::from(BASE64_STANDARD.decode(&*text).map_err(|_| "is no base64")?);
    let decoded = std::str::from_utf8(&decoded).map_err(|_| "is no UTF-8")?;
    match decoded.split_once(':') {
        Some((username, password)) if !username.is_empty() => {
            Ok((username.to_owned(), password.trim_matches('\0').into()))
        }
        _ => Err("has no name and password with a colon between them"),
    }
}

/// Name and password as `auth` has them; empty without either.
pub(super) fn encode(username: &str, password: &str) -> SecretString {
    if username.is_empty() && password.is_empty() {
        return SecretString::default();
    }
    let mut plain = SecretBytes::default();
    for part in [username, ":", password] {
        plain.push(part.as_bytes());
    }
    BASE64_STANDARD.encode(&*plain).into()
}
