//! HTTP proxies: forwarding, tunnels by CONNECT, and errors of the proxy.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::*;
use dockline::model::ExecStartRequest;
use dockline::*;

/// A host that does not resolve, so that only a proxy can reach it.
const ENGINE: &str = "tcp://engine.invalid:2375";

/// A builder for the engine behind this proxy.
fn context_builder(proxy: &FakeEngine) -> ContextBuilder {
    let address = format!("http://me:pa%20ss@127.0.0.1:{}", proxy.port());
    client(ENGINE).api_version(ApiVersion::new(1, 43)).proxy(address)
}

/// The same without credentials.
fn context_builder_without_credentials(proxy: &FakeEngine) -> ContextBuilder {
    context_builder(proxy).proxy(format!("127.0.0.1:{}", proxy.port()))
}

const TUNNEL: &str = "CONNECT engine.invalid:2375 HTTP/1.1\r\nhost: engine.invalid:2375\r\n\r\n";
const TUNNEL_ESTABLISHED: &str = "HTTP/1.1 200 Connection established\r\n\r\n";

fn start(docker: &Context) -> Result<Duplex> {
    docker.exec().start("e1", &ExecStartRequest { tty: true, ..Default::default() })
}

#[test]
fn forwards_calls() {
    let proxy = FakeEngine::tcp();
    proxy.expect(
        "GET http://engine.invalid:2375/v1.43/containers/json?all=1 HTTP/1.1\r\n\
         proxy-authorization: Basic bWU6cGEgc3M=\r\n\
         user-agent: dockline/VERSION\r\n\
         accept: */*\r\n\
         host: engine.invalid:2375\r\n\r\n",
    );
    proxy.send(Response::json("[]").to_bytes());
    let forwarded = |line: &str| {
        Expected::new(line)
            .header("Proxy-Authorization", "Basic bWU6cGEgc3M=")
            .header("Host", "engine.invalid:2375")
    };
    // On the same connection, each with the full target.
    proxy.exchange_for(
        forwarded("POST http://engine.invalid:2375/v1.43/volumes/create").json(r#"{"Name":"v"}"#),
        Response::json(r#"{"Name":"v"}"#),
    );
    proxy.exchange_for(
        forwarded("PUT http://engine.invalid:2375/v1.43/containers/a/archive?path=/")
            .pattern(300_000),
        Response::sized(200),
    );
    proxy.exchange_for(
        forwarded("GET http://engine.invalid:2375/v1.43/events"),
        Response::chunked(200).then("{\"Action\":\"a\"}\n"),
    );
    let heads = Arc::new(Mutex::new(Vec::new()));
    let docker = context_builder(&proxy)
        .on_result({
            let heads = heads.clone();
            move |result| heads.lock().unwrap().extend(result.request_head.clone())
        })
        .build()
        .unwrap();
    let all = ContainerListOptions { all: true, ..Default::default() };
    docker.containers().list(&all).unwrap();
    let volume = model::VolumeCreateRequest { name: "v".into(), ..Default::default() };
    docker.volumes().create(&volume).unwrap();
    let to = PutContainerArchiveOptions { path: "/".into(), ..Default::default() };
    let bytes = Pattern::bytes(300_000);
    docker.containers().put_archive("a", &to, &mut &bytes[..]).unwrap();
    let events = docker.system().events(&Default::default()).unwrap();
    assert_eq!(events.map(Result::unwrap).count(), 1);
    proxy.finish();

    let heads = String::from_utf8(heads.lock().unwrap().clone()).unwrap();
    assert_eq!(heads.matches("proxy-authorization: [redacted]\r\n").count(), 4, "{heads}");
    assert!(heads.starts_with("GET http://engine.invalid:2375/v1.43/containers"), "{heads}");
    assert!(!format!("{docker:?}").contains("pa"), "{docker:?}");
}

#[test]
fn tunnels_upgrades() {
    let proxy = FakeEngine::tcp();
    proxy
        .exchange("GET http://engine.invalid:2375/v1.43/info", Response::json("{}"))
        .accept()
        .expect(
            "CONNECT engine.invalid:2375 HTTP/1.1\r\nhost: engine.invalid:2375\r\n\
             proxy-authorization: Basic bWU6cGEgc3M=\r\n\r\n",
        )
        // In any segmentation.
        .send_bytewise("HTTP/1.0 200 OK\r\nVia: x\r\n\r\n")
        .expect_request(
            Expected::new("POST /v1.43/exec/e1/start")
                .header("Host", "engine.invalid:2375")
                .without("Proxy-Authorization")
                .any_body(),
        )
        .send(head(["HTTP/1.1 101 UPGRADED", "Connection: Upgrade", "Upgrade: tcp"]))
        .talk(|conn| {
            conn.expect(b"in")?;
            conn.expect_end()?;
            conn.send(b"out")
        })
        .close()
        // A later call is forwarded again.
        .accept()
        .exchange("GET http://engine.invalid:2375/v1.43/version", Response::json("{}"));
    let docker = context_builder(&proxy).build().unwrap();
    docker.system().info().unwrap();
    let mut duplex = start(&docker).unwrap();
    std::io::Write::write_all(duplex.input(), b"in").unwrap();
    duplex.input().close().unwrap();
    let output: Vec<u8> = duplex.output().flat_map(|frame| frame.unwrap().data).collect();
    assert_eq!(output, b"out");
    drop(duplex);
    docker.system().version().unwrap();
    proxy.finish();
}

#[test]
fn error_response_in_tunnel() {
    let proxy = FakeEngine::tcp();
    proxy
        .expect(TUNNEL)
        .send(TUNNEL_ESTABLISHED)
        .exchange_for(
            Expected::new("POST /v1.43/exec/e1/start").any_body(),
            Response::error(409, "it runs already"),
        )
        // The tunnel is not used for other calls.
        .accept()
        .exchange("GET http://engine.invalid:2375/v1.43/info", Response::json("{}"));
    let docker = context_builder_without_credentials(&proxy).build().unwrap();
    let error = start(&docker).unwrap_err();
    assert!(matches!(error, Error::Conflict(_)), "{error:?}");
    docker.system().info().unwrap();
    proxy.finish();
}

#[test]
fn connects_directly_without_tunnel() {
    let (proxy, engine) = (FakeEngine::tcp(), FakeEngine::tcp());
    let host = engine.host();
    let authority = host.strip_prefix("tcp://").unwrap();
    proxy
        .expect(format!("CONNECT {authority} HTTP/1.1\r\nhost: {authority}\r\n\r\n"))
        .send(Response::text(403, "no").to_bytes());
    engine.exchange_for(
        Expected::new("POST /v1.43/exec/e1/start").any_body(),
        Response::takeover(101, |conn| conn.send(b"out")),
    );
    let docker = context_builder_without_credentials(&proxy).host(&host).build().unwrap();
    let frame = start(&docker).unwrap().output().next().unwrap().unwrap();
    assert_eq!(frame.data, b"out");
    proxy.finish();
    engine.finish();
}

#[test]
fn reports_error_response_of_proxy() {
    let proxy = FakeEngine::tcp();
    let line = "GET http://engine.invalid:2375/v1.43/info";
    proxy
        .exchange(line, Response::text(407, "who are you?"))
        .exchange(line, Response::text(502, "no such host"));
    let docker = context_builder(&proxy).build().unwrap();
    let error = docker.system().info().unwrap_err();
    assert!(matches!(error, Error::BadRequest(_)), "{error:?}");
    assert_eq!(error.to_string(), "SystemInfo: who are you? (status 407)");
    let error = docker.system().info().unwrap_err();
    assert!(matches!(error, Error::Engine(_)), "{error:?}");
    proxy.finish();
}

#[test]
fn rejects_malformed_connect_responses() {
    for (response, reason) in [
        ("", "it closed the connection"),
        ("HTTP/1.1 200", "it closed the connection"),
        ("SSH-2.0-OpenSSH\r\n", "its response is not valid HTTP"),
        ("HTTP/1.1\r\n\r\n", "its response is not valid HTTP"),
        ("HTTP/1.1 200 OK\r\n\r\nhello", "it sent data after the response to CONNECT"),
    ] {
        let proxy = FakeEngine::tcp();
        proxy.expect(TUNNEL).send(response).close();
        let error =
            start(&context_builder_without_credentials(&proxy).build().unwrap()).unwrap_err();
        assert!(matches!(error, Error::Connect { .. }), "{error:?}");
        assert_eq!(
            error.to_string(),
            format!(
                "ExecStart: cannot connect to {ENGINE} through the proxy http://127.0.0.1:{}: {reason}",
                proxy.port()
            )
        );
        proxy.finish();
    }
    // An endless head.
    let proxy = FakeEngine::tcp();
    proxy.expect(TUNNEL).send(format!("HTTP/1.1 200 OK\r\nx: {}", "y".repeat(20_000)));
    let error = start(&context_builder_without_credentials(&proxy).build().unwrap())
        .unwrap_err()
        .to_string();
    assert!(error.ends_with("its response is not valid HTTP"), "{error}");
    proxy.finish();
}

#[test]
fn proxy_times_out() {
    let proxy = FakeEngine::tcp();
    let gate = Gate::new();
    proxy.expect(TUNNEL).hold(&gate);
    let timeouts = Timeouts { connect: Some(Duration::from_secs(2)), ..Timeouts::default() };
    let error =
        start(&context_builder_without_credentials(&proxy).timeouts(timeouts).build().unwrap())
            .unwrap_err();
    assert!(matches!(error, Error::Timeout { what: "no connection", .. }), "{error:?}");
    gate.open();
    proxy.finish();
}

#[test]
fn cancel_while_waiting_for_proxy() {
    let proxy = FakeEngine::tcp();
    let (requested, done) = (Gate::new(), Gate::new());
    proxy.expect(TUNNEL).open(&requested).hold(&done);
    let cancel = CancelToken::new();
    let docker =
        context_builder_without_credentials(&proxy).build().unwrap().with_cancel_token(&cancel);
    let call = std::thread::spawn(move || start(&docker).map(drop));
    assert!(requested.wait(LIMIT));
    cancel.cancel();
    let error = call.join().unwrap().unwrap_err();
    assert!(matches!(error, Error::Cancelled { .. }), "{error:?}");
    done.open();
    proxy.finish();
}

#[test]
fn proxy_refuses_connection() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let docker = client(ENGINE).proxy(format!("127.0.0.1:{port}")).build().unwrap();
    let error = docker.system().ping().unwrap_err();
    assert!(matches!(error, Error::Connect { errno: Some(111), .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        format!(
            "SystemPing: cannot connect to {ENGINE}: cannot connect to the proxy \
             http://127.0.0.1:{port}: Connection refused (os error 111): check HTTP_PROXY and \
             HTTPS_PROXY"
        )
    );
}

#[test]
fn rejects_invalid_proxies() {
    for (host, proxy, reason) in [
        ("/run/x", "http://p", "a proxy cannot be used for unix:///run/x: proxies are for tcp"),
        (ENGINE, "socks5://p", "the proxy: this kind of proxy is not supported"),
        (ENGINE, "http://u:s3cret@", "the proxy: the host or port is invalid"),
    ] {
        let error = client(host).proxy(proxy).build().unwrap_err();
        assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
        assert!(error.to_string().contains(reason) && !error.to_string().contains("s3"), "{error}");
    }
}

/// In processes of their own, because the tests set variables.
#[test]
fn proxies_from_environment() {
    const TEST: &str = "proxies::proxies_from_environment";
    if is_child() {
        let docker = Context::from_env().unwrap();
        let result = docker.system().info();
        match std::env::var("EXPECTED").unwrap().as_str() {
            "proxied" => drop(result.unwrap()),
            expected => assert!(result.unwrap_err().to_string().contains(expected)),
        }
        // With an explicit host, the environment is ignored, and the name does not resolve.
        for (builder, setting) in [
            (client(ENGINE), "the host set by the program"),
            (Context::builder().no_proxy(), "DOCKER_HOST"),
        ] {
            let error = builder.build().unwrap().system().info().unwrap_err();
            let advice = format!("check the host name in {setting}");
            assert!(error.to_string().contains(&advice), "{error}");
        }
        return;
    }
    let proxy = Responder::tcp(None, |request| match request.path() {
        "http://engine.invalid:2375/_ping" => Response::ping("1.41"),
        "http://engine.invalid:2375/v1.41/info" => Response::json("{}"),
        other => Response::error(500, other),
    });
    let address = proxy.host().replace("tcp://", "http://");
    for (name, no_proxy, expected) in [
        ("HTTP_PROXY", "", "proxied"),
        ("http_proxy", "other.invalid,10.0.0.0/8", "proxied"),
        ("HTTP_PROXY", ".invalid", "check the host name in DOCKER_HOST"),
        ("HTTPS_PROXY", "", "check the host name in DOCKER_HOST"),
    ] {
        let mut command = this_test(TEST);
        for variable in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "no_proxy", "REQUEST_METHOD"] {
            command.env_remove(variable);
        }
        command.env_remove("DOCKER_API_VERSION").env_remove("DOCKER_TLS_VERIFY");
        command.env("DOCKER_HOST", ENGINE).env("HOME", "/nowhere").env("EXPECTED", expected);
        command.env(name, &address).env("NO_PROXY", no_proxy);
        let output = run(&mut command, LIMIT).success();
        assert!(output.contains("1 passed"), "{output}");
    }
    assert_eq!(proxy.finish().len(), 4, "two calls, each a ping and a response");
}

#[cfg(feature = "tls")]
mod with_tls {
    use std::io::{Read, Write, copy};
    use std::net::{Shutdown, TcpListener, TcpStream};
    use std::thread::{self, JoinHandle};

    use super::*;

    /// A proxy that accepts one CONNECT and relays bytes to its target.
    fn relay() -> (u16, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let relay = thread::spawn(move || {
            let (mut client, _) = listener.accept().unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                client.read_exact(&mut byte).unwrap();
                head.extend(byte);
            }
            let head = String::from_utf8(head).unwrap();
            let authority = head.split(' ').nth(1).unwrap();
            let mut engine = TcpStream::connect(authority).unwrap();
            client.write_all(TUNNEL_ESTABLISHED.as_bytes()).unwrap();
            let (mut from, mut to) = (client.try_clone().unwrap(), engine.try_clone().unwrap());
            let up = thread::spawn(move || {
                let _ = copy(&mut from, &mut to);
                let _ = to.shutdown(Shutdown::Write);
            });
            let _ = copy(&mut engine, &mut client);
            let _ = client.shutdown(Shutdown::Write);
            up.join().unwrap();
            head
        });
        (port, relay)
    }

    #[test]
    fn tls_through_tunnel() {
        let authority = Authority::new();
        let fake = FakeEngine::unix();
        let front = TlsFront::before(fake.path(), authority.server(Clients::Signed));
        let (port, relay) = relay();
        let head = head(["HTTP/1.1 101 UPGRADED", "Connection: Upgrade", "Upgrade: tcp"]);
        fake.exchange("GET /v1.43/info", Response::json("{}"))
            .expect_request(Expected::new("POST /v1.43/exec/e1/start").any_body())
            .send(head)
            .talk(|conn| {
                conn.expect(b"in")?;
                conn.expect_end()?;
                conn.send(b"out")
            })
            .close();
        let docker = front
            .client(authority.with_client_certificate())
            .api_version(ApiVersion::new(1, 43))
            .proxy(format!("me:pass@127.0.0.1:{port}"))
            .build()
            .unwrap();
        docker.system().info().unwrap();
        // On the same connection: a tunnel needs no forwarding.
        let mut duplex = start(&docker).unwrap();
        duplex.input().write_all(b"in").unwrap();
        duplex.input().close().unwrap();
        let output: Vec<u8> = duplex.output().flat_map(|frame| frame.unwrap().data).collect();
        assert_eq!(output, b"out");
        drop((duplex, docker));
        fake.finish();
        let target = format!("127.0.0.1:{}", front.port());
        assert_eq!(
            relay.join().unwrap(),
            format!(
                "CONNECT {target} HTTP/1.1\r\nhost: {target}\r\n\
                 proxy-authorization: Basic bWU6cGFzcw==\r\n\r\n"
            )
        );
    }

    #[test]
    fn tls_fails_without_tunnel() {
        let proxy = FakeEngine::tcp();
        proxy
            .expect("CONNECT engine.invalid:2376 HTTP/1.1\r\nhost: engine.invalid:2376\r\n\r\n")
            .send(Response::text(403, "no").to_bytes());
        let docker = client("https://engine.invalid:2376")
            .tls(Tls { skip_verify: true, ..Tls::default() })
            .proxy(format!("127.0.0.1:{}", proxy.port()))
            .build()
            .unwrap();
        let error = docker.system().ping().unwrap_err();
        assert!(matches!(error, Error::Connect { .. }), "{error:?}");
        let expected =
            "refused the tunnel: 403 Forbidden: add the engine's host to NO_PROXY if it can be";
        assert!(error.to_string().contains(expected), "{error}");
        proxy.finish();
    }
}
