//! What real engines have answered, read and written again: nothing is lost, nothing comes up.
//!
//! `scripts/record-responses` has recorded them, see `tests/live/responses.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{OPERATIONS, unfaithful};

/// The responses by their operations, of each engine.
fn recorded() -> BTreeMap<String, BTreeMap<String, Value>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/responses");
    let entries = |path: &Path| {
        let entries = fs::read_dir(path).unwrap().map(|it| it.unwrap().path());
        entries.collect::<Vec<_>>()
    };
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let responses = |engine: &Path| {
        let read = |path: &Path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        entries(engine).iter().map(|path| (name(path), read(path))).collect()
    };
    entries(&dir)
        .iter()
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), responses(path)))
        .collect()
}

#[test]
fn models_hold_all_that_engines_say() {
    let recorded = recorded();
    let engines: Vec<_> = recorded.keys().map(String::as_str).collect();
    assert_eq!(engines, ["docker-1.41", "docker-1.51"]);
    let mut faults = Vec::new();
    for (engine, responses) in &recorded {
        for (operation, response) in responses {
            faults
                .extend(unfaithful(operation, response).iter().map(|it| format!("{engine}: {it}")));
        }
        let minor: u16 = engine.rsplit('.').next().unwrap().parse().unwrap();
        let recorded = OPERATIONS.iter().filter(|it| it.is_recorded() && it.since() <= minor);
        let missing = recorded.filter(|it| !responses.contains_key(it.id));
        faults.extend(missing.map(|it| format!("{engine}: no response to {}", it.id)));
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Puts a field that no engine has into the first object below this pointer.
fn with_invention(response: &Value, at: &str) -> Value {
    let mut newer = response.clone();
    let place = newer.pointer_mut(at).unwrap_or_else(|| panic!("no {at}"));
    place.as_object_mut().unwrap().insert("Tomorrow".into(), json!([]));
    newer
}

/// A field that a model does not know fails by its name, though it be empty; specs keep it.
#[test]
fn a_field_of_tomorrow_is_found() {
    for (engine, responses) in recorded() {
        for (operation, at) in [
            ("ContainerInspect", ""),
            ("ContainerInspect", "/HostConfig/RestartPolicy"),
            ("ContainerList", "/0/HostConfig"),
            ("SystemInfo", "/Swarm/Cluster"),
            ("NetworkInspect", "/IPAM"),
            ("PluginInspect", "/Config/Interface"),
        ] {
            let newer = with_invention(&responses[operation], at);
            let faults = unfaithful(operation, &newer);
            let fault = format!("{operation}{at}/Tomorrow: the model does not know it: []");
            assert_eq!(faults, [fault], "{engine}");
        }
        for (operation, at) in [
            ("NodeInspect", "/Spec"),
            ("SwarmInspect", "/Spec"),
            ("SwarmInspect", "/Spec/Raft"),
            ("SecretInspect", "/Spec"),
            ("ServiceInspect", "/Spec"),
            ("ServiceInspect", "/Spec/TaskTemplate/ContainerSpec"),
            ("ConfigInspect", "/Spec"),
        ] {
            let newer = with_invention(&responses[operation], at);
            assert_eq!(unfaithful(operation, &newer), [""; 0], "{engine}");
        }
    }
}

/// A response of another type than the model's is told, too.
#[test]
fn what_is_written_otherwise_is_found() {
    let faults = |response: Value| unfaithful("SystemVersion", &response).join("\n");
    assert_eq!(faults(json!({"Version": "1", "Os": ""})), "");
    assert!(faults(json!({"Version": 7})).contains("Version"));
    assert!(unfaithful("Nothing", &json!({})).concat().contains("tests/support/operations.rs"));
    // A date that is no date stays as it is.
    let volume = json!({"Name": "a", "CreatedAt": "some day"});
    assert_eq!(unfaithful("VolumeInspect", &volume), [""; 0]);
}
