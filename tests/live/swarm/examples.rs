//! The example that deploys a service, in Rust and in C, to three machines of which one is lost.

use std::process::Command;

use crate::c_library;
use crate::c_program::{LIMIT, Way, example, in_ways};
use crate::examples::rust;
use crate::helpers::{Machines, live_on, make_swarm};
use crate::support::Process;
use dockline::Context;

/// Has the program deploy, and checks what it tells.
fn deployed(mut command: Command) {
    let machines = Machines::up(3);
    live_on(Context::open(machines.host(0)).unwrap(), move |docker| {
        let others = [1, 2].map(|number| Context::open(machines.host(number)).unwrap());
        let [second, third] = others;
        make_swarm(&[docker.clone(), second, third]);
        // So it takes seconds, not a quarter of a minute, to notice that a node is gone.
        docker
            .swarm()
            .update_with(&Default::default(), |spec| {
                spec.dispatcher.heartbeat_period = 1_000_000_000;
            })
            .unwrap();
        command.env("DOCKER_HOST", machines.host(0)).arg(machines.switch_off_command(2));
        let finished = Process::spawn(&mut command).wait(LIMIT);
        assert!(finished.status.success(), "{finished:?}");
        // In this order, with other lines between.
        let mut rest = finished.stdout.lines().map(str::trim);
        for wanted in [
            "Creating dockline-deploy-",
            "warning: the digest of busybox:latest is not known",
            "1 of 1 tasks running: converged",
            "Scaling to 6 tasks",
            "1 of 6 tasks running: converging",
            "6 of 6 tasks running: converged",
            "Taking a node down: ",
            "6 of 6 tasks running: converged",
            "Deleting the service",
        ] {
            assert!(rest.any(|line| line.starts_with(wanted)), "no {wanted:?}: {finished:?}");
        }
        assert!(docker.services().list(&Default::default()).unwrap().is_empty());
        assert_eq!(docker.nodes().list(&Default::default()).unwrap().len(), 3);
    });
}

#[test]
#[ignore = "needs root: scripts/engine swarm run 3"]
fn deploy_in_rust() {
    deployed(rust("deploy"));
}

#[test]
#[ignore = "needs root: scripts/engine swarm run 3"]
fn deploy_in_c() {
    c_library::build();
    in_ways(&[Way::Shared], &example("deploy.c"), |program| {
        deployed(program.into_command());
    });
}
