//! The strict checker of what C programs pass as options and bodies.
//!
//! The reader of responses ignores what it does not know, since engines are newer than this library.
//! In what a caller passes an unknown member is a typing error: it fails with the right names. `null`
//! stands for a member that is not given.

use std::fmt;

use super::names::unknown;
use super::write::{Limited, Writer, Written};
use super::{Field, JsonBody, Kind, Scalar, Table, UnknownFieldPolicy, path};
use crate::value::View;
use crate::{Value, ValueType};

/// Fails with what is wrong, in a sentence, unless the value is of this kind.
pub(crate) fn check(value: &Value, kind: &Kind) -> Result<(), String> {
    Checker.value(value, kind, false).map_err(|fault| fault.to_string())
}

/// A body as a C program passed it, checked. It is sent as it is, but for members that are `null`.
#[derive(Debug)]
pub(crate) struct Given<'a> {
    value: Option<&'a Value>,
    kind: &'static Kind,
}

impl<'a> Given<'a> {
    /// Checks a body; none is an empty one.
    pub(crate) fn new(value: Option<&'a Value>, kind: &'static Kind) -> Result<Given<'a>, String> {
        let value = value.filter(|it| !it.is_null());
        value.map_or(Ok(()), |value| check(value, kind))?;
        Ok(Given { value, kind })
    }
}

impl JsonBody for Given<'_> {
    fn write(&self) -> Written {
        let mut writer = Writer::default();
        match self.value {
            Some(value) => writer.given(value, self.kind),
            None => writer.out.extend_from_slice(b"{}"),
        }
        writer.finish()
    }

    fn has(&self, path: &str) -> bool {
        let mut value = self.value;
        for name in path.split('.') {
            value = value.and_then(|it| it.members().rev().find(|it| it.0 == name).map(|it| it.1));
        }
        // An empty object is one that is present.
        value.is_some_and(|value| value.value_type() == ValueType::Object || !is_empty(value))
    }
}

/// Whether a value is the empty value of its kind.
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
    /// Writes a value without the members of records that are `null`.
    fn given(&mut self, value: &Value, kind: &Kind) {
        match (value.view(), kind) {
            (_, Kind::Optional(kind)) => self.given(value, kind),
            (View::Array(items), Kind::List(kind)) => {
                self.out.push(b'[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        self.out.push(b',');
                    }
                    self.given(item, kind);
                }
                self.out.push(b']');
            }
            (View::Object(members), Kind::Map(kind)) => {
                self.out.push(b'{');
                for (at, member) in members.iter().enumerate() {
                    if at > 0 {
                        self.out.push(b',');
                    }
                    self.json(member.key());
                    self.out.push(b':');
                    self.given(member.value(), kind);
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
                    // An alias is a name of the documentation; engines read the other one.
                    self.key(field, first);
                    first = false;
                    // An empty value means the same as an absent one, unless it is optional.
                    let counts = field.kind.is_optional() || !is_empty(value);
                    if field.is_limited() && counts {
                        self.limited.push(Limited { field, offset: self.out.len() });
                    }
                    self.given(value, &field.kind);
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

/// What is wrong, and where.
#[derive(Debug)]
struct Fault {
    /// The steps to it, the last one first.
    steps: Vec<Step>,
    what: What,
}

#[derive(Debug)]
enum Step {
    Name(String),
    Index(usize),
}

#[derive(Debug)]
enum What {
    /// An unknown member, and the record that has others.
    Unknown(String, &'static Table),
    /// What it must be, and what it is.
    Wrong(String, String),
    Twice,
}

impl Fault {
    fn new(what: What) -> Fault {
        Fault { steps: Vec::new(), what }
    }

    fn wrong(expected: impl Into<String>, found: View<'_>) -> Fault {
        let found = match found {
            View::Double(number) => number.to_string(),
            _ => found.value_type().words().to_owned(),
        };
        Fault::new(What::Wrong(expected.into(), found))
    }

    fn at(mut self, step: Step) -> Fault {
        self.steps.push(step);
        self
    }
}

impl fmt::Display for Fault {
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
        let place = if path.is_empty() { "the value".to_owned() } else { format!("\"{path}\"") };
        match &self.what {
            What::Unknown(name, table) => f.write_str(&unknown(name, &place, table)),
            What::Wrong(expected, found) => write!(f, "{place} must be {expected}, not {found}"),
            What::Twice => write!(f, "{place} is given twice"),
        }
    }
}

struct Checker;

impl Checker {
    /// `kept` says whether the value stands in a record that keeps unknown members, such as a spec
    /// that was read from a newer engine and is sent back.
    fn value(&self, value: &Value, kind: &Kind, kept: bool) -> Result<(), Fault> {
        let found = value.view();
        match kind {
            Kind::Optional(_) if value.is_null() => Ok(()),
            Kind::Optional(kind) => self.value(value, kind, kept),
            Kind::Any | Kind::Opaque => Ok(()),
            Kind::Bool => match found {
                View::Bool(_) => Ok(()),
                _ => Err(Fault::wrong("a boolean", found)),
            },
            Kind::Integer(integer) => {
                let (least, most) = integer.bounds();
                let number = match found {
                    View::Int(number) => i128::from(number),
                    View::Uint(number) => i128::from(number),
                    _ => return Err(Fault::wrong("an integer", found)),
                };
                if (least..=most).contains(&number) {
                    return Ok(());
                }
                let bounds = format!("between {least} and {most}");
                Err(Fault::new(What::Wrong(bounds, number.to_string())))
            }
            Kind::Number => match value.as_f64() {
                Some(_) => Ok(()),
                None => Err(Fault::wrong("a number", found)),
            },
            Kind::String => match found {
                View::Str(_) => Ok(()),
                _ => Err(Fault::wrong("a string", found)),
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
                // One that is not read is asked what it expects.
                let expected = leaf.set(scalar.unwrap_or(Scalar::Bool(false)));
                match (scalar, expected) {
                    (Some(_), Ok(())) => Ok(()),
                    (Some(Scalar::Str(text)), Err(expected)) if !leaf.is_secret() => {
                        let found = Scalar::Str(text).to_string();
                        Err(Fault::new(What::Wrong(expected, found)))
                    }
                    (_, expected) => Err(Fault::wrong(
                        expected.err().unwrap_or_else(|| "a string".into()),
                        found,
                    )),
                }
            }
            Kind::Tree(new) => {
                let json = serde_json::to_value(value).unwrap_or_default();
                new().set(json).map_err(|expected| Fault::wrong(expected, found))
            }
            Kind::List(kind) => match found {
                View::Null => Ok(()),
                View::Array(items) => items.iter().enumerate().try_for_each(|(at, item)| {
                    self.value(item, kind, kept).map_err(|fault| fault.at(Step::Index(at)))
                }),
                _ => Err(Fault::wrong("an array", found)),
            },
            Kind::Map(kind) => match found {
                View::Null => Ok(()),
                View::Object(members) => members.iter().try_for_each(|member| {
                    // In a set, `null` and `{}` are both the value of a name.
                    self.value(member.value(), kind, kept)
                        .map_err(|fault| fault.at(Step::Name(member.key().to_owned())))
                }),
                _ => Err(Fault::wrong("an object", found)),
            },
            Kind::Record(table) => self.record(found, table, kept),
        }
    }

    fn record(&self, found: View<'_>, table: &'static Table, kept: bool) -> Result<(), Fault> {
        let members = match found {
            View::Null => return Ok(()),
            View::Object(members) => members,
            _ => return Err(Fault::wrong("an object", found)),
        };
        let kept = kept || table.unknown_fields == UnknownFieldPolicy::Keep;
        for (at, member) in members.iter().enumerate() {
            let name = member.key();
            let step = || Step::Name(name.to_owned());
            match find(table, name) {
                // A member that is not given may have any type.
                Some(_) if member.value().is_null() => {}
                Some(_) if members[..at].iter().any(|it| it.key() == name) => {
                    return Err(Fault::new(What::Twice).at(step()));
                }
                Some(field) => {
                    self.value(member.value(), &field.kind, kept).map_err(|it| it.at(step()))?;
                }
                None if kept && table.unknown_fields != UnknownFieldPolicy::Ignore => {}
                None => {
                    let unknown = What::Unknown(name.to_owned(), table);
                    return Err(Fault::new(unknown).at(step()));
                }
            }
        }
        Ok(())
    }
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

    fn fault<T: JsonType>(json: &str) -> String {
        check(&json.parse().unwrap(), T::KIND).expect_err(json)
    }

    #[test]
    fn what_is_right_passes() {
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
    fn what_is_wrong_is_named() {
        let choice = fault::<Choice>;
        let create = fault::<Create>;
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
            // Also if it is null: a misspelt name is one all the same.
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
                "\"since\" must be a point in time: Unix seconds, RFC 3339 text, or a duration ago \
                 such as 1h30m, not \"soon\"",
            ),
            (
                choice(r#"{"filters":{"a":{}}}"#),
                "\"filters\" must be an object of strings, integers, booleans, or lists of them, not an \
                 object",
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
            // What may be a secret is not quoted.
            (create(r#"{"Data":"a secret"}"#), r#""Data" must be a base64 string, not a string"#),
        ] {
            assert_eq!(error, expected);
        }
    }

    #[test]
    fn unknown_members_are_kept_in_specs_alone() {
        let error =
            fault::<ContainerCreateRequest>(r#"{"HostConfig":{"Mounts":[{"ReadOny":true}]}}"#);
        assert!(error.starts_with(r#"unknown field "HostConfig.Mounts[0].ReadOny""#), "{error}");
        assert!(error.ends_with(r#"did you mean "ReadOnly"?"#), "{error}");
        let error = fault::<ContainerCreateRequest>(r#"{"Healthcheck":{"Intervall":1}}"#);
        assert!(error.ends_with(r#"did you mean "Interval"?"#), "{error}");
        let error = fault::<ContainerCreateRequest>(r#"{"HostConfig":{},"Imag":"a"}"#);
        assert!(error.ends_with(r#"did you mean "Image"?"#), "{error}");
        let spec = r#"{"New":{},"TaskTemplate":{"ContainerSpec":{"Mounts":[{"Target":"/a","New":1,
            "VolumeOptions":{"Newer":2}}]}}}"#;
        check(&spec.parse().unwrap(), ServiceSpec::KIND).unwrap();
        let update = r#"{"Spec":{"New":1}}"#;
        check(&update.parse().unwrap(), VolumeUpdateRequest::KIND).unwrap();
        assert_eq!(
            fault::<VolumeUpdateRequest>(r#"{"Spek":{}}"#),
            r#"unknown field "Spek", expected Spec; did you mean "Spec"?"#
        );
    }

    fn written(json: &str) -> (String, Vec<String>) {
        let value = json.parse().unwrap();
        let written = Given::new(Some(&value), Create::KIND).unwrap().write();
        let paths = written.limited.iter().map(|it| path::at(&written.json, it.offset)).collect();
        (String::from_utf8(written.json.to_vec()).unwrap(), paths)
    }

    /// But for members of records that are null.
    #[test]
    fn bodies_are_written_as_they_were_given() {
        let json =
            r#"{"Image":"","Env":[],"Labels":{"a":""},"HostConfig":{"Memory":0,"Ratio":0.0}}"#;
        assert_eq!(written(json), (json.to_owned(), vec![]));
        let nulls =
            r#"{"Image":null,"HostConfig":{"Options":{"a":null},"Memory":null},"Env":null}"#;
        assert_eq!(written(nulls).0, r#"{"HostConfig":{"Options":{"a":null}}}"#);
        assert_eq!(written("{}").0, "{}");
        assert_eq!(written("null").0, "{}");
        let empty = Given::new(None, Create::KIND).unwrap();
        assert_eq!(&*empty.write().json, b"{}");
    }

    /// An empty one only where it differs from an absent one.
    #[test]
    fn fields_of_some_versions_are_found() {
        let paths = |json| written(json).1;
        assert_eq!(paths(r#"{"StopTimeout":0,"HostConfig":{"Memory":0}}"#), ["StopTimeout"]);
        assert_eq!(paths(r#"{"HostConfig":{"Memory":1}}"#), ["HostConfig.Memory"]);
        assert_eq!(paths(r#"{"StopTimeout":null}"#), [""; 0]);
    }

    #[test]
    fn members_that_are_given() {
        let value: Value =
            r#"{"Image":"","Env":[],"Labels":{},"HostConfig":{"Memory":1}}"#.parse().unwrap();
        let given = Given::new(Some(&value), Create::KIND).unwrap();
        let has = |path| given.has(path);
        assert_eq!(["Image", "Env", "Data", "A.B"].map(has), [false; 4]);
        assert_eq!(["Labels", "HostConfig", "HostConfig.Memory"].map(has), [true; 3]);
    }
}
