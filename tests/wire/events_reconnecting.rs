//! Events that go on where the connection was lost.

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
    events.next().expect("there is more").unwrap().action
}

fn failure(events: &mut ReconnectingEvents) -> Error {
    events.next().expect("an error").unwrap_err()
}

#[test]
fn nothing_is_lost_and_nothing_comes_twice() {
    let engine = FakeEngine::unix();
    engine
        .expect_request(Expected::new("GET /v1.42/events?since=1.000000000"))
        .send(CHUNKED)
        .send(events([("a", 5_000_000_005), ("b", 6_000_000_006), ("c", 6_000_000_006)]))
        // One that is older than those before it moves nothing.
        .send(events([("old", 4)]))
        .abort();
    let options = SystemEventsOptions { since: Some(TimeBound::unix(1)), ..Default::default() };
    let docker = pinned(&engine, 42);
    let mut told = docker.system().events_reconnecting(&options).unwrap();
    for name in ["a", "b", "c", "old"] {
        assert_eq!(action(&mut told), name);
    }
    let error = failure(&mut told);
    assert!(matches!(error, Error::Disconnected { operation: "SystemEvents", .. }), "{error:?}");

    // The engine tells again what was at that time, and what it had not told yet.
    engine
        .accept()
        .expect_request(Expected::new("GET /v1.42/events?since=6.000000006"))
        .send(CHUNKED)
        .send(events([("b", 6_000_000_006), ("c", 6_000_000_006), ("d", 6_000_000_006)]))
        .send(events([("e", 7_000_000_000)]))
        .send(last_chunk());
    assert_eq!((action(&mut told), action(&mut told)), ("d".into(), "e".into()));
    // An engine that shuts down ends its response in order.
    let error = failure(&mut told);
    assert!(error.to_string().contains("closed the event stream"), "{error}");

    // Not there yet: the caller decides whether to go on.
    engine
        .accept()
        .exchange("GET /v1.42/events?since=7.000000000", Response::error(503, "starting"))
        .accept()
        .expect_request(Expected::new("GET /v1.42/events?since=7.000000000"))
        .send(CHUNKED)
        .send(events([("f", 8_000_000_000)]));
    let error = failure(&mut told);
    assert_eq!(error.status(), Some(503), "{error:?}");
    assert_eq!(action(&mut told), "f");

    engine.drain();
    told.cancel_token().cancel();
    let error = failure(&mut told);
    assert!(matches!(error, Error::Cancelled { operation: "SystemEvents" }), "{error:?}");
    assert!(told.next().is_none());
    engine.finish();
}

#[test]
fn before_the_first_event() {
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
    let engine = FakeEngine::unix();
    engine.expect_request(Expected::new("GET /v1.42/events")).send(CHUNKED).abort();
    let docker = pinned(&engine, 42);
    let began = now();
    let mut told = docker.system().events_reconnecting(&Default::default()).unwrap();
    let opened = now();
    assert!(matches!(failure(&mut told), Error::Disconnected { .. }));
    // What has happened since the first connection.
    engine.accept().talk(move |conn| {
        let request = RecordedRequest::read_head(conn, 1)?.expect("a request");
        let since: f64 = request.query("since").expect("since").parse().unwrap();
        assert!((began - 0.001..=opened).contains(&since), "{since}: {began} to {opened}");
        conn.send(CHUNKED.as_bytes())?;
        conn.send(&events([("a", 9)]))
    });
    assert_eq!(action(&mut told), "a");
    drop(told);
    engine.finish();
}

#[test]
fn up_to_a_time() {
    let engine = FakeEngine::unix();
    engine
        .expect_request(Expected::new("GET /v1.42/events?until=9.000000000"))
        .send(CHUNKED)
        .send(events([("a", 5)]))
        .send(last_chunk());
    let options = SystemEventsOptions { until: Some(TimeBound::unix(9)), ..Default::default() };
    let docker = pinned(&engine, 42);
    let mut told = docker.system().events_reconnecting(&options).unwrap();
    assert_eq!(action(&mut told), "a");
    assert!(told.next().is_none());
    assert!(told.next().is_none());
    engine.finish();
}

#[test]
fn where_it_cannot_begin() {
    let engine = FakeEngine::unix();
    engine.exchange("GET /v1.42/events", Response::error(400, "no such filter"));
    let docker = pinned(&engine, 42);
    let error = docker.system().events_reconnecting(&Default::default()).unwrap_err();
    assert!(matches!(error, Error::BadRequest(_)), "{error:?}");
    engine.finish();
}
