//! `CONTRIBUTING.md` against the examples in `tests/data/adding`. `scripts/test-adding` builds and tests
//! them in a copy.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Patches, their chapters, and how many files each may touch.
const EXAMPLES: &[(&str, &str, usize)] = &[
    ("operation", "An operation", 10),
    ("option", "An option", 4),
    ("field", "A field of a body", 3),
];

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files that a chapter lists: `1. `src/lib.rs`: what goes into it`.
fn listed(chapter: &str) -> BTreeSet<String> {
    let text = read("CONTRIBUTING.md");
    let lines = text.lines().skip_while(|line| *line != format!("### {chapter}")).skip(1);
    let lines = lines.take_while(|line| !line.starts_with("##"));
    let items = lines.filter(|line| line.starts_with(|it: char| it.is_ascii_digit()));
    items.map(|item| item.split('`').nth(1).expect("an item begins with a file").into()).collect()
}

#[test]
fn lists_are_those_of_the_examples() {
    for (name, chapter, most) in EXAMPLES {
        let patch = read(&format!("tests/data/adding/{name}.patch"));
        let touched = patch.lines().filter_map(|line| line.strip_prefix("+++ b/"));
        let mut touched: BTreeSet<_> = touched.map(str::to_owned).collect();
        let listed = listed(chapter);
        // It is written by `make header`.
        touched.extend(listed.get("include/dockline.h").cloned());
        assert_eq!(listed, touched, "{chapter}");
        assert!(listed.len() <= *most, "{chapter}: {listed:?}");
    }
}

#[test]
fn examples_apply() {
    for (name, ..) in EXAMPLES {
        let patch = format!("tests/data/adding/{name}.patch");
        let check = |direction: &[&str]| {
            let mut git = Command::new("git");
            git.current_dir(env!("CARGO_MANIFEST_DIR")).args(["apply", "--check", "-C1"]);
            git.args(direction).arg(&patch).output().expect("git runs")
        };
        let forward = check(&[]);
        // In the copy of `scripts/test-adding` it is applied.
        let applies = forward.status.success() || check(&["--reverse"]).status.success();
        let words = String::from_utf8_lossy(&forward.stderr);
        assert!(applies, "{words}scripts/test-adding says how to renew {patch}");
    }
}
