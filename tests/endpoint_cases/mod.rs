//! Cases of selecting an engine: the program's settings, the environment, the files and sockets,
//! and the expected result.
//!
//! The library is tested in `src/config/resolve.rs`, the docker command in
//! `tests/live/connecting.rs`. In all strings `{}` is the directory of the case, with the home
//! directory `{}/home`; it also replaces `/` in the well-known socket paths. `{default}` is the
//! default socket.

// The library's tests and those of the docker command use different items.
#![allow(dead_code)]

use std::path::Path;

/// The program's own setting.
#[derive(Debug, Clone, Copy)]
pub enum Requested {
    Nothing,
    Host(&'static str),
    DockerContext(&'static str),
}

/// The kind of file at a socket's path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Socket {
    /// A socket that a process listens on.
    Live,
    /// A socket that no process listens on.
    Stale,
    /// A regular file.
    File,
}

/// The expected result.
#[derive(Debug, Clone, Copy)]
pub enum Outcome {
    /// Host, TLS settings and source.
    Opens(&'static str, &'static str, &'static str),
    /// An error that contains this text.
    Fails(&'static str),
}

/// The behaviour of the docker command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Docker {
    /// The same.
    Agrees,
    /// Uses the default socket, since it does not probe others.
    TakesDefault,
    /// Fails if the library succeeds, or the other way round.
    Differs,
    /// Depends on its version.
    Varies,
}

#[derive(Debug, Clone, Copy)]
pub struct Case {
    pub name: &'static str,
    pub requested: Requested,
    pub variables: &'static [(&'static str, &'static str)],
    /// Path and content.
    pub files: &'static [(&'static str, &'static str)],
    pub sockets: &'static [(&'static str, Socket)],
    pub outcome: Outcome,
    pub docker: Docker,
}

impl Case {
    /// Creates the files; the caller creates the sockets.
    pub fn write_files(&self, root: &Path) {
        for (name, text) in self.files {
            let path = root.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, text).unwrap();
        }
    }

    /// Returns the variables, including `HOME` and `XDG_RUNTIME_DIR`.
    pub fn environment(&self, root: &Path) -> Vec<(String, String)> {
        let own = [("HOME", "{}/home"), ("XDG_RUNTIME_DIR", "{}/run/user/7")];
        let variables = own.iter().chain(self.variables);
        variables.map(|(name, value)| ((*name).to_owned(), fill(value, root))).collect()
    }
}

/// Inserts the directory.
pub fn fill(text: &str, root: &Path) -> String {
    text.replace("{}", root.to_str().unwrap())
}

const EMPTY: Case = Case {
    name: "",
    requested: Requested::Nothing,
    variables: &[],
    files: &[],
    sockets: &[],
    outcome: Outcome::Fails(""),
    docker: Docker::Agrees,
};

const CONFIG: &str = "home/.docker/config.json";

/// The directories are named by the SHA-256 of the context's name.
const WEB: (&str, &str) = (
    "home/.docker/contexts/meta/4b5e57f6eb2f42b9039b3d1e13929295f231749c510cbe341cd68036d9af97e2/meta.json",
    r#"{"Name":"web","Metadata":{"Description":"the web one"},"Endpoints":{"docker":{"Host":"tcp://10.1.2.3:2376","SkipTLSVerify":false}}}"#,
);
const PLAIN: (&str, &str) = (
    "home/.docker/contexts/meta/a116c9ed46d6207734a43317d30fd88f52ac8634c37d904bbf4e41d865f90475/meta.json",
    r#"{"Name":"plain","Metadata":{},"Endpoints":{"docker":{"Host":"tcp://10.9.9.9:2375"}}}"#,
);
const PLAIN_UNVERIFIED: (&str, &str) = (
    PLAIN.0,
    r#"{"Name":"plain","Metadata":{},"Endpoints":{"docker":{"Host":"tcp://10.9.9.9:2376","SkipTLSVerify":true}}}"#,
);
const PLAIN_BROKEN: (&str, &str) = (PLAIN.0, r#"{"Name":"plain","Endpoints":"#);
const PLAIN_UNIX: (&str, &str) = (
    PLAIN.0,
    r#"{"Name":"plain","Metadata":{},"Endpoints":{"docker":{"Host":"unix:///run/other.sock"}}}"#,
);
const PLAIN_KUBERNETES: (&str, &str) =
    (PLAIN.0, r#"{"Name":"plain","Metadata":{},"Endpoints":{"kubernetes":{"Host":"x"}}}"#);

/// An arbitrary certificate and its key, since some docker commands parse the files.
const PEM: &str = include_str!("../data/certificate.pem");
const KEY: &str = include_str!("../data/certificate_key.pem");
const WEB_TLS: [(&str, &str); 3] = [
    (
        "home/.docker/contexts/tls/4b5e57f6eb2f42b9039b3d1e13929295f231749c510cbe341cd68036d9af97e2/docker/ca.pem",
        PEM,
    ),
    (
        "home/.docker/contexts/tls/4b5e57f6eb2f42b9039b3d1e13929295f231749c510cbe341cd68036d9af97e2/docker/cert.pem",
        PEM,
    ),
    (
        "home/.docker/contexts/tls/4b5e57f6eb2f42b9039b3d1e13929295f231749c510cbe341cd68036d9af97e2/docker/key.pem",
        KEY,
    ),
];

const CURRENT_WEB: (&str, &str) = (CONFIG, r#"{"auths": {}, "currentContext": "web"}"#);

const DEFAULT_SOCKET: &str = "var/run/docker.sock";
const ROOTLESS: &str = "run/user/7/docker.sock";
const DESKTOP: &str = "home/.docker/desktop/docker.sock";
const COLIMA: &str = "home/.colima/default/docker.sock";
const RANCHER: &str = "home/.rd/docker.sock";
const PODMAN: &str = "run/user/7/podman/podman.sock";
const ROOT_PODMAN: &str = "run/podman/podman.sock";

use Docker::*;
use Outcome::*;
use Requested::*;
use Socket::*;

/// All cases.
pub const CASES: &[Case] = &[
    // Precedence, as in the docker command.
    Case { name: "no settings", outcome: Opens("{default}", "", "default"), ..EMPTY },
    Case {
        name: "the default socket",
        sockets: &[(DEFAULT_SOCKET, Live)],
        outcome: Opens("{default}", "", "default"),
        ..EMPTY
    },
    Case {
        name: "DOCKER_HOST",
        variables: &[("DOCKER_HOST", "tcp://10.0.0.1:2375")],
        sockets: &[(DEFAULT_SOCKET, Live)],
        outcome: Opens("tcp://10.0.0.1:2375", "", "DOCKER_HOST"),
        ..EMPTY
    },
    Case {
        name: "DOCKER_HOST with a socket path",
        variables: &[("DOCKER_HOST", "unix://{}/my.sock")],
        sockets: &[(DEFAULT_SOCKET, Live)],
        outcome: Opens("unix://{}/my.sock", "", "DOCKER_HOST"),
        ..EMPTY
    },
    Case {
        name: "an empty DOCKER_HOST is ignored",
        variables: &[("DOCKER_HOST", ""), ("DOCKER_CONTEXT", "")],
        files: &[(CONFIG, r#"{"currentContext": ""}"#)],
        outcome: Opens("{default}", "", "default"),
        ..EMPTY
    },
    Case {
        name: "DOCKER_HOST overrides DOCKER_CONTEXT",
        variables: &[("DOCKER_HOST", "tcp://10.0.0.1:2375"), ("DOCKER_CONTEXT", "web")],
        files: &[WEB],
        outcome: Opens("tcp://10.0.0.1:2375", "", "DOCKER_HOST"),
        ..EMPTY
    },
    Case {
        name: "DOCKER_HOST overrides the current context",
        variables: &[("DOCKER_HOST", "tcp://10.0.0.1:2375")],
        files: &[WEB, CURRENT_WEB],
        outcome: Opens("tcp://10.0.0.1:2375", "", "DOCKER_HOST"),
        ..EMPTY
    },
    Case {
        name: "DOCKER_CONTEXT",
        variables: &[("DOCKER_CONTEXT", "plain")],
        files: &[PLAIN],
        sockets: &[(DEFAULT_SOCKET, Live)],
        outcome: Opens("tcp://10.9.9.9:2375", "", "DOCKER_CONTEXT"),
        ..EMPTY
    },
    Case {
        name: "DOCKER_CONTEXT overrides the current context",
        variables: &[("DOCKER_CONTEXT", "plain")],
        files: &[WEB, PLAIN, CURRENT_WEB],
        outcome: Opens("tcp://10.9.9.9:2375", "", "DOCKER_CONTEXT"),
        ..EMPTY
    },
    Case {
        name: "DOCKER_CONTEXT with the default context",
        variables: &[("DOCKER_CONTEXT", "default")],
        files: &[WEB, CURRENT_WEB],
        sockets: &[(DEFAULT_SOCKET, Live)],
        outcome: Opens("{default}", "", "default"),
        ..EMPTY
    },
    Case {
        name: "the current context",
        files: &[WEB, PLAIN, CURRENT_WEB],
        sockets: &[(DEFAULT_SOCKET, Live), (ROOTLESS, Live)],
        outcome: Opens("tcp://10.1.2.3:2376", "", "currentContext"),
        ..EMPTY
    },
    Case {
        name: "the default context is current",
        files: &[(CONFIG, r#"{"currentContext": "default"}"#)],
        sockets: &[(DEFAULT_SOCKET, Live)],
        outcome: Opens("{default}", "", "default"),
        ..EMPTY
    },
    Case {
        name: "a context with a socket",
        variables: &[("DOCKER_CONTEXT", "plain")],
        files: &[PLAIN_UNIX],
        outcome: Opens("unix:///run/other.sock", "", "DOCKER_CONTEXT"),
        ..EMPTY
    },
    Case {
        name: "DOCKER_CONFIG",
        variables: &[("DOCKER_CONFIG", "{}/other")],
        files: &[
            CURRENT_WEB,
            WEB,
            ("other/config.json", r#"{"currentContext": "plain"}"#),
            (
                "other/contexts/meta/a116c9ed46d6207734a43317d30fd88f52ac8634c37d904bbf4e41d865f90475/meta.json",
                PLAIN.1,
            ),
        ],
        outcome: Opens("tcp://10.9.9.9:2375", "", "currentContext"),
        ..EMPTY
    },
    Case {
        name: "contexts without a config.json",
        variables: &[("DOCKER_CONTEXT", "web")],
        files: &[WEB],
        outcome: Opens("tcp://10.1.2.3:2376", "", "DOCKER_CONTEXT"),
        ..EMPTY
    },
    // The program's settings override all others.
    Case {
        name: "the program's host",
        requested: Host("tcp://10.0.0.5:2375"),
        variables: &[("DOCKER_HOST", "tcp://10.0.0.1:2375"), ("DOCKER_CONTEXT", "plain")],
        files: &[PLAIN, CURRENT_WEB],
        outcome: Opens("tcp://10.0.0.5:2375", "", "host"),
        ..EMPTY
    },
    Case {
        name: "the program's context",
        requested: DockerContext("plain"),
        variables: &[("DOCKER_HOST", "tcp://10.0.0.1:2375"), ("DOCKER_CONTEXT", "web")],
        files: &[WEB, PLAIN, CURRENT_WEB],
        outcome: Opens("tcp://10.9.9.9:2375", "", "docker_context"),
        ..EMPTY
    },
    Case {
        name: "the program's default context uses DOCKER_HOST",
        requested: DockerContext("default"),
        variables: &[("DOCKER_HOST", "tcp://10.0.0.1:2375")],
        files: &[WEB, CURRENT_WEB],
        outcome: Opens("tcp://10.0.0.1:2375", "", "DOCKER_HOST"),
        ..EMPTY
    },
    Case {
        name: "the program's default context",
        requested: DockerContext("default"),
        files: &[WEB, CURRENT_WEB],
        sockets: &[(DEFAULT_SOCKET, Live)],
        outcome: Opens("{default}", "", "default"),
        ..EMPTY
    },
    // Forms of DOCKER_HOST.
    Case {
        name: "a host without scheme and port",
        variables: &[("DOCKER_HOST", "10.0.0.1")],
        outcome: Opens("tcp://10.0.0.1:2375", "", "DOCKER_HOST"),
        ..EMPTY
    },
    Case {
        name: "a host without scheme",
        variables: &[("DOCKER_HOST", "engine:99")],
        outcome: Opens("tcp://engine:99", "", "DOCKER_HOST"),
        ..EMPTY
    },
    Case {
        name: "only a port",
        variables: &[("DOCKER_HOST", ":2400")],
        outcome: Opens("tcp://localhost:2400", "", "DOCKER_HOST"),
        ..EMPTY
    },
    Case {
        name: "only a scheme",
        variables: &[("DOCKER_HOST", "tcp://")],
        outcome: Opens("tcp://localhost:2375", "", "DOCKER_HOST"),
        ..EMPTY
    },
    Case {
        name: "only the scheme unix",
        variables: &[("DOCKER_HOST", "unix://")],
        outcome: Opens("{default}", "", "DOCKER_HOST"),
        ..EMPTY
    },
    Case {
        name: "surrounding blanks",
        variables: &[("DOCKER_HOST", " tcp://10.0.0.1:1 ")],
        outcome: Opens("tcp://10.0.0.1:1", "", "DOCKER_HOST"),
        ..EMPTY
    },
    Case {
        name: "an IPv6 address",
        variables: &[("DOCKER_HOST", "[::1]:2375")],
        outcome: Opens("tcp://[::1]:2375", "", "DOCKER_HOST"),
        ..EMPTY
    },
    Case {
        name: "an IPv6 address without port",
        variables: &[("DOCKER_HOST", "tcp://[::1]")],
        outcome: Opens("tcp://[::1]:2375", "", "DOCKER_HOST"),
        docker: Differs,
        ..EMPTY
    },
    Case {
        name: "behind a reverse proxy",
        variables: &[("DOCKER_HOST", "tcp://proxy/engine")],
        outcome: Opens("tcp://proxy:2375/engine", "", "DOCKER_HOST"),
        ..EMPTY
    },
    Case {
        name: "only a path",
        variables: &[("DOCKER_HOST", "/run/other.sock")],
        outcome: Opens("/run/other.sock", "", "DOCKER_HOST"),
        docker: Differs,
        ..EMPTY
    },
    Case {
        name: "an unknown scheme",
        variables: &[("DOCKER_HOST", "gopher://engine")],
        outcome: Fails("DOCKER_HOST: \"gopher://engine\" is not a valid engine address"),
        ..EMPTY
    },
    // TLS.
    Case {
        name: "certificates of a context",
        variables: &[("DOCKER_CONTEXT", "web")],
        files: &[WEB, WEB_TLS[0], WEB_TLS[1], WEB_TLS[2]],
        outcome: Opens("tcp://10.1.2.3:2376", "ca cert key", "DOCKER_CONTEXT"),
        ..EMPTY
    },
    Case {
        name: "only a CA certificate",
        files: &[WEB, WEB_TLS[0], CURRENT_WEB],
        outcome: Opens("tcp://10.1.2.3:2376", "ca", "currentContext"),
        ..EMPTY
    },
    Case {
        name: "a context with SkipTLSVerify",
        variables: &[("DOCKER_CONTEXT", "plain")],
        files: &[PLAIN_UNVERIFIED],
        outcome: Opens("tcp://10.9.9.9:2376", "skip_verify", "DOCKER_CONTEXT"),
        ..EMPTY
    },
    Case {
        name: "DOCKER_TLS_VERIFY does not apply to contexts",
        variables: &[
            ("DOCKER_CONTEXT", "plain"),
            ("DOCKER_TLS_VERIFY", "1"),
            ("DOCKER_CERT_PATH", "{}/certs"),
        ],
        files: &[PLAIN, ("certs/ca.pem", PEM)],
        outcome: Opens("tcp://10.9.9.9:2375", "", "DOCKER_CONTEXT"),
        ..EMPTY
    },
    Case {
        name: "DOCKER_TLS_VERIFY with all certificates",
        variables: &[
            ("DOCKER_HOST", "tcp://10.0.0.1:2376"),
            ("DOCKER_TLS_VERIFY", "1"),
            ("DOCKER_CERT_PATH", "{}/certs"),
        ],
        files: &[("certs/ca.pem", PEM), ("certs/cert.pem", PEM), ("certs/key.pem", KEY)],
        outcome: Opens("tcp://10.0.0.1:2376", "ca cert key", "DOCKER_HOST"),
        ..EMPTY
    },
    Case {
        name: "certificates in the configuration directory",
        variables: &[("DOCKER_HOST", "tcp://10.0.0.1"), ("DOCKER_TLS_VERIFY", "0")],
        files: &[("home/.docker/ca.pem", PEM)],
        outcome: Opens("tcp://10.0.0.1:2375", "ca", "DOCKER_HOST"),
        ..EMPTY
    },
    Case {
        name: "DOCKER_TLS without verification",
        variables: &[
            ("DOCKER_HOST", "tcp://10.0.0.1:2376"),
            ("DOCKER_TLS", "1"),
            ("DOCKER_CERT_PATH", "{}/certs"),
        ],
        files: &[("certs/ca.pem", PEM), ("certs/cert.pem", PEM), ("certs/key.pem", KEY)],
        outcome: Opens("tcp://10.0.0.1:2376", "ca cert key skip_verify", "DOCKER_HOST"),
        ..EMPTY
    },
    Case {
        name: "DOCKER_TLS_VERIFY without a host",
        variables: &[("DOCKER_TLS_VERIFY", "1"), ("DOCKER_CERT_PATH", "{}/certs")],
        files: &[("certs/ca.pem", PEM)],
        sockets: &[(DEFAULT_SOCKET, Live)],
        outcome: Opens("tcp://localhost:2376", "ca", "default"),
        ..EMPTY
    },
    Case {
        name: "DOCKER_TLS_VERIFY does not apply to sockets",
        variables: &[("DOCKER_HOST", "unix:///run/x"), ("DOCKER_TLS_VERIFY", "1")],
        outcome: Opens("unix:///run/x", "", "DOCKER_HOST"),
        docker: Differs,
        ..EMPTY
    },
    // Contexts that cannot be opened.
    Case {
        name: "DOCKER_CONTEXT with an unknown context",
        variables: &[("DOCKER_CONTEXT", "nope")],
        files: &[WEB, PLAIN],
        sockets: &[(DEFAULT_SOCKET, Live)],
        outcome: Fails(
            "named by DOCKER_CONTEXT: there is no docker context \"nope\" in {}/home/.docker/contexts, only default, plain, web",
        ),
        ..EMPTY
    },
    Case {
        name: "an unknown current context",
        files: &[(CONFIG, r#"{"currentContext": "gone"}"#)],
        sockets: &[(DEFAULT_SOCKET, Live)],
        outcome: Fails(
            "the current one in {}/home/.docker/config.json: there is no docker context \"gone\"",
        ),
        ..EMPTY
    },
    Case {
        name: "an unknown context of the program",
        requested: DockerContext("nope"),
        outcome: Fails("named by the program: there is no docker context \"nope\""),
        ..EMPTY
    },
    Case {
        name: "a context with a broken file",
        variables: &[("DOCKER_CONTEXT", "plain")],
        files: &[PLAIN_BROKEN],
        outcome: Fails(
            "/a116c9ed46d6207734a43317d30fd88f52ac8634c37d904bbf4e41d865f90475/meta.json is broken: ",
        ),
        ..EMPTY
    },
    Case {
        name: "another context is broken",
        variables: &[("DOCKER_CONTEXT", "web")],
        files: &[WEB, PLAIN_BROKEN],
        outcome: Opens("tcp://10.1.2.3:2376", "", "DOCKER_CONTEXT"),
        ..EMPTY
    },
    Case {
        name: "a context without a docker endpoint",
        variables: &[("DOCKER_CONTEXT", "plain")],
        files: &[PLAIN_KUBERNETES],
        outcome: Fails("there is no docker context \"plain\""),
        docker: Varies,
        ..EMPTY
    },
    Case {
        name: "a broken config.json",
        files: &[(CONFIG, "{\"currentContext\": \"web\",\n")],
        outcome: Fails("{}/home/.docker/config.json is broken: not JSON: "),
        // It warns and ignores the file.
        docker: Differs,
        ..EMPTY
    },
    // Sockets that the docker command does not probe.
    Case {
        name: "rootless Docker",
        sockets: &[(ROOTLESS, Live)],
        outcome: Opens("unix://{}/run/user/7/docker.sock", "", "found: rootless Docker"),
        docker: TakesDefault,
        ..EMPTY
    },
    Case {
        name: "Docker Desktop",
        sockets: &[(DESKTOP, Live)],
        outcome: Opens("unix://{}/home/.docker/desktop/docker.sock", "", "found: Docker Desktop"),
        docker: TakesDefault,
        ..EMPTY
    },
    Case {
        name: "old Docker Desktop",
        sockets: &[("home/.docker/run/docker.sock", Live)],
        outcome: Opens("unix://{}/home/.docker/run/docker.sock", "", "found: Docker Desktop"),
        docker: TakesDefault,
        ..EMPTY
    },
    Case {
        name: "Colima",
        sockets: &[(COLIMA, Live)],
        outcome: Opens("unix://{}/home/.colima/default/docker.sock", "", "found: Colima"),
        docker: TakesDefault,
        ..EMPTY
    },
    Case {
        name: "COLIMA_HOME",
        variables: &[("COLIMA_HOME", "{}/colima")],
        sockets: &[("colima/default/docker.sock", Live), (COLIMA, Live)],
        outcome: Opens("unix://{}/colima/default/docker.sock", "", "found: Colima"),
        docker: TakesDefault,
        ..EMPTY
    },
    Case {
        name: "Rancher Desktop",
        sockets: &[(RANCHER, Live)],
        outcome: Opens("unix://{}/home/.rd/docker.sock", "", "found: Rancher Desktop"),
        docker: TakesDefault,
        ..EMPTY
    },
    Case {
        name: "Podman",
        sockets: &[(PODMAN, Live)],
        outcome: Opens("unix://{}/run/user/7/podman/podman.sock", "", "found: Podman"),
        docker: TakesDefault,
        ..EMPTY
    },
    Case {
        name: "rootful Podman",
        sockets: &[(ROOT_PODMAN, Live)],
        outcome: Opens("unix://{}/run/podman/podman.sock", "", "found: Podman"),
        docker: TakesDefault,
        ..EMPTY
    },
    Case {
        name: "the default socket is preferred",
        sockets: &[(DEFAULT_SOCKET, Live), (ROOTLESS, Live), (COLIMA, Live), (PODMAN, Live)],
        outcome: Opens("{default}", "", "default"),
        ..EMPTY
    },
    Case {
        name: "the first of several other sockets",
        sockets: &[
            (ROOTLESS, Live),
            (DESKTOP, Live),
            (COLIMA, Live),
            (RANCHER, Live),
            (PODMAN, Live),
        ],
        outcome: Opens("unix://{}/run/user/7/docker.sock", "", "found: rootless Docker"),
        docker: TakesDefault,
        ..EMPTY
    },
    Case {
        name: "a live socket is preferred to a stale default socket",
        sockets: &[(DEFAULT_SOCKET, Stale), (COLIMA, Live)],
        outcome: Opens("unix://{}/home/.colima/default/docker.sock", "", "found: Colima"),
        docker: TakesDefault,
        ..EMPTY
    },
    Case {
        name: "only a stale default socket",
        sockets: &[(DEFAULT_SOCKET, Stale)],
        outcome: Opens("{default}", "", "default"),
        ..EMPTY
    },
    Case {
        name: "a live socket is preferred to stale ones",
        sockets: &[(ROOTLESS, Stale), (DESKTOP, Stale), (PODMAN, Live)],
        outcome: Opens("unix://{}/run/user/7/podman/podman.sock", "", "found: Podman"),
        docker: TakesDefault,
        ..EMPTY
    },
    Case {
        name: "the first of several stale sockets",
        sockets: &[(DEFAULT_SOCKET, Stale), (ROOTLESS, Stale), (PODMAN, Stale)],
        outcome: Opens("{default}", "", "default"),
        ..EMPTY
    },
    Case {
        name: "regular files are skipped",
        sockets: &[(DEFAULT_SOCKET, File), (ROOTLESS, File), (RANCHER, Live)],
        outcome: Opens("unix://{}/home/.rd/docker.sock", "", "found: Rancher Desktop"),
        docker: TakesDefault,
        ..EMPTY
    },
    Case {
        name: "sockets are not probed if DOCKER_HOST is set",
        variables: &[("DOCKER_HOST", "unix://{}/my.sock")],
        sockets: &[("my.sock", Stale), (ROOTLESS, Live)],
        outcome: Opens("unix://{}/my.sock", "", "DOCKER_HOST"),
        ..EMPTY
    },
    Case {
        name: "sockets are probed for the default context",
        variables: &[("DOCKER_CONTEXT", "default")],
        sockets: &[(PODMAN, Live)],
        outcome: Opens("unix://{}/run/user/7/podman/podman.sock", "", "found: Podman"),
        docker: TakesDefault,
        ..EMPTY
    },
];
