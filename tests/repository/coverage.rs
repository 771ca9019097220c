//! `docs/operations.csv` against the code.
//!
//! The list has a row for each operation that the library makes. Its first five columns are facts of the Engine API;
//! the rest follows from the code. To add an operation see `CONTRIBUTING.md`:
//! `cargo test --test repository coverage` fails and prints the row to add. A test is named by its file below `tests`
//! without `.rs`, `::` and its name there. Each Rust name needs one that calls it, and the row needs one of the exact
//! bytes and, where there is any, a live one (`#[ignore]`).
//!
//! What an operation sends is read from its request function, the one that calls `Request::new`,
//! `Request::on` or the like with operation, method and path written out, and from the helpers it calls.
//! Fields of bodies are held against the records in `models.rs`; that a program in C calls every
//! exported function is shown in `symbols.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::sync::LazyLock;
use std::{fs, io};

use crate::sources::calls::{
    LIBRARY, MADE_AS, REQUESTS, Sent, c_functions, made, methods, options, sent,
};
use crate::sources::{Field, Function, Sources};
use crate::support::Operation;

/// Parameters that the library does not send, by operation or `*`, and why.
const LEFT_OUT: Excuses = &[
    ("*", "X-Meta-*", "handed on to the registry as they are; none is known to want any"),
    ("ContainerLogs", "format", "experimental: records of JSON in place of frames"),
    ("ImageBuild", "Content-type", "always application/x-tar, which packed tars are sent as too"),
    ("ImageList", "filter", "for engines before 1.25 only; the filter `reference` does the same"),
];

/// Parameters newer than 1.39 that need no check of the version by their name, and why.
const NOT_CHECKED: Excuses = &[
    ("ContainerAttachWebsocket", "stdin", "checked when it is off: older engines give all three"),
    ("ContainerAttachWebsocket", "stdout", "likewise"),
    ("ContainerAttachWebsocket", "stderr", "likewise"),
    ("ImageCreate", "changes", "engines before 1.40 know it, and only their definition did not"),
];

/// Operations that C has no function for yet.
const NOT_IN_C: &[&str] = &[];

/// Operations that engines have and the definition of the API leaves out.
const NOT_IN_THE_API: &[&str] =
    &["CheckpointList", "CheckpointCreate", "CheckpointDelete", "BuildCancel", "Grpc"];

type Excuses = &'static [(&'static str, &'static str, &'static str)];

/// The place in a list of a parameter of an operation.
fn excused(excuses: Excuses, operation: &str, parameter: &str) -> Option<usize> {
    excuses.iter().position(|it| (it.0 == "*" || it.0 == operation) && it.1 == parameter)
}

/// The raw call, which has no facts.
const RAW: &str = "Raw";

/// The minor version that everything older counts as.
const OLDEST: u16 = 24;

/// What the Engine API says of an operation.
struct Fact {
    operation: &'static str,
    method: &'static str,
    path: &'static str,
    since: &'static str,
    parameters: Vec<Parameter>,
}

struct Parameter {
    name: &'static str,
    /// The minor version, after 1.39.
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

/// The facts of the operations that the library makes, and what it sends.
fn facts() -> impl Iterator<Item = (&'static Fact, Sent)> {
    let facts = FACTS.iter().filter(|fact| made(fact.operation).next().is_some());
    facts.map(|fact| (fact, sent(fact.operation)))
}

/// The operations that the library makes.
fn operations() -> BTreeSet<&'static str> {
    let made = REQUESTS.iter().map(|it| it.operation.as_str());
    made.chain(MADE_AS.iter().map(|it| it.0)).collect()
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
            panic!("{LIST}: eight cells make a row: {line:?}")
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
    /// As it stands in the list.
    fn line(&self) -> String {
        let Row { operation, method, path, since, .. } = self;
        let [parameters, rust, c, tests] =
            [&self.parameters, &self.rust, &self.c, &self.tests].map(|words| words.join(" "));
        format!("{operation},{method},{path},{since},{parameters},{rust},{c},{tests}")
    }

    /// As it follows from the code, with tests that would do. The facts are those of its row, if it has one.
    fn expected(operation: &str) -> Row {
        let mut row = match row(operation) {
            Some(row) => Row { tests: Vec::new(), ..row.clone() },
            None => Row::sent(operation),
        };
        row.rust = methods(operation).iter().map(|it| rust_name(it)).collect();
        row.c = c_functions(operation).iter().map(|it| it.name.clone()).collect();
        for live in [false, true] {
            for rust in &row.rust {
                let best = Test::of(operation, rust, live).first().map(|it| it.name());
                row.tests.extend(best.filter(|it| !row.tests.contains(it)));
            }
        }
        row
    }

    /// What the code sends, in place of the facts.
    fn sent(operation: &str) -> Row {
        let mut row = Row { operation: operation.into(), ..Row::default() };
        if let Some(made) = made(operation).next() {
            [row.method, row.path] = [&made.method, &made.path].map(Clone::clone);
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

    /// Without its tests, and without the order of names.
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

/// `container_list` for `ContainerList`.
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
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[track_caller]
fn assert_all_needed(excuses: Excuses, needed: &BTreeSet<usize>) {
    for (at, excuse) in excuses.iter().enumerate() {
        assert!(needed.contains(&at), "not needed: {excuse:?}");
    }
}

#[test]
fn every_operation_has_its_row() {
    let mut faults = Vec::new();
    for operation in operations() {
        let expected = Row::expected(operation);
        if expected.rust.is_empty() {
            faults.push(format!("{operation}: no public method makes it"));
        }
        if expected.c.is_empty() != NOT_IN_C.contains(&operation) {
            faults.push(format!("{operation}: C must have it, or it is listed in NOT_IN_C"));
        }
        match row(operation) {
            None => faults.push(format!(
                "add to {LIST}, after a look at the definition of the API:\n{}",
                expected.line()
            )),
            Some(row) if row.content() != expected.content() => {
                let tests = row.tests.clone();
                let (is, expected) = (row.line(), Row { tests, ..expected }.line());
                faults.push(format!("replace in {LIST}:\n{is}\nby:\n{expected}"));
            }
            Some(_) => {}
        }
    }
    for row in ROWS.iter().filter(|row| !operations().contains(&*row.operation)) {
        faults.push(format!("{}: a row, and nothing in src makes it", row.operation));
    }
    assert_none(&faults);
    assert_eq!(ROWS.len(), operations().len(), "an operation has two rows");
}

#[test]
fn methods_and_paths_are_the_engine_s() {
    /// Names in a path are whatever they are.
    fn nameless(path: &str) -> String {
        let parts = path.split('/').map(|it| if it.starts_with('{') { "{}" } else { it });
        parts.collect::<Vec<_>>().join("/")
    }
    let mut faults = Vec::new();
    for made in REQUESTS.iter() {
        let Some(Fact { operation, method, path, .. }) = fact(&made.operation) else { continue };
        // The ping has two.
        if made.method != *method && *operation != "SystemPing" {
            faults.push(format!("{operation}: {} is sent, and it is {method}", made.method));
        }
        if made.path != nameless(path) {
            faults.push(format!("{operation}: {} is sent, and it is {path}", made.path));
        }
    }
    assert_none(&faults);
}

#[test]
fn every_parameter_is_sent() {
    let mut faults = Vec::new();
    let mut needed = BTreeSet::new();
    for (Fact { operation, parameters, .. }, sent) in facts() {
        for Parameter { name, .. } in parameters {
            if !sent.texts.contains(*name) || excused(LEFT_OUT, operation, name).is_some() {
                faults
                    .push(format!("{operation}: {name} must be sent, or only listed in LEFT_OUT"));
            }
        }
        let left_out =
            LEFT_OUT.iter().enumerate().filter(|(_, it)| ["*", operation].contains(&it.0));
        for (at, (_, name, _)) in left_out {
            needed.insert(at);
            if sent.texts.contains(*name) {
                faults.push(format!("{operation}: {name} is sent, and listed in LEFT_OUT"));
            }
        }
        for name in sent.names.iter().filter(|name| parameters.iter().all(|it| it.name != **name)) {
            faults.push(format!("{operation}: the engine knows no {name}"));
        }
    }
    assert_none(&faults);
    assert_all_needed(LEFT_OUT, &needed);
}

#[test]
fn what_is_newer_is_checked() {
    /// Facts of parameters begin with the version after this one.
    const LISTED: u16 = 39;
    let mut faults = Vec::new();
    let mut needed = BTreeSet::new();
    for (Fact { operation, since, parameters, .. }, sent) in facts() {
        let first = minor(since).filter(|it| *it > OLDEST).unwrap_or_default();
        let other = MADE_AS.iter().any(|it| it.0 == *operation);
        if !since.is_empty() && !other && sent.since != BTreeSet::from([first]) {
            faults.push(format!("{operation}: checks for {:?}, is since {first:?}", sent.since));
        }
        for Parameter { name, since, .. } in parameters {
            let checks = sent.needs.iter().filter(|it| it.0 == *name && it.1 > LISTED);
            let checks: Vec<_> = checks.map(|it| it.1).collect();
            if checks.iter().eq(since) {
                continue;
            }
            match excused(NOT_CHECKED, operation, name) {
                Some(excuse) => _ = needed.insert(excuse),
                None => faults
                    .push(format!("{operation}: {name} checks for {checks:?}, is since {since:?}")),
            }
        }
    }
    assert_none(&faults);
    assert_all_needed(NOT_CHECKED, &needed);
}

/// The option that sends a parameter; none where an argument does.
fn option(operation: &str, parameter: &str) -> Option<&'static Field> {
    options(operation).iter().flat_map(|it| &it.fields).find(|field| field.wire == parameter)
}

#[test]
fn versions_are_documented() {
    let mut faults = Vec::new();
    for (Fact { operation, since, parameters, .. }, _) in facts() {
        let phrase = format!("Since API {since}");
        let newer = minor(since).is_some_and(|it| it > OLDEST);
        let other = MADE_AS.iter().any(|it| it.0 == *operation);
        for method in methods(operation).iter().filter(|_| newer && !other) {
            if !method.docs.contains(&phrase) {
                faults.push(format!("{}: does not tell {phrase:?}", rust_name(method)));
            }
        }
        for Parameter { name, since, .. } in parameters {
            let (Some(since), Some(option)) = (since, option(operation, name)) else { continue };
            let phrase = format!("API 1.{since}");
            if excused(NOT_CHECKED, operation, name).is_none() && !option.docs.contains(&phrase) {
                faults.push(format!("{operation}: {} does not tell {phrase:?}", option.name));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn defaults_are_documented() {
    /// What tells a default, besides its value.
    const TELLING: [&str; 2] = ["Default: ", "default"];
    let mut faults = Vec::new();
    for (Fact { operation, parameters, .. }, _) in facts() {
        for Parameter { name, default, .. } in parameters {
            let (Some(default), Some(option)) = (default, option(operation, name)) else {
                continue;
            };
            if !TELLING.iter().chain([default]).any(|it| option.docs.contains(it)) {
                faults.push(format!("{operation}: {name} does not tell its default, {default}"));
            }
        }
        // Options of ours may be on where those of the engine are off.
        for options in options(operation) {
            let default = |it: &&Function| it.owner == options.name && it.name == "default";
            let words = LIBRARY.functions.iter().find(default).map_or(&[][..], |it| &it.words);
            for Field { name, docs, .. } in &options.fields {
                let on = words.windows(3).any(|it| *it == [name, ":", "true"]);
                if on != docs.contains("Default: `true`") {
                    faults.push(format!("{}: {name} is on: {on}, tells otherwise", options.name));
                }
            }
        }
    }
    assert_none(&faults);
}

/// The header without its comments.
static HEADER: LazyLock<String> = LazyLock::new(|| {
    let header = read("include/dockline.h");
    let parts = header.split("/*").enumerate();
    parts.map(|(at, it)| if at == 0 { it } else { it.split_once("*/").unwrap().1 }).collect()
});

#[test]
fn c_functions_are_declared_and_listed() {
    let mut faults = Vec::new();
    let listed: Vec<_> = ROWS.iter().flat_map(|row| &row.c).collect();
    for symbol in &listed {
        if !HEADER.contains(&format!(" {symbol}(")) {
            faults.push(format!("{symbol} is not in include/dockline.h"));
        }
    }
    // Whatever takes a context makes a call.
    for declaration in HEADER.split(';') {
        let Some((head, arguments)) = declaration.split_once('(') else { continue };
        let name = head.rsplit([' ', '*']).next().unwrap();
        let calls = arguments.trim_start().starts_with("const struct dockline_context *")
            && !name.starts_with("dockline_context_");
        if calls && !listed.iter().any(|it| *it == name) {
            faults.push(format!("{name} is in no row: its guard is to name the operation"));
        }
    }
    assert_none(&faults);
}

/// A test.
struct Test {
    function: &'static Function,
    /// What it and the helpers it uses call, and on what: `containers.list` for `containers().list(`
    /// and for `containers.list(` of a variable, also `.list`.
    calls: BTreeSet<String>,
}

impl Test {
    /// Those that call a method, the one about nothing else first, by its name and what it calls.
    fn of(operation: &str, rust: &str, live: bool) -> Vec<&'static Test> {
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
    let lends = |helper: &str, test: &str| {
        let live = helper.starts_with("tests/live/helpers/") && test.starts_with("tests/live/");
        helper == test || live || helper.starts_with("tests/support/")
    };
    let calls = |test: &'static Function| {
        let mut calls = BTreeSet::new();
        let mut functions = vec![test];
        let mut at = 0;
        while let Some(function) = functions.get(at) {
            let words: Vec<_> = function.words.iter().map(String::as_str).collect();
            let mut used = Vec::new();
            for (at, _) in words.windows(2).enumerate().filter(|(_, it)| it[1] == "(") {
                let (before, name) = (&words[..at], words[at]);
                match before {
                    [.., group, "(", ")", "."] | [.., group, "."] => {
                        calls.extend([format!("{group}.{name}"), format!(".{name}")])
                    }
                    _ => {}
                }
                let named = helpers.get(name).into_iter().flatten().copied();
                let lent = named.filter(|it| lends(&it.file, &test.file));
                used.extend(lent.filter(|it| match before {
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
    let mut faults = Vec::new();
    for Row { operation, rust, tests, .. } in ROWS.iter() {
        let mut named = Vec::new();
        for name in tests {
            match TESTS.iter().find(|it| it.name() == *name) {
                Some(test) if rust.iter().any(|it| test.calls(it)) => named.push(test),
                Some(_) => faults.push(format!("{operation}: {name} does not call it")),
                None => faults.push(format!("{operation}: there is no {name}")),
            }
        }
        for rust in rust.iter().filter(|it| !named.iter().any(|test| test.calls(it))) {
            faults.push(format!("{operation}: none of its tests calls {rust}"));
        }
        for (live, kind) in [(false, "exact bytes"), (true, "a live engine")] {
            let there: Vec<_> =
                rust.iter().flat_map(|it| Test::of(operation, it, live)).map(Test::name).collect();
            let needed = !live || !there.is_empty();
            if needed && !named.iter().any(|it| it.is_live() == live) {
                let some = there.iter().take(3).collect::<Vec<_>>();
                faults.push(format!("{operation}: no test of {kind}; there are {some:?}"));
            }
        }
    }
    assert_none(&faults);
}

/// The tests of what all operations have in common know them all.
#[test]
fn every_operation_is_among_those_of_the_tests() {
    let list = read("tests/support/operations.rs");
    let common = operations().into_iter().filter(|it| !it.starts_with("SystemPing"));
    let missing: Vec<_> = common.filter(|it| !list.contains(&format!("\"{it}\""))).collect();
    assert!(missing.is_empty(), "add to tests/support/operations.rs: {missing:?}");
    let takes_json = |it: &&Fact| it.parameters.iter().any(|it| it.name == "body");
    let has_type =
        |it: &Fact| Operation::find(it.operation).is_none_or(|it| it.request().is_some());
    let missing = FACTS.iter().filter(takes_json).filter(|it| !has_type(it)).map(|it| it.operation);
    let missing: Vec<_> = missing.filter(|it| !NOT_IN_THE_API.contains(it)).collect();
    assert!(missing.is_empty(), "tests/support/operations.rs: no body is given: {missing:?}");
}

/// Tells how far the library has come, whatever is captured.
#[test]
fn summary() {
    let api: Vec<_> =
        FACTS.iter().filter(|fact| !NOT_IN_THE_API.contains(&fact.operation)).collect();
    assert!(api.len() >= 108, "API 1.55 has 108 operations, the list {}", api.len());
    let live = |name: &String| TESTS.iter().any(|it| it.is_live() && it.name() == *name);
    let tell = |what: &str, there: &dyn Fn(&str) -> bool| {
        let missing: Vec<_> = api.iter().map(|it| it.operation).filter(|it| !there(it)).collect();
        let count = api.len() - missing.len();
        format!("{count:>5} {what}; not {}\n", missing.join(" "))
    };
    let lines = [
        format!("Of the {} operations of the Engine API are\n", api.len()),
        tell("there in Rust", &|it| !methods(it).is_empty()),
        tell("there in C", &|it| !c_functions(it).is_empty()),
        tell("shown live", &|it| row(it).is_some_and(|row| row.tests.iter().any(live))),
    ];
    io::stderr().write_all(lines.concat().as_bytes()).unwrap();
}

/// The README promises all operations in both languages, so that it need not count them.
#[test]
fn the_readme_is_right() {
    assert!(
        read("README.md")
            .contains("Every operation that the Engine API defines, in Rust and in C:")
    );
    assert!(NOT_IN_C.is_empty(), "the README promises them: {NOT_IN_C:?}");
}
