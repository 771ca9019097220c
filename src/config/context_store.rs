//! The contexts that the docker CLI stores below its configuration directory.

use std::collections::BinaryHeap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::environment::{Environment, OPEN_OPERATION};
use super::tls::{Pem, Tls};
use crate::codec::{from_json, record};
use crate::model::Map;
use crate::{Error, Result};

/// The name of the context that has no file.
pub(super) const DEFAULT: &str = "default";

/// A context as its files describe it.
#[derive(Debug)]
pub(super) struct StoredContext {
    pub(super) name: String,
    pub(super) description: String,
    /// Empty if the file has none.
    pub(super) host: String,
    /// The TLS settings, if there are certificates or verification is off.
    pub(super) tls: Option<Tls>,
}

/// The stored context of this name.
///
/// # Errors
/// [`Error::InvalidArgument`] if there is no such context; the error lists the existing ones.
pub(super) fn find(environment: &Environment, name: &str) -> Result<StoredContext> {
    let mut names = vec![DEFAULT.to_owned()];
    // An invalid file may belong to another context, so it fails the call only if `name` is not found.
    let mut broken = String::new();
    let store = ContextStore::from_environment(environment);
    if let Some(store) = &store {
        for dir in store.dirs()? {
            match store.read(&dir) {
                Ok(Some(context)) if context.name == name => return Ok(context),
                Ok(Some(context)) => names.push(context.name),
                Ok(None) => {}
                Err(error) => broken = format!("; {}", without_operation(&error)),
            }
        }
    }
    let dir =
        store.map_or_else(|| "~/.docker/contexts".to_owned(), |it| it.0.display().to_string());
    Err(Error::invalid(
        OPEN_OPERATION,
        format!(
            "there is no docker context {name:?} in {dir}, only {}{broken}; docker context ls lists them",
            BinaryHeap::from(names).into_sorted_vec().join(", ")
        ),
    ))
}

fn without_operation(error: &Error) -> String {
    let text = error.to_string();
    text.strip_prefix(OPEN_OPERATION)
        .and_then(|it| it.strip_prefix(": "))
        .unwrap_or(&text)
        .to_owned()
}

/// The directory of the stored contexts.
pub(super) struct ContextStore(PathBuf);

record! {
    /// The content of a context's `meta.json`.
    #[derive(Default)]
    struct Meta {
        name: String = "Name",
        metadata: Metadata = "Metadata",
        endpoints: Map<MetaEndpoint> = "Endpoints",
    }
}

record! {
    #[derive(Default)]
    struct Metadata {
        description: String = "Description",
    }
}

record! {
    #[derive(Default)]
    struct MetaEndpoint {
        host: String = "Host",
        skip_tls_verify: bool = "SkipTLSVerify",
    }
}

impl ContextStore {
    pub(super) fn from_environment(environment: &Environment) -> Option<ContextStore> {
        Some(ContextStore(environment.config_dir()?.join("contexts")))
    }

    /// The directories of all contexts. Each is named by the SHA-256 of its context's name, which is also
    /// in its file.
    pub(super) fn dirs(&self) -> Result<Vec<PathBuf>> {
        let dir = self.0.join("meta");
        let failed = |source| {
            let message = format!("reading {}", dir.display());
            Error::Io { operation: OPEN_OPERATION, message, source }
        };
        let entries = match fs::read_dir(&dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let mut dirs = Vec::new();
        for entry in entries {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                dirs.push(path);
            }
        }
        // A heap adds a tenth of the code of a slice's sort.
        Ok(BinaryHeap::from(dirs).into_sorted_vec())
    }

    /// The context in this directory; `None` if it holds none, or one for something other than Docker.
    pub(super) fn read(&self, dir: &Path) -> Result<Option<StoredContext>> {
        let file = dir.join("meta.json");
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => {
                let message = format!("reading {}", file.display());
                return Err(Error::Io { operation: OPEN_OPERATION, message, source });
            }
        };
        let meta: Meta = from_json(&bytes).map_err(|error| {
            Error::invalid(OPEN_OPERATION, format!("{} is broken: {error}", file.display()))
        })?;
        let Some(endpoint) = meta.endpoints.get("docker") else { return Ok(None) };
        let tls = dir.file_name().and_then(|id| {
            let dir = self.0.join("tls").join(id).join("docker");
            let pem = |name| Some(dir.join(name)).filter(|file| file.exists()).map(Pem::file);
            let tls = Tls {
                ca: pem("ca.pem"),
                cert: pem("cert.pem"),
                key: pem("key.pem"),
                skip_verify: endpoint.skip_tls_verify,
            };
            Some(tls).filter(|tls| *tls != Tls::default())
        });
        Ok(Some(StoredContext {
            name: meta.name,
            description: meta.metadata.description,
            host: endpoint.host.clone(),
            tls,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temp::TempDir;

    #[test]
    fn a_file_that_is_not_json() {
        for (content, reason) in [
            ("", "expected JSON, got an empty file"),
            (" \n", "expected JSON, got an empty file"),
            ("{", "not valid JSON: EOF while parsing an object"),
            ("[]", "expected an object, got an array"),
        ] {
            let dir = TempDir::new();
            let file = dir.write("contexts/meta/ab/meta.json", content);
            let variables = [("DOCKER_CONFIG", dir.path().to_str().unwrap())];
            let environment = Environment::for_test(dir.path(), &variables);
            let error = find(&environment, "web").unwrap_err().to_string();
            let expected = format!("; {} is broken: {reason};", file.display());
            assert!(error.contains(&expected), "{error}");
        }
    }
}
