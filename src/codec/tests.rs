//! Tests of the reader and the writer with all types of fields.

use std::fmt::Debug;

use serde_json::Value;

use super::testing::{decode_response, to_body};
use super::{JsonType, from_json, from_response, options, path, record, write};
use crate::model::{Base64Bytes, Map, SecretString, UnknownFields};

record! {
    #[derive(Clone, Default, PartialEq)]
    struct Whole {
        text: String = "Text",
        flag: bool = "Flag",
        signed: i64 = "Signed",
        unsigned: u64 = "Unsigned",
        small: u16 = "Small",
        ratio: f64 = "Ratio",
        list: Vec<String> = "List",
        rows: Vec<Vec<String>> = "Rows",
        map: Map<String> = "Map",
        lists: Map<Vec<Part>> = "Lists",
        part: Part = "Part",
        parts: Vec<Part> = "Parts",
        maybe: Option<Part> = "Maybe",
        maybe_number: Option<i64> = "MaybeNumber",
        maybe_flag: Option<bool> = "MaybeFlag",
        maybe_list: Option<Vec<String>> = "MaybeList",
        pair: Option<[u64; 2]> = "Pair",
        any: Value = "Any",
        data: Base64Bytes = "Data",
        secret: SecretString = "Secret",
    }
}

record! {
    #[derive(Clone, Default, PartialEq)]
    struct Part {
        name: String = "Name" alias "Title",
        count: u64 = "Count" since 30,
        old: String = "Old" until 40,
        depth: Depth = "Depth" since 41,
    }
}

record! {
    #[derive(Clone, Default, PartialEq)]
    struct Depth {
        metres: i32 = "Metres",
    }
}

record! {
    #[derive(Clone, Default, PartialEq)]
    struct Spec {
        name: String = "Name",
        part: Part = "Part",
        ..unknown
    }
}

record! {
    #[derive(Clone, Default, PartialEq)]
    struct Joined {
        last: u64 = "Last",
        + part: Part,
    }
}

options! {
    #[derive(Clone, Default, PartialEq)]
    struct Choice {
        all: bool = query "all",
    }
}

fn read<T: JsonType>(json: &str) -> T {
    decode_response(json.as_bytes()).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn part(name: &str, count: u64) -> Part {
    Part { name: name.into(), count, ..Part::default() }
}

fn notes<T: JsonType>(json: &str) -> (T, Vec<String>) {
    let (value, notes) = from_response(json.as_bytes()).unwrap();
    (value, notes.to_vec())
}

#[test]
fn null_reads_as_the_empty_value() {
    let nulls = r#"{"Text":null,"Flag":null,"Signed":null,"Unsigned":null,"Small":null,"Ratio":null,
        "List":null,"Rows":null,"Map":null,"Lists":null,"Part":null,"Parts":null,"Maybe":null,
        "MaybeNumber":null,"Pair":null,"Any":null,"Data":null,"Secret":null,"New":null}"#;
    assert_eq!(notes::<Whole>(nulls), (Whole::default(), vec![]));
    assert_eq!(read::<Whole>("{}"), Whole::default());
    assert_eq!(read::<Whole>("null"), Whole::default());
    assert_eq!(read::<Vec<Whole>>("null\n"), []);
    assert_eq!(read::<Map<Whole>>("null"), Map::new());
    assert_eq!(read::<String>("null"), "");
    assert_eq!(read::<u64>("null"), 0);
    assert_eq!(read::<Option<u64>>("null"), None);
}

#[test]
fn null_items_are_skipped_and_null_members_are_empty() {
    let whole: Whole = read(
        r#"{"Part":{"Name":null,"Count":7},"Map":{"a":null,"b":"c"},"Maybe":{"Name":null},
            "List":["x",null,"y",null],"Rows":[null,["a",null],[]],
            "Lists":{"80/tcp":null,"81/tcp":[null,{"Count":null}]},
            "Parts":[null,{"Name":"a"},null,null,{"Count":1},null],"Pair":[1,2]}"#,
    );
    assert_eq!(whole.part, part("", 7));
    assert_eq!((whole.map["a"].as_str(), whole.map["b"].as_str()), ("", "c"));
    assert_eq!(whole.maybe, Some(part("", 0)));
    assert_eq!(whole.list, ["x", "y"]);
    assert_eq!(whole.rows, [vec!["a".to_owned()], vec![]]);
    assert_eq!(whole.lists["80/tcp"], []);
    assert_eq!(whole.lists["81/tcp"], [part("", 0)]);
    assert_eq!(whole.parts, [part("a", 0), part("", 1)]);
    assert_eq!(whole.pair, Some([1, 2]));
    assert_eq!(read::<Vec<Part>>("[null]"), []);
}

#[test]
fn unknown_fields_are_ignored_or_kept() {
    let whole: Whole = read(r#"{"New":[{"a":{"b":[1,2.5,"x",null,true]}}],"Text":"here"}"#);
    assert_eq!(whole, Whole { text: "here".into(), ..Whole::default() });
    let spec: Spec =
        read(r#"{"New":[null,1],"Name":null,"Part":{"New":1,"Count":2},"Other":null}"#);
    assert_eq!((spec.name.as_str(), spec.part.count), ("", 2));
    assert_eq!(spec.unknown.0["New"].to_string(), "[null,1]");
    assert!(spec.unknown.0["Other"].is_null() && spec.unknown.0.len() == 2);
    let json = r#"{"list":[null,{"x":null}],"max":18446744073709551615}"#;
    assert_eq!(read::<Whole>(&format!(r#"{{"Any":{json}}}"#)).any.to_string(), json);
    let twice = r#"{"Any":{"a":[1],"b":{"c":-1},"a":null,"b":2.5},"New":{"x":1,"x":[]}}"#;
    assert_eq!(read::<Whole>(twice).any.to_string(), r#"{"a":null,"b":2.5}"#);
    let twice: Spec = read(r#"{"New":[1,2],"New":{"x":1,"x":[true,{}]}}"#);
    assert_eq!(twice.unknown.0["New"].to_string(), r#"{"x":[true,{}]}"#);
}

#[test]
fn integers_are_exact() {
    let whole: Whole = read(
        r#"{"Unsigned":18446744073709551615,"Signed":-9223372036854775808,"Small":65535,
            "MaybeNumber":-1,"Ratio":3}"#,
    );
    assert_eq!((whole.unsigned, whole.signed), (u64::MAX, i64::MIN));
    assert_eq!((whole.small, whole.ratio, whole.maybe_number), (65535, 3.0, Some(-1)));
}

#[test]
fn floats_without_fraction_are_integers() {
    let json = r#"{"Unsigned":1024.0,"Signed":7.776e+15,"Small":1e3,"MaybeNumber":-2.0}"#;
    let (whole, notes) = notes::<Whole>(json);
    assert_eq!((whole.unsigned, whole.signed), (1024, 7_776_000_000_000_000));
    assert_eq!((whole.small, whole.maybe_number), (1000, Some(-2)));
    assert_eq!(notes, [""; 0]);
}

/// Only the field itself is lost.
#[test]
fn values_of_the_wrong_type_are_empty_with_a_note() {
    for (json, note) in [
        (r#"{"Text":5}"#, "Text: expected a string, got 5"),
        (r#"{"Text":[1,[2]]}"#, "Text: expected a string, got an array"),
        (r#"{"Flag":"yes"}"#, r#"Flag: expected a boolean, got "yes""#),
        (r#"{"Flag":1}"#, "Flag: expected a boolean, got 1"),
        (r#"{"Signed":1.5}"#, "Signed: expected an integer, got 1.5"),
        (
            r#"{"Signed":18446744073709551615}"#,
            "Signed: expected an integer, got 18446744073709551615",
        ),
        (
            r#"{"Unsigned":-1}"#,
            "Unsigned: expected an integer from 0 to 18446744073709551615, got -1",
        ),
        (
            r#"{"Unsigned":18446744073709551616}"#,
            "Unsigned: expected an integer from 0 to 18446744073709551615, got a large integer",
        ),
        (r#"{"Small":65536}"#, "Small: expected an integer from 0 to 65535, got 65536"),
        (r#"{"Ratio":"1"}"#, r#"Ratio: expected a number, got "1""#),
        (r#"{"List":"a"}"#, r#"List: expected an array, got "a""#),
        (r#"{"List":{"a":{"b":1}}}"#, "List: expected an array, got an object"),
        (r#"{"Map":["a"]}"#, "Map: expected an object, got an array"),
        (r#"{"Part":["a",1]}"#, "Part: expected an object, got an array"),
        (r#"{"Part":"a"}"#, r#"Part: expected an object, got "a""#),
        (r#"{"Maybe":3}"#, "Maybe: expected an object, got 3"),
        (r#"{"MaybeNumber":"3"}"#, r#"MaybeNumber: expected an integer, got "3""#),
        (r#"{"Pair":[1]}"#, "Pair: expected an array of 2 non-negative integers, got an array"),
        // Secrets are not quoted.
        (r#"{"Secret":12345}"#, "Secret: expected a string, got another value"),
    ] {
        assert_eq!(notes::<Whole>(json), (Whole::default(), vec![note.to_owned()]), "{json}");
        let followed = format!(r#"{},"MaybeFlag":true}}"#, json.strip_suffix('}').unwrap());
        assert_eq!(read::<Whole>(&followed).maybe_flag, Some(true), "{followed}");
        assert_eq!(from_json::<Whole>(json.as_bytes()).unwrap_err().to_string(), note);
        let error = serde_json::from_str::<Whole>(json).unwrap_err().to_string();
        assert!(error.starts_with(note), "{error}");
    }
    let (whole, notes) = notes::<Whole>(r#"{"Data":"a secret"}"#);
    assert_eq!(whole, Whole::default());
    assert_eq!(notes, ["Data: expected a base64 string, got another value"]);
}

#[test]
fn values_of_the_wrong_type_inside_lists_and_maps() {
    let (whole, found) = notes::<Whole>(
        r#"{"List":["a",1,"b"],"Map":{"x y":2,"z":"3"},"Lists":{"80/tcp":[{},{"Count":"9","Name":"n"}]},
            "Parts":["oops",{"Name":"m"}],"Rows":[["a"],7]}"#,
    );
    assert_eq!(whole.list, ["a", "", "b"]);
    assert_eq!(whole.map, [("x y", ""), ("z", "3")].into());
    assert_eq!(whole.lists["80/tcp"], [part("", 0), part("n", 0)]);
    assert_eq!(whole.parts, [part("", 0), part("m", 0)]);
    assert_eq!(whole.rows, [vec!["a".to_owned()], vec![]]);
    assert_eq!(
        found,
        [
            "List[1]: expected a string, got 1",
            r#"Map["x y"]: expected a string, got 2"#,
            r#"Lists["80/tcp"][1].Count: expected an integer from 0 to 18446744073709551615, got "9""#,
            r#"Parts[0]: expected an object, got "oops""#,
            "Rows[1]: expected an array, got 7",
        ]
    );
    let many = format!("[{}]", vec![r#"{"Name":1}"#; 20].join(","));
    let (parts, found) = notes::<Vec<Part>>(&many);
    assert_eq!((parts.len(), found.len()), (20, 9));
    assert_eq!(found[8], "and 12 more values of the wrong type");
    let long = format!(r#"{{"Flag":"{}"}}"#, "ü".repeat(500));
    assert!(notes::<Whole>(&long).1[0].len() < 260);
}

#[test]
fn wrong_outermost_type_is_an_error() {
    let message = |error: super::DecodeError| (error.path, error.message);
    let (path, list) = message(decode_response::<Vec<Part>>(b"{\"message\":\"no\"}").unwrap_err());
    assert_eq!((path.as_str(), list.as_str()), ("", "expected an array, got an object"));
    let error = decode_response::<Whole>(b"[1]").unwrap_err();
    assert_eq!(error.to_string(), "expected an object, got an array");
    assert_eq!(
        decode_response::<String>(b"5").unwrap_err().to_string(),
        "expected a string, got 5"
    );
    assert_eq!(
        decode_response::<Option<Part>>(b"\"a\"").unwrap_err().to_string(),
        r#"expected an object, got "a""#
    );
}

#[test]
fn last_of_duplicate_members_counts() {
    let twice: Whole = read(
        r#"{"Text":"a","Text":"b","List":["a","b"],"List":["c"],"Map":{"a":"1","b":"2","a":"3"},
            "Maybe":{"Name":"x"},"Maybe":null}"#,
    );
    assert_eq!((twice.text.as_str(), &twice.list[..]), ("b", &["c".to_owned()][..]));
    assert_eq!(twice.map, [("a", "3"), ("b", "2")].into());
    assert_eq!(twice.maybe, None);
}

#[test]
fn aliases_and_base_fields_in_any_order() {
    let titled: Part = read(r#"{"Title":"t","Count":1}"#);
    assert_eq!(titled, part("t", 1));
    assert_eq!(read::<Part>(r#"{"Count":1,"Name":"t"}"#), titled);
    let joined: Joined = read(r#"{"Count":1,"Last":3,"Title":"t"}"#);
    assert_eq!(joined, Joined { part: titled, last: 3 });
    assert_eq!(to_body(&joined), br#"{"Name":"t","Count":1,"Last":3}"#);
    assert_eq!(
        serde_json::to_string(&joined).unwrap(),
        r#"{"Name":"t","Count":1,"Old":"","Depth":{"Metres":0},"Last":3}"#
    );
}

#[test]
fn malformed_json_is_an_error_with_a_path() {
    let failure = |json: &str| decode_response::<Whole>(json.as_bytes()).unwrap_err().to_string();
    assert_eq!(failure(r#"{"Flag":tru}"#), "Flag: not valid JSON: expected ident");
    let cut = failure(r#"{"Part":{"Name":"unfinis"#);
    assert_eq!(cut, "Part.Name: not valid JSON: EOF while parsing a string");
    for garbage in ["{} {}", "{}x", "{}\0", "{}]"] {
        assert_eq!(failure(garbage), "not valid JSON: trailing characters", "{garbage}");
    }
    assert_eq!(failure("page not found"), "not valid JSON: expected value");
    let bytes = decode_response::<Whole>(b"{\"Text\":\"\xff\"}").unwrap_err();
    assert_eq!(bytes.to_string(), "Text: not UTF-8 after 9 bytes");
    let json = r#"{"Text":"é\n","Parts":[{"Name":"a","Count":12}],"Map":{"k":"v"},"Flag":true}"#;
    for end in 1..json.len() {
        assert!(decode_response::<Whole>(&json.as_bytes()[..end]).is_err(), "{end}");
    }
    assert!(decode_response::<Vec<Vec<String>>>("[".repeat(200_000).as_bytes()).is_err());
}

#[test]
fn empty_response_is_an_error_unless_optional() {
    for empty in ["", " ", "\r\n"] {
        let error = decode_response::<Whole>(empty.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "expected JSON, got an empty response");
        assert!(decode_response::<Vec<Whole>>(empty.as_bytes()).is_err());
        assert!(decode_response::<String>(empty.as_bytes()).is_err());
        assert_eq!(read::<Option<Whole>>(empty), None);
    }
    assert_eq!(read::<Vec<u64>>(" \r\n[1]\r\n \t"), [1]);
}

#[test]
fn options_reject_unknown_fields() {
    assert_eq!(serde_json::from_str::<Choice>(r#"{"all":true}"#).unwrap(), Choice { all: true });
    let error = serde_json::from_str::<Choice>(r#"{"al":true}"#).unwrap_err().to_string();
    assert!(error.starts_with(r#"unknown field "al""#), "{error}");
}

fn body<T: JsonType>(value: &T) -> String {
    String::from_utf8(to_body(value)).unwrap()
}

#[test]
fn empty_fields_are_omitted() {
    assert_eq!(body(&Whole::default()), "{}");
    assert_eq!(
        body(&Whole { flag: true, ratio: 0.5, ..Whole::default() }),
        r#"{"Flag":true,"Ratio":0.5}"#
    );
    let whole = Whole { text: "a\"\n".into(), unsigned: u64::MAX, ..Whole::default() };
    assert_eq!(body(&whole), r#"{"Text":"a\"\n","Unsigned":18446744073709551615}"#);
    let whole = Whole { signed: i64::MIN, ..Whole::default() };
    assert_eq!(body(&whole), r#"{"Signed":-9223372036854775808}"#);
}

#[test]
fn some_is_written_even_if_empty() {
    let whole = Whole {
        maybe: Some(Part::default()),
        maybe_number: Some(0),
        maybe_flag: Some(false),
        maybe_list: Some(vec![]),
        pair: Some([0, 0]),
        ..Whole::default()
    };
    assert_eq!(
        body(&whole),
        r#"{"Maybe":{},"MaybeNumber":0,"MaybeFlag":false,"MaybeList":[],"Pair":[0,0]}"#
    );
}

#[test]
fn empty_items_and_map_values_are_written() {
    let whole = Whole {
        list: vec![String::new()],
        map: [("k", "")].into(),
        lists: [("80/tcp", vec![Part::default()])].into(),
        parts: vec![Part::default(), part("n", 0)],
        ..Whole::default()
    };
    assert_eq!(
        body(&whole),
        r#"{"List":[""],"Map":{"k":""},"Lists":{"80/tcp":[{}]},"Parts":[{},{"Name":"n"}]}"#
    );
}

#[test]
fn nested_fields_keep_their_parents() {
    let part = Part { depth: Depth { metres: 3 }, ..Part::default() };
    let whole = Whole { part, ..Whole::default() };
    assert_eq!(body(&whole), r#"{"Part":{"Depth":{"Metres":3}}}"#);
}

#[test]
fn unknown_fields_are_written_unchanged() {
    assert_eq!(body(&Spec::default()), "{}");
    let json = r#"{"Name":"n","Blank":"","Nil":null,"Zero":0,"List":[],"Deep":{"a":{}}}"#;
    let value: Value = serde_json::from_str(json).unwrap();
    let spec: Spec = read(json);
    assert_eq!(serde_json::from_str::<Value>(&body(&spec)).unwrap(), value);
    let only =
        Spec { unknown: UnknownFields([("New".into(), 1.into())].into()), ..Spec::default() };
    assert_eq!(body(&only), r#"{"New":1}"#);
}

/// Returns the written fields that only some API versions honour, with these versions.
fn limited<T: JsonType>(value: &T) -> Vec<String> {
    let written = write::body(value.view());
    let path = |it: &write::Limited| path::at(&written.json, it.offset);
    let described =
        |it: &write::Limited| format!("{} {}-{}", path(it), it.field.since, it.field.until);
    written.limited.iter().map(described).collect()
}

#[test]
fn writer_reports_fields_of_some_versions() {
    assert_eq!(limited(&Whole::default()), [""; 0]);
    let old = Part { old: "o".into(), ..Part::default() };
    let deep = Part { depth: Depth { metres: 1 }, ..Part::default() };
    let whole = Whole {
        part: part("n", 1),
        parts: vec![part("n", 0), old],
        lists: [("b.c", vec![deep])].into(),
        ..Whole::default()
    };
    assert_eq!(
        limited(&whole),
        [r#"Lists["b.c"][0].Depth 41-65535"#, "Part.Count 30-65535", "Parts[1].Old 0-40",]
    );
}

#[test]
fn debug_matches_derive() {
    #[derive(Debug)]
    #[allow(dead_code)]
    struct Derived {
        name: &'static str,
        count: u64,
        maybe: Option<[u64; 2]>,
        list: Vec<&'static str>,
        secret: SecretString,
    }
    record! {
        #[derive(Default)]
        struct Recorded {
            name: String = "Name",
            count: u64 = "Count",
            maybe: Option<[u64; 2]> = "Maybe",
            list: Vec<String> = "List",
            secret: SecretString = "Secret",
        }
    }
    fn text(name: &str, value: &dyn Debug) -> [String; 2] {
        [format!("{value:?}"), format!("{value:#?}")].map(|it| it.replace(name, ""))
    }
    let derived = Derived {
        name: "a\"",
        count: 7,
        maybe: Some([1, 2]),
        list: vec!["x"],
        secret: "hunter2".into(),
    };
    let recorded: Recorded =
        read(r#"{"Name":"a\"","Count":7,"Maybe":[1,2],"List":["x"],"Secret":"hunter2"}"#);
    assert_eq!(text("Derived", &derived), text("Recorded", &recorded));
    assert!(!format!("{recorded:?}").contains("hunter2"));
}
