//! Build contexts: the archives made of directories.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{CString, OsStr};
use std::fs::{self, File, FileTimes, Permissions};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

use crate::ignore_cases::{BY_BUILDER, CASES, MALFORMED, sent, tree};
use crate::support::*;
use dockline::{BuildContext, BuilderVersion, Error, ImageBuildOptions, Result};
use tar::EntryType;

fn open(path: &Path, options: &ImageBuildOptions) -> BuildContext {
    BuildContext::open(path, options).unwrap()
}

/// The complete archive of a directory.
fn tar_of(path: &Path, options: &ImageBuildOptions) -> Vec<u8> {
    let mut tar = Vec::new();
    open(path, options).read_to_end(&mut tar).unwrap();
    tar
}

/// A tar entry: type, mode, link target, content, and time in seconds.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    kind: EntryType,
    mode: u32,
    link: Vec<u8>,
    content: Vec<u8>,
    time: u64,
}

/// Entries in archive order, with the bytes of their paths. All are owned by root.
fn entries(tar: &[u8]) -> Vec<(Vec<u8>, Entry)> {
    let mut archive = tar::Archive::new(tar);
    let entries = archive.entries().unwrap().map(|entry| {
        let mut entry = entry.unwrap();
        let header = entry.header().clone();
        assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (0, 0));
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        let entry_data = Entry {
            kind: header.entry_type(),
            mode: header.mode().unwrap(),
            link: entry.link_name_bytes().unwrap_or_default().into_owned(),
            content,
            time: header.mtime().unwrap(),
        };
        (entry.path_bytes().into_owned(), entry_data)
    });
    entries.collect()
}

fn names(tar: &[u8]) -> Vec<String> {
    entries(tar).into_iter().map(|(path, _)| String::from_utf8(path).unwrap()).collect()
}

fn with_dockerfile(dockerfile: &str) -> ImageBuildOptions {
    ImageBuildOptions { dockerfile: dockerfile.into(), ..Default::default() }
}

fn with_buildkit() -> ImageBuildOptions {
    ImageBuildOptions { version: Some(BuilderVersion::BuildKit), ..Default::default() }
}

// Exclusion.

#[test]
fn excludes_ignored_files() {
    let dir = tree();
    let check = |patterns: &str, options: &ImageBuildOptions, expected: &str| {
        dir.write(".dockerignore", patterns);
        let found: BTreeSet<String> = names(&tar_of(dir.path(), options)).into_iter().collect();
        assert_eq!(found, sent(expected), "{patterns:?} with {:?}", options.version);
    };
    for (patterns, expected) in CASES {
        check(patterns, &Default::default(), expected);
        check(patterns, &with_buildkit(), expected);
    }
    for (patterns, classic, buildkit) in BY_BUILDER {
        check(patterns, &Default::default(), classic);
        check(patterns, &with_buildkit(), buildkit);
    }
}

#[test]
fn rejects_malformed_patterns() {
    let dir = tree();
    for patterns in MALFORMED {
        let path = dir.write(".dockerignore", patterns);
        let error = BuildContext::open(dir.path(), &Default::default()).unwrap_err();
        assert!(matches!(error, Error::InvalidArgument { .. }), "{patterns}: {error:?}");
        let pattern = patterns.lines().last().unwrap();
        assert_eq!(
            error.to_string(),
            format!("ImageBuild: {path:?}: the pattern {pattern:?} is malformed")
        );
    }
}

/// The Dockerfile and `.dockerignore` are always sent.
#[test]
fn always_sends_dockerfile_and_ignore_file() {
    for (dockerfile, patterns, expected) in [
        ("", "*", vec![".dockerignore", "Dockerfile"]),
        ("a/x.go", "*", vec![".dockerignore", "a/x.go"]),
        (
            "./a/../a/b/x.go",
            "a\ny",
            vec![
                "#",
                ".dockerignore",
                ".env",
                "Dockerfile",
                "[a]",
                "a/b/x.go",
                "b/",
                "b/a/",
                "b/a/y",
                "b/y",
                "x.go",
                "éa",
            ],
        ),
        ("./y", "*\n!x.go", vec![".dockerignore", "x.go", "y"]),
        // A name, not a pattern.
        ("[a]", "*", vec![".dockerignore", "[a]"]),
    ] {
        let dir = tree();
        dir.write(".dockerignore", patterns);
        let options = with_dockerfile(dockerfile);
        assert_eq!(names(&tar_of(dir.path(), &options)), expected, "{dockerfile}");
    }
    let dir = TempDir::new();
    dir.write("dockerfile", "FROM scratch");
    dir.write(".dockerignore", "**");
    assert_eq!(names(&tar_of(dir.path(), &Default::default())), [".dockerignore", "dockerfile"]);
    dir.write("Dockerfile", "FROM scratch");
    assert_eq!(names(&tar_of(dir.path(), &Default::default())), [".dockerignore", "Dockerfile"]);
}

/// A Dockerfile's own ignore file replaces `.dockerignore`.
#[test]
fn dockerfile_specific_ignore_file() {
    let dir = TempDir::new();
    for file in ["Dockerfile", "sub/other", "x", "y"] {
        dir.write(file, "");
    }
    dir.write(".dockerignore", "x");
    dir.write("sub/other.dockerignore", "y");
    let common = [".dockerignore", "Dockerfile"];
    let sub = ["sub/", "sub/other", "sub/other.dockerignore"];
    let sent = |options: &ImageBuildOptions| names(&tar_of(dir.path(), options));
    assert_eq!(sent(&Default::default()), [&common[..], &sub, &["y"]].concat());
    assert_eq!(sent(&with_dockerfile("sub/other")), [&common[..], &sub, &["x"]].concat());
    dir.write("Dockerfile.dockerignore", "sub");
    let own = "Dockerfile.dockerignore";
    assert_eq!(sent(&Default::default()), [&common[..], &[own, "x", "y"]].concat());
    // An empty file excludes nothing.
    dir.write(own, "");
    assert_eq!(sent(&Default::default()), [&common[..], &[own], &sub, &["x", "y"]].concat());
}

/// Excluded files and directories are not opened.
#[test]
fn does_not_open_excluded_files() {
    let dir = tree();
    dir.write(".dockerignore", "secret\nsock\ngone");
    dir.write("secret/key", "");
    dir.write("gone", "");
    let mut tar = open(dir.path(), &Default::default());
    fs::remove_file(dir.join("gone")).unwrap();
    fs::remove_dir_all(dir.join("secret")).unwrap();
    let mut bytes = Vec::new();
    tar.read_to_end(&mut bytes).unwrap();
    assert_eq!(names(&bytes).iter().collect::<BTreeSet<_>>(), sent("-").iter().collect());
}

// Content.

#[test]
fn entry_types_and_modes() {
    let dir = TempDir::new();
    let path = dir.path();
    dir.write("Dockerfile", "FROM scratch");
    dir.write("file", "content");
    dir.write("empty", "");
    dir.write("dir/inner", "inner");
    dir.write("suid", "suid");
    for (name, mode) in [("file", 0o640), ("dir", 0o1750), ("suid", 0o6755), ("empty", 0o400)] {
        fs::set_permissions(dir.join(name), Permissions::from_mode(mode)).unwrap();
    }
    // Link targets are kept as they are.
    for (name, target) in
        [("link", "dir/../file"), ("odd", ".//x/./"), ("abs", "/a"), ("to-dir", "dir")]
    {
        symlink(target, dir.join(name)).unwrap();
    }
    fs::hard_link(dir.join("file"), dir.join("zz-same")).unwrap();
    fs::hard_link(dir.join("file"), dir.join("dir/same")).unwrap();
    let fifo = CString::new(dir.join("fifo").as_os_str().as_bytes()).unwrap();
    // SAFETY: the path ends with NUL.
    assert_eq!(unsafe { libc::mkfifo(fifo.as_ptr(), 0o600) }, 0);
    fs::set_permissions(dir.join("fifo"), Permissions::from_mode(0o620)).unwrap();
    let _socket = UnixListener::bind(dir.join("socket")).unwrap();
    let time = |name: &str, time| {
        let times = FileTimes::new().set_modified(time);
        File::open(dir.join(name)).unwrap().set_times(times).unwrap();
    };
    time("suid", UNIX_EPOCH + Duration::new(1_234_567_890, 999_999_999));
    time("empty", UNIX_EPOCH + Duration::from_secs(1 << 33));

    let tar = tar_of(path, &Default::default());
    let order = [
        "Dockerfile",
        "abs",
        "dir/",
        "dir/inner",
        "dir/same",
        "empty",
        "fifo",
        "file",
        "link",
        "odd",
        "suid",
        "to-dir",
        "zz-same",
    ];
    assert_eq!(names(&tar), order);
    let entries: BTreeMap<_, _> = entries(&tar).into_iter().collect();
    let entry = |name: &str| {
        let Entry { kind, mode, link, content, .. } = &entries[name.as_bytes()];
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (*kind, *mode, text(link), text(content))
    };
    let plain = |kind, mode, content: &str| (kind, mode, String::new(), content.to_owned());
    let link = |kind, mode, target: &str| (kind, mode, target.to_owned(), String::new());
    assert_eq!(entry("dir/"), plain(EntryType::Directory, 0o1750, ""));
    assert_eq!(entry("suid"), plain(EntryType::Regular, 0o6755, "suid"));
    assert_eq!(entry("empty"), plain(EntryType::Regular, 0o400, ""));
    assert_eq!(entry("fifo"), plain(EntryType::Fifo, 0o620, ""));
    assert_eq!(entry("link"), link(EntryType::Symlink, 0o777, "dir/../file"));
    assert_eq!(entry("odd"), link(EntryType::Symlink, 0o777, ".//x/./"));
    assert_eq!(entry("abs"), link(EntryType::Symlink, 0o777, "/a"));
    assert_eq!(entry("to-dir"), link(EntryType::Symlink, 0o777, "dir"));
    // The first name in the archive has the content.
    assert_eq!(entry("dir/same"), plain(EntryType::Regular, 0o640, "content"));
    assert_eq!(entry("file"), link(EntryType::Link, 0o640, "dir/same"));
    assert_eq!(entry("zz-same"), link(EntryType::Link, 0o640, "dir/same"));
    assert_eq!(entries[&b"suid"[..]].time, 1_234_567_890);
    assert_eq!(entries[&b"empty"[..]].time, 1 << 33);
}

/// GNU tar unpacks the archive to the same directory.
#[test]
fn gnu_tar_unpacks_same_tree() {
    let dir = TempDir::new();
    dir.write("context/Dockerfile", "FROM scratch");
    let long = |what: &str, length: usize| what.repeat(length / what.len());
    dir.write("context/".to_owned() + &long("d", 120) + "/" + &long("f", 200), "long");
    dir.write("context/".to_owned() + &long("deep/", 900) + "file", "deep");
    dir.write("context/".to_owned() + &long("é", 110), "not ASCII");
    for length in [99, 100, 101, 155, 156, 255] {
        dir.write(format!("context/{}", long("n", length)), "name");
        symlink(long("t", length), dir.join(format!("context/link{length}"))).unwrap();
    }
    symlink(long("t/", 4000), dir.join("context").join(long("l", 200))).unwrap();
    dir.write(Path::new("context").join(OsStr::from_bytes(b"\xff\xfe bytes")), "bytes");
    dir.write("context/line\nend", "line");
    for length in [1, 511, 512, 513, 1_000_000] {
        dir.write(format!("context/{length}"), Pattern::bytes(length));
    }
    let old = File::create(dir.join("context/old")).unwrap();
    old.set_times(FileTimes::new().set_modified(UNIX_EPOCH - Duration::from_secs(5))).unwrap();
    fs::create_dir(dir.join("context/empty")).unwrap();
    fs::hard_link(dir.join("context/513"), dir.join("context").join(long("h", 130))).unwrap();

    let tar = dir.write("tar", tar_of(&dir.join("context"), &Default::default()));
    fs::create_dir(dir.join("unpacked")).unwrap();
    let mut unpack = Command::new("tar");
    unpack.arg("-xpf").arg(tar).arg("-C").arg(dir.join("unpacked"));
    run(&mut unpack, LIMIT).success();

    /// Content of a directory: mode, time, number of hard links, and content or link target.
    fn found(root: &Path, below: &Path, all: &mut BTreeMap<Vec<u8>, (u32, i64, u64, Vec<u8>)>) {
        for entry in fs::read_dir(root.join(below)).unwrap() {
            let path = below.join(entry.unwrap().file_name());
            let full = root.join(&path);
            let metadata = fs::symlink_metadata(&full).unwrap();
            let content = if metadata.is_symlink() {
                fs::read_link(&full).unwrap().into_os_string().into_encoded_bytes()
            } else if metadata.is_dir() {
                found(root, &path, all);
                Vec::new()
            } else {
                fs::read(&full).unwrap()
            };
            // The link count of directories depends on the file system.
            let names = if metadata.is_dir() { 0 } else { metadata.nlink() };
            let entry_data = (metadata.mode(), metadata.mtime(), names, content);
            all.insert(path.into_os_string().into_encoded_bytes(), entry_data);
        }
    }
    let (mut expected, mut unpacked) = (BTreeMap::new(), BTreeMap::new());
    found(&dir.join("context"), Path::new(""), &mut expected);
    found(&dir.join("unpacked"), Path::new(""), &mut unpacked);
    assert!(expected.len() > 200, "{}", expected.len());
    for (path, entry_data) in &expected {
        assert_eq!(unpacked.get(path), Some(entry_data), "{}", escape(path));
    }
    assert_eq!(unpacked.len(), expected.len());
}

/// Larger than the octal digits of a header can hold.
#[test]
fn large_file() {
    const LENGTH: u64 = 9 << 30;
    let dir = TempDir::new();
    File::create(dir.join("large")).unwrap().set_len(LENGTH).unwrap();
    let mut head = [0; 512];
    open(dir.path(), &with_dockerfile("large")).read_exact(&mut head).unwrap();
    assert_eq!(tar::Header::from_byte_slice(&head).size().unwrap(), LENGTH);
    let head = dir.write("head", head);
    let mut list = Command::new("tar");
    list.args(["--list", "--verbose", "--file"]).arg(head);
    // tar fails at the missing content, after it has listed the entry.
    let listed = run(&mut list, LIMIT).stdout;
    assert!(listed.contains(&LENGTH.to_string()), "{listed}");
}

#[test]
fn reads_of_any_length() {
    let dir = tree();
    dir.write("large", Pattern::bytes(100_000));
    let whole = tar_of(dir.path(), &Default::default());
    assert_eq!(whole.len() % 512, 0);
    assert_eq!(whole[whole.len() - 1024..], [0; 1024]);
    for length in [1, 7, 511, 512, 513, 65_536] {
        let mut tar = open(dir.path(), &Default::default());
        let mut buffer = vec![0; length];
        let mut bytes = Vec::new();
        loop {
            assert_eq!(tar.read(&mut []).unwrap(), 0);
            match tar.read(&mut buffer).unwrap() {
                0 => break,
                count => bytes.extend_from_slice(&buffer[..count]),
            }
        }
        assert_eq!(tar.read(&mut buffer).unwrap(), 0);
        assert_eq!(difference(&whole, &bytes), None, "in pieces of {length}");
    }
}

// Failures.

#[test]
fn rejects_missing_directory() {
    let dir = tree();
    let failed = |path: &Path| match BuildContext::open(path, &Default::default()) {
        Err(error @ Error::Io { .. }) => error,
        other => panic!("{other:?}"),
    };
    let missing = dir.join("missing");
    let error = failed(&missing);
    assert_eq!(error.errno(), Some(libc::ENOENT));
    assert!(
        error.to_string().starts_with(&format!("ImageBuild: reading {missing:?}: ")),
        "{error}"
    );
    assert_eq!(failed(&dir.join("y")).errno(), Some(libc::ENOTDIR));
    fs::create_dir(dir.join(".dockerignore")).unwrap();
    let error = failed(dir.path());
    assert_eq!(error.errno(), Some(libc::EISDIR));
    assert!(error.to_string().contains(".dockerignore"), "{error}");
}

/// Reads until an error, and returns it; later reads fail, too.
#[track_caller]
fn read_error(mut tar: BuildContext) -> io::Error {
    let error = io::copy(&mut tar, &mut io::sink()).unwrap_err();
    assert!(tar.read(&mut [0; 512]).is_err());
    error
}

/// Reads until the content of a file begins.
fn read_into(tar: &mut BuildContext, content: &[u8]) {
    let mut bytes = Vec::new();
    while !bytes.windows(content.len()).any(|window| window == content) {
        let mut buffer = [0; 512];
        let count = tar.read(&mut buffer).unwrap();
        assert!(count > 0);
        bytes.extend_from_slice(&buffer[..count]);
    }
}

#[test]
fn removed_files() {
    for (removed, is_dir) in [("y", false), ("b", true)] {
        let dir = tree();
        let mut tar = open(dir.path(), &Default::default());
        read_into(&mut tar, b"[a]");
        if is_dir {
            fs::remove_dir_all(dir.join(removed)).unwrap();
        } else {
            fs::remove_file(dir.join(removed)).unwrap();
        }
        let error = read_error(tar);
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        let text =
            format!("{}: No such file or directory (os error 2)", dir.join(removed).display());
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn files_that_change_size() {
    const LENGTH: u64 = 100_000;
    for (length, found) in [(LENGTH + 1, LENGTH + 1), (LENGTH - 1, LENGTH - 1), (10, 10)] {
        let dir = tree();
        let path = dir.write("growing", Pattern::bytes(LENGTH as usize));
        let mut tar = open(dir.path(), &Default::default());
        read_into(&mut tar, &Pattern::bytes(100));
        File::options().write(true).open(&path).unwrap().set_len(length).unwrap();
        assert_eq!(
            read_error(tar).to_string(),
            format!(
                "{}: its size changed during the read, from {LENGTH} to {found} bytes",
                path.display()
            )
        );
    }
    // A file that changes before it is opened is sent with its new content.
    let dir = tree();
    let mut tar = open(dir.path(), &Default::default());
    read_into(&mut tar, b"[a]");
    dir.write("y", "something else");
    io::copy(&mut tar, &mut io::sink()).unwrap();
}

/// The build fails with the name of the file, and the engine receives a truncated body.
#[test]
fn build_with_removed_file() {
    let dir = tree();
    dir.write("large", Pattern::bytes(10_000_000));
    let head_received = Gate::new();
    let removed = Gate::new();
    let engine = FakeEngine::unix();
    engine.talk({
        let (head_received, removed) = (head_received.clone(), removed.clone());
        move |conn| {
            let mut request = RecordedRequest::read_head(conn, 0)?.unwrap();
            head_received.open();
            conn.pass(&removed)?;
            match request.read_body(conn, |_| Ok(())) {
                Err(Fault::Closed(_)) => Ok(()),
                other => Err(format!("no broken body: {other:?}").into()),
            }
        }
    });
    let docker = speaking(&engine.host(), "1.41");
    let error = std::thread::scope(|scope| {
        let build = scope.spawn(|| -> Result<()> {
            docker.images().build_directory(&Default::default(), dir.path())?.finish()?;
            Ok(())
        });
        assert!(head_received.wait(LIMIT));
        fs::remove_file(dir.join("éa")).unwrap();
        removed.open();
        build.join().unwrap().unwrap_err()
    });
    assert!(matches!(error, Error::Io { operation: "ImageBuild", .. }), "{error:?}");
    assert_eq!(error.errno(), Some(libc::ENOENT));
    assert_eq!(
        error.to_string(),
        format!(
            "ImageBuild: reading the data to upload: {}: No such file or directory (os error 2)",
            dir.join("éa").display()
        )
    );
    engine.finish();
}

// Where the Dockerfile is.

/// The content of a file in a tar.
#[track_caller]
fn content(tar: &[u8], name: &str) -> String {
    let (_, entry) = entries(tar).into_iter().find(|(path, _)| path == name.as_bytes()).unwrap();
    assert_eq!(entry.kind, EntryType::Regular);
    String::from_utf8(entry.content).unwrap()
}

/// The name of the added Dockerfile and the tar without it. The name is hidden by `.dockerignore`.
#[track_caller]
fn split_added(mut tar: BuildContext, text: &str, dockerignore: &str) -> Vec<String> {
    let added = tar.dockerfile().to_owned();
    let digits = added.strip_prefix(".dockerfile.").unwrap();
    assert!(digits.len() == 20 && digits.bytes().all(|it| it.is_ascii_hexdigit()), "{added}");
    let mut bytes = Vec::new();
    tar.read_to_end(&mut bytes).unwrap();
    assert_eq!(content(&bytes, &added), text);
    assert_eq!(content(&bytes, ".dockerignore"), dockerignore.replace("NAME", &added));
    let mut names = names(&bytes);
    names.retain(|name| *name != added);
    names
}

#[test]
fn dockerfile_by_absolute_path() {
    let dir = TempDir::new();
    dir.write("web/sub/Dockerfile", "FROM scratch");
    dir.write("web/.dockerignore", "*");
    symlink("web", dir.join("link")).unwrap();
    for root in ["web", "link", "web/sub/.."] {
        for dockerfile in ["web/sub/Dockerfile", "link/sub/Dockerfile", "web/./sub//Dockerfile"] {
            let options = with_dockerfile(dir.join(dockerfile).to_str().unwrap());
            let tar = open(&dir.join(root), &options);
            assert_eq!(tar.dockerfile(), "sub/Dockerfile");
            let tar = tar_of(&dir.join(root), &options);
            assert_eq!(names(&tar), [".dockerignore", "sub/Dockerfile"], "{root} {dockerfile}");
        }
    }
}

#[test]
fn dockerfile_outside_the_directory() {
    let dir = TempDir::new();
    dir.write("web/x", "");
    dir.write("web/y", "");
    dir.write("other/Dockerfile", "FROM other");
    dir.write("webber/Dockerfile", "FROM webber");
    symlink("../other/Dockerfile", dir.join("web/Dockerfile")).unwrap();
    let absolute = dir.join("other/Dockerfile").to_str().unwrap().to_owned();
    let sent = |dockerfile: &str, text: &str, dockerignore: &str| {
        let tar = open(&dir.join("web"), &with_dockerfile(dockerfile));
        split_added(tar, text, dockerignore)
    };
    let all = [".dockerignore", "Dockerfile", "x", "y"];
    // Without a `.dockerignore`, the new one is hidden, too.
    for dockerfile in ["../other/Dockerfile", &absolute, "Dockerfile", ""] {
        assert_eq!(sent(dockerfile, "FROM other", ".dockerignore\nNAME\n"), all, "{dockerfile}");
    }
    // Only the beginning of the path is that of the directory.
    assert_eq!(sent("../webber/Dockerfile", "FROM webber", ".dockerignore\nNAME\n"), all);
    for (patterns, extended) in
        [("x", "x\nNAME\n"), ("x\n!.docker*", "x\n!.docker*\nNAME\n"), ("x\r\n", "x\r\n\nNAME\n")]
    {
        dir.write("web/.dockerignore", patterns);
        let expected = [".dockerignore", "Dockerfile", "y"];
        assert_eq!(sent("../other/Dockerfile", "FROM other", extended), expected);
    }
    // Patterns of its own, beside it.
    dir.write("other/Dockerfile.dockerignore", "y");
    let expected = [".dockerignore", "Dockerfile", "x"];
    assert_eq!(sent("../other/Dockerfile", "FROM other", "y\nNAME\n"), expected);
    // BuildKit ignores the `.dockerignore` of a tar, so it stays as it is.
    dir.write("web/.dockerignore", "x");
    let options = ImageBuildOptions { dockerfile: absolute, ..with_buildkit() };
    let (tar, name) = (tar_of(&dir.join("web"), &options), name_of(&dir.join("web"), &options));
    assert_eq!(content(&tar, &name), "FROM other");
    assert_eq!(content(&tar, ".dockerignore"), "x");
    // The name depends on the text alone, so that the build cache can be used.
    assert_eq!(name_of(&dir.join("webber"), &options), name);
    dir.write("other/Dockerfile", "FROM another");
    assert_ne!(name_of(&dir.join("web"), &options), name);
}

fn name_of(path: &Path, options: &ImageBuildOptions) -> String {
    open(path, options).dockerfile().to_owned()
}

/// A link to a file in the directory is that file, even if the link is excluded.
#[test]
fn dockerfile_behind_a_link() {
    let dir = TempDir::new();
    dir.write("real/Dockerfile", "FROM scratch");
    dir.write(".dockerignore", "*");
    symlink("real/Dockerfile", dir.join("Dockerfile")).unwrap();
    assert_eq!(open(dir.path(), &Default::default()).dockerfile(), "real/Dockerfile");
    assert_eq!(
        names(&tar_of(dir.path(), &Default::default())),
        [".dockerignore", "real/Dockerfile"]
    );
}

#[test]
fn dockerfile_as_text() {
    let dir = TempDir::new();
    dir.write("x", "");
    let open = || BuildContext::open_with_dockerfile(dir.path(), &Default::default(), "FROM text");
    assert_eq!(
        split_added(open().unwrap(), "FROM text", ".dockerignore\nNAME\n"),
        [".dockerignore", "x"]
    );
    // That of the directory is an ordinary file.
    dir.write("Dockerfile", "FROM file");
    dir.write("Dockerfile.dockerignore", "*");
    dir.write(".dockerignore", "*\n!Dockerfile");
    assert_eq!(
        split_added(open().unwrap(), "FROM text", "*\n!Dockerfile\nNAME\n"),
        [".dockerignore", "Dockerfile"]
    );
    let both = with_dockerfile("Dockerfile");
    let error = BuildContext::open_with_dockerfile(dir.path(), &both, "").unwrap_err();
    assert_eq!(
        error.to_string(),
        "ImageBuild: the text of a Dockerfile and the option dockerfile are both given: \
         set only one"
    );
}

/// A Dockerfile that is missing or cannot be one fails before anything is sent.
#[test]
fn dockerfile_that_is_missing() {
    let dir = TempDir::new();
    dir.write("x", "");
    fs::create_dir(dir.join("web")).unwrap();
    symlink("nowhere", dir.join("dangling")).unwrap();
    let engine = FakeEngine::unix();
    let docker = speaking(&engine.host(), "1.41");
    let failed = |dockerfile: &str| {
        let options = with_dockerfile(dockerfile);
        docker.images().build_directory(&options, dir.path()).unwrap_err()
    };
    for (dockerfile, path) in [
        ("", "Dockerfile"),
        ("sub/other", "sub/other"),
        ("../other", "../other"),
        ("/nowhere/Dockerfile", "/nowhere/Dockerfile"),
        ("dangling", "dangling"),
    ] {
        let error = failed(dockerfile);
        assert_eq!(error.errno(), Some(libc::ENOENT), "{error:?}");
        assert_eq!(
            error.to_string(),
            format!(
                "ImageBuild: reading the Dockerfile {:?}: No such file or directory (os error 2)",
                dir.join(path)
            )
        );
    }
    let error = failed("web");
    assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        format!("ImageBuild: the Dockerfile {:?} is not a regular file", dir.join("web"))
    );
    engine.finish();
}

/// The engine is given the path of the Dockerfile in the tar.
#[test]
fn dockerfile_named_in_the_request() {
    let dir = TempDir::new();
    dir.write("web/Dockerfile", "");
    dir.write("web/sub/other", "");
    dir.write("small/dockerfile", "");
    let absolute = dir.join("web/sub/other").to_str().unwrap().to_owned();
    let sent = |call: &dyn Fn(&dockline::Images<'_>) -> Result<dockline::Build>| {
        let engine = Responder::unix(None, |_| {
            Response::chunked(200).then("{\"aux\":{\"ID\":\"sha256:1\"}}\r\n")
        });
        call(&speaking(&engine.host(), "1.41").images()).unwrap().finish().unwrap();
        let [request] = <[RecordedRequest; 1]>::try_from(engine.finish()).unwrap();
        let added = names(&request.body).into_iter().find(|it| it.starts_with(".dockerfile."));
        (request.target, added.unwrap_or_default())
    };
    for (root, dockerfile, query) in [
        ("web", "", ""),
        ("web", "Dockerfile", "?dockerfile=Dockerfile"),
        ("web", "./sub/../sub/other", "?dockerfile=sub/other"),
        ("web", &absolute, "?dockerfile=sub/other"),
        ("small", "", "?dockerfile=dockerfile"),
        ("small", "../web/Dockerfile", "?dockerfile=ADDED"),
    ] {
        let options = with_dockerfile(dockerfile);
        let (target, added) = sent(&|images| images.build_directory(&options, dir.join(root)));
        let query = query.replace("ADDED", &added);
        assert_eq!(target, format!("/v1.41/build{query}"), "{root} {dockerfile}");
        assert_eq!(added.is_empty(), !target.contains(".dockerfile."));
    }
    let (target, added) = sent(&|images| {
        images.build_dockerfile_in(&Default::default(), "FROM scratch", dir.join("web"))
    });
    assert_eq!(target, format!("/v1.41/build?dockerfile={added}"));
    assert!(!added.is_empty());
}
