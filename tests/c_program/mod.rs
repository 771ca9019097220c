//! C and C++ programs: compiled with the library, and run in every way that matters.

// Every test program uses its part of this.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::c_library::{archive, build, cc, cxx, native_static_libs, output, shared, tool};
use crate::support::{Finished, Process, TempDir};

pub use crate::support::LIMIT;

/// How a program is linked and run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// With the shared library.
    Shared,
    /// With the static library; slow to link, hence for few programs, see `c/static_library.rs`.
    Static,
    /// With the shared library, under valgrind: no error, and all memory freed.
    Valgrind,
    /// With the shared library, the program compiled with address and undefined behaviour
    /// sanitizers.
    Sanitized,
}

/// All that may show something else of each program.
pub const WAYS: [Way; 3] = [Way::Shared, Way::Valgrind, Way::Sanitized];

/// For programs that do nothing which others do not, and on real engines, which could not tell the others apart.
pub const TWO_WAYS: [Way; 2] = [Way::Shared, Way::Valgrind];

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

    /// For those who want more of it.
    pub fn into_command(self) -> Command {
        self.command
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(self) -> Finished {
        self.spawn().wait(LIMIT)
    }

    /// Starts it, for those who want to look at it or to signal it.
    #[track_caller]
    pub fn spawn(mut self) -> Process {
        Process::spawn(&mut self.command)
    }
}

/// Compiles `ffi-tests/NAME.c` and has `test` run it, in each way.
#[track_caller]
pub fn in_every_way(name: &str, test: impl Fn(Program)) {
    in_ways(&WAYS, &ffi_test(name), test);
}

/// Compiles a program, C or C++ by its ending, and has `test` run it, in each of these ways.
#[track_caller]
pub fn in_ways(ways: &[Way], source: &Path, test: impl Fn(Program)) {
    let dir = TempDir::new();
    for &way in ways {
        // Compiled once for the ways that differ only in how it is run.
        let compiled = if way == Way::Valgrind { Way::Shared } else { way };
        let program = dir.join(format!("{compiled:?}"));
        if !program.exists() {
            compile(compiled, source, &program);
        }
        let mut command = if way == Way::Valgrind { valgrind() } else { Command::new(&program) };
        if way == Way::Valgrind {
            command.arg(&program);
        }
        // What the engine is, and credentials, must come from the test alone.
        command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C");
        command.env("HOME", dir.path());
        command.env("UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1");
        // Leaks are valgrind's task; this one cannot look for them where it is being traced.
        command.env("ASAN_OPTIONS", "detect_leaks=0");
        println!("{}: {way:?}", source.display());
        test(Program { command });
    }
}

fn compile(way: Way, source: &Path, program: &Path) {
    let is_c = source.extension().is_some_and(|it| it == "c");
    let mut compiler = if is_c { cc("c99") } else { cxx("c++11") };
    compiler.arg(source).arg("-o").arg(program);
    match way {
        Way::Static => {
            compiler.arg(archive()).args(native_static_libs().split(' '));
        }
        _ => {
            compiler.arg("-L").arg(build()).arg("-ldockline");
            compiler.arg(format!("-Wl,-rpath,{}", loader_dir().display()));
        }
    }
    // Programs with threads; a part of the C library since 2.34, but not everywhere.
    compiler.arg("-pthread");
    if way == Way::Sanitized {
        compiler.args(["-fsanitize=address,undefined", "-fno-omit-frame-pointer"]);
    }
    output(&mut compiler);
}

/// A directory where the shared library is found by its SONAME.
fn loader_dir() -> PathBuf {
    let dir = build().join("by-soname");
    fs::create_dir_all(&dir).unwrap();
    let link = dir.join("libdockline.so.0");
    // Made once; another test may be first.
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

/// The path of `ffi-tests/NAME.c`.
pub fn ffi_test(name: &str) -> PathBuf {
    root().join(format!("ffi-tests/{name}.c"))
}

/// The path of a program in `examples`.
pub fn example(file: &str) -> PathBuf {
    root().join("examples").join(file)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
