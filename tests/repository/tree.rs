//! The crates that a dependent program builds.

use std::collections::BTreeSet;
use std::env;
use std::process::Command;

/// Returns the crates of a build with the default features and the given ones, including this
/// crate.
fn crates(features: &str) -> BTreeSet<String> {
    let output = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["tree", "--locked", "--offline", "--edges", "normal,build", "--prefix", "none"])
        .args(["--format", "{p}", "--features", features])
        .output()
        .expect("cargo");
    let (stdout, stderr) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stderr}");
    // Name and version; the rest is the source or a mark of repetition.
    stdout.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn has_few_crates() {
    let crates = crates("");
    assert!(crates.contains(concat!("dockline v", env!("CARGO_PKG_VERSION"))), "{crates:?}");
    assert!(crates.len() <= 25, "{} crates: {crates:#?}", crates.len());
}

#[test]
fn readme_has_crate_counts() {
    let statement = format!("Its default build has {} crates, itself included", crates("").len());
    assert!(include_str!("../../README.md").contains(&statement), "not true: {statement:?}");
    let statement = format!("With the feature `tls` it has {}", crates("tls").len());
    assert!(include_str!("../../README.md").contains(&statement), "not true: {statement:?}");
}

/// TLS adds no system library, and no build tool except a C compiler.
#[test]
fn tls_adds_few_crates() {
    let (without, with) = (crates(""), crates("tls"));
    assert!(with.len() <= 40, "{} crates: {with:#?}", with.len());
    let names: BTreeSet<_> = with.iter().map(|name| name.split(' ').next().unwrap()).collect();
    assert!(names.contains("rustls") && names.contains("ring"), "{names:?}");
    for unwanted in ["aws-lc-rs", "aws-lc-sys", "cmake", "openssl-sys", "native-tls", "pkg-config"]
    {
        assert!(!names.contains(unwanted), "{unwanted}");
    }
    for of_tls in ["rustls", "rustls-native-certs", "rustls-webpki", "ring", "cc"] {
        assert!(!without.iter().any(|name| name.split(' ').next() == Some(of_tls)), "{of_tls}");
    }
}
