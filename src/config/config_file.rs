//! The docker command's `config.json`.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use crate::codec::{JsonType, from_json};

use crate::config::environment::{Environment, OPEN_OPERATION};
use crate::secret::SecretBytes;
use crate::{Error, Result, Value};

/// The name of the file in the directory of the configuration.
pub(crate) const NAME: &str = "config.json";

/// What stands in the docker command's `config.json`, all of it and in its order, so that a program
/// that writes it back loses nothing.
pub(crate) struct ConfigFile {
    path: PathBuf,
    content: Value,
}

impl ConfigFile {
    /// Reads the file where the docker command would. A user who has no home has nothing in it.
    ///
    /// # Errors
    /// As [`load`](ConfigFile::load).
    pub(crate) fn of(environment: &Environment) -> Result<ConfigFile> {
        match environment.config_dir() {
            Some(dir) => ConfigFile::load(&dir),
            None => Ok(ConfigFile { path: NAME.into(), content: Value::object() }),
        }
    }

    /// Reads the file in this directory. One that is not there, or has nothing in it, is an object
    /// without members.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read, [`Error::InvalidArgument`] when it is not a JSON object;
    /// both name the file, the latter also the place in it. Neither shows what is in it.
    pub(crate) fn load(dir: &Path) -> Result<ConfigFile> {
        let path = dir.join(NAME);
        let bytes = match SecretBytes::of_file(&path) {
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
            let wrong = |why: &dyn fmt::Display| {
                Error::invalid(OPEN_OPERATION, format!("{} is broken: {why}", path.display()))
            };
            let content = Value::parse(&bytes).map_err(|error| wrong(&error))?;
            if content.value_type() != crate::ValueType::Object {
                let found = content.value_type().description();
                return Err(wrong(&format!("it must hold an object, not {found}")));
            }
            content
        };
        Ok(ConfigFile { path, content })
    }

    /// Where it is, or would be.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The name that the file has for `key`: the docker command takes any mixture of capitals, and
    /// of several the last.
    pub(crate) fn name_of<'a>(&'a self, key: &'a str) -> &'a str {
        let mut names = self.content.members().rev().map(|(name, _)| name);
        names.find(|name| name.eq_ignore_ascii_case(key)).unwrap_or(key)
    }

    /// What stands at `key` at the top; nothing and `null` are `T`'s own empty value. `expected` is
    /// what must stand there, in words.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`], naming the file and the place in it.
    pub(crate) fn read<T: JsonType>(&self, key: &str, expected: &str) -> Result<T> {
        let name = self.name_of(key);
        let mut members = self.content.members().rev();
        let Some((_, value)) = members.find(|(other, _)| *other == name) else {
            return Ok(T::empty());
        };
        if value.is_null() {
            return Ok(T::empty());
        }
        from_json(value.to_json().as_bytes()).map_err(|error| {
            // The reader's own message shows what it found, which may be a secret.
            let place = match error.path.as_str() {
                "" => name.to_owned(),
                path if path.starts_with('[') => format!("{name}{path}"),
                path => format!("{name}.{path}"),
            };
            Error::invalid(
                OPEN_OPERATION,
                format!("{}: {place} is wrong: {name} must be {expected}", self.path.display()),
            )
        })
    }
}

impl fmt::Debug for ConfigFile {
    /// It may hold passwords.
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
    fn nothing_there_is_an_empty_configuration() {
        let dir = TempDir::new();
        let missing = ConfigFile::load(&dir.join("nowhere")).unwrap();
        assert_eq!(missing.path(), dir.join("nowhere/config.json"));
        assert_eq!(missing.read::<String>("currentContext", "text").unwrap(), "");
        assert_eq!(load(" \n").unwrap().content.to_json(), "{}");
        assert_eq!(load("{}").unwrap().content.to_json(), "{}");
    }

    #[test]
    fn what_is_there_is_read() {
        let it = load(r#"{"currentContext": "colima", "HttpHeaders": {"B": "1", "A": "2"}}"#);
        let it = it.unwrap();
        assert_eq!(it.read::<String>("currentContext", "text").unwrap(), "colima");
        let headers: Map<String> = it.read("HttpHeaders", "an object").unwrap();
        assert_eq!(headers, [("A", "2"), ("B", "1")].into());
        // Nothing is lost to who writes it back.
        assert!(it.content.to_json().starts_with(r#"{"currentContext":"colima","HttpHeaders""#));
    }

    #[test]
    fn names_may_have_other_capitals() {
        let it = load(r#"{"CURRENTCONTEXT": "a", "currentcontext": "b"}"#).unwrap();
        assert_eq!(it.name_of("currentContext"), "currentcontext");
        assert_eq!(it.read::<String>("currentContext", "text").unwrap(), "b");
        assert_eq!(it.name_of("credsStore"), "credsStore");
    }

    #[test]
    fn null_is_nothing() {
        assert!(headers(r#"{"HttpHeaders": null}"#).unwrap().is_empty());
        assert_eq!(headers(r#"{"HttpHeaders": {"A": null}}"#).unwrap()["A"], "");
    }

    #[test]
    fn broken_ones_say_where() {
        let broken = |text: &str| match load(text) {
            Err(error @ Error::InvalidArgument { .. }) => error.to_string(),
            other => panic!("{text}: {other:?}"),
        };
        let error = broken("{\n \"auths\": {\n  \"s3cret\": tru}\n");
        assert!(error.contains("/config.json is broken: "), "{error}");
        assert!(error.contains("line 3 column 16"), "{error}");
        assert!(!error.contains("s3cret"), "{error}");
        let error = broken("[]");
        assert!(error.ends_with("config.json is broken: it must hold an object, not an array"));
        assert!(broken("{} {}").contains("line 1 column 4"));
    }

    #[test]
    fn wrong_types_say_where_and_keep_the_value_to_themselves() {
        for (text, place) in [
            (r#"{"httpheaders": "s3cret"}"#, "httpheaders is wrong"),
            (r#"{"HttpHeaders": {"A": ["s3cret"]}}"#, "HttpHeaders.A is wrong"),
            (r#"{"HttpHeaders": {"A": {"s3cret": 1}}}"#, "HttpHeaders.A is wrong"),
        ] {
            let error = headers(text).unwrap_err().to_string();
            assert!(error.contains(&format!("config.json: {place}: ")), "{error}");
            assert!(error.ends_with("must be an object of strings"), "{error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
        assert!(!format!("{:?}", load(r#"{"auths": "s3cret"}"#).unwrap()).contains("s3cret"));
    }

    #[test]
    fn unreadable_ones_say_why() {
        let dir = TempDir::new();
        std::fs::create_dir(dir.join(NAME)).unwrap();
        let error = ConfigFile::load(dir.path()).unwrap_err();
        assert!(matches!(error, Error::Io { .. }), "{error:?}");
        assert_eq!(error.errno(), Some(libc::EISDIR));
        let text = error.to_string();
        assert!(text.contains(&format!("reading {}/config.json: ", dir.path().display())));
        // A file in the place of the directory.
        let file = dir.write("file", "");
        assert_eq!(ConfigFile::load(&file).unwrap_err().errno(), Some(libc::ENOTDIR));
    }
}
