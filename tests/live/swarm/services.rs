//! Services on a swarm of three engines, which these tests share.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

#[cfg(feature = "capi")]
use crate::c_library;
#[cfg(feature = "capi")]
use crate::c_program::{BASIC_MODES, Program, ffi_test, in_modes};
use crate::helpers::{
    BUSYBOX, LIMIT, MAX_DELAY, Output, collect, live_on, raw, shared_swarm, unique,
};
use crate::support::eventually;
use dockline::model::{
    ConfigSpec, ContainerSpec, EmptyObject, FileTarget, Placement, ReplicatedJob, SecretReference,
    SecretSpec, ServiceMode, ServiceSpec, SwarmConfigReference, Task, TaskRestartCondition,
    TaskRestartPolicy, TaskSpec, TaskState, UpdateConfig, UpdateFailureAction, UpdateOrder,
};
use dockline::{
    Context, Convergence, ConvergenceState, Error, Filters, ServiceCreateOptions,
    ServiceListOptions, ServiceLogsOptions, ServiceUpdateOptions, ServiceWaitOptions,
    TaskListOptions, Timeouts,
};

/// Runs the body of a test on the manager of the shared swarm.
#[track_caller]
fn on_manager(body: impl FnOnce(&Context) + Send + 'static) {
    live_on(shared_swarm()[0].clone(), body);
}

/// A service of one test, deleted on drop.
struct TestService {
    docker: Context,
    name: String,
}

/// Does not query a registry, since none is reachable.
fn without_registry_query() -> ServiceCreateOptions {
    ServiceCreateOptions { query_registry: false, ..Default::default() }
}

impl TestService {
    #[track_caller]
    fn create(docker: &Context, spec: &ServiceSpec) -> TestService {
        docker.services().create(&without_registry_query(), spec).unwrap();
        TestService { docker: docker.clone(), name: spec.name.clone() }
    }

    /// Creates a service and waits until it has converged.
    #[track_caller]
    fn run(docker: &Context, spec: &ServiceSpec) -> TestService {
        let service = TestService::create(docker, spec);
        let converged = service.converged();
        assert_eq!(converged.state, ConvergenceState::Converged, "{converged:?}");
        service
    }

    /// Waits until the service converges or fails to.
    #[track_caller]
    fn converged(&self) -> Convergence {
        self.docker
            .services()
            .wait_converged(&self.name, &short_monitor())
            .unwrap()
            .finish()
            .unwrap()
    }

    #[track_caller]
    fn update(&self, change: impl FnMut(&mut ServiceSpec)) {
        let options = ServiceUpdateOptions { query_registry: false, ..Default::default() };
        self.docker.services().update_with(&self.name, &options, change).unwrap();
    }

    /// Returns the tasks whose desired state is running.
    #[track_caller]
    fn tasks(&self) -> Vec<Task> {
        let filters = Filters::new().with("service", &*self.name).with("desired-state", "running");
        self.docker.tasks().list(&TaskListOptions { filters }).unwrap()
    }
}

impl Drop for TestService {
    fn drop(&mut self) {
        let docker = shared_swarm()[0].clone();
        match docker.services().delete(&self.name) {
            Ok(()) | Err(Error::NotFound(_)) => {}
            Err(error) if std::thread::panicking() => {
                eprintln!("cannot delete {}: {error}", self.name)
            }
            Err(error) => panic!("cannot delete {}: {error}", self.name),
        }
    }
}

/// Returns a service that runs a shell script on busybox.
fn shell(set_script: &str) -> ServiceSpec {
    let container = ContainerSpec {
        image: BUSYBOX.into(),
        command: ["sh", "-c", set_script].map(String::from).into(),
        stop_signal: "SIGKILL".into(),
        ..Default::default()
    };
    let restart = TaskRestartPolicy { delay: Some(100_000_000), ..Default::default() };
    ServiceSpec {
        name: unique("service"),
        task_template: TaskSpec {
            container_spec: Some(container),
            restart_policy: Some(restart),
            ..Default::default()
        },
        ..Default::default()
    }
}

fn set_script(spec: &mut ServiceSpec, set_script: &str) {
    let container = spec.task_template.container_spec.as_mut().unwrap();
    container.command = ["sh", "-c", set_script].map(String::from).into();
}

fn short_monitor() -> ServiceWaitOptions {
    ServiceWaitOptions { monitor: Some(Duration::from_millis(100)) }
}

#[test]
#[ignore = "needs a swarm: scripts/engine swarm run 3"]
fn create_update_and_rollback() {
    on_manager(|docker| {
        let update = UpdateConfig {
            parallelism: 1,
            monitor: 200_000_000,
            failure_action: UpdateFailureAction::Pause,
            order: UpdateOrder::StopFirst,
            ..Default::default()
        };
        let spec = ServiceSpec {
            mode: ServiceMode::replicated(3),
            update_config: Some(update.clone()),
            rollback_config: Some(UpdateConfig { parallelism: 0, ..update }),
            ..shell("sleep 1000")
        };
        let service = TestService::create(docker, &spec);
        let seen: Vec<_> =
            (docker.services().wait_converged(&service.name, &short_monitor()).unwrap())
                .map(Result::unwrap)
                .collect();
        let last = seen.last().unwrap();
        assert_eq!((&last.state, last.running), (&ConvergenceState::Converged, 3));
        assert!(seen[..seen.len() - 1].iter().all(|it| it.state == ConvergenceState::Converging));
        let tasks = service.tasks();
        let nodes: BTreeSet<_> = tasks.iter().map(|task| task.node_id.as_str()).collect();
        assert_eq!((tasks.len(), nodes.len()), (3, 3), "one task on each node");
        let filters = Filters::new().with("name", &*service.name);
        let status = docker.api_version().unwrap().minor >= 41;
        let found = docker.services().list(&ServiceListOptions { filters, status }).unwrap();
        assert_eq!(found.len(), 1);
        if status {
            assert_eq!(found[0].service_status.unwrap().running_tasks, 3);
        }
        let inspected = docker.services().inspect(&found[0].id, &Default::default()).unwrap();
        assert_eq!((&inspected.spec.name, &inspected.previous_spec), (&spec.name, &None));
        assert_eq!(inspected.spec.update_config, spec.update_config);

        // A rolling update, during a wait.
        service.update(|spec| set_script(spec, "sleep 2000"));
        let seen: Vec<_> =
            (docker.services().wait_converged(&service.name, &short_monitor()).unwrap())
                .map(|item| item.unwrap())
                .collect();
        let running: BTreeSet<_> = seen.iter().map(|it| it.running).collect();
        assert!(running.contains(&1) && running.contains(&2), "{running:?}");
        let last = seen.last().unwrap();
        assert_eq!((&last.state, last.running), (&ConvergenceState::Converged, 3));
        let command = |task: &Task| task.spec.container_spec.as_ref().unwrap().command[2].clone();
        assert!(service.tasks().iter().all(|task| command(task) == "sleep 2000"));

        docker.services().rollback(&service.name).unwrap();
        let converged = service.converged();
        assert_eq!((converged.state, converged.running), (ConvergenceState::RolledBack, 3));
        assert!(service.tasks().iter().all(|task| command(task) == "sleep 1000"));

        // Updating an outdated version and reusing a name fail.
        let found = docker.services().inspect(&service.name, &Default::default()).unwrap();
        let stale = ServiceUpdateOptions {
            version: found.version.index - 1,
            query_registry: false,
            ..Default::default()
        };
        let error = docker.services().update(&service.name, &stale, &found.spec).unwrap_err();
        assert!(matches!(error, Error::Conflict(_)), "{error:?}");
        let error = docker.services().create(&without_registry_query(), &spec).unwrap_err();
        assert!(matches!(error, Error::Conflict(_)), "{error:?}");

        // Scaled down and deleted.
        service.update(|spec| spec.mode = ServiceMode::replicated(1));
        assert_eq!(service.converged().running, 1);
        docker.services().delete(&service.name).unwrap();
        let error = docker.services().inspect(&service.name, &Default::default()).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    });
}

/// An empty field differs from a missing one: a changed specification would replace all tasks, so
/// the fields that were read are sent back unchanged.
#[test]
#[ignore = "needs a swarm: scripts/engine swarm run 3"]
fn scaling_keeps_tasks() {
    on_manager(|docker| {
        let name = unique("service");
        // As the docker command creates it.
        let spec = format!(
            r#"{{"Name":"{name}","Labels":{{}},"TaskTemplate":{{"ContainerSpec":{{
                "Image":"busybox:latest","Args":["sleep","1000"],"Init":false,"DNSConfig":{{}},
                "StopGracePeriod":0,"Isolation":"default","Privileges":{{}}}},
                "Resources":{{"Limits":{{}},"Reservations":{{}}}},"RestartPolicy":{{}},
                "Placement":{{}},"ForceUpdate":0,"Runtime":"container"}},
                "Mode":{{"Replicated":{{"Replicas":1}}}},"EndpointSpec":{{"Mode":"vip"}}}}"#
        );
        docker.raw(&raw("POST", "/services/create", &spec)).unwrap();
        let service = TestService { docker: docker.clone(), name };
        assert_eq!(service.converged().running, 1);
        let before = service.tasks().remove(0).id;
        service.update(|spec| {
            spec.mode = ServiceMode::replicated(2);
            spec.labels.insert("a".into(), "b".into());
        });
        assert_eq!(service.converged().running, 2);
        let after: Vec<_> = service.tasks().into_iter().map(|task| task.id).collect();
        assert!(after.len() == 2 && after.contains(&before), "{before} was replaced: {after:?}");
    });
}

/// The registry is unreachable: the service runs, and the response has a warning.
#[test]
#[ignore = "needs a swarm: scripts/engine swarm run 3"]
fn warns_if_digest_is_unknown() {
    on_manager(|docker| {
        let spec = shell("sleep 1000");
        let created = docker.services().create(&Default::default(), &spec).unwrap();
        let service = TestService { docker: docker.clone(), name: spec.name.clone() };
        assert!(created.warnings[0].contains(BUSYBOX), "{created:?}");
        assert_eq!(service.converged().running, 1);
        // The image is unchanged, so the registry is not queried.
        let updated = docker
            .services()
            .update_with(&service.name, &Default::default(), |spec| {
                spec.labels.insert("a".into(), "b".into());
            })
            .unwrap();
        assert!(updated.warnings.is_empty(), "{updated:?}");
    });
}

#[test]
#[ignore = "needs a swarm: scripts/engine swarm run 3"]
fn failed_updates_pause_or_roll_back() {
    on_manager(|docker| {
        let config = |failure_action| UpdateConfig {
            parallelism: 1,
            monitor: 2_000_000_000,
            failure_action,
            ..Default::default()
        };
        let spec = ServiceSpec {
            mode: ServiceMode::replicated(2),
            update_config: Some(config(UpdateFailureAction::Pause)),
            rollback_config: Some(UpdateConfig { parallelism: 0, ..Default::default() }),
            ..shell("sleep 1000")
        };
        let service = TestService::run(docker, &spec);
        let follow = || {
            let wait = docker.services().wait_converged(&service.name, &short_monitor()).unwrap();
            let items: Vec<_> = wait.map(Result::unwrap).collect();
            let problems: Vec<_> = items.iter().flat_map(|it| it.problems.clone()).collect();
            (items.into_iter().last().unwrap(), problems)
        };
        service.update(|spec| set_script(spec, "exit 3"));
        let (converged, problems) = follow();
        assert_eq!(converged.state, ConvergenceState::Paused, "{converged:?}");
        assert!(converged.update_status.unwrap().message.contains("update paused"));
        let problem = &problems[0];
        assert_eq!(problem.status.state, TaskState::Failed, "{problem:?}");
        assert!(problem.status.err.contains("exit (3)"), "{problem:?}");
        assert_eq!(problem.status.container_status.as_ref().unwrap().exit_code, 3);

        docker.services().rollback(&service.name).unwrap();
        let (converged, _) = follow();
        assert_eq!((converged.state, converged.running), (ConvergenceState::RolledBack, 2));

        // Rolled back automatically; the problems are reported as well.
        service.update(|spec| {
            spec.update_config = Some(config(UpdateFailureAction::Rollback));
        });
        assert_eq!(service.converged().state, ConvergenceState::Converged);
        service.update(|spec| {
            let container = spec.task_template.container_spec.as_mut().unwrap();
            container.image = "no-such-image:1".into();
        });
        let (converged, problems) = follow();
        assert_eq!((converged.state, converged.running), (ConvergenceState::RolledBack, 2));
        let problem = &problems[0];
        assert_eq!(problem.status.state, TaskState::Rejected, "{problem:?}");
        assert!(problem.status.err.to_lowercase().contains("no such image"), "{problem:?}");
    });
}

#[test]
#[ignore = "needs a swarm: scripts/engine swarm run 3"]
fn global_services_and_jobs() {
    on_manager(|docker| {
        let spec = ServiceSpec { mode: ServiceMode::global(), ..shell("sleep 1000") };
        let service = TestService::create(docker, &spec);
        let converged = service.converged();
        assert_eq!((converged.running, converged.desired), (3, 3));
        let nodes: BTreeSet<_> = service.tasks().into_iter().map(|task| task.node_id).collect();
        assert_eq!(nodes.len(), 3);
        service.update(|spec| set_script(spec, "sleep 2000"));
        let converged = service.converged();
        assert_eq!((converged.state, converged.running), (ConvergenceState::Converged, 3));

        let job = |mode: ServiceMode| {
            let mut spec = ServiceSpec { mode, ..shell("echo done") };
            let restart = TaskRestartPolicy {
                condition: TaskRestartCondition::OnFailure,
                ..Default::default()
            };
            spec.task_template.restart_policy = Some(restart);
            spec
        };
        let replicated = ReplicatedJob {
            max_concurrent: Some(2),
            total_completions: Some(4),
            ..Default::default()
        };
        let replicated = ServiceMode { replicated_job: Some(replicated), ..Default::default() };
        let service = TestService::create(docker, &job(replicated));
        let converged = service.converged();
        assert_eq!(
            (&converged.state, converged.completed),
            (&ConvergenceState::Converged, 4),
            "{converged:?}"
        );
        // Runs the job again.
        service.update(|spec| spec.task_template.force_update += 1);
        assert_eq!(service.converged().completed, 4);

        let global = ServiceMode { global_job: Some(EmptyObject::default()), ..Default::default() };
        let service = TestService::create(docker, &job(global));
        let converged = service.converged();
        assert_eq!((converged.completed, converged.desired), (3, 3));
    });
}

fn lines_of(output: &Output) -> BTreeSet<String> {
    output.out().lines().map(str::to_owned).collect()
}

#[test]
#[ignore = "needs a swarm: scripts/engine swarm run 3"]
fn logs() {
    on_manager(|docker| {
        let mut spec = ServiceSpec {
            mode: ServiceMode::replicated(3),
            ..shell("echo to out $SLOT; echo to err $SLOT >&2; sleep 1000")
        };
        spec.task_template.container_spec.as_mut().unwrap().env = ["SLOT={{.Task.Slot}}"].into();
        let service = TestService::run(docker, &spec);
        let lines: BTreeSet<_> = (1..=3).map(|slot| format!("to out {slot}")).collect();
        // A task is running before its output is in the log of its node.
        eventually(LIMIT, "the logs are complete", || {
            let logs = docker.services().logs(&service.name, &Default::default()).unwrap();
            let output = collect(logs).unwrap();
            lines_of(&output) == lines && output.err().matches("to err").count() == 3
        });

        let only_out = ServiceLogsOptions { stderr: false, details: true, ..Default::default() };
        let logs = docker.services().logs(&service.name, &only_out).unwrap();
        let output = collect(logs).unwrap();
        assert!(output.stderr.is_empty());
        let tasks = service.tasks();
        for task in &tasks {
            let id = format!("com.docker.swarm.task.id={}", task.id);
            let line = output.out().lines().find(|it| it.contains(&id)).unwrap().to_owned();
            assert!(line.ends_with(&format!("to out {}", task.slot)), "{line}");
        }

        let task = &tasks[0];
        assert_eq!(docker.tasks().inspect(&task.id).unwrap().slot, task.slot);
        let logs = docker.tasks().logs(&task.id, &Default::default()).unwrap();
        let output = collect(logs).unwrap();
        assert_eq!(output.out(), format!("to out {}\n", task.slot));
        assert_eq!(output.err(), format!("to err {}\n", task.slot));

        // Follows the logs, until dropped.
        let follow = ServiceLogsOptions { follow: true, stderr: false, ..Default::default() };
        let mut logs = docker.services().logs(&service.name, &follow).unwrap();
        let mut seen = Output::default();
        while lines_of(&seen) != lines || !seen.out().ends_with('\n') {
            seen.add(&logs.next().unwrap().unwrap());
        }
    });
}

#[test]
#[ignore = "needs a swarm: scripts/engine swarm run 3"]
fn secrets_and_configs_in_task() {
    on_manager(|docker| {
        let name = unique("kept");
        let secret = SecretSpec {
            name: name.clone(),
            data: b"hunter2".as_slice().into(),
            ..Default::default()
        };
        let secret = docker.secrets().create(&secret).unwrap().id;
        let config = ConfigSpec {
            name: name.clone(),
            data: b"listen 80".as_slice().into(),
            ..Default::default()
        };
        let config = docker.configs().create(&config).unwrap().id;

        let file = |name: &str| {
            Some(FileTarget {
                name: name.into(),
                uid: "0".into(),
                gid: "0".into(),
                mode: 0o444,
                ..Default::default()
            })
        };
        let mut spec = shell("cat /run/secrets/password /etc/app.conf; echo; sleep 1000");
        let container = spec.task_template.container_spec.as_mut().unwrap();
        container.secrets = vec![SecretReference {
            file: file("password"),
            secret_id: secret.clone(),
            secret_name: name.clone(),
            ..Default::default()
        }];
        container.configs = vec![SwarmConfigReference {
            file: file("/etc/app.conf"),
            config_id: config.clone(),
            config_name: name.clone(),
            ..Default::default()
        }];
        let service = TestService::run(docker, &spec);
        eventually(LIMIT, "the task has read both", || {
            let logs = docker.services().logs(&service.name, &Default::default()).unwrap();
            collect(logs).unwrap().out() == "hunter2listen 80\n"
        });

        docker
            .secrets()
            .update_with(&secret, |spec| {
                spec.labels.insert("rotated".into(), "no".into());
            })
            .unwrap();
        let found = docker.secrets().inspect(&name).unwrap();
        assert_eq!(found.spec.labels["rotated"], "no");
        let error = docker.secrets().delete(&secret).unwrap_err();
        assert!(error.to_string().contains("in use"), "{error}");
        drop(service);
        docker.secrets().delete(&secret).unwrap();
        docker.configs().delete(&config).unwrap();
    });
}

/// The wait reports why the service cannot converge, and ends at the deadline.
#[test]
#[ignore = "needs a swarm: scripts/engine swarm run 3"]
fn wait_converged_reports_problems_until_deadline() {
    on_manager(|docker| {
        let mut spec = shell("sleep 1000");
        spec.task_template.placement = Some(Placement {
            constraints: ["node.labels.none==there"].into(),
            ..Default::default()
        });
        let service = TestService::create(docker, &spec);
        let deadline = Duration::from_secs(10);
        let limited =
            docker.with_timeouts(Timeouts { deadline: Some(deadline), ..Default::default() });
        let start = Instant::now();
        let mut problems = Vec::new();
        let error = limited
            .services()
            .wait_converged(&service.name, &short_monitor())
            .unwrap()
            .find_map(|item| match item {
                Ok(item) => {
                    problems.extend(item.problems);
                    None
                }
                Err(error) => Some(error),
            })
            .unwrap();
        assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
        assert!(start.elapsed() >= deadline && start.elapsed() < deadline + MAX_DELAY);
        assert!(problems[0].status.err.contains("no suitable node"), "{problems:?}");
        assert_eq!(problems.len(), 1);
        // The service is deleted during a wait.
        let mut wait = docker.services().wait_converged(&service.name, &short_monitor()).unwrap();
        wait.next().unwrap().unwrap();
        drop(service);
        let error = wait.find_map(Result::err).unwrap();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    });
}

/// The C interface.
#[cfg(feature = "capi")]
#[test]
#[ignore = "needs a swarm: scripts/engine swarm run 3"]
fn live_swarm() {
    c_library::build();
    on_manager(move |docker| {
        in_modes(&BASIC_MODES, &ffi_test("live_swarm"), |program| {
            let name = unique("c");
            // Deletes the service if the program fails.
            let _service = TestService { docker: docker.clone(), name: name.clone() };
            let host = docker.endpoint().to_string();
            [&*host, &*name].into_iter().fold(program, Program::arg).run().success();
        });
    });
}
