//! C programs that call the functions of swarms, on a fake engine.

use crate::c_program::in_all_modes;
use crate::programs::engine;
use crate::support::{Expected, Response};

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
    in_all_modes("swarm", |program| {
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
            // One update whose callback returns an error, and one whose callback returns an invalid
            // specification.
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

#[test]
fn services() {
    let spec = |image: &str, replicas: u64| {
        format!(
            r#"{{"Name":"web","TaskTemplate":{{"ContainerSpec":{{"Image":"{image}"}}}},
                "Mode":{{"Replicated":{{"Replicas":{replicas}}}}}}}"#
        )
    };
    let create = |image: &str| Expected::new("POST /v1.55/services/create").json(&spec(image, 2));
    let service = |index: u64, more: &str| {
        Response::json(format!(
            r#"{{"ID":"9mnp","Version":{{"Index":{index}}},"Spec":{}{more}}}"#,
            spec("a:1", 2)
        ))
    };
    // {"username":"ada","password":"p"}
    let auth = "eyJ1c2VybmFtZSI6ImFkYSIsInBhc3N3b3JkIjoicCJ9";
    let tasks = |first: &str| {
        Response::json(format!(
            r#"[{first}{{"ID":"t1","Slot":1,"DesiredState":"running","Status":{{"State":"running"}}}}]"#
        ))
    };
    let of_web = "GET /v1.55/tasks?filters=%7B%22service%22:%5B%229mnp%22%5D%7D";
    let current = "GET /v1.55/tasks?filters=%7B%22_up-to-date%22:%5B%22true%22%5D,%22service%22:%5B%229mnp%22%5D%7D";
    let rejected = r#"{"ID":"t0","Slot":2,"Status":{"State":"rejected","Err":"no such image"}},"#;
    let paused = r#","UpdateStatus":{"State":"paused","Message":"too many"}"#;
    let logs = |text: &str| {
        Response::chunked(200)
            .header("Content-Type", "application/vnd.docker.raw-stream")
            .then(text)
    };
    in_all_modes("services", |program| {
        let engine = engine();
        engine
            .ping("1.55")
            .exchange_for(
                Expected::new("GET /v1.55/distribution/r:5000/a:latest/json")
                    .header("x-registry-auth", auth),
                Response::json(r#"{"Descriptor":{"digest":"sha256:00"}}"#),
            )
            .exchange_for(
                create("r:5000/a:latest@sha256:00").header("x-registry-auth", auth),
                Response::json_status(201, r#"{"ID":"9mnp"}"#),
            )
            .exchange("GET /v1.55/distribution/a:latest/json", Response::error(404, "no such"))
            .exchange_for(
                create("a:latest"),
                Response::json_status(201, r#"{"ID":"9mnp","Warnings":null}"#),
            )
            .exchange_for(create("a"), Response::error(409, "name conflicts"))
            .exchange(
                "GET /v1.55/services?filters=%7B%22name%22:%5B%22web%22%5D%7D&status=1",
                Response::json(r#"[{"ServiceStatus":{"RunningTasks":1}}]"#),
            )
            .exchange("GET /v1.55/services/web?insertDefaults=1", service(7, ""))
            .exchange(
                "GET /v1.55/distribution/a:1/json",
                Response::json(r#"{"Descriptor":{"digest":"sha256:00"}}"#),
            )
            .exchange_for(
                Expected::new(
                    "POST /v1.55/services/web/update?version=7&registryAuthFrom=previous-spec",
                )
                .json(&spec("a:1@sha256:00", 2)),
                Response::json(r#"{"Warnings":["theirs"]}"#),
            )
            // Scaled after a conflicting update; the image is unchanged and not queried.
            .exchange("GET /v1.55/services/web", service(8, ""))
            .exchange_for(
                Expected::new("POST /v1.55/services/web/update?version=8").json(&spec("a:1", 5)),
                Response::error(500, "update out of sequence"),
            )
            .exchange("GET /v1.55/services/web", service(9, ""))
            .exchange_for(
                Expected::new("POST /v1.55/services/web/update?version=9").json(&spec("a:1", 5)),
                Response::json(r#"{"Warnings":null}"#),
            )
            .exchange("GET /v1.55/services/web", service(10, ""))
            .exchange("GET /v1.55/services/web", service(10, ""))
            .exchange_for(
                Expected::new("POST /v1.55/services/web/update?version=10&rollback=previous")
                    .json(&spec("a:1", 2)),
                Response::json("{}"),
            )
            .exchange("DELETE /v1.55/services/web", Response::sized(200))
            // A wait until the end.
            .exchange("GET /v1.55/services/web", service(11, ""))
            .exchange("GET /v1.55/services/9mnp", service(11, ""))
            .exchange(of_web, tasks(rejected))
            .exchange(current, tasks(rejected))
            .exchange("GET /v1.55/nodes", Response::json("[]"))
            .exchange("GET /v1.55/services/9mnp", service(12, paused))
            .exchange(of_web, tasks(rejected))
            .exchange(current, tasks(""))
            .exchange("GET /v1.55/nodes", Response::json("[]"))
            // A wait that is dropped.
            .exchange("GET /v1.55/services/web", service(13, ""))
            .exchange("GET /v1.55/services/9mnp", service(13, ""))
            .exchange(of_web, tasks(""))
            .exchange(current, tasks(""))
            .exchange("GET /v1.55/nodes", Response::json("[]"))
            .exchange(
                "GET /v1.55/services/web/logs?details=1&stdout=1&stderr=1&tail=7",
                logs("of all\n"),
            )
            .accept()
            .exchange("GET /v1.55/tasks/t1/logs?stdout=1&since=5.000000000", logs("of one\n"))
            .accept()
            .exchange(
                "GET /v1.55/tasks?filters=%7B%22node%22:%5B%22self%22%5D%7D",
                Response::json(r#"[{"ID":"t1"}]"#),
            )
            .exchange("GET /v1.55/tasks/t1", Response::json(r#"{"Status":{"State":"running"}}"#));
        program.arg(&engine.host()).run().success();
        engine.finish();
    });
}

#[test]
fn secrets() {
    let secret = |version| {
        format!(r#"{{"Version":{{"Index":{version}}},"Spec":{{"Name":"db","Invented":[1]}}}}"#)
    };
    let labelled = r#"{"Name":"db","Labels":{"c":"d"},"Invented":[1]}"#;
    in_all_modes("secrets", |program| {
        let engine = engine();
        engine
            .ping("1.55")
            .exchange(
                "GET /v1.55/secrets?filters=%7B%22name%22:%5B%22db%22%5D%7D",
                Response::json("null"),
            )
            .exchange_for(
                Expected::new("POST /v1.55/secrets/create")
                    .json(r#"{"Name":"db","Data":"aHVudGVyMg=="}"#),
                Response::json_status(201, r#"{"ID":"s1"}"#),
            )
            .exchange_for(
                Expected::new("POST /v1.55/secrets/create").json(r#"{"Name":"db"}"#),
                Response::error(409, "secret db already exists"),
            )
            .exchange(
                "GET /v1.55/secrets/db",
                Response::json(
                    r#"{"ID":"s1","Version":{"Index":18446744073709551615},"Spec":{"Name":"db","Labels":{},"Invented":{"Tomorrow":[1]}}}"#,
                ),
            )
            .exchange_for(
                Expected::new("POST /v1.55/secrets/db/update?version=18446744073709551615")
                    .json(r#"{"Name":"db","Labels":{"a":"b"},"Invented":{"Tomorrow":[1]}}"#),
                Response::sized(200),
            )
            .exchange("GET /v1.55/secrets/db", Response::json(secret(8)))
            .exchange_for(
                Expected::new("POST /v1.55/secrets/db/update?version=8").json(labelled),
                Response::error(500, "update out of sequence"),
            )
            .exchange("GET /v1.55/secrets/db", Response::json(secret(9)))
            .exchange_for(
                Expected::new("POST /v1.55/secrets/db/update?version=9").json(labelled),
                Response::sized(200),
            )
            .exchange("GET /v1.55/secrets/db", Response::json(secret(10)))
            .exchange("DELETE /v1.55/secrets/db", Response::empty(204))
            .exchange(
                "GET /v1.55/configs",
                Response::json(r#"[{"Spec":{"Name":"nginx","Data":"bGlzdGVu"}}]"#),
            )
            .exchange_for(
                Expected::new("POST /v1.55/configs/create").json(
                    r#"{"Name":"nginx","Data":"bGlzdGVu","Templating":{"Name":"golang"}}"#,
                ),
                Response::json_status(201, r#"{"ID":"c1"}"#),
            )
            .exchange("GET /v1.55/configs/nginx", Response::json(r#"{"Version":{"Index":7}}"#))
            .exchange_for(
                Expected::new("POST /v1.55/configs/nginx/update?version=7")
                    .json(r#"{"Name":"nginx","Labels":{"a":"b"}}"#),
                Response::sized(200),
            )
            .exchange("GET /v1.55/configs/nginx", Response::json(r#"{"Version":{"Index":8}}"#))
            .exchange_for(
                Expected::new("POST /v1.55/configs/nginx/update?version=8")
                    .json(r#"{"Labels":{"c":"d"}}"#),
                Response::sized(200),
            )
            .exchange(
                "DELETE /v1.55/configs/nginx",
                Response::error(503, "This node is not a swarm manager."),
            );
        program.arg(&engine.host()).run().success();
        engine.finish();
    });
}
