//! What real containers write: read from their log, followed, and attached to.

use std::io::Write;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::helpers::{Container, LATE, LIMIT, Output, collect, differs, is_podman, live, shell};
use crate::support::{Pattern, difference};
use dockline::model::{ContainerCreateRequest, LogConfig, Timestamp};
use dockline::{
    ContainerAttachOptions, ContainerLogsOptions, Context, Duplex, Logs, StdStream, Tail, TimeBound,
};

/// A shell script on a terminal, with input.
fn terminal(script: &str) -> ContainerCreateRequest {
    let mut request = with_input(script);
    request.config.tty = true;
    request
}

/// A shell script that reads until the caller ends the input.
fn with_input(script: &str) -> ContainerCreateRequest {
    let mut request = shell(script);
    request.config.open_stdin = true;
    request.config.stdin_once = true;
    request
}

fn follow() -> ContainerLogsOptions {
    ContainerLogsOptions { follow: true, ..ContainerLogsOptions::default() }
}

/// Attaches to a container that does not run yet, so that nothing is missed, and starts it.
#[track_caller]
fn attach_and_start(docker: &Context, request: &ContainerCreateRequest) -> (Container, Duplex) {
    let container = Container::create(docker, request);
    let duplex = docker.containers().attach(&container.id, &Default::default()).unwrap();
    container.start();
    (container, duplex)
}

/// Reads until `text` has come, whatever comes with it.
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

// ---- what the log holds

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn both_streams_apart() {
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
fn nothing_written() {
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
            differs("ContainerLogs", "times are told in whole seconds");
            assert!(lines.is_sorted_by(|(a, _), (b, _)| a <= b), "{lines:?}");
            assert!(lines.iter().all(|(time, _)| time % 1_000_000_000 == 0), "{lines:?}");
            return;
        }
        assert!(lines.is_sorted_by(|(a, _), (b, _)| a < b), "{lines:?}");
        let age = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos()
            as i64
            - lines[0].0;
        assert!(age < 60_000_000_000, "{age} ns old");

        // To the nanosecond, both ends included.
        let at = |index: usize| Some(TimeBound::unix_nanos(lines[index].0));
        let after = |index: usize| Some(TimeBound::unix_nanos(lines[index].0 + 1));
        let before = |index: usize| Some(TimeBound::unix_nanos(lines[index].0 - 1));
        assert_eq!(read(at(2), None), lines[2..]);
        assert_eq!(read(after(2), None), lines[3..]);
        assert_eq!(read(None, at(2)), lines[..=2]);
        assert_eq!(read(None, before(2)), lines[..2]);
        assert_eq!(read(at(1), at(3)), lines[1..=3]);
        assert_eq!(read(after(4), None), []);
        // Without `timestamps` the lines come as they were written.
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
            differs("ContainerLogs", "`details` adds nothing");
            assert_eq!(output.out(), "text\n");
        } else {
            assert_eq!(output.out(), "colour=sea+green text\n");
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn a_log_that_cannot_be_read() {
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
        let words =
            if is_podman(docker) { "not logging output" } else { "does not support reading" };
        assert!(error.to_string().contains(words), "{error}");
    });
}

// ---- following

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn follow_gives_what_comes_and_ends_with_the_container() {
    live(|docker| {
        let mut request = with_input("while read line; do echo heard $line; done; exit 3");
        request.config.attach_stdin = true;
        let (container, mut duplex) = attach_and_start(docker, &request);
        if is_podman(docker) {
            differs("ContainerLogs", "with `follow`, the response begins with the first output");
            duplex.input().send(b"one\n").unwrap();
            let mut logs = docker.containers().logs(&container.id, &follow()).unwrap();
            assert_eq!(read_until(&mut logs, "\n").out(), "heard one\n");
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
            assert_eq!(output.out(), format!("heard {word}\n"));
            assert!(container.inspect().state.running);
        }
        duplex.input().close().unwrap();
        assert!(logs.next().is_none());
        assert!(logs.next().is_none());
        assert_eq!(container.wait(), 3);
        // All of it is there to be read again, followed or not.
        let all = "heard one\nheard two\nheard three\n";
        assert_eq!(
            (container.output().out(), container.logs(&follow()).out()),
            (all.into(), all.into())
        );
    });
}

/// By the wait its end is known, and told from that of the engine.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn until_the_exit() {
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
fn follow_from_the_end() {
    live(|docker| {
        let (container, mut duplex) =
            attach_and_start(docker, &with_input("echo old; while read line; do echo $line; done"));
        read_until(duplex.output(), "old\n");
        container.await_output("old\n");
        let options = ContainerLogsOptions { tail: Tail::Last(0), ..follow() };
        if is_podman(docker) {
            // Its response begins with the first line after it looks at the log.
            let heard = crate::support::Gate::new();
            thread::scope(|scope| {
                scope.spawn(|| {
                    while !heard.wait(Duration::from_millis(50)) {
                        duplex.input().send(b"new\n").unwrap();
                    }
                });
                let logs = docker.containers().logs(&container.id, &options);
                let first = logs.map(|mut logs| logs.next());
                heard.open();
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
            differs("ContainerLogs", "with `follow`, `until` does not end the stream");
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
fn the_log_of_a_terminal_is_raw() {
    live(|docker| {
        let mut request = shell("printf 'one\\ntwo' >&2");
        request.config.tty = true;
        let container = Container::create(docker, &request);
        container.start();
        container.wait();
        for options in [ContainerLogsOptions::default(), follow()] {
            let logs = docker.containers().logs(&container.id, &options).unwrap();
            assert!(logs.is_terminal());
            // A terminal has one output, and turns line ends into its own.
            let expected = Output { stdout: b"one\r\ntwo".into(), stderr: vec![] };
            assert_eq!(collect(logs).unwrap(), expected);
        }
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn a_log_of_a_terminal_is_followed_line_by_line() {
    live(|docker| {
        let request =
            terminal("stty -echo; echo ready; while read line; do echo heard $line; done");
        let (container, mut duplex) = attach_and_start(docker, &request);
        let mut logs = docker.containers().logs(&container.id, &follow()).unwrap();
        read_until(&mut logs, "ready\r\n");
        duplex.input().send(b"one\n").unwrap();
        assert_eq!(read_until(&mut logs, "\n").out(), "heard one\r\n");
        container.stop();
        assert!(logs.next().is_none());
    });
}

// ---- attached

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn a_prompt_without_a_line_end_arrives_at_once() {
    live(|docker| {
        let script =
            "stty -echo 2>/dev/null; printf 'name? '; read name; printf \"hello $name\"; exit 3";
        for (request, end) in
            [(terminal(script), "hello sea\r\n"), (with_input(script), "hello sea")]
        {
            let (container, mut duplex) = attach_and_start(docker, &request);
            assert_eq!(duplex.output().is_terminal(), request.config.tty);
            // It waits for us, so this is all it has written.
            assert_eq!(duplex.output().next().unwrap().unwrap().data, b"name? ");
            duplex.input().write_all(b"sea\n").unwrap();
            let rest = collect(duplex.output()).unwrap();
            assert_eq!((rest.out().as_str(), rest.err().as_str()), (end.trim_end(), ""));
            assert_eq!(container.wait(), 3);
        }
    });
}

/// Makes a container write `count` bytes of a text to stdout or stderr, in one write.
const WRITER: &str = r#"
    seq 1 200000 | tr '\n' ' ' >/tmp/text
    while read stream count; do
        if [ $stream = 1 ]; then dd if=/tmp/text bs=$count count=1 2>/dev/null
        else dd if=/tmp/text bs=$count count=1 >&2 2>/dev/null; fi
    done"#;

/// The numbers from 1 on, each with `end` behind it, as `seq` writes them.
fn numbers(last: u32, end: char) -> Vec<u8> {
    (1..=last).map(|number| format!("{number}{end}")).collect::<String>().into_bytes()
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn writes_of_1_byte_to_1_mib_apart_and_in_order() {
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
        // One line, which the log holds in pieces.
        let text = numbers(200_000, ' ');
        let mut writer = with_input(WRITER);
        // One file, so that nothing is rotated away.
        writer.host_config.log_config.r#type = "json-file".into();
        let (container, mut duplex) = attach_and_start(docker, &writer);
        let mut all = Output::default();
        for (stream, count) in WRITES {
            duplex.input().send(format!("{stream} {count}\n").as_bytes()).unwrap();
            // The next write is only asked for when this one is here, so the order is certain.
            let mut got = Vec::new();
            while got.len() < count {
                let frame = duplex.output().next().unwrap().unwrap();
                let from = if stream == 1 { StdStream::Stdout } else { StdStream::Stderr };
                assert_eq!(frame.stream, from);
                all.add(&frame);
                got.extend_from_slice(&frame.data);
            }
            assert_eq!(difference(&text[..count], &got), None);
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
fn both_streams_at_once_and_much() {
    live(|docker| {
        // It waits for us to read all: Docker 20.10 may drop the rest of a followed log when the
        // container ends.
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
        for (what, output) in [("attached", attached), ("followed", followed)] {
            assert_eq!(difference(&text, &output.stdout), None, "{what}");
            assert_eq!(difference(&text, &output.stderr), None, "{what}");
        }
    });
}

/// Bytes that are no text, in both directions at once, and the end of input while output goes on.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn input_comes_back_as_output() {
    live(|docker| {
        let (container, duplex) = attach_and_start(docker, &with_input("cat; echo done >&2"));
        let sent = Pattern::bytes(8 << 20);
        let (output, mut input) = duplex.split();
        let got = thread::scope(|scope| {
            let got = scope.spawn(|| collect(output).unwrap());
            input.send(&sent).unwrap();
            input.close().unwrap();
            got.join().unwrap()
        });
        assert_eq!(difference(&sent, &got.stdout), None);
        assert_eq!(got.err(), "done\n");
        assert_eq!(container.wait(), 0);
        assert!(input.send(b"more").is_err());
    });
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn the_end_of_the_input_is_seen() {
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
fn attached_with_what_was_before() {
    live(|docker| {
        let container =
            Container::create(docker, &with_input("echo before; read line; echo after"));
        container.start();
        container.await_output("before\n");
        let options = ContainerAttachOptions { logs: true, ..Default::default() };
        let mut duplex = docker.containers().attach(&container.id, &options).unwrap();
        if is_podman(docker) {
            differs(
                "ContainerAttach",
                "with `logs`, frames are told one byte shorter than they are",
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
fn attached_to_one_stream() {
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
            differs("ContainerAttach", "both streams come, whichever was asked for");
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
fn the_size_of_the_terminal() {
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

/// Leaving does not end the container.
#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn a_stream_that_is_dropped_leaves_the_container_alone() {
    live(|docker| {
        let script = "while :; do echo tick; sleep 0.05; done";
        let (container, mut duplex) = attach_and_start(docker, &shell(script));
        read_until(duplex.output(), "tick");
        let mut logs = docker.containers().logs(&container.id, &follow()).unwrap();
        read_until(&mut logs, "tick");
        let began = Instant::now();
        drop((duplex, logs));
        assert!(began.elapsed() < LATE);
        let ticks = || container.output().out().lines().count();
        let before = ticks();
        crate::support::eventually(LIMIT, "it goes on ticking", || ticks() > before);
        assert!(container.inspect().state.running);
    });
}
