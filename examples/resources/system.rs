use std::time::Duration;

use dockline::{Context, SystemEventsOptions, TimeBound};

fn main() -> dockline::Result<()> {
    let docker = Context::from_env()?;
    let system = docker.system();

    let version = system.version()?;
    println!("engine {}, API up to {}", version.version, version.api_version);
    let info = system.info()?;
    println!("{} containers and {} images on {}", info.containers, info.images, info.name);

    // Events of the last minute. Without `until`, the stream would continue with new events.
    let options = SystemEventsOptions {
        since: Some(TimeBound::ago(Duration::from_secs(60))),
        until: Some(TimeBound::ago(Duration::ZERO)),
        ..Default::default()
    };
    for event in system.events(&options)? {
        let event = event?;
        println!("{}  {} {}", event.time, event.r#type, event.action);
    }
    Ok(())
}
