//! Uploads: chunked request bodies, and responses that arrive while they are sent.

use std::io::{self, Read};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::support::*;
use dockline::model::ProgressMessage;
use dockline::*;

const LINE: &str = "POST /v1.41/images/create?fromSrc=-";

fn upload(docker: &Context, reader: &mut dyn Read) -> Result<Progress<ProgressMessage>> {
    let options = ImageCreateOptions { from_src: "-".into(), ..Default::default() };
    docker.images().create(&options, Some(reader))
}

/// A reader that returns these pieces, one for each call.
struct Pieces<I>(I);

impl<I: Iterator<Item = io::Result<Vec<u8>>>> Read for Pieces<I> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.next() {
            None => Ok(0),
            Some(Err(error)) => Err(error),
            Some(Ok(piece)) => {
                buffer[..piece.len()].copy_from_slice(&piece);
                Ok(piece.len())
            }
        }
    }
}

fn pieces<const N: usize>(pieces: [io::Result<&[u8]>; N]) -> impl Read {
    Pieces(pieces.map(|piece| piece.map(<[u8]>::to_vec)).into_iter())
}

// Request bodies.

#[test]
fn exact_bytes() {
    let interrupted = || Err(io::ErrorKind::Interrupted.into());
    for (mut reader, body) in [
        (Box::new(io::empty()) as Box<dyn Read>, "0\r\n\r\n"),
        (Box::new(&b"tar"[..]), "3\r\ntar\r\n0\r\n\r\n"),
        (Box::new(&b"0\r\n\r\n0123456789a"[..]), "10\r\n0\r\n\r\n0123456789a\r\n0\r\n\r\n"),
        // Each piece is sent when it is read.
        (
            Box::new(pieces([Ok(b"a"), interrupted(), Ok(b"bc"), interrupted(), interrupted()])),
            "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
        ),
    ] {
        let engine = FakeEngine::unix();
        let head = head([
            "POST /v1.41/images/create?fromSrc=- HTTP/1.1",
            "transfer-encoding: chunked",
            "user-agent: dockline/VERSION",
            "accept: */*",
            "host: localhost",
            "content-type: application/x-tar",
        ]);
        engine.expect(head + body).reply(Response::chunked(200));
        let docker = speaking(&engine.host(), "1.41");
        upload(&docker, &mut reader).unwrap().finish().unwrap();
        engine.finish();
    }
}

#[test]
fn large_bodies() {
    for engine in [FakeEngine::unix(), FakeEngine::tcp()] {
        for length in [65_535, 65_536, 65_537, 20_000_000] {
            let expected = Expected::new(LINE).chunked().pattern(length);
            engine.accept().exchange_for(expected, Response::chunked(200));
            let docker = speaking(&engine.host(), "1.41");
            upload(&docker, &mut Pattern::new(length)).unwrap().finish().unwrap();
        }
        engine.finish();
    }
}

/// The engine receives the first piece before the second is read.
#[test]
fn streams_without_buffering() {
    let engine = FakeEngine::unix();
    let arrived = Gate::new();
    engine
        .talk(|conn| RecordedRequest::read_head(conn, 0).map(drop))
        .expect("5\r\nfirst\r\n")
        .open(&arrived)
        .expect("6\r\nsecond\r\n0\r\n\r\n")
        .reply(Response::chunked(200));
    let mut first = true;
    let mut reader = Pieces(
        std::iter::from_fn(|| {
            if std::mem::take(&mut first) {
                return Some(Ok(b"first".to_vec()));
            }
            assert!(arrived.wait(LIMIT));
            Some(Ok(b"second".to_vec()))
        })
        .take(2),
    );
    upload(&speaking(&engine.host(), "1.41"), &mut reader).unwrap().finish().unwrap();
    engine.finish();
}

/// A raw request with its own content type.
#[test]
fn raw_request() {
    let engine = FakeEngine::unix();
    let expected = Expected::new("PUT /v1.41/x?a=1")
        .chunked()
        .header("Content-Type", "application/gzip")
        .pattern(100_000);
    engine.exchange_for(expected, Response::sized(200).then("done"));
    let request = RawRequest {
        method: "PUT".into(),
        path: "/x".into(),
        query: vec![("a".into(), "1".into())],
        content_type: "application/gzip".into(),
        ..RawRequest::default()
    };
    let docker = speaking(&engine.host(), "1.41");
    let mut response = docker.raw_stream(&request, Some(&mut Pattern::new(100_000))).unwrap();
    assert_eq!(io::read_to_string(&mut response).unwrap(), "done");
    engine.finish();
    let with_body = RawRequest { body: b"x".to_vec(), ..request };
    let error = docker.raw_stream(&with_body, Some(&mut &b"y"[..])).unwrap_err();
    assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
}

// Responses during the upload.

/// Sends an error response in the middle of an endless upload. Returns the error, and the time until it was returned.
fn interrupt_upload(
    engine: FakeEngine,
    error_response: Vec<u8>,
    then: impl FnOnce(&FakeEngine),
    upload: impl FnOnce(&Context) -> Error,
) -> (Error, Duration) {
    let sent = Arc::new(Mutex::new(None));
    engine.talk({
        let sent = Arc::clone(&sent);
        move |conn| {
            RecordedRequest::read_head(conn, 0)?;
            while conn.unread().len() < 200_000 {
                conn.fill()?;
            }
            *sent.lock().unwrap() = Some(Instant::now());
            conn.send(&error_response)
        }
    });
    then(&engine);
    let error = upload(&speaking(&engine.host(), "1.41"));
    let returned = Instant::now();
    engine.finish();
    let sent = sent.lock().unwrap().unwrap();
    (error, returned - sent)
}

#[test]
fn error_response_interrupts_upload() {
    let error_responses = [
        (404, Response::error(404, "no such repository").to_bytes()),
        (500, Response::text(500, "no such repository\n").to_bytes()),
        (403, Response::chunked(403).then("no such ").then("repository").to_bytes()),
        (413, Response::until_close(413).then("no such repository").to_bytes()),
    ];
    for kind in [FakeEngine::unix, FakeEngine::tcp] {
        for (status, error_response) in &error_responses {
            // The engine closes with unread data, or stays open and reads no more.
            for closes in [true, false] {
                if !closes && *status == 413 {
                    continue;
                }
                let finished = Gate::new();
                let attempt = || {
                    let (error, took) = interrupt_upload(
                        kind(),
                        error_response.clone(),
                        |engine| {
                            if !closes {
                                engine.hold(&finished);
                            }
                            engine.abort();
                        },
                        |docker| {
                            let error = upload(docker, &mut io::repeat(7)).unwrap_err();
                            finished.open();
                            error
                        },
                    );
                    assert_eq!(
                        error.to_string(),
                        format!("ImageCreate: no such repository (status {status})")
                    );
                    took
                };
                println!("{status}, closes: {closes}");
                promptly(Duration::from_millis(100), attempt);
            }
        }
    }
}

/// A body in memory is interrupted by an error response, too.
#[test]
fn error_response_interrupts_large_body() {
    for kind in [FakeEngine::unix, FakeEngine::tcp] {
        let error_response = Response::error(413, "too large").to_bytes();
        let (error, _) = interrupt_upload(
            kind(),
            error_response,
            |engine| {
                engine.abort();
            },
            |docker| {
                let request = RawRequest {
                    method: "POST".into(),
                    path: "/x".into(),
                    body: vec![7; 16 << 20],
                    ..RawRequest::default()
                };
                docker.raw(&request).unwrap_err()
            },
        );
        assert_eq!(error.to_string(), "Raw: too large (status 413)");
    }
}

/// The rest of the body is not sent, so the connection cannot be used again.
#[test]
fn closes_connection_of_interrupted_upload() {
    let engine = FakeEngine::unix();
    engine
        .talk(|conn| RecordedRequest::read_head(conn, 0).map(drop))
        .reply(Response::error(404, "no"))
        .drain()
        .exchange("GET /v1.41/info", Response::json("{}"));
    let docker = speaking(&engine.host(), "1.41");
    let error = upload(&docker, &mut io::repeat(7)).unwrap_err();
    assert_eq!(error.status(), Some(404));
    docker.system().info().unwrap();
    engine.finish();
}

/// The engine sends messages while it reads the whole body.
#[test]
fn progress_during_upload() {
    const LENGTH: u64 = 5_000_000;
    for engine in [FakeEngine::unix(), FakeEngine::tcp()] {
        engine
            .talk(|conn| {
                let mut request = RecordedRequest::read_head(conn, 0)?.unwrap();
                conn.send(head(["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"]).as_bytes())?;
                let mut responses = Vec::new();
                let mut pattern = Pattern::new(LENGTH);
                // A message for each piece, at least 100 KB in total.
                request.read_body(conn, |bytes| {
                    responses.extend(chunk(format!("{{\"status\":\"{}\"}}\r\n", "x".repeat(1000))));
                    pattern.check(bytes)
                })?;
                pattern.complete()?;
                conn.send(&responses)?;
                conn.send(&chunk("{\"status\":\"sha256:1\"}\r\n"))?;
                conn.send(last_chunk())
            })
            .expect_close();
        let docker = speaking(&engine.host(), "1.41");
        let progress = upload(&docker, &mut Pattern::new(LENGTH)).unwrap();
        let messages: Vec<_> = progress.map(|message| message.unwrap().status).collect();
        assert_eq!(messages.last().unwrap(), "sha256:1");
        engine.finish();
    }
}

/// Messages that fill all buffers before the body is complete.
#[test]
fn large_progress_during_upload() {
    const LENGTH: u64 = 1_000_000;
    let messages = 2_000;
    let engine = FakeEngine::unix();
    engine
        .talk(move |conn| {
            let mut request = RecordedRequest::read_head(conn, 0)?.unwrap();
            conn.send(head(["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"]).as_bytes())?;
            for _ in 0..messages {
                conn.send(&chunk(format!("{{\"status\":\"{}\"}}\r\n", "x".repeat(1000))))?;
            }
            let mut pattern = Pattern::new(LENGTH);
            request.read_body(conn, |bytes| pattern.check(bytes))?;
            pattern.complete()?;
            conn.send(last_chunk())
        })
        .expect_close();
    let docker = speaking(&engine.host(), "1.41");
    let progress = upload(&docker, &mut Pattern::new(LENGTH)).unwrap();
    assert_eq!(progress.collect::<Result<Vec<_>>>().unwrap().len(), messages);
    engine.finish();
}

/// The end of a tar archive is inside the archive: the engine ignores what follows, responds and closes. Its response
/// counts.
#[test]
fn engine_closes_after_success() {
    for kind in [FakeEngine::unix, FakeEngine::tcp] {
        let engine = kind();
        engine
            .talk(|conn| {
                RecordedRequest::read_head(conn, 0)?;
                while conn.unread().len() < 200_000 {
                    conn.fill()?;
                }
                let response = Response::chunked(200).then("{\"status\":\"sha256:1\"}\r\n");
                conn.send(&response.to_bytes())
            })
            .abort();
        let docker = speaking(&engine.host(), "1.41");
        let progress = upload(&docker, &mut io::repeat(7)).unwrap();
        let messages: Vec<_> = progress.map(|message| message.unwrap().status).collect();
        assert_eq!(messages, ["sha256:1"]);
        engine.finish();
    }
}

#[test]
fn engine_closes_during_upload() {
    for kind in [FakeEngine::unix, FakeEngine::tcp] {
        let engine = kind();
        engine
            .talk(|conn| {
                RecordedRequest::read_head(conn, 0)?;
                while conn.unread().len() < 200_000 {
                    conn.fill()?;
                }
                Ok(())
            })
            .abort();
        let docker = speaking(&engine.host(), "1.41");
        let error = upload(&docker, &mut io::repeat(7)).unwrap_err();
        assert!(matches!(error, Error::Disconnected { .. }), "{error:?}");
        assert_eq!(error.operation(), "ImageCreate");
        engine.finish();
    }
}

// Readers.

/// The truncated body must not look complete.
#[test]
fn reader_fails() {
    for sent_before in [vec![], vec![b'x'; 10], vec![b'x'; 40_000]] {
        let engine = FakeEngine::unix();
        let length = sent_before.len();
        engine
            .talk(move |conn| {
                let Some(mut request) = RecordedRequest::read_head(conn, 0)? else {
                    // No request at all is fine, too.
                    return Ok(());
                };
                match request.read_body(conn, |_| Ok(())) {
                    Err(Fault::Closed(_)) => {}
                    other => return Err(format!("no broken body: {other:?}").into()),
                }
                if request.body_length > length as u64 {
                    return Err("the body has more than was read".to_string().into());
                }
                Ok(())
            })
            .expect_close();
        let error = io::Error::from_raw_os_error(libc::EIO);
        let mut reader =
            Pieces([Ok(sent_before), Err(error)].into_iter().skip(usize::from(length == 0)));
        let error = upload(&speaking(&engine.host(), "1.41"), &mut reader).unwrap_err();
        assert!(matches!(error, Error::Io { operation: "ImageCreate", .. }), "{error:?}");
        assert_eq!(error.errno(), Some(libc::EIO));
        assert_eq!(
            error.to_string(),
            "ImageCreate: reading the data to upload: Input/output error (os error 5)"
        );
        engine.finish();
    }
}

#[test]
fn reader_panics() {
    let engine = FakeEngine::unix();
    engine.drain().exchange("GET /v1.41/info", Response::json("{}"));
    let docker = speaking(&engine.host(), "1.41");
    let mut reader = Pieces(std::iter::from_fn(|| -> Option<io::Result<Vec<u8>>> {
        std::panic::resume_unwind(Box::new("panic of the reader"))
    }));
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        upload(&docker, &mut reader).map(drop)
    }))
    .unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"panic of the reader"));
    docker.system().info().unwrap();
    engine.finish();
}

/// The reader may use the same context during the upload.
#[test]
fn reader_makes_calls() {
    const LENGTH: u64 = 300_000;
    let engine = Responder::unix(None, |request| match request.path() {
        "/v1.41/images/a/get" => Response::chunked(200).pattern(LENGTH),
        "/v1.41/info" => Response::json(r#"{"ID":"x"}"#),
        "/v1.41/images/create" => {
            Response::chunked(200).then(format!("{{\"status\":\"{}\"}}\n", request.body_length))
        }
        other => panic!("{other}"),
    });
    let docker = speaking(&engine.host(), "1.41");
    let mut tar = docker.images().get("a", &Default::default()).unwrap();
    let mut calls = 0;
    let mut reader = Pieces(std::iter::from_fn(|| {
        calls += 1;
        assert_eq!(docker.system().info().unwrap().id, "x");
        let mut piece = vec![0; 10_000];
        let count = tar.read(&mut piece).unwrap();
        piece.truncate(count);
        Some(Ok(piece))
    }));
    let progress = upload(&docker, &mut reader).unwrap();
    let messages: Vec<_> = progress.map(|message| message.unwrap().status).collect();
    assert_eq!(messages, [LENGTH.to_string()]);
    assert!(calls > 30, "{calls}");
    let requests = engine.finish();
    let uploaded = requests.iter().find(|r| r.path().ends_with("/create")).unwrap();
    Pattern::new(LENGTH).check(&uploaded.body).unwrap();
}

/// An error of a call inside the reader is reported as an error of the reader.
#[test]
fn call_inside_reader_fails() {
    let engine = Responder::unix(None, |request| match request.path() {
        "/v1.41/info" => Response::error(500, "busy"),
        _ => Response::chunked(200),
    });
    let docker = speaking(&engine.host(), "1.41");
    let mut reader = Pieces(std::iter::from_fn(|| {
        Some(docker.system().info().map(|_| Vec::new()).map_err(io::Error::other))
    }));
    let error = upload(&docker, &mut reader).unwrap_err();
    assert!(matches!(error, Error::Io { operation: "ImageCreate", .. }), "{error:?}");
    assert!(error.to_string().ends_with("SystemInfo: busy (status 500)"), "{error}");
}

// Errors inside a response with status 200.

#[test]
fn reports_error_inside_progress() {
    for (message, expected, code) in [
        (
            r#"{"errorDetail":{"code":3,"message":"no space"},"error":"old words"}"#,
            "no space",
            Some(3),
        ),
        (r#"{"errorDetail":{"message":"no space"}}"#, "no space", None),
        (r#"{"error":"no space"}"#, "no space", None),
    ] {
        let engine = FakeEngine::unix();
        let response = Response::chunked(200)
            .then("{\"status\":\"one\"}\r\n")
            .then(format!("{message}\r\n"))
            .then("{\"status\":\"never\"}\r\n");
        engine.exchange_for(Expected::new(LINE).body("tar"), response).expect_close();
        let docker = speaking(&engine.host(), "1.41");
        let mut progress = upload(&docker, &mut &b"tar"[..]).unwrap();
        assert_eq!(progress.next().unwrap().unwrap().status, "one");
        let error = progress.next().unwrap().unwrap_err();
        let Error::Stream { operation, message, code: actual_code } = &error else {
            panic!("{error:?}");
        };
        assert_eq!((*operation, message.as_str(), *actual_code), ("ImageCreate", expected, code));
        assert!(progress.next().is_none());
        engine.finish();
    }
}

#[test]
fn finish_reports_error_inside_progress() {
    for (body, failure) in [
        ("{\"status\":\"one\"}\r\n{\"status\":\"two\"}\r\n", None),
        ("", None),
        ("{\"status\":\"\\\"error\\\"\"}\r\n", None),
        ("{\"status\":\"one\"}\r\n{\"error\":\"bad tar\"}\r\n", Some("ImageCreate: bad tar")),
    ] {
        let engine = FakeEngine::unix();
        let response = match body {
            "" => Response::chunked(200),
            body => Response::chunked(200).then(body),
        };
        engine.exchange_for(Expected::new(LINE).body("tar"), response).expect_close();
        let docker = speaking(&engine.host(), "1.41");
        let result = upload(&docker, &mut &b"tar"[..]).unwrap().finish();
        assert_eq!(result.err().map(|error| error.to_string()).as_deref(), failure);
        engine.finish();
    }
}
