//! Specs are read, modified and sent back: no field may be lost in the round trip.

use std::fmt::Debug;

use serde_json::{Value, json};

use crate::codec::testing::decode_response;
use crate::codec::testing::to_body;
use serde::Serialize;

use super::*;
use crate::codec::JsonType;

fn read<T: JsonType>(json: &Value) -> T {
    decode_response(json.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}: {json:#}"))
}

fn written<T: JsonType>(value: &T) -> Value {
    serde_json::from_slice(&to_body(value)).unwrap()
}

/// Unknown fields that a newer engine might send.
fn future_fields() -> serde_json::Map<String, Value> {
    let json = json!({
        "FutureNull": null, "FutureNo": false, "FutureZero": 0, "FutureText": "", "FutureList": [],
        "FutureMap": {}, "FutureMax": u64::MAX, "FutureMin": i64::MIN, "FutureRatio": 0.1,
        "FutureDeep": {"Nulls": [null, {"a": null}], "Max": [u64::MAX], "Name": "n", "Labels": null},
    });
    json.as_object().unwrap().clone()
}

/// Adds unknown fields to every object, except to maps with user-defined keys.
fn add_future_fields(value: &mut Value) {
    const KEYED_BY_USERS: &[&str] = &["Labels", "Options", "Sysctls", "DriverOpts", "Segments"];
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(add_future_fields),
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let keyed_by_user = KEYED_BY_USERS.contains(&name.as_str()) && member.is_object();
                if !keyed_by_user {
                    add_future_fields(member);
                }
            }
            members.extend(future_fields());
        }
        _ => {}
    }
}

/// Collects the paths of all empty values.
fn empty_paths(value: &Value, path: &str, paths: &mut Vec<String>) {
    let empty = match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
    };
    if empty {
        paths.push(path.to_owned());
    }
    if let Value::Object(members) = value {
        members.iter().for_each(|(k, v)| empty_paths(v, &format!("{path}.{k}"), paths));
    }
    if let Value::Array(elements) = value {
        elements.iter().for_each(|v| empty_paths(v, &format!("{path}[]"), paths));
    }
}

/// Checks the round trip of an example in which every field of `T` is set.
///
/// `empty_objects` are the paths of objects in it that have no fields.
fn assert_round_trip<T>(full: Value, empty_objects: &[&str])
where
    T: JsonType + Serialize + Default + PartialEq + Debug,
{
    let known: T = read(&full);
    assert_eq!(written(&known), full);
    let mut paths = Vec::new();
    empty_paths(&serde_json::to_value(&known).unwrap(), "", &mut paths);
    assert_eq!(paths, empty_objects, "the example must set these fields");

    let mut newer = full;
    add_future_fields(&mut newer);
    let kept: T = read(&newer);
    assert_eq!(written(&kept), newer);
    assert_eq!(read::<T>(&written(&kept)), kept);
    assert_ne!(kept, known);

    assert_eq!(written(&T::default()), json!({}));
    assert_eq!(read::<T>(&json!({})), T::default());
    let only_unknown = Value::Object(future_fields());
    assert_eq!(written(&read::<T>(&only_unknown)), only_unknown);
}

fn full_container() -> Value {
    json!({
        "Image": "busybox@sha256:0", "Labels": {"a": "b"}, "Command": ["sh"], "Args": ["-c"],
        "Hostname": "h", "Env": ["A=b"], "Dir": "/d", "User": "u", "Groups": ["g"],
        "Privileges": {
            "CredentialSpec": {"Config": "c", "File": "f", "Registry": "r"},
            "SELinuxContext": {"Disable": true, "User": "u", "Role": "r", "Type": "t",
                               "Level": "l"},
            "Seccomp": {"Mode": "custom", "Profile": "e30="},
            "AppArmor": {"Mode": "disabled"},
            "NoNewPrivileges": true,
        },
        "TTY": true, "OpenStdin": true, "ReadOnly": true,
        "Mounts": [{
            "Target": "/t", "Source": "s", "Type": "bind", "ReadOnly": true,
            "Consistency": "cached",
            "BindOptions": {"Propagation": "rslave", "NonRecursive": true,
                            "CreateMountpoint": true, "ReadOnlyNonRecursive": true,
                            "ReadOnlyForceRecursive": true},
            "VolumeOptions": {"NoCopy": true, "Labels": {"a": "b"}, "Subpath": "p",
                              "DriverConfig": {"Name": "n", "Options": {"a": "b"}}},
            "ImageOptions": {"Subpath": "p"},
            "TmpfsOptions": {"SizeBytes": 1, "Mode": 0o1777, "Options": [["exec"], ["a", "b"]]},
            "ClusterOptions": {},
        }],
        "StopSignal": "SIGINT", "StopGracePeriod": 10_000_000_000_i64,
        "Healthcheck": {"Test": ["CMD", "true"], "Interval": 1, "Timeout": 2, "Retries": 3,
                        "StartPeriod": 4, "StartInterval": 5},
        "Hosts": ["10.0.0.1 a"],
        "DNSConfig": {"Nameservers": ["10.0.0.1"], "Search": ["s"], "Options": ["ndots:3"]},
        "Secrets": [{"File": {"Name": "f", "UID": "1", "GID": "2", "Mode": 0o444},
                     "SecretID": "i", "SecretName": "n"}],
        "OomScoreAdj": -500,
        "Configs": [{"File": {"Name": "f", "UID": "1", "GID": "2", "Mode": u32::MAX},
                     "Runtime": {}, "ConfigID": "i", "ConfigName": "n"}],
        "Isolation": "process", "Init": true, "Sysctls": {"net.core.somaxconn": "1024"},
        "CapabilityAdd": ["CAP_NET_ADMIN"], "CapabilityDrop": ["CAP_CHOWN"],
        "Ulimits": [{"Name": "nofile", "Soft": -1, "Hard": i64::MAX}],
    })
}

fn full_task() -> Value {
    let generic = json!([{"NamedResourceSpec": {"Kind": "GPU", "Value": "UUID1"},
                          "DiscreteResourceSpec": {"Kind": "SSD", "Value": 3}}]);
    json!({
        "PluginSpec": {
            "name": "n", "remote": "r", "disabled": true, "env": ["A=b"],
            "privileges": [{"name": "network", "description": "d", "value": ["host"]}],
        },
        "ContainerSpec": full_container(),
        "NetworkAttachmentSpec": {"ContainerID": "c"},
        "Resources": {
            "Limits": {"NanoCPUs": 1_500_000_000, "MemoryBytes": i64::MAX, "Pids": 100,
                       "GenericResources": generic},
            "Reservations": {"NanoCPUs": 1, "MemoryBytes": 2, "GenericResources": generic},
            "SwapBytes": -1, "MemorySwappiness": -1,
        },
        "RestartPolicy": {"Condition": "on-failure", "Delay": 1, "MaxAttempts": u64::MAX,
                          "Window": 2},
        "Placement": {
            "Constraints": ["node.role==manager"],
            "Preferences": [{"Spread": {"SpreadDescriptor": "node.labels.rack"}}],
            "MaxReplicas": u64::MAX,
            "Platforms": [{"Architecture": "amd64", "OS": "linux"}],
        },
        "ForceUpdate": u64::MAX, "Runtime": "container",
        "Networks": [{"Target": "t", "Aliases": ["a"], "DriverOpts": {"a": "b"}}],
        "LogDriver": {"Name": "json-file", "Options": {"max-file": "10"}},
    })
}

fn full_service() -> Value {
    let update = json!({"Parallelism": u64::MAX, "Delay": 1, "FailureAction": "rollback",
                        "Monitor": 2, "MaxFailureRatio": 0.15, "Order": "start-first"});
    json!({
        "Name": "n", "Labels": {"a": "b"}, "TaskTemplate": full_task(),
        "Mode": {"Replicated": {"Replicas": u64::MAX}, "Global": {},
                 "ReplicatedJob": {"MaxConcurrent": 1, "TotalCompletions": 2}, "GlobalJob": {}},
        "UpdateConfig": update, "RollbackConfig": update,
        "Networks": [{"Target": "t", "Aliases": ["a"], "DriverOpts": {"a": "b"}}],
        "EndpointSpec": {
            "Mode": "dnsrr",
            "Ports": [{"Name": "n", "Protocol": "udp", "TargetPort": 80, "PublishedPort": 8080,
                       "PublishMode": "host"}],
        },
    })
}

#[test]
fn service_round_trip() {
    assert_round_trip::<ServiceSpec>(
        full_service(),
        &[
            ".Mode.Global",
            ".Mode.GlobalJob",
            ".TaskTemplate.ContainerSpec.Configs[].Runtime",
            ".TaskTemplate.ContainerSpec.Mounts[].ClusterOptions",
        ],
    );
}

/// The engine distinguishes an empty object from a missing one: such a change of the task template
/// replaces every container of the service.
#[test]
fn service_distinguishes_empty_from_missing() {
    let zeros = json!({
        "TaskTemplate": {
            "PluginSpec": {},
            "ContainerSpec": {
                "Privileges": {"CredentialSpec": {}, "SELinuxContext": {}, "Seccomp": {},
                               "AppArmor": {}},
                "Mounts": [{"BindOptions": {}, "VolumeOptions": {"DriverConfig": {}},
                            "ImageOptions": {}, "TmpfsOptions": {}, "ClusterOptions": {}}, {}],
                "StopGracePeriod": 0, "Healthcheck": {}, "DNSConfig": {}, "Init": false,
                "Secrets": [{"File": {}}, {}], "Configs": [{"File": {}, "Runtime": {}}, {}],
            },
            "NetworkAttachmentSpec": {},
            "Resources": {
                "Limits": {},
                "Reservations": {"GenericResources": [{"NamedResourceSpec": {},
                                                       "DiscreteResourceSpec": {}}]},
                "SwapBytes": 0, "MemorySwappiness": 0,
            },
            "RestartPolicy": {"Delay": 0, "MaxAttempts": 0, "Window": 0},
            "Placement": {"Preferences": [{"Spread": {}}, {}]},
            "LogDriver": {},
        },
        "Mode": {"Replicated": {"Replicas": 0}, "Global": {},
                 "ReplicatedJob": {"MaxConcurrent": 0, "TotalCompletions": 0}, "GlobalJob": {}},
        "UpdateConfig": {}, "RollbackConfig": {}, "EndpointSpec": {},
    });
    assert_eq!(written(&read::<ServiceSpec>(&zeros)), zeros);
    for mode in [json!({"Replicated": {}}), json!({"ReplicatedJob": {}}), json!({})] {
        assert_eq!(written(&read::<ServiceMode>(&mode)), mode);
    }
}

#[test]
fn service_keeps_unmodified_fields() {
    let json = json!({
        "Name": "web", "FutureField": [null],
        "TaskTemplate": {"ContainerSpec": {"Image": "a", "FutureField": 0}},
        "Mode": {"Replicated": {"Replicas": 3, "FutureField": ""}},
    });
    let mut spec: ServiceSpec = read(&json);
    spec.task_template.container_spec.as_mut().unwrap().image = "b".into();
    spec.mode.replicated.as_mut().unwrap().replicas = Some(0);
    spec.task_template.force_update += 1;
    let mut changed = json;
    changed["TaskTemplate"]["ContainerSpec"]["Image"] = "b".into();
    changed["Mode"]["Replicated"]["Replicas"] = 0.into();
    changed["TaskTemplate"]["ForceUpdate"] = 1.into();
    assert_eq!(written(&spec), changed);
}

#[test]
fn service_mode_constructors() {
    assert_eq!(written(&ServiceMode::replicated(0)), json!({"Replicated": {"Replicas": 0}}));
    assert_eq!(written(&ServiceMode::global()), json!({"Global": {}}));
}

/// The API documentation spells some names differently from the engine.
#[test]
fn reads_documented_spellings() {
    let documented = json!({
        "PluginSpec": {"Name": "n", "Remote": "r", "Disabled": true,
                       "PluginPrivilege": [{"Name": "a", "Description": "b", "Value": ["c"]}]},
        "ContainerSpec": {"HealthCheck": {"Retries": 3}},
    });
    let wire = json!({
        "PluginSpec": {"name": "n", "remote": "r", "disabled": true,
                       "privileges": [{"name": "a", "description": "b", "value": ["c"]}]},
        "ContainerSpec": {"Healthcheck": {"Retries": 3}},
    });
    assert_eq!(written(&read::<TaskSpec>(&documented)), wire);
}

#[test]
fn node_round_trip() {
    assert_round_trip::<NodeSpec>(
        json!({"Name": "n", "Labels": {"a": "", "b": "c"}, "Role": "manager",
               "Availability": "drain"}),
        &[".Labels.a"],
    );
}

fn full_swarm() -> Value {
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
    })
}

#[test]
fn swarm_round_trip() {
    assert_round_trip::<SwarmSpec>(full_swarm(), &[]);
}

#[test]
fn swarm_distinguishes_zero_from_missing() {
    let zeros = json!({"Orchestration": {"TaskHistoryRetentionLimit": 0},
                       "Raft": {"KeepOldSnapshots": 0}});
    assert_eq!(written(&read::<SwarmSpec>(&zeros)), zeros);
}

fn full_secret() -> Value {
    json!({"Name": "n", "Labels": {"a": "b"}, "Data": "AP8=",
           "Driver": {"Name": "vault", "Options": {"a": "b"}},
           "Templating": {"Name": "golang", "Options": {"a": "b"}}})
}

#[test]
fn secret_round_trip() {
    assert_round_trip::<SecretSpec>(full_secret(), &[]);
    assert_eq!(read::<SecretSpec>(&full_secret()).data.0, [0, 255]);
}

fn full_config() -> Value {
    json!({"Name": "n", "Labels": {"a": "b"}, "Data": "AP8=",
           "Templating": {"Name": "golang", "Options": {"a": "b"}}})
}

#[test]
fn config_round_trip() {
    assert_round_trip::<ConfigSpec>(full_config(), &[]);
    let text = ConfigSpec { data: "hello\n".into(), ..Default::default() };
    assert_eq!(written(&text), json!({"Data": "aGVsbG8K"}));
}

#[test]
fn cluster_volume_round_trip() {
    assert_round_trip::<ClusterVolumeSpec>(
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
