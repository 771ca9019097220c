//! Programs in C on a real engine: each kind of call, and the tour of the examples.

use std::fs::File;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use crate::c_library::{build, manual_program};
use crate::c_program::{LIMIT, Program, TWO_WAYS, Way, example, ffi_test, in_ways};
use crate::helpers::{
    self, Container, PrivateEngine, Sshd, TestImage, TestNetwork, is_podman, is_there, raw, tar,
    unique,
};
use crate::support::{Finished, Process, TempDir, within};
use dockline::{CancelToken, ContainerListOptions, Context, Error, Filters};

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn live() {
    // To build it may take longer than a test on an engine.
    build();
    crate::helpers::live(move |docker| {
        let dir = TempDir::new();
        let tar = dir.write("tar", tar(&[("etc/hello", b"hello")]));
        let network = TestNetwork::create(docker);
        in_ways(&TWO_WAYS, &ffi_test("live"), |program| {
            let name = unique("c");
            // Should the program fail, these delete what it has made.
            let image = TestImage::of(docker, &name);
            let container = Container { docker: docker.clone(), id: name.clone(), name };
            let host = docker.endpoint().to_string();
            [&*host, &*container.name, &*network.name, tar.to_str().unwrap()]
                .into_iter()
                .fold(program, Program::arg)
                .run()
                .success();
            assert!(!is_there(docker, &image.name));
            let result = docker.containers().inspect(&container.id, &Default::default());
            assert!(matches!(result, Err(Error::NotFound(_))), "{result:?}");
        });
    });
}

/// What a program leaves behind when it fails, by its path.
struct Remains {
    docker: Context,
    path: String,
}

impl Remains {
    fn new(docker: &Context, path: String) -> Remains {
        // Also when the test was cancelled.
        Remains { docker: docker.with_cancel_token(&CancelToken::new()), path }
    }
}

impl Drop for Remains {
    fn drop(&mut self) {
        let result = self.docker.raw(&raw("DELETE", &*self.path, ""));
        let gone = matches!(result, Err(Error::NotFound(_)));
        assert!(gone || std::thread::panicking(), "{} was left behind: {result:?}", self.path);
    }
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn live_inside() {
    build();
    crate::helpers::live(move |docker| {
        let host = docker.endpoint().to_string();
        in_ways(&TWO_WAYS, &ffi_test("live_inside"), |program| inside(docker, program, &host));
    });
}

/// The same on an engine behind ssh, and by TCP.
#[test]
#[ignore = "needs root, for an engine of its own: scripts/engine run"]
fn live_inside_by_other_ways() {
    build();
    // Three programs, one of them under valgrind.
    within(helpers::LIMIT, move || {
        let engine = PrivateEngine::up_with(&["--tcp"]);
        let path = std::env::var("PATH").unwrap();
        let sshd = Sshd::start(&[("PATH", &path), ("DOCKER_HOST", engine.host())]);
        let (docker, tcp) = (engine.docker(), engine.setting("DOCKLINE_ENGINE_TCP"));
        in_ways(&[Way::Shared], &ffi_test("live_inside"), |program| {
            inside(&docker, program, tcp);
        });
        in_ways(&[Way::Shared], &ffi_test("live_inside"), |program| {
            inside(&docker, program.env("PATH", &sshd.path()), "ssh://engine");
        });
        let dir = TempDir::new();
        let source = dir.write("manual.c", manual_program());
        in_ways(&[Way::Valgrind], &source, |program| {
            let program = program.env("PATH", &sshd.path());
            program.env("DOCKER_HOST", "ssh://engine").run().success();
        });
    });
}

/// Runs the program on this engine, by this address of it.
fn inside(docker: &Context, program: Program, host: &str) {
    let dir = TempDir::new();
    let tar = dir.write("tar", tar(&[("etc/hello", b"hello")]));
    let name = unique("c");
    // Should the program fail, these delete what it has made.
    let _image = TestImage::of(docker, &format!("{name}-image:1"));
    let id = format!("{name}-wc");
    let _wc = Container { docker: docker.clone(), id: id.clone(), name: id };
    let _network = Remains::new(docker, format!("/networks/{name}-network"));
    let _volume = Remains::new(docker, format!("/volumes/{name}-volume"));
    // The last to be made is the first to be deleted, and lets go of the others.
    let web = Container::run(docker, "sleep 1000");
    [host, &*web.name, &*name, tar.to_str().unwrap(), dir.path().to_str().unwrap()]
        .into_iter()
        .fold(program, Program::arg)
        .run()
        .success();
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn the_manual_s_program() {
    build();
    crate::helpers::live(move |docker| {
        let container = Container::run(docker, "sleep 1000");
        let dir = TempDir::new();
        let source = dir.write("manual.c", manual_program());
        in_ways(&TWO_WAYS, &source, |program| {
            let host = docker.endpoint().to_string();
            let output = program.env("DOCKER_HOST", &host).run().success();
            assert!(output.lines().any(|line| line == container.id), "{output}");
        });
    });
}

/// What the tour with this process id has made and not deleted.
fn left_by_tour(docker: &Context, pid: u32) -> (Vec<Container>, Option<TestImage>) {
    let name = format!("dockline-tour-{pid}");
    let options = ContainerListOptions {
        all: true,
        filters: Filters::new().with("label", format!("tour={name}")),
        ..Default::default()
    };
    let containers = docker.containers().list(&options).unwrap().into_iter();
    let guard = |id: String| Container { docker: docker.clone(), name: id.clone(), id };
    let containers = containers.map(|it| guard(it.id)).collect();
    let image = is_there(docker, &name).then(|| TestImage::of(docker, &name));
    (containers, image)
}

/// Starts the tour in each way, has `test` see it to its end, and then looks for what it has left.
fn tours(docker: &Context, rootfs: &Path, test: impl Fn(Process) -> Finished) {
    in_ways(&TWO_WAYS, &example("tour.c"), |program| {
        let host = docker.endpoint().to_string();
        let process = program.env("DOCKER_HOST", &host).arg(rootfs.to_str().unwrap()).spawn();
        let pid = process.pid();
        let result = panic::catch_unwind(AssertUnwindSafe(|| test(process)));
        let (containers, image) = left_by_tour(docker, pid);
        let finished = result.unwrap_or_else(|panic| panic::resume_unwind(panic));
        assert!(containers.is_empty() && image.is_none(), "the tour left something: {finished:?}");
    });
}

/// A root directory with a shell, as a container with this script leaves it.
fn rootfs(docker: &Context, dir: &TempDir, script: &str) -> PathBuf {
    let container = Container::run(docker, script);
    assert_eq!(container.wait(), 0);
    let export = raw("GET", format!("/containers/{}/export", container.id), "");
    let path = dir.join("rootfs.tar");
    io::copy(&mut docker.raw_stream(&export, None).unwrap(), &mut File::create(&path).unwrap())
        .unwrap();
    path
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn tour() {
    build();
    crate::helpers::live(move |docker| {
        let dir = TempDir::new();
        let podman = is_podman(docker);
        tours(docker, &rootfs(docker, &dir, "true"), |process| {
            let finished = process.wait(LIMIT);
            assert!(finished.status.success(), "{finished:?}");
            // In this order, with what other containers do between.
            let mut rest = finished.stdout.lines().map(str::trim);
            for wanted in [
                "Engine ",
                "Containers:",
                "Importing ",
                "Starting container ",
                "out: line 1 of 3",
                "out: line 2 of 3",
                "out: line 3 of 3",
                "It exited with code 3",
                "Events:",
                "container create ",
                "container start ",
                "container die ",
                if podman { "container remove " } else { "container destroy " },
                "Container and image are removed",
            ] {
                assert!(rest.any(|line| line.starts_with(wanted)), "no {wanted:?}: {finished:?}");
            }
            assert!(finished.stdout.contains("    err: an error message\n"), "{finished:?}");
            finished
        });
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn tour_interrupted() {
    build();
    crate::helpers::live(move |docker| {
        let dir = TempDir::new();
        // Behind its first line the program waits, so that the signal comes in time on a busy machine too.
        let waits = "rm /bin/sh; printf '#!/bin/busybox sh\\necho line 1 of 3; exec busybox sleep 1000\\n' >/bin/sh; \
                     chmod 755 /bin/sh";
        let rootfs = rootfs(docker, &dir, waits);
        for signal in [libc::SIGINT, libc::SIGTERM] {
            tours(docker, &rootfs, |mut process| {
                process.wait_stdout("out: line 1 of 3", LIMIT);
                process.signal(signal);
                let finished = process.wait(LIMIT);
                assert_eq!(finished.status.code(), Some(1), "{finished:?}");
                assert!(finished.stderr.contains("cancelled"), "{finished:?}");
                assert!(!finished.stdout.contains("exited with code"), "{finished:?}");
                finished
            });
        }
    });
}

/// What was made before the failure is deleted.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn tour_failing() {
    build();
    crate::helpers::live(move |docker| {
        let dir = TempDir::new();
        let no_shell = dir.write("tar", tar(&[("etc/hello", b"hello")]));
        tours(docker, &no_shell, |process| {
            let finished = process.wait(LIMIT);
            assert_eq!(finished.status.code(), Some(1), "{finished:?}");
            assert!(finished.stdout.contains("Starting container"), "{finished:?}");
            assert!(finished.stderr.starts_with("tour: ContainerStart: "), "{finished:?}");
            finished
        });
    });
}
