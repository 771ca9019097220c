//! Compares the models with the definitions of the Engine API: each field must exist, with the right name
//! and type, and with the API versions that honour it.
//!
//! `data/properties.tsv` lists the records of the definitions. The fields of a model come from its table.

use std::collections::{BTreeMap, BTreeSet};

use dockline::codec::{JsonType, Kind, Scalar};
use dockline::model::*;

use crate::support::{BodyPart, OPERATIONS, Operation, body_parts};

/// A property in the definitions.
#[derive(Debug, Clone)]
struct Property {
    path: String,
    kind: &'static str,
    since: Option<u16>,
    until: Option<u16>,
}

/// The lines of the list by record: path, type, referenced record, first and last version.
type Records = BTreeMap<&'static str, Vec<[&'static str; 5]>>;

fn records() -> Records {
    let mut records = Records::new();
    for line in include_str!("../data/properties.tsv").lines() {
        if line.starts_with('#') {
            continue;
        }
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or("");
        let record = cell();
        records.entry(record).or_default().push([cell(), cell(), cell(), cell(), cell()]);
    }
    records
}

fn join(parent: &str, step: &str) -> String {
    match step {
        "." => parent.to_owned(),
        _ if parent.is_empty() || step.starts_with(['[', '{']) => format!("{parent}{step}"),
        _ => format!("{parent}.{step}"),
    }
}

/// Returns all properties of a record, including those of referenced records.
fn properties(records: &Records, record: &str) -> Vec<Property> {
    fn walk(records: &Records, record: &str, parent: &Property, found: &mut Vec<Property>) {
        let minor = |version: &str| version.strip_prefix("1.")?.parse().ok();
        for &[path, kind, referenced, since, until] in &records[record] {
            let since = minor(since).or(parent.since);
            let until = minor(until).or(parent.until);
            let property = Property { path: join(&parent.path, path), kind, since, until };
            if !referenced.is_empty() {
                walk(records, referenced, &property, found);
            }
            found.push(property);
        }
    }
    let root = Property { path: String::new(), kind: "object", since: None, until: None };
    let mut found = Vec::new();
    walk(records, record, &root, &mut found);
    found
}

/// Returns whether the type of a model's field can represent a type of the definitions.
fn is_compatible(kind: &'static Kind, defined: &str) -> bool {
    let accepts = |scalar| match kind {
        Kind::Leaf(new) => new().set(scalar).is_ok(),
        _ => false,
    };
    let has_bits = |bits: u32| match *kind {
        Kind::Integer(integer) => integer.bounds().1 >= (1 << bits) - 1,
        _ => accepts(Scalar::Uint(0)),
    };
    match (defined, kind) {
        (_, Kind::Any) => true,
        ("boolean", kind) => matches!(kind, Kind::Bool),
        ("integer/uint64", _) => has_bits(64),
        ("integer/uint32", _) => has_bits(32),
        ("integer" | "integer/uint16", _) => has_bits(16),
        ("integer/uint8", _) => has_bits(8),
        ("integer/int64", _) => has_bits(63),
        ("number", kind) => matches!(kind, Kind::Number),
        ("string", kind) => matches!(kind, Kind::String) || accepts(Scalar::Str("")),
        ("array", kind) => matches!(kind, Kind::List(_) | Kind::Tree(_)),
        ("object", kind) => matches!(kind, Kind::Record(_) | Kind::Map(_)),
        (other, _) => panic!("unknown type in tests/data/properties.tsv: {other}"),
    }
}

/// Returns all parts of a model, by their paths.
fn parts_by_path(model: &'static Kind) -> BTreeMap<String, BodyPart> {
    body_parts(model).into_iter().map(|part| (part.path.clone(), part)).collect()
}

/// A record of the list, and the type of its model.
type Model = (&'static str, &'static Kind);

macro_rules! models {
    ($($record:literal => $type:ty,)*) => {
        &[$(($record, <$type as JsonType>::KIND)),*]
    };
}

/// Records that are not part of the body of an operation.
const OTHERS: &[Model] = models! {
    "Address" => Address,
    "BuildInfo" => ProgressMessage,
    "CreateImageInfo" => ProgressMessage,
    "ImageID" => ImageId,
    "Network" => NetworkInspect,
    "PushImageInfo" => ProgressMessage,
    "Resources" => ContainerUpdateRequest,
    "X-Docker-Container-Path-Stat" => ContainerPathStat,
};

/// Returns the bodies of all operations, with the names of their records.
fn bodies() -> impl Iterator<Item = (String, &'static Kind)> {
    OPERATIONS.iter().flat_map(|it| {
        let request = it.request().map(|kind| (format!("@{}.request", it.id), kind));
        let response = it.response().map(|kind| (format!("@{}.response", it.id), kind));
        request.into_iter().chain(response)
    })
}

/// Bodies without a record in the list, with the reason.
const NOT_LISTED: &[(&str, &str)] =
    &[("@CheckpointList.response", "the definitions omit checkpoints")];

/// Records without a model, with the reason.
const NO_MODEL: &[(&str, &str)] = &[
    ("@ContainerLogs.response", "a stream of frames"),
    ("@ImageBuild.request", "a tar"),
    ("@ImageCreate.request", "a tar"),
    ("@ImageGet.response", "a tar"),
    ("@ImageGetAll.response", "a tar"),
    ("@ImageLoad.request", "a tar"),
    ("@PluginCreate.request", "a tar"),
    ("@PutContainerArchive.request", "a tar"),
    ("@ServiceLogs.response", "a stream of frames"),
    ("@SystemPing.response", "plain text; the data is in the headers"),
    ("@SystemPingHead.response", "plain text; the data is in the headers"),
    ("@TaskLogs.response", "a stream of frames"),
    ("ErrorResponse", "becomes an Error"),
];

/// Properties that engines do not send as defined, by the end of their path, with the reason.
const NEVER_SENT: &[(&str, &str)] = &[
    ("Config.Interface.Types[].Prefix", "a type is a string, such as docker.volumedriver/1.0"),
    ("Config.Interface.Types[].Capability", "a type is a string"),
    ("Config.Interface.Types[].Version", "a type is a string"),
    ("@NetworkList.response.[].Containers", "lists of networks omit it since 1.28"),
    ("@ServiceCreate.response.Warning", "the field is named Warnings and is an array"),
];

#[test]
fn models_have_all_properties_of_their_records() {
    let records = records();
    let mut problems = Vec::new();
    let mut used_exceptions = BTreeSet::new();
    let others = OTHERS.iter().map(|it| (it.0.to_owned(), it.1));
    for (record, model) in bodies().chain(others) {
        if !records.contains_key(&*record) {
            continue;
        }
        let parts = parts_by_path(model);
        for Property { path, kind, .. } in properties(&records, &record) {
            let full = format!("{record}.{path}");
            let problem = match parts.get(&path) {
                None => format!("{full} is missing"),
                Some(part) if !is_compatible(part.kind, kind) => {
                    format!("{full} is {kind}, not {:?}", part.kind)
                }
                Some(_) => continue,
            };
            match NEVER_SENT.iter().find(|(end, _)| full.ends_with(end)) {
                Some(exception) => _ = used_exceptions.insert(exception),
                None => problems.push(problem),
            }
        }
    }
    for problem in &problems {
        eprintln!("{problem}");
    }
    assert!(problems.is_empty(), "{} fields, see above", problems.len());
    let (used, listed) = (used_exceptions.len(), NEVER_SENT.len());
    assert_eq!(used, listed, "only these exceptions are needed: {used_exceptions:#?}");
}

/// Adds a record and all records that it references.
fn add_with_references(
    records: &Records,
    record: &'static str,
    found: &mut BTreeSet<&'static str>,
) {
    if found.insert(record) {
        for [_, _, referenced, ..] in &records[record] {
            if !referenced.is_empty() {
                add_with_references(records, referenced, found);
            }
        }
    }
}

#[test]
fn records_have_a_model() {
    let records = records();
    let (mut covered, mut not_listed) = (BTreeSet::new(), BTreeSet::new());
    for (body, _) in bodies() {
        match records.get_key_value(&*body) {
            Some((record, _)) => add_with_references(&records, record, &mut covered),
            None => _ = not_listed.insert(body),
        }
    }
    let expected: BTreeSet<_> = NOT_LISTED.iter().map(|it| it.0.to_owned()).collect();
    assert_eq!(not_listed, expected, "bodies without a record in tests/data/properties.tsv");
    for record in OTHERS.iter().map(|it| it.0).chain(NO_MODEL.iter().map(|it| it.0)) {
        assert!(!covered.contains(record), "{record} is part of a body of an operation");
        add_with_references(&records, record, &mut covered);
    }
    let uncovered: Vec<_> = records.keys().filter(|it| !covered.contains(*it)).collect();
    assert!(uncovered.is_empty(), "not part of a body of an operation: {uncovered:?}");
}

/// Fields of the tables with another first version than in the list: record, path, and reason.
const DIFFERENT_SINCE: &[(&str, &str, &str)] = &[
    (
        "@ContainerCreate.request",
        "NetworkingConfig.EndpointsConfig{}.DNSNames",
        "only meaningful in responses; engines ignore it in requests",
    ),
    (
        "@ContainerCreate.request",
        "NetworkingConfig.EndpointsConfig{}.MacAddress",
        "before 1.44 it was only meaningful in responses",
    ),
    ("@ContainerUpdate.request", "PidsLimit", "before 1.40 it could not be updated"),
    ("@ContainerUpdate.request", "Blkio", "before 1.55 engines ignored lists of devices"),
    (
        "@NetworkConnect.request",
        "EndpointConfig.DNSNames",
        "only meaningful in responses; engines ignore it in requests",
    ),
    ("@NetworkConnect.request", "EndpointConfig.MacAddress", "before 1.54 engines ignored it"),
];

/// Fields of the tables with another last version than in the list: record, path, and reason.
const DIFFERENT_UNTIL: &[(&str, &str, &str)] = &[
    ("@NetworkCreate.request", "CheckDuplicate", "engines after 1.45 always check"),
    ("@SystemAuth.request", "email", "newer engines ignore it"),
];

/// Compares a version in the list with the one in the table, for all fields of all request bodies.
fn compare(
    different: &[(&str, &str, &str)],
    listed: fn(&Property) -> Option<u16>,
    in_table: fn(&BodyPart) -> Option<u16>,
) {
    let records = records();
    let mut problems = Vec::new();
    let mut used_exceptions = BTreeSet::new();
    for (record, model) in bodies().filter(|it| it.0.ends_with(".request")) {
        if !records.contains_key(&*record) {
            continue;
        }
        // A request fails before its fields are checked if the engine does not support the operation.
        let id = record.trim_start_matches('@').trim_end_matches(".request");
        let since = Operation::find(id).unwrap().since();
        let parts = parts_by_path(model);
        for property in properties(&records, &record) {
            let path = &property.path;
            let Some(part) = parts.get(path) else { continue };
            let [listed, in_table] =
                [listed(&property), in_table(part)].map(|it| it.filter(|it| *it > since));
            if listed == in_table {
                continue;
            }
            match different.iter().find(|it| it.0 == record && path.starts_with(it.1)) {
                Some(exception) => _ = used_exceptions.insert(exception),
                None => {
                    problems.push(format!("{record}: {path}: list {listed:?}, table {in_table:?}"))
                }
            }
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
    let (used, listed) = (used_exceptions.len(), different.len());
    assert_eq!(used, listed, "only these exceptions are needed: {used_exceptions:#?}");
}

#[test]
fn fields_have_their_first_version() {
    /// The list does not distinguish between versions up to this one.
    const OLDEST_LISTED: u16 = 39;
    let in_table = |part: &BodyPart| Some(part.since).filter(|it| *it > OLDEST_LISTED);
    compare(DIFFERENT_SINCE, |property| property.since, in_table);
}

#[test]
fn fields_have_their_last_version() {
    let in_table = |part: &BodyPart| Some(part.until).filter(|it| *it < u16::MAX);
    compare(DIFFERENT_UNTIL, |property| property.until, in_table);
}
