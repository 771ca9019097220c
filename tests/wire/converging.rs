//! Waiting for services: what is made of what the managers tell, by an engine that plays them.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::support::*;
use dockline::*;

/// A service, its tasks and nodes as they are at a time, by which requests are answered. It moves on
/// to the next time when the nodes were asked for, which comes last.
#[derive(Clone, Default)]
struct Moment {
    /// In place of the mode of three replicas.
    mode: &'static str,
    /// Of the service: `"UpdateStatus":{…}` and the like.
    more: &'static str,
    /// Each a JSON object of fields; `current` is ours, and tells which are up to date.
    tasks: Vec<String>,
    nodes: &'static str,
    /// A response to all requests instead.
    api_error: Option<(u16, &'static str)>,
}

fn task(slot: u32, state: &str, desired: &str, current: bool) -> String {
    task_named(&format!("t{slot}{state}"), slot, "n1", state, desired, current)
}

fn task_named(
    id: &str,
    slot: u32,
    node: &str,
    state: &str,
    desired: &str,
    current: bool,
) -> String {
    let err = match state {
        "failed" | "rejected" => format!("because of {id}"),
        _ => String::new(),
    };
    format!(
        r#"{{"ID":"{id}","Slot":{slot},"NodeID":"{node}","DesiredState":"{desired}",
            "Status":{{"State":"{state}","Err":"{err}"}},"current":{current}}}"#
    )
}

/// An engine on which these times come one after the other; the last one stays.
fn engine(times: Vec<Moment>) -> (Responder, Arc<Mutex<usize>>) {
    let now = Arc::new(Mutex::new(0));
    let shared = now.clone();
    let engine = Responder::unix(None, move |request| {
        let mut now = shared.lock().unwrap();
        let time = &times[(*now).min(times.len() - 1)];
        if let Some((status, words)) = time.api_error {
            *now += 1;
            return Response::error(status, words);
        }
        match request.path().strip_prefix("/v1.41").unwrap() {
            "/services/web" | "/services/9mnp" => {
                let mode = match time.mode {
                    "" => r#"{"Replicated":{"Replicas":3}}"#,
                    mode => mode,
                };
                let comma = if time.more.is_empty() { "" } else { "," };
                Response::json(format!(
                    r#"{{"ID":"9mnp","Spec":{{"Name":"web","Mode":{mode}}}{comma}{}}}"#,
                    time.more
                ))
            }
            "/tasks" => {
                let filters = request.query("filters").unwrap();
                assert!(filters.contains(r#""service":["9mnp"]"#), "{filters}");
                let only_current = filters.contains(r#""_up-to-date":["true"]"#);
                let wanted = |it: &&String| !only_current || it.contains(r#""current":true"#);
                let tasks: Vec<_> = time.tasks.iter().filter(wanted).cloned().collect();
                Response::json(format!("[{}]", tasks.join(",")))
            }
            "/nodes" => {
                *now += 1;
                Response::json(if time.nodes.is_empty() { "[]" } else { time.nodes })
            }
            other => panic!("{other} is asked for"),
        }
    });
    (engine, now)
}

/// Does not wait to see whether tasks last.
fn at_once() -> ServiceWaitOptions {
    ServiceWaitOptions { monitor: Some(Duration::ZERO) }
}

/// Waits for the service to the end, and gives the items in short.
#[track_caller]
fn watched(times: Vec<Moment>) -> Vec<String> {
    let (engine, _) = engine(times);
    let docker = speaking(&engine.host(), "1.41");
    let items: Vec<_> = docker
        .services()
        .wait_converged("web", &at_once())
        .unwrap()
        .map(|item| short(&item.unwrap()))
        .collect();
    engine.finish();
    items
}

fn short(item: &Convergence) -> String {
    let done = if item.completed > 0 { format!(" {} done", item.completed) } else { String::new() };
    let problems: Vec<_> = item.problems.iter().map(|it| it.status.err.as_str()).collect();
    let problems =
        if problems.is_empty() { String::new() } else { format!(": {}", problems.join(", ")) };
    format!("{} {}/{}{done}{problems}", item.state, item.running, item.desired)
}

fn running(slots: std::ops::RangeInclusive<u32>) -> Vec<String> {
    slots.map(|slot| task(slot, "running", "running", true)).collect()
}

#[test]
fn tasks_come_one_by_one() {
    let time = |tasks| Moment { tasks, ..Default::default() };
    let starting = || task(3, "starting", "running", true);
    let two = || [running(1..=2), vec![starting()]].concat();
    let items = watched(vec![
        time(vec![]),
        time(vec![task(1, "preparing", "running", true)]),
        time(two()),
        // Nothing new, nothing told.
        time(two()),
        time(running(1..=3)),
    ]);
    assert_eq!(items, ["converging 0/3", "converging 2/3", "converged 3/3"]);
}

#[test]
fn what_counts() {
    let time = |tasks| Moment {
        tasks,
        nodes: r#"[{"ID":"n1","Status":{"State":"ready"}},{"ID":"n2","Status":{"State":"down"}}]"#,
        ..Default::default()
    };
    let items = watched(vec![
        time(vec![
            task(1, "running", "running", true),
            // An old one, one that is to go, one on a node that is gone, one of a newer engine.
            task(2, "running", "running", false),
            task(3, "running", "shutdown", true),
            task_named("lost", 3, "n2", "running", "running", true),
            task(2, "asleep", "running", true),
        ]),
        // Of two in one place the one that comes later is not there yet.
        time(vec![
            task(1, "running", "running", true),
            task(2, "running", "running", true),
            task_named("b", 3, "n1", "running", "running", true),
            task_named("c", 3, "n1", "starting", "running", true),
        ]),
        time(running(1..=3)),
    ]);
    assert_eq!(items, ["converging 1/3", "converging 2/3", "converged 3/3"]);

    let mode = r#"{"Replicated":{"Replicas":0}}"#;
    let none = Moment { mode, tasks: vec![task(1, "running", "remove", true)], ..time(vec![]) };
    assert_eq!(watched(vec![none]), ["converged 0/0"]);
    let mode = r#"{"Replicated":{}}"#;
    assert_eq!(watched(vec![Moment { mode, ..time(running(1..=1)) }]), ["converged 1/1"]);
}

#[test]
fn problems_are_told_once() {
    let time = |tasks| Moment { tasks, ..Default::default() };
    let unplaced = |words: &str| {
        format!(
            r#"{{"ID":"u","Slot":3,"DesiredState":"running","current":true,
                "Status":{{"State":"pending","Err":"{words}"}}}}"#
        )
    };
    let old = || task_named("old", 1, "n1", "failed", "shutdown", false);
    let first = || task_named("first", 1, "n1", "rejected", "shutdown", true);
    let second = || task_named("second", 1, "n1", "failed", "shutdown", true);
    let items = watched(vec![
        // That of a former spec is nobody's news.
        time(vec![old(), first(), unplaced("no suitable node")]),
        time(vec![old(), first(), unplaced("no suitable node")]),
        time(vec![old(), first(), second(), unplaced("no suitable node (insufficient memory)")]),
        time([running(1..=3), vec![first(), second()]].concat()),
    ]);
    assert_eq!(
        items,
        [
            "converging 0/3: because of first, no suitable node",
            "converging 0/3: because of second, no suitable node (insufficient memory)",
            "converged 3/3",
        ]
    );
}

#[test]
fn updates_and_their_ends() {
    let updating = r#""UpdateStatus":{"State":"updating","Message":"update in progress"}"#;
    let time = |more, tasks| Moment { more, tasks, ..Default::default() };
    let old = |slot| task(slot, "running", "running", false);
    let half = || vec![task(1, "running", "running", true), old(2), old(3)];
    // All run, but the update is not done before the managers say so.
    let done = r#""UpdateStatus":{"State":"completed","Message":"update completed"}"#;
    let items = watched(vec![
        time("", vec![old(1), old(2), old(3)]),
        time(updating, half()),
        time(updating, running(1..=3)),
        time(done, running(1..=3)),
    ]);
    assert_eq!(items, ["converging 0/3", "converging 1/3", "converging 3/3", "converged 3/3"]);

    let paused = r#""UpdateStatus":{"State":"paused","Message":"update paused due to failure"}"#;
    let failed = || task_named("bad", 1, "n1", "failed", "shutdown", true);
    let items = watched(vec![
        time(updating, vec![old(2), old(3)]),
        time(paused, vec![failed(), old(2), old(3)]),
    ]);
    assert_eq!(items, ["converging 0/3", "paused 0/3: because of bad"]);

    // What went wrong is told though the spec is the former one again.
    let back = r#""UpdateStatus":{"State":"rollback_started","Message":"update rolled back"}"#;
    let was_bad = || task_named("bad", 1, "n1", "failed", "shutdown", false);
    let gone_back =
        r#""UpdateStatus":{"State":"rollback_completed","Message":"rollback completed"}"#;
    let items = watched(vec![
        time(updating, vec![old(2), old(3)]),
        time(back, [running(2..=3), vec![was_bad()]].concat()),
        time(back, running(1..=3)),
        time(gone_back, running(1..=3)),
    ]);
    assert_eq!(
        items,
        ["converging 0/3", "converging 2/3: because of bad", "converging 3/3", "rolled_back 3/3",]
    );
    let stuck = r#""UpdateStatus":{"State":"rollback_paused","Message":"m"}"#;
    assert_eq!(watched(vec![time(stuck, half())]), ["rollback_paused 1/3"]);
}

/// How many there are to be is known when the managers have decided.
#[test]
fn one_on_each_node() {
    let on = |node: &str, state: &str, current| {
        task_named(&format!("{node}{state}{current}"), 0, node, state, "running", current)
    };
    let nodes = r#"[{"ID":"n3","Status":{"State":"down"}}]"#;
    let time = |tasks| Moment { mode: r#"{"Global":{}}"#, tasks, nodes, ..Default::default() };
    let items = watched(vec![
        time(vec![on("n1", "running", false), on("n2", "running", false)]),
        time(vec![on("n1", "running", true), on("n2", "starting", true)]),
        time(vec![on("n1", "running", true), on("n2", "running", true), on("n3", "running", true)]),
    ]);
    assert_eq!(items, ["converging 0/2", "converging 1/2", "converged 2/2"]);
}

#[test]
fn jobs() {
    let of = |run: u64, id: &str, slot: u32, state: &str| {
        task_named(id, slot, "n1", state, "complete", false)
            .replace("\"current\"", &format!("\"JobIteration\":{{\"Index\":{run}}},\"current\""))
    };
    let more = r#""JobStatus":{"JobIteration":{"Index":5}}"#;
    let mode = r#"{"ReplicatedJob":{"MaxConcurrent":1,"TotalCompletions":2}}"#;
    let time = |tasks| Moment { mode, more, tasks, ..Default::default() };
    let items = watched(vec![
        // Of a former run.
        time(vec![of(3, "x", 1, "complete"), of(3, "y", 2, "complete")]),
        time(vec![of(5, "a", 1, "running")]),
        time(vec![of(5, "a", 1, "complete"), of(5, "b", 2, "failed")]),
        time(vec![of(5, "a", 1, "complete"), of(5, "b", 2, "failed"), of(5, "c", 2, "complete")]),
    ]);
    assert_eq!(
        items,
        [
            "converging 0/2",
            "converging 1/2",
            "converging 0/2 1 done: because of b",
            "converged 0/2 2 done",
        ]
    );

    let on = |node: &str, state: &str| of(5, node, 0, state).replace("n1", node);
    let global = |tasks| Moment { mode: r#"{"GlobalJob":{}}"#, more, tasks, ..Default::default() };
    let items = watched(vec![
        global(vec![]),
        global(vec![on("n1", "complete"), on("n2", "running")]),
        global(vec![on("n1", "complete"), on("n2", "complete")]),
    ]);
    assert_eq!(items, ["converging 0/0", "converging 1/2 1 done", "converged 0/2 2 done"]);
}

/// Tasks that end soon do not count as running.
#[test]
fn tasks_must_last() {
    let time = |tasks| Moment { tasks, ..Default::default() };
    let crashed = || [running(1..=2), vec![task(3, "failed", "shutdown", true)]].concat();
    let (engine, now) = engine(vec![time(running(1..=3)), time(crashed()), time(running(1..=3))]);
    let docker = speaking(&engine.host(), "1.41");
    let monitor = Duration::from_secs(2);
    let began = Instant::now();
    let wait = docker
        .services()
        .wait_converged("web", &ServiceWaitOptions { monitor: Some(monitor) })
        .unwrap();
    let items: Vec<_> = wait.map(|item| short(&item.unwrap())).collect();
    assert_eq!(
        items,
        [
            "converging 3/3",
            "converging 2/3: because of t3failed",
            "converging 3/3",
            "converged 3/3"
        ]
    );
    assert!(began.elapsed() >= monitor);
    assert!(*now.lock().unwrap() >= 4);
    engine.finish();
}

/// While the managers elect a leader, nobody can tell; that passes.
#[test]
fn without_a_leader() {
    let time = |tasks| Moment { tasks, ..Default::default() };
    let lost = |status, words| Moment { api_error: Some((status, words)), ..Default::default() };
    let words = "rpc error: code = Unknown desc = The swarm does not have a leader.";
    let preparing = "This node is not a swarm manager. Manager is being prepared or has trouble \
                     connecting to the cluster.";
    let items = watched(vec![
        time(running(1..=2)),
        lost(500, words),
        lost(503, preparing),
        lost(500, words),
        time(running(1..=3)),
    ]);
    assert_eq!(items, ["converging 2/3", "converged 3/3"]);

    // Anything else does not pass.
    for (status, words) in [(404, "service web not found"), (500, "disk full")] {
        let (engine, _) = engine(vec![time(running(1..=2)), lost(status, words)]);
        let docker = speaking(&engine.host(), "1.41");
        let mut wait = docker.services().wait_converged("web", &at_once()).unwrap();
        assert_eq!(short(&wait.next().unwrap().unwrap()), "converging 2/3");
        let error = wait.next().unwrap().unwrap_err();
        assert_eq!((error.status(), error.operation()), (Some(status), "ServiceInspect"));
        assert!(wait.next().is_none());
        engine.finish();
    }
}

#[test]
fn a_deadline_is_for_the_whole() {
    let (engine, _) = engine(vec![Moment::default()]);
    let deadline = Duration::from_secs(2);
    let timeouts = Timeouts { deadline: Some(deadline), ..Default::default() };
    let docker = speaking(&engine.host(), "1.41").with_timeouts(timeouts);
    let began = Instant::now();
    let wait = docker.services().wait_converged("web", &at_once()).unwrap();
    let error = wait.finish().unwrap_err();
    assert!(began.elapsed() >= deadline && began.elapsed() < deadline + LATE);
    match error {
        Error::Timeout { operation, after, .. } => {
            assert_eq!((operation, after), ("ServiceInspect", deadline));
        }
        other => panic!("{other:?}"),
    }
    engine.finish();
}

/// By its own handle, and by that of the context.
#[test]
fn cancelled_from_another_thread() {
    for own in [true, false] {
        let (engine, _) = engine(vec![Moment::default()]);
        let outer = CancelToken::new();
        let docker = speaking(&engine.host(), "1.41").with_cancel_token(&outer);
        let mut wait = docker.services().wait_converged("web", &at_once()).unwrap();
        assert_eq!(short(&wait.next().unwrap().unwrap()), "converging 0/3");
        let cancel = if own { wait.cancel_token() } else { outer.clone() };
        let other = std::thread::spawn(move || cancel.cancel());
        let error = wait.next().unwrap().unwrap_err();
        assert!(matches!(error, Error::Cancelled { .. }), "{error:?}");
        assert!(wait.next().is_none());
        other.join().unwrap();
        // The context goes on, unless it was its own.
        assert_eq!(outer.is_cancelled(), !own);
        assert_eq!(docker.nodes().list(&Default::default()).is_ok(), own);
        engine.finish();
    }
}

#[test]
fn refused_at_once() {
    let engine = FakeEngine::unix();
    engine
        .exchange_for(bare("GET /v1.41/services/none"), Response::error(404, "not found"))
        .accept()
        .exchange_for(bare("GET /v1.28/services/web"), Response::json(r#"{"ID":"9mnp"}"#));
    let none = pinned(&engine, 41).services().wait_converged("none", &Default::default());
    assert!(matches!(none.unwrap_err(), Error::NotFound(_)));
    let (message, needed) =
        too_old(pinned(&engine, 28).services().wait_converged("web", &Default::default()));
    assert_eq!(needed, 29);
    assert!(message.contains("needs API 1.29"), "{message}");
    engine.finish();
}
