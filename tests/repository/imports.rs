//! Checks that the import graph of `src` has no cycles.
//!
//! A node is a module with its own file. Inline modules belong to the file that contains them, and
//! two alternative files of a module (`cfg_attr(…, path = …)`) are one node. An edge leads from a
//! module to the module that *defines* an item it names, through any number of re-exports. A
//! re-export alone makes no edge, neither for the module that re-exports nor for the one that
//! imports through it. So `crate::Error` leads to `src/error.rs`, not to `src/lib.rs`.
//!
//! The same applies to parents and children. `mod child;` and `pub use child::Item;` make no edge
//! from the parent, and a child may use `super::Item`. Both form a cycle only if the parent defines
//! an item that the child names, and names in its own code an item that the child defines.
//!
//! Tests (`cfg(test)`) and documentation are ignored, and so are methods: a call such as
//! `context.open_stream(…)` names no module.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

/// Tolerated edges that close a cycle, with the reason.
const TOLERATED: &[(&str, &str, &str)] = &[
    (
        "src/model/resources.rs",
        "src/model/host_config.rs",
        "an update sends a RestartPolicy beside the resources, a HostConfig holds the resources",
    ),
    (
        "src/model/swarm.rs",
        "src/model/node.rs",
        "joining a swarm sends a NodeAvailability; nodes and volumes have the swarm's ObjectVersion",
    ),
];

/// Keywords before the name of an item.
const ITEMS: [&str; 7] = ["const", "enum", "fn", "static", "struct", "trait", "type"];

/// A module, with or without its own file.
#[derive(Debug, Default)]
struct Module {
    /// Index of the module whose file it is in.
    node: usize,
    parent: usize,
    children: BTreeMap<String, usize>,
    items: BTreeSet<String>,
    traits: BTreeSet<String>,
    /// Names, and the paths that they refer to.
    imports: Vec<(String, Vec<String>)>,
    globs: Vec<Vec<String>>,
    /// The code except `use`, with `::` as one token.
    tokens: Vec<String>,
}

/// The target of a path.
#[derive(Debug, Clone, Copy)]
enum Target<'a> {
    Module(usize),
    /// An item, and the module that defines it.
    Item(usize, &'a str),
}

/// All modules of the library. The first is the crate root.
#[derive(Debug, Default)]
struct Modules {
    list: Vec<Module>,
    /// The first file of each module that has one.
    files: BTreeMap<usize, String>,
}

impl Modules {
    fn read() -> Modules {
        let mut modules = Modules { list: vec![Module::default()], files: BTreeMap::new() };
        modules.file(0, Path::new("src/lib.rs"), Path::new("src"));
        modules
    }

    /// Reads a file of a module. The files of its children are in `dir`.
    fn file(&mut self, module: usize, file: &Path, dir: &Path) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let tokens = text.parse().unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        self.files.entry(module).or_insert_with(|| file.display().to_string());
        self.code(module, dir, tokens, true);
    }

    fn child(&mut self, parent: usize, name: &str, own_file: bool) -> usize {
        let index = self.list.len();
        let node = if own_file { index } else { self.list[parent].node };
        self.list.push(Module { node, parent, ..Module::default() });
        self.list[parent].children.insert(name.to_owned(), index);
        index
    }

    /// Reads code. `has_items` is true for the code of a module, and for a macro call that defines
    /// items.
    fn code(&mut self, module: usize, dir: &Path, tokens: TokenStream, has_items: bool) {
        let mut trees = tokens.into_iter().peekable();
        let mut other_file = None;
        while let Some(tree) = trees.next() {
            let word = match tree {
                TokenTree::Group(group) => {
                    self.group(module, dir, group, has_items);
                    continue;
                }
                TokenTree::Punct(it) if it.as_char() == '#' => {
                    trees.next_if(|next| next.to_string() == "!");
                    match trees.next() {
                        Some(TokenTree::Group(attribute)) => {
                            let text = attribute.stream().to_string();
                            let plain = text.replace(' ', "");
                            if plain == "cfg(test)" || plain.starts_with("cfg(all(test,") {
                                skip_item(&mut trees);
                            } else if let Some((_, path)) = text.split_once("path = \"") {
                                other_file = path.split('"').next().map(PathBuf::from);
                            } else if !text.starts_with("doc ") {
                                self.group(module, dir, attribute, false);
                            }
                        }
                        Some(other) => self.list[module].tokens.push(other.to_string()),
                        None => {}
                    }
                    continue;
                }
                TokenTree::Punct(it) if it.as_char() == ':' && it.spacing() == Spacing::Joint => {
                    trees.next_if(|next| next.to_string() == ":");
                    "::".to_owned()
                }
                TokenTree::Literal(_) => "literal".to_owned(),
                other => other.to_string(),
            };
            let next = trees.peek().map(ToString::to_string).unwrap_or_default();
            if word == "use" && next != "<" {
                let mut tree = Vec::new();
                for part in trees.by_ref().take_while(|it| it.to_string() != ";") {
                    tree.push(part);
                }
                self.import(module, Vec::new(), &tree);
                continue;
            }
            if has_items && word == "mod" {
                trees.next();
                match trees.next() {
                    Some(TokenTree::Group(body)) => {
                        let child = self.child(module, &next, false);
                        self.code(child, &dir.join(&next), body.stream(), true);
                    }
                    _ => {
                        let child = self.child(module, &next, true);
                        let below = dir.join(&next);
                        let named = dir.join(format!("{next}.rs"));
                        match named.exists() {
                            true => self.file(child, &named, &below),
                            false => self.file(child, &below.join("mod.rs"), &below),
                        }
                        if let Some(other) = other_file.take() {
                            self.file(child, &dir.join(other), &below);
                        }
                    }
                }
                continue;
            }
            let items = &mut self.list[module];
            if has_items && ITEMS.contains(&word.as_str()) {
                if word == "trait" {
                    items.traits.insert(next.clone());
                }
                items.items.insert(next);
            } else if has_items && word == "macro_rules" {
                trees.next();
                items.items.extend(trees.next().map(|name| name.to_string()));
            }
            items.tokens.push(word);
        }
    }

    fn group(&mut self, module: usize, dir: &Path, group: Group, has_items: bool) {
        let tokens = &mut self.list[module].tokens;
        let is_macro = tokens.last().is_some_and(|it| it == "!");
        tokens.push("{".to_owned());
        let has_items = has_items && is_macro && group.delimiter() == Delimiter::Brace;
        self.code(module, dir, group.stream(), has_items);
        self.list[module].tokens.push("}".to_owned());
    }

    /// Reads a tree of a `use` declaration, with the prefix `path`.
    fn import(&mut self, module: usize, mut path: Vec<String>, tree: &[TokenTree]) {
        for (at, part) in tree.iter().enumerate() {
            match part {
                TokenTree::Group(group) => {
                    let parts: Vec<_> = group.stream().into_iter().collect();
                    for part in parts.split(|it| it.to_string() == ",").filter(|it| !it.is_empty())
                    {
                        self.import(module, path.clone(), part);
                    }
                    return;
                }
                TokenTree::Punct(punct) if punct.as_char() == '*' => {
                    return self.list[module].globs.push(path);
                }
                TokenTree::Ident(word) if word == "as" => {
                    let name = tree[at + 1].to_string();
                    return self.list[module].imports.push((name, path));
                }
                TokenTree::Ident(word) => path.push(word.to_string()),
                _ => {}
            }
        }
        if path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        self.list[module].imports.push((path.last().unwrap().clone(), path));
    }

    /// Resolves a path within the crate. `depth` ends the search if glob imports are cyclic.
    fn find<'a>(&'a self, module: usize, path: &'a [String], depth: usize) -> Option<Target<'a>> {
        let mut target = match path[0].as_str() {
            "crate" => Target::Module(0),
            "self" => Target::Module(module),
            "super" => Target::Module(self.list[module].parent),
            name => self.name(module, name, depth)?,
        };
        for word in &path[1..] {
            let Target::Module(module) = target else { break };
            target = match word.as_str() {
                "super" => Target::Module(self.list[module].parent),
                name => self.name(module, name, depth)?,
            };
        }
        Some(target)
    }

    /// Resolves a name in the scope of a module.
    fn name<'a>(&'a self, module: usize, name: &'a str, depth: usize) -> Option<Target<'a>> {
        let depth = depth.checked_sub(1)?;
        let scope = &self.list[module];
        if let Some(child) = scope.children.get(name) {
            return Some(Target::Module(*child));
        }
        if scope.items.contains(name) {
            return Some(Target::Item(module, name));
        }
        let imports = scope.imports.iter().filter(|(it, path)| it == name && *path != [name]);
        imports.clone().find_map(|(_, path)| self.find(module, path, depth)).or_else(|| {
            scope.globs.iter().find_map(|path| match self.find(module, path, depth)? {
                Target::Module(other) => self.name(other, name, depth),
                Target::Item(..) => None,
            })
        })
    }

    /// Returns the edges of the graph, each with a path that causes it.
    fn edges(&self) -> BTreeMap<&str, BTreeMap<&str, String>> {
        let mut edges = BTreeMap::<&str, BTreeMap<&str, String>>::new();
        for (index, module) in self.list.iter().enumerate() {
            let file = &*self.files[&module.node];
            let mut add = |path: &[String], traits_only: bool| match self.find(index, path, 16) {
                Some(Target::Item(other, name)) => {
                    let to = self.list[other].node;
                    let counts = !traits_only || self.list[other].traits.contains(name);
                    if to != module.node && counts {
                        let to = &*self.files[&to];
                        edges.entry(file).or_default().entry(to).or_insert(path.join("::"));
                    }
                }
                Some(Target::Module(_)) => {}
                None => assert!(
                    !["crate", "self", "super"].contains(&&*path[0]) || path.len() == 1,
                    "{file}: {} cannot be resolved",
                    path.join("::")
                ),
            };
            for path in paths(&module.tokens) {
                add(&path, false);
            }
            // A trait is imported for its methods, so it may not be named elsewhere.
            for (_, path) in &module.imports {
                add(path, true);
            }
        }
        edges
    }
}

/// Skips the item after `#[cfg(test)]`.
fn skip_item(trees: &mut std::iter::Peekable<impl Iterator<Item = TokenTree>>) {
    let mut is_use = false;
    for tree in trees {
        match tree {
            TokenTree::Ident(word) if word == "use" => is_use = true,
            TokenTree::Punct(punct) if punct.as_char() == ';' => return,
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && !is_use => return,
            _ => {}
        }
    }
}

/// Returns the paths in the code, including single names, but not fields, methods and lifetimes.
fn paths(tokens: &[String]) -> Vec<Vec<String>> {
    let is_name = |at: usize| {
        let first = tokens.get(at).and_then(|word| word.chars().next());
        first.is_some_and(|first| first.is_alphabetic() || first == '_')
    };
    let before = |at: usize, back: usize| at.checked_sub(back).map_or("", |at| &*tokens[at]);
    let mut paths = Vec::new();
    for at in (0..tokens.len()).filter(|at| is_name(*at)) {
        let is_member = before(at, 1) == "." && before(at, 2) != ".";
        if is_member || ["::", "'"].contains(&before(at, 1)) {
            continue;
        }
        let mut path = vec![tokens[at].clone()];
        let mut end = at + 1;
        while tokens.get(end).is_some_and(|it| it == "::") && is_name(end + 1) {
            path.push(tokens[end + 1].clone());
            end += 2;
        }
        paths.push(path);
    }
    paths
}

/// Returns the shortest path from a file back to itself.
fn cycle<'a>(edges: &BTreeMap<&'a str, BTreeMap<&'a str, String>>, from: &'a str) -> Vec<&'a str> {
    let mut reached_from = BTreeMap::<&str, &str>::new();
    let mut queue = VecDeque::from([from]);
    while let Some(file) = queue.pop_front() {
        for to in edges.get(file).into_iter().flat_map(BTreeMap::keys).copied() {
            if !reached_from.contains_key(to) {
                reached_from.insert(to, file);
                queue.push_back(to);
            }
        }
    }
    let mut cycle = Vec::new();
    let mut at = from;
    while let Some(before) = reached_from.get(at) {
        cycle.push(*before);
        if *before == from {
            cycle.reverse();
            return cycle;
        }
        at = before;
    }
    Vec::new()
}

#[test]
fn has_no_cycles() {
    let modules = Modules::read();
    let mut edges = modules.edges();
    assert!(edges.len() > 100, "only {} modules were found", edges.len());
    for (from, to, why) in TOLERATED {
        let exists = edges.get(from).is_some_and(|it| it.contains_key(to));
        let closes = exists && cycle(&edges, from).len() > 1;
        assert!(closes, "{from} → {to} closes no cycle: {why}");
    }
    for (from, to, _) in TOLERATED {
        edges.get_mut(from).unwrap().remove(to);
    }
    let mut cycles = BTreeSet::new();
    for file in edges.keys() {
        let mut cycle = cycle(&edges, file);
        // A cycle is found from each of its files.
        let first = (0..cycle.len()).min_by_key(|at| cycle[*at]).unwrap_or_default();
        cycle.rotate_left(first);
        cycles.insert((cycle.len(), cycle));
    }
    let mut text = String::new();
    for (_, cycle) in cycles.iter().filter(|it| it.0 > 0) {
        for (at, file) in cycle.iter().enumerate() {
            let to = cycle[(at + 1) % cycle.len()];
            text += &format!("{file} → {to} (by {})\n", edges[file][to]);
        }
        text += "\n";
    }
    assert!(text.is_empty(), "cyclic imports:\n\n{text}");
}

#[test]
fn follows_re_exports() {
    let modules = Modules::read();
    let edges = modules.edges();
    // `use crate::Error`, and `use super::Socket`, which the parent imports.
    assert!(edges["src/call.rs"].contains_key("src/error.rs"));
    assert!(edges["src/transport/ssh.rs"].contains_key("src/transport/socket.rs"));
    for (file, to) in &edges {
        assert!(!to.contains_key("src/lib.rs"), "{file}: {:?}", to.get("src/lib.rs"));
    }
}

#[test]
fn finds_shortest_cycle() {
    let to = |files: &[&'static str]| files.iter().map(|it| (*it, String::new())).collect();
    let edges = BTreeMap::from([
        ("a", to(&["b"])),
        ("b", to(&["c", "d"])),
        ("c", to(&["d"])),
        ("d", to(&["a", "e"])),
    ]);
    assert_eq!(cycle(&edges, "a"), ["a", "b", "d"]);
    assert!(cycle(&edges, "e").is_empty());
}
