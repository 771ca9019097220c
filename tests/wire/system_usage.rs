//! Data usage and registry login of the `system` operations.

use std::sync::{Arc, Mutex};

use crate::support::{Expected, FakeEngine, Response, bare, pinned, too_old, with_json};
use dockline::model::AuthConfig;
use dockline::{ApiVersion, CallResult, Context, DataUsageType, Error, SystemDataUsageOptions};

/// Three images, one of them in use, and one object of each other kind, in the format up to API 1.51.
const OLD_FORMAT: &str = r#""LayersSize":100,"Images":[{"Size":60,"SharedSize":0,"Containers":1},
    {"Size":30,"SharedSize":0,"Containers":0},{"Size":10,"SharedSize":0,"Containers":0}],
    "Containers":[{"State":"running","SizeRw":7}],
    "Volumes":[{"Name":"v","UsageData":{"Size":9,"RefCount":0}}],
    "BuildCache":[{"ID":"b","Parent":"a","Size":5,"InUse":false,"Shared":false}]"#;

/// The same in the format of 1.52, optionally with the lists of objects.
fn new_format(items: bool) -> String {
    let usage = |name: &str, values: [i64; 4], list: &str| {
        let [active, total, reclaimable, size] = values;
        let list = if items { format!(r#","Items":{list}"#) } else { String::new() };
        format!(
            r#""{name}":{{"ActiveCount":{active},"TotalCount":{total},"Reclaimable":{reclaimable},"TotalSize":{size}{list}}}"#
        )
    };
    [
        usage("ImageUsage", [1, 3, 40, 100], r#"[{"Size":60},{"Size":30},{"Size":10}]"#),
        usage("ContainerUsage", [1, 1, 0, 7], r#"[{"State":"running","SizeRw":7}]"#),
        usage("VolumeUsage", [0, 1, 9, 9], r#"[{"Name":"v"}]"#),
        usage("BuildCacheUsage", [0, 1, 5, 5], r#"[{"ID":"b"," Parents":["a"],"Size":5}]"#),
    ]
    .join(",")
}

#[test]
fn data_usage_of_all_versions() {
    let engine = FakeEngine::unix();
    let (plain, verbose) =
        (Default::default(), SystemDataUsageOptions { verbose: true, ..Default::default() });
    for (minor, target, options, response) in [
        (25, "/v1.25/system/df", &plain, OLD_FORMAT.to_owned()),
        (41, "/v1.41/system/df", &plain, OLD_FORMAT.to_owned()),
        // The response has both formats, unless it is verbose.
        (52, "/v1.52/system/df", &plain, format!("{OLD_FORMAT},{}", new_format(false))),
        (52, "/v1.52/system/df?verbose=1", &verbose, new_format(true)),
        (55, "/v1.55/system/df?verbose=1", &verbose, new_format(true)),
    ] {
        // Each context has its own connections.
        engine.accept();
        engine.exchange_for(
            bare(&format!("GET {target}")),
            Response::json(format!("{{{response}}}")),
        );
        let usage = pinned(&engine, minor).system().data_usage(options).unwrap();
        let totals = [
            usage.images_total(),
            usage.containers_total(),
            usage.volumes_total(),
            usage.build_cache_total(),
        ]
        .map(|total| [total.active_count, total.total_count, total.reclaimable, total.total_size]);
        assert_eq!(totals, [[1, 3, 40, 100], [1, 1, 0, 7], [0, 1, 9, 9], [0, 1, 5, 5]], "{target}");
        assert_eq!(usage.all_images().iter().map(|image| image.size).sum::<i64>(), 100);
        assert_eq!(usage.all_containers()[0].size_rw, Some(7));
        assert_eq!(usage.all_volumes()[0].name, "v");
        assert_eq!(usage.all_build_cache()[0].parent_ids().collect::<Vec<_>>(), ["a"]);
    }
    engine.finish();
}

#[test]
fn data_usage_of_empty_engine() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange(
        "GET /v1.41/system/df",
        Response::json(
            r#"{"LayersSize":0,"Images":null,"Containers":null,"Volumes":null,"BuildCache":null}"#,
        ),
    );
    let usage = docker.system().data_usage(&Default::default()).unwrap();
    assert_eq!(usage.images_total(), Default::default());
    assert!(usage.all_volumes().is_empty());
    engine.finish();
}

#[test]
fn data_usage_by_type() {
    use DataUsageType::{BuildCache, Container, Image, Other, Volume};
    let engine = FakeEngine::unix();
    let all = vec![Container, Image, Volume, BuildCache, Other("network".into())];
    let options = SystemDataUsageOptions { r#type: all, ..Default::default() };
    engine.exchange_for(
        bare(
            "GET /v1.42/system/df?type=container&type=image&type=volume&type=build-cache\
             &type=network",
        ),
        Response::json("{}"),
    );
    pinned(&engine, 42).system().data_usage(&options).unwrap();

    let (message, needed) = too_old(pinned(&engine, 41).system().data_usage(&options));
    assert_eq!(needed, 42);
    assert!(message.contains("\"type\" needs API 1.42"), "{message}");
    let verbose = SystemDataUsageOptions { verbose: true, ..Default::default() };
    let (message, needed) = too_old(pinned(&engine, 51).system().data_usage(&verbose));
    assert_eq!(needed, 52);
    assert!(message.contains("\"verbose\" needs API 1.52"), "{message}");
    assert_eq!(too_old(pinned(&engine, 24).system().data_usage(&Default::default())).1, 25);
    engine.finish();
}

fn credentials() -> AuthConfig {
    AuthConfig {
        username: "ann".into(),
        password: "hunter2?>".into(),
        auth: "YXV0aA==".into(),
        email: "ann@example.com".into(),
        serveraddress: "registry.example.com:5000".into(),
        identitytoken: "identity-token".into(),
        registrytoken: "registry-token".into(),
    }
}

const BODY: &str = concat!(
    r#"{"username":"ann","password":"hunter2?>","auth":"YXV0aA==","email":"ann@example.com","#,
    r#""serveraddress":"registry.example.com:5000","identitytoken":"identity-token","#,
    r#""registrytoken":"registry-token"}"#,
);

#[test]
fn auth() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(
        with_json("POST /v1.41/auth", BODY),
        Response::json(r#"{"Status":"Login Succeeded","IdentityToken":"new-token"}"#),
    );
    let response = docker.system().auth(&credentials()).unwrap();
    assert_eq!((&*response.status, &*response.identity_token), ("Login Succeeded", "new-token"));

    let plain = AuthConfig { username: "ann".into(), password: "p".into(), ..Default::default() };
    engine.exchange_for(
        with_json("POST /v1.41/auth", r#"{"username":"ann","password":"p"}"#),
        Response::empty(204),
    );
    assert_eq!(docker.system().auth(&plain).unwrap(), Default::default(), "204 is a success");

    let message = "Get \"https://registry.example.com/v2/\": unauthorized: incorrect password";
    engine
        .exchange_for(Expected::new("POST /v1.41/auth").any_body(), Response::error(401, message));
    match docker.system().auth(&plain) {
        Err(Error::Unauthorized(api_error)) => assert_eq!(api_error.message, message),
        other => panic!("{other:?}"),
    }
    engine.exchange_for(
        Expected::new("POST /v1.41/auth").any_body(),
        Response::error(500, "no such host"),
    );
    assert!(matches!(docker.system().auth(&plain), Err(Error::Engine(_))));
    engine.finish();
}

/// Neither the request nor the response is recorded.
#[test]
fn auth_is_redacted() {
    let secrets = ["hunter2", "YXV0aA", "identity-token", "registry-token", "new-token"];
    let debug = format!("{:?}", credentials());
    assert!(!secrets.iter().any(|secret| debug.contains(secret)), "{debug}");

    let engine = FakeEngine::unix();
    let results: Arc<Mutex<Vec<CallResult>>> = Arc::default();
    for reveal in [false, true] {
        let (version, recorder) = (ApiVersion::new(1, 41), results.clone());
        let docker = Context::builder()
            .host(engine.host())
            .api_version(version)
            .reveal_secrets(reveal)
            .on_result(move |result| recorder.lock().unwrap().push(result.clone()))
            .build()
            .unwrap();
        engine.accept().exchange_for(
            with_json("POST /v1.41/auth", BODY),
            Response::json(r#"{"Status":"Login Succeeded","IdentityToken":"new-token"}"#),
        );
        docker.system().auth(&credentials()).unwrap();
    }
    let results = results.lock().unwrap();
    assert_eq!(results.len(), 2);
    assert_eq!(results[0].request_body, b"[redacted]");
    assert_eq!(results[0].response_body, b"[redacted]");
    assert_eq!(results[0].request_bytes, BODY.len() as u64);
    let debug = format!("{:?} {}", results[0], String::from_utf8_lossy(&results[0].request_head));
    assert!(!secrets.iter().any(|secret| debug.contains(secret)), "{debug}");
    assert_eq!(results[1].request_body, BODY.as_bytes());
    assert!(results[1].response_body.starts_with(br#"{"Status""#));
    engine.finish();
}
