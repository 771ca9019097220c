//! Settings of the docker CLI's `config.json` for requests: `proxies` and `detachKeys`.

use crate::Result;
use crate::codec::record;
use crate::config::config_file::ConfigFile;
use crate::model::{Map, SecretString};

record! {
    /// An entry of `proxies`. The addresses may contain passwords.
    #[derive(Clone, Default)]
    struct ProxySettings {
        http: SecretString = "httpProxy",
        https: SecretString = "httpsProxy",
        none: SecretString = "noProxy",
        ftp: SecretString = "ftpProxy",
        all: SecretString = "allProxy",
    }
}

/// Settings that apply to requests without their own.
#[derive(Debug, Clone, Default)]
pub(crate) struct CliDefaults {
    /// Proxy variables for containers and build steps, with their values.
    pub(crate) variables: Vec<(String, SecretString)>,
    /// Key sequence that detaches from a container; empty for the engine's.
    pub(crate) detach_keys: String,
}

impl CliDefaults {
    /// Reads the settings for the engine at `host`, an address as the user has configured it.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`](crate::Error::InvalidArgument) if one has the wrong type.
    pub(crate) fn read(config: &ConfigFile, host: &str) -> Result<CliDefaults> {
        let mut proxies: Map<ProxySettings> =
            config.read("proxies", "an object with the proxies of each engine")?;
        // An entry for the engine replaces the default as a whole.
        let settings = proxies.remove(host).or_else(|| proxies.remove("default"));
        let ProxySettings { http, https, none, ftp, all } = settings.unwrap_or_default();
        let mut variables = Vec::new();
        for (name, value) in [
            ("HTTP_PROXY", http),
            ("HTTPS_PROXY", https),
            ("NO_PROXY", none),
            ("FTP_PROXY", ftp),
            ("ALL_PROXY", all),
        ] {
            if !value.is_empty() {
                // Programs differ in the case that they read.
                variables.push((name.to_owned(), value.clone()));
                variables.push((name.to_lowercase(), value));
            }
        }
        Ok(CliDefaults { variables, detach_keys: config.read("detachKeys", "a string")? })
    }

    /// The variables that are missing in an environment, as `NAME=value`.
    pub(crate) fn missing_variables(&self, environment: &[impl AsRef<str>]) -> Vec<String> {
        let is_set =
            |name: &str| environment.iter().any(|it| it.as_ref().split('=').next() == Some(name));
        let missing = self.variables.iter().filter(|(name, _)| !is_set(name));
        missing.map(|(name, value)| format!("{name}={}", &**value)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temp::TempDir;

    fn read(json: &str, host: &str) -> Result<CliDefaults> {
        let dir = TempDir::new();
        dir.write("config.json", json);
        CliDefaults::read(&ConfigFile::load(dir.path())?, host)
    }

    #[test]
    fn reads_proxies_and_detach_keys() {
        let config = r#"{"detachKeys": "ctrl-e,e", "proxies": {
            "default": {"httpProxy": "http://p:1", "noProxy": "a,b", "other": 1},
            "tcp://build:2375": {"allProxy": "socks5://q"}, "tcp://none:2375": {}}}"#;
        let variables = |host: &str| read(config, host).unwrap().missing_variables(&[""; 0]);
        assert_eq!(
            variables("unix:///var/run/docker.sock"),
            ["HTTP_PROXY=http://p:1", "http_proxy=http://p:1", "NO_PROXY=a,b", "no_proxy=a,b"]
        );
        assert_eq!(variables("tcp://build:2375"), ["ALL_PROXY=socks5://q", "all_proxy=socks5://q"]);
        assert!(variables("tcp://none:2375").is_empty());
        let defaults = read(config, "").unwrap();
        assert_eq!(defaults.detach_keys, "ctrl-e,e");
        assert_eq!(
            defaults.missing_variables(&["HTTP_PROXY=", "no_proxy", "A=HTTP_PROXY"]),
            ["http_proxy=http://p:1", "NO_PROXY=a,b"]
        );
        assert!(!format!("{defaults:?}").contains("p:1"), "{defaults:?}");
        let empty = read("{}", "").unwrap();
        assert!(empty.variables.is_empty() && empty.detach_keys.is_empty());
    }

    #[test]
    fn rejects_wrong_types() {
        for (json, place) in [
            (r#"{"proxies": ["http://u:s3cret@p"]}"#, "proxies is invalid: proxies must be "),
            (r#"{"proxies": {"default": {"httpProxy": ["s3cret"]}}}"#, "proxies.default.httpProxy"),
            (r#"{"detachKeys": 1}"#, "detachKeys is invalid: detachKeys must be a string"),
        ] {
            let error = read(json, "").unwrap_err().to_string();
            assert!(error.contains(place) && !error.contains("s3cret"), "{error}");
        }
    }
}
