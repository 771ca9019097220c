//! Checks and reads the arguments of exported functions: NULL, UTF-8, options and bodies.
//!
//! # Safety
//! All functions here require that a pointer is NULL or valid for its type, and that a string ends
//! with NUL. Both stay valid and unchanged for `'a`, which must end within the exported function.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::NonNull;
use std::slice;
use std::time::Duration;

use super::failure::Fail;
use super::json::dockline_value;
use crate::Value;
use crate::codec::check::{CheckedBody, check};
use crate::codec::{JsonType, Kind, Slot, from_response, read_json};
use crate::secret::SecretBytes;

/// An object. NULL is an error.
pub(super) unsafe fn handle<'a, T>(name: &str, pointer: *const T) -> Result<&'a T, Fail> {
    optional(pointer).ok_or_else(|| is_null(name))
}

/// A mutable object. NULL is an error.
pub(super) unsafe fn handle_mut<'a, T>(name: &str, pointer: *mut T) -> Result<&'a mut T, Fail> {
    pointer.as_mut().ok_or_else(|| is_null(name))
}

/// An object, or `None` for NULL.
pub(super) unsafe fn optional<'a, T>(pointer: *const T) -> Option<&'a T> {
    pointer.as_ref()
}

/// Frees an object from [`Out::put_handle`] or [`boxed`]. NULL is allowed.
pub(super) unsafe fn free<T>(pointer: *mut T) {
    if !pointer.is_null() {
        drop(Box::from_raw(pointer));
    }
}

/// Hands an object over to C.
pub(super) fn boxed<T>(object: T) -> *mut T {
    Box::into_raw(Box::new(object))
}

/// A string that ends with NUL. NULL is an error.
pub(super) unsafe fn text<'a>(name: &str, pointer: *const c_char) -> Result<&'a str, Fail> {
    optional_text(name, pointer)?.ok_or_else(|| is_null(name))
}

/// A string that ends with NUL, or `None` for NULL.
pub(super) unsafe fn optional_text<'a>(
    name: &str,
    pointer: *const c_char,
) -> Result<Option<&'a str>, Fail> {
    if pointer.is_null() {
        return Ok(None);
    }
    utf8(name, CStr::from_ptr(pointer).to_bytes()).map(Some)
}

/// A string of `length` bytes, which may contain NUL.
pub(super) unsafe fn string_with_length<'a>(
    name: &str,
    pointer: *const c_char,
    length: usize,
) -> Result<&'a str, Fail> {
    utf8(name, bytes(name, pointer.cast(), length)?)
}

/// Bytes. NULL is allowed if `length` is 0.
pub(super) unsafe fn bytes<'a>(
    name: &str,
    pointer: *const c_void,
    length: usize,
) -> Result<&'a [u8], Fail> {
    if length == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(is_null(name));
    }
    if length > isize::MAX as usize {
        return Err(Fail::argument(format!("length of {name} is {length}, more than SSIZE_MAX")));
    }
    Ok(slice::from_raw_parts(pointer.cast(), length))
}

/// The height or width of a terminal in characters.
pub(super) fn cells(name: &str, count: c_int) -> Result<u16, Fail> {
    let out_of_range =
        |_| Fail::argument(format!("{name} is {count}, not between 0 and {}", u16::MAX));
    count.try_into().map_err(out_of_range)
}

/// A timeout among the options; 0 means no limit.
pub(super) fn seconds(name: &str, seconds: f64) -> Result<Option<Duration>, Fail> {
    if seconds == 0.0 {
        return Ok(None);
    }
    Duration::try_from_secs_f64(seconds)
        .map(Some)
        .map_err(|_| Fail::argument(format!("options: {name:?} cannot be {seconds} seconds")))
}

/// The options of an operation; unknown fields are errors. NULL means none.
pub(super) unsafe fn options<T: JsonType>(options: *const dockline_value) -> Result<T, Fail> {
    optional_body("options", options)
}

/// A request body; unknown fields are errors. NULL means an empty body.
pub(super) unsafe fn optional_body<T: JsonType>(
    name: &str,
    body: *const dockline_value,
) -> Result<T, Fail> {
    match optional(body) {
        None => Ok(T::empty()),
        Some(body) => read(name, body),
    }
}

/// A request body; unknown fields are errors. NULL is an error.
pub(super) unsafe fn body<T: JsonType>(name: &str, body: *const dockline_value) -> Result<T, Fail> {
    read(name, handle(name, body)?)
}

/// A request body that is checked as a `T` and sent without conversion. NULL is an error.
pub(super) unsafe fn given<'a, T: JsonType>(
    name: &str,
    body: *const dockline_value,
) -> Result<CheckedBody<'a>, Fail> {
    handle(name, body)?;
    optional_given::<T>(name, body)
}

/// As [`given`]. NULL means an empty body.
pub(super) unsafe fn optional_given<'a, T: JsonType>(
    name: &str,
    body: *const dockline_value,
) -> Result<CheckedBody<'a>, Fail> {
    let body = optional(body).map(|it| &**it);
    CheckedBody::new(body, T::KIND).map_err(|problem| Fail::argument(format!("{name}: {problem}")))
}

/// Converts a value from C; unknown fields are errors.
pub(super) fn read<T: JsonType>(name: &str, value: &Value) -> Result<T, Fail> {
    let mut read = T::empty();
    read_into(name, value, T::KIND, read.slot())?;
    Ok(read)
}

/// Converts a value from C into a slot. Not generic, so that it is compiled once and not once per type.
fn read_into(name: &str, value: &Value, kind: &Kind, slot: Slot<'_>) -> Result<(), Fail> {
    check(value, kind)
        .and_then(|()| {
            read_json(slot, &to_secret_json(value)).map_err(|problem| problem.to_string())
        })
        .map_err(|problem| Fail::argument(format!("{name}: {problem}")))
}

/// Converts a value that an engine returned, as tolerantly as a response.
pub(super) fn response<T: JsonType>(name: &str, value: &Value) -> Result<T, Fail> {
    from_response(&to_secret_json(value))
        .map(|(response, _)| response)
        .map_err(|problem| Fail::argument(format!("{name}: {problem}")))
}

/// JSON that is wiped when dropped, since the value may contain secrets.
fn to_secret_json(value: &Value) -> SecretBytes {
    let mut json = SecretBytes::default();
    serde_json::to_writer(&mut json, value).expect("writing a value to memory succeeds");
    json
}

/// Converts a response to a value.
pub(super) fn to_value(response: &impl serde::Serialize) -> Result<dockline_value, Fail> {
    let mut json = SecretBytes::default();
    serde_json::to_writer(&mut json, response)
        .map_err(|error| Fail::argument(error.to_string()))?;
    Ok(Value::parse(&json)?.into())
}

/// An output parameter. NULL is an error.
pub(super) unsafe fn out<T>(name: &str, pointer: *mut T) -> Result<Out<T>, Fail> {
    NonNull::new(pointer).map(Out).ok_or_else(|| is_null(name))
}

/// An output parameter, or `None` for NULL.
pub(super) unsafe fn optional_out<T>(pointer: *mut T) -> Option<Out<T>> {
    NonNull::new(pointer).map(Out)
}

/// An output parameter that is not written yet. It is checked before the call and written once,
/// after success.
pub(super) struct Out<T>(NonNull<T>);

impl<T> Out<T> {
    pub(super) fn put(self, value: T) {
        // SAFETY: `out` and `optional_out` require a valid pointer.
        unsafe { self.0.write(value) }
    }
}

impl<T> Out<*mut T> {
    /// Hands an object over to C.
    pub(super) fn put_handle(self, object: T) {
        self.put(boxed(object));
    }
}

fn utf8<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, Fail> {
    std::str::from_utf8(bytes).map_err(|error| {
        Fail::argument(format!("{name} is not UTF-8 after {} bytes", error.valid_up_to()))
    })
}

fn is_null(name: &str) -> Fail {
    Fail::argument(format!("{name} is NULL"))
}

#[cfg(test)]
mod tests {
    use std::ptr;

    use super::*;

    fn message<T>(result: Result<T, Fail>) -> String {
        match result {
            Err(Fail::Argument(message)) => message,
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("success"),
        }
    }

    #[test]
    fn strings_must_be_utf8_and_not_null() {
        // SAFETY: the strings end with NUL.
        unsafe {
            assert_eq!(text("id", c"ü".as_ptr()).unwrap(), "ü");
            assert_eq!(optional_text("id", ptr::null()).unwrap(), None);
            assert_eq!(message(text("id", ptr::null())), "id is NULL");
            assert_eq!(message(text("id", c"ab\xff".as_ptr())), "id is not UTF-8 after 2 bytes");
            assert_eq!(string_with_length("id", b"a\0b".as_ptr().cast(), 3).unwrap(), "a\0b");
        }
    }

    #[test]
    fn bytes_must_not_be_null_or_too_long() {
        // SAFETY: the pointers are valid for their lengths, or rejected.
        unsafe {
            assert_eq!(bytes("data", ptr::null(), 0).unwrap(), b"");
            assert_eq!(bytes("data", [1u8, 2].as_ptr().cast(), 2).unwrap(), [1, 2]);
            assert_eq!(message(bytes("data", ptr::null(), 1)), "data is NULL");
            let too_long = format!("length of data is {}, more than SSIZE_MAX", usize::MAX);
            assert_eq!(message(bytes("data", [1u8].as_ptr().cast(), usize::MAX)), too_long);
        }
    }

    #[test]
    fn options_reject_unknown_fields() {
        crate::codec::record! {
            #[derive(Default, PartialEq)]
            struct Limited {
                limit: u32 = "limit",
            }
        }
        let misspelt: Value = r#"{"limt":1}"#.parse().unwrap();
        let misspelt = dockline_value::from(misspelt);
        // SAFETY: NULL is allowed, and the value is valid.
        unsafe {
            assert_eq!(options::<Limited>(ptr::null()).unwrap(), Limited::default());
            assert_eq!(message(body::<Limited>("config", ptr::null())), "config is NULL");
            assert_eq!(
                message(options::<Limited>(&misspelt)),
                r#"options: unknown field "limt", expected limit; did you mean "limit"?"#
            );
        }
    }
}
