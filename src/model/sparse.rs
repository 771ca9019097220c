//! Writing bodies.
//!
//! To the engine a field that is left out and a field with its empty value mean the same, except
//! where the model says otherwise with an `Option`. So a body carries only what the caller filled:
//! it is short, it can be read in a log, and no engine is confronted with an option that it does
//! not know yet and that nobody asked for.

use serde::Serialize;
use serde::ser::{
    Error as _, Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple,
    SerializeTupleStruct, Serializer,
};
use serde_json::Error;

use crate::secret::SecretBytes;

/// Writes `value` as JSON without the empty fields of its structs.
///
/// Empty are `None`, `false`, 0, `""`, an array or map without elements, and a struct all of whose
/// fields are empty. `Some` is always written, whatever is in it, and so are the elements of arrays
/// and the values of maps.
pub(crate) fn to_body<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    value.serialize(Sparse(&mut out))?;
    Ok(out)
}

/// As [`to_body`], of a secret. `capacity` is what it takes at most, so that no copy stays behind
/// where it grows.
pub(crate) fn to_secret_body<T: Serialize + ?Sized>(value: &T, capacity: usize) -> SecretBytes {
    let mut out = Vec::with_capacity(capacity);
    value.serialize(Sparse(&mut out)).expect("structs and maps of text are JSON");
    debug_assert!(out.capacity() == capacity.max(out.len()), "it has grown");
    out.into()
}

/// Whether what was just written is the empty value of its kind.
#[derive(Clone, Copy, PartialEq)]
enum Written {
    Empty,
    Full,
}

impl Written {
    fn empty_if(empty: bool) -> Written {
        if empty { Written::Empty } else { Written::Full }
    }
}

struct Sparse<'a>(&'a mut Vec<u8>);

impl Sparse<'_> {
    fn plain<T: Serialize + ?Sized>(self, value: &T, empty: bool) -> Result<Written, Error> {
        serde_json::to_writer(self.0, value)?;
        Ok(Written::empty_if(empty))
    }
}

macro_rules! scalars {
    ($($method:ident $type:ty: $empty:expr;)*) => {$(
        fn $method(self, value: $type) -> Result<Written, Error> {
            self.plain(&value, value == $empty)
        }
    )*};
}

impl<'a> Serializer for Sparse<'a> {
    type Ok = Written;
    type Error = Error;
    type SerializeSeq = Group<'a>;
    type SerializeTuple = Group<'a>;
    type SerializeTupleStruct = Group<'a>;
    type SerializeMap = Group<'a>;
    type SerializeStruct = Group<'a>;
    type SerializeTupleVariant = Impossible<Written, Error>;
    type SerializeStructVariant = Impossible<Written, Error>;

    scalars! {
        serialize_bool bool: false;
        serialize_i8 i8: 0;
        serialize_i16 i16: 0;
        serialize_i32 i32: 0;
        serialize_i64 i64: 0;
        serialize_i128 i128: 0;
        serialize_u8 u8: 0;
        serialize_u16 u16: 0;
        serialize_u32 u32: 0;
        serialize_u64 u64: 0;
        serialize_u128 u128: 0;
        serialize_f32 f32: 0.0;
        serialize_f64 f64: 0.0;
        serialize_str &str: "";
    }

    fn serialize_char(self, value: char) -> Result<Written, Error> {
        self.plain(&value, false)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Written, Error> {
        self.plain(value, value.is_empty())
    }

    fn serialize_none(self) -> Result<Written, Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Written, Error> {
        value.serialize(self)?;
        Ok(Written::Full)
    }

    fn serialize_unit(self) -> Result<Written, Error> {
        self.plain(&(), true)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Written, Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Written, Error> {
        self.plain(variant, false)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Written, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result<Written, Error> {
        Err(unsupported())
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Group<'a>, Error> {
        Ok(Group::open(self.0, b'[', b']', false))
    }

    fn serialize_tuple(self, _len: usize) -> Result<Group<'a>, Error> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<Group<'a>, Error> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        Err(unsupported())
    }

    /// A map of unknown length is how serde writes a struct with a flattened field.
    fn serialize_map(self, len: Option<usize>) -> Result<Group<'a>, Error> {
        Ok(Group::open(self.0, b'{', b'}', len.is_none()))
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Group<'a>, Error> {
        Ok(Group::open(self.0, b'{', b'}', true))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        Err(unsupported())
    }
}

/// The Engine API has no such shapes.
fn unsupported() -> Error {
    Error::custom("enum variants with data are no part of a body")
}

/// An array or object that is being written.
struct Group<'a> {
    out: &'a mut Vec<u8>,
    close: u8,
    /// Whether members with an empty value are taken back.
    sparse: bool,
    /// Where the member begins, its comma included.
    member: usize,
    empty: bool,
}

impl<'a> Group<'a> {
    fn open(out: &'a mut Vec<u8>, open: u8, close: u8, sparse: bool) -> Group<'a> {
        out.push(open);
        Group { member: out.len(), out, close, sparse, empty: true }
    }

    fn begin(&mut self) {
        self.member = self.out.len();
        if !self.empty {
            self.out.push(b',');
        }
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.begin();
        let start = self.out.len();
        key.serialize(Sparse(self.out))?;
        if self.out.get(start) != Some(&b'"') {
            return Err(Error::custom("a key must be text"));
        }
        self.out.push(b':');
        Ok(())
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let written = value.serialize(Sparse(self.out))?;
        if self.sparse && written == Written::Empty {
            self.out.truncate(self.member);
        } else {
            self.empty = false;
        }
        Ok(())
    }

    fn close(self) -> Result<Written, Error> {
        self.out.push(self.close);
        Ok(Written::empty_if(self.empty))
    }
}

macro_rules! arrays {
    ($($trait:ident $method:ident;)*) => {$(
        impl $trait for Group<'_> {
            type Ok = Written;
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.begin();
                self.value(value)
            }

            fn end(self) -> Result<Written, Error> {
                self.close()
            }
        }
    )*};
}

arrays! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
}

impl SerializeMap for Group<'_> {
    type Ok = Written;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.value(value)
    }

    fn end(self) -> Result<Written, Error> {
        self.close()
    }
}

impl SerializeStruct for Group<'_> {
    type Ok = Written;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.key(key)?;
        self.value(value)
    }

    fn end(self) -> Result<Written, Error> {
        self.close()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::super::Unknown;
    use super::*;

    #[derive(Default, Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Record {
        text: String,
        flag: bool,
        signed: i64,
        unsigned: u64,
        ratio: f64,
        list: Vec<String>,
        map: BTreeMap<String, String>,
        maps: BTreeMap<String, Inner>,
        inner: Inner,
        inners: Vec<Inner>,
        maybe: Option<Inner>,
        maybe_number: Option<i64>,
        maybe_flag: Option<bool>,
        maybe_list: Option<Vec<String>>,
        pair: Option<[u64; 2]>,
    }

    #[derive(Default, Serialize)]
    struct Inner {
        name: String,
        innermost: Innermost,
    }

    #[derive(Default, Serialize)]
    struct Innermost {
        depth: u8,
    }

    #[derive(Default, Serialize)]
    struct Keeping {
        name: String,
        count: u64,
        #[serde(flatten)]
        unknown: Unknown,
    }

    fn body<T: Serialize + ?Sized>(value: &T) -> String {
        String::from_utf8(to_body(value).unwrap()).unwrap()
    }

    #[test]
    fn empty_fields_are_left_out() {
        assert_eq!(body(&Record::default()), "{}");
        let record = Record { flag: true, ratio: 0.5, ..Record::default() };
        assert_eq!(body(&record), r#"{"Flag":true,"Ratio":0.5}"#);
        let record = Record { text: "a\"\n".into(), unsigned: u64::MAX, ..Record::default() };
        assert_eq!(body(&record), r#"{"Text":"a\"\n","Unsigned":18446744073709551615}"#);
        let record = Record { signed: i64::MIN, ..Record::default() };
        assert_eq!(body(&record), r#"{"Signed":-9223372036854775808}"#);
    }

    #[test]
    fn some_is_written_whatever_it_holds() {
        let record = Record {
            maybe: Some(Inner::default()),
            maybe_number: Some(0),
            maybe_flag: Some(false),
            maybe_list: Some(vec![]),
            pair: Some([0, 0]),
            ..Record::default()
        };
        assert_eq!(
            body(&record),
            r#"{"Maybe":{},"MaybeNumber":0,"MaybeFlag":false,"MaybeList":[],"Pair":[0,0]}"#
        );
    }

    #[test]
    fn elements_and_map_values_are_written() {
        let record = Record {
            list: vec![String::new()],
            map: [("k".into(), String::new())].into(),
            maps: [("80/tcp".into(), Inner::default())].into(),
            inners: vec![Inner::default(), Inner { name: "n".into(), ..Inner::default() }],
            ..Record::default()
        };
        assert_eq!(
            body(&record),
            r#"{"List":[""],"Map":{"k":""},"Maps":{"80/tcp":{}},"Inners":[{},{"name":"n"}]}"#
        );
    }

    #[test]
    fn a_field_deep_inside_keeps_its_parents() {
        let innermost = Innermost { depth: 3 };
        let record = Record { inner: Inner { innermost, ..Inner::default() }, ..Record::default() };
        assert_eq!(body(&record), r#"{"Inner":{"innermost":{"depth":3}}}"#);
    }

    #[test]
    fn unknown_fields_are_written_as_they_came() {
        assert_eq!(body(&Keeping::default()), "{}");
        let json = r#"{"count":2,"Blank":"","Nil":null,"Zero":0,"List":[],"Deep":{"a":{}}}"#;
        let value: Value = serde_json::from_str(json).unwrap();
        let mut members = value.as_object().unwrap().clone();
        members.remove("count");
        let unknown = Unknown(members.into_iter().collect());
        let keeping = Keeping { count: 2, unknown, ..Keeping::default() };
        let written: Value = serde_json::from_str(&body(&keeping)).unwrap();
        assert_eq!(written, value);
    }

    #[test]
    fn other_shapes() {
        assert_eq!(body(&[1, 0, 2]), "[1,0,2]");
        assert_eq!(body(""), r#""""#);
        assert_eq!(body(&Vec::<Record>::new()), "[]");
        assert_eq!(body(&('x', 1u128, -1i128)), r#"["x",1,-1]"#);
        let numbered: BTreeMap<u8, u8> = [(1, 2)].into();
        assert_eq!(to_body(&numbered).unwrap_err().to_string(), "a key must be text");
    }
}
