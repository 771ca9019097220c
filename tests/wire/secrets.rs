//! Secrets: the exact requests, what is read from the responses, and redaction.

use std::sync::{Arc, Mutex};

use crate::support::{Expected, FakeEngine, Response, bare, client, pinned, too_old, with_json};
use dockline::model::{Driver, SecretSpec};
use dockline::{ApiVersion, Error, Filters, SecretListOptions, SecretUpdateOptions};

/// As engines send it, with two unknown fields.
const SECRET: &str = r#"{"ID":"s1","Version":{"Index":18446744073709551615},
    "CreatedAt":"2026-01-02T03:04:05.6Z","UpdatedAt":"2026-01-02T03:04:06Z","Invented":1,
    "Spec":{"Name":"db","Labels":{"a":"b"},"Driver":{"Name":"vault","Options":{"path":"x"}},
    "Templating":{"Name":"golang"},"Invented":{"Tomorrow":[0,null]}}}"#;

#[test]
fn list() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 25);
    engine.exchange_for(bare("GET /v1.25/secrets"), Response::json("null"));
    assert!(docker.secrets().list(&Default::default()).unwrap().is_empty());
    let filters = Filters::new().with("id", "s").with("label", "a=b").with("names", "db");
    engine.exchange_for(
        bare(
            "GET /v1.25/secrets?filters=%7B%22id%22:%5B%22s%22%5D,%22label%22:%5B%22a%3Db%22%5D,\
             %22names%22:%5B%22db%22%5D%7D",
        ),
        Response::json(format!("[{SECRET}]")),
    );
    let found = docker.secrets().list(&SecretListOptions { filters }).unwrap();
    assert_eq!((&*found[0].id, found[0].version.index), ("s1", u64::MAX));
    engine.finish();
}

#[test]
fn create() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 37);
    let spec = SecretSpec {
        name: "db".into(),
        labels: [("a", "b".to_owned())].into(),
        data: vec![0xfb, 0xff, 0xfe, 0].into(),
        driver: Some(Driver {
            name: "vault".into(),
            options: [("path", "x".to_owned())].into(),
            ..Default::default()
        }),
        templating: Some(Driver { name: "golang".into(), ..Default::default() }),
        ..Default::default()
    };
    engine.exchange_for(
        with_json(
            "POST /v1.37/secrets/create",
            r#"{"Name":"db","Labels":{"a":"b"},"Data":"+//+AA==","Driver":{"Name":"vault","Options":{"path":"x"}},"Templating":{"Name":"golang"}}"#,
        ),
        Response::json_status(201, r#"{"ID":"s1"}"#),
    );
    assert_eq!(docker.secrets().create(&spec).unwrap().id, "s1");

    // Engines send `ID`; their API definition has `Id`.
    engine.exchange_for(
        with_json("POST /v1.37/secrets/create", r#"{"Name":"db"}"#),
        Response::json_status(201, r#"{"Id":"s2"}"#),
    );
    let bare = SecretSpec { name: "db".into(), ..Default::default() };
    assert_eq!(docker.secrets().create(&bare).unwrap().id, "s2");

    engine.exchange_for(
        Expected::new("POST /v1.37/secrets/create").any_body(),
        Response::error(409, "rpc error: code = AlreadyExists desc = secret db already exists"),
    );
    assert!(matches!(docker.secrets().create(&bare).unwrap_err(), Error::Conflict(_)));

    let error = docker.secrets().create(&Default::default()).unwrap_err();
    assert_eq!(error.to_string(), "SecretCreate: the name of the secret is empty");
    for (minor, field, since) in
        [(24, "the operation", 25), (30, "Driver", 31), (36, "Templating", 37)]
    {
        let (message, needed) = too_old(pinned(&engine, minor).secrets().create(&spec));
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
    engine.exchange_for(bare("GET /v1.37/secrets/db"), Response::json(SECRET));
    let mut secret = docker.secrets().inspect("db").unwrap();
    assert_eq!(secret.created_at.as_str(), "2026-01-02T03:04:05.6Z");
    secret.spec.labels.insert("c".into(), "d".into());
    engine.exchange_for(
        with_json(
            "POST /v1.37/secrets/s1/update?version=18446744073709551615",
            r#"{"Name":"db","Labels":{"a":"b","c":"d"},"Driver":{"Name":"vault","Options":{"path":"x"}},"Templating":{"Name":"golang"},"Invented":{"Tomorrow":[0,null]}}"#,
        ),
        Response::sized(200),
    );
    let options = SecretUpdateOptions { version: secret.version.index };
    docker.secrets().update(&secret.id, &options, &secret.spec).unwrap();
    let (_, needed) = too_old(pinned(&engine, 25).secrets().update("s1", &options, &secret.spec));
    assert_eq!(needed, 26);
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
        let secret = format!(
            r#"{{"Version":{{"Index":{index}}},"Spec":{{"Name":"s","Labels":{{"theirs":"{theirs}"}},"New":0}}}}"#
        );
        engine.exchange_for(bare("GET /v1.41/secrets/s"), Response::json(secret));
        engine.exchange_for(
            with_json(
                &format!("POST /v1.41/secrets/s/update?version={index}"),
                &format!(r#"{{"Name":"s","Labels":{{"ours":"3","theirs":"{theirs}"}},"New":0}}"#),
            ),
            response,
        );
    }
    let change = |spec: &mut SecretSpec| drop(spec.labels.insert("ours".into(), "3".into()));
    docker.secrets().update_with("s", change).unwrap();
    engine.exchange_for(bare("GET /v1.41/secrets/s"), Response::error(404, "secret s not found"));
    let error = docker.secrets().update_with("s", |_| panic!("no such secret")).unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    engine.finish();
}

#[test]
fn delete() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(bare("DELETE /v1.41/secrets/db"), Response::empty(204));
    docker.secrets().delete("db").unwrap();
    engine.exchange_for(
        bare("DELETE /v1.41/secrets/db"),
        Response::error(400, "secret 'db' is in use by the following service: web"),
    );
    assert!(matches!(docker.secrets().delete("db").unwrap_err(), Error::BadRequest(_)));
    engine.finish();
}

/// The value is neither in `Debug` nor in the results of a handler, unless it is revealed.
#[test]
fn value_is_redacted() {
    let spec = SecretSpec { name: "db".into(), data: "hunter2".into(), ..SecretSpec::default() };
    let encoded = r#"{"Name":"db","Data":"aHVudGVyMg=="}"#;
    assert!(!format!("{spec:?}").contains("hunter2") && !format!("{spec:?}").contains("aHVud"));
    for (reveal, body) in [(false, "[redacted]"), (true, encoded)] {
        let engine = FakeEngine::unix();
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let docker = client(&engine.host())
            .api_version(ApiVersion::new(1, 41))
            .reveal_secrets(reveal)
            .on_result({
                let bodies = bodies.clone();
                move |result| {
                    bodies.lock().unwrap().push(result.request_body.to_vec());
                    assert!(reveal || !format!("{result:?}").contains("aHVud"), "{result:?}");
                }
            })
            .build()
            .unwrap();
        engine.exchange_for(
            with_json("POST /v1.41/secrets/create", encoded),
            Response::json_status(201, r#"{"ID":"s1"}"#),
        );
        docker.secrets().create(&spec).unwrap();
        engine.exchange_for(
            with_json("POST /v1.41/secrets/s1/update?version=7", encoded),
            Response::error(400, "only updates to Labels are allowed"),
        );
        let options = SecretUpdateOptions { version: 7 };
        let error = docker.secrets().update("s1", &options, &spec).unwrap_err();
        assert!(matches!(error, Error::BadRequest(_)), "{error:?}");
        let bodies = bodies.lock().unwrap();
        assert_eq!(*bodies, [body.as_bytes(), body.as_bytes()]);
        engine.finish();
    }
}
