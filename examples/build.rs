//! Builds an image from a directory with a Dockerfile, as `docker build` does.
//!
//!     cargo run --features build-context --example build DIRECTORY [NAME[:TAG]]

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use dockline::{Context, Error, ImageBuildOptions, Result};

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (Some(dir), name) = (args.next(), args.next()) else {
        eprintln!("usage: build DIRECTORY [NAME[:TAG]]");
        return ExitCode::from(2);
    };
    match build(Path::new(&dir), name) {
        Ok(()) => ExitCode::SUCCESS,
        // A step of the Dockerfile failed.
        Err(Error::Stream { message, .. }) => {
            eprintln!("build: failed: {message}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("build: {error}");
            ExitCode::FAILURE
        }
    }
}

fn build(dir: &Path, name: Option<String>) -> Result<()> {
    let docker = Context::from_env()?;
    let options = ImageBuildOptions { t: name.into_iter().collect(), ..Default::default() };
    // Packs the directory while it is sent, without the files that .dockerignore excludes.
    let mut build = docker.images().build_directory(&options, dir)?;
    for message in build.by_ref() {
        let message = message?;
        print!("{}", message.stream);
        if !message.status.is_empty() {
            println!("{} {}", message.id, message.status);
        }
        let _ = io::stdout().flush();
    }
    println!("image: {}", build.image_id().unwrap_or("(id not reported by the engine)"));
    Ok(())
}
