//! Finds the request functions, methods and C functions of an operation.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::{Field, Function, Sources, Struct, text};

/// Operations that use the request of another one.
pub const SAME_REQUEST: &[(&str, &str)] = &[("SystemPingHead", "SystemPing")];

/// The methods of `Request` that send a query parameter, whose name is the first argument.
const SENDERS: [&str; 4] = ["text", "optional", "list", "param"];

/// The library.
pub static LIBRARY: LazyLock<Sources> = LazyLock::new(|| Sources::below("src"));

/// A request as created by its function.
#[derive(Debug)]
pub struct RequestCall {
    pub operation: String,
    /// `*` if the caller sets it; the same for the path.
    pub method: String,
    pub path: String,
    pub by: &'static Function,
}

/// All requests of the library.
pub static REQUESTS: LazyLock<Vec<RequestCall>> = LazyLock::new(|| {
    let mut requests = Vec::new();
    for by in LIBRARY.functions.iter().filter(|it| it.file != "src/request.rs") {
        let constant = |word: &str| LIBRARY.constants.get(&(by.file.clone(), word.into()));
        let literal = |word: &str| text(word).or_else(|| text(constant(word)?));
        for (at, tokens) in by.tokens.windows(5).enumerate() {
            // Requests of the crate `http` are created with a builder.
            if tokens[..3] != ["Request", ":", ":"] || tokens[3] == "builder" || tokens[4] != "(" {
                continue;
            }
            let mut arguments = by.tokens[at + 5..].split(|word| word == ",");
            let mut next = || literal(arguments.next()?.first()?);
            let Some(operation) = next() else {
                panic!("{}: {}: the operation must be a literal", by.file, by.name)
            };
            let (method, path) = (next().unwrap_or("*".into()), next().unwrap_or("*".into()));
            let has_segment = by.tokens.windows(2).any(|it| it == [".", "segment"]);
            let path = if has_segment { path + "/{}" } else { path };
            requests.push(RequestCall { operation, method, path, by });
        }
    }
    requests
});

static BY_NAME: LazyLock<BTreeMap<&str, Vec<&Function>>> = LazyLock::new(|| {
    let mut by_name = BTreeMap::<&str, Vec<&Function>>::new();
    for function in &LIBRARY.functions {
        by_name.entry(&function.name).or_default().push(function);
    }
    by_name
});

fn maker(operation: &str) -> &str {
    SAME_REQUEST.iter().find(|it| it.0 == operation).map_or(operation, |it| it.1)
}

/// Returns the requests of an operation.
pub fn requests_of(operation: &str) -> impl Iterator<Item = &'static RequestCall> + use<'_> {
    REQUESTS.iter().filter(move |it| it.operation == maker(operation))
}

/// Returns the functions that a function of the library calls: functions of its file or of a named
/// module, methods of its own type, helpers of requests, and methods of a handle's context.
fn called(caller: &'static Function) -> Vec<&'static Function> {
    let mut called = Vec::new();
    for at in 0..caller.tokens.len() {
        let word = |at: Option<usize>| at.and_then(|at| caller.tokens.get(at)).map_or("", |it| it);
        if word(Some(at + 1)) != "(" {
            continue;
        }
        let (receiver, before) = (word(at.checked_sub(2)), word(at.checked_sub(1)));
        let named = BY_NAME.get(caller.tokens[at].as_str()).into_iter().flatten().copied();
        called.extend(named.filter(|it| match (receiver, before) {
            ("self", ".") => it.owner == caller.owner,
            ("context", ".") => it.owner == "Context",
            (_, ".") => it.owner == "Request",
            (_, ":") => it.owner.is_empty() && it.file.starts_with("src/api/"),
            _ => it.owner.is_empty() && it.file == caller.file,
        }));
    }
    called
}

/// Returns a function and everything that it calls, nearest first. Calls of a context are not
/// followed, since they may negotiate the version.
fn reached(from: &'static Function) -> Vec<Vec<&'static Function>> {
    let mut rounds = vec![vec![from]];
    loop {
        let last = rounds.last().unwrap().iter().filter(|it| it.owner != "Context" || **it == from);
        let mut round: Vec<&Function> = Vec::new();
        for function in last.flat_map(|it| called(it)) {
            if !rounds.iter().chain([&round]).flatten().any(|it| *it == function) {
                round.push(function);
            }
        }
        if round.is_empty() {
            return rounds;
        }
        rounds.push(round);
    }
}

static METHODS: LazyLock<BTreeMap<&str, Vec<&Function>>> = LazyLock::new(|| {
    let mut methods = BTreeMap::<&str, Vec<&Function>>::new();
    let api = LIBRARY.functions.iter().filter(|it| it.public && it.file.starts_with("src/api/"));
    for method in api.filter(|it| !it.owner.is_empty()) {
        let mut operations = reached(method).into_iter().map(|round| {
            let requests = REQUESTS.iter().filter(|it| round.contains(&it.by));
            requests.map(|it| it.operation.as_str()).collect::<BTreeSet<_>>()
        });
        let nearest = operations.find(|it| !it.is_empty()).unwrap_or_default();
        nearest.into_iter().for_each(|it| methods.entry(it).or_default().push(method));
    }
    methods
});

/// Returns the public methods of an operation. A method belongs to the nearest operations that it
/// calls; those that it calls indirectly do not count.
pub fn methods(operation: &str) -> &'static [&'static Function] {
    METHODS.get(maker(operation)).map_or(&[], |it| it)
}

/// Returns the C functions of an operation, by the name that they pass to the guard.
pub fn c_functions(operation: &str) -> Vec<&'static Function> {
    let operation = format!("\"{}\"", maker(operation));
    let guards = |it: &[String]| it[0] == "guard" && it[2] == operation;
    let exported = LIBRARY.functions.iter().filter(|it| it.name.starts_with("dockline_"));
    exported
        .filter(|it| !it.name.starts_with("dockline_context_") && it.tokens.windows(3).any(guards))
        .collect()
}

/// Returns the option structs that the requests of an operation accept.
pub fn options(operation: &str) -> Vec<&'static Struct> {
    let types: Vec<_> = requests_of(operation).flat_map(|it| &it.by.signature).collect();
    let is_taken = |it: &&Struct| it.name.ends_with("Options") && types.contains(&&it.name);
    LIBRARY.structs.iter().filter(is_taken).collect()
}

/// The parameters that the requests of an operation send, and the versions that they require.
#[derive(Debug, Default)]
pub struct Sent {
    /// Parameters and the minor versions that they require.
    pub needs: BTreeSet<(String, u16)>,
    /// The minor versions that the operation requires, one for each request; 0 for any.
    pub since: BTreeSet<u16>,
    /// The query parameters that are certainly sent.
    pub names: BTreeSet<String>,
    /// All string literals, and `body` and `tar`; names may also come from tables.
    pub texts: BTreeSet<String>,
}

impl Sent {
    /// Adds a parameter from the table of the options.
    fn option(&mut self, field: &Field) {
        match field.location.as_str() {
            "query" | "always" | "json" => _ = self.names.insert(field.wire.clone()),
            "header" => {}
            _ => return,
        }
        self.texts.insert(field.wire.clone());
        if field.since > 0 {
            self.needs.insert((field.wire.clone(), field.since));
        }
    }
}

pub fn sent(operation: &str) -> Sent {
    let mut sent = Sent::default();
    for request in requests_of(operation) {
        let mut since = 0;
        for function in reached(request.by).into_iter().flatten() {
            let mut needed = None;
            for (at, word) in function.tokens.iter().enumerate() {
                let behind = |count: usize| function.tokens.get(at + count).map_or("", |it| it);
                let number = || behind(3).parse::<u16>().unwrap_or_default();
                match (word.as_str(), behind(1), behind(2)) {
                    (".", "needs", "(") => {
                        sent.needs.extend(text(behind(5)).map(|name| (name, number())));
                        needed = Some(at + 5);
                    }
                    (".", "options", "(") => {
                        let taken = |it: &&Struct| function.signature.contains(&it.name);
                        let structs = LIBRARY.structs.iter().filter(taken);
                        for field in structs.flat_map(|it| &it.fields) {
                            sent.option(field);
                        }
                    }
                    (".", "since", "(") => since = number(),
                    (".", "json" | "secret_json", "(") => _ = sent.texts.insert("body".into()),
                    (".", "registry_auth" | "registry_auth_always", "(") => {
                        sent.texts.insert("X-Registry-Auth".into());
                    }
                    (".", "registry_config", "(") => {
                        sent.texts.insert("X-Registry-Config".into());
                    }
                    (".", "tar", "(") => _ = sent.texts.insert("tar".into()),
                    (".", sender, "(") if SENDERS.contains(&sender) => {
                        sent.names.extend(text(behind(3)));
                    }
                    _ if needed == Some(at) => {}
                    _ => sent.texts.extend(text(word)),
                }
            }
        }
        sent.since.insert(since);
    }
    sent
}
