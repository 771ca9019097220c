//! Filters of lists, prunes and events.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

/// Filters: names, and for each the values of which one must fit.
///
/// The names are those of the Engine API, such as `label`, `status` or `dangling`; values are always
/// text, also `true`.
///
/// ```
/// use dockline::Filters;
/// let running = Filters::new().with("status", "running").with("label", "app=web");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
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

    /// The form of the query: an object of lists.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(&self.terms).expect("maps of text always serialize")
    }
}

impl<'de> Deserialize<'de> for Filters {
    /// Reads an object whose values are texts, numbers, booleans, or lists of them.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Term {
            Text(String),
            Bool(bool),
            Int(i64),
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Terms {
            Many(Vec<Term>),
            One(Term),
        }
        let text = |term| match term {
            Term::Text(text) => text,
            Term::Bool(value) => value.to_string(),
            Term::Int(value) => value.to_string(),
        };
        let terms = BTreeMap::<String, Terms>::deserialize(deserializer)?
            .into_iter()
            .map(|(name, terms)| match terms {
                Terms::Many(terms) => (name, terms.into_iter().map(text).collect()),
                Terms::One(term) => (name, vec![text(term)]),
            })
            .collect();
        Ok(Filters { terms })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json() {
        let filters = Filters::new().with("label", "b").with("dangling", "true").with("label", "a");
        assert_eq!(filters.to_json(), r#"{"dangling":["true"],"label":["b","a"]}"#);
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
