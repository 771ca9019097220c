//! The contexts of the docker command, as it keeps them below its configuration.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::codec::from_json;
use crate::codec::record;
use crate::model::Map;

use crate::config::config_file::ConfigFile;
use crate::config::environment::{Environment, OPENING};
use crate::config::resolve;
use crate::{Error, Pem, Result, Tls};

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

/// The name of the context that stands in no file.
pub(crate) const DEFAULT: &str = "default";

impl DockerContext {
    /// Lists all contexts by their names, `default` first. Opens none.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] where a file of the configuration or a variable is broken,
    /// [`Error::Io`] where a file cannot be read; both say which.
    pub fn list() -> Result<Vec<DockerContext>> {
        DockerContext::list_in(&Environment::of_process())
    }

    /// Finds one context by its name. Opens nothing.
    ///
    /// # Errors
    /// As [`list`](DockerContext::list), and [`Error::InvalidArgument`] where there is none of the
    /// name, saying which there are.
    pub fn inspect(name: &str) -> Result<DockerContext> {
        DockerContext::inspect_in(&Environment::of_process(), name)
    }

    pub(crate) fn list_in(environment: &Environment) -> Result<Vec<DockerContext>> {
        let config = ConfigFile::of(environment)?;
        let mut list = Vec::new();
        if let Some(store) = Store::of(environment) {
            for folder in store.folders()? {
                list.extend(store.read(&folder)?);
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
            _ => find(environment, name)?,
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
        description: format!("By {}", address.rule),
        host: address.host,
        tls: address.tls,
        current: false,
    })
}

/// The stored context of this name.
///
/// # Errors
/// As [`DockerContext::inspect`].
pub(crate) fn find(environment: &Environment, name: &str) -> Result<DockerContext> {
    let mut there = vec![DEFAULT.to_owned()];
    // A broken file may be that of another context.
    let mut broken = String::new();
    let store = Store::of(environment);
    if let Some(store) = &store {
        for folder in store.folders()? {
            match store.read(&folder) {
                Ok(Some(context)) if context.name == name => return Ok(context),
                Ok(Some(context)) => there.push(context.name),
                Ok(None) => {}
                Err(error) => broken = format!("; {}", without_operation(&error)),
            }
        }
    }
    there.sort();
    let folder =
        store.map_or_else(|| "~/.docker/contexts".to_owned(), |it| it.0.display().to_string());
    Err(Error::invalid(
        OPENING,
        format!(
            "there is no docker context {name:?} in {folder}, only {}{broken}; docker context ls lists them",
            there.join(", ")
        ),
    ))
}

fn without_operation(error: &Error) -> String {
    let text = error.to_string();
    text.strip_prefix(OPENING).and_then(|it| it.strip_prefix(": ")).unwrap_or(&text).to_owned()
}

/// The folder that holds the contexts.
struct Store(PathBuf);

record! {
    /// What the docker command writes to `meta.json`.
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

impl Store {
    fn of(environment: &Environment) -> Option<Store> {
        Some(Store(environment.config_folder()?.join("contexts")))
    }

    /// The folders of all contexts. Each is named by the SHA-256 of its context's name, which the
    /// file in it tells as well.
    fn folders(&self) -> Result<Vec<PathBuf>> {
        let folder = self.0.join("meta");
        let failed = |source| {
            let message = format!("reading {}", folder.display());
            Error::Io { operation: OPENING, message, source }
        };
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let mut folders = Vec::new();
        for entry in entries {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                folders.push(path);
            }
        }
        folders.sort();
        Ok(folders)
    }

    /// The context in this folder; `None` where there is none, or none of Docker's.
    fn read(&self, folder: &Path) -> Result<Option<DockerContext>> {
        let file = folder.join("meta.json");
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => {
                let message = format!("reading {}", file.display());
                return Err(Error::Io { operation: OPENING, message, source });
            }
        };
        let meta: Meta = from_json(&bytes).map_err(|error| {
            Error::invalid(OPENING, format!("{} is broken: {error}", file.display()))
        })?;
        let Some(endpoint) = meta.endpoints.get("docker") else { return Ok(None) };
        let tls = folder.file_name().and_then(|id| {
            let folder = self.0.join("tls").join(id).join("docker");
            let pem = |name| Some(folder.join(name)).filter(|file| file.exists()).map(Pem::file);
            let tls = Tls {
                ca: pem("ca.pem"),
                cert: pem("cert.pem"),
                key: pem("key.pem"),
                skip_verify: endpoint.skip_tls_verify,
            };
            Some(tls).filter(|tls| *tls != Tls::default())
        });
        Ok(Some(DockerContext {
            name: meta.name,
            description: meta.metadata.description,
            host: endpoint.host.clone(),
            tls,
            current: false,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint_cases::{CASES, Case};
    use crate::temp::TempDir;

    fn case(name: &str) -> &'static Case {
        CASES.iter().find(|case| case.name == name).unwrap()
    }

    /// The surroundings of a case, with more variables.
    fn environment(case: &Case, folder: &TempDir, more: &[(&str, &str)]) -> Environment {
        case.write_files(folder.path());
        let own = case.environment(folder.path());
        let own = own.iter().map(|(name, value)| (&**name, &**value));
        let variables: Vec<(&str, &str)> = own.chain(more.iter().copied()).collect();
        Environment::of_test(folder.path(), &variables)
    }

    #[test]
    fn lists_them_by_name() {
        let folder = TempDir::new();
        let environment = environment(case("the current context"), &folder, &[]);
        let list = DockerContext::list_in(&environment).unwrap();
        let shown: Vec<_> =
            list.iter().map(|it| (&*it.name, &*it.description, &*it.host, it.current)).collect();
        let default = format!("unix://{}/var/run/docker.sock", folder.path().display());
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
        let folder = TempDir::new();
        let more = [("DOCKER_HOST", "engine")];
        let environment = environment(case("the current context"), &folder, &more);
        let list = DockerContext::list_in(&environment).unwrap();
        assert_eq!(list[0].host, "tcp://engine:2375");
        assert_eq!(list[0].description, "By DOCKER_HOST");
        let current: Vec<_> = list.iter().map(|it| it.current).collect();
        assert_eq!(current, [true, false, false]);
    }

    #[test]
    fn certificates_come_along() {
        let folder = TempDir::new();
        let environment = environment(case("certificates of a context"), &folder, &[]);
        let web = DockerContext::inspect_in(&environment, "web").unwrap();
        let tls = web.tls.unwrap();
        let Some(Pem::File(ca)) = &tls.ca else { panic!("{tls:?}") };
        assert!(ca.starts_with(folder.path()) && ca.ends_with("docker/ca.pem"), "{tls:?}");
        assert!(tls.cert.is_some() && tls.key.is_some() && !tls.skip_verify, "{tls:?}");
    }

    #[test]
    fn a_user_without_home_has_none() {
        let environment = Environment::of_test(Path::new("/nowhere"), &[]);
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
        let folder = TempDir::new();
        let environment = environment(case("a broken context beside"), &folder, &[]);
        let error = DockerContext::list_in(&environment).unwrap_err().to_string();
        assert!(error.contains("/meta.json is broken: Endpoints: "), "{error}");
        assert!(DockerContext::inspect_in(&environment, "web").is_ok());

        let folder = TempDir::new();
        folder.write(".docker/contexts/meta", "");
        let home = folder.path().to_str().unwrap();
        let environment = Environment::of_test(folder.path(), &[("HOME", home)]);
        let error = DockerContext::list_in(&environment).unwrap_err();
        assert_eq!(error.errno(), Some(libc::ENOTDIR), "{error}");
        assert!(error.to_string().contains("/.docker/contexts/meta: "), "{error}");
    }
}
