//! Networks on a real engine.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::helpers::{Container, assert_unsupported, is_podman, live, note_difference, unique};
use dockline::model::{
    ConfigReference, ContainerExecRequest, EndpointIpamConfig, EndpointSettings, Ipam, IpamConfig,
    NetworkConnectRequest, NetworkCreateRequest, NetworkDisconnectRequest,
};
use dockline::{
    ApiVersion, Context, Error, Filters, NetworkInspectOptions, NetworkListOptions,
    NetworkPruneOptions,
};

/// A network of one test, deleted on drop. Drop its containers first.
struct Network {
    docker: Context,
    id: String,
}

impl Network {
    #[track_caller]
    fn create(docker: &Context, body: &NetworkCreateRequest) -> Network {
        let id = docker.networks().create(body).unwrap().id;
        Network { docker: docker.clone(), id }
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        match self.docker.networks().delete(&self.id) {
            Ok(()) | Err(Error::NotFound(_)) => {}
            Err(error) if std::thread::panicking() => {
                eprintln!("cannot delete {}: {error}", self.id)
            }
            Err(error) => panic!("cannot delete {}: {error}", self.id),
        }
    }
}

fn named(name: &str) -> NetworkCreateRequest {
    NetworkCreateRequest { name: name.into(), ..Default::default() }
}

/// Returns a subnet; each test uses its own number.
fn subnet(number: u8) -> Ipam {
    let config = IpamConfig {
        subnet: format!("10.213.{number}.0/24"),
        ip_range: format!("10.213.{number}.128/25"),
        gateway: format!("10.213.{number}.9"),
        auxiliary_addresses: [("router", &format!("10.213.{number}.200"))].into(),
    };
    Ipam { driver: "default".into(), config: vec![config], ..Default::default() }
}

fn connect_request(container: &Container) -> NetworkConnectRequest {
    NetworkConnectRequest { container: container.id.clone(), ..Default::default() }
}

fn disconnect_request(container: &Container, force: bool) -> NetworkDisconnectRequest {
    NetworkDisconnectRequest { container: container.id.clone(), force }
}

fn list(docker: &Context, name: &str, value: &str) -> Vec<String> {
    let filters = Filters::new().with(name, value);
    let found = docker.networks().list(&NetworkListOptions { filters }).unwrap();
    found.into_iter().map(|network| network.name).collect()
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn create_and_inspect() {
    live(|docker| {
        let name = unique("network");
        let body = NetworkCreateRequest {
            driver: "bridge".into(),
            internal: true,
            ipam: Some(subnet(1)),
            enable_ipv6: Some(false),
            options: [("com.docker.network.bridge.enable_icc", "true")].into(),
            labels: [("a.label", "größer = \"c\""), (&name, "")].into(),
            check_duplicate: true,
            ..named(&name)
        };
        let network = Network::create(docker, &body);
        for id in [&network.id, &network.id[..20], &name] {
            let found = docker.networks().inspect(id, &Default::default()).unwrap();
            assert_eq!((&found.id, &found.name), (&network.id, &name));
        }
        let options = NetworkInspectOptions { verbose: true, scope: "local".into() };
        let found = docker.networks().inspect(&name, &options).unwrap();
        assert_eq!((found.driver.as_str(), found.scope.as_str()), ("bridge", "local"));
        assert!(found.internal && !found.enable_ipv6 && !found.ingress && !found.config_only);
        if is_podman(docker) {
            note_difference(
                "NetworkCreate",
                "the IP range and the auxiliary addresses are ignored",
            );
            let config = &found.ipam.config[0];
            assert_eq!((&*config.subnet, &*config.gateway), ("10.213.1.0/24", "10.213.1.9"));
        } else {
            assert_eq!(found.ipam.config, subnet(1).config);
        }
        assert!(found.options == body.options || is_podman(docker), "{:?}", found.options);
        assert_eq!(found.labels, body.labels);
        assert!(found.created.unix_nanos().unwrap() > 1_500_000_000_000_000_000);
        assert!(found.containers.is_empty());

        assert_eq!(list(docker, "label", &name), [name.as_str()]);
        assert_eq!(list(docker, "name", &name), [name.as_str()]);
        assert_eq!(list(docker, "id", &network.id), [name.as_str()]);
        if is_podman(docker) {
            let filters = Filters::new().with("type", "custom");
            let error = docker.networks().list(&NetworkListOptions { filters }).unwrap_err();
            return assert_unsupported(&error, "invalid filter \"type\"");
        }
        assert!(list(docker, "type", "custom").contains(&name));
        assert!(!list(docker, "type", "builtin").contains(&name));
        assert!(list(docker, "driver", "bridge").contains(&name));
        assert!(list(docker, "scope", "local").contains(&name));
        assert!(list(docker, "dangling", "true").contains(&name));

        docker.networks().delete(&name).unwrap();
        let error = docker.networks().inspect(&network.id, &Default::default()).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn connect_and_disconnect() {
    live(|docker| {
        let name = unique("network");
        let network = Network::create(
            docker,
            &NetworkCreateRequest { ipam: Some(subnet(2)), ..named(&name) },
        );
        let (server, client) =
            (Container::run(docker, "sleep 1000"), Container::run(docker, "sleep 1000"));
        let settings = EndpointSettings {
            ipam_config: EndpointIpamConfig {
                ipv4_address: "10.213.2.77".into(),
                ..Default::default()
            },
            aliases: ["www"].into(),
            ..Default::default()
        };
        let body =
            NetworkConnectRequest { endpoint_config: Some(settings), ..connect_request(&server) };
        docker.networks().connect(&name, &body).unwrap();
        docker.networks().connect(&network.id, &connect_request(&client)).unwrap();

        let found = docker.networks().inspect(&name, &Default::default()).unwrap();
        assert_eq!(found.containers.len(), 2);
        assert_eq!(found.containers[&server.id].name, server.name);
        assert_eq!(found.containers[&server.id].ipv4_address, "10.213.2.77/24");
        let range = if is_podman(docker) { "10.213.2." } else { "10.213.2.128/" };
        assert!(found.containers[&client.id].ipv4_address.starts_with(range));
        let inside = &server.inspect().network_settings.networks[&name];
        // Podman returns the name.
        let id = if is_podman(docker) { &name } else { &network.id };
        assert_eq!((&inside.network_id, &*inside.gateway), (id, "10.213.2.9"));
        assert!(inside.aliases.contains(&"www".to_owned()));

        // The other container resolves the alias.
        let body = ContainerExecRequest {
            cmd: ["nslookup", "www"].map(str::to_owned).into(),
            ..Default::default()
        };
        let output = docker.exec().run(&client.id, &body).unwrap().collect().unwrap();
        let answer = String::from_utf8_lossy(&output.stdout);
        assert!(answer.contains("10.213.2.77"), "{answer}");

        let error = docker.networks().connect(&name, &connect_request(&server)).unwrap_err();
        let podman = |error: &Error| is_podman(docker) && matches!(error, Error::Engine(_));
        assert!(
            matches!(error, Error::Forbidden(_)) || podman(&error),
            "already connected: {error}"
        );
        let error = docker.networks().delete(&name).unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)) || podman(&error), "in use: {error}");

        docker.networks().disconnect(&name, &disconnect_request(&server, false)).unwrap();
        docker.networks().disconnect(&name, &disconnect_request(&client, true)).unwrap();
        let found = docker.networks().inspect(&name, &Default::default()).unwrap();
        assert!(found.containers.is_empty());
        let error =
            docker.networks().disconnect(&name, &disconnect_request(&server, false)).unwrap_err();
        assert!(error.api_error().is_some(), "already disconnected: {error}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn config_from_another_network() {
    live(|docker| {
        let (base, name) = (unique("base"), unique("network"));
        let body = NetworkCreateRequest {
            config_only: true,
            ipam: Some(subnet(3)),
            labels: [("from", "base")].into(),
            ..named(&base)
        };
        let base_network = Network::create(docker, &body);
        let body = NetworkCreateRequest {
            driver: "bridge".into(),
            config_from: Some(ConfigReference { network: base.clone() }),
            ..named(&name)
        };
        let network = Network::create(docker, &body);
        let found = docker.networks().inspect(&base, &Default::default()).unwrap();
        if is_podman(docker) {
            note_difference("NetworkCreate", "`config_only` and `config_from` are ignored");
            assert!(!found.config_only);
            return;
        }
        assert!(found.config_only);
        let found = docker.networks().inspect(&name, &Default::default()).unwrap();
        assert_eq!(found.config_from.network, base);
        assert_eq!(found.ipam.config, subnet(3).config);
        drop(network);
        drop(base_network);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn rejects_duplicate_name() {
    live(|docker| {
        let name = unique("network");
        let first = Network::create(docker, &named(&name));
        let checked = NetworkCreateRequest { check_duplicate: true, ..named(&name) };
        let error = docker.networks().create(&checked).unwrap_err();
        assert!(error.to_string().contains("already exists"), "{error}");
        if is_podman(docker) {
            assert!(matches!(error, Error::Engine(_)), "{error}");
            return;
        }
        assert!(matches!(error, Error::Conflict(_) | Error::Forbidden(_)), "{error}");

        if docker.api_version().unwrap() < ApiVersion::new(1, 44) {
            // Before API 1.44 names are not unique; duplicates are distinguished by ID.
            let second = Network::create(docker, &named(&name));
            let error = docker.networks().inspect(&name, &Default::default()).unwrap_err();
            assert!(matches!(error, Error::BadRequest(_)), "{error}");
            assert!(error.to_string().contains("ambiguous"), "{error}");
            let found = docker.networks().inspect(&second.id, &Default::default()).unwrap();
            assert_eq!(found.id, second.id);
        } else {
            let error = docker.networks().create(&named(&name)).unwrap_err();
            assert!(matches!(error, Error::Conflict(_)), "{error}");
        }
        drop(first);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn error_responses() {
    live(|docker| {
        let networks = docker.networks();
        // Podman would delete its default network if it is unused.
        if !is_podman(docker) {
            let error = networks.delete("bridge").unwrap_err();
            assert!(matches!(error, Error::Forbidden(_)), "{error}");
        }
        let error = networks.create(&named("host")).unwrap_err();
        let podman = is_podman(docker) && matches!(error, Error::Engine(_));
        assert!(matches!(error, Error::Forbidden(_)) || podman, "{error}");

        let none = unique("network");
        let container = Container::run(docker, "sleep 1000");
        let local = NetworkInspectOptions { scope: "swarm".into(), ..Default::default() };
        if is_podman(docker) {
            note_difference("NetworkInspect", "`scope` is ignored");
            assert_eq!(networks.inspect("bridge", &local).unwrap().scope, "local");
        } else {
            let error = networks.inspect("bridge", &local).unwrap_err();
            assert!(matches!(error, Error::NotFound(_)), "{error}");
        }
        for error in [
            networks.inspect(&none, &Default::default()).unwrap_err(),
            networks.delete(&none).unwrap_err(),
            networks.connect(&none, &connect_request(&container)).unwrap_err(),
            networks.disconnect(&none, &disconnect_request(&container, false)).unwrap_err(),
        ] {
            assert!(matches!(error, Error::NotFound(_)), "{error}");
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn prune_by_label() {
    live(|docker| {
        let label = unique("label");
        let labelled = |value: &str| {
            let labels = [(&label, value)].into();
            let name = unique("network");
            let body = NetworkCreateRequest { labels, ..named(&name) };
            (Network::create(docker, &body), name)
        };
        let (old, used, kept) = (labelled("old"), labelled("old"), labelled("kept"));
        let container = Container::run(docker, "sleep 1000");
        docker.networks().connect(&used.1, &connect_request(&container)).unwrap();

        let mut filters = Filters::new().with("label", format!("{label}=old"));
        if is_podman(docker) {
            note_difference("NetworkPrune", "`until` and `label` together match nothing");
        } else {
            // `until` has whole seconds, so it is in the future to include the new networks.
            let soon = SystemTime::now() + Duration::from_secs(60);
            let soon = soon.duration_since(UNIX_EPOCH).unwrap().as_secs();
            filters.add("until", soon.to_string());
        }
        let pruned = docker.networks().prune(&NetworkPruneOptions { filters }).unwrap();
        assert_eq!(pruned.networks_deleted, [old.1.as_str()]);
        let (mut remaining, mut expected) = (list(docker, "label", &label), [used.1, kept.1]);
        remaining.sort();
        expected.sort();
        assert_eq!(remaining, expected);
    });
}
