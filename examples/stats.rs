//! Shows what running containers use, as a table that is kept up to date, until Ctrl-C.
//!
//!     cargo run --example stats [CONTAINER...]
//!
//! All that run unless some are named.

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
    // A stream for each container, on a thread of its own; all share the one context.
    let (sender, samples) = mpsc::channel();
    for container in containers {
        let (docker, sender) = (docker.clone(), sender.clone());
        thread::spawn(move || {
            let end = follow(&docker, &container, |sample| {
                sender.send((container.clone(), Some(sample))).is_ok()
            });
            if let Err(error) = end {
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

/// Hands out samples until the container is deleted or `take` has enough.
fn follow(
    docker: &Context,
    container: &str,
    mut take: impl FnMut(ContainerStatsResponse) -> bool,
) -> Result<()> {
    for sample in docker.containers().stats(container)? {
        let sample = sample?;
        // A container that ends gives samples of nothing from then on.
        if sample.read.is_never() || !take(sample) {
            break;
        }
    }
    Ok(())
}

fn show(table: &BTreeMap<String, ContainerStatsResponse>) {
    // Clears the screen and goes to its upper left corner.
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
