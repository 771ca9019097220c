//! Names in paths: what is sent for a name that is left to the engine, and what is rejected locally.

use crate::support::*;
use dockline::*;

type Call = fn(&Context, &str) -> Result<()>;

/// Sends a call for each name, and compares the target after the version.
#[track_caller]
fn targets(calls: &[(Call, &str)], names: &[(&str, &str)]) {
    let engine = Responder::unix(None, |_| Response::error(409, "reached"));
    let docker = speaking(&engine.host(), "1.55");
    let mut expected = Vec::new();
    for (call, path) in calls {
        for (name, encoded) in names {
            let error = call(&docker, name).unwrap_err();
            assert_eq!(error.status(), Some(409), "{name:?}: {error}");
            expected.push(format!("/v1.55{}", path.replace("{}", encoded)));
        }
    }
    let sent: Vec<_> = engine.finish().into_iter().map(|request| request.target).collect();
    assert_eq!(sent, expected);
}

/// The name of a network may hold any character but control characters.
#[test]
fn networks() {
    targets(
        &[
            (|c, id| c.networks().inspect(id, &Default::default()).map(drop), "/networks/{}"),
            (|c, id| c.networks().delete(id), "/networks/{}"),
            (|c, id| c.networks().connect(id, &connection()), "/networks/{}/connect"),
            (|c, id| c.networks().disconnect(id, &disconnection()), "/networks/{}/disconnect"),
        ],
        &[
            ("my net", "my%20net"),
            ("$", "%24"),
            ("%", "%25"),
            ("^", "%5E"),
            ("a/b", "a/b"),
            ("@", "@"),
            (",", "%2C"),
            ("'(", "%27%28"),
            ("a?b#c", "a%3Fb%23c"),
            ("größe", "gr%C3%B6%C3%9Fe"),
        ],
    );
}

fn connection() -> model::NetworkConnectRequest {
    serde_json::from_str(r#"{"Container":"web"}"#).unwrap()
}

fn disconnection() -> model::NetworkDisconnectRequest {
    serde_json::from_str(r#"{"Container":"web"}"#).unwrap()
}

/// The engine decides whether a container has such a name. The name of a link has a slash.
#[test]
fn containers() {
    let delete_link: Call = |c, name| {
        let link = ContainerDeleteOptions { link: true, ..Default::default() };
        c.containers().delete(name, &link)
    };
    let names = [
        ("aweb/alias", "aweb/alias"),
        ("/aweb/alias", "aweb/alias"),
        ("registry:5000/team/app:1", "registry:5000/team/app:1"),
        ("a b", "a%20b"),
        ("a?force=1", "a%3Fforce%3D1"),
        ("a#b", "a%23b"),
        ("a%2fb", "a%252fb"),
        ("a&b", "a%26b"),
    ];
    targets(
        &[
            (delete_link, "/containers/{}?link=1"),
            (|c, id| c.containers().delete(id, &Default::default()), "/containers/{}"),
            (
                |c, id| c.containers().inspect(id, &Default::default()).map(drop),
                "/containers/{}/json",
            ),
            (|c, id| c.containers().pause(id), "/containers/{}/pause"),
            (
                |c, id| c.containers().logs(id, &Default::default()).map(drop),
                "/containers/{}/logs?stdout=1&stderr=1",
            ),
        ],
        &names,
    );
}

/// Since Docker 25, the registry of an image may be an IPv6 address.
#[test]
fn images() {
    targets(
        &[
            (|c, name| c.images().inspect(name, &Default::default()).map(drop), "/images/{}/json"),
            (|c, name| c.images().delete(name, &Default::default()).map(drop), "/images/{}"),
            (
                |c, name| {
                    let options = ImagePushOptions { tag: "t".into(), ..Default::default() };
                    c.images().push(name, &options).map(drop)
                },
                "/images/{}/push?tag=t",
            ),
            (|c, name| c.images().get(name, &Default::default()).map(drop), "/images/{}/get"),
            (
                |c, name| c.images().history(name, &Default::default()).map(drop),
                "/images/{}/history",
            ),
            (
                |c, name| {
                    let options = ImageTagOptions { repo: "a".into(), ..Default::default() };
                    c.images().tag(name, &options)
                },
                "/images/{}/tag?repo=a",
            ),
            (
                |c, name| c.distribution().inspect(name, &Default::default()).map(drop),
                "/distribution/{}/json",
            ),
        ],
        &[
            ("[::1]:5000/x:t", "%5B::1%5D:5000/x:t"),
            ("a b", "a%20b"),
            ("a?b", "a%3Fb"),
            ("a#b", "a%23b"),
            ("a%2fb", "a%252fb"),
            ("ü", "%C3%BC"),
        ],
    );
}

#[test]
fn plugins() {
    targets(
        &[
            (|c, name| c.plugins().inspect(name).map(drop), "/plugins/{}/json"),
            (|c, name| c.plugins().delete(name, &Default::default()), "/plugins/{}"),
        ],
        &[("[::1]:5000/p:1", "%5B::1%5D:5000/p:1"), ("a+b", "a%2Bb"), ("a b", "a%20b")],
    );
}

/// Objects of a swarm, execs and checkpoints: one segment.
#[test]
fn single_segments() {
    targets(
        &[
            (|c, id| c.nodes().inspect(id).map(drop), "/nodes/{}"),
            (|c, id| c.secrets().inspect(id).map(drop), "/secrets/{}"),
            (|c, id| c.exec().inspect(id).map(drop), "/exec/{}/json"),
            (
                |c, id| c.containers().checkpoint_delete("web", id, &Default::default()),
                "/containers/web/checkpoints/{}",
            ),
        ],
        &[("a b", "a%20b"), ("a?b#c", "a%3Fb%23c"), ("50%", "50%25")],
    );
}

/// A name that would reach another route is rejected before anything is sent.
#[test]
fn names_that_reach_another_route() {
    let engine = Responder::unix(None, |_| Response::json("{}"));
    let docker = speaking(&engine.host(), "1.55");
    let calls: &[(Call, &str, &str)] = &[
        (
            |c, id| c.services().inspect(id, &Default::default()).map(drop),
            "web/logs",
            "ServiceInspect: \"web/logs\" is not a valid name or ID: it contains '/'",
        ),
        (
            |c, id| c.tasks().inspect(id).map(drop),
            "t1/logs",
            "TaskInspect: \"t1/logs\" is not a valid name or ID: it contains '/'",
        ),
        (
            |c, id| c.containers().delete(id, &Default::default()),
            "web/checkpoints/c1",
            "ContainerDelete: \"web/checkpoints/c1\" is not a valid name or ID: it is the path of \
             a checkpoint",
        ),
        (
            |c, id| c.containers().checkpoint_delete("web", id, &Default::default()),
            "a/b",
            "CheckpointDelete: \"a/b\" is not a valid checkpoint name",
        ),
        (
            |c, name| c.volumes().delete(name, &Default::default()),
            "    ",
            "VolumeDelete: \"    \" is not a valid volume name: it is blank",
        ),
    ];
    for (call, name, message) in calls {
        let error = call(&docker, name).unwrap_err();
        assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
        assert_eq!(error.to_string(), *message);
    }
    assert_eq!(engine.connections(), 0);
}
