//! `docs/known-pitfalls.md`: what is named there is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::sources::{Function, Sources};

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// All tests, as the documents name them.
fn tests() -> BTreeSet<String> {
    let is_test = |it: &&Function| it.attributes.iter().any(|it| it.join("") == "test");
    let sources = Sources::below("tests");
    let names = sources.functions.iter().filter(is_test).map(|test| {
        let file = test.file.trim_start_matches("tests/").trim_end_matches(".rs");
        format!("{file}::{}{}", test.module, test.name)
    });
    names.collect()
}

#[test]
fn each_is_shown_by_tests() {
    let document = read("docs/known-pitfalls.md");
    let tests = tests();
    let mut rows = 0;
    let heads = ["Problem", "---"];
    for row in document.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [symptom, seen, here, shown] = cells[..] else { panic!("no four cells: {row}") };
        if heads.contains(&symptom) {
            continue;
        }
        rows += 1;
        assert!(seen.contains('#') && !here.is_empty(), "{row}");
        assert!(quoted(shown).count() > 0, "no test: {row}");
        for test in quoted(shown) {
            assert!(tests.contains(test), "{symptom}: there is no test {test}");
        }
    }
    assert!(rows > 20, "the tables are not read: {rows} rows");
}

#[test]
fn its_functions_are_in_the_header() {
    let (document, header) = (read("docs/known-pitfalls.md"), read("include/dockline.h"));
    let functions: Vec<&str> = quoted(&document).filter_map(|it| it.strip_suffix("()")).collect();
    assert!(!functions.is_empty());
    for function in functions {
        assert!(header.contains(&format!("{function}(")), "there is no {function}()");
    }
}
