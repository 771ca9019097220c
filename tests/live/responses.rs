//! Responses of a real engine to every operation that returns JSON: the models preserve all fields.
//!
//! With `DOCKLINE_RECORD`, the responses are written into that directory for
//! `tests/wire/recorded_responses.rs`, without details of the machine. `scripts/record-responses`
//! does this.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::{env, fs};

use dockline::model::{
    ConfigSpec, ContainerExecRequest, ContainerSpec, HealthConfig, NetworkConnectRequest,
    NetworkCreateRequest, SecretSpec, ServiceSpec, SwarmInitRequest, TaskSpec, TaskState,
    VolumeCreateRequest,
};
use dockline::{
    BuildPruneOptions, Context, DistributionInspectOptions, Filters, ImageCommitOptions,
    ImagePruneOptions, ImagePushOptions, ImageTagOptions, PluginEnableOptions,
    PluginPrivilegesOptions, PluginPushOptions, RawRequest, ServiceCreateOptions,
    ServiceInspectOptions, ServiceListOptions, ServiceUpdateOptions, SwarmLeaveOptions,
};
use serde_json::Value;

use crate::helpers::{
    BUSYBOX, Container, LIMIT, PrivateEngine, Registry, TestImage, TestPlugin, assert_unsupported,
    docker, is_podman, live, live_on, shell, unique,
};
use crate::support::{
    OPERATIONS, Operation, Responder, Response, client, eventually, model_differences, speaking,
};

/// The responses so far by operation; of each operation the longest.
#[derive(Clone, Default)]
struct Responses(Arc<Mutex<BTreeMap<&'static str, Value>>>);

impl Responses {
    /// Returns a context for the same engine whose responses are recorded here.
    fn recording(&self, docker: &Context) -> Context {
        let responses = self.clone();
        let context = client(&docker.endpoint().to_string()).capture_limit(usize::MAX);
        let context = context.reveal_secrets(true).on_result(move |result| {
            let good = result.status.is_some_and(|status| (200..300).contains(&status));
            let Ok(response) = serde_json::from_slice::<Value>(&result.response_body) else {
                return;
            };
            if !good || !Operation::find(result.operation).is_some_and(Operation::is_recorded) {
                return;
            }
            responses.add(result.operation, response);
        });
        context.build().unwrap()
    }

    fn add(&self, operation: &'static str, response: Value) {
        let mut responses = self.0.lock().unwrap();
        let longest = responses.entry(operation).or_insert(Value::Null);
        if response.to_string().len() > longest.to_string().len() {
            *longest = response;
        }
    }

    /// Sends the requests of `OPERATIONS` below these paths that have no response yet: lists, and
    /// single objects except DELETE. `names` maps the names in `OPERATIONS` to real ones.
    fn request_missing(&self, docker: &Context, resources: &[&str], names: &[(&str, &str)]) {
        let version = docker.api_version().unwrap();
        for row in OPERATIONS.iter().filter(|it| it.is_recorded() && it.since() <= version.minor) {
            let (_, query) = row.target.split_once('?').unwrap_or((row.target, ""));
            let mut steps: Vec<_> = row.path().split('/').skip(1).collect();
            let is_available = match steps.get(1) {
                None | Some(&"json") => true,
                Some(name) => names.iter().find(|it| it.0 == *name).is_some_and(|it| {
                    steps[1] = it.1;
                    row.method() != "DELETE"
                }),
            };
            let is_recorded = self.0.lock().unwrap().contains_key(row.id);
            if !is_available || is_recorded || !resources.contains(&steps[0]) {
                continue;
            }
            // The body is taken from the request that the call sends.
            let recorder = Responder::unix(None, |_| Response::error(500, "no"));
            row.call(&speaking(&recorder.host(), &version.to_string())).unwrap_err();
            let parameters = query.split('&').filter_map(|it| it.split_once('='));
            let request = RawRequest {
                method: row.method().into(),
                path: format!("/{}", steps.join("/")),
                query: parameters.map(|(name, value)| (name.into(), value.into())).collect(),
                body: recorder.finish().pop().unwrap().body,
                ..Default::default()
            };
            let response =
                docker.raw(&request).unwrap_or_else(|error| panic!("{}: {error}", row.id));
            self.add(row.id, serde_json::from_slice(&response.body).unwrap());
        }
    }
}

#[test]
#[ignore = "needs an engine: scripts/engine run"]
fn models_preserve_all_response_fields() {
    if is_podman(&docker()) {
        // `models` compares the responses that Podman shares with Docker.
        return live(|docker| {
            assert_unsupported(&docker.swarm().init(&Default::default()).unwrap_err(), "");
        });
    }
    let engine = PrivateEngine::start();
    let dir = engine.dir();
    live_on(engine.docker(), move |docker| {
        let responses = Responses::default();
        let docker = responses.recording(docker);
        let version = docker.api_version().unwrap();
        responses.request_missing(&docker, &["version", "info"], &[]);
        containers(&docker, &responses);
        images(&docker, &responses);
        networks_and_volumes(&docker, &responses);
        plugins(&docker, &responses);
        swarm(&docker, &responses);

        let responses = responses.0.lock().unwrap();
        let recorded =
            OPERATIONS.iter().filter(|it| it.is_recorded() && it.since() <= version.minor);
        let missing: Vec<_> =
            recorded.map(|it| it.id).filter(|it| !responses.contains_key(it)).collect();
        assert!(missing.is_empty(), "no response to {missing:?}");
        let differences: Vec<_> = responses
            .iter()
            .flat_map(|(operation, response)| model_differences(operation, response))
            .collect();
        assert!(differences.is_empty(), "\n{}\n", differences.join("\n"));

        if let Some(target) = env::var_os("DOCKLINE_RECORD") {
            record(&responses, &PathBuf::from(target).join(format!("docker-{version}")), &dir);
        }
    });
}

/// Containers and exec, with as many fields set as possible.
fn containers(docker: &Context, responses: &Responses) {
    let mut request = shell("echo a >/b; mkdir /c; sleep 1000");
    request.config.env = ["A=b"].into();
    request.config.labels.insert("a".into(), "b".into());
    request.config.volumes.insert("/volume".into(), Default::default());
    request.config.exposed_ports.insert("80/tcp".into(), Default::default());
    request.config.healthcheck = Some(HealthConfig {
        test: ["CMD", "true"].map(str::to_owned).into(),
        interval: 50_000_000,
        ..Default::default()
    });
    request.host_config.publish_all_ports = true;
    request.host_config.memory = 64 << 20;
    let web = Container::create(docker, &request);
    web.start();
    eventually(LIMIT, "the health check has run", || {
        web.inspect().state.health.is_some_and(|health| !health.log.is_empty())
    });
    let body = ContainerExecRequest { cmd: ["true"].into(), ..Default::default() };
    let exec = docker.exec().create(&web.id, &body).unwrap().id;
    docker.exec().start(&exec, &Default::default()).unwrap().output().for_each(drop);
    let containers = docker.containers();
    // The request in `OPERATIONS` does not end.
    containers.stats_once(&web.id, &Default::default()).unwrap();
    let once = Container::run(docker, "exit 3");
    containers.wait(&once.id, &Default::default()).unwrap();
    responses.request_missing(docker, &["containers", "exec"], &[("web", &web.id), ("e1", &exec)]);
    docker.system().data_usage(&Default::default()).unwrap();
    containers.prune(&Default::default()).unwrap();
}

fn images(docker: &Context, responses: &Responses) {
    let images = docker.images();
    let container = Container::create(docker, &shell("true"));
    let options = ImageCommitOptions {
        container: container.name.clone(),
        repo: unique("image"),
        tag: "1".into(),
        comment: "why".into(),
        author: "Ada".into(),
        changes: ["ENV A=b", "LABEL a=b", "EXPOSE 80"].into(),
        ..Default::default()
    };
    images.commit(&options, &Default::default()).unwrap();
    let name = format!("{}:1", options.repo);

    let registry = Registry::start(docker);
    let auth = Some(registry.credentials());
    docker.system().auth(&registry.credentials()).unwrap();
    let repo = format!("{}/image", registry.address);
    let pushed = TestImage::guard(docker, &format!("{repo}:1"));
    images.tag(&name, &ImageTagOptions { repo: repo.clone(), tag: "1".into() }).unwrap();
    let push = ImagePushOptions { tag: "1".into(), auth: auth.clone(), ..Default::default() };
    images.push(&repo, &push).unwrap().finish().unwrap();
    let options = DistributionInspectOptions { auth };
    docker.distribution().inspect(&pushed.name, &options).unwrap();
    responses.request_missing(docker, &["images"], &[("busybox", &name)]);
    drop(pushed);
    images.delete(&name, &Default::default()).unwrap();
    let build = "FROM busybox:latest\nRUN echo built here\n";
    let tar = crate::helpers::tar(&[("Dockerfile", build.as_bytes())]);
    images.build(&Default::default(), Some(&mut &tar[..])).unwrap().finish().unwrap();
    images.prune(&ImagePruneOptions { filters: Filters::new().with("dangling", "true") }).unwrap();
    docker.builds().prune(&BuildPruneOptions { all: true, ..Default::default() }).unwrap();
}

fn networks_and_volumes(docker: &Context, responses: &Responses) {
    let network = NetworkCreateRequest {
        name: unique("network"),
        labels: [("a", "b".to_owned())].into(),
        ..Default::default()
    };
    let id = docker.networks().create(&network).unwrap().id;
    let container = Container::run(docker, "sleep 1000");
    let body = NetworkConnectRequest { container: container.id.clone(), ..Default::default() };
    docker.networks().connect(&id, &body).unwrap();
    responses.request_missing(docker, &["networks"], &[("back", &id)]);
    drop(container);
    docker.networks().prune(&Default::default()).unwrap();

    let volume =
        VolumeCreateRequest { labels: [("a", "b".to_owned())].into(), ..Default::default() };
    let name = docker.volumes().create(&volume).unwrap().name;
    responses.request_missing(docker, &["volumes"], &[("data", &name)]);
    docker.volumes().prune(&Default::default()).unwrap();
}

fn plugins(docker: &Context, responses: &Responses) {
    let registry = Registry::start(docker);
    let name = format!("{}/plugin:1", registry.address);
    let plugin = TestPlugin::create(docker, &name, "created here");
    let auth = Some(registry.credentials());
    let push = PluginPushOptions { auth: auth.clone() };
    docker.plugins().push(&name, &push).unwrap().finish().unwrap();
    docker.plugins().privileges(&PluginPrivilegesOptions { remote: name.clone(), auth }).unwrap();
    docker.plugins().enable(&name, &PluginEnableOptions { timeout: 30 }).unwrap();
    responses.request_missing(docker, &["plugins"], &[("sshfs", &name)]);
    drop(plugin);
}

fn swarm(docker: &Context, responses: &Responses) {
    let mut body = SwarmInitRequest {
        listen_addr: "127.0.0.1:2377".into(),
        advertise_addr: "127.0.0.1".into(),
        ..Default::default()
    };
    body.spec.encryption_config.auto_lock_managers = true;
    docker.swarm().init(&body).unwrap();
    docker.swarm().unlockkey().unwrap();
    let node = docker.system().info().unwrap().swarm.node_id;
    let secret = SecretSpec { name: "s".into(), data: "secret".into(), ..Default::default() };
    docker.secrets().create(&secret).unwrap();
    let config = ConfigSpec { name: "s".into(), data: "config".into(), ..Default::default() };
    docker.configs().create(&config).unwrap();
    let resources = ["swarm", "nodes", "secrets", "configs"];
    responses.request_missing(docker, &resources, &[("m1", &node), ("s1", "s")]);
    services(docker, responses);
    docker.swarm().leave(&SwarmLeaveOptions { force: true }).unwrap();
}

/// A service and its task.
fn services(docker: &Context, responses: &Responses) {
    let container = ContainerSpec {
        image: BUSYBOX.into(),
        command: ["sleep", "1000"].map(str::to_owned).into(),
        env: ["A=b"].into(),
        stop_signal: "SIGKILL".into(),
        ..Default::default()
    };
    let task = TaskSpec { container_spec: Some(container), ..Default::default() };
    let spec = ServiceSpec { name: "web".into(), task_template: task, ..Default::default() };
    let options = ServiceCreateOptions { query_registry: false, ..Default::default() };
    let id = docker.services().create(&options, &spec).unwrap().id;
    let options = ServiceUpdateOptions { query_registry: false, ..Default::default() };
    let relabel = |spec: &mut ServiceSpec| drop(spec.labels.insert("a".into(), "b".into()));
    docker.services().update_with(&id, &options, relabel).unwrap();
    docker.services().list(&ServiceListOptions { status: true, ..Default::default() }).unwrap();
    docker.services().inspect(&id, &ServiceInspectOptions { insert_defaults: true }).unwrap();
    eventually(LIMIT, "the task is running", || {
        let tasks = docker.tasks().list(&Default::default()).unwrap();
        tasks.iter().any(|task| task.status.state == TaskState::Running)
    });
    let task = &docker.tasks().list(&Default::default()).unwrap()[0];
    responses.request_missing(docker, &["services", "tasks"], &[("web", &id), ("t1", &task.id)]);
    docker.services().delete(&id).unwrap();
}

/// Writes the responses to files, without details of the machine.
fn record(responses: &BTreeMap<&'static str, Value>, dir: &Path, private: &str) {
    let _ = fs::remove_dir_all(dir);
    fs::create_dir_all(dir).unwrap();
    for (operation, response) in responses {
        let mut response = response.clone();
        anonymize("", &mut response, private);
        let text = serde_json::to_string_pretty(&response).unwrap() + "\n";
        fs::write(dir.join(format!("{operation}.json")), text).unwrap();
    }
}

/// Replacements for details of the machine, by field name.
const REPLACEMENTS: &[(&str, &str)] = &[
    ("Hostname", "engine"),
    ("Name", "engine"),
    ("KernelVersion", "6.1.0-0-amd64"),
    ("kernelVersion", "6.1.0-0-amd64"),
    ("OperatingSystem", "Debian GNU/Linux"),
    ("OSVersion", "12"),
    ("UnlockKey", "SWMKEY-1-0"),
    ("Worker", "SWMTKN-1-0-0"),
    ("Manager", "SWMTKN-1-0-1"),
    ("TrustRoot", "a certificate"),
    ("CertIssuerSubject", "AA=="),
    ("CertIssuerPublicKey", "AA=="),
];

fn anonymize(name: &str, value: &mut Value, private: &str) {
    match value {
        Value::String(text) => {
            *text = text.replace(private, "/var/lib/engine");
            // `Name` may also be the name of a container or another object that a test has created.
            let is_test_name = name == "Name" && !is_host_name(text);
            if let Some((_, other)) = REPLACEMENTS.iter().find(|it| it.0 == name && !is_test_name) {
                if !text.is_empty() {
                    *text = (*other).to_owned();
                }
            }
        }
        Value::Number(_) if ["MemTotal", "MemoryBytes"].contains(&name) => {
            *value = (1_u64 << 32).into()
        }
        Value::Number(_) if name == "NCPU" => *value = 2.into(),
        Value::Number(_) if name == "NanoCPUs" => *value = 2_000_000_000.into(),
        Value::Array(items) => items.iter_mut().for_each(|it| anonymize(name, it, private)),
        Value::Object(members) => {
            members.iter_mut().for_each(|(name, value)| anonymize(name, value, private));
        }
        _ => {}
    }
}

fn is_host_name(name: &str) -> bool {
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    name == host.trim()
}
