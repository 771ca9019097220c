//! Map with string keys.

use std::collections::BinaryHeap;
use std::ops::Index;
use std::{slice, vec};

use crate::codec::{self, JsonType, Kind, Slot, View};

/// Map with string keys, such as labels, or networks by name.
///
/// Iteration is in the order of the keys. The entries are stored in one sorted vector with little
/// spare capacity, because most maps of the API are small. Inserting moves all later entries; collect
/// large maps from an iterator instead.
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
    /// Sorted by key, without duplicates.
    entries: Vec<(String, V)>,
}

impl<V> Map<V> {
    /// Creates an empty map.
    pub const fn new() -> Map<V> {
        Map { entries: Vec::new() }
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether the map is empty.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn position(&self, key: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|entry| entry.0.as_str().cmp(key))
    }

    /// Returns the value of a key.
    pub fn get(&self, key: impl AsRef<str>) -> Option<&V> {
        self.position(key.as_ref()).ok().map(|at| &self.entries[at].1)
    }

    /// Returns a mutable reference to the value of a key.
    pub fn get_mut(&mut self, key: impl AsRef<str>) -> Option<&mut V> {
        self.position(key.as_ref()).ok().map(|at| &mut self.entries[at].1)
    }

    /// Returns whether the map contains a key.
    pub fn contains_key(&self, key: impl AsRef<str>) -> bool {
        self.position(key.as_ref()).is_ok()
    }

    /// Inserts a value and returns the previous value of the key.
    pub fn insert(&mut self, key: String, value: V) -> Option<V> {
        match self.position(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.entries[at].1, value)),
            Err(at) => {
                self.entries.insert(at, (key, value));
                None
            }
        }
    }

    /// Removes a key and returns its value.
    pub fn remove(&mut self, key: impl AsRef<str>) -> Option<V> {
        self.position(key.as_ref()).ok().map(|at| self.entries.remove(at).1)
    }

    /// Keeps only the entries for which `keep` returns true.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &mut V) -> bool) {
        self.entries.retain_mut(|(key, value)| keep(key, value));
    }

    /// Removes all entries.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// Returns the value of a key, inserting the result of `default` if the key is absent.
    pub fn get_or_insert_with(&mut self, key: &str, default: impl FnOnce() -> V) -> &mut V {
        let at = self.position(key).unwrap_or_else(|at| {
            self.entries.insert(at, (key.to_owned(), default()));
            at
        });
        &mut self.entries[at].1
    }

    /// Iterates over keys and values, in the order of the keys.
    pub fn iter(&self) -> Iter<'_, V> {
        Iter(self.entries.iter())
    }

    /// Iterates over keys and mutable values, in the order of the keys.
    pub fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = (&str, &mut V)> {
        self.entries.iter_mut().map(|entry| (entry.0.as_str(), &mut entry.1))
    }

    /// Iterates over the keys, in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator {
        self.entries.iter().map(|entry| entry.0.as_str())
    }

    /// Iterates over the values, in the order of the keys.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &V> + DoubleEndedIterator {
        self.entries.iter().map(|entry| &entry.1)
    }

    /// Iterates over the mutable values, in the order of the keys.
    pub fn values_mut(&mut self) -> impl ExactSizeIterator<Item = &mut V> {
        self.entries.iter_mut().map(|entry| &mut entry.1)
    }

    /// Sorts the entries by key; of duplicate keys the last entry remains.
    fn sort(&mut self) {
        if self.entries.is_sorted_by(|a, b| a.0 < b.0) {
            return;
        }
        let positions = sorted_positions(&self.keys().collect::<Vec<_>>());
        let mut unordered: Vec<_> =
            std::mem::take(&mut self.entries).into_iter().map(Some).collect();
        self.entries = positions.into_iter().filter_map(|at| unordered[at].take()).collect();
    }
}

/// Returns the positions of the keys in sorted order, of duplicate keys only the last position.
///
/// Not generic, and sorted by a heap, because each instance of a slice sort adds 10 KB of code.
fn sorted_positions(keys: &[&str]) -> Vec<usize> {
    let heap: BinaryHeap<(&str, usize)> =
        keys.iter().enumerate().map(|(at, key)| (*key, at)).collect();
    let mut positions = heap.into_sorted_vec();
    // In descending order the last of several equal keys comes first, and `dedup` keeps the first.
    positions.reverse();
    positions.dedup_by_key(|(key, _)| *key);
    positions.into_iter().rev().map(|(_, at)| at).collect()
}

impl<V> Default for Map<V> {
    fn default() -> Map<V> {
        Map::new()
    }
}

impl<V, Q: AsRef<str> + ?Sized> Index<&Q> for Map<V> {
    type Output = V;

    /// Returns the value of a key. Panics if the key is absent.
    fn index(&self, key: &Q) -> &V {
        let key = key.as_ref();
        self.get(key).unwrap_or_else(|| panic!("the map has no key {key:?}"))
    }
}

impl<K: Into<String>, V> FromIterator<(K, V)> for Map<V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Map<V> {
        let entries = entries.into_iter().map(|(key, value)| (key.into(), value)).collect();
        let mut map = Map { entries };
        map.sort();
        map
    }
}

impl<K: Into<String>, V> Extend<(K, V)> for Map<V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        self.entries.extend(entries.into_iter().map(|(key, value)| (key.into(), value)));
        self.sort();
    }
}

impl<K: Into<String>, W: Into<V>, V, const N: usize> From<[(K, W); N]> for Map<V> {
    fn from(entries: [(K, W); N]) -> Map<V> {
        entries.into_iter().map(|(key, value)| (key, value.into())).collect()
    }
}

impl<V> IntoIterator for Map<V> {
    type Item = (String, V);
    type IntoIter = vec::IntoIter<(String, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'a, V> IntoIterator for &'a Map<V> {
    type Item = (&'a str, &'a V);
    type IntoIter = Iter<'a, V>;

    fn into_iter(self) -> Iter<'a, V> {
        self.iter()
    }
}

/// Iterator over the keys and values of a [`Map`].
#[derive(Debug, Clone)]
pub struct Iter<'a, V>(slice::Iter<'a, (String, V)>);

impl<'a, V> Iterator for Iter<'a, V> {
    type Item = (&'a str, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|entry| (entry.0.as_str(), &entry.1))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<V> DoubleEndedIterator for Iter<'_, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|entry| (entry.0.as_str(), &entry.1))
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
        self.entries.clear();
    }
    fn push(&mut self, key: String) -> (&str, Slot<'_>) {
        let entries = &mut self.entries;
        if entries.len() == entries.capacity() {
            // Labels and attributes usually have several entries; `finish` releases unused
            // capacity.
            let first = if size_of::<(String, V)>() <= 64 { 8 } else { 1 };
            entries.reserve_exact(entries.len().max(first));
        }
        entries.push((key, V::empty()));
        let last = entries.len() - 1;
        let (key, value) = &mut entries[last];
        (key, value.slot())
    }
    fn finish(&mut self) {
        self.sort();
        // A few unused slots cost less than moving the entries.
        let unused = self.entries.capacity() - self.entries.len();
        if unused * size_of::<(String, V)>() > 256 {
            self.entries.shrink_to_fit();
        }
    }
    fn len(&self) -> usize {
        self.entries.len()
    }
    fn get(&self, index: usize) -> (&str, View<'_>) {
        let (key, value) = &self.entries[index];
        (key, value.view())
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
    fn sorts_keys_and_keeps_the_last_duplicate() {
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

    /// A malicious engine can send many keys in any order.
    #[test]
    fn sorts_many_keys() {
        let map: Map<u32> = (0..100_000).rev().map(|it| (format!("{it:06}"), it)).collect();
        assert_eq!(map.len(), 100_000);
        assert!(map.values().copied().eq(0..100_000));
    }
}
