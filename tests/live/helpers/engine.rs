//! An engine for one test alone, to be killed by it.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use dockline::{Context, ContextBuilder, Pem, Tls};

use super::unhurried;

/// An engine by `scripts/engine`, brought down with its owner. Needs root, as that does.
pub struct PrivateEngine {
    settings: HashMap<String, String>,
}

impl PrivateEngine {
    /// Brings it up; this takes a second.
    #[track_caller]
    pub fn up() -> PrivateEngine {
        PrivateEngine::up_with(&[])
    }

    /// Brings one up with options of `scripts/engine`.
    #[track_caller]
    pub fn up_with(options: &[&str]) -> PrivateEngine {
        // Owned by this process, so that it goes even when the test run is killed.
        let owner = std::process::id().to_string();
        let output = script().args(["up", "--owner", &owner]).args(options).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "scripts/engine up: {}", output.status);
        let settings = text
            .lines()
            .filter_map(|line| line.strip_prefix("export ")?.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        PrivateEngine { settings: settings.collect() }
    }

    /// Where it keeps what it has.
    pub fn dir(&self) -> String {
        self.settings["DOCKLINE_ENGINE_DIR"].clone()
    }

    pub fn docker(&self) -> Context {
        Context::open(self.host()).unwrap().with_timeouts(unhurried())
    }

    /// The address of its Unix socket.
    pub fn host(&self) -> &str {
        self.setting("DOCKER_HOST")
    }

    /// A context by TLS, where it was brought up with `--tls`.
    pub fn tls(&self) -> ContextBuilder {
        Context::builder().host(self.setting("DOCKLINE_ENGINE_TLS")).tls(self.certificates())
    }

    /// What it takes to be let in, where it was brought up with `--tls`.
    pub fn certificates(&self) -> Tls {
        let file =
            |name| Some(Pem::file(Path::new(self.setting("DOCKLINE_ENGINE_CERTS")).join(name)));
        Tls { ca: file("ca.pem"), cert: file("cert.pem"), key: file("key.pem"), ..Tls::default() }
    }

    /// What `scripts/engine` says of it.
    pub fn setting(&self, name: &str) -> &str {
        &self.settings[name]
    }

    /// Kills the engine's own process, as a crash would.
    #[track_caller]
    pub fn kill(&self) {
        kill_engine(self.host());
    }
}

/// Kills the process of the private engine that listens on this socket.
#[track_caller]
pub fn kill_engine(host: &str) {
    // A pid file is of no use: it holds the number of its PID namespace.
    let is_engine = |pid: &u32| {
        let command = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let words: Vec<&[u8]> = command.split(|byte| *byte == 0).collect();
        (words[0].ends_with(b"dockerd") || words[0].ends_with(b"podman"))
            && words.contains(&host.as_bytes())
    };
    let processes = fs::read_dir("/proc").unwrap();
    let pids = processes.filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
    let pid = pids.into_iter().find(is_engine).expect("the engine runs");
    let status = as_root("kill").args(["-KILL", &pid.to_string()]).status().unwrap();
    assert!(status.success(), "kill: {status}");
}

impl Drop for PrivateEngine {
    fn drop(&mut self) {
        // An engine that was killed may be gone already, with all it had; then this says so.
        let down = script().arg("down").arg(&self.settings["DOCKLINE_ENGINE_DIR"]).output();
        let gone = !fs::exists(&self.settings["DOCKLINE_ENGINE_DIR"]).unwrap();
        if !gone && !std::thread::panicking() {
            panic!("scripts/engine down: {down:?}");
        }
    }
}

/// `scripts/engine`.
pub fn script() -> Command {
    let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/engine"));
    command.stdin(Stdio::null()).stderr(Stdio::inherit());
    command
}

/// A command that is run as root.
pub fn as_root(program: &str) -> Command {
    // No memory is touched.
    if unsafe { libc::geteuid() } == 0 {
        return Command::new(program);
    }
    let mut command = Command::new("sudo");
    command.args(["-n", program]);
    command
}
