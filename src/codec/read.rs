//! The reader of responses, and of JSON in general.
//!
//! It is tolerant: `null` and absent members leave the empty value, unknown members are ignored or
//! kept, and a value of the wrong type or out of range becomes the empty value, with a note. Errors
//! are broken JSON and, for the value as a whole, one of another kind than expected.

use std::cell::RefCell;
use std::fmt;

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

use super::any_json::AnyJson;
use super::{JsonType, Scalar, Slot, Table, UnknownFieldPolicy, names, path};

/// Notes that are kept of one response.
const MAX_NOTES: usize = 8;

/// Why a response cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DecodeError {
    /// Where, such as `HostConfig.Mounts[2].Type`; empty for the response as a whole.
    pub(crate) path: String,
    /// What is wrong there.
    pub(crate) message: String,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.message),
            path => write!(f, "{path}: {}", self.message),
        }
    }
}

impl DecodeError {
    fn whole(message: impl Into<String>) -> DecodeError {
        DecodeError { path: String::new(), message: message.into() }
    }

    /// What serde_json reports of broken JSON, with the path of the place in front.
    ///
    /// The path is found afterwards, from the position, so that good responses pay nothing for it.
    fn syntax(json: &str, error: &serde_json::Error) -> DecodeError {
        let (line, column) = (error.line(), error.column());
        let text = error.to_string();
        let position = format!(" at line {line} column {column}");
        let message = text.strip_suffix(&position).unwrap_or(&text);
        let before = json.split_inclusive('\n').take(line.saturating_sub(1));
        // The byte that breaks the JSON counts as read.
        let offset = (before.map(str::len).sum::<usize>() + column).saturating_sub(1);
        DecodeError {
            path: path::at(json.as_bytes(), offset),
            message: format!("not valid JSON: {message}"),
        }
    }
}

/// What was read with its empty value because it was of the wrong type or out of range.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Notes {
    notes: Vec<DecodeError>,
    more: usize,
}

impl Notes {
    fn add(&mut self, note: impl FnOnce() -> DecodeError) {
        if self.notes.len() < MAX_NOTES {
            self.notes.push(note());
        } else {
            self.more += 1;
        }
    }

    /// The notes without what was found.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.notes.iter().map(|note| format!("{}: of the wrong type", note.path)).collect()
    }

    /// The notes, the last of which counts those that were not kept.
    pub(crate) fn to_vec(&self) -> Vec<String> {
        let more = format!("and {} more values of the wrong type", self.more);
        let more = (self.more > 0).then_some(more);
        self.notes.iter().map(DecodeError::to_string).chain(more).collect()
    }
}

/// Reads a response.
///
/// A response without any JSON is an error, unless `T` is an `Option`.
pub(crate) fn from_response<T: JsonType>(json: &[u8]) -> Result<(T, Notes), DecodeError> {
    let mut value = T::empty();
    let notes = read_response(value.slot(), json)?;
    Ok((value, notes))
}

/// Reads JSON of which nothing may be of the wrong type: a file of the user's, or what was checked.
pub(crate) fn from_json<T: JsonType>(json: &[u8]) -> Result<T, DecodeError> {
    let (value, notes) = from_response(json)?;
    notes.notes.into_iter().next().map_or(Ok(value), Err)
}

/// As [`from_response`], into a slot.
pub(crate) fn read_response(slot: Slot<'_>, json: &[u8]) -> Result<Notes, DecodeError> {
    // Once for the whole, and not for each text.
    let json = std::str::from_utf8(json).map_err(|error| {
        let offset = error.valid_up_to();
        DecodeError {
            path: path::at(json, offset),
            message: format!("not UTF-8 after {offset} bytes"),
        }
    })?;
    let optional = matches!(slot, Slot::Optional(_));
    if json.trim_ascii().is_empty() {
        let empty = DecodeError::whole("the response is empty where JSON was expected");
        return if optional { Ok(Notes::default()) } else { Err(empty) };
    }
    let notes = RefCell::<Notes>::default();
    let mut reader = serde_json::Deserializer::from_str(json);
    let expected = slot.expected();
    let path = Path { parent: None, step: Step::Root };
    let read = Reading { slot, path: &path, mode: Mode::Tolerant(&notes) }
        .deserialize(&mut reader)
        .and_then(|read| reader.end().map(|()| read))
        .map_err(|error| DecodeError::syntax(json, &error))?;
    if read == Read::Wrong {
        let mut reader = serde_json::Deserializer::from_str(json);
        let value = AnyJson.deserialize(&mut reader).unwrap_or(Value::Null);
        let message = format!("expected {expected}, got {}", got(&value));
        return Err(DecodeError::whole(message));
    }
    Ok(notes.into_inner())
}

/// A JSON value in a message.
fn got(value: &Value) -> String {
    let scalar = match value {
        Value::Array(_) => return "an array".to_owned(),
        Value::Object(_) => return "an object".to_owned(),
        Value::Null => return "null".to_owned(),
        Value::Bool(it) => Scalar::Bool(*it),
        Value::String(text) => Scalar::Str(text),
        Value::Number(it) => match (it.as_u64(), it.as_i64()) {
            (Some(it), _) => Scalar::Uint(it),
            (None, Some(it)) => Scalar::Int(it),
            (None, None) => Scalar::Number(it.as_f64().unwrap_or(f64::NAN)),
        },
    };
    scalar.quote()
}

/// Reads a value for a caller of serde: what is of the wrong type is an error.
pub fn deserialize<'de, T: JsonType, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    let mut value = T::empty();
    let path = Path { parent: None, step: Step::Root };
    let mode = Mode::Strict(names::unknown);
    Reading { slot: value.slot(), path: &path, mode }.deserialize(from)?;
    Ok(value)
}

/// What came of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Read {
    Value,
    /// There is none.
    Null,
    /// It is of the wrong type or out of range; the slot is as it was.
    Wrong,
}

/// The way from the whole to a value; only followed where there is something to report.
struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    step: Step<'p>,
}

enum Step<'p> {
    Root,
    Name(&'p str),
    Index(usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Root => Ok(()),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Name(name) => {
                let first = self.parent.is_none_or(|it| matches!(it.step, Step::Root));
                path::write_member(f, name, first)
            }
        }
    }
}

/// What becomes of values of the wrong type.
#[derive(Clone, Copy)]
enum Mode<'n> {
    /// A note.
    Tolerant(&'n RefCell<Notes>),
    /// An error; also of an unknown name, which the function describes. A pointer, so that programs that
    /// only read responses link no spelling hints.
    Strict(fn(&str, &str, &Table) -> String),
}

/// A value that is being read.
struct Reading<'a, 'p> {
    slot: Slot<'a>,
    path: &'p Path<'p>,
    mode: Mode<'p>,
}

impl Reading<'_, '_> {
    fn wrong<E: de::Error>(
        path: &Path<'_>,
        mode: Mode<'_>,
        expected: &str,
        got: &str,
    ) -> Result<Read, E> {
        let describe = || DecodeError {
            path: path.to_string(),
            message: format!("expected {expected}, got {got}"),
        };
        match mode {
            Mode::Tolerant(notes) => {
                notes.borrow_mut().add(describe);
                Ok(Read::Wrong)
            }
            Mode::Strict(_) => Err(E::custom(describe())),
        }
    }

    fn scalar<E: de::Error>(self, value: Scalar<'_>) -> Result<Read, E> {
        let Reading { slot, path, mode } = self;
        let expected = slot.expected();
        let secret = matches!(&slot, Slot::Leaf(leaf) if leaf.is_secret());
        match set(slot, value) {
            Ok(()) => Ok(Read::Value),
            Err(reason) => {
                let expected = reason.as_deref().unwrap_or(expected);
                match value {
                    _ if secret => Self::wrong(path, mode, expected, "another value"),
                    _ => Self::wrong(path, mode, expected, &value.quote()),
                }
            }
        }
    }
}

/// Writes a scalar into its slot; fails with what the slot expects, if it knows better than
/// [`Slot::expected`].
fn set(slot: Slot<'_>, value: Scalar<'_>) -> Result<(), Option<String>> {
    fn integer<T: TryFrom<i128>>(slot: &mut T, value: Scalar<'_>) -> Result<(), Option<String>> {
        *slot = value.as_integer().and_then(|it| it.try_into().ok()).ok_or(None)?;
        Ok(())
    }
    match (slot, value) {
        (Slot::String(slot), Scalar::Str(text)) => text.clone_into(slot),
        (Slot::Leaf(leaf), value) => leaf.set(value).map_err(Some)?,
        (Slot::Bool(slot), Scalar::Bool(it)) => *slot = it,
        (Slot::I64(slot), Scalar::Int(it)) => *slot = it,
        (Slot::U64(slot), Scalar::Uint(it)) => *slot = it,
        (Slot::I64(slot), value) => integer(slot, value)?,
        (Slot::U64(slot), value) => integer(slot, value)?,
        (Slot::I32(slot), value) => integer(slot, value)?,
        (Slot::U32(slot), value) => integer(slot, value)?,
        (Slot::U16(slot), value) => integer(slot, value)?,
        (Slot::F64(slot), value) => *slot = value.as_number().ok_or(None)?,
        _ => return Err(None),
    }
    Ok(())
}

impl Slot<'_> {
    /// What can be read into it, as it stands in a sentence.
    fn expected(&self) -> &'static str {
        match self {
            Slot::Bool(_) => "a boolean",
            Slot::I64(_) => "an integer",
            Slot::I32(_) => "an integer from -2147483648 to 2147483647",
            Slot::U64(_) => "an integer from 0 to 18446744073709551615",
            Slot::U32(_) => "an integer from 0 to 4294967295",
            Slot::U16(_) => "an integer from 0 to 65535",
            Slot::F64(_) => "a number",
            Slot::String(_) | Slot::Leaf(_) => "a string",
            Slot::List(_) => "an array",
            Slot::Record(_) | Slot::Map(_) | Slot::Tree(_) => "an object",
            Slot::Any(_) | Slot::Opaque | Slot::Optional(_) => "JSON",
        }
    }
}

impl<'de> DeserializeSeed<'de> for Reading<'_, '_> {
    type Value = Read;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Read, D::Error> {
        let Reading { slot, path, mode } = self;
        match slot {
            Slot::Optional(maybe) => {
                let read = Reading { slot: maybe.fill(), path, mode }.deserialize(from)?;
                if read != Read::Value {
                    maybe.clear();
                }
                Ok(read)
            }
            Slot::Opaque => {
                IgnoredAny::deserialize(from)?;
                Ok(Read::Value)
            }
            Slot::Any(any) => {
                *any = AnyJson.deserialize(from)?;
                Ok(if any.is_null() { Read::Null } else { Read::Value })
            }
            Slot::Tree(tree) => match AnyJson.deserialize(from)? {
                Value::Null => Ok(Read::Null),
                value => {
                    let got = got(&value);
                    match tree.set(value) {
                        Ok(()) => Ok(Read::Value),
                        Err(expected) => Self::wrong(path, mode, &expected, &got),
                    }
                }
            },
            slot => from.deserialize_any(Reading { slot, path, mode }),
        }
    }
}

impl<'de> Visitor<'de> for Reading<'_, '_> {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slot.expected())
    }

    fn visit_unit<E: de::Error>(self) -> Result<Read, E> {
        Ok(Read::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Read, E> {
        Ok(Read::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Read, D::Error> {
        self.deserialize(from)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, from: D) -> Result<Read, D::Error> {
        self.deserialize(from)
    }

    fn visit_bool<E: de::Error>(self, it: bool) -> Result<Read, E> {
        self.scalar(Scalar::Bool(it))
    }

    fn visit_i64<E: de::Error>(self, it: i64) -> Result<Read, E> {
        self.scalar(if let Ok(it) = it.try_into() { Scalar::Uint(it) } else { Scalar::Int(it) })
    }

    fn visit_u64<E: de::Error>(self, it: u64) -> Result<Read, E> {
        self.scalar(Scalar::Uint(it))
    }

    fn visit_f64<E: de::Error>(self, it: f64) -> Result<Read, E> {
        self.scalar(Scalar::Number(it))
    }

    fn visit_str<E: de::Error>(self, it: &str) -> Result<Read, E> {
        self.scalar(Scalar::Str(it))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Read, A::Error> {
        let Reading { slot, path, mode } = self;
        let Slot::List(list) = slot else {
            while items.next_element::<IgnoredAny>()?.is_some() {}
            return Self::wrong(path, mode, slot.expected(), "an array");
        };
        list.clear();
        for index in 0.. {
            let path = Path { parent: Some(path), step: Step::Index(index) };
            match items.next_element_seed(Reading { slot: list.push(), path: &path, mode })? {
                Some(Read::Null) => list.pop(),
                Some(Read::Value | Read::Wrong) => {}
                None => break,
            }
        }
        list.pop();
        Ok(Read::Value)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Read, A::Error> {
        let Reading { slot, path, mode } = self;
        match slot {
            Slot::Map(map) => {
                map.clear();
                while let Some(name) = members.next_key::<String>()? {
                    let (name, slot) = map.push(name);
                    let path = Path { parent: Some(path), step: Step::Name(name) };
                    members.next_value_seed(Reading { slot, path: &path, mode })?;
                }
                map.finish();
                Ok(Read::Value)
            }
            Slot::Record(record) => {
                let table = record.table();
                let refuse = match mode {
                    Mode::Strict(describe)
                        if table.unknown_fields == UnknownFieldPolicy::Reject =>
                    {
                        Some(describe)
                    }
                    _ => None,
                };
                let (mut expected, mut expected_of_base) = (0, 0);
                while let Some(found) =
                    members.next_key_seed(Key { table, refuse, expected, expected_of_base })?
                {
                    let (slot, name) = match found {
                        Found::Field(index) => {
                            expected = index + 1;
                            (record.slot(index), table.fields[index].name())
                        }
                        Found::OfBase(index) => {
                            expected_of_base = index + 1;
                            let base = record.base_mut().unwrap_or_else(|| super::no_field());
                            let name = base.table().fields[index].name();
                            (base.slot(index), name)
                        }
                        Found::Ignored => {
                            members.next_value::<IgnoredAny>()?;
                            continue;
                        }
                        Found::Unknown(name) => {
                            let value = members.next_value_seed(AnyJson)?;
                            if let Some(unknown) = record.unknown_mut() {
                                unknown.0.insert(name, value);
                            }
                            continue;
                        }
                    };
                    let path = Path { parent: Some(path), step: Step::Name(name) };
                    members.next_value_seed(Reading { slot, path: &path, mode })?;
                }
                Ok(Read::Value)
            }
            slot => {
                while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Self::wrong(path, mode, slot.expected(), "an object")
            }
        }
    }
}

/// The name of a member.
struct Key {
    table: &'static Table,
    /// Describes an unknown name, if that is an error.
    refuse: Option<fn(&str, &str, &Table) -> String>,
    /// Where the search begins.
    expected: usize,
    expected_of_base: usize,
}

enum Found {
    Field(usize),
    OfBase(usize),
    Ignored,
    Unknown(String),
}

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Found, D::Error> {
        from.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Found, E> {
        if let Some(index) = self.table.find(self.expected, name) {
            return Ok(Found::Field(index));
        }
        if let Some(base) = &self.table.base {
            if let Some(index) = base.table.find(self.expected_of_base, name) {
                return Ok(Found::OfBase(index));
            }
        }
        if let Some(describe) = self.refuse {
            return Err(E::custom(describe(name, &format!("{name:?}"), self.table)));
        }
        match self.table.unknown_fields {
            UnknownFieldPolicy::Ignore | UnknownFieldPolicy::Reject => Ok(Found::Ignored),
            UnknownFieldPolicy::Keep | UnknownFieldPolicy::KeepWithinSpecs => {
                Ok(Found::Unknown(name.to_owned()))
            }
        }
    }
}
