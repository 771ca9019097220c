//! Builds: events, results, and the parameters for each engine version.

use std::sync::{Arc, Mutex};

use crate::support::*;
use dockline::model::AuthConfig;
use dockline::*;

/// A build with these options, and an engine that sends `response`.
fn build(options: &ImageBuildOptions, response: Response) -> (FakeEngine, Build) {
    let engine = FakeEngine::unix();
    let version = match options.version {
        None => "",
        Some(BuilderVersion::Classic) => "version=1",
        Some(BuilderVersion::BuildKit) => "version=2",
    };
    let query = [if options.q { "q=1" } else { "" }, version].join("&");
    let query = query.trim_matches('&');
    let separator = if query.is_empty() { "" } else { "?" };
    let request = Expected::new(&format!("POST /v1.41/build{separator}{query}"))
        .header("Content-Type", "application/x-tar")
        .chunked()
        .body("tar");
    engine.exchange_for(request, response);
    let build = pinned(&engine, 41).images().build(options, Some(&mut &b"tar"[..])).unwrap();
    (engine, build)
}

fn with(version: Option<BuilderVersion>) -> ImageBuildOptions {
    ImageBuildOptions { version, ..Default::default() }
}

fn lines(lines: &[&str]) -> Response {
    let text = lines.join("\r\n");
    Response::chunked(200).header("Content-Type", "application/json").then(text + "\r\n")
}

#[test]
fn classic() {
    let lines_sent = [
        r#"{"stream":"Step 1/1 : FROM scratch"}"#,
        r#"{"stream":"\n"}"#,
        r#"{"aux":{"ID":"sha256:stage"}}"#,
        r#"{"aux":{"ID":"sha256:last"}}"#,
        r#"{"stream":"Successfully built 0123456789ab\n"}"#,
    ];
    let (engine, mut build) = build(&with(None), lines(&lines_sent));
    assert_eq!((build.builder(), build.image_id()), (Builder::Classic, None));
    let streams: Vec<String> = (&mut build).take(3).map(|it| it.unwrap().stream).collect();
    assert_eq!(streams, ["Step 1/1 : FROM scratch", "\n", ""]);
    assert_eq!(build.image_id(), Some("sha256:stage"));
    assert_eq!(build.finish().unwrap().as_deref(), Some("sha256:last"));
    engine.finish();
}

/// BuildKit's progress is base64 of protobuf and is passed on unchanged.
#[test]
fn buildkit() {
    let lines_sent = [
        r#"{"id":"moby.buildkit.trace","aux":"Cm8KR3NoYTI1Ng=="}"#,
        r#"{"id":"moby.image.id","aux":{"ID":"sha256:1"}}"#,
        r#"{"id":"something.new","aux":{"ID":"sha256:2"}}"#,
    ];
    let (engine, mut build) = build(&with(Some(BuilderVersion::BuildKit)), lines(&lines_sent));
    assert_eq!(build.builder(), Builder::BuildKit);
    let trace = build.next().unwrap().unwrap();
    assert_eq!(trace.id, "moby.buildkit.trace");
    assert_eq!(trace.aux.unwrap(), "Cm8KR3NoYTI1Ng==");
    assert_eq!(build.finish().unwrap().as_deref(), Some("sha256:1"));
    engine.finish();
}

/// Podman has its own builder, whichever is requested.
#[test]
fn buildah() {
    for version in [None, Some(BuilderVersion::Classic), Some(BuilderVersion::BuildKit)] {
        let response =
            lines(&[r#"{"stream":"STEP 1/1: FROM scratch\n"}"#, r#"{"aux":{"ID":"sha256:1"}}"#]);
        let response = response.header("Server", "Libpod/4.3.1 (linux)");
        let (engine, build) = build(&with(version), response);
        assert_eq!(
            (build.builder(), build.builder().to_string().as_str()),
            (Builder::Buildah, "Buildah")
        );
        assert_eq!(build.finish().unwrap().as_deref(), Some("sha256:1"));
        engine.finish();
    }
    for (version, builder) in [
        (None, Builder::Classic),
        (Some(BuilderVersion::Classic), Builder::Classic),
        (Some(BuilderVersion::BuildKit), Builder::BuildKit),
    ] {
        let response = lines(&[]).header("Server", "Docker/20.10.24 (linux)");
        let (engine, build) = build(&with(version), response);
        assert_eq!(build.builder(), builder);
        build.finish().unwrap();
        engine.finish();
    }
}

/// The only output of a quiet build is the ID; in other builds such a line is output of a step.
#[test]
fn quiet() {
    for (q, image) in [(true, Some("sha256:1")), (false, None)] {
        let options = ImageBuildOptions { q, ..Default::default() };
        let (engine, build) = build(&options, lines(&[r#"{"stream":"sha256:1\n"}"#]));
        assert_eq!(build.finish().unwrap().as_deref(), image);
        engine.finish();
    }
}

/// A later step fails; output that looks like a success does not count.
#[test]
fn reports_error_of_step() {
    let lines_sent = [
        r#"{"stream":"Successfully built 0123456789ab\n"}"#,
        r#"{"aux":{"ID":"sha256:stage"}}"#,
        r#"{"errorDetail":{"code":3,"message":"The command '/bin/sh -c exit 3' returned a non-zero code: 3"},"error":"old"}"#,
        r#"{"stream":"never"}"#,
    ];
    // The engine closes the connection after the failure.
    let (engine, mut build) = build(&with(None), lines(&lines_sent).cut());
    assert_eq!((&mut build).filter(Result::is_ok).count(), 2);
    assert!(build.next().is_none());
    engine.finish();
    let (engine, build) = self::build(&with(None), lines(&lines_sent).cut());
    let Err(Error::Stream { operation, message, code }) = build.finish() else { panic!() };
    assert_eq!((operation, code), ("ImageBuild", Some(3)));
    assert!(message.ends_with("returned a non-zero code: 3"), "{message}");
    engine.finish();
}

/// Cancelled by the caller, or broken off by the engine.
#[test]
fn cancel_and_disconnect() {
    let end = Gate::new();
    let (engine, mut build) = build(&with(None), lines(&[r#"{"stream":"a"}"#]).hold(&end).cut());
    let token = build.cancel_token();
    assert_eq!(build.next().unwrap().unwrap().stream, "a");
    let waiting = std::thread::spawn(move || build.finish());
    token.cancel();
    let error = waiting.join().unwrap().unwrap_err();
    assert!(matches!(error, Error::Cancelled { operation: "ImageBuild" }), "{error:?}");
    end.open();
    engine.finish();

    let (engine, build) = self::build(&with(None), lines(&[r#"{"stream":"a"}"#]).cut());
    let error = build.finish().unwrap_err();
    assert!(matches!(error, Error::Disconnected { .. }), "{error:?}");
    engine.finish();
}

/// The result handler sees credentials redacted.
#[test]
fn credentials_are_redacted() {
    let heads = Arc::new(Mutex::new(Vec::new()));
    let seen = heads.clone();
    let engine = Responder::unix(None, |_| lines(&[]));
    let docker = client(&engine.host())
        .api_version(ApiVersion::new(1, 41))
        .on_result(move |result| seen.lock().unwrap().push(result.request_head.clone()))
        .build()
        .unwrap();
    let auth = AuthConfig { password: "secret".into(), ..Default::default() };
    let options = ImageBuildOptions {
        registry_config: Some([("r:5000", auth)].into()),
        ..Default::default()
    };
    docker.images().build(&options, Some(&mut &b"tar"[..])).unwrap().finish().unwrap();
    let heads = heads.lock().unwrap();
    let head = String::from_utf8_lossy(&heads[0]).to_lowercase();
    assert!(head.contains("x-registry-config: [redacted]\r\n"), "{head}");
    engine.finish();
}

#[test]
fn options_need_api_version() {
    let engine = FakeEngine::unix();
    let text = || "x".to_owned();
    let none = ImageBuildOptions::default;
    for (since, name, options) in [
        (25, "cachefrom", ImageBuildOptions { cachefrom: vec![text()].into(), ..none() }),
        (25, "squash", ImageBuildOptions { squash: true, ..none() }),
        (25, "networkmode", ImageBuildOptions { networkmode: text(), ..none() }),
        (28, "extrahosts", ImageBuildOptions { extrahosts: vec![text()].into(), ..none() }),
        (29, "target", ImageBuildOptions { target: text(), ..none() }),
        (31, "session", ImageBuildOptions { session: text(), ..none() }),
        (32, "platform", ImageBuildOptions { platform: text(), ..none() }),
        (38, "version 2", with(Some(BuilderVersion::BuildKit))),
        (38, "buildid", ImageBuildOptions { buildid: text(), ..none() }),
        (40, "outputs", ImageBuildOptions { outputs: vec![Default::default()], ..none() }),
    ] {
        let docker = pinned(&engine, since - 1);
        let (message, needed) = too_old(docker.images().build(&options, Some(&mut &b"tar"[..])));
        assert_eq!(needed, since, "{name}");
        assert!(message.starts_with(&format!("{name:?} needs API 1.{since}, and")), "{message}");
    }
    let none = BuildPruneOptions::default;
    for (since, name, options) in [
        (39, "keep-storage", BuildPruneOptions { keep_storage: Some(0), ..none() }),
        (39, "all", BuildPruneOptions { all: true, ..none() }),
        (39, "filters", BuildPruneOptions { filters: Filters::new().with("id", "x"), ..none() }),
        (48, "reserved-space", BuildPruneOptions { reserved_space: Some(0), ..none() }),
        (48, "max-used-space", BuildPruneOptions { max_used_space: Some(0), ..none() }),
        (48, "min-free-space", BuildPruneOptions { min_free_space: Some(0), ..none() }),
    ] {
        let (message, needed) = too_old(pinned(&engine, since - 1).builds().prune(&options));
        assert_eq!(needed, since, "{name}");
        assert!(message.starts_with(&format!("{name:?} needs API 1.{since}, and")), "{message}");
    }
    assert_eq!(too_old(pinned(&engine, 30).builds().prune(&none())).1, 31);
    assert_eq!(too_old(pinned(&engine, 37).builds().cancel("x")).1, 38);
    engine.finish();
}

/// `keep-storage` has the name that the negotiated version uses.
#[test]
fn prune() {
    let response = r#"{"CachesDeleted":["a","b"],"SpaceReclaimed":18446744073709551615}"#;
    let options = BuildPruneOptions { keep_storage: Some(5), all: true, ..Default::default() };
    for (minor, name) in [
        (39, "keep-storage"),
        (47, "keep-storage"),
        (48, "reserved-space"),
        (51, "reserved-space"),
        (55, "reserved-space"),
    ] {
        let engine = FakeEngine::unix();
        let line = format!("POST /v1.{minor}/build/prune?{name}=5&all=1");
        engine.exchange_for(bare(&line), Response::json(response));
        let pruned = pinned(&engine, minor).builds().prune(&options).unwrap();
        assert_eq!(pruned.caches_deleted, ["a", "b"]);
        assert_eq!(pruned.space_reclaimed, u64::MAX);
        engine.finish();
    }
    let engine = FakeEngine::unix();
    // Engines without BuildKit have no build cache.
    engine.exchange_for(
        bare("POST /v1.41/build/prune"),
        Response::json(r#"{"CachesDeleted":null,"SpaceReclaimed":0}"#),
    );
    let pruned = pinned(&engine, 41).builds().prune(&Default::default()).unwrap();
    assert!(pruned.caches_deleted.is_empty());
    engine.finish();
}

#[test]
fn cancel() {
    let engine = FakeEngine::unix();
    engine
        .exchange_for(
            bare("POST /v1.41/build/cancel?id=b1"),
            Response::empty(200).header("Content-Length", "0"),
        )
        .exchange_for(
            bare("POST /v1.41/build/cancel?id=b1"),
            Response::error(500, "no such build"),
        );
    let docker = pinned(&engine, 41);
    docker.builds().cancel("b1").unwrap();
    assert_eq!(
        docker.builds().cancel("b1").unwrap_err().to_string(),
        "BuildCancel: no such build (status 500)"
    );
    engine.finish();
}

#[cfg(feature = "build-context")]
mod dockerfiles {
    use super::*;

    /// An archive of one file, whose name is the `dockerfile` parameter.
    #[test]
    fn sends_dockerfile_alone() {
        for (dockerfile, target, name) in [
            ("", "/v1.41/build", "Dockerfile"),
            ("sub/other", "/v1.41/build?dockerfile=sub/other", "sub/other"),
        ] {
            let engine = Responder::unix(None, |_| lines(&[r#"{"aux":{"ID":"sha256:1"}}"#]));
            let options = ImageBuildOptions { dockerfile: dockerfile.into(), ..Default::default() };
            let docker = speaking(&engine.host(), "1.41");
            let build = docker.images().build_dockerfile(&options, "FROM scratch\n").unwrap();
            assert_eq!(build.finish().unwrap().as_deref(), Some("sha256:1"));
            let requests = engine.finish();
            assert_eq!(requests[0].target, target);
            assert_eq!(requests[0].header("Content-Type"), Some("application/x-tar"));
            let mut tar = tar::Archive::new(&requests[0].body[..]);
            let entries = tar.entries().unwrap().map(|entry| {
                let entry = entry.unwrap();
                let path = entry.path().unwrap().to_str().unwrap().to_owned();
                (path, entry.header().mode().unwrap(), std::io::read_to_string(entry).unwrap())
            });
            assert_eq!(
                entries.collect::<Vec<_>>(),
                [(name.to_owned(), 0o644, "FROM scratch\n".to_owned())]
            );
        }
    }

    #[test]
    fn rejects_invalid_names() {
        let engine = FakeEngine::unix();
        for name in ["/abs", "../above"] {
            let options = ImageBuildOptions { dockerfile: name.into(), ..Default::default() };
            let error = pinned(&engine, 41).images().build_dockerfile(&options, "").unwrap_err();
            assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
            assert!(error.to_string().contains(name), "{error}");
        }
        engine.finish();
    }
}

/// Engines before API 1.29 report the image ID only in the text of the last message.
#[test]
fn image_id_in_the_text() {
    let built = |id: &str| format!(r#"{{"stream":"Successfully built {id}\n"}}"#);
    let (first, last, aux) =
        (built("012345abcdef"), built("0123456789ab"), r#"{"aux":{"ID":"sha256:1"}}"#);
    let tagged = r#"{"stream":"Successfully tagged a:1\n"}"#;
    for (messages, image) in [
        (vec![&*last], Some("0123456789ab")),
        // A step may print the same text.
        (vec![&*first, r#"{"stream":"a\n"}"#, &*last, tagged], Some("0123456789ab")),
        (vec![&*last, r#"{"stream":"Successfully built everything\n"}"#], Some("0123456789ab")),
        (vec![r#"{"stream":"not Successfully built 0123456789ab\n"}"#], None),
        // An ID in `aux` is complete.
        (vec![aux, &*last], Some("sha256:1")),
        (vec![&*last, aux], Some("sha256:1")),
        (vec![r#"{"stream":"a"}"#], None),
    ] {
        for server in ["Docker/20.10.24 (linux)", "Libpod/4.3.1 (linux)"] {
            let response = lines(&messages).header("Server", server);
            let (engine, build) = build(&with(None), response);
            assert_eq!(build.finish().unwrap().as_deref(), image, "{messages:?}");
            engine.finish();
        }
    }
    let (engine, mut build) = build(&with(None), lines(&[&*last]));
    build.next().unwrap().unwrap();
    assert_eq!(build.image_id(), None);
    assert!(build.next().is_none());
    assert_eq!(build.image_id(), Some("0123456789ab"));
    engine.finish();
    // A build that fails has no image, whatever its steps print.
    let failure = r#"{"errorDetail":{"message":"no"},"error":"no"}"#;
    let (engine, mut build) = self::build(&with(None), lines(&[&*last, failure]).cut());
    assert_eq!((&mut build).filter(Result::is_err).count(), 1);
    assert!(build.next().is_none());
    assert_eq!(build.image_id(), None);
    engine.finish();
}
