//! The id of something new.

use serde::{Deserialize, Serialize};

/// Answer to making something that is known by its id alone: an exec, a secret, a config, an image.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct IdResponse {
    /// Its id.
    pub id: String,
}
