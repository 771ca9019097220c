//! Progress of long calls.

use serde_json::Value;

use crate::codec::record;

record! {
    /// One message of a pull, push, import, load or build.
    ///
    /// The API calls them `CreateImageInfo`, `PushImageInfo` and `BuildInfo`; engines use one type for
    /// all.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ProgressMessage {
        /// What it is about, such as the id of a layer, or which kind of thing `aux` is.
        pub id: String = "id",
        /// What is going on, such as `Downloading`.
        pub status: String = "status",
        /// How far it is.
        pub progress_detail: ProgressDetail = "progressDetail",
        /// How far it is, as a bar for people. Until API 1.51.
        pub progress: String = "progress",
        /// Output of a build.
        pub stream: String = "stream",
        /// A result for programs, such as `{"ID": "sha256:…"}`; base64 text where `id` is
        /// `moby.buildkit.trace`.
        pub aux: Option<Value> = "aux",
        /// Why it failed. Until API 1.51, though engines still send it; see
        /// [`failure`](ProgressMessage::failure).
        pub error: String = "error",
        /// Why it failed.
        pub error_detail: Option<ErrorDetail> = "errorDetail",
    }
}

impl ProgressMessage {
    /// What the engine says went wrong, where this message reports a failure.
    pub fn failure(&self) -> Option<&str> {
        match &self.error_detail {
            Some(detail) if !detail.message.is_empty() => Some(&detail.message),
            Some(_) if self.error.is_empty() => Some("the engine gives no reason"),
            _ => (!self.error.is_empty()).then_some(self.error.as_str()),
        }
    }
}

record! {
    /// How far something is.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ProgressDetail {
        /// How much is done.
        pub current: i64 = "current",
        /// How much there is to do; 0 when nobody knows.
        pub total: i64 = "total",
        /// When it began, in seconds since 1970-01-01 UTC.
        pub start: i64 = "start",
        /// Whether to show no numbers to people.
        pub hide_counts: bool = "hidecounts",
        /// What the numbers count; empty for bytes.
        pub units: String = "units",
    }
}

record! {
    /// Why something failed.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ErrorDetail {
        /// A number for it: an exit code or an HTTP status; 0 for none.
        pub code: i64 = "code",
        /// In the engine's words.
        pub message: String = "message",
    }
}

record! {
    /// The `aux` of a build or load: the image made.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImageId {
        /// Its id.
        pub id: String = "ID",
    }
}

record! {
    /// The `aux` of a push: what now stands in the registry.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PushResult {
        /// The tag.
        pub tag: String = "Tag",
        /// Digest of the manifest.
        pub digest: String = "Digest",
        /// Size of the manifest in bytes.
        pub size: i64 = "Size",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::testing::decode_response;

    fn message(json: &str) -> ProgressMessage {
        decode_response(json.as_bytes()).unwrap()
    }

    #[test]
    fn failures() {
        let both = r#"{"errorDetail":{"code":1,"message":"no space"},"error":"no space left"}"#;
        assert_eq!(message(both).failure(), Some("no space"));
        assert_eq!(message(r#"{"error":"no space left"}"#).failure(), Some("no space left"));
        assert_eq!(message(r#"{"errorDetail":{}}"#).failure(), Some("the engine gives no reason"));
        assert_eq!(message(r#"{"errorDetail":{},"error":"x"}"#).failure(), Some("x"));
        for good in ["{}", r#"{"error":"","errorDetail":null,"status":"error"}"#] {
            assert_eq!(message(good).failure(), None);
        }
    }

    #[test]
    fn layers_and_results() {
        let layer = message(
            r#"{"status":"Downloading","progressDetail":{"current":5,"total":10,"units":"layers",
                "hidecounts":true,"start":7},"progress":"[=> ]","id":"a3ed"}"#,
        );
        let detail = &layer.progress_detail;
        assert_eq!((detail.current, detail.total, detail.start), (5, 10, 7));
        assert_eq!((detail.hide_counts, detail.units.as_str()), (true, "layers"));
        assert_eq!((layer.id.as_str(), layer.progress.as_str()), ("a3ed", "[=> ]"));
        let traced = message(r#"{"id":"moby.buildkit.trace","aux":"Cm8="}"#);
        assert_eq!(traced.aux, Some(Value::from("Cm8=")));
        let built = message(r#"{"aux":{"ID":"sha256:1"}}"#);
        let image: ImageId = serde_json::from_value(built.aux.unwrap()).unwrap();
        assert_eq!(image.id, "sha256:1");
    }
}
