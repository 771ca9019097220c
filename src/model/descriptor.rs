//! OCI content descriptors and platforms.

use super::{Base64Bytes, StringList};
use crate::codec::record;
use crate::model::Map;

record! {
    /// OCI descriptor of content in a registry or an image store.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct OciDescriptor {
        /// Media type of the content, such as `application/vnd.oci.image.manifest.v1+json`.
        pub media_type: String = "mediaType",
        /// Digest of the content, such as `sha256:c0537f…`.
        pub digest: String = "digest",
        /// Size of the content in bytes.
        pub size: i64 = "size",
        /// URLs from which the content can also be downloaded.
        pub urls: StringList = "urls",
        /// Arbitrary metadata. Since API 1.48.
        pub annotations: Map<String> = "annotations",
        /// Embedded content, if it is small enough. Since API 1.48.
        pub data: Base64Bytes = "data",
        /// Platform of the image. Since API 1.48.
        pub platform: Option<OciPlatform> = "platform",
        /// Media type of an artifact other than an image. Since API 1.48.
        pub artifact_type: String = "artifactType",
    }
}

record! {
    /// Platform of an image.
    ///
    /// [`Display`](std::fmt::Display) writes it as `linux/arm/v7`.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct OciPlatform {
        /// CPU architecture as a `GOARCH` value: `amd64`, `arm64`, `arm` …
        pub architecture: String = "architecture",
        /// Operating system as a `GOOS` value: `linux`, `windows` …
        pub os: String = "os",
        /// Version of the operating system; used on Windows.
        pub os_version: String = "os.version",
        /// Required features of the operating system; used on Windows.
        pub os_features: StringList = "os.features",
        /// CPU variant, such as `v7` for the architecture `arm`.
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
    fn reads_oci_field_names() {
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
