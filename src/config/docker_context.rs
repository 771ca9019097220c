//! The contexts of the docker command, as it keeps them below its configuration.

use super::config_file::ConfigFile;
use super::context_store::{self, ContextStore, DEFAULT, StoredContext};
use super::environment::Environment;
use super::resolve;
use super::tls::Tls;
use crate::Result;

/// A context of the docker command: what `docker context ls` lists.
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
    /// Its name. `default` is no file but what the environment says.
    pub name: String,
    /// What its maker says it is; mostly empty.
    pub description: String,
    /// Where its engine listens, in the docker command's such as `tcp://engine:2376`.
    pub host: String,
    /// How to reach it by TLS, where there are certificates with it, or it does without their check.
    pub tls: Option<Tls>,
    /// Whether it is the one that [`Context::from_env`](crate::Context::from_env) opens, and the
    /// docker command uses.
    pub current: bool,
}

impl DockerContext {
    /// Lists all contexts by their names, `default` first. Opens none.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`](crate::Error::InvalidArgument) where a file of the configuration or a
    /// variable is broken, [`Error::Io`](crate::Error::Io) where a file cannot be read; both say which.
    pub fn list() -> Result<Vec<DockerContext>> {
        DockerContext::list_in(&Environment::from_process())
    }

    /// Finds one context by its name. Opens nothing.
    ///
    /// # Errors
    /// As [`list`](DockerContext::list), and
    /// [`Error::InvalidArgument`](crate::Error::InvalidArgument) where there is none of the name, saying
    /// which there are.
    pub fn inspect(name: &str) -> Result<DockerContext> {
        DockerContext::inspect_in(&Environment::from_process(), name)
    }

    pub(crate) fn list_in(environment: &Environment) -> Result<Vec<DockerContext>> {
        let config = ConfigFile::of(environment)?;
        let mut list = Vec::new();
        if let Some(store) = ContextStore::of(environment) {
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
        let config = ConfigFile::of(environment)?;
        let mut context = match name {
            DEFAULT => default(environment, &config)?,
            _ => context_store::find(environment, name)?.into(),
        };
        context.current = context.name == resolve::current(environment, &config)?;
        Ok(context)
    }
}

/// The one that stands in no file.
fn default(environment: &Environment, config: &ConfigFile) -> Result<DockerContext> {
    let address = resolve::default_address(environment, config)?;
    Ok(DockerContext {
        name: DEFAULT.to_owned(),
        description: format!("By {}", address.source),
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

    /// The surroundings of a case, with more variables.
    fn environment(case: &Case, dir: &TempDir, more: &[(&str, &str)]) -> Environment {
        case.write_files(dir.path());
        let own = case.environment(dir.path());
        let own = own.iter().map(|(name, value)| (&**name, &**value));
        let variables: Vec<(&str, &str)> = own.chain(more.iter().copied()).collect();
        Environment::for_test(dir.path(), &variables)
    }

    #[test]
    fn lists_them_by_name() {
        let dir = TempDir::new();
        let environment = environment(case("the current context"), &dir, &[]);
        let list = DockerContext::list_in(&environment).unwrap();
        let shown: Vec<_> =
            list.iter().map(|it| (&*it.name, &*it.description, &*it.host, it.current)).collect();
        let default = format!("unix://{}/var/run/docker.sock", dir.path().display());
        assert_eq!(
            shown,
            [
                ("default", "By the default", &*default, false),
                ("plain", "", "tcp://10.9.9.9:2375", false),
                ("web", "the web one", "tcp://10.1.2.3:2376", true),
            ]
        );
        for context in &list {
            assert_eq!(
                DockerContext::inspect_in(&environment, &context.name).unwrap(),
                *context,
                "each as by its name"
            );
        }
    }

    #[test]
    fn the_default_is_what_the_environment_says() {
        let dir = TempDir::new();
        let more = [("DOCKER_HOST", "engine")];
        let environment = environment(case("the current context"), &dir, &more);
        let list = DockerContext::list_in(&environment).unwrap();
        assert_eq!(list[0].host, "tcp://engine:2375");
        assert_eq!(list[0].description, "By DOCKER_HOST");
        let current: Vec<_> = list.iter().map(|it| it.current).collect();
        assert_eq!(current, [true, false, false]);
    }

    #[test]
    fn certificates_come_along() {
        let dir = TempDir::new();
        let environment = environment(case("certificates of a context"), &dir, &[]);
        let web = DockerContext::inspect_in(&environment, "web").unwrap();
        let tls = web.tls.unwrap();
        let Some(Pem::File(ca)) = &tls.ca else { panic!("{tls:?}") };
        assert!(ca.starts_with(dir.path()) && ca.ends_with("docker/ca.pem"), "{tls:?}");
        assert!(tls.cert.is_some() && tls.key.is_some() && !tls.skip_verify, "{tls:?}");
    }

    #[test]
    fn a_user_without_home_has_none() {
        let environment = Environment::for_test(Path::new("/nowhere"), &[]);
        let names: Vec<_> = DockerContext::list_in(&environment).unwrap();
        assert_eq!(names.len(), 1);
        let error = DockerContext::inspect_in(&environment, "web").unwrap_err().to_string();
        assert!(
            error.contains("no docker context \"web\" in ~/.docker/contexts, only default"),
            "{error}"
        );
    }

    #[test]
    fn broken_files_are_named() {
        let dir = TempDir::new();
        let environment = environment(case("a broken context beside"), &dir, &[]);
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
