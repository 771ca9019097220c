//! A user with a docker configuration and credential helpers.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::time::Duration;

use super::{TempDir, in_own_process, is_child, run, this_test};

const DIR: &str = "DOCKLINE_TEST_USER";

/// The user as which a test runs, in a child process.
#[derive(Clone)]
pub struct User {
    home: PathBuf,
}

/// Installed programs that the user has; credential helpers are added by the tests.
const PROGRAMS: [&str; 5] = ["sh", "cat", "sleep", "head", "mv"];

const PATH: &str = "DOCKLINE_TEST_PATH";

/// Runs `body` in a child process, as a user with an empty home directory and a private directory
/// as `PATH`. `name` is the full name of the calling test.
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
        let mut paths = std::env::split_paths(&path).map(|dir| dir.join(program));
        if let Some(path) = paths.find(|path| path.exists()) {
            symlink(path, bin.join(program)).unwrap();
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
    assert!(output.contains("the test body has finished"), "no test is called {name}:\n{output}");
}

impl User {
    /// Adds the installed programs to the user's. No other thread may be running.
    pub fn with_installed_programs(&self) -> User {
        let mut path = self.home.join("bin").into_os_string();
        path.push(":");
        path.push(std::env::var_os(PATH).unwrap());
        // SAFETY: the caller guarantees that no other thread is running.
        unsafe { std::env::set_var("PATH", path) };
        self.clone()
    }

    /// Returns the directory of the docker configuration.
    pub fn dir(&self) -> PathBuf {
        self.home.join(".docker")
    }

    /// Returns the path of `config.json`.
    pub fn config_path(&self) -> PathBuf {
        self.dir().join("config.json")
    }

    /// Writes `config.json`.
    pub fn configure(&self, json: &str) {
        fs::create_dir_all(self.dir()).unwrap();
        fs::write(self.config_path(), json).unwrap();
    }

    /// Returns the content of `config.json`.
    pub fn config(&self) -> String {
        fs::read_to_string(self.config_path()).unwrap()
    }

    /// Installs `docker-credential-NAME`: a shell script that records the request and then runs
    /// `script`, where `$input` is the input.
    pub fn helper(&self, name: &str, script: &str) {
        let log = self.home.join("asked").display().to_string();
        let script = format!(
            "#!/bin/sh\ninput=$(cat)\nprintf '%s %s %s\\n' {name} \"$*\" \"$input\" >>{log}\n{script}\n"
        );
        self.install(&format!("docker-credential-{name}"), &script);
    }

    /// Installs a program in the user's directory of `PATH`.
    pub fn install(&self, program: &str, script: &str) {
        let path = self.home.join("bin").join(program);
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Returns the requests to credential helpers since the last call, a line each: name, action,
    /// input.
    pub fn helper_requests(&self) -> Vec<String> {
        let log = self.home.join("asked");
        let text = fs::read_to_string(&log).unwrap_or_default();
        let _ = fs::remove_file(&log);
        text.lines().map(str::to_owned).collect()
    }
}
