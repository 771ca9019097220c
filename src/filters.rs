//! Filters of lists, prunes and events.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::codec::Tree;
use crate::codec::leaf::{self, tree};

/// Filters: names, and for each the values of which one must fit.
///
/// The names are those of the Engine API, such as `label`, `status` or `dangling`; values are always
/// text, also `true`.
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
    /// No filters.
    pub fn new() -> Filters {
        Filters::default()
    }

    /// These filters and one more value for `name`.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Filters {
        self.add(name, value);
        self
    }

    /// Adds a value for `name`.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.terms.entry(name.into()).or_default().push(value.into());
    }

    /// The values for `name`.
    pub fn values(&self, name: &str) -> &[String] {
        self.terms.get(name).map_or(&[], Vec::as_slice)
    }

    /// Removes all values for `name`.
    pub fn remove(&mut self, name: &str) {
        self.terms.remove(name);
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Each name with each of its values.
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
    /// Reads an object whose values are texts, numbers, booleans, or lists of them.
    fn set(&mut self, value: Value) -> Result<(), String> {
        fn text(value: Value) -> Option<String> {
            match value {
                Value::String(text) => Some(text),
                Value::Bool(it) => Some(it.to_string()),
                Value::Number(number) if !number.is_f64() => Some(number.to_string()),
                _ => None,
            }
        }
        let texts = |value| match value {
            Value::Array(values) => values.into_iter().map(text).collect(),
            value => text(value).map(|text| vec![text]),
        };
        // Inserted one by one, as in `get`: `collect` would link a sort.
        let read = |terms: serde_json::Map<String, Value>| {
            let mut read = BTreeMap::new();
            for (name, value) in terms {
                read.insert(name, texts(value)?);
            }
            Some(read)
        };
        let terms = match value {
            Value::Object(terms) => read(terms),
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
    fn json() {
        let filters = Filters::new().with("label", "b").with("dangling", "true").with("label", "a");
        assert_eq!(filters.get().to_string(), r#"{"dangling":["true"],"label":["b","a"]}"#);
    }

    #[test]
    fn reads_what_people_write() {
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
