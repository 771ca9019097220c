//! Maps from text.

use std::collections::BinaryHeap;
use std::ops::Index;
use std::{slice, vec};

use crate::codec::{self, JsonType, Kind, Slot, View};

/// A map from text, such as labels, or networks by name.
///
/// Iterates in the order of the names. It takes the memory of its members and no more: most maps of
/// the API have one or a few members. Insertion moves the members behind, so that maps of very many
/// members are better collected from an iterator than inserted one by one.
///
/// ```
/// use dockline::model::Map;
/// let mut labels: Map<String> = [("app", "web"), ("tier", "front")].into();
/// labels.insert("stage".into(), "test".into());
/// assert_eq!(labels["app"], "web");
/// assert_eq!(labels.get("none"), None);
/// assert_eq!(labels.keys().collect::<Vec<_>>(), ["app", "stage", "tier"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Map<V> {
    /// In the order of the names, none of them twice.
    members: Vec<(String, V)>,
}

impl<V> Map<V> {
    /// A map without members.
    pub const fn new() -> Map<V> {
        Map { members: Vec::new() }
    }

    /// The number of members.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    fn position(&self, name: &str) -> Result<usize, usize> {
        self.members.binary_search_by(|member| member.0.as_str().cmp(name))
    }

    /// The value of a name.
    pub fn get(&self, name: impl AsRef<str>) -> Option<&V> {
        self.position(name.as_ref()).ok().map(|at| &self.members[at].1)
    }

    /// The value of a name, to change it.
    pub fn get_mut(&mut self, name: impl AsRef<str>) -> Option<&mut V> {
        self.position(name.as_ref()).ok().map(|at| &mut self.members[at].1)
    }

    /// Whether a name has a value.
    pub fn contains_key(&self, name: impl AsRef<str>) -> bool {
        self.position(name.as_ref()).is_ok()
    }

    /// Gives a name a value; returns the one it had.
    pub fn insert(&mut self, name: String, value: V) -> Option<V> {
        match self.position(&name) {
            Ok(at) => Some(std::mem::replace(&mut self.members[at].1, value)),
            Err(at) => {
                self.members.insert(at, (name, value));
                None
            }
        }
    }

    /// Removes a name; returns its value.
    pub fn remove(&mut self, name: impl AsRef<str>) -> Option<V> {
        self.position(name.as_ref()).ok().map(|at| self.members.remove(at).1)
    }

    /// Keeps the members that `keep` returns true for.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &mut V) -> bool) {
        self.members.retain_mut(|(name, value)| keep(name, value));
    }

    /// Removes all members.
    pub fn clear(&mut self) {
        self.members.clear();
    }

    /// The value of a name, which is made by `default` if it has none.
    pub fn get_or_insert_with(&mut self, name: &str, default: impl FnOnce() -> V) -> &mut V {
        let at = self.position(name).unwrap_or_else(|at| {
            self.members.insert(at, (name.to_owned(), default()));
            at
        });
        &mut self.members[at].1
    }

    /// Names and values.
    pub fn iter(&self) -> Iter<'_, V> {
        Iter(self.members.iter())
    }

    /// Names and values, to change the values.
    pub fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = (&str, &mut V)> {
        self.members.iter_mut().map(|member| (member.0.as_str(), &mut member.1))
    }

    /// The names.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator {
        self.members.iter().map(|member| member.0.as_str())
    }

    /// The values.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &V> + DoubleEndedIterator {
        self.members.iter().map(|member| &member.1)
    }

    /// The values, to change them.
    pub fn values_mut(&mut self) -> impl ExactSizeIterator<Item = &mut V> {
        self.members.iter_mut().map(|member| &mut member.1)
    }

    /// Restores the order; of members with the same name the last one stays.
    fn order(&mut self) {
        if self.members.is_sorted_by(|a, b| a.0 < b.0) {
            return;
        }
        let order = order(&self.keys().collect::<Vec<_>>());
        let mut unordered: Vec<_> =
            std::mem::take(&mut self.members).into_iter().map(Some).collect();
        self.members = order.into_iter().filter_map(|at| unordered[at].take()).collect();
    }
}

/// The places of names in their order, for each name the last one. Not generic, and by a heap: the
/// sorts of slices are 10 KB of code for each type.
fn order(names: &[&str]) -> Vec<usize> {
    let heap: BinaryHeap<(&str, usize)> =
        names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    let mut places = heap.into_sorted_vec();
    // In descending order the last of equal names comes first, and so is the one that stays.
    places.reverse();
    places.dedup_by_key(|(name, _)| *name);
    places.into_iter().rev().map(|(_, at)| at).collect()
}

impl<V> Default for Map<V> {
    fn default() -> Map<V> {
        Map::new()
    }
}

impl<V, Q: AsRef<str> + ?Sized> Index<&Q> for Map<V> {
    type Output = V;

    /// The value of a name. Panics if it has none.
    fn index(&self, name: &Q) -> &V {
        let name = name.as_ref();
        self.get(name).unwrap_or_else(|| panic!("the map has no member {name:?}"))
    }
}

impl<K: Into<String>, V> FromIterator<(K, V)> for Map<V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Map<V> {
        let members = members.into_iter().map(|(name, value)| (name.into(), value)).collect();
        let mut map = Map { members };
        map.order();
        map
    }
}

impl<K: Into<String>, V> Extend<(K, V)> for Map<V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, members: I) {
        self.members.extend(members.into_iter().map(|(name, value)| (name.into(), value)));
        self.order();
    }
}

impl<K: Into<String>, W: Into<V>, V, const N: usize> From<[(K, W); N]> for Map<V> {
    fn from(members: [(K, W); N]) -> Map<V> {
        members.into_iter().map(|(name, value)| (name, value.into())).collect()
    }
}

impl<V> IntoIterator for Map<V> {
    type Item = (String, V);
    type IntoIter = vec::IntoIter<(String, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter()
    }
}

impl<'a, V> IntoIterator for &'a Map<V> {
    type Item = (&'a str, &'a V);
    type IntoIter = Iter<'a, V>;

    fn into_iter(self) -> Iter<'a, V> {
        self.iter()
    }
}

/// Names and values of a [`Map`].
#[derive(Debug, Clone)]
pub struct Iter<'a, V>(slice::Iter<'a, (String, V)>);

impl<'a, V> Iterator for Iter<'a, V> {
    type Item = (&'a str, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|member| (member.0.as_str(), &member.1))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<V> DoubleEndedIterator for Iter<'_, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|member| (member.0.as_str(), &member.1))
    }
}

impl<V> ExactSizeIterator for Iter<'_, V> {}

impl<V: JsonType> JsonType for Map<V> {
    const KIND: &'static Kind = &Kind::Map(V::KIND);
    fn empty() -> Map<V> {
        Map::new()
    }
    fn slot(&mut self) -> Slot<'_> {
        Slot::Map(self)
    }
    fn view(&self) -> View<'_> {
        View::Map(self)
    }
}

impl<V: JsonType> codec::Map for Map<V> {
    fn clear(&mut self) {
        self.members.clear();
    }
    fn push(&mut self, name: String) -> (&str, Slot<'_>) {
        let members = &mut self.members;
        if members.len() == members.capacity() {
            // Labels and attributes come in handfuls; `finish` gives back what is too much.
            let first = if size_of::<(String, V)>() <= 64 { 8 } else { 1 };
            members.reserve_exact(members.len().max(first));
        }
        members.push((name, V::empty()));
        let last = members.len() - 1;
        let (name, value) = &mut members[last];
        (name, value.slot())
    }
    fn finish(&mut self) {
        self.order();
        // A few unused places cost less than to move the members.
        let unused = self.members.capacity() - self.members.len();
        if unused * size_of::<(String, V)>() > 256 {
            self.members.shrink_to_fit();
        }
    }
    fn len(&self) -> usize {
        self.members.len()
    }
    fn get(&self, index: usize) -> (&str, View<'_>) {
        let (name, value) = &self.members[index];
        (name, value.view())
    }
}

impl<V: JsonType> serde::Serialize for Map<V> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        codec::serialize(self, to)
    }
}

impl<'de, V: JsonType> serde::Deserialize<'de> for Map<V> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        codec::deserialize(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_names_and_the_last_of_equals_stays() {
        let map: Map<i32> = [("b", 1), ("a", 2), ("b", 3), ("c", 4), ("a", 5)].into();
        assert_eq!(map.iter().collect::<Vec<_>>(), [("a", &5), ("b", &3), ("c", &4)]);
        let mut map = map;
        map.extend([("0", 6), ("c", 7)]);
        assert_eq!(map.keys().collect::<Vec<_>>(), ["0", "a", "b", "c"]);
        assert_eq!((map["c"], map.insert("c".into(), 8), map["c"]), (7, Some(7), 8));
        assert_eq!((map.remove("a"), map.remove("a"), map.len()), (Some(5), None, 3));
        *map.get_or_insert_with("new", || 0) += 9;
        *map.get_or_insert_with("new", || 0) += 1;
        map.retain(|_, value| *value > 7);
        assert_eq!(map, [("c", 8), ("new", 10)].into());
    }

    /// A hostile engine may send very many names in any order.
    #[test]
    fn many_names_in_the_wrong_order() {
        let map: Map<u32> = (0..100_000).rev().map(|it| (format!("{it:06}"), it)).collect();
        assert_eq!(map.len(), 100_000);
        assert!(map.values().copied().eq(0..100_000));
    }
}
