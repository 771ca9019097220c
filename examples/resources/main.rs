//! A program for each kind of thing that an engine has: the same that stand in the documentation of
//! the types. They want the image busybox, and clean up.
//!
//!     cargo run --example resources NAME...

use std::process::ExitCode;

macro_rules! resources {
    ($($name:ident)*) => {
        $(mod $name {
            include!(concat!(stringify!($name), ".rs"));

            pub fn run() -> dockline::Result<()> {
                main()
            }
        })*

        fn run(name: &str) -> dockline::Result<()> {
            match name {
                $(stringify!($name) => $name::run(),)*
                _ => {
                    eprintln!(concat!("resources: there are:" $(, " ", stringify!($name))*));
                    std::process::exit(2)
                }
            }
        }
    };
}
resources!(containers images builds networks volumes exec system);

fn main() -> ExitCode {
    for name in std::env::args().skip(1) {
        if let Err(error) = run(&name) {
            eprintln!("{name}: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
