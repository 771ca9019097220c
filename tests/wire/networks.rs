//! Networks: the exact requests, and what is read from the responses.

use crate::support::{Expected, FakeEngine, Response, bare, pinned, too_old, with_json};
use dockline::model::{
    ConfigReference, EndpointIpamConfig, EndpointSettings, Ipam, IpamConfig, NetworkConnectRequest,
    NetworkCreateRequest, NetworkDisconnectRequest,
};
use dockline::{Error, Filters, NetworkInspectOptions, NetworkListOptions, NetworkPruneOptions};

#[test]
fn list() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(bare("GET /v1.41/networks"), Response::json("null"));
    assert_eq!(docker.networks().list(&Default::default()).unwrap(), []);

    let filters = Filters::new()
        .with("dangling", "true")
        .with("driver", "bridge")
        .with("id", "f2de")
        .with("label", "a=b")
        .with("label", "c")
        .with("name", "back")
        .with("scope", "local")
        .with("type", "custom");
    engine.exchange_for(
        bare(
            "GET /v1.41/networks?filters=%7B%22dangling%22:%5B%22true%22%5D,\
             %22driver%22:%5B%22bridge%22%5D,%22id%22:%5B%22f2de%22%5D,\
             %22label%22:%5B%22a%3Db%22,%22c%22%5D,%22name%22:%5B%22back%22%5D,\
             %22scope%22:%5B%22local%22%5D,%22type%22:%5B%22custom%22%5D%7D",
        ),
        Response::json(
            r#"[{"Name":"none","Id":"e086","Created":"0001-01-01T00:00:00Z","Scope":"local",
                "Driver":"null","EnableIPv6":false,"IPAM":{"Driver":"default","Config":null},
                "Containers":{},"Options":null,"Labels":null,"New":1}]"#,
        ),
    );
    let networks = docker.networks().list(&NetworkListOptions { filters }).unwrap();
    assert_eq!((networks[0].name.as_str(), networks[0].driver.as_str()), ("none", "null"));
    assert!(networks[0].labels.is_empty() && networks[0].ipam.config.is_empty());
    engine.finish();
}

#[test]
fn inspect() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 52);
    engine.exchange_for(
        bare("GET /v1.52/networks/my_net"),
        Response::json(
            r#"{"Name":"my_net","Id":"7d86","EnableIPv4":true,
                "Containers":{"c1":{"Name":"web","IPv4Address":"172.19.0.2/16"}},
                "Status":{"IPAM":{"Subnets":{"172.19.0.0/16":
                    {"IPsInUse":4,"DynamicIPsAvailable":18446744073709551615}}}}}"#,
        ),
    );
    let network = docker.networks().inspect("my_net", &Default::default()).unwrap();
    assert_eq!(network.containers["c1"].ipv4_address, "172.19.0.2/16");
    let subnets = network.status.unwrap().ipam.subnets;
    assert_eq!(subnets["172.19.0.0/16"].dynamic_ips_available, u64::MAX);

    engine.exchange_for(
        bare("GET /v1.52/networks/7d86?verbose=1&scope=swarm"),
        Response::json(
            r#"{"Id":"7d86","Services":{"web":{"VIP":"10.0.0.2","Ports":null,"LocalLBIndex":257,
                "Tasks":[{"Name":"web.1","EndpointIP":"10.0.0.3","Info":{"Host IP":"1.2.3.4"}}]}}}"#,
        ),
    );
    let options = NetworkInspectOptions { verbose: true, scope: "swarm".into() };
    let network = docker.networks().inspect("7d86", &options).unwrap();
    assert_eq!(network.services["web"].tasks[0].info["Host IP"], "1.2.3.4");

    let message = "network my_net is ambiguous (2 matches found on name)";
    engine.exchange("GET /v1.52/networks/my_net", Response::error(400, message));
    match docker.networks().inspect("my_net", &Default::default()) {
        Err(Error::BadRequest(api_error)) => assert_eq!(api_error.message, message),
        other => panic!("{other:?}"),
    }
    engine.finish();
}

#[test]
fn inspect_needs_api_version() {
    let engine = FakeEngine::unix();
    let verbose = NetworkInspectOptions { verbose: true, ..Default::default() };
    let (message, needed) = too_old(pinned(&engine, 27).networks().inspect("a", &verbose));
    assert_eq!(needed, 28);
    assert!(message.contains("\"verbose\" needs API 1.28"), "{message}");
    let scope = NetworkInspectOptions { scope: "local".into(), ..Default::default() };
    let (message, needed) = too_old(pinned(&engine, 30).networks().inspect("a", &scope));
    assert_eq!(needed, 31);
    assert!(message.contains("\"scope\" needs API 1.31"), "{message}");
    engine.finish();
}

#[test]
fn delete() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(bare("DELETE /v1.41/networks/my_net"), Response::empty(204));
    docker.networks().delete("my_net").unwrap();
    let message = "bridge is a pre-defined network and cannot be removed";
    engine.exchange("DELETE /v1.41/networks/bridge", Response::error(403, message));
    let error = docker.networks().delete("bridge").unwrap_err();
    assert!(
        matches!(&error, Error::Forbidden(api_error) if api_error.message == message),
        "{error}"
    );
    engine.finish();
}

#[test]
fn create() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 48);
    let name = |name: &str| NetworkCreateRequest { name: name.into(), ..Default::default() };
    engine.exchange_for(
        with_json("POST /v1.48/networks/create", r#"{"Name":"plain"}"#),
        Response::json_status(201, r#"{"Id":"22be","Warning":""}"#),
    );
    assert_eq!(docker.networks().create(&name("plain")).unwrap().id, "22be");

    let map = |key: &str, value: &str| [(key.to_owned(), value.to_owned())].into();
    let body = NetworkCreateRequest {
        driver: "bridge".into(),
        scope: "local".into(),
        internal: true,
        attachable: true,
        ingress: true,
        config_only: true,
        config_from: Some(ConfigReference { network: "base".into() }),
        ipam: Some(Ipam {
            driver: "default".into(),
            config: vec![IpamConfig {
                subnet: "172.20.0.0/16".into(),
                ip_range: "172.20.10.0/24".into(),
                gateway: "172.20.10.11".into(),
                auxiliary_addresses: map("router", "172.20.10.12"),
            }],
            options: map("foo", "bar"),
        }),
        enable_ipv4: Some(false),
        enable_ipv6: Some(true),
        options: map("com.docker.network.bridge.name", "br-full"),
        labels: map("app", "shop"),
        check_duplicate: true,
        ..name("full")
    };
    engine.exchange_for(
        with_json(
            "POST /v1.48/networks/create",
            concat!(
                r#"{"Name":"full","Driver":"bridge","Scope":"local","Internal":true,"#,
                r#""Attachable":true,"Ingress":true,"ConfigOnly":true,"#,
                r#""ConfigFrom":{"Network":"base"},"IPAM":{"Driver":"default","Config":["#,
                r#"{"Subnet":"172.20.0.0/16","IPRange":"172.20.10.0/24","#,
                r#""Gateway":"172.20.10.11","AuxiliaryAddresses":{"router":"172.20.10.12"}}],"#,
                r#""Options":{"foo":"bar"}},"EnableIPv4":false,"EnableIPv6":true,"#,
                r#""Options":{"com.docker.network.bridge.name":"br-full"},"#,
                r#""Labels":{"app":"shop"},"CheckDuplicate":true}"#,
            ),
        ),
        Response::json_status(201, r#"{"Id":"33cf","Warning":"careful"}"#),
    );
    assert_eq!(docker.networks().create(&body).unwrap().warning, "careful");

    // A name conflict: 403 from engines up to 24.0, 409 since 25.0.
    let message = "network with name plain already exists";
    for status in [403, 409] {
        engine.exchange_for(
            Expected::new("POST /v1.48/networks/create").any_body(),
            Response::error(status, message),
        );
        match (status, docker.networks().create(&name("plain"))) {
            (403, Err(Error::Forbidden(api_error))) | (409, Err(Error::Conflict(api_error))) => {
                assert_eq!(api_error.message, message);
            }
            (_, other) => panic!("{status}: {other:?}"),
        }
    }

    let error = docker.networks().create(&name("")).unwrap_err();
    assert_eq!(error.to_string(), "NetworkCreate: the name of the network is empty");
    engine.finish();
}

#[test]
fn create_needs_api_version() {
    let engine = FakeEngine::unix();
    let named = NetworkCreateRequest { name: "n".into(), ..Default::default() };
    let from = Some(ConfigReference { network: "base".into() });
    for (field, minor, body) in [
        ("Attachable", 25, NetworkCreateRequest { attachable: true, ..named.clone() }),
        ("Ingress", 29, NetworkCreateRequest { ingress: true, ..named.clone() }),
        ("ConfigFrom", 30, NetworkCreateRequest { config_from: from, ..named.clone() }),
        ("ConfigOnly", 30, NetworkCreateRequest { config_only: true, ..named.clone() }),
        ("Scope", 30, NetworkCreateRequest { scope: "local".into(), ..named.clone() }),
        ("EnableIPv4", 48, NetworkCreateRequest { enable_ipv4: Some(true), ..named.clone() }),
    ] {
        let docker = pinned(&engine, minor - 1);
        let (message, needed) = too_old(docker.networks().create(&body));
        assert_eq!(needed, minor, "{field}");
        let expected = format!("{field:?} needs API 1.{minor}, and 1.{} is in use", minor - 1);
        assert!(message.contains(&expected), "{message}");
    }
    engine.finish();
}

#[test]
fn connect() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 54);
    let plain = NetworkConnectRequest { container: "web".into(), ..Default::default() };
    engine.exchange_for(
        with_json("POST /v1.54/networks/my_net/connect", r#"{"Container":"web"}"#),
        Response::sized(200),
    );
    docker.networks().connect("my_net", &plain).unwrap();

    let body = NetworkConnectRequest {
        endpoint_config: Some(EndpointSettings {
            ipam_config: EndpointIpamConfig {
                ipv4_address: "172.24.56.89".into(),
                ipv6_address: "2001:db8::5689".into(),
                link_local_ips: ["169.254.34.68"].into(),
            },
            links: ["db:database"].into(),
            mac_address: "02:42:ac:12:05:02".into(),
            aliases: ["www"].into(),
            driver_opts: [("com.example", "1".to_owned())].into(),
            gw_priority: -1,
            ..Default::default()
        }),
        ..plain.clone()
    };
    engine.exchange_for(
        with_json(
            "POST /v1.54/networks/my_net/connect",
            concat!(
                r#"{"Container":"web","EndpointConfig":{"IPAMConfig":{"IPv4Address":"#,
                r#""172.24.56.89","IPv6Address":"2001:db8::5689","LinkLocalIPs":"#,
                r#"["169.254.34.68"]},"Links":["db:database"],"MacAddress":"02:42:ac:12:05:02","#,
                r#""Aliases":["www"],"DriverOpts":{"com.example":"1"},"GwPriority":-1}}"#,
            ),
        ),
        Response::sized(200),
    );
    docker.networks().connect("my_net", &body).unwrap();

    let message = "endpoint with name web already exists in network my_net";
    engine.exchange_for(
        Expected::new("POST /v1.54/networks/my_net/connect").any_body(),
        Response::error(403, message),
    );
    let error = docker.networks().connect("my_net", &plain).unwrap_err();
    assert!(
        matches!(&error, Error::Forbidden(api_error) if api_error.message == message),
        "{error}"
    );

    let error = docker.networks().connect("my_net", &Default::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "NetworkConnect: Container is empty: give a container name or ID"
    );
    engine.finish();
}

#[test]
fn connect_needs_api_version() {
    let engine = FakeEngine::unix();
    let with = |settings: EndpointSettings| NetworkConnectRequest {
        container: "web".into(),
        endpoint_config: Some(settings),
    };
    let priority = with(EndpointSettings { gw_priority: 1, ..Default::default() });
    let (message, needed) = too_old(pinned(&engine, 47).networks().connect("n", &priority));
    assert_eq!(needed, 48);
    assert!(message.contains("\"EndpointConfig.GwPriority\""), "{message}");
    // Accepted since 1.44, but ignored before 1.54.
    let address = "02:42:ac:12:05:02".to_owned();
    let address = with(EndpointSettings { mac_address: address, ..Default::default() });
    let (message, needed) = too_old(pinned(&engine, 53).networks().connect("n", &address));
    assert_eq!(needed, 54);
    assert!(message.contains("\"EndpointConfig.MacAddress\""), "{message}");
    engine.finish();
}

#[test]
fn disconnect() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    let plain = NetworkDisconnectRequest { container: "web".into(), force: false };
    engine.exchange_for(
        with_json("POST /v1.41/networks/my_net/disconnect", r#"{"Container":"web"}"#),
        Response::sized(200),
    );
    docker.networks().disconnect("my_net", &plain).unwrap();
    engine.exchange_for(
        with_json("POST /v1.41/networks/my_net/disconnect", r#"{"Container":"web","Force":true}"#),
        Response::error(404, "network my_net not found"),
    );
    let force = NetworkDisconnectRequest { force: true, ..plain };
    let error = docker.networks().disconnect("my_net", &force).unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error}");
    let error = docker.networks().disconnect("my_net", &Default::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "NetworkDisconnect: Container is empty: give a container name or ID"
    );
    engine.finish();
}

#[test]
fn prune() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(
        bare("POST /v1.41/networks/prune"),
        Response::json(r#"{"NetworksDeleted":null}"#),
    );
    assert!(
        docker.networks().prune(&Default::default()).unwrap().networks_deleted.is_empty(),
        "null is an empty list"
    );

    let filters =
        Filters::new().with("label", "a").with("label!", "b=c").with("until", "2024-05-01T10:00");
    engine.exchange_for(
        bare(
            "POST /v1.41/networks/prune?filters=%7B%22label%22:%5B%22a%22%5D,\
             %22label%21%22:%5B%22b%3Dc%22%5D,%22until%22:%5B%222024-05-01T10:00%22%5D%7D",
        ),
        Response::json(r#"{"NetworksDeleted":["old","older"]}"#),
    );
    let options = NetworkPruneOptions { filters };
    assert_eq!(docker.networks().prune(&options).unwrap().networks_deleted, ["old", "older"]);

    let message = "a prune operation is already running";
    engine.exchange("POST /v1.41/networks/prune", Response::error(409, message));
    let error = docker.networks().prune(&Default::default()).unwrap_err();
    assert!(
        matches!(&error, Error::Conflict(api_error) if api_error.message == message),
        "{error}"
    );

    let (_, needed) = too_old(pinned(&engine, 24).networks().prune(&Default::default()));
    assert_eq!(needed, 25);
    engine.finish();
}

#[test]
fn rejects_invalid_names() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    for (name, reason) in [
        ("", "the name or ID is empty"),
        (" ", "it is blank"),
        ("/a", "empty part between slashes"),
        ("a\tb", "it contains '\\t'"),
        ("..", "are directories"),
    ] {
        let error = docker.networks().inspect(name, &Default::default()).unwrap_err();
        assert!(matches!(&error, Error::InvalidArgument { .. }), "{error}");
        assert!(error.to_string().contains(reason), "{name:?}: {error}");
    }
    engine.finish();
}
