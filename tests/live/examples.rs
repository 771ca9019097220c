//! The programs in `examples`, in Rust and in C, on a real engine. `c.rs` has the tour in C.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::c_library::{self, output};
use crate::c_program::{BASIC_MODES, Mode, example, in_modes};
use crate::helpers::{
    Container, LIMIT, Pty, Registry, TestImage, image_exists, is_podman, live, raw, shell, tar,
    unique,
};
use crate::support::{Process, TempDir, cargo, eventually, target};
use dockline::{
    ContainerDeleteOptions, Context, Error, ImagePushOptions, ImageTagOptions,
    PutContainerArchiveOptions, Result,
};

/// Builds the Rust examples; returns their directory.
fn build_rust_examples() -> &'static Path {
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    DIR.get_or_init(|| {
        let mut cargo = cargo();
        cargo.args(["build", "--locked", "--offline", "--quiet", "--examples"]);
        output(cargo.args(["--features", "capi", "--target-dir"]).arg(target()));
        target().join("debug/examples")
    })
}

pub fn rust(name: &str) -> Command {
    let mut command = Command::new(build_rust_examples().join(name));
    command.env_clear().env("PATH", "/usr/bin:/bin");
    command
}

/// The language of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Rust,
    C,
}

/// Runs a test with an example in Rust and in C, on the engine under test.
fn run_both(name: &'static str, test: impl Fn(&Context, Language, Command) + Send + 'static) {
    run_with(&BASIC_MODES, name, test)
}

fn run_with(
    modes: &'static [Mode],
    name: &'static str,
    test: impl Fn(&Context, Language, Command) + Send + 'static,
) {
    // Building may take longer than the limit of a test on an engine.
    let mut command = rust(name);
    c_library::build();
    live(move |docker| {
        let host = docker.endpoint().to_string();
        command.env("DOCKER_HOST", &host);
        test(docker, Language::Rust, command);
        in_modes(modes, &example(&format!("{name}.c")), |program| {
            let mut command = program.into_command();
            command.env("DOCKER_HOST", &host);
            test(docker, Language::C, command);
        });
    });
}

fn run(command: &mut Command) -> crate::support::Finished {
    Process::spawn(command).wait(LIMIT)
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn ps() {
    run_both("ps", |docker, _, mut command| {
        let container = Container::run(docker, "sleep 1000");
        let output = run(&mut command).success();
        let line = output.lines().find(|line| line.starts_with(&container.id[..12]));
        let line = line.unwrap_or_else(|| panic!("{output}"));
        assert!(line.contains("busybox") && line.contains(&container.name), "{line}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn logs() {
    run_both("logs", |docker, language, mut command| {
        let script = "echo one; echo two >&2; until test -e /go; do sleep 0.01; done; echo three";
        let container = Container::run(docker, script);
        let mut process = Process::spawn(command.arg(&container.name));
        process.wait_stdout("one\n", LIMIT);
        let touch = PutContainerArchiveOptions { path: "/".into(), ..Default::default() };
        let go = tar(&[("go", b"")]);
        docker.containers().put_archive(&container.id, &touch, &mut &go[..]).unwrap();
        // The example ends when the container exits.
        let finished = process.wait(LIMIT);
        assert!(finished.status.success(), "{finished:?}");
        assert_eq!((&*finished.stdout, &*finished.stderr), ("one\nthree\n", "two\n"));

        if language == Language::Rust {
            assert_eq!(run(command.arg("1")).success(), "three\n");
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn stats() {
    run_both("stats", |docker, language, mut command| {
        let container = Container::run(docker, "sleep 1000");
        let mut process = Process::spawn(command.arg(&container.name));
        match language {
            Language::Rust => process.wait_stdout(&container.name, LIMIT),
            Language::C => process.wait_stdout(" processes\n", LIMIT),
        }
        let options = ContainerDeleteOptions { force: true, ..Default::default() };
        docker.containers().delete(&container.id, &options).unwrap();
        let finished = process.wait(LIMIT);
        // Podman reports that the container was deleted.
        assert!(finished.status.success() || is_podman(docker), "{finished:?}");
        assert!(finished.stdout.contains(" MiB"), "{finished:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn events() {
    run_with(&[Mode::Shared], "events", |docker, _, mut command| {
        let process = Process::spawn(command.arg("container"));
        let container = Container::create(docker, &shell("true"));
        let mut name = unique("renamed");
        // The example's subscription may begin after the first renames.
        eventually(LIMIT, "the event is printed", || {
            if process.stdout().contains(&name) {
                return true;
            }
            name = unique("renamed");
            docker.containers().rename(&container.id, &name).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(100));
            false
        });
        let line = process.stdout().lines().find(|line| line.contains(&name)).map(str::to_owned);
        let line = line.unwrap();
        assert!(line.contains("container rename") && line.contains(&container.id[..12]), "{line}");
        process.signal(libc::SIGINT);
        let finished = process.wait(LIMIT);
        assert!(finished.status.success(), "{finished:?}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn pull() {
    run_both("pull", |docker, _, mut command| {
        let registry = Registry::start(docker);
        let repo = format!("{}/{}", registry.address, unique("repo"));
        {
            let content = unique("content");
            let image = TestImage::import(
                docker,
                &Default::default(),
                &tar(&[("a", content.as_bytes())])[..],
            );
            let options = ImageTagOptions { repo: repo.clone(), tag: "1".into() };
            docker.images().tag(&image.name, &options).unwrap();
            let _tagged = TestImage::guard(docker, &format!("{repo}:1"));
            let auth = Some(registry.credentials());
            let options = ImagePushOptions { tag: "1".into(), auth, ..Default::default() };
            docker.images().push(&repo, &options).unwrap().collect::<Result<Vec<_>>>().unwrap();
        }
        let name = format!("{repo}:1");
        assert!(!image_exists(docker, &name));
        command.arg(&name);
        let unauthorized = run(&mut command);
        assert_eq!(unauthorized.status.code(), Some(1), "{unauthorized:?}");
        assert!(unauthorized.stderr.contains("auth"), "{unauthorized:?}");

        let credentials = registry.credentials();
        command.env("REGISTRY_USER", &*credentials.username);
        command.env("REGISTRY_PASSWORD", &*credentials.password);
        run(&mut command).success();
        let _pulled = TestImage::guard(docker, &name);
        assert!(image_exists(docker, &name));
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn build() {
    run_both("build", |docker, _, mut command| {
        let (dir, name) = (TempDir::new(), format!("{}:1", unique("built")));
        dir.write("Dockerfile", "FROM busybox\nCOPY note /note\nRUN echo content: $(cat /note)\n");
        dir.write("note", "hello");
        command.arg(dir.path()).arg(&name);
        let mut built = run(&mut command);
        // Podman fails if another test deletes an image while it looks for the base image.
        while is_podman(docker) && built.stderr.contains("layer not known") {
            built = run(&mut command);
        }
        let image = TestImage::guard(docker, &name);
        let output = built.success();
        assert!(output.contains("content: hello"), "{output}");
        let id = image.inspect().id;
        assert!(output.contains(id.trim_start_matches("sha256:")), "{id}: {output}");

        dir.write("Dockerfile", "FROM busybox\nRUN exit 3\n");
        let failed = run(&mut command);
        assert_eq!(failed.status.code(), Some(1), "{failed:?}");
        assert!(failed.stderr.contains("exit 3"), "{failed:?}");
    });
}

/// Not under valgrind: the thread that reads stdin is still running at exit.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn exec_without_terminal() {
    run_with(&[Mode::Shared], "exec", |docker, _, mut command| {
        let container = Container::run(docker, "sleep 1000");
        command.args([&container.name, "sh", "-c", "wc -c; echo err >&2; exit 3"]);
        let mut process = Process::interactive(&mut command);
        process.write("twelve bytes");
        drop(process.close_stdin());
        let finished = process.wait(LIMIT);
        assert_eq!(finished.status.code(), Some(3), "{finished:?}");
        assert_eq!((&*finished.stdout, &*finished.stderr), ("12\n", "err\n"));
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn exec_in_terminal() {
    run_with(&[Mode::Shared], "exec", |docker, _, mut command| {
        let container = Container::run(docker, "sleep 1000");
        let mut terminal = Pty::spawn(command.args([&container.name, "sh"]), 24, 80);
        // A prompt has no newline.
        terminal.await_text("# ");
        assert!(terminal.is_raw());
        for (rows, columns) in [(24, 80), (50, 132)] {
            terminal.resize(rows, columns);
            let expected = format!("is {rows} {columns} now");
            // The window is resized asynchronously, so the shell waits for the new size.
            terminal.write(&format!(
                "until stty size | grep -q '^{rows} {columns}'; do sleep 0.05; done; \
                 echo is $(stty size) now\n"
            ));
            terminal.await_text(&expected);
        }
        // Ctrl-C interrupts the program in the container.
        let script = "trap 'echo caught; exit' INT; echo rea''dy; while :; do sleep 0.05; done";
        terminal.write(&format!("sh -c \"{script}\"\n"));
        terminal.await_text("ready");
        terminal.write("\x03");
        terminal.await_text("caught\r\n");
        terminal.await_text("# ");
        terminal.write("exit 5\n");
        assert_eq!(terminal.wait(LIMIT).code(), Some(5));
        assert!(!terminal.is_raw(), "the terminal mode is restored");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn cp() {
    run_both("cp", |docker, language, command| {
        let container = Container::run(docker, "sleep 1000");
        let path_in_container = |path: &str| format!("{}:{path}", container.name);
        let new_command = || {
            let mut new_command = Command::new(command.get_program());
            new_command.args(command.get_args()).env_clear();
            for (name, value) in command.get_envs() {
                new_command.env(name, value.unwrap());
            }
            new_command
        };
        match language {
            Language::Rust => {
                let dir = TempDir::new();
                let file = dir.write("tree/note", "hello");
                run(new_command().arg(file.parent().unwrap()).arg(path_in_container("/root")))
                    .success();
                let out = dir.join("out");
                fs::create_dir(&out).unwrap();
                run(new_command().arg(path_in_container("/root/tree")).arg(&out)).success();
                assert_eq!(fs::read_to_string(out.join("tree/note")).unwrap(), "hello");
            }
            Language::C => {
                let mut upload =
                    Process::interactive(new_command().args(["-", &path_in_container("/root")]));
                upload.write(tar(&[("tree/note", b"hello")]));
                drop(upload.close_stdin());
                upload.wait(LIMIT).success();
                let tar =
                    run(new_command().args([&path_in_container("/root/tree"), "-"])).success();
                assert!(tar.contains("tree/note") && tar.contains("hello"), "{tar:?}");
            }
        }
        let missing = run(new_command().args([&path_in_container("/missing"), "-"]));
        assert_eq!(missing.status.code(), Some(1), "{missing:?}");
    });
}

/// An object with a fixed name, deleted by path in case the example fails.
struct DeleteOnDrop<'a>(&'a Context, &'a str);

impl Drop for DeleteOnDrop<'_> {
    fn drop(&mut self) {
        let mut request = raw("DELETE", self.1, "");
        if self.1.starts_with("/containers/") {
            request.query = vec![("force".to_owned(), "1".to_owned())];
        }
        let result = self.0.raw(&request);
        let deleted = matches!(result, Err(Error::NotFound(_)));
        assert!(deleted || std::thread::panicking(), "{} was not deleted: {result:?}", self.1);
    }
}

/// The examples in the documentation of the resource types.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn resources() {
    let program = build_rust_examples().join("resources");
    live(move |docker| {
        let program = |name: &str| {
            let mut command = Command::new(&program);
            command.env_clear().env("DOCKER_HOST", docker.endpoint().to_string());
            run(command.arg(name))
        };
        let _greeter = DeleteOnDrop(docker, "/containers/dockline-greeter");
        assert_eq!(program("containers").success(), "hello\nexit code 3\n");

        let _tag = DeleteOnDrop(docker, "/images/dockline-example:1.0");
        let output = program("images").success();
        assert!(output.contains("dockline-example:1.0: "), "{output}");
        assert!(output.contains("untagged ") && image_exists(docker, "busybox"), "{output}");

        let pruned = program("builds");
        if is_podman(docker) {
            assert!(pruned.stderr.contains("BuildPrune: Not Found"), "{pruned:?}");
        } else {
            let output = pruned.success();
            assert!(output.contains(" cache records deleted, "), "{output}");
        }

        let _network = DeleteOnDrop(docker, "/networks/dockline-backend");
        let output = program("networks").success();
        assert!(output.starts_with("dockline-backend: subnet "), "{output}");

        let _volume = DeleteOnDrop(docker, "/volumes/dockline-data");
        let output = program("volumes").success();
        assert!(output.starts_with("mounted at /"), "{output}");
        assert!(output.contains("\ndockline-data (local)\n"), "{output}");

        let _counter = DeleteOnDrop(docker, "/containers/dockline-counter");
        assert_eq!(program("exec").success(), "12\nexit code 0\n");

        let output = program("system").success();
        assert!(output.starts_with("engine ") && output.contains(" container"), "{output}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn tour() {
    let mut command = rust("tour");
    live(move |docker| {
        let dir = TempDir::new();
        let rootfs = dir.join("rootfs.tar");
        {
            let container = Container::create(docker, &shell("true"));
            let mut export = docker.containers().export(&container.id).unwrap();
            std::io::copy(&mut export, &mut fs::File::create(&rootfs).unwrap()).unwrap();
        }
        command.env("DOCKER_HOST", docker.endpoint().to_string()).arg(rootfs);
        let output = run(&mut command).success();
        for line in ["out: line 3 of 3", "It exited with code 3", "Container and image are removed"]
        {
            assert!(output.contains(line), "expected {line:?}: {output}");
        }
    });
}
