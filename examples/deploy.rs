//! Deploys a small service to a swarm, scales it, and watches it; also while a machine is lost.
//!
//!     cargo run --example deploy [COMMAND]
//!
//! `DOCKER_HOST` names a manager of the swarm. COMMAND is a shell command that takes a machine away,
//! such as `ssh machine-3 poweroff -f`; without one the service is only scaled.

use std::process::{Command, ExitCode};
use std::time::Duration;

use dockline::model::{ContainerSpec, NodeState, ServiceMode, ServiceSpec, TaskSpec};
use dockline::{Context, Convergence, Result, ServiceWaitOptions};

fn main() -> ExitCode {
    match deploy(std::env::args().nth(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("deploy: {error}");
            ExitCode::FAILURE
        }
    }
}

fn deploy(command: Option<String>) -> Result<()> {
    let docker = Context::from_env()?;
    let services = docker.services();
    let container = ContainerSpec {
        image: "busybox:latest".into(),
        command: ["sleep", "1000"].map(String::from).into(),
        stop_signal: "SIGKILL".into(),
        ..Default::default()
    };
    let spec = ServiceSpec {
        name: format!("dockline-deploy-{}", std::process::id()),
        task_template: TaskSpec { container_spec: Some(container), ..Default::default() },
        mode: ServiceMode::replicated(1),
        ..Default::default()
    };
    println!("Creating {}", spec.name);
    let created = services.create(&Default::default(), &spec)?;
    for warning in created.warnings {
        println!("    note: {warning}");
    }
    let result = watch(&docker, &created.id, command);
    println!("Deleting it");
    services.delete(&created.id)?;
    result
}

fn watch(docker: &Context, id: &str, command: Option<String>) -> Result<()> {
    show(docker, id)?;

    println!("Scaling it to 6 tasks");
    docker.services().update_with(id, &Default::default(), |spec| {
        spec.mode = ServiceMode::replicated(6);
    })?;
    show(docker, id)?;

    let Some(command) = command else { return Ok(()) };
    let ready = || {
        let nodes = docker.nodes().list(&Default::default())?;
        Ok(nodes.iter().filter(|node| node.status.state == NodeState::Ready).count())
    };
    let before = ready()?;
    println!("Losing a machine: {command}");
    let status = Command::new("sh").args(["-c", &command]).status();
    if !status.is_ok_and(|it| it.success()) {
        println!("    it is still there");
        return Ok(());
    }
    // The managers take a while to notice.
    while ready()? == before {
        std::thread::sleep(Duration::from_millis(200));
    }
    show(docker, id)
}

/// Tells of each change until the service is what it shall be, and has been for two seconds.
fn show(docker: &Context, id: &str) -> Result<()> {
    let options = ServiceWaitOptions { monitor: Some(Duration::from_secs(2)) };
    for item in docker.services().wait_converged(id, &options)? {
        let Convergence { state, running, desired, problems, .. } = item?;
        println!("    {running} of {desired} tasks run: {state}");
        for task in problems {
            println!("    task {} on node {}: {}", task.slot, task.node_id, task.status.err);
        }
    }
    Ok(())
}
