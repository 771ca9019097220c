//! Containers on a real engine: signals, states, names, terminals, checkpoints, prune.

use crate::helpers::{
    Container, PrivateEngine, assert_unsupported, docker, is_podman, live, live_on, shell, unique,
};
use dockline::model::{ContainerCreateRequest, ContainerStateStatus};
use dockline::{
    CheckpointCreateOptions, ContainerKillOptions, ContainerPruneOptions, ContainerRestartOptions,
    ContainerStartOptions, Error, Filters,
};

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn kill_sends_signal() {
    live(|docker| {
        let script = "trap 'echo caught; exit 7' USR1; echo ready; while :; do sleep 0.05; done";
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
        assert_eq!(container.output().out(), "ready\ncaught\n");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn pause_and_unpause() {
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
fn rename_errors_and_freed_names() {
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

        // A freed name can be used again.
        let free = unique("free");
        docker.containers().rename(&other.id, &free).unwrap();
        docker.containers().rename(&one.id, &other.name).unwrap();
        assert_eq!(one.inspect().name, format!("/{}", other.name));
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn restart() {
    live(|docker| {
        let container = Container::run(docker, "echo here; exec sleep 1000");
        container.await_output("here");
        let options = ContainerRestartOptions { t: Some(0), ..Default::default() };
        docker.containers().restart(&container.id, &options).unwrap();
        container.await_output("here\nhere");
        // Also if the container is stopped.
        container.stop();
        docker.containers().restart(&container.id, &options).unwrap();
        container.await_output("here\nhere\nhere");
        let error = docker.containers().restart("no-such-container", &options).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn resize() {
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
        for remaining in [&running, &kept] {
            remaining.inspect();
        }
        let pruned = docker.containers().prune(&options).unwrap();
        assert_eq!((pruned.containers_deleted.len(), pruned.space_reclaimed), (0, 0));

        let options = ContainerPruneOptions { filters: filters.with("no-such-filter", "1") };
        let error = docker.containers().prune(&options).unwrap_err();
        assert!(matches!(error, Error::BadRequest(_) | Error::Engine(_)), "{error:?}");
    });
}

/// Checkpoints require an engine in experimental mode; this one is not.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn checkpoints_require_experimental_engine() {
    live(|docker| {
        let podman = is_podman(docker);
        let experimental = docker.system().info().unwrap().experimental_build;
        assert!(podman || !experimental, "an experimental engine has another test");
        let containers = docker.containers();
        let container = Container::run(docker, "exec sleep 1000");
        let options = CheckpointCreateOptions { checkpoint_id: "cp".into(), ..Default::default() };
        for result in [
            containers.checkpoint_create(&container.id, &options),
            containers.checkpoint_list(&container.id, &Default::default()).map(drop),
            containers.checkpoint_delete(&container.id, "cp", &Default::default()),
        ] {
            let error = result.unwrap_err();
            assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
            assert_unsupported(&error, if podman { "Not Found" } else { "experimental" });
        }
        assert!(container.inspect().state.running);
    });
}

/// Creating a checkpoint requires CRIU, which supports few kernels; otherwise the error is checked.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn checkpoints() {
    if is_podman(&docker()) {
        // Podman has no experimental mode.
        return live(|docker| {
            let list = docker.containers().checkpoint_list("any", &Default::default());
            assert_unsupported(&list.unwrap_err(), "Not Found");
        });
    }
    let engine = PrivateEngine::start_with(&["--experimental"]);
    live_on(engine.docker(), |docker| {
        assert!(docker.system().ping().unwrap().experimental);
        let containers = docker.containers();
        let container = Container::run(docker, "exec sleep 1000");
        let list = || containers.checkpoint_list(&container.id, &Default::default()).unwrap();
        assert_eq!(list(), []);
        let error =
            containers.checkpoint_delete(&container.id, "cp", &Default::default()).unwrap_err();
        assert!(error.status().is_some_and(|status| status >= 400), "{error:?}");
        assert!(error.to_string().contains("checkpoint cp does not exist"), "{error}");

        let options = CheckpointCreateOptions {
            checkpoint_id: "cp".into(),
            exit: true,
            ..Default::default()
        };
        match containers.checkpoint_create(&container.id, &options) {
            Ok(()) => {
                assert_eq!(list().iter().map(|it| &*it.name).collect::<Vec<_>>(), ["cp"]);
                let start = ContainerStartOptions { checkpoint: "cp".into(), ..Default::default() };
                containers.start(&container.id, &start).unwrap();
                assert!(container.inspect().state.running);
                containers.checkpoint_delete(&container.id, "cp", &Default::default()).unwrap();
            }
            Err(error) => {
                assert_unsupported(&error, "criu");
                assert!(container.inspect().state.running);
            }
        }
        assert_eq!(list(), []);
        drop(container);
    });
}
