//! Request targets: the version prefix of every operation, and complete request heads.

use crate::support::*;
use dockline::{ContainerAttachOptions, ImageCreateOptions, RawRequest};

/// Operations that are called before reading output, and the ends of their paths.
const INSPECTIONS: [(&str, &str); 3] = [
    ("ContainerInspect", "/containers/web/json"),
    ("ServiceInspect", "/services/web"),
    ("TaskInspect", "/tasks/t1"),
];

/// An engine that returns `{}` for these and 404 otherwise.
fn not_found_engine() -> Responder {
    Responder::unix(None, |request| {
        let inspected = |end: &str| request.method == "GET" && request.path().ends_with(end);
        match INSPECTIONS.iter().any(|(_, end)| inspected(end)) {
            true => Response::json("{}"),
            false => Response::error(404, "no"),
        }
    })
}

#[test]
fn every_path_has_version_prefix() {
    for minor in [24, 41, 44, 55] {
        let version = &format!("1.{minor}");
        for operation in OPERATIONS.iter().filter(|operation| operation.since() <= minor) {
            let engine = not_found_engine();
            let done = operation.call(&speaking(&engine.host(), version));
            let requests = engine.finish();
            let id = operation.id;
            assert!(requests.iter().all(|r| r.target.starts_with(&format!("/v{version}/"))));
            let last = requests.last().unwrap_or_else(|| panic!("{id} sent nothing: {done:?}"));
            let expected = (operation.method(), format!("/v{version}{}", operation.target));
            assert_eq!((last.method.as_str(), last.target.clone()), expected, "{id}");
            match done {
                Ok(()) => assert!(INSPECTIONS.iter().any(|it| it.0 == id), "{id}"),
                Err(error) => assert_eq!((error.operation(), error.status()), (id, Some(404))),
            }
        }
    }
}

#[test]
fn negotiates_once_without_prefix() {
    let engine = FakeEngine::unix();
    engine
        .expect(head([
            "HEAD /_ping HTTP/1.1",
            "user-agent: dockline/VERSION",
            "accept: */*",
            "host: localhost",
        ]))
        .reply(Response::empty(200).header("Api-Version", "1.43").header("Content-Length", "0"))
        .exchange("GET /v1.43/info", Response::json("{}"))
        .exchange("GET /v1.43/version", Response::json("{}"));
    let docker = negotiating(&engine.host());
    docker.system().info().unwrap();
    docker.clone().system().version().unwrap();
    assert_eq!(docker.api_version().unwrap().to_string(), "1.43");
    engine.finish();
}

#[test]
fn head_of_get() {
    let engine = FakeEngine::unix();
    engine
        .expect(head([
            "GET /v1.41/containers/json HTTP/1.1",
            "user-agent: dockline/VERSION",
            "accept: */*",
            "host: localhost",
        ]))
        .reply(Response::json("[]"));
    let docker = speaking(&engine.host(), "1.41");
    assert!(docker.containers().list(&Default::default()).unwrap().is_empty());
    engine.finish();
}

#[test]
fn head_of_delete() {
    let engine = FakeEngine::unix();
    engine
        .expect(head([
            "DELETE /v1.41/containers/web HTTP/1.1",
            "user-agent: dockline/VERSION",
            "accept: */*",
            "host: localhost",
        ]))
        .reply(Response::empty(204));
    speaking(&engine.host(), "1.41").containers().delete("web", &Default::default()).unwrap();
    engine.finish();
}

/// With Content-Length and no Content-Type, since engines reject other heads without a body.
#[test]
fn head_of_post_without_body() {
    let engine = FakeEngine::unix();
    engine
        .expect(head([
            "POST /v1.41/containers/web/start HTTP/1.1",
            "content-length: 0",
            "user-agent: dockline/VERSION",
            "accept: */*",
            "host: localhost",
        ]))
        .reply(Response::empty(204));
    speaking(&engine.host(), "1.41").containers().start("web", &Default::default()).unwrap();
    engine.finish();
}

#[test]
fn head_of_post_with_json() {
    let engine = FakeEngine::unix();
    engine
        .expect(
            head([
                "POST /v1.41/containers/create?name=web HTTP/1.1",
                "content-length: 36",
                "user-agent: dockline/VERSION",
                "accept: */*",
                "host: localhost",
                "content-type: application/json",
            ]) + r#"{"Cmd":["true"],"Image":"busybox:1"}"#,
        )
        .reply(Response::json_status(201, r#"{"Id":"ab","Warnings":[]}"#));
    let mut body = dockline::model::ContainerCreateRequest::default();
    body.config.image = "busybox:1".into();
    body.config.cmd = ["true"].into();
    let options = dockline::ContainerCreateOptions { name: "web".into(), ..Default::default() };
    let created = speaking(&engine.host(), "1.41").containers().create(&options, &body).unwrap();
    assert_eq!(created.id, "ab");
    engine.finish();
}

/// The encoding of the body is tested in `uploads.rs`.
#[test]
fn head_of_upload() {
    let engine = FakeEngine::unix();
    engine
        .expect(
            head([
                "POST /v1.41/images/create?fromSrc=- HTTP/1.1",
                "transfer-encoding: chunked",
                "user-agent: dockline/VERSION",
                "accept: */*",
                "host: localhost",
                "content-type: application/x-tar",
            ]) + "3\r\ntar\r\n0\r\n\r\n",
        )
        .reply(Response::chunked(200));
    let options = ImageCreateOptions { from_src: "-".into(), ..Default::default() };
    let docker = speaking(&engine.host(), "1.41");
    docker.images().create(&options, Some(&mut &b"tar"[..])).unwrap().finish().unwrap();
    engine.finish();
}

#[test]
fn head_of_upgrade() {
    let engine = FakeEngine::unix();
    engine
        .expect(head([
            "POST /v1.42/containers/web/attach?stream=1&stdout=1 HTTP/1.1",
            "content-length: 0",
            "user-agent: dockline/VERSION",
            "accept: */*",
            "host: localhost",
            "connection: Upgrade",
            "upgrade: tcp",
        ]))
        .send(head([
            "HTTP/1.1 101 UPGRADED",
            "Content-Type: application/vnd.docker.multiplexed-stream",
            "Connection: Upgrade",
            "Upgrade: tcp",
        ]))
        .expect_close();
    let options = ContainerAttachOptions { stdin: false, stderr: false, ..Default::default() };
    speaking(&engine.host(), "1.42").containers().attach("web", &options).unwrap();
    engine.finish();
}

#[test]
fn head_of_raw_request() {
    let engine = FakeEngine::unix();
    engine
        .expect(
            head([
                "PUT /v1.41/a%20b/c@d:1?x=%26%3D%2B%20y&x=2&empty= HTTP/1.1",
                "content-length: 2",
                "user-agent: dockline/VERSION",
                "accept: */*",
                "host: localhost",
                "x-one: 1",
                "x-two: b c",
                "content-type: text/plain",
            ]) + "ok",
        )
        .reply(Response::sized(200).then("done"));
    let request = RawRequest {
        method: "PUT".into(),
        path: "/a b/c@d:1".into(),
        query: vec![
            ("x".into(), "&=+ y".into()),
            ("x".into(), "2".into()),
            ("empty".into(), String::new()),
        ],
        headers: vec![("X-One".into(), "1".into()), ("X-Two".into(), "b c".into())],
        body: b"ok".to_vec(),
        content_type: "text/plain".into(),
        unversioned: false,
    };
    assert_eq!(speaking(&engine.host(), "1.41").raw(&request).unwrap().body, b"done");
    engine.finish();
}

#[test]
fn raw_request_without_version() {
    let engine = FakeEngine::unix();
    engine.exchange("GET /version", Response::json("{}"));
    let request =
        RawRequest { path: "/version".into(), unversioned: true, ..RawRequest::default() };
    assert_eq!(negotiating(&engine.host()).raw(&request).unwrap().body, b"{}\n");
    engine.finish();
}

/// Over TCP, the Host header is the engine's address with its port.
#[test]
fn head_over_tcp() {
    let engine = FakeEngine::tcp();
    engine
        .expect(head([
            "GET /v1.41/info HTTP/1.1",
            "user-agent: dockline/VERSION",
            "accept: */*",
            &format!("host: 127.0.0.1:{}", engine.port()),
        ]))
        .reply(Response::json("{}"));
    speaking(&engine.host(), "1.41").system().info().unwrap();
    engine.finish();
}

/// Behind a reverse proxy, every path begins with the proxy's prefix, that of the ping included.
#[test]
fn path_prefix_of_reverse_proxy() {
    let engine = FakeEngine::tcp();
    engine
        .exchange("HEAD /engines/one/_ping", Response::ping("1.41"))
        .exchange("GET /engines/one/v1.41/info", Response::json("{}"));
    for slash in ["", "/"] {
        if !slash.is_empty() {
            engine
                .accept()
                .exchange("HEAD /engines/one/_ping", Response::ping("1.41"))
                .exchange("GET /engines/one/v1.41/info", Response::json("{}"));
        }
        let host = format!("http://127.0.0.1:{}/engines/one{slash}", engine.port());
        negotiating(&host).system().info().unwrap();
    }
    engine.finish();
}

/// Names are sent as given; only characters that a path cannot contain are percent-encoded.
#[test]
fn percent_encodes_names() {
    let engine = not_found_engine();
    let docker = speaking(&engine.host(), "1.41");
    for id in ["/web", "4f8c", "my_app-1.x", "größe"] {
        docker.containers().start(id, &Default::default()).unwrap_err();
    }
    for name in ["registry:5000/team/app:1.2", "app@sha256:00ff", "a/b/c"] {
        docker.images().inspect(name, &Default::default()).unwrap_err();
    }
    let targets: Vec<String> = engine.finish().into_iter().map(|r| r.target).collect();
    assert_eq!(
        targets,
        [
            "/v1.41/containers/web/start",
            "/v1.41/containers/4f8c/start",
            "/v1.41/containers/my_app-1.x/start",
            "/v1.41/containers/gr%C3%B6%C3%9Fe/start",
            "/v1.41/images/registry:5000/team/app:1.2/json",
            "/v1.41/images/app@sha256:00ff/json",
            "/v1.41/images/a/b/c/json",
        ]
    );
}
