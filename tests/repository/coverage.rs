//! Compares `docs/operations.csv` with the code.
//!
//! The list has a row for each operation of the library. Its first five columns are facts of the
//! Engine API; the rest follows from the code. `CONTRIBUTING.md` describes how to add an operation:
//! `cargo test --features capi --test repository coverage` fails and prints the row to add. A test is named by its
//! file below `tests` without `.rs`, `::` and its path there. Each Rust method requires a test that
//! calls it. The row requires one that compares bytes and, if there is any, a live one
//! (`#[ignore]`).
//!
//! The parameters that an operation sends are read from its request function, which calls
//! `Request::new`, `Request::on` or similar with literals for operation, method and path, and from
//! the helpers that it calls. `models.rs` compares fields of bodies. `symbols.rs` checks that a C
//! program calls every exported function.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::sync::LazyLock;
use std::{fs, io};

use crate::sources::calls::{
    LIBRARY, REQUESTS, SAME_REQUEST, Sent, c_functions, methods, options, requests_of, sent,
};
use crate::sources::{Field, Function, Sources};
use crate::support::Operation;

/// Parameters that the library does not send, by operation or `*`, with the reason.
const LEFT_OUT: Exceptions = &[
    ("*", "X-Meta-*", "passed to the registry unchanged; no registry is known to need any"),
    ("ContainerLogs", "format", "experimental: JSON records instead of frames"),
    ("ImageBuild", "Content-type", "always application/x-tar, also for compressed tars"),
    ("ImageList", "filter", "only for engines before 1.25; replaced by the filter `reference`"),
];

/// Parameters newer than 1.39 without a version check by name, with the reason.
const NOT_CHECKED: Exceptions = &[
    ("ContainerAttachWebsocket", "stdin", "checked if it is off: older engines send all three"),
    ("ContainerAttachWebsocket", "stdout", "same"),
    ("ContainerAttachWebsocket", "stderr", "same"),
    (
        "ImageCreate",
        "changes",
        "engines before 1.40 support it, although their definition omits it",
    ),
];

/// Operations without a C function.
const NOT_IN_C: &[&str] = &[];

/// Operations that engines support but the API definition omits.
const NOT_IN_THE_API: &[&str] =
    &["CheckpointList", "CheckpointCreate", "CheckpointDelete", "BuildCancel", "Grpc"];

type Exceptions = &'static [(&'static str, &'static str, &'static str)];

/// Returns the index of the entry for a parameter of an operation.
fn exception_index(exceptions: Exceptions, operation: &str, parameter: &str) -> Option<usize> {
    exceptions.iter().position(|it| (it.0 == "*" || it.0 == operation) && it.1 == parameter)
}

/// The raw request, which has no facts.
const RAW: &str = "Raw";

/// The minor version that all older ones count as.
const OLDEST: u16 = 24;

/// An operation in the Engine API.
struct Fact {
    operation: &'static str,
    method: &'static str,
    path: &'static str,
    since: &'static str,
    parameters: Vec<Parameter>,
}

struct Parameter {
    name: &'static str,
    /// The minor version, if it is newer than 1.39.
    since: Option<u16>,
    default: Option<&'static str>,
}

fn minor(version: &str) -> Option<u16> {
    version.strip_prefix("1.")?.parse().ok()
}

static FACTS: LazyLock<Vec<Fact>> = LazyLock::new(|| {
    let parameter = |word: &'static str| {
        let (word, default) = word.split_once('=').map_or((word, None), |it| (it.0, Some(it.1)));
        let (name, since) = word.split_once(':').unwrap_or((word, ""));
        Parameter { name, since: minor(since), default }
    };
    let fact = |row: &'static Row| {
        let Row { operation, method, path, since, parameters, .. } = row;
        let parameters = parameters.iter().map(|it| parameter(it)).collect();
        Fact { operation, method, path, since, parameters }
    };
    ROWS.iter().filter(|row| row.operation != RAW).map(fact).collect()
});

fn fact(operation: &str) -> Option<&'static Fact> {
    FACTS.iter().find(|fact| fact.operation == operation)
}

/// Returns the facts of the library's operations, and what it sends.
fn facts() -> impl Iterator<Item = (&'static Fact, Sent)> {
    let facts = FACTS.iter().filter(|fact| requests_of(fact.operation).next().is_some());
    facts.map(|fact| (fact, sent(fact.operation)))
}

/// Returns the operations of the library.
fn operations() -> BTreeSet<&'static str> {
    let requested = REQUESTS.iter().map(|it| it.operation.as_str());
    requested.chain(SAME_REQUEST.iter().map(|it| it.0)).collect()
}

/// A row of the list.
#[derive(Clone, Default, PartialEq)]
struct Row {
    operation: String,
    method: String,
    path: String,
    since: String,
    parameters: Vec<String>,
    rust: Vec<String>,
    c: Vec<String>,
    tests: Vec<String>,
}

const LIST: &str = "docs/operations.csv";
const HEAD: &str = "operation,method,path,since,parameters,rust,c,tests";

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let row = |line: &str| {
        let cells: Vec<_> = line.split(',').collect();
        let [operation, method, path, since, parameters, rust, c, tests] = cells[..] else {
            panic!("{LIST}: a row must have eight cells: {line:?}")
        };
        let [operation, method, path, since] = [operation, method, path, since].map(str::to_owned);
        let [parameters, rust, c, tests] = [parameters, rust, c, tests]
            .map(|cell| cell.split_whitespace().map(str::to_owned).collect());
        Row { operation, method, path, since, parameters, rust, c, tests }
    };
    let list = read(LIST);
    let (head, rows) = list.split_once('\n').expect("a list with rows");
    assert_eq!(head, HEAD, "the first line of {LIST}");
    rows.lines().map(row).collect()
});

impl Row {
    /// Returns the row as a line of the list.
    fn line(&self) -> String {
        let Row { operation, method, path, since, .. } = self;
        let [parameters, rust, c, tests] =
            [&self.parameters, &self.rust, &self.c, &self.tests].map(|words| words.join(" "));
        format!("{operation},{method},{path},{since},{parameters},{rust},{c},{tests}")
    }

    /// Returns the row that follows from the code, with suitable tests. The facts are those of the
    /// existing row, if any.
    fn expected(operation: &str) -> Row {
        let mut row = match row(operation) {
            Some(row) => Row { tests: Vec::new(), ..row.clone() },
            None => Row::sent(operation),
        };
        row.rust = methods(operation).iter().map(|it| rust_name(it)).collect();
        row.c = c_functions(operation).iter().map(|it| it.name.clone()).collect();
        for live in [false, true] {
            for rust in &row.rust {
                let best = Test::calling(operation, rust, live).first().map(|it| it.name());
                row.tests.extend(best.filter(|it| !row.tests.contains(it)));
            }
        }
        row
    }

    /// Returns the row with facts as far as the code shows them.
    fn sent(operation: &str) -> Row {
        let mut row = Row { operation: operation.into(), ..Row::default() };
        if let Some(request) = requests_of(operation).next() {
            [row.method, row.path] = [&request.method, &request.path].map(Clone::clone);
            row.path = row.path.replace("{}", "{id}");
        }
        let sent = sent(operation);
        let since = sent.since.last().copied().unwrap_or_default().max(OLDEST);
        row.since = format!("1.{since}");
        let newer = |name: &str| sent.needs.iter().find(|it| it.0 == name && it.1 > since);
        let name = |name: &String| match newer(name) {
            Some((name, since)) => format!("{name}:1.{since}"),
            None => name.clone(),
        };
        row.parameters = sent.names.iter().map(name).collect();
        let bodies = ["body", "tar"].into_iter().filter(|it| sent.texts.contains(*it));
        row.parameters.extend(bodies.map(str::to_owned));
        row
    }

    /// Returns the row without tests, and with sorted names.
    fn content(&self) -> Row {
        let mut content = Row { tests: Vec::new(), ..self.clone() };
        content.rust.sort();
        content.c.sort();
        content
    }
}

fn row(operation: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.operation == operation)
}

/// Returns `container_list` for `ContainerList`.
fn snake_case(operation: &str) -> String {
    let words = operation.split_inclusive(|_: char| true).map(|it| match it.to_lowercase() {
        lower if lower == it => lower,
        lower => format!("_{lower}"),
    });
    words.collect::<String>().trim_start_matches('_').to_owned()
}

fn rust_name(method: &Function) -> String {
    format!("{}::{}", method.owner, method.name)
}

fn read(path: &str) -> String {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(full).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[track_caller]
fn assert_none(errors: &[String]) {
    assert!(errors.is_empty(), "\n{}\n", errors.join("\n"));
}

#[track_caller]
fn assert_all_needed(exceptions: Exceptions, needed: &BTreeSet<usize>) {
    for (at, exception) in exceptions.iter().enumerate() {
        assert!(needed.contains(&at), "not needed: {exception:?}");
    }
}

#[test]
fn every_operation_has_its_row() {
    let mut errors = Vec::new();
    for operation in operations() {
        let expected = Row::expected(operation);
        if expected.rust.is_empty() {
            errors.push(format!("{operation}: no public method calls it"));
        }
        if expected.c.is_empty() != NOT_IN_C.contains(&operation) {
            errors.push(format!("{operation}: add a C function, or list it in NOT_IN_C"));
        }
        match row(operation) {
            None => errors.push(format!(
                "check this row with the API definition and add it to {LIST}:\n{}",
                expected.line()
            )),
            Some(row) if row.content() != expected.content() => {
                let tests = row.tests.clone();
                let (found, expected) = (row.line(), Row { tests, ..expected }.line());
                errors.push(format!("replace in {LIST}:\n{found}\nwith:\n{expected}"));
            }
            Some(_) => {}
        }
    }
    for row in ROWS.iter().filter(|row| !operations().contains(&*row.operation)) {
        errors.push(format!("{}: has a row, but no request in src", row.operation));
    }
    assert_none(&errors);
    assert_eq!(ROWS.len(), operations().len(), "an operation has several rows");
}

#[test]
fn methods_and_paths_match_api() {
    /// Removes the names of path parameters.
    fn without_names(path: &str) -> String {
        let parts = path.split('/').map(|it| if it.starts_with('{') { "{}" } else { it });
        parts.collect::<Vec<_>>().join("/")
    }
    let mut errors = Vec::new();
    for request in REQUESTS.iter() {
        let Some(Fact { operation, method, path, .. }) = fact(&request.operation) else {
            continue;
        };
        // The ping has two methods.
        if request.method != *method && *operation != "SystemPing" {
            errors.push(format!("{operation}: sends {}, expected {method}", request.method));
        }
        if request.path != without_names(path) {
            errors.push(format!("{operation}: sends {}, expected {path}", request.path));
        }
    }
    assert_none(&errors);
}

#[test]
fn every_parameter_is_sent() {
    let mut errors = Vec::new();
    let mut needed = BTreeSet::new();
    for (Fact { operation, parameters, .. }, sent) in facts() {
        for Parameter { name, .. } in parameters {
            if !sent.texts.contains(*name) || exception_index(LEFT_OUT, operation, name).is_some() {
                errors
                    .push(format!("{operation}: {name} must be either sent or listed in LEFT_OUT"));
            }
        }
        let left_out =
            LEFT_OUT.iter().enumerate().filter(|(_, it)| ["*", operation].contains(&it.0));
        for (at, (_, name, _)) in left_out {
            needed.insert(at);
            if sent.texts.contains(*name) {
                errors.push(format!("{operation}: {name} is sent, but listed in LEFT_OUT"));
            }
        }
        for name in sent.names.iter().filter(|name| parameters.iter().all(|it| it.name != **name)) {
            errors.push(format!("{operation}: the API has no parameter {name}"));
        }
    }
    assert_none(&errors);
    assert_all_needed(LEFT_OUT, &needed);
}

#[test]
fn newer_parameters_are_checked() {
    /// The list has the versions of parameters that are newer than this one.
    const LISTED: u16 = 39;
    let mut errors = Vec::new();
    let mut needed = BTreeSet::new();
    for (Fact { operation, since, parameters, .. }, sent) in facts() {
        let first = minor(since).filter(|it| *it > OLDEST).unwrap_or_default();
        let other = SAME_REQUEST.iter().any(|it| it.0 == *operation);
        if !since.is_empty() && !other && sent.since != BTreeSet::from([first]) {
            errors.push(format!("{operation}: checks for {:?}, expected {first:?}", sent.since));
        }
        for Parameter { name, since, .. } in parameters {
            let checks = sent.needs.iter().filter(|it| it.0 == *name && it.1 > LISTED);
            let checks: Vec<_> = checks.map(|it| it.1).collect();
            if checks.iter().eq(since) {
                continue;
            }
            match exception_index(NOT_CHECKED, operation, name) {
                Some(exception) => _ = needed.insert(exception),
                None => errors
                    .push(format!(
                        "{operation}: src/api requires API 1.{checks:?} for {name:?}, \
                         docs/operations.csv states {since:?}: remove `since` if the operation is as \
                         new, or add the version to the row"
                    )),
            }
        }
    }
    assert_none(&errors);
    assert_all_needed(NOT_CHECKED, &needed);
}

/// Returns the option that sends a parameter; `None` if an argument does.
fn option(operation: &str, parameter: &str) -> Option<&'static Field> {
    options(operation).iter().flat_map(|it| &it.fields).find(|field| field.wire == parameter)
}

#[test]
fn versions_are_documented() {
    let mut errors = Vec::new();
    for (Fact { operation, since, parameters, .. }, _) in facts() {
        let phrase = format!("Since API {since}");
        let newer = minor(since).is_some_and(|it| it > OLDEST);
        let other = SAME_REQUEST.iter().any(|it| it.0 == *operation);
        for method in methods(operation).iter().filter(|_| newer && !other) {
            if !method.docs.contains(&phrase) {
                errors.push(format!("{}: {phrase:?} is missing", rust_name(method)));
            }
        }
        for Parameter { name, since, .. } in parameters {
            let (Some(since), Some(option)) = (since, option(operation, name)) else { continue };
            let phrase = format!("API 1.{since}");
            if exception_index(NOT_CHECKED, operation, name).is_none()
                && !option.docs.contains(&phrase)
            {
                errors.push(format!("{operation}: {}: {phrase:?} is missing", option.name));
            }
        }
    }
    assert_none(&errors);
}

#[test]
fn defaults_are_documented() {
    /// Phrases that document a default, besides its value.
    const DEFAULT_PHRASES: [&str; 2] = ["Default: ", "default"];
    let mut errors = Vec::new();
    for (Fact { operation, parameters, .. }, _) in facts() {
        for Parameter { name, default, .. } in parameters {
            let (Some(default), Some(option)) = (default, option(operation, name)) else {
                continue;
            };
            if !DEFAULT_PHRASES.iter().chain([default]).any(|it| option.docs.contains(it)) {
                errors.push(format!(
                    "{operation}: the default of {name}, {default}, is not documented"
                ));
            }
        }
        // Options may be on by default although the engine's default is off.
        for options in options(operation) {
            let default = |it: &&Function| it.owner == options.name && it.name == "default";
            let tokens = LIBRARY.functions.iter().find(default).map_or(&[][..], |it| &it.tokens);
            for Field { name, docs, .. } in &options.fields {
                let on = tokens.windows(3).any(|it| *it == [name, ":", "true"]);
                if on != docs.contains("Default: `true`") {
                    errors.push(format!(
                        "{}: the default of {name} is {on}, but documented otherwise",
                        options.name
                    ));
                }
            }
        }
    }
    assert_none(&errors);
}

/// The header without its comments.
static HEADER: LazyLock<String> = LazyLock::new(|| {
    let header = read("include/dockline.h");
    let parts = header.split("/*").enumerate();
    parts.map(|(at, it)| if at == 0 { it } else { it.split_once("*/").unwrap().1 }).collect()
});

#[test]
fn c_functions_are_declared_and_listed() {
    let mut errors = Vec::new();
    let listed: Vec<_> = ROWS.iter().flat_map(|row| &row.c).collect();
    for symbol in &listed {
        if !HEADER.contains(&format!(" {symbol}(")) {
            errors.push(format!("{symbol} is not in include/dockline.h"));
        }
    }
    // Functions with a context make a call.
    for declaration in HEADER.split(';') {
        let Some((head, arguments)) = declaration.split_once('(') else { continue };
        let name = head.rsplit([' ', '*']).next().unwrap();
        let calls = arguments.trim_start().starts_with("const struct dockline_context *")
            && !name.starts_with("dockline_context_");
        if calls && !listed.iter().any(|it| *it == name) {
            errors.push(format!("{name} is in no row: its guard must name the operation"));
        }
    }
    assert_none(&errors);
}

/// A test.
struct Test {
    function: &'static Function,
    /// The methods that it and its helpers call, with their receivers: `containers.list` for
    /// `containers().list(` and for `containers.list(` of a variable, also `.list`.
    calls: BTreeSet<String>,
}

impl Test {
    /// Returns the tests that call a method. The most specific one is first, by its name and the
    /// number of its calls.
    fn calling(operation: &str, rust: &str, live: bool) -> Vec<&'static Test> {
        let calling = TESTS.iter().filter(|it| it.is_live() == live && it.calls(rust));
        let mut tests: Vec<_> = calling.collect();
        let (_, method) = rust.split_once("::").expect("a method has an owner");
        tests.sort_by_key(|it| {
            let has = |part: &str| it.function.name.contains(part);
            (!has(&snake_case(operation)), !has(method), it.calls.len())
        });
        tests
    }

    fn name(&self) -> String {
        let Function { file, module, name, .. } = self.function;
        let file = file.trim_start_matches("tests/").trim_end_matches(".rs");
        format!("{file}::{module}{name}")
    }

    fn is_live(&self) -> bool {
        self.function.attributes.iter().any(|it| it[0] == "ignore")
    }

    fn calls(&self, rust: &str) -> bool {
        let (owner, method) = rust.split_once("::").expect("a method has an owner");
        let group = if owner == "Context" { String::new() } else { owner.to_lowercase() };
        self.calls.contains(&format!("{group}.{method}"))
    }
}

static TESTS: LazyLock<Vec<Test>> = LazyLock::new(|| {
    static FILES: LazyLock<Sources> = LazyLock::new(|| Sources::below("tests"));
    let is_test = |it: &Function| it.attributes.iter().any(|it| it.join("") == "test");
    let mut helpers = BTreeMap::<&str, Vec<&Function>>::new();
    for function in FILES.functions.iter().filter(|it| !is_test(it)) {
        helpers.entry(&function.name).or_default().push(function);
    }
    let is_usable = |helper: &str, test: &str| {
        let live = helper.starts_with("tests/live/helpers/") && test.starts_with("tests/live/");
        helper == test || live || helper.starts_with("tests/support/")
    };
    let calls = |test: &'static Function| {
        let mut calls = BTreeSet::new();
        let mut functions = vec![test];
        let mut at = 0;
        while let Some(function) = functions.get(at) {
            let tokens: Vec<_> = function.tokens.iter().map(String::as_str).collect();
            let mut used = Vec::new();
            for (at, _) in tokens.windows(2).enumerate().filter(|(_, it)| it[1] == "(") {
                let (before, name) = (&tokens[..at], tokens[at]);
                match before {
                    [.., group, "(", ")", "."] | [.., group, "."] => {
                        calls.extend([format!("{group}.{name}"), format!(".{name}")])
                    }
                    _ => {}
                }
                let named = helpers.get(name).into_iter().flatten().copied();
                let usable = named.filter(|it| is_usable(&it.file, &test.file));
                used.extend(usable.filter(|it| match before {
                    [.., "."] => !it.owner.is_empty(),
                    [.., owner, ":", ":"] => it.owner.is_empty() || it.owner == *owner,
                    _ => it.owner.is_empty(),
                }));
            }
            used.retain(|it| !functions.contains(it));
            functions.extend(used);
            at += 1;
        }
        calls
    };
    let tests = FILES.functions.iter().filter(|it| is_test(it));
    tests.map(|function| Test { function, calls: calls(function) }).collect()
});

#[test]
fn every_row_has_its_tests() {
    let mut errors = Vec::new();
    for Row { operation, rust, tests, .. } in ROWS.iter() {
        let mut named = Vec::new();
        for name in tests {
            match TESTS.iter().find(|it| it.name() == *name) {
                Some(test) if rust.iter().any(|it| test.calls(it)) => named.push(test),
                Some(_) => errors.push(format!("{operation}: {name} does not call the method")),
                None => errors.push(format!("{operation}: no test {name}")),
            }
        }
        for rust in rust.iter().filter(|it| !named.iter().any(|test| test.calls(it))) {
            errors.push(format!("{operation}: no listed test calls {rust}"));
        }
        for (live, kind) in [(false, "exact bytes"), (true, "a live engine")] {
            let available: Vec<_> = rust
                .iter()
                .flat_map(|it| Test::calling(operation, it, live))
                .map(Test::name)
                .collect();
            let needed = !live || !available.is_empty();
            if needed && !named.iter().any(|it| it.is_live() == live) {
                let some = available.iter().take(3).collect::<Vec<_>>();
                errors.push(format!("{operation}: no test of {kind}, candidates: {some:?}"));
            }
        }
    }
    assert_none(&errors);
}

/// The tests of shared behaviour include all operations.
#[test]
fn shared_tests_cover_every_operation() {
    let list = read("tests/support/operations.rs");
    let common = operations().into_iter().filter(|it| !it.starts_with("SystemPing"));
    let missing: Vec<_> = common.filter(|it| !list.contains(&format!("\"{it}\""))).collect();
    assert!(missing.is_empty(), "add to tests/support/operations.rs: {missing:?}");
    let takes_json = |it: &&Fact| it.parameters.iter().any(|it| it.name == "body");
    let has_type =
        |it: &Fact| Operation::find(it.operation).is_none_or(|it| it.request().is_some());
    let missing = FACTS.iter().filter(takes_json).filter(|it| !has_type(it)).map(|it| it.operation);
    let missing: Vec<_> = missing.filter(|it| !NOT_IN_THE_API.contains(it)).collect();
    assert!(missing.is_empty(), "tests/support/operations.rs: without body type: {missing:?}");
}

/// Prints how complete the library is, even if output is captured.
#[test]
fn summary() {
    let api: Vec<_> =
        FACTS.iter().filter(|fact| !NOT_IN_THE_API.contains(&fact.operation)).collect();
    assert!(api.len() >= 108, "API 1.55 has 108 operations, the list {}", api.len());
    let live = |name: &String| TESTS.iter().any(|it| it.is_live() && it.name() == *name);
    let count_line = |label: &str, has: &dyn Fn(&str) -> bool| {
        let missing: Vec<_> = api.iter().map(|it| it.operation).filter(|it| !has(it)).collect();
        let count = api.len() - missing.len();
        format!("{count:>5} {label}; missing: {}\n", missing.join(" "))
    };
    let lines = [
        format!("Of the {} operations of the Engine API:\n", api.len()),
        count_line("have a Rust method", &|it| !methods(it).is_empty()),
        count_line("have a C function", &|it| !c_functions(it).is_empty()),
        count_line("have a live test", &|it| row(it).is_some_and(|row| row.tests.iter().any(live))),
    ];
    io::stderr().write_all(lines.concat().as_bytes()).unwrap();
}

/// The README states that both languages have all operations.
#[test]
fn readme_statement_is_true() {
    assert!(
        read("README.md")
            .contains("Every operation that the Engine API defines, in Rust and in C:")
    );
    assert!(NOT_IN_C.is_empty(), "missing in C, but the README lists all operations: {NOT_IN_C:?}");
}
