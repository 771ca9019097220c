//! Effects of the environment and the docker CLI's configuration on calls: each in a process of its own with its
//! own home directory.

use std::sync::{Arc, Mutex};

use crate::support::*;
use dockline::*;

/// Runs the calling test in a process with only these variables, and returns its output.
#[track_caller]
fn in_environment(test: &str, variables: &[(&str, &str)]) -> String {
    let mut command = this_test(test);
    let child =
        command.get_envs().map(|(name, value)| (name.to_owned(), value.unwrap().to_owned()));
    let child: Vec<_> = child.collect();
    command.env_clear().envs(child).envs(variables.iter().copied());
    let output = run(&mut command, LIMIT).success();
    assert!(output.contains("1 passed"), "{output}");
    output
}

/// A home directory with this `config.json` and the docker context `web` for the engine at `host`.
fn home(config: &str, host: &str) -> TempDir {
    let home = TempDir::new();
    home.write(".docker/config.json", config);
    // The directory is named by the SHA-256 of the context's name.
    home.write(
        ".docker/contexts/meta/4b5e57f6eb2f42b9039b3d1e13929295f231749c510cbe341cd68036d9af97e2/meta.json",
        format!(r#"{{"Name":"web","Endpoints":{{"docker":{{"Host":"{host}"}}}}}}"#),
    );
    home
}

#[test]
fn current_context_and_its_headers() {
    const TEST: &str = "configuration::current_context_and_its_headers";
    if is_child() {
        let docker = Context::from_env().unwrap();
        assert_eq!(docker.endpoint_source().docker_context(), Some("web"));
        assert_eq!(docker.endpoint_source().as_str(), "currentContext");
        docker.containers().list(&Default::default()).unwrap();

        let named = Context::from_docker_context("web").unwrap();
        assert_eq!(named.endpoint(), docker.endpoint());
        assert_eq!(named.endpoint_source().as_str(), "docker_context");
        named.containers().list(&Default::default()).unwrap();

        // Headers set by the program override those of the configuration.
        let builder = Context::builder().header("x-meta", "mine").header("X-More", "1");
        builder.build().unwrap().containers().list(&Default::default()).unwrap();

        // With an explicit host, the configuration is not read.
        let host = docker.endpoint().to_string();
        let plain = Context::open(&host).unwrap();
        assert_eq!(plain.endpoint_source(), &EndpointSource::Host);
        plain.containers().list(&Default::default()).unwrap();

        let list = DockerContext::list().unwrap();
        let shown: Vec<_> = list.iter().map(|it| (&*it.name, it.current)).collect();
        assert_eq!(shown, [("default", false), ("web", true)]);
        assert_eq!(DockerContext::inspect("web").unwrap().host, host);
        return;
    }
    let engine = Responder::unix("1.41", |_| Response::json("[]"));
    let config = r#"{
        "currentContext": "web",
        "HttpHeaders": {"X-Meta": "theirs", "User-Agent": "docker", "Host": "elsewhere"}
    }"#;
    let home = home(config, &engine.host());
    in_environment(TEST, &[("HOME", home.path().to_str().unwrap())]);

    let requests = engine.finish();
    let sent = |name: &str| -> Vec<_> {
        requests.iter().map(|request| request.header(name).unwrap_or("-").to_owned()).collect()
    };
    // One ping and one list each.
    assert_eq!(sent("x-meta"), ["theirs", "theirs", "theirs", "theirs", "mine", "mine", "-", "-"]);
    assert_eq!(sent("x-more"), ["-", "-", "-", "-", "1", "1", "-", "-"]);
    assert!(sent("host").iter().all(|it| it == "localhost"), "{requests:?}");
    assert!(sent("user-agent").iter().all(|it| it.starts_with("dockline/")), "{requests:?}");
}

#[test]
fn headers_from_environment() {
    const TEST: &str = "configuration::headers_from_environment";
    if is_child() {
        return Context::from_env().unwrap().system().ping().map(drop).unwrap();
    }
    let engine = Responder::unix("1.41", |_| Response::json("[]"));
    let home = home(r#"{"HttpHeaders": {"X-File": "1"}}"#, "");
    in_environment(
        TEST,
        &[
            ("HOME", home.path().to_str().unwrap()),
            ("DOCKER_HOST", &engine.host()),
            ("DOCKER_CUSTOM_HEADERS", "X-One=1,\"X-Two=2,3\""),
        ],
    );
    let request = &engine.finish()[0];
    assert_eq!((request.header("x-one"), request.header("x-two")), (Some("1"), Some("2,3")));
    assert_eq!(request.header("x-file"), None, "the variable overrides the file");
}

#[test]
fn headers_from_builder() {
    let engine = FakeEngine::unix();
    engine
        .exchange_for(
            Expected::new("POST /v1.41/containers/create")
                .header("X-Auth-Token", "s3cret")
                .header("X-Plain", "a b")
                .header("User-Agent", "app/1")
                .header("Content-Type", "application/json")
                .json("{}"),
            Response::json(r#"{"Id":"a"}"#),
        )
        .exchange_for(
            Expected::new("GET /v1.41/info").header("X-Plain", "its own").header("Accept", "x/y"),
            Response::json("{}"),
        );
    let seen = Arc::new(Mutex::new(Vec::new()));
    let docker = client(&engine.host())
        .api_version(ApiVersion::new(1, 41))
        .header("X-Auth-Token", " s3cret ")
        .header("X-Plain", "a b")
        .header("Content-Type", "text/plain")
        .header("Accept", "x/y")
        .header("User-Agent", "app/1")
        .on_result({
            let seen = seen.clone();
            move |result| seen.lock().unwrap().push(result.request_head.clone())
        })
        .build()
        .unwrap();
    docker.containers().create(&Default::default(), &Default::default()).unwrap();
    let raw = RawRequest {
        path: "/info".into(),
        headers: vec![("x-plain".into(), "its own".into())],
        ..Default::default()
    };
    docker.raw(&raw).unwrap();
    engine.finish();

    let seen = String::from_utf8(seen.lock().unwrap().concat()).unwrap();
    assert_eq!(seen.matches("x-auth-token: [redacted]").count(), 2, "{seen}");
    assert!(!seen.contains("s3cret") && seen.contains("x-plain: a b"), "{seen}");
    let shown = format!("{docker:?}");
    assert!(!shown.contains("s3cret") && shown.contains("x-auth-token"), "{shown}");
}

#[test]
fn rejects_invalid_headers() {
    for (name, value, reason) in [
        ("X Y", "1", "\"X Y\" is not a valid header name"),
        ("X", "s3cret\r\nY: 1", "the value of the header x contains a line break"),
        ("Host", "x", "the header host cannot be set"),
    ] {
        let error = client("/nowhere").header(name, value).build().unwrap_err();
        assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
        assert!(error.to_string().contains(reason) && !error.to_string().contains("s3"), "{error}");
    }
}

#[test]
fn rejects_host_with_docker_context() {
    let error = client("/nowhere").docker_context("web").build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "Context: both a host and the docker context \"web\" are given: set only one"
    );
}

#[test]
fn rejects_invalid_configuration() {
    const TEST: &str = "configuration::rejects_invalid_configuration";
    if is_child() {
        let error = Context::from_env().unwrap_err();
        let variant = if error.errno().is_some() { "Io" } else { "InvalidArgument" };
        assert!(format!("{error:?}").starts_with(variant), "{error:?}");
        println!("error: {error}");
        // Not read if the host is explicit.
        Context::open("unix:///nowhere").unwrap();
        return;
    }
    for (config, expected) in [
        ("{", "/.docker/config.json is broken: not JSON: EOF while parsing an object at line 1"),
        ("7", "/.docker/config.json is broken: it must contain an object, not an integer"),
        (
            r#"{"currentContext": 7}"#,
            "/.docker/config.json: currentContext is invalid: currentContext must be the name of a docker context",
        ),
        (r#"{"HttpHeaders": []}"#, "HttpHeaders must be an object of strings"),
        (r#"{"HttpHeaders": {"a b": ""}}"#, "HttpHeaders: \"a b\" is not a valid header name"),
        (r#"{"currentContext": "gone"}"#, "there is no docker context \"gone\" in "),
    ] {
        let home = home(config, "");
        assert_fails(TEST, &[("HOME", home.path().to_str().unwrap())], expected);
    }
    // A directory instead of a file.
    let home = TempDir::new();
    std::fs::create_dir_all(home.join(".docker/config.json")).unwrap();
    assert_fails(TEST, &[("HOME", home.path().to_str().unwrap())], "reading ");
    assert_fails(
        TEST,
        &[("DOCKER_HOST", "/x"), ("DOCKER_CUSTOM_HEADERS", "x")],
        "DOCKER_CUSTOM_HEADERS must be name=value",
    );
}

#[track_caller]
fn assert_fails(test: &str, variables: &[(&str, &str)], expected: &str) {
    let output = in_environment(test, variables);
    assert!(output.contains("error: Context: ") && output.contains(expected), "{output}");
}

#[cfg(feature = "tls")]
mod with_tls {
    use super::*;

    /// Writes the certificates of a client into a directory.
    fn write_certificates(dir: &TempDir, below: &str, authority: &Authority) {
        let text = |pem: &Pem| match pem {
            Pem::Text(text) => text.clone(),
            other => panic!("{other:?}"),
        };
        let tls = authority.with_client_certificate();
        for (name, pem) in [("ca", &tls.ca), ("cert", &tls.cert), ("key", &tls.key)] {
            dir.write(format!("{below}/{name}.pem"), text(pem.as_ref().unwrap()));
        }
    }

    #[test]
    fn certificates_from_environment_and_contexts() {
        const TEST: &str = "configuration::with_tls::certificates_from_environment_and_contexts";
        if is_child() {
            let docker = Context::from_env().unwrap();
            let endpoint = docker.endpoint();
            assert!(matches!(endpoint, Endpoint::Https { .. }), "{endpoint}");
            assert_eq!(docker.endpoint_source().as_str(), std::env::var("EXPECTED").unwrap());
            docker.system().ping().unwrap();
            return;
        }
        let authority = Authority::new();
        let engine = Responder::unix("1.41", |_| Response::error(500, "unexpected"));
        let front = TlsFront::before(engine.path(), authority.server(Clients::Signed));
        let host = format!("tcp://127.0.0.1:{}", front.port());
        let home = home(r#"{"currentContext": "web"}"#, &host);
        write_certificates(&home, "certs", &authority);
        write_certificates(
            &home,
            ".docker/contexts/tls/4b5e57f6eb2f42b9039b3d1e13929295f231749c510cbe341cd68036d9af97e2/docker",
            &authority,
        );
        let path = home.path().to_str().unwrap();
        in_environment(TEST, &[("HOME", path), ("EXPECTED", "currentContext")]);
        in_environment(
            TEST,
            &[
                ("HOME", "/nowhere"),
                ("DOCKER_HOST", &host),
                ("DOCKER_TLS_VERIFY", "1"),
                ("DOCKER_CERT_PATH", &format!("{path}/certs")),
                ("EXPECTED", "DOCKER_HOST"),
            ],
        );
        assert_eq!(engine.finish().len(), 2);
    }

    #[test]
    fn missing_certificates() {
        const TEST: &str = "configuration::with_tls::missing_certificates";
        if is_child() {
            let error = Context::from_env().unwrap_err();
            assert!(matches!(error, Error::Io { .. }), "{error:?}");
            println!("error: {error}");
            return;
        }
        let variables = [
            ("DOCKER_HOST", "tcp://engine:2376"),
            ("DOCKER_TLS_VERIFY", "1"),
            ("HOME", "/nowhere"),
        ];
        assert_fails(TEST, &variables, "/nowhere/.docker/ca.pem: No such file");
    }
}

/// Proxies of `config.json` reach containers and builds, and its detach keys exec and attach, where
/// the request has none of its own, unless this is off.
#[test]
fn proxies_and_detach_keys_of_the_configuration() {
    use dockline::model::{ContainerConfig, ContainerExecRequest};
    const TEST: &str = "configuration::proxies_and_detach_keys_of_the_configuration";
    if is_child() {
        let calls = |docker: &Context| {
            let create = |env: &[&str]| {
                let config = ContainerConfig { env: env.into(), ..Default::default() };
                docker.containers().create(&Default::default(), &config.into()).unwrap();
            };
            create(&[]);
            create(&["A=b", "HTTP_PROXY=mine", "no_proxy"]);
            let build = |buildargs: &[(&str, Option<&str>)]| {
                let buildargs = buildargs
                    .iter()
                    .map(|(name, value)| (name.to_string(), value.map(str::to_owned)));
                let options =
                    ImageBuildOptions { buildargs: buildargs.collect(), ..Default::default() };
                let build = docker.images().build(&options, Some(&mut &b"tar"[..]));
                build.unwrap().finish().unwrap();
            };
            build(&[]);
            build(&[("HTTP_PROXY", None), ("http_proxy", Some("mine")), ("A", Some("b"))]);
            for detach_keys in ["", "ctrl-x"] {
                let body = ContainerExecRequest {
                    cmd: ["sh"].into(),
                    detach_keys: detach_keys.into(),
                    ..Default::default()
                };
                docker.exec().create("web", &body).unwrap();
                let options = ContainerAttachOptions {
                    detach_keys: detach_keys.into(),
                    ..Default::default()
                };
                docker.containers().attach("web", &options).unwrap_err();
                #[cfg(feature = "websocket")]
                {
                    let options = ContainerAttachWebsocketOptions {
                        detach_keys: detach_keys.into(),
                        ..Default::default()
                    };
                    docker.containers().attach_websocket("web", &options).unwrap_err();
                }
            }
        };
        let docker = Context::from_env().unwrap();
        calls(&docker);
        calls(&Context::builder().cli_defaults(false).build().unwrap());
        // The configuration is not that of an engine that the program names.
        calls(&Context::open(&docker.endpoint().to_string()).unwrap());
        return;
    }
    let run = |proxies: &dyn Fn(&str) -> String| {
        let engine = Responder::unix("1.44", |request| match request.path() {
            path if path.ends_with("/build") => Response::chunked(200).then("{}"),
            path if path.contains("/attach") => Response::error(404, "no"),
            _ => Response::json(r#"{"Id":"a"}"#),
        });
        let config = format!(
            r#"{{"currentContext": "web", "detachKeys": "ctrl-e,e", "proxies": {}}}"#,
            proxies(&engine.host())
        );
        let home = home(&config, &engine.host());
        in_environment(TEST, &[("HOME", home.path().to_str().unwrap())]);
        let requests = engine.finish().into_iter().filter(|it| !it.path().ends_with("_ping"));
        requests
            .map(|it| match it.path().trim_start_matches("/v1.44") {
                "/build" => format!("build {}", it.query("buildargs").unwrap_or_default()),
                path if path.contains("attach") => {
                    format!("attach {}", it.query("detachKeys").unwrap_or_default())
                }
                path => format!(
                    "{} {}",
                    path.rsplit('/').next().unwrap(),
                    String::from_utf8(it.body.clone()).unwrap()
                ),
            })
            .collect::<Vec<_>>()
    };
    let exec = |keys: &str| match keys {
        "" => r#"exec {"Cmd":["sh"]}"#.to_owned(),
        keys => format!(r#"exec {{"DetachKeys":"{keys}","Cmd":["sh"]}}"#),
    };
    let rest = |keys: &str| {
        let attach = |keys: &str| {
            let count = if cfg!(feature = "websocket") { 2 } else { 1 };
            vec![format!("attach {keys}"); count]
        };
        [vec![exec(keys)], attach(keys), vec![exec("ctrl-x")], attach("ctrl-x")].concat()
    };
    let off: Vec<String> = [
        "create {}",
        r#"create {"Env":["A=b","HTTP_PROXY=mine","no_proxy"]}"#,
        "build ",
        r#"build {"A":"b","HTTP_PROXY":null,"http_proxy":"mine"}"#,
    ]
    .map(str::to_owned)
    .into_iter()
    .chain(rest(""))
    .collect();
    let on = |lines: [&str; 4]| -> Vec<String> {
        lines.map(str::to_owned).into_iter().chain(rest("ctrl-e,e")).collect()
    };
    let default = r#""default": {"httpProxy": "http://p:1", "noProxy": "a,b"}"#;
    let proxies = [
        r#"create {"Env":["HTTP_PROXY=http://p:1","http_proxy=http://p:1","NO_PROXY=a,b","no_proxy=a,b"]}"#,
        r#"create {"Env":["A=b","HTTP_PROXY=mine","no_proxy","http_proxy=http://p:1","NO_PROXY=a,b"]}"#,
        r#"build {"HTTP_PROXY":"http://p:1","NO_PROXY":"a,b","http_proxy":"http://p:1","no_proxy":"a,b"}"#,
        r#"build {"A":"b","HTTP_PROXY":null,"NO_PROXY":"a,b","http_proxy":"mine","no_proxy":"a,b"}"#,
    ];
    let sent = run(&|_| format!("{{{default}}}"));
    assert_eq!(sent, [on(proxies), off.clone(), off.clone()].concat());
    // An entry for the engine stands in the place of the default, also if it is empty.
    let sent = run(&|host| format!(r#"{{{default}, "{host}": {{}}}}"#));
    let none = [&*off[0], &*off[1], &*off[2], &*off[3]];
    assert_eq!(sent, [on(none), off.clone(), off.clone()].concat());
}
