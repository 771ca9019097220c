//! The user's own credentials: a real engine pulls and pushes with them, and the docker command and this
//! library keep them alike.

use std::process::Command;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use dockline::{Context, CredentialSource, Error, Outcome, Timeouts};

use crate::helpers::{LIMIT, Registry, TestImage, is_there, live, need, unique};
use crate::registry::{assert_refused, image_for, pull, push, wants_tls};
use crate::support::{Process, User, as_user};

fn of_user(docker: &Context) -> Context {
    docker.with_credentials(CredentialSource::User)
}

/// A helper that has the password of the registry.
fn helper(registry: &Registry) -> String {
    let auth = registry.credentials();
    let (username, password) = (&auth.username, &*auth.password);
    format!(r#"printf '%s' '{{"Username":"{username}","Secret":"{password}"}}'"#)
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn pull_and_push() {
    as_user("credentials::pull_and_push", LIMIT, |user| {
        let user = user.with_installed_programs();
        live(move |docker| pull_and_push_as(&user, &of_user(docker)));
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
        r#"{"credsStore": "good"}"#.to_owned(),
        format!(r#"{{"credsStore": "hangs", "credHelpers": {{"{address}": "good"}}}}"#),
    ];
    user.helper("good", &helper(&registry));
    user.helper("hangs", "sleep 1000");
    user.helper("fails", "echo locked; exit 1");
    user.helper("garbage", "echo garbage");
    for (number, config) in configs.iter().enumerate() {
        user.configure(config);
        let name = format!("{repo}-{number}");
        let options = dockline::ImageTagOptions { repo: name.clone(), tag: "1".into() };
        docker.images().tag(&image.name, &options).unwrap();
        let tagged = TestImage::of(docker, &format!("{name}:1"));
        // With none they are refused, whatever the user has.
        let anonymous = || Some(Default::default());
        assert_refused(push(docker, &name, "1", anonymous()));
        push(docker, &name, "1", None).unwrap();
        drop(tagged);
        assert_refused(pull(docker, &name, "1", anonymous()));
        assert!(!is_there(docker, &format!("{name}:1")));
        pull(docker, &name, "1", None).unwrap();
        assert_eq!(TestImage::of(docker, &format!("{name}:1")).inspect().id, id);
    }

    // And with helpers that do not help.
    let name = format!("{repo}-0");
    let hasty = Timeouts { helper: Some(Duration::from_millis(200)), ..Default::default() };
    let docker = docker.with_timeouts(hasty);
    for helper in ["hangs", "fails", "garbage", "missing"] {
        user.configure(&format!(r#"{{"credsStore": "{helper}"}}"#));
        assert_refused(pull(&docker, &name, "1", None));
        // Those of the call win.
        pull(&docker, &name, "1", Some(registry.credentials())).unwrap();
        drop(TestImage::of(&docker, &format!("{name}:1")));
    }
}

/// The docker command's own login, for one directory of configuration.
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
        live(move |docker| login_and_logout_as(&user, &of_user(docker)));
    });
}

fn login_and_logout_as(user: &User, docker: &Context) {
    need(&["docker=docker.io"]);
    let registry = Registry::start(docker);
    let (address, auth) = (&*registry.address, registry.credentials());
    if wants_tls(docker, || docker.credentials().login(&auth)) {
        return;
    }
    let theirs = user.dir().with_file_name("theirs");
    let dir = theirs.to_str().unwrap();
    let config = || std::fs::read_to_string(theirs.join("config.json")).unwrap();
    let arguments = ["login", "--username", &*auth.username, "--password-stdin", address];

    // Byte for byte the same, from nothing and back.
    docker_command(docker, dir, &arguments, &auth.password);
    let login = docker.credentials().login(&auth).unwrap();
    assert_eq!(login.status, "Login Succeeded");
    assert_eq!(user.config(), config());
    // And what one has kept the other takes.
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

    // With a helper both ask it the same.
    let settings = "{\n\t\"auths\": {},\n\t\"credsStore\": \"good\"\n}";
    user.helper("good", &helper(&registry));
    user.configure(settings);
    std::fs::write(theirs.join("config.json"), settings).unwrap();
    docker.credentials().login(&auth).unwrap();
    push(docker, &repo, "1", None).unwrap_err();
    docker.credentials().logout(address).unwrap();
    let ours = asked(user);
    docker_command(docker, dir, &arguments, &auth.password);
    let stored = asked(user);
    let same = |line: &str| stored.iter().any(|it| it == line);
    assert!(same(&ours[0]), "{ours:?} {stored:?}");
    assert_eq!(ours[1..], [format!("good get {address}"), format!("good erase {address}")]);
    assert!(config().contains(&format!("\"{address}\": {{}}")), "{}", config());

    // A password that is not hers is not kept.
    user.configure("{}");
    let error = docker.credentials().login(&registry.wrong_credentials()).unwrap_err();
    assert!(matches!(error, Error::Unauthorized(_) | Error::Engine(_)), "{error:?}");
    assert_eq!(user.config(), "{}");
}

/// What a helper was asked; JSON without the escapes that Go adds.
fn asked(user: &User) -> Vec<String> {
    let plain =
        |line: String| line.replace("\\u003e", ">").replace("\\u003c", "<").replace("\\u0026", "&");
    user.asked().into_iter().map(plain).collect()
}
