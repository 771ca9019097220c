//! `include/dockline.h` matches the code and compiles.

#[path = "../../build/header.rs"]
mod generator;

use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use crate::c_library::{cc, cxx, header, include, manual_program, output};
use crate::support::TempDir;

/// Collects the warnings of cbindgen.
struct Warnings(Mutex<Vec<String>>);

impl log::Log for Warnings {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.level() <= log::Level::Warn
    }

    fn log(&self, record: &log::Record<'_>) {
        let message = record.args().to_string();
        // Private constants are not part of the C interface.
        let harmless = message.starts_with("Skip ") && message.ends_with(" - (not `pub`).");
        if self.enabled(record.metadata()) && !harmless {
            self.0.lock().unwrap().push(message);
        }
    }

    fn flush(&self) {}
}

static WARNINGS: Warnings = Warnings(Mutex::new(Vec::new()));

#[test]
fn matches_code() {
    log::set_logger(&WARNINGS).unwrap();
    log::set_max_level(log::LevelFilter::Warn);
    let generated = generator::generate(Path::new(env!("CARGO_MANIFEST_DIR")));
    let warnings = WARNINGS.0.lock().unwrap();
    assert!(warnings.is_empty(), "cbindgen warns:\n{}", warnings.join("\n"));
    assert!(generated == header(), "include/dockline.h is not current: run `make header`");
}

/// The example of CONTRIBUTING.md follows the rules for comments of C functions.
#[test]
fn documents_example_operation() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let header = if root.join("src/model/container_flip.rs").exists() {
        // In the copy of `scripts/test-adding` the example is applied.
        generator::generate(root)
    } else {
        let dir = TempDir::new();
        for name in ["src", "build", "Cargo.toml", "Cargo.lock", "cbindgen.toml"] {
            output(Command::new("cp").arg("-r").arg(root.join(name)).arg(dir.path()));
        }
        let patch = root.join("tests/data/adding/operation.patch");
        let mut git = Command::new("git");
        git.current_dir(dir.path()).args(["apply", "-C1", "--include=src/*"]).arg(patch);
        output(&mut git);
        generator::generate(dir.path())
    };
    let (_, docs) = header.split_once("* Flips a container.\n").expect("the function");
    let (docs, _) = docs.split_once("*/").unwrap();
    for part in ["  \"axis\"  string  ", "flipped: receives", "Returns DOCKLINE_OK;"] {
        assert!(docs.contains(part), "{docs}");
    }
}

#[test]
fn has_no_rust_terms() {
    let header = header();
    for word in
        ["# Safety", "[`", "`]", "::", "Option<", "Result<", "crate", "struct method", "TODO"]
    {
        for (number, line) in header.lines().enumerate() {
            assert!(!line.contains(word), "line {}: {line}", number + 1);
        }
    }
}

#[test]
fn has_package_version() {
    let header = header();
    let (version, [major, minor, patch]) = (
        env!("CARGO_PKG_VERSION"),
        [
            env!("CARGO_PKG_VERSION_MAJOR"),
            env!("CARGO_PKG_VERSION_MINOR"),
            env!("CARGO_PKG_VERSION_PATCH"),
        ],
    );
    for line in [
        format!("#define DOCKLINE_VERSION \"{version}\""),
        format!("#define DOCKLINE_VERSION_MAJOR {major}"),
        format!("#define DOCKLINE_VERSION_MINOR {minor}"),
        format!("#define DOCKLINE_VERSION_PATCH {patch}"),
    ] {
        assert!(header.lines().any(|it| it == line), "{line}");
    }
}

/// Compiles the header alone, twice in a unit, and in two units of a program.
fn compiles(compiler: impl Fn() -> Command, extension: &str) {
    let dir = TempDir::new();
    let twice = "#include <dockline.h>\n#include <dockline.h>\n";
    let first =
        dir.write(format!("a.{extension}"), format!("{twice}int main(void) {{ return 0; }}\n"));
    let second =
        dir.write(format!("b.{extension}"), format!("{twice}extern int other;\nint other = 1;\n"));
    output(compiler().args([&first, &second]).arg("-o").arg(dir.join("program")));
    output(
        compiler()
            .args(["-fsyntax-only", "-Wno-pragma-once-outside-header"])
            .arg(include().join("dockline.h")),
    );
}

#[test]
fn compiles_as_c99() {
    compiles(|| cc("c99"), "c");
}

#[test]
fn compiles_as_c11() {
    compiles(|| cc("c11"), "c");
}

#[test]
fn compiles_as_cxx11() {
    compiles(|| cxx("c++11"), "cc");
}

#[test]
fn manual_program_compiles() {
    let dir = TempDir::new();
    let source = dir.write("manual.c", manual_program());
    output(cc("c99").arg("-c").arg(source).arg("-o").arg(dir.join("manual.o")));
}
