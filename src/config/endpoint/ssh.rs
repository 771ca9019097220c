//! Addresses of the form `ssh://[user@]host[:port][/path]`.

use std::fmt;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::authority::host_and_port;
use crate::{Error, Result};

/// The parts of an `ssh://` address.
#[derive(Debug)]
pub(super) struct SshAddress {
    pub(super) user: Option<String>,
    pub(super) host: String,
    pub(super) port: Option<u16>,
    pub(super) path: Option<String>,
}

/// A borrowed [`SshAddress`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct SshTarget<'a> {
    pub(crate) user: Option<&'a str>,
    pub(crate) host: &'a str,
    pub(crate) port: Option<u16>,
    pub(crate) path: Option<&'a str>,
}

impl SshTarget<'_> {
    /// Returns the reason why the target is invalid.
    ///
    /// `ssh` passes host and user to commands of its configuration, such as `ProxyCommand`, which a shell runs. The
    /// checks prevent the injection of options and shell commands.
    pub(crate) fn invalid_reason(&self) -> Option<&'static str> {
        let is_name_char = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
        if self.host.is_empty() {
            return Some("the host is empty");
        }
        if self.host.starts_with('-') {
            return Some("a host that begins with - would be parsed as an option of ssh");
        }
        if !self.host.chars().all(is_name_char) {
            return Some("the host contains a character that is not valid in a host name");
        }
        if let Some(user) = self.user {
            if user.is_empty() {
                return Some("the user is empty");
            }
            if user.starts_with('-') {
                return Some("a user that begins with - would be parsed as an option of ssh");
            }
            if !user.chars().all(|c| is_name_char(c) && c != ':' || "+@".contains(c)) {
                return Some("the user contains a character that is not valid in a user name");
            }
        }
        if self.port == Some(0) {
            return Some("the port must be a number from 1 to 65535");
        }
        match self.path {
            Some(path) if !path.starts_with('/') => {
                Some("the path of the engine's socket must be absolute")
            }
            Some(path) if path.contains(char::is_control) => {
                Some("the path of the engine's socket contains a control character")
            }
            _ => None,
        }
    }
}

impl fmt::Display for SshTarget<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ssh://")?;
        if let Some(user) = self.user {
            write!(f, "{}@", utf8_percent_encode(user, USER))?;
        }
        if self.host.contains(':') {
            write!(f, "[{}]", self.host)?;
        } else {
            f.write_str(self.host)?;
        }
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        write!(f, "{}", utf8_percent_encode(self.path.unwrap_or_default(), PATH))
    }
}

/// Characters that are percent-encoded in a path.
const PATH: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?').add(b'`');

/// Characters that are percent-encoded in a user name.
const USER: &AsciiSet = &PATH.add(b'/').add(b':').add(b'@');

/// Parses the part after `ssh://` by the rules of the docker CLI.
pub(super) fn parse(rest: &str, invalid: &dyn Fn(&str) -> Error) -> Result<SshAddress> {
    if rest.contains(['?', '#']) {
        return Err(invalid("a query or fragment is not supported with this scheme"));
    }
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let (user, authority) = match authority.rsplit_once('@') {
        Some((user, authority)) => (Some(user), authority),
        None => (None, authority),
    };
    if user.is_some_and(|user| user.contains(':')) {
        return Err(invalid("a password is not supported: ssh logs in by key or agent"));
    }
    let decode = |text: &str| match percent_decode_str(text).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(invalid("the percent-encoded text is not UTF-8")),
    };
    let (host, port) = host_and_port(authority, invalid)?;
    let user = user.map(decode).transpose()?;
    let path = match path.trim_matches('/') {
        "" => None,
        _ => Some(decode(path)?),
    };
    let target = SshTarget { user: user.as_deref(), host, port, path: path.as_deref() };
    if let Some(reason) = target.invalid_reason() {
        return Err(invalid(reason));
    }
    Ok(SshAddress { host: host.to_owned(), user, port, path })
}

/// The address without a password, for error messages.
pub(super) fn without_password(host: &str) -> String {
    let start = host.find("://").map_or(0, |at| at + "://".len());
    let Some(end) = host.rfind('@').filter(|end| *end > start) else { return host.to_owned() };
    match host[start..end].find(':') {
        Some(colon) => format!("{}:…{}", &host[..start + colon], &host[end..]),
        None => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::Endpoint;

    #[test]
    fn parses_addresses() {
        for (text, shown) in [
            ("ssh://engine", "ssh://engine"),
            ("ssh://engine/", "ssh://engine"),
            ("ssh://me@engine:2222", "ssh://me@engine:2222"),
            ("ssh://me@[::1]:22/run/docker.sock", "ssh://me@[::1]:22/run/docker.sock"),
            ("ssh://me%40corp@engine/a%20b%23", "ssh://me%40corp@engine/a%20b%23"),
            ("ssh://me@corp@engine/it's", "ssh://me%40corp@engine/it's"),
        ] {
            let endpoint = Endpoint::parse(text).unwrap();
            assert_eq!(endpoint.to_string(), shown, "{text}");
            assert_eq!(Endpoint::parse(shown).unwrap(), endpoint);
        }
    }

    #[test]
    fn rejects_invalid_addresses() {
        for (text, reason) in [
            ("ssh://", "host is empty"),
            ("ssh:///run/docker.sock", "host is empty"),
            ("ssh://@a", "user is empty"),
            ("ssh://-oProxyCommand", "option of ssh"),
            ("ssh://-lroot@a", "option of ssh"),
            ("ssh://%2Dlroot@a", "option of ssh"),
            ("ssh://me:secret@a", "password"),
            ("ssh://$(touch x)", "not valid in a host name"),
            ("ssh://-oProxyCommand=touch", "not valid in a host name"),
            ("ssh://a;b", "not valid in a host name"),
            ("ssh://`x`@a", "not valid in a user name"),
            ("ssh://a%20b@c", "not valid in a user name"),
            ("ssh://a%0ab@c", "not valid in a user name"),
            ("ssh://a%3Ab@c", "not valid in a user name"),
            ("ssh://a%ff@c", "not UTF-8"),
            ("ssh://a/x%0Ay", "control character"),
            ("ssh://a?x", "query"),
            ("ssh://a#x", "fragment"),
            ("ssh://a:0", "port must be"),
            ("ssh://a:70000", "port must be"),
        ] {
            let error = Endpoint::parse(text).unwrap_err().to_string();
            assert!(error.contains(reason), "{text:?}: {error}");
            assert!(error.contains("expected unix:///path"), "{text:?}: {error}");
        }
    }

    #[test]
    fn errors_omit_passwords() {
        for (text, shown) in [
            ("ssh://me:secret@engine", "ssh://me:…@engine"),
            ("tcp://me:se:cr@et@engine", "tcp://me:…@engine"),
            ("me:secret@engine", "me:…@engine"),
        ] {
            let error = Endpoint::parse(text).unwrap_err().to_string();
            assert!(error.contains(&format!("{shown:?}")) && !error.contains("et@"), "{error}");
        }
    }
}
