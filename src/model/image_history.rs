//! How an image came to be.

use super::StringList;
use crate::codec::record;

record! {
    /// One step in the making of an image, the last one first.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImageHistoryResponseItem {
        /// Id of the image after this step; `<missing>` where there is none here.
        pub id: String = "Id",
        /// When it was done, in seconds since 1970-01-01 UTC.
        pub created: i64 = "Created",
        /// The instruction.
        pub created_by: String = "CreatedBy",
        /// Names of the image after this step.
        pub tags: StringList = "Tags",
        /// Bytes that this step added.
        pub size: i64 = "Size",
        /// A note.
        pub comment: String = "Comment",
    }
}
