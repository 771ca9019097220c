//! The models against the records of the Engine API: no field is missing, none is misspelt, and each
//! is checked for the API versions that honour it.
//!
//! `data/properties.tsv` lists the records; the fields of a model are read from its table.

use std::collections::{BTreeMap, BTreeSet};

use dockline::codec::{JsonType, Kind, Scalar};
use dockline::model::*;

use crate::support::{OPERATIONS, Operation};

/// A field of a record, and of the records it refers to, by its path.
#[derive(Debug, Clone)]
struct Property {
    path: String,
    kind: &'static str,
    since: Option<u16>,
    until: Option<u16>,
}

/// Lines of the list: path, type, record referred to, first and last version.
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

/// All fields of a record; what it refers to is written out in its place.
fn properties(records: &Records, record: &str) -> Vec<Property> {
    fn walk(records: &Records, record: &str, parent: &Property, found: &mut Vec<Property>) {
        let minor = |version: &str| version.strip_prefix("1.")?.parse().ok();
        for &[path, kind, refers_to, since, until] in &records[record] {
            let since = minor(since).or(parent.since);
            let until = minor(until).or(parent.until);
            let property = Property { path: join(&parent.path, path), kind, since, until };
            if !refers_to.is_empty() {
                walk(records, refers_to, &property, found);
            }
            found.push(property);
        }
    }
    let root = Property { path: String::new(), kind: "object", since: None, until: None };
    let mut found = Vec::new();
    walk(records, record, &root, &mut found);
    found
}

/// A field of a model, and the API versions that honour it.
#[derive(Debug, Clone, Copy)]
struct Field {
    kind: &'static Kind,
    since: u16,
    until: u16,
}

impl Field {
    fn fits(&self, kind: &str) -> bool {
        let accepts = |scalar| match self.kind {
            Kind::Leaf(new) => new().set(scalar).is_ok(),
            _ => false,
        };
        let bits = |bits: u32| match *self.kind {
            Kind::Integer(integer) => integer.bounds().1 >= (1 << bits) - 1,
            _ => accepts(Scalar::Uint(0)),
        };
        match (kind, self.kind) {
            (_, Kind::Any) => true,
            ("boolean", kind) => matches!(kind, Kind::Bool),
            ("integer/uint64", _) => bits(64),
            ("integer/uint32", _) => bits(32),
            ("integer" | "integer/uint16", _) => bits(16),
            ("integer/uint8", _) => bits(8),
            ("integer/int64", _) => bits(63),
            ("number", kind) => matches!(kind, Kind::Number),
            ("string", kind) => matches!(kind, Kind::String) || accepts(Scalar::Str("")),
            ("array", kind) => matches!(kind, Kind::List(_) | Kind::Tree(_)),
            ("object", kind) => matches!(kind, Kind::Record(_) | Kind::Map(_)),
            (other, _) => panic!("no such type: {other}"),
        }
    }
}

/// All fields of a model, by their paths.
fn fields(kind: &'static Kind) -> BTreeMap<String, Field> {
    fn walk(path: &str, field: Field, found: &mut BTreeMap<String, Field>) {
        let mut part = |step: &str, kind| walk(&join(path, step), Field { kind, ..field }, found);
        match field.kind {
            Kind::Optional(kind) => return walk(path, Field { kind, ..field }, found),
            Kind::List(kind) => part("[]", kind),
            Kind::Map(kind) => part("{}", kind),
            Kind::Tree(_) => part("[]", &Kind::Any),
            Kind::Record(table) => {
                let base = table.base.iter().flat_map(|base| base.table.fields);
                for it in base.chain(table.fields) {
                    let since = field.since.max(it.since);
                    let until = field.until.min(it.until);
                    walk(&join(path, it.name()), Field { kind: &it.kind, since, until }, found);
                }
            }
            _ => {}
        }
        found.insert(path.to_owned(), field);
    }
    let mut found = BTreeMap::new();
    walk("", Field { kind, since: 0, until: u16::MAX }, &mut found);
    found
}

/// A record of the list, and the kind of its model.
type Model = (&'static str, &'static Kind);

macro_rules! models {
    ($($record:literal => $type:ty,)*) => {
        &[$(($record, <$type as JsonType>::KIND)),*]
    };
}

/// Records that are neither a body of an operation nor part of one.
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

/// The bodies of the operations, by their records.
fn bodies() -> impl Iterator<Item = (String, &'static Kind)> {
    OPERATIONS.iter().flat_map(|it| {
        let request = it.request().map(|kind| (format!("@{}.request", it.id), kind));
        let response = it.response().map(|kind| (format!("@{}.response", it.id), kind));
        request.into_iter().chain(response)
    })
}

/// Bodies that no definition of the Engine API has, and why.
const NOT_LISTED: &[(&str, &str)] =
    &[("@CheckpointList.response", "the definition leaves checkpoints out")];

/// Records without a model, and why.
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
    ("@SystemPing.response", "text; what matters is in the headers"),
    ("@SystemPingHead.response", "text; what matters is in the headers"),
    ("@TaskLogs.response", "a stream of frames"),
    ("ErrorResponse", "becomes an Error"),
];

/// Fields of the definitions that no engine sends, by the end of their path, and why.
const NEVER_SENT: &[(&str, &str)] = &[
    ("Config.Interface.Types[].Prefix", "a type is text, such as docker.volumedriver/1.0"),
    ("Config.Interface.Types[].Capability", "a type is text"),
    ("Config.Interface.Types[].Version", "a type is text"),
    ("@NetworkList.response.[].Containers", "no list of networks has it since 1.28"),
    ("@ServiceCreate.response.Warning", "it is called Warnings and is an array"),
];

#[test]
fn models_have_every_field_of_their_record() {
    let records = records();
    let mut faults = Vec::new();
    let mut excused = BTreeSet::new();
    let others = OTHERS.iter().map(|it| (it.0.to_owned(), it.1));
    for (record, model) in bodies().chain(others) {
        if !records.contains_key(&*record) {
            continue;
        }
        let fields = fields(model);
        for Property { path, kind, .. } in properties(&records, &record) {
            let full = format!("{record}.{path}");
            let fault = match fields.get(&path) {
                None => format!("{full} is missing"),
                Some(field) if !field.fits(kind) => {
                    format!("{full} is {kind}, not {:?}", field.kind)
                }
                Some(_) => continue,
            };
            match NEVER_SENT.iter().find(|(end, _)| full.ends_with(end)) {
                Some(excuse) => _ = excused.insert(excuse),
                None => faults.push(fault),
            }
        }
    }
    for fault in &faults {
        eprintln!("{fault}");
    }
    assert!(faults.is_empty(), "{} fields, see above", faults.len());
    assert_eq!(excused.len(), NEVER_SENT.len(), "only these excuses are needed: {excused:#?}");
}

/// A record and all that it refers to.
fn reached(records: &Records, record: &'static str, found: &mut BTreeSet<&'static str>) {
    if found.insert(record) {
        for [_, _, refers_to, ..] in &records[record] {
            if !refers_to.is_empty() {
                reached(records, refers_to, found);
            }
        }
    }
}

#[test]
fn records_have_a_model() {
    let records = records();
    let (mut known, mut unlisted) = (BTreeSet::new(), BTreeSet::new());
    for (body, _) in bodies() {
        match records.get_key_value(&*body) {
            Some((record, _)) => reached(&records, record, &mut known),
            None => _ = unlisted.insert(body),
        }
    }
    let excused: BTreeSet<_> = NOT_LISTED.iter().map(|it| it.0.to_owned()).collect();
    assert_eq!(unlisted, excused, "tests/data/properties.tsv must have these, and no others");
    for record in OTHERS.iter().map(|it| it.0).chain(NO_MODEL.iter().map(|it| it.0)) {
        assert!(!known.contains(record), "{record} is part of a body of an operation");
        reached(&records, record, &mut known);
    }
    let unknown: Vec<_> = records.keys().filter(|it| !known.contains(*it)).collect();
    assert!(unknown.is_empty(), "no body of an operation has {unknown:?}");
}

/// Where the list and the tables differ, by record and path, and why.
const DIFFERENT_SINCE: &[(&str, &str, &str)] = &[
    (
        "@ContainerCreate.request",
        "NetworkingConfig.EndpointsConfig{}.DNSNames",
        "a response, which requests may hold and engines ignore",
    ),
    (
        "@ContainerCreate.request",
        "NetworkingConfig.EndpointsConfig{}.MacAddress",
        "before 1.44 it was a response only",
    ),
    ("@ContainerUpdate.request", "PidsLimit", "before 1.40 it could not be updated"),
    ("@ContainerUpdate.request", "Blkio", "before 1.55 engines ignored lists of devices"),
    (
        "@NetworkConnect.request",
        "EndpointConfig.DNSNames",
        "a response, which requests may hold and engines ignore",
    ),
    ("@NetworkConnect.request", "EndpointConfig.MacAddress", "before 1.54 engines ignored it"),
];

/// The same for the last version.
const DIFFERENT_UNTIL: &[(&str, &str, &str)] = &[
    ("@NetworkCreate.request", "CheckDuplicate", "engines after 1.45 always check"),
    ("@SystemAuth.request", "email", "newer engines ignore it"),
];

/// Holds a version in the list against the one in the table, for each field of each body.
fn compare(
    different: &[(&str, &str, &str)],
    listed: fn(&Property) -> Option<u16>,
    in_table: fn(&Field) -> Option<u16>,
) {
    let records = records();
    let mut faults = Vec::new();
    let mut excused = BTreeSet::new();
    for (record, model) in bodies().filter(|it| it.0.ends_with(".request")) {
        if !records.contains_key(&*record) {
            continue;
        }
        // The operation itself checks for its version.
        let id = record.trim_start_matches('@').trim_end_matches(".request");
        let since = Operation::find(id).unwrap().since();
        let fields = fields(model);
        for property in properties(&records, &record) {
            let path = &property.path;
            let Some(field) = fields.get(path) else { continue };
            let [listed, in_table] =
                [listed(&property), in_table(field)].map(|it| it.filter(|it| *it > since));
            if listed == in_table {
                continue;
            }
            match different.iter().find(|it| it.0 == record && path.starts_with(it.1)) {
                Some(excuse) => _ = excused.insert(excuse),
                None => {
                    faults.push(format!("{record}: {path}: list {listed:?}, table {in_table:?}"))
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert_eq!(excused.len(), different.len(), "only these are needed: {excused:#?}");
}

#[test]
fn newer_options_need_their_version() {
    /// The list begins with the version after this one.
    const LISTED: u16 = 39;
    let in_table = |field: &Field| Some(field.since).filter(|it| *it > LISTED);
    compare(DIFFERENT_SINCE, |property| property.since, in_table);
}

#[test]
fn dropped_options_are_refused() {
    let in_table = |field: &Field| Some(field.until).filter(|it| *it < u16::MAX);
    compare(DIFFERENT_UNTIL, |property| property.until, in_table);
}
