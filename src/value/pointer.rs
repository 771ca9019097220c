//! Access to the parts of a [`Value`] by JSON Pointer (RFC 6901).

use std::borrow::Cow;

use super::memory::{Arena, Document, Key, Member, Node};
use super::{MAX_DEPTH, Value, ValueError, ValueType, View};

impl Value {
    /// Returns the value at a JSON Pointer.
    ///
    /// `""` is the value itself. Returns `None` if the value does not exist or the pointer is not valid.
    pub fn get(&self, pointer: &str) -> Option<&Value> {
        let mut value = self;
        for token in tokens(pointer).ok()? {
            value = value.at(find(value.view(), &token)?)?;
        }
        Some(value)
    }

    /// Returns the value at a JSON Pointer, which must have this type.
    ///
    /// [`ValueType::Double`] also accepts an integer.
    ///
    /// # Errors
    /// - [`ValueError::Missing`] if the value does not exist. The message names the part of the path that
    ///   exists.
    /// - [`ValueError::WrongType`] if the value has another type.
    /// - [`ValueError::Pointer`] if the pointer is not valid.
    pub fn require(&self, pointer: &str, expected: ValueType) -> Result<&Value, ValueError> {
        let mut value = self;
        let mut found_len = 0;
        for token in tokens(pointer).map_err(|message| pointer_error(pointer, message))? {
            let index = find(value.view(), &token).ok_or_else(|| ValueError::Missing {
                pointer: pointer.to_owned(),
                message: describe_missing(value, &pointer[..found_len], &token),
            })?;
            value = value.at(index).expect("the index exists");
            let next = pointer[found_len + 1..].find('/');
            found_len = next.map_or(pointer.len(), |n| found_len + 1 + n);
        }
        let found = value.value_type();
        if found == expected || (expected, found) == (ValueType::Double, ValueType::Integer) {
            return Ok(value);
        }
        Err(ValueError::WrongType { pointer: pointer.to_owned(), expected, found })
    }

    /// Sets the value at a JSON Pointer.
    ///
    /// Replaces an existing value. In an array, the name `-` or the index after the last one appends.
    /// Missing parents, and parents that are null, become an array if the next name is `-` or `0`, and an
    /// object otherwise.
    ///
    /// # Errors
    /// Fails with [`ValueError::Pointer`], and changes nothing:
    /// - if the pointer is not valid,
    /// - if a parent is a boolean, a number or a string,
    /// - if an index is past the end of its array,
    /// - if the value would be nested deeper than 100 levels.
    pub fn set(&mut self, pointer: &str, value: impl Into<Value>) -> Result<(), ValueError> {
        let value = value.into();
        let tokens = tokens(pointer).and_then(|it| self.check_set(it, &value));
        let tokens = tokens.map_err(|message| pointer_error(pointer, message))?;
        let Document { root, arena, .. } = self.document_mut();
        let mut node = root;
        for token in &tokens {
            if matches!(node.view(), View::Null) {
                *node = match &**token {
                    "-" | "0" => Node::array(arena, []),
                    _ => Node::object(arena, []),
                };
            }
            node = child_or_insert(node, arena, token);
        }
        *node = value.copy_into(arena);
        if self.document_mut().needs_compaction() {
            *self = self.clone();
        }
        Ok(())
    }

    /// Removes the member or item at a JSON Pointer.
    ///
    /// Returns whether it existed. `""` sets the whole value to null.
    ///
    /// # Errors
    /// Fails with [`ValueError::Pointer`] if the pointer is not valid.
    pub fn remove(&mut self, pointer: &str) -> Result<bool, ValueError> {
        let tokens: Vec<_> =
            tokens(pointer).map_err(|message| pointer_error(pointer, message))?.collect();
        let Some((last, parents)) = tokens.split_last() else {
            *self = Value::NULL;
            return Ok(true);
        };
        let mut node = &mut self.document_mut().root;
        for token in parents {
            let Some(index) = find(node.view(), token) else { return Ok(false) };
            node = child_mut(node, index);
        }
        let mut removed = false;
        // An object may have several members with the same name.
        while let Some(index) = find(node.view(), last) {
            node.remove(index);
            removed = true;
            if matches!(node, Node::Array { .. }) {
                break;
            }
        }
        Ok(removed)
    }

    /// Returns the tokens, if [`set`](Value::set) can succeed with them.
    fn check_set<'p>(
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
                Some(index) => parent = parent.at(index).expect("the index exists"),
                None => match parent.view() {
                    View::Null | View::Object(_) => break,
                    View::Array(items) if **token == *"-" || index(token) == Some(items.len()) => {
                        break;
                    }
                    _ => return Err(describe_missing(parent, &join(&tokens[..i]), token)),
                },
            }
        }
        Ok(tokens)
    }
}

/// Returns the reference tokens of a pointer, unescaped.
fn tokens(pointer: &str) -> Result<impl Iterator<Item = Cow<'_, str>>, String> {
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return Err("a JSON Pointer must be empty or begin with \"/\"".to_owned());
    }
    let is_invalid = |(i, _)| !matches!(pointer.as_bytes().get(i + 1), Some(b'0' | b'1'));
    if pointer.match_indices('~').any(is_invalid) {
        return Err("\"~\" must be written \"~0\", and \"/\" within a name \"~1\"".to_owned());
    }
    Ok(pointer.split('/').skip(1).map(|token| match token.contains('~') {
        true => Cow::Owned(token.replace("~1", "/").replace("~0", "~")),
        false => Cow::Borrowed(token),
    }))
}

fn join(tokens: &[Cow<'_, str>]) -> String {
    tokens.iter().map(|it| format!("/{}", it.replace('~', "~0").replace('/', "~1"))).collect()
}

/// Parses an array index: digits without leading zeros (RFC 6901, section 4).
fn index(token: &str) -> Option<usize> {
    let digits = token.bytes().all(|it| it.is_ascii_digit());
    if digits && (token == "0" || !token.starts_with('0')) { token.parse().ok() } else { None }
}

/// Returns the index of the child that a token addresses.
fn find(view: View<'_>, token: &str) -> Option<usize> {
    match view {
        View::Object(members) => members.iter().rposition(|it| it.key() == token),
        View::Array(items) => index(token).filter(|it| *it < items.len()),
        _ => None,
    }
}

fn child_mut(node: &mut Node, index: usize) -> &mut Node {
    if matches!(node, Node::Array { .. }) {
        &mut node.items_mut()[index]
    } else {
        node.members_mut()[index].node_mut()
    }
}

/// Returns the child that a token addresses, which is inserted as null if it is missing.
fn child_or_insert<'n>(node: &'n mut Node, arena: &mut Arena, token: &str) -> &'n mut Node {
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
    child_mut(node, index)
}

/// Returns the message for a child that the value at `path` does not have.
fn describe_missing(value: &Value, path: &str, token: &str) -> String {
    let parent = if path.is_empty() { "the value".to_owned() } else { format!("{path:?}") };
    match value.view() {
        View::Object(_) => format!("{parent} has no member {token:?}"),
        View::Array(items) => match (index(token), items.len()) {
            (Some(index), 1) => format!("{parent} has 1 item, no item {index}"),
            (Some(index), len) => format!("{parent} has {len} items, no item {index}"),
            (None, _) => format!("{parent} is an array, and {token:?} is not an index"),
        },
        _ => format!("{parent} is {}", value.value_type().description()),
    }
}

fn pointer_error(pointer: &str, message: String) -> ValueError {
    ValueError::Pointer { pointer: pointer.to_owned(), message }
}
