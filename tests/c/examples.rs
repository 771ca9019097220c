//! The C programs of `examples` and of the README, without a real engine.

use std::fs;

use crate::c_library::{cc, output};
use crate::c_program::{BASIC_MODES, example, in_modes};
use crate::programs::engine;
use crate::support::{FakeEngine, Response, TempDir};

/// Returns an engine with two containers. The program under test finds it by its environment.
fn two_containers(query: &str) -> FakeEngine {
    let engine = engine();
    let list = r#"[
        {"Id":"0123456789abcdef","Image":"busybox","Status":"Up 2 hours","Names":["/web"]},
        {"Id":"fedcba9876543210","Image":"a:1","Status":"Exited (3) 1 second ago","Names":["/web/alias","/b"]}
    ]"#;
    engine
        .ping("1.41")
        .exchange(&format!("GET /v1.41/containers/json{query}"), Response::json(list));
    engine
}

#[test]
fn ps() {
    in_modes(&BASIC_MODES, &example("ps.c"), |program| {
        let engine = two_containers("?all=1");
        let output = program.env("DOCKER_HOST", &engine.host()).run().success();
        let expected = "0123456789ab  busybox  Up 2 hours  web\n\
                        fedcba987654  a:1  Exited (3) 1 second ago  b\n";
        assert_eq!(output, expected);
        engine.finish();
    });
}

#[test]
fn ps_without_engine() {
    in_modes(&BASIC_MODES, &example("ps.c"), |program| {
        let finished = program.env("DOCKER_HOST", "unix:///nowhere/docker.sock").run();
        assert_eq!((finished.status.code(), &*finished.stdout), (Some(1), ""));
        assert!(finished.stderr.contains("/nowhere/docker.sock"), "{finished:?}");
    });
}

#[test]
fn readme_program_runs() {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once("\n```c\n").expect("a program in C");
    let (code, _) = rest.split_once("\n```\n").unwrap();
    let dir = TempDir::new();
    let source = dir.write("readme.c", format!("{code}\n"));
    in_modes(&BASIC_MODES, &source, |program| {
        let engine = two_containers("");
        let output = program.env("DOCKER_HOST", &engine.host()).run().success();
        assert_eq!(output, "0123456789abcdef\nfedcba9876543210\n");
        engine.finish();
    });
}

#[test]
fn examples_compile() {
    let dir = TempDir::new();
    for entry in fs::read_dir(example("")).unwrap() {
        let source = entry.unwrap().path();
        if source.extension().is_some_and(|it| it == "c") {
            output(cc("c99").arg("-c").arg(source).arg("-o").arg(dir.join("example.o")));
        }
    }
}
