//! Containers on a real engine: create, list, inspect, start, stop, wait, delete.

use std::thread;
use std::time::{Duration, Instant};

use crate::helpers::{
    BUSYBOX, Container, LIMIT, TestNetwork, assert_unsupported, is_podman, live, note_difference,
    raw, shell, short_name, unique,
};
use crate::support::{eventually, within};
use dockline::model::{
    ContainerConfig, ContainerCreateRequest, ContainerStateStatus, ContainerSummary, Empty,
    EndpointSettings, HealthConfig, HealthStatus, HostConfig, LogConfig, Mount, MountType,
    NetworkingConfig, PortBinding, PortProtocol, RestartPolicy, RestartPolicyName, TmpfsOptions,
    Ulimit, VolumeOptions,
};
use dockline::{
    ContainerCreateOptions, ContainerDeleteOptions, ContainerInspectOptions, ContainerKillOptions,
    ContainerListOptions, ContainerRestartOptions, ContainerStopOptions, ContainerWaitOptions,
    Context, Error, Filters, Outcome, WaitCondition,
};

fn strings<const N: usize>(strings: [&str; N]) -> Vec<String> {
    strings.map(str::to_owned).into()
}

/// A request that sets many fields.
fn rich_body(network: &str, volume: &str) -> ContainerCreateRequest {
    let config = ContainerConfig {
        image: BUSYBOX.into(),
        hostname: "ship".into(),
        domainname: "example.test".into(),
        user: "65534:65534".into(),
        env: strings(["PLAIN=a value", "EMPTY=", "UMLAUT=größer", "QUOTED=\"a\\b\"\n"]).into(),
        labels: [("a.label", "with \"quotes\""), ("empty", "")].into(),
        entrypoint: Some(strings(["sh", "-c"]).into()),
        cmd: strings([
            r#"
            echo "$PLAIN|$UMLAUT|$(hostname)|$(pwd)|$(id -u)|$(ulimit -n)|$1"
            cat /proc/self/cgroup >/dev/null
            grep -c -e ' /tmp/fast tmpfs ' -e ' /var/kept ' -e ' /run/quick tmpfs ' /proc/mounts
            touch /read-only 2>/dev/null || echo read-only
            exec sleep 100"#,
            "sh",
            "an argument",
        ])
        .into(),
        working_dir: "/var".into(),
        exposed_ports: [("80/tcp", Empty {}), ("53/udp", Empty {})]
            .map(|(port, empty)| (port.to_owned(), empty))
            .into(),
        healthcheck: Some(HealthConfig {
            test: strings(["CMD-SHELL", "echo well; exit 0"]).into(),
            interval: 50_000_000,
            timeout: 30_000_000_000,
            retries: 2,
            start_period: 1_000_000,
            ..HealthConfig::default()
        }),
        stop_signal: "SIGKILL".into(),
        stop_timeout: Some(7),
        open_stdin: true,
        ..ContainerConfig::default()
    };
    let host_config = HostConfig {
        memory: 64 << 20,
        memory_swap: 128 << 20,
        memory_reservation: 32 << 20,
        cpu_shares: 512,
        nano_cpus: 1_500_000_000,
        pids_limit: Some(64),
        ulimits: vec![Ulimit { name: "nofile".into(), soft: 123, hard: 456, ..Ulimit::default() }],
        init: Some(true),
        oom_score_adj: 5,
        readonly_rootfs: true,
        cap_drop: strings(["NET_RAW"]).into(),
        cap_add: strings(["SYS_TIME"]).into(),
        dns: strings(["198.18.255.1"]).into(),
        dns_options: strings(["ndots:2"]).into(),
        dns_search: strings(["example.test"]).into(),
        extra_hosts: strings(["other:198.18.255.2"]).into(),
        shm_size: 1 << 20,
        sysctls: [("net.ipv4.ip_default_ttl", "33")].into(),
        tmpfs: [("/run/quick", "size=1m")].into(),
        mounts: vec![
            Mount {
                r#type: MountType::Volume,
                source: volume.into(),
                target: "/var/kept".into(),
                volume_options: Some(VolumeOptions {
                    labels: [("of", "volume")].into(),
                    ..VolumeOptions::default()
                }),
                ..Mount::default()
            },
            Mount {
                r#type: MountType::Tmpfs,
                target: "/tmp/fast".into(),
                tmpfs_options: Some(TmpfsOptions {
                    size_bytes: 2 << 20,
                    mode: 0o1777,
                    ..TmpfsOptions::default()
                }),
                ..Mount::default()
            },
            Mount {
                r#type: MountType::Bind,
                source: "/proc/version".into(),
                target: "/version".into(),
                read_only: true,
                ..Mount::default()
            },
        ],
        // The engine selects a free port.
        port_bindings: [
            ("80/tcp".to_owned(), vec![PortBinding::default()]),
            (
                "53/udp".to_owned(),
                vec![PortBinding { host_ip: "127.0.0.1".into(), ..PortBinding::default() }],
            ),
        ]
        .into(),
        network_mode: network.into(),
        log_config: LogConfig {
            r#type: "json-file".into(),
            config: [("max-size", "1m"), ("max-file", "2")].into(),
        },
        restart_policy: RestartPolicy {
            name: RestartPolicyName::OnFailure,
            maximum_retry_count: 3,
        },
        ..HostConfig::default()
    };
    let endpoint = EndpointSettings {
        aliases: strings(["alias-of-mine"]).into(),
        ..EndpointSettings::default()
    };
    ContainerCreateRequest {
        config,
        host_config,
        networking_config: NetworkingConfig {
            endpoints_config: [(network.to_owned(), endpoint)].into(),
        },
    }
}

/// Deletes a named volume on drop.
struct VolumeGuard(Context, String);

impl Drop for VolumeGuard {
    fn drop(&mut self) {
        let deleted = self.0.raw(&raw("DELETE", format!("/volumes/{}", self.1), ""));
        assert!(deleted.is_ok() || thread::panicking(), "{deleted:?}");
    }
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn create_and_inspect_all_fields() {
    live(|docker| {
        let network = TestNetwork::create(docker);
        let volume = VolumeGuard(docker.clone(), unique("volume"));
        let mut body = rich_body(&network.name, &volume.1);
        if is_podman(docker) {
            // Podman also sets other limits, which may require capabilities that the machine lacks.
            body.host_config.ulimits.clear();
        }
        let container = Container::create(docker, &body);
        let found = container.inspect();

        assert_eq!(found.id, container.id);
        assert_eq!(found.name, format!("/{}", container.name));
        // Podman reports the init process that it adds.
        assert!(found.path == "sh" || is_podman(docker) && found.path.ends_with("init"));
        assert_eq!(found.state.status, ContainerStateStatus::Created);
        assert!(found.state.started_at.is_never() && !found.created.is_never());

        let (got, sent) = (found.config, body.config);
        assert_eq!(short_name(&got.image), sent.image);
        if is_podman(docker) {
            note_difference("ContainerCreate", "`domainname` is ignored");
            note_difference(
                "ContainerInspect",
                "many fields of the host configuration have other values",
            );
            assert_eq!((got.hostname, got.domainname), (sent.hostname, String::new()));
            assert_eq!((got.user, got.working_dir), (sent.user, sent.working_dir));
            assert!(sent.env.iter().all(|pair| got.env.contains(pair)), "{:?}", got.env);
            assert_eq!((got.labels, got.open_stdin), (sent.labels, true));
            container.start();
            container.await_output("read-only");
            let output = container.output().out();
            assert!(output.starts_with("a value|größer|ship|/var|65534|"), "{output}");
            return;
        }
        assert_eq!((got.hostname, got.domainname), (sent.hostname, sent.domainname));
        assert_eq!((got.user, got.working_dir), (sent.user, sent.working_dir));
        assert_eq!(got.env[..sent.env.len()], sent.env[..]);
        assert_eq!(got.labels, sent.labels);
        assert_eq!((got.entrypoint, got.cmd), (sent.entrypoint, sent.cmd));
        assert_eq!(got.exposed_ports, sent.exposed_ports);
        assert_eq!(got.healthcheck, sent.healthcheck);
        assert_eq!((got.stop_signal, got.stop_timeout), (sent.stop_signal, sent.stop_timeout));
        assert_eq!((got.open_stdin, got.tty), (true, false));

        let (got, sent) = (found.host_config, body.host_config);
        assert_eq!((got.memory, got.memory_swap), (sent.memory, sent.memory_swap));
        assert_eq!(got.memory_reservation, sent.memory_reservation);
        assert_eq!((got.cpu_shares, got.nano_cpus), (sent.cpu_shares, sent.nano_cpus));
        assert_eq!((got.pids_limit, got.ulimits), (sent.pids_limit, sent.ulimits));
        assert_eq!((got.init, got.oom_score_adj), (sent.init, sent.oom_score_adj));
        assert!(got.readonly_rootfs);
        let caps = |caps: &[String]| -> dockline::model::StringList {
            caps.iter().map(|cap| cap.trim_start_matches("CAP_").to_owned()).collect()
        };
        assert_eq!((caps(&got.cap_add), caps(&got.cap_drop)), (sent.cap_add, sent.cap_drop));
        assert_eq!((got.dns, got.dns_options), (sent.dns, sent.dns_options));
        assert_eq!((got.dns_search, got.extra_hosts), (sent.dns_search, sent.extra_hosts));
        assert_eq!((got.shm_size, got.sysctls), (sent.shm_size, sent.sysctls));
        assert_eq!((got.tmpfs, got.mounts), (sent.tmpfs, sent.mounts));
        assert_eq!(got.port_bindings.len(), 2);
        assert_eq!(got.port_bindings["53/udp"][0].host_ip, "127.0.0.1");
        assert_eq!((got.network_mode, got.log_config), (sent.network_mode, sent.log_config));
        assert_eq!(got.restart_policy, sent.restart_policy);

        container.start();
        container.await_output("read-only");
        let output = container.output().out();
        let lines: Vec<&str> = output.lines().collect();
        assert_eq!(lines[0], "a value|größer|ship|/var|65534|123|an argument");
        assert_eq!(lines[1..], ["3", "read-only"]);

        let running = container.inspect();
        assert!(running.state.pid > 0 && !running.state.started_at.is_never());
        let endpoint = &running.network_settings.networks[&network.name];
        assert!(!endpoint.ip_address.is_empty() && !endpoint.gateway.is_empty());
        assert!(endpoint.ip_prefix_len > 0);
        assert!(endpoint.aliases.contains(&"alias-of-mine".to_owned()), "{endpoint:?}");
        assert_eq!(running.network_settings.ip_addresses().next(), Some(&*endpoint.ip_address));
        let published = &running.network_settings.ports["53/udp"][0];
        assert_eq!(published.host_ip, "127.0.0.1");
        assert!(published.host_port.parse::<u16>().unwrap() > 0);
        let mount = |target: &str| {
            running.mounts.iter().find(|mount| mount.destination == target).unwrap().clone()
        };
        assert_eq!(mount("/var/kept").name, volume.1);
        assert_eq!((mount("/var/kept").r#type, mount("/var/kept").rw), (MountType::Volume, true));
        assert_eq!((mount("/version").r#type, mount("/version").rw), (MountType::Bind, false));

        eventually(LIMIT, "the container is healthy", || {
            let health = container.inspect().state.health.unwrap();
            health.status == HealthStatus::Healthy && health.log[0].output == "well\n"
        });

        let listed = find(docker, &container, &ContainerListOptions::default()).unwrap();
        assert_eq!(listed.state, ContainerStateStatus::Running);
        assert!(listed.status.contains("(healthy)"), "{}", listed.status);
        let port = listed.ports.iter().find(|port| port.private_port == 53).unwrap();
        assert_eq!((&port.r#type, port.ip.as_str()), (&PortProtocol::Udp, "127.0.0.1"));
        assert_eq!(port.public_port.to_string(), published.host_port);
        assert_eq!(listed.host_config.network_mode, network.name);
        let endpoint = &listed.network_settings.networks[&network.name];
        assert_eq!(
            endpoint.ip_address,
            running.network_settings.networks[&network.name].ip_address
        );
        assert!(listed.mounts.iter().any(|mount| mount.name == volume.1));
    });
}

/// Returns the container from a list with these options.
fn find(
    docker: &Context,
    container: &Container,
    options: &ContainerListOptions,
) -> Option<ContainerSummary> {
    let list = docker.containers().list(options).unwrap();
    list.into_iter().find(|listed| listed.id == container.id)
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn create_error_responses() {
    live(|docker| {
        let containers = docker.containers();
        let unknown = ContainerConfig { image: unique("no-image"), ..ContainerConfig::default() };
        let error = containers.create(&Default::default(), &unknown.clone().into()).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        assert!(error.to_string().contains(&unknown.image), "{error}");

        let first = Container::create(docker, &shell("true"));
        let options = ContainerCreateOptions { name: first.name.clone(), ..Default::default() };
        let error = containers.create(&options, &shell("true")).unwrap_err();
        // Podman 4 returns a server error.
        let podman = is_podman(docker) && matches!(error, Error::Engine(_));
        assert!(matches!(error, Error::Conflict(_)) || podman, "{error:?}");
        assert!(error.to_string().contains("already in use"), "{error}");

        let options =
            ContainerCreateOptions { name: "no name/at all".into(), ..Default::default() };
        let error = containers.create(&options, &shell("true")).unwrap_err();
        let podman = is_podman(docker) && matches!(error, Error::Engine(_));
        assert!(matches!(error, Error::BadRequest(_)) || podman, "{error:?}");

        let mut invalid = shell("true");
        invalid.host_config.memory = 1;
        if is_podman(docker) {
            // Podman checks limits at start.
            let container = Container::create(docker, &invalid);
            let error = containers.start(&container.id, &Default::default()).unwrap_err();
            assert_unsupported(&error, "memory");
            return;
        }
        let error = containers.create(&Default::default(), &invalid).unwrap_err();
        assert!(matches!(error, Error::BadRequest(_)), "{error:?}");
        assert!(error.to_string().contains("memory"), "{error}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn create_without_name() {
    live(|docker| {
        let created = docker.containers().create(&Default::default(), &shell("true")).unwrap();
        let container = Container { docker: docker.clone(), id: created.id, name: String::new() };
        assert!(container.inspect().name.len() > 1);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn list_by_state_filter_and_limit() {
    live(|docker| {
        let label = unique("label");
        let labelled = |script: &str| {
            let mut request = shell(script);
            request.config.labels.insert(label.clone(), "yes".into());
            Container::create(docker, &request)
        };
        let (created, exited, running) =
            (labelled("true"), labelled("exit 3"), labelled("sleep 100"));
        exited.start();
        exited.wait();
        running.start();

        let ids = |all: bool, filters: Filters, limit: Option<u32>| -> Vec<String> {
            let options = ContainerListOptions { all, filters, limit, ..Default::default() };
            docker.containers().list(&options).unwrap().into_iter().map(|c| c.id).collect()
        };
        let ids_of = |containers: &[&Container]| -> Vec<String> {
            containers.iter().map(|container| container.id.clone()).collect()
        };
        let mine = || Filters::new().with("label", &label);
        if is_podman(docker) {
            note_difference("ContainerList", "the list has no order, so `limit` is arbitrary");
            let sorted = |mut ids: Vec<String>| {
                ids.sort();
                ids
            };
            let all = sorted(ids_of(&[&running, &exited, &created]));
            assert_eq!(sorted(ids(true, mine(), None)), all);
            assert_eq!(ids(false, mine(), None), ids_of(&[&running]));
            assert_eq!(ids(true, mine().with("status", "exited"), None), ids_of(&[&exited]));
            assert_eq!(ids(true, mine().with("status", "created"), None), ids_of(&[&created]));
            assert_eq!(ids(true, mine().with("exited", "4"), None), ids_of(&[]));
            assert_eq!(
                sorted(ids(
                    true,
                    mine().with("ancestor", format!("docker.io/library/{BUSYBOX}")),
                    None
                )),
                all
            );
            // `ancestor` requires the full name of the image.
            assert_eq!(ids(true, mine().with("ancestor", BUSYBOX), None), ids_of(&[]));
            return;
        }
        // Newest first.
        assert_eq!(ids(true, mine(), None), ids_of(&[&running, &exited, &created]));
        assert_eq!(ids(false, mine(), None), ids_of(&[&running]));
        assert_eq!(ids(false, mine(), Some(2)), ids_of(&[&running, &exited]));
        for (name, value, expected) in [
            ("status", "exited", ids_of(&[&exited])),
            ("status", "created", ids_of(&[&created])),
            ("exited", "3", ids_of(&[&exited])),
            ("exited", "4", ids_of(&[])),
            ("id", &created.id, ids_of(&[&created])),
            ("name", &exited.name, ids_of(&[&exited])),
            ("ancestor", BUSYBOX, ids_of(&[&running, &exited, &created])),
            ("before", &exited.id, ids_of(&[&created])),
            ("since", &exited.id, ids_of(&[&running])),
        ] {
            assert_eq!(ids(true, mine().with(name, value), None), expected, "{name}={value}");
        }
        let both = mine().with("status", "created").with("status", "running");
        assert_eq!(ids(true, both, None), ids_of(&[&running, &created]));
        assert_eq!(
            ids(true, Filters::new().with("label", format!("{label}=no")), None),
            ids_of(&[])
        );

        let summary =
            find(docker, &exited, &ContainerListOptions { all: true, ..Default::default() });
        let summary = summary.unwrap();
        assert_eq!(summary.name(), Some(&*exited.name));
        assert_eq!(summary.state, ContainerStateStatus::Exited);
        assert!(summary.status.starts_with("Exited (3)"), "{}", summary.status);
        assert_eq!(summary.labels[&label], "yes");
        assert!(summary.command.contains("exit 3"), "{}", summary.command);
        assert!(summary.image_id.starts_with("sha256:"), "{}", summary.image_id);

        let options =
            ContainerListOptions { filters: mine().with("flavour", "sweet"), ..Default::default() };
        let error = docker.containers().list(&options).unwrap_err();
        assert!(matches!(error, Error::BadRequest(_)), "{error:?}");
        assert!(error.to_string().contains("flavour"), "{error}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn reports_sizes_with_size_option() {
    live(|docker| {
        let container = Container::run(docker, "head -c 100000 /dev/zero >/written");
        container.wait();
        let all = |size: bool| {
            let filters = Filters::new().with("id", &container.id);
            ContainerListOptions { all: true, size, filters, ..Default::default() }
        };
        let without = find(docker, &container, &all(false)).unwrap();
        assert_eq!((without.size_rw, without.size_root_fs), (None, None));
        let with = find(docker, &container, &all(true)).unwrap();
        let inspected = docker
            .containers()
            .inspect(&container.id, &ContainerInspectOptions { size: true })
            .unwrap();
        for (written, whole) in
            [(with.size_rw, with.size_root_fs), (inspected.size_rw, inspected.size_root_fs)]
        {
            assert!((100_000..200_000).contains(&written.unwrap()), "{written:?}");
            assert!(whole.unwrap() > 500_000, "{whole:?}");
        }
        assert_eq!(container.inspect().size_rw, None);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn reports_unknown_container() {
    live(|docker| {
        let containers = docker.containers();
        let name = unique("nothing");
        let errors = [
            containers.inspect(&name, &Default::default()).unwrap_err(),
            containers.start(&name, &Default::default()).unwrap_err(),
            containers.stop(&name, &Default::default()).unwrap_err(),
            containers.wait(&name, &Default::default()).unwrap_err(),
            containers.logs(&name, &Default::default()).unwrap_err(),
            containers.attach(&name, &Default::default()).unwrap_err(),
            containers.delete(&name, &Default::default()).unwrap_err(),
        ];
        let operations = errors.each_ref().map(Error::operation);
        assert_eq!(
            (operations[..4].to_vec(), operations[6]),
            (
                vec!["ContainerInspect", "ContainerStart", "ContainerStop", "ContainerWait"],
                "ContainerDelete"
            )
        );
        for error in errors {
            assert!(matches!(error, Error::NotFound(_)), "{error:?}");
            let without_name = is_podman(docker) && error.to_string().contains("no such container");
            assert!(error.to_string().contains(&name) || without_name, "{error}");
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn start_and_stop_return_not_modified() {
    live(|docker| {
        let containers = docker.containers();
        let container = Container::create(docker, &shell("sleep 100"));
        let start = || containers.start(&container.id, &Default::default()).unwrap();
        let stop = || containers.stop(&container.id, &Default::default()).unwrap();
        if is_podman(docker) {
            note_difference(
                "ContainerStop",
                "stopping a container that never ran is not reported as not modified",
            );
            assert_eq!(stop(), Outcome::Done);
        } else {
            assert_eq!(stop(), Outcome::NotModified);
        }
        assert_eq!((start(), start()), (Outcome::Done, Outcome::NotModified));
        assert!(container.inspect().state.running);
        assert_eq!((stop(), stop()), (Outcome::Done, Outcome::NotModified));
        let state = container.inspect().state;
        assert_eq!((state.status, state.exit_code), (ContainerStateStatus::Exited, 137));
        assert!(!state.finished_at.is_never());
        // A stopped container can be started again.
        assert_eq!(start(), Outcome::Done);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn stop_waits_for_grace_period() {
    live(|docker| {
        let stop = |script: &str, t: i32| {
            let mut request = shell(&format!("{script}; echo ready; while :; do sleep 0.05; done"));
            request.config.stop_signal = "SIGTERM".into();
            let container = Container::create(docker, &request);
            container.start();
            container.await_output("ready");
            let options = ContainerStopOptions { t: Some(t), ..Default::default() };
            let start = Instant::now();
            assert_eq!(docker.containers().stop(&container.id, &options).unwrap(), Outcome::Done);
            (container.inspect().state.exit_code, start.elapsed())
        };
        thread::scope(|scope| {
            let handled = scope.spawn(|| stop("trap 'exit 5' TERM", 120));
            let killed = scope.spawn(|| stop("trap '' TERM", 1));
            let (code, took) = handled.join().unwrap();
            assert!(code == 5 && took < Duration::from_secs(100), "{code} after {took:?}");
            let (code, took) = killed.join().unwrap();
            assert!(code == 137 && took >= Duration::from_secs(1), "{code} after {took:?}");
        });
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn reports_missing_command() {
    live(|docker| {
        let mut request = shell("");
        request.config.cmd = strings(["/no/such/command"]).into();
        let container = Container::create(docker, &request);
        let error = docker.containers().start(&container.id, &Default::default()).unwrap_err();
        // Engines differ in the status, but the message names the command.
        assert!(error.status().is_some(), "{error:?}");
        assert!(error.to_string().contains("/no/such/command"), "{error}");
        let state = container.inspect().state;
        if is_podman(docker) {
            note_difference("ContainerInspect", "the error of a failed start is missing");
            assert_eq!(state.status, ContainerStateStatus::Created);
            return;
        }
        assert!(matches!(state.exit_code, 126 | 127), "{state:?}");
        assert!(state.error.contains("/no/such/command"), "{state:?}");
    });
}

/// Starts a wait; returns when the engine watches the container.
fn wait_for(container: &Container, condition: WaitCondition) -> dockline::ContainerWait {
    let options = ContainerWaitOptions { condition };
    container.docker.containers().start_wait(&container.id, &options).unwrap()
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn wait_returns_exit_code() {
    live(|docker| {
        for code in [0, 3, 255] {
            let container = Container::create(docker, &shell(&format!("exit {code}")));
            // The wait begins before the start, so that it cannot miss the exit.
            let waiting = wait_for(&container, WaitCondition::NextExit);
            container.start();
            let response = waiting.finish().unwrap();
            assert_eq!((response.status_code, response.error), (code, None));
            // With `not-running`, the default, the wait returns at once.
            let waiting = wait_for(&container, WaitCondition::NotRunning);
            assert_eq!(waiting.finish().unwrap().status_code, code);
            assert_eq!(container.wait(), code);
            assert_eq!(container.inspect().state.exit_code, code);
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn wait_for_running_container() {
    live(|docker| {
        let script = "trap 'exit 3' USR1; echo ready; while :; do sleep 0.05; done";
        let container = Container::run(docker, script);
        container.await_output("ready");
        thread::scope(|scope| {
            let waits = [WaitCondition::NotRunning, WaitCondition::NextExit]
                .map(|condition| wait_for(&container, condition))
                .map(|waiting| scope.spawn(|| waiting.finish().unwrap().status_code));
            let kill = ContainerKillOptions { signal: "USR1".into() };
            docker.containers().kill(&container.id, &kill).unwrap();
            assert_eq!(waits.map(|wait| wait.join().unwrap()), [3, 3]);
        });
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn wait_until_removed() {
    live(|docker| {
        let mut request = shell("exit 3");
        request.host_config.auto_remove = true;
        let container = Container::create(docker, &request);
        let waiting = wait_for(&container, WaitCondition::Removed);
        container.start();
        let code = waiting.finish().unwrap().status_code;
        if is_podman(docker) {
            note_difference("ContainerWait", "with `removed`, the exit code may be 0");
            assert!(matches!(code, 0 | 3), "{code}");
        } else {
            assert_eq!(code, 3);
        }
        let error = docker.containers().inspect(&container.id, &Default::default()).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");

        // The container has exited but is not removed; the test cancels the wait.
        let container = Container::run(docker, "exit 3");
        let waiting = wait_for(&container, WaitCondition::Removed);
        assert_eq!(container.wait(), 3);
        let cancel = waiting.cancel_token();
        let finish = thread::spawn(|| waiting.finish());
        cancel.cancel();
        let result = within(LIMIT, || finish.join().unwrap());
        assert!(matches!(result, Err(Error::Cancelled { .. })), "{result:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn delete() {
    live(|docker| {
        let containers = docker.containers();
        let mut request = shell("sleep 100");
        request.config.volumes.insert("/anonymous".into(), Default::default());
        let container = Container::create(docker, &request);
        container.start();
        let volume = container.inspect().mounts[0].name.clone();
        let volume_exists = || docker.raw(&raw("GET", format!("/volumes/{volume}"), "")).is_ok();

        let error = containers.delete(&container.id, &Default::default()).unwrap_err();
        let podman = is_podman(docker) && matches!(error, Error::Engine(_));
        assert!(matches!(error, Error::Conflict(_)) || podman, "{error:?}");
        assert!(error.to_string().contains("running"), "{error}");
        assert!(container.inspect().state.running && volume_exists());

        let force = ContainerDeleteOptions { force: true, v: true, ..Default::default() };
        containers.delete(&container.name, &force).unwrap();
        assert!(!volume_exists());
        let error = containers.delete(&container.id, &force).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        assert_eq!(error.status(), Some(404));

        // A stopped container can be deleted without `force`; without `v` its volumes are kept.
        let container = Container::create(docker, &request);
        let volume = VolumeGuard(docker.clone(), container.inspect().mounts[0].name.clone());
        containers.delete(&container.id, &Default::default()).unwrap();
        docker.raw(&raw("GET", format!("/volumes/{}", volume.1), "")).unwrap();
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn accepts_name_id_and_id_prefix() {
    live(|docker| {
        let container = Container::create(docker, &shell("true"));
        let slashed = format!("/{}", container.name);
        for name in [&container.id, &container.id[..12], &container.name, &slashed] {
            let found = docker.containers().inspect(name, &Default::default()).unwrap();
            assert_eq!(found.id, container.id, "{name}");
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn kill_pause_rename_restart() {
    live(|docker| {
        let containers = docker.containers();
        let container = Container::run(docker, "sleep 100");
        let status = || container.inspect().state.status;

        containers.pause(&container.id).unwrap();
        assert_eq!(status(), ContainerStateStatus::Paused);
        let error = containers.attach(&container.id, &Default::default()).unwrap_err();
        let podman = is_podman(docker) && matches!(error, Error::Engine(_));
        assert!(matches!(error, Error::Conflict(_)) || podman, "{error:?}");
        assert!(error.to_string().contains("paused"), "{error}");
        containers.unpause(&container.id).unwrap();
        assert_eq!(status(), ContainerStateStatus::Running);
        assert!(containers.unpause(&container.id).is_err());

        let name = unique("renamed");
        containers.rename(&container.id, &name).unwrap();
        assert_eq!(container.inspect().name, format!("/{name}"));

        let started = container.inspect().state.started_at;
        let options = ContainerRestartOptions { t: Some(0), ..Default::default() };
        containers.restart(&container.id, &options).unwrap();
        let state = container.inspect().state;
        assert!(state.running && state.started_at.unix_nanos() > started.unix_nanos());

        containers.kill(&container.id, &Default::default()).unwrap();
        assert_eq!(container.wait(), 137);
        let error = containers.kill(&container.id, &Default::default()).unwrap_err();
        if is_podman(docker) {
            assert!(matches!(error, Error::Engine(_)), "{error:?}");
            assert!(error.to_string().contains("in state exited"), "{error}");
            return;
        }
        assert!(matches!(error, Error::Conflict(_)), "{error:?}");
        assert!(error.to_string().contains("is not running"), "{error}");
    });
}
