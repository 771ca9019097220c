//! Options of every operation, and their encoding in the request.
//!
//! Options are written without `..Default::default()`, so that an option added to the library is a compile error here.

mod build;
mod container_files;
mod containers;
mod distribution;
mod images;
mod plugins;
mod session;
mod system;

use std::time::{Duration, UNIX_EPOCH};

use crate::support::*;
use dockline::model::OciPlatform;
use dockline::*;

/// The request of a call to an engine that responds with an error.
#[track_caller]
fn sent(call: impl FnOnce(&Context) -> Result<()>) -> RecordedRequest {
    sent_to("1.55", call)
}

/// Like [`sent`], with this API version.
#[track_caller]
fn sent_to(version: &str, call: impl FnOnce(&Context) -> Result<()>) -> RecordedRequest {
    let engine = Responder::unix(None, |_| Response::error(500, "no"));
    let error = call(&speaking(&engine.host(), version)).unwrap_err();
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
        os_features: ["x"].into(),
        variant: "v8".into(),
    }
}

/// `{"architecture":"arm64","os":"linux","os.version":"1.0","os.features":["x"],"variant":"v8"}`
const ARM: &str = "%7B%22architecture%22:%22arm64%22,%22os%22:%22linux%22,%22os.version%22:%221.0%22,%22os.features%22:%5B%22x%22%5D,%22variant%22:%22v8%22%7D";

fn linux() -> OciPlatform {
    OciPlatform { os: "linux".into(), ..OciPlatform::default() }
}

/// `{"os":"linux"}`
const LINUX: &str = "%7B%22os%22:%22linux%22%7D";

/// A time with nanoseconds.
fn time_bound() -> Option<TimeBound> {
    Some(TimeBound::from(UNIX_EPOCH + Duration::new(1_700_000_000, 1)))
}

/// Contradictory options fail before anything is sent.
#[test]
fn rejects_contradictory_options() {
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
    let no_output = ContainerLogsOptions { stdout: false, stderr: false, ..Default::default() };
    let no_mode = ContainerAttachOptions { stream: false, ..Default::default() };
    let both = ImageInspectOptions { manifests: true, platform: Some(arm()) };
    let remote = ImageBuildOptions { remote: "http://a".into(), ..Default::default() };
    let both_names =
        BuildPruneOptions { keep_storage: Some(1), reserved_space: Some(1), ..Default::default() };
    for (done, expected) in [
        (create("", "", false), "neither fromImage nor fromSrc"),
        (create("a", "-", true), "set only one"),
        (create("", "-", false), "no tar is given"),
        (create("", "http://a", true), "fromSrc is not \"-\""),
        (create("a", "", true), "fromSrc is not \"-\""),
        (docker.containers().logs("a", &no_output).map(drop), "stdout and stderr are both off"),
        (docker.containers().attach("a", &no_mode).map(drop), "logs and stream are both off"),
        (docker.images().inspect("a", &both).map(drop), "set only one"),
        (docker.containers().rename("a", ""), "new name is empty"),
        (docker.images().build(&Default::default(), None).map(drop), "neither a tar nor remote"),
        (docker.images().build(&remote, Some(&mut &b"tar"[..])).map(drop), "set only one"),
        (docker.builds().prune(&both_names).map(drop), "set only one"),
        (docker.builds().cancel(""), "the id of the build is empty"),
    ] {
        let error = done.unwrap_err();
        assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
        assert!(error.to_string().contains(expected), "{error}");
    }
    assert_eq!(engine.connections(), 0);
}
