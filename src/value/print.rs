//! [`Value`] to JSON text.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Value, View};

impl Value {
    /// As JSON text on one line.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a value is JSON, and memory takes it")
    }

    /// As JSON text for people: a line for each member and item, indented by two blanks a level.
    pub fn to_json_pretty(&self) -> String {
        serde_json::to_string_pretty(self).expect("a value is JSON, and memory takes it")
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
    /// As JSON text on one line; `{:#}` as [`to_json_pretty`](Value::to_json_pretty).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&if f.alternate() { self.to_json_pretty() } else { self.to_json() })
    }
}
