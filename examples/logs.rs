//! Prints the output of a container until it exits, as `docker logs --follow` does.
//!
//!     cargo run --example logs CONTAINER [LINES]

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use dockline::{ContainerLogsOptions, Context, StdStream, Tail};

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (Some(container), lines) = (args.next(), args.next()) else {
        eprintln!("usage: logs CONTAINER [LINES]");
        return ExitCode::from(2);
    };
    match logs(&container, lines.as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("logs: {error}");
            ExitCode::FAILURE
        }
    }
}

fn logs(container: &str, lines: Option<&str>) -> Result<(), Box<dyn Error>> {
    let docker = Context::from_env()?;
    let tail = match lines {
        Some(lines) => Tail::Last(lines.parse()?),
        None => Tail::All,
    };
    let options = ContainerLogsOptions { follow: true, tail, ..Default::default() };
    let mut output = docker.containers().logs(container, &options)?;
    // `next_frame` borrows the data from a buffer. As an iterator, `output` would copy each frame.
    while let Some((stream, data)) = output.next_frame()? {
        match stream {
            StdStream::Stdout => io::stdout().write_all(data)?,
            StdStream::Stderr => io::stderr().write_all(data)?,
        }
        io::stdout().flush()?;
    }
    Ok(())
}
