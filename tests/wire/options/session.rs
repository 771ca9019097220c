use super::sent;
use dockline::SessionOptions;

#[test]
fn session() {
    let options = SessionOptions {
        uuid: "s1".into(),
        name: "my build".into(),
        shared_key: "k".into(),
        grpc_method: ["/moby.filesync.v1.FileSync/DiffCopy", "/a.B/C"].into(),
    };
    let request = sent(|c| c.session().open(&options).map(drop));
    assert_eq!((&*request.method, &*request.target), ("POST", "/v1.55/session"));
    assert_eq!(request.body_length, 0);
    let headers: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.as_str()))
        .filter(|(name, _)| name.starts_with("x-docker-expose") || name.contains("upgrade"))
        .collect();
    let expected = [
        ("upgrade", "h2c"),
        ("x-docker-expose-session-uuid", "s1"),
        ("x-docker-expose-session-name", "my build"),
        ("x-docker-expose-session-sharedkey", "k"),
        ("x-docker-expose-session-grpc-method", "/moby.filesync.v1.FileSync/DiffCopy"),
        ("x-docker-expose-session-grpc-method", "/a.B/C"),
    ];
    assert_eq!(headers, expected.map(|(name, value)| (name.to_owned(), value)));
    assert_eq!(request.header("Connection"), Some("Upgrade"));
}

#[test]
fn grpc() {
    let request = sent(|c| c.session().grpc().map(drop));
    assert_eq!((&*request.method, &*request.target), ("POST", "/v1.55/grpc"));
    assert_eq!(request.header("Connection"), Some("Upgrade"));
    assert_eq!((request.header("Upgrade"), request.body_length), (Some("h2c"), 0));
}
