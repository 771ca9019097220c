//! Containers on a real engine: signals, states, names, terminals, checkpoints, prune.

use crate::helpers::{Container, is_podman, live, refused_by, shell, unique};
use dockline::model::{ContainerCreateRequest, ContainerStateStatus};
use dockline::{
    CheckpointCreateOptions, ContainerKillOptions, ContainerPruneOptions, ContainerRestartOptions,
    Error, Filters,
};

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn a_signal_arrives() {
    live(|docker| {
        let script = "trap 'echo heard; exit 7' USR1; echo ready; while :; do sleep 0.05; done";
        let container = Container::run(docker, script);
        container.await_output("ready");
        let kill = |signal: &str| {
            let options = ContainerKillOptions { signal: signal.into() };
            docker.containers().kill(&container.id, &options)
        };
        let error = kill("SIGNOTHING").unwrap_err();
        assert!(matches!(error, Error::BadRequest(_) | Error::Engine(_)), "{error:?}");
        assert!(error.to_string().to_lowercase().contains("signal"), "{error}");
        kill("USR1").unwrap();
        assert_eq!(container.wait(), 7);
        assert_eq!(container.output().out(), "ready\nheard\n");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn paused_and_again() {
    live(|docker| {
        let containers = docker.containers();
        let container = Container::create(docker, &shell("exec sleep 1000"));
        let error = containers.pause(&container.id).unwrap_err();
        assert!(matches!(error, Error::Conflict(_) | Error::Engine(_)), "{error:?}");
        assert!(error.to_string().contains("not running"), "{error}");
        container.start();
        containers.pause(&container.id).unwrap();
        let state = container.inspect().state;
        assert!(state.paused && state.running, "{state:?}");
        assert_eq!(state.status, ContainerStateStatus::Paused);
        let error = containers.pause(&container.id).unwrap_err();
        assert!(matches!(error, Error::Conflict(_) | Error::Engine(_)), "twice: {error:?}");
        containers.unpause(&container.id).unwrap();
        let state = container.inspect().state;
        assert!(!state.paused && state.running, "{state:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn names() {
    live(|docker| {
        let (one, other) =
            (Container::create(docker, &shell("true")), Container::create(docker, &shell("true")));
        let error = docker.containers().rename(&one.id, &other.name).unwrap_err();
        assert!(matches!(error, Error::Conflict(_)), "{error:?}");
        assert!(error.to_string().contains(&other.name), "{error}");
        let error = docker.containers().rename(&one.id, "not/a/name").unwrap_err();
        assert!(matches!(error, Error::BadRequest(_) | Error::Engine(_)), "{error:?}");
        let error = docker.containers().rename("no-such-container", "a").unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");

        // A name that is free again may be given again.
        let free = unique("free");
        docker.containers().rename(&other.id, &free).unwrap();
        docker.containers().rename(&one.id, &other.name).unwrap();
        assert_eq!(one.inspect().name, format!("/{}", other.name));
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn restart_runs_it_once_more() {
    live(|docker| {
        let container = Container::run(docker, "echo here; exec sleep 1000");
        container.await_output("here");
        let options = ContainerRestartOptions { t: Some(0), ..Default::default() };
        docker.containers().restart(&container.id, &options).unwrap();
        container.await_output("here\nhere");
        // Also what does not run.
        container.stop();
        docker.containers().restart(&container.id, &options).unwrap();
        container.await_output("here\nhere\nhere");
        let error = docker.containers().restart("no-such-container", &options).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn a_terminal_is_resized() {
    live(|docker| {
        let mut request = shell("while sleep 0.05; do stty size; done");
        request.config.tty = true;
        request.config.open_stdin = true;
        let container = Container::create(docker, &request);
        container.start();
        for (h, w) in [(33, 121), (24, 80)] {
            docker.containers().resize(&container.id, h, w).unwrap();
            container.await_output(&format!("{h} {w}"));
        }
        container.stop();
        let error = docker.containers().resize(&container.id, 1, 1).unwrap_err();
        assert!(error.status().is_some(), "{error:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn prune_by_label() {
    live(|docker| {
        let label = unique("label");
        let labelled = |value: &str| {
            let mut request: ContainerCreateRequest = shell("exec sleep 1000");
            request.config.labels.insert(label.clone(), value.to_owned());
            Container::create(docker, &request)
        };
        let (old, running, kept) = (labelled("old"), labelled("old"), labelled("kept"));
        running.start();
        let filters = Filters::new().with("label", format!("{label}=old"));
        let options = ContainerPruneOptions { filters: filters.clone() };
        let pruned = docker.containers().prune(&options).unwrap();
        assert_eq!(pruned.containers_deleted, [old.id.as_str()]);
        for left in [&running, &kept] {
            left.inspect();
        }
        let pruned = docker.containers().prune(&options).unwrap();
        assert_eq!((pruned.containers_deleted.len(), pruned.space_reclaimed), (0, 0));

        let options = ContainerPruneOptions { filters: filters.with("no-such-filter", "1") };
        let error = docker.containers().prune(&options).unwrap_err();
        assert!(matches!(error, Error::BadRequest(_) | Error::Engine(_)), "{error:?}");
    });
}

/// Engines have checkpoints only where they experiment; this one says that it does not.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn checkpoints_are_refused() {
    live(|docker| {
        let podman = is_podman(docker);
        let experimental = docker.system().info().unwrap().experimental_build;
        assert!(podman || !experimental, "an engine that experiments needs another test");
        let containers = docker.containers();
        let container = Container::run(docker, "exec sleep 1000");
        let options = CheckpointCreateOptions { checkpoint_id: "cp".into(), ..Default::default() };
        for done in [
            containers.checkpoint_create(&container.id, &options),
            containers.checkpoint_list(&container.id, &Default::default()).map(drop),
            containers.checkpoint_delete(&container.id, "cp", &Default::default()),
        ] {
            let error = done.unwrap_err();
            if podman {
                assert!(matches!(error, Error::NotFound(_)), "it has no such path: {error:?}");
                refused_by(&error, "Not Found");
            } else {
                assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
                refused_by(&error, "experimental");
            }
        }
        assert!(container.inspect().state.running);
    });
}
