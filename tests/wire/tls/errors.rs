//! TLS errors, and the failure that each is reported as.

use std::time::{Duration, Instant};

use crate::support::*;
use dockline::*;
use rustls::version::{TLS12, TLS13};

/// The failure and the message of the first call to an engine on 127.0.0.1.
fn handshake_error(engine: &rustls::ServerConfig, tls: Tls) -> (TlsFailure, String) {
    let fake = FakeEngine::unix();
    let front = TlsFront::before(fake.path(), engine.clone());
    let error = within(LIMIT, move || {
        front.client(tls).negotiate().build().unwrap().system().info().unwrap_err()
    });
    failure_of(error)
}

#[track_caller]
fn failure_of(error: Error) -> (TlsFailure, String) {
    match error {
        Error::Tls { failure, message, operation } => {
            assert_eq!(operation, "SystemInfo", "{message}");
            (failure, message)
        }
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn assert_failure(actual: (TlsFailure, String), failure: TlsFailure, expected: &str) {
    assert_eq!(actual.0, failure, "{}", actual.1);
    assert!(actual.1.contains(expected), "{}", actual.1);
}

#[test]
fn untrusted_authority() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    assert_failure(
        handshake_error(&theirs.server(Clients::Any), ours.trusted()),
        TlsFailure::UntrustedAuthority,
        "pass the certificate of the authority that signed it (ca)",
    );
    // Not signed by an authority of the system, either.
    assert_failure(
        handshake_error(&theirs.server(Clients::Any), Tls::default()),
        TlsFailure::UntrustedAuthority,
        "is not signed by a trusted authority",
    );
}

#[test]
fn wrong_name() {
    let authority = Authority::new();
    let engine = authority.engine("engine.example");
    assert_failure(
        handshake_error(
            &authority.server_with(&engine, Clients::Any, rustls::DEFAULT_VERSIONS),
            authority.trusted(),
        ),
        TlsFailure::WrongName,
        "is not valid for 127.0.0.1: it is valid for engine.example",
    );
}

#[test]
fn expired() {
    let authority = Authority::new();
    let engine = authority.engine_until(2020);
    assert_failure(
        handshake_error(
            &authority.server_with(&engine, Clients::Any, rustls::DEFAULT_VERSIONS),
            authority.trusted(),
        ),
        TlsFailure::Expired,
        "the engine's certificate has expired",
    );
}

/// With TLS 1.3, the alert arrives after the handshake, instead of the response.
#[test]
fn missing_client_certificate() {
    let authority = Authority::new();
    for versions in [[&TLS12], [&TLS13]] {
        let engine = authority.engine("127.0.0.1");
        assert_failure(
            handshake_error(
                &authority.server_with(&engine, Clients::Signed, &versions),
                authority.trusted(),
            ),
            TlsFailure::ClientCertificateMissing,
            "pass one with its private key (cert and key)",
        );
    }
}

#[test]
fn client_certificate_of_other_authority() {
    let (authority, other) = (Authority::new(), Authority::new());
    for versions in [[&TLS12], [&TLS13]] {
        let engine = authority.engine("127.0.0.1");
        let client = other.client();
        let tls = Tls {
            cert: Some(client.cert_pem()),
            key: Some(client.key_pem()),
            ..authority.trusted()
        };
        assert_failure(
            handshake_error(&authority.server_with(&engine, Clients::Signed, &versions), tls),
            TlsFailure::ClientCertificateRefused,
            "rejected the client certificate",
        );
    }
}

#[test]
fn key_mismatch() {
    let authority = Authority::new();
    let (one, other) = (authority.client(), authority.client());
    let tls = Tls { cert: Some(one.cert_pem()), key: Some(other.key_pem()), ..authority.trusted() };
    let error = Context::builder().host("tcp://engine").tls(tls).build().unwrap_err();
    assert!(matches!(error, Error::Tls { failure: TlsFailure::KeyMismatch, .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        "Context: the private key (key) does not belong to the certificate (cert)"
    );
}

#[test]
fn no_common_version() {
    let authority = Authority::new();
    let engine = FakeEngine::tcp();
    // The alert of a server that supports only TLS 1.0.
    engine.accept().talk(|conn| {
        while conn.unread().len() < 5 {
            conn.fill()?;
        }
        let all = conn.unread().len();
        conn.consume(all);
        conn.send(b"\x15\x03\x01\x00\x02\x02\x46")
    });
    engine.expect_close();
    assert_failure(
        failure_of(ping(&engine, authority.trusted())),
        TlsFailure::Protocol,
        "the engine sent a TLS alert: ProtocolVersion",
    );
    engine.finish();
}

/// The error of the first call over TLS to a fake engine.
fn ping(engine: &FakeEngine, tls: Tls) -> Error {
    let builder = Context::builder().host(format!("https://127.0.0.1:{}", engine.port())).tls(tls);
    builder.negotiate().build().unwrap().system().info().unwrap_err()
}

#[test]
fn tls_to_plain_engine() {
    let engine = FakeEngine::tcp();
    engine.accept().send("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n400 Bad Request");
    engine.drain();
    assert_failure(
        failure_of(ping(&engine, Tls::default())),
        TlsFailure::NotTls,
        "is not TLS: use http://, or tcp:// without TLS settings",
    );
    engine.finish();
}

#[test]
fn plain_http_to_tls_engine() {
    // The two kinds of servers: those that respond in plain HTTP, and those that send a TLS alert.
    let message = "Client sent an HTTP request to an HTTPS server.\n";
    for response in [
        Response::text(400, message).to_bytes(),
        Response::text(400, "<h1>The plain HTTP request was sent to HTTPS port</h1>").to_bytes(),
        b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
            .to_vec(),
        b"\x15\x03\x01\x00\x02\x02\x0a".to_vec(),
    ] {
        let engine = FakeEngine::tcp();
        engine.expect_request(Expected::new("GET /v1.43/info")).send(&response).shutdown_write();
        let error = speaking(&engine.host(), "1.43").system().info().unwrap_err();
        let Error::Tls { failure: TlsFailure::TlsExpected, message, .. } = &error else {
            panic!("{}: {error:?}", escape(&response));
        };
        assert!(message.contains("use https://, or tcp:// with TLS settings"), "{message}");
    }
}

/// The same with a real TLS server.
#[test]
fn plain_http_to_tls_server() {
    let fake = FakeEngine::unix();
    let front = TlsFront::before(fake.path(), Authority::new().server(Clients::Any));
    let host = format!("tcp://127.0.0.1:{}", front.port());
    let error = speaking(&host, "1.43").system().info().unwrap_err();
    assert!(matches!(error, Error::Tls { failure: TlsFailure::TlsExpected, .. }), "{error:?}");
}

#[test]
fn closed_in_handshake() {
    for bytes in [0, 1, 5, 50] {
        let engine = FakeEngine::tcp();
        engine.accept().talk(move |conn| {
            while conn.unread().len() < bytes {
                conn.fill()?;
            }
            Ok(())
        });
        engine.abort();
        let error = ping(&engine, Tls { skip_verify: true, ..Tls::default() });
        assert!(matches!(error, Error::Connect { .. }), "{error:?}");
        assert!(
            error.to_string().contains("the connection was closed during the TLS handshake"),
            "{error}"
        );
        engine.finish();
    }
}

/// The engine sends nothing, or a part of a record.
#[test]
fn silent_in_handshake() {
    for bytes in [&b""[..], b"\x16\x03\x03\x00\x7a\x02"] {
        let engine = FakeEngine::tcp();
        engine.accept().send(bytes).drain();
        let wait = Duration::from_secs(2);
        let docker = Context::builder()
            .host(format!("https://127.0.0.1:{}", engine.port()))
            .tls(Tls { skip_verify: true, ..Tls::default() })
            .timeouts(Timeouts { connect: Some(wait), ..Timeouts::default() })
            .negotiate()
            .build()
            .unwrap();
        let start = Instant::now();
        let error = docker.system().info().unwrap_err();
        assert!((wait..MAX_DELAY).contains(&start.elapsed()), "{:?}", start.elapsed());
        let Error::Timeout { what: "no connection", after, .. } = error else {
            panic!("{error:?}");
        };
        assert_eq!(after, wait);
        engine.finish();
    }
}

/// The connect timeout limits the whole handshake, however slowly data arrives.
#[test]
fn slow_handshake() {
    let engine = FakeEngine::tcp();
    engine.accept().send(b"\x16\x03\x03\x3f\xff\x02\x00\x3f\xf0").talk(|conn| {
        // The ClientHello, and then the close.
        while let Ok(None | Some(Received::Bytes)) =
            conn.fill_until(Some(Instant::now() + Duration::from_millis(10)))
        {
            let all = conn.unread().len();
            conn.consume(all);
            conn.send(b"\0")?;
        }
        Ok(())
    });
    engine.abort();
    let docker = Context::builder()
        .host(format!("https://127.0.0.1:{}", engine.port()))
        .tls(Tls { skip_verify: true, ..Tls::default() })
        .timeouts(Timeouts { connect: Some(Duration::from_secs(2)), ..Timeouts::default() })
        .negotiate()
        .build()
        .unwrap();
    let error = docker.system().info().unwrap_err();
    assert!(matches!(error, Error::Timeout { what: "no connection", .. }), "{error:?}");
    engine.finish();
}

#[test]
fn cancel_in_handshake() {
    let engine = FakeEngine::tcp();
    let started = Gate::new();
    engine.accept().talk({
        let started = started.clone();
        move |conn| {
            conn.fill()?;
            started.open();
            conn.drain().map(drop)
        }
    });
    engine.abort();
    let cancel = CancelToken::new();
    let docker = Context::builder()
        .host(format!("https://127.0.0.1:{}", engine.port()))
        .tls(Tls { skip_verify: true, ..Tls::default() })
        .negotiate()
        .build()
        .unwrap()
        .with_cancel_token(&cancel);
    let call = std::thread::spawn(move || docker.system().info().unwrap_err());
    assert!(started.wait(LIMIT));
    cancel.cancel();
    let error = within(LIMIT, || call.join().unwrap());
    assert!(matches!(error, Error::Cancelled { .. }), "{error:?}");
    engine.finish();
}

/// A record with a bad MAC.
#[test]
fn corrupt_record() {
    let authority = Authority::new();
    let fake = FakeEngine::unix();
    fake.expect_request(Expected::new("GET /v1.43/info")).drain();
    let front = TlsFront::with_behaviour(
        fake.path(),
        authority.server(Clients::Any),
        TlsBehaviour { garbage: true, ..TlsBehaviour::default() },
    );
    let error = front.speaking("1.43", authority.trusted()).system().info().unwrap_err();
    assert!(matches!(error, Error::Tls { failure: TlsFailure::Protocol, .. }), "{error:?}");
    assert!(error.to_string().contains("cannot decrypt"), "{error}");
    fake.finish();
}
