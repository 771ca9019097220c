//! A registry with a password, for one test.

use std::fs;
use std::path::Path;
use std::process::Command;

use dockline::model::AuthConfig;
use dockline::{ContainerLogsOptions, Context, PutContainerArchiveOptions};

use super::{Container, need, shell, tar};

/// Debian's `docker-registry`, in a container that shares the engine's network: there an engine
/// needs no TLS. It goes with its owner, and all that was pushed to it.
pub struct Registry {
    /// Deleted with it.
    _container: Container,
    /// Its address as the engine sees it, with which names of its images begin.
    pub address: String,
}

/// In credentials its base64 needs what tells the alphabets apart.
const PASSWORD: &str = "hunter2?>~ÿ";

/// As htpasswd (bcrypt) keeps it.
const USERS: &str = "ann:$2y$05$abcdefghijklmnopqrstuu/neCWP2kuz0Ii4wUfkBwawxIxTRhiGu\n";

const CONFIG: &str = "version: 0.1
log: {level: info}
storage: {filesystem: {rootdirectory: /registry/data}}
http: {addr: '127.0.0.1:0'}
auth: {htpasswd: {realm: test, path: /registry/users}}
";

impl Registry {
    /// Starts it, on a port that is free.
    #[track_caller]
    pub fn start(docker: &Context) -> Registry {
        let program = program();
        let mut files = vec![
            ("registry/config.yml".to_owned(), CONFIG.as_bytes().to_vec()),
            ("registry/users".to_owned(), USERS.as_bytes().to_vec()),
            ("registry/registry".to_owned(), fs::read(&program).unwrap()),
        ];
        for library in libraries(&program) {
            let content = fs::read(&library).unwrap();
            files.push((library.trim_start_matches('/').to_owned(), content));
        }
        let files: Vec<_> = files.iter().map(|(path, content)| (&**path, &**content)).collect();

        let mut request = shell("exec /registry/registry serve /registry/config.yml 2>&1");
        request.host_config.network_mode = "host".into();
        let container = Container::create(docker, &request);
        let options = PutContainerArchiveOptions { path: "/".into(), ..Default::default() };
        docker.containers().put_archive(&container.id, &options, &mut &tar(&files)[..]).unwrap();
        container.start();
        let address = listening(&container);
        Registry { _container: container, address }
    }

    /// Good ones.
    pub fn credentials(&self) -> AuthConfig {
        AuthConfig {
            username: "ann".into(),
            password: PASSWORD.into(),
            serveraddress: self.address.clone(),
            ..Default::default()
        }
    }

    /// The same with a password that is not hers.
    pub fn wrong_credentials(&self) -> AuthConfig {
        AuthConfig { password: "hunter3".into(), ..self.credentials() }
    }
}

/// Where the program is; it is installed where it is missing.
fn program() -> String {
    need(&["docker-registry=docker-registry"]);
    let path = "/usr/bin/docker-registry";
    assert!(Path::new(path).exists());
    path.to_owned()
}

/// The libraries that a program is linked to.
fn libraries(program: &str) -> Vec<String> {
    let output = Command::new("ldd").arg(program).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let words = text.split_whitespace().filter(|word| word.starts_with('/'));
    words.map(|word| word.trim_end_matches(':').to_owned()).filter(|word| word != program).collect()
}

/// Waits until it says where it listens.
#[track_caller]
fn listening(container: &Container) -> String {
    let options = ContainerLogsOptions { follow: true, ..Default::default() };
    let mut said = String::new();
    for frame in container.docker.containers().logs(&container.id, &options).unwrap() {
        said += &String::from_utf8(frame.unwrap().data).unwrap();
        // Up to the quote, so that the number is whole.
        let address = said.split_once("listening on ").and_then(|(_, rest)| rest.split_once('"'));
        if let Some((address, _)) = address {
            return address.to_owned();
        }
    }
    panic!("the registry ended: {said}");
}
