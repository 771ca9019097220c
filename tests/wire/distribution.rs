//! Distribution: what is read from the responses, and the errors of registries.

use crate::support::{FakeEngine, Response, bare, pinned, too_old};
use dockline::Error;

#[test]
fn inspect() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 30);
    engine.exchange_for(
        bare("GET /v1.30/distribution/busybox:1/json"),
        Response::json(
            r#"{"Descriptor":{"mediaType":"application/vnd.oci.image.index.v1+json","size":7,
                "digest":"sha256:00","annotations":{"a":"b"}},"Platforms":[{"architecture":"arm64",
                "os":"linux","os.version":"1.0","os.features":["x"],"variant":"v8"},{}]}"#,
        ),
    );
    let found = docker.distribution().inspect("busybox:1", &Default::default()).unwrap();
    let descriptor = found.descriptor;
    assert_eq!((&*descriptor.digest, descriptor.size), ("sha256:00", 7));
    assert_eq!(descriptor.media_type, "application/vnd.oci.image.index.v1+json");
    let [arm, unknown] = &found.platforms[..] else { panic!("{:?}", found.platforms) };
    assert_eq!((&*arm.os, &*arm.os_version, &*arm.os_features[0]), ("linux", "1.0", "x"));
    assert_eq!((&*arm.architecture, &*arm.variant, &*unknown.os), ("arm64", "v8", ""));
    engine.finish();
}

#[test]
fn error_responses() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    let inspect = || docker.distribution().inspect("r:5000/a", &Default::default()).unwrap_err();
    let line = "GET /v1.41/distribution/r:5000/a/json";
    engine.exchange_for(bare(line), Response::error(401, "no basic auth credentials"));
    assert!(matches!(inspect(), Error::Unauthorized(_)));
    engine.exchange_for(bare(line), Response::error(403, "requested access is denied"));
    assert!(matches!(inspect(), Error::Forbidden(_)));
    engine.exchange_for(bare(line), Response::error(404, "manifest unknown"));
    let error = inspect();
    assert_eq!(error.to_string(), "DistributionInspect: manifest unknown (status 404)");
    let (_, needed) = too_old(pinned(&engine, 29).distribution().inspect("a", &Default::default()));
    assert_eq!(needed, 30);
    engine.finish();
}
