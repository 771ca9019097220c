//! Reading the engine's JSON.
//!
//! The engine writes `null` where it has an empty list, map, text or record, leaves fields out as
//! it likes, and adds new ones in every release. None of that may fail a call, so this reader puts
//! the type's own empty value wherever `null` stands and passes over what the type does not name.
//! Only what cannot be told is an error: text for a number, broken JSON.

use std::{fmt, iter};

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;

use super::path;

/// Why an answer could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DecodeError {
    /// Where, such as `HostConfig.Mounts[2].Type`; empty for the answer as a whole.
    pub(crate) path: String,
    /// What was wrong there.
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

/// Reads one answer.
///
/// `null` is the empty value of whatever is expected; a `null` in an array is passed over; unknown
/// fields are ignored. An answer without any JSON is an error, unless `T` is `()` or an `Option`.
pub(crate) fn from_answer<T: DeserializeOwned>(json: &[u8]) -> Result<T, DecodeError> {
    if json.trim_ascii().is_empty() {
        return T::deserialize(Nothing)
            .map_err(|error| DecodeError { path: String::new(), message: error.to_string() });
    }
    let mut reader = serde_json::Deserializer::from_slice(json);
    T::deserialize(Lenient(&mut reader))
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| locate(json, &error))
}

/// Says where in the answer the reader stopped.
///
/// The path is found afterwards, from the position, so that good answers pay nothing for it.
fn locate(json: &[u8], error: &serde_json::Error) -> DecodeError {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    let message =
        text.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&text).to_owned();
    let before = json.split_inclusive(|&byte| byte == b'\n').take(line.saturating_sub(1));
    let used = before.map(<[u8]>::len).sum::<usize>() + column;
    // Of broken JSON, the byte that breaks it counts as used.
    let offset = if error.is_syntax() { used.saturating_sub(1) } else { used };
    DecodeError { path: path::at(json, offset), message }
}

/// A deserializer in which `null` is the empty value of whatever is asked for.
///
/// Whoever asks for anything, as `serde_json::Value` does, sees the JSON as it is.
pub(crate) struct Lenient<D>(pub(crate) D);

/// Writes a method that gives `$empty` for `null`, and else asks for what it was asked for.
macro_rules! or_empty {
    ($($method:ident => $visit:ident($empty:expr) $(in $wrapper:ident)?;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            struct OrEmpty<V>(V);

            impl<'de, V: Visitor<'de>> Visitor<'de> for OrEmpty<V> {
                type Value = V::Value;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    self.0.expecting(f)
                }

                fn visit_none<E: Error>(self) -> Result<V::Value, E> {
                    self.0.$visit($empty)
                }

                fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
                    self.0.$visit($empty)
                }

                fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
                    let visitor = self.0;
                    $(let visitor = $wrapper(visitor);)?
                    value.$method(visitor)
                }
            }

            self.0.deserialize_option(OrEmpty(visitor))
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Lenient<D> {
    type Error = D::Error;

    or_empty! {
        deserialize_bool => visit_bool(false);
        deserialize_i8 => visit_i64(0);
        deserialize_i16 => visit_i64(0);
        deserialize_i32 => visit_i64(0);
        deserialize_i64 => visit_i64(0);
        deserialize_i128 => visit_i64(0);
        deserialize_u8 => visit_u64(0);
        deserialize_u16 => visit_u64(0);
        deserialize_u32 => visit_u64(0);
        deserialize_u64 => visit_u64(0);
        deserialize_u128 => visit_u64(0);
        deserialize_f32 => visit_f64(0.0);
        deserialize_f64 => visit_f64(0.0);
        deserialize_char => visit_char('\0');
        deserialize_str => visit_str("");
        deserialize_string => visit_str("");
        deserialize_bytes => visit_bytes(&[]);
        deserialize_byte_buf => visit_bytes(&[]);
        deserialize_seq => visit_seq(SeqDeserializer::new(iter::empty::<()>())) in Elements;
        deserialize_map => visit_map(MapDeserializer::new(iter::empty::<((), ())>())) in Members;
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(OrEmptyStruct { name, fields, visitor })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(OrNone(visitor))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        visitor.visit_newtype_struct(self)
    }

    // A tuple has no empty value, so where the engine may write `null`, its type is an `Option`.
    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple(len, Elements(visitor))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple_struct(name, len, Elements(visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_unit(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_unit_struct(name, visitor)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_identifier(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_ignored_any(visitor)
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

struct OrEmptyStruct<V> {
    name: &'static str,
    fields: &'static [&'static str],
    visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for OrEmptyStruct<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_map(MapDeserializer::new(iter::empty::<((), ())>()))
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        value.deserialize_struct(self.name, self.fields, Members(self.visitor))
    }
}

struct OrNone<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for OrNone<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Lenient(value))
    }
}

/// Hands on an array: its elements are read leniently, and those that are `null` left out.
struct Elements<T>(T);

impl<'de, V: Visitor<'de>> Visitor<'de> for Elements<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Elements(elements))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Elements<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let mut seed = seed;
        loop {
            match self.0.next_element_seed(Element(seed))? {
                None => return Ok(None),
                Some(Read::Value(value)) => return Ok(Some(value)),
                Some(Read::Null(unused)) => seed = unused,
            }
        }
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

/// Reads one element, or gives its seed back for the next one.
struct Element<S>(S);

enum Read<T, S> {
    Value(T),
    Null(S),
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Element<S> {
    type Value = Read<S::Value, S>;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<Self::Value, D::Error> {
        value.deserialize_option(self)
    }
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for Element<S> {
    type Value = Read<S::Value, S>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an element")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Read::Null(self.0))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Read::Null(self.0))
    }

    fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<Self::Value, D::Error> {
        self.0.deserialize(Lenient(value)).map(Read::Value)
    }
}

/// Hands on an object: its values are read leniently.
///
/// Its keys are not touched, so that a field's name costs no more than with plain serde.
struct Members<T>(T);

impl<'de, V: Visitor<'de>> Visitor<'de> for Members<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Members(members))
    }

    /// Derived structs would take an array as their fields in order, which the engine never means.
    /// It is read to its end, so that the error stands at the array and not inside it.
    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<V::Value, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Err(A::Error::invalid_type(Unexpected::Seq, &self))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Members<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Member(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

struct Member<S>(S);

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Member<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Lenient(value))
    }
}

/// The deserializer of an answer without a body.
struct Nothing;

impl<'de> Deserializer<'de> for Nothing {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(Error::custom("the answer is empty where JSON was expected"))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_none()
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::Value;

    use super::*;

    #[derive(Debug, Clone, Default, PartialEq, Deserialize)]
    #[serde(default, rename_all = "PascalCase")]
    struct Record {
        text: String,
        flag: bool,
        signed: i64,
        unsigned: u64,
        small: u16,
        ratio: f64,
        list: Vec<String>,
        rows: Vec<Vec<String>>,
        map: BTreeMap<String, String>,
        lists: BTreeMap<String, Vec<Inner>>,
        inner: Inner,
        inners: Vec<Inner>,
        maybe: Option<Inner>,
        maybe_number: Option<i64>,
        pair: Option<[u64; 2]>,
        any: Value,
    }

    #[derive(Debug, Clone, Default, PartialEq, Deserialize)]
    #[serde(default, rename_all = "PascalCase")]
    struct Inner {
        name: String,
        count: u64,
    }

    #[derive(Debug, Clone, Default, PartialEq, Deserialize)]
    #[serde(default, rename_all = "PascalCase")]
    struct Keeping {
        name: String,
        inner: Inner,
        #[serde(flatten)]
        rest: BTreeMap<String, Value>,
    }

    fn read<T: DeserializeOwned>(json: &str) -> T {
        from_answer(json.as_bytes()).unwrap_or_else(|error| panic!("{json}: {error}"))
    }

    fn failure(json: &str) -> (String, String) {
        let error = from_answer::<Record>(json.as_bytes()).expect_err(json);
        (error.path, error.message)
    }

    #[test]
    fn null_everywhere_is_empty() {
        let nulls = r#"{"Text":null,"Flag":null,"Signed":null,"Unsigned":null,"Small":null,
            "Ratio":null,"List":null,"Rows":null,"Map":null,"Lists":null,"Inner":null,"Inners":null,
            "Maybe":null,"MaybeNumber":null,"Pair":null,"Any":null,"New":null}"#;
        assert_eq!(read::<Record>(nulls), Record::default());
        assert_eq!(read::<Record>("{}"), Record::default());
        assert_eq!(read::<Record>("null"), Record::default());
        assert_eq!(read::<Vec<Record>>("null\n"), []);
        assert_eq!(read::<BTreeMap<String, Record>>("null"), BTreeMap::new());
        assert_eq!(read::<String>("null"), "");
        assert_eq!(read::<u64>("null"), 0);
        assert_eq!(read::<Option<u64>>("null"), None);
        read::<()>("null");
    }

    #[test]
    fn null_inside() {
        let record: Record = read(
            r#"{"Inner":{"Name":null,"Count":7},"Map":{"a":null,"b":"c"},"Maybe":{"Name":null},
                "List":["x",null,"y",null],"Rows":[null,["a",null],[]],
                "Lists":{"80/tcp":null,"81/tcp":[null,{"Count":null}]},
                "Inners":[null,{"Name":"a"},null,null,{"Count":1},null],"Pair":[1,2]}"#,
        );
        let inner = |name: &str, count| Inner { name: name.into(), count };
        assert_eq!(record.inner, inner("", 7));
        assert_eq!(record.map["a"], "");
        assert_eq!(record.map["b"], "c");
        assert_eq!(record.maybe, Some(inner("", 0)));
        assert_eq!(record.list, ["x", "y"]);
        assert_eq!(record.rows, [vec!["a".to_owned()], vec![]]);
        assert_eq!(record.lists["80/tcp"], []);
        assert_eq!(record.lists["81/tcp"], [inner("", 0)]);
        assert_eq!(record.inners, [inner("a", 0), inner("", 1)]);
        assert_eq!(record.pair, Some([1, 2]));
        assert_eq!(read::<Vec<Inner>>("[null]"), []);
    }

    #[test]
    fn unknown_fields_are_passed_over() {
        let record: Record = read(r#"{"New":[{"a":{"b":[1,2.5,"x",null,true]}}],"Text":"here"}"#);
        assert_eq!(record, Record { text: "here".into(), ..Record::default() });
    }

    #[test]
    fn any_sees_json_as_it_is() {
        let json = r#"{"list":[null,{"x":null}],"max":18446744073709551615}"#;
        let record: Record = read(&format!(r#"{{"Any":{json}}}"#));
        assert_eq!(record.any.to_string(), json);
    }

    #[test]
    fn flattened_rest_is_kept_beside_lenient_fields() {
        let kept: Keeping =
            read(r#"{"New":[null,1],"Name":null,"Inner":{"Name":null,"Count":2},"Other":null}"#);
        assert_eq!((kept.name.as_str(), kept.inner.count), ("", 2));
        let rest = serde_json::to_string(&kept.rest).unwrap();
        assert_eq!(rest, r#"{"New":[null,1],"Other":null}"#);
        assert_eq!(read::<Keeping>("null"), Keeping::default());
    }

    #[test]
    fn numbers_are_exact() {
        let record: Record = read(
            r#"{"Unsigned":18446744073709551615,"Signed":-9223372036854775808,"Small":65535,
                "MaybeNumber":-1,"Ratio":3}"#,
        );
        assert_eq!(record.unsigned, u64::MAX);
        assert_eq!(record.signed, i64::MIN);
        assert_eq!(record.small, u16::MAX);
        assert_eq!(record.maybe_number, Some(-1));
        assert_eq!(record.ratio, 3.0);
        assert_eq!(read::<Vec<i64>>("[9223372036854775807,-1,0]"), [i64::MAX, -1, 0]);
    }

    #[test]
    fn escapes() {
        let record: Record = read(
            r#"{"Text":"\u0000\n\"\\\/\ud83d\ude00é<>&","List":["\t","a\u0000b"],"\u0046lag":true}"#,
        );
        assert_eq!(record.text, "\0\n\"\\/😀é<>&");
        assert_eq!(record.list, ["\t", "a\0b"]);
        assert!(record.flag);
    }

    #[test]
    fn errors_name_the_path() {
        let path_of = |json: &str| failure(json).0;
        assert_eq!(path_of(r#"{"Text":"a","Signed":"1"}"#), "Signed");
        assert_eq!(path_of("{\n\"Inner\": {\n \"Count\": -1\n}\n}"), "Inner.Count");
        assert_eq!(
            path_of(r#"{"Inners":[{"Count":1},null,{"Name":"]},{","Count":[]}]}"#),
            "Inners[2].Count"
        );
        assert_eq!(
            path_of(r#"{"Lists":{"a":[],"80/tcp":[{"Name":{"x":1}}]}}"#),
            r#"Lists["80/tcp"][0].Name"#
        );
        assert_eq!(path_of(r#"{"Rows":[["a","b"],["c", 7]]}"#), "Rows[1][1]");
        assert_eq!(path_of(r#"{"Small":65536}"#), "Small");
        assert_eq!(path_of(r#"{"Unsigned":18446744073709551616}"#), "Unsigned");
        assert_eq!(path_of(r#"{"Maybe": 3}"#), "Maybe");
        assert_eq!(path_of(r#"{"Inner":["a",1]}"#), "Inner");
        assert_eq!(path_of(r#"{"Flag":tru}"#), "Flag");
        assert_eq!(path_of(r#"{"Inner":{"Name":"unfinis"#), "Inner.Name");
        assert_eq!(path_of(r#"[1]"#), "");
    }

    #[test]
    fn errors_say_what_was_wrong() {
        assert_eq!(
            failure(r#"{"Flag":"yes"}"#).1,
            r#"invalid type: string "yes", expected a boolean"#
        );
        assert_eq!(failure(r#"{"Text":5}"#).1, "invalid type: integer `5`, expected a string");
        let list = from_answer::<Vec<Inner>>(b"{\"message\":\"no\"}").unwrap_err();
        assert_eq!(
            (list.path.as_str(), list.message.as_str()),
            ("", "invalid type: map, expected a sequence")
        );
        let in_list =
            from_answer::<Vec<Inner>>(b"[{},{\"Name\":\"a\",\"Count\":\"b\"}]").unwrap_err();
        assert_eq!(in_list.to_string(), r#"[1].Count: invalid type: string "b", expected u64"#);
    }

    #[test]
    fn around_the_json() {
        assert_eq!(read::<Vec<u64>>(" \r\n[1]\r\n \t"), [1]);
        for garbage in ["{} {}", "{}x", "{}\0", "{}]"] {
            assert_eq!(failure(garbage), (String::new(), "trailing characters".to_owned()));
        }
        assert_eq!(failure("page not found").1, "expected value");
    }

    #[test]
    fn nothing_at_all() {
        for nothing in ["", " ", "\r\n"] {
            let (path, message) = failure(nothing);
            assert_eq!(path, "");
            assert_eq!(message, "the answer is empty where JSON was expected");
            assert!(from_answer::<Vec<Record>>(nothing.as_bytes()).is_err());
            assert!(from_answer::<String>(nothing.as_bytes()).is_err());
            assert_eq!(read::<Option<Record>>(nothing), None);
            read::<()>(nothing);
        }
    }

    #[test]
    fn cut_anywhere_is_an_error() {
        let json =
            r#"{"Text":"é\n","Inners":[{"Name":"a","Count":12}],"Map":{"k":"v"},"Flag":true}"#;
        for end in 1..json.len() {
            assert!(from_answer::<Record>(&json.as_bytes()[..end]).is_err(), "{end}");
        }
    }
}
