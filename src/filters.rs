//! Filters for lists, prunes and events.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::codec::Tree;
use crate::codec::leaf::{self, tree};

/// Filters for lists, prunes and events: a map of names to values.
///
/// Names are those of the Engine API, such as `label`, `status` or `dangling`. Values are strings, such as `true`.
/// An item matches a name if it matches one of its values.
///
/// ```
/// use dockline::Filters;
/// let running = Filters::new().with("status", "running").with("label", "app=web");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    terms: BTreeMap<String, Vec<String>>,
}

impl Filters {
    /// Creates an empty set of filters.
    pub fn new() -> Filters {
        Filters::default()
    }

    /// Returns these filters with another value for `name`.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Filters {
        self.add(name, value);
        self
    }

    /// Adds a value for `name`.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.terms.entry(name.into()).or_default().push(value.into());
    }

    /// Returns the values for `name`.
    pub fn values(&self, name: &str) -> &[String] {
        self.terms.get(name).map_or(&[], Vec::as_slice)
    }

    /// Removes all values for `name`.
    pub fn remove(&mut self, name: &str) {
        self.terms.remove(name);
    }

    /// Returns whether there are no filters.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// All pairs of a name and one of its values.
    #[cfg(feature = "capi")]
    pub(crate) fn pairs(self) -> impl Iterator<Item = (String, String)> {
        self.terms
            .into_iter()
            .flat_map(|(name, values)| values.into_iter().map(move |value| (name.clone(), value)))
    }
}

tree!(Filters);
leaf::serde_impls!(Filters);

impl Tree for Filters {
    /// Reads an object whose values are strings, integers, booleans, or arrays of them.
    fn set(&mut self, value: Value) -> Result<(), String> {
        fn string(value: Value) -> Option<String> {
            match value {
                Value::String(string) => Some(string),
                Value::Bool(it) => Some(it.to_string()),
                Value::Number(number) if !number.is_f64() => Some(number.to_string()),
                _ => None,
            }
        }
        let strings = |value| match value {
            Value::Array(values) => values.into_iter().map(string).collect(),
            value => string(value).map(|string| vec![string]),
        };
        // `collect` would link a sort; so here and in `get`.
        let read = |object: serde_json::Map<String, Value>| {
            let mut terms = BTreeMap::new();
            for (name, value) in object {
                terms.insert(name, strings(value)?);
            }
            Some(terms)
        };
        let terms = match value {
            Value::Object(object) => read(object),
            _ => None,
        };
        self.terms = terms.ok_or("an object of strings, integers, booleans, or lists of them")?;
        Ok(())
    }

    fn get(&self) -> Value {
        let mut object = serde_json::Map::new();
        for (name, values) in &self.terms {
            object.insert(name.clone(), values.clone().into());
        }
        Value::Object(object)
    }

    fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_json() {
        let filters = Filters::new().with("label", "b").with("dangling", "true").with("label", "a");
        assert_eq!(filters.get().to_string(), r#"{"dangling":["true"],"label":["b","a"]}"#);
    }

    #[test]
    fn reads_scalars_and_arrays() {
        let filters: Filters =
            serde_json::from_str(r#"{"dangling":true,"label":["a","b"],"exited":3,"name":"x"}"#)
                .unwrap();
        let expected = Filters::new()
            .with("dangling", "true")
            .with("label", "a")
            .with("label", "b")
            .with("exited", "3")
            .with("name", "x");
        assert_eq!(filters, expected);
    }
}
