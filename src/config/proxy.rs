//! Choosing the HTTP proxy for an engine. `transport/proxy.rs` connects through it.

use std::fmt;
use std::net::IpAddr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::percent_decode_str;

use crate::config::environment::{Environment, OPEN_OPERATION};
use crate::model::SecretString;
use crate::{Endpoint, Error, Result};

/// An HTTP proxy. `Display` and `Debug` omit the credentials.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Proxy {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// The value of `Proxy-Authorization`.
    pub(crate) authorization: Option<SecretString>,
}

/// The setting for a proxy.
#[derive(Debug, Clone, Default)]
pub(crate) enum ProxyChoice {
    /// The environment's proxy, if the environment also chooses the engine.
    #[default]
    Environment,
    Never,
    /// The proxy at this address.
    Address(SecretString),
}

impl ProxyChoice {
    /// The proxy for an engine. `environment` is `None` if the program set the engine.
    pub(crate) fn resolve(
        &self,
        endpoint: &Endpoint,
        environment: Option<&Environment>,
    ) -> Result<Option<Proxy>> {
        match (self, environment) {
            (ProxyChoice::Never, _) | (ProxyChoice::Environment, None) => Ok(None),
            (ProxyChoice::Environment, Some(environment)) => {
                from_environment(environment, endpoint)
            }
            (ProxyChoice::Address(address), _) => {
                if !matches!(endpoint, Endpoint::Tcp { .. } | Endpoint::Https { .. }) {
                    let reason = format!(
                        "a proxy cannot be used for {endpoint}: proxies are for tcp:// and https://"
                    );
                    return Err(Error::invalid(OPEN_OPERATION, reason));
                }
                parse(address, "the proxy").map(Some)
            }
        }
    }
}

/// The proxy that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` set for an engine, by the rules of Go's `net/http`,
/// which the docker CLI uses.
fn from_environment(environment: &Environment, endpoint: &Endpoint) -> Result<Option<Proxy>> {
    let (names, host, port) = match endpoint {
        Endpoint::Tcp { host, port, .. } => (["HTTP_PROXY", "http_proxy"], host, *port),
        Endpoint::Https { host, port, .. } => (["HTTPS_PROXY", "https_proxy"], host, *port),
        _ => return Ok(None),
    };
    let Some((name, address)) = first_set(environment, names)? else { return Ok(None) };
    if matches!(endpoint, Endpoint::Tcp { .. }) && environment.path("REQUEST_METHOD").is_some() {
        // In CGI, an HTTP client sets this variable with a header named Proxy (httpoxy).
        let reason = format!(
            "{name} is not trusted in a CGI program (REQUEST_METHOD is set): unset it, or set the \
             proxy in the program"
        );
        return Err(Error::invalid(OPEN_OPERATION, reason));
    }
    let exceptions = first_set(environment, ["NO_PROXY", "no_proxy"])?.unwrap_or_default().1;
    if is_excepted(&exceptions, host, port) {
        return Ok(None);
    }
    parse(&address, name).map(Some)
}

/// Name and value of the first of these variables that is set.
fn first_set(
    environment: &Environment,
    names: [&'static str; 2],
) -> Result<Option<(&'static str, SecretString)>> {
    for name in names {
        if let Some(value) = environment.variable(name)? {
            return Ok(Some((name, value.into())));
        }
    }
    Ok(None)
}

/// Parses `[http://][user[:password]@]host[:port]`. A path, query or fragment is ignored. `setting` is named in
/// errors.
fn parse(address: &str, setting: &str) -> Result<Proxy> {
    let invalid = |reason: &str| {
        Error::invalid(
            OPEN_OPERATION,
            format!("{setting}: {reason}: expected http://[user:password@]host[:port]"),
        )
    };
    let rest = match address.trim().split_once("://") {
        None => address.trim(),
        Some(("http", rest)) => rest,
        Some(("https" | "socks5" | "socks5h" | "socks4", _)) => {
            return Err(invalid("this kind of proxy is not supported"));
        }
        Some(_) => return Err(invalid("the scheme is unknown")),
    };
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let (user, authority) = match authority.rsplit_once('@') {
        Some((user, authority)) => (Some(user), authority),
        None => (None, authority),
    };
    // The error of `Endpoint::parse` would quote the address, which may contain a misplaced password.
    let endpoint = Endpoint::parse(&format!("http://{authority}"));
    let Ok(Endpoint::Tcp { host, port, .. }) = endpoint else {
        return Err(invalid("the host or port is invalid"));
    };
    let authorization = user.map(|user| {
        let (user, password) = user.split_once(':').unwrap_or((user, ""));
        let mut plain: Vec<u8> = percent_decode_str(user).collect();
        plain.push(b':');
        plain.extend(percent_decode_str(password));
        let plain = crate::secret::SecretBytes::from(plain);
        SecretString::from(format!("Basic {}", BASE64_STANDARD.encode(&*plain)))
    });
    Ok(Proxy { host, port, authorization })
}

/// Whether an engine is reached without a proxy, as it is on this machine or `NO_PROXY` lists it.
fn is_excepted(exceptions: &str, host: &str, port: u16) -> bool {
    let host = host.to_ascii_lowercase();
    let address = host.parse::<IpAddr>().ok().map(|address| address.to_canonical());
    if host == "localhost" || address.is_some_and(|address| address.is_loopback()) {
        return true;
    }
    exceptions.split(',').any(|exception| {
        let exception = exception.trim().to_ascii_lowercase();
        if exception == "*" {
            return true;
        }
        if let (Some((network, bits)), Some(address)) = (exception.split_once('/'), address) {
            return is_in(address, network, bits);
        }
        let (name, exception_port) = name_and_port(&exception);
        if name.is_empty() || exception_port.is_some_and(|it| it != port.to_string()) {
            return false;
        }
        match (name.parse::<IpAddr>(), address) {
            (Ok(excepted), Some(address)) => excepted.to_canonical() == address,
            (Ok(_), None) | (Err(_), Some(_)) => false,
            // `.a.b` and `*.a.b` match subdomains, `a.b` also the domain itself.
            (Err(_), None) => match name.strip_prefix('*').unwrap_or(name) {
                suffix if suffix.starts_with('.') => host.ends_with(suffix),
                name => host == name || host.ends_with(&format!(".{name}")),
            },
        }
    })
}

/// Splits a name or address, without brackets, and its port.
fn name_and_port(text: &str) -> (&str, Option<&str>) {
    if let Some((address, rest)) = text.strip_prefix('[').and_then(|it| it.split_once(']')) {
        return (address, rest.strip_prefix(':'));
    }
    match text.split_once(':') {
        // More than one colon is an IPv6 address.
        Some((name, port)) if !port.contains(':') => (name, Some(port)),
        _ => (text, None),
    }
}

/// Whether the address is in `network/bits`.
fn is_in(address: IpAddr, network: &str, bits: &str) -> bool {
    let (Ok(network), Ok(bits)) = (network.parse::<IpAddr>(), bits.parse::<u32>()) else {
        return false;
    };
    let same_prefix = |differing: u128, width: u32| {
        bits <= width && differing.checked_shr(width - bits).unwrap_or(0) == 0
    };
    match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => same_prefix(u128::from(a.to_bits() ^ b.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => same_prefix(a.to_bits() ^ b.to_bits(), 128),
        _ => false,
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "http://[{}]:{}", self.host, self.port),
            false => write!(f, "http://{}:{}", self.host, self.port),
        }
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The proxy that the variables set for an engine; empty if there is none.
    fn proxy_for(host: &str, variables: &[(&str, &str)]) -> Result<String> {
        let environment = Environment::for_test(Path::new("/"), variables);
        let endpoint = Endpoint::parse(host)?;
        let proxy = ProxyChoice::Environment.resolve(&endpoint, Some(&environment))?;
        Ok(proxy.map(|proxy| proxy.to_string()).unwrap_or_default())
    }

    #[test]
    fn variable_depends_on_the_scheme() {
        let both = [("HTTP_PROXY", "http://p:1"), ("HTTPS_PROXY", "http://s:2")];
        for (host, proxy) in [
            ("tcp://engine", "http://p:1"),
            ("http://engine", "http://p:1"),
            ("https://engine", "http://s:2"),
            ("unix:///run/docker.sock", ""),
            ("ssh://engine", ""),
            ("tcp://localhost", ""),
            ("tcp://LOCALHOST", ""),
            ("tcp://127.0.0.1", ""),
            ("tcp://127.1.2.3", ""),
            ("tcp://[::1]", ""),
            ("tcp://[::ffff:127.0.0.1]", ""),
            ("tcp://localhost.localdomain", "http://p:1"),
        ] {
            assert_eq!(proxy_for(host, &both).unwrap(), proxy, "{host}");
        }
        assert_eq!(proxy_for("tcp://e", &[("HTTPS_PROXY", "s")]).unwrap(), "");
        assert_eq!(proxy_for("tcp://e", &[("http_proxy", "small")]).unwrap(), "http://small:80");
        let both = [("http_proxy", "small"), ("HTTP_PROXY", "LARGE")];
        assert_eq!(proxy_for("tcp://e", &both).unwrap(), "http://LARGE:80");
        let both = [("http_proxy", "small"), ("HTTP_PROXY", "")];
        assert_eq!(proxy_for("tcp://e", &both).unwrap(), "http://small:80");
    }

    #[test]
    fn no_proxy_exceptions() {
        for (exceptions, excepted, others) in [
            ("*", &["a", "10.0.0.1"][..], &[][..]),
            ("b,*", &["a"], &[]),
            ("", &[], &["a"]),
            (",", &[], &["a"]),
            ("a.b", &["a.b", "x.a.b", "A.B"], &["xa.b", "b", "a.b.c"]),
            (".a.b", &["x.a.b"], &["a.b"]),
            ("*.a.b", &["x.a.b"], &["a.b", "xa.b"]),
            (" a.b , c ", &["a.b", "c"], &["d"]),
            ("a:2375", &["a"], &["b"]),
            ("a:80", &[], &["a"]),
            (":2375", &[], &["a"]),
            ("10.0.0.1", &["10.0.0.1"], &["10.0.0.2", "10.0.0.1.example"]),
            ("10.0.0.1:80", &[], &["10.0.0.1"]),
            ("10.0.0.0/8", &["10.200.0.1"], &["11.0.0.1", "a"]),
            ("10.1.2.0/23", &["10.1.3.255"], &["10.1.4.0"]),
            ("0.0.0.0/0", &["8.8.8.8"], &["[fe80::1]"]),
            ("10.0.0.0/33,10.0.0.0/x", &[], &["10.0.0.1"]),
            ("fe80::1", &["[fe80::1]"], &["[fe80::2]"]),
            ("[fe80::1]:2375", &["[fe80::1]"], &["[fe80::2]"]),
            ("fe80::/10", &["[febf::1]"], &["[ff00::1]"]),
            ("::/0", &["[fe80::1]"], &["10.0.0.1"]),
        ] {
            let proxy = |host: &str| {
                let variables = [("HTTP_PROXY", "p"), ("NO_PROXY", exceptions)];
                proxy_for(&format!("tcp://{host}:2375"), &variables).unwrap()
            };
            for host in excepted {
                assert_eq!(proxy(host), "", "{host} with {exceptions:?}");
            }
            for host in others {
                assert_eq!(proxy(host), "http://p:80", "{host} with {exceptions:?}");
            }
        }
        let small = [("HTTP_PROXY", "p"), ("no_proxy", "e")];
        assert_eq!(proxy_for("tcp://e", &small).unwrap(), "");
    }

    #[test]
    fn http_proxy_is_rejected_in_a_cgi_program() {
        let cgi = [("HTTP_PROXY", "p"), ("HTTPS_PROXY", "s"), ("REQUEST_METHOD", "GET")];
        let error = proxy_for("tcp://e", &cgi).unwrap_err().to_string();
        assert!(error.contains("HTTP_PROXY is not trusted in a CGI program"), "{error}");
        assert_eq!(proxy_for("https://e", &cgi).unwrap(), "http://s:80");
        assert_eq!(proxy_for("/run/x", &cgi).unwrap(), "");
    }

    #[test]
    fn parses_addresses() {
        for (address, shown, authorization) in [
            ("p", "http://p:80", None),
            ("p:3128", "http://p:3128", None),
            ("http://p:3128/", "http://p:3128", None),
            (" http://[::1]:3128/x?y ", "http://[::1]:3128", None),
            ("u:p@h", "http://h:80", Some("Basic dTpw")),
            ("http://u@h", "http://h:80", Some("Basic dTo=")),
            ("http://us%40er:p%3Ass@w@h:1", "http://h:1", Some("Basic dXNAZXI6cDpzc0B3")),
        ] {
            let proxy = parse(address, "HTTP_PROXY").unwrap();
            assert_eq!(proxy.to_string(), shown);
            assert_eq!(proxy.authorization.as_deref(), authorization);
            assert!(!format!("{proxy:?}").contains("Basic"));
        }
        for (address, reason) in [
            ("https://p", "not supported"),
            ("socks5://p", "not supported"),
            ("gopher://p", "the scheme is unknown"),
            ("http://", "host or port"),
            ("http://u:s3cret@", "host or port"),
            ("http://u:s3cret", "host or port"),
            ("p:0", "host or port"),
            ("a b", "host or port"),
        ] {
            let error = parse(address, "HTTP_PROXY").unwrap_err().to_string();
            assert!(
                error.starts_with("Context: HTTP_PROXY: ") && error.contains(reason),
                "{error}"
            );
            assert!(!error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn program_overrides_the_environment() {
        let tcp = Endpoint::parse("tcp://127.0.0.1:1").unwrap();
        let choice = ProxyChoice::Address("http://p:1".into());
        assert_eq!(choice.resolve(&tcp, None).unwrap().unwrap().to_string(), "http://p:1");
        assert_eq!(ProxyChoice::Never.resolve(&tcp, None).unwrap(), None);
        assert_eq!(ProxyChoice::Environment.resolve(&tcp, None).unwrap(), None);
        for host in ["/run/x", "ssh://engine"] {
            let endpoint = Endpoint::parse(host).unwrap();
            let error = choice.resolve(&endpoint, None).unwrap_err().to_string();
            assert!(error.contains("proxies are for tcp:// and https://"), "{error}");
        }
        let environment = Environment::for_test(Path::new("/"), &[("HTTP_PROXY", "p")]);
        let remote = Endpoint::parse("tcp://engine").unwrap();
        assert_eq!(ProxyChoice::Never.resolve(&remote, Some(&environment)).unwrap(), None);
    }
}
