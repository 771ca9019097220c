//! Machines that join, change, fail and leave.

use std::time::Duration;

use crate::helpers::{
    BUSYBOX, LIMIT, Machines, address, await_ready, live_on, make_swarm, unhurried,
};
use crate::support::eventually;
use dockline::model::{
    ContainerSpec, Node, NodeAvailability, NodeRole, NodeState, Placement, Reachability,
    ServiceMode, ServiceSpec, SwarmJoinRequest, SwarmUnlockRequest, Task, TaskSpec, TaskState,
};
use dockline::{
    Context, ConvergenceState, Error, Filters, NodeDeleteOptions, NodeListOptions,
    NodeUpdateOptions, ServiceWaitOptions, SwarmLeaveOptions, SwarmUpdateOptions, TaskListOptions,
};

fn contexts<const N: usize>(machines: &Machines, docker: &Context) -> [Context; N] {
    // With the watchdog of the test.
    std::array::from_fn(|number| {
        let other = Context::open(machines.host(number)).unwrap();
        match docker.endpoint() == other.endpoint() {
            true => docker.clone(),
            false => other.with_timeouts(unhurried()),
        }
    })
}

#[track_caller]
fn node(manager: &Context, id: &str) -> Node {
    manager.nodes().inspect(id).unwrap()
}

fn id_of(engine: &Context) -> String {
    engine.system().info().unwrap().swarm.node_id
}

/// From the first manager to the last one to leave.
#[test]
#[ignore = "needs root: scripts/engine swarm run 3"]
fn join_promote_and_leave() {
    let machines = Machines::up(3);
    live_on(Context::open(machines.host(0)).unwrap(), move |docker| {
        let [manager, second, third] = contexts(&machines, docker);
        for error in [
            manager.swarm().inspect().unwrap_err(),
            manager.nodes().list(&Default::default()).unwrap_err(),
            manager.services().list(&Default::default()).unwrap_err(),
            manager.tasks().list(&Default::default()).unwrap_err(),
            manager.swarm().leave(&Default::default()).unwrap_err(),
        ] {
            assert!(matches!(error, Error::NoSwarm(_)), "{error:?}");
        }

        let id = manager.swarm().init(&Default::default()).unwrap();
        assert_eq!(id, id_of(&manager));
        let error = manager.swarm().init(&Default::default()).unwrap_err();
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
        let swarm = manager.swarm().inspect().unwrap();
        assert!(swarm.join_tokens.worker.starts_with("SWMTKN-1-"));
        assert_eq!(swarm.spec.name, "default");

        // With tokens: as a worker, as a manager, and not at all.
        let join = |token: &str| SwarmJoinRequest {
            remote_addrs: vec![address(&manager)].into(),
            join_token: token.into(),
            ..Default::default()
        };
        let error = second.swarm().join(&join("SWMTKN-1-no")).unwrap_err();
        assert!(error.to_string().contains("join token"), "{error:?}");
        second.swarm().join(&join(&swarm.join_tokens.worker)).unwrap();
        third.swarm().join(&join(&swarm.join_tokens.manager)).unwrap();
        await_ready(&manager, 3);
        let error = second.nodes().list(&Default::default()).unwrap_err();
        assert!(matches!(error, Error::NotManager(_)), "{error:?}");
        assert_eq!(third.swarm().inspect().unwrap().id, swarm.id);

        // By hand, too late, and by `update_with`.
        let worker = id_of(&second);
        let found = node(&manager, &worker);
        assert_eq!((&found.spec.role, &found.manager_status), (&NodeRole::Worker, &None));
        let options = NodeUpdateOptions { version: found.version.index };
        let mut spec = found.spec.clone();
        spec.labels.insert("disk".into(), "ssd".into());
        manager.nodes().update(&worker, &options, &spec).unwrap();
        let error = manager.nodes().update(&worker, &options, &spec).unwrap_err();
        assert!(matches!(error, Error::Conflict(_)), "{error:?}");
        let label = |spec: &mut dockline::model::NodeSpec| {
            spec.labels.insert("zone".into(), "a".into());
        };
        manager.nodes().update_with(&worker, label).unwrap();
        let found = node(&manager, &worker);
        assert_eq!((&*found.spec.labels["disk"], &*found.spec.labels["zone"]), ("ssd", "a"));
        let filters = Filters::new().with("role", "manager");
        assert_eq!(manager.nodes().list(&NodeListOptions { filters }).unwrap().len(), 2);

        // Promoted, and back again.
        manager.nodes().update_with(&worker, |spec| spec.role = NodeRole::Manager).unwrap();
        eventually(LIMIT, "it is a manager", || {
            let status = node(&manager, &worker).manager_status;
            status.is_some_and(|it| it.reachability == Reachability::Reachable)
        });
        eventually(LIMIT, "it knows", || second.nodes().list(&Default::default()).is_ok());
        manager.nodes().update_with(&worker, |spec| spec.role = NodeRole::Worker).unwrap();
        eventually(LIMIT, "it is none", || {
            matches!(second.swarm().inspect(), Err(Error::NotManager(_)))
        });

        // Who knows an old token cannot join any more.
        let options = SwarmUpdateOptions { rotate_worker_token: true, ..Default::default() };
        let period = 1_000_000_000;
        manager
            .swarm()
            .update_with(&options, |spec| spec.dispatcher.heartbeat_period = period)
            .unwrap();
        let after = manager.swarm().inspect().unwrap();
        assert_eq!(after.spec.dispatcher.heartbeat_period, period);
        assert!(after.join_tokens.worker != swarm.join_tokens.worker);
        assert!(after.join_tokens.manager == swarm.join_tokens.manager);

        // A worker leaves, and is forgotten.
        let options = NodeDeleteOptions::default();
        let error = manager.nodes().delete(&worker, &options).unwrap_err();
        assert!(error.to_string().contains("is not down"), "{error}");
        second.swarm().leave(&Default::default()).unwrap();
        eventually(LIMIT, "it is down", || node(&manager, &worker).status.state == NodeState::Down);
        manager.nodes().delete(&worker, &options).unwrap();
        let error = manager.nodes().inspect(&worker).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        let error = second.swarm().join(&join(&swarm.join_tokens.worker)).unwrap_err();
        assert!(error.to_string().contains("join token"), "{error:?}");

        // A manager leaves after it is demoted; the last one only by force.
        let other = id_of(&third);
        manager.nodes().update_with(&other, |spec| spec.role = NodeRole::Worker).unwrap();
        eventually(LIMIT, "it is none", || {
            matches!(third.swarm().inspect(), Err(Error::NotManager(_)))
        });
        third.swarm().leave(&Default::default()).unwrap();
        let error = manager.swarm().leave(&Default::default()).unwrap_err();
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
        manager.swarm().leave(&SwarmLeaveOptions { force: true }).unwrap();
        let error = manager.swarm().inspect().unwrap_err();
        assert!(matches!(error, Error::NoSwarm(_)), "{error:?}");
    });
}

#[test]
#[ignore = "needs root: scripts/engine swarm run 3"]
fn locked_after_a_restart() {
    let machines = Machines::up(1);
    live_on(Context::open(machines.host(0)).unwrap(), move |docker| {
        let swarm = docker.swarm();
        swarm.init(&Default::default()).unwrap();
        assert_eq!(swarm.unlockkey().unwrap().unlock_key, "");
        let lock = |spec: &mut dockline::model::SwarmSpec| {
            spec.encryption_config.auto_lock_managers = true;
        };
        swarm.update_with(&Default::default(), lock).unwrap();
        let key = swarm.unlockkey().unwrap().unlock_key;
        assert!(key.starts_with("SWMKEY-1-"));
        let error = swarm.unlock(&SwarmUnlockRequest { unlock_key: key.clone() }).unwrap_err();
        assert!(matches!(error, Error::Conflict(_)), "{error:?}");

        // A manager takes a moment to lock what it has on its disk, and nothing tells when it has:
        // one that is switched off before then comes back as it was.
        let comes_back_locked = |_| {
            machines.restart(0);
            let mut locked = false;
            eventually(LIMIT, "it is back", || match swarm.inspect() {
                Ok(_) => true,
                Err(error) => {
                    locked = matches!(error, Error::SwarmLocked(_));
                    locked
                }
            });
            locked
        };
        assert!((0..5).any(comes_back_locked), "it is never locked");
        for error in [
            docker.nodes().list(&Default::default()).unwrap_err(),
            docker.services().list(&Default::default()).unwrap_err(),
            swarm.unlockkey().unwrap_err(),
        ] {
            assert!(matches!(error, Error::SwarmLocked(_)), "{error:?}");
        }
        let wrong = "SWMKEY-1-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let error = swarm.unlock(&SwarmUnlockRequest { unlock_key: wrong.into() }).unwrap_err();
        assert!(matches!(error, Error::Unauthorized(_)), "{error:?}");
        swarm.unlock(&SwarmUnlockRequest { unlock_key: key.clone() }).unwrap();
        eventually(LIMIT, "it manages again", || swarm.inspect().is_ok());

        let options = SwarmUpdateOptions { rotate_manager_unlock_key: true, ..Default::default() };
        swarm.update_with(&options, |_| ()).unwrap();
        let next = swarm.unlockkey().unwrap().unlock_key;
        assert!(next.starts_with("SWMKEY-1-") && next != key);
    });
}

/// A service of three tasks, one for each of the machines.
fn spread() -> ServiceSpec {
    let container = ContainerSpec {
        image: BUSYBOX.into(),
        command: ["sleep", "1000"].map(String::from).into(),
        stop_grace_period: Some(0),
        ..Default::default()
    };
    let task = TaskSpec { container_spec: Some(container), ..Default::default() };
    ServiceSpec {
        name: "web".into(),
        task_template: task,
        mode: ServiceMode::replicated(3),
        ..Default::default()
    }
}

/// The tasks that shall run.
fn tasks(manager: &Context) -> Vec<Task> {
    let filters = Filters::new().with("service", "web").with("desired-state", "running");
    manager.tasks().list(&TaskListOptions { filters }).unwrap()
}

fn nodes_of(tasks: &[Task]) -> std::collections::BTreeSet<&str> {
    tasks.iter().map(|task| task.node_id.as_str()).collect()
}

fn quick() -> ServiceWaitOptions {
    ServiceWaitOptions { monitor: Some(Duration::from_millis(100)) }
}

/// Drained, its tasks go elsewhere; switched off, too, while somebody watches.
#[test]
#[ignore = "needs root: scripts/engine swarm run 3"]
fn a_node_is_drained_and_one_is_lost() {
    let machines = Machines::up(3);
    live_on(Context::open(machines.host(0)).unwrap(), move |docker| {
        let engines: [Context; 3] = contexts(&machines, docker);
        make_swarm(&engines);
        // So it takes seconds, not a quarter of a minute, to notice that a node is gone.
        docker
            .swarm()
            .update_with(&Default::default(), |spec| {
                spec.dispatcher.heartbeat_period = 1_000_000_000;
            })
            .unwrap();
        let services = docker.services();
        services.create(&Default::default(), &spread()).unwrap();
        let end = services.wait_converged("web", &quick()).unwrap().finish().unwrap();
        assert_eq!((end.state, end.running, end.desired), (ConvergenceState::Converged, 3, 3));
        assert_eq!(nodes_of(&tasks(docker)).len(), 3, "one on each");

        let third = id_of(&engines[2]);
        let drain = |to: NodeAvailability| {
            docker.nodes().update_with(&third, |spec| spec.availability = to.clone()).unwrap();
        };
        drain(NodeAvailability::Drain);
        eventually(LIMIT, "the managers have noticed", || {
            !nodes_of(&tasks(docker)).contains(third.as_str())
        });
        let end = services.wait_converged("web", &quick()).unwrap().finish().unwrap();
        assert_eq!((end.running, end.desired), (3, 3));
        assert!(!nodes_of(&tasks(docker)).contains(third.as_str()));
        drain(NodeAvailability::Active);

        // Nothing has changed for the swarm when this begins.
        let lost = id_of(&engines[1]);
        let here = tasks(docker).iter().filter(|task| task.node_id == lost).count() as u64;
        assert!(here >= 1);
        let long = ServiceWaitOptions { monitor: Some(LIMIT) };
        let mut wait = services.wait_converged("web", &long).unwrap();
        let first = wait.next().unwrap().unwrap();
        assert_eq!((first.running, first.desired), (3, 3));
        machines.switch_off(1);
        let dip = wait.next().unwrap().unwrap();
        assert!(dip.running < 3, "{dip:?}");
        assert_eq!(dip.state, ConvergenceState::Converging);
        let healed = wait.find(|item| item.as_ref().unwrap().running == 3).unwrap().unwrap();
        assert_eq!(healed.desired, 3);
        assert_eq!(node(docker, &lost).status.state, NodeState::Down);
        let tasks = tasks(docker);
        assert!(!nodes_of(&tasks).contains(lost.as_str()), "{tasks:?}");
        assert!(tasks.iter().all(|task| task.status.state == TaskState::Running));
    });
}

/// The managers go on without the one that led them.
#[test]
#[ignore = "needs root: scripts/engine swarm run 3"]
fn the_leader_is_lost() {
    let machines = Machines::up(3);
    live_on(Context::open(machines.host(1)).unwrap(), move |docker| {
        let engines: [Context; 3] = contexts(&machines, docker);
        make_swarm(&engines);
        for engine in &engines[1..] {
            let id = id_of(engine);
            engines[0].nodes().update_with(&id, |spec| spec.role = NodeRole::Manager).unwrap();
        }
        eventually(LIMIT, "all are managers", || {
            let nodes = engines[0].nodes().list(&Default::default()).unwrap();
            let reached = |it: &Node| {
                let status = it.manager_status.as_ref();
                status.is_some_and(|it| it.reachability == Reachability::Reachable)
            };
            nodes.iter().all(reached)
        });
        eventually(LIMIT, "all know", || docker.swarm().inspect().is_ok());
        let mut spec = spread();
        // None of them is where the leader is.
        let leader = id_of(&engines[0]);
        let elsewhere = format!("node.id!={leader}");
        spec.task_template.placement =
            Some(Placement { constraints: vec![elsewhere].into(), ..Default::default() });
        docker.services().create(&Default::default(), &spec).unwrap();
        let mut wait = docker.services().wait_converged("web", &quick()).unwrap();
        machines.switch_off(0);
        // Whatever the managers answer while they elect another.
        let end = wait.find(|item| item.as_ref().unwrap().state != ConvergenceState::Converging);
        let end = end.unwrap().unwrap();
        assert_eq!((end.state, end.running), (ConvergenceState::Converged, 3));
        eventually(LIMIT, "another one leads", || {
            let nodes = docker.nodes().list(&Default::default()).unwrap_or_default();
            let leads = |it: &Node| it.manager_status.as_ref().is_some_and(|it| it.leader);
            nodes.iter().any(|it| leads(it) && it.id != leader)
        });
    });
}
