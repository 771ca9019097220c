//! libdockline as C gets it, for the tests that look at it or link to it.

// Every test program uses its part of this.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::{env, fs};

/// The libraries, built from the sources as they are now.
pub struct Library {
    folder: PathBuf,
}

impl Library {
    /// As it is shipped.
    pub fn shipped() -> &'static Library {
        static LIBRARY: OnceLock<Library> = OnceLock::new();
        LIBRARY.get_or_init(|| Library::build("capi"))
    }

    /// With a function that panics.
    pub fn with_panic() -> &'static Library {
        static LIBRARY: OnceLock<Library> = OnceLock::new();
        LIBRARY.get_or_init(|| Library::build("_test_panic"))
    }

    fn build(features: &str) -> Library {
        // One folder for each set of features: libraries for C have no hash in their names.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(features);
        fs::create_dir_all(&target).unwrap();
        let mut list = target.join("native-static-libs").into_os_string();
        list =
            [std::ffi::OsString::from("--print=native-static-libs="), list].into_iter().collect();
        let output = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["rustc", "--locked", "--offline", "--quiet", "--lib"])
            .args(["--crate-type", "cdylib,staticlib", "--features", features, "--target-dir"])
            .arg(&target)
            .arg("--")
            .arg(list)
            .output()
            .expect("cargo runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the library for C does not build:\n{said}");
        Library { folder: target }
    }

    /// Where libdockline.so and libdockline.a are.
    pub fn folder(&self) -> PathBuf {
        self.folder.join("debug")
    }

    /// The shared library.
    pub fn shared(&self) -> PathBuf {
        self.folder().join("libdockline.so")
    }

    /// The static library.
    pub fn archive(&self) -> PathBuf {
        self.folder().join("libdockline.a")
    }

    /// What a program with the static library is to be linked with, as rustc says.
    pub fn native_static_libs(&self) -> String {
        let list = fs::read_to_string(self.folder.join("native-static-libs")).unwrap();
        list.trim().to_owned()
    }
}

/// The folder of dockline.h.
pub fn include() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("include")
}

/// The text of dockline.h.
pub fn header() -> String {
    let path = include().join("dockline.h");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The program at the beginning of the manual, which is the head of dockline.h.
pub fn manual_program() -> String {
    let header = header();
    let manual = &header[..header.find("*/").unwrap()];
    let lines = manual.lines().skip_while(|line| !line.contains("#include"));
    let lines = lines.take_while(|line| *line != " * OWNERSHIP");
    lines.map(|line| line.trim_start_matches(" *").to_owned() + "\n").collect()
}

/// A command that must be there. Its package is named if it is not.
#[track_caller]
pub fn tool(name: &str, package: &str) -> Command {
    if let Err(error) = Command::new(name).arg("--version").output() {
        panic!(
            "this test needs {name}, and it cannot be run: {error}. It is in Debian's {package}."
        );
    }
    Command::new(name)
}

/// The C compiler, with all its warnings as errors.
#[track_caller]
pub fn cc(standard: &str) -> Command {
    let mut cc = tool("gcc", "gcc");
    cc.arg(format!("-std={standard}"));
    strict(cc)
}

/// The C++ compiler, with all its warnings as errors.
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

/// Runs a command to its end and gives its stdout; fails the test, with what it said, if it fails.
#[track_caller]
pub fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (stdout, stderr) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{stdout}{stderr}", output.status);
    stdout.into_owned()
}
