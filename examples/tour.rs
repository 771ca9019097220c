//! What a program mostly does with an engine, end to end. `make demo` runs it.
//!
//!     cargo run --example tour ROOTFS.tar
//!
//! ROOTFS.tar is the root directory of the image that it makes, with a shell and `sleep` in it.

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
    echo and a complaint >&2
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
    // The engine that DOCKER_HOST names, or else the one at /var/run/docker.sock.
    let docker = Context::from_env()?;
    let version = docker.system().version()?;
    println!("Engine {} at {}", version.version, docker.endpoint());

    // Ctrl-C ends the calls on this one with an error, and on the way out all is cleaned up. What
    // makes or deletes something is done to its end: else we would not know what there is.
    let cancel = CancelToken::new();
    let watching = docker.with_cancel_token(&cancel);
    ctrlc::set_handler(move || cancel.cancel())?;

    println!("\nIts containers:");
    let all = ContainerListOptions { all: true, ..Default::default() };
    for container in docker.containers().list(&all)? {
        println!("    {:.12}  {}  {}", container.id, container.image, container.status);
    }

    // What we make carries this label, so that the events can be told from those of others.
    let name = format!("dockline-tour-{}", process::id());
    let filters = Filters::new().with("label", format!("tour={name}"));
    let events =
        watching.system().events(&SystemEventsOptions { filters, ..Default::default() })?;

    println!("\nMaking the image {name} of {rootfs}");
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

    println!("\nStarting the container {id:.12}, which writes:");
    docker.containers().start(&id, &Default::default())?;
    let follow = ContainerLogsOptions { follow: true, ..Default::default() };
    for frame in watching.containers().logs(&id, &follow)? {
        let frame = frame?;
        let origin = match frame.stream {
            StdStream::Stdout => "out",
            StdStream::Stderr => "err",
        };
        print!("    {origin}: {}", String::from_utf8_lossy(&frame.data));
        io::stdout().flush()?;
    }
    let exit = watching.containers().wait(&id, &Default::default())?;
    println!("It ended with exit code {}", exit.status_code);

    drop(container);
    println!("\nEvents of all this:");
    for event in events {
        let event = event?;
        let id = event.actor.id.trim_start_matches("sha256:");
        println!("    {} {} {id:.12}", event.r#type, event.action);
        // Docker's word and Podman's.
        if event.action == "destroy" || event.action == "remove" {
            break;
        }
    }
    drop(image);
    println!("\nContainer and image are gone again");
    Ok(())
}

/// Undoes something when it goes out of scope, however that comes about.
struct Cleanup<F: Fn() -> dockline::Result<()>>(F);

impl<F: Fn() -> dockline::Result<()>> Drop for Cleanup<F> {
    fn drop(&mut self) {
        if let Err(error) = (self.0)() {
            eprintln!("tour: cleaning up: {error}");
        }
    }
}
