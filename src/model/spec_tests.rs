//! Specs are read, changed and sent back: nothing may get lost on the way.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::lenient::from_answer;
use super::sparse::to_body;
use super::*;

fn read<T: DeserializeOwned>(json: &Value) -> T {
    from_answer(json.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}: {json:#}"))
}

fn written<T: Serialize>(value: &T) -> Value {
    serde_json::from_slice(&to_body(value).unwrap()).unwrap()
}

/// What newer engines might say in places of which this library knows nothing.
fn invented() -> Map<String, Value> {
    let json = json!({
        "FutureNull": null, "FutureNo": false, "FutureZero": 0, "FutureText": "", "FutureList": [],
        "FutureMap": {}, "FutureMax": u64::MAX, "FutureMin": i64::MIN, "FutureRatio": 0.1,
        "FutureDeep": {"Nulls": [null, {"a": null}], "Max": [u64::MAX], "Name": "n", "Labels": null},
    });
    json.as_object().unwrap().clone()
}

/// Puts invented fields into every object, except where the keys are the user's own.
fn with_inventions(value: &mut Value) {
    const KEYED_BY_USERS: &[&str] = &["Labels", "Options", "Sysctls", "DriverOpts", "Segments"];
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(with_inventions),
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let keyed_by_user = KEYED_BY_USERS.contains(&name.as_str()) && member.is_object();
                if !keyed_by_user {
                    with_inventions(member);
                }
            }
            members.extend(invented());
        }
        _ => {}
    }
}

/// The paths of all empty values.
fn empty_places(value: &Value, path: &str, places: &mut Vec<String>) {
    let empty = match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
    };
    if empty {
        places.push(path.to_owned());
    }
    if let Value::Object(members) = value {
        members.iter().for_each(|(k, v)| empty_places(v, &format!("{path}.{k}"), places));
    }
    if let Value::Array(elements) = value {
        elements.iter().for_each(|v| empty_places(v, &format!("{path}[]"), places));
    }
}

/// Shows that `T` survives the trip, from an example in which every field of it says something.
///
/// `presences` are the objects in it that have no fields.
fn survives<T>(full: Value, presences: &[&str])
where
    T: Serialize + DeserializeOwned + Default + PartialEq + Debug,
{
    let known: T = read(&full);
    assert_eq!(written(&known), full);
    let mut places = Vec::new();
    empty_places(&serde_json::to_value(&known).unwrap(), "", &mut places);
    assert_eq!(places, presences, "the example says nothing there");

    let mut newer = full;
    with_inventions(&mut newer);
    let kept: T = read(&newer);
    assert_eq!(written(&kept), newer);
    assert_eq!(read::<T>(&written(&kept)), kept);
    assert_ne!(kept, known);

    assert_eq!(written(&T::default()), json!({}));
    assert_eq!(read::<T>(&json!({})), T::default());
    let only_new = Value::Object(invented());
    assert_eq!(written(&read::<T>(&only_new)), only_new);
}

#[test]
fn node() {
    survives::<NodeSpec>(
        json!({"Name": "n", "Labels": {"a": "", "b": "c"}, "Role": "manager",
               "Availability": "drain"}),
        &[".Labels.a"],
    );
}

#[test]
fn swarm() {
    survives::<SwarmSpec>(
        json!({
            "Name": "default",
            "Labels": {"a": "b"},
            "Orchestration": {"TaskHistoryRetentionLimit": -1},
            "Raft": {"SnapshotInterval": 10000, "KeepOldSnapshots": u64::MAX,
                     "LogEntriesForSlowFollowers": 500, "ElectionTick": 10, "HeartbeatTick": 1},
            "Dispatcher": {"HeartbeatPeriod": 5_000_000_000_i64},
            "CAConfig": {
                "NodeCertExpiry": 7_776_000_000_000_000_i64,
                "ExternalCAs": [{"Protocol": "cfssl", "URL": "https://ca", "Options": {"a": "b"},
                                 "CACert": "pem"}],
                "SigningCACert": "pem", "SigningCAKey": "pem", "ForceRotate": 3,
            },
            "EncryptionConfig": {"AutoLockManagers": true},
            "TaskDefaults": {"LogDriver": {"Name": "json-file", "Options": {"max-file": "10"}}},
        }),
        &[],
    );
}

#[test]
fn swarm_tells_zero_from_silence() {
    let zeros = json!({"Orchestration": {"TaskHistoryRetentionLimit": 0},
                       "Raft": {"KeepOldSnapshots": 0}});
    assert_eq!(written(&read::<SwarmSpec>(&zeros)), zeros);
}

#[test]
fn secret() {
    survives::<SecretSpec>(
        json!({"Name": "n", "Labels": {"a": "b"}, "Data": "AP8=",
               "Driver": {"Name": "vault", "Options": {"a": "b"}},
               "Templating": {"Name": "golang", "Options": {"a": "b"}}}),
        &[],
    );
    assert_eq!(read::<SecretSpec>(&json!({"Data": "AP8="})).data.0, [0, 255]);
}

#[test]
fn config() {
    survives::<ConfigSpec>(
        json!({"Name": "n", "Labels": {"a": "b"}, "Data": "AP8=",
               "Templating": {"Name": "golang", "Options": {"a": "b"}}}),
        &[],
    );
    let text = ConfigSpec { data: "hello\n".into(), ..Default::default() };
    assert_eq!(written(&text), json!({"Data": "aGVsbG8K"}));
}

#[test]
fn cluster_volume() {
    survives::<ClusterVolumeSpec>(
        json!({
            "Group": "g",
            "AccessMode": {"Scope": "multi", "Sharing": "onewriter",
                           "MountVolume": {"FsType": "ext4", "MountFlags": ["ro"]},
                           "BlockVolume": {}},
            "AccessibilityRequirements": {"Requisite": [{"Segments": {"zone": "Z1"}}],
                                          "Preferred": [{"Segments": {"zone": "Z2"}}]},
            "CapacityRange": {"RequiredBytes": 1, "LimitBytes": i64::MAX},
            "Secrets": [{"Key": "k", "Secret": "s"}],
            "Availability": "pause",
        }),
        &[".AccessMode.BlockVolume"],
    );
}
