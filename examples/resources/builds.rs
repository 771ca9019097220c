use dockline::{BuildPruneOptions, Context, Filters};

fn main() -> dockline::Result<()> {
    let docker = Context::from_env()?;
    // What no build has used for a day.
    let filters = Filters::new().with("until", "24h");
    let pruned = docker.builds().prune(&BuildPruneOptions { filters, ..Default::default() })?;
    println!("{} of the cache, {} bytes", pruned.caches_deleted.len(), pruned.space_reclaimed);
    Ok(())
}
