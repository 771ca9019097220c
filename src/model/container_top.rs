//! The processes of a container.

use serde::{Deserialize, Serialize};

/// Answer to container top: a table of processes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ContainerTopResponse {
    /// What the columns are, as `ps` names them.
    pub titles: Vec<String>,
    /// One row per process.
    pub processes: Vec<Vec<String>>,
}
