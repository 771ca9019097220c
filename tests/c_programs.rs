//! The C programs of `ffi-tests`.
//!
//! A program `ffi-tests/NAME.c` is C99 without warnings, checks what it sees with `CHECK` of
//! `check.h`, and ends with 0. To add one, add a test here that runs it in every way; an engine,
//! if it needs one, is started for each run and its host given as an argument:
//!
//! ```ignore
//! #[test]
//! fn list() {
//!     in_every_way("list", |program| {
//!         let engine = FakeEngine::unix();
//!         engine.ping("1.41").exchange("GET /v1.41/containers/json HTTP/1.1", Response::json("[]"));
//!         let output = program.arg(&engine.host()).run().success();
//!         assert_eq!(output, "0 containers\n");
//!         engine.finish();
//!     });
//! }
//! ```

mod c_library;
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use c_library::{Library, cc, output, tool};
use support::{Finished, Process, TempDir};

/// Time for a program to run, under valgrind too.
const LIMIT: Duration = Duration::from_secs(60);

/// How a program is linked and run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// With the shared library.
    Shared,
    /// With the static library.
    Static,
    /// With the shared library, under valgrind: no error, and all memory freed.
    Valgrind,
    /// With the shared library, the program compiled with address and undefined behaviour
    /// sanitizers.
    Sanitized,
}

const WAYS: [Way; 4] = [Way::Shared, Way::Static, Way::Valgrind, Way::Sanitized];

/// A program, ready to run once.
struct Program {
    way: Way,
    command: Command,
}

impl Program {
    fn arg(mut self, arg: &str) -> Program {
        self.command.arg(arg);
        self
    }

    /// Runs it to its end.
    #[track_caller]
    fn run(self) -> Finished {
        self.spawn().wait(LIMIT)
    }

    /// Starts it, for those who want to look at it or to signal it.
    #[track_caller]
    fn spawn(mut self) -> Process {
        Process::spawn(&mut self.command)
    }
}

/// Compiles `ffi-tests/NAME.c` and has `test` run it, in each way.
#[track_caller]
fn in_every_way(name: &str, test: impl Fn(Program)) {
    in_ways(&WAYS, Library::shipped(), name, test);
}

#[track_caller]
fn in_ways(ways: &[Way], library: &Library, name: &str, test: impl Fn(Program)) {
    let folder = TempDir::new();
    for &way in ways {
        let program = folder.join(format!("{name}-{way:?}"));
        compile(way, library, name, &program);
        let mut command = if way == Way::Valgrind { valgrind() } else { Command::new(&program) };
        if way == Way::Valgrind {
            command.arg(&program);
        }
        // What the engine is must come from the test alone.
        command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C");
        command.env("UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1");
        // Leaks are valgrind's task; this one cannot look for them where it is being traced.
        command.env("ASAN_OPTIONS", "detect_leaks=0");
        println!("{name}: {way:?}");
        test(Program { way, command });
    }
}

fn compile(way: Way, library: &Library, name: &str, program: &Path) {
    let mut cc = cc("c99");
    cc.arg(source(name)).arg("-o").arg(program);
    match way {
        Way::Static => {
            cc.arg(library.archive()).args(library.native_static_libs().split(' '));
        }
        Way::Shared | Way::Valgrind | Way::Sanitized => {
            cc.arg("-L").arg(library.folder()).arg("-ldockline");
            cc.arg(format!("-Wl,-rpath,{}", loader_folder(library).display()));
        }
    }
    if way == Way::Sanitized {
        cc.args(["-fsanitize=address,undefined", "-fno-omit-frame-pointer"]);
    }
    output(&mut cc);
}

/// A folder where the shared library is found by its SONAME.
fn loader_folder(library: &Library) -> PathBuf {
    let folder = library.folder().join("by-soname");
    fs::create_dir_all(&folder).unwrap();
    let link = folder.join("libdockline.so.0");
    // Made once; another test may be first.
    if let Err(error) = std::os::unix::fs::symlink(library.shared(), &link) {
        assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists, "{error}");
    }
    folder
}

fn valgrind() -> Command {
    let mut valgrind = tool("valgrind", "valgrind");
    valgrind.args(["--quiet", "--error-exitcode=99", "--leak-check=full", "--num-callers=30"]);
    valgrind.args(["--errors-for-leak-kinds=all", "--show-leak-kinds=all"]);
    let suppressions = Path::new(env!("CARGO_MANIFEST_DIR")).join("ffi-tests/valgrind.supp");
    valgrind.arg(format!("--suppressions={}", suppressions.display()));
    valgrind
}

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("ffi-tests").join(format!("{name}.c"))
}

#[test]
fn every_program_is_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ffi-tests");
    let programs: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .filter_map(|it| it.unwrap().file_name().to_str()?.strip_suffix(".c").map(str::to_owned))
        .collect();
    let tests = include_str!("c_programs.rs");
    let forgotten: Vec<_> =
        programs.iter().filter(|name| !tests.contains(&format!("\nfn {name}() {{"))).collect();
    assert!(forgotten.is_empty(), "no test runs {forgotten:?}");
}

#[test]
fn value() {
    in_every_way("value", |program| drop(program.run().success()));
}

#[test]
fn null() {
    in_every_way("null", |program| drop(program.run().success()));
}

#[test]
fn panic() {
    in_ways(&WAYS, Library::with_panic(), "panic", |program| {
        let finished = program.run();
        assert!(finished.stderr.contains("as asked"), "the panic is on stderr: {finished:?}");
        finished.success();
    });
}
