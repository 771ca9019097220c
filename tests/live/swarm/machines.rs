//! Nodes that join, are updated, fail and leave.

use std::time::Duration;

use crate::helpers::{
    BUSYBOX, LIMIT, Machines, address, generous_timeouts, live_on, make_swarm, wait_until_ready,
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
    // The context of the test keeps its cancel token.
    std::array::from_fn(|number| {
        let other = Context::open(machines.host(number)).unwrap();
        match docker.endpoint() == other.endpoint() {
            true => docker.clone(),
            false => other.with_timeouts(generous_timeouts()),
        }
    })
}

#[track_caller]
fn node(manager: &Context, id: &str) -> Node {
    manager.nodes().inspect(id).unwrap()
}

fn node_id(engine: &Context) -> String {
    engine.system().info().unwrap().swarm.node_id
}

/// From the first init until the last manager leaves.
#[test]
#[ignore = "needs root: scripts/engine swarm run 3"]
fn join_promote_and_leave() {
    let machines = Machines::start(3);
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
        assert_eq!(id, node_id(&manager));
        let error = manager.swarm().init(&Default::default()).unwrap_err();
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
        let swarm = manager.swarm().inspect().unwrap();
        assert!(swarm.join_tokens.worker.starts_with("SWMTKN-1-"));
        assert_eq!(swarm.spec.name, "default");

        // With an invalid token, as a worker, and as a manager.
        let join = |token: &str| SwarmJoinRequest {
            remote_addrs: vec![address(&manager)].into(),
            join_token: token.into(),
            ..Default::default()
        };
        let error = second.swarm().join(&join("SWMTKN-1-no")).unwrap_err();
        assert!(error.to_string().contains("join token"), "{error:?}");
        second.swarm().join(&join(&swarm.join_tokens.worker)).unwrap();
        third.swarm().join(&join(&swarm.join_tokens.manager)).unwrap();
        wait_until_ready(&manager, 3);
        let error = second.nodes().list(&Default::default()).unwrap_err();
        assert!(matches!(error, Error::NotManager(_)), "{error:?}");
        assert_eq!(third.swarm().inspect().unwrap().id, swarm.id);

        // By `update`, with an outdated version, and by `update_with`.
        let worker = node_id(&second);
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

        // Promoted and demoted.
        manager.nodes().update_with(&worker, |spec| spec.role = NodeRole::Manager).unwrap();
        eventually(LIMIT, "the node is a manager", || {
            let status = node(&manager, &worker).manager_status;
            status.is_some_and(|it| it.reachability == Reachability::Reachable)
        });
        eventually(LIMIT, "the node responds as a manager", || {
            second.nodes().list(&Default::default()).is_ok()
        });
        manager.nodes().update_with(&worker, |spec| spec.role = NodeRole::Worker).unwrap();
        eventually(LIMIT, "the node is a worker", || {
            matches!(second.swarm().inspect(), Err(Error::NotManager(_)))
        });

        // The old token is no longer valid.
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

        // A worker leaves and its node is deleted.
        let options = NodeDeleteOptions::default();
        let error = manager.nodes().delete(&worker, &options).unwrap_err();
        assert!(error.to_string().contains("is not down"), "{error}");
        second.swarm().leave(&Default::default()).unwrap();
        eventually(LIMIT, "the node is down", || {
            node(&manager, &worker).status.state == NodeState::Down
        });
        manager.nodes().delete(&worker, &options).unwrap();
        let error = manager.nodes().inspect(&worker).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        let error = second.swarm().join(&join(&swarm.join_tokens.worker)).unwrap_err();
        assert!(error.to_string().contains("join token"), "{error:?}");

        // A manager leaves after it is demoted; the last one only with `force`.
        let other = node_id(&third);
        manager.nodes().update_with(&other, |spec| spec.role = NodeRole::Worker).unwrap();
        eventually(LIMIT, "the node is a worker", || {
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
fn locked_after_restart() {
    let machines = Machines::start(1);
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

        // The manager encrypts its data asynchronously and does not report when it is done. If it
        // is killed before, it restarts unlocked.
        let restarts_locked = |_| {
            machines.restart(0);
            let mut locked = false;
            eventually(LIMIT, "the engine is running again", || match swarm.inspect() {
                Ok(_) => true,
                Err(error) => {
                    locked = matches!(error, Error::SwarmLocked(_));
                    locked
                }
            });
            locked
        };
        assert!((0..5).any(restarts_locked), "the manager is never locked");
        for error in [
            docker.nodes().list(&Default::default()).unwrap_err(),
            docker.services().list(&Default::default()).unwrap_err(),
            swarm.unlockkey().unwrap_err(),
        ] {
            assert!(matches!(error, Error::SwarmLocked(_)), "{error:?}");
        }
        let wrong_key = "SWMKEY-1-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let error = swarm.unlock(&SwarmUnlockRequest { unlock_key: wrong_key.into() }).unwrap_err();
        assert!(matches!(error, Error::Unauthorized(_)), "{error:?}");
        swarm.unlock(&SwarmUnlockRequest { unlock_key: key.clone() }).unwrap();
        eventually(LIMIT, "the manager is unlocked", || swarm.inspect().is_ok());

        let options = SwarmUpdateOptions { rotate_manager_unlock_key: true, ..Default::default() };
        swarm.update_with(&options, |_| ()).unwrap();
        let next = swarm.unlockkey().unwrap().unlock_key;
        assert!(next.starts_with("SWMKEY-1-") && next != key);
    });
}

/// A service of three tasks, one on each node.
fn spread_service() -> ServiceSpec {
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

/// Returns the tasks whose desired state is running.
fn tasks(manager: &Context) -> Vec<Task> {
    let filters = Filters::new().with("service", "web").with("desired-state", "running");
    manager.tasks().list(&TaskListOptions { filters }).unwrap()
}

fn nodes_of(tasks: &[Task]) -> std::collections::BTreeSet<&str> {
    tasks.iter().map(|task| task.node_id.as_str()).collect()
}

fn short_monitor() -> ServiceWaitOptions {
    ServiceWaitOptions { monitor: Some(Duration::from_millis(100)) }
}

/// The tasks of a drained node move to other nodes; so do those of a stopped engine, during a wait.
#[test]
#[ignore = "needs root: scripts/engine swarm run 3"]
fn tasks_move_from_drained_and_lost_nodes() {
    let machines = Machines::start(3);
    live_on(Context::open(machines.host(0)).unwrap(), move |docker| {
        let engines: [Context; 3] = contexts(&machines, docker);
        make_swarm(&engines);
        // Detects a lost node within seconds instead of a quarter of a minute.
        docker
            .swarm()
            .update_with(&Default::default(), |spec| {
                spec.dispatcher.heartbeat_period = 1_000_000_000;
            })
            .unwrap();
        let services = docker.services();
        services.create(&Default::default(), &spread_service()).unwrap();
        let end = services.wait_converged("web", &short_monitor()).unwrap().finish().unwrap();
        assert_eq!((end.state, end.running, end.desired), (ConvergenceState::Converged, 3, 3));
        assert_eq!(nodes_of(&tasks(docker)).len(), 3, "one task on each node");

        let third = node_id(&engines[2]);
        let drain = |to: NodeAvailability| {
            docker.nodes().update_with(&third, |spec| spec.availability = to.clone()).unwrap();
        };
        drain(NodeAvailability::Drain);
        eventually(LIMIT, "the node has no desired tasks", || {
            !nodes_of(&tasks(docker)).contains(third.as_str())
        });
        let end = services.wait_converged("web", &short_monitor()).unwrap().finish().unwrap();
        assert_eq!((end.running, end.desired), (3, 3));
        assert!(!nodes_of(&tasks(docker)).contains(third.as_str()));
        drain(NodeAvailability::Active);

        // The swarm has not changed when this wait begins.
        let lost = node_id(&engines[1]);
        let on_lost = tasks(docker).iter().filter(|task| task.node_id == lost).count() as u64;
        assert!(on_lost >= 1);
        let long = ServiceWaitOptions { monitor: Some(LIMIT) };
        let mut wait = services.wait_converged("web", &long).unwrap();
        let first = wait.next().unwrap().unwrap();
        assert_eq!((first.running, first.desired), (3, 3));
        machines.stop(1);
        let dip = wait.next().unwrap().unwrap();
        assert!(dip.running < 3, "{dip:?}");
        assert_eq!(dip.state, ConvergenceState::Converging);
        let restored = wait.find(|item| item.as_ref().unwrap().running == 3).unwrap().unwrap();
        assert_eq!(restored.desired, 3);
        assert_eq!(node(docker, &lost).status.state, NodeState::Down);
        let tasks = tasks(docker);
        assert!(!nodes_of(&tasks).contains(lost.as_str()), "{tasks:?}");
        assert!(tasks.iter().all(|task| task.status.state == TaskState::Running));
    });
}

/// The other managers elect a new leader.
#[test]
#[ignore = "needs root: scripts/engine swarm run 3"]
fn service_converges_after_leader_is_lost() {
    let machines = Machines::start(3);
    live_on(Context::open(machines.host(1)).unwrap(), move |docker| {
        let engines: [Context; 3] = contexts(&machines, docker);
        make_swarm(&engines);
        for engine in &engines[1..] {
            let id = node_id(engine);
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
        eventually(LIMIT, "all respond as managers", || docker.swarm().inspect().is_ok());
        let mut spec = spread_service();
        // No task runs on the leader.
        let leader = node_id(&engines[0]);
        let elsewhere = format!("node.id!={leader}");
        spec.task_template.placement =
            Some(Placement { constraints: vec![elsewhere].into(), ..Default::default() });
        docker.services().create(&Default::default(), &spec).unwrap();
        let mut wait = docker.services().wait_converged("web", &short_monitor()).unwrap();
        machines.stop(0);
        // Errors of the managers during the election are tolerated.
        let end = wait.find(|item| item.as_ref().unwrap().state != ConvergenceState::Converging);
        let end = end.unwrap().unwrap();
        assert_eq!((end.state, end.running), (ConvergenceState::Converged, 3));
        eventually(LIMIT, "another manager is the leader", || {
            let nodes = docker.nodes().list(&Default::default()).unwrap_or_default();
            let leads = |it: &Node| it.manager_status.as_ref().is_some_and(|it| it.leader);
            nodes.iter().any(|it| leads(it) && it.id != leader)
        });
    });
}
