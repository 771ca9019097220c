//! A C program against responses that look like a success and are not, and limits.

use crate::c_program::in_all_modes;
use crate::programs::engine;
use crate::support::{Expected, Response, frame};

#[test]
fn faults() {
    let pull = "POST /v1.42/images/create?fromImage=x:1";
    let pulled = |failure: &str| Response::sized(200).then(format!("{{}}\r\n{failure}\r\n"));
    let not_upgraded =
        || Response::until_close(200).header("Content-Type", "application/vnd.docker.raw-stream");
    let logs = "GET /v1.42/containers/web/logs?stdout=1&stderr=1";
    let frames = |bytes: &[u8]| {
        Response::chunked(200)
            .header("Content-Type", "application/vnd.docker.multiplexed-stream")
            .then(bytes)
    };
    let listed = || Response::json(format!("[{{\"Id\":\"{}\"}}]", "x".repeat(200)));
    in_all_modes("faults", |program| {
        let engine = engine();
        for failure in [
            r#"{"errorDetail":{"message":"boom","code":"401"},"error":"boom"}"#,
            r#"{"errorDetail":"boom"}"#,
            r#"{"error":true}"#,
            r#"{"errorDetail":{},"error":""}"#,
        ] {
            engine.exchange(pull, pulled(failure)).accept();
        }
        engine
            .exchange(
                "POST /v1.42/build?remote=http://a/b",
                Response::chunked(200).then(
                    r#"{"aux":{"ID":"sha256:1"},"stream":[1],"progressDetail":7,"error":null}"#,
                ),
            )
            .accept()
            .exchange_for(
                Expected::new("POST /v1.42/exec/e1/start").any_body(),
                not_upgraded().then(frame(1, "output")),
            )
            .accept()
            .exchange(
                "POST /v1.42/containers/web/attach?stream=1&stdin=1&stdout=1&stderr=1",
                not_upgraded(),
            )
            .accept()
            .exchange("GET /v1.42/containers/web/json", Response::json("{}"))
            .expect_request(Expected::new("POST /v1.42/containers/web/start"))
            .send("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
            .expect_close()
            .accept()
            .exchange("POST /v1.42/containers/web/wait", Response::sized(200).then("{}"))
            .accept()
            .exchange(logs, frames(&frame(1, "output")[..10]))
            .accept()
            .exchange(logs, frames(&[&frame(1, "one\n"), &b"EOF!\n"[..]].concat()))
            .accept()
            .exchange("GET /v1.42/containers/json", listed())
            .accept()
            .exchange("GET /v1.42/containers/json", listed());
        program.arg(&engine.host()).run().success();
        engine.finish();
    });
}
