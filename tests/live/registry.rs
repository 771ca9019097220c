//! Push and pull, by a real engine, to and from a real registry with a password.

use crate::helpers::{Registry, TestImage, is_podman, live, refused_by, tar, unique};
use dockline::model::{AuthConfig, ProgressMessage, PushResult};
use dockline::{
    Context, DistributionInspectOptions, Error, ImageCreateOptions, ImageDeleteOptions,
    ImagePushOptions, ImageSearchOptions, ImageTagOptions, Result,
};

fn push(
    docker: &Context,
    name: &str,
    tag: &str,
    auth: Option<AuthConfig>,
) -> Result<Vec<ProgressMessage>> {
    let options = ImagePushOptions { tag: tag.into(), auth, ..Default::default() };
    docker.images().push(name, &options)?.collect()
}

fn pull(
    docker: &Context,
    name: &str,
    tag: &str,
    auth: Option<AuthConfig>,
) -> Result<Vec<ProgressMessage>> {
    let options =
        ImageCreateOptions { from_image: name.into(), tag: tag.into(), auth, ..Default::default() };
    docker.images().create(&options, None)?.collect()
}

/// Podman goes without TLS only to registries that its settings name, by their ports too; it says so.
#[track_caller]
fn wants_tls<T: std::fmt::Debug>(docker: &Context, call: impl FnOnce() -> Result<T>) -> bool {
    let podman = is_podman(docker);
    if podman {
        refused_by(&call().unwrap_err(), "server gave HTTP response to HTTPS client");
    }
    podman
}

fn is_there(docker: &Context, name: &str) -> bool {
    match docker.images().inspect(name, &Default::default()) {
        Ok(_) => true,
        Err(Error::NotFound(_)) => false,
        Err(error) => panic!("{error}"),
    }
}

/// An image under a name of the registry, by which it goes when dropped.
fn image_for(docker: &Context, repo: &str, tag: &str) -> TestImage {
    let content = unique("content");
    let image =
        TestImage::import(docker, &Default::default(), &tar(&[("a", content.as_bytes())])[..]);
    let options = ImageTagOptions { repo: repo.into(), tag: tag.into() };
    docker.images().tag(&image.name, &options).unwrap();
    TestImage::of(docker, &format!("{repo}:{tag}"))
}

/// The digest that a push tells.
fn digest(messages: &[ProgressMessage]) -> PushResult {
    let aux = messages.iter().find_map(|message| message.aux.clone()).expect("a result");
    serde_json::from_value(aux).unwrap()
}

/// Whether the registry, or the engine for it, wants credentials or others.
#[track_caller]
fn assert_refused<T: std::fmt::Debug>(result: Result<T>) {
    let error = result.unwrap_err();
    // Engines tell it in the stream, which has begun, or by any status.
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
    let words = error.to_string();
    assert!(words.contains("auth"), "{words}");
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn push_with_and_without_credentials() {
    live(|docker| {
        let registry = Registry::start(docker);
        let repo = format!("{}/{}", registry.address, unique("repo"));
        let image = image_for(docker, &repo, "1");
        if wants_tls(docker, || push(docker, &repo, "1", Some(registry.credentials()))) {
            return;
        }
        assert_refused(push(docker, &repo, "1", None));
        assert_refused(push(docker, &repo, "1", Some(registry.wrong_credentials())));

        let messages = push(docker, &repo, "1", Some(registry.credentials())).unwrap();
        // Layers are told by their ids, and how far they are.
        assert!(messages.iter().any(|m| !m.id.is_empty() && m.status == "Pushed"), "{messages:?}");
        let result = digest(&messages);
        assert_eq!(result.tag, "1");
        assert!(result.digest.starts_with("sha256:") && result.size > 0, "{result:?}");
        assert_eq!(image.inspect().repo_digests, [format!("{repo}@{}", result.digest)]);

        // What is there already is not sent again.
        let again = push(docker, &repo, "1", Some(registry.credentials())).unwrap();
        assert!(again.iter().any(|m| m.status == "Layer already exists"), "{again:?}");
        assert_eq!(digest(&again), result);

        let missing = format!("{}/{}", registry.address, unique("missing"));
        let error = push(docker, &missing, "1", Some(registry.credentials())).unwrap_err();
        assert!(error.to_string().contains("does not exist"), "{error}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn pull_with_and_without_credentials() {
    live(|docker| {
        let registry = Registry::start(docker);
        let good = || Some(registry.credentials());
        let repo = format!("{}/{}", registry.address, unique("repo"));
        let image = image_for(docker, &repo, "1");
        if wants_tls(docker, || pull(docker, &repo, "1", good())) {
            return;
        }
        let pushed = digest(&push(docker, &repo, "1", good()).unwrap());
        let id = image.inspect().id;
        drop(image);
        assert!(!is_there(docker, &id));

        assert_refused(pull(docker, &repo, "1", None));
        assert_refused(pull(docker, &repo, "1", Some(registry.wrong_credentials())));
        assert!(!is_there(docker, &format!("{repo}:1")));

        // By tag, as a part of the name or beside it.
        for (name, tag) in [(format!("{repo}:1"), ""), (repo.clone(), "1")] {
            let messages = pull(docker, &name, tag, good()).unwrap();
            let last = messages.last().unwrap();
            assert!(last.status.contains("Downloaded newer image"), "{last:?}");
            assert!(messages.iter().any(|m| m.status == "Pull complete" && !m.id.is_empty()));
            let image = TestImage::of(docker, &format!("{repo}:1"));
            assert_eq!(image.inspect().id, id);
            // Nothing more to do.
            let again = pull(docker, &name, tag, good()).unwrap();
            assert!(again.last().unwrap().status.contains("up to date"), "{again:?}");
        }

        // By digest, the same: then it has no tag.
        let by_digest = format!("{repo}@{}", pushed.digest);
        for (name, tag) in [(by_digest.clone(), ""), (repo.clone(), &*pushed.digest)] {
            pull(docker, &name, tag, good()).unwrap();
            let image = TestImage::of(docker, &by_digest);
            let found = image.inspect();
            assert_eq!((found.id, found.repo_tags.len()), (id.clone(), 0));
            assert_eq!(found.repo_digests, [&*by_digest]);
        }

        let error = pull(docker, &repo, "no-such-tag", good()).unwrap_err();
        assert!(matches!(error, Error::NotFound(_) | Error::Stream { .. }), "{error:?}");
        assert!(
            error.to_string().contains("not found") || error.to_string().contains("unknown"),
            "{error}"
        );
    });
}

/// The engine by itself would pull all tags there are.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn without_a_tag_only_the_latest_is_pulled() {
    live(|docker| {
        let registry = Registry::start(docker);
        let good = || Some(registry.credentials());
        let repo = format!("{}/{}", registry.address, unique("repo"));
        let latest = image_for(docker, &repo, "latest");
        let other = image_for(docker, &repo, "other");
        if wants_tls(docker, || pull(docker, &repo, "", good())) {
            return;
        }
        // A push without a tag sends all of them.
        push(docker, &repo, "", good()).unwrap();
        let id = latest.inspect().id;
        drop((latest, other));

        pull(docker, &repo, "", good()).unwrap();
        let latest = TestImage::of(docker, &format!("{repo}:latest"));
        assert_eq!(latest.inspect().id, id);
        assert!(!is_there(docker, &format!("{repo}:other")));
        // That it was there to be pulled.
        pull(docker, &repo, "other", good()).unwrap();
        let options = ImageDeleteOptions::default();
        docker.images().delete(&format!("{repo}:other"), &options).unwrap();
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn a_registry_that_cannot_be_searched() {
    live(|docker| {
        let registry = Registry::start(docker);
        for auth in [None, Some(registry.credentials())] {
            let term = format!("{}/busybox", registry.address);
            let options = ImageSearchOptions { term, auth, ..Default::default() };
            let error = docker.images().search(&options).unwrap_err();
            assert!(matches!(error, Error::Engine(_) | Error::NotFound(_)), "{error:?}");
            // What the registry says.
            let words = if is_podman(docker) { "HTTP response" } else { "404" };
            refused_by(&error, words);
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn credentials_are_checked() {
    live(|docker| {
        let registry = Registry::start(docker);
        if wants_tls(docker, || docker.system().auth(&registry.credentials())) {
            return;
        }
        let answer = docker.system().auth(&registry.credentials()).unwrap();
        assert_eq!((&*answer.status, &*answer.identity_token), ("Login Succeeded", ""));
        let error = docker.system().auth(&registry.wrong_credentials()).unwrap_err();
        assert!(matches!(error, Error::Unauthorized(_) | Error::Engine(_)), "{error:?}");
        assert!(error.to_string().to_lowercase().contains("unauthorized"), "{error}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn what_a_registry_has_is_told_without_a_pull() {
    live(|docker| {
        let registry = Registry::start(docker);
        let repo = format!("{}/{}", registry.address, unique("repo"));
        let inspect = |auth| {
            let options = DistributionInspectOptions { auth };
            docker.distribution().inspect(&format!("{repo}:1"), &options)
        };
        if is_podman(docker) {
            return refused_by(&inspect(None).unwrap_err(), "");
        }
        let image = image_for(docker, &repo, "1");
        let pushed = digest(&push(docker, &repo, "1", Some(registry.credentials())).unwrap());
        drop(image);

        let found = inspect(Some(registry.credentials())).unwrap();
        assert_eq!(
            (&found.descriptor.digest, found.descriptor.size),
            (&pushed.digest, pushed.size)
        );
        assert!(found.descriptor.media_type.contains("manifest"), "{found:?}");
        assert_eq!(found.platforms.len(), 1);
        assert_eq!(found.platforms[0].os, "linux");
        assert!(!is_there(docker, &format!("{repo}:1")));
        // By its digest it is the same.
        let options = DistributionInspectOptions { auth: Some(registry.credentials()) };
        let name = format!("{repo}@{}", pushed.digest);
        assert_eq!(docker.distribution().inspect(&name, &options).unwrap(), found);

        for auth in [None, Some(registry.wrong_credentials())] {
            assert_refused(inspect(auth));
        }
        let name = format!("{repo}:none");
        let error = docker.distribution().inspect(&name, &options).unwrap_err();
        assert!(error.refusal().is_some_and(|it| it.message.contains("unknown")), "{error:?}");
    });
}
