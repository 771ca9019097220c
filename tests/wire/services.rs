//! Services and tasks: the exact requests, and what is read from the responses. `wait_converged` is tested in
//! `converging`.

use std::cell::Cell;

use crate::support::*;
use dockline::model::{
    AuthConfig, ContainerSpec, Placement, Platform, PluginSpec, ServiceMode, ServiceSpec, TaskSpec,
    TaskState, UpdateState,
};
use dockline::*;

/// The spec of a service that runs this image.
fn spec_with_image(image: &str) -> ServiceSpec {
    let container = ContainerSpec { image: image.into(), ..Default::default() };
    ServiceSpec {
        name: "web".into(),
        task_template: TaskSpec { container_spec: Some(container), ..Default::default() },
        ..Default::default()
    }
}

fn json_of(image: &str) -> String {
    format!(r#"{{"Name":"web","TaskTemplate":{{"ContainerSpec":{{"Image":"{image}"}}}}}}"#)
}

fn auth() -> Option<AuthConfig> {
    Some(AuthConfig { username: "ada".into(), password: "ÿ?>".into(), ..AuthConfig::default() })
}

/// `{"username":"ada","password":"ÿ?>"}` in the base64url alphabet.
const AUTH: &str = "eyJ1c2VybmFtZSI6ImFkYSIsInBhc3N3b3JkIjoiw78_PiJ9";

/// Options without a query to the registry.
fn without_query() -> ServiceCreateOptions {
    ServiceCreateOptions { query_registry: false, ..Default::default() }
}

#[test]
fn list() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(bare("GET /v1.41/services"), Response::json("null"));
    assert_eq!(docker.services().list(&Default::default()).unwrap(), []);

    let filters = Filters::new()
        .with("id", "9mnp")
        .with("label", "a=b")
        .with("mode", "replicated")
        .with("name", "web");
    engine.exchange_for(
        bare(
            "GET /v1.41/services?filters=%7B%22id%22:%5B%229mnp%22%5D,%22label%22:%5B%22a%3Db%22%5D,\
             %22mode%22:%5B%22replicated%22%5D,%22name%22:%5B%22web%22%5D%7D&status=1",
        ),
        Response::json(
            r#"[{"ID":"9mnp","Spec":{"Name":"web","Labels":null,"Mode":{"Global":{}}},
                "ServiceStatus":{"RunningTasks":1,"DesiredTasks":2,"CompletedTasks":0},
                "UpdateStatus":{"State":"updating","Message":"update in progress"}}]"#,
        ),
    );
    let options = ServiceListOptions { filters, status: true };
    let services = docker.services().list(&options).unwrap();
    assert_eq!(services[0].service_status.unwrap().desired_tasks, 2);
    assert_eq!(services[0].update_status.as_ref().unwrap().state, UpdateState::Updating);
    assert!(services[0].spec.mode.global.is_some());

    let (message, needed) = too_old(pinned(&engine, 40).services().list(&options));
    assert_eq!(needed, 41);
    assert!(message.contains("\"status\" needs API 1.41"), "{message}");
    engine.finish();
}

#[test]
fn inspect() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(
        bare("GET /v1.41/services/web"),
        Response::json(r#"{"ID":"9mnp","Version":{"Index":19},"PreviousSpec":{"Name":"web"}}"#),
    );
    let service = docker.services().inspect("web", &Default::default()).unwrap();
    assert_eq!(service.version.index, 19);
    assert_eq!(service.previous_spec.unwrap().name, "web");

    let options = ServiceInspectOptions { insert_defaults: true };
    engine
        .exchange_for(bare("GET /v1.41/services/9mnp?insertDefaults=1"), Response::json("{}"))
        .exchange("GET /v1.41/services/none", Response::error(404, "service none not found"));
    docker.services().inspect("9mnp", &options).unwrap();
    let error = docker.services().inspect("none", &Default::default()).unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    assert_eq!(too_old(pinned(&engine, 28).services().inspect("web", &options)).1, 29);
    engine.finish();
}

#[test]
fn create() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    // No query: the spec is sent as it is.
    engine.exchange_for(
        with_json("POST /v1.41/services/create", &json_of("busybox")),
        Response::json_status(201, r#"{"ID":"9mnp"}"#),
    );
    let created = docker.services().create(&without_query(), &spec_with_image("busybox")).unwrap();
    assert_eq!((created.id.as_str(), created.warnings.len()), ("9mnp", 0));

    let options =
        ServiceCreateOptions { auth: auth(), with_registry_auth: false, query_registry: false };
    engine.exchange_for(
        with_json("POST /v1.41/services/create", &json_of("r:5000/a:1"))
            .header("x-registry-auth", AUTH),
        Response::json_status(201, r#"{"ID":"9mnp","Warnings":null}"#),
    );
    docker.services().create(&options, &spec_with_image("r:5000/a:1")).unwrap();

    engine.exchange_for(
        Expected::new("POST /v1.41/services/create").any_body(),
        Response::error(409, "rpc error: code = AlreadyExists desc = name conflicts"),
    );
    let error = docker.services().create(&without_query(), &spec_with_image("a")).unwrap_err();
    assert!(matches!(error, Error::Conflict(_)), "{error:?}");

    let mut spec = spec_with_image("a");
    let placement = Placement { max_replicas: 1, ..Default::default() };
    spec.task_template.placement = Some(placement);
    let (message, needed) = too_old(pinned(&engine, 39).services().create(&without_query(), &spec));
    assert_eq!(needed, 40);
    assert!(message.contains("\"TaskTemplate.Placement.MaxReplicas\""), "{message}");
    engine.finish();
}

/// The context's credentials are sent with a service only if requested.
#[test]
fn credentials_of_context() {
    let engine = FakeEngine::unix();
    let all = [("r:5000".to_owned(), auth().unwrap())].into();
    let docker = pinned(&engine, 41).with_credentials(CredentialSource::Given(all));
    let spec = spec_with_image("r:5000/a:1");
    let response = || Response::json_status(201, r#"{"ID":"9mnp"}"#);
    engine
        .exchange_for(with_json("POST /v1.41/services/create", &json_of("r:5000/a:1")), response());
    docker.services().create(&without_query(), &spec).unwrap();
    let options = ServiceCreateOptions { with_registry_auth: true, ..without_query() };
    engine.exchange_for(
        with_json("POST /v1.41/services/create", &json_of("r:5000/a:1"))
            .header("x-registry-auth", AUTH),
        response(),
    );
    docker.services().create(&options, &spec).unwrap();
    // The query to the registry always uses them.
    engine
        .exchange_for(
            bare("GET /v1.41/distribution/r:5000/a:1/json").header("x-registry-auth", AUTH),
            Response::json(r#"{"Descriptor":{"digest":"sha256:00"}}"#),
        )
        .exchange_for(
            with_json("POST /v1.41/services/create", &json_of("r:5000/a:1@sha256:00")),
            response(),
        );
    docker.services().create(&Default::default(), &spec).unwrap();
    engine.finish();
}

#[test]
fn pins_image_to_digest() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    let response = || Response::json_status(201, r#"{"ID":"9mnp"}"#);
    let expect_query = |name: &str, found: &str| {
        engine.exchange_for(
            bare(&format!("GET /v1.41/distribution/{name}/json")),
            Response::json(found),
        );
    };
    let expect_create = |spec: &str| {
        engine.exchange_for(with_json("POST /v1.41/services/create", spec), response());
    };
    for (image, queried, sent) in [
        ("busybox", "busybox:latest", "busybox:latest@sha256:00"),
        ("busybox:1.36", "busybox:1.36", "busybox:1.36@sha256:00"),
        ("r:5000/a/b", "r:5000/a/b:latest", "r:5000/a/b:latest@sha256:00"),
    ] {
        expect_query(queried, r#"{"Descriptor":{"digest":"sha256:00"},"Platforms":null}"#);
        expect_create(&json_of(sent));
        docker.services().create(&Default::default(), &spec_with_image(image)).unwrap();
    }

    // The platforms of the image; ARM without a variant, as it stands for all of them.
    expect_query(
        "busybox:latest",
        r#"{"Descriptor":{"digest":"sha256:00"},"Platforms":[
            {"architecture":"amd64","os":"linux"},{"architecture":"arm","os":"linux","variant":"v7"}]}"#,
    );
    expect_create(concat!(
        r#"{"Name":"web","TaskTemplate":{"ContainerSpec":{"Image":"busybox:latest@sha256:00"},"#,
        r#""Placement":{"Constraints":["node.role==worker"],"#,
        r#""Platforms":[{"Architecture":"amd64","OS":"linux"},{"OS":"linux"}]}}}"#
    ));
    let mut spec = spec_with_image("busybox");
    spec.task_template.placement = Some(Placement {
        constraints: ["node.role==worker"].into(),
        platforms: vec![Platform { os: "windows".into(), ..Default::default() }],
        ..Default::default()
    });
    docker.services().create(&Default::default(), &spec).unwrap();

    // A plugin service has no container spec.
    expect_query("vieux/sshfs:latest", r#"{"Descriptor":{"digest":"sha256:00"}}"#);
    expect_create(
        r#"{"Name":"p","TaskTemplate":{"PluginSpec":{"remote":"vieux/sshfs:latest@sha256:00"}}}"#,
    );
    let plugin = PluginSpec { remote: "vieux/sshfs".into(), ..Default::default() };
    let spec = ServiceSpec {
        name: "p".into(),
        task_template: TaskSpec { plugin_spec: Some(plugin), ..Default::default() },
        ..Default::default()
    };
    docker.services().create(&Default::default(), &spec).unwrap();

    // These are not resolved by a registry.
    let id = "0123456789abcdef".repeat(4);
    for image in [&*id, ""] {
        let json = if image.is_empty() {
            r#"{"Name":"web","TaskTemplate":{"ContainerSpec":{}}}"#.to_owned()
        } else {
            json_of(image)
        };
        expect_create(&json);
        docker.services().create(&Default::default(), &spec_with_image(image)).unwrap();
    }
    engine.finish();
}

/// The service is created nevertheless, with a warning.
#[test]
fn warns_if_registry_query_fails() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    for status in [401, 403, 404, 500] {
        engine
            .exchange("GET /v1.41/distribution/a:latest/json", Response::error(status, "no such"))
            .exchange_for(
                with_json("POST /v1.41/services/create", &json_of("a:latest")),
                Response::json_status(201, r#"{"ID":"9mnp","Warnings":["theirs"]}"#),
            );
        let created = docker.services().create(&Default::default(), &spec_with_image("a")).unwrap();
        assert_eq!(created.warnings.len(), 2, "{created:?}");
        assert_eq!(created.warnings[0], "theirs");
        assert!(created.warnings[1].contains("a:latest"), "{created:?}");
        assert!(created.warnings[1].contains("no such"), "{created:?}");
    }
    engine.exchange("GET /v1.41/distribution/a:latest/json", Response::json("{}")).exchange_for(
        with_json("POST /v1.41/services/create", &json_of("a:latest")),
        Response::json_status(201, r#"{"ID":"9mnp"}"#),
    );
    let created = docker.services().create(&Default::default(), &spec_with_image("a")).unwrap();
    assert!(created.warnings[0].contains("no digest"), "{created:?}");

    // Engines before 1.30 query the registry themselves and have no endpoint for it.
    let old = pinned(&engine, 29);
    engine.accept().exchange_for(
        with_json("POST /v1.29/services/create", &json_of("a")),
        Response::json_status(201, r#"{"ID":"9mnp"}"#),
    );
    old.services().create(&Default::default(), &spec_with_image("a")).unwrap();

    // A failure of the engine is an error, and the service is not created.
    let silent = FakeEngine::unix();
    silent.expect_request(Expected::new("GET /v1.41/distribution/a:latest/json")).close();
    let error = pinned(&silent, 41)
        .services()
        .create(&Default::default(), &spec_with_image("a"))
        .unwrap_err();
    assert!(matches!(error, Error::Disconnected { .. }), "{error:?}");
    silent.finish();
    engine.finish();
}

#[test]
fn update() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    let options = ServiceUpdateOptions {
        version: u64::MAX,
        registry_auth_from: RegistryAuthFrom::PreviousSpec,
        rollback: "previous".into(),
        auth: auth(),
        with_registry_auth: true,
        query_registry: true,
    };
    let mut spec = spec_with_image("r:5000/a:1");
    spec.unknown.0.insert("New".into(), serde_json::json!({"a": [0, null]}));
    // A rollback makes no query: the previous image runs again.
    engine.exchange_for(
        with_json(
            "POST /v1.41/services/web/update?version=18446744073709551615\
             &registryAuthFrom=previous-spec&rollback=previous",
            concat!(
                r#"{"Name":"web","TaskTemplate":{"ContainerSpec":{"Image":"r:5000/a:1"}},"#,
                r#""New":{"a":[0,null]}}"#
            ),
        )
        .header("x-registry-auth", AUTH),
        Response::json(r#"{"Warnings":null}"#),
    );
    assert!(docker.services().update("web", &options, &spec).unwrap().warnings.is_empty());

    let version = |version| ServiceUpdateOptions { version, ..Default::default() };
    engine
        .exchange("GET /v1.41/distribution/a:latest/json", Response::error(404, "no such"))
        .exchange_for(
            with_json("POST /v1.41/services/web/update?version=3", &json_of("a:latest")),
            Response::json(r#"{"Warnings":["theirs"]}"#),
        );
    let updated = docker.services().update("web", &version(3), &spec_with_image("a")).unwrap();
    assert_eq!(updated.warnings.len(), 2, "{updated:?}");

    engine.exchange_for(
        Expected::new("POST /v1.41/services/web/update?version=3").any_body(),
        Response::error(500, "rpc error: code = Unknown desc = update out of sequence"),
    );
    let unresolved = ServiceUpdateOptions { query_registry: false, ..version(3) };
    let error = docker.services().update("web", &unresolved, &spec_with_image("a")).unwrap_err();
    assert!(matches!(error, Error::Conflict(_)), "{error:?}");

    let (message, needed) = too_old(pinned(&engine, 27).services().update("a", &options, &spec));
    assert_eq!(needed, 28);
    assert!(message.contains("\"rollback\" needs API 1.28"), "{message}");
    assert_eq!(too_old(pinned(&engine, 24).services().update("a", &options, &spec)).1, 25);
    engine.finish();
}

/// An unchanged image is not resolved again, even if the registry has a newer one.
#[test]
fn update_with_resolves_only_changed_images() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    let expect_inspect = |index: u64, image: &str| {
        engine.exchange_for(
            bare("GET /v1.41/services/web"),
            Response::json(format!(
                r#"{{"ID":"9mnp","Version":{{"Index":{index}}},"Spec":{{"Name":"web",
                    "TaskTemplate":{{"ContainerSpec":{{"Image":"{image}"}}}},
                    "Mode":{{"Replicated":{{"Replicas":2}}}},"New":1}}}}"#
            )),
        );
    };
    let expect_update = |index: u64, image: &str, replicas: u64, response| {
        let spec = format!(
            r#"{{"Name":"web","TaskTemplate":{{"ContainerSpec":{{"Image":"{image}"}}}},"Mode":{{"Replicated":{{"Replicas":{replicas}}}}},"New":1}}"#
        );
        let line = format!("POST /v1.41/services/web/update?version={index}");
        engine.exchange_for(with_json(&line, &spec), response);
    };
    let out_of_sequence = || Response::error(500, "update out of sequence");
    let success = || Response::json(r#"{"Warnings":null}"#);

    expect_inspect(7, "a:1");
    expect_update(7, "a:1", 3, out_of_sequence());
    expect_inspect(9, "a:1");
    expect_update(9, "a:1", 3, success());
    let calls = Cell::new(0);
    let scale = |spec: &mut ServiceSpec| {
        calls.set(calls.get() + 1);
        spec.mode = ServiceMode::replicated(3);
    };
    docker.services().update_with("web", &Default::default(), scale).unwrap();
    assert_eq!(calls.get(), 2);

    expect_inspect(10, "a:1@sha256:00");
    engine.exchange(
        "GET /v1.41/distribution/a:2/json",
        Response::json(r#"{"Descriptor":{"digest":"sha256:11"}}"#),
    );
    expect_update(10, "a:2@sha256:11", 2, success());
    let change = |spec: &mut ServiceSpec| {
        spec.task_template.container_spec.as_mut().unwrap().image = "a:2".into();
    };
    docker.services().update_with("web", &Default::default(), change).unwrap();

    expect_inspect(11, "a:1");
    expect_update(11, "a:2", 2, success());
    let options = ServiceUpdateOptions { query_registry: false, version: 99, ..Default::default() };
    docker.services().update_with("web", &options, change).unwrap();
    engine.finish();
}

#[test]
fn rollback() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    for (index, response) in [
        (7, Response::error(500, "update out of sequence")),
        (8, Response::json(r#"{"Warnings":null}"#)),
        (9, Response::error(400, "service web does not have a previous spec")),
    ] {
        let service = format!(r#"{{"Version":{{"Index":{index}}},"Spec":{{"Name":"web"}}}}"#);
        let line = format!("POST /v1.41/services/web/update?version={index}&rollback=previous");
        engine
            .exchange_for(bare("GET /v1.41/services/web"), Response::json(service))
            .exchange_for(with_json(&line, r#"{"Name":"web"}"#), response);
    }
    docker.services().rollback("web").unwrap();
    let error = docker.services().rollback("web").unwrap_err();
    assert!(matches!(error, Error::BadRequest(_)), "{error:?}");
    engine.finish();
}

#[test]
fn delete() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine
        .exchange_for(bare("DELETE /v1.41/services/web"), Response::sized(200))
        .exchange("DELETE /v1.41/services/web", Response::error(404, "service web not found"));
    docker.services().delete("web").unwrap();
    let error = docker.services().delete("web").unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    engine.finish();
}

fn all_log_options() -> ServiceLogsOptions {
    ServiceLogsOptions {
        details: true,
        follow: true,
        stdout: false,
        stderr: true,
        since: Some("1700000000.000000001".parse().unwrap()),
        timestamps: true,
        tail: Tail::Last(7),
    }
}

const ALL_LOG_OPTIONS: &str =
    "?details=1&follow=1&stderr=1&since=1700000000.000000001&timestamps=1&tail=7";

fn collect_frames(logs: Logs) -> Vec<(StdStream, String)> {
    let text = |frame: Frame| (frame.stream, String::from_utf8(frame.data).unwrap());
    logs.map(|frame| text(frame.unwrap())).collect()
}

/// Since API 1.42, the Content-Type distinguishes frames from raw output.
#[test]
fn logs() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 42);
    let framed = || {
        Response::chunked(200)
            .header("Content-Type", "application/vnd.docker.multiplexed-stream")
            .then(frame(1, "out\n"))
            .then(frame(2, "err\n"))
    };
    let raw = || {
        Response::chunked(200)
            .header("Content-Type", "application/vnd.docker.raw-stream")
            .then("from a terminal\r\n")
    };
    let both = [(StdStream::Stdout, "out\n".into()), (StdStream::Stderr, "err\n".into())];
    let terminal = [(StdStream::Stdout, "from a terminal\r\n".into())];
    engine.exchange_for(bare("GET /v1.42/services/web/logs?stdout=1&stderr=1"), framed());
    assert_eq!(collect_frames(docker.services().logs("web", &Default::default()).unwrap()), both);
    engine
        .accept()
        .exchange_for(bare(&format!("GET /v1.42/services/web/logs{ALL_LOG_OPTIONS}")), raw());
    assert_eq!(
        collect_frames(docker.services().logs("web", &all_log_options()).unwrap()),
        terminal
    );
    engine.accept().exchange_for(bare("GET /v1.42/tasks/t1/logs?stdout=1&stderr=1"), framed());
    assert_eq!(collect_frames(docker.tasks().logs("t1", &Default::default()).unwrap()), both);
    engine
        .accept()
        .exchange_for(bare(&format!("GET /v1.42/tasks/t1/logs{ALL_LOG_OPTIONS}")), raw());
    assert_eq!(collect_frames(docker.tasks().logs("t1", &all_log_options()).unwrap()), terminal);

    let silent = ServiceLogsOptions { stdout: false, stderr: false, ..Default::default() };
    for error in [
        docker.services().logs("web", &silent).unwrap_err(),
        docker.tasks().logs("t1", &silent).unwrap_err(),
    ] {
        assert!(error.to_string().contains("stdout and stderr are both off"), "{error}");
    }
    let old = pinned(&engine, 24);
    assert_eq!(too_old(old.services().logs("web", &Default::default()).map(drop)).1, 25);
    assert_eq!(too_old(old.tasks().logs("t1", &Default::default()).map(drop)).1, 29);
    engine.finish();
}

/// Before that, the TTY setting of the spec does.
#[test]
fn logs_of_older_engines() {
    let container = |tty: bool| format!(r#"{{"ContainerSpec":{{"TTY":{tty}}}}}"#);
    for (tty, sent, expected) in
        [(false, frame(1, "out\n"), "out\n"), (true, b"raw\r\n".to_vec(), "raw\r\n")]
    {
        let engine = FakeEngine::unix();
        let docker = pinned(&engine, 41);
        let logs = || Response::chunked(200).then(sent.clone());
        engine
            .exchange_for(
                bare("GET /v1.41/services/web"),
                Response::json(format!(r#"{{"Spec":{{"TaskTemplate":{}}}}}"#, container(tty))),
            )
            .exchange_for(bare("GET /v1.41/services/web/logs?stdout=1&stderr=1"), logs());
        let read_one = |logs: Logs| collect_frames(logs).remove(0).1;
        assert_eq!(read_one(docker.services().logs("web", &Default::default()).unwrap()), expected);
        engine
            .accept()
            .exchange_for(
                bare("GET /v1.41/tasks/t1"),
                Response::json(format!(r#"{{"Spec":{}}}"#, container(tty))),
            )
            .exchange_for(bare("GET /v1.41/tasks/t1/logs?stdout=1&stderr=1"), logs());
        assert_eq!(read_one(docker.tasks().logs("t1", &Default::default()).unwrap()), expected);
        engine.finish();
    }
}

#[test]
fn tasks() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(bare("GET /v1.41/tasks"), Response::json("null"));
    assert_eq!(docker.tasks().list(&Default::default()).unwrap(), []);
    let filters = Filters::new()
        .with("desired-state", "running")
        .with("id", "0kzz")
        .with("label", "a")
        .with("name", "web.1")
        .with("node", "self")
        .with("service", "web");
    engine.exchange_for(
        bare(
            "GET /v1.41/tasks?filters=%7B%22desired-state%22:%5B%22running%22%5D,\
             %22id%22:%5B%220kzz%22%5D,%22label%22:%5B%22a%22%5D,%22name%22:%5B%22web.1%22%5D,\
             %22node%22:%5B%22self%22%5D,%22service%22:%5B%22web%22%5D%7D",
        ),
        Response::json(
            r#"[{"ID":"0kzz","Slot":1,"Status":{"State":"rejected","Err":"No such image: a"},
                "DesiredState":"shutdown"}]"#,
        ),
    );
    let tasks = docker.tasks().list(&TaskListOptions { filters }).unwrap();
    assert_eq!(tasks[0].status.state, TaskState::Rejected);
    assert_eq!(tasks[0].status.err, "No such image: a");

    engine
        .exchange_for(bare("GET /v1.41/tasks/0kzz"), Response::json(r#"{"NodeID":"n1"}"#))
        .exchange("GET /v1.41/tasks/none", Response::error(404, "task none not found"));
    assert_eq!(docker.tasks().inspect("0kzz").unwrap().node_id, "n1");
    let error = docker.tasks().inspect("none").unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    engine.finish();
}

/// The registry is asked for an image with a digest, too, because it knows the platforms.
#[test]
fn an_image_with_a_digest_has_its_platforms() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    let amd64 =
        || Platform { architecture: "amd64".into(), os: "linux".into(), ..Default::default() };
    for image in ["busybox@sha256:11", "busybox:1@sha256:11", "r:5000/a@sha256:11"] {
        for (platforms, sent) in [
            (
                // Several variants and an attestation.
                r#"[{"architecture":"arm64","os":"linux","variant":"v8"},
                    {"architecture":"unknown","os":"unknown"},
                    {"architecture":"arm64","os":"linux"}]"#,
                r#","Placement":{"Platforms":[{"Architecture":"arm64","OS":"linux"}]}"#,
            ),
            // The platforms of a previous image do not stay.
            ("null", r#","Placement":{}"#),
        ] {
            // The registry may report another digest, such as that of a platform.
            let found =
                format!(r#"{{"Descriptor":{{"digest":"sha256:22"}},"Platforms":{platforms}}}"#);
            let json = format!(
                r#"{{"Name":"web","TaskTemplate":{{"ContainerSpec":{{"Image":"{image}"}}{sent}}}}}"#
            );
            let asked = format!("GET /v1.41/distribution/{image}/json");
            engine.exchange_for(bare(&asked), Response::json(found)).exchange_for(
                with_json("POST /v1.41/services/web/update?version=7", &json),
                Response::json("{}"),
            );
            let mut spec = spec_with_image(image);
            spec.task_template.placement =
                Some(Placement { platforms: vec![amd64()], ..Default::default() });
            let options = ServiceUpdateOptions { version: 7, ..Default::default() };
            let updated = docker.services().update("web", &options, &spec).unwrap();
            assert!(updated.warnings.is_empty(), "{updated:?}");
        }
    }

    // It is created all the same if the registry cannot be asked.
    engine
        .exchange("GET /v1.41/distribution/a@sha256:11/json", Response::error(401, "no such"))
        .exchange_for(
            with_json("POST /v1.41/services/create", &json_of("a@sha256:11")),
            Response::json_status(201, r#"{"ID":"9mnp"}"#),
        );
    let created =
        docker.services().create(&Default::default(), &spec_with_image("a@sha256:11")).unwrap();
    assert_eq!(
        created.warnings.to_vec(),
        [
            "a@sha256:11 could not be looked up, so its tasks may be assigned to nodes that cannot run \
          it; the registry: no such"
        ]
    );
    engine.finish();
}

/// An update to an image of another platform would wait for ever for a node of the old one.
#[test]
fn update_with_replaces_the_platforms() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    let spec = |image: &str, architecture: &str| {
        let platform = format!(r#"{{"Architecture":"{architecture}","OS":"linux"}}"#);
        format!(
            r#"{{"Name":"web","TaskTemplate":{{"ContainerSpec":{{"Image":"{image}"}},{}}}}}"#,
            format_args!(r#""Placement":{{"Platforms":[{platform}]}}"#)
        )
    };
    let old = spec("a:1@sha256:11", "amd64");
    let service = format!(r#"{{"Version":{{"Index":7}},"Spec":{old}}}"#);
    engine
        .exchange_for(bare("GET /v1.41/services/web"), Response::json(service))
        .exchange(
            "GET /v1.41/distribution/a:2@sha256:22/json",
            Response::json(
                r#"{"Descriptor":{"digest":"sha256:22"},
                    "Platforms":[{"architecture":"arm64","os":"linux"}]}"#,
            ),
        )
        .exchange_for(
            with_json("POST /v1.41/services/web/update?version=7", &spec("a:2@sha256:22", "arm64")),
            Response::json("{}"),
        );
    let change = |spec: &mut ServiceSpec| {
        spec.task_template.container_spec.as_mut().unwrap().image = "a:2@sha256:22".into();
    };
    docker.services().update_with("web", &Default::default(), change).unwrap();
    engine.finish();
}
