//! What we say a program with the static library is linked with is what rustc says.

use std::fs;
use std::path::Path;

use crate::c_library::native_static_libs;

/// Where users are told. (The pkg-config file is made of what rustc says.)
const PLACES: [&str; 2] = ["include/dockline.h", "README.md"];

#[test]
fn all_places_list_the_libraries_that_rustc_names() {
    let named = native_static_libs();
    let mut found = Vec::new();
    for place in PLACES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(place);
        // The README may leave it to the header.
        for line in fs::read_to_string(path).unwrap_or_default().lines() {
            if line.contains("-lgcc_s") {
                assert!(line.contains(&named), "{place} says\n{line}\nbut it takes\n{named}");
                found.push(place);
            }
        }
    }
    assert!(found.contains(&"include/dockline.h"), "only {found:?} say how to link");
}
