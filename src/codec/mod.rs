//! The one description of the API, and the code that interprets it.
//!
//! Each object and each set of options is declared once, by `record!` or `options!`, which make
//! the struct and its [`Table`]. Everything else is compiled once and not once per type: the tolerant
//! reader of responses (`read`), the strict checker of what C programs pass (`check`), the writer of
//! bodies (`write`), `Debug`, and the query of a request. None of them is generic over
//! the type; a record gives access to its fields by number, as [`Slot`]s to read into and [`View`]s to
//! write.
//!
//! Public only for the tests of this crate, and not covered by its versioning.

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
pub use scalar::{Leaf, Scalar, Tree};
pub use serialize::serialize;
pub use table::{Base, Field, Integer, Kind, Location, Shape, Table, UnknownFieldPolicy};

pub(crate) use read::{DecodeError, Notes, from_json, from_response, read_response};
pub(crate) use record::{options, record};
pub(crate) use string_enum::string_enum;
pub(crate) use write::JsonBody;
