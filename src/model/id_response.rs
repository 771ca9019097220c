//! Response with an ID only.

use crate::codec::record;

record! {
    /// Response that holds only the ID of a new exec instance, secret, config or image.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct IdResponse {
        /// ID of the new object.
        pub id: String = "Id",
    }
}
