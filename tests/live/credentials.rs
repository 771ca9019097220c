//! The user's credentials: a real engine pulls and pushes with them, and the configuration file is
//! the same as the docker command's.

use std::process::Command;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use dockline::{Context, CredentialSource, Error, Outcome, Timeouts};

use crate::helpers::{LIMIT, Registry, TestImage, image_exists, install_missing, live, unique};
use crate::registry::{assert_auth_error, image_for, pull, push, requires_tls};
use crate::support::{Process, User, as_user};

fn with_user_credentials(docker: &Context) -> Context {
    docker.with_credentials(CredentialSource::User)
}

/// Returns the script of a credential helper that has the credentials of the registry.
fn helper_script(registry: &Registry) -> String {
    let auth = registry.credentials();
    let (username, password) = (&auth.username, &*auth.password);
    format!(r#"printf '%s' '{{"Username":"{username}","Secret":"{password}"}}'"#)
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn pull_and_push() {
    as_user("credentials::pull_and_push", LIMIT, |user| {
        let user = user.with_installed_programs();
        live(move |docker| pull_and_push_as(&user, &with_user_credentials(docker)));
    });
}

fn pull_and_push_as(user: &User, docker: &Context) {
    let registry = Registry::start(docker);
    let (address, auth) = (&registry.address, registry.credentials());
    let repo = format!("{address}/{}", unique("repo"));
    let image = image_for(docker, &repo, "1");
    let id = image.inspect().id;
    let entry = BASE64_STANDARD.encode(format!("{}:{}", auth.username, &*auth.password));
    let configs = [
        format!(r#"{{"auths": {{"{address}": {{"auth": "{entry}"}}}}}}"#),
        format!(r#"{{"auths": {{"http://{address}/v1/": {{"auth": "{entry}"}}}}}}"#),
        r#"{"credsStore": "valid"}"#.to_owned(),
        format!(r#"{{"credsStore": "hanging", "credHelpers": {{"{address}": "valid"}}}}"#),
    ];
    user.helper("valid", &helper_script(&registry));
    user.helper("hanging", "sleep 1000");
    user.helper("failing", "echo locked; exit 1");
    user.helper("garbage", "echo garbage");
    for (number, config) in configs.iter().enumerate() {
        user.configure(config);
        let name = format!("{repo}-{number}");
        let options = dockline::ImageTagOptions { repo: name.clone(), tag: "1".into() };
        docker.images().tag(&image.name, &options).unwrap();
        let tagged = TestImage::guard(docker, &format!("{name}:1"));
        // Empty credentials of a call replace the user's.
        let anonymous = || Some(Default::default());
        assert_auth_error(push(docker, &name, "1", anonymous()));
        push(docker, &name, "1", None).unwrap();
        drop(tagged);
        assert_auth_error(pull(docker, &name, "1", anonymous()));
        assert!(!image_exists(docker, &format!("{name}:1")));
        pull(docker, &name, "1", None).unwrap();
        assert_eq!(TestImage::guard(docker, &format!("{name}:1")).inspect().id, id);
    }

    // Credential helpers that fail.
    let name = format!("{repo}-0");
    let short = Timeouts { helper: Some(Duration::from_millis(200)), ..Default::default() };
    let docker = docker.with_timeouts(short);
    for helper_script in ["hanging", "failing", "garbage", "missing"] {
        user.configure(&format!(r#"{{"credsStore": "{helper_script}"}}"#));
        assert_auth_error(pull(&docker, &name, "1", None));
        // The credentials of a call are preferred.
        pull(&docker, &name, "1", Some(registry.credentials())).unwrap();
        drop(TestImage::guard(&docker, &format!("{name}:1")));
    }
}

/// Runs the docker command with a configuration directory.
fn docker_command(docker: &Context, dir: &str, arguments: &[&str], input: &str) {
    let mut command = Command::new("docker");
    command.args(["--host", &docker.endpoint().to_string(), "--config", dir]).args(arguments);
    let mut process = Process::interactive(&mut command);
    process.write(input);
    drop(process.close_stdin());
    process.wait(LIMIT).success();
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn login_and_logout() {
    as_user("credentials::login_and_logout", LIMIT, |user| {
        let user = user.with_installed_programs();
        live(move |docker| login_and_logout_as(&user, &with_user_credentials(docker)));
    });
}

fn login_and_logout_as(user: &User, docker: &Context) {
    install_missing(&["docker=docker.io"]);
    let registry = Registry::start(docker);
    let (address, auth) = (&*registry.address, registry.credentials());
    if requires_tls(docker, || docker.credentials().login(&auth)) {
        return;
    }
    let docker_dir = user.dir().with_file_name("docker");
    let dir = docker_dir.to_str().unwrap();
    let config = || std::fs::read_to_string(docker_dir.join("config.json")).unwrap();
    let arguments = ["login", "--username", &*auth.username, "--password-stdin", address];

    // The configuration files are identical after login and logout.
    docker_command(docker, dir, &arguments, &auth.password);
    let login = docker.credentials().login(&auth).unwrap();
    assert_eq!(login.status, "Login Succeeded");
    assert_eq!(user.config(), config());
    // Each uses the credentials that the other has stored.
    let repo = format!("{address}/{}", unique("repo"));
    let image = image_for(docker, &repo, "1");
    push(docker, &repo, "1", None).unwrap();
    let own = user.dir();
    docker_command(docker, own.to_str().unwrap(), &["pull", "--quiet", &format!("{repo}:1")], "");
    user.configure(&config());
    push(docker, &repo, "1", None).unwrap();
    drop(image);
    docker_command(docker, dir, &["logout", address], "");
    assert_eq!(docker.credentials().logout(address).unwrap(), Outcome::Done);
    assert_eq!(user.config(), config());
    assert_eq!(docker.credentials().logout(address).unwrap(), Outcome::NotModified);

    // The requests to a credential helper are the same.
    let settings = "{\n\t\"auths\": {},\n\t\"credsStore\": \"valid\"\n}";
    user.helper("valid", &helper_script(&registry));
    user.configure(settings);
    std::fs::write(docker_dir.join("config.json"), settings).unwrap();
    docker.credentials().login(&auth).unwrap();
    push(docker, &repo, "1", None).unwrap_err();
    docker.credentials().logout(address).unwrap();
    let by_dockline = helper_requests(user);
    docker_command(docker, dir, &arguments, &auth.password);
    let by_docker = helper_requests(user);
    let in_docker = |line: &str| by_docker.iter().any(|it| it == line);
    assert!(in_docker(&by_dockline[0]), "{by_dockline:?} {by_docker:?}");
    assert_eq!(
        by_dockline[1..],
        [format!("valid get {address}"), format!("valid erase {address}")]
    );
    assert!(config().contains(&format!("\"{address}\": {{}}")), "{}", config());

    // Rejected credentials are not stored.
    user.configure("{}");
    let error = docker.credentials().login(&registry.wrong_credentials()).unwrap_err();
    assert!(matches!(error, Error::Unauthorized(_) | Error::Engine(_)), "{error:?}");
    assert_eq!(user.config(), "{}");
}

/// Returns the requests to credential helpers. JSON is without the escapes that Go adds.
fn helper_requests(user: &User) -> Vec<String> {
    let plain =
        |line: String| line.replace("\\u003e", ">").replace("\\u003c", "<").replace("\\u0026", "&");
    user.helper_requests().into_iter().map(plain).collect()
}
