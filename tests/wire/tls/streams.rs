//! Data over TLS arrives as over any other transport.

use std::thread;
use std::time::{Duration, Instant};

use crate::exec::assert_cancel_ends_blocked_writer;
use crate::support::*;
use dockline::model::ExecStartRequest;
use dockline::*;

/// An engine with `--tlsverify`, and a context of API 1.43 for it.
fn engine() -> (FakeEngine, TlsFront, Context) {
    engine_with(TlsBehaviour::default())
}

fn engine_with(manners: TlsBehaviour) -> (FakeEngine, TlsFront, Context) {
    let authority = Authority::new();
    let fake = FakeEngine::unix();
    let front = TlsFront::with_behaviour(fake.path(), authority.server(Clients::Signed), manners);
    let docker = front.speaking("1.43", authority.with_client_certificate());
    (fake, front, docker)
}

/// Starts an exec with a terminal, whose output is raw, and then runs `script`.
fn start_exec(
    fake: &FakeEngine,
    docker: &Context,
    script: impl FnOnce(&mut Conn) -> std::result::Result<(), Fault> + Send + 'static,
) -> Duplex {
    let head = head(["HTTP/1.1 101 UPGRADED", "Connection: Upgrade", "Upgrade: tcp"]);
    fake.expect_request(Expected::new("POST /v1.43/exec/e1/start").any_body())
        .send(head)
        .talk(script);
    let body = ExecStartRequest { tty: true, ..Default::default() };
    docker.exec().start("e1", &body).unwrap()
}

fn next(duplex: &mut Duplex) -> Result<Option<Vec<u8>>> {
    duplex.output().next().transpose().map(|frame| frame.map(|frame| frame.data))
}

/// A response split into two records at every byte, then in TCP segments of one byte.
#[test]
fn split_at_every_byte() {
    let response = Response::json(r#"[{"Id":"a"},{"Id":"b"}]"#).to_bytes();
    let list = |docker: &Context| -> Vec<String> {
        let all = docker.containers().list(&Default::default()).unwrap();
        all.into_iter().map(|container| container.id).collect()
    };
    let (fake, _front, docker) = engine();
    for at in 0..=response.len() {
        fake.expect_request(Expected::new("GET /v1.43/containers/json"));
        match at {
            0 => fake.send_bytewise(&response),
            at => fake.send_split(&response, at),
        };
        assert_eq!(list(&docker), ["a", "b"], "split at {at}");
    }
    fake.finish();

    let (fake, _front, docker) =
        engine_with(TlsBehaviour { bytewise: true, ..TlsBehaviour::default() });
    for _ in 0..3 {
        fake.exchange("GET /v1.43/containers/json", Response::json(r#"[{"Id":"a"},{"Id":"b"}]"#));
        assert_eq!(list(&docker), ["a", "b"]);
    }
    fake.finish();
}

#[test]
fn keeps_connection() {
    let (fake, _front, docker) = engine();
    fake.accept();
    for _ in 0..100 {
        fake.exchange("GET /v1.43/info", Response::json("{}"));
        docker.system().info().unwrap();
    }
    fake.finish();
}

/// A connection closed while idle, with and without close_notify: a GET request is repeated on a new one.
#[test]
fn retries_on_stale_connection() {
    for abrupt in [false, true] {
        let (fake, _front, docker) =
            engine_with(TlsBehaviour { abrupt, ..TlsBehaviour::default() });
        for _ in 0..20 {
            fake.accept().exchange("GET /v1.43/info", Response::json("{}"));
            docker.system().info().unwrap();
            fake.close();
            fake.sync();
        }
        fake.finish();
    }
}

#[test]
fn half_close_keeps_output_open() {
    let (fake, _front, docker) = engine();
    let mut duplex = start_exec(&fake, &docker, |conn| {
        conn.expect(b"hello")?;
        conn.expect_end()?;
        conn.send(b"olleh")
    });
    fake.close();
    duplex.input().send(b"hello").unwrap();
    duplex.input().close().unwrap();
    assert!(duplex.input().send(b"more").is_err());
    assert_eq!(next(&mut duplex).unwrap().unwrap(), b"olleh");
    assert_eq!(next(&mut duplex).unwrap(), None);
    drop(duplex);
    fake.finish();
}

/// 100 MB in each direction, independently.
#[test]
fn large_data_in_both_directions() {
    const LENGTH: u64 = 100 * 1024 * 1024;
    let (fake, _front, docker) = engine();
    let (mut output, mut input) = start_exec(&fake, &docker, Conn::echo).split();
    fake.drain();
    within(LIMIT, move || {
        let writer = thread::spawn(move || {
            let mut pattern = Pattern::new(LENGTH);
            while !pattern.piece().is_empty() {
                input.send(pattern.piece()).unwrap();
                pattern.advance(pattern.piece().len());
            }
            input.close().unwrap();
        });
        let mut pattern = Pattern::new(LENGTH);
        while let Some((_, data)) = output.next_frame().unwrap() {
            pattern.check(data).unwrap();
        }
        pattern.complete().unwrap();
        writer.join().unwrap();
    });
    fake.finish();
}

/// The engine does not read, and the client does not read what the engine sends. The write times out, and received
/// data stays readable.
#[test]
fn stalled_writer_times_out() {
    let (fake, _front, docker) = engine();
    let wait = Duration::from_secs(2);
    let docker = docker.with_timeouts(Timeouts { write: Some(wait), ..Timeouts::default() });
    let gate = Gate::new();
    let held = gate.clone();
    let mut duplex = start_exec(&fake, &docker, move |conn| {
        conn.send(&Pattern::bytes(1000))?;
        conn.pass(&held)
    });
    fake.abort();
    within(LIMIT, move || {
        let block = vec![b'x'; 1024 * 1024];
        let error = (0..100).find_map(|_| duplex.input().send(&block).err()).unwrap();
        assert!(
            matches!(error, Error::Timeout { what: "the engine accepted no data", .. }),
            "{error:?}"
        );
        assert_eq!(next(&mut duplex).unwrap().unwrap(), Pattern::bytes(1000));
        gate.open();
    });
    fake.finish();
}

#[test]
fn cancel_from_another_thread() {
    let (fake, _front, docker) = engine();
    let duplex = start_exec(&fake, &docker, |_| Ok(()));
    fake.drain();
    let token = duplex.cancel_token();
    let (mut output, mut input) = duplex.split();
    let reader = thread::spawn(move || output.next().unwrap().unwrap_err());
    token.cancel();
    let error = within(LIMIT, || reader.join().unwrap());
    assert!(matches!(error, Error::Cancelled { .. }), "{error:?}");
    let error = input.send(b"x").unwrap_err();
    assert!(matches!(error, Error::Cancelled { .. }), "{error:?}");
    drop(input);
    fake.finish();
}

/// A cancel does not wait for a blocked writer.
#[test]
fn cancel_blocked_writer() {
    let (fake, _front, docker) = engine();
    let gate = Gate::new();
    let held = gate.clone();
    let duplex = start_exec(&fake, &docker, move |conn| conn.pass(&held));
    fake.abort();
    assert_cancel_ends_blocked_writer(duplex);
    gate.open();
    fake.finish();
}

#[test]
fn idle_timeouts() {
    let (fake, _front, docker) = engine();
    let wait = Duration::from_secs(2);
    let timeouts = Timeouts { read: Some(wait), stream: Some(wait), ..Timeouts::default() };
    let docker = docker.with_timeouts(timeouts);

    fake.expect_request(Expected::new("GET /v1.43/info")).drain();
    let start = Instant::now();
    let error = docker.system().info().unwrap_err();
    assert!(matches!(error, Error::Timeout { what: "the engine sent no data", .. }), "{error:?}");
    assert!((wait..MAX_DELAY).contains(&start.elapsed()), "{:?}", start.elapsed());

    let mut duplex = start_exec(&fake, &docker, |conn| conn.send(b"x"));
    fake.drain();
    assert_eq!(next(&mut duplex).unwrap().unwrap(), b"x");
    let error = next(&mut duplex).unwrap_err();
    assert!(matches!(error, Error::Timeout { what: "the engine sent no data", .. }), "{error:?}");
    drop(duplex);
    fake.finish();
}

/// A deadline passes even if data keeps arriving.
#[test]
fn deadline() {
    let (fake, _front, docker) = engine();
    fake.exchange("GET /v1.43/info", Response::json("{}"));
    docker.system().info().unwrap();
    fake.expect_request(Expected::new("GET /v1.43/info"));
    fake.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n").talk(|conn| {
        while let Ok(None) = conn.fill_until(Some(Instant::now() + Duration::from_millis(10))) {
            conn.send(b" ")?;
        }
        Ok(())
    });
    fake.abort();
    let after = Duration::from_secs(2);
    let timeouts = Timeouts { deadline: Some(after), ..Timeouts::default() };
    let error = docker.with_timeouts(timeouts).system().info().unwrap_err();
    assert!(matches!(error, Error::Timeout { what: "the deadline passed", .. }), "{error:?}");
    fake.finish();
}

/// A body delimited by the connection requires close_notify, as the end could be a truncation attack.
#[test]
fn body_without_close_notify() {
    for (abrupt, is_complete) in [(false, true), (true, false)] {
        let (fake, _front, docker) =
            engine_with(TlsBehaviour { abrupt, ..TlsBehaviour::default() });
        fake.expect_request(Expected::new("GET /v1.43/images/busybox/get"));
        fake.send("HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\n\r\nhalf a tar").abort();
        let mut tar = Vec::new();
        let mut download = docker.images().get("busybox", &Default::default()).unwrap();
        match download.copy_to(&mut tar) {
            Ok(_) => assert!(is_complete),
            Err(error) => {
                assert!(!is_complete && matches!(error, Error::Disconnected { .. }), "{error:?}");
                let expected = "it ended without close_notify";
                assert!(error.to_string().contains(expected), "{error}");
            }
        }
        assert_eq!(tar, b"half a tar");
        drop(download);

        // Bodies with a length or chunks do not require it.
        for response in [
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        ] {
            fake.expect_request(Expected::new("GET /v1.43/info")).send(response).abort();
            docker.system().info().unwrap();
        }
        fake.finish();
    }
}

/// An error response is received while the body is still being sent.
#[test]
fn error_response_interrupts_upload() {
    let (fake, _front, docker) = engine();
    fake.talk(|conn| RecordedRequest::read_head(conn, 0).map(drop));
    fake.send(Response::error(500, "no space left").to_bytes()).abort();
    within(LIMIT, move || {
        let mut endless = std::io::repeat(b'x');
        let error = docker.images().load(&Default::default(), &mut endless).unwrap_err();
        assert!(matches!(error, Error::Engine(_)), "{error:?}");
        assert!(error.to_string().contains("no space left"), "{error}");
    });
    fake.finish();
}

#[test]
fn large_upload() {
    const LENGTH: u64 = 20 * 1024 * 1024;
    let (fake, _front, docker) = engine();
    fake.exchange_for(
        Expected::new("POST /v1.43/images/load").body(Pattern::bytes(LENGTH as usize)),
        Response::chunked(200).then("{\"stream\":\"done\"}\n"),
    );
    let bytes = Pattern::bytes(LENGTH as usize);
    let progress = docker.images().load(&Default::default(), &mut &bytes[..]).unwrap();
    assert_eq!(progress.count(), 1);
    fake.finish();
}

/// Handshakes, streams and errors.
#[test]
fn leaks_no_descriptors() {
    in_own_process("tls::streams::leaks_no_descriptors", LIMIT, || {
        let authority = Authority::new();
        let responder = Responder::unix(None, |request| match request.path() {
            "/v1.43/info" => Response::json("{}"),
            _ => Response::takeover(101, |conn| conn.drain().map(drop)),
        });
        let front = TlsFront::before(responder.path(), authority.server(Clients::Signed));
        let (with_certificate, without_certificate) =
            (authority.with_client_certificate(), authority.trusted());
        let other = Authority::new().trusted();
        let before = open_descriptors();
        for number in 0..400 {
            let tls = match number % 4 {
                0 => &without_certificate,
                1 => &other,
                _ => &with_certificate,
            };
            let docker = front.speaking("1.43", tls.clone());
            let result = docker.system().info();
            assert_eq!(result.is_ok(), number % 4 > 1, "{result:?}");
            if number % 4 == 3 {
                let body = ExecStartRequest::default();
                docker.exec().start("e1", &body).unwrap().input().send(b"x").unwrap();
            }
        }
        eventually(LIMIT, "all connections are closed", || open_descriptors() == before);
        drop(front);
        responder.finish();
    });
}
