//! Private engines for single tests, which may kill them.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use dockline::{Context, ContextBuilder, Pem, Tls};

use super::generous_timeouts;

/// A private engine, started by `scripts/engine` and stopped on drop. Requires root.
pub struct PrivateEngine {
    settings: HashMap<String, String>,
}

impl PrivateEngine {
    /// Starts a private engine. This takes about a second.
    #[track_caller]
    pub fn start() -> PrivateEngine {
        PrivateEngine::start_with(&[])
    }

    /// Starts a private engine with options of `scripts/engine`.
    #[track_caller]
    pub fn start_with(options: &[&str]) -> PrivateEngine {
        // With this process as owner, the engine stops even if the test run is killed.
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

    /// Returns the engine's directory.
    pub fn dir(&self) -> String {
        self.settings["DOCKLINE_ENGINE_DIR"].clone()
    }

    pub fn docker(&self) -> Context {
        Context::open(self.host()).unwrap().with_timeouts(generous_timeouts())
    }

    /// Returns the address of its Unix socket.
    pub fn host(&self) -> &str {
        self.setting("DOCKER_HOST")
    }

    /// Returns a builder for its TLS port. Requires `--tls`.
    pub fn tls(&self) -> ContextBuilder {
        Context::builder().host(self.setting("DOCKLINE_ENGINE_TLS")).tls(self.certificates())
    }

    /// Returns the CA certificate and the client's certificate and key. Requires `--tls`.
    pub fn certificates(&self) -> Tls {
        let file =
            |name| Some(Pem::file(Path::new(self.setting("DOCKLINE_ENGINE_CERTS")).join(name)));
        Tls { ca: file("ca.pem"), cert: file("cert.pem"), key: file("key.pem"), ..Tls::default() }
    }

    /// Returns a variable that `scripts/engine` has printed.
    pub fn setting(&self, name: &str) -> &str {
        &self.settings[name]
    }

    /// Kills the engine's process, as in a crash.
    #[track_caller]
    pub fn kill(&self) {
        kill_engine(self.host());
    }
}

/// Kills the process of the private engine that listens on the socket.
#[track_caller]
pub fn kill_engine(host: &str) {
    // The PID file is of no use: it holds the PID in the engine's PID namespace.
    let is_engine = |pid: &u32| {
        let command = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let args: Vec<&[u8]> = command.split(|byte| *byte == 0).collect();
        (args[0].ends_with(b"dockerd") || args[0].ends_with(b"podman"))
            && args.contains(&host.as_bytes())
    };
    let processes = fs::read_dir("/proc").unwrap();
    let pids = processes.filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
    let pid = pids.into_iter().find(is_engine).expect("the engine is running");
    let status = as_root("kill").args(["-KILL", &pid.to_string()]).status().unwrap();
    assert!(status.success(), "kill: {status}");
}

impl Drop for PrivateEngine {
    fn drop(&mut self) {
        // A killed engine may have removed its directory already; then the script fails.
        let down = script().arg("down").arg(&self.settings["DOCKLINE_ENGINE_DIR"]).output();
        let removed = !fs::exists(&self.settings["DOCKLINE_ENGINE_DIR"]).unwrap();
        if !removed && !std::thread::panicking() {
            panic!("scripts/engine down: {down:?}");
        }
    }
}

/// Returns the command `scripts/engine`.
pub fn script() -> Command {
    let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/engine"));
    command.stdin(Stdio::null()).stderr(Stdio::inherit());
    command
}

/// Returns a command that runs as root.
pub fn as_root(program: &str) -> Command {
    // SAFETY: touches no memory.
    if unsafe { libc::geteuid() } == 0 {
        return Command::new(program);
    }
    let mut command = Command::new("sudo");
    command.args(["-n", program]);
    command
}
