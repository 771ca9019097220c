//! Sets the SONAME of the shared library, and generates the C header with the feature `header`.

#[cfg(feature = "header")]
#[path = "build/header.rs"]
mod header;

/// Incremented when an exported symbol is removed or changes its meaning, and only then.
const SONAME: &str = "libdockline.so.0";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let env = |name| std::env::var(name).unwrap_or_default();
    if !env("CARGO_FEATURE_CAPI").is_empty() && env("CARGO_CFG_TARGET_OS") == "linux" {
        // Only the shared library needs it, but cargo objects to `rustc-cdylib-link-arg` if, as in
        // `cargo test`, no shared library is built. For programs, linkers ignore it.
        println!("cargo::rustc-link-arg=-Wl,-soname,{SONAME}");
    }
    #[cfg(feature = "header")]
    write_header();
}

/// Writes the header to `OUT_DIR`, and to `include` only if `DOCKLINE_WRITE_HEADER` is 1, because
/// sources may be read-only.
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
    fs::write(out.join("dockline.h"), &header).expect("OUT_DIR is writable");
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
