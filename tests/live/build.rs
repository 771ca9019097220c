//! Builds on a real engine, compared with those of the docker command.

use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::io::Read;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::helpers::{
    BUSYBOX, Container, Engine, LIMIT, Registry, TestImage, assert_unsupported, is_podman, live,
    note_difference, shell, tar, unique,
};
use crate::ignore_cases::{BY_BUILDER, CASES, MALFORMED, NEW, sent, tree};
use crate::support::{Pattern, Responder, Response, TempDir, eventually, run};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use dockline::model::ContainerConfig;
use dockline::*;

/// Returns options with a unique name, under which [`finish`] guards the image. The cache is off,
/// since Podman's fails while other tests build and delete.
fn named() -> ImageBuildOptions {
    let t = vec![format!("{}:1", unique("built"))];
    ImageBuildOptions { t: t.into(), nocache: true, ..Default::default() }
}

fn with_buildkit() -> ImageBuildOptions {
    ImageBuildOptions { version: Some(BuilderVersion::BuildKit), ..named() }
}

/// Reads a build to its end; returns the image and the output.
#[track_caller]
fn finish(
    docker: &Context,
    options: &ImageBuildOptions,
    build: Result<Build>,
) -> (TestImage, String) {
    read(docker, options, build.unwrap()).unwrap()
}

#[track_caller]
fn read(
    docker: &Context,
    options: &ImageBuildOptions,
    mut build: Build,
) -> Result<(TestImage, String)> {
    let image = TestImage::guard(docker, &options.t[0]);
    let mut text = String::new();
    for message in &mut build {
        text += &message?.stream;
    }
    let id = build.image_id().expect("the build reports its ID");
    assert_eq!(image.inspect().id.trim_start_matches("sha256:"), id.trim_start_matches("sha256:"));
    Ok((image, text))
}

/// Builds from the content of a Dockerfile.
#[track_caller]
fn dockerfile(docker: &Context, options: &ImageBuildOptions, text: &str) -> (TestImage, String) {
    loop {
        match read(docker, options, docker.images().build_dockerfile(options, text).unwrap()) {
            // Podman fails if another test deletes an image while it looks for the base image.
            Err(Error::Stream { message, .. }) if message.contains("layer not known") => {
                assert!(is_podman(docker), "{message}");
            }
            built => return built.unwrap(),
        }
    }
}

/// Returns the error of a build, from the call or from the stream.
#[track_caller]
fn failure(build: Result<Build>) -> Error {
    match build {
        Ok(build) => build.finish().unwrap_err(),
        Err(error) => error,
    }
}

/// Returns type, mode, path and link target of everything below a directory of an image.
fn listing(docker: &Context, image: &TestImage, dir: &str) -> BTreeSet<String> {
    let config =
        ContainerConfig { image: image.name.clone(), cmd: ["/none"].into(), ..Default::default() };
    let container = Container::create(docker, &config.into());
    let archive = docker.containers().archive(&container.id, &format!("{dir}/.")).unwrap();
    let mut archive = ::tar::Archive::new(archive.download);
    let entries = archive.entries().unwrap().map(|entry| {
        let entry = entry.unwrap();
        let header = entry.header();
        assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (0, 0));
        let path = entry.path().unwrap().display().to_string();
        format!(
            "{:?} {:o} {} {:?}",
            header.entry_type(),
            header.mode().unwrap() & 0o7777,
            // Engines differ in how they name directories, and whether they include the topmost.
            path.trim_start_matches("./").trim_end_matches('/'),
            entry.link_name().unwrap()
        )
    });
    entries.filter(|line| !line.contains("  ")).collect()
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn builds_from_tar() {
    live(|docker| {
        let content = unique("content");
        let dockerfile = format!("FROM {BUSYBOX}\nCOPY note /note\nRUN cat /note\nCMD cat /note\n");
        let archive = tar(&[("Dockerfile", dockerfile.as_bytes()), ("note", content.as_bytes())]);
        let options = named();
        let build = docker.images().build(&options, Some(&mut &archive[..]));
        let builder = build.as_ref().unwrap().builder();
        assert_eq!(builder, if is_podman(docker) { Builder::Buildah } else { Builder::Classic });
        let (image, text) = finish(docker, &options, build);
        assert!(text.contains(&content), "{text}");
        assert!(text.to_lowercase().contains("step 1/4"), "{text}");

        let mut request = shell("");
        request.config.image = image.name.clone();
        request.config.cmd.clear();
        let container = Container::create(docker, &request);
        container.start();
        assert_eq!((container.wait(), container.output().out()), (0, content));
    });
}

/// With the default name and another name of the file.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn builds_from_dockerfile() {
    live(|docker| {
        for name in ["", "sub/other"] {
            let label = unique("label");
            let options = ImageBuildOptions { dockerfile: name.into(), ..named() };
            let text = format!("FROM {BUSYBOX}\nLABEL it={label}\n");
            let (image, _) = dockerfile(docker, &options, &text);
            assert_eq!(image.inspect().config.labels["it"], label);
        }
    });
}

/// File types, modes and links are preserved; ignored files are not sent.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn builds_from_directory() {
    live(|docker| {
        let dir = TempDir::new();
        dir.write("Dockerfile", "FROM scratch\nCOPY . /context/\n");
        dir.write(".dockerignore", "**/secret\n!keep/secret\nempty\nDockerfile\n.dockerignore\n");
        for file in ["secret", "a/secret", "keep/secret", "a/b/c", "tool", "private"] {
            dir.write(file, file);
        }
        let long = "n".repeat(200);
        dir.write(format!("{0}/{0}", long), "long");
        fs::create_dir(dir.join("empty")).unwrap();
        fs::create_dir(dir.join("void")).unwrap();
        symlink("b/../b/c", dir.join("a/link")).unwrap();
        symlink("t".repeat(150), dir.join("dangling")).unwrap();
        for (name, mode) in [("tool", 0o755), ("private", 0o600), ("void", 0o1711), ("a", 0o750)] {
            fs::set_permissions(dir.join(name), Permissions::from_mode(mode)).unwrap();
        }
        let options = named();
        let build = docker.images().build_directory(&options, dir.path());
        let (image, _) = finish(docker, &options, build);
        let found = listing(docker, &image, "/context");
        let expected = [
            "Directory 750 a None",
            "Directory 755 a/b None",
            "Regular 644 a/b/c None",
            "Symlink 777 a/link Some(\"b/../b/c\")",
            &format!("Symlink 777 dangling Some({:?})", "t".repeat(150)),
            "Directory 755 keep None",
            "Regular 644 keep/secret None",
            &format!("Directory 755 {long} None"),
            &format!("Regular 644 {long}/{long} None"),
            "Regular 600 private None",
            "Regular 755 tool None",
            "Directory 1711 void None",
        ];
        assert_eq!(found, expected.map(str::to_owned).into());
    });
}

/// The capability that `setcap` has set is preserved. Docker's classic builder drops it.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn builds_from_directory_with_file_capability() {
    live(|docker| {
        let dir = TempDir::new();
        dir.write("Dockerfile", "FROM scratch\nCOPY tool /tool\n");
        let tool = dir.write("tool", "tool");
        set_capability(&tool);
        let options = with_buildkit();
        let build = docker.images().build_directory(&options, dir.path());
        let (image, _) = finish(docker, &options, build);
        let config = ContainerConfig {
            image: image.name.clone(),
            cmd: ["/none"].into(),
            ..Default::default()
        };
        let container = Container::create(docker, &config.into());
        let archive = docker.containers().archive(&container.id, "/tool").unwrap();
        let mut archive = ::tar::Archive::new(archive.download);
        let mut entry = archive.entries().unwrap().next().unwrap().unwrap();
        let records: Vec<_> = entry.pax_extensions().unwrap().into_iter().flatten().collect();
        let names = records.into_iter().map(|record| record.unwrap().key().unwrap().to_owned());
        let names: Vec<String> = names.collect();
        assert!(names.contains(&"SCHILY.xattr.security.capability".to_owned()), "{names:?}");
    });
}

/// Sets a file capability, which requires root.
fn set_capability(program: &Path) {
    let need = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/need");
    let status =
        Command::new(need).arg("setcap=libcap2-bin").stdin(Stdio::null()).status().unwrap();
    assert!(status.success(), "scripts/need: {status}");
    // SAFETY: no memory is touched.
    let root = unsafe { libc::geteuid() } == 0;
    let setcap: &[&str] = if root { &["setcap"] } else { &["sudo", "-n", "setcap"] };
    let path = format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap());
    let mut command = Command::new(setcap[0]);
    command.args(&setcap[1..]).arg("cap_net_raw+ep").arg(program).env("PATH", path);
    run(&mut command, LIMIT).success();
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn applies_options() {
    live(|docker| {
        let mark = unique("mark");
        let text = format!(
            "FROM {BUSYBOX} AS first\nARG A\nARG B=unset\nLABEL {mark}= of.arg=$A of.none=$B\n\
             RUN echo {mark}; df -k /dev/shm\nFROM first AS last\nLABEL last=\n"
        );
        let options = ImageBuildOptions {
            t: vec![format!("{}:1", unique("built")), format!("{}:2", unique("also"))].into(),
            buildargs: [("A".to_owned(), Some("a & b".to_owned())), ("B".to_owned(), None)].into(),
            labels: [("of.option", "ü".to_owned())].into(),
            target: "first".into(),
            shmsize: Some(16 << 20),
            forcerm: true,
            ..Default::default()
        };
        let (image, output) = dockerfile(docker, &options, &text);
        let also = TestImage::guard(docker, &options.t[1]);
        let found = image.inspect();
        assert_eq!(also.inspect().id, found.id);
        let labels = found.config.labels;
        assert_eq!(labels["of.arg"], "a & b");
        if is_podman(docker) {
            note_difference(
                "ImageBuild",
                "an argument without a value is empty, whatever its default",
            );
            assert_eq!(labels["of.none"], "");
        } else {
            assert_eq!(labels["of.none"], "unset");
        }
        assert_eq!(labels["of.option"], "ü");
        assert!(!labels.contains_key("last"), "the build went beyond its target");
        assert!(output.contains(" 16384 "), "{output}");

        // Uses the cache, unless `nocache` is set.
        let cached = |nocache| {
            let options = ImageBuildOptions { t: named().t, nocache, ..options.clone() };
            let (image, output) = dockerfile(docker, &options, &text);
            (image.inspect().id == found.id, output.contains("Using cache"))
        };
        assert_eq!(cached(false), (true, true));
        assert_eq!(cached(true), (false, false));

        // With `q`, the output is only the ID.
        let quiet = ImageBuildOptions { t: named().t, q: true, ..options };
        let (image, output) = dockerfile(docker, &quiet, &text);
        let id = image.inspect().id;
        assert_eq!(output.trim().trim_start_matches("sha256:"), id.trim_start_matches("sha256:"));
        drop((image, also));
        let mine = ImagePruneOptions { filters: Filters::new().with("label", mark) };
        docker.images().prune(&mine).unwrap();
    });
}

/// The build steps see the hosts and limits.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn applies_hosts_and_limits() {
    live(|docker| {
        let text = format!("FROM {BUSYBOX}\nRUN cat /etc/hosts; echo limit $(ulimit -n)\n");
        let hosts = ImageBuildOptions { extrahosts: ["there:192.0.2.7"].into(), ..named() };
        let nofile = dockline::model::Ulimit {
            name: "nofile".into(),
            soft: 321,
            hard: 321,
            ..Default::default()
        };
        let limits = ImageBuildOptions { ulimits: vec![nofile], ..named() };
        for (options, expected) in [(hosts, "192.0.2.7\tthere"), (limits, "limit 321")] {
            if is_podman(docker) {
                // Podman expects its own JSON for both.
                let error = failure(docker.images().build_dockerfile(&options, &text));
                assert_unsupported(&error, "Bad Request");
            } else {
                let (_, output) = dockerfile(docker, &options, &text);
                assert!(output.contains(expected), "{output}");
            }
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn reports_failed_step() {
    live(|docker| {
        let podman = is_podman(docker);
        let options = ImageBuildOptions { forcerm: true, ..named() };
        for (command, exit) in [("false", 1), ("exit 3", 3)] {
            let text =
                format!("FROM {BUSYBOX}\nRUN echo Successfully built 012345\nRUN {command}\n");
            let error = failure(docker.images().build_dockerfile(&options, &text));
            let Error::Stream { message, code, .. } = &error else { panic!("{error:?}") };
            assert!(message.contains(&exit.to_string()), "{message}");
            if !podman {
                assert_eq!(*code, Some(exit));
            }
        }
        let inspected = docker.images().inspect(&options.t[0], &Default::default());
        assert!(matches!(inspected, Err(Error::NotFound(_))), "{inspected:?}");
        if podman {
            note_difference("ImageBuild", "the exit code of a failed step is only in the message");
        }
    });
}

/// An error response is returned even if the engine sends it before the upload is complete.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn returns_error_response_during_upload() {
    live(|docker| {
        let large = TempDir::new();
        large.write("Dockerfile", "FROM scratch");
        fs::File::create(large.join("large")).unwrap().set_len(256 << 20).unwrap();

        let invalid = ImageBuildOptions { dockerfile: "no/such/file".into(), ..named() };
        let mut context = BuildContext::open(large.path(), &Default::default()).unwrap();
        let error = failure(docker.images().build(&invalid, Some(&mut context)));
        assert!(error.api_error().is_some() || matches!(error, Error::Stream { .. }), "{error:?}");
        assert!(error.to_string().contains("no/such/file"), "{error}");

        // The upload of an endless tar ends with the error. Podman reads all of it first.
        let archive = tar(&[("Dockerfile", b"FROM scratch")]);
        let more = if is_podman(docker) { 0 } else { 1 << 40 };
        let mut endless = archive.chain(Pattern::new(more));
        let invalid = ImageBuildOptions { t: ["NO NAME"].into(), ..Default::default() };
        let error = failure(docker.images().build(&invalid, Some(&mut endless)));
        assert!(error.api_error().is_some() || matches!(error, Error::Stream { .. }), "{error:?}");
        if is_podman(docker) {
            // Podman sends no message.
            assert_unsupported(&error, "Internal Server Error");
        } else {
            let message = error.to_string().to_lowercase();
            assert!(
                message.contains("no name") || message.contains("invalid reference"),
                "{error}"
            );
        }

        let error =
            failure(docker.images().build_dockerfile(&named(), "FROM scratch\nDANCE now\n"));
        assert!(error.to_string().to_lowercase().contains("dance"), "{error}");
    });
}

/// The engine fetches the context or the Dockerfile from a container that serves files.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn builds_from_url() {
    live(|docker| {
        let content = unique("content");
        let server = Container::run(
            docker,
            &format!(
                "mkdir /srv && cd /srv && echo {content} >note
                printf 'FROM {BUSYBOX}\\nCOPY note /note\\nRUN cat /note\\n' >Dockerfile
                tar -c Dockerfile note >context.tar
                printf 'FROM {BUSYBOX}\\nRUN echo {content}\\n' >Dockerfile
                httpd -p 80 -h /srv && echo ready && exec sleep 1000"
            ),
        );
        server.await_output("ready");
        let settings = server.inspect().network_settings;
        let address = settings.networks.values().next().unwrap().ip_address.clone();
        for file in ["Dockerfile", "context.tar"] {
            let remote = format!("http://{address}/{file}");
            let options = ImageBuildOptions { remote, ..named() };
            let build = docker.images().build(&options, None);
            if is_podman(docker) {
                assert_unsupported(&failure(build), "no such file");
                continue;
            }
            let (_, output) = finish(docker, &options, build);
            assert!(output.contains(&content), "{output}");
        }
    });
}

/// The base image is in a registry with a password.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn builds_with_base_image_from_registry() {
    live(|docker| {
        let registry = Registry::start(docker);
        let base = format!("{}/{}", registry.address, unique("base"));
        {
            let options =
                ImageBuildOptions { t: vec![format!("{base}:1")].into(), ..Default::default() };
            let (_image, _) =
                dockerfile(docker, &options, &format!("FROM {BUSYBOX}\nLABEL it={base}\n"));
            let push = ImagePushOptions {
                tag: "1".into(),
                auth: Some(registry.credentials()),
                ..Default::default()
            };
            docker.images().push(&base, &push).unwrap().finish().unwrap();
        }
        let text = format!("FROM {base}:1\n");
        let anonymous = named();
        let error = failure(docker.images().build_dockerfile(&anonymous, &text));
        assert!(error.to_string().contains("auth"), "{error}");

        let options = ImageBuildOptions {
            registry_config: Some([(registry.address.clone(), registry.credentials())].into()),
            ..anonymous
        };
        let (image, _) = dockerfile(docker, &options, &text);
        let _base = TestImage::guard(docker, &format!("{base}:1"));
        assert_eq!(image.inspect().config.labels["it"], base);
    });
}

/// The engine stops a build whose connection is closed.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn cancelling_stops_build() {
    live(|docker| {
        let mark = unique("mark");
        let text = format!("FROM {BUSYBOX}\nRUN echo started {mark}; sleep 1000\n");
        let options = ImageBuildOptions { forcerm: true, ..named() };
        let mut build = docker.images().build_dockerfile(&options, &text).unwrap();
        let started = format!("started {mark}\n");
        let message = build.find(|message| message.as_ref().unwrap().stream.starts_with(&*started));
        assert!(message.is_some(), "the build ended before the step started");
        let running = || {
            let options = ContainerListOptions { all: true, ..Default::default() };
            let list = docker.containers().list(&options).unwrap();
            list.into_iter().any(|container| container.command.contains(&mark))
        };
        let is_listed = running();
        assert!(is_listed || is_podman(docker));
        build.cancel_token().cancel();
        let error = build.finish().unwrap_err();
        assert!(matches!(error, Error::Cancelled { .. }), "{error:?}");
        eventually(LIMIT, "the build container is removed", || !running());
    });
}

// BuildKit.

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn builds_with_buildkit() {
    live(|docker| {
        let content = unique("content");
        let dir = TempDir::new();
        let text = format!(
            "FROM {BUSYBOX}\nARG A\nCOPY . /context/\nRUN echo {content} $A >/note\nLABEL a=$A\n"
        );
        dir.write("Dockerfile", text);
        dir.write("a/b/kept", "");
        dir.write("a/secret", "");
        dir.write(".dockerignore", "a\n!**/kept\n");
        fs::set_permissions(dir.join("a"), Permissions::from_mode(0o711)).unwrap();
        let options = ImageBuildOptions {
            buildargs: [("A".to_owned(), Some("arg".to_owned()))].into(),
            ..with_buildkit()
        };
        let mut build = docker.images().build_directory(&options, dir.path()).unwrap();
        let image = TestImage::guard(docker, &options.t[0]);
        if is_podman(docker) {
            assert_eq!(build.builder(), Builder::Buildah);
            note_difference(
                "ImageBuild",
                "Buildah builds although BuildKit is requested, and reads .dockerignore itself",
            );
            build.finish().unwrap();
            assert_eq!(image.inspect().config.labels["a"], "arg");
            return;
        }
        assert_eq!(build.builder(), Builder::BuildKit);
        let mut traces = 0;
        for message in &mut build {
            let message = message.unwrap();
            if message.id == "moby.buildkit.trace" {
                let aux = message.aux.unwrap();
                BASE64_STANDARD.decode(aux.as_str().unwrap()).unwrap();
                traces += 1;
            }
        }
        assert!(traces > 3, "{traces}");
        assert_eq!(build.image_id(), Some(&*image.inspect().id));
        assert_eq!(image.inspect().config.labels["a"], "arg");
        let found = listing(docker, &image, "/context");
        for line in ["Directory 711 a None", "Directory 755 a/b None", "Regular 644 a/b/kept None"]
        {
            assert!(found.contains(line), "{line}: {found:?}");
        }
        assert!(!found.iter().any(|line| line.contains("secret")), "{found:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn reports_failed_step_of_buildkit() {
    live(|docker| {
        let text = format!("FROM {BUSYBOX}\nRUN exit 3\n");
        let error = failure(docker.images().build_dockerfile(&with_buildkit(), &text));
        assert!(matches!(error, Error::Stream { .. }), "{error:?}");
        assert!(error.to_string().contains('3'), "{error}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn cancels_build_by_id() {
    live(|docker| {
        let id = unique("id");
        if is_podman(docker) {
            assert_unsupported(&docker.builds().cancel(&id).unwrap_err(), "Not Found");
            return;
        }
        let text = format!("FROM {BUSYBOX}\nRUN echo {id}; sleep 1000\n");
        let options = ImageBuildOptions { buildid: id.clone(), ..with_buildkit() };
        let mut build = docker.images().build_dockerfile(&options, &text).unwrap();
        // The engine registers the ID before the first message.
        build.next().unwrap().unwrap();
        docker.builds().cancel(&id).unwrap();
        let error = build.find_map(Result::err).expect("the build fails");
        assert!(matches!(error, Error::Stream { .. }), "{error:?}");
        assert!(error.to_string().contains("cancel"), "{error}");
        // Cancelling an unknown build succeeds.
        docker.builds().cancel(&id).unwrap();
    });
}

/// Prunes only the records of this test, by their IDs.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn prunes_cache() {
    live(|docker| {
        if is_podman(docker) {
            assert_unsupported(
                &docker.builds().prune(&Default::default()).unwrap_err(),
                "Not Found",
            );
            return;
        }
        let mark = unique("mark");
        let text = format!("FROM {BUSYBOX}\nRUN echo {mark} >/file\n");
        let options = with_buildkit();
        let (image, _) = dockerfile(docker, &options, &text);
        drop(image);
        let mine = || {
            let options = SystemDataUsageOptions {
                verbose: docker.api_version().unwrap() >= ApiVersion::new(1, 52),
                ..Default::default()
            };
            let usage = docker.system().data_usage(&options).unwrap();
            let records = match usage.build_cache_usage {
                Some(usage) => usage.items,
                None => usage.build_cache,
            };
            records.into_iter().find(|record| record.description.contains(&mark))
        };
        let record = mine().expect("the step is in the cache");
        let id = Filters::new().with("id", &record.id);
        let prune = |keep| {
            let options = BuildPruneOptions {
                all: true,
                keep_storage: keep,
                filters: id.clone(),
                ..Default::default()
            };
            docker.builds().prune(&options).unwrap()
        };
        // Nothing is pruned as long as the limit exceeds the size of the cache.
        let pruned = prune(Some(1 << 50));
        assert!(pruned.caches_deleted.is_empty() && mine().is_some(), "{pruned:?}");
        let pruned = prune(None);
        assert_eq!(pruned.caches_deleted, [&*record.id]);
        assert!(mine().is_none());
    });
}

// Comparison with the docker command.

/// Returns a `docker build` with the classic builder. The command is installed if it is missing.
fn docker_build(host: &str) -> Command {
    let need = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/need");
    let status = Command::new(need).arg("docker=docker.io").stdin(Stdio::null()).status().unwrap();
    assert!(status.success(), "scripts/need: {status}");
    let mut command = Command::new("docker");
    command.args(["--host", host, "build"]).env("DOCKER_BUILDKIT", "0");
    command.env_remove("DOCKER_API_VERSION").env_remove("DOCKER_CONTEXT");
    command
}

/// Returns the major version of the docker command.
fn docker_version() -> u32 {
    let output = run(Command::new("docker").arg("--version"), LIMIT).success();
    let version = output.strip_prefix("Docker version ").and_then(|rest| rest.split('.').next());
    version.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{output}"))
}

/// Returns the paths in the tar that the docker command sends.
fn sent_by_docker(dir: &Path) -> std::result::Result<BTreeSet<String>, String> {
    let engine =
        Responder::unix("1.41", |_| Response::json("{\"stream\":\"Successfully built\"}\n"));
    let finished = run(docker_build(&engine.host()).arg(dir), LIMIT);
    let requests = engine.finish();
    let Some(request) = requests.iter().find(|request| request.path().ends_with("/build")) else {
        return Err(finished.stderr);
    };
    // The command exits with 0 even if it fails while sending.
    if finished.stderr.contains("level=error") {
        return Err(finished.stderr);
    }
    let mut archive = ::tar::Archive::new(&request.body[..]);
    let names = archive.entries().unwrap().map(|entry| {
        let entry = entry.unwrap();
        let slash = if entry.header().entry_type().is_dir() { "/" } else { "" };
        format!("{}{slash}", entry.path().unwrap().display()).replace("//", "/")
    });
    Ok(names.collect())
}

/// The cases that the library is tested with are the docker command's behaviour.
#[test]
#[ignore = "needs the docker command"]
fn ignores_same_files_as_docker_command() {
    let classic = BY_BUILDER.iter().map(|(patterns, paths, _)| (patterns, paths));
    let cases = CASES.iter().map(|(patterns, paths)| (patterns, paths)).chain(classic);
    let old = docker_version() < 23;
    let cases: Vec<_> = cases.filter(|(patterns, _)| !(old && NEW.contains(patterns))).collect();
    assert!(cases.len() > 150, "{}", cases.len());
    // Several at a time, since each waits for a child process.
    std::thread::scope(|scope| {
        for share in cases.chunks(cases.len().div_ceil(4)) {
            scope.spawn(move || {
                let dir = tree();
                for (patterns, paths) in share {
                    dir.write(".dockerignore", patterns);
                    assert_eq!(sent_by_docker(dir.path()).unwrap(), sent(paths), "{patterns:?}");
                }
            });
        }
    });
    let dir = tree();
    for patterns in MALFORMED {
        dir.write(".dockerignore", patterns);
        let error = sent_by_docker(dir.path()).unwrap_err();
        assert!(
            error.contains("syntax error in pattern") || error.contains("illegal exclusion"),
            "{patterns:?}: {error}"
        );
    }
}

/// Both build the same image from the same directory.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn builds_same_image_as_docker_command() {
    live(|docker| {
        let host = docker.endpoint().to_string();
        let dir = tree();
        dir.write("Dockerfile", "FROM scratch\nCOPY . /context/\n");
        for patterns in [
            "",
            "*\n!a/b",
            "**/y\n!b/y",
            "a/*\n!a/b/x.go\n.*",
            "Dockerfile\n.dockerignore",
            "**\n!**/*.go\n!y",
            "[a-b]/**\n!?a",
        ] {
            dir.write(".dockerignore", patterns);
            let name = format!("{}:1", unique("built"));
            let mut command = docker_build(&host);
            command.args(["--quiet", "--tag", &name]).arg(dir.path());
            run(&mut command, LIMIT).success();
            let by_docker = TestImage::guard(docker, &name);
            let options = ImageBuildOptions { nocache: is_podman(docker), ..named() };
            let build = docker.images().build_directory(&options, dir.path());
            let (by_dockline, _) = finish(docker, &options, build);
            let expected = listing(docker, &by_docker, "/context");
            assert!(!expected.is_empty());
            assert_eq!(listing(docker, &by_dockline, "/context"), expected, "{patterns:?}");
            if matches!(Engine::detect(docker), Engine::Docker(_)) && docker_version() >= 23 {
                // The image IDs are equal, as the classic builder takes it from its cache. Older
                // commands set more bits in the modes of files.
                assert_eq!(by_dockline.inspect().id, by_docker.inspect().id, "{patterns:?}");
            }
        }
    });
}

/// Engines send no `aux` below API 1.29.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn image_id_below_api_1_29() {
    live(|docker| {
        let old = Context::builder()
            .host(docker.endpoint().to_string())
            .api_version(ApiVersion::new(1, 25))
            .credentials(CredentialSource::None)
            .build()
            .unwrap();
        let options = named();
        let text = format!("FROM {BUSYBOX}\nRUN echo Successfully built 012345\n");
        let image = match old.images().build_dockerfile(&options, &text) {
            // Engines from Docker 29 on reject the version.
            Err(error @ Error::EngineTooNew { .. }) => {
                assert!(error.to_string().contains("1.25"), "{error}");
                return;
            }
            build => build.unwrap().finish().unwrap().unwrap(),
        };
        let inspected = docker.images().inspect(&options.t[0], &Default::default()).unwrap();
        let id = inspected.id.trim_start_matches("sha256:");
        assert!(id.starts_with(image.trim_start_matches("sha256:")), "{image}: {id}");
        docker.images().delete(&options.t[0], &Default::default()).unwrap();
    });
}

/// A Dockerfile that is not in the directory builds, and `COPY` does not see it.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn dockerfiles_outside_the_directory() {
    live(|docker| {
        let dir = TempDir::new();
        let text = "FROM scratch\nCOPY . /context/\n";
        dir.write("other/Dockerfile", text);
        dir.write("web/index", "");
        dir.write("web/secret", "");
        for version in [None, Some(BuilderVersion::BuildKit)] {
            for patterns in [None, Some("secret")] {
                if let Some(patterns) = patterns {
                    dir.write("web/.dockerignore", patterns);
                }
                let absolute = dir.join("other/Dockerfile").to_str().unwrap().to_owned();
                for dockerfile in ["../other/Dockerfile", &absolute, ""] {
                    let options =
                        ImageBuildOptions { version, dockerfile: dockerfile.into(), ..named() };
                    let images = docker.images();
                    let build = match dockerfile {
                        "" => images.build_dockerfile_in(&options, text, dir.join("web")),
                        _ => images.build_directory(&options, dir.join("web")),
                    };
                    let (image, _) = finish(docker, &options, build);
                    let found = listing(docker, &image, "/context");
                    let mut expected = BTreeSet::from(["Regular 644 index None".to_owned()]);
                    expected.insert(match patterns {
                        None => "Regular 644 secret None".to_owned(),
                        Some(_) => "Regular 644 .dockerignore None".to_owned(),
                    });
                    let (added, found): (BTreeSet<_>, BTreeSet<_>) =
                        found.into_iter().partition(|it| it.contains(".dockerfile."));
                    assert_eq!(found, expected, "{dockerfile} {version:?} {patterns:?}");
                    // BuildKit ignores the `.dockerignore` of a tar.
                    let visible = version.is_some() && !is_podman(docker);
                    assert_eq!(added.len(), usize::from(visible), "{added:?}");
                }
            }
            std::fs::remove_file(dir.join("web/.dockerignore")).unwrap();
        }
    });
}
