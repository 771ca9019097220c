//! Files of containers on a real engine: path info, changes, archives.

use std::io::{self, Read};

use crate::helpers::{
    Container, TestImage, first_file, is_podman, live, note_difference, shell, tar, tar_header,
};
use crate::support::Pattern;
use dockline::model::ChangeType;
use dockline::{Context, Error, ImageCreateOptions, PutContainerArchiveOptions, Result};

/// Extracts a tar into a directory of a container.
fn put(container: &Container, path: &str, mut tar: impl Read) -> Result<()> {
    let options = PutContainerArchiveOptions { path: path.into(), ..Default::default() };
    container.docker.containers().put_archive(&container.id, &options, &mut tar)
}

/// Creates one of each kind of file below /tree.
const MAKE_TREE: &str = r#"
    umask 022
    mkdir -p /tree/empty /tree/deep/er && cd /tree
    echo hello >plain
    head -c 100000 /bin/busybox >large
    echo secret >private && chmod 0600 private
    echo run >tool && chmod 4755 tool
    echo other >owned && chown 1000:2000 owned
    ln -s plain link
    ln -s /no/where dangling
    ln plain hard
    chmod 1777 empty
    mkfifo pipe
    echo spaced >"a name with blanks and ü"
    echo long >deep/er/$(head -c 150 /dev/zero | tr '\0' n)
    touch -d '2001-02-03 04:05:06' plain large"#;

/// Prints the properties of all files below /tree, and the digests of their contents.
const SHOW_TREE: &str = r#"
    cd /tree && find . | sort | while read -r file; do
        stat -c '%N %F %f %u:%g %s' "$file"
    done
    find . -type f | sort | while read -r file; do sha256sum "$file"; done
    stat -c '%n %Y %h' plain large"#;

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn copies_tree_between_containers() {
    live(|docker| {
        let source = Container::run(docker, &format!("set -e; {MAKE_TREE}\n{SHOW_TREE}"));
        assert_eq!(source.wait(), 0, "{:?}", source.output());
        let expected = source.output().out();
        assert!(expected.contains("plain") && expected.lines().count() > 20, "{expected}");

        // Uploads while downloading, into a container that has never run.
        let target = Container::create(docker, &shell(SHOW_TREE));
        let archive = docker.containers().archive(&source.id, "/tree").unwrap();
        assert_eq!(archive.stat.name, "tree");
        assert!(archive.stat.is_dir());
        put(&target, "/", archive.download).unwrap();
        target.start();
        assert_eq!(target.wait(), 0);
        // The sizes of directories depend on the file system.
        let without_directory_sizes = |text: &str| -> Vec<String> {
            text.lines()
                .map(|line| match line.contains(" directory ") {
                    true => line.rsplit_once(' ').unwrap().0.to_owned(),
                    false => line.to_owned(),
                })
                .collect()
        };
        let mut expected = without_directory_sizes(&expected);
        if is_podman(docker) {
            note_difference("ContainerArchive", "all files are owned by root");
            expected.iter_mut().for_each(|line| *line = line.replace("1000:2000", "0:0"));
        }
        assert_eq!(without_directory_sizes(&target.output().out()), expected);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn archive_info() {
    live(|docker| {
        let script = "echo 12345 >/file; chmod 640 /file; ln -s /file /link; \
                      mkdir -m 1777 /directory; touch -d '2001-02-03 04:05:06' /file; echo ready; \
                      exec sleep 1000";
        let container = Container::run(docker, script);
        container.await_output("ready");
        let info = |path: &str| docker.containers().archive_info(&container.id, path);

        let file = info("/file").unwrap();
        assert_eq!((&*file.name, file.size, file.permissions()), ("file", 6, 0o640));
        assert_eq!(file.mtime.unix_nanos(), Some(981_173_106_000_000_000), "{}", file.mtime);
        assert!(!file.is_dir() && !file.is_symlink());
        // Podman sets the path of regular files as well.
        assert!(["", "/file"].contains(&&*file.link_target), "{}", file.link_target);
        // Relative paths start at the root, not at the working directory.
        assert_eq!(info("file").unwrap().mtime, file.mtime);

        let dir = info("/directory").unwrap();
        assert!(dir.is_dir());
        assert_eq!((&*dir.name, dir.permissions()), ("directory", 0o777));

        let link = info("/link").unwrap();
        assert!(link.is_symlink());
        assert_eq!(&*link.link_target, "/file");

        // A response to HEAD has no body, therefore no message.
        let error = info("/missing").unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        let error = docker.containers().archive(&container.id, "/missing").unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        assert!(is_podman(docker) || error.to_string().contains("/missing"), "{error}");
        let error = docker.containers().archive_info("no-such-container", "/").unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn put_archive_error_responses() {
    live(|docker| {
        let container = Container::create(docker, &shell("cat /etc/hello; ls -ld /root"));
        let archive = tar(&[("hello", b"hello\n")]);

        let podman = is_podman(docker);
        let assert_rejected = |result: Result<()>, message: &str| match result {
            // Engines differ in whether it is a client error or a server error.
            Err(error) => {
                assert!(error.status().is_some(), "{error:?}");
                assert!(podman || error.to_string().contains(message), "{error}");
            }
            Ok(()) => {
                assert!(podman, "{message}");
                note_difference("PutContainerArchive", &format!("not an error: {message}"));
            }
        };

        let result = put(&container, "/missing", &archive[..]);
        assert!(podman || matches!(result, Err(Error::NotFound(_))), "{result:?}");
        assert_rejected(result, "/missing");
        assert_rejected(put(&container, "/etc/passwd", &archive[..]), "not a directory");
        assert_rejected(put(&container, "/etc", &b"this is not a tar".repeat(100)[..]), "");

        // A file that would replace a directory.
        let options = PutContainerArchiveOptions {
            path: "/".into(),
            no_overwrite_dir_non_dir: true,
            ..Default::default()
        };
        let file = tar(&[("root", b"not a directory")]);
        assert_rejected(
            docker.containers().put_archive(&container.id, &options, &mut &file[..]),
            "cannot overwrite",
        );
        if podman {
            return;
        }

        // The failed calls left the container unchanged.
        put(&container, "/etc", &archive[..]).unwrap();
        container.start();
        assert_eq!(container.wait(), 0);
        let output = container.output().out();
        assert!(output.starts_with("hello\nd"), "{output}");

        let mut request = shell("true");
        request.host_config.readonly_rootfs = true;
        let container = Container::create(docker, &request);
        let error = put(&container, "/etc", &archive[..]).unwrap_err();
        // The API documents 403; no engine returns it.
        assert!(error.status().is_some_and(|status| status >= 400), "{error:?}");
        assert!(error.to_string().contains("read-only"), "{error}");
    });
}

/// The owner is root, as in the tar, or the container's user.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn put_archive_owner() {
    live(|docker| {
        let mut request = shell("stat -c %u:%g /tmp/hello");
        // Engines look the user up on the host or in the container.
        request.config.user = "nobody".into();
        for (copy_uid_gid, owner) in [(false, "0:0\n"), (true, "65534:65534\n")] {
            let container = Container::create(docker, &request);
            let options = PutContainerArchiveOptions {
                path: "/tmp".into(),
                copy_uid_gid,
                ..Default::default()
            };
            let archive = tar(&[("hello", b"hello")]);
            docker.containers().put_archive(&container.id, &options, &mut &archive[..]).unwrap();
            container.start();
            assert_eq!(container.wait(), 0);
            assert_eq!(container.output().out(), owner, "copyUIDGID {copy_uid_gid}");
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn transfers_fifty_megabytes() {
    live(|docker| {
        const LENGTH: u64 = 50_000_000;
        let container = Container::create(docker, &shell("exec sleep 1000"));
        let padding = LENGTH.next_multiple_of(512) - LENGTH + 1024;
        let header = tar_header("much", LENGTH);
        let upload = header.chain(Pattern::new(LENGTH)).chain(io::repeat(0).take(padding));
        put(&container, "/root", upload).unwrap();

        let mut archive = docker.containers().archive(&container.id, "/root/much").unwrap();
        assert_eq!(archive.stat.size, LENGTH as i64);
        assert_eq!(first_file(&mut archive.download), LENGTH);
        let mut pattern = Pattern::new(LENGTH);
        let mut content = archive.download.by_ref().take(LENGTH);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match content.read(&mut buffer).unwrap() {
                0 => break,
                count => pattern.check(&buffer[..count]).unwrap(),
            }
        }
        pattern.complete().unwrap();
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn changes() {
    live(|docker| {
        let idle = Container::create(docker, &shell("true"));
        assert_eq!(docker.containers().changes(&idle.id).unwrap(), []);

        let script = "echo x >/added; echo x >>/etc/passwd; rm /etc/group; mkdir -p /directory/of";
        let container = Container::run(docker, script);
        assert_eq!(container.wait(), 0);
        let changes = docker.containers().changes(&container.id).unwrap();
        let kind = |path: &str| {
            let found = changes.iter().find(|change| change.path == path);
            found.map(|change| change.kind)
        };
        assert_eq!(kind("/added"), Some(ChangeType::Added));
        assert_eq!(kind("/etc"), Some(ChangeType::Modified));
        assert_eq!(kind("/etc/passwd"), Some(ChangeType::Modified));
        assert_eq!(kind("/etc/group"), Some(ChangeType::Deleted));
        assert_eq!(kind("/directory/of"), Some(ChangeType::Added));
        assert_eq!(kind("/bin/busybox"), None);

        let error = docker.containers().changes("no-such-container").unwrap_err();
        match is_podman(docker) {
            false => assert!(matches!(error, Error::NotFound(_)), "{error:?}"),
            true => assert!(error.to_string().contains("not found"), "{error:?}"),
        }
    });
}

/// The export of a container becomes an image, which runs.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn export_can_be_imported() {
    live(|docker| {
        let source = Container::run(docker, &format!("set -e; {MAKE_TREE}\n{SHOW_TREE}"));
        assert_eq!(source.wait(), 0);
        let import = |docker: &Context| {
            let export = docker.containers().export(&source.id).unwrap();
            TestImage::import(docker, &ImageCreateOptions::default(), export)
        };
        let image = import(docker);
        let mut request = shell(SHOW_TREE);
        request.config.image = image.name.clone();
        let container = Container::create(docker, &request);
        container.start();
        assert_eq!(container.wait(), 0);
        let (copy, original) = (container.output().out(), source.output().out());
        let digests = |text: &str| -> Vec<String> {
            let sums = text.lines().filter(|line| line.contains("  ./"));
            sums.map(str::to_owned).collect()
        };
        assert_eq!(digests(&copy), digests(&original));
        assert!(digests(&copy).len() > 5);
        drop(container);

        let error = docker.containers().export("no-such-container").unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    });
}
