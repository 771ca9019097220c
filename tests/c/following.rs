//! A C program that follows streams which the engine does not end, or ends early.

use crate::c_program::in_all_modes;
use crate::programs::engine;
use crate::support::{Expected, chunk, chunked, frame, last_chunk};

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

#[test]
fn following() {
    let event =
        |name: &str, nanos: u64| chunk(format!(r#"{{"Action":"{name}","timeNano":{nanos}}}"#));
    in_all_modes("following", |program| {
        let engine = engine();
        engine
            .ping("1.42")
            .expect_request(Expected::new("POST /v1.42/containers/web/wait"))
            .send(CHUNKED)
            .accept()
            .expect_request(Expected::new(
                "GET /v1.42/containers/web/logs?follow=1&stdout=1&stderr=1",
            ))
            .send(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\
                 Content-Type: application/vnd.docker.multiplexed-stream\r\n\r\n",
            )
            .send(chunk(frame(1, "some")))
            .on(0)
            .send(chunked([r#"{"StatusCode":3}"#]))
            .on(1)
            .expect_close()
            .accept()
            .expect_request(Expected::new("GET /v1.42/events?since=1.000000000"))
            .send(CHUNKED)
            .send([event("a", 2_000_000_000), event("b", 3_000_000_000)].concat())
            .abort()
            .accept()
            .expect_request(Expected::new("GET /v1.42/events?since=3.000000000"))
            .send(CHUNKED)
            .send([event("b", 3_000_000_000), event("c", 4_000_000_000)].concat())
            .send(last_chunk());
        program.arg(&engine.host()).run().success();
        engine.finish();
    });
}
