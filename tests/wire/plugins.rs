//! Plugins: what is read from the responses, and that privileges are never granted silently.

use crate::support::{
    Expected, FakeEngine, Responder, Response, bare, pinned, speaking, too_old, with_json,
};
use dockline::model::PluginPrivilege;
use dockline::{Error, PluginPullOptions, PluginUpgradeOptions};

/// Interface types are strings, although the API definition before 1.52 has objects.
#[test]
fn inspect() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(
        bare("GET /v1.41/plugins/sshfs/json"),
        Response::json(
            r#"{"Id":"p1","Name":"sshfs:latest","Enabled":true,"PluginReference":"r/sshfs:latest",
                "Settings":{"Mounts":null,"Env":["DEBUG=1"],"Args":null,"Devices":null},
                "Config":{"Interface":{"Types":["docker.volumedriver/1.0"],"Socket":"p.sock"},
                "Entrypoint":["/p"],"User":{"UID":1,"GID":4294967295},"Network":{"Type":"host"},
                "Linux":{"Capabilities":["CAP_SYS_ADMIN"],"AllowAllDevices":false,"Devices":null},
                "Env":[{"Name":"DEBUG","Settable":["value"],"Value":"0"}],"Args":{"Value":null},
                "rootfs":{"type":"layers","diff_ids":["sha256:00"]}}}"#,
        ),
    );
    let plugin = docker.plugins().inspect("sshfs").unwrap();
    assert_eq!(plugin.config.interface.types, ["docker.volumedriver/1.0"]);
    assert_eq!((plugin.enabled, &**plugin.settings.env), (true, &["DEBUG=1".to_owned()][..]));
    assert_eq!(plugin.config.user.gid, u32::MAX);
    assert_eq!(plugin.config.rootfs.unwrap().diff_ids, ["sha256:00"]);
    assert!(plugin.settings.mounts.is_empty() && plugin.config.linux.devices.is_empty());

    engine.exchange_for(bare("GET /v1.41/plugins"), Response::json("null"));
    assert!(docker.plugins().list(&Default::default()).unwrap().is_empty());
    engine.exchange_for(bare("GET /v1.41/plugins/none/json"), Response::error(404, "not found"));
    assert!(matches!(docker.plugins().inspect("none").unwrap_err(), Error::NotFound(_)));
    engine.finish();
}

const PRIVILEGES: &str = r#"[{"Name":"network","Description":"a network","Value":["host"]},{"Name":"mount","Description":"a mount","Value":["/data","/srv"]}]"#;

fn pull_options() -> PluginPullOptions {
    PluginPullOptions { remote: "r/sshfs".into(), ..Default::default() }
}

fn upgrade_options() -> PluginUpgradeOptions {
    PluginUpgradeOptions { remote: "r/sshfs:2".into(), ..Default::default() }
}

/// The privileges that were shown and granted are sent back unchanged.
#[test]
fn sends_granted_privileges() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    let pull_response = || {
        Response::chunked(200)
            .header("Docker-Plugin-Name", "sshfs:latest")
            .then("{\"status\":\"Downloading\",\"id\":\"a\"}\r\n")
            .then("{\"status\":\"Digest: sha256:00\"}\r\n")
    };
    engine
        .exchange_for(
            bare("GET /v1.41/plugins/privileges?remote=r/sshfs"),
            Response::json(PRIVILEGES),
        )
        .exchange_for(
            with_json("POST /v1.41/plugins/pull?remote=r/sshfs", PRIVILEGES),
            pull_response(),
        );
    let mut shown = Vec::new();
    let mut pull = docker
        .plugins()
        .pull_with_grant(&pull_options(), |privileges| {
            shown = privileges.to_vec();
            true
        })
        .unwrap();
    let network = PluginPrivilege {
        name: "network".into(),
        description: "a network".into(),
        value: ["host"].into(),
    };
    assert_eq!((shown.len(), &shown[0]), (2, &network));
    assert_eq!(pull.name(), "sshfs:latest");
    assert_eq!(pull.next().unwrap().unwrap().id, "a");
    assert_eq!(pull.finish().unwrap(), "sshfs:latest");

    engine
        .accept()
        .exchange_for(
            bare("GET /v1.41/plugins/privileges?remote=r/sshfs:2"),
            Response::json(PRIVILEGES),
        )
        .exchange_for(
            with_json("POST /v1.41/plugins/sshfs/upgrade?remote=r/sshfs:2", PRIVILEGES),
            pull_response(),
        );
    let upgrade =
        docker.plugins().upgrade_with_grant("sshfs", &upgrade_options(), |_| true).unwrap();
    assert_eq!(upgrade.finish().unwrap(), "sshfs:latest");
    engine.finish();
}

/// A plugin without privileges is shown, too.
#[test]
fn asks_without_privileges() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine
        .exchange_for(bare("GET /v1.41/plugins/privileges?remote=r/sshfs"), Response::json("null"))
        .exchange_for(
            with_json("POST /v1.41/plugins/pull?remote=r/sshfs", "[]"),
            Response::chunked(200)
                .then("{\"errorDetail\":{\"message\":\"no such image\"},\"error\":\"x\"}\r\n"),
        );
    let mut questions = 0;
    let pull = docker.plugins().pull_with_grant(&pull_options(), |privileges| {
        questions += 1;
        privileges.is_empty()
    });
    let pull = pull.unwrap();
    // Engines without the Docker-Plugin-Name header are accepted.
    assert_eq!(pull.name(), "");
    let error = pull.finish().unwrap_err();
    assert!(matches!(&error, Error::Stream { message, .. } if message == "no such image"));
    assert_eq!(questions, 1);
    engine.finish();
}

#[test]
fn fails_if_not_granted() {
    let engine = Responder::unix(None, |request| {
        assert_eq!(request.method, "GET", "{} was sent without a grant", request.target);
        Response::json(PRIVILEGES)
    });
    let docker = speaking(&engine.host(), "1.41");
    let error = docker.plugins().pull_with_grant(&pull_options(), |_| false).unwrap_err();
    assert!(matches!(error, Error::NotGranted { .. }), "{error:?}");
    let message =
        "PluginPull: r/sshfs: privileges were not granted: network [host], mount [/data, /srv]";
    assert_eq!(error.to_string(), message);
    let error =
        docker.plugins().upgrade_with_grant("sshfs", &upgrade_options(), |_| false).unwrap_err();
    assert_eq!((error.operation(), error.status()), ("PluginUpgrade", None));
    assert!(matches!(error, Error::NotGranted { .. }), "{error:?}");
    assert_eq!(engine.finish().len(), 2);
}

/// Invalid input fails before the privileges are requested.
#[test]
fn rejects_invalid_input() {
    let engine = Responder::unix(None, |_| Response::json("[]"));
    let docker = speaking(&engine.host(), "1.41");
    let plugins = docker.plugins();
    let empty = PluginPullOptions::default();
    for (done, expected) in [
        (plugins.pull(&empty, &[]).map(drop), "remote is empty: give the reference of a plugin"),
        (plugins.pull_with_grant(&empty, |_| panic!("asked")).map(drop), "remote is empty"),
        (
            plugins.upgrade_with_grant("", &upgrade_options(), |_| panic!("asked")).map(drop),
            "name is empty",
        ),
        (
            plugins.upgrade("a\tb", &upgrade_options(), &[]).map(drop),
            "\"a\\tb\" is not a valid plugin name",
        ),
        (plugins.privileges(&Default::default()).map(drop), "remote is empty"),
        (plugins.create("", &mut &b"tar"[..]), "the name of the plugin is empty"),
        (plugins.enable("a//b", &Default::default()), "empty part between slashes"),
        (plugins.delete("../a", &Default::default()), "are directories"),
        (plugins.set("a\0b", &["A=b"]), r"it contains '\0'"),
    ] {
        let error = done.unwrap_err();
        assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
        assert!(error.to_string().contains(expected), "{error}");
    }
    assert_eq!(engine.connections(), 0);
}

#[test]
fn push() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine.exchange_for(
        bare("POST /v1.41/plugins/sshfs/push"),
        Response::chunked(200)
            .then("{\"status\":\"Pushed\",\"id\":\"a\"}\r\n{\"error\":\"denied\"}\r\n"),
    );
    let mut progress = docker.plugins().push("sshfs", &Default::default()).unwrap();
    assert_eq!(progress.next().unwrap().unwrap().status, "Pushed");
    assert!(matches!(progress.next(), Some(Err(Error::Stream { .. }))));
    assert!(progress.next().is_none());
    engine.finish();
}

/// Engines delete with an empty body, although the API definition has a plugin.
#[test]
fn set_enable_and_delete() {
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 41);
    engine
        .exchange_for(
            with_json("POST /v1.41/plugins/sshfs/set", r#"["DEBUG=1"]"#),
            Response::empty(204),
        )
        .exchange_for(bare("POST /v1.41/plugins/sshfs/enable?timeout=0"), Response::sized(200))
        .exchange_for(
            bare("POST /v1.41/plugins/sshfs/disable"),
            Response::error(500, "plugin sshfs:latest is in use"),
        )
        .exchange_for(
            bare("DELETE /v1.41/plugins/sshfs"),
            Response::error(409, "plugin sshfs:latest is enabled"),
        )
        .exchange_for(bare("DELETE /v1.41/plugins/sshfs"), Response::json(r#"{"Id":"p1"}"#))
        .exchange_for(
            Expected::new("POST /v1.41/plugins/create?name=sshfs").any_body(),
            Response::empty(204),
        );
    let plugins = docker.plugins();
    plugins.set("sshfs", &["DEBUG=1"]).unwrap();
    plugins.enable("sshfs", &Default::default()).unwrap();
    let error = plugins.disable("sshfs", &Default::default()).unwrap_err();
    assert!(matches!(error, Error::Engine(_)), "{error:?}");
    let error = plugins.delete("sshfs", &Default::default()).unwrap_err();
    assert!(matches!(error, Error::Conflict(_)), "{error:?}");
    plugins.delete("sshfs", &Default::default()).unwrap();
    plugins.create("sshfs", &mut &b"tar"[..]).unwrap();
    engine.finish();
}

#[test]
fn operations_need_api_version() {
    let engine = FakeEngine::unix();
    let (at_24, at_25) = (pinned(&engine, 24), pinned(&engine, 25));
    let (_, needed) = too_old(at_24.plugins().inspect("a"));
    assert_eq!(needed, 25);
    assert_eq!(too_old(at_24.plugins().set("a", &["B=c"])).1, 25);
    assert_eq!(too_old(at_24.plugins().create("a", &mut &b"tar"[..])).1, 25);
    assert_eq!(too_old(at_24.plugins().pull_with_grant(&pull_options(), |_| true)).1, 25);
    assert_eq!(too_old(at_25.plugins().upgrade("a", &upgrade_options(), &[])).1, 26);
    engine.finish();
}
