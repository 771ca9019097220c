//! Lists containers, as `docker ps --all` does.
//!
//!     cargo run --example ps

use std::process::ExitCode;

use dockline::{ContainerListOptions, Context};

fn main() -> ExitCode {
    match ps() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ps: {error}");
            ExitCode::FAILURE
        }
    }
}

fn ps() -> dockline::Result<()> {
    let docker = Context::from_env()?;
    let all = ContainerListOptions { all: true, ..Default::default() };
    for container in docker.containers().list(&all)? {
        let name = container.name().unwrap_or_default();
        println!("{:.12}  {}  {}  {}", container.id, container.image, container.status, name);
    }
    Ok(())
}
