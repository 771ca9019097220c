//! Random bodies: what a program fills in reaches the engine as it was filled in.
//!
//! The records of the Engine API in `tests/data/properties.tsv` say which fields a body has, and of
//! which type they are. Bodies are made up of them and go the way of those from C: JSON, [`Value`],
//! model, and the body that is sent. Nothing is left out on the way, and nothing is added.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde_json::json;

use super::*;
use crate::Value;
use crate::codec::check::{Given, check};
use crate::codec::testing::decode_response;
use crate::codec::testing::to_body;
use crate::codec::{JsonBody, JsonType, from_json};

/// So many bodies are made for each operation.
const BODIES: u64 = 500;

type Trip = fn(&str) -> Result<(), String>;

/// The bodies by their operations: the record of each, and how its model takes the trip.
const OPERATIONS: &[(&str, &str, Trip)] = &[
    ("ContainerCreate", "@ContainerCreate.request", survives::<ContainerCreateRequest>),
    ("ContainerUpdate", "@ContainerUpdate.request", survives::<ContainerUpdateRequest>),
    ("ContainerExec", "@ContainerExec.request", survives::<ContainerExecRequest>),
    ("ExecStart", "@ExecStart.request", survives::<ExecStartRequest>),
    ("ImageCommit", "ContainerConfig", survives::<ContainerConfig>),
    ("NetworkCreate", "@NetworkCreate.request", survives::<NetworkCreateRequest>),
    ("NetworkConnect", "NetworkConnectRequest", survives::<NetworkConnectRequest>),
    ("NetworkDisconnect", "NetworkDisconnectRequest", survives::<NetworkDisconnectRequest>),
    ("VolumeCreate", "VolumeCreateRequest", survives::<VolumeCreateRequest>),
    ("VolumeUpdate", "@VolumeUpdate.request", survives::<VolumeUpdateRequest>),
    ("SwarmInit", "@SwarmInit.request", survives::<SwarmInitRequest>),
    ("SwarmJoin", "@SwarmJoin.request", survives::<SwarmJoinRequest>),
    ("SwarmUnlock", "@SwarmUnlock.request", survives::<SwarmUnlockRequest>),
    ("SwarmUpdate", "SwarmSpec", survives::<SwarmSpec>),
    ("NodeUpdate", "NodeSpec", survives::<NodeSpec>),
    ("ServiceCreate and ServiceUpdate", "ServiceSpec", survives::<ServiceSpec>),
    ("SecretCreate and SecretUpdate", "SecretSpec", survives::<SecretSpec>),
    ("ConfigCreate and ConfigUpdate", "ConfigSpec", survives::<ConfigSpec>),
    ("PluginPull", "@PluginPull.request", survives::<Vec<PluginPrivilege>>),
    ("PluginUpgrade", "@PluginUpgrade.request", survives::<Vec<PluginPrivilege>>),
    ("PluginSet", "@PluginSet.request", survives::<Vec<String>>),
    ("SystemAuth", "AuthConfig", survives::<AuthConfig>),
];

/// The first thing that gets lost or comes up on the way of a body.
fn survives<T>(body: &str) -> Result<(), String>
where
    T: JsonType + PartialEq + Debug,
{
    let given = Value::parse(body.as_bytes()).map_err(|error| error.to_string())?;
    let again = Value::parse(given.to_json().as_bytes()).map_err(|error| error.to_string())?;
    if again != given {
        return Err(format!("as a value it is {}", again.to_json()));
    }
    check(&given, T::KIND)?;
    let model: T = from_json(body.as_bytes()).map_err(|error| error.to_string())?;
    let as_given = Value::parse(&Given::new(Some(&given), T::KIND)?.write().json);
    if as_given.map_err(|error| error.to_string())? != given {
        return Err("as it was given it is written otherwise".to_owned());
    }
    let sent = Value::parse(&to_body(&model)).map_err(|error| error.to_string())?;
    if sent != given {
        return Err(format!("what is sent is {}", sent.to_json()));
    }
    let answered = decode_response::<T>(body.as_bytes()).map_err(|error| error.to_string())?;
    if answered == model { Ok(()) } else { Err("a response of this is read otherwise".to_owned()) }
}

/// What a field may hold.
#[derive(Debug, Default, Clone)]
struct Field {
    kind: String,
    /// The fields of an object, `[]` for the elements of an array, `{}` for the values of a map.
    parts: BTreeMap<String, Field>,
}

impl Field {
    /// The record, with the records it refers to in their places.
    fn of(record: &str) -> Field {
        let mut field = Field::default();
        field.add(record);
        field
    }

    fn add(&mut self, record: &str) {
        let lines = include_str!("../../tests/data/properties.tsv").lines();
        for line in lines.filter(|line| !line.starts_with('#')) {
            let mut cells = line.split('\t');
            let mut cell = || cells.next().unwrap_or_default();
            if cell() != record {
                continue;
            }
            let (path, kind, refers_to) = (cell(), cell(), cell());
            // An element of an array and a value of a map are steps of their own.
            let path = path.replace("[]", ".[]").replace("{}", ".{}");
            let steps = path.split('.').filter(|step| !step.is_empty());
            let field = steps
                .fold(&mut *self, |field, step| field.parts.entry(step.to_owned()).or_default());
            field.kind = kind.to_owned();
            if !refers_to.is_empty() {
                field.add(refers_to);
            }
        }
    }
}

/// SplitMix64: the same bodies of the same seed, on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    fn one_of<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    /// From 1 to `most`, and often its ends.
    fn positive(&mut self, most: u64) -> u64 {
        let any = self.next() % most + 1;
        self.one_of(&[1, most, any])
    }

    /// Not empty, and of all that JSON may have to escape.
    fn text(&mut self) -> String {
        const PIECES: [&str; 16] = [
            "a", "Z", "0", " ", "/", "=", "\"", "\\", "\n", "\u{1}", "\u{7f}", "ü", "€", "🐳",
            "null", "<&>",
        ];
        (0..=self.below(8)).map(|_| self.one_of(&PIECES)).collect()
    }

    /// Something that a field of this name may hold, and that is not its empty value: an empty value
    /// says the same as none, and is not sent.
    fn value(&mut self, name: &str, field: &Field) -> serde_json::Value {
        match field.kind.as_str() {
            "boolean" => true.into(),
            "number" => (self.positive(1 << 40) as f64 / 1024.0).into(),
            "integer/uint8" => self.positive(u8::MAX.into()).into(),
            "integer/uint16" => self.positive(u16::MAX.into()).into(),
            "integer/uint32" => self.positive(u32::MAX.into()).into(),
            "integer/uint64" => self.positive(u64::MAX).into(),
            "integer/int64" => self.positive(i64::MAX as u64).into(),
            // Of no size that anybody tells.
            "integer" => self.positive(i16::MAX as u64).into(),
            "string" if BASE64.contains(&name) => {
                self.one_of(&["AA==", "+/8=", "aHVudGVyMg=="]).into()
            }
            "string" => self.text().into(),
            "array" => {
                let element = field.parts.get("[]").unwrap_or_else(|| panic!("{name}: of what?"));
                let count = if PAIRS.contains(&name) { 2 } else { self.below(3) + 1 };
                (0..count).map(|_| self.value("[]", element)).collect()
            }
            "object" => self.object(field),
            other => panic!("{name}: no such type: {other:?}"),
        }
    }

    fn object(&mut self, field: &Field) -> serde_json::Value {
        if let Some(value) = field.parts.get("{}") {
            let count = self.below(3) + 1;
            return (0..count).map(|_| (self.text(), self.value("{}", value))).collect();
        }
        // That it is there says all, if it has no fields.
        let mut object = serde_json::Map::new();
        while object.is_empty() && !field.parts.is_empty() {
            for (name, part) in &field.parts {
                if self.below(3) == 0 {
                    object.insert(name.clone(), self.value(name, part));
                }
            }
        }
        object.into()
    }
}

/// Arrays of two.
const PAIRS: [&str; 1] = ["ConsoleSize"];

/// Texts that are bytes in base64.
const BASE64: [&str; 2] = ["Data", "Profile"];

/// The seed is the number of the body; where one fails, it says which.
#[test]
fn random_bodies_arrive_as_they_were_made() {
    let mut faults = Vec::new();
    for (operation, record, survives) in OPERATIONS {
        let field = Field::of(record);
        assert!(!field.parts.is_empty(), "there is no record {record}");
        for seed in 0..BODIES {
            let body = Random(seed).value("", &field).to_string();
            if let Err(why) = survives(&body) {
                faults.push(format!("{operation}, seed {seed}: {why}\n    of {body}"));
                break;
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Bodies that all looked alike would show little.
#[test]
fn every_field_comes_up() {
    fn unseen(field: &Field, bodies: &[&serde_json::Value], path: &str, missing: &mut Vec<String>) {
        for (name, part) in &field.parts {
            let path = format!("{path}/{name}");
            let found: Vec<_> = bodies
                .iter()
                .flat_map(|body| match name.as_str() {
                    "[]" => body.as_array().into_iter().flatten().collect::<Vec<_>>(),
                    "{}" => body.as_object().into_iter().flat_map(|it| it.values()).collect(),
                    name => body.get(name).into_iter().collect(),
                })
                .collect();
            if found.is_empty() {
                missing.push(path);
            } else {
                unseen(part, &found, &path, missing);
            }
        }
    }
    for (operation, record, _) in OPERATIONS {
        let field = Field::of(record);
        let bodies: Vec<_> = (0..BODIES).map(|seed| Random(seed).value("", &field)).collect();
        let mut missing = Vec::new();
        unseen(&field, &bodies.iter().collect::<Vec<_>>(), "", &mut missing);
        assert!(missing.is_empty(), "{operation}: {missing:#?}");
    }
}

/// What is misspelt is not among what arrives: it is told.
#[test]
fn a_body_that_is_not_well_typed_is_refused() {
    for (body, words) in [
        (json!({"HostConfig": {"Memroy": 1}}), "HostConfig.Memroy"),
        (json!({"Image": 7}), "Image"),
        (json!({"Cmd": "sh"}), "Cmd"),
        (json!({"HostConfig": {"Memory": 0.5}}), "HostConfig.Memory"),
        (json!({"HostConfig": {"ConsoleSize": [1]}}), "HostConfig.ConsoleSize"),
        (json!({"HostConfig": {"ConsoleSize": [1, 2, 3]}}), "HostConfig.ConsoleSize"),
    ] {
        let error = survives::<ContainerCreateRequest>(&body.to_string()).unwrap_err();
        assert!(error.contains(words), "{error}");
    }
}
