//! Which software an engine is made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// Answer to system version.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SystemVersion {
    /// The product.
    pub platform: SystemVersionPlatform,
    /// Its parts.
    pub components: Vec<ComponentVersion>,
    /// Version of the engine.
    pub version: String,
    /// The newest API version it speaks.
    pub api_version: String,
    /// The oldest API version it speaks.
    #[serde(rename = "MinAPIVersion")]
    pub min_api_version: String,
    /// The commit it was built from.
    pub git_commit: String,
    /// The Go it was built with.
    pub go_version: String,
    /// Operating system in Go's words.
    pub os: String,
    /// CPU architecture in Go's words.
    pub arch: String,
    /// Version of the host's kernel.
    pub kernel_version: String,
    /// Whether experimental features are on.
    pub experimental: bool,
    /// When it was built.
    pub build_time: Timestamp,
}

/// The product an engine is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SystemVersionPlatform {
    /// Its name, such as `Docker Engine - Community`.
    pub name: String,
}

/// A part of an engine, such as `Engine`, `containerd` or `runc`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ComponentVersion {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// More about it, such as `GitCommit`.
    pub details: BTreeMap<String, String>,
}
