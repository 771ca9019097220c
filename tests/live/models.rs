//! Models preserve all fields that a real engine sends.

use std::sync::{Arc, Mutex};

use crate::helpers::{BUSYBOX, Container, LIMIT, assert_unsupported, is_podman, live, shell};
use crate::support::{eventually, is_empty};
use dockline::model::{HealthConfig, Mount, MountType};
use dockline::{
    ApiVersion, ContainerInspectOptions, ContainerListOptions, Context, Filters,
    ImageInspectOptions, ImageListOptions, SystemEventsOptions, TimeBound,
};
use serde::Serialize;
use serde_json::Value;

/// Makes a call, and checks that its model preserves all fields of the response.
#[track_caller]
fn assert_complete<T: Serialize>(
    docker: &Context,
    call: impl FnOnce(&Context) -> dockline::Result<T>,
) {
    let body = Arc::new(Mutex::new(Vec::new()));
    let watched = docker.with_result_handler({
        let body = body.clone();
        move |call| body.lock().unwrap().clone_from(&call.response_body)
    });
    let model = call(&watched).unwrap();
    let mut sent: Value = serde_json::from_slice(&body.lock().unwrap()).unwrap();
    if is_podman(docker) {
        remove_podman_fields(&mut sent);
    }
    assert_preserved(&sent, &serde_json::to_value(model).unwrap());
}

/// Removes the fields that Podman adds to the Engine API.
fn remove_podman_fields(sent: &mut Value) {
    match sent {
        Value::Object(members) => {
            if members.contains_key("History") {
                // Fields of an image.
                members.retain(|name, _| !["Digest", "History", "Names"].contains(&name.as_str()));
            }
            members.retain(|name, _| !PODMAN_FIELDS.contains(&name.as_str()));
            members.values_mut().for_each(remove_podman_fields);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_podman_fields),
        _ => {}
    }
}

const PODMAN_FIELDS: [&str; 4] =
    ["BuildahVersion", "CPURealtimePeriod", "CPURealtimeRuntime", "Uptime"];

#[track_caller]
fn assert_preserved(sent: &Value, model: &Value) {
    let mut missing = Vec::new();
    compare(sent, model, "", &mut missing);
    assert!(
        missing.is_empty(),
        "fields are missing in the model:\n{}\nof {sent:#}",
        missing.join("\n")
    );
}

/// Lists what is in `sent` but not in `model`. Empty values may be missing.
fn compare(sent: &Value, model: &Value, path: &str, missing: &mut Vec<String>) {
    match (sent, model) {
        (Value::Object(sent), Value::Object(model)) => {
            for (name, value) in sent {
                let path = format!("{path}/{name}");
                compare(value, model.get(name).unwrap_or(&Value::Null), &path, missing);
            }
        }
        (Value::Array(sent), Value::Array(model)) if sent.len() == model.len() => {
            for (index, (sent, model)) in sent.iter().zip(model).enumerate() {
                compare(sent, model, &format!("{path}/{index}"), missing);
            }
        }
        _ if is_empty(sent) || sent == model => {}
        _ => missing.push(format!("{path}: {sent}, in the model {model}")),
    }
}

#[test]
fn compare_finds_missing_fields() {
    let missing = |sent: &str, model: &str| {
        let mut missing = Vec::new();
        let value = |json: &str| serde_json::from_str(json).unwrap();
        compare(&value(sent), &value(model), "", &mut missing);
        missing
    };
    assert_eq!(missing(r#"{"a":{"b":[1]},"c":"x"}"#, r#"{"a":{"b":[1],"d":0},"c":"x"}"#), [""; 0]);
    assert_eq!(
        missing(r#"{"a":{"b":[0,null]},"c":""}"#, "{}"),
        ["/a: {\"b\":[0,null]}, in the model null"]
    );
    assert_eq!(missing(r#"{"a":{"b":[]},"c":"","d":false}"#, "{}"), [""; 0]);
    assert_eq!(missing(r#"{"a":[{"b":1}]}"#, r#"{"a":[{"b":2}]}"#), ["/a/0/b: 1, in the model 2"]);
    assert_eq!(missing(r#"{"a":[1]}"#, r#"{"a":[1,2]}"#), ["/a: [1], in the model [1,2]"]);
}

/// Returns a container with as many fields set as possible.
fn full_container(docker: &Context) -> Container {
    let mut request = shell("sleep 100");
    let config = &mut request.config;
    config.env = ["A=b"].into();
    config.labels.insert("a".into(), "b".into());
    config.volumes.insert("/volume".into(), Default::default());
    config.exposed_ports.insert("80/tcp".into(), Default::default());
    config.healthcheck = Some(HealthConfig {
        test: ["CMD", "echo", "well"].map(str::to_owned).into(),
        interval: 50_000_000,
        timeout: 30_000_000_000,
        start_period: 1_000_000,
        retries: 2,
        ..Default::default()
    });
    let host = &mut request.host_config;
    host.publish_all_ports = true;
    host.memory = 64 << 20;
    host.init = Some(true);
    host.restart_policy.name = "on-failure".into();
    host.restart_policy.maximum_retry_count = 2;
    host.mounts = vec![Mount {
        r#type: MountType::Bind,
        source: "/proc/version".into(),
        target: "/version".into(),
        ..Mount::default()
    }];
    host.tmpfs.insert("/run".into(), "size=1m".into());
    host.extra_hosts = ["other:198.18.255.2"].into();
    let container = Container::create(docker, &request);
    container.start();
    // Podman runs health checks with systemd, which may be missing.
    let has_checks = !is_podman(docker);
    eventually(LIMIT, "the health check has run", || {
        !has_checks || container.inspect().state.health.is_some_and(|health| !health.log.is_empty())
    });
    container
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn system() {
    live(|docker| {
        assert_complete(docker, |docker| docker.system().version());
        assert_complete(docker, |docker| docker.system().info());
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn containers() {
    live(|docker| {
        let container = full_container(docker);
        let inspect = |size| {
            let options = ContainerInspectOptions { size };
            assert_complete(docker, |docker| docker.containers().inspect(&container.id, &options));
        };
        let list = |size| {
            let filters = Filters::new().with("id", &container.id);
            let options = ContainerListOptions { all: true, size, filters, ..Default::default() };
            assert_complete(docker, |docker| docker.containers().list(&options));
        };
        inspect(true);
        list(true);
        container.stop();
        inspect(false);
        list(false);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn images() {
    live(|docker| {
        let version = docker.api_version().unwrap();
        let manifests = version >= ApiVersion::new(1, 48);
        for manifests in [false, manifests] {
            let options = ImageInspectOptions { manifests, ..Default::default() };
            assert_complete(docker, |docker| docker.images().inspect(BUSYBOX, &options));
        }
        let options = ImageListOptions {
            all: true,
            digests: !is_podman(docker),
            shared_size: version >= ApiVersion::new(1, 42),
            manifests,
            filters: Filters::new().with("reference", BUSYBOX),
            ..Default::default()
        };
        assert_complete(docker, |docker| docker.images().list(&options));
        if is_podman(docker) {
            // Podman returns 200 with an empty body.
            let options = ImageListOptions { digests: true, ..Default::default() };
            let error = docker.images().list(&options).unwrap_err();
            assert_unsupported(&error, "expected JSON, got an empty response");
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn events() {
    live(|docker| {
        let container = Container::run(docker, "exit 3");
        container.wait();
        // The last event may be sent after the wait has returned. Podman returns no events if
        // `until` is in the past.
        let end = std::time::SystemTime::now() + std::time::Duration::from_secs(5);
        let options = SystemEventsOptions {
            since: Some(TimeBound::ago(std::time::Duration::from_secs(60))),
            until: Some(TimeBound::from(end)),
            filters: Filters::new().with("container", &container.id),
        };
        let body = Arc::new(Mutex::new(Vec::new()));
        let watched = docker.with_result_handler({
            let body = body.clone();
            move |call| body.lock().unwrap().clone_from(&call.response_body)
        });
        let events: Vec<_> =
            watched.system().events(&options).unwrap().map(Result::unwrap).collect();
        let body = body.lock().unwrap();
        let sent: Vec<Value> =
            serde_json::Deserializer::from_slice(&body).into_iter().map(Result::unwrap).collect();
        assert!(sent.len() >= 3, "{sent:?}");
        assert_preserved(&Value::from(sent), &serde_json::to_value(events).unwrap());
    });
}
