use super::*;

fn value(json: &str) -> Value {
    json.parse().unwrap()
}

/// Returns the value as JSON, after a check of its strings.
fn json(value: &Value) -> String {
    check_strings(value);
    value.to_json()
}

/// Checks that a NUL follows each string and name.
fn check_strings(value: &Value) {
    #[cfg(feature = "capi")]
    if let Some((start, len)) = value.text_for_c() {
        // SAFETY: the arena has a NUL after each string.
        assert_eq!(unsafe { start.add(len).read() }, 0);
    }
    value.items().for_each(check_strings);
    for (i, (_, it)) in value.members().enumerate() {
        #[cfg(feature = "capi")]
        {
            let (start, len) = value.member(i).unwrap().key_for_c();
            // SAFETY: as above.
            assert_eq!(unsafe { start.add(len).read() }, 0);
        }
        let _ = i;
        check_strings(it);
    }
}

#[test]
fn json_round_trips() {
    for text in [
        "null",
        "true",
        "0",
        "-1",
        "1.5",
        "-0.0",
        "1e+300",
        "18446744073709551615",
        "9223372036854775808",
        "-9223372036854775808",
        "\"\"",
        "\"a\\u0000b\"",
        "\"ü😀\\\"\\\\\\n\"",
        "[]",
        "{}",
        "[[],{},[null]]",
        r#"{"z":1,"a":{"":2,"a/b":3,"m~n":[]},"":"x"}"#,
        r#"{"twice":1,"twice":2}"#,
    ] {
        assert_eq!(json(&value(text)), text);
        assert_eq!(json(&value(text).clone()), text);
    }
    assert_eq!(json(&value(" [ 1 , \"\\u00fc\" ]\n")), "[1,\"ü\"]");
}

#[test]
fn pretty_json() {
    let it = value(r#"{"a":[1,{}],"b":[]}"#);
    assert_eq!(it.to_json_pretty(), "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
    assert_eq!(format!("{it:#}"), it.to_json_pretty());
    assert_eq!(format!("{it} {it:?}"), format!("{0} {0}", it.to_json()));
}

#[test]
fn parse_errors_name_the_position() {
    for (text, message) in [
        (&b""[..], "not JSON: EOF while parsing a value at line 1 column 0"),
        (b"{\"a\":1,}", "not JSON: trailing comma at line 1 column 8"),
        (b"[1]\n2", "not JSON: trailing characters at line 2 column 1"),
        (b"\"\xff\"", "not JSON: not UTF-8 after 1 bytes"),
        (b"1e999", "not JSON: number out of range at line 1 column 5"),
    ] {
        assert_eq!(Value::parse(text).unwrap_err().to_string(), message);
    }
}

#[test]
fn nesting_is_limited() {
    let nested = |levels| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(json(&value(&nested(100))), nested(100));
    let error = Value::parse(nested(101).as_bytes()).unwrap_err().to_string();
    assert_eq!(error, "not JSON: nested deeper than 100 levels at line 1 column 101");
    let objects = format!("{}1{}", "{\"a\":".repeat(101), "}".repeat(101));
    assert!(objects.parse::<Value>().unwrap_err().to_string().contains("nested deeper than 100"));
    assert!("[".repeat(1 << 20).parse::<Value>().is_err());

    let mut it = value(&nested(99));
    assert!(it.set(&"/0".repeat(99), Value::array()).is_ok());
    let error = it.set(&"/0".repeat(100), Value::array()).unwrap_err().to_string();
    assert!(error.ends_with("nested deeper than 100 levels"), "{error}");
    assert!(it.set(&"/0".repeat(101), 1).is_err());
    assert!(it.set(&"/0".repeat(100), 1).is_ok());
}

#[test]
fn typed_getters() {
    let it = value(r#"[1,-1,18446744073709551615,1.0,"1",true,null,[],{}]"#);
    let at = |i| it.at(i).unwrap();
    let types: Vec<_> = it.items().map(Value::value_type).collect();
    use ValueType::{Array, Bool, Double, Integer, Null, Object};
    assert_eq!(
        types,
        [Integer, Integer, Integer, Double, ValueType::String, Bool, Null, Array, Object]
    );
    assert_eq!(it.items().filter_map(Value::as_i64).collect::<Vec<_>>(), [1, -1]);
    assert_eq!(it.items().filter_map(Value::as_u64).collect::<Vec<_>>(), [1, u64::MAX]);
    assert_eq!(it.items().filter_map(Value::as_f64).count(), 4);
    assert_eq!((at(4).as_str(), at(5).as_bool()), (Some("1"), Some(true)));
    assert!(at(6).is_null() && !at(7).is_null());
    assert_eq!((it.len(), it.is_empty(), at(8).is_empty()), (9, false, true));
    assert!(it.at(9).is_none() && it.key(0).is_none() && at(0).at(0).is_none());

    let it = value(r#"{"b":1,"a":2}"#);
    assert_eq!((it.key(0), it.at(1).unwrap().as_i64(), it.key(2)), (Some("b"), Some(2), None));
    assert_eq!(it.members().map(|it| it.0).collect::<String>(), "ba");
    assert_eq!(Value::from(f64::NAN), Value::NULL);
    assert_eq!(Value::from(7i64), Value::from(7u64));
}

#[test]
fn get_follows_rfc_6901() {
    let it = value(
        r#"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#,
    );
    assert_eq!(it.get("").unwrap(), &it);
    for (pointer, expected) in [
        ("/foo", r#"["bar","baz"]"#),
        ("/foo/0", "\"bar\""),
        ("/", "0"),
        ("/a~1b", "1"),
        ("/c%d", "2"),
        ("/e^f", "3"),
        ("/g|h", "4"),
        ("/i\\j", "5"),
        ("/k\"l", "6"),
        ("/ ", "7"),
        ("/m~0n", "8"),
    ] {
        assert_eq!(it.get(pointer).unwrap().to_json(), expected, "{pointer}");
    }
    for pointer in
        ["foo", "/foo/2", "/foo/-", "/foo/00", "/foo/+1", "/foo/", "/x", "/foo/0/x", "/m~n", "/a~"]
    {
        assert!(it.get(pointer).is_none(), "{pointer}");
    }
    // ~01 is ~1, not /.
    assert!(value(r#"{"~1":1}"#).get("/~01").is_some());
    assert_eq!(value(r#"{"a":1,"a":2}"#).get("/a").unwrap().as_i64(), Some(2));
}

#[test]
fn require_reports_missing_and_mistyped_values() {
    let it = value(r#"{"Id":7,"State":{"Health":null},"Ports":[{}],"a/b":{"c":[1,2]}}"#);
    let ok = |pointer, of| it.require(pointer, of).unwrap().to_json();
    assert_eq!(ok("/Id", ValueType::Integer), "7");
    assert_eq!(ok("/Id", ValueType::Double), "7");
    assert_eq!(ok("/a~1b/c/1", ValueType::Integer), "2");
    for (pointer, of, message) in [
        ("/Name", ValueType::String, r#"no "/Name": the value has no member "Name""#),
        ("/Id", ValueType::String, r#""/Id" must be a string, not an integer"#),
        ("", ValueType::Array, r#""" must be an array, not an object"#),
        (
            "/State/Health/Status",
            ValueType::String,
            r#"no "/State/Health/Status": "/State/Health" is null"#,
        ),
        (
            "/State/Helth/x",
            ValueType::String,
            r#"no "/State/Helth/x": "/State" has no member "Helth""#,
        ),
        ("/Ports/3/IP", ValueType::String, r#"no "/Ports/3/IP": "/Ports" has 1 item, no item 3"#),
        ("/a~1b/c/2", ValueType::String, r#"no "/a~1b/c/2": "/a~1b/c" has 2 items, no item 2"#),
        (
            "/Ports/IP",
            ValueType::String,
            r#"no "/Ports/IP": "/Ports" is an array, and "IP" is not an index"#,
        ),
        (
            "Id",
            ValueType::String,
            r#"cannot use "Id": a JSON Pointer must be empty or begin with "/""#,
        ),
        (
            "/~2",
            ValueType::String,
            r#"cannot use "/~2": "~" must be written "~0", and "/" within a name "~1""#,
        ),
    ] {
        assert_eq!(it.require(pointer, of).unwrap_err().to_string(), message);
    }
}

#[test]
fn set_creates_parents() {
    let mut it = Value::object();
    it.set("/Image", "busybox").unwrap();
    it.set("/HostConfig/Memory", 1u64 << 40).unwrap();
    it.set("/HostConfig/PortBindings/80~1tcp/0/HostPort", "8080").unwrap();
    it.set("/Env/-", "A=1").unwrap();
    it.set("/Env/-", "B=2").unwrap();
    it.set("/Env/0", "A=3").unwrap();
    it.set("/Env/2", "C=4").unwrap();
    let labels = value(r#"{"a":null}"#);
    it.set("/Labels", &labels).unwrap();
    it.set("/Labels/a/b", -5).unwrap();
    it.set("/Tty", true).unwrap();
    it.set("/Ratio", 0.5).unwrap();
    it.set("/Tty", Value::NULL).unwrap();
    let expected = r#"{"Image":"busybox","HostConfig":{"Memory":1099511627776,"PortBindings":{"80/tcp":[{"HostPort":"8080"}]}},"Env":["A=3","B=2","C=4"],"Labels":{"a":{"b":-5}},"Tty":null,"Ratio":0.5}"#;
    assert_eq!(json(&it), expected);
    assert_eq!(it, value(expected));

    it.set("", "all").unwrap();
    assert_eq!(json(&it), "\"all\"");
    it.set("", Value::NULL).unwrap();
    it.set("/-/x", 1).unwrap();
    assert_eq!(json(&it), r#"[{"x":1}]"#);
}

#[test]
fn failed_set_changes_nothing() {
    let before = r#"{"Id":"x","Env":["a"]}"#;
    let mut it = value(before);
    for (pointer, message) in [
        ("/Id/x", r#"cannot use "/Id/x": "/Id" is a string"#),
        ("/Env/2", r#"cannot use "/Env/2": "/Env" has 1 item, no item 2"#),
        ("/Env/x/y", r#"cannot use "/Env/x/y": "/Env" is an array, and "x" is not an index"#),
        ("/Env/01", r#"cannot use "/Env/01": "/Env" is an array, and "01" is not an index"#),
        ("x", r#"cannot use "x": a JSON Pointer must be empty or begin with "/""#),
        ("/New/~", r#"cannot use "/New/~": "~" must be written "~0", and "/" within a name "~1""#),
    ] {
        assert_eq!(it.set(pointer, 1).unwrap_err().to_string(), message);
        assert_eq!(json(&it), before);
    }
}

#[test]
fn remove_keeps_the_order_of_members() {
    let mut it = value(r#"{"a":1,"b":[1,2,3],"c":3,"a":4}"#);
    assert_eq!(it.remove("/b/1"), Ok(true));
    assert_eq!(it.remove("/b/2"), Ok(false));
    assert_eq!(it.remove("/b/-"), Ok(false));
    assert_eq!(it.remove("/x/y"), Ok(false));
    assert_eq!(it.remove("/a"), Ok(true));
    assert_eq!(json(&it), r#"{"b":[1,3],"c":3}"#);
    it.set("/b/-", 4).unwrap();
    it.set("/a", 5).unwrap();
    assert_eq!(json(&it), r#"{"b":[1,3,4],"c":3,"a":5}"#);
    assert!(it.remove("c").is_err());
    assert_eq!(it.remove(""), Ok(true));
    assert!(it.is_null());
    assert_eq!(Value::from(1).remove("/a"), Ok(false));
}

#[test]
fn equality_ignores_only_the_order_of_members() {
    assert_eq!(
        value(r#"{"a":1,"b":[1,{"x":2,"y":3}]}"#),
        value(r#"{"b":[1,{"y":3,"x":2}],"a":1}"#)
    );
    for (a, b) in [
        ("[1,2]", "[2,1]"),
        ("1", "1.0"),
        ("1", "-1"),
        ("\"1\"", "1"),
        ("null", "[]"),
        ("{}", "[]"),
        (r#"{"a":1}"#, r#"{"a":1,"b":2}"#),
        (r#"{"a":1,"a":1}"#, r#"{"a":1,"b":2}"#),
        (r#"{"b":1,"a":2}"#, r#"{"a":1,"b":2}"#),
    ] {
        assert_ne!(value(a), value(b));
        assert_ne!(value(b), value(a));
    }
}

#[test]
fn repeated_changes_take_bounded_memory() {
    let mut it = value(r#"{"kept":[1,2,3],"text":""}"#);
    for n in 0..if cfg!(miri) { 200 } else { 2000 } {
        it.set("/text", "x".repeat(n % 100)).unwrap();
        it.set("/list/-", n as u64).unwrap();
        it.remove("/list/0").unwrap();
    }
    assert_eq!(it.get("/kept").unwrap().to_json(), "[1,2,3]");
    assert_eq!(it.get("/text").unwrap().as_str(), Some(&*"x".repeat(99)));
    assert!(it.document_mut().arena.used() < 16 << 10, "{}", it.document_mut().arena.used());
}

#[test]
fn arrays_and_objects_grow() {
    let mut it = Value::array();
    for n in 0..1000u64 {
        it.set("/-", n).unwrap();
    }
    assert!(it.items().map(|it| it.as_u64().unwrap()).eq(0..1000));
    let mut it = Value::object();
    for n in 0..200 {
        it.set(&format!("/k{n}"), n.to_string()).unwrap();
    }
    check_strings(&it);
    for n in 0..200 {
        assert_eq!(it.key(n), Some(&*format!("k{n}")));
        assert_eq!(it.at(n).unwrap().as_str(), Some(&*n.to_string()));
    }
}

#[test]
fn children_keep_their_address_when_the_root_moves() {
    let root = value(r#"{"a":{"b":"text"}}"#);
    let child: *const Value = root.get("/a/b").unwrap();
    let moved = Box::new(root);
    assert!(std::ptr::eq(child, moved.get("/a/b").unwrap()));
    let read = std::thread::spawn(move || moved.get("/a/b").unwrap().as_str() == Some("text"));
    assert!(read.join().unwrap());
}

#[test]
fn is_a_field_of_serde_types() {
    #[derive(serde::Deserialize, serde::Serialize)]
    struct Both {
        id: u32,
        extra: Value,
    }
    let both: Both = serde_json::from_str(r#"{"id":1,"extra":{"a":[1,null]}}"#).unwrap();
    assert_eq!(both.extra.get("/a/0").and_then(Value::as_i64), Some(1));
    assert_eq!(serde_json::to_string(&both).unwrap(), r#"{"id":1,"extra":{"a":[1,null]}}"#);
}
