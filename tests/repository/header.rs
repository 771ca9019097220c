//! `include/dockline.h` as a manual: its table of contents, and what it documents of each function.

use std::sync::LazyLock;

use crate::sources::calls::LIBRARY;
use crate::sources::{Function, Struct};

/// Parameters that the manual at the top describes once.
const DESCRIBED_ONCE: [&str; 3] = ["context", "error", "user_data"];

/// Types of options.
const TYPES: [&str; 7] = ["array", "boolean", "integer", "number", "object", "string", "time"];

/// A function of the header.
#[derive(Debug, Default)]
struct Documented {
    name: &'static str,
    parameters: Vec<String>,
    docs: Vec<&'static str>,
    chapter: &'static str,
}

/// A row of a list of options.
#[derive(Debug, PartialEq)]
struct Row {
    name: &'static str,
    kind: &'static str,
    since: u16,
    has_meaning: bool,
}

static HEADER: LazyLock<String> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/include/dockline.h");
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
});

static FUNCTIONS: LazyLock<Vec<Documented>> = LazyLock::new(|| {
    let mut functions = Vec::new();
    let (mut docs, mut chapter) = (Vec::new(), "");
    let mut lines = HEADER.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = title(line) {
            chapter = title;
        }
        if matches!(line.trim_start(), "/*" | "/**") {
            let comment = lines.by_ref().take_while(|line| line.trim_start() != "*/");
            docs = comment.map(|line| line.get(3..).unwrap_or_default()).collect();
            continue;
        }
        let name = line.split('(').next().unwrap_or_default().rsplit([' ', '*']).next();
        if let Some(name) = name.filter(|it| it.starts_with("dockline_") && line.contains('(')) {
            let mut declaration = line.to_owned();
            while !declaration.ends_with(");") {
                declaration = declaration + " " + lines.next().expect("the end of a declaration");
            }
            let parameters = parameters(&declaration);
            functions.push(Documented {
                name,
                parameters,
                docs: std::mem::take(&mut docs),
                chapter,
            });
        }
    }
    assert!(functions.len() > 200, "{} functions", functions.len());
    functions
});

/// The names of the parameters, those of callbacks without theirs.
fn parameters(declaration: &str) -> Vec<String> {
    let (_, list) = declaration.split_once('(').expect("a list of parameters");
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for letter in list.trim_end_matches(");").chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => parts.push(String::new()),
            _ => {}
        }
        parts.last_mut().expect("there is one").push(letter);
    }
    let name = |part: &String| {
        let pointer = part.split_once("(*").and_then(|it| it.1.split(')').next());
        let name = pointer.or(part.rsplit([' ', '*', ',']).next()).unwrap_or_default();
        name.to_owned()
    };
    parts.iter().map(name).filter(|name| name != "void").collect()
}

fn title(line: &'static str) -> Option<&'static str> {
    line.strip_prefix("/* ==== ")?.strip_suffix(" ==== */")
}

fn function(name: &str) -> &'static Documented {
    FUNCTIONS.iter().find(|it| it.name == name).unwrap_or_else(|| panic!("no {name}()"))
}

impl Documented {
    /// Whether it has an output for an error.
    fn fails(&self) -> bool {
        self.parameters.len() > 1 && self.parameters.iter().any(|it| it == "error")
    }

    /// The text behind `options:` in its documentation.
    fn remark(&self) -> Option<&'static str> {
        self.docs.iter().find_map(|line| line.strip_prefix("options:"))
    }

    /// Its list of options.
    fn options(&self) -> Vec<Row> {
        let rows = self.docs.iter().filter_map(|line| line.strip_prefix("  \""));
        let row = |row: &'static str| {
            let (name, rest) = row.split_once("\"  ").expect("a name in quotes");
            let mut words = rest.split_whitespace().peekable();
            let kind = words.next().unwrap_or_default();
            let since = words.peek().and_then(|it| it.strip_prefix("1.")?.parse().ok());
            words.next_if(|_| since.is_some());
            let since = since.unwrap_or_default();
            Row { name, kind, since, has_meaning: words.next().is_some() }
        };
        rows.map(row).collect()
    }
}

/// The options struct that a function of C reads.
fn table(function: &Function) -> Option<&'static Struct> {
    const READ: [&str; 8] = ["=", "arg", ":", ":", "options", "(", "options", ")"];
    let at = function.tokens.windows(READ.len()).position(|tokens| *tokens == READ)?;
    let name = &function.tokens[at - 1];
    let table = LIBRARY.structs.iter().find(|it| it.name == *name);
    Some(table.unwrap_or_else(|| panic!("{}: no struct {name}", function.name)))
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn lists_of_options_are_the_tables() {
    let mut faults = Vec::new();
    let mut count = 0;
    let exported = LIBRARY.functions.iter().filter(|it| it.name.starts_with("dockline_"));
    for (code, table) in exported.filter_map(|it| Some((it, table(it)?))) {
        let documented = function(&code.name);
        let Some(remark) = documented.remark() else {
            faults.push(format!("{}: its options are not documented", code.name));
            continue;
        };
        if let Some((_, other)) = remark.split_once("as for ") {
            let other = other.split('(').next().unwrap_or_default();
            let rows = function(other).options();
            let names: Vec<_> = rows.iter().map(|it| it.name).collect();
            if !table.fields.iter().all(|it| names.contains(&&*it.wire)) {
                faults.push(format!("{}: {other}() has other options", code.name));
            }
            continue;
        }
        let rows = documented.options();
        let listed: Vec<_> = rows.iter().map(|it| (it.name, it.since)).collect();
        let declared: Vec<_> = table.fields.iter().map(|it| (&*it.wire, it.since)).collect();
        if listed != declared {
            faults.push(format!("{}: lists {listed:?}, takes {declared:?}", code.name));
        }
        for row in rows.iter().filter(|it| !it.has_meaning || !TYPES.contains(&it.kind)) {
            faults.push(format!("{}: {row:?}", code.name));
        }
        count += rows.len();
    }
    assert_none(&faults);
    assert!(count > 150, "{count} options");
}

#[test]
fn every_parameter_is_described() {
    let mut faults = Vec::new();
    // The sentence of a getter describes its parameters.
    for Documented { name, parameters, docs, .. } in FUNCTIONS.iter().filter(|it| it.fails()) {
        for parameter in parameters {
            let begins = |line: &&str| line.starts_with(&format!("{parameter}:"));
            if !DESCRIBED_ONCE.contains(&parameter.as_str()) && !docs.iter().any(begins) {
                faults.push(format!("{name}: {parameter} is not described"));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn every_function_that_fails_says_what_it_returns() {
    let is_silent = |it: &&Documented| !it.docs.iter().any(|line| line.starts_with("Returns "));
    let silent: Vec<_> = FUNCTIONS.iter().filter(|it| it.fails()).filter(is_silent).collect();
    assert!(silent.is_empty(), "{:#?}", silent.iter().map(|it| it.name).collect::<Vec<_>>());
}

#[test]
fn first_sentences_fit_into_the_table_of_contents() {
    let mut faults = Vec::new();
    for Documented { name, docs, .. } in FUNCTIONS.iter() {
        let first = docs.first().copied().unwrap_or_default();
        if first.len() > 80 || !first.ends_with('.') || docs.get(1).is_some_and(|it| !it.is_empty())
        {
            faults.push(format!("{name}: {first:?} is not one short sentence"));
        }
    }
    assert_none(&faults);
}

#[test]
fn the_table_of_contents_is_complete() {
    let contents = HEADER.split(" * CONTENTS\n").nth(1).and_then(|it| it.split(" */").next());
    let mut listed: Vec<(&str, &str)> = Vec::new();
    let mut chapter = "";
    for line in contents.expect("a table of contents").lines() {
        match line.strip_prefix(" *   dockline_") {
            Some(_) => listed.push((chapter, line[5..].split('(').next().unwrap())),
            None if !line.starts_with(" *  ") => chapter = line.get(3..).unwrap_or_default(),
            None => {}
        }
    }
    let declared: Vec<_> = FUNCTIONS.iter().map(|it| (it.chapter, it.name)).collect();
    assert_eq!(listed, declared);
    let chapters = HEADER.lines().filter_map(title).count();
    assert!(chapters > 30, "{chapters} chapters");
}

#[test]
fn comments_have_at_most_100_columns() {
    let comments = HEADER.lines().filter(|line| line.trim_start().starts_with(['*', '/']));
    let long: Vec<_> = comments.filter(|line| line.chars().count() > 100).collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
