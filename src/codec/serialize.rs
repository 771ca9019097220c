//! `serde::Serialize` for users of the library. Unlike in bodies, empty fields are written too.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::{JsonType, Record, Scalar, View};

/// Serializes a value with all of its fields.
pub fn serialize<S: Serializer>(value: &impl JsonType, to: S) -> Result<S::Ok, S::Error> {
    value.view().serialize(to)
}

impl Serialize for View<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match *self {
            View::Bool(it) => to.serialize_bool(it),
            View::Int(it) => to.serialize_i64(it),
            View::Uint(it) => to.serialize_u64(it),
            View::Number(it) => to.serialize_f64(it),
            View::Str(it) => to.serialize_str(it),
            View::Leaf(it) => {
                let (mut to, mut result) = (Some(to), None);
                it.get(&mut |scalar| result = to.take().map(|to| scalar.serialize(to)));
                result.expect("`Leaf::get` calls its closure")
            }
            View::Tree(it) => it.get().serialize(to),
            View::Any(it) => it.serialize(to),
            View::Opaque => to.serialize_unit(),
            View::Optional(it) => match it.get() {
                Some(it) => to.serialize_some(&it),
                None => to.serialize_none(),
            },
            View::List(it) => {
                let mut items = to.serialize_seq(Some(it.len()))?;
                (0..it.len()).try_for_each(|at| items.serialize_element(&it.get(at)))?;
                items.end()
            }
            View::Map(it) => {
                let mut members = to.serialize_map(Some(it.len()))?;
                (0..it.len()).try_for_each(|at| {
                    let (name, value) = it.get(at);
                    members.serialize_entry(name, &value)
                })?;
                members.end()
            }
            View::Record(it) => {
                let mut members = to.serialize_map(None)?;
                write_members(it, &mut members)?;
                members.end()
            }
        }
    }
}

fn write_members<M: SerializeMap>(record: &dyn Record, to: &mut M) -> Result<(), M::Error> {
    if let Some(base) = record.base() {
        write_members(base, to)?;
    }
    for (index, field) in record.table().fields.iter().enumerate() {
        to.serialize_entry(field.name(), &record.view(index))?;
    }
    for (name, value) in record.unknown().into_iter().flat_map(|it| &it.0) {
        to.serialize_entry(name, value)?;
    }
    Ok(())
}

impl Serialize for Scalar<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match *self {
            Scalar::Bool(it) => to.serialize_bool(it),
            Scalar::Int(it) => to.serialize_i64(it),
            Scalar::Uint(it) => to.serialize_u64(it),
            Scalar::Number(it) => to.serialize_f64(it),
            Scalar::Str(it) => to.serialize_str(it),
        }
    }
}
