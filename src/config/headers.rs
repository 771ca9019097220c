//! Headers that go along with every request: those of the docker command's configuration, and those
//! that the program gives.

use crate::model::Map;
use std::fmt;

use bytes::Bytes;
use ureq::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::config::config_file::ConfigFile;
use crate::config::environment::{Environment, OPEN_OPERATION};
use crate::model::SecretString;
use crate::secret::SecretBytes;
use crate::{Error, Result};

/// Headers by which the two ends of a connection agree on how to use it. They are the library's.
const OURS: [HeaderName; 10] = [
    header::ACCEPT_ENCODING,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::EXPECT,
    header::HOST,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::USER_AGENT,
];

/// What stands in names of headers that carry credentials, between hyphens.
const SECRET_PARTS: [&str; 13] = [
    "apikey",
    "assertion",
    "auth",
    "authorization",
    "cookie",
    "credential",
    "credentials",
    "jwt",
    "key",
    "password",
    "secret",
    "session",
    "token",
];

/// Headers for every request. Their values are wiped from memory when the last copy is dropped, and
/// shown by no `Debug`.
#[derive(Clone, Default)]
pub(crate) struct Headers {
    map: HeaderMap,
    /// Whether one of them carries credentials.
    secret: bool,
}

impl Headers {
    /// Those that the docker command sends: `HttpHeaders` of its configuration, or instead of them
    /// `DOCKER_CUSTOM_HEADERS`. What is not the user's to say is passed over, as it does.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for what cannot stand in a header, telling where it stands.
    pub(crate) fn of_docker(environment: &Environment, config: &ConfigFile) -> Result<Headers> {
        const VARIABLE: &str = "DOCKER_CUSTOM_HEADERS";
        let mut headers = Headers::default();
        let mut add =
            |place: &dyn fmt::Display, name: &str, value: SecretString| match header(name, value) {
                Ok((name, _)) if OURS.contains(&name) => Ok(()),
                Ok((name, value)) => {
                    headers.insert(name, value);
                    Ok(())
                }
                Err(why) => Err(Error::invalid(OPEN_OPERATION, format!("{place}: {why}"))),
            };
        match environment.variable(VARIABLE)? {
            Some(text) => {
                let text = SecretString::from(text);
                for field in fields(&text)
                    .map_err(|why| Error::invalid(OPEN_OPERATION, format!("{VARIABLE}: {why}")))?
                {
                    let Some((name, value)) = field.split_once('=') else {
                        return Err(Error::invalid(
                            OPEN_OPERATION,
                            format!("{VARIABLE} must be name=value, name=value, …"),
                        ));
                    };
                    add(&VARIABLE, name.trim(), value.into())?;
                }
            }
            None => {
                let named: Map<SecretString> =
                    config.read("HttpHeaders", "an object of strings")?;
                let place = format!("{}: HttpHeaders", config.path().display());
                for (name, value) in named {
                    add(&place, &name, value)?;
                }
            }
        }
        Ok(headers)
    }

    /// Adds one of the program's own, in the place of one of the same name. It may name itself as
    /// `User-Agent`.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`].
    pub(crate) fn set(&mut self, name: &str, value: SecretString) -> Result<()> {
        let (name, value) =
            header(name, value).map_err(|why| Error::invalid(OPEN_OPERATION, why))?;
        if OURS.contains(&name) && name != header::USER_AGENT {
            let why = format!("the header {name} is not the program's to set");
            return Err(Error::invalid(OPEN_OPERATION, why));
        }
        self.insert(name, value);
        Ok(())
    }

    fn insert(&mut self, name: HeaderName, value: HeaderValue) {
        self.secret |= is_secret(name.as_str().as_bytes());
        self.map.insert(name, value);
    }

    /// Whether one of them carries credentials.
    pub(crate) fn hold_secrets(&self) -> bool {
        self.secret
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.map.iter()
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.map.keys()).finish()
    }
}

/// Name and value, if they can stand in a header. What is said otherwise does not show the value.
fn header(name: &str, value: SecretString) -> Result<(HeaderName, HeaderValue), String> {
    let name = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| format!("{name:?} cannot be the name of a header"))?;
    let bytes = SecretBytes::from(value.trim().as_bytes().to_vec());
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(bytes)).map_err(|_| {
        format!("the value of the header {name} holds a line break or another control character")
    })?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// The fields of one line of CSV: parted by commas; in double quotes, which are doubled to mean
/// themselves, a field may hold commas.
fn fields(line: &str) -> Result<Vec<SecretString>, &'static str> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let (field, behind) = match rest.strip_prefix('"') {
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                let (field, behind) = rest.split_at(end);
                if field.contains('"') {
                    return Err("a field that holds a double quote must stand in double quotes");
                }
                (SecretString::from(field), behind)
            }
            Some(quoted) => {
                let mut end = 0;
                loop {
                    match quoted[end..].find('"') {
                        None => return Err("a double quote is not closed"),
                        Some(at) if quoted[end + at + 1..].starts_with('"') => end += at + 2,
                        Some(at) => break end += at,
                    }
                }
                let field = SecretString::from(&quoted[..end]);
                (SecretString::from(field.replace("\"\"", "\"")), &quoted[end + 1..])
            }
        };
        fields.push(field);
        match behind.strip_prefix(',') {
            Some(next) => rest = next,
            None if behind.is_empty() => return Ok(fields),
            None => return Err("a comma is expected behind a closing double quote"),
        }
    }
}

/// Whether a header of this name carries credentials.
pub(crate) fn is_secret(name: &[u8]) -> bool {
    let secret =
        |part: &[u8]| SECRET_PARTS.iter().any(|it| part.eq_ignore_ascii_case(it.as_bytes()));
    name.split(|byte| matches!(byte, b'-' | b'_')).any(secret)
        || name.eq_ignore_ascii_case(b"x-registry-config")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temp::TempDir;

    /// As they are sent, in the order of their names.
    fn shown(headers: &Headers) -> Vec<String> {
        let mut shown: Vec<_> = headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        shown.sort();
        shown
    }

    fn of_docker(config: &str, variables: &[(&str, &str)]) -> Result<Headers> {
        let dir = TempDir::new();
        dir.write("config.json", config);
        let config = ConfigFile::load(dir.path())?;
        Headers::of_docker(&Environment::for_test(dir.path(), variables), &config)
    }

    #[test]
    fn of_the_configuration() {
        let headers = of_docker(r#"{"HttpHeaders": {"X-Meta": " a=b, c ", "x-ümläut": "1"}}"#, &[]);
        let error = headers.unwrap_err().to_string();
        assert!(error.contains("config.json: HttpHeaders: \"x-ümläut\" cannot be the name"));
        let headers =
            of_docker(r#"{"HttpHeaders": {"X-Meta": " a=b, c ", "X-Ü": "ü", "": ""}}"#, &[]);
        assert!(headers.is_err());
        let headers = of_docker(
            r#"{"HttpHeaders": {"X-Meta": " a=b, c ", "X-Text": "ü", "X-Empty": "",
                "User-Agent": "x", "host": "x", "Content-Length": "7", "CONNECTION": "close"}}"#,
            &[],
        );
        assert_eq!(shown(&headers.unwrap()), ["x-empty: ", "x-meta: a=b, c", "x-text: ü"]);
    }

    #[test]
    fn of_the_environment() {
        let config = r#"{"HttpHeaders": {"X-File": "1"}}"#;
        let headers = |text| of_docker(config, &[("DOCKER_CUSTOM_HEADERS", text)]);
        assert_eq!(shown(&headers("").unwrap()), ["x-file: 1"]);
        assert_eq!(shown(&headers("A=1, B = 2=3 ,C=").unwrap()), ["a: 1", "b: 2=3", "c: "]);
        assert_eq!(
            shown(&headers(r#""A=1,2","B=say ""hi"",",C=3"#).unwrap()),
            ["a: 1,2", "b: say \"hi\",", "c: 3"]
        );
        for (text, why) in [
            ("A", "must be name=value"),
            ("A=1,", "must be name=value"),
            ("=1", "\"\" cannot be the name"),
            ("a b=1", "\"a b\" cannot be the name"),
            ("A=\"1\"", "must stand in double quotes"),
            ("\"A=1", "not closed"),
            ("\"A=1\"x", "a comma is expected"),
            ("A=s3cret\r\nB: 1", "value of the header a holds a line break"),
        ] {
            let error = headers(text).unwrap_err().to_string();
            assert!(error.starts_with("Context: DOCKER_CUSTOM_HEADERS"), "{error}");
            assert!(error.contains(why) && !error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn of_the_program() {
        let mut headers = Headers::default();
        headers.set("X-One", "1".into()).unwrap();
        headers.set("x-one", "2".into()).unwrap();
        headers.set("User-Agent", "app/1".into()).unwrap();
        assert_eq!(shown(&headers), ["user-agent: app/1", "x-one: 2"]);
        assert_eq!(format!("{headers:?}"), r#"["x-one", "user-agent"]"#);
        for (name, value, why) in [
            ("Host", "x", "the header host is not the program's to set"),
            ("transfer-encoding", "chunked", "is not the program's"),
            ("", "x", "\"\" cannot be the name of a header"),
            ("a:b", "x", "cannot be the name"),
            ("x", "s3cret\n", ""),
            ("x", "s3\ncret", "the value of the header x holds a line break"),
            ("x", "s3cret\0", "control character"),
        ] {
            match headers.set(name, value.into()) {
                Ok(()) => assert_eq!(why, "", "blanks at the ends are cut off"),
                Err(error) => {
                    let error = error.to_string();
                    assert!(error.contains(why) && !error.contains("cret"), "{error}");
                }
            }
        }
    }

    #[test]
    fn names_that_tell_of_credentials() {
        for name in [
            "Authorization",
            "proxy-authorization",
            "X-Auth-Token",
            "X_API_KEY",
            "Cookie",
            "Set-Cookie",
            "X-Registry-Auth",
            "X-Registry-Config",
            "Private-Token",
        ] {
            assert!(is_secret(name.as_bytes()), "{name}");
        }
        for name in ["Content-Type", "X-Author", "X-Tokens-Left", "Docker-Experimental", "ETag"] {
            assert!(!is_secret(name.as_bytes()), "{name}");
        }
    }
}
