//! Strings

use std::ffi::{CString, c_char};

use super::guard::guard_or;

/// Hands a string without NUL over to C, which frees it with `dockline_string_free`.
pub(super) fn owned(string: String) -> *mut c_char {
    CString::new(string).expect("the string does not contain NUL").into_raw()
}

/// Frees a string.
///
/// string: received through a char ** parameter; may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_string_free(string: *mut c_char) {
    guard_or((), || {
        if !string.is_null() {
            drop(CString::from_raw(string));
        }
    })
}
