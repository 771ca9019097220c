//! Which option of a body needs which API version.
//!
//! Engines do not refuse options newer than the version spoken: they drop them silently. So bodies
//! are checked against these tables before they are sent. Paths are dotted, with `[]` for any
//! element of an array and `{}` for any value of a map.

use serde_json::Value;

use crate::ApiVersion;
pub(crate) const CONTAINER_CREATE: &[(&str, ApiVersion)] = &[];

/// The first option in `body` that needs a version above `spoken`: its path, such as
/// `HostConfig.Mounts[0].VolumeOptions.Subpath`, and the version it needs.
///
/// An option that is `null` was not given.
pub(crate) fn newer_fields(
    body: &[u8],
    table: &[(&str, ApiVersion)],
    spoken: ApiVersion,
) -> Option<(String, ApiVersion)> {
    let mut newer = table.iter().filter(|(_, since)| *since > spoken).peekable();
    newer.peek()?;
    let body: Value = serde_json::from_slice(body).ok()?;
    newer.find_map(|(path, since)| {
        let steps: Vec<&str> = path.split('.').collect();
        Some((find(&body, &steps, String::new())?, *since))
    })
}

/// The first place in `value` that `steps` lead to, written behind `walked`.
fn find(value: &Value, steps: &[&str], walked: String) -> Option<String> {
    let Some((step, rest)) = steps.split_first() else {
        return (!value.is_null()).then_some(walked);
    };
    let name = step.trim_end_matches("[]").trim_end_matches("{}");
    let separator = if walked.is_empty() { "" } else { "." };
    let walked = format!("{walked}{separator}{name}");
    let value = value.get(name)?;
    if step.ends_with("[]") {
        let elements = value.as_array()?.iter().enumerate();
        elements.flat_map(|(index, value)| find(value, rest, format!("{walked}[{index}]"))).next()
    } else if step.ends_with("{}") {
        let members = value.as_object()?.iter();
        members.flat_map(|(key, value)| find(value, rest, format!("{walked}[{key:?}]"))).next()
    } else {
        find(value, rest, walked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[(&str, ApiVersion)] = &[
        ("Platform", ApiVersion::new(1, 41)),
        ("HostConfig.Annotations", ApiVersion::new(1, 43)),
        ("HostConfig.Mounts[].VolumeOptions.Subpath", ApiVersion::new(1, 45)),
        ("NetworkingConfig.EndpointsConfig{}.GwPriority", ApiVersion::new(1, 48)),
    ];

    fn newer(body: &str, minor: u16) -> Option<(String, u16)> {
        let found = newer_fields(body.as_bytes(), TABLE, ApiVersion::new(1, minor))?;
        Some((found.0, found.1.minor))
    }

    #[test]
    fn names_the_place_and_the_version() {
        let annotated = r#"{"HostConfig":{"Annotations":{}}}"#;
        assert_eq!(newer(annotated, 42), Some(("HostConfig.Annotations".into(), 43)));
        assert_eq!(newer(annotated, 43), None);
        let mounted = r#"{"HostConfig":{"Mounts":[{},{"VolumeOptions":{"Subpath":"a"}}]}}"#;
        let path = "HostConfig.Mounts[1].VolumeOptions.Subpath";
        assert_eq!(newer(mounted, 44), Some((path.into(), 45)));
        let networked =
            r#"{"NetworkingConfig":{"EndpointsConfig":{"a":{},"b.c":{"GwPriority":0}}}}"#;
        let path = r#"NetworkingConfig.EndpointsConfig["b.c"].GwPriority"#;
        assert_eq!(newer(networked, 47), Some((path.into(), 48)));
        assert_eq!(newer(networked, 55), None);
    }

    #[test]
    fn what_is_not_given_needs_nothing() {
        for body in [
            "{}",
            r#"{"Platform":null}"#,
            r#"{"Other":{"Platform":"a"}}"#,
            r#"{"HostConfig":null}"#,
            r#"{"HostConfig":{"Mounts":{}}}"#,
            "[]",
            "",
        ] {
            assert_eq!(newer(body, 24), None, "{body}");
        }
    }
}
