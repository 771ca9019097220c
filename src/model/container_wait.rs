//! The end of a container.

use serde::{Deserialize, Serialize};

/// Answer to container wait.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerWaitResponse {
    /// Exit code of the process.
    pub status_code: i64,
    /// Why waiting failed, where it did.
    pub error: Option<ContainerWaitExitError>,
}

/// Why waiting for a container failed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerWaitExitError {
    /// In the engine's words.
    pub message: String,
}
