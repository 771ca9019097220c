//! The files that each `.dockerignore` excludes.
//!
//! The cases for the classic builder are the behaviour of docker command 28; the live tests compare
//! them with the installed docker command.

// Each test program uses only some of this.
#![allow(dead_code)]

use std::collections::BTreeSet;

use crate::support::TempDir;

/// The files of the directory.
pub const TREE: &[&str] = &[
    "Dockerfile",
    "#",
    ".env",
    "[a]",
    "a/b/x.go",
    "a/x.go",
    "a/y",
    "b/a/y",
    "b/y",
    "x.go",
    "y",
    "éa",
];

/// Everything that is sent if nothing is excluded, with directories.
const ALL: &str = "# .env [a] a/ a/b/ a/b/x.go a/x.go a/y b/ b/a/ b/a/y b/y x.go y éa";

/// The content of `.dockerignore` and the result: after `+` the paths that are sent, after `-`
/// those that are not. The Dockerfile and `.dockerignore`, which are always sent, are omitted.
pub const CASES: &[(&str, &str)] = &[
    // Names, and the content of directories with these names.
    ("y", "- y"),
    ("a", "- a/ a/b/ a/b/x.go a/x.go a/y"),
    ("a/b", "- a/b/ a/b/x.go"),
    ("a/b/x.go", "- a/b/x.go"),
    ("x.go\ny", "- x.go y"),
    ("no", "-"),
    ("A", "-"),
    ("a/", "- a/ a/b/ a/b/x.go a/x.go a/y"),
    ("a//b", "- a/b/ a/b/x.go"),
    ("b/a/", "- b/a/ b/a/y"),
    (".env", "- .env"),
    ("éa", "- éa"),
    ("é", "-"),
    ("a/b/x", "-"),
    // Paths are cleaned; paths that leave the directory match nothing.
    ("./y", "- y"),
    ("./a/./b/", "- a/b/ a/b/x.go"),
    ("a/../y", "- y"),
    ("../y", "-"),
    ("/y", "- y"),
    ("/a/b", "- a/b/ a/b/x.go"),
    ("//a", "- a/ a/b/ a/b/x.go a/x.go a/y"),
    ("/", "-"),
    (".", "-"),
    ("..", "-"),
    ("a/..", "-"),
    ("./..", "-"),
    ("/../y", "- y"),
    ("a/b/../../y", "- y"),
    // Comments, empty lines, blanks, line endings, the byte order mark.
    ("", "-"),
    ("\n\n", "-"),
    ("# y", "-"),
    ("#y\ny", "- y"),
    ("#", "-"),
    (" #", "- #"),
    ("\\#", "- #"),
    ("!#\ny", "- y"),
    (" # y", "-"),
    ("  y  ", "- y"),
    ("\ty\t", "- y"),
    ("y\r\na\r\n", "- a/ a/b/ a/b/x.go a/x.go a/y y"),
    ("\u{feff}y", "- y"),
    ("\u{feff}# y\ny", "- y"),
    ("y\n\u{feff}a", "- y"),
    ("a b", "-"),
    ("y #", "-"),
    ("\ny\n\n\na\n", "- a/ a/b/ a/b/x.go a/x.go a/y y"),
    // Wildcards within a path component.
    ("*", "+"),
    ("*.go", "- x.go"),
    ("a/*.go", "- a/x.go"),
    ("a/*", "- a/b/ a/b/x.go a/x.go a/y"),
    ("*/y", "- a/y b/y"),
    ("*/*", "- a/b/ a/b/x.go a/x.go a/y b/a/ b/a/y b/y"),
    ("*/*/*", "- a/b/x.go b/a/y"),
    ("?", "+ .env [a] x.go éa"),
    ("??", "- éa"),
    ("?/y", "- a/y b/y"),
    ("a?", "-"),
    ("*a", "- a/ a/b/ a/b/x.go a/x.go a/y éa"),
    ("a*", "- a/ a/b/ a/b/x.go a/x.go a/y"),
    ("*.*", "- .env x.go"),
    (".*", "- .env"),
    ("x?go", "- x.go"),
    ("*/x.go", "- a/x.go"),
    ("*/b", "- a/b/ a/b/x.go"),
    // At any depth.
    ("**", "+"),
    ("**/", "+"),
    ("**/*", "+"),
    ("**/y", "- a/y b/a/y b/y y"),
    ("**/a", "- a/ a/b/ a/b/x.go a/x.go a/y b/a/ b/a/y"),
    ("**/*.go", "- a/b/x.go a/x.go x.go"),
    ("**/x.go", "- a/b/x.go a/x.go x.go"),
    ("a/**", "- a/b/ a/b/x.go a/x.go a/y"),
    ("a/**/x.go", "- a/b/x.go a/x.go"),
    ("a/**/*.go", "- a/b/x.go a/x.go"),
    ("**/b/**", "- a/b/x.go b/a/ b/a/y b/y"),
    ("**/b/*", "- a/b/x.go b/a/ b/a/y b/y"),
    ("a/**/y", "- a/y"),
    ("**/a/**/y", "- a/y b/a/y"),
    ("a**", "- a/ a/b/ a/b/x.go a/x.go a/y"),
    ("**/?", "+ .env [a] x.go éa"),
    ("*/**", "- a/b/ a/b/x.go a/x.go a/y b/a/ b/a/y b/y"),
    ("*/**/y", "- a/y b/a/y b/y"),
    ("***", "+"),
    ("a/***", "- a/b/ a/b/x.go a/x.go a/y"),
    ("**/**", "+"),
    ("**/b", "- a/b/ a/b/x.go b/ b/a/ b/a/y b/y"),
    ("b/**/", "- b/a/ b/a/y b/y"),
    ("/**/y", "- a/y b/a/y b/y y"),
    ("**/*/y", "- a/y b/a/y b/y"),
    // Character classes and escapes, as in Go.
    ("[a]", "- a/ a/b/ a/b/x.go a/x.go a/y"),
    ("\\[a\\]", "- [a]"),
    ("\\[a]", "- [a]"),
    ("[ab]", "+ # .env [a] x.go y éa"),
    ("[a-b]/y", "- a/y b/y"),
    ("[^a]", "- # b/ b/a/ b/a/y b/y y"),
    ("[^a-z]", "- #"),
    ("[!a]", "- a/ a/b/ a/b/x.go a/x.go a/y"),
    ("[\\]]", "-"),
    ("[xy]*", "- x.go y"),
    ("[.-é]*", "+ #"),
    ("x[.]go", "- x.go"),
    ("x\\.go", "- x.go"),
    ("\\*", "-"),
    ("[*]", "-"),
    ("[é]a", "- éa"),
    ("[[]*", "- [a]"),
    ("[^[]*", "+ [a]"),
    ("[a\\-z]", "- a/ a/b/ a/b/x.go a/x.go a/y"),
    ("[[:alpha:]]", "+ # .env [a] x.go éa"),
    ("x[[:punct:]]go", "- x.go"),
    ("[y][y]", "-"),
    // Special characters of regular expressions that have no meaning here.
    ("x+go", "-"),
    ("x.g", "-"),
    ("(y)", "-"),
    ("y|a", "-"),
    ("y$", "-"),
    ("{a,b}", "-"),
    ("a{1}", "-"),
    ("x.*", "- x.go"),
    ("^y", "-"),
    // Exceptions: the last matching pattern decides.
    ("*\n!y", "+ y"),
    ("y\n!y", "-"),
    ("!y\ny", "- y"),
    ("!y", "-"),
    ("a\n!a/y\na/y", "- a/ a/b/ a/b/x.go a/x.go a/y"),
    ("a\n!a", "-"),
    ("a/*\n!a/y", "- a/b/ a/b/x.go a/x.go"),
    ("*\n!a", "+ a/ a/b/ a/b/x.go a/x.go a/y"),
    ("**/y\n!b/y", "- a/y b/a/y y"),
    ("**/y\n!y", "- a/y b/a/y b/y"),
    ("*\n!*.go", "+ x.go"),
    ("*.go\n!x.go", "-"),
    ("a/b\n!a", "- a/b/ a/b/x.go"),
    ("*\n! y", "+ y"),
    ("*\n!/y", "+ y"),
    ("*\n!./a/../y", "+ y"),
    ("*\n!a/", "+ a/ a/b/ a/b/x.go a/x.go a/y"),
    ("a/**\n!a/y", "- a/b/ a/b/x.go a/x.go"),
    ("a\n!a/no", "- a/ a/b/ a/b/x.go a/x.go a/y"),
    ("! y\ny", "- y"),
    ("*\n!../y", "+"),
    ("!!y\n*", "+"),
    ("**/x.go\n!a/b", "- a/b/x.go a/x.go x.go"),
    ("*\n!?", "- .env [a] x.go éa"),
    ("**/a\n!b/a", "- a/ a/b/ a/b/x.go a/x.go a/y"),
    ("./!y", "-"),
    ("y\n./!y", "-"),
];

/// Cases in which BuildKit, the last column, differs: the parent directories of sent files are
/// sent, and exceptions with wildcards apply inside excluded directories.
pub const BY_BUILDER: &[(&str, &str, &str)] = &[
    ("a\n!a/b", "- a/ a/x.go a/y", "- a/x.go a/y"),
    ("a\n!a/b/x.go", "- a/ a/b/ a/x.go a/y", "- a/x.go a/y"),
    ("*\n!a/b", "+ a/b/ a/b/x.go", "+ a/ a/b/ a/b/x.go"),
    ("*\n!a/*.go", "+ a/x.go", "+ a/ a/x.go"),
    ("**\n!a/y", "+ a/y", "+ a/ a/y"),
    ("a\n!a/b\na/b/x.go", "- a/ a/b/x.go a/x.go a/y", "- a/b/x.go a/x.go a/y"),
    ("*\n!a/**", "+ a/b/ a/b/x.go a/x.go a/y", "+ a/ a/b/ a/b/x.go a/x.go a/y"),
    ("*\n!a/b/**", "+ a/b/x.go", "+ a/ a/b/ a/b/x.go"),
    ("a/*\n!a/b/x.go", "- a/b/ a/x.go a/y", "- a/x.go a/y"),
    ("*\n!b/a\nb/a/y", "+ b/a/", "+ b/ b/a/"),
    ("b\n!b/a/y", "- b/ b/a/ b/y", "- b/y"),
    ("[ab]\n!a/y", "+ # .env [a] a/y x.go y éa", "- a/b/ a/b/x.go a/x.go b/ b/a/ b/a/y b/y"),
    ("*\n!**/x.go", "+ x.go", "+ a/ a/b/ a/b/x.go a/x.go x.go"),
    ("*\n!**/y", "+ y", "+ a/ a/y b/ b/a/ b/a/y b/y y"),
    ("*\n!*/y", "+", "+ a/ a/y b/ b/y"),
    ("a\n!**/x.go", "- a/ a/b/ a/b/x.go a/x.go a/y", "- a/y"),
    ("*\n!?/y", "+", "+ a/ a/y b/ b/y"),
    ("a\n!a*/b/x.go", "- a/ a/b/ a/b/x.go a/x.go a/y", "- a/x.go a/y"),
    ("*\n![ab]/y", "+", "+ a/ a/y b/ b/y"),
    ("**\n!**/*.go", "+ x.go", "+ a/ a/b/ a/b/x.go a/x.go x.go"),
    ("a\n!*/b", "- a/ a/b/ a/b/x.go a/x.go a/y", "- a/x.go a/y"),
    ("b\n!b/*/y", "- b/ b/a/ b/a/y b/y", "- b/y"),
    ("*\n!a/**/x.go", "+ a/x.go", "+ a/ a/b/ a/b/x.go a/x.go"),
    ("*\n!**/b", "+ b/ b/a/ b/a/y b/y", "+ a/ a/b/ a/b/x.go b/ b/a/ b/a/y b/y"),
    ("*\n!b/**/", "+ b/a/ b/a/y b/y", "+ b/ b/a/ b/a/y b/y"),
];

/// Cases that the docker command before version 23 treats differently or rejects.
pub const NEW: &[&str] =
    &["y\n\u{feff}a", "(y)", "y|a", "a{1}", "^y", "a/b\n!a", "**/x.go\n!a/b", "*\n!**/b"];

/// Invalid patterns.
pub const MALFORMED: &[&str] = &[
    "[", "a[b", "[]", "[]a]", "[-a]", "[a-]", "[^]", "a\\", "[a\\", "!", "!/", "[z-a]", "\\y",
    "a\n![", "[[:no:]]",
];

/// Returns the paths that are sent in a case.
pub fn sent(expected: &str) -> BTreeSet<String> {
    let all = || ALL.split(' ').map(str::to_owned);
    let named: BTreeSet<String> = expected.split(' ').skip(1).map(str::to_owned).collect();
    assert!(named.iter().all(|name| all().any(|it| it == *name)), "{expected}");
    let sent: BTreeSet<String> = match expected.as_bytes()[0] {
        b'+' => named,
        b'-' => all().filter(|name| !named.contains(name)).collect(),
        _ => panic!("{expected}"),
    };
    sent.into_iter().chain([".dockerignore".to_owned(), "Dockerfile".to_owned()]).collect()
}

/// Creates the directory.
pub fn tree() -> TempDir {
    let dir = TempDir::new();
    for file in TREE {
        dir.write(file, file);
    }
    dir
}
