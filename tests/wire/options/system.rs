use super::*;

#[test]
fn system_events() {
    let options = SystemEventsOptions {
        since: time_bound(),
        until: Some(TimeBound::unix(-1)),
        filters: filters(),
    };
    assert_sent(
        &format!("GET /v1.55/events?since=1700000000.000000001&until=-1.000000000&{FILTERS}"),
        |c| c.system().events(&options).map(drop),
    );
}
