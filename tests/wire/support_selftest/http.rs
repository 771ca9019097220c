//! Expected requests, and responses.

use std::io::{Read, Write};
use std::net::Shutdown;

use super::*;

// Expected requests.

/// The failure of an engine that expects `expected` and receives `request`; empty if it succeeds.
fn failure_of(expected: Expected, request: impl AsRef<[u8]>) -> String {
    let engine = FakeEngine::unix();
    engine.expect_request(expected).send("ok").close();
    let mut client = connect(&engine);
    // A failed script closes with unread or unsent bytes, so errors of the client are ignored.
    let mut response = String::new();
    let _ = client
        .write_all(request.as_ref())
        .and_then(|()| client.shutdown(Shutdown::Write))
        .and_then(|()| client.read_to_string(&mut response));
    match response.as_str() {
        "ok" => {
            assert_eq!(engine.finish().len(), 1);
            String::new()
        }
        _ => panic_of(|| drop(engine.finish())),
    }
}

#[test]
fn expected_requests() {
    let request = "POST /x?a=1 HTTP/1.1\r\nHost: h\r\nX-Registry-Auth: e30\r\n\r\n";
    let expected = || Expected::new("POST /x?a=1");
    assert_eq!(failure_of(expected(), request), "");
    let exact = expected().header("host", "h").header("x-registry-auth", "e30");
    assert_eq!(failure_of(exact.without("content-type").no_others().not_chunked(), request), "");
    let cases = [
        (Expected::new("POST /x?a=2"), "the request line: first difference at byte 10"),
        (Expected::new("GET /x?a=1"), "expected 'G', got 'P'"),
        (expected().header("host", "g"), "header host: first difference at byte 0"),
        (expected().header("accept", "g"), "header accept is missing"),
        (expected().without("x-registry-AUTH"), "header x-registry-AUTH should not be sent"),
        (expected().header("host", "h").no_others(), "header X-Registry-Auth should not be sent"),
        (expected().chunked(), "the body should be chunked"),
        (expected().body("b"), "the body of POST /x?a=1: first difference at byte 0"),
    ];
    for (expected, expected_failure) in cases {
        assert_has(&failure_of(expected, request), &[expected_failure]);
    }
}

#[test]
fn bodies() {
    let sized = |body: &str| {
        let length = body.len();
        format!("POST / HTTP/1.1\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
    };
    let in_chunks = |chunks: &[&[u8]]| {
        let mut bytes = b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
        bytes.extend(chunked(chunks));
        bytes
    };
    let expected = || Expected::new("POST /");
    assert_eq!(failure_of(expected().body("abc").not_chunked(), sized("abc")), "");
    assert_eq!(failure_of(expected().body("abc").chunked(), in_chunks(&[b"a", b"bc"])), "");
    assert_eq!(failure_of(expected().json(r#"{"a":1,"b":[]}"#), sized(r#"{ "b":[], "a":1 }"#)), "");
    assert_eq!(failure_of(expected().any_body(), in_chunks(&[b"whatever"])), "");
    let long = Pattern::bytes(300_000);
    let pieces: Vec<&[u8]> = long.chunks(70_001).collect();
    assert_eq!(failure_of(expected().pattern(300_000), in_chunks(&pieces)), "");
    let digest = Digest::of(&long);
    assert_eq!(failure_of(expected().digest(300_000, digest), in_chunks(&pieces)), "");

    assert_has(&failure_of(expected(), sized("abc")), &["expected the end, got 'a'"]);
    assert_has(&failure_of(expected().json("{}"), sized("[1]")), &["expected '{', got '['"]);
    assert_has(&failure_of(expected().json("{}"), sized("nonsense")), &["in \"nonsense\""]);
    assert_has(&failure_of(expected().pattern(300_001), in_chunks(&pieces)), &["expected 300001"]);
    assert_has(&failure_of(expected().pattern(299_999), in_chunks(&pieces)), &["1 bytes more"]);
    let mut corrupt = long.clone();
    corrupt[200_000] ^= 1;
    assert_has(
        &failure_of(expected().pattern(300_000), in_chunks(&[&corrupt])),
        &["wrong content after byte"],
    );
    let request = expected().digest(300_000, digest);
    assert_has(&failure_of(request, in_chunks(&[&corrupt])), &["the digest differs"]);
    let request = expected().digest(1, digest);
    assert_has(&failure_of(request, in_chunks(&pieces)), &["300000 bytes, expected 1"]);

    // Invalid HTTP.
    let chunked_head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n";
    let cases = [
        ("POST /\r\n\r\n".to_string(), "no request line"),
        ("POST / HTTP/1.1\r\nbad header\r\n\r\n".to_string(), "no header: \"bad header\""),
        (format!("{chunked_head}Content-Length: 1\r\n\r\na"), "contradictory framing"),
        (format!("{chunked_head}\r\nxyz\r\n"), "no chunk size: \"xyz\""),
        (format!("{chunked_head}\r\n1\r\nab\r\n"), "\"b\" where a chunk should end"),
        (format!("{chunked_head}\r\n5\r\nab"), "the connection was closed inside a body"),
        (format!("{chunked_head}\r\n1\r\na"), "the connection was closed inside a chunked body"),
        ("POST / HTTP/1.1\r\nhos".to_string(), "the connection was closed inside a head"),
        (String::new(), "the client closed the connection; expected POST /"),
    ];
    for (request, expected_failure) in cases {
        assert_has(&failure_of(expected().any_body(), request), &[expected_failure]);
    }
}

#[test]
fn recorded_requests() {
    let engine = FakeEngine::unix();
    engine.exchange_for(Expected::new("GET /x?a=1%2B+2&b&a=3").body("hi"), Response::json("[]"));
    let mut client = connect(&engine);
    let request = "GET /x?a=1%2B+2&b&a=3 HTTP/1.1\r\nContent-Length: 2\r\nHost: h\r\n\r\nhi";
    client.write_all(request.as_bytes()).unwrap();
    engine.sync();
    let requests = engine.requests();
    assert_eq!(requests[0].path(), "/x");
    assert_eq!(requests[0].query("a").unwrap(), "1+ 2");
    assert_eq!(requests[0].query_all("a"), ["1+ 2", "3"]);
    assert_eq!(requests[0].query("b").unwrap(), "");
    assert_eq!(requests[0].query("c"), None);
    assert_eq!(requests[0].header("host"), Some("h"));
    assert_eq!(requests[0].text(), "hi");
    assert_eq!(requests[0].body_length, 2);
    assert_eq!([&requests[0].head[..], b"hi"].concat(), request.as_bytes());
    engine.finish();
}

// Responses.

#[test]
fn responses_as_bytes() {
    let text = |response: &Response| String::from_utf8(response.to_bytes()).unwrap();
    assert_eq!(
        text(&Response::error(404, "No such \"x\"")),
        "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 28\r\n\r\n\
         {\"message\":\"No such \\\"x\\\"\"}\n"
    );
    assert_eq!(text(&Response::empty(304)), "HTTP/1.1 304 Not Modified\r\n\r\n");
    let chunks = Response::chunked(200).then("0123456789abcdef").then("b");
    assert_eq!(
        text(&chunks),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
         10\r\n0123456789abcdef\r\n1\r\nb\r\n0\r\n\r\n"
    );
    assert!(text(&chunks.cut()).ends_with("1\r\nb\r\n"));
    assert_eq!(
        text(&Response::until_close(200).then("x")),
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nx"
    );
    assert_has(&text(&Response::sized(200).then("x").cut()), &["Content-Length: 2\r\n\r\nx"]);
}

#[test]
fn responses_as_sent() {
    let engine = FakeEngine::unix();
    let mut client = connect(&engine);
    let plain = Response::json("[1]").to_bytes();
    engine.reply(Response::json("[1]"));
    assert_eq!(read_exactly(&mut client, plain.len()), plain);
    let with_body = |pattern: &[u8]| {
        let mut bytes = Response::sized(200).then(pattern).to_bytes();
        bytes.extend_from_slice(pattern);
        bytes
    };
    let pattern = Pattern::bytes(70_000);
    engine.reply(Response::sized(200).pattern(70_000));
    let expected = &with_body(&pattern)[..with_body(&pattern).len() - pattern.len()];
    assert_eq!(read_exactly(&mut client, expected.len()), expected);
    engine.reply(Response::chunked(200).repeat(b"ab".to_vec(), 2).then("c"));
    let expected = Response::chunked(200).then("ab").then("ab").then("c").to_bytes();
    assert_eq!(read_exactly(&mut client, expected.len()), expected);
    let (sent, may_continue) = (Gate::new(), Gate::new());
    engine.reply(Response::until_close(200).then("a").open(&sent).hold(&may_continue).then("b"));
    assert_has(&read_head(&mut client), &["Connection: close"]);
    assert!(sent.wait(LIMIT));
    assert_eq!(read_exactly(&mut client, 1), b"a");
    may_continue.open();
    assert_eq!(read_to_close(client), "b");
    engine.reply(Response::takeover(101, |conn| conn.echo()));
    let mut client = connect(&engine);
    assert_eq!(read_head(&mut client), "HTTP/1.1 101 UPGRADED\r\n\r\n");
    client.write_all(b"as cat does").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_to_close(client), "as cat does");
    engine.finish();
}

#[test]
fn frames_and_lines() {
    assert_eq!(frame(2, "hi"), b"\x02\0\0\0\0\0\0\x02hi");
    assert_eq!(frame(1, vec![0; 0x01_02_03])[..8], [1, 0, 0, 0, 0, 1, 2, 3]);
    assert_eq!(json_lines(["{}", "[]"]), b"4\r\n{}\r\n\r\n4\r\n[]\r\n\r\n0\r\n\r\n");
}

#[test]
fn differences() {
    assert_eq!(difference(b"same", b"same"), None);
    let lines: String = (0..100).map(|n| format!("line {n}\n")).collect();
    let text = difference(lines.as_bytes(), lines.replace("line 50\n", "line 5O\n").as_bytes());
    let text = text.unwrap();
    let first = "  … 44 rows before\n  | line 44\\n\n";
    assert_has(&text, &[first, "  | line 5O\\n\n          ^\n", "… 43 rows after"]);
    assert_eq!(text.lines().count(), 1 + 2 * (1 + 1 + 13 + 1 + 1));
    // The caret stands under the byte, after escaped bytes, too.
    let text = difference(b"\0\r'\"ab", b"\0\r'\"ac").unwrap();
    assert_has(&text, &["  | \\x00\\r'\"ac\n             ^\n"]);
    let rows = difference(&Pattern::bytes(10_000), &[0; 10_000]).unwrap();
    assert!(rows.lines().all(|row| row.len() < 110), "{rows}");
    assert_has(&difference(b"", b"x").unwrap(), &["expected the end, got 'x'", "  | \n    ^\n"]);
}

#[test]
fn pattern() {
    let bytes = Pattern::bytes(200_000);
    assert_eq!(bytes.len(), 200_000);
    assert_ne!(bytes[..65_536], bytes[65_536..131_072], "the pattern must not repeat every 64 KiB");
    let mut checker = Pattern::new(200_000);
    for piece in bytes.chunks(1001) {
        checker.check(piece).unwrap();
    }
    checker.complete().unwrap();
    assert_ne!(Digest::of(&bytes), Digest::of(&bytes[1..]));
}
