//! The exported symbols.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::c_library::{header, output, shared, tool};

/// Functions without Rust code that could panic.
const PLAIN: [&str; 2] = ["dockline_version", "dockline_version_number"];

/// Returns the header without its comments.
pub fn code() -> String {
    let header = header();
    let mut rest = header.as_str();
    let mut code = String::new();
    while let Some((before, comment)) = rest.split_once("/*") {
        code += before;
        rest = comment.split_once("*/").expect("comments end").1;
    }
    code + rest
}

/// Returns the functions that the header declares.
pub fn declared() -> BTreeSet<String> {
    let code = code();
    let names = code.split(|it: char| !(it.is_ascii_alphanumeric() || it == '_' || it == '('));
    names
        .filter_map(|word| word.split_once('('))
        .filter(|(name, _)| name.starts_with("dockline_"))
        .map(|(name, _)| name.to_owned())
        .collect()
}

#[test]
fn exports_match_header() {
    let mut nm = tool("nm", "binutils");
    let symbols = output(nm.args(["-D", "--defined-only"]).arg(shared()));
    let exported: BTreeSet<String> =
        symbols.lines().filter_map(|line| line.split(' ').nth(2)).map(str::to_owned).collect();
    // Only in the tests' library, see `scripts/test-install`.
    let panics = "dockline_test_panic".to_owned();
    let expected: BTreeSet<String> = declared().into_iter().chain([panics]).collect();
    assert_eq!(exported, expected);
}

#[test]
fn library_has_soname() {
    let mut readelf = tool("readelf", "binutils");
    let dynamic = output(readelf.args(["-d", "-W"]).arg(shared()));
    assert!(dynamic.contains("Library soname: [libdockline.so.0]"), "{dynamic}");
}

/// Returns name and body of each exported function in the sources.
fn functions() -> Vec<(String, String)> {
    let mut functions = Vec::new();
    functions_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ffi"), &mut functions);
    functions
}

fn functions_below(dir: &Path, functions: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            functions_below(&path, functions);
            continue;
        }
        let source = fs::read_to_string(path).unwrap();
        for part in source.split("\n#[unsafe(no_mangle)]\n").skip(1) {
            let head =
                part.split_once("extern \"C\" fn ").expect("exported functions have the C ABI").1;
            let name = head.split_once('(').unwrap().0;
            let body = part.split_once("\n}").expect("functions end").0;
            functions.push((name.to_owned(), body.to_owned()));
        }
    }
}

#[test]
fn every_function_catches_panics() {
    let functions = functions();
    let names: BTreeSet<_> = functions.iter().map(|it| it.0.clone()).collect();
    let declared = declared();
    assert!(declared.len() > 30, "{declared:?}");
    assert!(names.is_superset(&declared), "not found: {:?}", declared.difference(&names));
    for (name, body) in functions {
        let guarded = body.contains("guard(") || body.contains("guard_or(");
        assert_eq!(guarded, !PLAIN.contains(&&*name), "{name}");
    }
}

#[test]
fn errors_name_function_or_operation() {
    for (name, body) in functions() {
        let Some((_, after)) = body.split_once("guard(\"") else { continue };
        let operation = after.split_once('"').unwrap().0;
        let is_operation = operation.starts_with(|it: char| it.is_ascii_uppercase());
        assert!(operation == name || is_operation, "{name} reports errors as {operation}");
    }
}

#[test]
fn every_function_is_called_by_a_c_test() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("ffi-tests");
    let programs: String = fs::read_dir(dir)
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    let identifiers: BTreeSet<_> =
        programs.split(|it: char| !(it.is_ascii_alphanumeric() || it == '_')).collect();
    let untested: Vec<_> =
        declared().into_iter().filter(|it| !identifiers.contains(&**it)).collect();
    assert!(untested.is_empty(), "no program in ffi-tests calls {untested:?}");
}
