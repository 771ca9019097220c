//! The processes of a container.

use super::StringList;
use crate::codec::record;

record! {
    /// Answer to container top: a table of processes.
    #[derive(Clone, Default, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ContainerTopResponse {
        /// What the columns are, as `ps` names them.
        pub titles: StringList = "Titles",
        /// One row per process.
        pub processes: Vec<StringList> = "Processes",
    }
}
