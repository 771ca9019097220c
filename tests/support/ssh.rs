//! A fake `ssh` in the PATH of a test that runs in a child process.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::process::{as_child, is_child, run_child, this_test};
use super::{Expected, FakeEngine, Response, TempDir};

/// Directory of the fake, for the child process.
const DIR: &str = "DOCKLINE_TEST_SSH";

/// Runs `body` in a child process whose PATH has only a fake ssh. `name` is the full name of the
/// calling test.
#[track_caller]
pub fn with_fake_ssh(name: &str, limit: Duration, body: impl FnOnce(&FakeSsh)) {
    if is_child() {
        return as_child(|| body(&FakeSsh { dir: std::env::var_os(DIR).unwrap().into() }));
    }
    let dir = TempDir::new();
    let program = dir.write("bin/ssh", PROGRAM);
    fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
    dir.write("dial.pl", include_str!("dial.pl"));
    let mut command = this_test(name);
    command.env(DIR, dir.path()).env("PATH", dir.join("bin"));
    run_child(&mut command, name, limit);
}

/// Records its arguments, one a line, and its process data; then runs the script of the test.
const PROGRAM: &str = r#"#!/bin/sh
dir=$DOCKLINE_TEST_SSH
PATH=/usr/bin:/bin
mkdir $dir/$$
for arg; do echo "$arg"; done >$dir/$$/args
cat /proc/$$/stat >$dir/$$/stat
mv $dir/$$ $dir/call-$(cd $dir && date +%s%N)-$$
. $dir/script
"#;

/// The fake ssh, controlled by the test.
pub struct FakeSsh {
    dir: PathBuf,
}

/// One run of the fake ssh.
pub struct SshCall {
    /// Its arguments.
    pub args: Vec<String>,
    /// Its PID.
    pub pid: u32,
    /// Its process group, session and terminal (0 if none).
    pub group_session_terminal: (u32, u32, i32),
}

impl FakeSsh {
    /// Sets the shell script that it runs.
    pub fn set_script(&self, script: &str) {
        // Renamed into place, so that no run reads a partial script.
        fs::write(self.dir.join("new"), script).unwrap();
        fs::rename(self.dir.join("new"), self.dir.join("script")).unwrap();
    }

    /// Connects it to a socket.
    pub fn connect_to(&self, socket: &Path) {
        self.set_script(&self.connect_command(socket));
    }

    /// Returns the command that connects to a socket.
    pub fn connect_command(&self, socket: &Path) -> String {
        format!("exec perl $dir/dial.pl '{}'\n", socket.display())
    }

    /// Returns the directory of its records.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Removes it from the PATH.
    pub fn uninstall(&self) {
        fs::remove_file(self.dir.join("bin/ssh")).unwrap();
    }

    /// Returns all its runs so far, in order.
    pub fn calls(&self) -> Vec<SshCall> {
        let names = fs::read_dir(&self.dir).unwrap().map(|entry| entry.unwrap().file_name());
        let names = names.map(|name| name.into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name.starts_with("call-")).collect();
        names.sort();
        names.iter().map(|name| self.call(name)).collect()
    }

    fn call(&self, name: &str) -> SshCall {
        let read = |file: &str| fs::read_to_string(self.dir.join(name).join(file)).unwrap();
        let stat = read("stat");
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
        SshCall {
            args: read("args").lines().map(str::to_owned).collect(),
            pid: name.rsplit('-').next().unwrap().parse().unwrap(),
            group_session_terminal: (
                fields[2].parse().unwrap(),
                fields[3].parse().unwrap(),
                fields[4].parse().unwrap(),
            ),
        }
    }
}

/// Scripts the first request of every connection over ssh.
pub fn response_ssh_ping(engine: &FakeEngine) -> &FakeEngine {
    let ping = Expected::new("HEAD /_ping").header("host", "localhost");
    let ping = ping.header("user-agent", "dockline/VERSION").no_others();
    engine.accept().exchange_for(ping, Response::ping("1.41"))
}
