use dockline::model::{ContainerConfig, ContainerExecRequest};
use dockline::{ContainerCreateOptions, ContainerDeleteOptions, Context};

fn main() -> dockline::Result<()> {
    let docker = Context::from_env()?;
    let name = ContainerCreateOptions { name: "dockline-counter".into(), ..Default::default() };
    let config = ContainerConfig {
        image: "busybox".into(),
        cmd: ["sleep", "1000"].map(str::to_owned).into(),
        ..Default::default()
    };
    let id = docker.containers().create(&name, &config.into())?.id;
    docker.containers().start(&id, &Default::default())?;

    let body = ContainerExecRequest {
        cmd: ["wc", "-c"].map(str::to_owned).into(),
        attach_stdin: true,
        ..Default::default()
    };
    let mut wc = docker.exec().run(&id, &body)?;
    wc.duplex().input().send(b"twelve bytes")?;
    // Closes the input, reads the output to its end, and gets the exit code.
    let output = wc.collect()?;
    print!("{}", String::from_utf8_lossy(&output.stdout));
    println!("exit code {}", output.exit_code);

    docker.containers().delete(&id, &ContainerDeleteOptions { force: true, ..Default::default() })
}
