//! What is known of a type without a value of it.

use super::{Leaf, Tree};

/// An object of the API, or a set of options.
#[derive(Debug)]
pub struct Table {
    /// Name of the Rust struct.
    pub name: &'static str,
    /// The fields, in the order in which they are written.
    pub fields: &'static [Field],
    /// Further names that are read, and the numbers of their fields.
    pub aliases: &'static [(&'static str, usize)],
    /// A record whose members stand between those of this one.
    pub base: Option<Base>,
    /// The treatment of members that no field names.
    pub unknown_fields: UnknownFieldPolicy,
}

/// The record that [`Table::base`] names.
#[derive(Debug)]
pub struct Base {
    /// The Rust field.
    pub rust: &'static str,
    /// Its table.
    pub table: &'static Table,
}

/// One field. Small, and with few pointers, each of which costs a relocation in the shared library.
#[derive(Debug)]
pub struct Field {
    /// The name of the Rust field, and behind it the JSON name as it begins a member: `"Name":`.
    pub names: &'static str,
    /// Length of the first of them.
    pub rust_length: u8,
    /// Where it travels.
    pub location: Location,
    /// Minor number of the API version that introduced it; 0 if all have it.
    pub since: u16,
    /// Minor number of the last API version that honours it; `u16::MAX` if none dropped it.
    pub until: u16,
    /// Its type.
    pub kind: Kind,
}

/// Where a field travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// In a JSON object.
    Body,
    /// As a query parameter; a list as one for each item.
    Query,
    /// As a query parameter that is sent even if it is empty.
    QueryAlways,
    /// As a query parameter that holds JSON.
    JsonQuery,
    /// As a header.
    Header,
    /// As the request function decides.
    Manual,
}

/// The treatment of members that a record does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownFieldPolicy {
    /// Responses: ignored. The strict checker refuses them.
    Ignore,
    /// Options: refused.
    Reject,
    /// Specs: kept, and sent back.
    Keep,
    /// Keep like those of a spec; the strict checker refuses them outside of specs.
    KeepWithinSpecs,
}

/// The type of a value.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// An integer.
    Integer(Integer),
    /// A number.
    Number,
    /// Text.
    String,
    /// A scalar of a type of its own, and how it is read.
    Leaf(fn() -> Box<dyn Leaf>),
    /// A tree of a type of its own, and how it is read.
    Tree(fn() -> Box<dyn Tree>),
    /// Any JSON.
    Any,
    /// Read by other code.
    Opaque,
    /// An object with known members.
    Record(&'static Table),
    /// An array.
    List(&'static Kind),
    /// An object whose names are the caller's or the engine's.
    Map(&'static Kind),
    /// The difference between absent and empty matters.
    Optional(&'static Kind),
}

/// The size of an integer.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integer {
    I32,
    I64,
    U16,
    U32,
    U64,
}

impl Integer {
    /// The least and the greatest.
    pub fn bounds(self) -> (i128, i128) {
        match self {
            Integer::I32 => (i32::MIN.into(), i32::MAX.into()),
            Integer::I64 => (i64::MIN.into(), i64::MAX.into()),
            Integer::U16 => (0, u16::MAX.into()),
            Integer::U32 => (0, u32::MAX.into()),
            Integer::U64 => (0, u64::MAX.into()),
        }
    }
}

/// The kind of a response as a whole, all that is known of it where no table is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// An array.
    Array,
    /// An object.
    Object,
    /// Text.
    String,
    /// A kind above, or nothing.
    Any,
}

impl Kind {
    /// The kind as a whole.
    pub const fn shape(&self) -> Shape {
        match self {
            Kind::List(_) => Shape::Array,
            Kind::Record(_) | Kind::Map(_) => Shape::Object,
            Kind::String => Shape::String,
            _ => Shape::Any,
        }
    }

    /// Whether an absent value differs from an empty one.
    #[cfg(feature = "capi")]
    pub(crate) fn is_optional(&self) -> bool {
        matches!(self, Kind::Optional(_))
    }
}

impl Field {
    /// The name of the Rust field.
    pub fn rust(&self) -> &'static str {
        self.names.split_at(self.rust_length.into()).0
    }

    /// The JSON name, or the name of the query parameter or header.
    pub fn name(&self) -> &'static str {
        let key = self.names.split_at(self.rust_length.into()).1;
        &key[1..key.len() - 2]
    }

    /// The JSON name as it begins a member. It needs no escapes.
    pub(crate) fn key(&self) -> &'static [u8] {
        &self.names.as_bytes()[self.rust_length.into()..]
    }

    fn is_called(&self, name: &str) -> bool {
        let key = self.key();
        key.len() == name.len() + 3 && key[1..=name.len()] == *name.as_bytes()
    }

    /// Whether there are API versions between 1.24 and the newest that do not honour it.
    pub fn is_limited(&self) -> bool {
        self.since > 0 || self.until < u16::MAX
    }
}

impl Table {
    /// The field of this name or alias. `expected` is where the search begins: engines write members
    /// in the order of the fields, so that most are found by one comparison.
    pub(crate) fn find(&self, expected: usize, name: &str) -> Option<usize> {
        let (before, behind) = self.fields.split_at(expected.min(self.fields.len()));
        let position = |fields: &[Field]| fields.iter().position(|it| it.is_called(name));
        position(behind)
            .map(|it| it + before.len())
            .or_else(|| position(before))
            .or_else(|| self.aliases.iter().find(|it| it.0 == name).map(|it| it.1))
    }

    /// The names of all members, those of the base included.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        let base = self.base.iter().flat_map(|base| base.table.names());
        base.chain(self.fields.iter().map(Field::name)).collect()
    }
}
