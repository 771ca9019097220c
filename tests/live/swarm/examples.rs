//! The example that deploys a service, in Rust and in C, on three engines of which one is stopped.

use std::process::Command;

use crate::c_library;
use crate::c_program::{LIMIT, Mode, example, in_modes};
use crate::examples::rust;
use crate::helpers::{Machines, live_on, make_swarm};
use crate::support::Process;
use dockline::Context;

/// Runs the example and checks its output.
fn check_deploy(mut command: Command) {
    let machines = Machines::start(3);
    live_on(Context::open(machines.host(0)).unwrap(), move |docker| {
        let others = [1, 2].map(|number| Context::open(machines.host(number)).unwrap());
        let [second, third] = others;
        make_swarm(&[docker.clone(), second, third]);
        // Detects a lost node within seconds instead of a quarter of a minute.
        docker
            .swarm()
            .update_with(&Default::default(), |spec| {
                spec.dispatcher.heartbeat_period = 1_000_000_000;
            })
            .unwrap();
        command.env("DOCKER_HOST", machines.host(0)).arg(machines.stop_command(2));
        let finished = Process::spawn(&mut command).wait(LIMIT);
        assert!(finished.status.success(), "{finished:?}");
        // In this order, with other lines in between.
        let mut rest = finished.stdout.lines().map(str::trim);
        for expected in [
            "Creating dockline-deploy-",
            "warning: busybox:latest was not resolved to a digest",
            "1 of 1 tasks running: converged",
            "Scaling to 6 tasks",
            "1 of 6 tasks running: converging",
            "6 of 6 tasks running: converged",
            "Taking a node down: ",
            "6 of 6 tasks running: converged",
            "Deleting the service",
        ] {
            assert!(
                rest.any(|line| line.starts_with(expected)),
                "expected {expected:?}: {finished:?}"
            );
        }
        assert!(docker.services().list(&Default::default()).unwrap().is_empty());
        assert_eq!(docker.nodes().list(&Default::default()).unwrap().len(), 3);
    });
}

#[test]
#[ignore = "needs root: scripts/engine swarm run 3"]
fn deploy_in_rust() {
    check_deploy(rust("deploy"));
}

#[test]
#[ignore = "needs root: scripts/engine swarm run 3"]
fn deploy_in_c() {
    c_library::build();
    in_modes(&[Mode::Shared], &example("deploy.c"), |program| {
        check_deploy(program.into_command());
    });
}
