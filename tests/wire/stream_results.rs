//! The body of a stream in the result of its call.

use std::sync::{Arc, Mutex};

use crate::support::{Expected, FakeEngine, chunk, head, last_chunk};
use dockline::{ApiVersion, CallResult, Context};

/// Result of listing events from an engine that sends `body` in two parts, split at `at`.
fn result_of(body: &[u8], at: usize) -> (usize, CallResult) {
    let results = Arc::new(Mutex::new(Vec::new()));
    let engine = FakeEngine::unix();
    let response = head(["HTTP/1.1 200 OK", "transfer-encoding: chunked"]);
    engine.expect_request(Expected::new("GET /v1.41/events")).send(response).send_split(body, at);
    let docker = Context::builder()
        .host(engine.host())
        .api_version(ApiVersion::new(1, 41))
        .on_result({
            let results = results.clone();
            move |result| results.lock().unwrap().push(result.clone())
        })
        .build()
        .unwrap();
    let events = docker.system().events(&Default::default()).unwrap();
    let count = events.map(Result::unwrap).count();
    engine.finish();
    let mut results = results.lock().unwrap();
    assert_eq!(results.len(), 1);
    (count, results.pop().unwrap())
}

#[test]
fn result_body_has_no_chunk_framing() {
    let records = ["{\"Action\":\"start\"}\r\n", "{\"Action\":\"d", "ie\"}\r\n", "{}"];
    let mut body: Vec<u8> = records.iter().flat_map(chunk).collect();
    body.extend_from_slice(last_chunk());
    for at in 1..body.len() {
        let (count, result) = result_of(&body, at);
        assert_eq!(count, 3);
        let text = String::from_utf8(result.response_body).unwrap();
        assert_eq!(text, records.concat(), "split at {at}");
        assert_eq!(result.response_bytes, records.concat().len() as u64);
    }
}
