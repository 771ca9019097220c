//! C programs that call the functions of plugins, distribution and sessions, on a fake engine.

use crate::c_program::in_all_modes;
use crate::programs::{ZEROS, engine, upload};
use crate::support::*;

/// Expects an upgrade request.
fn upgrading(line: &str) -> Expected {
    Expected::new(line).header("connection", "Upgrade").header("upgrade", "h2c")
}

const UPGRADED: &str =
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";

#[test]
fn plugins() {
    let privileges = r#"[{"Name":"network","Value":["host"]}]"#;
    let progress = || {
        Response::chunked(200)
            .header("Docker-Plugin-Name", "mine:latest")
            .then("{\"status\":\"Downloading\"}\r\n")
    };
    let pull = "POST /v1.55/plugins/pull?remote=r/sshfs:1&name=mine";
    let upgrade = "POST /v1.55/plugins/mine/upgrade?remote=r/sshfs:2";
    let get_privileges =
        |version| format!("GET /v1.55/plugins/privileges?remote=r/sshfs:{version}");
    in_all_modes("plugins", |program| {
        let dir = TempDir::new();
        let tar = dir.write("tar", ZEROS);
        let engine = engine();
        engine
            .ping("1.55")
            .exchange_for(
                Expected::new("GET /v1.55/distribution/r:5000/a:1/json").header(
                    "x-registry-auth",
                    "eyJ1c2VybmFtZSI6ImFkYSIsInBhc3N3b3JkIjoid8O8Pz4ifQ==",
                ),
                Response::json(
                    r#"{"Descriptor":{"digest":"sha256:00"},"Platforms":[{"os.version":"1.0"}]}"#,
                ),
            )
            .exchange(
                "GET /v1.55/distribution/a/json",
                Response::error(401, "no basic auth credentials"),
            )
            .exchange(&get_privileges(1), Response::json(privileges))
            .exchange(&get_privileges(1), Response::json(privileges))
            .exchange_for(Expected::new(pull).json(privileges), progress())
            .accept()
            .exchange(&get_privileges(2), Response::json(privileges))
            .exchange(&get_privileges(2), Response::json(privileges))
            .exchange_for(Expected::new(upgrade).json(privileges), progress())
            .accept()
            .exchange_for(
                Expected::new(&get_privileges(1))
                    .header("x-registry-auth", "eyJ1c2VybmFtZSI6ImFkYSJ9"),
                Response::json(privileges),
            )
            .exchange_for(Expected::new(pull).json(privileges), progress())
            .accept()
            .exchange_for(Expected::new(upgrade).json(privileges), progress())
            .accept()
            .exchange_for(
                Expected::new(pull).json("[]"),
                Response::chunked(200)
                    .then("{\"errorDetail\":{\"message\":\"incorrect privileges\"}}\r\n"),
            )
            .accept()
            .exchange_for(upload("POST /v1.55/plugins/create?name=mine"), Response::empty(204))
            .exchange(
                "GET /v1.55/plugins?filters=%7B%22capability%22:%5B%22volumedriver%22%5D%7D",
                Response::json(
                    r#"[{"Config":{"Interface":{"Types":["docker.volumedriver/1.0"]}}}]"#,
                ),
            )
            .exchange_for(
                Expected::new("POST /v1.55/plugins/mine/set").json(r#"["DEBUG=1"]"#),
                Response::empty(204),
            )
            .exchange("POST /v1.55/plugins/mine/enable?timeout=30", Response::sized(200))
            .exchange("GET /v1.55/plugins/mine/json", Response::json(r#"{"Enabled":true}"#))
            .exchange("POST /v1.55/plugins/mine/disable?force=1", Response::sized(200))
            .exchange_for(
                Expected::new("POST /v1.55/plugins/r/mine/push")
                    .header("x-registry-auth", "eyJ1c2VybmFtZSI6ImFkYSJ9"),
                progress(),
            )
            .accept()
            .exchange("DELETE /v1.55/plugins/mine", Response::error(409, "it is enabled"))
            .exchange("DELETE /v1.55/plugins/mine?force=1", Response::sized(200))
            .expect_request(
                upgrading("POST /v1.55/session")
                    .header("x-docker-expose-session-uuid", "s1")
                    .header("x-docker-expose-session-grpc-method", "/a.B/C"),
            )
            .send(UPGRADED)
            .expect("up\0")
            .send("down")
            .expect_end()
            .close();
        engine
            .accept()
            .expect_request(upgrading("POST /v1.55/grpc"))
            .send(UPGRADED)
            .expect("up")
            .send("down")
            .accept()
            .exchange_for(upgrading("POST /v1.55/grpc"), Response::json("{}"));
        program.arg(&engine.host()).arg(tar.to_str().unwrap()).run().success();
        engine.finish();
    });
}
