use std::time::Duration;

use dockline::{Context, TimeBound, SystemEventsOptions};

fn main() -> dockline::Result<()> {
    let docker = Context::from_env()?;
    let system = docker.system();

    let version = system.version()?;
    println!("engine {}, API {} at most", version.version, version.api_version);
    let info = system.info()?;
    println!("{} containers and {} images on {}", info.containers, info.images, info.name);

    // What has happened of late. Without `until` this would go on with what happens.
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
