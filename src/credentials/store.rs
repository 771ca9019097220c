//! The credential store of `login` and `logout`: a credential helper, or `config.json`.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{fmt, process};

use serde::{Serialize, Serializer};

use super::helper::{Helper, HelperError};
use super::json::Members;
use super::reference::{DOCKER_HUB, host_of};
use super::user::{Settings, UserFile, encode_auth};
use crate::config::environment::Environment;
use crate::model::AuthConfig;
use crate::secret::SecretBytes;
use crate::transport::CallIo;
use crate::{Context, CredentialSource, Error, Result};

/// The store that received credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialStore {
    /// The credential helper `docker-credential-NAME` with this name.
    Helper(String),
    /// The file `config.json` with this path. It is not encrypted.
    File(PathBuf),
}

impl fmt::Display for CredentialStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CredentialStore::Helper(name) => write!(f, "docker-credential-{name}"),
            CredentialStore::File(path) => path.display().fmt(f),
        }
    }
}

impl Serialize for CredentialStore {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The user's credential store, for changes.
pub(crate) struct UserStore<'a> {
    context: &'a Context,
    io: &'a CallIo,
    environment: &'a Environment,
    dir: PathBuf,
}

impl<'a> UserStore<'a> {
    /// Opens the store, and checks that `config.json` can be changed.
    ///
    /// # Errors
    /// - [`Error::InvalidArgument`] if the context does not use [`CredentialSource::User`].
    /// - [`Error::InvalidArgument`] if neither `DOCKER_CONFIG` nor a home directory is set.
    /// - [`Error::InvalidArgument`] if `config.json` is not valid.
    /// - [`Error::Io`] if `config.json` cannot be read.
    pub(crate) fn open(context: &'a Context, io: &'a CallIo) -> Result<UserStore<'a>> {
        if !matches!(*context.credentials, CredentialSource::User) {
            let why = "the context does not use the user's credential store";
            return Err(Error::invalid(io.operation, why));
        }
        let environment = context.environment();
        let Some(dir) = environment.config_dir() else {
            let why = "there is no directory for config.json: set DOCKER_CONFIG or HOME";
            return Err(Error::invalid(io.operation, why));
        };
        let store = UserStore { context, io, environment, dir };
        store.read()?;
        Ok(store)
    }

    /// Stores credentials with the key `serveraddress`.
    pub(crate) fn put(&self, auth: &AuthConfig) -> Result<CredentialStore> {
        let (file, mut settings) = self.read()?;
        let had_store = !settings.store.is_empty();
        settings.detect_store(self.environment);
        let detected = (!had_store).then_some(&*settings.store).filter(|it| !it.is_empty());
        let key = &auth.serveraddress;
        let Some(name) = settings.helper(key) else {
            self.write(&file, &Edit { put: Some((key, file_entry(auth))), ..Edit::default() })?;
            return Ok(CredentialStore::File(file.path));
        };
        let stored = self.helper(name).store(auth);
        stored.map_err(|error| self.helper_error("storing", name, error))?;
        // An empty entry in the file marks the registry as logged in.
        let put = Some((&**key, SecretBytes::from(b"{}".to_vec())));
        self.write(&file, &Edit { put, store: detected, ..Edit::default() })?;
        Ok(CredentialStore::Helper(name.to_owned()))
    }

    /// Erases the credentials for a registry. Returns whether there were any.
    pub(crate) fn erase(&self, registry: &str) -> Result<bool> {
        let (file, mut settings) = self.read()?;
        settings.detect_store(self.environment);
        let keys_in_file = settings.auths.iter().map(|(key, _)| &**key);
        let mut keys: Vec<&str> = keys_in_file
            .filter(|key| *key == registry || registry != DOCKER_HUB && host_of(key) == registry)
            .collect();
        let mut erased = !keys.is_empty();
        if !keys.contains(&registry) {
            keys.push(registry);
        }
        for key in &keys {
            let Some(name) = settings.helper(key) else { continue };
            match self.helper(name).erase(key) {
                Ok(()) => erased = true,
                Err(HelperError::NotFound) => {}
                Err(error) => return Err(self.helper_error("erasing", name, error)),
            }
        }
        self.write(&file, &Edit { remove: &keys, ..Edit::default() })?;
        Ok(erased)
    }

    fn helper<'h>(&'h self, name: &'h str) -> Helper<'h> {
        Helper::new(name, self.environment, self.io, self.context.timeouts.helper)
    }

    fn helper_error(&self, activity: &str, name: &str, error: HelperError) -> Error {
        let source = match error {
            HelperError::Call(error) => return error,
            HelperError::Failed(message) => message,
            HelperError::NotFound => "credentials not found".to_owned(),
        };
        let message = format!("{activity} credentials with docker-credential-{name}");
        Error::Io { operation: self.io.operation, message, source: io::Error::other(source) }
    }

    fn read(&self) -> Result<(UserFile, Settings)> {
        let path = || self.dir.join(crate::config::config_file::NAME).display().to_string();
        let file = UserFile::read(&self.dir).map_err(|source| Error::Io {
            operation: self.io.operation,
            message: format!("reading {}", path()),
            source,
        })?;
        let settings = Settings::parse(&file.content).map_err(|why| {
            Error::invalid(self.io.operation, format!("{} is broken: {why}", path()))
        })?;
        Ok((file, settings))
    }

    fn write(&self, file: &UserFile, edit: &Edit<'_>) -> Result<()> {
        let Some(content) = edit.apply(&file.content) else { return Ok(()) };
        replace_file(&file.path, &content).map_err(|source| Error::Io {
            operation: self.io.operation,
            message: format!("writing {}", file.path.display()),
            source,
        })
    }
}

/// Returns the entry of `auths` for credentials that are stored in the file.
fn file_entry(auth: &AuthConfig) -> SecretBytes {
    let encoded = encode_auth(&auth.username, &auth.password);
    let mut object = ObjectWriter::new(3);
    for (name, text) in [
        ("auth", &*encoded),
        ("email", &auth.email),
        ("identitytoken", &auth.identitytoken),
        ("registrytoken", &auth.registrytoken),
    ] {
        if !text.is_empty() {
            object.member(name);
            serde_json::to_writer(&mut object.json, text).expect("a string is valid JSON");
        }
    }
    object.finish()
}

/// A change of `config.json`.
#[derive(Default)]
struct Edit<'a> {
    /// An entry of `auths` to set: its key and JSON.
    put: Option<(&'a str, SecretBytes)>,
    /// Keys of `auths` to remove.
    remove: &'a [&'a str],
    /// The new value of `credsStore`.
    store: Option<&'a str>,
}

impl Edit<'_> {
    /// Returns the changed file, or `None` if it does not change. Other members keep their JSON and order.
    fn apply(&self, content: &[u8]) -> Option<SecretBytes> {
        // `Settings::parse` has accepted the same content.
        let members = Members::read(content).unwrap_or_default();
        let auths = members.object("auths").unwrap_or_default();
        let mut entries: Vec<(&str, &[u8])> = Vec::new();
        for (key, value) in &auths.0 {
            if !self.remove.contains(&&**key) {
                entries.push((key, value.get().as_bytes()));
            }
        }
        let mut changed = entries.len() < auths.0.len() || self.store.is_some();
        if let Some((key, value)) = &self.put {
            match entries.iter_mut().rfind(|(other, _)| other == key) {
                Some((_, old)) if is_same_json(old, value) => {}
                Some((_, old)) => {
                    *old = value;
                    changed = true;
                }
                None => {
                    entries.push((key, value));
                    changed = true;
                }
            }
        }
        if !changed {
            return None;
        }
        let mut object = ObjectWriter::new(2);
        for (key, value) in entries {
            object.member(key);
            object.json.push(value);
        }
        let auths = object.finish();

        let mut file = ObjectWriter::new(1);
        let position = members.position("auths");
        if position.is_none() {
            file.member("auths");
            file.json.push(&auths);
        }
        for (index, (key, value)) in members.0.iter().enumerate() {
            file.member(key);
            file.json.push(if position == Some(index) { &auths } else { value.get().as_bytes() });
        }
        if let Some(name) = self.store {
            file.member("credsStore");
            serde_json::to_writer(&mut file.json, name).expect("a string is valid JSON");
        }
        Some(file.finish())
    }
}

/// Returns whether two JSON objects differ at most in the whitespace between their members.
fn is_same_json(one: &[u8], other: &[u8]) -> bool {
    let members = |json| {
        let members = Members::read(json).ok()?;
        Some(members.0.into_iter().map(|(key, value)| (key, value.get())).collect::<Vec<_>>())
    };
    members(one) == members(other)
}

/// Writes a JSON object in the layout of the Docker CLI.
struct ObjectWriter {
    json: SecretBytes,
    /// Number of tabs before its members.
    depth: usize,
}

impl ObjectWriter {
    fn new(depth: usize) -> ObjectWriter {
        ObjectWriter { json: SecretBytes::from(b"{".to_vec()), depth }
    }

    fn member(&mut self, name: &str) {
        if self.json.len() > 1 {
            self.json.push(b",");
        }
        self.new_line(self.depth);
        serde_json::to_writer(&mut self.json, name).expect("a string is valid JSON");
        self.json.push(b": ");
    }

    fn new_line(&mut self, depth: usize) {
        self.json.push(b"\n");
        (0..depth).for_each(|_| self.json.push(b"\t"));
    }

    fn finish(mut self) -> SecretBytes {
        if self.json.len() > 1 {
            self.new_line(self.depth - 1);
        }
        self.json.push(b"}");
        self.json
    }
}

/// Replaces a file atomically, with mode 0600.
fn replace_file(path: &Path, content: &[u8]) -> io::Result<()> {
    static NEXT_NUMBER: AtomicU32 = AtomicU32::new(0);
    let path = &resolve_links(path)?;
    let dir = path.parent().unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    let number = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = dir.join(format!(".{name}.{}.{number}", process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let replaced = options.open(&temporary).and_then(|mut file: File| {
        file.write_all(content)?;
        if let Ok(old) = fs::metadata(path) {
            // Keeps the owner, if the process is allowed to change it.
            let _ = fchown(&file, Some(old.uid()), Some(old.gid()));
        }
        file.sync_all()?;
        fs::rename(&temporary, path)
    });
    if replaced.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    replaced
}

/// Follows symbolic links, including a link to a file that does not exist yet.
fn resolve_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    // Linux follows at most 40 links.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            // The path is not a link, or does not exist.
            Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::NotFound) => {
                return Ok(path);
            }
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::from_raw_os_error(libc::ELOOP))
}
