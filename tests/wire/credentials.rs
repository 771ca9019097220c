//! Credentials sent to registries: the exact headers, and the notes of the calls.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};
use dockline::model::{AuthConfig, ContainerSpec, ServiceSpec};
use dockline::*;

use crate::support::*;

const HUB: &str = "https://index.docker.io/v1/";

/// Credentials that the engine received, and notes of the call.
#[derive(Debug, PartialEq, Default)]
struct Sent {
    json: Option<String>,
    notes: Vec<String>,
}

impl Sent {
    fn json(json: &str) -> Sent {
        Sent { json: Some(json.to_owned()), notes: Vec::new() }
    }

    /// The only note of a call that sent no credentials.
    #[track_caller]
    fn note(self) -> String {
        assert_eq!(self.json, None, "{:?}", self.notes);
        let [note] = <[String; 1]>::try_from(self.notes).unwrap();
        note
    }
}

fn context_builder(engine: &Responder, source: CredentialSource) -> ContextBuilder {
    Context::builder().host(engine.host()).api_version(ApiVersion::new(1, 41)).credentials(source)
}

/// Makes a call with the user's credentials.
#[track_caller]
fn send<T>(header: &str, call: impl FnOnce(&Context) -> Result<T>) -> Sent {
    send_with(header, |builder| builder, call)
}

#[track_caller]
fn send_with<T>(
    header: &str,
    set: impl FnOnce(ContextBuilder) -> ContextBuilder,
    call: impl FnOnce(&Context) -> Result<T>,
) -> Sent {
    let engine = Responder::unix(None, |request| {
        // These requests expect a list.
        let is_list = request.method == "GET" && !request.path().contains("/distribution/");
        Response::json(if is_list { "[]" } else { "{}" })
    });
    let notes = Arc::new(Mutex::new(Vec::new()));
    let recorder = Arc::clone(&notes);
    let builder = context_builder(&engine, CredentialSource::User).on_result(move |result| {
        assert_eq!(result.error, None);
        recorder.lock().unwrap().extend(result.notes.clone());
    });
    let docker = set(builder).build().unwrap();
    call(&docker).map(drop).unwrap();
    let [request] = <[RecordedRequest; 1]>::try_from(engine.finish()).unwrap();
    let json = request.header(header).map(|value| {
        let json = BASE64_URL_SAFE.decode(value).unwrap();
        assert_eq!(BASE64_URL_SAFE.encode(&json), value, "with padding");
        String::from_utf8(json).unwrap()
    });
    Sent { json, notes: std::mem::take(&mut *notes.lock().unwrap()) }
}

fn pull(image: &str) -> impl FnOnce(&Context) -> Result<()> {
    let options = ImageCreateOptions { from_image: image.to_owned(), ..Default::default() };
    move |docker| docker.images().create(&options, None)?.finish()
}

#[track_caller]
fn pull_and_record(image: &str) -> Sent {
    send("X-Registry-Auth", pull(image))
}

fn build(docker: &Context) -> Result<()> {
    docker.images().build(&Default::default(), Some(&mut &b"tar"[..]))?.finish().map(drop)
}

fn basic(name_and_password: &str) -> String {
    BASE64_STANDARD.encode(name_and_password)
}

/// An entry of `auths`.
fn entry(text: &str) -> String {
    format!(r#"{{"auth":"{}"}}"#, basic(text))
}

const NAMED: &str = r#"printf '{"ServerURL":"%s","Username":"ann","Secret":"%s"}' "$input" secret"#;

fn ann(server: &str) -> Sent {
    Sent::json(&format!(r#"{{"username":"ann","password":"secret","serveraddress":"{server}"}}"#))
}

/// The base64 of this password has both characters that differ between the alphabets, and padding.
#[test]
fn exact_header() {
    as_user("credentials::exact_header", LIMIT, |user| {
        user.configure(r#"{"auths": {"r:5000": {"auth": "YW5uOsO/fj4/w7w="}}}"#);
        let engine = Responder::unix(None, |_| Response::json("null"));
        let docker = context_builder(&engine, CredentialSource::User).build().unwrap();
        pull("r:5000/app")(&docker).unwrap();
        let requests = engine.finish();
        // {"username":"ann","password":"ÿ~>?ü","serveraddress":"r:5000"}
        let expected = "eyJ1c2VybmFtZSI6ImFubiIsInBhc3N3b3JkIjoiw79-Pj_DvCIsInNlcnZlcmFkZHJlc3MiOiJyOjUwMDAifQ==";
        assert_eq!(requests[0].header("X-Registry-Auth"), Some(expected));
    });
}

#[test]
fn auths() {
    as_user("credentials::auths", LIMIT, |user| {
        let entries = [
            ("a.example.com", entry("ann:p:w")),
            ("https://b.example.com/v1/", entry("ben:p")),
            (
                "http://c.example.com:5000",
                r#"{"username":"cid","password":"p\u0026\u003c\"ü"}"#.into(),
            ),
            ("d.example.com", r#"{"auth":"","identitytoken":"t1","email":"d@example.com"}"#.into()),
            ("e.example.com", r#"{"registrytoken":"t2"}"#.into()),
            ("f.example.com", format!(r#"{{"auth":"{}","identitytoken":"t3"}}"#, basic("fay:"))),
            ("g.example.com", entry("gus:p\0\0")),
            // `auth` takes precedence over `username` and `password`.
            (
                "h.example.com",
                format!(r#"{{"username":"x","password":"y","auth":"{}"}}"#, basic("hal:p")),
            ),
            ("empty.example.com", "{}".into()),
            (HUB, entry("hub:p")),
            // Ignored by the docker CLI, too.
            ("docker.io", entry("never:p")),
            ("localhost", entry("loc:p")),
        ];
        let entries: Vec<_> = entries.iter().map(|(key, it)| format!("\"{key}\":{it}")).collect();
        user.configure(&format!("{{\"auths\": {{{}}}}}", entries.join(",")));
        let hub = format!(r#"{{"username":"hub","password":"p","serveraddress":"{HUB}"}}"#);
        for (image, expected) in [
            (
                "a.example.com/app",
                r#"{"username":"ann","password":"p:w","serveraddress":"a.example.com"}"#,
            ),
            (
                "b.example.com/team/app:1",
                r#"{"username":"ben","password":"p","serveraddress":"https://b.example.com/v1/"}"#,
            ),
            (
                "c.example.com:5000/app@sha256:0",
                r#"{"username":"cid","password":"p&<\"ü","serveraddress":"http://c.example.com:5000"}"#,
            ),
            (
                "d.example.com/app",
                r#"{"email":"d@example.com","serveraddress":"d.example.com","identitytoken":"t1"}"#,
            ),
            ("e.example.com/app", r#"{"serveraddress":"e.example.com","registrytoken":"t2"}"#),
            (
                "f.example.com/app",
                r#"{"username":"fay","serveraddress":"f.example.com","identitytoken":"t3"}"#,
            ),
            (
                "g.example.com/app",
                r#"{"username":"gus","password":"p","serveraddress":"g.example.com"}"#,
            ),
            (
                "h.example.com/app",
                r#"{"username":"hal","password":"p","serveraddress":"h.example.com"}"#,
            ),
            ("localhost/app", r#"{"username":"loc","password":"p","serveraddress":"localhost"}"#),
            ("busybox", &hub),
            ("team/app:1", &hub),
            ("docker.io/team/app", &hub),
            ("index.docker.io/team/app", &hub),
        ] {
            assert_eq!(pull_and_record(image), Sent::json(expected), "{image}");
        }
        for image in ["empty.example.com/app", "c.example.com/app", "other.example.com/app"] {
            assert_eq!(pull_and_record(image), Sent::default(), "{image}");
        }
    });
}

/// Each operation that may need credentials, by the name that it is called with.
#[test]
fn operations() {
    as_user("credentials::operations", LIMIT, |user| {
        user.configure(&format!(r#"{{"auths": {{"r:5000": {}}}}}"#, entry("ann:secret")));
        let push = |docker: &Context| {
            docker.images().push("r:5000/app", &Default::default())?.finish().map(drop)
        };
        let search = |docker: &Context| {
            let options = ImageSearchOptions { term: "r:5000/app".into(), ..Default::default() };
            docker.images().search(&options)
        };
        let inspect =
            |docker: &Context| docker.distribution().inspect("r:5000/app", &Default::default());
        assert_eq!(pull_and_record("r:5000/app"), ann("r:5000"));
        assert_eq!(send("X-Registry-Auth", push), ann("r:5000"));
        assert_eq!(send("X-Registry-Auth", search), ann("r:5000"));
        assert_eq!(send("X-Registry-Auth", inspect), ann("r:5000"));
        let remote = "r:5000/app".to_owned();
        let privileges = |docker: &Context| {
            let options = PluginPrivilegesOptions { remote: remote.clone(), auth: None };
            docker.plugins().privileges(&options)
        };
        assert_eq!(send("X-Registry-Auth", privileges), ann("r:5000"));
        let plugin = |docker: &Context| {
            let options = PluginPullOptions { remote: remote.clone(), ..Default::default() };
            docker.plugins().pull(&options, &[])?.finish()
        };
        assert_eq!(send("X-Registry-Auth", plugin), ann("r:5000"));
        let upgrade = |docker: &Context| {
            let options = PluginUpgradeOptions { remote: remote.clone(), auth: None };
            docker.plugins().upgrade("other", &options, &[])?.finish()
        };
        assert_eq!(send("X-Registry-Auth", upgrade), ann("r:5000"));
        let push_plugin =
            |docker: &Context| docker.plugins().push(&remote, &Default::default())?.finish();
        assert_eq!(send("X-Registry-Auth", push_plugin), ann("r:5000"));

        // The swarm stores the credentials, so they are sent only if requested, as by the docker CLI.
        let spec = || {
            let image = "r:5000/app".to_owned();
            let container = ContainerSpec { image, ..Default::default() };
            let mut spec = ServiceSpec::default();
            spec.task_template.container_spec = Some(container);
            spec
        };
        let create = |with_registry_auth| {
            move |docker: &Context| {
                let options = ServiceCreateOptions {
                    with_registry_auth,
                    query_registry: false,
                    ..Default::default()
                };
                docker.services().create(&options, &spec())
            }
        };
        let update = |with_registry_auth| {
            move |docker: &Context| {
                let options = ServiceUpdateOptions {
                    with_registry_auth,
                    query_registry: false,
                    ..Default::default()
                };
                docker.services().update("web", &options, &spec())
            }
        };
        assert_eq!(send("X-Registry-Auth", create(true)), ann("r:5000"));
        assert_eq!(send("X-Registry-Auth", create(false)), Sent::default());
        assert_eq!(send("X-Registry-Auth", update(true)), ann("r:5000"));
        assert_eq!(send("X-Registry-Auth", update(false)), Sent::default());
        // A push always has the header.
        let other = |docker: &Context| {
            docker.images().push("s/app", &Default::default())?.finish().map(drop)
        };
        assert_eq!(send("X-Registry-Auth", other), Sent::json("{}"));
    });
}

#[test]
fn only_for_calls_to_registries() {
    as_user("credentials::only_for_calls_to_registries", LIMIT, |user| {
        user.configure(r#"{"credsStore": "keys"}"#);
        user.helper("keys", NAMED);
        let list = |docker: &Context| docker.images().list(&Default::default());
        let import = |docker: &Context| {
            let options = ImageCreateOptions { from_src: "-".into(), ..Default::default() };
            docker.images().create(&options, Some(&mut &b"tar"[..]))?.finish()
        };
        let buildkit = |docker: &Context| {
            let version = Some(BuilderVersion::BuildKit);
            let options = ImageBuildOptions { version, ..Default::default() };
            docker.images().build(&options, Some(&mut &b"tar"[..]))?.finish()
        };
        assert_eq!(send("X-Registry-Auth", list), Sent::default());
        assert_eq!(send("X-Registry-Auth", import), Sent::default());
        assert_eq!(send("X-Registry-Config", buildkit), Sent::default());
        assert!(user.helper_requests().is_empty());
    });
}

#[test]
fn explicit_credentials_take_precedence() {
    as_user("credentials::explicit_credentials_take_precedence", LIMIT, |user| {
        user.configure(r#"{"credsStore": "keys"}"#);
        user.helper("keys", NAMED);
        let explicit = AuthConfig { registrytoken: "own".into(), ..Default::default() };
        let pull = |auth: &AuthConfig| {
            let (from_image, auth) = ("r:5000/app".to_owned(), Some(auth.clone()));
            let options = ImageCreateOptions { from_image, auth, ..Default::default() };
            move |docker: &Context| docker.images().create(&options, None)?.finish()
        };
        assert_eq!(
            send("X-Registry-Auth", pull(&explicit)),
            Sent::json(r#"{"registrytoken":"own"}"#)
        );
        // Empty credentials count as given.
        assert_eq!(send("X-Registry-Auth", pull(&Default::default())), Sent::default());
        let push = |docker: &Context| {
            let options = ImagePushOptions { auth: Some(Default::default()), ..Default::default() };
            docker.images().push("r:5000/app", &options)?.finish().map(drop)
        };
        assert_eq!(send("X-Registry-Auth", push), Sent::json("{}"));
        let build = |entries: &[(&str, &AuthConfig)]| {
            let entries = entries.iter().map(|(host, auth)| (host.to_string(), (*auth).clone()));
            let options = ImageBuildOptions {
                registry_config: Some(entries.collect()),
                ..Default::default()
            };
            move |docker: &Context| {
                docker.images().build(&options, Some(&mut &b"tar"[..]))?.finish()
            }
        };
        let expected = Sent::json(r#"{"r":{"registrytoken":"own"}}"#);
        assert_eq!(send("X-Registry-Config", build(&[("r", &explicit)])), expected);
        assert_eq!(send("X-Registry-Config", build(&[])), Sent::default());
        assert!(user.helper_requests().is_empty());
    });
}

#[test]
fn other_sources() {
    as_user("credentials::other_sources", LIMIT, |user| {
        user.configure(&format!(r#"{{"auths": {{"r:5000": {}}}}}"#, entry("ann:secret")));
        let none = |builder: ContextBuilder| builder.credentials(CredentialSource::None);
        assert_eq!(send_with("X-Registry-Auth", none, pull("r:5000/app")), Sent::default());
        assert_eq!(send_with("X-Registry-Config", none, build), Sent::default());
        let token = |token: &str| AuthConfig { registrytoken: token.into(), ..Default::default() };
        let all = [("r:5000", "a"), ("docker.io", "b"), ("https://s/v1/", "c")];
        let all = all.map(|(host, text)| (host.to_owned(), token(text)));
        let given = |builder: ContextBuilder| {
            builder.credentials(CredentialSource::Given(all.clone().into()))
        };
        for (image, expected) in [("r:5000/app", "a"), ("busybox", "b"), ("S/app", "")] {
            let expected = match expected {
                "" => Sent::default(),
                token => Sent::json(&format!(r#"{{"registrytoken":"{token}"}}"#)),
            };
            assert_eq!(send_with("X-Registry-Auth", given, pull(image)), expected, "{image}");
        }
        let expected = format!(
            r#"{{"{HUB}":{{"registrytoken":"b"}},"r:5000":{{"registrytoken":"a"}},"s":{{"registrytoken":"c"}}}}"#
        );
        assert_eq!(send_with("X-Registry-Config", given, build), Sent::json(&expected));
        // A derived context with the user's credentials.
        let derived =
            |docker: &Context| pull("r:5000/app")(&docker.with_credentials(CredentialSource::User));
        assert_eq!(send_with("X-Registry-Auth", none, derived), ann("r:5000"));
    });
}

#[test]
fn variable_overrides_file() {
    as_user("credentials::variable_overrides_file", LIMIT, |user| {
        user.configure(&format!(
            r#"{{"auths": {{"r:5000": {}, "s:5000": {}}}}}"#,
            entry("file:r"),
            entry("file:s")
        ));
        let set_variable = |value: &str| {
            // SAFETY: no other thread of this process is running.
            unsafe { std::env::set_var("DOCKER_AUTH_CONFIG", value) };
        };
        set_variable(&format!(
            r#"{{"auths": {{"r:5000": {}, "t": {}}}}}"#,
            entry("var:r"),
            entry("var:t")
        ));
        let credentials = |name: &str, server: &str| {
            let password = &server[..1];
            format!(r#"{{"username":"{name}","password":"{password}","serveraddress":"{server}"}}"#)
        };
        assert_eq!(pull_and_record("r:5000/app"), Sent::json(&credentials("var", "r:5000")));
        assert_eq!(pull_and_record("s:5000/app"), Sent::json(&credentials("file", "s:5000")));
        let all = format!(
            r#"{{"r:5000":{},"s:5000":{},"t":{}}}"#,
            credentials("var", "r:5000"),
            credentials("file", "s:5000"),
            credentials("var", "t")
        );
        assert_eq!(send("X-Registry-Config", build), Sent::json(&all));
        set_variable("{\"auths\": s3cret}");
        let send = pull_and_record("r:5000/app");
        assert_eq!(send.json, Some(credentials("file", "r:5000")));
        let note = "credentials for r:5000: DOCKER_AUTH_CONFIG is ignored: not valid JSON (line 1 column 11)";
        assert_eq!(send.notes, [note]);
    });
}

// Credential helpers.

#[test]
fn creds_store() {
    as_user("credentials::creds_store", LIMIT, |user| {
        user.configure(
            r#"{"auths": {"r:5000": {"email": "a@example.com"}}, "credsStore": "keys"}"#,
        );
        user.helper("keys", NAMED);
        let expected = r#"{"username":"ann","password":"secret","email":"a@example.com","serveraddress":"r:5000"}"#;
        assert_eq!(pull_and_record("r:5000/app"), Sent::json(expected));
        assert_eq!(pull_and_record("other.example.com/app"), ann("other.example.com"));
        assert_eq!(pull_and_record("busybox"), ann(HUB));
        // The same requests as those of the docker CLI, without a line end.
        let calls = ["keys get r:5000", "keys get other.example.com", &format!("keys get {HUB}")];
        assert_eq!(user.helper_requests(), calls);

        // Escapes as Go writes them, and an identity token.
        user.helper("keys", r#"printf '{"Secret":"a\\u0026\\u003c\\"","Username":"<token>"}\n'"#);
        let expected =
            r#"{"email":"a@example.com","serveraddress":"r:5000","identitytoken":"a&<\""}"#;
        assert_eq!(pull_and_record("r:5000/app"), Sent::json(expected));

        // A helper without credentials is not a failure, and the file is ignored then.
        user.configure(&format!(r#"{{"auths": {{"r": {}}}, "credsstore": "keys"}}"#, entry("x:y")));
        user.helper("keys", "echo credentials not found in native keychain; exit 1");
        assert_eq!(pull_and_record("r/app").notes, [""; 0]);
        assert_eq!(pull_and_record("r:5000/app"), Sent::default());
    });
}

#[test]
fn cred_helpers() {
    as_user("credentials::cred_helpers", LIMIT, |user| {
        user.configure(&format!(
            r#"{{"auths": {{"plain": {0}, "file.example.com": {0}}}, "credsStore": "all",
                "credHelpers": {{"r:5000": "some", "{HUB}": "some", "file.example.com": "", "https://u:1": "never"}}}}"#,
            entry("ann:secret")
        ));
        user.helper("all", "exit 9");
        user.helper("some", NAMED);
        assert_eq!(pull_and_record("r:5000/app"), ann("r:5000"));
        assert_eq!(pull_and_record("busybox"), ann(HUB));
        // An empty name means no helper.
        assert_eq!(pull_and_record("file.example.com/app"), ann("file.example.com"));
        assert_eq!(user.helper_requests(), ["some get r:5000", &format!("some get {HUB}")]);
        // Registry names are compared literally.
        assert_eq!(
            pull_and_record("u:1/app").note(),
            "credentials for u:1: docker-credential-all get: exit status: 9"
        );
        assert_eq!(user.helper_requests(), ["all get u:1"]);
    });
}

/// Without a configuration, the platform's default helper is used, if it is installed.
#[test]
fn default_helper() {
    as_user("credentials::default_helper", LIMIT, |user| {
        assert_eq!(pull_and_record("r:5000/app"), Sent::default());
        user.helper("secretservice", NAMED);
        assert_eq!(pull_and_record("r:5000/app"), ann("r:5000"));
        assert_eq!(user.helper_requests(), ["secretservice get r:5000"]);
        user.install("pass", "#!/bin/sh\n");
        assert_eq!(pull_and_record("r:5000/app"), Sent::default());
        user.helper("pass", NAMED);
        assert_eq!(pull_and_record("r:5000/app"), ann("r:5000"));
        assert_eq!(user.helper_requests(), ["pass get r:5000"]);
        user.configure(r#"{"auths": {"s": {}}}"#);
        assert_eq!(pull_and_record("r:5000/app"), Sent::default());
        assert!(user.helper_requests().is_empty());
    });
}

/// A build sends all credentials: its base image may come from any registry.
#[test]
fn build_sends_all_credentials() {
    as_user("credentials::build_sends_all_credentials", LIMIT, |user| {
        let credentials = |server: &str| {
            format!(r#"{{"username":"ann","password":"secret","serveraddress":"{server}"}}"#)
        };
        user.configure(&format!(
            r#"{{"auths": {{"b:1": {0}, "a:1": {0}, "c:1": {{}}}}, "credHelpers": {{"r:5000": "some"}}}}"#,
            entry("ann:secret")
        ));
        user.helper("some", NAMED);
        let all = format!(
            r#"{{"a:1":{},"b:1":{},"r:5000":{}}}"#,
            credentials("a:1"),
            credentials("b:1"),
            credentials("r:5000")
        );
        assert_eq!(send("X-Registry-Config", build), Sent::json(&all));
        assert_eq!(user.helper_requests(), ["some get r:5000"]);

        // With `credsStore`, the list of that helper replaces `auths`.
        user.configure(&format!(
            r#"{{"auths": {{"b:1": {}}}, "credsStore": "all", "credHelpers": {{"r:5000": "some"}}}}"#,
            entry("x:y")
        ));
        let list = r#"[ $1 = list ] && { echo '{"s":"ann","r:5000":"x","none":"x"}'; exit; }"#;
        let none =
            r#"[ "$input" = none ] && { echo credentials not found in native keychain; exit 1; }"#;
        user.helper("all", &format!("{list}\n{none}\n{NAMED}"));
        let all = format!(r#"{{"r:5000":{},"s":{}}}"#, credentials("r:5000"), credentials("s"));
        assert_eq!(send("X-Registry-Config", build), Sent::json(&all));
        assert_eq!(
            user.helper_requests(),
            ["all list ", "all get s", "all get none", "some get r:5000"]
        );

        // A helper that fails does not affect the others, and is not run again.
        user.helper("all", &format!("{list}\necho locked; exit 1"));
        let send = send("X-Registry-Config", build);
        assert_eq!(send.json, Some(format!(r#"{{"r:5000":{}}}"#, credentials("r:5000"))));
        assert_eq!(send.notes, ["credentials: docker-credential-all get: exit status: 1: locked"]);
        assert_eq!(user.helper_requests(), ["all list ", "all get s", "some get r:5000"]);
    });
}

#[test]
fn failing_helpers() {
    as_user("credentials::failing_helpers", LIMIT, |user| {
        let note = |script: Option<&str>| {
            user.configure(r#"{"credsStore": "keys"}"#);
            if let Some(script) = script {
                user.helper("keys", script);
            }
            let note = pull_and_record("r:5000/app").note();
            note.strip_prefix("credentials for r:5000: ").unwrap().to_owned()
        };
        assert_eq!(note(None), "docker-credential-keys is not in PATH");
        assert_eq!(note(Some("exit 1")), "docker-credential-keys get: exit status: 1");
        assert_eq!(
            note(Some("echo the keychain is locked; exit 3")),
            "docker-credential-keys get: exit status: 3: the keychain is locked"
        );
        assert_eq!(
            note(Some("echo no such file >&2; exit 127")),
            "docker-credential-keys get: exit status: 127: no such file"
        );
        assert_eq!(note(Some("kill -9 $$")), "docker-credential-keys get: signal: 9 (SIGKILL)");
        // Invalid output may contain a secret.
        assert_eq!(
            note(Some("echo s3cret")),
            "docker-credential-keys get: invalid output: not valid JSON (line 1 column 1)"
        );
        assert_eq!(
            note(Some("echo '\"s3cret\"'")),
            "docker-credential-keys get: invalid output: not a JSON object (line 1 column 8)"
        );
        assert_eq!(
            note(Some(":")),
            "docker-credential-keys get: invalid output: not valid JSON (line 1 column 0)"
        );
        assert_eq!(
            note(Some("echo '{\"Secret\":\"s3cret\"} s3cret'")),
            "docker-credential-keys get: invalid output: not valid JSON (line 1 column 21)"
        );
        assert_eq!(
            note(Some("exec cat /dev/zero")),
            "docker-credential-keys printed more than 1 MiB"
        );
        user.install("docker-credential-keys", "#!/no/such/shell\n");
        let note_of_script = note(None);
        assert!(
            note_of_script.ends_with(
                "/bin/docker-credential-keys cannot be run: No such file or directory (os error 2)"
            ),
            "{note_of_script}"
        );

        // Output to stderr is ignored and does not block the helper.
        user.helper("keys", &format!("head -c 300000 /dev/zero >&2; {NAMED}"));
        assert_eq!(pull_and_record("r:5000/app"), ann("r:5000"));
        // A helper that does not read its input works, too.
        user.install("docker-credential-keys", "#!/bin/sh\ninput=r:5000\n".to_owned().as_str());
        user.install("docker-credential-keys", &format!("#!/bin/sh\ninput=r:5000\n{NAMED}"));
        assert_eq!(pull_and_record("r:5000/app"), ann("r:5000"));

        // Names are neither paths nor shell commands.
        for name in ["../keys", "/bin/sh", "keys; touch x", "$(touch x)"] {
            user.configure(&format!(r#"{{"credsStore": "{name}"}}"#));
            let note = pull_and_record("r:5000/app").note();
            assert_eq!(
                note,
                format!("credentials for r:5000: docker-credential-{name} is not in PATH")
            );
        }
        assert!(!std::fs::exists("x").unwrap());
    });
}

/// The helper is killed with its child processes, and leaves no zombie.
#[test]
fn hanging_helper() {
    // Long enough to start on a busy machine.
    const TIMEOUT: Duration = Duration::from_secs(5);
    as_user("credentials::hanging_helper", LIMIT, |user| {
        user.configure(r#"{"credsStore": "keys"}"#);
        let pids = user.dir().join("pids");
        let hang =
            format!("sleep 1000 & echo $$ $! >{0}.new; mv {0}.new {0}; wait", pids.display());
        user.helper("keys", &hang);
        let assert_all_exited = || {
            let text = std::fs::read_to_string(&pids).unwrap();
            let processes: Vec<u32> =
                text.split_whitespace().map(|pid| pid.parse().unwrap()).collect();
            assert_eq!(processes.len(), 2);
            eventually(LIMIT, "all processes have exited", || {
                !processes.iter().any(|pid| is_running(*pid))
            });
            assert_eq!(children(), [0; 0], "no zombie is left");
            std::fs::remove_file(&pids).unwrap();
        };
        let timeouts =
            |timeouts: Timeouts| move |builder: ContextBuilder| builder.timeouts(timeouts);
        let with_timeout = timeouts(Timeouts { helper: Some(TIMEOUT), ..Default::default() });
        let start = Instant::now();
        let note = send_with("X-Registry-Auth", with_timeout, pull("r:5000/app")).note();
        assert!((TIMEOUT..MAX_DELAY).contains(&start.elapsed()), "{:?}", start.elapsed());
        assert_eq!(note, "credentials for r:5000: docker-credential-keys did not exit within 5s");
        assert_all_exited();

        // If the deadline of the call passes, the call fails.
        let engine = Responder::unix(None, |_| panic!("a request was sent"));
        let deadline = Timeouts { deadline: Some(TIMEOUT), helper: None, ..Default::default() };
        let docker =
            context_builder(&engine, CredentialSource::User).timeouts(deadline).build().unwrap();
        match pull("r:5000/app")(&docker) {
            Err(Error::Timeout {
                operation: "ImageCreate", what: "the deadline passed", ..
            }) => {}
            other => panic!("{other:?}"),
        }
        assert_all_exited();

        // A cancelled call fails, too.
        let cancel = CancelToken::new();
        let docker = docker.with_timeouts(Timeouts { helper: None, ..Default::default() });
        let docker = docker.with_cancel_token(&cancel);
        let call = std::thread::spawn(move || pull("r:5000/app")(&docker));
        eventually(LIMIT, "the helper runs", || pids.exists());
        let start = Instant::now();
        cancel.cancel();
        match call.join().unwrap() {
            Err(Error::Cancelled { operation: "ImageCreate" }) => {}
            other => panic!("{other:?}"),
        }
        assert!(start.elapsed() < MAX_DELAY, "{:?}", start.elapsed());
        assert_all_exited();
        engine.finish();

        // A helper that leaves a background process is done once it exits.
        user.helper("keys", &format!("sleep 1000 & echo $! $! >{}\n{NAMED}", pids.display()));
        let start = Instant::now();
        assert_eq!(pull_and_record("r:5000/app"), ann("r:5000"));
        assert!(start.elapsed() < MAX_DELAY);
        let text = std::fs::read_to_string(&pids).unwrap();
        let background: i32 = text.split(' ').next().unwrap().parse().unwrap();
        // SAFETY: no memory is touched; it was started by this test.
        assert_eq!(unsafe { libc::kill(background, libc::SIGKILL) }, 0);
    });
}

/// A broken configuration does not fail the call: public images need no credentials.
#[test]
fn unreadable_configuration() {
    as_user("credentials::unreadable_configuration", LIMIT, |user| {
        let path = user.config_path().display().to_string();
        for (json, reason) in [
            ("{\"auths\": s3cret", "not valid JSON (line 1 column 11)"),
            ("[\"s3cret\"]", "not a JSON object (line 1 column 0)"),
            ("{\"auths\": \"s3cret\"}", "auths is not an object"),
        ] {
            user.configure(json);
            let note = pull_and_record("r:5000/app").note();
            assert_eq!(note, format!("credentials for r:5000: {path} is ignored: {reason}"));
            let note = send("X-Registry-Config", build).note();
            assert_eq!(note, format!("credentials: {path} is ignored: {reason}"));
        }
        for (entry, reason) in [
            ("\"s3cret\"", "is not an object"),
            ("{\"auth\": \"s3cret!\"}", "has an \"auth\" that is not base64"),
            ("{\"auth\": \"/w==\"}", "has an \"auth\" that is not UTF-8"),
            ("{\"auth\": \"czNjcmV0\"}", "has an \"auth\" that is not username:password"),
        ] {
            user.configure(&format!("{{\"auths\": {{\"r:5000\": {entry}}}}}"));
            let note = pull_and_record("r:5000/app").note();
            assert_eq!(note, format!("credentials for r:5000: the entry in config.json {reason}"));
            assert_eq!(
                pull_and_record("s/app"),
                Sent::default(),
                "entries of other registries do not matter"
            );
        }
        std::fs::remove_file(user.config_path()).unwrap();
        std::fs::create_dir(user.config_path()).unwrap();
        let note = pull_and_record("r:5000/app").note();
        assert_eq!(
            note,
            format!("credentials for r:5000: {path} is ignored: Is a directory (os error 21)")
        );
        for empty in ["", " \n", "{}", "{\"auths\": null, \"credHelpers\": null}"] {
            std::fs::remove_dir_all(user.dir()).unwrap();
            user.configure(empty);
            assert_eq!(pull_and_record("r:5000/app"), Sent::default());
        }
    });
}

/// `DOCKER_CONFIG` names another directory.
#[test]
fn docker_config_variable() {
    as_user("credentials::docker_config_variable", LIMIT, |user| {
        let dir = TempDir::new();
        dir.write("config.json", format!(r#"{{"auths": {{"r:5000": {}}}}}"#, entry("ann:secret")));
        user.configure("broken");
        // SAFETY: no other thread of this process is running.
        unsafe { std::env::set_var("DOCKER_CONFIG", dir.path()) };
        assert_eq!(pull_and_record("r:5000/app"), ann("r:5000"));
    });
}

#[test]
fn find() {
    as_user("credentials::find", LIMIT, |user| {
        let engine = Responder::unix(None, |_| panic!("a request was sent"));
        let docker = context_builder(&engine, CredentialSource::User).build().unwrap();
        let found = docker.credentials().find("busybox").unwrap();
        assert_eq!((&*found.registry, &found.auth, &*found.notes), (HUB, &None, &[][..]));
        user.configure(&format!(r#"{{"auths": {{"r:5000": {}}}}}"#, entry("ann:secret")));
        let found = docker.credentials().find("r:5000/app").unwrap();
        let auth = found.auth.clone().unwrap();
        assert_eq!(
            (&*found.registry, &*auth.username, &*auth.password),
            ("r:5000", "ann", "secret")
        );
        assert!(!format!("{found:?}").contains("secret"), "{found:?}");
        user.configure(r#"{"credHelpers": {"r:5000": "keys"}}"#);
        let found = docker.credentials().find("r:5000/app").unwrap();
        assert_eq!(found.auth, None);
        assert_eq!(found.notes, ["credentials for r:5000: docker-credential-keys is not in PATH"]);
        let cancel = CancelToken::new();
        cancel.cancel();
        user.helper("keys", "sleep 1000");
        match docker.with_cancel_token(&cancel).credentials().find("r:5000/app") {
            Err(Error::Cancelled { operation: "Credentials" }) => {}
            other => panic!("{other:?}"),
        }
        engine.finish();
    });
}

/// A helper without an entry ends the search. One that is missing or fails does not: the file counts.
#[test]
fn a_helper_that_fails_falls_back_to_the_file() {
    as_user("credentials::a_helper_that_fails_falls_back_to_the_file", LIMIT, |user| {
        let one = |server: &str| {
            format!(r#"{{"username":"ann","password":"secret","serveraddress":"{server}"}}"#)
        };
        let configure = |setting: &str| {
            user.configure(&format!(
                r#"{{"auths": {{"a:1": {0}, "b:1": {0}}}, {setting}}}"#,
                entry("ann:secret")
            ));
        };
        let build = || send("X-Registry-Config", build);
        let both = Some(format!(r#"{{"a:1":{},"b:1":{}}}"#, one("a:1"), one("b:1")));
        for setting in [
            r#""credsStore": "keys""#,
            r#""credsStore": "", "credHelpers": {"a:1": "keys", "b:1": "keys"}"#,
        ] {
            configure(setting);
            // It is missing.
            let pulled = pull_and_record("a:1/app");
            assert_eq!(pulled.json, Some(one("a:1")), "{setting}");
            assert_eq!(
                pulled.notes,
                ["credentials for a:1: docker-credential-keys is not in PATH"]
            );
            let built = build();
            assert_eq!(built.json, both, "{setting}");
            assert_eq!(built.notes, ["credentials: docker-credential-keys is not in PATH"]);
        }
        // It lists registries, but is locked.
        configure(r#""credsStore": "keys""#);
        let list = r#"[ $1 = list ] && { echo '{"a:1":"ann","b:1":"ann"}'; exit; }"#;
        user.helper("keys", &format!("{list}\necho locked; exit 1"));
        assert_eq!(build().json, both);
        // It has none.
        user.helper(
            "keys",
            r#"[ $1 = list ] && { echo '{}'; exit; }
            echo credentials not found in native keychain; exit 1"#,
        );
        assert_eq!(pull_and_record("a:1/app"), Sent::default());
        assert_eq!(build(), Sent::default());
    });
}
