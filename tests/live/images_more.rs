//! Images on a real engine: tag, commit, save, load, history, prune.

use std::io::Read;

use crate::helpers::{
    BUSYBOX, Container, TestImage, assert_unsupported, image_exists, is_podman, live,
    note_difference, shell, short_name, tar, unique,
};
use dockline::model::{ContainerConfig, HealthConfig, ProgressMessage};
use dockline::{
    Context, Error, Filters, ImageCommitOptions, ImageCreateOptions, ImageDeleteOptions,
    ImageHistoryOptions, ImageListOptions, ImageLoadOptions, ImagePruneOptions, ImageTagOptions,
    Result,
};

/// Imports a small image with unique content.
fn small(docker: &Context, options: &ImageCreateOptions) -> TestImage {
    TestImage::import(docker, options, &tar(&[("name", unique("content").as_bytes())])[..])
}

/// Returns an ID without its algorithm, which Podman may omit.
fn bare(id: &str) -> &str {
    id.trim_start_matches("sha256:")
}

fn delete(docker: &Context, name: &str) {
    docker.images().delete(name, &ImageDeleteOptions::default()).unwrap();
}

fn load(docker: &Context, mut tar: impl Read) -> Result<Vec<ProgressMessage>> {
    docker.images().load(&ImageLoadOptions::default(), &mut tar)?.collect()
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn tag() {
    live(|docker| {
        let image = small(docker, &Default::default());
        let repo = unique("tagged");
        let tag = |tag: &str| {
            let options = ImageTagOptions { repo: repo.clone(), tag: tag.into() };
            docker.images().tag(&image.name, &options)
        };
        tag("").unwrap();
        tag("1.0-a_b").unwrap();
        let names = [format!("{repo}:latest"), format!("{repo}:1.0-a_b")];
        for name in &names {
            let found = docker.images().inspect(name, &Default::default()).unwrap();
            assert_eq!(found.id, image.inspect().id);
        }
        let filters = Filters::new().with("reference", &repo);
        let options = ImageListOptions { filters, ..Default::default() };
        let listed = docker.images().list(&options).unwrap();
        assert_eq!(listed.len(), 1, "one image with several names");
        let tags: Vec<&str> = listed[0].repo_tags.iter().map(|tag| short_name(tag)).collect();
        assert!(names.iter().all(|name| tags.contains(&&**name)), "{listed:?}");

        let error = tag("not a tag").unwrap_err();
        assert!(matches!(error, Error::BadRequest(_) | Error::Engine(_)), "{error:?}");
        let options = ImageTagOptions { repo: repo.clone(), tag: String::new() };
        let error = docker.images().tag("no-such-image", &options).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");

        for name in &names {
            delete(docker, name);
            assert!(!image_exists(docker, name));
        }
        image.inspect();
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn history() {
    live(|docker| {
        let options = ImageCreateOptions {
            message: "made of one file".into(),
            changes: ["ENV A=b"].into(),
            ..Default::default()
        };
        let image = small(docker, &options);
        let history = docker.images().history(&image.name, &Default::default()).unwrap();
        let [step] = &history[..] else { panic!("{history:?}") };
        assert_eq!(step.comment, "made of one file");
        assert_eq!(bare(&step.id), bare(&image.inspect().id));
        let tags: Vec<&str> = step.tags.iter().map(|tag| short_name(tag)).collect();
        assert!(tags == [&*image.name] || is_podman(docker) && tags.is_empty(), "{tags:?}");
        assert!(step.size > 0 && step.created > 1_600_000_000, "{step:?}");

        let error = docker.images().history("no-such-image", &Default::default()).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        if docker.api_version().unwrap().minor < 48 {
            let options = ImageHistoryOptions { platform: Some(Default::default()) };
            let error = docker.images().history(&image.name, &options).unwrap_err();
            assert!(matches!(error, Error::EngineTooOld { .. }), "{error:?}");
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn commit() {
    live(|docker| {
        let container = Container::run(docker, "echo kept >/note; echo ready; exec sleep 1000");
        container.await_output("ready");
        let repo = unique("committed");
        let options = ImageCommitOptions {
            container: container.id.clone(),
            repo: repo.clone(),
            tag: "1".into(),
            comment: "why & when".into(),
            author: "Ada <ada@example.com>".into(),
            pause: false,
            changes: ["ENV COLOUR=green", r#"CMD ["cat", "/note"]"#].into(),
        };
        let config = ContainerConfig {
            labels: [("of.a", "test".to_owned())].into(),
            healthcheck: Some(HealthConfig {
                test: ["CMD", "true"].into(),
                interval: 5_000_000_000,
                ..Default::default()
            }),
            working_dir: "/etc".into(),
            ..Default::default()
        };
        let id = docker.images().commit(&options, &config).unwrap().id;
        let image = TestImage::guard(docker, &format!("{repo}:1"));
        let found = image.inspect();
        assert_eq!(bare(&found.id), bare(&id));
        assert_eq!((&*found.comment, &*found.author), ("why & when", "Ada <ada@example.com>"));
        assert!(found.config.env.contains(&"COLOUR=green".to_owned()), "{:?}", found.config.env);
        assert_eq!(found.config.cmd, ["cat", "/note"]);
        if is_podman(docker) {
            note_difference("ImageCommit", "the configuration in the body is ignored");
        } else {
            assert_eq!(found.config.labels["of.a"], "test");
            assert_eq!(found.config.working_dir, "/etc");
            assert_eq!(found.config.healthcheck.unwrap().interval, 5_000_000_000);
        }

        // The history has one step more than busybox.
        let history = |name| docker.images().history(name, &Default::default()).unwrap();
        let (steps, base) = (history(&*image.name), history(BUSYBOX));
        assert_eq!(steps.len(), base.len() + 1);
        assert!(is_podman(docker) || steps[0].comment == "why & when", "{:?}", steps[0]);
        assert_eq!(steps[1].created_by, base[0].created_by);

        let mut request = shell("");
        request.config.image = image.name.clone();
        request.config.cmd.clear();
        let copy = Container::create(docker, &request);
        copy.start();
        assert_eq!(copy.wait(), 0);
        assert_eq!(copy.output().out(), "kept\n");
        drop(copy);
        assert!(container.inspect().state.running);

        let options = ImageCommitOptions { container: "no-such-container".into(), ..options };
        let error = docker.images().commit(&options, &config).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn save_and_load() {
    live(|docker| {
        let options = ImageCreateOptions { changes: ["ENV A=b"].into(), ..Default::default() };
        let image = small(docker, &options);
        let before = image.inspect();
        let mut saved = Vec::new();
        docker.images().get(&image.name, &Default::default()).unwrap().copy_to(&mut saved).unwrap();
        delete(docker, &image.name);
        assert!(!image_exists(docker, &image.name));

        let messages = load(docker, &saved[..]).unwrap();
        let output: String = messages.iter().map(|message| &*message.stream).collect();
        assert!(output.contains("Loaded image") && output.contains(&image.name), "{output}");
        let after = image.inspect();
        assert_eq!((&after.id, &after.repo_tags), (&before.id, &before.repo_tags));
        assert_eq!(after.root_fs.layers, before.root_fs.layers);
        assert!(after.config.env.contains(&"A=b".to_owned()));

        // With and without progress messages.
        for quiet in [true, false] {
            let options = ImageLoadOptions { quiet: Some(quiet), ..Default::default() };
            docker.images().load(&options, &mut &saved[..]).unwrap().finish().unwrap();
        }
    });
}

/// Streams the tar of several images from one call to the other.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn save_and_load_several_images() {
    live(|docker| {
        let images = [small(docker, &Default::default()), small(docker, &Default::default())];
        let names = [&*images[0].name, &*images[1].name];
        let ids = [images[0].inspect().id, images[1].inspect().id];
        let saved = docker.images().get_all(&names, &Default::default()).unwrap();
        let messages = load(docker, saved).unwrap();
        let output: String = messages.iter().map(|message| &*message.stream).collect();
        assert!(names.iter().all(|name| output.contains(name)), "{output}");

        let mut saved = Vec::new();
        let mut download = docker.images().get_all(&names, &Default::default()).unwrap();
        download.copy_to(&mut saved).unwrap();
        names.iter().for_each(|name| delete(docker, name));
        load(docker, &saved[..]).unwrap();
        assert_eq!([images[0].inspect().id, images[1].inspect().id], ids);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn save_and_load_error_responses() {
    live(|docker| {
        let missing = unique("missing");
        let error = docker.images().get(&missing, &Default::default()).unwrap_err();
        assert!(matches!(error, Error::NotFound(_) | Error::Engine(_)), "{error:?}");
        assert!(error.to_string().contains(&missing), "{error}");

        // The error is in the status or in the stream.
        let error = load(docker, &b"this is not a tar".repeat(1000)[..]).unwrap_err();
        assert!(error.status().is_some() || matches!(error, Error::Stream { .. }), "{error:?}");
        let error = load(docker, &tar(&[("manifest.json", b"[{}")])[..]).unwrap_err();
        assert!(error.status().is_some() || matches!(error, Error::Stream { .. }), "{error:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn prune_by_label() {
    live(|docker| {
        let label = unique("label");
        let labelled = |value: &str| {
            let changes = vec![format!("LABEL {label}={value}"), "CMD [\"x\"]".into()];
            small(docker, &ImageCreateOptions { changes: changes.into(), ..Default::default() })
        };
        let (old, used, kept) = (labelled("old"), labelled("old"), labelled("kept"));
        let mut request = shell("");
        request.config.image = used.name.clone();
        let container = Container::create(docker, &request);

        let filters = Filters::new().with("label", format!("{label}=old"));
        let prune = |filters: Filters| docker.images().prune(&ImagePruneOptions { filters });
        // By default only images without a name are pruned.
        assert!(prune(filters.clone()).unwrap().images_deleted.is_empty());
        let id = old.inspect().id;
        let pruned = prune(filters.with("dangling", "false"));
        if is_podman(docker) {
            // Podman adds this filter itself.
            return assert_unsupported(&pruned.unwrap_err(), "dangling");
        }
        let pruned = pruned.unwrap();
        assert!(pruned.images_deleted.iter().any(|image| image.untagged == old.name));
        assert!(
            pruned.images_deleted.iter().any(|image| bare(&image.deleted) == bare(&id)),
            "{pruned:?}"
        );
        assert!(!image_exists(docker, &old.name));
        used.inspect();
        kept.inspect();
        drop(container);

        let error = prune(Filters::new().with("no-such-filter", "1")).unwrap_err();
        assert!(matches!(error, Error::BadRequest(_) | Error::Engine(_)), "{error:?}");
    });
}

/// The error is returned before anything is sent, since an older engine does not have the path.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn attestations_require_newer_engine() {
    live(|docker| {
        let response = docker.images().attestations(BUSYBOX, &Default::default());
        if docker.api_version().unwrap().minor >= 55 {
            // An imported image has no attestations.
            return assert!(response.is_ok_and(|statements| statements.is_empty()));
        }
        let error = response.unwrap_err();
        assert!(matches!(error, Error::EngineTooOld { .. }), "{error:?}");
        assert_unsupported(&error, "needs API 1.55");
    });
}
