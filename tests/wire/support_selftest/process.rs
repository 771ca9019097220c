//! Child processes, time limits, and resources that a test leaves behind.

use std::io::Write;
use std::net::Shutdown;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::*;

#[test]
fn leaves_no_resources() {
    in_own_process("support_selftest::process::leaves_no_resources", LIMIT, || {
        drop(panic_of(|| panic!("opens the descriptors that a first panic needs")));
        let (descriptors_before, threads_before) = (open_descriptors(), threads());
        let mut dirs = Vec::new();
        for round in 0..3 {
            let engine = FakeEngine::unix();
            dirs.push(engine.path().parent().unwrap().to_path_buf());
            engine.expect(PING).send("x");
            let mut client = connect(&engine);
            client.write_all(PING.as_bytes()).unwrap();
            engine.sync();
            if round > 0 {
                // The round ends with a failed step or with a panic of the test.
                engine.expect("more");
                client.shutdown(Shutdown::Write).unwrap();
                panic_of(|| {
                    let engine = engine;
                    if round == 2 {
                        panic!("panic of the test");
                    }
                    drop(engine);
                });
            } else {
                engine.finish();
            }
            let engine = Responder::unix("1.41", |_| Response::json("[]"));
            dirs.push(engine.path().parent().unwrap().to_path_buf());
            let mut client = connect_path(engine.path());
            client.write_all(PING.as_bytes()).unwrap();
            read_head(&mut client);
            engine.finish();
            let engine = FakeEngine::tcp();
            engine.fill_backlog();
        }
        assert_eq!(open_descriptors(), descriptors_before);
        eventually(LIMIT, "all threads ended", || threads() == threads_before);
        assert!(dirs.iter().all(|dir| !dir.exists()));
    });
}

#[test]
fn own_process_must_be_a_test() {
    let message = panic_of(|| in_own_process("no_such_test", LIMIT, || unreachable!()));
    assert_has(&message, &["no test is called no_such_test"]);
}

#[test]
fn watchdog() {
    assert_eq!(within(LIMIT, || 42), 42);
    assert_eq!(panic_of(|| within(LIMIT, || panic!("inside"))), "inside");
    let gate = Gate::new();
    let hang = {
        let gate = gate.clone();
        move || assert!(gate.wait(LIMIT))
    };
    let message = panic_of(|| within(Duration::from_millis(20), hang));
    assert_eq!(message, "still not done after 20ms");
    eventually(LIMIT, "never", || true);
    let message = panic_of(|| eventually(Duration::from_millis(2), "more", || false));
    assert_eq!(message, "after 2ms still not: more");
    gate.open();
}

#[test]
fn memory() {
    in_own_process("support_selftest::process::memory", LIMIT, || {
        let before = Memory::own();
        assert!(before.resident <= before.peak);
        let block = vec![1_u8; 50_000_000];
        assert!(Memory::own().resident >= before.resident + 45_000_000);
        drop(block);
        assert!(Memory::own().peak >= before.peak + 45_000_000);
        assert!(Memory::own().resident < before.resident + 20_000_000);
    });
}

#[test]
fn children() {
    let output = run(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"]), LIMIT);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!((output.stdout.as_str(), output.stderr.as_str()), ("out\n", "err\n"));
    assert_has(&panic_of(|| drop(output.success())), &["sh: exit status: 3", "out\n", "err\n"]);
    assert_eq!(run(Command::new("echo").arg("hi"), LIMIT).success(), "hi\n");
    let message =
        panic_of(|| drop(run(Command::new("sleep").arg("60"), Duration::from_millis(20))));
    assert_has(&message, &["sleep has not exited after 20ms"]);

    let mut cat = Process::interactive(&mut Command::new("cat"));
    cat.write("one\n");
    cat.wait_stdout("one", LIMIT);
    assert!(cat.memory().peak > 0);
    drop(cat.close_stdin());
    assert_eq!(cat.wait(LIMIT).success(), "one\n");
    let mut ended = Process::spawn(&mut Command::new("true"));
    assert_has(&panic_of(|| ended.wait_stdout("x", LIMIT)), &["did not write \"x\"", "exit"]);
    let sleeper = Process::spawn(Command::new("sleep").arg("60"));
    sleeper.signal(libc::SIGTERM);
    assert!(!sleeper.wait(LIMIT).status.success());

    let sleeper = Process::spawn(Command::new("sleep").arg("60"));
    let proc = format!("/proc/{}", sleeper.pid());
    assert!(Path::new(&proc).exists());
    drop(sleeper);
    assert!(!Path::new(&proc).exists());
}

#[test]
fn temp_dirs() {
    let dir = TempDir::new();
    let path = dir.path().to_path_buf();
    let file = dir.write("a/b.txt", "text");
    assert_eq!(file, path.join("a/b.txt"));
    assert_eq!(std::fs::read_to_string(file).unwrap(), "text");
    assert_ne!(TempDir::new().path(), path);
    drop(dir);
    assert!(!path.exists());
}
