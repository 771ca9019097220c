//! Login and logout: the requests, and the exact configuration file afterwards.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use dockline::model::AuthConfig;
use dockline::*;

use crate::support::*;

const HUB: &str = "https://index.docker.io/v1/";

/// A password whose JSON has escapes.
const PASSWORD: &str = "p&<\"ü";

fn credentials(registry: &str) -> AuthConfig {
    AuthConfig {
        username: "ann".into(),
        password: PASSWORD.into(),
        serveraddress: registry.into(),
        ..Default::default()
    }
}

fn context(host: String) -> Context {
    Context::builder().host(host).api_version(ApiVersion::new(1, 41)).build().unwrap()
}

/// Logs in to a registry that returns this identity token.
#[track_caller]
fn login(registry: &str, key: &str, token: &str) -> Result<Login> {
    let engine = FakeEngine::unix();
    let body = format!(r#"{{"username":"ann","password":"p&<\"ü","serveraddress":"{key}"}}"#);
    let response = format!(r#"{{"Status":"Login Succeeded","IdentityToken":"{token}"}}"#);
    engine.exchange_for(with_json("POST /v1.41/auth", &body), Response::json(response));
    let result = context(engine.host()).credentials().login(&credentials(registry));
    engine.finish();
    result
}

/// Logs out, which needs no request.
#[track_caller]
fn logout(registry: &str) -> Outcome {
    context("unix:///nowhere".into()).credentials().logout(registry).unwrap()
}

#[test]
fn stores_in_file() {
    as_user("login::stores_in_file", LIMIT, |user| {
        let first = login("https://r.example.com:5000/v1/", "r.example.com:5000", "").unwrap();
        assert_eq!(first.status, "Login Succeeded");
        assert_eq!(first.store, CredentialStore::File(user.config_path()));
        assert_eq!(first.store.to_string(), user.config_path().display().to_string());
        // The layout of the docker CLI.
        let expected = "{\n\t\"auths\": {\n\t\t\"r.example.com:5000\": {\n\t\t\t\"auth\": \"YW5uOnAmPCLDvA==\"\n\t\t}\n\t}\n}";
        assert_eq!(user.config(), expected);
        let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(user.config_path()), mode(user.dir())), (0o600, 0o700));
        // No temporary file is left.
        assert_eq!(fs::read_dir(user.dir()).unwrap().count(), 1);

        // An identity token replaces the password; the name is kept.
        login("", HUB, "to\\u0026ken").unwrap();
        let hub = "\t\t\"https://index.docker.io/v1/\": {\n\t\t\t\"auth\": \"YW5uOg==\",\n\t\t\t\"identitytoken\": \"to&ken\"\n\t\t}\n";
        assert!(user.config().contains(hub), "{}", user.config());
        let found = context("unix:///nowhere".into()).credentials().find("busybox").unwrap();
        let auth = found.auth.unwrap();
        assert_eq!((&*auth.username, &*auth.password, &*auth.identitytoken), ("ann", "", "to&ken"));

        assert_eq!(logout("docker.io"), Outcome::Done);
        assert_eq!(user.config(), expected);
        assert_eq!(logout("docker.io"), Outcome::NotModified);
        assert_eq!(logout("http://r.example.com:5000"), Outcome::Done);
        assert_eq!(user.config(), "{\n\t\"auths\": {}\n}");
    });
}

/// Unrelated settings keep their values, order and formatting.
#[test]
fn keeps_other_settings() {
    as_user("login::keeps_other_settings", LIMIT, |user| {
        user.configure(
            r#"{ "psFormat": "{{.ID}}\t\u0041",
  "auths": { "z": {"auth": "eDp5", "unknown": 1.50 },
             "r": {"auth": "eDp6", "email": "old"} },
  "number": 12345678901234567890123.0e5, "HttpHeaders": {"B": "1",   "A": "2"}, "null": null}"#,
        );
        login("r", "r", "").unwrap();
        let expected = "{
\t\"psFormat\": \"{{.ID}}\\t\\u0041\",
\t\"auths\": {
\t\t\"z\": {\"auth\": \"eDp5\", \"unknown\": 1.50 },
\t\t\"r\": {
\t\t\t\"auth\": \"YW5uOnAmPCLDvA==\"
\t\t}
\t},
\t\"number\": 12345678901234567890123.0e5,
\t\"HttpHeaders\": {\"B\": \"1\",   \"A\": \"2\"},
\t\"null\": null
}";
        assert_eq!(user.config(), expected);

        // An unchanged file is not written.
        let inode = || fs::metadata(user.config_path()).unwrap().ino();
        let before = inode();
        login("r", "r", "").unwrap();
        assert_eq!((inode(), user.config()), (before, expected.to_owned()));
        assert_eq!(logout("not-there"), Outcome::NotModified);
        assert_eq!(inode(), before);

        // Keys are matched case-insensitively, and legacy keys are removed, too.
        user.configure(
            r#"{"AUTHS": {"https://r/v1/": {}, "r": {}, "http://r": {}, "s": {}}, "x": 1}"#,
        );
        assert_eq!(logout("r"), Outcome::Done);
        assert_eq!(user.config(), "{\n\t\"AUTHS\": {\n\t\t\"s\": {}\n\t},\n\t\"x\": 1\n}");
    });
}

/// Symbolic links are followed, even to a missing file, and permissions are restricted.
#[test]
fn follows_symlinks() {
    as_user("login::follows_symlinks", LIMIT, |user| {
        let real = TempDir::new();
        fs::create_dir_all(user.dir()).unwrap();
        symlink("../link", user.config_path()).unwrap();
        symlink(real.join("real.json"), user.dir().join("../link")).unwrap();
        login("r", "r", "").unwrap();
        assert!(fs::symlink_metadata(user.config_path()).unwrap().is_symlink());
        let file = fs::metadata(real.join("real.json")).unwrap();
        assert_eq!((file.permissions().mode() & 0o777, file.nlink()), (0o600, 1));
        assert_eq!(fs::read_dir(real.path()).unwrap().count(), 1);

        fs::set_permissions(real.join("real.json"), fs::Permissions::from_mode(0o644)).unwrap();
        // An open file keeps its content.
        let mut old = fs::File::open(user.config_path()).unwrap();
        login("s", "s", "").unwrap();
        let text = std::io::read_to_string(&mut old).unwrap();
        assert!(!text.contains("\"s\"") && user.config().contains("\"s\""));
        let mode = fs::metadata(user.config_path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);

        // A link to itself.
        fs::remove_file(real.join("real.json")).unwrap();
        symlink(user.config_path(), real.join("real.json")).unwrap();
        let error = login_error(&user.config_path().display().to_string());
        assert_eq!(error.errno(), Some(libc::ELOOP));
    });
}

/// A login that fails before the registry is contacted.
#[track_caller]
fn login_error(expected: &str) -> Error {
    let docker = context("unix:///nowhere".into());
    let error = docker.credentials().login(&credentials("r")).unwrap_err();
    assert!(error.to_string().starts_with("SystemAuth: "), "{error}");
    assert!(error.to_string().contains(expected), "{error}");
    error
}

#[test]
fn fails_without_usable_store() {
    as_user("login::fails_without_usable_store", LIMIT, |user| {
        user.configure("{\"auths\": s3cret");
        let error = login_error("config.json is broken: not valid JSON (line 1 column 11)");
        assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
        assert_eq!(user.config(), "{\"auths\": s3cret");
        fs::remove_file(user.config_path()).unwrap();
        fs::create_dir(user.config_path()).unwrap();
        assert_eq!(login_error("reading ").errno(), Some(libc::EISDIR));

        // A directory that cannot be created: the registry has accepted the credentials by then.
        // SAFETY: no other thread of this process is running.
        unsafe { std::env::set_var("DOCKER_CONFIG", "/proc/nowhere") };
        let error = login("r", "r", "").unwrap_err();
        assert!(matches!(error, Error::Io { operation: "SystemAuth", .. }), "{error:?}");
        assert!(error.to_string().contains("writing /proc/nowhere/config.json: "), "{error}");

        let docker = context("unix:///nowhere".into()).with_credentials(CredentialSource::None);
        for error in [
            docker.credentials().login(&credentials("r")).unwrap_err(),
            docker.credentials().logout("r").unwrap_err(),
        ] {
            let message = "the context does not use the user's credential store";
            assert!(error.to_string().ends_with(message), "{error}");
        }
    });
}

#[test]
fn rejected_by_registry() {
    as_user("login::rejected_by_registry", LIMIT, |user| {
        let engine = FakeEngine::unix();
        engine
            .exchange_for(Expected::new("POST /v1.41/auth").any_body(), Response::error(401, "no"));
        let error = context(engine.host()).credentials().login(&credentials("r")).unwrap_err();
        assert!(matches!(error, Error::Unauthorized(_)), "{error:?}");
        assert!(!user.dir().exists());
        engine.finish();
    });
}

#[test]
fn stores_with_helper() {
    as_user("login::stores_with_helper", LIMIT, |user| {
        user.configure(r#"{"credsStore": "keys", "credHelpers": {"s": "some", "plain": ""}}"#);
        user.helper("keys", "");
        user.helper("some", "");
        let store = login("r", "r", "").unwrap().store;
        assert_eq!(store, CredentialStore::Helper("keys".into()));
        assert_eq!(store.to_string(), "docker-credential-keys");
        let call = r#"keys store {"ServerURL":"r","Username":"ann","Secret":"p&<\"ü"}"#;
        assert_eq!(user.helper_requests(), [call]);
        let config = "{\n\t\"auths\": {\n\t\t\"r\": {}\n\t},\n\t\"credsStore\": \"keys\",\n\t\"credHelpers\": {\"s\": \"some\", \"plain\": \"\"}\n}";
        assert_eq!(user.config(), config, "the file lists the registry only");

        login("s", "s", "token").unwrap();
        let call = r#"some store {"ServerURL":"s","Username":"<token>","Secret":"token"}"#;
        assert_eq!(user.helper_requests(), [call]);
        assert_eq!(
            login("plain", "plain", "").unwrap().store,
            CredentialStore::File(user.config_path())
        );
        assert!(user.helper_requests().is_empty());
        assert_eq!(logout("plain"), Outcome::Done);

        assert_eq!(logout("s"), Outcome::Done);
        assert_eq!(user.helper_requests(), ["some erase s"]);
        assert_eq!(user.config(), config);
        // The helper may have credentials that the file does not list.
        user.helper("keys", "[ $1 = erase ]");
        assert_eq!(logout("other"), Outcome::Done);
        user.helper("keys", "echo credentials not found in native keychain; exit 1");
        assert_eq!(logout("other"), Outcome::NotModified);
        assert_eq!(logout("r"), Outcome::Done, "the file had an entry");
        assert_eq!(
            user.helper_requests(),
            ["keys erase other", "keys erase other", "keys erase r"]
        );
        assert!(user.config().contains("\"auths\": {},"), "{}", user.config());

        user.helper("keys", "echo locked; exit 2");
        let config = user.config();
        let error = login("r", "r", "").unwrap_err();
        assert!(matches!(error, Error::Io { .. }), "{error:?}");
        let message = "SystemAuth: storing credentials with docker-credential-keys: docker-credential-keys store: exit status: 2: locked";
        assert_eq!(error.to_string(), message);
        let error = context("unix:///nowhere".into()).credentials().logout("r").unwrap_err();
        let message = "Credentials: erasing credentials with docker-credential-keys: docker-credential-keys erase: exit status: 2: locked";
        assert_eq!(error.to_string(), message);
        user.configure(r#"{"credsStore": "missing"}"#);
        let error = login("r", "r", "").unwrap_err();
        assert!(
            error.to_string().ends_with(": docker-credential-missing is not in PATH"),
            "{error}"
        );
        assert!(!config.contains("ann") && !user.config().contains("auths"));
    });
}

/// The platform's default helper is then named in the file, as by the docker CLI.
#[test]
fn stores_with_default_helper() {
    as_user("login::stores_with_default_helper", LIMIT, |user| {
        user.configure(r#"{"detachKeys": "ctrl-e"}"#);
        user.helper("secretservice", "");
        let store = login("", HUB, "").unwrap().store;
        assert_eq!(store, CredentialStore::Helper("secretservice".into()));
        let expected = "{\n\t\"auths\": {\n\t\t\"https://index.docker.io/v1/\": {}\n\t},\n\t\"detachKeys\": \"ctrl-e\",\n\t\"credsStore\": \"secretservice\"\n}";
        assert_eq!(user.config(), expected);
        assert_eq!(logout(""), Outcome::Done);
        let call = format!(
            r#"secretservice store {{"ServerURL":"{HUB}","Username":"ann","Secret":"p&<\"ü"}}"#
        );
        assert_eq!(user.helper_requests(), [call, format!("secretservice erase {HUB}")]);
    });
}

/// Concurrent logins never expose a partial file and lose no setting.
#[test]
fn concurrent_logins() {
    as_user("login::concurrent_logins", LIMIT, |user| {
        user.configure(r#"{"keep": 1}"#);
        let engine = Responder::unix(None, |_| Response::json(r#"{"Status":"Login Succeeded"}"#));
        let docker = context(engine.host());
        std::thread::scope(|scope| {
            for number in 0..4 {
                let docker = &docker;
                scope.spawn(move || {
                    for _ in 0..20 {
                        docker.credentials().login(&credentials(&format!("r{number}"))).unwrap();
                        docker.credentials().logout(&format!("r{number}")).unwrap();
                    }
                });
            }
            let mut reads = 0;
            while reads < 200 {
                let text = user.config();
                let value: Value = text.parse().unwrap_or_else(|error| panic!("{error}: {text}"));
                assert_eq!(value.get("/keep").and_then(|it| it.as_u64()), Some(1));
                reads += 1;
            }
        });
        engine.finish();
        assert_eq!(fs::read_dir(user.dir()).unwrap().count(), 1);
    });
}
