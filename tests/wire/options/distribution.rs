use super::{assert_sent, sent};
use dockline::DistributionInspectOptions;
use dockline::model::AuthConfig;

#[test]
fn distribution_inspect() {
    let options = DistributionInspectOptions { auth: None };
    for (name, path) in [("busybox", "busybox"), ("r:5000/a/b:1", "r:5000/a/b:1")] {
        assert_sent(&format!("GET /v1.55/distribution/{path}/json"), |c| {
            c.distribution().inspect(name, &options).map(drop)
        });
    }
    let auth = AuthConfig { username: "ada".into(), password: "w??>".into(), ..Default::default() };
    let options = DistributionInspectOptions { auth: Some(auth) };
    let request = sent(|c| c.distribution().inspect("a@sha256:00", &options).map(drop));
    assert_eq!(request.target, "/v1.55/distribution/a@sha256:00/json");
    // {"username":"ada","password":"w??>"}
    assert_eq!(
        request.header("X-Registry-Auth"),
        Some("eyJ1c2VybmFtZSI6ImFkYSIsInBhc3N3b3JkIjoidz8_PiJ9")
    );
}
