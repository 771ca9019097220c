//! C and C++ programs: compiled with the library, and run in several modes.

// Each test program uses only some of this.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::c_library::{archive, build, cc, cxx, native_static_libs, output, shared, tool};
use crate::support::{Finished, Process, TempDir};

pub use crate::support::LIMIT;

/// How a program is linked and run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Linked to the shared library.
    Shared,
    /// Linked to the static library. Linking is slow, so only few programs use it, see
    /// `c/static_library.rs`.
    Static,
    /// Linked to the shared library, under valgrind: no errors, all memory freed.
    Valgrind,
    /// Linked to the shared library, with the address and undefined behaviour sanitizers.
    Sanitized,
}

/// The modes that every program runs in.
pub const ALL_MODES: [Mode; 3] = [Mode::Shared, Mode::Valgrind, Mode::Sanitized];

/// For programs that add no new kinds of calls, and for real engines.
pub const BASIC_MODES: [Mode; 2] = [Mode::Shared, Mode::Valgrind];

/// A program, ready to run once.
pub struct Program {
    command: Command,
}

impl Program {
    pub fn arg(mut self, arg: &str) -> Program {
        self.command.arg(arg);
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Program {
        self.command.env(name, value);
        self
    }

    /// Returns the command, for other ways to run it.
    pub fn into_command(self) -> Command {
        self.command
    }

    /// Runs the program until it exits.
    #[track_caller]
    pub fn run(self) -> Finished {
        self.spawn().wait(LIMIT)
    }

    /// Starts the program, to observe it or send it signals.
    #[track_caller]
    pub fn spawn(mut self) -> Process {
        Process::spawn(&mut self.command)
    }
}

/// Compiles `ffi-tests/NAME.c` and calls `test` with it in each mode.
#[track_caller]
pub fn in_all_modes(name: &str, test: impl Fn(Program)) {
    in_modes(&ALL_MODES, &ffi_test(name), test);
}

/// Compiles a C or C++ program, by its extension, and calls `test` with it in the given modes.
#[track_caller]
pub fn in_modes(modes: &[Mode], source: &Path, test: impl Fn(Program)) {
    let dir = TempDir::new();
    for &mode in modes {
        // Compiled once for modes that only run it differently.
        let compiled = if mode == Mode::Valgrind { Mode::Shared } else { mode };
        let program = dir.join(format!("{compiled:?}"));
        if !program.exists() {
            compile(compiled, source, &program);
        }
        let mut command = if mode == Mode::Valgrind { valgrind() } else { Command::new(&program) };
        if mode == Mode::Valgrind {
            command.arg(&program);
        }
        // The engine and the credentials come from the test only.
        command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C");
        command.env("HOME", dir.path());
        command.env("UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1");
        // valgrind checks for leaks; LeakSanitizer fails under ptrace.
        command.env("ASAN_OPTIONS", "detect_leaks=0");
        println!("{}: {mode:?}", source.display());
        test(Program { command });
    }
}

fn compile(mode: Mode, source: &Path, program: &Path) {
    let is_c = source.extension().is_some_and(|it| it == "c");
    let mut compiler = if is_c { cc("c99") } else { cxx("c++11") };
    compiler.arg(source).arg("-o").arg(program);
    match mode {
        Mode::Static => {
            compiler.arg(archive()).args(native_static_libs().split(' '));
        }
        _ => {
            compiler.arg("-L").arg(build()).arg("-ldockline");
            compiler.arg(format!("-Wl,-rpath,{}", loader_dir().display()));
        }
    }
    // For threads; separate from the C library before glibc 2.34.
    compiler.arg("-pthread");
    if mode == Mode::Sanitized {
        compiler.args(["-fsanitize=address,undefined", "-fno-omit-frame-pointer"]);
    }
    output(&mut compiler);
}

/// Returns a directory in which the shared library has its SONAME.
fn loader_dir() -> PathBuf {
    let dir = build().join("by-soname");
    fs::create_dir_all(&dir).unwrap();
    let link = dir.join("libdockline.so.0");
    // Another test may have created it.
    if let Err(error) = std::os::unix::fs::symlink(shared(), &link) {
        assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists, "{error}");
    }
    dir
}

fn valgrind() -> Command {
    let mut valgrind = tool("valgrind", "valgrind");
    valgrind.args(["--quiet", "--error-exitcode=99", "--leak-check=full", "--num-callers=30"]);
    valgrind.args(["--errors-for-leak-kinds=all", "--show-leak-kinds=all"]);
    valgrind.arg(format!("--suppressions={}", root().join("ffi-tests/valgrind.supp").display()));
    valgrind
}

/// Returns the path of `ffi-tests/NAME.c`.
pub fn ffi_test(name: &str) -> PathBuf {
    root().join(format!("ffi-tests/{name}.c"))
}

/// Returns the path of a file in `examples`.
pub fn example(file: &str) -> PathBuf {
    root().join("examples").join(file)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
