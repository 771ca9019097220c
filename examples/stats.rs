//! Shows CPU, memory and network usage of containers in a table that is updated until Ctrl-C, as
//! `docker stats` does.
//!
//!     cargo run --example stats [CONTAINER...]
//!
//! The default is all running containers.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;

use dockline::model::ContainerStatsResponse;
use dockline::{Context, Result};

fn main() -> ExitCode {
    match stats(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("stats: {error}");
            ExitCode::FAILURE
        }
    }
}

fn stats(mut containers: Vec<String>) -> Result<()> {
    let docker = Context::from_env()?;
    if containers.is_empty() {
        let running = docker.containers().list(&Default::default())?;
        containers = running.into_iter().map(|container| container.id).collect();
    }
    // One stream and one thread for each container. Clones of a context share its connections.
    let (sender, samples) = mpsc::channel();
    for container in containers {
        let (docker, sender) = (docker.clone(), sender.clone());
        thread::spawn(move || {
            let result = follow(&docker, &container, |sample| {
                sender.send((container.clone(), Some(sample))).is_ok()
            });
            if let Err(error) = result {
                eprintln!("stats: {error}");
            }
            let _ = sender.send((container, None));
        });
    }
    drop(sender);
    let mut table = BTreeMap::new();
    for (container, sample) in samples {
        match sample {
            Some(sample) => table.insert(container, sample),
            None => table.remove(&container),
        };
        show(&table);
    }
    Ok(())
}

/// Calls `on_sample` for each sample until it returns `false` or the container exits.
fn follow(
    docker: &Context,
    container: &str,
    mut on_sample: impl FnMut(ContainerStatsResponse) -> bool,
) -> Result<()> {
    for sample in docker.containers().stats(container)? {
        let sample = sample?;
        // After its exit, the engine sends empty samples without a time.
        if sample.read.is_never() || !on_sample(sample) {
            break;
        }
    }
    Ok(())
}

fn show(table: &BTreeMap<String, ContainerStatsResponse>) {
    // Clears the screen and moves the cursor to the upper left corner.
    print!("\x1b[2J\x1b[H");
    println!(
        "{:<24} {:>7} {:>20} {:>16} {:>6}",
        "NAME", "CPU %", "MEMORY / LIMIT MiB", "NET IN / OUT KiB", "PIDS"
    );
    for sample in table.values() {
        let cpu = sample.cpu_percent().map_or("-".to_owned(), |percent| format!("{percent:.2}"));
        let mib = |bytes: u64| bytes as f64 / 1024.0 / 1024.0;
        let memory = format!(
            "{:.1} / {:.0}",
            mib(sample.memory_stats.used()),
            mib(sample.memory_stats.limit)
        );
        let (received, sent) =
            sample.networks.values().fold((0, 0), |(received, sent), network| {
                (received + network.rx_bytes, sent + network.tx_bytes)
            });
        let network = format!("{} / {}", received / 1024, sent / 1024);
        let name = sample.name.trim_start_matches('/');
        println!("{name:<24} {cpu:>7} {memory:>20} {network:>16} {:>6}", sample.pids_stats.current);
    }
}
