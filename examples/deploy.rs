//! Deploys a small service to a swarm, scales it, and watches it; also while a machine is lost.
//!
//!     cargo run --example deploy [COMMAND]
//!
//! `DOCKER_HOST` names a manager of the swarm. COMMAND is a shell command that takes a machine away,
//! such as `ssh machine-3 poweroff -f`; without one the last machine that is no manager is drained,
//! and taken back at the end.

use std::process::{Command, ExitCode};

use dockline::model::{
    ContainerSpec, Node, NodeAvailability, NodeState, ServiceMode, ServiceSpec, TaskSpec,
};
use dockline::{Context, Convergence, Converging, Result, ServiceCreateOptions};

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
    let created = services.create(&ServiceCreateOptions::default(), &spec)?;
    for warning in created.warnings {
        println!("    note: {warning}");
    }
    let result = watch(&docker, &created.id, command);
    println!("Deleting it");
    services.delete(&created.id)?;
    result
}

fn watch(docker: &Context, id: &str, command: Option<String>) -> Result<()> {
    let services = docker.services();
    show(services.wait_converged(id, &Default::default())?)?;

    println!("Scaling it to 6 tasks");
    services.update_with(id, &Default::default(), |spec| {
        spec.mode = ServiceMode::replicated(6);
    })?;
    show(services.wait_converged(id, &Default::default())?)?;

    let ready = |node: &Node| {
        node.status.state == NodeState::Ready && node.spec.availability == NodeAvailability::Active
    };
    let count =
        || Ok(docker.nodes().list(&Default::default())?.iter().filter(|it| ready(it)).count());
    let before = count()?;
    let drained = match command {
        Some(command) => {
            println!("Losing a machine: {command}");
            let status = Command::new("sh").args(["-c", &command]).status();
            assert!(status.is_ok_and(|it| it.success()), "{command} failed");
            None
        }
        None => {
            let nodes = docker.nodes().list(&Default::default())?;
            let worker = nodes.into_iter().rfind(|it| it.manager_status.is_none());
            let Some(worker) = worker else { return Ok(()) };
            println!("Draining the node {}", worker.id);
            docker.nodes().update_with(&worker.id, |spec| {
                spec.availability = NodeAvailability::Drain;
            })?;
            Some(worker.id)
        }
    };
    // The managers take a while to notice.
    while count()? == before {
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    show(services.wait_converged(id, &Default::default())?)?;
    if let Some(id) = drained {
        docker.nodes().update_with(&id, |spec| spec.availability = NodeAvailability::Active)?;
    }
    Ok(())
}

/// Tells of each change until the service is what it shall be.
fn show(wait: Converging) -> Result<()> {
    for item in wait {
        let Convergence { state, running, wanted, problems, .. } = item?;
        println!("    {running} of {wanted} tasks run: {state}");
        for task in problems {
            println!("    task {} on node {}: {}", task.slot, task.node_id, task.status.err);
        }
    }
    Ok(())
}
