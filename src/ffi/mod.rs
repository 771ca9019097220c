//! The C surface: what `libdockline` exports and `include/dockline.h` declares.
//!
//! It mirrors the rest of the crate file by file, and nothing else depends on it. The order of the
//! `mod` lines below is the order of the chapters of the header; cbindgen reads the functions as
//! they stand here, so they must not be made by macros, which it passes over silently. Comments
//! with three slashes are the header's text: written for C programmers, without headings, links to
//! Rust items, and words of Rust.
//!
//! Options that a comment leaves out are added to the header from their table in `src/api`, by
//! `build/options.rs`; an option is named in the comment only if C needs other words than Rust.
//!
//! # An operation in a dozen lines
//!
//! ```text
//! /// Lists containers (GET /containers/json).
//! ///
//! /// Options: "all" (boolean), "limit" (integer), "size" (boolean), "filters" (object).
//! ///
//! /// Returns DOCKLINE_OK, or a negative dockline_status.
//! /// Free *list with dockline_value_free().
//! #[unsafe(no_mangle)]
//! pub unsafe extern "C" fn dockline_container_list(
//!     context: *const dockline_context,
//!     options: *const dockline_value,
//!     list: *mut *mut dockline_value,
//!     error: *mut *mut dockline_error,
//! ) -> c_int {
//!     guard("ContainerList", error, || {
//!         let list = arg::out("list", list)?;
//!         let context = self::context(context)?;
//!         let options: ContainerListOptions = arg::options(options)?;
//!         list.put_handle(context.call_value(api::list(&options))?.into());
//!         Ok(())
//!     })
//! }
//! ```
//!
//! - Everything runs inside [`guard()`](guard::guard), which turns a [`Fail`](failure::Fail) or a
//!   panic into a status and a `dockline_error`. `crate::Error`, `ValueError` and a sentence about
//!   an argument all become a `Fail` by `?`. Functions without an error run in
//!   [`guard_or`](guard::guard_or), which takes what to give instead.
//! - The closure's `Ok` is `()`, an [`Outcome`](crate::Outcome), or a `dockline_status` for a remark
//!   such as `DOCKLINE_END`.
//! - Arguments go through [`arg`]: it checks for NULL and UTF-8 and names the argument. Outputs are
//!   checked first, before anything happens, and written last, by [`Out`](arg::Out).
//! - A handle is `pub struct dockline_thing(Thing);` without `repr`, which makes it opaque to C;
//!   `Out::put_handle` boxes it, and `dockline_thing_free` is one call of [`arg::free`].
//! - `tests/c/symbols.rs` holds the header against the library and checks that no function forgot its
//!   guard. A C program in `ffi-tests/` shows each function, see `tests/c/programs.rs`.

// Every exported function is one contract with C, stated in the header: pointers are NULL or point
// to what their type says, and live as long as the call. Repeating `unsafe` inside says nothing.
#![allow(unsafe_op_in_unsafe_fn, non_camel_case_types, clippy::missing_safety_doc)]

mod arg;
mod failure;
mod guard;
mod json;
mod update;

// The chapters of the header, in its order; blank lines keep rustfmt from sorting them.
mod status;

mod error;

mod text;

mod value;

mod context;

mod docker_context;

mod cancel;

mod result;

mod source;

mod stream;

mod output;

mod input;

mod download;

mod system;

mod credentials;

mod containers;

mod exec;

mod images;

mod build;

mod networks;

mod volumes;

mod swarm;

mod nodes;

mod services;

mod tasks;

mod secrets;

mod configs;

mod distribution;

mod plugins;

mod session;

mod raw;

mod version;

#[cfg(feature = "_test_panic")]
mod test_panic;
