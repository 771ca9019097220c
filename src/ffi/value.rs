use std::ffi::{c_char, c_int, c_void};
use std::ops::Deref;
use std::ptr::{self, NonNull};

use super::failure::{Fail, dockline_error};
use super::guard::{guard, guard_or};
use super::json::{dockline_value, lent};
use super::{arg, text};
use crate::{Outcome, Value, ValueType};

/// The type of a value. New ones may be added in later versions.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum dockline_type {
    /// No value: the pointer is NULL.
    DOCKLINE_TYPE_NONE = 0,
    /// null
    DOCKLINE_TYPE_NULL = 1,
    /// true or false
    DOCKLINE_TYPE_BOOL = 2,
    /// A number without fraction and exponent, from INT64_MIN to UINT64_MAX.
    DOCKLINE_TYPE_INTEGER = 3,
    /// Another number.
    DOCKLINE_TYPE_DOUBLE = 4,
    /// Text in UTF-8.
    DOCKLINE_TYPE_STRING = 5,
    /// A list of values.
    DOCKLINE_TYPE_ARRAY = 6,
    /// Named values.
    DOCKLINE_TYPE_OBJECT = 7,
}

use dockline_type::*;

const TYPES: [(dockline_type, ValueType); 7] = [
    (DOCKLINE_TYPE_NULL, ValueType::Null),
    (DOCKLINE_TYPE_BOOL, ValueType::Bool),
    (DOCKLINE_TYPE_INTEGER, ValueType::Integer),
    (DOCKLINE_TYPE_DOUBLE, ValueType::Double),
    (DOCKLINE_TYPE_STRING, ValueType::String),
    (DOCKLINE_TYPE_ARRAY, ValueType::Array),
    (DOCKLINE_TYPE_OBJECT, ValueType::Object),
];

/// Makes an object without members. Free it with dockline_value_free().
#[unsafe(no_mangle)]
pub extern "C" fn dockline_value_new() -> *mut dockline_value {
    guard_or(ptr::null_mut(), || arg::boxed(Value::object().into()))
}

/// Makes an array without items. Free it with dockline_value_free().
#[unsafe(no_mangle)]
pub extern "C" fn dockline_value_new_array() -> *mut dockline_value {
    guard_or(ptr::null_mut(), || arg::boxed(Value::array().into()))
}

/// Makes a value of JSON text, which need not end with NUL.
///
/// Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT with line and column in the message.
/// Free *value with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_parse(
    json: *const c_void,
    length: usize,
    value: *mut *mut dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_parse", error, || {
        let value = arg::out("value", value)?;
        let json = arg::bytes("json", json, length)?;
        value.put_handle(Value::parse(json)?.into());
        Ok(())
    })
}

/// Makes JSON text of a value: on one line, or for people, with a line for each member and item.
///
/// length may be NULL.
///
/// Returns DOCKLINE_OK, or a negative dockline_status.
/// Free *text with dockline_string_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_print(
    value: *const dockline_value,
    pretty: bool,
    text: *mut *mut c_char,
    length: *mut usize,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_print", error, || {
        let out = arg::out("text", text)?;
        let value = arg::handle("value", value)?;
        let json = if pretty { value.to_json_pretty() } else { value.to_json() };
        if let Some(length) = arg::optional_out(length) {
            length.put(json.len());
        }
        out.put(text::owned(json));
        Ok(())
    })
}

/// Copies a value, or a part of one, with all that is in it.
///
/// Returns NULL for NULL. Free the copy with dockline_value_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_clone(value: *const dockline_value) -> *mut dockline_value {
    guard_or(ptr::null_mut(), || match arg::optional(value) {
        Some(value) => arg::boxed(Value::clone(value).into()),
        None => ptr::null_mut(),
    })
}

/// Frees a value and all its parts. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_free(value: *mut dockline_value) {
    guard_or((), || arg::free(value))
}

/// Whether two values are equal. Members of objects may be in different order; 1 and 1.0 differ;
/// NULL equals NULL only.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_equal(
    a: *const dockline_value,
    b: *const dockline_value,
) -> bool {
    guard_or(false, || arg::optional(a).map(Deref::deref) == arg::optional(b).map(Deref::deref))
}

/// The type of a value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_type(value: *const dockline_value) -> dockline_type {
    guard_or(DOCKLINE_TYPE_NONE, || {
        let value = arg::optional(value).map(|it| it.value_type());
        TYPES.iter().find(|it| Some(it.1) == value).map_or(DOCKLINE_TYPE_NONE, |it| it.0)
    })
}

/// Finds a part of a value by JSON Pointer.
///
/// Returns NULL if there is nothing, if the pointer is malformed, and for NULL; so calls can be
/// nested: dockline_value_string(dockline_value_get(container, "/Id"), "").
/// The part belongs to the value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_get(
    value: *const dockline_value,
    pointer: *const c_char,
) -> *const dockline_value {
    guard_or(ptr::null(), || {
        let (Some(value), Ok(pointer)) = (arg::optional(value), arg::text("pointer", pointer))
        else {
            return ptr::null();
        };
        value.get(pointer).map_or(ptr::null(), lent)
    })
}

/// Finds a part of a value by JSON Pointer that must be there and be of the expected type,
/// one of dockline_type. DOCKLINE_TYPE_DOUBLE takes integers too.
///
/// Returns DOCKLINE_OK; DOCKLINE_DECODE with a message that says how far the path exists and what
/// is missing, or which type is there; or DOCKLINE_INVALID_ARGUMENT.
/// *part belongs to the value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_require(
    value: *const dockline_value,
    pointer: *const c_char,
    expected: c_int,
    part: *mut *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_require", error, || {
        let part = arg::out("part", part)?;
        let value = arg::handle("value", value)?;
        let pointer = arg::text("pointer", pointer)?;
        let of = TYPES.iter().find(|it| it.0 as c_int == expected);
        let of = of.ok_or_else(|| Fail::argument(format!("{expected} is no type of a value")))?;
        part.put(lent(value.require(pointer, of.1)?));
        Ok(())
    })
}

/// The number of items of an array or of members of an object; 0 for all else and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_size(value: *const dockline_value) -> usize {
    guard_or(0, || arg::optional(value).map_or(0, |it| it.len()))
}

/// The item of an array, or the value of the member of an object, at an index that counts from 0.
///
/// Returns NULL past the end, for all else and for NULL. The item belongs to the value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_at(
    value: *const dockline_value,
    index: usize,
) -> *const dockline_value {
    guard_or(ptr::null(), || {
        arg::optional(value).and_then(|it| it.at(index)).map_or(ptr::null(), lent)
    })
}

/// The name of the member of an object at an index that counts from 0.
///
/// Returns NULL past the end, for all else and for NULL. The name belongs to the value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_key(
    value: *const dockline_value,
    index: usize,
) -> *const c_char {
    guard_or(ptr::null(), || key(value, index).map_or(ptr::null(), |(at, _)| pointer_to(at)))
}

/// The length in bytes of the name of the member at an index, since names may hold NUL; 0 where
/// dockline_value_key() gives NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_key_length(
    value: *const dockline_value,
    index: usize,
) -> usize {
    guard_or(0, || key(value, index).map_or(0, |(_, length)| length))
}

unsafe fn key(value: *const dockline_value, index: usize) -> Option<(NonNull<u8>, usize)> {
    Some(arg::optional(value)?.member(index)?.key_for_c())
}

fn pointer_to(text: NonNull<u8>) -> *const c_char {
    text.as_ptr().cast_const().cast()
}

/// The text of a value, in UTF-8 and with a NUL at its end. It belongs to the value.
///
/// Returns fallback, which may be NULL, if the value is no text, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_string(
    value: *const dockline_value,
    fallback: *const c_char,
) -> *const c_char {
    guard_or(fallback, || {
        let text = arg::optional(value).and_then(|it| it.text_for_c());
        text.map_or(fallback, |(at, _)| pointer_to(at))
    })
}

/// The length in bytes of the text of a value, since texts may hold NUL; 0 if it is no text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_string_length(value: *const dockline_value) -> usize {
    guard_or(0, || arg::optional(value).and_then(|it| it.as_str()).map_or(0, str::len))
}

/// The number, if it is an integer up to INT64_MAX; else fallback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_int(value: *const dockline_value, fallback: i64) -> i64 {
    guard_or(fallback, || arg::optional(value).and_then(|it| it.as_i64()).unwrap_or(fallback))
}

/// The number, if it is an integer and not below 0; else fallback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_uint(value: *const dockline_value, fallback: u64) -> u64 {
    guard_or(fallback, || arg::optional(value).and_then(|it| it.as_u64()).unwrap_or(fallback))
}

/// The number, integer or not; else fallback. Integers beyond 2 to the 53rd are rounded.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_double(value: *const dockline_value, fallback: f64) -> f64 {
    guard_or(fallback, || arg::optional(value).and_then(|it| it.as_f64()).unwrap_or(fallback))
}

/// true or false, if it is one; else fallback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_bool(value: *const dockline_value, fallback: bool) -> bool {
    guard_or(fallback, || arg::optional(value).and_then(|it| it.as_bool()).unwrap_or(fallback))
}

/// Sets the part at a JSON Pointer to a copy of the text.
///
/// This is true of all dockline_value_set functions: what was there is replaced. Missing parents
/// are made: an array where the next name is "-" or "0", else an object. The name "-" appends to an
/// array, as does the index after its last: "/Env/-". All parts got from the value before are gone.
///
/// Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT, and then nothing has changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_set_string(
    value: *mut dockline_value,
    pointer: *const c_char,
    text: *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_set_string", error, || {
        set(value, pointer, || arg::text("text", text).map(Value::from))
    })
}

/// Sets the part at a JSON Pointer to a copy of a text of this length in bytes, which may hold NUL.
///
/// Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_set_stringn(
    value: *mut dockline_value,
    pointer: *const c_char,
    text: *const c_char,
    length: usize,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_set_stringn", error, || {
        set(value, pointer, || {
            if length >= u32::MAX as usize {
                return Err(Fail::argument("text is longer than 4 GiB"));
            }
            arg::text_of_length("text", text, length).map(Value::from)
        })
    })
}

/// Sets the part at a JSON Pointer to a number.
///
/// Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_set_int(
    value: *mut dockline_value,
    pointer: *const c_char,
    number: i64,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_set_int", error, || set(value, pointer, || Ok(number.into())))
}

/// Sets the part at a JSON Pointer to a number.
///
/// Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_set_uint(
    value: *mut dockline_value,
    pointer: *const c_char,
    number: u64,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_set_uint", error, || set(value, pointer, || Ok(number.into())))
}

/// Sets the part at a JSON Pointer to a number, which must be finite.
///
/// Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_set_double(
    value: *mut dockline_value,
    pointer: *const c_char,
    number: f64,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_set_double", error, || {
        set(value, pointer, || match number.is_finite() {
            true => Ok(number.into()),
            false => Err(Fail::argument(format!("JSON has no number {number}"))),
        })
    })
}

/// Sets the part at a JSON Pointer to true or false.
///
/// Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_set_bool(
    value: *mut dockline_value,
    pointer: *const c_char,
    flag: bool,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_set_bool", error, || set(value, pointer, || Ok(flag.into())))
}

/// Sets the part at a JSON Pointer to null.
///
/// Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_set_null(
    value: *mut dockline_value,
    pointer: *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_set_null", error, || set(value, pointer, || Ok(Value::NULL)))
}

/// Sets the part at a JSON Pointer to an object without members.
///
/// Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_set_object(
    value: *mut dockline_value,
    pointer: *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_set_object", error, || set(value, pointer, || Ok(Value::object())))
}

/// Sets the part at a JSON Pointer to an array without items.
///
/// Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_set_array(
    value: *mut dockline_value,
    pointer: *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_set_array", error, || set(value, pointer, || Ok(Value::array())))
}

/// Sets the part at a JSON Pointer to a copy of another value, which may be a part of this one.
///
/// Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_set_value(
    value: *mut dockline_value,
    pointer: *const c_char,
    other: *const dockline_value,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_set_value", error, || {
        set(value, pointer, || arg::handle("other", other).map(|it| Value::clone(it)))
    })
}

/// `what` may lie in `value`, so it is copied before the value is taken to be changed.
unsafe fn set(
    value: *mut dockline_value,
    pointer: *const c_char,
    what: impl FnOnce() -> Result<Value, Fail>,
) -> Result<(), Fail> {
    let pointer = arg::text("pointer", pointer)?;
    let what = what()?;
    Ok(arg::handle_mut("value", value)?.0.set(pointer, what)?)
}

/// Removes the part at a JSON Pointer; items after it move up. All parts got from the value before
/// are gone.
///
/// Returns DOCKLINE_OK, DOCKLINE_NOT_MODIFIED if there was nothing, or DOCKLINE_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_remove(
    value: *mut dockline_value,
    pointer: *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_remove", error, || {
        let pointer = arg::text("pointer", pointer)?;
        let removed = arg::handle_mut("value", value)?.0.remove(pointer)?;
        Ok(if removed { Outcome::Done } else { Outcome::NotModified })
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::super::text::dockline_string_free;
    use super::*;

    /// What `ffi-tests/value.c` does at length, here for Miri.
    #[test]
    fn parts_are_pointers_into_the_value() {
        // SAFETY: pointers are ours, and used as the header says.
        unsafe {
            let value = dockline_value_new();
            let none = ptr::null_mut();
            let text = c"a\xc3\xbc".as_ptr();
            assert_eq!(dockline_value_set_string(value, c"/list/0/name".as_ptr(), text, none), 0);
            let list = dockline_value_get(value, c"/list".as_ptr());
            let item = dockline_value_at(list, 0);
            assert_eq!(CStr::from_ptr(dockline_value_key(item, 0)), c"name");
            let name = dockline_value_get(item, c"/name".as_ptr());
            assert_eq!(CStr::from_ptr(dockline_value_string(name, ptr::null())), c"aü");

            let copy = dockline_value_clone(item);
            assert_eq!(dockline_value_set_value(value, c"/list/-".as_ptr(), item, none), 0);
            assert_eq!(dockline_value_set_value(value, c"/list/-".as_ptr(), value, none), 0);
            assert_eq!(dockline_value_remove(value, c"/list/0".as_ptr(), none), 0);
            let mut json = ptr::null_mut();
            assert_eq!(dockline_value_print(value, false, &mut json, ptr::null_mut(), none), 0);
            let expected =
                c"{\"list\":[{\"name\":\"aü\"},{\"list\":[{\"name\":\"aü\"},{\"name\":\"aü\"}]}]}";
            assert_eq!(CStr::from_ptr(json), expected);
            dockline_value_free(value);
            dockline_string_free(json);
            assert_eq!(dockline_value_size(copy), 1);
            dockline_value_free(copy);
        }
    }
}
