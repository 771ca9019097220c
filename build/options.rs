//! The options in the documentation of C functions. An option that the comment in `src/ffi` does not name is added from
//! its table in `src/api`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Longest line of the header's comments.
const WIDTH: usize = 100;

/// Names and texts of options, by the name of their struct.
type Tables = BTreeMap<String, Vec<(String, String)>>;

/// Adds options to the comments of the header of the crate at `source`.
pub fn document(source: &Path, header: &str) -> String {
    let mut tables = Tables::new();
    each_file(&source.join("src/api"), &mut |text| read_tables(text, &mut tables));
    let mut taken = BTreeMap::new();
    each_file(&source.join("src/ffi"), &mut |text| read_functions(text, &mut taken));

    let (mut written, mut comment) = (String::new(), Vec::new());
    for line in header.lines() {
        if line == "/**" || line.starts_with(" *") {
            comment.push(line);
            continue;
        }
        let name = line.split('(').next().unwrap_or_default().rsplit([' ', '*']).next();
        let options = name.and_then(|name| tables.get(taken.get(name)?));
        match options {
            Some(options) if !comment.is_empty() => written += &with(&comment, options),
            _ => comment.iter().for_each(|line| written = format!("{written}{line}\n")),
        }
        comment.clear();
        written = written + line + "\n";
    }
    written
}

fn each_file(dir: &Path, read: &mut dyn FnMut(&str)) {
    let entries = fs::read_dir(dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
    for path in entries.map(|it| it.expect("a directory").path()) {
        if path.is_dir() {
            each_file(&path, read);
        } else {
            read(&fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())));
        }
    }
}

/// Reads the calls of `options!`.
fn read_tables(text: &str, tables: &mut Tables) {
    for table in text.split("options! {\n").skip(1) {
        let table = table.split("\n}\n").next().unwrap_or_default();
        let Some((_, rest)) = table.split_once("pub struct ") else { continue };
        let Some((name, fields)) = rest.split_once(" {") else { continue };
        let (mut options, mut docs) = (Vec::new(), String::new());
        for line in fields.lines().map(str::trim) {
            if let Some(doc) = line.strip_prefix("///") {
                docs += doc;
            } else if let Some((kind, wire)) = line.strip_prefix("pub ").and_then(declared) {
                options.push((wire.to_owned(), described(wire, kind, &docs)));
                docs.clear();
            }
        }
        tables.insert(name.to_owned(), options);
    }
}

/// Type and parameter of `all: bool = query "all"`.
fn declared(field: &str) -> Option<(&str, &str)> {
    let (kind, place) = field.split_once(": ")?.1.split_once(" = ")?;
    Some((kind, place.split('"').nth(1)?))
}

/// An option as the header has it: `"all" (boolean: also those that do not run)`.
fn described(wire: &str, kind: &str, docs: &str) -> String {
    let plain = kind.trim_start_matches("Option<").trim_end_matches('>');
    let kind = match plain {
        "bool" => "boolean",
        "String" => "text",
        "f64" => "number",
        "Filters" => "object",
        _ if plain.starts_with(['i', 'u']) => "integer",
        _ if plain.starts_with("Map<") => "object",
        _ if plain.starts_with("Vec<") || plain == "StringList" => "array",
        _ => "",
    };
    let docs = docs.trim().trim_end_matches('.').replace('`', "");
    let (first, rest) = docs.split_at(docs.chars().next().map_or(0, char::len_utf8));
    let is_word = rest.starts_with(char::is_lowercase);
    let first = if is_word { first.to_lowercase() } else { first.to_owned() };
    let colon = if kind.is_empty() || docs.is_empty() { "" } else { ": " };
    format!("\"{wire}\" ({kind}{colon}{first}{rest})")
}

/// Reads which options the exported functions take.
fn read_functions(text: &str, taken: &mut BTreeMap<String, String>) {
    for function in text.split("extern \"C\" fn ").skip(1) {
        let Some((name, rest)) = function.split_once('(') else { continue };
        let body = rest.split("\n}\n").next().unwrap_or_default();
        let Some((before, _)) = body.split_once(" = arg::options(options)?") else { continue };
        let options = before.rsplit(' ').next().unwrap_or_default();
        taken.insert(name.to_owned(), options.to_owned());
    }
}

/// The comment with the options that it does not name.
fn with(comment: &[&str], options: &[(String, String)]) -> String {
    let text: Vec<&str> = comment.iter().map(|line| line.get(3..).unwrap_or_default()).collect();
    let whole = text.join("\n");
    let missing: Vec<&str> = (options.iter())
        .filter(|(name, _)| !whole.contains(&format!("\"{name}\"")))
        .map(|(_, text)| text.as_str())
        .collect();
    // "Options: as dockline_container_wait()".
    let refers = text.iter().any(|it| it.contains("ptions") && it.contains("dockline_"));
    if missing.is_empty() || refers {
        return comment.join("\n") + "\n";
    }
    let begin = text.iter().position(|line| line.starts_with("Options: "));
    let is_end = |from: usize| (from..text.len()).find(|it| text[*it].is_empty());
    let (begin, end, there) = match begin {
        Some(begin) => {
            let end = is_end(begin).unwrap_or(text.len() - 1);
            let there = text[begin..end].join(" ");
            (begin, end, there.trim_end_matches('.').to_owned() + ", ")
        }
        // Behind the first paragraph.
        None => {
            let end = is_end(1).unwrap_or(text.len() - 1);
            (end, end, "Options: ".to_owned())
        }
    };
    let mut lines: Vec<String> = comment[..begin].iter().map(|it| (*it).to_owned()).collect();
    let is_new = begin == end;
    lines.extend(is_new.then(|| " *".to_owned()));
    let mut line = " *".to_owned();
    for word in format!("{there}{}.", missing.join(", ")).split(' ') {
        if line.len() + 1 + word.len() > WIDTH {
            lines.push(std::mem::replace(&mut line, " *".to_owned()));
        }
        line = line + " " + word;
    }
    lines.push(line);
    lines.extend(comment[end..].iter().map(|it| (*it).to_owned()));
    lines.join("\n") + "\n"
}
