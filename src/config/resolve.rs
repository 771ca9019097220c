//! Choosing the endpoint as the docker CLI does, and otherwise among the sockets of other installations.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use super::config_file::ConfigFile;
use super::context_store::{self, DEFAULT};
use super::endpoint::{Destination, SCHEMES};
use super::environment::{Environment, OPEN_OPERATION};
use crate::transport::accepts_connections;
use crate::{Endpoint, Error, Pem, Result, Tls};

/// The path of [`Endpoint::DEFAULT`].
const DEFAULT_SOCKET: &str = "/var/run/docker.sock";

/// The setting that chose an engine.
///
/// The variants are listed in their order of precedence; see
/// [`Context::endpoint_source`](crate::Context::endpoint_source). `Display` writes a phrase for messages, such as
/// `docker context "web", named by DOCKER_CONTEXT`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndpointSource {
    /// A host that the program set.
    Host,
    /// A docker context that the program named.
    DockerContext {
        /// The name of the docker context.
        name: String,
    },
    /// The variable `DOCKER_HOST`.
    DockerHost,
    /// A docker context named by the variable `DOCKER_CONTEXT`.
    DockerContextVariable {
        /// The name of the docker context.
        name: String,
    },
    /// The current docker context of `config.json`.
    CurrentContext {
        /// The name of the docker context.
        name: String,
        /// The path of `config.json`.
        file: PathBuf,
    },
    /// No setting: [`Endpoint::DEFAULT`], or `tcp://localhost:2376` if `DOCKER_TLS_VERIFY` or `DOCKER_TLS`
    /// is set.
    Default,
    /// No setting, and another socket was found because no engine listens on the default one.
    Found {
        /// The installation that the socket belongs to, such as `Colima`.
        engine: &'static str,
    },
}

impl EndpointSource {
    /// Returns the source as an identifier.
    ///
    /// It is one of `host`, `docker_context`, `DOCKER_HOST`, `DOCKER_CONTEXT`, `currentContext`, `default` and
    /// `found`.
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

    /// Returns the name of the docker context, if one was chosen by name.
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
            EndpointSource::Host => f.write_str("the host set by the program"),
            EndpointSource::DockerContext { name } => {
                write!(f, "docker context {name:?}, named by the program")
            }
            EndpointSource::DockerHost => f.write_str("DOCKER_HOST"),
            EndpointSource::DockerContextVariable { name } => {
                write!(f, "docker context {name:?}, named by DOCKER_CONTEXT")
            }
            EndpointSource::CurrentContext { name, file } => {
                write!(f, "docker context {name:?}, the current one in {}", file.display())
            }
            EndpointSource::Default => f.write_str("the default"),
            EndpointSource::Found { engine } => {
                write!(f, "the socket of {engine}, as no engine listens on the default socket")
            }
        }
    }
}

/// The address of an engine and its source.
#[derive(Debug)]
pub(crate) struct ResolvedHost {
    /// An address for [`Endpoint::parse`], not yet checked.
    pub(crate) host: String,
    /// The host as it was written.
    written: String,
    pub(crate) tls: Option<Tls>,
    pub(crate) source: EndpointSource,
    /// The settings and sockets that were tried, each with its result, for the error of a failed connect. Empty
    /// if an endpoint is configured.
    pub(crate) probed: Vec<String>,
}

impl ResolvedHost {
    /// The host that the program set.
    pub(crate) fn from_host(host: &str) -> ResolvedHost {
        ResolvedHost::configured(host, None, EndpointSource::Host)
    }

    fn configured(
        host: impl Into<String>,
        tls: Option<Tls>,
        source: EndpointSource,
    ) -> ResolvedHost {
        let host = host.into();
        let written = host.clone();
        // The docker CLI ignores certificates for an endpoint without TLS.
        let tls = tls.filter(|_| host.starts_with("tcp://") || host.starts_with("https://"));
        ResolvedHost { host, written, tls, source, probed: Vec::new() }
    }

    /// The engine in the words of connect errors, which name the setting to correct.
    pub(crate) fn destination(&self, endpoint: &Endpoint) -> Destination {
        let setting = match &self.source {
            EndpointSource::Default | EndpointSource::Found { .. } => "DOCKER_HOST".to_owned(),
            source => source.to_string(),
        };
        Destination::new(endpoint, &self.host, setting)
    }

    /// Parses the address. The error for an invalid address names its source.
    pub(crate) fn endpoint(&self) -> Result<Endpoint> {
        let parsed = Endpoint::parse_address(&self.host, self.tls.is_some(), &self.written);
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

/// The address of a docker context or, without a name, of the engine that the environment chooses.
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
            // As in the docker CLI, a context without a host uses the default.
            let host = Some(context.host).filter(|host| !host.is_empty());
            let host = host.unwrap_or_else(|| default_host(environment));
            Ok(ResolvedHost::configured(host, context.tls, source))
        }
    }
}

/// The name of the docker context that the environment chooses.
pub(crate) fn current(environment: &Environment, config: &ConfigFile) -> Result<String> {
    let source = source(environment, config)?;
    Ok(source.docker_context().unwrap_or(DEFAULT).to_owned())
}

/// The setting of the environment that chooses the engine.
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

/// The address of the docker context `default`: `DOCKER_HOST`, the default socket or another one.
pub(crate) fn default_address(
    environment: &Environment,
    config: &ConfigFile,
) -> Result<ResolvedHost> {
    let tls = tls_from_environment(environment)?;
    if let Some(host) = environment.variable("DOCKER_HOST")? {
        let completed = complete_host(&host).unwrap_or_else(|| default_host(environment));
        let resolved = ResolvedHost::configured(completed, tls, EndpointSource::DockerHost);
        return Ok(ResolvedHost { written: host, ..resolved });
    }
    if tls.is_some() {
        return Ok(ResolvedHost::configured("tcp://localhost:2376", tls, EndpointSource::Default));
    }
    let mut probed = vec!["DOCKER_HOST is not set".to_owned()];
    probed.push(match environment.variable("DOCKER_CONTEXT")? {
        None => "DOCKER_CONTEXT is not set".to_owned(),
        Some(name) => format!("DOCKER_CONTEXT is {name:?}"),
    });
    probed.push(match config.read::<String>("currentContext", "the name of a docker context")? {
        name if name.is_empty() => format!("{} sets no current context", config.path().display()),
        name => format!("{} sets the current context {name:?}", config.path().display()),
    });
    let candidates = Candidate::all(environment);
    let sockets: Vec<&Candidate> =
        candidates.iter().filter(|candidate| candidate.defect.is_none()).collect();
    // A single socket is used without a connection to test it.
    let accepting = match *sockets {
        [] => None,
        [single] => Some(single),
        _ => sockets.iter().copied().find(|candidate| candidate.accepts_connections()),
    };
    let chosen = accepting.or(sockets.first().copied()).unwrap_or(&candidates[0]);
    for candidate in &candidates {
        let Candidate { path, engine, .. } = candidate;
        probed.push(format!("{} ({engine}): {}", path.display(), candidate.status()));
    }
    let source = match chosen.is_default {
        true => EndpointSource::Default,
        false => EndpointSource::Found { engine: chosen.engine },
    };
    Ok(ResolvedHost { probed, ..ResolvedHost::configured(unix(&chosen.path), None, source) })
}

/// [`Endpoint::DEFAULT`].
fn default_host(environment: &Environment) -> String {
    unix(&environment.system_path(DEFAULT_SOCKET))
}

fn unix(path: &Path) -> String {
    format!("unix://{}", path.display())
}

/// Completes `DOCKER_HOST` as the docker CLI does: the scheme defaults to `tcp`, the host to `localhost`, and the
/// port to 2375, even with TLS. Other schemes are unchanged. Returns `None` for the default host.
fn complete_host(host: &str) -> Option<String> {
    let host = host.trim();
    if host.is_empty() || host == "unix://" {
        return None;
    }
    let rest = match host.split_once("://") {
        Some(("tcp", rest)) => rest,
        None if host.starts_with('/') => return Some(host.to_owned()),
        // A slash is missing, which the error states.
        None if host.split_once(":/").is_some_and(|(scheme, _)| SCHEMES.contains(&scheme)) => {
            return Some(host.to_owned());
        }
        None => host,
        _ => return Some(host.to_owned()),
    };
    let (authority, base) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    // An address such as `::1` needs brackets, which the error states.
    let is_port = authority.starts_with(':') && !authority.starts_with("::");
    let name = if authority.is_empty() || is_port { "localhost" } else { "" };
    let after_brackets = authority.rsplit(']').next().unwrap_or(authority);
    let port = if after_brackets.contains(':') { "" } else { ":2375" };
    Some(format!("tcp://{name}{authority}{port}{base}"))
}

/// The TLS settings in `DOCKER_TLS_VERIFY`, `DOCKER_TLS` and `DOCKER_CERT_PATH`.
fn tls_from_environment(environment: &Environment) -> Result<Option<Tls>> {
    let verify = environment.path("DOCKER_TLS_VERIFY").is_some();
    if !verify && environment.path("DOCKER_TLS").is_none() {
        return Ok(None);
    }
    let dir = environment.path("DOCKER_CERT_PATH").or_else(|| environment.config_dir());
    let dir = dir.ok_or_else(|| {
        Error::invalid(
            OPEN_OPERATION,
            "DOCKER_TLS_VERIFY or DOCKER_TLS is set, but the directory of the certificates is unknown: \
             set DOCKER_CERT_PATH",
        )
    })?;
    let pem = |name: &str| Pem::file(dir.join(name));
    let if_exists = |name: &str| dir.join(name).exists().then(|| pem(name));
    Ok(Some(Tls {
        // Required with verification: otherwise all of the system's authorities would be trusted.
        ca: if verify { Some(pem("ca.pem")) } else { if_exists("ca.pem") },
        cert: if_exists("cert.pem"),
        key: if_exists("key.pem"),
        skip_verify: !verify,
    }))
}

/// A path where an engine may listen.
struct Candidate {
    path: PathBuf,
    engine: &'static str,
    is_default: bool,
    /// The reason why it is not a usable socket.
    defect: Option<String>,
}

impl Candidate {
    /// All candidates, the default first. Nothing is connected to.
    fn all(environment: &Environment) -> Vec<Candidate> {
        let home = environment.home();
        let in_home = |path: &str| home.as_ref().map(|home| home.join(path));
        let runtime = environment.path("XDG_RUNTIME_DIR").unwrap_or_else(|| {
            // SAFETY: getuid has no preconditions and cannot fail.
            environment.system_path(&format!("/run/user/{}", unsafe { libc::getuid() }))
        });
        let colima = environment.path("COLIMA_HOME").or_else(|| in_home(".colima"));
        let paths = [
            ("the default", Some(environment.system_path(DEFAULT_SOCKET))),
            ("rootless Docker", Some(runtime.join("docker.sock"))),
            ("Docker Desktop", in_home(".docker/desktop/docker.sock")),
            ("Docker Desktop", in_home(".docker/run/docker.sock")),
            ("Colima", colima.map(|dir| dir.join("default/docker.sock"))),
            ("Rancher Desktop", in_home(".rd/docker.sock")),
            ("Podman", Some(runtime.join("podman/podman.sock"))),
            ("Podman", Some(environment.system_path("/run/podman/podman.sock"))),
        ];
        let paths = paths.into_iter().filter_map(|(engine, path)| Some((engine, path?)));
        paths
            .enumerate()
            .map(|(index, (engine, path))| {
                let defect = defect(&path);
                Candidate { path, engine, is_default: index == 0, defect }
            })
            .collect()
    }

    /// Whether an engine accepts a connection. Nothing is sent on it.
    fn accepts_connections(&self) -> bool {
        match accepts_connections(&self.path) {
            Ok(()) => true,
            // The docker CLI would use the default socket too, and its permissions can be fixed.
            Err(error) => self.is_default && error.kind() == ErrorKind::PermissionDenied,
        }
    }

    fn status(&self) -> &str {
        self.defect.as_deref().unwrap_or("socket exists")
    }
}

/// The reason why `path` is not a usable socket.
fn defect(path: &Path) -> Option<String> {
    match fs::metadata(path) {
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Some("no such file".to_owned()),
            ErrorKind::PermissionDenied => Some("permission denied".to_owned()),
            _ => Some(error.to_string()),
        },
        Ok(data) if !data.file_type().is_socket() => Some("not a socket".to_owned()),
        Ok(_) => {
            let invalid = || Some("not a valid socket path".to_owned());
            path.to_str()
                .map_or_else(invalid, |path| Endpoint::parse(path).err().and_then(|_| invalid()))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;
    use crate::endpoint_cases::{CASES, Case, Outcome, Requested, Socket, fill};
    use crate::temp::{TempDir, create_stale_socket};

    fn environment(case: &Case, root: &Path) -> Environment {
        let variables = case.environment(root);
        let variables: Vec<(&str, &str)> =
            variables.iter().map(|(name, value)| (&**name, &**value)).collect();
        Environment::for_test(root, &variables)
    }

    /// Creates the sockets of a case. Live ones listen until dropped.
    fn create_sockets(case: &Case, root: &Path) -> Vec<UnixListener> {
        let mut listeners = Vec::new();
        for (name, socket) in case.sockets {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            match socket {
                Socket::Live => listeners.push(UnixListener::bind(&path).unwrap()),
                Socket::Stale => create_stale_socket(&path),
                Socket::File => fs::write(&path, "").unwrap(),
            }
        }
        listeners
    }

    fn resolve(environment: &Environment, requested: Requested) -> Result<ResolvedHost> {
        let config = ConfigFile::from_environment(environment)?;
        let address = match requested {
            Requested::Nothing => address(environment, &config, None)?,
            Requested::Host(host) => ResolvedHost::from_host(host),
            Requested::DockerContext(name) => address(environment, &config, Some(name))?,
        };
        address.endpoint()?;
        Ok(address)
    }

    fn tls_fields(tls: &Option<Tls>) -> String {
        let Some(Tls { ca, cert, key, skip_verify }) = tls else { return String::new() };
        let fields = [
            ("ca", ca.is_some()),
            ("cert", cert.is_some()),
            ("key", key.is_some()),
            ("skip_verify", *skip_verify),
        ];
        fields.iter().filter(|(_, it)| *it).map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn resolves_the_shared_cases() {
        for case in CASES {
            let name = case.name;
            let dir = TempDir::new();
            let root = dir.path();
            case.write_files(root);
            let _listeners = create_sockets(case, root);
            let resolved = resolve(&environment(case, root), case.requested);
            match case.outcome {
                Outcome::Opens(host, tls, source) => {
                    let address = resolved.unwrap_or_else(|error| panic!("{name}: {error}"));
                    let host = host.replace("{default}", "unix://{}/var/run/docker.sock");
                    assert_eq!(address.host, fill(&host, root), "{name}");
                    assert_eq!(tls_fields(&address.tls), tls, "{name}");
                    let actual_source = match &address.source {
                        EndpointSource::Found { engine } => format!("found: {engine}"),
                        source => source.as_str().to_owned(),
                    };
                    assert_eq!(actual_source, source, "{name}");
                }
                Outcome::Fails(part) => {
                    let error = resolved.map(|it| it.host).unwrap_err();
                    assert!(matches!(error, Error::InvalidArgument { .. }), "{name}: {error:?}");
                    assert!(error.to_string().contains(&fill(part, root)), "{name}: {error}");
                }
            }
        }
    }

    #[test]
    fn lists_the_probed_sockets() {
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
        create_sockets(&case, root);
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
        let address = resolve(&environment, Requested::Nothing).unwrap();
        assert_eq!(address.source, EndpointSource::Found { engine: "Podman" });
        let root = root.to_str().unwrap();
        let probed = address.probed.join("\n").replace(root, "").replace(&long, "long");
        assert_eq!(
            probed,
            "DOCKER_HOST is not set\n\
             DOCKER_CONTEXT is not set\n\
             /home/.docker/config.json sets no current context\n\
             /var/run/docker.sock (the default): no such file\n\
             /run/user/7/docker.sock (rootless Docker): no such file\n\
             /home/.docker/desktop/docker.sock (Docker Desktop): no such file\n\
             /home/.docker/run/docker.sock (Docker Desktop): no such file\n\
             /long/default/docker.sock (Colima): not a valid socket path\n\
             /home/.rd/docker.sock (Rancher Desktop): not a socket\n\
             /run/user/7/podman/podman.sock (Podman): socket exists\n\
             /run/podman/podman.sock (Podman): no such file"
        );
    }

    #[test]
    fn candidates_without_a_home_directory() {
        let environment = Environment::from_process();
        assert_eq!(default_host(&environment), Endpoint::DEFAULT);
        let environment = Environment::for_test(Path::new("/r"), &[]);
        let candidates = Candidate::all(&environment);
        let paths: Vec<_> = candidates.iter().map(|it| it.path.to_str().unwrap()).collect();
        // SAFETY: getuid has no preconditions and cannot fail.
        let runtime = format!("/r/run/user/{}", unsafe { libc::getuid() });
        assert_eq!(
            paths,
            [
                "/r/var/run/docker.sock",
                &format!("{runtime}/docker.sock"),
                &format!("{runtime}/podman/podman.sock"),
                "/r/run/podman/podman.sock",
            ]
        );
    }

    #[test]
    fn displays_sources() {
        let name = || "web".to_owned();
        let file = PathBuf::from("/c/config.json");
        for (source, text) in [
            (EndpointSource::Host, "the host set by the program"),
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
                "docker context \"web\", the current one in /c/config.json",
            ),
            (EndpointSource::Default, "the default"),
            (
                EndpointSource::Found { engine: "Colima" },
                "the socket of Colima, as no engine listens on the default socket",
            ),
        ] {
            assert_eq!(source.to_string(), text);
        }
    }
}
