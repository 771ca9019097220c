//! The user's credential settings: `config.json` and `DOCKER_AUTH_CONFIG`.

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

/// The environment variable with `auths` that take precedence over those in the file.
pub(super) const VARIABLE: &str = "DOCKER_AUTH_CONFIG";

/// The unparsed `config.json`.
pub(super) struct UserFile {
    pub(super) path: PathBuf,
    pub(super) content: SecretBytes,
}

impl UserFile {
    /// Reads the file. A missing file is empty.
    pub(super) fn read(dir: &Path) -> io::Result<UserFile> {
        let path = dir.join(config_file::NAME);
        match SecretBytes::read_file(&path) {
            Ok(content) => Ok(UserFile { path, content }),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Ok(UserFile { path, content: SecretBytes::default() })
            }
            Err(error) => Err(error),
        }
    }
}

/// The credential settings in `config.json`.
#[derive(Default)]
pub(super) struct Settings {
    /// `auths`: credentials by key, in the order of the file.
    pub(super) auths: Vec<(String, Entry)>,
    /// `credsStore`: the name of the helper for registries that are not in `helpers`. Empty if there is no
    /// such helper.
    pub(super) store: String,
    /// `credHelpers`: the names of helpers by registry.
    pub(super) helpers: Vec<(String, String)>,
}

/// An entry of `auths`. The error is a predicate, such as "is not an object".
pub(super) type Entry = Result<AuthConfig, &'static str>;

impl Settings {
    /// Parses `config.json`.
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
                    let entry = parse_entry(&key, value.get());
                    (key, entry)
                })
                .collect(),
            store: all.string("credsStore").to_string(),
            helpers: helpers
                .0
                .iter()
                .map(|(registry, _)| (registry.clone(), helpers.string(registry).to_string()))
                .collect(),
        })
    }

    /// Returns the name of the helper for a registry.
    pub(super) fn helper(&self, registry: &str) -> Option<&str> {
        let specific = self.helpers.iter().rfind(|(key, _)| key == registry);
        Some(specific.map_or(&*self.store, |(_, name)| name)).filter(|name| !name.is_empty())
    }

    /// Returns the entry of a registry: with its key, or with a URL of its host, which old versions of the
    /// Docker CLI used as the key.
    pub(super) fn entry(&self, registry: &str) -> Option<&Entry> {
        let exact = self.auths.iter().rfind(|(key, _)| key == registry);
        exact
            .or_else(|| self.auths.iter().find(|(key, _)| host_of(key) == registry))
            .map(|it| &it.1)
    }

    /// Selects the default helper of the system, if it is installed and there are no credential settings.
    /// The Docker CLI does the same.
    pub(super) fn detect_store(&mut self, environment: &Environment) {
        if !(self.auths.is_empty() && self.helpers.is_empty() && self.store.is_empty()) {
            return;
        }
        let has_pass = helper::find_program("pass", environment).is_some();
        let default = if has_pass { "pass" } else { "secretservice" };
        if helper::find_program(&format!("docker-credential-{default}"), environment).is_some() {
            self.store = default.to_owned();
        }
    }
}

/// Parses an entry of `auths`. `auth` takes precedence over `username` and `password`.
fn parse_entry(key: &str, json: &str) -> Entry {
    let members = Members::read(json.as_bytes()).map_err(|_| "is not an object")?;
    let mut entry = AuthConfig {
        username: members.string("username").to_string(),
        password: members.string("password"),
        email: members.string("email").to_string(),
        serveraddress: key.to_owned(),
        identitytoken: members.string("identitytoken"),
        registrytoken: members.string("registrytoken"),
        auth: SecretString::default(),
    };
    let auth = members.string("auth");
    if !auth.is_empty() {
        (entry.username, entry.password) = decode_auth(&auth)?;
    }
    Ok(entry)
}

/// Decodes `auth`, which is `username:password` in base64.
fn decode_auth(auth: &str) -> Result<(String, SecretString), &'static str> {
    // Go's base64 decoder ignores line breaks.
    let mut text = SecretBytes::default();
    auth.split(['\r', '\n']).for_each(|part| text.push(part.as_bytes()));
    let decoded =
        BASE64_STANDARD.decode(&*text).map_err(|_| "has an \"auth\" that is not base64")?;
    let decoded = SecretBytes::from(decoded);
    let decoded = std::str::from_utf8(&decoded).map_err(|_| "has an \"auth\" that is not UTF-8")?;
    match decoded.split_once(':') {
        Some((username, password)) if !username.is_empty() => {
            Ok((username.to_owned(), password.trim_matches('\0').into()))
        }
        _ => Err("has an \"auth\" that is not username:password"),
    }
}

/// Encodes `auth`. Returns an empty string if both parts are empty.
pub(super) fn encode_auth(username: &str, password: &str) -> SecretString {
    if username.is_empty() && password.is_empty() {
        return SecretString::default();
    }
    let mut plain = SecretBytes::default();
    for part in [username, ":", password] {
        plain.push(part.as_bytes());
    }
    BASE64_STANDARD.encode(&*plain).into()
}
