//! Answers of real engines, and whether the models hold all that is in them.

use dockline::model::{ConfigSpec, ContainerExecRequest, NetworkCreateRequest, SecretSpec};
use dockline::{
    Context, ImageCommitOptions, PluginPrivilegesOptions, Result, ServiceCreateOptions,
    ServiceUpdateOptions,
};
use serde::Serialize;
use serde_json::Value;

use super::{Responder, Response, speaking};

/// An operation that answers with JSON, and its call: what comes back is the answer as its model
/// writes it.
type Answered = (&'static str, fn(&Context) -> Result<Value>);

fn written<T: Serialize>(answer: Result<T>) -> Result<Value> {
    answer.map(|answer| serde_json::to_value(answer).unwrap())
}

/// The operations whose answers are recorded.
pub const ANSWERED: &[Answered] = &[
    ("ContainerList", |c| written(c.containers().list(&Default::default()))),
    ("ContainerCreate", |c| {
        written(c.containers().create(&Default::default(), &Default::default()))
    }),
    ("ContainerInspect", |c| written(c.containers().inspect("a", &Default::default()))),
    ("ContainerTop", |c| written(c.containers().top("a", &Default::default()))),
    ("ContainerChanges", |c| written(c.containers().changes("a"))),
    ("ContainerStats", |c| written(c.containers().stats_once("a", &Default::default()))),
    ("ContainerUpdate", |c| written(c.containers().update("a", &Default::default()))),
    ("ContainerWait", |c| written(c.containers().wait("a", &Default::default()))),
    ("ContainerPrune", |c| written(c.containers().prune(&Default::default()))),
    ("ContainerExec", |c| {
        let body = ContainerExecRequest { cmd: ["true"].into(), ..Default::default() };
        written(c.exec().create("a", &body))
    }),
    ("ExecInspect", |c| written(c.exec().inspect("a"))),
    ("ImageList", |c| written(c.images().list(&Default::default()))),
    ("ImageInspect", |c| written(c.images().inspect("a", &Default::default()))),
    ("ImageHistory", |c| written(c.images().history("a", &Default::default()))),
    ("ImageCommit", |c| {
        let options = ImageCommitOptions { container: "a".into(), ..Default::default() };
        written(c.images().commit(&options, &Default::default()))
    }),
    ("ImageDelete", |c| written(c.images().delete("a", &Default::default()))),
    ("ImagePrune", |c| written(c.images().prune(&Default::default()))),
    ("BuildPrune", |c| written(c.builds().prune(&Default::default()))),
    ("NetworkList", |c| written(c.networks().list(&Default::default()))),
    ("NetworkInspect", |c| written(c.networks().inspect("a", &Default::default()))),
    ("NetworkCreate", |c| {
        let body = NetworkCreateRequest { name: "a".into(), ..Default::default() };
        written(c.networks().create(&body))
    }),
    ("NetworkPrune", |c| written(c.networks().prune(&Default::default()))),
    ("VolumeList", |c| written(c.volumes().list(&Default::default()))),
    ("VolumeCreate", |c| written(c.volumes().create(&Default::default()))),
    ("VolumeInspect", |c| written(c.volumes().inspect("a"))),
    ("VolumePrune", |c| written(c.volumes().prune(&Default::default()))),
    ("SwarmInspect", |c| written(c.swarm().inspect())),
    ("SwarmInit", |c| written(c.swarm().init(&Default::default()))),
    ("SwarmUnlockkey", |c| written(c.swarm().unlockkey())),
    ("NodeList", |c| written(c.nodes().list(&Default::default()))),
    ("NodeInspect", |c| written(c.nodes().inspect("a"))),
    ("ServiceList", |c| written(c.services().list(&Default::default()))),
    ("ServiceInspect", |c| written(c.services().inspect("a", &Default::default()))),
    ("ServiceCreate", |c| {
        let options = ServiceCreateOptions { query_registry: false, ..Default::default() };
        written(c.services().create(&options, &Default::default()))
    }),
    ("ServiceUpdate", |c| {
        let options = ServiceUpdateOptions { query_registry: false, ..Default::default() };
        written(c.services().update("a", &options, &Default::default()))
    }),
    ("TaskList", |c| written(c.tasks().list(&Default::default()))),
    ("TaskInspect", |c| written(c.tasks().inspect("a"))),
    ("SecretList", |c| written(c.secrets().list(&Default::default()))),
    ("SecretInspect", |c| written(c.secrets().inspect("a"))),
    ("SecretCreate", |c| {
        let spec = SecretSpec { name: "a".into(), ..Default::default() };
        written(c.secrets().create(&spec))
    }),
    ("ConfigList", |c| written(c.configs().list(&Default::default()))),
    ("ConfigInspect", |c| written(c.configs().inspect("a"))),
    ("ConfigCreate", |c| {
        let spec = ConfigSpec { name: "a".into(), ..Default::default() };
        written(c.configs().create(&spec))
    }),
    ("PluginList", |c| written(c.plugins().list(&Default::default()))),
    ("PluginInspect", |c| written(c.plugins().inspect("a"))),
    ("GetPluginPrivileges", |c| {
        let options = PluginPrivilegesOptions { remote: "a".into(), ..Default::default() };
        written(c.plugins().privileges(&options))
    }),
    ("DistributionInspect", |c| written(c.distribution().inspect("a", &Default::default()))),
    ("SystemInfo", |c| written(c.system().info())),
    ("SystemVersion", |c| written(c.system().version())),
    ("SystemAuth", |c| written(c.system().auth(&Default::default()))),
    ("SystemDataUsage", |c| written(c.system().data_usage(&Default::default()))),
];

/// What is lost or comes up when the library reads this answer of an operation and writes it again.
pub fn unfaithful(operation: &str, answer: &Value) -> Vec<String> {
    let Some((_, call)) = ANSWERED.iter().find(|it| it.0 == operation) else {
        return vec![format!("{operation} is not in tests/support/answers.rs")];
    };
    let body = answer.to_string();
    let engine = Responder::unix(None, move |_| Response::json(&*body));
    let written = match call(&speaking(&engine.host(), "1.55")) {
        Ok(written) => written,
        Err(error) => return vec![error.to_string()],
    };
    let mut faults = Vec::new();
    compare(answer, &written, operation, &mut faults);
    faults
}

/// Whether models leave out this field since engines never fill it: of networks in a list only an
/// inspect tells the containers.
fn is_always_empty(path: &str) -> bool {
    path.starts_with("NetworkList/") && path.ends_with("/Containers")
}

/// Lists where `written` is not what the engine `sent`. Of what is empty the engine need not speak,
/// but a name that it does say must be known.
fn compare(sent: &Value, written: &Value, path: &str, faults: &mut Vec<String>) {
    match (sent, written) {
        (Value::Object(sent), Value::Object(written)) => {
            for (name, value) in sent {
                let path = format!("{path}/{name}");
                match written.get(name) {
                    Some(written) => compare(value, written, &path, faults),
                    None if is_always_empty(&path) && is_empty(value) => {}
                    None => faults.push(format!("{path}: the model does not know it: {value}")),
                }
            }
            for (name, value) in written.iter().filter(|(name, _)| !sent.contains_key(*name)) {
                if !is_empty(value) {
                    faults.push(format!("{path}/{name}: the engine does not say {value}"));
                }
            }
        }
        (Value::Array(sent), Value::Array(written)) if sent.len() == written.len() => {
            for (index, (sent, written)) in sent.iter().zip(written).enumerate() {
                compare(sent, written, &format!("{path}/{index}"), faults);
            }
        }
        _ if sent == written || is_empty(sent) && is_empty(written) => {}
        _ => faults.push(format!("{path}: {sent}, written as {written}")),
    }
}

/// Whether a value says nothing.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(is_empty),
    }
}
