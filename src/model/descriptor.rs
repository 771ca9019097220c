//! What a registry's manifest points at: content and the platform it is for.

use super::{Base64Bytes, StringList};
use crate::codec::record;
use crate::model::Map;

record! {
    /// A piece of content in a registry or in the image store: what it is, its digest, its size.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct OciDescriptor {
        /// Media type of the content, such as `application/vnd.oci.image.manifest.v1+json`.
        pub media_type: String = "mediaType",
        /// Digest of the content, such as `sha256:c0537f…`.
        pub digest: String = "digest",
        /// Size of the content in bytes.
        pub size: i64 = "size",
        /// Where else the content may be fetched from.
        pub urls: StringList = "urls",
        /// Free metadata of the content. Since API 1.48.
        pub annotations: Map<String> = "annotations",
        /// The content itself, when it is small enough to be embedded. Since API 1.48.
        pub data: Base64Bytes = "data",
        /// The platform an image is for. Since API 1.48.
        pub platform: Option<OciPlatform> = "platform",
        /// Media type of an artifact that is no image. Since API 1.48.
        pub artifact_type: String = "artifactType",
    }
}

record! {
    /// The platform an image is made for.
    ///
    /// As text ([`Display`](std::fmt::Display)): `linux/arm/v7`.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct OciPlatform {
        /// CPU architecture in Go's words: `amd64`, `arm64`, `arm` …
        pub architecture: String = "architecture",
        /// Operating system in Go's words: `linux`, `windows` …
        pub os: String = "os",
        /// Version of the operating system; used by Windows.
        pub os_version: String = "os.version",
        /// Features the operating system must have; used by Windows.
        pub os_features: StringList = "os.features",
        /// Variant of the CPU, such as `v7` where the architecture is `arm`.
        pub variant: String = "variant",
    }
}

impl std::fmt::Display for OciPlatform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        if !self.variant.is_empty() {
            write!(f, "/{}", self.variant)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_names() {
        let descriptor: OciDescriptor = serde_json::from_str(
            r#"{"mediaType":"m","digest":"d","size":7,"artifactType":"a","data":"aGk=",
                "platform":{"architecture":"arm","os":"linux","os.version":"10","os.features":["f"],
                            "variant":"v7"}}"#,
        )
        .unwrap();
        assert_eq!(descriptor.media_type, "m");
        assert_eq!(descriptor.artifact_type, "a");
        assert_eq!(&*descriptor.data, b"hi");
        let platform = descriptor.platform.unwrap();
        assert_eq!(platform.os_version, "10");
        assert_eq!(platform.os_features, ["f"]);
        assert_eq!(platform.to_string(), "linux/arm/v7");
    }
}
