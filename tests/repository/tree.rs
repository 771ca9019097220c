//! What a program that depends on this crate has to build.

use std::collections::BTreeSet;
use std::env;
use std::process::Command;

/// The crates of a build with the default features and these, this one among them.
fn crates(features: &str) -> BTreeSet<String> {
    let output = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["tree", "--locked", "--offline", "--edges", "normal,build", "--prefix", "none"])
        .args(["--format", "{p}", "--features", features])
        .output()
        .expect("cargo runs");
    let (stdout, stderr) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stderr}");
    // Name and version; what else there may be says where it comes from, or that it was there before.
    stdout.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn has_few_crates() {
    let crates = crates("");
    assert!(crates.contains(concat!("dockline v", env!("CARGO_PKG_VERSION"))), "{crates:?}");
    assert!(crates.len() <= 25, "{} crates: {crates:#?}", crates.len());
}

#[test]
fn the_readme_counts_them() {
    let said = format!("Its default build has {} crates, itself included", crates("").len());
    assert!(include_str!("../../README.md").contains(&said), "not true any more: {said:?}");
    let said = format!("With the feature `tls` it has {}", crates("tls").len());
    assert!(include_str!("../../README.md").contains(&said), "not true any more: {said:?}");
}

/// By TLS it stays small: no library of the system, and no tool but a C compiler to build it.
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
