//! Push and pull, by a real engine, to and from a real registry with a password.

use crate::helpers::{
    Container, Registry, TestImage, differs, is_podman, is_there, live, refused_by, shell, tar,
    unique,
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

/// Podman logs in over TLS alone, whatever its settings say of the registry; it says so.
#[track_caller]
pub fn wants_tls<T: std::fmt::Debug>(docker: &Context, call: impl FnOnce() -> Result<T>) -> bool {
    let podman = is_podman(docker);
    if podman {
        refused_by(&call().unwrap_err(), "server gave HTTP response to HTTPS client");
    }
    podman
}

/// An image under a name of the registry, by which it goes when dropped.
pub fn image_for(docker: &Context, repo: &str, tag: &str) -> TestImage {
    let content = unique("content");
    let image =
        TestImage::import(docker, &Default::default(), &tar(&[("a", content.as_bytes())])[..]);
    let options = ImageTagOptions { repo: repo.into(), tag: tag.into() };
    docker.images().tag(&image.name, &options).unwrap();
    TestImage::of(docker, &format!("{repo}:{tag}"))
}

/// What a push says that stands in the registry now.
#[track_caller]
fn pushed(docker: &Context, messages: &[ProgressMessage]) -> PushResult {
    if let Some(aux) = messages.iter().find_map(|message| message.aux.clone()) {
        return serde_json::from_value(aux).unwrap();
    }
    // Such as `1.0: digest: sha256:… size: 340`.
    let text = &messages.last().unwrap().status;
    let words: Vec<&str> = text.split_whitespace().collect();
    let [tag, "digest:", digest, "size:", size] = words[..] else { panic!("{messages:?}") };
    assert!(is_podman(docker), "{messages:?}");
    differs("ImagePush", "what stands in the registry is told as text alone");
    let tag = tag.trim_end_matches(':');
    serde_json::from_value(
        json!({ "Tag": tag, "Digest": digest, "Size": size.parse::<u64>().unwrap() }),
    )
    .unwrap()
}

/// Whether the registry, or the engine for it, wants credentials or others.
#[track_caller]
pub fn assert_refused<T: std::fmt::Debug>(result: Result<T>) {
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
        assert_refused(push(docker, &repo, "1", None));
        assert_refused(push(docker, &repo, "1", Some(registry.wrong_credentials())));

        let messages = push(docker, &repo, "1", Some(registry.credentials())).unwrap();
        let result = pushed(docker, &messages);
        assert_eq!(result.tag, "1");
        assert!(result.digest.starts_with("sha256:") && result.size > 0, "{result:?}");
        let digests = image.inspect().repo_digests;
        if is_podman(docker) {
            differs(
                "ImageInspect",
                "its digest is another than that of what stands in the registry",
            );
            assert!(
                digests.iter().all(|it| it.starts_with(&format!("{repo}@sha256:"))),
                "{digests:?}"
            );
        } else {
            assert_eq!(digests, [format!("{repo}@{}", result.digest)]);
        }

        // What is there already is not sent again.
        let again = push(docker, &repo, "1", Some(registry.credentials())).unwrap();
        assert_eq!(pushed(docker, &again), result);
        if is_podman(docker) {
            differs("ImagePush", "nothing is told of the layers");
        } else {
            // Layers are told by their ids, and how far they are.
            let layer = |messages: &[ProgressMessage], status: &str| {
                messages.iter().any(|m| !m.id.is_empty() && m.status == status)
            };
            assert!(layer(&messages, "Pushed"), "{messages:?}");
            assert!(layer(&again, "Layer already exists"), "{again:?}");
        }

        let missing = format!("{}/{}", registry.address, unique("missing"));
        let error = push(docker, &missing, "1", Some(registry.credentials())).unwrap_err();
        let words = if is_podman(docker) { "not known" } else { "does not exist" };
        assert!(error.to_string().contains(words), "{error}");
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
        let pushed = pushed(docker, &push(docker, &repo, "1", good()).unwrap());
        let id = image.inspect().id;
        drop(image);
        assert!(!is_there(docker, &id));

        assert_refused(pull(docker, &repo, "1", None));
        assert_refused(pull(docker, &repo, "1", Some(registry.wrong_credentials())));
        assert!(!is_there(docker, &format!("{repo}:1")));

        // By tag, as a part of the name or beside it.
        for (name, tag) in [(format!("{repo}:1"), ""), (repo.clone(), "1")] {
            let messages = pull(docker, &name, tag, good()).unwrap();
            let image = TestImage::of(docker, &format!("{repo}:1"));
            assert_eq!(image.inspect().id, id);
            let again = pull(docker, &name, tag, good()).unwrap();
            let told = |messages: &[ProgressMessage], status: &str| {
                messages.iter().any(|m| m.status.contains(status))
            };
            if is_podman(docker) {
                differs("ImageCreate", "a pull tells the same whether there was anything to do");
                assert!(told(&messages, "Download complete"), "{messages:?}");
                continue;
            }
            assert!(
                told(&messages[messages.len() - 1..], "Downloaded newer image"),
                "{messages:?}"
            );
            assert!(messages.iter().any(|m| m.status == "Pull complete" && !m.id.is_empty()));
            // Nothing more to do.
            assert!(told(&again[again.len() - 1..], "up to date"), "{again:?}");
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
        // A push without a tag sends all of them.
        push(docker, &repo, "", good()).unwrap();
        if is_podman(docker) {
            differs("ImagePush", "without a tag only the latest is sent");
            push(docker, &repo, "other", good()).unwrap();
        }
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

/// What Docker Hub answers to a search, by a web server that shares the engine's network.
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
        let said = container.output().out();
        let host = format!("127.0.0.1:{}", said.trim().trim_start_matches("port "));

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
            return differs("ImageSearch", "what is found is told under names of its own");
        }
        assert_eq!((&*shell.name, &*other.name), ("shell", "ann/shell"));
        assert_eq!((&*shell.description, shell.star_count), ("A shell größer", 7));
        assert_eq!((shell.is_official, other.is_official), (true, false));
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
            let words = if is_podman(docker) { "couldn't search registry" } else { "404" };
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
        let response = docker.system().auth(&registry.credentials()).unwrap();
        assert_eq!((&*response.status, &*response.identity_token), ("Login Succeeded", ""));
        let error = docker.system().auth(&registry.wrong_credentials()).unwrap_err();
        assert!(matches!(error, Error::Unauthorized(_) | Error::Engine(_)), "{error:?}");
        // Some engines make a failure of their own of what a registry without tokens says.
        assert!(error.to_string().to_lowercase().contains("unauthorized"), "{error}");
        let credentials = registry.credentials();
        drop(registry);
        let error = docker.system().auth(&credentials).unwrap_err();
        assert!(matches!(error, Error::Engine(_)), "{error}");
        assert!(error.to_string().contains("refused"), "nobody is there: {error}");
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
        assert!(error.api_error().is_some_and(|it| it.message.contains("unknown")), "{error:?}");
    });
}
