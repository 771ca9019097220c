//! The C API: the functions that `libdockline` exports and `include/dockline.h` declares.
//!
//! The modules follow those of the Rust API; no module outside of `ffi` depends on them. Comments
//! with three slashes become the header, which is the manual for C programmers. They contain no Rust
//! terms, links or headings, and fit into 95 columns. A module comment of a module with exported
//! functions is the title of its chapter, with an optional introduction below it. The order of the
//! `mod` lines is the order of the chapters. Functions must not be defined by macros, which cbindgen
//! skips silently.
//!
//! # Example of an operation
//!
//! ```text
//! /// Lists containers.
//! ///
//! /// GET /containers/json.
//! ///
//! /// options:
//! /// list: receives an array of ContainerSummary objects; free it with dockline_value_free().
//! ///
//! /// Returns DOCKLINE_OK; or a negative status.
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
//! - **Comment.** The first sentence has at most 50 characters: it is the function's line in the
//!   table of contents. Method and path follow, with "Since API 1.NN." if newer than 1.24; then each
//!   parameter on its own line as `name: `, except `context`, `error` and `user_data`; then the
//!   statuses, each with its condition.
//! - **Options.** `build/options.rs` expands the line `options:` to the list of options, from the
//!   documentation of the fields of the options struct. `options: as for dockline_xxx().` refers to
//!   the list of another function.
//! - **Guard.** Every function runs in [`guard()`](guard::guard), which turns a
//!   [`Fail`](failure::Fail) or a panic into a status and a `dockline_error`. `?` converts
//!   `crate::Error` and `ValueError` to a `Fail`. Functions without an error parameter run in
//!   [`guard_or`](guard::guard_or), with the value to return after a panic.
//! - **Result.** The closure returns `()`, an [`Outcome`](crate::Outcome), or a `dockline_status`
//!   such as `DOCKLINE_END`.
//! - **Arguments.** [`arg`] checks for NULL and UTF-8 and names the argument in the message. Outputs
//!   are checked first, before anything is sent, and written last, by [`Out`](arg::Out).
//! - **Handles.** `pub struct dockline_thing(Thing);` without `repr` is opaque to C.
//!   `Out::put_handle` boxes it, and `dockline_thing_free` calls [`arg::free`].
//! - **Tests.** `tests/c/symbols.rs` compares the header with the library and requires a guard in
//!   each function. Each function is called by a C program in `ffi-tests`; see `tests/c/programs.rs`.

// The header states the contract of all exported functions: a pointer is NULL or valid for its type
// during the call. `unsafe` blocks inside would repeat it.
#![allow(unsafe_op_in_unsafe_fn, non_camel_case_types, clippy::missing_safety_doc)]

mod arg;
mod failure;
mod guard;
mod json;
mod update;

// The chapters of the header in their order; the blank lines keep rustfmt from sorting them.
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
