//! Serialization of a [`Value`].

use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Value, View};

impl Value {
    /// Returns the value as JSON on one line.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a value is valid JSON")
    }

    /// Returns the value as indented JSON.
    ///
    /// Each member and item is on a line of its own, indented by two spaces per level.
    pub fn to_json_pretty(&self) -> String {
        serde_json::to_string_pretty(self).expect("a value is valid JSON")
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self.view() {
            View::Null => out.serialize_unit(),
            View::Bool(it) => out.serialize_bool(it),
            View::Int(number) => out.serialize_i64(number),
            View::Uint(number) => out.serialize_u64(number),
            View::Double(number) => out.serialize_f64(number),
            View::Str(text) => out.serialize_str(text),
            View::Array(items) => out.collect_seq(items),
            View::Object(members) => {
                let mut map = out.serialize_map(Some(members.len()))?;
                for member in members {
                    map.serialize_entry(member.key(), member.value())?;
                }
                map.end()
            }
        }
    }
}

impl fmt::Display for Value {
    /// Formats as [`to_json`](Value::to_json), and with `{:#}` as [`to_json_pretty`](Value::to_json_pretty).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&if f.alternate() { self.to_json_pretty() } else { self.to_json() })
    }
}
