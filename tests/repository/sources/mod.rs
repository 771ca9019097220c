//! Parses sources into functions, structs and their tokens, for tests that compare lists with the
//! code. Comments are dropped except documentation; white space is ignored.

pub mod calls;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The sources of a directory, without code that exists only in unit tests.
#[derive(Debug, Default)]
pub struct Sources {
    pub functions: Vec<Function>,
    pub structs: Vec<Struct>,
    /// Constants that are a single literal, by file and name.
    pub constants: BTreeMap<(String, String), String>,
}

/// A function or method.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// The path of the file in the package.
    pub file: String,
    /// The modules in that file that contain it, each followed by `::`.
    pub module: String,
    /// The type of the method; empty for functions.
    pub owner: String,
    pub name: String,
    pub public: bool,
    /// The tokens of each attribute.
    pub attributes: Vec<Vec<String>>,
    pub docs: String,
    /// The tokens between its name and its body.
    pub signature: Vec<String>,
    /// The tokens of its body. String literals keep their quotes.
    pub tokens: Vec<String>,
}

/// A struct with named fields, declared by `record!`, by `options!` or directly.
#[derive(Debug)]
pub struct Struct {
    pub name: String,
    pub fields: Vec<Field>,
}

/// A field of a struct.
#[derive(Debug)]
pub struct Field {
    pub name: String,
    /// Its name in JSON, or the name of the parameter.
    pub wire: String,
    /// The location of an option: `query`, `header` and so on; empty for the body.
    pub location: String,
    /// The minor number of the API version that introduced it; 0 for all.
    pub since: u16,
    pub docs: String,
}

impl Sources {
    /// Reads all sources below a directory of the package.
    pub fn below(dir: &str) -> Sources {
        let mut sources = Sources::default();
        sources.read(dir);
        assert!(!sources.functions.is_empty(), "{dir} has no sources");
        sources
    }

    fn read(&mut self, dir: &str) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(dir);
        let entries = fs::read_dir(&path).unwrap_or_else(|error| panic!("{dir}: {error}"));
        let mut names: Vec<_> =
            entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        for name in names {
            let below = format!("{dir}/{name}");
            if path.join(&name).is_dir() {
                self.read(&below);
            } else if name.ends_with(".rs") {
                let text = fs::read_to_string(path.join(&name)).unwrap();
                let tokens = text.parse().unwrap_or_else(|error| panic!("{below}: {error}"));
                self.items(tokens, &below, "", "");
            }
        }
    }

    fn items(&mut self, tokens: TokenStream, file: &str, module: &str, owner: &str) {
        let mut trees = tokens.into_iter().peekable();
        let mut attributes = Vec::new();
        let mut public = false;
        while let Some(tree) = trees.next() {
            let word = match tree {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    trees.next_if(|next| next.to_string() == "!");
                    let Some(TokenTree::Group(group)) = trees.next() else { unreachable!() };
                    attributes.push(tokens_of(group.stream()));
                    continue;
                }
                TokenTree::Ident(word) => word.to_string(),
                TokenTree::Literal(_) => continue,
                TokenTree::Group(group) if group.delimiter() != Delimiter::Brace => continue,
                TokenTree::Punct(punct) if punct.as_char() != ';' => continue,
                // The end of an item that is not needed.
                _ => String::new(),
            };
            match word.as_str() {
                "pub" => {
                    public = !matches!(trees.peek(), Some(TokenTree::Group(_)));
                    continue;
                }
                "unsafe" | "extern" | "async" => continue,
                "const" if matches!(trees.peek(), Some(it) if it.to_string() == "fn") => continue,
                "const" => {
                    let (tokens, _) = head(&mut trees);
                    if let [name, .., sign, value] = &tokens[..] {
                        if sign == "=" {
                            self.constants.insert((file.into(), name.clone()), value.clone());
                        }
                    }
                }
                "fn" => {
                    let (mut signature, body) = head(&mut trees);
                    self.functions.push(Function {
                        file: file.into(),
                        module: module.into(),
                        owner: owner.into(),
                        name: signature.remove(0),
                        public,
                        docs: docs(&attributes),
                        attributes: std::mem::take(&mut attributes),
                        signature,
                        tokens: tokens_of(body),
                    });
                }
                "impl" => {
                    let (tokens, body) = head(&mut trees);
                    self.items(body, file, module, owner_of(&tokens));
                }
                "mod" => {
                    let (name, body) = head(&mut trees);
                    if !attributes.iter().any(|it| it.join("") == "cfg(test)") {
                        self.items(body, file, &format!("{module}{}::", name[0]), "");
                    }
                }
                "record" | "options" if matches!(trees.peek(), Some(it) if it.to_string() == "!") =>
                {
                    let (_, body) = head(&mut trees);
                    self.items(body, file, module, owner);
                }
                "struct" => {
                    let (tokens, body) = head(&mut trees);
                    self.structs.push(Struct { name: tokens[0].clone(), fields: fields(body) });
                }
                "" => {}
                _ => continue,
            }
            attributes.clear();
            public = false;
        }
    }
}

/// Returns the tokens up to the body, or to the end of an item without a body; and the body.
fn head(trees: &mut impl Iterator<Item = TokenTree>) -> (Vec<String>, TokenStream) {
    let mut head = Vec::new();
    for tree in trees {
        match tree {
            TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => {
                return (head, body.stream());
            }
            TokenTree::Punct(end) if end.as_char() == ';' => break,
            other => flatten(other, &mut head),
        }
    }
    (head, TokenStream::new())
}

/// Returns the type whose methods an `impl` block defines, from the tokens before `{`.
fn owner_of(head: &[String]) -> &str {
    let rest = match head.iter().rposition(|word| word == "for") {
        Some(position) => &head[position + 1..],
        None if head[0] == "<" => &head[1 + head.iter().position(|it| it == ">").unwrap()..],
        None => head,
    };
    let end = rest.iter().position(|word| word == "<").unwrap_or(rest.len());
    &rest[end - 1]
}

fn fields(body: TokenStream) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut attributes = Vec::new();
    let mut trees = body.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                let Some(TokenTree::Group(group)) = trees.next() else { unreachable!() };
                attributes.push(tokens_of(group.stream()));
            }
            TokenTree::Ident(name) if matches!(trees.peek(), Some(it) if it.to_string() == ":") => {
                let name = name.to_string().trim_start_matches("r#").to_owned();
                let docs = docs(&std::mem::take(&mut attributes));
                let (mut depth, mut declared) = (0, Vec::new());
                for tree in trees.by_ref() {
                    let word = tree.to_string();
                    match word.as_str() {
                        "<" => depth += 1,
                        ">" => depth -= 1,
                        "," if depth == 0 => break,
                        _ => {}
                    }
                    declared.push(word);
                }
                fields.push(field(name, &declared, docs));
            }
            _ => {}
        }
    }
    fields
}

/// Parses a field from the tokens after its name: `: String = query "platform" since 41`.
fn field(name: String, declared: &[String], docs: String) -> Field {
    let behind = |word: &str| {
        let at = declared.iter().rposition(|it| it == word)?;
        declared.get(at + 1)
    };
    let location = behind("=").filter(|it| text(it).is_none()).cloned().unwrap_or_default();
    let wire = behind("=").and_then(|it| text(it)).or_else(|| text(behind(&location)?));
    let since = behind("since").and_then(|it| it.parse().ok()).unwrap_or_default();
    Field { wire: wire.unwrap_or_else(|| name.clone()), name, location, since, docs }
}

fn docs(attributes: &[Vec<String>]) -> String {
    let lines = attributes.iter().filter(|it| it.len() == 3 && it[0] == "doc");
    lines.map(|it| text(&it[2]).unwrap() + "\n").collect()
}

fn tokens_of(stream: TokenStream) -> Vec<String> {
    let mut tokens = Vec::new();
    stream.into_iter().for_each(|tree| flatten(tree, &mut tokens));
    tokens
}

fn flatten(tree: TokenTree, tokens: &mut Vec<String>) {
    let TokenTree::Group(group) = tree else { return tokens.push(tree.to_string()) };
    let (open, close) = match group.delimiter() {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::None => ("", ""),
    };
    tokens.push(open.into());
    group.stream().into_iter().for_each(|tree| flatten(tree, tokens));
    tokens.push(close.into());
}

/// Returns the content of a string literal.
pub fn text(word: &str) -> Option<String> {
    let inner = word.strip_prefix('"')?.strip_suffix('"')?;
    Some(inner.replace("\\\"", "\""))
}
