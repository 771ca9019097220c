//! Resource usage of containers on a real engine: processes and statistics.

use crate::helpers::{
    Container, LIMIT, assert_unsupported, is_podman, live, note_difference, shell,
};
use crate::support::eventually;
use dockline::model::{ContainerStatsResponse, ContainerUpdateRequest};
use dockline::{ContainerStatsOnceOptions, ContainerTopOptions, Context, Error};

const MEMORY: i64 = 64 << 20;

/// Returns a container in a busy loop, with limits.
fn busy(docker: &Context) -> Container {
    let mut request =
        shell("head -c 8000000 /dev/zero >/dev/shm/held; echo ready; while :; do :; done");
    request.host_config.memory = MEMORY;
    request.host_config.nano_cpus = 250_000_000;
    let container = Container::create(docker, &request);
    container.start();
    container.await_output("ready");
    container
}

#[track_caller]
fn check_sample(sample: &ContainerStatsResponse, container: &Container) {
    // Some engines omit both in a single sample; Podman 4 spells the ID differently.
    assert!(["", &*container.id].contains(&&*sample.id), "{}", sample.id);
    let name = sample.name.trim_start_matches('/');
    assert!(["", &*container.name].contains(&name), "{name}");
    assert!(!sample.read.is_never());
    assert!(sample.pids_stats.current >= 1);
    assert!(sample.cpu_stats.cpu_usage.total_usage > 0);
    assert!(sample.cpu_stats.system_cpu_usage > 0 && sample.cpu_stats.online_cpus > 0);
    let memory = &sample.memory_stats;
    assert_eq!(memory.limit, MEMORY as u64);
    // The memory of a tmpfs cannot be reclaimed.
    assert!(memory.used() >= 8_000_000 && memory.used() <= memory.usage, "{memory:?}");
    let percent = memory.used_percent().unwrap();
    assert!((10.0..=100.0).contains(&percent), "{percent}");
}

/// The limit is a quarter of a CPU; on a busy machine it gets less.
#[track_caller]
fn check_cpu(sample: &ContainerStatsResponse) {
    let percent = sample.cpu_percent().expect("the sample has a previous one");
    assert!(percent > 0.1 && percent < 60.0, "{percent}");
    assert!(sample.read.unix_nanos() > sample.preread.unix_nanos());
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn stats_stream_until_cancelled() {
    live(|docker| {
        let container = busy(docker);
        let mut stats = docker.containers().stats(&container.id).unwrap();
        let first = stats.next().unwrap().unwrap();
        check_sample(&first, &container);
        assert_eq!(first.name.trim_start_matches('/'), container.name);
        assert!(first.id == container.id || is_podman(docker), "{}", first.id);
        let (second, third) = (stats.next().unwrap().unwrap(), stats.next().unwrap().unwrap());
        for sample in [&second, &third] {
            check_sample(sample, &container);
            if is_podman(docker) {
                note_difference("ContainerStats", "other clocks, therefore other CPU percentages");
            } else {
                check_cpu(sample);
            }
        }
        assert!(second.read.unix_nanos() > first.read.unix_nanos());
        let used = |sample: &ContainerStatsResponse| sample.cpu_stats.cpu_usage.total_usage;
        assert!(used(&first) < used(&second) && used(&second) < used(&third));
        assert_eq!(used(&second), third.precpu_stats.cpu_usage.total_usage);
        assert!(third.networks.values().next().is_some(), "has a network");
        stats.cancel_token().cancel();
        assert!(matches!(stats.next(), Some(Err(Error::Cancelled { .. }))));
        assert!(stats.next().is_none());
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn stats_end_when_container_is_deleted() {
    live(|docker| {
        let container = busy(docker);
        let mut stats = docker.containers().stats(&container.id).unwrap();
        stats.next().unwrap().unwrap();
        drop(container);
        // Some engines send a last sample of zeros.
        for sample in stats {
            sample.unwrap();
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn stats_once() {
    live(|docker| {
        let container = busy(docker);
        let sample = |one_shot| {
            let options = ContainerStatsOnceOptions { one_shot };
            docker.containers().stats_once(&container.id, &options).unwrap()
        };
        // The engine takes two samples about a second apart; the second contains the first.
        let twice = sample(false);
        check_sample(&twice, &container);
        if is_podman(docker) {
            note_difference("ContainerStats", "a single sample does not contain the previous one");
            assert_eq!(twice.cpu_percent(), None);
        } else {
            check_cpu(&twice);
        }
        let once = sample(true);
        check_sample(&once, &container);
        assert_eq!((once.precpu_stats.cpu_usage.total_usage, once.cpu_percent()), (0, None));
        // A saved sample replaces the previous one.
        eventually(LIMIT, "the container uses CPU", || {
            sample(true).cpu_percent_since(&once).is_some_and(|percent| percent > 0.0)
        });
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn stats_of_stopped_container() {
    live(|docker| {
        let container = Container::create(docker, &shell("true"));
        let sample = docker.containers().stats_once(&container.id, &Default::default());
        if is_podman(docker) {
            // Podman sends 200 with an empty body.
            let error = sample.unwrap_err();
            assert!(matches!(error, Error::Decode { .. }), "{error:?}");
            return note_difference(
                "ContainerStats",
                "the response for a stopped container is empty",
            );
        }
        let sample = sample.unwrap();
        assert_eq!(sample.id, container.id);
        assert_eq!((sample.cpu_percent(), sample.memory_stats.used_percent()), (None, None));
        assert_eq!(sample.pids_stats.current, 0);

        let error = docker.containers().stats("no-such-container").unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        let error =
            docker.containers().stats_once("no-such-container", &Default::default()).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn update() {
    live(|docker| {
        let container = busy(docker);
        let update =
            |body: &ContainerUpdateRequest| docker.containers().update(&container.id, body);
        let body = ContainerUpdateRequest {
            memory: 2 * MEMORY,
            memory_swap: -1,
            cpu_shares: 256,
            pids_limit: Some(55),
            ..Default::default()
        };
        let updated = update(&body);
        if is_podman(docker) {
            let error = updated.unwrap_err();
            assert!(matches!(error, Error::NotFound(_)), "no such path: {error:?}");
            return assert_unsupported(&error, "Not Found");
        }
        updated.unwrap();
        let config = container.inspect().host_config;
        assert_eq!((config.memory, config.cpu_shares), (2 * MEMORY, 256));
        assert_eq!((config.memory_swap, config.pids_limit), (-1, Some(55)));
        // Omitted fields keep their values.
        assert_eq!(config.nano_cpus, 250_000_000);
        let options = ContainerStatsOnceOptions { one_shot: true };
        let sample = docker.containers().stats_once(&container.id, &options).unwrap();
        assert_eq!(sample.memory_stats.limit, 2 * MEMORY as u64);
        assert_eq!(sample.pids_stats.limit, 55);

        // Below the minimum.
        let body = ContainerUpdateRequest { memory: 1, ..Default::default() };
        let error = update(&body).unwrap_err();
        assert!(error.status().is_some(), "{error:?}");
        assert!(error.to_string().to_lowercase().contains("memory"), "{error}");
        assert_eq!(container.inspect().host_config.memory, 2 * MEMORY);

        let error = docker.containers().update("no-such-container", &body).unwrap_err();
        assert!(matches!(error, Error::NotFound(_) | Error::BadRequest(_)), "{error:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn top() {
    live(|docker| {
        let container = Container::run(docker, "sleep 4321 & sleep 1234; true");
        let ps_args = |ps_args: &str| ContainerTopOptions { ps_args: ps_args.into() };
        let top = |options: &ContainerTopOptions| {
            docker.containers().top(&container.id, options).unwrap()
        };
        let mut tables = Vec::new();
        // The processes may not have been started yet.
        eventually(LIMIT, "all processes are running", || {
            tables = vec![top(&Default::default()), top(&ps_args("-o pid,args"))];
            let runs = |rows: &[dockline::model::StringList], command: &str| {
                let matching = rows.iter().filter(|row| {
                    let last = row.last().unwrap();
                    last.ends_with(command) && !last.contains("sh -c")
                });
                matching.count() == 1
            };
            tables.iter().all(|table| {
                table.processes.len() == 3
                    && runs(&table.processes, "sleep 4321")
                    && runs(&table.processes, "sleep 1234")
            })
        });
        for table in &tables {
            assert!(table.titles.join(" ").contains("PID"), "{:?}", table.titles);
            assert!(table.processes.iter().all(|row| row.len() == table.titles.len()));
        }
        if is_podman(docker) {
            note_difference(
                "ContainerTop",
                "runs the container's ps, whose lines are single cells",
            );
            return;
        }
        assert_eq!(tables[1].titles, ["PID", "COMMAND"]);

        let invalid = docker.containers().top(&container.id, &ps_args("-o no-such-column"));
        assert!(invalid.unwrap_err().status().is_some());
        container.stop();
        let error = docker.containers().top(&container.id, &Default::default()).unwrap_err();
        assert!(error.status().is_some_and(|status| status >= 400), "{error:?}");
        assert!(error.to_string().contains("running"), "{error}");
    });
}
