//! JSON values as C sees them.

use std::mem;
use std::ops::Deref;
use std::ptr;

use crate::Value;

/// JSON value: a response, options or a request body.
///
/// The caller owns values that it receives through a dockline_value ** and values that a
/// function returns as dockline_value *: free them with dockline_value_free(). A
/// const dockline_value * is a part of another value. It is valid, at the same address, until
/// that value is changed or freed.
///
/// Parts are found by JSON Pointer (RFC 6901): "/State/Health/Status", "/Names/0", or "" for
/// the value itself. In a name, ~1 stands for / and ~0 for ~. Members keep their order. Of
/// several members with the same name, the last one counts. Values nest up to 100 levels deep.
///
/// Any number of threads may read a value at once. While a thread changes a value, no other
/// thread may use it.
pub struct dockline_value(pub(super) Value);

// `part` casts between the two. `repr(transparent)` would make cbindgen publish the field.
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

/// The pointer by which C sees a part of a value.
pub(super) fn part(value: &Value) -> *const dockline_value {
    ptr::from_ref(value).cast()
}
