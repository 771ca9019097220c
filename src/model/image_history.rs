//! How an image came to be.

use serde::{Deserialize, Serialize};

/// One step in the making of an image, the last one first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImageHistoryResponseItem {
    /// Id of the image after this step; `<missing>` where there is none here.
    pub id: String,
    /// When it was done, in seconds since 1970-01-01 UTC.
    pub created: i64,
    /// The instruction.
    pub created_by: String,
    /// Names of the image after this step.
    pub tags: Vec<String>,
    /// Bytes that this step added.
    pub size: i64,
    /// A note.
    pub comment: String,
}
