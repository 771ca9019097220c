//! Options and results (dockline_value)
//!
//! Responses, options and request bodies are JSON values. Find a part of a response with
//! dockline_value_get() and read it with a function for its type, such as
//! dockline_value_string(). Create options with dockline_value_new() and the
//! dockline_value_set functions, or from JSON with dockline_value_parse().

use std::ffi::{c_char, c_int, c_void};
use std::ops::Deref;
use std::ptr::{self, NonNull};

use super::failure::{Fail, dockline_error};
use super::guard::{guard, guard_or};
use super::json::{self, dockline_value};
use super::{arg, text};
use crate::{Outcome, Value, ValueType};

/// Type of a value.
///
/// Types may be added in later versions.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum dockline_type {
    /// No value: the pointer is NULL.
    DOCKLINE_TYPE_NONE = 0,
    /// The JSON literal null.
    DOCKLINE_TYPE_NULL = 1,
    /// true or false.
    DOCKLINE_TYPE_BOOL = 2,
    /// A number without fraction and exponent, from INT64_MIN to UINT64_MAX.
    DOCKLINE_TYPE_INTEGER = 3,
    /// Any other number.
    DOCKLINE_TYPE_DOUBLE = 4,
    /// A string.
    DOCKLINE_TYPE_STRING = 5,
    /// A list of values, its items.
    DOCKLINE_TYPE_ARRAY = 6,
    /// A list of named values, its members.
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

/// Creates an empty object.
///
/// Returns the object; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub extern "C" fn dockline_value_new() -> *mut dockline_value {
    guard_or(ptr::null_mut(), || arg::boxed(Value::object().into()))
}

/// Creates an empty array.
///
/// Returns the array; free it with dockline_value_free().
#[unsafe(no_mangle)]
pub extern "C" fn dockline_value_new_array() -> *mut dockline_value {
    guard_or(ptr::null_mut(), || arg::boxed(Value::array().into()))
}

/// Parses JSON.
///
/// json: the JSON in UTF-8; a NUL at its end is not required.
/// length: its length in bytes.
/// value: receives the value; free it with dockline_value_free().
///
/// Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT if the JSON is not valid: the message has
/// line and column.
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

/// Formats a value as JSON.
///
/// value: the value, or a part of one.
/// pretty: true for indented output with a line for each member and item; false for one line.
/// json: receives the JSON; free it with dockline_string_free().
/// length: receives the length of the JSON in bytes, without its NUL; may be NULL.
///
/// Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_print(
    value: *const dockline_value,
    pretty: bool,
    json: *mut *mut c_char,
    length: *mut usize,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_print", error, || {
        let json = arg::out("json", json)?;
        let value = arg::handle("value", value)?;
        let string = if pretty { value.to_json_pretty() } else { value.to_json() };
        if let Some(length) = arg::optional_out(length) {
            length.put(string.len());
        }
        json.put(text::owned(string));
        Ok(())
    })
}

/// Copies a value with all its parts.
///
/// value: the value, or a part of one; may be NULL.
///
/// Returns the copy, to be freed with dockline_value_free(); NULL if value is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_clone(value: *const dockline_value) -> *mut dockline_value {
    guard_or(ptr::null_mut(), || match arg::optional(value) {
        Some(value) => arg::boxed(Value::clone(value).into()),
        None => ptr::null_mut(),
    })
}

/// Frees a value and all its parts.
///
/// The memory is wiped, since it may hold a password.
///
/// value: may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_free(value: *mut dockline_value) {
    guard_or((), || arg::free(value))
}

/// Compares two values.
///
/// The order of members does not matter. 1 and 1.0 differ. NULL equals only NULL.
///
/// a: a value; may be NULL.
/// b: a value; may be NULL.
///
/// Returns true if the values are equal.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_equal(
    a: *const dockline_value,
    b: *const dockline_value,
) -> bool {
    guard_or(false, || arg::optional(a).map(Deref::deref) == arg::optional(b).map(Deref::deref))
}

/// Returns the type of a value.
///
/// value: may be NULL.
///
/// Returns the type; DOCKLINE_TYPE_NONE if value is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_type(value: *const dockline_value) -> dockline_type {
    guard_or(DOCKLINE_TYPE_NONE, || {
        let value = arg::optional(value).map(|it| it.value_type());
        TYPES.iter().find(|it| Some(it.1) == value).map_or(DOCKLINE_TYPE_NONE, |it| it.0)
    })
}

/// Finds a part of a value by JSON Pointer.
///
/// value: may be NULL, so calls can be nested.
/// pointer: the JSON Pointer, such as "/State/Status".
///
/// Returns the part, which belongs to value; NULL if it does not exist, if the pointer is
/// malformed, or if value is NULL.
///
///    const char *id = dockline_value_string(dockline_value_get(container, "/Id"), "");
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
        value.get(pointer).map_or(ptr::null(), json::part)
    })
}

/// Finds a part of a value that must exist.
///
/// value: the value to search.
/// pointer: the JSON Pointer of the part.
/// expected: the required type, a dockline_type. DOCKLINE_TYPE_DOUBLE also accepts integers.
/// part: receives the part, which belongs to value.
///
/// Returns DOCKLINE_OK; DOCKLINE_DECODE if the part is missing or has another type: the message
/// names the missing member or the actual type; or DOCKLINE_INVALID_ARGUMENT.
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
        let Some((_, required)) = TYPES.iter().find(|it| it.0 as c_int == expected) else {
            return Err(Fail::argument(format!("expected is {expected}, not a type of a value")));
        };
        part.put(json::part(value.require(pointer, *required)?));
        Ok(())
    })
}

/// Returns the number of items or members.
///
/// value: may be NULL.
///
/// Returns the number of items of an array or of members of an object; 0 for other types, and
/// if value is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_size(value: *const dockline_value) -> usize {
    guard_or(0, || arg::optional(value).map_or(0, |it| it.len()))
}

/// Returns an item or member by its index.
///
/// value: an array or an object; may be NULL.
/// index: the index, from 0.
///
/// Returns the item of the array, or the value of the object's member; it belongs to value.
/// Returns NULL past the end, for other types, and if value is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_at(
    value: *const dockline_value,
    index: usize,
) -> *const dockline_value {
    guard_or(ptr::null(), || {
        arg::optional(value).and_then(|it| it.at(index)).map_or(ptr::null(), json::part)
    })
}

/// Returns the name of a member by its index.
///
/// value: an object; may be NULL.
/// index: the index, from 0.
///
/// Returns the name, which belongs to value; NULL past the end, for other types, and if value
/// is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_key(
    value: *const dockline_value,
    index: usize,
) -> *const c_char {
    guard_or(ptr::null(), || key(value, index).map_or(ptr::null(), |(key, _)| c_pointer(key)))
}

/// Returns the length of a member's name.
///
/// Names may contain NUL.
///
/// value: an object; may be NULL.
/// index: the index of the member, from 0.
///
/// Returns the length in bytes; 0 if dockline_value_key() returns NULL.
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

fn c_pointer(string: NonNull<u8>) -> *const c_char {
    string.as_ptr().cast_const().cast()
}

/// Returns a string.
///
/// value: may be NULL.
/// fallback: returned if value is not a string; may be NULL.
///
/// Returns the string in UTF-8 with a NUL at its end, which belongs to value; or fallback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_string(
    value: *const dockline_value,
    fallback: *const c_char,
) -> *const c_char {
    guard_or(fallback, || {
        let string = arg::optional(value).and_then(|it| it.text_for_c());
        string.map_or(fallback, |(string, _)| c_pointer(string))
    })
}

/// Returns the length of a string.
///
/// Strings may contain NUL.
///
/// value: may be NULL.
///
/// Returns the length in bytes; 0 if value is not a string or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_string_length(value: *const dockline_value) -> usize {
    guard_or(0, || arg::optional(value).and_then(|it| it.as_str()).map_or(0, str::len))
}

/// Returns a signed integer.
///
/// value: may be NULL.
/// fallback: returned if value is not an integer, or is greater than INT64_MAX.
///
/// Returns the integer; or fallback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_int(value: *const dockline_value, fallback: i64) -> i64 {
    guard_or(fallback, || arg::optional(value).and_then(|it| it.as_i64()).unwrap_or(fallback))
}

/// Returns an unsigned integer.
///
/// value: may be NULL.
/// fallback: returned if value is not an integer, or is negative.
///
/// Returns the integer; or fallback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_uint(value: *const dockline_value, fallback: u64) -> u64 {
    guard_or(fallback, || arg::optional(value).and_then(|it| it.as_u64()).unwrap_or(fallback))
}

/// Returns a number as double.
///
/// value: may be NULL.
/// fallback: returned if value is not a number.
///
/// Returns the number, or fallback. Integers beyond 2 to the power of 53 are rounded.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_double(value: *const dockline_value, fallback: f64) -> f64 {
    guard_or(fallback, || arg::optional(value).and_then(|it| it.as_f64()).unwrap_or(fallback))
}

/// Returns a boolean.
///
/// value: may be NULL.
/// fallback: returned if value is not a boolean.
///
/// Returns the boolean; or fallback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_bool(value: *const dockline_value, fallback: bool) -> bool {
    guard_or(fallback, || arg::optional(value).and_then(|it| it.as_bool()).unwrap_or(fallback))
}

/// Sets a part of a value to a string.
///
/// All dockline_value_set functions replace an existing part and create missing parents: an
/// array if the next name is "-" or "0", otherwise an object. The name "-" appends to an array,
/// and so does the index after the last: "/Env/-". Parts that were obtained from the value
/// before are no longer valid.
///
/// value: the value to change.
/// pointer: the JSON Pointer of the part; "" replaces the whole value.
/// string: the string; it is copied.
///
/// Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_set_string(
    value: *mut dockline_value,
    pointer: *const c_char,
    string: *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_set_string", error, || {
        set(value, pointer, || arg::text("string", string).map(Value::from))
    })
}

/// Sets a part to a string of a given length.
///
/// value: the value to change.
/// pointer: the JSON Pointer of the part, as for dockline_value_set_string().
/// string: the string, which may contain NUL; it is copied.
/// length: its length in bytes.
///
/// Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_set_stringn(
    value: *mut dockline_value,
    pointer: *const c_char,
    string: *const c_char,
    length: usize,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_set_stringn", error, || {
        set(value, pointer, || {
            if length >= u32::MAX as usize {
                return Err(Fail::argument("string is longer than 4 GiB"));
            }
            arg::string_with_length("string", string, length).map(Value::from)
        })
    })
}

/// Sets a part of a value to a signed integer.
///
/// value: the value to change.
/// pointer: the JSON Pointer of the part, as for dockline_value_set_string().
/// number: the integer.
///
/// Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_set_int(
    value: *mut dockline_value,
    pointer: *const c_char,
    number: i64,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_set_int", error, || set(value, pointer, || Ok(number.into())))
}

/// Sets a part of a value to an unsigned integer.
///
/// value: the value to change.
/// pointer: the JSON Pointer of the part, as for dockline_value_set_string().
/// number: the integer.
///
/// Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_set_uint(
    value: *mut dockline_value,
    pointer: *const c_char,
    number: u64,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_set_uint", error, || set(value, pointer, || Ok(number.into())))
}

/// Sets a part of a value to a double.
///
/// value: the value to change.
/// pointer: the JSON Pointer of the part, as for dockline_value_set_string().
/// number: the number; infinity and NaN are not valid.
///
/// Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
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
            false => {
                Err(Fail::argument(format!("number is {number}, which JSON cannot represent")))
            }
        })
    })
}

/// Sets a part of a value to a boolean.
///
/// value: the value to change.
/// pointer: the JSON Pointer of the part, as for dockline_value_set_string().
/// flag: the boolean.
///
/// Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_set_bool(
    value: *mut dockline_value,
    pointer: *const c_char,
    flag: bool,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_set_bool", error, || set(value, pointer, || Ok(flag.into())))
}

/// Sets a part of a value to null.
///
/// value: the value to change.
/// pointer: the JSON Pointer of the part, as for dockline_value_set_string().
///
/// Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_set_null(
    value: *mut dockline_value,
    pointer: *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_set_null", error, || set(value, pointer, || Ok(Value::NULL)))
}

/// Sets a part of a value to an empty object.
///
/// value: the value to change.
/// pointer: the JSON Pointer of the part, as for dockline_value_set_string().
///
/// Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_set_object(
    value: *mut dockline_value,
    pointer: *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_set_object", error, || set(value, pointer, || Ok(Value::object())))
}

/// Sets a part of a value to an empty array.
///
/// value: the value to change.
/// pointer: the JSON Pointer of the part, as for dockline_value_set_string().
///
/// Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_value_set_array(
    value: *mut dockline_value,
    pointer: *const c_char,
    error: *mut *mut dockline_error,
) -> c_int {
    guard("dockline_value_set_array", error, || set(value, pointer, || Ok(Value::array())))
}

/// Sets a part of a value to a copy of another.
///
/// value: the value to change.
/// pointer: the JSON Pointer of the part, as for dockline_value_set_string().
/// other: the value to copy; it may be a part of value.
///
/// Returns DOCKLINE_OK; or DOCKLINE_INVALID_ARGUMENT, and the value is unchanged.
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

/// Calls `new` before it borrows `value` mutably, since `new` may copy a part of `value`.
unsafe fn set(
    value: *mut dockline_value,
    pointer: *const c_char,
    new: impl FnOnce() -> Result<Value, Fail>,
) -> Result<(), Fail> {
    let pointer = arg::text("pointer", pointer)?;
    let new = new()?;
    Ok(arg::handle_mut("value", value)?.0.set(pointer, new)?)
}

/// Removes a part of a value.
///
/// Items after it move up. Parts that were obtained from the value before are no longer valid.
///
/// value: the value to change.
/// pointer: the JSON Pointer of the part; "" sets the whole value to null.
///
/// Returns DOCKLINE_OK; DOCKLINE_NOT_MODIFIED if the part does not exist; or
/// DOCKLINE_INVALID_ARGUMENT.
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

    /// A short form of `ffi-tests/value.c`, for Miri.
    #[test]
    fn parts_are_pointers_into_the_value() {
        // SAFETY: the pointers are valid and used as the header requires.
        unsafe {
            let value = dockline_value_new();
            let none = ptr::null_mut();
            let string = c"a\xc3\xbc".as_ptr();
            assert_eq!(dockline_value_set_string(value, c"/list/0/name".as_ptr(), string, none), 0);
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
