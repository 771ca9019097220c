//! A server of ssh for one test, on loopback, with keys and users of its own.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use super::LIMIT;
use crate::support::{Process, TempDir, run, this_test_with};

/// A running sshd that lets in who runs the test, and an `ssh` that knows it, by these names:
/// `engine`; `stranger`, whose key it does not know; `impostor`, of whom it knows another key;
/// `asking`, who wants a password; `jumping`, to whom the way leads through `engine`; and `shared`,
/// whose connections share one that stays open.
pub struct Sshd {
    dir: TempDir,
    _server: Process,
}

impl Sshd {
    /// Starts it. Programs that are run on it see these variables, such as `PATH`.
    #[track_caller]
    pub fn start(environment: &[(&str, &str)]) -> Sshd {
        need(&["sshd=openssh-server", "ssh=openssh-client", "docker=docker.io"]);
        let dir = TempDir::new();
        for name in ["host_key", "key", "other_key"] {
            let mut keygen = Command::new("ssh-keygen");
            keygen.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(dir.join(name));
            run(&mut keygen, LIMIT).success();
        }
        fs::copy(dir.join("key.pub"), dir.join("authorized_keys")).unwrap();
        // Somebody else may take a port that was just free.
        let server = (0..5).find_map(|_| listen(&dir, environment)).expect("sshd listens");
        Sshd { dir, _server: server }
    }

    /// Whether an `ssh` that knows the server of this process still runs, or one that it has started.
    pub fn is_used() -> bool {
        let path = env::var("PATH").unwrap();
        let settings = path.split(':').next().unwrap().replace("/bin", "/ssh_config");
        let processes = fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().path());
        let commands = processes.filter_map(|process| fs::read(process.join("cmdline")).ok());
        let mut words = commands.map(|it| String::from_utf8_lossy(&it).into_owned());
        words.any(|words| words.split('\0').any(|word| word == settings))
    }

    /// For a command whose PATH leads to the `ssh` that knows it.
    pub fn path(&self) -> String {
        format!("{}:{}", self.dir.join("bin").display(), env::var("PATH").unwrap())
    }

    /// Runs one test again in a process of its own, where `ssh` knows the server.
    #[track_caller]
    pub fn run_test(&self, name: &str, environment: &[(&str, &str)]) {
        let mut environment = environment.to_vec();
        let path = self.path();
        environment.push(("PATH", &path));
        this_test_with(name, LIMIT, &environment);
    }
}

/// Runs it on a port that is free; None if it was taken meanwhile.
fn listen(dir: &TempDir, environment: &[(&str, &str)]) -> Option<Process> {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    write_settings(dir, port, environment);
    // The server wants a directory of root's, which the service makes when it is started; where none is,
    // it gets one that nobody else sees.
    let script = r#"
        if [ "$(id -u)" = 0 ]; then
            mount -t tmpfs -o mode=755 dockline /run && mkdir -m 755 /run/sshd || exit
        fi
        exec "$@""#;
    // It ends with this test, also where that is killed.
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]);
    // No memory is touched.
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
        assert!(Instant::now() < end, "sshd does not listen: {}", server.stderr());
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
            "Host asking
    PubkeyAuthentication no
Host stranger
    UserKnownHostsFile /dev/null
Host impostor
    UserKnownHostsFile {path}/known_impostor
Host jumping
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
    dir.write("known_impostor", format!("* {}", key("other_key.pub")));
    let ssh =
        dir.write("bin/ssh", format!("#!/bin/sh\nexec /usr/bin/ssh -F {path}/ssh_config \"$@\"\n"));
    fs::set_permissions(ssh, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Whether root's password is locked: then only PAM lets root in by key.
fn is_locked() -> bool {
    let shadow = fs::read_to_string(Path::new("/etc/shadow")).unwrap_or_default();
    shadow.lines().any(|line| line.starts_with("root:!"))
}

/// Installs what is missing, each as `COMMAND=PACKAGE`.
#[track_caller]
pub fn need(what: &[&str]) {
    let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/need"));
    let status = command.args(what).stdin(Stdio::null()).status().unwrap();
    assert!(status.success(), "scripts/need: {status}");
}
