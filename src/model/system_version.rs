//! Version information of an engine.

use super::Timestamp;
use crate::codec::record;
use crate::model::Map;

record! {
    /// Response of SystemVersion.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct SystemVersion {
        /// Product.
        pub platform: SystemVersionPlatform = "Platform",
        /// Components of the product.
        pub components: Vec<ComponentVersion> = "Components",
        /// Version of the engine.
        pub version: String = "Version",
        /// Newest supported API version.
        pub api_version: String = "ApiVersion",
        /// Oldest supported API version.
        pub min_api_version: String = "MinAPIVersion",
        /// Git commit from which the engine was built.
        pub git_commit: String = "GitCommit",
        /// Go version with which the engine was built.
        pub go_version: String = "GoVersion",
        /// Operating system as a `GOOS` value.
        pub os: String = "Os",
        /// CPU architecture as a `GOARCH` value.
        pub arch: String = "Arch",
        /// Kernel version of the host.
        pub kernel_version: String = "KernelVersion",
        /// Whether experimental features are enabled.
        pub experimental: bool = "Experimental",
        /// Build time.
        pub build_time: Timestamp = "BuildTime",
    }
}

record! {
    /// Product to which an engine belongs.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct SystemVersionPlatform {
        /// Name of the product, such as `Docker Engine - Community`.
        pub name: String = "Name",
    }
}

record! {
    /// Component of an engine, such as `Engine`, `containerd` or `runc`.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ComponentVersion {
        /// Name of the component.
        pub name: String = "Name",
        /// Version of the component.
        pub version: String = "Version",
        /// Details such as `GitCommit`.
        pub details: Map<String> = "Details",
    }
}
