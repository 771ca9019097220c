//! Recorded responses of real engines survive decoding and encoding without loss or addition.
//!
//! They are recorded by `scripts/record-responses`, see `tests/live/responses.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{OPERATIONS, model_differences};

/// The responses of each engine by operation.
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
fn models_cover_recorded_responses() {
    let recorded = recorded();
    let engines: Vec<_> = recorded.keys().map(String::as_str).collect();
    assert_eq!(engines, ["docker-1.41", "docker-1.51"]);
    let mut differences = Vec::new();
    for (engine, responses) in &recorded {
        for (operation, response) in responses {
            differences.extend(
                model_differences(operation, response).iter().map(|it| format!("{engine}: {it}")),
            );
        }
        let minor: u16 = engine.rsplit('.').next().unwrap().parse().unwrap();
        let recorded = OPERATIONS.iter().filter(|it| it.is_recorded() && it.since() <= minor);
        let missing = recorded.filter(|it| !responses.contains_key(it.id));
        differences.extend(missing.map(|it| format!("{engine}: no response to {}", it.id)));
    }
    assert!(differences.is_empty(), "\n{}\n", differences.join("\n"));
}

/// Adds an unknown field to the object at this pointer.
fn with_unknown_field(response: &Value, at: &str) -> Value {
    let mut extended = response.clone();
    let object = extended.pointer_mut(at).unwrap_or_else(|| panic!("no {at}"));
    object.as_object_mut().unwrap().insert("Tomorrow".into(), json!([]));
    extended
}

/// An unknown field is reported by its name, even if empty; specs keep unknown fields.
#[test]
fn reports_unknown_fields() {
    for (engine, responses) in recorded() {
        for (operation, at) in [
            ("ContainerInspect", ""),
            ("ContainerInspect", "/HostConfig/RestartPolicy"),
            ("ContainerList", "/0/HostConfig"),
            ("SystemInfo", "/Swarm/Cluster"),
            ("NetworkInspect", "/IPAM"),
            ("PluginInspect", "/Config/Interface"),
        ] {
            let extended = with_unknown_field(&responses[operation], at);
            let differences = model_differences(operation, &extended);
            let difference = format!("{operation}{at}/Tomorrow: not in the model: []");
            assert_eq!(differences, [difference], "{engine}");
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
            let extended = with_unknown_field(&responses[operation], at);
            assert_eq!(model_differences(operation, &extended), [""; 0], "{engine}");
        }
    }
}

/// A response of another type than the model's is reported, too.
#[test]
fn reports_changed_values() {
    let differences = |response: Value| model_differences("SystemVersion", &response).join("\n");
    assert_eq!(differences(json!({"Version": "1", "Os": ""})), "");
    assert!(differences(json!({"Version": 7})).contains("Version"));
    assert!(
        model_differences("Nothing", &json!({})).concat().contains("tests/support/operations.rs")
    );
    // An invalid date is kept as it is.
    let volume = json!({"Name": "a", "CreatedAt": "some day"});
    assert_eq!(model_differences("VolumeInspect", &volume), [""; 0]);
}
