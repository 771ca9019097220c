//! Configs: the exact requests, and what is read from the responses.

use crate::support::{FakeEngine, Response, bare, pinned, too_old, with_json};
use dockline::model::{ConfigSpec, Driver};
use dockline::{ConfigListOptions, ConfigUpdateOptions, Error, Filters};

#[test]
fn list() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 30);
    engine.exchange_for(bare("GET /v1.30/configs"), Response::json("null"));
    assert!(docker.configs().list(&Default::default()).unwrap().is_empty());
    let filters = Filters::new().with("name", "ng");
    engine.exchange_for(
        bare("GET /v1.30/configs?filters=%7B%22name%22:%5B%22ng%22%5D%7D"),
        Response::json(r#"[{"ID":"c1","Spec":{"Name":"nginx","Data":"+//+AA=="}},{"Spec":null}]"#),
    );
    let found = docker.configs().list(&ConfigListOptions { filters }).unwrap();
    assert_eq!((&*found[0].id, &*found[0].spec.name), ("c1", "nginx"));
    assert_eq!(found[0].spec.data.0, [0xfb, 0xff, 0xfe, 0]);
    engine.finish();
}

#[test]
fn create() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 37);
    let spec = ConfigSpec {
        name: "nginx".into(),
        labels: [("a", "b".to_owned())].into(),
        data: "listen".into(),
        templating: Some(Driver { name: "golang".into(), ..Default::default() }),
        ..Default::default()
    };
    engine.exchange_for(
        with_json(
            "POST /v1.37/configs/create",
            r#"{"Name":"nginx","Labels":{"a":"b"},"Data":"bGlzdGVu","Templating":{"Name":"golang"}}"#,
        ),
        Response::json_status(201, r#"{"ID":"c1"}"#),
    );
    assert_eq!(docker.configs().create(&spec).unwrap().id, "c1");
    let error = docker.configs().create(&Default::default()).unwrap_err();
    assert_eq!(error.to_string(), "ConfigCreate: the name of the config is empty");
    for (minor, field, since) in [(29, "the operation", 30), (36, "Templating", 37)] {
        let (message, needed) = too_old(pinned(&engine, minor).configs().create(&spec));
        assert!(message.contains(field), "{message}");
        assert_eq!(needed, since);
    }
    engine.finish();
}

/// Fields that were read and not changed are sent back as received, unknown ones included.
#[test]
fn update() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 37);
    engine.exchange_for(
        bare("GET /v1.37/configs/nginx"),
        Response::json(
            r#"{"ID":"c1","Version":{"Index":7},"Spec":{"Name":"nginx","Labels":{},
                "Data":"bGlzdGVu","Templating":{"Name":"golang","Options":{"a":"b"}},
                "Invented":{"Tomorrow":[0,null]}}}"#,
        ),
    );
    let mut config = docker.configs().inspect("nginx").unwrap();
    config.spec.labels.insert("a".into(), "b".into());
    engine.exchange_for(
        with_json(
            "POST /v1.37/configs/c1/update?version=7",
            r#"{"Name":"nginx","Labels":{"a":"b"},"Data":"bGlzdGVu","Templating":{"Name":"golang","Options":{"a":"b"}},"Invented":{"Tomorrow":[0,null]}}"#,
        ),
        Response::sized(200),
    );
    let options = ConfigUpdateOptions { version: config.version.index };
    docker.configs().update(&config.id, &options, &config.spec).unwrap();
    engine.finish();
}

/// A stale version is read again and retried, and concurrent changes are kept.
#[test]
fn update_with_retries_on_conflict() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    for (index, theirs, response) in [
        (7, "1", Response::error(500, "rpc error: update out of sequence")),
        (8, "2", Response::sized(200)),
    ] {
        let config = format!(
            r#"{{"Version":{{"Index":{index}}},"Spec":{{"Name":"s","Labels":{{"theirs":"{theirs}"}},"New":0}}}}"#
        );
        engine.exchange_for(bare("GET /v1.41/configs/s"), Response::json(config));
        engine.exchange_for(
            with_json(
                &format!("POST /v1.41/configs/s/update?version={index}"),
                &format!(r#"{{"Name":"s","Labels":{{"ours":"3","theirs":"{theirs}"}},"New":0}}"#),
            ),
            response,
        );
    }
    let change = |spec: &mut ConfigSpec| drop(spec.labels.insert("ours".into(), "3".into()));
    docker.configs().update_with("s", change).unwrap();
    engine.exchange_for(bare("GET /v1.41/configs/s"), Response::error(404, "config s not found"));
    let error = docker.configs().update_with("s", |_| panic!("no such config")).unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    engine.finish();
}

#[test]
fn delete() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(bare("DELETE /v1.41/configs/nginx"), Response::empty(204));
    docker.configs().delete("nginx").unwrap();
    engine.exchange_for(
        bare("DELETE /v1.41/configs/nginx"),
        Response::error(503, "This node is not a swarm manager."),
    );
    assert!(matches!(docker.configs().delete("nginx").unwrap_err(), Error::NotManager(_)));
    engine.finish();
}
