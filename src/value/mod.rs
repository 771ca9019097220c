//! The [`Value`] type: JSON as an ordered, dictionary-like tree.

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

/// Maximum nesting of arrays and objects. Functions that walk a value recursively rely on it to not
/// exhaust the stack.
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
    /// Any other number.
    Double,
    /// A string.
    String,
    /// A list of values.
    Array,
    /// A list of members, each with a name and a value.
    Object,
}

impl Value {
    /// The value `null`.
    pub const NULL: Value = Value(Node::Null);

    /// Returns an object without members.
    pub fn object() -> Value {
        let mut arena = Arena::with_capacity(256);
        Value::from_parts(Node::object(&mut arena, []), arena)
    }

    /// Returns an array without items.
    pub fn array() -> Value {
        let mut arena = Arena::with_capacity(256);
        Value::from_parts(Node::array(&mut arena, []), arena)
    }

    pub(crate) fn view(&self) -> View<'_> {
        self.0.view()
    }

    /// Returns the JSON type.
    pub fn value_type(&self) -> ValueType {
        self.view().value_type()
    }

    /// Returns whether the value is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.view(), View::Null)
    }

    /// Returns the string, or `None` for other types.
    pub fn as_str(&self) -> Option<&str> {
        match self.view() {
            View::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the integer, if it fits into an `i64`; `None` for other types.
    pub fn as_i64(&self) -> Option<i64> {
        match self.view() {
            View::Int(number) => Some(number),
            View::Uint(number) => number.try_into().ok(),
            _ => None,
        }
    }

    /// Returns the integer, if it is not negative; `None` for other types.
    pub fn as_u64(&self) -> Option<u64> {
        match self.view() {
            View::Uint(number) => Some(number),
            _ => None,
        }
    }

    /// Returns the number, or `None` for other types. Integers beyond 2⁵³ are rounded.
    pub fn as_f64(&self) -> Option<f64> {
        match self.view() {
            View::Int(number) => Some(number as f64),
            View::Uint(number) => Some(number as f64),
            View::Double(number) => Some(number),
            _ => None,
        }
    }

    /// Returns the boolean, or `None` for other types.
    pub fn as_bool(&self) -> Option<bool> {
        match self.view() {
            View::Bool(it) => Some(it),
            _ => None,
        }
    }

    /// Returns the number of items or members; 0 for scalars.
    pub fn len(&self) -> usize {
        match self.view() {
            View::Array(items) => items.len(),
            View::Object(members) => members.len(),
            _ => 0,
        }
    }

    /// Returns whether [`len`](Value::len) is 0.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the item, or the value of the member, at an index.
    pub fn at(&self, index: usize) -> Option<&Value> {
        match self.view() {
            View::Array(items) => items.get(index),
            View::Object(members) => members.get(index).map(Member::value),
            _ => None,
        }
    }

    /// Returns the name of the member at an index.
    pub fn key(&self, index: usize) -> Option<&str> {
        self.member(index).map(Member::key)
    }

    pub(crate) fn member(&self, index: usize) -> Option<&Member> {
        match self.view() {
            View::Object(members) => members.get(index),
            _ => None,
        }
    }

    /// Returns the items of an array. Empty for other types.
    pub fn items(&self) -> impl ExactSizeIterator<Item = &Value> + DoubleEndedIterator {
        match self.view() {
            View::Array(items) => items.iter(),
            _ => [].iter(),
        }
    }

    /// Returns the members of an object, in their order. Empty for other types.
    pub fn members(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> + DoubleEndedIterator {
        let members = match self.view() {
            View::Object(members) => members,
            _ => &[],
        };
        members.iter().map(|member| (member.key(), member.value()))
    }

    /// Returns the nesting of arrays and objects; 0 for scalars.
    fn depth(&self) -> usize {
        let deepest = match self.view() {
            View::Array(items) => items.iter().map(Value::depth).max(),
            View::Object(members) => members.iter().map(|it| it.value().depth()).max(),
            _ => return 0,
        };
        deepest.unwrap_or(0) + 1
    }

    /// Returns the number of bytes that a copy occupies in an arena.
    fn arena_size(&self) -> usize {
        match self.view() {
            View::Str(text) => text.len() + 1,
            View::Array(items) => {
                size_of_val(items) + items.iter().map(Value::arena_size).sum::<usize>()
            }
            View::Object(members) => {
                let size = |it: &Member| it.key().len() + 1 + it.value().arena_size();
                size_of_val(members) + members.iter().map(size).sum::<usize>()
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
            View::Str(it) => Node::string(arena, it),
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
    /// Returns the type with its article, for messages: "an integer".
    pub(crate) fn description(self) -> &'static str {
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
        let mut arena = Arena::with_capacity(self.arena_size());
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
    /// Compares objects independently of the order of their members. 1 and 1.0 are not equal.
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
    let equal = |a: &Member, b: &Member| a.key() == b.key() && a.value() == b.value();
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
    sorted(a).into_iter().zip(sorted(b)).all(|(a, b)| equal(a, b))
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
        Value::from_parts(Node::string(&mut arena, text), arena)
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
    /// Converts NaN and the infinities to `null`, since JSON cannot represent them.
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
