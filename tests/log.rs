//! Log records of the crates below dockline, which a program's logger receives. In a program of its own, since the
//! logger of a process can only be set once.

#[path = "support/mod.rs"]
mod support;

use std::sync::Mutex;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};
use dockline::model::{AuthConfig, SecretSpec, SwarmJoinRequest, SwarmUnlockRequest};
use dockline::{Context, ContextBuilder, ImageLoadOptions, ImagePushOptions};
use log::{LevelFilter, Log, Metadata, Record};

use support::{RecordedRequest, Responder, Response, client};

/// A logger at trace level that keeps everything.
struct Recording(Mutex<Vec<String>>);

static LOGGER: Recording = Recording(Mutex::new(Vec::new()));

impl Log for Recording {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let values = format!("{} {:?}", record.args(), record.module_path());
        self.0.lock().unwrap().push(values);
    }

    fn flush(&self) {}
}

/// The records as one text, and in front of it the bytes that ureq-proto writes as rows of 16.
fn logged() -> String {
    let records = LOGGER.0.lock().unwrap();
    let mut text = String::new();
    for record in &*records {
        if record.contains("ureq_proto::util") {
            text.push_str(&record[41..57]);
        }
    }
    text + &records.join("\n")
}

/// The secrets that the calls send and receive. None is a part of another.
const SECRETS: [&str; 12] = [
    "hunter2-token-header",
    "hunter2-other-header",
    "hunter2-proxy",
    "hunter2-registry-password",
    "hunter2-login-password",
    "hunter2-identity-token",
    "hunter2-secret-data",
    "SWMTKN-1-hunter2-join",
    "SWMTKN-1-hunter2-worker",
    "SWMKEY-1-hunter2-unlock",
    "SWMKEY-1-hunter2-unlockkey",
    "hunter2-in-an-image-file",
];

/// The response of an engine that secrets pass through.
fn respond(request: &RecordedRequest, chunked: bool) -> Response {
    let path = request.path();
    let is = |end: &str| path.ends_with(end);
    let body = match () {
        () if is("/auth") => {
            r#"{"Status":"Login Succeeded","IdentityToken":"hunter2-identity-token"}"#
        }
        () if is("/swarm") => r#"{"ID":"s","JoinTokens":{"Worker":"SWMTKN-1-hunter2-worker"}}"#,
        () if is("/unlockkey") => r#"{"UnlockKey":"SWMKEY-1-hunter2-unlockkey"}"#,
        () if is("/secrets/create") => r#"{"ID":"s1"}"#,
        () if is("/info") => {
            return Response::error(500, "failed with hunter2-token-header");
        }
        () => "{}\n",
    };
    if chunked { Response::chunked(200).then(body) } else { Response::json(body) }
}

fn calls(docker: &Context) {
    let auth = |password: &str| AuthConfig {
        username: "ann".into(),
        password: password.into(),
        ..Default::default()
    };
    docker.containers().list(&Default::default()).unwrap_err();
    docker.system().info().unwrap_err();
    let push =
        ImagePushOptions { auth: Some(auth("hunter2-registry-password")), ..Default::default() };
    docker.images().push("a", &push).unwrap().for_each(drop);
    let secret = SecretSpec {
        name: "name".into(),
        data: b"hunter2-secret-data".to_vec().into(),
        ..Default::default()
    };
    docker.secrets().create(&secret).unwrap();
    docker.system().auth(&auth("hunter2-login-password")).unwrap();
    docker.swarm().inspect().unwrap();
    docker.swarm().unlockkey().unwrap();
    let join = SwarmJoinRequest {
        remote_addrs: ["10.0.0.1:2377"].into(),
        join_token: "SWMTKN-1-hunter2-join".into(),
        ..Default::default()
    };
    docker.swarm().join(&join).unwrap();
    let unlock = SwarmUnlockRequest { unlock_key: "SWMKEY-1-hunter2-unlock".into() };
    docker.swarm().unlock(&unlock).unwrap();
    let mut tar = &b"hunter2-in-an-image-file"[..];
    docker.images().load(&ImageLoadOptions::default(), &mut tar).unwrap().for_each(drop);
}

/// Calls an engine, and returns its requests.
fn run(engine: Responder, builder: ContextBuilder) -> Vec<RecordedRequest> {
    let docker = builder
        .api_version("1.41".parse().unwrap())
        .header("X-Auth-Token", "hunter2-token-header")
        .header("X-Meta", "hunter2-other-header")
        .build()
        .unwrap();
    calls(&docker);
    drop(docker);
    engine.finish()
}

#[test]
fn no_secret_reaches_a_logger() {
    log::set_logger(&LOGGER).unwrap();
    log::set_max_level(LevelFilter::Trace);
    let mut requests = Vec::new();
    for chunked in [false, true] {
        let engine = Responder::unix(None, move |request| respond(request, chunked));
        let host = engine.host();
        requests.extend(run(engine, client(&host)));
    }
    let proxy = Responder::tcp(None, |request| respond(request, true));
    let address = proxy.host().replace("tcp://", "http://me:hunter2-proxy@");
    requests.extend(run(proxy, client("tcp://engine.invalid:2375").proxy(address)));

    // The calls have sent the secrets.
    let sent: String = requests.iter().map(|it| format!("{it:?}")).collect();
    for secret in ["X-Auth-Token", "X-Registry-Auth", "X-Meta"] {
        let sends = |it: &RecordedRequest| it.header(secret).is_some_and(|it| it != "[redacted]");
        assert!(requests.iter().any(sends), "{secret}: {sent}");
    }
    let logged = logged();
    if log::STATIC_MAX_LEVEL == LevelFilter::Trace {
        // The logger gets the heads.
        assert!(logged.contains("POST./v1.41/images/a/push"), "{logged}");
        assert!(logged.contains("x-registry-auth"), "{logged}");
    }
    for secret in SECRETS {
        assert!(!logged.contains(secret), "{secret} is in {logged}");
        // At each of the three offsets that a text can have in base64, without its ends.
        for before in ["", "a", "ab"] {
            for alphabet in [BASE64_STANDARD, BASE64_URL_SAFE] {
                let encoded = alphabet.encode(format!("{before}{secret}"));
                let inside = &encoded[4..16];
                assert!(!logged.contains(inside), "{secret} in base64 is in {logged}");
            }
        }
    }
}
