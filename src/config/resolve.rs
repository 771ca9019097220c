//! Which engine to open: what the docker command would choose, and where it would find none, the
//! sockets that other installations make.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use super::config_file::ConfigFile;
use super::context_store::{self, DEFAULT};
use super::environment::{Environment, OPEN_OPERATION};
use crate::transport::accepts_connections;
use crate::{Endpoint, Error, Pem, Result, Tls};

/// The path of [`Endpoint::DEFAULT`].
const DEFAULT_SOCKET: &str = "/var/run/docker.sock";

/// What said which engine to open (see [`Context::endpoint_source`](crate::Context::endpoint_source)).
///
/// The rules stand in the order in which they are tried. Displayed, it is a piece of a sentence:
/// `docker context "web", named by DOCKER_CONTEXT`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndpointSource {
    /// The program gave the host.
    Host,
    /// The program named a docker context.
    DockerContext {
        /// Its name.
        name: String,
    },
    /// The variable `DOCKER_HOST`.
    DockerHost,
    /// A docker context that the variable `DOCKER_CONTEXT` names.
    DockerContextVariable {
        /// Its name.
        name: String,
    },
    /// The docker context that is the current one in `config.json`.
    CurrentContext {
        /// Its name.
        name: String,
        /// The file that says so.
        file: PathBuf,
    },
    /// Nothing says otherwise: it is [`Endpoint::DEFAULT`], or `tcp://localhost:2376` where
    /// `DOCKER_TLS_VERIFY` or `DOCKER_TLS` is set.
    Default,
    /// Nothing says otherwise, nobody listens at the default socket, and here is another.
    Found {
        /// Whose socket it is, such as `Colima`.
        engine: &'static str,
    },
}

impl EndpointSource {
    /// The source in a word, for programs: `host`, `docker_context`, `DOCKER_HOST`, `DOCKER_CONTEXT`,
    /// `currentContext`, `default` or `found`.
    pub fn as_str(&self) -> &'static str {
        match self {
            EndpointSource::Host => "host",
            EndpointSource::DockerContext { .. } => "docker_context",
            EndpointSource::DockerHost => "DOCKER_HOST",
            EndpointSource::DockerContextVariable { .. } => "DOCKER_CONTEXT",
            EndpointSource::CurrentContext { .. } => "currentContext",
            EndpointSource::Default => "default",
            EndpointSource::Found { .. } => "found",
        }
    }

    /// The name of the docker context, where it is one of those that stand in files.
    pub fn docker_context(&self) -> Option<&str> {
        match self {
            EndpointSource::DockerContext { name }
            | EndpointSource::DockerContextVariable { name }
            | EndpointSource::CurrentContext { name, .. } => Some(name),
            _ => None,
        }
    }
}

impl fmt::Display for EndpointSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EndpointSource::Host => f.write_str("the host that the program gave"),
            EndpointSource::DockerContext { name } => {
                write!(f, "docker context {name:?}, named by the program")
            }
            EndpointSource::DockerHost => f.write_str("DOCKER_HOST"),
            EndpointSource::DockerContextVariable { name } => {
                write!(f, "docker context {name:?}, named by DOCKER_CONTEXT")
            }
            EndpointSource::CurrentContext { name, file } => {
                write!(f, "docker context {name:?}, the current one of {}", file.display())
            }
            EndpointSource::Default => f.write_str("the default"),
            EndpointSource::Found { engine } => {
                write!(f, "the socket of {engine}, with nobody at the default one")
            }
        }
    }
}

/// Where an engine is, and who says so.
#[derive(Debug)]
pub(crate) struct ResolvedHost {
    /// In a form that [`Endpoint::parse`] takes, if it is right.
    pub(crate) host: String,
    pub(crate) tls: Option<Tls>,
    pub(crate) source: EndpointSource,
    /// Where else an engine could have been, and why it is not there; for who does not find it here
    /// either. Empty where the place was named.
    pub(crate) probed: Vec<String>,
}

impl ResolvedHost {
    /// The host that the program named.
    pub(crate) fn from_host(host: &str) -> ResolvedHost {
        ResolvedHost::named(host, None, EndpointSource::Host)
    }

    fn named(host: impl Into<String>, tls: Option<Tls>, source: EndpointSource) -> ResolvedHost {
        let host = host.into();
        // The docker command passes over certificates where there is nothing to encrypt.
        let tls = tls.filter(|_| host.starts_with("tcp://") || host.starts_with("https://"));
        ResolvedHost { host, tls, source, probed: Vec::new() }
    }

    /// The endpoint; an address that is wrong says where it stands.
    pub(crate) fn endpoint(&self) -> Result<Endpoint> {
        let parsed = match self.tls {
            Some(_) => Endpoint::parse_tls(&self.host),
            None => Endpoint::parse(&self.host),
        };
        parsed.map_err(|error| match error {
            Error::InvalidArgument { operation, message }
                if self.source != EndpointSource::Host =>
            {
                Error::InvalidArgument { operation, message: format!("{}: {message}", self.source) }
            }
            error => error,
        })
    }
}

/// Finds the address of a docker context, or without its name that of the engine that the environment
/// names. `config` is the docker command's `config.json`.
pub(crate) fn address(
    environment: &Environment,
    config: &ConfigFile,
    docker_context: Option<&str>,
) -> Result<ResolvedHost> {
    let source = match docker_context {
        Some(name) => EndpointSource::DockerContext { name: name.to_owned() },
        None => source(environment, config)?,
    };
    match source.docker_context() {
        None | Some(DEFAULT) => default_address(environment, config),
        Some(name) => {
            let context = context_store::find(environment, name).map_err(|error| match error {
                Error::InvalidArgument { operation, message } => {
                    Error::InvalidArgument { operation, message: format!("{source}: {message}") }
                }
                error => error,
            })?;
            // The docker command's own files have a host; a file without one is taken as it takes it.
            let host = Some(context.host).filter(|host| !host.is_empty());
            let host = host.unwrap_or_else(|| default_host(environment));
            Ok(ResolvedHost::named(host, context.tls, source))
        }
    }
}

/// The name of the docker context that the environment names.
pub(crate) fn current(environment: &Environment, config: &ConfigFile) -> Result<String> {
    let source = source(environment, config)?;
    Ok(source.docker_context().unwrap_or(DEFAULT).to_owned())
}

/// What the environment says, as far as it names anything.
fn source(environment: &Environment, config: &ConfigFile) -> Result<EndpointSource> {
    if environment.variable("DOCKER_HOST")?.is_some() {
        return Ok(EndpointSource::DockerHost);
    }
    if let Some(name) = environment.variable("DOCKER_CONTEXT")? {
        return Ok(EndpointSource::DockerContextVariable { name });
    }
    let name: String = config.read("currentContext", "the name of a docker context")?;
    if !name.is_empty() {
        return Ok(EndpointSource::CurrentContext { name, file: config.path().to_owned() });
    }
    Ok(EndpointSource::Default)
}

/// The address of the context `default`: that of `DOCKER_HOST`, the default one, or another socket.
pub(crate) fn default_address(
    environment: &Environment,
    config: &ConfigFile,
) -> Result<ResolvedHost> {
    let tls = tls_of(environment)?;
    if let Some(host) = environment.variable("DOCKER_HOST")? {
        let host = as_docker_reads(&host).unwrap_or_else(|| default_host(environment));
        return Ok(ResolvedHost::named(host, tls, EndpointSource::DockerHost));
    }
    if tls.is_some() {
        return Ok(ResolvedHost::named("tcp://localhost:2376", tls, EndpointSource::Default));
    }
    let mut probed = vec!["DOCKER_HOST is not set".to_owned()];
    probed.push(match environment.variable("DOCKER_CONTEXT")? {
        None => "DOCKER_CONTEXT is not set".to_owned(),
        Some(name) => format!("DOCKER_CONTEXT is {name:?}"),
    });
    probed.push(match config.read::<String>("currentContext", "the name of a docker context")? {
        name if name.is_empty() => format!("{} names no context", config.path().display()),
        name => format!("{} names the context {name:?}", config.path().display()),
    });
    let places = Place::all(environment);
    let standing: Vec<&Place> = places.iter().filter(|place| place.fault.is_none()).collect();
    // Where there is nothing to choose from, no engine needs to hear of it.
    let answered = match *standing {
        [] => None,
        [one] => Some(one),
        _ => standing.iter().copied().find(|place| place.accepts_connections()),
    };
    let chosen = answered.or(standing.first().copied()).unwrap_or(&places[0]);
    for place in &places {
        probed.push(format!("{} ({}): {}", place.path.display(), place.engine, place.said()));
    }
    let source = match chosen.is_default {
        true => EndpointSource::Default,
        false => EndpointSource::Found { engine: chosen.engine },
    };
    Ok(ResolvedHost { host: unix(&chosen.path), tls: None, source, probed })
}

/// [`Endpoint::DEFAULT`].
fn default_host(environment: &Environment) -> String {
    unix(&environment.fixed(DEFAULT_SOCKET))
}

fn unix(path: &Path) -> String {
    format!("unix://{}", path.display())
}

/// A host as the docker command reads it: the scheme is `tcp` unless given, the host `localhost`, the
/// port 2375 with TLS too. What it refuses stays as it is, to be refused or understood later. `None`
/// is the default.
fn as_docker_reads(host: &str) -> Option<String> {
    let host = host.trim();
    if host.is_empty() || host == "unix://" {
        return None;
    }
    let rest = match host.split_once("://") {
        Some(("tcp", rest)) => rest,
        None if !host.starts_with('/') => host,
        _ => return Some(host.to_owned()),
    };
    let (authority, base) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let name = if authority.is_empty() || authority.starts_with(':') { "localhost" } else { "" };
    let behind_brackets = authority.rsplit(']').next().unwrap_or(authority);
    let port = if behind_brackets.contains(':') { "" } else { ":2375" };
    Some(format!("tcp://{name}{authority}{port}{base}"))
}

/// TLS as `DOCKER_TLS_VERIFY`, `DOCKER_TLS` and `DOCKER_CERT_PATH` want it.
fn tls_of(environment: &Environment) -> Result<Option<Tls>> {
    let verify = environment.path("DOCKER_TLS_VERIFY").is_some();
    if !verify && environment.path("DOCKER_TLS").is_none() {
        return Ok(None);
    }
    let dir = environment.path("DOCKER_CERT_PATH").or_else(|| environment.config_dir());
    let dir = dir.ok_or_else(|| {
        Error::invalid(
            OPEN_OPERATION,
            "TLS is asked for by DOCKER_TLS_VERIFY or DOCKER_TLS, and there are no certificates: \
             set DOCKER_CERT_PATH to their dir",
        )
    })?;
    let pem = |name: &str| Pem::file(dir.join(name));
    let if_there = |name: &str| dir.join(name).exists().then(|| pem(name));
    Ok(Some(Tls {
        // Without it every certificate of the system's authorities would do for a private engine.
        ca: if verify { Some(pem("ca.pem")) } else { if_there("ca.pem") },
        cert: if_there("cert.pem"),
        key: if_there("key.pem"),
        skip_verify: !verify,
    }))
}

/// A socket where an engine may listen.
struct Place {
    path: PathBuf,
    engine: &'static str,
    is_default: bool,
    /// Why it cannot be the one.
    fault: Option<String>,
}

impl Place {
    /// All of them, the default one first, and what can be seen of them without touching an engine.
    fn all(environment: &Environment) -> Vec<Place> {
        let home = environment.home();
        let in_home = |path: &str| home.as_ref().map(|home| home.join(path));
        let runtime = environment.path("XDG_RUNTIME_DIR").unwrap_or_else(|| {
            // SAFETY: a plain system call that cannot fail.
            environment.fixed(&format!("/run/user/{}", unsafe { libc::getuid() }))
        });
        let colima = environment.path("COLIMA_HOME").or_else(|| in_home(".colima"));
        let places = [
            ("the default", Some(environment.fixed(DEFAULT_SOCKET))),
            ("rootless Docker", Some(runtime.join("docker.sock"))),
            ("Docker Desktop", in_home(".docker/desktop/docker.sock")),
            ("Docker Desktop", in_home(".docker/run/docker.sock")),
            ("Colima", colima.map(|dir| dir.join("default/docker.sock"))),
            ("Rancher Desktop", in_home(".rd/docker.sock")),
            ("Podman", Some(runtime.join("podman/podman.sock"))),
            ("Podman", Some(environment.fixed("/run/podman/podman.sock"))),
        ];
        let places = places.into_iter().filter_map(|(engine, path)| Some((engine, path?)));
        places
            .enumerate()
            .map(|(index, (engine, path))| {
                let fault = fault(&path);
                Place { path, engine, is_default: index == 0, fault }
            })
            .collect()
    }

    /// Whether an engine listens. It sees a connection on which nothing is sent.
    fn accepts_connections(&self) -> bool {
        match accepts_connections(&self.path) {
            Ok(()) => true,
            // The docker command would not go further, and can say what to do about it.
            Err(error) => self.is_default && error.kind() == ErrorKind::PermissionDenied,
        }
    }

    fn said(&self) -> &str {
        self.fault.as_deref().unwrap_or("a socket")
    }
}

/// Why this cannot be the socket of an engine.
fn fault(path: &Path) -> Option<String> {
    match fs::metadata(path) {
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Some("no such file".to_owned()),
            ErrorKind::PermissionDenied => Some("permission denied".to_owned()),
            _ => Some(error.to_string()),
        },
        Ok(data) if !data.file_type().is_socket() => Some("no socket".to_owned()),
        Ok(_) => {
            let wrong = || Some("not the path of a socket".to_owned());
            path.to_str()
                .map_or_else(wrong, |path| Endpoint::parse(path).err().and_then(|_| wrong()))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;
    use crate::endpoint_cases::{Asked, CASES, Case, Outcome, Socket, fill};
    use crate::temp::TempDir;

    fn environment(case: &Case, root: &Path) -> Environment {
        let variables = case.environment(root);
        let variables: Vec<(&str, &str)> =
            variables.iter().map(|(name, value)| (&**name, &**value)).collect();
        Environment::for_test(root, &variables)
    }

    /// Puts what the case wants where it wants it. Those who listen do so until dropped.
    fn sockets(case: &Case, root: &Path) -> Vec<UnixListener> {
        let mut listeners = Vec::new();
        for (name, socket) in case.sockets {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            match socket {
                Socket::Live => listeners.push(UnixListener::bind(&path).unwrap()),
                Socket::Stale => drop(UnixListener::bind(&path).unwrap()),
                Socket::File => fs::write(&path, "").unwrap(),
            }
        }
        listeners
    }

    fn found(environment: &Environment, asked: Asked) -> Result<ResolvedHost> {
        let config = ConfigFile::of(environment)?;
        let address = match asked {
            Asked::Nothing => address(environment, &config, None)?,
            Asked::Host(host) => ResolvedHost::from_host(host),
            Asked::DockerContext(name) => address(environment, &config, Some(name))?,
        };
        address.endpoint()?;
        Ok(address)
    }

    fn tls_words(tls: &Option<Tls>) -> String {
        let Some(Tls { ca, cert, key, skip_verify }) = tls else { return String::new() };
        let words = [
            ("ca", ca.is_some()),
            ("cert", cert.is_some()),
            ("key", key.is_some()),
            ("skip_verify", *skip_verify),
        ];
        words.iter().filter(|(_, it)| *it).map(|(word, _)| *word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn cases() {
        for case in CASES {
            let name = case.name;
            let dir = TempDir::new();
            let root = dir.path();
            case.write_files(root);
            let _listeners = sockets(case, root);
            let found = found(&environment(case, root), case.asked);
            match case.outcome {
                Outcome::Opens(host, tls, source) => {
                    let address = found.unwrap_or_else(|error| panic!("{name}: {error}"));
                    let host = host.replace("{default}", "unix://{}/var/run/docker.sock");
                    assert_eq!(address.host, fill(&host, root), "{name}");
                    assert_eq!(tls_words(&address.tls), tls, "{name}");
                    let found = match &address.source {
                        EndpointSource::Found { engine } => format!("found: {engine}"),
                        source => source.as_str().to_owned(),
                    };
                    assert_eq!(found, source, "{name}");
                }
                Outcome::Fails(part) => {
                    let error = found.map(|it| it.host).unwrap_err();
                    assert!(matches!(error, Error::InvalidArgument { .. }), "{name}: {error:?}");
                    assert!(error.to_string().contains(&fill(part, root)), "{name}: {error}");
                }
            }
        }
    }

    #[test]
    fn each_place_says_why_it_is_not_the_one() {
        let dir = TempDir::new();
        let root = dir.path();
        let case = Case {
            sockets: &[
                ("home/.rd/docker.sock", Socket::File),
                ("run/user/7/podman/podman.sock", Socket::Stale),
                ("short.sock", Socket::Stale),
            ],
            ..CASES[0]
        };
        sockets(&case, root);
        let long = "x".repeat(120);
        fs::create_dir_all(root.join(&long).join("default")).unwrap();
        fs::rename(root.join("short.sock"), root.join(&long).join("default/docker.sock")).unwrap();
        let colima = root.join(&long);
        let environment = Environment::for_test(
            root,
            &[
                ("HOME", root.join("home").to_str().unwrap()),
                ("XDG_RUNTIME_DIR", root.join("run/user/7").to_str().unwrap()),
                ("COLIMA_HOME", colima.to_str().unwrap()),
            ],
        );
        let address = found(&environment, Asked::Nothing).unwrap();
        assert_eq!(address.source, EndpointSource::Found { engine: "Podman" });
        let shown = root.to_str().unwrap();
        let said = address.probed.join("\n").replace(shown, "").replace(&long, "long");
        assert_eq!(
            said,
            "DOCKER_HOST is not set\n\
             DOCKER_CONTEXT is not set\n\
             /home/.docker/config.json names no context\n\
             /var/run/docker.sock (the default): no such file\n\
             /run/user/7/docker.sock (rootless Docker): no such file\n\
             /home/.docker/desktop/docker.sock (Docker Desktop): no such file\n\
             /home/.docker/run/docker.sock (Docker Desktop): no such file\n\
             /long/default/docker.sock (Colima): not the path of a socket\n\
             /home/.rd/docker.sock (Rancher Desktop): no socket\n\
             /run/user/7/podman/podman.sock (Podman): a socket\n\
             /run/podman/podman.sock (Podman): no such file"
        );
    }

    #[test]
    fn the_fixed_places() {
        let environment = Environment::from_process();
        assert_eq!(default_host(&environment), Endpoint::DEFAULT);
        let environment = Environment::for_test(Path::new("/r"), &[]);
        let places = Place::all(&environment);
        let paths: Vec<_> = places.iter().map(|place| place.path.to_str().unwrap()).collect();
        // SAFETY: a plain system call that cannot fail.
        let runtime = format!("/r/run/user/{}", unsafe { libc::getuid() });
        assert_eq!(
            paths,
            [
                "/r/var/run/docker.sock",
                &format!("{runtime}/docker.sock"),
                &format!("{runtime}/podman/podman.sock"),
                "/r/run/podman/podman.sock",
            ],
            "without a home"
        );
    }

    #[test]
    fn rules_in_words() {
        let name = || "web".to_owned();
        let file = PathBuf::from("/c/config.json");
        for (source, words) in [
            (EndpointSource::Host, "the host that the program gave"),
            (
                EndpointSource::DockerContext { name: name() },
                "docker context \"web\", named by the program",
            ),
            (EndpointSource::DockerHost, "DOCKER_HOST"),
            (
                EndpointSource::DockerContextVariable { name: name() },
                "docker context \"web\", named by DOCKER_CONTEXT",
            ),
            (
                EndpointSource::CurrentContext { name: name(), file },
                "docker context \"web\", the current one of /c/config.json",
            ),
            (EndpointSource::Default, "the default"),
            (
                EndpointSource::Found { engine: "Colima" },
                "the socket of Colima, with nobody at the default one",
            ),
        ] {
            assert_eq!(source.to_string(), words);
        }
    }
}
