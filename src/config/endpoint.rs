//! Addresses of engines.

mod authority;
mod ssh;

use std::fmt;
use std::path::{Path, PathBuf};

use authority::host_and_port;
use ssh::SshAddress;

pub(crate) use authority::Authority;
pub(crate) use ssh::SshTarget;

use crate::{Error, Result};

/// The address of an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Endpoint {
    /// A Unix socket.
    Unix {
        /// The path of the socket.
        path: PathBuf,
    },
    /// A TCP port, unencrypted.
    Tcp {
        /// Host name or IP address; an IPv6 address without brackets.
        host: String,
        /// The port.
        port: u16,
        /// A prefix of all paths, such as `/engine` behind a reverse proxy; usually empty.
        base: String,
    },
    /// A TCP port with TLS; see [`Tls`](crate::Tls).
    Https {
        /// Host name or IP address, which the engine's certificate must contain; an IPv6 address without brackets.
        host: String,
        /// The port.
        port: u16,
        /// A prefix of all paths, such as `/engine` behind a reverse proxy; usually empty.
        base: String,
    },
    /// An engine on a machine that the system's `ssh` logs in to.
    ///
    /// `ssh` uses the user's configuration, and runs `docker system dial-stdio` on the remote machine. It has no
    /// terminal: it authenticates by key, by agent, or with the program in `SSH_ASKPASS`. If its configuration sets
    /// `ControlMaster`, it must set `ControlPersist` too; otherwise the end of one connection ends others.
    Ssh {
        /// The user name; `None` leaves it to ssh's configuration.
        user: Option<String>,
        /// Host name, IP address or alias in ssh's configuration; an IPv6 address without brackets.
        host: String,
        /// The port; `None` leaves it to ssh's configuration.
        port: Option<u16>,
        /// The path of the engine's socket on the remote machine; `None` leaves it to the docker CLI there.
        path: Option<String>,
    },
}

/// The engine of a context, in the words of connect errors. `Display` writes its address.
#[derive(Debug, Clone)]
pub(crate) struct Destination {
    pub(crate) endpoint: Endpoint,
    /// The address with the scheme that was written: `http://` has no [`Endpoint`] of its own.
    shown: String,
    /// The setting that holds the address, such as `DOCKER_HOST`.
    pub(crate) setting: String,
}

impl Destination {
    pub(crate) fn new(endpoint: &Endpoint, host: &str, setting: String) -> Destination {
        let mut shown = endpoint.to_string();
        if host.starts_with("http://") {
            shown = shown.replacen("tcp://", "http://", 1);
        }
        Destination { endpoint: endpoint.clone(), shown, setting }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// The operation in errors about endpoints.
const OPEN_OPERATION: &str = "Context";

/// The schemes of addresses.
pub(crate) const SCHEMES: [&str; 5] = ["unix", "tcp", "http", "https", "ssh"];

/// The longest path of a Unix socket on Linux: `sun_path` without its NUL.
const MAX_SOCKET_PATH: usize = 107;

impl Endpoint {
    /// The default address of Docker Engine.
    pub const DEFAULT: &'static str = "unix:///var/run/docker.sock";

    /// Parses an address.
    ///
    /// These forms are valid:
    /// - `unix:///path` or `/path`
    /// - `tcp://host[:port][/base]`, with default port 2375
    /// - `http://host[:port][/base]`, with default port 80
    /// - `https://host[:port][/base]`, with default port 443
    /// - `ssh://[user@]host[:port][/path]`, with the path of the socket on the remote machine
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if the address is invalid. The error lists the valid forms.
    pub fn parse(host: &str) -> Result<Endpoint> {
        Endpoint::parse_address(host, false, host)
    }

    /// Parses an address that is used with TLS settings.
    ///
    /// As [`parse`](Endpoint::parse), but `tcp://` means TLS, with default port 2376. Only `tcp://` and `https://`
    /// are valid.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if the address is invalid or does not support TLS.
    pub fn parse_tls(host: &str) -> Result<Endpoint> {
        Endpoint::parse_address(host, true, host)
    }

    /// Parses an address that was completed from `written`, which errors quote.
    pub(crate) fn parse_address(host: &str, tls: bool, written: &str) -> Result<Endpoint> {
        let invalid = |reason: &str| {
            let completed = match host == written {
                true => String::new(),
                false => format!("it stands for {}, and ", ssh::without_password(host)),
            };
            let expected = if tls {
                "tcp://host:port or https://host:port"
            } else {
                "unix:///path, /path, tcp://host:port, http://host:port, https://host:port or ssh://user@host"
            };
            Error::invalid(
                OPEN_OPERATION,
                format!(
                    "{} is not a valid engine address: {completed}{reason}; expected {expected}",
                    quoted(&ssh::without_password(written))
                ),
            )
        };
        if host.is_empty() {
            return Err(invalid("it is empty"));
        }
        if host.contains(|c: char| c.is_control()) {
            return Err(invalid("it contains a control character"));
        }
        if host.starts_with('/') && !tls {
            return Endpoint::unix(host, &invalid);
        }
        let Some((scheme, rest)) = host.split_once("://") else {
            return Err(match host.split_once(":/") {
                Some((scheme, path)) if SCHEMES.contains(&scheme) => {
                    let slash = if scheme == "unix" { "/" } else { "" };
                    invalid(&format!("write {scheme}://{slash}{path}"))
                }
                _ => invalid("it has no scheme"),
            });
        };
        match scheme {
            "https" => Endpoint::https(rest, 443, &invalid),
            "tcp" if tls => Endpoint::https(rest, 2376, &invalid),
            "unix" | "http" | "ssh" if tls => {
                Err(invalid(&format!("TLS settings are given, but {scheme}:// does not use TLS")))
            }
            "unix" => Endpoint::unix(rest, &invalid),
            "tcp" => Endpoint::tcp(rest, 2375, &invalid),
            "http" => Endpoint::tcp(rest, 80, &invalid),
            "ssh" => {
                let SshAddress { user, host, port, path } = ssh::parse(rest, &invalid)?;
                Ok(Endpoint::Ssh { user, host, port, path })
            }
            "npipe" | "fd" => {
                Err(invalid(&format!("{scheme} is not supported by this version of dockline")))
            }
            _ => Err(invalid(&format!("unknown scheme {scheme:?}"))),
        }
    }

    fn unix(path: &str, invalid: &dyn Fn(&str) -> Error) -> Result<Endpoint> {
        if !path.starts_with('/') {
            return Err(invalid("the path of a socket must be absolute"));
        }
        if path.len() > MAX_SOCKET_PATH {
            return Err(invalid(&format!(
                "the path of a socket must not exceed {MAX_SOCKET_PATH} bytes; this one has {}",
                path.len()
            )));
        }
        Ok(Endpoint::Unix { path: PathBuf::from(path) })
    }

    fn tcp(rest: &str, default_port: u16, invalid: &dyn Fn(&str) -> Error) -> Result<Endpoint> {
        let (host, port, base) = Endpoint::host_port_base(rest, default_port, invalid)?;
        Ok(Endpoint::Tcp { host, port, base })
    }

    fn https(rest: &str, default_port: u16, invalid: &dyn Fn(&str) -> Error) -> Result<Endpoint> {
        let (host, port, base) = Endpoint::host_port_base(rest, default_port, invalid)?;
        Ok(Endpoint::Https { host, port, base })
    }

    /// Splits `host[:port][/base]`.
    fn host_port_base(
        rest: &str,
        default_port: u16,
        invalid: &dyn Fn(&str) -> Error,
    ) -> Result<(String, u16, String)> {
        let (authority, base) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        if authority.contains('@') {
            return Err(invalid("a user name is not supported with this scheme"));
        }
        if base.contains(['?', '#', ' ', '%']) {
            return Err(invalid("the path contains an invalid character"));
        }
        let (host, port) = host_and_port(authority, invalid)?;
        let port = port.unwrap_or(default_port);
        Ok((host.to_owned(), port, base.trim_end_matches('/').to_owned()))
    }

    /// Returns the path of a Unix socket.
    pub fn socket_path(&self) -> Option<&Path> {
        match self {
            Endpoint::Unix { path } => Some(path),
            Endpoint::Tcp { .. } | Endpoint::Https { .. } | Endpoint::Ssh { .. } => None,
        }
    }

    /// Scheme and authority, for the absolute-form of a request to a proxy.
    pub(crate) fn origin(&self) -> String {
        let mut origin = self.url_prefix();
        if let Endpoint::Tcp { base, .. } | Endpoint::Https { base, .. } = self {
            origin.truncate(origin.len() - base.len());
        }
        origin
    }

    /// Scheme, authority and base, which start each URL.
    ///
    /// The host is `localhost` for Unix sockets and ssh: engines reject a socket's path in `Host`.
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

/// Text in quotes as it was written; with escapes only where the quotes or a terminal need them.
fn quoted(text: &str) -> String {
    match text.contains(|c: char| c.is_control() || c == '"') {
        true => format!("{text:?}"),
        false => format!("\"{text}\""),
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
    fn parses_addresses() {
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
    fn parses_addresses_with_tls() {
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
    fn rejects_invalid_addresses() {
        let long = format!("/{}", "x".repeat(107));
        for (text, reason) in [
            ("", "is empty"),
            ("docker", "no scheme"),
            ("engine:2375", "no scheme"),
            ("unix://", "absolute"),
            ("unix://run/docker.sock", "absolute"),
            (&long, "must not exceed 107 bytes; this one has 108"),
            ("tcp://", "host is empty"),
            ("tcp://:2375", "host is empty"),
            ("tcp://a:0", "port must be"),
            ("tcp://a:65536", "port must be"),
            ("tcp://a:+80", "port must be"),
            ("tcp://a:x", "port must be"),
            ("tcp://::1:80", "in brackets"),
            ("tcp://[::1", "not closed"),
            ("tcp://[::1]80", "colon and a port"),
            ("tcp://[engine]:80", "not a valid IPv6"),
            ("tcp://user@a:80", "user name"),
            ("tcp://a b:80", "character"),
            ("tcp://a:80/x?y", "character"),
            ("tcp://a\r\nHost: b", "control character"),
            ("npipe://a", "not supported"),
            ("gopher://a", "unknown scheme"),
        ] {
            let error = Endpoint::parse(text).unwrap_err().to_string();
            assert!(error.contains(reason), "{text:?}: {error}");
            assert!(error.contains("expected unix:///path"), "{text:?}: {error}");
        }
    }
}
