//! History of an image.

use super::StringList;
use crate::codec::record;

record! {
    /// Step in the history of an image. The list starts with the newest.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ImageHistoryResponseItem {
        /// ID of the image after this step; `<missing>` if that image does not exist on this
        /// engine.
        pub id: String = "Id",
        /// Creation time as a Unix timestamp in seconds.
        pub created: i64 = "Created",
        /// Instruction of the step.
        pub created_by: String = "CreatedBy",
        /// Tags of the image after this step.
        pub tags: StringList = "Tags",
        /// Size in bytes that the step added.
        pub size: i64 = "Size",
        /// Comment.
        pub comment: String = "Comment",
    }
}
