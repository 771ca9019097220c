//! `events_reconnecting`: the stream continues after a lost connection.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::support::*;
use dockline::*;

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
    Transfer-Encoding: chunked\r\n\r\n";

fn event(name: &str, nanos: u64) -> String {
    format!(r#"{{"Type":"container","Action":"{name}","timeNano":{nanos}}}"#)
}

fn events<const N: usize>(events: [(&str, u64); N]) -> Vec<u8> {
    events.map(|(name, nanos)| chunk(event(name, nanos) + "\n")).concat()
}

fn action(events: &mut ReconnectingEvents) -> String {
    events.next().expect("an event").unwrap().action
}

fn next_error(events: &mut ReconnectingEvents) -> Error {
    events.next().expect("an error").unwrap_err()
}

#[test]
fn resumes_without_loss_or_duplicates() {
    let engine = FakeEngine::unix();
    engine
        .expect_request(Expected::new("GET /v1.42/events?since=1.000000000"))
        .send(CHUNKED)
        .send(events([("a", 5_000_000_005), ("b", 6_000_000_006), ("c", 6_000_000_006)]))
        // An event with an older time does not move the position back.
        .send(events([("old", 4)]))
        .abort();
    let options = SystemEventsOptions { since: Some(TimeBound::unix(1)), ..Default::default() };
    let docker = pinned(&engine, 42);
    let mut stream = docker.system().events_reconnecting(&options).unwrap();
    for name in ["a", "b", "c", "old"] {
        assert_eq!(action(&mut stream), name);
    }
    let error = next_error(&mut stream);
    assert!(matches!(error, Error::Disconnected { operation: "SystemEvents", .. }), "{error:?}");

    // The engine repeats the events of that nanosecond, including one that was not sent before.
    engine
        .accept()
        .expect_request(Expected::new("GET /v1.42/events?since=6.000000006"))
        .send(CHUNKED)
        .send(events([("b", 6_000_000_006), ("c", 6_000_000_006), ("d", 6_000_000_006)]))
        .send(events([("e", 7_000_000_000)]))
        .send(last_chunk());
    assert_eq!((action(&mut stream), action(&mut stream)), ("d".into(), "e".into()));
    // A regular end of the response: the engine shuts down.
    let error = next_error(&mut stream);
    assert!(error.to_string().contains("closed the event stream"), "{error}");

    // The engine is not available yet: the caller decides whether to go on.
    engine
        .accept()
        .exchange("GET /v1.42/events?since=7.000000000", Response::error(503, "starting"))
        .accept()
        .expect_request(Expected::new("GET /v1.42/events?since=7.000000000"))
        .send(CHUNKED)
        .send(events([("f", 8_000_000_000)]));
    let error = next_error(&mut stream);
    assert_eq!(error.status(), Some(503), "{error:?}");
    assert_eq!(action(&mut stream), "f");

    engine.drain();
    stream.cancel_token().cancel();
    let error = next_error(&mut stream);
    assert!(matches!(error, Error::Cancelled { operation: "SystemEvents" }), "{error:?}");
    assert!(stream.next().is_none());
    engine.finish();
}

#[test]
fn reconnects_before_first_event() {
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
    let engine = FakeEngine::unix();
    engine.expect_request(Expected::new("GET /v1.42/events")).send(CHUNKED).abort();
    let docker = pinned(&engine, 42);
    let before = now();
    let mut stream = docker.system().events_reconnecting(&Default::default()).unwrap();
    let after = now();
    assert!(matches!(next_error(&mut stream), Error::Disconnected { .. }));
    // Requests the events since the first connection.
    engine.accept().talk(move |conn| {
        let request = RecordedRequest::read_head(conn, 1)?.expect("a request");
        let since: f64 = request.query("since").expect("since").parse().unwrap();
        assert!((before - 0.001..=after).contains(&since), "{since}: {before} to {after}");
        conn.send(CHUNKED.as_bytes())?;
        conn.send(&events([("a", 9)]))
    });
    assert_eq!(action(&mut stream), "a");
    drop(stream);
    engine.finish();
}

#[test]
fn ends_at_until() {
    let engine = FakeEngine::unix();
    engine
        .expect_request(Expected::new("GET /v1.42/events?until=9.000000000"))
        .send(CHUNKED)
        .send(events([("a", 5)]))
        .send(last_chunk());
    let options = SystemEventsOptions { until: Some(TimeBound::unix(9)), ..Default::default() };
    let docker = pinned(&engine, 42);
    let mut stream = docker.system().events_reconnecting(&options).unwrap();
    assert_eq!(action(&mut stream), "a");
    assert!(stream.next().is_none());
    assert!(stream.next().is_none());
    engine.finish();
}

#[test]
fn fails_if_first_connection_fails() {
    let engine = FakeEngine::unix();
    engine.exchange("GET /v1.42/events", Response::error(400, "no such filter"));
    let docker = pinned(&engine, 42);
    let error = docker.system().events_reconnecting(&Default::default()).unwrap_err();
    assert!(matches!(error, Error::BadRequest(_)), "{error:?}");
    engine.finish();
}
