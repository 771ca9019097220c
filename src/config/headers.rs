//! Headers of every request, from the docker CLI's configuration and from the program.

use crate::model::Map;
use std::fmt;

use bytes::Bytes;
use ureq::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::config::config_file::ConfigFile;
use crate::config::environment::{Environment, OPEN_OPERATION};
use crate::model::SecretString;
use crate::secret::SecretBytes;
use crate::{Error, Result};

/// Headers that control the connection and the message framing, and that dockline sets itself.
const RESERVED: [HeaderName; 10] = [
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

/// Words, separated by hyphens, in the names of headers that carry credentials.
const SECRET_WORDS: [&str; 13] = [
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

/// Headers of every request. Their values are wiped from memory with the last copy, and redacted by `Debug`.
#[derive(Clone, Default)]
pub(crate) struct Headers {
    map: HeaderMap,
    /// Whether a header carries credentials.
    secret: bool,
    /// The names that the program has set, as it has spelled them.
    set: Vec<String>,
}

impl Headers {
    /// The headers of the docker CLI: `DOCKER_CUSTOM_HEADERS` or, if that is not set, `HttpHeaders` in
    /// `config.json`. Reserved headers are ignored, as the CLI does.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if a name or value is not valid in a header, or names differ only in case; the error
    /// names its source.
    pub(crate) fn from_docker_config(
        environment: &Environment,
        config: &ConfigFile,
    ) -> Result<Headers> {
        const VARIABLE: &str = "DOCKER_CUSTOM_HEADERS";
        let mut headers = Headers::default();
        let mut names = Vec::new();
        let mut add = |place: &dyn fmt::Display, name: &str, value: SecretString| match note_name(
            &mut names, name,
        )
        .and_then(|()| header(name, value))
        {
            Ok((name, _)) if RESERVED.contains(&name) => Ok(()),
            Ok((name, value)) => {
                headers.insert(name, value);
                Ok(())
            }
            Err(reason) => Err(Error::invalid(OPEN_OPERATION, format!("{place}: {reason}"))),
        };
        match environment.variable(VARIABLE)? {
            Some(text) => {
                let text = SecretString::from(text);
                for field in split_csv(&text).map_err(|reason| {
                    Error::invalid(OPEN_OPERATION, format!("{VARIABLE}: {reason}"))
                })? {
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
                let configured: Map<SecretString> =
                    config.read("HttpHeaders", "an object of strings")?;
                let place = format!("{}: HttpHeaders", config.path().display());
                for (name, value) in configured {
                    add(&place, &name, value)?;
                }
            }
        }
        Ok(headers)
    }

    /// Adds a header of the program, which replaces one of the configuration, or one that the program has set with the
    /// same spelling. `User-Agent` may be set.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if the name or value is invalid, the header is reserved, or the program has set it in
    /// another case.
    pub(crate) fn set(&mut self, name: &str, value: SecretString) -> Result<()> {
        let (name, value) = note_name(&mut self.set, name)
            .and_then(|()| header(name, value))
            .map_err(|reason| Error::invalid(OPEN_OPERATION, reason))?;
        if RESERVED.contains(&name) && name != header::USER_AGENT {
            let reason = format!("the header {name} cannot be set: it is controlled by dockline");
            return Err(Error::invalid(OPEN_OPERATION, reason));
        }
        self.insert(name, value);
        Ok(())
    }

    fn insert(&mut self, name: HeaderName, value: HeaderValue) {
        self.secret |= is_secret(name.as_str().as_bytes());
        self.map.insert(name, value);
    }

    /// Whether a header carries credentials.
    pub(crate) fn contain_secrets(&self) -> bool {
        self.secret
    }

    /// The `Accept` header, if it requests JSON.
    pub(crate) fn json_accept(&self) -> Option<&str> {
        let accept = self.map.get(header::ACCEPT)?.to_str().ok()?;
        accept.contains("json").then_some(accept)
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

/// Adds a name to those of the same source. Fails if it differs from one of them only in case: both are the same
/// header, so one value would be lost.
fn note_name(names: &mut Vec<String>, name: &str) -> Result<(), String> {
    match names.iter().find(|it| it.eq_ignore_ascii_case(name)) {
        Some(known) if known == name => Ok(()),
        Some(known) => Err(format!(
            "the headers {known:?} and {name:?} differ only in case: set only one of them"
        )),
        None => {
            names.push(name.to_owned());
            Ok(())
        }
    }
}

/// Checks a name and value. The error does not contain the value.
fn header(name: &str, value: SecretString) -> Result<(HeaderName, HeaderValue), String> {
    let name = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| format!("{name:?} is not a valid header name"))?;
    let bytes = SecretBytes::from(value.trim().as_bytes().to_vec());
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(bytes)).map_err(|_| {
        format!("the value of the header {name} contains a line break or another control character")
    })?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// Splits a line of CSV (RFC 4180): a field in double quotes may contain commas and doubled quotes.
fn split_csv(line: &str) -> Result<Vec<SecretString>, &'static str> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                let (field, after) = rest.split_at(end);
                if field.contains('"') {
                    return Err("a field with a double quote must be enclosed in double quotes");
                }
                (SecretString::from(field), after)
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
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None if after.is_empty() => return Ok(fields),
            None => return Err("expected a comma after a closing double quote"),
        }
    }
}

/// Whether a header of this name carries credentials.
pub(crate) fn is_secret(name: &[u8]) -> bool {
    let secret =
        |word: &[u8]| SECRET_WORDS.iter().any(|it| word.eq_ignore_ascii_case(it.as_bytes()));
    name.split(|byte| matches!(byte, b'-' | b'_')).any(secret)
        || name.eq_ignore_ascii_case(b"x-registry-config")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temp::TempDir;

    /// Header lines, sorted by name.
    fn header_lines(headers: &Headers) -> Vec<String> {
        let mut lines: Vec<_> = headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        lines.sort();
        lines
    }

    fn from_docker_config(config: &str, variables: &[(&str, &str)]) -> Result<Headers> {
        let dir = TempDir::new();
        dir.write("config.json", config);
        let config = ConfigFile::load(dir.path())?;
        Headers::from_docker_config(&Environment::for_test(dir.path(), variables), &config)
    }

    #[test]
    fn headers_of_the_config_file() {
        let headers =
            from_docker_config(r#"{"HttpHeaders": {"X-Meta": " a=b, c ", "x-ümläut": "1"}}"#, &[]);
        let error = headers.unwrap_err().to_string();
        assert!(
            error.contains("config.json: HttpHeaders: \"x-ümläut\" is not a valid header name")
        );
        let headers = from_docker_config(
            r#"{"HttpHeaders": {"X-Meta": " a=b, c ", "X-Ü": "ü", "": ""}}"#,
            &[],
        );
        assert!(headers.is_err());
        let headers = from_docker_config(
            r#"{"HttpHeaders": {"X-Meta": " a=b, c ", "X-Text": "ü", "X-Empty": "",
                "User-Agent": "x", "host": "x", "Content-Length": "7", "CONNECTION": "close"}}"#,
            &[],
        );
        assert_eq!(header_lines(&headers.unwrap()), ["x-empty: ", "x-meta: a=b, c", "x-text: ü"]);
    }

    #[test]
    fn headers_of_the_environment() {
        let config = r#"{"HttpHeaders": {"X-File": "1"}}"#;
        let headers = |text| from_docker_config(config, &[("DOCKER_CUSTOM_HEADERS", text)]);
        assert_eq!(header_lines(&headers("").unwrap()), ["x-file: 1"]);
        assert_eq!(header_lines(&headers("A=1, B = 2=3 ,C=").unwrap()), ["a: 1", "b: 2=3", "c: "]);
        assert_eq!(
            header_lines(&headers(r#""A=1,2","B=say ""hi"",",C=3"#).unwrap()),
            ["a: 1,2", "b: say \"hi\",", "c: 3"]
        );
        for (text, reason) in [
            ("A", "must be name=value"),
            ("A=1,", "must be name=value"),
            ("=1", "\"\" is not a valid header name"),
            ("a b=1", "\"a b\" is not a valid header name"),
            ("A=\"1\"", "must be enclosed in double quotes"),
            ("\"A=1", "not closed"),
            ("\"A=1\"x", "expected a comma"),
            ("A=s3cret\r\nB: 1", "value of the header a contains a line break"),
        ] {
            let error = headers(text).unwrap_err().to_string();
            assert!(error.starts_with("Context: DOCKER_CUSTOM_HEADERS"), "{error}");
            assert!(error.contains(reason) && !error.contains("s3cret"), "{error}");
        }
    }

    /// Names that differ only in case are one header: one of the values would be lost.
    #[test]
    fn names_that_differ_only_in_case() {
        let both = "the headers \"Custom-Header\" and \"custom-header\" differ only in case";
        let json = r#"{"HttpHeaders": {"Custom-Header": "1", "custom-header": "2"}}"#;
        let error = from_docker_config(json, &[]).unwrap_err().to_string();
        assert!(error.contains(&format!("config.json: HttpHeaders: {both}")), "{error}");
        let variable = [("DOCKER_CUSTOM_HEADERS", "Custom-Header=1,custom-header=2")];
        let error = from_docker_config("{}", &variable).unwrap_err().to_string();
        assert!(error.contains(&format!("DOCKER_CUSTOM_HEADERS: {both}")), "{error}");
        // The program replaces a header of the configuration, whatever its case.
        let json = r#"{"HttpHeaders": {"Custom-Header": "1"}}"#;
        let mut headers = from_docker_config(json, &[]).unwrap();
        headers.set("custom-header", "2".into()).unwrap();
        assert_eq!(header_lines(&headers), ["custom-header: 2"]);
    }

    #[test]
    fn headers_of_the_program() {
        let mut headers = Headers::default();
        headers.set("X-One", "1".into()).unwrap();
        headers.set("X-One", "2".into()).unwrap();
        let error = headers.set("x-one", "s3cret".into()).unwrap_err().to_string();
        assert_eq!(
            error,
            "Context: the headers \"X-One\" and \"x-one\" differ only in case: set only one of them"
        );
        headers.set("User-Agent", "app/1".into()).unwrap();
        assert_eq!(header_lines(&headers), ["user-agent: app/1", "x-one: 2"]);
        assert_eq!(format!("{headers:?}"), r#"["x-one", "user-agent"]"#);
        for (name, value, reason) in [
            ("Host", "x", "the header host cannot be set"),
            ("transfer-encoding", "chunked", "the header transfer-encoding cannot be set"),
            ("", "x", "\"\" is not a valid header name"),
            ("a:b", "x", "is not a valid header name"),
            ("x", "s3cret\n", ""),
            ("x", "s3\ncret", "the value of the header x contains a line break"),
            ("x", "s3cret\0", "control character"),
        ] {
            match headers.set(name, value.into()) {
                Ok(()) => assert_eq!(reason, "", "leading and trailing whitespace is removed"),
                Err(error) => {
                    let error = error.to_string();
                    assert!(error.contains(reason) && !error.contains("cret"), "{error}");
                }
            }
        }
    }

    #[test]
    fn names_that_indicate_credentials() {
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
