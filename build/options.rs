//! The lists of options in the documentation of C functions, from the tables in `src`.

use std::collections::BTreeMap;

use super::Sources;

/// The options of one struct.
pub type Options = Vec<Opt>;

/// One option.
pub struct Opt {
    /// Its name in C, which is that of the parameter.
    name: String,
    kind: &'static str,
    /// Minor number of the API version that introduced it; empty if all have it.
    since: String,
    meaning: String,
}

/// The options structs of the library, by name.
pub fn tables(sources: &Sources) -> BTreeMap<String, Options> {
    let mut tables = BTreeMap::new();
    for (_, text) in sources.files() {
        for table in text.split("options! {\n").skip(1) {
            let table = table.split("\n}\n").next().unwrap_or_default();
            let Some((_, rest)) = table.split_once("struct ") else { continue };
            let Some((name, fields)) = rest.split_once(" {") else { continue };
            tables.insert(name.to_owned(), options(fields));
        }
    }
    tables
}

/// The options struct that each exported function reads.
pub fn readers(sources: &Sources) -> BTreeMap<String, String> {
    let mut readers = BTreeMap::new();
    for (_, text) in sources.files() {
        for function in text.split("extern \"C\" fn ").skip(1) {
            let Some((name, rest)) = function.split_once('(') else { continue };
            let body = rest.split("\n}\n").next().unwrap_or_default();
            let Some((before, _)) = body.split_once(" = arg::options(options)?") else { continue };
            let table = before.rsplit([' ', ':']).next().unwrap_or_default();
            readers.insert(name.to_owned(), table.to_owned());
        }
    }
    readers
}

fn options(fields: &str) -> Options {
    let (mut options, mut docs, mut declared) = (Options::new(), String::new(), String::new());
    for line in fields.lines().map(str::trim) {
        if let Some(doc) = line.strip_prefix("///") {
            docs += doc;
        } else if !line.starts_with("#[") {
            declared = declared + " " + line;
        }
        // A long declaration stands on two lines.
        if declared.ends_with(',') {
            options.extend(option(&declared, &docs));
            docs.clear();
            declared.clear();
        }
    }
    options
}

/// The option of `pub all: bool = query "all" since 41,`.
fn option(declared: &str, docs: &str) -> Option<Opt> {
    let (kind, place) = declared.split_once(": ")?.1.split_once(" = ")?;
    let mut quoted = place.split('"');
    let name = quoted.nth(1)?.to_owned();
    let since = quoted.next_back()?.split_once("since ").map_or("", |it| it.1);
    let since = since.split([' ', ',']).next().unwrap_or_default().to_owned();
    Some(Opt { name, kind: c_type(kind), since, meaning: meaning(docs) })
}

fn c_type(rust: &str) -> &'static str {
    let plain = rust.trim_start_matches("Option<");
    match plain.trim_end_matches('>') {
        "bool" => "boolean",
        "f64" => "number",
        "TimeBound" => "time",
        "Tail" => "integer",
        "Duration" => "number",
        "AuthConfig" | "Filters" | "OciPlatform" | "Opaque" => "object",
        "StringList" => "array",
        _ if plain.starts_with("Map<") => "object",
        _ if plain.starts_with("Vec<") => "array",
        _ if plain.starts_with(['i', 'u']) => "integer",
        _ => "string",
    }
}

/// The documentation of a field without its markup, and without the version, which has a column.
fn meaning(docs: &str) -> String {
    let mut text = docs.trim().replace('`', "");
    if let Some(at) = text.rfind("Since API 1.") {
        let end = text[at..].find(". ").map_or(text.len(), |end| at + end + 2);
        text.replace_range(at..end, "");
    }
    // [Error::NotFound](crate::Error::NotFound) and [Error::NotFound]
    while let Some(at) = text.find("](") {
        let end = text[at..].find(')').map_or(text.len(), |end| at + end + 1);
        text.replace_range(at..end, "");
        let start = text[..at].rfind('[').unwrap_or(0);
        text.replace_range(start..=start, "");
    }
    text.trim().to_owned()
}

/// The lines of a list, each at most `width` columns: name, type, version and meaning.
pub fn list(options: &[Opt], width: usize) -> Vec<String> {
    let widest = |cell: &dyn Fn(&Opt) -> usize| options.iter().map(cell).max().unwrap_or_default();
    let name = widest(&|it| it.name.len() + 2);
    let kind = widest(&|it| it.kind.len());
    let since = widest(&|it| version(it).len());
    let mut lines = Vec::new();
    for option in options {
        let quoted = format!("\"{}\"", option.name);
        let mut line = format!("  {quoted:name$}  {:kind$}  ", option.kind);
        if since > 0 {
            line += &format!("{:since$}  ", version(option));
        }
        let indent = line.len();
        lines.extend(wrapped(line, &option.meaning, indent, width));
    }
    lines
}

fn version(option: &Opt) -> String {
    if option.since.is_empty() { String::new() } else { format!("1.{}", option.since) }
}

/// `line` and behind it `text`, with line breaks between words; further lines are indented.
pub fn wrapped(mut line: String, text: &str, indent: usize, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut is_first = true;
    for word in text.split_whitespace() {
        if !is_first && line.len() + 1 + word.len() > width {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
            is_first = true;
        }
        if !is_first {
            line.push(' ');
        }
        line += word;
        is_first = false;
    }
    lines.push(line.trim_end().to_owned());
    lines
}
