//! The Dockerfile of a build from a directory.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;

use crate::{Error, Result};

/// The Dockerfile of a build from a directory.
pub(super) enum Dockerfile {
    /// A file in the directory, by its path relative to it.
    Inside(String),
    /// The text of a Dockerfile that is not in the directory.
    Added(Vec<u8>),
}

impl Dockerfile {
    /// The name that engines use by default.
    pub(super) const DEFAULT: &str = "Dockerfile";

    /// Finds a Dockerfile in or outside the directory `root`. Symbolic links are resolved first, as
    /// in the docker CLI, because a link to a file outside the directory is useless to the engine.
    pub(super) fn find(root: &Path, path: &Path) -> Result<Dockerfile> {
        let failed = |source| Error::Io {
            operation: super::BUILD,
            message: format!("reading the Dockerfile {path:?}"),
            source,
        };
        let target = path.canonicalize().map_err(failed)?;
        if !target.metadata().map_err(failed)?.is_file() {
            let message = format!("the Dockerfile {path:?} is not a regular file");
            return Err(Error::invalid(super::BUILD, message));
        }
        let root = root.canonicalize().map_err(failed)?;
        match target.strip_prefix(root).ok().and_then(Path::to_str) {
            Some(name) => Ok(Dockerfile::Inside(name.to_owned())),
            None => Ok(Dockerfile::Added(fs::read(&target).map_err(failed)?)),
        }
    }

    /// A name that no file in the directory has, in the form that the docker CLI uses.
    ///
    /// The CLI's name is random. This one depends on the text, so that the build cache can be used.
    pub(super) fn added_name(text: &[u8]) -> String {
        let hash = |seed: u8| {
            let mut hasher = DefaultHasher::new();
            hasher.write_u8(seed);
            hasher.write(text);
            hasher.finish()
        };
        format!(".dockerfile.{:016x}{:04x}", hash(0), hash(1) as u16)
    }
}
