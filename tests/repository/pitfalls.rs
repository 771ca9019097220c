//! Checks that the tests and functions in `docs/known-pitfalls.md` exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::sources::{Function, Sources};

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the text between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Returns the names of all tests in the notation of the documents.
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
fn every_row_names_existing_tests() {
    let document = read("docs/known-pitfalls.md");
    let tests = tests();
    let mut rows = 0;
    let heads = ["Problem", "---"];
    for row in document.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [symptom, seen, here, shown] = cells[..] else {
            panic!("a row must have four cells: {row}")
        };
        if heads.contains(&symptom) {
            continue;
        }
        rows += 1;
        assert!(seen.contains('#') && !here.is_empty(), "{row}");
        assert!(quoted(shown).count() > 0, "no test: {row}");
        for test in quoted(shown) {
            assert!(tests.contains(test), "{symptom}: no test {test}");
        }
    }
    assert!(rows > 20, "only {rows} rows were found");
}

#[test]
fn functions_exist_in_header() {
    let (document, header) = (read("docs/known-pitfalls.md"), read("include/dockline.h"));
    let functions: Vec<&str> = quoted(&document).filter_map(|it| it.strip_suffix("()")).collect();
    assert!(!functions.is_empty());
    for function in functions {
        assert!(header.contains(&format!("{function}(")), "no function {function}()");
    }
}
