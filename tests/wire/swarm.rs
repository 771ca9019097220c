//! Swarm: the exact requests, and what is read from the responses.

use std::cell::Cell;
use std::sync::{Arc, Mutex};

use crate::support::*;
use dockline::model::{
    Driver, ExternalCa, NodeAvailability, SwarmCaConfig, SwarmDispatcher, SwarmEncryptionConfig,
    SwarmInitRequest, SwarmJoinRequest, SwarmOrchestration, SwarmRaft, SwarmSpec,
    SwarmTaskDefaults, SwarmUnlockRequest,
};
use dockline::{CallResult, Error, SwarmLeaveOptions, SwarmUpdateOptions};

/// All fields and an unknown one.
fn spec() -> SwarmSpec {
    let mut spec = SwarmSpec {
        name: "default".into(),
        labels: [("a", "b".to_owned())].into(),
        orchestration: SwarmOrchestration {
            task_history_retention_limit: Some(-1),
            unknown: Default::default(),
        },
        raft: SwarmRaft {
            snapshot_interval: 10_000,
            keep_old_snapshots: Some(0),
            log_entries_for_slow_followers: 500,
            election_tick: 10,
            heartbeat_tick: 1,
            unknown: Default::default(),
        },
        dispatcher: SwarmDispatcher {
            heartbeat_period: 5_000_000_000,
            unknown: Default::default(),
        },
        ca_config: SwarmCaConfig {
            node_cert_expiry: 7_776_000_000_000_000,
            external_cas: vec![ExternalCa {
                protocol: "cfssl".into(),
                url: "https://ca".into(),
                options: [("o", "1".to_owned())].into(),
                ca_cert: "PEM".into(),
                unknown: Default::default(),
            }],
            signing_ca_cert: "CERT".into(),
            signing_ca_key: "KEY".into(),
            force_rotate: 1,
            unknown: Default::default(),
        },
        encryption_config: SwarmEncryptionConfig {
            auto_lock_managers: true,
            unknown: Default::default(),
        },
        task_defaults: SwarmTaskDefaults {
            log_driver: Some(Driver { name: "json-file".into(), ..Default::default() }),
            unknown: Default::default(),
        },
        unknown: Default::default(),
    };
    spec.unknown.0.insert("New".into(), serde_json::json!({"a": [0, null]}));
    spec
}

const SPEC: &str = concat!(
    r#"{"Name":"default","Labels":{"a":"b"},"Orchestration":{"TaskHistoryRetentionLimit":-1},"#,
    r#""Raft":{"SnapshotInterval":10000,"KeepOldSnapshots":0,"LogEntriesForSlowFollowers":500,"#,
    r#""ElectionTick":10,"HeartbeatTick":1},"Dispatcher":{"HeartbeatPeriod":5000000000},"#,
    r#""CAConfig":{"NodeCertExpiry":7776000000000000,"ExternalCAs":[{"Protocol":"cfssl","#,
    r#""URL":"https://ca","Options":{"o":"1"},"CACert":"PEM"}],"SigningCACert":"CERT","#,
    r#""SigningCAKey":"KEY","ForceRotate":1},"EncryptionConfig":{"AutoLockManagers":true},"#,
    r#""TaskDefaults":{"LogDriver":{"Name":"json-file"}},"New":{"a":[0,null]}}"#,
);

#[test]
fn inspect() {
    let engine = FakeEngine::unix();
    engine.exchange_for(
        bare("GET /v1.41/swarm"),
        Response::json(format!(
            r#"{{"ID":"abaj","Version":{{"Index":18446744073709551615}},"Spec":{SPEC},
                "DefaultAddrPool":null,"SubnetSize":24,"DataPathPort":4789,
                "JoinTokens":{{"Worker":"SWMTKN-1-w","Manager":"SWMTKN-1-m"}}}}"#
        )),
    );
    let swarm = pinned(&engine, 41).swarm().inspect().unwrap();
    assert_eq!((swarm.id.as_str(), swarm.version.index), ("abaj", u64::MAX));
    assert_eq!(swarm.spec, spec());
    assert_eq!((swarm.default_addr_pool.len(), swarm.data_path_port), (0, 4789));
    assert_eq!(swarm.join_tokens.worker, "SWMTKN-1-w");
    assert_eq!(swarm.join_tokens.manager, "SWMTKN-1-m");
    engine.finish();
}

#[test]
fn init() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(
        with_json("POST /v1.41/swarm/init", r#"{"ListenAddr":"0.0.0.0:2377"}"#),
        Response::json("\"7v2t30z9blmxuhnyo6s4cpenp\"\n"),
    );
    let node = docker.swarm().init(&Default::default()).unwrap();
    assert_eq!(node, "7v2t30z9blmxuhnyo6s4cpenp");

    let body = SwarmInitRequest {
        listen_addr: "eth0:2378".into(),
        advertise_addr: "10.0.0.1:2379".into(),
        data_path_addr: "eth1".into(),
        data_path_port: 4790,
        default_addr_pool: ["10.10.0.0/16"].into(),
        force_new_cluster: true,
        subnet_size: 25,
        spec: spec(),
        auto_lock_managers: true,
        availability: NodeAvailability::Drain,
    };
    engine.exchange_for(
        with_json(
            "POST /v1.41/swarm/init",
            &format!(
                concat!(
                    r#"{{"ListenAddr":"eth0:2378","AdvertiseAddr":"10.0.0.1:2379","#,
                    r#""DataPathAddr":"eth1","DataPathPort":4790,"#,
                    r#""DefaultAddrPool":["10.10.0.0/16"],"ForceNewCluster":true,"#,
                    r#""SubnetSize":25,"Spec":{},"AutoLockManagers":true,"#,
                    r#""Availability":"drain"}}"#,
                ),
                SPEC
            ),
        ),
        Response::json(r#""n1""#),
    );
    assert_eq!(docker.swarm().init(&body).unwrap(), "n1");

    let message = "This node is already part of a swarm. Use \"docker swarm leave\" to leave it.";
    engine.exchange_for(
        Expected::new("POST /v1.41/swarm/init").any_body(),
        Response::error(503, message),
    );
    let error = docker.swarm().init(&Default::default()).unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "{error:?}");

    let (message, needed) = too_old(pinned(&engine, 39).swarm().init(&body));
    assert_eq!(needed, 40);
    assert!(message.contains("\"DataPathPort\" needs API 1.40"), "{message}");
    engine.finish();
}

#[test]
fn join() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    let plain = SwarmJoinRequest {
        remote_addrs: ["10.0.0.1:2377"].into(),
        join_token: "SWMTKN-1-w".into(),
        ..Default::default()
    };
    engine.exchange_for(
        with_json(
            "POST /v1.41/swarm/join",
            concat!(
                r#"{"ListenAddr":"0.0.0.0:2377","RemoteAddrs":["10.0.0.1:2377"],"#,
                r#""JoinToken":"SWMTKN-1-w"}"#
            ),
        ),
        Response::sized(200),
    );
    docker.swarm().join(&plain).unwrap();
    let body = SwarmJoinRequest {
        listen_addr: "eth0:2378".into(),
        advertise_addr: "10.0.0.2".into(),
        data_path_addr: "eth1".into(),
        remote_addrs: ["10.0.0.1:2377", "m2:2377"].into(),
        join_token: "SWMTKN-1-m".into(),
        availability: NodeAvailability::Pause,
    };
    engine.exchange_for(
        with_json(
            "POST /v1.41/swarm/join",
            concat!(
                r#"{"ListenAddr":"eth0:2378","AdvertiseAddr":"10.0.0.2","DataPathAddr":"eth1","#,
                r#""RemoteAddrs":["10.0.0.1:2377","m2:2377"],"JoinToken":"SWMTKN-1-m","#,
                r#""Availability":"pause"}"#
            ),
        ),
        Response::sized(200),
    );
    docker.swarm().join(&body).unwrap();

    let without_addresses = SwarmJoinRequest { remote_addrs: Default::default(), ..plain.clone() };
    let error = docker.swarm().join(&without_addresses).unwrap_err();
    assert_eq!(error.to_string(), "SwarmJoin: RemoteAddrs is empty: give the address of a manager");
    let without_token = SwarmJoinRequest { join_token: Default::default(), ..plain };
    let error = docker.swarm().join(&without_token).unwrap_err();
    assert!(error.to_string().contains("JoinToken is empty"), "{error}");
    let (message, needed) = too_old(pinned(&engine, 29).swarm().join(&body));
    assert_eq!(needed, 30);
    assert!(message.contains("\"DataPathAddr\" needs API 1.30"), "{message}");
    engine.finish();
}

#[test]
fn leave() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(bare("POST /v1.41/swarm/leave"), Response::sized(200));
    docker.swarm().leave(&Default::default()).unwrap();
    engine.exchange_for(bare("POST /v1.41/swarm/leave?force=1"), Response::sized(200));
    docker.swarm().leave(&SwarmLeaveOptions { force: true }).unwrap();
    let message = "This node is not part of a swarm";
    engine.exchange("POST /v1.41/swarm/leave", Response::error(503, message));
    let error = docker.swarm().leave(&Default::default()).unwrap_err();
    assert!(matches!(error, Error::NoSwarm(_)), "{error:?}");
    engine.finish();
}

#[test]
fn update() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    let options = SwarmUpdateOptions {
        version: u64::MAX,
        rotate_worker_token: true,
        rotate_manager_token: true,
        rotate_manager_unlock_key: true,
    };
    engine.exchange_for(
        with_json(
            "POST /v1.41/swarm/update?version=18446744073709551615&rotateWorkerToken=1\
             &rotateManagerToken=1&rotateManagerUnlockKey=1",
            SPEC,
        ),
        Response::sized(200),
    );
    docker.swarm().update(&options, &spec()).unwrap();
    engine
        .exchange_for(with_json("POST /v1.41/swarm/update?version=0", "{}"), Response::sized(200));
    docker.swarm().update(&Default::default(), &Default::default()).unwrap();

    let (message, needed) = too_old(pinned(&engine, 24).swarm().update(&options, &spec()));
    assert_eq!(needed, 25);
    assert!(message.contains("\"rotateManagerUnlockKey\" needs API 1.25"), "{message}");
    engine.finish();
}

const OUT_OF_SEQUENCE: &str = "rpc error: code = Unknown desc = update out of sequence";

/// The spec is sent back completely with the version that was read; a stale version is read again.
#[test]
fn update_with_retries_on_conflict() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    let expect_inspect = |index: u64, labels: &str| {
        let swarm = format!(
            r#"{{"Version":{{"Index":{index}}},
                "Spec":{{"Name":"default","Labels":{labels},"New":[7]}}}}"#
        );
        engine.exchange_for(bare("GET /v1.41/swarm"), Response::json(swarm));
    };
    let expect_update = |line: &str, labels: &str, response| {
        let spec = format!(r#"{{"Name":"default","Labels":{labels},"New":[7]}}"#);
        engine.exchange_for(with_json(line, &spec), response);
    };
    expect_inspect(10, "{}");
    expect_update(
        "POST /v1.41/swarm/update?version=10&rotateWorkerToken=1",
        r#"{"mine":"1"}"#,
        Response::error(500, OUT_OF_SEQUENCE),
    );
    expect_inspect(12, r#"{"theirs":"1"}"#);
    expect_update(
        "POST /v1.41/swarm/update?version=12&rotateWorkerToken=1",
        r#"{"mine":"2","theirs":"1"}"#,
        Response::sized(200),
    );
    let options = SwarmUpdateOptions { rotate_worker_token: true, ..Default::default() };
    let calls = Cell::new(0);
    let change = |spec: &mut SwarmSpec| {
        calls.set(calls.get() + 1);
        spec.labels.insert("mine".into(), calls.get().to_string());
    };
    docker.swarm().update_with(&options, change).unwrap();
    assert_eq!(calls.get(), 2);

    // Only a stale version is retried.
    for (status, message) in [(409, "name conflicts with an existing object"), (500, "no leader")] {
        expect_inspect(12, r#"{"a":"b"}"#);
        expect_update(
            "POST /v1.41/swarm/update?version=12",
            r#"{"a":"b"}"#,
            Response::error(status, message),
        );
        let error = docker.swarm().update_with(&Default::default(), |_| ()).unwrap_err();
        assert_eq!((error.operation(), error.status()), ("SwarmUpdate", Some(status)));
    }
    engine.finish();
}

/// A conflict that persists is reported in the end.
#[test]
fn update_with_gives_up() {
    let engine = FakeEngine::unix();
    for index in 0..10 {
        let swarm = format!(r#"{{"Version":{{"Index":{index}}}}}"#);
        engine.exchange("GET /v1.41/swarm", Response::json(swarm)).exchange_for(
            Expected::new(&format!("POST /v1.41/swarm/update?version={index}")).any_body(),
            Response::error(500, OUT_OF_SEQUENCE),
        );
    }
    let calls = Cell::new(0);
    let docker = pinned(&engine, 41);
    let result = docker.swarm().update_with(&Default::default(), |_| calls.set(calls.get() + 1));
    let error = result.unwrap_err();
    assert!(matches!(&error, Error::Conflict(it) if it.message == OUT_OF_SEQUENCE), "{error:?}");
    assert_eq!(calls.get(), 10);
    engine.finish();
}

#[test]
fn unlock() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(
        bare("GET /v1.41/swarm/unlockkey"),
        Response::json(r#"{"UnlockKey":"SWMKEY-1-7c37"}"#),
    );
    assert_eq!(docker.swarm().unlockkey().unwrap().unlock_key, "SWMKEY-1-7c37");
    engine.exchange_for(bare("GET /v1.41/swarm/unlockkey"), Response::json("{}"));
    assert_eq!(docker.swarm().unlockkey().unwrap().unlock_key, "");

    let body = SwarmUnlockRequest { unlock_key: "SWMKEY-1-7c37".into() };
    engine.exchange_for(
        with_json("POST /v1.41/swarm/unlock", r#"{"UnlockKey":"SWMKEY-1-7c37"}"#),
        Response::sized(200),
    );
    docker.swarm().unlock(&body).unwrap();
    engine.exchange_for(
        Expected::new("POST /v1.41/swarm/unlock").any_body(),
        Response::error(401, "swarm could not be unlocked: invalid key provided"),
    );
    let error = docker.swarm().unlock(&body).unwrap_err();
    assert!(matches!(error, Error::Unauthorized(_)), "{error:?}");
    let error = docker.swarm().unlock(&Default::default()).unwrap_err();
    assert!(error.to_string().contains("UnlockKey is empty"), "{error}");
    let old = pinned(&engine, 24);
    assert_eq!(too_old(old.swarm().unlockkey()).1, 25);
    assert_eq!(too_old(old.swarm().unlock(&body)).1, 25);
    engine.finish();
}

/// Results must not allow a reader to join the swarm.
#[test]
fn secrets_are_redacted() {
    for reveal in [false, true] {
        let engine = FakeEngine::unix();
        let results: Arc<Mutex<Vec<CallResult>>> = Arc::default();
        let docker = client(&engine.host())
            .api_version("1.41".parse().unwrap())
            .reveal_secrets(reveal)
            .on_result({
                let results = results.clone();
                move |result| results.lock().unwrap().push(result.clone())
            })
            .build()
            .unwrap();
        let swarm = r#"{"ID":"abaj","JoinTokens":{"Worker":"SWMTKN-1-w-s3cret","Manager":"SWMTKN-1-m-s3cret"}}"#;
        engine
            .exchange("GET /v1.41/swarm", Response::json(swarm))
            .exchange("GET /v1.41/swarm/unlockkey", Response::json(r#"{"UnlockKey":"s3cret"}"#))
            .exchange_for(
                Expected::new("POST /v1.41/swarm/unlock").any_body(),
                Response::sized(200),
            )
            .exchange_for(Expected::new("POST /v1.41/swarm/join").any_body(), Response::sized(200))
            .exchange_for(
                Expected::new("POST /v1.41/swarm/init").any_body(),
                Response::json("\"n\""),
            )
            .exchange_for(
                Expected::new("POST /v1.41/swarm/update?version=0").any_body(),
                Response::sized(200),
            );
        docker.swarm().inspect().unwrap();
        docker.swarm().unlockkey().unwrap();
        docker.swarm().unlock(&SwarmUnlockRequest { unlock_key: "s3cret".into() }).unwrap();
        let join = SwarmJoinRequest {
            remote_addrs: ["a"].into(),
            join_token: "s3cret".into(),
            ..Default::default()
        };
        docker.swarm().join(&join).unwrap();
        let ca_config = SwarmCaConfig { signing_ca_key: "s3cret".into(), ..Default::default() };
        let spec = SwarmSpec { ca_config, ..Default::default() };
        let init = SwarmInitRequest { spec: spec.clone(), ..Default::default() };
        docker.swarm().init(&init).unwrap();
        docker.swarm().update(&Default::default(), &spec).unwrap();
        engine.finish();

        let results = results.lock().unwrap();
        assert_eq!(results.len(), 6);
        for result in &*results {
            let shown = format!("{} {}", text(&result.request_body), text(&result.response_body));
            assert_eq!(shown.contains("s3cret"), reveal, "{}: {shown}", result.operation);
            assert_ne!(shown.contains("[redacted]"), reveal, "{}: {shown}", result.operation);
        }
        if !reveal {
            // The rest of the response is kept.
            let shown = text(&results[0].response_body);
            let redacted =
                r#"{"ID":"abaj","JoinTokens":{"Worker":"[redacted]","Manager":"[redacted]"}}"#;
            assert!(shown.starts_with(redacted), "{shown}");
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
