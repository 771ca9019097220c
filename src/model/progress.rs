//! Progress messages of streaming operations.

use serde_json::Value;

use crate::codec::record;

record! {
    /// Progress message of a pull, push, import, load or build.
    ///
    /// The API defines `CreateImageInfo`, `PushImageInfo` and `BuildInfo`; engines use one type for
    /// all of them.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct ProgressMessage {
        /// ID of the object, such as a layer, or the type of `aux`.
        pub id: String = "id",
        /// Status, such as `Downloading`.
        pub status: String = "status",
        /// Progress of the current step.
        pub progress_detail: ProgressDetail = "progressDetail",
        /// Progress bar for terminals. Until API 1.51.
        pub progress: String = "progress",
        /// Build output.
        pub stream: String = "stream",
        /// Machine-readable result, such as `{"ID": "sha256:…"}`; a base64 string if `id` is
        /// `moby.buildkit.trace`.
        pub aux: Option<Value> = "aux",
        /// Error message. Until API 1.51, but engines still send it; see
        /// [`failure`](ProgressMessage::failure).
        pub error: String = "error",
        /// Error details.
        pub error_detail: Option<ErrorDetail> = "errorDetail",
    }
}

impl ProgressMessage {
    /// Returns the engine's error message if the message reports a failure.
    pub fn failure(&self) -> Option<&str> {
        match &self.error_detail {
            Some(detail) if !detail.message.is_empty() => Some(&detail.message),
            Some(_) if self.error.is_empty() => Some("the engine gives no reason"),
            _ => (!self.error.is_empty()).then_some(self.error.as_str()),
        }
    }
}

record! {
    /// Progress of one step.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ProgressDetail {
        /// Amount completed.
        pub current: i64 = "current",
        /// Total amount; 0 if unknown.
        pub total: i64 = "total",
        /// Start time as a Unix timestamp in seconds.
        pub start: i64 = "start",
        /// Whether to hide the numbers from the user.
        pub hide_counts: bool = "hidecounts",
        /// Unit of the numbers; empty means bytes.
        pub units: String = "units",
    }
}

record! {
    /// Error details of a progress message.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ErrorDetail {
        /// Error code: an exit code or an HTTP status; 0 if there is none.
        pub code: i64 = "code",
        /// Error message of the engine.
        pub message: String = "message",
    }
}

record! {
    /// Value of `aux` in a build or load: the resulting image.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImageId {
        /// ID of the image.
        pub id: String = "ID",
    }
}

record! {
    /// The manifest that a push has put into the registry; from [`Push`](crate::Push).
    ///
    /// Docker's own image store also sends it as `aux` of a message. The containerd image store and
    /// Podman send it as text, and other objects as `aux`.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct PushResult {
        /// Tag.
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
    fn failure_message() {
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
    fn reads_progress_and_aux() {
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
