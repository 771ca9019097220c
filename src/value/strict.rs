//! What a caller of the C surface sends, read strictly.
//!
//! Models tolerate what they do not know, since engines are newer than this library. A caller's
//! typing error must not be tolerated: here an unknown field is an error that lists the right
//! names. `null` stands for a field that is not given.

use std::fmt;
use std::slice;

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected,
    IntoDeserializer, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::{Member, Value, View};

/// The options or the body that the value holds, or what is wrong with it in a sentence.
pub(crate) fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    T::deserialize(Strict { value, kept: false }).map_err(|fault| fault.to_string())
}

/// What is wrong, and where.
#[derive(Debug)]
struct Fault {
    /// Each step with its dot or brackets.
    path: String,
    what: What,
}

#[derive(Debug)]
enum What {
    /// A field that is not there, and those that are.
    Unknown(String, &'static [&'static str]),
    /// A field that has to be given.
    Missing(&'static str),
    /// What it must be, and what it is.
    Wrong(String, String),
    Twice,
    Other(String),
}

impl Fault {
    fn new(what: What) -> Fault {
        Fault { path: String::new(), what }
    }

    fn wrong(expected: impl Into<String>, found: View<'_>) -> Fault {
        let found = match found {
            View::Double(number) => number.to_string(),
            _ => found.value_type().words().to_owned(),
        };
        Fault::new(What::Wrong(expected.into(), found))
    }

    fn in_member(self, key: &str) -> Fault {
        let path = self.path;
        let plain = key.bytes().all(|it| it.is_ascii_alphanumeric() || b"_-".contains(&it));
        let path = if plain && !key.is_empty() {
            format!(".{key}{path}")
        } else {
            format!("[{key:?}]{path}")
        };
        Fault { path, ..self }
    }

    fn in_item(self, index: usize) -> Fault {
        Fault { path: format!("[{index}]{}", self.path), ..self }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.strip_prefix('.').unwrap_or(&self.path);
        let place = |f: &mut fmt::Formatter<'_>| match path {
            "" => f.write_str("the value"),
            _ => write!(f, "\"{path}\""),
        };
        match &self.what {
            What::Unknown(_, []) => write!(f, "unknown field \"{path}\", none are expected"),
            What::Unknown(name, known) => {
                let all = known.join(", ");
                let one_of = if known.len() == 1 { "" } else { "one of " };
                write!(f, "unknown field \"{path}\", expected {one_of}{all}")?;
                match nearest(name, known) {
                    Some(meant) => write!(f, "; did you mean \"{meant}\"?"),
                    None => Ok(()),
                }
            }
            What::Missing(field) => write!(f, "{} needs a field \"{field}\"", Place(place)),
            What::Wrong(expected, found) => {
                write!(f, "{} must be {expected}, not {found}", Place(place))
            }
            What::Twice => write!(f, "{} is given twice", Place(place)),
            What::Other(message) if path.is_empty() => f.write_str(message),
            What::Other(message) => write!(f, "\"{path}\": {message}"),
        }
    }
}

/// Displays what the function writes.
struct Place<F>(F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Display for Place<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0(f)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Fault {
        Fault::new(What::Other(message.to_string()))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Fault {
        let found = match found {
            Unexpected::Bool(_) => "a boolean".to_owned(),
            Unexpected::Unsigned(_) | Unexpected::Signed(_) => "an integer".to_owned(),
            Unexpected::Float(number) => number.to_string(),
            Unexpected::Str(_) => "text".to_owned(),
            Unexpected::Seq => "an array".to_owned(),
            Unexpected::Map => "an object".to_owned(),
            Unexpected::Unit | Unexpected::Option => "null".to_owned(),
            found => found.to_string(),
        };
        Fault::new(What::Wrong(in_words(expected), found))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Fault {
        let found = match found {
            Unexpected::Bool(it) => it.to_string(),
            Unexpected::Unsigned(number) => number.to_string(),
            Unexpected::Signed(number) => number.to_string(),
            Unexpected::Float(number) => number.to_string(),
            Unexpected::Str(text) => format!("{text:?}"),
            found => found.to_string(),
        };
        Fault::new(What::Wrong(in_words(expected), found))
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Fault {
        Fault::new(What::Wrong(format!("one of {}", known.join(", ")), format!("{word:?}")))
    }

    fn unknown_field(name: &str, known: &'static [&'static str]) -> Fault {
        Fault::new(What::Unknown(name.to_owned(), known)).in_member(name)
    }

    fn missing_field(name: &'static str) -> Fault {
        Fault::new(What::Missing(name))
    }

    fn duplicate_field(name: &'static str) -> Fault {
        Fault::new(What::Twice).in_member(name)
    }
}

/// What serde's own visitors expect, in the words of this file.
fn in_words(expected: &dyn Expected) -> String {
    let expected = expected.to_string();
    match expected.as_str() {
        "a string" => "text".to_owned(),
        "a sequence" => "an array".to_owned(),
        "a map" => "an object".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "i8" | "i16" | "i32" | "i64" => "an integer".to_owned(),
        "u8" | "u16" | "u32" | "u64" => "an integer that is not negative".to_owned(),
        name if name.starts_with("struct ") => "an object".to_owned(),
        _ => expected,
    }
}

/// The known name that differs in a letter or two, or in case only.
fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let name = name.to_lowercase();
    let close = 1 + name.len() / 6;
    let distance = |it: &&str| distance(&name, &it.to_lowercase());
    known.iter().copied().min_by_key(distance).filter(|it| distance(it) <= close)
}

/// Letters to add, drop, replace or swap with their neighbour to make `a` of `b`.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<_>, Vec<_>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(rows[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    rows[a.len()][b.len()]
}

/// The deserializer.
#[derive(Clone, Copy)]
struct Strict<'de> {
    value: &'de Value,
    /// Whether it stands in a record that keeps unknown fields, such as a spec that was read from a
    /// newer engine and is sent back. There, what keeps them keeps them.
    kept: bool,
}

/// Says by itself what is out of range, since serde's visitors do not know the bounds.
macro_rules! integers {
    ($($method:ident $type:ty),*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            let (number, in_range) = match self.value.view() {
                View::Uint(number) => (i128::from(number), <$type>::try_from(number).is_ok()),
                View::Int(number) => (i128::from(number), <$type>::try_from(number).is_ok()),
                other => return Err(Fault::wrong("an integer", other)),
            };
            if !in_range {
                let bounds = format!("between {} and {}", <$type>::MIN, <$type>::MAX);
                return Err(Fault::new(What::Wrong(bounds, number.to_string())));
            }
            self.deserialize_any(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Strict<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value.view() {
            View::Null => visitor.visit_unit(),
            View::Bool(it) => visitor.visit_bool(it),
            View::Int(number) => visitor.visit_i64(number),
            View::Uint(number) => visitor.visit_u64(number),
            View::Double(number) => visitor.visit_f64(number),
            View::Text(text) => visitor.visit_borrowed_str(text),
            View::Array(items) => {
                visitor.visit_seq(Items { items: items.iter(), next: 0, kept: self.kept })
            }
            View::Object(members) => {
                visitor.visit_map(Members { kept: self.kept, ..Members::new(members) })
            }
        }
    }

    integers! {
        deserialize_i8 i8, deserialize_i16 i16, deserialize_i32 i32, deserialize_i64 i64,
        deserialize_u8 u8, deserialize_u16 u16, deserialize_u32 u32, deserialize_u64 u64
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value.as_f64() {
            Some(number) => visitor.visit_f64(number),
            None => Err(Fault::wrong("a number", self.value.view())),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value.view() {
            View::Bool(it) => visitor.visit_bool(it),
            other => Err(Fault::wrong("a boolean", other)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value.view() {
            View::Text(text) => visitor.visit_borrowed_str(text),
            other => Err(Fault::wrong("text", other)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value.view() {
            View::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let items = match self.value.view() {
            View::Array(items) => items,
            View::Null => &[],
            other => return Err(Fault::wrong("an array", other)),
        };
        visitor.visit_seq(Items { items: items.iter(), next: 0, kept: self.kept })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Fault> {
        match self.value.view() {
            // What is too much would be passed over in silence.
            View::Array(items) if items.len() > len => {
                Err(Fault::invalid_length(items.len(), &visitor))
            }
            _ => self.deserialize_seq(visitor),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let mut members = Members::new(members(self.value)?);
        // A struct with a flattened field asks for a map. It has fields for null to be absent from.
        members.skip_null = (&visitor as &dyn Expected).to_string().starts_with("struct ");
        members.kept = self.kept || members.skip_null;
        visitor.visit_map(members)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let members = members(self.value)?;
        let unknown = members.iter().find(|it| !known.contains(&it.key()));
        if let Some(unknown) = unknown.filter(|_| !self.kept) {
            return Err(Fault::unknown_field(unknown.key(), known));
        }
        visitor.visit_map(Members { skip_null: true, kept: self.kept, ..Members::new(members) })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.value.view() {
            View::Text(word) => {
                let word: StrDeserializer<'_, Fault> = word.into_deserializer();
                visitor.visit_enum(word)
            }
            View::Object([member]) => visitor.visit_enum(Variant(member)),
            other => Err(Fault::wrong("text", other)),
        }
    }

    /// Asked for by what passes over a field: inside a record that keeps unknown fields, one that
    /// does not.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Fault> {
        Err(Fault::custom("no such field"))
    }

    forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct identifier
    }
}

fn members(value: &Value) -> Result<&[Member], Fault> {
    match value.view() {
        View::Object(members) => Ok(members),
        View::Null => Ok(&[]),
        other => Err(Fault::wrong("an object", other)),
    }
}

struct Items<'de> {
    items: slice::Iter<'de, Value>,
    next: usize,
    kept: bool,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Fault> {
        let Some(item) = self.items.next() else { return Ok(None) };
        self.next += 1;
        let item = Strict { value: item, kept: self.kept };
        seed.deserialize(item).map(Some).map_err(|fault| fault.in_item(self.next - 1))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

struct Members<'de> {
    members: slice::Iter<'de, Member>,
    current: Option<&'de Member>,
    skip_null: bool,
    kept: bool,
}

impl<'de> Members<'de> {
    fn new(members: &'de [Member]) -> Members<'de> {
        Members { members: members.iter(), current: None, skip_null: false, kept: false }
    }
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Fault;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Fault> {
        let skip_null = self.skip_null;
        self.current = self.members.find(|it| !(skip_null && it.value().is_null()));
        let Some(member) = self.current else { return Ok(None) };
        seed.deserialize(BorrowedStrDeserializer::new(member.key()))
            .map(Some)
            .map_err(|fault: Fault| fault.in_member(member.key()))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        let member = self.current.ok_or_else(|| Fault::custom("a value before its name"))?;
        let value = Strict { value: member.value(), kept: self.kept };
        seed.deserialize(value).map_err(|fault| fault.in_member(member.key()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.members.len())
    }
}

/// An enum's word with something to it, `{"word": content}`.
struct Variant<'de>(&'de Member);

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Fault;
    type Variant = Variant<'de>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Fault> {
        let word = seed.deserialize(BorrowedStrDeserializer::new(self.0.key()))?;
        Ok((word, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        Err(Fault::new(What::Wrong("text".to_owned(), "an object".to_owned())))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Fault> {
        let Variant(member) = self;
        seed.deserialize(Strict { value: member.value(), kept: false })
            .map_err(|fault| fault.in_member(member.key()))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Fault> {
        let Variant(member) = self;
        let content = Strict { value: member.value(), kept: false };
        content.deserialize_tuple(len, visitor).map_err(|fault| fault.in_member(member.key()))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let Variant(member) = self;
        let content = Strict { value: member.value(), kept: false };
        content
            .deserialize_struct("", known, visitor)
            .map_err(|fault| fault.in_member(member.key()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct List {
        all: bool,
        limit: Option<u32>,
        size: bool,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, rename_all = "PascalCase")]
    struct Create {
        image: String,
        env: Vec<String>,
        host_config: Host,
        exposed_ports: BTreeMap<String, Nothing>,
        labels: BTreeMap<String, String>,
        stop_timeout: Option<i64>,
        network: Option<Network>,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, rename_all = "PascalCase")]
    struct Host {
        memory: i64,
        #[serde(rename = "CPUShares")]
        cpu_shares: u64,
        ratio: f64,
        mounts: Vec<Mount>,
        port_bindings: BTreeMap<String, Vec<Nothing>>,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    struct Nothing {}

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Mount {
        target: String,
        #[serde(default)]
        kind: Kind,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        #[default]
        Bind,
        Volume,
        Image {
            path: String,
        },
    }

    /// Keeps what it does not know.
    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, rename_all = "PascalCase")]
    struct Network {
        name: String,
        options: BTreeMap<String, Option<String>>,
        #[serde(flatten)]
        rest: BTreeMap<String, Value>,
    }

    fn read<T: DeserializeOwned>(json: &str) -> Result<T, String> {
        from_value(&json.parse().unwrap())
    }

    #[test]
    fn reads_what_is_right() {
        let list: List = read(r#"{"limit":5,"all":true,"size":null}"#).unwrap();
        assert_eq!(list, List { all: true, limit: Some(5), size: false });
        assert_eq!(read::<List>("null").unwrap(), List::default());

        let body: Create = read(
            r#"{"Image":"busybox","Env":["A=1"],"Labels":{"a.b":"c"},"StopTimeout":-1,
                "ExposedPorts":{"80/tcp":{},"81/tcp":null},
                "HostConfig":{"Memory":9223372036854775807,"CPUShares":18446744073709551615,
                    "Ratio":1,"Mounts":[{"Target":"/a","Kind":"volume"},
                        {"Target":"/b","Kind":{"image":{"path":"/c"}}}],
                    "PortBindings":{"80/tcp":null}},
                "Network":{"Name":null,"Options":{"a":null,"b":"c"},"New":[1],"Old":null}}"#,
        )
        .unwrap();
        assert_eq!(body.host_config.memory, i64::MAX);
        assert_eq!(body.host_config.cpu_shares, u64::MAX);
        assert_eq!(body.host_config.ratio, 1.0);
        assert_eq!(body.host_config.mounts[0].kind, Kind::Volume);
        assert_eq!(body.host_config.mounts[1].kind, Kind::Image { path: "/c".into() });
        assert_eq!(body.host_config.port_bindings["80/tcp"], []);
        assert_eq!((body.stop_timeout, body.exposed_ports.len()), (Some(-1), 2));
        let network = body.network.unwrap();
        assert_eq!((network.name.as_str(), network.options.len()), ("", 2));
        assert_eq!(network.rest["New"].to_json(), "[1]");
    }

    #[test]
    fn says_what_is_wrong() {
        let list = |json| read::<List>(json).unwrap_err();
        let create = |json| read::<Create>(json).unwrap_err();
        for (error, expected) in [
            (
                list(r#"{"limt":1}"#),
                r#"unknown field "limt", expected one of all, limit, size; did you mean "limit"?"#,
            ),
            (
                list(r#"{"ALL":true}"#),
                r#"unknown field "ALL", expected one of all, limit, size; did you mean "all"?"#,
            ),
            (list(r#"{"since":1}"#), r#"unknown field "since", expected one of all, limit, size"#),
            // Also when it is null: a typing error is one all the same.
            (
                list(r#"{"filter":null}"#),
                r#"unknown field "filter", expected one of all, limit, size"#,
            ),
            (list(r#"{"limit":"5"}"#), r#""limit" must be an integer, not text"#),
            (list(r#"{"limit":1.5}"#), r#""limit" must be an integer, not 1.5"#),
            (list(r#"{"limit":-1}"#), r#""limit" must be between 0 and 4294967295, not -1"#),
            (
                list(r#"{"limit":4294967296}"#),
                r#""limit" must be between 0 and 4294967295, not 4294967296"#,
            ),
            (list(r#"{"all":1}"#), r#""all" must be a boolean, not an integer"#),
            (list(r#"{"all":true,"all":true}"#), r#""all" is given twice"#),
            (list(r#"[true]"#), "the value must be an object, not an array"),
            (
                create(r#"{"HostConfig":{"Memroy":1}}"#),
                "unknown field \"HostConfig.Memroy\", expected one of Memory, CPUShares, Ratio, \
                 Mounts, PortBindings; did you mean \"Memory\"?",
            ),
            (
                create(r#"{"HostConfig":{"Memory":9223372036854775808}}"#),
                "\"HostConfig.Memory\" must be between -9223372036854775808 and \
                 9223372036854775807, not 9223372036854775808",
            ),
            (create(r#"{"Env":["A=1",null]}"#), r#""Env[1]" must be text, not null"#),
            (create(r#"{"Env":"A=1"}"#), r#""Env" must be an array, not text"#),
            (create(r#"{"Labels":{"a.b":1}}"#), r#""Labels["a.b"]" must be text, not an integer"#),
            (create(r#"{"Labels":[]}"#), r#""Labels" must be an object, not an array"#),
            (
                create(r#"{"ExposedPorts":{"80/tcp":{"x":1}}}"#),
                r#"unknown field "ExposedPorts["80/tcp"].x", none are expected"#,
            ),
            (
                create(r#"{"HostConfig":{"Mounts":[{"Target":""},{}]}}"#),
                r#""HostConfig.Mounts[1]" needs a field "Target""#,
            ),
            (
                create(r#"{"HostConfig":{"Mounts":[{"Target":"","Kind":"vol"}]}}"#),
                r#""HostConfig.Mounts[0].Kind" must be one of bind, volume, image, not "vol""#,
            ),
            (
                create(r#"{"HostConfig":{"Mounts":[{"Target":"","Kind":{"image":{"pat":1}}}]}}"#),
                "unknown field \"HostConfig.Mounts[0].Kind.image.pat\", expected path; \
                 did you mean \"path\"?",
            ),
            (
                create(r#"{"HostConfig":{"Ratio":"1"}}"#),
                r#""HostConfig.Ratio" must be a number, not text"#,
            ),
            (create(r#"{"Network":{"Name":[]}}"#), r#""Network.Name" must be text, not an array"#),
        ] {
            assert_eq!(error, expected);
        }
    }

    #[test]
    fn mounts_are_strict_but_in_what_is_sent_back() {
        use crate::model::{ContainerCreateRequest, ServiceSpec};

        let create = read::<ContainerCreateRequest>(
            r#"{"HostConfig":{"Mounts":[{"Target":"/a","ReadOny":true}]}}"#,
        );
        let error = create.unwrap_err();
        let path = "HostConfig.Mounts[0].ReadOny";
        assert!(error.starts_with(&format!("unknown field \"{path}\"")), "{error}");
        assert!(error.ends_with("did you mean \"ReadOnly\"?"), "{error}");
        let create = read::<ContainerCreateRequest>(r#"{"Healthcheck":{"Intervall":1}}"#);
        assert!(create.unwrap_err().ends_with("did you mean \"Interval\"?"));
        let create = read::<ContainerCreateRequest>(r#"{"HostConfig":{},"Imag":"a"}"#);
        assert!(create.unwrap_err().ends_with("did you mean \"Image\"?"));

        let service: ServiceSpec = read(
            r#"{"TaskTemplate":{"ContainerSpec":{"Mounts":[{"Target":"/a","New":1,
                "VolumeOptions":{"Newer":2}}]}}}"#,
        )
        .unwrap();
        let mount = &service.task_template.container_spec.unwrap().mounts[0];
        assert_eq!(mount.unknown.0["New"], 1);
        assert_eq!(mount.volume_options.as_ref().unwrap().unknown.0["Newer"], 2);
    }

    #[test]
    fn serde_s_own_words_are_translated() {
        #[derive(Debug, Deserialize)]
        #[serde(untagged)]
        enum Either {
            #[allow(dead_code)]
            Number(u32),
        }
        #[derive(Debug, Deserialize)]
        struct Holder {
            #[allow(dead_code)]
            either: Either,
            #[allow(dead_code)]
            at: std::net::Ipv4Addr,
        }
        let error = read::<Holder>(r#"{"either":"x"}"#).unwrap_err();
        assert!(error.starts_with(r#""either": "#), "{error}");
        let error = read::<Holder>(r#"{"either":1,"at":"x"}"#).unwrap_err();
        assert!(error.starts_with(r#""at""#), "{error}");
    }

    #[test]
    fn nearest_is_near() {
        let known = ["all", "limit", "size", "HostConfig", "CapAdd"];
        for (name, expected) in [
            ("limti", Some("limit")),
            ("HostConfg", Some("HostConfig")),
            ("hostconfig", Some("HostConfig")),
            ("CapAd", Some("CapAdd")),
            ("al", Some("all")),
            ("network", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, &known), expected, "{name}");
        }
    }
}
