//! What a program that depends on this crate has to build.

use std::collections::BTreeSet;
use std::env;
use std::process::Command;

/// The crates of a build with the default features, this one among them.
fn crates() -> BTreeSet<String> {
    let output = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["tree", "--locked", "--offline", "--edges", "normal,build", "--prefix", "none"])
        .args(["--format", "{p}"])
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
    let crates = crates();
    assert!(crates.contains(concat!("dockline v", env!("CARGO_PKG_VERSION"))), "{crates:?}");
    assert!(crates.len() <= 25, "{} crates: {crates:#?}", crates.len());
}

#[test]
fn the_readme_counts_them() {
    let said = format!("Its default build has {} crates, itself among them", crates().len());
    assert!(include_str!("../../README.md").contains(&said), "not true any more: {said:?}");
}
