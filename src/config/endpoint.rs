//! Where an engine listens.

mod authority;
mod ssh;

use std::fmt;
use std::path::{Path, PathBuf};

use authority::host_and_port;
use ssh::SshAddress;

pub(crate) use authority::Authority;
pub(crate) use ssh::SshTarget;

use crate::{Error, Result};

/// Where an engine listens.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Endpoint {
    /// A Unix socket.
    Unix {
        /// Its path.
        path: PathBuf,
    },
    /// A TCP port, unencrypted.
    Tcp {
        /// Name or address; an IPv6 address without brackets.
        host: String,
        /// The port.
        port: u16,
        /// What stands before every path, such as `/engine` of a reverse proxy; mostly empty.
        base: String,
    },
    /// A TCP port, by TLS (see [`Tls`](crate::Tls)).
    Https {
        /// Name or address, which the engine's certificate must hold; an IPv6 address without
        /// brackets.
        host: String,
        /// The port.
        port: u16,
        /// What stands before every path, such as `/engine` of a reverse proxy; mostly empty.
        base: String,
    },
    /// An engine on a machine to which the system's `ssh` leads, by the user's own configuration:
    /// `docker system dial-stdio` runs there.
    ///
    /// `ssh` has no terminal to ask on: it logs in by key, by agent, or by the program that
    /// `SSH_ASKPASS` names. With `ControlMaster` in its configuration, set `ControlPersist` too: or
    /// else one connection ends together with another.
    Ssh {
        /// Who logs in, unless ssh's configuration says it.
        user: Option<String>,
        /// A name or address, or a host of ssh's configuration; an IPv6 address without brackets.
        host: String,
        /// The port, unless ssh's configuration says it.
        port: Option<u16>,
        /// The engine's socket on that machine, unless docker there knows.
        path: Option<String>,
    },
}

/// The operation that errors about endpoints name.
const OPEN_OPERATION: &str = "Context";

/// The longest path of a Unix socket on Linux: `sun_path` less its NUL.
const MAX_SOCKET_PATH: usize = 107;

impl Endpoint {
    /// Where Docker Engine listens unless told otherwise.
    pub const DEFAULT: &'static str = "unix:///var/run/docker.sock";

    /// Reads `unix:///path`, `/path`, `tcp://host[:port][/base]` (port 2375 unless given),
    /// `http://host[:port][/base]` (port 80 unless given), `https://host[:port][/base]` (port 443
    /// unless given) or `ssh://[user@]host[:port][/path]`, where the path is that of the engine's
    /// socket on the other machine.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`], saying which forms are right.
    pub fn parse(host: &str) -> Result<Endpoint> {
        Endpoint::read(host, false)
    }

    /// Reads an address that comes with TLS settings: `tcp://` means TLS there (port 2376 unless
    /// given), and `https://` means the same as ever.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`], also when TLS is not for such an address.
    pub fn parse_tls(host: &str) -> Result<Endpoint> {
        Endpoint::read(host, true)
    }

    fn read(host: &str, tls: bool) -> Result<Endpoint> {
        let wrong = |why: &str| {
            let expected = if tls {
                "tcp://host:port or https://host:port"
            } else {
                "unix:///path, /path, tcp://host:port, http://host:port, https://host:port or ssh://user@host"
            };
            Error::invalid(
                OPEN_OPERATION,
                format!(
                    "{:?} is no engine's address: {why}; expected {expected}",
                    ssh::without_password(host)
                ),
            )
        };
        if host.is_empty() {
            return Err(wrong("it is empty"));
        }
        if host.contains(|c: char| c.is_control()) {
            return Err(wrong("it has a control character"));
        }
        if host.starts_with('/') && !tls {
            return Endpoint::unix(host, &wrong);
        }
        let Some((scheme, rest)) = host.split_once("://") else {
            return Err(wrong("it has no scheme"));
        };
        match scheme {
            "https" => Endpoint::https(rest, 443, &wrong),
            "tcp" if tls => Endpoint::https(rest, 2376, &wrong),
            "unix" | "http" | "ssh" if tls => {
                Err(wrong(&format!("TLS settings are given, and {scheme} has no use for them")))
            }
            "unix" => Endpoint::unix(rest, &wrong),
            "tcp" => Endpoint::tcp(rest, 2375, &wrong),
            "http" => Endpoint::tcp(rest, 80, &wrong),
            "ssh" => {
                let SshAddress { user, host, port, path } = ssh::parse(rest, &wrong)?;
                Ok(Endpoint::Ssh { user, host, port, path })
            }
            "npipe" | "fd" => {
                Err(wrong(&format!("{scheme} is not supported by this version of dockline")))
            }
            _ => Err(wrong(&format!("unknown scheme {scheme:?}"))),
        }
    }

    fn unix(path: &str, wrong: &dyn Fn(&str) -> Error) -> Result<Endpoint> {
        if !path.starts_with('/') {
            return Err(wrong("the path of a socket must be absolute"));
        }
        if path.len() > MAX_SOCKET_PATH {
            return Err(wrong(&format!(
                "the path of a socket has at most {MAX_SOCKET_PATH} bytes, this one {}",
                path.len()
            )));
        }
        Ok(Endpoint::Unix { path: PathBuf::from(path) })
    }

    fn tcp(rest: &str, default_port: u16, wrong: &dyn Fn(&str) -> Error) -> Result<Endpoint> {
        let (host, port, base) = Endpoint::place(rest, default_port, wrong)?;
        Ok(Endpoint::Tcp { host, port, base })
    }

    fn https(rest: &str, default_port: u16, wrong: &dyn Fn(&str) -> Error) -> Result<Endpoint> {
        let (host, port, base) = Endpoint::place(rest, default_port, wrong)?;
        Ok(Endpoint::Https { host, port, base })
    }

    /// Host, port and base in `host[:port][/base]`.
    fn place(
        rest: &str,
        default_port: u16,
        wrong: &dyn Fn(&str) -> Error,
    ) -> Result<(String, u16, String)> {
        let (authority, base) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        if authority.contains('@') {
            return Err(wrong("a user name has no meaning here"));
        }
        if base.contains(['?', '#', ' ', '%']) {
            return Err(wrong("the path holds a character that a path may not hold"));
        }
        let (host, port) = host_and_port(authority, wrong)?;
        let port = port.unwrap_or(default_port);
        Ok((host.to_owned(), port, base.trim_end_matches('/').to_owned()))
    }

    /// The path of the socket, where it is one.
    pub fn socket_path(&self) -> Option<&Path> {
        match self {
            Endpoint::Unix { path } => Some(path),
            Endpoint::Tcp { .. } | Endpoint::Https { .. } | Endpoint::Ssh { .. } => None,
        }
    }

    /// What stands before the path in a URL that a proxy gets: scheme and `Host`.
    pub(crate) fn origin(&self) -> String {
        let mut origin = self.url_prefix();
        if let Endpoint::Tcp { base, .. } | Endpoint::Https { base, .. } = self {
            origin.truncate(origin.len() - base.len());
        }
        origin
    }

    /// What stands before the path in each URL: scheme, `Host` and base.
    ///
    /// A Unix socket has no host name, and engines refuse a path there, so it is `localhost`; and so
    /// it is for the engine to which `ssh` leads.
    pub(crate) fn url_prefix(&self) -> String {
        match self {
            Endpoint::Unix { .. } | Endpoint::Ssh { .. } => "http://localhost".to_owned(),
            Endpoint::Tcp { host, port, base } => {
                format!("http://{}{base}", Authority(host, *port))
            }
            Endpoint::Https { host, port, base } => {
                format!("https://{}{base}", Authority(host, *port))
            }
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Endpoint::Unix { path } => write!(f, "unix://{}", path.display()),
            Endpoint::Tcp { host, port, base } => {
                write!(f, "tcp://{}{base}", Authority(host, *port))
            }
            Endpoint::Https { host, port, base } => {
                write!(f, "https://{}{base}", Authority(host, *port))
            }
            Endpoint::Ssh { user, host, port, path } => {
                let (user, path) = (user.as_deref(), path.as_deref());
                SshTarget { user, host, port: *port, path }.fmt(f)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_ones() {
        for (text, shown) in [
            ("unix:///var/run/docker.sock", "unix:///var/run/docker.sock"),
            ("/run/my engine.sock", "unix:///run/my engine.sock"),
            ("tcp://engine", "tcp://engine:2375"),
            ("tcp://127.0.0.1:4243", "tcp://127.0.0.1:4243"),
            ("http://engine", "tcp://engine:80"),
            ("tcp://[::1]:2375", "tcp://[::1]:2375"),
            ("tcp://[fe80::1]", "tcp://[fe80::1]:2375"),
            ("tcp://proxy:80/engine/", "tcp://proxy:80/engine"),
            ("https://engine", "https://engine:443"),
            ("https://[::1]:2376/engine/", "https://[::1]:2376/engine"),
        ] {
            assert_eq!(Endpoint::parse(text).unwrap().to_string(), shown, "{text}");
        }
    }

    #[test]
    fn with_tls() {
        for (text, shown) in [
            ("tcp://engine", "https://engine:2376"),
            ("tcp://engine:2375", "https://engine:2375"),
            ("https://engine", "https://engine:443"),
        ] {
            assert_eq!(Endpoint::parse_tls(text).unwrap().to_string(), shown, "{text}");
        }
        for text in ["unix:///run/docker.sock", "/run/docker.sock", "http://engine"] {
            let error = Endpoint::parse_tls(text).unwrap_err().to_string();
            assert!(error.contains("expected tcp://host:port or https://"), "{error}");
        }
    }

    #[test]
    fn wrong_ones_say_why() {
        let long = format!("/{}", "x".repeat(107));
        for (text, why) in [
            ("", "is empty"),
            ("docker", "no scheme"),
            ("engine:2375", "no scheme"),
            ("unix://", "absolute"),
            ("unix://run/docker.sock", "absolute"),
            (&long, "at most 107 bytes, this one 108"),
            ("tcp://", "host is empty"),
            ("tcp://:2375", "host is empty"),
            ("tcp://a:0", "port must be"),
            ("tcp://a:65536", "port must be"),
            ("tcp://a:+80", "port must be"),
            ("tcp://a:x", "port must be"),
            ("tcp://::1:80", "in brackets"),
            ("tcp://[::1", "not closed"),
            ("tcp://[::1]80", "colon and a port"),
            ("tcp://[engine]:80", "no IPv6"),
            ("tcp://user@a:80", "user name"),
            ("tcp://a b:80", "character"),
            ("tcp://a:80/x?y", "character"),
            ("tcp://a\r\nHost: b", "control character"),
            ("npipe://a", "not supported"),
            ("gopher://a", "unknown scheme"),
        ] {
            let error = Endpoint::parse(text).unwrap_err().to_string();
            assert!(error.contains(why), "{text:?}: {error}");
            assert!(error.contains("expected unix:///path"), "{text:?}: {error}");
        }
    }
}
