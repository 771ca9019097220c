//! A success is never invented: responses that look like one and are not.

use std::io::Read;
use std::sync::{Arc, Mutex};

use crate::support::*;
use dockline::model::{ContainerExecRequest, ExecStartRequest};
use dockline::*;

const UPGRADE_TO_TCP: [(&str, &str); 2] = [("Connection", "Upgrade"), ("Upgrade", "tcp")];

/// A context whose results are collected: operation, status and error.
type Results = Arc<Mutex<Vec<(&'static str, Option<u16>, Option<String>)>>>;

fn recording(engine: &FakeEngine) -> (Context, Results) {
    let results = Results::default();
    let collected = results.clone();
    let docker = pinned(engine, 42).with_result_handler(move |result| {
        let result = (result.operation, result.status, result.error.clone());
        collected.lock().unwrap().push(result);
    });
    (docker, results)
}

/// The only result that was reported must be this error.
#[track_caller]
fn assert_reported(results: &Results, error: &Error) {
    let results = std::mem::take(&mut *results.lock().unwrap());
    assert_eq!(results.len(), 1, "{results:?}");
    assert_eq!(results[0].0, error.operation());
    assert_eq!(results[0].2.as_deref(), Some(&*error.to_string()));
}

#[test]
fn reports_failures_of_any_type() {
    for (record, message, code) in [
        (r#"{"errorDetail":{"message":"boom","code":"401"},"error":"boom"}"#, "boom", None),
        (r#"{"errorDetail":"boom","error":""}"#, "boom", None),
        (r#"{"error":{"message":"boom"}}"#, "boom", None),
        (r#"{"error":true}"#, r#"{"error":true}"#, None),
        (r#"{"errorDetail":{"message":"boom","code":1.0}}"#, "boom", Some(1)),
        (r#"{"errorDetail":{},"error":""}"#, r#"{"errorDetail":{},"error":""}"#, None),
    ] {
        let engine = FakeEngine::unix();
        engine.exchange(
            "POST /v1.42/images/create?fromImage=x&tag=1",
            Response::sized(200).then([r#"{"status":"Pulling"}"#, record].join("\r\n")),
        );
        let (docker, results) = recording(&engine);
        let options =
            ImageCreateOptions { from_image: "x".into(), tag: "1".into(), ..Default::default() };
        let error = docker.images().create(&options, None).unwrap().finish().unwrap_err();
        match &error {
            Error::Stream { message: it, code: number, .. } => {
                assert_eq!((it.as_str(), *number), (message, code), "{record}");
            }
            other => panic!("{record}: {other:?}"),
        }
        assert_reported(&results, &error);
        engine.finish();
    }
}

// Input that cannot arrive: a proxy drops the request to upgrade and passes on the rest.

fn not_upgraded(output: Vec<u8>) -> Response {
    Response::until_close(200)
        .header("Content-Type", "application/vnd.docker.raw-stream")
        .then(output)
}

#[test]
fn input_fails_without_upgrade() {
    let engine = FakeEngine::unix();
    engine.exchange_for(
        Expected::new("POST /v1.42/exec/e1/start").any_body(),
        not_upgraded(frame(1, "output")),
    );
    let docker = pinned(&engine, 42);
    let mut duplex = docker.exec().start("e1", &ExecStartRequest::default()).unwrap();
    for error in [
        duplex.input().send(b"x").unwrap_err(),
        duplex.input().close().unwrap_err(),
        duplex.input().send(b"x").unwrap_err(),
    ] {
        assert!(matches!(error, Error::Protocol { operation: "ExecStart", .. }), "{error:?}");
        let text = error.to_string();
        assert!(text.contains("input cannot be sent") && text.contains("proxy"), "{text}");
    }
    // Output alone goes on.
    assert_eq!(duplex.output().next().unwrap().unwrap().data, b"output");
    assert!(duplex.output().next().is_none());
    engine.finish();
}

/// A command that wants input fails at the start; one that only prints runs to its end.
#[test]
fn exec_run_with_stdin_fails_without_upgrade() {
    for attach_stdin in [true, false] {
        let engine = FakeEngine::unix();
        engine
            .exchange_for(
                Expected::new("POST /v1.42/containers/web/exec").any_body(),
                Response::json_status(201, r#"{"Id":"e1"}"#),
            )
            .exchange_for(
                Expected::new("POST /v1.42/exec/e1/start").any_body(),
                not_upgraded(frame(1, "output")),
            );
        let body = ContainerExecRequest {
            cmd: ["cat".to_owned()].into(),
            attach_stdin,
            ..Default::default()
        };
        let (docker, results) = recording(&engine);
        let run = docker.exec().run("web", &body);
        if attach_stdin {
            let error = run.unwrap_err();
            assert!(matches!(error, Error::Protocol { operation: "ExecStart", .. }), "{error:?}");
            results.lock().unwrap().remove(0);
            assert_reported(&results, &error);
        } else {
            engine
                .accept()
                .exchange("GET /v1.42/exec/e1/json", Response::json(r#"{"ExitCode":3}"#));
            let output = run.unwrap().collect().unwrap();
            assert_eq!((output.exit_code, &output.stdout[..]), (3, &b"output"[..]));
        }
        engine.finish();
    }
}

#[test]
fn attach_with_stdin_fails_without_upgrade() {
    for stdin in [true, false] {
        let engine = FakeEngine::unix();
        let line = match stdin {
            true => "POST /v1.42/containers/web/attach?stream=1&stdin=1&stdout=1&stderr=1",
            false => "POST /v1.42/containers/web/attach?stream=1&stdout=1&stderr=1",
        };
        engine
            .exchange(line, not_upgraded(frame(2, "output")))
            .accept()
            .exchange("GET /v1.42/containers/web/json", Response::json("{}"));
        let docker = pinned(&engine, 42);
        let options = ContainerAttachOptions { stdin, ..Default::default() };
        let attached = docker.containers().attach("web", &options);
        if stdin {
            let error = attached.unwrap_err();
            let fits = matches!(error, Error::Protocol { operation: "ContainerAttach", .. });
            assert!(fits, "{error:?}");
        } else {
            let mut attached = attached.unwrap();
            assert_eq!(attached.output().next().unwrap().unwrap().data, b"output");
            assert!(attached.output().next().is_none());
        }
        engine.finish();
    }
}

// Switching protocols without being asked to.

#[test]
fn rejects_unrequested_upgrade() {
    type Call = fn(&Context) -> Result<()>;
    let calls: [(&str, &str, Call); 5] = [
        ("ContainerStart", "POST /v1.42/containers/web/start", |docker| {
            docker.containers().start("web", &Default::default()).map(drop)
        }),
        ("ContainerList", "GET /v1.42/containers/json", |docker| {
            docker.containers().list(&Default::default()).map(drop)
        }),
        ("SystemEvents", "GET /v1.42/events", |docker| {
            docker.system().events(&Default::default()).map(drop)
        }),
        ("ContainerExport", "GET /v1.42/containers/web/export", |docker| {
            docker.containers().export("web").map(drop)
        }),
        ("Raw", "GET /v1.42/x", |docker| {
            docker.raw(&RawRequest { path: "/x".into(), ..Default::default() }).map(drop)
        }),
    ];
    for (operation, line, call) in calls {
        let engine = FakeEngine::unix();
        engine
            .expect_request(Expected::new(line))
            .send("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n{}")
            .expect_close();
        let (docker, results) = recording(&engine);
        let error = call(&docker).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "{operation}: the engine switched protocols (status 101), which was not requested"
            )
        );
        assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
        assert_reported(&results, &error);
        engine.finish();
    }
}

/// A raw stream may request an upgrade. A raw request is read whole, which an upgraded connection is not.
#[test]
fn raw_stream_accepts_upgrade() {
    let headers = UPGRADE_TO_TCP.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let request = RawRequest { path: "/x".into(), headers: headers.into(), ..Default::default() };
    for streams in [true, false] {
        let engine = FakeEngine::unix();
        engine
            .expect_request(Expected::new("GET /v1.42/x").header("upgrade", "tcp"))
            .send("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nhello")
            .close();
        let docker = pinned(&engine, 42);
        if streams {
            let mut text = String::new();
            let mut stream = docker.raw_stream(&request, None).unwrap();
            stream.read_to_string(&mut text).unwrap();
            assert_eq!(text, "hello");
        } else {
            let error = docker.raw(&request).unwrap_err();
            assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
        }
        engine.finish();
    }
}

// Exit codes.

/// Waits on an engine that responds with this body.
fn waited(body: &str) -> (Result<i64>, Results) {
    let engine = FakeEngine::unix();
    engine.exchange(
        "POST /v1.42/containers/web/wait",
        Response::until_close(200).header("Content-Type", "application/json").then(body),
    );
    let (docker, results) = recording(&engine);
    let exit = docker.containers().wait("web", &Default::default());
    engine.finish();
    (exit.map(|exit| exit.status_code), results)
}

#[test]
fn rejects_wait_without_exit_code() {
    for (json, got) in [
        ("{}", r#""{}""#),
        (r#"{"StatusCode":null}"#, r#""{\"StatusCode\":null}""#),
        (r#"{"StatusCode":"7"}"#, r#""{\"StatusCode\":\"7\"}""#),
        (r#"{"StatusCode":1.5,"Error":null}"#, r#""{\"StatusCode\":1.5,\"Error\":null}""#),
    ] {
        let (exit, results) = waited(json);
        let error = exit.unwrap_err();
        assert!(matches!(error, Error::Decode { .. }), "{error:?}");
        assert_eq!(
            error.to_string(),
            format!("ContainerWait: response at \"StatusCode\": expected the exit code, got {got}")
        );
        assert_reported(&results, &error);
    }
}

#[test]
fn reports_wait_errors_of_any_type() {
    for (json, message, code) in [
        (r#"{"StatusCode":0,"Error":{"Message":"lost it"}}"#, "lost it", Some(0)),
        (r#"{"StatusCode":0,"Error":"lost it"}"#, "lost it", Some(0)),
        (r#"{"Error":{"Message":"lost it"}}"#, "lost it", None),
        (r#"{"StatusCode":0,"Error":true}"#, r#"{"StatusCode":0,"Error":true}"#, Some(0)),
    ] {
        let (exit, results) = waited(json);
        let error = exit.unwrap_err();
        match &error {
            Error::Stream { message: it, code: number, .. } => {
                assert_eq!((it.as_str(), *number), (message, code), "{json}");
            }
            other => panic!("{json}: {other:?}"),
        }
        assert_reported(&results, &error);
    }
    // Podman always sends the member.
    for json in [
        r#"{"StatusCode":3,"Error":{"Message":""}}"#,
        r#"{"StatusCode":3,"Error":{}}"#,
        r#"{"StatusCode":3,"Error":""}"#,
        r#"{"StatusCode":3,"Error":null}"#,
        r#"{"StatusCode":3.0}"#,
    ] {
        assert_eq!(waited(json).0.unwrap(), 3, "{json}");
    }
}

// The result callback reports a call after its body was judged.

#[test]
fn result_of_wait_without_json() {
    for body in ["", "copying response body from Docker: unexpected EOF"] {
        let (exit, results) = waited(body);
        let error = exit.unwrap_err();
        assert!(matches!(error, Error::Decode { .. }), "{error:?}");
        assert_reported(&results, &error);
    }
}

#[test]
fn result_of_truncated_records() {
    for body in ["{\"Action\":\"start\"}\n{\"Action\":", "{\"Action\":\"start\"}\nnul"] {
        for chunked in [false, true] {
            let engine = FakeEngine::unix();
            let response =
                if chunked { Response::chunked(200) } else { Response::until_close(200) };
            engine.exchange("GET /v1.42/events", response.then(body));
            let (docker, results) = recording(&engine);
            let mut events = docker.system().events(&Default::default()).unwrap();
            assert_eq!(events.next().unwrap().unwrap().action, "start");
            let error = events.next().unwrap().unwrap_err();
            assert!(events.next().is_none());
            drop(events);
            assert_reported(&results, &error);
            engine.finish();
        }
    }
}

/// A stream that ends well is reported at its last item, not only when it is dropped.
#[test]
fn result_of_stream_comes_with_its_end() {
    let engine = FakeEngine::unix();
    engine
        .exchange("GET /v1.42/events", Response::chunked(200).then("{}"))
        .accept()
        .exchange("GET /v1.42/containers/web/export", Response::chunked(200).then("tar"))
        .accept()
        .exchange(
            "GET /v1.42/containers/web/logs?stdout=1&stderr=1",
            Response::chunked(200)
                .header("Content-Type", "application/vnd.docker.multiplexed-stream")
                .then(frame(1, "a")),
        );
    let (docker, results) = recording(&engine);
    let good = |operation| vec![(operation, Some(200), None)];
    let take = || std::mem::take(&mut *results.lock().unwrap());
    let mut events = docker.system().events(&Default::default()).unwrap();
    assert_eq!((events.by_ref().count(), take()), (1, good("SystemEvents")));
    let mut export = docker.containers().export("web").unwrap();
    let mut tar = Vec::new();
    export.read_to_end(&mut tar).unwrap();
    assert_eq!(take(), good("ContainerExport"));
    let mut logs = docker.containers().logs("web", &Default::default()).unwrap();
    assert_eq!((logs.by_ref().count(), take()), (1, good("ContainerLogs")));
    drop((events, export, logs));
    assert_eq!(take(), []);
    engine.finish();
}

/// Refused by the library, after a response that is in order.
#[test]
fn result_of_session_without_upgrade() {
    let engine = FakeEngine::unix();
    engine.exchange_for(
        Expected::new("POST /v1.42/session").header("upgrade", "h2c"),
        Response::until_close(200),
    );
    let (docker, results) = recording(&engine);
    let options = SessionOptions { uuid: "s1".into(), ..Default::default() };
    let error = docker.session().open(&options).unwrap_err();
    assert_reported(&results, &error);
    engine.finish();
}

#[cfg(feature = "websocket")]
#[test]
fn result_of_broken_websocket() {
    let target = "/v1.42/containers/web/attach/ws?stream=1&stdin=1&stdout=1&stderr=1";
    // Not a handshake; then a frame that the protocol does not allow, and an end without a close frame.
    for (opens, sent) in [(false, &b""[..]), (true, &[0xff, 0][..]), (true, b"")] {
        let engine = FakeEngine::unix();
        if opens {
            let sent = sent.to_vec();
            engine.talk(move |conn| {
                open_websocket(conn, target)?;
                conn.send(&sent)?;
                conn.shutdown_write()
            });
        } else {
            engine.exchange(&format!("GET {target}"), Response::until_close(200));
        }
        let (docker, results) = recording(&engine);
        let attached = docker.containers().attach_websocket("web", &Default::default());
        let error = match attached {
            Ok(mut attached) => attached.output().next_message().unwrap_err(),
            Err(error) => error,
        };
        assert_reported(&results, &error);
        engine.finish();
    }
}

// Names of blanks.

/// Engines take a blank name for none at all: the call would succeed and have done nothing.
#[test]
fn rejects_blank_names() {
    type Call = fn(&Context) -> Result<()>;
    let calls: [Call; 12] = [
        |docker| docker.volumes().delete("    ", &VolumeDeleteOptions { force: true }),
        |docker| docker.volumes().inspect(" ").map(drop),
        |docker| docker.containers().inspect("\u{a0}", &Default::default()).map(drop),
        |docker| docker.containers().rename("web", " "),
        |docker| docker.containers().archive_info("web", " ").map(drop),
        |docker| docker.exec().inspect(" ").map(drop),
        |docker| {
            let options = ImageCommitOptions { container: " ".into(), ..Default::default() };
            docker.images().commit(&options, &Default::default()).map(drop)
        },
        |docker| docker.images().inspect(" ", &Default::default()).map(drop),
        |docker| {
            let options = ImageTagOptions { repo: " ".into(), ..Default::default() };
            docker.images().tag("x", &options)
        },
        |docker| {
            let body =
                dockline::model::NetworkCreateRequest { name: " ".into(), ..Default::default() };
            docker.networks().create(&body).map(drop)
        },
        |docker| docker.secrets().create(&secret_named(" ")).map(drop),
        |docker| docker.plugins().inspect(" ").map(drop),
    ];
    let engine = FakeEngine::unix();
    let docker = pinned(&engine, 42);
    for (index, call) in calls.into_iter().enumerate() {
        match call(&docker).unwrap_err() {
            Error::InvalidArgument { message, .. } => {
                let is_named = message.contains("is empty") || message.contains("is blank");
                assert!(is_named, "{index}: {message}");
            }
            other => panic!("{index}: {other:?}"),
        }
    }
    engine.finish();
}

fn secret_named(name: &str) -> dockline::model::SecretSpec {
    dockline::model::SecretSpec { name: name.into(), ..Default::default() }
}
