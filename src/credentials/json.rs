//! Reading of JSON objects that hold secrets, without copies of the secrets in memory.
//!
//! The values stay as they are written, so that `config.json` can be rewritten without other changes.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::Zeroize;

use crate::model::SecretString;

/// The members of an object in their order, with the unparsed JSON of their values.
#[derive(Default)]
pub(super) struct Members<'a>(pub(super) Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    /// Reads the members of an object. The error has the position, but does not quote the JSON.
    pub(super) fn read(json: &'a [u8]) -> Result<Members<'a>, String> {
        serde_json::from_slice(json).map_err(|error| {
            let problem = if error.is_data() { "not a JSON object" } else { "not valid JSON" };
            format!("{problem} (line {} column {})", error.line(), error.column())
        })
    }

    /// Returns the value of a member. As in the Docker CLI, the name is compared without regard to case,
    /// the last of several members counts, and `null` counts as absent.
    pub(super) fn get(&self, key: &str) -> Option<&'a RawValue> {
        self.position(key).map(|at| self.0[at].1).filter(|value| value.get() != "null")
    }

    pub(super) fn position(&self, key: &str) -> Option<usize> {
        self.0.iter().rposition(|(name, _)| name.eq_ignore_ascii_case(key))
    }

    /// Returns the string at `key`. Empty if it is absent or not a string.
    pub(super) fn string(&self, key: &str) -> SecretString {
        self.get(key).and_then(parse_string).unwrap_or_default()
    }

    /// Returns the object at `key`. Without members if it is absent.
    pub(super) fn object(&self, key: &str) -> Result<Members<'a>, String> {
        let Some(value) = self.get(key) else { return Ok(Members::default()) };
        Members::read(value.get().as_bytes()).map_err(|_| format!("{key} is not an object"))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Members<'a>, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        input.deserialize_map(MembersVisitor)
    }
}

/// Parses a JSON string. serde_json would leave a copy of a string with escapes in memory.
fn parse_string(value: &RawValue) -> Option<SecretString> {
    let escaped = value.get().strip_prefix('"')?.strip_suffix('"')?;
    // The unescaped string is not longer, so the buffer is not reallocated.
    let mut plain = String::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        let mut chars = rest[at + 1..].chars();
        match chars.next()? {
            'b' => plain.push('\u{8}'),
            'f' => plain.push('\u{c}'),
            'n' => plain.push('\n'),
            'r' => plain.push('\r'),
            't' => plain.push('\t'),
            'u' => {
                let mut units = [unit(&mut chars)?, 0];
                let mut pair = chars.clone();
                let is_high = (0xd800..0xdc00).contains(&units[0]);
                let count = if is_high && pair.next() == Some('\\') && pair.next() == Some('u') {
                    units[1] = unit(&mut pair)?;
                    chars = pair;
                    2
                } else {
                    1
                };
                plain.extend(
                    char::decode_utf16(units[..count].iter().copied())
                        .map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER)),
                );
                units.zeroize();
            }
            other => plain.push(other),
        }
        rest = chars.as_str();
    }
    plain.push_str(rest);
    Some(plain.into())
}

fn unit(chars: &mut std::str::Chars<'_>) -> Option<u16> {
    let (digits, rest) = chars.as_str().split_at_checked(4)?;
    *chars = rest.chars();
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_json() {
        let json = br#" {"b" : 1.50e400, "a\n": [ 1,2 ], "B": null, "c": "x"} "#;
        let members = Members::read(json).unwrap();
        let all: Vec<_> = members.0.iter().map(|(key, value)| (&**key, value.get())).collect();
        assert_eq!(all, [("b", "1.50e400"), ("a\n", "[ 1,2 ]"), ("B", "null"), ("c", "\"x\"")]);
        // The last of several members counts, and null counts as absent.
        assert!(members.get("b").is_none());
        assert_eq!(members.string("C"), "x");
        assert_eq!(members.string("missing"), "");
        assert!(members.object("missing").unwrap().0.is_empty());
        assert_eq!(members.object("c").err().unwrap(), "c is not an object");
    }

    #[test]
    fn errors_do_not_quote_the_json() {
        let error = |json: &str| Members::read(json.as_bytes()).err().unwrap();
        assert_eq!(error("\"s3cret\""), "not a JSON object (line 1 column 8)");
        assert_eq!(error("{\n\"a\": s3cret}"), "not valid JSON (line 2 column 6)");
        assert_eq!(error("{\"a\": \"s3cr"), "not valid JSON (line 1 column 11)");
    }

    #[test]
    fn strings_are_parsed_as_by_serde_json() {
        for json in [
            r#""""#,
            r#""plain ü""#,
            r#""\"\\\/\b\f\n\r\t""#,
            r#""a\u0026b\u003c\u003eü\u00fc""#,
            r#""\ud83d\ude00 \u20ac""#,
        ] {
            let raw: &RawValue = serde_json::from_str(json).unwrap();
            let expected: String = serde_json::from_str(json).unwrap();
            assert_eq!(parse_string(raw).unwrap(), &*expected, "{json}");
        }
        // Unpaired surrogates become U+FFFD, as in Go.
        for (json, expected) in [(r#""\ud83d""#, "\u{fffd}"), (r#""\ude00\u0041""#, "\u{fffd}A")] {
            let raw: &RawValue = serde_json::from_str(json).unwrap();
            assert_eq!(parse_string(raw).unwrap(), expected);
        }
        assert!(parse_string(serde_json::from_str("1").unwrap()).is_none());
    }
}
