//! Child processes that never outlive their test, memory, descriptors, and time limits.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use std::{env, panic, thread};

use super::TempDir;

/// Runs `body` on its own thread; fails the test if it takes longer than `limit`.
#[track_caller]
pub fn within<T: Send + 'static>(limit: Duration, body: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, finished) = channel();
    let thread = thread::spawn(move || {
        let result = body();
        let _ = done.send(());
        result
    });
    match finished.recv_timeout(limit) {
        // The thread is not joined, since it hangs; the test run fails.
        Err(RecvTimeoutError::Timeout) => panic!("still not done after {limit:?}"),
        Ok(()) | Err(RecvTimeoutError::Disconnected) => match thread.join() {
            Ok(result) => result,
            Err(panic) => panic::resume_unwind(panic),
        },
    }
}

/// Waits until `condition` is true; fails the test with its name after `limit`.
#[track_caller]
pub fn eventually(limit: Duration, name: &str, mut condition: impl FnMut() -> bool) {
    let end = Instant::now() + limit;
    while !condition() {
        assert!(Instant::now() < end, "after {limit:?} still not: {name}");
        thread::sleep(Duration::from_millis(1));
    }
}

/// Repeats `attempt` until one takes less than `limit`; fails the test if none of twenty does. A
/// busy machine delays some of them, a bug delays all.
#[track_caller]
pub fn promptly(limit: Duration, mut attempt: impl FnMut() -> Duration) {
    let took: Vec<_> = (0..20).map(|_| attempt()).take_while(|it| *it >= limit).collect();
    assert!(took.len() < 20, "never within {limit:?}: {took:?}");
}

/// The memory of a process, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// Resident (VmRSS).
    pub resident: u64,
    /// Peak resident (VmHWM).
    pub peak: u64,
}

impl Memory {
    /// Returns the memory of this process, which includes other tests: see [`in_own_process`].
    pub fn own() -> Memory {
        Memory::of(std::process::id())
    }

    /// Returns the memory of a running process.
    pub fn of(pid: u32) -> Memory {
        let path = format!("/proc/{pid}/status");
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("cannot read {path}: {e}"));
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            let line = line.unwrap_or_else(|| panic!("no {name} in {path}: the process has ended"));
            let number = line.trim().strip_suffix(" kB").unwrap();
            number.parse::<u64>().unwrap() * 1024
        };
        Memory { resident: field("VmRSS:"), peak: field("VmHWM:") }
    }
}

/// Returns the number of open descriptors of this process, including those of other tests.
pub fn open_descriptors() -> usize {
    // Reading the directory uses one.
    fs::read_dir("/proc/self/fd").unwrap().count() - 1
}

/// Returns the number of threads of this process. A joined thread may be listed for a moment
/// longer.
pub fn threads() -> usize {
    fs::read_dir("/proc/self/task").unwrap().count()
}

/// Returns the child processes that have not been waited for, including zombies.
pub fn children() -> Vec<u32> {
    let own = std::process::id().to_string();
    let is_own = |pid: &u32| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.rsplit(") ").next().unwrap().split(' ').nth(1) == Some(&own)
    };
    let names = fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().file_name());
    names.filter_map(|name| name.to_str()?.parse().ok()).filter(is_own).collect()
}

/// Returns whether a process is running; a zombie is not.
pub fn is_running(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(") ").next().is_some_and(|fields| !fields.is_empty() && !fields.starts_with('Z'))
}

/// A child process, killed on drop. Its output goes to files, so it never blocks on a pipe.
pub struct Process {
    child: Child,
    name: String,
    output: TempDir,
}

/// The result of a child process.
#[derive(Debug)]
pub struct Finished {
    /// Exit code or signal.
    pub status: ExitStatus,
    /// Its complete stdout.
    pub stdout: String,
    /// Its complete stderr.
    pub stderr: String,
    name: String,
}

impl Finished {
    /// Returns its stdout; panics with all output unless it exited with 0.
    #[track_caller]
    pub fn success(self) -> String {
        let Finished { status, stdout, stderr, name } = self;
        assert!(
            status.success(),
            "{name}: {status}\n--- stdout\n{stdout}\n--- stderr\n{stderr}\n---"
        );
        stdout
    }
}

impl Process {
    /// Starts a command without stdin.
    #[track_caller]
    pub fn spawn(command: &mut Command) -> Process {
        Process::start(command.stdin(Stdio::null()))
    }

    /// Starts a command with a pipe as stdin.
    #[track_caller]
    pub fn interactive(command: &mut Command) -> Process {
        Process::start(command.stdin(Stdio::piped()))
    }

    #[track_caller]
    fn start(command: &mut Command) -> Process {
        let output = TempDir::new();
        command.stdout(File::create(output.join("stdout")).unwrap());
        command.stderr(File::create(output.join("stderr")).unwrap());
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.spawn().unwrap_or_else(|e| panic!("cannot run {name}: {e}"));
        Process { child, name, output }
    }

    /// Returns its PID.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Returns its current memory; it must be running.
    pub fn memory(&self) -> Memory {
        Memory::of(self.pid())
    }

    /// Writes to its stdin.
    pub fn write(&mut self, bytes: impl AsRef<[u8]>) {
        self.child.stdin.as_mut().expect("stdin is open").write_all(bytes.as_ref()).unwrap();
    }

    /// Closes its stdin.
    pub fn close_stdin(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// Returns its stdout so far.
    pub fn stdout(&self) -> String {
        self.read("stdout")
    }

    /// Returns its stderr so far.
    pub fn stderr(&self) -> String {
        self.read("stderr")
    }

    fn read(&self, name: &str) -> String {
        String::from_utf8_lossy(&fs::read(self.output.join(name)).unwrap()).into_owned()
    }

    /// Sends it a signal, such as `libc::SIGINT`.
    pub fn signal(&self, signal: i32) {
        // The child has not been waited for, so the PID is still valid.
        unsafe { libc::kill(self.pid() as i32, signal) };
    }

    /// Waits until its stdout contains `text`; panics if it exits before, or after `limit`.
    #[track_caller]
    pub fn wait_stdout(&mut self, text: &str, limit: Duration) {
        let end = Instant::now() + limit;
        loop {
            // In this order, since output before the exit counts.
            let ended = self.child.try_wait().unwrap();
            if self.stdout().contains(text) {
                return;
            }
            if ended.is_some() || Instant::now() >= end {
                let why =
                    ended.map_or("it is still running".to_string(), |status| status.to_string());
                let (name, out, err) = (&self.name, self.stdout(), self.stderr());
                panic!(
                    "{name} did not write {text:?}: {why}\n--- stdout\n{out}\n--- stderr\n{err}\n---"
                );
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits until it exits; panics and kills it after `limit`.
    #[track_caller]
    pub fn wait(mut self, limit: Duration) -> Finished {
        let end = Instant::now() + limit;
        let mut pause = Duration::from_micros(100);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                let (stdout, stderr) = (self.stdout(), self.stderr());
                return Finished { status, stdout, stderr, name: self.name.clone() };
            }
            if Instant::now() >= end {
                let (name, out, err) = (&self.name, self.stdout(), self.stderr());
                panic!(
                    "{name} has not exited after {limit:?}\n--- stdout\n{out}\n--- stderr\n{err}\n---"
                );
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(5));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail without effect if the child has been waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command until it exits, at most for `limit`.
#[track_caller]
pub fn run(command: &mut Command, limit: Duration) -> Finished {
    Process::spawn(command).wait(limit)
}

const CHILD: &str = "DOCKLINE_TEST_CHILD";

/// Printed by a child at its end.
const FINISHED_MARK: &str = "the test body has finished";

/// Returns the command that runs one test of this program, given by its full name, in a child
/// process, where [`is_child`] is true.
pub fn this_test(name: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", name, "--include-ignored", "--nocapture", "--test-threads=1"]);
    command.env(CHILD, name);
    command
}

/// Runs one test of this program, given by its full name, in a child process with additional
/// environment variables. There the test runs its body by [`as_child`].
#[track_caller]
pub fn this_test_with(name: &str, limit: Duration, environment: &[(&str, &str)]) {
    let mut command = this_test(name);
    command.envs(environment.iter().copied());
    run_child(&mut command, name, limit);
}

/// Runs a command of [`this_test`].
#[track_caller]
pub fn run_child(command: &mut Command, name: &str, limit: Duration) {
    let output = run(command, limit).success();
    // With a wrong name, no test runs and the exit code is 0.
    assert!(output.contains(FINISHED_MARK), "no test is called {name}:\n{output}");
}

/// Runs the body of a test in the child process.
pub fn as_child(body: impl FnOnce()) {
    body();
    println!("{FINISHED_MARK}");
}

/// Returns whether this process was started by [`this_test`].
pub fn is_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

/// Runs `body` in its own process, for values that are counted per process: memory, descriptors,
/// threads, environment. `name` is the full name of the calling test.
#[track_caller]
pub fn in_own_process(name: &str, limit: Duration, body: impl FnOnce()) {
    if is_child() {
        return as_child(body);
    }
    run_child(&mut this_test(name), name, limit);
}

/// Returns cargo's target directory.
pub fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap()
}

/// Returns a cargo command that runs in the directory of the package.
pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    // Variables that cargo sets for tests are removed. Build scripts that depend on them, such as
    // ring's, would run again each time.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let is_set_by_cargo = text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_");
        if is_set_by_cargo || text == "OUT_DIR" {
            cargo.env_remove(name);
        }
    }
    cargo
}
