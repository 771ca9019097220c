//! A function that panics, for a test of the guard. Released libraries do not contain it.

use std::ffi::c_int;

use super::failure::dockline_error;
use super::guard::guard;

/// cbindgen:ignore
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dockline_test_panic(error: *mut *mut dockline_error) -> c_int {
    guard("dockline_test_panic", error, || -> Result<(), _> { panic!("as requested") })
}
