//! JSON encoding and decoding, driven by tables of fields.
//!
//! `record!` and `options!` declare an object of the API or a set of options: they generate the struct
//! and its [`Table`]. The code that uses the tables is not generic, so it is compiled once and not once
//! per type: the tolerant reader of responses (`read`), the strict checker of values from C programs
//! (`check`), the writer of bodies (`write`), `Debug`, and the query parameters of requests. It accesses
//! the fields of a record by index, through [`Slot`]s for reading and [`View`]s for writing.
//!
//! This module is public only for the tests of this crate. Semantic versioning does not cover it.

mod any_json;
#[cfg(feature = "capi")]
pub(crate) mod check;
mod debug;
mod json_type;
pub(crate) mod leaf;
mod names;
pub(crate) mod path;
pub(crate) mod read;
mod record;
mod scalar;
mod serialize;
pub(crate) mod string_enum;
mod table;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub(crate) mod write;

pub use debug::debug;
pub use json_type::{JsonType, List, Map, Opaque, Optional, Record, Slot, View, no_field};

pub use read::deserialize;
pub use scalar::{AnyJson, Leaf, Scalar, Tree};
pub use serialize::serialize;
pub use table::{Base, Field, Integer, Kind, Location, Shape, Table, UnknownFieldPolicy, location};

#[cfg(feature = "capi")]
pub(crate) use read::read_json;
pub(crate) use read::{DecodeError, Notes, from_json, from_response, read_response, scalar};
pub(crate) use record::{options, record};
pub(crate) use string_enum::string_enum;
pub(crate) use write::JsonBody;
