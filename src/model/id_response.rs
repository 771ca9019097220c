//! The id of something new.

use crate::codec::record;

record! {
    /// Answer to making something that is known by its id alone: an exec, a secret, a config, an image.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct IdResponse {
        /// Its id.
        pub id: String = "Id",
    }
}
