//! JSON values as objects of C.

use std::mem;
use std::ops::Deref;
use std::ptr;

use crate::Value;

/// A JSON value: what engines answer, and what you send as options and bodies.
///
/// A value that came through a dockline_value ** or from a function that makes one is yours: free
/// it with dockline_value_free(). A const dockline_value * is a part of another value: it lives, at
/// the same address, until that one is changed or freed.
///
/// Parts are found by JSON Pointer (RFC 6901): "/State/Health/Status", "/Names/0", "" for the value
/// itself. In a name ~1 stands for / and ~0 for ~. Members keep their order; a name that is there
/// twice counts as its last occurrence. Values nest at most 100 levels deep.
///
/// Any number of threads may read a value at once. While one changes it, no other may use it.
pub struct dockline_value(pub(super) Value);

// `lent` relies on it. `repr(transparent)` would say so too, but also tell C what is inside.
const _: () = assert!(
    mem::offset_of!(dockline_value, 0) == 0 && size_of::<dockline_value>() == size_of::<Value>()
);

impl From<Value> for dockline_value {
    fn from(value: Value) -> dockline_value {
        dockline_value(value)
    }
}

impl Deref for dockline_value {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0
    }
}

/// A part of a value, lent to C.
pub(super) fn lent(value: &Value) -> *const dockline_value {
    ptr::from_ref(value).cast()
}
