//! Paths to values in JSON, such as `HostConfig.Mounts[2].Type`.

use std::fmt;

/// An array or object that encloses the position.
enum Open<'a> {
    /// The index of the current item.
    Array(usize),
    /// The name of the current member, with its quotes, once it is complete.
    Object(Option<&'a [u8]>),
}

/// Returns the path to the value at byte `offset`.
///
/// Names with characters other than letters, digits, `_` and `-` are put in brackets:
/// `Ports["80/tcp"][0]`. The JSON may be incomplete or malformed.
pub(crate) fn at(json: &[u8], offset: usize) -> String {
    let json = &json[..offset.min(json.len())];
    let mut stack = Vec::new();
    let mut index = 0;
    while let Some(&byte) = json.get(index) {
        match byte {
            b'{' => stack.push(Open::Object(None)),
            b'[' => stack.push(Open::Array(0)),
            b'}' | b']' => drop(stack.pop()),
            b',' => match stack.last_mut() {
                Some(Open::Array(position)) => *position += 1,
                Some(Open::Object(key)) => *key = None,
                None => {}
            },
            b'"' => {
                let length = string_length(&json[index..]);
                if let (Some(Open::Object(key @ None)), Some(length)) = (stack.last_mut(), length) {
                    *key = Some(&json[index..index + length]);
                }
                index += length.unwrap_or(json.len() - index) - 1;
            }
            _ => {}
        }
        index += 1;
    }
    render(&stack)
}

/// Returns the length of the JSON string at the start of `json`, with its quotes; `None` if it is not
/// terminated.
fn string_length(json: &[u8]) -> Option<usize> {
    let mut escaped = false;
    let end = json[1..].iter().position(|&byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    });
    end.map(|end| end + 2)
}

fn render(stack: &[Open<'_>]) -> String {
    let mut path = String::new();
    for open in stack {
        match open {
            Open::Array(position) => path.push_str(&format!("[{position}]")),
            Open::Object(None) => {}
            Open::Object(Some(quoted)) => push_member(&mut path, quoted),
        }
    }
    path
}

/// Appends a member to a path. Its name is a JSON string, with quotes and escapes.
fn push_member(path: &mut String, quoted: &[u8]) {
    let name = &quoted[1..quoted.len() - 1];
    if !is_plain(name) {
        path.push_str(&format!("[{}]", String::from_utf8_lossy(quoted)));
        return;
    }
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(&String::from_utf8_lossy(name));
}

/// Removes indices and names in brackets from a path: `HostConfig.Mounts.Type`.
pub(crate) fn without_keys(path: &str) -> String {
    let (mut plain, mut inside, mut quoted, mut escaped) = (String::new(), false, false, false);
    for c in path.chars() {
        match c {
            '[' if !inside => inside = true,
            ']' if inside && !quoted => inside = false,
            '"' if inside && !escaped => quoted = !quoted,
            _ if !inside => plain.push(c),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    plain
}

fn is_plain(name: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
    !name.is_empty() && name.iter().all(plain)
}

/// Writes a member as a component of a path; `first` omits the dot before it.
pub(crate) fn write_member(to: &mut impl fmt::Write, name: &str, first: bool) -> fmt::Result {
    match is_plain(name.as_bytes()) {
        true if first => to.write_str(name),
        true => write!(to, ".{name}"),
        false => write!(to, "[{name:?}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_positions() {
        let json = r#" {"A":{"b c":[1,{"D":"},]"}],"E\"":[[2]],"":3},"F":4} "#;
        let path_before = |what: &str| at(json.as_bytes(), json.find(what).expect(what));
        assert_eq!(path_before("{"), "");
        assert_eq!(path_before("\"A"), "");
        assert_eq!(path_before("[1"), r#"A["b c"]"#);
        assert_eq!(path_before("1,"), r#"A["b c"][0]"#);
        assert_eq!(path_before("\"D"), r#"A["b c"][1]"#);
        assert_eq!(path_before("\"},"), r#"A["b c"][1].D"#);
        assert_eq!(path_before("}],"), r#"A["b c"][1].D"#);
        assert_eq!(path_before("2]"), r#"A["E\""][0][0]"#);
        assert_eq!(path_before("3}"), r#"A[""]"#);
        assert_eq!(path_before("4}"), "F");
        assert_eq!(at(json.as_bytes(), json.len() + 9), "");
    }

    #[test]
    fn malformed_json_is_accepted() {
        for (json, path) in [
            ("}}]],,", ""),
            (r#"{"a"#, ""),
            (r#"{"a":"b\"#, "a"),
            (r#"["#, "[0]"),
            (r#"{"a":"\"\\"#, "a"),
        ] {
            assert_eq!(at(json.as_bytes(), usize::MAX), path, "{json}");
        }
    }
}
