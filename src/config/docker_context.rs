//! The docker CLI's contexts.

use super::config_file::ConfigFile;
use super::context_store::{self, ContextStore, DEFAULT, StoredContext};
use super::environment::Environment;
use super::resolve;
use super::tls::Tls;
use crate::Result;

/// A context of the docker CLI, as listed by `docker context ls`.
///
/// ```no_run
/// use dockline::{Context, DockerContext};
/// for context in DockerContext::list()? {
///     let mark = if context.current { "*" } else { " " };
///     println!("{mark} {:20} {}", context.name, context.host);
/// }
/// let docker = Context::from_docker_context("staging")?;
/// # Ok::<(), dockline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DockerContext {
    /// The name of the context. `default` is not stored, but stands for the environment and the default socket.
    pub name: String,
    /// The description; often empty.
    pub description: String,
    /// The address of the engine in the docker CLI's form, such as `tcp://engine:2376`.
    pub host: String,
    /// The TLS settings, if the context has certificates or disables their verification.
    pub tls: Option<Tls>,
    /// Whether the docker CLI and [`Context::from_env`](crate::Context::from_env) use this context.
    pub current: bool,
}

impl DockerContext {
    /// Lists all contexts, `default` first and then by name.
    ///
    /// No engine is connected to.
    ///
    /// # Errors
    /// - [`Error::InvalidArgument`](crate::Error::InvalidArgument) if a configuration file or a variable is invalid
    /// - [`Error::Io`](crate::Error::Io) if a file cannot be read
    ///
    /// The error names the file or variable.
    pub fn list() -> Result<Vec<DockerContext>> {
        DockerContext::list_in(&Environment::from_process())
    }

    /// Returns the context with this name.
    ///
    /// No engine is connected to.
    ///
    /// # Errors
    /// - as [`list`](DockerContext::list)
    /// - [`Error::InvalidArgument`](crate::Error::InvalidArgument) if the context does not exist; the error lists
    ///   those that do
    pub fn inspect(name: &str) -> Result<DockerContext> {
        DockerContext::inspect_in(&Environment::from_process(), name)
    }

    pub(crate) fn list_in(environment: &Environment) -> Result<Vec<DockerContext>> {
        let config = ConfigFile::from_environment(environment)?;
        let mut list = Vec::new();
        if let Some(store) = ContextStore::from_environment(environment) {
            for dir in store.dirs()? {
                list.extend(store.read(&dir)?.map(DockerContext::from));
            }
        }
        list.sort_by(|a, b| a.name.cmp(&b.name));
        list.insert(0, default(environment, &config)?);
        let current = resolve::current(environment, &config)?;
        for context in &mut list {
            context.current = context.name == current;
        }
        Ok(list)
    }

    pub(crate) fn inspect_in(environment: &Environment, name: &str) -> Result<DockerContext> {
        let config = ConfigFile::from_environment(environment)?;
        let mut context = match name {
            DEFAULT => default(environment, &config)?,
            _ => context_store::find(environment, name)?.into(),
        };
        context.current = context.name == resolve::current(environment, &config)?;
        Ok(context)
    }
}

/// The context `default`, which is not stored.
fn default(environment: &Environment, config: &ConfigFile) -> Result<DockerContext> {
    let address = resolve::default_address(environment, config)?;
    Ok(DockerContext {
        name: DEFAULT.to_owned(),
        description: format!("Based on {}", address.source),
        host: address.host,
        tls: address.tls,
        current: false,
    })
}

impl From<StoredContext> for DockerContext {
    fn from(stored: StoredContext) -> DockerContext {
        let StoredContext { name, description, host, tls } = stored;
        DockerContext { name, description, host, tls, current: false }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::Pem;
    use crate::endpoint_cases::{CASES, Case};
    use crate::temp::TempDir;

    fn case(name: &str) -> &'static Case {
        CASES.iter().find(|case| case.name == name).unwrap()
    }

    /// The environment of a case, with additional variables.
    fn environment(case: &Case, dir: &TempDir, more: &[(&str, &str)]) -> Environment {
        case.write_files(dir.path());
        let variables = case.environment(dir.path());
        let variables = variables.iter().map(|(name, value)| (&**name, &**value));
        let variables: Vec<(&str, &str)> = variables.chain(more.iter().copied()).collect();
        Environment::for_test(dir.path(), &variables)
    }

    #[test]
    fn lists_contexts_by_name() {
        let dir = TempDir::new();
        let environment = environment(case("the current context"), &dir, &[]);
        let list = DockerContext::list_in(&environment).unwrap();
        let shown: Vec<_> =
            list.iter().map(|it| (&*it.name, &*it.description, &*it.host, it.current)).collect();
        let default = format!("unix://{}/var/run/docker.sock", dir.path().display());
        assert_eq!(
            shown,
            [
                ("default", "Based on the default", &*default, false),
                ("plain", "", "tcp://10.9.9.9:2375", false),
                ("web", "the web one", "tcp://10.1.2.3:2376", true),
            ]
        );
        for context in &list {
            assert_eq!(DockerContext::inspect_in(&environment, &context.name).unwrap(), *context);
        }
    }

    #[test]
    fn default_context_follows_the_environment() {
        let dir = TempDir::new();
        let more = [("DOCKER_HOST", "engine")];
        let environment = environment(case("the current context"), &dir, &more);
        let list = DockerContext::list_in(&environment).unwrap();
        assert_eq!(list[0].host, "tcp://engine:2375");
        assert_eq!(list[0].description, "Based on DOCKER_HOST");
        let current: Vec<_> = list.iter().map(|it| it.current).collect();
        assert_eq!(current, [true, false, false]);
    }

    #[test]
    fn contexts_include_certificates() {
        let dir = TempDir::new();
        let environment = environment(case("certificates of a context"), &dir, &[]);
        let web = DockerContext::inspect_in(&environment, "web").unwrap();
        let tls = web.tls.unwrap();
        let Some(Pem::File(ca)) = &tls.ca else { panic!("{tls:?}") };
        assert!(ca.starts_with(dir.path()) && ca.ends_with("docker/ca.pem"), "{tls:?}");
        assert!(tls.cert.is_some() && tls.key.is_some() && !tls.skip_verify, "{tls:?}");
    }

    #[test]
    fn lists_only_default_without_a_home_directory() {
        let environment = Environment::for_test(Path::new("/nowhere"), &[]);
        let list = DockerContext::list_in(&environment).unwrap();
        assert_eq!(list.len(), 1);
        let error = DockerContext::inspect_in(&environment, "web").unwrap_err().to_string();
        assert!(
            error.contains("no docker context \"web\" in ~/.docker/contexts, only default"),
            "{error}"
        );
    }

    #[test]
    fn errors_name_invalid_files() {
        let dir = TempDir::new();
        let environment = environment(case("another context is broken"), &dir, &[]);
        let error = DockerContext::list_in(&environment).unwrap_err().to_string();
        assert!(error.contains("/meta.json is broken: Endpoints: "), "{error}");
        assert!(DockerContext::inspect_in(&environment, "web").is_ok());

        let dir = TempDir::new();
        dir.write(".docker/contexts/meta", "");
        let home = dir.path().to_str().unwrap();
        let environment = Environment::for_test(dir.path(), &[("HOME", home)]);
        let error = DockerContext::list_in(&environment).unwrap_err();
        assert_eq!(error.errno(), Some(libc::ENOTDIR), "{error}");
        assert!(error.to_string().contains("/.docker/contexts/meta: "), "{error}");
    }
}
