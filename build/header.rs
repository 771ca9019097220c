//! The text of `include/dockline.h`: what cbindgen makes of `src/ffi`, with a manual and a table of contents at the top,
//! chapters, and lists of options.
//!
//! `build.rs` writes the header with it, and `tests/c/header.rs` compares.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

#[path = "chapters.rs"]
mod chapters;
#[path = "options.rs"]
mod options;

use chapters::Chapter;
use options::{Options, wrapped};

/// Longest line of a comment, and of the text in it.
const WIDTH: usize = 100;
const TEXT_WIDTH: usize = WIDTH - " * ".len();

/// The source files of the library, by their paths below the package.
pub struct Sources(BTreeMap<String, String>);

impl Sources {
    fn read(root: &Path) -> Sources {
        let mut files = BTreeMap::new();
        read_dir(root, "src/api/", &mut files);
        read_dir(root, "src/ffi/", &mut files);
        Sources(files)
    }

    fn files(&self) -> impl Iterator<Item = (&String, &String)> {
        self.0.iter()
    }

    fn has(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    fn text(&self, path: &str) -> &str {
        self.0.get(path).unwrap_or_else(|| panic!("{path} does not exist"))
    }
}

fn read_dir(root: &Path, dir: &str, files: &mut BTreeMap<String, String>) {
    let entries = fs::read_dir(root.join(dir)).unwrap_or_else(|error| panic!("{dir}: {error}"));
    for entry in entries.map(|it| it.unwrap_or_else(|error| panic!("{dir}: {error}"))) {
        let path = format!("{dir}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            read_dir(root, &format!("{path}/"), files);
        } else {
            files.insert(path.clone(), read(root, &path));
        }
    }
}

fn read(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The header of the crate at `root`.
pub fn generate(root: &Path) -> String {
    let mut config = cbindgen::Config::from_root_or_default(root);
    config.after_includes = Some(version_macros(&read(root, "Cargo.toml")));
    let bindings = cbindgen::Builder::new()
        .with_config(config)
        .with_src(root.join("src/ffi/mod.rs"))
        .generate()
        .unwrap_or_else(|error| panic!("cbindgen: {error}"));
    let mut header = Vec::new();
    bindings.write(&mut header);
    let declarations = String::from_utf8(header).expect("cbindgen writes UTF-8");

    let sources = Sources::read(root);
    let body = Body::new(&sources, &declarations);
    let manual = comment(read(root, "build/manual.txt").lines());
    let contents = comment(body.contents().iter().map(String::as_str));
    format!("{manual}\n\n{contents}\n\n{}", body.text)
}

fn comment<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut comment = "/*\n".to_owned();
    for line in lines {
        assert!(!line.contains("*/"), "ends the comment: {line}");
        comment += format!(" * {line}").trim_end();
        comment += "\n";
    }
    comment + " */"
}

/// From the first `version = "…"` of Cargo.toml, which is the package's.
fn version_macros(cargo_toml: &str) -> String {
    let version = cargo_toml
        .lines()
        .find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .expect("Cargo.toml has a version");
    let numbers = version.split(['-', '+']).next().unwrap_or_default().split('.');
    let mut macros = format!("\n#define DOCKLINE_VERSION \"{version}\"\n");
    for (part, number) in ["MAJOR", "MINOR", "PATCH"].into_iter().zip(numbers) {
        writeln!(macros, "#define DOCKLINE_VERSION_{part} {number}").expect("memory takes it");
    }
    macros
        + "#define DOCKLINE_VERSION_NUMBER \\\n    \
           (DOCKLINE_VERSION_MAJOR * 1000000 + DOCKLINE_VERSION_MINOR * 1000 + \
           DOCKLINE_VERSION_PATCH)"
}

/// The declarations with chapters and options.
struct Body {
    text: String,
    chapters: Vec<Chapter>,
    /// The first sentences of functions.
    summaries: BTreeMap<String, String>,
}

impl Body {
    fn new(sources: &Sources, declarations: &str) -> Body {
        let tables = options::tables(sources);
        let readers = options::readers(sources);
        let mut body = Body {
            text: String::new(),
            chapters: chapters::chapters(sources),
            summaries: BTreeMap::new(),
        };
        let (mut docs, mut chapter, mut has_types) = (Vec::new(), None, false);
        for line in declarations.lines() {
            if line == "/**" || (line.starts_with(" *") && !docs.is_empty()) {
                docs.push(line.get(3..).unwrap_or_default());
                continue;
            }
            if let Some(function) = declared_function(line) {
                let of = body.chapters.iter().position(|it| it.functions.contains(&function));
                if of != chapter {
                    chapter = of;
                    body.heading(of.expect("each function is in a file of src/ffi"));
                }
                let options = readers.get(&function).and_then(|it| tables.get(it));
                body.summaries.insert(function.clone(), first_sentence(&docs));
                body.docs(&function, &docs, options);
            } else {
                if line.starts_with("typedef") && !has_types {
                    body.text += "/* ==== Types ==== */\n\n";
                    has_types = true;
                }
                body.docs(line, &docs, None);
            }
            docs.clear();
            body.text += line;
            body.text += "\n";
        }
        body
    }

    fn heading(&mut self, chapter: usize) {
        let Chapter { title, introduction, .. } = &self.chapters[chapter];
        self.text += &format!("/* ==== {title} ==== */\n\n");
        if !introduction.is_empty() {
            let lines = introduction.iter().map(|line| line.strip_prefix(' ').unwrap_or(line));
            self.text += &format!("{}\n\n", comment(lines));
        }
    }

    /// Writes the comment of `item`. The list of options takes the place of the line `options:`.
    fn docs(&mut self, item: &str, docs: &[&str], options: Option<&Options>) {
        // The last line is the end of the comment.
        let Some((_, lines)) = docs.split_first() else { return };
        let lines = lines.split_last().map_or(&[][..], |it| it.1);
        let mut written: Vec<String> = Vec::new();
        let mut has_options = options.is_none();
        let mut at = 0;
        while at < lines.len() {
            let line = lines[at];
            at += 1;
            let (Some(remark), Some(options)) = (line.strip_prefix("options:"), options) else {
                written.push(line.to_owned());
                continue;
            };
            has_options = true;
            let mut remark = remark.trim().to_owned();
            // The remark ends with its paragraph, or where the next parameter begins.
            while at < lines.len() && !lines[at].is_empty() && !is_parameter(lines[at]) {
                remark = remark + " " + lines[at];
                at += 1;
            }
            if remark.contains("as for dockline_") {
                written.extend(wrapped("options: ".into(), remark.trim(), 0, TEXT_WIDTH));
                continue;
            }
            let introduction =
                format!("NULL, or an object with any of these members. {}", capitalized(&remark));
            written.extend(wrapped("options: ".into(), introduction.trim(), 0, TEXT_WIDTH));
            written.extend(options::list(options, TEXT_WIDTH));
        }
        assert!(
            has_options,
            "the comment of {item} has no line \"options:\": add it where the options are described \
             (see src/ffi/mod.rs)"
        );
        self.text += "/**\n";
        for line in &written {
            assert!(line.len() <= TEXT_WIDTH, "{item}: a line of its comment is too long: {line}");
            self.text += format!(" * {line}").trim_end();
            self.text += "\n";
        }
        self.text += " */\n";
    }

    /// The table of contents.
    fn contents(&self) -> Vec<String> {
        let mut lines = vec![
            "CONTENTS".to_owned(),
            "    A chapter begins with its title between equals signs: search for \"==== Images\"."
                .to_owned(),
        ];
        let functions = self.chapters.iter().flat_map(|it| &it.functions);
        let widest = functions.map(String::len).max().unwrap_or_default() + 2;
        for Chapter { title, functions, .. } in &self.chapters {
            lines.extend([String::new(), title.clone()]);
            for function in functions.iter().filter(|it| self.summaries.contains_key(*it)) {
                let line = format!("  {:widest$}  ", format!("{function}()"));
                let indent = line.len();
                lines.extend(wrapped(line, &self.summaries[function], indent, TEXT_WIDTH));
            }
        }
        lines
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The function that a line of the header begins to declare.
fn declared_function(line: &str) -> Option<String> {
    let name = line.split_once('(')?.0.rsplit([' ', '*']).next()?;
    let is_declaration = line.starts_with(|it: char| it.is_ascii_lowercase());
    (is_declaration && name.starts_with("dockline_")).then(|| name.to_owned())
}

/// Whether a line of a comment begins the description of a parameter: `name: …`.
fn is_parameter(line: &str) -> bool {
    let name = line.split_once(':').map_or("", |it| it.0);
    !name.is_empty() && name.chars().all(|it| it.is_ascii_lowercase() || it == '_')
        || line.starts_with("Returns ")
}

/// The first sentence of a comment, whose first line is empty, without the full stop.
fn first_sentence(docs: &[&str]) -> String {
    let paragraph: Vec<&str> =
        docs.iter().skip(1).take_while(|it| !it.is_empty()).copied().collect();
    let text = paragraph.join(" ");
    text.split(". ").next().unwrap_or_default().trim_end_matches(['.', '/']).to_owned()
}
