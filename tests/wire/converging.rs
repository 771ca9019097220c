//! `wait_converged`: the states derived from the managers' responses.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::support::*;
use dockline::*;

/// State of a service, its tasks and nodes, from which requests are answered. The next state follows after a request
/// for the nodes, which is the last of each poll.
#[derive(Clone, Default)]
struct ServiceState {
    /// Replaces the default mode, three replicas.
    mode: &'static str,
    /// More fields of the service: `"UpdateStatus":{…}` and the like.
    more: &'static str,
    /// JSON objects; the field `current` marks tasks of the current spec and belongs to this test only.
    tasks: Vec<String>,
    nodes: &'static str,
    /// Error response to every request instead.
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

/// An engine that goes through these states; the last one stays.
fn engine(states: Vec<ServiceState>) -> (Responder, Arc<Mutex<usize>>) {
    let position = Arc::new(Mutex::new(0));
    let shared = position.clone();
    let engine = Responder::unix(None, move |request| {
        let mut position = shared.lock().unwrap();
        let state = &states[(*position).min(states.len() - 1)];
        if let Some((status, message)) = state.api_error {
            *position += 1;
            return Response::error(status, message);
        }
        match request.path().strip_prefix("/v1.41").unwrap() {
            "/services/web" | "/services/9mnp" => {
                let mode = match state.mode {
                    "" => r#"{"Replicated":{"Replicas":3}}"#,
                    mode => mode,
                };
                let comma = if state.more.is_empty() { "" } else { "," };
                Response::json(format!(
                    r#"{{"ID":"9mnp","Spec":{{"Name":"web","Mode":{mode}}}{comma}{}}}"#,
                    state.more
                ))
            }
            "/tasks" => {
                let filters = request.query("filters").unwrap();
                assert!(filters.contains(r#""service":["9mnp"]"#), "{filters}");
                let only_current = filters.contains(r#""_up-to-date":["true"]"#);
                let is_requested = |it: &&String| !only_current || it.contains(r#""current":true"#);
                let tasks: Vec<_> = state.tasks.iter().filter(is_requested).cloned().collect();
                Response::json(format!("[{}]", tasks.join(",")))
            }
            "/nodes" => {
                *position += 1;
                Response::json(if state.nodes.is_empty() { "[]" } else { state.nodes })
            }
            other => panic!("{other} is asked for"),
        }
    });
    (engine, position)
}

/// Does not monitor whether tasks keep running.
fn without_monitoring() -> ServiceWaitOptions {
    ServiceWaitOptions { monitor: Some(Duration::ZERO) }
}

/// Waits until the service has converged, and returns the items in short form.
#[track_caller]
fn wait_for_items(states: Vec<ServiceState>) -> Vec<String> {
    let (engine, _) = engine(states);
    let docker = speaking(&engine.host(), "1.41");
    let items: Vec<_> = docker
        .services()
        .wait_converged("web", &without_monitoring())
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
fn counts_running_tasks() {
    let state = |tasks| ServiceState { tasks, ..Default::default() };
    let starting = || task(3, "starting", "running", true);
    let two = || [running(1..=2), vec![starting()]].concat();
    let items = wait_for_items(vec![
        state(vec![]),
        state(vec![task(1, "preparing", "running", true)]),
        state(two()),
        // No change, no item.
        state(two()),
        state(running(1..=3)),
    ]);
    assert_eq!(items, ["converging 0/3", "converging 2/3", "converged 3/3"]);
}

#[test]
fn counts_only_current_tasks() {
    let state = |tasks| ServiceState {
        tasks,
        nodes: r#"[{"ID":"n1","Status":{"State":"ready"}},{"ID":"n2","Status":{"State":"down"}}]"#,
        ..Default::default()
    };
    let items = wait_for_items(vec![
        state(vec![
            task(1, "running", "running", true),
            // Outdated, to be shut down, on a lost node, in an unknown state.
            task(2, "running", "running", false),
            task(3, "running", "shutdown", true),
            task_named("lost", 3, "n2", "running", "running", true),
            task(2, "asleep", "running", true),
        ]),
        // With two tasks in a slot, the newer one counts, and it is not running yet.
        state(vec![
            task(1, "running", "running", true),
            task(2, "running", "running", true),
            task_named("b", 3, "n1", "running", "running", true),
            task_named("c", 3, "n1", "starting", "running", true),
        ]),
        state(running(1..=3)),
    ]);
    assert_eq!(items, ["converging 1/3", "converging 2/3", "converged 3/3"]);

    let mode = r#"{"Replicated":{"Replicas":0}}"#;
    let none =
        ServiceState { mode, tasks: vec![task(1, "running", "remove", true)], ..state(vec![]) };
    assert_eq!(wait_for_items(vec![none]), ["converged 0/0"]);
    let mode = r#"{"Replicated":{}}"#;
    assert_eq!(
        wait_for_items(vec![ServiceState { mode, ..state(running(1..=1)) }]),
        ["converged 1/1"]
    );
}

#[test]
fn reports_each_problem_once() {
    let state = |tasks| ServiceState { tasks, ..Default::default() };
    let unplaced = |message: &str| {
        format!(
            r#"{{"ID":"u","Slot":3,"DesiredState":"running","current":true,
                "Status":{{"State":"pending","Err":"{message}"}}}}"#
        )
    };
    let old = || task_named("old", 1, "n1", "failed", "shutdown", false);
    let first = || task_named("first", 1, "n1", "rejected", "shutdown", true);
    let second = || task_named("second", 1, "n1", "failed", "shutdown", true);
    let items = wait_for_items(vec![
        // Failures of a former spec are not reported.
        state(vec![old(), first(), unplaced("no suitable node")]),
        state(vec![old(), first(), unplaced("no suitable node")]),
        state(vec![old(), first(), second(), unplaced("no suitable node (insufficient memory)")]),
        state([running(1..=3), vec![first(), second()]].concat()),
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
fn update_states() {
    let updating = r#""UpdateStatus":{"State":"updating","Message":"update in progress"}"#;
    let state = |more, tasks| ServiceState { more, tasks, ..Default::default() };
    let old = |slot| task(slot, "running", "running", false);
    let half = || vec![task(1, "running", "running", true), old(2), old(3)];
    // All tasks run, but the update is not completed yet.
    let done = r#""UpdateStatus":{"State":"completed","Message":"update completed"}"#;
    let items = wait_for_items(vec![
        state("", vec![old(1), old(2), old(3)]),
        state(updating, half()),
        state(updating, running(1..=3)),
        state(done, running(1..=3)),
    ]);
    assert_eq!(items, ["converging 0/3", "converging 1/3", "converging 3/3", "converged 3/3"]);

    let paused = r#""UpdateStatus":{"State":"paused","Message":"update paused due to failure"}"#;
    let failed = || task_named("bad", 1, "n1", "failed", "shutdown", true);
    let items = wait_for_items(vec![
        state(updating, vec![old(2), old(3)]),
        state(paused, vec![failed(), old(2), old(3)]),
    ]);
    assert_eq!(items, ["converging 0/3", "paused 0/3: because of bad"]);

    // The failure is reported although the spec is the former one again.
    let rollback_started =
        r#""UpdateStatus":{"State":"rollback_started","Message":"update rolled back"}"#;
    let failed_old = || task_named("bad", 1, "n1", "failed", "shutdown", false);
    let rollback_completed =
        r#""UpdateStatus":{"State":"rollback_completed","Message":"rollback completed"}"#;
    let items = wait_for_items(vec![
        state(updating, vec![old(2), old(3)]),
        state(rollback_started, [running(2..=3), vec![failed_old()]].concat()),
        state(rollback_started, running(1..=3)),
        state(rollback_completed, running(1..=3)),
    ]);
    assert_eq!(
        items,
        ["converging 0/3", "converging 2/3: because of bad", "converging 3/3", "rolled_back 3/3",]
    );
    let stuck = r#""UpdateStatus":{"State":"rollback_paused","Message":"m"}"#;
    assert_eq!(wait_for_items(vec![state(stuck, half())]), ["rollback_paused 1/3"]);
}

/// The desired number is known once the managers have created the tasks.
#[test]
fn global_services() {
    let on = |node: &str, state: &str, current| {
        task_named(&format!("{node}{state}{current}"), 0, node, state, "running", current)
    };
    let nodes = r#"[{"ID":"n3","Status":{"State":"down"}}]"#;
    let state =
        |tasks| ServiceState { mode: r#"{"Global":{}}"#, tasks, nodes, ..Default::default() };
    let items = wait_for_items(vec![
        state(vec![on("n1", "running", false), on("n2", "running", false)]),
        state(vec![on("n1", "running", true), on("n2", "starting", true)]),
        state(vec![
            on("n1", "running", true),
            on("n2", "running", true),
            on("n3", "running", true),
        ]),
    ]);
    assert_eq!(items, ["converging 0/2", "converging 1/2", "converged 2/2"]);
}

#[test]
fn jobs() {
    let iteration_task = |iteration: u64, id: &str, slot: u32, state: &str| {
        task_named(id, slot, "n1", state, "complete", false).replace(
            "\"current\"",
            &format!("\"JobIteration\":{{\"Index\":{iteration}}},\"current\""),
        )
    };
    let more = r#""JobStatus":{"JobIteration":{"Index":5}}"#;
    let mode = r#"{"ReplicatedJob":{"MaxConcurrent":1,"TotalCompletions":2}}"#;
    let state = |tasks| ServiceState { mode, more, tasks, ..Default::default() };
    let items = wait_for_items(vec![
        // Of a former iteration.
        state(vec![iteration_task(3, "x", 1, "complete"), iteration_task(3, "y", 2, "complete")]),
        state(vec![iteration_task(5, "a", 1, "running")]),
        state(vec![iteration_task(5, "a", 1, "complete"), iteration_task(5, "b", 2, "failed")]),
        state(vec![
            iteration_task(5, "a", 1, "complete"),
            iteration_task(5, "b", 2, "failed"),
            iteration_task(5, "c", 2, "complete"),
        ]),
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

    let on = |node: &str, state: &str| iteration_task(5, node, 0, state).replace("n1", node);
    let global =
        |tasks| ServiceState { mode: r#"{"GlobalJob":{}}"#, more, tasks, ..Default::default() };
    let items = wait_for_items(vec![
        global(vec![]),
        global(vec![on("n1", "complete"), on("n2", "running")]),
        global(vec![on("n1", "complete"), on("n2", "complete")]),
    ]);
    assert_eq!(items, ["converging 0/0", "converging 1/2 1 done", "converged 0/2 2 done"]);
}

/// Tasks that exit within the monitoring time do not count as running.
#[test]
fn monitors_running_tasks() {
    let state = |tasks| ServiceState { tasks, ..Default::default() };
    let crashed = || [running(1..=2), vec![task(3, "failed", "shutdown", true)]].concat();
    let (engine, position) =
        engine(vec![state(running(1..=3)), state(crashed()), state(running(1..=3))]);
    let docker = speaking(&engine.host(), "1.41");
    let monitor = Duration::from_secs(2);
    let start = Instant::now();
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
    assert!(start.elapsed() >= monitor);
    assert!(*position.lock().unwrap() >= 4);
    engine.finish();
}

/// The engine fails while the managers elect a leader; the wait goes on.
#[test]
fn continues_without_leader() {
    let state = |tasks| ServiceState { tasks, ..Default::default() };
    let failing =
        |status, message| ServiceState { api_error: Some((status, message)), ..Default::default() };
    let message = "rpc error: code = Unknown desc = The swarm does not have a leader.";
    let preparing = "This node is not a swarm manager. Manager is being prepared or has trouble \
                     connecting to the cluster.";
    let items = wait_for_items(vec![
        state(running(1..=2)),
        failing(500, message),
        failing(503, preparing),
        failing(500, message),
        state(running(1..=3)),
    ]);
    assert_eq!(items, ["converging 2/3", "converged 3/3"]);

    // Any other error ends the wait.
    for (status, message) in [(404, "service web not found"), (500, "disk full")] {
        let (engine, _) = engine(vec![state(running(1..=2)), failing(status, message)]);
        let docker = speaking(&engine.host(), "1.41");
        let mut wait = docker.services().wait_converged("web", &without_monitoring()).unwrap();
        assert_eq!(short(&wait.next().unwrap().unwrap()), "converging 2/3");
        let error = wait.next().unwrap().unwrap_err();
        assert_eq!((error.status(), error.operation()), (Some(status), "ServiceInspect"));
        assert!(wait.next().is_none());
        engine.finish();
    }
}

#[test]
fn deadline_covers_all_polls() {
    let (engine, _) = engine(vec![ServiceState::default()]);
    let deadline = Duration::from_secs(2);
    let timeouts = Timeouts { deadline: Some(deadline), ..Default::default() };
    let docker = speaking(&engine.host(), "1.41").with_timeouts(timeouts);
    let start = Instant::now();
    let wait = docker.services().wait_converged("web", &without_monitoring()).unwrap();
    let error = wait.finish().unwrap_err();
    assert!(start.elapsed() >= deadline && start.elapsed() < deadline + MAX_DELAY);
    match error {
        Error::Timeout { operation, after, .. } => {
            assert_eq!((operation, after), ("ServiceInspect", deadline));
        }
        other => panic!("{other:?}"),
    }
    engine.finish();
}

/// By its own token and by that of the context.
#[test]
fn cancel_from_another_thread() {
    for own in [true, false] {
        let (engine, _) = engine(vec![ServiceState::default()]);
        let outer = CancelToken::new();
        let docker = speaking(&engine.host(), "1.41").with_cancel_token(&outer);
        let mut wait = docker.services().wait_converged("web", &without_monitoring()).unwrap();
        assert_eq!(short(&wait.next().unwrap().unwrap()), "converging 0/3");
        let cancel = if own { wait.cancel_token() } else { outer.clone() };
        let other = std::thread::spawn(move || cancel.cancel());
        let error = wait.next().unwrap().unwrap_err();
        assert!(matches!(error, Error::Cancelled { .. }), "{error:?}");
        assert!(wait.next().is_none());
        other.join().unwrap();
        // The context stays usable, unless its own token was cancelled.
        assert_eq!(outer.is_cancelled(), !own);
        assert_eq!(docker.nodes().list(&Default::default()).is_ok(), own);
        engine.finish();
    }
}

#[test]
fn fails_at_start() {
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

/// Since version 29, engines retry to pull an image without limit: the task keeps preparing.
#[test]
fn tasks_that_cannot_start_yet() {
    let with_err = |state: &str, err: &str| {
        format!(
            r#"{{"ID":"t1","Slot":1,"NodeID":"n1","DesiredState":"running",
                "Status":{{"State":"{state}","Err":"{err}"}},"current":true}}"#
        )
    };
    let time = |task| ServiceState {
        mode: r#"{"Replicated":{"Replicas":1}}"#,
        tasks: vec![task],
        ..Default::default()
    };
    for state in
        ["new", "allocated", "pending", "assigned", "accepted", "preparing", "ready", "starting"]
    {
        let items = wait_for_items(vec![
            time(with_err(state, "")),
            time(with_err(state, "no such image")),
            time(with_err(state, "no such image")),
            time(with_err(state, "no such host")),
            time(task(1, "running", "running", true)),
        ]);
        assert_eq!(
            items,
            [
                "converging 0/1",
                "converging 0/1: no such image",
                "converging 0/1: no such host",
                "converged 1/1"
            ],
            "{state}"
        );
    }
    // A task that has run is not a reason against it.
    let items = wait_for_items(vec![time(with_err("running", "old"))]);
    assert_eq!(items, ["converged 1/1"]);
}
