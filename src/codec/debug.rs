//! `Debug` for all records, with the output of `#[derive(Debug)]`.

use std::fmt;

use super::{Record, View};

/// Formats a record. Secrets are leaves with a redacted `Debug` of their own.
pub fn debug(record: &dyn Record, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let table = record.table();
    let mut out = f.debug_struct(table.name);
    if let (Some(base), Some(declared)) = (record.base(), &table.base) {
        out.field(declared.rust_name, &View::Record(base));
    }
    for (index, field) in table.fields.iter().enumerate() {
        out.field(field.rust_name(), &record.view(index));
    }
    if let Some(unknown) = record.unknown() {
        out.field("unknown", unknown);
    }
    out.finish()
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            View::Bool(it) => it.fmt(f),
            View::Int(it) => it.fmt(f),
            View::Uint(it) => it.fmt(f),
            View::Number(it) => it.fmt(f),
            View::Str(it) => it.fmt(f),
            View::Leaf(it) => it.fmt(f),
            View::Tree(it) => it.fmt(f),
            View::Any(it) => it.fmt(f),
            View::Opaque => f.write_str("…"),
            View::Record(it) => debug(it, f),
            View::List(it) => f.debug_list().entries((0..it.len()).map(|at| it.get(at))).finish(),
            View::Map(it) => f.debug_map().entries((0..it.len()).map(|at| it.get(at))).finish(),
            View::Optional(it) => it.get().fmt(f),
        }
    }
}
