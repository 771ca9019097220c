//! A private registry with a password.

use std::fs;
use std::path::Path;
use std::process::Command;

use dockline::model::AuthConfig;
use dockline::{ContainerLogsOptions, Context, PutContainerArchiveOptions};

use super::{Container, install_missing, shell, tar};

/// Debian's `docker-registry` in a container with host networking. Engines do not require TLS for a
/// registry on a loopback address. The container and its data are deleted on drop.
pub struct Registry {
    /// Deleted with the registry.
    _container: Container,
    /// Its address as the engine sees it: the prefix of image names.
    pub address: String,
}

/// Its base64 contains a character that differs between the standard and the URL-safe alphabet.
const PASSWORD: &str = "hunter2?>~ÿ";

/// The password file of htpasswd (bcrypt).
const USERS: &str = "ann:$2y$05$abcdefghijklmnopqrstuu/neCWP2kuz0Ii4wUfkBwawxIxTRhiGu\n";

const CONFIG: &str = "version: 0.1
log: {level: info}
storage: {filesystem: {rootdirectory: /registry/data}}
http: {addr: '127.0.0.1:0'}
auth: {htpasswd: {realm: test, path: /registry/users}}
";

impl Registry {
    /// Starts a registry on a free port.
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
        let address = wait_for_address(&container);
        Registry { _container: container, address }
    }

    /// Returns valid credentials.
    pub fn credentials(&self) -> AuthConfig {
        AuthConfig {
            username: "ann".into(),
            password: PASSWORD.into(),
            serveraddress: self.address.clone(),
            ..Default::default()
        }
    }

    /// Returns credentials with a wrong password.
    pub fn wrong_credentials(&self) -> AuthConfig {
        AuthConfig { password: "hunter3".into(), ..self.credentials() }
    }
}

/// Returns the path of the registry program, which is installed if it is missing.
fn program() -> String {
    install_missing(&["docker-registry=docker-registry"]);
    let path = "/usr/bin/docker-registry";
    assert!(Path::new(path).exists());
    path.to_owned()
}

/// Returns the shared libraries of a program.
fn libraries(program: &str) -> Vec<String> {
    let output = Command::new("ldd").arg(program).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let paths = text.split_whitespace().filter(|word| word.starts_with('/'));
    paths.map(|word| word.trim_end_matches(':').to_owned()).filter(|word| word != program).collect()
}

/// Waits until the registry logs its address.
#[track_caller]
fn wait_for_address(container: &Container) -> String {
    let options = ContainerLogsOptions { follow: true, ..Default::default() };
    let mut output = String::new();
    for frame in container.docker.containers().logs(&container.id, &options).unwrap() {
        output += &String::from_utf8(frame.unwrap().data).unwrap();
        // Up to the quote, so that the port is complete.
        let address = output.split_once("listening on ").and_then(|(_, rest)| rest.split_once('"'));
        if let Some((address, _)) = address {
            return address.to_owned();
        }
    }
    panic!("the registry exited: {output}");
}
