//! Filters for lists, prunes and events.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::codec::leaf::{self, tree};
use crate::codec::{Tree, scalar};

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
    /// Reads an object whose values are strings, integers, booleans, or arrays of them. A value may also have the
    /// form that engines log, an object such as `{"a=b": true}`.
    fn set(&mut self, value: Value) -> Result<(), String> {
        fn string(value: Value) -> Option<String> {
            match value {
                Value::String(string) => Some(string),
                Value::Bool(it) => Some(it.to_string()),
                Value::Number(number) => scalar(&number).as_integer().map(|it| it.to_string()),
                _ => None,
            }
        }
        fn name((name, value): (String, Value)) -> Option<String> {
            (value == Value::Bool(true)).then_some(name)
        }
        let strings = |value| match value {
            Value::Array(values) => values.into_iter().map(string).collect(),
            Value::Object(names) if !names.is_empty() => names.into_iter().map(name).collect(),
            value => string(value).map(|string| vec![string]),
        };
        // `collect` would link a sort; so here and in `get`.
        let Value::Object(object) = value else {
            return Err("an object of strings, integers, booleans, or arrays of them".to_owned());
        };
        let mut terms = BTreeMap::new();
        for (name, value) in object {
            let Some(values) = strings(value) else {
                return Err(format!(
                    "an object whose {name:?} is a string, an integer, a boolean, or an array of them"
                ));
            };
            terms.insert(name, values);
        }
        self.terms = terms;
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

    #[test]
    fn reads_the_form_that_engines_log() {
        let read = |json| serde_json::from_str::<Filters>(json);
        let filters = read(r#"{"label":{"a=b":true,"c":true},"exited":[5e8,2.0]}"#).unwrap();
        let expected = Filters::new()
            .with("label", "a=b")
            .with("label", "c")
            .with("exited", "500000000")
            .with("exited", "2");
        assert_eq!(filters, expected);
        for (json, expected, got) in [
            (r#"{"label":{"a=b":false}}"#, "whose \"label\" is", "an object"),
            (r#"{"label":{"a=b":"x"}}"#, "whose \"label\" is", "an object"),
            (r#"{"label":{}}"#, "whose \"label\" is", "an object"),
            (r#"{"label":[{"a=b":true}]}"#, "whose \"label\" is", "an object"),
            (r#"{"exited":0.5}"#, "whose \"exited\" is", "an object"),
            (r#"{"exited":null}"#, "whose \"exited\" is", "an object"),
            (r#"["label=a"]"#, "of strings,", "an array"),
        ] {
            let error = read(json).unwrap_err().to_string();
            assert!(error.starts_with(&format!("expected an object {expected}")), "{error}");
            assert!(error.contains(&format!(", got {got}")), "{json}: {error}");
        }
    }
}
