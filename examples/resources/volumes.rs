use dockline::model::VolumeCreateRequest;
use dockline::{Context, Filters, VolumeListOptions};

fn main() -> dockline::Result<()> {
    let docker = Context::from_env()?;
    let volumes = docker.volumes();

    let body = VolumeCreateRequest {
        name: "dockline-data".into(),
        labels: [("app", "dockline-shop".to_owned())].into(),
        ..Default::default()
    };
    println!("mounted at {}", volumes.create(&body)?.mountpoint);
    let filters = Filters::new().with("label", "app=dockline-shop");
    for volume in volumes.list(&VolumeListOptions { filters })?.volumes {
        println!("{} ({})", volume.name, volume.driver);
    }
    volumes.delete("dockline-data", &Default::default())
}
