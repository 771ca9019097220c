//! Programs in C that call what is about swarms, against a fake engine.

use crate::c_program::in_every_way;
use crate::programs::engine;
use crate::support::{Expected, Response};

#[test]
fn null_swarm() {
    in_every_way("null_swarm", |program| drop(program.run().success()));
}

#[test]
fn swarm() {
    let node = |index: u64, more: &str| {
        Response::json(format!(
            r#"{{"ID":"n2","Version":{{"Index":{index}}},
                "Spec":{{"Role":"worker","Availability":"active","Invented":{{"A":[1]}}{more}}}}}"#
        ))
    };
    let changed = |index: u64, more: &str| {
        Expected::new(&format!("POST /v1.55/nodes/n2/update?version={index}")).json(&format!(
            r#"{{"Role":"worker","Availability":"drain","Invented":{{"A":[1]}}{more}}}"#
        ))
    };
    in_every_way("swarm", |program| {
        let engine = engine();
        engine
            .ping("1.55")
            .exchange_for(
                Expected::new("POST /v1.55/swarm/init").json(r#"{"ListenAddr":"0.0.0.0:2377"}"#),
                Response::json("\"n1\"\n"),
            )
            .exchange_for(
                Expected::new("POST /v1.55/swarm/init").json(
                    r#"{"ListenAddr":"eth0:2377","AdvertiseAddr":"10.0.0.1","Spec":{"Labels":{"a":"b"}}}"#,
                ),
                Response::error(503, "This node is already part of a swarm."),
            )
            .exchange(
                "GET /v1.55/swarm",
                Response::json(r#"{"ID":"s1","JoinTokens":{"Worker":"SWMTKN-1-w"}}"#),
            )
            .exchange_for(
                Expected::new("POST /v1.55/swarm/join").json(
                    r#"{"ListenAddr":"0.0.0.0:2377","RemoteAddrs":["m1:2377"],"JoinToken":"SWMTKN-1-w"}"#,
                ),
                Response::sized(200),
            )
            .exchange_for(
                Expected::new("POST /v1.55/swarm/update?version=7&rotateManagerToken=1").json(
                    r#"{"Name":"default","Raft":{"KeepOldSnapshots":0},"Invented":[1]}"#,
                ),
                Response::sized(200),
            )
            .exchange(
                "GET /v1.55/swarm",
                Response::json(r#"{"Version":{"Index":8},"Spec":{"Invented":[1]}}"#),
            )
            .exchange_for(
                Expected::new("POST /v1.55/swarm/update?version=8&rotateWorkerToken=1").json(
                    r#"{"EncryptionConfig":{"AutoLockManagers":true},"Invented":[1]}"#,
                ),
                Response::sized(200),
            )
            .exchange("GET /v1.55/swarm/unlockkey", Response::json(r#"{"UnlockKey":"SWMKEY-1-a"}"#))
            .exchange_for(
                Expected::new("POST /v1.55/swarm/unlock").json(r#"{"UnlockKey":"SWMKEY-1-a"}"#),
                Response::sized(200),
            )
            .exchange(
                "GET /v1.55/swarm",
                Response::error(503, "Swarm is encrypted and needs to be unlocked before use."),
            )
            .exchange(
                "GET /v1.55/nodes?filters=%7B%22role%22:%5B%22worker%22%5D%7D",
                Response::json(r#"[{"ID":"n2"}]"#),
            )
            .exchange("GET /v1.55/nodes/n2", node(5, ""))
            .exchange_for(changed(5, ""), Response::error(500, "update out of sequence"))
            .exchange("GET /v1.55/nodes/n2", node(6, ""))
            .exchange_for(changed(6, ""), Response::error(500, "update out of sequence"))
            .exchange("GET /v1.55/nodes/n2", node(7, r#","Name":"theirs""#))
            .exchange_for(changed(7, r#","Name":"theirs""#), Response::sized(200))
            // One whose change is broken off, and one whose change is no spec.
            .exchange("GET /v1.55/nodes/n2", node(8, ""))
            .exchange("GET /v1.55/nodes/n2", node(8, ""))
            .exchange("DELETE /v1.55/nodes/n2?force=1", Response::sized(200))
            .exchange(
                "GET /v1.55/nodes",
                Response::error(503, "This node is not a swarm manager. Worker nodes can't."),
            )
            .exchange("POST /v1.55/swarm/leave?force=1", Response::sized(200))
            .exchange(
                "POST /v1.55/swarm/leave",
                Response::error(503, "This node is not part of a swarm"),
            );
        program.arg(&engine.host()).run().success();
        engine.finish();
    });
}
