//! Exec in containers of a real engine.

use std::io::Read;
use std::thread;
use std::time::Duration;

use crate::helpers::{
    Container, LIMIT, PrivateEngine, assert_unsupported, is_podman, live, note_difference,
};
use crate::support::{Digest, Pattern, eventually, within};
use dockline::model::{ContainerExecRequest, ContainerStateStatus, ExecStartRequest};
use dockline::{ApiVersion, CancelToken, Context, Duplex, Error, ExecOutput, Logs, StdStream};

/// Returns a container that only sleeps, for exec.
fn idle(docker: &Context) -> Container {
    Container::run(docker, "sleep 1000")
}

fn shell(script: &str) -> ContainerExecRequest {
    ContainerExecRequest {
        cmd: ["sh", "-c", script].map(str::to_owned).into(),
        ..Default::default()
    }
}

fn with_input(script: &str) -> ContainerExecRequest {
    ContainerExecRequest { attach_stdin: true, ..shell(script) }
}

fn terminal(script: &str) -> ContainerExecRequest {
    ContainerExecRequest { tty: true, ..with_input(script) }
}

/// Runs a script; returns exit code, stdout and stderr.
#[track_caller]
fn run(container: &Container, body: &ContainerExecRequest) -> (i64, String, String) {
    let exec = container.docker.exec();
    texts(exec.run(&container.id, body).unwrap().collect().unwrap())
}

fn texts(output: ExecOutput) -> (i64, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.exit_code, text(output.stdout), text(output.stderr))
}

/// Reads until the output contains `text`.
#[track_caller]
fn await_text(output: &mut Logs, text: &str) {
    let mut seen = Vec::new();
    while let Some((_, data)) = output.next_frame().unwrap() {
        seen.extend_from_slice(data);
        if String::from_utf8_lossy(&seen).contains(text) {
            return;
        }
    }
    panic!("expected {text:?} in {:?}", String::from_utf8_lossy(&seen));
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn closing_input_ends_program() {
    live(|docker| {
        let container = idle(docker);
        let mut wc = docker.exec().run(&container.id, &with_input("wc -c")).unwrap();
        wc.duplex().input().send(b"x").unwrap();
        wc.duplex().input().close().unwrap();
        await_text(wc.duplex().output(), "1\n");
        assert_eq!(wc.finish().unwrap(), 0);

        // Without attach_stdin, stdin is empty.
        assert_eq!(run(&container, &shell("wc -c")), (0, "0\n".into(), String::new()));
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn returns_stdout_stderr_and_exit_code() {
    live(|docker| {
        let container = idle(docker);
        let script = "echo out; echo err >&2; printf end; exit 3";
        let expected = (3, "out\nend".into(), "err\n".into());
        assert_eq!(run(&container, &shell(script)), expected);

        // Only the attached streams are returned.
        for (stdout, stderr, expected) in [
            (true, false, ("out\nend", "")),
            (false, true, ("", "err\n")),
            (false, false, ("", "")),
        ] {
            let body = ContainerExecRequest {
                attach_stdout: stdout,
                attach_stderr: stderr,
                ..shell(script)
            };
            let id = docker.exec().create(&container.id, &body).unwrap().id;
            let started = docker.exec().start(&id, &Default::default());
            if is_podman(docker) && !stdout && !stderr {
                assert_unsupported(&started.unwrap_err(), "at least one stream");
                continue;
            }
            let output = crate::helpers::collect(started.unwrap().output()).unwrap();
            assert_eq!((output.out().as_str(), output.err().as_str()), expected);
            assert_eq!(docker.exec().wait(&id, LIMIT).unwrap(), 3);
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn applies_options() {
    live(|docker| {
        let container = idle(docker);
        let script = "id -u; id -g; pwd; echo \"$A|$EMPTY|$HOME\"; grep CapEff /proc/self/status";
        let plain = shell(script);
        let changed = ContainerExecRequest {
            env: ["A=b \"c\" größer", "EMPTY="].map(str::to_owned).into(),
            user: "65534:12".into(),
            working_dir: "/etc".into(),
            ..plain.clone()
        };
        let (code, output, stderr) = run(&container, &changed);
        assert_eq!(code, 0, "{output}{stderr}");
        assert!(output.starts_with("65534\n12\n/etc\nb \"c\" größer||"), "{output}");

        let capabilities = |body: &ContainerExecRequest| {
            let (_, output, _) = run(&container, body);
            let bits = output.trim().rsplit('\t').next().unwrap();
            u64::from_str_radix(bits, 16).map(u64::count_ones).map_err(|_| output)
        };
        let all = ContainerExecRequest { privileged: true, ..plain.clone() };
        match (capabilities(&plain), capabilities(&all)) {
            (Ok(plain), Ok(all)) => assert!(all > plain),
            // A machine without all capabilities cannot grant them.
            (plain, Err(message)) => {
                assert!(plain.is_ok() && message.contains("apply caps"), "{message}")
            }
            (Err(message), _) => panic!("{message}"),
        }

        let exec = docker.exec().create(&container.id, &terminal("exit 1")).unwrap().id;
        let found = docker.exec().inspect(&exec).unwrap();
        assert_eq!((found.id.as_str(), found.container_id), (exec.as_str(), container.id.clone()));
        // Podman reports 0 as long as there is no exit code.
        let no_exit_code = if is_podman(docker) { Some(0) } else { None };
        assert_eq!((found.running, found.exit_code), (false, no_exit_code));
        assert!(found.process_config.tty && found.open_stdin);
        assert_eq!(found.process_config.entrypoint, "sh");
        assert_eq!(found.process_config.arguments, ["-c", "exit 1"]);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn terminal_delivers_prompt_and_resizes() {
    live(|docker| {
        let container = idle(docker);
        let mut shell = docker.exec().run(&container.id, &terminal("exec sh")).unwrap();
        assert!(shell.duplex().is_terminal());
        // A prompt has no newline.
        await_text(shell.duplex().output(), "# ");
        for (h, w) in [(24, 80), (50, 132)] {
            shell.resize(h, w).unwrap();
            shell.duplex().input().send(b"echo is $(stty size)\n").unwrap();
            await_text(shell.duplex().output(), &format!("is {h} {w}\r\n"));
        }
        shell.duplex().input().send(b"exit 5\n").unwrap();
        assert_eq!(shell.finish().unwrap(), 5);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn console_size_is_initial_terminal_size() {
    live(|docker| {
        let container = idle(docker);
        let sized = ContainerExecRequest { console_size: Some([33, 77]), ..terminal("stty size") };
        let result = docker.exec().run(&container.id, &sized);
        if docker.api_version().unwrap() < ApiVersion::new(1, 42) {
            let error = result.unwrap_err();
            assert!(matches!(error, Error::EngineTooOld { .. }), "{error}");
        } else {
            assert_eq!(texts(result.unwrap().collect().unwrap()).1, "33 77\r\n");
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn detaches_on_detach_keys() {
    live(|docker| {
        let container = idle(docker);
        let body = ContainerExecRequest {
            detach_keys: "ctrl-a,d".into(),
            ..terminal("echo ready; exec sleep 1000")
        };
        let mut sleeper = docker.exec().run(&container.id, &body).unwrap();
        await_text(sleeper.duplex().output(), "ready");
        sleeper.duplex().input().send(b"\x01d").unwrap();
        if is_podman(docker) {
            note_difference("ContainerExec", "the detach keys are ignored");
            let cancel = sleeper.duplex().cancel_token();
            assert!(docker.exec().inspect(sleeper.id()).unwrap().running);
            cancel.cancel();
            return;
        }
        let output = crate::helpers::collect(sleeper.duplex().output()).unwrap().out();
        // Some engines treat detaching as a failure, report it and end the program.
        assert!(output.trim().is_empty() || output.contains("read escape sequence"), "{output}");
    });
}

/// Sends data through `cat` on one thread and reads it on another.
fn through_cat(duplex: Duplex, length: u64) {
    let (mut output, mut input) = duplex.split();
    let writer = thread::spawn(move || {
        let mut pattern = Pattern::new(length);
        while !pattern.piece().is_empty() {
            input.send(pattern.piece()).unwrap();
            pattern.advance(pattern.piece().len());
        }
        input.close().unwrap();
    });
    let (mut digest, mut pattern) = (Digest::new(), Pattern::new(length));
    while let Some((stream, data)) = output.next_frame().unwrap() {
        assert_eq!(stream, StdStream::Stdout);
        digest.update(data);
        pattern.check(data).unwrap();
    }
    pattern.complete().unwrap();
    writer.join().unwrap();
    assert!(digest == Digest::of(&Pattern::bytes(length as usize)));
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn streams_hundred_megabytes_through_cat() {
    live(|docker| {
        let container = idle(docker);
        let cat = docker.exec().run(&container.id, &with_input("exec cat")).unwrap();
        let id = cat.id().to_owned();
        through_cat(cat.into_duplex(), 100 << 20);
        assert_eq!(docker.exec().wait(&id, LIMIT).unwrap(), 0);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn wait_returns_exit_code_of_detached_exec() {
    live(|docker| {
        let container = idle(docker);
        let exec = docker.exec();
        let body = with_input("until test -e /go; do sleep 0.01; done; exit 4");
        let id = exec.create(&container.id, &body).unwrap().id;
        exec.start_detached(&id, &Default::default()).unwrap();
        let limit = Duration::from_millis(20);
        let error = exec.wait(&id, limit).unwrap_err();
        assert!(matches!(error, Error::Timeout { after, .. } if after == limit), "{error}");
        assert!(exec.inspect(&id).unwrap().running);
        assert_eq!(run(&container, &shell("touch /go")).0, 0);
        if is_podman(docker) {
            note_difference(
                "ExecInspect",
                "a wait_returns_exit_code_of_detached_exec program is reported as running for minutes after it has exited",
            );
            assert!(exec.inspect(&id).unwrap().running);
            return;
        }
        assert_eq!(exec.wait(&id, LIMIT).unwrap(), 4);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn cancelling_leaves_program_running() {
    live(|docker| {
        let container = idle(docker);
        let body = with_input("echo ready; exec sleep 1000");
        let mut sleeper = docker.exec().run(&container.id, &body).unwrap();
        await_text(sleeper.duplex().output(), "ready");
        let (id, cancel) = (sleeper.id().to_owned(), sleeper.duplex().cancel_token());
        let reader = thread::spawn(move || {
            let error = sleeper.duplex().output().next().unwrap().unwrap_err();
            (error, sleeper.finish().unwrap_err())
        });
        cancel.cancel();
        let (read, finished) = reader.join().unwrap();
        assert!(matches!(read, Error::Cancelled { operation: "ExecStart" }), "{read}");
        assert!(matches!(finished, Error::Cancelled { .. }), "{finished}");
        assert!(docker.exec().inspect(&id).unwrap().running);

        // A cancel token of the context cancels wait.
        let cancel = CancelToken::new();
        let (cancellable, waited_id) = (docker.with_cancel_token(&cancel), id.clone());
        let waiter = thread::spawn(move || cancellable.exec().wait(&waited_id, Duration::MAX));
        cancel.cancel();
        let error = waiter.join().unwrap().unwrap_err();
        assert!(matches!(error, Error::Cancelled { .. }), "{error}");
        assert!(docker.exec().inspect(&id).unwrap().running);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn dropping_closes_input_and_leaves_program_running() {
    live(|docker| {
        let container = idle(docker);
        let body = with_input("echo ready; cat >/input; touch /ended; exec sleep 1000");
        let mut cat = docker.exec().run(&container.id, &body).unwrap();
        await_text(cat.duplex().output(), "ready");
        cat.duplex().input().send(b"some").unwrap();
        let id = cat.id().to_owned();
        drop(cat);
        eventually(LIMIT, "the program's stdin ends", || {
            run(&container, &shell("test -e /ended && cat /input")) == (0, "some".into(), "".into())
        });
        assert!(docker.exec().inspect(&id).unwrap().running);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn reports_program_that_cannot_start() {
    live(|docker| {
        let container = idle(docker);
        let body = ContainerExecRequest { cmd: ["/no/such"].into(), ..Default::default() };
        let (code, stdout, stderr) = run(&container, &body);
        assert!(matches!(code, 126 | 127), "{code}");
        let output = stdout + &stderr;
        assert!(output.contains("/no/such"), "{output}");

        let id = docker.exec().create(&container.id, &body).unwrap().id;
        let error = docker.exec().start_detached(&id, &Default::default()).unwrap_err();
        assert!(error.api_error().unwrap().message.contains("/no/such"), "{error}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn error_responses() {
    live(|docker| {
        let (container, exec) = (idle(docker), docker.exec());
        let error = exec.create("dockline-test-no-such", &shell("true")).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error}");
        for error in [
            exec.inspect("dead").unwrap_err(),
            exec.resize("dead", 1, 1).unwrap_err(),
            exec.start("dead", &Default::default()).unwrap_err(),
            exec.start_detached("dead", &Default::default()).unwrap_err(),
        ] {
            assert!(matches!(error, Error::NotFound(_)), "{error}");
        }

        let body = ContainerExecRequest { attach_stdout: true, ..shell("true") };
        let id = exec.create(&container.id, &body).unwrap().id;
        crate::helpers::collect(exec.start(&id, &Default::default()).unwrap().output()).unwrap();
        assert_eq!(exec.wait(&id, LIMIT).unwrap(), 0);
        // An exec runs once. Docker hands over the connection before it checks that.
        let error = exec.start_detached(&id, &Default::default()).unwrap_err();
        let podman = is_podman(docker) && matches!(error, Error::Engine(_));
        assert!(matches!(error, Error::Conflict(_)) || podman, "{error}");
        match exec.start(&id, &Default::default()) {
            Ok(mut duplex) => {
                let output = crate::helpers::collect(duplex.output()).unwrap().out();
                assert!(output.contains("has already run"), "{output}");
            }
            Err(error) => assert!(is_podman(docker) && error.api_error().is_some(), "{error}"),
        }

        docker.containers().pause(&container.id).unwrap();
        let error = exec.create(&container.id, &shell("true")).unwrap_err();
        assert!(matches!(error, Error::Conflict(_)), "paused: {error}");
        docker.containers().unpause(&container.id).unwrap();

        // Docker learns of the pause by an event, which may be processed after the unpause.
        let mut created = None;
        eventually(LIMIT, "an exec after the unpause", || {
            created = exec.create(&container.id, &shell("true")).ok();
            created.is_some()
        });
        let not_started = created.unwrap().id;
        container.stop();
        let error = exec.create(&container.id, &shell("true")).unwrap_err();
        let podman = |error: &Error| is_podman(docker) && matches!(error, Error::Engine(_));
        assert!(matches!(error, Error::Conflict(_)) || podman(&error), "stopped: {error}");
        let error = exec.start(&not_started, &Default::default()).unwrap_err();
        let refused = matches!(error, Error::Conflict(_) | Error::NotFound(_));
        assert!(refused || podman(&error), "{error}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn output_ends_when_container_stops() {
    live(|docker| {
        let container = idle(docker);
        let body = with_input("echo ready; exec sleep 1000");
        let mut sleeper = docker.exec().run(&container.id, &body).unwrap();
        await_text(sleeper.duplex().output(), "ready");
        container.stop();
        assert!(sleeper.duplex().output().next().is_none(), "the output ends without an error");
        assert_eq!(sleeper.finish().unwrap(), 137);
        assert_eq!(container.inspect().state.status, ContainerStateStatus::Exited);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn reports_killed_engine() {
    within(LIMIT, || {
        let engine = PrivateEngine::start();
        let docker = engine.docker();
        let container = idle(&docker);
        let body = with_input("echo ready; exec sleep 1000");
        let mut sleeper = docker.exec().run(&container.id, &body).unwrap();
        await_text(sleeper.duplex().output(), "ready");
        engine.kill();
        // The kernel closes the connection or resets it.
        match sleeper.duplex().output().next() {
            None | Some(Err(Error::Disconnected { .. })) => {}
            other => panic!("{other:?}"),
        }
        let error = sleeper.finish().unwrap_err();
        let expected = matches!(error, Error::Connect { .. } | Error::Disconnected { .. });
        assert!(expected, "{error}");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn starts_with_and_without_upgrade() {
    live(|docker| {
        let container = idle(docker);
        // Engines respond with 101 or 200. Raw requests do not ask for an upgrade.
        let id = docker.exec().create(
            &container.id,
            &ContainerExecRequest { attach_stdout: true, ..shell("printf some") },
        );
        let request = crate::helpers::raw("POST", format!("/exec/{}/start", id.unwrap().id), "{}");
        let mut response = docker.raw_stream(&request, None).unwrap();
        let mut bytes = Vec::new();
        response.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, crate::support::frame(1, "some"));

        // With a terminal, the output is the same in both cases.
        for upgrade in [true, false] {
            let body =
                ContainerExecRequest { attach_stdout: true, tty: true, ..shell("printf some") };
            let id = docker.exec().create(&container.id, &body).unwrap().id;
            let start = ExecStartRequest { tty: true, ..Default::default() };
            let mut bytes = Vec::new();
            if upgrade {
                let mut duplex = docker.exec().start(&id, &start).unwrap();
                bytes = crate::helpers::collect(duplex.output()).unwrap().stdout;
            } else {
                let path = format!("/exec/{id}/start");
                let request = crate::helpers::raw("POST", path, r#"{"Tty":true}"#);
                let mut response = docker.raw_stream(&request, None).unwrap();
                response.read_to_end(&mut bytes).unwrap();
            }
            assert_eq!(bytes, b"some");
        }
    });
}
