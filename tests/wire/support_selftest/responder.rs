//! The responder.

use std::io::{self, Read, Write};
use std::thread;
use std::time::Instant;

use super::*;

#[test]
fn serves_many_threads() {
    let engine = Responder::unix("1.41", |request| match request.path() {
        "/v1.41/gone" => Response::error(404, "gone"),
        path => Response::json(format!("\"{path}\"")),
    });
    thread::scope(|scope| {
        for thread in 0..8 {
            let path = engine.path();
            scope.spawn(move || {
                let mut client = connect_path(path);
                for call in 0..20 {
                    let target = format!("/v1.41/{thread}/{call}");
                    write!(client, "POST {target} HTTP/1.1\r\ncontent-length: 2\r\n\r\nhi")
                        .unwrap();
                    let expected = Response::json(format!("\"{target}\"")).to_bytes();
                    assert_eq!(read_exactly(&mut client, expected.len()), expected);
                }
            });
        }
    });
    engine.wait_requests(160);
    assert_eq!(engine.connections(), 8);
    let mut client = connect_path(engine.path());
    write!(client, "HEAD /_ping HTTP/1.1\r\n\r\n").unwrap();
    assert_has(&read_head(&mut client), &["Api-Version: 1.41"]);
    let requests = engine.finish();
    assert_eq!(requests.len(), 161);
    assert!(requests[..160].iter().all(|request| request.text() == "hi"));
    for connection in 0..8 {
        let own = requests.iter().filter(|request| request.connection == connection);
        assert_eq!(own.count(), 20);
    }
}

#[test]
fn reports_failures() {
    let engine = Responder::tcp(None, |_| panic!("no response to {}", 42));
    let mut client = connect_tcp(&engine.host());
    write!(client, "GET /x HTTP/1.1\r\n\r\n").unwrap();
    assert_eq!(read_to_close(client), "");
    assert_has(
        &panic_of(|| drop(engine.finish())),
        &["connection 0: responding to GET /x: no response to 42"],
    );

    let engine = Responder::unix(None, |_| Response::empty(204));
    let mut client = connect_path(engine.path());
    write!(client, "what?\r\n\r\n").unwrap();
    assert_eq!(read_to_close(client), "");
    assert_has(&panic_of(|| drop(engine)), &["no request line in \"what?\\r\\n\\r\\n\""]);
}

#[test]
fn ends_with_idle_and_waiting_clients() {
    let start = Instant::now();
    let never = Gate::new();
    let engine = Responder::unix("1.41", {
        let never = never.clone();
        move |_| Response::chunked(200).hold(&never)
    });
    let _idle = connect_path(engine.path());
    let mut waiting = connect_path(engine.path());
    write!(waiting, "GET /events HTTP/1.1\r\n\r\n").unwrap();
    engine.wait_requests(1);
    read_head(&mut waiting);
    engine.finish();
    assert!(start.elapsed() < LIMIT / 2);
}

#[test]
fn log_hose_sends_frames() {
    let engine = log_hose(10_000, 100);
    let mut client = connect_path(engine.path());
    write!(client, "GET /v1.41/containers/a/logs HTTP/1.1\r\n\r\n").unwrap();
    assert_has(&read_head(&mut client), &["Transfer-Encoding: chunked"]);
    let mut body = Vec::new();
    loop {
        let line = read_line(&mut client);
        let size = usize::from_str_radix(&line, 16).unwrap();
        body.extend(read_exactly(&mut client, size));
        assert_eq!(read_line(&mut client), "");
        if size == 0 {
            break;
        }
    }
    let expected = frame(1, [b'x'; 100]);
    assert_eq!(body.len(), 10_000 * expected.len());
    assert!(body.chunks(expected.len()).all(|actual| actual == expected));
    engine.finish();
}

fn read_line(client: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n") {
        bytes.extend(read_exactly(client, 1));
    }
    String::from_utf8(bytes).unwrap().trim_end().to_string()
}

#[test]
fn upload_sink_reads_body() {
    const LENGTH: u64 = 200_000_000;
    let engine = upload_sink("{}");
    let mut client = connect_path(engine.path());
    write!(client, "POST /load HTTP/1.1\r\ncontent-length: {LENGTH}\r\n\r\n").unwrap();
    assert_eq!(io::copy(&mut Pattern::new(LENGTH), &mut client).unwrap(), LENGTH);
    assert!(read_head(&mut client).starts_with("HTTP/1.1 200 OK"));
    let requests = engine.finish();
    assert_eq!(requests[0].body_length, LENGTH);
    assert_eq!(requests[0].body, Pattern::bytes(1 << 20));
}
