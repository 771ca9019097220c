//! A user of the docker command, with a configuration and credential helpers.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::time::Duration;

use super::{TempDir, in_own_process, is_child, run, this_test};

const DIR: &str = "DOCKLINE_TEST_USER";

/// The user as whom a test runs, in a process of its own.
#[derive(Clone)]
pub struct User {
    home: PathBuf,
}

/// The programs that there are, where they are installed; helpers are installed as they are needed.
const PROGRAMS: [&str; 5] = ["sh", "cat", "sleep", "head", "mv"];

const PATH: &str = "DOCKLINE_TEST_PATH";

/// Runs `body` in a process of its own, as a user whose home is empty and whose `PATH` is a directory of
/// their own. `name` is the full name of the calling test.
#[track_caller]
pub fn as_user(name: &str, limit: Duration, body: impl FnOnce(&User)) {
    if is_child() {
        let user = User { home: std::env::var_os(DIR).unwrap().into() };
        return in_own_process(name, limit, || body(&user));
    }
    let dir = TempDir::new();
    let user = User { home: dir.path().to_owned() };
    let bin = user.home.join("bin");
    fs::create_dir(&bin).unwrap();
    let path = std::env::var_os("PATH").unwrap();
    for program in PROGRAMS {
        let mut places = std::env::split_paths(&path).map(|dir| dir.join(program));
        if let Some(place) = places.find(|place| place.exists()) {
            symlink(place, bin.join(program)).unwrap();
        }
    }
    let mut command = this_test(name);
    for (variable, _) in std::env::vars_os() {
        if variable.to_string_lossy().starts_with("DOCKER_") {
            command.env_remove(variable);
        }
    }
    command.env(DIR, dir.path()).env("HOME", dir.path()).env("PATH", bin).env(PATH, path);
    let output = run(&mut command, limit).success();
    assert!(output.contains("the body was run"), "no test is called {name}:\n{output}");
}

impl User {
    /// Adds what is installed to the user's programs. No other thread may be running.
    pub fn with_installed_programs(&self) -> User {
        let mut path = self.home.join("bin").into_os_string();
        path.push(":");
        path.push(std::env::var_os(PATH).unwrap());
        // SAFETY: no other thread is running, says the caller.
        unsafe { std::env::set_var("PATH", path) };
        self.clone()
    }

    /// The directory of the user's configuration.
    pub fn dir(&self) -> PathBuf {
        self.home.join(".docker")
    }

    /// The path of `config.json`.
    pub fn config_path(&self) -> PathBuf {
        self.dir().join("config.json")
    }

    /// Writes `config.json`.
    pub fn configure(&self, json: &str) {
        fs::create_dir_all(self.dir()).unwrap();
        fs::write(self.config_path(), json).unwrap();
    }

    /// What is in `config.json`.
    pub fn config(&self) -> String {
        fs::read_to_string(self.config_path()).unwrap()
    }

    /// Installs `docker-credential-NAME`, a shell script that notes what it is asked before its own lines
    /// run; there `$input` is what it was given.
    pub fn helper(&self, name: &str, script: &str) {
        let log = self.home.join("asked").display().to_string();
        let script = format!(
            "#!/bin/sh\ninput=$(cat)\nprintf '%s %s %s\\n' {name} \"$*\" \"$input\" >>{log}\n{script}\n"
        );
        self.install(&format!("docker-credential-{name}"), &script);
    }

    /// Installs a program in the user's own directory of `PATH`.
    pub fn install(&self, program: &str, script: &str) {
        let path = self.home.join("bin").join(program);
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// What helpers were asked since this was last called, a line each: name, action, input.
    pub fn asked(&self) -> Vec<String> {
        let log = self.home.join("asked");
        let text = fs::read_to_string(&log).unwrap_or_default();
        let _ = fs::remove_file(&log);
        text.lines().map(str::to_owned).collect()
    }
}
