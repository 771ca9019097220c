//! HTTP proxies: which one leads to an engine, if any. `transport/proxy.rs` goes through it.

use std::fmt;
use std::net::IpAddr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::percent_decode_str;

use crate::config::environment::{Environment, OPEN_OPERATION};
use crate::model::SecretString;
use crate::{Endpoint, Error, Result};

/// An HTTP proxy. `Display` and `Debug` show no password.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Proxy {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// What to show it, as in its header.
    pub(crate) authorization: Option<SecretString>,
}

/// Whether to go through a proxy.
#[derive(Debug, Clone, Default)]
pub(crate) enum ProxyChoice {
    /// As the environment says, where it says which engine to open.
    #[default]
    Environment,
    Never,
    /// Through the one at this address.
    By(SecretString),
}

impl ProxyChoice {
    /// The proxy to go through. An engine that the program named is not the environment's affair.
    pub(crate) fn to(
        &self,
        endpoint: &Endpoint,
        environment: Option<&Environment>,
    ) -> Result<Option<Proxy>> {
        match (self, environment) {
            (ProxyChoice::Never, _) | (ProxyChoice::Environment, None) => Ok(None),
            (ProxyChoice::Environment, Some(environment)) => of_environment(environment, endpoint),
            (ProxyChoice::By(address), _) => {
                if !matches!(endpoint, Endpoint::Tcp { .. } | Endpoint::Https { .. }) {
                    let why = format!("no proxy leads to {endpoint}: they are for TCP alone");
                    return Err(Error::invalid(OPEN_OPERATION, why));
                }
                parse(address, "the proxy").map(Some)
            }
        }
    }
}

/// The proxy that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name for this engine, as programs in Go
/// read them, the docker command among them.
fn of_environment(environment: &Environment, endpoint: &Endpoint) -> Result<Option<Proxy>> {
    let (names, host, port) = match endpoint {
        Endpoint::Tcp { host, port, .. } => (["HTTP_PROXY", "http_proxy"], host, *port),
        Endpoint::Https { host, port, .. } => (["HTTPS_PROXY", "https_proxy"], host, *port),
        _ => return Ok(None),
    };
    let Some((name, address)) = first(environment, names)? else { return Ok(None) };
    if matches!(endpoint, Endpoint::Tcp { .. }) && environment.path("REQUEST_METHOD").is_some() {
        // There a client of the web server could set it, by a header called Proxy.
        let why = format!(
            "{name} does not count in a CGI program (REQUEST_METHOD is set): unset it, or name the \
             proxy in the program"
        );
        return Err(Error::invalid(OPEN_OPERATION, why));
    }
    let exceptions = first(environment, ["NO_PROXY", "no_proxy"])?.unwrap_or_default().1;
    if is_excepted(&exceptions, host, port) {
        return Ok(None);
    }
    parse(&address, name).map(Some)
}

/// The first of these variables that is set, and what it is set to.
fn first(
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

/// Reads `[http://][user[:password]@]host[:port]`; what stands behind it counts for nothing.
fn parse(address: &str, place: &str) -> Result<Proxy> {
    let wrong = |why: &str| {
        Error::invalid(
            OPEN_OPERATION,
            format!("{place}: {why}: a proxy is http://[user:password@]host[:port]"),
        )
    };
    let rest = match address.trim().split_once("://") {
        None => address.trim(),
        Some(("http", rest)) => rest,
        Some(("https" | "socks5" | "socks5h" | "socks4", _)) => {
            return Err(wrong("this kind of proxy is not supported"));
        }
        Some(_) => return Err(wrong("the scheme is unknown")),
    };
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let (user, authority) = match authority.rsplit_once('@') {
        Some((user, authority)) => (Some(user), authority),
        None => (None, authority),
    };
    // Its error would show the address, in which a password may stand in the wrong place.
    let endpoint = Endpoint::parse(&format!("http://{authority}"));
    let Ok(Endpoint::Tcp { host, port, .. }) = endpoint else {
        return Err(wrong("host and port are not well-formed"));
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

/// Whether an engine is reached without a proxy: it is on this machine, or `NO_PROXY` names it.
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
        let (name, only) = name_and_port(&exception);
        if name.is_empty() || only.is_some_and(|only| only != port.to_string()) {
            return false;
        }
        match (name.parse::<IpAddr>(), address) {
            (Ok(excepted), Some(address)) => excepted.to_canonical() == address,
            (Ok(_), None) | (Err(_), Some(_)) => false,
            // `.a.b` and `*.a.b` are all below it, `a.b` is itself too.
            (Err(_), None) => match name.strip_prefix('*').unwrap_or(name) {
                below if below.starts_with('.') => host.ends_with(below),
                name => host == name || host.ends_with(&format!(".{name}")),
            },
        }
    })
}

/// Name or address without brackets, and the port behind it.
fn name_and_port(text: &str) -> (&str, Option<&str>) {
    if let Some((inside, behind)) = text.strip_prefix('[').and_then(|it| it.split_once(']')) {
        return (inside, behind.strip_prefix(':'));
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
    let same = |differing: u128, width: u32| {
        bits <= width && differing.checked_shr(width - bits).unwrap_or(0) == 0
    };
    match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => same(u128::from(a.to_bits() ^ b.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => same(a.to_bits() ^ b.to_bits(), 128),
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

    /// The proxy for an engine in these surroundings, as shown; empty for none.
    fn found(host: &str, variables: &[(&str, &str)]) -> Result<String> {
        let environment = Environment::for_test(Path::new("/"), variables);
        let endpoint = Endpoint::parse(host)?;
        let proxy = ProxyChoice::Environment.to(&endpoint, Some(&environment))?;
        Ok(proxy.map(|proxy| proxy.to_string()).unwrap_or_default())
    }

    #[test]
    fn each_scheme_has_its_own() {
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
            assert_eq!(found(host, &both).unwrap(), proxy, "{host}");
        }
        assert_eq!(found("tcp://e", &[("HTTPS_PROXY", "s")]).unwrap(), "");
        assert_eq!(found("tcp://e", &[("http_proxy", "small")]).unwrap(), "http://small:80");
        let both = [("http_proxy", "small"), ("HTTP_PROXY", "LARGE")];
        assert_eq!(found("tcp://e", &both).unwrap(), "http://LARGE:80");
        let both = [("http_proxy", "small"), ("HTTP_PROXY", "")];
        assert_eq!(found("tcp://e", &both).unwrap(), "http://small:80");
    }

    #[test]
    fn exceptions() {
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
            let found = |host: &str| {
                let variables = [("HTTP_PROXY", "p"), ("NO_PROXY", exceptions)];
                found(&format!("tcp://{host}:2375"), &variables).unwrap()
            };
            for host in excepted {
                assert_eq!(found(host), "", "{host} of {exceptions:?}");
            }
            for host in others {
                assert_eq!(found(host), "http://p:80", "{host} of {exceptions:?}");
            }
        }
        let small = [("HTTP_PROXY", "p"), ("no_proxy", "e")];
        assert_eq!(found("tcp://e", &small).unwrap(), "");
    }

    #[test]
    fn a_cgi_program_trusts_no_variable() {
        let cgi = [("HTTP_PROXY", "p"), ("HTTPS_PROXY", "s"), ("REQUEST_METHOD", "GET")];
        let error = found("tcp://e", &cgi).unwrap_err().to_string();
        assert!(error.contains("HTTP_PROXY does not count in a CGI program"), "{error}");
        assert_eq!(found("https://e", &cgi).unwrap(), "http://s:80");
        assert_eq!(found("/run/x", &cgi).unwrap(), "");
    }

    #[test]
    fn addresses() {
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
        for (address, why) in [
            ("https://p", "not supported"),
            ("socks5://p", "not supported"),
            ("gopher://p", "the scheme is unknown"),
            ("http://", "host and port"),
            ("http://u:s3cret@", "host and port"),
            ("http://u:s3cret", "host and port"),
            ("p:0", "host and port"),
            ("a b", "host and port"),
        ] {
            let error = parse(address, "HTTP_PROXY").unwrap_err().to_string();
            assert!(error.starts_with("Context: HTTP_PROXY: ") && error.contains(why), "{error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn a_proxy_that_the_program_names() {
        let tcp = Endpoint::parse("tcp://127.0.0.1:1").unwrap();
        let named = ProxyChoice::By("http://p:1".into());
        assert_eq!(named.to(&tcp, None).unwrap().unwrap().to_string(), "http://p:1");
        assert_eq!(ProxyChoice::Never.to(&tcp, None).unwrap(), None);
        assert_eq!(ProxyChoice::Environment.to(&tcp, None).unwrap(), None);
        for host in ["/run/x", "ssh://engine"] {
            let error = named.to(&Endpoint::parse(host).unwrap(), None).unwrap_err().to_string();
            assert!(error.contains("they are for TCP alone"), "{error}");
        }
        let environment = Environment::for_test(Path::new("/"), &[("HTTP_PROXY", "p")]);
        let remote = Endpoint::parse("tcp://engine").unwrap();
        assert_eq!(ProxyChoice::Never.to(&remote, Some(&environment)).unwrap(), None);
    }
}
