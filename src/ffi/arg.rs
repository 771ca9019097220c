//! Arguments from C, checked: pointers for NULL, text for UTF-8.
//!
//! # Safety
//! All functions here: a pointer that is not NULL points to what its type says, text ends with NUL,
//! and both live and stay unchanged for `'a`, which the caller keeps within the call.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::NonNull;
use std::slice;
use std::time::Duration;

use super::failure::Fail;
use super::json::dockline_value;
use crate::Value;
use crate::codec::check::{Given, check};
use crate::codec::{JsonType, from_json, from_response};
use crate::secret::SecretBytes;

/// A handle or another object that must be there.
pub(super) unsafe fn handle<'a, T>(name: &str, pointer: *const T) -> Result<&'a T, Fail> {
    optional(pointer).ok_or_else(|| is_null(name))
}

/// As [`handle`], to change it.
pub(super) unsafe fn handle_mut<'a, T>(name: &str, pointer: *mut T) -> Result<&'a mut T, Fail> {
    pointer.as_mut().ok_or_else(|| is_null(name))
}

/// A handle or another object that may be NULL.
pub(super) unsafe fn optional<'a, T>(pointer: *const T) -> Option<&'a T> {
    pointer.as_ref()
}

/// Frees what [`Out::put_handle`] or [`boxed`] made. NULL is allowed.
pub(super) unsafe fn free<T>(pointer: *mut T) {
    if !pointer.is_null() {
        drop(Box::from_raw(pointer));
    }
}

/// A new object that C owns.
pub(super) fn boxed<T>(object: T) -> *mut T {
    Box::into_raw(Box::new(object))
}

/// Text that must be there, up to its NUL.
pub(super) unsafe fn text<'a>(name: &str, pointer: *const c_char) -> Result<&'a str, Fail> {
    optional_text(name, pointer)?.ok_or_else(|| is_null(name))
}

/// Text that may be NULL.
pub(super) unsafe fn optional_text<'a>(
    name: &str,
    pointer: *const c_char,
) -> Result<Option<&'a str>, Fail> {
    if pointer.is_null() {
        return Ok(None);
    }
    utf8(name, CStr::from_ptr(pointer).to_bytes()).map(Some)
}

/// Text of this length, which may hold NUL.
pub(super) unsafe fn text_of_length<'a>(
    name: &str,
    pointer: *const c_char,
    length: usize,
) -> Result<&'a str, Fail> {
    utf8(name, bytes(name, pointer.cast(), length)?)
}

/// Bytes of this length. NULL is allowed for none.
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
        return Err(Fail::argument(format!("{name} cannot have a length of {length}")));
    }
    Ok(slice::from_raw_parts(pointer.cast(), length))
}

/// Rows or columns of a terminal.
pub(super) fn cells(name: &str, count: c_int) -> Result<u16, Fail> {
    let wrong = |_| Fail::argument(format!("{name} is {count}, not between 0 and {}", u16::MAX));
    count.try_into().map_err(wrong)
}

/// Seconds among options; 0 is for ever.
pub(super) fn seconds(name: &str, seconds: f64) -> Result<Option<Duration>, Fail> {
    if seconds == 0.0 {
        return Ok(None);
    }
    Duration::try_from_secs_f64(seconds)
        .map(Some)
        .map_err(|_| Fail::argument(format!("options: {name:?} cannot be {seconds} seconds")))
}

/// The options of an operation: NULL for none, else read strictly.
pub(super) unsafe fn options<T: JsonType>(options: *const dockline_value) -> Result<T, Fail> {
    optional_body("options", options)
}

/// The body of an operation: NULL for an empty one, else read strictly.
pub(super) unsafe fn optional_body<T: JsonType>(
    name: &str,
    body: *const dockline_value,
) -> Result<T, Fail> {
    optional(body).map_or_else(|| Ok(T::empty()), |it| read(name, it))
}

/// The body of an operation, which must be there, read strictly.
pub(super) unsafe fn body<T: JsonType>(name: &str, body: *const dockline_value) -> Result<T, Fail> {
    read(name, handle(name, body)?)
}

/// The body of an operation, which must be there: a `T`, which is checked and sent as it is.
pub(super) unsafe fn given<'a, T: JsonType>(
    name: &str,
    body: *const dockline_value,
) -> Result<Given<'a>, Fail> {
    handle(name, body)?;
    optional_given::<T>(name, body)
}

/// As [`given`]; NULL is an empty body.
pub(super) unsafe fn optional_given<'a, T: JsonType>(
    name: &str,
    body: *const dockline_value,
) -> Result<Given<'a>, Fail> {
    let body = optional(body).map(|it| &**it);
    Given::new(body, T::KIND).map_err(|problem| Fail::argument(format!("{name}: {problem}")))
}

/// A value from C, read strictly.
pub(super) fn read<T: JsonType>(name: &str, value: &Value) -> Result<T, Fail> {
    check(value, T::KIND)
        .and_then(|()| from_json(&to_secret_json(value)).map_err(|problem| problem.to_string()))
        .map_err(|problem| Fail::argument(format!("{name}: {problem}")))
}

/// A value that an engine returned, read as all responses are.
pub(super) fn response<T: JsonType>(name: &str, value: &Value) -> Result<T, Fail> {
    from_response(&to_secret_json(value))
        .map(|(response, _)| response)
        .map_err(|problem| Fail::argument(format!("{name}: {problem}")))
}

/// The JSON of a value that may hold secrets.
fn to_secret_json(value: &Value) -> SecretBytes {
    let mut json = SecretBytes::default();
    serde_json::to_writer(&mut json, value).expect("a value is JSON, and memory takes it");
    json
}

/// A response that the library put together, as a value.
pub(super) fn to_value(response: &impl serde::Serialize) -> Result<dockline_value, Fail> {
    let mut json = SecretBytes::default();
    serde_json::to_writer(&mut json, response)
        .map_err(|error| Fail::argument(error.to_string()))?;
    Ok(Value::parse(&json)?.into())
}

/// Where an output goes that the caller must ask for.
pub(super) unsafe fn out<T>(name: &str, pointer: *mut T) -> Result<Out<T>, Fail> {
    NonNull::new(pointer).map(Out).ok_or_else(|| is_null(name))
}

/// Where an output goes that the caller may ask for.
pub(super) unsafe fn optional_out<T>(pointer: *mut T) -> Option<Out<T>> {
    NonNull::new(pointer).map(Out)
}

/// An output, not written yet. It is checked before the call and written after it, once.
pub(super) struct Out<T>(NonNull<T>);

impl<T> Out<T> {
    pub(super) fn put(self, value: T) {
        // SAFETY: made by an unsafe function here; see the top.
        unsafe { self.0.write(value) }
    }
}

impl<T> Out<*mut T> {
    /// Writes a pointer to a new object that C owns.
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
            Ok(_) => panic!("no failure"),
        }
    }

    #[test]
    fn text_is_checked() {
        // SAFETY: the texts end with NUL.
        unsafe {
            assert_eq!(text("id", c"ü".as_ptr()).unwrap(), "ü");
            assert_eq!(optional_text("id", ptr::null()).unwrap(), None);
            assert_eq!(message(text("id", ptr::null())), "id is NULL");
            assert_eq!(message(text("id", c"ab\xff".as_ptr())), "id is not UTF-8 after 2 bytes");
            assert_eq!(text_of_length("id", b"a\0b".as_ptr().cast(), 3).unwrap(), "a\0b");
        }
    }

    #[test]
    fn bytes_are_checked() {
        // SAFETY: no pointer is followed beyond its length.
        unsafe {
            assert_eq!(bytes("data", ptr::null(), 0).unwrap(), b"");
            assert_eq!(bytes("data", [1u8, 2].as_ptr().cast(), 2).unwrap(), [1, 2]);
            assert_eq!(message(bytes("data", ptr::null(), 1)), "data is NULL");
            let all = format!("data cannot have a length of {}", usize::MAX);
            assert_eq!(message(bytes("data", [1u8].as_ptr().cast(), usize::MAX)), all);
        }
    }

    #[test]
    fn values_are_read_strictly() {
        crate::codec::record! {
            #[derive(Default, PartialEq)]
            struct Limited {
                limit: u32 = "limit",
            }
        }
        let wrong: Value = r#"{"limt":1}"#.parse().unwrap();
        let wrong = dockline_value::from(wrong);
        // SAFETY: NULL is allowed, and the value lives.
        unsafe {
            assert_eq!(options::<Limited>(ptr::null()).unwrap(), Limited::default());
            assert_eq!(message(body::<Limited>("config", ptr::null())), "config is NULL");
            assert_eq!(
                message(options::<Limited>(&wrong)),
                r#"options: unknown field "limt", expected limit; did you mean "limit"?"#
            );
        }
    }
}
