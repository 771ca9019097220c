//! Images: credentials, and what is read from responses. The parameters are tested in `options`.

use crate::support::*;
use dockline::model::{AuthConfig, ContainerConfig, HealthConfig, PushResult};
use dockline::*;

/// Makes one call to an engine of API 1.55 that sends `response`.
#[track_caller]
fn call_with_response<T>(response: Response, call: impl FnOnce(&Context) -> T) -> T {
    let engine = FakeEngine::unix();
    engine.talk(|conn| {
        let mut request = RecordedRequest::read_head(conn, 0)?.unwrap();
        request.read_body(conn, |_| Ok(()))?;
        response.send(conn, false).map(drop)
    });
    let result = call(&pinned(&engine, 55));
    engine.finish();
    result
}

fn json<T>(text: &str, call: impl FnOnce(&Context) -> Result<T>) -> T {
    call_with_response(Response::json(text), call).unwrap()
}

// Credentials.

/// All fields. Their base64 has the characters that differ between the alphabets, and padding.
fn auth() -> AuthConfig {
    AuthConfig {
        username: "ann".into(),
        password: "ÿ~>?ü".into(),
        auth: "YTpi".into(),
        email: "ann@example.com".into(),
        serveraddress: "registry.example.com:5000".into(),
        identitytoken: "identity".into(),
        registrytoken: "reg>>?".into(),
    }
}

const AUTH: &str = "eyJ1c2VybmFtZSI6ImFubiIsInBhc3N3b3JkIjoiw79-Pj_DvCIsImF1dGgiOiJZVHBpIiwiZW1haWwiOiJhbm5AZXhhbXBsZS5jb20iLCJzZXJ2ZXJhZGRyZXNzIjoicmVnaXN0cnkuZXhhbXBsZS5jb206NTAwMCIsImlkZW50aXR5dG9rZW4iOiJpZGVudGl0eSIsInJlZ2lzdHJ5dG9rZW4iOiJyZWc-Pj8ifQ==";

#[test]
fn sends_and_redacts_credentials() {
    assert!(AUTH.contains('-') && AUTH.contains('_') && AUTH.ends_with('='));
    let pull =
        ImageCreateOptions { from_image: "a".into(), auth: Some(auth()), ..Default::default() };
    let push = ImagePushOptions { auth: Some(auth()), ..Default::default() };
    let search = ImageSearchOptions { term: "a".into(), auth: Some(auth()), ..Default::default() };
    type Call<'a> = &'a dyn Fn(&Context) -> Result<()>;
    let calls: [Call; 3] = [
        &|c| c.images().create(&pull, None)?.finish(),
        &|c| c.images().push("a", &push)?.finish().map(drop),
        &|c| c.images().search(&search).map(drop),
    ];
    for reveal in [false, true] {
        for (call, operation) in calls.iter().zip(["ImageCreate", "ImagePush", "ImageSearch"]) {
            let engine = Responder::unix(None, |_| Response::json("null"));
            let (sender, results) = std::sync::mpsc::channel();
            let docker = client(&engine.host())
                .api_version(ApiVersion::new(1, 41))
                .reveal_secrets(reveal)
                .on_result(move |result| sender.send(result.clone()).unwrap())
                .build()
                .unwrap();
            call(&docker).unwrap();
            let requests = engine.finish();
            assert_eq!(requests[0].header("X-Registry-Auth"), Some(AUTH), "{operation}");
            let result = results.recv().unwrap();
            assert_eq!(result.operation, operation);
            let head = String::from_utf8(result.request_head.clone()).unwrap();
            let shown = if reveal { AUTH } else { "[redacted]" };
            assert!(head.contains(&format!("x-registry-auth: {shown}\r\n")), "{head}");
        }
    }
}

// Responses.

#[test]
fn push_reports_digest() {
    let response = concat!(
        r#"{"status":"The push refers to repository [r:5000/a]"}"#,
        "\r\n",
        r#"{"status":"Preparing","progressDetail":{},"id":"4f4f"}"#,
        "\r\n",
        r#"{"status":"Pushing","progressDetail":{"current":512,"total":1024},"id":"4f4f"}"#,
        "\r\n",
        r#"{"status":"1: digest: sha256:ab size: 527"}"#,
        "\r\n",
        r#"{"progressDetail":{},"aux":{"Tag":"1","Digest":"sha256:ab","Size":527}}"#,
        "\r\n",
    );
    let messages: Vec<_> = call_with_response(Response::chunked(200).then(response), |c| {
        c.images().push("r:5000/a", &Default::default()).unwrap().map(Result::unwrap).collect()
    });
    assert_eq!(messages.len(), 5);
    let detail = &messages[2].progress_detail;
    assert_eq!((&*messages[2].id, detail.current, detail.total), ("4f4f", 512, 1024));
    let result: PushResult = serde_json::from_value(messages[4].aux.clone().unwrap()).unwrap();
    assert_eq!((&*result.tag, &*result.digest, result.size), ("1", "sha256:ab", 527));
}

/// Engines respond with 200 before they contact the registry.
#[test]
fn push_reports_error_inside_stream() {
    let response = concat!(
        r#"{"status":"Preparing","progressDetail":{},"id":"4f4f"}"#,
        "\r\n",
        r#"{"errorDetail":{"message":"no basic auth credentials"},"error":"no basic auth credentials"}"#,
        "\r\n",
    );
    let mut progress = call_with_response(Response::chunked(200).then(response), |c| {
        c.images().push("r:5000/a", &Default::default()).unwrap()
    });
    assert_eq!(progress.next().unwrap().unwrap().status, "Preparing");
    match progress.next().unwrap() {
        Err(Error::Stream { operation, message, code }) => assert_eq!(
            (operation, &*message, code),
            ("ImagePush", "no basic auth credentials", None)
        ),
        other => panic!("{other:?}"),
    }
    assert!(progress.next().is_none());
}

#[test]
fn load_reports_image() {
    let response = concat!(
        r#"{"status":"Loading layer","progressDetail":{"current":1,"total":2},"progress":"[>]","id":"4f"}"#,
        "\r\n",
        r#"{"stream":"Loaded image: a:1\n"}"#,
        "\r\n",
    );
    let messages: Vec<_> = call_with_response(Response::chunked(200).then(response), |c| {
        let load = c.images().load(&Default::default(), &mut &b"tar"[..]);
        load.unwrap().map(Result::unwrap).collect()
    });
    assert_eq!((&*messages[0].progress, &*messages[1].stream), ("[>]", "Loaded image: a:1\n"));
}

#[test]
fn tag_accepts_any_2xx() {
    let options = ImageTagOptions { repo: "b".into(), ..Default::default() };
    for status in [200, 201] {
        let response = Response::empty(status).header("Content-Length", "0");
        call_with_response(response, |c| c.images().tag("a", &options)).unwrap();
    }
}

#[test]
fn commit() {
    let options = ImageCommitOptions { container: "web".into(), ..Default::default() };
    let response = Response::json_status(201, r#"{"Id":"sha256:ab"}"#);
    let made =
        call_with_response(response, |c| c.images().commit(&options, &Default::default())).unwrap();
    assert_eq!(made.id, "sha256:ab");

    // A nested field that older engines ignore.
    let interval = |nanos| ContainerConfig {
        healthcheck: Some(HealthConfig { start_interval: nanos, ..Default::default() }),
        ..Default::default()
    };
    let engine = FakeEngine::unix();
    let (message, needed) =
        too_old(pinned(&engine, 43).images().commit(&options, &interval(1_000_000)));
    assert_eq!(needed, 44);
    assert!(message.contains("Healthcheck.StartInterval"), "{message}");
    engine.finish();
}

#[test]
fn history() {
    let steps = json(
        r#"[{"Id":"sha256:a","Created":1700000000,"CreatedBy":"CMD <x> && y","Tags":["a:1"],"Size":5,"Comment":"c"},
            {"Id":"<missing>","Created":0,"CreatedBy":"","Tags":null,"Size":0,"Comment":""}]"#,
        |c| c.images().history("a", &Default::default()),
    );
    assert_eq!((&*steps[0].id, steps[0].created, steps[0].size), ("sha256:a", 1_700_000_000, 5));
    assert_eq!((&*steps[0].created_by, &*steps[0].comment), ("CMD <x> && y", "c"));
    assert_eq!((&steps[0].tags[..], steps[1].tags.len()), (&["a:1".to_owned()][..], 0));
}

#[test]
fn search() {
    let options = ImageSearchOptions { term: "busybox".into(), ..Default::default() };
    let found = json(
        r#"[{"star_count":3,"is_official":true,"name":"busybox","is_automated":false,"description":"B & b"}]"#,
        |c| c.images().search(&options),
    );
    let found = &found[0];
    assert_eq!((&*found.name, &*found.description), ("busybox", "B & b"));
    assert_eq!((found.star_count, found.is_official, found.is_automated), (3, true, false));
}

#[test]
fn delete_and_prune() {
    let deleted = json(r#"[{"Untagged":"a:1"},{"Deleted":"sha256:ab"}]"#, |c| {
        c.images().delete("a:1", &Default::default())
    });
    assert_eq!((&*deleted[0].untagged, &*deleted[1].deleted), ("a:1", "sha256:ab"));
    let pruned = json(
        r#"{"ImagesDeleted":[{"Untagged":"b:1"},{"Deleted":"sha256:cd"}],"SpaceReclaimed":7}"#,
        |c| c.images().prune(&Default::default()),
    );
    assert_eq!((pruned.images_deleted.len(), pruned.space_reclaimed), (2, 7));
    assert_eq!(pruned.images_deleted[1].deleted, "sha256:cd");
}

#[test]
fn attestations() {
    let statements = json(
        r#"[{"Descriptor":{"mediaType":"application/vnd.in-toto+json","digest":"sha256:ab","size":9},
             "PredicateType":"https://slsa.dev/provenance/v1","Statement":{"subject":[{"name":"_"}]}},
            {"Descriptor":{"digest":"sha256:cd"},"PredicateType":"b"}]"#,
        |c| c.images().attestations("a", &Default::default()),
    );
    assert_eq!(statements[0].descriptor.digest, "sha256:ab");
    assert_eq!(statements[0].predicate_type, "https://slsa.dev/provenance/v1");
    assert_eq!(statements[0].statement.as_ref().unwrap()["subject"][0]["name"], "_");
    assert_eq!(statements[1].statement, None);

    let engine = FakeEngine::unix();
    let attestations = pinned(&engine, 54).images().attestations("a", &Default::default());
    assert_eq!(too_old(attestations).1, 55);
    engine.finish();
}

/// Engines send `null` for an empty list.
#[test]
fn null_lists() {
    let term = ImageSearchOptions { term: "a".into(), ..Default::default() };
    assert_eq!(json("null", |c| c.images().history("a", &Default::default())).len(), 0);
    assert_eq!(json("null", |c| c.images().search(&term)).len(), 0);
    assert_eq!(json("null", |c| c.images().delete("a", &Default::default())).len(), 0);
    assert_eq!(json("null", |c| c.images().attestations("a", &Default::default())).len(), 0);
    let pruned = json(r#"{"ImagesDeleted":null,"SpaceReclaimed":0}"#, |c| {
        c.images().prune(&Default::default())
    });
    assert_eq!(pruned.images_deleted.len(), 0);
}

/// Docker's own image store reports the result as an object, the containerd image store and Podman
/// as text.
#[test]
fn the_result_of_a_push() {
    let note = r#"{"status":"","aux":{"manifestPushedInsteadOfIndex":true,"originalIndex":{},"selectedManifest":{"digest":"sha256:cd"}}}"#;
    let text = r#"{"status":"1: digest: sha256:ab size: 527"}"#;
    let aux = r#"{"progressDetail":{},"aux":{"Tag":"1","Digest":"sha256:ab","Size":527}}"#;
    for lines in [&[text, aux][..], &[text], &[aux], &[note, text], &[text, note]] {
        let response = lines.join("\r\n") + "\r\n";
        let pushed = call_with_response(Response::chunked(200).then(response), |c| {
            c.images().push("r:5000/a", &Default::default()).unwrap().finish().unwrap()
        });
        assert_eq!(
            (&*pushed.tag, &*pushed.digest, pushed.size),
            ("1", "sha256:ab", 527),
            "{lines:?}"
        );
    }
    // All tags: the last.
    let response = concat!(
        r#"{"status":"1: digest: sha256:ab size: 527"}"#,
        "\r\n",
        r#"{"status":"2: digest: sha256:cd size: 528"}"#,
        "\r\n",
    );
    let mut push = call_with_response(Response::chunked(200).then(response), |c| {
        c.images().push("r:5000/a", &Default::default()).unwrap()
    });
    assert_eq!(push.result(), None);
    push.next().unwrap().unwrap();
    assert_eq!(push.result().unwrap().tag, "1");
    assert_eq!(push.finish().unwrap().digest, "sha256:cd");
    // A failure is an error, even after a result.
    let response = format!("{text}\r\n{{\"error\":\"denied\"}}\r\n");
    let push = call_with_response(Response::chunked(200).then(response), |c| {
        c.images().push("r:5000/a", &Default::default()).unwrap()
    });
    assert_eq!(push.finish().unwrap_err().to_string(), "ImagePush: denied");
}
