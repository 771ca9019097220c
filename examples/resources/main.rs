//! One program for each kind of resource, which is also the example in the rustdoc of `Containers`,
//! `Images` and so on. They require the image `busybox`, and remove what they create.
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
                    eprintln!(concat!("resources: expected one of:" $(, " ", stringify!($name))*));
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
