//! Images on a real engine: import, list, inspect, delete.

use std::io::{self, Read};
use std::time::SystemTime;

use crate::helpers::{
    BUSYBOX, Container, TestImage, assert_unsupported, image_exists, import, is_podman, live,
    note_difference, raw, shell, short_name, tar, unique,
};
use crate::support::Pattern;
use dockline::model::ImageSummary;
use dockline::{
    ApiVersion, ContainerListOptions, Error, Filters, ImageCreateOptions, ImageDeleteOptions,
    ImageListOptions, RawRequest,
};

/// Options of an import that must fail.
fn import_options() -> ImageCreateOptions {
    ImageCreateOptions { from_src: "-".into(), repo: unique("failed"), ..Default::default() }
}

/// Compares IDs; Podman may omit the algorithm.
fn is_id(given: &str, id: &str) -> bool {
    !given.is_empty() && given.trim_start_matches("sha256:") == id.trim_start_matches("sha256:")
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn import_and_inspect() {
    live(|docker| {
        let options = ImageCreateOptions {
            message: "made of one file".into(),
            changes: [
                r#"CMD ["/etc/hello", "an argument"]"#,
                "ENV COLOUR=green",
                "LABEL of.a=test",
                "EXPOSE 80",
                "WORKDIR /etc",
                "USER 65534",
            ]
            .map(str::to_owned)
            .into(),
            ..Default::default()
        };
        let content = b"hello, image";
        let image = TestImage::import(docker, &options, &tar(&[("etc/hello", content)])[..]);
        let found = image.inspect();
        assert!(found.id.starts_with("sha256:"), "{}", found.id);
        assert_eq!(
            found.repo_tags.iter().map(|tag| short_name(tag)).collect::<Vec<_>>(),
            [&*image.name]
        );
        assert_eq!(found.comment, "made of one file");
        assert_eq!((found.os.as_str(), found.architecture.is_empty()), ("linux", false));
        // Image stores differ in what the size includes.
        assert!(found.size >= content.len() as i64, "{}", found.size);
        assert_eq!((found.root_fs.r#type.as_str(), found.root_fs.layers.len()), ("layers", 1));
        let age = SystemTime::now().duration_since(found.created.system_time().unwrap());
        assert!(age.unwrap_or_default().as_secs() < 60, "{}", found.created);
        assert!(!found.metadata.last_tag_time.is_never() || is_podman(docker));

        let config = found.config;
        assert_eq!(config.cmd, ["/etc/hello", "an argument"]);
        assert!(config.env.contains(&"COLOUR=green".to_owned()), "{:?}", config.env);
        assert_eq!(config.labels["of.a"], "test");
        assert!(config.exposed_ports.contains_key("80/tcp"));
        assert_eq!((config.working_dir.as_str(), config.user.as_str()), ("/etc", "65534"));

        // By ID and by a prefix of it.
        let short = &found.id["sha256:".len()..][..12];
        if is_podman(docker) {
            // Podman treats it as a name.
            let error = docker.images().inspect(short, &Default::default()).unwrap_err();
            return assert_unsupported(&error, "No such image");
        }
        for id in [&found.id, short] {
            let same = docker.images().inspect(id, &Default::default()).unwrap();
            assert_eq!(same.id, found.id);
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn import_reports_progress() {
    live(|docker| {
        let options = import_options();
        let messages = import(docker, &options, &tar(&[("a", b"a")])[..]).unwrap();
        let id = messages.last().unwrap().status.clone();
        assert!(image_exists(docker, &id));
        let deleted = docker.images().delete(&options.repo, &Default::default()).unwrap();
        assert!(id.starts_with("sha256:"), "{messages:?}");
        // The default tag.
        let name = format!("{}:latest", options.repo);
        assert!(deleted.iter().any(|item| short_name(&item.untagged) == name), "{deleted:?}");
        assert!(deleted.iter().any(|item| is_id(&item.deleted, &id)), "{deleted:?}");
        assert!(!image_exists(docker, &id));
    });
}

/// The export of a container is uploaded as an image while it is downloaded; the image runs.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn imports_export() {
    live(|docker| {
        let source = Container::run(docker, "echo kept >/note");
        source.wait();
        let export = raw("GET", format!("/containers/{}/export", source.id), "");
        let options =
            ImageCreateOptions { changes: ["CMD cat /note"].into(), ..Default::default() };
        let image = TestImage::import(docker, &options, docker.raw_stream(&export, None).unwrap());

        let mut request = shell("");
        request.config.image = image.name.clone();
        request.config.cmd.clear();
        let container = Container::create(docker, &request);
        container.start();
        assert_eq!(container.wait(), 0);
        assert_eq!(container.output().out(), "kept\n");
        drop(container);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn imports_large_tar() {
    live(|docker| {
        const LENGTH: usize = 48 << 20;
        let archive = tar(&[("much", &Pattern::bytes(LENGTH))]);
        let image = TestImage::import(docker, &Default::default(), &archive[..]);
        assert!(image.inspect().size >= LENGTH as i64);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn import_error_responses() {
    live(|docker| {
        let import_error = |options: ImageCreateOptions, tar: &[u8]| {
            let error = import(docker, &options, tar).unwrap_err();
            assert_eq!(error.operation(), "ImageCreate");
            assert!(!image_exists(docker, &options.repo));
            error
        };
        let mut garbage = Vec::new();
        broken_gzip(5_000).read_to_end(&mut garbage).unwrap();
        let error = import_error(import_options(), &garbage);
        assert!(matches!(error, Error::Engine(_) | Error::Stream { .. }), "{error:?}");

        let good = tar(&[("a", b"a")]);
        let changes = ["DANCE now"].into();
        let error = import_error(ImageCreateOptions { changes, ..import_options() }, &good);
        // A client error for Docker, a server error for Podman.
        assert!(matches!(error, Error::BadRequest(_) | Error::Engine(_)), "{error:?}");
        assert!(error.to_string().to_lowercase().contains("dance"), "{error}");
    });
}

/// The engine's error response is returned even if the upload breaks.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn import_error_response_during_upload() {
    live(|docker| {
        let mut length = 1 << 40;
        if is_podman(docker) {
            note_difference("ImageCreate", "an import is checked after the whole upload");
            length = 1 << 20;
        }
        let result = docker.images().create(&import_options(), Some(&mut broken_gzip(length)));
        let error = result.and_then(|progress| progress.finish()).unwrap_err();
        assert!(matches!(error, Error::Engine(_) | Error::Stream { .. }), "{error:?}");
        assert!(!error.to_string().contains("pipe"), "{error}");
    });
}

/// A gzip header followed by garbage. Without the header, some image stores accept any content.
fn broken_gzip(length: u64) -> impl Read {
    b"\x1f\x8b\x08\0\0\0\0\0\0\x03".chain(Pattern::new(length))
}

/// A source that fails after its data.
struct FailingReader(Vec<u8>, usize);

impl Read for FailingReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let remaining = &self.0[self.1..];
        if remaining.is_empty() {
            return Err(io::Error::other("the disk has failed"));
        }
        let count = remaining.len().min(buffer.len());
        buffer[..count].copy_from_slice(&remaining[..count]);
        self.1 += count;
        Ok(count)
    }
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn import_with_failing_reader() {
    live(|docker| {
        let options = import_options();
        let mut archive = tar(&[("much", &Pattern::bytes(1 << 20))]);
        archive.truncate(1 << 19);
        let error = import(docker, &options, FailingReader(archive, 0)).unwrap_err();
        assert!(matches!(error, Error::Io { .. }), "{error:?}");
        assert!(error.to_string().contains("the disk has failed"), "{error}");
        // The engine has not imported the truncated tar.
        assert!(!image_exists(docker, &options.repo));
        // The context remains usable.
        docker.system().ping().unwrap();
    });
}

/// No process listens on port 1 of the engine's host.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn reports_unreachable_registry() {
    live(|docker| {
        let options =
            ImageCreateOptions { from_image: "127.0.0.1:1/none:1".into(), ..Default::default() };
        let result = docker.images().create(&options, None);
        let error = result.and_then(|progress| progress.finish()).unwrap_err();
        assert!(matches!(error, Error::Engine(_) | Error::Stream { .. }), "{error:?}");
        assert!(error.to_string().contains("refused"), "{error}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn list() {
    live(|docker| {
        let label = unique("label");
        let labelled = |value: &str| {
            let changes = vec![format!("LABEL {label}={value}")];
            let options = ImageCreateOptions { changes: changes.into(), ..Default::default() };
            // Different content, so that the images differ.
            TestImage::import(docker, &options, &tar(&[("a", value.as_bytes())])[..])
        };
        let (one, other) = (labelled("one"), labelled("other"));
        let names = |filters: Filters| -> Vec<String> {
            let options = ImageListOptions { filters, ..Default::default() };
            let list = docker.images().list(&options).unwrap();
            let mut names: Vec<String> = list.into_iter().flat_map(|i| i.repo_tags).collect();
            names.sort();
            names.iter().map(|name| short_name(name).to_owned()).collect()
        };
        let mine = || Filters::new().with("label", &label);
        let both = [one.name.clone(), other.name.clone()];
        assert_eq!(names(mine()), both);
        assert_eq!(names(mine().with("dangling", "false")), both);
        assert_eq!(names(mine().with("dangling", "true")), [""; 0]);
        assert_eq!(names(mine().with("reference", &one.name)), both[..1]);
        assert_eq!(names(Filters::new().with("label", format!("{label}=other"))), both[1..]);
        assert_eq!(names(mine().with("since", &one.inspect().id)), both[1..]);
        assert_eq!(names(mine().with("before", &other.inspect().id)), both[..1]);

        let all = docker.images().list(&ImageListOptions { all: true, ..Default::default() });
        let all = all.unwrap();
        let find = |name: &str| -> ImageSummary {
            let has_name =
                |image: &&ImageSummary| image.repo_tags.iter().any(|tag| short_name(tag) == name);
            all.iter().find(has_name).unwrap().clone()
        };
        let listed = find(&one.name);
        let inspected = one.inspect();
        assert_eq!(listed.id, inspected.id);
        assert!(listed.size > 0, "{}", listed.size);
        assert_eq!(listed.labels[&label], "one");
        assert_eq!(
            i128::from(listed.created),
            inspected.created.unix_nanos().unwrap() / 1_000_000_000
        );
        find(BUSYBOX);

        let options = ImageListOptions { filters: mine(), shared_size: true, ..Default::default() };
        match docker.images().list(&options) {
            Ok(list) => assert!(list[0].shared_size >= 0, "{list:?}"),
            Err(Error::EngineTooOld { needed, in_use, .. }) => {
                assert_eq!(
                    (needed, in_use),
                    (ApiVersion::new(1, 42), docker.api_version().unwrap())
                );
                assert!(in_use < needed);
            }
            Err(error) => panic!("{error:?}"),
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn delete() {
    live(|docker| {
        let images = docker.images();
        let image = TestImage::import(docker, &Default::default(), &tar(&[("b", b"b")])[..]);
        let id = image.inspect().id;
        let second = format!("{}-too", image.name);
        let (repo, tag) = second.split_once(':').unwrap();
        let tag = RawRequest {
            query: vec![("repo".into(), repo.into()), ("tag".into(), tag.into())],
            ..raw("POST", format!("/images/{}/tag", image.name), "")
        };
        docker.raw(&tag).unwrap();

        // Deleting one of two names only removes the name.
        let items = images.delete(&second, &Default::default()).unwrap();
        assert_eq!(items.len(), 1, "{items:?}");
        assert_eq!(
            (short_name(&items[0].untagged), items[0].deleted.as_str()),
            (second.as_str(), "")
        );
        assert!(image_exists(docker, &image.name));

        // An image in use is kept.
        let mut request = shell("");
        request.config.image = image.name.clone();
        let container = Container::create(docker, &request);
        let error = images.delete(&image.name, &Default::default()).unwrap_err();
        assert!(matches!(error, Error::Conflict(_)), "{error:?}");
        let message = error.to_string();
        assert!(message.contains(&container.id[..12]), "{message}");
        let filters = Filters::new().with("ancestor", &image.inspect().repo_tags[0]);
        let options = ContainerListOptions { all: true, filters, ..Default::default() };
        assert_eq!(docker.containers().list(&options).unwrap()[0].id, container.id);
        drop(container);

        let items = images.delete(&image.name, &Default::default()).unwrap();
        assert!(items.iter().any(|item| short_name(&item.untagged) == image.name), "{items:?}");
        assert!(items.iter().any(|item| is_id(&item.deleted, &id)), "{items:?}");
        let error = images.delete(&image.name, &Default::default()).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        let error = images.inspect(&image.name, &Default::default()).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        assert!(error.to_string().contains(&image.name), "{error}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn delete_with_force() {
    live(|docker| {
        let image = TestImage::import(docker, &Default::default(), &tar(&[("c", b"c")])[..]);
        let mut request = shell("");
        request.config.image = image.name.clone();
        let container = Container::create(docker, &request);
        let options = ImageDeleteOptions { force: true, ..Default::default() };
        let items = docker.images().delete(&image.name, &options).unwrap();
        assert!(items.iter().any(|item| short_name(&item.untagged) == image.name), "{items:?}");
        assert!(!image_exists(docker, &image.name));
        if is_podman(docker) {
            note_difference("ImageDelete", "with force, containers of the image are deleted too");
            let error = docker.containers().inspect(&container.id, &Default::default());
            assert!(matches!(error, Err(Error::NotFound(_))), "{error:?}");
            return;
        }
        // The container keeps the name of its image.
        assert_eq!(container.inspect().config.image, image.name);
    });
}
