//! The static library: programs have all of it, and what they are linked with besides.

use std::fs;
use std::path::Path;

use crate::c_library::native_static_libs;
use crate::c_program::{Way, ffi_test, in_ways};
use crate::support::TempDir;
use crate::symbols::declared;

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

#[test]
fn programs_run() {
    for name in ["value", "panic"] {
        in_ways(&[Way::Static], &ffi_test(name), |program| drop(program.run().success()));
    }
}

/// Links a program that has the address of each.
#[test]
fn every_function_is_there() {
    let functions = declared();
    let list: String = functions.iter().map(|name| format!("    (function)&{name},\n")).collect();
    let code = format!(
        "#include <dockline.h>\n#include <stdio.h>\n\n\
         typedef void (*function)(void);\n\
         static function volatile all[] = {{\n{list}}};\n\n\
         int main(void)\n{{\n    \
             unsigned there = 0;\n    \
             for (unsigned i = 0; i < sizeof all / sizeof *all; i++) there += all[i] != NULL;\n    \
             printf(\"%u\\n\", there);\n    \
             return 0;\n}}\n"
    );
    let dir = TempDir::new();
    in_ways(&[Way::Static], &dir.write("all.c", code), |program| {
        assert_eq!(program.run().success(), format!("{}\n", functions.len()));
    });
}
