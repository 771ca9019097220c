//! C programs on a real engine: each kind of call, and the tour of the examples.

use std::fs::File;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use crate::c_library::{build, manual_program};
use crate::c_program::{BASIC_MODES, LIMIT, Mode, Program, example, ffi_test, in_modes};
use crate::helpers::{
    self, Container, PrivateEngine, Sshd, TestImage, TestNetwork, image_exists, is_podman, raw,
    tar, unique,
};
use crate::support::{Finished, Process, TempDir, within};
use dockline::{CancelToken, ContainerListOptions, Context, Error, Filters};

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn live() {
    // Building may take longer than the limit of a test on an engine.
    build();
    crate::helpers::live(move |docker| {
        let dir = TempDir::new();
        let tar = dir.write("tar", tar(&[("etc/hello", b"hello")]));
        let network = TestNetwork::create(docker);
        in_modes(&BASIC_MODES, &ffi_test("live"), |program| {
            let name = unique("c");
            // Delete the objects of the program if it fails.
            let image = TestImage::guard(docker, &name);
            let container = Container { docker: docker.clone(), id: name.clone(), name };
            let host = docker.endpoint().to_string();
            [&*host, &*container.name, &*network.name, tar.to_str().unwrap()]
                .into_iter()
                .fold(program, Program::arg)
                .run()
                .success();
            assert!(!image_exists(docker, &image.name));
            let result = docker.containers().inspect(&container.id, &Default::default());
            assert!(matches!(result, Err(Error::NotFound(_))), "{result:?}");
        });
    });
}

/// An object that a failed program has not deleted, by its path.
struct DeleteOnDrop {
    docker: Context,
    path: String,
}

impl DeleteOnDrop {
    fn new(docker: &Context, path: String) -> DeleteOnDrop {
        // Also if the test is cancelled.
        DeleteOnDrop { docker: docker.with_cancel_token(&CancelToken::new()), path }
    }
}

impl Drop for DeleteOnDrop {
    fn drop(&mut self) {
        let result = self.docker.raw(&raw("DELETE", &*self.path, ""));
        let deleted = matches!(result, Err(Error::NotFound(_)));
        assert!(deleted || std::thread::panicking(), "{} was not deleted: {result:?}", self.path);
    }
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn live_inside() {
    build();
    crate::helpers::live(move |docker| {
        let host = docker.endpoint().to_string();
        in_modes(&BASIC_MODES, &ffi_test("live_inside"), |program| {
            run_inside(docker, program, &host)
        });
    });
}

/// Over ssh and TCP.
#[test]
#[ignore = "needs root to start a private engine: scripts/engine run"]
fn live_inside_over_tcp_and_ssh() {
    build();
    // Runs three programs, one of them under valgrind.
    within(helpers::LIMIT, move || {
        let engine = PrivateEngine::start_with(&["--tcp"]);
        let path = std::env::var("PATH").unwrap();
        let sshd = Sshd::start(&[("PATH", &path), ("DOCKER_HOST", engine.host())]);
        let (docker, tcp) = (engine.docker(), engine.setting("DOCKLINE_ENGINE_TCP"));
        in_modes(&[Mode::Shared], &ffi_test("live_inside"), |program| {
            run_inside(&docker, program, tcp);
        });
        in_modes(&[Mode::Shared], &ffi_test("live_inside"), |program| {
            run_inside(&docker, program.env("PATH", &sshd.path()), "ssh://engine");
        });
        let dir = TempDir::new();
        let source = dir.write("manual.c", manual_program());
        in_modes(&[Mode::Valgrind], &source, |program| {
            let program = program.env("PATH", &sshd.path());
            program.env("DOCKER_HOST", "ssh://engine").run().success();
        });
    });
}

/// Runs the program with the engine's address.
fn run_inside(docker: &Context, program: Program, host: &str) {
    let dir = TempDir::new();
    let tar = dir.write("tar", tar(&[("etc/hello", b"hello")]));
    let name = unique("c");
    // Delete the objects of the program if it fails.
    let _image = TestImage::guard(docker, &format!("{name}-image:1"));
    let id = format!("{name}-wc");
    let _wc = Container { docker: docker.clone(), id: id.clone(), name: id };
    let _network = DeleteOnDrop::new(docker, format!("/networks/{name}-network"));
    let _volume = DeleteOnDrop::new(docker, format!("/volumes/{name}-volume"));
    // Created last, so it is deleted first and releases the others.
    let web = Container::run(docker, "sleep 1000");
    [host, &*web.name, &*name, tar.to_str().unwrap(), dir.path().to_str().unwrap()]
        .into_iter()
        .fold(program, Program::arg)
        .run()
        .success();
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn manual_program_runs() {
    build();
    crate::helpers::live(move |docker| {
        let container = Container::run(docker, "sleep 1000");
        let dir = TempDir::new();
        let source = dir.write("manual.c", manual_program());
        in_modes(&BASIC_MODES, &source, |program| {
            let host = docker.endpoint().to_string();
            let output = program.env("DOCKER_HOST", &host).run().success();
            assert!(output.lines().any(|line| line == container.id), "{output}");
        });
    });
}

/// Returns the objects that the tour with this PID has not deleted.
fn remaining_after_tour(docker: &Context, pid: u32) -> (Vec<Container>, Option<TestImage>) {
    let name = format!("dockline-tour-{pid}");
    let options = ContainerListOptions {
        all: true,
        filters: Filters::new().with("label", format!("tour={name}")),
        ..Default::default()
    };
    let containers = docker.containers().list(&options).unwrap().into_iter();
    let guard = |id: String| Container { docker: docker.clone(), name: id.clone(), id };
    let containers = containers.map(|it| guard(it.id)).collect();
    let image = image_exists(docker, &name).then(|| TestImage::guard(docker, &name));
    (containers, image)
}

/// Runs the tour in each mode with `test`, and checks that it leaves no objects.
fn run_tours(docker: &Context, rootfs: &Path, test: impl Fn(Process) -> Finished) {
    in_modes(&BASIC_MODES, &example("tour.c"), |program| {
        let host = docker.endpoint().to_string();
        let process = program.env("DOCKER_HOST", &host).arg(rootfs.to_str().unwrap()).spawn();
        let pid = process.pid();
        let result = panic::catch_unwind(AssertUnwindSafe(|| test(process)));
        let (containers, image) = remaining_after_tour(docker, pid);
        let finished = result.unwrap_or_else(|panic| panic::resume_unwind(panic));
        assert!(containers.is_empty() && image.is_none(), "the tour left objects: {finished:?}");
    });
}

/// Exports the root file system of a container that has run the script.
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
        run_tours(docker, &rootfs(docker, &dir, "true"), |process| {
            let finished = process.wait(LIMIT);
            assert!(finished.status.success(), "{finished:?}");
            // In this order; the events of other containers may be in between.
            let mut rest = finished.stdout.lines().map(str::trim);
            for expected in [
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
                assert!(
                    rest.any(|line| line.starts_with(expected)),
                    "expected {expected:?}: {finished:?}"
                );
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
        // The program blocks after its first line, so that the signal arrives in time on a busy
        // machine.
        let script = "rm /bin/sh; printf '#!/bin/busybox sh\\necho line 1 of 3; exec busybox sleep 1000\\n' >/bin/sh; \
                     chmod 755 /bin/sh";
        let rootfs = rootfs(docker, &dir, script);
        for signal in [libc::SIGINT, libc::SIGTERM] {
            run_tours(docker, &rootfs, |mut process| {
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

/// The objects created before the failure are deleted.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn tour_failing() {
    build();
    crate::helpers::live(move |docker| {
        let dir = TempDir::new();
        let no_shell = dir.write("tar", tar(&[("etc/hello", b"hello")]));
        run_tours(docker, &no_shell, |process| {
            let finished = process.wait(LIMIT);
            assert_eq!(finished.status.code(), Some(1), "{finished:?}");
            assert!(finished.stdout.contains("Starting container"), "{finished:?}");
            assert!(finished.stderr.starts_with("tour: ContainerStart: "), "{finished:?}");
            finished
        });
    });
}
