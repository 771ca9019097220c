use super::{FILTERS, assert_sent, filters, sent};
use dockline::model::{AuthConfig, PluginPrivilege};
use dockline::*;

fn auth() -> Option<AuthConfig> {
    Some(AuthConfig { username: "ada".into(), password: "w??>".into(), ..AuthConfig::default() })
}

/// `{"username":"ada","password":"w??>"}`
const AUTH: &str = "eyJ1c2VybmFtZSI6ImFkYSIsInBhc3N3b3JkIjoidz8_PiJ9";

fn privileges() -> [PluginPrivilege; 2] {
    [
        PluginPrivilege {
            name: "network".into(),
            description: "permissions to access a network".into(),
            value: ["host"].into(),
        },
        PluginPrivilege { name: "mount".into(), description: "".into(), value: [""; 0].into() },
    ]
}

const PRIVILEGES: &str = r#"[{"Name":"network","Description":"permissions to access a network","Value":["host"]},{"Name":"mount"}]"#;

#[test]
fn plugin_list() {
    let options = PluginListOptions { filters: filters() };
    assert_sent(&format!("GET /v1.55/plugins?{FILTERS}"), |c| c.plugins().list(&options).map(drop));
    assert_sent("GET /v1.55/plugins", |c| c.plugins().list(&Default::default()).map(drop));
}

#[test]
fn plugin_privileges() {
    let options = PluginPrivilegesOptions { remote: "r:5000/a b".into(), auth: auth() };
    let request = sent(|c| c.plugins().privileges(&options).map(drop));
    assert_eq!(request.method, "GET");
    assert_eq!(request.target, "/v1.55/plugins/privileges?remote=r:5000/a%20b");
    assert_eq!(request.header("X-Registry-Auth"), Some(AUTH));
    let options = PluginPrivilegesOptions { remote: "a".into(), auth: None };
    let request = sent(|c| c.plugins().privileges(&options).map(drop));
    assert_eq!(request.header("X-Registry-Auth"), None);
}

#[test]
fn plugin_pull() {
    let options =
        PluginPullOptions { remote: "r:5000/a:1".into(), name: "b:2".into(), auth: auth() };
    let request = sent(|c| c.plugins().pull(&options, &privileges()).map(drop));
    assert_eq!(request.method, "POST");
    assert_eq!(request.target, "/v1.55/plugins/pull?remote=r:5000/a:1&name=b:2");
    assert_eq!((request.header("X-Registry-Auth"), request.text()), (Some(AUTH), PRIVILEGES));
    assert_eq!(request.header("Content-Type"), Some("application/json"));
    // Engines require a body.
    let options = PluginPullOptions { remote: "a".into(), name: "".into(), auth: None };
    let request = sent(|c| c.plugins().pull(&options, &[]).map(drop));
    assert_eq!((&*request.target, request.text()), ("/v1.55/plugins/pull?remote=a", "[]"));
}

#[test]
fn plugin_inspect() {
    assert_sent("GET /v1.55/plugins/vieux/sshfs:latest/json", |c| {
        c.plugins().inspect("vieux/sshfs:latest").map(drop)
    });
}

#[test]
fn plugin_delete() {
    let options = PluginDeleteOptions { force: true };
    assert_sent("DELETE /v1.55/plugins/a/b:1?force=1", |c| c.plugins().delete("a/b:1", &options));
    assert_sent("DELETE /v1.55/plugins/a", |c| c.plugins().delete("a", &Default::default()));
}

#[test]
fn plugin_enable() {
    let options = PluginEnableOptions { timeout: 30 };
    assert_sent("POST /v1.55/plugins/a/enable?timeout=30", |c| c.plugins().enable("a", &options));
    // Engines reject a request without `timeout`.
    assert_sent("POST /v1.55/plugins/a/enable?timeout=0", |c| {
        c.plugins().enable("a", &Default::default())
    });
}

#[test]
fn plugin_disable() {
    let options = PluginDisableOptions { force: true };
    assert_sent("POST /v1.55/plugins/a/disable?force=1", |c| c.plugins().disable("a", &options));
    assert_sent("POST /v1.55/plugins/a/disable", |c| c.plugins().disable("a", &Default::default()));
}

#[test]
fn plugin_upgrade() {
    let options = PluginUpgradeOptions { remote: "r:5000/a:2".into(), auth: auth() };
    let request = sent(|c| c.plugins().upgrade("a/b:1", &options, &privileges()).map(drop));
    assert_eq!(request.method, "POST");
    assert_eq!(request.target, "/v1.55/plugins/a/b:1/upgrade?remote=r:5000/a:2");
    assert_eq!((request.header("X-Registry-Auth"), request.text()), (Some(AUTH), PRIVILEGES));
}

#[test]
fn plugin_create() {
    let request = sent(|c| c.plugins().create("r:5000/a:1", &mut &b"tar"[..]));
    assert_eq!(request.method, "POST");
    assert_eq!(request.target, "/v1.55/plugins/create?name=r:5000/a:1");
    assert_eq!(request.header("Content-Type"), Some("application/x-tar"));
    assert_eq!(request.text(), "tar");
}

#[test]
fn plugin_push() {
    let options = PluginPushOptions { auth: auth() };
    let request = sent(|c| c.plugins().push("r:5000/a:1", &options).map(drop));
    assert_eq!(request.method, "POST");
    assert_eq!(request.target, "/v1.55/plugins/r:5000/a:1/push");
    assert_eq!(request.header("X-Registry-Auth"), Some(AUTH));
    assert_sent("POST /v1.55/plugins/a/push", |c| {
        c.plugins().push("a", &Default::default()).map(drop)
    });
}

#[test]
fn plugin_set() {
    let request = sent(|c| c.plugins().set("a", &["DEBUG=1", "data.source=/srv", "E="]));
    assert_eq!((&*request.method, &*request.target), ("POST", "/v1.55/plugins/a/set"));
    assert_eq!(request.text(), r#"["DEBUG=1","data.source=/srv","E="]"#);
    let request = sent(|c| c.plugins().set("a", &[] as &[&str]));
    assert_eq!(request.text(), "[]");
}
