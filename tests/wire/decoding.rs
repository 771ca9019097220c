//! Decoding of responses: null, missing and unknown values, and exact numbers.

use crate::support::*;
use dockline::model::{ContainerStateStatus, ContainerSummary, EventMessage, EventType};
use dockline::*;

/// Makes a call whose response has this body.
fn decode_response<T>(json: &str, call: impl FnOnce(&Context) -> Result<T>) -> Result<T> {
    let json = json.to_owned();
    let engine = Responder::unix(None, move |_| Response::json(&json));
    let result = call(&speaking(&engine.host(), "1.41"));
    engine.finish();
    result
}

fn list(json: &str) -> Result<Vec<ContainerSummary>> {
    decode_response(json, |c| c.containers().list(&Default::default()))
}

fn events(json: &str) -> Vec<Result<EventMessage>> {
    let chunks: Vec<String> = json.lines().map(|line| format!("{line}\n")).collect();
    let engine = Responder::unix(None, move |_| {
        chunks.iter().fold(Response::chunked(200), |response, chunk| response.then(chunk))
    });
    let docker = speaking(&engine.host(), "1.41");
    let events = docker.system().events(&Default::default()).unwrap().collect();
    engine.finish();
    events
}

#[test]
fn null_for_list() {
    assert_eq!(list("null").unwrap(), []);
    assert_eq!(list("[]").unwrap(), []);
    assert_eq!(list("[null]").unwrap(), []);
    let one = list(r#"[null,{"Id":"a"},null]"#).unwrap();
    assert_eq!(one.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["a"]);
    decode_response("null", |c| c.images().list(&Default::default())).unwrap();
    decode_response("null", |c| c.images().delete("a", &Default::default())).unwrap();
}

#[test]
fn null_for_object() {
    let info = decode_response("null", |c| c.system().info()).unwrap();
    assert_eq!(info, Default::default());
    let container =
        decode_response("null", |c| c.containers().inspect("a", &Default::default())).unwrap();
    assert_eq!(container, Default::default());
}

/// Null, missing and empty are the same for a field of any type.
#[test]
fn null_and_missing_fields() {
    let nulls = r#"[{
        "Id": null, "Names": null, "Image": null, "ImageID": null, "ImageManifestDescriptor": null,
        "Command": null, "Created": null, "Ports": null, "SizeRw": null, "SizeRootFs": null,
        "Labels": null, "State": null, "Status": null, "HostConfig": null, "NetworkSettings": null,
        "Mounts": null, "Health": null
    }]"#;
    let nested = r#"[{
        "Names": [null], "Ports": [null, {"IP": null, "PrivatePort": null, "Type": null}],
        "Labels": {}, "HostConfig": {"NetworkMode": null, "Annotations": null},
        "NetworkSettings": {"Networks": null}, "Mounts": [null]
    }]"#;
    let missing = list("[{}]").unwrap();
    assert_eq!(missing, [ContainerSummary::default()]);
    assert_eq!(list(nulls).unwrap(), missing);
    let mut nested = list(nested).unwrap();
    assert_eq!(std::mem::take(&mut nested[0].ports).len(), 1);
    assert_eq!(nested, missing);
    let ports = r#"{"NetworkSettings":{"Ports":{"80/tcp":null,"81/tcp":[]}}}"#;
    let ports =
        decode_response(ports, |c| c.containers().inspect("a", &Default::default())).unwrap();
    assert_eq!(ports.network_settings.ports["80/tcp"], []);
    assert_eq!(ports.network_settings.ports["81/tcp"], []);
}

#[test]
fn unknown_fields() {
    let one = list(
        r#"[{"New":1,"Id":"a","Newer":{"Id":"b","deep":[{"x":null}]},"Ports":[{"New":[],"PrivatePort":80}],"Newest":"\u0000\"}]"}]"#,
    )
    .unwrap();
    assert_eq!((one[0].id.as_str(), one[0].ports[0].private_port), ("a", 80));
}

#[test]
fn unknown_enum_values() {
    let all = list(r#"[{"State":"stopping"},{"State":"running"},{"State":""}]"#).unwrap();
    let states: Vec<&str> = all.iter().map(|c| c.state.as_str()).collect();
    assert_eq!(states, ["stopping", "running", ""]);
    assert_eq!(all[0].state, ContainerStateStatus::Other("stopping".into()));
    assert_eq!(all[1].state, ContainerStateStatus::Running);
    let event = events(r#"{"Type":"weather","Action":"rain","scope":"global"}"#).remove(0).unwrap();
    assert_eq!(event.r#type, EventType::Other("weather".into()));
}

#[test]
fn exact_numbers() {
    let container = decode_response(
        r#"{"SizeRw":9223372036854775807,"SizeRootFs":-9223372036854775808,"HostConfig":{
            "Memory":9223372036854775807,"MemorySwap":-1,"IOMaximumBandwidth":18446744073709551615,
            "BlkioDeviceReadBps":[{"Path":"/dev/sda","Rate":18446744073709551615}]}}"#,
        |c| c.containers().inspect("a", &Default::default()),
    )
    .unwrap();
    assert_eq!((container.size_rw, container.size_root_fs), (Some(i64::MAX), Some(i64::MIN)));
    let host = container.host_config;
    assert_eq!((host.memory, host.memory_swap), (i64::MAX, -1));
    assert_eq!(host.io_maximum_bandwidth, u64::MAX);
    assert_eq!(host.blkio_device_read_bps[0].rate, u64::MAX);
    let event = events(r#"{"time":1461943101,"timeNano":1461943101381709551}"#).remove(0).unwrap();
    assert_eq!(event.time_nano, 1_461_943_101_381_709_551);
    // Nanoseconds also survive as an option.
    assert_eq!(TimeBound::unix_nanos(event.time_nano).to_string(), "1461943101.381709551");
    for code in [3, -1, 4_294_967_295, i64::MAX] {
        let json = format!(r#"{{"StatusCode":{code}}}"#);
        let exit =
            decode_response(&json, |c| c.containers().wait("a", &Default::default())).unwrap();
        assert_eq!(exit.status_code, code);
    }
}

#[test]
fn escaped_strings() {
    let one =
        list(r#"[{"Command":"\u00fc\ud83d\ude00\u0000\"\\\/\n","Status":"ü😀<>&"}]"#).unwrap();
    assert_eq!(one[0].command, "ü😀\0\"\\/\n");
    assert_eq!(one[0].status, "ü😀<>&");
}

/// Podman sends `null` as a record without an event.
#[test]
fn null_records() {
    let events = events("null\n{\"Action\":\"start\"}\nnull\nnull\n{\"Action\":\"die\"}\nnull");
    let actions: Vec<String> = events.into_iter().map(|event| event.unwrap().action).collect();
    assert_eq!(actions, ["start", "die"]);
}

/// Records may be preceded by 0x1E, or follow each other without a separator.
#[test]
fn record_separators() {
    let events = events("\x1e{\"Action\":\"a\"}\n \t\r{\"Action\":\"}{\\\"\"}{\"Action\":\"c\"}");
    let actions: Vec<String> = events.into_iter().map(|event| event.unwrap().action).collect();
    assert_eq!(actions, ["a", "}{\"", "c"]);
}

/// Records of any practical length are read.
#[test]
fn long_records() {
    for length in [65_535, 65_536, 1_000_000, 10_000_001] {
        let action = "x".repeat(length);
        let all = events(&format!("{{\"Action\":\"{action}\"}}\n{{\"Action\":\"next\"}}"));
        assert_eq!(all.len(), 2);
        assert!(all[0].as_ref().unwrap().action == action);
        assert_eq!(all[1].as_ref().unwrap().action, "next");
    }
}

/// Up to API 1.51, events have three more fields.
#[test]
fn events_of_old_and_new_engines() {
    let old = events(
        r#"{"status":"start","id":"c1","from":"busybox","Type":"container","Action":"start","Actor":{"ID":"c1","Attributes":{"name":"web"}},"scope":"local","time":1}"#,
    );
    let new = events(
        r#"{"Type":"container","Action":"start","Actor":{"ID":"c1","Attributes":{"name":"web"}},"scope":"local","time":1}"#,
    );
    for event in [&old[0], &new[0]] {
        let event = event.as_ref().unwrap();
        assert_eq!((&event.r#type, event.action.as_str()), (&EventType::Container, "start"));
        assert_eq!((event.actor.id.as_str(), &*event.actor.attributes["name"]), ("c1", "web"));
    }
}

// Errors.

#[track_caller]
fn assert_decode<T: std::fmt::Debug>(
    result: Result<T>,
    operation: &str,
    expected_path: &str,
    expected: &str,
) {
    let error = result.unwrap_err();
    let Error::Decode { operation: actual, path, message } = &error else { panic!("{error:?}") };
    assert_eq!((*actual, path.as_str()), (operation, expected_path));
    assert!(message.contains(expected), "{message}");
    let location =
        if expected_path.is_empty() { String::new() } else { format!(" at {expected_path:?}") };
    assert!(
        error.to_string().starts_with(&format!("{operation}: response{location}: ")),
        "{error}"
    );
}

#[test]
fn rejects_response_of_wrong_type() {
    let inspect =
        |json: &str| decode_response(json, |c| c.containers().inspect("a", &Default::default()));
    for json in [r#"["a"]"#, r#""text""#, "1", "true"] {
        assert_decode(inspect(json), "ContainerInspect", "", "expected an object, got ");
    }
    for json in [r#"{"message":"no list"}"#, r#""text""#, "0"] {
        assert_decode(list(json), "ContainerList", "", "expected an array, got ");
    }
}

/// Only the field with the wrong type is lost.
#[test]
fn wrong_type_loses_only_its_field() {
    let inspect = |json: &str| {
        let found =
            decode_response(json, |c| c.containers().inspect("a", &Default::default())).unwrap();
        assert_eq!(found.image, "i", "{json}");
        found
    };
    for json in [
        r#"{"HostConfig":{"Memory":"lots"},"Image":"i"}"#,
        r#"{"HostConfig":{"Memory":1.5},"Image":"i"}"#,
        r#"{"HostConfig":{"Memory":9223372036854775808},"Image":"i"}"#,
        r#"{"HostConfig":[1],"Image":"i"}"#,
        r#"{"State":[],"Image":"i"}"#,
        r#"{"State":{"ExitCode":0,"Pid":true},"Image":"i"}"#,
    ] {
        let found = inspect(json);
        assert_eq!((found.host_config.memory, found.state.pid), (0, 0), "{json}");
    }
    let found = inspect(r#"{"HostConfig":{"Mounts":[{},{"Type":7,"Target":"/t"}]},"Image":"i"}"#);
    assert_eq!(found.host_config.mounts.len(), 2);
    assert_eq!(found.host_config.mounts[1].target, "/t");
    let found = inspect(r#"{"Config":{"Labels":{"a.b/c":{},"d":"e"}},"Image":"i"}"#);
    assert_eq!(found.config.labels, [("a.b/c", ""), ("d", "e")].into());
    // From public bug reports: a string for a number, 65536 or -1 for a port, floats without a fraction, a string for
    // a list.
    let json = r#"[{"Id":"a","Ports":[{"IP":"0.0.0.0","PrivatePort":"all","PublicPort":65536},
            {"PrivatePort":22,"PublicPort":-1}],"SizeRw":6.7108864e+07,"Names":"n"},{"Id":"b"}]"#;
    let containers = list(json).unwrap();
    assert_eq!(containers.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    let ports = containers[0].ports.iter().map(|it| (it.private_port, it.public_port));
    assert_eq!(ports.collect::<Vec<_>>(), [(0, 0), (22, 0)]);
    assert_eq!((containers[0].size_rw, containers[0].names.len()), (Some(67_108_864), 0));
}

#[test]
fn rejects_invalid_json() {
    for (json, path, expected) in [
        ("", "", "empty"),
        (" \n", "", "empty"),
        ("<html>", "", "got application/json beginning with \"<html>\""),
        ("[{\"Id\":\"a\"", "[0].Id", "EOF"),
        ("[{\"Id\":\"a\"}] x", "", "trailing"),
        ("[{\"Id\":\"\u{1}\"}]", "[0].Id", "control"),
    ] {
        assert_decode(list(json), "ContainerList", path, expected);
    }
}

/// Deep nesting must not overflow the stack.
#[test]
fn deep_nesting() {
    for depth in [200, 100_000] {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        // An array is skipped where an object is expected.
        assert_eq!(list(&deep).unwrap().len(), 1);
        // The depth of values that are kept as JSON is limited.
        let status = format!("{{\"Status\":{{\"a\":{deep}}}}}");
        let error = decode_response(&status, |c| c.volumes().inspect("v")).unwrap_err();
        assert!(matches!(error, Error::Decode { .. }), "{error:?}");
        // Unknown fields are skipped.
        assert_eq!(list(&format!("[{{\"New\":{deep}}}]")).unwrap().len(), 1);
        let event = format!("{{\"New\":{deep},\"Action\":\"start\"}}");
        assert_eq!(events(&event)[0].as_ref().unwrap().action, "start");
    }
}

/// Records before a malformed one are delivered; the stream ends after it.
#[test]
fn malformed_record_ends_stream() {
    let mut events = events("{\"Action\":\"start\"}\n{\"time\":nul}\n{\"Action\":\"die\"}");
    assert_eq!(events.len(), 2);
    assert_decode(events.pop().unwrap(), "SystemEvents", "time", "not valid JSON");
    assert_eq!(events.pop().unwrap().unwrap().action, "start");
}

#[test]
fn rejects_text_between_records() {
    for (stream, expected) in [
        (
            "{\"Action\":\"start\"}\nout of memory\n",
            "contains \"out of memory\" instead of a JSON record",
        ),
        ("{\"Action\":\"start\"}\nnuts\n", "contains \"nuts\" instead of a JSON record"),
        ("{\"Action\":\"start\"}\n[1]\n", "contains \"[1]\" instead of a JSON record"),
        ("{\"Action\":\"start\"}\n{\"Action\":", "ends in the middle of a record"),
        ("{\"Action\":\"start\"}\nnul", "contains \"nul\" instead of a JSON record"),
    ] {
        // `events` makes a chunk of each line; the end of the body is regular.
        let stream = stream.strip_suffix('\n').unwrap_or(stream);
        let mut all = events(stream);
        assert_eq!(all.len(), 2, "{stream}");
        let error = all.pop().unwrap().unwrap_err();
        assert!(matches!(error, Error::Protocol { operation: "SystemEvents", .. }), "{error:?}");
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn wait_error() {
    let wait = |json| decode_response(json, |c| c.containers().wait("a", &Default::default()));
    assert_eq!(wait(r#"{"StatusCode":3,"Error":null}"#).unwrap().status_code, 3);
    assert_eq!(wait(r#"{"StatusCode":3,"Error":{"Message":""}}"#).unwrap().status_code, 3);
    let error = wait(r#"{"StatusCode":125,"Error":{"Message":"no such driver"}}"#).unwrap_err();
    assert!(matches!(error, Error::Stream { code: Some(125), .. }), "{error:?}");
    assert_eq!(error.to_string(), "ContainerWait: no such driver");
    assert_decode(wait("bad gateway"), "ContainerWait", "", "beginning with \"bad gateway\"");
    assert_decode(wait(""), "ContainerWait", "", "empty");
}
