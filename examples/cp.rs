//! Copies a file or directory between a container and this machine, as `docker cp` does.
//!
//!     cargo run --example cp CONTAINER:PATH DIRECTORY
//!     cargo run --example cp PATH CONTAINER:DIRECTORY

use std::error::Error;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::ExitCode;
use std::thread;

use dockline::{Context, PutContainerArchiveOptions};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [from, to] = &args[..] else {
        eprintln!("usage: cp CONTAINER:PATH DIRECTORY, or cp PATH CONTAINER:DIRECTORY");
        return ExitCode::from(2);
    };
    let result = match (from.split_once(':'), to.split_once(':')) {
        (Some((container, path)), None) => copy_out(container, path, Path::new(to)),
        (None, Some((container, dir))) => copy_in(Path::new(from), container, dir),
        _ => Err("exactly one of the two arguments must be CONTAINER:PATH".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cp: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Downloads a tar and unpacks it while it is received.
fn copy_out(container: &str, path: &str, dir: &Path) -> Result<(), Box<dyn Error>> {
    let docker = Context::from_env()?;
    let archive = docker.containers().archive(container, path)?;
    tar::Archive::new(archive.download).unpack(dir)?;
    Ok(())
}

/// Uploads a tar while it is packed: one thread writes it into a socket pair, this one sends it.
fn copy_in(path: &Path, container: &str, dir: &str) -> Result<(), Box<dyn Error>> {
    let docker = Context::from_env()?;
    let name = path.file_name().ok_or("the path has no file name")?;
    let (mut reader, writer) = UnixStream::pair()?;
    thread::scope(|scope| {
        let packer = scope.spawn(move || {
            let mut tar = tar::Builder::new(writer);
            if path.is_dir() {
                tar.append_dir_all(name, path)?
            } else {
                tar.append_path_with_name(path, name)?
            };
            tar.into_inner().map(drop)
        });
        let options = PutContainerArchiveOptions { path: dir.to_owned(), ..Default::default() };
        let sent = docker.containers().put_archive(container, &options, &mut reader);
        // If the upload has failed, this makes the packer's next write fail, so that it ends.
        drop(reader);
        sent?;
        packer.join().expect("the packer does not panic")?;
        Ok(())
    })
}
