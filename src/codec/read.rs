//! The tolerant reader of responses, and the strict one for serde.
//!
//! The tolerant reader turns `null` and absent members into the empty value, and ignores or keeps unknown
//! fields. A value of the wrong type or out of range becomes the empty value, with a note. The only errors
//! are malformed JSON and a wrong type of the outermost value.

use std::cell::RefCell;
use std::fmt;

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Number, Value};

use super::{JsonType, Scalar, Slot, Table, UnknownFieldPolicy, names, path};

/// Maximum number of notes on one response.
const MAX_NOTES: usize = 8;

/// A value that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DecodeError {
    /// Its path, such as `HostConfig.Mounts[2].Type`; empty for the response as a whole.
    pub(crate) path: String,
    /// The expected and the received value.
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
    fn at_root(message: impl Into<String>) -> DecodeError {
        DecodeError { path: String::new(), message: message.into() }
    }

    /// Converts an error of serde_json, with the path instead of line and column.
    ///
    /// The path is computed from the position, so that valid responses do not pay for tracking it.
    fn from_syntax(json: &str, error: &serde_json::Error) -> DecodeError {
        let (line, column) = (error.line(), error.column());
        let text = error.to_string();
        let position = format!(" at line {line} column {column}");
        let message = text.strip_suffix(&position).unwrap_or(&text);
        let before = json.split_inclusive('\n').take(line.saturating_sub(1));
        // The column includes the byte that is not valid.
        let offset = (before.map(str::len).sum::<usize>() + column).saturating_sub(1);
        DecodeError {
            path: path::at(json.as_bytes(), offset),
            message: format!("not valid JSON: {message}"),
        }
    }
}

/// The values that were replaced by the empty value, because of a wrong type or out of range.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Notes {
    notes: Vec<DecodeError>,
    /// Number of notes beyond [`MAX_NOTES`].
    omitted: usize,
}

impl Notes {
    fn add(&mut self, note: impl FnOnce() -> DecodeError) {
        if self.notes.len() < MAX_NOTES {
            self.notes.push(note());
        } else {
            self.omitted += 1;
        }
    }

    /// Returns the notes without the received values, which may be secret.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.notes.iter().map(|note| format!("{}: wrong type", note.path)).collect()
    }

    /// Returns the notes, and after them a line with the number of omitted ones, if any.
    pub(crate) fn to_vec(&self) -> Vec<String> {
        let omitted = format!("and {} more values of the wrong type", self.omitted);
        let omitted = (self.omitted > 0).then_some(omitted);
        self.notes.iter().map(DecodeError::to_string).chain(omitted).collect()
    }
}

/// Reads a response.
///
/// An empty response is an error, unless `T` is an `Option`.
pub(crate) fn from_response<T: JsonType>(json: &[u8]) -> Result<(T, Notes), DecodeError> {
    let mut value = T::empty();
    let notes = read_response(value.slot(), json)?;
    Ok((value, notes))
}

/// Reads JSON such as a file of the user. A value of the wrong type is an error.
pub(crate) fn from_json<T: JsonType>(json: &[u8]) -> Result<T, DecodeError> {
    let mut value = T::empty();
    read_json(value.slot(), json)?;
    Ok(value)
}

/// Reads JSON into a slot, like [`from_json`].
pub(crate) fn read_json(slot: Slot<'_>, json: &[u8]) -> Result<(), DecodeError> {
    if json.trim_ascii().is_empty() {
        return Err(DecodeError::at_root("expected JSON, got an empty file"));
    }
    read_response(slot, json)?.notes.into_iter().next().map_or(Ok(()), Err)
}

/// Reads a response into a slot, like [`from_response`].
pub(crate) fn read_response(slot: Slot<'_>, json: &[u8]) -> Result<Notes, DecodeError> {
    // One check of the whole response is faster than one for each string.
    let json = std::str::from_utf8(json).map_err(|error| {
        let offset = error.valid_up_to();
        DecodeError {
            path: path::at(json, offset),
            message: format!("not UTF-8 after {offset} bytes"),
        }
    })?;
    let optional = matches!(slot, Slot::Optional(_));
    if json.trim_ascii().is_empty() {
        let empty = DecodeError::at_root("expected JSON, got an empty response");
        return if optional { Ok(Notes::default()) } else { Err(empty) };
    }
    let notes = RefCell::<Notes>::default();
    let mut reader = serde_json::Deserializer::from_str(json);
    let path = Path { parent: None, step: Step::Root };
    let decoded = SlotReader { slot, path: &path, mode: Mode::Tolerant(&notes) }
        .deserialize(&mut reader)
        .and_then(|decoded| reader.end().map(|()| decoded))
        .map_err(|error| DecodeError::from_syntax(json, &error))?;
    let mut notes = notes.into_inner();
    match decoded {
        // The mismatch of the outermost value is the only note.
        Decoded::Mismatch => Err(notes.notes.remove(0)),
        Decoded::Value | Decoded::Null => Ok(notes),
    }
}

/// A JSON number as a scalar.
pub(crate) fn scalar(number: &Number) -> Scalar<'static> {
    match (number.as_u64(), number.as_i64()) {
        (Some(it), _) => Scalar::Uint(it),
        (None, Some(it)) => Scalar::Int(it),
        (None, None) => Scalar::Number(number.as_f64().unwrap_or(f64::NAN)),
    }
}

/// Formats a JSON value for messages.
fn describe(value: &Value) -> String {
    let scalar = match value {
        Value::Array(_) => return "an array".to_owned(),
        Value::Object(_) => return "an object".to_owned(),
        Value::Null => return "null".to_owned(),
        Value::Bool(it) => Scalar::Bool(*it),
        Value::String(text) => Scalar::Str(text),
        Value::Number(it) => scalar(it),
    };
    scalar.quote()
}

/// Implements `serde::Deserialize`. A value of the wrong type is an error.
pub fn deserialize<'de, T: JsonType, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    let mut value = T::empty();
    let path = Path { parent: None, step: Step::Root };
    let mode = Mode::Strict(names::unknown_field);
    SlotReader { slot: value.slot(), path: &path, mode }.deserialize(from)?;
    Ok(value)
}

/// The result of reading a value into a slot.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decoded {
    Value,
    /// `null`, which is not stored.
    Null,
    /// A value of the wrong type or out of range, which is not stored.
    Mismatch,
}

/// The path to a value, as a linked list on the stack. It is only rendered for errors and notes.
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

/// The message for an unknown field, [`names::unknown_field`].
///
/// A function pointer, so that programs that only read responses do not link the spelling hints.
type UnknownFieldMessage = fn(&str, &str, &Table) -> String;

/// The treatment of values of the wrong type.
#[derive(Clone, Copy)]
enum Mode<'n> {
    /// They become notes.
    Tolerant(&'n RefCell<Notes>),
    /// They are errors, and so are unknown fields of options.
    Strict(UnknownFieldMessage),
}

/// Reads a value into a slot.
struct SlotReader<'a, 'p> {
    slot: Slot<'a>,
    path: &'p Path<'p>,
    mode: Mode<'p>,
}

impl SlotReader<'_, '_> {
    fn mismatch<E: de::Error>(
        path: &Path<'_>,
        mode: Mode<'_>,
        expected: &str,
        got: &str,
    ) -> Result<Decoded, E> {
        let error = || DecodeError {
            path: path.to_string(),
            message: format!("expected {expected}, got {got}"),
        };
        match mode {
            Mode::Tolerant(notes) => {
                notes.borrow_mut().add(error);
                Ok(Decoded::Mismatch)
            }
            Mode::Strict(_) => Err(E::custom(error())),
        }
    }

    fn scalar<E: de::Error>(self, value: Scalar<'_>) -> Result<Decoded, E> {
        let SlotReader { slot, path, mode } = self;
        let expected = slot.expected();
        let secret = matches!(&slot, Slot::Leaf(leaf) if leaf.is_secret());
        match set(slot, value) {
            Ok(()) => Ok(Decoded::Value),
            Err(description) => {
                let expected = description.as_deref().unwrap_or(expected);
                match value {
                    _ if secret => Self::mismatch(path, mode, expected, "another value"),
                    _ => Self::mismatch(path, mode, expected, &value.quote()),
                }
            }
        }
    }
}

/// Stores a scalar in a slot. Fails with a description of the expected value, if there is a more exact
/// one than [`Slot::expected`].
fn set(slot: Slot<'_>, value: Scalar<'_>) -> Result<(), Option<String>> {
    fn integer<T: TryFrom<i128>>(slot: &mut T, value: Scalar<'_>) -> Result<(), Option<String>> {
        *slot = value.as_integer().and_then(|it| it.try_into().ok()).ok_or(None)?;
        Ok(())
    }
    match (slot, value) {
        (Slot::String(slot), Scalar::Str(text)) => text.clone_into(slot),
        (Slot::Leaf(leaf), value) => leaf.set(value).map_err(Some)?,
        (Slot::Any(any), value) => any.set(value),
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
    /// Returns a description of the expected value, for messages.
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

impl<'de> DeserializeSeed<'de> for SlotReader<'_, '_> {
    type Value = Decoded;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Decoded, D::Error> {
        let SlotReader { slot, path, mode } = self;
        match slot {
            Slot::Optional(maybe) => {
                let decoded = SlotReader { slot: maybe.fill(), path, mode }.deserialize(from)?;
                if decoded != Decoded::Value {
                    maybe.clear();
                }
                Ok(decoded)
            }
            Slot::Opaque => {
                IgnoredAny::deserialize(from)?;
                Ok(Decoded::Value)
            }
            Slot::Tree(tree) => {
                let mut json = tree.json();
                SlotReader { slot: Slot::Any(&mut *json), path, mode }.deserialize(from)?;
                match json.take() {
                    Value::Null => Ok(Decoded::Null),
                    value => {
                        let got = describe(&value);
                        match tree.set(value) {
                            Ok(()) => Ok(Decoded::Value),
                            Err(expected) => Self::mismatch(path, mode, &expected, &got),
                        }
                    }
                }
            }
            mut slot => {
                if let Slot::Any(any) = &mut slot {
                    any.clear();
                }
                // The only call, so that it is inlined.
                from.deserialize_any(SlotReader { slot, path, mode })
            }
        }
    }
}

impl<'de> Visitor<'de> for SlotReader<'_, '_> {
    type Value = Decoded;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slot.expected())
    }

    fn visit_unit<E: de::Error>(self) -> Result<Decoded, E> {
        Ok(Decoded::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Decoded, E> {
        Ok(Decoded::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Decoded, D::Error> {
        self.deserialize(from)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, from: D) -> Result<Decoded, D::Error> {
        self.deserialize(from)
    }

    fn visit_bool<E: de::Error>(self, it: bool) -> Result<Decoded, E> {
        self.scalar(Scalar::Bool(it))
    }

    fn visit_i64<E: de::Error>(self, it: i64) -> Result<Decoded, E> {
        self.scalar(if let Ok(it) = it.try_into() { Scalar::Uint(it) } else { Scalar::Int(it) })
    }

    fn visit_u64<E: de::Error>(self, it: u64) -> Result<Decoded, E> {
        self.scalar(Scalar::Uint(it))
    }

    fn visit_f64<E: de::Error>(self, it: f64) -> Result<Decoded, E> {
        self.scalar(Scalar::Number(it))
    }

    fn visit_str<E: de::Error>(self, it: &str) -> Result<Decoded, E> {
        self.scalar(Scalar::Str(it))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Decoded, A::Error> {
        let SlotReader { slot, path, mode } = self;
        let list = match slot {
            Slot::List(list) => list,
            Slot::Any(any) => {
                any.begin_array();
                while items
                    .next_element_seed(SlotReader { slot: Slot::Any(any.push_item()), path, mode })?
                    .is_some()
                {}
                any.pop_item();
                return Ok(Decoded::Value);
            }
            slot => {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                return Self::mismatch(path, mode, slot.expected(), "an array");
            }
        };
        list.clear();
        for index in 0.. {
            let path = Path { parent: Some(path), step: Step::Index(index) };
            match items.next_element_seed(SlotReader { slot: list.push(), path: &path, mode })? {
                Some(Decoded::Null) => list.pop(),
                Some(Decoded::Value | Decoded::Mismatch) => {}
                None => break,
            }
        }
        list.pop();
        Ok(Decoded::Value)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Decoded, A::Error> {
        let SlotReader { slot, path, mode } = self;
        match slot {
            Slot::Map(map) => {
                map.clear();
                while let Some(name) = members.next_key::<String>()? {
                    let (name, slot) = map.push(name);
                    let path = Path { parent: Some(path), step: Step::Name(name) };
                    members.next_value_seed(SlotReader { slot, path: &path, mode })?;
                }
                map.finish();
                Ok(Decoded::Value)
            }
            Slot::Any(any) => {
                any.begin_object();
                while let Some(name) = members.next_key::<String>()? {
                    let slot = Slot::Any(any.push_member(name));
                    members.next_value_seed(SlotReader { slot, path, mode })?;
                }
                Ok(Decoded::Value)
            }
            Slot::Record(record) => {
                let table = record.table();
                let reject = match mode {
                    Mode::Strict(message) if table.unknown_fields == UnknownFieldPolicy::Reject => {
                        Some(message)
                    }
                    _ => None,
                };
                let (mut expected, mut expected_in_base) = (0, 0);
                while let Some(member) = members.next_key_seed(NameReader {
                    table,
                    reject,
                    expected,
                    expected_in_base,
                })? {
                    let (slot, name) = match member {
                        Member::Field(index) => {
                            expected = index + 1;
                            (record.slot(index), table.fields[index].name())
                        }
                        Member::BaseField(index) => {
                            expected_in_base = index + 1;
                            let base = record.base_mut().unwrap_or_else(|| super::no_field());
                            let name = base.table().fields[index].name();
                            (base.slot(index), name)
                        }
                        Member::Ignored => {
                            members.next_value::<IgnoredAny>()?;
                            continue;
                        }
                        Member::Unknown(name) => {
                            let slot = record.push_unknown(name).unwrap_or(Slot::Opaque);
                            members.next_value_seed(SlotReader { slot, path, mode })?;
                            continue;
                        }
                    };
                    let path = Path { parent: Some(path), step: Step::Name(name) };
                    members.next_value_seed(SlotReader { slot, path: &path, mode })?;
                }
                Ok(Decoded::Value)
            }
            slot => {
                while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Self::mismatch(path, mode, slot.expected(), "an object")
            }
        }
    }
}

/// Reads the name of a member and looks it up.
struct NameReader {
    table: &'static Table,
    /// If set, an unknown field is an error with this message.
    reject: Option<UnknownFieldMessage>,
    /// The field at which the search begins.
    expected: usize,
    /// The field of the base at which the search begins.
    expected_in_base: usize,
}

/// The member that a name stands for.
enum Member {
    /// The field with this index.
    Field(usize),
    /// The field of the base with this index.
    BaseField(usize),
    /// An unknown field to skip.
    Ignored,
    /// An unknown field to keep.
    Unknown(String),
}

impl<'de> DeserializeSeed<'de> for NameReader {
    type Value = Member;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Member, D::Error> {
        from.deserialize_identifier(self)
    }
}

impl Visitor<'_> for NameReader {
    type Value = Member;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Member, E> {
        if let Some(index) = self.table.find(self.expected, name) {
            return Ok(Member::Field(index));
        }
        if let Some(base) = &self.table.base {
            if let Some(index) = base.table.find(self.expected_in_base, name) {
                return Ok(Member::BaseField(index));
            }
        }
        if let Some(message) = self.reject {
            return Err(E::custom(message(name, &format!("{name:?}"), self.table)));
        }
        match self.table.unknown_fields {
            UnknownFieldPolicy::Ignore | UnknownFieldPolicy::Reject => Ok(Member::Ignored),
            UnknownFieldPolicy::Keep | UnknownFieldPolicy::KeepWithinSpecs => {
                Ok(Member::Unknown(name.to_owned()))
            }
        }
    }
}
