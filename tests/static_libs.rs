//! What we say a program with the static library is linked with is what rustc says.

mod c_library;

use c_library::{Library, header};

#[test]
fn the_header_lists_the_libraries_that_rustc_names() {
    let header = header();
    let (_, line) = header.split_once("libdockline.a ").expect("the manual says how to link");
    let documented = line.lines().next().unwrap().trim();
    assert_eq!(documented, Library::shipped().native_static_libs());
}
