//! Which software an engine is made of.

use super::Timestamp;
use crate::codec::record;
use crate::model::Map;

record! {
    /// Answer to system version.
    #[derive(Clone, Default, PartialEq)]
    #[non_exhaustive]
    pub struct SystemVersion {
        /// The product.
        pub platform: SystemVersionPlatform = "Platform",
        /// Its parts.
        pub components: Vec<ComponentVersion> = "Components",
        /// Version of the engine.
        pub version: String = "Version",
        /// The newest API version it speaks.
        pub api_version: String = "ApiVersion",
        /// The oldest API version it speaks.
        pub min_api_version: String = "MinAPIVersion",
        /// The commit it was built from.
        pub git_commit: String = "GitCommit",
        /// The Go it was built with.
        pub go_version: String = "GoVersion",
        /// Operating system in Go's words.
        pub os: String = "Os",
        /// CPU architecture in Go's words.
        pub arch: String = "Arch",
        /// Version of the host's kernel.
        pub kernel_version: String = "KernelVersion",
        /// Whether experimental features are on.
        pub experimental: bool = "Experimental",
        /// When it was built.
        pub build_time: Timestamp = "BuildTime",
    }
}

record! {
    /// The product an engine is.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct SystemVersionPlatform {
        /// Its name, such as `Docker Engine - Community`.
        pub name: String = "Name",
    }
}

record! {
    /// A part of an engine, such as `Engine`, `containerd` or `runc`.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ComponentVersion {
        /// Its name.
        pub name: String = "Name",
        /// Its version.
        pub version: String = "Version",
        /// More about it, such as `GitCommit`.
        pub details: Map<String> = "Details",
    }
}
