use dockline::model::ContainerConfig;
use dockline::{ContainerCreateOptions, ContainerDeleteOptions, Context};

fn main() -> dockline::Result<()> {
    let docker = Context::from_env()?;
    let containers = docker.containers();

    let name = ContainerCreateOptions { name: "dockline-greeter".into(), ..Default::default() };
    let config = ContainerConfig {
        image: "busybox".into(),
        cmd: ["sh", "-c", "echo hello; exit 3"].map(str::to_owned).into(),
        ..Default::default()
    };
    let id = containers.create(&name, &config.into())?.id;
    containers.start(&id, &Default::default())?;
    let exit = containers.wait(&id, &Default::default())?;
    for frame in containers.logs(&id, &Default::default())? {
        print!("{}", String::from_utf8_lossy(&frame?.data));
    }
    println!("exit code {}", exit.status_code);

    // `v` deletes its anonymous volumes, too.
    containers.delete(&id, &ContainerDeleteOptions { v: true, ..Default::default() })
}
