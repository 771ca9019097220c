//! The C programs of `ffi-tests` that run without a real engine.
//!
//! `ffi-tests/NAME.c` is C99 without warnings (`.cpp`: C++11), checks results with `CHECK` of
//! `check.h`, and exits with 0. Most operations need no program of their own: `operations.c` makes
//! their calls and compares requests and responses. To add a program, add a test here that runs it
//! in all modes. An engine, if needed, is started for each run; its host is passed as an argument:
//!
//! ```ignore
//! #[test]
//! fn list() {
//!     in_all_modes("list", |program| {
//!         let engine = engine();
//!         engine.ping("1.41").exchange("GET /v1.41/containers/json HTTP/1.1", Response::json("[]"));
//!         let output = program.arg(&engine.host()).run().success();
//!         assert_eq!(output, "0 containers\n");
//!         engine.finish();
//!     });
//! }
//! ```

use std::fs;
use std::path::Path;

use dockline::ApiVersion;

use crate::c_program::{ALL_MODES, BASIC_MODES, LIMIT, Program, ffi_test, in_all_modes, in_modes};
use crate::support::{
    Authority, Clients, Conn, Expected, FakeEngine, Fault, Gate, OPERATIONS, Operation, Responder,
    Response, TempDir, TlsFront, WEBSOCKET_CLOSE, expect_websocket_close, frame, open_websocket,
    websocket_bytes,
};

/// Returns an engine with the timeout that programs under valgrind need.
pub fn engine() -> FakeEngine {
    with_limit(FakeEngine::unix())
}

fn with_limit(engine: FakeEngine) -> FakeEngine {
    engine.step_timeout(LIMIT);
    engine
}

#[test]
fn every_program_has_test() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("ffi-tests");
    let tests = [
        include_str!("programs.rs"),
        include_str!("credentials.rs"),
        include_str!("plugins.rs"),
        include_str!("swarm.rs"),
        include_str!("following.rs"),
        include_str!("faults.rs"),
        include_str!("../live/c.rs"),
        include_str!("../live/swarm/services.rs"),
    ]
    .concat();
    let missing: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "c" || it == "cpp"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|name| !tests.contains(&format!("\nfn {name}() {{")))
        .collect();
    assert!(missing.is_empty(), "no test runs {missing:?}");
}

#[test]
fn value() {
    in_all_modes("value", |program| drop(program.run().success()));
}

#[test]
fn arguments() {
    in_all_modes("arguments", |program| drop(program.run().success()));
}

/// The engine has the operations of the tests' table and sends a sample response for each.
#[test]
fn operations() {
    in_all_modes("operations", |program| {
        let newest = ApiVersion::NEWEST.to_string();
        let prefix = format!("/v{newest}");
        let engine = Responder::unix(&*newest, move |request| {
            let path = request.path().strip_prefix(&prefix).unwrap_or_default();
            let has = |it: &&Operation| it.method() == request.method && it.path() == path;
            match OPERATIONS.iter().find(has).map(Operation::sample) {
                Some(Some(response)) => Response::json(response.to_string()),
                Some(None) => Response::empty(204),
                None => Response::error(404, "not in tests/support/operations.rs"),
            }
        });
        program.arg(&engine.host()).run().success();
        engine.finish();
    });
}

#[test]
fn tls() {
    in_all_modes("tls", |program| {
        let (authority, dir) = (Authority::new(), TempDir::new());
        let (client, other) = (authority.client(), authority.client());
        dir.write("ca.pem", authority.pem());
        dir.write("cert.pem", &client.certificate);
        dir.write("key.pem", client.key.serialize_pem());
        dir.write("other.pem", other.key.serialize_pem());
        let engine = Responder::unix(None, |_| Response::ping("1.41"));
        let front = TlsFront::before(engine.path(), authority.server(Clients::Signed));
        let host = format!("tcp://127.0.0.1:{}", front.port());
        program.arg(&host).arg(dir.path().to_str().unwrap()).run().success();
    });
}

#[test]
fn calls() {
    in_all_modes("calls", |program| {
        let engine = engine();
        let abc = r#"{"Id":"abc","Warnings":null}"#;
        engine
            .ping("1.41")
            .exchange("HEAD /_ping", Response::ping("1.41"))
            .exchange("GET /v1.41/version", Response::json(r#"{"Version":"20.10.24"}"#))
            .exchange(
                "GET /v1.41/info",
                Response::json(
                    r#"{"MemTotal":18446744073709551615,"Least":-9223372036854775808}"#,
                ),
            )
            .exchange(
                "GET /v1.41/containers/json?all=1&limit=2&filters=%7B%22exited%22:%5B%223%22%5D,%22label%22:%5B%22a%22,%22b%22%5D%7D",
                Response::json(
                    r#"[{"State":"an unknown state","Invented":{"Tomorrow":"kept"}}]"#,
                ),
            )
            .exchange("GET /v1.41/containers/json", Response::json("null"))
            .exchange("GET /v1.41/containers/json", Response::json(r#"{"message":"no list"}"#))
            .exchange("GET /v1.41/info", Response::json("[]"))
            .exchange("GET /v1.41/info", Response::json("null"))
            .exchange_for(
                Expected::new("POST /v1.41/containers/create").json(
                    r#"{"Image":"","Tty":false,"HostConfig":{"Memory":0,"Binds":[]}}"#,
                ),
                Response::json_status(201, abc),
            )
            .exchange("GET /v1.41/containers/web/json", Response::json(abc))
            .exchange("GET /v1.41/images/json", Response::json("[]"))
            .exchange("GET /v1.41/images/r:5000/a/b:1/json", Response::json("{}"))
            .exchange(
                "DELETE /v1.41/images/a@sha256:00",
                Response::json(r#"[{"Untagged":"a"},{"Deleted":"sha256:00"}]"#),
            )
            .exchange_for(
                Expected::new("POST /v1.41/containers/create?name=web").json(
                    r#"{"ExposedPorts":{"80/tcp":{}},"Cmd":["sh"],"Image":"busybox","Labels":{"a":"b"},"HostConfig":{"Memory":9007199254740993,"Init":false}}"#,
                ),
                Response::json_status(201, abc),
            )
            .exchange("POST /v1.41/containers/abc/start", Response::empty(204))
            .exchange("POST /v1.41/containers/abc/start", Response::empty(304))
            .exchange("POST /v1.41/containers/abc/stop?t=3", Response::empty(304))
            .exchange(
                "POST /v1.41/containers/abc/wait?condition=next-exit",
                Response::json(r#"{"StatusCode":3,"Error":null}"#),
            );
        // A wait uses its connection exclusively.
        engine
            .accept()
            .exchange(
                "POST /v1.41/containers/abc/wait",
                Response::json(r#"{"StatusCode":125,"Error":{"Message":"the disk has failed"}}"#),
            )
            .accept()
            .exchange("DELETE /v1.41/containers/abc?v=1&force=1", Response::empty(204))
            .exchange(
                "GET /v1.41/containers/nix/json",
                Response::error(404, "No such container: nix"),
            )
            .exchange("DELETE /v1.41/containers/abc", Response::error(409, "it runs"))
            .exchange("GET /v1.41/info", Response::json("nonsense"))
            .exchange_for(
                Expected::new("POST /v1.41/a%20b?n=1&n=2&x=true")
                    .header("x-one", "1")
                    .header("content-type", "application/json")
                    .body(b"{\"a\":\"\0\"}"),
                Response::json_status(201, "{}"),
            )
            .exchange("GET /v1.41/nix", Response::text(404, "page not found\n"));
        program.arg(&engine.host()).run().success();
        engine.finish();
    });
}

/// Expects the upload of a tar.
pub fn upload(line: &str) -> Expected {
    Expected::new(line).header("content-type", "application/x-tar").chunked().body(ZEROS)
}

/// The content that `upload` expects.
pub static ZEROS: [u8; 100_000] = [0; 100_000];

#[test]
fn containers() {
    // {"name":"etc","size":4096,"mode":2147484141,"mtime":"2026-01-01T00:00:00Z","linkTarget":"",
    // "invented":1}
    let stat = concat!(
        "eyJuYW1lIjoiZXRjIiwic2l6ZSI6NDA5NiwibW9kZSI6MjE0NzQ4NDE0MSwibXRpbWUiOiIyMDI2LTAxLTAxVDAwOj",
        "AwOjAwWiIsImxpbmtUYXJnZXQiOiIiLCJpbnZlbnRlZCI6MX0="
    );
    let with_stat = |response: Response| response.header("X-Docker-Container-Path-Stat", stat);
    in_all_modes("containers", |program| {
        let dir = TempDir::new();
        dir.write("up", ZEROS);
        let engine = engine();
        engine
            .ping("1.55")
            .exchange_for(
                Expected::new("POST /v1.55/containers/web/update").json(
                    r#"{"Memory":67108864,"RestartPolicy":{"Name":"on-failure","MaximumRetryCount":3}}"#,
                ),
                Response::json(r#"{"Warnings":["no swap"]}"#),
            )
            .exchange("POST /v1.55/containers/web/rename?name=b%26c", Response::empty(204))
            .exchange("POST /v1.55/containers/web/restart?signal=SIGINT&t=-1", Response::empty(204))
            .exchange("POST /v1.55/containers/web/kill?signal=SIGRTMIN%2B3", Response::empty(204))
            .exchange("POST /v1.55/containers/web/pause", Response::empty(204))
            .exchange("POST /v1.55/containers/web/unpause", Response::empty(204))
            .exchange("POST /v1.55/containers/web/resize?h=0&w=65535", Response::sized(200))
            .exchange(
                "POST /v1.55/containers/prune?filters=%7B%22label%21%22:%5B%22keep%22%5D,%22until%22:%5B%2224h%22%5D%7D",
                Response::json(r#"{"ContainersDeleted":["abc"],"SpaceReclaimed":5}"#),
            )
            .exchange(
                "GET /v1.55/containers/web/top?ps_args=-o%20pid",
                Response::json(r#"{"Titles":["PID"],"Processes":[["1"]]}"#),
            )
            .exchange(
                "GET /v1.55/containers/web/stats?stream=0&one-shot=1",
                Response::json(r#"{"pids_stats":{"current":3}}"#),
            )
            .exchange(
                "GET /v1.55/containers/web/stats?stream=1",
                Response::chunked(200)
                    .then("{\"pids_stats\":{\"current\":1}}\n{\"pids_stats\":")
                    .then("{\"current\":2}}\n"),
            );
        engine
            .accept()
            .exchange(
                "GET /v1.55/containers/web/changes",
                Response::json(r#"[{"Path":"/tmp","Kind":1}]"#),
            )
            .exchange(
                "HEAD /v1.55/containers/web/archive?path=/etc",
                with_stat(Response::sized(200)),
            )
            .exchange("HEAD /v1.55/containers/web/archive?path=/nix", Response::error(404, "no"))
            .exchange("HEAD /v1.55/containers/web/archive?path=/a%20b", Response::sized(200))
            .exchange_for(
                Expected::new("GET /v1.55/containers/web/archive?path=/etc/.")
                    .header("accept-encoding", "identity"),
                with_stat(Response::chunked(200)).pattern(200_000),
            )
            .accept()
            .expect_request(Expected::new("GET /v1.55/containers/web/archive?path=/etc"))
            // Sent at once, since the program drops the download after the head.
            .send(with_stat(Response::chunked(200)).then("tar").to_bytes())
            .accept()
            .exchange("GET /v1.55/containers/web/export", Response::chunked(200).pattern(1_000_000))
            .accept()
            .exchange_for(
                upload("PUT /v1.55/containers/web/archive?path=/srv&noOverwriteDirNonDir=1&copyUIDGID=1"),
                Response::sized(200),
            )
            .exchange_for(
                upload("PUT /v1.55/containers/web/archive?path=/sys"),
                Response::error(403, "read-only"),
            )
            .exchange_for(
                Expected::new("POST /v1.55/containers/web/checkpoints")
                    .json(r#"{"CheckpointID":"c1","CheckpointDir":"/c","Exit":true}"#),
                Response::sized(201),
            )
            .exchange(
                "GET /v1.55/containers/web/checkpoints?dir=/c",
                Response::json(r#"[{"Name":"c1"}]"#),
            )
            .exchange("DELETE /v1.55/containers/web/checkpoints/c1?dir=/c", Response::empty(204));
        program.arg(&engine.host()).arg(dir.path().to_str().unwrap()).run().success();
        engine.finish();
    });
}

/// The platform in `images.c`, as a query parameter.
const ARM: &str =
    "%7B%22architecture%22:%22arm64%22,%22os%22:%22linux%22,%22variant%22:%22v8%22%7D";

#[test]
fn images() {
    let auth = "eyJ1c2VybmFtZSI6ImFkYSIsInBhc3N3b3JkIjoiw78_PiJ9";
    in_all_modes("images", |program| {
        let dir = TempDir::new();
        dir.write("up", ZEROS);
        let engine = engine();
        engine
            .ping("1.55")
            .exchange(
                &format!("GET /v1.55/images/r:5000/a:1/history?platform={ARM}"),
                Response::json(r#"[{"CreatedBy":"CMD"}]"#),
            )
            .exchange("POST /v1.55/images/a/tag?repo=r:5000/b&tag=2", Response::sized(201))
            .exchange_for(
                Expected::new(
                    "GET /v1.55/images/search?term=a%20b&limit=3&filters=%7B%22stars%22:%5B%225%22%5D%7D",
                )
                .header("x-registry-auth", auth),
                Response::json(r#"[{"star_count":7}]"#),
            )
            .exchange_for(
                Expected::new(
                    "POST /v1.55/commit?container=web&repo=b&tag=3&comment=c&author=Ada%20%3Ca%40b%3E&changes=CMD%20%5B%22sh%22%5D&pause=0",
                )
                .json(r#"{"Env":["A=b"]}"#),
                Response::json_status(201, r#"{"Id":"sha256:00"}"#),
            )
            .exchange_for(
                Expected::new("POST /v1.55/commit?container=web").json("{}"),
                Response::json_status(201, r#"{"Id":"sha256:00"}"#),
            )
            .exchange(
                &format!(
                    "GET /v1.55/images/a/attestations?platform={ARM}&type=https://slsa.dev/provenance/v1&statement=1"
                ),
                Response::json("[]"),
            )
            .exchange(
                "POST /v1.55/images/prune?filters=%7B%22dangling%22:%5B%22false%22%5D%7D",
                Response::json(r#"{"ImagesDeleted":[{"Deleted":"sha256:01"}],"SpaceReclaimed":1}"#),
            )
            .exchange(
                "POST /v1.55/images/r:5000/a/push?tag=latest",
                Response::chunked(200)
                    .then("{\"status\":\"latest: digest: sha256:ab size: 527\"}\r\n"),
            )
            .accept()
            .exchange_for(
                Expected::new(&format!("POST /v1.55/images/r:5000/a/push?tag=1&platform={ARM}"))
                    .header("x-registry-auth", auth),
                Response::chunked(200)
                    .then("{\"status\":\"Preparing\"}\r\n")
                    .then("{\"errorDetail\":{\"message\":\"unauthorized\"},\"error\":\"old\"}\r\n"),
            );
        engine
            .accept()
            .exchange(
                &format!("GET /v1.55/images/a/get?platform={ARM}"),
                Response::chunked(200).then("tar"),
            )
            .accept()
            .exchange(
                "GET /v1.55/images/get?names=a&names=r:5000/b:1",
                Response::chunked(200).then("tar"),
            )
            .accept()
            .exchange_for(
                upload(&format!("POST /v1.55/images/load?quiet=0&platform={ARM}")),
                Response::chunked(200).then("{\"stream\":\"Loaded image: a\\n\"}\n"),
            );
        program.arg(&engine.host()).arg(dir.path().to_str().unwrap()).run().success();
        engine.finish();
    });
}

#[test]
fn resources() {
    let invented = r#""Spec":{"Availability":"active","Invented":{"Tomorrow":[1]}}"#;
    let drained = format!("{{{}}}", invented.replace("active", "drain"));
    let shared = |version| {
        format!(
            r#"{{"Name":"shared","ClusterVolume":{{"Version":{{"Index":{version}}},{invented}}}}}"#
        )
    };
    in_all_modes("resources", |program| {
        let engine = engine();
        engine
            .ping("1.55")
            .exchange(
                "GET /v1.55/networks?filters=%7B%22driver%22:%5B%22bridge%22%5D%7D",
                Response::json("[{}]"),
            )
            .exchange(
                "GET /v1.55/networks/back?verbose=1&scope=local",
                Response::json(r#"{"Containers":{"c1":{"Name":"web"}}}"#),
            )
            .exchange_for(
                Expected::new("POST /v1.55/networks/create").json(
                    r#"{"Name":"back","Internal":true,"IPAM":{"Config":[{"Subnet":"10.9.0.0/24"}]}}"#,
                ),
                Response::json_status(201, r#"{"Id":"n1","Warning":""}"#),
            )
            .exchange_for(
                Expected::new("POST /v1.55/networks/n1/connect")
                    .json(r#"{"Container":"web","EndpointConfig":{"Aliases":["w"]}}"#),
                Response::sized(200),
            )
            .exchange_for(
                Expected::new("POST /v1.55/networks/n1/disconnect")
                    .json(r#"{"Container":"web","Force":true}"#),
                Response::sized(200),
            )
            .exchange("DELETE /v1.55/networks/n1", Response::empty(204))
            .exchange(
                "POST /v1.55/networks/prune?filters=%7B%22label%22:%5B%22a%3Db%22%5D%7D",
                Response::json(r#"{"NetworksDeleted":["back"]}"#),
            )
            .exchange(
                "GET /v1.55/volumes?filters=%7B%22dangling%22:%5B%22true%22%5D%7D",
                Response::json(r#"{"Volumes":null,"Warnings":["a driver is silent"]}"#),
            )
            .exchange_for(
                Expected::new("POST /v1.55/volumes/create").json("{}"),
                Response::json_status(201, r#"{"Name":"0f"}"#),
            )
            .exchange_for(
                Expected::new("POST /v1.55/volumes/create")
                    .json(r#"{"Name":"data","Labels":{"a":"b"}}"#),
                Response::json_status(201, r#"{"Name":"data"}"#),
            )
            .exchange("GET /v1.55/volumes/shared", Response::json(shared(7)))
            .exchange_for(
                Expected::new("PUT /v1.55/volumes/shared?version=18446744073709551615")
                    .json(&drained),
                Response::sized(200),
            )
            .exchange("GET /v1.55/volumes/shared", Response::json(shared(8)))
            .exchange_for(
                Expected::new("PUT /v1.55/volumes/shared?version=8").json(&drained),
                Response::error(500, "update out of sequence"),
            )
            .exchange("GET /v1.55/volumes/shared", Response::json(shared(9)))
            .exchange_for(
                Expected::new("PUT /v1.55/volumes/shared?version=9").json(&drained),
                Response::sized(200),
            )
            .exchange("GET /v1.55/volumes/plain", Response::json(r#"{"Name":"plain"}"#))
            .exchange("DELETE /v1.55/volumes/data?force=1", Response::empty(204))
            .exchange(
                "POST /v1.55/volumes/prune?filters=%7B%22all%22:%5B%22true%22%5D%7D",
                Response::json(r#"{"VolumesDeleted":null,"SpaceReclaimed":9}"#),
            )
            .exchange_for(
                Expected::new("POST /v1.55/auth")
                    .json(r#"{"username":"ada","password":"p","serveraddress":"r:5000"}"#),
                Response::json(r#"{"Status":"Login Succeeded","IdentityToken":"t"}"#),
            )
            .exchange_for(
                Expected::new("POST /v1.55/auth").json(r#"{"identitytoken":"t"}"#),
                Response::empty(204),
            )
            .exchange(
                "GET /v1.55/system/df?type=image&type=build-cache&verbose=1",
                Response::json(r#"{"ImageUsage":{"TotalSize":7,"TotalCount":3}}"#),
            );
        program.arg(&engine.host()).run().success();
        engine.finish();
    });
}

/// Returns the head of an upgrade response, followed by the first output.
fn upgraded(output: Vec<u8>) -> Vec<u8> {
    let head = b"HTTP/1.1 101 UPGRADED\r\n\
        Content-Type: application/vnd.docker.multiplexed-stream\r\n\
        Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
    [&head[..], &output].concat()
}

/// Expects the upgrade request of attach or exec.
fn upgrade_request(line: &str) -> Expected {
    Expected::new(line).header("connection", "Upgrade").header("upgrade", "tcp")
}

/// Accepts a WebSocket, expects "x", sends "hello" in two messages around an empty one, and closes.
fn websocket(conn: &mut Conn) -> Result<(), Fault> {
    open_websocket(conn, "/v1.55/containers/web/attach/ws?logs=1&stream=1&stdin=1&stdout=1")?;
    // A binary message of one byte, with a mask of four.
    let message = websocket_bytes::<7>(conn)?;
    assert_eq!((&message[..2], message[2] ^ message[6]), (&[0x82, 0x81][..], b'x'));
    conn.send(b"\x82\x00\x82\x05hello")?;
    expect_websocket_close(conn)?;
    conn.send(WEBSOCKET_CLOSE)
}

#[test]
fn duplex() {
    let attach = "POST /v1.55/containers/web/attach?stream=1&stdin=1&stdout=1&stderr=1";
    let exec = |running: &str| Response::json(format!(r#"{{"ID":"e","Pid":7,{running}}}"#));
    in_all_modes("duplex", |program| {
        let exited = Gate::new();
        let engine = engine();
        engine
            .ping("1.55")
            .exchange_for(
                Expected::new("POST /v1.55/containers/web/exec").json(
                    r#"{"Cmd":["cat"],"AttachStdin":true,"AttachStdout":true,"Tty":true,"ConsoleSize":[24,80]}"#,
                ),
                Response::json_status(201, r#"{"Id":"e1"}"#),
            )
            .expect_request(
                upgrade_request("POST /v1.55/exec/e1/start")
                    .json(r#"{"Tty":true,"ConsoleSize":[24,80]}"#),
            )
            .send(upgraded(Vec::new()))
            .accept()
            .exchange("POST /v1.55/exec/e1/resize?h=50&w=132", Response::sized(200))
            .on(0)
            .talk(Conn::echo)
            .drain()
            .on(1)
            .exchange("GET /v1.55/exec/e1/json", exec(r#""Running":true,"ExitCode":null"#))
            .exchange("GET /v1.55/exec/e1/json", exec(r#""Running":false,"ExitCode":3"#));
        engine
            .expect_request(upgrade_request(
                "POST /v1.55/containers/web/attach?detachKeys=ctrl-p&logs=1&stream=1&stdin=1&stdout=1",
            ))
            .send(upgraded(frame(1, "ready")))
            .accept()
            .exchange("POST /v1.55/containers/web/resize?h=24&w=80", Response::sized(200))
            .on(1)
            .talk(|conn| {
                conn.expect(b"x\0y")?;
                conn.expect_end()?;
                conn.send(&frame(2, "1\n"))
            })
            .close()
            .on(2)
            .expect_request(upgrade_request(attach))
            .send(upgraded(frame(1, "a")))
            .expect_close();
        engine
            .exchange_for(
                upgrade_request("POST /v1.55/exec/e1/start").json("{}"),
                Response::error(409, "exec e1 has already run"),
            )
            .accept()
            .exchange_for(
                Expected::new("POST /v1.55/exec/e2/start").json(r#"{"Detach":true}"#),
                Response::sized(200),
            )
            .exchange("GET /v1.55/exec/e2/json", exec(r#""Running":true,"ExitCode":null"#))
            .exchange("GET /v1.55/exec/e2/json", exec(r#""Running":true,"ExitCode":null"#))
            .talk(websocket)
            .close()
            .exchange(
                "GET /v1.55/containers/web/attach/ws?stream=1&stdin=1&stdout=1&stderr=1",
                Response::sized(200),
            )
            .accept()
            .expect_request(upgrade_request(attach))
            .send(upgraded(frame(1, "a")))
            // Does not read until the program has exited, so that its input blocks.
            .hold(&exited)
            .drain();
        program.arg(&engine.host()).run().success();
        exited.open();
        engine.finish();
    });
}

#[test]
fn streams() {
    let events = || {
        Response::chunked(200)
            .then(r#"{"Action":"start"}"#)
            .then("\n{\"Action\":")
            .then("\"die\"}\n")
    };
    let inspect = "GET /v1.41/containers/a/json";
    let logs = "GET /v1.41/containers/a/logs?stdout=1&stderr=1";
    let no_tty = || Response::json(r#"{"Config":{"Tty":false}}"#);
    in_all_modes("streams", |program| {
        let dir = TempDir::new();
        let engine = engine();
        engine
            .ping("1.41")
            .exchange("GET /v1.41/events", events())
            .accept()
            .exchange("GET /v1.41/events", events().then(r#"{"Action":"destroy"}"#))
            .accept()
            .exchange("GET /v1.41/events", Response::chunked(200).then("{\"Action\"").cut())
            .accept()
            .exchange(inspect, no_tty())
            .exchange(
                logs,
                Response::chunked(200)
                    .then(frame(1, "out\n"))
                    .then(frame(2, ""))
                    .then(frame(2, "err\n")),
            )
            .accept()
            .exchange(inspect, no_tty())
            .exchange(
                logs,
                Response::chunked(200).then(frame(1, vec![b'x'; 1024 * 1024])).then(frame(2, "!")),
            )
            .accept()
            .exchange(inspect, no_tty())
            .exchange(logs, Response::chunked(200).then(frame(3, "Error grabbing logs: no\n")))
            .accept()
            .exchange(
                "POST /v1.41/images/create?fromImage=a&tag=latest",
                Response::chunked(200).then("{\"status\":\"Pulling\"}\r\n").then(
                    "{\"errorDetail\":{\"code\":5000000000,\"message\":\"no such image\"},\"error\":\"old\"}\r\n",
                ),
            );
        for _ in 0..6 {
            engine.accept().exchange("GET /v1.41/d", Response::chunked(200).then("hello"));
        }
        program.arg(&engine.host()).arg(dir.path().to_str().unwrap()).run().success();
        engine.finish();
    });
}

#[test]
fn uploads() {
    let create = || {
        Expected::new(
            "POST /v1.41/images/create?fromSrc=-&repo=mine&changes=CMD%20a&changes=ENV%20b%3Dc",
        )
        .header("content-type", "application/x-tar")
        .chunked()
    };
    let test = |program: Program, engine: FakeEngine| {
        let dir = TempDir::new();
        engine.ping("1.41");
        for _ in 0..3 {
            engine
                .exchange_for(
                    create().body(vec![0; 100_000]),
                    Response::json(r#"{"status":"sha256:0"}"#),
                )
                .accept();
        }
        // Two uploads whose source fails: the body is truncated.
        for _ in 0..2 {
            engine.drain();
        }
        let head = "HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\n";
        let error_response =
            format!("{head}Content-Length: 30\r\n\r\n{{\"message\": \"no space left\" }}\n");
        engine.send(error_response).drain().accept().abort();
        program.arg(&engine.host()).arg(dir.path().to_str().unwrap()).run().success();
        engine.finish();
    };
    in_all_modes("uploads", |program| test(program, engine()));
    in_modes(&BASIC_MODES, &ffi_test("uploads"), |program| {
        test(program, with_limit(FakeEngine::tcp()));
    });
}

/// Answers a build whose Dockerfile was added to the directory.
fn added_dockerfile(conn: &mut Conn, text: &str) -> Result<(), Fault> {
    let mut request = crate::support::RecordedRequest::read_head(conn, 0)?.unwrap();
    request.read_body(conn, |_| Ok(()))?;
    let mut tar = tar::Archive::new(&request.body[..]);
    let files: std::collections::BTreeMap<String, String> = tar
        .entries()
        .unwrap()
        .map(|it| {
            let mut it = it.unwrap();
            let name = it.path().unwrap().to_str().unwrap().to_owned();
            let mut content = String::new();
            std::io::Read::read_to_string(&mut it, &mut content).unwrap();
            (name, content)
        })
        .collect();
    let name = request.query("dockerfile").unwrap();
    assert!(name.starts_with(".dockerfile."), "{name}");
    assert_eq!(files[&name], text);
    assert_eq!(files[".dockerignore"], format!("secret\n{name}\n"));
    assert_eq!(files.keys().collect::<Vec<_>>(), [&name, ".dockerignore", "Dockerfile"]);
    Response::chunked(200).then("{}\r\n").send(conn, false).map(drop)
}

#[test]
fn builds() {
    let messages = |lines: &str| Response::chunked(200).then(format!("{lines}\r\n"));
    let build = |query: &str| {
        Expected::new(&format!("POST /v1.41/build{query}"))
            .header("content-type", "application/x-tar")
            .chunked()
    };
    let all_options = "?dockerfile=sub/file&t=mine:1&t=mine:2&extrahosts=a:127.0.0.1&nocache=1\
        &cachefrom=%5B%22a%22%5D&pull=1&rm=0&forcerm=1&memory=1099511627776&memswap=-1&cpushares=512\
        &cpusetcpus=0-3&cpusetmems=0&cpuperiod=100000&cpuquota=50000\
        &buildargs=%7B%22A%22:%221%22,%22B%22:null%7D&shmsize=134217728&squash=1\
        &labels=%7B%22a%22:%22b%22%7D&networkmode=host&platform=linux/arm&target=last\
        &outputs=%5B%7B%22Type%22:%22moby%22,%22Attrs%22:%7B%22name%22:%22x%22%7D%7D%5D&version=2\
        &buildid=b1&session=s1&isolation=hyperv\
        &ulimits=%5B%7B%22Name%22:%22nofile%22,%22Soft%22:1,%22Hard%22:2%7D%5D&securityopt=s\
        &cgroupparent=/b";
    // {"r:5000":{"username":"ada","password":"secret"}}
    let credentials = "eyJyOjUwMDAiOnsidXNlcm5hbWUiOiJhZGEiLCJwYXNzd29yZCI6InNlY3JldCJ9fQ==";
    in_all_modes("builds", |program| {
        let dir = TempDir::new();
        dir.write("tar", "a tar");
        dir.write("directory/Dockerfile", "FROM scratch");
        dir.write("directory/.dockerignore", "secret");
        dir.write("directory/secret", "");
        dir.write("other", "FROM other");
        let engine = engine();
        engine
            .ping("1.41")
            .exchange_for(
                build(all_options).header("x-registry-config", credentials).body("a tar"),
                messages(r#"{"id":"moby.buildkit.trace","aux":"Cm8="}"#),
            )
            .accept()
            .exchange_for(
                Expected::new("POST /v1.41/build?remote=http://a/b&version=1")
                    .header("content-length", "0")
                    .without("content-type"),
                messages(r#"{"stream":"Successfully built 0123456789ab\n"}"#),
            )
            .accept()
            .exchange_for(
                build("").any_body(),
                messages(r#"{"aux":{"ID":"sha256:1"}}"#).header("Server", "Libpod/4.3.1 (linux)"),
            )
            .accept()
            .exchange_for(
                build("").any_body(),
                messages(r#"{"errorDetail":{"code":1,"message":"returned a non-zero code: 1"}}"#).cut(),
            )
            .accept()
            .talk(|conn| added_dockerfile(conn, "FROM other"))
            .accept()
            .talk(|conn| added_dockerfile(conn, "FROM text"))
            .accept()
            .exchange(
                "POST /v1.41/build/prune?keep-storage=1073741824&all=1&filters=%7B%22until%22:%5B%2224h%22%5D%7D",
                Response::json(r#"{"CachesDeleted":null,"SpaceReclaimed":5}"#),
            )
            .exchange("POST /v1.41/build/cancel?id=b1", Response::empty(200).header("Content-Length", "0"));
        program.arg(&engine.host()).arg(dir.path().to_str().unwrap()).run().success();
        let names = |body: &[u8]| -> Vec<String> {
            let mut tar = tar::Archive::new(body);
            let entries = tar.entries().unwrap();
            entries.map(|it| it.unwrap().path().unwrap().to_str().unwrap().to_owned()).collect()
        };
        let requests = engine.finish();
        let body = |index: usize| {
            let builds: Vec<_> =
                requests.iter().filter(|it| it.path().ends_with("/build")).collect();
            builds[index].body.clone()
        };
        assert_eq!(names(&body(2)), [".dockerignore", "Dockerfile"]);
        assert_eq!(names(&body(3)), ["Dockerfile"]);
    });
}

#[test]
fn results() {
    in_all_modes("results", |program| {
        let engine = engine();
        engine
            .ping("1.41")
            .exchange("GET /v1.41/info", Response::json("{}"))
            .exchange("GET /v1.41/version", Response::json("{}"))
            .exchange(
                "GET /v1.41/containers/nix/json",
                Response::json_status(404, r#"{"message":"ni\u0000x"}"#),
            )
            .exchange("GET /v1.41/events", Response::chunked(200).then("{}"));
        program.arg(&engine.host()).run().success();
        engine.finish();
    });
}

#[test]
fn threads() {
    in_all_modes("threads", |program| {
        let end = Gate::new();
        let held = end.clone();
        let responsive = Responder::unix("1.41", move |request| match request.path() {
            "/v1.41/containers/json" => Response::json(r#"[{"Id":"a"}]"#),
            "/v1.41/containers/a/json" => Response::json(r#"{"Config":{"Tty":false}}"#),
            _ => Response::chunked(200).hold(&held),
        });
        let silent = engine();
        silent.drain();
        program.arg(&responsive.host()).arg(&silent.host()).run().success();
        end.open();
        responsive.finish();
        silent.finish();
    });
}

#[test]
fn panic() {
    in_all_modes("panic", |program| {
        let finished = program.run();
        assert!(finished.stderr.contains("as requested"), "the panic is on stderr: {finished:?}");
        finished.success();
    });
}

#[test]
fn cxx() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("ffi-tests/cxx.cpp");
    in_modes(&ALL_MODES, &source, |program| {
        let engine = engine();
        engine
            .ping("1.41")
            .exchange("GET /v1.41/containers/json", Response::json(r#"[{"Id":"a"},{"Id":"b"}]"#))
            .exchange(
                "GET /v1.41/containers/nix/json",
                Response::error(404, "No such container: nix"),
            )
            .exchange(
                "GET /v1.41/events",
                Response::chunked(200).then(r#"{"Action":"start"}{"Action":"die"}"#),
            );
        program.arg(&engine.host()).run().success();
        engine.finish();
    });
}

#[test]
fn docker_contexts() {
    // Directories are named by the SHA-256 of the context's name.
    const WEB: &str = "4b5e57f6eb2f42b9039b3d1e13929295f231749c510cbe341cd68036d9af97e2";
    const SECURE: &str = "6a934b45144e3758911efa29ed68fb2d420fa7bd568739cdcda9251fa9609b1e";
    in_all_modes("docker_contexts", |program| {
        let engine = Responder::unix("1.41", |_| Response::json_status(201, r#"{"Id":"a"}"#));
        let home = TempDir::new();
        let contexts = home.join(".docker/contexts");
        let meta = |dir: &str, json: String| {
            home.write(contexts.join("meta").join(dir).join("meta.json"), json);
        };
        meta(
            WEB,
            format!(
                r#"{{"Name":"web","Metadata":{{"Description":"the web one"}},"Endpoints":{{"docker":{{"Host":"{}"}}}}}}"#,
                engine.host()
            ),
        );
        meta(
            SECURE,
            r#"{"Name":"secure","Endpoints":{"docker":{"Host":"tcp://engine:2376","SkipTLSVerify":true}}}"#.to_owned(),
        );
        for name in ["cert.pem", "key.pem"] {
            home.write(contexts.join("tls").join(SECURE).join("docker").join(name), "");
        }
        home.write(
            ".docker/config.json",
            r#"{"currentContext": "web", "HttpHeaders": {"X-Meta": "theirs"}, "detachKeys": "ctrl-e",
                "proxies": {"default": {"httpProxy": "http://p:1"}}}"#,
        );
        let proxy = Responder::tcp(None, |request| {
            assert_eq!(request.path(), "http://engine.invalid:2375/_ping");
            Response::ping("1.41")
        });
        let program = program.env("HOME", home.path().to_str().unwrap()).arg(&engine.host());
        program.arg(&proxy.host().replace("tcp://", "http://")).run().success();
        assert_eq!(proxy.finish().len(), 1);

        let requests = engine.finish();
        let (pings, posts): (Vec<_>, Vec<_>) =
            requests.into_iter().partition(|it| it.path() == "/_ping");
        let bodies = posts.iter().map(|it| String::from_utf8(it.body.clone()).unwrap());
        assert_eq!(
            bodies.collect::<Vec<_>>(),
            [
                r#"{"Env":["A=b","HTTP_PROXY=mine","http_proxy=http://p:1"],"Tty":false}"#,
                r#"{"Image":"a","Env":["HTTP_PROXY=http://p:1","http_proxy=http://p:1"]}"#,
                r#"{"Cmd":["sh"],"DetachKeys":"ctrl-e"}"#,
                r#"{"Cmd":["sh"],"DetachKeys":""}"#,
                r#"{"Env":["A=b","HTTP_PROXY=mine"],"Tty":false}"#,
                r#"{"Image":"a"}"#,
                r#"{"Cmd":["sh"]}"#,
                r#"{"Cmd":["sh"],"DetachKeys":""}"#,
            ]
        );
        // Two are for the version.
        let sent: Vec<_> = pings[..3]
            .iter()
            .map(|it| (it.header("x-meta"), it.header("user-agent").unwrap()))
            .collect();
        let user_agent = concat!("dockline/", env!("CARGO_PKG_VERSION"));
        assert_eq!(
            sent,
            [(Some("theirs"), user_agent), (Some("mine"), "app/1"), (None, user_agent)]
        );
    });
}
