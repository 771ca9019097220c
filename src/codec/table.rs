//! Tables: descriptions of the JSON types, independent of their values.

use super::{Leaf, Tree};

/// The fields of an object of the API, or of a set of options.
#[derive(Debug)]
pub struct Table {
    /// Name of the Rust struct.
    pub name: &'static str,
    /// The fields, in the order in which they are written.
    pub fields: &'static [Field],
    /// Alternative names that are read, with the indices of their fields.
    pub aliases: &'static [(&'static str, usize)],
    /// A record whose members are flattened into this one.
    pub base: Option<Base>,
    /// The treatment of members without a field.
    pub unknown_fields: UnknownFieldPolicy,
}

/// A record that is flattened into another one.
#[derive(Debug)]
pub struct Base {
    /// Name of the Rust field that holds it.
    pub rust_name: &'static str,
    /// Its table.
    pub table: &'static Table,
}

/// A field of a [`Table`].
///
/// Small, and with few pointers: each pointer costs a relocation in the shared library.
#[derive(Debug)]
pub struct Field {
    /// The name of the Rust field, followed by the JSON name as it begins a member: `"Name":`.
    pub names: &'static str,
    /// Length of the Rust name.
    pub rust_name_length: u8,
    /// The part of a request that carries the field.
    pub location: Location,
    /// Minor number of the API version that introduced it; 0 if all versions have it.
    pub since: u16,
    /// Minor number of the last API version that honours it; `u16::MAX` if no version dropped it.
    pub until: u16,
    /// Its type.
    pub kind: Kind,
}

/// The part of a request that carries a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// A member of the JSON body.
    Body,
    /// A query parameter. A list becomes one parameter per item.
    Query,
    /// A query parameter that is sent even if it is empty.
    QueryAlways,
    /// A query parameter that holds JSON.
    JsonQuery,
    /// A header.
    Header,
    /// Any; the request function handles the field itself.
    Manual,
}

/// The words of `options!` for locations.
#[allow(missing_docs, non_upper_case_globals)]
pub mod location {
    use super::Location;

    pub const query: Location = Location::Query;
    pub const always: Location = Location::QueryAlways;
    pub const json: Location = Location::JsonQuery;
    pub const header: Location = Location::Header;
    pub const manual: Location = Location::Manual;
}

/// The treatment of members without a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownFieldPolicy {
    /// For responses: the reader ignores them, the strict checker rejects them.
    Ignore,
    /// For options: rejected.
    Reject,
    /// For specs: kept and sent back.
    Keep,
    /// For parts of specs: kept and sent back; outside of specs the strict checker rejects them.
    KeepWithinSpecs,
}

/// The JSON type of a value.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// An integer.
    Integer(Integer),
    /// A floating-point number.
    Number,
    /// A string.
    String,
    /// A scalar that its own Rust type parses. The function makes an empty value to parse into.
    Leaf(fn() -> Box<dyn Leaf>),
    /// JSON that its own Rust type parses. The function makes an empty value to parse into.
    Tree(fn() -> Box<dyn Tree>),
    /// Any JSON value.
    Any,
    /// Skipped by the reader: other code reads it.
    Opaque,
    /// An object with a table of fields.
    Record(&'static Table),
    /// An array.
    List(&'static Kind),
    /// An object with arbitrary names.
    Map(&'static Kind),
    /// A value for which absent and empty differ.
    Optional(&'static Kind),
}

/// The Rust type of an integer.
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
    /// Returns the smallest and the largest value.
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

/// The outermost JSON type of a response, for code that needs no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// An array.
    Array,
    /// An object.
    Object,
    /// A string.
    String,
    /// Any JSON value, or an empty response.
    Any,
}

impl Kind {
    /// Returns the outermost JSON type.
    pub const fn shape(&self) -> Shape {
        match self {
            Kind::List(_) => Shape::Array,
            Kind::Record(_) | Kind::Map(_) => Shape::Object,
            Kind::String => Shape::String,
            _ => Shape::Any,
        }
    }

    /// Returns whether an absent value differs from an empty one.
    #[cfg(feature = "capi")]
    pub(crate) fn is_optional(&self) -> bool {
        matches!(self, Kind::Optional(_))
    }
}

impl Field {
    /// Makes a field of a body. `names` is as in [`Field::names`].
    pub const fn new(names: &'static str, since: u16, until: u16, kind: Kind) -> Field {
        let mut rust_name_length = 0;
        while names.as_bytes()[rust_name_length as usize] != b'"' {
            rust_name_length += 1;
        }
        Field { names, rust_name_length, location: Location::Body, since, until, kind }
    }

    /// Returns the same field at another location.
    pub const fn at(self, location: Location) -> Field {
        Field { location, ..self }
    }

    /// Returns the name of the Rust field.
    pub fn rust_name(&self) -> &'static str {
        self.names.split_at(self.rust_name_length.into()).0
    }

    /// Returns the name of the JSON member, query parameter or header.
    pub fn name(&self) -> &'static str {
        let key = self.names.split_at(self.rust_name_length.into()).1;
        &key[1..key.len() - 2]
    }

    /// Returns the JSON name as it begins a member: `"Name":`. It needs no escapes.
    pub(crate) fn key(&self) -> &'static [u8] {
        &self.names.as_bytes()[self.rust_name_length.into()..]
    }

    fn has_name(&self, name: &str) -> bool {
        let key = self.key();
        key.len() == name.len() + 3 && key[1..=name.len()] == *name.as_bytes()
    }

    /// Returns whether only some API versions honour it.
    pub fn is_limited(&self) -> bool {
        self.since > 0 || self.until < u16::MAX
    }
}

impl Table {
    /// Returns the index of the field with this name or alias.
    ///
    /// The search begins at `expected`. Engines write members in the order of the fields, so one
    /// comparison finds most of them.
    pub(crate) fn find(&self, expected: usize, name: &str) -> Option<usize> {
        let (before, after) = self.fields.split_at(expected.min(self.fields.len()));
        let position = |fields: &[Field]| fields.iter().position(|it| it.has_name(name));
        position(after)
            .map(|it| it + before.len())
            .or_else(|| position(before))
            .or_else(|| self.aliases.iter().find(|it| it.0 == name).map(|it| it.1))
    }

    /// Returns the names of all members, including those of the base.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        let base = self.base.iter().flat_map(|base| base.table.names());
        base.chain(self.fields.iter().map(Field::name)).collect()
    }
}
