use super::*;

#[test]
fn container_changes() {
    assert_sent("GET /v1.55/containers/web/changes", |c| c.containers().changes("web").map(drop));
}

#[test]
fn container_export() {
    assert_sent("GET /v1.55/containers/web/export", |c| c.containers().export("web").map(drop));
}

#[test]
fn container_archive_info() {
    assert_sent("HEAD /v1.55/containers/web/archive?path=/a%20b/c%26d", |c| {
        c.containers().archive_info("web", "/a b/c&d").map(drop)
    });
}

#[test]
fn container_archive() {
    let request = sent(|c| c.containers().archive("web", "etc/.").map(drop));
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("GET", "/v1.55/containers/web/archive?path=etc/.")
    );
    // Otherwise engines compress the archive.
    assert_eq!(request.header("accept-encoding"), Some("identity"));
}

#[test]
fn put_container_archive() {
    let options = PutContainerArchiveOptions {
        path: "/srv".into(),
        no_overwrite_dir_non_dir: true,
        copy_uid_gid: true,
    };
    let request = sent(|c| c.containers().put_archive("web", &options, &mut &b"tar"[..]));
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("PUT", "/v1.55/containers/web/archive?path=/srv&noOverwriteDirNonDir=1&copyUIDGID=1")
    );
    assert_eq!(
        (request.header("content-type"), request.text()),
        (Some("application/x-tar"), "tar")
    );
}
