//! TLS settings: their forms, and the errors of invalid ones.

use std::fs;

use crate::support::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dockline::*;
use rcgen::KeyPair;

/// Asserts that a call to an engine with `--tlsverify` succeeds.
#[track_caller]
fn assert_accepted(authority: &Authority, tls: Tls) {
    let fake = FakeEngine::unix();
    fake.exchange("GET /v1.43/containers/json", Response::json("[]"));
    let front = TlsFront::before(fake.path(), authority.server(Clients::Signed));
    let all = front.speaking("1.43", tls).containers().list(&Default::default());
    assert_eq!(all.unwrap().len(), 0);
    fake.finish();
}

/// Asserts that these settings are rejected.
#[track_caller]
fn assert_rejected(tls: Tls, expected: &str) {
    let error = Context::builder().host("tcp://engine").tls(tls).build().unwrap_err();
    assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
    assert!(error.to_string().contains(expected), "{error}");
}

fn pem(label: &str, der: &[u8]) -> Pem {
    Pem::text(format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der)))
}

/// A DER value: tag, length, content.
fn der(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).unwrap().to_be_bytes();
    let length = match length {
        [0, short @ ..0x80] => vec![short],
        [0, long] => vec![0x81, long],
        longer => [&[0x82], &longer[..]].concat(),
    };
    [&[tag], &length[..], value].concat()
}

#[test]
fn pem_text() {
    let authority = Authority::new();
    assert_accepted(&authority, authority.with_client_certificate());
}

#[test]
fn pem_files() {
    let authority = Authority::new();
    let client = authority.client();
    let dir = TempDir::new();
    let file = |name: &str, text: &str| {
        fs::write(dir.join(name), text).unwrap();
        Some(Pem::file(dir.join(name)))
    };
    let tls = Tls {
        ca: file("ca.pem", authority.pem()),
        cert: file("cert.pem", &client.certificate),
        key: file("key.pem", &client.key.serialize_pem()),
        skip_verify: false,
    };
    assert_accepted(&authority, tls);
}

/// The other tests have keys in PKCS#8.
#[test]
fn sec1_key() {
    let authority = Authority::new();
    let client = authority.client();
    // PKCS#8 contains SEC1 without its optional field for the curve.
    let pkcs8 = client.key.serialize_der();
    let at = pkcs8.windows(7).position(|part| part == [0x30, 0x6b, 2, 1, 1, 4, 32]).unwrap();
    let (private, public) = (&pkcs8[at + 7..at + 39], &pkcs8[at + 39..]);
    let curve = [0xa0, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
    let body = [&[2, 1, 1, 4, 32], private, &curve, public].concat();
    let key = pem("EC PRIVATE KEY", &der(0x30, &body));
    assert_accepted(
        &authority,
        Tls { cert: Some(client.cert_pem()), key: Some(key), ..authority.trusted() },
    );
}

#[test]
fn pkcs1_key() {
    let authority = Authority::new();
    let pkcs1 = include_str!("../../data/rsa_key.pem");
    assert!(pkcs1.contains("BEGIN RSA PRIVATE KEY"));
    let base64: String = pkcs1.lines().filter(|line| !line.starts_with('-')).collect();
    // rcgen reads only PKCS#8.
    let rsa = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0];
    let key = der(4, &STANDARD.decode(base64).unwrap());
    let pkcs8 = der(0x30, &[&[2, 1, 0][..], &rsa, &key].concat());
    let client = authority.client_with(KeyPair::try_from(pkcs8).unwrap());
    assert_accepted(
        &authority,
        Tls { cert: Some(client.cert_pem()), key: Some(Pem::text(pkcs1)), ..authority.trusted() },
    );
}

/// A bundle of several authorities, with text in between.
#[test]
fn several_authorities() {
    let (one, other) = (Authority::new(), Authority::new());
    let text = format!("the first\n{}\nthe second\n{}\n", one.pem(), other.pem());
    for authority in [one, other] {
        let tls = authority.with_client_certificate();
        assert_accepted(&authority, Tls { ca: Some(Pem::text(text.clone())), ..tls });
    }
}

#[test]
fn skip_verify() {
    let (authority, other) = (Authority::new(), Authority::new());
    let tls = Tls { skip_verify: true, ..other.trusted() };
    let client = authority.client();
    let tls = Tls { cert: Some(client.cert_pem()), key: Some(client.key_pem()), ..tls };
    assert_accepted(&authority, tls);
}

/// `tcp://` with TLS settings, and the URL in the result.
#[test]
fn tcp_uses_tls_with_settings() {
    let authority = Authority::new();
    let fake = FakeEngine::unix();
    fake.exchange("GET /v1.43/info", Response::json("{}"));
    let front = TlsFront::before(fake.path(), authority.server(Clients::Signed));
    let host = format!("tcp://127.0.0.1:{}", front.port());
    let url = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let docker = client(&host)
        .tls(authority.with_client_certificate())
        .api_version("1.43".parse().unwrap())
        .on_result({
            let url = url.clone();
            move |result| *url.lock().unwrap() = result.url.clone()
        })
        .build()
        .unwrap();
    assert_eq!(docker.endpoint().to_string(), front.host());
    docker.system().info().unwrap();
    assert_eq!(*url.lock().unwrap(), format!("{}/v1.43/info", front.host()));
    fake.finish();
    // The Host header.
    let fake = FakeEngine::unix();
    let front = TlsFront::before(fake.path(), authority.server(Clients::Any));
    fake.expect(format!(
        "GET /base/v1.43/info HTTP/1.1\r\nuser-agent: dockline/VERSION\r\naccept: */*\r\n\
         host: 127.0.0.1:{}\r\n\r\n",
        front.port()
    ));
    fake.reply(Response::json("{}"));
    let docker = client(&format!("{}/base", front.host())).tls(authority.trusted());
    docker.api_version("1.43".parse().unwrap()).build().unwrap().system().info().unwrap();
    fake.finish();
}

#[test]
fn rejects_missing_parts() {
    let authority = Authority::new();
    let client = authority.client();
    let (cert, key) = (client.cert_pem(), client.key_pem());
    assert_rejected(
        Tls { cert: Some(cert.clone()), ..Tls::default() },
        "cert is given without its private",
    );
    assert_rejected(
        Tls { key: Some(key.clone()), ..Tls::default() },
        "key is given without its certificate",
    );
    assert_rejected(
        Tls { ca: Some(Pem::text("")), ..Tls::default() },
        "ca: the text given contains no certificate",
    );
    assert_rejected(
        Tls { ca: Some(key.clone()), ..Tls::default() },
        "ca: the text given contains no certificate",
    );
    assert_rejected(
        Tls { cert: Some(cert.clone()), key: Some(cert.clone()), ..Tls::default() },
        "key: the text given contains no private key: expected PEM in PKCS#1, PKCS#8 or SEC1",
    );
    let encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    for encrypted in [encrypted, old] {
        assert_rejected(
            Tls { cert: Some(cert.clone()), key: Some(Pem::text(encrypted)), ..Tls::default() },
            "key: the text given contains an encrypted private key: decrypt it",
        );
    }
}

#[test]
fn rejects_invalid_pem() {
    let cert = "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n";
    assert_rejected(
        Tls { ca: Some(Pem::text(cert)), ..Tls::default() },
        "ca: the text given is not valid PEM",
    );
    let truncated = "-----BEGIN CERTIFICATE-----\nAAAA\n";
    assert_rejected(
        Tls { ca: Some(Pem::text(truncated)), ..Tls::default() },
        "ca: the text given is not valid PEM",
    );
    assert_rejected(
        Tls { ca: Some(pem("CERTIFICATE", b"nothing")), ..Tls::default() },
        "ca: the text given contains an invalid certificate",
    );
    let client = Authority::new().client();
    for (key, expected) in [
        (pem("PRIVATE KEY", b"secret"), "key: cannot be used"),
        (
            Pem::text("-----BEGIN EC PRIVATE KEY-----\n!!\n-----END EC PRIVATE KEY-----"),
            "contains a private key that is not valid base64",
        ),
        (
            Pem::text("-----BEGIN PRIVATE KEY-----\nAAAA\n"),
            "contains a private key without an END line",
        ),
    ] {
        assert_rejected(
            Tls { cert: Some(client.cert_pem()), key: Some(key), ..Tls::default() },
            expected,
        );
    }
}

#[test]
fn missing_files() {
    let dir = TempDir::new();
    let missing = dir.join("ca.pem");
    let tls = Tls { ca: Some(Pem::file(&missing)), ..Tls::default() };
    let error = Context::builder().host("tcp://engine").tls(tls).build().unwrap_err();
    assert!(matches!(error, Error::Io { .. }), "{error:?}");
    assert_eq!(error.errno(), Some(libc::ENOENT));
    let expected = format!("Context: reading ca from {}: No such file", missing.display());
    assert!(error.to_string().contains(&expected), "{error}");
}

/// `Debug` must not print a private key.
#[test]
fn debug_hides_key() {
    let authority = Authority::new();
    let tls = authority.with_client_certificate();
    let Some(Pem::Text(key)) = &tls.key else { unreachable!() };
    let secret = String::from_utf8(key[60..100].to_vec()).unwrap();
    let builder = Context::builder().host("tcp://engine").tls(tls.clone());
    let docker = builder.clone().build().unwrap();
    for shown in [format!("{tls:?}"), format!("{builder:?}"), format!("{docker:?}")] {
        assert!(!shown.contains(&secret), "{shown}");
    }
}
