//! The writer of request bodies.
//!
//! Empty fields are omitted. Engines treat an absent member and an empty one alike; where they do not, the
//! model has an `Option`. So bodies are short enough to log, and an engine does not receive options that
//! it does not support unless the caller has set them.

use std::io;

use super::{Field, JsonType, Record, Scalar, View};
use crate::secret::SecretBytes;

/// An encoded body, and the fields in it that only some API versions honour.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) json: SecretBytes,
    pub(crate) limited: Vec<Limited>,
}

/// A field in a body that only some API versions honour.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limited {
    pub(crate) field: &'static Field,
    /// Offset of its value in the body, from which errors derive its path.
    pub(crate) offset: usize,
}

/// A request body: a model, or a checked value from a C program.
pub(crate) trait JsonBody {
    /// Encodes the body.
    fn write(&self) -> Written;
    /// Returns whether the member at this dotted path is present, and neither empty nor blank.
    fn has(&self, path: &str) -> bool;
}

impl<T: JsonType> JsonBody for T {
    fn write(&self) -> Written {
        body(self.view())
    }

    fn has(&self, path: &str) -> bool {
        has(self.view(), path)
    }
}

fn has(view: View<'_>, path: &str) -> bool {
    let (name, rest) = path.split_once('.').map_or((path, None), |it| (it.0, Some(it.1)));
    match view {
        View::Optional(maybe) => maybe.get().is_some_and(|view| has(view, path)),
        View::Record(record) => match record.table().find(0, name) {
            Some(index) => match rest {
                Some(rest) => has(record.view(index), rest),
                None => match record.view(index) {
                    View::Str(text) => !text.trim().is_empty(),
                    view => !view.is_empty(),
                },
            },
            None => record.base().is_some_and(|base| has(View::Record(base), path)),
        },
        _ => false,
    }
}

/// Encodes a body, without empty fields.
///
/// Empty values are `None`, `false`, 0, `""`, arrays and maps without elements, and records with only
/// empty fields. `Some`, the elements of arrays and the values of maps are always written.
pub(crate) fn body(view: View<'_>) -> Written {
    let mut writer = Writer { out: Vec::with_capacity(512), limited: Vec::new() };
    writer.value(view);
    writer.finish()
}

/// Encodes a body that holds a secret. See [`body`].
///
/// `capacity` is the maximum length: reallocating the buffer would leave copies of the secret in memory.
pub(crate) fn secret_body(view: View<'_>, capacity: usize) -> Written {
    let mut writer = Writer { out: Vec::with_capacity(capacity), limited: Vec::new() };
    writer.value(view);
    debug_assert!(writer.out.len() <= capacity, "the buffer was reallocated");
    writer.finish()
}

#[derive(Default)]
pub(super) struct Writer {
    pub(super) out: Vec<u8>,
    pub(super) limited: Vec<Limited>,
}

impl Writer {
    pub(super) fn finish(self) -> Written {
        Written { json: self.out.into(), limited: self.limited }
    }

    /// Writes a value. Returns whether it is the empty value of its type.
    fn value(&mut self, view: View<'_>) -> bool {
        match view {
            View::Bool(it) => self.raw(if it { b"true" } else { b"false" }),
            View::Int(it) => self.number(it),
            View::Uint(it) => self.number(it),
            View::Number(it) => self.json(&it),
            View::Str(it) => self.string(it),
            View::Leaf(it) => it.get(&mut |scalar| self.scalar(scalar)),
            View::Tree(it) => self.json(&it.get()),
            View::Any(it) => self.json(it),
            View::Opaque => self.raw(b"null"),
            View::Optional(it) => match it.get() {
                Some(it) => _ = self.value(it),
                None => self.raw(b"null"),
            },
            View::List(it) => {
                self.out.push(b'[');
                for at in 0..it.len() {
                    if at > 0 {
                        self.out.push(b',');
                    }
                    self.value(it.get(at));
                }
                self.out.push(b']');
            }
            View::Map(it) => {
                self.out.push(b'{');
                for at in 0..it.len() {
                    if at > 0 {
                        self.out.push(b',');
                    }
                    let (name, value) = it.get(at);
                    self.string(name);
                    self.out.push(b':');
                    self.value(value);
                }
                self.out.push(b'}');
            }
            View::Record(it) => {
                self.out.push(b'{');
                let empty = self.members(it, true);
                self.out.push(b'}');
                return empty;
            }
        }
        view.is_empty()
    }

    /// Writes the members of a record. `first` is true if no member precedes them; returns the same for
    /// a member that would follow.
    fn members(&mut self, record: &dyn Record, first: bool) -> bool {
        let mut first = first;
        if let Some(base) = record.base() {
            first = self.members(base, first);
        }
        for (index, field) in record.table().fields.iter().enumerate() {
            let view = record.view(index);
            if view.is_empty() {
                continue;
            }
            let before = (self.out.len(), self.limited.len());
            self.key(field, first);
            if field.is_limited() {
                self.limited.push(Limited { field, offset: self.out.len() });
            }
            if self.value(view) {
                self.out.truncate(before.0);
                self.limited.truncate(before.1);
            } else {
                first = false;
            }
        }
        for (name, value) in record.unknown().into_iter().flat_map(|it| &it.0) {
            if !first {
                self.out.push(b',');
            }
            self.string(name);
            self.out.push(b':');
            self.json(value);
            first = false;
        }
        first
    }

    /// Writes the name of a field, with the comma before it unless it is the `first`.
    pub(super) fn key(&mut self, field: &Field, first: bool) {
        if !first {
            self.out.push(b',');
        }
        self.out.extend_from_slice(field.key());
    }

    fn raw(&mut self, json: &[u8]) {
        self.out.extend_from_slice(json);
    }

    fn number(&mut self, number: impl std::fmt::Display + serde::Serialize) {
        self.json(&number);
    }

    fn string(&mut self, text: &str) {
        self.json(text);
    }

    fn scalar(&mut self, scalar: Scalar<'_>) {
        match scalar {
            Scalar::Str(it) => self.string(it),
            other => self.json(&other),
        }
    }

    pub(super) fn json(&mut self, value: &(impl serde::Serialize + ?Sized)) {
        let out: &mut Vec<u8> = &mut self.out;
        serde_json::to_writer(out, value)
            .map_err(io::Error::from)
            .expect("writing to memory does not fail");
    }
}

impl View<'_> {
    /// Returns whether it is the empty value of its type. Always false for a record.
    pub(crate) fn is_empty(&self) -> bool {
        match *self {
            View::Bool(it) => !it,
            View::Int(it) => it == 0,
            View::Uint(it) => it == 0,
            View::Number(it) => it == 0.0,
            View::Str(it) => it.is_empty(),
            View::Leaf(it) => it.is_empty(),
            View::Tree(it) => it.is_empty(),
            View::Any(it) => it.is_null(),
            View::Opaque => true,
            View::Record(_) => false,
            View::List(it) => it.len() == 0,
            View::Map(it) => it.len() == 0,
            View::Optional(it) => it.get().is_none(),
        }
    }
}
