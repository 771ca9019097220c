//! A private sshd on loopback, with its own keys and client configuration.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use super::LIMIT;
use crate::support::{Process, TempDir, run, this_test_with};

/// A running sshd that accepts the current user, and an `ssh` that is configured for these hosts:
/// `engine`; `unknown-key`, whose host key is not in known_hosts; `changed-key`, whose known_hosts
/// entry has another key; `password`, which requires a password; `jump`, which is reached through
/// `engine`; and `shared`, whose connections share a master connection.
pub struct Sshd {
    dir: TempDir,
    _server: Process,
}

impl Sshd {
    /// Starts sshd. `environment` is set for the programs that it runs.
    #[track_caller]
    pub fn start(environment: &[(&str, &str)]) -> Sshd {
        install_missing(&["sshd=openssh-server", "ssh=openssh-client", "docker=docker.io"]);
        let dir = TempDir::new();
        for name in ["host_key", "key", "other_key"] {
            let mut keygen = Command::new("ssh-keygen");
            keygen.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(dir.join(name));
            run(&mut keygen, LIMIT).success();
        }
        fs::copy(dir.join("key.pub"), dir.join("authorized_keys")).unwrap();
        // Another process may take the port before sshd binds it.
        let server = (0..5).find_map(|_| listen(&dir, environment)).expect("sshd is listening");
        Sshd { dir, _server: server }
    }

    /// Returns whether an `ssh` with the configuration of this process is running, or a child of
    /// one.
    pub fn is_used() -> bool {
        let path = env::var("PATH").unwrap();
        let settings = path.split(':').next().unwrap().replace("/bin", "/ssh_config");
        let processes = fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().path());
        let commands = processes.filter_map(|process| fs::read(process.join("cmdline")).ok());
        let mut lines = commands.map(|line| String::from_utf8_lossy(&line).into_owned());
        lines.any(|line| line.split('\0').any(|arg| arg == settings))
    }

    /// Returns a PATH on which the configured `ssh` comes first.
    pub fn path(&self) -> String {
        format!("{}:{}", self.dir.join("bin").display(), env::var("PATH").unwrap())
    }

    /// Runs a test again in a child process, where `ssh` is configured for this sshd.
    #[track_caller]
    pub fn run_test(&self, name: &str, environment: &[(&str, &str)]) {
        let mut environment = environment.to_vec();
        let path = self.path();
        environment.push(("PATH", &path));
        this_test_with(name, LIMIT, &environment);
    }
}

/// Runs sshd on a free port; returns `None` if the port was taken meanwhile.
fn listen(dir: &TempDir, environment: &[(&str, &str)]) -> Option<Process> {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    write_settings(dir, port, environment);
    // As root, sshd requires /run/sshd, which its service creates. A private mount namespace
    // provides it.
    let script = r#"
        if [ "$(id -u)" = 0 ]; then
            mount -t tmpfs -o mode=755 dockline /run && mkdir -m 755 /run/sshd || exit
        fi
        exec "$@""#;
    // sshd exits with the test process, even if that is killed.
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]);
    // SAFETY: touches no memory.
    if unsafe { libc::geteuid() } == 0 {
        command.args(["unshare", "--mount", "--"]);
    }
    command.args(["sh", "-c", script, "-", "/usr/sbin/sshd", "-D", "-e", "-f"]);
    let server = Process::spawn(command.arg(dir.join("sshd_config")));
    let end = Instant::now() + LIMIT;
    while !server.stderr().contains("Server listening") {
        if server.stderr().contains("Cannot bind any address") {
            return None;
        }
        assert!(Instant::now() < end, "sshd is not listening: {}", server.stderr());
        thread::sleep(Duration::from_millis(2));
    }
    Some(server)
}

fn write_settings(dir: &TempDir, port: u16, environment: &[(&str, &str)]) {
    let path = dir.path().display();
    let variables: String =
        environment.iter().map(|(name, value)| format!(" {name}={value}")).collect();
    let pam = if is_locked() { "yes" } else { "no" };
    dir.write(
        "sshd_config",
        format!(
            "ListenAddress 127.0.0.1:{port}
HostKey {path}/host_key
PidFile none
AuthorizedKeysFile {path}/authorized_keys
StrictModes no
UsePAM {pam}
PermitRootLogin yes
PasswordAuthentication yes
MaxStartups 100
MaxSessions 100
SetEnv{variables}
"
        ),
    );
    dir.write(
        "ssh_config",
        format!(
            "Host password
    PubkeyAuthentication no
Host unknown-key
    UserKnownHostsFile /dev/null
Host changed-key
    UserKnownHostsFile {path}/changed_known_hosts
Host jump
    ProxyJump engine
Host shared
    ControlMaster auto
    ControlPath {path}/shared
    ControlPersist 10
Host *
    HostName 127.0.0.1
    Port {port}
    IdentityFile {path}/key
    IdentitiesOnly yes
    IdentityAgent none
    UserKnownHostsFile {path}/known_hosts
    GlobalKnownHostsFile /dev/null
"
        ),
    );
    let key = |name: &str| fs::read_to_string(dir.join(name)).unwrap();
    dir.write("known_hosts", format!("* {}", key("host_key.pub")));
    dir.write("changed_known_hosts", format!("* {}", key("other_key.pub")));
    let ssh =
        dir.write("bin/ssh", format!("#!/bin/sh\nexec /usr/bin/ssh -F {path}/ssh_config \"$@\"\n"));
    fs::set_permissions(ssh, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Returns whether root's password is locked. Then sshd accepts root's key only with PAM.
fn is_locked() -> bool {
    let shadow = fs::read_to_string(Path::new("/etc/shadow")).unwrap_or_default();
    shadow.lines().any(|line| line.starts_with("root:!"))
}

/// Installs missing commands, each given as `COMMAND=PACKAGE`.
#[track_caller]
pub fn install_missing(commands: &[&str]) {
    let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/need"));
    let status = command.args(commands).stdin(Stdio::null()).status().unwrap();
    assert!(status.success(), "scripts/need: {status}");
}
