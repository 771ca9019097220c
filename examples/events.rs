//! Prints the events of an engine as they arrive, until Ctrl-C, as `docker events` does.
//!
//!     cargo run --example events [TYPE...]
//!
//! TYPE is container, image, network, volume and so on; the default is all types.

use std::process::ExitCode;

use dockline::{Context, Error, Filters, SystemEventsOptions};

fn main() -> ExitCode {
    match events(std::env::args().skip(1)) {
        Ok(()) | Err(Error::Cancelled { .. }) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("events: {error}");
            ExitCode::FAILURE
        }
    }
}

fn events(types: impl Iterator<Item = String>) -> dockline::Result<()> {
    let docker = Context::from_env()?;
    let mut filters = Filters::new();
    types.for_each(|it| filters.add("type", it));
    let events = docker.system().events(&SystemEventsOptions { filters, ..Default::default() })?;
    // Ctrl-C cancels the stream, which then ends with `Error::Cancelled`.
    let cancel = events.cancel_token();
    ctrlc::set_handler(move || cancel.cancel()).expect("no other handler is set");
    for event in events {
        let event = event?;
        let name = event.actor.attributes.get("name").map_or("", String::as_str);
        println!(
            "{}  {} {}  {:.12}  {name}",
            event.time, event.r#type, event.action, event.actor.id
        );
    }
    Ok(())
}
