//! Creates a service in a swarm, scales it, and follows its tasks, also after the loss of a node.
//!
//!     cargo run --example deploy [COMMAND]
//!
//! `DOCKER_HOST` must be a manager of the swarm. COMMAND is a shell command that takes a node down,
//! such as `ssh node-3 poweroff -f`. Without it, the service is only scaled.

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
        println!("    warning: {warning}");
    }
    let result = scale_and_recover(&docker, &created.id, command);
    println!("Deleting the service");
    services.delete(&created.id)?;
    result
}

fn scale_and_recover(docker: &Context, id: &str, command: Option<String>) -> Result<()> {
    wait_converged(docker, id)?;

    println!("Scaling to 6 tasks");
    docker.services().update_with(id, &Default::default(), |spec| {
        spec.mode = ServiceMode::replicated(6);
    })?;
    wait_converged(docker, id)?;

    let Some(command) = command else { return Ok(()) };
    let ready_nodes = || {
        let nodes = docker.nodes().list(&Default::default())?;
        Ok(nodes.iter().filter(|node| node.status.state == NodeState::Ready).count())
    };
    let before = ready_nodes()?;
    println!("Taking a node down: {command}");
    let status = Command::new("sh").args(["-c", &command]).status();
    if !status.is_ok_and(|it| it.success()) {
        println!("    the command failed");
        return Ok(());
    }
    // The managers notice the loss after a few missed heartbeats.
    while ready_nodes()? == before {
        std::thread::sleep(Duration::from_millis(200));
    }
    wait_converged(docker, id)
}

/// Prints each change until all tasks are up to date and have been running for two seconds.
fn wait_converged(docker: &Context, id: &str) -> Result<()> {
    let options = ServiceWaitOptions { monitor: Some(Duration::from_secs(2)) };
    for item in docker.services().wait_converged(id, &options)? {
        let Convergence { state, running, desired, problems, .. } = item?;
        println!("    {running} of {desired} tasks running: {state}");
        for task in problems {
            println!("    task {} on node {}: {}", task.slot, task.node_id, task.status.err);
        }
    }
    Ok(())
}
