//! The result handler: what it receives of each call.

use std::io::{self, Read};
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::support::*;
use dockline::model::AuthConfig;
use dockline::*;

/// The results of all calls.
#[derive(Clone, Default)]
struct Results(Arc<Mutex<Vec<CallResult>>>);

impl Results {
    fn all(&self) -> MutexGuard<'_, Vec<CallResult>> {
        self.0.lock().unwrap()
    }

    /// The only result.
    #[track_caller]
    fn one(&self) -> CallResult {
        let all = self.all();
        assert_eq!(all.len(), 1, "{all:#?}");
        all[0].clone()
    }

    fn operations(&self) -> Vec<&'static str> {
        self.all().iter().map(|result| result.operation).collect()
    }

    /// A context of API 1.41 that records its results here.
    fn context(&self, host: &str) -> Context {
        self.builder(host).build().unwrap()
    }

    fn builder(&self, host: &str) -> ContextBuilder {
        let results = self.clone();
        client(host)
            .api_version(ApiVersion::new(1, 41))
            .on_result(move |result| results.all().push(result.clone()))
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn call_with_response() {
    let results = Results::default();
    let engine = FakeEngine::unix();
    let response = Response::json(r#"[{"Id":"a"}]"#).header("Server", "x").to_bytes();
    engine
        .expect_request(Expected::new("GET /v1.41/containers/json?all=1&limit=2"))
        .send(&response);
    let options = ContainerListOptions { all: true, limit: Some(2), ..Default::default() };
    let (before, start) = (SystemTime::now(), Instant::now());
    results.context(&engine.host()).containers().list(&options).unwrap();
    let (took, after) = (start.elapsed(), SystemTime::now());
    let result = results.one();
    assert_eq!((result.operation, result.method.as_str()), ("ContainerList", "GET"));
    assert_eq!(result.endpoint, engine.host());
    assert_eq!(result.url, "http://localhost/v1.41/containers/json?all=1&limit=2");
    assert_eq!((&result.request_body[..], result.request_bytes), (&b""[..], 0));
    assert_eq!(result.status, Some(200));
    let body = b"[{\"Id\":\"a\"}]\n";
    assert_eq!(result.response_head, &response[..response.len() - body.len()]);
    assert_eq!((&result.response_body[..], result.response_bytes), (&body[..], 13));
    assert_eq!(result.error, None);
    assert!(before <= result.started && result.started <= result.ended && result.ended <= after);
    assert!(!result.duration.is_zero() && result.duration <= took);
    // The head that the engine received.
    assert_eq!(escape(&result.request_head), escape(&engine.finish()[0].head));
}

#[test]
fn call_with_body() {
    let results = Results::default();
    let engine =
        Responder::unix(None, |_| Response::json_status(201, r#"{"Id":"ab","Warnings":null}"#));
    let mut body = dockline::model::ContainerCreateRequest::default();
    body.config.image = "busybox".into();
    results.context(&engine.host()).containers().create(&Default::default(), &body).unwrap();
    let result = results.one();
    assert_eq!((result.method.as_str(), result.status), ("POST", Some(201)));
    assert_eq!(text(&result.request_body), r#"{"Image":"busybox"}"#);
    assert_eq!(result.request_bytes, 19);
    assert_eq!(escape(&result.request_head), escape(&engine.finish()[0].head));
}

/// One result for each call, successful or not, with the name of its operation.
#[test]
fn one_result_for_each_operation() {
    for status in [200, 500] {
        let engine = Responder::unix(None, move |_| Response::error(status, "no"));
        for operation in OPERATIONS {
            let results = Results::default();
            let docker = results.builder(&engine.host()).api_version(ApiVersion::NEWEST);
            let done = operation.call(&docker.build().unwrap());
            // Some operations make another request before or after their own.
            let all = results.all();
            let own: Vec<_> = all.iter().filter(|r| r.operation == operation.id).collect();
            let [result] = own[..] else { panic!("{}: {all:#?}", operation.id) };
            assert_eq!(result.method, operation.method());
            assert_eq!(result.url, format!("http://localhost/v1.56{}", operation.target));
            assert_eq!(result.status, Some(status));
            if status == 500 {
                assert_eq!(result.error, Some(done.unwrap_err().to_string()), "{}", operation.id);
                let message =
                    format!("{}: {} (status 500)", operation.id, operation.api_error("no"));
                assert_eq!(result.error, Some(message));
                let body = if operation.method() == "HEAD" { "" } else { "{\"message\":\"no\"}\n" };
                // The responses of these operations are redacted.
                if !["SystemAuth", "SwarmUnlockkey"].contains(&operation.id) {
                    assert_eq!(text(&result.response_body), body);
                }
            }
        }
        engine.finish();
    }
}

#[test]
fn includes_negotiation() {
    let results = Results::default();
    let engine = FakeEngine::unix();
    engine
        .ping_without_head(405, "1.41")
        .exchange("GET /v1.41/info", Response::json("{}"))
        .exchange("GET /v1.41/info", Response::json("{}"));
    let docker = results.builder(&engine.host()).negotiate().build().unwrap();
    docker.system().info().unwrap();
    docker.system().info().unwrap();
    let all = results.all();
    let requests: Vec<_> =
        all.iter().map(|r| (r.method.as_str(), r.url.as_str(), r.status)).collect();
    assert_eq!(
        requests,
        [
            ("HEAD", "http://localhost/_ping", Some(405)),
            ("GET", "http://localhost/_ping", Some(200)),
            ("GET", "http://localhost/v1.41/info", Some(200)),
            ("GET", "http://localhost/v1.41/info", Some(200)),
        ]
    );
    assert_eq!(text(&all[1].response_body), "OK");
    engine.finish();
}

#[test]
fn over_tcp() {
    let results = Results::default();
    let engine = FakeEngine::tcp();
    engine.exchange("GET /v1.41/info", Response::json("{}"));
    results.context(&engine.host()).system().info().unwrap();
    let result = results.one();
    assert_eq!(result.endpoint, format!("tcp://127.0.0.1:{}", engine.port()));
    assert_eq!(result.url, format!("http://127.0.0.1:{}/v1.41/info", engine.port()));
    engine.finish();
}

// Failures.

#[test]
fn rejected_before_sending() {
    let results = Results::default();
    let engine = Responder::unix(None, |_| Response::json("{}"));
    let docker = results.context(&engine.host());
    let error = docker.containers().start("a/../b", &Default::default()).unwrap_err();
    let result = results.one();
    assert_eq!((result.operation, result.status), ("ContainerStart", None));
    assert_eq!(result.error, Some(error.to_string()));
    assert!(result.request_head.is_empty() && result.response_head.is_empty());
    assert_eq!((result.request_bytes, result.response_bytes), (0, 0));
    // An option that the version in use does not support.
    let stop = ContainerStopOptions { signal: "INT".into(), ..Default::default() };
    let error = docker.containers().stop("a", &stop).unwrap_err();
    let result = results.all().pop().unwrap();
    assert_eq!((result.operation, result.error), ("ContainerStop", Some(error.to_string())));
    assert_eq!(engine.connections(), 0);
}

#[test]
fn no_connection() {
    let results = Results::default();
    let dir = TempDir::new();
    let docker = results.context(&dir.join("none.sock").display().to_string());
    let error = docker.system().info().unwrap_err();
    let result = results.one();
    assert_eq!((result.status, result.url.as_str()), (None, "http://localhost/v1.41/info"));
    assert_eq!(result.error, Some(error.to_string()));
    assert!(result.request_head.is_empty() && result.response_head.is_empty());
}

#[test]
fn no_response() {
    let results = Results::default();
    let engine = FakeEngine::unix();
    engine.expect_request(Expected::new("GET /v1.41/info")).abort();
    let error = results.context(&engine.host()).system().info().unwrap_err();
    let result = results.one();
    assert_eq!((result.status, result.error), (None, Some(error.to_string())));
    assert_eq!(escape(&result.request_head), escape(&engine.finish()[0].head));
    assert!(result.response_head.is_empty());
}

#[test]
fn truncated_response() {
    let results = Results::default();
    let engine = FakeEngine::unix();
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
    engine.expect_request(Expected::new("GET /v1.41/info")).send(format!("{head}{{\"ID\"")).abort();
    let error = results.context(&engine.host()).system().info().unwrap_err();
    let result = results.one();
    assert_eq!((result.status, result.error), (Some(200), Some(error.to_string())));
    assert_eq!(text(&result.response_head), head);
    assert_eq!((text(&result.response_body), result.response_bytes), ("{\"ID\"", 5));
    engine.finish();
}

#[test]
fn undecodable_response() {
    let results = Results::default();
    let engine = Responder::unix(None, |_| Response::json(r#"["NCPU"]"#));
    let error = results.context(&engine.host()).system().info().unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    let result = results.one();
    assert_eq!((result.status, result.error), (Some(200), Some(error.to_string())));
    assert_eq!(text(&result.response_body), "[\"NCPU\"]\n");
}

/// Only the field with the wrong type is lost, and a note reports it.
#[test]
fn notes_values_of_wrong_type() {
    let results = Results::default();
    let engine = Responder::unix(None, |request| match request.path().ends_with("/events") {
        true => Response::chunked(200)
            .then("{\"time\":\"noon\",\"Action\":\"a\"}\n")
            .then("{\"Actor\":{\"Attributes\":{\"n\":1}}}\n"),
        false => Response::json(r#"{"NCPU":"many","ID":"i","Swarm":{"Nodes":-1.5}}"#),
    });
    let docker = results.context(&engine.host());
    let info = docker.system().info().unwrap();
    assert_eq!((info.id.as_str(), info.ncpu), ("i", 0));
    let result = results.one();
    let notes =
        [r#"NCPU: expected an integer, got "many""#, "Swarm.Nodes: expected an integer, got -1.5"];
    assert_eq!((result.error, &result.notes[..]), (None, &notes.map(str::to_owned)[..]));
    let events: Vec<_> =
        docker.system().events(&Default::default()).unwrap().map(Result::unwrap).collect();
    assert_eq!((events[0].action.as_str(), events[0].time), ("a", 0));
    assert_eq!(events[1].actor.attributes["n"], "");
    let notes = [
        r#"time: expected an integer, got "noon""#,
        "Actor.Attributes.n: expected a string, got 1",
    ];
    assert_eq!(results.all()[1].notes, notes);
}

#[test]
fn timeout_and_cancel() {
    let results = Results::default();
    let engine = FakeEngine::unix();
    let docker = results.context(&engine.host());
    engine.expect_request(Expected::new("GET /v1.41/info")).expect_close();
    let short = Duration::from_millis(50);
    let timeouts = Timeouts { read: Some(short), ..Default::default() };
    docker.with_timeouts(timeouts).system().info().unwrap_err();
    {
        let result = results.one();
        let message = "SystemInfo: the engine sent no data after 50ms";
        assert_eq!(result.error.as_deref(), Some(message));
        assert!(result.duration + Duration::from_millis(10) >= short, "{:?}", result.duration);
    }
    let cancel = CancelToken::new();
    cancel.cancel();
    docker.with_cancel_token(&cancel).system().version().unwrap_err();
    let result = results.all().pop().unwrap();
    assert_eq!(result.error.as_deref(), Some("SystemVersion: cancelled"));
    engine.finish();
}

/// A request that is repeated on a new connection is one call.
#[test]
fn retry_is_one_result() {
    let results = Results::default();
    let engine = FakeEngine::unix();
    let line = "GET /v1.41/x";
    let with_body = || Expected::new(line).body("twelve bytes");
    engine
        .exchange_for(with_body(), Response::json("1"))
        .expect_request(with_body())
        .abort()
        .exchange_for(with_body(), Response::json("2"));
    let docker = results.context(&engine.host());
    let request =
        RawRequest { path: "/x".into(), body: b"twelve bytes".into(), ..Default::default() };
    docker.raw(&request).unwrap();
    docker.raw(&request).unwrap();
    let requests = engine.finish();
    assert_eq!(requests.len(), 3);
    let all = results.all();
    assert_eq!(all.len(), 2);
    for (result, number) in all.iter().zip(["1\n", "2\n"]) {
        assert_eq!(escape(&result.request_head), escape(&requests[0].head));
        assert_eq!((text(&result.request_body), result.request_bytes), ("twelve bytes", 12));
        assert_eq!((text(&result.response_body), result.response_bytes), (number, 2));
        assert_eq!(result.error, None);
    }
}

// Streams.

const EVENTS: &str = "GET /v1.41/events";

#[test]
fn stream_read_to_end() {
    let results = Results::default();
    let engine = FakeEngine::unix();
    let response = Response::chunked(200).then("{\"Action\":\"a\"}\n").then("{\"Action\":\"b\"}\n");
    let response = response.to_bytes();
    engine.expect_request(Expected::new(EVENTS)).send(&response).expect_close();
    let docker = results.context(&engine.host());
    let mut events = docker.system().events(&Default::default()).unwrap();
    assert!(results.all().is_empty(), "the stream has not ended");
    assert_eq!(events.by_ref().count(), 2);
    let result = results.one();
    assert_eq!((result.operation, result.status, result.error), ("SystemEvents", Some(200), None));
    assert_eq!(text(&result.response_head), &text(&response)[..47]);
    assert_eq!(text(&result.response_body), "{\"Action\":\"a\"}\n{\"Action\":\"b\"}\n");
    assert_eq!(result.response_bytes, 30);
    assert!(events.next().is_none());
    drop(events);
    results.one();
    assert_eq!(escape(&result.request_head), escape(&engine.finish()[0].head));
}

#[test]
fn dropped_stream() {
    let results = Results::default();
    let engine = FakeEngine::unix();
    engine
        .expect_request(Expected::new(EVENTS))
        .send(head(["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"]))
        .send(chunk("{\"Action\":\"a\"}\n"))
        .expect_close();
    let docker = results.context(&engine.host());
    let mut events = docker.system().events(&Default::default()).unwrap();
    events.next().unwrap().unwrap();
    drop(events);
    let result = results.one();
    assert_eq!((result.error, result.response_bytes), (None, 15));
    engine.finish();
}

#[test]
fn broken_stream() {
    for (tail, expected) in [
        ("", "SystemEvents: the engine closed the connection in the middle of its response"),
        ("5\r\nnuts\n\r\n", "SystemEvents: the stream contains \"nuts\" instead of a JSON record"),
        ("c\r\n{\"time\":nul}\r\n", "SystemEvents: response at \"time\": "),
        ("zz\r\n", "SystemEvents: the body of the response is malformed"),
    ] {
        let results = Results::default();
        let engine = FakeEngine::unix();
        engine
            .expect_request(Expected::new(EVENTS))
            .send(head(["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"]))
            .send(chunk("{\"Action\":\"a\"}\n"))
            .send(tail)
            .abort();
        let docker = results.context(&engine.host());
        let mut events = docker.system().events(&Default::default()).unwrap();
        events.next().unwrap().unwrap();
        let error = events.next().unwrap().unwrap_err();
        let result = results.one();
        assert_eq!(result.error, Some(error.to_string()));
        assert!(result.error.unwrap().starts_with(expected), "{error}");
        drop(events);
        results.one();
        engine.finish();
    }
}

#[test]
fn error_inside_stream() {
    let results = Results::default();
    let body = "{\"errorDetail\":{\"message\":\"no space\"},\"error\":\"no space\"}\r\n";
    let engine = Responder::unix(None, move |_| Response::chunked(200).then(body));
    let options = ImageCreateOptions { from_image: "a".into(), ..Default::default() };
    let docker = results.context(&engine.host());
    docker.images().create(&options, None).unwrap().finish().unwrap_err();
    let result = results.one();
    assert_eq!(result.error.as_deref(), Some("ImageCreate: no space"));
    assert_eq!((result.status, text(&result.response_body)), (Some(200), body));
}

#[test]
fn wait() {
    let results = Results::default();
    let engine = Responder::unix(None, |_| Response::chunked(200).then("{\"StatusCode\":3}\n"));
    let docker = results.context(&engine.host());
    let wait = docker.containers().start_wait("a", &Default::default()).unwrap();
    assert!(results.all().is_empty(), "the wait has not ended");
    wait.finish().unwrap();
    let result = results.one();
    assert_eq!((text(&result.response_body), result.error), ("{\"StatusCode\":3}\n", None));
}

#[test]
fn both_directions() {
    let results = Results::default();
    let engine = FakeEngine::unix();
    let line = "POST /v1.42/containers/a/attach?stream=1&stdin=1&stdout=1&stderr=1";
    let response = head([
        "HTTP/1.1 101 UPGRADED",
        "Content-Type: application/vnd.docker.raw-stream",
        "Connection: Upgrade",
        "Upgrade: tcp",
    ]);
    engine.expect_request(Expected::new(line)).send(&response).expect("in").send("out").close();
    let docker = results.builder(&engine.host()).api_version(ApiVersion::new(1, 42));
    let docker = docker.build().unwrap();
    let attached = docker.containers().attach("a", &Default::default()).unwrap();
    let (mut output, mut input) = attached.split();
    input.send(b"in").unwrap();
    assert_eq!(output.next().unwrap().unwrap().data, b"out");
    assert!(output.next().is_none());
    let result = results.one();
    assert_eq!((result.status, text(&result.response_head)), (Some(101), response.as_str()));
    assert_eq!((text(&result.response_body), result.response_bytes), ("out", 3));
    drop((output, input));
    results.one();
    engine.finish();
}

// Uploads.

fn import(docker: &Context, reader: &mut dyn Read) -> Result<()> {
    let options = ImageCreateOptions { from_src: "-".into(), ..Default::default() };
    docker.images().create(&options, Some(reader))?.finish()
}

#[test]
fn upload() {
    let results = Results::default();
    let engine = upload_sink("{}");
    import(&results.context(&engine.host()), &mut Pattern::new(1_000_000)).unwrap();
    let result = results.one();
    // Without the chunked framing, and up to the capture limit.
    assert_eq!(result.request_bytes, 1_000_000);
    assert_eq!(result.request_body, Pattern::bytes(64 * 1024));
    assert_eq!(escape(&result.request_head), escape(&engine.finish()[0].head));
}

#[test]
fn upload_with_error_response() {
    let results = Results::default();
    let engine = FakeEngine::unix();
    engine
        .talk(|conn| RecordedRequest::read_head(conn, 0).map(drop))
        .reply(Response::error(404, "no"))
        .drain();
    let error = import(&results.context(&engine.host()), &mut io::repeat(7)).unwrap_err();
    let result = results.one();
    assert_eq!((result.status, result.error), (Some(404), Some(error.to_string())));
    assert_eq!(text(&result.response_body), "{\"message\":\"no\"}\n");
    assert!(result.request_bytes > 0 && result.request_body.iter().all(|byte| *byte == 7));
    engine.finish();
}

#[test]
fn upload_with_failing_reader() {
    let results = Results::default();
    let engine = FakeEngine::unix();
    engine.drain();
    struct Fails(bool);
    impl Read for Fails {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if std::mem::replace(&mut self.0, true) {
                return Err(io::Error::other("no more tape"));
            }
            buffer[..3].copy_from_slice(b"tar");
            Ok(3)
        }
    }
    import(&results.context(&engine.host()), &mut Fails(false)).unwrap_err();
    let result = results.one();
    let message = "ImageCreate: reading the data to upload: no more tape";
    assert_eq!((result.status, result.error.as_deref()), (None, Some(message)));
    assert_eq!((text(&result.request_body), result.request_bytes), ("tar", 3));
    engine.finish();
}

// Capture limit and redaction.

#[test]
fn capture_limit() {
    for (limit, captured) in
        [(0, 0), (10, 10), (99_999, 99_999), (100_000, 100_000), (1 << 40, 100_000)]
    {
        let results = Results::default();
        let engine = Responder::unix(None, |_| Response::sized(200).pattern(100_000));
        let docker = results.builder(&engine.host()).capture_limit(limit).build().unwrap();
        let request = RawRequest {
            method: "POST".into(),
            path: "/x".into(),
            body: Pattern::bytes(100_000),
            ..Default::default()
        };
        assert_eq!(docker.raw(&request).unwrap().body.len(), 100_000);
        let mut streamed = docker.raw_stream(&request, None).unwrap();
        assert_eq!(io::copy(&mut streamed, &mut io::sink()).unwrap(), 100_000);
        let all = results.all();
        assert_eq!(all.len(), 2);
        for result in &*all {
            assert_eq!((result.request_bytes, result.response_bytes), (100_000, 100_000));
            assert!(result.request_body == Pattern::bytes(captured));
            assert!(result.response_body == Pattern::bytes(captured));
        }
    }
}

#[test]
fn redacts_credentials() {
    for reveal in [false, true] {
        let results = Results::default();
        let engine = Responder::unix(None, |request| match request.path() {
            "/v1.41/auth" => Response::json(r#"{"IdentityToken":"t0ken","Status":"ok"}"#),
            _ => Response::chunked(200),
        });
        let docker = results.builder(&engine.host()).reveal_secrets(reveal).build().unwrap();
        let auth = AuthConfig { password: "pa55".into(), ..Default::default() };
        let pull = ImageCreateOptions {
            from_image: "a".into(),
            auth: Some(auth.clone()),
            ..Default::default()
        };
        docker.images().create(&pull, None).unwrap().finish().unwrap();
        docker.system().auth(&auth).unwrap();
        let raw = RawRequest {
            path: "/x".into(),
            headers: vec![
                ("Authorization".into(), "Bearer b3arer".into()),
                ("X-REGISTRY-CONFIG".into(), "c0nfig".into()),
                ("X-Plain".into(), "plain".into()),
            ],
            ..Default::default()
        };
        docker.raw(&raw).unwrap();

        let requests = engine.finish();
        let sent = |index: usize| text(&requests[index].head).to_owned();
        // {"password":"pa55"}
        assert_eq!(requests[0].header("X-Registry-Auth"), Some("eyJwYXNzd29yZCI6InBhNTUifQ=="));
        assert_eq!(requests[1].text(), r#"{"password":"pa55"}"#);
        assert_eq!(requests[2].header("authorization"), Some("Bearer b3arer"));

        let all = results.all();
        assert_eq!(operations_of(&all), ["ImageCreate", "SystemAuth", "Raw"]);
        let (pull, login, raw) = (&all[0], &all[1], &all[2]);
        assert_eq!((login.request_bytes, login.response_bytes), (19, 40));
        if reveal {
            assert_eq!(text(&pull.request_head), sent(0));
            assert_eq!(text(&login.request_body), r#"{"password":"pa55"}"#);
            assert!(text(&login.response_body).contains("t0ken"));
            assert_eq!(text(&raw.request_head), sent(2));
        } else {
            let redacted_head = sent(0).replace("eyJwYXNzd29yZCI6InBhNTUifQ==", "[redacted]");
            assert_eq!(text(&pull.request_head), redacted_head);
            assert_eq!(text(&login.request_body), "[redacted]");
            assert_eq!(text(&login.response_body), "[redacted]");
            let redacted_head = sent(2).replace("Bearer b3arer", "[redacted]");
            assert_eq!(text(&raw.request_head), redacted_head.replace("c0nfig", "[redacted]"));
            assert!(text(&raw.request_head).contains("x-plain: plain"));
            let shown = format!("{all:?}");
            for secret in ["pa55", "t0ken", "b3arer", "c0nfig", "eyJw"] {
                assert!(!shown.contains(secret), "{secret} in {shown}");
            }
        }
    }
}

fn operations_of(all: &[CallResult]) -> Vec<&'static str> {
    all.iter().map(|result| result.operation).collect()
}

// The handler.

#[test]
fn runs_on_calling_thread() {
    let engine = Responder::unix(None, |_| Response::json("{}"));
    let threads = Arc::new(Mutex::new(Vec::new()));
    let docker = speaking(&engine.host(), "1.41").with_result_handler({
        let threads = threads.clone();
        move |_| threads.lock().unwrap().push(thread::current().id())
    });
    docker.system().info().unwrap();
    let other = thread::spawn({
        let docker = docker.clone();
        move || {
            docker.system().info().unwrap();
            thread::current().id()
        }
    });
    let other = other.join().unwrap();
    assert_eq!(*threads.lock().unwrap(), [thread::current().id(), other]);
}

/// The times cover the call, including the wait for the response.
#[test]
fn times() {
    // Two clocks, not read at the same moment.
    promptly(Duration::from_millis(20), || {
        let results = Results::default();
        let engine = FakeEngine::unix();
        let (request_received, may_respond) = (Gate::new(), Gate::new());
        engine
            .expect_request(Expected::new("GET /v1.41/info"))
            .open(&request_received)
            .hold(&may_respond)
            .reply(Response::json("{}"));
        let docker = results.context(&engine.host());
        let pause = Duration::from_millis(60);
        thread::scope(|scope| {
            scope.spawn(|| docker.system().info().unwrap());
            assert!(request_received.wait(LIMIT));
            thread::sleep(pause);
            may_respond.open();
        });
        let result = results.one();
        assert!(result.duration >= pause, "{:?}", result.duration);
        engine.finish();
        let wall_clock = result.ended.duration_since(result.started).unwrap();
        result.duration.saturating_sub(wall_clock)
    });
}

/// The calls may use the connection that has just become idle.
#[test]
fn handler_makes_calls() {
    let engine = Responder::unix(None, |_| Response::json("{}"));
    let docker = speaking(&engine.host(), "1.41");
    let operations = Arc::new(Mutex::new(Vec::new()));
    let docker = docker.with_result_handler({
        let (docker, operations) = (docker.clone(), operations.clone());
        move |result| {
            docker.system().version().unwrap();
            operations.lock().unwrap().push(result.operation);
        }
    });
    docker.system().info().unwrap();
    docker.containers().start("a", &Default::default()).unwrap();
    docker.system().events(&Default::default()).unwrap().for_each(drop);
    assert_eq!(*operations.lock().unwrap(), ["SystemInfo", "ContainerStart", "SystemEvents"]);
    assert_eq!(engine.finish().len(), 6);
}

/// The handler also receives the calls that it makes itself.
#[test]
fn handler_receives_its_own_calls() {
    let engine = Responder::unix(None, |_| Response::json("{}"));
    let operations = Arc::new(Mutex::new(Vec::new()));
    let derived = Arc::new(Mutex::new(None::<Context>));
    let docker = client(&engine.host())
        .api_version(ApiVersion::new(1, 41))
        .on_result({
            let (operations, derived) = (operations.clone(), derived.clone());
            move |result| {
                operations.lock().unwrap().push(result.operation);
                if result.operation == "SystemInfo" {
                    let docker = derived.lock().unwrap().clone().unwrap();
                    docker.system().version().unwrap();
                }
            }
        })
        .build()
        .unwrap();
    *derived.lock().unwrap() = Some(docker.clone());
    docker.system().info().unwrap();
    assert_eq!(*operations.lock().unwrap(), ["SystemInfo", "SystemVersion"]);
    // Break the reference cycle.
    derived.lock().unwrap().take();
}

/// A call made by the reader of an upload does not disturb the result of the upload.
#[test]
fn handler_during_upload() {
    let results = Results::default();
    let engine = upload_sink("{}");
    let docker = results.context(&engine.host());
    struct Calls<'a>(&'a Context, usize);
    impl Read for Calls<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.system().info().map_err(io::Error::other)?;
            self.1 -= 1;
            buffer[0] = b'x';
            Ok(usize::from(self.1 > 0))
        }
    }
    import(&docker, &mut Calls(&docker, 3)).unwrap();
    assert_eq!(results.operations(), ["SystemInfo", "SystemInfo", "SystemInfo", "ImageCreate"]);
    let all = results.all();
    assert_eq!((text(&all[3].request_body), all[3].request_bytes), ("xx", 2));
    assert!(text(&all[3].request_head).starts_with("POST /v1.41/images/create"));
    assert!(all[..3].iter().all(|info| text(&info.request_head).starts_with("GET /v1.41/info")));
}

#[test]
fn handler_panics() {
    let engine = Responder::unix(None, |request| match request.path() {
        "/v1.41/info" => Response::json(r#"{"ID":"x"}"#),
        _ => Response::error(404, "no"),
    });
    // `resume_unwind` prints no panic message.
    let docker = speaking(&engine.host(), "1.41")
        .with_result_handler(|_| resume_unwind(Box::new("panic of the handler")));
    assert_eq!(docker.system().info().unwrap().id, "x");
    let error = docker.containers().start("a", &Default::default()).unwrap_err();
    assert_eq!(error.status(), Some(404));
    docker.system().events(&Default::default()).unwrap_err();
    assert_eq!(docker.system().info().unwrap().id, "x");
    assert_eq!(engine.finish().len(), 4);
}

/// A handler applies to the context it is set on and to contexts derived from it.
#[test]
fn handler_belongs_to_context() {
    let (first, second) = (Results::default(), Results::default());
    let engine = Responder::unix(None, |_| Response::json("{}"));
    let docker = first.context(&engine.host());
    let other = docker.with_result_handler({
        let second = second.clone();
        move |result| second.all().push(result.clone())
    });
    docker.system().info().unwrap();
    other.with_timeouts(Timeouts::default()).system().version().unwrap();
    docker.clone().containers().list(&Default::default()).unwrap_err();
    assert_eq!(first.operations(), ["SystemInfo", "ContainerList"]);
    assert_eq!(second.operations(), ["SystemVersion"]);
}

/// The response head is that of the final response, and the body begins after it, whatever ends the lines.
#[test]
fn response_heads_and_bodies_are_separate() {
    const FINAL: &str =
        "HTTP/1.1 200 OK\r\nContent-Length: 34\r\nSet-Cookie: hunter2\r\nX-Server: a\r\n\r\n";
    let interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    let with_lf = FINAL.replace('\r', "");
    // The last one has an empty line before the status line.
    let heads = [
        (format!("HTTP/1.1 100 Continue\r\n\r\n{FINAL}"), FINAL),
        (format!("{interim}{interim}{FINAL}"), FINAL),
        (with_lf.clone(), &with_lf),
        (interim.replace('\r', "") + &with_lf, &with_lf),
        (FINAL.replace("a\r\n\r\n", "a\n\r\n"), &FINAL.replace("a\r\n\r\n", "a\n\r\n")),
        (format!("\r\n{FINAL}"), &format!("\r\n{FINAL}")),
    ];
    for (sent, expected) in heads {
        for bytewise in [false, true] {
            for stream in [false, true] {
                let results = Results::default();
                let engine = FakeEngine::unix();
                let docker = results.builder(&engine.host()).capture_limit(4).build().unwrap();
                let target = if stream { "/v1.41/events" } else { "/v1.41/swarm/unlockkey" };
                engine.expect_request(Expected::new(&format!("GET {target}")));
                let response = format!("{sent}{{\"UnlockKey\":\"SWMKEY-1-a-secret\"}} ");
                match bytewise {
                    false => engine.send(response),
                    true => engine.send_bytewise(response),
                };
                match stream {
                    false => {
                        let key = docker.swarm().unlockkey().unwrap();
                        assert_eq!(&*key.unlock_key, "SWMKEY-1-a-secret");
                    }
                    true => docker.system().events(&Default::default()).unwrap().for_each(drop),
                }
                let result = results.one();
                let expected = expected.replace("hunter2", "[redacted]");
                assert_eq!(text(&result.response_head), expected, "{sent:?}");
                let body = if stream { "{\"Un" } else { "[redacted]" };
                assert_eq!(text(&result.response_body), body, "{sent:?}");
                assert_eq!((result.status, result.response_bytes), (Some(200), 34));
            }
        }
    }
}

/// Connections are used again after responses with and without a body, whatever their framing, unless something
/// follows the body.
#[test]
fn connections_are_reused_after_a_complete_body() {
    let engine = FakeEngine::unix();
    let docker = speaking(&engine.host(), "1.41");
    let list = || docker.containers().list(&Default::default());
    for response in [
        Response::json("[]"),
        Response::chunked(200).then("[").then("]"),
        Response::json_status(200, format!("[{}]", " ".repeat(300_000))),
        Response::chunked(200).then(format!("[{}]", " ".repeat(300_000))),
    ] {
        engine.exchange("GET /v1.41/containers/json", response);
        assert_eq!(list().unwrap(), []);
    }
    engine.exchange("GET /v1.41/containers/json", Response::error(500, "no"));
    list().unwrap_err();
    engine.exchange("POST /v1.41/containers/a/start", Response::empty(204));
    docker.containers().start("a", &Default::default()).unwrap();
    engine.exchange("POST /v1.41/containers/a/start", Response::empty(304));
    docker.containers().start("a", &Default::default()).unwrap();
    engine.exchange("HEAD /_ping", Response::ping("1.41"));
    docker.system().ping().unwrap();
    let connections = |engine: &FakeEngine| {
        let requests = engine.requests();
        requests.iter().map(|request| request.connection).max()
    };
    engine.sync();
    assert_eq!(connections(&engine), Some(0));
    // Bytes behind the body.
    engine.expect_request(Expected::new("GET /v1.41/containers/json"));
    engine.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]HTTP/1.1 200 OK\r\n\r\n");
    list().unwrap();
    engine.accept().exchange("GET /v1.41/containers/json", Response::json("[]"));
    list().unwrap();
    engine.sync();
    assert_eq!(connections(&engine), Some(1));
    engine.finish();
}
