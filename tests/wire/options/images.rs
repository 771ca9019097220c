use dockline::model::{AuthConfig, ContainerConfig};

use super::*;

#[test]
fn image_list() {
    let options = ImageListOptions {
        all: true,
        filters: filters(),
        shared_size: true,
        digests: true,
        manifests: true,
        identity: true,
    };
    assert_sent(
        &format!(
            "GET /v1.55/images/json?all=1&{FILTERS}&shared-size=1&digests=1&manifests=1&identity=1"
        ),
        |c| c.images().list(&options).map(drop),
    );
}

#[test]
fn image_create_by_import() {
    let options = ImageCreateOptions {
        from_image: String::new(),
        from_src: "-".into(),
        repo: "r:5000/mine".into(),
        tag: "1.0".into(),
        all_tags: false,
        message: "why & when".into(),
        changes: [r#"CMD ["sh"]"#, "ENV A=b"].into(),
        platform: "linux/amd64".into(),
        auth: None,
    };
    let request = sent(|c| c.images().create(&options, Some(&mut &b"tar"[..])).map(drop));
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        (
            "POST",
            "/v1.55/images/create?fromSrc=-&repo=r:5000/mine&tag=1.0&message=why%20%26%20when&changes=CMD%20%5B%22sh%22%5D&changes=ENV%20A%3Db&platform=linux/amd64"
        )
    );
    let options = ImageCreateOptions { from_src: "http://a/b.tar".into(), ..Default::default() };
    assert_sent("POST /v1.55/images/create?fromSrc=http://a/b.tar", |c| {
        c.images().create(&options, None).map(drop)
    });
}

/// Without a tag, the engine would pull all tags.
#[test]
fn image_create_by_pull() {
    for (from_image, tag, query) in [
        ("busybox", "", "fromImage=busybox&tag=latest"),
        ("busybox", "1", "fromImage=busybox&tag=1"),
        ("busybox:1", "", "fromImage=busybox:1"),
        ("r:5000/busybox", "", "fromImage=r:5000/busybox&tag=latest"),
        ("r:5000/busybox:1", "", "fromImage=r:5000/busybox:1"),
        ("busybox@sha256:00", "", "fromImage=busybox%40sha256:00"),
        ("busybox", "sha256:00", "fromImage=busybox&tag=sha256:00"),
    ] {
        let options = ImageCreateOptions {
            from_image: from_image.into(),
            tag: tag.into(),
            ..Default::default()
        };
        assert_sent(&format!("POST /v1.55/images/create?{query}"), |c| {
            c.images().create(&options, None).map(drop)
        });
    }
}

#[test]
fn image_inspect() {
    let options = ImageInspectOptions { manifests: true, platform: None };
    assert_sent("GET /v1.55/images/busybox/json?manifests=1", |c| {
        c.images().inspect("busybox", &options).map(drop)
    });
    let options = ImageInspectOptions { manifests: false, platform: Some(arm()) };
    assert_sent(&format!("GET /v1.55/images/busybox/json?platform={ARM}"), |c| {
        c.images().inspect("busybox", &options).map(drop)
    });
}

#[test]
fn image_delete() {
    let options =
        ImageDeleteOptions { force: true, noprune: true, platforms: vec![arm(), linux()] };
    assert_sent(
        &format!(
            "DELETE /v1.55/images/busybox?force=1&noprune=1&platforms={ARM}&platforms={LINUX}"
        ),
        |c| c.images().delete("busybox", &options).map(drop),
    );
}

fn auth() -> Option<AuthConfig> {
    Some(AuthConfig { username: "ada".into(), password: "ÿ?>".into(), ..AuthConfig::default() })
}

/// `{"username":"ada","password":"ÿ?>"}` in base64url with padding. Engines silently ignore any other encoding.
const AUTH: &str = "eyJ1c2VybmFtZSI6ImFkYSIsInBhc3N3b3JkIjoiw78_PiJ9";

#[test]
fn credentials() {
    let pull = ImageCreateOptions { from_image: "a".into(), auth: auth(), ..Default::default() };
    let push = ImagePushOptions { auth: auth(), ..Default::default() };
    let search = ImageSearchOptions { term: "a".into(), auth: auth(), ..Default::default() };
    for request in [
        sent(|c| c.images().create(&pull, None).map(drop)),
        sent(|c| c.images().push("a", &push).map(drop)),
        sent(|c| c.images().search(&search).map(drop)),
    ] {
        assert_eq!(request.header("X-Registry-Auth"), Some(AUTH), "{}", request.target);
    }
    // Only a push always has the header: engines before API 1.43 reject one without it.
    let pull = ImageCreateOptions { auth: None, ..pull };
    let request = sent(|c| c.images().create(&pull, None).map(drop));
    assert_eq!(request.header("X-Registry-Auth"), None);
    let request = sent(|c| c.images().push("a", &Default::default()).map(drop));
    assert_eq!(request.header("X-Registry-Auth"), Some("e30="));
}

#[test]
fn image_push() {
    let options =
        ImagePushOptions { tag: "1".into(), all_tags: false, platform: Some(arm()), auth: None };
    assert_sent(&format!("POST /v1.55/images/r:5000/a/push?tag=1&platform={ARM}"), |c| {
        c.images().push("r:5000/a", &options).map(drop)
    });
}

#[test]
fn image_tag() {
    let options = ImageTagOptions { repo: "r:5000/b".into(), tag: "1".into() };
    assert_sent("POST /v1.55/images/busybox/tag?repo=r:5000/b&tag=1", |c| {
        c.images().tag("busybox", &options)
    });
}

#[test]
fn image_history() {
    let options = ImageHistoryOptions { platform: Some(arm()) };
    assert_sent(&format!("GET /v1.55/images/busybox/history?platform={ARM}"), |c| {
        c.images().history("busybox", &options).map(drop)
    });
}

#[test]
fn image_search() {
    let options = ImageSearchOptions {
        term: "busy box".into(),
        limit: Some(7),
        filters: Filters::new().with("stars", "3"),
        auth: None,
    };
    assert_sent(
        "GET /v1.55/images/search?term=busy%20box&limit=7&filters=%7B%22stars%22:%5B%223%22%5D%7D",
        |c| c.images().search(&options).map(drop),
    );
}

#[test]
fn image_prune() {
    let options = ImagePruneOptions { filters: filters() };
    assert_sent(&format!("POST /v1.55/images/prune?{FILTERS}"), |c| {
        c.images().prune(&options).map(drop)
    });
}

#[test]
fn image_commit() {
    let options = ImageCommitOptions {
        container: "web".into(),
        repo: "r:5000/b".into(),
        tag: "1".into(),
        comment: "why".into(),
        author: "Ada <a@b>".into(),
        pause: false,
        changes: ["ENV A=b", "CMD x"].into(),
    };
    let config = ContainerConfig { user: "ada".into(), ..ContainerConfig::default() };
    let request = sent(|c| c.images().commit(&options, &config).map(drop));
    assert_eq!(
        request.target,
        "/v1.55/commit?container=web&repo=r:5000/b&tag=1&comment=why&author=Ada%20%3Ca%40b%3E&changes=ENV%20A%3Db&changes=CMD%20x&pause=0"
    );
    assert_eq!(request.text(), r#"{"User":"ada"}"#);
    let options = ImageCommitOptions { container: "web".into(), ..Default::default() };
    let request = sent(|c| c.images().commit(&options, &Default::default()).map(drop));
    assert_eq!((&*request.target, request.text()), ("/v1.55/commit?container=web", "{}"));
}

#[test]
fn image_attestations() {
    let options = ImageAttestationsOptions {
        platform: vec![arm()],
        kind: ["https://a/b", "c"].into(),
        statement: true,
    };
    assert_sent(
        &format!(
            "GET /v1.55/images/busybox/attestations?platform={ARM}&type=https://a/b&type=c&statement=1"
        ),
        |c| c.images().attestations("busybox", &options).map(drop),
    );
}

#[test]
fn image_get() {
    let options = ImageGetOptions { platform: vec![arm(), linux()] };
    assert_sent(&format!("GET /v1.55/images/a/b/get?platform={ARM}&platform={LINUX}"), |c| {
        c.images().get("a/b", &options).map(drop)
    });
    assert_sent(
        &format!("GET /v1.55/images/get?names=a/b&names=c:1&platform={ARM}&platform={LINUX}"),
        |c| c.images().get_all(&["a/b", "c:1"], &options).map(drop),
    );
}

#[test]
fn image_load() {
    for (quiet, sent_as) in [(true, "1"), (false, "0")] {
        let options = ImageLoadOptions { quiet: Some(quiet), platform: vec![arm(), linux()] };
        let request = sent(|c| c.images().load(&options, &mut &b"tar"[..]).map(drop));
        assert_eq!(
            request.target,
            format!("/v1.55/images/load?quiet={sent_as}&platform={ARM}&platform={LINUX}")
        );
    }
}

/// Pull and push of a repository without a tag mean `latest`; all tags must be requested.
#[test]
fn all_tags() {
    let pull = |from_image: &str, tag: &str| ImageCreateOptions {
        from_image: from_image.into(),
        tag: tag.into(),
        all_tags: true,
        ..Default::default()
    };
    let push =
        |tag: &str| ImagePushOptions { tag: tag.into(), all_tags: true, ..Default::default() };
    assert_sent("POST /v1.55/images/create?fromImage=r:5000/a", |c| {
        c.images().create(&pull("r:5000/a", ""), None).map(drop)
    });
    assert_sent("POST /v1.55/images/r:5000/a/push", |c| {
        c.images().push("r:5000/a", &push("")).map(drop)
    });
    for (name, query) in [("r:5000/a", "?tag=latest"), ("r:5000/a:1", "")] {
        assert_sent(&format!("POST /v1.55/images/{name}/push{query}"), |c| {
            c.images().push(name, &Default::default()).map(drop)
        });
    }
    let docker = client("unix:///nowhere").build().unwrap();
    let both = "allTags and a tag or digest are both given: set only one";
    for (name, tag) in [("a", "1"), ("a:1", ""), ("a@sha256:00", "")] {
        let error = docker.images().create(&pull(name, tag), None).unwrap_err();
        assert_eq!(error.to_string(), format!("ImageCreate: {both}"));
        let error = docker.images().push(name, &push(tag)).unwrap_err();
        assert_eq!(error.to_string(), format!("ImagePush: {both}"));
    }
    let import = ImageCreateOptions { from_src: "http://a/b".into(), ..pull("", "") };
    let error = docker.images().create(&import, None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "ImageCreate: allTags is given without fromImage: an import has one tag"
    );
}
