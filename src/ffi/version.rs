//! Version of the library

use std::ffi::{c_char, c_int};

/// Returns the library's version as a string.
///
/// DOCKLINE_VERSION is the version of the header that the program was compiled with.
///
/// Returns a version such as "0.1.0"; it is static and must not be freed.
#[unsafe(no_mangle)]
pub extern "C" fn dockline_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// Returns the library's version as a number.
///
/// Returns a number such as 1002003 for version 1.2.3, to be compared with
/// DOCKLINE_VERSION_NUMBER.
#[unsafe(no_mangle)]
pub extern "C" fn dockline_version_number() -> c_int {
    const NUMBER: c_int = number(env!("CARGO_PKG_VERSION_MAJOR")) * 1_000_000
        + number(env!("CARGO_PKG_VERSION_MINOR")) * 1000
        + number(env!("CARGO_PKG_VERSION_PATCH"));
    NUMBER
}

const fn number(digits: &str) -> c_int {
    match c_int::from_str_radix(digits, 10) {
        Ok(number) => number,
        Err(_) => panic!("a version consists of numbers"),
    }
}
