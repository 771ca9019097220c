//! The authority of a URL: `host[:port]`.

use std::fmt;

use crate::{Error, Result};

/// Host and port. `Display` writes them as in a URL.
pub(crate) struct Authority<'a>(pub(crate) &'a str, pub(crate) u16);

impl fmt::Display for Authority<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Authority(host, port) = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

/// Splits `host[:port]`. An IPv6 address must be in brackets, which are removed.
pub(super) fn host_and_port<'a>(
    authority: &'a str,
    invalid: &dyn Fn(&str) -> Error,
) -> Result<(&'a str, Option<u16>)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(bracketed) => {
            let (host, port) =
                bracketed.split_once(']').ok_or_else(|| invalid("a bracket is not closed"))?;
            if host.parse::<std::net::Ipv6Addr>().is_err() {
                return Err(invalid("the host in brackets is not a valid IPv6 address"));
            }
            match port.strip_prefix(':') {
                Some(port) => (host, Some(port)),
                None if port.is_empty() => (host, None),
                None => {
                    return Err(invalid("a colon and a port must follow the closing bracket"));
                }
            }
        }
        None => match authority.split_once(':') {
            Some((_, port)) if port.contains(':') => {
                return Err(invalid("an IPv6 address must be enclosed in brackets"));
            }
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    if host.is_empty() {
        return Err(invalid("the host is empty"));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    if !host.chars().all(allowed) {
        return Err(invalid("the host contains a character that is not valid in a host name"));
    }
    let port = match port {
        None => None,
        // Digits only; `u16::from_str` also accepts a sign.
        Some(port) => match port.parse() {
            Ok(number) if number != 0 && port.bytes().all(|b| b.is_ascii_digit()) => Some(number),
            _ => return Err(invalid("the port must be a number from 1 to 65535")),
        },
    };
    Ok((host, port))
}
