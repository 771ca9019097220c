use dockline::model::{AuthConfig, Ulimit};

use super::*;

fn options() -> ImageBuildOptions {
    ImageBuildOptions {
        dockerfile: "sub/Docker file".into(),
        t: ["mine:1", "r:5000/mine"].into(),
        extrahosts: ["a:127.0.0.1", "b:::1"].into(),
        remote: String::new(),
        q: true,
        nocache: true,
        cachefrom: ["a", "b:1"].into(),
        pull: true,
        rm: Some(false),
        forcerm: true,
        memory: Some(1 << 40),
        memswap: Some(-1),
        cpushares: Some(512),
        cpusetcpus: "0-3".into(),
        cpusetmems: "0,1".into(),
        cpuperiod: Some(100_000),
        cpuquota: Some(50_000),
        buildargs: [("A", Some("1 &".to_owned())), ("B", None)].into(),
        shmsize: Some(1 << 27),
        squash: true,
        labels: [("a", "b"), ("c", "")].into(),
        networkmode: "container:web".into(),
        platform: "linux/arm/v7".into(),
        target: "last".into(),
        outputs: vec![BuildOutput { r#type: "moby".into(), attrs: [("name", "x")].into() }],
        version: Some(BuilderVersion::BuildKit),
        buildid: "b1".into(),
        session: "s1".into(),
        isolation: "hyperv".into(),
        ulimits: vec![
            Ulimit { name: "nofile".into(), soft: 1024, hard: -1, ..Default::default() },
            Ulimit { name: "core".into(), ..Default::default() },
        ],
        securityopt: ["credentialspec=a", "b"].into(),
        cgroupparent: "/builds".into(),
        registry_config: None,
    }
}

/// The parameters after those in `HEAD`.
const QUERY: &str = "q=1&nocache=1&cachefrom=%5B%22a%22,%22b:1%22%5D&pull=1&rm=0&forcerm=1\
    &memory=1099511627776&memswap=-1&cpushares=512&cpusetcpus=0-3&cpusetmems=0,1&cpuperiod=100000\
    &cpuquota=50000&buildargs=%7B%22A%22:%221%20%26%22,%22B%22:null%7D&shmsize=134217728&squash=1\
    &labels=%7B%22a%22:%22b%22,%22c%22:%22%22%7D&networkmode=container:web&platform=linux/arm/v7\
    &target=last&outputs=%5B%7B%22Type%22:%22moby%22,%22Attrs%22:%7B%22name%22:%22x%22%7D%7D%5D\
    &version=2&buildid=b1&session=s1&isolation=hyperv\
    &ulimits=%5B%7B%22Name%22:%22nofile%22,%22Soft%22:1024,%22Hard%22:-1%7D,%7B%22Name%22:%22core%22%7D%5D\
    &securityopt=credentialspec%3Da&securityopt=b&cgroupparent=/builds";

const HEAD: &str =
    "dockerfile=sub/Docker%20file&t=mine:1&t=r:5000/mine&extrahosts=a:127.0.0.1&extrahosts=b:::1";

#[test]
fn image_build() {
    let request = sent(|c| c.images().build(&options(), Some(&mut &b"tar"[..])).map(drop));
    assert_eq!(
        (&*request.method, request.target.clone()),
        ("POST", format!("/v1.55/build?{HEAD}&{QUERY}"))
    );
    assert_eq!(request.header("Content-Type"), Some("application/x-tar"));
    assert_eq!(request.header("X-Registry-Config"), None);

    // The engine fetches the context, so the request has no body.
    let remote = ImageBuildOptions { remote: "https://a/b.git#c:d".into(), ..options() };
    let request = sent(|c| c.images().build(&remote, None).map(drop));
    assert_eq!(request.target, format!("/v1.55/build?{HEAD}&remote=https://a/b.git%23c:d&{QUERY}"));
    assert_eq!(request.header("Content-Type"), None);
    assert_eq!(request.header("Content-Length"), Some("0"));

    for (version, rm, query) in
        [(None, None, ""), (Some(BuilderVersion::Classic), Some(true), "?rm=1&version=1")]
    {
        let options = ImageBuildOptions { version, rm, ..Default::default() };
        let request = sent(|c| c.images().build(&options, Some(&mut &b"tar"[..])).map(drop));
        assert_eq!(request.target, format!("/v1.55/build{query}"));
    }
}

/// base64url with padding.
#[test]
fn image_build_with_credentials() {
    let auth = AuthConfig { username: "ada".into(), password: "ÿ?>".into(), ..Default::default() };
    let options = ImageBuildOptions {
        registry_config: Some(
            [
                ("r:5000".to_owned(), auth),
                ("t".to_owned(), AuthConfig { identitytoken: "i".into(), ..Default::default() }),
            ]
            .into(),
        ),
        ..Default::default()
    };
    let request = sent(|c| c.images().build(&options, Some(&mut &b"tar"[..])).map(drop));
    // {"r:5000":{"username":"ada","password":"ÿ?>"},"t":{"identitytoken":"i"}}
    let expected = "eyJyOjUwMDAiOnsidXNlcm5hbWUiOiJhZGEiLCJwYXNzd29yZCI6IsO_Pz4ifSwidCI6eyJpZGVudGl0eXRva2VuIjoiaSJ9fQ==";
    assert_eq!(request.header("X-Registry-Config"), Some(expected));
}

#[test]
fn build_prune() {
    let options = BuildPruneOptions {
        keep_storage: None,
        reserved_space: Some(1),
        max_used_space: Some(1 << 40),
        min_free_space: Some(3),
        all: true,
        filters: filters(),
    };
    assert_sent(
        &format!(
            "POST /v1.55/build/prune?reserved-space=1&max-used-space=1099511627776&min-free-space=3&all=1&{FILTERS}"
        ),
        |c| c.builds().prune(&options).map(drop),
    );
}

#[test]
fn build_cancel() {
    assert_sent("POST /v1.55/build/cancel?id=my%20build", |c| c.builds().cancel("my build"));
}
