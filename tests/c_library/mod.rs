//! The C libraries, for tests that inspect them or link to them.

// Each test program uses only some of this.
#![allow(dead_code)]

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::support::{cargo, target};

/// Builds libdockline.so and libdockline.a from the current sources, once, and returns their
/// directory. Compared with the installed libraries they have an additional function that panics.
///
/// The directory is the one of the tests, where all dependencies are built already.
pub fn build() -> &'static Path {
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    DIR.get_or_init(|| {
        let mut list = OsString::from("--print=native-static-libs=");
        list.push(target().join("native-static-libs"));
        let mut cargo = cargo();
        cargo.args(["rustc", "--locked", "--offline", "--quiet", "--lib"]);
        cargo.args(["--crate-type", "cdylib,staticlib", "--features", "_test_panic"]);
        output(cargo.arg("--target-dir").arg(target()).arg("--").arg(list));
        target().join("debug")
    })
}

/// Returns the path of the shared library.
pub fn shared() -> PathBuf {
    build().join("libdockline.so")
}

/// Returns the path of the static library.
pub fn archive() -> PathBuf {
    build().join("libdockline.a")
}

/// Returns the libraries that a program must link to besides the static library, as rustc lists
/// them.
pub fn native_static_libs() -> String {
    build();
    let list = fs::read_to_string(target().join("native-static-libs")).unwrap();
    list.trim().to_owned()
}

/// Returns the directory of dockline.h.
pub fn include() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("include")
}

/// Returns the content of dockline.h.
pub fn header() -> String {
    let path = include().join("dockline.h");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the program at the beginning of the manual, which is the first comment of dockline.h.
pub fn manual_program() -> String {
    let header = header();
    let manual = &header[..header.find("*/").unwrap()];
    let lines = manual.lines().skip_while(|line| !line.contains("#include"));
    let lines = lines.take_while(|line| *line != " * OWNERSHIP");
    lines.map(|line| line.trim_start_matches(" *").to_owned() + "\n").collect()
}

/// Returns a required command. The test fails if it is missing, naming its package.
#[track_caller]
pub fn tool(name: &str, package: &str) -> Command {
    if let Err(error) = Command::new(name).arg("--version").output() {
        panic!(
            "this test requires {name}, which cannot be run: {error}. Its Debian package is {package}."
        );
    }
    Command::new(name)
}

/// Returns the C compiler with all warnings as errors.
#[track_caller]
pub fn cc(standard: &str) -> Command {
    let mut cc = tool("gcc", "gcc");
    cc.arg(format!("-std={standard}"));
    strict(cc)
}

/// Returns the C++ compiler with all warnings as errors.
#[track_caller]
pub fn cxx(standard: &str) -> Command {
    let mut cxx = tool("g++", "g++");
    cxx.arg(format!("-std={standard}"));
    strict(cxx)
}

fn strict(mut compiler: Command) -> Command {
    compiler.args(["-Wall", "-Wextra", "-pedantic", "-Werror", "-g", "-O1", "-pthread", "-I"]);
    compiler.arg(include());
    compiler
}

/// Runs a command and returns its stdout; fails the test with its output if it fails.
#[track_caller]
pub fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (stdout, stderr) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{stdout}{stderr}", output.status);
    stdout.into_owned()
}
