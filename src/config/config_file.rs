//! The docker CLI's `config.json`.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use crate::codec::{JsonType, from_json};

use crate::config::environment::{Environment, OPEN_OPERATION};
use crate::secret::SecretBytes;
use crate::{Error, Result, Value};

/// The name of the file in the configuration directory.
pub(crate) const NAME: &str = "config.json";

/// The content of `config.json`, with all members in their order.
pub(crate) struct ConfigFile {
    path: PathBuf,
    content: Value,
}

impl ConfigFile {
    /// Reads the user's file. Without a home directory, it is an empty object.
    ///
    /// # Errors
    /// As [`load`](ConfigFile::load).
    pub(crate) fn from_environment(environment: &Environment) -> Result<ConfigFile> {
        match environment.config_dir() {
            Some(dir) => ConfigFile::load(&dir),
            None => Ok(ConfigFile { path: NAME.into(), content: Value::object() }),
        }
    }

    /// Reads the file in this directory. A missing or blank file is an empty object.
    ///
    /// # Errors
    /// - [`Error::Io`] if the file cannot be read
    /// - [`Error::InvalidArgument`] if it is not a JSON object
    ///
    /// The error names the file, but does not quote its content, which may hold secrets.
    pub(crate) fn load(dir: &Path) -> Result<ConfigFile> {
        let path = dir.join(NAME);
        let bytes = match SecretBytes::read_file(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => SecretBytes::default(),
            Err(source) => {
                let message = format!("reading {}", path.display());
                return Err(Error::Io { operation: OPEN_OPERATION, message, source });
            }
        };
        let content = if bytes.trim_ascii().is_empty() {
            Value::object()
        } else {
            let invalid = |reason: &dyn fmt::Display| {
                Error::invalid(OPEN_OPERATION, format!("{} is broken: {reason}", path.display()))
            };
            let content = Value::parse(&bytes).map_err(|error| invalid(&error))?;
            if content.value_type() != crate::ValueType::Object {
                let found = content.value_type().description();
                return Err(invalid(&format!("it must contain an object, not {found}")));
            }
            content
        };
        Ok(ConfigFile { path, content })
    }

    /// The path of the file, which may not exist.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The file's spelling of `key`. The docker CLI ignores case, and uses the last of several members.
    pub(crate) fn actual_key<'a>(&'a self, key: &'a str) -> &'a str {
        let mut names = self.content.members().rev().map(|(name, _)| name);
        names.find(|name| name.eq_ignore_ascii_case(key)).unwrap_or(key)
    }

    /// Reads the top-level member `key`. If it is missing or `null`, the result is the empty value of `T`.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if the member has another type. The error names the file, the member and
    /// `expected`, a description of the type.
    pub(crate) fn read<T: JsonType>(&self, key: &str, expected: &str) -> Result<T> {
        let name = self.actual_key(key);
        let mut members = self.content.members().rev();
        let Some((_, value)) = members.find(|(other, _)| *other == name) else {
            return Ok(T::empty());
        };
        if value.is_null() {
            return Ok(T::empty());
        }
        from_json(value.to_json().as_bytes()).map_err(|error| {
            // The decoder's message quotes the value, which may be a secret.
            let place = match error.path.as_str() {
                "" => name.to_owned(),
                path if path.starts_with('[') => format!("{name}{path}"),
                path => format!("{name}.{path}"),
            };
            Error::invalid(
                OPEN_OPERATION,
                format!("{}: {place} is invalid: {name} must be {expected}", self.path.display()),
            )
        })
    }
}

impl fmt::Debug for ConfigFile {
    /// Omits the content, which may hold passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfigFile").field("path", &self.path).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Map;
    use crate::temp::TempDir;

    fn load(text: &str) -> Result<ConfigFile> {
        let dir = TempDir::new();
        dir.write(NAME, text);
        ConfigFile::load(dir.path())
    }

    fn headers(text: &str) -> Result<Map<String>> {
        load(text)?.read("HttpHeaders", "an object of strings")
    }

    #[test]
    fn missing_and_blank_files_are_empty() {
        let dir = TempDir::new();
        let missing = ConfigFile::load(&dir.join("nowhere")).unwrap();
        assert_eq!(missing.path(), dir.join("nowhere/config.json"));
        assert_eq!(missing.read::<String>("currentContext", "text").unwrap(), "");
        assert_eq!(load(" \n").unwrap().content.to_json(), "{}");
        assert_eq!(load("{}").unwrap().content.to_json(), "{}");
    }

    #[test]
    fn reads_members() {
        let config = load(r#"{"currentContext": "colima", "HttpHeaders": {"B": "1", "A": "2"}}"#);
        let config = config.unwrap();
        assert_eq!(config.read::<String>("currentContext", "text").unwrap(), "colima");
        let headers: Map<String> = config.read("HttpHeaders", "an object").unwrap();
        assert_eq!(headers, [("A", "2"), ("B", "1")].into());
        let json = config.content.to_json();
        assert!(json.starts_with(r#"{"currentContext":"colima","HttpHeaders""#), "{json}");
    }

    #[test]
    fn keys_ignore_case() {
        let config = load(r#"{"CURRENTCONTEXT": "a", "currentcontext": "b"}"#).unwrap();
        assert_eq!(config.actual_key("currentContext"), "currentcontext");
        assert_eq!(config.read::<String>("currentContext", "text").unwrap(), "b");
        assert_eq!(config.actual_key("credsStore"), "credsStore");
    }

    #[test]
    fn null_is_empty() {
        assert!(headers(r#"{"HttpHeaders": null}"#).unwrap().is_empty());
        assert_eq!(headers(r#"{"HttpHeaders": {"A": null}}"#).unwrap()["A"], "");
    }

    #[test]
    fn rejects_invalid_json() {
        let load_error = |text: &str| match load(text) {
            Err(error @ Error::InvalidArgument { .. }) => error.to_string(),
            other => panic!("{text}: {other:?}"),
        };
        let error = load_error("{\n \"auths\": {\n  \"s3cret\": tru}\n");
        assert!(error.contains("/config.json is broken: "), "{error}");
        assert!(error.contains("line 3 column 16"), "{error}");
        assert!(!error.contains("s3cret"), "{error}");
        let error = load_error("[]");
        assert!(error.ends_with("config.json is broken: it must contain an object, not an array"));
        assert!(load_error("{} {}").contains("line 1 column 4"));
    }

    #[test]
    fn type_errors_omit_the_value() {
        for (text, place) in [
            (r#"{"httpheaders": "s3cret"}"#, "httpheaders is invalid"),
            (r#"{"HttpHeaders": {"A": ["s3cret"]}}"#, "HttpHeaders.A is invalid"),
            (r#"{"HttpHeaders": {"A": {"s3cret": 1}}}"#, "HttpHeaders.A is invalid"),
        ] {
            let error = headers(text).unwrap_err().to_string();
            assert!(error.contains(&format!("config.json: {place}: ")), "{error}");
            assert!(error.ends_with("must be an object of strings"), "{error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
        assert!(!format!("{:?}", load(r#"{"auths": "s3cret"}"#).unwrap()).contains("s3cret"));
    }

    #[test]
    fn unreadable_file_is_an_io_error() {
        let dir = TempDir::new();
        std::fs::create_dir(dir.join(NAME)).unwrap();
        let error = ConfigFile::load(dir.path()).unwrap_err();
        assert!(matches!(error, Error::Io { .. }), "{error:?}");
        assert_eq!(error.errno(), Some(libc::EISDIR));
        let text = error.to_string();
        assert!(text.contains(&format!("reading {}/config.json: ", dir.path().display())));
        // A file instead of the directory.
        let file = dir.write("file", "");
        assert_eq!(ConfigFile::load(&file).unwrap_err().errno(), Some(libc::ENOTDIR));
    }
}
