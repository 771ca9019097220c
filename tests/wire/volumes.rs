//! Volumes: the exact requests, and what is read from the responses.

use crate::support::{Expected, FakeEngine, Response, bare, pinned, too_old, with_json};
use dockline::model::{
    CapacityRange, ClusterVolumeSpec, Topology, TopologyRequirement, VolumeAccessMode,
    VolumeAccessScope, VolumeAvailability, VolumeCreateRequest, VolumeScope, VolumeSecret,
    VolumeSharing, VolumeTypeMount, VolumeUpdateRequest,
};
use dockline::{
    Error, Filters, VolumeDeleteOptions, VolumeListOptions, VolumePruneOptions, VolumeUpdateOptions,
};

#[test]
fn list() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(
        bare("GET /v1.41/volumes"),
        Response::json(r#"{"Volumes":null,"Warnings":null}"#),
    );
    let none = docker.volumes().list(&Default::default()).unwrap();
    assert!(none.volumes.is_empty() && none.warnings.is_empty());

    let filters = Filters::new()
        .with("dangling", "false")
        .with("driver", "local")
        .with("label", "a=b")
        .with("name", "da");
    engine.exchange_for(
        bare(
            "GET /v1.41/volumes?filters=%7B%22dangling%22:%5B%22false%22%5D,\
             %22driver%22:%5B%22local%22%5D,%22label%22:%5B%22a%3Db%22%5D,\
             %22name%22:%5B%22da%22%5D%7D",
        ),
        Response::json(
            r#"{"Volumes":[{"CreatedAt":"2024-05-01T12:00:00+02:00","Driver":"local",
                "Labels":null,"Mountpoint":"/var/lib/docker/volumes/data/_data","Name":"data",
                "Options":null,"Scope":"local","Status":{"free":12,"state":{"a":[null]}}}],
                "Warnings":["driver nfs does not answer"]}"#,
        ),
    );
    let found = docker.volumes().list(&VolumeListOptions { filters }).unwrap();
    assert_eq!(found.warnings, ["driver nfs does not answer"]);
    let volume = &found.volumes[0];
    assert_eq!((volume.name.as_str(), &volume.scope), ("data", &VolumeScope::Local));
    assert_eq!(volume.created_at.unix_nanos(), Some(1_714_557_600_000_000_000));
    assert_eq!(volume.status["free"], 12);
    assert!(volume.labels.is_empty() && volume.options.is_empty());
    engine.finish();
}

#[test]
fn create() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 42);
    // The engine generates a name, but requires a body.
    engine.exchange_for(
        with_json("POST /v1.42/volumes/create", "{}"),
        Response::json_status(201, r#"{"Name":"0e4c","Driver":"local","Scope":"local"}"#),
    );
    assert_eq!(docker.volumes().create(&Default::default()).unwrap().name, "0e4c");

    let body = VolumeCreateRequest {
        name: "data".into(),
        driver: "local".into(),
        driver_opts: [("type", "tmpfs"), ("o", "size=100m,uid=1000"), ("device", "")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        labels: [("app", "shop".to_owned())].into(),
        cluster_volume_spec: Some(spec()),
    };
    engine.exchange_for(
        with_json(
            "POST /v1.42/volumes/create",
            &format!(
                r#"{{"Name":"data","Driver":"local","DriverOpts":{{"device":"","o":"size=100m,uid=1000","type":"tmpfs"}},"Labels":{{"app":"shop"}},"ClusterVolumeSpec":{SPEC}}}"#
            ),
        ),
        Response::json_status(
            201,
            r#"{"Name":"data","Driver":"local","Options":{"type":"tmpfs"},"Scope":"global"}"#,
        ),
    );
    let volume = docker.volumes().create(&body).unwrap();
    assert_eq!((volume.scope, volume.options["type"].as_str()), (VolumeScope::Global, "tmpfs"));

    let message = "a volume named data already exists with the local driver: conflict";
    engine.exchange_for(
        Expected::new("POST /v1.42/volumes/create").any_body(),
        Response::error(409, message),
    );
    let error = docker.volumes().create(&body).unwrap_err();
    assert!(
        matches!(&error, Error::Conflict(api_error) if api_error.message == message),
        "{error}"
    );

    let (message, needed) = too_old(pinned(&engine, 41).volumes().create(&body));
    assert_eq!(needed, 42);
    assert!(message.contains("\"ClusterVolumeSpec\" needs API 1.42"), "{message}");
    engine.finish();
}

#[test]
fn inspect() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 42);
    engine.exchange_for(
        bare("GET /v1.42/volumes/data"),
        Response::json(format!(
            r#"{{"Name":"data","Driver":"csi","UsageData":null,"ClusterVolume":{{"ID":"a1",
                "Version":{{"Index":18446744073709551615}},"Spec":{SPEC},
                "Info":{{"CapacityBytes":5,"VolumeID":"v"}},
                "PublishStatus":[{{"NodeID":"n","State":"published"}}]}}}}"#
        )),
    );
    let volume = docker.volumes().inspect("data").unwrap();
    let cluster = volume.cluster_volume.unwrap();
    assert_eq!((cluster.version.index, cluster.spec), (u64::MAX, spec()));
    engine.exchange("GET /v1.42/volumes/none", Response::error(404, "get none: no such volume"));
    let error = docker.volumes().inspect("none").unwrap_err();
    assert_eq!(error.to_string(), "VolumeInspect: get none: no such volume (status 404)");
    engine.finish();
}

/// Volume plugins may use any names.
#[test]
fn percent_encodes_names() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    for (name, path) in [
        ("pool/disk@snap", "pool/disk@snap"),
        ("a b", "a%20b"),
        ("50%?#\\", "50%25%3F%23%5C"),
        ("größe", "gr%C3%B6%C3%9Fe"),
        ("{}", "%7B%7D"),
    ] {
        engine.exchange_for(bare(&format!("GET /v1.41/volumes/{path}")), Response::json("{}"));
        docker.volumes().inspect(name).unwrap();
    }
    for (name, reason) in [
        ("", "the volume name is empty"),
        ("a//b", "empty part between slashes"),
        ("/a", "empty part between slashes"),
        ("..", "are directories"),
        ("pool/../..", "are directories"),
        ("a\nb", "it contains '\\n'"),
    ] {
        let error = docker.volumes().delete(name, &Default::default()).unwrap_err();
        assert!(matches!(&error, Error::InvalidArgument { .. }), "{error}");
        assert!(error.to_string().contains(reason), "{name:?}: {error}");
    }
    engine.finish();
}

const SPEC: &str = concat!(
    r#"{"Group":"g","AccessMode":{"Scope":"multi","Sharing":"onewriter","MountVolume":"#,
    r#"{"FsType":"ext4","MountFlags":["ro"]}},"AccessibilityRequirements":{"Requisite":"#,
    r#"[{"Segments":{"zone":"Z1"}}]},"CapacityRange":{"RequiredBytes":1,"LimitBytes":2},"#,
    r#""Secrets":[{"Key":"k","Secret":"s"}],"Availability":"drain","New":{"a":[0,null]}}"#,
);

fn spec() -> ClusterVolumeSpec {
    let mut spec = ClusterVolumeSpec {
        group: "g".into(),
        access_mode: Some(VolumeAccessMode {
            scope: VolumeAccessScope::Multi,
            sharing: VolumeSharing::OneWriter,
            mount_volume: Some(VolumeTypeMount {
                fs_type: "ext4".into(),
                mount_flags: ["ro"].into(),
                ..Default::default()
            }),
            ..Default::default()
        }),
        accessibility_requirements: Some(TopologyRequirement {
            requisite: vec![Topology {
                segments: [("zone", "Z1".to_owned())].into(),
                ..Default::default()
            }],
            ..Default::default()
        }),
        capacity_range: Some(CapacityRange {
            required_bytes: 1,
            limit_bytes: 2,
            ..Default::default()
        }),
        secrets: vec![VolumeSecret { key: "k".into(), secret: "s".into(), ..Default::default() }],
        availability: VolumeAvailability::Drain,
        ..Default::default()
    };
    // Unknown fields are sent back.
    spec.unknown.0.insert("New".into(), serde_json::json!({"a": [0, null]}));
    spec
}

#[test]
fn update() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 42);
    let body = VolumeUpdateRequest { spec: Some(spec()) };
    let version = |version| VolumeUpdateOptions { version };
    for index in [0, 1234, u64::MAX] {
        engine.exchange_for(
            with_json(
                &format!("PUT /v1.42/volumes/data?version={index}"),
                &format!(r#"{{"Spec":{SPEC}}}"#),
            ),
            Response::sized(200),
        );
        docker.volumes().update("data", &version(index), &body).unwrap();
    }

    let update_error = |status, message: &str| {
        engine.exchange_for(
            Expected::new("PUT /v1.42/volumes/data?version=1").any_body(),
            Response::error(status, message),
        );
        let error = docker.volumes().update("data", &version(1), &body).unwrap_err();
        assert_eq!(error.api_error().unwrap().message, message);
        error
    };
    let error = update_error(500, "rpc error: code = Unknown desc = update out of sequence");
    assert!(matches!(error, Error::Conflict(_)), "{error}");
    let error = update_error(503, "This node is not a swarm manager.");
    assert!(matches!(error, Error::NotManager(_)), "{error}");

    let error = docker.volumes().update("data", &version(1), &Default::default()).unwrap_err();
    assert!(error.to_string().contains("Spec is missing"), "{error}");
    let (message, needed) = too_old(pinned(&engine, 41).volumes().update("d", &version(1), &body));
    assert_eq!(needed, 42);
    assert!(message.contains("the operation needs API 1.42"), "{message}");
    engine.finish();
}

/// A stale version is read again and retried, and concurrent changes are kept.
#[test]
fn update_with_retries_on_conflict() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 42);
    for (index, response) in
        [(7, Response::error(500, "rpc error: update out of sequence")), (8, Response::sized(200))]
    {
        let cluster = format!(r#"{{"Version":{{"Index":{index}}},"Spec":{SPEC}}}"#);
        engine.exchange_for(
            bare("GET /v1.42/volumes/data"),
            Response::json(format!(r#"{{"Name":"data","ClusterVolume":{cluster}}}"#)),
        );
        let changed = SPEC.replace(r#""Group":"g""#, r#""Group":"h""#);
        engine.exchange_for(
            with_json(
                &format!("PUT /v1.42/volumes/data?version={index}"),
                &format!(r#"{{"Spec":{changed}}}"#),
            ),
            response,
        );
    }
    docker.volumes().update_with("data", |spec| spec.group = "h".into()).unwrap();

    engine.exchange("GET /v1.42/volumes/plain", Response::json(r#"{"Name":"plain"}"#));
    let error =
        docker.volumes().update_with("plain", |_| panic!("not a cluster volume")).unwrap_err();
    let message =
        r#"VolumeUpdate: "plain" is not a cluster volume: only cluster volumes can be updated"#;
    assert_eq!(error.to_string(), message);
    engine.finish();
}

#[test]
fn delete() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(bare("DELETE /v1.41/volumes/data"), Response::empty(204));
    docker.volumes().delete("data", &Default::default()).unwrap();

    let force = VolumeDeleteOptions { force: true };
    engine.exchange_for(bare("DELETE /v1.41/volumes/data?force=1"), Response::empty(204));
    docker.volumes().delete("data", &force).unwrap();

    let message = "remove data: volume is in use - [c1]";
    engine.exchange("DELETE /v1.41/volumes/data", Response::error(409, message));
    let error = docker.volumes().delete("data", &Default::default()).unwrap_err();
    assert!(
        matches!(&error, Error::Conflict(api_error) if api_error.message == message),
        "{error}"
    );

    assert_eq!(too_old(pinned(&engine, 24).volumes().delete("data", &force)).1, 25);
    engine.finish();
}

#[test]
fn prune() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 42);
    engine.exchange_for(
        bare("POST /v1.42/volumes/prune"),
        Response::json(r#"{"VolumesDeleted":null,"SpaceReclaimed":0}"#),
    );
    let nothing = docker.volumes().prune(&Default::default()).unwrap();
    assert_eq!((nothing.volumes_deleted.len(), nothing.space_reclaimed), (0, 0));

    let filters = Filters::new().with("all", "true").with("label", "a").with("label!", "b=c");
    engine.exchange_for(
        bare(
            "POST /v1.42/volumes/prune?filters=%7B%22all%22:%5B%22true%22%5D,\
             %22label%22:%5B%22a%22%5D,%22label%21%22:%5B%22b%3Dc%22%5D%7D",
        ),
        Response::json(r#"{"VolumesDeleted":["v"],"SpaceReclaimed":18446744073709551615}"#),
    );
    let pruned = docker.volumes().prune(&VolumePruneOptions { filters }).unwrap();
    assert_eq!(pruned.volumes_deleted, ["v"]);
    assert_eq!(pruned.space_reclaimed, u64::MAX);

    assert_eq!(too_old(pinned(&engine, 24).volumes().prune(&Default::default())).1, 25);
    engine.finish();
}

/// Engines before API 1.42 always delete named volumes and do not have the filter.
#[test]
fn prune_without_all_filter() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    let with = |all: &str| VolumePruneOptions {
        filters: Filters::new().with("all", all).with("label", "a"),
    };
    engine.exchange_for(
        bare("POST /v1.41/volumes/prune?filters=%7B%22label%22:%5B%22a%22%5D%7D"),
        Response::json("{}"),
    );
    docker.volumes().prune(&with("true")).unwrap();
    let (message, needed) = too_old(docker.volumes().prune(&with("false")));
    assert_eq!(needed, 42, "{message}");
    assert!(message.contains("the filter all=false"), "{message}");
    engine.finish();
}
