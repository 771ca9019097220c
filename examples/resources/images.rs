use dockline::{Context, Filters, ImageListOptions, ImageTagOptions};

fn main() -> dockline::Result<()> {
    let docker = Context::from_env()?;
    let images = docker.images();

    let repo = "dockline-example";
    images.tag("busybox", &ImageTagOptions { repo: repo.into(), tag: "1.0".into() })?;
    let filters = Filters::new().with("reference", repo);
    for image in images.list(&ImageListOptions { filters, ..Default::default() })? {
        println!("{}: {} bytes", image.repo_tags.join(" "), image.size);
    }
    // Only removes the tag, because the image has another name.
    for item in images.delete("dockline-example:1.0", &Default::default())? {
        println!("untagged {}", item.untagged);
    }
    Ok(())
}
