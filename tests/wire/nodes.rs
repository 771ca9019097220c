//! Swarm nodes: the exact requests, and what is read from the responses.

use crate::support::{Expected, FakeEngine, Response, bare, pinned, with_json};
use dockline::model::{NodeAvailability, NodeRole, NodeSpec, NodeState, Reachability};
use dockline::{Error, Filters, NodeDeleteOptions, NodeListOptions, NodeUpdateOptions};

#[test]
fn list() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(bare("GET /v1.41/nodes"), Response::json("null"));
    assert_eq!(docker.nodes().list(&Default::default()).unwrap(), []);

    let filters = Filters::new()
        .with("id", "24if")
        .with("label", "a=b")
        .with("membership", "accepted")
        .with("name", "m1")
        .with("node.label", "c")
        .with("role", "manager");
    engine.exchange_for(
        bare(
            "GET /v1.41/nodes?filters=%7B%22id%22:%5B%2224if%22%5D,\
             %22label%22:%5B%22a%3Db%22%5D,%22membership%22:%5B%22accepted%22%5D,\
             %22name%22:%5B%22m1%22%5D,%22node.label%22:%5B%22c%22%5D,\
             %22role%22:%5B%22manager%22%5D%7D",
        ),
        Response::json(
            r#"[{"ID":"24if","Spec":{"Labels":null,"Role":"manager","Availability":"active"},
                "Description":{"Hostname":"m1","Engine":{"EngineVersion":"20.10.24"}},
                "Status":{"State":"ready","Addr":"10.0.0.1"},
                "ManagerStatus":{"Leader":true,"Reachability":"reachable","Addr":"10.0.0.1:2377"}},
               {"ID":"8x9","Status":{"State":"asleep"},"ManagerStatus":null}]"#,
        ),
    );
    let nodes = docker.nodes().list(&NodeListOptions { filters }).unwrap();
    assert_eq!(
        (&*nodes[0].description.hostname, &nodes[0].status.state),
        ("m1", &NodeState::Ready)
    );
    let manager = nodes[0].manager_status.as_ref().unwrap();
    assert!(manager.leader && manager.reachability == Reachability::Reachable);
    assert_eq!(nodes[1].status.state.as_str(), "asleep");
    assert_eq!(nodes[1].manager_status, None);
    engine.finish();
}

#[test]
fn inspect() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(
        bare("GET /v1.41/nodes/self"),
        Response::json(r#"{"ID":"24if","Version":{"Index":373531},"Spec":{"Role":"worker"}}"#),
    );
    let node = docker.nodes().inspect("self").unwrap();
    assert_eq!((node.version.index, node.spec.role), (373_531, NodeRole::Worker));

    engine.exchange("GET /v1.41/nodes/none", Response::error(404, "node none not found"));
    let error = docker.nodes().inspect("none").unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    engine.exchange(
        "GET /v1.41/nodes/m1",
        Response::error(503, "This node is not a swarm manager. Worker nodes can't be used."),
    );
    let error = docker.nodes().inspect("m1").unwrap_err();
    assert!(matches!(error, Error::NotManager(_)), "{error:?}");
    let error = docker.nodes().inspect("").unwrap_err();
    assert_eq!(error.to_string(), "NodeInspect: the name or ID is empty");
    engine.finish();
}

#[test]
fn delete() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(bare("DELETE /v1.41/nodes/24if"), Response::sized(200));
    docker.nodes().delete("24if", &Default::default()).unwrap();
    engine.exchange_for(bare("DELETE /v1.41/nodes/24if?force=1"), Response::sized(200));
    docker.nodes().delete("24if", &NodeDeleteOptions { force: true }).unwrap();
    let message =
        "rpc error: code = FailedPrecondition desc = node 24if is not down and can't be removed";
    engine.exchange("DELETE /v1.41/nodes/24if", Response::error(400, message));
    let error = docker.nodes().delete("24if", &Default::default()).unwrap_err();
    assert!(matches!(&error, Error::BadRequest(it) if it.message == message), "{error:?}");
    engine.finish();
}

#[test]
fn update() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    let mut spec = NodeSpec {
        name: "n".into(),
        labels: [("disk", "ssd".to_owned())].into(),
        role: NodeRole::Manager,
        availability: NodeAvailability::Active,
        unknown: Default::default(),
    };
    spec.unknown.0.insert("New".into(), serde_json::json!([null]));
    engine.exchange_for(
        with_json(
            "POST /v1.41/nodes/24if/update?version=18446744073709551615",
            concat!(
                r#"{"Name":"n","Labels":{"disk":"ssd"},"Role":"manager","Availability":"active","#,
                r#""New":[null]}"#
            ),
        ),
        Response::sized(200),
    );
    docker.nodes().update("24if", &NodeUpdateOptions { version: u64::MAX }, &spec).unwrap();
    engine.finish();
}

/// A node that was changed meanwhile is read again, and its unknown fields are sent back.
#[test]
fn update_with_retries_on_conflict() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    for (index, status) in [(7, 400), (8, 500), (9, 200)] {
        let node = format!(
            r#"{{"Version":{{"Index":{index}}},"Spec":{{"Role":"worker","Availability":"active",
                "New":{{"b":1}}}}}}"#
        );
        engine.exchange_for(bare("GET /v1.41/nodes/m2"), Response::json(node));
        engine.exchange_for(
            with_json(
                &format!("POST /v1.41/nodes/m2/update?version={index}"),
                r#"{"Role":"worker","Availability":"drain","New":{"b":1}}"#,
            ),
            match status {
                200 => Response::sized(200),
                status => Response::error(status, "update out of sequence"),
            },
        );
    }
    docker.nodes().update_with("m2", |spec| spec.availability = NodeAvailability::Drain).unwrap();

    engine.exchange("GET /v1.41/nodes/none", Response::error(404, "node none not found"));
    let error = docker.nodes().update_with("none", |_| panic!("no such node")).unwrap_err();
    assert_eq!(error.operation(), "NodeInspect");

    engine.exchange("GET /v1.41/nodes/m2", Response::json(r#"{"Version":{"Index":1}}"#));
    engine.exchange_for(
        Expected::new("POST /v1.41/nodes/m2/update?version=1").json(r#"{"Role":"manager"}"#),
        Response::error(400, "invalid Role"),
    );
    let error = docker.nodes().update_with("m2", |spec| spec.role = NodeRole::Manager).unwrap_err();
    assert!(matches!(error, Error::BadRequest(_)), "{error:?}");
    engine.finish();
}
