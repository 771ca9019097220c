//! The strict checker of options and bodies from C programs.
//!
//! The reader of responses accepts unknown fields, because engines may be newer than this library. In
//! options and bodies an unknown field is a misspelling: it fails, and the error lists the valid names.
//! A member that is `null` counts as absent.

use std::fmt;

use super::names::unknown_field;
use super::write::{Limited, Writer, Written};
use super::{Field, JsonBody, Kind, Scalar, Table, UnknownFieldPolicy, path};
use crate::Value;
use crate::value::View;

/// Checks that a value has this JSON type. Fails with a message.
pub(crate) fn check(value: &Value, kind: &Kind) -> Result<(), String> {
    check_value(value, kind, false).map_err(|error| error.to_string())
}

/// A checked body from a C program. It is sent unchanged, except that members that are `null` are omitted.
#[derive(Debug)]
pub(crate) struct CheckedBody<'a> {
    value: Option<&'a Value>,
    kind: &'static Kind,
}

impl<'a> CheckedBody<'a> {
    /// Checks a body. `None` and `null` stand for an empty one.
    pub(crate) fn new(
        value: Option<&'a Value>,
        kind: &'static Kind,
    ) -> Result<CheckedBody<'a>, String> {
        let value = value.filter(|it| !it.is_null());
        value.map_or(Ok(()), |value| check(value, kind))?;
        Ok(CheckedBody { value, kind })
    }
}

impl JsonBody for CheckedBody<'_> {
    fn write(&self) -> Written {
        let mut writer = Writer::default();
        match self.value {
            Some(value) => writer.checked(value, self.kind),
            None => writer.out.extend_from_slice(b"{}"),
        }
        writer.finish()
    }

    fn has(&self, path: &str) -> bool {
        let mut value = self.value;
        for name in path.split('.') {
            value = value.and_then(|it| it.members().rev().find(|it| it.0 == name).map(|it| it.1));
        }
        value.is_some_and(|value| match value.view() {
            View::Str(text) => !text.trim().is_empty(),
            // An empty object counts as present.
            View::Object(_) => true,
            _ => !is_empty(value),
        })
    }
}

/// Returns whether a value is the empty value of its type.
fn is_empty(value: &Value) -> bool {
    match value.view() {
        View::Null => true,
        View::Bool(it) => !it,
        View::Int(it) => it == 0,
        View::Uint(it) => it == 0,
        View::Double(it) => it == 0.0,
        View::Str(it) => it.is_empty(),
        View::Array(it) => it.is_empty(),
        View::Object(it) => it.is_empty(),
    }
}

impl Writer {
    /// Writes a checked value, without the members of records that are `null`.
    fn checked(&mut self, value: &Value, kind: &Kind) {
        match (value.view(), kind) {
            (_, Kind::Optional(kind)) => self.checked(value, kind),
            (View::Array(items), Kind::List(kind)) => {
                self.out.push(b'[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.out.push(b',');
                    }
                    self.checked(item, kind);
                }
                self.out.push(b']');
            }
            (View::Object(members), Kind::Map(kind)) => {
                self.out.push(b'{');
                for (index, member) in members.iter().enumerate() {
                    if index > 0 {
                        self.out.push(b',');
                    }
                    self.json(member.key());
                    self.out.push(b':');
                    self.checked(member.value(), kind);
                }
                self.out.push(b'}');
            }
            (View::Object(members), Kind::Record(table)) => {
                self.out.push(b'{');
                let mut first = true;
                for member in members.iter().filter(|it| !it.value().is_null()) {
                    let (name, value) = (member.key(), member.value());
                    let Some(field) = find(table, name) else {
                        if !first {
                            self.out.push(b',');
                        }
                        first = false;
                        self.json(name);
                        self.out.push(b':');
                        self.json(value);
                        continue;
                    };
                    // Writes the name of the field, also for an alias: engines do not read aliases.
                    self.key(field, first);
                    first = false;
                    // An empty value means the same as an absent one, unless it is optional.
                    let has_effect = field.kind.is_optional() || !is_empty(value);
                    if field.is_limited() && has_effect {
                        self.limited.push(Limited { field, offset: self.out.len() });
                    }
                    self.checked(value, &field.kind);
                }
                self.out.push(b'}');
            }
            _ => self.json(value),
        }
    }
}

fn find(table: &'static Table, name: &str) -> Option<&'static Field> {
    let own = table.find(0, name).map(|index| &table.fields[index]);
    own.or_else(|| table.base.as_ref().and_then(|base| find(base.table, name)))
}

/// A failed check, with the path to the value.
#[derive(Debug)]
struct CheckError {
    /// The components of the path, the innermost first.
    steps: Vec<Step>,
    problem: Problem,
}

#[derive(Debug)]
enum Step {
    Name(String),
    Index(usize),
}

#[derive(Debug)]
enum Problem {
    UnknownField { name: String, table: &'static Table },
    Mismatch { expected: String, found: String },
    Duplicate,
}

impl CheckError {
    fn new(problem: Problem) -> CheckError {
        CheckError { steps: Vec::new(), problem }
    }

    fn mismatch(expected: impl Into<String>, found: View<'_>) -> CheckError {
        let found = match found {
            // With its decimal point: `5e8` is not an integer for engines.
            View::Double(number) => format!("{number:?}"),
            _ => found.value_type().description().to_owned(),
        };
        CheckError::new(Problem::Mismatch { expected: expected.into(), found })
    }

    /// Adds the next outer component of the path.
    fn within(mut self, step: Step) -> CheckError {
        self.steps.push(step);
        self
    }
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut path = String::new();
        for step in self.steps.iter().rev() {
            match step {
                Step::Index(index) => path.push_str(&format!("[{index}]")),
                Step::Name(name) => {
                    let first = path.is_empty();
                    path::write_member(&mut path, name, first)?;
                }
            }
        }
        let path = if path.is_empty() { "the value".to_owned() } else { format!("\"{path}\"") };
        match &self.problem {
            Problem::UnknownField { name, table } => {
                f.write_str(&unknown_field(name, &path, table))
            }
            Problem::Mismatch { expected, found } => {
                write!(f, "{path} must be {expected}, not {found}")
            }
            Problem::Duplicate => write!(f, "{path} is given twice"),
        }
    }
}

/// Checks a value. `within_spec` is true inside of a record that keeps unknown fields, such as a spec that
/// was read from a newer engine and is sent back.
fn check_value(value: &Value, kind: &Kind, within_spec: bool) -> Result<(), CheckError> {
    let found = value.view();
    match kind {
        Kind::Optional(_) if value.is_null() => Ok(()),
        Kind::Optional(kind) => check_value(value, kind, within_spec),
        Kind::Any | Kind::Opaque => Ok(()),
        Kind::Bool => match found {
            View::Bool(_) => Ok(()),
            _ => Err(CheckError::mismatch("a boolean", found)),
        },
        Kind::Integer(integer) => {
            let (min, max) = integer.bounds();
            let number = match found {
                View::Int(number) => i128::from(number),
                View::Uint(number) => i128::from(number),
                _ => return Err(CheckError::mismatch("an integer", found)),
            };
            if (min..=max).contains(&number) {
                return Ok(());
            }
            let expected = format!("between {min} and {max}");
            Err(CheckError::new(Problem::Mismatch { expected, found: number.to_string() }))
        }
        Kind::Number => match value.as_f64() {
            Some(_) => Ok(()),
            None => Err(CheckError::mismatch("a number", found)),
        },
        Kind::String => match found {
            View::Str(_) => Ok(()),
            _ => Err(CheckError::mismatch("a string", found)),
        },
        Kind::Leaf(new) => {
            let mut leaf = new();
            let scalar = match found {
                View::Bool(it) => Some(Scalar::Bool(it)),
                View::Int(it) => Some(Scalar::Int(it)),
                View::Uint(it) => Some(Scalar::Uint(it)),
                View::Double(it) => Some(Scalar::Number(it)),
                View::Str(it) => Some(Scalar::Str(it)),
                View::Null | View::Array(_) | View::Object(_) => None,
            };
            // For a value that is not a scalar, `false` only obtains the description of what is expected.
            let result = leaf.set(scalar.unwrap_or(Scalar::Bool(false)));
            match (scalar, result) {
                (Some(_), Ok(())) => Ok(()),
                (Some(Scalar::Str(text)), Err(expected)) if !leaf.is_secret() => {
                    let found = Scalar::Str(text).to_string();
                    Err(CheckError::new(Problem::Mismatch { expected, found }))
                }
                (_, result) => {
                    let expected = result.err().unwrap_or_else(|| "a string".into());
                    Err(CheckError::mismatch(expected, found))
                }
            }
        }
        Kind::Tree(new) => {
            let json = serde_json::to_value(value).unwrap_or_default();
            new().set(json).map_err(|expected| CheckError::mismatch(expected, found))
        }
        Kind::List(kind) => match found {
            View::Null => Ok(()),
            View::Array(items) => items.iter().enumerate().try_for_each(|(index, item)| {
                check_value(item, kind, within_spec)
                    .map_err(|error| error.within(Step::Index(index)))
            }),
            _ => Err(CheckError::mismatch("an array", found)),
        },
        Kind::Map(kind) => match found {
            View::Null => Ok(()),
            // A value may be `null`: in a set, `null` and `{}` mean the same.
            View::Object(members) => members.iter().try_for_each(|member| {
                check_value(member.value(), kind, within_spec)
                    .map_err(|error| error.within(Step::Name(member.key().to_owned())))
            }),
            _ => Err(CheckError::mismatch("an object", found)),
        },
        Kind::Record(table) => check_record(found, table, within_spec),
    }
}

fn check_record(
    found: View<'_>,
    table: &'static Table,
    within_spec: bool,
) -> Result<(), CheckError> {
    let members = match found {
        View::Null => return Ok(()),
        View::Object(members) => members,
        _ => return Err(CheckError::mismatch("an object", found)),
    };
    let within_spec = within_spec || table.unknown_fields == UnknownFieldPolicy::Keep;
    for (index, member) in members.iter().enumerate() {
        let name = member.key();
        let step = || Step::Name(name.to_owned());
        match find(table, name) {
            // Any field may be `null`, which counts as absent.
            Some(_) if member.value().is_null() => {}
            Some(_) if members[..index].iter().any(|it| it.key() == name) => {
                return Err(CheckError::new(Problem::Duplicate).within(step()));
            }
            Some(field) => {
                check_value(member.value(), &field.kind, within_spec)
                    .map_err(|error| error.within(step()))?;
            }
            None if within_spec && table.unknown_fields != UnknownFieldPolicy::Ignore => {}
            None => {
                let unknown = Problem::UnknownField { name: name.to_owned(), table };
                return Err(CheckError::new(unknown).within(step()));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{JsonType, options, record};
    use super::*;
    use crate::api::BuilderVersion;
    use crate::model::{
        Base64Bytes, ContainerCreateRequest, Empty, Map, ServiceSpec, VolumeUpdateRequest,
    };
    use crate::{Filters, TimeBound};

    options! {
        #[derive(Default)]
        struct Choice {
            all: bool = query "all",
            limit: Option<u32> = query "limit",
            size: bool = query "size",
            filters: Filters = json "filters",
            since: Option<TimeBound> = query "since",
            version: Option<BuilderVersion> = query "version",
        }
    }

    record! {
        #[derive(Default)]
        struct Create {
            image: String = "Image",
            env: Vec<String> = "Env",
            host: Host = "HostConfig",
            ports: Map<Empty> = "ExposedPorts",
            labels: Map<String> = "Labels",
            timeout: Option<i64> = "StopTimeout" since 25,
            data: Base64Bytes = "Data",
        }
    }

    record! {
        #[derive(Default)]
        struct Host {
            memory: i64 = "Memory" since 30,
            shares: u64 = "CPUShares",
            ratio: f64 = "Ratio",
            bindings: Map<Vec<Empty>> = "PortBindings",
            options: Map<Option<String>> = "Options",
        }
    }

    fn error_of<T: JsonType>(json: &str) -> String {
        check(&json.parse().unwrap(), T::KIND).expect_err(json)
    }

    #[test]
    fn accepts_valid_values() {
        for json in [
            r#"{"limit":5,"all":true,"size":null}"#,
            r#"{"filters":{"a":["b",1],"c":true},"since":"1h30m","version":"2"}"#,
            r#"{"since":1714557600.5}"#,
            "null",
        ] {
            check(&json.parse().unwrap(), Choice::KIND).unwrap();
        }
        let body = r#"{"Image":"busybox","Env":["A=1"],"Labels":{"a.b":"c"},"StopTimeout":-1,
            "ExposedPorts":{"80/tcp":{},"81/tcp":null},"Data":"AP8=",
            "HostConfig":{"Memory":9223372036854775807,"CPUShares":18446744073709551615,"Ratio":1,
                "PortBindings":{"80/tcp":null},"Options":{"a":null,"b":"c"}}}"#;
        check(&body.parse().unwrap(), Create::KIND).unwrap();
    }

    #[test]
    fn errors_name_the_field_and_the_expected_value() {
        let choice = error_of::<Choice>;
        let create = error_of::<Create>;
        let names = "all, limit, size, filters, since, version";
        for (error, expected) in [
            (
                choice(r#"{"limt":1}"#),
                format!(r#"unknown field "limt", expected one of {names}; did you mean "limit"?"#),
            ),
            (
                choice(r#"{"ALL":true}"#),
                format!(r#"unknown field "ALL", expected one of {names}; did you mean "all"?"#),
            ),
            (
                choice(r#"{"network":1}"#),
                format!(r#"unknown field "network", expected one of {names}"#),
            ),
            // An unknown field is an error even if it is null.
            (
                choice(r#"{"network":null}"#),
                format!(r#"unknown field "network", expected one of {names}"#),
            ),
        ] {
            assert_eq!(error, expected);
        }
        for (error, expected) in [
            (choice(r#"{"limit":"5"}"#), r#""limit" must be an integer, not a string"#),
            (choice(r#"{"limit":1.5}"#), r#""limit" must be an integer, not 1.5"#),
            (choice(r#"{"limit":5e8}"#), r#""limit" must be an integer, not 500000000.0"#),
            (choice(r#"{"limit":-1}"#), r#""limit" must be between 0 and 4294967295, not -1"#),
            (
                choice(r#"{"limit":4294967296}"#),
                r#""limit" must be between 0 and 4294967295, not 4294967296"#,
            ),
            (choice(r#"{"all":1}"#), r#""all" must be a boolean, not an integer"#),
            (choice(r#"{"all":true,"all":true}"#), r#""all" is given twice"#),
            (choice("[true]"), "the value must be an object, not an array"),
            (choice(r#"{"version":"3"}"#), r#""version" must be one of "1", "2", not "3""#),
            (choice(r#"{"version":2}"#), r#""version" must be one of "1", "2", not an integer"#),
            (
                choice(r#"{"since":"soon"}"#),
                "\"since\" must be a point in time: Unix seconds, a date, RFC 3339 text, or a duration ago \
                 such as 1h30m, not \"soon\"",
            ),
            (
                choice(r#"{"filters":{"a":{}}}"#),
                "\"filters\" must be an object whose \"a\" is a string, an integer, a boolean, or an array \
                 of them, not an object",
            ),
            (
                create(r#"{"HostConfig":{"Memroy":1}}"#),
                "unknown field \"HostConfig.Memroy\", expected one of Memory, CPUShares, Ratio, \
                 PortBindings, Options; did you mean \"Memory\"?",
            ),
            (
                create(r#"{"HostConfig":{"Memory":9223372036854775808}}"#),
                "\"HostConfig.Memory\" must be between -9223372036854775808 and \
                 9223372036854775807, not 9223372036854775808",
            ),
            (create(r#"{"Env":["A=1",null]}"#), r#""Env[1]" must be a string, not null"#),
            (create(r#"{"Env":"A=1"}"#), r#""Env" must be an array, not a string"#),
            (
                create(r#"{"Labels":{"a.b":1}}"#),
                r#""Labels["a.b"]" must be a string, not an integer"#,
            ),
            (create(r#"{"Labels":[]}"#), r#""Labels" must be an object, not an array"#),
            (
                create(r#"{"ExposedPorts":{"80/tcp":{"x":1}}}"#),
                r#"unknown field "ExposedPorts["80/tcp"].x", none are expected"#,
            ),
            (
                create(r#"{"HostConfig":{"Ratio":"1"}}"#),
                r#""HostConfig.Ratio" must be a number, not a string"#,
            ),
            // Secrets are not quoted.
            (create(r#"{"Data":"a secret"}"#), r#""Data" must be a base64 string, not a string"#),
        ] {
            assert_eq!(error, expected);
        }
    }

    #[test]
    fn accepts_unknown_fields_only_within_specs() {
        let error =
            error_of::<ContainerCreateRequest>(r#"{"HostConfig":{"Mounts":[{"ReadOny":true}]}}"#);
        assert!(error.starts_with(r#"unknown field "HostConfig.Mounts[0].ReadOny""#), "{error}");
        assert!(error.ends_with(r#"did you mean "ReadOnly"?"#), "{error}");
        let error = error_of::<ContainerCreateRequest>(r#"{"Healthcheck":{"Intervall":1}}"#);
        assert!(error.ends_with(r#"did you mean "Interval"?"#), "{error}");
        let error = error_of::<ContainerCreateRequest>(r#"{"HostConfig":{},"Imag":"a"}"#);
        assert!(error.ends_with(r#"did you mean "Image"?"#), "{error}");
        let spec = r#"{"New":{},"TaskTemplate":{"ContainerSpec":{"Mounts":[{"Target":"/a","New":1,
            "VolumeOptions":{"Newer":2}}]}}}"#;
        check(&spec.parse().unwrap(), ServiceSpec::KIND).unwrap();
        let update = r#"{"Spec":{"New":1}}"#;
        check(&update.parse().unwrap(), VolumeUpdateRequest::KIND).unwrap();
        assert_eq!(
            error_of::<VolumeUpdateRequest>(r#"{"Spek":{}}"#),
            r#"unknown field "Spek", expected Spec; did you mean "Spec"?"#
        );
    }

    fn written(json: &str) -> (String, Vec<String>) {
        let value = json.parse().unwrap();
        let written = CheckedBody::new(Some(&value), Create::KIND).unwrap().write();
        let paths = written.limited.iter().map(|it| path::at(&written.json, it.offset)).collect();
        (String::from_utf8(written.json.to_vec()).unwrap(), paths)
    }

    #[test]
    fn bodies_are_written_without_null_members() {
        let json =
            r#"{"Image":"","Env":[],"Labels":{"a":""},"HostConfig":{"Memory":0,"Ratio":0.0}}"#;
        assert_eq!(written(json), (json.to_owned(), vec![]));
        let nulls =
            r#"{"Image":null,"HostConfig":{"Options":{"a":null},"Memory":null},"Env":null}"#;
        assert_eq!(written(nulls).0, r#"{"HostConfig":{"Options":{"a":null}}}"#);
        assert_eq!(written("{}").0, "{}");
        assert_eq!(written("null").0, "{}");
        let empty = CheckedBody::new(None, Create::KIND).unwrap();
        assert_eq!(&*empty.write().json, b"{}");
    }

    /// An empty value is reported only if it differs from an absent one.
    #[test]
    fn fields_of_some_versions_are_reported() {
        let paths = |json| written(json).1;
        assert_eq!(paths(r#"{"StopTimeout":0,"HostConfig":{"Memory":0}}"#), ["StopTimeout"]);
        assert_eq!(paths(r#"{"HostConfig":{"Memory":1}}"#), ["HostConfig.Memory"]);
        assert_eq!(paths(r#"{"StopTimeout":null}"#), [""; 0]);
    }

    #[test]
    fn has_finds_members_that_are_not_empty() {
        let value: Value =
            r#"{"Image":" ","Env":[],"Labels":{},"HostConfig":{"Memory":1}}"#.parse().unwrap();
        let body = CheckedBody::new(Some(&value), Create::KIND).unwrap();
        let has = |path| body.has(path);
        assert_eq!(["Image", "Env", "Data", "A.B"].map(has), [false; 4]);
        assert_eq!(["Labels", "HostConfig", "HostConfig.Memory"].map(has), [true; 3]);
    }
}
