//! Push and pull with a real registry that requires a password.

use crate::helpers::{
    Container, Registry, TestImage, assert_unsupported, image_exists, is_podman, live,
    note_difference, shell, tar, unique,
};
use dockline::model::{AuthConfig, ProgressMessage, PushResult};
use dockline::{
    Context, DistributionInspectOptions, Error, Filters, ImageCreateOptions, ImageDeleteOptions,
    ImagePushOptions, ImageSearchOptions, ImageTagOptions, PutContainerArchiveOptions, Result,
};
use serde_json::json;

pub fn push(
    docker: &Context,
    name: &str,
    tag: &str,
    auth: Option<AuthConfig>,
) -> Result<Vec<ProgressMessage>> {
    let options = ImagePushOptions { tag: tag.into(), auth, ..Default::default() };
    docker.images().push(name, &options)?.collect()
}

pub fn pull(
    docker: &Context,
    name: &str,
    tag: &str,
    auth: Option<AuthConfig>,
) -> Result<Vec<ProgressMessage>> {
    let options =
        ImageCreateOptions { from_image: name.into(), tag: tag.into(), auth, ..Default::default() };
    docker.images().create(&options, None)?.collect()
}

/// Podman logs in only over TLS, whatever its configuration says. Returns whether the engine is
/// Podman, after checking its error.
#[track_caller]
pub fn requires_tls<T: std::fmt::Debug>(
    docker: &Context,
    call: impl FnOnce() -> Result<T>,
) -> bool {
    let podman = is_podman(docker);
    if podman {
        assert_unsupported(&call().unwrap_err(), "server gave HTTP response to HTTPS client");
    }
    podman
}

/// Tags a new image with a name of the registry; the guard deletes this name.
pub fn image_for(docker: &Context, repo: &str, tag: &str) -> TestImage {
    let content = unique("content");
    let image =
        TestImage::import(docker, &Default::default(), &tar(&[("a", content.as_bytes())])[..]);
    let options = ImageTagOptions { repo: repo.into(), tag: tag.into() };
    docker.images().tag(&image.name, &options).unwrap();
    TestImage::guard(docker, &format!("{repo}:{tag}"))
}

/// Returns the result that a push reports.
#[track_caller]
fn pushed(docker: &Context, messages: &[ProgressMessage]) -> PushResult {
    if let Some(aux) = messages.iter().find_map(|message| message.aux.clone()) {
        return serde_json::from_value(aux).unwrap();
    }
    // For example `1.0: digest: sha256:… size: 340`.
    let text = &messages.last().unwrap().status;
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [tag, "digest:", digest, "size:", size] = fields[..] else { panic!("{messages:?}") };
    assert!(is_podman(docker), "{messages:?}");
    note_difference("ImagePush", "the result is reported only as text");
    let tag = tag.trim_end_matches(':');
    serde_json::from_value(
        json!({ "Tag": tag, "Digest": digest, "Size": size.parse::<u64>().unwrap() }),
    )
    .unwrap()
}

/// Checks that the registry rejected missing or wrong credentials.
#[track_caller]
pub fn assert_auth_error<T: std::fmt::Debug>(result: Result<T>) {
    let error = result.unwrap_err();
    // Engines report it with different statuses, or in the stream.
    assert!(
        matches!(
            error,
            Error::Stream { .. }
                | Error::Unauthorized(_)
                | Error::Engine(_)
                | Error::NotFound(_)
                | Error::Forbidden(_)
        ),
        "{error:?}"
    );
    let message = error.to_string();
    assert!(message.contains("auth"), "{message}");
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn push_requires_credentials() {
    live(|docker| {
        let registry = Registry::start(docker);
        let repo = format!("{}/{}", registry.address, unique("repo"));
        let image = image_for(docker, &repo, "1");
        assert_auth_error(push(docker, &repo, "1", None));
        assert_auth_error(push(docker, &repo, "1", Some(registry.wrong_credentials())));

        let messages = push(docker, &repo, "1", Some(registry.credentials())).unwrap();
        let result = pushed(docker, &messages);
        assert_eq!(result.tag, "1");
        assert!(result.digest.starts_with("sha256:") && result.size > 0, "{result:?}");
        let options = ImagePushOptions {
            tag: "1".into(),
            auth: Some(registry.credentials()),
            ..Default::default()
        };
        let again = docker.images().push(&repo, &options).unwrap().finish().unwrap();
        assert_eq!(again, result);
        let digests = image.inspect().repo_digests;
        if is_podman(docker) {
            note_difference("ImageInspect", "the digest differs from the one in the registry");
            assert!(
                digests.iter().all(|it| it.starts_with(&format!("{repo}@sha256:"))),
                "{digests:?}"
            );
        } else {
            assert_eq!(digests, [format!("{repo}@{}", result.digest)]);
        }

        // Existing layers are not sent again.
        let again = push(docker, &repo, "1", Some(registry.credentials())).unwrap();
        assert_eq!(pushed(docker, &again), result);
        if is_podman(docker) {
            note_difference("ImagePush", "the layers are not reported");
        } else {
            // Layers are reported with ID and status.
            let layer = |messages: &[ProgressMessage], status: &str| {
                messages.iter().any(|m| !m.id.is_empty() && m.status == status)
            };
            assert!(layer(&messages, "Pushed"), "{messages:?}");
            assert!(layer(&again, "Layer already exists"), "{again:?}");
        }

        let missing = format!("{}/{}", registry.address, unique("missing"));
        let error = push(docker, &missing, "1", Some(registry.credentials())).unwrap_err();
        let expected = if is_podman(docker) { "not known" } else { "does not exist" };
        assert!(error.to_string().contains(expected), "{error}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn pull_requires_credentials() {
    live(|docker| {
        let registry = Registry::start(docker);
        let valid_credentials = || Some(registry.credentials());
        let repo = format!("{}/{}", registry.address, unique("repo"));
        let image = image_for(docker, &repo, "1");
        let pushed = pushed(docker, &push(docker, &repo, "1", valid_credentials()).unwrap());
        let id = image.inspect().id;
        drop(image);
        assert!(!image_exists(docker, &id));

        assert_auth_error(pull(docker, &repo, "1", None));
        assert_auth_error(pull(docker, &repo, "1", Some(registry.wrong_credentials())));
        assert!(!image_exists(docker, &format!("{repo}:1")));

        // By tag, as part of the name or separately.
        for (name, tag) in [(format!("{repo}:1"), ""), (repo.clone(), "1")] {
            let messages = pull(docker, &name, tag, valid_credentials()).unwrap();
            let image = TestImage::guard(docker, &format!("{repo}:1"));
            assert_eq!(image.inspect().id, id);
            let again = pull(docker, &name, tag, valid_credentials()).unwrap();
            let reports = |messages: &[ProgressMessage], status: &str| {
                messages.iter().any(|m| m.status.contains(status))
            };
            if is_podman(docker) {
                note_difference("ImageCreate", "a pull reports the same for an existing image");
                assert!(reports(&messages, "Download complete"), "{messages:?}");
                continue;
            }
            assert!(
                reports(&messages[messages.len() - 1..], "Downloaded newer image"),
                "{messages:?}"
            );
            assert!(messages.iter().any(|m| m.status == "Pull complete" && !m.id.is_empty()));
            // Nothing to download.
            assert!(reports(&again[again.len() - 1..], "up to date"), "{again:?}");
        }

        // By digest; the image then has no tag.
        let by_digest = format!("{repo}@{}", pushed.digest);
        for (name, tag) in [(by_digest.clone(), ""), (repo.clone(), &*pushed.digest)] {
            pull(docker, &name, tag, valid_credentials()).unwrap();
            let image = TestImage::guard(docker, &by_digest);
            let found = image.inspect();
            assert_eq!((found.id, found.repo_tags.len()), (id.clone(), 0));
            assert_eq!(found.repo_digests, [&*by_digest]);
        }

        let error = pull(docker, &repo, "no-such-tag", valid_credentials()).unwrap_err();
        assert!(matches!(error, Error::NotFound(_) | Error::Stream { .. }), "{error:?}");
        assert!(
            error.to_string().contains("not found") || error.to_string().contains("unknown"),
            "{error}"
        );
    });
}

/// Without a tag, the engine would pull all tags.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn pulls_latest_without_tag() {
    live(|docker| {
        let registry = Registry::start(docker);
        let valid_credentials = || Some(registry.credentials());
        let repo = format!("{}/{}", registry.address, unique("repo"));
        let latest = image_for(docker, &repo, "latest");
        let other = image_for(docker, &repo, "other");
        let all =
            ImagePushOptions { all_tags: true, auth: valid_credentials(), ..Default::default() };
        docker.images().push(&repo, &all).unwrap().finish().unwrap();
        if is_podman(docker) {
            note_difference("ImagePush", "without a tag, only latest is pushed");
            push(docker, &repo, "other", valid_credentials()).unwrap();
        }
        let id = latest.inspect().id;
        drop((latest, other));

        pull(docker, &repo, "", valid_credentials()).unwrap();
        let latest = TestImage::guard(docker, &format!("{repo}:latest"));
        assert_eq!(latest.inspect().id, id);
        assert!(!image_exists(docker, &format!("{repo}:other")));
        // The other tag exists in the registry.
        if is_podman(docker) {
            note_difference("ImageCreate", "without a tag only the latest is pulled");
            pull(docker, &repo, "other", valid_credentials()).unwrap();
        } else {
            let all = ImageCreateOptions {
                from_image: repo.clone(),
                all_tags: true,
                auth: valid_credentials(),
                ..Default::default()
            };
            docker.images().create(&all, None).unwrap().finish().unwrap();
        }
        let options = ImageDeleteOptions::default();
        docker.images().delete(&format!("{repo}:other"), &options).unwrap();
    });
}

/// Docker Hub's response to a search, served by a container with host networking.
const INDEX: &str = r#"{"num_results": 2, "query": "shell", "results": [
    {"name": "shell", "description": "A shell größer", "star_count": 7, "is_official": true, "is_automated": false},
    {"name": "ann/shell", "description": "", "star_count": 0, "is_official": false, "is_automated": true}]}"#;

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn search() {
    live(|docker| {
        let script = "for port in $(seq 30000 30100); do \
                      httpd -p 127.0.0.1:$port -h /www && break; done; \
                      echo port $port; exec sleep 1000";
        let mut request = shell(script);
        request.host_config.network_mode = "host".into();
        let container = Container::create(docker, &request);
        let files =
            [("www/v1/_ping", "true"), ("www/v1/search", INDEX), ("www/v2/index.html", "{}")];
        let files = files.map(|(path, content)| (path, content.as_bytes()));
        let options = PutContainerArchiveOptions { path: "/".into(), ..Default::default() };
        docker.containers().put_archive(&container.id, &options, &mut &tar(&files)[..]).unwrap();
        container.start();
        container.await_output("\n");
        let output = container.output().out();
        let host = format!("127.0.0.1:{}", output.trim().trim_start_matches("port "));

        let search = |filters: Filters| {
            let term = format!("{host}/shell");
            let options = ImageSearchOptions { term, filters, ..Default::default() };
            docker.images().search(&options).unwrap()
        };
        let found = search(Filters::new());
        let official = search(Filters::new().with("is-official", "true"));
        let [shell, other] = &found[..] else { panic!("{found:?}") };
        assert_eq!(official, std::slice::from_ref(shell));
        if is_podman(docker) {
            return note_difference("ImageSearch", "the fields of the results have other names");
        }
        assert_eq!((&*shell.name, &*other.name), ("shell", "ann/shell"));
        assert_eq!((&*shell.description, shell.star_count), ("A shell größer", 7));
        assert_eq!((shell.is_official, other.is_official), (true, false));
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn reports_registry_without_search() {
    live(|docker| {
        let registry = Registry::start(docker);
        for auth in [None, Some(registry.credentials())] {
            let term = format!("{}/busybox", registry.address);
            let options = ImageSearchOptions { term, auth, ..Default::default() };
            let error = docker.images().search(&options).unwrap_err();
            assert!(matches!(error, Error::Engine(_) | Error::NotFound(_)), "{error:?}");
            // The message contains the registry's error.
            let expected = if is_podman(docker) { "couldn't search registry" } else { "404" };
            assert_unsupported(&error, expected);
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn auth_checks_credentials() {
    live(|docker| {
        let registry = Registry::start(docker);
        if requires_tls(docker, || docker.system().auth(&registry.credentials())) {
            return;
        }
        let response = docker.system().auth(&registry.credentials()).unwrap();
        assert_eq!((&*response.status, &*response.identity_token), ("Login Succeeded", ""));
        let error = docker.system().auth(&registry.wrong_credentials()).unwrap_err();
        assert!(matches!(error, Error::Unauthorized(_)), "{error:?}");
        assert!(error.to_string().to_lowercase().contains("unauthorized"), "{error}");
        let credentials = registry.credentials();
        drop(registry);
        let error = docker.system().auth(&credentials).unwrap_err();
        assert!(matches!(error, Error::Engine(_)), "{error}");
        assert!(error.to_string().contains("refused"), "the registry is gone: {error}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn inspects_distribution_without_pull() {
    live(|docker| {
        let registry = Registry::start(docker);
        let repo = format!("{}/{}", registry.address, unique("repo"));
        let inspect = |auth| {
            let options = DistributionInspectOptions { auth };
            docker.distribution().inspect(&format!("{repo}:1"), &options)
        };
        if is_podman(docker) {
            return assert_unsupported(&inspect(None).unwrap_err(), "");
        }
        let image = image_for(docker, &repo, "1");
        let pushed =
            pushed(docker, &push(docker, &repo, "1", Some(registry.credentials())).unwrap());
        drop(image);

        let found = inspect(Some(registry.credentials())).unwrap();
        assert_eq!(
            (&found.descriptor.digest, found.descriptor.size),
            (&pushed.digest, pushed.size)
        );
        assert!(found.descriptor.media_type.contains("manifest"), "{found:?}");
        assert_eq!(found.platforms.len(), 1);
        assert_eq!(found.platforms[0].os, "linux");
        assert!(!image_exists(docker, &format!("{repo}:1")));
        // The digest identifies the same manifest.
        let options = DistributionInspectOptions { auth: Some(registry.credentials()) };
        let name = format!("{repo}@{}", pushed.digest);
        assert_eq!(docker.distribution().inspect(&name, &options).unwrap(), found);

        for auth in [None, Some(registry.wrong_credentials())] {
            assert_auth_error(inspect(auth));
        }
        let name = format!("{repo}:none");
        let error = docker.distribution().inspect(&name, &options).unwrap_err();
        assert!(error.api_error().is_some_and(|it| it.message.contains("unknown")), "{error:?}");
    });
}
