//! The static library: programs link to all of it with the documented libraries.

use std::fs;
use std::path::Path;

use crate::c_library::native_static_libs;
use crate::c_program::{Mode, ffi_test, in_modes};
use crate::support::TempDir;
use crate::symbols::declared;

/// Files that list these libraries. (The pkg-config file is generated from rustc's list.)
const FILES: [&str; 2] = ["include/dockline.h", "README.md"];

#[test]
fn documentation_lists_native_libraries() {
    let expected = native_static_libs();
    let mut found = Vec::new();
    for file in FILES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        // The README may refer to the header.
        for line in fs::read_to_string(path).unwrap_or_default().lines() {
            if line.contains("-lgcc_s") {
                assert!(line.contains(&expected), "{file}: found\n{line}\nexpected\n{expected}");
                found.push(file);
            }
        }
    }
    assert!(found.contains(&"include/dockline.h"), "only {found:?} list the libraries");
}

#[test]
fn programs_run() {
    for name in ["value", "panic"] {
        in_modes(&[Mode::Static], &ffi_test(name), |program| drop(program.run().success()));
    }
}

/// Links a program that uses the address of each function.
#[test]
fn links_every_function() {
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
    in_modes(&[Mode::Static], &dir.write("all.c", code), |program| {
        assert_eq!(program.run().success(), format!("{}\n", functions.len()));
    });
}
