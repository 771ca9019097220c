//! Names the shared library, and writes the C header when asked to.

#[cfg(feature = "header")]
#[path = "build/header.rs"]
mod header;

/// Goes up when an exported symbol goes away or changes its meaning, and only then.
const SONAME: &str = "libdockline.so.0";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let env = |name| std::env::var(name).unwrap_or_default();
    if !env("CARGO_FEATURE_CAPI").is_empty() && env("CARGO_CFG_TARGET_OS") == "linux" {
        // For all that is linked, though only the shared library heeds it: cargo objects to
        // `rustc-cdylib-link-arg` where, as with `cargo test`, no shared library is built.
        println!("cargo::rustc-link-arg=-Wl,-soname,{SONAME}");
    }
    #[cfg(feature = "header")]
    write_header();
}

/// Into OUT_DIR, and into `include` only when DOCKLINE_WRITE_HEADER is 1: sources are read-only for
/// most who build.
#[cfg(feature = "header")]
fn write_header() {
    use std::path::PathBuf;
    use std::{env, fs};

    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/api");
    println!("cargo::rerun-if-changed=src/ffi");
    println!("cargo::rerun-if-changed=cbindgen.toml");
    println!("cargo::rerun-if-env-changed=DOCKLINE_WRITE_HEADER");
    let source = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo"));
    let header = header::generate(&source);
    fs::write(out.join("dockline.h"), &header).expect("OUT_DIR can be written to");
    if env::var_os("DOCKLINE_WRITE_HEADER").is_some_and(|it| it == "1") {
        println!("cargo::rerun-if-changed=include/dockline.h");
        let path = source.join("include").join("dockline.h");
        if fs::read_to_string(&path).is_ok_and(|it| it == header) {
            return;
        }
        fs::create_dir_all(source.join("include"))
            .and_then(|()| fs::write(&path, header))
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
    }
}
