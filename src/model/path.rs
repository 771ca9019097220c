//! Where in a JSON text a byte stands, as a person would say it.

/// An array or object that is open at the position.
enum Open<'a> {
    Array(usize),
    /// The key of the member being read, with its quotes, once it is complete.
    Object(Option<&'a [u8]>),
}

/// The path to what is read when the first `offset` bytes are used up, such as
/// `HostConfig.Mounts[2].Type`. Keys that are no plain words stand in brackets:
/// `Ports["80/tcp"][0]`.
pub(super) fn at(json: &[u8], offset: usize) -> String {
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
                let length = text_length(&json[index..]);
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

/// The length of the quoted text at the start of `json`; none if it does not end.
fn text_length(json: &[u8]) -> Option<usize> {
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
            Open::Object(Some(quoted)) => member(&mut path, quoted),
        }
    }
    path
}

fn member(path: &mut String, quoted: &[u8]) {
    let word = &quoted[1..quoted.len() - 1];
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
    if word.is_empty() || !word.iter().all(plain) {
        path.push_str(&format!("[{}]", String::from_utf8_lossy(quoted)));
        return;
    }
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(&String::from_utf8_lossy(word));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_text() {
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
    fn bears_broken_text() {
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
