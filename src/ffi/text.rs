use std::ffi::{CString, c_char};

use super::guard::guard_or;

/// Text that C owns and frees with `dockline_string_free`. It must not hold NUL.
pub(super) fn owned(text: String) -> *mut c_char {
    CString::new(text).expect("text for C holds no NUL").into_raw()
}

/// Frees a text that came through a char **. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_string_free(text: *mut c_char) {
    guard_or((), || {
        if !text.is_null() {
            drop(CString::from_raw(text));
        }
    })
}
