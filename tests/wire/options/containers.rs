use dockline::codec::JsonType;
use dockline::model::ContainerCreateRequest;

use super::*;

#[test]
fn container_list() {
    let options =
        ContainerListOptions { all: true, limit: Some(5), size: true, filters: filters() };
    assert_sent(&format!("GET /v1.55/containers/json?all=1&limit=5&size=1&{FILTERS}"), |c| {
        c.containers().list(&options).map(drop)
    });
}

#[test]
fn container_create() {
    let options = ContainerCreateOptions { name: "web".into(), platform: "linux/arm64/v8".into() };
    let request = sent(|c| c.containers().create(&options, &Default::default()).map(drop));
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("POST", "/v1.55/containers/create?name=web&platform=linux/arm64/v8")
    );
    assert_eq!(request.text(), "{}");
}

/// All fields of the body, of API 1.39 to 1.55.
#[test]
fn container_create_body() {
    let json = include_str!("../../data/container_create.json");
    let body: ContainerCreateRequest = serde_json::from_str(json).unwrap();
    // Plain serde also writes empty values: each of them is a gap in the example, except these.
    let mut gaps = Vec::new();
    collect_empty(&serde_json::to_value(&body).unwrap(), "", &mut gaps);
    assert_eq!(
        gaps,
        [
            ".ExposedPorts.53/udp",
            ".ExposedPorts.80/tcp",
            ".HostConfig.Mounts[].ClusterOptions",
            ".HostConfig.PortBindings.53/udp",
            ".Volumes./data"
        ]
    );
    let (expected, dropped) = split_dropped(serde_json::from_str(json).unwrap());
    let body: ContainerCreateRequest = serde_json::from_value(expected.clone()).unwrap();
    let request = sent(|c| c.containers().create(&Default::default(), &body).map(drop));
    let got: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(got, expected);
    for (until, expected) in dropped {
        let body: ContainerCreateRequest = serde_json::from_value(expected.clone()).unwrap();
        let version = format!("1.{until}");
        let request =
            sent_to(&version, |c| c.containers().create(&Default::default(), &body).map(drop));
        let got: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(got, expected, "{version}");
    }
}

/// The body without the fields that newer engines dropped; and each of these alone, with the minor number of the last
/// version that supports it.
fn split_dropped(body: serde_json::Value) -> (serde_json::Value, Vec<(u16, serde_json::Value)>) {
    let (mut body, mut dropped) = (body, Vec::new());
    for Limited { path, until, .. } in limited(ContainerCreateRequest::KIND) {
        if until == u16::MAX {
            continue;
        }
        let value = match path.split_once('.') {
            Some((parent, name)) => {
                let value = body[parent].as_object_mut().unwrap().remove(name).unwrap();
                serde_json::json!({ parent: { name: value } })
            }
            None => serde_json::json!({ &path: body.as_object_mut().unwrap().remove(&path) }),
        };
        dropped.push((until, value));
    }
    assert_eq!(dropped.len(), 5);
    (body, dropped)
}

/// Collects the paths of all empty values.
fn collect_empty(value: &serde_json::Value, path: &str, paths: &mut Vec<String>) {
    use serde_json::Value::*;
    let empty = match value {
        Null => true,
        Bool(flag) => !flag,
        Number(number) => number.as_f64() == Some(0.0),
        String(text) => text.is_empty(),
        Array(elements) => elements.is_empty(),
        Object(members) => members.is_empty(),
    };
    if empty {
        paths.push(path.to_owned());
    }
    if let Object(members) = value {
        members.iter().for_each(|(k, v)| collect_empty(v, &format!("{path}.{k}"), paths));
    }
    if let Array(elements) = value {
        elements.iter().for_each(|v| collect_empty(v, &format!("{path}[]"), paths));
    }
}

/// Empty values that differ from missing ones are sent.
#[test]
fn container_create_body_sends_significant_empty_values() {
    let mut body = ContainerCreateRequest::default();
    body.config.entrypoint = Some(Default::default());
    body.config.stop_timeout = Some(0);
    body.host_config.memory_swappiness = Some(0);
    body.host_config.init = Some(false);
    body.host_config.oom_kill_disable = Some(false);
    body.host_config.pids_limit = Some(0);
    body.host_config.masked_paths = Some(Default::default());
    body.host_config.readonly_paths = Some(Default::default());
    let request = sent(|c| c.containers().create(&Default::default(), &body).map(drop));
    assert_eq!(
        request.text(),
        concat!(
            r#"{"Entrypoint":[],"StopTimeout":0,"HostConfig":{"MemorySwappiness":0,"#,
            r#""OomKillDisable":false,"Init":false,"PidsLimit":0,"MaskedPaths":[],"ReadonlyPaths":[]}}"#
        )
    );
}

#[test]
fn container_inspect() {
    let options = ContainerInspectOptions { size: true };
    assert_sent("GET /v1.55/containers/web/json?size=1", |c| {
        c.containers().inspect("web", &options).map(drop)
    });
}

#[test]
fn container_start() {
    let options = ContainerStartOptions {
        detach_keys: "ctrl-p,ctrl-q".into(),
        checkpoint: "cp".into(),
        checkpoint_dir: "/d".into(),
    };
    assert_sent(
        "POST /v1.55/containers/web/start?detachKeys=ctrl-p,ctrl-q&checkpoint=cp&checkpoint-dir=/d",
        |c| c.containers().start("web", &options).map(drop),
    );
}

#[test]
fn container_stop_and_restart() {
    for (t, sent) in [(0, "0"), (30, "30"), (-1, "-1")] {
        let stop = ContainerStopOptions { signal: "SIGINT".into(), t: Some(t) };
        assert_sent(&format!("POST /v1.55/containers/web/stop?signal=SIGINT&t={sent}"), |c| {
            c.containers().stop("web", &stop).map(drop)
        });
        let restart = ContainerRestartOptions { signal: "9".into(), t: Some(t) };
        assert_sent(&format!("POST /v1.55/containers/web/restart?signal=9&t={sent}"), |c| {
            c.containers().restart("web", &restart)
        });
    }
}

#[test]
fn container_kill() {
    let options = ContainerKillOptions { signal: "SIGRTMIN+3".into() };
    assert_sent("POST /v1.55/containers/web/kill?signal=SIGRTMIN%2B3", |c| {
        c.containers().kill("web", &options)
    });
}

#[test]
fn container_pause_and_unpause() {
    assert_sent("POST /v1.55/containers/web/pause", |c| c.containers().pause("web"));
    assert_sent("POST /v1.55/containers/web/unpause", |c| c.containers().unpause("web"));
}

#[test]
fn container_top() {
    let options = ContainerTopOptions { ps_args: "-eo pid,args".into() };
    assert_sent("GET /v1.55/containers/web/top?ps_args=-eo%20pid,args", |c| {
        c.containers().top("web", &options).map(drop)
    });
}

#[test]
fn container_stats() {
    assert_sent("GET /v1.55/containers/web/stats?stream=1", |c| {
        c.containers().stats("web").map(drop)
    });
    for (one_shot, sent) in [(false, ""), (true, "&one-shot=1")] {
        let options = ContainerStatsOnceOptions { one_shot };
        assert_sent(&format!("GET /v1.55/containers/web/stats?stream=0{sent}"), |c| {
            c.containers().stats_once("web", &options).map(drop)
        });
    }
}

#[test]
fn container_prune() {
    let options = ContainerPruneOptions { filters: filters() };
    assert_sent(&format!("POST /v1.55/containers/prune?{FILTERS}"), |c| {
        c.containers().prune(&options).map(drop)
    });
}

#[test]
fn container_rename() {
    assert_sent("POST /v1.55/containers/web/rename?name=next", |c| {
        c.containers().rename("web", "next")
    });
}

#[test]
fn container_wait() {
    for (condition, word) in [
        (WaitCondition::NotRunning, "not-running"),
        (WaitCondition::NextExit, "next-exit"),
        (WaitCondition::Removed, "removed"),
        (WaitCondition::from("some-day"), "some-day"),
    ] {
        let options = ContainerWaitOptions { condition };
        assert_sent(&format!("POST /v1.55/containers/web/wait?condition={word}"), |c| {
            c.containers().wait("web", &options).map(drop)
        });
    }
}

#[test]
fn container_logs() {
    let options = ContainerLogsOptions {
        follow: true,
        stdout: true,
        stderr: false,
        since: time_bound(),
        until: Some(TimeBound::unix_nanos(1_500_000_000)),
        timestamps: true,
        tail: Tail::Last(0),
        details: true,
    };
    assert_sent(
        "GET /v1.55/containers/web/logs?follow=1&stdout=1&since=1700000000.000000001&until=1.500000000&timestamps=1&tail=0&details=1",
        |c| c.containers().logs("web", &options).map(drop),
    );
    let options = ContainerLogsOptions { stdout: false, tail: Tail::All, ..options };
    let options = ContainerLogsOptions { stderr: true, follow: false, since: None, ..options };
    assert_sent(
        "GET /v1.55/containers/web/logs?stderr=1&until=1.500000000&timestamps=1&details=1",
        |c| c.containers().logs("web", &options).map(drop),
    );
}

#[test]
fn container_attach() {
    let options = ContainerAttachOptions {
        detach_keys: "a,@".into(),
        logs: true,
        stream: true,
        stdin: true,
        stdout: true,
        stderr: true,
    };
    assert_sent(
        "POST /v1.55/containers/web/attach?detachKeys=a,%40&logs=1&stream=1&stdin=1&stdout=1&stderr=1",
        |c| c.containers().attach("web", &options).map(drop),
    );
    let options = ContainerAttachOptions { stream: false, stdin: false, ..options };
    let options = ContainerAttachOptions { detach_keys: String::new(), stderr: false, ..options };
    assert_sent("POST /v1.55/containers/web/attach?logs=1&stdout=1", |c| {
        c.containers().attach("web", &options).map(drop)
    });
}

#[cfg(feature = "websocket")]
#[test]
fn container_attach_websocket() {
    let options = ContainerAttachWebsocketOptions {
        detach_keys: "ctrl-a".into(),
        logs: true,
        stream: true,
        stdin: true,
        stdout: true,
        stderr: true,
    };
    let request = sent(|c| c.containers().attach_websocket("web", &options).map(drop));
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        (
            "GET",
            "/v1.55/containers/web/attach/ws?detachKeys=ctrl-a&logs=1&stream=1&stdin=1&stdout=1&stderr=1"
        )
    );
    let head = ["connection", "upgrade", "sec-websocket-version"].map(|name| request.header(name));
    assert_eq!(head, [Some("Upgrade"), Some("websocket"), Some("13")]);
    // Sixteen bytes in base64.
    assert_eq!(request.header("sec-websocket-key").map(str::len), Some(24));
}

#[test]
fn container_resize() {
    assert_sent("POST /v1.55/containers/web/resize?h=0&w=65535", |c| {
        c.containers().resize("web", 0, u16::MAX)
    });
}

#[test]
fn container_delete() {
    let options = ContainerDeleteOptions { v: true, force: true, link: true };
    assert_sent("DELETE /v1.55/containers/web?v=1&force=1&link=1", |c| {
        c.containers().delete("web", &options)
    });
}
