//! List of strings.

use std::ops::{Deref, DerefMut};
use std::{slice, vec};

use crate::codec::{JsonType, Kind, Slot, View, leaf};

/// List of strings, such as a command with its arguments.
///
/// Dereferences to `Vec<String>`, and converts from arrays, slices and vectors of any string type.
///
/// ```
/// use dockline::model::StringList;
/// let command: StringList = ["echo", "hello"].into();
/// let mut environment: StringList = vec![format!("PORT={}", 80)].into();
/// environment.push("DEBUG=1".into());
/// assert_eq!(command, ["echo", "hello"]);
/// assert_eq!(environment.len(), 2);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StringList(Vec<String>);

impl StringList {
    /// Creates an empty list.
    pub const fn new() -> StringList {
        StringList(Vec::new())
    }

    /// Returns the underlying vector.
    pub fn into_vec(self) -> Vec<String> {
        self.0
    }
}

impl Deref for StringList {
    type Target = Vec<String>;

    fn deref(&self) -> &Vec<String> {
        &self.0
    }
}

impl DerefMut for StringList {
    fn deref_mut(&mut self) -> &mut Vec<String> {
        &mut self.0
    }
}

impl<S: Into<String>, const N: usize> From<[S; N]> for StringList {
    fn from(items: [S; N]) -> StringList {
        items.into_iter().collect()
    }
}

impl<S: Into<String> + Clone> From<&[S]> for StringList {
    fn from(items: &[S]) -> StringList {
        items.iter().cloned().collect()
    }
}

impl<S: Into<String>> From<Vec<S>> for StringList {
    fn from(items: Vec<S>) -> StringList {
        items.into_iter().collect()
    }
}

impl From<StringList> for Vec<String> {
    fn from(list: StringList) -> Vec<String> {
        list.0
    }
}

impl<S: Into<String>> FromIterator<S> for StringList {
    fn from_iter<I: IntoIterator<Item = S>>(items: I) -> StringList {
        StringList(items.into_iter().map(Into::into).collect())
    }
}

impl<S: Into<String>> Extend<S> for StringList {
    fn extend<I: IntoIterator<Item = S>>(&mut self, items: I) {
        self.0.extend(items.into_iter().map(Into::into));
    }
}

impl IntoIterator for StringList {
    type Item = String;
    type IntoIter = vec::IntoIter<String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a StringList {
    type Item = &'a String;
    type IntoIter = slice::Iter<'a, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<S, const N: usize> PartialEq<[S; N]> for StringList
where
    String: PartialEq<S>,
{
    fn eq(&self, other: &[S; N]) -> bool {
        self.0 == *other
    }
}

impl<S> PartialEq<Vec<S>> for StringList
where
    String: PartialEq<S>,
{
    fn eq(&self, other: &Vec<S>) -> bool {
        self.0 == *other
    }
}

impl<S> PartialEq<&[S]> for StringList
where
    String: PartialEq<S>,
{
    fn eq(&self, other: &&[S]) -> bool {
        self.0 == **other
    }
}

impl JsonType for StringList {
    const KIND: &'static Kind = <Vec<String> as JsonType>::KIND;

    fn empty() -> StringList {
        StringList::new()
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::List(&mut self.0)
    }

    fn view(&self) -> View<'_> {
        View::List(&self.0)
    }
}

leaf::serde_impls!(StringList);
