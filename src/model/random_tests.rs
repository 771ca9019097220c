//! Round trips of random request bodies.
//!
//! `tests/data/properties.tsv` lists the fields of each body with their types. Random bodies are
//! generated from it and converted like those of C programs: JSON, [`Value`], model, request body. No
//! field may be lost or added.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde_json::json;

use super::*;
use crate::Value;
use crate::codec::check::{CheckedBody, check};
use crate::codec::testing::decode_response;
use crate::codec::testing::to_body;
use crate::codec::{JsonBody, JsonType, from_json};

/// Number of bodies per operation.
const BODIES: u64 = 500;

type RoundTrip = fn(&str) -> Result<(), String>;

/// Operations with the record of their body and the round trip of its model.
const OPERATIONS: &[(&str, &str, RoundTrip)] = &[
    ("ContainerCreate", "@ContainerCreate.request", round_trip::<ContainerCreateRequest>),
    ("ContainerUpdate", "@ContainerUpdate.request", round_trip::<ContainerUpdateRequest>),
    ("ContainerExec", "@ContainerExec.request", round_trip::<ContainerExecRequest>),
    ("ExecStart", "@ExecStart.request", round_trip::<ExecStartRequest>),
    ("ImageCommit", "ContainerConfig", round_trip::<ContainerConfig>),
    ("NetworkCreate", "@NetworkCreate.request", round_trip::<NetworkCreateRequest>),
    ("NetworkConnect", "NetworkConnectRequest", round_trip::<NetworkConnectRequest>),
    ("NetworkDisconnect", "NetworkDisconnectRequest", round_trip::<NetworkDisconnectRequest>),
    ("VolumeCreate", "VolumeCreateRequest", round_trip::<VolumeCreateRequest>),
    ("VolumeUpdate", "@VolumeUpdate.request", round_trip::<VolumeUpdateRequest>),
    ("SwarmInit", "@SwarmInit.request", round_trip::<SwarmInitRequest>),
    ("SwarmJoin", "@SwarmJoin.request", round_trip::<SwarmJoinRequest>),
    ("SwarmUnlock", "@SwarmUnlock.request", round_trip::<SwarmUnlockRequest>),
    ("SwarmUpdate", "SwarmSpec", round_trip::<SwarmSpec>),
    ("NodeUpdate", "NodeSpec", round_trip::<NodeSpec>),
    ("ServiceCreate and ServiceUpdate", "ServiceSpec", round_trip::<ServiceSpec>),
    ("SecretCreate and SecretUpdate", "SecretSpec", round_trip::<SecretSpec>),
    ("ConfigCreate and ConfigUpdate", "ConfigSpec", round_trip::<ConfigSpec>),
    ("PluginPull", "@PluginPull.request", round_trip::<Vec<PluginPrivilege>>),
    ("PluginUpgrade", "@PluginUpgrade.request", round_trip::<Vec<PluginPrivilege>>),
    ("PluginSet", "@PluginSet.request", round_trip::<Vec<String>>),
    ("SystemAuth", "AuthConfig", round_trip::<AuthConfig>),
];

/// Converts a body in every way and returns the first difference as the error.
fn round_trip<T>(body: &str) -> Result<(), String>
where
    T: JsonType + PartialEq + Debug,
{
    let given = Value::parse(body.as_bytes()).map_err(|error| error.to_string())?;
    let again = Value::parse(given.to_json().as_bytes()).map_err(|error| error.to_string())?;
    if again != given {
        return Err(format!("the value is written as {}", again.to_json()));
    }
    check(&given, T::KIND)?;
    let model: T = from_json(body.as_bytes()).map_err(|error| error.to_string())?;
    let checked = Value::parse(&CheckedBody::new(Some(&given), T::KIND)?.write().json);
    if checked.map_err(|error| error.to_string())? != given {
        return Err("the checked value is written differently".to_owned());
    }
    let sent = Value::parse(&to_body(&model)).map_err(|error| error.to_string())?;
    if sent != given {
        return Err(format!("the request body is {}", sent.to_json()));
    }
    let response = decode_response::<T>(body.as_bytes()).map_err(|error| error.to_string())?;
    if response == model { Ok(()) } else { Err("the response is read differently".to_owned()) }
}

/// Type of a field.
#[derive(Debug, Default, Clone)]
struct Field {
    kind: String,
    /// Fields of an object by name; `[]` for the elements of an array, `{}` for the values of a map.
    parts: BTreeMap<String, Field>,
}

impl Field {
    /// Reads a record, including the records it refers to.
    fn from_record(record: &str) -> Field {
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
            // Array elements and map values are separate steps of the path.
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

/// SplitMix64, which generates the same bodies from a seed on every platform.
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

    /// A number from 1 to `max`, with a preference for both ends.
    fn positive(&mut self, max: u64) -> u64 {
        let any = self.next() % max + 1;
        self.one_of(&[1, max, any])
    }

    /// A string that is not empty and may contain characters that JSON escapes.
    fn text(&mut self) -> String {
        const PIECES: [&str; 16] = [
            "a", "Z", "0", " ", "/", "=", "\"", "\\", "\n", "\u{1}", "\u{7f}", "ü", "€", "🐳",
            "null", "<&>",
        ];
        (0..=self.below(8)).map(|_| self.one_of(&PIECES)).collect()
    }

    /// A value for a field, other than its empty value, which would be omitted from the request.
    fn value(&mut self, name: &str, field: &Field) -> serde_json::Value {
        match field.kind.as_str() {
            "boolean" => true.into(),
            "number" => (self.positive(1 << 40) as f64 / 1024.0).into(),
            "integer/uint8" => self.positive(u8::MAX.into()).into(),
            "integer/uint16" => self.positive(u16::MAX.into()).into(),
            "integer/uint32" => self.positive(u32::MAX.into()).into(),
            "integer/uint64" => self.positive(u64::MAX).into(),
            "integer/int64" => self.positive(i64::MAX as u64).into(),
            // The API does not specify the size.
            "integer" => self.positive(i16::MAX as u64).into(),
            "string" if BASE64.contains(&name) => {
                self.one_of(&["AA==", "+/8=", "aHVudGVyMg=="]).into()
            }
            "string" => self.text().into(),
            "array" => {
                let element =
                    field.parts.get("[]").unwrap_or_else(|| panic!("{name}: no element type"));
                let count = if PAIRS.contains(&name) { 2 } else { self.below(3) + 1 };
                (0..count).map(|_| self.value("[]", element)).collect()
            }
            "object" => self.object(field),
            other => panic!("{name}: unknown type {other:?}"),
        }
    }

    fn object(&mut self, field: &Field) -> serde_json::Value {
        if let Some(value) = field.parts.get("{}") {
            let count = self.below(3) + 1;
            return (0..count).map(|_| (self.text(), self.value("{}", value))).collect();
        }
        // An object without fields is empty; its presence is the setting.
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

/// Arrays of two elements.
const PAIRS: [&str; 1] = ["ConsoleSize"];

/// Strings in base64.
const BASE64: [&str; 2] = ["Data", "Profile"];

/// The seed is the number of the body; the message of a failure contains it.
#[test]
fn random_bodies_are_sent_unchanged() {
    let mut failures = Vec::new();
    for (operation, record, round_trip) in OPERATIONS {
        let field = Field::from_record(record);
        assert!(!field.parts.is_empty(), "no record {record}");
        for seed in 0..BODIES {
            let body = Random(seed).value("", &field).to_string();
            if let Err(why) = round_trip(&body) {
                failures.push(format!("{operation}, seed {seed}: {why}\n    body: {body}"));
                break;
            }
        }
    }
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}

/// Every field must occur, or the round trips do not cover it.
#[test]
fn bodies_contain_every_field() {
    fn find_missing(
        field: &Field,
        bodies: &[&serde_json::Value],
        path: &str,
        missing: &mut Vec<String>,
    ) {
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
                find_missing(part, &found, &path, missing);
            }
        }
    }
    for (operation, record, _) in OPERATIONS {
        let field = Field::from_record(record);
        let bodies: Vec<_> = (0..BODIES).map(|seed| Random(seed).value("", &field)).collect();
        let mut missing = Vec::new();
        find_missing(&field, &bodies.iter().collect::<Vec<_>>(), "", &mut missing);
        assert!(missing.is_empty(), "{operation}: {missing:#?}");
    }
}

/// Errors name the path of the unknown or mistyped field.
#[test]
fn rejects_unknown_and_mistyped_fields() {
    for (body, path) in [
        (json!({"HostConfig": {"Memroy": 1}}), "HostConfig.Memroy"),
        (json!({"Image": 7}), "Image"),
        (json!({"Cmd": "sh"}), "Cmd"),
        (json!({"HostConfig": {"Memory": 0.5}}), "HostConfig.Memory"),
        (json!({"HostConfig": {"ConsoleSize": [1]}}), "HostConfig.ConsoleSize"),
        (json!({"HostConfig": {"ConsoleSize": [1, 2, 3]}}), "HostConfig.ConsoleSize"),
    ] {
        let error = round_trip::<ContainerCreateRequest>(&body.to_string()).unwrap_err();
        assert!(error.contains(path), "{error}");
    }
}
