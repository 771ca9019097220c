use std::ffi::{c_char, c_int};

/// The version of the library that is running, such as "0.1.0". Do not free it.
///
/// DOCKLINE_VERSION is the version of the header that a program was compiled with.
#[unsafe(no_mangle)]
pub extern "C" fn dockline_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// The version of the library that is running, as a number to compare with
/// DOCKLINE_VERSION_NUMBER: 1002003 for version 1.2.3.
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
        Err(_) => panic!("a version is made of numbers"),
    }
}
