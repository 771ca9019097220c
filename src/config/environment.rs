//! Environment variables and default paths.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::{Error, Result};

/// The operation in errors about settings.
pub(crate) const OPEN_OPERATION: &str = "Context";

/// Returns the value of a variable.
type Lookup = dyn Fn(&str) -> Option<OsString> + Send + Sync;

/// The environment of the process or of a test.
#[derive(Clone)]
pub(crate) struct Environment {
    variables: Arc<Lookup>,
    /// Replaces `/` in [`system_path`](Environment::system_path).
    root: PathBuf,
}

impl Environment {
    pub(crate) fn from_process() -> Environment {
        Environment { variables: Arc::new(|name| env::var_os(name)), root: PathBuf::from("/") }
    }

    /// An environment of only these variables, with `root` instead of `/`.
    #[cfg(test)]
    pub(crate) fn for_test(root: &Path, variables: &[(&str, &str)]) -> Environment {
        let variables: std::collections::HashMap<String, OsString> =
            variables.iter().map(|(name, value)| ((*name).into(), value.into())).collect();
        Environment {
            variables: Arc::new(move |name| variables.get(name).cloned()),
            root: root.to_owned(),
        }
    }

    /// The value of a variable. An empty variable counts as not set.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if the value is not UTF-8.
    pub(crate) fn variable(&self, name: &str) -> Result<Option<String>> {
        let Some(value) = self.path(name) else { return Ok(None) };
        match value.into_os_string().into_string() {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(Error::invalid(OPEN_OPERATION, format!("{name} is not UTF-8"))),
        }
    }

    /// The value of a variable as a path. An empty variable counts as not set.
    pub(crate) fn path(&self, name: &str) -> Option<PathBuf> {
        (self.variables)(name).filter(|value| !value.is_empty()).map(PathBuf::from)
    }

    /// The user's home directory: `HOME`, or else the one in the user database.
    pub(crate) fn home(&self) -> Option<PathBuf> {
        let from_user_database = || {
            // Tests have another root, and no home directory without HOME.
            let is_real = self.root == Path::new("/");
            #[allow(deprecated)] // Not since Rust 1.87.
            is_real.then(env::home_dir).flatten().filter(|home| !home.as_os_str().is_empty())
        };
        self.path("HOME").or_else(from_user_database)
    }

    /// An absolute path of the system, such as `/run`, below the root of this environment.
    pub(crate) fn system_path(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// The docker CLI's configuration directory: `DOCKER_CONFIG`, or else `.docker` in the home directory.
    /// Returns `None` without a home directory.
    pub(crate) fn config_dir(&self) -> Option<PathBuf> {
        self.path("DOCKER_CONFIG").or_else(|| Some(self.home()?.join(".docker")))
    }
}

impl fmt::Debug for Environment {
    /// Variables may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment").field("root", &self.root).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_variables_are_not_set() {
        let environment = Environment::for_test(Path::new("/r"), &[("EMPTY", ""), ("SET", "x")]);
        assert_eq!(environment.variable("EMPTY").unwrap(), None);
        assert_eq!(environment.variable("UNSET").unwrap(), None);
        assert_eq!(environment.variable("SET").unwrap(), Some("x".to_owned()));
        assert_eq!(environment.system_path("/run/a"), Path::new("/r/run/a"));
    }

    #[test]
    fn config_directory() {
        let dir = |variables: &[_]| Environment::for_test(Path::new("/r"), variables).config_dir();
        assert_eq!(dir(&[]), None);
        assert_eq!(dir(&[("HOME", "/home/ann")]), Some("/home/ann/.docker".into()));
        let both = [("HOME", "/home/ann"), ("DOCKER_CONFIG", "/etc/d")];
        assert_eq!(dir(&both), Some("/etc/d".into()));
        assert_eq!(Environment::from_process().system_path("/run"), Path::new("/run"));
    }

    #[test]
    fn rejects_variables_that_are_not_utf8() {
        use std::os::unix::ffi::OsStringExt;
        let bytes = || OsString::from_vec(vec![b'a', 0xff]);
        let environment =
            Environment { variables: Arc::new(move |_| Some(bytes())), root: "/".into() };
        let error = environment.variable("DOCKER_HOST").unwrap_err();
        assert_eq!(error.to_string(), "Context: DOCKER_HOST is not UTF-8");
        assert_eq!(environment.path("HOME"), Some(bytes().into()));
    }
}
