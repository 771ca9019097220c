//! The usual calls, end to end: imports an image, runs a container, follows its output, reads its
//! exit code and the events, and cleans up. `make demo` runs this program.
//!
//!     cargo run --example tour ROOTFS.tar
//!
//! ROOTFS.tar becomes the root directory of the image. It must contain a shell and `sleep`.

use std::error::Error;
use std::fs::File;
use std::io::{self, Write};
use std::process::{self, ExitCode};

use dockline::model::ContainerConfig;
use dockline::{
    CancelToken, ContainerDeleteOptions, ContainerListOptions, ContainerLogsOptions, Context,
    Filters, ImageCreateOptions, ImageDeleteOptions, StdStream, SystemEventsOptions,
};

const SCRIPT: &str = "
    for i in 1 2 3; do echo line $i of 3; sleep 0.3; done
    echo an error message >&2
    exit 3";

fn main() -> ExitCode {
    let Some(rootfs) = std::env::args().nth(1) else {
        eprintln!("usage: tour ROOTFS.tar");
        return ExitCode::from(2);
    };
    match tour(&rootfs) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tour: {error}");
            ExitCode::FAILURE
        }
    }
}

fn tour(rootfs: &str) -> Result<(), Box<dyn Error>> {
    // Opens the engine that the docker CLI would use.
    let docker = Context::from_env()?;
    let version = docker.system().version()?;
    println!("Engine {} at {}", version.version, docker.endpoint());

    // Ctrl-C cancels the calls on `cancellable`; they fail, and the guards below clean up. Calls
    // that create or delete something use `docker`: a cancelled one may have taken effect.
    let cancel = CancelToken::new();
    let cancellable = docker.with_cancel_token(&cancel);
    ctrlc::set_handler(move || cancel.cancel())?;

    println!("\nContainers:");
    let all = ContainerListOptions { all: true, ..Default::default() };
    for container in docker.containers().list(&all)? {
        println!("    {:.12}  {}  {}", container.id, container.image, container.status);
    }

    // This label on the image and the container selects their events.
    let name = format!("dockline-tour-{}", process::id());
    let filters = Filters::new().with("label", format!("tour={name}"));
    let events =
        cancellable.system().events(&SystemEventsOptions { filters, ..Default::default() })?;

    println!("\nImporting {rootfs} as image {name}");
    let import = ImageCreateOptions {
        from_src: "-".into(),
        repo: name.clone(),
        changes: vec![format!("LABEL tour={name}")].into(),
        ..Default::default()
    };
    docker.images().create(&import, Some(&mut File::open(rootfs)?))?.finish()?;
    let image = Cleanup(|| {
        let force = ImageDeleteOptions { force: true, ..Default::default() };
        docker.images().delete(&name, &force).map(drop)
    });

    let config = ContainerConfig {
        image: name.clone(),
        cmd: ["/bin/sh", "-c", SCRIPT].map(String::from).into(),
        labels: [("tour", name.clone())].into(),
        ..Default::default()
    };
    let id = docker.containers().create(&Default::default(), &config.into())?.id;
    let container = Cleanup(|| {
        let force = ContainerDeleteOptions { force: true, v: true, ..Default::default() };
        docker.containers().delete(&id, &force)
    });

    println!("\nStarting container {id:.12}; its output:");
    docker.containers().start(&id, &Default::default())?;
    let follow = ContainerLogsOptions { follow: true, ..Default::default() };
    for frame in cancellable.containers().logs(&id, &follow)? {
        let frame = frame?;
        let origin = match frame.stream {
            StdStream::Stdout => "out",
            StdStream::Stderr => "err",
        };
        print!("    {origin}: {}", String::from_utf8_lossy(&frame.data));
        io::stdout().flush()?;
    }
    let exit = cancellable.containers().wait(&id, &Default::default())?;
    println!("It exited with code {}", exit.status_code);

    drop(container);
    println!("\nEvents:");
    for event in events {
        let event = event?;
        let id = event.actor.id.trim_start_matches("sha256:");
        println!("    {} {} {id:.12}", event.r#type, event.action);
        // The last event of a container: Docker's name for it and Podman's.
        if event.action == "destroy" || event.action == "remove" {
            break;
        }
    }
    drop(image);
    println!("\nContainer and image are removed");
    Ok(())
}

/// Calls the closure when dropped, also on the way out after an error.
struct Cleanup<F: Fn() -> dockline::Result<()>>(F);

impl<F: Fn() -> dockline::Result<()>> Drop for Cleanup<F> {
    fn drop(&mut self) {
        if let Err(error) = (self.0)() {
            eprintln!("tour: cleaning up: {error}");
        }
    }
}
