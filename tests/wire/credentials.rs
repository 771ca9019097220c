//! Which credentials calls to registries carry, byte for byte, and what is told of it.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};
use dockline::model::{AuthConfig, ContainerSpec, ServiceSpec};
use dockline::*;

use crate::support::*;

const HUB: &str = "https://index.docker.io/v1/";

/// What an engine was sent as credentials, and what was told of the call.
#[derive(Debug, PartialEq, Default)]
struct Seen {
    json: Option<String>,
    notes: Vec<String>,
}

impl Seen {
    fn json(json: &str) -> Seen {
        Seen { json: Some(json.to_owned()), notes: Vec::new() }
    }

    /// That nothing was sent, and one note told.
    #[track_caller]
    fn note(self) -> String {
        assert_eq!(self.json, None, "{:?}", self.notes);
        let [note] = <[String; 1]>::try_from(self.notes).unwrap();
        note
    }
}

fn opened(engine: &Responder, source: CredentialSource) -> ContextBuilder {
    Context::builder().host(engine.host()).api_version(ApiVersion::new(1, 41)).credentials(source)
}

/// Makes a call with what the user has.
#[track_caller]
fn seen<T>(header: &str, call: impl FnOnce(&Context) -> Result<T>) -> Seen {
    seen_with(header, |builder| builder, call)
}

#[track_caller]
fn seen_with<T>(
    header: &str,
    set: impl FnOnce(ContextBuilder) -> ContextBuilder,
    call: impl FnOnce(&Context) -> Result<T>,
) -> Seen {
    let engine = Responder::unix(None, |request| {
        // Lists, all of them.
        let is_list = request.method == "GET" && !request.path().contains("/distribution/");
        Response::json(if is_list { "[]" } else { "{}" })
    });
    let notes = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&notes);
    let builder = opened(&engine, CredentialSource::User).on_result(move |result| {
        assert_eq!(result.error, None);
        told.lock().unwrap().extend(result.notes.clone());
    });
    let docker = set(builder).build().unwrap();
    call(&docker).map(drop).unwrap();
    let [request] = <[RecordedRequest; 1]>::try_from(engine.finish()).unwrap();
    let json = request.header(header).map(|value| {
        let json = BASE64_URL_SAFE.decode(value).unwrap();
        assert_eq!(BASE64_URL_SAFE.encode(&json), value, "with padding");
        String::from_utf8(json).unwrap()
    });
    Seen { json, notes: std::mem::take(&mut *notes.lock().unwrap()) }
}

fn pull(image: &str) -> impl FnOnce(&Context) -> Result<()> {
    let options = ImageCreateOptions { from_image: image.to_owned(), ..Default::default() };
    move |docker| docker.images().create(&options, None)?.finish()
}

#[track_caller]
fn pulled(image: &str) -> Seen {
    seen("X-Registry-Auth", pull(image))
}

fn build(docker: &Context) -> Result<()> {
    docker.images().build(&Default::default(), Some(&mut &b"tar"[..]))?.finish().map(drop)
}

fn basic(text: &str) -> String {
    BASE64_STANDARD.encode(text)
}

/// An entry of `auths` with name and password.
fn entry(text: &str) -> String {
    format!(r#"{{"auth":"{}"}}"#, basic(text))
}

const NAMED: &str = r#"printf '{"ServerURL":"%s","Username":"ann","Secret":"%s"}' "$input" secret"#;

fn ann(server: &str) -> Seen {
    Seen::json(&format!(r#"{{"username":"ann","password":"secret","serveraddress":"{server}"}}"#))
}

/// The password is such that its header needs both letters in which the alphabets differ, and padding.
#[test]
fn exact_bytes() {
    as_user("credentials::exact_bytes", LIMIT, |user| {
        user.configure(r#"{"auths": {"r:5000": {"auth": "YW5uOsO/fj4/w7w="}}}"#);
        let engine = Responder::unix(None, |_| Response::json("null"));
        let docker = opened(&engine, CredentialSource::User).build().unwrap();
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
            // The field in base64 wins.
            (
                "h.example.com",
                format!(r#"{{"username":"x","password":"y","auth":"{}"}}"#, basic("hal:p")),
            ),
            ("empty.example.com", "{}".into()),
            (HUB, entry("hub:p")),
            // What the docker command has no use for either.
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
            assert_eq!(pulled(image), Seen::json(expected), "{image}");
        }
        for image in ["empty.example.com/app", "c.example.com/app", "other.example.com/app"] {
            assert_eq!(pulled(image), Seen::default(), "{image}");
        }
    });
}

/// Each operation that may need them, by the name of what it is about.
#[test]
fn operations() {
    as_user("credentials::operations", LIMIT, |user| {
        user.configure(&format!(r#"{{"auths": {{"r:5000": {}}}}}"#, entry("ann:secret")));
        let push =
            |docker: &Context| docker.images().push("r:5000/app", &Default::default())?.finish();
        let search = |docker: &Context| {
            let options = ImageSearchOptions { term: "r:5000/app".into(), ..Default::default() };
            docker.images().search(&options)
        };
        let inspect =
            |docker: &Context| docker.distribution().inspect("r:5000/app", &Default::default());
        assert_eq!(pulled("r:5000/app"), ann("r:5000"));
        assert_eq!(seen("X-Registry-Auth", push), ann("r:5000"));
        assert_eq!(seen("X-Registry-Auth", search), ann("r:5000"));
        assert_eq!(seen("X-Registry-Auth", inspect), ann("r:5000"));
        let remote = "r:5000/app".to_owned();
        let wanted = |docker: &Context| {
            let options = PluginPrivilegesOptions { remote: remote.clone(), auth: None };
            docker.plugins().privileges(&options)
        };
        assert_eq!(seen("X-Registry-Auth", wanted), ann("r:5000"));
        let plugin = |docker: &Context| {
            let options = PluginPullOptions { remote: remote.clone(), ..Default::default() };
            docker.plugins().pull(&options, &[])?.finish()
        };
        assert_eq!(seen("X-Registry-Auth", plugin), ann("r:5000"));
        let upgrade = |docker: &Context| {
            let options = PluginUpgradeOptions { remote: remote.clone(), auth: None };
            docker.plugins().upgrade("other", &options, &[])?.finish()
        };
        assert_eq!(seen("X-Registry-Auth", upgrade), ann("r:5000"));
        let push_plugin =
            |docker: &Context| docker.plugins().push(&remote, &Default::default())?.finish();
        assert_eq!(seen("X-Registry-Auth", push_plugin), ann("r:5000"));

        // The swarm keeps them, so they go there when told to, as with the docker command.
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
        assert_eq!(seen("X-Registry-Auth", create(true)), ann("r:5000"));
        assert_eq!(seen("X-Registry-Auth", create(false)), Seen::default());
        assert_eq!(seen("X-Registry-Auth", update(true)), ann("r:5000"));
        assert_eq!(seen("X-Registry-Auth", update(false)), Seen::default());
        // A push always carries the header.
        let other = |docker: &Context| docker.images().push("s/app", &Default::default())?.finish();
        assert_eq!(seen("X-Registry-Auth", other), Seen::json("{}"));
    });
}

#[test]
fn only_where_a_registry_is_asked() {
    as_user("credentials::only_where_a_registry_is_asked", LIMIT, |user| {
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
        assert_eq!(seen("X-Registry-Auth", list), Seen::default());
        assert_eq!(seen("X-Registry-Auth", import), Seen::default());
        assert_eq!(seen("X-Registry-Config", buildkit), Seen::default());
        assert!(user.asked().is_empty());
    });
}

#[test]
fn explicit_ones_win() {
    as_user("credentials::explicit_ones_win", LIMIT, |user| {
        user.configure(r#"{"credsStore": "keys"}"#);
        user.helper("keys", NAMED);
        let own = AuthConfig { registrytoken: "own".into(), ..Default::default() };
        let pull = |auth: &AuthConfig| {
            let (from_image, auth) = ("r:5000/app".to_owned(), Some(auth.clone()));
            let options = ImageCreateOptions { from_image, auth, ..Default::default() };
            move |docker: &Context| docker.images().create(&options, None)?.finish()
        };
        assert_eq!(seen("X-Registry-Auth", pull(&own)), Seen::json(r#"{"registrytoken":"own"}"#));
        // Also when they say that there are none.
        assert_eq!(seen("X-Registry-Auth", pull(&Default::default())), Seen::default());
        let push = |docker: &Context| {
            let options = ImagePushOptions { auth: Some(Default::default()), ..Default::default() };
            docker.images().push("r:5000/app", &options)?.finish()
        };
        assert_eq!(seen("X-Registry-Auth", push), Seen::json("{}"));
        let build = |given: &[(&str, &AuthConfig)]| {
            let given = given.iter().map(|(host, auth)| (host.to_string(), (*auth).clone()));
            let options =
                ImageBuildOptions { registry_config: Some(given.collect()), ..Default::default() };
            move |docker: &Context| {
                docker.images().build(&options, Some(&mut &b"tar"[..]))?.finish()
            }
        };
        let expected = Seen::json(r#"{"r":{"registrytoken":"own"}}"#);
        assert_eq!(seen("X-Registry-Config", build(&[("r", &own)])), expected);
        assert_eq!(seen("X-Registry-Config", build(&[])), Seen::default());
        assert!(user.asked().is_empty());
    });
}

#[test]
fn other_sources() {
    as_user("credentials::other_sources", LIMIT, |user| {
        user.configure(&format!(r#"{{"auths": {{"r:5000": {}}}}}"#, entry("ann:secret")));
        let none = |builder: ContextBuilder| builder.credentials(CredentialSource::None);
        assert_eq!(seen_with("X-Registry-Auth", none, pull("r:5000/app")), Seen::default());
        assert_eq!(seen_with("X-Registry-Config", none, build), Seen::default());
        let token = |token: &str| AuthConfig { registrytoken: token.into(), ..Default::default() };
        let all = [("r:5000", "a"), ("docker.io", "b"), ("https://s/v1/", "c")];
        let all = all.map(|(host, text)| (host.to_owned(), token(text)));
        let given = |builder: ContextBuilder| {
            builder.credentials(CredentialSource::Given(all.clone().into()))
        };
        for (image, expected) in [("r:5000/app", "a"), ("busybox", "b"), ("S/app", "")] {
            let expected = match expected {
                "" => Seen::default(),
                token => Seen::json(&format!(r#"{{"registrytoken":"{token}"}}"#)),
            };
            assert_eq!(seen_with("X-Registry-Auth", given, pull(image)), expected, "{image}");
        }
        let expected = format!(
            r#"{{"{HUB}":{{"registrytoken":"b"}},"r:5000":{{"registrytoken":"a"}},"s":{{"registrytoken":"c"}}}}"#
        );
        assert_eq!(seen_with("X-Registry-Config", given, build), Seen::json(&expected));
        // Of the same engine, with what the user has.
        let derived =
            |docker: &Context| pull("r:5000/app")(&docker.with_credentials(CredentialSource::User));
        assert_eq!(seen_with("X-Registry-Auth", none, derived), ann("r:5000"));
    });
}

#[test]
fn the_variable_wins_over_the_file() {
    as_user("credentials::the_variable_wins_over_the_file", LIMIT, |user| {
        user.configure(&format!(
            r#"{{"auths": {{"r:5000": {}, "s:5000": {}}}}}"#,
            entry("file:r"),
            entry("file:s")
        ));
        let set = |value: &str| {
            // SAFETY: no other thread of this process is running.
            unsafe { std::env::set_var("DOCKER_AUTH_CONFIG", value) };
        };
        set(&format!(r#"{{"auths": {{"r:5000": {}, "t": {}}}}}"#, entry("var:r"), entry("var:t")));
        let of = |name: &str, server: &str| {
            let password = &server[..1];
            format!(r#"{{"username":"{name}","password":"{password}","serveraddress":"{server}"}}"#)
        };
        assert_eq!(pulled("r:5000/app"), Seen::json(&of("var", "r:5000")));
        assert_eq!(pulled("s:5000/app"), Seen::json(&of("file", "s:5000")));
        let all = format!(
            r#"{{"r:5000":{},"s:5000":{},"t":{}}}"#,
            of("var", "r:5000"),
            of("file", "s:5000"),
            of("var", "t")
        );
        assert_eq!(seen("X-Registry-Config", build), Seen::json(&all));
        set("{\"auths\": s3cret}");
        let seen = pulled("r:5000/app");
        assert_eq!(seen.json, Some(of("file", "r:5000")));
        let words = "credentials for r:5000: DOCKER_AUTH_CONFIG is ignored: not valid JSON (line 1 column 11)";
        assert_eq!(seen.notes, [words]);
    });
}

// Helpers.

#[test]
fn a_helper_for_all() {
    as_user("credentials::a_helper_for_all", LIMIT, |user| {
        user.configure(
            r#"{"auths": {"r:5000": {"email": "a@example.com"}}, "credsStore": "keys"}"#,
        );
        user.helper("keys", NAMED);
        let expected = r#"{"username":"ann","password":"secret","email":"a@example.com","serveraddress":"r:5000"}"#;
        assert_eq!(pulled("r:5000/app"), Seen::json(expected));
        assert_eq!(pulled("other.example.com/app"), ann("other.example.com"));
        assert_eq!(pulled("busybox"), ann(HUB));
        // What it is asked is what the docker command asks, without a line end.
        let asked = ["keys get r:5000", "keys get other.example.com", &format!("keys get {HUB}")];
        assert_eq!(user.asked(), asked);

        // As Go writes it, and an identity token.
        user.helper("keys", r#"printf '{"Secret":"a\\u0026\\u003c\\"","Username":"<token>"}\n'"#);
        let expected =
            r#"{"email":"a@example.com","serveraddress":"r:5000","identitytoken":"a&<\""}"#;
        assert_eq!(pulled("r:5000/app"), Seen::json(expected));

        // One that has none is no failure, and the file does not count then.
        user.configure(&format!(r#"{{"auths": {{"r": {}}}, "credsstore": "keys"}}"#, entry("x:y")));
        user.helper("keys", "echo credentials not found in native keychain; exit 1");
        assert_eq!(pulled("r/app").notes, [""; 0]);
        assert_eq!(pulled("r:5000/app"), Seen::default());
    });
}

#[test]
fn helpers_for_some() {
    as_user("credentials::helpers_for_some", LIMIT, |user| {
        user.configure(&format!(
            r#"{{"auths": {{"plain": {0}, "file.example.com": {0}}}, "credsStore": "all",
                "credHelpers": {{"r:5000": "some", "{HUB}": "some", "file.example.com": "", "https://u:1": "never"}}}}"#,
            entry("ann:secret")
        ));
        user.helper("all", "exit 9");
        user.helper("some", NAMED);
        assert_eq!(pulled("r:5000/app"), ann("r:5000"));
        assert_eq!(pulled("busybox"), ann(HUB));
        // No helper at all for this one.
        assert_eq!(pulled("file.example.com/app"), ann("file.example.com"));
        assert_eq!(user.asked(), ["some get r:5000", &format!("some get {HUB}")]);
        // The names are taken as they are.
        assert_eq!(
            pulled("u:1/app").note(),
            "credentials for u:1: docker-credential-all get: exit status: 9"
        );
        assert_eq!(user.asked(), ["all get u:1"]);
    });
}

/// Where nothing at all is said, the docker command takes what is usual, if it is installed.
#[test]
fn the_usual_helper() {
    as_user("credentials::the_usual_helper", LIMIT, |user| {
        assert_eq!(pulled("r:5000/app"), Seen::default());
        user.helper("secretservice", NAMED);
        assert_eq!(pulled("r:5000/app"), ann("r:5000"));
        assert_eq!(user.asked(), ["secretservice get r:5000"]);
        user.install("pass", "#!/bin/sh\n");
        assert_eq!(pulled("r:5000/app"), Seen::default());
        user.helper("pass", NAMED);
        assert_eq!(pulled("r:5000/app"), ann("r:5000"));
        assert_eq!(user.asked(), ["pass get r:5000"]);
        user.configure(r#"{"auths": {"s": {}}}"#);
        assert_eq!(pulled("r:5000/app"), Seen::default());
        assert!(user.asked().is_empty());
    });
}

/// A build carries all there is: it may begin with any image.
#[test]
fn all_for_a_build() {
    as_user("credentials::all_for_a_build", LIMIT, |user| {
        let one = |server: &str| {
            format!(r#"{{"username":"ann","password":"secret","serveraddress":"{server}"}}"#)
        };
        user.configure(&format!(
            r#"{{"auths": {{"b:1": {0}, "a:1": {0}, "c:1": {{}}}}, "credHelpers": {{"r:5000": "some"}}}}"#,
            entry("ann:secret")
        ));
        user.helper("some", NAMED);
        let all =
            format!(r#"{{"a:1":{},"b:1":{},"r:5000":{}}}"#, one("a:1"), one("b:1"), one("r:5000"));
        assert_eq!(seen("X-Registry-Config", build), Seen::json(&all));
        assert_eq!(user.asked(), ["some get r:5000"]);

        // With a helper for all what it lists counts, and not the file.
        user.configure(&format!(
            r#"{{"auths": {{"b:1": {}}}, "credsStore": "all", "credHelpers": {{"r:5000": "some"}}}}"#,
            entry("x:y")
        ));
        let list = r#"[ $1 = list ] && { echo '{"s":"ann","r:5000":"x","none":"x"}'; exit; }"#;
        let none =
            r#"[ "$input" = none ] && { echo credentials not found in native keychain; exit 1; }"#;
        user.helper("all", &format!("{list}\n{none}\n{NAMED}"));
        let all = format!(r#"{{"r:5000":{},"s":{}}}"#, one("r:5000"), one("s"));
        assert_eq!(seen("X-Registry-Config", build), Seen::json(&all));
        assert_eq!(user.asked(), ["all list ", "all get s", "all get none", "some get r:5000"]);

        // One that fails takes nothing from the others, and is not asked again.
        user.helper("all", &format!("{list}\necho locked; exit 1"));
        let seen = seen("X-Registry-Config", build);
        assert_eq!(seen.json, Some(format!(r#"{{"r:5000":{}}}"#, one("r:5000"))));
        assert_eq!(seen.notes, ["credentials: docker-credential-all get: exit status: 1: locked"]);
        assert_eq!(user.asked(), ["all list ", "all get s", "some get r:5000"]);
    });
}

#[test]
fn helpers_that_fail() {
    as_user("credentials::helpers_that_fail", LIMIT, |user| {
        let note = |script: Option<&str>| {
            user.configure(r#"{"credsStore": "keys"}"#);
            if let Some(script) = script {
                user.helper("keys", script);
            }
            let note = pulled("r:5000/app").note();
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
        // Garbage may hold a secret.
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
        let said = note(None);
        assert!(
            said.ends_with(
                "/bin/docker-credential-keys cannot be run: No such file or directory (os error 2)"
            ),
            "{said}"
        );

        // What it writes to stderr neither counts nor blocks it.
        user.helper("keys", &format!("head -c 300000 /dev/zero >&2; {NAMED}"));
        assert_eq!(pulled("r:5000/app"), ann("r:5000"));
        // Nor does it matter whether it reads what it is given.
        user.install("docker-credential-keys", "#!/bin/sh\ninput=r:5000\n".to_owned().as_str());
        user.install("docker-credential-keys", &format!("#!/bin/sh\ninput=r:5000\n{NAMED}"));
        assert_eq!(pulled("r:5000/app"), ann("r:5000"));

        // A name is no path, and no shell sees it.
        for name in ["../keys", "/bin/sh", "keys; touch x", "$(touch x)"] {
            user.configure(&format!(r#"{{"credsStore": "{name}"}}"#));
            let note = pulled("r:5000/app").note();
            assert_eq!(
                note,
                format!("credentials for r:5000: docker-credential-{name} is not in PATH")
            );
        }
        assert!(!std::fs::exists("x").unwrap());
    });
}

/// It is killed, with what it has started, and no zombie stays.
#[test]
fn a_helper_that_hangs() {
    // Time enough for it to begin, on a busy machine too.
    const SHORT: Duration = Duration::from_secs(5);
    as_user("credentials::a_helper_that_hangs", LIMIT, |user| {
        user.configure(r#"{"credsStore": "keys"}"#);
        let pids = user.dir().join("pids");
        let hang =
            format!("sleep 1000 & echo $$ $! >{0}.new; mv {0}.new {0}; wait", pids.display());
        user.helper("keys", &hang);
        let gone = || {
            let text = std::fs::read_to_string(&pids).unwrap();
            let both: Vec<u32> = text.split_whitespace().map(|pid| pid.parse().unwrap()).collect();
            assert_eq!(both.len(), 2);
            eventually(LIMIT, "it is gone", || !both.iter().any(|pid| runs(*pid)));
            assert_eq!(children(), [0; 0], "nobody is left to be reaped");
            std::fs::remove_file(&pids).unwrap();
        };
        let times = |times: Timeouts| move |builder: ContextBuilder| builder.timeouts(times);
        let short = times(Timeouts { helper: Some(SHORT), ..Default::default() });
        let began = Instant::now();
        let note = seen_with("X-Registry-Auth", short, pull("r:5000/app")).note();
        assert!((SHORT..LATE).contains(&began.elapsed()), "{:?}", began.elapsed());
        assert_eq!(note, "credentials for r:5000: docker-credential-keys did not exit within 5s");
        gone();

        // The call's own time counts too, and then there is no going on.
        let engine = Responder::unix(None, |_| panic!("nothing is sent"));
        let deadline = Timeouts { deadline: Some(SHORT), helper: None, ..Default::default() };
        let docker = opened(&engine, CredentialSource::User).timeouts(deadline).build().unwrap();
        match pull("r:5000/app")(&docker) {
            Err(Error::Timeout {
                operation: "ImageCreate", what: "the deadline passed", ..
            }) => {}
            other => panic!("{other:?}"),
        }
        gone();

        // And it can be cancelled.
        let cancel = CancelToken::new();
        let docker = docker.with_timeouts(Timeouts { helper: None, ..Default::default() });
        let docker = docker.with_cancel_token(&cancel);
        let call = std::thread::spawn(move || pull("r:5000/app")(&docker));
        eventually(LIMIT, "it runs", || pids.exists());
        let began = Instant::now();
        cancel.cancel();
        match call.join().unwrap() {
            Err(Error::Cancelled { operation: "ImageCreate" }) => {}
            other => panic!("{other:?}"),
        }
        assert!(began.elapsed() < LATE, "{:?}", began.elapsed());
        gone();
        engine.finish();

        // One that leaves something behind in the background is done when it is done.
        user.helper("keys", &format!("sleep 1000 & echo $! $! >{}\n{NAMED}", pids.display()));
        let began = Instant::now();
        assert_eq!(pulled("r:5000/app"), ann("r:5000"));
        assert!(began.elapsed() < LATE);
        let text = std::fs::read_to_string(&pids).unwrap();
        let left: i32 = text.split(' ').next().unwrap().parse().unwrap();
        // SAFETY: no memory is touched; it was started by this test.
        assert_eq!(unsafe { libc::kill(left, libc::SIGKILL) }, 0);
    });
}

/// What is in the way of credentials is not in the way of the call: what is public can be pulled.
#[test]
fn a_configuration_that_cannot_be_read() {
    as_user("credentials::a_configuration_that_cannot_be_read", LIMIT, |user| {
        let path = user.config_path().display().to_string();
        for (json, why) in [
            ("{\"auths\": s3cret", "not valid JSON (line 1 column 11)"),
            ("[\"s3cret\"]", "not a JSON object (line 1 column 0)"),
            ("{\"auths\": \"s3cret\"}", "auths is not an object"),
        ] {
            user.configure(json);
            let note = pulled("r:5000/app").note();
            assert_eq!(note, format!("credentials for r:5000: {path} is ignored: {why}"));
            let note = seen("X-Registry-Config", build).note();
            assert_eq!(note, format!("credentials: {path} is ignored: {why}"));
        }
        for (entry, why) in [
            ("\"s3cret\"", "is not an object"),
            ("{\"auth\": \"s3cret!\"}", "has an \"auth\" that is not base64"),
            ("{\"auth\": \"/w==\"}", "has an \"auth\" that is not UTF-8"),
            ("{\"auth\": \"czNjcmV0\"}", "has an \"auth\" that is not username:password"),
        ] {
            user.configure(&format!("{{\"auths\": {{\"r:5000\": {entry}}}}}"));
            let note = pulled("r:5000/app").note();
            assert_eq!(note, format!("credentials for r:5000: the entry in config.json {why}"));
            assert_eq!(pulled("s/app"), Seen::default(), "it is not about this one");
        }
        std::fs::remove_file(user.config_path()).unwrap();
        std::fs::create_dir(user.config_path()).unwrap();
        let note = pulled("r:5000/app").note();
        assert_eq!(
            note,
            format!("credentials for r:5000: {path} is ignored: Is a directory (os error 21)")
        );
        for nothing in ["", " \n", "{}", "{\"auths\": null, \"credHelpers\": null}"] {
            std::fs::remove_dir_all(user.dir()).unwrap();
            user.configure(nothing);
            assert_eq!(pulled("r:5000/app"), Seen::default());
        }
    });
}

/// The directory may be another one.
#[test]
fn another_dir() {
    as_user("credentials::another_dir", LIMIT, |user| {
        let dir = TempDir::new();
        dir.write("config.json", format!(r#"{{"auths": {{"r:5000": {}}}}}"#, entry("ann:secret")));
        user.configure("broken");
        // SAFETY: no other thread of this process is running.
        unsafe { std::env::set_var("DOCKER_CONFIG", dir.path()) };
        assert_eq!(pulled("r:5000/app"), ann("r:5000"));
    });
}

#[test]
fn what_is_there_can_be_asked() {
    as_user("credentials::what_is_there_can_be_asked", LIMIT, |user| {
        let engine = Responder::unix(None, |_| panic!("nothing is sent"));
        let docker = opened(&engine, CredentialSource::User).build().unwrap();
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
