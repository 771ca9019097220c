//! Access to values independent of their Rust types: slots to read into, views to write from.

use serde_json::Value;

use super::{AnyJson, Integer, Kind, Leaf, Shape, Table, Tree};
use crate::model::UnknownFields;

/// A type that the codec reads and writes.
pub trait JsonType: Sized {
    /// The JSON type.
    const KIND: &'static Kind;
    /// The outermost JSON type.
    const SHAPE: Shape = Self::KIND.shape();
    /// Returns the empty value, which absent members and `null` stand for.
    fn empty() -> Self;
    /// Returns the slot to read into.
    fn slot(&mut self) -> Slot<'_>;
    /// Returns the value to write.
    fn view(&self) -> View<'_>;
}

/// A struct with a table. Implemented by `record!` and `options!`.
pub trait Record {
    /// Returns the table of its fields.
    fn table(&self) -> &'static Table;
    /// Returns the slot of the field with this index.
    fn slot(&mut self, field: usize) -> Slot<'_>;
    /// Returns the value of the field with this index.
    fn view(&self, field: usize) -> View<'_>;
    /// Returns the record that [`Table::base`] describes.
    fn base(&self) -> Option<&dyn Record> {
        None
    }
    /// Returns the record that [`Table::base`] describes, mutably.
    fn base_mut(&mut self) -> Option<&mut dyn Record> {
        None
    }
    /// Returns the unknown fields, if the record keeps them.
    fn unknown(&self) -> Option<&UnknownFields> {
        None
    }
    /// Adds an unknown field and returns its slot, if the record keeps unknown fields.
    fn push_unknown(&mut self, _name: String) -> Option<Slot<'_>> {
        None
    }
}

/// A list.
#[allow(clippy::len_without_is_empty, reason = "the codec does not need it")]
pub trait List {
    /// Removes all items.
    fn clear(&mut self);
    /// Appends an empty item.
    fn push(&mut self) -> Slot<'_>;
    /// Removes the last item.
    fn pop(&mut self);
    /// Returns the number of items.
    fn len(&self) -> usize;
    /// Returns an item.
    fn get(&self, index: usize) -> View<'_>;
}

/// A map with strings as keys.
#[allow(clippy::len_without_is_empty, reason = "the codec does not need it")]
pub trait Map {
    /// Removes all members.
    fn clear(&mut self);
    /// Appends an empty member. Of several members with the same name the last one counts.
    fn push(&mut self, name: String) -> (&str, Slot<'_>);
    /// Ends a series of calls of `push`.
    fn finish(&mut self);
    /// Returns the number of members.
    fn len(&self) -> usize;
    /// Returns a member.
    fn get(&self, index: usize) -> (&str, View<'_>);
}

/// A value that may be absent.
pub trait Optional {
    /// Makes it present and empty.
    fn fill(&mut self) -> Slot<'_>;
    /// Makes it absent.
    fn clear(&mut self);
    /// Returns the value, if it is present.
    fn get(&self) -> Option<View<'_>>;
}

/// A place to read a value into.
#[allow(missing_docs)]
pub enum Slot<'a> {
    Bool(&'a mut bool),
    I64(&'a mut i64),
    I32(&'a mut i32),
    U64(&'a mut u64),
    U32(&'a mut u32),
    U16(&'a mut u16),
    F64(&'a mut f64),
    String(&'a mut String),
    Leaf(&'a mut dyn Leaf),
    Tree(&'a mut dyn Tree),
    Any(&'a mut dyn AnyJson),
    Opaque,
    Record(&'a mut dyn Record),
    List(&'a mut dyn List),
    Map(&'a mut dyn Map),
    Optional(&'a mut dyn Optional),
}

/// A value to write.
#[allow(missing_docs)]
#[derive(Clone, Copy)]
pub enum View<'a> {
    Bool(bool),
    Int(i64),
    Uint(u64),
    Number(f64),
    Str(&'a str),
    Leaf(&'a dyn Leaf),
    Tree(&'a dyn Tree),
    Any(&'a Value),
    Opaque,
    Record(&'a dyn Record),
    List(&'a dyn List),
    Map(&'a dyn Map),
    Optional(&'a dyn Optional),
}

macro_rules! scalars {
    ($($type:ty: $kind:expr, $slot:ident, $view:ident $wide:ty;)*) => {$(
        impl JsonType for $type {
            const KIND: &'static Kind = &$kind;
            fn empty() -> Self {
                Default::default()
            }
            #[inline]
            fn slot(&mut self) -> Slot<'_> {
                Slot::$slot(self)
            }
            #[inline]
            fn view(&self) -> View<'_> {
                View::$view(<$wide>::from(*self))
            }
        }
    )*};
}

scalars! {
    bool: Kind::Bool, Bool, Bool bool;
    i64: Kind::Integer(Integer::I64), I64, Int i64;
    i32: Kind::Integer(Integer::I32), I32, Int i64;
    u64: Kind::Integer(Integer::U64), U64, Uint u64;
    u32: Kind::Integer(Integer::U32), U32, Uint u64;
    u16: Kind::Integer(Integer::U16), U16, Uint u64;
    f64: Kind::Number, F64, Number f64;
}

impl JsonType for String {
    const KIND: &'static Kind = &Kind::String;
    fn empty() -> String {
        String::new()
    }
    #[inline]
    fn slot(&mut self) -> Slot<'_> {
        Slot::String(self)
    }
    #[inline]
    fn view(&self) -> View<'_> {
        View::Str(self)
    }
}

impl JsonType for Value {
    const KIND: &'static Kind = &Kind::Any;
    fn empty() -> Value {
        Value::Null
    }
    fn slot(&mut self) -> Slot<'_> {
        Slot::Any(self)
    }
    fn view(&self) -> View<'_> {
        View::Any(self)
    }
}

/// A member that the codec skips; other code reads it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Opaque;

impl JsonType for Opaque {
    const KIND: &'static Kind = &Kind::Opaque;
    fn empty() -> Opaque {
        Opaque
    }
    fn slot(&mut self) -> Slot<'_> {
        Slot::Opaque
    }
    fn view(&self) -> View<'_> {
        View::Opaque
    }
}

impl<T: JsonType> JsonType for Vec<T> {
    const KIND: &'static Kind = &Kind::List(T::KIND);
    fn empty() -> Vec<T> {
        Vec::new()
    }
    fn slot(&mut self) -> Slot<'_> {
        Slot::List(self)
    }
    fn view(&self) -> View<'_> {
        View::List(self)
    }
}

impl<T: JsonType> List for Vec<T> {
    fn clear(&mut self) {
        Vec::clear(self);
    }
    fn push(&mut self) -> Slot<'_> {
        // Most lists have one item; `Vec::push` would allocate room for four.
        if self.len() == self.capacity() {
            self.reserve_exact(self.len().max(1));
        }
        Vec::push(self, T::empty());
        let last = self.len() - 1;
        self.as_mut_slice()[last].slot()
    }
    fn pop(&mut self) {
        Vec::pop(self);
    }
    fn len(&self) -> usize {
        Vec::len(self)
    }
    fn get(&self, index: usize) -> View<'_> {
        self.as_slice()[index].view()
    }
}

impl<T: JsonType> JsonType for Option<T> {
    const KIND: &'static Kind = &Kind::Optional(T::KIND);
    fn empty() -> Option<T> {
        None
    }
    fn slot(&mut self) -> Slot<'_> {
        Slot::Optional(self)
    }
    fn view(&self) -> View<'_> {
        View::Optional(self)
    }
}

impl<T: JsonType> Optional for Option<T> {
    fn fill(&mut self) -> Slot<'_> {
        self.insert(T::empty()).slot()
    }
    fn clear(&mut self) {
        *self = None;
    }
    fn get(&self) -> Option<View<'_>> {
        #[allow(clippy::manual_map, reason = "a debug build compiles `map` for each type")]
        match self {
            Some(value) => Some(value.view()),
            None => None,
        }
    }
}

/// Panics because of a field index that the table does not have.
#[cold]
#[inline(never)]
pub fn no_field() -> ! {
    panic!("the table has no field with this index")
}
