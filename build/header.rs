//! The text of `include/dockline.h`.
//!
//! `build.rs` writes the header with it, and `tests/c/header.rs` compares.

use std::fmt::Write;
use std::fs;
use std::path::Path;

#[path = "options.rs"]
mod options;

/// What cbindgen makes of `src/ffi` below the crate at `source`, with the manual, the version, and the options that the
/// comments there leave out.
pub fn generate(source: &Path) -> String {
    let read = |path: &str| {
        fs::read_to_string(source.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let mut config = cbindgen::Config::from_root_or_default(source);
    config.header = Some(comment(&read("build/manual.txt")));
    config.after_includes = Some(version_macros(&read("Cargo.toml")));
    let bindings = cbindgen::Builder::new()
        .with_config(config)
        .with_src(source.join("src/ffi/mod.rs"))
        .generate()
        .unwrap_or_else(|error| panic!("cbindgen: {error}"));
    let mut header = Vec::new();
    bindings.write(&mut header);
    options::document(source, &String::from_utf8(header).expect("cbindgen writes UTF-8"))
}

fn comment(text: &str) -> String {
    assert!(!text.contains("*/"), "the manual ends its own comment");
    let mut comment = "/*\n".to_owned();
    for line in text.lines() {
        comment += format!(" * {line}").trim_end();
        comment += "\n";
    }
    comment + " */"
}

/// From the first `version = "…"` of Cargo.toml, which is the package's.
fn version_macros(cargo_toml: &str) -> String {
    let version = cargo_toml
        .lines()
        .find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .expect("Cargo.toml has a version");
    let numbers = version.split(['-', '+']).next().unwrap_or_default().split('.');
    let mut macros = format!("\n#define DOCKLINE_VERSION \"{version}\"\n");
    for (part, number) in ["MAJOR", "MINOR", "PATCH"].into_iter().zip(numbers) {
        writeln!(macros, "#define DOCKLINE_VERSION_{part} {number}").expect("memory takes it");
    }
    macros
        + "#define DOCKLINE_VERSION_NUMBER \\\n    \
           (DOCKLINE_VERSION_MAJOR * 1000000 + DOCKLINE_VERSION_MINOR * 1000 + \
           DOCKLINE_VERSION_PATCH)"
}
