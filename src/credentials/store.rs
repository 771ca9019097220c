//! Keeping credentials where the docker command keeps them.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{fmt, process};

use serde::{Serialize, Serializer};

use super::helper::{Failure, Helper};
use super::json::Members;
use super::reference::{DOCKER_HUB, host_of};
use super::user::{Settings, UserFile, encode};
use crate::config::environment::Environment;
use crate::model::AuthConfig;
use crate::secret::SecretBytes;
use crate::transport::CallIo;
use crate::{Context, CredentialSource, Error, Result};

/// Where credentials were stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialStore {
    /// With the helper program `docker-credential-NAME` of this name.
    Helper(String),
    /// In this file, where everybody who may read it can read them.
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

/// The user's store of credentials, for changes.
pub(crate) struct Store<'a> {
    context: &'a Context,
    io: &'a CallIo,
    environment: &'a Environment,
    dir: PathBuf,
}

impl<'a> Store<'a> {
    /// Makes sure that something can be kept.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] when the context does not use the user's store, or the user has no
    /// home, or `config.json` is broken; [`Error::Io`] when it cannot be read.
    pub(crate) fn open(context: &'a Context, io: &'a CallIo) -> Result<Store<'a>> {
        if !matches!(*context.credentials, CredentialSource::User) {
            let why = "the context does not take credentials from the user's store";
            return Err(Error::invalid(io.operation, why));
        }
        let environment = context.environment();
        let Some(dir) = environment.config_dir() else {
            let why = "there is no directory for config.json: set DOCKER_CONFIG or HOME";
            return Err(Error::invalid(io.operation, why));
        };
        let store = Store { context, io, environment, dir };
        store.read()?;
        Ok(store)
    }

    /// Keeps these, under the key that stands in them.
    pub(crate) fn put(&self, auth: &AuthConfig) -> Result<CredentialStore> {
        let (file, mut settings) = self.read()?;
        let had_store = !settings.store.is_empty();
        settings.detect_store(self.environment);
        let detected = (!had_store).then_some(&*settings.store).filter(|it| !it.is_empty());
        let key = &auth.serveraddress;
        let Some(name) = settings.helper(key) else {
            self.write(&file, &Edit { put: Some((key, in_file(auth))), ..Edit::default() })?;
            return Ok(CredentialStore::File(file.path));
        };
        self.helper(name).store(auth).map_err(|failure| self.failed("storing", name, failure))?;
        // That it is there, is in the file all the same.
        let put = Some((&**key, SecretBytes::from(b"{}".to_vec())));
        self.write(&file, &Edit { put, store: detected, ..Edit::default() })?;
        Ok(CredentialStore::Helper(name.to_owned()))
    }

    /// Forgets what there is for the registry with this key. False when there was nothing.
    pub(crate) fn erase(&self, registry: &str) -> Result<bool> {
        let (file, mut settings) = self.read()?;
        settings.detect_store(self.environment);
        let in_file = settings.auths.iter().map(|(key, _)| &**key);
        let mut keys: Vec<&str> = in_file
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
                Err(Failure::NotFound) => {}
                Err(failure) => return Err(self.failed("erasing", name, failure)),
            }
        }
        self.write(&file, &Edit { remove: &keys, ..Edit::default() })?;
        Ok(erased)
    }

    fn helper<'h>(&'h self, name: &'h str) -> Helper<'h> {
        Helper::new(name, self.environment, self.io, self.context.timeouts.helper)
    }

    fn failed(&self, doing: &str, name: &str, failure: Failure) -> Error {
        let why = match failure {
            Failure::Call(error) => return error,
            Failure::Helper(why) => why,
            Failure::NotFound => "credentials not found".to_owned(),
        };
        let message = format!("{doing} credentials by docker-credential-{name}");
        Error::Io { operation: self.io.operation, message, source: io::Error::other(why) }
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
        replace(&file.path, &content).map_err(|source| Error::Io {
            operation: self.io.operation,
            message: format!("writing {}", file.path.display()),
            source,
        })
    }
}

/// What stands in `auths` of a file that keeps passwords itself.
fn in_file(auth: &AuthConfig) -> SecretBytes {
    let encoded = encode(&auth.username, &auth.password);
    let mut object = Object::new(3);
    for (name, text) in [
        ("auth", &*encoded),
        ("email", &auth.email),
        ("identitytoken", &auth.identitytoken),
        ("registrytoken", &auth.registrytoken),
    ] {
        if !text.is_empty() {
            object.member(name);
            serde_json::to_writer(&mut object.json, text).expect("text is JSON");
        }
    }
    object.end()
}

/// A change of `config.json`.
#[derive(Default)]
struct Edit<'a> {
    /// What is to stand at a key of `auths`.
    put: Option<(&'a str, SecretBytes)>,
    /// Keys of `auths` to go.
    remove: &'a [&'a str],
    /// What is to be `credsStore`.
    store: Option<&'a str>,
}

impl Edit<'_> {
    /// The file with the change, all else as it was, in its order. `None` where nothing changes.
    fn apply(&self, content: &[u8]) -> Option<SecretBytes> {
        // It was read before, so it is well-formed.
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
                Some((_, old)) if same(old, value) => {}
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
        let mut object = Object::new(2);
        for (key, value) in entries {
            object.member(key);
            object.json.push(value);
        }
        let auths = object.end();

        let mut file = Object::new(1);
        let place = members.position("auths");
        if place.is_none() {
            file.member("auths");
            file.json.push(&auths);
        }
        for (at, (key, value)) in members.0.iter().enumerate() {
            file.member(key);
            file.json.push(if place == Some(at) { &auths } else { value.get().as_bytes() });
        }
        if let Some(name) = self.store {
            file.member("credsStore");
            serde_json::to_writer(&mut file.json, name).expect("text is JSON");
        }
        Some(file.end())
    }
}

/// Whether two texts of JSON differ in blanks at most.
fn same(one: &[u8], other: &[u8]) -> bool {
    let compact = |json| {
        let members = Members::read(json).ok()?;
        Some(members.0.into_iter().map(|(key, value)| (key, value.get())).collect::<Vec<_>>())
    };
    compact(one) == compact(other)
}

/// An object in the making, laid out as the docker command lays it out.
struct Object {
    json: SecretBytes,
    /// How far its members are indented.
    depth: usize,
}

impl Object {
    fn new(depth: usize) -> Object {
        Object { json: SecretBytes::from(b"{".to_vec()), depth }
    }

    fn member(&mut self, name: &str) {
        if self.json.len() > 1 {
            self.json.push(b",");
        }
        self.line(self.depth);
        serde_json::to_writer(&mut self.json, name).expect("text is JSON");
        self.json.push(b": ");
    }

    fn line(&mut self, depth: usize) {
        self.json.push(b"\n");
        (0..depth).for_each(|_| self.json.push(b"\t"));
    }

    fn end(mut self) -> SecretBytes {
        if self.json.len() > 1 {
            self.line(self.depth - 1);
        }
        self.json.push(b"}");
        self.json
    }
}

/// Puts `content` in the place of the file at once, for its owner alone.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let path = &followed(path)?;
    let dir = path.parent().unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let new = dir.join(format!(".{name}.{}.{number}", process::id()));
    let written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new).and_then(
        |mut file: File| {
            file.write_all(content)?;
            if let Ok(old) = fs::metadata(path) {
                // A file of another user's stays theirs, where that can be had.
                let _ = fchown(&file, Some(old.uid()), Some(old.gid()));
            }
            file.sync_all()?;
            fs::rename(&new, path)
        },
    );
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }
    written
}

/// Where the file really is, or would be: it may be a link, also one that leads nowhere yet.
fn followed(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    // As many links as the system follows.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            // No link, or nothing at all.
            Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::NotFound) => {
                return Ok(path);
            }
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::from_raw_os_error(libc::ELOOP))
}
