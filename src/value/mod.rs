//! JSON as an ordered, dictionary-like tree.

mod error;
mod memory;
mod parse;
mod pointer;
mod print;

use std::fmt;

pub use error::ValueError;
pub use memory::Value;
use memory::{Arena, Key, Node};
pub(crate) use memory::{Member, View};

/// Levels of arrays and objects within each other that a value may have, so that hostile input
/// cannot exhaust the stack.
const MAX_DEPTH: usize = 100;

/// The type of a [`Value`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number without fraction and exponent, from −2⁶³ to 2⁶⁴−1.
    Integer,
    /// Another number.
    Double,
    /// A text.
    String,
    /// A list of values.
    Array,
    /// Named values.
    Object,
}

impl Value {
    /// `null`.
    pub const NULL: Value = Value(Node::Null);

    /// An object without members.
    pub fn object() -> Value {
        let mut arena = Arena::with_capacity(256);
        Value::from_parts(Node::object(&mut arena, []), arena)
    }

    /// An array without items.
    pub fn array() -> Value {
        let mut arena = Arena::with_capacity(256);
        Value::from_parts(Node::array(&mut arena, []), arena)
    }

    pub(crate) fn view(&self) -> View<'_> {
        self.0.view()
    }

    /// Its type.
    pub fn value_type(&self) -> ValueType {
        self.view().value_type()
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.view(), View::Null)
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self.view() {
            View::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is an integer and not above 2⁶³−1.
    pub fn as_i64(&self) -> Option<i64> {
        match self.view() {
            View::Int(number) => Some(number),
            View::Uint(number) => number.try_into().ok(),
            _ => None,
        }
    }

    /// The number, if it is an integer and not below 0.
    pub fn as_u64(&self) -> Option<u64> {
        match self.view() {
            View::Uint(number) => Some(number),
            _ => None,
        }
    }

    /// The number, if it is one; integers beyond 2⁵³ are rounded.
    pub fn as_f64(&self) -> Option<f64> {
        match self.view() {
            View::Int(number) => Some(number as f64),
            View::Uint(number) => Some(number as f64),
            View::Double(number) => Some(number),
            _ => None,
        }
    }

    /// `true` or `false`, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.view() {
            View::Bool(it) => Some(it),
            _ => None,
        }
    }

    /// Number of items of an array or members of an object; 0 for all else.
    pub fn len(&self) -> usize {
        match self.view() {
            View::Array(items) => items.len(),
            View::Object(members) => members.len(),
            _ => 0,
        }
    }

    /// Whether [`len`](Value::len) is 0.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item of an array, or the value of the member of an object, at this index.
    pub fn at(&self, index: usize) -> Option<&Value> {
        match self.view() {
            View::Array(items) => items.get(index),
            View::Object(members) => members.get(index).map(Member::value),
            _ => None,
        }
    }

    /// The name of the member of an object at this index.
    pub fn key(&self, index: usize) -> Option<&str> {
        self.member(index).map(Member::key)
    }

    pub(crate) fn member(&self, index: usize) -> Option<&Member> {
        match self.view() {
            View::Object(members) => members.get(index),
            _ => None,
        }
    }

    /// The items of an array; nothing for all else.
    pub fn items(&self) -> impl ExactSizeIterator<Item = &Value> + DoubleEndedIterator {
        match self.view() {
            View::Array(items) => items.iter(),
            _ => [].iter(),
        }
    }

    /// Names and values of an object in their order; nothing for all else.
    pub fn members(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> + DoubleEndedIterator {
        let members = match self.view() {
            View::Object(members) => members,
            _ => &[],
        };
        members.iter().map(|member| (member.key(), member.value()))
    }

    /// Levels of arrays and objects within each other; 0 for all else.
    fn depth(&self) -> usize {
        let deepest = match self.view() {
            View::Array(items) => items.iter().map(Value::depth).max(),
            View::Object(members) => members.iter().map(|it| it.value().depth()).max(),
            _ => return 0,
        };
        deepest.unwrap_or(0) + 1
    }

    /// Bytes of arena that a copy takes.
    fn footprint(&self) -> usize {
        match self.view() {
            View::Str(text) => text.len() + 1,
            View::Array(items) => {
                size_of_val(items) + items.iter().map(Value::footprint).sum::<usize>()
            }
            View::Object(members) => {
                let inside = |it: &Member| it.key().len() + 1 + it.value().footprint();
                size_of_val(members) + members.iter().map(inside).sum::<usize>()
            }
            _ => 0,
        }
    }

    fn copy_into(&self, arena: &mut Arena) -> Node {
        match self.view() {
            View::Null => Node::Null,
            View::Bool(it) => Node::Bool(it),
            View::Int(it) => Node::Int(it),
            View::Uint(it) => Node::Uint(it),
            View::Double(it) => Node::Double(it),
            View::Str(it) => Node::text(arena, it),
            View::Array(items) => {
                let copies: Vec<_> = items.iter().map(|it| it.copy_into(arena)).collect();
                Node::array(arena, copies)
            }
            View::Object(members) => {
                let mut copy = |it: &Member| {
                    Member::new(Key::new(arena, it.key()), it.value().copy_into(arena))
                };
                let copies: Vec<_> = members.iter().map(&mut copy).collect();
                Node::object(arena, copies)
            }
        }
    }
}

impl View<'_> {
    pub(crate) fn value_type(self) -> ValueType {
        match self {
            View::Null => ValueType::Null,
            View::Bool(_) => ValueType::Bool,
            View::Int(_) | View::Uint(_) => ValueType::Integer,
            View::Double(_) => ValueType::Double,
            View::Str(_) => ValueType::String,
            View::Array(_) => ValueType::Array,
            View::Object(_) => ValueType::Object,
        }
    }
}

impl ValueType {
    /// As it stands in a sentence: `an integer`.
    pub(crate) fn words(self) -> &'static str {
        match self {
            ValueType::Null => "null",
            ValueType::Bool => "a boolean",
            ValueType::Integer => "an integer",
            ValueType::Double => "a double",
            ValueType::String => "a string",
            ValueType::Array => "an array",
            ValueType::Object => "an object",
        }
    }
}

impl Clone for Value {
    /// A deep copy.
    fn clone(&self) -> Value {
        let mut arena = Arena::with_capacity(self.footprint());
        let root = self.copy_into(&mut arena);
        if arena.used() == 0 && !matches!(root, Node::Array { .. } | Node::Object { .. }) {
            return Value(root);
        }
        Value::from_parts(root, arena)
    }
}

impl Default for Value {
    /// `null`.
    fn default() -> Value {
        Value::NULL
    }
}

impl PartialEq for Value {
    /// Objects are equal when they have equal members, in whatever order. 1 and 1.0 differ.
    fn eq(&self, other: &Value) -> bool {
        match (self.view(), other.view()) {
            (View::Null, View::Null) => true,
            (View::Bool(a), View::Bool(b)) => a == b,
            (View::Int(a), View::Int(b)) => a == b,
            (View::Uint(a), View::Uint(b)) => a == b,
            (View::Double(a), View::Double(b)) => a == b,
            (View::Str(a), View::Str(b)) => a == b,
            (View::Array(a), View::Array(b)) => a == b,
            (View::Object(a), View::Object(b)) => equal_members(a, b),
            _ => false,
        }
    }
}

fn equal_members(a: &[Member], b: &[Member]) -> bool {
    let same = |a: &Member, b: &Member| a.key() == b.key() && a.value() == b.value();
    if a.len() != b.len() {
        return false;
    }
    if a.iter().zip(b).all(|(a, b)| a.key() == b.key()) {
        return a.iter().zip(b).all(|(a, b)| a.value() == b.value());
    }
    fn sorted(members: &[Member]) -> Vec<&Member> {
        let mut sorted: Vec<_> = members.iter().collect();
        sorted.sort_by_key(|member| member.key());
        sorted
    }
    sorted(a).into_iter().zip(sorted(b)).all(|(a, b)| same(a, b))
}

impl Eq for Value {}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        let mut arena = Arena::with_capacity(text.len() + 1);
        Value::from_parts(Node::text(&mut arena, text), arena)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Value {
        text.as_str().into()
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        text.as_str().into()
    }
}

impl From<bool> for Value {
    fn from(it: bool) -> Value {
        Value(Node::Bool(it))
    }
}

impl From<f64> for Value {
    /// `null` for NaN and the infinities, which JSON has no number for.
    fn from(number: f64) -> Value {
        Value(Node::double(number))
    }
}

impl From<&Value> for Value {
    fn from(value: &Value) -> Value {
        value.clone()
    }
}

macro_rules! from_integers {
    ($node:expr, $wide:ty: $($narrow:ty),*) => {$(
        impl From<$narrow> for Value {
            fn from(number: $narrow) -> Value {
                Value($node(<$wide>::from(number)))
            }
        }
    )*};
}

from_integers!(Node::int, i64: i8, i16, i32, i64);
from_integers!(Node::Uint, u64: u8, u16, u32, u64);

#[cfg(test)]
mod tests;
