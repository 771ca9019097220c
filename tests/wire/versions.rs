//! API version: negotiation, pinned versions, and options that a version does not support.

use crate::support::*;
use dockline::codec::JsonType;
use dockline::model::{ContainerCreateRequest, ServiceSpec};
use dockline::*;
use serde_json::{Map, Value, json};

fn api(minor: u16) -> ApiVersion {
    ApiVersion::new(1, minor)
}

/// An engine that supports API 1.`oldest` to 1.`newest`.
fn engine(oldest: u16, newest: u16) -> Responder {
    Responder::unix(None, move |request| {
        let versioned = request.target.strip_prefix("/v1.").and_then(|rest| rest.split_once('/'));
        let response = match versioned {
            // Older engines do not support HEAD here.
            None if request.path() == "/_ping" && request.method == "HEAD" && newest < 40 => {
                Response::text(404, "page not found\n")
            }
            None if request.path() == "/_ping" => Response::ping_unversioned(),
            None => {
                assert_eq!(request.path(), "/version", "unexpected path without version");
                let range = if newest < 25 {
                    format!(r#"{{"ApiVersion":"1.{newest}"}}"#)
                } else {
                    format!(r#"{{"ApiVersion":"1.{newest}","MinAPIVersion":"1.{oldest}"}}"#)
                };
                Response::json(range)
            }
            Some((minor, rest)) => match minor.parse::<u16>().unwrap() {
                minor if minor > newest => Response::error(
                    400,
                    &format!(
                        "client version 1.{minor} is too new. Maximum supported API version is 1.{newest}"
                    ),
                ),
                minor if minor < oldest => Response::error(
                    400,
                    &format!(
                        "client version 1.{minor} is too old. Minimum supported API version is 1.{oldest}, please upgrade your client to a newer version"
                    ),
                ),
                _ if rest == "events" => Response::chunked(200),
                _ => Response::json(if rest.ends_with("containers/json") { "[]" } else { "{}" }),
            },
        };
        // Every response has the header since API 1.25.
        match newest {
            ..25 => response,
            _ => response.header("Api-Version", &format!("1.{newest}")),
        }
    })
}

fn targets(engine: Responder) -> Vec<String> {
    engine.finish().into_iter().map(|r| format!("{} {}", r.method, r.target)).collect()
}

#[test]
fn negotiates_newest_common_version() {
    for (oldest, newest, in_use) in [
        (12, 24, 24),
        (24, 24, 24),
        (12, 39, 39),
        (39, 39, 39),
        (44, 55, 55),
        (44, 52, 52),
        (55, 55, 55),
        (44, 56, 56),
        (56, 56, 56),
        (44, 60, 56),
    ] {
        let engine = engine(oldest, newest);
        let docker = negotiating(&engine.host());
        docker.containers().list(&Default::default()).unwrap();
        docker.containers().start("web", &Default::default()).unwrap();
        docker.system().events(&Default::default()).unwrap();
        assert_eq!(docker.api_version().unwrap(), api(in_use));
        let mut expected = vec!["HEAD /_ping".to_owned()];
        if newest < 40 {
            expected.push("GET /_ping".into());
        }
        if newest < 25 {
            expected.push("GET /version".into());
        }
        expected.push(format!("GET /v1.{in_use}/containers/json"));
        expected.push(format!("POST /v1.{in_use}/containers/web/start"));
        expected.push(format!("GET /v1.{in_use}/events"));
        assert_eq!(targets(engine), expected, "1.{oldest} to 1.{newest}");
    }
}

#[test]
fn engine_before_1_24() {
    let engine = engine(12, 23);
    let error = negotiating(&engine.host()).system().info().unwrap_err();
    assert!(matches!(
        error,
        Error::EngineTooOld { needed: ApiVersion::OLDEST, in_use, .. } if in_use == api(23)
    ));
    assert_eq!(
        error.to_string(),
        "SystemInfo: the engine supports API 1.23 at most, dockline 1.24 to 1.56"
    );
    assert!(targets(engine).iter().all(|line| !line.contains("/v1.")));
}

#[test]
fn engine_that_dropped_newest() {
    let engine = engine(57, 60);
    let error = negotiating(&engine.host()).system().info().unwrap_err();
    assert!(matches!(error, Error::EngineTooNew { operation: "SystemInfo", .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        "SystemInfo: API 1.56 was requested; the engine supports 1.57 to 1.60, dockline 1.24 to 1.56 (client version 1.56 is too old. Minimum supported API version is 1.57, please upgrade your client to a newer version)"
    );
}

#[test]
fn pinned_version_too_old() {
    let engine = engine(44, 52);
    let docker = speaking(&engine.host(), "1.41");
    let error = docker.containers().list(&Default::default()).unwrap_err();
    assert!(matches!(
        error,
        Error::EngineTooNew { operation: "ContainerList", in_use, .. } if in_use == api(41)
    ));
    assert_eq!(
        error.to_string(),
        "ContainerList: API 1.41 was requested; the engine supports 1.44 to 1.52, dockline 1.24 to 1.56; leave DOCKER_API_VERSION unset to negotiate (client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version)"
    );
    assert_eq!(targets(engine), ["GET /v1.41/containers/json", "GET /version"]);
}

#[test]
fn pinned_version_too_new() {
    let engine = engine(24, 41);
    let docker = speaking(&engine.host(), "1.52");
    let error = docker.containers().start("web", &Default::default()).unwrap_err();
    assert!(matches!(
        error,
        Error::EngineTooOld { operation: "ContainerStart", needed, in_use, .. }
            if needed == api(52) && in_use == api(41)
    ));
    assert_eq!(
        error.to_string(),
        "ContainerStart: API 1.52 was requested; the engine supports 1.24 to 1.41, dockline 1.24 to 1.56; leave DOCKER_API_VERSION unset to negotiate (client version 1.52 is too new. Maximum supported API version is 1.41)"
    );
}

/// The supported range is read from `/version`, or else from the header.
#[test]
fn version_error_without_version_endpoint() {
    for (header, range) in
        [(Some("1.41"), "the engine supports up to 1.41"), (None, "other versions")]
    {
        let engine = Responder::unix(None, move |_| {
            let message = "client version 1.52 is too new. Maximum supported API version is 1.41";
            let response = Response::error(400, message);
            match header {
                Some(version) => response.header("Api-Version", version),
                None => response,
            }
        });
        let error = speaking(&engine.host(), "1.52").system().info().unwrap_err();
        assert!(matches!(error, Error::EngineTooOld { .. }), "{error:?}");
        assert!(error.to_string().contains(range), "{error}");
    }
}

#[test]
fn falls_back_to_get_ping() {
    for status in [400, 404, 405, 501] {
        let engine = FakeEngine::unix();
        engine.ping_without_head(status, "1.41").exchange("GET /v1.41/info", Response::json("{}"));
        negotiating(&engine.host()).system().info().unwrap();
        engine.finish();
    }
}

/// A proxy may remove the header; `/version` has the version, too.
#[test]
fn falls_back_to_version() {
    for (version, in_use) in [
        (Response::json(r#"{"ApiVersion":"1.43","MinAPIVersion":"1.24"}"#), 43),
        // The newest; an engine that does not support it reports that.
        (Response::json("{}"), 56),
        (Response::json(r#"{"ApiVersion":"soon"}"#), 56),
        (Response::error(403, "not allowed"), 56),
    ] {
        let engine = FakeEngine::unix();
        engine
            .ping_unversioned()
            .exchange("GET /version", version)
            .exchange(&format!("GET /v1.{in_use}/info"), Response::json("{}"));
        negotiating(&engine.host()).system().info().unwrap();
        engine.finish();
    }
}

#[test]
fn ignores_invalid_version_header() {
    let engine = FakeEngine::unix();
    engine
        .exchange("HEAD /_ping", Response::ping("new"))
        .exchange("GET /version", Response::json(r#"{"ApiVersion":"1.42"}"#))
        .exchange("GET /v1.42/info", Response::json("{}"));
    negotiating(&engine.host()).system().info().unwrap();
    engine.finish();
}

/// The error has the message of a server that is not an engine.
#[test]
fn reports_error_response_to_ping() {
    let engine = FakeEngine::unix();
    engine.ping_text_error(502, "Bad Gateway: no upstream\n");
    let error = negotiating(&engine.host()).system().info().unwrap_err();
    assert_eq!(
        error.to_string(),
        "SystemInfo: the API version cannot be negotiated: Bad Gateway: no upstream (status 502)"
    );
    engine.finish();
}

/// A failed negotiation is repeated by the next call.
#[test]
fn retries_negotiation_after_failure() {
    let engine = FakeEngine::unix();
    engine
        .ping_text_error(503, "starting\n")
        .ping("1.41")
        .exchange("GET /v1.41/info", Response::json("{}"));
    let docker = negotiating(&engine.host());
    docker.system().info().unwrap_err();
    docker.system().info().unwrap();
    engine.finish();
}

#[test]
fn ping() {
    let engine = FakeEngine::unix();
    let all =
        Response::ping("1.55").header("Builder-Version", "2").header("Swarm", "active/manager");
    engine.exchange("HEAD /_ping", all).ping_unversioned();
    let docker = negotiating(&engine.host());
    let ping = docker.system().ping().unwrap();
    assert_eq!(ping.api_version, Some(api(55)));
    assert_eq!((ping.os_type.as_str(), ping.experimental), ("linux", false));
    assert_eq!((ping.builder_version.as_str(), ping.swarm.as_str()), ("2", "active/manager"));
    assert_eq!(ping.server, "Docker/0.0.0-fake (linux)");
    let ping = docker.system().ping().unwrap();
    assert_eq!(ping.api_version, None);
    assert_eq!((ping.builder_version.as_str(), ping.swarm.as_str()), ("", ""));
    engine.finish();
}

// Options that need a newer engine.

/// Makes a call with an option that needs API 1.`since`. On an engine one version older, it fails with an error that
/// names `what`, and sends nothing; on one of that version, the request is sent.
#[track_caller]
fn assert_needs(since: u16, what: &str, call: impl Fn(&Context) -> Result<()>) {
    // Objects that are inspected before their output is read.
    let inspected = ["/services/web", "/tasks/t1"];
    let engine = Responder::unix(None, move |request| {
        match inspected.iter().any(|end| request.path().ends_with(end)) {
            true => Response::json("{}"),
            false => Response::error(409, "reached"),
        }
    });
    let in_use = api(since - 1);
    let older = client(&engine.host()).api_version(in_use).build().unwrap();
    let error = call(&older).unwrap_err();
    let Error::EngineTooOld { operation, message, needed, in_use: actual } = &error else {
        panic!("{what}: {error:?}");
    };
    assert_eq!((*needed, *actual), (api(since), in_use), "{what}");
    let expected = format!("{what} needs API 1.{since}, and {in_use} is in use with this engine");
    assert_eq!(*message, expected);
    assert_eq!(engine.connections(), 0, "{what}");
    let newer = client(&engine.host()).api_version(api(since)).build().unwrap();
    let reached = call(&newer).unwrap_err();
    assert_eq!((reached.status(), reached.operation()), (Some(409), *operation), "{what}");
}

#[test]
fn container_options() {
    let with_platform =
        |platform: &str| ContainerCreateOptions { platform: platform.into(), ..Default::default() };
    assert_needs(41, "\"platform\"", |c| {
        c.containers().create(&with_platform("linux"), &Default::default()).map(drop)
    });
    let stop = ContainerStopOptions { signal: "INT".into(), ..Default::default() };
    assert_needs(42, "\"signal\"", |c| c.containers().stop("web", &stop).map(drop));
    let restart = ContainerRestartOptions { signal: "INT".into(), ..Default::default() };
    assert_needs(42, "\"signal\"", |c| c.containers().restart("web", &restart));
    let wait = ContainerWaitOptions { condition: WaitCondition::Removed };
    assert_needs(30, "\"condition\"", |c| c.containers().wait("web", &wait).map(drop));
}

/// On engines before 1.42, logs begin with an inspect; the option is checked before that.
#[test]
fn log_options() {
    let until = ContainerLogsOptions { until: Some(TimeBound::unix(1)), ..Default::default() };
    let engine = Responder::unix(None, |_| Response::json("{}"));
    let docker = speaking(&engine.host(), "1.34");
    let error = docker.containers().logs("web", &until).unwrap_err();
    assert_eq!(
        error.to_string(),
        "ContainerLogs: \"until\" needs API 1.35, and 1.34 is in use with this engine"
    );
    assert_eq!(engine.connections(), 0);
}

#[test]
fn image_options() {
    let list = ImageListOptions::default;
    for (since, what, options) in [
        (42, "\"shared-size\"", ImageListOptions { shared_size: true, ..list() }),
        (47, "\"manifests\"", ImageListOptions { manifests: true, ..list() }),
        (54, "\"identity\"", ImageListOptions { identity: true, manifests: true, ..list() }),
    ] {
        assert_needs(since, what, |c| c.images().list(&options).map(drop));
    }
    let options = ImageInspectOptions { manifests: true, platform: None };
    assert_needs(48, "\"manifests\"", |c| c.images().inspect("a", &options).map(drop));
    let options = ImageInspectOptions { manifests: false, platform: Some(Default::default()) };
    assert_needs(49, "\"platform\"", |c| c.images().inspect("a", &options).map(drop));
    let options = ImageDeleteOptions { platforms: vec![Default::default()], ..Default::default() };
    assert_needs(50, "\"platforms\"", |c| c.images().delete("a", &options).map(drop));
    let options = ImageCreateOptions {
        from_image: "a".into(),
        platform: "linux".into(),
        ..Default::default()
    };
    assert_needs(32, "\"platform\"", |c| c.images().create(&options, None).map(drop));
    let options = ImagePushOptions { platform: Some(Default::default()), ..Default::default() };
    assert_needs(46, "\"platform\"", |c| c.images().push("a", &options).map(drop));
    let options = ImageHistoryOptions { platform: Some(Default::default()) };
    assert_needs(48, "\"platform\"", |c| c.images().history("a", &options).map(drop));
    for (since, what, count) in [(48, "\"platform\"", 1), (52, "\"platform (more than one)\"", 2)] {
        let get = ImageGetOptions { platform: vec![Default::default(); count] };
        assert_needs(since, what, |c| c.images().get("a", &get).map(drop));
        assert_needs(since, what, |c| c.images().get_all(&["a"], &get).map(drop));
        let load = ImageLoadOptions { platform: vec![Default::default(); count], quiet: None };
        assert_needs(since, what, |c| c.images().load(&load, &mut &b""[..]).map(drop));
    }
}

#[test]
fn operations() {
    for operation in OPERATIONS.iter().filter(|operation| operation.since() > 24) {
        assert_needs(operation.since(), "the operation", |c| operation.call(c));
    }
}

/// Engines silently ignore these fields before they support them and after they dropped them.
#[test]
fn body_fields() {
    let full: Value = serde_json::from_str(include_str!("../data/container_create.json")).unwrap();
    let fields = limited(ContainerCreateRequest::KIND);
    assert!(fields.len() > 25);
    for Limited { path, since, until } in fields {
        let body = only(&full, &path.split('.').collect::<Vec<_>>());
        let body: ContainerCreateRequest = serde_json::from_value(body).unwrap();
        let shown = format!("{:?}", path.replace("[]", "[0]").replace("{}", ".net"));
        let create = |c: &Context| c.containers().create(&Default::default(), &body).map(drop);
        if since > 0 {
            assert_needs(since, &shown, create);
        }
        if until < u16::MAX {
            assert_dropped(until, &shown, create);
        }
    }
}

/// Asserts that `call` fails with API versions after 1.`until`, and sends nothing.
#[track_caller]
fn assert_dropped(until: u16, what: &str, call: impl Fn(&Context) -> Result<()>) {
    let engine = Responder::unix(None, |_| Response::error(409, "reached"));
    let in_use = api(until + 1);
    let newer = client(&engine.host()).api_version(in_use).build().unwrap();
    match call(&newer).unwrap_err() {
        Error::EngineTooNew { message, in_use: actual, .. } => {
            let expected = format!(
                "{what} is supported up to API 1.{until}, and {in_use} is in use with this engine"
            );
            assert_eq!((message, actual), (expected, in_use));
        }
        error => panic!("{what}: {error:?}"),
    }
    assert_eq!(engine.connections(), 0, "{what}");
    let older = client(&engine.host()).api_version(api(until)).build().unwrap();
    assert_eq!(call(&older).unwrap_err().status(), Some(409), "{what}");
}

/// An operation may support a field later than others.
#[test]
fn fields_supported_later_by_operation() {
    let body = r#"{"TaskTemplate":{"ContainerSpec":{"Mounts":[{},{"BindOptions":{"NonRecursive":true}}]}}}"#;
    let spec: ServiceSpec = serde_json::from_str(body).unwrap();
    let path = "\"TaskTemplate.ContainerSpec.Mounts[1].BindOptions.NonRecursive\"";
    let options = ServiceCreateOptions { query_registry: false, ..Default::default() };
    assert_needs(41, path, |c| c.services().create(&options, &spec).map(drop));
    let body = r#"{"Container":"c","EndpointConfig":{"MacAddress":"02:42:ac:13:00:02"}}"#;
    let body = serde_json::from_str(body).unwrap();
    assert_needs(54, "\"EndpointConfig.MacAddress\"", |c| c.networks().connect("n", &body));
}

/// `value` reduced to the field at this path.
fn only(value: &Value, steps: &[&str]) -> Value {
    let Some((step, rest)) = steps.split_first() else { return value.clone() };
    // Fields below it may be newer.
    if *step == "Mounts" {
        return json!({"Mounts": [{}]});
    }
    let name = step.trim_end_matches("[]").trim_end_matches("{}");
    let member = value.get(name).unwrap_or_else(|| panic!("the example has no {name}"));
    let member = if step.ends_with("[]") {
        Value::from(vec![only(&member[0], rest)])
    } else if step.ends_with("{}") {
        let (key, inner) = member.as_object().unwrap().iter().next().unwrap();
        Value::Object(Map::from_iter([(key.clone(), only(inner, rest))]))
    } else {
        only(member, rest)
    };
    Value::Object(Map::from_iter([(name.to_owned(), member)]))
}

// The environment, each test in a process of its own.

/// Runs the calling test with these variables, and without those of this process.
#[track_caller]
fn with_env(test: &str, variables: &[(&str, &str)]) {
    let mut command = this_test(test);
    for variable in ["DOCKER_HOST", "DOCKER_API_VERSION", "DOCKER_CONTEXT", "DOCKER_CONFIG"] {
        command.env_remove(variable);
    }
    command.env_remove("DOCKER_TLS_VERIFY").env_remove("DOCKER_TLS").env("HOME", "/nowhere");
    command.envs(variables.iter().copied());
    let output = run(&mut command, LIMIT).success();
    assert!(output.contains("1 passed"), "{output}");
}

#[test]
fn pinned_by_environment() {
    const TEST: &str = "versions::pinned_by_environment";
    if is_child() {
        let docker = Context::from_env().unwrap();
        docker.system().info().unwrap();
        assert_eq!(docker.api_version().unwrap(), api(43));
        let builder = Context::builder().api_version(api(40)).build().unwrap();
        builder.system().info().unwrap();
        Context::builder().negotiate().build().unwrap().system().info().unwrap();
        Context::open(docker.endpoint().to_string().as_str()).unwrap().system().info().unwrap();
        return;
    }
    for version in ["1.43", "v1.43"] {
        let engine = Responder::unix("1.50", |_| Response::json("{}"));
        with_env(TEST, &[("DOCKER_HOST", &engine.host()), ("DOCKER_API_VERSION", version)]);
        assert_eq!(
            targets(engine),
            [
                "GET /v1.43/info",
                "GET /v1.40/info",
                "HEAD /_ping",
                "GET /v1.50/info",
                "GET /v1.43/info"
            ]
        );
    }
}

#[test]
fn ignores_empty_variables() {
    const TEST: &str = "versions::ignores_empty_variables";
    if is_child() {
        let docker = Context::from_env().unwrap();
        // Depends on the sockets of this machine.
        let source = docker.endpoint_source();
        assert!(
            matches!(source, EndpointSource::Default | EndpointSource::Found { .. }),
            "{source}"
        );
        return;
    }
    with_env(
        TEST,
        &[
            ("DOCKER_HOST", ""),
            ("DOCKER_CONTEXT", ""),
            ("DOCKER_API_VERSION", ""),
            ("DOCKER_TLS_VERIFY", ""),
            ("DOCKER_CONFIG", ""),
        ],
    );
    with_env(TEST, &[]);
}

#[test]
fn rejects_malformed_version_in_environment() {
    const TEST: &str = "versions::rejects_malformed_version_in_environment";
    if is_child() {
        let error = Context::from_env().unwrap_err();
        assert!(matches!(error, Error::InvalidArgument { operation: "Context", .. }));
        assert_eq!(error.to_string(), std::env::var("EXPECTED").unwrap());
        return;
    }
    for version in ["1", "latest", "1.x", "1.41 ", "-1.41"] {
        let expected = format!(
            "Context: DOCKER_API_VERSION: {version:?} is not an API version: expected two numbers such as 1.41"
        );
        with_env(TEST, &[("DOCKER_API_VERSION", version), ("EXPECTED", &expected)]);
    }
    let expected = "Context: API 1.23 is not supported: dockline supports 1.24 to 1.56";
    with_env(TEST, &[("DOCKER_API_VERSION", "1.23"), ("EXPECTED", expected)]);
}

/// The variable may be meant for a newer client.
#[test]
fn version_in_the_environment_newer_than_known() {
    const TEST: &str = "versions::version_in_the_environment_newer_than_known";
    if is_child() {
        let notes = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let seen = notes.clone();
        let docker = Context::builder()
            .on_result(move |result| seen.lock().unwrap().extend(result.notes.clone()))
            .build()
            .unwrap();
        assert_eq!(docker.api_version().unwrap(), ApiVersion::NEWEST);
        docker.system().info().unwrap();
        let newest = ApiVersion::NEWEST;
        let version = std::env::var("DOCKER_API_VERSION").unwrap();
        let note = format!(
            "DOCKER_API_VERSION is {version}; API {newest} is used, the newest that dockline supports"
        );
        assert_eq!(*notes.lock().unwrap(), [note]);
        return;
    }
    for version in ["1.99", "2.0"] {
        let engine = Responder::unix("1.50", |_| Response::json("{}"));
        with_env(TEST, &[("DOCKER_HOST", &engine.host()), ("DOCKER_API_VERSION", version)]);
        assert_eq!(targets(engine), [format!("GET /v{}/info", ApiVersion::NEWEST)]);
    }
}

/// Proxies refuse requests that they do not list.
#[test]
fn ping_refused_by_a_proxy() {
    let version = || Response::json(r#"{"ApiVersion":"1.41","MinAPIVersion":"1.12"}"#);
    for status in [401, 403, 404, 405] {
        for head_only in [true, false] {
            let engine = Responder::unix(None, move |request| match request.path() {
                "/_ping" if request.method == "GET" && head_only => Response::ping("1.41"),
                "/_ping" => Response::text(status, "refused"),
                "/version" => version(),
                _ => Response::json(r#"[{"Id":"abc"}]"#),
            });
            let docker = negotiating(&engine.host());
            assert_eq!(docker.containers().list(&Default::default()).unwrap()[0].id, "abc");
            let mut expected = vec!["HEAD /_ping", "GET /_ping"];
            if !head_only {
                expected.push("GET /version");
            }
            expected.push("GET /v1.41/containers/json");
            assert_eq!(targets(engine), expected, "{status}");
        }
    }
}

/// A proxy may close the connection instead.
#[test]
fn ping_closed_by_a_proxy() {
    let engine = FakeEngine::unix();
    for line in ["HEAD /_ping", "GET /_ping"] {
        engine.accept().expect_request(Expected::new(line)).close();
    }
    engine
        .accept()
        .exchange("GET /version", Response::json(r#"{"ApiVersion":"1.41"}"#))
        .exchange("GET /v1.41/info", Response::json("{}"));
    negotiating(&engine.host()).system().info().unwrap();
    engine.finish();
}

/// If nothing reports the version, the newest is used; an engine that does not support it reports its own.
#[test]
fn ping_and_version_refused() {
    let newest = ApiVersion::NEWEST;
    let known = Responder::unix(None, |request| match request.path() {
        "/_ping" | "/version" => Response::error(403, "refused"),
        _ => Response::json("{}"),
    });
    let docker = negotiating(&known.host());
    docker.system().info().unwrap();
    docker.system().info().unwrap();
    let call = format!("GET /v{newest}/info");
    assert_eq!(targets(known), ["HEAD /_ping", "GET /_ping", "GET /version", &call, &call]);

    let old = Responder::unix(None, move |request| match request.path() {
        "/_ping" | "/version" => Response::error(403, "refused"),
        "/v1.41/info" => Response::json("{}"),
        _ => {
            Response::error(400, "client version is too new. Maximum supported API version is 1.41")
                .header("Api-Version", "1.41")
        }
    });
    let docker = negotiating(&old.host());
    docker.system().info().unwrap();
    assert_eq!(docker.api_version().unwrap(), api(41));
    assert_eq!(targets(old).last().unwrap(), "GET /v1.41/info");

    // The version can be set.
    let silent = Responder::unix(None, |request| match request.path() {
        "/_ping" | "/version" => Response::error(403, "refused"),
        _ => Response::error(400, "client version is too new"),
    });
    let error = negotiating(&silent.host()).system().info().unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "SystemInfo: API {newest} was requested; the engine supports other versions, dockline \
             1.24 to {newest}; set DOCKER_API_VERSION to one of them (client version is too new)"
        )
    );
}

/// An engine that was replaced rejects the version that was negotiated before.
#[test]
fn negotiated_again_after_a_rejection() {
    let rejection = |text: &str, newest: &str| {
        Response::error(400, &format!("client version 1.50 is {text}"))
            .header("Api-Version", newest)
    };
    let create = |version: &str| {
        Expected::new(&format!("POST /v{version}/containers/create?name=web"))
            .json(r#"{"Image":"a"}"#)
    };
    // An older engine, and a newer one.
    for (text, newest, used) in [
        ("too new. Maximum supported", "1.41", "1.41"),
        ("too old. Minimum supported", "1.54", "1.54"),
    ] {
        let engine = FakeEngine::unix();
        engine
            .ping("1.50")
            .exchange("GET /v1.50/info", Response::json("{}"))
            .exchange_for(create("1.50"), rejection(text, newest))
            .exchange("GET /version", Response::error(403, "refused"));
        if newest == "1.54" {
            engine.ping(newest);
        }
        engine
            .exchange_for(create(used), Response::json(r#"{"Id":"abc"}"#))
            .exchange(&format!("GET /v{used}/info"), Response::json("{}"));
        let results = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let seen = results.clone();
        let docker = client(&engine.host())
            .negotiate()
            .on_result(move |result| seen.lock().unwrap().push(result.clone()))
            .build()
            .unwrap();
        docker.system().info().unwrap();
        let options = ContainerCreateOptions { name: "web".into(), ..Default::default() };
        let body: ContainerCreateRequest = serde_json::from_value(json!({"Image": "a"})).unwrap();
        assert_eq!(docker.containers().create(&options, &body).unwrap().id, "abc");
        docker.system().info().unwrap();
        engine.finish();
        // One result of the call, which is that of the second request.
        let results = results.lock().unwrap();
        let created: Vec<_> =
            results.iter().filter(|result| result.operation == "ContainerCreate").collect();
        let [result] = &created[..] else { panic!("{created:?}") };
        assert_eq!((result.status, &result.error), (Some(200), &None));
        assert!(result.url.contains(&format!("/v{used}/")), "{}", result.url);
        assert_eq!(result.request_body, br#"{"Image":"a"}"#);
        assert_eq!(result.response_body, b"{\"Id\":\"abc\"}\n");
        assert!(result.notes[0].starts_with("negotiated the API version again: "), "{result:?}");
    }
}

/// Once only: an engine that rejects every version does not loop.
#[test]
fn negotiated_again_only_once() {
    let engine = Responder::unix(None, |request| match request.path() {
        "/_ping" => Response::ping("1.41"),
        "/version" => Response::json("{}"),
        path => {
            let other = if path.starts_with("/v1.41/") { "1.40" } else { "1.41" };
            Response::error(400, "client version is too new").header("Api-Version", other)
        }
    });
    let error = negotiating(&engine.host()).system().info().unwrap_err();
    assert!(matches!(error, Error::EngineTooOld { .. }), "{error:?}");
    let calls: Vec<_> =
        targets(engine).into_iter().filter(|target| target.ends_with("/info")).collect();
    assert_eq!(calls, ["GET /v1.41/info", "GET /v1.40/info"]);
}

/// A set version is not changed, and data that was read cannot be sent again.
#[test]
fn not_sent_again() {
    let replaced = || {
        Responder::unix(None, |request| match request.path() {
            "/_ping" => Response::ping("1.50"),
            "/version" => Response::json(r#"{"ApiVersion":"1.41","MinAPIVersion":"1.24"}"#),
            path if path.starts_with("/v1.41/") => Response::json("{}"),
            _ => Response::error(400, "client version is too new").header("Api-Version", "1.41"),
        })
    };
    let engine = replaced();
    let docker = speaking(&engine.host(), "1.50");
    docker.system().info().unwrap_err();
    assert_eq!(docker.api_version().unwrap(), api(50));
    assert_eq!(targets(engine), ["GET /v1.50/info", "GET /version"]);

    let engine = replaced();
    let docker = negotiating(&engine.host());
    let error = docker.images().load(&Default::default(), &mut &b"tar"[..]).unwrap_err();
    assert!(matches!(error, Error::EngineTooOld { .. }), "{error:?}");
    // The next call uses the other version.
    docker.system().info().unwrap();
    let sent = targets(engine);
    let loads = sent.iter().filter(|target| target.contains("/images/load")).count();
    assert_eq!((loads, sent.last().unwrap().as_str()), (1, "GET /v1.41/info"));
}
