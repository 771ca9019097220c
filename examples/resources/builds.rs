use dockline::{BuildPruneOptions, Context, Filters};

fn main() -> dockline::Result<()> {
    let docker = Context::from_env()?;
    // Records of the build cache that were not used for a day.
    let filters = Filters::new().with("until", "24h");
    let pruned = docker.builds().prune(&BuildPruneOptions { filters, ..Default::default() })?;
    let count = pruned.caches_deleted.len();
    println!("{count} cache records deleted, {} bytes reclaimed", pruned.space_reclaimed);
    Ok(())
}
