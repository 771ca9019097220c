//! The output of real containers: logs, followed logs and attach.

use std::io::Write;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::helpers::{
    Container, LIMIT, MAX_DELAY, Output, collect, is_podman, live, note_difference, shell,
};
use crate::support::{Pattern, difference};
use dockline::model::{ContainerCreateRequest, LogConfig, Timestamp};
use dockline::{
    ContainerAttachOptions, ContainerLogsOptions, Context, Duplex, Logs, StdStream, Tail, TimeBound,
};

/// Returns the request for a shell script on a terminal, with stdin.
fn terminal(script: &str) -> ContainerCreateRequest {
    let mut request = with_input(script);
    request.config.tty = true;
    request
}

/// Returns the request for a shell script that reads stdin until it is closed.
fn with_input(script: &str) -> ContainerCreateRequest {
    let mut request = shell(script);
    request.config.open_stdin = true;
    request.config.stdin_once = true;
    request
}

fn follow() -> ContainerLogsOptions {
    ContainerLogsOptions { follow: true, ..ContainerLogsOptions::default() }
}

/// Attaches to a container before starting it, so that no output is missed.
#[track_caller]
fn attach_and_start(docker: &Context, request: &ContainerCreateRequest) -> (Container, Duplex) {
    let container = Container::create(docker, request);
    let duplex = docker.containers().attach(&container.id, &Default::default()).unwrap();
    container.start();
    (container, duplex)
}

/// Reads until stdout contains `text`.
#[track_caller]
fn read_until(logs: &mut Logs, text: &str) -> Output {
    let mut output = Output::default();
    while !output.out().contains(text) {
        match logs.next() {
            Some(frame) => output.add(&frame.unwrap()),
            None => panic!("ended before {text:?}: {output:?}"),
        }
    }
    output
}

// ---- logs

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn separates_stdout_and_stderr() {
    live(|docker| {
        let script = "echo one; echo two >&2; echo three; printf four >&2; printf ende";
        let container = Container::run(docker, script);
        container.wait();
        let both = container.output();
        assert_eq!((both.out(), both.err()), ("one\nthree\nende".into(), "two\nfour".into()));
        let only = |stdout: bool, stderr: bool| {
            container.logs(&ContainerLogsOptions { stdout, stderr, ..Default::default() })
        };
        assert_eq!(only(true, false), Output { stderr: vec![], ..both.clone() });
        assert_eq!(only(false, true), Output { stdout: vec![], ..both.clone() });
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn logs_without_output() {
    live(|docker| {
        let container = Container::create(docker, &shell("true"));
        assert_eq!(container.output(), Output::default());
        container.start();
        container.wait();
        assert_eq!(container.output(), Output::default());
        assert_eq!(container.logs(&follow()), Output::default());
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn tail() {
    live(|docker| {
        let container = Container::run(docker, "seq 1 100");
        container.wait();
        let lines = |tail| {
            let output = container.logs(&ContainerLogsOptions { tail, ..Default::default() });
            output.out().lines().map(str::to_owned).collect::<Vec<String>>()
        };
        assert_eq!(lines(Tail::All).len(), 100);
        assert_eq!(lines(Tail::Last(1000)).len(), 100);
        assert_eq!(lines(Tail::Last(3)), ["98", "99", "100"]);
        assert_eq!(lines(Tail::Last(0)), Vec::<String>::new());
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn timestamps_since_and_until() {
    live(|docker| {
        let script = "for i in 1 2 3 4 5; do echo line $i; sleep 0.05; done";
        let container = Container::run(docker, script);
        container.wait();
        let read = |since: Option<TimeBound>, until: Option<TimeBound>| {
            let options =
                ContainerLogsOptions { timestamps: true, since, until, ..Default::default() };
            let lines = container.logs(&options).out();
            let lines = lines.lines().map(|line| {
                let (time, text) = line.split_once(' ').unwrap();
                (
                    i64::try_from(Timestamp::from(time).unix_nanos().unwrap()).unwrap(),
                    text.to_owned(),
                )
            });
            lines.collect::<Vec<(i64, String)>>()
        };
        let lines = read(None, None);
        let texts: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["line 1", "line 2", "line 3", "line 4", "line 5"]);
        if is_podman(docker) {
            note_difference("ContainerLogs", "timestamps are whole seconds");
            assert!(lines.is_sorted_by(|(a, _), (b, _)| a <= b), "{lines:?}");
            assert!(lines.iter().all(|(time, _)| time % 1_000_000_000 == 0), "{lines:?}");
            return;
        }
        assert!(lines.is_sorted_by(|(a, _), (b, _)| a < b), "{lines:?}");
        let age = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos()
            as i64
            - lines[0].0;
        assert!(age < 60_000_000_000, "{age} ns old");

        // `since` and `until` have nanosecond precision; both are inclusive.
        let at = |index: usize| Some(TimeBound::unix_nanos(lines[index].0));
        let after = |index: usize| Some(TimeBound::unix_nanos(lines[index].0 + 1));
        let before = |index: usize| Some(TimeBound::unix_nanos(lines[index].0 - 1));
        assert_eq!(read(at(2), None), lines[2..]);
        assert_eq!(read(after(2), None), lines[3..]);
        assert_eq!(read(None, at(2)), lines[..=2]);
        assert_eq!(read(None, before(2)), lines[..2]);
        assert_eq!(read(at(1), at(3)), lines[1..=3]);
        assert_eq!(read(after(4), None), []);
        // Without `timestamps`.
        let options = ContainerLogsOptions { since: at(3), ..Default::default() };
        assert_eq!(container.logs(&options).out(), "line 4\nline 5\n");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn details() {
    live(|docker| {
        let mut request = shell("echo text");
        request.config.labels.insert("colour".into(), "sea green".into());
        request.host_config.log_config = LogConfig {
            r#type: "json-file".into(),
            config: [("labels", "colour".to_owned())].into(),
        };
        let container = Container::create(docker, &request);
        container.start();
        container.wait();
        let output = container.logs(&ContainerLogsOptions { details: true, ..Default::default() });
        if is_podman(docker) {
            note_difference("ContainerLogs", "`details` adds nothing");
            assert_eq!(output.out(), "text\n");
        } else {
            assert_eq!(output.out(), "colour=sea+green text\n");
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn reports_unreadable_log_driver() {
    live(|docker| {
        let mut request = shell("echo text");
        request.host_config.log_config.r#type = "none".into();
        let container = Container::create(docker, &request);
        container.start();
        container.wait();
        let error = match docker.containers().logs(&container.id, &Default::default()) {
            Ok(logs) => collect(logs).unwrap_err(),
            Err(error) => error,
        };
        assert_eq!(error.operation(), "ContainerLogs");
        let expected =
            if is_podman(docker) { "not logging output" } else { "does not support reading" };
        assert!(error.to_string().contains(expected), "{error}");
    });
}

// ---- followed logs

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn follows_logs_until_exit() {
    live(|docker| {
        let mut request = with_input("while read line; do echo got $line; done; exit 3");
        request.config.attach_stdin = true;
        let (container, mut duplex) = attach_and_start(docker, &request);
        if is_podman(docker) {
            note_difference(
                "ContainerLogs",
                "with `follow`, the response begins with the first output",
            );
            duplex.input().send(b"one\n").unwrap();
            let mut logs = docker.containers().logs(&container.id, &follow()).unwrap();
            assert_eq!(read_until(&mut logs, "\n").out(), "got one\n");
            duplex.input().close().unwrap();
            assert!(logs.next().is_none());
            assert_eq!(container.wait(), 3);
            return;
        }
        let mut logs = docker.containers().logs(&container.id, &follow()).unwrap();
        assert!(!logs.is_terminal());
        for word in ["one", "two", "three"] {
            duplex.input().send(format!("{word}\n").as_bytes()).unwrap();
            let output = read_until(&mut logs, "\n");
            assert_eq!(output.out(), format!("got {word}\n"));
            assert!(container.inspect().state.running);
        }
        duplex.input().close().unwrap();
        assert!(logs.next().is_none());
        assert!(logs.next().is_none());
        assert_eq!(container.wait(), 3);
        // The log can be read again, with and without `follow`.
        let all = "got one\ngot two\ngot three\n";
        assert_eq!(
            (container.output().out(), container.logs(&follow()).out()),
            (all.into(), all.into())
        );
    });
}

/// A wait distinguishes the end of the container from a broken connection.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn until_exit_returns_exit_code() {
    live(|docker| {
        let containers = docker.containers();
        let script = "echo one; sleep 0.3; echo two >&2; printf end; exit 3";
        let (container, duplex) = attach_and_start(docker, &shell(script));
        let waiting = containers.start_wait(&container.id, &Default::default()).unwrap();
        let mut output = duplex.split().0.until_exit(waiting);
        let all = crate::helpers::collect(&mut output).unwrap();
        assert_eq!((all.out(), all.err()), ("one\nend".into(), "two\n".into()));
        assert_eq!(output.finish().unwrap(), 3);

        let container = Container::run(docker, "echo one; sleep 0.3; exit 4");
        let waiting = containers.start_wait(&container.id, &Default::default()).unwrap();
        let logs = containers.logs(&container.id, &follow()).unwrap();
        let mut output = logs.until_exit(waiting);
        assert_eq!(output.next().unwrap().unwrap().data, b"one\n");
        assert_eq!(output.finish().unwrap(), 4);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn follow_with_tail_0() {
    live(|docker| {
        let (container, mut duplex) =
            attach_and_start(docker, &with_input("echo old; while read line; do echo $line; done"));
        read_until(duplex.output(), "old\n");
        container.await_output("old\n");
        let options = ContainerLogsOptions { tail: Tail::Last(0), ..follow() };
        if is_podman(docker) {
            // Podman's response begins with the first line after it has opened the log.
            let received = crate::support::Gate::new();
            thread::scope(|scope| {
                scope.spawn(|| {
                    while !received.wait(Duration::from_millis(50)) {
                        duplex.input().send(b"new\n").unwrap();
                    }
                });
                let logs = docker.containers().logs(&container.id, &options);
                let first = logs.map(|mut logs| logs.next());
                received.open();
                assert_eq!(first.unwrap().unwrap().unwrap().data, b"new\n");
            });
            return;
        }
        let mut logs = docker.containers().logs(&container.id, &options).unwrap();
        duplex.input().send(b"new\n").unwrap();
        assert_eq!(logs.next().unwrap().unwrap().data, b"new\n");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn follow_until() {
    live(|docker| {
        let container = Container::run(docker, "while :; do echo tick; sleep 0.05; done");
        if is_podman(docker) {
            note_difference("ContainerLogs", "with `follow`, `until` does not end the stream");
            let until = Some(TimeBound::from(SystemTime::now() + Duration::from_secs(30)));
            let options = ContainerLogsOptions { until, ..follow() };
            let mut logs = docker.containers().logs(&container.id, &options).unwrap();
            read_until(&mut logs, "tick");
            return;
        }
        let until = Some(TimeBound::from(SystemTime::now() + Duration::from_secs(3)));
        let output = container.logs(&ContainerLogsOptions { until, ..follow() });
        assert!(output.out().lines().count() >= 2, "{output:?}");
        assert!(container.inspect().state.running);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn logs_of_terminal_are_raw() {
    live(|docker| {
        let mut request = shell("printf 'one\\ntwo' >&2");
        request.config.tty = true;
        let container = Container::create(docker, &request);
        container.start();
        container.wait();
        for options in [ContainerLogsOptions::default(), follow()] {
            let logs = docker.containers().logs(&container.id, &options).unwrap();
            assert!(logs.is_terminal());
            // A terminal has a single output and translates newlines.
            let expected = Output { stdout: b"one\r\ntwo".into(), stderr: vec![] };
            assert_eq!(collect(logs).unwrap(), expected);
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn follows_logs_of_terminal() {
    live(|docker| {
        let request = terminal("stty -echo; echo ready; while read line; do echo got $line; done");
        let (container, mut duplex) = attach_and_start(docker, &request);
        let mut logs = docker.containers().logs(&container.id, &follow()).unwrap();
        read_until(&mut logs, "ready\r\n");
        duplex.input().send(b"one\n").unwrap();
        assert_eq!(read_until(&mut logs, "\n").out(), "got one\r\n");
        container.stop();
        assert!(logs.next().is_none());
    });
}

// ---- attach

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn attach_delivers_prompt_without_newline() {
    live(|docker| {
        let script =
            "stty -echo 2>/dev/null; printf 'name? '; read name; printf \"hello $name\"; exit 3";
        for (request, end) in
            [(terminal(script), "hello sea\r\n"), (with_input(script), "hello sea")]
        {
            let (container, mut duplex) = attach_and_start(docker, &request);
            assert_eq!(duplex.output().is_terminal(), request.config.tty);
            // The program is waiting for input, so there is no more output.
            assert_eq!(duplex.output().next().unwrap().unwrap().data, b"name? ");
            duplex.input().write_all(b"sea\n").unwrap();
            let rest = collect(duplex.output()).unwrap();
            assert_eq!((rest.out().as_str(), rest.err().as_str()), (end.trim_end(), ""));
            assert_eq!(container.wait(), 3);
        }
    });
}

/// Writes `count` bytes of a text to stdout or stderr, in one write.
const WRITER: &str = r#"
    seq 1 200000 | tr '\n' ' ' >/tmp/text
    while read stream count; do
        if [ $stream = 1 ]; then dd if=/tmp/text bs=$count count=1 2>/dev/null
        else dd if=/tmp/text bs=$count count=1 >&2 2>/dev/null; fi
    done"#;

/// Returns the numbers from 1 to `last`, each followed by `end`, as `seq` prints them.
fn numbers(last: u32, end: char) -> Vec<u8> {
    (1..=last).map(|number| format!("{number}{end}")).collect::<String>().into_bytes()
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn attach_keeps_order_of_writes_up_to_1_mib() {
    live(|docker| {
        const WRITES: [(u8, usize); 14] = [
            (1, 1),
            (2, 1),
            (1, 2),
            (2, 7),
            (2, 8),
            (1, 9),
            (1, 4_095),
            (2, 4_096),
            (1, 16_384),
            (2, 32_769),
            (1, 65_536),
            (2, 200_000),
            (1, 1 << 20),
            (2, 1 << 20),
        ];
        // A single line, which the log splits.
        let text = numbers(200_000, ' ');
        let mut writer = with_input(WRITER);
        // The `json-file` driver does not rotate the log by default.
        writer.host_config.log_config.r#type = "json-file".into();
        let (container, mut duplex) = attach_and_start(docker, &writer);
        let mut all = Output::default();
        for (stream, count) in WRITES {
            duplex.input().send(format!("{stream} {count}\n").as_bytes()).unwrap();
            // The next write is requested after this one is received, so the order is fixed.
            let mut received = Vec::new();
            while received.len() < count {
                let frame = duplex.output().next().unwrap().unwrap();
                let expected = if stream == 1 { StdStream::Stdout } else { StdStream::Stderr };
                assert_eq!(frame.stream, expected);
                all.add(&frame);
                received.extend_from_slice(&frame.data);
            }
            assert_eq!(difference(&text[..count], &received), None);
        }
        duplex.input().close().unwrap();
        assert_eq!(collect(duplex.output()).unwrap(), Output::default());
        assert_eq!(container.wait(), 0);

        let logged = container.output();
        assert_eq!(difference(&all.stdout, &logged.stdout), None);
        assert_eq!(difference(&all.stderr, &logged.stderr), None);
        assert_eq!(container.logs(&follow()), logged);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn reads_both_streams_concurrently() {
    live(|docker| {
        // The container waits until all output is read: Docker 20.10 may drop the rest of a
        // followed log when the container exits.
        let script = "seq 1 50000 & seq 1 50000 >&2; wait; read line";
        let (container, duplex) = attach_and_start(docker, &with_input(script));
        let mut logs = docker.containers().logs(&container.id, &follow()).unwrap();
        let (output, mut input) = duplex.split();
        let text = numbers(50_000, '\n');
        let (attached, followed) = thread::scope(|scope| {
            let attached = scope.spawn(|| collect(output).unwrap());
            let mut followed = Output::default();
            while followed.stdout.len() < text.len() || followed.stderr.len() < text.len() {
                followed.add(&logs.next().unwrap().unwrap());
            }
            input.close().unwrap();
            (attached.join().unwrap(), followed)
        });
        assert!(logs.next().is_none());
        for (source, output) in [("attached", attached), ("followed", followed)] {
            assert_eq!(difference(&text, &output.stdout), None, "{source}");
            assert_eq!(difference(&text, &output.stderr), None, "{source}");
        }
    });
}

/// Binary data in both directions at once, and a half-close while output continues.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn attach_transfers_binary_data() {
    live(|docker| {
        let (container, duplex) = attach_and_start(docker, &with_input("cat; echo done >&2"));
        let sent = Pattern::bytes(8 << 20);
        let (output, mut input) = duplex.split();
        let received = thread::scope(|scope| {
            let received = scope.spawn(|| collect(output).unwrap());
            input.send(&sent).unwrap();
            input.close().unwrap();
            received.join().unwrap()
        });
        assert_eq!(difference(&sent, &received.stdout), None);
        assert_eq!(received.err(), "done\n");
        assert_eq!(container.wait(), 0);
        assert!(input.send(b"more").is_err());
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn closing_input_ends_stdin() {
    live(|docker| {
        let (container, mut duplex) = attach_and_start(docker, &with_input("wc -c"));
        duplex.input().send(b"x").unwrap();
        duplex.input().close().unwrap();
        assert_eq!(collect(duplex.output()).unwrap().out().trim(), "1");
        assert_eq!(container.wait(), 0);
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn attach_with_logs() {
    live(|docker| {
        let container =
            Container::create(docker, &with_input("echo before; read line; echo after"));
        container.start();
        container.await_output("before\n");
        let options = ContainerAttachOptions { logs: true, ..Default::default() };
        let mut duplex = docker.containers().attach(&container.id, &options).unwrap();
        if is_podman(docker) {
            note_difference(
                "ContainerAttach",
                "with `logs`, the length in the frame header is one byte too short",
            );
            assert_eq!(duplex.output().next().unwrap().unwrap().data, b"before");
            return;
        }
        assert_eq!(read_until(duplex.output(), "before\n").out(), "before\n");
        duplex.input().send(b"go\n").unwrap();
        assert_eq!(collect(duplex.output()).unwrap().out(), "after\n");
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn attach_to_single_stream() {
    live(|docker| {
        let container = Container::create(docker, &shell("echo out; echo err >&2"));
        let only = |stdout: bool, stderr: bool| {
            let options =
                ContainerAttachOptions { stdin: false, stdout, stderr, ..Default::default() };
            docker.containers().attach(&container.id, &options).unwrap().split().0
        };
        let (stdout, stderr) = (only(true, false), only(false, true));
        container.start();
        if is_podman(docker) {
            note_difference("ContainerAttach", "both streams are sent, whichever is requested");
            let both = Output { stdout: b"out\n".into(), stderr: b"err\n".into() };
            assert_eq!((collect(stdout).unwrap(), collect(stderr).unwrap()), (both.clone(), both));
            return;
        }
        assert_eq!(collect(stdout).unwrap(), Output { stdout: b"out\n".into(), stderr: vec![] });
        assert_eq!(collect(stderr).unwrap(), Output { stdout: vec![], stderr: b"err\n".into() });
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn resizes_terminal() {
    live(|docker| {
        let script = "stty -echo; echo ready; while read line; do stty size; done";
        let (container, mut duplex) = attach_and_start(docker, &terminal(script));
        read_until(duplex.output(), "ready\r\n");
        for (h, w) in [(24, 80), (50, 132)] {
            docker.containers().resize(&container.id, h, w).unwrap();
            duplex.input().send(b"size\n").unwrap();
            assert_eq!(read_until(duplex.output(), "\n").out(), format!("{h} {w}\r\n"));
        }
    });
}

/// Dropping the streams does not stop the container.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn dropping_streams_leaves_container_running() {
    live(|docker| {
        let script = "while :; do echo tick; sleep 0.05; done";
        let (container, mut duplex) = attach_and_start(docker, &shell(script));
        read_until(duplex.output(), "tick");
        let mut logs = docker.containers().logs(&container.id, &follow()).unwrap();
        read_until(&mut logs, "tick");
        let start = Instant::now();
        drop((duplex, logs));
        assert!(start.elapsed() < MAX_DELAY);
        let ticks = || container.output().out().lines().count();
        let before = ticks();
        crate::support::eventually(LIMIT, "the container keeps writing", || ticks() > before);
        assert!(container.inspect().state.running);
    });
}
