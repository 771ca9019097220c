//! What a process is told by its surroundings: variables, and where things are by custom.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::{Error, Result};

/// The operation that errors about settings name.
pub(crate) const OPEN_OPERATION: &str = "Context";

/// How a variable is looked up.
type LookUp = dyn Fn(&str) -> Option<OsString> + Send + Sync;

/// The surroundings: those of the process, or in tests others.
#[derive(Clone)]
pub(crate) struct Environment {
    variables: Arc<LookUp>,
    /// What takes the place of `/` in paths that are the same on every machine.
    root: PathBuf,
}

impl Environment {
    /// That of the process.
    pub(crate) fn from_process() -> Environment {
        Environment { variables: Arc::new(|name| env::var_os(name)), root: PathBuf::from("/") }
    }

    /// These variables and no others, and `root` in the place of `/`.
    #[cfg(test)]
    pub(crate) fn for_test(root: &Path, variables: &[(&str, &str)]) -> Environment {
        let variables: std::collections::HashMap<String, OsString> =
            variables.iter().map(|(name, value)| ((*name).into(), value.into())).collect();
        Environment {
            variables: Arc::new(move |name| variables.get(name).cloned()),
            root: root.to_owned(),
        }
    }

    /// A variable; empty is as good as unset.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] when it is not UTF-8.
    pub(crate) fn variable(&self, name: &str) -> Result<Option<String>> {
        let Some(value) = self.path(name) else { return Ok(None) };
        match value.into_os_string().into_string() {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(Error::invalid(OPEN_OPERATION, format!("{name} is not UTF-8"))),
        }
    }

    /// A variable that holds a path; empty is as good as unset.
    pub(crate) fn path(&self, name: &str) -> Option<PathBuf> {
        (self.variables)(name).filter(|value| !value.is_empty()).map(PathBuf::from)
    }

    /// The user's home directory: `HOME`, or else what the system has for the user.
    pub(crate) fn home(&self) -> Option<PathBuf> {
        let of_user = || {
            // Only a test has another root, and it has no users.
            let is_real = self.root == Path::new("/");
            #[allow(deprecated)] // Not since Rust 1.87.
            is_real.then(env::home_dir).flatten().filter(|home| !home.as_os_str().is_empty())
        };
        self.path("HOME").or_else(of_user)
    }

    /// A path that is the same on every machine, such as `/run`.
    pub(crate) fn fixed(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// Where the docker command keeps its configuration: `DOCKER_CONFIG`, or else `.docker` in the
    /// home directory. `None` for a user who has neither.
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
    fn empty_is_unset() {
        let environment = Environment::for_test(Path::new("/r"), &[("EMPTY", ""), ("SET", "x")]);
        assert_eq!(environment.variable("EMPTY").unwrap(), None);
        assert_eq!(environment.variable("UNSET").unwrap(), None);
        assert_eq!(environment.variable("SET").unwrap(), Some("x".to_owned()));
        assert_eq!(environment.fixed("/run/a"), Path::new("/r/run/a"));
    }

    #[test]
    fn the_configuration_is_in_one_dir() {
        let dir = |variables: &[_]| Environment::for_test(Path::new("/r"), variables).config_dir();
        assert_eq!(dir(&[]), None);
        assert_eq!(dir(&[("HOME", "/home/ann")]), Some("/home/ann/.docker".into()));
        let both = [("HOME", "/home/ann"), ("DOCKER_CONFIG", "/etc/d")];
        assert_eq!(dir(&both), Some("/etc/d".into()));
        assert_eq!(Environment::from_process().fixed("/run"), Path::new("/run"));
    }

    #[test]
    fn what_is_no_text_is_named() {
        use std::os::unix::ffi::OsStringExt;
        let bytes = || OsString::from_vec(vec![b'a', 0xff]);
        let environment =
            Environment { variables: Arc::new(move |_| Some(bytes())), root: "/".into() };
        let error = environment.variable("DOCKER_HOST").unwrap_err();
        assert_eq!(error.to_string(), "Context: DOCKER_HOST is not UTF-8");
        assert_eq!(environment.path("HOME"), Some(bytes().into()));
    }
}
