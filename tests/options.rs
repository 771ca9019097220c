//! Every option of every operation, as it is spelled on the wire.
//!
//! Options are written out in full, without `..Default::default()`, so that one that is added to the
//! library is missing here, and nothing compiles.

mod support;

use std::time::{Duration, UNIX_EPOCH};

use dockline::model::{ContainerCreateRequest, OciPlatform};
use dockline::*;
use support::*;

/// Makes the call against an engine that answers everything with an error, and gives what it sent.
#[track_caller]
fn sent(call: impl FnOnce(&Context) -> Result<()>) -> RecordedRequest {
    let engine = Responder::unix(None, |_| Response::error(500, "no"));
    let error = call(&speaking(&engine.host(), "1.55")).unwrap_err();
    assert_eq!(error.status(), Some(500), "{error}");
    let mut requests = engine.finish();
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

#[track_caller]
fn assert_sent(line: &str, call: impl FnOnce(&Context) -> Result<()>) {
    let request = sent(call);
    assert_eq!(format!("{} {}", request.method, request.target), line);
    assert_eq!(request.body_length, 0);
}

fn filters() -> Filters {
    Filters::new().with("label", "a=b c").with("status", "running").with("label", "ü&")
}

/// `{"label":["a=b c","ü&"],"status":["running"]}`
const FILTERS: &str = "filters=%7B%22label%22:%5B%22a%3Db%20c%22,%22%C3%BC%26%22%5D,%22status%22:%5B%22running%22%5D%7D";

fn arm() -> OciPlatform {
    OciPlatform {
        architecture: "arm64".into(),
        os: "linux".into(),
        os_version: "1.0".into(),
        os_features: vec!["x".into()],
        variant: "v8".into(),
    }
}

/// `{"architecture":"arm64","os":"linux","os.version":"1.0","os.features":["x"],"variant":"v8"}`
const ARM: &str = "%7B%22architecture%22:%22arm64%22,%22os%22:%22linux%22,%22os.version%22:%221.0%22,%22os.features%22:%5B%22x%22%5D,%22variant%22:%22v8%22%7D";

/// A moment that is exact to the nanosecond.
fn moment() -> Option<Moment> {
    Some(Moment::from(UNIX_EPOCH + Duration::new(1_700_000_000, 1)))
}

#[test]
fn system_events() {
    let options =
        SystemEventsOptions { since: moment(), until: Some(Moment::unix(-1)), filters: filters() };
    assert_sent(
        &format!("GET /v1.55/events?since=1700000000.000000001&until=-1.000000000&{FILTERS}"),
        |c| c.system().events(&options).map(drop),
    );
}

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

/// The whole body: everything that API 1.39 to 1.55 knows.
#[test]
fn container_create_body() {
    let json = include_str!("data/container_create.json");
    let body: ContainerCreateRequest = serde_json::from_str(json).unwrap();
    // Plain serde writes empty fields too: there must be none, or the example has a gap.
    let mut gaps = Vec::new();
    empty_places(&serde_json::to_value(&body).unwrap(), "", &mut gaps);
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
    let request = sent(|c| c.containers().create(&Default::default(), &body).map(drop));
    let expected: serde_json::Value = serde_json::from_str(json).unwrap();
    let got: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(got, expected);
}

/// The paths of all empty values.
fn empty_places(value: &serde_json::Value, path: &str, places: &mut Vec<String>) {
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
        places.push(path.to_owned());
    }
    if let Object(members) = value {
        members.iter().for_each(|(k, v)| empty_places(v, &format!("{path}.{k}"), places));
    }
    if let Array(elements) = value {
        elements.iter().for_each(|v| empty_places(v, &format!("{path}[]"), places));
    }
}

/// What differs from its empty value for the engine is sent though it is empty.
#[test]
fn container_create_body_tells_empty_from_missing() {
    let mut body = ContainerCreateRequest::default();
    body.config.entrypoint = Some(Vec::new());
    body.config.stop_timeout = Some(0);
    body.host_config.memory_swappiness = Some(0);
    body.host_config.init = Some(false);
    body.host_config.oom_kill_disable = Some(false);
    body.host_config.pids_limit = Some(0);
    body.host_config.masked_paths = Some(Vec::new());
    body.host_config.readonly_paths = Some(Vec::new());
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
        since: moment(),
        until: Some(Moment::unix_nanos(1_500_000_000)),
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

#[test]
fn image_list() {
    let options = ImageListOptions {
        all: true,
        filters: filters(),
        shared_size: true,
        digests: true,
        manifests: true,
        identity: true,
    };
    assert_sent(
        &format!(
            "GET /v1.55/images/json?all=1&{FILTERS}&shared-size=1&digests=1&manifests=1&identity=1"
        ),
        |c| c.images().list(&options).map(drop),
    );
}

#[test]
fn image_create_by_import() {
    let options = ImageCreateOptions {
        from_image: String::new(),
        from_src: "-".into(),
        repo: "r:5000/mine".into(),
        tag: "1.0".into(),
        message: "why & when".into(),
        changes: vec![r#"CMD ["sh"]"#.into(), "ENV A=b".into()],
        platform: "linux/amd64".into(),
    };
    let request = sent(|c| c.images().create(&options, Some(&mut &b"tar"[..])).map(drop));
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        (
            "POST",
            "/v1.55/images/create?fromSrc=-&repo=r:5000/mine&tag=1.0&message=why%20%26%20when&changes=CMD%20%5B%22sh%22%5D&changes=ENV%20A%3Db&platform=linux/amd64"
        )
    );
    let options = ImageCreateOptions { from_src: "http://a/b.tar".into(), ..Default::default() };
    assert_sent("POST /v1.55/images/create?fromSrc=http://a/b.tar", |c| {
        c.images().create(&options, None).map(drop)
    });
}

/// Without a tag an engine would pull all there are.
#[test]
fn image_create_by_pull() {
    for (from_image, tag, query) in [
        ("busybox", "", "fromImage=busybox&tag=latest"),
        ("busybox", "1", "fromImage=busybox&tag=1"),
        ("busybox:1", "", "fromImage=busybox:1"),
        ("r:5000/busybox", "", "fromImage=r:5000/busybox&tag=latest"),
        ("r:5000/busybox:1", "", "fromImage=r:5000/busybox:1"),
        ("busybox@sha256:00", "", "fromImage=busybox%40sha256:00"),
        ("busybox", "sha256:00", "fromImage=busybox&tag=sha256:00"),
    ] {
        let options = ImageCreateOptions {
            from_image: from_image.into(),
            tag: tag.into(),
            ..Default::default()
        };
        assert_sent(&format!("POST /v1.55/images/create?{query}"), |c| {
            c.images().create(&options, None).map(drop)
        });
    }
}

#[test]
fn image_inspect() {
    let options = ImageInspectOptions { manifests: true, platform: None };
    assert_sent("GET /v1.55/images/busybox/json?manifests=1", |c| {
        c.images().inspect("busybox", &options).map(drop)
    });
    let options = ImageInspectOptions { manifests: false, platform: Some(arm()) };
    assert_sent(&format!("GET /v1.55/images/busybox/json?platform={ARM}"), |c| {
        c.images().inspect("busybox", &options).map(drop)
    });
}

#[test]
fn image_delete() {
    let linux = OciPlatform { os: "linux".into(), ..OciPlatform::default() };
    let options = ImageDeleteOptions { force: true, noprune: true, platforms: vec![arm(), linux] };
    assert_sent(
        &format!(
            "DELETE /v1.55/images/busybox?force=1&noprune=1&platforms={ARM}&platforms=%7B%22os%22:%22linux%22%7D"
        ),
        |c| c.images().delete("busybox", &options).map(drop),
    );
}

/// Options that contradict each other are told, and nothing is sent.
#[test]
fn contradictions() {
    let engine = Responder::unix(None, |_| Response::json("{}"));
    let docker = speaking(&engine.host(), "1.55");
    let create = |from_image: &str, from_src: &str, tar: bool| {
        let options = ImageCreateOptions {
            from_image: from_image.into(),
            from_src: from_src.into(),
            ..Default::default()
        };
        let mut reader: &[u8] = b"tar";
        let reader: Option<&mut dyn std::io::Read> = if tar { Some(&mut reader) } else { None };
        docker.images().create(&options, reader).map(drop)
    };
    let silent = ContainerLogsOptions { stdout: false, stderr: false, ..Default::default() };
    let nothing = ContainerAttachOptions { stream: false, ..Default::default() };
    let both = ImageInspectOptions { manifests: true, platform: Some(arm()) };
    for (done, words) in [
        (create("", "", false), "neither fromImage nor fromSrc"),
        (create("a", "-", true), "only one"),
        (create("", "-", false), "no tar is given"),
        (create("", "http://a", true), "fromSrc is not \"-\""),
        (create("a", "", true), "fromSrc is not \"-\""),
        (docker.containers().logs("a", &silent).map(drop), "neither stdout nor stderr"),
        (docker.containers().attach("a", &nothing).map(drop), "neither logs nor stream"),
        (docker.images().inspect("a", &both).map(drop), "only one"),
        (docker.containers().rename("a", ""), "new name is empty"),
    ] {
        let error = done.unwrap_err();
        assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
    }
    assert_eq!(engine.connections(), 0);
}
