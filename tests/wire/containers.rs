//! Containers: whole bodies and what is read from responses. The parameters are tested in `options`.

use crate::support::*;
use dockline::codec::JsonType;
use dockline::model::{
    ChangeType, ContainerStatsResponse, ContainerUpdateRequest, DeviceMapping, DeviceRequest,
    RestartPolicy, RestartPolicyName, ThrottleDevice, Ulimit, WeightDevice,
};
use dockline::*;

/// Makes one call to an engine of API 1.55 that sends `response`.
#[track_caller]
fn call_with_response<T>(response: Response, call: impl FnOnce(&Context) -> T) -> T {
    let engine = FakeEngine::unix();
    engine.talk(|conn| {
        let mut request = RecordedRequest::read_head(conn, 0)?.unwrap();
        request.read_body(conn, |_| Ok(()))?;
        response.send(conn, request.method == "HEAD").map(drop)
    });
    let result = call(&pinned(&engine, 55));
    engine.finish();
    result
}

fn throttle(rate: u64) -> Option<Vec<ThrottleDevice>> {
    Some(vec![ThrottleDevice { path: "/dev/sda".into(), rate }])
}

/// Every field that can be updated. All are written out, so that a field added to the library is a compile error
/// here.
fn full_update() -> ContainerUpdateRequest {
    ContainerUpdateRequest {
        cpu_shares: 512,
        memory: 64 << 20,
        cgroup_parent: "/c".into(),
        blkio_weight: 300,
        blkio_weight_device: Some(vec![WeightDevice { path: "/dev/sda".into(), weight: 400 }]),
        blkio_device_read_bps: throttle(1),
        blkio_device_write_bps: throttle(2),
        blkio_device_read_iops: throttle(3),
        blkio_device_write_iops: throttle(u64::MAX),
        cpu_period: 100_000,
        cpu_quota: -1,
        cpu_realtime_period: 1_000_000,
        cpu_realtime_runtime: 950_000,
        cpuset_cpus: "0-2".into(),
        cpuset_mems: "0".into(),
        devices: vec![DeviceMapping {
            path_on_host: "/dev/fuse".into(),
            path_in_container: "/dev/f".into(),
            cgroup_permissions: "rwm".into(),
        }],
        device_cgroup_rules: ["c 13:* rwm"].into(),
        device_requests: vec![DeviceRequest {
            driver: "d".into(),
            count: -1,
            device_ids: ["0"].into(),
            capabilities: vec![["gpu"].into()],
            options: [("k", "v")].into(),
        }],
        kernel_memory: 5,
        kernel_memory_tcp: 6,
        memory_reservation: 7,
        memory_swap: -1,
        memory_swappiness: Some(0),
        nano_cpus: 1_500_000_000,
        oom_kill_disable: Some(false),
        init: Some(false),
        pids_limit: Some(-1),
        ulimits: vec![Ulimit { name: "nofile".into(), soft: 8, hard: 9, ..Default::default() }],
        cpu_count: 10,
        cpu_percent: 11,
        io_maximum_iops: 12,
        io_maximum_bandwidth: 13,
        disk_quota: 14,
        restart_policy: RestartPolicy {
            name: RestartPolicyName::OnFailure,
            maximum_retry_count: 3,
        },
    }
}

const FULL_UPDATE: &str = concat!(
    r#"{"CpuShares":512,"Memory":67108864,"CgroupParent":"/c","BlkioWeight":300,"#,
    r#""BlkioWeightDevice":[{"Path":"/dev/sda","Weight":400}],"#,
    r#""BlkioDeviceReadBps":[{"Path":"/dev/sda","Rate":1}],"#,
    r#""BlkioDeviceWriteBps":[{"Path":"/dev/sda","Rate":2}],"#,
    r#""BlkioDeviceReadIOps":[{"Path":"/dev/sda","Rate":3}],"#,
    r#""BlkioDeviceWriteIOps":[{"Path":"/dev/sda","Rate":18446744073709551615}],"#,
    r#""CpuPeriod":100000,"CpuQuota":-1,"CpuRealtimePeriod":1000000,"#,
    r#""CpuRealtimeRuntime":950000,"CpusetCpus":"0-2","CpusetMems":"0","#,
    r#""Devices":[{"PathOnHost":"/dev/fuse","PathInContainer":"/dev/f","CgroupPermissions":"rwm"}],"#,
    r#""DeviceCgroupRules":["c 13:* rwm"],"DeviceRequests":[{"Driver":"d","Count":-1,"#,
    r#""DeviceIDs":["0"],"Capabilities":[["gpu"]],"Options":{"k":"v"}}],"#,
    r#""MemoryReservation":7,"MemorySwap":-1,"#,
    r#""MemorySwappiness":0,"NanoCpus":1500000000,"OomKillDisable":false,"Init":false,"#,
    r#""PidsLimit":-1,"Ulimits":[{"Name":"nofile","Soft":8,"Hard":9}],"CpuCount":10,"#,
    r#""CpuPercent":11,"IOMaximumIOps":12,"IOMaximumBandwidth":13,"#,
    r#""RestartPolicy":{"Name":"on-failure","MaximumRetryCount":3}}"#,
);

#[test]
fn update_sends_full_body() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 55);
    engine.exchange_for(
        with_json("POST /v1.55/containers/web/update", FULL_UPDATE),
        Response::json(r#"{"Warnings":["no swap"]}"#),
    );
    // Newer engines dropped three of the fields.
    let dropped = |update: ContainerUpdateRequest| ContainerUpdateRequest {
        kernel_memory: 0,
        kernel_memory_tcp: 0,
        disk_quota: 0,
        ..update
    };
    let response = docker.containers().update("web", &dropped(full_update())).unwrap();
    assert_eq!(response.warnings, ["no swap"]);
    // A field that is not set is not sent, and keeps its value in the engine.
    engine.exchange_for(
        with_json("POST /v1.55/containers/web/update", "{}"),
        Response::json(r#"{"Warnings":null}"#),
    );
    let response = docker.containers().update("web", &Default::default()).unwrap();
    assert!(response.warnings.is_empty());
    engine.finish();
}

/// Up to the last version that supports them.
#[test]
fn update_sends_dropped_fields_to_older_engines() {
    let memory =
        ContainerUpdateRequest { kernel_memory: 5, kernel_memory_tcp: 6, ..Default::default() };
    let quota = ContainerUpdateRequest { disk_quota: 14, ..Default::default() };
    for (minor, body, json) in [
        (41, memory, r#"{"KernelMemory":5,"KernelMemoryTCP":6}"#),
        (39, quota, r#"{"DiskQuota":14}"#),
    ] {
        let engine = FakeEngine::unix();
        let line = format!("POST /v1.{minor}/containers/web/update");
        engine.exchange_for(with_json(&line, json), Response::json("{}"));
        pinned(&engine, minor).containers().update("web", &body).unwrap();
        engine.finish();
    }
}

/// Engines silently ignore unknown fields.
#[test]
fn update_fields_need_api_version() {
    let whole: serde_json::Value = serde_json::from_str(FULL_UPDATE).unwrap();
    let fields = limited(ContainerUpdateRequest::KIND);
    assert!(fields.len() > 10);
    // The dropped fields are tested in `versions`.
    let newer = fields.into_iter().filter(|it| it.since > 0 && it.until == u16::MAX);
    for Limited { path: field, since, .. } in newer {
        let body = serde_json::json!({ &field: whole[&field] });
        let body: ContainerUpdateRequest = serde_json::from_value(body).unwrap();
        let engine = FakeEngine::unix();
        let older = pinned(&engine, since - 1);
        let (message, needed) = too_old(older.containers().update("web", &body));
        assert_eq!(needed, since, "{message}");
        assert!(message.contains(&field), "{message}");
        engine.exchange_for(
            Expected::new(&format!("POST /v1.{since}/containers/web/update")).any_body(),
            Response::json("{}"),
        );
        pinned(&engine, since).containers().update("web", &body).unwrap();
        engine.finish();
    }
}

#[test]
fn checkpoints() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    let containers = docker.containers();
    let options = CheckpointCreateOptions {
        checkpoint_id: "cp".into(),
        checkpoint_dir: "/d".into(),
        exit: true,
    };
    engine.exchange_for(
        with_json(
            "POST /v1.41/containers/web/checkpoints",
            r#"{"CheckpointID":"cp","CheckpointDir":"/d","Exit":true}"#,
        ),
        Response::empty(201).header("Content-Length", "0"),
    );
    containers.checkpoint_create("web", &options).unwrap();

    let options = CheckpointOptions { dir: "/d e".into() };
    engine.exchange_for(
        bare("GET /v1.41/containers/web/checkpoints?dir=/d%20e"),
        Response::json(r#"[{"Name":"cp"},{"Name":"other"}]"#),
    );
    let list = containers.checkpoint_list("web", &options).unwrap();
    assert_eq!(list.iter().map(|found| &*found.name).collect::<Vec<_>>(), ["cp", "other"]);
    engine.exchange_for(bare("GET /v1.41/containers/web/checkpoints"), Response::json("null"));
    assert!(containers.checkpoint_list("web", &Default::default()).unwrap().is_empty());

    engine.exchange_for(
        bare("DELETE /v1.41/containers/web/checkpoints/cp?dir=/d%20e"),
        Response::empty(204),
    );
    containers.checkpoint_delete("web", "cp", &options).unwrap();

    // Response of an engine without experimental features.
    let message = "This experimental feature is disabled by default.";
    engine.exchange("GET /v1.41/containers/web/checkpoints", Response::error(501, message));
    match containers.checkpoint_list("web", &Default::default()) {
        Err(Error::Unavailable(api_error)) => assert_eq!(api_error.message, message),
        other => panic!("{other:?}"),
    }
    engine.finish();

    // Nothing is sent for these.
    for (done, expected) in [
        (containers.checkpoint_create("web", &Default::default()), "CheckpointID"),
        (containers.checkpoint_delete("web", "", &Default::default()), "checkpoint"),
    ] {
        let error = done.unwrap_err();
        assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
        assert!(error.to_string().contains(expected), "{error}");
    }
}

/// Engines use different 2xx statuses for success.
#[test]
fn any_2xx_is_success() {
    let put = PutContainerArchiveOptions { path: "/".into(), ..Default::default() };
    for status in [200, 201, 204] {
        let done = |call: fn(&Context) -> Result<()>| {
            let response = Response::empty(status);
            let response =
                if status == 204 { response } else { response.header("Content-Length", "0") };
            call_with_response(response, call).unwrap();
        };
        done(|c| c.containers().restart("web", &Default::default()));
        done(|c| c.containers().kill("web", &Default::default()));
        done(|c| c.containers().pause("web"));
        done(|c| c.containers().unpause("web"));
        done(|c| c.containers().rename("web", "next"));
        done(|c| c.containers().resize("web", 24, 80));
        done(|c| c.containers().delete("web", &Default::default()));
        let response = Response::empty(status);
        let response =
            if status == 204 { response } else { response.header("Content-Length", "0") };
        call_with_response(response, |c| c.containers().put_archive("web", &put, &mut &b"tar"[..]))
            .unwrap();
    }
}

#[test]
fn not_modified_is_success() {
    for (status, outcome) in [(204, Outcome::Done), (304, Outcome::NotModified)] {
        let response = || Response::empty(status);
        let started =
            call_with_response(response(), |c| c.containers().start("web", &Default::default()));
        assert_eq!(started.unwrap(), outcome);
        let stopped =
            call_with_response(response(), |c| c.containers().stop("web", &Default::default()));
        assert_eq!(stopped.unwrap(), outcome);
    }
}

#[test]
fn changes() {
    let changed = call_with_response(
        Response::json(
            r#"[{"Path":"/etc","Kind":0},{"Path":"/etc/a","Kind":1},{"Path":"/b","Kind":2}]"#,
        ),
        |c| c.containers().changes("web").unwrap(),
    );
    let changed: Vec<_> = changed.iter().map(|change| (&*change.path, change.kind)).collect();
    use ChangeType::{Added, Deleted, Modified};
    assert_eq!(changed, [("/etc", Modified), ("/etc/a", Added), ("/b", Deleted)]);
    // Response for a container without changes.
    let none =
        call_with_response(Response::json("null"), |c| c.containers().changes("web").unwrap());
    assert!(none.is_empty());
}

#[test]
fn top() {
    let table = call_with_response(
        Response::json(r#"{"Titles":["PID","CMD"],"Processes":[["1","sh -c \"a b\""],["7","b"]]}"#),
        |c| c.containers().top("web", &Default::default()).unwrap(),
    );
    assert_eq!(table.titles, ["PID", "CMD"]);
    assert_eq!(table.processes, [["1", "sh -c \"a b\""], ["7", "b"]]);
    let empty = call_with_response(Response::json(r#"{"Titles":null,"Processes":null}"#), |c| {
        c.containers().top("web", &Default::default()).unwrap()
    });
    assert_eq!((empty.titles.len(), empty.processes.len()), (0, 0));
}

#[test]
fn prune() {
    let pruned = call_with_response(
        Response::json(r#"{"ContainersDeleted":["a","b"],"SpaceReclaimed":18446744073709551615}"#),
        |c| c.containers().prune(&Default::default()).unwrap(),
    );
    assert_eq!(pruned.containers_deleted, ["a", "b"]);
    assert_eq!(pruned.space_reclaimed, u64::MAX);
    let none = call_with_response(
        Response::json(r#"{"ContainersDeleted":null,"SpaceReclaimed":0}"#),
        |c| c.containers().prune(&Default::default()).unwrap(),
    );
    assert!(none.containers_deleted.is_empty());
}

// Files.

/// `{"name":"passwd","size":71,"mode":420,"mtime":"2026-11-23T15:28:02Z","linkTarget":""}`
const FILE: &str = "eyJuYW1lIjoicGFzc3dkIiwic2l6ZSI6NzEsIm1vZGUiOjQyMCwibXRpbWUiOiIyMDI2LTExLTIzVDE1OjI4OjAyWiIsImxpbmtUYXJnZXQiOiIifQ==";

/// `{"name":"ÿ>?","mode":134218239,"linkTarget":"~~~"}` in the standard alphabet of base64, with `+` and `/`.
const LINK: &str = "eyJuYW1lIjoiw78+PyIsIm1vZGUiOjEzNDIxODIzOSwibGlua1RhcmdldCI6In5+fiJ9";

#[test]
fn path_stat() {
    const HEADER: &str = "X-Docker-Container-Path-Stat";
    let stat = call_with_response(Response::empty(200).header(HEADER, FILE), |c| {
        c.containers().archive_info("web", "/etc/passwd").unwrap()
    });
    assert_eq!((&*stat.name, stat.size, stat.permissions()), ("passwd", 71, 0o644));
    assert_eq!(stat.mtime.to_string(), "2026-11-23T15:28:02Z");
    assert!(!stat.is_dir() && !stat.is_symlink());

    let mut archive =
        call_with_response(Response::chunked(200).header(HEADER, LINK).then("a tar"), |c| {
            c.containers().archive("web", "/link")
        })
        .unwrap();
    assert_eq!((&*archive.stat.name, &*archive.stat.link_target), ("ÿ>?", "~~~"));
    assert!(archive.stat.is_symlink());
    let mut content = Vec::new();
    assert_eq!(archive.download.copy_to(&mut content).unwrap(), 5);
    assert_eq!(content, b"a tar");
}

#[test]
fn rejects_invalid_path_stat() {
    const HEADER: &str = "X-Docker-Container-Path-Stat";
    // The last value is valid base64, but not JSON.
    for (value, expected) in
        [(None, "is missing"), (Some("a b"), "is not base64"), (Some("YSBi"), "")]
    {
        for tar in [false, true] {
            let engine = Responder::unix(None, move |request| {
                let response = match request.method.as_str() {
                    "HEAD" => Response::empty(200),
                    _ => Response::chunked(200).then("a tar"),
                };
                match value {
                    Some(value) => response.header(HEADER, value),
                    None => response,
                }
            });
            let (sender, result) = std::sync::mpsc::channel();
            let docker = client(&engine.host())
                .api_version(ApiVersion::new(1, 41))
                .on_result(move |result| sender.send(result.error.clone()).unwrap())
                .build()
                .unwrap();
            let error = match tar {
                true => docker.containers().archive("web", "/a").unwrap_err(),
                false => docker.containers().archive_info("web", "/a").unwrap_err(),
            };
            match &error {
                Error::Protocol { message, .. } if !expected.is_empty() => {
                    assert!(
                        message.contains("path-stat") && message.contains(expected),
                        "{message}"
                    );
                }
                Error::Decode { .. } if expected.is_empty() => {}
                other => panic!("{other:?}"),
            }
            // The result handler receives the same error.
            assert_eq!(result.recv().unwrap(), Some(error.to_string()));
            engine.finish();
        }
    }
}

/// A response to HEAD has no body and so no message.
#[test]
fn missing_path() {
    let error =
        call_with_response(Response::empty(404), |c| c.containers().archive_info("web", "/a"));
    assert!(matches!(error, Err(Error::NotFound(_))), "{error:?}");
    let message = "Could not find the file /a in container web";
    let error =
        call_with_response(Response::error(404, message), |c| c.containers().archive("web", "/a"));
    match error {
        Err(Error::NotFound(api_error)) => assert_eq!(api_error.message, message),
        other => panic!("{other:?}"),
    }
}

#[test]
fn rejects_invalid_paths() {
    let engine = Responder::unix(None, |_| Response::json("{}"));
    let docker = speaking(&engine.host(), "1.41");
    for path in ["", "/a\0b"] {
        let put = PutContainerArchiveOptions { path: path.into(), ..Default::default() };
        for done in [
            docker.containers().archive_info("web", path).map(drop),
            docker.containers().archive("web", path).map(drop),
            docker.containers().put_archive("web", &put, &mut &b""[..]),
        ] {
            let error = done.unwrap_err();
            assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
            assert!(error.to_string().contains("path"), "{error}");
        }
    }
    assert_eq!(engine.connections(), 0);
}

// Resource usage.

fn sample(json: &'static str) -> ContainerStatsResponse {
    call_with_response(Response::json(json), |c| {
        c.containers().stats_once("web", &Default::default()).unwrap()
    })
}

/// Recorded from Docker 20.10; the percentages are those that the docker CLI computes from it.
#[test]
fn stats_of_cgroups_v1() {
    let sample = sample(include_str!("../data/stats_cgroup1.json"));
    assert_eq!(sample.name, "/s1");
    assert_eq!(sample.read.to_string(), "2026-11-23T15:28:08.476979952Z");
    let cpu = &sample.cpu_stats.cpu_usage;
    assert_eq!(cpu.total_usage, cpu.percpu_usage.iter().sum::<u64>());
    assert_eq!((cpu.usage_in_kernelmode, cpu.usage_in_usermode), (170_000_000, 30_000_000));
    let percent = sample.cpu_percent().unwrap();
    assert_eq!(format!("{percent:.4}"), "2.8428", "28498752 of 4010000000 ns, by 4");
    let memory = &sample.memory_stats;
    assert_eq!((memory.usage, memory.max_usage), (22_462_464, 23_879_680));
    assert_eq!(memory.stats["hierarchical_memory_limit"], 9_223_372_036_854_771_712);
    assert_eq!(memory.used(), 22_462_464 - 20_971_520);
    assert_eq!(format!("{:.4}", memory.used_percent().unwrap()), "0.0059");
    assert_eq!(sample.pids_stats.current, 2);
    assert_eq!(sample.networks["eth0"].rx_bytes, 1042);
    assert!(sample.blkio_stats.io_service_bytes_recursive.is_empty());
}

/// As engines with cgroups v2 send it: null lists, no per-CPU counters, no maximum memory usage.
#[test]
fn stats_of_cgroups_v2() {
    let sample = sample(include_str!("../data/stats_cgroup2.json"));
    assert!(sample.cpu_stats.cpu_usage.percpu_usage.is_empty());
    let percent = sample.cpu_percent().unwrap();
    assert_eq!(format!("{percent:.4}"), "50.0000", "500 of 8000 ms, by 8");
    let memory = &sample.memory_stats;
    assert_eq!((memory.max_usage, memory.failcnt), (0, 0));
    assert_eq!(memory.used(), 120_000_000 - 20_000_000);
    assert_eq!(memory.used_percent(), Some(25.0));
    assert_eq!(sample.pids_stats.limit, u64::MAX);
    let blocks = &sample.blkio_stats;
    assert_eq!(blocks.io_service_bytes_recursive.len(), 2);
    assert_eq!(blocks.io_service_bytes_recursive[1].op, "write");
    assert!(blocks.io_serviced_recursive.is_empty() && blocks.sectors_recursive.is_empty());
    assert_eq!(sample.networks.len(), 2);
}

/// A stopped container: all zero, with the zero time.
#[test]
fn stats_of_stopped_container() {
    let sample = sample(concat!(
        r#"{"read":"0001-01-01T00:00:00Z","preread":"0001-01-01T00:00:00Z","pids_stats":{},"#,
        r#""blkio_stats":{"io_service_bytes_recursive":null},"num_procs":0,"storage_stats":{},"#,
        r#""cpu_stats":{"cpu_usage":{"total_usage":0}},"precpu_stats":{"cpu_usage":null},"#,
        r#""memory_stats":{},"name":"/web","id":"a","networks":null}"#
    ));
    assert!(sample.read.is_never() && sample.networks.is_empty());
    assert_eq!((sample.cpu_percent(), sample.memory_stats.used_percent()), (None, None));
}

/// Items arrive as sent; the stream ends with the container.
#[test]
fn stats_stream() {
    let engine = FakeEngine::unix();
    let gate = Gate::new();
    let one = |total: u64| {
        format!(
            r#"{{"cpu_stats":{{"cpu_usage":{{"total_usage":{total}}},"system_cpu_usage":{},"online_cpus":2}},"precpu_stats":{{"cpu_usage":{{"total_usage":0}},"system_cpu_usage":10}}}}{}"#,
            total + 10,
            "\n",
        )
    };
    engine.exchange(
        "GET /v1.41/containers/web/stats?stream=1",
        Response::chunked(200).then(one(5)).hold(&gate).then(one(7)).then(one(9)),
    );
    let docker = pinned(&engine, 41);
    let mut stats = docker.containers().stats("web").unwrap();
    let first = stats.next().unwrap().unwrap();
    assert_eq!((first.cpu_stats.cpu_usage.total_usage, first.cpu_percent()), (5, Some(200.0)));
    gate.open();
    let rest: Vec<u64> =
        stats.map(|sample| sample.unwrap().cpu_stats.cpu_usage.total_usage).collect();
    assert_eq!(rest, [7, 9]);
    engine.finish();
}
