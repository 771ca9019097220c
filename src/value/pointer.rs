//! Paths into a [`Value`]: JSON Pointer, RFC 6901.

use std::borrow::Cow;

use super::memory::{Arena, Document, Key, Member, Node};
use super::{MAX_DEPTH, Value, ValueError, ValueType, View};

impl Value {
    /// The value at the JSON Pointer; `""` is the value itself. `None` where there is nothing, and
    /// where the pointer is malformed.
    pub fn get(&self, pointer: &str) -> Option<&Value> {
        let mut value = self;
        for token in tokens(pointer).ok()? {
            value = value.at(find(value.view(), &token)?)?;
        }
        Some(value)
    }

    /// The value at the JSON Pointer if it is there and of this type. The error says how far the
    /// path exists and what is missing, or which type is there.
    ///
    /// Asking for a double takes an integer too.
    pub fn require(&self, pointer: &str, expected: ValueType) -> Result<&Value, ValueError> {
        let mut value = self;
        let mut walked = 0;
        for token in tokens(pointer).map_err(|message| unusable(pointer, message))? {
            let index = find(value.view(), &token).ok_or_else(|| ValueError::Missing {
                pointer: pointer.to_owned(),
                message: missing(value, &pointer[..walked], &token),
            })?;
            value = value.at(index).expect("found");
            walked = pointer[walked + 1..].find('/').map_or(pointer.len(), |n| walked + 1 + n);
        }
        let found = value.value_type();
        if found == expected || (expected, found) == (ValueType::Double, ValueType::Integer) {
            return Ok(value);
        }
        Err(ValueError::WrongType { pointer: pointer.to_owned(), expected, found })
    }

    /// Puts a value at the JSON Pointer, in the place of what is there.
    ///
    /// Missing parents are made: an array where the next name is `-` or `0`, else an object. The
    /// name `-` appends to an array, as does the index after its last. Where the parent is neither
    /// array nor object nor null, and past the end of an array, it is an error and nothing changes.
    pub fn set(&mut self, pointer: &str, value: impl Into<Value>) -> Result<(), ValueError> {
        let value = value.into();
        let tokens = tokens(pointer).and_then(|it| self.placeable(it, &value));
        let tokens = tokens.map_err(|message| unusable(pointer, message))?;
        let Document { root, arena, .. } = self.document();
        let mut node = root;
        for token in &tokens {
            if matches!(node.view(), View::Null) {
                *node = match &**token {
                    "-" | "0" => Node::array(arena, []),
                    _ => Node::object(arena, []),
                };
            }
            node = child(node, arena, token);
        }
        *node = value.copy_into(arena);
        if self.document().is_wasteful() {
            *self = self.clone();
        }
        Ok(())
    }

    /// Takes away what is at the JSON Pointer; items after it move up. Whether there was something.
    /// `""` makes the whole value null.
    pub fn remove(&mut self, pointer: &str) -> Result<bool, ValueError> {
        let tokens: Vec<_> =
            tokens(pointer).map_err(|message| unusable(pointer, message))?.collect();
        let Some((last, parents)) = tokens.split_last() else {
            *self = Value::NULL;
            return Ok(true);
        };
        let mut node = &mut self.document().root;
        for token in parents {
            let Some(index) = find(node.view(), token) else { return Ok(false) };
            node = nth(node, index);
        }
        let mut removed = false;
        // A name may be there more than once.
        while let Some(index) = find(node.view(), last) {
            node.remove(index);
            removed = true;
            if matches!(node, Node::Array { .. }) {
                break;
            }
        }
        Ok(removed)
    }

    /// The tokens, if the value can be put there.
    fn placeable<'p>(
        &self,
        tokens: impl Iterator<Item = Cow<'p, str>>,
        value: &Value,
    ) -> Result<Vec<Cow<'p, str>>, String> {
        let tokens: Vec<_> = tokens.collect();
        if tokens.len() + value.depth() > MAX_DEPTH {
            return Err(format!("nested deeper than {MAX_DEPTH} levels"));
        }
        let mut parent = self;
        for (i, token) in tokens.iter().enumerate() {
            match find(parent.view(), token) {
                Some(index) => parent = parent.at(index).expect("found"),
                None => match parent.view() {
                    View::Null | View::Object(_) => break,
                    View::Array(items) if **token == *"-" || index(token) == Some(items.len()) => {
                        break;
                    }
                    _ => return Err(missing(parent, &join(&tokens[..i]), token)),
                },
            }
        }
        Ok(tokens)
    }
}

/// The names of the pointer, unescaped.
fn tokens(pointer: &str) -> Result<impl Iterator<Item = Cow<'_, str>>, String> {
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return Err("a JSON pointer is empty or begins with \"/\"".to_owned());
    }
    let bad = |(i, _)| !matches!(pointer.as_bytes().get(i + 1), Some(b'0' | b'1'));
    if pointer.match_indices('~').any(bad) {
        return Err("after \"~\" comes 0 for \"~\" or 1 for \"/\"".to_owned());
    }
    Ok(pointer.split('/').skip(1).map(|token| match token.contains('~') {
        true => Cow::Owned(token.replace("~1", "/").replace("~0", "~")),
        false => Cow::Borrowed(token),
    }))
}

fn join(tokens: &[Cow<'_, str>]) -> String {
    tokens.iter().map(|it| format!("/{}", it.replace('~', "~0").replace('/', "~1"))).collect()
}

/// An array index as RFC 6901 has it: digits, no leading zeros.
fn index(token: &str) -> Option<usize> {
    let digits = token.bytes().all(|it| it.is_ascii_digit());
    if digits && (token == "0" || !token.starts_with('0')) { token.parse().ok() } else { None }
}

/// Index of the child of this name.
fn find(view: View<'_>, token: &str) -> Option<usize> {
    match view {
        View::Object(members) => members.iter().rposition(|it| it.key() == token),
        View::Array(items) => index(token).filter(|it| *it < items.len()),
        _ => None,
    }
}

fn nth(node: &mut Node, index: usize) -> &mut Node {
    if matches!(node, Node::Array { .. }) {
        &mut node.items_mut()[index]
    } else {
        node.members_mut()[index].node_mut()
    }
}

/// The child of this name, made as null if it is missing.
fn child<'n>(node: &'n mut Node, arena: &mut Arena, token: &str) -> &'n mut Node {
    let index = find(node.view(), token).unwrap_or_else(|| {
        if matches!(node, Node::Array { .. }) {
            node.push_item(arena, Node::Null);
            node.items_mut().len() - 1
        } else {
            let key = Key::new(arena, token);
            node.push_member(arena, Member::new(key, Node::Null));
            node.members_mut().len() - 1
        }
    });
    nth(node, index)
}

/// Why the value at `path` has no child of this name.
fn missing(value: &Value, path: &str, token: &str) -> String {
    let place = if path.is_empty() { "the value".to_owned() } else { format!("{path:?}") };
    match value.view() {
        View::Object(_) => format!("{place} has no member {token:?}"),
        View::Array(items) => match (index(token), items.len()) {
            (Some(index), 1) => format!("{place} has 1 item, no item {index}"),
            (Some(index), len) => format!("{place} has {len} items, no item {index}"),
            (None, _) => format!("{place} is an array, and {token:?} is no index"),
        },
        _ => format!("{place} is {}", value.value_type().words()),
    }
}

fn unusable(pointer: &str, message: String) -> ValueError {
    ValueError::Pointer { pointer: pointer.to_owned(), message }
}
